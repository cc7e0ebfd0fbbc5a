"""Ein kleines erfundenes Projekt („Landkreis Musterland“) für die Prüfungen der oberen Stockwerke."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, settings

from berichtswerk.grund.projekt import Projekt

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Auf einem geteilten Rechner sagt die Dauer eines Beispiels nichts über den Code.
settings.register_profile("haus", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("haus")

TESTS = Path(__file__).parent
SCHALTER = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
MUSTER = TESTS / "muster"
FEHLER = TESTS / "notebooks_fehler"


_ZUERST = ("site", "zweiter_kreis", "stoerung", "quarto", "jahr")
"""Was lange dauert, beginnt zuerst."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Beginnt mit den Räumen aus ``_ZUERST``."""

    def rang(item: pytest.Item) -> int:
        raum = item.path.relative_to(TESTS).parts[0] if item.path.is_relative_to(TESTS) else ""
        return _ZUERST.index(raum) if raum in _ZUERST else len(_ZUERST)

    items.sort(key=rang)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Das eine Werkzeug, das fehlen darf, fehlt nicht leise."""
    ausgelassen = terminalreporter.stats.get("skipped", [])
    anzahl = sum("kein quarto im Suchpfad" in str(bericht.longrepr) for bericht in ausgelassen)
    if anzahl:
        terminalreporter.section("ACHTUNG: ohne Quarto geprüft", sep="!", red=True, bold=True)
        terminalreporter.line(f"{anzahl} Prüfungen am echten Quarto liefen NICHT: kein quarto im Suchpfad.")


@pytest.fixture
def muster(tmp_path: Path) -> Projekt:
    """Eine Kopie von ``tests/muster`` mit dem Layout des Projekts."""
    wurzel = tmp_path / "muster"
    shutil.copytree(MUSTER, wurzel)
    shutil.copytree(TESTS.parent / "layout", wurzel / "layout")
    return Projekt(wurzel)


@pytest.fixture
def mit_tor(muster: Projekt) -> Projekt:
    """Das Musterprojekt mit einem Notizbuch, das durch das Tor geht."""
    buch = muster.notebooks / "lage.ipynb"
    nb = json.loads(buch.read_text("utf-8"))
    nb["cells"][2:] = [
        {"cell_type": "code", "id": f"z{i}", "metadata": {}, "source": text, "outputs": [],
         "execution_count": None}
        for i, text in enumerate(
            ['from berichtswerk import Bericht\nb = Bericht("lage", ausgabe, gebiet)',
             'b.linie("einwohner", label="fig-einwohner")']
        )
    ]  # fmt: skip
    buch.write_text(json.dumps(nb), "utf-8")
    return muster


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


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; fehlt er, ist das mit CI=true ein Fehler und sonst eine laute Auslassung.

    Einer für die ganze Sitzung: Playwright lässt in einem Faden keinen zweiten zu.
    """
    from playwright.sync_api import sync_playwright

    pfad = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if pfad is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium fehlt: die Seiten wurden NICHT geprüft.")
        pytest.skip("ACHTUNG: Chromium fehlt, die Seiten wurden NICHT geprüft.")
    with sync_playwright() as spiel:
        chromium = spiel.chromium.launch(executable_path=pfad, args=SCHALTER)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def verapdf() -> Iterator[Any]:
    """veraPDF, einmal je Sitzung gestartet."""
    spec = importlib.util.spec_from_file_location("verapdf", TESTS / "werkzeug" / "verapdf.py")
    assert spec is not None and spec.loader is not None
    modul = importlib.util.module_from_spec(spec)
    sys.modules["verapdf"] = modul
    spec.loader.exec_module(modul)
    with modul.VeraPdf() as pruefer:
        yield pruefer
