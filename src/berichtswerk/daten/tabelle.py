"""Die gelesene Tabelle: lange Werte mit Status, Ort in der Datei und Rohtext."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from berichtswerk.daten.quelle import Quelle

if TYPE_CHECKING:
    import pandas as pd

KOPFSPALTEN = ("gebiet", "zeit", "jahr")
WERTSPALTEN = (
    "groesse", "wert", "status", "basis", "gebietsstand", "datei", "zeile", "spalte", "roh",
)  # fmt: skip


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
