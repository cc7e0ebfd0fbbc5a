"""Navigation, Fußzeile und Seitenkontexte: was alle Seiten der Site gemeinsam haben."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.daten.kreis import Kreis
from berichtswerk.gegenstand.gegenstaende import Kopf
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import schreibe
from berichtswerk.schreiber.html.seite import Seitenkontext, Verweis

SUCHE = "seiten/suche.html"
DATEN = "seiten/daten.html"
NAVIGATION = (("Berichte", "index.html"), ("Daten", DATEN), ("Suche", SUCHE))
FUSSZEILE = (
    ("Impressum", "seiten/impressum.html"),
    ("Datenschutz", "seiten/datenschutz.html"),
    ("Erklärung zur Barrierefreiheit", "seiten/barrierefreiheit.html"),
)


@dataclass(frozen=True, slots=True)
class Umgebung:
    """Baut Seitenkontexte für ein Projekt."""

    projekt: Projekt
    kreis: Kreis

    def seite(self, ziel: str, titel: str, *, suche: bool = False, start: bool = False) -> Seitenkontext:
        """Kontext einer allgemeinen Seite; ``ziel`` ist ihr Ort ab der Wurzel (``seiten/daten.html``)."""
        return Seitenkontext(
            projekt=self.projekt,
            wurzel_relativ="../" * ziel.count("/"),
            navigation=_verweise(NAVIGATION, ziel),
            brotkrumen=() if start else self._weg(titel),
            fusszeile=_verweise(FUSSZEILE, ziel),
            seitenart="start" if start else "seite",
            suche=suche,
            skripte=("layout/suche.js",) if suche else (),
            stile=("layout/suche.css",) if suche else (),
            titel_zusatz="" if start else self._name(),
        )

    def kopf(self, titel: str, untertitel: str = "") -> Kopf:
        """Der Kopf einer Seite, die kein Bericht ist."""
        status: Literal["beispiel", "veroeffentlicht"] = (
            "beispiel" if self.kreis.portal.hinweis else "veroeffentlicht"
        )
        return Kopf(titel=titel, untertitel=untertitel, status=status, gezaehlt=False, inhalt=False)

    def bericht(self, auftrag: Auftrag, downloads: tuple[Verweis, ...]) -> Seitenkontext:
        """Kontext der Seite eines Berichts."""
        return Seitenkontext(
            projekt=self.projekt,
            wurzel_relativ="../" * auftrag.ziel.count("/"),
            navigation=_verweise(NAVIGATION, ""),
            brotkrumen=self._weg(auftrag.titel),
            downloads=downloads,
            fusszeile=_verweise(FUSSZEILE, ""),
            seitenart="bericht",
            titel_zusatz=self._name(),
        )

    def _name(self) -> str:
        return f"{self.kreis.portal.titel}, {self.kreis.name}"

    def _weg(self, titel: str) -> tuple[Verweis, ...]:
        return (Verweis("Berichte", "index.html"), Verweis(titel, "", aktuell=True))


def _verweise(liste: tuple[tuple[str, str], ...], ziel: str) -> tuple[Verweis, ...]:
    return tuple(Verweis(text, href, aktuell=href == ziel) for text, href in liste)


def groesse(datei: Path) -> str:
    """Größe einer Datei für Menschen."""
    return lesbar(datei.stat().st_size)


def lesbar(anzahl: int) -> str:
    """Bytes für Menschen: „84 KB“, „1,2 MB“."""
    if anzahl < 1_000_000:
        return f"{schreibe(max(1, anzahl / 1000))}\u00a0KB"
    return f"{schreibe(anzahl / 1e6, 1)}\u00a0MB"
