"""Platzbedarf der Kindertagesbetreuung: Teile, Grenzen der Quote, Reserve, Hort nach GaFöG."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.fach.methoden.kita import (
    anspruchsklassen,
    gesamtbedarf,
    platzbedarf,
)
from berichtswerk.grund.zeichen import Status

anzahl = st.floats(0, 5000)
prozent = st.floats(0, 100)


def test_bedarf_von_hand() -> None:
    b = platzbedarf(
        "1 bis unter 3",
        [100, 120],
        [60, 90],
        gast_ein=5,
        gast_aus=8,
        integrationskinder=4,
        platzminderung=0.5,
        reserve=5,
    )
    assert (b.nachfrage, b.integration) == (168, 2)
    assert b.reserve == pytest.approx(8.35)
    assert b.gesamt == pytest.approx(175.35)
    assert b.plaetze == 176
    assert b.zielquote.zahl == pytest.approx(168 / 220 * 100)


@given(anzahl)
def test_quote_null_und_hundert_prozent(kinder: float) -> None:
    assert platzbedarf("g", kinder, 0).gesamt == 0
    assert platzbedarf("g", kinder, 100).gesamt == pytest.approx(kinder)


@given(anzahl, prozent, st.floats(0, 20), st.floats(0, 20), anzahl)
def test_mehr_reserve_heisst_nie_weniger_plaetze(kinder, quote, eine, andere, gast_aus) -> None:
    a, b = sorted((eine, andere))
    klein = platzbedarf("g", kinder, quote, gast_aus=gast_aus, reserve=a)
    gross = platzbedarf("g", kinder, quote, gast_aus=gast_aus, reserve=b)
    assert gross.gesamt >= klein.gesamt >= 0


@given(anzahl, prozent, st.floats(0, 10), st.floats(0.1, 10))
def test_bedarf_ist_linear(kinder, quote, reserve, faktor) -> None:
    eins = platzbedarf("g", kinder, quote, gast_ein=3, gast_aus=1, reserve=reserve).gesamt
    viele = platzbedarf("g", kinder * faktor, quote, gast_ein=3 * faktor, gast_aus=faktor, reserve=reserve)
    assert viele.gesamt == pytest.approx(eins * faktor, abs=1e-6)


def test_leere_gruppe_hat_keinen_bedarf_und_keine_quote() -> None:
    b = platzbedarf("g", 0, 90)
    assert b.gesamt == 0
    assert b.zielquote.status is Status.GESPERRT
    assert platzbedarf("g", [], []).gesamt == 0
    assert gesamtbedarf([]).gesamt == 0


def test_summe_der_gruppen() -> None:
    teile = [platzbedarf("a", 10, 50), platzbedarf("b", 20, 100, reserve=10)]
    assert gesamtbedarf(teile).gesamt == pytest.approx(27)
    assert gesamtbedarf(teile).gruppe == "gesamt"


@pytest.mark.parametrize(
    ("schuljahr", "klassen"),
    [(2025, ()), (2026, (1,)), (2027, (1, 2)), (2028, (1, 2, 3)), (2029, (1, 2, 3, 4)), (2035, (1, 2, 3, 4))],
)
def test_stufen_des_ganztagsanspruchs(schuljahr: int, klassen: tuple[int, ...]) -> None:
    """Quelle: Ganztagsförderungsgesetz, Inkrafttreten 01.08.2026, Endstufe Schuljahr 2029/30."""
    assert anspruchsklassen(schuljahr) == klassen
    assert anspruchsklassen(schuljahr, (1, 2, 3, 4)) == (1, 2, 3, 4)
