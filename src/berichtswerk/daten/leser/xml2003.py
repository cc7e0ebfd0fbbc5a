"""„XML-Kalkulationstabelle 2003“, die meist die Endung xls trägt: Werte, Verbundenes, Verstecktes."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from berichtswerk.daten.lesen import LesenMappe
from berichtswerk.daten.leser.grund import Formel, Prozentzelle
from berichtswerk.daten.leser.ooxml import LETZTE_SPALTE, LETZTE_ZEILE, ist_prozent
from berichtswerk.daten.leser.rohblatt import Bereich, Folge, Rohblatt, Rohzeile, abgesetzt, gezeichnet

_FORMATE = {"Percent": "0%"}


def _kurz(name: str) -> str:
    return name.rpartition("}")[2]


def _attribute(element: ElementTree.Element) -> dict[str, str]:
    return {_kurz(name): wert for name, wert in element.attrib.items()}


def _kinder(element: ElementTree.Element, name: str) -> list[ElementTree.Element]:
    return [kind for kind in element if _kurz(kind.tag) == name]


def blaetter(pfad: Path, lesen: LesenMappe) -> list[Rohblatt]:
    """Alle Blätter; wirft bei kaputtem XML sehr Verschiedenes."""
    wurzel = ElementTree.fromstring(pfad.read_bytes())
    in_prozent = {
        _attribute(stil).get("ID", "")
        for stil in wurzel.iter() if _kurz(stil.tag) == "Style"
        for form in _kinder(stil, "NumberFormat")
        if ist_prozent(_FORMATE.get(f := _attribute(form).get("Format", ""), f))
    }  # fmt: skip
    return [_blatt(blatt, in_prozent, lesen) for blatt in _kinder(wurzel, "Worksheet")]


def _blatt(blatt: ElementTree.Element, in_prozent: set[str], lesen: LesenMappe) -> Rohblatt:
    sichtbar = next((e.text for e in blatt.iter() if _kurz(e.tag) == "Visible"), "")
    zeilen: list[Rohzeile] = []
    verbundene: list[Bereich] = []
    spalten: set[int] = set()
    for tabelle in _kinder(blatt, "Table"):
        stelle = 0
        for angaben in map(_attribute, _kinder(tabelle, "Column")):
            stelle = int(angaben.get("Index", stelle + 1)) - 1
            bis = min(stelle + int(angaben.get("Span", 0)), LETZTE_SPALTE)
            if angaben.get("Hidden") == "1" or angaben.get("Width") == "0":
                spalten.update(range(stelle, bis + 1))
            stelle = bis + 1
        nr = 0
        for zeile in _kinder(tabelle, "Row"):
            angaben = _attribute(zeile)
            nr = int(angaben.get("Index", nr + 1))
            if nr > LETZTE_ZEILE:
                raise ValueError(nr)
            felder = _felder(zeile, nr, in_prozent, lesen, verbundene)
            zeilen.append((nr, felder, angaben.get("Hidden") == "1" or angaben.get("Height") == "0"))
            nr += int(angaben.get("Span", 0))
    name = _attribute(blatt).get("Name", "")
    return Rohblatt(
        name, (sichtbar or "").startswith("Sheet"),
        lambda: Folge([(n, list(felder), weg) for n, felder, weg in zeilen], spalten), lambda: verbundene,
    )  # fmt: skip


def _felder(
    zeile: ElementTree.Element, nr: int, in_prozent: set[str], lesen: LesenMappe, verbundene: list[Bereich]
) -> list[Any]:
    felder: list[Any] = []
    for zelle in _kinder(zeile, "Cell"):
        angaben = _attribute(zelle)
        stelle = int(angaben.get("Index", len(felder) + 1)) - 1
        if not len(felder) <= stelle < LETZTE_SPALTE:
            raise ValueError(stelle)
        rechts, unten = (min(int(angaben.get(n, 0)), LETZTE_SPALTE) for n in ("MergeAcross", "MergeDown"))
        if rechts or unten:
            verbundene.append((nr, stelle, nr + unten, stelle + rechts))
        inhalt = _inhalt(zelle, angaben, in_prozent, lesen)
        felder += [*([None] * (stelle - len(felder))), inhalt, *([None] * rechts)]
    return felder


def _inhalt(
    zelle: ElementTree.Element, angaben: dict[str, str], in_prozent: set[str], lesen: LesenMappe
) -> Any:
    if "Formula" in angaben and lesen.formeln == "fehler":
        return Formel(angaben["Formula"])
    daten = next(iter(_kinder(zelle, "Data")), None)
    if daten is None:
        return None
    text, art = gezeichnet(_stuecke(daten)), _attribute(daten).get("Type")
    if art == "Number":
        zahl = float(text)
        wert = int(zahl) if zahl.is_integer() and abs(zahl) < 1e15 else zahl
        gezeigt = angaben.get("StyleID") in in_prozent and lesen.prozent != "anteil" and wert
        return Prozentzelle(wert, lesen.prozent == "prozentwert") if gezeigt else wert
    if art == "DateTime":
        return datetime.fromisoformat(text)
    return text == "1" if art == "Boolean" else text or None


def _stuecke(
    element: ElementTree.Element, hoch: bool = False, strich: bool = False, davor: str = ""
) -> list[tuple[str, bool, bool]]:
    name, strich = _kurz(element.tag), strich or _kurz(element.tag) == "S"
    hoch = hoch or abgesetzt(davor, name == "Sub", name == "Sup")
    stuecke = [(element.text or "", hoch, strich)]
    for kind in element:
        stuecke += _stuecke(kind, hoch, strich, stuecke[-1][0])
        stuecke.append((kind.tail or "", hoch, strich))
    return stuecke
