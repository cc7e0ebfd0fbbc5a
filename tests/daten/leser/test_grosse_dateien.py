"""Große Lieferungen: früh ablehnen oder strömend lesen; der Speicher bleibt unter 1 GB."""
# ruff: noqa: E501 - Meldungen stehen im Wortlaut

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3] / "bench"))
import daten

LESEN = "leser: csv\ngebiet: {spalte: ags, nur: ['09999']}\nzeit: jahr\ngroessen: {n: n}\nmerkmale: {i: i}\n"
FREMD = b"07777001,2022,12345,0," + b"Beschriftung " * 60 + b",nichts\n"
EIGEN = b"09999101,2022,1,%d,x,y\n"


def grosse_csv(werk, megabytes: int) -> None:
    """Viele fremde Zeilen, dazwischen zehn eigene."""
    block = FREMD * (1_000_000 * megabytes // (10 * len(FREMD)))
    with werk.datei("gross.csv").open("wb") as datei:
        datei.write(b"ags,jahr,n,i,text,mehr\n")
        for nummer in range(10):
            datei.write(block)
            datei.write(EIGEN % nummer)


def test_200_mb_werden_ohne_lesen_abgelehnt(werk):
    with werk.datei("gross.csv").open("wb") as datei:
        datei.truncate(200_000_001)
    assert (
        werk.meldungen("gross.csv", None, LESEN)
        == """\
FEHLER [datei-zu-gross] daten/dateien/gross.csv, Feld „lesen.grenze_mb“
  Die Datei hat 201 MB; gelesen werden höchstens 64 MB.
  Ursache: So große Lieferungen enthalten meist ganz Deutschland oder sind die falsche Datei.
  Abhilfe: Fordern Sie einen Auszug an, oder erhöhen Sie „grenze_mb“ und wählen Sie mit „gebiet: {nur: …}“ oder \
„wo“ aus."""
    )


MESSUNG = """
import resource, sys
from pathlib import Path
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.grund.projekt import Projekt
import pandas
resource.setrlimit(resource.RLIMIT_AS, (2_000_000_000, 2_000_000_000))
vorher = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
werte = Datenbestand(Projekt(Path(sys.argv[1]))).tabelle("probe").werte
print(len(werte), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - vorher)
"""


def test_200_mb_mit_erhoehter_grenze_werden_stroemend_gelesen(werk):
    grosse_csv(werk, 200)
    werk.beschreibe("gross.csv", LESEN + "grenze_mb: 300")
    lauf = subprocess.run(
        [sys.executable, "-c", MESSUNG, str(werk.projekt.wurzel)], capture_output=True, text=True, check=True
    )
    anzahl, mehr_kilobytes = map(int, lauf.stdout.split())
    assert anzahl == 10
    assert (
        mehr_kilobytes < 100_000
    )  # ein Zwanzigstel der Datei wäre schon zu viel, wenn nicht gestreamt würde


GROSS = """
import resource, sys
from pathlib import Path
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.grund.projekt import Projekt
import numpy
bestand = Datenbestand(Projekt(Path(sys.argv[1])))
bestand.gebiete, bestand.quelle("probe")
vorher = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
tabelle = bestand.tabelle("probe")
print(len(tabelle), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - vorher)
zeile = tabelle.zeilen(tabelle.stellen("anzahl")[-1:])[0]
print(zeile["status"], zeile["datei"], zeile["zeile"], zeile["spalte"], zeile["roh"], zeile["alter"])
"""


def test_viele_werte_brauchen_wenig_speicher_und_kennen_ihren_ort(tmp_path):
    """150 000 Werte in höchstens 40 MB (vorher 90); jeder weiß noch Status, Datei, Zeile, Spalte, Rohtext."""
    daten.flache_csv(tmp_path, 150_000)
    lauf = subprocess.run(
        [sys.executable, "-c", GROSS, str(tmp_path)], capture_output=True, text=True, check=True
    )
    groesse, ort = lauf.stdout.splitlines()
    anzahl, mehr_kilobytes = map(int, groesse.split())
    letzte = (tmp_path / "daten" / "dateien" / "flach.csv").read_text().splitlines()[-1]
    assert anzahl == 150_000
    assert mehr_kilobytes < 40_000
    assert ort.split() == ["wert", "daten/dateien/flach.csv", "150001", "anzahl", *letzte.split(",")[:1:-2]]


def test_zu_viele_werte_halten_an_bevor_der_speicher_voll_ist(werk):
    inhalt = "ags,jahr,n,i\n" + "".join(f"09999101,2022,1,{i}\n" for i in range(200))
    assert (
        werk.meldungen("w.csv", inhalt, LESEN + "grenze_werte: 100")
        == """\
FEHLER [zu-viele-werte] daten/dateien/w.csv, Feld „lesen.grenze_werte“
  Die Datei enthält mehr als 100 Werte.
  Abhilfe: Wählen Sie mit „gebiet: {nur: …}“, „wo“ oder weniger „groessen“ aus."""
    )


def test_eine_riesige_zeile_ohne_ende_haelt_an(werk):
    text = werk.meldungen("z.csv", b"ags,jahr,n,i\n" + b"x" * 3_000_000, LESEN)
    assert "[zeile-zu-lang] daten/dateien/z.csv, Zeile 2" in text


def test_aufgeblasene_arbeitsmappe_wird_nicht_entpackt(werk):
    """Eine kleine xlsx, deren Inhalt entpackt riesig ist."""
    import zipfile

    with zipfile.ZipFile(werk.datei("z.xlsx"), "w", zipfile.ZIP_DEFLATED) as paket:
        paket.writestr("xl/workbook.xml", "<workbook/>")
        with paket.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as blatt:
            for _ in range(30):
                blatt.write(b"\0" * 1_000_000)
    vorher = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    lesen = "leser: xlsx\ngebiet: AGS\nzeit: {fest: 2022}\ngroessen: {n: n}\ngrenze_mb: 1"
    assert "Entpackt hat die Arbeitsmappe 31 MB; gelesen werden höchstens 20 MB." in werk.meldungen(
        "z.xlsx", None, lesen
    )
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - vorher < 20_000
