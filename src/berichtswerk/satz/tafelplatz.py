"""Fertige Tabellen an pandoc vorbeiführen: in die Seite kommen sie, wie sie sind, ins PDF als Typst.

Sie machen die Hälfte eines Berichts aus. pandoc bekommt an ihrer Stelle eine leere Tabelle mit denselben
Attributen; was die Prüfung abweisen würde, bleibt stehen und wird dort gefunden.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from berichtswerk.satz.tafel import als_typst

_TABELLE = re.compile(r"^(```\{=html\}\n(<table[^>]*>))(.*?)(</table>\n```)$", re.DOTALL | re.MULTILINE)
_VERBOTEN = re.compile(r"</?table|<script|\son[a-z]+=|\sstyle=|```", re.IGNORECASE)
_PLATZ = re.compile(r"<tr><td>bw-tafelplatz-(\d+)</td></tr>")
_PLATZ_TYPST = re.compile(r"^bw-tafelplatz-(\d+)$", re.MULTILINE)


class Tafel(NamedTuple):
    """Was zwischen ``<table …>`` und ``</table>`` steht, und die ganze Tabelle als Typst."""

    innen: str
    typst: str


def lagere_aus(markdown: str, *, mit_typst: bool = False) -> tuple[str, list[Tafel]]:
    """Markdown mit Plätzen statt Zeilen, und die Tabellen; nichts, wenn der Text selbst Plätze nennt.

    Mit ``mit_typst`` bleibt eine Tabelle stehen, die nur pandoc nach Typst bringt.
    """
    if "bw-tafelplatz-" in markdown:
        return markdown, []
    tafeln: list[Tafel] = []

    def ersetze(fund: re.Match[str]) -> str:
        auf, marke, innen, zu = fund.groups()
        typst = als_typst(f"{marke}{innen}</table>") if mit_typst else ""
        if typst is None or _VERBOTEN.search(innen):
            return fund[0]
        tafeln.append(Tafel(innen, typst))
        return f"{auf}<tr><td>bw-tafelplatz-{len(tafeln) - 1}</td></tr>{zu}"

    return _TABELLE.sub(ersetze, markdown), tafeln


def setze_ein(html: str, tafeln: list[Tafel]) -> str:
    """Macht :func:`lagere_aus` im fertigen HTML rückgängig."""
    return _PLATZ.sub(lambda fund: tafeln[int(fund[1])].innen, html)


def setze_ein_typst(typst: str, tafeln: list[Tafel]) -> str:
    """Setzt die Tabellen an ihre Plätze im fertigen Typst."""
    return _PLATZ_TYPST.sub(lambda fund: tafeln[int(fund[1])].typst, typst)
