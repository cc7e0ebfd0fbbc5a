"""Was einmal zerlegt und geprüft ist, gilt, solange der Text derselbe ist; Fehler bleiben Fehler."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path

import pytest

from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.fach.katalog import Kennzahlenkatalog
from berichtswerk.grund import ablage, yamldatei
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt


@pytest.fixture
def zerlegt(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Welche Dateien zerlegt wurden; vorher und nachher ist nichts gemerkt."""
    gesehen: list[str] = []
    echt = yamldatei._baue

    def baue(text: str, datei: str, zerleger: object) -> yamldatei.YamlDokument:
        gesehen.append(datei)
        return echt(text, datei, zerleger)

    monkeypatch.setattr(yamldatei, "_baue", baue)
    yamldatei.zerlege_yaml.cache_clear()
    yield gesehen
    yamldatei.zerlege_yaml.cache_clear()


def _lies_alles(projekt: Projekt) -> Datenbestand:
    bestand = Datenbestand(projekt)
    assert bestand.quellen
    assert bestand.gebiete
    assert Kennzahlenkatalog.lade(projekt)["einwohner"]
    return bestand


def _aendere(pfad: Path, alt: str, neu: str) -> None:
    """Ändert den Inhalt und läßt die Zeit der Datei, wie sie war."""
    stand = pfad.stat()
    pfad.write_text(pfad.read_text("utf-8").replace(alt, neu), "utf-8")
    os.utime(pfad, ns=(stand.st_atime_ns, stand.st_mtime_ns))


def test_dieselben_beschreibungen_werden_einmal_zerlegt(muster: Projekt, zerlegt: list[str]) -> None:
    erst = _lies_alles(muster)
    assert sorted(zerlegt) == [
        "daten/gebiete.yaml", "daten/kennzahlen/einwohner.yaml", "daten/quellen/einwohner.yaml",
    ]  # fmt: skip
    wieder = _lies_alles(muster)
    assert len(zerlegt) == 3
    assert wieder.quelle("einwohner") is erst.quelle("einwohner")


def test_eine_geaenderte_datei_gilt_sofort_auch_mit_alter_zeit(muster: Projekt, zerlegt: list[str]) -> None:
    _lies_alles(muster)
    pfad = muster.quellen / "einwohner.yaml"
    _aendere(pfad, "Bevölkerung am 31. Dezember", "Bevölkerung am 30. November")
    assert Datenbestand(muster).quelle("einwohner").title == "Bevölkerung am 30. November"
    _aendere(pfad, "title:", "titel:")
    with pytest.raises(BerichtswerkFehler, match="titel"):
        Datenbestand(muster).quelle("einwohner")


def test_fehlerhaftes_wird_jedes_mal_gemeldet(muster: Projekt, zerlegt: list[str]) -> None:
    pfad = muster.quellen / "einwohner.yaml"
    _aendere(pfad, "herkunft: amtlich", "herkunft: geraten")
    for _ in range(2):
        with pytest.raises(BerichtswerkFehler, match="geraten"):
            Datenbestand(muster).quelle("einwohner")
    _aendere(pfad, "title:", "title: [")
    for _ in range(2):
        with pytest.raises(BerichtswerkFehler, match="yaml-ungueltig"):
            Datenbestand(muster).quelle("einwohner")


def test_zum_lesen_und_pruefen_wird_aus_einer_datei_einmal_eine_spur(
    muster: Projekt, monkeypatch: pytest.MonkeyPatch
) -> None:
    gelesen: list[str] = []
    echt = hashlib.file_digest

    def zaehle(strom: BufferedReader, verfahren: str) -> object:
        gelesen.append(Path(strom.name).name)
        return echt(strom, verfahren)

    with ablage.im(muster):
        Datenbestand(muster, bei_zweifel="halten").tabelle("einwohner")
        monkeypatch.setattr(hashlib, "file_digest", zaehle)
        Datenbestand(muster, bei_zweifel="halten").tabelle("einwohner")
    assert gelesen == ["einwohner.csv"] * 2  # die Spur, und die Prüfsumme ihrer Beschreibung
