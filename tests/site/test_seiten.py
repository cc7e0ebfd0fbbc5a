"""Jede Seite in echtem Chromium: drei Breiten, hell, dunkel, mit viel Kontrast; Tastatur, ohne Skript."""

from __future__ import annotations

import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
from browserhilfe import Axe, texte_in_abbildungen
from playwright.sync_api import Browser, Page
from sitehilfe import seiten

pytestmark = pytest.mark.browser
ADRESSEN = """[...document.querySelectorAll('a[href],img[src],link[href],script[src]')]
  .map(e => new URL(e.getAttribute('href') ?? e.getAttribute('src'), document.baseURI).href)"""
ZU_BREIT = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
SCHMAL = """[...document.querySelectorAll('.bw-zeile.bw-breit > .bw-haupt')]
  .some(h => h.firstElementChild.clientWidth < h.clientWidth - 2)"""
ERREICHBAR = "a[href],button:not([disabled]),input,summary,select,textarea,[tabindex='0']"


def _verweise_ins_leere(site: Path, adresse: str, name: str, seite: Page) -> Iterator[str]:
    for ziel in seite.evaluate(ADRESSEN):
        teile = urllib.parse.urlsplit(ziel)
        if not ziel.startswith(adresse):
            continue
        pfad = site / urllib.parse.unquote(teile.path).lstrip("/")
        if not (pfad.is_file() or (pfad / "index.html").is_file()):
            yield f"führt ins Leere: {teile.path}"
        elif teile.fragment and pfad == site / name:
            kennung = urllib.parse.unquote(teile.fragment)
            if not seite.evaluate("id => !!document.getElementById(id)", kennung):
                yield f"führt ins Leere: #{kennung}"


@pytest.mark.parametrize("breite", [1280, 390, 320])
def test_jede_seite_ist_ohne_maengel(site: Path, adresse: str, browser: Browser, breite: int) -> None:
    """axe, aufgeklappt und in den Farben jedes Modus; Breite, Fremdes, CSP, Verweise, Schrift in Bildern."""
    maengel: list[str] = []
    kontext = browser.new_context(
        locale="de-DE", viewport={"width": breite, "height": 900}, reduced_motion="reduce"
    )
    seite = kontext.new_page()
    funde: list[str] = []
    seite.on(
        "request",
        lambda r: (
            None if r.url.startswith((adresse, "data:", "blob:")) else funde.append(f"fremde Adresse {r.url}")
        ),
    )
    seite.on("console", lambda m: funde.append(f"Konsole {m.text}") if m.type == "error" else None)
    seite.on("pageerror", lambda e: funde.append(f"Konsole {e}"))
    for name in seiten(site):
        funde.clear()
        seite.goto(f"{adresse}/{urllib.parse.quote(name)}", wait_until="load")
        if seite.evaluate("document.documentElement.lang") != "de-DE":
            funde.append("ohne Sprache de-DE")
        if not seite.title().strip():
            funde.append("ohne Titel")
        if breite == 1280:
            funde += _verweise_ins_leere(site, adresse, name, seite)
            if seite.evaluate(SCHMAL):
                funde.append("eine breite Tabelle nutzt ihre Breite nicht")
        for zustand in ("", "aufgeklappt "):
            if zustand:
                seite.evaluate("document.querySelectorAll('main details').forEach(d => { d.open = true })")
            if seite.evaluate(ZU_BREIT):
                funde.append(f"läuft {zustand}seitlich hinaus")
        if breite != 320:
            funde += texte_in_abbildungen(seite)
        with Axe(seite) as axe:
            funde += [f"axe: {x}" for x in (*axe.aufbau(), *axe.farben())]
        maengel += [f"{name} bei {breite}: {x}" for x in funde]
    kontext.close()
    assert maengel == []


def test_ein_mangel_faellt_in_jedem_modus_auf(browser: Browser) -> None:
    """Wer Gleiches nur einmal ansieht, muss Ungleiches noch sehen."""
    kontext = browser.new_context(reduced_motion="reduce")
    seite = kontext.new_page()
    seite.set_content(
        "<html lang=de><title>Probe</title><style>.a {color: #aaa} p, td {background: #fff; color: #000}"
        "@media (prefers-color-scheme: dark) {p, td, body {background: #111; color: #fff} .b {color: #222}}"
        "@media (prefers-contrast: more) {.c {color: #999; background: #fff}}</style><main><h1>Probe</h1>"
        f"{'<p>Text</p>' * 30}<p class=a>hell</p><p class=b>dunkel</p><p class=c>viel</p>"
        f"<table>{'<tr><th>x<td>gut</tr>' * 30}<tr><th>x<td style='color:#ddd'>eine Zelle</tr></table></main>"
    )
    with Axe(seite) as axe:
        funde = axe.farben()
    kontext.close()
    je_modus = {m: {w for w in ("hell", "dunkel", "viel", "eine Zelle") if f">{w}</" in x}
                for m, _, x in (f.partition(": ") for f in funde)}  # fmt: skip
    assert je_modus == {
        "hell": {"hell", "eine Zelle"},
        "dunkel": {"dunkel"},
        "kontrast": {"hell", "viel", "eine Zelle"},
        "dunkel, kontrast": {"dunkel", "viel"},
    }


def test_die_tastatur_erreicht_alles_und_der_fokus_ist_sichtbar(
    site: Path, adresse: str, browser: Browser
) -> None:
    kontext = browser.new_context(viewport={"width": 1280, "height": 900})
    seite = kontext.new_page()
    bericht = next(s for s in seiten(site) if s.startswith("berichte/"))
    for name in ("index.html", bericht):
        seite.goto(f"{adresse}/{urllib.parse.quote(name)}")
        alle = seite.evaluate(
            f'[...document.querySelectorAll("{ERREICHBAR}")].filter(e=>e.checkVisibility()'
            " && e.tabIndex>=0).map((e,i)=>{e.dataset.pruef=i;return i})"
        )
        erreicht, unsichtbar = set(), []
        for _ in range(len(alle) + 5):
            seite.keyboard.press("Tab")
            stand = seite.evaluate(
                "(()=>{const e=document.activeElement,s=getComputedStyle(e);"
                "return [e.dataset.pruef??null,s.outlineStyle,parseFloat(s.outlineWidth),"
                "e.outerHTML.slice(0,80)]})()"
            )
            if stand[0] is None:
                continue
            erreicht.add(int(stand[0]))
            if stand[1] == "none" or stand[2] < 1:
                unsichtbar.append(stand[3])
        assert set(alle) - erreicht == set(), name
        assert unsichtbar == [], name
    kontext.close()


def test_ohne_skript_ist_alles_da(site: Path, adresse: str, browser: Browser) -> None:
    kontext = browser.new_context(java_script_enabled=False)
    seite = kontext.new_page()
    for name in seiten(site):
        seite.goto(f"{adresse}/{urllib.parse.quote(name)}", wait_until="domcontentloaded")
        assert len(seite.inner_text("main").strip()) > 40, name
    kontext.close()


def test_kennzahlen_lassen_sich_waehlen_und_die_wahl_steht_in_der_adresse(
    adresse: str, browser: Browser
) -> None:
    seite = browser.new_page()
    seite.goto(f"{adresse}/seiten/daten.html")
    punkte = seite.locator(".bw-kennzahlen li[data-gebiete]")
    stand = seite.get_by_role("status")
    assert stand.text_content() == f"Alle {punkte.count()} Kennzahlen."
    hoehe = seite.evaluate("document.documentElement.scrollHeight")
    assert hoehe < 4000 and punkte.first.is_hidden(), "Themen und Quellen sind zu, bis man sie braucht"
    seite.locator(".bw-kennzahlen summary").first.click()
    assert punkte.first.is_visible()
    seite.locator(".bw-kennzahlen summary").first.click()
    seite.get_by_label("Wort").fill("quote arbeitslos")
    offen = seite.locator(".bw-kennzahlen li[data-gebiete]:visible")
    assert 0 < offen.count() < 12 and all("rbeitslos" in t for t in offen.all_text_contents())
    assert stand.text_content() == f"{offen.count()} von {punkte.count()} Kennzahlen."
    seite.get_by_label("Gezeigt für").select_option("Bund")
    zweite = browser.new_page()
    zweite.goto(seite.url)
    assert zweite.get_by_label("Wort").input_value() == "quote arbeitslos"
    assert zweite.locator(".bw-kennzahlen li:visible strong").all_text_contents() == (
        seite.locator(".bw-kennzahlen li:visible strong").all_text_contents()
    )
    seite.get_by_label("Wort").fill("gibtesnicht")
    assert stand.text_content() == "Keine Kennzahl passt dazu."
    zweite.goto(f"{adresse}/seiten/daten.html#k-arbeitslosenquote")
    zweite.reload()
    assert zweite.locator("#k-arbeitslosenquote p").is_visible()
    seite.close()
    zweite.close()
