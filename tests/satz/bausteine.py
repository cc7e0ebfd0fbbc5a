"""Zellen, Abbildungen und Tabellen, wie sie in Übergabe-Notizbüchern stehen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="400" height="160" viewBox="0 0 400 160">'
    '<rect width="400" height="160" fill="#fff"/><path d="M20 140L380 30" stroke="#095c6d" stroke-width="3"/>'
    '<text x="20" y="20" font-family="Fira Sans" font-size="12">1 234 Geburten</text></svg>'
)
KOPF = (
    "---\ntitle: Prüfbericht\nsubtitle: Ein Bericht zum Prüfen\nlang: de-DE\n"
    "berichtswerk: {band: Beispielausgabe, stand: 2025-06-30, herausgeber: Kreis Muster}\n---\n"
)

Zelle = dict[str, Any]
Notizbuchbauer = Callable[..., Path]
"""Baut ein Notizbuch aus Zellen und nennt seinen Pfad."""


def roh(text: str) -> Zelle:
    return {"cell_type": "raw", "id": "r", "metadata": {}, "source": text.splitlines(keepends=True)}


def md(text: str) -> Zelle:
    return {"cell_type": "markdown", "id": "m", "metadata": {}, "source": text.splitlines(keepends=True)}


def code(quelle: str, *ausgaben: dict[str, Any]) -> Zelle:
    """Eine Codezelle; jede Ausgabe ist ein Bündel ``{Medientyp: Text}``."""
    liste = [{"output_type": "display_data", "metadata": {}, "data": a} for a in ausgaben]
    return {
        "cell_type": "code", "id": "c", "metadata": {}, "execution_count": 1,
        "source": quelle.splitlines(keepends=True), "outputs": liste,
    }  # fmt: skip


def ausgabe(text: str) -> Zelle:
    """Eine Zelle, wie sie die Übergabe schreibt: Code verborgen, Ausgabe Markdown."""
    return code(
        "#| echo: false\n#| output: asis\nb.zeige()", {"text/markdown": text.splitlines(keepends=True)}
    )


def figur(marke: str, unterschrift: str = "Geburten im Kreis, 2005–2023 (Anzahl)") -> str:
    """Eine Abbildung im Rahmen der Übergabe."""
    return (
        f"::: {{.bw-figur}}\n::: {{.bw-befund}}\nDie Zahl der Geburten ist gesunken.\n:::\n\n"
        f'::: {{#{marke}}}\n![](abb/a.svg){{fig-alt="Liniendiagramm „Geburten“: Rückgang"}}\n\n'
        f"{unterschrift}\n:::\n\n::: {{.bw-beleg}}\nQuelle: Amt; Stand: 30.06.2025.\n:::\n\n"
        '::: {.bw-daten .content-visible when-format="html" titel="Daten: A & B"}\n'
        "```{=html}\n"
        '<table class="bw-tabelle"><thead><tr><th scope="col">Jahr</th><th scope="col" class="zahl">Zahl</th>'
        '</tr></thead><tbody><tr><th scope="row">2005</th><td class="zahl">12</td></tr></tbody></table>\n'
        "```\n\n[CSV](daten/a.csv)\n:::\n:::\n"
    )


def tafel(marke: str, zeilen: int) -> str:
    """Eine Tabelle der Übergabe mit Gruppen-, Summen- und ``zeilen`` Wertezeilen."""
    rumpf = "".join(
        f'<tr><th scope="row">Gemeinde {i}</th><td class="zahl">{1000 + i}</td>'
        f'<td class="zahl">1,{i % 10}</td></tr>'
        for i in range(zeilen)
    )
    return (
        f"::: {{.bw-figur}}\n::: {{#{marke}}}\n```{{=html}}\n"
        '<table class="bw-tabelle"><thead><tr><th scope="col">Gemeinde</th><th scope="col" class="zahl">'
        'Einwohner</th><th scope="col" class="zahl">Veränderung (%)</th></tr></thead><tbody>'
        f'<tr class="gruppe"><th scope="rowgroup" colspan="3">Nord</th></tr>{rumpf}'
        '<tr class="summe"><th scope="row">Kreis</th><td class="zahl"><span aria-hidden="true">.</span>'
        '<span class="bw-vorlesen">unbekannt</span></td><td class="zahl">–</td></tr></tbody></table>\n'
        f"```\n\nEinwohner der Gemeinden, 2023\n:::\n:::\n"
    )
