"""Der Plan der Seiten: nichts geht verloren, nichts Verbotenes, und billiger geht es nicht."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from datetime import datetime
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from manuskripthilfe import ABSATZ, Werk, abbildung, tabelle

from berichtswerk.gegenstand.gegenstaende import Gegenstand
from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.satz import pdf, seitenplan, vermessung
from berichtswerk.satz.pdf import werkbank
from berichtswerk.satz.seitenplan import FAKTOREN, RUNDUNG, ZEILEN, Plan, Teil, Zeilenmass, plane
from berichtswerk.schreiber.typst.rumpf import Stueck

HOEHE = 700.0


@st.composite
def zeilen(draw: st.DrawFn, hoechstens: int = 14) -> list[Zeilenmass]:
    """Kapitel aus Texten, Abbildungen, Tabellen und Zwischentiteln."""
    liste = [
        Zeilenmass("k0", 190.0, "auftakt", beginnt=True, luft=20.0, schmal=draw(st.sampled_from([0.0, 50.0])))
    ]
    for nr in range(draw(st.integers(1, hoechstens - 1))):
        art = draw(st.sampled_from(["text", "text", "abbildung", "tafel", "titel", "auftakt", "lang"]))
        hoehe = draw(st.floats(15, 160))
        rand = draw(st.sampled_from([0.0, 0.0, 60.0, 150.0]))
        if art == "abbildung":
            bild = draw(st.floats(80, 260))
            kleinst = bild * draw(st.sampled_from([0.7, 0.9, 1.0]))
            z = Zeilenmass(f"z{nr}", bild + 60, art, rand, bild, kleinst, luft=16.0)
        elif art == "tafel":
            reihen = tuple(draw(st.lists(st.floats(12, 30), min_size=1, max_size=12)))
            z = Zeilenmass(f"z{nr}", sum(reihen) + 70, art, rand, luft=16.0, reihen=reihen, kopf=20, fuss=15)
        elif art == "lang":
            lang = (13.0,) * draw(st.integers(8, 70))
            z = Zeilenmass(f"z{nr}", sum(lang) + 5, "text", luft=10.0, reihen=lang, fliessend=True)
        elif art == "titel":
            z = Zeilenmass(f"z{nr}", 18.0, art, luft=24.0, klebt=True)
        elif art == "auftakt":
            schmal = draw(st.sampled_from([0.0, 50.0]))
            z = Zeilenmass(f"z{nr}", 190.0, art, beginnt=True, luft=26.0, schmal=schmal)
        else:
            z = Zeilenmass(
                f"z{nr}", hoehe, art, rand, luft=10.0, noten=draw(st.sampled_from([0.0, 0.0, 20.0]))
            )
        liste.append(z)
    return liste


def gesetzt(z: Zeilenmass, t: Teil, faktor: float, *, erste: bool) -> float:
    """Wie hoch ein Teil auf der Seite steht, unabhängig vom Plan gerechnet."""
    luft = 0.0 if erste else z.luft * faktor
    if t.bis:
        haupt = z.kopf + sum(z.reihen[t.von : t.bis]) + (z.fuss if t.bis == len(z.reihen) else 0)
        haupt += z.reihen[-1] if z.fliessend and t.von else 0
        titel = z.hoehe - z.kopf - sum(z.reihen) - z.fuss
        return luft + (haupt if t.von else max(haupt + titel, z.rand) + z.noten)
    bild = max(z.bild * faktor, min(z.kleinst, z.bild))
    haupt = z.schmal if z.beginnt and not erste else z.hoehe - z.bild + bild
    return luft + max(haupt, z.rand) + z.noten


@settings(deadline=None)
@given(zeilen())
def test_jede_zeile_steht_einmal_da_und_in_ihrer_folge(alle: list[Zeilenmass]) -> None:
    plan = plane(alle, HOEHE)
    teile = [t for s in plan.seiten for t in s.teile]
    assert list(dict.fromkeys(t.kennung for t in teile)) == [z.kennung for z in alle] == list(plan.setzungen)
    for z in alle:
        stuecke = [t for t in teile if t.kennung == z.kennung]
        if len(stuecke) == 1:
            assert stuecke[0] == Teil(z.kennung)
        else:
            assert stuecke[0].von == 0 and stuecke[-1].bis == len(z.reihen)
            assert all(a.bis == b.von for a, b in pairwise(stuecke))
            assert all(t.bis - t.von >= (ZEILEN if z.fliessend else z.beisammen) for t in stuecke)


@settings(deadline=None)
@given(zeilen())
def test_keine_seite_laeuft_ueber_und_nichts_verbotenes_steht_am_fuss(alle: list[Zeilenmass]) -> None:
    ort = {z.kennung: z for z in alle}
    plan = plane(alle, HOEHE)
    for nummer, seite in enumerate(plan.seiten):
        hoehe = sum(gesetzt(ort[t.kennung], t, seite.faktor, erste=not i) for i, t in enumerate(seite.teile))
        assert hoehe <= HOEHE - RUNDUNG + 1e-6 and abs(hoehe - seite.hoehe) < 1e-6
        assert seite.faktor in FAKTOREN
        for i, t in enumerate(seite.teile):
            z, s = ort[t.kennung], plan.setzungen[t.kennung]
            if t.von == 0:
                assert s.umbruch == (i == 0)
                assert s.schmal == (z.beginnt and i > 0)
                assert not z.bild or s.dehnung * z.bild >= min(z.kleinst, z.bild) - 0.05
            if z.beginnt and i > 0:
                assert z.schmal
        letzte = ort[seite.teile[-1].kennung]
        if nummer + 1 < len(plan.seiten):
            naechste = ort[plan.seiten[nummer + 1].teile[0].kennung]
            assert naechste.beginnt or not (letzte.klebt or letzte.beginnt)


def teuer(alle: list[Zeilenmass], bisher: dict[str, float]) -> float:
    """Der billigste Plan, alle durchprobiert: jede Folge von Seiten, jeder Faktor."""
    lauf = seitenplan._Lauf(alle, HOEHE - RUNDUNG, bisher)

    def ab(stand: tuple[int, int]) -> float:
        if stand[0] == len(alle):
            return 0.0
        return min(s.kosten + ab(s.bis) for s in lauf._seiten_ab(stand))

    return ab((0, 0))


@settings(max_examples=40, deadline=None)
@given(zeilen(8), st.dictionaries(st.sampled_from(["k0", "z1", "z3", "z4"]), st.sampled_from([0.9, 1.0])))
def test_billiger_geht_es_nicht(alle: list[Zeilenmass], bisher: dict[str, float]) -> None:
    lauf = seitenplan._Lauf(alle, HOEHE - RUNDUNG, bisher)
    assert abs(sum(s.kosten for s in lauf.weg()) - teuer(alle, bisher)) < 1e-3


@settings(deadline=None)
@given(zeilen())
def test_gleiches_gibt_gleiches_und_der_gemerkte_plan_bleibt(alle: list[Zeilenmass]) -> None:
    plan = plane(alle, HOEHE)
    assert plane(list(alle), HOEHE) == plan
    assert plane(alle, HOEHE, plan.merke()) == plan


def bericht(zusatz: float = 0.0) -> list[Zeilenmass]:
    """Ein langes Kapitel aus Texten und Abbildungen; ``zusatz`` verlängert den ersten Absatz."""
    liste = [Zeilenmass("k", 190.0, "auftakt", beginnt=True)]
    for nr in range(30):
        liste.append(Zeilenmass(f"t{nr}", 41.25 + nr * 37 % 90 + (zusatz if nr == 0 else 0), luft=10.0))
        if nr % 3 == 1:
            liste.append(Zeilenmass(f"f{nr}", 270.0, "abbildung", 60.0, 190.0, 150.0, luft=16.0))
    return liste


def test_ein_laengerer_satz_aendert_so_wenig_seiten_wie_moeglich() -> None:
    plan = plane(bericht(), HOEHE)
    danach = plane(bericht(55.0), HOEHE, plan.merke())
    ohne = plane(bericht(55.0), HOEHE)

    def andere(neu: Plan) -> int:
        alte = {tuple(s.teile) for s in plan.seiten}
        return sum(tuple(s.teile) not in alte for s in neu.seiten)

    assert andere(danach) <= andere(ohne)
    assert andere(danach) <= 3


def fuellung(plan: Plan) -> list[float]:
    return [s.hoehe / (HOEHE - RUNDUNG) for s in plan.seiten]


def test_seiten_sind_voll() -> None:
    assert min(fuellung(plane(bericht(), HOEHE))[:-1]) > 0.75


def test_ein_kurzes_kapitel_schliesst_an_wo_es_darf() -> None:
    def liste(schmal: float) -> list[Zeilenmass]:
        return [
            Zeilenmass("k0", 190.0, "auftakt", beginnt=True),
            Zeilenmass("t0", 100.0),
            Zeilenmass("k1", 190.0, "auftakt", beginnt=True, schmal=schmal, luft=26.0),
            Zeilenmass("t1", 250.0, luft=10.0),
        ]

    assert [s.teile[0].kennung for s in plane(liste(60.0), HOEHE).seiten] == ["k0"]
    assert [s.teile[0].kennung for s in plane(liste(0.0), HOEHE).seiten] == ["k0", "k1"]
    assert plane(liste(60.0), HOEHE).setzungen["k1"].schmal


def test_eine_lange_tafel_bricht_mit_kopf_und_quelle() -> None:
    tafel = Zeilenmass("t", 60 + 20 + 40 * 20 + 15, "tafel", reihen=(20.0,) * 40, kopf=20, fuss=15)
    plan = plane([tafel], HOEHE)
    (erstes, zweites) = (t for s in plan.seiten for t in s.teile)
    assert erstes.von == 0 and erstes.bis == zweites.von and zweites.bis == 40
    assert fuellung(plan)[0] > 0.75
    assert plan.setzungen["t"].lang and plan.setzungen["t"].frei > 0


@pytest.mark.parametrize(
    ("davor", "reihen", "danach", "zerteilt"),
    [(430.0, 20, 130.0, False), (250.0, 20, 330.0, True), (250.0, 12, 330.0, False)],
)
def test_eine_tafel_die_auf_eine_seite_passt_bricht_nur_wo_sonst_zu_viel_leer_bleibt(
    davor: float, reihen: int, danach: float, zerteilt: bool
) -> None:
    """Zu 61 % gefüllt endet die Seite lieber; wo zwei leer blieben, nimmt sie die ersten Reihen, aber nie
    einer kurzen."""
    tafel = Zeilenmass("t", 520.0, "tafel", luft=16.0, reihen=(480 / reihen,) * reihen, kopf=20, fuss=10)
    texte = [Zeilenmass("b", danach, "text", luft=10.0), Zeilenmass("c", 600.0, "text", luft=10.0)]
    plan = plane([Zeilenmass("a", davor, "text"), tafel, *texte], HOEHE)
    assert any(t.bis for s in plan.seiten for t in s.teile) == zerteilt


def test_eine_sehr_lange_tafel_fuellt_auch_die_seiten_dazwischen() -> None:
    tafel = Zeilenmass("t", 60 + 20 + 90 * 20 + 15, "tafel", reihen=(20.0,) * 90, kopf=20, fuss=15)
    plan = plane([tafel], HOEHE)
    assert plan.seiten[1].hoehe == 20 + 33 * 20 and len(plan.seiten) == 3


def test_was_auf_keine_seite_passt_laeuft_ueber_statt_zu_scheitern() -> None:
    plan = plane([Zeilenmass("a", 50.0), Zeilenmass("b", 900.0), Zeilenmass("c", 50.0)], HOEHE)
    assert [s.teile[0].kennung for s in plan.seiten] == ["a", "b", "c"]
    assert plan.setzungen["b"].lang


# --- Am wirklichen Satz ----------------------------------------------------------------------------------


def langer_bericht(satz: str = "") -> list[Gegenstand | str]:
    teile: list[Gegenstand | str] = []
    for buchstabe in "AB":
        kern = "::: {.kernbotschaft}\nDie Zahl der Geburten ging zurück.\n:::\n\n"
        teile.append(f"## {buchstabe}\n\n{kern}{satz if buchstabe == 'B' else ''}" + ABSATZ * 4)
        for nummer in range(5):
            marke = f"{buchstabe}{nummer}".lower()
            teile += [abbildung(f"fig-{marke}"), ABSATZ * (1 + nummer % 3)]
            teile += [f"### Frage[^{marke}]\n\n{ABSATZ}[^{marke}]: Eine Fußnote mit ein paar Worten.\n"] * (
                nummer == 2
            )
            teile += [tabelle(f"tbl-{marke}", 9 + 7 * nummer)] * (nummer % 2)
    return teile


def test_gesetzt_wird_wie_geplant(werk: Werk) -> None:
    """Jede Zeile steht auf ihrer Seite, und genau so weit unter der davor."""
    druck = werk.druck(*langer_bericht())
    auftrag = pdf.Druckauftrag(druck, {}, datetime(2025, 6, 30), (), {})
    with werkbank("plan", werk.projekt) as bank:
        bank.lege_auf(druck)
        bank.bebildere(druck.bilder)
        plan = pdf._geplant(auftrag, bank, Ablage.von(werk.projekt))
        stuecke = [s for k in druck.kapitel for s in k.stuecke]
        masse = vermessung.lies(bank.miss(vermessung.dokument(stuecke)), stuecke)
        bank.waehle(druck.kapitel, plan)
        frage = "query(<bw-stelle>).map(m => (m.value, m.location().page(), m.location().position().y.pt()))"
        ort = {k: (seite, y) for k, seite, y in json.loads(bank.frage(frage))}
    zeilen = {z.kennung: z for z in vermessung.zeilen(stuecke, masse, {})}
    erste = ort[plan.seiten[0].teile[0].kennung][0]
    assert len(plan.seiten) > 5 and any(t.von for s in plan.seiten for t in s.teile)
    for nummer, seite in enumerate(plan.seiten):
        stehen = [t for t in seite.teile if not t.von]
        assert [ort[t.kennung][0] for t in stehen] == [erste + nummer] * len(stehen)
        for davor, danach in pairwise(seite.teile):
            if not davor.von:
                z = zeilen[davor.kennung]
                schmal = z.beginnt and davor is not seite.teile[0]
                soll = (
                    z.ganz(seite.faktor, schmal=schmal) - z.noten + zeilen[danach.kennung].luft * seite.faktor
                )
                assert abs(ort[danach.kennung][1] - ort[davor.kennung][1] - soll) < 0.1


def test_der_festgehaltene_plan_gilt_in_jedem_klon(werk: Werk) -> None:
    """Gleiche Dateien, gleiche Bytes: was früher gesetzt wurde, spielt keine Rolle."""
    auftrag = pdf.beauftrage(werk.manuskript(*langer_bericht()), werk.projekt, {})
    plan = pdf._an_der_werkbank(auftrag, werk.manuskript(*langer_bericht()), werk.projekt, pdf._geplant)
    ohne = werk.pdf(*langer_bericht(ABSATZ))
    datei = werk.ordner / pdf.PLANDATEI
    datei.write_text(json.dumps({werk.kopf.stamm: plan.merke()}), encoding="utf-8")
    mit = werk.pdf(*langer_bericht(ABSATZ))
    shutil.rmtree(werk.projekt.wurzel / ".berichtswerk" / "ablage")
    assert werk.pdf(*langer_bericht(ABSATZ)) == mit
    datei.unlink()
    assert werk.pdf(*langer_bericht(ABSATZ)) == ohne


@pytest.mark.parametrize("inhalt", ["<<<<<<< HEAD", "[]", '{"a": [1]}', '{"a": {"b": "c"}}'])
def test_ein_unlesbarer_plan_wird_genannt(werk: Werk, inhalt: str) -> None:
    (werk.ordner / pdf.PLANDATEI).write_text(inhalt, encoding="utf-8")
    with pytest.raises(BerichtswerkFehler) as fehler:
        werk.pdf("## A\n\nText.\n")
    assert (
        str(fehler.value)
        == """\
FEHLER [seitenplan-unlesbar] berichte/pruef/seitenplan.json
  Der festgehaltene Umbruch ist nicht zu lesen.
  Ursache: Die Datei gehört „berichtswerk seitenplan“; jemand hat sie verändert, oder Git fand Widersprüche.
  Abhilfe: Löschen Sie die Datei oder rufen Sie „berichtswerk seitenplan“ auf."""
    )


def test_jedes_stueck_misst_sich_ohne_die_anderen(werk: Werk) -> None:
    """Darum genügt es nach einer Änderung, das Geänderte zu messen."""
    druck = werk.druck(*langer_bericht())
    stuecke = [s for k in druck.kapitel for s in k.stuecke]
    with werkbank("allein", werk.projekt) as bank:
        bank.lege_auf(druck)
        masse = vermessung.lies(bank.miss(vermessung.dokument(stuecke)), stuecke)
        einzeln = [vermessung.lies(bank.miss(vermessung.dokument([s])), [s]) for s in stuecke]
    assert [m for e in einzeln for m in e.stuecke] == masse.stuecke
    assert all(e.spiegel == masse.spiegel for e in einzeln)


def test_nach_einer_aenderung_wird_nur_sie_gemessen(werk: Werk, monkeypatch: pytest.MonkeyPatch) -> None:
    gemessen: list[int] = []
    dokument = vermessung.dokument

    def zaehle(stuecke: Iterable[Stueck]) -> str:
        gemessen.append(len(liste := list(stuecke)))
        return dokument(liste)

    monkeypatch.setattr(vermessung, "dokument", zaehle)
    mehr = langer_bericht("Ein Satz mehr.\n\n")
    werk.pdf(*langer_bericht())
    danach = werk.pdf(*mehr)
    assert gemessen[0] > 20 and len(gemessen) == 2 and gemessen[1] <= 2
    shutil.rmtree(werk.projekt.wurzel / ".berichtswerk" / "ablage")
    assert werk.pdf(*mehr) == danach
