"""Zahlen, Zeichen, Klammern, Nachsätze und Zeitangaben."""
# ruff: noqa: E501 - Wertetafeln

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.daten.leser.grund import Abgewiesen
from berichtswerk.daten.leser.werte import Wertleser, lies_zeit
from berichtswerk.grund.zahl import schreibe
from berichtswerk.grund.zeichen import ANZEIGE, ZEICHENSAETZE, Status

DIN = Wertleser("deutsch", ZEICHENSAETZE["din55301"])


@pytest.mark.parametrize(
    ("roh", "wert", "status"),
    [
        ("1 234", 1234.0, Status.WERT), ("1\u202f234,5", 1234.5, Status.WERT), ("1.234", 1234.0, Status.WERT),
        ("-5", -5.0, Status.WERT), ("\u22125,2", -5.2, Status.WERT), ("0", 0.0, Status.WERT),
        ("-", 0.0, Status.NULL), ("–", 0.0, Status.NULL), (".", None, Status.UNBEKANNT),
        ("...", None, Status.SPAETER), ("…", None, Status.SPAETER), ("/", None, Status.UNSICHER),
        ("x", None, Status.GESPERRT), ("", None, Status.FEHLT), ("  ", None, Status.FEHLT),
        ("(12)", 12.0, Status.EINGESCHRAENKT), ("( 12,5 )", 12.5, Status.EINGESCHRAENKT),
        ("()", None, Status.UNSICHER), ("(.)", None, Status.UNBEKANNT), ("(-)", 0.0, Status.NULL),
        ("12 p", 12.0, Status.VORLAEUFIG), ("12r", 12.0, Status.BERICHTIGT), ("1.200 s", 1200.0, Status.GESCHAETZT),
        ("12e", 12.0, Status.WERT), ("(12)p", 12.0, Status.EINGESCHRAENKT), ("(12 p)", 12.0, Status.EINGESCHRAENKT),
        (12, 12.0, Status.WERT), (1.5, 1.5, Status.WERT), (None, None, Status.FEHLT),
        (float("nan"), None, Status.FEHLT),
    ],
)  # fmt: skip
def test_fach_nach_din(roh, wert, status):
    assert DIN.lies(roh) == (wert, status)


@pytest.mark.parametrize("roh", ["12.5", "1.23", "12a", "p", "a(12)", "12 x", "1,2,3", "12 34", "§", True])
def test_was_keine_zahl_ist_wird_nie_eine(roh):
    with pytest.raises(Abgewiesen):
        DIN.lies(roh)


def test_zeichensatz_je_quelle():
    neu = Wertleser("deutsch", ZEICHENSAETZE["niedersachsen"])
    assert [neu.lies(z)[1] for z in ("0", 0, "k", "g", "t", "u", "x")] == [
        Status.NULL, Status.NULL, Status.GERUNDET_NULL, Status.UNBEKANNT, Status.SPAETER, Status.UNSICHER,
        Status.GESPERRT,
    ]  # fmt: skip
    with pytest.raises(Abgewiesen):
        neu.lies("-")
    eigen = Wertleser("deutsch", {**ZEICHENSAETZE["din55301"], "*": Status.GEHEIM, "0": Status.GERUNDET_NULL})
    assert eigen.lies("*") == (None, Status.GEHEIM)
    assert eigen.lies("0") == (0.0, Status.GERUNDET_NULL)


def test_entfernen_streicht_fussnoten_und_einheiten():
    leser = Wertleser("deutsch", ZEICHENSAETZE["din55301"], r"\s*(%|\d\))$")
    assert leser.lies("12,5 %") == (12.5, Status.WERT)
    assert leser.lies("1.234 1)") == (1234.0, Status.WERT)


def test_faktor_rechnet_dezimal():
    assert DIN.lies("5673", Decimal("0.01")) == (56.73, Status.WERT)
    assert DIN.lies(5673, Decimal("0.01")) == (56.73, Status.WERT)
    assert DIN.lies("-", Decimal("0.01")) == (0.0, Status.NULL)


@given(st.integers(-(10**12), 10**12), st.integers(0, 4))
def test_geschriebenes_liest_sich_wieder(zahl, stellen):
    dezimal = Decimal(zahl).scaleb(-stellen)
    assert DIN.lies(schreibe(dezimal, stellen)) == (float(dezimal), Status.WERT)
    assert DIN.lies(f"({schreibe(dezimal, stellen)})") == (float(dezimal), Status.EINGESCHRAENKT)
    assert DIN.lies(f"{schreibe(dezimal, stellen)} p") == (float(dezimal), Status.VORLAEUFIG)


@given(st.integers(-(10**12), 10**12), st.integers(0, 4))
def test_englische_und_schlichte_form(zahl, stellen):
    dezimal = Decimal(zahl).scaleb(-stellen)
    englisch = Wertleser("englisch", ZEICHENSAETZE["ohne"])
    schlicht = Wertleser("schlicht", ZEICHENSAETZE["ohne"])
    assert englisch.lies(f"{dezimal:,.{stellen}f}")[0] == float(dezimal)
    assert schlicht.lies(f"{dezimal:.{stellen}f}")[0] == float(dezimal)


@given(st.text(max_size=12))
def test_jedes_fach_ist_zahl_zeichen_oder_meldung(text):
    try:
        wert, status = DIN.lies(text)
    except Abgewiesen as fehler:
        assert fehler.art is not None
        assert fehler.art.melde(**fehler.angaben).text
        return
    assert (wert is not None) == status.hat_zahl


@given(st.sampled_from(sorted(ANZEIGE, key=str)))
def test_gezeigte_zeichen_werden_nie_zu_einer_anderen_zahl(status):
    wert, _ = DIN.lies(ANZEIGE[status])
    assert wert in (None, 0.0)


@pytest.mark.parametrize(
    ("text", "art", "zeit"),
    [
        ("2023", "selbst", "2023"), ("31.12.2023", "selbst", "2023-12-31"), ("1. 3. 2024", "stichtag", "2024-03-01"),
        ("2023-12-31", "jahr", "2023"), ("20211130", "stichtag", "2021-11-30"),
        ("31. Dezember 2015", "selbst", "2015-12-31"), ("2023-12-31T00:00:00", "selbst", "2023-12-31"),
        ("2023-06", "selbst", "2023-06"), ("06/2023", "monat", "2023-06"), ("Juni 2023", "monat", "2023-06"),
        ("Dez. 2023", "selbst", "2023-12"), ("2023M06", "monat", "2023-06"), ("15.06.2023", "monat", "2023-06"),
        ("2023/24", "selbst", "2023/24"), ("2023/2024", "schuljahr", "2023/24"), ("1999/00", "selbst", "1999/00"),
        ("2023", "schuljahr", "2023/24"), ("2023-24", "schuljahr", "2023/24"),
    ],
)  # fmt: skip
def test_zeitangaben(text, art, zeit):
    assert lies_zeit(text, art) == (zeit, int(zeit[:4]))


def test_jahr_mit_festem_tag_wird_stichtag():
    assert lies_zeit("2023", "stichtag", "31.12.") == ("2023-12-31", 2023)


@pytest.mark.parametrize(
    ("text", "art"),
    [("", "selbst"), ("23", "selbst"), ("31.02.2023", "selbst"), ("2023/25", "selbst"), ("2023", "stichtag"),
     ("13/2023", "monat"), ("Foo 2023", "monat"), ("0999", "jahr"), ("2023/24", "jahr"), ("1.234", "selbst")],
)  # fmt: skip
def test_keine_zeitangaben(text, art):
    with pytest.raises(ValueError):
        lies_zeit(text, art)


@given(st.dates(min_value=date(1800, 1, 1), max_value=date(2199, 1, 1)))
def test_stichtage_lesen_sich_in_jeder_schreibweise(tag):
    erwartet = (tag.isoformat(), tag.year)
    for text in (tag.isoformat(), f"{tag:%d.%m.%Y}", f"{tag.day}.{tag.month}.{tag.year}", f"{tag:%Y%m%d}"):
        assert lies_zeit(text, "stichtag") == erwartet
