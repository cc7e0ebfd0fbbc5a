"""Steckbriefe: ein Ort und der Kreis, immer im selben Jahr, Fehlendes genannt, keine Rangfolge."""

from __future__ import annotations

import pytest

from berichtswerk.bericht.bericht import Bericht
from berichtswerk.bericht.orte import GEWACHSEN, lage
from berichtswerk.bild.motiv import SCHMAL, SEITE, spezifikation_von
from berichtswerk.bild.svg import als_datei
from berichtswerk.bild.thema import Thema
from berichtswerk.gegenstand.gegenstaende import Abbildung, Notizfeld, Ortsblatt, Tabelle
from berichtswerk.gegenstand.nachweis import nachweise_von
from berichtswerk.schreiber.html import ort as html_ort
from berichtswerk.schreiber.typst import ort as typst_ort
from berichtswerk.worte.sprache import im_nominativ

ADORF, CESTADT = "990010010", "990010030"
WORTE = ("gewachsen", "kleiner geworden", "fast gleich groß geblieben")


@pytest.mark.parametrize(
    ("veraenderung", "wort"),
    [(0.6, "gewachsen"), (0.5, WORTE[2]), (0.0, WORTE[2]), (-0.5, WORTE[2]), (-0.6, "kleiner geworden")],
)
def test_unter_der_schwelle_ist_nichts_gewachsen(veraenderung: float, wort: str) -> None:
    assert lage(veraenderung, 0.0, GEWACHSEN, WORTE) == wort


@pytest.mark.parametrize(
    ("name", "satz"),
    [
        ("Amt Seen (Mark)", "das Amt Seen (Mark)"),
        ("Landkreis Seen", "der Landkreis Seen"),
        ("Amtal", "Amtal"),
    ],
)
def test_ein_ort_bekommt_im_satz_seinen_artikel(name: str, satz: str) -> None:
    assert im_nominativ(name) == satz


def test_eckzahlen_stehen_neben_denen_des_kreises_im_selben_jahr(b: Bericht) -> None:
    blatt = b.fuer(ADORF).ortsblatt(bevoelkerung="arbeitslose", seit=2023).gegenstand
    assert isinstance(blatt, Ortsblatt)
    assert [(z.zahl, z.text, z.kreis) for z in blatt.zahlen] == [("85", "Menschen 2024", "Kreis 155")]
    assert {(n.gebiet, n.zeit) for n in blatt.werte} == {(ADORF, "2024"), ("99001", "2024")}
    assert {n.ort for n in nachweise_von(blatt)} == {"ortsblatt"}
    assert blatt.gehoert == "Planungsgebiet Nord"
    assert "wert: [85], stand: [], achse: none" in typst_ort.ortsblatt(blatt), "auch im fortlaufenden PDF"
    assert not blatt.botschaft, "aus 88 Fällen wird keine Rate"


def test_was_fehlt_steht_auf_dem_blatt(b: Bericht) -> None:
    blatt = b.fuer(ADORF).ortsblatt(bevoelkerung="arbeitslose", seit=2000, alter="kita_plaetze").gegenstand
    assert isinstance(blatt, Ortsblatt)
    assert blatt.offen == ("Veränderung seit 2000", b.sicht.katalog["kita_plaetze"].name)
    assert f"Keine Angabe: {'; '.join(blatt.offen)}." in html_ort.ortsblatt(blatt)


def test_alle_orte_stehen_im_selben_jahr_auch_wenn_einem_die_zahl_fehlt(b: Bericht) -> None:
    tafel = b.vergleich(
        {"Arbeit": ["arbeitslosenquote"]}, label="tbl-alle", unterschrift="Alle", steckbriefe="orte-2024"
    ).gegenstand
    assert isinstance(tafel, Tabelle)
    assert [z.text for z in tafel.tabelle.kopf[0]] == ["Kennzahl", "Kreis", "Adorf", "Beheim", "Cestadt"]
    gruppe, zeile = tafel.tabelle.zeilen
    assert (gruppe.art, gruppe.zellen[0].spalten) == ("gruppe", 5)
    name, kreis, adorf, _, cestadt = zeile.zellen
    assert "2024" in name.text and adorf.wert == 8.5 and kreis.wert == 7.75
    assert cestadt.text == "." and cestadt.vorlesen, "gesperrt oder unbekannt, nicht null"
    assert any(". = " in h for h in tafel.beleg.hinweise), "und unter der Tabelle erklärt"
    assert next((w.marke, w.ziel) for w in tafel.wahl) == ("adorf", "orte-2024-adorf.html")
    html = "".join(html_ort.wahl(tafel))
    assert 'data-orte="adorf beheim cestadt"' in html and '<a href="orte-2024-adorf.html">Adorf</a>' in html


def test_gegenueber_nennt_das_jahr_und_traegt_eigene_namen(b: Bericht) -> None:
    tafel = (
        b.fuer(CESTADT)
        .gegenueber(
            {"": ["arbeitslosenquote"]}, label="tbl-ort", unterschrift="Hier",
            namen={"arbeitslosenquote": "Ohne Arbeit"},
        )
        .gegenstand
    )  # fmt: skip
    assert isinstance(tafel, Tabelle)
    (zeile,) = tafel.tabelle.zeilen
    assert [z.text for z in zeile.zellen] == ["Ohne Arbeit (in %)", "7,0", "8,2", "2023"], (
        "jüngstes gemeinsames"
    )


def _streifen(b: Bericht, gebiet: str) -> Abbildung:
    bild = b.fuer(gebiet).abweichungen("arbeitslosenquote", label=f"fig-{gebiet}").gegenstand
    assert isinstance(bild, Abbildung) and bild.form == "streifen"
    return bild


@pytest.mark.parametrize("breite", [SEITE, SCHMAL])
def test_streifen_zeigen_den_ort_und_ringe_ohne_namen(b: Bericht, breite: int) -> None:
    bild = _streifen(b, ADORF)
    svg = als_datei(spezifikation_von(bild, Thema(b.sicht.thema.marke, breite)), b.sicht.thema.marke)
    assert svg.count("<circle") == 2, "Beheim als Ring (Cestadt fehlt 2024), Adorf als Punkt"
    assert "Beheim" not in svg and "Cestadt" not in svg, "keine Rangfolge"
    assert ">8,5<" in svg and ">Kreis 7,8<" in svg
    assert bild.alt == (
        "Streifendiagramm: Adorf liegt bei einer Kennzahl über dem Kreis. "
        "Größter Abstand, gemessen an der Spanne der Orte: Arbeitslosenquote, 8,5 gegenüber 7,8 "
        "(in %, 2024). Ringe: die anderen zwei Orte."
    )
    assert bild.befund == "Adorf liegt bei einer Kennzahl über dem Kreis." and bild.weiter in bild.alt


def test_ein_fehlender_wert_heisst_im_streifen_keine_angabe(b: Bericht) -> None:
    bild = _streifen(b, CESTADT)
    svg = als_datei(spezifikation_von(bild, b.sicht.thema), b.sicht.thema.marke)
    assert ">keine Angabe<" in svg and "Zu einer fehlt die Angabe." in bild.alt
    assert any(h.startswith("Zeichenerklärung: . = ") for h in bild.beleg.hinweise)


def test_notizen_sind_fragen(b: Bericht) -> None:
    feld = b.notizen("Was läuft gut?", "Was fehlt?").gegenstand
    assert isinstance(feld, Notizfeld) and feld.fragen == ("Was läuft gut?", "Was fehlt?")
    assert html_ort.notizfeld(feld).count("<li>") == 2
