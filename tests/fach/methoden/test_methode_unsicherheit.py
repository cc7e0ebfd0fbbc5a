"""Wilson-Intervalle nach Newcombe, Glättung kleiner Anteile."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.fach.methoden.ergebnis import Lage
from berichtswerk.fach.methoden.unsicherheit import (
    geglaettete_quote,
    glaette,
    wilson,
)
from berichtswerk.fach.reihe import Reihe, Wert
from berichtswerk.grund.zahl import runde
from berichtswerk.grund.zeichen import Status


def _grenzen(intervall, stellen: int = 4) -> list[float]:
    return [float(runde(g, stellen)) for g in (intervall.unten, intervall.oben)]


@pytest.mark.parametrize("fall", [0, 1])
def test_wilson_wie_newcombe(pruefwert, fall: int) -> None:
    """Quelle: Newcombe (1998), Statistics in Medicine 17, Tabelle I, Methoden 3 und 4."""
    daten = pruefwert("wilson_newcombe1998")
    c = daten["cases"][fall]
    assert _grenzen(wilson(c["r"], c["n"], z=daten["z"])) == c["wilson"]
    assert _grenzen(wilson(c["r"], c["n"], z=daten["z"], stetigkeit=True)) == c["wilson_cc"]


@given(st.integers(1, 2000), st.floats(0, 1), st.booleans())
def test_intervall_enthaelt_den_anteil_und_bleibt_zwischen_null_und_eins(
    n: int, p: float, stetig: bool
) -> None:
    e = wilson(p * n, n, stetigkeit=stetig)
    assert e.wert is not None
    assert e.unten is not None
    assert e.oben is not None
    assert 0 <= e.unten <= e.wert <= e.oben <= 1


@given(st.integers(1, 500), st.floats(0, 1))
def test_mit_korrektur_ist_das_intervall_nie_schmaler(n: int, p: float) -> None:
    r = round(p * n)
    ohne, mit = wilson(r, n), wilson(r, n, stetigkeit=True)
    assert mit.unten <= ohne.unten + 1e-12  # type: ignore[operator]
    assert mit.oben >= ohne.oben - 1e-12  # type: ignore[operator]


def test_ohne_faelle_gibt_es_kein_intervall() -> None:
    assert wilson(0, 0).status is Status.GESPERRT


def test_grundgesamtheit_verengt_bis_zur_vollerhebung() -> None:
    weit, eng = wilson(40, 100), wilson(40, 100, grundgesamtheit=150)
    assert weit.unten < eng.unten < 0.4 < eng.oben < weit.oben  # type: ignore[operator]
    alle = wilson(40, 100, grundgesamtheit=100)
    assert (alle.unten, alle.oben) == (0.4, 0.4)
    assert wilson(0, 0.5, grundgesamtheit=1).status is Status.GESPERRT


def test_glaettung_nach_der_formel() -> None:
    e = glaette([2, 40], [10, 100], varianz_zwischen=0.01)
    mittel = 42 / 110
    w = 10 / (10 + mittel * (1 - mittel) / 0.01)
    assert e.gewichte[0].zahl == pytest.approx(w)
    assert e.anteile[0].zahl == pytest.approx(w * 0.2 + (1 - w) * mittel)
    assert e.anteile[0].status is Status.GESCHAETZT


@given(st.lists(st.tuples(st.integers(0, 200), st.integers(0, 200)), min_size=1, max_size=12))
def test_geglaettet_liegt_zwischen_eigenem_wert_und_mittel(paare) -> None:
    treffer = [min(p) for p in paare]
    nenner = [max(p) for p in paare]
    e = glaette(treffer, nenner)
    for z, n, anteil in zip(treffer, nenner, e.anteile, strict=True):
        if n == 0:
            assert anteil.status is Status.GESPERRT
            continue
        unten, oben = sorted((z / n, e.mittel.zahl))
        assert unten - 1e-12 <= anteil.zahl <= oben + 1e-12


def test_gleiche_anteile_werden_als_zufall_gemeldet() -> None:
    e = glaette([5, 10], [10, 20])
    assert e.varianz_zwischen == 0
    assert e.hinweise == ("Unterschiede gehen nicht über den Zufall hinaus: alle am Mittel",)
    assert [a.zahl for a in e.anteile] == [0.5, 0.5]


def _reihe(je_gebiet: dict[str, dict[int, float | None]]) -> Reihe:
    werte = tuple(
        Wert("q", g, str(j), j, w, Status.WERT if w is not None else Status.UNBEKANNT)
        for g, jahre in je_gebiet.items()
        for j, w in jahre.items()
    )
    return Reihe(SimpleNamespace(id="q"), werte)  # type: ignore[arg-type]


def test_geglaettete_quote_kleine_gebiete_ruecken_zum_mittel_und_haben_breitere_bereiche() -> None:
    quote = _reihe(
        {"klein": {2021: 2.0, 2022: 4.0}, "gross": {2021: 9.0, 2022: 11.0}, "mitte": {2021: 14.0, 2022: 14.0},
         "halb": {2022: 5.0}, "fehlt": {2021: 5.0, 2022: None}, "kreis": {2021: 8.0, 2022: 9.0}}
    )  # fmt: skip
    bezug = _reihe({"klein": {2015: 100.0}, "gross": {2015: 4000.0, 2023: 9.0}, "mitte": {2020: 1000.0},
                    "halb": {2015: 100.0}, "fehlt": {2015: 100.0}})  # fmt: skip
    lage = Lage("kreis", ("klein", "gross", "mitte", "halb", "fehlt"), (), 2022, 2022, 2022, 2022)
    anteil = geglaettete_quote(quote, bezug, lage, zusammen=2)["anteil"]
    assert anteil.pop(("kreis", 2022)) == 8.5, "der Landkreis ist gemittelt, nicht geglättet"
    assert set(anteil) == {("klein", 2022), ("gross", 2022), ("mitte", 2022)}, "ohne beide Jahre kein Wert"
    glatt = glaette([3, 400, 140], [100, 4000, 1000])
    assert [w[0] for w in anteil.values()] == pytest.approx([100 * a.zahl for a in glatt.anteile])
    weite = {g: oben - unten for (g, _), (_, unten, oben) in anteil.items()}
    assert weite["klein"] > weite["mitte"] > weite["gross"] > 0
    assert 3.0 < anteil["klein", 2022][0] < 100 * glatt.mittel.zahl


def test_geglaettete_quote_ohne_werte_ist_leer() -> None:
    lage = Lage("kreis", ("a",), (), 2022, 2022, 2022, 2022)
    assert geglaettete_quote(_reihe({}), _reihe({}), lage) == {"anteil": {}}
