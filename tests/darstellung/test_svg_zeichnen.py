"""SVG: Text bleibt Text in der Hausschrift, nichts Fremdes, gleiche Bytes, lesbar auf dem Telefon."""

from __future__ import annotations

import base64
import dataclasses
import io
import json
import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from bildhilfe import PROJEKT, SVG, blatt, farben, galerie, stoerungen, textkaesten, thema
from fontTools.ttLib import TTFont

from berichtswerk.bild import svg as svg_modul
from berichtswerk.bild.frei import spezifikation
from berichtswerk.bild.leinwand import Rahmen, Schild, Strich, pfade, rahme, tupfen, vollstaendig
from berichtswerk.bild.motiv import lies
from berichtswerk.bild.svg import als_datei, fuer_seite, passend
from berichtswerk.grund.ablage import Ablage
from berichtswerk.marke import farbe

BILDER = list(galerie())
BREITEN = (344, 551, 680)
"""Telefon, Druck, Bildschirm."""


def _svg(name: str) -> str:
    return als_datei(blatt(galerie()[name]), thema().marke)


@pytest.mark.parametrize("name", BILDER)
def test_svg_ist_eigenstaendig_und_ohne_englisches(name: str) -> None:
    svg = _svg(name)
    ohne_namensraum = re.sub(r'xmlns(:\w+)?="[^"]*"|base64,[A-Za-z0-9+/=]+', "", svg)
    assert not re.search(r"(?i)//|javascript:|<script", ohne_namensraum)
    for wort in ('role="graphics', "mark-", "axis", 'style="', "container", "undefined", "NaN", "null"):
        assert wort not in re.sub(r"base64,[^)]*", "", svg), wort


@pytest.mark.parametrize("name", BILDER)
def test_name_des_bildes_ist_der_alternativtext(name: str) -> None:
    wurzel = ET.fromstring(_svg(name))
    assert wurzel.get("role") == "img"
    assert wurzel.get("aria-label") == galerie()[name].alt


@pytest.mark.parametrize("name", BILDER)
def test_bild_ist_so_breit_wie_das_thema_und_auf_dem_telefon_lesbar(name: str) -> None:
    for breite in BREITEN:
        svg = als_datei(blatt(galerie()[name], breite), thema().marke)
        assert float(ET.fromstring(svg).get("viewBox", "").split()[2]) == breite
        assert min(k.groesse for k in textkaesten(svg)) >= 14


@pytest.mark.parametrize("breite", BREITEN)
@pytest.mark.parametrize("name", BILDER)
def test_kein_text_ragt_aus_dem_bild(name: str, breite: int) -> None:
    svg = als_datei(blatt(galerie()[name], breite, 0), thema().marke)
    _, _, breite, hoehe = map(float, ET.fromstring(svg).get("viewBox", "").split())
    for k in textkaesten(svg):
        assert k.links >= -0.6, k
        assert k.rechts <= breite + 0.6, k
        assert k.oben >= 0, k
        assert k.unten <= hoehe, k


@pytest.mark.parametrize("breite", BREITEN)
@pytest.mark.parametrize("name", BILDER)
def test_kein_text_beruehrt_eine_linie_oder_einen_anderen_text(name: str, breite: int) -> None:
    """„23,9“ lag auf der eigenen Linie; auch in der kleinsten Höhe. In Flächen einer Karte ist es enger."""
    t, motiv = dataclasses.replace(thema(), breite=breite), lies(galerie()[name].motiv)
    for hoehe in motiv.hoehen(t):
        luft = 0.3 if "karte" in motiv.form else 1.0
        assert stoerungen(als_datei(motiv.spec(t, hoehe), t.marke, mit_schrift=False), luft) == [], hoehe


def test_die_messung_findet_texte_auf_linien_und_texten() -> None:
    t = thema()
    text, linie = Schild(50, 50, "23,9", t.farben.text), Strich(0, 50, 200, 50, t.farben.achse)
    for teile, funde in (
        ([text], 0),
        ([text, Strich(0, 60, 200, 60, t.farben.achse)], 0),
        ([linie, text], 1),
        ([dataclasses.replace(linie, weicht=True), text], 0),
        ([text, Schild(60, 54, "17,7", t.farben.text)], 1),
        (
            [
                text,
                *pfade([{"x": x, "y": y, "zug": 0, "folge": x} for x, y in ((40, 20), (70, 80))], "#000", 2),
            ],
            1,
        ),
        ([text, *tupfen([{"x": 48, "y": 50}], "#000")], 1),
        ([text, *tupfen([{"x": 64, "y": 50}], "#000", groesse=4000)], 0),
    ):
        svg = als_datei(rahme(teile, t, Rahmen(100, 10, 10, 10, 10)), t.marke, mit_schrift=False)
        assert len(stoerungen(svg)) == funde, (teile, stoerungen(svg))


@pytest.mark.parametrize("name", BILDER)
def test_keine_gedrehten_texte(name: str) -> None:
    assert "rotate(" not in "".join(re.findall(r"<text[^>]*>", _svg(name)))


@pytest.mark.parametrize("name", BILDER)
def test_alle_zeichen_sind_eingebettet(name: str) -> None:
    svg = _svg(name)
    wurzel = ET.fromstring(svg)
    stil = wurzel.find(f"{SVG}style")
    assert stil is not None
    assert wurzel.get("font-family") == "Fira Sans, sans-serif"
    regeln = re.findall(r"font-family:'Fira Sans';font-weight:(\d+);.*?base64,([^)]*)\)", stil.text or "")
    zeichen = {int(staerke): _zeichen(daten) for staerke, daten in regeln}
    for t in wurzel.iter(f"{SVG}text"):
        staerke = int(t.get("font-weight", "400").replace("normal", "400"))
        fehlt = {z for z in "".join(t.itertext()) if ord(z) not in zeichen[staerke]} - {"\u202f"}
        assert not fehlt
    # U+202F fehlt der Schrift; der Satz aus dem Leerzeichen verlangt, dass dieses da ist
    assert all(0x20 in z for z in zeichen.values())


def _zeichen(daten: str) -> set[int]:
    schrift = TTFont(io.BytesIO(base64.b64decode(daten)))
    return set(schrift.getBestCmap())


def test_hausschrift_hat_alle_zeichen_der_abbildungen() -> None:
    texte = "".join(k.text for name in BILDER for k in textkaesten(_svg(name)))
    for schnitt in thema().marke.schriften:
        assert {ord(z) for z in texte} - set(TTFont(schnitt.pfad).getBestCmap()) <= {0x202F}


@pytest.mark.parametrize("name", BILDER)
def test_zahlen_sind_deutsch(name: str) -> None:
    for k in textkaesten(_svg(name)):
        assert not re.search(r"\d\.\d|[1-9],\d{3}\b(?!\d)|-\d", k.text), k.text


@pytest.mark.parametrize("name", BILDER)
def test_schrift_auf_weissem_grund_ist_lesbar(name: str) -> None:
    f = farben()
    for k in textkaesten(_svg(name)):
        if k.farbe.startswith("#") and k.farbe not in (f.grund, "#ffffff"):
            assert farbe.kontrast(k.farbe, f.grund) >= 4.5, k


def test_zwei_prozesse_liefern_dieselben_bytes(tmp_path: Path) -> None:
    befehl = (
        "import json,sys;from bildhilfe import blatt,galerie,thema;"
        "from berichtswerk.bild.svg import als_datei;"
        "namen=sys.argv[1].split(',');"
        "sys.stdout.reconfigure(encoding='utf-8');"
        "print(json.dumps([als_datei(blatt(galerie()[n]),thema().marke) for n in namen]))"
    )
    auswahl = ["linie", "saeulen_gestapelt", "pyramide", "flaechenkarte"]

    def lauf(namen: list[str], saat: str) -> dict[str, str]:
        umgebung = {**os.environ, "PYTHONHASHSEED": saat, "PYTHONPATH": os.pathsep.join(sys.path)}
        aus = subprocess.run(
            [sys.executable, "-c", befehl, ",".join(namen)], capture_output=True, check=True, env=umgebung
        )
        return dict(zip(namen, json.loads(aus.stdout), strict=True))

    # andere Reihenfolge: Vega zählt seine Kennungen je Prozess weiter
    assert lauf(auswahl, "1") == lauf(auswahl[::-1], "2")


def test_fremde_daten_werden_abgelehnt() -> None:
    spec = {"data": {"url": "https://example.org/a.csv"}, "mark": "point", "encoding": {}}
    with pytest.raises(ValueError, match=r"Die Abbildung will „https://example\.org/a\.csv“ laden"):
        als_datei(spec, thema().marke)


def test_unsinnige_spezifikation_nennt_den_grund() -> None:
    with pytest.raises(ValueError, match="Die Abbildung lässt sich nicht zeichnen"):
        als_datei({"mark": {"type": "wolke"}}, thema().marke)


def test_freie_altair_abbildung_traegt_das_thema() -> None:
    import altair as alt

    bild = alt.Chart(alt.Data(values=[{"a": "x", "b": 12345.5}])).mark_bar().encode(x="b:Q", y="a:N")
    svg = als_datei(spezifikation(bild, thema(), "Probe", "fig-p"), thema().marke)
    assert farben().fokus in svg
    assert "10\u202f000" in svg
    assert 'font-family="Fira Sans, sans-serif"' in svg


def test_eine_freie_abbildung_wird_so_breit_wie_verlangt() -> None:
    import altair as alt

    daten = alt.Data(values=[{"a": "ein langer Name", "b": 5}])
    bild = alt.Chart(daten).mark_bar().encode(x="b:Q", y="a:N")
    for chart in (bild, bild.properties(width=200), bild + bild.mark_text()):
        spec = spezifikation(chart, thema(), "Probe", "fig-p")
        for breite in BREITEN:
            svg = als_datei(passend(spec, thema().marke, breite), thema().marke)
            assert float(ET.fromstring(svg).get("viewBox", "").split()[2]) == pytest.approx(breite, abs=1)
    zwei = spezifikation(bild | bild, thema(), "Probe", "fig-p")
    assert passend(zwei, thema().marke, 344) == zwei


@pytest.mark.parametrize("name", BILDER)
def test_in_der_seite_ohne_stil_schrift_und_eigenen_namen(name: str) -> None:
    svg = fuer_seite(blatt(galerie()[name]), thema().marke, "fig-probe")
    wurzel = ET.fromstring(svg)
    assert wurzel.get("aria-hidden") == "true"
    for wort in ("style", "font-family", "font-face", "<script", "aria-label", "role=", "base64", "marke:"):
        assert wort not in svg, wort
    assert all(k.get("id", "fig-probe-").startswith("fig-probe-") for k in wurzel.iter())
    als_text = [k.text for k in textkaesten(svg)]
    assert als_text == [k.text for k in textkaesten(_svg(name))]


def test_kennungen_sind_je_abbildung_eigen_und_verweise_treffen() -> None:
    spec = vollstaendig(blatt(galerie()["flaechenkarte"]))  # von Vega gezeichnet
    eins, zwei = (fuer_seite(spec, thema().marke, label) for label in ("fig-a", "fig-b"))
    assert 'id="fig-a-1"' in eins and "url(#fig-a-1)" in eins
    assert eins.replace("fig-a", "fig-b") == zwei


def test_in_der_seite_stehen_klassen_statt_farben() -> None:
    svg = fuer_seite(blatt(galerie()["balken"]), thema().marke, "fig-a")
    klassen = {k for knoten in ET.fromstring(svg).iter() for k in knoten.get("class", "").split()}
    assert {"f-fokus", "s-grund", "f-text"} <= klassen
    assert not re.search(r'(fill|stroke)="(?!none)', svg)
    stil = (PROJEKT.layout / "marke.css").read_text(encoding="utf-8")
    alle = {
        k for name in BILDER
        for knoten in ET.fromstring(fuer_seite(blatt(galerie()[name]), thema().marke, "x")).iter()
        for k in knoten.get("class", "").split()
    }  # fmt: skip
    assert {k for k in alle if not re.search(rf"\.{k}\b", stil)} == set(), "jede Klasse hat eine Farbe"


def test_ohne_schrift_nennt_die_datei_sie_nur() -> None:
    spec = blatt(galerie()["linie"])
    svg = als_datei(spec, thema().marke, mit_schrift=False)
    assert "<style" not in svg and 'font-family="Fira Sans, sans-serif"' in svg
    assert textkaesten(svg) == textkaesten(als_datei(spec, thema().marke))


def test_andere_farbe_zeichnet_nichts_neu(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Formen zeichnet das Haus so schnell, dass sie niemand aufhebt: Vega braucht es für sie nie."""
    ablage, marke, spec = Ablage(tmp_path), thema().marke, blatt(galerie()["saeulen"])
    monkeypatch.setattr(svg_modul, "_roh", lambda *_: pytest.fail("von Vega gezeichnet"))
    vorher = fuer_seite(spec, marke, "fig-a", ablage)
    anders = dataclasses.replace(marke, diagramm=dataclasses.replace(marke.diagramm, fokus="#123456"))
    assert fuer_seite(spec, anders, "fig-a", ablage) == vorher
    assert "#123456" in als_datei(spec, anders, ablage=ablage)


@pytest.mark.parametrize("name", BILDER)
def test_jede_form_fuellt_jede_hoehe_ab_ihrer_kleinsten(name: str) -> None:
    for breite in BREITEN:
        t = dataclasses.replace(thema(), breite=breite)
        motiv = lies(galerie()[name].motiv)
        klein, gewollt = motiv.hoehen(t)
        assert 0 < klein <= gewollt
        for hoehe in (klein, gewollt, 1.3 * gewollt):
            spec = motiv.spec(t, hoehe)
            ganz = spec["height"] + spec["padding"]["top"] + spec["padding"]["bottom"]
            assert ganz == pytest.approx(hoehe, abs=0.5)
        assert motiv.spec(t, 1.0) == motiv.spec(t, klein), "niedriger wird es nicht"


@pytest.mark.parametrize("name", BILDER)
def test_ein_motiv_uebersteht_das_speichern(name: str) -> None:
    motiv = galerie()[name].motiv
    assert lies(json.loads(json.dumps(motiv))).als_objekt() == motiv


def test_ein_vermerk_steht_unter_dem_bild_und_verdeckt_nichts() -> None:
    bild = '<svg width="600" height="300" viewBox="0 0 600 300"><g><text x="1" y="2">A</text></g></svg>'
    mit = ET.fromstring(svg_modul.mit_vermerk(bild, "Beispieldaten", thema().marke))
    assert (mit.get("height"), mit.get("viewBox")) == ("318", "0 0 600 318")
    (vermerk,) = (t for t in mit if t.text == "Beispieldaten")
    assert float(vermerk.get("y", 0)) > 300


def test_freie_abbildungen_folgen_mit_farben_der_marke_dunklem_grund() -> None:
    """Sie blieben weiß, und ihre Schrift dunkel; nur eigene Farben bleiben, was sie sind."""
    marke = thema().marke
    spec = {
        "data": {"values": [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]}, "config": thema().config(),
        "mark": {"type": "bar", "color": marke.diagramm.fokus, "stroke": "#123456"},
        "encoding": {"x": {"field": "a", "type": "quantitative"}, "y": {"field": "b", "type": "nominal"}},
    }  # fmt: skip
    seite = fuer_seite(spec, marke, "fig-frei")
    assert 'class="f-grund"' in seite and 'class="f-fokus"' in seite and 'stroke="#123456"' in seite
    assert marke.diagramm.fokus not in seite and marke.diagramm.grund not in seite
    datei = als_datei(spec, marke, mit_schrift=False)
    assert marke.diagramm.fokus in datei and marke.diagramm.grund in datei and "marke:" not in datei
