"""Gemeinsames aller Leser: Zellen, Blätter, der Leseauftrag und das Sammeln von Befunden."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from berichtswerk.daten.quelle import Quelle
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung

HOECHSTENS = 50
"""So viele Befunde je Art werden einzeln gezeigt; der Rest wird gezählt."""


class WeitereBefunde(Befundart):
    kennung = "befunde-weitere"
    text = "Weitere {anzahl} Befunde dieser Art werden nicht einzeln gezeigt."
    abhilfe = "Beheben Sie zuerst die gezeigten; oft haben alle dieselbe Ursache."


class DateiLeer(Befundart):
    text = "Die Datei ist leer."
    abhilfe = "Legen Sie die Lieferung noch einmal ab."


class DateiZuGross(Befundart):
    text = "Die Datei hat {groesse} MB; gelesen werden höchstens {grenze} MB."
    ursache = "So große Lieferungen enthalten meist ganz Deutschland oder sind die falsche Datei."
    abhilfe = (
        "Fordern Sie einen Auszug an, oder erhöhen Sie „grenze_mb“ und wählen Sie mit „gebiet: {{nur: …}}“ "
        "oder „wo“ aus."
    )
    feld = "lesen.grenze_mb"


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


Zeile = tuple[int, list[Any]]
"""Eine Zeile der Lieferung: physische Nummer ab 1 und ihre Felder."""


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


class Abgewiesen(ValueError):
    """Ein Text, ein Wert oder eine Spalte ist nicht zu gebrauchen; sagt warum, aber noch nicht, wo.

    Ohne ``art`` soll nach der Beschreibung nicht gelesen werden; das ist kein Befund.
    """

    def __init__(self, art: type[Befundart] | None, **angaben: Any) -> None:
        super().__init__()
        self.art, self.angaben = art, angaben


class Sammler:
    """Sammelt Befunde zu einer Datei: alle auf einmal, je Art höchstens ``HOECHSTENS`` einzeln."""

    def __init__(self, datei: str) -> None:
        self.datei = datei
        self._liste: list[Meldung] = []
        self._anzahl: dict[str, int] = {}

    def dazu(self, art: type[Befundart], ort: str = "", feld: str | None = None, **angaben: Any) -> None:
        """Nimmt einen Befund auf; ``datei`` in ``angaben`` nur, wenn es nicht die des Auftrags ist."""
        anzahl = self._anzahl[art.kennung] = self._anzahl.get(art.kennung, 0) + 1
        if anzahl <= HOECHSTENS:
            self._liste.append(art.melde(ort=ort, feld=feld, **{"datei": self.datei, **angaben}))

    def halt(
        self, art: type[Befundart], ort: str = "", feld: str | None = None, **angaben: Any
    ) -> BerichtswerkFehler:
        """Der Fehler zum Werfen, nach dem es mit dieser Datei nicht weitergeht."""
        return BerichtswerkFehler(art.melde(datei=self.datei, ort=ort, feld=feld, **angaben))

    def alle(self) -> list[Meldung]:
        """Alle Befunde; je Art ein Zähler für die nicht gezeigten."""
        return self._liste + [
            replace(WeitereBefunde.melde(datei=self.datei, anzahl=anzahl - HOECHSTENS), kennung=kennung)
            for kennung, anzahl in self._anzahl.items()
            if anzahl > HOECHSTENS
        ]

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


@lru_cache(maxsize=8192)
def glatt(text: str) -> str:
    """Ein Text ohne Zeilenumbrüche, doppelte Leerzeichen und weiche Trennstellen."""
    return " ".join(text.replace("\u00ad", "").replace("\ufeff", "").split())


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
