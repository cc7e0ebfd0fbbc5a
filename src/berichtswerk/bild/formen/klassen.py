"""Was Karten gemeinsam haben: Klassen mit runden Grenzen, höchstens fünf, und ihr Schlüssel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from berichtswerk.bild.formen import gemeinsam as g
from berichtswerk.bild.leinwand import Schild, Teil
from berichtswerk.bild.thema import ZEILE, Thema
from berichtswerk.gegenstand.serien import Angaben
from berichtswerk.grund import zahl
from berichtswerk.worte import befund as worte
from berichtswerk.worte import sprache

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

    def namen(self, angaben: Angaben, *, ganze: bool = False) -> list[str]:
        """„unter 8 %“, „8 bis unter 10 %“, „14 % und mehr“; ``ganze`` Zahlen „bis 1“, „2 bis 4“."""
        if ganze and self.stellen == 0 and self.grenzen:
            enden = [f"{zahl.schreibe(b - 1)}" for b in self.grenzen]
            paare = zip(self.grenzen, self.grenzen[1:], enden[1:], strict=False)
            mitten = [e if a + 1 == b else f"{zahl.schreibe(a)} bis {e}" for a, b, e in paare]
            return [enden[0] if self.grenzen[0] == 1 else f"bis {enden[0]}", *mitten,
                    f"{zahl.schreibe(self.grenzen[-1])} und mehr"]  # fmt: skip
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


def schluessel(
    klassen: Klassen,
    angaben: Angaben,
    thema: Thema,
    bezug: worte.Bezug,
    *,
    werte: Sequence[float],
    y: float,
    links: float,
) -> tuple[list[Teil], float]:
    """Kreiswert und Klassen unter einer Karte (Oberkante ``y``) und die Höhe des Ganzen."""
    teile: list[Teil] = []
    tief = 0.0
    if bezug and bezug[1] is not None:
        satz = f"{bezug[0]}: {sprache.wert_text(bezug[1], angaben)}"
        teile.append(Schild(links + 1, y + ZEILE / 2, satz, thema.farben.text, fett=True))
        tief = ZEILE + 4
    ganze = not angaben.anteil and angaben.stellen == 0 and all(w == int(w) for w in werte)
    paare = list(zip(klassen.namen(angaben, ganze=ganze), klassen.farben, strict=True))
    felder, hoch = g.farbschluessel(paare, thema, links + 1, y + tief, thema.farben.achse)
    return [*teile, *felder], tief + hoch
