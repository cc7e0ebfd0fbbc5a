"""Dieselben Blätter wie ``tabelle.ods`` für Excel (XLSX): Zahlen als Zahlen, je Blatt eine benannte Tabelle.

Gleiche Eingabe, gleiche Bytes; Makros gibt es nicht, Formeln nur in Regeln zum Ausfüllen.
"""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.table import Table, TableStyleInfo
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from berichtswerk.tabelle.ods import Blatt, Fach, Regel, Sprung, lege_ein, spaltenname, wortlaut
from berichtswerk.tabelle.tabelle import Zahlfach

ART = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ZEIT = datetime(1980, 1, 1)
_VERBOTEN = "".join(map(chr, (*range(9), 11, 12, *range(14, 32))))


def schreibe(blaetter: Sequence[Blatt], titel: str = "") -> bytes:
    """Die Mappe mit diesen Blättern; Namen sind verschieden und haben höchstens 31 Zeichen.

    ``titel`` nennen die Eigenschaften der Datei.
    """
    mappe = Workbook()
    mappe.remove(mappe.worksheets[0])
    for nummer, blatt in enumerate(blaetter, 1):
        _fuelle(mappe.create_sheet(blatt.name), blatt, f"Tafel_{nummer}")
    angaben = mappe.properties
    angaben.title, angaben.language, angaben.creator = titel, "de-DE", "Berichtswerk"
    angaben.created = angaben.modified = _ZEIT
    return _gepackt(mappe)


def _fuelle(seite: Worksheet, blatt: Blatt, name: str) -> None:
    for nr, text in enumerate(blatt.ueber, 1):
        seite.cell(nr, 1, _klar(text)).font = Font("Calibri", 14 if nr == 1 else 11, bold=nr == 1)
    oben = len(blatt.ueber) + 1
    for spalte, text in enumerate(_eindeutig(blatt.kopf), 1):
        zelle = seite.cell(oben, spalte, text)
        zelle.data_type, zelle.font = "s", Font("Calibri", 11, bold=True)
        zelle.alignment = Alignment(wrap_text=True, vertical="bottom")
    breiten = blatt.breiten()
    for nr, zeile in enumerate((blatt.kopf, *blatt.zeilen), oben):
        if (hoch := max(-(-len(wortlaut(f)) // (b - 2)) for f, b in zip(zeile, breiten, strict=True))) > 1:
            seite.row_dimensions[nr].height = 15 * hoch
    for nr, zeile in enumerate(blatt.zeilen, oben + 1):
        for spalte, fach in enumerate(zeile, 1):
            _schreibe_fach(seite, nr, spalte, fach)
    for spalte, breite in enumerate(breiten, 1):
        seite.column_dimensions[spaltenname(spalte)].width = breite
    seite.freeze_panes, seite.print_title_rows = f"A{oben + 1}", f"{oben}:{oben}"
    seite.page_setup.orientation, seite.page_setup.paperSize = "landscape", "9"
    seite.page_setup.fitToHeight, seite.sheet_properties.pageSetUpPr = 0, PageSetupProperties(fitToPage=True)
    for spalte, regel in enumerate(blatt.regeln, 1):
        if regel:
            seite.add_data_validation(
                _pruefung(regel, spalte, oben + 1, len(blatt.zeilen) + blatt.leerzeilen)
            )
    if blatt.zeilen:
        bereich = f"A{oben}:{spaltenname(len(blatt.kopf))}{oben + len(blatt.zeilen)}"
        tafel = Table(displayName=name, ref=bereich)
        tafel.tableStyleInfo = TableStyleInfo(name="TableStyleLight1", showFirstColumn=True)
        seite.add_table(tafel)


def _pruefung(regel: Regel, spalte: int, erste: int, anzahl: int) -> DataValidation:
    """Die Regel einer Spalte; Titel und Texte haben in Excel höchstens 32, 255 und 225 Zeichen."""
    name, wahl, von, bis = regel.auswahl
    bereich, buchstabe = (
        f"'{name}'!${spaltenname(wahl)}${von}:${spaltenname(wahl)}${bis}",
        spaltenname(spalte),
    )
    erstes, letztes = f"{buchstabe}{erste}", f"{buchstabe}{erste + anzahl - 1}"
    return DataValidation(
        type="custom" if regel.zahl else "list",
        formula1=regel.bedingung(erstes, bereich, ",") if regel.zahl else bereich,
        allow_blank=True,
        showErrorMessage=True,
        showInputMessage=True,
        errorStyle="stop" if regel.streng else "warning",
        sqref=f"{erstes}:{letztes}",
        promptTitle=regel.titel[:32],
        prompt=regel.hinweis[:255],
        errorTitle=regel.titel[:32],
        error=regel.fehler[:225],
    )


def _schreibe_fach(seite: Worksheet, nr: int, spalte: int, fach: Fach) -> None:
    if isinstance(fach, Zahlfach) and fach.wert is not None and not fach.zusatz:
        stellen = len(fach.text.partition(",")[2])
        zelle = seite.cell(nr, spalte, fach.wert)
        zelle.number_format = f"#,##0.{'0' * stellen}" if stellen else "#,##0"
        return
    if not (text := _klar(wortlaut(fach))):
        return
    zelle = seite.cell(nr, spalte, text)
    zelle.data_type = "s"  # „=A1“ bleibt Text
    if isinstance(fach, Sprung):
        zelle.hyperlink = Hyperlink(ref=zelle.coordinate, location=f"'{fach.blatt}'!A1", display=text)
        zelle.style = "Hyperlink"
    zelle.alignment = Alignment(wrap_text=True, vertical="top")


def _klar(text: str) -> str:
    return text.translate(dict.fromkeys(map(ord, _VERBOTEN)))[:32767]


def _eindeutig(koepfe: Sequence[str]) -> list[str]:
    """Jeder Kopf einmal: Excel verlangt es von einer Tabelle, auch ohne Rücksicht auf Großes und Kleines."""
    gesehen: Counter[str] = Counter()
    namen = []
    for kopf in (_klar(wortlaut(k)) or "Spalte" for k in koepfe):
        gesehen[kopf.casefold()] += 1
        anzahl = gesehen[kopf.casefold()]
        namen.append(kopf if anzahl == 1 else f"{kopf} ({anzahl})")
    return namen


def _gepackt(mappe: Workbook) -> bytes:
    """Das Paket ohne Uhrzeit; ``Workbook.save`` schriebe sie hinein."""
    roh, fertig = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(roh, "w") as alt:
        ExcelWriter(mappe, alt).save()
    with zipfile.ZipFile(roh) as alt, zipfile.ZipFile(fertig, "w") as neu:
        for name in alt.namelist():
            lege_ein(neu, name, alt.read(name))
    return fertig.getvalue()
