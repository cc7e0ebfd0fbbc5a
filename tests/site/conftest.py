"""Der ganze Berichtssatz, einmal gerendert, und ein echter Browser davor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sitehilfe import ausgeliefert, kopiere_projekt, rendere


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
    """Wo die Site ausgeliefert wird."""
    with ausgeliefert(site) as adresse:
        yield adresse
