"""Alle Prüfungen der Reihe nach, je Quelle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from berichtswerk.daten.pruefung import (
    brueche,
    lieferung,
    pruefsumme,
    schema,
    schluessel,
    spruenge,
    stichtag,
    summen,
    vollstaendigkeit,
)
from berichtswerk.daten.pruefung.pruefling import Pruefling
from berichtswerk.daten.quelle import Quelle
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung, Meldungen
from berichtswerk.grund.yamldatei import lade_yaml

if TYPE_CHECKING:
    from berichtswerk.daten.bestand import Datenbestand

Pruefung = Callable[[Pruefling], Iterable[Meldung]]

OHNE_TABELLE: tuple[Pruefung, ...] = (pruefsumme.pruefe, lieferung.pruefe)
"""Prüfungen, die nur Beschreibung und Datei brauchen."""

MIT_TABELLE: tuple[Pruefung, ...] = (
    schema.pruefe,
    schluessel.pruefe,
    stichtag.pruefe,
    brueche.pruefe,
    vollstaendigkeit.pruefe,
    summen.pruefe,
    spruenge.pruefe,
)
"""Prüfungen der gelesenen Werte; sie entfallen, wenn sich die Quelle nicht lesen lässt.

Unbekannte Gebiete, doppelte Schlüssel und Texte in Zahlenfeldern meldet schon der Leser.
"""


def pruefe_daten(bestand: Datenbestand, heute: date) -> Meldungen:
    """Prüft jede Quelle und nennt alle Befunde; eine unlesbare Quelle hält die anderen nicht auf.

    Args:
        bestand: die Quellen des Projekts.
        heute: der Tag, an dem geprüft wird (überfällige Lieferungen, Daten aus der Zukunft).
    """
    meldungen = Meldungen()
    try:
        gebiete = bestand.gebiete
    except BerichtswerkFehler as fehler:
        meldungen.alle(fehler.meldungen)
        return meldungen
    quellen, befunde = _beschreibungen(bestand)
    meldungen.alle(befunde)
    for name in sorted(quellen):
        meldungen.alle(_pruefe_quelle(Pruefling(quellen[name], bestand.projekt, gebiete, heute)))
    return meldungen


def _beschreibungen(bestand: Datenbestand) -> tuple[dict[str, Quelle], list[Meldung]]:
    """Alle gültigen Beschreibungen und die Befunde der ungültigen."""
    try:
        return dict(bestand.quellen), []
    except BerichtswerkFehler as fehler:
        befunde = fehler.meldungen
    quellen: dict[str, Quelle] = {}
    for pfad in sorted(bestand.projekt.quellen.glob("*.yaml")):
        with suppress(BerichtswerkFehler):
            quellen[pfad.stem] = lade_yaml(pfad, Quelle, bestand.projekt)
    return quellen, befunde


def _pruefe_quelle(pruefling: Pruefling) -> Iterator[Meldung]:
    from berichtswerk.daten.leser import lies

    for pruefung in OHNE_TABELLE:
        yield from pruefung(pruefling)
    try:
        tabelle = lies(pruefling.quelle, pruefling.projekt, pruefling.gebiete)
    except BerichtswerkFehler as fehler:
        yield from fehler.meldungen
        return
    gelesen = replace(pruefling, tabelle=tabelle)
    for pruefung in MIT_TABELLE:
        yield from pruefung(gelesen)
