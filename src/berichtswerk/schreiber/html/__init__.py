"""Webseiten: der Rumpf aus dem Manuskript, der Rahmen aus ``layout/seite.html``."""

from __future__ import annotations

import re
from html import escape

from berichtswerk.grund.abstand import UNTEILBAR

_ADRESSE = re.compile(r"(?<=\w)@(?=\w)")
_TEIL = re.compile(
    r"<!--.*?-->|<(head|h1|table|svg|script|style|code|pre|select|textarea)\b.*?</\1>"
    r'|<span class="bw-fest">.*?</span>|<[^>]*>|[^<]+',
    re.DOTALL,
)


def text(wortlaut: str) -> str:
    """Wortlaut als HTML-Text; was unteilbar ist („2019–2030“, „3-Jährige“), bricht nicht um.

    Eine lange E-Mail-Adresse bricht hinter dem „@“.
    """
    return _fest(escape(wortlaut, quote=False))


def mit_festem(seite: str) -> str:
    """Dasselbe in einer Seite von Quarto: in den Texten; Titel, Tabellen und Bilder sind schon fertig."""
    return _TEIL.sub(lambda teil: teil[0] if teil[0].startswith("<") else _fest(teil[0]), seite)


def _fest(html: str) -> str:
    return _ADRESSE.sub("@<wbr>", UNTEILBAR.sub(r'<span class="bw-fest">\g<0></span>', html))
