"""Was ein Lauf bekommt und zurückgibt, und die eine Tür, durch die er geht: :class:`Executor`."""

from __future__ import annotations

from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Literal, Protocol

from berichtswerk.grund.meldung import Meldung


@dataclass(frozen=True, slots=True)
class Grenzen:
    """Was ein Notizbuch höchstens verbrauchen darf (Sekunden, Zeichen, Megabyte).

    ``speicher_mb`` zählt, was es über den Stand am Anfang hinaus belegt; gemessen wird nur unter Linux.
    """

    zelle: float = 300.0
    bericht: float = 1200.0
    text_je_zelle: int = 20_000
    objekte_je_bericht: int = 40_000_000
    speicher_mb: int = 2048


@dataclass(frozen=True, slots=True)
class Gemeinsames:
    """Was mehrere Läufe einer Ausgabe gleich rechnen: Kennzahlen und Rechnungen sind unter den ``namen``."""

    bericht: str
    ausgabe: str
    namen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lauf:
    """Ein auszuführendes Notizbuch; ``notizbuch`` ist JSON mit eingesetzten Parametern.

    Mit ``gemeinsam`` darf der Executor vorausrechnen, was auch die anderen brauchen.
    """

    stamm: str
    notizbuch: str
    wurzel: str
    ordner: str
    grenzen: Grenzen = field(default_factory=Grenzen)
    gemeinsam: Gemeinsames | None = None


FehlerArt = Literal["fehler", "zeit_zelle", "zeit_bericht", "beendet", "zu_viel", "speicher"]
Ausgabeart = Literal["tabelle", "bild", "markdown", "text", "warnung", "wert", "ungezeigt"]


@dataclass(frozen=True, slots=True)
class Zellfehler:
    """Warum ein Lauf nicht zu Ende kam; ``zelle`` ist die Stelle im ausgeführten Notizbuch (ab 0).

    ``meldungen`` sind die Befunde eines :class:`BerichtswerkFehler`: sie gelten, wie sie sind. ``zweifel``
    sind Fehler der bis dahin gelesenen Quellen; oft sind sie der Grund.
    """

    art: FehlerArt
    zelle: int
    name: str = ""
    text: str = ""
    zeile: int = 0
    signal: int = 0
    meldungen: tuple[Meldung, ...] = ()
    zweifel: tuple[Meldung, ...] = ()


@dataclass(frozen=True, slots=True)
class Rohausgabe:
    """Was eine Zelle am Tor vorbei oder gar nicht zeigte; ``text`` ist der Anfang davon."""

    zelle: int
    art: Ausgabeart
    text: str = ""


@dataclass(frozen=True, slots=True)
class Laufergebnis:
    """Ausgeführtes Notizbuch (JSON) oder der Fehler, dazu die gelesenen Dateien ab der Wurzel."""

    stamm: str
    notizbuch: bytes = b""
    fehler: Zellfehler | None = None
    gelesen: tuple[str, ...] = ()
    roh_gezeigt: tuple[Rohausgabe, ...] = ()
    dauer: float = 0.0
    """Sekunden, die das Notizbuch rechnete."""


class Executor(Protocol):
    """Führt Läufe aus, hier (:class:`~.arbeiter.Arbeiter`) oder im Verbund (:class:`~.verbund.Verbund`)."""

    zugleich: int
    """So viele Läufe sind höchstens eingereicht; sonst warteten fertige Ergebnisse im Speicher."""

    def submit(self, lauf: Lauf, /) -> Future[Laufergebnis]:
        """Reicht einen Lauf ein; was dem Notizbuch geschieht, steht im Ergebnis."""

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Nimmt nichts mehr an; mit ``wait=False`` wird Laufendes abgebrochen."""
