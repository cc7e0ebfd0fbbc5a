"""Was mit Erfolg falsch gelesen werden könnte: jede Eingabe neben ihrer Meldung."""

from __future__ import annotations

import shutil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from berichtswerk.grund.meldung import BerichtswerkFehler

LANG = "leser: csv\ngebiet: ags\nzeit: jahr\n"
BREIT = f"{LANG}groessen: {{m: m, w: w}}\n"


def hinweise(werk) -> str:
    """Was das Lesen ohne Fehler anmerkt."""
    return "\n".join(str(m) for m in werk.bestand().tabelle("probe").bericht.meldungen)


# Der Kopf steht noch einmal da


@given(
    st.permutations(["ags", "jahr", "m", "w"]),
    st.sampled_from(["", 'auslassen: ["^ags"]\n', "gebiet: {spalte: ags, unbekannte: weglassen}\n"]),
)
@settings(max_examples=40, deadline=None)
def test_ein_wiederholter_kopf_gilt_oder_ist_ein_befund(neues_werk, folge, dazu):
    werk, zweiter = neues_werk(), ["09999102", "2022", "3", "4"]
    werte = dict(zip(["ags", "jahr", "m", "w"], zweiter, strict=True))
    inhalt = f"ags,jahr,m,w\n09999101,2022,1,2\n{','.join(folge)}\n{','.join(werte[f] for f in folge)}\n"
    lesen = BREIT.replace("gebiet: ags\n", "") + dazu if "gebiet" in dazu else BREIT + dazu
    try:
        if folge == ["ags", "jahr", "m", "w"]:
            gelesen = werk.lies("p.csv", inhalt, lesen)
            assert gelesen["wert"].tolist() == [1, 2, 3, 4]
        else:
            assert "Der Tabellenkopf steht hier noch einmal, aber anders" in werk.meldungen(
                "p.csv", inhalt, lesen
            )
    finally:
        shutil.rmtree(werk.projekt.wurzel)


def test_ein_kopf_in_anderer_folge_nennt_spalte_und_weg(werk):
    meldung = werk.meldungen(
        "p.csv", "ags,jahr,m,w\n09999101,2022,1,2\nags,jahr,w,m\n09999102,2022,4,3\n", BREIT
    )
    assert "Zeile 3" in meldung
    assert "anders: in der Spalte „m“ heißt es „w“." in meldung
    assert "diesen bis „daten_bis: 2“, den nächsten mit „kopf: {zeilen: 3}“" in meldung


def test_ein_wiederholter_kopf_mit_neuen_namen_ist_ein_befund(werk):
    inhalt = "ags,jahr,m,w\n09999101,2022,1,2\nags,jahr,Frauen,Männer\n09999102,2022,4,3\n"
    assert "in der Spalte „m“ heißt es „Frauen“" in werk.meldungen("p.csv", inhalt, BREIT)


def test_eine_zeile_die_wie_eine_spalte_heisst_ist_kein_kopf(werk):
    lesen = "leser: csv\ngebiet: {fest: '09999'}\nzeit: jahr\nmerkmale: {art: art}\ngroessen: {n: m}\n"
    assert werk.lies("p.csv", "art,jahr,m\nm,2022,1\nart,2022,2\n", lesen)["wert"].tolist() == [1, 2]


# Einheiten, von denen die Beschreibung nichts sagt

EINHEITEN = """ags,jahr,was,wert,{spalte}
09999,2022,Kaufkraft,23.4,Tsd. EUR
09999101,2022,Kaufkraft,24100,{zweite}
09999,2022,Quote,5.9,%
09999101,2022,Quote,5.6,Prozent
"""
GROESSE = f"{LANG}groesse: was\nwert: wert\n"


@pytest.mark.parametrize("spalte", ["Einheit", "Maßeinheit", "unit", "x", ""])
def test_einheiten_in_einer_ungenannten_spalte_werden_nicht_gemischt(werk, spalte):
    meldung = werk.meldungen("p.csv", EINHEITEN.format(spalte=spalte, zweite="EUR"), GROESSE)
    assert "„Kaufkraft“ mischt Einheiten: „Tsd. EUR“, „EUR“." in meldung
    assert "Quote" not in meldung
    assert len(werk.lies("p.csv", EINHEITEN.format(spalte=spalte, zweite="Tsd. EUR"), GROESSE)) == 4


@pytest.mark.parametrize("werte", [["1000", "1000"], ["m", "w"], ["", ""], ["a", "EUR"]])
def test_andere_spalten_sind_keine_einheiten(werk, werte):
    inhalt = "ags,jahr,n,x\n" + "".join(f"0999910{n},2022,{n},{w}\n" for n, w in enumerate(werte, 1))
    assert len(werk.lies("p.csv", inhalt, f"{LANG}groessen: {{n: n}}\n")) == 2


# Zeiten verschiedener Art

ZEITEN = {
    "2023": "Jahr",
    "2023-06-01": "Stichtag",
    "2023-06": "Monat",
    "2023-Q2": "Quartal",
    "2023/24": "Schuljahr",
}


@given(st.lists(st.sampled_from(sorted(ZEITEN)), min_size=1, max_size=4, unique=True))
@settings(max_examples=30, deadline=None)
def test_zeiten_verschiedener_art_in_einer_groesse_werden_genannt(neues_werk, zeiten):
    werk = neues_werk()
    try:
        werk.lies(
            "p.csv", "ags,jahr,n\n" + "".join(f"09999,{z},1\n" for z in zeiten), f"{LANG}groessen: {{n: n}}\n"
        )
        text = hinweise(werk)
    except BerichtswerkFehler as fehler:
        text = str(fehler)
    finally:
        shutil.rmtree(werk.projekt.wurzel)
    assert ("„n“ mischt Zeitangaben" in text) is (len(zeiten) > 1)
    assert len(zeiten) == 1 or all(f"{ZEITEN[z]} („{z}“)" in text for z in zeiten)


def test_verschiedene_groessen_haben_ihre_eigene_zeitart(werk):
    lesen = f"{LANG}groesse: was\nwert: n\n"
    werk.lies("p.csv", "ags,jahr,was,n\n09999,2023,a,1\n09999,2023-06,b,1\n", lesen)
    assert hinweise(werk) == ""
