"""Die Notizbücher zeigen; gerechnet wird in ``daten/rechnungen`` und ``fach/methoden``."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from berichtswerk.daten.gebiete import Gebiet
from berichtswerk.grund.zahl import schreibe

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


def test_kein_ort_wird_an_einem_jahr_von_gestern_gemessen() -> None:
    """Ein einzelnes altes Jahr (die Flucht 2015, der Zensus 2011) sagt über einen Ort von heute nichts."""
    vergleich = next(p for p in NOTIZBUECHER if p.stem == "kommunenvergleich")
    ausgaben = json.dumps(json.loads(vergleich.read_text(encoding="utf-8"))["cells"], ensure_ascii=False)
    koepfe = re.findall(r"\| ([^|*]+?\b20\d\d\b[^|*]*) \| ", ausgaben)
    jahre = {k: max(map(int, re.findall(r"\b20\d\d\b", re.sub(r"\(.*?\)", "", k)))) for k in koepfe}
    assert len(jahre) > 10
    assert {k: j for k, j in jahre.items() if j < 2021} == {}


@pytest.mark.parametrize(
    ("spanne", "stufe", "teile"),
    [
        ((-77, -21, 31), "=↑ ausgeglichen bis knapp", ("fehlen nach der mittleren Variante 21", "Nachbarn")),
        ((-30, -20, -5), "↑ knapp", ("fehlen nach allen Varianten", "5 bis 30")),
        ((-9, 24, 54), "↓↑ Überhang bis knapp", ("24 Plätze frei, nach der oberen fehlen 9", "bleiben")),
        ((-1, 39, 79), "↓↑ Überhang bis knapp", ("39 Plätze frei, nach der oberen fehlt einer.", "bleiben")),
        ((21, 75, 122), "↓↑ Überhang bis knapp", ("21 bis 122 Plätze frei", "Wegfallen sollten keine")),
        ((48, 90, 132), "↓= Überhang bis ausgeglichen", ("48 bis 132 Plätze frei", "erst die Anmeldungen")),
        ((40, 60, 80), "↓ Überhang", ("40 bis 80 Plätze frei", "Ausnahmen können auslaufen")),
    ],
)
def test_was_aus_dem_saldo_einer_kommune_folgt_sagt_ihre_ganze_spanne(
    spanne: tuple[int, int, int], stufe: str, teile: tuple[str, ...]
) -> None:
    """Die Zellen, die den Satz bilden, mit gesetzten Salden; er nennt nie nur den günstigsten Fall."""
    unten, mitte, oben = spanne
    wert = SimpleNamespace(unten=float(unten), wert=float(mitte), oben=float(oben))
    g = Gebiet(schluessel="1", name="Adorf", ebene="einheit", teil_von="2")
    raum: dict[str, Any] = {
        "kommunen": [g], "kita": SimpleNamespace(ziel=2027), "schreibe": schreibe, "stufe": {g: stufe},
        "saldo": SimpleNamespace(wert=lambda schluessel, jahr: wert),
    }  # fmt: skip
    for zelle in zellen(NOTIZBUECHER[0].with_name("kita-bedarfsplan.ipynb")):
        if any(name in zelle for name in ("spannen = (", "spielraum = ", "folge = {")):
            exec(zelle, raum)
    assert all(teil in raum["folge"][g] for teil in teile), raum["folge"][g]
