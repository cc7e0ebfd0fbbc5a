"""Zahlen: lesen, runden, schreiben."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.grund import zahl


@pytest.mark.parametrize(
    ("wert", "stellen", "erwartet"),
    [
        (0.5, 0, "1"),
        (1.5, 0, "2"),
        (2.5, 0, "3"),
        (-2.5, 0, "−3"),
        (2.675, 2, "2,68"),
        (0.285 * 100, 0, "29"),
        (1.005, 2, "1,01"),
        (98861, 0, "98\u202f861"),
        (1234, 0, "1\u202f234"),
        (999.95, 1, "1\u202f000,0"),
        (-0.04, 1, "0,0"),
        (1234567, -3, "1\u202f235\u202f000"),
        (10**28, 0, "10" + "\u202f000" * 9),
    ],
)
def test_rundet_kaufmaennisch_und_schreibt_deutsch(wert: float, stellen: int, erwartet: str) -> None:
    assert zahl.schreibe(wert, stellen) == erwartet


def test_veraenderungen_tragen_ihr_vorzeichen() -> None:
    assert zahl.schreibe(3.14, 1, vorzeichen=True) == "+3,1"
    assert zahl.schreibe(-3.14, 1, vorzeichen=True) == "\u22123,1"
    assert zahl.schreibe(0.04, 1, vorzeichen=True) == "0,0"


@pytest.mark.parametrize(
    ("text", "form", "erwartet"),
    [
        ("1.234", "deutsch", "1234"),
        ("1 234,5", "deutsch", "1234.5"),
        ("1\u202f234", "schlicht", "1234"),
        ("1,234.5", "englisch", "1234.5"),
        ("12.5", "schlicht", "12.5"),
        ("12,5", "schlicht", "12.5"),
        ("\u2212 7", "deutsch", "-7"),
    ],
)
def test_liest_die_angegebene_form(text: str, form: zahl.Zahlform, erwartet: str) -> None:
    assert zahl.lies(text, form) == Decimal(erwartet)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("12.5", "deutsch"),
        ("1.23", "deutsch"),
        ("1,2", "englisch"),
        ("1.234,5", "schlicht"),
        ("zwölf", "deutsch"),
    ],
)
def test_was_in_der_form_keine_zahl_ist_wird_nie_umgedeutet(text: str, form: zahl.Zahlform) -> None:
    with pytest.raises(ValueError, match=text.replace(".", r"\.")):
        zahl.lies(text, form)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_geschriebenes_laesst_sich_zuruecklesen(wert: Decimal) -> None:
    assert zahl.lies(zahl.schreibe(wert, 2), "deutsch") == wert


@given(st.integers(min_value=-(10**7), max_value=10**7), st.integers(min_value=1, max_value=10**5))
def test_runden_weicht_hoechstens_um_die_haelfte_der_letzten_stelle_ab(zaehler: int, nenner: int) -> None:
    wert = Decimal(zaehler) / Decimal(nenner)
    assert abs(zahl.runde(wert, 1) - wert) <= Decimal("0.05")


def test_einheiten_datum_und_zeitraum() -> None:
    assert zahl.mit_einheit("12,5", "%") == "12,5\u202f%"
    assert zahl.mit_einheit("44,1", "Jahre") == "44,1\u00a0Jahre"
    assert zahl.mit_einheit("5", None) == "5"
    assert zahl.datum(date(2024, 12, 31)) == "31.12.2024"
    assert zahl.datum(date(2024, 3, 1), lang=True) == "1.\u00a0März\u00a02024"
    assert zahl.zeitraum(2019, 2024) == "2019–2024"
    assert zahl.zeitraum(2024, 2024) == "2024"
