"""Versorgungsarten, Plätze, Personal nach § 113c SGB XI, kleinräumige Schätzung."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.fach.methoden.pflege import (
    artanteile,
    kleinraeumig,
    personal_113c,
    platzbedarf_pflege,
    verlagere,
    versorgungsarten,
)
from berichtswerk.grund.zahl import schreibe
from berichtswerk.grund.zeichen import Status


def test_personal_nach_113c(pruefwert) -> None:
    """Quelle: § 113c Abs. 1 SGB XI; Bewohnerzahlen konstruiert."""
    daten = pruefwert("pflege_personal_113c")
    assert personal_113c(daten["residents_pg1_5"]) == pytest.approx(daten["expected"], abs=5e-5)
    assert personal_113c([0] * 5)["gesamt"] == 0


@pytest.mark.parametrize("jahr", [0, 1])
def test_versorgungsarten_nrw(pruefwert, jahr: int) -> None:
    """Quelle: statistik.nrw, Pflegebedürftige nach Altersgruppen am 15./31. Dezember 2019 und 2021."""
    daten = pruefwert("pflege_nrw_2019_2021")
    spalten = {"pflegegeld": 1 + jahr, "stationaer": 3 + jahr, "ambulant": 5 + jahr}
    faelle = {art: [z[s] for z in daten["rows"]] for art, s in spalten.items()}
    for art, s in spalten.items():
        assert sum(faelle[art]) == daten["sums"][s - 1]
    anteile = {art: [a.zahl for a in werte] for art, werte in artanteile(faelle).items()}
    alle = np.sum([*faelle.values()], axis=0)
    for art, werte in versorgungsarten(alle, anteile).items():
        assert werte == pytest.approx(np.array(faelle[art]))
    erwartet = {0: ("6,6", "43,1"), 1: ("5,4", "39,6")}[jahr]
    stationaer = [anteile["stationaer"][i] * 100 for i in (0, -1)]
    assert tuple(schreibe(a, 1) for a in stationaer) == erwartet


anteil = st.floats(0, 1)


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=6), anteil, st.floats(0, 5), st.integers(0, 40))
def test_verlagerung_verliert_niemanden(personen, stationaer: float, punkte: float, jahre: int) -> None:
    anteile = {"stationaer": stationaer, "ambulant": 1 - stationaer}
    neu = verlagere(anteile, "stationaer", "ambulant", punkte, jahre)
    arten = versorgungsarten(personen, neu)
    assert sum(a.sum() for a in arten.values()) == pytest.approx(sum(personen), abs=1e-6)
    assert all((a >= -1e-9).all() for a in arten.values())


def test_verlagerung_endet_bei_null() -> None:
    neu = verlagere({"a": [0.1, 0.5], "b": [0.9, 0.5]}, "a", "b", 2, 10)
    assert neu["a"] == pytest.approx(np.array([0.0, 0.3]))
    assert verlagere({"a": 1.0}, "a", "a", 2, 10)["a"] == 1


def test_gruppe_ohne_faelle_ist_gesperrt() -> None:
    e = artanteile({"a": [0, 1], "b": [0, 3]})
    assert e["a"][0].status is Status.GESPERRT
    assert e["b"][1].zahl == 0.75


def test_plaetze_nach_zielauslastung() -> None:
    assert platzbedarf_pflege(190).zahl == pytest.approx(200)
    assert platzbedarf_pflege(190, 0).status is Status.GESPERRT


BEV = {"A": [1000, 100, 10], "B": [500, 300, 40]}


def test_kleinraeumige_schaetzung_ergibt_den_kreis() -> None:
    e = kleinraeumig(BEV, [1, 10, 50], kreiswert=100)
    assert e.erwartet == 25 + 55
    assert e.faktor.zahl == 1.25
    assert {k: w.zahl for k, w in e.werte.items()} == pytest.approx({"A": 31.25, "B": 68.75})
    assert {w.status for w in e.werte.values()} == {Status.GESCHAETZT}
    assert kleinraeumig(BEV, [1, 10, 50]).werte["A"].zahl == 25


@given(st.floats(0, 1e5))
def test_kleinraeume_summieren_sich_immer_auf_den_kreis(kreiswert: float) -> None:
    e = kleinraeumig(BEV, [1, 10, 50], kreiswert)
    assert sum(w.zahl for w in e.werte.values()) == pytest.approx(kreiswert)


def test_kreiswert_ohne_erwartete_faelle_ist_gesperrt() -> None:
    e = kleinraeumig(BEV, [0, 0, 0], kreiswert=10)
    assert e.faktor.status is Status.GESPERRT
    assert e.werte["A"].status is Status.GESPERRT
    assert kleinraeumig({}, [0, 0, 0], kreiswert=0).werte == {}
