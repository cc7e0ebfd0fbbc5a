"""Leser ``xlsx``: Tabellenkalkulation (xlsx, xlsm, altes xls).

Gelesen wird strömend und nur lesend; Formeln und Makros werden nie ausgeführt. Zahlenzellen gelten, wie
sie gespeichert sind (ohne Zahlenformat), außer Prozent: darüber entscheidet ``prozent``. Text wird nach
``zahlform`` gelesen.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import TYPE_CHECKING, Any

from berichtswerk.daten.lesearten import LesenInkar, LesenXlsx
from berichtswerk.daten.leser.grund import (
    ARTNAME,
    Blatt,
    Formel,
    Leseauftrag,
    Prozent,
    Zeile,
    dateiart,
    mit_prozent,
)
from berichtswerk.daten.leser.verbund import Verbund, untersuche_blatt
from berichtswerk.grund.aehnlich import vorschlag
from berichtswerk.grund.meldung import BerichtswerkFehler

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

ENTPACKT = 20
"""So viel Mal größer als ``grenze_mb`` darf der entpackte Inhalt sein."""


def lies(auftrag: Leseauftrag) -> Iterator[Blatt]:
    """Die gewählten Blätter.

    Raises:
        BerichtswerkFehler: keine Arbeitsmappe, leer, Blatt fehlt.
    """
    art = dateiart(auftrag.pfad)
    if art == "leer":
        raise auftrag.sammler.halt(
            "datei-leer", "Die Datei ist leer.", abhilfe="Legen Sie die Lieferung noch einmal ab."
        )
    if art == "xls":
        from berichtswerk.daten.leser.xls import lies_xls

        yield from lies_xls(auftrag)
        return
    if art != "xlsx":
        raise ungueltig(auftrag, f"Die Datei ist {ARTNAME[art]}, auch wenn sie anders heißt.")
    _pruefe_paket(auftrag)
    werte = _oeffne(auftrag, ergebnisse=True)
    try:
        for nummer in waehle(auftrag, [blatt.title for blatt in werte.worksheets]):
            yield _blatt(auftrag, werte, nummer)
    finally:
        werte.close()


def ungueltig(auftrag: Leseauftrag, ursache: str) -> BerichtswerkFehler:
    """Fehler: die Datei ist keine lesbare Arbeitsmappe."""
    return auftrag.sammler.halt(
        "xlsx-ungueltig", "Die Datei ist keine lesbare Excel-Arbeitsmappe.", ursache=ursache,
        abhilfe="Öffnen Sie die Datei in Excel und speichern Sie sie als „Excel-Arbeitsmappe (*.xlsx)“ ohne "
        "Kennwort, oder fordern Sie sie neu an.",
    )  # fmt: skip


def _pruefe_paket(auftrag: Leseauftrag) -> None:
    try:
        with zipfile.ZipFile(auftrag.pfad) as paket:
            namen = set(paket.namelist())
            entpackt = sum(eintrag.file_size for eintrag in paket.infolist())
            defekt = paket.testzip() if entpackt < 200_000_000 else None
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError):
        raise ungueltig(
            auftrag, "Das ZIP-Paket der Arbeitsmappe ist beschädigt oder unvollständig."
        ) from None
    if defekt:
        raise ungueltig(auftrag, "Das ZIP-Paket der Arbeitsmappe ist beschädigt (Prüfsumme).")
    if "xl/workbook.xml" not in namen:
        was = "ein OpenDocument-Dokument (LibreOffice)" if "content.xml" in namen else "ein ZIP-Archiv"
        raise ungueltig(auftrag, f"Die Datei ist {was}, aber keine Excel-Arbeitsmappe.")
    grenze = auftrag.quelle.lesen.grenze_mb * ENTPACKT
    if entpackt > grenze * 1_000_000:
        raise auftrag.sammler.halt(
            "datei-zu-gross", f"Entpackt hat die Arbeitsmappe {-(-entpackt // 1_000_000)} MB; gelesen werden "
            f"höchstens {grenze} MB.", feld="lesen.grenze_mb",
            abhilfe="Löschen Sie überflüssige Blätter oder fordern Sie einen Auszug an.",
        )  # fmt: skip


def _oeffne(auftrag: Leseauftrag, *, ergebnisse: bool) -> Workbook:
    """``ergebnisse=True`` gibt gespeicherte Ergebnisse statt Formeln."""
    import openpyxl

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return openpyxl.load_workbook(
                auftrag.pfad, read_only=True, data_only=ergebnisse, keep_links=False
            )
    except Exception:  # openpyxl wirft bei kaputtem XML sehr Verschiedenes
        raise ungueltig(auftrag, "Der Inhalt der Arbeitsmappe ist beschädigt.") from None


def waehle(auftrag: Leseauftrag, namen: Sequence[str]) -> list[int]:
    """Nummern (ab 0) der gewählten Blätter.

    Raises:
        BerichtswerkFehler: blatt-fehlt.
    """
    lesen, dialekt = auftrag.quelle.lesen, auftrag.quelle.dialect
    wahl = lesen.blatt if isinstance(lesen, LesenXlsx | LesenInkar) else None
    if wahl is None and dialekt and dialekt.excel:
        wahl = dialekt.excel.sheet
    if wahl is None:
        wahl = 1
    if wahl == "alle":
        return list(range(len(namen)))
    treffer: dict[int, None] = {}
    for einzeln in wahl if isinstance(wahl, list) else [wahl]:
        gefunden = _finde_blatt(einzeln, namen)
        if not gefunden:
            raise auftrag.sammler.halt(
                "blatt-fehlt", f"Das Tabellenblatt „{einzeln}“ gibt es nicht.", feld="lesen.blatt",
                ursache=f"Die Arbeitsmappe hat {len(namen)} {'Blatt' if len(namen) == 1 else 'Blätter'}.",
                abhilfe=vorschlag(str(einzeln), namen, sonst="Vorhanden sind: "),
            )  # fmt: skip
        treffer.update(dict.fromkeys(gefunden))
    return list(treffer)


def _finde_blatt(wahl: str | int, namen: Sequence[str]) -> list[int]:
    if isinstance(wahl, int):
        return [wahl - 1] if 1 <= wahl <= len(namen) else []
    if len(wahl) > 2 and wahl[0] == wahl[-1] == "/":
        return [n for n, name in enumerate(namen) if re.search(wahl[1:-1], name)]
    return [n for n, name in enumerate(namen) if name.strip() == wahl.strip()]


def _blatt(auftrag: Leseauftrag, werte: Workbook, nummer: int) -> Blatt:
    lesen = auftrag.quelle.lesen
    assert isinstance(lesen, LesenXlsx | LesenInkar)
    blatt = werte.worksheets[nummer]
    befund = untersuche_blatt(auftrag.pfad, str(getattr(blatt, "_worksheet_path", "")))
    verbund = befund.verbund if lesen.verbundene == "auffuellen" else ()
    einrueckung = any(
        b is not None and b.einrueckung is not None
        for block in lesen.alle_bloecke()
        for b in (block.gebiet, block.zeit, block.groesse, *block.merkmale.values())
    )

    def zeilen() -> Iterator[Zeile]:
        gespeichert = lesen.formeln == "gespeicherter_wert"
        quelle = (
            _zeilen(auftrag, werte, nummer, einrueckung) if gespeichert or not befund.formeln else repeat([])
        )
        formeln: Iterator[list[Any]] = repeat([])
        if befund.formeln:
            formeln = _zeilen(auftrag, _oeffne(auftrag, ergebnisse=False), nummer, einrueckung)
        if not gespeichert and befund.formeln:
            quelle, formeln = formeln, repeat([])
        merker = Verbund(verbund)
        for nr, (felder, mit_formeln) in enumerate(zip(quelle, formeln, strict=False), start=1):
            for stelle, zelle in enumerate(mit_formeln):
                if isinstance(zelle, Formel) and (stelle >= len(felder) or felder[stelle] is None):
                    felder.extend([None] * (stelle + 1 - len(felder)))
                    felder[stelle] = zelle
            yield Zeile(nr, merker.fuelle(nr, felder))

    return Blatt(blatt.title, zeilen, tabellenkalkulation=True)


def _zeilen(auftrag: Leseauftrag, mappe: Workbook, nummer: int, einrueckung: bool) -> Iterator[list[Any]]:
    blatt = mappe.worksheets[nummer]
    zuruecksetzen = getattr(blatt, "reset_dimensions", None)
    if zuruecksetzen is not None:  # manche Programme schreiben falsche Ausmaße in die Datei
        zuruecksetzen()
    prozent = prozentangabe(auftrag)
    zeilen = blatt.iter_rows()
    while True:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                zeile = next(zeilen, None)
            inhalt = None if zeile is None else [_inhalt(z, einrueckung, prozent) for z in zeile]
        except Exception:  # openpyxl liest erst jetzt und wirft bei kaputtem XML sehr Verschiedenes
            raise ungueltig(auftrag, f"Der Inhalt des Blattes „{blatt.title}“ ist beschädigt.") from None
        if inhalt is None:
            return
        yield inhalt


def prozentangabe(auftrag: Leseauftrag) -> Prozent:
    """Was ``lesen.prozent`` für Zahlen mit Zahlenformat in Prozent sagt."""
    lesen = auftrag.quelle.lesen
    return lesen.prozent if isinstance(lesen, LesenXlsx | LesenInkar) else "melden"


def _inhalt(zelle: Any, einrueckung: bool, prozent: Prozent) -> Any:
    wert = zelle.value
    if zelle.data_type == "f" and wert is not None:
        text = wert if isinstance(wert, str) else getattr(wert, "text", None) or "=…"
        return Formel(text)
    if einrueckung and isinstance(wert, str) and (stufe := int(zelle.alignment.indent or 0)):
        return " " * stufe + wert
    return (
        mit_prozent(wert, zelle.number_format, prozent)
        if zelle.data_type == "n" and wert is not None
        else wert
    )
