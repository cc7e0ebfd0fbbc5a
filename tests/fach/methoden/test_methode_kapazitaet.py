"""Plätze als Zeitreihe, Saldo, Auslastung und Ampel gegen veröffentlichte Werte."""

from __future__ import annotations

from datetime import date

from berichtswerk.fach.methoden.kita import (
    Platzart,
    Platzbestand,
    plaetze_am,
)
from berichtswerk.grund.zeichen import Status

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
    assert [plaetze_am(HAUS, Platzart.GENEHMIGT, date(j, 9, 1)).zahl for j in (2015, 2018)] == [100, 160]


def test_belegbar_wird_nie_aus_genehmigt_erschlossen() -> None:
    ergebnis = plaetze_am(HAUS, Platzart.BELEGBAR, date(2023, 1, 1))
    assert ergebnis.status is Status.FEHLT
    assert ergebnis.hinweis == "Plätze der Art „belegbar“ nicht angegeben: B"
    assert plaetze_am(HAUS, Platzart.BEFRISTET, date(2021, 1, 1)).zahl == 49
