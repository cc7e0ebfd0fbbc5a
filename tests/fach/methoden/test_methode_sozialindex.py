"""Sozialindex: Standardisierung, Klassen, Ausschlüsse, Empfindlichkeit, Warnungen bei zehn Einheiten."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.fach.methoden.sozialindex import (
    DYNAMIKKLASSEN,
    STATUSKLASSEN,
    Indexklasse,
    Indikator,
    empfindlichkeit,
    jackknife_intervalle,
    klasse,
    raenge,
    sozialindex,
    standardisiere,
)
from berichtswerk.grund.zeichen import Status

ZEHN = [f"e{i}" for i in range(10)]
WERTE = {
    "alg": [5.0, 7, 6, 12, 8, 9, 4, 10, 7, 6],
    "armut": [10.0, 9, 14, 20, 8, 13, 7, 11, 16, 12],
    "verdienst": [30.0, 28, 27, 22, 31, 26, 33, 25, 24, 29],
}
INDIKATOREN = [Indikator("alg"), Indikator("armut", 2.0), Indikator("verdienst", hoch_ist_belastet=False)]


def test_index_von_hand() -> None:
    e = sozialindex(
        ["a", "b", "c"], {"x": [1, 2, 3], "y": [3, 2, 1]}, [Indikator("x"), Indikator("y", 1, False)]
    )
    z = 1.5**0.5
    assert e.z["x"] == pytest.approx(np.array([-z, 0, z]))
    assert e.z["y"] == pytest.approx(np.array([-z, 0, z]))
    assert e.summe == pytest.approx(np.array([-2 * z, 0, 2 * z]))
    assert [i.zahl for i in e.index] == pytest.approx([-z, 0, z])
    assert e.klassen == ("hoch", "mittel", "niedrig")
    assert e.wert("c").zahl == pytest.approx(z)


def test_gewichte_zaehlen() -> None:
    e = sozialindex(ZEHN, WERTE, INDIKATOREN)
    assert e.summe == pytest.approx(e.z["alg"] + 2 * e.z["armut"] + e.z["verdienst"])
    assert e.sd == pytest.approx(float(np.std(e.summe)))
    assert e.mittel == pytest.approx(0)


@pytest.mark.parametrize(
    ("wert", "name"),
    [
        (-1.001, "hoch"),
        (-1, "mittel"),
        (1, "mittel"),
        (1.001, "niedrig"),
        (1.5, "niedrig"),
        (1.501, "sehr niedrig"),
    ],
)
def test_klassengrenzen_wie_monitoring_berlin(wert: float, name: str) -> None:
    """Quelle: Monitoring Soziale Stadtentwicklung Berlin 2021, Statusindex."""
    assert klasse(wert) == name


# Quelle: Monitoring Soziale Stadtentwicklung Berlin 2021, Tabelle 3 (z-Werte, Stand 31.12.2020), Auszug:
# Planungsraum, drei z-Werte, veröffentlichte Summe, veröffentlichter Index, veröffentlichte Klasse
BERLIN_STATUS = [
    ("Stülerstraße", (-0.25, -0.41, -0.31), -0.97, -0.33, "mittel"),
    ("Invalidenstraße", (-0.99, -0.91, -1.05), -2.95, -1.00, "mittel"),
    ("Arkonaplatz", (-0.98, -1.04, -1.13), -3.15, -1.07, "hoch"),
    ("Westliche Müllerstraße", (0.74, 0.88, 1.39), 3.01, 1.02, "niedrig"),
    ("Lübecker Straße", (1.53, 1.59, 1.37), 4.49, 1.52, "sehr niedrig"),
]
BERLIN_DYNAMIK = [
    ("Heidestraße", (-2.85, -4.36, -2.78), -9.99, -4.80, "positiv"),
    ("Lützowstraße", (-0.16, -0.82, -1.00), -1.99, -0.96, "stabil"),
    ("Fürstenplatz", (0.33, 0.94, 0.82), 2.09, 1.00, "negativ"),
]


@pytest.mark.parametrize(
    ("raeume", "sd", "klassen"),
    [(BERLIN_STATUS, 2.9551, STATUSKLASSEN), (BERLIN_DYNAMIK, 2.0808, DYNAMIKKLASSEN)],
)
def test_auszug_aus_dem_berliner_monitoring(raeume, sd: float, klassen) -> None:
    """Mit der Standardabweichung aller 536 Planungsräume stimmen Summe, Index und Klasse."""
    z = {f"z{i}": [r[1][i] for r in raeume] for i in range(3)}
    e = sozialindex([r[0] for r in raeume], z, [Indikator(n) for n in z], schon_standardisiert=True)
    assert e.summe == pytest.approx(np.array([r[2] for r in raeume]), abs=0.0101)
    for summe, (_, _, _, index, name) in zip(e.summe, raeume, strict=True):
        assert summe / sd == pytest.approx(index, abs=0.01)
        assert klasse(summe / sd, klassen) == name


def test_klassen_sind_einstellbar_und_runden_auf_wunsch() -> None:
    assert [klasse(x, DYNAMIKKLASSEN) for x in (-1.1, -1, 1, 1.1)] == [
        "positiv",
        "stabil",
        "stabil",
        "negativ",
    ]
    assert klasse(1.004) == "niedrig"
    assert klasse(1.004, stellen=2) == "mittel"
    offen = (Indexklasse("u", float("-inf")), Indexklasse("o", 1.0, einschliesslich=True))
    assert klasse(1.0, offen) == "o"


def test_ausschluesse_mit_grund() -> None:
    werte = {**WERTE, "alg": [float("nan"), *WERTE["alg"][1:]]}
    e = sozialindex(
        ZEHN,
        werte,
        INDIKATOREN,
        einwohner=[500, 299, *[1000] * 8],
        mindest_einwohner=300,
        ausgeschlossen={"e2": "Sonderfall"},
    )
    assert dict(e.ausgeschlossen) == {
        "e0": "Wert fehlt: alg",
        "e1": "weniger als 300 Einwohnerinnen und Einwohner",
        "e2": "Sonderfall",
    }
    assert len(e.einheiten) == 7
    assert e.wert("e2").status is Status.GESPERRT
    ohne = sozialindex(ZEHN[3:], {k: v[3:] for k, v in WERTE.items()}, INDIKATOREN)
    assert [i.zahl for i in e.index] == pytest.approx([i.zahl for i in ohne.index])


def test_veroeffentlichte_z_werte_werden_nur_addiert() -> None:
    z = {"a": [0.5, -0.5, 0.1], "b": [1.0, -1.0, 0.0]}
    e = sozialindex(["x", "y", "w"], z, [Indikator("a"), Indikator("b")], schon_standardisiert=True)
    assert e.summe.tolist() == [1.5, -1.5, 0.1]


def test_gewichtetes_mittel_nutzt_einwohner() -> None:
    z = standardisiere([1, 2, 3], [1, 0, 1])
    assert z == pytest.approx(np.array([-1, 0, 1]))
    assert standardisiere([1, 2], [0, 0]) is None
    e = sozialindex(ZEHN, WERTE, INDIKATOREN, einwohner=[1000, *[1] * 9], gewichtet=True)
    assert abs(e.z["alg"][0]) < 0.1


def test_konstanter_indikator_warnt_und_alles_gleich_sperrt() -> None:
    e = sozialindex(ZEHN, {**WERTE, "alg": [3.3] * 10}, INDIKATOREN)
    assert e.warnungen[0] == "Indikator „alg“ ist überall gleich und trägt nichts bei"
    assert "alg" not in e.z
    gleich = sozialindex(["a", "b"], {"x": [0.1, 0.1]}, [Indikator("x")])
    assert {i.status for i in gleich.index} == {Status.GESPERRT}
    assert gleich.klassen == ()
    assert sozialindex([], {"x": []}, [Indikator("x")]).index == ()
    assert sozialindex(["a"], {"x": [1]}, [Indikator("x")]).wert("a").status is Status.GESPERRT


def test_zehn_einheiten_warnen() -> None:
    e = sozialindex(ZEHN, WERTE, INDIKATOREN)
    assert e.warnungen[0].startswith("Bei nur 10 Einheiten sind Mittel und Streuung unsicher")
    doppelt = sozialindex(ZEHN, {**WERTE, "alg2": WERTE["alg"]}, [INDIKATOREN[0], Indikator("alg2")])
    assert doppelt.warnungen[1] == (
        "Eng zusammen hängen: alg und alg2 (r = 1,00); dieselbe Belastung zählt dort mehrfach"
    )
    viele = [f"e{i}" for i in range(40)]
    assert sozialindex(viele, {"x": list(range(40))}, [Indikator("x")]).warnungen == ()


def test_intervall_fuer_zehn_einheiten_enthaelt_den_index() -> None:
    index = sozialindex(ZEHN, WERTE, INDIKATOREN)
    intervalle = jackknife_intervalle(ZEHN, WERTE, INDIKATOREN)
    for e in ZEHN:
        i = intervalle[e]
        assert i.unten < index.wert(e).zahl < i.oben  # type: ignore[operator]
    # Einheit e3 von Hand: der Index neunmal ohne je eine andere Einheit
    ohne = []
    for j in (0, 1, 2, 4, 5, 6, 7, 8, 9):
        summe = np.zeros(9)
        for ind in INDIKATOREN:
            x = np.delete(np.array(WERTE[ind.name]), j)
            z = (x - x.mean()) / x.std()
            summe += ind.gewicht * (z if ind.hoch_ist_belastet else -z)
        ohne.append(((summe - summe.mean()) / summe.std())[3 if j > 3 else 2])
    se = np.sqrt(8 / 9 * np.sum((np.array(ohne) - np.mean(ohne)) ** 2))
    assert intervalle["e3"].oben == pytest.approx(index.wert("e3").zahl + 1.959963984540054 * se)


def test_intervall_ist_bei_zu_wenigen_einheiten_gesperrt() -> None:
    drei = {k: v[:3] for k, v in WERTE.items()}
    assert {i.status for i in jackknife_intervalle(ZEHN[:3], drei, INDIKATOREN).values()} == {Status.GESPERRT}
    einer = {"x": [0.0, 0, 0, 0, 9]}
    assert jackknife_intervalle(ZEHN[:5], einer, [Indikator("x")])["e0"].status is Status.GESPERRT


def test_empfindlichkeit_nennt_rangwechsel_je_weggelassenem_indikator() -> None:
    teile = empfindlichkeit(ZEHN, WERTE, INDIKATOREN)
    assert [t.ohne for t in teile] == ["alg", "armut", "verdienst"]
    for t in teile:
        assert set(t.rangaenderung) == set(ZEHN)
        assert t.groesste.zahl == max(abs(d) for d in t.rangaenderung.values())
        assert -1 <= t.rangkorrelation.zahl <= 1
    ohne_armut = raenge(sozialindex(ZEHN, WERTE, [INDIKATOREN[0], INDIKATOREN[2]]).index)
    mit = raenge(sozialindex(ZEHN, WERTE, INDIKATOREN).index)
    assert ohne_armut is not None
    assert mit is not None
    assert teile[1].rangaenderung["e8"] == mit[8] - ohne_armut[8] != 0


def test_empfindlichkeit_ohne_vergleich() -> None:
    assert empfindlichkeit(ZEHN, WERTE, [Indikator("alg")]) == ()
    werte = {"x": [1, 2, 3], "fest": [1, 1, 1]}
    teile = empfindlichkeit(["a", "b", "c"], werte, [Indikator("x"), Indikator("fest")])
    assert teile[0].groesste.status is Status.GESPERRT
    assert teile[1].groesste.zahl == 0
    fast = empfindlichkeit(
        ["a", "b"], {"x": [1, 2], "y": [1, 1 + 1e-11]}, [Indikator("x"), Indikator("y", 0)]
    )
    assert fast[0].groesste.status is Status.GESPERRT


reihe = st.lists(st.floats(-1e3, 1e3), min_size=4, max_size=12, unique=True)


@given(reihe, st.floats(0.5, 100), st.floats(-100, 100))
def test_index_haengt_nicht_an_der_einheit_der_indikatoren(x, faktor: float, versatz: float) -> None:
    namen = [str(i) for i in range(len(x))]
    if np.ptp(x) < 1e-3:
        return
    a = sozialindex(namen, {"x": x}, [Indikator("x")])
    b = sozialindex(namen, {"x": np.array(x) * faktor + versatz}, [Indikator("x")])
    assert [i.zahl for i in b.index] == pytest.approx([i.zahl for i in a.index], abs=1e-6)


@given(reihe)
def test_summe_der_indexwerte_ist_null_und_streuung_eins(x) -> None:
    e = sozialindex([str(i) for i in range(len(x))], {"x": x}, [Indikator("x")], klassen=STATUSKLASSEN)
    werte = [i.wert for i in e.index]
    if None not in werte:
        zahlen = np.array(werte, dtype=float)
        assert zahlen.mean() == pytest.approx(0, abs=1e-6)
        assert zahlen.std() == pytest.approx(1, abs=1e-6)
