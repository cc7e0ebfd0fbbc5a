"""Achsen teilen und Schilder so anordnen, dass nichts überlappt. Reines Rechnen, keine Bilder."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product


@dataclass(frozen=True, slots=True)
class Achse:
    """Wertebereich und Teilstriche einer Achse."""

    von: float
    bis: float
    striche: tuple[float, ...]
    stellen: int

    @property
    def mit_null(self) -> bool:
        """Ob die Null auf der Achse liegt."""
        return self.von <= 0 <= self.bis

    def lage(self, wert: float, laenge: float) -> float:
        """Pixel von oben (oder rechts) für ``wert`` auf einer Achse von ``laenge`` Pixeln."""
        spanne = self.bis - self.von
        return laenge * (self.bis - wert) / spanne if spanne else laenge / 2


def teile_achse(
    werte: Iterable[float],
    *,
    null: bool,
    anzahl: int = 5,
    anteil: bool = False,
    bereich: tuple[float, float] | None = None,
) -> Achse:
    """Runde Teilung (1, 2, 2,5 oder 5 mal Zehnerpotenz), die alle Werte umfasst.

    ``null=True`` schließt die Null ein; sonst auch dann, wenn der kleinste Wert unter zwei Fünfteln des
    größten liegt, weil die Null dann kaum Platz kostet. ``anteil=True``: Prozente; über 100 reicht die Achse
    nur so weit wie die Werte. ``bereich`` gilt unverändert, solange alle Werte darin liegen.
    """
    # Winziges zeigt keine Abbildung; als Null gerechnet bleibt die Teilung stabil
    liste = [0.0 if abs(w) < 1e-12 else w for w in werte if math.isfinite(w)] or [0.0, 1.0]
    if bereich and bereich[0] <= min(liste) and max(liste) <= bereich[1]:
        achse = _geteilt(*bereich, anzahl, genau=True)
        if anteil and max(liste) <= 110 and bereich[0] < 100 < bereich[1]:  # kein Strich über dem Ganzen
            return replace(achse, striche=tuple(s for s in achse.striche if s <= 100))
        return achse
    unten, oben = min([*liste, *(bereich or ())]), max([*liste, *(bereich or ())])
    if null or (unten >= 0 and unten < 0.4 * oben) or (oben <= 0 and oben > 0.4 * unten):
        unten, oben = min(unten, 0.0), max(oben, 0.0)
    if oben - unten <= 1e-9 * max(abs(oben), abs(unten)):
        weite = abs(oben) * 0.1 or 1.0
        unten, oben = (unten if unten == 0 else unten - weite), oben + weite
    achse = _geteilt(unten, oben, anzahl)
    if anteil and achse.bis > 100 > achse.striche[1] and max(liste) <= 110:
        return _bis(achse, max(100.0, *liste))
    return achse


def _geteilt(unten: float, oben: float, anzahl: int, *, genau: bool = False) -> Achse:
    """Die Achse mit runden Strichen; ``genau`` endet sie an den Grenzen, sonst am nächsten Strich."""
    roh = (oben - unten) / anzahl
    zehner = 10.0 ** math.floor(math.log10(roh))
    schritt = next(f * zehner for f in (1, 2, 2.5, 5, 10) if f * zehner >= roh * 0.999)
    erster, letzter = math.floor(unten / schritt + 1e-9), math.ceil(oben / schritt - 1e-9)
    if genau:
        erster, letzter = math.ceil(unten / schritt - 1e-9), math.floor(oben / schritt + 1e-9)
    stellen = max(0, -math.floor(math.log10(schritt) + 1e-9))
    if abs(schritt / zehner - 2.5) < 1e-9 and zehner <= 1:
        stellen += 1
    striche = tuple(float(f"{i * schritt:.12g}") for i in range(erster, letzter + 1))
    von, bis = (unten, oben) if genau else (striche[0], striche[-1])
    return Achse(von, bis, striche, min(stellen, 6))


def knapp(achse: Achse, werte: Sequence[float]) -> Achse:
    """Dieselbe Teilung, oben knapp über dem höchsten Wert beendet: das nutzt eine geringe Höhe aus."""
    if not werte or max(werte) >= achse.bis:
        return achse
    return _bis(achse, min(achse.bis, max(max(werte) + 0.06 * (achse.bis - achse.von), achse.striche[1])))


def _bis(achse: Achse, bis: float) -> Achse:
    return replace(achse, bis=bis, striche=tuple(s for s in achse.striche if s <= bis))


def ausgeduennt(achse: Achse, hoehe: float, platz: float) -> Achse:
    """Dieselbe Achse mit so wenigen Strichen, dass jede Zahl ``platz`` hat; die Null bleibt."""
    if len(achse.striche) < 3:
        return achse
    abstand = abs(achse.lage(achse.striche[0], hoehe) - achse.lage(achse.striche[1], hoehe))
    jeder = next((n for n in (1, 2, 3, 4, 5) if n * abstand >= platz), len(achse.striche) - 1)
    null = next((i for i, s in enumerate(achse.striche) if abs(s) < 1e-12), 0)
    return replace(achse, striche=achse.striche[null % jeder :: jeder])


Kasten = tuple[float, float, float, float]
"""Links, oben, rechts, unten."""
Strecke = tuple[tuple[float, float], tuple[float, float]]
_RICHTUNGEN = (
    (0, -1), (0.5, -1), (-0.5, -1), (1, -1), (-1, -1),
    (0, 1), (0.5, 1), (-0.5, 1), (1, 1), (-1, 1), (1, 0), (-1, 0),
)  # fmt: skip
FREI = 4.0
"""So weit bleibt ein Text von jeder Linie."""


def setze_daneben(
    punkt: tuple[float, float], masze: tuple[float, float], besetzt: Sequence[Kasten],
    strecken: Sequence[Strecke], grenzen: Kasten, *, andere: Sequence[tuple[float, float]] = (),
) -> Kasten | None:  # fmt: skip
    """Ein freier Platz für einen Text von ``masze`` (Breite, Höhe) nahe an ``punkt``.

    Er liegt in ``grenzen``, auf keinem der ``besetzt``, auch der Weg zum Punkt führt durch keinen davon, und
    ``FREI`` von jeder der ``strecken`` entfernt; der nächste gewinnt, über dem Punkt vor darunter, dann der,
    dessen Weg die wenigsten Strecken kreuzt. Näher als an ``punkt`` steht er an keinem der Punkte ``andere``,
    sonst läse man ihn als deren Text; dann bleibt er auch dicht bei seinem.
    ``None``, wenn überall etwas steht: lieber kein Text als einer auf einer Linie.
    """
    (x, y), (b, h) = punkt, masze
    beste: tuple[float, Kasten] | None = None
    for abstand, (nr, (dx, dy)) in product((9.0, 16.0, 26.0, 38.0, 52.0)[: 3 if andere else 5],
                                           enumerate(_RICHTUNGEN)):  # fmt: skip
        if beste is not None and abstand + 0.1 * nr > beste[0]:
            continue
        neben = (abstand if not dy else 0.7 * abstand) if abs(dx) == 1 else 0.0
        mx = x + dx * b / 2 + math.copysign(neben, dx)
        my = y + dy * ((abstand if abs(dx) < 1 else 0.6 * abstand) + h / 2)
        if abs(dx) < 1:  # darüber oder darunter rückt er an den Rand
            mx = min(max(mx, grenzen[0] + b / 2), grenzen[2] - b / 2)
        k = (mx - b / 2, my - h / 2, mx + b / 2, my + h / 2)
        innen = grenzen[0] <= k[0] and grenzen[1] <= k[1] and k[2] <= grenzen[2] and k[3] <= grenzen[3]
        if not innen or any(ueberlappt(k, anderer) for anderer in besetzt):
            continue
        weg = punkt, (min(max(x, k[0]), k[2]), min(max(y, k[1]), k[3]))
        if any(im_kasten(anderer, weg) for anderer in besetzt if _weit(anderer, punkt)):
            continue
        if any(_weit(k, p) <= _weit(k, punkt) for p in andere):
            continue
        frei = (k[0] - FREI, k[1] - FREI / 2, k[2] + FREI, k[3] + FREI / 2)
        if any(im_kasten(frei, s) for s in strecken):
            continue
        # der eigene Zug beginnt am Punkt und zählt dort nicht
        kreuzt = sum(_kreuzt(weg, s) for s in strecken if punkt not in s)
        if beste is None or (abstand + 12 * kreuzt + 0.1 * nr, k) < beste:
            beste = abstand + 12 * kreuzt + 0.1 * nr, k
    return beste[1] if beste else None


def _kreuzt(a: Strecke, b: Strecke) -> bool:
    """Ob sich zwei Strecken im Inneren schneiden."""

    def seite(s: Strecke, p: tuple[float, float]) -> float:
        return (s[1][0] - s[0][0]) * (p[1] - s[0][1]) - (s[1][1] - s[0][1]) * (p[0] - s[0][0])

    return seite(a, b[0]) * seite(a, b[1]) < 0 and seite(b, a[0]) * seite(b, a[1]) < 0


def ueberlappt(a: Kasten, b: Kasten, luft: float = 2.0) -> bool:
    """Ob sich zwei Kästen berühren oder näher als ``luft`` kommen."""
    return a[0] < b[2] + luft and b[0] < a[2] + luft and a[1] < b[3] and b[1] < a[3]


def _weit(k: Kasten, punkt: tuple[float, float]) -> float:
    """Wie weit ein Kasten von einem Punkt entfernt ist."""
    x, y = punkt
    return math.hypot(max(k[0] - x, 0.0, x - k[2]), max(k[1] - y, 0.0, y - k[3]))


def im_kasten(k: Kasten, s: Strecke) -> Strecke | None:
    """Der Teil einer Strecke, der in einem Kasten liegt (Liang und Barsky); ``None``: sie führt vorbei."""
    (x0, y0), (x1, y1) = s
    links, oben, rechts, unten = k
    if (x0 < links and x1 < links) or (x0 > rechts and x1 > rechts):
        return None
    if (y0 < oben and y1 < oben) or (y0 > unten and y1 > unten):
        return None
    von, bis = 0.0, 1.0
    for richtung, ab in (
        (x0 - x1, x0 - k[0]),
        (x1 - x0, k[2] - x0),
        (y0 - y1, y0 - k[1]),
        (y1 - y0, k[3] - y0),
    ):
        if richtung == 0:
            if ab < 0:
                return None
            continue
        t = ab / richtung
        von, bis = (max(von, t), bis) if richtung < 0 else (von, min(bis, t))
    if von > bis:
        return None
    (ax, ay), (bx, by) = ((x0 + t * (x1 - x0), y0 + t * (y1 - y0)) for t in (von, bis))
    return (ax, ay), (bx, by)


SCHILDLUFT = 5.0
"""So weit stehen Schilder auseinander, wo Platz ist: sonst läse man zwei als eines."""


def platziere(
    wuensche: Sequence[float], hoehen: Sequence[float], von: float, bis: float, luft: float = 0.0
) -> list[float]:
    """Mitten von Schildern nahe an ``wuensche``, ohne Überlappung, nach Möglichkeit in ``von``–``bis``.

    Zwischen ihnen bleibt ``luft``, soweit der Platz reicht. Schilder, die sich überlappen, werden zu einem
    Block zusammengeschoben, dessen Lage die Abweichung im Mittel kleinhält (Pool-Adjacent-Violators).
    Reichen alle zusammen über den Platz hinaus, beginnen sie bei ``von``.
    """
    luft = max(0.0, min(luft, (bis - von - sum(hoehen)) / max(len(hoehen), 1)))
    hoehen = [h + luft for h in hoehen]
    folge = sorted(range(len(wuensche)), key=lambda i: (wuensche[i], i))
    bloecke: list[tuple[list[int], float, float]] = []  # Glieder, Oberkante, Höhe
    for i in folge:
        bloecke.append(([i], wuensche[i] - hoehen[i] / 2, hoehen[i]))
        while len(bloecke) > 1 and bloecke[-2][1] + bloecke[-2][2] > bloecke[-1][1] + 1e-9:
            unten, oben = bloecke.pop(), bloecke.pop()
            glieder = oben[0] + unten[0]
            bloecke.append((glieder, _oberkante(glieder, wuensche, hoehen), oben[2] + unten[2]))
    return _setze(bloecke, hoehen, von - luft / 2, bis + luft / 2)


def _oberkante(glieder: list[int], wuensche: Sequence[float], hoehen: Sequence[float]) -> float:
    lauf, summe = 0.0, 0.0
    for i in glieder:
        summe += wuensche[i] - hoehen[i] / 2 - lauf
        lauf += hoehen[i]
    return summe / len(glieder)


def _setze(
    bloecke: list[tuple[list[int], float, float]], hoehen: Sequence[float], von: float, bis: float
) -> list[float]:
    """Schiebt Blöcke in die Grenzen und verteilt ihre Glieder."""
    kanten = [b[1] for b in bloecke]
    grenze = bis
    for nr in range(len(bloecke) - 1, -1, -1):
        kanten[nr] = min(kanten[nr], grenze - bloecke[nr][2])
        grenze = kanten[nr]
    grenze = von
    for nr, block in enumerate(bloecke):
        kanten[nr] = max(kanten[nr], grenze)
        grenze = kanten[nr] + block[2]
    mitten = [0.0] * len(hoehen)
    for (glieder, _, _), kante in zip(bloecke, kanten, strict=True):
        lauf = kante
        for i in glieder:
            mitten[i] = lauf + hoehen[i] / 2
            lauf += hoehen[i]
    return mitten


def jahresmarken(jahre: Sequence[int], laenge: float, breite: float) -> list[int]:
    """Jahre, die beschriftet werden: alle, jedes zweite, fünfte, zehnte …, dazu erstes und letztes.

    ``laenge`` ist die Strecke vom ersten zum letzten Jahr, ``breite`` der Platz, den eine Jahreszahl samt
    Abstand braucht (Pixel). Ein Zwischenjahr, das den Rändern zu nahe kommt, entfällt.
    """
    if not jahre:
        return []
    erstes, letztes = min(jahre), max(jahre)
    if erstes == letztes:
        return [erstes]
    je_jahr = laenge / (letztes - erstes)
    for schritt in (1, 2, 5, 10, 20, 50, 100):
        if schritt * je_jahr < breite and schritt < 100:
            continue
        # kleine Schritte zählen vom letzten Jahr zurück, runde bleiben rund
        innere = [
            j
            for j in range(erstes, letztes + 1)
            if ((letztes - j) % schritt == 0 if schritt <= 2 else j % schritt == 0)
            and (j - erstes) * je_jahr >= breite
            and (letztes - j) * je_jahr >= breite
        ]
        return [erstes, *innere, letztes] if (letztes - erstes) * je_jahr >= breite else [letztes]
    return [letztes]


def ueblicher_abstand(xs: Sequence[int]) -> int:
    """Häufigster Abstand aufeinanderfolgender Jahre (bei Gleichstand der größere); ohne Abstände 1."""
    abstaende = Counter(b - a for a, b in pairwise(xs))
    return max(abstaende, key=lambda a: (abstaende[a], a)) if abstaende else 1


def abschnitte(
    xs: Sequence[int], werte: Sequence[float | None], brueche: Iterable[int], voraus: Sequence[bool] = ()
) -> list[list[int]]:
    """Zerlegt eine Reihe in Stücke, die eine Linie verbinden darf.

    Getrennt wird an fehlenden Werten, an Brüchen und wo mehr Zeit vergeht als in dieser Reihe üblich.
    ``voraus`` sagt, was vorausgerechnet ist: Stützjahre (2030, 2040) dürfen weiter auseinanderliegen.
    """
    grenzen = set(brueche)
    gerechnet = [*voraus] or [False] * len(xs)
    ueblich = ueblicher_abstand([x for x, v in zip(xs, gerechnet, strict=True) if not v])
    stuecke: list[list[int]] = [[]]
    for i, (x, wert) in enumerate(zip(xs, werte, strict=True)):
        vorher = xs[i - 1] if i else x
        weit = x - vorher > ueblich and not gerechnet[i]
        getrennt = weit or any(vorher < g <= x for g in grenzen)
        if getrennt and stuecke[-1]:
            stuecke.append([])
        if wert is None:
            if stuecke[-1]:
                stuecke.append([])
        else:
            stuecke[-1].append(i)
    return [s for s in stuecke if s]
