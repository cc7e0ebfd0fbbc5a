"""Leere Gruppen und Nenner von null: jedes Ergebnis ist eine endliche Zahl oder trägt einen Status."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from berichtswerk.fach.methoden.anpassung import proportional
from berichtswerk.fach.methoden.ergebnis import Ergebnis, quotient
from berichtswerk.fach.methoden.kinder import (
    kinderprognose,
    wanderungsfaktoren,
)
from berichtswerk.fach.methoden.kita import platzbedarf
from berichtswerk.fach.methoden.pflege import kleinraeumig, platzbedarf_pflege
from berichtswerk.fach.methoden.schule import (
    durchgangsquoten,
    zuege,
)
from berichtswerk.fach.methoden.sozialindex import (
    Indikator,
    empfindlichkeit,
    geglaettet,
    sozialindex,
    zufallsbereiche,
)
from berichtswerk.fach.methoden.unsicherheit import glaette, wilson

# Nullen sollen oft vorkommen, dazu sehr kleine und sehr große Zahlen.
zahl = st.one_of(st.just(0.0), st.sampled_from([1e-300, 1.0, 3.0, 1e12]), st.floats(0, 1e6))
reihe = st.lists(zahl, min_size=3, max_size=3)


def heil(*ergebnisse: Ergebnis) -> None:
    for e in ergebnisse:
        assert (e.wert is None) != e.status.hat_zahl
        assert e.wert is None or math.isfinite(e.wert)
        assert e.wert is not None or e.hinweis


@given(zahl, zahl)
def test_quotienten(a: float, b: float) -> None:
    heil(quotient(a, b), quotient(a, b, 100), zuege(a, b), platzbedarf_pflege(a, min(b, 1.0)))


@given(reihe, reihe)
@example([797_694.0, 0.0, 1e6], [1e-300, 0.0, 1e-300])  # jede Quote endlich, ihre Summe nicht mehr
def test_reihen(a: list[float], b: list[float]) -> None:
    alter = [15, 16, 17]
    heil(*durchgangsquoten([dict(zip(alter, a, strict=True)), dict(zip(alter, b, strict=True))], 1).values())
    g = glaette(np.minimum(a, b), np.maximum(a, b))
    heil(*g.anteile, *g.gewichte, g.mittel)


@given(reihe, reihe, zahl)
def test_kinder_und_bedarf(a: list[float], b: list[float], c: float) -> None:
    faktoren = wanderungsfaktoren([a, b], 1)
    heil(*faktoren)
    assert np.isfinite(kinderprognose([1, 2, 3], [min(f.wert or 0, 9) for f in faktoren], b).kinder).all()
    bedarf = platzbedarf("g", a, 50, gast_aus=c, reserve=5)
    assert math.isfinite(bedarf.gesamt)
    assert bedarf.gesamt >= 0
    heil(bedarf.zielquote)


@given(reihe, zahl)
def test_anpassung_und_kleinraum(a: list[float], ziel: float) -> None:
    e = proportional(a, ziel)
    assert e.werte is None or np.isfinite(e.werte).all()
    kleine = kleinraeumig({"A": a, "B": [0, 0, 0]}, [0, 5, 100], ziel)
    heil(*kleine.werte.values(), kleine.faktor)


@given(st.lists(zahl, min_size=5, max_size=5), st.lists(zahl, min_size=5, max_size=5))
def test_sozialindex(a: list[float], b: list[float]) -> None:
    namen, indikatoren = list("vwxyz"), [Indikator("a"), Indikator("b", 0.0)]
    e = sozialindex(namen, {"a": a, "b": b}, indikatoren)
    heil(*e.index)
    assert np.isfinite(e.summe).all()
    for t in empfindlichkeit(namen, {"a": a, "b": b}, indikatoren):
        heil(t.groesste, t.rangkorrelation)
    for i in zufallsbereiche(
        namen, {"a": geglaettet(a, None), "b": geglaettet(b, None)}, indikatoren
    ).values():
        assert (i.wert is None) == (i.unten is None) == (i.oben is None)
        assert i.unten is None or math.isfinite(i.unten)


@given(st.floats(0, 1), zahl, st.booleans())
def test_wilson(p: float, n: float, stetig: bool) -> None:
    e = wilson(p * n, n, stetigkeit=stetig)
    assert (e.wert is None) == (n == 0)
    assert e.unten is None or 0 <= e.unten <= (e.oben or 0) <= 1
