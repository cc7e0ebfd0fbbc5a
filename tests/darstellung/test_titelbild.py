"""Das Titelbild: aus den Daten einer Abbildung, in jeder Form, auch wenn Zahlen fehlen."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from manuskripthilfe import tafel, zellen

from berichtswerk.bild.titelbild import BREITE, FORMEN, HOEHE, zeichne
from berichtswerk.gegenstand.gegenstaende import Tabellenmodell, Tabellenzeile, Tabellenzelle

AKZENT = "#f0c987"


def modell(koepfe: list[str], *spalten: list[float | None]) -> Tabellenmodell:
    """Eine Tabelle mit diesen Zeilenköpfen und Zahlen."""
    zeilen = [
        Tabellenzeile(zellen=(Tabellenzelle(text=k), *(Tabellenzelle(text="z", wert=s[i]) for s in spalten)))
        for i, k in enumerate(koepfe)
    ]
    kopf = zellen("Jahr", *("Spalte" for _ in spalten))
    return Tabellenmodell(kopf=(kopf,), zeilen=tuple(zeilen))


JAHRE = [str(j) for j in range(2000, 2012)]
REIHEN = [[float(i + n) for i in range(12)] for n in range(4)]


@pytest.mark.parametrize("form", FORMEN)
def test_jede_form_bleibt_im_feld_und_sagt_was_sie_zeigt(form: str) -> None:
    svg, was = zeichne(form, modell(JAHRE, *REIHEN), AKZENT)
    bild = ET.fromstring(svg)
    assert was and bild.get("viewBox") == f"0 0 {BREITE:g} {HOEHE:g}"
    for e in bild:
        x, y = (float(e.get(n) or e.get(f"c{n}") or 0) for n in "xy")
        assert -1 <= x <= BREITE + 1 and -1 <= y <= HOEHE + 1, ET.tostring(e)
    assert "text" not in svg


def test_luecken_bleiben_luecken() -> None:
    luecken: list[float | None] = [1.0, None, 3.0, None]
    svg, _ = zeichne("saeulen", modell(JAHRE[:4], luecken), AKZENT)
    assert svg.count(AKZENT) == 2 and svg.count('fill="none"') == 2


def test_punkte_zeigen_was_frei_ist() -> None:
    svg, was = zeichne("punkte", modell(["2023", "2024"], [7000.0, 7204.0], [7800.0, 7905.0]), AKZENT)
    voll, frei = svg.count("fill-opacity"), svg.count(AKZENT)
    je = int(re.findall(r"rund (\d+)", was)[0])
    assert (voll, voll + frei) == (round(7204 / je), round(7905 / je))


@pytest.mark.parametrize(
    ("daten", "elemente"),
    [(modell(JAHRE, *REIHEN), "path"), (modell(["Nord", "Süd"], [1.0, 2.0]), "rect")],
)
def test_ohne_angabe_passt_die_form_zu_den_daten(daten: Tabellenmodell, elemente: str) -> None:
    assert f"<{elemente}" in zeichne("", daten, AKZENT)[0]


@pytest.mark.parametrize("form", ["", *FORMEN])
def test_ohne_zahlen_gibt_es_kein_bild(form: str) -> None:
    assert zeichne(form, tafel(zellen("2005", ".")), AKZENT) == ("", "")


def test_null_und_gleiches_geht() -> None:
    for form in FORMEN:
        zeichne(form, modell(JAHRE[:3], [0.0, 0.0, 0.0], [5.0, 5.0, 5.0]), AKZENT)
