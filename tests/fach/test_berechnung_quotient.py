"""Zähler durch Nenner: veröffentlichte Beispiele, Rundung, Eigenschaften."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rechnerhilfe import berechne

from berichtswerk.grund.zahl import runde
from berichtswerk.grund.zeichen import Status

Fall = Callable[..., tuple[Any, Any]]

# (Zähler, Nenner, veröffentlichter Wert, Quelle); „zurückgerechnet“ heißt: Zähler aus der Quote bestimmt
VEROEFFENTLICHT = [
    (
        603,
        652,
        "92.5",
        "MAZ 03/2021, Kita-Bedarfsplan 2021/22: Auslastung Kyritz Mitte 2020 (zurückgerechnet)",
    ),
    (7204, 8266, "87.2", "Wochenspiegel, Kita-Bedarfsplan 2025–2027: 7 204 Kinder, 8 266 Plätze, 2024"),
    (287, 314, "91.4", "ebenda: Auslastung Amt Lindow 2024 (zurückgerechnet)"),
    (465, 502, "92.6", "Kita-Bedarfsplan: Auslastung"),
    (120, 480, "25.0", "Prüffall Jugendquotient"),
    (100, 480, "20.8", "Prüffall Altenquotient"),
]


@pytest.mark.parametrize(("zaehler", "nenner", "erwartet", "quelle"), VEROEFFENTLICHT)
def test_veroeffentlichte_beispiele(
    quotient: Fall, zaehler: int, nenner: int, erwartet: str, quelle: str
) -> None:
    wert = berechne(*quotient(zaehler, nenner)).wert("99001", 2023)
    assert wert is not None
    assert runde(wert.wert, 1) == Decimal(erwartet), quelle


@pytest.mark.parametrize(
    ("zaehler", "nenner", "stellen", "erwartet"),
    [
        (1, 8, 1, "12.5"),
        (1, 8, 0, "13"),  # 12,5 → 13, nicht 12 wie bei round()
        (3, 200, 0, "2"),  # 1,5 → 2
        (1, 200, 0, "1"),  # 0,5 → 1
        (2345, 100_000, 2, "2.35"),  # 2,345 binär 2,34499… → trotzdem 2,35
        (1005, 100_000, 2, "1.01"),
        (-1, 200, 0, "-1"),  # vom Betrag weg
        (2, 3, 1, "66.7"),
    ],
)
def test_rundet_kaufmaennisch(quotient: Fall, zaehler: int, nenner: int, stellen: int, erwartet: str) -> None:
    wert = berechne(*quotient(zaehler, nenner)).wert("99001", 2023)
    assert wert is not None
    assert runde(wert.wert, stellen) == Decimal(erwartet)


def test_wert_bleibt_ungerundet_und_traegt_belege(quotient: Fall) -> None:
    wert = berechne(*quotient(2, 3)).wert("99001", 2023)
    assert wert is not None
    assert wert.wert == pytest.approx(200 / 3, abs=1e-12)
    assert wert.formel == "anzahl / anzahl × 100 = 2 / 3 × 100"
    assert (wert.zaehler, wert.nenner, wert.faktor) == (2, 3, 100)
    assert [(b.quelle, b.datei, b.zeile, b.spalte, b.wert, b.rolle) for b in wert.belege] == [
        ("z", "daten/dateien/z.csv", 2, "wert", 2.0, "zaehler"),
        ("n", "daten/dateien/n.csv", 2, "wert", 3.0, "nenner"),
    ]
    assert wert.quellen == ("z", "n")


def test_nenner_null_wird_gesperrt(quotient: Fall) -> None:
    reihe = berechne(*quotient(5, 0))
    wert = reihe.wert("99001", 2023)
    assert wert is not None
    assert (wert.wert, wert.status, wert.hinweise) == (None, Status.GESPERRT, ("Der Nenner ist null.",))
    assert [str(h) for h in reihe.hinweise] == [
        "HINWEIS [kennzahl-ohne-wert] daten/kennzahlen/probe.yaml, 99001 2023\n  Der Nenner ist null.\n"
        "  Abhilfe: Liegt die Zahl vor, ergänzen Sie die Lieferung; sonst steht im Bericht ein Zeichen dafür."
    ]


def test_mindestnenner(quotient: Fall) -> None:
    klein = berechne(*quotient(5, 99, mindestnenner=100)).wert("99001", 2023)
    gross = berechne(*quotient(5, 100, mindestnenner=100)).wert("99001", 2023)
    assert klein is not None
    assert gross is not None
    assert (klein.status, klein.hinweise) == (Status.GESPERRT, ("Der Nenner 99 ist kleiner als 100.",))
    assert gross.wert == 5


@pytest.mark.parametrize("status", ["geheim", "unbekannt", "unsicher", "spaeter", "gesperrt", "fehlt"])
def test_zeichen_ohne_zahl_im_zaehler_geben_keinen_wert(
    bestand: Any, kennzahl: Any, weg: Any, status: str
) -> None:
    feld = {"gebiet": "99001", "zeit": "2023"}
    bestand.mit("z", [{**feld, "status": status}]).mit("n", [{**feld, "wert": 10}])
    wert = berechne(kennzahl(weg()), bestand).wert("99001", 2023)
    assert wert is not None
    assert (wert.wert, wert.status) == (None, Status(status))


@pytest.mark.parametrize(
    ("status", "erwartet"),
    [
        ("null", "null"),
        ("gerundet_null", "gerundet_null"),
        ("vorlaeufig", "vorlaeufig"),
        ("geschaetzt", "geschaetzt"),
    ],
)
def test_status_mit_zahl_wandert_mit(
    bestand: Any, kennzahl: Any, weg: Any, status: str, erwartet: str
) -> None:
    feld = {"gebiet": "99001", "zeit": "2023"}
    bestand.mit("z", [{**feld, "wert": 0, "status": status}]).mit("n", [{**feld, "wert": 10}])
    wert = berechne(kennzahl(weg()), bestand).wert("99001", 2023)
    assert wert is not None
    assert (wert.wert, wert.status) == (0, Status(erwartet))


SCHNELL = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
ganz = st.integers(min_value=1, max_value=10_000_000)


@SCHNELL
@given(zaehler=ganz, nenner=ganz, mal=st.integers(min_value=1, max_value=1000))
def test_verhaeltnis_haengt_nicht_vom_massstab_ab(
    quotient: Fall, zaehler: int, nenner: int, mal: int
) -> None:
    eins = berechne(*quotient(zaehler, nenner)).wert("99001", 2023)
    viel = berechne(*quotient(zaehler * mal, nenner * mal)).wert("99001", 2023)
    assert eins is not None
    assert viel is not None
    assert eins.wert == viel.wert


@SCHNELL
@given(zaehler=ganz, nenner=ganz, faktor=st.sampled_from([1, 100, 1000, 10_000]))
def test_faktor_ist_linear(quotient: Fall, zaehler: int, nenner: int, faktor: int) -> None:
    wert = berechne(*quotient(zaehler, nenner, faktor=faktor)).wert("99001", 2023)
    assert wert is not None
    assert wert.wert == pytest.approx(zaehler / nenner * faktor, rel=1e-14)
