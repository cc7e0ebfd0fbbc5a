"""Baut Änderungen in ein DOCX, wie Word sie schreibt: ``w:ins``, ``w:del``, Kommentare."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from copy import deepcopy
from typing import Any

from lxml import etree

from berichtswerk.schreiber.word.vorlage import W
from berichtswerk.tabelle.ods import lege_ein

_W = f"{{{W}}}"
WANN = "2026-03-02T09:30:00Z"


_RAEUME = (
    f'xmlns:w="{W}" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
)
VON = f'w:id="77" w:author="Kollegin" w:date="{WANN}"'


def stuecke(xml: str) -> list[Any]:
    """Was Word schreibt, wörtlich; ``VON`` steht darin für Nummer, Namen und Zeit."""
    return [*etree.fromstring(f"<x {_RAEUME}>{xml.replace('VON', VON)}</x>")]


class Word:
    """Ein Dokument in Bearbeitung; jede Änderung nennt den Wortlaut, den sie trifft."""

    def __init__(self, roh: bytes) -> None:
        with zipfile.ZipFile(io.BytesIO(roh)) as paket:
            self.teile = {n: paket.read(n) for n in paket.namelist()}
        self.rumpf = etree.fromstring(self.teile["word/document.xml"])
        self.kommentare = etree.fromstring(self.teile["word/comments.xml"])
        for alt in [*self.kommentare]:
            self.kommentare.remove(alt)
        self.nr = 9000

    def fertig(self) -> bytes:
        self.teile["word/document.xml"] = etree.tostring(self.rumpf, xml_declaration=True, encoding="UTF-8")
        self.teile["word/comments.xml"] = etree.tostring(
            self.kommentare, xml_declaration=True, encoding="UTF-8"
        )
        puffer = io.BytesIO()
        with zipfile.ZipFile(puffer, "w") as paket:
            for name, inhalt in self.teile.items():
                lege_ein(paket, name, inhalt)
        return puffer.getvalue()

    def absatz(self, text: str) -> Any:
        alle = [p for p in self.rumpf.iter(f"{_W}p") if text in _text(p)]
        eigene = (
            p for p in alle if any(n.startswith("bw_") for n in p.xpath(".//@w:name", namespaces={"w": W}))
        )
        return next(eigene, alle[0])

    def laeufe(self, text: str) -> list[Any]:
        """Genau die Läufe mit diesem Wortlaut; angeschnittene werden geteilt."""
        p = self.absatz(text)
        beginn = _text(p).index(text)
        for grenze in (beginn, beginn + len(text)):
            _teile(p, grenze)
        stelle, treffer = 0, []
        for r in p.iter(f"{_W}r"):
            laenge = len(_text(r))
            if beginn <= stelle and laenge and stelle + laenge <= beginn + len(text):
                treffer.append(r)
            stelle += laenge
        return treffer

    def _marke(self, art: str, wer: str) -> Any:
        self.nr += 1
        return etree.Element(f"{_W}{art}", {f"{_W}id": str(self.nr), f"{_W}author": wer, f"{_W}date": WANN})

    def streiche(self, text: str, wer: str) -> Any:
        """Streicht und gibt die letzte Streichung."""
        for r in self.laeufe(text):
            huelle = self._marke("del", wer)
            r.addprevious(huelle)
            huelle.append(r)
            for t in r.iter(f"{_W}t"):
                t.tag = f"{_W}delText"
        return huelle

    def _neu(self, text: str, wer: str) -> Any:
        huelle = self._marke("ins", wer)
        t = etree.SubElement(etree.SubElement(huelle, f"{_W}r"), f"{_W}t")
        t.text = text
        t.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        return huelle

    def ersetze(self, alt: str, neu: str, wer: str) -> None:
        self.streiche(alt, wer).addnext(self._neu(neu, wer))

    def fuege_ein(self, nach: str, neu: str, wer: str) -> None:
        letzter = self.laeufe(nach)[-1]
        ganz = letzter.getparent().tag == f"{_W}sdtContent" and letzter.getnext() is None
        anker = letzter.getparent().getparent() if ganz else letzter
        anker.addnext(self._neu(neu, wer))

    def neuer_absatz(self, nach: str, text: str, wer: str) -> None:
        """Word: die Absatzmarke davor gilt als eingefügt, der neue Text auch."""
        p = self.absatz(nach)
        zeichen = etree.Element(f"{_W}rPr")
        zeichen.append(self._marke("ins", wer))
        p.find(f"{_W}pPr").append(zeichen)
        neu = etree.Element(f"{_W}p")
        neu.append(deepcopy(p.find(f"{_W}pPr")))
        neu.find(f"{_W}pPr").remove(neu.find(f"{_W}pPr/{_W}rPr"))
        neu.append(self._neu(text, wer))
        p.addnext(neu)

    def trenne(self, davor: str, wer: str) -> None:
        """Eingabetaste hinter diesen Worten: die Marke des ersten Teils ist eingefügt."""
        *_, letzter = self.laeufe(davor)
        p = self.absatz(davor)
        neu = etree.Element(f"{_W}p")
        neu.append(deepcopy(p.find(f"{_W}pPr")))
        neu.extend([*letzter.itersiblings()])
        p.addnext(neu)
        etree.SubElement(p.find(f"{_W}pPr"), f"{_W}rPr").append(self._marke("ins", wer))

    def streiche_absatz(self, text: str, wer: str) -> None:
        """Der ganze Absatz samt seiner Absatzmarke."""
        p = self.absatz(text)
        self.streiche(_text(p), wer)
        zeichen = etree.SubElement(p.find(f"{_W}pPr"), f"{_W}rPr")
        zeichen.append(self._marke("del", wer))

    def hinter(self, worte: str, xml: str) -> None:
        """Setzt hinter diese Worte in ihren Absatz, was Word schreibt."""
        self.laeufe(worte)[-1].addnext(stuecke(xml)[0])

    def absaetze_hinter(self, text: str, xml: str) -> None:
        """Setzt Absätze oder eine Tabelle hinter den Absatz."""
        for e in reversed(stuecke(xml)):
            self.absatz(text).addnext(e)

    def verschiebe(self, text: str, hinter: str) -> None:
        """``w:moveFrom`` und ``w:moveTo`` für einen ganzen Absatz; die Textmarke bleibt am alten Ort."""
        alt = self.absatz(text)
        neu = deepcopy(alt)
        for marke in [*neu.iter(f"{_W}bookmarkStart", f"{_W}bookmarkEnd")]:
            marke.getparent().remove(marke)
        for p, art in ((alt, "moveFrom"), (neu, "moveTo")):
            for r in [*p.iter(f"{_W}r")]:
                huelle = self._marke(art, "Kollegin")
                r.addprevious(huelle)
                huelle.append(r)
            etree.SubElement(p.find(f"{_W}pPr"), f"{_W}rPr").append(self._marke(art, "Kollegin"))
        self.absatz(hinter).addnext(neu)

    def aendere_teil(self, name: str, tue: Callable[[Any], Any]) -> None:
        """Ändert einen anderen Teil des Pakets (Fußnoten, Fußzeile)."""
        wurzel = etree.fromstring(self.teile[name])
        tue(wurzel)
        self.teile[name] = etree.tostring(wurzel)

    def verbinde(self, text: str, wer: str) -> None:
        """Die Absatzmarke fällt, der Text bleibt: er und der nächste werden ein Absatz."""
        absatz = self.absatz(text).find(f"{_W}pPr")
        zeichen = absatz.find(f"{_W}rPr")
        zeichen = etree.SubElement(absatz, f"{_W}rPr") if zeichen is None else zeichen
        zeichen.append(self._marke("del", wer))

    def kommentiere(self, text: str, worte: str, wer: str, *, wo: str = "bereich") -> None:
        """``wo``: bereich, punkt (nur eine Stelle) oder nirgends (nur in der Liste)."""
        self.nr += 1
        k = etree.SubElement(
            self.kommentare, f"{_W}comment",
            {f"{_W}id": str(self.nr), f"{_W}author": wer, f"{_W}date": WANN, f"{_W}initials": "X"},
        )  # fmt: skip
        r = etree.SubElement(etree.SubElement(k, f"{_W}p"), f"{_W}r")
        etree.SubElement(r, f"{_W}t").text = worte
        if wo == "nirgends":
            return
        erster, *_ = laeufe = self.laeufe(text)
        lauf = etree.Element(f"{_W}r")
        etree.SubElement(lauf, f"{_W}commentReference", {f"{_W}id": str(self.nr)})
        laeufe[-1].addnext(lauf)
        if wo == "bereich":
            erster.addprevious(etree.Element(f"{_W}commentRangeStart", {f"{_W}id": str(self.nr)}))
            laeufe[-1].addnext(etree.Element(f"{_W}commentRangeEnd", {f"{_W}id": str(self.nr)}))

    def ohne_verfolgung(self, alt: str, neu: str) -> None:
        erster, *rest = self.laeufe(alt)
        for t in erster.iter(f"{_W}t"):
            t.text = neu
        for r in rest:
            r.getparent().remove(r)

    def ohne_marken(self, waehle: Callable[[str], bool]) -> None:
        for e in [*self.rumpf.iter(f"{_W}bookmarkStart")]:
            if waehle(e.get(f"{_W}name")):
                e.getparent().remove(e)


def _text(e: Any) -> str:
    return "".join(t.text or "" for t in e.iter(f"{_W}t"))


def _teile(p: Any, grenze: int) -> None:
    """Teilt den Lauf, in dem diese Stelle liegt."""
    stelle = 0
    for r in [*p.iter(f"{_W}r")]:
        text = _text(r)
        if stelle < grenze < stelle + len(text):
            (t,) = r.iter(f"{_W}t")
            hinten = deepcopy(r)
            t.text, next(hinten.iter(f"{_W}t")).text = text[: grenze - stelle], text[grenze - stelle :]
            for x in (t, next(hinten.iter(f"{_W}t"))):
                x.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            r.addnext(hinten)
            return
        stelle += len(text)
