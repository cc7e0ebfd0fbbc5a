"""Je Sitzung einmal eine geprüfte und eine beschlossene Ausgabe; jede Prüfung bekommt ihre eigene Kopie."""

import shutil
from pathlib import Path

import pytest
from ausgabenhilfe import anlegen, gehe

from berichtswerk.grund.projekt import Projekt
from berichtswerk.site.bau import rendere


@pytest.fixture(scope="session")
def _geprueft(tmp_path_factory: pytest.TempPathFactory) -> Projekt:
    projekt = anlegen(tmp_path_factory.mktemp("ausgaben") / "geprueft")
    gehe(projekt, "geprueft")
    return projekt


@pytest.fixture(scope="session")
def _beschlossen(_geprueft: Projekt) -> Projekt:
    projekt = Projekt(_geprueft.wurzel.with_name("beschlossen"))
    shutil.copytree(_geprueft.wurzel, projekt.wurzel)
    gehe(projekt, "planerrunde", "beschlossen")
    assert rendere(projekt).gelungen
    return projekt


@pytest.fixture
def geprueft(_geprueft: Projekt, tmp_path: Path) -> Projekt:
    """Ein Projekt, dessen eine Ausgabe fachlich geprüft ist."""
    shutil.copytree(_geprueft.wurzel, tmp_path / "projekt")
    return Projekt(tmp_path / "projekt")


@pytest.fixture
def beschlossen(_beschlossen: Projekt, tmp_path: Path) -> Projekt:
    """Ein Projekt, dessen eine Ausgabe beschlossen und dessen Site gerendert ist."""
    shutil.copytree(_beschlossen.wurzel, tmp_path / "projekt")
    return Projekt(tmp_path / "projekt")
