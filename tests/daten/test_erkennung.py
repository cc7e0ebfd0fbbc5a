"""``quelle neu``: Lieferung neben dem, was gelesen, gefragt (?) oder gemeldet (!) wird."""
# ruff: noqa: E501 - Lieferungen stehen im Wortlaut

from __future__ import annotations

import random
import tempfile
import zipfile
from collections.abc import Callable
from datetime import datetime
from itertools import product
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from berichtswerk.daten.erkennung.probe import Fund, erkenne
from berichtswerk.daten.erkennung.texte import bezeichner
from berichtswerk.daten.erkennung.vorgaben import FragenOffen, Vorgaben
from berichtswerk.daten.gebiete import Gebietsdatei, Gebietsverzeichnis
from berichtswerk.grund.meldung import BerichtswerkFehler

GEMEINDEN = {"117": "Dreetz", "181": "Walsleben", "320": "Neuruppin", "280": "Lindow (Mark)",
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
                    for nr, name in GEMEINDEN.items()
                ),
            ],
        }
    )
)

ORDNER = Path(__file__).parent / "leser" / "lieferungen"
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
    "zeile_versteckt.xlsx": ({"verstecktes": "lesen"}, [5.0, 6.0, 7.0]),
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
    fund = erkenne([ORDNER / name], VERZEICHNIS, Vorgaben(**vorgaben))
    assert fund.tabelle is not None, fund.befunde
    assert list(fund.tabelle.wert) == richtig


@pytest.mark.parametrize("name", FRAGEN)
def test_was_nur_ein_mensch_weiss_wird_gefragt(name: str) -> None:
    with pytest.raises(FragenOffen) as offen:
        erkenne([ORDNER / name], VERZEICHNIS, Vorgaben())
    assert [f.option for f in offen.value.fragen] == [FRAGEN[name]]


@pytest.mark.parametrize("name", BEFUNDE)
def test_was_der_leser_beanstandet_bleibt_ein_befund(name: str) -> None:
    fund = erkenne([ORDNER / name], VERZEICHNIS, Vorgaben())
    assert fund.tabelle is None
    assert BEFUNDE[name] in {b.kennung for b in fund.befunde}


def test_ohne_tabelle_wird_nichts_erfunden() -> None:
    with pytest.raises(BerichtswerkFehler, match="keine Spalte mit Zahlen"):
        erkenne([ORDNER / "regex_katastrophe.csv"], VERZEICHNIS, Vorgaben())


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
    fund = erkenne([datei], VERZEICHNIS, Vorgaben())
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
    fund = erkenne([tmp_path / "schueler.xlsx"], VERZEICHNIS, Vorgaben())
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


AUFBAUTEN = {
    "stichtage_und_veraenderung.csv": (
        "Gemeinde;30.06.2023;30.06.2022;Veränderung\nDreetz;5;4;1\nWalsleben;10;8;2\n",
        {}, "117 2023-06-30 5, 117 2022-06-30 4, 181 2023-06-30 10, 181 2022-06-30 8",
    ),
    "alter_im_kopf.csv": (
        "Kinder am 31.12.2022;;\nGemeinde;0;1\nDreetz;10;11\n", {}, "117 2022-12-31 10, 117 2022-12-31 11",
    ),
    "jahr_gruppiert.csv": (
        "Jahr;Gemeinde;n\n2021;Dreetz;5\n;Walsleben;6\n2022;Dreetz;7\n;Walsleben;8\n",
        {}, "117 2021 5, 181 2021 6, 117 2022 7, 181 2022 8",
    ),
    "insgesamt_vorn.csv": (
        "Gemeinde;2023\nInsgesamt;11\nDreetz;5\nWalsleben;6\n", {}, "117 2023 5, 181 2023 6",
    ),
    "schluessel_und_name_in_einem_feld.csv": (
        "Region;Dez 2023;Jan 2024\nDeutschland;9;9\n12068 Musterkreis;5;6\n12070 Prignitz;1;2\n",
        {}, "Kreis 2023-12 5, Kreis 2024-01 6",
    ),
    "name_mit_schluessel.csv": (
        "Gemeinde;Jahr;n\nDreetz (12068117);2021;5\nWalsleben (12068181);2021;6\n", {}, "117 2021 5, 181 2021 6",
    ),
    "schluessel_oder_name.csv": (
        "ags,gebiet,zeit,wert\n12068117,Dreetz,2021,5\n,Lindow (Mark),2021,6\n,Musterstadt,2021,7\n",
        {}, "117 2021 5, 280 2021 6",
    ),
    "werte_im_fuss.csv": (
        "ags;jahr;n\n12068117;2021;5\n;2021;7\n;2022;8\nQuelle: Amt\n",
        {}, "! gebiet-leer",
    ),
    "semikolon_im_text.csv": (
        'ags,jahr,n,quelle\n12068117,2021,5,"Amt; Tabelle 1"\n12068181,2021,6,"Amt; Tabelle 2"\n',
        {}, "117 2021 5, 181 2021 6",
    ),
    "zeit_als_text.csv": (
        "ags;jahr;zeit;indikator;wert\n12068;2021;Schuljahr 2021 laut Tabelle;Abgänge;5\n12068;2021;2021;Schulen;6\n",
        {}, "Kreis 2021 5, Kreis 2021 6",
    ),
    "gebiete_im_kopf.csv": (
        "Jahr;Dreetz;Walsleben;Neuruppin\n2021;5;6;7\n2022;8;9;10\n",
        {}, "117 2021 5, 181 2021 6, 320 2021 7, 117 2022 8, 181 2022 9, 320 2022 10",
    ),
    "abschnitte_text.csv": (
        "AGS;Name;Anzahl\nmännlich;;\n12068117;Dreetz;5\n12068181;Walsleben;6\nweiblich;;\n12068117;Dreetz;7\n12068181;Walsleben;8\n",
        {"zeit": "2021"}, "117 2021 5, 181 2021 6, 117 2021 7, 181 2021 8",
    ),
    "auffuellen.csv": (
        "Gemeinde;Art;2021;2022\nDreetz;Krippe;5;6\n;Kita;7;8\nWalsleben;Krippe;1;2\n;Kita;3;4\n",
        {}, "117 2021 5, 117 2022 6, 117 2021 7, 117 2022 8, 181 2021 1, 181 2022 2, 181 2021 3, 181 2022 4",
    ),
    "insgesamt.csv": (
        "Gemeinde;2023\nDreetz;5\nWalsleben;6\nInsgesamt;11\n",
        {}, "117 2023 5, 181 2023 6",
    ),
    "kreis_zeile.csv": (
        "Gemeinde;2023\nDreetz;5\nWalsleben;6\nLandkreis Musterkreis;11\n",
        {}, "117 2023 5, 181 2023 6, Kreis 2023 11",
    ),
    "monate_zeilen.csv": (
        "AGS;Monat;Arbeitslose\n12068;Januar 2024;10\n12068;Februar 2024;11\n",
        {}, "Kreis 2024-01 10, Kreis 2024-02 11",
    ),
    "jahr_und_monat.csv": (
        "Jahr;Monat;AGS;n\n2024;Januar;12068;10\n2024;Februar;12068;11\n",
        {}, "Kreis 2024-01 10, Kreis 2024-02 11",
    ),
    "jahr_und_monatszahl.csv": (
        "Jahr;Monat;AGS;n\n2024;1;12068;10\n2024;2;12068;11\n2024;3;12068;12\n",
        {}, "Kreis 2024-01 10, Kreis 2024-02 11, Kreis 2024-03 12",
    ),
    "quartal.csv": (
        "AGS;Quartal;n\n12068;1. Quartal 2024;10\n12068;2. Quartal 2024;11\n",
        {}, "Kreis 2024-Q1 10, Kreis 2024-Q2 11",
    ),
    "kopf_mit_jahr.csv": (
        "Gemeinde;Einwohner 2021;Einwohner 2022;Plätze 2021;Plätze 2022\nDreetz;5;6;7;8\nWalsleben;1;2;3;4\n",
        {}, "117 2021 5, 117 2022 6, 117 2021 7, 117 2022 8, 181 2021 1, 181 2022 2, 181 2021 3, 181 2022 4",
    ),
    "nur_kreis_jahre.csv": (
        "Jahr;Geburten;Sterbefälle\n2021;600;1300\n2022;580;1350\n",
        {"gebiet": "12068"}, "Kreis 2021 600, Kreis 2021 1300, Kreis 2022 580, Kreis 2022 1350",
    ),
    "nur_kreis_transponiert.csv": (
        "Merkmal;2021;2022\nGeburten;600;580\nSterbefälle;1300;1350\n",
        {"gebiet": "12068"}, "Kreis 2021 600, Kreis 2022 580, Kreis 2021 1300, Kreis 2022 1350",
    ),
    "alter_zahl.csv": (
        "AGS;Jahr;Alter;Anzahl\n12068;2023;0;10\n12068;2023;1;11\n12068;2023;2;12\n",
        {}, "Kreis 2023 10, Kreis 2023 11, Kreis 2023 12",
    ),
    "ohne_kopf.csv": (
        "12068117;2021;5\n12068181;2021;6\n12068320;2021;7\n",
        {}, "117 2021 5, 181 2021 6, 320 2021 7",
    ),
    "zahl_wie_jahr.csv": (
        "AGS;Einwohner\n12068117;1995\n12068181;2003\n",
        {"zeit": "2023"}, "117 2023 1995, 181 2023 2003",
    ),
    "zahl_wie_jahr_ohne_zeit.csv": (
        "AGS;Einwohner\n12068117;1995\n12068181;2003\n",
        {}, "? zeit",
    ),
    "ars.csv": (
        "ARS;Jahr;n\n120680000000;2023;5\n120000000000;2023;50\n",
        {}, "Kreis 2023 5, 12 2023 50",
    ),
    "ags_leer.csv": (
        "Schlüssel;Jahr;n\n12 068 117;2023;5\n12 068 181;2023;6\n",
        {}, "117 2023 5, 181 2023 6",
    ),
    "ba.csv": (
        "Region;Schlüssel;Berichtsmonat;Arbeitslose;Quote\nMusterkreis;12068;Dezember 2023;3.456;7,1\nDreetz;12068117;Dezember 2023;*;3,2\n",
        {}, "Kreis 2023-12 3456, Kreis 2023-12 7.1, 117 2023-12 –, 117 2023-12 3.2",
    ),
    "lang.csv": (
        "ags;jahr;indikator;wert\n12068;2021;Geburten;600\n12068;2021;Sterbefälle;1300\n12068;2022;Geburten;580\n",
        {}, "Kreis 2021 600, Kreis 2021 1300, Kreis 2022 580",
    ),
    "lang_einheit.csv": (
        "ags;jahr;indikator;einheit;wert\n12068;2021;Geburten;Anzahl;600\n12068;2021;Quote;Prozent;13,5\n",
        {}, "Kreis 2021 600, Kreis 2021 13.5",
    ),
    "titel_stichtag.csv": (
        "Bevölkerung am 31.12.2023;;\n;;\nAGS;Name;Einwohner\n12068117;Dreetz;1170\n12068181;Walsleben;800\n",
        {}, "117 2023-12-31 1170, 181 2023-12-31 800",
    ),
    "titel_erstellt.csv": (
        "Bevölkerung;;\nErstellt am 15.03.2024;;\nAGS;Name;Einwohner\n12068117;Dreetz;1170\n12068181;Walsleben;800\n",
        {}, "? zeit",
    ),
    "bevoelkerung_2023.csv": (
        "AGS;Name;Einwohner\n12068117;Dreetz;1170\n12068181;Walsleben;800\n",
        {}, "117 2023 1170, 181 2023 800",
    ),
    "export_2024-03-15.csv": (
        "AGS;Name;Einwohner\n12068117;Dreetz;1170\n12068181;Walsleben;800\n",
        {}, "? zeit",
    ),
    "schuljahr.csv": (
        "Gemeinde;Schuljahr;Schüler\nDreetz;2022/23;50\nDreetz;2023/24;55\n",
        {}, "117 2022/23 50, 117 2023/24 55",
    ),
    "veraenderung.csv": (
        "Gemeinde;2021;2022;Veränderung in %\nDreetz;5;6;20,0\nWalsleben;1;2;100,0\n",
        {}, "117 2021 5, 117 2022 6, 181 2021 1, 181 2022 2",
    ),
    "name_verschrieben.csv": (
        "Gemeinde;2021\nDreez;5\nWalsleben;1\nNeuruppin;2\n",
        {}, "! gebiet-unbekannt",
    ),
    "fremdes.csv": (
        "Gemeinde;2021\nDreetz;5\nWalsleben;1\nNeuruppin;2\nBerlin;100\n",
        {}, "117 2021 5, 181 2021 1, 320 2021 2",
    ),
    "anfuehrung.csv": (
        '"AGS";"Name";"Jahr";"n"\n"12068117";"Dreetz, ""Dorf""";"2021";"5"\n',
        {}, "117 2021 5",
    ),
    "negativ.csv": (
        "AGS;Jahr;Saldo\n12068117;2021;-5\n12068181;2021;12\n",
        {}, "117 2021 -5, 181 2021 12",
    ),
    "leer_zwischen.csv": (
        "AGS;Jahr;n\n12068117;2021;5\n;;\n12068181;2021;6\n\nSumme;;11\n",
        {}, "117 2021 5, 181 2021 6",
    ),
    "zwei_zeilen_einheit.csv": (
        "Gemeinde;Fläche;Einwohner\n;km²;Anzahl\nDreetz;64,75;1170\nWalsleben;12,5;800\n",
        {"zeit": "2023"}, "117 2023 64.75, 117 2023 1170, 181 2023 12.5, 181 2023 800",
    ),
    "pipe.txt": (
        "AGS|Jahr|n\n12068117|2021|5\n12068181|2021|6\n",
        {}, "117 2021 5, 181 2021 6",
    ),
    "kurz.csv": (
        "AGS;Jahr;n\n12068117;2021;1,5\n12068181;2021;22,25\n",
        {}, "117 2021 1.5, 181 2021 22.25",
    ),
    "tausend_sicher.csv": (
        "AGS;Jahr;n;q\n12068117;2021;1.500;1,5\n12068181;2021;22.250;2,5\n",
        {}, "117 2021 1500, 117 2021 1.5, 181 2021 22250, 181 2021 2.5",
    ),
    "dreistellig.csv": (
        "AGS;Jahr;q\n12068117;2021;1.500\n12068181;2021;22.251\n",
        {}, "? zahlform",
    ),
    "dreistellig_neben_bruch.csv": (
        "AGS;Jahr;n;q\n12068117;2021;31.500;0.512\n12068181;2021;904;12.5\n",
        {}, "? zahlform",
    ),
    "dreistellige_brueche.csv": (
        "AGS;Jahr;q\n12068117;2021;1.500\n12068181;2021;0.512\n",
        {}, "117 2021 1.5, 181 2021 0.512",
    ),
    "dreistellig_neben_bruch_schlicht.csv": (
        "AGS;Jahr;n;q\n12068117;2021;31.500;0.512\n12068181;2021;904;12.5\n",
        {"zahlform": "schlicht"}, "117 2021 31.5, 117 2021 0.512, 181 2021 904, 181 2021 12.5",
    ),
    "dreistellig_neben_bruch_deutsch.csv": (
        "AGS;Jahr;n;q\n12068117;2021;31.500;0.512\n12068181;2021;904;12.5\n",
        {"zahlform": "deutsch"}, "117 2021 31500, 117 2021 0.512, 181 2021 904, 181 2021 12.5",
    ),
    "fremdes_zuerst_nach_namen.csv": (
        "Land;Jahr;n\nHamburg;2022;100\nHessen;2022;90\nBrandenburg;2022;50\n",
        {}, "12 2022 50",
    ),
    "fremdes_zuerst_nach_nummer.csv": (
        "AGS;Name;Jahr;n\n5;Nordrhein-Westfalen;2022;750000\n12;Land Brandenburg;2022;50000\n12068;Musterkreis;2022;60\n",
        {}, "12 2022 50000, Kreis 2022 60",
    ),
    "werte_wie_jahre.csv": (
        "Gemeinde;2021;2022\nBerlin;2021;2022\nNeuruppin;31345;31500\n",
        {}, "320 2021 31345, 320 2022 31500",
    ),
    "postleitzahl.csv": (
        "PLZ;Ort;Jahr;n\n16816;Neuruppin;2022;17\n16833;Dreetz;2022;4\n12068;Walsleben;2022;7\n",
        {}, "320 2022 17, 117 2022 4, 181 2022 7",
    ),
    "nummern_die_keine_schluessel_sind.csv": (
        "Bezirk;Stelle;Jahr;n\n16816;A;2022;17\n16833;B;2022;4\n12068;C;2022;7\n",
        {}, "? gebiet",
    ),
    "quartale_im_kopf.csv": (
        "Jahr;AGS;I;II;III;IV;Jahr gesamt\n2022;12068;1;2;3;4;10\n2023;12068;5;6;7;8;26\n",
        {}, "Kreis 2022-Q1 1, Kreis 2022-Q2 2, Kreis 2022-Q3 3, Kreis 2022-Q4 4, "
        "Kreis 2023-Q1 5, Kreis 2023-Q2 6, Kreis 2023-Q3 7, Kreis 2023-Q4 8",
    ),
    "stufen_im_kopf.csv": (
        "Jahr;AGS;I;II;III\n2022;12068;1;2;3\n", {}, "Kreis 2022 1, Kreis 2022 2, Kreis 2022 3",
    ),
    "monate_im_kopf_jahr_im_titel.csv": (
        "Arbeitslose 2024;;\nAGS;Jan;Mrz\n12068117;5;6\n12068181;7;8\n",
        {}, "117 2024-01 5, 117 2024-03 6, 181 2024-01 7, 181 2024-03 8",
    ),
    "monate_unter_jahren.csv": (
        ";2023;2023;2024;2024\nAGS;Jan;Feb;Jan;Feb\n12068117;5;6;7;8\n",
        {}, "117 2023-01 5, 117 2023-02 6, 117 2024-01 7, 117 2024-02 8",
    ),
    "monate_ohne_jahr.csv": ("AGS;Jan;Feb\n12068117;5;6\n", {}, "? zeit"),
    "monate_mit_jahr_als_antwort.csv": (
        "AGS;Jan;Feb\n12068117;5;6\n", {"zeit": "2024"}, "117 2024-01 5, 117 2024-02 6",
    ),
    "einheiten_gemischt.csv": (
        "AGS;Jahr;Merkmal;Wert;Einheit\n12068;2022;Einwohner;99,9;1 000\n12;2022;Einwohner;2573135;Anzahl\n",
        {}, "! einheit-gemischt",
    ),
    "gebiete_im_kopf_und_antwort.csv": (
        "Jahr;Dreetz;Walsleben;Neuruppin\n2021;5;6;7\n2022;8;9;10\n", {"gebiet": "12068"}, "! gebiet-widerspricht",
    ),
    "gebietsspalte_und_antwort.csv": (
        "AGS;Jahr;n\n12068117;2021;5\n12068181;2021;6\n", {"gebiet": "12068"}, "! gebiet-widerspricht",
    ),
    "gebietsspalte_und_gleiche_antwort.csv": (
        "AGS;Jahr;n\n12068;2021;5\n99999;2021;6\n", {"gebiet": "12068"}, "Kreis 2021 5",
    ),
    "jahre_in_klammern.csv": (
        "AGS;Plätze (2021);Plätze (2022)\n12068117;5;6\n", {}, "117 2021 5, 117 2022 6",
    ),
    "jahre_mit_fussnote.csv": (
        "AGS;2021;2023p;20241)\n12068117;5;6;7\n", {}, "117 2021 5, 117 2023 6, 117 2024 7",
    ),
    "jahre_und_antwort.csv": (
        "AGS;Jahr;n\n12068117;2021;5\n12068181;2022;6\n", {"zeit": "2021"}, "! zeit-widerspricht",
    ),
    "jahr_und_gleiche_antwort.csv": (
        "AGS;Jahr;n\n12068117;2021;5\n12068181;2021;6\n", {"zeit": "2021-12-31"},
        "117 2021-12-31 5, 181 2021-12-31 6",
    ),
    "fuss_viel.csv": (
        "AGS;Jahr;n\n12068117;2021;5\n12068181;2021;6\n1) vorläufig\n2) ohne Hort, 2021 noch 12 Plätze\n© Amt, 2022\n",
        {}, "117 2021 5, 181 2021 6",
    ),
    "pendler.csv": (
        "Wohnort AGS;Arbeitsort AGS;Jahr;n\n12068117;12068320;2021;5\n12068117;12068181;2021;6\n",
        {}, "? gebiet",
    ),
    "pendler_wohnort.csv": (
        "Wohnort AGS;Arbeitsort AGS;Jahr;n\n12068117;12068320;2021;5\n12068117;12068181;2021;6\n",
        {"gebiet": "Wohnort AGS"}, "117 2021 5, 117 2021 6",
    ),
    "einrichtungen.csv": (
        "Gemeinde;Einrichtung;Eröffnet;Plätze\nDreetz;Kita A;01.08.2010;50\nDreetz;Kita B;01.08.2015;60\n",
        {}, "? zeit",
    ),
    "schweizerisch.csv": (
        "AGS;Jahr;n;q\n12068117;2021;8'990;12.5\n12068320;2021;31’345;7.25\n",
        {}, "117 2021 8990, 117 2021 12.5, 320 2021 31345, 320 2021 7.25",
    ),
    "minus_hinten.csv": ("AGS;Jahr;saldo\n12068117;2021;67-\n12068320;2021;12\n", {}, "? minus"),
    "minus_hinten_gesagt.csv": (
        "AGS;Jahr;saldo\n12068117;2021;67-\n12068320;2021;12\n", {"minus": "hinten"}, "117 2021 -67, 320 2021 12"
    ),
    "klammer_neben_minus.csv": ("AGS;Jahr;saldo\n12068117;2021;(7)\n12068320;2021;-12\n", {}, "? minus"),
    "klammer_und_hinten.csv": (
        "AGS;Jahr;saldo\n12068117;2021;(7)\n12068320;2021;12-\n12068181;2021;3\n",
        {"minus": "hinten,klammer"}, "117 2021 -7, 320 2021 -12, 181 2021 3",
    ),
    "minus_vor_tausend.csv": ("AGS;Jahr;saldo\n12068117;2021;−1.204\n12068320;2021;12\n", {}, "? zahlform"),
    "teile_kurz.csv": (
        "Kr;Gem;Name;Jahr;n\n68;320;A;2023;5\n68;117;B;2023;6\n70;8;C;2023;7\n", {}, "320 2023 5, 117 2023 6"
    ),
    "summe_oben.csv": (
        "AGS;Name;2021\n;Insgesamt;9\n12068117;Dreetz;5\n12068320;Neuruppin;4\n", {}, "117 2021 5, 320 2021 4"
    ),
    "fragezeichen.csv": ("AGS;Jahr;n\n12068117;2021;??\n12068320;2021;5\n12068181;2021;6\n", {}, "? zeichen"),
    "fragezeichen_gesagt.csv": (
        "AGS;Jahr;n\n12068117;2021;??\n12068320;2021;5\n12068181;2021;6\n", {"zeichen": {"??": "unbekannt"}},
        "117 2021 –, 320 2021 5, 181 2021 6",
    ),
    "langer_strich.csv": ("AGS;Jahr;n\n12068117;2021;—\n12068320;2021;5\n12068181;2021;6\n", {}, "? strich"),
    "stand.csv": (
        "AGS;Stand;n\n12068117;30.06.2021;5\n12068320;30.06.2021;6\n", {}, "117 2021-06-30 5, 320 2021-06-30 6"
    ),
    "zeit_gegen_unlesbare.csv": (
        "AGS;Datum;n\n12068117;03/01/2022;5\n12068320;12/31/2023;6\n", {"zeit": "2022"}, "! zeit-widerspricht"
    ),
    "ein_tag_unlesbar.csv": (
        "AGS;Stichtag;n\n12068117;31.12.2021;5\n12068181;31.12.2022;6\n12068320;31.06.2023;7\n", {},
        "! zeit-unlesbar",
    ),
    "punktlinie.csv": ("Gemeinde;2022\nDreetz ........;5\nNeuruppin ...;6\n", {}, "117 2022 5, 320 2022 6"),
    "schluessel_als_bruch.csv": (",ags,jahr,n\n0,12068320.0,2022,5\n1,12068117.0,2022,6\n", {}, "320 2022 5, 117 2022 6"),
    "schluessel_mit_apostroph.csv": ("AGS;Jahr;n\n'12068320;2022;5\n'12068117;2022;6\n", {}, "320 2022 5, 117 2022 6"),
    "zeilennummern.csv": (",ags,jahr,n\n0,12068320,2022,5\n1,12068117,2022,6\n", {}, "320 2022 5, 117 2022 6"),
    "na.csv": ("ags,jahr,n\n12068320,2022,NA\n12068117,2022,6\n", {}, "320 2022 –, 117 2022 6"),
    "unter_drei.csv": ("AGS;Jahr;n\n12068320;2022;<3\n12068117;2022;6\n", {}, "? zeichen"),
    "ort_mit_titel.csv": (
        "Ort;Jahr;n\nNeuruppin (Fontanestadt);2022;5\nDreetz;2022;6\nLindow (Mark), St.;2022;7\n", {},
        "320 2022 5, 117 2022 6, 280 2022 7",
    ),
    "ort_mit_ortsteil.csv": ("Ort;Jahr;n\nNeuruppin (Mitte);2022;5\nDreetz;2022;6\n", {}, "! gebiet-unbekannt"),
    "gebiet_ueber_jahr.csv": (
        ";Neuruppin;;Dreetz;\nAlter;2021;2022;2021;2022\nunter 18;1;2;3;4\nab 18;5;6;7;8\n", {},
        "320 2021 1, 320 2022 2, 117 2021 3, 117 2022 4, 320 2021 5, 320 2022 6, 117 2021 7, 117 2022 8",
    ),
    "zweistellige_jahre.csv": ("AGS;'21;'22\n12068320;5;6\n12068117;7;8\n", {}, "320 2021 5, 320 2022 6, 117 2021 7, 117 2022 8"),
    "ein_jahr_im_kopf.csv": (
        "AGS;Name;Plätze 2023\n12068320;Neuruppin;5\n12068117;Dreetz;6\n;Gesamtsumme;11\n1) ohne Hort;;\n", {},
        "320 2023 5, 117 2023 6",
    ),
    "zeitstempel.csv": ("ags,timestamp,n\n12068320,2023-12-31T00:00:00,5\n", {}, "320 2023-12-31 5"),
    "einheit_dahinter.csv": ("AGS;Jahr;Fläche\n12068320;2022;305,19 km²\n12068117;2022;7,5 km²\n", {}, "320 2022 305.19, 117 2022 7.5"),
    "euro_davor.csv": ("AGS\tJahr\tKosten\n12068320\t2022\t€ 1.200,00\n12068117\t2022\t€ 350,50\n", {}, "320 2022 1200, 117 2022 350.5"),
    "klammer_allein.csv": ("AGS;Jahr;ergebnis\n12068117;2021;(1.204,50)\n12068320;2021;312,00\n", {}, "? minus"),
    "klammer_amtlich.csv": (
        "AGS;Jahr;n\n12068117;2021;(7)\n12068320;2021;312\n12068181;2021;/\n", {},
        "117 2021 7, 320 2021 312, 181 2021 –",
    ),
    "kreis_als_ueberschrift.csv": (
        "Gemeinde;2021;2022\nLandkreis Musterkreis;;\nDreetz;5;6\nWalsleben;1;2\n", {},
        "117 2021 5, 117 2022 6, 181 2021 1, 181 2022 2",
    ),
    "viele_ka.csv": (
        "AGS;Jahr;n;m\n12068117;2021;k.A.;1\n12068181;2021;k.A.;2\n12068320;2021;5;3\n",
        {}, "117 2021 –, 117 2021 1, 181 2021 –, 181 2021 2, 320 2021 5, 320 2021 3",
    ),
    "verschrieben_hinten.csv": (
        "Gemeinde;2021\nDreetz;5\nWalsleben;1\nNeurupin;2\nLindoww;4\n",
        {}, "! gebiet-unbekannt",
    ),
    "verschrieben_vorn2.csv": (
        "Gemeinde;2021;2022\n;Anzahl;Anzahl\nDreez;5;6\nWalsleben;1;2\nNeuruppin;2;3\n",
        {}, "! gebiet-unbekannt",
    ),
    "vorlaeufig.csv": (
        "AGS;Jahr;n\n12068117;2021;5\n12068117;2022*;6\n",
        {}, "117 2021 5, 117 2022 6",
    ),
    "p_r.csv": (
        "AGS;Jahr;n\n12068117;2021;5 p\n12068117;2022;6 r\n",
        {}, "117 2021 5, 117 2022 6",
    ),
    "klammer.csv": (
        "AGS;Jahr;n\n12068117;2021;(5)\n12068117;2022;/\n",
        {}, "117 2021 5, 117 2022 –",
    ),
    "zwei_zeiten_titel.csv": (
        "Kita-Bedarfsplan 2024 bis 2026;;\nAGS;Name;n\n12068117;Dreetz;5\n",
        {}, "? zeit",
    ),
    "q_spalten.csv": (
        "AGS;Jahr;n;n_q\n12068117;2021;5;p\n12068117;2022;6;\n",
        {}, "117 2021 5, 117 2022 6",
    ),
    "zellen_tausend_leer.csv": (
        "AGS;Jahr;n\n12068117;2021;1 234\n12068181;2021;12 345\n",
        {}, "117 2021 1234, 181 2021 12345",
    ),
    "apostroph.csv": (
        "AGS;Jahr;n\n12068117;2021;1'234\n12068181;2021;12'345\n",
        {}, "117 2021 1234, 181 2021 12345",
    ),
    "schluessel_zerstoert.csv": (
        "ARS;Gemeinde;Jahr;n\n1,20680E+11;Dreetz;2021;5\n1,20680E+11;Walsleben;2021;6\n",
        {}, "117 2021 5, 181 2021 6",
    ),
    "zahl_mit_text.csv": (
        "AGS;Jahr;n;w\n12068117;2021;5;12 Kinder\n12068181;2021;6;ca. 5\n12068320;2021;7;keine\n",
        {}, "? zeichen",
    ),
    "vorjahr.csv": (
        "AGS;Berichtsjahr;Vorjahr;n\n12068;2022;2021;10\n12068;2023;2022;20\n",
        {}, "Kreis 2022 10, Kreis 2023 20",
    ),
    "nur_zeichen.csv": (
        "AGS;Jahr;n\n12068117;2021;.\n12068181;2021;.\n",
        {}, "117 2021 –, 181 2021 –",
    ),
    "euro.csv": (
        "AGS;Jahr;Betrag\n12068117;2021;1.234,50 €\n12068181;2021;12,00 €\n",
        {}, "117 2021 1234.5, 181 2021 12",
    ),
    "leere_spalte.csv": (
        ";AGS;Jahr;n;\n;12068117;2021;5;\n;12068181;2021;6;\n",
        {}, "117 2021 5, 181 2021 6",
    ),
    "gross.csv": (
        "AGS;JAHR;ANZAHL\n12068117;2021;5\n",
        {}, "117 2021 5",
    ),
    "amtlich_name.csv": (
        "Gebiet;Jahr;n\nNeuruppin, Stadt;2021;5\nDreetz;2021;6\nMusterkreis, Landkreis;2021;99\n",
        {}, "320 2021 5, 117 2021 6, Kreis 2021 99",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", AUFBAUTEN)
def test_aufbau(name: str, tmp_path: Path) -> None:
    text, vorgaben, soll = AUFBAUTEN[name]
    (tmp_path / name).write_bytes(text.encode())
    assert _ergebnis(tmp_path / name, Vorgaben(**vorgaben)) == soll


UEBRIGE = {
    "AGS;Jahr;n;Status\n12068117;2021;5;vorläufig\n12068181;2021;6;endgültig\n": "Nicht gelesen: „Status“",
    "AGS;Ort;Jahr;n\n12068117;Dreetz;2021;5\n12068181;Walsleben;2021;6\n": "Nicht gelesen: „Ort“",
    "AGS;Jahr;n;Anschrift\n12068117;2021;5;Weg 7\n12068181;2021;6;Weg 9\n":
        "Zu entscheiden: Zahlen stehen auch in „Anschrift“",
    "AGS;Jahr;Vorjahr;n\n12068117;2021;2020;5\n12068181;2021;2020;6\n": "Nicht gelesen (Zeitangaben): „Vorjahr“",
}  # fmt: skip


@pytest.mark.parametrize("text", UEBRIGE)
def test_jede_spalte_ohne_rolle_wird_genannt(text: str, tmp_path: Path) -> None:
    (tmp_path / "lieferung.csv").write_text(text, encoding="utf-8")
    fund = erkenne([tmp_path / "lieferung.csv"], VERZEICHNIS, Vorgaben())
    assert fund.tabelle is not None
    assert fund.bemerkungen == [UEBRIGE[text]]


OFFENE = {
    "AGS;Jahr;n;Anschrift\n12068117;2021;5;Weg 7\n12068181;2021;6;Weg 9\n": {"Anschrift": "dort stehen Zahlen"},
    "AGS;Jahr;n;m\n12068117;2021;5;\n12068181;2021;6;\n": {"m": "leer"},
    "AGS;2021;2022;gesamt\n12068117;5;1;6\n12068181;6;2;8\n": {"gesamt": "Zahlen ohne Zeit im Kopf"},
    "AGS;Jahr;n;Status\n12068117;2021;5;a\n12068181;2021;6;b\n": {},
}  # fmt: skip


@pytest.mark.parametrize("text", OFFENE)
def test_ungelesene_zahlen_bleiben_offen_bis_jemand_entscheidet(text: str, tmp_path: Path) -> None:
    (tmp_path / "lieferung.csv").write_text(text, encoding="utf-8")
    fund = erkenne([tmp_path / "lieferung.csv"], VERZEICHNIS, Vorgaben())
    assert fund.tabelle is not None
    offen = {spalte: f"OFFEN: {warum}" for spalte, warum in OFFENE[text].items()}
    assert fund.angaben["lesen"].get("ungelesen", {}) == offen


def test_blaetter_mit_verschiedenem_aufbau_werden_zusammen_gelesen(tmp_path: Path) -> None:
    mappe = openpyxl.Workbook()
    for name, zeilen in {
        "2021": [["AGS", "Name", "Kinder"], ["12068117", "Dreetz", 5]],
        "2022": [["Kinder 2022"], [], ["Name", "ha", "AGS", "Kinder"], ["Dreetz", 7.5, "12068117", 6]],
        "2023": [["Kennziffer", "Ort", "Kinder"], ["12068117", "Dreetz", 7]],
    }.items():
        blatt = mappe.create_sheet(name)
        for zeile in zeilen:
            blatt.append(zeile)
    del mappe["Sheet"]
    mappe.save(datei := tmp_path / "kinder.xlsx")
    assert _ergebnis(datei, Vorgaben()) == "117 2021 5, 117 2022 7.5, 117 2022 6, 117 2023 7"
    lesen = erkenne([datei], VERZEICHNIS, Vorgaben()).angaben["lesen"]
    assert set(lesen["je_blatt"]) == {"2022", "2023"}
    assert lesen["je_blatt"]["2022"]["groessen"] == {"ha": "ha", "kinder": "Kinder"}


def test_deckblatt_und_inhalt_sind_keine_frage(tmp_path: Path) -> None:
    mappe = openpyxl.Workbook()
    for name, zeilen in {
        "Inhalt": [["1", "Bevölkerung", "3"], ["2", "Haushalte", "5"]],
        "1": [
            ["1. Bevölkerung am 31. Dezember 2023"],
            [],
            ["AGS", "Insgesamt"],
            ["12068117", 5],
            ["12068181", 6],
        ],
    }.items():
        blatt = mappe.create_sheet(name)
        for zeile in zeilen:
            blatt.append(zeile)
    del mappe["Sheet"]
    mappe.save(datei := tmp_path / "bericht.xlsx")
    assert _ergebnis(datei, Vorgaben()) == "117 2023-12-31 5, 181 2023-12-31 6"
    fund = erkenne([datei], VERZEICHNIS, Vorgaben())
    assert fund.bemerkungen == ["Blatt nicht gelesen: Inhalt: kein Gebiet genannt"]


def test_alle_tabellen_eines_archivs_oder_die_genannte(tmp_path: Path) -> None:
    with zipfile.ZipFile(datei := tmp_path / "paket.zip", "w") as archiv:
        for jahr in ("2021", "2022"):
            archiv.writestr(f"k_{jahr}.csv", f"AGS;Jahr;n\n12068117;{jahr};{jahr[3:]}\n")
            archiv.writestr(f"__MACOSX/._k_{jahr}.csv", "x")
        archiv.writestr("liesmich.txt", "Hinweise")
    assert _ergebnis(datei, Vorgaben()) == "117 2021 1, 117 2022 2"
    assert erkenne([datei], VERZEICHNIS, Vorgaben()).angaben["innerpath"] == ["k_2021.csv", "k_2022.csv"]
    assert _ergebnis(datei, Vorgaben(blatt="k_2022.csv")) == "117 2022 2"
    with zipfile.ZipFile(datei, "a") as archiv:
        archiv.writestr("anders.csv", "AGS;Jahr;m;w\n12068117;2021;5;6\n")
    assert _ergebnis(datei, Vorgaben()) == "? blatt"


def test_mehrere_dateien_gleicher_form(tmp_path: Path) -> None:
    dateien = [tmp_path / f"bestand_{jahr}.csv" for jahr in ("2022", "2023")]
    for datei, wert in zip(dateien, (5, 6), strict=True):
        datei.write_text(f"AGS;Kinder\n12068117;{wert}\n12068181;1\n", encoding="utf-8")
    fund = erkenne(dateien, VERZEICHNIS, Vorgaben())
    assert [(z, w) for _, z, w in _werte(fund)] == [
        ("2022", 5.0),
        ("2022", 1.0),
        ("2023", 6.0),
        ("2023", 1.0),
    ]
    assert "extrapaths" not in fund.angaben


def test_formelspalten_verschwinden_nicht_und_werden_einmal_gefragt(tmp_path: Path) -> None:
    blatt = (mappe := openpyxl.Workbook()).active
    for zeile in (
        ["AGS", "Jahr", "m", "Summe"],
        ["12068117", 2021, 5, "=C2+1"],
        ["12068181", 2021, 6, "=C3+1"],
    ):
        blatt.append(zeile)
    mappe.save(tmp_path / "formeln.xlsx")
    assert _ergebnis(tmp_path / "formeln.xlsx", Vorgaben()) == "? formeln"
    assert _ergebnis(tmp_path / "formeln.xlsx", Vorgaben(formeln="gespeicherter_wert")).startswith("! formel")


def test_die_frage_nach_der_zeit_nennt_was_nicht_zu_lesen_ist(tmp_path: Path) -> None:
    text = "AGS;Stichtag;n\n12068117;31.12.2021;5\n12068181;31.06.2023;6\n"
    (tmp_path / "lieferung.csv").write_text(text, encoding="utf-8")
    with pytest.raises(FragenOffen) as offen:
        erkenne([tmp_path / "lieferung.csv"], VERZEICHNIS, Vorgaben())
    assert [f.grund for f in offen.value.fragen] == [
        "In der Spalte „Stichtag“ ist keine Zeit zu lesen: „31.06.2023“."
    ]


def test_ein_monatserster_unter_monaten_meint_den_monat(tmp_path: Path) -> None:
    blatt = (mappe := openpyxl.Workbook()).active
    for zeile in (["AGS", "Monat", "n"], ["12068117", "Mai 2023", 5], ["12068117", datetime(2023, 6, 1), 6]):
        blatt.append(zeile)
    mappe.save(datei := tmp_path / "monate.xlsx")
    assert _ergebnis(datei, Vorgaben()) == "117 2023-05 5, 117 2023-06 6"


def test_blattnamen_sind_stichtage(tmp_path: Path) -> None:
    mappe = openpyxl.Workbook()
    for name, wert in (("31.12.2021", 5), ("31.12.2022 (vorl.)", 7)):
        blatt = mappe.create_sheet(name)
        for zeile in (["AGS", "Kinder"], ["12068117", wert], ["12068181", wert + 1]):
            blatt.append(zeile)
    del mappe["Sheet"]
    mappe.save(datei := tmp_path / "kinder.xlsx")
    soll = "117 2021-12-31 5, 181 2021-12-31 6, 117 2022-12-31 7, 181 2022-12-31 8"
    assert _ergebnis(datei, Vorgaben()) == soll


def test_blattnamen_sind_gebiete(tmp_path: Path) -> None:
    mappe = openpyxl.Workbook()
    for name, wert in (("Neuruppin", 5), ("Dreetz", 7)):
        blatt = mappe.create_sheet(name)
        for zeile in (["Jahr", "Kinder"], [2021, wert], [2022, wert + 1]):
            blatt.append(zeile)
    del mappe["Sheet"]
    mappe.save(datei := tmp_path / "kinder.xlsx")
    assert _ergebnis(datei, Vorgaben()) == "320 2021 5, 320 2022 6, 117 2021 7, 117 2022 8"
    assert _ergebnis(datei, Vorgaben(gebiet="12068")) == "! gebiet-widerspricht"


def _ergebnis(pfad: Path, vorgaben: Vorgaben) -> str:
    try:
        fund = erkenne([pfad], VERZEICHNIS, vorgaben)
    except FragenOffen as offen:
        return "? " + " ".join(f.option for f in offen.fragen)
    except BerichtswerkFehler as fehler:
        return f"! {fehler.meldungen[0].kennung}"
    if fund.tabelle is None:
        return f"! {fund.befunde[0].kennung}"
    return ", ".join(
        f"{g.removeprefix('12068') or 'Kreis'} {z} {'–' if w != w else int(w) if w >= 1e6 else format(w, 'g')}"
        for g, z, w in _werte(fund)
    )


def _werte(fund: Fund) -> list[tuple[str, str, float]]:
    assert fund.tabelle is not None
    texte = fund.tabelle.texte
    return list(zip(texte["gebiet"], texte["zeit"], fund.tabelle.wert, strict=True))


# Erfundene Tabellen: richtig gelesen, nach Fragen richtig gelesen, oder gemeldet; nie still falsch

ZAHLFORM = {
    "deutsch": "deutsch",
    "englisch": "englisch",
    "schlicht": "schlicht",
    "komma": "schlicht",
    "leer": "deutsch",
}
_TAUSCH = {
    "deutsch": (".", ","),
    "englisch": (",", "."),
    "schlicht": ("", "."),
    "komma": ("", ","),
    "leer": (" ", ","),
}


def _geschrieben(wert: object, form: str) -> str:
    if isinstance(wert, str):
        return wert
    gruppe, komma = _TAUSCH[form]
    return f"{wert:,}".replace(",", "~").replace(".", komma).replace("~", gruppe)


def _erfinde(r: random.Random) -> tuple[list[list[object]], list[tuple[str, str, object]], str]:
    """Zeilen mit Titel, Kopf und Fuß; die richtigen Werte; das Jahr, falls danach gefragt wird."""
    gebiete = r.sample(sorted(GEMEINDEN), r.randint(2, 5))
    lage = r.choice(["spalte", "kopf", "titel", "nirgends"])
    jahre = [
        str(j)
        for j in sorted(r.sample(range(2012, 2025), r.randint(1, 4) if lage in {"spalte", "kopf"} else 1))
    ]
    groessen = r.sample(["Einwohner", "Plätze", "Quote", "Betreute Kinder"], r.randint(1, 3))
    geschlecht = r.choice([[], ["männlich", "weiblich"]])
    schluessel = r.choice([["AGS"], ["Gemeinde"], ["Schlüssel", "Gebiet"]])
    richtig: list[tuple[str, str, object]] = []

    def beschriftung(nr: str) -> list[object]:
        return [[f"12068{nr}"], [GEMEINDEN[nr]], [f"12068{nr}", GEMEINDEN[nr]]][
            ["AGS", "Gemeinde", "Schlüssel"].index(schluessel[0])
        ]

    def wert(nr: str, jahr: str, groesse: str) -> object:
        zahl: object = round(r.uniform(0, 100), 1) if groesse == "Quote" else r.randint(0, 90_000)
        zahl = r.choice([".", "x", "-"]) if r.random() < 0.05 else zahl
        richtig.append((f"12068{nr}", jahr, zahl))
        return zahl

    vorn = [*schluessel, *(["Geschlecht"] if geschlecht else [])]
    unterteilt = [(nr, [g] if g else []) for nr in gebiete for g in (geschlecht or [""])]
    if lage == "kopf":
        kopf = [
            [*vorn, *(g for g in groessen for _ in jahre)],
            [*[""] * len(vorn), *(j for _ in groessen for j in jahre)],
        ]
        zeilen = [
            [*beschriftung(nr), *g, *(wert(nr, j, m) for m in groessen for j in jahre)]
            for nr, g in unterteilt
        ]
    else:
        mit_jahr = lage == "spalte"
        kopf = [[*vorn, *(["Jahr"] if mit_jahr else []), *groessen]]
        zeilen = [[*beschriftung(nr), *g, *([j] if mit_jahr else []), *(wert(nr, j, m) for m in groessen)]
                  for j in jahre for nr, g in unterteilt]  # fmt: skip
    titel = (
        [["Auswertung"], [f"Jahr {jahre[0]}"]] if lage == "titel" else r.choice([[], [["Auswertung"], []]])
    )
    fuss = r.choice([[], [[], ["Quelle: Jugendamt"]], [["1) ohne Hort"], ["Stand: 31.01.2025"]]])
    return [*titel, *kopf, *zeilen, *fuss], richtig, jahre[0]


def _lege_ab(ordner: Path, zeilen: list[list[object]], form: str, r: random.Random) -> Path:
    if r.random() < 0.3:
        mappe = openpyxl.Workbook()
        for zeile in zeilen:
            mappe.active.append([feld if feld != "" else None for feld in zeile])
        mappe.save(ordner / "lieferung.xlsx")
        return ordner / "lieferung.xlsx"
    trenner = r.choice([";", "\t", "|", *([","] if form == "schlicht" else [])])
    text = "\r\n".join(trenner.join(_geschrieben(feld, form) for feld in zeile) for zeile in zeilen)
    kodierung = r.choice(["utf-8", "utf-8-sig", "cp1252", "utf-16", "cp850"])
    (ordner / "lieferung.csv").write_bytes(text.encode(kodierung))
    return ordner / "lieferung.csv"


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(
    st.randoms(use_true_random=False),
    st.sampled_from(sorted(ZAHLFORM)),
    st.sampled_from(["null", "unbekannt"]),
)
def test_erfundene_tabellen_sind_nie_still_falsch(r: random.Random, form: str, strich: str) -> None:
    zeilen, richtig, jahr = _erfinde(r)
    antworten = {"zahlform": ZAHLFORM[form], "strich": strich, "zeit": jahr}
    vorgaben = Vorgaben()
    with tempfile.TemporaryDirectory() as ordner:
        pfad = _lege_ab(Path(ordner), zeilen, form, r)
        while True:
            try:
                fund = erkenne([pfad], VERZEICHNIS, vorgaben)
                break
            except FragenOffen as offen:
                for frage in offen.fragen:
                    assert not getattr(vorgaben, frage.option), (
                        "nach einer Antwort wird nicht noch einmal gefragt"
                    )
                    setattr(vorgaben, frage.option, antworten[frage.option])
            except BerichtswerkFehler:
                return
    if fund.tabelle is None:
        assert fund.befunde
        return
    leer = {".": "nan", "x": "nan", "-": "0.0" if strich == "null" else "nan"}
    soll = sorted((g, z, leer[w] if isinstance(w, str) else str(float(w))) for g, z, w in richtig)  # type: ignore[arg-type]
    assert sorted((g, z, str(w)) for g, z, w in _werte(fund)) == soll


def _geschachtelt(r: random.Random) -> tuple[list[list[object]], list[tuple[str, str, object]]]:
    """Ein Kopf aus zwei oder drei Ebenen in beliebiger Folge, oben mit Lücken oder mit jedem Text."""
    ebenen = [
        ["2021", "2022", "2023"][: r.randint(2, 3)],
        ["Plätze", "Kinder", "Personal"][: r.randint(1, 3)],
        *([["männlich", "weiblich"]] if r.random() < 0.6 else []),
    ]
    jahre = ebenen[0]
    r.shuffle(ebenen)
    spalten = list(product(*ebenen))
    luecken = r.random() < 0.5
    kopf: list[list[object]] = []
    for nr in range(len(ebenen)):
        texte = [s[nr] for s in spalten]
        neu = [i == 0 or spalten[i][: nr + 1] != spalten[i - 1][: nr + 1] for i in range(len(spalten))]
        kopf.append(["", "", *(t if n or not luecken else "" for t, n in zip(texte, neu, strict=True))])
    kopf[-1][:2] = ["AGS", "Gemeinde"]
    richtig: list[tuple[str, str, object]] = []
    zeilen: list[list[object]] = []
    for nr_, name in r.sample(sorted(GEMEINDEN.items()), 3):
        werte = [r.randint(1, 90_000) for _ in spalten]
        zeilen.append([f"12068{nr_}", name, *werte])
        richtig += [
            (f"12068{nr_}", next(t for t in s if t in jahre), w) for s, w in zip(spalten, werte, strict=True)
        ]
    return [*r.choice([[], [["Auswertung"]]]), *kopf, *zeilen], richtig


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False))
def test_geschachtelte_koepfe_sind_nie_still_falsch(r: random.Random) -> None:
    zeilen, richtig = _geschachtelt(r)
    with tempfile.TemporaryDirectory() as ordner:
        try:
            fund = erkenne([_lege_ab(Path(ordner), zeilen, "leer", r)], VERZEICHNIS, Vorgaben())
        except (FragenOffen, BerichtswerkFehler):
            return
    if fund.tabelle is None:
        assert fund.befunde
        return
    assert sorted(_werte(fund)) == sorted((g, z, float(w)) for g, z, w in richtig)  # type: ignore[arg-type]


WEITERE: dict[str, Callable[[int], object]] = {
    "Nr.": lambda n: n + 1, "Rang": lambda n: 9 - n, "gesamt": lambda n: n * 7, "Notiz": lambda n: "siehe dort",
    "Anschrift": lambda n: f"Weg {n}", "leer": lambda _: "", "Stand": lambda _: "31.01.2025", "Anteil": lambda n: f"{n},5 %",
    "Warteliste": lambda n: ["12 Kinder", "ca. 5", "keine"][n % 3], "PLZ": lambda n: f"1680{n}",
}  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), st.lists(st.sampled_from(sorted(WEITERE)), min_size=1, unique=True))
def test_jede_spalte_ist_gelesen_oder_genannt(r: random.Random, namen: list[str]) -> None:
    spalten: dict[str, list[object]] = {n: [WEITERE[n](i) for i in range(4)] for n in namen}
    spalten |= {
        "AGS": [f"12068{nr}" for nr in sorted(GEMEINDEN)[:4]],
        "Jahr": ["2022"] * 4,
        "Plätze": [5, 6, 7, 8],
    }
    folge = r.sample(sorted(spalten), len(spalten))
    zeilen = [list(folge), *([spalten[n][i] for n in folge] for i in range(4))]
    with tempfile.TemporaryDirectory() as ordner:
        try:
            fund = erkenne([_lege_ab(Path(ordner), zeilen, "deutsch", r)], VERZEICHNIS, Vorgaben())
        except (FragenOffen, BerichtswerkFehler):
            return
    genannt = f"{fund.angaben} {fund.bemerkungen} {fund.befunde}"
    assert [n for n in namen if n not in genannt] == []
