"""Brücke von „quarto render“ zu Berichtswerk: „quarto.py ausfuehren“ davor, „quarto.py nachbereiten“ danach.

Quarto nimmt irgendein Python des Rechners. Hier wird das des Projekts gesucht: das aktivierte, sonst
``.venv`` im Projektordner (Linux und macOS: ``bin``, Windows: ``Scripts``).
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

PROJEKT = Path(__file__).resolve().parents[1]
NICHT_EINZELN = """\
Notizbücher in notebooks/ setzt Quarto nicht einzeln: Texte, Tabellen und Layout kommen erst im Bericht dazu.
Ein Bericht aus diesem Notizbuch, im Projektordner aufgerufen:
  quarto render berichte/<bericht>/<ausgabe>/<bericht>-<ausgabe>.ipynb
Das Notizbuch selbst ausführen und darin ansehen: berichtswerk notizbuch <name>
"""


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
    sys.stderr.reconfigure(encoding="utf-8")
    if sys.argv[1:] == ["notizbuch-hinweis"]:
        sys.stderr.write(NICHT_EINZELN)
        return 1
    python = finde_python()
    if python is None:
        sys.stderr.write(
            "Berichtswerk ist nicht eingerichtet: weder in diesem Python noch in .venv.\n"
            "Richten Sie es ein, wie die README es beschreibt, und rufen Sie „quarto render“ erneut auf.\n"
        )
        return 1
    umgebung = {**os.environ, "PYTHONUTF8": "1"}
    befehl = [python, "-m", "berichtswerk", "--projekt", str(PROJEKT), *sys.argv[1:]]
    return subprocess.run(befehl, cwd=PROJEKT, env=umgebung, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
