"""Platz für Schrift in einer Fläche: der randfernste Punkt, freie Zeilen, Schraffur."""

from __future__ import annotations

import heapq
import math
from collections.abc import Sequence
from functools import cached_property
from itertools import chain

from berichtswerk.grund.umriss import Flaeche, Kante, Punkt, abstand, im_inneren, kanten

Spanne = tuple[float, float]
Masz = tuple[float, float]
"""Breite und Höhe einer Zeile."""
_SCHRIFT = 0.1, 0.96
"""Von wo bis wo Schrift in ihrer Zeile reicht: Großbuchstaben, Unterlängen und Klammern."""


def pol(flaeche: Flaeche, genau: float = 1.0) -> Punkt:
    """Der randfernste Punkt (auf ``genau`` genau); der Schwerpunkt, wenn er fast so weit vom Rand liegt."""
    alle = list(kanten(flaeche))
    xs, ys = zip(*(p for ring in flaeche for p in ring), strict=True)
    kante = max(min(max(xs) - min(xs), max(ys) - min(ys)), genau)

    def weit_innen(p: Punkt) -> float:
        return min(abstand(p, a, b) for a, b in alle) * (1 if im_inneren(p, flaeche) else -1)

    def zelle(x: float, y: float, halb: float) -> tuple[float, float, float, float, float]:
        weit = weit_innen((x, y))
        return -weit - halb * math.sqrt(2), weit, x, y, halb

    haufen = [
        zelle(min(xs) + (i + 0.5) * kante, min(ys) + (j + 0.5) * kante, kante / 2)
        for i in range(math.ceil((max(xs) - min(xs)) / kante))
        for j in range(math.ceil((max(ys) - min(ys)) / kante))
    ]
    heapq.heapify(haufen)
    _, bester, *mitte, _ = max(haufen, key=lambda z: z[1])
    while haufen and -haufen[0][0] > bester + genau:
        _, _, x, y, halb = heapq.heappop(haufen)
        for dx, dy in ((-1, -1), (-1, 1), (1, -1), (1, 1)):
            kind = zelle(x + dx * halb / 2, y + dy * halb / 2, halb / 2)
            if kind[1] > bester:
                _, bester, *mitte, _ = kind
            heapq.heappush(haufen, kind)
    schwer = schwerpunkt(flaeche)
    return schwer if weit_innen(schwer) >= 0.85 * bester else (mitte[0], mitte[1])


def schwerpunkt(flaeche: Flaeche) -> Punkt:
    """Der Schwerpunkt; er kann außerhalb liegen."""
    ganz = x = y = 0.0
    for (ax, ay), (bx, by) in kanten(flaeche):
        kreuz = ax * by - bx * ay
        ganz, x, y = ganz + kreuz, x + (ax + bx) * kreuz, y + (ay + by) * kreuz
    return (x / (3 * ganz), y / (3 * ganz)) if ganz else flaeche[0][0]


class Schriftraum:
    """Wo in einer Fläche waagerechte Zeilen Platz haben; gemessen alle ``schritt`` Einheiten.

    ``mitte`` ist die Stelle, an der Schrift am liebsten steht: der randfernste Punkt.
    """

    def __init__(self, flaeche: Flaeche, mitte: Punkt, schritt: float = 2.0) -> None:
        self.flaeche, self.mitte, self.schritt = flaeche, mitte, schritt
        ys = [y for ring in flaeche for _, y in ring]
        self.oben, self.unten = min(ys), max(ys)
        self._baender: dict[tuple[int, int], list[Spanne]] = {}
        self._belegt: dict[tuple[int, int], list[Spanne]] = {}

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
        if (erste, letzte) not in self._baender:
            gemeinsam = self._reihen[erste]
            for reihe in self._reihen[erste + 1 : letzte + 1]:
                gemeinsam = _schnitt(gemeinsam, reihe)
            self._baender[erste, letzte] = gemeinsam
        return self._baender[erste, letzte]

    def belegt(self, oben: float, unten: float) -> list[Spanne]:
        """Was irgendwo zwischen ``oben`` und ``unten`` zur Fläche gehört, von links nach rechts, getrennt."""
        von, bis = (math.floor((y - self.oben) / self.schritt) for y in (oben, unten))
        if (von, bis) not in self._belegt:
            vereint: list[Spanne] = []
            for a, b in sorted(chain.from_iterable(self._reihen[max(0, von) : max(0, bis + 1)])):
                if vereint and a <= vereint[-1][1]:
                    vereint[-1] = vereint[-1][0], max(vereint[-1][1], b)
                else:
                    vereint.append((a, b))
            self._belegt[von, bis] = vereint
        return self._belegt[von, bis]

    def enthaelt(self, x: float, y: float) -> bool:
        """Ob ein Punkt in der Fläche liegt."""
        nr = math.floor((y - self.oben) / self.schritt)
        if not 0 <= nr < len(self._reihen):
            return False
        for a, b in self._reihen[nr]:  # noqa: SIM110 (hunderttausendmal je Bericht)
            if a <= x <= b:
                return True
        return False

    def platz(self, zeilen: Sequence[Masz]) -> tuple[float, Punkt] | None:
        """Mitte eines Blocks mittiger Zeilen möglichst nah an ``mitte``, und wie weit davon.

        ``zeilen`` sind ihre Breiten und Höhen, von oben nach unten; ``None``, wenn der Block nicht
        hineinpasst.
        """
        ganz = sum(hoehe for _, hoehe in zeilen)
        beste: tuple[float, Punkt] | None = None
        spiel = self.unten - self.oben - ganz
        hoehen = (self.oben + ganz / 2 + nr * self.schritt for nr in range(int(spiel // self.schritt) + 1))
        for y in sorted(hoehen, key=lambda y: abs(y - self.mitte[1])):
            if beste is not None and abs(y - self.mitte[1]) >= beste[0]:
                break
            moeglich: list[Spanne] = [(-math.inf, math.inf)]
            oben = y - ganz / 2
            for breite, hoehe in zeilen:
                band = self._band(oben + hoehe * _SCHRIFT[0], oben + hoehe * _SCHRIFT[1])
                oben += hoehe
                moeglich = _schnitt(
                    moeglich, [(a + breite / 2, b - breite / 2) for a, b in band if b - a >= breite]
                )
                if not moeglich:
                    break
            for a, b in moeglich:
                x = min(max(self.mitte[0], a), b)
                weit = math.dist((x, y), self.mitte)
                if beste is None or weit < beste[0]:
                    beste = weit, (x, y)
        return beste


def schraffur(flaeche: Flaeche, weit: float) -> list[Kante]:
    """Striche von links unten nach rechts oben im Abstand ``weit``, am Rand der Fläche abgeschnitten."""
    gedreht = tuple(tuple((x - y, x + y) for x, y in ring) for ring in flaeche)
    schritt = weit * math.sqrt(2)
    vs = [v for ring in gedreht for _, v in ring]
    reihen = range(math.ceil(min(vs) / schritt), math.floor(max(vs) / schritt) + 1)
    return [strich for nr in reihen for strich in _im_schnitt(gedreht, nr * schritt)]


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
