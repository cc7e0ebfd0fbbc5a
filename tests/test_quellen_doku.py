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
from berichtswerk.daten.quelle import Pruefangaben

SEITE = (Path(__file__).parents[1] / "docs" / "quellen.md").read_text("utf-8")
_ZEILE = re.compile(r"^\| `(\w+)` \| .* \| `(.+)` \|$", re.MULTILINE)
GRUND = {"leser": "csv", "gebiet": "ags", "zeit": "jahr", "groessen": {"n": "n"}}


def abschnitte() -> dict[str, list[tuple[str, str]]]:
    """Modell in der Überschrift → Schlüssel und Beispiel jeder Zeile."""
    teile = re.split(r"^## .*?`(\w+)`$|^## .*$", SEITE, flags=re.MULTILINE)
    return {
        modell: _ZEILE.findall(text) for modell, text in zip(teile[1::2], teile[2::2], strict=True) if modell
    }


def modell(name: str) -> type[BaseModel]:
    return {"Lesen": lesen.LesenCsv, "Pruefangaben": Pruefangaben}.get(name) or getattr(lesen, name)


def felder(name: str) -> set[str]:
    """Die Schlüssel des Modells, ohne die schon erklärten seiner Grundlage."""
    ober = {"LesenXlsx": lesen.Lesen, "Gebietsangabe": lesen.Bezug, "Zeitangabe": lesen.Bezug}.get(name)
    geerbt = set(ober.model_fields) if ober else set()
    return set(modell(name).model_fields) - geerbt - {"leser"}


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
    assert schluessel in modell(name).model_validate(inhalt).model_fields_set


def test_alle_modelle_und_leser_stehen_da() -> None:
    assert {"Lesen", "LesenXlsx", "Bezug", "Gebietsangabe", "Zeitangabe", "Wertspalte", "Kopf", "Qualitaet",
            "Pruefangaben"} == set(abschnitte())  # fmt: skip
    assert [leser for leser in LESER if f"`{leser}`" not in SEITE] == []


def test_die_ganzen_beispiele_gelten() -> None:
    bloecke = [
        yaml.safe_load(b) for b in re.findall(r"^```yaml\n(.*?)^```$", SEITE, re.MULTILINE | re.DOTALL)
    ]
    lesen.LesenXlsx.model_validate(bloecke[0]["lesen"])
    assert Hinweise.model_validate(bloecke[1]).hinweise[0].befund == "wert-sprung"
