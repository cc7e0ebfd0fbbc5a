"""Kennzahlen in YAML: gültige Dateien, falsche Angaben mit dem genauen Wortlaut der Meldung."""

from __future__ import annotations

from pathlib import Path

import pytest

from berichtswerk.fach.katalog import Kennzahlenkatalog
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt

GUT = """\
id: altenquotient
name: Altenquotient
einheit: je 100 Personen von 20 bis unter 65 Jahren
art: quotient
nachkommastellen: 1
faktor: 100
wege:
  - zaehler: [{quelle: bev, groesse: einwohner, wo: {alter_von: ">=65", gruppe: null, art: [a, 2]}}]
    nenner: [{quelle: bev, groesse: einwohner, wo: {alter_von: ">=20", alter_bis: "<=65"}}]
  - wert: {quelle: inkar, groesse: altenquotient}
definition: >-
  Personen ab 65 Jahren je 100 Personen von 20 bis unter 65 Jahren.
"""


def katalog(ordner: Path, **dateien: str) -> Kennzahlenkatalog:
    ziel = ordner / "daten" / "kennzahlen"
    ziel.mkdir(parents=True, exist_ok=True)
    for name, inhalt in dateien.items():
        (ziel / f"{name}.yaml").write_text(inhalt, encoding="utf-8")
    return Kennzahlenkatalog.lade(Projekt(ordner))


def test_liest_alle_dateien(tmp_path: Path) -> None:
    gelesen = katalog(tmp_path, altenquotient=GUT, b=GUT.replace("id: altenquotient", "id: b"))
    assert list(gelesen) == ["altenquotient", "b"]
    kennzahl = gelesen.finde("altenquotient")
    assert kennzahl.quellen() == ("bev", "inkar")
    assert kennzahl.wege[0].zaehler[0].wo == {"alter_von": ">=65", "gruppe": None, "art": ["a", 2]}
    assert kennzahl.definition.startswith("Personen ab 65")


def test_unbekannte_kennzahl_nennt_aehnliche(tmp_path: Path) -> None:
    with pytest.raises(BerichtswerkFehler) as fehler:
        katalog(tmp_path, altenquotient=GUT).finde("altenqoutient")
    assert str(fehler.value) == (
        "FEHLER [kennzahl-unbekannt] ohne Ort\n"
        "  Die Kennzahl „altenqoutient“ gibt es nicht.\n"
        "  Ursache: Meinten Sie „altenquotient“?\n"
        "  Abhilfe: Berichtigen Sie den Namen oder legen Sie daten/kennzahlen/altenqoutient.yaml an."
    )


FALSCH = [
    (
        ("nachkommastellen: 1", "nachkomastellen: 1"),
        "FEHLER [yaml-schluessel-unbekannt] daten/kennzahlen/altenquotient.yaml, Zeile 5, "
        "Feld „nachkomastellen“\n"
        "  Den Schlüssel „nachkomastellen“ gibt es hier nicht.\n"
        "  Abhilfe: Meinten Sie „nachkommastellen“?",
    ),
    (
        ("art: quotient", "art: anteil"),
        "FEHLER [yaml-wert-falsch] daten/kennzahlen/altenquotient.yaml, Zeile 1\n"
        "  Ein Anteil wird in Prozent gezeigt.\n"
        '  Abhilfe: Schreiben Sie „einheit_kurz: "%"“ (oder "‰").',
    ),
    (
        (
            "  - wert: {quelle: inkar, groesse: altenquotient}",
            "  - {summieren: true, wert: {quelle: i, groesse: a}}",
        ),
        "FEHLER [yaml-wert-falsch] daten/kennzahlen/altenquotient.yaml, Zeile 10, Feld „wege.1“\n"
        "  Veröffentlichte Werte und Mittel lassen sich nicht über Gebiete summieren.\n"
        "  Abhilfe: Streichen Sie „summieren“ oder geben Sie Zähler und Nenner an.",
    ),
    (
        (
            "  - wert: {quelle: inkar, groesse: altenquotient}",
            "  - nenner: [{quelle: bev, groesse: einwohner}]",
        ),
        "FEHLER [yaml-wert-falsch] daten/kennzahlen/altenquotient.yaml, Zeile 10, Feld „wege.1“\n"
        "  Ein Rechenweg nennt genau eines von „zaehler“, „wert“ und „mittel“.\n"
        "  Abhilfe: Teilen Sie ihn in mehrere Wege auf; der erste mit einem Wert gilt.",
    ),
    (
        ("id: altenquotient", "id: anders"),
        "FEHLER [kennzahl-id] daten/kennzahlen/altenquotient.yaml, Feld „id“\n"
        "  Die id „anders“ heißt anders als die Datei.\n"
        "  Abhilfe: Schreiben Sie „id: altenquotient“ oder nennen Sie die Datei anders.yaml.",
    ),
]


@pytest.mark.parametrize(("tausch", "meldung"), FALSCH)
def test_falsche_angaben(tmp_path: Path, tausch: tuple[str, str], meldung: str) -> None:
    with pytest.raises(BerichtswerkFehler) as fehler:
        katalog(tmp_path, altenquotient=GUT.replace(*tausch, 1))
    assert str(fehler.value).startswith(meldung)


def test_befunde_aller_dateien_auf_einmal(tmp_path: Path) -> None:
    with pytest.raises(BerichtswerkFehler) as fehler:
        katalog(tmp_path, a="id: [", b=GUT, c="name: nur das\n")
    dateien = {m.datei for m in fehler.value.meldungen}
    assert dateien == {f"daten/kennzahlen/{n}.yaml" for n in "abc"}
