"""Ein Dokument aus Word oder LibreOffice lesen: Absätze mit verfolgten Änderungen und Kommentaren.

DOCX und ODT ergeben dasselbe Modell. Kommentare ohne Stelle im Text bleiben (:attr:`Dokument.lose`), ebenso
was eingefügt und wieder gestrichen wurde; weggelassen wird nichts.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from pathlib import Path
from typing import Any, Literal

from lxml import etree

from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler
from berichtswerk.schreiber.word.baum import GEBUNDEN, WERT
from berichtswerk.schreiber.word.datei import EIGENSCHAFT
from berichtswerk.schreiber.word.vorlage import ODF, W

_W = f"{{{W}}}"
_W15 = "{http://schemas.microsoft.com/office/word/2012/wordml}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_EIGEN = {
    "vt": "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes",
    "p": "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties",
    "meta": "urn:oasis:names:tc:opendocument:xmlns:meta:1.0",
}
ABSATZ, PUNKT = "\n\n", "\n- "
"""Steht in einer Einfügung, wo ein Absatz oder ein Punkt einer Liste endet und ein neuer beginnt."""
Absatzart = Literal["absatz", "punkt", "kopf", "fach", "feld", "rand"]
"""Fließtext, Punkt einer Liste, Überschrift, in einer Tabelle, in einem Textfeld, Kopf- oder Fußzeile."""


class DokumentUnlesbar(Befundart):
    text = "Das Dokument lässt sich nicht lesen."
    ursache = "{grund}"
    abhilfe = "Speichern Sie es in Word oder LibreOffice noch einmal als DOCX oder ODT."


@dataclass(frozen=True, slots=True)
class Wer:
    """Von wem eine Änderung oder ein Kommentar ist und wann (ISO), soweit das Dokument es sagt."""

    name: str = ""
    wann: str = ""


@dataclass(frozen=True, slots=True)
class Lauf:
    """Ein Stück eines Absatzes; ``neu``: wer es eingefügt, ``weg``: wer es gestrichen hat."""

    text: str
    neu: Wer | None = None
    weg: Wer | None = None
    gebunden: bool = False
    """Ob es aus einer gebundenen Zahl kommt, auch verschoben oder kopiert."""


@dataclass(frozen=True, slots=True)
class Anderes:
    """Was eingefügt (``neu``) oder gestrichen wurde und kein Text ist: Bild, Formel, Fußnote."""

    wer: Wer
    was: str
    neu: bool


@dataclass
class Kommentar:
    """Ein Kommentar; ``von`` und ``bis`` stehen im Text vor allen Änderungen, ``zitat`` ist, was er meint."""

    wer: Wer
    text: str
    von: int = 0
    bis: int = 0
    zitat: str = ""
    antwort_auf: str = ""
    erledigt: bool = False


@dataclass
class Dokumentabsatz:
    """Ein Absatz; ``kennungen`` sind seine Textmarken, ``weg``: wer die Absatzmarke gestrichen hat."""

    laeufe: list[Lauf] = field(default_factory=list)
    kennungen: list[str] = field(default_factory=list)
    kommentare: list[Kommentar] = field(default_factory=list)
    weg: Wer | None = None
    formate: list[Wer] = field(default_factory=list)
    art: Absatzart = "absatz"
    bild: str = ""
    """Der Alternativtext eines Bildes darin."""
    anderes: list[Anderes] = field(default_factory=list)

    @property
    def vorher(self) -> str:
        """Der Text, wenn alle Änderungen abgelehnt sind."""
        return "".join(x.text for x in self.laeufe if x.neu is None)

    @property
    def nachher(self) -> str:
        """Der Text, wenn alle Änderungen angenommen sind."""
        return "".join(x.text for x in self.laeufe if x.weg is None)


@dataclass
class Dokument:
    """Alle Absätze in ihrer Reihenfolge; ``bericht`` ist der Stamm, den die Eigenschaften nennen."""

    bericht: str
    absaetze: list[Dokumentabsatz]
    lose: list[Kommentar] = field(default_factory=list)


def lies(pfad: Path) -> Dokument:
    """Liest DOCX und ODT.

    Raises:
        BerichtswerkFehler: ``dokument-unlesbar``, wenn es beides nicht ist.
    """
    try:
        with zipfile.ZipFile(pfad) as paket:
            teile = {n: paket.read(n) for n in paket.namelist() if n.endswith(".xml")}
        if "word/document.xml" in teile:
            return _Docx(teile).lies()
        if "content.xml" in teile:
            return _Odt(teile).lies()
        grund = "Es enthält keinen Text von Word oder LibreOffice."
    except FileNotFoundError:
        grund = "Die Datei gibt es nicht."
    except (OSError, zipfile.BadZipFile, etree.XMLSyntaxError) as fehler:
        grund = f"Es ist beschädigt oder kein DOCX oder ODT ({type(fehler).__name__})."
    raise BerichtswerkFehler(DokumentUnlesbar.melde(datei=str(pfad), grund=grund))


_LESER = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)


def _baum(roh: bytes) -> Any:
    return etree.fromstring(roh, _LESER)


def _verbunden(absaetze: Iterator[tuple[Dokumentabsatz, Wer | None]]) -> list[Dokumentabsatz]:
    """Wo eine Absatzmarke eingefügt wurde, war vorher ein Absatz."""
    fertig: list[Dokumentabsatz] = []
    kette: list[tuple[Dokumentabsatz, Wer | None]] = []
    for stueck in absaetze:
        kette.append(stueck)
        if stueck[1] is None:
            fertig += _aus_kette(kette)
            kette = []
    return fertig + _aus_kette(kette)


def _aus_kette(kette: Sequence[tuple[Dokumentabsatz, Wer | None]]) -> list[Dokumentabsatz]:
    """Ein geteilter Absatz ist wieder einer; was ganz neu und kein Fließtext ist, steht sonst für sich."""
    geteilt = any(a.vorher.strip() and not a.kennungen for a, _ in kette[1:])
    fertig: list[Dokumentabsatz] = []
    offen: Wer | None = None
    for absatz, marke_neu in kette:
        eigen = absatz.art != "absatz" and not absatz.vorher.strip() and not absatz.kennungen
        if offen is None:
            fertig.append(absatz)
        elif eigen and not geteilt:
            fertig.append(absatz)
            offen = None
            continue
        else:
            fertig[-1] = _angehaengt(fertig[-1], absatz, offen)
        offen = None if eigen and not geteilt else marke_neu
    return fertig


def _angehaengt(davor: Dokumentabsatz, absatz: Dokumentabsatz, wer: Wer) -> Dokumentabsatz:
    laenge = len(davor.vorher)
    trenner = PUNKT if davor.art == absatz.art == "punkt" else ABSATZ
    for k in absatz.kommentare:
        k.von, k.bis = k.von + laenge, k.bis + laenge
    return replace(
        absatz,
        laeufe=[*davor.laeufe, Lauf(trenner, neu=wer), *absatz.laeufe],
        kennungen=[*davor.kennungen, *absatz.kennungen],
        kommentare=[*davor.kommentare, *absatz.kommentare],
        formate=[*davor.formate, *absatz.formate],
        bild=davor.bild or absatz.bild,
        anderes=[*davor.anderes, *absatz.anderes],
    )


def _ohne_rand(absatz: Dokumentabsatz) -> None:
    """Eine Fußnote beginnt mit ihrem Zeichen und einem Abstand; der gehört nicht zum Text."""
    erster = absatz.laeufe[0] if absatz.laeufe else None
    if erster is not None and erster.neu is None and erster.text[:1].isspace():
        absatz.laeufe[0] = replace(erster, text=erster.text.lstrip())
        weniger = len(erster.text) - len(absatz.laeufe[0].text)
        for k in absatz.kommentare:
            k.von, k.bis = max(0, k.von - weniger), max(0, k.bis - weniger)


# --- Word ------------------------------------------------------------------------------------------------


class _Docx:
    """Ein Gang durch ``word/document.xml``, Fuß- und Endnoten, Kopf- und Fußzeilen."""

    def __init__(self, teile: dict[str, bytes]) -> None:
        self.teile = teile
        self.kommentare = dict(self._lies_kommentare())
        self.offen: dict[str, tuple[Dokumentabsatz, int, int]] = {}
        self.verankert: set[str] = set()
        self.marken: list[str] = []
        self.wartend: list[str] = []
        """Kommentare, deren Stelle zwischen zwei Absätzen beginnt."""
        self.noten = dict(self._lies_noten())
        self.neue_noten: set[tuple[str, str]] = set()

    def lies(self) -> Dokument:
        absaetze: list[Dokumentabsatz] = []
        for name in ("document", "footnotes", "endnotes"):
            if roh := self.teile.get(f"word/{name}.xml"):
                absaetze += _verbunden(self._absaetze(_baum(roh)))
        for name, roh in sorted(self.teile.items()):
            if re.fullmatch(r"word/(?:header|footer)\d*\.xml", name):
                rand = _verbunden(self._absaetze(_baum(roh)))
                absaetze += [a for a in rand if a.anderes or any(x.neu or x.weg for x in a.laeufe)]
        da = {id(k) for a in absaetze for k in a.kommentare}
        lose = [k for k in self.kommentare.values() if id(k) not in da]
        return Dokument(self._bericht(), absaetze, lose)

    def _bericht(self) -> str:
        roh = self.teile.get("docProps/custom.xml")
        pfad = f"string(//p:property[@name='{EIGENSCHAFT}']/vt:lpwstr)"
        return str(_baum(roh).xpath(pfad, namespaces=_EIGEN)) if roh else ""

    def _lies_noten(self) -> Iterator[tuple[tuple[str, str], str]]:
        for name in ("footnote", "endnote"):
            if roh := self.teile.get(f"word/{name}s.xml"):
                for e in _baum(roh).iter(f"{_W}{name}"):
                    yield (name, e.get(f"{_W}id")), "".join(_laufworte(e)).strip()

    def _lies_kommentare(self) -> Iterator[tuple[str, Kommentar]]:
        roh = self.teile.get("word/comments.xml")
        if not roh:
            return
        mehr, nummern = {}, {}
        if zusatz := self.teile.get("word/commentsExtended.xml"):
            for e in _baum(zusatz).iter(f"{_W15}commentEx"):
                mehr[e.get(f"{_W15}paraId")] = e.get(f"{_W15}paraIdParent"), e.get(f"{_W15}done") == "1"
        alle = [*_baum(roh).iter(f"{_W}comment")]
        for e in alle:
            for p in e.iter(f"{_W}p"):
                nummern[p.get(f"{_W14}paraId")] = f"{_wer(e).name}: „{''.join(_laufworte(e))[:60]}“"
        for e in alle:
            absaetze = ["".join(_laufworte(p)) for p in e.iter(f"{_W}p")]
            para = [p.get(f"{_W14}paraId") for p in e.iter(f"{_W}p")]
            eltern, erledigt = next((mehr[p] for p in para if p in mehr), (None, False))
            text = "\n".join(a for a in absaetze if a.strip())
            k = Kommentar(
                _wer(e), text, antwort_auf=nummern.get(eltern, "") if eltern else "", erledigt=erledigt
            )
            yield e.get(f"{_W}id"), k

    def _absaetze(self, wurzel: Any) -> Iterator[tuple[Dokumentabsatz, Wer | None]]:
        for e in wurzel.iter(f"{_W}p", f"{_W}bookmarkStart", f"{_W}commentRangeStart"):
            davor = [o.tag for o in e.iterancestors()]
            if f"{_MC}Fallback" in davor:
                continue
            if e.tag != f"{_W}p":
                if f"{_W}p" not in davor:
                    marke = e.tag == f"{_W}bookmarkStart"
                    (self.marken if marke else self.wartend).append(e.get(f"{_W}{'name' if marke else 'id'}"))
                continue
            note = next((o for o in e.iterancestors(f"{_W}footnote", f"{_W}endnote")), None)
            if note is not None and (_name(note), note.get(f"{_W}id")) in self.neue_noten:
                continue
            absatz = Dokumentabsatz(kennungen=_eigene(self.marken), art=_art(e, davor))
            self.offen |= dict.fromkeys(self.wartend, (absatz, 0, 0))
            self.marken, self.wartend = [], []
            zeichen = e.find(f"{_W}pPr/{_W}rPr")
            neu, weg = (
                _marke_des_absatzes(zeichen, arten) for arten in (("ins", "moveTo"), ("del", "moveFrom"))
            )
            self._lies(e, absatz, None, None)
            if note is not None:
                _ohne_rand(absatz)
            absatz.weg = weg
            allein = absatz.art == "fach" and not [
                *e.itersiblings(f"{_W}p")
            ]  # ein Fach endet nicht im nächsten
            yield absatz, None if allein else neu

    def _lies(self, e: Any, absatz: Dokumentabsatz, neu: Wer | None, weg: Wer | None) -> None:
        for kind in e:
            art = etree.QName(kind).localname if isinstance(kind.tag, str) else ""
            if art in {"ins", "moveTo"}:
                self._lies(kind, absatz, _wer(kind), weg)
            elif art in {"del", "moveFrom"}:
                self._lies(kind, absatz, neu, _wer(kind))
            elif art in {"oMath", "oMathPara"}:
                if wer := neu or weg:
                    formel = "".join(x.text or "" for x in kind.iter("{*}t"))
                    absatz.anderes.append(Anderes(wer, f"Formel „{formel}“", neu is not None))
            elif art == "r":
                if text := "".join(_laufworte(kind)):
                    stil = kind.find(f"{_W}rPr/{_W}rStyle")
                    gebunden = stil is not None and stil.get(f"{_W}val") == GEBUNDEN
                    absatz.laeufe.append(Lauf(text, neu, weg, gebunden))
                self._lies_anderes(kind, absatz, neu, weg)
                absatz.formate += map(_wer, kind.iterfind(f"{_W}rPr/{_W}rPrChange"))
                for verweis in kind.iter(f"{_W}commentReference"):
                    self._verankere(verweis.get(f"{_W}id"), absatz)
            elif art in _STELLEN:
                self._lies_stelle(kind, art, absatz)
            elif art not in {"p", "txbxContent"}:
                self._lies(kind, absatz, neu, weg)

    def _lies_stelle(self, e: Any, art: str, absatz: Dokumentabsatz) -> None:
        """Textmarken, Anfang und Ende von Kommentaren, geänderte Absatzgestalt."""
        if art == "pPr":
            absatz.formate += map(_wer, e.iterfind(f"{_W}pPrChange"))
        elif art == "bookmarkStart":
            absatz.kennungen += _eigene([e.get(f"{_W}name")])
        elif art == "commentRangeStart":
            self.offen[e.get(f"{_W}id")] = (absatz, len(absatz.vorher), len(absatz.nachher))
        else:
            self._verankere(e.get(f"{_W}id"), absatz)

    def _lies_anderes(self, lauf: Any, absatz: Dokumentabsatz, neu: Wer | None, weg: Wer | None) -> None:
        """Bilder und Verweise auf Noten in einem Lauf."""
        wer = neu or weg
        for e in lauf.iter(*(f"{_W}{n}" for n in _KEIN_TEXT)):
            if _name(e) == "sym":
                was = f"Zeichen {e.get(f'{_W}char')} der Schrift „{e.get(f'{_W}font')}“"
            elif e.tag.endswith("Reference"):
                schluessel = _name(e).removesuffix("Reference"), e.get(f"{_W}id")
                was = f"Fußnote „{self.noten.get(schluessel, '')}“"
                if neu is not None:
                    self.neue_noten.add(schluessel)
            else:
                angabe = next(e.iter("{*}docPr"), None)
                angaben = {} if angabe is None else angabe.attrib
                absatz.bild = angaben.get("descr") or angaben.get("name") or "ohne Namen"
                was = f"Bild „{absatz.bild}“"
            if wer is not None:
                absatz.anderes.append(Anderes(wer, was, neu is not None))

    def _verankere(self, nr: str, absatz: Dokumentabsatz) -> None:
        """Der Kommentar gehört zu dem Absatz, in dem seine Stelle beginnt."""
        if nr in self.verankert or nr not in self.kommentare:
            return
        self.verankert.add(nr)
        k = self.kommentare[nr]
        dort, von, nachher = self.offen.get(nr, (absatz, len(absatz.vorher), len(absatz.nachher)))
        k.von, k.bis, k.zitat = von, len(dort.vorher), dort.nachher[nachher:]
        dort.kommentare.append(k)


_STELLEN = {"pPr", "bookmarkStart", "commentRangeStart", "commentRangeEnd"}
_KEIN_TEXT = ("drawing", "object", "sym", "footnoteReference", "endnoteReference")


def _name(e: Any) -> str:
    return str(etree.QName(e).localname)


def _art(e: Any, davor: Sequence[str]) -> Absatzart:
    """Wozu ein Absatz in Word gehört."""
    for wo, art in (("txbxContent", "feld"), ("tc", "fach"), ("hdr", "rand"), ("ftr", "rand")):
        if f"{_W}{wo}" in davor:
            return art  # type: ignore[return-value]
    stil = e.find(f"{_W}pPr/{_W}pStyle")
    if stil is not None and re.fullmatch(r"(?:Heading|berschrift)\d", stil.get(f"{_W}val", "")):
        return "kopf"
    return "absatz" if e.find(f"{_W}pPr/{_W}numPr") is None else "punkt"


def _marke_des_absatzes(zeichen: Any, arten: Sequence[str]) -> Wer | None:
    """Wer die Absatzmarke einfügte oder strich."""
    if zeichen is None:
        return None
    return next((_wer(f) for f in (zeichen.find(f"{_W}{art}") for art in arten) if f is not None), None)


def _eigene(namen: list[str]) -> list[str]:
    return [n for n in namen if n.startswith("bw_") and not n.startswith(WERT)]


def _wer(e: Any) -> Wer:
    return Wer(e.get(f"{_W}author") or "", (e.get(f"{_W}date") or "")[:19])


def _laufworte(e: Any) -> Iterator[str]:
    """Der Text eines Laufs, ohne Textfelder darin; Umbrüche und Tabulatoren sind ein Leerzeichen."""
    feld = f"{_W}txbxContent"
    for kind in e.iter(*(f"{_W}{name}" for name in ("t", "delText", "tab", "br", "cr", "noBreakHyphen"))):
        if any(o.tag == feld for o in takewhile(lambda o: o is not e, kind.iterancestors())):
            continue
        art = _name(kind)
        if art in {"t", "delText"}:
            yield kind.text or ""
        elif kind.getparent().tag == f"{_W}r":
            yield "-" if art == "noBreakHyphen" else " "


# --- LibreOffice -----------------------------------------------------------------------------------------

_T, _O = f"{{{ODF['text']}}}", f"{{{ODF['office']}}}"
_ABSAETZE = {f"{_T}p", f"{_T}h"}


class _Odt:
    """Ein Gang durch ``content.xml``: verfolgte Änderungen stehen vorn, im Text nur ihre Stellen."""

    def __init__(self, teile: dict[str, bytes]) -> None:
        self.teile = teile
        self.wurzel = _baum(teile["content.xml"])
        self.aenderungen = {e.get(f"{_T}id"): e for e in self.wurzel.iter(f"{_T}changed-region")}
        self.neu: dict[str, Wer] = {}
        self.offen: dict[str, tuple[Kommentar, Dokumentabsatz, int]] = {}
        self.fertig: list[tuple[Dokumentabsatz, Wer | None]] = []
        self.gebunden = False
        self.neue_noten: set[str] = set()
        self.beginnt: dict[str, int] = {}
        """Nach wie vielen Zeichen seines Absatzes eine Textmarke beginnt."""

    def lies(self) -> Dokument:
        for e in self.wurzel.iter(*_ABSAETZE):
            if any(o.tag in {f"{_T}tracked-changes", f"{_O}annotation"} for o in e.iterancestors()):
                continue
            if any(o.get(f"{_T}id") in self.neue_noten for o in e.iterancestors(f"{_T}note")):
                continue
            davor = [_name(o) for o in e.iterancestors()]
            self.absatz = Dokumentabsatz(art=_art_odt(_name(e), davor))
            self._lies(e)
            if "note-body" in davor:
                _ohne_rand(self.absatz)
            self.fertig.append((self.absatz, next(iter(self.neu.values()), None)))
        return Dokument(self._bericht(), _verbunden(iter(self.fertig)))

    def _bericht(self) -> str:
        roh = self.teile.get("meta.xml")
        pfad = f"string(//meta:user-defined[@meta:name='{EIGENSCHAFT}'])"
        return str(_baum(roh).xpath(pfad, namespaces=_EIGEN)) if roh else ""

    def _dazu(self, text: str | None) -> None:
        if text := re.sub(r"[ \t\n]+", " ", text or ""):
            wer = next(iter(self.neu.values()), None)
            self.absatz.laeufe.append(Lauf(text, neu=wer, gebunden=self.gebunden))

    def _lies(self, e: Any) -> None:
        self._dazu(e.text)
        for kind in e:
            art = etree.QName(kind).localname if isinstance(kind.tag, str) else ""
            if art in {"s", "tab", "line-break"}:
                self._dazu(" ")
            elif art in {"bookmark", "bookmark-start"}:
                eigene = _eigene([kind.get(f"{_T}name")])
                self.absatz.kennungen += eigene
                self.beginnt |= dict.fromkeys(eigene, len(self.absatz.vorher))
            elif art == "change-start":
                self._beginne(kind.get(f"{_T}change-id"))
            elif art == "change-end":
                self.neu.pop(kind.get(f"{_T}change-id"), None)
            elif art == "change":
                self._gestrichen(kind.get(f"{_T}change-id"))
            elif art == "annotation":
                self._kommentar(kind)
            elif art == "annotation-end":
                self._ende(kind.get(f"{_O}name"))
            elif art in {"note", "frame"}:  # Noten und Rahmen haben eigene Absätze
                self._lies_anderes(kind)
            else:
                gebunden, self.gebunden = (
                    self.gebunden,
                    self.gebunden or kind.get(f"{_T}style-name") == GEBUNDEN,
                )
                self._lies(kind)
                self.gebunden = gebunden
            self._dazu(kind.tail)

    def _lies_anderes(self, e: Any) -> None:
        """Ein Bild oder eine Fußnote; ist sie neu, steht ihr Wortlaut hier und nicht als Absatz."""
        wer = next(iter(self.neu.values()), None)
        if _name(e) == "frame":
            self.absatz.bild = e.findtext("{*}desc") or e.findtext("{*}title") or "ohne Namen"
            was = f"Bild „{self.absatz.bild}“"
        else:
            text = " ".join(_klartext(p) for p in e.iter(f"{_T}p")).strip()
            was = f"Fußnote „{text}“"
            if wer is not None:
                self.neue_noten.add(e.get(f"{_T}id"))
        if wer is not None:
            self.absatz.anderes.append(Anderes(wer, was, True))

    def _beginne(self, nr: str) -> None:
        region = self.aenderungen[nr]
        angaben = _wer_odt(region)
        if region.find(f"{_T}insertion") is not None:
            self.neu[nr] = angaben
        else:
            self.absatz.formate.append(angaben)

    def _gestrichen(self, nr: str) -> None:
        """Was gestrichen ist, steht vorn; reichte es über Absätze, waren es vorher mehrere.

        Der erste davon beginnt mit dem Text vor der Stelle, der letzte endet mit dem dahinter.
        """
        region = self.aenderungen[nr]
        wer, neu = _wer_odt(region), next(iter(self.neu.values()), None)
        erster, *weitere = region.find(f"{_T}deletion").iter(*_ABSAETZE)
        hier, danach = self.absatz, Dokumentabsatz()
        if weitere and not hier.vorher:  # die Marken vor der Stelle gehören zu dem, was bleibt
            hier, danach = danach, hier
        elif weitere:  # und die am Ende davor zu dem, was folgt
            danach.kennungen = [k for k in hier.kennungen if self.beginnt.get(k) == len(hier.vorher)]
            hier.kennungen = [k for k in hier.kennungen if k not in danach.kennungen]
        for i, p in enumerate([erster, *weitere]):
            if i:
                hier.weg = wer
                self.fertig.append((hier, None))
                hier = self.absatz = danach if p is weitere[-1] else Dokumentabsatz()
            if not hier.kennungen:
                marken = p.iter(f"{_T}bookmark-start", f"{_T}bookmark")
                hier.kennungen += _eigene([re.sub(r" Copy \d+$", "", m.get(f"{_T}name")) for m in marken])
            if text := _klartext(p):
                hier.laeufe.append(Lauf(text, neu, wer))

    def _kommentar(self, e: Any) -> None:
        text = "\n".join(t for p in e.iter(f"{_T}p") if (t := _klartext(p)))
        wer = Wer(e.findtext(f"{_DC}creator") or "", (e.findtext(f"{_DC}date") or "")[:19])
        stelle = len(self.absatz.vorher)
        k = Kommentar(wer, text, stelle, stelle)
        self.absatz.kommentare.append(k)
        if name := e.get(f"{_O}name"):
            self.offen[name] = k, self.absatz, len(self.absatz.nachher)

    def _ende(self, name: str) -> None:
        if name in self.offen:
            k, absatz, nachher = self.offen.pop(name)
            k.bis, k.zitat = len(absatz.vorher), absatz.nachher[nachher:]


def _art_odt(name: str, davor: Sequence[str]) -> Absatzart:
    """Wozu ein Absatz in LibreOffice gehört."""
    if "text-box" in davor:
        return "feld"
    if "table-cell" in davor:
        return "fach"
    return "kopf" if name == "h" else "punkt" if "list-item" in davor else "absatz"


def _wer_odt(region: Any) -> Wer:
    angaben = region.find(f".//{_O}change-info")
    if angaben is None:
        return Wer()
    return Wer(angaben.findtext(f"{_DC}creator") or "", (angaben.findtext(f"{_DC}date") or "")[:19])


def _klartext(e: Any) -> str:
    """Der Text eines Absatzes ohne Noten."""
    teile = [e.text or ""]
    for kind in e:
        art = etree.QName(kind).localname if isinstance(kind.tag, str) else ""
        if art in {"s", "tab", "line-break"}:
            teile.append(" ")
        elif art not in {"note", "annotation"}:
            teile.append(_klartext(kind))
        teile.append(kind.tail or "")
    return re.sub(r"[ \t\n]+", " ", "".join(teile))
