"""Die Galerie aller Formen im echten Browser: kein Text auf einem anderen, ohne Mängel, hell und dunkel."""

from __future__ import annotations

from pathlib import Path

import pytest
from browserhilfe import Axe, texte_in_abbildungen
from galerieseite import seite as galerieseite
from playwright.sync_api import Browser

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("breite", [1280, 390])
def test_galerie_ist_ohne_maengel(browser: Browser, tmp_path: Path, breite: int) -> None:
    (tmp_path / "galerie.html").write_text(galerieseite(), encoding="utf-8")
    kontext = browser.new_context(viewport={"width": breite, "height": 900}, reduced_motion="reduce")
    seite = kontext.new_page()
    seite.goto((tmp_path / "galerie.html").as_uri())
    seite.evaluate("document.fonts.ready")
    klassen = {"bw-breit" if breite > 800 else "bw-schmal"}
    gezeigt = "[...document.querySelectorAll('.bw-bild svg')].filter(s=>s.getBoundingClientRect().width)"
    assert set(seite.evaluate(f"{gezeigt}.map(s=>s.getAttribute('class'))")) == klassen
    assert texte_in_abbildungen(seite) == []
    with Axe(seite) as axe:
        assert [*axe.aufbau(), *axe.farben()] == []
    kontext.close()
