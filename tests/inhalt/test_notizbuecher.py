"""Die Notizbücher zeigen; gerechnet wird in ``daten/rechnungen`` und ``fach/methoden``."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

NOTIZBUECHER = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
HOECHSTENS = 10
"""So viele Zeilen darf eine versteckte Zelle haben."""


def zellen(notizbuch: Path) -> list[str]:
    alle = json.loads(notizbuch.read_text(encoding="utf-8"))["cells"]
    return ["".join(z["source"]) for z in alle if z["cell_type"] == "code"]


@pytest.mark.parametrize("notizbuch", NOTIZBUECHER, ids=lambda p: p.stem)
def test_keine_versteckte_zelle_ist_lang(notizbuch: Path) -> None:
    versteckt = [z for z in zellen(notizbuch) if z.startswith("#| include: false")]
    assert versteckt
    assert [z for z in versteckt if len(z.splitlines()) > HOECHSTENS] == []


@pytest.mark.parametrize("notizbuch", NOTIZBUECHER, ids=lambda p: p.stem)
def test_kein_notizbuch_schreibt_funktionen_oder_rechnet_mit_pandas(notizbuch: Path) -> None:
    knoten = [k for z in zellen(notizbuch) for k in ast.walk(ast.parse(z))]
    assert [k.name for k in knoten if isinstance(k, ast.FunctionDef | ast.ClassDef)] == []
    module = {a.name for k in knoten if isinstance(k, ast.Import) for a in k.names}
    module |= {str(k.module) for k in knoten if isinstance(k, ast.ImportFrom)}
    assert not {m for m in module if m.split(".")[0] in {"pandas", "numpy"} or ".fach" in m}
