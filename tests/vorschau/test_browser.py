"""Im echten Browser: die Seite erneuert sich, und wer liest, bleibt an seiner Stelle."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from vorschauhilfe import warte_bis_gesetzt

from berichtswerk.bild.thema import BREITE, SCHRIFT
from berichtswerk.grund.projekt import Projekt
from berichtswerk.vorschau.vorschau import Vorschau

pytestmark = pytest.mark.browser
TEXT = "berichte/lage/2024/texte/einleitung.md"
ABSCHNITTE = "\n\n".join(
    f"## Abschnitt {i}\n\n" + "Ein Satz zum Füllen der Zeile. " * 60 for i in range(1, 13)
)


@pytest.fixture
def seite(browser: Browser, muster: Projekt) -> Iterator[tuple[Page, Vorschau]]:
    """Der Lagebericht mit langem Text, offen im Browser."""
    (muster.wurzel / TEXT).write_text(ABSCHNITTE, "utf-8")
    with Vorschau(muster, "lage", port=0) as v:
        warte_bis_gesetzt(v)
        fenster = browser.new_page(viewport={"width": 1000, "height": 700})
        fehler: list[str] = []
        fenster.on("console", lambda m: fehler.append(m.text) if m.type == "error" else None)
        fenster.on("pageerror", lambda f: fehler.append(str(f)))
        fenster.goto(v.adresse)
        yield fenster, v
        assert fehler == [], fehler
        fenster.close()


def _lage(fenster: Page) -> float:
    """Wo der siebte Abschnitt im Fenster steht (Pixel von oben)."""
    return float(fenster.evaluate("document.getElementById('abschnitt-7').getBoundingClientRect().top"))


def test_die_lesestelle_und_offene_tabellen_bleiben(seite: tuple[Page, Vorschau]) -> None:
    fenster, v = seite
    fenster.evaluate("document.querySelector('main details').open = true")
    fenster.evaluate(
        "scrollTo({top: document.getElementById('abschnitt-7').offsetTop + 400, behavior: 'instant'})"
    )
    vorher = _lage(fenster)
    neu = ABSCHNITTE.replace("## Abschnitt 2\n", "Ein neuer Satz. " * 80 + "\n\n## Abschnitt 2\n")
    (v.werkstatt.projekt.wurzel / TEXT).write_text(neu, "utf-8")
    fenster.get_by_text("Ein neuer Satz.").first.wait_for()
    fenster.wait_for_load_state("load")
    assert abs(_lage(fenster) - vorher) < 3
    assert fenster.evaluate("scrollY") > 1000
    assert fenster.evaluate("document.querySelector('main details').open") is True


def test_der_fehler_ist_zu_sehen_zugaenglich_und_geht_von_selbst(seite: tuple[Page, Vorschau]) -> None:
    fenster, v = seite
    text = v.werkstatt.projekt.wurzel / TEXT
    text.write_text(ABSCHNITTE + "\n\n{{ einwoner }}\n", "utf-8")
    warnung = fenster.get_by_role("alert").filter(has_text="einwoner")
    warnung.wait_for()
    assert "Meinten Sie „einwohner“?" in warnung.inner_text()
    befund = Axe().run(fenster)
    assert befund.violations_count == 0, befund.generate_report()
    text.write_text(ABSCHNITTE, "utf-8")
    warnung.wait_for(state="detached")


def test_die_wartende_seite_erscheint_von_selbst(browser: Browser, muster: Projekt) -> None:
    with Vorschau(muster, "lage", port=0) as v:
        fenster = browser.new_page()
        fenster.goto(v.adresse)
        fenster.get_by_role("heading", name="Auf dieser Seite").wait_for()
        fenster.close()


@pytest.mark.parametrize("farben", ["light", "dark"])
def test_auf_dem_telefon_bleibt_die_schrift_der_abbildungen_lesbar(browser: Browser, farben: str) -> None:
    """Mindestens 9 Pixel, auch auf der hellen Karte im Dunkeln; nichts ragt seitlich hinaus."""
    stil = (Path(__file__).parents[2] / "layout" / "bericht.css").read_text("utf-8")
    bild = (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{BREITE}' height='236' viewBox='0 0 {BREITE} 236'/>"
    )
    inhalt = (
        f'<!doctype html><meta name="viewport" content="width=device-width"><style>{stil}</style><body>'
        '<div class="bw-rahmen"><main class="bw-inhalt"><div class="bw-text"><div class="bw-figur">'
        '<div class="quarto-float quarto-float-fig"><figure class="quarto-float quarto-float-fig figure">'
        f'<img class="img-fluid figure-img" src="data:image/svg+xml,{bild}"></figure>'
        "</div></div></div></main></div>"
    )
    fenster = browser.new_page(viewport={"width": 390, "height": 844}, color_scheme=farben)  # type: ignore[arg-type]
    fenster.set_content(inhalt)
    breite = fenster.evaluate(
        "b = document.images[0]; b.clientWidth - 2 * parseFloat(getComputedStyle(b).paddingLeft)"
    )
    assert breite * SCHRIFT / BREITE >= 9.5
    for schmal in (320, 390):
        fenster.set_viewport_size({"width": schmal, "height": 844})
        assert fenster.evaluate("document.documentElement.scrollWidth") == schmal
    fenster.close()
