"""Passt die Definition einer Kennzahl zu den Quellen? Namen, Größen, Merkmale, Ausprägungen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from berichtswerk.fach.auslese import MerkmalOffen, als_text
from berichtswerk.fach.kennzahl import Auswahl, Bedingung, Kennzahl, vergleich
from berichtswerk.fach.zellen import zellen
from berichtswerk.grund.aehnlich import aufgezaehlt, vorschlag
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung, Meldungen, Stufe

if TYPE_CHECKING:
    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.daten.tabelle import Tabelle


def pruefe_definition(kennzahl: Kennzahl, bestand: Datenbestand) -> list[Meldung]:
    """Alle Widersprüche zwischen Definition und Quellen; liest die genannten Quellen.

    Eine Quelle, die es nicht gibt, ist nur eine Warnung: Landkreise teilen den Katalog, aber nicht jeder
    hat jede Lieferung.
    """
    return [
        befund
        for nummer, weg in enumerate(kennzahl.wege, start=1)
        for auswahl in weg.auswahlen()
        for befund in _auswahl(kennzahl, nummer, auswahl, bestand)
    ]


def pruefe_katalog(katalog: Mapping[str, Kennzahl], bestand: Datenbestand) -> Meldungen:
    """Prüft alle Kennzahlen gegen die Quellen; unlesbare Quellen melden sich anderswo."""
    meldungen = Meldungen()
    for kennzahl in katalog.values():
        try:
            meldungen.alle(pruefe_definition(kennzahl, bestand))
        except BerichtswerkFehler:
            continue
    return meldungen


def _auswahl(kennzahl: Kennzahl, nummer: int, auswahl: Auswahl, bestand: Datenbestand) -> Iterator[Meldung]:
    ort = f"Rechenweg {nummer}"
    datei = f"daten/kennzahlen/{kennzahl.id}.yaml"
    if auswahl.quelle not in bestand.quellen:
        text = f"Die Quelle „{auswahl.quelle}“ gibt es nicht; der Rechenweg entfällt."
        hilfe = vorschlag(auswahl.quelle, bestand.quellen)
        yield Meldung("kennzahl-quelle", text, datei, ort, "quelle", "", hilfe, Stufe.WARNUNG)
        return
    tabelle = bestand.tabelle(auswahl.quelle)
    groessen = sorted(tabelle.groessen)
    if auswahl.groesse not in groessen:
        text = f"Die Quelle „{auswahl.quelle}“ hat keine Größe „{auswahl.groesse}“."
        yield Meldung(
            "kennzahl-groesse", text, datei, ort, "groesse", "", vorschlag(auswahl.groesse, groessen)
        )
        return
    befunde = [
        Meldung("kennzahl-merkmal", text, datei, ort, f"wo.{name}", "", hilfe)
        for name, bedingung in auswahl.wo.items()
        for text, hilfe in _bedingung(auswahl, tabelle, name, bedingung)
    ]
    yield from befunde
    if not befunde:
        yield from _offen(auswahl, tabelle, datei, ort)


def _bedingung(
    auswahl: Auswahl, tabelle: Tabelle, name: str, bedingung: Bedingung
) -> Iterator[tuple[str, str]]:
    merkmale = tabelle.merkmale
    if name not in merkmale:
        yield f"Die Quelle „{auswahl.quelle}“ gliedert nicht nach „{name}“.", vorschlag(name, merkmale)
        return
    vorhanden = sorted(tabelle.auspraegungen(tabelle.stellen(auswahl.groesse), name))
    for einzeln in bedingung if isinstance(bedingung, list) else [bedingung]:
        text = als_text(einzeln)
        if vergleich(einzeln) is None and text not in vorhanden:
            was = f"„{text}“" if text else "ein leeres Feld"
            yield f"Das Merkmal „{name}“ hat keine Ausprägung {was}.", vorschlag(text, vorhanden)


def _offen(auswahl: Auswahl, tabelle: Tabelle, datei: str, ort: str) -> Iterator[Meldung]:
    try:
        zellen(auswahl, tabelle)
    except MerkmalOffen as offen:
        werte = aufgezaehlt(sorted(offen.auspraegungen), 6)
        yield Meldung(
            "merkmal-offen",
            f"Die Quelle „{auswahl.quelle}“ gliedert nach „{offen.merkmal}“; die Kennzahl nennt es nicht.",
            datei,
            ort,
            f"wo.{offen.merkmal}",
            f"Ausprägungen: {werte}; eine Summenzeile („insgesamt“) ist nicht geliefert.",
            f"Ergänzen Sie unter „wo“ das Merkmal „{offen.merkmal}“ mit einer Ausprägung oder einer Liste.",
        )
