"""Alte Excel-Dateien (xls): über xlrd; Formeln erscheinen dort nur als gespeicherte Ergebnisse."""

from __future__ import annotations

import io
from collections.abc import Iterator
from importlib import import_module
from typing import Any

from berichtswerk.daten.leser.grund import Blatt, Leseauftrag, Prozent, Zeile, mit_prozent
from berichtswerk.daten.leser.verbund import Bereich, Verbund
from berichtswerk.daten.leser.xlsx import prozentangabe, ungueltig, waehle

_FEHLER = {0: "#NULL!", 7: "#DIV/0!", 15: "#WERT!", 23: "#BEZUG!", 29: "#NAME?", 36: "#ZAHL!", 42: "#NV"}


def lies_xls(auftrag: Leseauftrag) -> Iterator[Blatt]:
    """Die gewählten Blätter einer xls-Datei.

    Raises:
        BerichtswerkFehler: keine lesbare Arbeitsmappe (auch: mit Kennwort), Blatt fehlt.
    """
    xlrd: Any = import_module("xlrd")
    try:
        mappe = xlrd.open_workbook(auftrag.pfad, logfile=io.StringIO(), formatting_info=True)
    except Exception:  # xlrd wirft bei kaputten Dateien sehr Verschiedenes
        raise ungueltig(
            auftrag, "Die alte Excel-Datei ist beschädigt oder mit einem Kennwort geschützt."
        ) from None
    namen = mappe.sheet_names()
    for nummer in waehle(auftrag, namen):
        yield _blatt(mappe, nummer, namen[nummer], prozentangabe(auftrag))


def _blatt(mappe: Any, nummer: int, name: str, prozent: Prozent) -> Blatt:
    blatt = mappe.sheet_by_index(nummer)
    bereiche: list[Bereich] = [(oben + 1, links, unten, rechts - 1)
                               for oben, unten, links, rechts in blatt.merged_cells]  # fmt: skip

    def zeilen() -> Iterator[Zeile]:
        verbund = Verbund(bereiche)
        for nr in range(blatt.nrows):
            felder = [_inhalt(mappe, zelle, prozent) for zelle in blatt.row(nr)]
            yield Zeile(nr + 1, verbund.fuelle(nr + 1, felder))

    return Blatt(name, zeilen, tabellenkalkulation=True)


def _inhalt(mappe: Any, zelle: Any, prozent: Prozent) -> Any:
    xlrd: Any = import_module("xlrd")
    if zelle.ctype == xlrd.XL_CELL_DATE:
        try:
            return xlrd.xldate_as_datetime(zelle.value, mappe.datemode)
        except (ValueError, OverflowError):
            return zelle.value
    if zelle.ctype == xlrd.XL_CELL_BOOLEAN:
        return bool(zelle.value)
    if zelle.ctype == xlrd.XL_CELL_ERROR:
        return _FEHLER.get(zelle.value, "#FEHLER")
    if zelle.ctype == xlrd.XL_CELL_NUMBER:
        muster = mappe.format_map.get(mappe.xf_list[zelle.xf_index].format_key)
        return mit_prozent(zelle.value, muster.format_str if muster else "", prozent)
    return None if zelle.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) else zelle.value
