"""Textdateien: ``csv``, ``genesis_tabelle``, ``genesis_flach`` und was jeder Leser von Text braucht.

* ``csv``: eigene und fremde CSV, lang oder breit.
* ``genesis_tabelle``: Titelzeilen, mehrzeiliger Kopf, Beschriftung links ohne Kopftext, eingerückte Namen,
  Zeit als Spalte, Kopfzeile oder Zwischenzeile („2015;;;“), Fußblock nach ``____``.
* ``genesis_flach``: eine Zeile je Wert. Alte Form: Latin-1, deutscher Kopf, eine Spalte je Messgröße. Neue
  Form (``ffcsv``): UTF-8 mit BOM, englischer Kopf, Messgröße je Zeile.

Zerlegt werden alle gleich; was sie unterscheidet, sind die Vorgaben in :mod:`berichtswerk.daten.lesen`.
Gelesen wird strömend, auch aus einem ZIP-Archiv (``compression: zip``); die Kodierung wird Zeile für Zeile
geprüft.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO, Any

from berichtswerk.daten.leser.grund import (
    ARTNAME,
    Blatt,
    DateiKennwort,
    DateiLeer,
    DateiZuGross,
    Leseauftrag,
    Zeile,
    art_von,
)
from berichtswerk.daten.muster import als_muster
from berichtswerk.daten.quelle import CsvDialekt, Dialekt
from berichtswerk.grund.meldung import Befundart, Stufe, aufgezaehlt

LAENGSTE_ZEILE = 2_000_000
"""Bytes; länger ist keine Tabellenzeile (falsche Zeilenenden oder Binärdatei)."""
LAENGSTER_DATENSATZ = 5_000
"""Zeilen; reicht ein Text in Anführungszeichen weiter, fehlt das schließende."""
_BREIT = ("utf-16", "utf-32", "utf16", "utf32", "utf_16", "utf_32")
KODIERUNGEN = ("utf-8", "cp1252", "cp850", "mac_roman")
"""Worin deutsche Lieferungen gespeichert sind, das Wahrscheinlichere zuerst."""
_ASCII = bytes(range(32, 127))
_MARKEN = {
    "utf-16": (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE),
    "utf-32": (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE),
}  # fmt: skip
_DEUTSCH = frozenset("äöüÄÖÜß")
_UEBLICH = _DEUTSCH | frozenset(
    "éèêáàóòúíçñëïôâîčćšśžźżęąńłřěůý„“”‚‘’–—…·•§°²³¹€µ×±½¼¾«»©®\u00a0\u00ad\u202f"
)
_STUECK = 1 << 18
_SEP = re.compile(r"^\ufeff?\"?sep=(.)\"?[;,\t|]*\s*$", re.IGNORECASE)


class ZipUngueltig(Befundart):
    text = "Die Datei ist kein lesbares ZIP-Archiv."
    abhilfe = "Fordern Sie die Datei neu an; ist sie gar nicht gepackt, streichen Sie „compression“."
    feld = "compression"


class ZipVerschlossen(ZipUngueltig):
    text = "Das ZIP-Archiv ist {grund}."
    abhilfe = "Fordern Sie die Datei neu und ohne Kennwort an."


class ZipInhalt(Befundart):
    text = "Welche Datei des ZIP-Archivs gemeint ist, ist nicht klar."
    ursache = "{grund}"
    abhilfe = "Nennen Sie in der Quelle „innerpath“: eine Datei, eine Liste oder ein /Muster/."
    feld = "innerpath"


class ZipUebrige(Befundart):
    text = "Aus dem ZIP-Archiv wird nur {gelesen} gelesen; daneben liegen {anzahl}: {namen}."
    abhilfe = (
        "Sollen sie auch gelesen werden, nennen Sie sie unter „innerpath“; sind sie anders aufgebaut, "
        "beschreiben Sie jede als eigene Quelle."
    )
    feld = "innerpath"
    stufe = Stufe.HINWEIS


class ZipZuGross(DateiZuGross):
    text = "Entpackt hat „{name}“ {groesse} MB; gelesen werden höchstens {grenze} MB."
    ursache = ""
    abhilfe = "Fordern Sie einen Auszug an oder erhöhen Sie „grenze_mb“."


class DateiArt(Befundart):
    text = "Die Datei ist keine einfache Textdatei, sondern {was}."
    abhilfe = "{hilfe}"


class KodierungUnbekannt(Befundart):
    text = "Die Kodierung „{kodierung}“ gibt es nicht."
    abhilfe = "Üblich sind utf-8, cp1252 (Windows) und latin-1."
    feld = "encoding"


class KodierungFalsch(Befundart):
    text = "Die Datei ist nicht in „{kodierung}“ gespeichert."
    ursache = "{grund}"
    abhilfe = "Versuchen Sie in der Quelle „encoding: {beste}“."
    feld = "encoding"


class KodierungIstUtf8(KodierungFalsch):
    text = "Umlaute sind als „Ã¤“ und Ähnliches zu lesen."
    ursache = "Die Datei ist in UTF-8 gespeichert, gelesen wird „{kodierung}“."
    abhilfe = "Setzen Sie in der Quelle „encoding: utf-8“."


class KodierungDoppelt(KodierungFalsch):
    text = "Umlaute sind als „Ã¤“ und Ähnliches zu lesen."
    ursache = "Die Umlaute wurden vor der Lieferung zweimal in UTF-8 umgewandelt."
    abhilfe = "Fordern Sie die Datei neu an; mit einer anderen „encoding“ ist sie nicht zu retten."
    feld = ""


class KodierungStellenweise(KodierungFalsch):
    text = "Einzelne Texte sind als „Ã¤“ und Ähnliches gespeichert."
    ursache = (
        "Der Rest der Datei ist in „{kodierung}“ lesbar; diese wurden vor der Lieferung falsch umgewandelt."
    )
    abhilfe = "Fordern Sie die Datei neu an, oder sagen Sie unter „werte“, was gemeint ist."
    feld = ""


class KodierungKaputt(Befundart):
    text = "Ein Zeichen dieser Zeile ist beschädigt (Byte 0x{byte:02X})."
    ursache = (
        "Der Rest der Datei ist in „{kodierung}“ lesbar; hier wurde wohl etwas aus einer anders "
        "gespeicherten Datei eingefügt."
    )
    abhilfe = "Fordern Sie die Datei neu an."


class KodierungAndere(KodierungFalsch):
    text = "Die Umlaute sind falsch gelesen: „{gelesen}“ statt „{richtig}“."
    ursache = "In „{kodierung}“ ist die Datei zwar lesbar, gespeichert ist sie aber wohl in „{andere}“."
    abhilfe = "Setzen Sie in der Quelle „encoding: {andere}“."


class ZeileZuLang(Befundart):
    text = "Die Zeile ist länger als 2 MB."
    ursache = "Der Datei fehlen Zeilenenden, oder es ist keine Tabelle."
    abhilfe = "Öffnen Sie die Datei im Editor und speichern Sie sie mit Zeilenenden neu."


class AnfuehrungszeichenImText(Befundart):
    text = "Hinter einem schließenden Anführungszeichen steht noch Text."
    ursache = 'Ein Anführungszeichen im Text muss verdoppelt werden ("").'
    abhilfe = (
        "Nennen Sie in der Quelle unter dialect.csv.quoteChar ein Zeichen, das nicht vorkommt, oder fordern "
        "Sie die Datei neu an."
    )


class AnfuehrungszeichenOffen(Befundart):
    text = "Ein Anführungszeichen wird nicht geschlossen."
    ursache = "Der Text ab hier reicht über viele Zeilen oder bis zum Ende der Datei."
    abhilfe = (
        "Nennen Sie in der Quelle unter dialect.csv.quoteChar ein Zeichen, das nicht vorkommt, oder fordern "
        "Sie die Datei neu an."
    )


def lies(auftrag: Leseauftrag) -> Iterator[Blatt]:
    """Je Datei ein Blatt (nur in Archiven mehrere); jede Zeile muss so viele Felder haben wie der Kopf."""
    eintraege, uebrige = _eintraege(auftrag)
    if uebrige:
        gelesen, namen = aufgezaehlt(eintraege, 8), aufgezaehlt(uebrige, 8)
        auftrag.sammler.dazu(ZipUebrige, gelesen=gelesen, anzahl=len(uebrige), namen=namen)
    for eintrag in eintraege:
        teil = replace(auftrag, eintrag=eintrag)
        pruefe_text(teil)
        texte = Textzeilen(teil)
        name = eintrag if len(eintraege) > 1 else ""
        yield Blatt(name, partial(datensaetze, teil, texte), feste_breite=True)
        texte.melde()


def pruefe_text(auftrag: Leseauftrag) -> None:
    """Hält an, wenn die Datei leer ist, keine Textdatei ist oder die Kodierung nicht existiert.

    Raises:
        BerichtswerkFehler: datei-leer, datei-art, kodierung-unbekannt.
    """
    with geoeffnet(auftrag) as datei:
        anfang = datei.read(65_536)
    art = art_von(anfang)
    if art == "leer":
        raise auftrag.sammler.halt(DateiLeer)
    if art == "kennwort":
        raise auftrag.sammler.halt(DateiKennwort, was=ARTNAME["xlsx"])
    if art != "text" and not (art == "utf16" and auftrag.quelle.encoding.lower().startswith(_BREIT)):
        hilfe = (
            "Setzen Sie in der Quelle „encoding: utf-16“."
            if art == "utf16"
            else "Prüfen Sie die Lieferung und die Angaben „path“, „format“ und „leser“ der Quelle."
        )
        raise auftrag.sammler.halt(DateiArt, was=ARTNAME[art], hilfe=hilfe)
    kodierung = auftrag.quelle.encoding
    if not _ist_kodierung(kodierung):
        raise auftrag.sammler.halt(KodierungUnbekannt, kodierung=kodierung)
    try:
        breit(kodierung, anfang)
    except UnicodeError:
        grund = "Jedes Zeichen hätte zwei oder vier Bytes."
        breite = {b"\0": "utf-16-be"}.get(anfang[:1], "utf-16-le")
        beste = breite if b"\0" in anfang[:2] else beste_kodierung(anfang)
        raise auftrag.sammler.halt(KodierungFalsch, kodierung=kodierung, grund=grund, beste=beste) from None


def _ist_kodierung(name: str) -> bool:
    """Ob Python sie kennt und ASCII darin ASCII ist (``hex``, ``punycode`` und EBCDIC sind es nicht)."""
    try:
        b"\xff".decode(name, "replace")
        return name.lower().startswith(_BREIT) or _ASCII.decode(name) == _ASCII.decode("ascii")
    except (LookupError, UnicodeError):
        return False


def breit(kodierung: str, anfang: bytes) -> str:
    """Die Kodierung mit zwei oder vier Bytes je Zeichen, mit der es zu lesen ist; sonst leer.

    Raises:
        UnicodeError: genannt ist eine solche Kodierung, die Datei hat aber eine andere.
    """
    if not kodierung.lower().startswith(_BREIT):
        return ""
    kurz = kodierung.lower().replace("_", "-").replace("utf1", "utf-1").replace("utf3", "utf-3")
    if anfang.startswith(_MARKEN[kurz[:6]]):
        return kurz[:6]  # die Marke am Anfang sagt die Reihenfolge der Bytes
    if kurz in {"utf-16", "utf-32"}:
        kurz += "-le" if anfang[1:2] == b"\0" else "-be"
    text = anfang[: len(anfang) // 4 * 4].decode(kurz)
    if not any(z in text for z in "\n\r;,\t|") or sum(z < "\u0250" for z in text) * 2 < len(text):
        raise UnicodeError(kodierung)
    return kurz


@contextmanager
def geoeffnet(auftrag: Leseauftrag) -> Iterator[IO[bytes]]:
    """Die Textdatei zum Lesen, auch aus einem ZIP-Archiv, ohne etwas auszupacken.

    Raises:
        BerichtswerkFehler: kein Archiv, Datei darin fehlt oder ist zu groß.
    """
    if not _ist_gepackt(auftrag):
        with auftrag.pfad.open("rb") as datei:
            yield datei
        return
    eintrag = auftrag.eintrag or _eintraege(auftrag)[0][0]
    with zipfile.ZipFile(auftrag.pfad) as archiv:
        try:
            with archiv.open(eintrag) as teil:
                yield teil
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError) as fehler:
            grund = "mit einem Kennwort geschützt" if "password" in str(fehler) else "beschädigt"
            raise auftrag.sammler.halt(ZipVerschlossen, grund=grund) from None


def _ist_gepackt(auftrag: Leseauftrag) -> bool:
    return auftrag.quelle.compression is not None or ist_gepackter_text(auftrag.pfad)


def ist_gepackter_text(pfad: Path) -> bool:
    """Ob die Datei ein ZIP-Archiv ist, aber keine Arbeitsmappe: dann steckt der Text darin."""
    with pfad.open("rb") as datei:
        if datei.read(4) != b"PK\x03\x04":
            return False
    try:
        with zipfile.ZipFile(pfad) as archiv:
            return not {"[Content_Types].xml", "mimetype", "content.xml"} & set(archiv.namelist())
    except (zipfile.BadZipFile, OSError):
        return False


def _eintraege(auftrag: Leseauftrag) -> tuple[list[str], list[str]]:
    """Welche Dateien des ZIP-Archivs gelesen werden und welche nicht; ohne Archiv ein leerer Name.

    Raises:
        BerichtswerkFehler: kein Archiv, keine oder mehrere Dateien gemeint, zu groß.
    """
    if not _ist_gepackt(auftrag):
        return [""], []
    try:
        with zipfile.ZipFile(auftrag.pfad) as archiv:
            dateien = {e.filename: e.file_size for e in archiv.infolist() if not e.is_dir()}
    except (zipfile.BadZipFile, OSError):
        raise auftrag.sammler.halt(ZipUngueltig) from None
    wahl = auftrag.quelle.innerpath or (list(dateien) if len(dateien) == 1 else [])
    gemeint = [_gemeinte(name, dateien) for name in ([wahl] if isinstance(wahl, str) else wahl)]
    if not gemeint or not all(gemeint):
        grund = f"Das Archiv enthält: {aufgezaehlt(dateien)}." if dateien else "Das Archiv ist leer."
        raise auftrag.sammler.halt(ZipInhalt, grund=grund)
    namen = list(dict.fromkeys(chain.from_iterable(gemeint)))
    if (groesse := sum(dateien[n] for n in namen)) > (grenze := auftrag.quelle.lesen.grenze_mb) * 1_000_000:
        name = namen[0] if len(namen) == 1 else auftrag.pfad.name
        raise auftrag.sammler.halt(ZipZuGross, name=name, groesse=-(-groesse // 1_000_000), grenze=grenze)
    return namen, [n for n in dateien if n not in namen]


def _gemeinte(name: str, dateien: Iterable[str]) -> list[str]:
    """Die Dateien, die ein Eintrag von ``innerpath`` meint; was ein Mac danebenlegt, nur beim Namen."""
    if muster := als_muster(name):
        return [d for d in dateien if muster.suche(d) and not d.startswith("__MACOSX/")]
    return [d for d in dateien if d == name]


@dataclass
class Textzeilen:
    """Die Zeilen einer Textdatei; kaputte Bytes werden gemeldet und das Lesen geht weiter."""

    auftrag: Leseauftrag
    _heil: bool = False
    """ob sich etwas mit Zeichen außerhalb von ASCII lesen ließ"""
    _kaputte: int = 0
    _erste: list[tuple[int, int]] = field(default_factory=list)
    """Zeile und Byte der ersten kaputten Zeilen"""
    _verdacht: int = 0
    _fremde: bytes = b""
    """die ersten Zeilen mit Zeichen außerhalb von ASCII, roh"""

    def __iter__(self) -> Iterator[str]:
        """Zeilen mit Zeilenende."""
        with geoeffnet(self.auftrag) as offen:
            kopf = offen.read(4096)
            datei = io.BufferedReader(_Hintereinander(kopf, offen))
            if weit := breit(self.auftrag.quelle.encoding, kopf):
                yield from io.TextIOWrapper(datei, weit, "replace", newline="\n")
                return
            nummer = 1
            for stueck in self._stuecke(datei, b"\r" in kopf and b"\n" not in kopf):
                text = stueck.removeprefix(codecs.BOM_UTF8) if nummer == 1 else stueck
                yield from io.StringIO(self._dekodiere(text, nummer), newline="\n")
                nummer += stueck.count(b"\n")

    def _stuecke(self, datei: IO[bytes], nur_cr: bool) -> Iterator[bytes]:
        """Die Datei in Stücken aus ganzen Zeilen; ``nur_cr``: sie enden wie auf dem alten Mac."""
        rest, nummer = b"", 1
        while stueck := datei.read(_STUECK):
            stueck = stueck.replace(b"\r", b"\n") if nur_cr else stueck
            ganze, umbruch, ende = stueck.rpartition(b"\n")
            if umbruch:
                yield rest + ganze + umbruch
                nummer += ganze.count(b"\n") + 1
                rest = b""
            rest += ende
            if len(rest) > LAENGSTE_ZEILE:
                raise self.auftrag.sammler.halt(ZeileZuLang, f"Zeile {nummer}")
        if rest:
            yield rest

    def _dekodiere(self, roh: bytes, nummer: int) -> str:
        """Zeilen ab ``nummer`` als Text; lässt sich das Stück nicht lesen, wird Zeile für Zeile gesucht."""
        if roh.isascii():
            return roh.decode("ascii")
        try:
            text = roh.decode(self.auftrag.quelle.encoding)
        except UnicodeDecodeError as fehler:
            zeilen = list(io.BytesIO(roh))
            if len(zeilen) > 1:
                return "".join(self._dekodiere(z, nr) for nr, z in enumerate(zeilen, nummer))
            self._kaputte += 1
            self._fremde += roh[:4096] if len(self._fremde) < 4096 else b""
            if len(self._erste) < 50:
                self._erste.append((nummer, roh[fehler.start]))
            return roh.decode(self.auftrag.quelle.encoding, "replace")
        self._heil = True
        if len(self._fremde) < 4096:
            self._fremde += b"\n".join(z for z in roh.splitlines() if not z.isascii())[:4096]
        if not self._verdacht and ("Ã" in text or "â€" in text):
            davor = min(stelle for stelle in (text.find("Ã"), text.find("â€")) if stelle >= 0)
            self._verdacht = nummer + text.count("\n", 0, davor)
        return text

    def melde(self) -> None:
        """Gibt die Befunde zur Kodierung der bisher gelesenen Zeilen an den Sammler."""
        kodierung, sammler = self.auftrag.quelle.encoding, self.auftrag.sammler
        andere = andere_kodierung(self._fremde, kodierung) if self._fremde and not self._verdacht else ""
        if andere and (self._heil or not self._kaputte):
            falsch, richtig = _gegenueber(self._fremde, kodierung, andere)
            sammler.dazu(KodierungAndere, kodierung=kodierung, andere=andere, gelesen=falsch, richtig=richtig)
        elif self._kaputte and not self._heil:
            nummer, byte = self._erste[0]
            grund = (
                f"Keine der {self._kaputte} Zeilen mit Umlauten ist so lesbar; die erste hat das Byte "
                f"0x{byte:02X}."
                if self._kaputte > 1
                else f"Die einzige Zeile mit Umlauten ist so nicht lesbar (Byte 0x{byte:02X})."
            )
            beste = beste_kodierung(self._fremde)
            sammler.dazu(KodierungFalsch, f"Zeile {nummer}", kodierung=kodierung, grund=grund, beste=beste)
        elif self._kaputte:
            for nummer, byte in self._erste:
                sammler.dazu(KodierungKaputt, f"Zeile {nummer}", byte=byte, kodierung=kodierung)
        elif self._verdacht:
            utf8 = codecs.lookup(kodierung).name.startswith("utf-8")
            ganz = beste_kodierung(self._fremde) == "utf-8"
            art = KodierungDoppelt if utf8 else KodierungIstUtf8 if ganz else KodierungStellenweise
            sammler.dazu(art, f"Zeile {self._verdacht}", kodierung=kodierung)


class _Hintereinander(io.RawIOBase):
    """Ein schon gelesener Anfang und der Rest der Datei als ein Strom."""

    def __init__(self, anfang: bytes, rest: IO[bytes]) -> None:
        self._anfang, self._rest = anfang, rest

    def readable(self) -> bool:
        return True

    def readinto(self, puffer: Any) -> int:
        stueck = self._anfang[: len(puffer)] if self._anfang else self._rest.read(len(puffer))
        self._anfang = self._anfang[len(stueck) :]
        puffer[: len(stueck)] = stueck
        return len(stueck)


def _guete(roh: bytes, kodierung: str) -> float:
    """Anteil üblicher Zeichen an denen außerhalb von ASCII; deutsche Umlaute zählen voll, andere fast."""
    try:
        fremde = [z for z in roh.decode(kodierung) if z > "\x7f"]
    except UnicodeDecodeError:
        return 0.0
    return sum(1.0 if z in _DEUTSCH else 0.6 if z in _UEBLICH else 0.0 for z in fremde) / max(len(fremde), 1)


def beste_kodierung(roh: bytes) -> str:
    """Die wahrscheinlichste Kodierung eines Stücks Text (ohne Marke am Anfang); UTF-8 geht vor."""
    try:
        roh.decode("utf-8")
        return "utf-8"
    except UnicodeDecodeError as fehler:
        if fehler.end == len(roh) and "end of data" in fehler.reason:  # ein abgeschnittenes Zeichen am Ende
            return "utf-8"
    return max(KODIERUNGEN[1:], key=lambda k: _guete(roh, k))


def andere_kodierung(roh: bytes, kodierung: str) -> str:
    """Die Kodierung, in der es deutscher Text wäre, wenn es in ``kodierung`` keiner ist; sonst leer."""
    if (hier := _guete(roh, kodierung)) >= 0.5 or codecs.lookup(kodierung).name == "utf-8":
        return ""
    beste = max(KODIERUNGEN, key=lambda k: _guete(roh, k))
    return beste if _guete(roh, beste) > max(0.7, 2 * hier) else ""


def _gegenueber(roh: bytes, kodierung: str, andere: str) -> tuple[str, str]:
    """Das erste Wort mit fremden Zeichen in beiden Lesarten."""
    wort = next(w for w in re.split(rb"[\s;,\t|\"]+", roh) if not w.isascii())
    return wort.decode(kodierung, "replace")[:40], wort.decode(andere, "replace")[:40]


def datensaetze(auftrag: Leseauftrag, texte: Textzeilen) -> Iterator[Zeile]:
    """Die Datensätze einer CSV mit der Nummer ihrer ersten physischen Zeile.

    Raises:
        BerichtswerkFehler: Anführungszeichen nicht geschlossen, Zeile zu lang.
    """
    dialekt = auftrag.quelle.dialect or Dialekt()
    angaben = dialekt.csv or CsvDialekt()
    zeilen = iter(texte)
    erste = next(zeilen, "")
    trenner, uebersprungen = auftrag.trenner, 0
    if treffer := _SEP.match(erste):  # Excel schreibt das Trennzeichen in die erste Zeile
        trenner, uebersprungen, erste = treffer[1], 1, ""
    leser = csv.reader(
        chain([erste] if erste else [], zeilen),
        delimiter=trenner,
        quotechar=angaben.quoteChar,
        doublequote=angaben.doubleQuote,
        escapechar=angaben.escapeChar,
        skipinitialspace=angaben.skipInitialSpace,
        strict=True,
    )
    kommentar, beginn = dialekt.commentChar, 1 + uebersprungen
    try:
        for felder in leser:
            if leser.line_num + uebersprungen - beginn > LAENGSTER_DATENSATZ:
                raise csv.Error
            if not (kommentar and felder and felder[0].startswith(kommentar)):
                yield beginn, felder
            beginn = leser.line_num + 1 + uebersprungen
    except csv.Error as fehler:
        art = AnfuehrungszeichenImText if "expected after" in str(fehler) else AnfuehrungszeichenOffen
        raise auftrag.sammler.halt(art, f"Zeile {beginn}") from None
