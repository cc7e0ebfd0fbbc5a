"""Ergebnis einer Rechnung: eine Zahl mit Status, oder der Grund, warum es keine gibt."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from berichtswerk.grund.zeichen import Status


@dataclass(frozen=True, slots=True)
class Lage:
    """Wofür eine Methode rechnet: der Landkreis, die Gebiete der Rechnung in fester Reihenfolge, die Jahre.

    ``oben`` sind Land und Bund. Gemessen ist bis ``basis``, gezeigt wird ab ``beginn``, vorausgerechnet bis
    ``ende``.
    """

    gebiet: str
    teile: tuple[str, ...]
    oben: tuple[str, ...]
    beginn: int
    basis: int
    ziel: int
    ende: int


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


Zahlangabe = float | int | Ergebnis | None
Angabe = Zahlangabe | tuple[Zahlangabe, float | None, float | None]
"""Eine Zahl, ein :class:`Ergebnis`, ``None`` (unbekannt) oder (Zahl, untere, obere Grenze)."""
Stelle = tuple[str, int | str]
"""Gebietsschlüssel und Jahr; auch „2024/25“ oder „2024-12-31“."""
Werte = dict[Stelle, Angabe]
"""Was eine Methode je Ergebnis liefert."""


def zahl(angabe: Angabe) -> float | None:
    """Die Zahl einer Angabe; NaN und Fehlendes sind keine."""
    mitte = angabe[0] if isinstance(angabe, tuple) else angabe
    wert = mitte.wert if isinstance(mitte, Ergebnis) else mitte
    return None if wert is None or math.isnan(wert) else float(wert)


Tafelzeile = dict[str, float | int | str | None]
"""Eine Zeile einer Tafel: Spalte → Zahl oder Wort; der Kopf steht unter „kopf“."""


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
    return summiert(zahlen).wandle(lambda gesamt: gesamt / len(zahlen))


def summe(ergebnisse: Iterable[Ergebnis]) -> Ergebnis:
    """Summe; fehlt ein Teil, gibt es keine Teilsumme, sondern den Status des fehlenden Teils."""
    liste = list(ergebnisse)
    ohne = next((e for e in liste if e.wert is None), None)
    if ohne is not None:
        return Ergebnis(None, ohne.status, f"Teil der Summe ohne Wert: {ohne.hinweis}")
    geschaetzt = any(e.status is Status.GESCHAETZT for e in liste)
    return summiert([e.zahl for e in liste], Status.GESCHAETZT if geschaetzt else Status.WERT)


def summiert(zahlen: Sequence[float], status: Status = Status.WERT) -> Ergebnis:
    """Genaue Summe von Zahlen; ist sie größer als jede darstellbare Zahl, „gesperrt“."""
    try:
        return Ergebnis(math.fsum(zahlen), status)
    except OverflowError:
        return gesperrt("Summe ist nicht endlich")
