"""Altersgruppen: ein verlangtes Alter aus gelieferten Gruppen zusammensetzen, ohne eine zu zerschneiden.

Gruppen sind halboffen, [von, bis); ``bis`` ist ``math.inf`` bei der offenen Endgruppe.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

Gruppe = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Zerlegung:
    """Die gewählten Gruppen in der Reihenfolge des Alters oder, wenn keine passt, der Grund."""

    gruppen: tuple[Gruppe, ...] = ()
    grund: str = ""
    zerschnitten: bool = False
    """Eine verlangte Grenze liegt innerhalb einer gelieferten Gruppe."""


def zerlege(
    verlangt: Gruppe,
    vorhanden: Iterable[Gruppe],
    *,
    bekannt: Callable[[Gruppe], bool] = lambda gruppe: True,
    fein: bool = False,
) -> Zerlegung:
    """Setzt ``verlangt`` überschneidungsfrei aus ``vorhanden`` zusammen.

    Gibt es mehrere Möglichkeiten (Altersjahre und Fünfergruppen), gilt die mit den wenigsten unbekannten und
    dann den wenigsten Gruppen (``fein=True``: den meisten).
    """
    von, bis = verlangt
    gruppen = sorted({g for g in vorhanden if g[0] >= von and g[1] <= bis and g[0] < g[1]})
    richtung = -1 if fein else 1
    beste: dict[float, tuple[tuple[int, int], tuple[Gruppe, ...]]] = {von: ((0, 0), ())}
    for gruppe in gruppen:
        if gruppe[0] not in beste:
            continue
        (unbekannte, anzahl), weg = beste[gruppe[0]]
        neu = ((unbekannte + (not bekannt(gruppe)), anzahl + richtung), (*weg, gruppe))
        if gruppe[1] not in beste or neu < beste[gruppe[1]]:
            beste[gruppe[1]] = neu
    if bis in beste:
        return Zerlegung(beste[bis][1])
    return _begruende(verlangt, sorted(set(vorhanden)), max(beste))


def _begruende(verlangt: Gruppe, vorhanden: list[Gruppe], erreicht: float) -> Zerlegung:
    """Warum sich das Alter nicht zusammensetzen lässt."""
    for grenze in verlangt:
        schnitt = [g for g in vorhanden if g[0] < grenze < g[1]]
        sauber = any(grenze in g for g in vorhanden)
        if schnitt and not sauber:
            enge = min(schnitt, key=lambda g: (g[1] - g[0], g))
            grund = f"Die Altersgrenze {grenze:g} liegt in der gelieferten Gruppe „{alterstext(*enge)}“"
            return Zerlegung(grund=grund, zerschnitten=True)
    if math.isinf(verlangt[1]) and not any(math.isinf(g[1]) for g in vorhanden):
        return Zerlegung(grund="Eine offene Endgruppe ist nicht geliefert")
    return Zerlegung(grund=f"Ab {erreicht:g} Jahren fehlt eine anschließende Altersgruppe")


def alterstext(von: float, bis: float) -> str:
    """Altersgruppe in Worten: „20 bis unter 65 Jahre“, „65 Jahre und älter“, „unter 20 Jahre“."""
    if math.isinf(bis):
        return "alle Altersgruppen" if von <= 0 else f"{von:g} Jahre und älter"
    if von <= 0:
        return f"unter {bis:g} Jahre"
    return f"{von:g} Jahre" if bis - von == 1 else f"{von:g} bis unter {bis:g} Jahre"
