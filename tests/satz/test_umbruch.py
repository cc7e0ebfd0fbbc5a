"""Abbildungen, die nicht mehr passen, rücken nach oben; der Text füllt die Seite davor."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from manuskripthilfe import Werk, abbildung, tabelle

from berichtswerk.gegenstand.gegenstaende import Gegenstand
from berichtswerk.satz import pdf
from berichtswerk.satz.pdf import Werkbank, werkbank
from berichtswerk.satz.umbruch import RUNDEN, Stelle, Umbruch, entscheide, lies_stellen, waehle
from berichtswerk.schreiber.typst.rumpf import Figur, Kapitel

ABSATZ = "Die Bevölkerung des Landkreises ist seit 2005 um ein Zehntel zurückgegangen. " * 9


def stelle(marke: str, anker: int, seite: int, rest: float = 200.0, **mehr: float) -> Stelle:
    """Eine Abbildung von 300 pt Höhe, davon 200 pt Bild."""
    werte = {"am_titel": False, "hoehe": 300.0, "bild": 200.0, **mehr}
    return Stelle(marke, anker, seite, rest, **werte)  # type: ignore[arg-type]


def nach(*stellen: Stelle, **bisher: object) -> Umbruch:
    umbruch = Umbruch(**bisher)  # type: ignore[arg-type]
    umbruch.lerne(stellen)
    return umbruch


def test_loch_laesst_die_erste_abbildung_ruecken() -> None:
    umbruch = nach(stelle("a", 3, 3), stelle("b", 3, 4), stelle("c", 4, 5))
    assert umbruch.oben == {"b"} and not umbruch.weite


def test_was_knapp_nicht_passt_wird_schmaler_samt_der_nachbarn_auf_der_seite() -> None:
    assert nach(stelle("b", 3, 4, rest=300)).weite == {"b": 0.89}
    umbruch = nach(stelle("a", 3, 3, rest=600), stelle("b", 3, 4, rest=270))
    assert umbruch.weite == {"a": 0.87, "b": 0.87}
    assert not umbruch.oben


def test_hohe_bilder_sind_von_vornherein_schmaler() -> None:
    umbruch = Umbruch.anfang([Figur("a", 0.4), Figur("b", 0.55), Figur("c", 1.5)])
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


def test_zu_hohe_tabellen_brechen_um_bevor_anderes_entschieden_wird() -> None:
    stellen = stelle("fig-a", 3, 4), stelle("tbl-b", 4, 5, zu_hoch=True), stelle("tbl-c", 5, 6, zu_hoch=True)
    umbruch = nach(*stellen)
    assert umbruch.lang == {"tbl-b", "tbl-c"} and not umbruch.oben


def test_entscheidungen_gehen_unveraendert_durch_die_ablage() -> None:
    umbruch = Umbruch({"fig-a"}, {"fig-b": 0.9}, {"tbl-c"})
    wieder = Umbruch.aus_json(umbruch.als_json())
    assert wieder == umbruch
    assert wieder.wahl(("fig-a", "fig-b", "tbl-c", "fig-d")) == (
        '("fig-a": (lang: false, oben: true), "fig-b": (lang: false, weite: 90%), "tbl-c": (lang: true), '
        '"fig-d": (lang: false))'
    )
    assert Umbruch().wahl(()) == "(:)"


def antwort(spruenge: list[tuple[int, int]]) -> str:
    return json.dumps(
        {
            "anker": [(f"f{n}", s, 700 - rest) for n, (s, rest) in enumerate(spruenge)],
            "beginn": [(f"f{n}", s + 1, 80) for n, (s, _) in enumerate(spruenge)],
            "ende": [(f"f{n}", s + 1, 380) for n, (s, _) in enumerate(spruenge)],
            "titel": [],
            "spiegel": {"unten": 700, "breite": 400, "beisammen": 400, "hoehe": 620},
        }
    )


def kapitel(*marken: str) -> Kapitel:
    return Kapitel(figuren=[Figur(m) for m in marken])


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(61, 400)), min_size=1, max_size=8))
def test_es_wird_immer_fertig(spruenge: list[tuple[int, int]]) -> None:
    aufrufe = []

    def miss(umbrueche: object) -> str:
        aufrufe.append(umbrueche)
        return antwort(spruenge)

    entscheide([kapitel(*(f"f{n}" for n in range(len(spruenge))))], {}, miss)
    assert 1 <= len(aufrufe) <= RUNDEN


@given(st.lists(st.tuples(st.integers(1, 4), st.integers(61, 400)), min_size=2, max_size=8))
def test_ein_bekanntes_kapitel_aendert_die_uebrigen_nicht(spruenge: list[tuple[int, int]]) -> None:
    alle = [kapitel(f"f{n}") for n in range(len(spruenge))]
    kalt = entscheide(alle, {}, lambda _: antwort(spruenge))
    for nummer in range(len(alle)):
        assert entscheide(alle, {nummer: kalt[nummer]}, lambda _: antwort(spruenge)) == kalt
    assert entscheide(alle, dict(enumerate(kalt)), lambda _: pytest.fail("misst Bekanntes")) == kalt


def test_lange_tabellen_erkennt_man_an_ihren_zeilen(werk: Werk) -> None:
    druck = werk.druck("## A\n", tabelle("tbl-lang", 40), tabelle("tbl-kurz", 8), abbildung("fig-a"))
    (figuren,) = (k.figuren for k in druck.kapitel if k.figuren)
    assert [f.marke for f in figuren] == ["tbl-lang", "tbl-kurz", "fig-a"]
    assert Umbruch.anfang(figuren).lang == {"tbl-lang"} and figuren[2].verhaeltnis == 0.4


def gemessen(bank: Werkbank, kapitel: Sequence[Kapitel], umbrueche: list[Umbruch]) -> list[list[Stelle]]:
    bank.waehle(waehle(kapitel, umbrueche))
    return lies_stellen(bank.miss(), kapitel, umbrueche)


def langer_bericht(satz: str = "") -> list[Gegenstand | str]:
    teile: list[Gegenstand | str] = []
    for buchstabe in "AB":
        teile.append(f"## {buchstabe}\n\n{satz if buchstabe == 'B' else ''}" + f"{ABSATZ}\n\n" * 4)
        for nummer in range(5):
            teile += [abbildung(f"fig-{buchstabe}{nummer}".lower()), f"{ABSATZ}\n\n" * (2 + nummer % 3)]
    return [*teile, tabelle("tbl-mittel", 26), ABSATZ]


def test_am_wirklichen_umbruch_bleibt_kein_loch(werk: Werk) -> None:
    druck = werk.druck(*langer_bericht())
    kapitel = druck.kapitel
    with werkbank("a", werk.projekt) as bank:
        bank.lege_auf(druck)

        def miss(umbrueche: Sequence[Umbruch]) -> str:
            bank.waehle(waehle(kapitel, umbrueche))
            return bank.miss()

        umbrueche = entscheide(kapitel, {}, miss)
        assert any(u.oben or u.weite for u in umbrueche)
        stellen = gemessen(bank, kapitel, umbrueche)
    for umbruch, gruppe in zip(umbrueche, stellen, strict=True):
        assert not umbruch.lerne(gruppe)
        seiten = [s.seite for s in gruppe if s.marke.startswith("fig-")]
        assert seiten == sorted(seiten)


def test_viele_entscheidungen_brauchen_wenige_messungen(werk: Werk) -> None:
    """Wohin jede alles dahinter rückt, ist vorausgesagt; gemessen wird, ob es stimmt."""
    folge = [t for n in range(24) for t in (abbildung(f"fig-{n}"), f"{ABSATZ}\n\n" * (n % 3))]
    druck = werk.druck("## A\n", *folge)
    messungen = []
    with werkbank("a", werk.projekt) as bank:
        bank.lege_auf(druck)

        def miss(umbrueche: Sequence[Umbruch]) -> str:
            messungen.append(umbrueche)
            bank.waehle(waehle(druck.kapitel, umbrueche))
            return bank.miss()

        umbrueche = entscheide(druck.kapitel, {}, miss)
        (umbruch,), (gruppe,) = umbrueche[1:], gemessen(bank, druck.kapitel, umbrueche)[1:]
    assert len(umbruch.oben) + len(umbruch.weite) > 5 and len(messungen) <= 3
    assert not umbruch.lerne(gruppe)


def test_messen_trifft_dieselbe_wahl_wie_die_vorlage_allein(werk: Werk) -> None:
    """Ohne Wahl misst die Vorlage selbst, ob eine Tabelle umbricht; beides muss dasselbe ergeben."""
    druck = werk.druck("## A\n", *(tabelle(f"tbl-{n}", n) for n in range(15, 31, 3)))
    kapitel = druck.kapitel
    with werkbank("a", werk.projekt) as bank:
        bank.lege_auf(druck)
        bank.waehle(["(:)"] * len(kapitel))
        fest = {m[0] for m in json.loads(bank.miss())["beginn"]}
        umbrueche = [Umbruch.anfang(k.figuren) for k in kapitel]
        for umbruch, gruppe in zip(umbrueche, gemessen(bank, kapitel, umbrueche), strict=True):
            umbruch.lerne(gruppe)
    assert {f.marke for k in kapitel for f in k.figuren} - fest == set().union(*(u.lang for u in umbrueche))
    assert 0 < len(fest) < 6


def test_geaenderter_satz_misst_nur_sein_kapitel_und_ergibt_dasselbe_wie_von_vorn(werk: Werk) -> None:
    def ablage() -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in (ordner / "umbruch").iterdir()}

    ordner = werk.projekt.wurzel / ".berichtswerk" / "ablage"
    werk.pdf(*langer_bericht())
    vorher = ablage()
    geaendert = werk.pdf(*langer_bericht(ABSATZ + "\n\n"))
    assert len(vorher) == 2 and len(ablage()) == 3
    shutil.rmtree(ordner)
    assert werk.pdf(*langer_bericht(ABSATZ + "\n\n")) == geaendert


def test_eine_neue_abbildung_davor_macht_alle_kapitel_ungewiss(werk: Werk) -> None:
    """Nummern in Unterschriften und Verweisen können anders umbrechen."""

    def schluessel(*inhalt: Gegenstand | str) -> set[str]:
        return set(pdf.umbruchschluessel(werk.druck(*inhalt), ()).values())

    a, b, c = (abbildung(f"fig-{n}") for n in "abc")
    eins = schluessel("## A\n", a, "## B\n", b)
    zwei = schluessel("## A\n", a, c, "## B\n", b)
    drei = schluessel("## A\n\nNeu.\n", a, "## B\n", b)
    assert len(eins) == 2 and not eins & zwei and len(eins & drei) == 1


def test_pdf_mit_geruckten_abbildungen_bleibt_wiederholbar(werk: Werk) -> None:
    kalt = werk.pdf(*langer_bericht())
    for art in ("pdf", "umbruch"):
        shutil.rmtree(werk.projekt.wurzel / ".berichtswerk" / "ablage" / art)
        assert werk.pdf(*langer_bericht()) == kalt
