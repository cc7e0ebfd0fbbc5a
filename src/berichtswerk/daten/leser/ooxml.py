"""Arbeitsmappen nach ECMA-376 (xlsx, xlsm), auch „Strict“: aus dem XML gelesen, in einem Durchgang je Blatt.

Nur so kommen Wert, Formel, Zahlenformat, Hochgestelltes, Durchgestrichenes und Verstecktes zusammen an; keine
Bibliothek gibt sie alle. Namensräume zählen nicht, nur die Namen der Elemente: „Strict“ unterscheidet sich
sonst in nichts. Von openpyxl stammt, was Zahlenformate und Tage bedeuten.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from berichtswerk.daten.lesebericht import BEISPIELE
from berichtswerk.daten.lesen import LesenMappe
from berichtswerk.daten.leser.grund import Formel, Gezeichnet, Prozentzelle, buchstabe
from berichtswerk.daten.leser.rohblatt import Bereich, Rohblatt, Rohzeile, abgesetzt, gezeichnet, mit_schrift

_WOERTLICH = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
"""Teile eines Zahlenformats ohne Wirkung auf die Zahl: Text, einzelne Zeichen, Farbe, Abstand."""
LETZTE_ZEILE, LETZTE_SPALTE = 1 << 20, 1 << 14
"""Mehr Zeilen und Spalten kann ein Blatt nicht haben."""
_VERBUND = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)"')
_STUECK, _UEBERLAPP = 1 << 20, 200


@dataclass(frozen=True)
class Stil:
    """Was an einem Zellformat die Bedeutung ändert."""

    prozent: bool = False
    tag: bool = False
    dauer: bool = False
    gestrichen: bool = False
    hoch: bool = False
    einzug: int = 0
    skaliert: bool = False


def _name(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2]


def _alle(wurzel: ElementTree.Element, name: str) -> Iterator[ElementTree.Element]:
    return (element for element in wurzel.iter() if _name(element) == name)


def _an(element: ElementTree.Element | None) -> bool:
    """Ob ein Schalter wie ``<strike/>`` gesetzt ist."""
    return element is not None and element.get("val", "1") not in {"0", "false"}


class Mappe:
    """Die Teile des Pakets, die für alle Blätter gelten."""

    def __init__(self, pfad: Path, lesen: LesenMappe) -> None:
        """Liest Verzeichnis, Texte und Formate; wirft bei kaputtem XML sehr Verschiedenes."""
        self._pfad, self._lesen = pfad, lesen
        with zipfile.ZipFile(pfad) as paket:
            haupt = next(
                (ziel for art, ziel, _ in _bezuege(paket, "") if art == "officeDocument"), "xl/workbook.xml"
            )
            bezuege = _bezuege(paket, haupt)
            wurzel = ElementTree.fromstring(paket.read(haupt))
            eigenschaften = next(_alle(wurzel, "workbookPr"), None)
            self._ab_1904 = eigenschaften is not None and eigenschaften.get("date1904") in {"1", "true"}
            teile = {nummer: ziel for art, ziel, nummer in bezuege if art == "worksheet"}
            je_art = {art: ziel for art, ziel, _ in bezuege}
            self._texte = _lies_texte(paket, je_art.get("sharedStrings", ""))
            self._stile = _lies_stile(paket, je_art.get("styles", ""))
        self._blaetter = [
            (str(e.get("name")), e.get("state", "visible") != "visible", teile[nummer])
            for e in _alle(wurzel, "sheet")
            if (nummer := next((w for n, w in e.attrib.items() if n.endswith("}id")), "")) in teile
        ]

    def blaetter(self) -> list[Rohblatt]:
        """Alle Tabellenblätter in ihrer Reihenfolge; Diagrammblätter zählen nicht."""
        return [
            Rohblatt(name, versteckt, lambda t=teil: Zeilen(self._pfad, t, self, self._lesen),  # type: ignore[misc]
                     lambda t=teil: _verbundene(self._pfad, t))  # type: ignore[misc]
            for name, versteckt, teil in self._blaetter
        ]  # fmt: skip

    def text(self, nummer: int) -> str:
        """Ein gemeinsamer Text."""
        return self._texte[nummer]

    def stil(self, nummer: int) -> Stil:
        """Ein Zellformat."""
        return self._stile[nummer] if nummer < len(self._stile) else Stil()

    def tag(self, zahl: float, dauer: bool) -> Any:
        """Tag oder Dauer zu einer gespeicherten Zahl; ``#VALUE!``, wenn es keinen gibt."""
        from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

        try:
            return from_excel(zahl, MAC_EPOCH if self._ab_1904 else WINDOWS_EPOCH, timedelta=dauer)
        except (OverflowError, ValueError):
            return "#VALUE!"


def _bezuege(paket: zipfile.ZipFile, teil: str) -> list[tuple[str, str, str]]:
    """Art, Ziel und Nummer der Teile, auf die ein Teil verweist."""
    ordner, name = posixpath.split(teil)
    datei = posixpath.join(ordner, "_rels", f"{name}.rels")
    if datei not in paket.namelist():
        return []
    return [
        (str(e.get("Type")).rpartition("/")[2],
         posixpath.normpath(posixpath.join("/", ordner, str(e.get("Target")))).lstrip("/"), str(e.get("Id")))
        for e in _alle(ElementTree.fromstring(paket.read(datei)), "Relationship")
    ]  # fmt: skip


def _lies_texte(paket: zipfile.ZipFile, teil: str) -> list[str]:
    if teil not in paket.namelist():
        return []
    texte: list[str] = []
    with paket.open(teil) as datei:
        for _, element in ElementTree.iterparse(datei):
            if _name(element) == "si":
                texte.append(_text(element))
                element.clear()
    return texte


def _text(element: ElementTree.Element) -> str:
    """Der Text eines ``si`` oder ``is``: schlicht oder aus Stücken mit eigener Schrift."""
    if len(element) == 1 and len(element[0]) == 0:
        return element[0].text or ""
    stuecke: list[tuple[str, bool, bool]] = []
    for kind in element:
        if (name := _name(kind)) == "t":
            stuecke.append((kind.text or "", False, False))
        elif name == "r":
            teile = {_name(e): e for e in kind.iter()}
            lage = teile["vertAlign"].get("val") if "vertAlign" in teile else ""
            inhalt = teile["t"].text or "" if "t" in teile else ""
            davor = stuecke[-1][0] if stuecke else ""
            hoch = abgesetzt(davor, lage == "subscript", lage == "superscript")
            stuecke.append((inhalt, hoch, _an(teile.get("strike"))))
    return gezeichnet(stuecke)


def _lies_stile(paket: zipfile.ZipFile, teil: str) -> list[Stil]:
    if teil not in paket.namelist():
        return []
    wurzel = ElementTree.fromstring(paket.read(teil))
    formate = {int(e.get("numFmtId", 0)): e.get("formatCode", "") for e in _alle(wurzel, "numFmt")}
    schriften = [
        (any(_name(e) == "strike" and _an(e) for e in schrift),
         any(_name(e) == "vertAlign" and e.get("val") != "baseline" for e in schrift))
        for liste in _alle(wurzel, "fonts") for schrift in liste
    ]  # fmt: skip
    return [_stil(xf, formate, schriften) for liste in _alle(wurzel, "cellXfs") for xf in liste]


def _stil(xf: ElementTree.Element, formate: dict[int, str], schriften: list[tuple[bool, bool]]) -> Stil:
    from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

    nummer, schrift = int(xf.get("numFmtId", 0)), int(xf.get("fontId", 0))
    form = formate.get(nummer) or BUILTIN_FORMATS.get(nummer, "General")
    ausrichtung = next(_alle(xf, "alignment"), None)
    return Stil(
        ist_prozent(form), is_date_format(form), is_timedelta_format(form),
        *(schriften[schrift] if schrift < len(schriften) else (False, False)),
        int(ausrichtung.get("indent", 0)) if ausrichtung is not None else 0,
        ist_skaliert(form),
    )  # fmt: skip


@cache
def ist_skaliert(zahlenformat: str) -> bool:
    """Zeigt das Format Tausend oder Millionen (``#,##0,``)? Ein Komma am Ende teilt durch 1000."""
    return bool(re.search(r"[0#?],+(?![0#?,])", _WOERTLICH.sub("", zahlenformat)))


@cache
def ist_prozent(zahlenformat: str) -> bool:
    """Rechnet das Format mal hundert? Ein Prozentzeichen als bloßer Text (``0" %"``) tut das nicht."""
    return "%" in _WOERTLICH.sub("", zahlenformat)


class Zeilen:
    """Die Zeilen eines Blattes (``row``, ``c``, ``v``, ``f``, ``is``), strömend."""

    def __init__(self, pfad: Path, teil: str, mappe: Mappe, lesen: LesenMappe) -> None:
        self._pfad, self._teil, self._mappe = pfad, teil, mappe
        self._gespeichert, self._prozent = lesen.formeln == "gespeicherter_wert", lesen.prozent
        self.versteckte_spalten: set[int] = set()
        self._stellen: dict[str, int] = {}
        self._geteilte: dict[str, tuple[str, str]] = {}
        self._stile: dict[str, Stil] = {}
        self._skalierte = 0
        self._beispiele: list[str] = []
        self._wert_tag = self._formel_tag = self._text_tag = ""

    @property
    def skaliert(self) -> tuple[int, list[str]]:
        """Wie viele Zahlen in Tausend oder Millionen gezeigt werden, und die ersten."""
        return self._skalierte, self._beispiele

    def __iter__(self) -> Iterator[Rohzeile]:
        """Alle vorhandenen Zeilen der Reihe nach."""
        vorige = 0
        with zipfile.ZipFile(self._pfad) as paket, paket.open(self._teil) as datei:
            zeile = spalte = ""
            for _, element in ElementTree.iterparse(datei):
                tag = element.tag
                if not zeile:
                    raum = tag.rpartition("}")[0] + "}"
                    zeile, spalte = raum + "row", raum + "col"
                    self._wert_tag, self._formel_tag, self._text_tag = raum + "v", raum + "f", raum + "is"
                if tag == spalte and _versteckt(element, "width"):
                    bis = min(int(element.get("max", 0)), LETZTE_SPALTE)
                    self.versteckte_spalten.update(range(int(element.get("min", 1)) - 1, bis))
                elif tag == zeile:
                    nr = int(float(element.get("r") or vorige + 1))
                    if not vorige < nr <= LETZTE_ZEILE:
                        raise ValueError(nr)
                    vorige = nr
                    yield nr, self._felder(element, nr), _versteckt(element, "ht")
                    element.clear()

    def _felder(self, zeile: ElementTree.Element, nr: int) -> list[Any]:
        felder: list[Any] = []
        for zelle in zeile:
            platz = zelle.get("r")
            stelle = len(felder) if platz is None else self._stelle(platz)
            if stelle >= LETZTE_SPALTE:
                raise ValueError(platz)
            if stelle > len(felder):
                felder.extend([None] * (stelle - len(felder)))
            inhalt = self._inhalt(zelle, platz or f"{buchstabe(stelle)}{nr}")
            if stelle < len(felder):
                felder[stelle] = inhalt
            else:
                felder.append(inhalt)
        return felder

    def _stelle(self, platz: str) -> int:
        buchstaben = platz.rstrip("0123456789")
        if (stelle := self._stellen.get(buchstaben)) is None:
            stelle = self._stellen[buchstaben] = spaltennummer(buchstaben)
        return stelle

    def _inhalt(self, zelle: ElementTree.Element, platz: str) -> Any:
        wert = formel = inline = None
        for kind in zelle:
            tag = kind.tag
            if tag == self._wert_tag:
                wert = kind.text or None
            elif tag == self._formel_tag:
                formel = kind
            elif tag == self._text_tag:
                inline = kind
        if formel is not None and (wert is None or not self._gespeichert):
            return Formel(self._formeltext(formel, platz), ohne_ergebnis=self._gespeichert)
        if wert is None and inline is None:
            return None
        art, nummer = zelle.get("t", "n"), zelle.get("s", "0")
        if (stil := self._stile.get(nummer)) is None:
            stil = self._stile[nummer] = self._mappe.stil(int(nummer))
        inhalt = self._wert(wert, inline, art, stil)
        return mit_schrift(inhalt, stil.gestrichen, stil.hoch) if stil.gestrichen or stil.hoch else inhalt

    def _wert(self, wert: str | None, inline: ElementTree.Element | None, art: str, stil: Stil) -> Any:
        """Zahl, Text, Wahrheitswert, Tag; Fehlerzeichen bleiben, wie sie dastehen."""
        if art == "inlineStr" or wert is None:
            return None if inline is None else _eingerueckt(_text(inline), stil.einzug)
        if art == "n":
            return self._zahl(wert, stil)
        if art in {"s", "str"}:
            return _eingerueckt(self._mappe.text(int(wert)) if art == "s" else wert, stil.einzug)
        if art == "d":
            return datetime.fromisoformat(wert)
        return bool(int(wert)) if art == "b" else wert

    def _zahl(self, text: str, stil: Stil) -> Any:
        zahl = float(text) if "." in text or "E" in text or "e" in text else int(text)
        if stil.tag:
            return self._mappe.tag(zahl, stil.dauer)
        if stil.skaliert and zahl:
            self._skalierte += 1
            if len(self._beispiele) < BEISPIELE:
                self._beispiele.append(str(zahl))
        if stil.prozent and self._prozent != "anteil" and zahl != 0:
            return Prozentzelle(zahl, self._prozent == "prozentwert")
        return zahl

    def _formeltext(self, formel: ElementTree.Element, platz: str) -> str:
        inhalt, nummer = formel.text or "", formel.get("si", "")
        if formel.get("t") == "shared" and inhalt:
            self._geteilte.setdefault(nummer, ("=" + inhalt, platz))
        elif formel.get("t") == "shared" and nummer in self._geteilte:
            from openpyxl.formula.translate import Translator

            return str(Translator(*self._geteilte[nummer]).translate_formula(platz))
        return "=" + (inhalt or "…")


UNSICHTBAR = 0.3
"""Schmaler oder niedriger ist eine Spalte oder Zeile nicht zu sehen."""


def _versteckt(element: ElementTree.Element, mass: str) -> bool:
    if element.get("hidden") in {"1", "true"}:
        return True
    groesse = element.get(mass)
    return groesse is not None and float(groesse) < UNSICHTBAR


def _eingerueckt(text: str, einzug: int) -> str:
    return text if not einzug or isinstance(text, Gezeichnet) else " " * einzug + text


def _verbundene(mappe: Path, teil: str) -> list[Bereich]:
    """Durchsucht das XML eines Blattes stückweise nach verbundenen Zellen (sie stehen hinter den Zeilen)."""
    bereiche: dict[Bereich, None] = {}
    with zipfile.ZipFile(mappe) as paket, paket.open(teil) as datei:
        rest = b""
        while stueck := datei.read(_STUECK):
            rest += stueck
            for treffer in _VERBUND.finditer(rest):
                links, oben, rechts, unten = (t.decode("ascii") for t in treffer.groups())
                bereiche[(int(oben), spaltennummer(links), int(unten), spaltennummer(rechts))] = None
            rest = rest[-_UEBERLAPP:]
    return list(bereiche)


def spaltennummer(buchstaben: str) -> int:
    """Stelle ab 0 zu einem Spaltenbuchstaben (A → 0).

    Raises:
        ValueError: keine Buchstaben oder zu viele.
    """
    if not 1 <= len(buchstaben) <= 3:
        raise ValueError(buchstaben)
    stelle = 0
    for zeichen in buchstaben:
        stelle = stelle * 26 + ord(zeichen) - 64
    return stelle - 1
