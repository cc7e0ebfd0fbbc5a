"""Im Voraus gelesene Beschreibungen: nie veraltet, Fehler bleiben Fehler, der Vorrat wächst nicht."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.daten.vorrat import Vorrat
from berichtswerk.fach.katalog import Kennzahlenkatalog
from berichtswerk.fach.kennzahl import Kennzahl
from berichtswerk.grund import yamldatei
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt


@pytest.fixture
def zerlegt(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Welche Dateien zerlegt wurden; danach ist der Vorrat wieder leer."""
    gesehen: list[str] = []
    echt = yamldatei._zerlege

    def zerlege(text: str, datei: str, art: object) -> yamldatei.YamlDokument:
        gesehen.append(datei)
        return echt(text, datei, art)

    monkeypatch.setattr(yamldatei, "_zerlege", zerlege)
    yield gesehen
    yamldatei._BEREIT.clear()


def _vorrat(projekt: Projekt) -> Vorrat:
    return Vorrat(projekt, {projekt.kennzahlen: Kennzahl})


def _aendere(pfad: Path, alt: str, neu: str, *, gleiche_zeit: bool = False) -> None:
    stand = pfad.stat()
    pfad.write_text(pfad.read_text("utf-8").replace(alt, neu), "utf-8")
    if gleiche_zeit:
        os.utime(pfad, ns=(stand.st_atime_ns, stand.st_mtime_ns))


def test_was_im_vorrat_liegt_wird_nicht_noch_einmal_zerlegt(muster: Projekt, zerlegt: list[str]) -> None:
    _vorrat(muster).fuelle_auf()
    assert sorted(zerlegt) == [
        "daten/gebiete.yaml", "daten/kennzahlen/einwohner.yaml", "daten/quellen/einwohner.yaml",
    ]  # fmt: skip
    bestand = Datenbestand(muster)
    assert bestand.quelle("einwohner").title == "Bevölkerung am 31. Dezember"
    assert bestand.gebiete.kreis.name == "Landkreis Musterland"
    assert Kennzahlenkatalog.lade(muster)["einwohner"].id == "einwohner"
    assert len(zerlegt) == 3


def test_eine_geaenderte_datei_gilt_sofort_auch_mit_alter_zeit(muster: Projekt, zerlegt: list[str]) -> None:
    _vorrat(muster).fuelle_auf()
    pfad = muster.quellen / "einwohner.yaml"
    _aendere(pfad, "Bevölkerung am 31. Dezember", "Bevölkerung am 30. November", gleiche_zeit=True)
    assert Datenbestand(muster).quelle("einwohner").title == "Bevölkerung am 30. November"
    _aendere(pfad, "title:", "titel:")
    with pytest.raises(BerichtswerkFehler, match="titel"):
        _ = Datenbestand(muster).quellen


def test_auffuellen_liest_nur_neues_und_vergisst_geloeschtes(muster: Projekt, zerlegt: list[str]) -> None:
    vorrat = _vorrat(muster)
    vorrat.fuelle_auf()
    zerlegt.clear()
    vorrat.fuelle_auf()
    assert zerlegt == []
    zweite = muster.kennzahlen / "zweite.yaml"
    inhalt = yaml.safe_load((muster.kennzahlen / "einwohner.yaml").read_text("utf-8"))
    zweite.write_text(yaml.safe_dump({**inhalt, "id": "zweite"}, allow_unicode=True), "utf-8")
    _aendere(muster.daten / "gebiete.yaml", "Landkreis Musterland", "Kreis Musterland")
    vorrat.fuelle_auf()
    assert sorted(zerlegt) == ["daten/gebiete.yaml", "daten/kennzahlen/zweite.yaml"]
    zweite.unlink()
    vorrat.fuelle_auf()
    assert "daten/kennzahlen/zweite.yaml" not in yamldatei._BEREIT
    assert len(yamldatei._BEREIT) == 3


def test_fehlerhaftes_wird_nicht_vorgehalten_sondern_gemeldet(muster: Projekt, zerlegt: list[str]) -> None:
    pfad = muster.quellen / "einwohner.yaml"
    _aendere(pfad, "herkunft: amtlich", "herkunft: geraten")
    _vorrat(muster).fuelle_auf()
    assert "daten/quellen/einwohner.yaml" not in yamldatei._BEREIT
    with pytest.raises(BerichtswerkFehler, match="geraten"):
        _ = Datenbestand(muster).quellen
