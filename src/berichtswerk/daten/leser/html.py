"""HTML, das sich als Excel-Datei ausgibt: jede Tabelle ist ein Blatt."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import Any

from berichtswerk.daten.leser.rohblatt import Bereich, Folge, Rohblatt, Rohzeile, abgesetzt, gezeichnet
from berichtswerk.daten.leser.text import beste_kodierung

_ZEICHENSATZ = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_UNSICHTBAR = re.compile(r"display\s*:\s*none|visibility\s*:\s*(hidden|collapse)", re.IGNORECASE)
_GRENZE = 1_000
"""Über so viele Zeilen und Spalten kann sich eine Zelle erstrecken."""


def blaetter(pfad: Path) -> list[Rohblatt]:
    """Die Tabellen der Seite; ihr Name ist ihre Überschrift (``caption``) oder „Tabelle 1“."""
    roh = pfad.read_bytes()
    genannt = _ZEICHENSATZ.search(roh[:4096])
    kodierung = "utf-8-sig" if roh.startswith(b"\xef\xbb\xbf") else beste_kodierung(roh)
    if genannt and kodierung != "utf-8-sig":
        kodierung = genannt[1].decode("ascii")
    html: Any = import_module("lxml.html")
    wurzel = html.document_fromstring(roh.decode(kodierung, "replace"))
    tabellen = [t for t in wurzel.iter("table") if not any(True for _ in t.iterdescendants("table"))]
    return [_blatt(tabelle, nummer) for nummer, tabelle in enumerate(tabellen, start=1)]


def _blatt(tabelle: Any, nummer: int) -> Rohblatt:
    titel = next((" ".join(t.itertext()).strip() for t in tabelle.iter("caption")), "")
    versteckt = any(_unsichtbar(e) for e in (tabelle, *tabelle.iterancestors()))
    zeilen, verbundene = _zeilen(tabelle)
    return Rohblatt(titel or f"Tabelle {nummer}", versteckt, lambda: Folge(zeilen, set()), lambda: verbundene)


def _unsichtbar(element: Any) -> bool:
    return "hidden" in element.attrib or bool(_UNSICHTBAR.search(element.get("style", "")))


def _zeilen(tabelle: Any) -> tuple[list[Rohzeile], list[Bereich]]:
    """Zeilen und verbundene Bereiche; was eine Zelle mit ``rowspan`` belegt, bleibt unter ihr frei."""
    zeilen: list[Rohzeile] = []
    verbundene: list[Bereich] = []
    belegt: set[tuple[int, int]] = set()
    for nr, zeile in enumerate(tabelle.iter("tr"), start=1):
        felder: list[Any] = []
        for zelle in zeile.iter("td", "th"):
            while (nr, len(felder)) in belegt:
                felder.append(None)
            stelle = len(felder)
            hoch, breit = (_spanne(zelle.get(was)) for was in ("rowspan", "colspan"))
            felder += [_inhalt(zelle), *([None] * (breit - 1))]
            if hoch > 1 or breit > 1:
                verbundene.append((nr, stelle, nr + hoch - 1, stelle + breit - 1))
                belegt |= {(nr + z, stelle + s) for z in range(1, hoch) for s in range(breit)}
        zeilen.append((nr, felder, _unsichtbar(zeile)))
    return zeilen, verbundene


def _spanne(angabe: str | None) -> int:
    return min(max(int(angabe), 1), _GRENZE) if angabe and angabe.isascii() and angabe.isdigit() else 1


def _inhalt(zelle: Any) -> str | None:
    stuecke: list[tuple[str, bool, bool]] = []
    _sammle(zelle, stuecke, hoch=False, strich=False)
    sauber = [(re.sub(r"\s+", " ", text), hoch, strich) for text, hoch, strich in stuecke if text]
    text = gezeichnet(sauber)
    return text if text.__class__ is not str else text.strip() or None


def _sammle(element: Any, stuecke: list[tuple[str, bool, bool]], *, hoch: bool, strich: bool) -> None:
    stil, davor = element.get("style", "").replace(" ", ""), stuecke[-1][0] if stuecke else ""
    tief = element.tag == "sub" or "vertical-align:sub" in stil
    hoch = hoch or abgesetzt(davor, tief, element.tag == "sup" or "vertical-align:super" in stil)
    strich = strich or element.tag in {"s", "strike", "del"} or "line-through" in stil
    stuecke.append((element.text or "", hoch, strich))
    for kind in element:
        if isinstance(kind.tag, str) and kind.tag not in {"script", "style"} and not _unsichtbar(kind):
            if kind.tag == "br":
                stuecke.append((" ", hoch, strich))
            _sammle(kind, stuecke, hoch=hoch, strich=strich)
        stuecke.append((kind.tail or "", hoch, strich))
