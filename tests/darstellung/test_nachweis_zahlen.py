"""Jede gezeigte Zahl führt zurück zur gelieferten Zelle und lässt sich nachrechnen."""

import json
import random
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.bericht.bericht import Bericht
from berichtswerk.bericht.texte import Texte
from berichtswerk.gegenstand import nachweis as n
from berichtswerk.gegenstand.gegenstaende import Fundstelle, Nachweis
from berichtswerk.grund.projekt import Projekt


def alles_gezeigte(b):
    gegenstaende = [
        b.linie("arbeitslosenquote", label="fig-a"),
        b.pyramide("altersaufbau", label="fig-p", vergleich=None),
        b.tabelle(
            "arbeitslosenquote", label="tbl-a", nach="einheiten", jahre=(2019, 2023), veraenderung=True
        ),
        b.tabelle("arbeitslose", label="tbl-b", nach="einheiten", jahre=(2019, 2023), veraenderung=True),
        b.eckwerte("arbeitslosenquote", "kita_plaetze", label="tbl-eck"),
    ]
    nachweise = [z for g in gegenstaende for z in n.nachweise_von(g.gegenstand)]
    return n.sammle([*nachweise, *Texte(b.sicht).loese("arbeit").nachweise], b.sicht.projekt)


def test_zwanzig_zufaellige_zahlen_lassen_sich_bis_zur_datei_verfolgen(b):
    inhalt = json.loads(n.schreibe(alles_gezeigte(b)))
    for eintrag in random.Random(20).sample(inhalt["eintraege"], 20):
        assert n.pruefe_nachweis(eintrag, b.sicht.bestand, inhalt["dateien"]).liste == []


def test_alle_gezeigten_zahlen_lassen_sich_nachrechnen(b):
    inhalt = alles_gezeigte(b)
    befunde = [
        m for e in inhalt["eintraege"] for m in n.pruefe_nachweis(e, b.sicht.bestand, inhalt["dateien"])
    ]
    assert befunde == []
    rechnungen = {e.get("rechnung", "wert") for e in inhalt["eintraege"]}
    assert rechnungen == {"wert", "quotient", "differenz", "prozent"}


def test_eintraege_sind_nummeriert_und_nennen_ihren_ort(b):
    eintraege = alles_gezeigte(b)["eintraege"]
    assert [e["nr"] for e in eintraege] == list(range(1, len(eintraege) + 1))
    assert {e["ort"] for e in eintraege} == {
        "fig-a", "fig-p", "tbl-a", "tbl-b", "tbl-eck", "berichte/lage/2024/texte/arbeit.md:1",
        "berichte/lage/2024/texte/arbeit.md:3",
    }  # fmt: skip


def test_gleicher_bericht_gleicher_nachweis(kleinprojekt):
    eins, zwei = (n.schreibe(alles_gezeigte(Bericht("lage", 2024, projekt=kleinprojekt))) for _ in range(2))
    assert eins == zwei
    assert "sha256:" in eins


@pytest.fixture
def geaendert(ort, tmp_path):
    """Nachweis des Projekts und eine Kopie, in der eine Zelle anders ist."""
    kopie = tmp_path / "kopie"
    shutil.copytree(ort, kopie)
    b = Bericht("lage", 2024, projekt=Projekt(kopie))
    inhalt = n.sammle(
        n.nachweise_von(b.linie("arbeitslosenquote", label="fig-a").gegenstand), b.sicht.projekt
    )
    datei = kopie / "daten/dateien/arbeit.csv"
    datei.write_text(datei.read_text().replace("99001,2019,200,", "99001,2019,201,"))
    return inhalt, Bericht("lage", 2024, projekt=Projekt(kopie))


def test_geaenderte_datei_faellt_auf(geaendert):
    inhalt, b = geaendert
    (eintrag,) = (e for e in inhalt["eintraege"] if e["gebiet"] == "99001" and e["zeit"] == "2019")
    texte = [m.text for m in n.pruefe_nachweis(eintrag, b.sicht.bestand, inhalt["dateien"])]
    assert texte == [
        "daten/dateien/arbeit.csv hat sich seit dem Rendern geändert.",
        "In daten/dateien/arbeit.csv, Zeile 5, Spalte arbeitslose steht nicht 200.0.",
        "daten/dateien/arbeit.csv hat sich seit dem Rendern geändert.",
    ]


def stelle(wert, rolle="wert", gewicht=1.0):
    return Fundstelle(quelle="q", datei="d", zeile=1, spalte="s", wert=wert, rolle=rolle, gewicht=gewicht)


def test_falsche_anzeige_faellt_auf(b):
    falsch = Nachweis(anzeige="8,9\u202f%", wert=8.75, rechnung="eigene")
    (meldung,) = n.pruefe_nachweis(falsch, b.sicht.bestand)
    assert str(meldung) == (
        "FEHLER [nachweis-falsch] ohne Ort\n"
        "  Gezeigt wird „8,9\u202f%“ für 8.75.\n"
        "  Ursache: Daten, Definition oder Bericht passen nicht zusammen.\n"
        "  Abhilfe: Rendern Sie den Bericht neu."
    )


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=8), st.integers(1, 10**6))
def test_quotienten_werden_exakt_nachgerechnet(zaehler, nenner):
    belege = (*(stelle(float(z), "zaehler") for z in zaehler), stelle(float(nenner), "nenner"))
    wert = 100 * sum(zaehler) / nenner
    eintrag = Nachweis(anzeige="", wert=wert, rechnung="quotient", faktor=100, belege=belege)
    assert float(n.nachgerechnet(eintrag)) == pytest.approx(wert)


def test_ohne_zahl_an_der_fundstelle_wird_nicht_nachgerechnet():
    assert n.nachgerechnet(Nachweis(anzeige=".", wert=None, belege=(stelle(None),))) is None


def _gerechnet(gegenstand):
    return [z for z in gegenstand.werte if z.rechnung in {"prozent", "differenz", "eigene"}]


def test_zahlen_des_befunds_haben_eigene_nachweise(b):
    a = b.linie("arbeitslose", label="fig-a").gegenstand
    (eintrag,) = _gerechnet(a)
    assert f"um {eintrag.anzeige} gesunken" in a.befund
    assert (eintrag.rechnung, len(eintrag.teile)) == ("prozent", 2)
    assert n.pruefe_nachweis(eintrag, b.sicht.bestand).liste == []
    quote = b.linie("arbeitslosenquote", label="fig-b", vergleich=()).gegenstand
    (punkte,) = _gerechnet(quote)
    assert (punkte.rechnung, punkte.anzeige) == ("differenz", quote.befund.split("um ")[1].split(" ge")[0])
    assert n.pruefe_nachweis(punkte, b.sicht.bestand).liste == []


def test_summen_und_anteile_im_befund_sind_nachgewiesen(b):
    gestapelt = b.saeulen(
        "arbeitslose", "erwerbspersonen", label="fig-s", art="gestapelt", was="Personen"
    ).gegenstand
    assert all(e.rechnung == "prozent" for e in _gerechnet(gestapelt))
    anteil = b.saeulen("arbeitslose", "erwerbspersonen", label="fig-t", art="anteil", was="Anteil").gegenstand
    eintraege = _gerechnet(anteil)
    assert {e.zeit for e in eintraege} == {"2019", "2024"}
    for e in eintraege:
        assert e.anzeige in anteil.befund
        erster, *alle = (t.wert for t in e.teile)
        assert e.wert == 100 * erster / sum(alle)
        assert n.pruefe_nachweis(e, b.sicht.bestand).liste == []
