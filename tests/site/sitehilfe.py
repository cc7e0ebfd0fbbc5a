"""Hilfen der Prüfungen an der ganzen Site: Projekt kopieren, rendern, Seiten auflisten."""

from __future__ import annotations

import contextlib
import functools
import http.server
import importlib.resources
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

PROJEKT = Path(__file__).parents[2]
AXE = importlib.resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
REGELN = "{type:'tag',values:['wcag2a','wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']}"
SEHEN = "{type:'rule',values:['color-contrast','link-in-text-block','target-size']}"
"""Was davon abhängt, wie die Seite aussieht."""
GLEICHES = "[['.bw-rollbereich tr:nth-child(n+4)'],['.bw-bild'],['.bw-falte dd'],['.bw-klappe li + li']]"
"""Was auf einer Seite hundertmal gleich aussieht: einmal angesehen genügt."""
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
    """HTML-Seiten, Pfade ab der Site; von denen einzelner Abbildungen eine je Form, mit ``VOLL`` alle."""
    namen = sorted(p.relative_to(site).as_posix() for p in site.rglob("*.html"))
    if os.environ.get("VOLL"):
        return namen
    je_form: dict[str, str] = {}
    for name in namen:
        if eigene_seite(name):
            form = re.search(r"bw-form-[\w-]+", (site / name).read_text("utf-8"))
            je_form.setdefault(form[0] if form else "tabelle", name)
    return [n for n in namen if not eigene_seite(n) or n in je_form.values()]


def eigene_seite(name: str) -> bool:
    """Ob es die Seite einer einzelnen Abbildung oder Tabelle ist."""
    return name.rpartition("/")[2].startswith(("fig-", "tbl-"))


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


def axe(seite: Page, regeln: str = REGELN, ohne: str = "[]") -> list[str]:
    """Führt axe in einer eigenen Skriptwelt aus, an der strengen CSP der Seite vorbei.

    ``ohne`` sind Stellen, die es nicht ansieht.
    """
    sitzung = seite.context.new_cdp_session(seite)
    sitzung.send("Page.setBypassCSP", {"enabled": True})
    rahmen = sitzung.send("Page.getFrameTree")["frameTree"]["frame"]["id"]
    welt = sitzung.send("Page.createIsolatedWorld", {"frameId": rahmen, "worldName": "axe"})
    ort = {"contextId": welt["executionContextId"]}
    sitzung.send("Runtime.evaluate", {"expression": AXE, **ort})
    lauf = (
        f"axe.run({{include:[['html']],exclude:{ohne}}},{{preload:false,runOnly:{regeln}}})"
        ".then(r=>r.violations.map(v=>v.id+': '+v.nodes.map(n=>n.html.slice(0,120)).join(' | ')))"
    )
    antwort: dict[str, Any] = sitzung.send(
        "Runtime.evaluate", {"expression": lauf, "awaitPromise": True, "returnByValue": True, **ort}
    )
    sitzung.detach()
    assert "value" in antwort["result"], antwort
    return list(antwort["result"]["value"])
