"""Der Block ``pruefen:`` einer Quelle: was ``berichtswerk pruefen daten`` von ihr erwartet."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from berichtswerk.daten.gebietsschluessel import Ebene
from berichtswerk.grund.yamldatei import YamlModell


class Sprungangaben(YamlModell):
    """Wann eine Veränderung gegenüber dem vorigen Zeitpunkt auffällt; alle Bedingungen müssen zutreffen."""

    prozent: float = Field(default=30, gt=0)
    """Mindeständerung in Prozent je Jahr."""
    streuung: float = Field(default=8, gt=0)
    """Vielfaches der üblichen Streuung (mittlere absolute Abweichung vom Median) dieser Größe."""
    ab: float = Field(default=50, ge=0)
    """Nur wo der größere der beiden Werte mindestens so groß ist (bei Quoten 0 setzen)."""


class Pruefangaben(YamlModell):
    """Abweichungen von den üblichen Prüfungen; ohne Angabe gilt alles."""

    summen: bool | list[str] | None = None
    """Welche Größen sich zum Kreis addieren: Liste, ``false`` (keine, etwa Wanderungen), ``true`` (alle).
    Ohne Angabe: alle, die im Schema ``integer`` sind."""
    spruenge: Sprungangaben | Literal[False] = Sprungangaben()
    """``false`` schaltet die Prüfung ab."""
    vollstaendig: list[Ebene] | None = None
    """Hier muss stets jedes Gebiet da sein (``[]``: nirgends); ohne Angabe, wo fast alle geliefert sind."""
    stichtage: list[str] = Field(default_factory=list)
    """Weitere zulässige Stichtage („15.05.“), wenn einzelne Jahre abweichen."""
