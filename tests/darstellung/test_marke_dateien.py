"""Stylesheet, Typst-Marke und Schriften folgen aus ``_brand.yml``."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import typst
from bildhilfe import PROJEKT, kopie

from berichtswerk.marke import dateien as marke
from berichtswerk.marke.farbe import DEUTLICH, kontrast, mit_helligkeit, unterschied
from berichtswerk.marke.marke import Marke

LAYOUT = PROJEKT.layout
NEU = "#7a1e5c"


def test_dateien_im_projekt_sind_auf_dem_stand_der_marke() -> None:
    werte = Marke.lade(PROJEKT)
    assert (LAYOUT / "marke.css").read_text(encoding="utf-8") == marke.css(werte)
    assert (LAYOUT / "typst" / "marke.typ").read_text(encoding="utf-8") == marke.typ(werte)
    assert (LAYOUT / "symbol.svg").read_text(encoding="utf-8") == marke.symbol(werte)


def test_neue_hauptfarbe_erreicht_alles_was_aus_der_marke_entsteht(tmp_path: Path) -> None:
    alt = Marke.lade(PROJEKT).farben["primary"]
    projekt = kopie(tmp_path, (alt, NEU))
    assert {p.name for p in marke.sichere(projekt)} == {"marke.css", "marke.typ", "symbol.svg"}
    css = (projekt.layout / "marke.css").read_text(encoding="utf-8")
    assert f"--bw-primary: {NEU};" in css and alt not in css
    assert f'primary: rgb("{NEU}")' in (projekt.layout / "typst" / "marke.typ").read_text(encoding="utf-8")
    assert f'fill="{NEU}"' in (projekt.layout / "symbol.svg").read_text(encoding="utf-8")
    assert marke.sichere(projekt) == ()


def test_fehlende_webschrift_entsteht_neu_mit_gleichen_bytes(tmp_path: Path) -> None:
    projekt = kopie(tmp_path)
    schrift = projekt.layout / "fonts" / "FiraSans-Regular.woff2"
    vorher = schrift.read_bytes()
    assert len(vorher) < 40_000
    schrift.unlink()
    assert marke.sichere(projekt) == (schrift,)
    assert schrift.read_bytes() == vorher


def test_farben_sind_in_beiden_welten_lesbar() -> None:
    hell, dunkel = marke.palette(Marke.lade(PROJEKT))
    for farben in (hell, {**hell, **dunkel}):
        for text in ("foreground", "secondary", "akzenttext", "info", "success", "warning", "danger"):
            for grund in ("background", "light"):
                assert kontrast(farben[text], farben[grund]) >= 4.5, (text, grund)
        assert kontrast(farben["auf-primary"], farben["primary"]) >= 4.5
        assert kontrast(farben["auf-tertiary"], farben["tertiary"]) >= 4.5
        assert kontrast(farben["auf-band"], farben["band"]) >= 7


def test_jede_fachplanung_hat_ihre_farbe_auch_in_den_abbildungen() -> None:
    werte = Marke.lade(PROJEKT)
    css = marke.css(werte)
    _, dunkel = marke.palette(werte)
    for bericht, leit in werte.leitfarben.items():
        assert f".bw-leit-{bericht} {{\n  --bw-akzenttext: {leit};" in css
        d = werte.fuer(bericht).diagramm
        assert d.fokus == d.kategorien[0] == leit
        assert kontrast(leit, "#ffffff") >= 7
        assert all(unterschied(leit, f) >= DEUTLICH for f in (d.akzent, *d.kategorien[1:]))
        assert kontrast(mit_helligkeit(leit, 76), dunkel["background"]) >= 7
    assert werte.fuer("unbekannt") is werte and werte.leitfarbe("unbekannt") == werte.farben["primary"]


def test_auch_ohne_leitfarben_laesst_sich_die_marke_nach_dem_bericht_fragen(tmp_path: Path) -> None:
    """Leere Klammern wären für Typst eine Liste; sie kennt keine Namen."""
    quelle = marke.typ(replace(Marke.lade(PROJEKT), leitfarben={})).replace("$$", "$")
    quelle += '#marke.leitfarben.at("sozialbericht", default: marke.primary)'
    (tmp_path / "probe.typ").write_text(quelle, encoding="utf-8")
    typst.Compiler(input=tmp_path / "probe.typ").compile(format="svg")


def test_im_dunkeln_heben_sich_die_abbildungen_ab() -> None:
    css = marke.css(Marke.lade(PROJEKT))
    dunkel = dict(re.findall(r"--bw-(d-[\w-]+): (#\w+);", css[css.index("@media") :]))
    grund = dunkel["d-grund"]
    for name in ("fokus", "akzent", "vergleich-0", "text", "text-leise"):
        assert kontrast(dunkel[f"d-{name}"], grund) >= 4.5, name
    for name, auf in ((n[6:], f) for n, f in dunkel.items() if n.startswith("d-auf-")):
        assert kontrast(dunkel[f"d-{name}"], auf) >= 4.5, name
        if "klassen" not in name and "pole" not in name:
            assert kontrast(dunkel[f"d-{name}"], grund) >= 3, name


def test_stylesheet_nennt_keine_eigene_farbe() -> None:
    zeilen = (LAYOUT / "bericht.css").read_text(encoding="utf-8").splitlines()
    eigene = [z for z in zeilen if re.search(r"#[0-9a-f]{3,8}\b", z, re.I) and "@media" not in z]
    eigene = [z for z in eigene if not z.startswith(("/*", "#"))]
    assert all(("#fff" in z or "#000" in z or "#333" in z) for z in eigene), eigene
