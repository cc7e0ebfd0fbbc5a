"""Die Mappe eines Berichts: jede Zahl als Zahl, je Tabelle ein Blatt, von fremden Programmen gelesen."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from lxml import etree
from manuskripthilfe import BELEG, Werk, abbildung, tabelle, tafel, zellen

from berichtswerk.cli import main
from berichtswerk.gegenstand.gegenstaende import Begriff
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz.manuskript import Manuskript
from berichtswerk.schreiber.mappe import schreibe
from berichtswerk.tabelle.ods import Blatt
from berichtswerk.tabelle.xlsx import schreibe as als_xlsx


@pytest.fixture(scope="module")
def manuskript(tmp_path_factory: pytest.TempPathFactory) -> Manuskript:
    beleg = BELEG.model_copy(
        update={"begriffe": (Begriff(name="Geburten", text="Lebendgeborene."),), "hinweise": ("Nur Orte.",)}
    )
    daten = tafel(
        zellen("2005", "12", zahl=True), zellen("2006", "=1+1"), zellen("2007", "1\u202f234", zahl=True)
    )
    werk = Werk.neu(tmp_path_factory.mktemp("mappe"))
    return werk.manuskript(
        "## Kinder\n\nText.", abbildung("fig-a", beleg=beleg, daten=daten), tabelle("tbl-b", zeilen=2)
    )


@pytest.mark.parametrize("art", ["ods", "xlsx"])
def test_jede_tabelle_hat_ihr_blatt_und_jede_zahl_ist_eine(manuskript: Manuskript, art: str) -> None:
    roh = schreibe(manuskript, art)
    assert roh == schreibe(manuskript, art)
    buch = pd.read_excel(io.BytesIO(roh), sheet_name=None, header=None, engine="calamine")
    assert list(buch) == ["Titel", "Inhalt", "Hinweise", "Abbildung 1", "Tabelle 1"]
    assert buch["Titel"].iloc[0, 0] == "Prüfbericht: Ein Bericht zum Prüfen, Tabellen"
    assert {"Kreis Muster", "30. Juni 2025", "Beispielausgabe"} <= set(buch["Titel"][1])
    assert buch["Inhalt"].iloc[2].tolist() == [
        "Abbildung 1", "Geburten im Kreis, 2005–2023 (Anzahl)", "3 Zeilen, 2 Spalten",
    ]  # fmt: skip
    hinweise = buch["Hinweise"].iloc[2:].to_numpy().tolist()
    assert ["Abbildung 1", "Begriff Geburten", "Lebendgeborene."] in hinweise
    assert ["Abbildung 1", "Hinweis", "Nur Orte."] in hinweise
    assert buch["Abbildung 1"].iloc[0, 0] == "Abbildung 1: Geburten im Kreis, 2005–2023 (Anzahl)"
    assert buch["Abbildung 1"].iloc[3:].to_numpy().tolist() == [
        ["Jahr", "Zahl"],
        ["2005", 12],
        ["2006", "=1+1"],
        ["2007", 1234],
    ]
    zeilen = buch["Tabelle 1"].iloc[-4:].fillna("").to_numpy().tolist()
    unbekannt = "Zahlenwert unbekannt oder geheim zu halten"
    assert zeilen == [
        [
            "Gruppe",
            "Gemeinde",
            "Einwohner",
            "Einwohner: Status",
            "Veränderung (%)",
            "Veränderung (%): Status",
        ],
        ["Nord", "Gemeinde 0", 1000, "", 1.0, ""],
        ["Nord", "Gemeinde 1", 1001, "", 1.1, ""],
        ["Nord", "Kreis", "", unbekannt, 0, "nichts vorhanden (genau null)"],
    ]


def test_die_mappe_ist_barrierefrei(manuskript: Manuskript) -> None:
    """Sprache und Titel sind genannt, nichts ist verbunden, Tabellen haben Namen und Kopf, Sprünge gehen."""
    buch = openpyxl.load_workbook(io.BytesIO(schreibe(manuskript, "xlsx")))
    assert buch.properties.language == "de-DE" and buch.properties.title.endswith("Tabellen")
    for seite in buch.worksheets:
        assert not seite.merged_cells.ranges and seite["A1"].value and len(seite.tables) == 1
        (bereich,) = seite.tables.values()
        koepfe = [z.value for z in seite[bereich.ref][0]]
        assert koepfe == bereich.column_names and None not in koepfe
        assert seite.freeze_panes and seite.page_setup.fitToHeight == 0
        ziele = [z.hyperlink.location for reihe in seite.rows for z in reihe if z.hyperlink]
        assert all(ziel.split("'")[1] in buch.sheetnames for ziel in ziele)
    assert buch["Inhalt"]["A3"].hyperlink.location == "'Abbildung 1'!A1"
    with zipfile.ZipFile(io.BytesIO(schreibe(manuskript, "ods"))) as paket:
        inhalt = etree.fromstring(paket.read("content.xml"))
        stile, meta = paket.read("styles.xml").decode(), paket.read("meta.xml").decode()
        for name in paket.namelist()[1:]:
            etree.fromstring(paket.read(name))
    assert 'fo:language="de"' in stile and "<dc:language>de-DE</dc:language>" in meta
    ns = {"t": "urn:oasis:names:tc:opendocument:xmlns:table:1.0"}
    assert len(inhalt.findall(".//t:database-range", ns)) == len(buch.worksheets)
    assert not inhalt.xpath("//@t:number-columns-spanned | //@t:formula", namespaces=ns)


def test_gleiche_koepfe_bekommen_in_excel_eine_nummer_und_steuerzeichen_fallen_weg() -> None:
    roh = als_xlsx([Blatt("A", ("Jahr", "jahr", ""), [("1", "2\x07", "3")])])
    seite = openpyxl.load_workbook(io.BytesIO(roh))["A"]
    assert [[z.value for z in reihe] for reihe in seite.rows] == [
        ["Jahr", "jahr (2)", "Spalte"],
        ["1", "2", "3"],
    ]


def test_der_befehl_schreibt_nennt_und_warnt(mit_tor: Projekt, capsys: pytest.CaptureFixture[str]) -> None:
    wurzel = str(mit_tor.wurzel)
    assert main(["--projekt", wurzel, "tabellen", "lage/2024", "satzung", "--art", "ods", "--json"]) == 0
    ergebnis = json.loads(capsys.readouterr().out)
    dateien = sorted((mit_tor.wurzel / "_export").iterdir())
    assert [d.name for d in dateien] == ["lage-2024-land-tabellen.ods", "lage-2024-tabellen.ods"]
    assert ergebnis["dateien"] == list(map(str, dateien))
    assert [m["kennung"] for m in ergebnis["meldungen"]] == ["ohne-tabellen"]
    assert "satzung-2024" in ergebnis["meldungen"][0]["text"]
    ziel = mit_tor.wurzel / "belegt"
    ziel.write_text("")
    assert main(["--projekt", wurzel, "tabellen", "lage", "--nach", str(ziel)]) == 1
    assert "FEHLER [" in capsys.readouterr().err


def test_ein_text_mit_fehlern_ergibt_keine_mappe(
    mit_tor: Projekt, capsys: pytest.CaptureFixture[str]
) -> None:
    (mit_tor.berichte / "lage/2024/texte/einleitung.md").write_text("{{ gibtsnicht }}\n", "utf-8")
    buch = Path(mit_tor.notebooks / "lage.ipynb")
    zellen = json.loads(buch.read_text("utf-8"))
    zellen["cells"].append({**zellen["cells"][-1], "id": "text", "source": 'b.text("einleitung")'})
    buch.write_text(json.dumps(zellen), "utf-8")
    assert main(["--projekt", str(mit_tor.wurzel), "tabellen", "lage"]) == 1
    assert "bindung-unbekannt" in capsys.readouterr().err
    assert not (mit_tor.wurzel / "_export").exists()
