"""Achsen und Schilder: rund geteilt, nichts überlappt, Jahre nie zu eng."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.bild.anordnung import abschnitte, jahresmarken, platziere, setze_daneben, teile_achse

endlich = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12)


@given(st.lists(endlich, max_size=20), st.booleans())
def test_achse_umfasst_alle_werte_und_ist_gleichmaessig_geteilt(werte: list[float], null: bool) -> None:
    achse = teile_achse(werte, null=null)
    spanne = achse.bis - achse.von
    assert spanne > 0
    assert 2 <= len(achse.striche) <= 12
    assert all(achse.von - 1e-6 * spanne <= w <= achse.bis + 1e-6 * spanne for w in werte)
    schritte = [b - a for a, b in pairwise(achse.striche)]
    assert max(schritte) - min(schritte) <= 1e-6 * spanne
    if null and werte:
        assert achse.mit_null


def test_achse_nimmt_die_null_auf_wenn_sie_wenig_platz_kostet() -> None:
    assert teile_achse([3, 10], null=False).mit_null
    assert not teile_achse([35, 48], null=False).mit_null


@given(
    st.lists(st.tuples(st.floats(-500, 500), st.floats(1, 60)), max_size=12),
    st.floats(-50, 0),
    st.floats(100, 400),
)
def test_schilder_ueberlappen_nie(paare: list[tuple[float, float]], von: float, bis: float) -> None:
    wuensche, hoehen = [p[0] for p in paare], [p[1] for p in paare]
    mitten = platziere(wuensche, hoehen, von, bis)
    kanten = sorted((m - h / 2, m + h / 2) for m, h in zip(mitten, hoehen, strict=True))
    assert all(a[1] <= b[0] + 1e-6 for a, b in pairwise(kanten))
    assert all(k[0] >= von - 1e-6 for k in kanten)
    if sum(hoehen) <= bis - von:
        assert all(k[1] <= bis + 1e-6 for k in kanten)


def test_schilder_mit_platz_bleiben_wo_sie_hingehoeren() -> None:
    assert platziere([10, 50, 90], [10, 10, 10], 0, 100) == [10, 50, 90]


def test_nahe_schilder_ruecken_gleich_weit_auseinander() -> None:
    assert platziere([50, 50], [20, 20], 0, 100) == [40, 60]


def test_schilder_stehen_auseinander_wo_platz_ist() -> None:
    assert platziere([50, 50], [20, 20], 0, 100, luft=6) == [37, 63]
    assert platziere([50, 50], [20, 20], 0, 44, luft=6) == [12, 34]
    assert platziere([50, 50], [20, 20], 0, 40, luft=6) == [10, 30]
    assert platziere([3], [20], 0, 100, luft=6) == [10], "am Rand kostet die Luft nichts"


def test_der_weg_zu_einem_text_fuehrt_durch_keinen_anderen() -> None:
    """„9 278“ stand über „Bruch 2011“, sein Strich ging hindurch."""
    im_weg = (0.0, 20.0, 60.0, 34.0)
    belegt = [im_weg, (-40.0, 42.0, -10.0, 58.0), (12.0, 42.0, 60.0, 58.0), (-40.0, 60.0, 60.0, 200.0)]
    frei = setze_daneben((0.0, 50.0), (30.0, 15.0), belegt, [], (-2.0, -40.0, 200.0, 200.0))
    assert frei is None or frei[1] > im_weg[1] or frei[0] > im_weg[2]


@given(st.integers(1950, 2030), st.integers(0, 90), st.floats(50, 600), st.floats(20, 60))
def test_jahreszahlen_haben_abstand_und_nennen_das_letzte(
    erstes: int, spanne: int, laenge: float, breite: float
) -> None:
    jahre = list(range(erstes, erstes + spanne + 1))
    marken = jahresmarken(jahre, laenge, breite)
    assert marken[-1] == jahre[-1]
    je_jahr = laenge / spanne if spanne else 0.0
    assert all((b - a) * je_jahr >= breite - 1e-6 for a, b in pairwise(marken))


@pytest.mark.parametrize(
    ("jahre", "laenge", "erwartet"),
    [
        (range(2018, 2024), 320, [2018, 2019, 2020, 2021, 2022, 2023]),
        (range(2005, 2025), 320, [2005, 2010, 2015, 2020, 2024]),
        ([2023], 320, [2023]),
        ([], 320, []),
        ([2010, 2020], 20, [2020]),
    ],
)
def test_jahreszahlen_im_beispiel(jahre: list[int], laenge: float, erwartet: list[int]) -> None:
    assert jahresmarken(list(jahre), laenge, 44) == erwartet


def test_linie_wird_an_luecken_und_bruechen_zerlegt() -> None:
    jahre = [2009, 2010, 2011, 2012, 2013]
    assert abschnitte(jahre, [1, 2, 3, None, 5], [2011]) == [[0, 1], [2], [4]]
    assert abschnitte(jahre, [None] * 5, []) == []


def test_vorausgerechnete_stuetzjahre_bleiben_verbunden() -> None:
    jahre, voraus = [2022, 2023, 2024, 2030, 2040], [False, False, False, True, True]
    assert abschnitte(jahre, [1.0] * 5, [], voraus) == [[0, 1, 2, 3, 4]]
    assert abschnitte(jahre, [1.0] * 5, []) != [[0, 1, 2, 3, 4]]


def test_anteile_enden_bei_hundert_oder_am_hoechsten_wert() -> None:
    for hoechster, ende in ((98.0, 100), (100.0, 100), (102.5, 102.5), (130.0, 150)):
        achse = teile_achse([0.0, hoechster], null=True, anteil=True)
        assert achse.bis == ende
        assert max(achse.striche) <= ende


def test_ein_genannter_bereich_gilt_solange_alle_werte_darin_liegen() -> None:
    achse = teile_achse([3.0, 8.0], null=False, bereich=(0, 25))
    assert (achse.von, achse.bis, achse.striche) == (0, 25, (0.0, 5.0, 10.0, 15.0, 20.0, 25.0))
    schmal = teile_achse([62.0, 71.0], null=False, bereich=(55, 77))
    assert (schmal.von, schmal.bis, schmal.striche) == (55, 77, (55.0, 60.0, 65.0, 70.0, 75.0))
    weiter = teile_achse([3.0, 31.0], null=False, bereich=(0, 25))
    assert weiter.von == 0 and weiter.bis >= 31
