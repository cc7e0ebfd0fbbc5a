"""Summen über Gebiete: nur mit allen Teilen; Ebenen; flächengleiche Gebiete."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rechnerhilfe import berechne

from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zeichen import Status

GEMEINDEN = ("99001011", "99001012", "99001020")


def zeilen(*werte: float | None, jahr: int = 2023, **mehr: Any) -> list[dict[str, Any]]:
    return [
        {"gebiet": g, "zeit": str(jahr), "wert": w, **mehr} for g, w in zip(GEMEINDEN, werte, strict=False)
    ]


@pytest.fixture
def anzahl(kennzahl: Any) -> Any:
    weg = {"zaehler": [{"quelle": "z", "groesse": "anzahl"}], "summieren": True}
    return kennzahl(weg, art="anzahl", faktor=1, einheit_kurz=None)


def test_summe_der_gemeinden_auf_jeder_ebene(bestand: Any, anzahl: Any) -> None:
    reihe = berechne(anzahl, bestand.mit("z", zeilen(100, 20, 3)))
    assert {w.gebiet: w.wert for w in reihe} == {
        "99001": 123, "99001-P1": 123, "990015801": 120, "99001011": 100, "99001012": 20,
        "990010020": 3, "99001020": 3,
    }  # fmt: skip
    kreis = reihe.wert("99001", 2023)
    assert [b.zeile for b in kreis.belege] == [2, 3, 4]


def test_land_und_bund_entstehen_nie_aus_dem_eigenen_kreis(bestand: Any, anzahl: Any) -> None:
    reihe = berechne(anzahl, bestand.mit("z", zeilen(100, 20, 3)))
    assert reihe.wert("99", 2023) is None
    assert reihe.wert("DG", 2023) is None


def test_ohne_summieren_gibt_es_keine_summe(bestand: Any, kennzahl: Any) -> None:
    einfach = kennzahl({"zaehler": [{"quelle": "z", "groesse": "anzahl"}]}, faktor=1)
    reihe = berechne(einfach, bestand.mit("z", zeilen(100, 20, 3)))
    assert reihe.gebiete == ("99001011", "99001012", "990010020", "99001020")


@pytest.mark.parametrize("teil", [None, "fehlt ganz"])
def test_fehlt_ein_teil_gibt_es_keine_teilsumme(bestand: Any, anzahl: Any, teil: Any) -> None:
    alle = zeilen(100, None, 3) if teil is None else [zeilen(100)[0], zeilen(0, 0, 3)[2]]
    reihe = berechne(anzahl, bestand.mit("z", alle))
    amt, kreis = reihe.wert("990015801", 2023), reihe.wert("99001", 2023)
    assert (amt.wert, kreis.wert) == (None, None)
    assert amt.status is (Status.GEHEIM if teil is None else Status.FEHLT)
    assert amt.hinweise == ("Keine Summe: für 1 von 2 Teilen fehlt der Wert (Kleindorf).",)
    assert reihe.wert("990010020", 2023).wert == 3


def test_gelieferter_wert_geht_der_summe_vor(bestand: Any, anzahl: Any) -> None:
    """Wanderungen: der Kreis ist nicht die Summe seiner Gemeinden."""
    alle = [*zeilen(100, 20, 3), {"gebiet": "99001", "zeit": "2023", "wert": 99}]
    reihe = berechne(anzahl, bestand.mit("z", alle))
    assert reihe.wert("99001", 2023).wert == 99
    assert reihe.wert("99001-P1", 2023).wert == 123


def test_quotient_einer_summe_teilt_erst_am_ende(bestand: Any, kennzahl: Any, weg: Any) -> None:
    bestand.mit("z", zeilen(10, 2, 3)).mit("n", zeilen(100, 10, 40))
    reihe = berechne(kennzahl(weg(summieren=True)), bestand)
    assert reihe.wert("99001", 2023).wert == pytest.approx(1500 / 150)
    assert reihe.wert("990015801", 2023).formel == "anzahl / anzahl × 100 = 12 / 110 × 100"


def test_amtsfreie_gemeinde_und_ihre_einheit_sind_dasselbe(bestand: Any, kennzahl: Any) -> None:
    """Liefert das Jobcenter nach kommunaler Einheit, gilt der Wert auch für die flächengleiche Gemeinde."""
    einfach = kennzahl({"zaehler": [{"quelle": "z", "groesse": "anzahl"}]}, faktor=1)
    bestand.mit("z", [{"gebiet": "990010020", "zeit": "2023", "wert": 7}])
    reihe = berechne(einfach, bestand)
    assert {w.gebiet: w.wert for w in reihe} == {"990010020": 7, "99001020": 7}


def test_teile_auf_verschiedenem_gebietsstand_werden_nicht_summiert(bestand: Any, anzahl: Any) -> None:
    alle = [*zeilen(100, gebietsstand="2020-12-31"), *zeilen(0, 20, 3, gebietsstand="2023-12-31")[1:]]
    amt = berechne(anzahl, bestand.mit("z", alle)).wert("990015801", 2023)
    assert (amt.wert, amt.status) == (None, Status.GESPERRT)
    assert amt.hinweise == ("Die Teile haben verschiedene Gebietsstände (2020-12-31, 2023-12-31).",)


def test_kleinste_ebene_begrenzt_und_sagt_es(bestand: Any, kennzahl: Any) -> None:
    """Die Arbeitslosenquote gibt es erst ab dem Kreis."""
    weg = {"zaehler": [{"quelle": "z", "groesse": "anzahl"}]}
    quote = kennzahl(weg, kleinste_ebene="kreis", name="Arbeitslosenquote")
    reihe = berechne(quote, bestand.mit("z", zeilen(1, 2, 3)), ["99001", "Kleindorf"])
    assert len(reihe) == 0
    assert [str(h) for h in reihe.hinweise] == [
        "HINWEIS [kennzahl-ohne-wert] daten/kennzahlen/probe.yaml\n"
        "  „Arbeitslosenquote“ gibt es für Kleindorf nicht: kleinste Ebene ist Kreis.\n"
        "  Abhilfe: Zeigen Sie ein größeres Gebiet; gibt es die Zahl doch, ändern Sie „kleinste_ebene“."
    ]


def test_weg_nur_auf_genannten_ebenen(bestand: Any, kennzahl: Any) -> None:
    wege = (
        {"zaehler": [{"quelle": "z", "groesse": "anzahl"}], "ebenen": ["kreis"]},
        {"zaehler": [{"quelle": "z", "groesse": "anzahl"}], "faktor": 1000},
    )
    bestand.mit("z", [*zeilen(5), {"gebiet": "99001", "zeit": "2023", "wert": 5}])
    reihe = berechne(kennzahl(*wege, faktor=1), bestand)
    assert {w.gebiet: (w.weg, w.wert) for w in reihe} == {"99001": (1, 5), "99001011": (2, 5000)}


def test_unbekanntes_gebiet(bestand: Any, anzahl: Any) -> None:
    with pytest.raises(BerichtswerkFehler) as fehler:
        berechne(anzahl, bestand.mit("z", zeilen(1)), ["Kleindorv"])
    assert "Ähnlich: Kleindorf (Gemeinde 99001012)." in str(fehler.value)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(werte=st.tuples(*[st.integers(0, 10**6)] * 3), saat=st.integers(0, 99), mal=st.integers(1, 50))
def test_summe_ist_linear_und_von_der_reihenfolge_unabhaengig(
    bestand: Any, anzahl: Any, werte: tuple[int, ...], saat: int, mal: int
) -> None:
    einfach = berechne(anzahl, bestand.mit("z", zeilen(*werte))).wert("99001", 2023)
    gemischt = zeilen(*(w * mal for w in werte))
    random.Random(saat).shuffle(gemischt)
    vielfach = berechne(anzahl, bestand.mit("z", gemischt)).wert("99001", 2023)
    assert einfach.wert == sum(werte)
    assert vielfach.wert == einfach.wert * mal


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(werte=st.lists(st.decimals(0, 1000, places=1), min_size=3, max_size=3))
def test_summen_von_zehnteln_sind_genau(bestand: Any, anzahl: Any, werte: list[Any]) -> None:
    """0,1 + 0,2 ist 0,3 und nicht 0,30000000000000004."""
    wert = berechne(anzahl, bestand.mit("z", zeilen(*(float(w) for w in werte)))).wert("99001", 2023)
    assert wert.wert == float(sum(werte))
