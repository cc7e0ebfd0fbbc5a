"""Der ganze Berichtssatz, einmal gerendert, und ein echter Browser davor."""

from __future__ import annotations

import functools
import http.server
import os
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from sitehilfe import kopiere_projekt, rendere

SCHALTER = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def projekt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ein gerendertes Projekt in einem Ordner mit Leerzeichen und Umlaut."""
    ordner = kopiere_projekt(tmp_path_factory.mktemp("site") / "Bericht für alle")
    ergebnis = rendere(ordner)
    assert ergebnis.returncode == 0, ergebnis.stdout + ergebnis.stderr
    return ordner


@pytest.fixture(scope="session")
def site(projekt: Path) -> Path:
    """Der veröffentlichte Ordner."""
    return projekt / "_site"


@pytest.fixture(scope="session")
def adresse(site: Path) -> Iterator[str]:
    """Die Site, über http ausgeliefert wie auf der Website des Kreises."""

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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; fehlt er, ist das mit CI=true ein Fehler und sonst eine laute Auslassung."""
    pfad = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if pfad is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium fehlt: die Seiten wurden NICHT geprüft.")
        pytest.skip("ACHTUNG: Chromium fehlt, die Seiten wurden NICHT geprüft.")
    with sync_playwright() as spiel:
        chromium = spiel.chromium.launch(executable_path=pfad, args=SCHALTER)
        yield chromium
        chromium.close()
