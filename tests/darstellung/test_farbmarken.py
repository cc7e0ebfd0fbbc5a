"""Farben als Namen: aufgelöst geben sie genau das Bild, das mit Farben gebaut worden wäre."""

from __future__ import annotations

import dataclasses
import json

import pytest
from bildhilfe import MARKE

from berichtswerk.bild.formen.gemeinsam import leiter
from berichtswerk.bild.thema import Thema
from berichtswerk.marke import farbe, farbmarken
from berichtswerk.marke.marke import Marke


@pytest.fixture(scope="module")
def marke() -> Marke:
    return Marke.aus_datei(MARKE)


def test_jeder_name_fuehrt_zur_farbe(marke: Marke) -> None:
    namen, farben = Thema(marke).farben, marke.diagramm
    for feld in ("fokus", "akzent", "text", "text_leise", "achse", "gitter", "flaeche", "grund"):
        assert farbmarken.loese(getattr(namen, feld), marke) == getattr(farben, feld)
    for feld in ("vergleich", "kategorien", "klassen", "pole"):
        assert [farbmarken.loese(n, marke) for n in getattr(namen, feld)] == list(getattr(farben, feld))


@pytest.mark.parametrize("nummer", range(5))
def test_schrift_und_schild_werden_erst_beim_zeichnen_bestimmt(marke: Marke, nummer: int) -> None:
    thema, f = Thema(marke), marke.diagramm
    n, flaeche = thema.farben.klassen[nummer], f.klassen[nummer]
    schrift = farbmarken.loese(thema.schrift_auf(n), marke)
    assert schrift == max((f.text, f.grund), key=lambda s: farbe.kontrast(s, flaeche))
    lesbar = farbe.kontrast(flaeche, f.grund) >= 4.5
    assert farbmarken.loese(thema.als_text(n), marke) == (flaeche if lesbar else f.text_leise)


def test_stufen_werden_gleichmaessig_heller(marke: Marke) -> None:
    hell = [farbe.lab(farbmarken.loese(n, marke))[0] for n in leiter(4, Thema(marke))]
    assert hell == pytest.approx([60.5, 47.0, 33.5, 20.0], abs=0.6)


def test_die_ganze_einstellung_loest_sich_auf(marke: Marke) -> None:
    geloest = farbmarken.loese_in(Thema(marke).config(), marke)
    assert "marke:" not in json.dumps(geloest)
    assert geloest["range"]["category"] == list(marke.diagramm.kategorien)
    assert geloest["axis"]["labelColor"] == marke.diagramm.text_leise


def test_die_form_bemerkt_gleichheit_aber_keine_farbe(marke: Marke) -> None:
    form = farbmarken.form(marke)

    def mit(**farben: str) -> Marke:
        return dataclasses.replace(marke, diagramm=marke.diagramm.model_copy(update=farben))

    assert farbmarken.form(mit(fokus="#7a1f5c")) == farbmarken.form(mit(fokus="#7a1f5d"))
    assert farbmarken.form(mit(akzent=marke.diagramm.text)) != form
    assert farbmarken.form(dataclasses.replace(marke, betonung=700)) != form


def test_ein_unbekannter_name_ist_ein_fehler(marke: Marke) -> None:
    with pytest.raises(ValueError, match="Den Farbnamen „mischung“ gibt es nicht"):
        farbmarken.loese("marke:mischung(#ffffff)", marke)
    assert farbmarken.loese("#123456", marke) == "#123456"
