"""Eine Kennzahl aus einem Bestand berechnen."""

from __future__ import annotations

from typing import Any

from berichtswerk.fach.berechnung import Rechner
from berichtswerk.fach.reihe import Reihe


def berechne(kennzahl: Any, bestand: Any, gebiete: Any = None, bis: int | None = None) -> Reihe:
    return Rechner(bestand).berechne(kennzahl, gebiete, bis)
