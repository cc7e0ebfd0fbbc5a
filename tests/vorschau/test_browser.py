"""Im echten Browser: die Seite erneuert sich, und wer liest, bleibt an seiner Stelle."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect
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
    """Wo der siebte Abschnitt im Fenster steht (Pixel von oben), in seiner Schrift."""
    fenster.evaluate("document.fonts.ready.then(() => true)")
    return float(fenster.evaluate("document.getElementById('abschnitt-7').getBoundingClientRect().top"))


def test_die_lesestelle_und_offene_tabellen_bleiben(seite: tuple[Page, Vorschau]) -> None:
    fenster, v = seite
    fenster.evaluate("document.querySelector('main details').open = true")
    fenster.evaluate("document.fonts.ready.then(() => true)")
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


def test_die_leseliste_ist_ohne_maus_und_ohne_skript_abzuhaken(browser: Browser, muster: Projekt) -> None:
    """Tabulator, Leertaste, Eingabetaste; danach steht man an derselben Stelle, und die Datei stimmt."""
    datei = muster.berichte / "lage/2024/lesen.md"
    zeilen = (
        f"- [{'x' if nr == 2 else ' '}] `{nr:08x}` texte/einleitung.md, Zeile {nr}: Zahl\n"
        f"  - bisher: Im Landkreis leben {nr} Menschen.\n  - jetzt: Im Landkreis leben {nr + 1} Menschen.\n"
        for nr in range(1, 31)
    )
    datei.write_text(f"# Was neu zu lesen ist: Lage\n\n## Sätze (30)\n\n{''.join(zeilen)}", "utf-8")
    with Vorschau(muster, "lage", port=0) as v:
        fenster = browser.new_page(viewport={"width": 390, "height": 700}, java_script_enabled=False)
        fenster.goto(f"{v.dienst.ursprung}/berichte/lage/2024/lesen.html")
        kasten = fenster.get_by_role("checkbox", name="texte/einleitung.md, Zeile 17: Zahl")
        kasten.focus()
        fenster.keyboard.press("Space")
        fenster.keyboard.press("Tab")
        fenster.keyboard.press("Space")
        fenster.keyboard.press("Enter")  # schickt ab, wie in jedem Formular
        fenster.get_by_role("status").get_by_text("Gespeichert: 2 gesetzt.").wait_for()
        assert kasten.is_checked()
        expect(fenster.get_by_role("checkbox", name="Zeile 18: Zahl")).to_be_in_viewport()
        fenster.close()
        mit = browser.new_page(viewport={"width": 390, "height": 700}, color_scheme="dark")
        mit.goto(f"{v.dienst.ursprung}/berichte/lage/2024/lesen.html?gesetzt=2&genommen=0&anders=0")
        befund = Axe().run(mit)
        assert befund.violations_count == 0, befund.generate_report()
        assert mit.evaluate("document.documentElement.scrollWidth") <= 390
        mit.close()
    gehakt = [
        n for n, z in enumerate(re.findall(r"^- \[(.)\]", datei.read_text("utf-8"), re.M), 1) if z == "x"
    ]
    assert gehakt == [2, 17, 18]
