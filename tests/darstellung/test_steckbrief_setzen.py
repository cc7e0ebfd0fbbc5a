"""Poster und Profil erfundener Orte: Größen, sehr lange und kurze Namen, fehlende Werte, volle Spalten."""

from __future__ import annotations

import importlib.util
import re
import sys
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from bildhilfe import ORTE, farbe_von, flaeche, flaechen, galerie, textkaesten, thema
from manuskripthilfe import BELEG, KOPF, Werk, abbildung, tabelle

from berichtswerk.bild.formen.karten import lagekarte
from berichtswerk.bild.formen.streifen import Streif, streifen
from berichtswerk.bild.motiv import lies
from berichtswerk.bild.svg import als_datei
from berichtswerk.bild.thema import SCHRIFT
from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Fehlt,
    Gegenstand,
    Notizfeld,
    Ortsblatt,
    Ortszahl,
    Quellenangabe,
)
from berichtswerk.gegenstand.serien import Diagramm, Punkt
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zeichen import Status
from berichtswerk.satz import pdf
from berichtswerk.schreiber.typst.steckbrief import MAL, _nach_lizenz, schreibe

MM = 72 / 25.4
TITEL = 14.0
"""Grad der Befunde; genau so groß ist die Schrift in Bildern, bevor sie wachsen."""
LANG = "Verbandsgemeinde Oberes Neustadt-Dornhausener Land (Wusterhausener Heide)"
BREITEN = {"A3": (420, 297), "A2": (594, 420), "A1": (840, 594), "A0": (1188, 840)}


STREIFEN = tuple(
    Streif(
        f"Kennzahl {nr}", "in %, 2023", Punkt("", None if nr == 4 else 3.0 * nr, status), 14.2, (1.0, 30.0), 1
    )
    for nr, status in enumerate([Status.WERT] * 4 + [Status.GEHEIM] + [Status.WERT] * 5)
)


def _werkzeug() -> Callable[..., list[tuple[float, float]]]:
    pfad = Path(__file__).parents[1] / "werkzeug" / "fuellung.py"
    spec = importlib.util.spec_from_file_location("fuellung", pfad)
    assert spec and spec.loader
    modul = importlib.util.module_from_spec(spec)
    sys.modules["fuellung"] = modul
    spec.loader.exec_module(modul)
    punkte: Callable[..., list[tuple[float, float]]] = modul.punkte
    return punkte


punkte = _werkzeug()


def _bild(label: str, d: Diagramm, unterschrift: str = "Einwohner, 2005–2023 (Personen)") -> Abbildung:
    return abbildung(
        label, unterschrift, motiv=d.motiv, form=d.form, befund=d.befund, alt=d.alt, daten=d.daten
    )


def ort(name: str, *, vollstaendig: bool = True) -> list[Gegenstand]:
    """Ein Steckbrief; unvollständig fehlen Pyramide und Botschaft, und ein Wert ist gesperrt."""
    zahlen = (
        Ortszahl(zahl="4\u202f517", text="Menschen am 31.12.2023", kreis="Kreis 99\u202f929"),
        Ortszahl(zahl="−3,7\u202f%", text="seit 2011", kreis="Kreis +0,2\u202f%"),
        Ortszahl(zahl="36", text="Menschen je km² auf 124 km²", kreis="Kreis 40"),
    )
    botschaft = "Seit 2011 kleiner geworden (−3,7 %), 2015 älter als der Kreis, 2022 mehr Menschen mit Hilfe."
    blatt = Ortsblatt(
        name=name, im_satz=name, marke="ort", beleg=BELEG, zahlen=zahlen if vollstaendig else zahlen[:1],
        botschaft=botschaft if vollstaendig else "",
    )  # fmt: skip
    karte = lagekarte(flaechen(), [ORTE[0]], (name, "Landkreis"))
    return [
        blatt,
        _bild("fig-lage", karte),
        _bild("fig-linie", galerie()["linie_luecke"]),
        _bild("fig-alter", galerie()["pyramide"])
        if vollstaendig else Fehlt(label="fig-alter", grund="Zum Altersaufbau liegt für 2023 nichts vor."),
        _bild("fig-bedarf", galerie()["linie_voraus"]),
        _bild("fig-abweichung", streifen(STREIFEN, name, name, 9)),
        tabelle("tbl-angebote", 8),
        Notizfeld(titel="Platz für Ihre Notizen", fragen=("Was läuft gut?", "Was fehlt?", "Und dann?")),
    ]  # fmt: skip


def test_unter_den_bildern_steht_nicht_noch_einmal_der_ort_und_was_im_bild_steht(werk: Werk) -> None:
    """Sonst bricht die Zeile um, und dem Bild fehlt sie."""
    werk.kopf = KOPF.model_copy(update={"gestalt": "steckbrief"})
    inhalt = [
        _bild(t.label, galerie()["linie_voraus"],
              "Plätze im Amt Au (Seen), 2020–2030, Vorausrechnung ab 2025 (Plätze; Umriss: Kreis; Stand)")
        if isinstance(t, Abbildung) and t.label == "fig-bedarf" else t
        for t in ort("Amt Au (Seen)")
    ]  # fmt: skip
    assert (
        "[Plätze, #box[2020–2030]; (Plätze; Stand)]"
        in schreibe(werk.manuskript(*inhalt), werk.projekt, "poster").kopf
    )


def test_amtliche_grenzen_nennen_auch_auf_papier_ihre_quelle(werk: Werk) -> None:
    """Die Lizenz verlangt den Vermerk; eine Zeile unter der Karte gibt es dort nicht."""
    werk.kopf = KOPF.model_copy(update={"gestalt": "steckbrief"})
    vermerk = "Grenzen: © GeoBasis-DE / BKG (2026), dl-de/by-2-0."
    inhalt = [
        t.model_copy(update={"beleg": t.beleg.model_copy(update={"hinweise": (vermerk,)})})
        if isinstance(t, Abbildung) and t.form == "lagekarte" else t
        for t in ort("Musterau")
    ]  # fmt: skip
    arten: tuple[Any, ...] = ("poster", "profil")
    for art in arten:
        assert "BKG (2026)" in schreibe(werk.manuskript(*inhalt), werk.projekt, art).kopf


def test_wer_mehrere_jahre_nennt_steht_einmal_im_nachweis() -> None:
    """Sonst füllen gleiche Namen das Profil."""
    amt, lizenz = "© Statistische Ämter", "Datenlizenz Deutschland"
    quellen = [
        Quellenangabe(nummer=f"Q{nr}", name=f"q{nr}", kurz="Ämter", nennung=f"{nennung}", beispiel=beispiel)
        for nr, (nennung, beispiel) in enumerate(
            [(f"{amt}, {j} | {lizenz} | Tabelle {t}", False) for j, t in ((2025, "b"), (2018, "a"))]
            + [
                (
                    f"{amt}, 2018 und 2026 | {lizenz} | Tabelle a, c | eigene Berechnung (Daten verändert)",
                    False,
                )
            ]
            + [(f"{amt}, 2018 | {lizenz} | eigene Darstellung", False)]
            + [("Beispieldaten zum Aufbau", True), ("keine erhobenen Zahlen", True)]
        )
    ]
    assert _nach_lizenz(quellen) == [
        f"{amt}, 2018, 2025, 2026 (Tabelle a, b, c) | {lizenz} | eigene Berechnung (Daten verändert)",
        "Beispieldaten: zum Aufbau; keine erhobenen Zahlen",
    ]


def _setze(werk: Werk, blatt: str, art: Any, *inhalt: Gegenstand) -> pikepdf.Pdf:
    werk.kopf = KOPF.model_copy(update={"gestalt": "steckbrief", "blatt": blatt})
    return pikepdf.open(BytesIO(pdf.setze_blatt(werk.manuskript(*inhalt), werk.projekt, art)))


@pytest.fixture
def werk(tmp_path: Path) -> Werk:
    """Ein Projekt mit dem Layout."""
    return Werk.neu(tmp_path)


def _schriftgrade(seite: pikepdf.Page) -> set[float]:
    """Grade aller Schriften der Seite außerhalb der Bilder, in Punkt."""
    return {
        float(a.operands[1])
        for a in pikepdf.parse_content_stream(seite)
        if str(a.operator) == "Tf"
    }  # fmt: skip


def test_groessere_blaetter_sind_dasselbe_blatt_mit_groesserer_schrift(werk: Werk) -> None:
    teile = ort("Kyritz")[:-1]  # Linien zum Schreiben wachsen langsamer
    grade, orte = {}, {}
    im_bild = SCHRIFT  # Bilder bringen ihre Schrift mit und wachsen als Ganzes
    for blatt, mm in BREITEN.items():
        fertig = _setze(werk, blatt, "poster", *teile)
        seite = fertig.pages[0]
        assert [round(float(w) / MM) for w in seite.mediabox[2:]] == pytest.approx(mm, abs=1)
        grade[blatt] = {g / MAL[blatt] for g in _schriftgrade(seite) - {im_bild}}
        orte[blatt] = [(x / MAL[blatt], y / MAL[blatt]) for x, y in punkte(seite)]
    assert min(grade["A3"]) >= 8 and 52 in grade["A3"]
    for blatt in MAL:
        gezeigt = sorted({round(g, 1) for g in (*grade[blatt], TITEL)})
        assert gezeigt == sorted({round(g, 1) for g in (*grade["A3"], TITEL)}), blatt
        assert len(orte[blatt]) == len(orte["A3"])
        for (x, y), (x3, y3) in zip(orte[blatt], orte["A3"], strict=True):
            assert (x, y) == pytest.approx((x3, y3), abs=0.6), blatt


def test_auch_grosse_blaetter_sind_barrierefrei(werk: Werk, tmp_path: Path, verapdf: Any) -> None:
    for blatt in ("A2", "A1", "A0"):
        ziel = tmp_path / f"{blatt}.pdf"
        _setze(werk, blatt, "poster", *ort("Kyritz")).save(ziel)
        assert verapdf.verstoesse(ziel) == [], blatt


def test_zum_schreiben_ist_auf_grossen_blaettern_mehr_platz(werk: Werk) -> None:
    abstaende, anzahl = {}, {}
    for blatt in ("A3", "A0"):
        fertig = _setze(werk, blatt, "poster", *ort("Kyritz"))
        hoehen = _schreiblinien(fertig.pages[0], MAL[blatt])
        anzahl[blatt] = len(hoehen)
        abstaende[blatt] = min(b - a for a, b in pairwise(hoehen)) / MM
    assert 7 <= abstaende["A3"] <= 10.5
    assert 12 <= abstaende["A0"] <= 17, "für dicke Stifte, nicht für Riesen"
    assert anzahl["A0"] > 1.4 * anzahl["A3"]


def _schreiblinien(seite: pikepdf.Page, mal: float) -> list[float]:
    """Höhen der Linien im Notizfeld, von unten nach oben."""
    mit, ohne = (punkte(seite, mit_zierde=z) for z in (True, False))
    zierde = {(round(x, 1), round(y, 1)) for x, y in mit} - {(round(x, 1), round(y, 1)) for x, y in ohne}
    return sorted({y for x, y in zierde if 270 < x / MM / mal < 404 and 20 < y / MM / mal < 100})


@pytest.mark.parametrize("name", [LANG, "Au"])
@pytest.mark.parametrize("vollstaendig", [True, False])
@pytest.mark.parametrize("art", ["poster", "profil"])
def test_blatt_haelt_lange_namen_und_fehlende_werte_aus(
    werk: Werk, name: str, vollstaendig: bool, art: str
) -> None:
    fertig = _setze(werk, "A3", art, *ort(name, vollstaendig=vollstaendig))
    assert len(fertig.pages) == (1 if art == "poster" else 2)
    rand, unten = (14, 20) if art == "poster" else (22, 22)
    for seite in fertig.pages:
        breite = float(seite.mediabox[2]) / MM
        xs, ys = zip(*((x / MM, y / MM) for x, y in punkte(seite)), strict=True)
        assert rand - 0.5 < min(xs)
        assert max(xs) < breite - rand + 0.5
        assert unten - 0.5 < min(ys), "nichts läuft in die Fußzeile"
        assert min(ys) < unten + 12, "das Blatt ist voll"


def _verlaeufe(anzahl: int) -> list[Abbildung]:
    return [_bild(f"fig-linie-{i}", galerie()["linie_voraus"]) for i in range(anzahl)]


def test_zu_volle_spalte_bekommt_kleinere_schrift_statt_ueberzulaufen(werk: Werk) -> None:
    fertig = _setze(werk, "A3", "poster", *ort("Kyritz")[:1], *_verlaeufe(3))
    assert min(y for _, y in punkte(fertig.pages[0])) / MM > 20 - 0.5


def test_was_auf_kein_blatt_passt_wird_gemeldet(werk: Werk) -> None:
    with pytest.raises(BerichtswerkFehler) as fehler:
        _setze(werk, "A3", "poster", *ort("Kyritz")[:1], *_verlaeufe(5))
    text = str(fehler.value.meldungen[0])
    assert "[blatt-zu-voll]" in text
    assert "Auf das Poster passt nicht alles." in text
    assert re.search(r"Eine Spalte ist 21\d mm hoch, ihr Inhalt braucht \d{3} mm, auch mit kleinster", text)
    assert "Zeigen Sie im Notizbuch weniger" in text


# --- Lagekarte: was nicht in seine Fläche passt, steht daneben --------------------------------------------


def test_name_ohne_platz_in_seiner_flaeche_steht_mit_linie_neben_der_karte() -> None:
    gebiete = [flaeche("West", 0, 0, 1.0), flaeche("Mitte-Wusterhausen", 12, 0, 1.0, 2.0)]
    gebiete += [flaeche("Ost", 14, 0, 1.0), flaeche("Unten", 0, 8, 1.0, 6.0)]
    t = replace(thema(), breite=300)
    d = lagekarte(gebiete, ["Mitte-Wusterhausen"], ("Es", "Landkreis"))
    spec = lies(d.motiv).spec(t, lies(d.motiv).hoehen(t).mindestens)
    kaesten = textkaesten(als_datei(spec, t.marke))
    name = next(k for k in kaesten if "Wusterhausen" in k.text)
    linie = next(e for e in spec["layer"] if e["mark"]["type"] == "rule")["data"]["values"][0]
    assert name.farbe == farbe_von(t.farben.fokus)
    umriss = next(k for k in kaesten if k.text == "West")
    assert name.oben > umriss.unten + 10, "unter der Karte"
    assert linie["x2"] == pytest.approx((name.links + name.rechts) / 2, abs=40)
    assert linie["y"] < linie["y2"] <= name.unten


@pytest.mark.parametrize("breite", [358, 404, 680])
def test_linie_zum_namen_beginnt_in_seiner_flaeche(breite: int) -> None:
    schmal = [
        flaeche("Nord", 0, 0, 1.0),
        flaeche("Langer Name", 0, 8, 1.0, 1.0),
        flaeche("Ost", 1, 8, 1.0, 11.0),
    ]
    t = replace(thema(), breite=breite)
    spec = lies(lagekarte(schmal, ["Langer Name"], ("Es", "Landkreis")).motiv).gezeichnet(t, 300)
    ecken = [
        p for e in spec["layer"] if e["mark"]["type"] == "geoshape" for f in e["data"]["values"]
        if f["name"] == "Langer Name" for polygon in f["geometry"]["coordinates"] for r in polygon for p in r
    ]  # fmt: skip
    linie = next(e for e in spec["layer"] if e["mark"]["type"] == "rule")["data"]["values"][0]
    assert min(x for x, _ in ecken) - 1 <= linie["x"] <= max(x for x, _ in ecken) + 1
    assert min(y for _, y in ecken) - 1 <= linie["y"] <= max(y for _, y in ecken) + 1
