"""Eine laufende Vorschau des Musterprojekts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from vorschauhilfe import warte_bis_gesetzt

from berichtswerk.grund.projekt import Projekt
from berichtswerk.vorschau.vorschau import Vorschau


@pytest.fixture
def vorschau(muster: Projekt) -> Iterator[Vorschau]:
    """Die Vorschau des Lageberichts, fertig gesetzt; läuft, solange die Prüfung läuft."""
    with Vorschau(muster, "lage", port=0) as v:
        warte_bis_gesetzt(v)
        yield v
