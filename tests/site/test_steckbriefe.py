"""Steckbriefe: Botschaft, Seite, Profil und Poster aller zehn Kommunen, und die Seite, die vergleicht."""

from __future__ import annotations

import importlib.util
import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from browserhilfe import axe
from playwright.sync_api import Browser, Page

MM = 72 / 25.4
BOTSCHAFTEN = {
    "kyritz": ("kleiner geworden (−2,0 %)", "älter als", "mehr"),
    "amt-neustadt": ("kleiner geworden (−1,2 %)", "so alt wie", "etwa gleich viele"),
    "wusterhausen": ("kleiner geworden (−5,5 %)", "älter als", "etwa gleich viele"),
    "neuruppin": ("gewachsen (+5,4 %)", "jünger als", "mehr"),
    "fehrbellin": ("gewachsen (+5,3 %)", "jünger als", "weniger"),
    "amt-lindow": ("kleiner geworden (−3,7 %)", "älter als", "mehr"),
    "amt-temnitz": ("gewachsen (+2,8 %)", "jünger als", "weniger"),
    "wittstock": ("kleiner geworden (−5,5 %)", "älter als", "etwa gleich viele"),
    "heiligengrabe": ("kleiner geworden (−3,4 %)", "so alt wie", "weniger"),
    "rheinsberg": ("kleiner geworden (−3,4 %)", "älter als", "weniger"),
}
"""Seit 2011 gewachsen (ab 0,5 %), 2024 älter (ab 1 Punkt), mehr in Grundsicherung (ab 3 je 1 000)."""
SPALTEN = {
    "-poster": [((14, 118), (129, 257), (268, 406))],
    "": [((22, 101), (109, 188)), ((22, 101), (109, 188))],
}
"""Ränder der Spalten jedes Blattes in Millimetern."""
UNTEN = {"-poster": (20.0, 56.0), "": (22.0, 63.0)}
"""Unterer Rand und Höhe des Kopfs."""
LUECKE = 35.0
"""So viel Leeres steht höchstens zwischen zwei Dingen einer Spalte."""


@pytest.fixture(scope="module")
def ordner(site: Path) -> Path:
    """Wo die Steckbriefe liegen."""
    return site / "berichte" / "steckbriefe" / "2024"


@pytest.fixture(scope="module")
def punkte() -> Any:
    """Ecken und Schriftzeilen einer PDF-Seite."""
    pfad = Path(__file__).parents[1] / "werkzeug" / "fuellung.py"
    spec = importlib.util.spec_from_file_location("fuellung", pfad)
    assert spec and spec.loader
    modul = importlib.util.module_from_spec(spec)
    sys.modules["fuellung"] = modul
    spec.loader.exec_module(modul)
    return modul.punkte


def _text(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", html)).strip()


@pytest.mark.parametrize("ort", BOTSCHAFTEN)
def test_botschaft_folgt_aus_den_daten(ordner: Path, ort: str) -> None:
    html = (ordner / f"steckbriefe-2024-{ort}.html").read_text("utf-8")
    treffer = re.search(r'<p class="bw-ort-botschaft">(.*?)</p>', html, re.S)
    assert treffer
    satz = _text(treffer[1])
    for teil in BOTSCHAFTEN[ort]:
        assert teil in satz


@pytest.mark.parametrize("ort", BOTSCHAFTEN)
@pytest.mark.parametrize("art", SPALTEN)
def test_blatt_ist_voll_und_nichts_laeuft_ueber(ordner: Path, punkte: Any, ort: str, art: str) -> None:
    unten, kopf = UNTEN[art]
    with pikepdf.open(ordner / f"steckbriefe-2024-{ort}{art}.pdf") as pdf:
        assert len(pdf.pages) == len(SPALTEN[art])
        for nr, (seite, spalten) in enumerate(zip(pdf.pages, SPALTEN[art], strict=True)):
            breite, hoehe = (float(w) / MM for w in seite.mediabox[2:])
            assert (round(breite), round(hoehe)) == ((420, 297) if art else (210, 297))
            frei = [(x / MM, y / MM) for x, y in punkte(seite)]
            assert min(y for _, y in frei) > unten - 0.5, "unter dem Satzspiegel steht nur die Fußzeile"
            assert spalten[0][0] - 0.5 < min(x for x, _ in frei)
            assert max(x for x, _ in frei) < spalten[-1][1] + 0.5
            alle = [(x / MM, y / MM) for x, y in punkte(seite, mit_zierde=True)]
            oben = hoehe - (kopf if nr == 0 else unten)
            for links, rechts in spalten:
                hoehen = sorted(y for x, y in alle if links - 1 <= x <= rechts + 1 and unten - 1 <= y <= oben)
                assert hoehen[0] < unten + 9, (nr, links, "die Spalte reicht bis unten")
                assert max(b - a for a, b in pairwise(hoehen)) < LUECKE, (nr, links)


def _elemente(knoten: Any) -> list[pikepdf.Dictionary]:
    if isinstance(knoten, pikepdf.Array):
        return [e for kind in knoten for e in _elemente(kind)]
    if isinstance(knoten, pikepdf.Dictionary) and "/S" in knoten:
        return [knoten, *(_elemente(knoten.K) if "/K" in knoten else [])]
    return []


def test_vorgelesen_wird_name_befunde_und_was_bilder_zeigen(ordner: Path) -> None:
    for ort in BOTSCHAFTEN:
        for art in SPALTEN:
            with pikepdf.open(ordner / f"steckbriefe-2024-{ort}{art}.pdf") as pdf:
                assert str(pdf.Root.Lang) == "de-DE" and pdf.Root.ViewerPreferences.DisplayDocTitle
                assert str(pdf.docinfo["/Title"]).startswith("Steckbrief ")
                elemente = _elemente(pdf.Root.StructTreeRoot.K)
                arten = [str(e.S)[1:] for e in elemente]
                assert arten.count("H1") == 1 and arten.count("H2") >= 6 and arten.count("Figure") >= 5
                texte = [str(e.Alt) for e in elemente if "/Alt" in e]
                assert all(40 < len(t) <= 250 for t in texte), (ort, [t for t in texte if len(t) > 250])


def test_seite_fuehrt_zu_poster_und_profil(ordner: Path) -> None:
    for ort in BOTSCHAFTEN:
        html = (ordner / f"steckbriefe-2024-{ort}.html").read_text("utf-8")
        for datei in (f"steckbriefe-2024-{ort}.pdf", f"steckbriefe-2024-{ort}-poster.pdf"):
            assert f'steckbriefe/2024/{datei}"' in html and (ordner / datei).is_file()


# --- Vergleichen -----------------------------------------------------------------------------------------

KOEPFE = (  # ohne weiche Trennstellen: kopiert fallen sie weg
    "[...document.querySelectorAll('.bw-wahl thead th')].filter(t => !t.hidden)"
    ".map(t => t.textContent.replaceAll('\u00ad', ''))"
)


@pytest.mark.browser
def test_die_wahl_steht_in_der_adresse_und_geht_mit_der_tastatur(
    adresse: str, browser: Browser
) -> None:  # fmt: skip
    seite = browser.new_page()
    seite.goto(f"{adresse}/berichte/steckbriefe/2024/steckbriefe-2024.html#orte=kyritz,neuruppin,unbekannt")
    assert seite.evaluate(KOEPFE) == ["Kennzahl", "Kreis", "Kyritz", "Neuruppin"]
    kasten = seite.locator(".bw-wahl-feld input[value=rheinsberg]")
    kasten.focus()
    seite.keyboard.press("Space")
    assert seite.evaluate(KOEPFE) == ["Kennzahl", "Kreis", "Kyritz", "Neuruppin", "Rheinsberg"]
    assert seite.url.endswith("#orte=kyritz,neuruppin,rheinsberg")
    assert seite.locator(".bw-wahl-feld input:not([disabled])").count() == 3, "drei, mehr nicht"
    assert "3 von 10" in seite.locator(".bw-wahl-stand").inner_text()
    assert axe(seite) == []
    seite.locator(".bw-wahl-feld button").press("Enter")
    assert len(seite.evaluate(KOEPFE)) == 12 and "orte=" not in seite.url
    seite.close()


@pytest.mark.browser
@pytest.mark.parametrize("breite", [1280, 1000, 390, 320])
def test_der_kreis_ist_immer_daneben_auch_ohne_skript(adresse: str, browser: Browser, breite: int) -> None:
    """Wo die Tabelle rollt, bleibt seine Spalte stehen; auf dem Telefon steht er in jedem Feld.

    Bei 1280 Pixeln fehlten 169: Heiligengrabe und Rheinsberg lagen außerhalb.
    """
    ohne = browser.new_context(java_script_enabled=False, viewport={"width": breite, "height": 900})
    seite = ohne.new_page()
    seite.goto(f"{adresse}/berichte/steckbriefe/2024/steckbriefe-2024.html")
    bereich = seite.locator(".bw-wahl .bw-rollbereich")
    bereich.evaluate("b => b.scrollLeft = 9999")
    if breite != 1000:
        assert bereich.evaluate("b => b.scrollWidth <= b.clientWidth")
    aussen = bereich.bounding_box()
    for nr in range(1, 5):
        fach = seite.locator(f".bw-wahl tbody tr:not(.gruppe) td[data-kopf=Kreis] >> nth={nr}").bounding_box()
        assert aussen and fach and fach["x"] >= aussen["x"], "links vor den Orten"
        assert fach["x"] + fach["width"] <= aussen["x"] + aussen["width"] + 1
    seite.emulate_media(media="print")  # was dort klebt, verliert seine Linien
    klebt = "e => e.filter(f => getComputedStyle(f).position === 'sticky').length"
    assert seite.locator(".bw-wahl :is(th, td)").evaluate_all(klebt) == 0
    ohne.close()


def _tafel(seite: Page) -> int:
    return seite.locator(".bw-wahl thead th:visible").count()


@pytest.mark.browser
def test_ohne_skript_und_ohne_server(site: Path, adresse: str, browser: Browser) -> None:
    ohne = browser.new_context(java_script_enabled=False)
    seite = ohne.new_page()
    seite.goto(f"{adresse}/berichte/steckbriefe/2024/steckbriefe-2024.html")
    assert _tafel(seite) == 12 and not seite.locator(".bw-wahl-feld").count()
    ohne.close()
    mit = browser.new_page()
    datei = (site / "berichte" / "steckbriefe" / "2024" / "steckbriefe-2024.html").as_uri()
    mit.goto(f"{datei}#orte=amt-neustadt,wittstock")
    assert _tafel(mit) == 4
    mit.emulate_media(media="print")
    assert _tafel(mit) == 4 and not mit.locator(".bw-wahl-feld:visible").count()
    mit.close()


def test_profil_und_poster_heissen_beim_herunterladen_so(site: Path) -> None:
    for seite in site.glob("berichte/steckbriefe/*/steckbriefe-*-*.html"):
        html = seite.read_text("utf-8")
        for was in ("Profil", "Poster"):
            assert f'>{was} als PDF</a> <span class="bw-zusatz">PDF, ' in html, seite.name
