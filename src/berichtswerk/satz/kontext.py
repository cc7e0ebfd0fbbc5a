"""Was eine Seite außer ihrem Inhalt braucht, und was beim Setzen herauskommt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Literal

from berichtswerk.grund.projekt import Projekt

Veroeffentlichung = Literal["entwurf", "beispiel", "veroeffentlicht"]
Seitenart = Literal["bericht", "seite", "start"]


@dataclass(frozen=True, slots=True)
class Verweis:
    """Ein Link der Seite. ``href`` gilt ab der Wurzel der Site (``index.html``) oder ist vollständig.

    ``zusatz`` steht klein dahinter („PDF, 1,2 MB“); ``aktuell`` setzt ``aria-current``; ``herunterladen``
    setzt das Attribut ``download``.
    """

    text: str
    href: str
    zusatz: str = ""
    aktuell: bool = False
    herunterladen: bool = False


@dataclass(frozen=True, slots=True)
class Seitenkontext:
    """Rahmen einer Seite: Navigation, Downloads, Fußzeile, Status.

    ``wurzel_relativ`` führt von der Seite zur Wurzel der Site (``""``, ``"../../../"``); davor gesetzt
    werden alle ``href`` ohne Schema und ohne führendes ``#``. ``suche=True`` erlaubt WebAssembly in der
    Content-Security-Policy und lädt die ``skripte`` (Pfade ab der Wurzel).
    """

    projekt: Projekt
    wurzel_relativ: str = ""
    navigation: tuple[Verweis, ...] = ()
    brotkrumen: tuple[Verweis, ...] = ()
    downloads: tuple[Verweis, ...] = ()
    fusszeile: tuple[Verweis, ...] = ()
    herausgeber: str = ""
    status: Veroeffentlichung = "veroeffentlicht"
    beispieldaten: bool = False
    stand: date | None = None
    seitenart: Seitenart = "seite"
    suche: bool = False
    skripte: tuple[str, ...] = ()
    stile: tuple[str, ...] = ()
    titel_zusatz: str = ""
    """Steht im Fenstertitel hinter dem Seitentitel, z. B. der Name der Site."""


@dataclass(frozen=True, slots=True)
class Gliederungspunkt:
    """Eine Überschrift: Ebene ab 1, Nummer (leer, wenn ungezählt), Text, Sprungmarke, Unterpunkte."""

    ebene: int
    nummer: str
    titel: str
    marke: str
    kinder: tuple[Gliederungspunkt, ...] = ()


@dataclass(frozen=True, slots=True)
class Seite:
    """Eine gesetzte Seite: vollständiges HTML, Titel, Gliederung und die Angaben des Kopfes."""

    html: str
    titel: str
    gliederung: tuple[Gliederungspunkt, ...] = ()
    kopf: Mapping[str, Any] = field(default_factory=dict)
