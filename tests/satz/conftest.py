"""Handgemachte Übergabe-Notizbücher und das Layout des Projekts in einem eigenen Ordner."""

from __future__ import annotations

import importlib.util
import json
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from bausteine import KOPF, SVG, Notizbuchbauer, Zelle, md, roh

from berichtswerk.grund.projekt import Projekt

WURZEL = Path(__file__).parents[2]


@pytest.fixture
def projekt(tmp_path: Path) -> Projekt:
    """Ein Projektordner mit dem echten Layout, im Pfad ein Leerzeichen und ein Umlaut."""
    wurzel = tmp_path / "Kreis Prüf"
    shutil.copytree(WURZEL / "layout", wurzel / "layout")
    return Projekt(wurzel)


@pytest.fixture
def notizbuch(projekt: Projekt) -> Notizbuchbauer:
    """Schreibt ein Übergabe-Notizbuch aus Zellen (Texte werden Markdown-Zellen) und nennt den Pfad."""

    def baue(*zellen: Zelle | str, kopf: str = KOPF, name: str = "bericht.ipynb") -> Path:
        alle = [roh(kopf), *(md(z) if isinstance(z, str) else z for z in zellen)]
        ordner = projekt.wurzel / "berichte" / "pruef"
        (ordner / "abb").mkdir(parents=True, exist_ok=True)
        (ordner / "abb" / "a.svg").write_text(SVG, encoding="utf-8")
        inhalt = {"cells": alle, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
        (ordner / name).write_text(json.dumps(inhalt, ensure_ascii=False), encoding="utf-8")
        return ordner / name

    return baue


@pytest.fixture(scope="session")
def verapdf() -> Iterator[Any]:
    """veraPDF, einmal je Sitzung gestartet."""
    pfad = WURZEL / "tests" / "werkzeug" / "verapdf.py"
    spec = importlib.util.spec_from_file_location("verapdf", pfad)
    assert spec is not None and spec.loader is not None
    modul = importlib.util.module_from_spec(spec)
    sys.modules["verapdf"] = modul
    spec.loader.exec_module(modul)
    with modul.VeraPdf() as pruefer:
        yield pruefer
