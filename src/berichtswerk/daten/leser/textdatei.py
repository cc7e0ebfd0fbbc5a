"""Textdateien zeilenweise lesen: Kodierung prüfen, ohne die Datei ganz in den Speicher zu nehmen."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from berichtswerk.daten.leser.archiv import geoeffnet
from berichtswerk.daten.leser.grund import ARTNAME, Leseauftrag, Sammler, Zeile, art_von
from berichtswerk.grund.meldung import BerichtswerkFehler

LAENGSTE_ZEILE = 2_000_000
"""Bytes; länger ist keine Tabellenzeile (falsche Zeilenenden oder Binärdatei)."""
LAENGSTER_DATENSATZ = 5_000
"""Zeilen; reicht ein Text in Anführungszeichen weiter, fehlt das schließende."""
_BREIT = ("utf-16", "utf-32", "utf16", "utf32", "utf_16", "utf_32")


def pruefe_text(auftrag: Leseauftrag) -> None:
    """Hält an, wenn die Datei leer ist, keine Textdatei ist oder die Kodierung nicht existiert.

    Raises:
        BerichtswerkFehler: datei-leer, datei-art, kodierung-unbekannt.
    """
    with geoeffnet(auftrag) as datei:
        art = art_von(datei.read(2048))
    if art == "leer":
        raise auftrag.sammler.halt(
            "datei-leer", "Die Datei ist leer.", abhilfe="Legen Sie die Lieferung noch einmal ab."
        )
    breit = auftrag.kodierung.lower().startswith(_BREIT)
    if art != "text" and not (art == "utf16" and breit):
        hilfe = (
            "Setzen Sie in der Quelle „encoding: utf-16“."
            if art == "utf16"
            else "Prüfen Sie die Lieferung und die Angaben „path“, „format“ und „leser“ der Quelle."
        )
        raise auftrag.sammler.halt(
            "datei-art", f"Die Datei ist keine einfache Textdatei, sondern {ARTNAME[art]}.", abhilfe=hilfe
        )
    try:
        codecs.lookup(auftrag.kodierung)
    except LookupError:
        raise auftrag.sammler.halt(
            "kodierung-unbekannt", f"Die Kodierung „{auftrag.kodierung}“ gibt es nicht.", feld="encoding",
            abhilfe="Üblich sind utf-8, cp1252 (Windows) und latin-1.",
        ) from None  # fmt: skip


@dataclass
class Textzeilen:
    """Die Zeilen einer Textdatei; kaputte Bytes werden gemeldet und das Lesen geht weiter."""

    auftrag: Leseauftrag
    kaputte: int = 0
    heile: int = 0
    """Zeilen mit Zeichen außerhalb von ASCII, die sich lesen ließen"""
    datensatz_ab: int | None = None
    """Zeile, in der der laufende Datensatz beginnt (setzt, wer Datensätze daraus macht)"""
    _erste: list[tuple[int, int]] = field(default_factory=list)
    _verdacht: int = 0

    def __iter__(self) -> Iterator[str]:
        """Zeilen mit Zeilenende."""
        with geoeffnet(self.auftrag) as datei:
            if self.auftrag.kodierung.lower().startswith(_BREIT):
                yield from codecs.getreader(self.auftrag.kodierung)(datei, "replace")
                return
            yield from self._zeilen(datei)

    def _zeilen(self, datei: IO[bytes]) -> Iterator[str]:
        kodierung = self.auftrag.kodierung
        nummer = 0
        while roh := datei.readline(LAENGSTE_ZEILE + 1):
            nummer += 1
            if len(roh) > LAENGSTE_ZEILE:
                raise self.auftrag.sammler.halt(
                    "zeile-zu-lang", "Die Zeile ist länger als 2 MB.", f"Zeile {nummer}",
                    ursache="Der Datei fehlen Zeilenenden, oder es ist keine Tabelle.",
                    abhilfe="Öffnen Sie die Datei im Editor und speichern Sie sie mit Zeilenenden neu.",
                )  # fmt: skip
            if self.datensatz_ab is not None and nummer - self.datensatz_ab > LAENGSTER_DATENSATZ:
                raise csv.Error
            if nummer == 1:
                roh = roh.removeprefix(codecs.BOM_UTF8)
            if roh.isascii():
                yield roh.decode("ascii")
                continue
            yield self._dekodiere(roh, kodierung, nummer)

    def _dekodiere(self, roh: bytes, kodierung: str, nummer: int) -> str:
        try:
            text = roh.decode(kodierung)
        except UnicodeDecodeError as fehler:
            self.kaputte += 1
            if len(self._erste) < 50:
                self._erste.append((nummer, roh[fehler.start]))
            return roh.decode(kodierung, "replace")
        self.heile += 1
        if "Ã" in text or "â€" in text:
            self._verdacht = self._verdacht or nummer
        return text

    def melde(self, sammler: Sammler) -> None:
        """Gibt die Befunde zur Kodierung der bisher gelesenen Zeilen an den Sammler."""
        if self.kaputte and not self.heile:
            nummer, byte = self._erste[0]
            sammler.dazu(
                "kodierung-falsch", f"Die Datei ist nicht in „{self.auftrag.kodierung}“ gespeichert.",
                f"Zeile {nummer}", "encoding",
                ursache=f"Keine der {self.kaputte} Zeilen mit Umlauten ist so lesbar; die erste hat das "
                f"Byte 0x{byte:02X}."
                if self.kaputte > 1
                else f"Die einzige Zeile mit Umlauten ist so nicht lesbar (Byte 0x{byte:02X}).",
                abhilfe="Versuchen Sie in der Quelle „encoding: cp1252“ (Windows, ältere GENESIS-Dateien).",
            )  # fmt: skip
        elif self.kaputte:
            for nummer, byte in self._erste:
                sammler.dazu(
                    "kodierung-kaputt", f"Ein Zeichen dieser Zeile ist beschädigt (Byte 0x{byte:02X}).",
                    f"Zeile {nummer}",
                    ursache=f"Der Rest der Datei ist in „{self.auftrag.kodierung}“ lesbar; hier wurde wohl "
                    "etwas aus einer anders gespeicherten Datei eingefügt.",
                    abhilfe="Berichtigen Sie die Zeile oder fordern Sie die Datei neu an.",
                )  # fmt: skip
        elif self._verdacht:
            utf8 = codecs.lookup(self.auftrag.kodierung).name.startswith("utf-8")
            sammler.dazu(
                "kodierung-falsch", "Umlaute sind als „Ã¤“ und Ähnliches zu lesen.",
                f"Zeile {self._verdacht}", "" if utf8 else "encoding",
                ursache="Die Umlaute wurden vor der Lieferung zweimal in UTF-8 umgewandelt."
                if utf8
                else f"Die Datei ist in UTF-8 gespeichert, gelesen wird „{self.auftrag.kodierung}“.",
                abhilfe="Fordern Sie die Datei neu an; mit einer anderen „encoding“ ist sie nicht zu retten."
                if utf8
                else "Setzen Sie in der Quelle „encoding: utf-8“.",
            )  # fmt: skip


def csv_zeilen(auftrag: Leseauftrag, texte: Textzeilen) -> Iterator[Zeile]:
    """Die Datensätze einer CSV mit der Nummer ihrer ersten physischen Zeile.

    Raises:
        BerichtswerkFehler: Anführungszeichen nicht geschlossen, Zeile zu lang.
    """
    dialekt = auftrag.quelle.dialect.csv if auftrag.quelle.dialect else None
    leser = csv.reader(
        texte,
        delimiter=auftrag.trenner,
        quotechar=dialekt.quoteChar if dialekt else '"',
        doublequote=dialekt.doubleQuote if dialekt else True,
        escapechar=dialekt.escapeChar if dialekt else None,
        skipinitialspace=dialekt.skipInitialSpace if dialekt else False,
        strict=True,
    )
    kommentar = auftrag.quelle.dialect.commentChar if auftrag.quelle.dialect else None
    beginn = texte.datensatz_ab = 1
    try:
        for felder in leser:
            if not (kommentar and felder and felder[0].startswith(kommentar)):
                yield Zeile(beginn, list(felder))
            beginn = leser.line_num + 1
            texte.datensatz_ab = beginn
    except csv.Error as fehler:
        raise _anfuehrungszeichen(auftrag, beginn, "expected after" in str(fehler)) from None


def _anfuehrungszeichen(auftrag: Leseauftrag, zeile: int, text_dahinter: bool) -> BerichtswerkFehler:
    """Fehler zu einem Anführungszeichen, das nicht geschlossen wird oder mitten im Text steht."""
    if text_dahinter:
        return auftrag.sammler.halt(
            "anfuehrungszeichen-im-text", "Hinter einem schließenden Anführungszeichen steht noch Text.",
            f"Zeile {zeile}",
            ursache="Ein Anführungszeichen im Text muss verdoppelt werden (\"\").",
            abhilfe="Verdoppeln Sie das Anführungszeichen; kommt das oft vor, nennen Sie in der Quelle unter "
            "dialect.csv.quoteChar ein Zeichen, das nicht vorkommt.",
        )  # fmt: skip
    return auftrag.sammler.halt(
        "anfuehrungszeichen-offen", "Ein Anführungszeichen wird nicht geschlossen.", f"Zeile {zeile}",
        ursache="Der Text ab hier reicht über viele Zeilen oder bis zum Ende der Datei.",
        abhilfe="Ergänzen oder löschen Sie das Anführungszeichen in dieser Zeile.",
    )  # fmt: skip
