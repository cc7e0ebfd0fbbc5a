"""Altes Excel (BIFF 2 bis 8) über xlrd; Formeln erscheinen dort nur als gespeicherte Ergebnisse."""

from __future__ import annotations

import io
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from typing import Any

from berichtswerk.daten.lesen import LesenMappe, Prozent
from berichtswerk.daten.leser.grund import Prozentzelle
from berichtswerk.daten.leser.ooxml import ist_prozent
from berichtswerk.daten.leser.rohblatt import (
    Bereich,
    Folge,
    Rohblatt,
    Rohzeile,
    abgesetzt,
    gezeichnet,
    mit_schrift,
)

_FEHLER = {0: "#NULL!", 7: "#DIV/0!", 15: "#WERT!", 23: "#BEZUG!", 29: "#NAME?", 36: "#ZAHL!", 42: "#NV"}


class Kennwort(Exception):
    """Die Mappe ist verschlüsselt."""


def blaetter(pfad: Path, lesen: LesenMappe) -> list[Rohblatt]:
    """Alle Blätter.

    Raises:
        Kennwort: verschlüsselt.
    """
    xlrd: Any = import_module("xlrd")
    try:
        mappe = xlrd.open_workbook(pfad, logfile=io.StringIO(), formatting_info=True)
    except xlrd.XLRDError as fehler:
        if "encrypted" in str(fehler).lower():
            raise Kennwort from None
        raise
    return [_blatt(mappe, nummer, lesen.prozent) for nummer in range(mappe.nsheets)]


def _blatt(mappe: Any, nummer: int, prozent: Prozent) -> Rohblatt:
    blatt = mappe.sheet_by_index(nummer)
    bereiche: list[Bereich] = [(oben + 1, links, unten, rechts - 1)
                               for oben, unten, links, rechts in blatt.merged_cells]  # fmt: skip
    spalten = {stelle for stelle, info in blatt.colinfo_map.items() if info.hidden or info.width == 0}

    def zeilen() -> Folge:
        return Folge((_zeile(mappe, blatt, nr, prozent) for nr in range(blatt.nrows)), spalten)

    return Rohblatt(blatt.name, bool(blatt.visibility), zeilen, lambda: bereiche)


def _zeile(mappe: Any, blatt: Any, nr: int, prozent: Prozent) -> Rohzeile:
    info = blatt.rowinfo_map.get(nr)
    laeufe = blatt.rich_text_runlist_map
    felder = [_gezeichnet(mappe, z, laeufe.get((nr, n)), prozent) for n, z in enumerate(blatt.row(nr))]
    return nr + 1, felder, bool(info is not None and info.hidden)


def _gezeichnet(mappe: Any, zelle: Any, laeufe: Any, prozent: Prozent) -> Any:
    """Der Inhalt mit Hochgestelltem und Durchgestrichenem."""
    wert = xls_inhalt(mappe, zelle, prozent)
    if wert is None or not _hat_stil(mappe, zelle):
        return wert
    grund = mappe.xf_list[zelle.xf_index].font_index
    if laeufe:
        text = str(wert)
        grenzen = [(0, grund), *laeufe, (len(text), grund)]
        stuecke = []
        for (von, nummer), (bis, _) in pairwise(grenzen):
            lage, strich = _schrift(mappe, nummer)
            hoch = nummer != grund and abgesetzt(text[:von], lage == _TIEF, lage == _HOCH)
            stuecke.append((text[von:bis], hoch, strich))
        return gezeichnet(stuecke)
    lage, strich = _schrift(mappe, grund)
    return mit_schrift(wert, strich, lage in {_HOCH, _TIEF})


def _hat_stil(mappe: Any, zelle: Any) -> bool:
    """Sehr alte Mappen haben nicht zu jeder Zelle ein Format."""
    return zelle.xf_index is not None and zelle.xf_index < len(mappe.xf_list)


_HOCH, _TIEF = 1, 2


def _schrift(mappe: Any, nummer: int) -> tuple[int, bool]:
    """Ob eine Schrift hoch- oder tiefgestellt und ob sie durchgestrichen ist."""
    if nummer >= len(mappe.font_list):
        return 0, False
    schrift = mappe.font_list[nummer]
    return schrift.escapement, bool(schrift.struck_out)


def xls_inhalt(mappe: Any, zelle: Any, prozent: Prozent) -> Any:
    """Der Inhalt einer Zelle aus xlrd: Zahl, Text, Tag, Wahrheitswert, Fehlerzeichen oder nichts."""
    xlrd: Any = import_module("xlrd")
    match zelle.ctype:
        case xlrd.XL_CELL_DATE:
            try:
                inhalt = xlrd.xldate_as_datetime(zelle.value, mappe.datemode)
            except (ValueError, OverflowError):
                inhalt = zelle.value
        case xlrd.XL_CELL_BOOLEAN:
            inhalt = bool(zelle.value)
        case xlrd.XL_CELL_ERROR:
            inhalt = _FEHLER.get(zelle.value, "#FEHLER")
        case xlrd.XL_CELL_NUMBER:
            form = mappe.xf_list[zelle.xf_index].format_key if _hat_stil(mappe, zelle) else None
            muster = mappe.format_map.get(form)
            in_prozent = muster is not None and ist_prozent(muster.format_str)
            gezeigt = in_prozent and prozent != "anteil" and zelle.value != 0
            inhalt = Prozentzelle(zelle.value, prozent == "prozentwert") if gezeigt else zelle.value
        case xlrd.XL_CELL_EMPTY | xlrd.XL_CELL_BLANK:
            inhalt = None
        case _:
            inhalt = zelle.value
    return inhalt
