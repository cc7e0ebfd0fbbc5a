"""Überschriften, Texte in Unterordnern und der Blick auf ein anderes Gebiet."""

import pytest

from berichtswerk.darstellung.bericht import Bericht
from berichtswerk.meldung import BerichtswerkFehler


def test_ueberschrift_traegt_ebene_und_marke_und_maskiert_den_wortlaut(b):
    u = b.ueberschrift("Amt *Lindau* (See)", ebene=3, marke="sec-lindau").gegenstand
    assert u.markdown == r"### Amt \*Lindau\* (See) {#sec-lindau}"
    assert b.ueberschrift("Lage", ebene=2).gegenstand.markdown == "## Lage"


FALSCH = [
    (
        {"ebene": 1},
        "FEHLER [ueberschrift-ebene] Feld „ebene“\n"
        "  Eine Überschrift der Ebene 1 gibt es nicht.\n"
        "  Abhilfe: Möglich sind 2 (Kapitel), 3 und 4.",
    ),
    (
        {"marke": "Adorf"},
        "FEHLER [marke-form] Feld „marke“\n"
        "  Die Marke „Adorf“ passt nicht.\n"
        "  Ursache: Verlangt ist sec-… mit Kleinbuchstaben, Ziffern und Bindestrichen.\n"
        "  Abhilfe: Schreiben Sie zum Beispiel marke=„sec-bevoelkerung“.",
    ),
    (
        {"marke": "sec-schon-da"},
        "FEHLER [marke-doppelt] Feld „marke“\n"
        "  Die Marke „sec-schon-da“ steht schon an einer anderen Überschrift.\n"
        "  Abhilfe: Geben Sie jeder Überschrift eine eigene Marke.",
    ),
]


@pytest.mark.parametrize(("angaben", "meldung"), FALSCH)
def test_falsche_ueberschrift_sagt_was_und_wie_weiter(b, monkeypatch, angaben, meldung):
    monkeypatch.setenv("BERICHTSWERK_LAUF", "1")
    b.ueberschrift("Adorf", marke="sec-schon-da")
    with pytest.raises(BerichtswerkFehler) as fehler:
        b.ueberschrift("Adorf", **angaben)
    assert str(fehler.value) == meldung


def test_text_in_unterordner_und_vorschlag_mit_unterordner(b):
    assert b.loese("einheiten/adorf").markdown == "In Landkreis Muster.\n"
    assert b.text("einheiten/adorf").gegenstand.name == "einheiten/adorf"
    with pytest.raises(BerichtswerkFehler, match="Meinten Sie „einheiten/adorf“"):
        b.loese("einheiten/adrof")


def test_blick_auf_ein_anderes_gebiet_rechnet_dort_und_teilt_labels_und_namen(kleinprojekt, monkeypatch):
    monkeypatch.setenv("BERICHTSWERK_LAUF", "1")
    b = Bericht("lage", 2024, projekt=kleinprojekt)
    ort = b.fuer("990010020")
    quote = ort.linie("arbeitslosenquote", label="fig-beheim", vergleich=("kreis",)).gegenstand
    assert {n.gebiet for n in quote.werte} == {"990010020", "99001"}
    assert ort.eckwerte("arbeitslose").gegenstand.eintraege[0].wert == "45"
    ort.binde(beheim=ort.kennzahl("arbeitslose"))
    assert b.gebiet.schluessel == "99001" and "fig-beheim" in b._labels
    namen = b.abschluss().gegenstand.werte
    assert namen["beheim"].gebiet == "990010020"
    assert namen["arbeitslose"].gebiet == "99001"
