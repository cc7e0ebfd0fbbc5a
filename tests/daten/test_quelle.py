"""Die Beschreibung einer Quelle und der Datenbestand."""
# ruff: noqa: E501 - Meldungen stehen im Wortlaut

from __future__ import annotations

from pathlib import Path

import pytest
from frictionless import Resource

from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.daten.quelle import Quelle
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import zerlege_yaml
from berichtswerk.grund.zeichen import Status

QUELLE = """name: bevoelkerung
title: Bevölkerung der Gemeinden am 31. Dezember
description: Fortschreibung
path: dateien/bevoelkerung.csv
format: csv
encoding: utf-8
hash: sha256:00ff
dialect: {csv: {delimiter: ";"}}
schema:
  fields:
    - {name: ags, type: string, constraints: {required: true}}
    - {name: jahr, type: year}
    - {name: einwohner, type: integer, constraints: {minimum: 0}}
  primaryKey: [ags, jahr]
  missingValues: ["", "k. A."]
licenses: [{name: dl-de-by-2.0, title: Datenlizenz Deutschland, path: https://www.govdata.de/dl-de/by-2-0}]
statistik:
  herausgeber: Statistische Ämter des Bundes und der Länder
  tabelle: 12411-01-01-5
  stand: 2024-12-31
  stichtag: "31.12."
  gebietsstand: 2023-12-31
  basis: {spalte: basis}
  attribution: "© Statistische Ämter"
  ressort: Statistikstelle
  periodizitaet: jaehrlich
  naechste_lieferung: 2026-09-30
  prinzip: wohnort
  zeichensatz: din55301
  zeichen: {"*": geheim}
  genauigkeit: exakt
  herkunft: amtlich
  brueche: [{jahr: 2011, grund: Umstellung auf Zensus 2011}]
lesen:
  leser: csv
  gebiet: {spalte: ags}
  zeit: {spalte: jahr, art: jahr}
  groessen: {einwohner: einwohner}
"""


def lies(text: str) -> Quelle:
    return zerlege_yaml(text, "daten/quellen/bevoelkerung.yaml").als(Quelle)


def meldungen(text: str) -> str:
    with pytest.raises(BerichtswerkFehler) as gefangen:
        lies(text)
    return str(gefangen.value)


def test_beschreibung_liest_sich_vollstaendig():
    quelle = lies(QUELLE)
    assert quelle.statistik.gebietsstand == "2023-12-31"
    assert (quelle.statistik.herkunft, quelle.ist_beispiel) == ("amtlich", False)
    assert quelle.zeichen["*"] is Status.GEHEIM
    assert quelle.zeichen["k. A."] is Status.FEHLT
    assert quelle.zeichen["/"] is Status.UNSICHER
    assert quelle.pfad(Projekt(Path("/p"))) == Path("/p/daten/dateien/bevoelkerung.csv")


def test_ressourcenteil_ist_gueltiges_frictionless():
    ressource = Resource.from_descriptor(lies(QUELLE).als_ressource())
    assert ressource.schema.get_field("einwohner").constraints == {"minimum": 0}
    assert ressource.dialect.get_control("csv").delimiter == ";"
    assert not list(Resource.metadata_validate(lies(QUELLE).als_ressource()))


def test_kurzformen_und_langformen_meinen_dasselbe():
    lang = QUELLE.replace("{spalte: ags}", "ags").replace(
        "{einwohner: einwohner}", "{einwohner: [{spalte: einwohner, faktor: 1}]}"
    )
    assert lies(lang).lesen == lies(QUELLE).lesen


FAELLE = {
    "schluessel_im_lesen_block": (
        ("  zeit: {spalte: jahr", "  zeid: {spalte: jahr"),
        """FEHLER [yaml-schluessel-unbekannt] daten/quellen/bevoelkerung.yaml, Zeile 37, Feld „lesen.zeid“
  Den Schlüssel „zeid“ gibt es hier nicht.
  Abhilfe: Meinten Sie „zeit“? Möglich sind hier: „auslassen“, „daten_ab“, „daten_bis“, „einheit“, „ende“, „entfernen“, „gebiet“, „grenze_mb“, „grenze_werte“, „groesse“, „groessen“, „je_groesse“, „kopf“, „leere_zeilen“, „leser“, „merkmale“, „minus“, „ohne“, „qualitaet“, „ungelesen“, „wert“, „wo“, „zahlform“, „zeit“.""",
    ),
    "unbekannter_leser": (
        ("leser: csv", "leser: exel"),
        """FEHLER [yaml-wert-unbekannt] daten/quellen/bevoelkerung.yaml, Zeile 35, Feld „lesen.leser“
  „exel“ ist hier nicht möglich.
  Abhilfe: Möglich sind: „csv“, „genesis_tabelle“, „genesis_flach“, „inkar“, „xlsx“, „gv100“, „geojson“, „sql“.""",
    ),
    "pfad_hinaus": (
        ("dateien/bevoelkerung.csv", "../../geheim.csv"),
        """FEHLER [pfad-fremd] daten/quellen/bevoelkerung.yaml, Zeile 4, Feld „path“
  Der Pfad „../../geheim.csv“ gilt hier nicht.
  Ursache: Der Weg führt mit „..“ hinaus.
  Abhilfe: Legen Sie die Datei in daten/ und nennen Sie den Weg dorthin mit Schrägstrichen, ohne Laufwerk, Adresse und Verknüpfung nach draußen.""",
    ),
    "zeichensatz": (
        ("zeichensatz: din55301", "zeichensatz: din"),
        """FEHLER [yaml-wert-falsch] daten/quellen/bevoelkerung.yaml, Zeile 29, Feld „statistik.zeichensatz“
  Den Zeichensatz „din“ gibt es nicht.
  Abhilfe: Möglich sind: din55301, ba, niedersachsen, ohne; einzelne Zeichen ergänzen Sie unter „zeichen“.""",
    ),
    "keine_werte": (
        ("  groessen: {einwohner: einwohner}\n", ""),
        """FEHLER [yaml-wert-falsch] daten/quellen/bevoelkerung.yaml, Zeile 34, Feld „lesen“
  Es ist nicht gesagt, welche Spalten Werte enthalten.
  Abhilfe: Ergänzen Sie „groessen“ oder „groesse“ und „wert“.""",
    ),
    "muster_ungueltig": (
        ("{spalte: ags}", "{spalte: ags, muster: '(\\d'}"),
        """FEHLER [yaml-wert-falsch] daten/quellen/bevoelkerung.yaml, Zeile 36, Feld „lesen.gebiet.muster“
  „(\\d“ ist kein gültiger regulärer Ausdruck.
  Abhilfe: Prüfen Sie Klammern und Rückstriche (Stelle 3).""",
    ),
    "bezug_zweideutig": (
        ("{spalte: ags}", "{spalte: ags, fest: DG}"),
        """FEHLER [yaml-wert-falsch] daten/quellen/bevoelkerung.yaml, Zeile 36, Feld „lesen.gebiet“
  Woher der Text kommt, muss genau einmal gesagt sein; hier: spalte und fest.
  Abhilfe: Geben Sie eine der Angaben spalte, spalten, kopf, abschnitt, titel, blattname, dateiname, fest an.""",
    ),
    "merkmal_heisst_wie_eine_feste_spalte": (
        ("  zeit: {", "  merkmale: {status: x}\n  zeit: {"),
        """FEHLER [yaml-wert-falsch] daten/quellen/bevoelkerung.yaml, Zeile 34, Feld „lesen“
  Ein Merkmal kann nicht „status“ heißen.
  Abhilfe: Nehmen Sie Kleinbuchstaben, Ziffern und Unterstriche; vergeben sind gebiet, zeit, jahr, groesse, wert, status, basis, gebietsstand, datei, zeile, spalte, roh.""",
    ),
    "adresse_statt_umgebungsvariable": (
        ("  leser: csv\n", "  leser: sql\n  url_umgebung: postgresql://nutzer:kennwort@rechner/db\n"),
        """FEHLER [yaml-wert-falsch] daten/quellen/bevoelkerung.yaml, Zeile 36, Feld „lesen.url_umgebung“
  Hier gehört der Name einer Umgebungsvariable hin, nicht die Adresse.
  Abhilfe: Schreiben Sie z. B. FACHVERFAHREN_URL und setzen Sie diese Variable auf dem Rechner; löschen Sie ein Kennwort aus der Datei.""",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fall", FAELLE)
def test_meldung_zu_fehlerhafter_beschreibung(fall):
    (alt, neu), meldung = FAELLE[fall]
    assert alt in QUELLE
    assert meldungen(QUELLE.replace(alt, neu)) == meldung


@pytest.mark.parametrize(
    "pfad", ["/etc/passwd", "..", "a/../../b.csv", "C:/daten.csv", "a\\b.csv", "https://x/y"]
)
def test_pfade_aus_dem_projekt_hinaus_sind_fehler(pfad):
    assert "[pfad-fremd]" in meldungen(QUELLE.replace("dateien/bevoelkerung.csv", pfad))


@pytest.fixture
def projekt(tmp_path: Path) -> Projekt:
    projekt = Projekt(tmp_path)
    (projekt.daten / "quellen").mkdir(parents=True)
    (projekt.daten / "dateien").mkdir()
    return projekt


def test_eine_fehlerhafte_beschreibung_sperrt_nur_sich_selbst(projekt):
    (projekt.quellen / "bevoelkerung.yaml").write_text(QUELLE, encoding="utf-8")
    (projekt.quellen / "kaputt.yaml").write_text(
        QUELLE.replace("format: csv", "format: zip"), encoding="utf-8"
    )
    (projekt.quellen / "anders.yaml").write_text(QUELLE, encoding="utf-8")
    bestand = Datenbestand(projekt)
    assert list(bestand.quellen) == ["bevoelkerung"]
    assert bestand.quelle("bevoelkerung").name == "bevoelkerung"
    assert [(m.kennung, m.datei, m.ort) for m in bestand.quellen.befunde] == [
        ("quelle-name", "daten/quellen/anders.yaml", "Zeile 1"),
        ("yaml-wert-unbekannt", "daten/quellen/kaputt.yaml", "Zeile 5"),
    ]
    with pytest.raises(BerichtswerkFehler, match="ist hier nicht möglich"):
        bestand.quelle("kaputt")
    with pytest.raises(BerichtswerkFehler, match="passt nicht zum Dateinamen"):
        _ = "anders" in bestand.quellen


def test_bestand_nennt_aehnliche_quellen(projekt):
    (projekt.quellen / "bevoelkerung.yaml").write_text(QUELLE, encoding="utf-8")
    with pytest.raises(BerichtswerkFehler) as gefangen:
        Datenbestand(projekt).tabelle("bevölkerung")
    assert (
        str(gefangen.value)
        == """\
FEHLER [quelle-unbekannt] daten/quellen
  Eine Quelle „bevölkerung“ gibt es nicht.
  Abhilfe: Meinten Sie „bevoelkerung“?"""
    )


def test_bestand_liest_jede_tabelle_einmal_und_kennt_die_gelesenen_dateien(projekt):
    (projekt.quellen / "bevoelkerung.yaml").write_text(QUELLE, encoding="utf-8")
    (projekt.daten / "dateien" / "bevoelkerung.csv").write_text(
        "ags;jahr;einwohner;basis\n09999;2022;5;Zensus 2022\n", encoding="utf-8"
    )
    (projekt.daten / "gebiete.yaml").write_text(
        'gebietsstand: 2023-12-31\nkreis: "09999"\ngebiete:\n'
        "  - {schluessel: DG, name: Deutschland, ebene: bund}\n"
        '  - {schluessel: "09", name: Musterland, ebene: land, teil_von: DG}\n'
        '  - {schluessel: "09999", name: Musterau, ebene: kreis, teil_von: "09"}\n',
        encoding="utf-8",
    )
    bestand = Datenbestand(projekt)
    assert bestand.gelesen() == ()
    assert bestand.tabelle("bevoelkerung") is bestand.tabelle("bevoelkerung")
    assert bestand.gelesen() == (
        "daten/dateien/bevoelkerung.csv", "daten/gebiete.yaml", "daten/quellen/bevoelkerung.yaml",
    )  # fmt: skip
    tabelle = bestand.tabelle("bevoelkerung")
    assert list(tabelle.werte.columns) == [
        "gebiet", "zeit", "jahr", "groesse", "wert", "status", "basis", "gebietsstand", "datei", "zeile",
        "spalte", "roh",
    ]  # fmt: skip
    assert (tabelle.merkmale, tabelle.groessen) == ((), ("einwohner",))
    assert tabelle.werte.basis[0] == "Zensus 2022"
