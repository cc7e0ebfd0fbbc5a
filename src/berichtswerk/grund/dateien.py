"""Dateien ganz oder gar nicht schreiben, und wo ein Projekt seine Zwischenergebnisse hat."""

from __future__ import annotations

import contextlib
import hashlib
import os
from pathlib import Path

from berichtswerk.grund.projekt import Projekt


def arbeitsordner(projekt: Projekt) -> Path:
    """``.berichtswerk/``: Zwischenergebnisse, von git ignoriert, jederzeit löschbar."""
    return projekt.wurzel / ".berichtswerk"


def pruefsumme(inhalt: str | bytes) -> str:
    """SHA-256 in Hexadezimal."""
    return hashlib.sha256(inhalt.encode() if isinstance(inhalt, str) else inhalt).hexdigest()


def schreibe_ganz(pfad: Path, inhalt: str | bytes) -> bool:
    """Schreibt ganz oder gar nicht; lässt Gleiches unberührt. Gibt zurück, ob geschrieben wurde."""
    daten = inhalt.encode() if isinstance(inhalt, str) else inhalt
    with contextlib.suppress(OSError):
        if pfad.read_bytes() == daten:
            return False
    pfad.parent.mkdir(parents=True, exist_ok=True)
    neu = pfad.with_name(f".{pfad.name}.{os.getpid()}.neu")
    try:
        neu.write_bytes(daten)
        neu.replace(pfad)
    finally:
        neu.unlink(missing_ok=True)
    return True


def lebt(prozess: str) -> bool:
    """Ob der Prozess dieser Nummer noch läuft; im Zweifel ja."""
    if not prozess.isdecimal():
        return False
    if os.name == "nt":  # dort beendete os.kill den Prozess
        return True
    try:
        os.kill(int(prozess), 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
