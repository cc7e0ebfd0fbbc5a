"""Stylesheet, Typst-Marke und Schriften folgen aus ``_brand.yml``."""

from __future__ import annotations

from pathlib import Path

from bausteine import Notizbuchbauer, figur

from berichtswerk import satz
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke import dateien as marke
from berichtswerk.marke.farbe import kontrast
from berichtswerk.marke.marke import Marke

LAYOUT = Path(__file__).parents[2] / "layout"
NEU = "#7a1e5c"


def faerbe(projekt: Projekt) -> str:
    """Gibt der Marke eine andere Hauptfarbe und nennt die alte."""
    alt = Marke.lade(projekt).farben["primary"]
    pfad = projekt.layout / "_brand.yml"
    text = pfad.read_text(encoding="utf-8")
    assert alt in text
    pfad.write_text(text.replace(alt, NEU), encoding="utf-8")
    return alt


def test_dateien_im_projekt_sind_auf_dem_stand_der_marke() -> None:
    projekt = Projekt(LAYOUT.parent)
    werte = Marke.lade(projekt)
    assert (LAYOUT / "marke.css").read_text(encoding="utf-8") == marke.css(werte)
    assert (LAYOUT / "typst" / "marke.typ").read_text(encoding="utf-8") == marke.typ(werte)
    assert (LAYOUT / "symbol.svg").read_text(encoding="utf-8") == marke.symbol(werte)


def test_neue_hauptfarbe_erreicht_stylesheet_und_pdf(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    pfad = notizbuch("## A\n", figur("fig-a"))
    vorher = satz.setze_pdf(pfad, projekt)
    alt = faerbe(projekt)
    geschrieben = {p.name for p in satz.sichere_marke(projekt)}
    assert geschrieben == {"marke.css", "marke.typ", "symbol.svg"}
    css = (projekt.layout / "marke.css").read_text(encoding="utf-8")
    assert f"--bw-primary: {NEU};" in css and alt not in css
    assert f'primary: rgb("{NEU}")' in (projekt.layout / "typst" / "marke.typ").read_text(encoding="utf-8")
    assert satz.setze_pdf(pfad, projekt) != vorher
    assert satz.sichere_marke(projekt) == ()


def test_fehlende_webschrift_entsteht_neu_mit_gleichen_bytes(projekt: Projekt) -> None:
    schrift = projekt.layout / "fonts" / "FiraSans-Regular.woff2"
    vorher = schrift.read_bytes()
    assert len(vorher) < 40_000
    schrift.unlink()
    assert satz.sichere_marke(projekt) == (schrift,)
    assert schrift.read_bytes() == vorher


def test_farben_sind_in_beiden_welten_lesbar() -> None:
    hell, dunkel = marke.palette(Marke.lade(Projekt(LAYOUT.parent)))
    for farben in (hell, {**hell, **dunkel}):
        for text in ("foreground", "secondary", "akzenttext", "info", "success", "warning", "danger"):
            for grund in ("background", "light"):
                assert kontrast(farben[text], farben[grund]) >= 4.5, (text, grund)
        assert kontrast(farben["auf-primary"], farben["primary"]) >= 4.5
        assert kontrast(farben["auf-tertiary"], farben["tertiary"]) >= 4.5


def test_stylesheet_nennt_keine_eigene_farbe() -> None:
    zeilen = (LAYOUT / "bericht.css").read_text(encoding="utf-8").splitlines()
    eigene = [z for z in zeilen if "#" in z and "@media" not in z and not z.startswith(("/*", "#"))]
    assert all(("#fff" in z or "#000" in z or "#333" in z) for z in eigene), eigene


def test_layoutdateien_gibt_es(projekt: Projekt) -> None:
    dateien = satz.layoutdateien(projekt)
    assert all(p.is_file() for p in dateien)
    assert {"marke.css", "bericht.css", "FiraSans-Regular.woff2"} <= {p.name for p in dateien}
