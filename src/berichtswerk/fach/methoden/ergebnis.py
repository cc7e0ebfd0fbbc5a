"""Ergebnis einer Rechnung: eine Zahl mit Status, oder der Grund, warum es keine gibt."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from berichtswerk.grund.zeichen import Status


@dataclass(frozen=True, slots=True)
class Ergebnis:
    """Ein gerechneter Wert; ``wert`` ist genau dann ``None``, wenn der Status keine Zahl hat.

    ``hinweis`` sagt in einem Satz, warum der Wert fehlt oder eingeschränkt ist.
    """

    wert: float | None
    status: Status = Status.WERT
    hinweis: str = ""

    @property
    def zahl(self) -> float:
        """Die Zahl; ohne Zahl ein ``ValueError`` mit dem Grund (Programmierfehler des Aufrufers)."""
        if self.wert is None:
            raise ValueError(f"Kein Wert ({self.status.value}): {self.hinweis}")
        return self.wert

    def wandle(self, rechnung: Callable[[float], float]) -> Ergebnis:
        """Wendet ``rechnung`` auf die Zahl an; ein Ergebnis ohne Zahl bleibt, wie es ist."""
        return self if self.wert is None else replace(self, wert=rechnung(self.wert))


def gesperrt(hinweis: str) -> Ergebnis:
    """Ein Ergebnis ohne sinnvolle Aussage (Zeichen „x“)."""
    return Ergebnis(None, Status.GESPERRT, hinweis)


def fehlt(hinweis: str) -> Ergebnis:
    """Ein Ergebnis, zu dem Angaben fehlen (Zeichen „.“)."""
    return Ergebnis(None, Status.FEHLT, hinweis)


def quotient(zaehler: float | None, nenner: float | None, faktor: float = 1.0) -> Ergebnis:
    """``zaehler / nenner · faktor``; Nenner null → „gesperrt“, fehlende Angabe → „fehlt“.

    Args:
        zaehler: Anzahl; ``None`` oder NaN, wenn sie fehlt.
        nenner: Bezugsgröße; ``None`` oder NaN, wenn sie fehlt.
        faktor: 100 für Prozent, 1000 für Promille.
    """
    if zaehler is None or nenner is None or math.isnan(zaehler) or math.isnan(nenner):
        return fehlt("Zähler oder Nenner fehlt")
    if nenner == 0:
        return gesperrt("Nenner ist null")
    # Erst malnehmen: 29/50·100 ist binär 57,999…, 29·100/50 genau 58 (Grenzen von Ampeln und Klassen).
    # float(): Zahlen von numpy würden bei Überlauf warnen statt unendlich zu werden.
    wert = float(zaehler) * faktor / float(nenner)
    return Ergebnis(wert) if math.isfinite(wert) else gesperrt("Quotient ist nicht endlich")


def mittel(ergebnisse: Iterable[Ergebnis], mindestens: int = 1) -> Ergebnis:
    """Arithmetisches Mittel der Ergebnisse mit Zahl; zu wenige → „gesperrt“."""
    zahlen = [e.wert for e in ergebnisse if e.wert is not None]
    if len(zahlen) < max(mindestens, 1):
        return gesperrt(f"nur {len(zahlen)} verwertbare Jahre, nötig {max(mindestens, 1)}")
    return Ergebnis(math.fsum(zahlen) / len(zahlen))


def summe(ergebnisse: Iterable[Ergebnis]) -> Ergebnis:
    """Summe; fehlt ein Teil, gibt es keine Teilsumme, sondern den Status des fehlenden Teils."""
    liste = list(ergebnisse)
    ohne = next((e for e in liste if e.wert is None), None)
    if ohne is not None:
        return Ergebnis(None, ohne.status, f"Teil der Summe ohne Wert: {ohne.hinweis}")
    geschaetzt = any(e.status is Status.GESCHAETZT for e in liste)
    return Ergebnis(math.fsum(e.zahl for e in liste), Status.GESCHAETZT if geschaetzt else Status.WERT)
