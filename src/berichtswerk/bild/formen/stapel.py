"""Rechnen für Säulen und Balken: aus Serien werden Rechtecke auf der Werteachse."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Literal

from berichtswerk.bild.anordnung import Achse, teile_achse
from berichtswerk.bild.thema import ZEILE, Thema
from berichtswerk.fach.veraenderung import BruchArtig
from berichtswerk.gegenstand.serien import Angaben, Punkt, Serie
from berichtswerk.grund.zeichen import Status

Art = Literal["gruppiert", "gestapelt", "anteil", "gegenlaeufig"]
"""nebeneinander · aufeinander · aufeinander zu 100 % · zweite Serie nach unten (links)."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Ein Rechteck: Serie ``nr`` in der Kategorie ``stelle``, von ``von`` bis ``bis`` auf der Werteachse."""

    stelle: int
    nr: int
    von: float
    bis: float
    punkt: Punkt
    """Der gezeigte Punkt; bei Art „anteil“ mit dem Anteil in Prozent als Wert."""


@dataclass(frozen=True, slots=True)
class Bau:
    """Was stehende und liegende Rechtecke zum Zeichnen brauchen."""

    serien: tuple[Serie, ...]
    angaben: Angaben
    thema: Thema
    art: Art
    xs: list[int | str]
    brueche: Sequence[BruchArtig]
    bezug: tuple[str, float | None] | None
    farben: list[str]
    hoehe: float
    text: str

    @property
    def segmente(self) -> list[Segment]:
        """Rechtecke auf der Werteachse."""
        return segmente(self.serien, self.xs, self.art)

    @property
    def bezugswert(self) -> float | None:
        """Wert der Bezugslinie."""
        return self.bezug[1] if self.bezug else None

    @property
    def spuren(self) -> int:
        """Wie viele Rechtecke je Kategorie nebeneinander stehen."""
        return max(1, len(self.serien)) if self.art == "gruppiert" else 1

    def achse(self, anzahl: int = 5) -> Achse:
        """Werteachse; sie schließt immer die Null ein."""
        if self.art == "anteil":
            return Achse(0.0, 100.0, (0.0, 25.0, 50.0, 75.0, 100.0), 0)
        grenzen = [w for t in self.segmente for w in (t.von, t.bis)]
        if self.art == "gruppiert":
            punkte = [p for s in self.serien for p in s.punkte]
            grenzen += [g for p in punkte for g in (p.unten, p.oben) if g is not None]
        if self.bezugswert is not None:
            grenzen.append(self.bezugswert)
        achse = teile_achse(grenzen, null=True, anzahl=anzahl)
        tief = min([*grenzen, 0.0])
        if tief < 0 and (tief - achse.von) / (achse.bis - achse.von) * self.hoehe < ZEILE + 4:
            # Platz für die Zahl unter der tiefsten Säule
            unten = 2 * achse.striche[0] - achse.striche[1]
            return Achse(unten, achse.bis, (unten, *achse.striche), achse.stellen)
        return achse

    def farbe(self, segment: Segment) -> str:
        """Farbe der Serie; eine einzelne Reihe um null zeigt Negatives in der Gegenfarbe."""
        if len(self.serien) == 1 and segment.bis < 0:
            return self.thema.farben.akzent
        return self.farben[segment.nr]

    def zeile(self, segment: Segment, quer: tuple[float, float]) -> dict[str, Any]:
        """Datenzeile eines Rechtecks; ``quer`` sind die Pixel der anderen Richtung."""
        return {
            "kategorie": str(self.xs[segment.stelle]),
            "serie": self.serien[segment.nr].name,
            "wert": segment.punkt.wert,
            "von": segment.von,
            "bis": segment.bis,
            "quer": round(quer[0], 1),
            "quer2": round(quer[1], 1),
            "farbe": self.farbe(segment),
            "deckung": 0.45 if segment.punkt.prognose else 1.0,
        }


def kategorien(serien: Sequence[Serie]) -> list[int | str]:
    """Kategorien in der Reihenfolge des Auftretens; Jahre lückenlos im größten gemeinsamen Schritt."""
    xs = list(dict.fromkeys(p.x for s in serien for p in s.punkte))
    jahre = sorted(x for x in xs if isinstance(x, int))
    if len(jahre) != len(xs) or len(jahre) < 2:
        return list(xs)
    schritt = reduce(math.gcd, (b - a for a, b in itertools.pairwise(jahre)))
    return list(range(jahre[0], jahre[-1] + 1, schritt))


def als_anteile(serien: Sequence[Serie]) -> tuple[Serie, ...]:
    """Werte als Anteil an der Summe ihrer Kategorie in Prozent.

    Fehlt in einer Kategorie ein Teil, gibt es dort keine Anteile: ein Teilbetrag wäre keine Summe. Ebenso
    bei einer Summe von null oder negativen Teilen.
    """
    summen: dict[int | str, float | None] = {}
    for x in kategorien(serien):
        teile = [next((p.wert for p in s.punkte if p.x == x), None) for s in serien]
        bekannt = [w for w in teile if w is not None]
        summe = math.fsum(bekannt)
        gueltig = len(bekannt) == len(serien) and summe > 0 and min(bekannt) >= 0
        summen[x] = summe if gueltig else None
    return tuple(
        replace(s, punkte=tuple(_anteil(p, summen[p.x]) for p in s.punkte if p.x in summen), kennzahl="")
        for s in serien
    )


def _anteil(punkt: Punkt, summe: float | None) -> Punkt:
    if punkt.wert is None:
        return punkt
    if summe is None:
        return replace(punkt, wert=None, status=Status.GESPERRT)
    return replace(punkt, wert=100 * punkt.wert / summe, unten=None, oben=None)


def segmente(serien: Sequence[Serie], xs: Sequence[int | str], art: Art) -> list[Segment]:
    """Alle Rechtecke mit Zahl; Positives stapelt nach oben, Negatives nach unten."""
    ergebnis = []
    for stelle, x in enumerate(xs):
        hoch, tief = 0.0, 0.0
        for nr, s in enumerate(serien):
            punkt = next((p for p in s.punkte if p.x == x), None)
            if punkt is None or punkt.wert is None:
                continue
            wert = -punkt.wert if art == "gegenlaeufig" and nr == 1 else punkt.wert
            if art in ("gestapelt", "anteil"):
                von = hoch if wert >= 0 else tief
                hoch, tief = (hoch + wert, tief) if wert >= 0 else (hoch, tief + wert)
            else:
                von = 0.0
            ergebnis.append(Segment(stelle, nr, von, von + wert, punkt))
    return ergebnis


def angaben_fuer(art: Art, angaben: Angaben) -> Angaben:
    """Bei Anteilen gilt Prozent ohne Nachkommastelle."""
    if art != "anteil":
        return angaben
    return replace(angaben, einheit="Anteile in Prozent", einheit_kurz="%", stellen=0, anteil=True)
