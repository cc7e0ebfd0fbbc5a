"""Die eine Bevölkerung aller Berichte trifft jede veröffentlichte Zahl und hat überall dieselben Werte."""

from __future__ import annotations

from pathlib import Path

import pytest

from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.fach.berechnung import Rechner
from berichtswerk.fach.rechenwerk import Gerechnet
from berichtswerk.fach.zellen import passt
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zeichen import Status

PROJEKT = Projekt(Path(__file__).resolve().parents[2])
KREIS, BIS = "12068", 2025


@pytest.fixture(scope="module")
def bestand() -> Datenbestand:
    return Datenbestand(PROJEKT)


@pytest.fixture(scope="module")
def rechner(bestand: Datenbestand) -> Rechner:
    return Rechner(bestand)


@pytest.fixture(scope="module")
def vb(rechner: Rechner) -> Gerechnet:
    return rechner.rechnung("bevoelkerung", BIS)


def zahl(vb: Gerechnet, reihe: str, gebiet: str, jahr: int) -> float:
    wert = vb.reihen[reihe].wert(gebiet, jahr)
    assert wert is not None
    assert wert.wert is not None
    return wert.wert


def kommunen(bestand: Datenbestand) -> list[str]:
    return [g.schluessel for g in bestand.gebiete.kinder(KREIS, "einheit")]


def veroeffentlicht(bestand: Datenbestand, quelle: str, groesse: str, jahr: int, **wo: str) -> float:
    t = bestand.tabelle(quelle).werte
    t = t[(t["groesse"] == groesse) & (t["jahr"] == jahr) & (t["gebiet"] == KREIS)]
    for merkmal, bedingung in wo.items():
        t = t[[passt(str(w), bedingung) for w in t[merkmal]]]
    return float(t["wert"].sum())


GRUPPEN = {
    "bev_unter_3": {"alter_bis": "<=3"},
    "bev_von_3_bis_5": {"alter_von": ">=3", "alter_bis": "<=6"},
    "bev_von_15_bis_64": {"alter_von": ">=15", "alter_bis": "<=65"},
    "bev_ab_65": {"alter_von": ">=65"},
}


@pytest.mark.parametrize("jahr", [2023, 2024])
@pytest.mark.parametrize("reihe", GRUPPEN)
def test_altersgruppen_des_kreises_sind_die_veroeffentlichten(
    bestand: Datenbestand, vb: Gerechnet, reihe: str, jahr: int
) -> None:
    amtlich = veroeffentlicht(
        bestand, "altersgruppen_kreis", "einwohner", jahr, geschlecht="insgesamt", **GRUPPEN[reihe]
    )
    assert zahl(vb, reihe, KREIS, jahr) == pytest.approx(amtlich, abs=1e-3)
    wert = vb.reihen[reihe].wert(KREIS, jahr)
    assert wert is not None
    assert wert.status is Status.WERT


@pytest.mark.parametrize("jahr", [2017, 2018, 2020, 2021, 2022])
def test_einwohner_der_kommunen_sind_die_veroeffentlichten(
    bestand: Datenbestand, rechner: Rechner, vb: Gerechnet, jahr: int
) -> None:
    from berichtswerk.fach.katalog import Kennzahlenkatalog

    amtlich = rechner.berechne(Kennzahlenkatalog.lade(PROJEKT).finde("bevoelkerung_kommunen"))
    for k in kommunen(bestand):
        wert = amtlich.wert(k, jahr)
        assert wert is not None
        assert zahl(vb, "bev_bevoelkerung", k, jahr) == pytest.approx(wert.wert, abs=1e-3)


def test_geburten_des_kreises_sind_die_veroeffentlichten(vb: Gerechnet) -> None:
    assert {j: round(zahl(vb, "bev_geburten", KREIS, j), 6) for j in (2017, 2019, 2023, 2024)} == {
        2017: 768, 2019: 724, 2023: 584, 2024: 566,
    }  # fmt: skip
    assert zahl(vb, "bev_geburten", "120685807", 2024) == 21  # Amt Temnitz, Melderegister


@pytest.mark.parametrize("reihe", ["bev_bevoelkerung", "bev_geburten", "bev_schulanfang", "bev_ab_80"])
def test_die_kommunen_ergeben_in_jedem_jahr_den_kreis(
    bestand: Datenbestand, vb: Gerechnet, reihe: str
) -> None:
    for jahr in range(2016, vb.ende + 1):
        summe = sum(zahl(vb, reihe, k, jahr) for k in kommunen(bestand))
        assert summe == pytest.approx(zahl(vb, reihe, KREIS, jahr), rel=1e-9)


def test_kleine_kommunen_haben_breitere_baender(bestand: Datenbestand, vb: Gerechnet) -> None:
    def breite(ort: str) -> float:
        wert = vb.reihen["bev_unter_3"].wert(ort, 2030)
        assert wert is not None
        assert wert.unten is not None
        assert wert.oben is not None
        assert wert.wert
        return (wert.oben - wert.unten) / wert.wert

    neuruppin, heiligengrabe = "120680320", "120680181"
    assert breite(heiligengrabe) > breite(neuruppin) > breite(KREIS) > 0.1


def test_der_rueckblick_schlaegt_die_unveraenderte_bevoelkerung(vb: Gerechnet) -> None:
    *kommunen, ohne, mit = vb.tafeln["bev_rueckblick"].zeilen
    assert len(kommunen) == 10
    assert float(ohne["gesamt"] or 0) < float(ohne["unveraendert"] or 0) < 2
    assert abs(float(mit["gesamt"] or 9)) < 1
    assert vb.tafeln["bev_rueckblick_alter"].zeilen[0]["veroeffentlicht"] == 1847


def test_ohne_neuere_daten_rechnet_dieselbe_methode(rechner: Rechner) -> None:
    frueher = rechner.rechnung("bevoelkerung", 2021)
    assert frueher.basis == 2021
    heute = frueher.reihen["bev_bevoelkerung"].wert(KREIS, 2021)
    assert heute is not None
    assert heute.wert == pytest.approx(98829)
