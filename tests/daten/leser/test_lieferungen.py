"""Lieferungen, die leicht falsch gelesen werden: je Fall Datei, Beschreibung und Wert oder Wortlaut."""
# ruff: noqa: E501 - Meldungen stehen im Wortlaut

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

ORDNER = Path(__file__).parent / "lieferungen"
GEBIETE = """
gebietsstand: "2023-12-31"
kreis: "12068"
gebiete:
  - {schluessel: DG, name: Deutschland, ebene: bund}
  - {schluessel: "12", name: Land Brandenburg, ebene: land, teil_von: DG}
  - {schluessel: "12068", name: Landkreis Musterkreis, ebene: kreis, teil_von: "12"}
  - {schluessel: "12068117", name: Dreetz, ebene: gemeinde, teil_von: "12068"}
  - {schluessel: "12068181", name: Walsleben, ebene: gemeinde, teil_von: "12068"}
  - {schluessel: "12068320", name: Neuruppin, ebene: gemeinde, teil_von: "12068"}
  - {schluessel: "12068280", name: Lindow (Mark), ebene: gemeinde, teil_von: "12068"}
  - {schluessel: "12068468", name: Wittstock/Dosse, ebene: gemeinde, teil_von: "12068"}
  - {schluessel: "12068324", name: Neustadt (Dosse), ebene: gemeinde, teil_von: "12068"}
"""
SEMIKOLON = 'dialect: {csv: {delimiter: ";"}}'
KOMMA = 'dialect: {csv: {delimiter: ","}}'
CSV = "leser: csv\ngebiet: ags\nzeit: jahr\ngroessen: {n: n}\n"
XLSX = "leser: xlsx\ngebiet: AGS\nzeit: Jahr\ngroessen: {n: n}\n"

WERTE = {
    "tausenderpunkt": ("tausenderpunkt.csv", CSV + "zahlform: deutsch", "", SEMIKOLON, [987.0, 1234.0, 12345.0]),
    "tausenderpunkt_alle": ("tausenderpunkt_alle.csv", CSV + "zahlform: deutsch", "", SEMIKOLON, [99110.0, 99078.0, 98861.0]),
    "tausenderkomma": ("tausenderkomma.csv", CSV + "zahlform: englisch", "", SEMIKOLON, [987.0, 1234.0]),
    "hochgestellt": ("hochgestellt_rich.xlsx", XLSX, "", "", [1234.0, 1300.0]),
    "blatt_versteckt": ("blatt_versteckt.xlsx", XLSX, "", "", [99.0]),
    "zeile_versteckt": ("zeile_versteckt.xlsx", XLSX, "", "", [5.0, 6.0, 7.0]),
    "sep_zeile": ("sep_zeile.csv", CSV, "", "", [987.0]),
    "flach_alt_insgesamt": (
        "flach_alt_insgesamt.csv",
        "leser: genesis_flach\ngebiet: {spalte: 1_Auspraegung_Code, unbekannte: weglassen}\nzeit: Zeit\n"
        "groessen: {n: FLC006__Gebietsflaeche__qkm}", "", "", [100.5, 999.5],
    ),
    "html": ("html_div.xls", "leser: xlsx\ngebiet: Gem\nzeit: {fest: 2022}\ngroessen: {n: n}", "", "", [32.2]),
    "strict": ("strict.xlsx", XLSX, "", "", [5.0, 6.0]),
    "jahr_kopf_monat_spalte": (
        "jahr_kopf_monat_spalte.csv",
        "leser: csv\ngebiet: ags\nzeit: {spalte: jahr, dazu: {kopf: 1}}\ngroessen: {n: {spalte: {von: 3}}}", "", SEMIKOLON,
        [5.0, 6.0, 7.0],
    ),
    "schluessel_ohne_land": (
        "schluessel_ohne_land.csv",
        'leser: csv\ngebiet: {spalten: [kreis, gem], stellen: [3, 3], vorsatz: "12"}\nzeit: jahr\ngroessen: {n: n}', "", SEMIKOLON,
        [5.0],
    ),
    "blatt_andere_form": (
        "blatt_andere_form.xlsx",
        "leser: xlsx\nblatt: alle\ngebiet: {spalte: AGS, muster: '^(\\d+)000$', unbekannte: weglassen}\n"
        "zeit: {blattname: '\\d{4}'}\ngroessen: {n: n}", "", "", [5.0, 6.0],
    ),
    "name_fremd": (
        "name_fremd.xlsx",
        "leser: xlsx\ngebiet: {spalte: Gemeinde, unbekannte: weglassen}\nzeit: Jahr\ngroessen: {n: n}", "", "",
        [5.0, 6.0, 7.0, 8.0, 9.0, 1.0],
    ),
    "fussnoten_entfernt": (
        "fussnote_hochgestellt.csv", CSV + r"entfernen: '¹$|\s?1\)$|\s\d$'", "", SEMIKOLON, [987.0, 987.0, 987.0, 987.0],
    ),
    "prozent_entfernt": ("prozent.csv", CSV + r"entfernen: '\s*%$'", "", SEMIKOLON, [12.5, 12.5]),
}  # fmt: skip

FF = (
    "leser: genesis_flach\ngebiet: 1_variable_attribute_code\nzeit: time\n"
    "merkmale: {art: 2_variable_attribute_label}\ngroesse: value_variable_code\nwert: value"
)
GRUPPE = "leser: csv\ngebiet: ags\nzeit: jahr\n"
BEFUNDE = {
    "ff_strich_eigener_kreis": (
        "ff_strich_eigener_kreis.csv", FF, "", "",
        "Ob „-“ null heißt oder „nicht erhoben“, ist nicht zu erkennen: Gebiet Landkreis Musterkreis (Kreis 12068) hat nur „-“",
    ),
    "strich_nicht_erhoben": (
        "strich_nicht_erhoben.csv",
        "leser: genesis_tabelle\nkopf: {zeilen: 2}\ngebiet: {spalte: 2}\nzeit: {spalte: 1}\ngroessen: {a: a, b: b}", "", "",
        "Spalte „b“ mischt „0“ und „-“",
    ),
    "tausenderpunkt": (
        "tausenderpunkt.csv", CSV, "", SEMIKOLON,
        "Zahlen wie „1.234“ sind mehrdeutig: 1234 oder 1,234. Ebenso: Zeile 4.",
    ),
    "tausenderpunkt_alle": ("tausenderpunkt_alle.csv", CSV, "", SEMIKOLON, "Zahlen wie „99.110“ sind mehrdeutig"),
    "tausenderkomma": ("tausenderkomma.csv", CSV, "", SEMIKOLON, "Zahlen wie „1,234“ sind mehrdeutig: 1234 oder 1,234."),
    "ersatzzeichen": (
        "ersatzzeichen.csv", CSV + "merkmale: {art: art}", "", SEMIKOLON,
        "Im Text „m\ufffdnnlich“ sind Zeichen verlorengegangen.",
    ),
    "muster_ohne_treffer": (
        "muster_ohne_treffer.csv", CSV + "merkmale: {art: {spalte: art, muster: 'Hort (.*)'}}", "", SEMIKOLON,
        "Zu „Kita Nord“ passt das Muster „Hort (.*)“ nicht; der Text bliebe leer.",
    ),
    "groesse_leer": (
        "groesse_leer.csv", GRUPPE + "groesse: gr\nwert: n", "", SEMIKOLON,
        "Der Name der Messgröße ist leer: „12068 | 2021 | 6“.",
    ),
    "faktor_null": (
        "faktor_null.csv", GRUPPE + "groessen: {n: {spalte: n, faktor: 0}}", "", SEMIKOLON, "faktor",
    ),
    "enc_utf_16": (
        "enc_utf_16.csv", CSV, "", SEMIKOLON + "\nencoding: utf-16", "Die Datei ist nicht in „utf-16“ gespeichert.",
    ),
    "trenner_lang": (
        "trenner_lang.csv", CSV, "", 'dialect: {csv: {delimiter: ";;"}}', "Das Trennzeichen „;;“ ist nicht möglich.",
    ),
    "kopf_riesig": (
        "kopf_riesig.csv", CSV + 'kopf: {zeilen: "1-999999999"}', "", SEMIKOLON, "Der Kopf kann höchstens 100 Zeilen haben.",
    ),
    "regex_katastrophe": (
        "regex_katastrophe.csv", CSV + "auslassen: ['(a|aa)+$']", "", SEMIKOLON,
        "Das Muster „(a|aa)+$“ wird mit einem Text nicht fertig.",
    ),
    "fussnote_hochgestellt": ("fussnote_hochgestellt.csv", CSV, "", SEMIKOLON, r"hilft „entfernen: '\s*¹$'“ unter lesen."),
    "prozent": ("prozent.csv", CSV, "", SEMIKOLON, r"hilft „entfernen: '\s*%$'“ unter lesen."),
    "schluessel_ohne_angabe": (
        "flach_alt_insgesamt.csv",
        "leser: csv\ngebiet: {spalte: 1_Auspraegung_Code, unbekannte: weglassen}\nzeit: Zeit\n"
        "groessen: {n: FLC006__Gebietsflaeche__qkm}", "", SEMIKOLON,
        "In dieser Zeile steht kein Gebiet: „11111 | 31.12.2022 | DLAND | Insgesamt | 999,5“.",
    ),
    "blatt_andere_form": (
        "blatt_andere_form.xlsx",
        "leser: xlsx\nblatt: alle\ngebiet: {spalte: 1, muster: '^(\\d+)000$', unbekannte: weglassen}\n"
        "zeit: {blattname: '\\d{4}'}\ngroessen: {n: 2}", "", "",
        "Das Blatt „2022“ gab keinen einzigen Wert.",
    ),
    "mappe_leer": ("mappe.ods", XLSX, "", "", "Die Arbeitsmappe hat keine Tabellenblätter."),
}  # fmt: skip


@pytest.fixture
def hier(werk):
    (werk.projekt.daten / "gebiete.yaml").write_text(GEBIETE, encoding="utf-8")

    def lege(name: str):
        shutil.copy(ORDNER / name, werk.datei(name))
        return werk

    return lege


@pytest.mark.parametrize("fall", WERTE)
def test_gelesen_wird_der_richtige_wert(hier, fall):
    name, lesen, statistik, ressource, richtig = WERTE[fall]
    werte = hier(name).lies(name, None, lesen, statistik=statistik, ressource=ressource)
    assert werte["wert"].tolist() == richtig


@pytest.mark.parametrize("fall", BEFUNDE)
def test_was_misszuverstehen_ist_wird_gemeldet(hier, fall):
    name, lesen, statistik, ressource, wortlaut = BEFUNDE[fall]
    assert wortlaut in hier(name).meldungen(name, None, lesen, statistik=statistik, ressource=ressource)
