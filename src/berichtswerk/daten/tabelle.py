"""Die gelesene Tabelle: lange Werte mit Status, Ort in der Datei und Rohtext."""

from __future__ import annotations

import math
from collections.abc import Mapping
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


class Tabelle:
    """Alle Werte einer Quelle in langer Form.

    ``werte`` hat die Spalten ``gebiet``, ``zeit``, ``jahr`` (int), die Merkmale (Text), ``groesse``,
    ``wert`` (float64; NaN nur, wenn der Status keine Zahl hat), ``status``, ``basis``, ``gebietsstand``
    (leer = unbekannt), ``datei`` (ab Projektwurzel), ``zeile`` (physisch, ab 1), ``spalte`` (Kopftext,
    bei Tabellenkalkulation ``Blatt!F``) und ``roh`` (Text der Lieferung).
    """

    def __init__(self, quelle: Quelle, werte: pd.DataFrame | Mapping[str, list[Any]]) -> None:
        """Aus einem DataFrame oder aus Spalten (Name → Inhalt in der Reihenfolge der Zeilen)."""
        self.quelle = quelle
        if isinstance(werte, Mapping):
            self._spalten: Mapping[str, list[Any]] | None = werte
        else:
            self._spalten, self.werte = None, werte

    @cached_property
    def werte(self) -> pd.DataFrame:
        """Die lange Form; gebaut erst, wenn jemand sie braucht."""
        import pandas as pd

        werte = pd.DataFrame(dict(self.spalten))
        werte["wert"] = werte["wert"].astype("float64")
        return werte

    @cached_property
    def spalten(self) -> Mapping[str, list[Any]]:
        """Name → Inhalt in der Reihenfolge der Zeilen, als Python-Werte; nicht verändern."""
        if self._spalten is not None:
            return self._spalten
        return {str(name): self.werte[name].tolist() for name in self.werte.columns}

    @cached_property
    def merkmale(self) -> tuple[str, ...]:
        """Namen der Merkmalsspalten."""
        fest = {*KOPFSPALTEN, *WERTSPALTEN}
        return tuple(str(name) for name in self.spalten if name not in fest)

    @property
    def groessen(self) -> tuple[str, ...]:
        """Namen der Messgrößen in der Reihenfolge ihres Auftretens."""
        return tuple(dict.fromkeys(self.spalten["groesse"]))

    def zeilen(self, groesse: str) -> list[dict[str, Any]]:
        """Die Zeilen einer Messgröße, einmal aufbereitet; Merkmale, Basis und Gebietsstand als Text.

        Wer Werte sucht, findet sie hier, ohne die ganze Tabelle zu filtern. Zeilen nicht verändern.
        """
        if groesse not in self._zeilen:
            self._zeilen[groesse] = self._bereite_auf(self._stellen.get(groesse, []))
        return self._zeilen[groesse]

    @cached_property
    def _zeilen(self) -> dict[str, list[dict[str, Any]]]:
        return {}

    @cached_property
    def _stellen(self) -> dict[str, list[int]]:
        """Messgröße → Stellen ihrer Zeilen."""
        stellen: dict[str, list[int]] = {}
        for stelle, groesse in enumerate(self.spalten["groesse"]):
            stellen.setdefault(groesse, []).append(stelle)
        return stellen

    def _bereite_auf(self, stellen: list[int]) -> list[dict[str, Any]]:
        texte = {*self.merkmale, "basis", "gebietsstand"}
        spalten = []
        for name, alle in self.spalten.items():
            inhalt = [alle[stelle] for stelle in stellen]
            if name in texte:
                bekannt = {wert: als_text(wert) for wert in set(inhalt)}
                inhalt = [bekannt[wert] for wert in inhalt]
            spalten.append(inhalt)
        namen = tuple(self.spalten)
        return [dict(zip(namen, zeile, strict=True)) for zeile in zip(*spalten, strict=True)]
