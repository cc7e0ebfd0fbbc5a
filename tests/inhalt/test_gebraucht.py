"""Nichts liegt umsonst im Projekt: Jede Kennzahl, Rechnung und Quelle geht in einen Bericht ein."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.bericht.ausgabe import Ausgabe
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.fach.katalog import Kennzahlenkatalog
from berichtswerk.fach.rechnung import Rechenkennzahl, Rechnung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import lies_yaml

PROJEKT = Projekt(Path(__file__).parents[2])
NAME = re.compile(r"[a-z][a-z0-9_-]+")


def in_notizbuch(buch: Path) -> Iterator[str]:
    """Jede Zeichenkette in einer Zelle."""
    for zelle in json.loads(buch.read_text("utf-8"))["cells"]:
        if zelle["cell_type"] == "code":
            knoten = ast.walk(ast.parse("".join(zelle["source"])))
            feste = (k.value for k in knoten if isinstance(k, ast.Constant))
            yield from (wert for wert in feste if isinstance(wert, str))


def in_texten(ordner: Path) -> Iterator[str]:
    """Jeder Name in ``{{ … }}``."""
    for text in ordner.rglob("*.md"):
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


def geht_ein(genannt: Iterable[str], katalog: Kennzahlenkatalog) -> set[str]:
    """Alles Genannte und, was in Kennzahlen und Rechnungen davon eingeht."""
    tafeln = {tafel: r.id for r in katalog.rechnungen.values() for tafel in r.tafeln}
    offen, gebraucht = set(genannt), set[str]()
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
    return gebraucht


def test_jede_kennzahl_rechnung_und_quelle_geht_in_einen_bericht_ein() -> None:
    katalog, quellen = Kennzahlenkatalog.lade(PROJEKT), Datenbestand(PROJEKT).quellen
    genannt = {n for buch in PROJEKT.notebooks.glob("*.ipynb") for n in in_notizbuch(buch)}
    for name in ("kreis", "massnahmen"):
        genannt |= set(zeichenketten(lies_yaml(PROJEKT.daten / f"{name}.yaml", PROJEKT).daten))
    gebraucht = geht_ein({*genannt, *in_texten(PROJEKT.berichte)}, katalog)
    kennzahlen = {n for n in katalog if not isinstance(katalog[n], Rechenkennzahl)}
    umsonst = {
        "Kennzahlen": sorted(kennzahlen - gebraucht),
        "Rechnungen": sorted(katalog.rechnungen.keys() - gebraucht),
        "Quellen": sorted(quellen.keys() - gebraucht),
    }
    assert not any(umsonst.values()), f"Niemand braucht: {umsonst}. Zeigen oder entfernen."


AUSGABEN = [a.angaben for a in plane(PROJEKT).auftraege if not a.variante]


@pytest.mark.parametrize("ausgabe", AUSGABEN, ids=lambda a: f"{a.bericht}-{a.name}")
def test_keine_ausgabe_zeigt_was_nach_ihrem_stand_kam(ausgabe: Ausgabe) -> None:
    buch = PROJEKT.notebooks / f"{ausgabe.datei.notizbuch}.ipynb"
    genannt = {*in_notizbuch(buch), *in_texten(ausgabe.ordner)}
    gebraucht = geht_ein(genannt, Kennzahlenkatalog.lade(PROJEKT))
    bestand = Datenbestand(PROJEKT, am=ausgabe.datei.stand)
    quellen = [q for name, q in bestand.quellen.items() if name in gebraucht]
    gelesen = {PROJEKT.relativ(p) for q in quellen for p in q.pfade(PROJEKT)}
    zu_spaet = bestand.spaeter_geliefert(gelesen, ausgabe.datei.stand, ausgabe.bis)
    assert [(q.name, jahr, q.statistik.stand) for q, jahr in zu_spaet] == []


def test_jede_lieferung_gehoert_zu_einer_quelle() -> None:
    bestand = Datenbestand(PROJEKT)
    gelesen = {p for q in bestand.quellen.values() for p in q.pfade(PROJEKT)}
    assert {p.name for p in (PROJEKT.daten / "dateien").iterdir() if p not in gelesen} == set()
