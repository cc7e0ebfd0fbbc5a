"""Kohorten-Komponenten-Vorausrechnung gegen Preston/Heuveline/Guillot und gegen ihre Bilanzen."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.fach.methoden.bevoelkerung import (
    MAENNLICH,
    WEIBLICH,
    Schrittannahmen,
    Wanderungsart,
    aus_raten,
    groesster_eigenwert,
    im_szenario,
    leslie_matrix,
    projiziere,
    schritt,
    ueberleben,
)

# Quelle: Preston/Heuveline/Guillot (2001), Demography, Box 6.1 (S. 125), Schweden 1993, Frauen.


@pytest.fixture(scope="module")
def schweden(pruefwert):
    daten = pruefwert("bevoelkerung_phg_box61")
    annahmen = Schrittannahmen(
        breite=5,
        fertilitaet=daten["asfr_per_year"],
        ueberleben={WEIBLICH: ueberleben(daten["nLx_female"], breite=5, radix=daten["l0"])},
        srb=daten["closed"]["srb_total_to_female_divisor"] - 1,
    )
    return daten, annahmen


@pytest.mark.parametrize(("nummer", "jahr"), [(0, "1998"), (1, "2003")])
def test_box_6_1_auf_die_person(schweden, nummer: int, jahr: str) -> None:
    daten, annahmen = schweden
    ergebnis = projiziere({WEIBLICH: daten["pop_female_1993"]}, annahmen, 2)[nummer]
    erwartet = daten["closed"][f"expected_female_{jahr}"]
    assert np.round(ergebnis.bevoelkerung[WEIBLICH]).astype(int).tolist() == erwartet
    assert ergebnis.gesamt() == pytest.approx(daten["closed"][f"expected_total_{jahr}"], abs=0.001)


def test_box_6_1_eigenwert_und_wachstumsrate(schweden) -> None:
    daten, annahmen = schweden
    eigenwert = groesster_eigenwert(annahmen)
    assert eigenwert == pytest.approx(daten["closed"]["dominant_eigenvalue"], abs=5e-9)
    assert math.log(eigenwert) / 5 == pytest.approx(daten["closed"]["intrinsic_rate"], abs=5e-10)


def test_leslie_matrix_rechnet_dasselbe_wie_der_schritt(schweden) -> None:
    daten, annahmen = schweden
    matrix = leslie_matrix(annahmen) @ np.array(daten["pop_female_1993"], dtype=float)
    direkt = schritt({WEIBLICH: daten["pop_female_1993"]}, annahmen).bevoelkerung[WEIBLICH]
    assert matrix == pytest.approx(direkt)


def test_wanderung_gleichmaessig_von_hand() -> None:
    """Drei Gruppen, n = 1: jede Zahl nach den Formeln von Box 6.2 ausgerechnet."""
    annahmen = Schrittannahmen(
        breite=1,
        fertilitaet=[0, 0.1, 0],
        ueberleben={WEIBLICH: aus_raten([0.9, 0.8, 0.5]), MAENNLICH: aus_raten([0.85, 0.7, 0.4])},
        srb=1.0,
        wanderung={WEIBLICH: [20, 40, 10], MAENNLICH: [0, 0, 0]},
    )
    e = schritt({WEIBLICH: [100, 200, 50], MAENNLICH: [100, 200, 50]}, annahmen)
    # Frauen: P* = 110, 220, 55 · Gruppe 1 am Ende: 110·0,8 + 20 = 108 · offen: 275·0,5 + 5 = 142,5
    # Geburten: 0,1·(220 + 108)/2 = 16,4, davon Mädchen 8,2 · Gruppe 0: 8,2·0,9 + 10 = 17,38
    assert e.bevoelkerung[WEIBLICH] == pytest.approx([17.38, 108.0, 142.5])
    # Männer: 8,2·0,85 = 6,97 · 100·0,7 = 70 · 250·0,4 = 100
    assert e.bevoelkerung[MAENNLICH] == pytest.approx([6.97, 70.0, 100.0])
    assert e.geburten == pytest.approx({WEIBLICH: 8.2, MAENNLICH: 8.2})


def test_wanderung_am_ende_aendert_geburten_und_sterbefaelle_nicht() -> None:
    raten = {WEIBLICH: aus_raten([0.9, 0.8, 0.5])}
    ohne = Schrittannahmen(1, [0, 0.1, 0], raten)
    mit = Schrittannahmen(
        1, [0, 0.1, 0], raten, wanderung={WEIBLICH: [5, -7, 3]}, wanderungsart=Wanderungsart.AM_ENDE
    )
    a, b = schritt({WEIBLICH: [100, 200, 50]}, ohne), schritt({WEIBLICH: [100, 200, 50]}, mit)
    assert b.bevoelkerung[WEIBLICH] - a.bevoelkerung[WEIBLICH] == pytest.approx([5, -7, 3])
    assert (a.geburten, a.sterbefaelle) == (b.geburten, b.sterbefaelle)


def test_szenario_aendert_geburten_und_wanderung(szenario) -> None:
    raten = {WEIBLICH: aus_raten([0.9, 0.8, 0.5])}
    basis = Schrittannahmen(1, [0, 0.1, 0], raten, wanderung={WEIBLICH: [4, 4, 4]})
    neu = im_szenario(basis, szenario(geburten_faktor=1.1, wanderung_faktor=0.5))
    assert list(neu.fertilitaet) == pytest.approx([0, 0.11, 0])
    assert list((neu.wanderung or {})[WEIBLICH]) == [2, 2, 2]


GRUPPEN = st.integers(3, 12)


@st.composite
def faelle(draw: st.DrawFn):
    k = draw(GRUPPEN)
    reihe = lambda von, bis: draw(  # noqa: E731
        st.lists(st.floats(von, bis, allow_subnormal=False), min_size=k, max_size=k)
    )
    bevoelkerung = {WEIBLICH: reihe(100, 1e5), MAENNLICH: reihe(100, 1e5)}
    annahmen = Schrittannahmen(
        breite=draw(st.sampled_from([1, 5])),
        fertilitaet=[0.0, *reihe(0, 0.2)[1:]],
        ueberleben={WEIBLICH: aus_raten(reihe(0.5, 1)), MAENNLICH: aus_raten(reihe(0.5, 1))},
        srb=draw(st.floats(1.0, 1.1)),
        # in der jüngsten Gruppe nur Zuzug: ohne Geburten kann dort niemand wegziehen
        wanderung={g: [5.0, *reihe(-40, 100)[1:]] for g in (WEIBLICH, MAENNLICH)},
        wanderungsart=draw(st.sampled_from(list(Wanderungsart))),
    )
    return bevoelkerung, annahmen


@given(faelle())
def test_niemand_geht_verloren(fall) -> None:
    bevoelkerung, annahmen = fall
    e = schritt(bevoelkerung, annahmen)
    for g, vorher in bevoelkerung.items():
        bilanz = sum(vorher) + e.geburten[g] - e.sterbefaelle[g] + e.wanderung[g]
        assert e.bevoelkerung[g].sum() == pytest.approx(bilanz, rel=1e-9)


@given(faelle(), st.floats(0.1, 10))
def test_doppelte_bevoelkerung_gibt_doppeltes_ergebnis(fall, faktor: float) -> None:
    bevoelkerung, annahmen = fall
    gross = Schrittannahmen(
        annahmen.breite,
        annahmen.fertilitaet,
        annahmen.ueberleben,
        annahmen.srb,
        {g: np.array(m) * faktor for g, m in (annahmen.wanderung or {}).items()},
        annahmen.wanderungsart,
    )
    a = schritt(bevoelkerung, annahmen)
    b = schritt({g: np.array(p) * faktor for g, p in bevoelkerung.items()}, gross)
    for g in bevoelkerung:
        assert b.bevoelkerung[g] == pytest.approx(a.bevoelkerung[g] * faktor)


def test_leere_bevoelkerung_bleibt_leer() -> None:
    annahmen = Schrittannahmen(5, [0, 0.1, 0], {WEIBLICH: aus_raten([1, 1, 1])})
    assert schritt({WEIBLICH: [0, 0, 0]}, annahmen).gesamt() == 0


def test_ohne_sterben_und_geburten_bleibt_die_zahl() -> None:
    annahmen = Schrittannahmen(1, [0, 0, 0, 0], {WEIBLICH: aus_raten([1, 1, 1, 1])})
    verlauf = projiziere({WEIBLICH: [10, 20, 30, 40]}, annahmen, 5)
    assert [s.gesamt() for s in verlauf] == [100] * 5
    assert verlauf[-1].insgesamt().tolist() == [0, 0, 0, 100]
