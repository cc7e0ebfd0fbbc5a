"""Schematische Karte ohne Geodaten: ein Mosaik aus Sechsecken aus Mittelpunkten, Flächen, Orten und Nachbarn.

Jedes Gebiet bekommt so viele Zellen, wie seiner Fläche entsprechen. Sie wachsen um seine Orte; dann tauschen
Randzellen ihr Gebiet (Abkühlen), bis Flächen, Lage und Grenzlängen möglichst stimmen. Jedes Gebiet bleibt
zusammenhängend. Gleiche Eingabe gibt das gleiche Mosaik; seine Grenzen sind gerechnet und nicht amtlich.
"""

from __future__ import annotations

import heapq
import json
import math
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from berichtswerk.grund.ablage import Ablage, programmstand, summe
from berichtswerk.grund.umriss import Flaeche, Kante, Punkt, Ring

Zelle = tuple[int, int]
"""Achsenkoordinaten: ``q`` zählt nach Osten, ``r`` nach Südosten."""
RING: tuple[Zelle, ...] = ((1, 0), (0, 1), (-1, 1), (-1, 0), (0, -1), (1, -1))
"""Die sechs Nachbarn, im Uhrzeigersinn ab Osten."""
_ECKE = ((3, -1), (3, 1), (0, 2), (-3, 1), (-3, -1), (0, -2))
"""Ecken einer Zelle in Schritten von √3/6 (nach Osten) und 1/2 (nach Süden) der Kantenlänge."""
_W3 = math.sqrt(3)
_GRAD_KM = 111.2
ZELLEN = 360
LAEUFE, SCHRITTE = 8, 80_000
BRAUCHBAR = 0.8
"""Kleinste Stauchung, bei der Punkte und Flächen noch zueinander passen."""


@dataclass(frozen=True, slots=True)
class Anlage:
    """Woraus ein Mosaik wird.

    ``gebiete``: Schlüssel → Längengrad, Breitengrad, km²; ``orte``: Längengrad, Breitengrad, Schlüssel;
    ``nachbarn``: (Schlüssel, Schlüssel oder leer) → gemeinsame Grenze in km, leer heißt nach außen. Orte und
    Nachbarn dürfen fehlen.
    """

    gebiete: Mapping[str, tuple[float, float, float]]
    orte: Sequence[tuple[float, float, str]] = ()
    nachbarn: Mapping[tuple[str, str], float] | None = None

    def kennzeichen(self) -> str:
        """Prüfsumme der Angaben."""
        teile = [list(self.gebiete.items()), sorted(self.orte), sorted((self.nachbarn or {}).items())]
        return summe(json.dumps(teile))


@dataclass(frozen=True, slots=True)
class Mosaik:
    """Zellen und ihr Gebiet; ``kante`` ist die Kantenlänge in km, der Nullpunkt die Mitte der Nullzelle.

    ``stauchung`` sagt, wie weit die Punkte zusammenrücken mussten, bis alles zusammenhing (1: gar nicht).
    """

    zellen: Mapping[Zelle, str]
    kante: float
    stauchung: float

    def flaeche(self, schluessel: str) -> Flaeche:
        """Umriss eines Gebiets in km."""
        weiter: dict[Zelle, Zelle] = {}
        eigene = sorted(z for z, s in self.zellen.items() if s == schluessel)
        for q, r in eigene:
            for k, (a, b) in enumerate(RING):
                if self.zellen.get((q + a, r + b)) != schluessel:
                    weiter[_ecke((q, r), k)] = _ecke((q, r), k + 1)
        ringe: list[Ring] = []
        while weiter:
            hier, ring = min(weiter), []
            while hier in weiter:
                ring.append(self._punkt(hier))
                hier = weiter.pop(hier)
            ringe.append(tuple(ring))
        return tuple(ringe)

    def fugen(self) -> list[Kante]:
        """Kanten zwischen benachbarten Zellen, auch über Gebietsgrenzen."""
        return [
            (self._punkt(_ecke((q, r), k)), self._punkt(_ecke((q, r), k + 1)))
            for q, r in sorted(self.zellen)
            for k in range(3)
            if (q + RING[k][0], r + RING[k][1]) in self.zellen
        ]

    def _punkt(self, ecke: Zelle) -> Punkt:
        return ecke[0] * self.kante * _W3 / 6, ecke[1] * self.kante / 2


def _ecke(zelle: Zelle, nr: int) -> Zelle:
    q, r = zelle
    dx, dy = _ECKE[nr % 6]
    return 6 * q + 3 * r + dx, 3 * r + dy


def gelegt(anlage: Anlage, ablage: Ablage | None = None) -> Mosaik:
    """Das Mosaik zu diesen Angaben; gerechnet wird etwa eine Sekunde, danach kommt es aus der Ablage."""
    if ablage is None:
        return rechne(anlage)
    schluessel = summe(anlage.kennzeichen(), programmstand("bild/mosaik.py"))
    fertig = ablage.hole("mosaik", schluessel)
    if fertig is not None:
        inhalt = json.loads(fertig)
        zellen = {(q, r): s for q, r, s in inhalt["zellen"]}
        return Mosaik(zellen, inhalt["kante"], inhalt["stauchung"])
    m = rechne(anlage)
    felder = {"zellen": [[q, r, s] for (q, r), s in m.zellen.items()], "kante": m.kante}
    ablage.lege("mosaik", schluessel, json.dumps({**felder, "stauchung": m.stauchung}).encode())
    return m


def rechne(
    anlage: Anlage, *, zellen: int = ZELLEN, laeufe: int = LAEUFE, schritte: int = SCHRITTE, saat: int = 14
) -> Mosaik:
    """Das Mosaik, ohne Ablage; die Vorgaben sind an einem Kreis mit 23 Gemeinden abgestimmt."""
    namen, gebiete = list(anlage.gebiete), list(anlage.gebiete.values())
    ganz = sum(g[2] for g in gebiete)
    lon, lat = (sum(g[k] * g[2] for g in gebiete) / ganz for k in (0, 1))
    stauch = _GRAD_KM * math.cos(math.radians(lat))
    punkte = [
        [((x - lon) * stauch, (lat - y) * _GRAD_KM)
         for x, y in ((g[0], g[1]), *sorted({o[:2] for o in anlage.orte if o[2] == name}))]
        for name, g in zip(namen, gebiete, strict=True)
    ]  # fmt: skip
    if len(namen) * 8 > zellen:  # viele kleine Gebiete brauchen feinere Zellen und mehr Tauschversuche
        zellen, schritte = len(namen) * 8, schritte * len(namen) * 8 // zellen
    for versuch in range(40):
        faktor = 0.95**versuch
        eng = [[(x * faktor, y * faktor) for x, y in ps] for ps in punkte]
        netz = _Netz(eng, [g[2] for g in gebiete], zellen)
        if netz.wachse():
            break
    nr = {name: k for k, name in enumerate(namen)}
    grenzen = anlage.nachbarn or {}
    netz.bewerte({(nr[a], nr.get(b, len(nr))): km for (a, b), km in grenzen.items() if a in nr})
    gebiet_je_zelle = netz.stimme_ab(laeufe, schritte, random.Random(saat).random)
    paare = zip(netz.zellen, gebiet_je_zelle, strict=True)
    return Mosaik({z: namen[g] for z, g in paare if g < len(namen)}, netz.kante, faktor)


class _Netz:
    """Das Gitter aus Zellen mit der Nummer ihres Gebiets; Nummer ``n`` heißt außen."""

    def __init__(self, punkte: Sequence[Sequence[Punkt]], km2: Sequence[float], anzahl: int) -> None:
        self.n, self.punkte, ganz = len(punkte), punkte, sum(km2)
        self.kante = kante = math.sqrt(ganz / anzahl / (1.5 * _W3))
        self.soll = _verteilt(km2, anzahl)
        halb, luft = 0.7 * math.sqrt(ganz), 0.3 * math.sqrt(ganz) + 3 * kante
        (x0, x1), (y0, y1) = (
            (min(-halb, min(w) - luft), max(halb, max(w) + luft))
            for w in zip(*chain.from_iterable(punkte), strict=True)
        )
        self.zellen: list[Zelle] = [
            (q, r)
            for r in range(int(y0 / kante / 1.5), int(y1 / kante / 1.5))
            for q in range(math.floor(x0 / kante / _W3 - r / 2), math.ceil(x1 / kante / _W3 - r / 2))
        ]
        self.orte = [(kante * _W3 * (q + r / 2), kante * 1.5 * r) for q, r in self.zellen]
        nr = {z: k for k, z in enumerate(self.zellen)}
        self.neben = [[nr.get((q + a, r + b), -1) for a, b in RING] for q, r in self.zellen]
        self.rand = {i for i, ring in enumerate(self.neben) if -1 in ring}
        self.weg = [[min(math.dist(z, p) for p in ps) / kante / _W3 for z in self.orte] for ps in punkte]
        """Gebiet → je Zelle der Abstand zum nächsten seiner Orte, in Zellbreiten"""
        self.lab = [self.n] * len(self.zellen)
        self.fest: set[int] = set()

    # --- wachsen ------------------------------------------------------------------------------------

    def wachse(self) -> bool:
        """Verankert Orte, lässt Gebiete wachsen, füllt Löcher; ob danach alles zusammenhängt."""
        rang = sorted(range(self.n), key=lambda g: self.soll[g])
        for g in rang:
            self._verankere(g)
        nah = [min(range(self.n), key=lambda g: w[g]) for w in zip(*self.weg, strict=True)]
        for g in rang:
            for p in self.punkte[g][1:]:
                i = min(range(len(self.lab)), key=lambda j: math.dist(self.orte[j], p))
                if self.lab[i] == self.n and self.lab.count(g) < self.soll[g]:
                    self._verbinde(i, g, nah)
        self._fuelle_auf()
        self._schliesse_loecher()
        erste = next(i for i, g in enumerate(self.lab) if g < self.n)
        return len(self._teil(erste)) == sum(g < self.n for g in self.lab)

    def _verankere(self, g: int) -> None:
        mitte = self.punkte[g][0]
        frei = (j for j, x in enumerate(self.lab) if x == self.n)
        i = min(frei, key=lambda j: math.dist(self.orte[j], mitte))
        self.lab[i] = g
        self.fest.add(i)

    def _verbinde(self, ziel: int, g: int, nah: Sequence[int]) -> None:
        """Der kürzeste Weg von einem Ort zum Rest seines Gebiets, möglichst nicht durch fremde Nähe."""
        haufen, vor = [(0, ziel, -1)], {}
        while haufen:
            weit, i, von = heapq.heappop(haufen)
            if i in vor:
                continue
            vor[i] = von
            if self.lab[i] == g:
                self.fest.add(ziel)
                while i >= 0:
                    self.lab[i], i = g, vor[i]
                return
            for j in self.neben[i]:
                if j >= 0 and j not in self.rand and j not in vor and self.lab[j] in (self.n, g):
                    heapq.heappush(haufen, (weit + 1 + 3 * (nah[j] != g), j, i))

    def _fuelle_auf(self) -> None:
        """Gebiete wachsen um die Wette, große mit Vorsprung, bis jedes seine Zellen hat."""
        zahl = [self.lab.count(g) for g in range(self.n)]
        haufen: list[tuple[float, int, int]] = []

        def melde(i: int) -> None:
            g = self.lab[i]
            for j in self.neben[i]:
                if self.lab[j] == self.n and j not in self.rand:
                    heapq.heappush(haufen, (self.weg[g][j] - 0.5 * math.sqrt(self.soll[g]), j, g))

        for i in [i for i, g in enumerate(self.lab) if g < self.n]:
            melde(i)
        while haufen:
            _, j, g = heapq.heappop(haufen)
            if self.lab[j] == self.n and zahl[g] < self.soll[g]:
                self.lab[j] = g
                zahl[g] += 1
                melde(j)

    def _schliesse_loecher(self) -> None:
        aussen = self._teil(0)
        innen = [i for i, g in enumerate(self.lab) if g == self.n and i not in aussen]
        while innen:
            i = next(i for i in innen if any(self.lab[j] < self.n for j in self.neben[i]))
            moeglich = {self.lab[j] for j in self.neben[i]} - {self.n}
            self.lab[i] = min(moeglich, key=lambda g: self.weg[g][i])
            innen.remove(i)

    def _teil(self, start: int) -> set[int]:
        """Was mit einer Zelle zusammenhängt: alles Innere oder alles Äußere."""
        menge, offen, innen = {start}, [start], self.lab[start] < self.n
        while offen:
            for j in self.neben[offen.pop()]:
                if j >= 0 and j not in menge and (self.lab[j] < self.n) == innen:
                    menge.add(j)
                    offen.append(j)
        return menge

    # --- abkühlen -----------------------------------------------------------------------------------

    def bewerte(self, grenzen: Mapping[tuple[int, int], float]) -> None:
        """Preis je Zelle (Nähe zu Orten) und je Gebietspaar (Grenzlänge; ohne Nachbarn zählt die Kürze)."""
        ziel = {p: km / self.kante * 0.9 for (a, b), km in grenzen.items() for p in ((a, b), (b, a))}
        hof = [2 * max(0.0, 2 - min(w)) ** 2 for w in zip(*self.weg, strict=True)]
        self.weg = [*([0.16 * d**1.5 for d in w] for w in self.weg), hof]  # am Ort endet der Kreis nicht
        laengen = range(4 * max(self.soll) + 99)

        def preis(t: float) -> list[float]:
            if not ziel:
                return [0.35 * k for k in laengen]
            fehlt, zuviel = (2.5 if t else 0.0), (0.0 if t else 1.6)
            # zu lange Grenzen kosten mehr als zu kurze, sonst werden sie zackig
            return [max(2 * (k - t), t - k) * 0.7 + (zuviel if k else fehlt) for k in laengen]

        bekannt = {t: preis(t) for t in {0.0, *ziel.values()}}
        alle = range(self.n + 1)
        self.preis = [[bekannt[ziel.get((a, b), 0.0)] for b in alle] for a in alle]

    def stimme_ab(self, laeufe: int, schritte: int, zufall: Callable[[], float]) -> list[int]:
        """Freie Läufe, danach drei, die deren Mehrheit folgen; der beste gilt."""
        start = list(self.lab)
        stimmen = [[0.0] * (self.n + 1) for _ in self.zellen]
        for _ in range(laeufe):
            for i, g in enumerate(self._kuehle(start, schritte, zufall)[1]):
                stimmen[i][g] += 5 / laeufe
        self.weg = [[d - st[g] for d, st in zip(w, stimmen, strict=True)] for g, w in enumerate(self.weg)]
        return min(self._kuehle(start, 2 * schritte, zufall, 4) for _ in range(3))[1]

    def _kuehle(
        self, start: Iterable[int], schritte: int, zufall: Callable[[], float], gewicht: int = 1
    ) -> tuple[float, list[int]]:
        """Tauscht Randzellen, erst wild, dann nur noch zum Besseren; Preis und Gebiet je Zelle."""
        n, neben, preis, weg = self.n, self.neben, self.preis, self.weg
        soll, lab = [*self.soll, 0], list(start)
        ist = [[0] * (n + 1) for _ in range(n + 1)]
        for i, ring_ in enumerate(neben):
            for j in ring_:
                if j >= 0 and lab[j] != lab[i]:
                    ist[lab[i]][lab[j]] += 1
        zahl = [lab.count(g) for g in range(n + 1)]
        frei = [i for i in range(len(lab)) if i not in self.rand and i not in self.fest]
        for k in range(schritte):
            i = frei[int(zufall() * len(frei))]
            g, h = lab[i], lab[neben[i][int(zufall() * 6)]]
            if h == g:
                continue
            ring = [lab[j] for j in neben[i]]
            # die Zelle muss an beide Gebiete in genau einem Stück grenzen, sonst zerfiele eines
            if not _ein_stueck(ring, g) or not _ein_stueck(ring, h):
                continue
            d = weg[h][i] - weg[g][i]
            d += gewicht * ((g < n) * (1 - 2 * (zahl[g] - soll[g])) + (h < n) * (1 + 2 * (zahl[h] - soll[h])))
            tausch = [(g, h, ring.count(g) - ring.count(h))]
            for x in set(ring) - {g, h}:
                tausch += [(g, x, -ring.count(x)), (h, x, ring.count(x))]
            for a, b, c in tausch:
                d += preis[a][b][ist[a][b] + c] - preis[a][b][ist[a][b]]
            if d <= 0 or zufall() < math.exp(-d / (1.6 * 0.0375 ** (k / schritte))):
                lab[i], zahl[g], zahl[h] = h, zahl[g] - 1, zahl[h] + 1
                for a, b, c in tausch:
                    ist[a][b], ist[b][a] = ist[a][b] + c, ist[b][a] + c
        kosten = sum(preis[a][b][ist[a][b]] for a in range(n + 1) for b in range(a))
        kosten += gewicht * sum((zahl[g] - soll[g]) ** 2 for g in range(n))
        return kosten + sum(weg[g][i] for i, g in enumerate(lab)), lab


def _ein_stueck(ring: Sequence[int], g: int) -> bool:
    """Ob ``g`` unter den sechs Nachbarn ringsum vorkommt, und nur am Stück."""
    a, b, c, d, e, f = ring
    stuecke = (a == g != f) + (b == g != a) + (c == g != b) + (d == g != c) + (e == g != d) + (f == g != e)
    return stuecke == 1


def _verteilt(km2: Sequence[float], anzahl: int) -> list[int]:
    """Zellen je Gebiet nach größten Resten, mindestens eine."""
    roh = [max(1.0, a / sum(km2) * anzahl) for a in km2]
    soll = [int(x) for x in roh]
    for g in sorted(range(len(soll)), key=lambda g: soll[g] - roh[g])[: max(0, anzahl - sum(soll))]:
        soll[g] += 1
    return soll
