"""Jede Seite in echtem Chromium: axe, Breite, Tastatur, fremde Adressen, CSP, Verweise."""

from __future__ import annotations

import urllib.parse
from pathlib import Path

import pytest
from browserhilfe import axe, texte_in_abbildungen
from playwright.sync_api import Browser
from sitehilfe import seiten

pytestmark = pytest.mark.browser
ADRESSEN = """[...document.querySelectorAll('a[href],img[src],link[href],script[src]')]
  .map(e => new URL(e.getAttribute('href') ?? e.getAttribute('src'), document.baseURI).href)"""
ERREICHBAR = "a[href],button:not([disabled]),input,summary,select,textarea,[tabindex='0']"


@pytest.mark.parametrize("breite", [1280, 390])
def test_jede_seite_ist_ohne_maengel(site: Path, adresse: str, browser: Browser, breite: int) -> None:
    maengel: list[str] = []
    kontext = browser.new_context(locale="de-DE", viewport={"width": breite, "height": 900})
    seite = kontext.new_page()
    fremd: list[str] = []
    fehler: list[str] = []
    seite.on(
        "request", lambda r: None if r.url.startswith((adresse, "data:", "blob:")) else fremd.append(r.url)
    )
    seite.on("console", lambda m: fehler.append(m.text) if m.type == "error" else None)
    seite.on("pageerror", lambda e: fehler.append(str(e)))
    for name in seiten(site):
        fremd.clear()
        fehler.clear()
        seite.goto(f"{adresse}/{urllib.parse.quote(name)}", wait_until="load")
        seite.locator(".bw-kapitel").evaluate_all("e => e.forEach(d => { d.open = true })")
        maengel += [f"{name} fremde Adresse {x}" for x in fremd]
        maengel += [f"{name} Konsole {x}" for x in fehler]
        maengel += [f"{name} axe bei {breite}: {x}" for x in axe(seite)]
        maengel += [f"{name} bei {breite}: {x}" for x in texte_in_abbildungen(seite)]
        if seite.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            maengel.append(f"{name} läuft bei {breite} px seitlich hinaus")
        if seite.evaluate("document.documentElement.lang") != "de-DE":
            maengel.append(f"{name} ohne Sprache de-DE")
        if not seite.title().strip():
            maengel.append(f"{name} ohne Titel")
    kontext.close()
    assert maengel == []


def test_auch_320_pixel_genuegen(site: Path, adresse: str, browser: Browser) -> None:
    kontext = browser.new_context(viewport={"width": 320, "height": 700})
    seite = kontext.new_page()
    zu_breit = []
    for name in seiten(site):
        seite.goto(f"{adresse}/{urllib.parse.quote(name)}")
        if seite.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
            zu_breit.append(name)
    kontext.close()
    assert zu_breit == []


def test_kein_verweis_fuehrt_ins_leere(site: Path, adresse: str, browser: Browser) -> None:
    tot: set[str] = set()
    kontext = browser.new_context()
    seite = kontext.new_page()
    for name in seiten(site):
        seite.goto(f"{adresse}/{urllib.parse.quote(name)}")
        for ziel in seite.evaluate(ADRESSEN):
            teile = urllib.parse.urlsplit(ziel)
            if not ziel.startswith(adresse):
                continue
            pfad = site / urllib.parse.unquote(teile.path).lstrip("/")
            if not (pfad.is_file() or (pfad / "index.html").is_file()):
                tot.add(f"{name} → {teile.path}")
            elif teile.fragment and pfad == site / name:
                kennung = urllib.parse.unquote(teile.fragment)
                if not seite.evaluate("id => !!document.getElementById(id)", kennung):
                    tot.add(f"{name} → #{kennung}")
    kontext.close()
    assert sorted(tot) == []


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
        seite.goto(f"{adresse}/{urllib.parse.quote(name)}")
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
