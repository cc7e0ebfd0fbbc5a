"""Nichts liegt umsonst im Projekt: Jede Kennzahl, Rechnung und Quelle geht in einen Bericht ein."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.fach.katalog import Kennzahlenkatalog
from berichtswerk.fach.rechnung import Rechenkennzahl, Rechnung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import lies_yaml

PROJEKT = Projekt(Path(__file__).parents[2])
NAME = re.compile(r"[a-z][a-z0-9_-]+")


def in_notizbuechern() -> Iterator[str]:
    """Jede Zeichenkette in einer Zelle."""
    for buch in PROJEKT.notebooks.glob("*.ipynb"):
        for zelle in json.loads(buch.read_text("utf-8"))["cells"]:
            if zelle["cell_type"] == "code":
                knoten = ast.walk(ast.parse("".join(zelle["source"])))
                yield from (
                    k.value for k in knoten if isinstance(k, ast.Constant) and isinstance(k.value, str)
                )


def in_texten() -> Iterator[str]:
    """Jeder Name in ``{{ … }}``."""
    for text in PROJEKT.berichte.rglob("*.md"):
        for bindung in re.findall(r"\{\{(.*?)\}\}", text.read_text("utf-8"), re.DOTALL):
            yield from NAME.findall(bindung)


def zeichenketten(angabe: Any) -> Iterator[str]:
    """Alle Zeichenketten in einer gelesenen YAML-Datei."""
    if isinstance(angabe, str):
        yield angabe
    elif isinstance(angabe, dict | list):
        for teil in angabe.values() if isinstance(angabe, dict) else angabe:
            yield from zeichenketten(teil)


def eingaben(rechnung: Rechnung) -> Iterator[str]:
    for e in rechnung.eingaben.values():
        yield from (e.quelle, e.kennzahl, e.rechnung)
    yield rechnung.annahmen_quelle
    yield from (name for name, _ in rechnung.kennzahlen())


def test_jede_kennzahl_rechnung_und_quelle_geht_in_einen_bericht_ein() -> None:
    katalog, quellen = Kennzahlenkatalog.lade(PROJEKT), Datenbestand(PROJEKT).quellen
    tafeln = {tafel: r.id for r in katalog.rechnungen.values() for tafel in r.tafeln}
    offen = {*in_notizbuechern(), *in_texten()}
    for name in ("kreis", "massnahmen"):
        offen |= set(zeichenketten(lies_yaml(PROJEKT.daten / f"{name}.yaml", PROJEKT).daten))
    gebraucht: set[str] = set()
    while offen:
        name = offen.pop()
        gebraucht.add(name)
        dazu: set[str] = {tafeln[name]} if name in tafeln else set()
        if name in katalog.rechnungen:
            dazu |= set(eingaben(katalog.rechnungen[name]))
        if name in katalog:
            kennzahl = katalog[name]
            eigene = isinstance(kennzahl, Rechenkennzahl)
            dazu |= {kennzahl.rechnung} if eigene else set(zeichenketten(kennzahl.model_dump()["wege"]))
        offen |= dazu - gebraucht
    kennzahlen = {n for n in katalog if not isinstance(katalog[n], Rechenkennzahl)}
    umsonst = {
        "Kennzahlen": sorted(kennzahlen - gebraucht),
        "Rechnungen": sorted(katalog.rechnungen.keys() - gebraucht),
        "Quellen": sorted(quellen.keys() - gebraucht),
    }
    assert not any(umsonst.values()), f"Niemand braucht: {umsonst}. Zeigen oder entfernen."


def test_jede_lieferung_gehoert_zu_einer_quelle() -> None:
    bestand = Datenbestand(PROJEKT)
    gelesen = {p for q in bestand.quellen.values() for p in q.pfade(PROJEKT)}
    assert {p.name for p in (PROJEKT.daten / "dateien").iterdir() if p not in gelesen} == set()
