"""Das Musterprojekt mit dem echten ``_quarto.yml``, vorbereitet, wie Quarto es täte."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml
from quartohilfe import WURZEL, wie_quarto


@pytest.fixture(scope="session")
def einstellungen() -> dict[str, Any]:
    """Inhalt von ``_quarto.yml``."""
    inhalt: dict[str, Any] = yaml.safe_load((WURZEL / "_quarto.yml").read_text("utf-8"))
    return inhalt


@pytest.fixture(scope="session")
def vorbereitet(tmp_path_factory: pytest.TempPathFactory, einstellungen: dict[str, Any]) -> Path:
    """Das Musterprojekt nach dem Vorlauf, im Pfad ein Leerzeichen und ein Umlaut."""
    projekt = tmp_path_factory.mktemp("quarto") / "Kreis Prüf"
    shutil.copytree(WURZEL / "tests" / "muster", projekt)
    shutil.copytree(WURZEL / "layout", projekt / "layout")
    shutil.copy(WURZEL / "_quarto.yml", projekt)
    lauf = wie_quarto(
        projekt,
        einstellungen["project"]["pre-render"],
        QUARTO_PROJECT_RENDER_ALL="1",
        QUARTO_PROJECT_OUTPUT_DIR=str(projekt / "_quarto"),
        QUARTO_PROJECT_INPUT_FILES="",
    )
    assert lauf.returncode == 0, lauf.stdout + lauf.stderr
    return projekt
