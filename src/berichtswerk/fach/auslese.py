"""Die Zeilen einer Tabelle, die eine Auswahl meint: Größe, Bedingungen, Summenzeilen."""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from berichtswerk.fach.kennzahl import Auswahl, Bedingung, vergleich

if TYPE_CHECKING:
    import pandas as pd

    from berichtswerk.daten.tabelle import Tabelle

INSGESAMT = frozenset({"", "insgesamt", "gesamt", "zusammen"})
"""Ausprägungen, die „nicht gegliedert“ heißen (Groß- und Kleinschreibung zählt nicht)."""

_RECHNEN = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq}

_RECHNEN = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq}


class MerkmalOffen(Exception):
    """Die Quelle gliedert nach einem Merkmal, das die Auswahl nicht nennt, und hat keine Summenzeile."""

    def __init__(self, merkmal: str, auspraegungen: Iterable[str]) -> None:
        self.merkmal = merkmal
        self.auspraegungen = tuple(auspraegungen)
        super().__init__(merkmal)


def als_text(wert: Any) -> str:
    """Ausprägung als Text: leeres Feld ``""``, ganze Zahlen ohne Nachkommastellen."""
    if wert is None or (isinstance(wert, float) and math.isnan(wert)):
        return ""
    if isinstance(wert, float) and wert.is_integer():
        return str(int(wert))
    text = str(wert).strip()
    return "" if text in {"<NA>", "nan", "NaT"} else text


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


def lies_zeilen(auswahl: Auswahl, tabelle: Tabelle, merkmale: Sequence[str]) -> list[dict[Any, Any]]:
    """Zeilen der Auswahl; Merkmale, Basis und Gebietsstand als Text.

    Gefiltert wird nach den ``merkmale``; nicht genannte werden auf ihre Summenzeile beschränkt.

    Raises:
        MerkmalOffen: wenn ein nicht genanntes Merkmal gliedert und keine Summenzeile da ist.
    """
    werte = tabelle.werte[tabelle.werte["groesse"] == auswahl.groesse]
    genannt = [m for m in merkmale if m in auswahl.wo]
    for merkmal in genannt:
        werte = _behalte(
            werte, merkmal, [a for a in _auspraegungen(werte, merkmal) if passt(a, auswahl.wo[merkmal])]
        )
    for merkmal in merkmale:
        if merkmal not in auswahl.wo:
            werte = _behalte(werte, merkmal, _insgesamt(_auspraegungen(werte, merkmal), merkmal))
    textspalten = [*tabelle.merkmale, "basis", "gebietsstand"]
    return [{**z, **{s: als_text(z[s]) for s in textspalten}} for z in werte.to_dict("records")]


def _auspraegungen(werte: pd.DataFrame, merkmal: str) -> list[str]:
    return list(dict.fromkeys(als_text(w) for w in werte[merkmal].unique()))


def _behalte(werte: pd.DataFrame, merkmal: str, auspraegungen: Iterable[str]) -> pd.DataFrame:
    """Nur Zeilen mit diesen Ausprägungen."""
    gewollt = set(auspraegungen)
    roh = [w for w in werte[merkmal].unique() if als_text(w) in gewollt]
    return werte if len(roh) == werte[merkmal].nunique(dropna=False) else werte[werte[merkmal].isin(roh)]


def _insgesamt(auspraegungen: list[str], merkmal: str) -> list[str]:
    if len(auspraegungen) <= 1:
        return auspraegungen
    summen = [a for a in auspraegungen if a.casefold() in INSGESAMT]
    if not summen:
        raise MerkmalOffen(merkmal, auspraegungen)
    return summen
