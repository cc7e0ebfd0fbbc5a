"""Schlechte Lieferungen und was dazu zu lesen ist: Eingabe und genaue Meldung nebeneinander."""
# ruff: noqa: E501 - Meldungen stehen im Wortlaut

from __future__ import annotations

import zipfile

import openpyxl
import pytest

LESEN = """
leser: csv
gebiet: ags
zeit: jahr
groessen: {n: faelle}
"""
CSV = "ags,jahr,faelle\n"
UMLAUTE = "ags,jahr,faelle,ort\n09999,2022,1,Büro\n09999,2023,2,Müll\n"
LESEN_XLSX = "leser: xlsx\ngebiet: AGS\nzeit: {fest: 2022}\ngroessen: {n: n}"

FAELLE = {
    "falsche_kodierung": (
        "p.csv", UMLAUTE.encode("cp1252"), LESEN, "",
        """FEHLER [kodierung-falsch] daten/dateien/p.csv, Zeile 2, Feld „encoding“
  Die Datei ist nicht in „utf-8“ gespeichert.
  Ursache: Keine der 2 Zeilen mit Umlauten ist so lesbar; die erste hat das Byte 0xFC.
  Abhilfe: Versuchen Sie in der Quelle „encoding: cp1252“.""",
    ),
    "utf8_als_latin1_gelesen": (
        "p.csv", UMLAUTE.replace("ü", "ä"), LESEN, "encoding: latin-1",
        """FEHLER [kodierung-falsch] daten/dateien/p.csv, Zeile 2, Feld „encoding“
  Umlaute sind als „Ã¤“ und Ähnliches zu lesen.
  Ursache: Die Datei ist in UTF-8 gespeichert, gelesen wird „latin-1“.
  Abhilfe: Setzen Sie in der Quelle „encoding: utf-8“.""",
    ),
    "eine_zeile_in_anderer_kodierung": (
        "p.csv", "ags,jahr,faelle,ort\n09999,2022,1,Süd\n".encode("cp1252"), LESEN, "",
        """FEHLER [kodierung-falsch] daten/dateien/p.csv, Zeile 2, Feld „encoding“
  Die Datei ist nicht in „utf-8“ gespeichert.
  Ursache: Die einzige Zeile mit Umlauten ist so nicht lesbar (Byte 0xFC).
  Abhilfe: Versuchen Sie in der Quelle „encoding: cp1252“.""",
    ),
    "umlaute_doppelt_umgewandelt": (
        "p.csv", "ags,jahr,faelle,ort\n09999,2022,1,Süd\n".encode().decode("latin-1").encode(), LESEN, "",
        """FEHLER [kodierung-falsch] daten/dateien/p.csv, Zeile 2
  Umlaute sind als „Ã¤“ und Ähnliches zu lesen.
  Ursache: Die Umlaute wurden vor der Lieferung zweimal in UTF-8 umgewandelt.
  Abhilfe: Fordern Sie die Datei neu an; mit einer anderen „encoding“ ist sie nicht zu retten.""",
    ),
    "umlaute_stellenweise_falsch": (
        "p.csv", "ags,jahr,faelle,ort\n09999,2022,1,Süd\n09999,2021,1,S".encode("cp1252") + "ü".encode() + b"d\n",
        LESEN, "encoding: cp1252",
        """FEHLER [kodierung-falsch] daten/dateien/p.csv, Zeile 3
  Einzelne Texte sind als „Ã¤“ und Ähnliches gespeichert.
  Ursache: Der Rest der Datei ist in „cp1252“ lesbar; diese wurden vor der Lieferung falsch umgewandelt.
  Abhilfe: Fordern Sie die Datei neu an, oder sagen Sie unter „werte“, was gemeint ist.""",
    ),
    "viele_doppelte_angaben": (
        "p.csv", CSV + "".join(f"09999,{jahr},{n}\n" for n in (1, 2) for jahr in range(2018, 2023)), LESEN, "",
        """FEHLER [schluessel-doppelt] daten/dateien/p.csv, Zeile 7, Feld „faelle“
  5 Angaben stehen mehrfach da, als erste: 09999, 2018, n.
  Ursache: Sie steht schon in Zeile 2.
  Abhilfe: Unterscheiden sich die Zeilen in einer Spalte, nennen Sie diese unter lesen.merkmale; sonst lassen Sie \
eine davon weg (lesen.auslassen, lesen.ohne).""",
    ),
    "zwei_spalten_fuer_dieselbe_groesse": (
        "p.csv", "ags,jahr,n_a,n_b\n09999,2022,1,2\n", 'leser: csv\ngebiet: ags\nzeit: jahr\ngroessen: {n: "/^n_/"}', "",
        """FEHLER [schluessel-doppelt] daten/dateien/p.csv, Zeile 2, Feld „n_b“
  Diese Angabe steht mehrfach da: 09999, 2022, n.
  Ursache: Dieselbe Zeile hat sie auch in der Spalte „n_a“.
  Abhilfe: Nennen Sie die Wertspalte in der Quelle genauer, oder unterscheiden Sie die Spalten durch ein Merkmal \
(lesen.merkmale).""",
    ),
    "fremdes_gebiet_ohne_aehnliches": (
        "p.csv", CSV + "Xyzzy,2022,1\n", LESEN, "",
        """FEHLER [gebiet-unbekannt] daten/dateien/p.csv, Zeile 2, Feld „ags“
  Das Gebiet „Xyzzy“ steht nicht in daten/gebiete.yaml.
  Abhilfe: Sagen Sie es unter „gebiet: {werte: …}“; enthält die Lieferung auch fremde Gebiete, setzen Sie \
„gebiet: {unbekannte: weglassen}“.""",
    ),
    "gv100ad_abgeschnittener_satz": (
        "p.asc", "6020231231099990101101" + "Altdorf".ljust(106) + "00000012345" + "000000012",
        "leser: gv100\ngebiet: ags\nzeit: gebietsstand\ngroessen: {n: bevoelkerung}", "",
        """FEHLER [satz-zu-kurz] daten/dateien/p.asc, Zeile 1
  Der Satz hat nur 148 Stellen; die Zahlen stehen bis Stelle 161.
  Ursache: Die Zeile ist abgeschnitten oder umbrochen.
  Abhilfe: Fordern Sie die Datei neu an und öffnen Sie sie nicht in einem Schreibprogramm.""",
    ),
    "kaputte_kodierung_mittendrin": (
        "p.csv",
        UMLAUTE.encode() + b"09999,2024,3,M\xfchle\n" + "09999,2025,4,Höhe\n".encode(), LESEN, "",
        """FEHLER [kodierung-kaputt] daten/dateien/p.csv, Zeile 4
  Ein Zeichen dieser Zeile ist beschädigt (Byte 0xFC).
  Ursache: Der Rest der Datei ist in „utf-8“ lesbar; hier wurde wohl etwas aus einer anders gespeicherten \
Datei eingefügt.
  Abhilfe: Fordern Sie die Datei neu an.""",
    ),
    "unbekannte_kodierung": (
        "p.csv", CSV, LESEN, "encoding: utf-9",
        """FEHLER [kodierung-unbekannt] daten/dateien/p.csv, Feld „encoding“
  Die Kodierung „utf-9“ gibt es nicht.
  Abhilfe: Üblich sind utf-8, cp1252 (Windows) und latin-1.""",
    ),
    "falsches_trennzeichen": (
        "p.csv", "ags;jahr;faelle\n09999;2022;1\n", LESEN, "",
        """FEHLER [trennzeichen-falsch] daten/dateien/p.csv, Zeile 1, Feld „dialect.csv.delimiter“
  Mit dem Trennzeichen „,“ hat die Datei nur eine Spalte.
  Ursache: Der Kopf enthält 2-mal „;“.
  Abhilfe: Setzen Sie in der Quelle dialect: {csv: {delimiter: ";"}}.""",
    ),
    "umbenannte_und_fehlende_spalten": (
        "p.csv", "schluessel,jahre,fälle\n09999,2022,1\n", LESEN, "",
        """FEHLER [spalte-fehlt] daten/dateien/p.csv, Zeile 1, Feld „ags“
  Die Spalte „ags“ gibt es nicht.
  Ursache: Vorhanden sind: „schluessel“, „jahre“, „fälle“.
  Abhilfe: Wurde sie umbenannt, ändern Sie den Namen in der Quelle.

FEHLER [spalte-fehlt] daten/dateien/p.csv, Zeile 1, Feld „jahr“
  Die Spalte „jahr“ gibt es nicht.
  Ursache: Vorhanden sind: „schluessel“, „jahre“, „fälle“.
  Abhilfe: Meinten Sie „jahre“? Wurde sie umbenannt, ändern Sie den Namen in der Quelle.

FEHLER [spalte-fehlt] daten/dateien/p.csv, Zeile 1, Feld „faelle“
  Die Spalte „faelle“ gibt es nicht.
  Ursache: Vorhanden sind: „schluessel“, „jahre“, „fälle“.
  Abhilfe: Meinten Sie „fälle“? Wurde sie umbenannt, ändern Sie den Namen in der Quelle.""",
    ),
    "spalte_zweimal": (
        "p.csv", "ags,jahr,faelle,faelle\n09999,2022,1,2\n", LESEN, "",
        """FEHLER [spalte-mehrdeutig] daten/dateien/p.csv, Zeile 1, Feld „faelle“
  „faelle“ kann mehrere Spalten meinen.
  Ursache: Gefunden: „3: faelle“, „4: faelle“.
  Abhilfe: Nennen Sie den ganzen Kopftext (Zeilen mit „ | “ verbunden) oder die Nummer der Spalte.""",
    ),
    "text_in_einer_zahl_und_falsche_zahlform": (
        "p.csv", CSV + "09999,2022,12a\n09,2022,etwa 5 Kinder\nDG,2022,1.234.567\n", LESEN, "",
        """FEHLER [wert-keine-zahl] daten/dateien/p.csv, Zeile 2, Feld „faelle“
  „12a“ ist keine Zahl.
  Ursache: Erwartet wird eine Zahl in der Form „schlicht“.
  Abhilfe: Streichen Sie mit lesen.entfernen, was nicht zur Zahl gehört; gehört die Zeile nicht zur Tabelle, nennen Sie sie \
unter lesen.auslassen; sonst fragen Sie bei der liefernden Stelle nach.

FEHLER [wert-keine-zahl] daten/dateien/p.csv, Zeile 3, Feld „faelle“
  „etwa 5 Kinder“ ist keine Zahl.
  Ursache: Erwartet wird eine Zahl in der Form „schlicht“.
  Abhilfe: Streichen Sie mit lesen.entfernen, was nicht zur Zahl gehört; gehört die Zeile nicht zur Tabelle, nennen Sie sie \
unter lesen.auslassen; sonst fragen Sie bei der liefernden Stelle nach.

FEHLER [wert-keine-zahl] daten/dateien/p.csv, Zeile 4, Feld „faelle“
  „1.234.567“ ist keine Zahl.
  Ursache: Erwartet wird die Zahlform „schlicht“; das hier ist „deutsch“.
  Abhilfe: Gilt das für die ganze Lieferung, setzen Sie unter lesen „zahlform: deutsch“.""",
    ),
    "unbekanntes_zeichen": (
        "p.csv", CSV + "09999,2022,*\n", LESEN, "",
        """FEHLER [zeichen-unbekannt] daten/dateien/p.csv, Zeile 2, Feld „faelle“
  Das Zeichen „*“ ist in dieser Quelle nicht erklärt.
  Ursache: Bekannte Zeichen: keine.
  Abhilfe: Nennen Sie in der Quelle den Zeichensatz (statistik.zeichensatz) oder ergänzen Sie das Zeichen mit \
seiner Bedeutung: zeichen: {"*": unbekannt}.""",
    ),
    "unbekanntes_gebiet": (
        "p.csv", CSV + "09999109,2022,1\nAltdorff,2022,2\n", LESEN, "",
        """FEHLER [gebiet-unbekannt] daten/dateien/p.csv, Zeile 2, Feld „ags“
  Das Gebiet „09999109“ steht nicht in daten/gebiete.yaml.
  Abhilfe: Meinten Sie „09999102 Neustetten“, „09999101 Altdorf“, „099990102 Gemeinde Neustetten“? Sagen Sie es unter „gebiet: {werte: …}“; enthält die \
Lieferung auch fremde Gebiete, setzen Sie „gebiet: {unbekannte: weglassen}“.

FEHLER [gebiet-unbekannt] daten/dateien/p.csv, Zeile 3, Feld „ags“
  Das Gebiet „Altdorff“ steht nicht in daten/gebiete.yaml.
  Abhilfe: Meinten Sie „09999101 Altdorf“, „099990101 Stadt Altdorf“? Sagen Sie es unter „gebiet: {werte: …}“; enthält die Lieferung auch fremde \
Gebiete, setzen Sie „gebiet: {unbekannte: weglassen}“.""",
    ),
    "fuehrende_null_verloren": (
        "p.csv", CSV + "9999101,2022,1\n", LESEN, "",
        """FEHLER [gebiet-fuehrende-null] daten/dateien/p.csv, Zeile 2, Feld „ags“
  Dem Schlüssel „9999101“ fehlt wohl die führende Null.
  Ursache: Er hat 7 Stellen; Tabellenkalkulationen streichen führende Nullen.
  Abhilfe: Setzen Sie in der Quelle „gebiet: {fuehrende_null: ergaenzen}“.""",
    ),
    "doppelte_angabe": (
        "p.csv", CSV + "09999,2022,1\n09,2022,1\n09999,2022,2\n", LESEN, "",
        """FEHLER [schluessel-doppelt] daten/dateien/p.csv, Zeile 4, Feld „faelle“
  Diese Angabe steht mehrfach da: 09999, 2022, n.
  Ursache: Sie steht schon in Zeile 2.
  Abhilfe: Unterscheiden sich die Zeilen in einer Spalte, nennen Sie diese unter lesen.merkmale; sonst lassen Sie \
eine davon weg (lesen.auslassen, lesen.ohne).""",
    ),
    "keine_zeitangabe_und_zeile_verrutscht": (
        "p.csv", CSV + "09999,heute,1\n09,2022,1,5\n", LESEN, "",
        """FEHLER [zeit-unlesbar] daten/dateien/p.csv, Zeile 2, Feld „jahr“
  „heute“ ist keine Zeitangabe der Art „selbst“.
  Abhilfe: Steht mehr als die Zeit darin, schneiden Sie den Text unter lesen.zeit mit „muster“ zu; gehört die Zeile \
nicht zur Tabelle, nennen Sie sie unter lesen.auslassen.

FEHLER [zeile-felder] daten/dateien/p.csv, Zeile 3
  Die Zeile hat 4 Felder, der Kopf hat 3.
  Ursache: Ein Trennzeichen fehlt, steht zu viel oder gehört zu einem Text ohne Anführungszeichen.
  Abhilfe: Gehört die Zeile nicht zur Tabelle, nennen Sie sie unter lesen.auslassen oder lesen.ende; sonst \
fordern Sie die Datei neu an.""",
    ),
    "leere_datei": (
        "p.csv", "\ufeff \n\n", LESEN, "",
        """FEHLER [datei-leer] daten/dateien/p.csv
  Die Datei ist leer.
  Abhilfe: Legen Sie die Lieferung noch einmal ab.""",
    ),
    "nur_ein_kopf": (
        "p.csv", CSV, LESEN, "",
        """FEHLER [tabelle-leer] daten/dateien/p.csv, Feld „lesen“
  Nach der Beschreibung bleibt kein einziger Wert übrig.
  Ursache: Unter dem Kopf stehen keine Zeilen mit Werten.
  Abhilfe: Prüfen Sie diese Angaben an der Datei.""",
    ),
    "kopf_nicht_gefunden": (
        "p.csv", CSV, LESEN + "kopf: {suche: Gemeinde, anzahl: 2}", "",
        """FEHLER [kopf-fehlt] daten/dateien/p.csv, Feld „lesen.kopf“
  Der Tabellenkopf mit „Gemeinde“ ist nicht zu finden.
  Ursache: Die Datei endet vorher oder ist anders aufgebaut als beschrieben.
  Abhilfe: Öffnen Sie die Datei und berichtigen Sie „kopf“ (Zeilennummern oder Suchtext).""",
    ),
    "fehlende_datei": (
        "p.csv", None, LESEN, "",
        """FEHLER [datei-fehlt] daten/dateien/p.csv, Feld „path“
  Die Datendatei gibt es nicht.
  Ursache: Die Quelle „probe“ nennt sie.
  Abhilfe: Legen Sie die Lieferung dort ab oder berichtigen Sie „path“; Groß- und Kleinschreibung zählt.""",
    ),
    "offenes_anfuehrungszeichen": (
        "p.csv", CSV + '09999,2022,"1\n' + "09999,2022,1\n" * 20_000, LESEN, "",
        """FEHLER [anfuehrungszeichen-offen] daten/dateien/p.csv, Zeile 2
  Ein Anführungszeichen wird nicht geschlossen.
  Ursache: Der Text ab hier reicht über viele Zeilen oder bis zum Ende der Datei.
  Abhilfe: Nennen Sie in der Quelle unter dialect.csv.quoteChar ein Zeichen, das nicht vorkommt, oder fordern Sie die Datei neu an.""",
    ),
    "anfuehrungszeichen_verschluckt_den_rest": (
        "p.csv", 'ags,jahr,faelle,ort\n09999,2022,1,"Büro\n09,2022,2,Amt\n', LESEN, "",
        """FEHLER [anfuehrungszeichen-offen] daten/dateien/p.csv, Zeile 2
  Ein Anführungszeichen wird nicht geschlossen.
  Ursache: Der Text ab hier reicht über viele Zeilen oder bis zum Ende der Datei.
  Abhilfe: Nennen Sie in der Quelle unter dialect.csv.quoteChar ein Zeichen, das nicht vorkommt, oder fordern Sie die Datei neu an.""",
    ),
    "anfuehrungszeichen_mitten_im_text": (
        "p.csv", 'ags,jahr,faelle,ort\n09999,2022,1,"Büro" Süd\n', LESEN, "",
        """FEHLER [anfuehrungszeichen-im-text] daten/dateien/p.csv, Zeile 2
  Hinter einem schließenden Anführungszeichen steht noch Text.
  Ursache: Ein Anführungszeichen im Text muss verdoppelt werden ("").
  Abhilfe: Nennen Sie in der Quelle unter dialect.csv.quoteChar ein Zeichen, das nicht vorkommt, oder fordern Sie die Datei neu an.""",
    ),
    "csv_ist_eine_internetseite": (
        "p.csv", "<!DOCTYPE html><html>Anmeldung</html>", LESEN, "",
        """FEHLER [datei-art] daten/dateien/p.csv
  Die Datei ist keine einfache Textdatei, sondern eine Internetseite (HTML).
  Abhilfe: Prüfen Sie die Lieferung und die Angaben „path“, „format“ und „leser“ der Quelle.""",
    ),
    "xlsx_ist_in_wahrheit_csv": (
        "p.xlsx", CSV, LESEN_XLSX, "",
        """FEHLER [xlsx-ungueltig] daten/dateien/p.xlsx
  Die Datei ist keine Arbeitsmappe, sondern Text mit Trennzeichen, auch wenn sie anders heißt.
  Abhilfe: Setzen Sie in der Quelle „leser: csv“, „encoding: utf-8“ und dialect: {csv: {delimiter: ","}}.""",
    ),
    "xlsx_ist_abgeschnitten": (
        "p.xlsx", b"PK\x03\x04" + b"\x00" * 300, LESEN_XLSX, "",
        """FEHLER [xlsx-ungueltig] daten/dateien/p.xlsx
  Die Datei ist keine lesbare Excel-Arbeitsmappe.
  Ursache: Das ZIP-Paket der Arbeitsmappe ist beschädigt oder unvollständig.
  Abhilfe: Fordern Sie die Datei neu an; lässt Excel sie öffnen, speichern Sie sie unter anderem Namen als „Excel-Arbeitsmappe (*.xlsx)“ und legen Sie diese ab.""",
    ),
    "xls_mit_kennwort_oder_kaputt": (
        "p.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, LESEN_XLSX, "",
        """FEHLER [xlsx-ungueltig] daten/dateien/p.xlsx
  Die Datei ist keine lesbare Excel-Arbeitsmappe.
  Ursache: Die alte Excel-Datei ist beschädigt.
  Abhilfe: Fordern Sie die Datei neu an; lässt Excel sie öffnen, speichern Sie sie unter anderem Namen als „Excel-Arbeitsmappe (*.xlsx)“ und legen Sie diese ab.""",
    ),
    "geojson_abgeschnitten": (
        "p.geojson", '{"type": "FeatureCollection",\n "features": [', "leser: geojson\ngebiet: AGS", "",
        """FEHLER [geojson-ungueltig] daten/dateien/p.geojson, Zeile 2
  Die Datei ist kein gültiges GeoJSON.
  Ursache: Das JSON ist an dieser Stelle unvollständig.
  Abhilfe: Exportieren Sie die Ebene im Geoinformationssystem neu als GeoJSON (EPSG:4326).""",
    ),
    "sql_ohne_umgebungsvariable": (
        "p.sql", "SELECT 1",
        "leser: sql\nurl_umgebung: GIBT_ES_NICHT_URL\ngebiet: a\nzeit: b\ngroessen: {n: c}", "",
        """FEHLER [sql-umgebung-fehlt] daten/dateien/p.sql, Feld „lesen.url_umgebung“
  Die Umgebungsvariable GIBT_ES_NICHT_URL ist nicht gesetzt.
  Abhilfe: Setzen Sie sie auf die SQLAlchemy-Adresse der Datenbank (steht nie in einer Datei).""",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fall", FAELLE)
def test_meldung_zu_schlechter_lieferung(werk, fall):
    name, inhalt, lesen, ressource, meldung = FAELLE[fall]
    assert werk.meldungen(name, inhalt, lesen, ressource=ressource) == meldung


def test_formel_statt_wert_und_fehlerwert_mit_zelle(werk):
    buch = openpyxl.Workbook()
    for zeile in (["AGS", "n"], ["09999", "=SUM(B3:B9)"], ["09", "#DIV/0!"]):
        buch.active.append(zeile)
    buch.active.title = "Tabelle"
    buch.save(werk.datei("p.xlsx"))
    assert (
        werk.meldungen("p.xlsx", None, LESEN_XLSX)
        == """\
FEHLER [formel-statt-wert] daten/dateien/p.xlsx, Blatt „Tabelle“, Zelle B2, Feld „n“
  Statt eines Wertes steht hier die Formel „=SUM(B3:B9)“.
  Ursache: Formeln werden nie ausgerechnet.
  Abhilfe: Soll das in der Datei gespeicherte Ergebnis gelten, setzen Sie unter lesen „formeln: gespeicherter_wert“; \
sonst bitten Sie um Werte statt Formeln.

FEHLER [wert-keine-zahl] daten/dateien/p.xlsx, Blatt „Tabelle“, Zelle B3, Feld „n“
  „#DIV/0!“ ist keine Zahl.
  Ursache: Das ist das Fehlerzeichen einer Tabellenkalkulation.
  Abhilfe: Fragen Sie nach dem Wert; soll er fehlen, setzen Sie „zeichen: {"#DIV/0!": unbekannt}“."""
    )


def test_prozentformat_ohne_angabe_nennt_zelle_und_beide_lesarten(werk):
    buch = openpyxl.Workbook()
    for zeile in (["AGS", "n"], ["09999", 0.125], ["09", 14.2]):
        buch.active.append(zeile)
    buch.active.title = "Tabelle"
    buch.active["B2"].number_format = "0.0%"
    buch.save(werk.datei("p.xlsx"))
    assert (
        werk.meldungen("p.xlsx", None, LESEN_XLSX)
        == """\
FEHLER [zelle-prozent] daten/dateien/p.xlsx, Blatt „Tabelle“, Zelle B2, Feld „n“
  Excel zeigt hier 12,5 %, gespeichert ist 0,125.
  Ursache: Das Zahlenformat der Zelle enthält ein Prozentzeichen; welche der beiden Zahlen gelten soll, ist nicht gesagt.
  Abhilfe: Setzen Sie in der Quelle unter lesen „prozent: prozentwert“ (gelesen wird 12,5) oder „prozent: anteil“ \
(gelesen wird 0,125)."""
    )


def test_fehlendes_blatt_nennt_aehnliche(werk):
    buch = openpyxl.Workbook()
    buch.active.title = "Tabelle 2022"
    buch.save(werk.datei("p.xlsx"))
    assert (
        werk.meldungen("p.xlsx", None, LESEN_XLSX + "\nblatt: Tabelle 2023")
        == """\
FEHLER [blatt-fehlt] daten/dateien/p.xlsx, Feld „lesen.blatt“
  Das Tabellenblatt „Tabelle 2023“ gibt es nicht.
  Ursache: Die Arbeitsmappe hat 1 Blatt.
  Abhilfe: Meinten Sie „Tabelle 2022“?"""
    )


def test_beschaedigtes_blatt_einer_sonst_heilen_mappe(werk):
    buch = openpyxl.Workbook()
    for zeile in (["AGS", "n"], *[["09999", 1]] * 50):
        buch.active.append(zeile)
    buch.save(werk.datei("p.xlsx"))
    with zipfile.ZipFile(werk.datei("p.xlsx")) as paket:
        teile = {n: paket.read(n) for n in paket.namelist()}
    teile["xl/worksheets/sheet1.xml"] = teile["xl/worksheets/sheet1.xml"][:-200]
    with zipfile.ZipFile(werk.datei("p.xlsx"), "w") as paket:
        for name, inhalt in teile.items():
            paket.writestr(name, inhalt)
    text = werk.meldungen("p.xlsx", None, LESEN_XLSX)
    assert text.startswith("FEHLER [xlsx-ungueltig] daten/dateien/p.xlsx\n")
    assert "beschädigt" in text


def test_gesperrte_datei(werk, monkeypatch):
    def gesperrt(auftrag):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("berichtswerk.daten.leser.text.pruefe_text", gesperrt)
    assert (
        werk.meldungen("p.csv", CSV, LESEN)
        == """\
FEHLER [datei-gesperrt] daten/dateien/p.csv
  Die Datei lässt sich nicht öffnen.
  Ursache: Dafür fehlt das Recht.
  Abhilfe: Schließen Sie die Datei in anderen Programmen (Excel sperrt geöffnete Dateien) und prüfen Sie Ihre Rechte am Ordner."""
    )


def test_opendocument_statt_excel(werk):
    with zipfile.ZipFile(werk.datei("p.xlsx"), "w") as paket:
        paket.writestr("content.xml", "<x/>")
    text = werk.meldungen("p.xlsx", None, LESEN_XLSX)
    assert "Die Arbeitsmappe hat keine Tabellenblätter." in text


def test_beliebiger_muell_gibt_immer_eine_meldung(werk):
    """Kein Leser darf an zufälligen Bytes mit etwas anderem als einer Meldung scheitern."""
    from hypothesis import HealthCheck, given, settings
    from hypothesis import strategies as st

    lesen = {
        "csv": LESEN, "xlsx": LESEN_XLSX, "geojson": "leser: geojson\ngebiet: AGS",
        "asc": "leser: gv100\ngebiet: ags\nzeit: gebietsstand\ngroessen: {n: bevoelkerung}",
    }  # fmt: skip
    anfang = st.sampled_from(
        [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"ags,jahr,faelle\n", b"60"]
    )

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.sampled_from(sorted(lesen)), anfang, st.binary(max_size=300))
    def pruefe(endung, beginn, rest):
        assert werk.meldungen(f"p.{endung}", beginn + rest, lesen[endung]).startswith("FEHLER [")

    pruefe()


def test_viele_befunde_werden_gezaehlt_statt_alle_gezeigt(werk):
    text = werk.meldungen("p.csv", CSV + "".join(f"09999,{1800 + i},x{i}\n" for i in range(120)), LESEN)
    assert text.count("ist keine Zahl") == 50
    assert "  Weitere 70 Befunde dieser Art werden nicht einzeln gezeigt.\n  Abhilfe: " in text


def test_die_lieferung_bleibt_unveraendert(werk):
    vorher = CSV + "09999,2022,kaputt\n"
    werk.meldungen("p.csv", vorher, LESEN)
    assert werk.datei("p.csv").read_text(encoding="utf-8") == vorher
    assert sorted(p.name for p in werk.projekt.wurzel.rglob("*") if p.is_file()) == [
        "gebiete.yaml", "p.csv", "probe.yaml",
    ]  # fmt: skip


def test_verknuepfung_aus_dem_projekt_hinaus_wird_nicht_gelesen(werk, tmp_path_factory):
    fremd = tmp_path_factory.mktemp("fremd") / "fremd.csv"
    fremd.write_text(CSV + "09999,2022,1\n", encoding="utf-8")
    werk.datei("p.csv").symlink_to(fremd)
    assert "gilt hier nicht." in werk.meldungen("p.csv", None, LESEN)
