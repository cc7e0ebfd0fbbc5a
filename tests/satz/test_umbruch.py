"""Abbildungen, die nicht mehr passen, rücken nach oben; der Text füllt die Seite davor."""

from __future__ import annotations

import json
from pathlib import Path

import typst
from bausteine import Notizbuchbauer, figur
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk import satz
from berichtswerk.projekt import Projekt
from berichtswerk.satz import pdf
from berichtswerk.satz.teilmenge import wandle
from berichtswerk.satz.umbruch import RUNDEN, Stelle, entscheide, mit_umbruch, naechste

ABSATZ = "Die Bevölkerung des Landkreises ist seit 2005 um ein Zehntel zurückgegangen. " * 9


def stelle(
    marke: str, anker: int, seite: int, rest: float = 200.0, kapitel: int = 1, titel: bool = False
) -> Stelle:
    return Stelle(marke, anker, seite, rest, kapitel, titel)


def test_loch_laesst_die_erste_abbildung_des_kapitels_ruecken() -> None:
    stellen = [stelle("a", 3, 3), stelle("b", 3, 4), stelle("c", 4, 5), stelle("d", 7, 8, kapitel=2)]
    assert naechste(stellen, frozenset()) == {"b", "d"}


def test_kleiner_rest_und_abbildung_hinter_ueberschrift_bleiben() -> None:
    assert naechste([stelle("a", 3, 4, rest=30), stelle("b", 4, 5, titel=True)], frozenset()) == set()


def test_keine_abbildung_steht_vor_einer_frueheren() -> None:
    assert naechste([stelle("a", 3, 4), stelle("b", 3, 3)], frozenset({"a"})) == {"b"}


@given(st.lists(st.tuples(st.integers(1, 4), st.booleans()), min_size=1, max_size=8))
def test_es_wird_immer_fertig(spruenge: list[tuple[int, bool]]) -> None:
    aufrufe = []

    def miss(oben: tuple[str, ...]) -> str:
        aufrufe.append(oben)
        return json.dumps(
            [
                {"marke": f"f{n}", "anker": s, "seite": s + 1, "rest": 100, "kapitel": 1, "am-titel": titel}
                for n, (s, titel) in enumerate(spruenge)
            ]
        )

    entscheide(miss)
    assert len(aufrufe) <= RUNDEN


def test_am_wirklichen_umbruch_bleibt_kein_loch(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    teile = ["## A\n\n" + f"{ABSATZ}\n\n" * 4]
    for nummer in range(6):
        teile += [figur(f"fig-{nummer}"), f"{ABSATZ}\n\n" * (2 + nummer % 3)]
    pfad = notizbuch(*teile)
    _, gesetzt = wandle(pfad, projekt, ("typst",))
    quelle = gesetzt.ergebnis.typst
    schriften = pdf._schriften(projekt.layout / "fonts")

    def miss(oben: tuple[str, ...]) -> str:
        text = mit_umbruch(quelle, oben, vermessen=True).encode()
        return str(typst.query(text, "<bw-ort>", field="value", root=pfad.parent, font_paths=schriften))

    assert naechste(_stellen(miss(())), frozenset())
    oben = entscheide(miss)
    assert oben
    assert not naechste(_stellen(miss(oben)), frozenset(oben))


def _stellen(antwort: str) -> list[Stelle]:
    from berichtswerk.satz.umbruch import lies_stellen

    return lies_stellen(antwort)


def test_vorlage_traegt_die_schalter(projekt: Projekt) -> None:
    text = Path(projekt.layout / "typst" / "typst-template.typ").read_text(encoding="utf-8")
    neu = mit_umbruch(text, ("fig-a", "fig-b"), vermessen=True)
    assert '#let bw-oben = ("fig-a", "fig-b", )' in neu and "#let bw-vermessen = true" in neu


def test_pdf_mit_geruckten_abbildungen_bleibt_wiederholbar(
    projekt: Projekt, notizbuch: Notizbuchbauer
) -> None:
    pfad = notizbuch("## A\n\n" + ABSATZ * 4, figur("fig-a"), ABSATZ * 3, figur("fig-b"), ABSATZ)
    assert satz.setze_pdf(pfad, projekt) == satz.setze_pdf(pfad, projekt)
