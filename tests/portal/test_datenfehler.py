"""Was „pruefen daten“ einen Fehler nennt, kommt durch keine Tür in einen Bericht."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import date

import pytest

from berichtswerk.bericht.bericht import Bericht
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.daten.pruefung import pruefe_daten
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.site.bau import rendere
from berichtswerk.site.vorbereitung import bereite_vor

CSV = "daten/dateien/einwohner.csv"


def _setze(projekt: Projekt, alt: str, neu: str, *, neue_lieferung: bool = False) -> None:
    """Ändert eine Zelle der Lieferung; mit ``neue_lieferung`` auch die Prüfsumme ihrer Beschreibung."""
    pfad, yaml = projekt.wurzel / CSV, projekt.quellen / "einwohner.yaml"
    vorher = hashlib.sha256(pfad.read_bytes()).hexdigest()
    pfad.write_text(pfad.read_text("utf-8").replace(alt, neu), "utf-8", newline="\n")
    if neue_lieferung:
        nachher = hashlib.sha256(pfad.read_bytes()).hexdigest()
        yaml.write_text(yaml.read_text("utf-8").replace(vorher, nachher), "utf-8")


def _gerendert(projekt: Projekt) -> list[Meldung]:
    return rendere(projekt, ["lage/2024/lage-2024"]).meldungen.fehler


def _vorbereitet(projekt: Projekt) -> list[Meldung]:
    ergebnis = bereite_vor(projekt, ["lage/2024/lage-2024"])
    assert ergebnis.gelungen is not bool(ergebnis.meldungen.fehler)
    return ergebnis.meldungen.fehler


def _jupyter(projekt: Projekt) -> list[Meldung]:
    try:
        Bericht("lage", "2024", "99068", projekt=projekt).linie("einwohner", label="fig-e")
    except BerichtswerkFehler as fehler:
        return fehler.meldungen
    return []


TUEREN: dict[str, Callable[[Projekt], list[Meldung]]] = {
    "render": _gerendert, "Quarto": _vorbereitet, "JupyterLab": _jupyter,
}  # fmt: skip


@pytest.mark.parametrize("tuer", TUEREN)
def test_ein_fehler_der_daten_haelt_jede_tuer_auf(mit_tor: Projekt, tuer: str) -> None:
    assert TUEREN[tuer](mit_tor) == []
    _setze(mit_tor, "99068,2024,10007", "99068,2024,10070")
    erwartet = pruefe_daten(Datenbestand(mit_tor), date.today()).fehler
    assert [m.kennung for m in erwartet] == ["pruefsumme-geaendert"]
    assert TUEREN[tuer](mit_tor) == erwartet
    _setze(mit_tor, "99068,2024,10070", "99068,2024,10007")
    assert TUEREN[tuer](mit_tor) == []


def test_auch_eine_vermerkte_lieferung_mit_unmoeglichem_wert_haelt_auf(mit_tor: Projekt) -> None:
    _setze(mit_tor, "99068,2023,10020", "99068,2023,-5", neue_lieferung=True)
    (befund,) = _gerendert(mit_tor)
    assert (befund.kennung, befund.datei, befund.ort) == ("schema-constraint", CSV, "Zeile 3")


def test_alle_fehler_aller_gelesenen_quellen_auf_einmal(mit_tor: Projekt) -> None:
    quelle, kennzahl = mit_tor.quellen / "einwohner.yaml", mit_tor.kennzahlen / "einwohner.yaml"
    for pfad in (quelle, kennzahl):
        zweite = pfad.read_text("utf-8").replace("einwohner", "bewohner")
        pfad.with_name("bewohner.yaml").write_text(zweite, "utf-8")
    zweite_csv = (mit_tor.wurzel / CSV).with_name("bewohner.csv")
    zweite_csv.write_text((mit_tor.wurzel / CSV).read_text("utf-8").replace("einwohner", "bewohner"), "utf-8")
    buch = mit_tor.notebooks / "lage.ipynb"
    vorweg = buch.read_text("utf-8").replace("b.linie(", "b.sicht.reihe('bewohner')\\nb.linie(")
    buch.write_text(vorweg, "utf-8")
    _setze(mit_tor, "99068,2024,10007", "99068,2024,10070")
    assert [(m.kennung, m.datei) for m in _gerendert(mit_tor)] == [
        ("pruefsumme-geaendert", "daten/dateien/bewohner.csv"), ("pruefsumme-geaendert", CSV),
    ]  # fmt: skip


def test_auch_was_nur_ein_text_nennt_ist_geprueft(muster: Projekt) -> None:
    """Das Notizbuch bindet nichts; die Kennzahl wird für den Text nachgerechnet."""
    text = muster.berichte / "lage/2024/texte/einleitung.md"
    text.write_text("## Lage\n\nHier leben {{ einwohner }} Menschen.\n", "utf-8")
    assert _gerendert(muster) == []
    _setze(muster, "99068,2024,10007", "99068,2024,10070")
    assert "pruefsumme-geaendert" in [m.kennung for m in _gerendert(muster)]


@pytest.mark.parametrize("was", ["ordner", "warteschlange"])
def test_was_statt_eines_textes_daliegt_ist_ein_fehlender_text(mit_tor: Projekt, was: str) -> None:
    """Auch eine Warteschlange (FIFO), aus der nie etwas käme, hält den Lauf nicht an."""
    text = mit_tor.berichte / "lage/2024/texte/einleitung.md"
    text.unlink()
    text.mkdir() if was == "ordner" else os.mkfifo(text)
    buch = mit_tor.notebooks / "lage.ipynb"
    buch.write_text(buch.read_text("utf-8").replace("b.linie(", "b.text('einleitung')\\nb.linie("), "utf-8")
    befunde = _gerendert(mit_tor)
    assert {m.kennung for m in befunde} == {"nicht-gezeigt"}
    buch.write_text(buch.read_text("utf-8").replace("\\nb.linie(", "#"), "utf-8")
    assert [(m.kennung, m.datei) for m in _gerendert(mit_tor)] == [
        ("textdatei-fehlt", "berichte/lage/2024/texte/einleitung.md")
    ]
