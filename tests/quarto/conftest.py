"""Das Musterprojekt mit dem echten ``_quarto.yml``, vorbereitet, wie Quarto es täte."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pypandoc
import pytest
import yaml
from manuskripthilfe import Werk
from quartohilfe import WURZEL, Filtern, wie_quarto


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


@pytest.fixture
def filtern(tmp_path: Path) -> Filtern:
    """Setzt Markdown (oder einen Baum) mit dem Filter; ``zu`` ist das Format, für das er arbeitet."""
    vorn = tmp_path / "vor-ast.lua"
    projekt = tmp_path.as_posix()
    vorn.write_text(
        f"quarto = {{ project = {{ directory = [[{projekt}]] }}, doc = {{ include_text = function(wo, text)\n"
        f"  local d = io.open([[{projekt}/]] .. wo, 'wb'); d:write(text); d:close()\nend }} }}\n"
        f"return dofile [[{WURZEL / 'layout/berichtswerk.lua'}]]",
        encoding="utf-8",
    )

    kopf = tmp_path / "kopf.yml"
    kopf.write_text("berichtswerk: {stamm: bericht}\n", encoding="utf-8")

    def fuehre_aus(text: str, zu: str, von: str = "markdown") -> str:
        angaben = ["--wrap=none", "--metadata-file", str(kopf)]
        return pypandoc.convert_text(text, zu, format=von, filters=[str(vorn)], extra_args=angaben)

    return fuehre_aus


@pytest.fixture
def werk(tmp_path: Path) -> Werk:
    """Dokumente lesen und setzen, im Pfad ein Leerzeichen und ein Umlaut."""
    return Werk.neu(tmp_path)
