"""Fragmente für fremde Seiten: ohne Skript, und die Regeln bleiben darin."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from berichtswerk.cli import main
from berichtswerk.grund.projekt import Projekt
from berichtswerk.jahr.fragment import beschraenke

if TYPE_CHECKING:
    from playwright.sync_api import Browser

SEITE = """<!DOCTYPE html><html lang="de-DE"><head><meta charset="utf-8"><title>Lage</title>
<link rel="stylesheet" href="../../../layout/marke.css">
<link rel="stylesheet" href="../../../layout/bericht.css">
<script src="../../../layout/figur.js" defer></script></head>
<body class="bw-seite bw-bericht bw-leit-lage bw-mit-gliederung"><main><h1>Lage 2024</h1>
<div class="bw-text" id="inhalt" tabindex="-1"><h2 id="sec-a">Menschen</h2>
<p>Text, <a href="#sec-a">oben</a>,
<a href="lage-2024/daten.csv">Zahlen</a>, <img src="../../../bild.svg" alt="">
<script>alert(1)</script></p><svg viewBox="0 0 10 10" width="10"><clipPath id="c"></clipPath></svg>
<table><tr><td>1</td></tr></table></div></main></body></html>"""


@pytest.fixture
def projekt(muster: Projekt) -> Projekt:
    """Ein Bericht auf der Site und das Ziel „typo3“."""
    ort = muster.site / "berichte" / "lage" / "2024"
    ort.mkdir(parents=True)
    (ort / "lage-2024.html").write_text(SEITE, "utf-8")
    (muster.site / "index.html").write_text("Start", "utf-8")
    (muster.site / "layout").symlink_to(muster.layout)
    ziele = {"typo3": {"art": "fragment", "ordner": "fragmente"}}
    (muster.wurzel / "veroeffentlichung.yaml").write_text(yaml.safe_dump({"ziele": ziele}), "utf-8")
    return muster


def rufe(projekt: Projekt, *zeile: str) -> int:
    return main(["--projekt", str(projekt.wurzel), "veroeffentlichen", *zeile])


def test_fragment_ohne_skript_mit_ganzen_adressen(
    projekt: Projekt, capsys: pytest.CaptureFixture[str]
) -> None:
    assert rufe(projekt, "typo3", "--probe") == 0
    assert capsys.readouterr().out == "berichte/lage/2024/lage-2024.html\n"
    assert not (projekt.wurzel / "fragmente").exists()
    assert rufe(projekt, "typo3") == 0
    (datei,) = (projekt.wurzel / "fragmente").iterdir()
    assert datei.name == "lage_2024_lage-2024.html"
    text = datei.read_text("utf-8")
    assert "script" not in text
    assert 'href="#sec-a"' in text
    adresse = "https://www.musterland.example/planung"
    assert f'href="{adresse}/berichte/lage/2024/lage-2024/daten.csv"' in text
    assert f'src="{adresse}/bild.svg"' in text
    assert (
        f'href="{adresse}/berichte/lage/2024/lage-2024.html">Lage 2024: ganze Seite mit allen Daten</a>'
        in text
    )
    assert "@font-face" not in text
    assert "prefers-color-scheme" not in text


def test_ohne_adresse_und_ohne_seite(projekt: Projekt, capsys: pytest.CaptureFixture[str]) -> None:
    ziele = {"typo3": {"art": "fragment", "ordner": "f", "seiten": ["berichte/lge/*.html"]}}
    (projekt.wurzel / "veroeffentlichung.yaml").write_text(yaml.safe_dump({"ziele": ziele}), "utf-8")
    assert rufe(projekt, "typo3") == 1
    gesagt = capsys.readouterr().err
    assert "FEHLER [fragment-ohne-seite] veroeffentlichung.yaml, Feld „ziele.typo3.seiten“" in gesagt
    assert "Zu „berichte/lge/*.html“ gibt es keine Seite, die hinausgeht." in gesagt
    kreis = projekt.daten / "kreis.yaml"
    text = kreis.read_text("utf-8")
    kreis.write_text(text.replace("adresse: https://www.musterland.example/planung/", 'adresse: ""'), "utf-8")
    assert rufe(projekt, "typo3") == 1
    assert "FEHLER [fragment-ohne-adresse] daten/kreis.yaml, Feld „portal.adresse“" in capsys.readouterr().err
    assert rufe(projekt, "typo3", "--zurueck") == 2


def test_regeln_der_seite_werden_regeln_des_fragments() -> None:
    regeln = """/* html { } */ :root { --a: 1; } html { color: red; } body.x > p, .body, h2 { content: "}"; }
    @font-face { src: url("a"); } @media (min-width: 40em) { :root { --b: 2; } }
    @media screen and (prefers-color-scheme: dark) { :root { --a: 3; } p { color: white; } }"""
    neu = " ".join(beschraenke(regeln).split())
    assert neu == (
        ':scope { --a: 1; } :scope { color: red; } :scope.x > p, .body, h2 { content: "}"; } '
        "@media (min-width: 40em) { :scope { --b: 2; } }"
    )


@pytest.mark.browser
def test_regeln_gelten_nur_im_fragment(projekt: Projekt, tmp_path: Path, browser: Browser) -> None:
    assert rufe(projekt, "typo3") == 0
    (datei,) = (projekt.wurzel / "fragmente").iterdir()
    gast = """<!DOCTYPE html><html lang="de"><meta charset="utf-8"><title>Gast</title>
    <style>body { font: 20px Georgia; color: rgb(1, 2, 3); } h2 { color: rgb(4, 5, 6); }</style>
    <h2 id="aussen">Außen</h2><p id="text">x</p><table id="tafel"><tr><td>1</td></tr></table>{}"""
    kontext = browser.new_context(java_script_enabled=True, color_scheme="dark")
    seite = kontext.new_page()

    def gilt(inhalt: str) -> dict[str, Any]:
        (tmp_path / "gast.html").write_text(gast.replace("{}", inhalt), "utf-8")
        seite.goto((tmp_path / "gast.html").as_uri())
        return {k: seite.evaluate(f"JSON.stringify({{...getComputedStyle(document.querySelector('{k}'))}})")
                for k in ("html", "body", "#aussen", "#text", "#tafel")}  # fmt: skip

    ohne, mit = gilt(""), gilt(datei.read_text("utf-8"))
    for name in ("#aussen", "#text", "#tafel"):
        assert ohne[name] == mit[name], name

    def innen(was: str) -> str:
        return str(seite.evaluate(f"getComputedStyle(document.querySelector('.bw-fragment p')).{was}"))

    assert innen("textWrap") == "pretty"  # eine Regel aus bericht.css
    assert innen("fontFamily") == "Georgia"
    assert innen("color") != "rgb(1, 2, 3)"
    kontext.close()
