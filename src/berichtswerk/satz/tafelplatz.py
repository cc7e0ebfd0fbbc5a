"""Fertige HTML-Tabellen an pandoc vorbeiführen: in die Seite kommen sie ohnehin, wie sie sind.

Sie machen die Hälfte eines Berichts aus. pandoc bekommt an ihrer Stelle eine leere Tabelle mit denselben
Attributen; was die Prüfung abweisen würde, bleibt stehen und wird dort gefunden.
"""

from __future__ import annotations

import re

_TABELLE = re.compile(r"^(```\{=html\}\n<table[^>]*>)(.*?)(</table>\n```)$", re.DOTALL | re.MULTILINE)
_VERBOTEN = re.compile(r"</?table|<script|\son[a-z]+=|\sstyle=|```", re.IGNORECASE)
_PLATZ = re.compile(r"<tr><td>bw-tafelplatz-(\d+)</td></tr>")


def lagere_aus(markdown: str) -> tuple[str, list[str]]:
    """Markdown mit Plätzen statt Zeilen, und die Zeilen; nichts, wenn der Text selbst Plätze nennt."""
    if _PLATZ.search(markdown):
        return markdown, []
    tafeln: list[str] = []

    def ersetze(fund: re.Match[str]) -> str:
        if _VERBOTEN.search(fund[2]):
            return fund[0]
        tafeln.append(fund[2])
        return f"{fund[1]}<tr><td>bw-tafelplatz-{len(tafeln) - 1}</td></tr>{fund[3]}"

    return _TABELLE.sub(ersetze, markdown), tafeln


def setze_ein(html: str, tafeln: list[str]) -> str:
    """Macht :func:`lagere_aus` im fertigen HTML rückgängig."""
    return _PLATZ.sub(lambda fund: tafeln[int(fund[1])], html)
