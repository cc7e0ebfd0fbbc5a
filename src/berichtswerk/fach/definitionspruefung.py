"""Passt die Definition einer Kennzahl zu den Quellen? Namen, Größen, Merkmale, Ausprägungen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from berichtswerk.fach.auslese import MerkmalOffen, als_text
from berichtswerk.fach.kennzahl import Auswahl, Bedingung, Kennzahl, vergleich
from berichtswerk.fach.zellen import zellen
from berichtswerk.grund.aehnlich import aufgezaehlt, vorschlag
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Meldungen, Stufe

if TYPE_CHECKING:
    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.daten.tabelle import Tabelle


class QuelleFehlt(Befundart):
    """Ein Rechenweg nennt eine Quelle, die dieser Landkreis nicht hat."""

    kennung = "kennzahl-quelle"
    text = "Die Quelle „{quelle}“ gibt es nicht; der Rechenweg entfällt."
    abhilfe = "{hilfe}"
    feld = "quelle"
    stufe = Stufe.WARNUNG


class GroesseFehlt(Befundart):
    """Die Quelle liefert die genannte Größe nicht."""

    kennung = "kennzahl-groesse"
    text = "Die Quelle „{quelle}“ hat keine Größe „{groesse}“."
    abhilfe = "{hilfe}"
    feld = "groesse"


class MerkmalFehlt(Befundart):
    """Die Quelle gliedert nicht nach dem genannten Merkmal."""

    kennung = "kennzahl-merkmal"
    text = "Die Quelle „{quelle}“ gliedert nicht nach „{merkmal}“."
    abhilfe = "{hilfe}"
    feld = "wo.{merkmal}"


class AuspraegungFehlt(MerkmalFehlt):
    """Das Merkmal hat die genannte Ausprägung nicht."""

    text = "Das Merkmal „{merkmal}“ hat keine Ausprägung {was}."


class MerkmalNichtGenannt(Befundart):
    """Die Quelle gliedert nach einem Merkmal ohne Summenzeile, das die Kennzahl offen lässt."""

    kennung = "merkmal-offen"
    text = "Die Quelle „{quelle}“ gliedert nach „{merkmal}“; die Kennzahl nennt es nicht."
    ursache = "Ausprägungen: {werte}; eine Summenzeile („insgesamt“) ist nicht geliefert."
    abhilfe = "Ergänzen Sie unter „wo“ das Merkmal „{merkmal}“ mit einer Ausprägung oder einer Liste."
    feld = "wo.{merkmal}"


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
        hilfe = vorschlag(auswahl.quelle, bestand.quellen)
        yield QuelleFehlt.melde(datei=datei, ort=ort, quelle=auswahl.quelle, hilfe=hilfe)
        return
    tabelle = bestand.tabelle(auswahl.quelle)
    groessen = sorted(tabelle.groessen)
    if auswahl.groesse not in groessen:
        yield GroesseFehlt.melde(
            datei=datei,
            ort=ort,
            quelle=auswahl.quelle,
            groesse=auswahl.groesse,
            hilfe=vorschlag(auswahl.groesse, groessen),
        )
        return
    befunde = [
        art.melde(datei=datei, ort=ort, quelle=auswahl.quelle, merkmal=name, was=was, hilfe=hilfe)
        for name, bedingung in auswahl.wo.items()
        for art, was, hilfe in _bedingung(tabelle, auswahl.groesse, name, bedingung)
    ]
    yield from befunde
    if not befunde:
        yield from _offen(auswahl, tabelle, datei, ort)


def _bedingung(
    tabelle: Tabelle, groesse: str, name: str, bedingung: Bedingung
) -> Iterator[tuple[type[Befundart], str, str]]:
    merkmale = tabelle.merkmale
    if name not in merkmale:
        yield MerkmalFehlt, "", vorschlag(name, merkmale)
        return
    vorhanden = sorted(tabelle.auspraegungen(tabelle.stellen(groesse), name))
    for einzeln in bedingung if isinstance(bedingung, list) else [bedingung]:
        text = als_text(einzeln)
        if vergleich(einzeln) is None and text not in vorhanden:
            was = f"„{text}“" if text else "ein leeres Feld"
            yield AuspraegungFehlt, was, vorschlag(text, vorhanden)


def _offen(auswahl: Auswahl, tabelle: Tabelle, datei: str, ort: str) -> Iterator[Meldung]:
    try:
        zellen(auswahl, tabelle)
    except MerkmalOffen as offen:
        werte = aufgezaehlt(sorted(offen.auspraegungen), 6)
        yield MerkmalNichtGenannt.melde(
            datei=datei, ort=ort, quelle=auswahl.quelle, merkmal=offen.merkmal, werte=werte
        )
