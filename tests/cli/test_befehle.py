"""Die Befehle am Musterprojekt: Ausgaben, Rückgabewerte, Fehler."""

from __future__ import annotations

import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from berichtswerk.cli import main
from berichtswerk.grund.projekt import Projekt

LISTE = """\
lage-2024
  Titel:     Lagebericht 2024, Landkreis Musterland
  Status:    Beispielausgabe, Stand 01.07.2025
  Notizbuch: notebooks/lage.ipynb
  Parameter: gebiet = 99068
  Ergibt:    _site/berichte/lage/2024/lage-2024.html
             _site/berichte/lage/2024/lage-2024.pdf

lage-2024-land
  Titel:     Lagebericht 2024, Land Musterstaat
  Status:    Beispielausgabe, Stand 01.07.2025
  Notizbuch: notebooks/lage.ipynb
  Parameter: gebiet = 99
  Ergibt:    _site/berichte/lage/2024/lage-2024-land.html
             _site/berichte/lage/2024/lage-2024-land.pdf

satzung-2024
  Titel:     Hinweise zur Planung
  Status:    Veröffentlicht, Stand 01.07.2025
  Notizbuch: keines, nur Texte
  Ergibt:    _site/berichte/satzung/2024/satzung-2024.html
             _site/berichte/satzung/2024/satzung-2024.pdf
"""


def _starte(projekt: Projekt, *argumente: str) -> int:
    return main(["--projekt", str(projekt.wurzel), *argumente])


def test_liste_im_wortlaut(muster: Projekt, capsys: pytest.CaptureFixture[str]) -> None:
    assert _starte(muster, "liste") == 0
    assert capsys.readouterr().out == LISTE


def test_liste_fuer_maschinen(muster: Projekt, capsys: pytest.CaptureFixture[str]) -> None:
    assert _starte(muster, "liste", "--json") == 0
    assert json.loads(capsys.readouterr().out)[1] == {
        "name": "lage-2024-land",
        "bericht": "lage",
        "ausgabe": "2024",
        "variante": "land",
        "titel": "Lagebericht 2024",
        "untertitel": "Land Musterstaat",
        "status": "beispiel",
        "freigabe": None,
        "stand": "2025-07-01",
        "notizbuch": "notebooks/lage.ipynb",
        "parameter": {"gebiet": "99"},
        "ergibt": [
            "_site/berichte/lage/2024/lage-2024-land.html",
            "_site/berichte/lage/2024/lage-2024-land.pdf",
        ],
    }


def test_liste_zeigt_das_uebrige_wenn_eine_beschreibung_fehlerhaft_ist(
    muster: Projekt, capsys: pytest.CaptureFixture[str]
) -> None:
    (muster.berichte / "satzung/2024/bericht.yml").write_text("titel: Ohne Stand\n", encoding="utf-8")
    assert _starte(muster, "liste") == 1
    aus = capsys.readouterr()
    assert "lage-2024-land" in aus.out
    assert "berichte/satzung/2024/bericht.yml" in aus.err
    assert "Traceback" not in aus.err


def test_liste_ohne_ausgaben(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "_quarto.yml").write_text("", encoding="utf-8")
    (tmp_path / "daten").mkdir()
    (tmp_path / "daten/kreis.yaml").write_text("", encoding="utf-8")
    assert _starte(Projekt(tmp_path), "liste") == 0
    assert capsys.readouterr().out == "Es gibt noch keine Ausgabe unter berichte/.\n"


def test_ausserhalb_eines_projekts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--projekt", str(tmp_path), "liste"]) == 1
    assert capsys.readouterr().err.startswith(
        f"FEHLER [projekt-fehlt] {tmp_path}\n  Hier liegt kein Berichtswerk-Projekt.\n"
    )


def test_unbekannter_bericht_nennt_die_naechsten_namen(
    muster: Projekt, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _starte(muster, "render", "lagebericht/2024", "satsung") == 1
    assert capsys.readouterr().err == (
        "FEHLER [bericht-unbekannt] Feld „lagebericht/2024“\n"
        "  Den Bericht „lagebericht/2024“ gibt es nicht.\n"
        "  Abhilfe: Meinten Sie „lage/2024“?\n\n"
        "FEHLER [bericht-unbekannt] Feld „satsung“\n"
        "  Den Bericht „satsung“ gibt es nicht.\n"
        "  Abhilfe: Meinten Sie „satzung“, „satzung/2024“?\n\n"
        "2 Fehler, 0 Warnungen, 0 Hinweise\n"
    )


def test_ohne_terminal_steht_je_schritt_eine_zeile(
    muster: Projekt, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(muster.wurzel)
    assert _starte(muster, "render", "satzung") == 0
    zeilen = capsys.readouterr().out.splitlines()
    assert zeilen[:3] == ["ausgeführt: satzung-2024", "gesetzt: satzung-2024", "Suche"]
    assert zeilen[3].startswith("1 Bericht gesetzt in ")
    assert zeilen[4:] == ["Ansehen: _site/index.html"]


def test_einzeln_gerendert_behalten_die_anderen_ihre_zeichnungen(
    muster: Projekt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(muster.wurzel)
    ordner = muster.berichte / "satzung/2024"
    (ordner / "plan").mkdir()
    zeichnung = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4z"/></svg>'
    (ordner / "plan/lage.svg").write_text(zeichnung, "utf-8")
    with (ordner / "texte/02-folgen.md").open("a", encoding="utf-8") as text:
        text.write('\n![Lage](plan/lage.svg){#fig-lage fig-alt="Ein Dreieck"}\n')
    assert _starte(muster, "render", "--format", "html") == 0
    seite = (muster.site / "berichte/satzung/2024/satzung-2024.html").read_text("utf-8")
    (name,) = re.findall(r'src="([^"]*lage[^"]*\.svg)"', seite)
    assert _starte(muster, "render", "lage", "--format", "html") == 0
    assert (muster.site / "berichte/satzung/2024" / name).is_file()


def test_im_terminal_laeuft_ein_balken(muster: Projekt) -> None:
    lesen, schreiben = pty.openpty()
    befehl = [sys.executable, "-m", "berichtswerk", "--projekt", str(muster.wurzel), "ausfuehren", "satzung"]
    umgebung = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
    umgebung.pop("NO_COLOR", None)
    with subprocess.Popen(befehl, stdout=schreiben, stderr=subprocess.PIPE, env=umgebung) as prozess:
        os.close(schreiben)
        teile = []
        while teil := _lies(lesen):
            teile.append(teil)
        assert prozess.wait() == 0
    os.close(lesen)
    text = b"".join(teile).decode()
    assert "\x1b[" in text
    assert "100 %" in text
    assert "ausgeführt: satzung-2024" in text


def _lies(nummer: int) -> bytes:
    try:
        return os.read(nummer, 65536)
    except OSError:  # so endet ein Pseudoterminal unter Linux
        return b""


def test_ein_gescheiterter_bericht_haelt_die_anderen_nicht_auf(
    fehlermuster: Projekt, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _starte(fehlermuster, "render", "satzung", "zelle-scheitert", "--format", "html") == 1
    aus = capsys.readouterr()
    assert "gescheitert: zelle-scheitert-2024" in aus.out
    assert "1 Bericht gesetzt, 1 gescheitert in " in aus.out
    assert "Ursache: ZeroDivisionError: division by zero" in aus.err
    assert (fehlermuster.site / "berichte/satzung/2024/satzung-2024.html").is_file()
    assert not list(fehlermuster.site.rglob("zelle-scheitert*"))
    assert not list(fehlermuster.site.rglob("*.pdf"))


def test_ausfuehren_legt_nur_uebergaben_und_seiten_ab(
    fehlermuster: Projekt, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _starte(fehlermuster, "ausfuehren", "satzung", "zelle-scheitert") == 1
    assert "ZeroDivisionError" in capsys.readouterr().err
    assert (fehlermuster.berichte / "satzung/2024/satzung-2024.ipynb").is_file()
    assert (fehlermuster.wurzel / "seiten/impressum.qmd").is_file()
    assert not fehlermuster.site.exists()


def test_ausfuehren_loescht_uebergaben_verschwundener_berichte(muster: Projekt) -> None:
    assert _starte(muster, "ausfuehren", "satzung") == 0
    (muster.berichte / "satzung/2024/bericht.yml").unlink()
    assert _starte(muster, "ausfuehren", "lage/2024/lage-2024-land") == 0
    assert not (muster.berichte / "satzung/2024/satzung-2024.ipynb").exists()


def test_abbruch_mit_strg_c(
    muster: Projekt, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def abbruch(*_a: object, **_k: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("berichtswerk.site.bau.rendere", abbruch)
    assert _starte(muster, "render") == 130
    assert capsys.readouterr().err == (
        "\nAbgebrochen. Die veröffentlichte Fassung in _site/ ist unverändert.\n"
    )


def test_unerwartetes_wird_erklaert_und_protokolliert(
    muster: Projekt, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def kaputt(*_a: object, **_k: object) -> None:
        raise RuntimeError("Speicher\nweg")

    monkeypatch.setattr("berichtswerk.site.bau.rendere", kaputt)
    assert _starte(muster, "render") == 1
    assert capsys.readouterr().err == (
        "FEHLER [unerwartet] RuntimeError: Speicher\n"
        "  Damit hat das Programm nicht gerechnet. Ihre Daten und Texte sind unverändert, ebenso die\n"
        "  veröffentlichte Fassung in _site/.\n"
        "  Abhilfe: Geben Sie die Datei .berichtswerk/fehler.log an die Stelle, die Berichtswerk bei Ihnen "
        "betreut.\n"
    )
    assert "Traceback" in (muster.wurzel / ".berichtswerk/fehler.log").read_text("utf-8")


def test_pruefen_daten_lesbar(muster: Projekt, capsys: pytest.CaptureFixture[str]) -> None:
    rueckgabe = _starte(muster, "pruefen", "daten", "--heute", "2025-07-01")
    text = capsys.readouterr().out
    assert text.splitlines()[-1] == "Geprüft: 1 Quelle, 1 Kennzahl, 0 Rechnungen."
    assert rueckgabe == (1 if "FEHLER [" in text else 0)


def test_pruefen_daten_sammelt_alle_befunde(muster: Projekt, capsys: pytest.CaptureFixture[str]) -> None:
    (muster.quellen / "einwohner.yaml").write_text("name: einwohner\nunbekannt: 1\n", encoding="utf-8")
    (muster.daten / "kreis.yaml").write_text("name: Landkreis Musterland\n", encoding="utf-8")
    assert _starte(muster, "pruefen", "daten", "--json", "--heute", "2025-07-01") == 1
    befunde: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert {b["datei"] for b in befunde} >= {"daten/quellen/einwohner.yaml", "daten/kreis.yaml"}
    assert all(b["text"] and b["stufe"] for b in befunde)


def test_pruefen_daten_nennt_jeden_befund_einmal(muster: Projekt, capsys: pytest.CaptureFixture[str]) -> None:
    (muster.quellen / "einwohner.yaml").write_text("name: [kaputt\n", encoding="utf-8")
    assert _starte(muster, "pruefen", "daten", "--heute", "2025-07-01") == 1
    ausgabe = capsys.readouterr()
    assert (ausgabe.out + ausgabe.err).count("[yaml-ungueltig]") == 1
