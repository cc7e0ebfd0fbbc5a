"""Wo Zwischenergebnisse aufgehoben werden, die nur von Inhalten abhängen.

Die Ausführung richtet die Stelle ein (die Ablage des Projekts); ohne sie wird nichts aufgehoben und alles
neu gerechnet. Schlüssel nennen den Inhalt, aus dem etwas entstand: ein Eintrag kann nicht veralten.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Protocol

PAKET = Path(__file__).resolve().parents[1]


class Merkstelle(Protocol):
    """Schlüssel → Bytes; ``art`` trennt, was nebeneinander liegt."""

    def hole(self, art: str, schluessel: str) -> bytes | None:
        """Der Inhalt oder ``None``."""

    def lege(self, art: str, schluessel: str, inhalt: bytes) -> None:
        """Hebt auf; darf scheitern, ohne dass jemand es merkt."""


_STELLE: list[Merkstelle] = []


def richte_ein(stelle: Merkstelle | None) -> None:
    """Ab jetzt wird hier aufgehoben; ``None`` hebt nichts mehr auf."""
    _STELLE[:] = [stelle] if stelle is not None else []


def aktiv() -> Merkstelle | None:
    """Die eingerichtete Stelle."""
    return _STELLE[0] if _STELLE else None


def summe(*teile: str | bytes) -> str:
    """SHA-256 über alle Teile; jeder zählt für sich (``"a", "bc"`` ist nicht ``"ab", "c"``)."""
    gesamt = hashlib.sha256()
    for teil in teile:
        roh = teil.encode() if isinstance(teil, str) else teil
        gesamt.update(len(roh).to_bytes(8, "big") + roh)
    return gesamt.hexdigest()


@cache
def programmstand(*orte: str) -> str:
    """Prüfsumme der Module dieser Orte (Dateien oder Ordner ab ``berichtswerk/``), einmal je Prozess."""
    dateien = sorted(
        d for ort in orte for d in ((PAKET / ort).rglob("*.py") if (PAKET / ort).is_dir() else [PAKET / ort])
    )
    return summe(*(teil for d in dateien for teil in (d.relative_to(PAKET).as_posix(), d.read_bytes())))
