"""Ein ganzer Bericht (oder eine Seite) als Folge von Gegenständen: was alle Schreiber bekommen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from berichtswerk.gegenstand.gegenstaende import Gegenstand
from berichtswerk.gegenstand.werte import Streng

BAND: Mapping[str, str] = {
    "entwurf": "Entwurf, keine amtliche Veröffentlichung",
    "beispiel": "Beispielausgabe, keine amtliche Veröffentlichung",
}
"""Text des Bandes über Seite und Titelblatt, solange nichts veröffentlicht ist."""
STATUSWORT: Mapping[str, str] = {
    "entwurf": "Entwurf",
    "beispiel": "Beispielausgabe",
    "veroeffentlicht": "Veröffentlicht",
}
"""Wie der Status einer Ausgabe heißt."""


class Kopf(Streng):
    """Was auf Titelblatt und Impressumsseite steht; ``stand`` bestimmt den Zeitstempel des PDF.

    ``beschluss`` ist ein fertiger Satzteil; ``gezaehlt`` und ``inhalt`` sagen, ob Kapitel Nummern haben und
    ob ein Inhaltsverzeichnis dazugehört (Berichte ja, Seiten der Website nein).
    """

    titel: str
    untertitel: str = ""
    stamm: str = ""
    bericht: str = ""
    ausgabe: str = ""
    variante: str = ""
    gebiet: str = ""
    gebiet_name: str = ""
    status: Literal["entwurf", "beispiel", "veroeffentlicht"] = "veroeffentlicht"
    stand: date | None = None
    herausgeber: str = ""
    redaktion: str = ""
    kontakt: str = ""
    beschluss: str = ""
    beispiel: bool = False
    gezaehlt: bool = True
    inhalt: bool = True

    @property
    def band(self) -> str:
        """Der Text des Bandes; leer bei Veröffentlichtem."""
        return BAND.get(self.status, "")


class Dokument(Streng):
    """Titelei und Gegenstände in der Reihenfolge des Lesens; Texte sind aufgelöst."""

    kopf: Kopf
    inhalt: tuple[Gegenstand, ...]
