"""Prüfung von Eingaben der Methoden: falsche Form ist ein Fehler mit Meldung, kein NaN im Ergebnis."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.zahl import MINUS

Feld = NDArray[np.float64]
"""Zahlenfeld; die letzte Achse ist das Alter, wenn nichts anderes dabeisteht."""

_TEXTE: Mapping[str, tuple[str, str]] = {
    "methode-laenge": (
        "„{name}“ hat {ist} Einträge, erwartet werden {soll}.",
        "Alle Reihen auf dieselben Altersgruppen oder Einheiten bringen.",
    ),
    "methode-zahl": (
        "„{name}“ enthält an Stelle {stelle} keine endliche Zahl.",
        "Fehlende Werte vor der Rechnung ergänzen oder das Gebiet auslassen.",
    ),
    "methode-negativ": (
        "„{name}“ enthält an Stelle {stelle} den negativen Wert {wert}.",
        "Vorzeichen und Spalte der Quelle prüfen.",
    ),
    "methode-bereich": (
        "„{name}“ ist {wert}, erlaubt ist {von} bis {bis}.",
        "Einheit prüfen (Prozent oder Anteil) und die Annahme berichtigen.",
    ),
}


def fehler(kennung: str, feld: str, text: str, abhilfe: str, ursache: str = "") -> BerichtswerkFehler:
    """Baut den Fehler einer Methode mit genau einer Meldung."""
    return BerichtswerkFehler(
        Meldung(kennung=kennung, text=text, feld=feld, ursache=ursache, abhilfe=abhilfe)
    )


def zahltext(wert: float) -> str:
    """Eine Zahl für Meldungen: deutsches Komma, echtes Minus, so viele Stellen wie nötig."""
    return f"{wert:.10g}".replace(".", ",").replace("-", MINUS)


def _fehler(kennung: str, name: str, **werte: object) -> BerichtswerkFehler:
    text, abhilfe = _TEXTE[kennung]
    return fehler(kennung, name, text.format(name=name, **werte), abhilfe)


def feld(name: str, werte: ArrayLike, laenge: int | None = None, *, negativ: bool = False) -> Feld:
    """Wandelt in ein Zahlenfeld und prüft Länge (letzte Achse), Endlichkeit und Vorzeichen.

    Raises:
        BerichtswerkFehler: ``methode-laenge``, ``methode-zahl`` oder ``methode-negativ``.
    """
    zahlen: Feld = np.asarray(werte, dtype=np.float64)
    ist = zahlen.shape[-1] if zahlen.ndim else 1
    if laenge is not None and ist != laenge:
        raise _fehler("methode-laenge", name, ist=ist, soll=laenge)
    if not zahlen.ndim and math.isfinite(einzeln := float(zahlen)) and (negativ or einzeln >= 0):
        return zahlen
    flach = zahlen.ravel()
    if not np.isfinite(flach).all():
        raise _fehler("methode-zahl", name, stelle=int(np.argmin(np.isfinite(flach))) + 1)
    if not negativ and (flach < 0).any():
        stelle = int(np.argmax(flach < 0))
        raise _fehler("methode-negativ", name, stelle=stelle + 1, wert=zahltext(flach[stelle]))
    return zahlen


def bereich(name: str, wert: float, von: float, bis: float) -> float:
    """Prüft ``von ≤ wert ≤ bis`` (NaN fällt durch).

    Raises:
        BerichtswerkFehler: ``methode-bereich``.
    """
    if not von <= wert <= bis:
        grenze = "unbegrenzt" if bis == float("inf") else zahltext(bis)
        raise _fehler("methode-bereich", name, wert=zahltext(wert), von=zahltext(von), bis=grenze)
    return float(wert)


def genug(name: str, werte: Sequence[object], noetig: int) -> None:
    """Prüft, ob eine Reihe lang genug ist.

    Raises:
        BerichtswerkFehler: ``methode-kurz``.
    """
    if len(werte) < noetig:
        raise fehler(
            "methode-kurz",
            name,
            f"„{name}“ hat {len(werte)} Jahre oder Jahrgänge, das Verfahren braucht mindestens {noetig}.",
            "Weitere Jahre liefern oder das Fenster des Verfahrens verkleinern.",
        )
