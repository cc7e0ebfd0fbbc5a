"""Eigene Tabellen werden ohne pandoc zu Typst, und es kommt dasselbe heraus."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from berichtswerk.gegenstand.gegenstaende import Tabellenmodell, Tabellenzeile, Tabellenzelle
from berichtswerk.satz import pandoc, tafelplatz
from berichtswerk.satz.tafel import als_typst
from berichtswerk.tabelle.tabelle import als_html

LAYOUT = Path(__file__).parents[2] / "layout"
ZEICHEN = "abzÄß1290 %()+,-./:;=|§©↑↓−–…„“‚!?€‰·²³&<>*#[]@$\u00a0\u2007\u2008\u202f"
SONDERFAELLE = [".", "–", "x", "1.", "12 345", "−5,0", "(3,4)", "1,2\u2007", "a–b--c", "und//oder", "=", "/"]
TEXT = (
    st.sampled_from(SONDERFAELLE)
    | st.text(ZEICHEN, min_size=1, max_size=9)
    | st.lists(
        st.sampled_from(["Ort", "Kindertagesbetreuungsplätze", "z.", "(a)", "1.", "–"]), min_size=1
    ).map(" ".join)
)


def ueber_pandoc(tafeln: list[str]) -> str:
    """Dieselben Tabellen durch ``lua/tafel.lua``."""
    bloecke = "\n\n".join(f"```{{=html}}\n{t}\n```" for t in tafeln)
    return pandoc.wandle(f"---\ntitle: T\n---\n\n{bloecke}\n", LAYOUT, ("typst",)).typst


@st.composite
def modelle(zieh: Any) -> Tabellenmodell:
    breite = zieh(st.integers(1, 6))
    zelle = st.builds(
        Tabellenzelle, text=TEXT, zahl=st.booleans(), vorlesen=st.sampled_from(["", "", "unbekannt"])
    )
    kopf = [zieh(st.lists(zelle, min_size=breite, max_size=breite))]
    if breite > 2 and zieh(st.booleans()):
        oben = [Tabellenzelle(text=zieh(TEXT), zeilen=2), Tabellenzelle(text=zieh(TEXT), spalten=breite - 1)]
        kopf = [oben, zieh(st.lists(zelle, min_size=breite - 1, max_size=breite - 1))]
    zeilen = []
    for art in zieh(
        st.lists(st.sampled_from(["zeile", "zeile", "gruppe", "summe", "vergleich"]), min_size=1)
    ):
        eine = [Tabellenzelle(text=zieh(TEXT), spalten=breite)]
        faecher = eine if art == "gruppe" else zieh(st.lists(zelle, min_size=breite, max_size=breite))
        zeilen.append(Tabellenzeile(zellen=tuple(faecher), art=art))
    return Tabellenmodell(kopf=tuple(map(tuple, kopf)), zeilen=tuple(zeilen))


@settings(max_examples=60, deadline=None)
@given(st.lists(modelle(), min_size=1, max_size=4))
def test_jede_eigene_tabelle_wie_ueber_pandoc(modelle: list[Tabellenmodell]) -> None:
    tafeln = [als_html(m) for m in modelle]
    direkt = ueber_pandoc(tafeln)
    with pytest.MonkeyPatch.context() as ersatz:
        ersatz.setattr(tafelplatz, "als_typst", lambda _: None)
        assert direkt == ueber_pandoc(tafeln)


@pytest.mark.parametrize(
    "text", ["12 345", "–", "z. B. ja", "Bad Ort/Stadt (Land)", "5,0\u2007 %", "a & b < c"]
)
def test_uebliche_texte_brauchen_pandoc_nicht(text: str) -> None:
    zelle = escape(text, quote=False)
    html = f"<table><thead><tr><th>{zelle}</th></tr></thead><tbody><tr><th>{zelle}</th></tr></tbody></table>"
    assert als_typst(html) is not None


@pytest.mark.parametrize(
    "rumpf",
    [
        "<tr><td>a</td></tr>",  # eine Zelle zu wenig
        "<tr><td>a</td><td>b</td><td>c</td></tr>",
        '<tr><th rowspan="2">a</th><td>b</td></tr>',  # ragt unten heraus
        "<tr><td><b>a</b></td><td>b</td></tr>",
        "<tr><td>a</td><td>&nbsp;</td></tr>",
        "<tr><td>a</td><td>_b_</td></tr>",
        '<tr id="x"><td>a</td><td>b</td></tr>',
        "<tr><td>a</td><td>b</td></tr><tr><th>c</th><th>d</th></tr>",
    ],
)
def test_fremde_tabellen_ueberlaesst_es_pandoc(rumpf: str) -> None:
    html = f"<table><thead><tr><th>A</th><th>B</th></tr></thead><tbody>{rumpf}</tbody></table>"
    assert als_typst(html) is None


def test_mit_ziffernbreite_aufgefuellte_zahlen_stehen_rechts() -> None:
    """Die Ziffernlücke hält die Stellen untereinander; die Spalte bleibt rechtsbündig."""
    zeilen = tuple(
        Tabellenzeile(zellen=(Tabellenzelle(text=ort), Tabellenzelle(text=wert)))
        for ort, wert in (("Nord", "12,5"), ("Süd", "7\u2008\u2007"))
    )
    kopf = ((Tabellenzelle(text="Ort"), Tabellenzelle(text="Anteil")),)
    typst = als_typst(als_html(Tabellenmodell(kopf=kopf, zeilen=zeilen)))
    assert typst is not None and "align: (left, right,)" in re.sub(r"\s+", " ", typst)
