"""Summen über Gebiete: nur wo jeder Teil bekannt ist, nie eine Teilsumme; grob und genau dasselbe."""

from __future__ import annotations

import math
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from gebietsbeispiel import lade

from berichtswerk.daten.gebiete import Gebietsverzeichnis
from berichtswerk.daten.pruefung.pruefling import Pruefling
from berichtswerk.daten.pruefung.summen import Teilsummen
from berichtswerk.daten.tabelle import Tabelle


@pytest.fixture
def v(tmp_path: Path) -> Gebietsverzeichnis:
    return lade(tmp_path)


def summe(v: Gebietsverzeichnis, ziel: str, art: Any = float, **je_gebiet: Any) -> tuple[float, int]:
    """Summe und Anzahl der Teile von ``ziel``; ``None`` ist ein Wert ohne Zahl."""
    gebiete = [g.lstrip("g") for g in je_gebiet]
    anzahl = len(gebiete)
    fest = dict.fromkeys(
        ("zeit", "groesse", "status", "basis", "gebietsstand", "datei", "spalte", "roh"), ["x"] * anzahl
    )
    tabelle = Tabelle.aus(
        SimpleNamespace(), {**fest, "gebiet": gebiete, "wert": [0.0] * anzahl, "zeile": range(anzahl)}
    )
    pruefling = Pruefling(SimpleNamespace(), SimpleNamespace(), v, date(2025, 1, 1), tabelle)
    werte = np.array(
        [art("nan") if w is None else art(w) for w in je_gebiet.values()],
        dtype=float if art is float else object,
    )
    stellen = np.arange(anzahl)
    gesamt, teile = Teilsummen(pruefling, stellen, np.zeros(anzahl, int), werte).von(ziel)
    return float(gesamt[0]), int(teile[0])


@pytest.mark.parametrize("art", [float, Decimal])
def test_summe_aller_teile(v: Gebietsverzeichnis, art: Any) -> None:
    teile = {"g01099020": "5", "g01099052": "0.25", "g01099053": "0.5"}
    assert summe(v, "010995801", art, **teile) == (0.75, 2)
    assert summe(v, "010990020", art, **teile) == (5.0, 1)
    assert summe(v, "01099", art, **teile) == (5.75, 3)


def test_genau_heisst_ohne_stoerziffern(v: Gebietsverzeichnis) -> None:
    teile = {"g01099052": "0.1", "g01099053": "0.2"}
    assert summe(v, "010995801", float, **teile) == (0.30000000000000004, 2)
    assert summe(v, "010995801", Decimal, **teile) == (0.3, 2)


@pytest.mark.parametrize("art", [float, Decimal])
def test_nie_eine_teilsumme(v: Gebietsverzeichnis, art: Any) -> None:
    geheim = {"g01099020": "5", "g01099052": "1", "g01099053": None}
    assert summe(v, "010990020", art, **geheim) == (5.0, 1)
    assert math.isnan(summe(v, "010995801", art, **geheim)[0])
    assert math.isnan(summe(v, "01099", art, g01099052="1")[0])


def test_auch_aus_einheiten(v: Gebietsverzeichnis) -> None:
    """Ein Teil als Einheit, der andere als flächengleiche Gemeinde: zusammen der Kreis."""
    assert summe(v, "01099", g01099020="5", g010995801="7") == (12.0, 2)
    assert summe(v, "01099-P1", g01099020="5") == (5.0, 1)
