"""Flächen in der Ebene: zusammenfassen, vereinfachen, gemeinsame Grenzen finden.

Eine Fläche ist eine Folge von Ringen, ein Ring eine Folge von Ecken ohne Wiederholung der ersten; ``x`` zeigt
nach Osten, ``y`` nach Süden. Äußere Ringe laufen im Uhrzeigersinn (positiver Inhalt), Löcher dagegen:
:func:`gerichtet` sorgt dafür. Nachbarn teilen ihre Ecken genau, jede Kante einmal in jeder Richtung.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

Punkt = tuple[float, float]
Ring = tuple[Punkt, ...]
Flaeche = tuple[Ring, ...]
Kante = tuple[Punkt, Punkt]


def kanten(ringe: Iterable[Ring]) -> Iterator[Kante]:
    """Alle Kanten, in der Richtung ihrer Ringe."""
    for ring in ringe:
        yield from zip(ring, (*ring[1:], ring[0]), strict=True)


def inhalt(ringe: Iterable[Ring]) -> float:
    """Flächeninhalt; ein Loch zählt negativ."""
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in kanten(ringe)) / 2


def gerichtet(polygone: Iterable[Sequence[Ring]]) -> Flaeche:
    """Ringe von Polygonen (der äußere zuerst, dann Löcher) mit einheitlichem Umlauf."""
    return tuple(
        ring if (inhalt([ring]) > 0) == (nr == 0) else ring[::-1]
        for polygon in polygone
        for nr, ring in enumerate(polygon)
    )


def vereinige(ringe: Iterable[Ring]) -> Flaeche:
    """Der Umriss mehrerer Flächen: was sie gemeinsam haben, fällt weg."""
    offen: defaultdict[Punkt, list[Punkt]] = defaultdict(list)
    for a, b in kanten(ringe):
        if a in offen[b]:
            offen[b].remove(a)
        else:
            offen[a].append(b)
    weiter = {a: sorted(ziele) for a, ziele in offen.items() if ziele}
    aus = []
    while weiter:
        ring, hier = [], min(weiter)
        while hier in weiter:
            ring.append(hier)
            ziele = weiter[hier]
            naechste = ziele.pop()
            if not ziele:
                del weiter[hier]
            hier = naechste
        aus.append(tuple(ring))
    return tuple(aus)


def vereinfacht(flaechen: Mapping[str, Flaeche], toleranz: float) -> dict[str, Flaeche]:
    """Dieselben Flächen mit weniger Ecken; gemeinsame Grenzen bleiben gemeinsam.

    Keine Ecke, die wegfällt, liegt weiter als ``toleranz`` von der neuen Grenze; Ecken, an denen sich mehr
    als zwei Grenzen treffen, bleiben.
    """
    neben: defaultdict[Punkt, set[Punkt]] = defaultdict(set)
    for a, b in kanten(r for f in flaechen.values() for r in f):
        neben[a].add(b)
        neben[b].add(a)
    bekannt: dict[Ring, Ring] = {}

    def duenn(bogen: Ring) -> Ring:
        rueck = bogen[::-1]
        if rueck < bogen:
            return duenn(rueck)[::-1]
        if bogen not in bekannt:
            bekannt[bogen] = _duenn(bogen, toleranz)
        return bekannt[bogen]

    def neu(ring: Ring) -> Ring:
        fest = [i for i, p in enumerate(ring) if len(neben[p]) != 2] or [ring.index(min(ring))]
        ecken: list[Punkt] = []
        for von, bis in zip(fest, (*fest[1:], fest[0] + len(ring)), strict=True):
            ecken += duenn((*ring, *ring)[von : bis + 1])[:-1]
        return tuple(ecken)

    return {name: tuple(r for r in map(neu, f) if len(r) > 2) for name, f in flaechen.items()}


def _duenn(bogen: Ring, toleranz: float) -> Ring:
    """Douglas-Peucker; die Enden bleiben."""
    bleibt, stapel = {0, len(bogen) - 1}, [(0, len(bogen) - 1)]
    while stapel:
        von, bis = stapel.pop()
        weite, stelle = max(
            ((abstand(bogen[i], bogen[von], bogen[bis]), i) for i in range(von + 1, bis)), default=(0.0, 0)
        )
        if weite > toleranz:
            bleibt.add(stelle)
            stapel += [(von, stelle), (stelle, bis)]
    return tuple(bogen[i] for i in sorted(bleibt))


def gemeinsam(flaechen: Iterable[Flaeche]) -> list[Kante]:
    """Kanten, an denen zwei dieser Flächen aneinandergrenzen, je einmal."""
    alle = {k for f in flaechen for k in kanten(f)}
    return sorted(k for k in alle if k[::-1] in alle and k < k[::-1])


def verkettet(strecken: Iterable[Kante]) -> list[Ring]:
    """Dieselben Strecken als möglichst lange Linienzüge."""
    neben: defaultdict[Punkt, list[Punkt]] = defaultdict(list)
    for a, b in strecken:
        neben[a].append(b)
        neben[b].append(a)
    zuege = []
    # erst von Enden und Gabelungen aus, zuletzt die Ringe
    for start in sorted(neben, key=lambda p: (len(neben[p]) % 2 == 0, p)):
        while neben[start]:
            zug, hier = [start], start
            while neben[hier]:
                naechste = neben[hier].pop()
                neben[naechste].remove(hier)
                zug.append(naechste)
                hier = naechste
            zuege.append(tuple(zug))
    return zuege


def abstand(p: Punkt, a: Punkt, b: Punkt) -> float:
    """Abstand eines Punktes von einer Strecke."""
    (x, y), (ax, ay), (bx, by) = p, a, b
    dx, dy = bx - ax, by - ay
    laenge = dx * dx + dy * dy
    t = min(1.0, max(0.0, ((x - ax) * dx + (y - ay) * dy) / laenge)) if laenge else 0.0
    return math.hypot(x - ax - t * dx, y - ay - t * dy)


def im_inneren(p: Punkt, ringe: Iterable[Ring]) -> bool:
    """Ob ein Punkt in der Fläche liegt."""
    x, y = p
    schnitte = (
        ax + (y - ay) * (bx - ax) / (by - ay)
        for (ax, ay), (bx, by) in kanten(ringe)
        if (ay <= y) != (by <= y)
    )
    return sum(s > x for s in schnitte) % 2 == 1
