"""Berichtswerk: Planungsberichte aus geprüften Daten."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from berichtswerk.bericht.bericht import Bericht

__all__ = ["Bericht"]


def __getattr__(name: str) -> Any:
    """Lädt das Gateway erst, wenn es gebraucht wird; der Befehl soll schnell starten."""
    if name == "Bericht":
        from berichtswerk.bericht.bericht import Bericht

        return Bericht
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
