"""docs/quellen.md nennt jeden Schlüssel der Lesesprache, und jedes Beispiel darin gilt."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import BaseModel

from berichtswerk.daten import lesen
from berichtswerk.daten.leser import LESER
from berichtswerk.daten.pruefung.hinweise import Hinweise
from berichtswerk.daten.quelle import Pruefangaben, Quelle, Statistik

SEITE = (Path(__file__).parents[1] / "docs" / "quellen.md").read_text("utf-8")
BEISPIELE = [yaml.safe_load(b) for b in re.findall(r"^```yaml\n(.*?)^```$", SEITE, re.MULTILINE | re.DOTALL)]
_ZEILE = re.compile(r"^\| `(\w+)` \| .* \| `(.+)` \|$", re.MULTILINE)
EIGENE: dict[str, type[BaseModel]] = {m.__name__: m for m in (Pruefangaben, Quelle, Statistik)}
GRUND = {"leser": "csv", "gebiet": "ags", "zeit": "jahr", "groessen": {"n": "n"}}


def abschnitte() -> dict[str, list[tuple[str, str]]]:
    """Modell in der Überschrift → Schlüssel und Beispiel jeder Zeile."""
    teile = re.split(r"^## .*?`(\w+)`$|^## .*$", SEITE, flags=re.MULTILINE)
    return {
        modell: _ZEILE.findall(text) for modell, text in zip(teile[1::2], teile[2::2], strict=True) if modell
    }


def modell(name: str) -> type[BaseModel]:
    return {"Lesen": lesen.LesenCsv, **EIGENE}.get(name) or getattr(lesen, name)


def felder(name: str) -> set[str]:
    """Die Schlüssel des Modells, ohne die schon erklärten seiner Grundlage."""
    ober = {"LesenXlsx": lesen.Lesen, "Gebietsangabe": lesen.Bezug, "Zeitangabe": lesen.Bezug}.get(name)
    geerbt = set(ober.model_fields) if ober else set()
    return {f.alias or n for n, f in modell(name).model_fields.items()} - geerbt - {"leser"}


@pytest.mark.parametrize("name", sorted(abschnitte()))
def test_die_seite_nennt_genau_die_schluessel(name: str) -> None:
    assert {schluessel for schluessel, _ in abschnitte()[name]} == felder(name)


@pytest.mark.parametrize(
    ("name", "schluessel", "beispiel"),
    [(name, *zeile) for name, zeilen in abschnitte().items() for zeile in zeilen],
    ids=lambda text: text[:20],
)
def test_jedes_beispiel_gilt(name: str, schluessel: str, beispiel: str) -> None:
    inhalt: Any = yaml.safe_load(beispiel)
    if name in {"Lesen", "LesenXlsx"}:
        grund = {n: w for n, w in GRUND.items() if not ("groesse" in inhalt and n == "groessen")}
        inhalt = {**grund, **({"leser": "xlsx"} if name == "LesenXlsx" else {}), **inhalt}
    if name in {"Quelle", "Statistik"}:
        grund = BEISPIELE[1] if name == "Quelle" else BEISPIELE[1]["statistik"]
        inhalt = {**grund, **inhalt}
    assert modell(name).model_validate(inhalt).model_dump(by_alias=True)[schluessel] is not None


def test_alle_modelle_und_leser_stehen_da() -> None:
    assert {"Lesen", "LesenXlsx", "Bezug", "Gebietsangabe", "Zeitangabe", "Wertspalte", "Kopf", "Qualitaet",
            "Pruefangaben", "Quelle", "Statistik"} == set(abschnitte())  # fmt: skip
    assert [leser for leser in LESER if f"`{leser}`" not in SEITE] == []


def test_die_ganzen_beispiele_gelten() -> None:
    lesen.LesenXlsx.model_validate(BEISPIELE[0]["lesen"])
    assert Quelle.model_validate(BEISPIELE[1]).statistik.herkunft == "amtlich"
    assert Hinweise.model_validate(BEISPIELE[2]).hinweise[0].befund == "wert-sprung"
