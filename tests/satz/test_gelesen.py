"""Jede Tür liest einen Bericht auf demselben Weg und findet dasselbe, in der Datei der Planung."""

from __future__ import annotations

from pathlib import Path

import pytest

from berichtswerk.grund.meldung import Meldung, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz.gelesen import pruefe_texte
from berichtswerk.site.bau import rendere
from berichtswerk.site.vorbereitung import bereite_vor
from berichtswerk.vorschau.werkstatt import Werkstatt

TEXT = "berichte/lage/2024/texte/einleitung.md"
SCHLECHT = """\
## Lage {#sec-lage}

Siehe[^1] und {{ einwoner }}, dazu @fig-weg und [Plan](plan.pdf).

::: {.callout-note}
Im Jahr 1999 lebten {{ einwohner }} Menschen hier. TODO
"""


def _aus_texten(meldungen: object) -> list[Meldung]:
    return [m for m in meldungen if m.datei.endswith(".md")]  # type: ignore[attr-defined]


def test_unbenutzte_und_leere_texte(muster: Projekt) -> None:
    texte = muster.berichte / "lage" / "2024" / "texte"
    (texte / "vergessen.md").write_text("Niemand zeigt das.\n", "utf-8")
    (texte / "einleitung.md").write_text("<!-- noch zu schreiben -->\n", "utf-8")
    befunde = [(m.kennung, m.datei) for m in pruefe_texte(muster, ["lage/2024"])]
    assert befunde == [
        ("text-leer", "berichte/lage/2024/texte/einleitung.md"),
        ("text-unbenutzt", "berichte/lage/2024/texte/vergessen.md"),
    ]


def test_render_vorschau_quarto_und_pruefen_texte_finden_dasselbe(muster: Projekt, tmp_path: Path) -> None:
    (muster.wurzel / TEXT).write_text(SCHLECHT, "utf-8")
    geprueft = _aus_texten(pruefe_texte(muster, ["lage/2024"]))
    gefunden = {(m.kennung, m.datei, m.ort) for m in geprueft}
    assert {
        ("satz-fussnote-fehlt", TEXT, "Zeile 3"),
        ("bindung-unbekannt", TEXT, "Zeile 3"),
        ("satz-verweis-offen", TEXT, "Zeile 3"),
        ("link-tot", TEXT, "Zeile 3"),
        ("satz-rahmen-offen", TEXT, "Zeile 5"),
        ("jahr-widerspricht", TEXT, "Zeile 6"),
        ("text-unfertig", TEXT, "Zeile 6"),
    } <= gefunden
    gerendert = _aus_texten(rendere(muster, ["lage/2024"]).meldungen)
    vorlauf = _aus_texten(bereite_vor(muster, ["lage/2024"]).meldungen)
    werkstatt = Werkstatt(muster, tmp_path / "bau", lambda *_: None)
    werkstatt.beginne(["lage-2024"])
    try:
        assert werkstatt.verlange("berichte/lage/2024/lage-2024.html", 60)
        gezeigt = _aus_texten(werkstatt.zustand("berichte/lage/2024/lage-2024.html").meldungen)
    finally:
        werkstatt.beende()
    assert sorted(map(str, gerendert)) == sorted(map(str, geprueft)) == sorted(map(str, vorlauf))
    assert sorted(map(str, gezeigt)) == sorted(map(str, geprueft))


@pytest.mark.parametrize(
    ("roh", "wie"),
    [
        ("Größe\n".encode("utf-16"), "in UTF-16 (im Windows-Editor „Unicode“)"),
        ("Größe\n".encode("utf-16-le"), "in UTF-16 (im Windows-Editor „Unicode“)"),
        ("Größe\n".encode("cp1252"), "wohl in Windows-1252 („ANSI“)"),
    ],
)
def test_ein_text_in_falscher_kodierung_wird_genannt(muster: Projekt, roh: bytes, wie: str) -> None:
    (muster.wurzel / TEXT).write_bytes(roh)
    (meldung,) = (m for m in pruefe_texte(muster, ["lage/2024"]) if m.stufe is Stufe.FEHLER)
    assert str(meldung) == (
        f"FEHLER [text-kodierung] {TEXT}, Zeile 1\n"
        f"  Der Text ist nicht in UTF-8 gespeichert, sondern {wie}.\n"
        "  Ursache: So gelesen, stünden falsche Zeichen im Bericht.\n"
        "  Abhilfe: Öffnen Sie die Datei im Editor und speichern Sie sie mit der Kodierung UTF-8 "
        "(im Windows-Editor: Speichern unter, Codierung UTF-8)."
    )


def test_die_kennung_am_anfang_und_windows_zeilen_stoeren_nicht(muster: Projekt) -> None:
    (muster.wurzel / TEXT).write_bytes(b"\xef\xbb\xbf## Lage\r\n\r\nEin Satz.\r\n")
    assert not pruefe_texte(muster, ["lage/2024"]).fehler


@pytest.mark.parametrize(
    ("status", "stufe"), [("beispiel", Stufe.HINWEIS), ("veroeffentlicht", Stufe.FEHLER)]
)
def test_auch_die_beschreibung_ist_fertig(muster: Projekt, status: str, stufe: Stufe) -> None:
    datei = muster.berichte / "lage" / "2024" / "bericht.yml"
    text = datei.read_text("utf-8").replace(
        "redaktion: Sachgebiet Planung", "redaktion: TODO  # xx noch fragen"
    )
    datei.write_text(text.replace("status: beispiel", f"status: {status}"), "utf-8")
    (meldung,) = (m for m in pruefe_texte(muster, ["lage/2024"]) if m.kennung == "text-unfertig")
    assert (meldung.datei, meldung.stufe) == ("berichte/lage/2024/bericht.yml", stufe)
    assert meldung.text == "Hier steht noch „TODO“."
