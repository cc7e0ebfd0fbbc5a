"""Der Frictionless-Teil einer Quelle (Data Resource, Table Schema, Table Dialect).

Die Namen der Felder sind die des Standards, daher die gemischte Schreibweise.
"""
# ruff: noqa: N815

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from berichtswerk.grund.yamldatei import YamlModell

Feldtyp = Literal[
    "string", "number", "integer", "boolean", "date", "time", "datetime", "year", "yearmonth",
    "duration", "object", "array", "list", "geopoint", "geojson", "any",
]  # fmt: skip


def _sicherer_pfad(text: str) -> str:
    pfad = PurePosixPath(text)
    if pfad.is_absolute() or ".." in pfad.parts or "\\" in text or ":" in text or not text.strip():
        raise ValueError(
            f"Der Pfad „{text}“ führt aus dem Ordner daten/ hinaus. || Geben Sie einen Pfad ab daten/ an, "
            "mit Schrägstrichen, ohne „..“, Laufwerk oder Adresse, z. B. dateien/bevoelkerung.csv."
        )
    return text


Dateipfad = Annotated[str, AfterValidator(_sicherer_pfad)]


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
    decimalChar: str | None = None
    groupChar: str | None = None
    bareNumber: bool | None = None
    constraints: Einschraenkung | None = None


class Fremdschluessel(YamlModell):
    """``foreignKeys`` (Table Schema)."""

    fields: str | list[str]
    reference: dict[str, Any]


class Tabellenschema(YamlModell):
    """Table Schema: Felder, Typen, Schlüssel, fehlende Werte."""

    fields: list[Feld] = Field(default_factory=list)
    primaryKey: str | list[str] | None = None
    foreignKeys: list[Fremdschluessel] | None = None
    missingValues: list[str] | None = None


class CsvDialekt(YamlModell):
    """``dialect.csv``."""

    delimiter: str = Field(default=",", min_length=1, max_length=2)
    quoteChar: str = Field(default='"', min_length=1, max_length=1)
    doubleQuote: bool = True
    escapeChar: str | None = None
    lineTerminator: str | None = None
    skipInitialSpace: bool = False


class ExcelDialekt(YamlModell):
    """``dialect.excel``."""

    sheet: str | int | None = None
    fillMergedCells: bool | None = None


class Dialekt(YamlModell):
    """``dialect`` der Ressource; ``lesen`` hat Vorrang."""

    header: bool | None = None
    headerRows: list[int] | None = None
    headerJoin: str | None = None
    commentChar: str | None = None
    commentRows: list[int] | None = None
    skipBlankRows: bool | None = None
    csv: CsvDialekt | None = None
    excel: ExcelDialekt | None = None


class Lizenz(YamlModell):
    """Eine Lizenz der Ressource."""

    name: str
    title: str | None = None
    path: str | None = None


class Herkunftsangabe(YamlModell):
    """``sources`` der Ressource."""

    title: str | None = None
    path: str | None = None
    email: str | None = None
