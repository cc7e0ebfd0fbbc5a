"""Eine Quelle: Frictionless Data Resource und was amtliche Statistik dazu braucht.

Jede Datei ``daten/quellen/<name>.yaml`` hat diese Form. Der Ressourcen-Teil ist gültige Frictionless-
Beschreibung (Data Resource, Table Schema, Table Dialect), daher die gemischte Schreibweise mancher Felder;
``statistik``, ``lesen`` (:mod:`berichtswerk.daten.lesen`) und ``pruefen`` sind eigene Blöcke.
"""
# ruff: noqa: N815

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from berichtswerk.daten.gebiete import Ebene
from berichtswerk.daten.lesen import Leseangaben, Zeichenangabe
from berichtswerk.grund.fremdes import webadresse
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import Dateipfad, YamlModell
from berichtswerk.grund.zeichen import ZEICHENSAETZE, Status

Feldtyp = Literal[
    "string", "number", "integer", "boolean", "date", "time", "datetime", "year", "yearmonth",
    "duration", "object", "array", "list", "geopoint", "geojson", "any",
]  # fmt: skip


Adresse = Annotated[str, AfterValidator(webadresse)]


class Einschraenkung(YamlModell):
    """``constraints`` eines Feldes (Table Schema)."""

    required: bool | None = None
    unique: bool | None = None
    minimum: float | str | None = None
    maximum: float | str | None = None
    minLength: int | None = None
    maxLength: int | None = None
    pattern: str | None = None
    enum: list[str | int | float] | None = None


class Feld(YamlModell):
    """Ein Feld des Table Schema."""

    name: str
    type: Feldtyp = "any"
    title: str | None = None
    description: str | None = None
    format: str | None = None
    example: str | None = None
    missingValues: list[str] | None = None
    constraints: Einschraenkung | None = None


class Tabellenschema(YamlModell):
    """Table Schema: Felder, Typen, Schlüssel, fehlende Werte."""

    fields: list[Feld] = Field(default_factory=list)
    primaryKey: str | list[str] | None = None
    missingValues: list[str] | None = None


def _ein_zeichen(text: str) -> str:
    if text != r"\t" and (len(text) != 1 or text in '\r\n"'):
        raise ValueError(
            f"Das Trennzeichen „{text}“ ist nicht möglich. || Es ist genau ein Zeichen: ; , | oder \\t "
            "(Tabulator)."
        )
    return text


class CsvDialekt(YamlModell):
    """``dialect.csv``."""

    delimiter: Annotated[str, AfterValidator(_ein_zeichen)] = ","
    quoteChar: str = Field(default='"', min_length=1, max_length=1)
    doubleQuote: bool = True
    escapeChar: str | None = None
    skipInitialSpace: bool = False


class Dialekt(YamlModell):
    """``dialect`` der Ressource; ``lesen`` hat Vorrang."""

    header: bool | None = None
    headerRows: list[int] | None = None
    commentChar: str | None = None
    csv: CsvDialekt | None = None


class Lizenz(YamlModell):
    """Eine Lizenz der Ressource."""

    name: str
    title: str | None = None
    path: Adresse | None = None


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
    beziehungen: list[Annotated[str, Field(pattern=r"^[^<>=\s]+ (<=|<|=) [^<>=\s]+$")]] = Field(
        default_factory=list
    )
    """Was zwischen Messgrößen gelten muss: ``belegt <= plaetze``, je Gebiet, Zeit und Merkmalen"""
    stichtage: list[str] = Field(default_factory=list)
    """Weitere zulässige Stichtage („15.05.“), wenn einzelne Jahre abweichen."""


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
    ebenen: list[Ebene] = Field(default_factory=list)
    """Wofür geliefert wird; das Formular der ersten Lieferung nennt alle diese Gebiete."""
    prinzip: Literal["wohnort", "standort", "keines"] = "keines"
    zeichensatz: Annotated[str, AfterValidator(_bekannter_zeichensatz)] | None = None
    zeichen: Zeichenangabe = Field(default_factory=dict)
    """einzelne Zeichen dieser Quelle; ``{"-": null}`` sagt ausdrücklich, dass „-“ hier null heißt"""
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
    format: Literal[
        "csv", "txt", "tsv", "asc", "xlsx", "xlsm", "xlsb", "xls", "ods", "html", "geojson", "json",
        "sql",
    ]  # fmt: skip
    mediatype: str | None = None
    encoding: str = "utf-8"
    bytes: int | None = None
    hash: str | None = Field(default=None, pattern=r"^(sha256|sha512|md5|sha1):[0-9a-f]+$")
    compression: Literal["zip"] | None = None
    innerpath: str | list[str] | None = None
    """Datei im ZIP-Archiv, wenn mehrere darin sind; ``/Muster/`` oder Liste: alle gemeinten"""
    homepage: Adresse | None = None
    dialect: Dialekt | None = None
    schema_: Tabellenschema | None = Field(default=None, alias="schema")
    licenses: list[Lizenz] = Field(default_factory=list)
    ausstehend: bool = False
    """Noch nichts geliefert: bis eine Lieferung angenommen ist oder die Datei da liegt, fehlt die Quelle."""
    statistik: Statistik
    lesen: Leseangaben
    pruefen: Pruefangaben = Field(default_factory=Pruefangaben)
    """Abweichungen von den üblichen Prüfungen (optional)"""

    @model_validator(mode="before")
    @classmethod
    def _ganz(cls, angaben: Any) -> Any:
        """Fehlt ``statistik`` ganz, nennt die Meldung gleich alles, was hineingehört."""
        return {"statistik": {}, **angaben} if isinstance(angaben, dict) else angaben

    @model_validator(mode="after")
    def _stimmig(self) -> Quelle:
        if self.path is None and not (self.lesen.leser == "sql" and self.lesen.abfrage):
            raise ValueError("Die Angabe „path“ fehlt. || Nennen Sie die gelieferte Datei, ab daten/.")
        return self

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

    @property
    def entschieden(self) -> frozenset[str]:
        """Zeichen, deren Bedeutung die Beschreibung selbst nennt und nicht nur der Zeichensatz."""
        spalten = (w for a in self.lesen.alle_angaben() for w in chain(a.wert or [], *a.groessen.values()))
        return frozenset(chain(self.statistik.zeichen, *(w.zeichen for w in spalten)))

    def pfad(self, projekt: Projekt) -> Path:
        """Die (erste) Datendatei; ohne Datei (SQL) die Beschreibung selbst."""
        return projekt.daten / self.path if self.path else projekt.quellen / f"{self.name}.yaml"

    def pfade(self, projekt: Projekt) -> tuple[Path, ...]:
        """Alle Datendateien."""
        return (self.pfad(projekt), *(projekt.daten / weiterer for weiterer in self.extrapaths))

    def pfade_aller(self, projekt: Projekt) -> tuple[Path, ...]:
        """Alle Dateien, aus denen die Werte kommen, auch früherer Lieferungen."""
        return self.pfade(projekt)

    def berichtigungen(self, bis: int | None = None) -> list[str]:
        """Je Wert, der anders gilt als geliefert, der Satz dazu; nur bis zu diesem Jahr."""
        return []

    def als_ressource(self) -> dict[str, Any]:
        """Nur der Frictionless-Teil, für ``frictionless.Resource.from_descriptor``."""
        mehrere = {"innerpath"} if isinstance(self.innerpath, list) else set()
        andere = type(self).model_fields.keys() - Quelle.model_fields.keys()
        eigene = {"statistik", "lesen", "pruefen", "ausstehend"} | mehrere | andere
        return self.model_dump(
            mode="json", by_alias=True, exclude_none=True, exclude_defaults=True, exclude=eigene
        )
