"""Jeder Befund ist eine Klasse: Kennung, Text, Abhilfe; nichts wird daneben gebaut."""

from __future__ import annotations

import ast
import pkgutil
import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from string import Formatter

import berichtswerk
from berichtswerk.grund.meldung import Befundart

SRC = Path(__file__).parents[1] / "src" / "berichtswerk"

NUR_IM_PROZESS = {"berichtswerk.__main__", "berichtswerk.ausfuehrung.warm"}
"""Module, die beim Laden schon arbeiten; Befunde melden sie keine."""

HOECHSTENS = {"ausfuehrung": 14}
"""So viele Meldungen baut ein Raum noch von Hand; die Liste wird nur kürzer, am Ende ist sie leer."""


def _arten(von: type[Befundart] = Befundart) -> Iterator[type[Befundart]]:
    for art in von.__subclasses__():
        if art.__module__.startswith("berichtswerk."):
            yield art
            yield from _arten(art)


def _alle() -> list[type[Befundart]]:
    for modul in pkgutil.walk_packages(berichtswerk.__path__, "berichtswerk."):
        if modul.name not in NUR_IM_PROZESS:
            import_module(modul.name)
    return sorted(set(_arten()), key=lambda art: (art.kennung, art.__qualname__))


def test_jede_befundart_hat_kennung_text_und_abhilfe() -> None:
    maengel = []
    for art in _alle():
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", art.kennung):
            maengel.append(f"{art.__qualname__}: Kennung „{art.kennung}“")
        if not getattr(art, "text", "").strip():
            maengel.append(f"{art.__qualname__}: kein Text")
        if not art.abhilfe.strip():
            maengel.append(f"{art.__qualname__}: keine Abhilfe")
        for vorlage in (art.text, art.ursache, art.abhilfe, art.feld):
            felder = [feld for _, feld, _, _ in Formatter().parse(vorlage) if feld is not None]
            maengel += [f"{art.__qualname__}: Feld „{f}“" for f in felder if not f.isidentifier()]
    assert maengel == []


def test_jede_andere_klasse_ist_beschrieben() -> None:
    arten = {art.__name__ for art in _alle()}
    offen = [
        f"{datei.relative_to(SRC)}: {knoten.name}"
        for datei in SRC.rglob("*.py")
        for knoten in ast.parse(datei.read_text("utf-8")).body
        if isinstance(knoten, ast.ClassDef) and not ast.get_docstring(knoten)
        if not knoten.name.startswith("_") and knoten.name not in arten
    ]
    assert offen == []


def test_meldungen_werden_nicht_von_hand_gebaut() -> None:
    anzahl: Counter[str] = Counter()
    for datei in SRC.rglob("*.py"):
        if datei == SRC / "grund" / "meldung.py":
            continue
        anzahl[datei.relative_to(SRC).parts[0]] += sum(
            isinstance(knoten, ast.Call) and getattr(knoten.func, "id", "") == "Meldung"
            for knoten in ast.walk(ast.parse(datei.read_text("utf-8")))
        )
    zu_viele = {raum: zahl for raum, zahl in anzahl.items() if zahl > HOECHSTENS.get(raum, 0)}
    assert zu_viele == {}
