"""Binäre Arbeitsmappen (xlsb): Werte über python-calamine, Formate und Verstecktes aus den Sätzen.

calamine gibt Werte, aber nicht, ob eine Zahl in Prozent gezeigt wird, ob eine Formel dasteht, was versteckt,
verbunden oder durchgestrichen ist. Das steht in den Sätzen [MS-XLSB] des Blattes: Nummer, Länge, Inhalt.
"""

from __future__ import annotations

import posixpath
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from berichtswerk.daten.lesen import LesenMappe
from berichtswerk.daten.leser.grund import Formel, Prozentzelle
from berichtswerk.daten.leser.ooxml import ist_prozent
from berichtswerk.daten.leser.rohblatt import Bereich, Folge, Rohblatt, Rohzeile, mit_schrift

_ZEILE, _ZELLEN, _FORMELN, _SPALTE, _VERBUND = 0, range(1, 12), range(8, 12), 60, 176
_FORMAT, _SCHRIFT, _XF, _XF_BEGINN, _XF_ENDE, _BLATT = 44, 43, 47, 617, 618, 156


def _saetze(inhalt: bytes) -> Iterator[tuple[int, bytes]]:
    """Nummer und Inhalt aller Sätze eines Teils."""
    stelle = 0
    while stelle < len(inhalt):
        nummer, stelle = _zahl(inhalt, stelle, 2)
        laenge, stelle = _zahl(inhalt, stelle, 4)
        yield nummer, inhalt[stelle : stelle + laenge]
        stelle += laenge


def _zahl(inhalt: bytes, stelle: int, hoechstens: int) -> tuple[int, int]:
    zahl = 0
    for n in range(hoechstens):
        byte = inhalt[stelle]
        stelle += 1
        zahl |= (byte & 0x7F) << (7 * n)
        if not byte & 0x80:
            break
    return zahl, stelle


def _text(inhalt: bytes, stelle: int) -> str:
    (laenge,) = struct.unpack_from("<I", inhalt, stelle)
    return inhalt[stelle + 4 : stelle + 4 + 2 * laenge].decode("utf-16-le", "replace")


@dataclass
class _Formate:
    """Welche Zellformate Prozent zeigen, welche durchgestrichen, hoch- oder tiefgestellt sind."""

    prozent: list[bool] = field(default_factory=list)
    schrift: list[tuple[bool, bool]] = field(default_factory=list)
    """durchgestrichen, hoch- oder tiefgestellt"""

    @classmethod
    def aus(cls, inhalt: bytes) -> _Formate:
        """Aus ``styles.bin``."""
        formate, schriften, selbst, in_zellen = {9: "0%", 10: "0.00%"}, [], cls(), False
        for nummer, satz in _saetze(inhalt):
            if nummer == _FORMAT:
                formate[struct.unpack_from("<H", satz)[0]] = _text(satz, 2)
            elif nummer == _SCHRIFT:
                schalter, _, lage = struct.unpack_from("<HHH", satz, 2)
                schriften.append((bool(schalter & 0x08), lage in {1, 2}))
            elif nummer in {_XF_BEGINN, _XF_ENDE}:
                in_zellen = nummer == _XF_BEGINN
            elif nummer == _XF and in_zellen:
                form, schrift = struct.unpack_from("<HH", satz, 2)
                selbst.prozent.append(ist_prozent(formate.get(form, "General")))
                selbst.schrift.append(schriften[schrift] if schrift < len(schriften) else (False, False))
        return selbst


@dataclass
class _Sicht:
    """Was an einem Blatt zu sehen ist und calamine nicht sagt; Zeilen ab 1, Spalten ab 0."""

    zeilen: set[int] = field(default_factory=set)
    spalten: set[int] = field(default_factory=set)
    verbundene: list[Bereich] = field(default_factory=list)
    formeln: set[tuple[int, int]] = field(default_factory=set)
    stil: dict[tuple[int, int], int] = field(default_factory=dict)

    @classmethod
    def aus(cls, inhalt: bytes) -> _Sicht:
        """Aus den Sätzen eines Blattes."""
        selbst, nr = cls(), 0
        for nummer, satz in _saetze(inhalt):
            if nummer == _ZEILE:
                nr = struct.unpack_from("<I", satz)[0] + 1
                if satz[11] & 0x10:
                    selbst.zeilen.add(nr)
            elif nummer in _ZELLEN:
                stelle, stil = struct.unpack_from("<II", satz)
                selbst.stil[nr, stelle] = stil & 0xFFFFFF
                if nummer in _FORMELN:
                    selbst.formeln.add((nr, stelle))
            elif nummer == _SPALTE:
                von, bis, breite, _, schalter = struct.unpack_from("<IIIIH", satz)
                if schalter & 1 or not breite:
                    selbst.spalten.update(range(von, min(bis, 1 << 14) + 1))
            elif nummer == _VERBUND:
                oben, unten, links, rechts = struct.unpack_from("<IIII", satz)
                selbst.verbundene.append((oben + 1, links, unten + 1, rechts))
        return selbst


class Mappe:
    """Eine binäre Arbeitsmappe."""

    def __init__(self, pfad: Path, lesen: LesenMappe) -> None:
        """Öffnet sie; wirft bei kaputten Dateien sehr Verschiedenes."""
        calamine: Any = import_module("python_calamine")
        self._mappe, self._lesen = calamine.CalamineWorkbook.from_path(str(pfad)), lesen
        with zipfile.ZipFile(pfad) as paket:
            bezuege = ElementTree.fromstring(paket.read("xl/_rels/workbook.bin.rels"))
            ziele = {e.get("Id"): posixpath.normpath(posixpath.join("/xl", str(e.get("Target")))).lstrip("/")
                     for e in bezuege}  # fmt: skip
            self._teile: dict[str, tuple[bool, bytes]] = {}
            for nummer, satz in _saetze(paket.read("xl/workbook.bin")):
                if nummer == _BLATT:
                    bezug = _text(satz, 8)
                    name = _text(satz, 12 + 2 * len(bezug))
                    self._teile[name] = bool(satz[0] & 3), paket.read(ziele[bezug])
            stile = "xl/styles.bin"
            self._formate = _Formate.aus(paket.read(stile)) if stile in paket.namelist() else _Formate()

    def blaetter(self) -> list[Rohblatt]:
        """Alle Tabellenblätter in ihrer Reihenfolge."""
        return [self._blatt(name) for name in self._teile if name in self._mappe.sheet_names]

    def _blatt(self, name: str) -> Rohblatt:
        versteckt, inhalt = self._teile[name]
        sicht = _Sicht.aus(inhalt)
        return Rohblatt(name, versteckt, lambda: Folge(self._zeilen(name, sicht), sicht.spalten),
                        lambda: sicht.verbundene)  # fmt: skip

    def _zeilen(self, name: str, sicht: _Sicht) -> Iterator[Rohzeile]:
        for nr, werte in enumerate(
            self._mappe.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1
        ):
            felder = [self._inhalt(wert, (nr, stelle), sicht) for stelle, wert in enumerate(werte)]
            yield nr, felder, nr in sicht.zeilen

    def _inhalt(self, wert: Any, platz: tuple[int, int], sicht: _Sicht) -> Any:
        if platz in sicht.formeln and self._lesen.formeln == "fehler":
            return Formel("=…")
        if wert == "" or wert is None:
            return None
        stil, formate = sicht.stil.get(platz, 0), self._formate
        ist_zahl = isinstance(wert, int | float) and not isinstance(wert, bool)
        in_prozent = stil < len(formate.prozent) and formate.prozent[stil]
        if in_prozent and ist_zahl and wert != 0 and self._lesen.prozent != "anteil":
            wert = Prozentzelle(wert, self._lesen.prozent == "prozentwert")
        elif isinstance(wert, date) and not isinstance(wert, datetime):
            wert = datetime(wert.year, wert.month, wert.day)
        elif isinstance(wert, float) and wert.is_integer() and abs(wert) < 1e15:
            wert = int(wert)
        return mit_schrift(wert, *formate.schrift[stil]) if stil < len(formate.schrift) else wert
