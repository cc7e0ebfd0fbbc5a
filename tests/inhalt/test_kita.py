"""Die Beispieldaten der Kita-Bedarfsplanung ergeben die veröffentlichten Summen."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.fach.berechnung import Rechner
from berichtswerk.fach.katalog import Kennzahlenkatalog
from berichtswerk.fach.methoden.kita import Platzart, Platzbestand, plaetze_am
from berichtswerk.grund.projekt import Projekt

PROJEKT = Projekt(Path(__file__).resolve().parents[2])
KREIS = "12068"


@pytest.fixture(scope="module")
def bestand() -> Datenbestand:
    return Datenbestand(PROJEKT)


def werte(bestand: Datenbestand, quelle: str, groesse: str | None = None) -> pd.DataFrame:
    tabelle = bestand.tabelle(quelle).werte
    return tabelle if groesse is None else tabelle[tabelle["groesse"] == groesse]


def presse(bestand: Datenbestand, groesse: str, gebiet: str = KREIS) -> dict[int, float]:
    tabelle = werte(bestand, "kita_presse", groesse)
    tabelle = tabelle[tabelle["gebiet"] == gebiet]
    return dict(zip(tabelle["jahr"], tabelle["wert"], strict=True))


def plaetze(bestand: Datenbestand, tag: date, *arten: Platzart, gebiet: str | None = None) -> float:
    liste = [
        Platzbestand(
            z.gebiet, Platzart(z.platzart), z.wert, date.fromisoformat(z.gueltig_von),
            date.fromisoformat(z.gueltig_bis) if z.gueltig_bis else None,
        )
        for z in werte(bestand, "kita_platzbestand").itertuples()
    ]  # fmt: skip
    return sum(plaetze_am(liste, a, tag, einheiten=[gebiet] if gebiet else None).zahl for a in arten)


ERLAUBT = (Platzart.GENEHMIGT, Platzart.BEFRISTET)


@pytest.mark.parametrize("jahr", [2019, 2024])
def test_plaetze_der_kommunen_ergeben_die_veroeffentlichte_summe(bestand: Datenbestand, jahr: int) -> None:
    assert plaetze(bestand, date(jahr, 6, 1), *ERLAUBT) == presse(bestand, "plaetze")[jahr]


def test_plaetze_einzelner_kommunen_entsprechen_der_presse(bestand: Datenbestand) -> None:
    kyritz, lindow = "120680264", "120685804"
    assert (
        plaetze(bestand, date(2024, 6, 1), *ERLAUBT, gebiet=lindow)
        == presse(bestand, "plaetze", lindow)[2024]
    )
    assert (
        plaetze(bestand, date(2020, 8, 1), *ERLAUBT, gebiet=kyritz)
        == presse(bestand, "plaetze", kyritz)[2020]
    )
    assert plaetze(bestand, date(2022, 7, 31), Platzart.BEFRISTET, gebiet=kyritz) == 49
    assert plaetze(bestand, date(2022, 8, 1), Platzart.BEFRISTET, gebiet=kyritz) == 0


def test_belegbar_ist_nie_mehr_als_erlaubt(bestand: Datenbestand) -> None:
    for gebiet in werte(bestand, "kita_platzbestand")["gebiet"].unique():
        for jahr in range(2020, 2031):
            tag = date(jahr, 6, 1)
            frei = plaetze(bestand, tag, Platzart.BELEGBAR, gebiet=gebiet)
            assert 0 < frei <= plaetze(bestand, tag, *ERLAUBT, gebiet=gebiet)


def test_betreute_kinder_und_einrichtungen_ergeben_die_veroeffentlichten_summen(
    bestand: Datenbestand,
) -> None:
    betreut = werte(bestand, "kita_belegung_einheiten").groupby("jahr")["wert"].sum()
    for jahr, zahl in presse(bestand, "betreute_kinder").items():
        assert betreut[jahr] == zahl
    kitas = werte(bestand, "kita_stichtag_einheiten", "einrichtungen")["wert"].sum()
    assert kitas == presse(bestand, "einrichtungen")[2024]


@pytest.mark.parametrize("gebiet", ["120680264", "120685804"])
def test_auslastung_einzelner_kommunen_entspricht_der_presse(bestand: Datenbestand, gebiet: str) -> None:
    belegung = werte(bestand, "kita_belegung_einheiten")
    belegt = belegung[(belegung["gebiet"] == gebiet) & (belegung["jahr"] == 2024)]["wert"].sum()
    quote = 100 * belegt / plaetze(bestand, date(2024, 6, 1), *ERLAUBT, gebiet=gebiet)
    assert round(quote, 1) == presse(bestand, "auslastung", gebiet)[2024]


def test_nirgends_ist_mehr_belegt_als_belegbar(bestand: Datenbestand) -> None:
    belegung = werte(bestand, "kita_belegung_einheiten")
    zuviel = [
        (gebiet, jahr)
        for gebiet, jahr, belegt in zip(belegung["gebiet"], belegung["jahr"], belegung["wert"], strict=True)
        if belegt > plaetze(bestand, date(jahr, 6, 1), Platzart.BELEGBAR, gebiet=gebiet)
    ]
    assert zuviel == []


def test_kyritz_2020_ist_die_veroeffentlichte_auslastung(bestand: Datenbestand) -> None:
    """Märkische Allgemeine, März 2021: 652 Plätze, 92,5 Prozent belegt."""
    belegung = werte(bestand, "kita_belegung_einheiten")
    belegt = belegung[(belegung["gebiet"] == "120680264") & (belegung["jahr"] == 2020)]["wert"].sum()
    erlaubt = plaetze(bestand, date(2020, 6, 1), *ERLAUBT, gebiet="120680264")
    assert (erlaubt, round(100 * belegt / erlaubt, 1)) == (652, 92.5)


BEISPIEL = (
    "kita_annahmen", "kita_belegung_einheiten", "kita_platzbestand", "kita_stichtag_einheiten",
)  # fmt: skip


@pytest.mark.parametrize("name", BEISPIEL)
def test_beispieldaten_sind_als_solche_bezeichnet(bestand: Datenbestand, name: str) -> None:
    assert bestand.quellen[name].ist_beispiel


KYRITZ = "120680264"


@pytest.fixture(scope="module")
def rechner(bestand: Datenbestand) -> Rechner:
    return Rechner(bestand, Kennzahlenkatalog.lade(PROJEKT))


def test_der_bedarf_unter_sechs_folgt_den_veroeffentlichten_betreuungsquoten(rechner: Rechner) -> None:
    """BBSR 2020: 61,3 Prozent der unter 3-Jährigen in Kitas, 96,2 Prozent der 3- bis unter 6-Jährigen."""
    kita = rechner.rechnung("kita-bedarf", 2025)
    haupt = kita.szenarien["mittlere"]
    assert round(haupt.zahl("zielquote 3 bis Einschulung")) == 96
    kinder = kita.reihen["kita_kinder_u3"].wert(KREIS, kita.basis).wert
    plaetze = [
        kita.reihen[f"kita_bedarf_{g}"].wert(KREIS, kita.basis).wert for g in ("unter_1", "1_bis_unter_3")
    ]
    in_kitas = sum(plaetze) / 1.02 - kita.reihen["kita_plaetze_tagespflege"].wert(KREIS, kita.basis).wert
    assert 100 * in_kitas / kinder == pytest.approx(61.3, abs=1)


def test_tagespflege_ist_angebot(rechner: Rechner, bestand: Datenbestand) -> None:
    """Höchstens fünf Plätze je Person (§ 43 SGB VIII); 2019 waren 13 tätig (Märkische Oderzeitung)."""
    kita = rechner.rechnung("kita-bedarf", 2025)
    tagespflege = kita.reihen["kita_plaetze_tagespflege"].wert(KREIS, 2024).wert
    in_kitas = plaetze(bestand, date(2024, 6, 1), Platzart.BELEGBAR)
    assert tagespflege <= 13 * 5
    assert kita.reihen["kita_plaetze_belegbar"].wert(KREIS, 2024).wert == in_kitas + tagespflege


def test_stellen_folgen_der_mischung_der_alter(rechner: Rechner) -> None:
    kita = rechner.rechnung("kita-bedarf", 2025)
    bedarf = {
        g: kita.reihen[f"kita_bedarf_{g}"].wert(KREIS, 2027).wert
        for g in ("unter_1", "1_bis_unter_3", "3_bis_einschulung", "klassen_1_bis_4", "klassen_5_und_6")
    }
    krippe = bedarf["unter_1"] + bedarf["1_bis_unter_3"] - 65
    hort = bedarf["klassen_1_bis_4"] + bedarf["klassen_5_und_6"]
    stellen = krippe / 4.25 + bedarf["3_bis_einschulung"] / 10 + hort / 18.75
    assert kita.reihen["kita_stellenbedarf"].wert(KREIS, 2027).wert == pytest.approx(stellen)


def test_ganztag_waechst_jedes_schuljahr_um_eine_klasse(rechner: Rechner) -> None:
    """GaFöG: ab 2026/27 Klasse 1, ab 2029/30 Klassen 1 bis 4; wer 2020 plante, kannte es nicht."""
    zeilen = rechner.rechnung("kita-bedarf", 2025).tafeln["kita_ganztag"].zeilen
    je_jahr = {z["kopf"]: z["klassen"] for z in zeilen}
    assert je_jahr == {
        "2025/26": "keine", "2026/27": "1", "2027/28": "1 bis 2", "2028/29": "1 bis 3", "2029/30": "1 bis 4",
    }  # fmt: skip
    assert zeilen[-1]["bund"] == zeilen[-1]["land"]
    assert rechner.rechnung("kita-bedarf", 2020).tafeln["kita_ganztag"].zeilen == ()


def test_eine_fruehere_ausgabe_kennt_nur_was_damals_galt(rechner: Rechner) -> None:
    kita = rechner.rechnung("kita-bedarf", 2020)
    haupt = kita.szenarien["mittlere"]
    assert haupt.zahl("kinder_je_stelle unter 3") == 5
    assert {a.datum.year for a in haupt.annahmen if "zielquote" in a.name} == {2020}
    # die Erweiterung vom August 2022 war noch nicht bekannt, die Ausnahme bis Juli 2022 schon
    erlaubt = kita.reihen["kita_plaetze_genehmigt"]
    assert [erlaubt.wert(KYRITZ, j).wert for j in (2020, 2022, 2023)] == [652, 652, 603]


def test_vor_der_ersten_angabe_fehlen_plaetze_statt_null_zu_sein(rechner: Rechner) -> None:
    """In der Ausgabe 2021–2023 stieg die Linie 2019 von null auf 7 267 Plätze."""
    belegbar = rechner.rechnung("kita-bedarf", 2020).reihen["kita_plaetze_belegbar"]
    assert [w.jahr for w in belegbar.gebiet(KREIS) if w.wert is not None][:2] == [2019, 2020]
    assert min(w.wert for w in belegbar if w.wert is not None) > 0
