"""Pflegevorausrechnung: Szenarien, amtliche Quoten, Grenzen der Quote."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.fach.methoden.ergebnis import quotient
from berichtswerk.fach.methoden.pflege import (
    altersbereinigt,
    pflegebeduerftige,
    pflegeprognose,
    quote_gemischt,
    quote_im_szenario,
    quote_steigend,
    quote_verschoben,
)
from berichtswerk.grund.zahl import runde
from berichtswerk.grund.zeichen import Status


@pytest.fixture(scope="module")
def konstruiert(pruefwert):
    """Bevölkerung erfunden; Quoten Deutschland 2023 (Destatis 22421-0001/12411-0001)."""
    return pruefwert("pflege_konstruiert")


def test_vier_szenarien_des_rechenbeispiels(konstruiert, szenario) -> None:
    q, jetzt, dann = (konstruiert[k] for k in ("quota_pct", "pop_base", "pop_2035"))
    erwartet = konstruiert["expected"]
    bevoelkerung = {2023: jetzt, 2035: dann}

    def gesamt(**annahmen) -> float:
        return pflegeprognose(bevoelkerung, q, szenario(**annahmen), 2023).gesamt(2035)

    assert pflegebeduerftige(jetzt, q).sum() == pytest.approx(erwartet["base"], abs=1e-6)
    assert gesamt(art="status_quo") == pytest.approx(erwartet["status_quo"], abs=1e-6)
    assert gesamt(art="kompression", gewinn=1.5) == pytest.approx(
        erwartet["compression_shift_1_5_years"], abs=1e-6
    )
    assert gesamt(art="steigend", anstieg=0.1, anstieg_jahre=1) == pytest.approx(
        erwartet["rising_10pct_capped"], abs=1e-6
    )


def test_verschobene_quoten_des_rechenbeispiels(konstruiert) -> None:
    neu = quote_verschoben(konstruiert["quota_pct"], 1.5)
    assert neu == pytest.approx(np.array(konstruiert["shifted_quota"]), abs=1e-9)


def test_quoten_deutschland_2021(pruefwert) -> None:
    """Quelle: gbe-bund.de, Pflegebedürftige (Anzahl und Quote), Pflegestatistik 2021."""
    daten = pruefwert("pflege_quoten_de_2021")
    zeilen = daten["rows"]
    for spalte in ("total", "m", "f"):
        assert sum(z[spalte] for z in zeilen) == daten["total"][spalte]
    # die Mitte des Bevölkerungsbereichs, der zur gedruckten Quote passt, führt auf die gedruckte Quote
    bevoelkerung = [sum(z["implied_pop_total"]) / 2 for z in zeilen]
    quoten = [quotient(z["total"], b, 100) for z, b in zip(zeilen, bevoelkerung, strict=True)]
    assert [float(runde(q.zahl, 1)) for q in quoten] == [z["q"][0] for z in zeilen]
    # insgesamt 6,0 liegt zwischen den Quoten an beiden Enden des Bevölkerungsbereichs
    enden = [sum(z["implied_pop_total"][ende] for z in zeilen) for ende in (1, 0)]
    wenig, viel = (quotient(daten["total"]["total"], ende, 100) for ende in enden)
    assert wenig.zahl < daten["total"]["q"][0] < viel.zahl


def test_daempfung_und_ende_des_anstiegs() -> None:
    assert quote_steigend([10], 0.1, 2).tolist() == pytest.approx([12.1])
    assert quote_steigend([10], 0.1, 2, daempfung=0.5).tolist() == pytest.approx([10 * 1.1 * 1.05])
    assert quote_steigend([10], 0.1, 9, hoechstens_schritte=1).tolist() == pytest.approx([11])
    assert quote_steigend([10], 0.1, 0).tolist() == [10]


def test_medikalisierung_ist_die_umgekehrte_verschiebung() -> None:
    assert quote_verschoben([0, 10, 30], -5).tolist() == [10, 30, 30]
    assert quote_verschoben([0, 10, 30], 10).tolist() == [0, 0, 0]


def test_gemischt_liegt_zwischen_den_szenarien(szenario) -> None:
    q = [1.0, 10.0, 50.0]
    misch = szenario(
        art="gemischt", gewicht_steigend=0.5, gewicht_kompression=0.25, anstieg=0.01, gewinn_je_jahr=0.1
    )
    erwartet = 0.25 * np.array(q) + 0.5 * quote_steigend(q, 0.01, 10) + 0.25 * quote_verschoben(q, 1.0)
    assert quote_im_szenario(q, misch, 10) == pytest.approx(erwartet)
    halb = szenario(art="gemischt", gewicht_steigend=0.7, gewicht_kompression=0.3, anstieg=0.0, gewinn=0.0)
    assert quote_im_szenario(q, halb, 5) == pytest.approx(np.array(q))
    assert quote_gemischt({"a": 1.0}, {"a": q}).tolist() == q


def test_nach_geschlecht_und_alter(szenario) -> None:
    q = [[1.0, 20.0], [1.0, 30.0]]
    bevoelkerung = {2023: [[100, 50], [100, 80]], 2024: [[100, 60], [100, 90]]}
    e = pflegeprognose(bevoelkerung, q, szenario(art="status_quo"), 2023)
    assert e.personen[2023].tolist() == [[1, 10], [1, 24]]
    assert e.veraenderung(2024).zahl == pytest.approx((41 - 36) / 36 * 100)


quoten = st.lists(st.floats(0, 100), min_size=2, max_size=10)


@given(quoten, st.floats(-30, 30), st.floats(-0.5, 2), st.integers(0, 40))
def test_jede_quote_bleibt_zwischen_null_und_hundert(q, jahre: float, anstieg: float, schritte: int) -> None:
    for neu in (quote_verschoben(q, jahre), quote_steigend(q, anstieg, schritte, daempfung=0.9)):
        assert np.all((neu >= 0) & (neu <= 100))


@given(quoten, st.floats(0, 10))
def test_kompression_senkt_bei_steigendem_profil(q, jahre: float) -> None:
    profil = sorted(q)
    assert np.all(quote_verschoben(profil, jahre) <= np.array(profil) + 1e-9)


@given(quoten, st.floats(0.1, 10))
def test_personen_sind_linear_in_der_bevoelkerung(q, faktor: float) -> None:
    n = np.arange(1, len(q) + 1) * 100.0
    assert pflegebeduerftige(n * faktor, q) == pytest.approx(pflegebeduerftige(n, q) * faktor)


def test_null_und_hundert_prozent_und_leere_gruppen(szenario) -> None:
    assert pflegebeduerftige([10, 20], [0, 100]).tolist() == [0, 20]
    leer = pflegeprognose({2023: [0, 0], 2024: [5, 5]}, [1, 2], szenario(art="status_quo"), 2023)
    assert leer.veraenderung(2024).status is Status.GESPERRT


def test_altersbereinigte_quote_nimmt_nur_den_altersaufbau_heraus() -> None:
    vergleich, quote = np.array([800.0, 200.0]), np.array([2.0, 30.0])
    roh = float((vergleich * quote).sum() / vergleich.sum())
    aelter = np.array([600.0, 400.0])
    wie_erwartet = altersbereinigt(float((aelter * quote).sum() / 100), aelter, quote, roh)
    assert wie_erwartet.erwartet == pytest.approx(13.2)
    assert wie_erwartet.bereinigt == pytest.approx(roh)
    doppelt = altersbereinigt(2 * float((aelter * quote).sum() / 100), aelter, quote, roh)
    assert doppelt.bereinigt == pytest.approx(2 * roh)


def test_altersbereinigte_quote_des_vergleichsgebiets_ist_seine_eigene(pruefwert) -> None:
    """Deutschland 2021: veröffentlichte Fälle und Quoten je Alter und Geschlecht (gbe-bund 510:105)."""
    tafel = pruefwert("pflege_quoten_de_2021")
    zeilen = tafel["rows"]
    quote = np.array([z["q"][1:] for z in zeilen]).T
    personen = np.array([[z["m"] for z in zeilen], [z["f"] for z in zeilen]]) / quote * 100
    faelle = float(tafel["total"]["total"])
    eigene = altersbereinigt(faelle, personen, quote, 5.96)
    assert eigene.bereinigt == pytest.approx(5.96)
