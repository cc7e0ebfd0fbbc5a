"""Im echten Browser: die Seite erneuert sich, und wer liest, bleibt an seiner Stelle."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from vorschauhilfe import warte_bis_gesetzt

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
        fenster.get_by_role("navigation", name="Inhalt").first.wait_for()
        fenster.close()
