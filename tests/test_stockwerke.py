"""Importe zeigen nach unten, und in src/ steht nichts über einen bestimmten Landkreis."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import yaml

WURZEL = Path(__file__).parents[1]
SRC = WURZEL / "src" / "berichtswerk"
STOCKWERKE = (
    {"grund"}, {"marke", "daten"}, {"fach"}, {"gegenstand"}, {"worte", "bild", "tabelle"}, {"bericht"},
    {"ausfuehrung"}, {"schreiber", "satz"}, {"site", "vorschau", "jahr", "cli"},
)  # fmt: skip


def _stockwerk(teile: tuple[str, ...]) -> str:
    return Path(teile[0]).stem if teile else ""


def _hoehe(raum: str) -> int:
    return next(i for i, stock in enumerate(STOCKWERKE) if raum in stock)


def _importe(datei: Path) -> set[str]:
    namen = set()
    for knoten in ast.walk(ast.parse(datei.read_text("utf-8"))):
        if isinstance(knoten, ast.ImportFrom) and knoten.module and knoten.module.startswith("berichtswerk."):
            namen.add(knoten.module.split(".")[1])
        elif isinstance(knoten, ast.Import):
            namen |= {a.name.split(".")[1] for a in knoten.names if a.name.startswith("berichtswerk.")}
    return namen


def test_jeder_raum_hat_sein_stockwerk_und_jedes_stockwerk_gibt_es() -> None:
    raeume = {ordner.parent.name for ordner in SRC.glob("*/__init__.py")}
    assert sorted(r for stock in STOCKWERKE for r in stock) == sorted(raeume)


def test_importe_zeigen_nach_unten() -> None:
    nach_oben = []
    for datei in sorted(SRC.rglob("*.py")):
        hier = _stockwerk(datei.relative_to(SRC).parts)
        if hier in {"__init__", "__main__"}:
            continue
        for ziel in _importe(datei):
            if _hoehe(ziel) > _hoehe(hier):
                nach_oben.append(f"{datei.relative_to(SRC)} importiert {ziel}")
    assert nach_oben == []


def test_der_quelltext_kennt_keinen_landkreis() -> None:
    gebiete = yaml.safe_load((WURZEL / "daten" / "gebiete.yaml").read_text("utf-8"))["gebiete"]
    eigene = [g for g in gebiete if g["ebene"] not in {"land", "bund"}]
    verboten = {str(g["schluessel"]) for g in eigene} | {g["name"] for g in eigene}
    muster = re.compile("|".join(rf"\b{re.escape(v)}\b" for v in sorted(verboten)))
    funde = [
        f"{d.relative_to(SRC)}: {m.group()}"
        for d in SRC.rglob("*")
        if d.is_file() and d.suffix in {".py", ".lua", ".typ", ".html"}
        for m in muster.finditer(d.read_text("utf-8"))
    ]
    assert funde == []
