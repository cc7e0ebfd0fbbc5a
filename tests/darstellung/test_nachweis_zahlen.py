"""Jede gezeigte Zahl führt zurück zur gelieferten Zelle und lässt sich nachrechnen."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nachweishilfe import befunde, nachgerechnet

from berichtswerk.bericht.bericht import Bericht
from berichtswerk.bericht.namen import Namen
from berichtswerk.gegenstand import nachweis as n
from berichtswerk.gegenstand.gegenstaende import Eingabe, Fundstelle, Nachweis, Rechenweg


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
    return n.sammle([*nachweise, *Namen(b.sicht).loese("arbeit").nachweise], b.sicht.projekt)


def test_zwanzig_zufaellige_zahlen_lassen_sich_bis_zur_datei_verfolgen(b):
    inhalt = json.loads(n.schreibe(alles_gezeigte(b)))
    for eintrag in random.Random(20).sample(inhalt["eintraege"], 20):
        assert befunde(eintrag, b.sicht.bestand, inhalt["dateien"]) == []


def test_alle_gezeigten_zahlen_lassen_sich_nachrechnen(b):
    inhalt = alles_gezeigte(b)
    assert [m for e in inhalt["eintraege"] for m in befunde(e, b.sicht.bestand, inhalt["dateien"])] == []
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


def stelle(wert, rolle="wert", gewicht=1.0):
    return Fundstelle(quelle="q", datei="d", zeile=1, spalte="s", wert=wert, rolle=rolle, gewicht=gewicht)


@settings(deadline=None)
@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=8), st.integers(1, 10**6))
def test_quotienten_werden_exakt_nachgerechnet(zaehler, nenner):
    belege = (*(stelle(float(z), "zaehler") for z in zaehler), stelle(float(nenner), "nenner"))
    wert = 100 * sum(zaehler) / nenner
    eintrag = Nachweis(anzeige="", wert=wert, rechnung="quotient", faktor=100, belege=belege)
    assert float(nachgerechnet(eintrag)) == pytest.approx(wert)


def test_ohne_zahl_an_der_fundstelle_wird_nicht_nachgerechnet():
    assert nachgerechnet(Nachweis(anzeige=".", wert=None, belege=(stelle(None),))) is None


def _gerechnet(gegenstand):
    return [z for z in gegenstand.werte if z.rechnung in {"prozent", "differenz", "eigene"}]


def test_zahlen_des_befunds_haben_eigene_nachweise(b):
    a = b.linie("arbeitslose", label="fig-a").gegenstand
    (eintrag,) = _gerechnet(a)
    assert f" sank von 2022 bis 2024 um {eintrag.anzeige} auf " in a.befund
    assert (eintrag.rechnung, len(eintrag.teile)) == ("prozent", 2)
    assert float(nachgerechnet(eintrag)) == pytest.approx(eintrag.wert)
    quote = b.linie("arbeitslosenquote", label="fig-b", vergleich=()).gegenstand
    (punkte,) = _gerechnet(quote)
    assert (punkte.rechnung, punkte.anzeige) == ("differenz", quote.befund.split(" um ")[1].split(" auf ")[0])
    assert float(nachgerechnet(punkte)) == pytest.approx(punkte.wert)


def test_summen_und_anteile_im_befund_sind_nachgewiesen(b):
    gestapelt = b.saeulen(
        "arbeitslose", "erwerbspersonen", label="fig-s", art="gestapelt", was="Personen"
    ).gegenstand
    assert all(e.rechnung == "prozent" for e in _gerechnet(gestapelt))
    anteil = b.saeulen("arbeitslose", "erwerbspersonen", label="fig-t", art="anteil", was="Anteil").gegenstand
    eintraege = _gerechnet(anteil)
    assert {e.zeit for e in eintraege} == {"2024"}
    for e in eintraege:
        assert e.anzeige in anteil.befund
        erster, *alle = (t.wert for t in e.teile)
        assert e.wert == 100 * erster / sum(alle)


# --- Was veröffentlicht wird -----------------------------------------------------------------------------


KOMMUNEN = ("990010010", "990010020")


def zahl(gebiet, *orte, **felder):
    """Ein Nachweis, in den von jedem der Orte eine Zeile eingegangen ist."""
    belege = tuple(
        Fundstelle(quelle="arbeit", datei="daten/dateien/arbeit.csv", zeile=nr, spalte="s", wert=1.0,
                   rolle="wert", gebiet=ort)
        for nr, ort in enumerate(orte, 2)
    )  # fmt: skip
    return Nachweis(anzeige="1", wert=1.0, gebiet=gebiet, belege=belege, **felder)


VERDECKT = [{"quelle": "arbeit", "datei": "daten/dateien/arbeit.csv", "anzahl": 2}]


def test_eine_summe_ueber_nicht_gezeigte_gebiete_nennt_nur_datei_und_zahl_der_zeilen(kleinprojekt):
    inhalt = n.sammle([zahl("99001", *KOMMUNEN), zahl("990010010", "")], kleinprojekt)
    summe, gezeigt = inhalt["eintraege"]
    assert "belege" not in summe and summe["verdeckt"] == VERDECKT
    assert gezeigt["belege"][0]["zeile"] == 2
    assert inhalt["dateien"]["daten/dateien/arbeit.csv"]["pruefsumme"].startswith("sha256:")


def test_sind_alle_teile_gezeigt_stehen_ihre_zeilen_da(kleinprojekt):
    inhalt = n.sammle([zahl("99001", *KOMMUNEN), *(zahl(k, "") for k in KOMMUNEN)], kleinprojekt)
    assert [f["gebiet"] for f in inhalt["eintraege"][0]["belege"]] == list(KOMMUNEN)


def test_auch_teile_und_rechenwege_nennen_nichts_verborgenes(kleinprojekt):
    weg = Rechenweg(
        id="r", formel="Summe",
        eingaben=(Eingabe(datei="a.csv", zeilen="2–9", anzahl=8, gebiete=KOMMUNEN),
                  Eingabe(datei="b.csv", zeilen="2–3", anzahl=2, gebiete=("99001", "DG"))),
    )  # fmt: skip
    unterschied = zahl("99001", rechnung="differenz", teile=tuple(zahl(k, "") for k in KOMMUNEN))
    inhalt = n.sammle([unterschied, zahl("99001", weg=weg, zeit="2024")], kleinprojekt, offen=("DG",))
    assert "teile" not in inhalt["eintraege"][0]
    assert inhalt["eintraege"][0]["verdeckt"][0]["anzahl"] == 1
    assert inhalt["eintraege"][1]["weg"] == "w1"
    assert inhalt["rechenwege"]["w1"]["eingaben"] == [
        {"datei": "a.csv", "anzahl": 8}, {"datei": "b.csv", "zeilen": "2–3", "anzahl": 2},
    ]  # fmt: skip
