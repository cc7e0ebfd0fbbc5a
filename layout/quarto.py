"""Brücke von „quarto render“ zu Berichtswerk: „quarto.py ausfuehren“ davor, „quarto.py nachbereiten“ danach.

Quarto nimmt irgendein Python des Rechners. Hier wird das des Projekts gesucht: das aktivierte, sonst
``.venv`` im Projektordner (Linux und macOS: ``bin``, Windows: ``Scripts``).
"""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

PROJEKT = Path(__file__).resolve().parents[1]


def finde_python() -> str | None:
    """Ein Python, das Berichtswerk kennt, oder ``None``."""
    if importlib.util.find_spec("berichtswerk") is not None:
        return sys.executable
    for ort in ("bin/python", "Scripts/python.exe"):
        if (PROJEKT / ".venv" / ort).is_file():
            return str(PROJEKT / ".venv" / ort)
    return None


def main() -> int:
    """Reicht den Befehl weiter und gibt seinen Rückgabewert zurück."""
    python = finde_python()
    if python is None:
        sys.stderr.write(
            "Berichtswerk ist nicht eingerichtet: weder in diesem Python noch in .venv.\n"
            "Richten Sie es ein, wie die README es beschreibt, und rufen Sie „quarto render“ erneut auf.\n"
        )
        return 1
    befehl = [python, "-m", "berichtswerk", "--projekt", str(PROJEKT), *sys.argv[1:]]
    return subprocess.run(befehl, cwd=PROJEKT, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
