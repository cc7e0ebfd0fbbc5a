"""Die eine Bevölkerung aller Berichte trifft jede veröffentlichte Zahl und hat überall dieselben Werte."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from berichtswerk.bericht.altersaufbau import rechne_aufbau
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.fach.berechnung import Rechner
from berichtswerk.fach.katalog import Kennzahlenkatalog
from berichtswerk.fach.methoden.bevoelkerung import je_ort
from berichtswerk.fach.rechenwerk import Gerechnet
from berichtswerk.fach.rechnung import lade_rechnungen
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


# --- Eine Zahl in allen Berichten ------------------------------------------------------------------------

PLAENE = ("kita-bedarf", "schuelerzahlen", "pflege")


@pytest.mark.parametrize("name", PLAENE)
def test_jeder_plan_rechnet_mit_der_gemeinsamen_bevoelkerung_und_keiner_anderen(name: str) -> None:
    rechnungen = lade_rechnungen(PROJEKT)
    eingaben = rechnungen[name].eingaben.values()
    gemeinsam = {"bevoelkerung", *(r for r in rechnungen["bevoelkerung"].reihen)}
    assert any(e.rechnung in gemeinsam or e.kennzahl in gemeinsam for e in eingaben)
    eigene = {"kinder_je_frau", "wanderungssaldo", "geburten_faktor", "wanderung_faktor", "geburten_je_jahr"}
    assert not eigene & set(rechnungen[name].annahmen)


@pytest.mark.parametrize(
    "reihe", ["bev_geburten", "bev_unter_3", "bev_schulanfang", "bev_ab_65", "bev_ab_80"]
)
def test_jeder_datenstand_der_berichte_ergibt_dieselbe_zahl(
    bestand: Datenbestand, rechner: Rechner, vb: Gerechnet, reihe: str
) -> None:
    """Der Bildungsbericht endet 2024, die anderen 2025: beide kennen dieselben Zahlen."""
    andere = rechner.rechnung("bevoelkerung", 2024)
    for ort in (KREIS, *kommunen(bestand)):
        for jahr in (2024, 2027, 2030, 2040):
            assert zahl(andere, reihe, ort, jahr) == zahl(vb, reihe, ort, jahr)


def test_die_geburten_sind_in_kita_und_bildungsbericht_die_veroeffentlichten(
    rechner: Rechner, vb: Gerechnet
) -> None:
    gezaehlt = rechner.berechne(Kennzahlenkatalog.lade(PROJEKT).finde("geburten"), [KREIS])
    for w in gezaehlt:
        if w.jahr > 2015:
            assert w.wert == pytest.approx(zahl(vb, "bev_geburten", KREIS, w.jahr))


@pytest.mark.parametrize("jahr", [2021, 2024, 2027, 2030])
def test_kinder_der_kita_sind_die_der_bevoelkerung(
    bestand: Datenbestand, rechner: Rechner, vb: Gerechnet, jahr: int
) -> None:
    """Am 1. Juni unter 3: fünf Monate und ein Tag dieses Jahrgangs, zwei ganze, der Rest des vierten."""
    kita = rechner.rechnung("kita-bedarf", BIS)
    assert vb.werk is not None
    einzeln = je_ort(pd.DataFrame(vb.werk.ergebnisse("mittlere")["altersjahre"]))
    for ort in (KREIS, *kommunen(bestand)):
        davor = einzeln[ort][jahr - 1].sum(axis=0)
        seit = (5 + 1 / 30) / 12
        erwartet = seit * zahl(vb, "bev_unter_1", ort, jahr) + davor[0] + davor[1] + (1 - seit) * davor[2]
        assert davor[:3].sum() == pytest.approx(zahl(vb, "bev_unter_3", ort, jahr - 1), abs=1e-3)
        assert zahl(kita, "kita_kinder_u3", ort, jahr) == pytest.approx(erwartet, abs=1e-3)


@pytest.mark.parametrize("jahr", [2025, 2028, 2031])
def test_schulanfaenger_folgen_den_kindern_im_einschulungsalter(
    rechner: Rechner, vb: Gerechnet, jahr: int
) -> None:
    schule = rechner.rechnung("schuelerzahlen", 2024)
    je_kind = schule.szenarien["mittlere"].zahl("schulanfaenger_je_100") / 100
    erwartet = je_kind * zahl(vb, "bev_schulanfang", KREIS, jahr - 1)
    assert zahl(schule, "vr_klasse_1", KREIS, jahr) == pytest.approx(erwartet, rel=1e-9)


def test_pflege_der_kommunen_rechnet_mit_ihren_menschen(
    bestand: Datenbestand, rechner: Rechner, vb: Gerechnet
) -> None:
    pflege = rechner.rechnung("pflege", BIS)
    for jahr in (2023, 2030, 2040):
        faelle = {k: zahl(pflege, "pflege_kommunen", k, jahr) for k in kommunen(bestand)}
        assert sum(faelle.values()) == pytest.approx(zahl(pflege, "pflege_kommunen", KREIS, jahr))
        for k, n in faelle.items():
            menschen = 100 * n / zahl(pflege, "pflege_quote_kommunen", k, jahr)
            assert menschen == pytest.approx(zahl(vb, "bev_bevoelkerung", k, jahr), abs=1e-3)


@pytest.mark.parametrize("ort", [KREIS, "120685805"])
def test_gerechneter_altersaufbau_hat_die_anteile_der_gemeinsamen_rechnung(vb: Gerechnet, ort: str) -> None:
    """Steckbriefe zeigen den Altersaufbau der Basis; er widerspricht den Anteilen daneben nicht."""
    aufbau = rechne_aufbau(vb, "altersjahre", ort, jahr=None, schritt=5)
    assert aufbau is not None
    assert aufbau.jahr == vb.basis
    punkte = [p for s in (aufbau.maenner, aufbau.frauen) for p in s.punkte]
    assert {p.status for p in punkte} == {Status.GESCHAETZT}
    assert punkte[-1].x == "85+"
    je = [(g, p.wert or 0.0) for p, g in zip(punkte, [*aufbau.grenzen, *aufbau.grenzen], strict=True)]
    alle = sum(w for _, w in je)
    assert alle == pytest.approx(zahl(vb, "bev_bevoelkerung", ort, vb.basis))
    alte = 100 * sum(w for g, w in je if g >= 65) / alle
    assert alte == pytest.approx(zahl(vb, "bev_anteil_ab_65", ort, vb.basis))
    assert all(n.weg and not isinstance(n.weg, str) and n.weg.eingaben for n in aufbau.nachweise)


def test_gerechneter_altersaufbau_fehlt_ohne_jahr_gebiet_und_ergebnis(vb: Gerechnet) -> None:
    assert rechne_aufbau(vb, "altersjahre", KREIS, jahr=1990, schritt=5) is None
    assert rechne_aufbau(vb, "altersjahre", "99999", jahr=None, schritt=5) is None
    assert rechne_aufbau(vb, "gibt_es_nicht", KREIS, jahr=None, schritt=5) is None
