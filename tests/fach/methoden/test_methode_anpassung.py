"""Anpassung an amtliche Summen: Ränder werden getroffen, leere Ausgangswerte gesperrt."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.fach.methoden.anpassung import proportional, ras
from berichtswerk.grund.zeichen import Status

positiv = st.floats(0.1, 1e4)


@given(st.lists(positiv, min_size=1, max_size=20), st.floats(0, 1e6))
def test_proportional_trifft_das_ziel_und_haelt_die_struktur(werte, ziel: float) -> None:
    neu = proportional(werte, ziel).zahlen
    assert neu.sum() == pytest.approx(ziel)
    assert neu * sum(werte) == pytest.approx(np.array(werte) * ziel)


def test_summe_null_mit_ziel_ist_gesperrt() -> None:
    ergebnis = proportional([0, 0], 10)
    assert (ergebnis.werte, ergebnis.status) == (None, Status.GESPERRT)
    with pytest.raises(ValueError, match="Summe der anzupassenden Werte ist null"):
        _ = ergebnis.zahlen
    assert proportional([5e-324], 1e6).status is Status.GESPERRT
    assert proportional([0, 0], 0).zahlen.tolist() == [0, 0]


@st.composite
def tafeln(draw: st.DrawFn):
    zeilen, spalten = draw(st.integers(1, 6)), draw(st.integers(1, 6))
    tafel = np.array(draw(st.lists(positiv, min_size=zeilen * spalten, max_size=zeilen * spalten)))
    ziel = np.array(draw(st.lists(positiv, min_size=zeilen * spalten, max_size=zeilen * spalten)))
    return tafel.reshape(zeilen, spalten), ziel.reshape(zeilen, spalten)


@given(tafeln())
def test_ras_trifft_beide_raender(paar) -> None:
    tafel, ziel = paar
    e = ras(tafel, ziel.sum(axis=1), ziel.sum(axis=0))
    grenze = 1e-9 * max(float(ziel.sum()), 1.0) + 1e-12
    assert e.zahlen.sum(axis=1) == pytest.approx(ziel.sum(axis=1), abs=grenze)
    assert e.zahlen.sum(axis=0) == pytest.approx(ziel.sum(axis=0), abs=grenze)
    assert e.abweichung <= grenze


def test_ras_aendert_passende_tafel_nicht() -> None:
    tafel = [[1.0, 2.0], [3.0, 4.0]]
    e = ras(tafel, [3, 7], [4, 6])
    assert e.zahlen == pytest.approx(np.array(tafel))
    assert e.durchlaeufe == 1


def test_ras_erhaelt_nullen() -> None:
    e = ras([[0, 1], [1, 1]], [5, 10], [5, 10])
    assert e.zahlen[0, 0] == 0
    assert e.zahlen.sum() == pytest.approx(15)
