"""Die Suche findet, was Menschen fragen: zuerst den richtigen Abschnitt der jüngsten Ausgabe."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

FRAGEN = {
    "Wohngeld": ("sozialbericht-2024.html", "Wohnen"),
    "Kita Rheinsberg": ("kita-bedarfsplan-2025-2027.html", "Rheinsberg"),
    "kita neuruppin": ("kita-bedarfsplan-2025-2027.html", "Neuruppin"),
    "Amt Temnitz": ("steckbriefe-2024-amt-temnitz.html", "Amt Temnitz"),
    "Bürgergeld": ("sozialbericht-2024.html", "Mindestsicherung"),
    "buergergeld": ("sozialbericht-2024.html", "Mindestsicherung"),
    "Hartz IV": ("sozialbericht-2024.html", "Mindestsicherung"),
    "Schulabbrecher": ("bildungsbericht-2024.html", ""),
    "Abitur": ("bildungsbericht-2024.html", ""),
    "Kinderarmut": ("2024.html", ""),  # Kapitel im Sozialbericht oder in der frühkindlichen Bildung
    "Altersarmut": ("sozialbericht-2024.html", ""),
    "Altenheim": ("pflegebericht-2024.html", ""),
    "Pflegegrad": ("pflegebericht-2024.html", ""),
    "Kurzzeitpflege": ("pflegebericht-2024.html", ""),
    "Tagesmutter": ("kita-bedarfsplan-2025-2027.html", ""),
    "Personalschlüssel": (".html", ""),  # „Personal“ im Kita-Bedarfsplan oder „Wer betreut“ in der Vertiefung
    "Arbeitslosigkeit": ("sozialbericht-2024.html", "Arbeit"),
    "Jugendarbeitslosigkeit": ("2024.html", ""),
    "Bevölkerung": ("sozialbericht-2024.html", "Bevölkerung"),
    "Volkshochschule": ("bildungsbericht-2024.html", ""),
    "Zuwanderung Kinder": ("bildung-und-migration-2024.html", ""),
    "frühkindliche Bildung": ("2024.html", "Frühkindliche Bildung"),
}


@pytest.fixture(scope="module")
def suchseite(browser: Browser, adresse: str) -> Iterator[Page]:
    seite = browser.new_page()
    seite.goto(f"{adresse}/seiten/suche.html")
    yield seite
    seite.close()


def _frage(seite: Page, wort: str) -> list[dict[str, str]]:
    seite.fill("#bw-suchwort", wort)
    seite.keyboard.press("Enter")
    expect(seite.locator("#bw-suchstand")).to_contain_text(f"Treffer für „{wort}“")
    gefunden: list[dict[str, str]] = seite.evaluate(
        """[...document.querySelectorAll('#bw-treffer > li')].map((li) => ({
            ort: li.querySelector('h2 a').href, titel: li.querySelector('h2').textContent,
            text: li.textContent,
            marken: [...li.querySelectorAll('mark')].map((m) => m.textContent).join('|')}))"""
    )
    return gefunden


@pytest.mark.parametrize("wort", FRAGEN)
def test_erster_treffer(suchseite: Page, wort: str) -> None:
    bericht, titel = FRAGEN[wort]
    treffer = _frage(suchseite, wort)
    assert treffer, f"„{wort}“ findet nichts"
    gezeigt = "\n".join(f"{t['ort'].rsplit('/')[-1]}: {t['titel']}" for t in treffer[:6])
    assert bericht in treffer[0]["ort"] and titel in treffer[0]["titel"], gezeigt


def test_die_aeltere_ausgabe_steht_unter_der_juengsten(suchseite: Page) -> None:
    treffer = _frage(suchseite, "Wohngeld")
    assert "sozialbericht-2024.html#" in treffer[0]["ort"]
    assert "Auch in: " in treffer[0]["text"] and "Sozialbericht 2022" in treffer[0]["text"]


def test_hervorgehoben_wird_das_ganze_wort_mit_umlaut(suchseite: Page) -> None:
    marken = {
        m.rstrip(".,:;)") for t in _frage(suchseite, "bevoelkerung") for m in t["marken"].split("|") if m
    }
    assert "Bevölkerung" in marken
    assert all(m.lower().startswith("einwohner") or "bevölkerung" in m.lower() for m in marken), marken


def test_nichts_gefunden_heisst_auch_so(suchseite: Page) -> None:
    assert _frage(suchseite, "Xylophonorchester") == []
    assert "Keine Treffer für „Xylophonorchester“" in suchseite.inner_text("#bw-suchstand")
