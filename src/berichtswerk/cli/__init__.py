"""Der Befehl ``berichtswerk``. Alles Schwere wird erst geladen, wenn ein Befehl es braucht."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["main"]


def main(argumente: Sequence[str] | None = None) -> int:
    """Führt den Befehl aus und gibt seinen Rückgabewert zurück: 0 gelungen, 1 Fehler, 2 Aufruf falsch.

    ``argumente`` ist die Befehlszeile ohne den Programmnamen, sonst die des Prozesses.
    """
    from berichtswerk.cli.aufruf import starte

    return starte(argumente)
