"""Farben als Namen: aufgelöst geben sie genau das Bild, das mit Farben gebaut worden wäre."""

from __future__ import annotations

import dataclasses
import json

import pytest
from bildhilfe import MARKE

from berichtswerk.bild.formen.gemeinsam import leiter
from berichtswerk.bild.thema import Thema
from berichtswerk.marke import farbmarken
from berichtswerk.marke.marke import Marke


@pytest.fixture(scope="module")
def marke() -> Marke:
    return Marke.aus_datei(MARKE)


def test_jeder_name_fuehrt_zur_farbe(marke: Marke) -> None:
    namen, farben = Thema(marke, namen=True), Thema(marke)
    for feld in ("fokus", "akzent", "text", "text_leise", "achse", "gitter", "flaeche", "grund"):
        assert farbmarken.loese(getattr(namen.farben, feld), marke) == getattr(farben.farben, feld)
    for feld in ("vergleich", "kategorien", "klassen", "pole"):
        geloest = [farbmarken.loese(n, marke) for n in getattr(namen.farben, feld)]
        assert geloest == list(getattr(farben.farben, feld))
    assert [farbmarken.loese(n, marke) for n in leiter(4, namen)] == leiter(4, farben)


@pytest.mark.parametrize("nummer", range(5))
def test_schrift_und_schild_werden_erst_beim_zeichnen_bestimmt(marke: Marke, nummer: int) -> None:
    namen, farben = Thema(marke, namen=True), Thema(marke)
    n, f = namen.farben.klassen[nummer], farben.farben.klassen[nummer]
    assert farbmarken.loese(namen.schrift_auf(n), marke) == farben.schrift_auf(f)
    assert farbmarken.loese(namen.als_text(n), marke) == farben.als_text(f)


def test_die_ganze_einstellung_loest_sich_auf(marke: Marke) -> None:
    geloest = farbmarken.loese_in(Thema(marke, namen=True).config(), marke)
    assert geloest == json.loads(json.dumps(Thema(marke).config()))


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
