"""Texte als Typst: die Knoten von :mod:`berichtswerk.satz.prosa`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from berichtswerk.satz.manuskript import Manuskript
from berichtswerk.satz.pandoc import Knoten, inhalt
from berichtswerk.satz.prosa import Prosatafel
from berichtswerk.schreiber.typst import tafel
from berichtswerk.schreiber.typst.zeichen import maskiere, zeichenkette

_FUNKTIONEN = {
    "Emph": "emph",
    "Strong": "strong",
    "Underline": "underline",
    "Strikeout": "strike",
    "Superscript": "super",
    "Subscript": "sub",
    "SmallCaps": "smallcaps",
}
_ZAEHLWEISE = {"LowerAlpha": "a.", "UpperAlpha": "A.", "LowerRoman": "i.", "UpperRoman": "I."}
_NACH_AUSSEN = re.compile(r"(?:https?|mailto|tel):", re.IGNORECASE)
_MARKE = re.compile(r"[\w.-]+")


@dataclass
class Prosaschreiber:
    """Schreibt Knoten; ``bilder`` ist der Ordner der Bilder ab der Projektwurzel, mit ``/`` davor."""

    m: Manuskript
    bilder: str
    ebene: int = 1
    dateien: set[str] = field(default_factory=set)

    def inlines(self, liste: Sequence[Knoten]) -> str:
        """Knoten im Satz; nach jedem Aufruf steht ein Strichpunkt, damit nichts daran hängen bleibt."""
        return "".join(self._inline(k) for k in liste)

    def _inline(self, k: Knoten) -> str:
        art, c = k["t"], inhalt(k)
        if art == "Str":
            return maskiere(c)
        if art in {"Space", "SoftBreak"}:
            return " "
        if art in _FUNKTIONEN:
            return f"#{_FUNKTIONEN[art]}[{self.inlines(c)}];"
        if art == "Verweis":
            return ", ".join(self.verweis(marke, nur) for marke, nur in c)
        if art == "Link":
            return self._link(c[2][0], self.inlines(c[1]))
        if art == "Note":
            return f"#footnote[{self.bloecke(c)}];"
        if art == "Code":
            return f"#raw({zeichenkette(c[1])});"
        if art == "Span":  # was nur vorgelesen wird, stünde gedruckt doppelt da
            return "" if "bw-vorlesen" in c[0][1] else self.inlines(c[1])
        if art == "Bildchen":
            return f"#box({self.bild(c[0], c[1])});"
        return "#linebreak();" if art == "LineBreak" else ""

    def verweis(self, marke: str, nur_nummer: bool = False) -> str:
        """„Abbildung 3“ als Link im Dokument."""
        ziel = self.m.marken[marke]
        text = ziel.nummer if nur_nummer and ziel.nummer else ziel.name
        return f"#link(<{marke}>)[{maskiere(text)}];"

    def _link(self, ziel: str, inhalt: str) -> str:
        """Nach außen oder im Dokument; Verweise auf Seiten der Website führten im PDF ins Leere."""
        if ziel.startswith("#") and ziel[1:] in self.m.marken:
            return f"#link(<{ziel[1:]}>)[{inhalt}];"
        return f"#link({zeichenkette(ziel)})[{inhalt}];" if _NACH_AUSSEN.match(ziel) else inhalt

    def bild(self, quelle: str, alt: str) -> str:
        """Ein Bild aus dem Ordner des Berichts."""
        self.dateien.add(self.bilder + quelle)
        return f"image({zeichenkette(self.bilder + quelle)}, alt: {zeichenkette(alt)})"

    # --- Blöcke --------------------------------------------------------------------------------------

    def bloecke(self, liste: Sequence[Knoten]) -> str:
        """Blöcke, durch Leerzeilen getrennt."""
        return "\n\n".join(t for t in (self.block(k) for k in liste) if t)

    def block(self, k: Knoten) -> str:
        """Ein Block."""
        schreibe = getattr(self, f"_{k['t'].lower()}", None)
        return str(schreibe(k.get("c"))) if schreibe is not None else ""

    def _para(self, c: Any) -> str:
        return self.inlines(c)

    _plain = _para

    def _frage(self, c: Any) -> str:
        return f"#bw-frage({self.ebene + 1})[{self.inlines(c)}]"

    def _kopf(self, c: Any) -> str:
        return f"#bw-frage({c[0] - self.m.oberste + 1})[{self.inlines(c[3])}]"

    def _bulletlist(self, c: Any) -> str:
        return f"#list(tight: {_eng(c)}, {self._punkte(c)})"

    def _orderedlist(self, c: Any) -> str:
        (beginn, art, _), punkte = c
        weise = f', numbering: "{_ZAEHLWEISE[art["t"]]}"' if art["t"] in _ZAEHLWEISE else ""
        return f"#enum(tight: {_eng(punkte)}, start: {beginn}{weise}, {self._punkte(punkte)})"

    def _punkte(self, punkte: Sequence[Sequence[Knoten]]) -> str:
        return ", ".join(f"[{self.bloecke(p)}]" for p in punkte)

    def _definitionlist(self, c: Any) -> str:
        paare = [
            f"terms.item([{self.inlines(begriff)}], [{self.bloecke([k for t in texte for k in t])}])"
            for begriff, texte in c
        ]
        return f"#terms({', '.join(paare)})"

    def _blockquote(self, c: Any) -> str:
        return f"#quote(block: true)[{self.bloecke(c)}]"

    def _lineblock(self, c: Any) -> str:
        return "#linebreak();".join(self.inlines(z) for z in c)

    def _codeblock(self, c: Any) -> str:
        text = c[1].replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'#raw(block: true, "{text}")'

    def _horizontalrule(self, _: Any) -> str:
        return "#line(start: (25%, 0%), end: (75%, 0%), stroke: 0.5pt)"

    def _div(self, c: Any) -> str:
        return self.bloecke(c[1])

    def _nur(self, c: Any) -> str:
        return self.bloecke(c[2]) if sichtbar(c) else ""

    def _kasten(self, c: Any) -> str:
        return f'#callout(title: [{self.inlines(c[1])}], art: "{c[0]}", body: [{self.bloecke(c[2])}])'

    def _bild(self, c: Any) -> str:
        marke, quelle, alt, text = c
        return figur(marke, f"#box({self.bild(quelle, alt)})", self.inlines(text))

    def _tafel(self, c: Any) -> str:
        marke, text, inhalt = c
        tabelle = self.prosatafel(inhalt)
        return figur(marke, tabelle, self.inlines(text)) if marke else tabelle

    def prosatafel(self, t: Prosatafel) -> str:
        """Eine Tabelle aus einem Text."""
        zeilen = [
            [
                tafel.Zeile(
                    "",
                    tuple(tafel.Fach(f.text, self.bloecke(f.bloecke), f.spalten, f.zeilen) for f in zeile),
                )
                for zeile in teil
            ]
            for teil in (t.kopf, t.rumpf)
        ]
        return tafel.setze(*zeilen)


def figur(marke: str, inhalt: str, unterschrift: str) -> str:
    """``#figure`` mit den Arten, die auch Quarto vergibt; die Vorlage bestimmt Ort und Aussehen."""
    art = marke[:3]
    lage, name = ("bottom", "Abbildung") if art == "fig" else ("top", "Tabelle")
    return (
        f"#figure([\n{inhalt}\n], caption: figure.caption(position: {lage}, [{unterschrift}]), "
        f'kind: "quarto-float-{art}", supplement: "{name}", numbering: "1") <{marke}>'
    )


def sichtbar(c: Any) -> bool:
    """Ob ein Knoten ``Nur`` im PDF steht."""
    return bool((c[0] in {"typst", ""}) != c[1])


def _eng(punkte: Sequence[Sequence[Knoten]]) -> str:
    return str(all(p and p[0]["t"] == "Plain" for p in punkte)).lower()
