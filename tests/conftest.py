"""Ein kleines erfundenes Projekt („Landkreis Musterland“) für die Prüfungen der oberen Stockwerke."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from berichtswerk.projekt import Projekt

TESTS = Path(__file__).parent
MUSTER = TESTS / "muster"
FEHLER = TESTS / "notebooks_fehler"


@pytest.fixture
def muster(tmp_path: Path) -> Projekt:
    """Eine Kopie von ``tests/muster`` mit dem Layout des Projekts."""
    wurzel = tmp_path / "muster"
    shutil.copytree(MUSTER, wurzel)
    shutil.copytree(TESTS.parent / "layout", wurzel / "layout")
    return Projekt(wurzel)


@pytest.fixture
def fehlermuster(muster: Projekt) -> Projekt:
    """Wie ``muster``, dazu je fehlerhaftem Notizbuch ein Bericht gleichen Namens (mit Bindestrichen)."""
    for notizbuch in sorted(FEHLER.glob("*.ipynb")):
        shutil.copy(notizbuch, muster.notebooks)
        ordner = muster.berichte / notizbuch.stem.replace("_", "-") / "2024"
        ordner.mkdir(parents=True)
        (ordner / "bericht.yml").write_text(
            f'titel: Probe\nnotizbuch: {notizbuch.stem}\nparameter: {{gebiet: "99068"}}\n'
            "herausgeber: Landkreis Musterland\nstand: 2025-07-01\n",
            encoding="utf-8",
        )
    return muster
