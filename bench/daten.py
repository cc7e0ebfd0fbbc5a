"""Große Lieferungen: wie lange und mit wie viel Speicher eine Quelle gelesen und geprüft wird.

``python bench/daten.py`` druckt alle Fälle; ``miss(fall)`` gibt einen zurück. Gemessen wird in einem eigenen
Prozess, ohne Ablage: Rechenzeit (Nutzer und System) und der größte Speicher des ganzen Prozesses.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

GEMEINDEN = 40
_QUELLE = """\
name: {name}
title: Probe
path: dateien/{datei}
format: {art}
{ressource}
statistik:
  herausgeber: Musteramt
  stand: 2024-12-31
  stichtag: "31.12."
  attribution: "© Musteramt"
  ressort: Statistikstelle
  periodizitaet: einmalig
  zeichensatz: din55301
  herkunft: beispiel
lesen:
  zahlform: schlicht
  grenze_mb: 400
{lesen}
"""
_FLACH = """\
  leser: csv
  gebiet: {spalte: ags, schluessel: ags}
  zeit: {spalte: stichtag, art: stichtag}
  merkmale: {alter: alter, geschlecht: geschlecht}
  groessen: {anzahl: anzahl}
"""
_FLACH_SCHEMA = """\
schema:
  fields:
    - {name: ags, type: string, constraints: {required: true}}
    - {name: stichtag, type: date}
    - {name: alter, type: integer, constraints: {minimum: 0, maximum: 399}}
    - {name: geschlecht, type: string, constraints: {enum: [m, w]}}
    - {name: anzahl, type: integer, constraints: {minimum: 0}}
"""
_BREIT = """\
  leser: xlsx
  gebiet: {spalte: ags, schluessel: ags}
  zeit: {spalte: jahr, art: jahr}
  merkmale: {gruppe: gruppe}
  groessen: {%s}
"""


@dataclass(frozen=True, slots=True)
class Messung:
    """Ein gemessener Fall: Rechenzeit in Sekunden, größter Speicher in MB, gelesene Werte, Befunde."""

    sekunden: float
    megabytes: float
    werte: int
    befunde: int


def _projekt(wurzel: Path) -> Path:
    """Ein erfundener Kreis mit ``GEMEINDEN`` amtsfreien Gemeinden; gibt ``daten/dateien`` zurück."""
    eintraege = [
        '{schluessel: DG, name: Deutschland, ebene: bund}',
        '{schluessel: "09", name: Musterland, ebene: land, teil_von: DG}',
        '{schluessel: "09999", name: Musterkreis, ebene: kreis, teil_von: "09"}',
    ]  # fmt: skip
    for nr in range(1, GEMEINDEN + 1):
        einheit = f"09999{nr:04d}"
        eintraege.append(
            f'{{schluessel: "{einheit}", name: Einheit {nr}, ebene: einheit, teil_von: "09999"}}'
        )
        eintraege.append(
            f'{{schluessel: "{gemeinde(nr)}", name: Ort {nr}, ebene: gemeinde, teil_von: "{einheit}"}}'
        )
    dateien = wurzel / "daten" / "dateien"
    dateien.mkdir(parents=True)
    (wurzel / "daten" / "quellen").mkdir()
    liste = "".join(f"  - {e}\n" for e in eintraege)
    (wurzel / "daten" / "gebiete.yaml").write_text(
        f'gebietsstand: "2024-12-31"\nkreis: "09999"\ngebiete:\n{liste}', "utf-8"
    )
    return dateien


def gemeinde(nr: int) -> str:
    """Der Schlüssel der ``nr``-ten Gemeinde."""
    return f"09999{nr:03d}"


def flache_csv(wurzel: Path, zeilen: int = 1_000_000, *, schema: bool = False) -> None:
    """Eine Quelle mit einer Zeile je Wert; ohne Wiederholung bis 40 × 32 × 400 × 2 Zeilen."""
    dateien = _projekt(wurzel)
    with (dateien / "flach.csv").open("w", encoding="utf-8", newline="\n") as datei:
        datei.write("ags,stichtag,alter,geschlecht,anzahl\n")
        geschrieben = 0
        for jahr in range(1993, 2025):
            for alter in range(400):
                for nr in range(1, GEMEINDEN + 1):
                    for stelle, geschlecht in enumerate("mw"):
                        if geschrieben == zeilen:
                            break
                        anzahl = 1000 + (nr * 7919 + alter * 31 + stelle * 13 + (jahr - 1993) * 3) % 9000
                        wert = "-" if geschrieben % 997 == 0 else str(anzahl)
                        datei.write(f"{gemeinde(nr)},{jahr}-12-31,{alter},{geschlecht},{wert}\n")
                        geschrieben += 1
    _beschreibe(wurzel, "flach.csv", _FLACH, _FLACH_SCHEMA if schema else "")


def breite_mappe(wurzel: Path, zeilen: int = 12_000, spalten: int = 20) -> None:
    """Eine Arbeitsmappe mit ``spalten`` Spalten, davon drei Schlüsselspalten."""
    import openpyxl

    dateien = _projekt(wurzel)
    groessen = [f"g{n}" for n in range(spalten - 3)]
    mappe = openpyxl.Workbook(write_only=True)
    blatt = mappe.create_sheet("Daten")
    blatt.append(["ags", "jahr", "gruppe", *groessen])
    for zeile in range(zeilen):
        kopf = [gemeinde(zeile % GEMEINDEN + 1), 1995 + zeile // GEMEINDEN % 30, f"Gruppe {zeile // 1200}"]
        blatt.append([*kopf, *(1000 + (zeile * 31 + n * 17) % 5000 for n in range(len(groessen)))])
    mappe.save(dateien / "breit.xlsx")
    _beschreibe(wurzel, "breit.xlsx", _BREIT % ", ".join(f"{g}: {g}" for g in groessen))


def viele_quellen(wurzel: Path, anzahl: int = 80, zeilen: int = 1_000) -> None:
    """``anzahl`` Quellen mit je einer flachen CSV."""
    dateien = _projekt(wurzel)
    for nummer in range(anzahl):
        with (dateien / f"q{nummer}.csv").open("w", encoding="utf-8", newline="\n") as datei:
            datei.write("ags,stichtag,alter,geschlecht,anzahl\n")
            for zeile in range(zeilen):
                tag = f"{2000 + zeile // GEMEINDEN % 25}-12-31"
                wert = 1000 + (zeile * 31 + nummer) % 900
                datei.write(f"{gemeinde(zeile % GEMEINDEN + 1)},{tag},{zeile // 1000},m,{wert}\n")
        _beschreibe(wurzel, f"q{nummer}.csv", _FLACH, _FLACH_SCHEMA, name=f"q{nummer}")


def viele_schluessel(wurzel: Path, anzahl: int = 200_000) -> None:
    """Eine Beschreibung mit ``anzahl`` Schlüsseln auf einer Ebene."""
    _projekt(wurzel)
    inhalt = "".join(f"schluessel{n}: {n}\n" for n in range(anzahl))
    (wurzel / "daten" / "quellen" / "probe.yaml").write_text(inhalt, "utf-8")


def _beschreibe(wurzel: Path, datei: str, lesen: str, ressource: str = "", name: str = "probe") -> None:
    text = _QUELLE.format(
        datei=datei, art=datei.rpartition(".")[2], lesen=lesen.rstrip(), ressource=ressource, name=name
    )
    (wurzel / "daten" / "quellen" / f"{name}.yaml").write_text(text, "utf-8")


_LESEN = """
import datetime, resource, sys
from pathlib import Path
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
bestand = Datenbestand(Projekt(Path(sys.argv[1])))
werte = befunde = 0
if sys.argv[2] != "lies":
    from berichtswerk.daten.pruefung import pruefe_daten
    from berichtswerk.grund import ablage
    if sys.argv[2] == "erneut":
        ablage.richte_ein(ablage.Ablage.von(bestand.projekt))
    befunde = len(pruefe_daten(bestand, datetime.date(2025, 6, 1)))
else:
    try:
        werte = len(bestand.tabelle("probe"))
    except BerichtswerkFehler as fehler:
        befunde = len(fehler.meldungen)
verbrauch = resource.getrusage(resource.RUSAGE_SELF)
print(verbrauch.ru_utime + verbrauch.ru_stime, verbrauch.ru_maxrss / 1000, werte, befunde)
"""

FAELLE: dict[str, tuple[Callable[[Path], None], str]] = {
    "1 Mio. Zeilen CSV, gelesen": (flache_csv, "lies"),
    "1 Mio. Zeilen CSV, gelesen und geprüft": (flache_csv, "pruefe"),
    "1 Mio. Zeilen CSV, mit Schema geprüft": (lambda wurzel: flache_csv(wurzel, schema=True), "pruefe"),
    "12 000 Zeilen × 20 Spalten xlsx, gelesen": (breite_mappe, "lies"),
    "12 000 Zeilen × 20 Spalten xlsx, geprüft": (breite_mappe, "pruefe"),
    "80 Quellen, geprüft": (viele_quellen, "pruefe"),
    "80 Quellen, unverändert noch einmal geprüft": (viele_quellen, "erneut"),
    "YAML mit 200 000 Schlüsseln": (viele_schluessel, "lies"),
}
"""Name → was angelegt wird und ob nur gelesen (``lies``), geprüft (``pruefe``) oder mit dem geprüft wird, was
ein erster Lauf aufgehoben hat (``erneut``)."""


def miss(fall: str) -> Messung:
    """Legt den Fall in einem eigenen Ordner an und misst ihn in einem eigenen Prozess."""
    anlegen, was = FAELLE[fall]
    with tempfile.TemporaryDirectory(prefix="bench-daten-") as ordner:
        anlegen(Path(ordner))
        aufruf = [sys.executable, "-c", _LESEN, ordner, was]
        for _ in range(2 if was == "erneut" else 1):
            lauf = subprocess.run(aufruf, capture_output=True, text=True, check=True)
    sekunden, megabytes, werte, befunde = lauf.stdout.split()
    return Messung(float(sekunden), float(megabytes), int(werte), int(befunde))


def main() -> None:
    """Druckt alle Fälle, oder die genannten (Teil des Namens)."""
    for fall in FAELLE:
        if not sys.argv[1:] or any(teil in fall for teil in sys.argv[1:]):
            m = miss(fall)
            print(
                f"{fall:45} {m.sekunden:7.1f} s {m.megabytes:7.0f} MB {m.werte:9} Werte {m.befunde:3} Befunde"
            )


if __name__ == "__main__":
    main()
