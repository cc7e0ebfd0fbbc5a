"""Versorgungsarten, Plätze, Personal nach § 113c SGB XI, kleinräumige Schätzung."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.fach.methoden.pflege import (
    kleinraeumig,
    personal_113c,
    platzbedarf_pflege,
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
    alle = np.sum([*faelle.values()], axis=0)
    anteile = {art: np.array(werte) / alle for art, werte in faelle.items()}
    for art, werte in versorgungsarten(alle, anteile).items():
        assert werte == pytest.approx(np.array(faelle[art]))
    erwartet = {0: ("6,6", "43,1"), 1: ("5,4", "39,6")}[jahr]
    stationaer = [anteile["stationaer"][i] * 100 for i in (0, -1)]
    assert tuple(schreibe(a, 1) for a in stationaer) == erwartet


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
