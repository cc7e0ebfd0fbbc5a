"""Die Beispieldaten des Bildungsberichts stimmen mit den veröffentlichten Summen überein."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.grund.projekt import Projekt

BEISPIEL = ("schueler_klassenstufen", "uebergaenge_klasse7")


@pytest.fixture(scope="module")
def bestand() -> Datenbestand:
    return Datenbestand(Projekt(Path(__file__).resolve().parents[2]))


def werte(bestand: Datenbestand, quelle: str, groesse: str, **wo: object) -> pd.DataFrame:
    d = bestand.tabelle(quelle).werte
    d = d[(d["gebiet"] == bestand.gebiete.kreis.schluessel) & (d["groesse"] == groesse)]
    for spalte, wert in wo.items():
        d = d[d[spalte] == wert]
    return d


def je_jahr(bestand: Datenbestand, quelle: str, groesse: str, **wo: object) -> dict[int, float]:
    return werte(bestand, quelle, groesse, **wo).groupby("jahr")["wert"].sum().to_dict()


@pytest.mark.parametrize("quelle", BEISPIEL)
def test_beispieldaten_heissen_so(bestand: Datenbestand, quelle: str) -> None:
    beschreibung = bestand.quellen[quelle]
    assert beschreibung.ist_beispiel
    assert beschreibung.title.endswith("(Beispiel)")
    assert beschreibung.statistik.hinweise[0].startswith("Beispieldaten. ")


def test_schuelerzahl_entspricht_der_veroeffentlichten_rate(bestand: Datenbestand) -> None:
    schueler = je_jahr(bestand, "schueler_klassenstufen", "schueler", schulform="insgesamt")
    rate = je_jahr(bestand, "inkar_bildung", "schueler_je_100")
    gemeinden = bestand.tabelle("gemeindeverzeichnis").werte
    gemeinden = gemeinden[(gemeinden["geschlecht"] == "insgesamt") & (gemeinden["groesse"] == "einwohner")]
    bevoelkerung = gemeinden.groupby("jahr")["wert"].sum()
    for jahr in (2018, 2020, 2021):
        assert round(100 * schueler[jahr] / bevoelkerung[jahr], 2) == rate[jahr]


def test_klassen_und_schulformen_ergeben_die_summe(bestand: Datenbestand) -> None:
    d = werte(bestand, "schueler_klassenstufen", "schueler")
    einzeln = d[d["klasse"] != "insgesamt"].groupby(["jahr", "schulform"])["wert"].sum()
    summen = d[d["klasse"] == "insgesamt"].set_index(["jahr", "schulform"])["wert"]
    assert (einzeln == summen.loc[einzeln.index]).all()
    formen = summen.unstack().drop(columns="insgesamt").sum(axis=1)
    assert (formen == summen.xs("insgesamt", level="schulform")).all()


SCHULARTEN = {
    "grundschule": ["grundschule", "orientierungsstufe"], "oberschule": ["oberschule"],
    "gesamtschule": ["gesamtschule"], "gymnasium": ["gymnasium"], "foerderschule": ["foerderschule"],
    "abendschule": ["abendschule"], "insgesamt": ["insgesamt"],
}  # fmt: skip
"""Schulform der Beispieldaten → Schularten der amtlichen Statistik (Grundschule: Klassen 1 bis 6)."""


@pytest.mark.parametrize("form", SCHULARTEN)
def test_beispielzahlen_widersprechen_der_schulstatistik_nicht(bestand: Datenbestand, form: str) -> None:
    def amtlich(groesse: str) -> float:
        arten = [je_jahr(bestand, "schulen_schulart", groesse, schulart=a) for a in SCHULARTEN[form]]
        return sum(a.get(2023, 0) for a in arten)

    def beispiel(klasse: str) -> float | None:
        return je_jahr(bestand, "schueler_klassenstufen", "schueler", schulform=form, klasse=klasse).get(2023)

    assert beispiel("insgesamt") == amtlich("schueler")
    for klasse in ("7", "11"):
        if (zahl := beispiel(klasse)) is not None:
            assert zahl == amtlich(f"klasse_{klasse}")


def test_berufliche_schulen_zeigen_keine_einzelnen_personen(bestand: Datenbestand) -> None:
    d = bestand.tabelle("berufliche_schulen").werte
    d = d[d["groesse"].str.startswith("schueler") & d["wert"].notna()]
    assert not d["wert"].between(1, 3).any()
