"""Die Zeilen einer Tabelle, die eine Auswahl meint: Größe, Bedingungen, Summenzeilen."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from typing import Any

from berichtswerk.daten.tabelle import Tabelle, als_text
from berichtswerk.fach.kennzahl import Auswahl, Bedingung, vergleich

__all__ = ["INSGESAMT", "MerkmalOffen", "Zeile", "als_text", "lies_zeilen", "passt"]

Zeile = dict[str, Any]
"""Eine Zeile einer Tabelle, wie :attr:`Tabelle.zeilen` sie aufbereitet; nicht verändern."""

INSGESAMT = frozenset({"", "insgesamt", "gesamt", "zusammen"})
"""Ausprägungen, die „nicht gegliedert“ heißen (Groß- und Kleinschreibung zählt nicht)."""

_RECHNEN = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq}


class MerkmalOffen(Exception):
    """Die Quelle gliedert nach einem Merkmal, das die Auswahl nicht nennt, und hat keine Summenzeile."""

    def __init__(self, merkmal: str, auspraegungen: Iterable[str]) -> None:
        self.merkmal = merkmal
        self.auspraegungen = tuple(auspraegungen)
        super().__init__(merkmal)


def passt(text: str, bedingung: Bedingung) -> bool:
    """Ob eine Ausprägung die Bedingung erfüllt."""
    if isinstance(bedingung, list):
        return any(passt(text, einzeln) for einzeln in bedingung)
    grenze = vergleich(bedingung)
    if grenze is not None:
        try:
            return bool(_RECHNEN[grenze[0]](float(text), grenze[1]))
        except ValueError:
            return False
    return text == als_text(bedingung)


def lies_zeilen(auswahl: Auswahl, tabelle: Tabelle, merkmale: Sequence[str]) -> list[Zeile]:
    """Zeilen der Auswahl; Merkmale, Basis und Gebietsstand als Text.

    Gefiltert wird nach den ``merkmale``; nicht genannte werden auf ihre Summenzeile beschränkt.

    Raises:
        MerkmalOffen: wenn ein nicht genanntes Merkmal gliedert und keine Summenzeile da ist.
    """
    stellen = tabelle.stellen(auswahl.groesse)
    for merkmal in sorted(merkmale, key=lambda m: m not in auswahl.wo):  # erst, was die Auswahl nennt
        alle = tabelle.auspraegungen(stellen, merkmal)
        if merkmal in auswahl.wo:
            gewollt = [a for a in alle if passt(a, auswahl.wo[merkmal])]
        else:
            gewollt = _insgesamt(alle, merkmal)
        if len(gewollt) < len(alle):
            stellen = tabelle.mit(stellen, merkmal, gewollt)
    return tabelle.zeilen(stellen)


def _insgesamt(alle: list[str], merkmal: str) -> list[str]:
    if len(alle) <= 1:
        return alle
    summen = [a for a in alle if a.casefold() in INSGESAMT]
    if not summen:
        raise MerkmalOffen(merkmal, alle)
    return summen
