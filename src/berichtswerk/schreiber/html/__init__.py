"""Webseiten: der Rumpf aus dem Manuskript, der Rahmen aus ``layout/seite.html``."""

from __future__ import annotations

import re
from html import escape

from berichtswerk.grund.abstand import UNTEILBAR

_ADRESSE = re.compile(r"(?<=\w)@(?=\w)")


def text(wortlaut: str) -> str:
    """Wortlaut als HTML-Text; was unteilbar ist („2019–2030“, „3-Jährige“), bricht nicht um.

    Eine lange E-Mail-Adresse bricht hinter dem „@“.
    """
    fest = UNTEILBAR.sub(r'<span class="bw-fest">\g<0></span>', escape(wortlaut, quote=False))
    return _ADRESSE.sub("@<wbr>", fest)
