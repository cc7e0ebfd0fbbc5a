"""Veröffentlichte Rechenbeispiele: jede Datei nennt ihre Quelle im Feld ``source`` oder ``note``."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from berichtswerk.fach.methoden.annahmen import Annahme, Annahmewert, Szenario

PRUEFWERTE = Path(__file__).parent / "pruefwerte"


@pytest.fixture(scope="session")
def pruefwert() -> Callable[[str], Any]:
    def lies(name: str) -> Any:
        return json.loads((PRUEFWERTE / f"{name}.json").read_text("utf-8"))

    return lies


def mache_annahme(name: str, wert: Annahmewert, einheit: str = "") -> Annahme:
    return Annahme(name, wert, einheit, "Prüffall", "für den Test gesetzt", date(2025, 1, 1))


@pytest.fixture(scope="session")
def szenario() -> Callable[..., Szenario]:
    def baue(**werte: Annahmewert) -> Szenario:
        return Szenario("Prüfszenario", tuple(mache_annahme(n, w) for n, w in werte.items()))

    return baue
