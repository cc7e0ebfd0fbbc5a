"""Passt die Definition einer Kennzahl zu den Quellen? Namen, Größen, Merkmale, Ausprägungen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any

from berichtswerk.daten.leser import spur
from berichtswerk.daten.pruefung import gemerkt
from berichtswerk.daten.tabelle import als_text
from berichtswerk.fach.kennzahl import Auswahl, Bedingung, Kennzahl, vergleich
from berichtswerk.fach.rechnung import Eingabe, Rechnung
from berichtswerk.fach.zellen import MerkmalOffen, zellen
from berichtswerk.grund.ablage import dateisumme, programmstand, summe
from berichtswerk.grund.meldung import (
    Befundart,
    BerichtswerkFehler,
    Meldung,
    Meldungen,
    Stufe,
    aufgezaehlt,
    vorschlag,
)

if TYPE_CHECKING:
    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.daten.tabelle import Tabelle
    from berichtswerk.fach.katalog import Kennzahlenkatalog


class QuelleFehlt(Befundart):
    kennung = "kennzahl-quelle"
    text = "Die Quelle „{quelle}“ gibt es nicht; der Rechenweg entfällt."
    abhilfe = "{hilfe}"
    feld = "quelle"
    stufe = Stufe.WARNUNG


class RechnungsquelleFehlt(Befundart):
    kennung = "rechnung-quelle"
    text = "Die Quelle „{quelle}“ gibt es nicht; die Rechnung entfällt."
    abhilfe = "{hilfe}"
    stufe = Stufe.WARNUNG


class GroesseFehlt(Befundart):
    kennung = "kennzahl-groesse"
    text = "Die Quelle „{quelle}“ hat keine Größe „{groesse}“."
    abhilfe = "{hilfe}"
    feld = "groesse"


class MerkmalFehlt(Befundart):
    kennung = "kennzahl-merkmal"
    text = "Die Quelle „{quelle}“ gliedert nicht nach „{merkmal}“."
    abhilfe = "{hilfe}"
    feld = "wo.{merkmal}"


class AuspraegungFehlt(MerkmalFehlt):
    text = "Das Merkmal „{merkmal}“ hat keine Ausprägung {was}."


class MerkmalNichtGenannt(Befundart):
    kennung = "merkmal-offen"
    text = "Die Quelle „{quelle}“ gliedert nach „{merkmal}“; die Kennzahl nennt es nicht."
    ursache = "Ausprägungen: {werte}; eine Summenzeile („insgesamt“) ist nicht geliefert."
    abhilfe = "Ergänzen Sie unter „wo“ das Merkmal „{merkmal}“ mit einer Ausprägung oder einer Liste."
    feld = "wo.{merkmal}"


def pruefe_definition(kennzahl: Kennzahl, bestand: Datenbestand) -> list[Meldung]:
    """Alle Widersprüche zwischen Definition und Quellen; liest die genannten Quellen.

    Eine Quelle, die es nicht gibt, ist nur eine Warnung: Landkreise teilen den Katalog, aber nicht jeder
    hat jede Lieferung. Was ``ausstehend`` ist, kommt noch; dazu gibt es nichts zu sagen.
    """
    return [
        befund
        for nummer, weg in enumerate(kennzahl.wege, start=1)
        for auswahl in weg.auswahlen()
        for befund in _auswahl(kennzahl, nummer, auswahl, bestand)
    ]


def pruefe_rechnung(rechnung: Rechnung, bestand: Datenbestand) -> list[Meldung]:
    """Ob Methode, Eingaben und Quellen einer Rechnung zueinander passen; liest die genannten Quellen."""
    from berichtswerk.fach.rechenwerk import pruefe_methode

    befunde = pruefe_methode(rechnung)
    quelle = rechnung.annahmen_quelle
    if quelle and quelle not in bestand.quellen and quelle not in bestand.ausstehende:
        befunde.append(_quelle_fehlt(rechnung, bestand, quelle, "annahmen_quelle"))
    for name, eingabe in rechnung.eingaben.items():
        befunde += _eingabe(rechnung, name, eingabe, bestand) if eingabe.quelle else ()
    return befunde


def pruefe_katalog(katalog: Kennzahlenkatalog, bestand: Datenbestand) -> Meldungen:
    """Prüft alle Kennzahlen und Rechnungen gegen die Quellen; unlesbare Quellen melden sich anderswo."""
    return Meldungen(gemerkt(_spur(bestand), lambda: _pruefe_alle(katalog, bestand)))


def _spur(bestand: Datenbestand) -> str:
    """Alle Beschreibungen und Lieferungen; leer, wenn eine sich nicht aufheben läßt."""
    with suppress(BerichtswerkFehler):
        projekt, gebiete = bestand.projekt, bestand.gebiete
        spuren = [spur(quelle, projekt, gebiete) for quelle in bestand.quellen.values()]
        if all(spuren) and not bestand.quellen.befunde:
            dateien = sorted(projekt.daten.rglob("*.yaml"))
            return summe(
                programmstand("daten", "fach"), *spuren, *map(str, dateien), *map(dateisumme, dateien)
            )
    return ""


def _pruefe_alle(katalog: Kennzahlenkatalog, bestand: Datenbestand) -> Meldungen:
    meldungen = Meldungen()
    pruefungen = [
        *(partial(pruefe_definition, k, bestand) for k in katalog.values()),
        *(partial(pruefe_rechnung, r, bestand) for r in katalog.rechnungen.values()),
    ]
    for pruefung in pruefungen:
        try:
            meldungen.alle(pruefung())
        except BerichtswerkFehler:
            continue
    return meldungen


def _quelle_fehlt(rechnung: Rechnung, bestand: Datenbestand, quelle: str, *stelle: str) -> Meldung:
    return rechnung.melde(
        RechnungsquelleFehlt, *stelle, quelle=quelle, hilfe=vorschlag(quelle, bestand.quellen)
    )


def _eingabe(rechnung: Rechnung, name: str, eingabe: Eingabe, bestand: Datenbestand) -> Iterator[Meldung]:
    stelle = ("eingaben", name)
    if eingabe.quelle not in bestand.quellen:
        if eingabe.pflicht and eingabe.quelle not in bestand.ausstehende:
            yield _quelle_fehlt(rechnung, bestand, eingabe.quelle, *stelle, "quelle")
        return
    for art, ort, angaben in _widersprueche(bestand.tabelle(eingabe.quelle), eingabe.groesse, eingabe.wo):
        yield rechnung.melde(art, *stelle, *ort, quelle=eingabe.quelle, **angaben)


def _auswahl(kennzahl: Kennzahl, nummer: int, auswahl: Auswahl, bestand: Datenbestand) -> Iterator[Meldung]:
    ort = f"Rechenweg {nummer}"
    datei = f"daten/kennzahlen/{kennzahl.id}.yaml"
    if auswahl.quelle in bestand.ausstehende:
        return
    if auswahl.quelle not in bestand.quellen:
        hilfe = vorschlag(auswahl.quelle, bestand.quellen)
        yield QuelleFehlt.melde(datei=datei, ort=ort, quelle=auswahl.quelle, hilfe=hilfe)
        return
    tabelle = bestand.tabelle(auswahl.quelle)
    befunde = [
        art.melde(datei=datei, ort=ort, quelle=auswahl.quelle, **angaben)
        for art, _, angaben in _widersprueche(tabelle, auswahl.groesse, auswahl.wo)
    ]
    yield from befunde
    if not befunde:
        yield from _offen(auswahl, tabelle, datei, ort)


def _widersprueche(
    tabelle: Tabelle, groesse: str, wo: Mapping[str, Bedingung]
) -> Iterator[tuple[type[Befundart], tuple[str, ...], dict[str, Any]]]:
    """Art, Stelle und Angaben je Name, den die Tabelle nicht kennt; ohne ``groesse`` gelten alle Größen."""
    groessen, merkmale = sorted(tabelle.groessen), tabelle.merkmale
    if groesse and groesse not in groessen:
        yield GroesseFehlt, ("groesse",), {"groesse": groesse, "hilfe": vorschlag(groesse, groessen)}
        return
    for name, bedingung in wo.items():
        stelle, angaben = ("wo", name), {"merkmal": name, "was": "", "hilfe": vorschlag(name, merkmale)}
        if name not in merkmale:
            yield MerkmalFehlt, stelle, angaben
            continue
        zeilen = [tabelle.stellen(g) for g in ([groesse] if groesse else groessen)]
        vorhanden = sorted({a for z in zeilen for a in tabelle.auspraegungen(z, name)})
        for einzeln in bedingung if isinstance(bedingung, list) else [bedingung]:
            text = als_text(einzeln)
            if vergleich(einzeln) is None and text not in vorhanden:
                was = f"„{text}“" if text else "ein leeres Feld"
                yield AuspraegungFehlt, stelle, {**angaben, "was": was, "hilfe": vorschlag(text, vorhanden)}


def _offen(auswahl: Auswahl, tabelle: Tabelle, datei: str, ort: str) -> Iterator[Meldung]:
    try:
        zellen(auswahl, tabelle)
    except MerkmalOffen as offen:
        werte = aufgezaehlt(sorted(offen.auspraegungen), 6)
        yield MerkmalNichtGenannt.melde(
            datei=datei, ort=ort, quelle=auswahl.quelle, merkmal=offen.merkmal, werte=werte
        )
