"""Meldungen in der Seite: im Wortlaut, ohne dass Text zu HTML wird."""

from __future__ import annotations

from dataclasses import replace

from berichtswerk.grund.meldung import Meldung, Stufe
from berichtswerk.vorschau.vorschau import meldungen, oeffne
from berichtswerk.vorschau.werkstatt import meldungen_zu

FEHLER = Meldung(
    "x-y", "Der Name „a<b“ fehlt.", "texte/a.md", "Zeile 3", "a", "Vertippt.", "Meinten Sie „ab“?"
)


def test_ein_fehler_im_wortlaut() -> None:
    assert meldungen([FEHLER]) == (
        '<div class="bw-vorschau-meldungen" tabindex="0">\n'
        '<p class="bw-vorschau-titel">Ein Fehler. Die Seite zeigt den letzten gelungenen Stand und erneuert '
        "sich, sobald der Fehler behoben und gespeichert ist.</p>\n"
        '<ol class="bw-vorschau-liste">\n'
        "<li><strong>Der Name „a&lt;b“ fehlt.</strong><br><code>texte/a.md, Zeile 3, Feld „a“</code><br>"
        "Ursache: Vertippt.<br>Abhilfe: Meinten Sie „ab“?</li>\n"
        "</ol></div>"
    )
    assert meldungen([]) == ""


def test_hinweise_stehen_zugeklappt_unter_den_fehlern() -> None:
    html = meldungen([replace(FEHLER, stufe=Stufe.HINWEIS), FEHLER])
    assert html.index("Ein Fehler.") < html.index("<details>") < html.index("Ein Hinweis zu den Texten")
    assert "Ein Fehler" not in meldungen([replace(FEHLER, stufe=Stufe.WARNUNG)])


def test_ein_text_in_fremder_kodierung_wird_erklaert() -> None:
    try:
        "Erste Zeile\nGrüße".encode("latin-1").decode("utf-8")
    except UnicodeDecodeError as fehler:
        (meldung,) = meldungen_zu(fehler, "berichte/a/1/texte")
    assert str(meldung) == (
        "FEHLER [vorschau-zeichen] berichte/a/1/texte, Zeile 2\n"
        "  Ein Text enthält Zeichen, die sich nicht lesen lassen.\n"
        "  Ursache: Die Datei ist nicht als UTF-8 gespeichert.\n"
        "  Abhilfe: Speichern Sie sie im Editor mit der Kodierung UTF-8."
    )


def test_ein_fehler_des_programms_wird_gezeigt_statt_geworfen() -> None:
    (meldung,) = meldungen_zu(KeyError("x"), "berichte/a/1/texte")
    assert str(meldung) == (
        "FEHLER [vorschau-programmfehler] berichte/a/1/texte\n"
        "  Die Seite kommt nicht zustande: Berichtswerk selbst ist gescheitert.\n"
        "  Ursache: KeyError: 'x'\n"
        "  Abhilfe: Nehmen Sie die letzte Änderung zurück. „berichtswerk render“ legt die Einzelheiten für "
        "die Technik ab."
    )


def test_die_richtlinie_behaelt_alles_andere() -> None:
    vorher = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'"
    assert oeffne(vorher, "http://127.0.0.1:1") == (
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' http://127.0.0.1:1/_vorschau/skript.js; "
        "connect-src http://127.0.0.1:1/_vorschau/zustand"
    )
