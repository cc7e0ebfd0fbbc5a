"""Eine Kennzahl, wie sie in ``daten/kennzahlen/<id>.yaml`` steht: Definition und Rechenwege.

Jeder Schlüssel der YAML-Datei ist hier beschrieben; unbekannte Schlüssel sind ein Fehler.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any, Literal, Self

from pydantic import Field, field_validator, model_validator

from berichtswerk.daten.gebiete import Ebene
from berichtswerk.fach.schwelle import Schwelle
from berichtswerk.grund.yamldatei import YamlModell

Art = Literal["anzahl", "anteil", "quotient", "rate", "saldo", "mittel"]
Skalar = str | int | float | None
Bedingung = Skalar | list[Skalar]
"""Wert (gleich), Liste (einer davon, addiert), Text mit Vergleich (``">=65"``), ``null`` (leeres Feld)."""

_VERGLEICH = re.compile(r"\s*(>=|<=|>|<|=)\s*(-?\d+(?:\.\d+)?)\s*")


def vergleich(bedingung: Bedingung) -> tuple[str, float] | None:
    """Zerlegt ``">=65"`` in ``(">=", 65.0)``; ``None``, wenn die Bedingung kein Vergleich ist."""
    treffer = _VERGLEICH.fullmatch(bedingung) if isinstance(bedingung, str) else None
    return (treffer[1], float(treffer[2])) if treffer else None


class Bruchangabe(YamlModell):
    """Ein erklärter Zeitreihenbruch."""

    jahr: int
    """Der Bruch liegt vor diesem Jahr."""
    grund: str


class Auswahl(YamlModell):
    """Welche Zeilen einer Quelle gemeint sind."""

    quelle: str
    """Name der Quelle (``daten/quellen/<name>.yaml``)."""
    groesse: str
    """Name der Größe in der Quelle."""
    wo: dict[str, Bedingung] = Field(default_factory=dict)
    """Bedingungen an Merkmale; Alter halboffen: ``alter_von: ">=20", alter_bis: "<=65"`` ist [20, 65)."""
    faktor: float = 1
    """Umrechnung der Einheit (z. B. 0.1 von „je 1 000“ auf „je 100“)."""


class Term(Auswahl):
    """Ein Summand in Zähler oder Nenner."""

    vorzeichen: Literal[1, -1] = 1
    """-1 zieht ab (Zuzüge minus Fortzüge)."""


class Mittel(Auswahl):
    """Durchschnittsalter aus Altersjahren: Σ(a + 0,5)·P / ΣP."""

    offene_gruppe: float | None = None
    """Mittleres Alter in der offenen Endgruppe (Annahme; ohne sie kein Wert)."""
    einzeljahre_bis: int | None = None
    """Ab diesem Alter dürfen Gruppen bis fünf Jahre breit sein (Gruppenmitte); sonst nur Altersjahre."""


class Weg(YamlModell):
    """Ein Rechenweg: ``zaehler`` (mit ``nenner``), ``wert`` (veröffentlicht) oder ``mittel``."""

    zaehler: list[Term] = Field(default_factory=list)
    nenner: list[Term] = Field(default_factory=list)
    nenner_zeit: Literal["gleich", "vorjahr", "mittel"] | int = "gleich"
    """gleich: dasselbe Jahr · vorjahr: 31.12. des Vorjahrs · mittel: Mittel aus Vorjahr und Jahr ·
    Jahreszahl: immer dieses Jahr (Indexreihen)."""
    faktor: float | None = None
    """Statt des Faktors der Kennzahl; ein ``wert`` wird ohne Angabe unverändert übernommen."""
    wert: Auswahl | None = None
    mittel: Mittel | None = None
    ebenen: list[Ebene] | None = None
    """Der Weg gilt nur auf diesen Ebenen."""
    summieren: bool = False
    """Einheit, Planungsgebiet und Kreis dürfen aus ihren Teilen summiert werden (nur wenn alle da sind)."""
    von: int | None = None
    """Der Weg gilt erst ab diesem Jahr."""
    bis: int | None = None
    """Der Weg gilt nur bis zu diesem Jahr."""

    @model_validator(mode="after")
    def _genau_ein_weg(self) -> Self:
        arten = sum((bool(self.zaehler), self.wert is not None, self.mittel is not None))
        if arten != 1:
            raise ValueError(
                "Ein Rechenweg nennt genau eines von „zaehler“, „wert“ und „mittel“."
                " || Teilen Sie ihn in mehrere Wege auf; der erste mit einem Wert gilt."
            )
        if self.nenner and not self.zaehler:
            raise ValueError("Ein Nenner braucht einen Zähler. || Ergänzen Sie „zaehler“.")
        if self.nenner_zeit != "gleich" and not self.nenner:
            raise ValueError("„nenner_zeit“ braucht einen Nenner. || Ergänzen Sie „nenner“.")
        if self.summieren and not self.zaehler:
            raise ValueError(
                "Veröffentlichte Werte und Mittel lassen sich nicht über Gebiete summieren."
                " || Streichen Sie „summieren“ oder geben Sie Zähler und Nenner an."
            )
        return self

    def rechenfaktor(self, kennzahl: Kennzahl) -> float:
        """Womit Zähler/Nenner malgenommen wird."""
        if self.faktor is not None:
            return self.faktor
        return kennzahl.faktor if self.zaehler else 1

    def auswahlen(self) -> tuple[Auswahl, ...]:
        """Alle Auswahlen des Weges in Lesereihenfolge."""
        einzeln = [a for a in (self.wert, self.mittel) if a is not None]
        return (*self.zaehler, *self.nenner, *einzeln)


class Grenzen(YamlModell):
    """Altersgrenzen oder Stichtage in Worten, getrennt nach Zähler und Nenner."""

    zaehler: str | None = None
    nenner: str | None = None


class Spanne(YamlModell):
    """Wovon und bis wohin eine Werteachse reicht, in der gezeigten Einheit."""

    von: float
    bis: float

    @model_validator(mode="after")
    def _aufsteigend(self) -> Self:
        if self.von >= self.bis:
            raise ValueError(
                "Die Achse endet, wo sie beginnt, oder davor. || Nennen Sie „von“ kleiner als „bis“."
            )
        return self


def mit_hier(angaben: Any) -> Any:
    """Legt über die Angaben einer YAML-Datei, was unter ``hier`` steht.

    ``hier`` nennt, was nur für diesen Landkreis, sein Land und seine Lieferungen gilt (Presseberichte als
    Rechenweg, Achsen, Vorbehalte); ein anderer Landkreis bekommt die Datei ohne diesen Teil. Einträge einer
    Liste kommen dazu, alles andere ersetzt die Angabe gleichen Namens.
    """
    if not isinstance(angaben, dict) or not isinstance(angaben.get("hier"), dict):
        return angaben
    return _darueber({name: wert for name, wert in angaben.items() if name != "hier"}, angaben["hier"])


def _darueber(unten: Any, oben: Any) -> Any:
    if isinstance(unten, dict) and isinstance(oben, dict):
        neu = {name: _darueber(unten[name], wert) if name in unten else wert for name, wert in oben.items()}
        return {**unten, **neu}
    return [*unten, *oben] if isinstance(unten, list) and isinstance(oben, list) else oben


class Kennzahl(YamlModell):
    """Eine Kennzahl mit Definition, Rechenwegen und Hinweisen für Leserinnen und Leser.

    Was nur hier gilt, steht unter ``hier`` (:func:`mit_hier`).
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: str
    einheit: str
    """Volle Einheit, wie sie unter Abbildungen steht („je 100 Personen von 20 bis unter 65 Jahren“)."""
    einheit_kurz: str | None = None
    """Hinter der Zahl („%“, „je 100“); leer, wenn nichts folgt."""
    art: Art
    """anteil: Differenzen sind Prozentpunkte · saldo: kann negativ sein, keine Veränderungsrate."""
    nachkommastellen: int = Field(default=0, ge=0, le=6)
    faktor: float = 1
    """Multipliziert Zähler/Nenner (100 für Prozent, 1000 für Promille)."""
    wege: list[Weg] = Field(min_length=1)
    """In dieser Reihenfolge; der erste Weg mit einem Wert gilt, je Gebiet und Zeit."""
    altersgrenzen: Grenzen | None = None
    stichtag: Grenzen | None = None
    prinzip: Literal["wohnort", "standort", "keines"] = "keines"
    kleinste_ebene: Ebene = "gemeinde"
    """Darunter wird die Kennzahl nicht gebildet."""
    leserichtung: Literal["hoch_gut", "hoch_schlecht", "neutral"] = "neutral"
    schwelle_kaum: float = Field(default=0, ge=0)
    """Veränderungen unter diesem Betrag (in der gezeigten Einheit) heißen „kaum verändert“."""
    zufall: bool | None = None
    """Gezählt werden Ereignisse (Geburten, Abgänge), deren Zahl zufällig schwankt: was im Zufall liegen kann,
    heißt nicht gestiegen oder gesunken. Für vorausgerechnete Anzahlen gilt das immer, außer mit ``false``:
    Klassen, Stellen oder beschlossene Plätze sind nicht gezählt."""
    mindestnenner: float | None = Field(default=None, gt=0)
    """Unter diesem Nenner wird kein Wert gezeigt (Status gesperrt)."""
    definition: str
    """Ein Satz, der unter Abbildungen und Tabellen steht."""
    fallen: list[str] = Field(default_factory=list)
    """Was beim Lesen leicht missverstanden wird."""
    diagramm: str | None = None
    """Übliche Darstellung (linie, saeulen, balken, karte …)."""
    achse: Spanne | None = None
    """Werteachse einer Quote, in allen Berichten dieselbe; liegen Werte außerhalb, wird sie länger."""
    achse_je_ebene: dict[Ebene, Spanne] = Field(default_factory=dict)
    """Werteachse einer Anzahl oder eines Saldos: je Ebene eine, denn ein Land zählt mehr als ein Kreis."""
    klassen: list[float] = Field(default_factory=list, max_length=4)
    """Innere Klassengrenzen einer Quote auf Karten, aufsteigend; in allen Berichten dieselben."""
    brueche: list[Bruchangabe] = Field(default_factory=list)
    """Brüche zusätzlich zu denen der Quellen und zu Wechseln von Basis und Gebietsstand."""
    quelle_fachlich: str | None = None
    """Woher die Definition stammt."""
    artikel: Literal["der", "die", "das", ""] = ""
    """Für Sätze („Die Arbeitslosenquote ist gestiegen“)."""
    mehrzahl: bool = False
    """Der Name steht in der Mehrzahl („Geburten“); ein ``name_satz`` steht immer in der Einzahl."""
    name_satz: str | None = None
    """Wie der Name im Satz heißt („Zahl der Geburten“); sonst der Name."""
    zweck: str = ""
    """Wozu die Kennzahl dient, ein bis zwei Sätze für den Steckbrief."""
    aussagefaehigkeit: str = ""
    """Was sie zeigt und was nicht."""
    verfuegbarkeit: str = ""
    """Welche Jahre und Gebiete es gibt; leer: wird aus den Quellen gebildet."""
    thema: str | None = None
    """Kapitel oder Themenfeld, nur zum Ordnen."""
    fruehwarnung: list[Schwelle] = Field(default_factory=list)
    """Schwellen: wann genauer hinzusehen ist (:mod:`berichtswerk.fach.schwelle`)."""

    @model_validator(mode="before")
    @classmethod
    def _mit_hier(cls, angaben: Any) -> Any:
        return mit_hier(angaben)

    @field_validator("definition", "name", "einheit")
    @classmethod
    def _ohne_raender(cls, text: str) -> str:
        return text.strip()

    @model_validator(mode="after")
    def _prozent_ist_anteil(self) -> Self:
        if self.art == "anteil" and self.einheit_kurz not in {"%", "‰"}:
            raise ValueError(
                'Ein Anteil wird in Prozent gezeigt. || Schreiben Sie „einheit_kurz: "%"“ (oder "‰").'
            )
        return self

    @model_validator(mode="after")
    def _achse_passt(self) -> Self:
        absolut = self.absolut
        if absolut and self.achse is not None:
            raise ValueError(
                "Eine Anzahl hat je Ebene ihre Achse. || Schreiben Sie sie unter „achse_je_ebene“."
            )
        if not absolut and self.achse_je_ebene:
            raise ValueError(
                "Eine Quote hat auf allen Ebenen dieselbe Achse, sonst ließen sich Gebiete nicht vergleichen."
                " || Schreiben Sie sie unter „achse“."
            )
        if absolut and self.klassen:
            raise ValueError(
                "Eine Anzahl steht auf Karten als Kreis, nicht in Klassen. || Nehmen Sie „klassen“ heraus."
            )
        if any(a >= b for a, b in pairwise(self.klassen)):
            raise ValueError("Klassengrenzen steigen an. || Ordnen Sie „klassen“ aufsteigend.")
        return self

    @property
    def absolut(self) -> bool:
        """Ob gezählt wird (Anzahl, Saldo): dann sind verschieden große Gebiete nicht vergleichbar."""
        return self.art in {"anzahl", "saldo"}

    def werteachse(self, ebenen: Iterable[Ebene]) -> tuple[float, float] | None:
        """Erklärter Bereich der Werteachse für Gebiete dieser ``ebenen``; ``None`` ohne Angabe."""
        da = [self.achse] if self.achse else [a for e in ebenen if (a := self.achse_je_ebene.get(e))]
        return (min(a.von for a in da), max(a.bis for a in da)) if da else None

    @property
    def satz_in_mehrzahl(self) -> bool:
        """Ob das Verb in der Mehrzahl steht: „Geburten sind“, aber „die Zahl der Geburten ist“."""
        return self.mehrzahl and not self.name_satz

    def quellen(self) -> tuple[str, ...]:
        """Namen aller Quellen, die ein Weg nennt, ohne Wiederholung."""
        return tuple(dict.fromkeys(a.quelle for weg in self.wege for a in weg.auswahlen()))
