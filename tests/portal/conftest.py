"""Eine Site, wie ein Kreis sie herausgibt: nichts ist Beispiel, die Adresse steht fest, zwei Ausgaben."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from berichtswerk.grund.projekt import Projekt
from berichtswerk.site.bau import rendere

TESTS = Path(__file__).parents[1]
HINWEIS = "  hinweis: Beispielausgabe, keine amtliche Veröffentlichung\n"
OFFEN = "[vor Veröffentlichung eintragen]"
FRUEHER = "berichte/lage/2023/lage-2023/fig-bevoelkerung.html"
HEUTE = "berichte/lage/2024/lage-2024/fig-verlauf.html"


def gib_heraus(wurzel: Path) -> Projekt:
    """Das Musterprojekt, herausgegeben: Angaben vollständig, Ausgaben 2023 und 2024, eine Umleitung."""
    shutil.copytree(TESTS / "muster", wurzel)
    shutil.copytree(TESTS.parent / "layout", wurzel / "layout")
    projekt = Projekt(wurzel)
    kreis = projekt.daten / "kreis.yaml"
    text = kreis.read_text("utf-8")
    assert HINWEIS in text and OFFEN in text
    kreis.write_text(text.replace(HINWEIS, "").replace(OFFEN, "01234 5678"), "utf-8")
    lage = projekt.berichte / "lage"
    shutil.copytree(lage / "2024", lage / "2023")
    for jahr in ("2023", "2024"):
        datei = lage / jahr / "bericht.yml"
        text = datei.read_text("utf-8").replace("status: beispiel", "status: veroeffentlicht")
        datei.write_text(text.replace("2024", jahr).replace("2025-07-01", f"{int(jahr) + 1}-07-01"), "utf-8")
    umleitung = f"umleitungen:\n  - {{von: {FRUEHER}, nach: {HEUTE}}}\n"
    (projekt.daten / "umleitungen.yaml").write_text(umleitung, "utf-8")
    return projekt


@pytest.fixture(scope="session")
def herausgegeben(tmp_path_factory: pytest.TempPathFactory) -> Projekt:
    """Einmal gerendert; nicht verändern, nur kopieren."""
    projekt = gib_heraus(tmp_path_factory.mktemp("herausgegeben") / "Kreis für alle")
    bilanz = rendere(projekt)
    assert bilanz.gelungen, bilanz.meldungen.als_text()
    return projekt
