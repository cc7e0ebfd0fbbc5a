"""Klassen für Karten: runde Grenzen, höchstens fünf, und ihr Schlüssel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from berichtswerk.bild.thema import Thema
from berichtswerk.gegenstand.serien import Angaben
from berichtswerk.grund import zahl

HOECHSTENS = 5


@dataclass(frozen=True, slots=True)
class Klassen:
    """Innere Grenzen aufsteigend; Klasse ``i`` reicht von Grenze ``i-1`` bis unter Grenze ``i``."""

    grenzen: tuple[float, ...]
    stellen: int
    farben: tuple[str, ...]

    def nummer(self, wert: float) -> int:
        """Klasse eines Wertes ab 0."""
        return sum(wert >= g for g in self.grenzen)

    def farbe(self, wert: float) -> str:
        """Farbe der Klasse eines Wertes."""
        return self.farben[self.nummer(wert)]

    def namen(self, angaben: Angaben) -> list[str]:
        """„unter 8 %“, „8 bis unter 10 %“, „14 % und mehr“."""
        texte = [zahl.schreibe(g, self.stellen) for g in self.grenzen]
        mit = [zahl.mit_einheit(t, angaben.einheit_kurz or None) for t in texte]
        if not texte:
            return ["alle Werte"]
        mitte = [f"{a} bis unter {b}" for a, b in zip(texte, mit[1:], strict=False)]
        return [f"unter {mit[0]}", *mitte, f"{mit[-1]} und mehr"]


def bilde(
    werte: Sequence[float],
    thema: Thema,
    *,
    grenzen: Sequence[float] | None = None,
    mitte: float | None = None,
) -> Klassen:
    """Klassen gleicher Breite mit runden Grenzen; ``mitte`` wählt die Farben um eine bedeutsame Mitte.

    Genannte ``grenzen`` (höchstens vier) gelten unverändert.
    """
    if grenzen is not None:
        gewaehlt = tuple(sorted(set(grenzen)))[: HOECHSTENS - 1]
    else:
        gewaehlt = _runde(sorted(w for w in werte if math.isfinite(w)), mitte)
    palette = thema.farben.pole if mitte is not None else thema.farben.klassen
    n = len(gewaehlt) + 1
    if n == 1:
        farben: tuple[str, ...] = (palette[1 if mitte is None else 2],)
    else:
        farben = tuple(palette[round(i * (HOECHSTENS - 1) / (n - 1))] for i in range(n))
    return Klassen(gewaehlt, max([_stellen(g) for g in gewaehlt] or [0]), farben)


def _runde(werte: list[float], mitte: float | None) -> tuple[float, ...]:
    if not werte or werte[0] == werte[-1]:
        return ()
    if mitte is not None:
        weite = max(werte[-1] - mitte, mitte - werte[0])
        schritt = _schritt(2 * weite / HOECHSTENS)
        return tuple(round(mitte + f * schritt, 12) for f in (-1.5, -0.5, 0.5, 1.5))
    schritt = _schritt((werte[-1] - werte[0]) / HOECHSTENS)
    while True:
        erste = math.floor(werte[0] / schritt) + 1
        liste = [round(i * schritt, 12) for i in range(erste, math.ceil(werte[-1] / schritt - 1e-9) + 1)]
        liste = [g for g in liste if werte[0] < g <= werte[-1]]
        if len(liste) < HOECHSTENS:
            return tuple(liste)
        schritt = _schritt(schritt * 1.01)


def _schritt(roh: float) -> float:
    zehner = 10.0 ** math.floor(math.log10(roh))
    return next(f * zehner for f in (1, 2, 2.5, 5, 10) if f * zehner >= roh * 0.9999)


def _stellen(g: float) -> int:
    return next((n for n in range(7) if abs(round(g, n) - g) <= 1e-9 * max(1.0, abs(g))), 6)
