"""Gebiete: Ebenen, Schlüssel, Namen und der Aufbau von ``daten/gebiete.yaml``.

Der einzige Ort, der Schlüsselschemata (AGS, ARS, GVB, ARS-Teil) und Namenszusätze („, Stadt“, „Amt …“) kennt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from pydantic import Field

from berichtswerk.grund.meldung import Befundart, Meldung
from berichtswerk.grund.yamldatei import YamlModell

Ebene = Literal["gemeinde", "einheit", "planungsgebiet", "kreis", "land", "bund"]
EBENEN: tuple[Ebene, ...] = ("gemeinde", "einheit", "planungsgebiet", "kreis", "land", "bund")
"""Ebenen von klein nach groß."""

EBENENNAME: dict[Ebene, str] = {
    "gemeinde": "Gemeinde",
    "einheit": "kommunale Einheit",
    "planungsgebiet": "Planungsgebiet",
    "kreis": "Kreis",
    "land": "Land",
    "bund": "Bund",
}

Zusatz = Literal["amt", "ort", "kreis", "land", "planungsgebiet"]
"""Was ein Namenszusatz über die Ebene sagt; ``ort`` heißt Stadt oder Gemeinde, kein Amt."""

_VORN: tuple[tuple[str, Zusatz], ...] = (
    ("verbandsgemeinde ", "amt"), ("samtgemeinde ", "amt"), ("amt ", "amt"),
    ("landkreis ", "kreis"), ("kreis ", "kreis"), ("lk ", "kreis"), ("land ", "land"),
    ("planungsgebiet ", "planungsgebiet"), ("stadt ", "ort"), ("gemeinde ", "ort"),
)  # fmt: skip
_HINTEN: tuple[tuple[str, Zusatz], ...] = (
    (", verbandsgemeinde", "amt"), (", amt", "amt"), (", landkreis", "kreis"), (", kreis", "kreis"),
    (", lk", "kreis"), (", land", "land"), (", stadt", "ort"), (", gemeinde", "ort"), (", hansestadt", "ort"),
)  # fmt: skip


def zerlege_namen(name: str) -> tuple[str, Zusatz | None]:
    """Trennt einen Namen in vergleichbaren Kern und Zusatz.

    ``"Musterau (Aue), Stadt"`` → ``("musterau aue", "ort")``; ``"Amt Musterau"`` → ``("musterau", "amt")``.
    """
    text = " ".join(name.casefold().split())
    for anfang, zusatz in _VORN:
        if text.startswith(anfang):
            return _kern(text.removeprefix(anfang)), zusatz
    for ende, zusatz in _HINTEN:
        if text.endswith(ende):
            return _kern(text.removesuffix(ende)), zusatz
    return _kern(text), None


def _kern(text: str) -> str:
    """Klammern, Schräg- und Bindestriche zählen nicht: „Musterau/Aue“ = „Musterau (Aue)“."""
    return " ".join(re.sub(r"[()/\-–,]", " ", text).split())


def zusatz_passt(zusatz: Zusatz | None, ebene: Ebene, art: str | None) -> bool:
    """Ob ein Gebiet dieser Ebene und Art den Zusatz tragen kann.

    Ohne Zusatz passt alles außer Planungsgebieten: deren Namen sind hausintern und meist Ortsnamen.
    """
    ist_verband = ebene == "einheit" and (art or "").casefold() in {"amt", "verbandsgemeinde", "samtgemeinde"}
    match zusatz:
        case None:
            return ebene != "planungsgebiet"
        case "amt":
            return ist_verband
        case "ort":
            return ebene in {"gemeinde", "einheit"} and not ist_verband
        case _:
            return ebene == zusatz


def abgeleitete_schluessel(schluessel: str, ebene: Ebene, teil_von: str | None) -> dict[str, tuple[str, ...]]:
    """Schreibweisen eines Schlüssels, die sich aus dem eigenen ergeben, je Schema.

    Gemeinde 8-stellig (AGS), Einheit 9-stellig (GVB), Kreis 5- und Land 2-stellig. Der ARS einer Gemeinde ist
    der GVB-Schlüssel ihrer Einheit und die letzten drei Stellen des AGS; Kreise und Länder werden mit Nullen
    aufgefüllt; der ARS-Teil ist die Verbandsnummer (Stellen 6 bis 9).
    """
    match ebene:
        case "gemeinde":
            verband = teil_von if teil_von and re.fullmatch(r"\d{9}", teil_von) else None
            ars = (verband + schluessel[-3:],) if verband and len(schluessel) == 8 else ()
            return {"ags": (schluessel,), "ars": ars}
        case "einheit" if re.fullmatch(r"\d{9}", schluessel):
            return {
                "gvb": (schluessel,),
                "ars": (schluessel, schluessel + "000"),
                "ars_teil": (schluessel[5:],),
            }
        case "kreis" | "land" if schluessel.isdigit():
            kurz, lang = schluessel.ljust(8, "0"), schluessel.ljust(12, "0")
            return {"ags": (schluessel, kurz), "ars": (schluessel, lang)}
        case "bund":
            return {"ags": ("DG", "DE", "00"), "ars": ("DG", "DE", "00")}
        case _:
            return {}


def saubere(text: object) -> str:
    """Text eines Schlüssels oder Namens ohne Ränder; Ziffernfolgen ohne innere Leerzeichen."""
    roh = str(text).strip()
    ohne = re.sub(r"\s+", "", roh)
    return ohne if ohne.isdigit() else roh


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


_UMLAUTE = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}


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

    @property
    def marke(self) -> str:
        """Der kurze Name für Labels und Dateinamen: „Großweiler“ → „grossweiler“."""
        text = self.name_kurz.lower().translate(_UMLAUTE)
        return re.sub(r"[^a-z0-9]+", "-", text).strip("-")


class GebieteKreis(Befundart):
    """Der eigene Kreis ist nicht als Kreis eingetragen."""

    text = "Der eigene Kreis „{kreis}“ steht nicht in der Liste der Gebiete."
    ursache = "Als Kreis eingetragen sind: {eingetragen}."
    abhilfe = "Tragen Sie den Kreis unter „gebiete“ mit „ebene: kreis“ ein."
    feld = "kreis"


class GebieteDoppelt(Befundart):
    """Zwei Gebiete haben denselben Schlüssel."""

    text = "Der Schlüssel „{schluessel}“ kommt zweimal vor."
    ursache = "Er gehört schon zu „{name}“."
    abhilfe = "Geben Sie jedem Gebiet einen eigenen Schlüssel."
    feld = "schluessel"


class GebieteZuordnung(Befundart):
    """Ein Gebiet ist keinem größeren zugeordnet."""

    text = "Dem Gebiet fehlt die Zuordnung „teil_von“."
    ursache = "Nur der Bund steht allein."
    abhilfe = "Tragen Sie den Schlüssel des nächstgrößeren Gebiets ein."
    feld = "teil_von"


class GebieteZuordnungLeer(GebieteZuordnung):
    """Ein Gebiet ist einem zugeordnet, das nicht in der Liste steht."""

    text = "„teil_von: {oben}“ verweist auf ein Gebiet, das es nicht gibt."
    ursache = ""
    abhilfe = "Berichtigen Sie den Schlüssel oder ergänzen Sie das Gebiet (Schlüssel in Anführungszeichen)."


class GebieteZuordnungVerkehrt(GebieteZuordnung):
    """Ein Gebiet ist einem zugeordnet, das nicht größer ist."""

    text = "„teil_von: {oben}“ ist nicht größer als das Gebiet selbst."
    ursache = "{ebene} kann nicht Teil von {ebene_oben} sein."


class GebieteOhneEbene(GebieteZuordnung):
    """Über dem eigenen Kreis fehlt das Land oder der Bund."""

    text = "„{name}“ ist keinem Gebiet der Ebene {ebene} zugeordnet."
    ursache = ""


def pruefe_gebiete(inhalt: Gebietsdatei, datei: str) -> list[Meldung]:
    """Alle Widersprüche: doppelte Schlüssel, fehlende oder verkehrte Zuordnung, fremder Kreis."""
    befunde = [*_doppelte(inhalt, datei), *_zuordnungen(inhalt, datei)]
    kreise = [e.schluessel for e in inhalt.gebiete if e.ebene == "kreis"]
    if inhalt.kreis not in kreise:
        eingetragen = ", ".join(kreise) or "keine"
        befunde.append(GebieteKreis.melde(datei=datei, kreis=inhalt.kreis, eingetragen=eingetragen))
    return befunde


def _doppelte(inhalt: Gebietsdatei, datei: str) -> Iterator[Meldung]:
    gesehen: dict[str, str] = {}
    for eintrag in inhalt.gebiete:
        if eintrag.schluessel in gesehen:
            ort, erster = f"Gebiet „{eintrag.name}“", gesehen[eintrag.schluessel]
            yield GebieteDoppelt.melde(datei=datei, ort=ort, schluessel=eintrag.schluessel, name=erster)
        gesehen.setdefault(eintrag.schluessel, eintrag.name)


def _zuordnungen(inhalt: Gebietsdatei, datei: str) -> Iterator[Meldung]:
    """``teil_von`` muss es geben und muss größer sein."""
    ebenen: dict[str, Ebene] = {}
    for eintrag in inhalt.gebiete:
        ebenen.setdefault(eintrag.schluessel, eintrag.ebene)
    for eintrag in inhalt.gebiete:
        ort, oben = f"Gebiet „{eintrag.name}“", eintrag.teil_von
        if oben is None:
            if eintrag.ebene != "bund":
                yield GebieteZuordnung.melde(datei=datei, ort=ort)
        elif oben not in ebenen:
            yield GebieteZuordnungLeer.melde(datei=datei, ort=ort, oben=oben)
        elif EBENEN.index(ebenen[oben]) <= EBENEN.index(eintrag.ebene):
            hier, dort = EBENENNAME[eintrag.ebene], EBENENNAME[ebenen[oben]]
            yield GebieteZuordnungVerkehrt.melde(datei=datei, ort=ort, oben=oben, ebene=hier, ebene_oben=dort)
