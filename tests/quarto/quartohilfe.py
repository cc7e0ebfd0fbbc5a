"""Haken starten, wie Quarto sie startet."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

Filtern = Callable[..., str]
"""Setzt Markdown oder einen Baum mit dem Filter (:func:`conftest.filtern`)."""
WURZEL = Path(__file__).parents[2]
RAHMEN = """\
#let blockquote(body) = block(inset: 1em, body)
#let horizontalrule = line(start: (25%, 0%), end: (75%, 0%))
#let endnote(num, contents) = [#stack(dir: ltr, spacing: 3pt, super[#num], contents)]
#let fa-info() = "\\u{f129}"
#show terms.item: it => block(breakable: false)[#strong(it.term) #block(inset: 1.5em, it.description)]
#show figure: it => if type(it.kind) == str and it.kind.starts-with("quarto-callout-") { it.body } else { it }
#show raw.where(block: true): set block(fill: luma(230), width: 100%, inset: 8pt, radius: 2pt)
#set page(paper: "a4", margin: (x: 1.25in, y: 1.25in), numbering: "1")
#set text(font: "Fira Sans", lang: "de", region: "DE")
#let callout(body: [], title: "Callout", background_color: rgb("#dddddd"), icon: none, icon_color: black, \
body_background_color: white) = block[#text(icon_color)[#icon] #title #body]

"""
"""Was Quarto davor setzt (Definitionen), mit eigenen Worten."""
BAUSTEINE = """\
$typst-template.typ()$

$typst-show.typ()$

$for(header-includes)$
$header-includes$
$endfor$

$body$
"""
"""Was aus den Bausteinen und dem Text wird."""


def zerlege(befehl: str) -> list[str]:
    """Wie Quarto eine Befehlszeile zerlegt: an Leerzeichen, doppelte Anführungszeichen halten zusammen."""
    teile, offen, drinnen = [], "", False
    for zeichen in befehl + " ":
        if zeichen == '"':
            drinnen = not drinnen
        elif zeichen.isspace() and not drinnen:
            teile += [offen] if offen else []
            offen = ""
        else:
            offen += zeichen
    return teile


def wie_quarto(projekt: Path, befehl: str, **umgebung: str) -> subprocess.CompletedProcess[str]:
    """Startet einen Haken ohne Shell im Projektordner; ein Python-Skript führt Quarto selbst aus."""
    teile = zerlege(befehl)
    if teile[0].endswith(".py"):
        teile = [sys.executable, *teile]
    env = {name: wert for name, wert in os.environ.items() if not name.startswith("BERICHTSWERK_")}
    return subprocess.run(
        teile, cwd=projekt, env={**env, **umgebung}, capture_output=True, text=True,
        check=False, timeout=120,
    )  # fmt: skip


def als_markdown(nb: dict[str, Any]) -> str:
    """Was Quarto aus dem Notizbuch an pandoc gibt: Kopf und Texte."""
    return "\n\n".join("".join(z["source"]) for z in nb["cells"])
