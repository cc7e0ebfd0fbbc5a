"""Tabellenkalkulation, GeoJSON und SQL: je eine kleine Lieferung derselben Form."""
# ruff: noqa: E501 - Tabellen stehen zeilenweise

from __future__ import annotations

import json
import re
import sqlite3
import threading
import zipfile
from datetime import datetime
from types import SimpleNamespace

import openpyxl
import pytest
from openpyxl.styles import Alignment

from berichtswerk.grund.meldung import BerichtswerkFehler


def mappe(werk, name: str, *blaetter, verbunden=(), danach=None) -> None:
    """Schreibt Blätter (Titel, Zeilen) als xlsx; ``danach`` darf noch an der Mappe ändern."""
    buch = openpyxl.Workbook()
    buch.remove(buch.active)
    for titel, zeilen in blaetter:
        blatt = buch.create_sheet(titel)
        for zeile in zeilen:
            blatt.append(zeile)
        for bereich in verbunden:
            blatt.merge_cells(bereich)
    if danach:
        danach(buch)
    buch.save(werk.datei(name))


def test_titelzeilen_verbundener_mehrzeiliger_kopf_und_fussnoten(werk, kurz):
    mappe(
        werk, "k.xlsx",
        ("Deckblatt", [["Statistik"], [None]]),
        ("Tabelle 1", [
            ["Gemeinden nach Fläche und Bevölkerung"],
            ["Gebietsstand: 31.12.2023"],
            [None],
            ["Schlüssel-\nnummer", "Name", "Fläche \nin km2", "Bevölkerung 2)", None, None],
            [None, None, None, "insgesamt", "männlich", "weiblich"],
            [1, 2, 3, 4, 5, 6],
            ["09999", "Musterau", 56.73, 91113, "45 336", "."],
            ["07777", "Fremdkreis", 1, 2, 3, 4],
            ["09", "Land Musterland, darunter:"],
            ["2) Fortschreibung auf Grundlage des Zensus"],
        ]),
        danach=lambda b: [b["Tabelle 1"].merge_cells(x) for x in ("A1:F1", "A4:A5", "B4:B5", "C4:C5", "D4:F4")],
    )  # fmt: skip
    werte = werk.lies(
        "k.xlsx", None,
        """
leser: xlsx
blatt: Tabelle 1
kopf: {zeilen: 4-5, entfernen: '\\d\\)$'}
daten_ab: 7
leere_zeilen: weglassen
ende: '\\d\\)'
gebiet: {spalte: Schlüssel- nummer, unbekannte: weglassen}
zeit: {titel: 'Gebietsstand: (\\S+)'}
groessen:
  flaeche: Fläche in km2
  einwohner:
    - {spalte: Bevölkerung | insgesamt, merkmale: {geschlecht: insgesamt}}
    - {spalte: männlich, merkmale: {geschlecht: m}}
    - {spalte: "=F", merkmale: {geschlecht: w}}
""",
        statistik="zeichensatz: din55301",
    )  # fmt: skip
    assert kurz(werte, "zeit", "groesse", "geschlecht", "wert", "status", "zeile", "spalte") == [
        ("2023-12-31", "flaeche", "", 56.73, "wert", 7, "Tabelle 1!C"),
        ("2023-12-31", "einwohner", "insgesamt", 91113.0, "wert", 7, "Tabelle 1!D"),
        ("2023-12-31", "einwohner", "m", 45336.0, "wert", 7, "Tabelle 1!E"),
        ("2023-12-31", "einwohner", "w", None, "unbekannt", 7, "Tabelle 1!F"),
    ]


def test_verbundene_beschriftung_gilt_fuer_alle_zeilen_verbundene_werte_nur_einmal(werk, kurz):
    mappe(
        werk, "v.xlsx",
        ("T", [["Ort", "Art", "Zahl", "Zeit"],
               ["Altdorf", "Krippe", 3, datetime(2024, 3, 1)], [None, "Hort", None, datetime(2024, 3, 1)]]),
        verbunden=["A2:A3", "C2:C3"],
    )  # fmt: skip
    lesen = """
leser: xlsx
gebiet: {spalte: Ort, ebene: gemeinde}
zeit: {spalte: Zeit, art: stichtag}
merkmale: {art: Art}
groessen: {plaetze: Zahl}
"""
    assert "Der Wert „3“ gilt für mehrere Felder: sie sind verbunden." in werk.meldungen(
        "v.xlsx", None, lesen
    )
    werte = werk.lies("v.xlsx", None, lesen + "verbundene: erste")
    assert kurz(werte, "gebiet", "art", "zeit", "wert", "status") == [
        ("09999101", "Krippe", "2024-03-01", 3.0, "wert"),
        ("09999101", "Hort", "2024-03-01", None, "fehlt"),
    ]
    assert "In dieser Zeile steht kein Gebiet: „Hort | 2024-03-01“." in werk.meldungen(
        "v.xlsx", None, lesen + "verbundene: lassen"
    )


def test_ein_blatt_je_jahr(werk, kurz):
    mappe(werk, "j.xlsx", *((f"Jahr {jahr}", [["AGS", "n"], ["09999", jahr]]) for jahr in (2021, 2022)),
          ("Hinweise", [["Text"]]))  # fmt: skip
    werte = werk.lies(
        "j.xlsx", None,
        """
leser: xlsx
blatt: "/^Jahr/"
gebiet: AGS
zeit: {blattname: '\\d{4}'}
groessen: {n: n}
""",
    )  # fmt: skip
    assert kurz(werte, "zeit", "wert", "spalte") == [
        ("2021", 2021.0, "Jahr 2021!B"), ("2022", 2022.0, "Jahr 2022!B"),
    ]  # fmt: skip


def test_mehrere_bloecke_auf_einem_blatt(werk, kurz):
    mappe(werk, "b.xlsx", ("T", [
        ["Krippen"], ["AGS", 2022, 2023], ["09999", 1, 2], [None],
        ["Horte"], ["AGS", 2022, 2023], ["09999", 3, 4],
    ]))  # fmt: skip
    werte = werk.lies(
        "b.xlsx", None,
        """
leser: xlsx
gebiet: AGS
zeit: {kopf: 1}
wert: {spalte: {von: 2}}
groesse: {fest: kinder}
bloecke:
  - {kopf: {zeilen: 2}, daten_bis: 3, merkmale: {art: {fest: krippe}}}
  - {kopf: {zeilen: 6}, merkmale: {art: {fest: hort}}}
""",
    )  # fmt: skip
    assert kurz(werte, "art", "zeit", "wert") == [
        ("krippe", "2022", 1.0), ("krippe", "2023", 2.0), ("hort", "2022", 3.0), ("hort", "2023", 4.0),
    ]  # fmt: skip


def test_schluessel_aus_teilen_und_als_zahl(werk, kurz):
    mappe(werk, "s.xlsx", ("T", [["Land", "Kreis", "Gem", "AGS", "n"], [9, "999", 101, 9999102, 5]]))
    teile = """
leser: xlsx
gebiet: {spalten: [Land, Kreis, Gem], stellen: [2, 3, 3]}
zeit: {fest: 2022}
groessen: {n: n}
"""
    assert kurz(werk.lies("s.xlsx", None, teile), "gebiet") == [("09999101",)]
    zahl = """
leser: xlsx
gebiet: {spalte: AGS, fuehrende_null: ergaenzen}
zeit: {fest: 2022}
groessen: {n: n}
"""
    assert kurz(werk.lies("s.xlsx", None, zahl), "gebiet") == [("09999102",)]


def test_einrueckung_als_zellformat(werk, kurz):
    def ruecke_ein(buch):
        buch["T"]["A3"].alignment = Alignment(indent=2)

    mappe(werk, "e.xlsx", ("T", [["Ort", "n"], ["Altdorf", 5], ["männlich", 2]]), danach=ruecke_ein)
    werte = werk.lies(
        "e.xlsx", None,
        """
leser: xlsx
gebiet: {spalte: Ort, einrueckung: "0", ebene: gemeinde}
zeit: {fest: 2022}
merkmale: {gruppe: {spalte: Ort, einrueckung: "1-"}}
groessen: {n: n}
""",
    )  # fmt: skip
    assert kurz(werte, "gruppe", "wert") == [("", 5.0), ("männlich", 2.0)]


def test_gespeichertes_ergebnis_einer_formel_gilt_nur_auf_wunsch(werk, kurz):
    mappe(werk, "f.xlsx", ("T", [["AGS", "n"], ["09999", "=1+1"]]))
    import zipfile

    alt = werk.datei("f.xlsx").read_bytes()
    with zipfile.ZipFile(werk.datei("f.xlsx")) as paket:
        teile = {n: paket.read(n) for n in paket.namelist()}
    blatt = "xl/worksheets/sheet1.xml"
    assert b"<f>1+1</f>" in teile[blatt]
    teile[blatt] = teile[blatt].replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>").replace(
        b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>").replace(b"<f>1+1</f><v/>", b"<f>1+1</f><v>2</v>")  # fmt: skip
    with zipfile.ZipFile(werk.datei("f.xlsx"), "w") as paket:
        for name, inhalt in teile.items():
            paket.writestr(name, inhalt)
    lesen = "leser: xlsx\ngebiet: AGS\nzeit: {fest: 2022}\ngroessen: {n: n}"
    assert "die Formel „=1+1“" in werk.meldungen("f.xlsx", None, lesen)
    assert kurz(werk.lies("f.xlsx", None, lesen + "\nformeln: gespeicherter_wert"), "wert") == [(2.0,)]
    werk.datei("f.xlsx").write_bytes(alt)
    assert "die Formel „=1+1“" in werk.meldungen("f.xlsx", None, lesen + "\nformeln: gespeicherter_wert")


@pytest.mark.parametrize(
    ("angabe", "gelesen"),
    [("prozentwert", [(12.5,), (7.0,), (14.0,)]), ("anteil", [(0.125,), (0.07,), (14.0,)])],
)
def test_prozentformat_wird_nach_angabe_gelesen(werk, kurz, angabe, gelesen):
    def formate(buch):
        for zelle, muster in (("B2", "0.0%"), ("C2", "[Red]0 %;-0 %"), ("D2", '0.0" %"')):
            buch["T"][zelle].number_format = muster

    mappe(werk, "p.xlsx", ("T", [["AGS", "a", "b", "c"], ["09999", 0.125, 0.07, 14]]), danach=formate)
    lesen = "leser: xlsx\ngebiet: AGS\nzeit: {fest: 2022}\ngroessen: {a: a, b: b, c: c}\nprozent: "
    assert kurz(werk.lies("p.xlsx", None, lesen + angabe), "wert") == gelesen


def test_prozentformat_ausserhalb_der_werte_stoert_nicht(werk, kurz):
    def formate(buch):
        buch["T"]["B2"].number_format = buch["T"]["C2"].number_format = "0%"

    mappe(werk, "p.xlsx", ("T", [["AGS", "n", "Quote"], ["09999", "-", 0.07]]), danach=formate)
    lesen = "leser: xlsx\ngebiet: AGS\nzeit: {fest: 2022}\ngroessen: {n: n}"
    assert kurz(werk.lies("p.xlsx", None, lesen, statistik='zeichen: {"-": null}'), "wert") == [(0.0,)]


def test_null_prozent_ist_in_jeder_lesart_null(werk, kurz):
    mappe(werk, "p.xlsx", ("T", [["AGS", "n"], ["09999", 0]]),
          danach=lambda b: setattr(b["T"]["B2"], "number_format", "0%"))  # fmt: skip
    lesen = "leser: xlsx\ngebiet: AGS\nzeit: {fest: 2022}\ngroessen: {n: n}"
    assert kurz(werk.lies("p.xlsx", None, lesen), "wert") == [(0.0,)]


def test_altes_excel_kennt_das_prozentformat_auch():
    import xlrd

    from berichtswerk.daten.leser.grund import Prozentzelle
    from berichtswerk.daten.leser.xls import xls_inhalt

    formate = {10: SimpleNamespace(format_str="0.00%"), 2: SimpleNamespace(format_str="0.00")}
    buch = SimpleNamespace(
        datemode=0, format_map=formate, xf_list=[SimpleNamespace(format_key=k) for k in (10, 2, 99)]
    )
    zellen = [SimpleNamespace(ctype=xlrd.XL_CELL_NUMBER, value=0.07, xf_index=n) for n in range(3)]
    assert [xls_inhalt(buch, z, "prozentwert") for z in zellen] == [Prozentzelle(0.07, True), 0.07, 0.07]
    assert xls_inhalt(buch, zellen[0], "anteil") == 0.07


BLATT = """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="2"><c r="A2" t="inlineStr"><is><t>AGS</t></is></c><c r="C2" t="inlineStr"><is><r><t>n</t></r><r><t>1</t></r></is></c></row>
<row r="5"><c r="A5" t="str"><v>09999</v></c><c r="C5"><f t="shared" ref="C5:C6" si="0">A5*2</f><v>4.5</v></c></row>
<row><c t="str"><v>09</v></c><c t="b"><v>1</v></c><c><f t="shared" si="0"/><v>7</v></c></row>
<row r="7"><c r="A7" t="str"><v>DG</v></c><c r="C7" t="e"><v>#REF!</v></c></row>
</sheetData></worksheet>"""
LESEN_BLATT = "leser: xlsx\nkopf: {zeilen: 2}\ngebiet: AGS\nzeit: {fest: 2022}\ngroessen: {n: n1}\n"


def blatt_aus(werk, xml: str) -> None:
    """Eine Arbeitsmappe, deren erstes Blatt genau dieses XML ist."""
    mappe(werk, "p.xlsx", ("T", [["x"]]))
    with zipfile.ZipFile(werk.datei("p.xlsx")) as paket:
        teile = {n: paket.read(n) for n in paket.namelist()}
    with zipfile.ZipFile(werk.datei("p.xlsx"), "w") as paket:
        for name, inhalt in {**teile, "xl/worksheets/sheet1.xml": xml.encode()}.items():
            paket.writestr(name, inhalt)


def test_zeilen_ohne_nummer_luecken_geteilte_formeln_und_texte_in_der_zelle(werk, kurz):
    blatt_aus(werk, BLATT.replace("#REF!", "8").replace('t="e"', ""))
    werte = werk.lies("p.xlsx", None, LESEN_BLATT + "formeln: gespeicherter_wert\n")
    assert kurz(werte, "gebiet", "wert", "zeile", "spalte") == [
        ("09999", 4.5, 5, "T!C"), ("09", 7.0, 6, "T!C"), ("DG", 8.0, 7, "T!C"),
    ]  # fmt: skip


def test_formeln_und_fehlerzeichen_nennen_ihre_zelle(werk):
    blatt_aus(werk, BLATT)
    text = werk.meldungen("p.xlsx", None, LESEN_BLATT)
    assert (
        "Blatt „T“, Zelle C5, Feld „n1“\n  Statt eines Wertes steht hier die Formel „=A5*2“. Ebenso: Blatt „T“, Zelle C6."
        in text
    )
    assert "Blatt „T“, Zelle C7, Feld „n1“\n  „#REF!“ ist keine Zahl." in text


def test_mehr_zeilen_als_ein_blatt_haben_kann(werk):
    blatt_aus(werk, BLATT.replace('r="7"', 'r="99999999"'))
    assert "Der Inhalt des Blattes „T“ ist beschädigt." in werk.meldungen("p.xlsx", None, LESEN_BLATT)


GEOJSON = {
    "type": "FeatureCollection",
    "features": [
        {"type": "Feature", "properties": {"AGS": "09999101", "GEN": "Altdorf", "EWZ": 1200, "KFL": None},
         "geometry": {"type": "Polygon", "coordinates": [[[12.0, 53.0], [12.1, 53.0], [12.1, 53.1], [12.0, 53.0]]]}},
        {"type": "Feature", "properties": {"AGS": "07777001", "GEN": "Fremdort", "EWZ": 5},
         "geometry": {"type": "Point", "coordinates": [1, 2]}},
    ],
}  # fmt: skip
LESEN_GEO = """
leser: geojson
gebiet: {spalte: AGS, unbekannte: weglassen}
zeit: {fest: "2023-12-31"}
groessen: {einwohner: EWZ, flaeche: KFL}
"""


def test_geojson_gibt_eigenschaften(werk, kurz):
    werte = werk.lies("g.geojson", json.dumps(GEOJSON), LESEN_GEO)
    assert kurz(werte, "gebiet", "groesse", "wert", "status", "zeile") == [
        ("09999101", "einwohner", 1200.0, "wert", 1),
        ("09999101", "flaeche", None, "fehlt", 1),
    ]


LESEN_SQL = """
leser: sql
url_umgebung: MUSTER_DATENBANK
abfrage: SELECT ags, jahr, zahl FROM faelle WHERE zahl <> 3
gebiet: ags
zeit: jahr
groessen: {faelle: zahl}
"""


@pytest.fixture
def datenbank(werk, monkeypatch):
    pfad = werk.projekt.wurzel / "faelle.sqlite"
    with sqlite3.connect(pfad) as verbindung:
        verbindung.execute("CREATE TABLE faelle (ags TEXT, jahr INTEGER, zahl NUMERIC)")
        verbindung.executemany("INSERT INTO faelle VALUES (?, ?, ?)",
                               [("09999", 2022, 7), ("09", 2022, "."), ("09", 2021, 3)])  # fmt: skip
    verbindung.close()
    monkeypatch.setenv("MUSTER_DATENBANK", f"sqlite:///{pfad.as_posix()}")
    return pfad


def test_sql_liest_eine_abfrage_und_aendert_nichts(werk, kurz, datenbank):
    vorher = datenbank.read_bytes()
    werk.beschreibe("x.sql", LESEN_SQL, statistik="zeichensatz: din55301")
    beschreibung = werk.projekt.quellen / "probe.yaml"
    ohne_pfad = re.sub(r"path: .*\n", "", beschreibung.read_text(encoding="utf-8"))
    beschreibung.write_text(ohne_pfad, encoding="utf-8")
    werte = werk.bestand().tabelle("probe").werte
    assert set(werte.datei) == {"daten/quellen/probe.yaml"}
    assert kurz(werte, "gebiet", "zeit", "wert", "status", "zeile", "spalte") == [
        ("09999", "2022", 7.0, "wert", 1, "zahl"),
        ("09", "2022", None, "unbekannt", 2, "zahl"),
    ]
    assert datenbank.read_bytes() == vorher


def test_sql_abfrage_aus_einer_datei(werk, kurz, datenbank):
    lesen = LESEN_SQL.replace("abfrage: SELECT ags, jahr, zahl FROM faelle WHERE zahl <> 3\n", "")
    werte = werk.lies("x.sql", "-- Auszug\nSELECT ags, jahr, zahl FROM faelle WHERE jahr = 2021;\n", lesen)
    assert kurz(werte, "wert") == [(3.0,)]


@pytest.mark.parametrize(
    "abfrage",
    ["DELETE FROM faelle", "SELECT 1; DROP TABLE faelle", "WITH x AS (SELECT 1) INSERT INTO faelle SELECT 1,2,3",
     "PRAGMA user_version = 3", "SELECT 1 /* */ ; DELETE FROM faelle", ""],
)  # fmt: skip
def test_sql_erlaubt_nur_ein_select(werk, datenbank, abfrage):
    vorher = datenbank.read_bytes()
    lesen = LESEN_SQL.replace("SELECT ags, jahr, zahl FROM faelle WHERE zahl <> 3", json.dumps(abfrage))
    text = werk.meldungen("x.sql", "", lesen)
    assert "Erlaubt ist genau eine SELECT-Abfrage." in text
    assert datenbank.read_bytes() == vorher


def test_sql_oeffnet_sqlite_nur_lesend(werk, datenbank, monkeypatch):
    """Auch was die Prüfung der Abfrage nicht erkennt, kann nichts schreiben: die Datei ist nur lesend offen."""
    from berichtswerk.daten.leser import sql

    monkeypatch.setattr(sql, "_VERBOTEN", sql.re.compile(r"\bnie\b"))
    lesen = LESEN_SQL.replace(
        "SELECT ags, jahr, zahl FROM faelle WHERE zahl <> 3",
        '"WITH x AS (SELECT 1 AS a) INSERT INTO faelle SELECT a, a, a FROM x"',
    )
    assert "attempt to write a readonly database" in werk.meldungen("x.sql", "", lesen)


def test_sql_haelt_an_wenn_die_datenbank_nicht_fertig_wird(werk, datenbank):
    endlos = "WITH RECURSIVE z(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM z) SELECT count(*) AS n FROM z"
    lesen = (
        "leser: sql\nurl_umgebung: MUSTER_DATENBANK\nzeitgrenze: 1\ngebiet: n\nzeit: n\ngroessen: {n: n}\n"
    )
    assert (
        werk.meldungen("x.sql", endlos, lesen)
        == """\
FEHLER [sql-zeitgrenze] daten/dateien/x.sql, Feld „lesen.zeitgrenze“
  Die Datenbank hat nach 1 Sekunden noch nicht alles geliefert.
  Ursache: Sie ist nicht erreichbar, oder die Abfrage braucht zu lange.
  Abhilfe: Prüfen Sie die Verbindung, grenzen Sie die Abfrage ein oder erhöhen Sie „zeitgrenze“."""
    )
    assert not [faden for faden in threading.enumerate() if faden.name == "datenbank"]


def test_sql_verraet_die_adresse_nie(werk, monkeypatch):
    monkeypatch.setenv("MUSTER_DATENBANK", "kein-treiber://nutzer:geheim@rechner/db")
    werk.datei("x.sql").write_text("", encoding="utf-8")
    with pytest.raises(BerichtswerkFehler) as gefangen:
        werk.lies("x.sql", None, LESEN_SQL)
    assert "geheim" not in str(gefangen.value)
    assert gefangen.value.meldungen[0].kennung == "sql-adresse"
