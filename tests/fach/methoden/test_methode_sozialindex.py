"""Sozialindex: Standardisierung, Klassen, Ausschlüsse, Empfindlichkeit, Zufall kleiner Zahlen."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.fach.methoden.ergebnis import Lage
from berichtswerk.fach.methoden.sozialindex import (
    DYNAMIKKLASSEN,
    STATUSKLASSEN,
    Geglaettet,
    Indexklasse,
    Indikator,
    empfindlichkeit,
    geglaettet,
    klasse,
    raenge,
    sozialindex,
    sozialindex_der_teile,
    standardisiere,
    zufallsbereiche,
)
from berichtswerk.fach.methoden.unsicherheit import Intervall
from berichtswerk.fach.reihe import Reihe, Wert
from berichtswerk.grund.meldung import BerichtswerkFehler
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


def test_konstanter_indikator_traegt_nichts_bei_und_alles_gleich_sperrt() -> None:
    e = sozialindex(ZEHN, {**WERTE, "alg": [3.3] * 10}, INDIKATOREN)
    assert "alg" not in e.z
    gleich = sozialindex(["a", "b"], {"x": [0.1, 0.1]}, [Indikator("x")])
    assert {i.status for i in gleich.index} == {Status.GESPERRT}
    assert gleich.klassen == ()
    assert sozialindex([], {"x": []}, [Indikator("x")]).index == ()
    assert sozialindex(["a"], {"x": [1]}, [Indikator("x")]).wert("a").status is Status.GESPERRT


def _zehn(faktor: float) -> dict[str, Geglaettet]:
    """Zwei Quoten mit Bezug (klein bei kleinem Faktor) und ein Wert ohne."""
    n = [faktor * (50 + 30 * i) for i in range(10)]
    armut = [0.20, 0.06, 0.14, 0.09, 0.11, 0.05, 0.15, 0.10, 0.12, 0.08]
    alg = [0.10, 0.04, 0.08, 0.05, 0.06, 0.03, 0.07, 0.06, 0.05, 0.05]
    tafel = {"armut": (armut, n), "alg": (alg, n), "verdienst": (WERTE["verdienst"], None)}
    return {name: geglaettet(*spalten) for name, spalten in tafel.items()}


def test_zufallsbereich_enthaelt_den_index_und_wird_mit_kleinen_zahlen_weiter() -> None:
    gewichte = [Indikator("armut"), Indikator("alg"), Indikator("verdienst", hoch_ist_belastet=False)]
    klein, gross = (zufallsbereiche(ZEHN, _zehn(f), gewichte) for f in (4, 4000))
    for bereich in (klein, gross):
        assert all(i.unten <= i.wert <= i.oben for i in bereich.values())  # type: ignore[operator]

    def breite(bereich: dict[str, Intervall]) -> float:
        return sum(i.oben - i.unten for i in bereich.values())  # type: ignore[operator]

    assert breite(klein) > 5 * breite(gross)
    roh = sozialindex(ZEHN, {k: w.werte for k, w in _zehn(1e9).items()}, gewichte)
    assert [i.wert for i in gross.values()] == pytest.approx([i.zahl for i in roh.index], abs=0.01)
    assert zufallsbereiche(ZEHN, _zehn(4), gewichte) == klein, "derselbe Anfang, dieselben Grenzen"


def test_kleine_einheit_mit_auffaelligem_wert_rueckt_zur_mitte() -> None:
    gewichte = [Indikator("armut"), Indikator("alg")]
    werte = {k: v for k, v in _zehn(1).items() if k != "verdienst"}
    geglaettet = zufallsbereiche(ZEHN, werte, gewichte)["e0"].wert
    alle = {k: v.werte for k, v in _zehn(1e9).items()}
    roh = sozialindex(ZEHN, alle, gewichte).wert("e0").zahl
    assert geglaettet is not None and 0 < geglaettet < roh


def test_ohne_unterschied_ueber_den_zufall_hinaus_gibt_es_keinen_index() -> None:
    gleich = {"x": geglaettet([0.1, 0.12, 0.09], [30.0, 25, 33])}
    ergebnis = zufallsbereiche(ZEHN[:3], gleich, [Indikator("x")])
    assert {i.status for i in ergebnis.values()} == {Status.GESPERRT}


def _reihe(name: str, richtung: str, je_jahr: dict[int, list[float]], faktor: float = 100) -> Reihe:
    kennzahl = SimpleNamespace(id=name, name=name.title(), leserichtung=richtung, faktor=faktor)
    werte = tuple(
        Wert(name, g, str(jahr), jahr, w, Status.WERT)
        for jahr, liste in je_jahr.items()
        for g, w in zip(ZEHN, liste, strict=True)
    )
    return Reihe(kennzahl, werte)  # type: ignore[arg-type]


LAGE = Lage("kreis", tuple(ZEHN), ("land",), 2022, 2022, 2022, 2022)


def test_alle_kennzahlen_stehen_in_einem_jahr_und_die_richtung_kommt_aus_der_kennzahl() -> None:
    eingaben = {
        "armut": _reihe("armut", "hoch_schlecht", {2021: WERTE["armut"], 2022: WERTE["alg"]}),
        "alg": _reihe("alg", "hoch_schlecht", {2020: WERTE["armut"], 2021: WERTE["alg"]}),
        "verdienst": _reihe("verdienst", "hoch_gut", {2021: WERTE["verdienst"], 2022: WERTE["alg"]}, 1),
    }
    e = sozialindex_der_teile(LAGE, **eingaben)
    assert e["jahr"] == "2021" and e["stand"] == "Armut, Alg, Verdienst"
    gewichte = [Indikator("armut"), Indikator("alg"), Indikator("verdienst", hoch_ist_belastet=False)]
    von_hand = sozialindex(ZEHN, WERTE, gewichte)
    assert [e["index"][g, 2021][0] for g in ZEHN] == pytest.approx([i.zahl for i in von_hand.index])
    assert e["index"]["kreis", 2021].status is Status.GESPERRT
    r = {z["kopf"]: z["r"] for z in e["zusammenhang"]}
    assert r["Armut und Verdienst"] == pytest.approx(-np.corrcoef(WERTE["armut"], WERTE["verdienst"])[0, 1])
    eingaben["bezug_armut"] = _reihe("kinder", "neutral", {2015: [20.0] * 10}, 1)
    assert sozialindex_der_teile(LAGE, **eingaben)["index"]["e3", 2021][0] < von_hand.wert("e3").zahl
    eingaben["alg"] = _reihe("alg", "hoch_schlecht", {2020: WERTE["armut"]})
    assert sozialindex_der_teile(LAGE, **eingaben)["index"] == {}, "kein gemeinsames Jahr, kein Index"


def test_eine_kennzahl_ohne_leserichtung_geht_nicht_ein() -> None:
    eingaben = {
        k: _reihe(k, "neutral" if k == "alg" else "hoch_schlecht", {2021: w}) for k, w in WERTE.items()
    }
    with pytest.raises(BerichtswerkFehler, match="index-richtung"):
        sozialindex_der_teile(LAGE, **eingaben)


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
