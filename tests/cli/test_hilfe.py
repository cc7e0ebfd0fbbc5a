"""Hilfe und Fehler im Aufruf: ganz auf Deutsch, mit genauem Wortlaut."""

from __future__ import annotations

import re
import subprocess
import sys

import pytest
import typer.main

from berichtswerk.cli import main
from berichtswerk.cli.befehle import app
from berichtswerk.grund.meldung import vorschlag

BEFEHLE = [
    [], ["render"], ["vorschau"], ["ausfuehren"], ["nachbereiten"], ["pruefen"], ["pruefen", "daten"],
    ["quelle"], ["quelle", "zeige"], ["quelle", "neu"], ["liste"], ["notizbuch"], ["seitenplan"],
    ["liefervorlage"], ["lieferung"], ["lieferung", "annehmen"], ["lieferung", "zurueck"],
    ["lieferung", "liste"], ["lieferung", "faellig"],
    ["tabellen"], ["beilagen"], ["neu"], ["veroeffentlichen"], ["word"], ["word", "export"],
    ["word", "einlesen"],
    ["freigabe"], ["fortschreiben"], ["erratum"], ["vergleich"],
]  # fmt: skip
ENGLISCH = re.compile(
    r"\b(usage|options?|commands?|arguments?|args|show|this|message|exit|default|required|missing|no such|"
    r"invalid|value|error|try|did you mean|got|unexpected|list\[|text|path|directory|file|help for)\b",
    re.IGNORECASE,
)
HILFE = """\
Aufruf: berichtswerk [OPTIONEN] BEFEHL …

  Berichte aus geprüften Daten: barrierefreie Webseiten und PDF.

Optionen:
  --projekt ORDNER  Das Projekt; ohne Angabe hier oder in einem Ordner darüber.
  --version         Die Version nennen.
  -h, --help        Diese Hilfe zeigen.

Setzen und ansehen:
  render      Führt aus und setzt: alle oder die genannten Berichte nach _site/.
  vorschau    Zeigt die Berichte im Browser und erneuert die Seite, sobald eine Datei gespeichert
              ist.
  seitenplan  Hält fest, wo in den PDF die Seiten enden: eine Korrektur ändert dann so wenige wie
              möglich.
  liste       Zeigt jede Ausgabe, ihre Parameter, ihren Status und was daraus entsteht.
  notizbuch   Führt notebooks/ neu aus und speichert die Ausgaben darin, wie JupyterLab sie zeigt.

Daten und Lieferungen:
  liefervorlage  Schreibt das Formular, mit dem ein Ressort liefert (XLSX und ODS): Auswahllisten,
                 Prüfungen, Anleitung.
  pruefen        Prüft, ohne etwas zu rendern.
  quelle         Beschreibt eine Lieferung und zeigt, was aus ihr gelesen wird.
  lieferung      Nimmt Lieferungen an, zeigt ihren Unterschied zur vorigen und mahnt ausstehende
                 an.

Von Ausgabe zu Ausgabe:
  fortschreiben  Legt die nächste Ausgabe aus der letzten an und schreibt, was neu zu lesen ist
                 (lesen.md).
  freigabe       Hält fest, wie weit eine Ausgabe ist; ab „beschlossen“ ist sie eingefroren.
  erratum        Berichtigt eine beschlossene Ausgabe: daraus wird die nächste Revision, die
                 vorige bleibt erreichbar.
  vergleich      Zeigt, was zwischen zwei Ausgaben anders ist: Texte, Zahlen, Definitionen,
                 Quellen (HTML, PDF, ODS).

Mitlesen und vorlegen:
  tabellen  Schreibt je Bericht eine Mappe mit allen Tabellen (ODS, XLSX): Zahlen als Zahlen,
            barrierefrei.
  beilagen  Schreibt, was zum Bericht gehört: Vorlage ans Gremium, Presse, Einfache Sprache,
            Folien, Bild.
  word      Ein Bericht geht zu Menschen, die in Word oder LibreOffice arbeiten, und kommt zurück.

Hinaus:
  veroeffentlichen  Gibt die Site hinaus, nur Geändertes, Seiten zuletzt: in einen Ordner, über
                    SFTP oder WebDAV, als ZIP oder als Fragmente.
  neu               Legt das Projekt eines Landkreises an, das sofort rendert: Gebiete,
                    Kennzahlen, Notizbücher, Layout.

Vor und nach quarto render:
  ausfuehren    Führt nur aus und legt die fertigen Notizbücher in berichte/ ab (Vorlauf von
                quarto render).
  nachbereiten  Ergänzt, was Quarto fehlt: Zeilenköpfe im PDF, Daten, Schutz (Nachlauf von quarto
                render).
"""
HILFE_RENDER = """\
Aufruf: berichtswerk render [OPTIONEN] [BERICHT[/AUSGABE]]…

  Führt aus und setzt: alle oder die genannten Berichte nach _site/.

Angaben:
  [BERICHT[/AUSGABE]]…  Welche Berichte, z. B. sozialbericht oder sozialbericht/2024; ohne Angabe
                        alle.

Optionen:
  --format html|pdf|poster  Nur dieses Format; ohne Angabe alle.
  --zeit-zelle SEKUNDEN     So lange darf eine Zelle höchstens rechnen (300).
  --zeit-bericht SEKUNDEN   So lange darf ein Notizbuch höchstens rechnen (1200).
  --cluster ADRESSE         Notizbücher auf einem Dask-Verbund ausführen, z. B.
                            tcp://rechner:8786.
  --warum                   Nur sagen, was neu entstünde und warum; nichts tun.
  --zeiten                  Am Ende zeigen, wo die Zeit blieb.
  -h, --help                Diese Hilfe zeigen.
"""


@pytest.fixture(autouse=True)
def breite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "102")


@pytest.mark.parametrize(("befehl", "hilfe"), [([], HILFE), (["render"], HILFE_RENDER)])
def test_hilfe_im_wortlaut(befehl: list[str], hilfe: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*befehl, "--help"]) == 0
    assert capsys.readouterr().out == hilfe


def test_ohne_befehl_erscheint_die_hilfe(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out == HILFE


@pytest.mark.parametrize("befehl", BEFEHLE, ids=" ".join)
def test_hilfe_enthaelt_kein_englisch(befehl: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*befehl, "-h"]) == 0
    text = capsys.readouterr().out.replace("--help", "")
    assert ENGLISCH.findall(text) == []


ALLE = list(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
FEHLER = {
    "rendr": "Den Befehl „rendr“ gibt es nicht. Meinten Sie „render“?",
    "xyz": f"Den Befehl „xyz“ gibt es nicht. {vorschlag('xyz', ALLE, sonst='Vorhanden sind: ')}",
    "pruefen bilder": "Den Befehl „bilder“ gibt es nicht. Vorhanden sind: „daten“, „texte“.",
    "render --formt html": "Die Option „--formt“ gibt es hier nicht. Meinten Sie „--format“, „--warum“?",
    "render --format": "Die Option „--format“ braucht einen Wert.",
    "render --format brief": "Das Format „brief“ gibt es nicht; möglich sind html, pdf und poster.",
    "tabellen --art pdf": "Hinter --art steht ods oder xlsx, nicht „pdf“.",
    "beilagen --art brief": "Hinter --art steht vorlage, presse, einfach, folien oder bild, nicht „brief“.",
    "word export --art pdf": "Hinter --art steht docx oder odt, nicht „pdf“.",
    "liste --json=ja": "Die Option „--json“ nimmt keinen Wert.",
    "liste alles": "Das gehört nicht hierher: alles",
    "--projekt /gibt-es-nicht liste": "Den Ordner „/gibt-es-nicht“ gibt es nicht.",
    "--projekt .": "Es fehlt ein Befehl.",
    "render --zeit-zelle viel": "Hinter --zeit-zelle steht eine ganze Zahl von Sekunden, nicht „viel“.",
    "render --zeit-bericht 0": "Hinter --zeit-bericht steht eine ganze Zahl von Sekunden, nicht „0“.",
    "vorschau --port hundert": "Hinter --port steht eine Zahl von 0 bis 65535, nicht „hundert“.",
    "quelle zeige x --zeilen viele": "Hinter --zeilen steht eine ganze Zahl, nicht „viele“.",
    "quelle neu x.csv --strich leer": "Hinter --strich steht null oder unbekannt, nicht „leer“.",
    "quelle neu x.csv --name Zahl": "Ein Name hat nur Kleinbuchstaben, Ziffern, _ und -, nicht „Zahl“.",
    "pruefen daten --heute 31.12.2025": "Hinter --heute steht ein Datum wie 2026-01-31, nicht „31.12.2025“.",
}


@pytest.mark.parametrize(("aufruf", "meldung"), FEHLER.items(), ids=FEHLER)
def test_falscher_aufruf_wird_auf_deutsch_erklaert(
    aufruf: str, meldung: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(aufruf.split()) == 2
    aus = capsys.readouterr()
    assert aus.out == ""
    zeilen = aus.err.splitlines()
    assert f"FEHLER  {meldung}" in zeilen
    assert re.fullmatch(r"  Abhilfe: „berichtswerk.* --help“ erklärt, was möglich ist\.", zeilen[-1])


def test_pruefen_ohne_angabe_nennt_was_sich_pruefen_laesst(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pruefen"]) == 2
    assert "  daten  Quellen, Kennzahlen und Angaben zum Landkreis" in capsys.readouterr().err


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert re.fullmatch(r"Berichtswerk \d+\.\d+\.\d+\n", capsys.readouterr().out)


@pytest.mark.parametrize("aufruf", [["--help"], ["liste"]])
def test_hilfe_und_liste_laden_nichts_schweres(aufruf: list[str]) -> None:
    schwer = {
        "rich",
        "pandas",
        "numpy",
        "altair",
        "frictionless",
        "typst",
        "IPython",
        "nbclient",
        "jinja2",
        "pikepdf",
    }
    skript = (
        "import sys; from berichtswerk.cli import main; main(sys.argv[1:]); "
        f"print(sorted(set(sys.modules) & {schwer}), file=sys.stderr)"
    )
    lauf = subprocess.run([sys.executable, "-c", skript, *aufruf], capture_output=True, text=True, check=True)
    assert lauf.stderr.splitlines()[-1] == "[]"
