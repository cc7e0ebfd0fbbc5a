"""Die gelesene Tabelle: lange Werte mit Status, Ort in der Datei und Rohtext."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from berichtswerk.daten.quelle import Quelle

if TYPE_CHECKING:
    import pandas as pd

KOPFSPALTEN = ("gebiet", "zeit", "jahr")
WERTSPALTEN = (
    "groesse", "wert", "status", "basis", "gebietsstand", "datei", "zeile", "spalte", "roh",
)  # fmt: skip


def als_text(wert: Any) -> str:
    """Ausprägung als Text: leeres Feld ``""``, ganze Zahlen ohne Nachkommastellen."""
    if wert is None or (isinstance(wert, float) and math.isnan(wert)):
        return ""
    if isinstance(wert, float) and wert.is_integer():
        return str(int(wert))
    text = str(wert).strip()
    return "" if text in {"<NA>", "nan", "NaT"} else text


@dataclass(frozen=True)
class Tabelle:
    """Alle Werte einer Quelle in langer Form.

    ``werte`` hat die Spalten ``gebiet``, ``zeit``, ``jahr`` (int), die Merkmale (Text), ``groesse``,
    ``wert`` (float64; NaN nur, wenn der Status keine Zahl hat), ``status``, ``basis``, ``gebietsstand``
    (leer = unbekannt), ``datei`` (ab Projektwurzel), ``zeile`` (physisch, ab 1), ``spalte`` (Kopftext,
    bei Tabellenkalkulation ``Blatt!F``) und ``roh`` (Text der Lieferung).
    """

    quelle: Quelle
    werte: pd.DataFrame

    @cached_property
    def merkmale(self) -> tuple[str, ...]:
        """Namen der Merkmalsspalten."""
        fest = {*KOPFSPALTEN, *WERTSPALTEN}
        return tuple(str(name) for name in self.werte.columns if name not in fest)

    @property
    def groessen(self) -> tuple[str, ...]:
        """Namen der Messgrößen in der Reihenfolge ihres Auftretens."""
        return tuple(self.werte["groesse"].unique())

    @cached_property
    def zeilen(self) -> Mapping[str, list[dict[str, Any]]]:
        """Messgröße → ihre Zeilen, einmal aufbereitet; Merkmale, Basis und Gebietsstand als Text.

        Wer Werte sucht, findet sie hier ohne die ganze Tabelle zu filtern. Zeilen nicht verändern.
        """
        texte = {*self.merkmale, "basis", "gebietsstand"}
        spalten = {}
        for name in map(str, self.werte.columns):
            inhalt = self.werte[name].tolist()
            if name in texte:
                bekannt = {wert: als_text(wert) for wert in set(inhalt)}
                inhalt = [bekannt[wert] for wert in inhalt]
            spalten[name] = inhalt
        je_groesse: dict[str, list[dict[str, Any]]] = {}
        for fach in zip(*spalten.values(), strict=True):
            zeile = dict(zip(spalten, fach, strict=True))
            je_groesse.setdefault(zeile["groesse"], []).append(zeile)
        return je_groesse
