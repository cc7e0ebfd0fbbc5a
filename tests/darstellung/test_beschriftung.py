"""Schilder und Striche: gezeichnet wie von Vega selbst, nur ohne dessen Aufwand."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from copy import deepcopy
from typing import Any

import pytest
from bildhilfe import SVG, galerie, thema

from berichtswerk.bild import svg as zeichnung
from berichtswerk.bild.beschriftung import trenne, zahl
from berichtswerk.bild.leinwand import Raender, Schild, Strich, rahme, schilder, striche

T = thema()
SCHRIFTBILD = ("text-anchor", "transform", "font-family", "font-size", "font-weight", "fill")


def _spec(*weitere: Schild) -> dict[str, Any]:
    linien = striche([Strich(0, 0, 100, 0, T.farben.achse)])
    tafeln = [Schild(10, 20, "eins", T.farben.text), *weitere]
    return rahme([*linien, *schilder(tafeln, T)], T, 100, Raender(10, 10, 10, 10), "Probe")


def _texte(svg: str) -> list[tuple[str | None, ...]]:
    alle = ET.fromstring(svg).iter(f"{SVG}text")
    return [(t.text, *(t.get(name) for name in SCHRIFTBILD)) for t in alle]


def _nur_vega(spec: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> str:
    with monkeypatch.context() as m:
        m.setattr(zeichnung, "trenne", lambda s: (s, []))
        return zeichnung.zeichne(spec, T.marke)


@pytest.mark.parametrize("name", list(galerie()))
def test_schilder_stehen_wie_von_vega_gesetzt(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = galerie()[name].spec
    assert trenne(spec)[1], "Die Prüfung vergleicht nichts"
    assert zeichnung.zeichne(spec, T.marke) == _nur_vega(spec, monkeypatch)


@pytest.mark.parametrize("grundlinie", ["top", "middle", "bottom", "alphabetic"])
@pytest.mark.parametrize("buendig", ["left", "center", "right"])
def test_jede_lage_und_jedes_zeichen_wie_von_vega(
    grundlinie: Any, buendig: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    texte = (" a < b & „c“ ", "1\u202f234,5\u202f%", "", "  ", "\u2212\u202f")
    tafeln = [
        Schild(40.05, -7.3 + 9 * n, text, T.farben.fokus, buendig, fett=n % 2 == 0, grundlinie=grundlinie)
        for n, text in enumerate(texte)
    ]
    spec = _spec(*tafeln)
    eigen, vega = zeichnung.zeichne(spec, T.marke), _nur_vega(spec, monkeypatch)
    assert _texte(eigen) == [t for t in _texte(vega) if t[0]]


def _aendere(spec: dict[str, Any], **marke: Any) -> dict[str, Any]:
    neu = deepcopy(spec)
    neu["layer"][-1]["mark"] |= marke
    return neu


@pytest.mark.parametrize("groesse", [9, 15, 20, 50])
def test_grundlinie_rundet_wie_vega(groesse: float, monkeypatch: pytest.MonkeyPatch) -> None:
    for grundlinie in ("top", "middle", "bottom"):
        spec = _aendere(_spec(), fontSize=groesse, baseline=grundlinie)
        assert zeichnung.zeichne(spec, T.marke) == _nur_vega(spec, monkeypatch)


def test_nur_oberste_einfache_textebenen_gehen_an_vega_vorbei() -> None:
    spec = _spec()
    assert [e["mark"]["type"] for e in trenne(spec)[0]["layer"]] == ["rule"]
    umgedreht = {**spec, "layer": spec["layer"][::-1]}
    for anders in (
        umgedreht,
        {**spec, "autosize": {"type": "fit"}},
        {k: w for k, w in spec.items() if k != "autosize"},
        _aendere(spec, angle=90),
        _aendere(spec, dx=4),
        _aendere(spec, align={"expr": "'left'"}),
        {**spec, "layer": spec["layer"][1:]},
    ):
        assert trenne(anders) == (anders, [])
    mit_skala = deepcopy(spec)
    mit_skala["layer"][-1]["encoding"]["x"].pop("scale")
    assert trenne(mit_skala) == (mit_skala, [])
    zahlen = deepcopy(spec)
    zahlen["layer"][-1]["data"]["values"][0]["text"] = 5
    assert trenne(zahlen) == (zahlen, [])


def test_striche_sind_eine_ebene_und_behalten_farbe_breite_muster() -> None:
    drei = [
        Strich(0, 0, 50, 0, "#ff0000", 2),
        Strich(0, 9, 50, 9, "#00ff00", 0.5, (4, 3)),
        Strich(0, 18, 50, 27, "#0000ff"),
    ]
    (ebene,) = striche(drei)
    svg = zeichnung.zeichne(rahme([ebene], T, 100, Raender(0, 0, 0, 0), "Probe"), T.marke)
    linien = [k.attrib for k in ET.fromstring(svg).iter(f"{SVG}line")]
    assert [k["stroke"] for k in linien] == ["#ff0000", "#00ff00", "#0000ff"]
    assert [k["stroke-width"] for k in linien] == ["2", "0.5", "1"]
    assert [k.get("stroke-dasharray") for k in linien] == [None, "4,3", None]
    assert striche([]) == []


def test_svg_nennt_nichts_was_auch_so_gilt() -> None:
    for name in galerie():
        svg = re.sub(r"base64,[^)]*", "", zeichnung.zeichne(galerie()[name].spec, T.marke))
        for ueberfluss in ("<g>", "translate(0,0)", 'opacity="1"', ' x2="0"', ".0,", '.00"', " />"):
            assert ueberfluss not in svg, (name, ueberfluss)


@pytest.mark.parametrize(
    ("wert", "text"), [(0.0, "0"), (-0.001, "0"), (10, "10"), (2.5, "2.5"), (1.005, "1"), (-3.456, "-3.46")]
)
def test_zahlen_im_bild_sind_kurz(wert: float, text: str) -> None:
    assert zahl(wert) == text


def test_vorwaermen_aendert_kein_bild_und_stoert_sich_an_nichts() -> None:
    vorher = zeichnung.zeichne(_spec(), T.marke)
    faden = zeichnung.waerme_vor(T.marke)
    assert zeichnung.zeichne(_spec(), T.marke) == vorher
    faden.join(timeout=30)
    assert not faden.is_alive()
