"""Eine Quelle: Frictionless Data Resource und was amtliche Statistik dazu braucht.

Jede Datei ``daten/quellen/<name>.yaml`` hat diese Form. Der Ressourcen-Teil ist gültige
Frictionless-Beschreibung (Data Package Standard); ``statistik`` und ``lesen`` sind eigene Blöcke.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from berichtswerk.daten.lesearten import Leseangaben
from berichtswerk.daten.pruefangaben import Pruefangaben
from berichtswerk.daten.ressource import Dateipfad, Dialekt, Herkunftsangabe, Lizenz, Tabellenschema
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import YamlModell
from berichtswerk.grund.zeichen import ZEICHENSAETZE, Status


class Bruchangabe(YamlModell):
    """Ein Bruch der Zeitreihe; er liegt vor dem genannten Jahr."""

    jahr: int
    grund: str


def _bekannter_zeichensatz(name: str) -> str:
    if name not in ZEICHENSAETZE:
        raise ValueError(
            f"Den Zeichensatz „{name}“ gibt es nicht. || Möglich sind: {', '.join(ZEICHENSAETZE)}; einzelne "
            "Zeichen ergänzen Sie unter „zeichen“."
        )
    return name


class Spaltenverweis(YamlModell):
    """Der Text steht je Zeile in einer Spalte."""

    spalte: str


class Statistik(YamlModell):
    """Was amtliche Statistik zur Ressource sagen muss."""

    herausgeber: str
    tabelle: str | None = None
    stand: date
    """Tag der Lieferung oder des Abrufs"""
    stichtag: str | None = None
    zeitraum: str | None = None
    gebietsstand: str | Spaltenverweis | None = None
    """fester Tag oder ``{spalte: gebietsstand}``"""
    basis: str | Spaltenverweis | None = None
    """z. B. ``Zensus 2022`` oder ``{spalte: basis}``"""
    attribution: str
    ressort: str
    periodizitaet: Literal["jaehrlich", "zweijaehrlich", "monatlich", "vierteljaehrlich", "einmalig"]
    naechste_lieferung: date | None = None
    prinzip: Literal["wohnort", "standort", "keines"] = "keines"
    zeichensatz: Annotated[str, AfterValidator(_bekannter_zeichensatz)] | None = None
    zeichen: dict[str, Status] = Field(default_factory=dict)
    """einzelne Zeichen dieser Quelle"""
    genauigkeit: Literal["exakt", "cell_key", "5er_rundung", "10er_rundung"] = "exakt"
    herkunft: Literal["amtlich", "fachamt", "presse", "beispiel"]
    brueche: list[Bruchangabe] = Field(default_factory=list)
    hinweise: list[str] = Field(default_factory=list)


class Quelle(YamlModell):
    """Eine Quelle, wie sie in ``daten/quellen/<name>.yaml`` steht."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]*$")
    title: str
    description: str | None = None
    path: Dateipfad | None = None
    """Datei ab ``daten/``"""
    extrapaths: list[Dateipfad] = Field(default_factory=list)
    """weitere Dateien derselben Form"""
    format: Literal["csv", "txt", "asc", "xlsx", "xlsm", "xls", "geojson", "json", "sql"]
    mediatype: str | None = None
    encoding: str = "utf-8"
    bytes: int | None = None
    hash: str | None = Field(default=None, pattern=r"^(sha256|sha512|md5|sha1):[0-9a-f]+$")
    compression: Literal["zip"] | None = None
    innerpath: str | None = None
    """Datei im ZIP-Archiv, wenn mehrere darin sind"""
    homepage: str | None = None
    dialect: Dialekt | None = None
    schema_: Tabellenschema | None = Field(default=None, alias="schema")
    licenses: list[Lizenz] = Field(default_factory=list)
    sources: list[Herkunftsangabe] = Field(default_factory=list)
    statistik: Statistik
    lesen: Leseangaben
    pruefen: Pruefangaben = Field(default_factory=Pruefangaben)
    """Abweichungen von den üblichen Prüfungen (optional)"""

    @model_validator(mode="after")
    def _stimmig(self) -> Quelle:
        if self.path is None and not (self.lesen.leser == "sql" and self.lesen.abfrage):
            raise ValueError("Die Angabe „path“ fehlt. || Nennen Sie die gelieferte Datei, ab daten/.")
        return self

    @property
    def herkunft(self) -> str:
        """amtlich | fachamt | presse | beispiel."""
        return self.statistik.herkunft

    @property
    def ist_beispiel(self) -> bool:
        """Ob die Daten erfunden sind und als Beispieldaten gekennzeichnet werden müssen."""
        return self.statistik.herkunft == "beispiel"

    @property
    def zeichen(self) -> Mapping[str, Status]:
        """Alle Zeichen, die in dieser Quelle statt einer Zahl stehen können, mit ihrer Bedeutung."""
        satz = ZEICHENSAETZE[self.statistik.zeichensatz or type(self.lesen).zeichensatz]
        leere = self.schema_.missingValues if self.schema_ and self.schema_.missingValues else []
        return {**satz, **dict.fromkeys(leere, Status.FEHLT), **self.statistik.zeichen}

    def pfad(self, projekt: Projekt) -> Path:
        """Die (erste) Datendatei; ohne Datei (SQL) die Beschreibung selbst."""
        return projekt.daten / self.path if self.path else projekt.quellen / f"{self.name}.yaml"

    def pfade(self, projekt: Projekt) -> tuple[Path, ...]:
        """Alle Datendateien."""
        return (self.pfad(projekt), *(projekt.daten / weiterer for weiterer in self.extrapaths))

    def als_ressource(self) -> dict[str, Any]:
        """Nur der Frictionless-Teil, für ``frictionless.Resource.from_descriptor``."""
        return self.model_dump(
            mode="json",
            by_alias=True,
            exclude_none=True,
            exclude_defaults=True,
            exclude={"statistik", "lesen", "pruefen"},
        )
