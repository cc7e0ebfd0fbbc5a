"""Gemeinsame Vorgaben der Darstellung."""

from pathlib import Path

import pytest
from kleinprojekt import lege_an

from berichtswerk.bericht.bericht import Bericht
from berichtswerk.grund.projekt import Projekt


@pytest.fixture(scope="session")
def kleinprojekt(tmp_path_factory: pytest.TempPathFactory) -> Projekt:
    """Das kleine Projekt, einmal je Lauf; nur lesen."""
    return lege_an(tmp_path_factory.mktemp("klein") / "projekt")


@pytest.fixture
def b(kleinprojekt: Projekt) -> Bericht:
    """Ein frischer Bericht für den Kreis."""
    return Bericht("lage", 2024, projekt=kleinprojekt)


@pytest.fixture
def ort(kleinprojekt: Projekt) -> Path:
    """Die Wurzel des kleinen Projekts."""
    return kleinprojekt.wurzel
