"""Aufbau von ``daten/gebiete.yaml``; jeder Schlüssel ist hier beschrieben."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from pydantic import Field

from berichtswerk.daten.gebietsschluessel import EBENEN, EBENENNAME, Ebene
from berichtswerk.grund.meldung import Meldung
from berichtswerk.grund.yamldatei import YamlModell


class Kachel(YamlModell):
    """Platz einer kommunalen Einheit in der Kachelkarte, gezählt ab 1 von links oben."""

    spalte: int = Field(ge=1)
    zeile: int = Field(ge=1)


class Gebietseintrag(YamlModell):
    """Ein Gebiet."""

    schluessel: str = Field(min_length=1)
    """Eigener Schlüssel: Gemeinde 8, Einheit 9, Kreis 5, Land 2 Stellen, Bund DG; Planungsgebiet frei."""
    name: str = Field(min_length=1)
    name_kurz: str | None = None
    """Für enge Stellen in Abbildungen; sonst der Name."""
    ebene: Ebene
    teil_von: str | None = None
    """Schlüssel des nächstgrößeren Gebiets; nur der Bund hat keines."""
    art: str | None = None
    """Amt, Stadt, Gemeinde …; trennt gleichnamige Stadt und Amt."""
    reihenfolge: int | None = None
    """Überschreibt die Reihenfolge der Liste."""
    lon: float | None = Field(default=None, ge=-180, le=180)
    lat: float | None = Field(default=None, ge=-90, le=90)
    flaeche_km2: float | None = Field(default=None, gt=0)
    kachel: Kachel | None = None
    weitere_schluessel: dict[str, str | list[str]] = Field(default_factory=dict)
    """Schlüssel anderer Lieferanten, je Schema (``alt: "…"``); AGS, ARS und GVB werden abgeleitet."""
    weitere_namen: list[str] = Field(default_factory=list)
    """Andere Schreibweisen; Zusätze wie „, Stadt“ werden ohnehin verstanden."""


class Gebietsaenderung(YamlModell):
    """Eine Änderung von Grenzen oder Zuordnungen."""

    ab: date
    """Erster Tag mit den neuen Grenzen."""
    gebiete: list[str]
    """Schlüssel der Gebiete, deren Fläche sich geändert hat."""
    grund: str


class Gebietsaenderungen(YamlModell):
    """Alle Änderungen seit einem Tag; nur damit lassen sich Gebietsstände vergleichen."""

    vollstaendig_seit: date
    liste: list[Gebietsaenderung] = Field(default_factory=list)


class Gebietsdatei(YamlModell):
    """Die ganze Datei."""

    gebietsstand: date
    kreis: str
    """Schlüssel des eigenen Kreises."""
    quelle: str | None = None
    gebiete: list[Gebietseintrag] = Field(min_length=1)
    gebietsaenderungen: Gebietsaenderungen | None = None


@dataclass(frozen=True, slots=True)
class Gebiet:
    """Ein Gebiet; ``reihenfolge`` ordnet Tabellen und Abbildungen, ``lon``/``lat`` in Grad, Fläche in km²."""

    schluessel: str
    name: str
    name_kurz: str
    ebene: Ebene
    teil_von: str | None = None
    art: str | None = None
    reihenfolge: int = 0
    lon: float | None = None
    lat: float | None = None
    flaeche_km2: float | None = None
    kachel: Kachel | None = None
    weitere_schluessel: Mapping[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    weitere_namen: tuple[str, ...] = ()


def pruefe_gebiete(inhalt: Gebietsdatei, datei: str) -> list[Meldung]:
    """Alle Widersprüche: doppelte Schlüssel, fehlende oder verkehrte Zuordnung, fremder Kreis."""
    befunde = [
        *_doppelte(inhalt, datei),
        *(m for eintrag in inhalt.gebiete for m in _zuordnung(eintrag, inhalt, datei)),
    ]
    kreise = [e.schluessel for e in inhalt.gebiete if e.ebene == "kreis"]
    if inhalt.kreis not in kreise:
        befunde.append(
            Meldung(
                "gebiete-kreis",
                f"Der eigene Kreis „{inhalt.kreis}“ steht nicht in der Liste der Gebiete.",
                datei,
                feld="kreis",
                ursache=f"Als Kreis eingetragen sind: {', '.join(kreise) or 'keine'}.",
                abhilfe="Tragen Sie den Kreis unter „gebiete“ mit „ebene: kreis“ ein.",
            )
        )
    return befunde


def _doppelte(inhalt: Gebietsdatei, datei: str) -> list[Meldung]:
    gesehen: dict[str, str] = {}
    befunde = []
    for eintrag in inhalt.gebiete:
        if eintrag.schluessel in gesehen:
            befunde.append(
                Meldung(
                    "gebiete-doppelt",
                    f"Der Schlüssel „{eintrag.schluessel}“ kommt zweimal vor.",
                    datei,
                    f"Gebiet „{eintrag.name}“",
                    "schluessel",
                    f"Er gehört schon zu „{gesehen[eintrag.schluessel]}“.",
                    "Geben Sie jedem Gebiet einen eigenen Schlüssel.",
                )
            )
        gesehen.setdefault(eintrag.schluessel, eintrag.name)
    return befunde


def _zuordnung(eintrag: Gebietseintrag, inhalt: Gebietsdatei, datei: str) -> list[Meldung]:
    """``teil_von`` muss es geben und muss größer sein."""
    ort = f"Gebiet „{eintrag.name}“"
    if eintrag.teil_von is None:
        if eintrag.ebene == "bund":
            return []
        text, ursache = "Dem Gebiet fehlt die Zuordnung „teil_von“.", "Nur der Bund steht allein."
        abhilfe = "Tragen Sie den Schlüssel des nächstgrößeren Gebiets ein."
        return [Meldung("gebiete-zuordnung", text, datei, ort, "teil_von", ursache, abhilfe)]
    oben = next((e for e in inhalt.gebiete if e.schluessel == eintrag.teil_von), None)
    if oben is None:
        text = f"„teil_von: {eintrag.teil_von}“ verweist auf ein Gebiet, das es nicht gibt."
        abhilfe = (
            "Berichtigen Sie den Schlüssel oder ergänzen Sie das Gebiet (Schlüssel in Anführungszeichen)."
        )
        return [Meldung("gebiete-zuordnung", text, datei, ort, "teil_von", "", abhilfe)]
    if EBENEN.index(oben.ebene) <= EBENEN.index(eintrag.ebene):
        text = f"„teil_von: {eintrag.teil_von}“ ist nicht größer als das Gebiet selbst."
        ursache = f"{EBENENNAME[eintrag.ebene]} kann nicht Teil von {EBENENNAME[oben.ebene]} sein."
        abhilfe = "Tragen Sie den Schlüssel des nächstgrößeren Gebiets ein."
        return [Meldung("gebiete-zuordnung", text, datei, ort, "teil_von", ursache, abhilfe)]
    return []
