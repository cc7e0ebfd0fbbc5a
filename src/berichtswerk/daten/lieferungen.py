"""Angenommene Lieferungen: welche Dateien einer Quelle gelten, heute und an einem früheren Tag.

Eine Quelle beginnt mit der Datei ihrer Beschreibung. Was danach kommt, legt ``berichtswerk lieferung
annehmen`` unverändert nach ``daten/lieferungen/<quelle>/<datum>/`` und verzeichnet es in
``daten/lieferungen/<quelle>.yaml``. Gelesen wird die jüngste Lieferung, oder was bis zu einem Tag da war: so
liest jede Ausgabe, was bis zu ihrem ``stand`` vorlag (:func:`geltende`).
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any, Literal

from pydantic import Field

from berichtswerk.daten.korrekturen import Korrektur
from berichtswerk.daten.lesen import LesenXlsx
from berichtswerk.daten.quelle import Quelle, Spaltenverweis
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import Dateipfad, YamlModell, lade_yaml, lies_falls_da
from berichtswerk.grund.zeichen import Status

BLATT, KOPFZEILE = "Daten", 3
"""Wo im Formular die Tabelle steht und in welcher Zeile ihr Kopf."""
NEBENBLAETTER = ANLEITUNG, FELDER, LISTEN = "Anleitung", "Felder", "Listen"
FORMZEICHEN: Mapping[str, Status] = {
    "-": Status.NULL, ".": Status.UNBEKANNT, "*": Status.GEHEIM, "...": Status.SPAETER, "/": Status.UNSICHER,
    "x": Status.GESPERRT, "k": Status.GERUNDET_NULL,
}  # fmt: skip
"""Was im Formular statt einer Zahl stehen darf."""


class Formspalten(YamlModell):
    """Wie die Spalten eines Formulars heißen, als es angenommen wurde."""

    gebiet: str
    zeit: str
    merkmale: dict[str, str] = Field(default_factory=dict)
    groessen: dict[str, str]
    basis: str | None = None
    gebietsstand: str | None = None

    def alle(self) -> list[str]:
        """Die Köpfe in der Reihenfolge des Formulars."""
        weitere = [k for k in (self.basis, self.gebietsstand) if k]
        return [self.gebiet, self.zeit, *self.merkmale.values(), *weitere, *self.groessen.values()]


class Rueckgabe(YamlModell):
    """Warum eine Lieferung nicht mehr gilt."""

    datum: date
    grund: str


class Lieferung(YamlModell):
    """Eine angenommene Lieferung."""

    datum: date
    """der Tag, ab dem sie gilt"""
    datei: Dateipfad
    """ab ``daten/``"""
    format: str
    summe: str = Field(pattern=r"^sha256:[0-9a-f]{64}$")
    umfang: Literal["ganz", "dazu"] = "ganz"
    """``ganz``: sie ersetzt alles Frühere; ``dazu``: frühere Werte, die sie nicht nennt, gelten weiter"""
    formular: Formspalten | None = None
    """wenn es ein Formular des Hauses ist"""
    naechste: date | None = None
    """wann die nächste erwartet wird"""
    title: str | None = None
    attribution: str | None = None
    zurueck: Rueckgabe | None = None
    """sie gilt nicht mehr; Datei und Eintrag bleiben"""


class Lieferverzeichnis(YamlModell):
    """Der Inhalt von ``daten/lieferungen/<quelle>.yaml``, die älteste Lieferung zuerst."""

    lieferungen: list[Lieferung] = Field(default_factory=list)


class Geltend(Quelle):
    """Eine Quelle, wie sie gilt: mit ihrer Lieferung, dem, was davor lag, und den Korrekturen dazu."""

    vorher: Quelle | None = None
    """wird zuerst gelesen; gleiche Angaben dieser Lieferung gehen vor"""
    korrekturen: tuple[Korrektur, ...] = ()
    formular: bool = False
    """ob die Lieferung ein Formular des Hauses ist"""
    erste: str | None = None
    """die Datei der Beschreibung, wenn an ihrer Stelle eine angenommene Lieferung gilt"""

    @property
    def allein(self) -> Quelle:
        """Nur diese Lieferung."""
        return Quelle.model_construct(**{name: getattr(self, name) for name in Quelle.model_fields})

    def berichtigungen(self, bis: int | None = None) -> list[str]:
        """Die Sätze der Korrekturen."""
        return [k.satz() for k in self.korrekturen if bis is None or int(k.zeit[:4]) <= bis]

    def pfade_aller(self, projekt: Projekt) -> tuple[Path, ...]:
        """Alle Dateien, aus denen die Werte kommen."""
        return (*(self.vorher.pfade_aller(projekt) if self.vorher else ()), *self.pfade(projekt))


def ordner(projekt: Projekt) -> Path:
    """``daten/lieferungen/``."""
    return projekt.daten / "lieferungen"


def verzeichnisdatei(projekt: Projekt, quelle: str) -> Path:
    """``daten/lieferungen/<quelle>.yaml``."""
    return ordner(projekt) / f"{quelle}.yaml"


def verzeichnete(projekt: Projekt) -> Iterator[str]:
    """Quellen, zu denen es ein Verzeichnis gibt."""
    namen: list[str] = []
    with suppress(OSError):  # auch der vergebliche Blick steht in der Spur eines Laufs
        namen = sorted(os.listdir(ordner(projekt)))  # noqa: PTH208
    return (name.removesuffix(".yaml") for name in namen if name.endswith(".yaml") and name[0] != ".")


def lies_verzeichnis(projekt: Projekt, quelle: str) -> list[Lieferung]:
    """Alle Lieferungen einer Quelle, die älteste zuerst, auch zurückgegebene.

    Raises:
        BerichtswerkFehler: das Verzeichnis ist fehlerhaft.
    """
    dokument = lies_falls_da(verzeichnisdatei(projekt, quelle), projekt)
    return dokument.als(Lieferverzeichnis).lieferungen if dokument else []


def geltende(lieferungen: Sequence[Lieferung], am: date | None = None) -> list[Lieferung]:
    """Die Lieferungen, aus denen die Werte kommen, die älteste zuerst; leer: die Datei der Beschreibung.

    Mehr als eine, wenn spätere nur ``dazu`` kamen. ``am``: was an diesem Tag galt, sonst heute.
    """
    gueltig = [e for e in lieferungen if e.zurueck is None and (am is None or e.datum <= am)]
    anfang = max((nummer for nummer, e in enumerate(gueltig) if e.umfang == "ganz"), default=0)
    return gueltig[anfang:]


def benutzte(projekt: Projekt, quelle: str, stand: date) -> Lieferung | None:
    """Die jüngste Lieferung, die eine Ausgabe mit diesem ``stand`` liest; ``None``: die Datei der Quelle."""
    return next(reversed(geltende(lies_verzeichnis(projekt, quelle), stand)), None)


def neuere(lieferungen: Sequence[Lieferung], stand: date) -> list[Lieferung]:
    """Was nach ``stand`` kam: eine Ausgabe mit diesem Stand liest es nicht."""
    return [e for e in lieferungen if e.zurueck is None and e.datum > stand]


def verpasste(projekt: Projekt, gelesen: Collection[str], stand: date) -> Iterator[tuple[str, Lieferung]]:
    """Quellen, von denen ein Lauf mit diesem ``stand`` las, obwohl es Neueres gibt; je die jüngste Lieferung.

    ``gelesen``: alle Dateien des Laufs ab der Projektwurzel.
    """
    for name in verzeichnete(projekt):
        try:
            spaeter = neuere(lies_verzeichnis(projekt, name), stand)
            quelle = lade_yaml(projekt.quellen / f"{name}.yaml", Quelle, projekt)
        except BerichtswerkFehler:  # wer die Quelle liest, erfährt es
            continue
        if not spaeter:
            continue
        erste = set(map(projekt.relativ, quelle.pfade(projekt)))
        dort = f"{projekt.relativ(ordner(projekt))}/{name}/"
        if any(datei in erste or datei.startswith(dort) for datei in gelesen):
            yield name, spaeter[-1]


def angewandt(
    quelle: Quelle, lieferungen: Sequence[Lieferung], korrekturen: Sequence[Korrektur] = ()
) -> Quelle:
    """Die Quelle mit den geltenden Lieferungen; ohne Lieferung und Korrektur sie selbst."""
    hier = quelle
    for lieferung in lieferungen:
        vorher = hier if lieferung.umfang == "dazu" else None
        felder = {**_felder(quelle), **_geliefert(quelle, lieferung)}
        hier = Geltend.model_construct(**felder, vorher=vorher, erste=quelle.path)
    if korrekturen:
        eigene: dict[str, Any] = {}
        if isinstance(hier, Geltend):
            eigene = {n: getattr(hier, n) for n in ("vorher", "formular", "erste")}
        hier = Geltend.model_construct(**_felder(hier), **eigene, korrekturen=tuple(korrekturen))
    return hier


def _felder(quelle: Quelle) -> dict[str, Any]:
    return {name: getattr(quelle, name) for name in Quelle.model_fields}


def _geliefert(quelle: Quelle, lieferung: Lieferung) -> dict[str, Any]:
    """Die Angaben der Beschreibung, die eine Lieferung ersetzt."""
    statistik: dict[str, Any] = {"stand": lieferung.datum, "naechste_lieferung": lieferung.naechste}
    statistik |= {"attribution": lieferung.attribution} if lieferung.attribution else {}
    neu: dict[str, Any] = {"path": lieferung.datei, "extrapaths": [], "hash": lieferung.summe, "bytes": None}
    neu |= {"format": lieferung.format} | ({"title": lieferung.title} if lieferung.title else {})
    if (f := lieferung.formular) is not None:
        neu |= {"encoding": "utf-8", "dialect": None, "compression": None, "innerpath": None}
        neu |= {"lesen": formular_lesen(quelle, f), "schema_": _formschema(quelle), "formular": True}
        statistik |= {"zeichensatz": "ohne", "zeichen": dict(FORMZEICHEN)}
        statistik |= {
            feld: Spaltenverweis(spalte=kopf)
            for feld, kopf in (("basis", f.basis), ("gebietsstand", f.gebietsstand))
            if kopf
        }
    return {**neu, "statistik": quelle.statistik.model_copy(update=statistik)}


def formular_lesen(quelle: Quelle, spalten: Formspalten) -> LesenXlsx:
    """Wie ein Formular gelesen wird: Gebiet vorn mit Schlüssel, je Größe eine Spalte, leere Zeilen nicht."""
    angaben = quelle.lesen.alle_angaben()
    zeit = next((a.zeit for a in angaben if a.zeit), None)
    gebiet = next((a.gebiet for a in angaben if a.gebiet), None)
    behalten = gebiet is not None and gebiet.unbekannte == "behalten"
    tag = {"art": "stichtag", "tag": zeit.tag} if zeit and zeit.tag else {}
    return LesenXlsx.model_validate(
        {
            "leser": "xlsx",
            "blatt": BLATT,
            "ohne_blatt": [*NEBENBLAETTER],
            "kopf": {"zeilen": KOPFZEILE},
            "gebiet": {
                "spalte": spalten.gebiet, "muster": r"^\s*(\S+)",
                "unbekannte": "behalten" if behalten else "fehler",
            },
            "zeit": {"spalte": spalten.zeit, "art": zeit.art if zeit else "selbst", **tag},
            "merkmale": spalten.merkmale,
            "groessen": spalten.groessen,
            "zahlform": "deutsch",
            "minus": ["vorn"],
            "leere_zeilen": "weglassen",
            "formeln": "gespeicherter_wert",
        }
    )  # fmt: skip


def _formschema(quelle: Quelle) -> Any:
    """Das Schema der Beschreibung; Felder mit Werten heißen wie ihre Größe."""
    schema = quelle.schema_
    if schema is None:
        return None
    namen = {w.spalte: groesse for groesse, spalten in quelle.lesen.groessen.items() for w in spalten}
    felder = [f.model_copy(update={"name": namen.get(f.name, f.name)}) for f in schema.fields]
    return schema.model_copy(update={"fields": felder, "primaryKey": None})
