"""Eine laufende Vorschau des Musterprojekts."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from vorschauhilfe import warte_bis_gesetzt

from berichtswerk.projekt import Projekt
from berichtswerk.vorschau.vorschau import Vorschau


@pytest.fixture
def vorschau(muster: Projekt) -> Iterator[Vorschau]:
    """Die Vorschau des Lageberichts, fertig gesetzt; läuft, solange die Prüfung läuft."""
    with Vorschau(muster, "lage", port=0) as v:
        warte_bis_gesetzt(v)
        yield v


@pytest.fixture(scope="module")
def chromium() -> str:
    """Der Pfad zu Chromium; fehlt er, ist das mit CI=true ein Fehler und sonst eine laute Auslassung."""
    pfad = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
    if pfad is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium fehlt: die Vorschau wurde NICHT im Browser geprüft.")
        pytest.skip("ACHTUNG: Chromium fehlt, die Vorschau wurde NICHT im Browser geprüft.")
    return pfad
