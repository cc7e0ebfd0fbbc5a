"""Ein Ordner mit Layout und einem Bericht darin."""

from __future__ import annotations

from pathlib import Path

import pytest
from manuskripthilfe import Werk

from berichtswerk.grund.projekt import Projekt


@pytest.fixture
def werk(tmp_path: Path) -> Werk:
    """Dokumente lesen und setzen, im Pfad ein Leerzeichen und ein Umlaut."""
    return Werk.neu(tmp_path)


@pytest.fixture
def projekt(werk: Werk) -> Projekt:
    """Das Projekt dazu."""
    return werk.projekt
