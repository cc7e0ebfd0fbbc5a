"""Bildungskennzahlen und Schülerprognose: Übergänge, drei Abschlussquoten, sechsjährige Grundschule."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.fach.methoden.schule import (
    GRUNDSCHULE,
    Schulannahmen,
    durchgangsquoten,
    schuelerprognose,
    zuege,
)
from berichtswerk.grund.zeichen import Status


def test_durchgangsquoten_mitteln_die_letzten_jahre() -> None:
    verlauf = [{1: 100, 2: 1}, {1: 100, 2: 90}, {1: 0, 2: 110}, {1: 50, 2: 7}]
    q = durchgangsquoten(verlauf, jahre=2)
    assert list(q) == [1]
    # 110/100 zählt, der Übergang aus der leeren Klasse nicht
    assert q[1].zahl == pytest.approx(1.1)


FORMEN = {"Oberschule": 40.0, "Gymnasium": 60.0}


def annahmen(grundschuljahre: int, durchgang: float = 1.0) -> Schulannahmen:
    paare = {(GRUNDSCHULE, k): durchgang for k in range(1, 13)}
    for form in FORMEN:
        paare |= {(form, k): durchgang for k in range(1, 13)}
    return Schulannahmen(paare, FORMEN, grundschuljahre=grundschuljahre, letzte_klasse={"Gymnasium": 12})


@pytest.mark.parametrize("jahre", [4, 6])
def test_uebergang_nach_der_letzten_grundschulklasse(jahre: int) -> None:
    bestand = {(GRUNDSCHULE, k): 100.0 for k in range(1, jahre + 1)}
    verlauf = schuelerprognose(bestand, [50, 50], annahmen(jahre))
    assert verlauf[0]["Gymnasium", jahre + 1] == 60
    assert verlauf[0]["Oberschule", jahre + 1] == 40
    assert verlauf[1]["Gymnasium", jahre + 2] == 60
    assert verlauf[1][GRUNDSCHULE, 2] == 50
    assert (GRUNDSCHULE, jahre + 1) not in verlauf[1]
    assert max(k for f, k in verlauf[0] if f == "Oberschule") == 10


def test_einpendler_und_durchgang() -> None:
    basis = annahmen(6, 0.9)
    mit = Schulannahmen(basis.durchgang, FORMEN, {"Oberschule": 5, "Gymnasium": -500})
    e = schuelerprognose({(GRUNDSCHULE, 6): 100, ("Oberschule", 7): 50}, [10], mit)[0]
    assert (e["Oberschule", 7], e["Oberschule", 8], e["Gymnasium", 7]) == (45, 45, 0)


@given(st.lists(st.floats(0, 500), min_size=1, max_size=8), st.floats(0, 500))
def test_bei_durchgang_eins_geht_niemand_verloren(anfaenger, bestand: float) -> None:
    stand = {(GRUNDSCHULE, k): bestand for k in range(1, 7)}
    vorher = 6 * bestand
    for anzahl, jahr in zip(anfaenger, schuelerprognose(stand, anfaenger, annahmen(6)), strict=True):
        abgang = stand.get(("Oberschule", 10), 0) + stand.get(("Gymnasium", 12), 0)
        assert sum(jahr.values()) == pytest.approx(vorher + anzahl - abgang, abs=1e-6)
        stand, vorher = jahr, sum(jahr.values())


@pytest.mark.parametrize(("schueler", "zahl"), [(0, 0), (1, 1), (50, 2), (50.000000000001, 2), (51, 3)])
def test_zuege_werden_aufgerundet(schueler: float, zahl: int) -> None:
    assert zuege(schueler, 25).zahl == zahl


def test_zuege_ohne_frequenz_sind_gesperrt() -> None:
    assert zuege(10, 0).status is Status.GESPERRT
