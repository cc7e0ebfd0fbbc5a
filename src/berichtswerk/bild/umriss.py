"""Flächen in der Ebene: zusammenfassen, vereinfachen, den randfernsten Punkt und Platz für Schrift finden.

Eine Fläche ist eine Folge von Ringen, ein Ring eine Folge von Ecken ohne Wiederholung der ersten; ``x`` zeigt
nach Osten, ``y`` nach Süden. Äußere Ringe laufen im Uhrzeigersinn (positiver Inhalt), Löcher dagegen:
:func:`gerichtet` sorgt dafür. Nachbarn teilen ihre Ecken genau, jede Kante einmal in jeder Richtung.
"""

from __future__ import annotations

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

Punkt = tuple[float, float]
Ring = tuple[Punkt, ...]
Flaeche = tuple[Ring, ...]
Kante = tuple[Punkt, Punkt]
Spanne = tuple[float, float]


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


def pol(flaeche: Flaeche, genau: float = 1.0) -> tuple[Punkt, float]:
    """Der randfernste Punkt (auf ``genau`` genau) und sein Abstand zum Rand; suchend in Quadraten."""
    alle = list(kanten(flaeche))
    xs, ys = zip(*(p for ring in flaeche for p in ring), strict=True)
    kante = max(min(max(xs) - min(xs), max(ys) - min(ys)), genau)

    def zelle(x: float, y: float, halb: float) -> tuple[float, float, float, float, float]:
        weit = min(abstand((x, y), a, b) for a, b in alle) * (1 if im_inneren((x, y), flaeche) else -1)
        return -weit - halb * math.sqrt(2), weit, x, y, halb

    haufen = [
        zelle(min(xs) + (i + 0.5) * kante, min(ys) + (j + 0.5) * kante, kante / 2)
        for i in range(math.ceil((max(xs) - min(xs)) / kante))
        for j in range(math.ceil((max(ys) - min(ys)) / kante))
    ]
    heapq.heapify(haufen)
    _, bester, bx, by, _ = max(haufen, key=lambda z: z[1])
    while haufen and -haufen[0][0] > bester + genau:
        _, _, x, y, halb = heapq.heappop(haufen)
        for dx, dy in ((-1, -1), (-1, 1), (1, -1), (1, 1)):
            kind = zelle(x + dx * halb / 2, y + dy * halb / 2, halb / 2)
            if kind[1] > bester:
                _, bester, bx, by, _ = kind
            heapq.heappush(haufen, kind)
    return (bx, by), bester


class Schriftraum:
    """Wo in einer Fläche waagerechte Zeilen Platz haben; gemessen alle ``schritt`` Einheiten."""

    def __init__(self, flaeche: Flaeche, schritt: float = 2.0) -> None:
        self.flaeche, self.schritt = flaeche, schritt
        self.mitte, self.frei = pol(flaeche)
        ys = [y for ring in flaeche for _, y in ring]
        self.oben, self.unten = min(ys), max(ys)

    @cached_property
    def _reihen(self) -> list[list[Spanne]]:
        """Je Messhöhe die Abschnitte im Inneren, von links nach rechts."""
        anzahl = max(1, int((self.unten - self.oben) / self.schritt))
        schnitte: list[list[float]] = [[] for _ in range(anzahl)]
        for (ax, ay), (bx, by) in kanten(self.flaeche):
            von, bis = (math.ceil((y - self.oben) / self.schritt - 0.5) for y in sorted((ay, by)))
            for nr in range(max(0, von), min(anzahl, bis)):
                y = self.oben + (nr + 0.5) * self.schritt
                schnitte[nr].append(ax + (y - ay) * (bx - ax) / (by - ay))
        return [list(zip(s[::2], s[1::2], strict=False)) for s in map(sorted, schnitte)]

    def _band(self, von: float, bis: float) -> list[Spanne]:
        """Abschnitte, die auf der ganzen Höhe von ``von`` bis ``bis`` im Inneren liegen."""
        erste, letzte = (math.floor((y - self.oben) / self.schritt) for y in (von, bis))
        if erste < 0 or letzte >= len(self._reihen):
            return []
        gemeinsam = self._reihen[erste]
        for reihe in self._reihen[erste + 1 : letzte + 1]:
            gemeinsam = _schnitt(gemeinsam, reihe)
        return gemeinsam

    def platz(self, breiten: Sequence[float], hoehe: float) -> tuple[float, Punkt] | None:
        """Mitte eines Blocks mittiger Zeilen möglichst nah am randfernsten Punkt, und wie weit davon.

        ``breiten`` sind die der Zeilen, jede ``hoehe`` hoch; ``None``, wenn der Block nicht hineinpasst.
        """
        ganz = hoehe * len(breiten)
        beste: tuple[float, Punkt] | None = None
        y = self.oben + ganz / 2
        while y <= self.unten - ganz / 2:
            if beste is None or abs(y - self.mitte[1]) < beste[0]:
                moeglich: list[Spanne] = [(-math.inf, math.inf)]
                for nr, breite in enumerate(breiten):
                    oben = y - ganz / 2 + nr * hoehe
                    band = self._band(oben + hoehe * 0.12, oben + hoehe * 0.88)
                    enger = [(a + breite / 2, b - breite / 2) for a, b in band if b - a >= breite]
                    moeglich = _schnitt(moeglich, enger)
                for a, b in moeglich:
                    x = min(max(self.mitte[0], a), b)
                    weit = math.dist((x, y), self.mitte)
                    if beste is None or weit < beste[0] - 1e-9:
                        beste = weit, (x, y)
            y += self.schritt
        return beste

    def schraffur(self, abstand_: float) -> list[Kante]:
        """Striche von links unten nach rechts oben, am Rand abgeschnitten."""
        gedreht = tuple(tuple((x - y, x + y) for x, y in ring) for ring in self.flaeche)
        weite = abstand_ * math.sqrt(2)
        vs = [v for ring in gedreht for _, v in ring]
        reihen = range(math.ceil(min(vs) / weite), math.floor(max(vs) / weite) + 1)
        return [strich for nr in reihen for strich in _im_schnitt(gedreht, nr * weite)]


def _im_schnitt(ringe: Flaeche, v: float) -> list[Kante]:
    """Strecken mit ``x + y = v`` in einer Fläche, deren Ringe in (x − y, x + y) stehen."""
    schnitte = sorted(
        au + (v - av) * (bu - au) / (bv - av)
        for (au, av), (bu, bv) in kanten(ringe)
        if (av <= v) != (bv <= v)
    )
    return [
        (((a + v) / 2, (v - a) / 2), ((b + v) / 2, (v - b) / 2))
        for a, b in zip(schnitte[::2], schnitte[1::2], strict=False)
    ]


def _schnitt(eins: Sequence[Spanne], zwei: Sequence[Spanne]) -> list[Spanne]:
    """Gemeinsames zweier Folgen getrennter Abschnitte."""
    return [(max(a, c), min(b, d)) for a, b in eins for c, d in zwei if max(a, c) <= min(b, d)]
