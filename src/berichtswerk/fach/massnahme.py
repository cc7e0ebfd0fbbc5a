"""Maßnahmen: Befund, Ziel, wer was bis wann tut, wie weit es ist, woran man Erfolg erkennt.

Sie stehen in ``daten/massnahmen.yaml`` und gelten für alle Ausgaben ihrer Berichte: jede zeigt, was zu ihrem
Stand schon vorgeschlagen war und wie weit es da war. Kein Stand wird überschrieben, nur fortgeschrieben.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import date
from itertools import pairwise
from typing import Literal

from pydantic import Field

from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, vorschlag
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import YamlModell, lies_falls_da

DATEI = "massnahmen.yaml"
Stufe = Literal["vorschlag", "begonnen", "umgesetzt", "aufgegeben"]
WORTE: dict[Stufe, str] = {
    "vorschlag": "Vorschlag", "begonnen": "begonnen", "umgesetzt": "umgesetzt", "aufgegeben": "aufgegeben",
}  # fmt: skip


class MassnahmeKennzahlUnbekannt(Befundart):
    text = "Die Maßnahme „{id}“ misst ihren Erfolg an der Kennzahl „{name}“, die es nicht gibt."
    ursache = "{vorschlag}"
    abhilfe = "Berichtigen Sie den Namen oder streichen Sie „erfolg“."


class MassnahmeBerichtUnbekannt(Befundart):
    text = "Die Maßnahme „{id}“ nennt den Bericht „{name}“, den es nicht gibt."
    ursache = "{vorschlag}"
    abhilfe = "Nennen Sie unter „berichte“ Ordner aus berichte/."


class MassnahmeDoppelt(Befundart):
    text = "Die Maßnahme „{id}“ steht zweimal da."
    ursache = "Die id hält eine Maßnahme über alle Ausgaben zusammen."
    abhilfe = "Geben Sie einer der beiden eine andere id."


class MassnahmeVerlauf(Befundart):
    kennung = "massnahme-verlauf"
    text = "Der Verlauf der Maßnahme „{id}“ ist nicht nach Tagen geordnet."
    ursache = "Auf {eins} folgt {zwei}."
    abhilfe = "Schreiben Sie den jüngsten Stand zuletzt; frühere bleiben stehen."


class Stand(YamlModell):
    """Wie weit eine Maßnahme von einem Tag an ist."""

    ab: date
    stand: Stufe
    beschluss: str = Field("", description="Gremium und Nummer oder Tag; leer: keiner")


class Erfolg(YamlModell):
    """Woran man ihn erkennt: eine Kennzahl, ihr Ausgangsjahr und wohin sie sich bewegen soll."""

    kennzahl: str
    ausgang: int = Field(ge=1900, le=2200, description="Jahr, mit dem verglichen wird")
    soll: Literal["steigen", "sinken", "halten"]
    zielwert: float | None = None
    bis: int | None = Field(None, ge=1900, le=2200, description="Jahr, in dem der Zielwert gelten soll")


class Massnahme(YamlModell):
    """Eine Maßnahme mit ihrem Anlass; ein leeres Feld heißt im Bericht „offen“."""

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    berichte: tuple[str, ...] = Field(min_length=1, description="Ordner unter berichte/")
    befund: str = Field(min_length=3, description="worauf sie antwortet, in wenigen Wörtern")
    ziel: str = Field(min_length=10, description="was dann anders ist, ein Satz")
    massnahme: str = Field(min_length=10, description="was getan werden soll, ein Satz")
    zustaendig: str = Field("", description="Stelle, keine Person")
    bis: str = Field("", description="bis wann, etwa „Ende 2027“")
    verlauf: tuple[Stand, ...] = Field(min_length=1, description="jeder Stand mit seinem ersten Tag")
    erfolg: Erfolg | None = None

    def am(self, tag: date) -> Stand | None:
        """Der Stand an einem Tag; ``None``, wenn es die Maßnahme da noch nicht gab."""
        return next((s for s in reversed(self.verlauf) if s.ab <= tag), None)


class _Datei(YamlModell):
    massnahmen: tuple[Massnahme, ...]


def lade_massnahmen(projekt: Projekt, bekannt: Collection[str]) -> tuple[Massnahme, ...]:
    """Alle Maßnahmen in der Reihenfolge der Datei; keine, wenn es sie nicht gibt. ``bekannt``: Kennzahlen.

    Raises:
        BerichtswerkFehler: mit allem, was an der Datei nicht stimmt.
    """
    dokument = lies_falls_da(projekt.daten / DATEI, projekt)
    if dokument is None:
        return ()
    massnahmen = dokument.als(_Datei).massnahmen
    berichte = {p.parent.parent.name for p in projekt.berichte.glob("*/*/bericht.yml")}
    anzahl = Counter(m.id for m in massnahmen)
    befunde: list[Meldung] = []
    for i, m in enumerate(massnahmen):
        stelle = ("massnahmen", i)
        if anzahl[m.id] > 1:
            befunde.append(dokument.melde(MassnahmeDoppelt, *stelle, "id", id=m.id))
        if m.erfolg and m.erfolg.kennzahl not in bekannt:
            name = m.erfolg.kennzahl
            angaben = {"id": m.id, "name": name, "vorschlag": vorschlag(name, bekannt)}
            befunde.append(
                dokument.melde(MassnahmeKennzahlUnbekannt, *stelle, "erfolg", "kennzahl", **angaben)
            )
        for n, name in enumerate(m.berichte):
            if name not in berichte:
                angaben = {"id": m.id, "name": name, "vorschlag": vorschlag(name, berichte)}
                befunde.append(dokument.melde(MassnahmeBerichtUnbekannt, *stelle, "berichte", n, **angaben))
        for n, (vorher, nachher) in enumerate(pairwise(m.verlauf), 1):
            if nachher.ab <= vorher.ab:
                angaben = {"id": m.id, "eins": f"{vorher.ab:%d.%m.%Y}", "zwei": f"{nachher.ab:%d.%m.%Y}"}
                befunde.append(dokument.melde(MassnahmeVerlauf, *stelle, "verlauf", n, "ab", **angaben))
    if befunde:
        raise BerichtswerkFehler(befunde)
    return massnahmen


def massnahmen_zu(alle: Sequence[Massnahme], bericht: str, tag: date) -> list[tuple[Massnahme, Stand]]:
    """Was ein Bericht zu diesem Tag zeigt, mit dem Stand von da."""
    gezeigt = ((m, m.am(tag)) for m in alle if bericht in m.berichte)
    return [(m, stand) for m, stand in gezeigt if stand is not None]
