"""Keine Zahl, keine Zeile, kein Blatt verschwindet ohne Befund: Eigenschaften und die Arten von Dateien."""
# ruff: noqa: E501 - Meldungen stehen im Wortlaut

from __future__ import annotations

import shutil
import struct
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from berichtswerk.daten.lesebericht import befunde, werte_je, zeichen_je_spalte
from berichtswerk.daten.leser.grund import Abgewiesen
from berichtswerk.daten.leser.text import beste_kodierung
from berichtswerk.daten.leser.werte import Wertleser
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zeichen import ZEICHENSAETZE

CSV = "leser: csv\ngebiet: ags\nzeit: jahr\ngroessen: {n: n}\n"
XLSX = "leser: xlsx\ngebiet: AGS\nzeit: {fest: 2022}\ngroessen: {n: n}\n"
KOPF = "ags,jahr,n\n"


def schriften(zahl: Decimal) -> list[str]:
    """Wie eine Lieferung diese Zahl schreiben kann."""
    englisch = f"{zahl:,}"
    deutsch = englisch.translate(str.maketrans(",.", ".,"))
    leer = englisch.replace(",", "\u202f").replace(".", ",")
    return [str(zahl), str(zahl).replace(".", ","), englisch, deutsch, leer, leer.replace("\u202f", " ")]


@given(
    st.decimals(min_value=0, max_value=10**9, places=2) | st.integers(0, 10**9).map(Decimal) | st.decimals(0, 1000, places=3),
    st.integers(0, 5), st.sampled_from(["deutsch", "englisch", "schlicht", "schweizerisch"]),
    st.sampled_from(["{}", "+{}", "-{}", "- {}", "\u2212{}", "–{}", "– {}", "\ufe63{}", "{}-", "{} –"]),
)  # fmt: skip
@settings(max_examples=400, deadline=None)
def test_ohne_angabe_der_zahlform_ist_jede_zahl_richtig_oder_abgewiesen(zahl, schrift, form, zeichen):
    leser = Wertleser(form, ZEICHENSAETZE["din55301"], angegeben=False)
    try:
        wert, _ = leser.lies(zeichen.format(schriften(zahl)[schrift]))
    except Abgewiesen as abgewiesen:
        assert abgewiesen.art is not None
    else:
        assert wert == (float(zahl) if zeichen in {"{}", "+{}"} else -float(zahl))


@given(st.lists(st.sampled_from(["a_2021.csv", "a_2022.csv", "b_2021.csv", "__MACOSX/._a_2021.csv", "liesmich.txt"]),
                min_size=1, unique=True), st.sampled_from(["/csv$/", "/^a_/", "a_2021.csv", None]))  # fmt: skip
@settings(max_examples=40, deadline=None)
def test_jede_datei_eines_archivs_wird_gelesen_oder_genannt(neues_werk, namen, wahl):
    werk = neues_werk()
    with zipfile.ZipFile(werk.datei("p.csv"), "w") as archiv:
        for name in namen:
            archiv.writestr(name, f"ags,n,quelle\n09999,1,{name}\n")
    lesen = "leser: csv\ngebiet: ags\nzeit: {fest: '2022'}\nmerkmale: {quelle: quelle}\ngroessen: {n: n}\n"
    ressource = "compression: zip" + (f'\ninnerpath: "{wahl}"' if wahl else "")
    try:
        gelesen = set(werk.lies("p.csv", None, lesen, ressource=ressource)["quelle"])
        genannt = " ".join(str(m) for m in befunde(werk.bestand().tabelle("probe").bericht))
    except BerichtswerkFehler as fehler:
        gelesen, genannt = set(), str(fehler)
    finally:
        shutil.rmtree(werk.projekt.wurzel)
    assert [n for n in namen if n not in gelesen and f"„{n}“" not in genannt] == []


@given(st.lists(st.sampled_from(["-", "0", ".", "5", "", "x", "/", "–"]), min_size=1, max_size=6))
@settings(max_examples=60, deadline=None)
def test_ein_strich_wird_nie_still_null_wo_er_anders_gemeint_sein_kann(neues_werk, zeichen):
    werk = neues_werk()
    zeilen = "".join(f"09999,{2000 + n},{z}\n" for n, z in enumerate(zeichen))
    try:
        werte = werk.lies("p.csv", KOPF + zeilen, CSV, statistik="zeichensatz: din55301")
    except BerichtswerkFehler as fehler:
        assert "Ob „" in str(fehler) or ("keinen einzigen Wert" in str(fehler) and not any(zeichen))
        return
    finally:
        shutil.rmtree(werk.projekt.wurzel)
    assert len(werte) == len(zeichen)
    striche = [z in {"-", "–"} for z in zeichen]
    assert not any(striche), "jeder Jahrgang besteht hier nur aus einem Feld"


@given(
    st.lists(
        st.sampled_from(["", "Kopf", "12345", "09999", "09999102", "Insgesamt", "Fremdort"]),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=60, deadline=None)
def test_jede_zeile_gibt_einen_wert_oder_steht_im_bericht(neues_werk, texte):
    werk = neues_werk()
    zeilen = "".join(f"{t},{2000 + n},{n + 1}\n" for n, t in enumerate(texte))
    lesen = (
        CSV.replace("gebiet: ags", "gebiet: {spalte: ags, unbekannte: weglassen}") + "auslassen: ['^Kopf']\n"
    )
    try:
        werk.lies("p.csv", KOPF + zeilen, lesen)
        tabelle = werk.bestand().tabelle("probe")
    except BerichtswerkFehler as fehler:
        assert all(m.text for m in fehler.meldungen)
        return
    finally:
        shutil.rmtree(werk.projekt.wurzel)
    (blatt,) = tabelle.bericht.blaetter
    assert blatt.zeilen == len(texte) == len(tabelle) + sum(w.anzahl for w in blatt.weggelassen.values())


@given(st.lists(st.sampled_from(["werte", "leer", "fremd", "versteckt"]), min_size=1, max_size=5))
@settings(max_examples=25, deadline=None)
def test_jedes_blatt_gibt_werte_oder_wird_genannt(neues_werk, arten):
    werk = neues_werk()
    buch = openpyxl.Workbook()
    buch.remove(buch.active)
    for nummer, art in enumerate(arten):
        blatt = buch.create_sheet(f"B{2000 + nummer}")
        blatt.append(["AGS", "n"])
        if art != "leer":
            blatt.append(["09999" if art != "fremd" else "07777", nummer])
        blatt.sheet_state = "hidden" if art == "versteckt" else "visible"
    lesen = "leser: xlsx\nblatt: alle\ngebiet: {spalte: AGS, unbekannte: weglassen}\nzeit: {blattname: '\\d+'}\ngroessen: {n: n}\n"
    werk.beschreibe("p.xlsx", lesen)
    if all(art == "versteckt" for art in arten):
        buch.active.sheet_state = "visible"
        arten = ["werte", *arten[1:]]
    buch.save(werk.datei("p.xlsx"))
    try:
        tabelle = werk.bestand().tabelle("probe")
        genannt = " ".join(str(m) for m in befunde(tabelle.bericht))
        werte = werte_je(tabelle)
    except BerichtswerkFehler as fehler:
        genannt, werte = str(fehler), {}
    finally:
        shutil.rmtree(werk.projekt.wurzel)
    for nummer, art in enumerate(arten):
        name = f"B{2000 + nummer}"
        if werte and art == "werte":
            assert ("daten/dateien/p.xlsx", name, 2000 + nummer) in werte
        elif art in {"leer", "fremd"} and any(a == "werte" for a in arten):
            assert f"„{name}“" in genannt


def test_der_bericht_zaehlt_zeichen_werte_und_weggelassenes(werk):
    inhalt = KOPF + "09999,2021,5\n09999,2022,.\n07777,2022,9\n09,2022,7\n"
    werk.lies(
        "p.csv",
        inhalt,
        CSV.replace("gebiet: ags", "gebiet: {spalte: ags, unbekannte: weglassen}"),
        statistik="zeichensatz: din55301",
    )
    tabelle = werk.bestand().tabelle("probe")
    assert zeichen_je_spalte(tabelle) == {"n": {".": 1}}
    assert werte_je(tabelle) == {("daten/dateien/p.csv", "", 2021): 1, ("daten/dateien/p.csv", "", 2022): 1}
    (hinweis,) = befunde(tabelle.bericht)
    assert hinweis.text == "1 Zeile wird nicht gelesen: Gebiet nicht in gebiete.yaml."
    assert hinweis.ursache == "Zeile 4: 07777 | 2022 | 9"


KODIERT = "ags;jahr;art;n\n09999;2021;Müllabfuhr Süd;5\n09999;2022;männlich;6\n"


@pytest.mark.parametrize(
    "kodierung",
    ["utf-8", "utf-8-sig", "cp1252", "latin-1", "cp850", "mac_roman", "utf-16", "utf-16-le", "utf-16-be"],
)
def test_jede_uebliche_kodierung_wird_gelesen(werk, kodierung):
    werte = werk.lies(
        "p.csv", KODIERT.encode(kodierung), CSV + "merkmale: {art: art}",
        ressource=f'encoding: {kodierung}\ndialect: {{csv: {{delimiter: ";"}}}}',
    )  # fmt: skip
    assert werte["art"].tolist() == ["Müllabfuhr Süd", "männlich"]


@pytest.mark.parametrize("gespeichert", ["cp850", "mac_roman", "utf-8", "utf-16-le", "utf-16-be", "utf-16"])
@pytest.mark.parametrize("genannt", ["cp1252", "latin-1", "utf-8", "utf-16"])
def test_falsche_kodierung_faellt_auf(werk, gespeichert, genannt):
    if gespeichert == genannt or (genannt == "utf-16" and gespeichert.startswith("utf-16")):
        return
    text = werk.meldungen(
        "p.csv", KODIERT.encode(gespeichert), CSV + "merkmale: {art: art}",
        ressource=f'encoding: {genannt}\ndialect: {{csv: {{delimiter: ";"}}}}',
    )  # fmt: skip
    assert "[kodierung" in text or "[datei-art]" in text


@pytest.mark.parametrize("kodierung", ["utf-8", "cp1252", "cp850", "mac_roman"])
def test_beste_kodierung(kodierung):
    assert beste_kodierung(KODIERT.encode(kodierung)) == kodierung


def test_hochgestelltes_durchgestrichenes_verstecktes_und_verbundenes(werk):
    buch = openpyxl.Workbook()
    blatt = buch.active
    blatt.title = "T"
    hoch, strich = InlineFont(vertAlign="superscript"), InlineFont(strike=True)
    for zeile in (
        ["AGS", "n", "q"],
        ["09999", CellRichText("1234", TextBlock(hoch, "1)")), 1],
        ["09", 7, 2],
        ["DG", 8, 3],
    ):
        blatt.append(zeile)
    blatt.row_dimensions[3].hidden = True
    blatt.column_dimensions["C"].hidden = True
    buch.save(werk.datei("p.xlsx"))
    werte = werk.lies("p.xlsx", None, XLSX)
    assert werte["wert"].tolist() == [1234.0, 7.0, 8.0]
    assert werte["roh"].tolist() == ["1234¹⁾", "7", "8"]
    genannt = [m.text for m in befunde(werk.bestand().tabelle("probe").bericht)]
    assert genannt == [
        "In der Datei versteckt, aber gelesen wie Sichtbares: Zeile 3 und Spalte C.",
        "1 Zelle hat Hochgestelltes hinter dem Wert; es gilt als Fußnote und wird nicht mitgelesen.",
    ]
    assert werk.lies("p.xlsx", None, XLSX + "verstecktes: weglassen")["wert"].tolist() == [1234.0, 8.0]
    blatt["B3"].font = Font(strike=True)
    blatt["B4"] = CellRichText("9", TextBlock(strich, "8"))
    buch.save(werk.datei("p.xlsx"))
    assert werk.meldungen("p.xlsx", None, XLSX).count("ist durchgestrichen.") == 2
    assert werk.lies("p.xlsx", None, XLSX + "durchgestrichen: lesen")["wert"].tolist() == [1234.0, 7.0, 9.0]


def test_dateien_mit_kennwort_werden_als_solche_abgewiesen(werk):
    werk.datei("e.xlsx").write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1024 + "EncryptedPackage".encode("utf-16-le")
    )
    assert "Die Datei ist mit einem Kennwort geschützt." in werk.meldungen("e.xlsx", None, XLSX)
    with zipfile.ZipFile(werk.datei("o.ods"), "w") as paket:
        paket.writestr("content.xml", "x")
        paket.writestr("META-INF/manifest.xml", "<m><manifest:encryption-data/></m>")
    assert "[datei-kennwort]" in werk.meldungen("o.ods", None, XLSX)


ODS = """<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:style="s" xmlns:fo="f">
<office:automatic-styles><style:style style:name="H" style:family="text"><style:text-properties style:text-position="super 58%"/></style:style>
<style:style style:name="weg" style:family="table"><style:table-properties table:display="false"/></style:style></office:automatic-styles>
<office:body><office:spreadsheet>
<table:table table:name="Alt" table:style-name="weg"><table:table-row><table:table-cell office:value-type="string"><text:p>AGS</text:p></table:table-cell></table:table-row></table:table>
<table:table table:name="Neu"><table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>
<table:table-row><table:table-cell office:value-type="string" table:number-columns-spanned="2"><text:p>Titel</text:p></table:table-cell><table:covered-table-cell/></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>AGS</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>n</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>09999</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>1234<text:span text:style-name="H">1</text:span></text:p></table:table-cell></table:table-row>
<table:table-row table:visibility="collapse"><table:table-cell office:value-type="string"><text:p>09</text:p></table:table-cell><table:table-cell office:value-type="float" office:value="7.5"><text:p>7,5</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>DG</text:p></table:table-cell><table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2"><text:p>2</text:p></table:table-cell></table:table-row>
<table:table-row table:number-rows-repeated="1048000"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def test_opendocument_mit_allem_was_calamine_nicht_sagt(werk):
    with zipfile.ZipFile(werk.datei("o.ods"), "w") as paket:
        paket.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        paket.writestr("content.xml", ODS)
    lesen = XLSX + "kopf: {suche: AGS}\n"
    assert "Statt eines Wertes steht hier die Formel „=1+1“." in werk.meldungen("o.ods", None, lesen)
    werte = werk.lies("o.ods", None, lesen + "formeln: gespeicherter_wert")
    assert list(zip(werte["gebiet"], werte["wert"], werte["spalte"], strict=True)) == [
        ("09999", 1234.0, "Neu!B"), ("09", 7.5, "Neu!B"), ("DG", 2.0, "Neu!B"),
    ]  # fmt: skip
    genannt = " ".join(m.text for m in befunde(werk.bestand().tabelle("probe").bericht))
    assert "In der Datei versteckt, aber gelesen wie Sichtbares: Zeile 6 und Spalte C." in genannt
    assert "1 Blatt wird nicht gelesen: „Alt“ (versteckt)." in genannt


def satz(nummer: int, inhalt: bytes = b"") -> bytes:
    """Ein Satz [MS-XLSB]."""
    kopf = bytes([nummer]) if nummer < 128 else bytes([nummer & 0x7F | 0x80, nummer >> 7])
    return kopf + bytes([len(inhalt)]) + inhalt


def breit(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def zeile(nr: int, *zellen: tuple[int, bytes], versteckt: bool = False) -> bytes:
    kopf = struct.pack("<IIH", nr, 0, 300) + bytes([0, 0x10 if versteckt else 0, 0]) + struct.pack("<I", 0)
    return satz(0, kopf) + b"".join(
        satz(art, struct.pack("<II", n, 0) + wert) for n, (art, wert) in enumerate(zellen)
    )


def test_binaere_mappe_mit_versteckter_zeile_und_formel(werk):
    rels = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    art = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    text, zahl = (lambda t: (6, breit(t))), (lambda z: (5, struct.pack("<d", z)))
    formel = (9, struct.pack("<d", 8.0) + struct.pack("<HI", 0, 0))
    blatt = (
        satz(129) + satz(148, struct.pack("<IIII", 0, 3, 0, 1)) + satz(145)
        + zeile(0, text("AGS"), text("n")) + zeile(1, text("09999"), zahl(5.0))
        + zeile(2, text("09"), zahl(6.5), versteckt=True) + zeile(3, text("DG"), formel) + satz(146) + satz(130)
    )  # fmt: skip
    buch = (
        satz(131)
        + satz(143)
        + satz(156, struct.pack("<II", 0, 1) + breit("rId1") + breit("T"))
        + satz(144)
        + satz(132)
    )
    with zipfile.ZipFile(werk.datei("b.xlsb"), "w") as paket:
        paket.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        )
        paket.writestr(
            "_rels/.rels",
            rels.format(f'<Relationship Id="r" Type="{art}/officeDocument" Target="xl/workbook.bin"/>'),
        )
        paket.writestr(
            "xl/_rels/workbook.bin.rels",
            rels.format(f'<Relationship Id="rId1" Type="{art}/worksheet" Target="worksheets/sheet1.bin"/>'),
        )
        paket.writestr("xl/workbook.bin", buch)
        paket.writestr("xl/worksheets/sheet1.bin", blatt)
    assert "Statt eines Wertes steht hier die Formel" in werk.meldungen("b.xlsb", None, XLSX)
    werte = werk.lies("b.xlsb", None, XLSX + "formeln: gespeicherter_wert")
    assert werte["wert"].tolist() == [5.0, 6.5, 8.0]
    assert "In der Datei versteckt, aber gelesen wie Sichtbares: Zeile 3." in " ".join(
        m.text for m in befunde(werk.bestand().tabelle("probe").bericht)
    )


def test_sehr_altes_excel(werk):
    """BIFF 2 ohne Behälter: Sätze aus Nummer, Länge, Inhalt."""

    def alt(nummer: int, inhalt: bytes) -> bytes:
        return struct.pack("<HH", nummer, len(inhalt)) + inhalt

    def text(nr: int, spalte: int, inhalt: str) -> bytes:
        return alt(
            4, struct.pack("<HH", nr, spalte) + b"\0\0\0" + bytes([len(inhalt)]) + inhalt.encode("latin-1")
        )

    mappe = alt(9, struct.pack("<HH", 0, 0x10)) + text(0, 0, "AGS") + text(0, 1, "n") + text(1, 0, "09999")
    mappe += alt(3, struct.pack("<HH", 1, 1) + b"\0\0\0" + struct.pack("<d", 12.5)) + alt(10, b"")
    werk.datei("a.xls").write_bytes(mappe)
    assert werk.lies("a.xls", None, XLSX)["wert"].tolist() == [12.5]


def test_html_mit_spannen_und_fussnote(werk):
    seite = (
        '<div>Ergebnis</div><table><tr><th rowspan="2">AGS</th><th colspan="2">Zahl</th></tr><tr><th>a</th><th>b</th></tr>'
        '<tr style="display:none"><td>09</td><td>1</td><td>2</td></tr><tr><td>09999</td><td>1.234<sup>1</sup></td><td>7</td></tr></table>'
    )
    lesen = "leser: xlsx\nkopf: 2\ngebiet: AGS\nzeit: {fest: 2022}\ngroessen: {n: Zahl | a}\nzahlform: deutsch\nverstecktes: weglassen\n"
    assert werk.lies("h.xls", seite, lesen)["wert"].tolist() == [1234.0]


def test_gemischte_einheiten_und_erwartete_einheit(werk):
    inhalt = "ags,jahr,value,value_unit\n09999,2021,5,Anzahl\n09999,2022,6,Prozent\n"
    lesen = CSV.replace("{n: n}", "{n: value}")
    assert "„n“ mischt Einheiten: „Anzahl“, „Prozent“." in werk.meldungen("p.csv", inhalt, lesen)
    lesen = CSV.replace("{n: n}", "{n: {spalte: value, einheit: Anzahl}}")
    inhalt = inhalt.replace("Prozent", "Anzahl").replace("Anzahl", "1000")
    assert "„n“ wird in „Anzahl“ erwartet, die Lieferung sagt „1000“." in werk.meldungen(
        "p.csv", inhalt, lesen
    )


def test_faktor_je_messgroesse_und_kennbuchstaben(werk):
    inhalt = "ags,jahr,g,n,q\n09999,2021,a,5,e\n09999,2021,b,6,()\n09999,2022,a,0,.\n"
    lesen = "leser: csv\ngebiet: ags\nzeit: jahr\ngroesse: g\nwert: n\nqualitaet: {spalte: q}\nje_groesse: {b: {faktor: 1000}}\n"
    werte = werk.lies("p.csv", inhalt, lesen)
    assert werte["wert"].tolist()[:2] == [5.0, 6000.0]
    assert werte["status"].tolist() == ["wert", "eingeschraenkt", "unbekannt"]
    assert werte["wert"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize("zahl", ["9" * 400, "1" * 16, "٣٤", "１２", "1e400", "nan", "inf"])
def test_riesige_und_fremde_zahlen_werden_abgewiesen(zahl):
    with pytest.raises(Abgewiesen):
        Wertleser("schlicht", ZEICHENSAETZE["ohne"]).lies(zahl)


def test_gleiche_befunde_werden_gefaltet(werk):
    text = werk.meldungen("p.csv", KOPF + "".join(f"09999,{j},*\n" for j in range(1900, 2000)), CSV)
    assert text.count("FEHLER") == 1
    assert "Ebenso an 99 weiteren Stellen: Zeile 3, Zeile 4, Zeile 5, Zeile 6, Zeile 7 …." in text


def test_jahr_im_blatt_und_quartal_in_der_spalte(werk):
    buch = openpyxl.Workbook()
    buch.active.title = "2023"
    for zeile_ in (["AGS", "Quartal", "n"], ["09999", "1. Vj.", 5], ["09999", "III", 6]):
        buch.active.append(zeile_)
    buch.save(werk.datei("q.xlsx"))
    lesen = (
        "leser: xlsx\ngebiet: AGS\nzeit: {spalte: Quartal, dazu: {blattname: '\\d{4}'}}\ngroessen: {n: n}\n"
    )
    assert werk.lies("q.xlsx", None, lesen)["zeit"].tolist() == ["2023-Q1", "2023-Q3"]


def test_ein_aufbau_je_blatt_und_kopf_auffuellen(werk):
    buch = openpyxl.Workbook()
    buch.active.title = "2021"
    for z in (["", "2021", "", "2022", ""], ["AGS", "a", "b", "a", "b"], ["09999", 1, 2, 3, 4]):
        buch.active.append(z)
    anders = buch.create_sheet("anders")
    for z in (["Nr", "AGS", "a"], [1, "09999", 9]):
        anders.append(z)
    buch.save(werk.datei("j.xlsx"))
    lesen = """leser: xlsx
blatt: alle
kopf: {anzahl: 2, auffuellen: [1]}
gebiet: AGS
zeit: {kopf: 1}
merkmale: {art: {kopf: 2}}
groesse: {fest: n}
wert: {spalte: {von: 2}}
je_blatt:
  anders: {kopf: 1, zeit: {fest: "2020"}, merkmale: {art: {fest: a}}, wert: a}
"""
    werte = werk.lies("j.xlsx", None, lesen)
    assert list(zip(werte["zeit"], werte["art"], werte["wert"], strict=True)) == [
        ("2021", "a", 1.0), ("2021", "b", 2.0), ("2022", "a", 3.0), ("2022", "b", 4.0), ("2020", "a", 9.0),
    ]  # fmt: skip


def test_werte_hinter_dem_ende_werden_gemeldet(werk):
    inhalt = KOPF + "09999,2021,5\nSumme,,5\n09,2022,7\n"
    werk.lies("p.csv", inhalt, CSV + "ende: Summe\n")
    (befund, weg) = befunde(werk.bestand().tabelle("probe").bericht)
    assert befund.text == "Hinter dem Ende der Tabelle (Zeile 3: „Summe“) stehen noch 1 Zeilen mit Werten."
    assert weg.text == "2 Zeilen werden nicht gelesen: Fußblock (lesen.ende)."


def test_zahlenformat_in_tausend_wird_genannt(werk):
    buch = openpyxl.Workbook()
    for z in (["AGS", "n"], ["09999", 1234567], ["09", 5]):
        buch.active.append(z)
    buch.active["B2"].number_format = '#,##0,"T"'
    buch.active["B3"].number_format = "#,##0"
    buch.save(werk.datei("t.xlsx"))
    assert werk.lies("t.xlsx", None, XLSX)["wert"].tolist() == [1234567.0, 5.0]
    (befund,) = befunde(werk.bestand().tabelle("probe").bericht)
    assert befund.text.startswith("1 Zelle zeigt die Zahl durch ihr Zahlenformat in Tausend")


@pytest.mark.parametrize("angabe", ["ohne_blatt: Impressum", "je_blatt: {Anders: {kopf: 2}}"])
def test_ein_blatt_das_es_nicht_gibt_wird_auch_hier_gemeldet(werk, angabe):
    buch = openpyxl.Workbook()
    buch.save(werk.datei("t.xlsx"))
    assert "[blatt-fehlt]" in werk.meldungen("t.xlsx", None, XLSX + angabe)


@pytest.mark.parametrize(
    "geliefert", ["09 999 101", "09.999.101", "9999101", "099990001101", "Altdorff, Stadt", "Neustettem"]
)
def test_ein_eigenes_gebiet_wird_nicht_als_fremdes_weggelassen(werk, geliefert):
    inhalt = KOPF + f'"{geliefert}",2021,5\n09,2021,7\n'
    lesen = CSV.replace("gebiet: ags", "gebiet: {spalte: ags, unbekannte: weglassen}")
    try:
        werte = werk.lies("p.csv", inhalt, lesen)
    except BerichtswerkFehler as fehler:
        assert "gebiet-unbekannt" in str(fehler) or "gebiet-fuehrende-null" in str(fehler)
    else:
        assert "09999101" in set(werte["gebiet"])


XML2003 = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Worksheet ss:Name="T"><Table><Column/><Column ss:Hidden="1"/>
<Row ss:Index="3"><Cell><Data ss:Type="String">AGS</Data></Cell><Cell ss:Index="3"><Data ss:Type="String">n</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">09999</Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">5.5</Data></Cell></Row>
<Row ss:Hidden="1"><Cell><Data ss:Type="String">09</Data></Cell><Cell ss:Index="3"><Data ss:Type="String"><B>1234</B><Sup>1</Sup></Data></Cell></Row>
</Table></Worksheet></Workbook>"""


def test_xml_kalkulationstabelle_2003(werk):
    assert werk.lies("x.xls", XML2003, XLSX)["wert"].tolist() == [5.5, 1234.0]
    genannt = [m.text for m in befunde(werk.bestand().tabelle("probe").bericht)]
    assert genannt[0].startswith("In der Datei versteckt, aber gelesen wie Sichtbares: Zeile 5 und Spalte B.")


def test_schlichte_form_mischt_punkt_und_komma_nicht(werk):
    text = werk.meldungen("p.csv", KOPF + '09999,2021,1.234\n09999,2022,"12,5"\n', CSV + "zahlform: schlicht")
    assert "„1.234“ und „12,5“ schreiben die Nachkommastellen verschieden." in text
