"""Bevölkerung kleiner Räume: Summen stimmen, nichts wird negativ, gleiche Saat ergibt dasselbe."""

from __future__ import annotations

from dataclasses import replace

import lehrbuch as lb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from berichtswerk.fach.methoden import bevoelkerung as bv
from berichtswerk.fach.methoden import kleinraum as kr
from berichtswerk.fach.methoden.ergebnis import Lage

GRENZEN = (0, 3, 6, 10, 15, 18, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 75)
WANDER = (0, 18, 25, 30, 50, 65)


def ausgangslage(saat: int = 1, groessen: tuple[float, ...] = (400.0, 4000.0, 30000.0)) -> kr.Grundlagen:
    """Drei erfundene Kommunen verschiedener Größe, Bestand 2015, Einwohner bis 2019, Kreis 2020 und 2021."""
    zufall = np.random.default_rng(saat)
    form = np.exp(-(((kr.JAHRE - 45) / 35) ** 2))
    n = np.array(groessen)[:, None, None] / 2 / form.sum() * form * zufall.uniform(0.8, 1.2, (3, 2, kr.ALTER))
    gesamt = {j: n.sum(axis=2) * zufall.uniform(0.97, 1.03, (3, 1)) for j in (2016, 2017, 2018, 2019)}
    mitte = n[:, :, 15:65].sum(axis=(1, 2)) / n.sum(axis=(1, 2))
    kreis = np.add.reduceat(n.sum(axis=0), list(GRENZEN), axis=-1)
    alle = float(n.sum())
    ziffern = np.exp(-(((kr.JAHRE - 30) / 6) ** 2)) * (kr.JAHRE >= 15) * (kr.JAHRE < 45)
    je = alle * np.array([[0.01, 0.01, 0.007, 0.016, 0.005, 0.004]] * 2) / 2
    return kr.Grundlagen(
        teile=("a", "b", "c"), start=2015, bestand=n, gesamt=gesamt,
        von_15_bis_64={j: mitte * gesamt[j].sum(axis=1) for j in (2016, 2017)}, anteil_65={2016: 0.2},
        kreis={j: (GRENZEN, kreis * zufall.uniform(0.95, 1.05, kreis.shape)) for j in (2019, 2020)},
        unterschied=np.array([5.0, -20.0, 100.0]), geburten={2015: alle * 0.007, 2018: alle * 0.006},
        geburten_teile={(2017, 1): 28.0}, gestorbene={2015: np.full(2, alle * 0.006)},
        zuzuege={2015: je}, fortzuege={2015: 0.95 * je}, wandergruppen=WANDER, muetter=ziffern * 0.05,
        anstieg=np.array([0.1, 0.11]), rueckgang=0.01,
    )  # fmt: skip


ANNAHMEN = kr.Annahmen(1.4, 120.0, 0.01)

# --- Bausteine -------------------------------------------------------------------------------------------


@given(st.lists(st.floats(0, 1e5), min_size=17, max_size=17), st.integers(0, 999))
def test_zerlegte_gruppen_behalten_ihre_summe(gruppen: list[float], saat: int) -> None:
    muster = np.random.default_rng(saat).uniform(0, 1, kr.ALTER) * (kr.JAHRE % 7 > 0)
    einzeln = kr.zerlegt(np.array(gruppen), GRENZEN, muster)
    assert (einzeln >= 0).all()
    np.testing.assert_allclose(np.add.reduceat(einzeln, list(GRENZEN)), gruppen, rtol=1e-9, atol=1e-9)


def test_eine_gruppe_ohne_muster_wird_gleichmaessig_geteilt() -> None:
    assert kr.zerlegt(np.array([30.0, 0.0]), (0, 3), np.zeros(kr.ALTER))[:4].tolist() == [10, 10, 10, 0]


@given(st.integers(0, 999))
def test_anpassung_trifft_raender_und_laesst_nullen(saat: int) -> None:
    zufall = np.random.default_rng(saat)
    ziel, tafel = zufall.uniform(1, 9, (2, 4, 3)), zufall.uniform(1, 9, (4, 3))
    tafel[0, 0] = ziel[0][0, 0] = 0.0
    zeilen = np.repeat(np.arange(4), 3).reshape(4, 3)
    spalten = np.tile(np.arange(3), 4).reshape(4, 3)
    fertig = kr.angepasst(
        tafel, [kr.Rand(zeilen, ziel[0].sum(axis=1)), kr.Rand(spalten, ziel[0].sum(axis=0))]
    )
    np.testing.assert_allclose(fertig.sum(axis=1), ziel[0].sum(axis=1), rtol=1e-6)
    np.testing.assert_allclose(fertig.sum(axis=0), ziel[0].sum(axis=0), rtol=1e-6)
    assert fertig[0, 0] == 0
    assert (fertig >= 0).all()


def test_freie_zellen_bleiben() -> None:
    stelle = np.array([0, 0, -1])
    fertig = kr.angepasst(np.array([1.0, 3.0, 7.0]), [kr.Rand(stelle, np.array([8.0]))])
    assert fertig.tolist() == [2, 6, 7]


def test_das_niveau_der_sterblichkeit_ergibt_die_gestorbenen() -> None:
    personen, anstieg = np.full((2, kr.ALTER), 500.0), np.array([0.1, 0.112])
    niveau = kr.sterbeniveau(personen, anstieg, np.array([700.0, 600.0]))
    gestorben = (personen * (1 - kr.ueberlebensraten(anstieg, niveau))).sum(axis=1)
    np.testing.assert_allclose(gestorben, [700, 600], rtol=1e-9)
    assert (np.diff(kr.ueberlebensraten(anstieg, niveau), axis=1) <= 0).all()


def test_wer_alt_wird_faellt_nicht_heraus() -> None:
    n = np.zeros((2, kr.ALTER))
    n[:, -2:] = [[10.0, 4.0], [20.0, 8.0]]
    aelter = kr.gealtert(n, np.full((2, kr.ALTER), 0.5))
    assert aelter[:, -1].tolist() == [7, 14]
    assert aelter.sum() == 21


# --- Nachrechnung ----------------------------------------------------------------------------------------


@settings(max_examples=15)
@given(st.integers(0, 9999))
def test_nachgerechnet_trifft_alles_veroeffentlichte(saat: int) -> None:
    g = ausgangslage(saat)
    v = kr.nachgerechnet(g)
    assert sorted(j for j in v.bestand if j > 0) == [2015, 2016, 2017, 2018, 2019, 2020]
    for jahr in (2016, 2017, 2018):
        n = v.bestand[jahr]
        assert (n >= 0).all()
        np.testing.assert_allclose(n.sum(axis=2), g.gesamt[jahr], rtol=1e-6)
        if jahr in g.von_15_bis_64:
            np.testing.assert_allclose(
                n[:, :, 15:65].sum(axis=(1, 2)), g.von_15_bis_64[jahr], rtol=2e-2 if jahr == 2016 else 1e-6
            )
    for jahr, (grenzen, ziel) in g.kreis.items():
        n = v.bestand[jahr]
        assert (n >= 0).all()
        np.testing.assert_allclose(np.add.reduceat(n.sum(axis=0), list(grenzen), axis=-1), ziel, rtol=1e-6)


def test_bekannte_geburten_einer_kommune_gelten_und_der_kreis_bleibt() -> None:
    g = ausgangslage()
    v = kr.nachgerechnet(g)
    assert v.geburten[2017][1] == 28
    assert v.geburten[2018].sum() == pytest.approx(g.geburten[2018])
    dazwischen = (g.geburten[2015] + 2 * g.geburten[2018]) / 3
    assert v.geburten[2017].sum() == pytest.approx(dazwischen)


def test_mit_der_zaehlung_ruecken_die_kommunen_nicht_alle_gleich() -> None:
    g = ausgangslage()
    mit, ohne = (kr.nachgerechnet(x) for x in (g, replace(g, unterschied=np.zeros(3))))
    vorher = g.gesamt[2019].sum(axis=1)
    faktoren = [v.bestand[2019].sum(axis=(1, 2)) / vorher for v in (mit, ohne)]
    np.testing.assert_allclose(faktoren[1], faktoren[1][0], rtol=1e-6)
    assert faktoren[0][0] > faktoren[0][2] > faktoren[0][1]


# --- Vorausrechnung --------------------------------------------------------------------------------------


@settings(max_examples=15)
@given(st.integers(0, 9999), st.floats(0.5, 2.5), st.floats(-300, 900))
def test_die_bilanz_geht_auf_und_der_kreis_hat_seinen_saldo(saat: int, kinder: float, saldo: float) -> None:
    g = ausgangslage(saat)
    voraus = kr.vorausgerechnet(g, kr.nachgerechnet(g), kr.Annahmen(kinder, saldo, 0.01), 2035)
    for jahr in range(2021, 2036):
        vorher, n = voraus.bestand[jahr - 1].sum(axis=(1, 2)), voraus.bestand[jahr]
        assert (n >= 0).all()
        bilanz = vorher + voraus.geburten[jahr] - voraus.gestorbene[jahr] + voraus.saldo[jahr]
        np.testing.assert_allclose(n.sum(axis=(1, 2)), bilanz, rtol=1e-9)
        assert voraus.saldo[jahr].sum() == pytest.approx(saldo, abs=1e-6)


def test_mehr_kinder_je_frau_ergeben_mehr_kinder_und_sonst_fast_dasselbe() -> None:
    g = ausgangslage()
    v = kr.nachgerechnet(g)
    wenig, viel = (kr.vorausgerechnet(g, v, replace(ANNAHMEN, kinder_je_frau=k), 2025) for k in (1.2, 1.6))
    assert (viel.geburten[2025] > 1.3 * wenig.geburten[2025]).all()
    np.testing.assert_allclose(viel.bestand[2025][:, :, 20:], wenig.bestand[2025][:, :, 20:], rtol=5e-3)


def test_eckwerte_einer_amtlichen_vorausschaetzung_werden_getroffen() -> None:
    g = ausgangslage()
    voraus = kr.vorausgerechnet(g, kr.nachgerechnet(g), ANNAHMEN, 2030, {2025: 33000.0, 2030: 32000.0})
    assert voraus.bestand[2025].sum() == pytest.approx(33000)
    assert voraus.bestand[2030].sum() == pytest.approx(32000)


def baender(g: kr.Grundlagen, saat: int = 7) -> dict[tuple[str, int], np.ndarray]:
    voraus = kr.vorausgerechnet(g, kr.nachgerechnet(g), ANNAHMEN, 2030)
    streuung = kr.Streuung(0.05, 100.0)
    return kr.baender(g, voraus, ANNAHMEN, streuung, ende=2030, laeufe=80, saat=saat)


def test_gleiche_saat_gleiche_baender() -> None:
    g = ausgangslage()
    erste, zweite, andere = baender(g), baender(g), baender(g, 8)
    assert all((erste[k] == zweite[k]).all() for k in erste)
    assert (erste["ab_80", 2030] != andere["ab_80", 2030]).any()


def test_baender_werden_mit_der_zeit_und_bei_kleinen_kommunen_breiter() -> None:
    g = ausgangslage()
    voraus = kr.vorausgerechnet(g, kr.nachgerechnet(g), ANNAHMEN, 2030)
    rand = baender(g)

    def breite(name: str, jahr: int) -> np.ndarray:
        mitte = (voraus.bestand[jahr] * kr.GRUPPEN[name]).sum(axis=(1, 2))
        unten, oben = rand[name, jahr]
        assert (unten <= oben).all()
        return np.asarray((oben - unten) / np.append(mitte, mitte.sum()))

    for name in ("bevoelkerung", "unter_3", "ab_80"):
        assert (breite(name, 2030) > breite(name, 2021)).all()
        klein, mittel, gross, kreis = breite(name, 2025)
        assert klein > mittel > gross > 0.8 * kreis


# --- Rückblick -------------------------------------------------------------------------------------------


def test_der_rueckblick_kennt_nichts_spaeteres() -> None:
    g = ausgangslage()
    spaeter = {2018: g.gesamt[2018] * 2, 2019: g.gesamt[2019] * 3}
    anders = replace(
        g, gesamt={**g.gesamt, **spaeter}, kreis={}, geburten={2015: g.geburten[2015], 2018: 1.0}
    )
    erster, zweiter = (kr.rueckblick(x, 2017, 2020)[0] for x in (g, anders))
    np.testing.assert_array_equal(erster.bestand[2020], zweiter.bestand[2020])


def test_fehlermass_nach_hand() -> None:
    masse = kr.fehlermass(np.array([110.0, 95.0, 3.0]), np.array([100.0, 100.0, 0.0]))
    assert (masse.mape, masse.verzerrung) == (pytest.approx(7.5), pytest.approx(2.5))


# --- Hamilton-Perry --------------------------------------------------------------------------------------


def test_hamilton_perry_nach_hand() -> None:
    zeilen = [
        ("a", 2022, 0, 10.0), ("a", 2022, 1, 20.0), ("a", 2022, 2, 30.0),
        ("a", 2023, 0, 12.0), ("a", 2023, 1, 11.0), ("a", 2023, 2, 18.0),
    ]  # fmt: skip
    register = pd.DataFrame(zeilen, columns=["teil", "jahr", "alter_von", "wert"])
    geburten = pd.DataFrame({"teil": "a", "jahr": [2021, 2022, 2023], "wert": [9.0, 12.0, 15.0]})
    lage = Lage("k", ("a",), (), 2022, 2023, 2024, 2025)
    je_jahr = bv.hamilton_perry(register, geburten, lage)["a"]
    assert je_jahr[2023][0].tolist() == [12, 11, 18]
    np.testing.assert_allclose(je_jahr[2024][0], [12, 13.2, 9.9])
    np.testing.assert_allclose(je_jahr[2025][0], [12, 13.2, 11.88])
    assert je_jahr[2025][1] == 12


def test_ohne_wanderung_rechnet_sie_wie_das_lehrbuch() -> None:
    """Dieselbe Rechnung, deren veröffentlichtes Beispiel test_methode_bevoelkerung.py nachrechnet."""
    g = ausgangslage()
    keine = {2015: np.zeros((2, len(WANDER)))}
    g = replace(g, gesamt={}, von_15_bis_64={}, anteil_65={}, kreis={}, zuzuege=keine, fortzuege=keine)
    niveau, annahmen = np.array([0.06, 0.04]), kr.Annahmen(1.4, 0.0, 0.0)
    v = kr.Verlauf({2015: g.bestand}, niveau={2015: niveau})
    neu = kr.vorausgerechnet(replace(g, gestorbene={2015: np.ones(2)}), v, annahmen, 2018)
    raten = kr.ueberlebensraten(g.anstieg, niveau)
    geschlechter = (lb.MAENNLICH, lb.WEIBLICH)
    je = {name: lb.Ueberleben(1 - kr.SAEUGLINGE, raten[s][:-2], 0.0) for s, name in enumerate(geschlechter)}
    lehrbuch = lb.Annahmen(1, 1.4 * g.muetter / g.muetter.sum(), je, kr.JUNGEN / (1 - kr.JUNGEN))
    stand = dict(zip(geschlechter, g.bestand.sum(axis=0), strict=True))
    for _ in range(3):
        stand = lb.schritt(stand, lehrbuch)
    for s, name in enumerate(geschlechter):
        np.testing.assert_allclose(neu.bestand[2018].sum(axis=0)[s, :96], stand[name][:96], rtol=1e-9)
