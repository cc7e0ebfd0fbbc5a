"""Gemeinsames aller Leser: Zellen, Blätter, der Leseauftrag und das Sammeln von Befunden."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from berichtswerk.daten.lesebericht import Blattbericht, Lesebericht
from berichtswerk.daten.quelle import Quelle
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Stufe

HOECHSTENS = 50
"""So viele verschiedene Befunde je Art werden gezeigt; der Rest wird gezählt."""
ERSTE = 5
"""So viele weitere Stellen eines Befunds werden genannt."""


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


class DateiKennwort(Befundart):
    text = "Die Datei ist mit einem Kennwort geschützt."
    ursache = "Sie ist {was}; ihr Inhalt ist verschlüsselt."
    abhilfe = "Bitten Sie die liefernde Stelle um die Datei ohne Kennwort."


@dataclass(frozen=True, slots=True)
class Formel:
    """Eine Zelle, in der eine Formel steht; sie wird nie ausgeführt."""

    text: str
    ohne_ergebnis: bool = False
    """ob das gespeicherte Ergebnis gelten sollte, aber keines da ist"""


@dataclass(frozen=True, slots=True)
class Verbunden:
    """Eine Zelle in einem verbundenen Bereich, die nicht dessen erste ist."""

    wert: Any


class Gezeichnet(str):
    """Eine Zelle, deren Zeichen selbst etwas sagen: Hochgestelltes hinter der Zahl, durchgestrichener Inhalt.

    Der Text selbst ist der Inhalt ohne Hochgestelltes; wer nur liest, bekommt die Zahl ohne ihre Fußnote.
    """

    hoch: str
    """Hochgestelltes (Fußnotenziffern)"""
    gestrichen: bool
    """ob etwas davon durchgestrichen ist"""
    wert: Any
    """die Zahl, wenn der Inhalt kein Text ist; ist nur ein Teil durchgestrichen, der übrige Text"""
    ganz: bool
    """ob alles hoch- oder tiefgestellt ist"""

    def __new__(
        cls, text: str, hoch: str = "", gestrichen: bool = False, wert: Any = None, ganz: bool = False
    ) -> Gezeichnet:
        """Der Inhalt und was an ihm zu sehen ist."""
        neu = super().__new__(cls, text)
        neu.hoch, neu.gestrichen, neu.wert, neu.ganz = hoch, gestrichen, wert, ganz
        return neu

    @property
    def gezeigt(self) -> str:
        """Der Inhalt, wie er zu sehen ist: „1234¹“."""
        return str(self) + self.hoch.translate(HOCH)


HOCH = str.maketrans("0123456789()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾")


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
    bericht: Blattbericht = field(default_factory=lambda: Blattbericht(""))
    """was der Leser an dem Blatt sah und was beim Umformen wegblieb"""


class Abgewiesen(ValueError):
    """Ein Text, ein Wert oder eine Spalte ist nicht zu gebrauchen; sagt warum, aber noch nicht, wo.

    Ohne ``art`` soll nach der Beschreibung nicht gelesen werden; das ist kein Befund.
    """

    def __init__(self, art: type[Befundart] | None, grund: str = "", **angaben: Any) -> None:
        super().__init__()
        self.art, self.angaben = art, angaben if art is None or not grund else {**angaben, "grund": grund}
        self.grund = grund
        """warum etwas nach der Beschreibung wegbleibt (ohne ``art``)"""


class Sammler:
    """Sammelt Befunde zu einer Datei: alle auf einmal, gleiche zusammengefasst mit ihren ersten Stellen."""

    def __init__(self, datei: str, hoechstens: int = HOECHSTENS) -> None:
        """``hoechstens``: so viele verschiedene Befunde je Art werden gezeigt."""
        self.datei, self._hoechstens = datei, hoechstens
        self._orte: dict[Meldung, list[str]] = {}
        """Meldung ohne Ort → wo sie gilt; die ersten Stellen einzeln"""
        self._anzahl: dict[Meldung, int] = {}
        self._verschwiegen: dict[str, list[Meldung]] = {}
        self._fehler = False

    def dazu(self, art: type[Befundart], ort: str = "", feld: str | None = None, **angaben: Any) -> None:
        """Nimmt einen Befund auf; ``datei`` in ``angaben`` nur, wenn es nicht die des Auftrags ist."""
        self.nimm(art.melde(ort=ort, feld=feld, **{"datei": self.datei, **angaben}))

    def nimm(self, meldung: Meldung) -> None:
        """Nimmt eine fertige Meldung auf."""
        self._fehler = self._fehler or meldung.stufe is Stufe.FEHLER
        ohne_ort = replace(meldung, ort="")
        if ohne_ort not in self._orte:
            if sum(m.kennung == meldung.kennung for m in self._orte) >= self._hoechstens:
                self._verschwiegen.setdefault(meldung.kennung, []).append(ohne_ort)
                return
            self._orte[ohne_ort] = []
        self._anzahl[ohne_ort] = self._anzahl.get(ohne_ort, 0) + 1
        if len(self._orte[ohne_ort]) <= ERSTE:
            self._orte[ohne_ort].append(meldung.ort)

    def halt(
        self, art: type[Befundart], ort: str = "", feld: str | None = None, **angaben: Any
    ) -> BerichtswerkFehler:
        """Der Fehler zum Werfen, nach dem es mit dieser Datei nicht weitergeht."""
        return BerichtswerkFehler(art.melde(datei=self.datei, ort=ort, feld=feld, **angaben))

    def alle(self) -> list[Meldung]:
        """Alle Befunde; je Art ein Zähler für die nicht gezeigten."""
        return [self._gefaltet(meldung) for meldung in self._orte] + [
            replace(
                WeitereBefunde.melde(datei=liste[0].datei, anzahl=len(liste), stufe=liste[0].stufe),
                kennung=kennung,
            )
            for kennung, liste in self._verschwiegen.items()
        ]

    def _gefaltet(self, meldung: Meldung) -> Meldung:
        erster, *weitere = self._orte[meldung]
        mehr = self._anzahl[meldung] - 1
        if not mehr:
            return replace(meldung, ort=erster)
        stellen = ", ".join(weitere[:ERSTE]) + (" …" if mehr > ERSTE else "")
        ebenso = f"Ebenso an {mehr} weiteren Stellen: {stellen}." if mehr > 1 else f"Ebenso: {stellen}."
        return replace(meldung, ort=erster, text=f"{meldung.text} {ebenso}")

    def pruefe(self) -> None:
        """Wirft, wenn Fehler gesammelt wurden."""
        if self:
            raise BerichtswerkFehler(self.alle())

    def __bool__(self) -> bool:
        """Ob ein Fehler darunter ist; Warnungen und Hinweise halten nichts auf."""
        return self._fehler


@dataclass(frozen=True)
class Leseauftrag:
    """Was ein Leser bekommt: Quelle, Datei und der Sammler für Befunde."""

    quelle: Quelle
    pfad: Path
    datei: str
    """Pfad ab Projektwurzel, für Meldungen und Nachweise"""
    sammler: Sammler = field(compare=False)
    eintrag: str = ""
    """welche Datei eines ZIP-Archivs gelesen wird, wenn es mehrere sind"""
    bericht: Lesebericht = field(default_factory=Lesebericht, compare=False)
    """sammelt, was beim Lesen aller Dateien der Quelle geschah"""

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
        case Formel(text=formel):
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


Dateiart = Literal[
    "xlsx", "xls", "kennwort", "html", "xml2003", "mhtml", "pdf", "utf16", "leer", "text",
]  # fmt: skip
_ANFAENGE: tuple[tuple[bytes, Dateiart], ...] = (
    (b"PK\x03\x04", "xlsx"), (b"\xd0\xcf\x11\xe0", "xls"), (b"%PDF", "pdf"),
    (b"\xff\xfe", "utf16"), (b"\xfe\xff", "utf16"), (b"MIME-Version:", "mhtml"),
    (b"\x09\x00\x04\x00", "xls"), (b"\x09\x02\x06\x00", "xls"), (b"\x09\x04\x06\x00", "xls"),
    (b"\x09\x08", "xls"),
)  # fmt: skip
ARTNAME = {
    "xlsx": "eine Excel-Arbeitsmappe (xlsx) oder ein ZIP-Archiv", "xls": "eine alte Excel-Datei (xls)",
    "html": "eine Internetseite (HTML)", "pdf": "ein PDF", "utf16": "eine Textdatei in UTF-16",
    "xml2003": "eine XML-Kalkulationstabelle 2003", "text": "eine Textdatei", "leer": "leer",
    "mhtml": "eine Internetseite als Archiv (MHTML)",
    "kennwort": "eine Arbeitsmappe mit Kennwort",
}  # fmt: skip
_VERSCHLUESSELT = "EncryptedPackage".encode("utf-16-le")


def dateiart(pfad: Path) -> Dateiart:
    """Erkennt die Art an den ersten Bytes, nicht an der Endung."""
    with pfad.open("rb") as datei:
        return art_von(datei.read(65_536))


def art_von(anfang: bytes) -> Dateiart:
    """Die Art zu den ersten Bytes (64 KiB) einer Datei."""
    for bytes_, art in _ANFAENGE:
        if anfang.startswith(bytes_):
            return "kennwort" if art == "xls" and _VERSCHLUESSELT in anfang else art
    text = anfang.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if not text:
        return "leer"
    if text.startswith(b"<?xml") and b"office:spreadsheet" in text:
        return "xml2003"
    if text.startswith((b"<!doctype html", b"<html")) or (text.startswith(b"<") and b"<table" in text):
        return "html"
    if b"\0" in anfang[:64] and len(set(anfang[:64:2]) | {0}) != len(set(anfang[1:64:2]) | {0}):
        return "utf16"
    return "text"
