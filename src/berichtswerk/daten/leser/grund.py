"""Gemeinsames aller Leser: Zeilen, Blätter, der Leseauftrag und das Sammeln von Befunden."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from berichtswerk.daten.quelle import Quelle
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung

Prozent = Literal["melden", "anteil", "prozentwert"]
_WOERTLICH = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')
"""Teile eines Zahlenformats ohne Wirkung auf die Zahl: Text, einzelne Zeichen, Farbe, Abstand."""

HOECHSTENS = 50
"""So viele Befunde je Art werden einzeln gezeigt; der Rest wird gezählt."""


@dataclass(frozen=True, slots=True)
class Formel:
    """Eine Zelle, in der eine Formel steht; sie wird nie ausgeführt."""

    text: str


@dataclass(frozen=True, slots=True)
class Verbunden:
    """Eine Zelle in einem verbundenen Bereich, die nicht dessen erste ist."""

    wert: Any


@dataclass(frozen=True, slots=True)
class Prozentzelle:
    """Eine Zahl mit Zahlenformat in Prozent: gespeichert ist 0.125, gezeigt werden 12,5 %."""

    wert: float
    mal_hundert: bool
    """gelesen wird die gezeigte Zahl; sonst ist nicht gesagt, welche gelten soll"""


@dataclass(slots=True)
class Zeile:
    """Eine Zeile der Lieferung: physische Nummer ab 1 und ihre Felder."""

    nr: int
    felder: list[Any]


@dataclass(frozen=True)
class Blatt:
    """Eine Tabelle der Lieferung; ``zeilen()`` beginnt jedes Mal von vorn."""

    name: str
    zeilen: Callable[[], Iterable[Zeile]]
    tabellenkalkulation: bool = False
    feste_breite: bool = False
    """jede Zeile muss so viele Felder haben wie der Kopf (Text mit Trennzeichen)"""
    spaltennamen: list[str] | None = None
    """Namen, die das Format selbst mitbringt (feste Breite, GeoJSON, SQL)"""


class Sammler:
    """Sammelt Befunde zu einer Datei: alle auf einmal, je Art höchstens ``HOECHSTENS`` einzeln."""

    def __init__(self, datei: str) -> None:
        self.datei = datei
        self._liste: list[Meldung] = []
        self._anzahl: Counter[str] = Counter()

    def dazu(
        self,
        kennung: str,
        text: str,
        ort: str = "",
        feld: str = "",
        *,
        ursache: str = "",
        abhilfe: str = "",
        datei: str = "",
    ) -> None:
        """Nimmt einen Befund auf; ``datei`` nur, wenn es nicht die des Auftrags ist."""
        self._anzahl[kennung] += 1
        if self._anzahl[kennung] <= HOECHSTENS:
            self._liste.append(Meldung(kennung, text, datei or self.datei, ort, feld, ursache, abhilfe))

    def halt(
        self, kennung: str, text: str, ort: str = "", feld: str = "", *, ursache: str = "", abhilfe: str = ""
    ) -> BerichtswerkFehler:
        """Nimmt einen Befund auf, nach dem es nicht weitergeht, und gibt den Fehler zum Werfen zurück."""
        self.dazu(kennung, text, ort, feld, ursache=ursache, abhilfe=abhilfe)
        return BerichtswerkFehler(self.alle())

    def alle(self) -> list[Meldung]:
        """Alle Befunde; je Art ein Zähler für die nicht gezeigten."""
        rest = [
            Meldung(
                kennung,
                f"Weitere {anzahl - HOECHSTENS} Befunde dieser Art werden nicht einzeln gezeigt.",
                self.datei,
            )
            for kennung, anzahl in self._anzahl.items()
            if anzahl > HOECHSTENS
        ]
        return self._liste + rest

    def pruefe(self) -> None:
        """Wirft, wenn Fehler gesammelt wurden."""
        if self:
            raise BerichtswerkFehler(self.alle())

    def __bool__(self) -> bool:
        return bool(self._liste)


@dataclass(frozen=True)
class Leseauftrag:
    """Was ein Leser bekommt: Quelle, Datei und der Sammler für Befunde."""

    quelle: Quelle
    pfad: Path
    datei: str
    """Pfad ab Projektwurzel, für Meldungen und Nachweise"""
    sammler: Sammler = field(compare=False)

    @property
    def kodierung(self) -> str:
        """Kodierung der Textdatei."""
        return self.quelle.encoding

    @property
    def trenner(self) -> str:
        """Trennzeichen: aus ``dialect.csv.delimiter``, sonst das der Familie."""
        dialekt = self.quelle.dialect
        if dialekt and dialekt.csv:
            return "\t" if dialekt.csv.delimiter == r"\t" else dialekt.csv.delimiter
        return type(self.quelle.lesen).trenner


Leser = Callable[[Leseauftrag], Iterator[Blatt]]
"""Ein Leser zerlegt die Lieferung in Blätter; das Umformen ist für alle gleich."""


def als_text(zelle: Any) -> str:
    """Feldinhalt als Text: ganze Zahlen ohne „.0“, Tage als JJJJ-MM-TT, nichts als leerer Text."""
    match zelle:
        case str():
            text = zelle
        case None:
            text = ""
        case Verbunden(wert) | Prozentzelle(wert):
            text = als_text(wert)
        case Formel(formel):
            text = formel
        case bool():
            text = "wahr" if zelle else "falsch"
        case float() if zelle.is_integer() and abs(zelle) < 1e15:
            text = str(int(zelle))
        case datetime():
            text = zelle.date().isoformat()
        case date():
            text = zelle.isoformat()
        case _:
            text = str(zelle)
    return text


def mit_prozent(wert: Any, zahlenformat: str, angabe: Prozent) -> Any:
    """Zahlen mit Zahlenformat in Prozent als ``Prozentzelle``, soweit ``lesen.prozent`` es will."""
    if angabe == "anteil" or isinstance(wert, bool) or not isinstance(wert, int | float) or wert == 0:
        return wert  # null ist in jeder Lesart null
    return Prozentzelle(wert, angabe == "prozentwert") if _ist_prozent(zahlenformat) else wert


@cache
def _ist_prozent(zahlenformat: str) -> bool:
    """Rechnet das Format mal hundert? Ein Prozentzeichen als bloßer Text (``0" %"``) tut das nicht."""
    return "%" in _WOERTLICH.sub("", zahlenformat)


def buchstabe(stelle: int) -> str:
    """Spaltenbuchstabe der Tabellenkalkulation zu einer Stelle ab 0 (0 → A, 26 → AA)."""
    text = ""
    stelle += 1
    while stelle:
        stelle, rest = divmod(stelle - 1, 26)
        text = chr(65 + rest) + text
    return text


Dateiart = Literal["xlsx", "xls", "html", "pdf", "utf16", "leer", "text"]
_ANFAENGE: tuple[tuple[bytes, Dateiart], ...] = (
    (b"PK\x03\x04", "xlsx"), (b"\xd0\xcf\x11\xe0", "xls"), (b"%PDF", "pdf"),
    (b"\xff\xfe", "utf16"), (b"\xfe\xff", "utf16"),
)  # fmt: skip
ARTNAME = {
    "xlsx": "eine Excel-Arbeitsmappe (xlsx) oder ein ZIP-Archiv", "xls": "eine alte Excel-Datei (xls)",
    "html": "eine Internetseite (HTML)", "pdf": "ein PDF", "utf16": "eine Textdatei in UTF-16",
    "text": "eine Textdatei", "leer": "leer",
}  # fmt: skip


def dateiart(pfad: Path) -> Dateiart:
    """Erkennt die Art an den ersten Bytes, nicht an der Endung."""
    with pfad.open("rb") as datei:
        return art_von(datei.read(2048))


def art_von(anfang: bytes) -> Dateiart:
    """Die Art zu den ersten Bytes einer Datei."""
    for bytes_, art in _ANFAENGE:
        if anfang.startswith(bytes_):
            return art
    text = anfang.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not text:
        return "leer"
    return "html" if text.startswith((b"<!doctype html", b"<html")) else "text"
