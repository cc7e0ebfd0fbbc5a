"""Veränderungen: Betrag, Prozent, Prozentpunkte, Richtung, Brüche dazwischen."""

from __future__ import annotations

from typing import Any

import pytest

from berichtswerk.fach.berechnung import berechne
from berichtswerk.fach.veraenderung import Richtung, veraenderung
from berichtswerk.grund.zeichen import Status

ANZAHL = {"art": "anzahl", "faktor": 1, "einheit_kurz": None, "nachkommastellen": 0}


@pytest.fixture
def reihe(bestand: Any, kennzahl: Any) -> Any:
    """Reihe aus zwei Werten (2022, 2023)."""

    def mache(alt: float | None, neu: float | None, brueche: Any = (), **felder: Any) -> Any:
        werte = [{"gebiet": "99001", "zeit": z, "wert": w} for z, w in (("2022", alt), ("2023", neu))]
        bestand.mit("z", werte, brueche=list(brueche))
        return berechne(kennzahl({"zaehler": [{"quelle": "z", "groesse": "anzahl"}]}, **felder), bestand)

    return mache


def test_anzahl_in_prozent(reihe: Any) -> None:
    v = reihe(200, 250, **ANZAHL).veraenderung("99001", 2022, 2023)
    assert (v.absolut, v.prozent, v.prozent_status, v.prozentpunkte) == (50, 25, Status.WERT, None)
    assert v.richtung is Richtung.GESTIEGEN


@pytest.mark.parametrize(("alt", "prozent"), [(99, None), (100, 50.0)])
def test_veraenderungsrate_erst_ab_hundert(reihe: Any, alt: float, prozent: float | None) -> None:
    """Hessisches Statistisches Landesamt: „x“, wenn die Ausgangszahl kleiner als 100 ist."""
    v = reihe(alt, alt * 1.5, **ANZAHL).veraenderung("99001", 2022, 2023)
    assert v.prozent == prozent
    assert v.prozent_status is (Status.GESPERRT if prozent is None else Status.WERT)
    assert v.absolut == alt / 2


def test_bei_quotienten_zaehlt_die_fallzahl_im_zaehler(bestand: Any, kennzahl: Any, weg: Any) -> None:
    zeiten = ("2022", "2023")
    bestand.mit("n", [{"gebiet": "99001", "zeit": z, "wert": 1000} for z in zeiten])
    quotient = kennzahl(weg(), art="quotient", einheit_kurz=None)
    for zaehler, prozent in ((99, None), (100, 20.0)):
        bestand.mit(
            "z",
            [{"gebiet": "99001", "zeit": z, "wert": zaehler * (1 + 0.2 * i)} for i, z in enumerate(zeiten)],
        )
        v = berechne(quotient, bestand).veraenderung("99001", 2022, 2023)
        assert (v.prozent is None) if prozent is None else v.prozent == pytest.approx(prozent)


def test_anteile_aendern_sich_in_prozentpunkten(reihe: Any) -> None:
    v = reihe(0.055, 0.062).veraenderung("99001", 2022, 2023)
    assert (v.absolut, v.prozentpunkte) == (0.7, 0.7)  # genau, nicht 0,6999999
    assert (v.prozent, v.prozent_status) == (None, Status.GESPERRT)


def test_saldo_hat_keine_rate(reihe: Any) -> None:
    v = reihe(-872, 300, **{**ANZAHL, "art": "saldo"}).veraenderung("99001", 2022, 2023)
    assert (v.absolut, v.prozent) == (1172, None)


@pytest.mark.parametrize(
    ("alt", "neu", "erwartet"),
    [
        (10.0, 10.49, Richtung.KAUM),
        (10.0, 10.5, Richtung.GESTIEGEN),
        (10.0, 9.5, Richtung.GESUNKEN),
        (10.0, 9.51, Richtung.KAUM),
    ],
)
def test_richtung_nach_schwelle(reihe: Any, alt: float, neu: float, erwartet: Richtung) -> None:
    v = reihe(alt, neu, faktor=1, schwelle_kaum=0.5).veraenderung("99001", 2022, 2023)
    assert v.richtung is erwartet


def test_gleich_gezeigte_werte_sind_kaum_veraendert(reihe: Any) -> None:
    assert reihe(12.41, 12.44, faktor=1).veraenderung("99001", 2022, 2023).richtung is Richtung.KAUM
    assert reihe(12.44, 12.46, faktor=1).veraenderung("99001", 2022, 2023).richtung is Richtung.GESTIEGEN


def test_brueche_dazwischen_werden_genannt(reihe: Any) -> None:
    bruch = [{"jahr": 2023, "grund": "Umstellung"}]
    v = reihe(200, 250, bruch, **ANZAHL).veraenderung("99001", 2022, 2023)
    assert [(b.jahr, b.grund) for b in v.ueber_bruch] == [(2023, "Umstellung")]
    assert reihe(200, 250, [{"jahr": 2022, "grund": "früher"}], **ANZAHL).veraenderung(
        "99001", 2022, 2023
    ).ueber_bruch == ()  # fmt: skip


def test_ohne_zahl_keine_veraenderung(reihe: Any) -> None:
    r = reihe(None, 250, **ANZAHL)
    assert r.veraenderung("99001", 2022, 2023) is None
    assert r.veraenderung("99001", 2010, 2023) is None
    with pytest.raises(ValueError, match="zwei Werte mit Zahl"):
        veraenderung(r.kennzahl, r.werte[0], r.werte[1])
