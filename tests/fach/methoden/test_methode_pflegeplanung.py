"""Rechnung des Pflegeberichts: sie knüpft an das an, was seit dem Basisjahr geschehen ist."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from berichtswerk.fach.methoden.pflegeplanung import _seither, _voraus, gruppen, quote_des_kreises

BUND = np.array([[1.0, 1.0, 3.0, 5.0, 9.0, 16.0, 30.0, 53.0, 80.0, 94.0]] * 2)


def bevoelkerung(hochbetagte: float) -> np.ndarray:
    jahre = np.full((2, 101), 100.0)
    jahre[:, 80:] = hochbetagte
    return jahre


@pytest.fixture
def bev() -> dict[int, np.ndarray]:
    return {
        2021: bevoelkerung(40.0),
        2022: bevoelkerung(41.0),
        2023: bevoelkerung(42.0),
        2030: bevoelkerung(42.0),
    }


def zaehlung(**je_jahr: int) -> pd.DataFrame:
    return pd.DataFrame([{"jahr": int(j[1:]), "wert": n} for j, n in je_jahr.items()])


def test_veraenderung_seit_dem_basisjahr() -> None:
    stand, veraenderung = _seither(zaehlung(j2021=4961146, j2023=5688473), 2021, bis=2040)
    assert stand == 2023
    assert 100 * veraenderung == pytest.approx(14.66, abs=0.005)


@pytest.mark.parametrize("tafel", [None, zaehlung(j2019=10, j2023=20)])
def test_ohne_zaehlung_im_basisjahr_bleibt_es_beim_basisjahr(tafel: pd.DataFrame | None) -> None:
    assert _seither(tafel, 2021, bis=2040) == (2021, 0.0)


def test_bis_zur_juengsten_zaehlung_gelten_die_bekannten_faelle(bev, szenario) -> None:
    prognose, faktoren = _voraus(bev, BUND, {2021: 1800.0, 2023: 2200.0}, szenario(art="status_quo"))
    assert [prognose.gesamt(j) for j in (2021, 2022, 2023)] == pytest.approx([1800, 2000, 2200], rel=1e-3)
    assert faktoren[2023] > faktoren[2021]
    assert prognose.gesamt(2030) == pytest.approx(2200, rel=1e-3), "gleiche Bevölkerung, gleiche Quoten"
    assert prognose.ausgangsjahr == 2023


def test_steigende_quoten_beginnen_erst_nach_der_juengsten_zaehlung(bev, szenario) -> None:
    steigend = szenario(art="steigend", anstieg=0.03)
    prognose, _ = _voraus(bev, BUND, {2021: 1800.0, 2023: 2200.0}, steigend)
    assert prognose.gesamt(2023) == pytest.approx(2200, rel=1e-3)
    assert prognose.gesamt(2030) > 1.15 * 2200


def test_ohne_juengere_zaehlung_gelten_die_quoten_des_basisjahrs(bev, szenario) -> None:
    prognose, _ = _voraus(bev, BUND, {2021: 1800.0}, szenario(art="status_quo"))
    quote, _ = quote_des_kreises(BUND, gruppen(bev[2021]), 1800.0)
    assert prognose.gesamt(2030) == pytest.approx(float((gruppen(bev[2030]) * quote).sum() / 100))


def test_eine_zaehlung_jenseits_der_bevoelkerung_zaehlt_nicht() -> None:
    assert _seither(zaehlung(j2021=100, j2023=120), 2021, bis=2022) == (2021, 0.0)
