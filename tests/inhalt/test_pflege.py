"""Die Beispieldaten der Pflege passen zu den veröffentlichten Summen."""

from __future__ import annotations

from pathlib import Path

import pytest

from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.grund.projekt import Projekt

KREIS = "12068"


@pytest.fixture(scope="module")
def bestand() -> Datenbestand:
    return Datenbestand(Projekt(Path(__file__).resolve().parents[2]))


def wert(bestand: Datenbestand, quelle: str, groesse: str, gebiet: str = KREIS, jahr: int = 0) -> float:
    tafel = bestand.tabelle(quelle).werte
    zeilen = tafel[(tafel["groesse"] == groesse) & (tafel["gebiet"] == gebiet)]
    return float(zeilen[zeilen["jahr"] == (jahr or zeilen["jahr"].max())]["wert"].sum())


@pytest.mark.parametrize("einheit", ["120680353", "120680477", "120685807"])
def test_tagespflege_fehlt_wo_der_bericht_2019_es_sagt(bestand: Datenbestand, einheit: str) -> None:
    assert wert(bestand, "pflege_presse", "tagespflege_einrichtungen", einheit) == 0


def test_pflegegrade_ergeben_die_pflegequote_2021(bestand: Datenbestand) -> None:
    quote = wert(bestand, "inkar_pflege", "pflegequote", jahr=2021)
    tafel = bestand.tabelle("bevoelkerung_kreis").werte
    einwohner = tafel[
        (tafel["gebiet"] == KREIS) & (tafel["jahr"] == 2021) & (tafel["geschlecht"] == "insgesamt")
    ]
    erwartet = quote * float(einwohner["wert"].iloc[0]) / 100
    assert wert(bestand, "pflegegrade", "personen") == pytest.approx(erwartet, abs=1)
