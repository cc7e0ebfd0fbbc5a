"""Plätze als Zeitreihe, Saldo, Auslastung und Ampel gegen veröffentlichte Werte."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.fach.methoden.ergebnis import Ergebnis, gesperrt
from berichtswerk.fach.methoden.kapazitaet import (
    AMPEL,
    Ampelstufe,
    Platzart,
    Platzbestand,
    ampel,
    auslastung,
    plaetze_am,
    platzreihe,
    reicht_bis,
    salden,
    saldo,
    wechseltage,
)
from berichtswerk.grund.zahl import schreibe
from berichtswerk.grund.zeichen import Status


@pytest.mark.parametrize(
    ("belegt", "plaetze", "gedruckt"), [(7204, 8266, "87,2"), (287, 314, "91,4"), (465, 502, "92,6")]
)
def test_auslastung_wie_veroeffentlicht(belegt: int, plaetze: int, gedruckt: str) -> None:
    """Quelle: Kita-Bedarfsplan 2025–2027 nach Wochenspiegel (7 204 Kinder, 8 266 Plätze; 91,4 % von 314);
    465/502 Prüffall der Kennzahlensammlung.
    """
    assert schreibe(auslastung(belegt, plaetze).zahl, 1) == gedruckt


def test_saldo_wie_coesfeld() -> None:
    """Quelle: Kindergartenbedarfsplan Coesfeld: Bedarf 1 128 + 496, Plätze 1 133 + 475."""
    teile = salden({"Ü3": 1133, "U3": 475}, {"Ü3": 1128, "U3": 496})
    assert {k: s.zahl for k, s in teile.items()} == {"Ü3": 5, "U3": -21}
    assert saldo(1133 + 475, 1128 + 496).zahl == -16


HAUS = [
    Platzbestand("A", Platzart.GENEHMIGT, 100, date(2015, 1, 1)),
    Platzbestand("A", Platzart.BEFRISTET, 49, date(2020, 8, 1), date(2022, 7, 31)),
    Platzbestand("A", Platzart.BELEGBAR, 95, date(2015, 1, 1), date(2021, 12, 31)),
    Platzbestand("A", Platzart.BELEGBAR, 90, date(2022, 1, 1)),
    Platzbestand("B", Platzart.GENEHMIGT, 60, date(2018, 8, 1)),
]


def test_plaetze_sind_eine_zeitreihe() -> None:
    def zahl(art: Platzart, tag: date) -> float:
        return plaetze_am(HAUS, art, tag, einheiten=["A"]).zahl

    assert zahl(Platzart.BEFRISTET, date(2022, 7, 31)) == 49
    assert zahl(Platzart.BEFRISTET, date(2022, 8, 1)) == 0
    assert [zahl(Platzart.BELEGBAR, date(j, 6, 1)) for j in (2014, 2021, 2023)] == [0, 95, 90]
    assert wechseltage(HAUS, Platzart.BEFRISTET) == (date(2020, 8, 1), date(2022, 8, 1))
    reihe = platzreihe(HAUS, Platzart.GENEHMIGT)
    assert [(t.year, e.zahl) for t, e in reihe] == [(2015, 100), (2018, 160)]


def test_belegbar_wird_nie_aus_genehmigt_erschlossen() -> None:
    ergebnis = plaetze_am(HAUS, Platzart.BELEGBAR, date(2023, 1, 1))
    assert ergebnis.status is Status.FEHLT
    assert ergebnis.hinweis == "Plätze der Art „belegbar“ nicht angegeben: B"
    assert plaetze_am(HAUS, Platzart.BEFRISTET, date(2021, 1, 1)).zahl == 49


def test_fehlende_plaetze_sperren_saldo_und_auslastung() -> None:
    ohne = plaetze_am([], Platzart.BELEGBAR, date(2023, 1, 1))
    assert saldo(ohne, 10).status is Status.FEHLT
    assert auslastung(10, ohne).status is Status.FEHLT
    assert auslastung(10, 0).status is Status.GESPERRT
    assert salden({"a": 1}, {"b": 1})["b"].status is Status.FEHLT


@pytest.mark.parametrize(
    ("wert", "stufe"),
    [
        (0, "ueberhang"),
        (84.9, "ueberhang"),
        (85, "ausgeglichen"),
        (95, "ausgeglichen"),
        (95.1, "knapp"),
        (120, "knapp"),
    ],
)
def test_ampel_an_den_grenzen(wert: float, stufe: str) -> None:
    assert ampel(Ergebnis(wert)).name == stufe


def test_ampel_traegt_text_und_symbol_und_ist_einstellbar() -> None:
    assert len({s.symbol for s in AMPEL}) == len({s.text for s in AMPEL}) == 3
    eigene = (Ampelstufe("frei", 0, True, "frei", "o"), Ampelstufe("voll", 98, True, "voll", "#"))
    assert ampel(Ergebnis(98), eigene).text == "voll"
    ohne = ampel(gesperrt("Nenner ist null"))
    assert (ohne.text, ohne.symbol) == ("keine Aussage möglich", "x")


@given(st.floats(0, 1e6), st.floats(0, 1e6))
def test_ampel_sagt_immer_etwas(belegt: float, plaetze: float) -> None:
    assert ampel(auslastung(belegt, plaetze)).text


def test_reicht_bis_zum_letzten_jahr_ohne_mangel() -> None:
    assert reicht_bis(314, {2025: 286, 2026: 300, 2027: 320, 2028: 300}).zahl == 2026
    assert reicht_bis(1, {2025: 2}).status is Status.GESPERRT
