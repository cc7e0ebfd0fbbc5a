"""Schilder und Striche: gezeichnet wie von Vega selbst, nur ohne dessen Aufwand."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from typing import Any

import altair as alt
import pytest
from bildhilfe import SVG, galerie, thema

from berichtswerk.bild import svg as zeichnung
from berichtswerk.bild.frei import spezifikation
from berichtswerk.bild.leinwand import Rahmen, Schild, Strich, rahme, striche, vollstaendig

T = thema()
SCHRIFTBILD = ("text-anchor", "transform", "font-size", "font-weight", "fill")


def _spec(*weitere: Schild) -> dict[str, Any]:
    linien = striche([Strich(0, 0, 100, 0, T.farben.achse)])
    tafeln = [Schild(10, 20, "eins", T.farben.text), *weitere]
    return rahme([*linien, *tafeln], T, Rahmen(100, 10, 10, 10, 10))


def _texte(svg: str) -> list[tuple[str | None, ...]]:
    alle = ET.fromstring(svg).iter(f"{SVG}text")
    return [(t.text, *(t.get(name) for name in SCHRIFTBILD)) for t in alle]


def _ohne_klassen(svg: str) -> str:
    return re.sub(r' class="[^"]*"', "", svg)


def _von_vega(spec: dict[str, Any]) -> str:
    """Dieselbe Abbildung, deren Schilder Vega selbst setzt."""
    return zeichnung.als_datei(vollstaendig(spec), T.marke)


@pytest.mark.parametrize("name", list(galerie()))
def test_schilder_stehen_wie_von_vega_gesetzt(name: str) -> None:
    spec = galerie()[name].spec
    assert all(e["mark"]["type"] != "text" for e in spec["layer"])
    eigen, vega = (ET.fromstring(s) for s in (zeichnung.als_datei(spec, T.marke), _von_vega(spec)))
    assert sorted(_texte(ET.tostring(eigen, "unicode")), key=str) == sorted(
        _texte(ET.tostring(vega, "unicode")), key=str
    )
    for wurzel in (eigen, vega):
        for eltern in list(wurzel.iter()):
            eltern[:] = [k for k in eltern if k.tag not in (f"{SVG}text", f"{SVG}style")]
    assert _ohne_klassen(ET.tostring(eigen, "unicode")) == ET.tostring(vega, "unicode")


@pytest.mark.parametrize("grundlinie", ["top", "middle", "bottom", "alphabetic"])
@pytest.mark.parametrize("buendig", ["left", "center", "right"])
def test_jede_lage_und_jedes_zeichen_wie_von_vega(grundlinie: Any, buendig: Any) -> None:
    texte = (" a < b & „c“ ", "1\u202f234,5\u202f%", "", "  ", "\u2212\u202f")
    tafeln = [
        Schild(40.05, -7.3 + 9 * n, text, T.farben.fokus, buendig, fett=n % 2 == 0, grundlinie=grundlinie)
        for n, text in enumerate(texte)
    ]
    spec = _spec(*tafeln)
    eigen = _texte(zeichnung.als_datei(spec, T.marke))
    assert eigen == [t for t in _texte(_von_vega(spec)) if t[0]]


@pytest.mark.parametrize("name", list(galerie()))
def test_die_ganze_spezifikation_ist_altair_und_wird_wieder_gezeichnet(name: str) -> None:
    """Wer eine Abbildung als Altair nimmt und unverändert zurückgibt, bekommt dasselbe Bild."""
    spec, text = galerie()[name].spec, galerie()[name].alt
    zurueck = spezifikation(alt.Chart.from_dict(vollstaendig(spec)), T, text, "fig-p")
    assert zeichnung.als_datei(zurueck, T.marke) == _von_vega(spec)


def test_striche_sind_eine_ebene_und_behalten_farbe_breite_muster() -> None:
    drei = [
        Strich(0, 0, 50, 0, "#ff0000", 2),
        Strich(0, 9, 50, 9, "#00ff00", 0.5, (4, 3)),
        Strich(0, 18, 50, 27, "#0000ff"),
    ]
    (ebene,) = striche(drei)
    svg = zeichnung.als_datei(rahme([ebene], T, Rahmen(100, 0, 0, 0, 0)), T.marke)
    linien = [k.attrib for k in ET.fromstring(svg).iter(f"{SVG}line")]
    assert [k["stroke"] for k in linien] == ["#ff0000", "#00ff00", "#0000ff"]
    assert [k["stroke-width"] for k in linien] == ["2", "0.5", "1"]
    assert [k.get("stroke-dasharray") for k in linien] == [None, "4,3", None]
    assert striche([]) == []


def test_svg_nennt_nichts_was_auch_so_gilt() -> None:
    for name in galerie():
        svg = zeichnung.als_datei(galerie()[name].spec, T.marke, mit_schrift=False)
        for ueberfluss in ("<g>", "translate(0,0)", 'opacity="1"', ' x2="0"', ".0,", '.00"', " />"):
            assert ueberfluss not in svg, (name, ueberfluss)


@pytest.mark.parametrize(
    ("wert", "text"), [(0.0, "0"), (-0.001, "0"), (10, "10"), (2.5, "2.5"), (1.005, "1"), (-3.456, "-3.46")]
)
def test_zahlen_im_bild_sind_kurz(wert: float, text: str) -> None:
    assert zeichnung.zahl(wert) == text


def test_vorwaermen_aendert_kein_bild_und_stoert_sich_an_nichts() -> None:
    vorher = zeichnung.als_datei(_spec(), T.marke)
    faden = zeichnung.waerme_vor(T.marke)
    assert zeichnung.als_datei(_spec(), T.marke) == vorher
    faden.join(timeout=30)
    assert not faden.is_alive()
