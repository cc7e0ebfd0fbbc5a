"""Ein gerendertes Musterprojekt in zwei Fassungen und ein Lauf als eigener Prozess, den man stören kann."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from stoerhilfe import ORTSNAME, Fassungen, Starte, inhalt, setze_fassung

from berichtswerk.grund.projekt import Projekt
from berichtswerk.site.bau import rendere

TESTS = Path(__file__).parents[1]
STOERER = Path(__file__).with_name("stoerer.py")


@pytest.fixture(scope="session")
def fassungen(tmp_path_factory: pytest.TempPathFactory) -> Fassungen:
    wurzel = tmp_path_factory.mktemp("stoerung") / ORTSNAME
    shutil.copytree(TESTS / "muster", wurzel)
    shutil.copytree(TESTS.parent / "layout", wurzel / "layout")
    projekt = Projekt(wurzel)
    site = {}
    for neue in (True, False):
        setze_fassung(projekt, neue)
        bilanz = rendere(projekt)
        assert bilanz.gelungen, bilanz.meldungen.als_text()
        site[neue] = inhalt(projekt.site)
    assert site[True] != site[False]
    return Fassungen(projekt, site[False], site[True])


@pytest.fixture
def projekt(fassungen: Fassungen, tmp_path: Path) -> Projekt:
    """Eine eigene Kopie mit der alten Site und den Eingaben der neuen Fassung, ohne Aufgehobenes."""
    ziel = tmp_path / ORTSNAME
    shutil.copytree(fassungen.projekt.wurzel, ziel, ignore=shutil.ignore_patterns(".berichtswerk"))
    setze_fassung(Projekt(ziel), neue=True)
    return Projekt(ziel)


@pytest.fixture
def warm(fassungen: Fassungen, tmp_path: Path) -> Projekt:
    """Eine eigene Kopie mit alter Site, alten Eingaben und allem Aufgehobenen."""
    return Projekt(shutil.copytree(fassungen.projekt.wurzel, tmp_path / ORTSNAME))


@pytest.fixture
def starte(tmp_path: Path) -> Starte:
    """Startet ``berichtswerk render`` als eigenen Prozess mit einer Störung (siehe ``stoerer.py``)."""
    (tmp_path / "tmp").mkdir(exist_ok=True)

    def los(projekt: Projekt, *stoerung: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, str(STOERER), str(projekt.wurzel), *stoerung],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
            start_new_session=True,
            env={**os.environ, "TMPDIR": str(tmp_path / "tmp"), "PYTHONIOENCODING": "utf-8"},
        )  # fmt: skip

    return los
