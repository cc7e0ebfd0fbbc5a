"""Der Block ``lesen:`` je Leser: gemeinsame Angaben und die Vorgaben der bekannten Familien."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, model_validator

from berichtswerk.daten.lesen import (
    Bedingung,
    BezugKurz,
    GebietKurz,
    Kopf,
    KopfKurz,
    Muster,
    Qualitaet,
    Wertspalten,
    ZeitKurz,
)
from berichtswerk.grund.yamldatei import YamlModell
from berichtswerk.grund.zahl import Zahlform

BELEGT = (
    "gebiet", "zeit", "jahr", "groesse", "wert", "status", "basis", "gebietsstand", "datei", "zeile",
    "spalte", "roh",
)  # fmt: skip
"""Spalten der gelesenen Tabelle; so darf kein Merkmal heißen."""


class Angaben(YamlModell):
    """Was eine Tabelle beschreibt; auch ein einzelner Block eines Blattes kann es überschreiben."""

    gebiet: GebietKurz | None = None
    zeit: ZeitKurz | None = None
    merkmale: dict[str, BezugKurz] = Field(default_factory=dict)
    groessen: dict[str, Wertspalten] = Field(default_factory=dict)
    """Messgröße: Spalte(n) mit ihren Werten"""
    groesse: BezugKurz | None = None
    """woher der Name der Messgröße kommt (lange Tabellen, Kopfzeile); gehört zu ``wert``"""
    wert: Wertspalten | None = None
    """Spalte(n) mit Werten, wenn ``groesse`` den Namen gibt"""
    kopf: KopfKurz | None = None
    daten_ab: int | None = Field(default=None, ge=1)
    """erste Zeile mit Daten (Nummer in der Datei); Zeilen zwischen Kopf und ihr werden überlesen"""
    daten_bis: int | None = Field(default=None, ge=1)
    """letzte Zeile mit Daten"""
    ende: Muster | None = None
    """ab der Zeile, deren erstes gefülltes Feld so beginnt, folgt der Fußblock"""
    auslassen: list[Muster] = Field(default_factory=list)
    """Zeilen, deren Text (Felder mit „ | “ verbunden) passt, werden überlesen"""
    wo: dict[str, Bedingung] = Field(default_factory=dict)
    """nur Zeilen, deren Spalte so lautet"""
    ohne: dict[str, Bedingung] = Field(default_factory=dict)
    """keine Zeilen, deren Spalte so lautet"""
    leere_zeilen: Literal["lesen", "weglassen"] = "lesen"
    """Zeilen ohne einen einzigen Wert (Überschriften mit Schlüssel): als fehlende Werte lesen oder nicht"""
    qualitaet: Qualitaet | None = None
    """Kennbuchstaben für alle Wertspalten"""
    entfernen: Muster | None = None
    """wird vor dem Lesen aus Werten gestrichen (Fußnotenzeichen, Einheiten)"""

    def alle_merkmale(self) -> tuple[str, ...]:
        """Namen aller Merkmale, auch der bei einzelnen Wertspalten festgelegten."""
        spalten = [s for liste in (*self.groessen.values(), self.wert or []) for s in liste]
        return tuple(dict.fromkeys([*self.merkmale, *(name for s in spalten for name in s.merkmale)]))

    def pruefe_vollstaendig(self, *, ohne_werte: bool = False) -> None:
        """Wirft ``ValueError`` („Text || Abhilfe“), wenn eine nötige Angabe fehlt."""
        for name in self.alle_merkmale():
            if name in BELEGT or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                raise ValueError(
                    f"Ein Merkmal kann nicht „{name}“ heißen. || Nehmen Sie Kleinbuchstaben, Ziffern und "
                    f"Unterstriche; vergeben sind {', '.join(BELEGT)}."
                )
        if self.gebiet is None:
            raise ValueError("Die Angabe „gebiet“ fehlt. || Ergänzen Sie z. B. „gebiet: {spalte: ags}“.")
        if (self.wert is None) != (self.groesse is None):
            raise ValueError("„groesse“ und „wert“ gehören zusammen. || Ergänzen Sie die fehlende Angabe.")
        if ohne_werte and not self.groessen and not self.wert:
            return
        if self.zeit is None:
            raise ValueError(
                "Die Angabe „zeit“ fehlt. || Ergänzen Sie z. B. „zeit: {spalte: jahr}“ oder „{fest: 2023}“."
            )
        if not self.groessen and not self.wert:
            raise ValueError(
                "Es ist nicht gesagt, welche Spalten Werte enthalten. || Ergänzen Sie „groessen“ oder "
                "„groesse“ und „wert“."
            )


class Lesen(Angaben):
    """Gemeinsame Angaben aller Leser."""

    zahlform: Zahlform = "schlicht"
    """deutsch (1.234,5) | englisch (1,234.5) | schlicht (1234.5 oder 1234,5)"""
    grenze_mb: int = Field(default=64, ge=1, le=4000)
    """größere Dateien werden nicht gelesen"""
    grenze_werte: int = Field(default=1_000_000, ge=1)
    """mehr Werte werden nicht aufgenommen (nach den Filtern)"""

    trenner: ClassVar[str] = ","
    zeichensatz: ClassVar[str] = "ohne"
    kopfhoehe: ClassVar[int] = 1
    ohne_gebiet: ClassVar[bool] = False

    @model_validator(mode="after")
    def _vollstaendig(self) -> Lesen:
        for block in self.alle_bloecke():
            block.pruefe_vollstaendig(ohne_werte=self.ohne_gebiet)
        return self

    def alle_bloecke(self) -> list[Angaben]:
        """Die Blöcke des Blattes mit allem, was für sie gilt; meist genau einer."""
        bloecke: list[Angaben] = getattr(self, "bloecke", [])
        if not bloecke:
            return [self]
        gemeinsam = {name: getattr(self, name) for name in Angaben.model_fields}
        return [
            Angaben.model_construct(**{**gemeinsam, **{n: getattr(b, n) for n in b.model_fields_set}})
            for b in bloecke
        ]


class LesenCsv(Lesen):
    """Eigene oder fremde CSV, lang oder breit."""

    leser: Literal["csv"]


class LesenGenesisTabelle(Lesen):
    """Tabellen-CSV aus GENESIS und Regionalstatistik: Titel, mehrzeiliger Kopf, Fußblock nach ``____``."""

    leser: Literal["genesis_tabelle"]
    zahlform: Zahlform = "deutsch"
    ende: Muster | None = r"_{3,}"

    trenner: ClassVar[str] = ";"
    zeichensatz: ClassVar[str] = "din55301"


class LesenGenesisFlach(Lesen):
    """Flache CSV aus GENESIS: alt (deutscher Kopf) und neu (``ffcsv``, englischer Kopf)."""

    leser: Literal["genesis_flach"]
    zahlform: Zahlform = "deutsch"

    trenner: ClassVar[str] = ";"
    zeichensatz: ClassVar[str] = "din55301"


class LesenInkar(Lesen):
    """Export aus INKAR: Kennziffer, Raumeinheit, Aggregat, dann je Indikator und Jahr eine Spalte."""

    leser: Literal["inkar"]
    zahlform: Zahlform = "deutsch"
    kopf: KopfKurz | None = Kopf(anzahl=2, auffuellen=[1])
    blatt: str | int = 1
    """nur bei xls/xlsx: Name oder Nummer des Blattes"""
    formeln: Literal["fehler", "gespeicherter_wert"] = "fehler"
    verbundene: Literal["auffuellen", "lassen"] = "auffuellen"
    prozent: Literal["melden", "anteil", "prozentwert"] = "melden"
    """nur bei xls/xlsx: wie bei ``LesenXlsx``"""

    trenner: ClassVar[str] = ";"

    @model_validator(mode="before")
    @classmethod
    def _vorgaben(cls, angaben: Any) -> Any:
        """Der übliche Aufbau gilt, soweit nichts anderes gesagt ist."""
        if not isinstance(angaben, dict):
            return angaben
        vorgaben = {"gebiet": {"spalte": "Kennziffer"}, "zeit": {"kopf": 2, "art": "jahr"}}
        if not angaben.keys() & {"groessen", "wert", "groesse"}:
            vorgaben |= {"groesse": {"kopf": 1}, "wert": {"spalte": {"von": 4}}}
        return {**vorgaben, **angaben}


class Blockangaben(Angaben):
    """Ein Block eines Blattes; was hier nicht steht, gilt wie für das Ganze."""


class LesenXlsx(Lesen):
    """Tabellenkalkulation (xlsx, xlsm, xls); Formeln und Makros werden nie ausgeführt.

    Zahlen mit Zahlenformat in Prozent (0.125, gezeigt 12,5 %) brauchen die Angabe ``prozent``:
    ``prozentwert`` (12.5) oder ``anteil`` (0.125); ohne sie (``melden``) ist jede Wertzelle davon ein Fehler.
    """

    leser: Literal["xlsx"]
    blatt: str | int | list[str | int] | None = None
    """Name, Nummer (ab 1), ``/Muster/`` oder Liste; ``alle``; ohne Angabe das einzige oder erste Blatt"""
    verbundene: Literal["auffuellen", "lassen"] = "auffuellen"
    """verbundene Felder in Kopf und Beschriftung gelten für alle ihre Zellen"""
    formeln: Literal["fehler", "gespeicherter_wert"] = "fehler"
    """Formel statt Wert: Fehler, oder das Ergebnis, das zuletzt in der Datei gespeichert wurde"""
    prozent: Literal["melden", "anteil", "prozentwert"] = "melden"
    """Zahlen mit Zahlenformat in Prozent (gespeichert 0.125, gezeigt 12,5 %): ``prozentwert`` liest 12.5,
    ``anteil`` liest 0.125, ``melden`` nennt jede solche Wertzelle als Fehler, damit niemand raten muss"""
    bloecke: list[Blockangaben] = Field(default_factory=list)
    """mehrere Tabellen auf einem Blatt, je mit eigenem Kopf und ``daten_ab``/``daten_bis``"""


class LesenGv100(Lesen):
    """Feste Breite: Gemeindeverzeichnis GV100AD oder eigene Felder."""

    leser: Literal["gv100"]
    satzart: str | None = "60"
    """10 Land, 20 Regierungsbezirk, 30 Region, 40 Kreis, 50 Gemeindeverband, 60 Gemeinde"""
    felder: dict[str, Annotated[list[int], Field(min_length=1, max_length=2)]] = Field(default_factory=dict)
    """eigene oder weitere Felder: ``name: [von, bis]`` (Stellen ab 1)"""

    kopfhoehe: ClassVar[int] = 0


class LesenGeojson(Lesen):
    """GeoJSON: Eigenschaften als Spalten; die Geometrie gibt ``Datenbestand.geometrie``."""

    leser: Literal["geojson"]

    kopfhoehe: ClassVar[int] = 0
    ohne_gebiet: ClassVar[bool] = True


def _umgebungsvariable(name: str) -> str:
    """Nur ein Name; eine Adresse mit Kennwort wird nicht wiederholt."""
    if not re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
        raise ValueError(
            "Hier gehört der Name einer Umgebungsvariable hin, nicht die Adresse. || Schreiben Sie z. B. "
            "FACHVERFAHREN_URL und setzen Sie diese Variable auf dem Rechner; löschen Sie ein Kennwort aus "
            "der Datei."
        )
    return name


class LesenSql(Lesen):
    """Abfrage einer Datenbank über SQLAlchemy, nur lesend."""

    leser: Literal["sql"]
    url_umgebung: Annotated[str, AfterValidator(_umgebungsvariable)]
    """Name der Umgebungsvariable mit der SQLAlchemy-Adresse; die Adresse selbst steht nie in der Datei"""
    abfrage: str | None = None
    """eine einzige SELECT-Abfrage; sonst steht sie in der Datei unter ``path``"""

    kopfhoehe: ClassVar[int] = 0


Leseangaben = Annotated[
    LesenCsv
    | LesenGenesisTabelle
    | LesenGenesisFlach
    | LesenInkar
    | LesenXlsx
    | LesenGv100
    | LesenGeojson
    | LesenSql,
    Field(discriminator="leser"),
]
