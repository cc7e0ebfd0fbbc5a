"""Die Reihe: Zugriffe, letzter und voriger Wert, Ausschnitte."""

from __future__ import annotations

from typing import Any

import pytest
from rechnerhilfe import berechne

from berichtswerk.fach.reihe import Wert
from berichtswerk.grund.zeichen import Status


@pytest.fixture
def reihe(bestand: Any, kennzahl: Any) -> Any:
    werte = [
        ("99001", 2021, 5),
        ("99001", 2022, 6),
        ("99001", 2023, None),
        ("99", 2022, 60),
        ("99", 2023, 61),
    ]
    bestand.mit(
        "z",
        [{"gebiet": g, "zeit": j, "wert": w} for g, j, w in werte],
        brueche=[{"jahr": 2022, "grund": "A"}, {"jahr": 2023, "grund": "B"}],
    )
    kz = kennzahl(
        {"zaehler": [{"quelle": "z", "groesse": "anzahl"}]}, art="anzahl", faktor=1, einheit_kurz=None
    )
    return berechne(kz, bestand, ["99001", "99"])


def test_zugriffe(reihe: Any) -> None:
    assert reihe.gebiete == ("99001", "99")
    assert reihe.jahre == (2021, 2022, 2023)
    assert reihe.wert("99001", 2022).wert == 6
    assert reihe.wert("99001", 1999) is None
    assert [w.gebiet for w in reihe.jahr(2022)] == ["99001", "99"]


def test_letzter_hat_eine_zahl(reihe: Any) -> None:
    letzter = reihe.letzter("99001")
    assert (letzter.jahr, letzter.wert) == (2022, 6)
    assert reihe.letzter("12345") is None


def test_brueche_je_gebiet_und_im_ausschnitt(reihe: Any) -> None:
    """Ein Bruch zählt nur, wenn davor und danach Werte mit Zahl liegen."""
    assert [b.jahr for b in reihe.brueche] == [2022, 2023]
    assert [b.jahr for b in reihe.gebiet("99001").brueche] == [2022]
    assert [b.jahr for b in reihe.gebiet("99").brueche] == [2023]
    assert reihe.bis(2021).brueche == ()
    assert [b.jahr for b in reihe.von(2022).gebiet("99").brueche] == [2023]


def test_basen_nebeneinander_gezeigter_werte(bestand: Any, kennzahl: Any) -> None:
    """Der Kreis schon auf neuer Basis, die Gemeinde noch auf alter: beides zusammen braucht einen Hinweis."""
    bestand.mit(
        "z",
        [
            {"gebiet": "99001", "zeit": 2023, "wert": 1, "basis": "Zensus 2022"},
            {"gebiet": "99001011", "zeit": 2023, "wert": 1, "basis": "Zensus 2011"},
            {"gebiet": "99001011", "zeit": 2022, "wert": 1, "basis": "Zensus 2011"},
        ],
    )
    reihe = berechne(kennzahl({"zaehler": [{"quelle": "z", "groesse": "anzahl"}]}, faktor=1), bestand)
    assert reihe.basen(2023) == ("Zensus 2011", "Zensus 2022")
    assert reihe.basen(2022) == ("Zensus 2011",)
    assert reihe.basen() == ("Zensus 2011", "Zensus 2022")


@pytest.mark.parametrize(("wert", "status"), [(None, Status.WERT), (1.0, Status.GEHEIM)])
def test_zahl_und_status_muessen_zusammenpassen(wert: float | None, status: Status) -> None:
    with pytest.raises(ValueError, match="passt nicht zum Wert"):
        Wert("k", "99001", "2023", 2023, wert, status)
