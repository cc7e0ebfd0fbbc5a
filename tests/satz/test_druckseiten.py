"""Was auf Druckseiten passt: hohe Tabellen, Steckbriefe, Abschnitte auf neuer Seite."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import typst
from bausteine import Notizbuchbauer, figur, tafel
from berichtswerk.satz.teilmenge import wandle

from berichtswerk import satz
from berichtswerk.grund.projekt import Projekt

ABSATZ = "Der Landkreis hat zehn Kommunen, und jede plant für sich. " * 6 + "\n\n"
KOPF_EINFACH = (
    '<tr><th scope="col">Annahme</th><th scope="col">Herkunft</th><th scope="col">Begründung</th></tr>'
)
KOPF_DOPPELT = (
    '<tr><th scope="col" rowspan="2">Annahme</th><th scope="colgroup" colspan="2">Angaben</th></tr>'
    '<tr><th scope="col">Herkunft</th><th scope="col">Begründung</th></tr>'
)


def hohe_tafel(zeilen: int, kopf: str) -> str:
    """Wenige, aber mehrzeilige Zellen im Rahmen der Übergabe, darunter der Beleg."""
    lang = "Der Wert folgt dem Mittel der letzten Jahre und gilt bis auf Weiteres. " * 6
    rumpf = "".join(
        f'<tr><th scope="row">Annahme über Kinder</th><td>Landkreis</td><td>Merkmal-{i} {lang}</td></tr>'
        for i in range(zeilen)
    )
    return (
        "::: {.bw-figur}\n::: {#tbl-hoch}\n```{=html}\n"
        f'<table class="bw-tabelle"><thead>{kopf}</thead><tbody>{rumpf}</tbody></table>\n'
        "```\n\nAnnahmen der Rechnung\n:::\n\n::: {.bw-beleg}\nMerkmal-999 Quelle: Amt.\n:::\n:::\n"
    )


def pipe_tafel(zeilen: int) -> str:
    lang = "Der Wert folgt dem Mittel der letzten Jahre. " * 6
    return "| Annahme | Begründung |\n|:--|:--|\n" + "".join(
        f"| Kinder | Merkmal-{i} {lang} |\n" for i in range(zeilen)
    )


def orte(projekt: Projekt, pfad: Path) -> tuple[list[tuple[int, int, float]], Any]:
    """Nummer, Seite und Höhe aller ``Merkmal-<n>`` im Satz und der untere Rand des Satzspiegels."""
    meldungen, gesetzt = wandle(pfad, projekt, ("typst",))
    assert not meldungen.fehler
    quelle = re.sub(r"Merkmal-(\d+)", r"#[#metadata(\1)<merkmal>]", gesetzt.ergebnis.typst)
    schriften = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[projekt.layout / "fonts"]
    )
    haupt = pfad.parent / "haupt.typ"
    haupt.write_text(quelle, encoding="utf-8")
    bau = typst.Compiler(input=haupt, root=pfad.parent, font_paths=schriften)
    antwort = json.loads(
        bau.eval(
            "(query(<merkmal>).map(m => (m.value, m.location().page(), m.location().position().y.pt())),"
            " query(<bw-satzspiegel>).first().value.unten)"
        )
    )
    return [tuple(m) for m in antwort[0]], antwort[1]


@pytest.mark.parametrize("kopf", [KOPF_EINFACH, KOPF_DOPPELT])
def test_tabelle_hoeher_als_eine_seite_bricht_um(
    projekt: Projekt, notizbuch: Notizbuchbauer, kopf: str
) -> None:
    stellen, unten = orte(projekt, notizbuch("## A\n\n" + ABSATZ * 3, hohe_tafel(16, kopf), ABSATZ))
    assert [m[0] for m in stellen] == [*range(16), 999]
    seiten = [m[1] for m in stellen]
    assert seiten == sorted(seiten) and len(set(seiten)) > 1
    assert all(y < unten for _, _, y in stellen)


def test_tabelle_im_text_bricht_um(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    stellen, unten = orte(projekt, notizbuch("## A\n\n" + ABSATZ * 3 + pipe_tafel(30) + "\n" + ABSATZ))
    seiten = [m[1] for m in stellen]
    assert seiten == sorted(seiten) and len(set(seiten)) > 1
    assert all(y < unten for _, _, y in stellen)


def test_kurze_tabelle_bleibt_beisammen(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    stellen, _ = orte(projekt, notizbuch("## A\n\n" + ABSATZ * 8, hohe_tafel(5, KOPF_EINFACH)))
    assert len({m[1] for m in stellen}) == 1


def test_kopf_einer_langen_tabelle_wiederholt_sich(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    assert "table.header(repeat: true" in druck(projekt, notizbuch("## A\n", tafel("tbl-lang", 80)))


def druck(projekt: Projekt, pfad: Path) -> str:
    meldungen, gesetzt = wandle(pfad, projekt, ("typst",))
    assert not meldungen.fehler
    return gesetzt.ergebnis.typst.split("#show: doc => bericht(")[-1]


STECKBRIEF = (
    "::: {.bw-steckbrief}\n**Geburten** (Anzahl)\n\nZweck\n:   Planung der Plätze.\n\n"
    "Definition\n:   Lebendgeborene.\n:::\n\n"
)


def test_steckbriefe_stehen_zu_zweit_mit_feldnamen_im_lauf(
    projekt: Projekt, notizbuch: Notizbuchbauer
) -> None:
    quelle = druck(projekt, notizbuch("## A\n\n" + STECKBRIEF * 3 + "Text.\n\n" + STECKBRIEF))
    assert quelle.count("#bw-steckbriefe(") == 2
    assert "*Zweck* Planung der Plätze." in quelle.replace("#strong[Zweck]", "*Zweck*")


def test_abschnitt_auf_neuer_seite(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    text = "## A\n\nMerkmal-1 eins\n\n### Adorf {#sec-adorf .bw-neue-seite}\n\nMerkmal-2 zwei\n"
    stellen, _ = orte(projekt, notizbuch(text))
    assert stellen[1][1] == stellen[0][1] + 1


def test_alles_zusammen_bleibt_barrierefrei_und_wiederholbar(
    projekt: Projekt, notizbuch: Notizbuchbauer, tmp_path: Path, verapdf: Any
) -> None:
    pfad = notizbuch(
        "## A\n\n" + ABSATZ,
        hohe_tafel(16, KOPF_DOPPELT),
        pipe_tafel(30) + "\n\n### Steckbriefe {#sec-brief .bw-neue-seite}\n\n" + STECKBRIEF * 5,
        figur("fig-a", "Geburten, 2045–2049 (Anzahl)"),
    )
    pdf = satz.setze_pdf(pfad, projekt)
    (tmp_path / "a.pdf").write_bytes(pdf)
    assert verapdf.verstoesse(tmp_path / "a.pdf") == []
    assert satz.setze_pdf(pfad, projekt) == pdf
