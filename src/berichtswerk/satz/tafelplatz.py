"""Fertige Tabellen an pandoc vorbeiführen: in die Seite kommen sie, wie sie sind, ins PDF als Typst.

Sie machen die Hälfte eines Berichts aus. pandoc bekommt an ihrer Stelle eine leere Tabelle mit denselben
Attributen; was die Prüfung abweisen würde, bleibt stehen und wird dort gefunden.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from berichtswerk.satz.tafel import als_typst

_TABELLE = re.compile(r"^(```\{=html\}\n(<table[^>]*>))(.*?)(</table>\n```)$", re.DOTALL | re.MULTILINE)
_VERBOTEN = re.compile(r"</?table|<script|\son[a-z]+=|\sstyle=|```", re.IGNORECASE)
_PLATZ = re.compile(r"<tr><td>(bw-tafelplatz-[0-9a-f]{12}-\d+)</td></tr>")
_PLATZ_TYPST = re.compile(r"^(bw-tafelplatz-[0-9a-f]{12}-\d+)$", re.MULTILINE)


class Tafel(NamedTuple):
    """Was zwischen ``<table …>`` und ``</table>`` steht, und die ganze Tabelle als Typst."""

    innen: str
    typst: str


Tafeln = dict[str, Tafel]
"""Die Tabellen eines Textes unter den Namen ihrer Plätze."""


def lagere_aus(markdown: str, *, mit_typst: bool = False) -> tuple[str, Tafeln]:
    """Markdown mit Plätzen statt Zeilen, und die Tabellen; die Namen der Plätze hängen am ganzen Text.

    Mit ``mit_typst`` bleibt eine Tabelle stehen, die nur pandoc nach Typst bringt.
    """
    tafeln: Tafeln = {}
    if "<table" not in markdown:
        return markdown, tafeln
    salz = hashlib.sha256(markdown.encode()).hexdigest()[:12]

    def ersetze(fund: re.Match[str]) -> str:
        auf, marke, innen, zu = fund.groups()
        if _VERBOTEN.search(marke[len("<table") :] + innen):
            return fund[0]
        typst = als_typst(f"{marke}{innen}</table>") if mit_typst else ""
        if typst is None:
            return fund[0]
        platz = f"bw-tafelplatz-{salz}-{len(tafeln)}"
        tafeln[platz] = Tafel(innen, typst)
        return f"{auf}<tr><td>{platz}</td></tr>{zu}"

    return _TABELLE.sub(ersetze, markdown), tafeln


def setze_ein(html: str, tafeln: Tafeln) -> str:
    """Macht :func:`lagere_aus` im fertigen HTML rückgängig."""
    return _PLATZ.sub(lambda f: tafeln[f[1]].innen if f[1] in tafeln else f[0], html)


def setze_ein_typst(typst: str, tafeln: Tafeln) -> str:
    """Setzt die Tabellen an ihre Plätze im fertigen Typst."""
    return _PLATZ_TYPST.sub(lambda f: tafeln[f[1]].typst if f[1] in tafeln else f[0], typst)
