"""``quelle zeige`` und ``pruefen daten NAME`` am Musterprojekt: Lieferung neben Ausgabe."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from berichtswerk.cli import main
from berichtswerk.grund.projekt import Projekt

LIEFERUNG = """\
gebiet,jahr,einwohner
99068,2023,10020
99068,2024,-
99,2024,2520000
DG,2023,
Fußzeile
"""
ANSICHT = """\
einwohner: Bevölkerung am 31. Dezember
4 Werte, 3 Gebiete, 2023–2024

  roh    wert  status     gebiet                      zeit  groesse    Fundort
10020  10 020             99068 Landkreis Musterland  2023  einwohner  Zeile 2, einwohner
    -          unbekannt  99068 Landkreis Musterland  2024  einwohner  Zeile 3, einwohner

Zeichen statt einer Zahl:
  einwohner: 1 × „-“ (unbekannt), 1 × leer (fehlt)

Nicht gelesene Zeilen:
  daten/dateien/einwohner.csv: 1 × lesen.auslassen; Zeile 6: Fußzeile

Werte mit Zahl:
  daten/dateien/einwohner.csv: 2023–2024 je 1
"""


def _starte(projekt: Projekt, *argumente: str) -> int:
    return main(["--projekt", str(projekt.wurzel), *argumente])


@pytest.fixture
def geliefert(muster: Projekt) -> Projekt:
    (muster.daten / "dateien" / "einwohner.csv").write_text(LIEFERUNG, encoding="utf-8")
    _aendere(muster, "  zeichensatz: din55301", '  zeichen: {"-": unbekannt}')
    _aendere(muster, "lesen:", "lesen:\n  auslassen: [^Fuß]")
    return muster


def _aendere(projekt: Projekt, alt: str, neu: str) -> Path:
    pfad = projekt.quellen / "einwohner.yaml"
    pfad.write_text(pfad.read_text("utf-8").replace(alt, neu), encoding="utf-8")
    return pfad


def test_zeige_nennt_rohzelle_wert_zeichen_und_weggelassenes(
    geliefert: Projekt, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _starte(geliefert, "quelle", "zeige", "einwohner", "--zeilen", "2") == 0
    assert capsys.readouterr().out.replace("\u202f", " ").splitlines() == ANSICHT.splitlines()


def test_zeige_fuer_maschinen(geliefert: Projekt, capsys: pytest.CaptureFixture[str]) -> None:
    assert _starte(geliefert, "quelle", "zeige", "einwohner", "--json") == 0
    gezeigt = json.loads(capsys.readouterr().out)
    assert [(w["roh"], w["wert"], w["status"]) for w in gezeigt["werte"]][:2] == [
        ("10020", 10020.0, "wert"), ("-", None, "unbekannt"),
    ]  # fmt: skip
    assert gezeigt["blaetter"][0]["weggelassen"]["lesen.auslassen"]["anzahl"] == 1
    assert [b["kennung"] for b in gezeigt["befunde"]] == ["gebiet-ohne-wert", "zeilen-weggelassen"]


def test_zeige_nennt_bei_unlesbarem_die_befunde(
    geliefert: Projekt, capsys: pytest.CaptureFixture[str]
) -> None:
    _aendere(geliefert, "  auslassen: [^Fuß]\n", "")
    assert _starte(geliefert, "quelle", "zeige", "einwohner") == 1
    assert "[zeile-felder] daten/dateien/einwohner.csv, Zeile 6" in capsys.readouterr().err


def test_eine_schlechte_beschreibung_sperrt_nur_sich_selbst(
    geliefert: Projekt, capsys: pytest.CaptureFixture[str]
) -> None:
    (geliefert.quellen / "schlecht.yaml").write_text("name: Schlecht\n", encoding="utf-8")
    assert _starte(geliefert, "quelle", "zeige", "einwohner") == 0
    assert _starte(geliefert, "quelle", "zeige", "schlecht") == 1
    assert "daten/quellen/schlecht.yaml" in capsys.readouterr().err
    assert _starte(geliefert, "pruefen", "daten", "einwohner", "--heute", "2025-07-01") == 1
    assert "schlecht" not in capsys.readouterr().out


def test_pruefen_mit_namen_prueft_nur_diese(geliefert: Projekt, capsys: pytest.CaptureFixture[str]) -> None:
    (geliefert.daten / "kreis.yaml").write_text("name: [kaputt\n", encoding="utf-8")
    assert _starte(geliefert, "pruefen", "daten", "einwohner", "einwoner", "--heute", "2025-07-01") == 1
    ausgabe = capsys.readouterr().out
    assert "[pruefsumme-geaendert] daten/dateien/einwohner.csv" in ausgabe
    assert "Meinten Sie „einwohner“?" in ausgabe
    assert "kreis.yaml" not in ausgabe


def test_neu_legt_lieferung_und_beschreibung_ab_und_zeigt_sie(
    muster: Projekt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Plätze 2024.csv").write_bytes(
        "Kreis;Jahr;Plätze\n99068;2023;1.234\n99068;2024;987\n".encode("cp1252")
    )
    aufruf = ("quelle", "neu", str(tmp_path / "Plätze 2024.csv"), "--name", "plaetze")
    assert _starte(muster, *aufruf) == 1
    assert "Entscheiden Sie mit --zahlform; möglich: deutsch oder englisch" in capsys.readouterr().err
    assert not (muster.quellen / "plaetze.yaml").exists()
    assert _starte(muster, *aufruf, "--zahlform", "deutsch", "--groesse", "kitaplaetze") == 0
    assert "1\u202f234          99068 Landkreis Musterland  2023  kitaplaetze" in capsys.readouterr().out
    text = (muster.quellen / "plaetze.yaml").read_text("utf-8")
    assert "path: dateien/Plätze_2024.csv\nformat: csv\nencoding: cp1252\n" in text
    assert (muster.daten / "dateien" / "Plätze_2024.csv").is_file()
    assert _starte(muster, "pruefen", "daten", "plaetze", "--heute", "2025-07-01") == 1
    ausgabe = capsys.readouterr().out
    assert ausgabe.count("[angabe-offen] daten/quellen/plaetze.yaml") == 5
    assert "pruefsumme" not in ausgabe


def test_neu_ueberschreibt_nichts(
    muster: Projekt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    vorher = (muster.quellen / "einwohner.yaml").read_bytes()
    datei = tmp_path / "einwohner.csv"
    datei.write_text("gebiet,jahr,n\n99068,2024,5\n", encoding="utf-8")
    assert _starte(muster, "quelle", "neu", str(datei)) == 1
    assert "Diese Beschreibung gibt es schon; überschrieben wird nichts." in capsys.readouterr().err
    assert _starte(muster, "quelle", "neu", str(datei), "--name", "andere") == 1
    assert "Eine andere Datei dieses Namens gibt es schon" in capsys.readouterr().err
    assert _starte(muster, "quelle", "neu", str(tmp_path / "fehlt.csv")) == 1
    assert "fehlt.csv“ gibt es nicht." in capsys.readouterr().err
    assert (muster.quellen / "einwohner.yaml").read_bytes() == vorher
    assert not (muster.quellen / "andere.yaml").exists()


def test_neu_fragt_am_terminal(
    muster: Projekt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "plaetze.csv").write_text("Kreis;Jahr;n;m\n99068;2023;1.234;-\n99068;2024;987;5\n", "utf-8")
    antworten = iter(["weiß nicht", "deutsch", "unbekannt", "Plätze", "plaetze", ""])
    monkeypatch.setattr("builtins.input", lambda _frage: next(antworten))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True, raising=False)
    assert _starte(muster, "quelle", "neu", str(tmp_path / "plaetze.csv")) == 0
    assert "Ob „-“ null heißt oder „nicht erhoben“" in capsys.readouterr().out
    text = (muster.quellen / "plaetze.yaml").read_text("utf-8")
    assert "    plaetze: n\n    m: m\n" in text
    assert "zeichen: {'-': unbekannt}  # so entschieden" in text
