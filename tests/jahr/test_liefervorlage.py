"""Das Formular: was hineingeht, kommt heraus; es prüft selbst; falsche Zellen sind genannt."""

from __future__ import annotations

import io
import re
from datetime import date
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree

from berichtswerk.cli import main
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.daten.gebiete import Gebietsverzeichnis
from berichtswerk.daten.leser import lies
from berichtswerk.daten.lieferungen import FORMZEICHEN, Lieferung, angewandt
from berichtswerk.daten.quelle import Quelle
from berichtswerk.daten.tabelle import Tabelle
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zeichen import Status
from berichtswerk.jahr.lieferung import vergleiche
from berichtswerk.jahr.liefervorlage import Formular, erkenne

WORT = st.text("abcdefghijklmnopqrstuvwxyzäöüß ABC-/&<>\"'=0123456789", min_size=1, max_size=12).map(
    lambda t: f"m {' '.join(t.split())}".strip()
)
ZEITEN = {
    "jahr": st.sampled_from(["2019", "2024"]),
    "stichtag": st.dates(date(1990, 1, 1), date(2040, 1, 1)).map(date.isoformat),
    "monat": st.sampled_from(["2021-01", "2024-12"]),
    "quartal": st.sampled_from(["2021-Q1", "2024-Q4"]),
    "schuljahr": st.sampled_from(["1999/00", "2023/24"]),
}
ZAHL = st.one_of(
    st.integers(-(10**9), 10**9).map(float),
    st.decimals(-(10**6), 10**6, places=3, allow_nan=False).map(float),
    st.floats(1e-6, 1e9, allow_subnormal=False),
)
MIT_ZAHL = [Status.WERT, Status.VORLAEUFIG, Status.BERICHTIGT, Status.GESCHAETZT]


@st.composite
def tabellen(draw: st.DrawFn) -> tuple[str, list[tuple[str, str, str, str, str, float | None]]]:
    """Zeitart und Zeilen: Gebiet, Zeit, Merkmal, Größe, Status, Wert; jede Angabe einmal."""
    art = draw(st.sampled_from(sorted(ZEITEN)))
    felder = st.tuples(
        st.sampled_from(["99068", "99", "DG"]), ZEITEN[art], WORT, st.sampled_from(["anzahl", "quote"])
    )
    zeilen = []
    for feld in draw(st.lists(felder, min_size=1, max_size=8, unique=True)):
        if draw(st.booleans()):
            zeilen.append((*feld, draw(st.sampled_from(MIT_ZAHL)), draw(ZAHL)))
        else:
            status = draw(st.sampled_from(sorted(set(FORMZEICHEN.values()))))
            zeilen.append((*feld, status, 0.0 if status.hat_zahl else None))
    return art, zeilen


def quelle(projekt: Projekt, **lesen: object) -> Quelle:
    grund = (
        Datenbestand(projekt).quelle("einwohner").model_dump(mode="json", by_alias=True, exclude_none=True)
    )
    neu = {"leser": "csv", "gebiet": "gebiet", "groessen": {"anzahl": "a", "quote": "q"}, **lesen}
    felder = [{"name": "a", "title": "Anzahl", "type": "number"}, {"name": "m", "title": "Anzahl"}]
    return Quelle.model_validate({**grund, "schema": {"fields": felder}, "lesen": neu})


def zurueckgelesen(projekt: Projekt, q: Quelle, tabelle: Tabelle | None, inhalt: bytes, art: str) -> Tabelle:
    bestand = Datenbestand(projekt)
    datei = projekt.daten / f"formular.{art}"
    datei.write_bytes(inhalt)
    spalten = erkenne(bestand, q, tabelle, datei)
    assert spalten is not None
    lieferung = Lieferung.model_construct(
        datum=date(2026, 1, 1), datei=datei.name, format=art, summe="", umfang="ganz", formular=spalten,
        naechste=None, title=None, attribution=None, zurueck=None,
    )  # fmt: skip
    return lies(angewandt(q, [lieferung]), projekt, bestand.gebiete)


@pytest.mark.parametrize("art", ["xlsx", "ods"])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(inhalt=tabellen())
def test_was_im_formular_steht_kommt_genauso_zurueck(
    muster: Projekt, art: str, inhalt: tuple[str, list[tuple[str, str, str, str, str, float | None]]]
) -> None:
    zeitart, zeilen = inhalt
    q = quelle(muster, zeit={"spalte": "z", "art": zeitart}, merkmale={"merkmal": "m"})
    namen = ("gebiet", "zeit", "merkmal", "groesse", "status", "wert")
    spalten: dict[str, list[object]] = {
        n: list(s) for n, s in zip(namen, zip(*zeilen, strict=True), strict=True)
    }
    fest = {n: [""] * len(zeilen) for n in ("basis", "gebietsstand", "datei", "spalte", "roh")}
    tabelle = Tabelle.aus(q, {**spalten, **fest, "zeile": range(len(zeilen))})
    formular = Formular.zu(Datenbestand(muster), q, tabelle)
    assert formular.schreibe(art) == formular.schreibe(art), "gleiche Eingabe, gleiche Bytes"  # type: ignore[arg-type]
    gelesen = zurueckgelesen(muster, q, tabelle, formular.schreibe(art), art)  # type: ignore[arg-type]
    unterschied = vergleiche(tabelle, gelesen)
    assert not unterschied, unterschied
    assert unterschied.gleich == len(zeilen)


@pytest.fixture
def formular(muster: Projekt) -> openpyxl.Workbook:
    bestand = Datenbestand(muster)
    tabelle = bestand.tabelle("einwohner")
    inhalt = Formular.zu(bestand, bestand.quelle("einwohner"), tabelle).schreibe("xlsx")
    return openpyxl.load_workbook(io.BytesIO(inhalt))


def test_es_erklaert_sich_und_bereitet_die_naechste_zeit_vor(formular: openpyxl.Workbook) -> None:
    assert formular.sheetnames == ["Anleitung", "Daten", "Felder", "Listen"]
    zeilen = [list(z) for z in formular["Daten"].iter_rows(min_row=3, max_row=7, values_only=True)]
    assert zeilen[:3] == [
        ["Gebiet", "Jahr", "Einwohnerinnen und Einwohner"],
        ["99068 Landkreis Musterland", "2025", None],
        ["99 Land Musterstaat", "2025", None],
    ]
    assert zeilen[4] == ["99068 Landkreis Musterland", "2024", 10007]
    felder = [list(z) for z in formular["Felder"].iter_rows(min_row=3, values_only=True)]
    assert felder[2] == ["Einwohnerinnen und Einwohner", "Ganze Zahl ab 0.", "10007"]
    schritte = " ".join(str(z[1]) for z in formular["Anleitung"].iter_rows(min_row=3, values_only=True))
    assert "vorbereitete Zeilen (2025)" in schritte
    assert "- (nichts vorhanden), . (nicht bekannt), * (geheim)" in schritte
    assert "Zuständig ist: Sachgebiet Planung." in schritte


def test_es_prueft_beim_ausfuellen(formular: openpyxl.Workbook) -> None:
    regeln = {str(r.sqref)[:2]: r for r in formular["Daten"].data_validations.dataValidation}
    gebiet, jahr, zahl = regeln["A4"], regeln["B4"], regeln["C4"]
    assert (gebiet.type, gebiet.errorStyle, gebiet.formula1) == ("list", "stop", "'Listen'!$A$3:$A$5")
    assert (jahr.type, jahr.errorStyle, jahr.formula1) == ("list", "warning", "'Listen'!$B$3:$B$6")
    assert (zahl.type, zahl.errorStyle) == ("custom", "stop")
    assert zahl.formula1 == (
        "OR(IF(ISNUMBER(C4),AND(C4=INT(C4),C4>=0),FALSE()),ISNUMBER(MATCH(C4,'Listen'!$C$3:$C$9,0)))"
    )
    assert str(zahl.sqref) == "C4:C315", "auch die leeren Zeilen darunter"
    assert "Ganze Zahl ab 0" in zahl.prompt
    zeichen = [z[0] for z in formular["Listen"].iter_rows(min_row=3, min_col=3, values_only=True)]
    assert zeichen == list(FORMZEICHEN)


def test_die_ods_prueft_dasselbe(muster: Projekt) -> None:
    import zipfile

    bestand = Datenbestand(muster)
    roh = Formular.zu(bestand, bestand.quelle("einwohner"), bestand.tabelle("einwohner")).schreibe("ods")
    baum = etree.fromstring(zipfile.ZipFile(io.BytesIO(roh)).read("content.xml"))
    tafel = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
    regeln = {r.get(f"{tafel}name"): r for r in baum.iter(f"{tafel}content-validation")}
    assert regeln["Daten_1"].get(f"{tafel}condition") == (
        "of:cell-content-is-in-list([$'Listen'.$A$3:.$A$5])"
    )
    assert (regeln["Daten_3"].get(f"{tafel}condition") or "").startswith(
        "of:is-true-formula(OR(IF(ISNUMBER([.C4]);AND([.C4]=INT([.C4]);[.C4]>=0);FALSE())"
    )
    benutzt = {f.get(f"{tafel}content-validation-name") for f in baum.iter(f"{tafel}table-cell")}
    assert benutzt - {None} == set(regeln)


def test_eine_quelle_ohne_daten_bekommt_ein_leeres_formular(
    muster: Projekt, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (muster.daten / "dateien" / "einwohner.csv").unlink()
    aufruf = ["--projekt", str(muster.wurzel), "liefervorlage", "einwohner", "--nach", str(tmp_path / "neu")]
    assert main(aufruf) == 0
    seite = openpyxl.load_workbook(tmp_path / "neu" / "einwohner.xlsx")["Daten"]
    assert [z.value for z in seite[3]] == ["Gebiet", "Jahr", "Einwohnerinnen und Einwohner"]
    assert seite.max_row == 3
    assert main(aufruf) == 1, "überschrieben wird nichts"
    assert capsys.readouterr().err.count("vorlage-vorhanden") == 2


def test_vor_der_ersten_lieferung_stehen_die_gebiete_schon_da(muster: Projekt, tmp_path: Path) -> None:
    (muster.daten / "dateien" / "einwohner.csv").unlink()
    beschreibung = muster.daten / "quellen" / "einwohner.yaml"
    text = beschreibung.read_text("utf-8").replace(
        "  periodizitaet:", "  ebenen: [kreis, einheit]\n  periodizitaet:"
    )
    beschreibung.write_text(text, "utf-8")
    aufruf = ["--projekt", str(muster.wurzel), "liefervorlage", "einwohner", "--nach", str(tmp_path / "neu")]
    assert main(aufruf) == 0
    mappe = openpyxl.load_workbook(tmp_path / "neu" / "einwohner.xlsx")
    verzeichnis = Gebietsverzeichnis.lade(muster)
    kreis, jahr = verzeichnis.kreis, int(re.findall(r"stand: (\d{4})", text)[0]) - 1
    gebiete = [kreis, *verzeichnis.kinder(kreis.schluessel, "einheit")]
    zeilen = [[z.value for z in zeile] for zeile in mappe["Daten"].iter_rows(min_row=4)]
    assert zeilen == [[f"{g.schluessel} {g.name}", str(jahr), None] for g in gebiete]
    assert f"Die Gebiete stehen schon da ({jahr})" in str(mappe["Anleitung"]["B3"].value)


@pytest.mark.parametrize(
    ("zelle", "inhalt", "kennung", "ort", "text"),
    [
        ("C4", "viele", "zeichen-unbekannt", "Blatt „Daten“, Zelle C4", "„viele“"),
        ("C4", 10.5, "formular-wert-falsch", "Blatt „Daten“, Zelle C4", "erwartet ist eine ganze Zahl."),
        ("C5", -5, "formular-wert-falsch", "Blatt „Daten“, Zelle C5", "erwartet ist eine Zahl ab 0."),
        ("A7", "12345 Nirgends", "gebiet-unbekannt", "Blatt „Daten“, Zelle A7", "„12345“"),
        ("B7", "gestern", "zeit-unlesbar", "Blatt „Daten“, Zelle B7", "„gestern“"),
        ("B3", "Jahre", "formular-spalte-fremd", "Blatt „Daten“, Zelle B3", "Die Spalte „Jahre“"),
        ("C3", "Jahr", "formular-spalte-doppelt", "Blatt „Daten“, Zelle C3", "steht zweimal da"),
        ("A2", "Quelle: andere. Bitte", "formular-fremd", "Blatt „Daten“, Zelle A2", "„andere“"),
    ],
)  # fmt: skip
def test_falsche_zellen_sind_genannt_und_nichts_ist_angenommen(
    muster: Projekt, tmp_path: Path, formular: openpyxl.Workbook, capsys: pytest.CaptureFixture[str],
    zelle: str, inhalt: object, kennung: str, ort: str, text: str,
) -> None:  # fmt: skip
    formular["Daten"][zelle].value = inhalt  # type: ignore[assignment]
    formular.save(tmp_path / "voll.xlsx")
    rc = main(["--projekt", str(muster.wurzel), "lieferung", "annehmen", str(tmp_path / "voll.xlsx"),
               "--quelle", "einwohner"])  # fmt: skip
    fehler = capsys.readouterr().err
    assert rc == 1
    assert f"FEHLER [{kennung}] {tmp_path / 'voll.xlsx'}, {ort}" in fehler
    assert text in fehler
    assert "lesen." not in fehler.partition(f"[{kennung}]")[2].partition("FEHLER")[0], "kein Rat zur YAML"
    assert not (muster.daten / "lieferungen").exists()
