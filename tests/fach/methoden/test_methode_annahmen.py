"""Annahmen und Szenarien: alles druckbar, Abweichungen einer Kommune neben denen des Kreises."""

from __future__ import annotations

from datetime import date

import pytest

from berichtswerk.fach.methoden.annahmen import Annahme
from berichtswerk.fach.methoden.ergebnis import Ergebnis, fehlt, gesperrt, mittel, quotient, summe
from berichtswerk.grund.zeichen import Status

QUOTE = Annahme(
    "zielquote unter 1",
    20.0,
    "%",
    "Sachgebiet Prävention und Planung",
    "Mittel der Vorjahre",
    date(2024, 9, 1),
)
RESERVE = Annahme("reserve", 3, "%", "Jugendhilfeausschuss", "§ 80 Abs. 1 Nr. 3 SGB VIII", date(2024, 9, 1))


@pytest.mark.parametrize(
    ("wert", "anzeige"), [(True, "ja"), (False, "nein"), ("linear", "linear"), ((0.9, 1.1), "0,9 / 1,1")]
)
def test_anzeige_der_wertarten(wert, anzeige: str) -> None:
    assert Annahme("a", wert, "", "h", "b", date(2024, 1, 1)).anzeige() == anzeige


def test_quotient_ist_nie_unendlich() -> None:
    assert quotient(1, 0).status is Status.GESPERRT
    assert quotient(0, 0).status is Status.GESPERRT
    assert quotient(None, 1).status is Status.FEHLT
    assert quotient(float("nan"), 1).status is Status.FEHLT
    assert quotient(1e300, 1e-300).status is Status.GESPERRT
    assert quotient(29, 50, 100).zahl == 58


def test_summe_ist_nie_eine_teilsumme() -> None:
    assert summe([Ergebnis(1), Ergebnis(2, Status.GESCHAETZT)]) == Ergebnis(3, Status.GESCHAETZT)
    assert summe([Ergebnis(1), fehlt("keine Lieferung")]).status is Status.FEHLT
    assert mittel([gesperrt("x"), Ergebnis(4)]).zahl == 4
    assert mittel([gesperrt("x")]).hinweis == "nur 0 verwertbare Jahre, nötig 1"
    with pytest.raises(ValueError, match="Nenner ist null"):
        _ = quotient(1, 0).zahl
