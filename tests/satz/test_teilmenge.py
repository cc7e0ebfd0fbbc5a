"""docs/teilmenge.md sagt die Wahrheit: jedes Beispiel wird gelesen, gesetzt und gefunden."""

from __future__ import annotations

import io
import re
from html import unescape
from pathlib import Path

import pytest
from manuskripthilfe import Werk, abbildung, tabelle

DOKU = (Path(__file__).parents[2] / "docs" / "teilmenge.md").read_text(encoding="utf-8")
DAVOR = ("## Lage {#sec-lage}\n\nEin Satz.\n", abbildung("fig-geburten"), tabelle("tbl-kommunen"))


def beispiele(ueberschrift: str) -> list[list[str]]:
    """Die Zeilen der Tabelle unter einer Überschrift, je Zelle ihr Text."""
    abschnitt = DOKU.split(f"## {ueberschrift}\n", 1)[1].split("\n## ", 1)[0]
    zeilen = [z for z in abschnitt.splitlines() if z.startswith("| ")][1:]
    return [[_zelle(z) for z in zeile.strip("| ").split(" | ")] for zeile in zeilen]


def _zelle(text: str) -> str:
    code = re.fullmatch(r"(`+)(.*?)\1", text.strip())
    return code[2].replace("⏎", "\n").replace("⏐", "|") if code else text.strip()


GEHT = beispiele("Text")
GEHT_NICHT = beispiele("Was nicht geht")


def lesbar(html: str) -> str:
    """Der sichtbare Wortlaut ohne die Zeilen zum Aufklappen, jeder Abstand ein Leerzeichen."""
    html = re.sub(r"<summary.*?</summary>", "", html, flags=re.S)
    html = re.sub(r'<a [^>]*class="footnote-(?:ref|back)".*?</a>', "", html, flags=re.S)
    ohne = re.sub(r"</?(?:em|strong|del|sup|sub|span|a)\b[^>]*>", "", html)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", ohne)))


@pytest.fixture
def mit_teil(werk: Werk) -> Werk:
    (werk.ordner / "texte" / "teil.md").write_text("---\ntitle: T\n---\n\nAus dem Teil.\n", encoding="utf-8")
    (werk.ordner / "anlagen").mkdir()
    (werk.ordner / "anlagen" / "plan.csv").write_text("a;b\n", encoding="utf-8")
    (werk.ordner / "anlagen" / "anlagen.yml").write_text("plan.csv: {titel: Plan}\n", encoding="utf-8")
    literatur = DOKU.split("CSL-JSON:\n```yaml\n", 1)[1].split("```", 1)[0]
    (werk.projekt.berichte / "literatur.yaml").write_text(literatur, encoding="utf-8")
    bericht = werk.projekt.wurzel / "kita" / "2025" / "bericht.yml"  # vom Ordner dieses Berichts zwei höher
    bericht.parent.mkdir(parents=True)
    bericht.touch()
    return werk


@pytest.mark.parametrize(("was", "geschrieben", "zu_lesen"), GEHT, ids=[z[0] for z in GEHT])
def test_geschrieben_wird_zu(mit_teil: Werk, was: str, geschrieben: str, zu_lesen: str) -> None:
    davor = lesbar(mit_teil.html(*DAVOR))
    text = lesbar(mit_teil.html(*DAVOR, geschrieben))
    zu_lesen = re.sub(r"\s+", " ", zu_lesen)
    assert text.count(zu_lesen) > davor.count(zu_lesen), was


def test_alles_zusammen_wird_ein_pdf(mit_teil: Werk) -> None:
    import pikepdf

    texte = [re.sub(r"\{#sec-pflege\}|, siehe.*", "", z[1]) for z in GEHT if "@sec-pflege" not in z[1]]
    with pikepdf.open(io.BytesIO(mit_teil.pdf(*DAVOR, *texte))) as pdf:
        assert len(pdf.pages) > 3


@pytest.mark.parametrize(("geschrieben", "befund"), GEHT_NICHT, ids=[z[1] for z in GEHT_NICHT])
def test_geht_nicht(werk: Werk, geschrieben: str, befund: str) -> None:
    befunde = werk.befunde(*DAVOR, geschrieben)
    assert [m.kennung for m in befunde] == [befund] * len(befunde) and befunde
    assert {m.datei for m in befunde} == {"berichte/pruef/texte/3.md"}


def test_beispiel_fuer_tabellen_und_bilder(werk: Werk) -> None:
    beispiel = DOKU.split("```markdown\n", 1)[1].split("```", 1)[0]
    (werk.ordner / "bilder").mkdir()
    (werk.ordner / "abb" / "a.svg").rename(werk.ordner / "bilder" / "haus.svg")
    text = lesbar(werk.html("## A\n", beispiel))
    assert "Tabelle 1: Plätze nach Orten, 2025" in text
    assert "Abbildung 1: Das neue Haus, Grundriss" in text
