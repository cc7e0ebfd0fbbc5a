"""Die Vorlage setzt auch, was Quarto nach Typst schreibt: eigene Arten, Kästen mit fremden Zeichen."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import typst
from manuskripthilfe import SVG

from berichtswerk.grund.projekt import Projekt

# So ruft Quarto Kästen und Abbildungen auf; fa-info() zeichnet ein Zeichen aus einer fremden Schrift.
WIE_QUARTO = """
#let horizontalrule = line(start: (25%,0%), end: (75%,0%))
#let fa-info() = "\\u{f129}"
#set page(paper: "a4", margin: (x: 1.25in, y: 1.25in), numbering: "1")
#set text(font: "Fira Sans", lang: "de", region: "DE")
VORLAGE
#show: doc => bericht(titel: [Bericht], band: [Beispielausgabe, keine amtliche Veröffentlichung],
  stand: bw-datum([2025-06-30]), doc)
= Lage
<sec-lage>
Siehe #ref(<fig-a>, supplement: [Abbildung]) und #ref(<tbl-b>, supplement: [Tabelle]).

#figure([
#box(image("a.svg", alt: "Linie", width: 4in))
], caption: figure.caption(
position: bottom,
[
Geburten
]),
kind: "quarto-float-fig",
supplement: "Abbildung",
numbering: "1",
)
<fig-a>

#block[
#callout(
body:
[
Text im Kasten.
]
,
title:
[
Hinweis
]
,
background_color: rgb("#dae6fb"),
icon_color: rgb("#0758E5"),
icon: fa-info(),
body_background_color: white
)
]

#figure([
#table(
  columns: 2, align: (left,right,),
  table.header([Ort], [Wert],),
  table.hline(),
  [Nord], [1],
)
], caption: figure.caption(
position: top,
[
Werte
]),
kind: "quarto-float-tbl",
supplement: "Tabelle",
numbering: "1",
)
<tbl-b>
"""


@pytest.fixture
def quelle(projekt: Projekt) -> str:
    """Die Bausteine so zusammengesetzt, wie pandoc es mit ``$baustein.typ()$`` tut."""
    ordner = projekt.layout / "typst"
    marke = (ordner / "marke.typ").read_text(encoding="utf-8").replace("$$", "$")
    vorlage = (ordner / "typst-template.typ").read_text(encoding="utf-8").replace("$marke.typ()$", marke)
    assert "$" not in vorlage.replace(marke, ""), "Dollarzeichen sind in Bausteinen Platzhalter"
    return WIE_QUARTO.replace("VORLAGE", vorlage)


def test_vorlage_setzt_quartos_typst_nach_beiden_normen(
    projekt: Projekt, quelle: str, tmp_path: Path, verapdf: Any
) -> None:
    (tmp_path / "a.svg").write_text(SVG, encoding="utf-8")
    schriften = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[projekt.layout / "fonts"]
    )
    satz = typst.Compiler(input=quelle.encode(), root=tmp_path, font_paths=schriften)
    pdf, warnungen = satz.compile_with_warnings(format="pdf", pdf_standards=["a-2a", "ua-1"])
    assert isinstance(pdf, bytes)
    assert [w.message for w in warnungen] == []
    (tmp_path / "a.pdf").write_bytes(pdf)
    assert verapdf.verstoesse(tmp_path / "a.pdf") == []


def test_bausteine_sind_die_in_der_vorlage_genannten(projekt: Projekt) -> None:
    zeigen = (projekt.layout / "typst" / "typst-show.typ").read_text(encoding="utf-8")
    assert zeigen.count("$if(") == zeigen.count("$endif$")
    assert "#show: doc => bericht(" in zeigen
