"""Was ein Lauf bekommt und was er zurückgibt; beides reist unverändert zu jedem Executor."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


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
class Lauf:
    """Ein auszuführendes Notizbuch; ``notizbuch`` ist JSON mit eingesetzten Parametern."""

    stamm: str
    notizbuch: str
    wurzel: str
    ordner: str
    grenzen: Grenzen = field(default_factory=Grenzen)


FehlerArt = Literal["fehler", "zeit_zelle", "zeit_bericht", "beendet", "zu_viel", "speicher"]


@dataclass(frozen=True, slots=True)
class Zellfehler:
    """Warum ein Lauf nicht zu Ende kam; ``zelle`` ist die Stelle im ausgeführten Notizbuch (ab 0)."""

    art: FehlerArt
    zelle: int
    name: str = ""
    text: str = ""
    zeile: int = 0
    signal: int = 0


@dataclass(frozen=True, slots=True)
class Laufergebnis:
    """Ausgeführtes Notizbuch (JSON) oder der Fehler, dazu die gelesenen Dateien ab der Wurzel."""

    stamm: str
    notizbuch: str = ""
    fehler: Zellfehler | None = None
    gelesen: tuple[str, ...] = ()
    dauer: float = 0.0
    """Sekunden, die das Notizbuch rechnete."""
