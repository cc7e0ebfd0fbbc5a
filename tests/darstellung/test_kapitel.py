"""Überschriften, Texte in Unterordnern und der Blick auf ein anderes Gebiet."""

import shutil

import pytest

from berichtswerk.bericht.bericht import Bericht
from berichtswerk.bericht.namen import Namen
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.worte.bindung import loese_auf


def loese(bericht, name):
    return Namen(bericht.sicht).loese(name)


def test_ueberschrift_traegt_ebene_und_marke(b):
    u = b.ueberschrift("Amt *Lindau* (See)", ebene=3, marke="sec-lindau").gegenstand
    assert (u.text, u.ebene, u.marke) == ("Amt *Lindau* (See)", 3, "sec-lindau")
    assert b.ueberschrift("Lage", ebene=2).gegenstand.ebene == 2


def test_ueberschrift_auf_neuer_seite(b):
    assert b.ueberschrift("Lage", seite=True).gegenstand.neue_seite
    u = b.ueberschrift("Lindau", marke="sec-lindau-neu", seite=True).gegenstand
    assert (u.marke, u.neue_seite) == ("sec-lindau-neu", True)


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
    assert loese(b, "einheiten/adorf").markdown == "In Landkreis Muster.\n"
    assert b.text("einheiten/adorf").gegenstand.name == "einheiten/adorf"
    with pytest.raises(BerichtswerkFehler, match="Meinten Sie „einheiten/adorf“"):
        loese(b, "einheiten/adrof")


def test_blick_auf_ein_anderes_gebiet_rechnet_dort_und_teilt_labels_und_namen(kleinprojekt, monkeypatch):
    monkeypatch.setenv("BERICHTSWERK_LAUF", "1")
    b = Bericht("lage", 2024, projekt=kleinprojekt)
    ort = b.fuer("990010020")
    quote = ort.linie("arbeitslosenquote", label="fig-beheim", vergleich=("kreis",)).gegenstand
    assert {n.gebiet for n in quote.werte} == {"990010020", "99001"}
    assert ort.eckwerte("arbeitslose").gegenstand.eintraege[0].wert == "45"
    ort.binde(beheim=ort.kennzahl("arbeitslose"))
    assert b.gebiet.schluessel == "99001" and "fig-beheim" in b.sicht.register.labels
    namen = Namen(b.sicht).bindungen().werte
    assert namen["beheim"].gebiet == "990010020"
    assert namen["arbeitslose"].gebiet == "99001"


def test_ein_text_fuer_alle_kommunen_zeigt_je_kommune_deren_zahlen(kleinprojekt, tmp_path):
    shutil.copytree(kleinprojekt.wurzel, tmp_path / "p")
    projekt = Projekt(tmp_path / "p")
    texte = projekt.wurzel / "berichte/lage/2024/texte"
    (texte / "einheit.md").write_text("{{ gebiet }}: {{ arbeitslose }} von {{ plaetze }}.", "utf-8")
    (texte / "alle.md").write_text("{{ gebiet }}: {{ arbeitslose }}, {{ nur_adorf }}.", "utf-8")
    b = Bericht("lage", 2024, projekt=projekt)
    b.binde(arbeitslose=b.kennzahl("arbeitslose"))
    for schluessel, plaetze in (("990010010", 7), ("990010020", 9)):
        ort = b.fuer(schluessel)
        ort.binde(plaetze=b.zahl(plaetze, name="Plätze", quellen=["kita"], formel="gezählt"))
        if plaetze == 7:
            ort.binde(nur_adorf="ein Name")
        assert ort.text("einheit").gegenstand.bereich == schluessel
        assert loese(ort, "einheit").markdown.startswith(ort.gebiet.name)
    fertig = Namen(b.sicht).bindungen()

    def aufgeloest(name, bereich=""):
        ergebnis = loese_auf((texte / name).read_text("utf-8"), fertig.im_bereich(bereich), name)
        assert not ergebnis.meldungen
        return ergebnis.markdown.replace(" (Beispieldaten)", "")

    assert aufgeloest("einheit.md", "990010010") == "Adorf: 85 von 7."
    assert aufgeloest("einheit.md", "990010020") == "Beheim: 45 von 9."
    assert aufgeloest("alle.md") == "Landkreis Muster: 155, ein Name."
    # zwei Kommunen vergeben „plaetze“: im Text des ganzen Berichts wäre der Name mehrdeutig
    assert "plaetze" not in fertig.im_bereich("").werte
