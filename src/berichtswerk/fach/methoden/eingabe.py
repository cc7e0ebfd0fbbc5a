"""Prüfung von Eingaben der Methoden: falsche Form ist ein Fehler mit Meldung, kein NaN im Ergebnis."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from berichtswerk.fach.methoden.fehler import Ausserhalb, KeineZahl, LaengeFalsch, Negativ, ReiheKurz
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zahl import MINUS

Feld = NDArray[np.float64]
"""Zahlenfeld; die letzte Achse ist das Alter, wenn nichts anderes dabeisteht."""


def zahltext(wert: float) -> str:
    """Eine Zahl für Meldungen: deutsches Komma, echtes Minus, so viele Stellen wie nötig."""
    return f"{wert:.10g}".replace(".", ",").replace("-", MINUS)


def feld(name: str, werte: ArrayLike, laenge: int | None = None, *, negativ: bool = False) -> Feld:
    """Wandelt in ein Zahlenfeld und prüft Länge (letzte Achse), Endlichkeit und Vorzeichen.

    Raises:
        BerichtswerkFehler: ``methode-laenge``, ``methode-zahl`` oder ``methode-negativ``.
    """
    zahlen: Feld = np.asarray(werte, dtype=np.float64)
    ist = zahlen.shape[-1] if zahlen.ndim else 1
    if laenge is not None and ist != laenge:
        raise BerichtswerkFehler(LaengeFalsch.melde(name=name, ist=ist, soll=laenge))
    if not zahlen.ndim and math.isfinite(einzeln := float(zahlen)) and (negativ or einzeln >= 0):
        return zahlen
    flach = zahlen.ravel()
    if not np.isfinite(flach).all():
        raise BerichtswerkFehler(KeineZahl.melde(name=name, stelle=int(np.argmin(np.isfinite(flach))) + 1))
    if not negativ and (flach < 0).any():
        stelle = int(np.argmax(flach < 0))
        raise BerichtswerkFehler(Negativ.melde(name=name, stelle=stelle + 1, wert=zahltext(flach[stelle])))
    return zahlen


def bereich(name: str, wert: float, von: float, bis: float) -> float:
    """Prüft ``von ≤ wert ≤ bis`` (NaN fällt durch).

    Raises:
        BerichtswerkFehler: ``methode-bereich``.
    """
    if not von <= wert <= bis:
        grenze = "unbegrenzt" if bis == float("inf") else zahltext(bis)
        raise BerichtswerkFehler(
            Ausserhalb.melde(name=name, wert=zahltext(wert), von=zahltext(von), bis=grenze)
        )
    return float(wert)


def genug(name: str, werte: Sequence[object], noetig: int) -> None:
    """Prüft, ob eine Reihe lang genug ist.

    Raises:
        BerichtswerkFehler: ``methode-kurz``.
    """
    if len(werte) < noetig:
        raise BerichtswerkFehler(ReiheKurz.melde(name=name, ist=len(werte), noetig=noetig))
