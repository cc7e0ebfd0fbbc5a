"""Haken starten, wie Quarto sie startet."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Filtern = Callable[..., str]
"""Setzt Markdown oder einen Baum mit dem Filter (:func:`conftest.filtern`)."""
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


def als_markdown(nb: dict[str, Any]) -> str:
    """Was Quarto aus dem Notizbuch an pandoc gibt: Kopf und Texte."""
    return "\n\n".join("".join(z["source"]) for z in nb["cells"])
