"""Der ganze Berichtssatz, einmal gerendert, und ein echter Browser davor."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sitehilfe import ausgeliefert, kopiere_projekt, rendere


@pytest.fixture(scope="session")
def projekt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ein gerendertes Projekt in einem Ordner mit Leerzeichen und Umlaut; alle Prozesse lesen dasselbe."""
    basis = tmp_path_factory.getbasetemp()
    gemeinsam = (basis.parent if "PYTEST_XDIST_WORKER" in os.environ else basis) / "site"
    ordner, ergebnis = gemeinsam / "Bericht für alle", gemeinsam / "ergebnis.txt"
    try:
        gemeinsam.mkdir()
    except FileExistsError:  # ein anderer Prozess rendert schon
        ende = time.monotonic() + 900
        while not ergebnis.exists():
            assert time.monotonic() < ende, "Der Prozess, der die Site rendert, meldet sich nicht."
            time.sleep(0.5)
    else:
        lauf = rendere(kopiere_projekt(ordner))
        fertig = ergebnis.with_suffix(".neu")
        fertig.write_text(f"rc {lauf.returncode}\n{lauf.stdout}{lauf.stderr}", encoding="utf-8")
        fertig.replace(ergebnis)
    text = ergebnis.read_text("utf-8")
    assert text.startswith("rc 0\n"), text
    return ordner


@pytest.fixture(scope="session")
def site(projekt: Path) -> Path:
    """Der veröffentlichte Ordner."""
    return projekt / "_site"


@pytest.fixture(scope="session")
def adresse(site: Path) -> Iterator[str]:
    """Wo die Site ausgeliefert wird."""
    with ausgeliefert(site) as adresse:
        yield adresse
