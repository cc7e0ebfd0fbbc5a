"""Haken starten, wie Quarto sie startet."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

WURZEL = Path(__file__).parents[2]


def zerlege(befehl: str) -> list[str]:
    """Wie Quarto eine Befehlszeile zerlegt: an Leerzeichen, doppelte Anführungszeichen halten zusammen."""
    teile, offen, drinnen = [], "", False
    for zeichen in befehl + " ":
        if zeichen == '"':
            drinnen = not drinnen
        elif zeichen.isspace() and not drinnen:
            teile += [offen] if offen else []
            offen = ""
        else:
            offen += zeichen
    return teile


def wie_quarto(projekt: Path, befehl: str, **umgebung: str) -> subprocess.CompletedProcess[str]:
    """Startet einen Haken ohne Shell im Projektordner; ein Python-Skript führt Quarto selbst aus."""
    teile = zerlege(befehl)
    if teile[0].endswith(".py"):
        teile = [sys.executable, *teile]
    env = {name: wert for name, wert in os.environ.items() if not name.startswith("BERICHTSWERK_")}
    return subprocess.run(
        teile, cwd=projekt, env={**env, **umgebung}, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
