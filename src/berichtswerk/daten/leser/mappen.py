"""Tabellenkalkulation: ``xlsx`` (xlsx, xlsm, altes xls) und ``inkar`` (dasselbe oder CSV).

Gelesen wird strömend und nur lesend; Formeln und Makros werden nie ausgeführt. Zahlenzellen gelten, wie sie
gespeichert sind (ohne Zahlenformat), außer Prozent: darüber entscheidet ``prozent``. Text wird nach
``zahlform`` gelesen. Arbeitsmappe, Texte und Formate liest openpyxl; die Zellen selbst liest dieses Modul
aus dem XML des Blattes, weil Wert und Formel so in einem Durchgang kommen und Millionen Zellobjekte
entfallen.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from berichtswerk.daten.lesen import LesenMappe, Prozent
from berichtswerk.daten.leser import text
from berichtswerk.daten.leser.grund import (
    ARTNAME,
    Blatt,
    DateiLeer,
    DateiZuGross,
    Formel,
    Leseauftrag,
    Prozentzelle,
    Verbunden,
    Zeile,
    buchstabe,
    dateiart,
)
from berichtswerk.daten.muster import regel
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, vorschlag

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

ENTPACKT = 20
"""So viel Mal größer als ``grenze_mb`` darf der entpackte Inhalt sein."""
_WOERTLICH = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
"""Teile eines Zahlenformats ohne Wirkung auf die Zahl: Text, einzelne Zeichen, Farbe, Abstand."""
LETZTE_ZEILE = 1 << 20
"""Mehr Zeilen kann ein Blatt nicht haben."""


class XlsxUngueltig(Befundart):
    text = "Die Datei ist keine lesbare Excel-Arbeitsmappe."
    ursache = "{grund}"
    abhilfe = (
        "Öffnen Sie die Datei in Excel und speichern Sie sie als „Excel-Arbeitsmappe (*.xlsx)“ ohne "
        "Kennwort, oder fordern Sie sie neu an."
    )


class MappeZuGross(DateiZuGross):
    text = "Entpackt hat die Arbeitsmappe {groesse} MB; gelesen werden höchstens {grenze} MB."
    ursache = ""
    abhilfe = "Löschen Sie überflüssige Blätter oder fordern Sie einen Auszug an."


class BlattFehlt(Befundart):
    text = "Das Tabellenblatt „{blatt}“ gibt es nicht."
    ursache = "Die Arbeitsmappe hat {anzahl}."
    abhilfe = "{vorschlag}"
    feld = "lesen.blatt"


def lies_inkar(auftrag: Leseauftrag) -> Iterator[Blatt]:
    """INKAR (BBSR) als CSV, xls oder xlsx; die Art der Datei wird an ihrem Inhalt erkannt.

    Zwei Kopfzeilen: Indikator (über mehrere Jahre), Jahr; links Kennziffer, Raumeinheit, Aggregat.
    """
    return lies(auftrag) if dateiart(auftrag.pfad) in {"xls", "xlsx"} else text.lies(auftrag)


def lies(auftrag: Leseauftrag) -> Iterator[Blatt]:
    """Die gewählten Blätter.

    Raises:
        BerichtswerkFehler: keine Arbeitsmappe, leer, Blatt fehlt.
    """
    art = dateiart(auftrag.pfad)
    if art == "leer":
        raise auftrag.sammler.halt(DateiLeer)
    if art == "xls":
        yield from _lies_xls(auftrag)
        return
    if art != "xlsx":
        raise _ungueltig(auftrag, f"Die Datei ist {ARTNAME[art]}, auch wenn sie anders heißt.")
    _pruefe_paket(auftrag)
    mappe = _oeffne(auftrag)
    try:
        for nummer in _waehle(auftrag, [blatt.title for blatt in mappe.worksheets]):
            yield _blatt(auftrag, mappe, nummer)
    finally:
        mappe.close()


def _lesen(auftrag: Leseauftrag) -> LesenMappe:
    lesen = auftrag.quelle.lesen
    assert isinstance(lesen, LesenMappe)
    return lesen


def _ungueltig(auftrag: Leseauftrag, grund: str) -> BerichtswerkFehler:
    return auftrag.sammler.halt(XlsxUngueltig, grund=grund)


def _pruefe_paket(auftrag: Leseauftrag) -> None:
    try:
        with zipfile.ZipFile(auftrag.pfad) as paket:
            namen = set(paket.namelist())
            entpackt = sum(eintrag.file_size for eintrag in paket.infolist())
            defekt = paket.testzip() if entpackt < 200_000_000 else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        grund = "Das ZIP-Paket der Arbeitsmappe ist beschädigt oder unvollständig."
        raise _ungueltig(auftrag, grund) from None
    if defekt:
        raise _ungueltig(auftrag, "Das ZIP-Paket der Arbeitsmappe ist beschädigt (Prüfsumme).")
    if "xl/workbook.xml" not in namen:
        was = "ein OpenDocument-Dokument (LibreOffice)" if "content.xml" in namen else "ein ZIP-Archiv"
        raise _ungueltig(auftrag, f"Die Datei ist {was}, aber keine Excel-Arbeitsmappe.")
    grenze = auftrag.quelle.lesen.grenze_mb * ENTPACKT
    if entpackt > grenze * 1_000_000:
        raise auftrag.sammler.halt(MappeZuGross, groesse=-(-entpackt // 1_000_000), grenze=grenze)


def _oeffne(auftrag: Leseauftrag) -> Workbook:
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(auftrag.pfad, read_only=True, data_only=True, keep_links=False)
    except Exception:  # openpyxl wirft bei kaputtem XML sehr Verschiedenes
        raise _ungueltig(auftrag, "Der Inhalt der Arbeitsmappe ist beschädigt.") from None


def _waehle(auftrag: Leseauftrag, namen: Sequence[str]) -> list[int]:
    """Nummern (ab 0) der gewählten Blätter.

    Raises:
        BerichtswerkFehler: blatt-fehlt.
    """
    wahl = _lesen(auftrag).blatt
    if wahl is None:
        wahl = 1
    if wahl == "alle":
        return list(range(len(namen)))
    treffer: dict[int, None] = {}
    for einzeln in wahl if isinstance(wahl, list) else [wahl]:
        gefunden = _finde_blatt(einzeln, namen)
        if not gefunden:
            raise auftrag.sammler.halt(
                BlattFehlt, blatt=einzeln, anzahl=f"{len(namen)} {'Blatt' if len(namen) == 1 else 'Blätter'}",
                vorschlag=vorschlag(str(einzeln), namen, sonst="Vorhanden sind: "),
            )  # fmt: skip
        treffer.update(dict.fromkeys(gefunden))
    return list(treffer)


def _finde_blatt(wahl: str | int, namen: Sequence[str]) -> list[int]:
    if isinstance(wahl, int):
        return [wahl - 1] if 1 <= wahl <= len(namen) else []
    if len(wahl) > 2 and wahl[0] == wahl[-1] == "/":
        return [n for n, name in enumerate(namen) if regel(wahl[1:-1]).suche(name)]
    return [n for n, name in enumerate(namen) if name.strip() == wahl.strip()]


# xlsx: das XML eines Blattes

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ROW, _VALUE, _FORMULA, _INLINE = (f"{_NS}{name}" for name in ("row", "v", "f", "is"))


def _blatt(auftrag: Leseauftrag, mappe: Workbook, nummer: int) -> Blatt:
    lesen, blatt = _lesen(auftrag), mappe.worksheets[nummer]
    teil = str(getattr(blatt, "_worksheet_path", "")).lstrip("/")
    bereiche = _verbundene(auftrag.pfad, teil) if lesen.verbundene != "lassen" else []

    def zeilen() -> Iterator[Zeile]:
        verbund = Verbund(bereiche)
        zellen = Zellen(mappe, blatt, lesen)
        try:
            with zipfile.ZipFile(auftrag.pfad) as paket, paket.open(teil) as datei:
                for nr, felder in zellen.zeilen(datei):
                    yield nr, verbund.fuelle(nr, felder)
        except Exception:  # kaputtes XML fällt erst jetzt auf und wirft sehr Verschiedenes
            raise _ungueltig(auftrag, f"Der Inhalt des Blattes „{blatt.title}“ ist beschädigt.") from None

    return Blatt(blatt.title, zeilen, tabellenkalkulation=True)


class Zellen:
    """Die Zellen eines Blattes nach ECMA-376 (``row``, ``c``, ``v``, ``f``, ``is``)."""

    def __init__(self, mappe: Any, blatt: Any, lesen: LesenMappe) -> None:
        self._texte: Sequence[str] = blatt._shared_strings
        self._epoche, self._tage, self._dauern = mappe.epoch, mappe._date_formats, mappe._timedelta_formats
        self._gespeichert = lesen.formeln == "gespeicherter_wert"
        self._prozent = lesen.prozent
        formate = (_zahlenformat(mappe, stil.numFmtId) for stil in mappe._cell_styles)
        self._in_prozent = {n for n, form in enumerate(formate) if _ist_prozent(form)}
        self._einzuege: list[int] = []
        if _braucht_einrueckung(lesen):
            einzug = [int(a.indent or 0) for a in mappe._alignments]
            self._einzuege = [einzug[stil.alignmentId] for stil in mappe._cell_styles]
        self._stellen: dict[str, int] = {}
        self._geteilte: dict[str, tuple[str, str]] = {}

    def zeilen(self, datei: Any) -> Iterator[Zeile]:
        """Alle Zeilen bis zur letzten vorhandenen, auch die leeren dazwischen."""
        nr = 0
        for _, element in ElementTree.iterparse(datei):
            if element.tag != _ROW:
                continue
            hier = int(float(element.get("r") or nr + 1))
            if hier > LETZTE_ZEILE:
                raise ValueError(hier)
            for leer in range(nr + 1, hier):
                yield leer, []
            nr = hier
            felder: list[Any] = []
            for zelle in element:
                platz = zelle.get("r")
                stelle = len(felder) if platz is None else self._stelle(platz)
                if stelle > len(felder):
                    felder.extend([None] * (stelle - len(felder)))
                felder.append(self._inhalt(zelle, platz or f"{buchstabe(stelle)}{nr}"))
            element.clear()
            yield nr, felder

    def _stelle(self, platz: str) -> int:
        buchstaben = platz.rstrip("0123456789")
        if (stelle := self._stellen.get(buchstaben)) is None:
            stelle = self._stellen[buchstaben] = spaltennummer(buchstaben)
        return stelle

    def _inhalt(self, zelle: ElementTree.Element, platz: str) -> Any:
        wert = formel = inline = None
        for kind in zelle:
            if kind.tag == _VALUE:
                wert = kind.text or None
            elif kind.tag == _FORMULA:
                formel = kind
            elif kind.tag == _INLINE:
                inline = kind
        if formel is not None and (wert is None or not self._gespeichert):
            return Formel(self._formeltext(formel, platz))
        art, stil = zelle.get("t", "n"), int(zelle.get("s", 0))
        if wert is not None and art == "n":
            return self._zahl(wert, stil)
        if inline is not None and art == "inlineStr":
            return self._eingerueckt(_inline(inline), stil)
        return None if wert is None or art == "inlineStr" else self._anderes(wert, art, stil)

    def _anderes(self, wert: str, art: str, stil: int) -> Any:
        """Text, Wahrheitswert, Tag; Fehlerzeichen bleiben, wie sie dastehen."""
        if art == "s":
            return self._eingerueckt(self._texte[int(wert)], stil)
        if art == "str":
            return self._eingerueckt(wert, stil)
        if art == "b":
            return bool(int(wert))
        return import_module("openpyxl.utils.datetime").from_ISO8601(wert) if art == "d" else wert

    def _zahl(self, text: str, stil: int) -> Any:
        zahl = float(text) if "." in text or "E" in text or "e" in text else int(text)
        if stil in self._tage:
            from openpyxl.utils.datetime import from_excel

            try:
                return from_excel(zahl, self._epoche, timedelta=stil in self._dauern)
            except (OverflowError, ValueError):
                return "#VALUE!"
        return _prozentzelle(zahl, self._prozent) if stil in self._in_prozent else zahl

    def _eingerueckt(self, inhalt: str, stil: int) -> str:
        return " " * self._einzuege[stil] + inhalt if self._einzuege else inhalt

    def _formeltext(self, formel: ElementTree.Element, platz: str) -> str:
        inhalt, nummer = formel.text or "", formel.get("si", "")
        if formel.get("t") == "shared" and inhalt:
            self._geteilte.setdefault(nummer, ("=" + inhalt, platz))
        elif formel.get("t") == "shared" and nummer in self._geteilte:
            from openpyxl.formula.translate import Translator

            return str(Translator(*self._geteilte[nummer]).translate_formula(platz))
        return "=" + (inhalt or "…")


def _zahlenformat(mappe: Any, nummer: int) -> str:
    from openpyxl.styles.numbers import BUILTIN_FORMATS

    return str(
        BUILTIN_FORMATS.get(nummer, "General") if nummer < 164 else mappe._number_formats[nummer - 164]
    )


@cache
def _ist_prozent(zahlenformat: str) -> bool:
    """Rechnet das Format mal hundert? Ein Prozentzeichen als bloßer Text (``0" %"``) tut das nicht."""
    return "%" in _WOERTLICH.sub("", zahlenformat)


def _prozentzelle(zahl: float, angabe: Prozent) -> Any:
    """Eine Zahl mit Zahlenformat in Prozent; null ist in jeder Lesart null."""
    return zahl if angabe == "anteil" or zahl == 0 else Prozentzelle(zahl, angabe == "prozentwert")


def _inline(element: Any) -> str:
    from openpyxl.cell.text import Text

    inhalt: Any = Text.from_tree(element)
    return str(inhalt.content)


def _braucht_einrueckung(lesen: LesenMappe) -> bool:
    return any(
        bezug is not None and bezug.einrueckung is not None
        for block in lesen.alle_bloecke()
        for bezug in (block.gebiet, block.zeit, block.groesse, *block.merkmale.values())
    )


# Verbundene Zellen

_VERBUND = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_STUECK = 1 << 20
_UEBERLAPP = 200

Bereich = tuple[int, int, int, int]
"""erste Zeile, erste Spalte, letzte Zeile, letzte Spalte; Zeilen ab 1, Spalten ab 0"""


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
    """Stelle ab 0 zu einem Spaltenbuchstaben (A → 0)."""
    stelle = 0
    for zeichen in buchstaben:
        stelle = stelle * 26 + ord(zeichen) - 64
    return stelle - 1


class Verbund:
    """Setzt in verbundene Bereiche den Wert der ersten Zelle ein, als solchen kenntlich."""

    def __init__(self, bereiche: Iterable[Bereich]) -> None:
        self._kommend = sorted(bereiche, reverse=True)
        self._offen: list[tuple[Bereich, Any]] = []

    def fuelle(self, nr: int, felder: list[Any]) -> list[Any]:
        """Die Felder der Zeile ``nr``; Zeilen müssen der Reihe nach kommen."""
        while self._kommend and self._kommend[-1][0] <= nr:
            bereich = self._kommend.pop()
            wert = felder[bereich[1]] if bereich[0] == nr and bereich[1] < len(felder) else None
            if wert is not None:
                self._offen.append((bereich, wert))
        if not self._offen:
            return felder
        self._offen = [(b, w) for b, w in self._offen if b[2] >= nr]
        for (oben, links, _, rechts), wert in self._offen:
            felder.extend([None] * (rechts + 1 - len(felder)))
            for stelle in range(links, rechts + 1):
                if (oben, links) != (nr, stelle):
                    felder[stelle] = Verbunden(wert)
        return felder


# xls: über xlrd; Formeln erscheinen dort nur als gespeicherte Ergebnisse

_FEHLER = {0: "#NULL!", 7: "#DIV/0!", 15: "#WERT!", 23: "#BEZUG!", 29: "#NAME?", 36: "#ZAHL!", 42: "#NV"}


def _lies_xls(auftrag: Leseauftrag) -> Iterator[Blatt]:
    xlrd: Any = import_module("xlrd")
    try:
        mappe = xlrd.open_workbook(auftrag.pfad, logfile=io.StringIO(), formatting_info=True)
    except Exception:  # xlrd wirft bei kaputten Dateien sehr Verschiedenes
        grund = "Die alte Excel-Datei ist beschädigt oder mit einem Kennwort geschützt."
        raise _ungueltig(auftrag, grund) from None
    namen = mappe.sheet_names()
    for nummer in _waehle(auftrag, namen):
        yield _xls_blatt(mappe, nummer, namen[nummer], _lesen(auftrag).prozent)


def _xls_blatt(mappe: Any, nummer: int, name: str, prozent: Prozent) -> Blatt:
    blatt = mappe.sheet_by_index(nummer)
    bereiche: list[Bereich] = [(oben + 1, links, unten, rechts - 1)
                               for oben, unten, links, rechts in blatt.merged_cells]  # fmt: skip

    def zeilen() -> Iterator[Zeile]:
        verbund = Verbund(bereiche)
        for nr in range(blatt.nrows):
            felder = [xls_inhalt(mappe, zelle, prozent) for zelle in blatt.row(nr)]
            yield nr + 1, verbund.fuelle(nr + 1, felder)

    return Blatt(name, zeilen, tabellenkalkulation=True)


def xls_inhalt(mappe: Any, zelle: Any, prozent: Prozent) -> Any:
    """Der Inhalt einer Zelle aus xlrd: Zahl, Text, Tag, Wahrheitswert, Fehlerzeichen oder nichts."""
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
        ist_prozent = muster is not None and _ist_prozent(muster.format_str)
        return _prozentzelle(zelle.value, prozent) if ist_prozent else zelle.value
    return None if zelle.ctype in (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK) else zelle.value
