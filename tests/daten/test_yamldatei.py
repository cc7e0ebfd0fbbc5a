"""YAML-Dateien: jede Angabe mit Zeile, alle Fehler auf einmal, auf Deutsch."""
# ruff: noqa: E501 - Meldungen stehen im Wortlaut

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import Field

from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import YamlLeer, YamlModell, lade_yaml, lies_yaml, zerlege_yaml


class Kreis(YamlModell):
    form: Literal["kreis"]
    radius: float


class Eck(YamlModell):
    form: Literal["eck"]
    ecken: dict[str, int]


class Beispiel(YamlModell):
    name: str
    stand: date | None = None
    figur: Annotated[Kreis | Eck, Field(discriminator="form")] | None = None
    teile: list[Kreis] = Field(default_factory=list)


@pytest.fixture
def lade(tmp_path: Path):
    def hole(inhalt: str | bytes, modell=Beispiel):
        pfad = tmp_path / "daten" / "x.yaml"
        pfad.parent.mkdir(exist_ok=True)
        pfad.write_bytes(inhalt if isinstance(inhalt, bytes) else inhalt.encode())
        return lade_yaml(pfad, modell, Projekt(tmp_path))

    return hole


HILFE = "Prüfen Sie diese und die Zeile davor: Einrückung mit Leerzeichen, „schluessel: wert“, Texte mit Sonderzeichen in Anführungszeichen."
FAELLE = {
    "unbekannter_schluessel": (
        "name: a\nstant: 2024-01-01\n",
        """FEHLER [yaml-schluessel-unbekannt] daten/x.yaml, Zeile 2, Feld „stant“
  Den Schlüssel „stant“ gibt es hier nicht.
  Abhilfe: Meinten Sie „stand“? Möglich sind hier: „figur“, „name“, „stand“, „teile“.""",
    ),
    "unbekannter_schluessel_im_zweig": (
        "name: a\nfigur:\n  form: kreis\n  radius: 1\n  radus: 2\n",
        """FEHLER [yaml-schluessel-unbekannt] daten/x.yaml, Zeile 5, Feld „figur.radus“
  Den Schlüssel „radus“ gibt es hier nicht.
  Abhilfe: Meinten Sie „radius“? Möglich sind hier: „form“, „radius“.""",
    ),
    "mehrere_verstoesse_auf_einmal": (
        "stand: gestern\nfigur: {form: dreieck}\nteile:\n  - form: kreis\n  - {form: kreis, radius: gross}\n",
        """FEHLER [yaml-angabe-fehlt] daten/x.yaml, Zeile 1, Feld „name“
  Die Angabe „name“ fehlt.
  Ursache: Sie ist hier Pflicht.
  Abhilfe: Ergänzen Sie „name: …“.

FEHLER [yaml-wert-falsch] daten/x.yaml, Zeile 1, Feld „stand“
  Hier wird ein Datum erwartet (JJJJ-MM-TT).
  Ursache: Gegeben ist „gestern“.
  Abhilfe: Berichtigen Sie die Angabe.

FEHLER [yaml-wert-unbekannt] daten/x.yaml, Zeile 2, Feld „figur.form“
  „dreieck“ ist hier nicht möglich.
  Abhilfe: Meinten Sie „eck“? Möglich sind: „kreis“, „eck“.

FEHLER [yaml-angabe-fehlt] daten/x.yaml, Zeile 4, Feld „teile.0.radius“
  Die Angabe „radius“ fehlt.
  Ursache: Sie ist hier Pflicht.
  Abhilfe: Ergänzen Sie „radius: …“.

FEHLER [yaml-wert-falsch] daten/x.yaml, Zeile 5, Feld „teile.1.radius“
  Hier wird eine Zahl erwartet (mit Punkt als Dezimalzeichen).
  Ursache: Gegeben ist „gross“.
  Abhilfe: Berichtigen Sie die Angabe.""",
    ),
    "doppelter_schluessel": (
        "name: a\nstand: 2024-01-01\nname: b\n",
        """FEHLER [yaml-schluessel-doppelt] daten/x.yaml, Zeile 3, Feld „name“
  Der Schlüssel „name“ steht zweimal.
  Ursache: Er steht schon in Zeile 1; nur eine Angabe kann gelten.
  Abhilfe: Löschen Sie eine der beiden Angaben.""",
    ),
    "tabulator": (
        "name: a\n\tstand: 2024-01-01\n",
        f"""FEHLER [yaml-ungueltig] daten/x.yaml, Zeile 2, Spalte 1
  Die Datei ist kein gültiges YAML.
  Ursache: Zum Einrücken steht ein Tabulator; YAML erlaubt nur Leerzeichen.
  Abhilfe: {HILFE}""",
    ),
    "doppelpunkt_im_text": (
        "name: Kita: Plätze\n",
        f"""FEHLER [yaml-ungueltig] daten/x.yaml, Zeile 1, Spalte 11
  Die Datei ist kein gültiges YAML.
  Ursache: Hier steht ein Doppelpunkt, wo keiner sein darf; oft fehlt das Anführungszeichen um einen Text mit Doppelpunkt, oder die Zeile davor ist anders eingerückt.
  Abhilfe: {HILFE}""",
    ),
    "liste_offen": (
        "name: a\nteile: [1, 2\nstand: 2024-01-01\n",
        f"""FEHLER [yaml-ungueltig] daten/x.yaml, Zeile 3, Spalte 6
  Die Datei ist kein gültiges YAML.
  Ursache: Eine Liste mit [ wird nicht geschlossen oder ein Komma fehlt.
  Abhilfe: {HILFE}""",
    ),
    "steuerzeichen": (
        "name: a\nstand: \x01\n",
        f"""FEHLER [yaml-ungueltig] daten/x.yaml, Zeile 2, Spalte 1
  Die Datei ist kein gültiges YAML.
  Ursache: Die Datei enthält ein unsichtbares Steuerzeichen.
  Abhilfe: {HILFE}""",
    ),
    "verweis": (
        "name: a\nfigur: &f {form: kreis, radius: 1}\nteile: [*f]\n",
        """FEHLER [yaml-verweis] daten/x.yaml, Zeile 3, Feld „teile.0“
  Verweise innerhalb der Datei (& und *) werden nicht unterstützt.
  Abhilfe: Schreiben Sie die Angaben an beiden Stellen aus.""",
    ),
    "verweis_ins_leere": (
        "name: *f\n",
        f"""FEHLER [yaml-ungueltig] daten/x.yaml, Zeile 1, Spalte 7
  Die Datei ist kein gültiges YAML.
  Ursache: Ein Text beginnt mit *; so ein Text braucht Anführungszeichen.
  Abhilfe: {HILFE}""",
    ),
    "ausrufezeichen": (
        "name: !a b\n",
        f"""FEHLER [yaml-ungueltig] daten/x.yaml, Zeile 1, Spalte 7
  Die Datei ist kein gültiges YAML.
  Ursache: Ein Text beginnt mit !; so ein Text braucht Anführungszeichen.
  Abhilfe: {HILFE}""",
    ),
    "zwei_dokumente": (
        "name: a\n---\nname: b\n",
        f"""FEHLER [yaml-ungueltig] daten/x.yaml, Zeile 2, Spalte 1
  Die Datei ist kein gültiges YAML.
  Ursache: In der Datei stehen mehrere Dokumente (---); erlaubt ist eines.
  Abhilfe: {HILFE}""",
    ),
    "schluessel_ist_liste": (
        "name: a\n? [x, y]\n: {z: 1, z: 2}\nname: b\n",
        """FEHLER [yaml-schluessel] daten/x.yaml, Zeile 2
  Ein Schlüssel muss ein einfacher Text sein.
  Abhilfe: Setzen Sie den Schlüssel in Anführungszeichen.

FEHLER [yaml-schluessel-doppelt] daten/x.yaml, Zeile 4, Feld „name“
  Der Schlüssel „name“ steht zweimal.
  Ursache: Er steht schon in Zeile 1; nur eine Angabe kann gelten.
  Abhilfe: Löschen Sie eine der beiden Angaben.""",
    ),
    "zu_tief": (
        "name: a\nteile: " + "[" * 100_000 + "\n",
        """FEHLER [yaml-zu-tief] daten/x.yaml, Zeile 2
  Die Angaben sind mehr als 60 Ebenen tief ineinander geschachtelt.
  Ursache: Keine Beschreibung braucht so viele; meist fehlen schließende Klammern ] oder }.
  Abhilfe: Prüfen Sie diese und die Zeile davor auf Klammern und Einrückung.""",
    ),
    "leer": (
        "# nur ein Kommentar\n",
        """FEHLER [yaml-leer] daten/x.yaml, Zeile 1
  Die Datei ist leer.
  Abhilfe: Kopieren Sie eine vorhandene Beschreibung desselben Ordners und passen Sie sie an.""",
    ),
    "keine_zuordnung": (
        "- a\n- b\n",
        """FEHLER [yaml-aufbau] daten/x.yaml, Zeile 1
  Die Datei enthält keine Angaben der Form „schluessel: wert“.
  Abhilfe: Schreiben Sie je Zeile Schlüssel, Doppelpunkt, Leerzeichen, Wert.""",
    ),
    "kodierung": (
        "name: a\ntitel: Bevölkerung\n".encode("latin-1"),
        """FEHLER [yaml-kodierung] daten/x.yaml, Zeile 2
  Die Datei ist nicht in UTF-8 gespeichert.
  Ursache: Das Byte 0xF6 ist in UTF-8 an dieser Stelle nicht möglich.
  Abhilfe: Speichern Sie die Datei im Editor mit der Kodierung UTF-8.""",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fall", FAELLE)
def test_meldung_zu_fehlerhaftem_yaml(lade, fall):
    inhalt, meldung = FAELLE[fall]
    with pytest.raises(BerichtswerkFehler) as gefangen:
        lade(inhalt)
    assert str(gefangen.value) == meldung


def test_zweihunderttausend_schluessel_sind_in_sekunden_abgewiesen(lade):
    anfang = time.process_time()
    with pytest.raises(BerichtswerkFehler) as gefangen:
        lade("name: a\n" + "".join(f"schluessel{n}: {n}\n" for n in range(200_000)))
    assert time.process_time() - anfang < 10  # auf langsamen Rechnern; gemessen etwa 2 s
    assert len(gefangen.value.meldungen) == 51
    assert str(gefangen.value.meldungen[-1]).splitlines() == [
        "FEHLER [yaml-weitere] daten/x.yaml",
        "  Dazu 199950 weitere Befunde in dieser Datei.",
        "  Abhilfe: Berichtigen Sie zuerst die genannten; oft ist die Datei gar keine Beschreibung.",
    ]


def test_fehlende_datei(tmp_path):
    with pytest.raises(BerichtswerkFehler) as gefangen:
        lies_yaml(tmp_path / "nicht_da.yaml", Projekt(tmp_path))
    assert (
        str(gefangen.value)
        == """\
FEHLER [yaml-fehlt] nicht_da.yaml
  Die Datei gibt es nicht.
  Abhilfe: Prüfen Sie Name und Ordner; Groß- und Kleinschreibung zählt."""
    )


def test_schluessel_mit_fuehrender_null_und_no_bleiben_text(lade):
    class Texte(YamlModell):
        ags: str
        land: str
        uhrzeit: str
        stand: date

    assert lade("ags: 01001\nland: no\nuhrzeit: 08:30\nstand: 2024-12-31\n", Texte) == Texte(
        ags="01001", land="no", uhrzeit="08:30", stand=date(2024, 12, 31)
    )


def test_zahl_darf_fuer_text_stehen_und_bom_stoert_nicht(lade):
    assert lade(b"\xef\xbb\xbfname: 2023\r\n").name == "2023"


def test_zeile_jeder_angabe():
    dokument = zerlege_yaml("a: 1\nb:\n  - x: 1\n    y: 2\n  - x: 3\n", "datei")
    assert dokument.zeile("b", 0, "y") == 4
    assert dokument.zeile("b", 1) == 5
    assert dokument.zeile("b", 1, "gibt", "es", "nicht") == 5
    assert dokument.melde(YamlLeer, "b", 0, "y").ort == "Zeile 4"


@given(st.text(max_size=80))
def test_beliebiger_text_gibt_ein_dokument_oder_eine_meldung(text):
    try:
        zerlege_yaml(text, "x")
    except BerichtswerkFehler as fehler:
        assert fehler.meldungen
