"""Schilder und Striche: gezeichnet wie von Vega selbst, nur ohne dessen Aufwand."""

from __future__ import annotations

import io
import xml.etree.ElementTree as ET
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import altair as alt
import numpy as np
import pytest
import vl_convert
from bildhilfe import SVG, blatt, galerie, thema
from PIL import Image

from berichtswerk.bild import svg as zeichnung
from berichtswerk.bild.frei import spezifikation
from berichtswerk.bild.leinwand import Rahmen, Schild, Strich, rahme, striche, vollstaendig
from berichtswerk.fach.reihe import Eigenrechnung, Wert
from berichtswerk.grund.zeichen import Status
from berichtswerk.worte import belegzeilen

T = thema()


def _spec(*weitere: Schild) -> dict[str, Any]:
    linien = striche([Strich(0, 0, 100, 0, T.farben.achse)])
    tafeln = [Schild(10, 20, "eins", T.farben.text), *weitere]
    return rahme([*linien, *tafeln], T, Rahmen(100, 10, 10, 10, 10))


def _von_vega(spec: dict[str, Any]) -> str:
    """Dieselbe Abbildung, ganz von Vega gezeichnet."""
    return zeichnung.als_datei(vollstaendig(spec), T.marke)


def _unterschied(eigen: str, vega: str) -> float:
    """Anteil der Bildpunkte, die deutlich anders sind."""
    bilder = []
    for svg in (eigen, vega):
        png = vl_convert.svg_to_png(svg)
        bilder.append(np.asarray(Image.open(io.BytesIO(png)).convert("L"), dtype=np.int16))
    assert bilder[0].shape == bilder[1].shape
    return float((np.abs(bilder[0] - bilder[1]) > 96).mean())


@pytest.mark.parametrize("name", list(galerie()))
@pytest.mark.parametrize("breite", [344, 680])
def test_jede_form_sieht_aus_wie_von_vega_gezeichnet(name: str, breite: int) -> None:
    spec = blatt(galerie()[name], breite)
    spec |= {k: round(spec[k]) for k in ("width", "height")}
    spec["padding"] = {k: round(w) for k, w in spec["padding"].items()}  # Vega rundet, was es nicht soll
    assert _unterschied(zeichnung.als_datei(spec, T.marke), _von_vega(spec)) < 0.004


@pytest.mark.parametrize("grundlinie", ["top", "middle", "bottom", "alphabetic"])
@pytest.mark.parametrize("buendig", ["left", "center", "right"])
def test_jede_lage_und_jedes_zeichen_wie_von_vega(grundlinie: Any, buendig: Any) -> None:
    texte = (" a < b & „c“ ", "1\u202f234,5\u202f%", "", "  ", "\u2212\u202f")
    tafeln = [
        Schild(140.05, 17.3 + 19 * n, text, T.farben.fokus, buendig, fett=n % 2 == 0, grundlinie=grundlinie)
        for n, text in enumerate(texte)
    ]
    spec = _spec(*tafeln)
    assert _unterschied(zeichnung.als_datei(spec, T.marke), _von_vega(spec)) < 0.001


@pytest.mark.parametrize("name", list(galerie()))
def test_die_ganze_spezifikation_ist_altair_und_wird_wieder_gezeichnet(name: str) -> None:
    """Wer eine Abbildung als Altair nimmt und unverändert zurückgibt, bekommt dasselbe Bild."""
    spec, text = blatt(galerie()[name]), galerie()[name].alt
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
    linien = [k.attrib for k in ET.fromstring(svg).iter(f"{SVG}path")]
    assert [k["stroke"] for k in linien] == ["#ff0000", "#00ff00", "#0000ff"]
    assert [k["stroke-width"] for k in linien] == ["2", "0.5", "1"]
    assert [k.get("stroke-dasharray") for k in linien] == [None, "4,3", None]
    assert striche([]) == []


def test_svg_nennt_nichts_was_auch_so_gilt() -> None:
    for name in galerie():
        svg = zeichnung.als_datei(blatt(galerie()[name]), T.marke, mit_schrift=False)
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


def test_eine_vorausrechnung_stammt_nicht_aus_einem_pressebericht() -> None:
    """„Nach Presseberichten: 2021, 2025, 2030 …“ stand unter einer Vorausrechnung."""
    quellen: Any = {"zeitung": SimpleNamespace(statistik=SimpleNamespace(herkunft="presse"))}
    wert = Wert("k", "1", "2021", 2021, 1.0, Status.WERT, quellen=("zeitung",))
    reihen: Any = [[wert, replace(wert, jahr=2030, prognose=True)]]
    assert belegzeilen._presse(reihen, quellen) == ["Nach Presseberichten: 2021."]


def test_eine_rechnung_sagt_dass_presse_eingeht_aber_nicht_fuer_welches_jahr() -> None:
    quellen: Any = {"zeitung": SimpleNamespace(statistik=SimpleNamespace(herkunft="presse"))}
    wert = Wert("k", "1", "2021", 2021, 1.0, Status.WERT, quellen=("zeitung",), eigene=Eigenrechnung("r"))
    reihen: Any = [[wert, replace(wert, jahr=2030, prognose=True)]]
    assert belegzeilen._presse(reihen, quellen) == ["In die Rechnung gehen auch Presseberichte ein."]


def test_pressejahre_in_folge_stehen_als_zeitraum() -> None:
    """Unter einer Abbildung standen zehn Jahre, durch Kommas getrennt."""
    quellen: Any = {"zeitung": SimpleNamespace(statistik=SimpleNamespace(herkunft="presse"))}
    wert = Wert("k", "1", "2021", 2021, 1.0, Status.WERT, quellen=("zeitung",))
    reihen: Any = [[replace(wert, jahr=j) for j in (2011, 2013, 2014, 2017, 2018, 2019)]]
    (satz,) = belegzeilen._presse(reihen, quellen)
    assert satz == "Nach Presseberichten: 2011, 2013, 2014 und 2017 bis 2019."


def test_wer_in_zwei_quellen_steht_wird_einmal_genannt(monkeypatch: pytest.MonkeyPatch) -> None:
    """„A; B, Amt, B“: mal trennte ein Komma, mal ein Strichpunkt, und einer stand doppelt."""
    monkeypatch.setattr(belegzeilen, "nennung", lambda q, *, gerechnet: q.name)
    wer = ("Bote; Anzeiger; Post", "Statistikamt", "Zensusamt", "Anzeiger")
    quellen = [
        SimpleNamespace(name=w, ist_beispiel=False, licenses=[], statistik=SimpleNamespace(herausgeber=w))
        for w in wer
    ]
    zeile = belegzeilen.quellenzeile([(q, True) for q in quellen]).zeile
    assert zeile.startswith("Quellen: Bote, Anzeiger, Post, Statistikamt, Zensusamt (im Einzelnen")
