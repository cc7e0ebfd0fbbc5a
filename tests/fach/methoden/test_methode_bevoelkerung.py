"""Das Lehrbuchbeispiel auf die Person genau: Schweden 1993, Frauen (Preston/Heuveline/Guillot, Box 6.1)."""

from __future__ import annotations

import math

import numpy as np
import pytest
from lehrbuch import WEIBLICH, Annahmen, Ueberleben, leslie_matrix, schritt


@pytest.fixture(scope="module")
def schweden(pruefwert):
    daten = pruefwert("bevoelkerung_phg_box61")
    raten = Ueberleben.aus_sterbetafel(daten["nLx_female"], breite=5, radix=daten["l0"])
    srb = daten["closed"]["srb_total_to_female_divisor"] - 1
    return daten, Annahmen(5, np.array(daten["asfr_per_year"], dtype=float), {WEIBLICH: raten}, srb)


def test_box_6_1_auf_die_person(schweden) -> None:
    daten, annahmen = schweden
    stand = {WEIBLICH: np.array(daten["pop_female_1993"], dtype=float)}
    for jahr in ("1998", "2003"):
        stand = schritt(stand, annahmen)
        assert np.round(stand[WEIBLICH]).astype(int).tolist() == daten["closed"][f"expected_female_{jahr}"]
        soll = daten["closed"][f"expected_total_{jahr}"]
        assert stand[WEIBLICH].sum() == pytest.approx(soll, abs=0.001)


def test_box_6_1_eigenwert_und_wachstumsrate(schweden) -> None:
    daten, annahmen = schweden
    matrix = leslie_matrix(annahmen)
    eigenwert = float(np.abs(np.linalg.eigvals(matrix)).max())
    assert eigenwert == pytest.approx(daten["closed"]["dominant_eigenvalue"], abs=5e-9)
    assert math.log(eigenwert) / 5 == pytest.approx(daten["closed"]["intrinsic_rate"], abs=5e-10)
    stand = np.array(daten["pop_female_1993"], dtype=float)
    assert matrix @ stand == pytest.approx(schritt({WEIBLICH: stand}, annahmen)[WEIBLICH])
