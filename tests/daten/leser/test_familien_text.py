"""CSV, GENESIS-Tabelle, GENESIS flach, INKAR-CSV, feste Breite: je eine kleine Lieferung derselben Form."""

from __future__ import annotations

import math

GENESIS = """GENESIS-Tabelle: 99999-01-01-5
Bevölkerungsstand: Bevölkerung nach Geschlecht;;;;;
- Stichtag 31.12. -;;;;;
Bevölkerungsstand (Anzahl);;;;;
;;31.12.2023;31.12.2023;31.12.2022;31.12.2022
;;Insgesamt;weiblich;Insgesamt;weiblich
DG;Deutschland;1.234.567;600.000;1.200.000;599.000
09;  Musterland;x;.;-;...
09999;      Musterau, Landkreis;1.234;(612);1.200 p;/
07777;      Fremdkreis, Landkreis;1;1;1;1
__________
"Erläuterung; mit Semikolon
über zwei Zeilen"
Stand: 10.10.2024 / 11:01:03
"""


def test_genesis_tabelle_mit_zwei_kopfzeilen_zeichen_und_fussblock(werk, kurz):
    werte = werk.lies(
        "g.csv", GENESIS.encode("cp1252"),
        """
leser: genesis_tabelle
zahlform: deutsch
kopf: {zeilen: 5-6}
gebiet: {spalte: 1, unbekannte: weglassen}
zeit: {kopf: 1, art: stichtag}
merkmale: {geschlecht: {kopf: 2, werte: {Insgesamt: insgesamt}}}
groesse: {fest: einwohner}
wert: {spalte: {von: 3}}
""",
        statistik='zeichen: {"-": null}',
        ressource="encoding: cp1252",
    )  # fmt: skip
    assert kurz(werte, "gebiet", "zeit", "geschlecht", "wert", "status")[4:] == [
        ("09", "2023-12-31", "insgesamt", None, "gesperrt"),
        ("09", "2023-12-31", "weiblich", None, "unbekannt"),
        ("09", "2022-12-31", "insgesamt", 0.0, "null"),
        ("09", "2022-12-31", "weiblich", None, "spaeter"),
        ("09999", "2023-12-31", "insgesamt", 1234.0, "wert"),
        ("09999", "2023-12-31", "weiblich", 612.0, "eingeschraenkt"),
        ("09999", "2022-12-31", "insgesamt", 1200.0, "vorlaeufig"),
        ("09999", "2022-12-31", "weiblich", None, "unsicher"),
    ]
    erste = werte.iloc[0]
    assert (erste.wert, erste.roh, erste.zeile, erste.spalte) == (
        1234567.0, "1.234.567", 7, "31.12.2023 | Insgesamt",
    )  # fmt: skip
    assert (erste.datei, erste.jahr, erste.groesse) == ("daten/dateien/g.csv", 2023, "einwohner")


def test_genesis_tabelle_mit_jahr_als_zwischenzeile_und_beschrifteter_auspraegung(werk, kurz):
    inhalt = """GENESIS-Tabelle: 99999-02
Schulen;;;;
2023;;;;
;;;Schulen;Schüler
;;;;weiblich
;;;Anzahl;Anzahl
09999;Musterau;Grundschulen;5;x
09999;Musterau;Gymnasien;2;700
2024;;;;
09999;Musterau;Grundschulen;6;410
____
"""
    werte = werk.lies(
        "s.csv", inhalt,
        """
leser: genesis_tabelle
kopf: {zeilen: 4-6}
gebiet: {spalte: 1}
zeit: {abschnitt: '^\\d{4}$', art: schuljahr}
merkmale: {schulart: {spalte: 3}}
groessen: {schulen: "Schulen | Anzahl", schuelerinnen: weiblich}
""",
    )  # fmt: skip
    assert kurz(werte, "zeit", "jahr", "schulart", "groesse", "wert") == [
        ("2023/24", 2023, "Grundschulen", "schulen", 5.0),
        ("2023/24", 2023, "Grundschulen", "schuelerinnen", None),
        ("2023/24", 2023, "Gymnasien", "schulen", 2.0),
        ("2023/24", 2023, "Gymnasien", "schuelerinnen", 700.0),
        ("2024/25", 2024, "Grundschulen", "schulen", 6.0),
        ("2024/25", 2024, "Grundschulen", "schuelerinnen", 410.0),
    ]


def test_genesis_tabelle_mit_kennbuchstaben_neben_jedem_wert(werk, kurz):
    werte = werk.lies(
        "q.csv", "Titel\n;2022;;2023;\n09999;10;e;12;p\n09;100;;x;\n",
        """
leser: genesis_tabelle
kopf: {suche: '^2022$', anzahl: 1}
gebiet: 1
zeit: {kopf: 1}
groesse: {fest: faelle}
wert: {spalte: {von: 2, schritt: 2}}
qualitaet: {folgt: 1}
""",
    )  # fmt: skip
    assert kurz(werte, "gebiet", "zeit", "wert", "status") == [
        ("09999", "2022", 10.0, "wert"),
        ("09999", "2023", 12.0, "vorlaeufig"),
        ("09", "2022", 100.0, "wert"),
        ("09", "2023", None, "gesperrt"),
    ]


def test_genesis_flach_alt_in_latin1_mit_deutschem_kopf(werk, kurz):
    inhalt = (
        "Statistik_Code;Zeit;1_Merkmal_Code;1_Auspraegung_Code;1_Auspraegung_Label;2_Auspraegung_Code;"
        "BEV__Bevoelkerung__Anzahl;FLC__Flaeche__km2\n"
        "999;31.12.2022;KREISE;09999;      Musterau, Büro;;1234;12,5\n"
        "999;31.12.2022;KREISE;09999;      Musterau, Büro;GESW;600;-\n"
    )
    werte = werk.lies(
        "f.csv", inhalt.encode("latin-1"),
        """
leser: genesis_flach
gebiet: 1_Auspraegung_Code
zeit: {spalte: Zeit, art: stichtag}
merkmale: {geschlecht: {spalte: 2_Auspraegung_Code, werte: {"": insgesamt, GESW: weiblich}, sonst: fehler}}
groessen: {einwohner: BEV__Bevoelkerung__Anzahl, flaeche: "/^FLC__/"}
""",
        ressource="encoding: latin-1", statistik='zeichen: {"-": null}',
    )  # fmt: skip
    assert kurz(werte, "zeit", "geschlecht", "groesse", "wert") == [
        ("2022-12-31", "insgesamt", "einwohner", 1234.0),
        ("2022-12-31", "insgesamt", "flaeche", 12.5),
        ("2022-12-31", "weiblich", "einwohner", 600.0),
        ("2022-12-31", "weiblich", "flaeche", 0.0),
    ]


def test_genesis_flach_neu_mit_bom_groesse_je_zeile_und_kennbuchstaben(werk, kurz):
    inhalt = (
        "\ufefftime;1_variable_attribute_code;1_variable_attribute_label;value;value_q;value_variable_code\n"
        "2024-12-31;09999;Musterau;99;p;BEVSTD\n"
        "2024-12-31;07777;Fremdkreis;98;;BEVSTD\n"
        "2024-12-31;09999;Musterau;1,5;e;FLC\n"
    )
    werte = werk.lies(
        "n.csv", inhalt,
        """
leser: genesis_flach
gebiet: {spalte: 1_variable_attribute_code, nur: ["09"]}
zeit: time
groesse: {spalte: value_variable_code, werte: {BEVSTD: einwohner, FLC: flaeche}, sonst: fehler}
wert: value
qualitaet: {endung: _q}
""",
    )  # fmt: skip
    assert kurz(werte, "gebiet", "groesse", "wert", "status") == [
        ("09999", "einwohner", 99.0, "vorlaeufig"),
        ("09999", "flaeche", 1.5, "wert"),
    ]


def test_ffcsv_im_zip_archiv(werk, kurz):
    import zipfile

    lesen = "leser: genesis_flach\ngebiet: g\nzeit: time\ngroessen: {n: value}"
    with zipfile.ZipFile(werk.datei("n.csv"), "w") as archiv:
        archiv.writestr("n_flat.csv", "\ufefftime;g;value\n2024-12-31;09999;99\n")
    assert kurz(werk.lies("n.csv", None, lesen, ressource="compression: zip"), "wert") == [(99.0,)]
    with zipfile.ZipFile(werk.datei("n.csv"), "a") as archiv:
        archiv.writestr("liesmich.txt", "Hinweise")
    assert (
        werk.meldungen("n.csv", None, lesen, ressource="compression: zip")
        == """\
FEHLER [zip-inhalt] daten/dateien/n.csv, Feld „innerpath“
  Welche Datei des ZIP-Archivs gemeint ist, ist nicht klar.
  Ursache: Das Archiv enthält: „n_flat.csv“, „liesmich.txt“.
  Abhilfe: Nennen Sie in der Quelle „innerpath“: eine Datei, eine Liste oder ein /Muster/."""
    )
    beide = "compression: zip\ninnerpath: n_flat.csv"
    assert kurz(werk.lies("n.csv", None, lesen, ressource=beide), "wert") == [(99.0,)]


def test_mehrere_dateien_eines_archivs(werk, kurz):
    import zipfile

    lesen = "leser: csv\ngebiet: g\nzeit: {dateiname: '(\\d{4})'}\ngroessen: {n: n}"
    with zipfile.ZipFile(werk.datei("n.csv"), "w") as archiv:
        for jahr in ("2021", "2022"):
            archiv.writestr(f"daten/n_{jahr}.csv", f"g,n\n09999,{jahr[3:]}\n")
            archiv.writestr(f"__MACOSX/._n_{jahr}.csv", "x")
        archiv.writestr("liesmich.txt", "Hinweise")
    liste = "compression: zip\ninnerpath: [daten/n_2021.csv, daten/n_2022.csv]"
    for ressource in (liste, 'compression: zip\ninnerpath: "/csv$/"'):
        werte = werk.lies("n.csv", None, lesen, ressource=ressource)
        assert kurz(werte, "zeit", "wert", "spalte") == [
            ("2021", 1.0, "daten/n_2021.csv!B"), ("2022", 2.0, "daten/n_2022.csv!B"),
        ]  # fmt: skip
        (uebrige,) = werk.bestand().tabelle("probe").bericht.meldungen
        assert uebrige.text == (
            "Aus dem ZIP-Archiv wird nur „daten/n_2021.csv“, „daten/n_2022.csv“ gelesen; daneben liegen 3: "
            "„__MACOSX/._n_2021.csv“, „__MACOSX/._n_2022.csv“, „liesmich.txt“."
        )
    falsch = werk.meldungen("n.csv", None, lesen.replace("{n: n}", "{n: m}"), ressource=liste)
    assert "Datei „daten/n_2021.csv“, Zeile 1, Feld „m“" in falsch
    fehlt = liste.replace("2022", "2023")
    assert "Das Archiv enthält" in werk.meldungen("n.csv", None, lesen, ressource=fehlt)


def test_eine_spalte_schreibt_ihre_zahlen_anders(werk, kurz):
    inhalt = "g;einwohner;quote\n09999;31.500;0.512\n"
    lesen = "leser: csv\ngebiet: g\nzeit: {fest: '2022'}\nzahlform: schlicht\n"
    lesen += "groessen:\n  quote: quote\n  einwohner: "
    ressource = "dialect: {csv: {delimiter: ';'}}"
    werte = werk.lies("z.csv", inhalt, lesen + "{spalte: einwohner, zahlform: deutsch}", ressource=ressource)
    assert kurz(werte, "groesse", "wert") == [("quote", 0.512), ("einwohner", 31500.0)]


def test_was_in_keiner_zeile_vorkommt_wird_gemeldet(werk):
    from berichtswerk.daten import lesebericht

    lesen = (
        "leser: csv\ngebiet: g\nzeit: {fest: '2022'}\ngroessen: {n: n}\nauslassen: ['^Summe', '^Sume', '^S']"
    )
    werk.lies("z.csv", "g,n\n09999,5\nSumme,5\n", lesen)
    meldungen = [m for m in lesebericht.befunde(werk.bestand().tabelle("probe").bericht) if m.feld]
    assert [(m.kennung, m.feld, m.text) for m in meldungen] == [
        ("eintrag-ohne-treffer", "lesen.auslassen", "Das kommt in der Lieferung nicht vor: „^Sume“.")
    ]


def test_ein_unbekanntes_gebiet_des_eigenen_kreises_ist_kein_fremdes(werk):
    from berichtswerk.daten import lesebericht

    lesen = "leser: csv\ngebiet: {spalte: g, unbekannte: weglassen}\nzeit: {fest: '2022'}\ngroessen: {n: n}\n"
    werk.lies("z.csv", "g,n\n09999101,5\n09999109,6\n07111,7\n", lesen)
    bericht = werk.bestand().tabelle("probe").bericht
    assert [(m.kennung, m.stufe.value, m.ursache) for m in lesebericht.befunde(bericht)] == [
        ("eigenes-weggelassen", "warnung", "Zeile 3: 09999109 | 6"),
        ("zeilen-weggelassen", "hinweis", "Zeile 4: 07111 | 7"),
    ]


def test_eine_ungelesene_spalte_muss_es_geben(werk):
    lesen = "leser: csv\ngebiet: g\nzeit: {fest: '2022'}\ngroessen: {n: n}\nungelesen: {summe: doppelt}"
    assert "Die Spalte „summe“ gibt es nicht." in werk.meldungen("z.csv", "g,n\n09999,5\n", lesen)


def test_inkar_csv_mit_indikator_und_jahr_im_kopf(werk, kurz):
    inhalt = """Kennziffer;Raumeinheit;Aggregat;Anteil A;;Anteil B
;;;2021;2022;2022
09999;Musterau;Landkreis;12,5;13,25;1.234,5
"""
    werte = werk.lies("i.csv", inhalt, "leser: inkar")
    assert kurz(werte, "zeit", "groesse", "wert") == [
        ("2021", "Anteil A", 12.5),
        ("2022", "Anteil A", 13.25),
        ("2022", "Anteil B", 1234.5),
    ]


def test_inkar_mit_eigenen_namen_und_auswahl(werk, kurz):
    inhalt = "Kennziffer;Raumeinheit;Aggregat;Anteil A;Anteil B\n;;;2022;2022\n09999;M;L;12,5;1\n"
    werte = werk.lies(
        "i.csv", inhalt,
        """
leser: inkar
groesse: {kopf: 1, werte: {Anteil A: anteil_a}, sonst: weglassen}
wert: {spalte: {von: 4}}
""",
    )  # fmt: skip
    assert kurz(werte, "groesse", "wert") == [("anteil_a", 12.5)]


def test_breite_csv_mit_zusammengesetztem_kopf(werk, kurz):
    inhalt = "ort,2022_m,2022_w,2023_m\nAltdorf,1,2,3\n"
    werte = werk.lies(
        "b.csv", inhalt,
        """
leser: csv
gebiet: {spalte: ort, schluessel: name, ebene: gemeinde}
zeit: {kopf: 1, muster: '^(\\d{4})'}
merkmale: {geschlecht: {kopf: 1, muster: '_(.)$'}}
groesse: {fest: kinder}
wert: {spalte: '/^\\d{4}_/'}
""",
    )  # fmt: skip
    assert kurz(werte, "gebiet", "zeit", "geschlecht", "wert") == [
        ("09999101", "2022", "m", 1.0),
        ("09999101", "2022", "w", 2.0),
        ("09999101", "2023", "m", 3.0),
    ]


def test_gebiete_im_kopf_und_jahre_in_zeilen(werk, kurz):
    werte = werk.lies(
        "t.csv", "jahr,Altdorf,Neustetten,Fremdort\n2022,1,2,3\n",
        """
leser: csv
gebiet: {kopf: 1, ebene: gemeinde, unbekannte: weglassen}
zeit: jahr
groesse: {fest: kinder}
wert: {spalte: {von: 2}}
""",
    )  # fmt: skip
    assert kurz(werte, "gebiet", "wert") == [("09999101", 1.0), ("09999102", 2.0)]


def test_lange_csv_mit_basis_filter_kommentar_und_umrechnung(werk, kurz):
    inhalt = """# Lieferung vom Februar
gebiet,jahr,art,groesse,wert,basis
09999,2022,soll,flaeche_ha,250,Zensus 2011
09999,2022,ist,flaeche_ha,255,Zensus 2022
Summe,2022,soll,flaeche_ha,1,x
"""
    werte = werk.lies(
        "l.csv", inhalt,
        """
leser: csv
gebiet: gebiet
zeit: jahr
groesse: {spalte: groesse, werte: {flaeche_ha: flaeche}}
wert: {spalte: wert, faktor: 0.01}
wo: {art: [soll, "/^is/"]}
auslassen: ["^Summe"]
""",
        statistik="basis: {spalte: basis}\ngebietsstand: 2022-12-31",
        ressource="dialect: {commentChar: '#'}",
    )  # fmt: skip
    assert kurz(werte, "wert", "basis", "gebietsstand", "zeile") == [
        (2.5, "Zensus 2011", "2022-12-31", 3),
        (2.55, "Zensus 2022", "2022-12-31", 4),
    ]


def test_eingerueckte_beschriftung_und_aufgefuellte_felder(werk, kurz):
    inhalt = """Gebiet und Gruppe;Jahr;Fälle
Altdorf;2022;10
  männlich;;6
  weiblich;;4
Neustetten;2023;7
  männlich;;7
"""
    werte = werk.lies(
        "e.csv", inhalt,
        """
leser: csv
gebiet: {spalte: 1, einrueckung: "0", ebene: gemeinde}
zeit: {spalte: Jahr, auffuellen: true}
merkmale: {gruppe: {spalte: 1, einrueckung: "1-", leer: insgesamt}}
groessen: {faelle: Fälle}
""",
        ressource="dialect: {csv: {delimiter: ';'}}",
    )  # fmt: skip
    assert kurz(werte, "gebiet", "zeit", "gruppe", "wert") == [
        ("09999101", "2022", "insgesamt", 10.0),
        ("09999101", "2022", "männlich", 6.0),
        ("09999101", "2022", "weiblich", 4.0),
        ("09999102", "2023", "insgesamt", 7.0),
        ("09999102", "2023", "männlich", 7.0),
    ]


def test_csv_ohne_kopf_mit_eigenen_namen_und_zeit_aus_dem_dateinamen(werk, kurz):
    werte = werk.lies(
        "kinder_2021.csv", "09999\t5\n",
        """
leser: csv
kopf: {anzahl: 0, namen: [ags, kinder]}
gebiet: ags
zeit: {dateiname: '_(\\d{4})'}
groessen: {kinder: kinder}
""",
        ressource='dialect: {csv: {delimiter: "\\t"}}',
    )  # fmt: skip
    assert kurz(werte, "zeit", "wert") == [("2021", 5.0)]


def test_monat_aus_zwei_spalten(werk, kurz):
    werte = werk.lies(
        "m.csv", "ags,jahr,monat,n\n09999,2024,März,3\n",
        """
leser: csv
gebiet: ags
zeit: {spalten: [monat, jahr], verbinden: " ", art: monat}
groessen: {n: n}
""",
    )  # fmt: skip
    assert kurz(werte, "zeit", "jahr") == [("2024-03", 2024)]


def test_mehrere_dateien_derselben_form(werk, kurz):
    werk.datei("a.csv").write_text("ags,jahr,n\n09999,2022,1\n", encoding="utf-8")
    werte = werk.lies(
        "b.csv", "ags,jahr,n\n09999,2023,2\n", "leser: csv\ngebiet: ags\nzeit: jahr\ngroessen: {n: n}",
        ressource="extrapaths: [dateien/a.csv]",
    )  # fmt: skip
    assert kurz(werte, "datei", "zeit", "wert") == [
        ("daten/dateien/b.csv", "2023", 2.0),
        ("daten/dateien/a.csv", "2022", 1.0),
    ]


def gv(satzart: str, ars: str, name: str, werte: str = "") -> str:
    satz = f"{satzart}20231231{ars}".ljust(22) + name.ljust(50)
    return satz.ljust(128) + werte + "\r\n"


def test_gv100ad_mit_voreingestellten_stellen(werk, kurz):
    inhalt = (
        gv("10", "09", "Musterland")
        + gv("40", "09999", "Musterau")
        + gv("50", "09999   0101", "Altdorf, Büro")
        + gv("60", "099991010101", "Altdorf, Stadt", "00000012345" + "00000001234" + "00000000600")
        + gv("60", "077771010101", "Fremdort", "00000000001" * 3)
    )
    werte = werk.lies(
        "gv.asc", inhalt.encode("cp1252"),
        """
leser: gv100
gebiet: {spalte: ags, unbekannte: weglassen}
zeit: {spalte: gebietsstand, art: stichtag}
groessen: {flaeche: {spalte: flaeche_ha, faktor: 0.01}, einwohner: bevoelkerung, maennlich: maennlich}
""",
        ressource="encoding: cp1252",
    )  # fmt: skip
    assert kurz(werte, "gebiet", "zeit", "groesse", "wert", "zeile", "spalte") == [
        ("09999101", "2023-12-31", "flaeche", 123.45, 4, "flaeche_ha"),
        ("09999101", "2023-12-31", "einwohner", 1234.0, 4, "bevoelkerung"),
        ("09999101", "2023-12-31", "maennlich", 600.0, 4, "maennlich"),
    ]


def test_feste_breite_mit_eigenen_feldern(werk, kurz):
    werte = werk.lies(
        "fest.txt", "09999 2022  12,5\n09999 2023   7,0\n",
        """
leser: gv100
satzart: null
felder: {kreis: [1, 5], jahr: [7, 10], quote: [11, 16]}
zahlform: deutsch
gebiet: kreis
zeit: jahr
groessen: {quote: quote}
""",
    )  # fmt: skip
    assert kurz(werte, "zeit", "wert") == [("2022", 12.5), ("2023", 7.0)]


def test_punktzahl_ist_nur_tausend_wo_die_quelle_deutsch_sagt(werk):
    lesen = "leser: csv\ngebiet: ags\nzeit: jahr\ngroessen: {n: n}\nzahlform: "
    inhalt = "ags,jahr,n\n09999,2022,1.234\n"
    assert werk.lies("z.csv", inhalt, lesen + "deutsch").wert[0] == 1234.0
    assert math.isclose(werk.lies("z.csv", inhalt, lesen + "schlicht").wert[0], 1.234)
    assert math.isclose(werk.lies("z.csv", inhalt, lesen + "englisch").wert[0], 1.234)
