"""Haken starten, wie Quarto sie startet."""

from __future__ import annotations

import os
import shutil
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
    """Startet einen Haken ohne Shell im Projektordner, mit eingeschalteter Umgebung."""
    teile = zerlege(befehl)
    programme = Path(sys.executable).parent
    env = {name: wert for name, wert in os.environ.items() if not name.startswith("BERICHTSWERK_")}
    env["PATH"] = f"{programme}{os.pathsep}{env['PATH']}"
    programm = shutil.which(teile[0], path=env["PATH"])
    assert programm, f"{teile[0]} liegt nicht in der Umgebung"
    return subprocess.run(
        [programm, *teile[1:]], cwd=projekt, env={**env, **umgebung}, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip
