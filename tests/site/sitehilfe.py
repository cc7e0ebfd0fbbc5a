"""Hilfen der Prüfungen an der ganzen Site: Projekt kopieren, rendern, Seiten auflisten."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJEKT = Path(__file__).parents[2]
INHALT = ("_quarto.yml", "berichte", "daten", "layout", "notebooks")


def kopiere_projekt(ziel: Path) -> Path:
    """Legt den Inhalt des Projekts (ohne Erzeugtes) neu an, wie ihn ein frischer Klon enthält."""
    ziel.mkdir(parents=True)
    dateien = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *INHALT],
        cwd=PROJEKT, capture_output=True, check=True,
    ).stdout.decode()  # fmt: skip
    for name in filter(None, dateien.split("\0")):
        quelle = PROJEKT / name
        if quelle.is_file():
            (ziel / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(quelle, ziel / name)
    return ziel


def rendere(projekt: Path, *argumente: str) -> subprocess.CompletedProcess[str]:
    """Ruft den Befehl auf, wie ihn Planerinnen aufrufen."""
    return subprocess.run(
        [sys.executable, "-m", "berichtswerk", "render", *argumente],
        cwd=projekt, capture_output=True, text=True, check=False, timeout=600,
        env={**os.environ, "BERICHTSWERK_PROJEKT": str(projekt)},
    )  # fmt: skip


def seiten(site: Path) -> list[str]:
    """Alle HTML-Seiten, Pfade ab der Site."""
    return sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html"))
