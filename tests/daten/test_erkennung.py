"""``quelle neu``: Lieferung neben erkannten Werten oder der Frage, die nur ein Mensch beantworten kann."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from berichtswerk.daten.erkennung import FragenOffen, Vorgaben, bezeichner, erkenne
from berichtswerk.daten.gebiete import Gebietsdatei, Gebietsverzeichnis
from berichtswerk.grund.meldung import BerichtswerkFehler

ORDNER = Path(__file__).parent / "leser" / "lieferungen"
_GEMEINDEN = {"117": "Dreetz", "181": "Walsleben", "320": "Neuruppin", "280": "Lindow (Mark)",
              "468": "Wittstock/Dosse", "324": "Neustadt (Dosse)"}  # fmt: skip
VERZEICHNIS = Gebietsverzeichnis(
    Gebietsdatei.model_validate(
        {
            "gebietsstand": "2023-12-31",
            "kreis": "12068",
            "gebiete": [
                {"schluessel": "DG", "name": "Deutschland", "ebene": "bund"},
                {"schluessel": "12", "name": "Land Brandenburg", "ebene": "land", "teil_von": "DG"},
                {"schluessel": "12068", "name": "Landkreis Musterkreis", "ebene": "kreis", "teil_von": "12"},
                *(
                    {"schluessel": f"12068{nr}", "name": name, "ebene": "gemeinde", "teil_von": "12068"}
                    for nr, name in _GEMEINDEN.items()
                ),
            ],
        }
    )
)

WERTE = {
    "blatt_andere_form.xlsx": ({}, [5.0, 6.0]),
    "blatt_versteckt.xlsx": ({}, [99.0]),
    "enc_utf_16.csv": ({}, [5.0, 6.0]),
    "flach_alt_insgesamt.csv": ({}, [100.5, 999.5]),
    "hochgestellt_rich.xlsx": ({}, [1234.0, 1300.0]),
    "html_div.xls": ({"zeit": "2022"}, [32.2]),
    "jahr_kopf_monat_spalte.csv": ({}, [5.0, 6.0, 7.0]),
    "name_fremd.xlsx": ({}, [5.0, 6.0, 7.0, 8.0, 9.0, 1.0]),
    "prozent.csv": ({}, [12.5, 12.5]),
    "schluessel_ohne_land.csv": ({}, [5.0]),
    "sep_zeile.csv": ({}, [987.0]),
    "strict.xlsx": ({}, [5.0, 6.0]),
    "tausenderkomma.csv": ({"zahlform": "englisch"}, [987.0, 1234.0]),
    "tausenderpunkt.csv": ({"zahlform": "deutsch"}, [987.0, 1234.0, 12345.0]),
    "tausenderpunkt_alle.csv": ({"zahlform": "deutsch"}, [99110.0, 99078.0, 98861.0]),
    "zeile_versteckt.xlsx": ({}, [5.0, 6.0, 7.0]),
}
FRAGEN = {
    "ff_strich_eigener_kreis.csv": "strich",
    "gv_null_einwohner.xlsx": "zeit",
    "strich_nicht_erhoben.csv": "strich",
    "tausenderkomma.csv": "zahlform",
    "tausenderpunkt.csv": "zahlform",
    "tausenderpunkt_alle.csv": "zahlform",
}
BEFUNDE = {"fussnote_hochgestellt.csv": "wert-keine-zahl", "monat.csv": "schluessel-doppelt"}


@pytest.mark.parametrize("name", WERTE)
def test_erkannt_wird_der_richtige_wert(name: str) -> None:
    vorgaben, richtig = WERTE[name]
    fund = erkenne(ORDNER / name, VERZEICHNIS, Vorgaben(**vorgaben))
    assert fund.tabelle is not None, fund.befunde
    assert list(fund.tabelle.wert) == richtig


@pytest.mark.parametrize("name", FRAGEN)
def test_was_nur_ein_mensch_weiss_wird_gefragt(name: str) -> None:
    with pytest.raises(FragenOffen) as offen:
        erkenne(ORDNER / name, VERZEICHNIS, Vorgaben())
    assert [f.option for f in offen.value.fragen] == [FRAGEN[name]]


@pytest.mark.parametrize("name", BEFUNDE)
def test_was_der_leser_beanstandet_bleibt_ein_befund(name: str) -> None:
    fund = erkenne(ORDNER / name, VERZEICHNIS, Vorgaben())
    assert fund.tabelle is None
    assert BEFUNDE[name] in {b.kennung for b in fund.befunde}


def test_ohne_tabelle_wird_nichts_erfunden() -> None:
    with pytest.raises(BerichtswerkFehler, match="keine Spalte mit Zahlen"):
        erkenne(ORDNER / "regex_katastrophe.csv", VERZEICHNIS, Vorgaben())


GENESIS = """\
GENESIS-Tabelle: 21111-01-03-4
Allgemeinbildende Schulen;;;;
2015;;;;
;;;Schulen;Schüler
;;;Anzahl;Anzahl
DG;Deutschland;Grundschulen;15421;2715127
12;  Brandenburg;Grundschulen;400;x
12068;    Musterkreis, Landkreis;Grundschulen;12;1200
2016;;;;
12068;    Musterkreis, Landkreis;Grundschulen;13;1300
_____________
© Statistische Ämter des Bundes und der Länder
Stand: 13.12.2017
"""


def test_genesis_mit_kopf_abschnitten_und_fuss(tmp_path: Path) -> None:
    datei = tmp_path / "21111.csv"
    datei.write_bytes(GENESIS.encode("cp1252"))
    fund = erkenne(datei, VERZEICHNIS, Vorgaben())
    assert (fund.angaben["encoding"], fund.angaben["lesen"]["leser"]) == ("cp1252", "genesis_tabelle")
    assert fund.tabelle is not None
    kurz = fund.tabelle.werte.query("gebiet == '12068'")
    assert list(zip(kurz.zeit, kurz.groesse, kurz.wert, strict=True)) == [
        ("2015", "schulen", 12.0), ("2015", "schueler", 1200.0),
        ("2016", "schulen", 13.0), ("2016", "schueler", 1300.0),
    ]  # fmt: skip


def test_zaehlzeile_ist_kein_kopf_aber_jahre_sind_einer(tmp_path: Path) -> None:
    blatt = (mappe := openpyxl.Workbook()).active
    for zeile in (
        ["Schülerinnen und Schüler"], [None], ["AGS", "Name", "Schüler", "Schüler"],
        [None, None, 2021, 2022], [1, 2, 3, 4], ["12068117", "Dreetz", 5, 6],
        ["12068181", "Walsleben", 7, 8], ["Quelle: Schulamt"],
    ):  # fmt: skip
        blatt.append(zeile)
    mappe.save(tmp_path / "schueler.xlsx")
    fund = erkenne(tmp_path / "schueler.xlsx", VERZEICHNIS, Vorgaben())
    assert fund.tabelle is not None
    werte = fund.tabelle.werte
    assert list(zip(werte.zeit, werte.groesse, werte.wert, strict=True)) == [
        ("2021", "schueler", 5.0), ("2022", "schueler", 6.0),
        ("2021", "schueler", 7.0), ("2022", "schueler", 8.0),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "name"),
    [("Bevölkerung (Anzahl)", "bevoelkerung"), ("15 bis unter 20 Jahre", "g_15_bis_unter_20_jahre"),
     ("Post- leitzahl", "postleitzahl"), ("Fläche in km2 1)", "flaeche_in_km2")],
)  # fmt: skip
def test_name_aus_dem_kopftext(text: str, name: str) -> None:
    assert bezeichner(text) == name
