"""Alle Formen auf einer Seite, mit den Grenzfällen: zum Ansehen und für die Prüfung im Browser.

Aufruf: ``python tests/darstellung/galerieseite.py DATEI.html``; die Seite zeigt sie wie ein Bericht, breit
und auf dem Telefon schmal, hell und dunkel.
"""

from __future__ import annotations

import sys
from html import escape
from pathlib import Path

from bildhilfe import PROJEKT, blatt, galerie, thema

from berichtswerk.bild.motiv import SCHMAL, SEITE
from berichtswerk.bild.svg import beide, fuer_seite

_RAHMEN = "main{max-width:712px;margin:0 auto;padding:1rem}@media(max-width:48rem){main{padding:1rem}}"


def seite() -> str:
    """Die Seite als HTML, mit Stylesheet; Schriften lädt sie aus ``layout/``."""
    stil = "".join(
        (PROJEKT.layout / name).read_text(encoding="utf-8") for name in ("marke.css", "bericht.css")
    )
    stil = stil.replace('url("', f'url("{PROJEKT.layout.as_uri()}/')
    teile = [
        '<!doctype html><html lang="de-DE"><head><meta charset="utf-8"><title>Galerie der Formen</title>'
        f'<meta name="viewport" content="width=device-width"><style>{stil}{_RAHMEN}</style></head>'
        '<body class="bw-seite"><main><h1>Galerie der Formen</h1>'
    ]
    for name, bild in galerie().items():
        breit, schmal = (
            fuer_seite(blatt(bild, breite), thema().marke, f"fig-{name}-{breite}")
            for breite in (SEITE, SCHMAL)
        )
        teile.append(
            f'<section id="fig-{name}"><h2>{name}</h2>'
            f'<div class="bw-bild" role="img" aria-label="{escape(bild.alt)}">{beide(breit, schmal)}</div>'
            f"<p>{escape(bild.befund)}</p></section>"
        )
    return "".join([*teile, "</main></body></html>"])


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(seite(), encoding="utf-8")
