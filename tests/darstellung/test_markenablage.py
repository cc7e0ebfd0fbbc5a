"""Die aufgehobene Marke ist dieselbe; jede Änderung und jede fehlende Schrift fällt sofort auf."""

from __future__ import annotations

import pytest

from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke import markenablage
from berichtswerk.marke.marke import Marke


def test_die_aufgehobene_marke_ist_dieselbe(muster: Projekt, monkeypatch: pytest.MonkeyPatch) -> None:
    echt = Marke.lade(muster)
    stelle = Ablage.von(muster)
    assert markenablage.lade(muster, stelle) == echt
    monkeypatch.setattr(Marke, "lade", classmethod(lambda *_: pytest.fail("noch einmal gelesen")))
    wieder = markenablage.lade(muster, stelle)
    assert wieder == echt
    assert (wieder.diagramm, dict(wieder.farben), wieder.logo) == (
        echt.diagramm,
        dict(echt.farben),
        echt.logo,
    )


def test_eine_andere_marke_und_eine_fehlende_schrift_fallen_auf(muster: Projekt) -> None:
    stelle, datei = Ablage.von(muster), muster.layout / "_brand.yml"
    vorher = markenablage.lade(muster, stelle)
    alt = vorher.farben["primary"]
    datei.write_text(datei.read_text("utf-8").replace(alt, "#123456"), "utf-8")
    assert markenablage.lade(muster, stelle).farben["primary"] == "#123456"
    vorher.schriften[0].pfad.unlink()
    with pytest.raises(BerichtswerkFehler, match="Die Schriftdatei gibt es nicht"):
        markenablage.lade(muster, stelle)
