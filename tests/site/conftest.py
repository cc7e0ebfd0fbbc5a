"""Der ganze Berichtssatz, einmal gerendert, und ein echter Browser davor."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from sitehilfe import kopiere_projekt, rendere


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
