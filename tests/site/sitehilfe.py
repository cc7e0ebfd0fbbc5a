"""Hilfen der Prüfungen an der ganzen Site: Projekt kopieren, rendern, Seiten auflisten."""

from __future__ import annotations

import contextlib
import functools
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

PROJEKT = Path(__file__).parents[2]
INHALT = ("_quarto.yml", "berichte", "daten", "layout", "notebooks")


def kopiere_projekt(ziel: Path, *dazu: str) -> Path:
    """Legt den Inhalt des Projekts (ohne Erzeugtes) neu an, wie ihn ein frischer Klon enthält."""
    ziel.mkdir(parents=True)
    dateien = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", *INHALT, *dazu],
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
    """HTML-Seiten, Pfade ab der Site; mit ``VOLL`` alle.

    Sonst von denen einzelner Abbildungen eine je Form und von denen für die Presse eine.
    """
    namen = sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html"))
    if os.environ.get("VOLL"):
        return namen
    je_form: dict[str, str] = {}
    for name in namen:
        if eigene_seite(name):
            form = re.search(r"bw-form-[\w-]+", (site / name).read_text("utf-8"))
            je_form.setdefault(form[0] if form else name.rpartition("/")[2][:3], name)
    return [n for n in namen if not eigene_seite(n) or n in je_form.values()]


def eigene_seite(name: str) -> bool:
    """Ob es die Seite einer einzelnen Abbildung oder Tabelle oder die für die Presse ist."""
    return name.rpartition("/")[2].startswith(("fig-", "tbl-", "presse."))


@contextlib.contextmanager
def ausgeliefert(site: Path) -> Iterator[str]:
    """Die Site, über http ausgeliefert wie auf der Website des Kreises; gibt die Adresse."""

    class Stumm(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Stumm, directory=str(site)))
    faden = threading.Thread(target=server.serve_forever, daemon=True)
    faden.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    faden.join()
