"""Kinderzahlen: Wanderungsfaktoren, Geburten, Neubaugebiete, Szenarien."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.fach.methoden.kinder import (
    Neubaugebiet,
    einzug,
    geburten_mittel,
    kinder_aus_neubau,
    kinderprognose,
    wanderungsfaktoren,
)
from berichtswerk.grund.zeichen import Status


def test_wanderungsfaktor_ist_mittel_der_letzten_jahre() -> None:
    verlauf = [[999, 1], [100, 500], [100, 110], [200, 90]]
    (w,) = wanderungsfaktoren(verlauf, jahre=2)
    assert w.zahl == pytest.approx((110 / 100 + 90 / 100) / 2 - 1)
    (w,) = wanderungsfaktoren(verlauf, jahre=3, mittelung="summen")
    assert w.zahl == pytest.approx((500 + 110 + 90) / (999 + 100 + 100) - 1)


def test_leerer_jahrgang_sperrt_den_faktor_und_wird_ohne_wanderung_gerechnet() -> None:
    faktoren = wanderungsfaktoren([[0, 5, 5], [0, 5, 5]], jahre=1)
    assert faktoren[0].status is Status.GESPERRT
    assert faktoren[1].zahl == 0
    e = kinderprognose([10, 5, 5], faktoren, [7])
    assert e.kinder.tolist() == [[7, 10, 5]]
    assert len(e.hinweise) == 1
    assert e.hinweise[0].startswith("Alter 0 auf 1: ohne Wanderung gerechnet")


kinder = st.lists(st.floats(0, 500), min_size=2, max_size=8)


@given(kinder, st.lists(st.floats(0, 200), min_size=1, max_size=6), st.floats(-0.5, 0.5))
def test_bilanz_der_kinder_geht_auf(bestand, geburten, w: float) -> None:
    e = kinderprognose(bestand, [w] * (len(bestand) - 1), geburten)
    vorher = np.array(bestand)
    for t in range(len(geburten)):
        bilanz = vorher.sum() - vorher[-1] + e.geburten[t] + e.wanderung[t].sum()
        assert e.kinder[t].sum() == pytest.approx(bilanz, abs=1e-6)
        vorher = e.kinder[t]


@given(kinder, st.floats(0, 20))
def test_kinderprognose_ist_linear(bestand, faktor: float) -> None:
    w = [0.02] * (len(bestand) - 1)
    klein = kinderprognose(bestand, w, [50, 40]).kinder
    gross = kinderprognose(np.array(bestand) * faktor, w, [50 * faktor, 40 * faktor]).kinder
    assert gross == pytest.approx(klein * faktor, abs=1e-6)


def test_neubau_zieht_ein_und_altert() -> None:
    gebiet = Neubaugebiet("Am See", {2025: 10, 2026: 20}, belegung=3.0, anteile=[0.1, 0.0], verzug=1)
    assert einzug(gebiet, [2025, 2026, 2027]).tolist() == [[0, 0], [3, 0], [6, 0]]
    assert kinder_aus_neubau([gebiet], [2025, 2026, 2027], 3).tolist() == [[0, 0, 0], [3, 0, 0], [6, 3, 0]]


def test_geburten_sind_das_mittel_der_letzten_jahre() -> None:
    assert geburten_mittel([600, 90, 100, 110]).zahl == 100


def test_neubau_zaehlt_nur_zuzug_von_aussen() -> None:
    gebiet = Neubaugebiet("Am See", {2025: 10}, 2.0, [0.5], von_aussen=0.4)
    assert einzug(gebiet, [2025]).tolist() == [[4.0]]
    assert kinder_aus_neubau([], [2025, 2026], 2).tolist() == [[0, 0], [0, 0]]
