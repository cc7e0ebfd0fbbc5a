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
from berichtswerk.satz.umbruch import (
    ABFRAGE,
    RUNDEN,
    Stelle,
    Umbruch,
    bildverhaeltnisse,
    entscheide,
    lies_stellen,
)  # fmt: skip

ABSATZ = "Die Bevölkerung des Landkreises ist seit 2005 um ein Zehntel zurückgegangen. " * 9


def stelle(marke: str, anker: int, seite: int, rest: float = 200.0, **mehr: float) -> Stelle:
    """Eine Abbildung von 300 pt Höhe, davon 200 pt Bild."""
    werte = {"kapitel": 1, "am_titel": False, "hoehe": 300.0, "bild": 200.0, **mehr}
    return Stelle(marke, anker, seite, rest, **werte)  # type: ignore[arg-type]


def nach(*stellen: Stelle, **bisher: object) -> Umbruch:
    umbruch = Umbruch(**bisher)  # type: ignore[arg-type]
    umbruch.lerne(stellen)
    return umbruch


def test_loch_laesst_die_erste_abbildung_je_kapitel_ruecken() -> None:
    umbruch = nach(stelle("a", 3, 3), stelle("b", 3, 4), stelle("c", 4, 5), stelle("d", 7, 8, kapitel=2))
    assert umbruch.oben == {"b", "d"} and not umbruch.weite


def test_was_knapp_nicht_passt_wird_schmaler_samt_der_nachbarn_auf_der_seite() -> None:
    assert nach(stelle("b", 3, 4, rest=300)).weite == {"b": 0.89}
    umbruch = nach(stelle("a", 3, 3, rest=600), stelle("b", 3, 4, rest=270))
    assert umbruch.weite == {"a": 0.87, "b": 0.87}
    assert not umbruch.oben


def test_hohe_bilder_sind_von_vornherein_schmaler() -> None:
    umbruch = Umbruch()
    umbruch.begrenze({"a": 0.4, "b": 0.55, "c": 1.5})
    assert umbruch.weite == {"b": 0.9, "c": 0.83}


def test_was_auch_schmal_nicht_passte_rueckt() -> None:
    assert nach(stelle("b", 3, 4, rest=300), versucht={"b"}).oben == {"b"}
    assert nach(stelle("b", 3, 4, rest=200)).oben == {"b"}


def test_kleiner_rest_und_abbildung_hinter_ueberschrift_bleiben() -> None:
    umbruch = nach(stelle("a", 3, 4, rest=30), stelle("b", 4, 5, am_titel=True))
    assert not umbruch.oben and not umbruch.weite


def test_keine_abbildung_steht_vor_einer_frueheren() -> None:
    umbruch = nach(stelle("fig-a", 4, 4), stelle("fig-b", 3, 3), oben={"fig-a"})
    assert umbruch.oben == {"fig-a", "fig-b"}
    umbruch = nach(stelle("fig-a", 4, 4), stelle("tbl-b", 3, 3), oben={"fig-a"})
    assert umbruch.oben == {"fig-a"}


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(61, 400)), min_size=1, max_size=8))
def test_es_wird_immer_fertig(spruenge: list[tuple[int, int]]) -> None:
    aufrufe = []

    def miss(quelle: str) -> str:
        aufrufe.append(quelle)
        anker = [(f"f{n}", s, 700 - rest) for n, (s, rest) in enumerate(spruenge)]
        beginn = [(f"f{n}", s + 1, 80) for n, (s, _) in enumerate(spruenge)]
        ende = [(f"f{n}", s + 1, 380) for n, (s, _) in enumerate(spruenge)]
        spiegel = {"unten": 700, "breite": 400}
        return json.dumps({"anker": anker, "beginn": beginn, "ende": ende, "titel": [], "spiegel": spiegel})

    entscheide("", Path(), miss)
    assert len(aufrufe) <= RUNDEN


def test_am_wirklichen_umbruch_bleibt_kein_loch(projekt: Projekt, notizbuch: Notizbuchbauer) -> None:
    teile = ["## A\n\n" + f"{ABSATZ}\n\n" * 4]
    for nummer in range(6):
        teile += [figur(f"fig-{nummer}"), f"{ABSATZ}\n\n" * (2 + nummer % 3)]
    pfad = notizbuch(*teile)
    _, gesetzt = wandle(pfad, projekt, ("typst",))
    quelle = gesetzt.ergebnis.typst
    schriften = pdf._schriften(projekt.layout / "fonts")

    def miss(text: str) -> str:
        return typst.Compiler(input=text.encode(), root=pfad.parent, font_paths=schriften).eval(ABFRAGE)

    verhaeltnisse = bildverhaeltnisse(quelle, pfad.parent)
    assert verhaeltnisse == {f"fig-{n}": 0.4 for n in range(6)}
    umbruch = entscheide(quelle, pfad.parent, miss)
    assert umbruch.oben or umbruch.weite
    stellen = lies_stellen(miss(umbruch.in_quelle(quelle, vermessen=True)), verhaeltnisse, umbruch)
    assert not umbruch.lerne(stellen)
    assert [s.seite for s in stellen] == sorted(s.seite for s in stellen)


def test_vorlage_traegt_die_schalter(projekt: Projekt) -> None:
    text = Path(projekt.layout / "typst" / "typst-template.typ").read_text(encoding="utf-8")
    neu = Umbruch({"fig-b", "fig-a"}, {"fig-c": 0.9}).in_quelle(text, vermessen=True)
    assert '#let bw-oben = ("fig-a", "fig-b", )' in neu and '#let bw-weite = ("fig-c": 90%)' in neu
    assert "#let bw-vermessen = true" in neu
    assert Umbruch().in_quelle(text, vermessen=False) == text


def test_pdf_mit_geruckten_abbildungen_bleibt_wiederholbar(
    projekt: Projekt, notizbuch: Notizbuchbauer
) -> None:
    pfad = notizbuch("## A\n\n" + ABSATZ * 4, figur("fig-a"), ABSATZ * 3, figur("fig-b"), ABSATZ)
    assert satz.setze_pdf(pfad, projekt) == satz.setze_pdf(pfad, projekt)
