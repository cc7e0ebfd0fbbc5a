"""Beschreibungen im Voraus lesen: ein warmer Prozess zerlegt und prüft sie einmal für alle seine Kinder.

Ein Kind liest jede Datei trotzdem selbst; nur wenn ihr Text genau der vorbereitete ist, erspart es sich
Zerlegen und Prüfen. Veraltet kann der Vorrat deshalb nie sein, höchstens unvollständig.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel

from berichtswerk.daten.gebietsdatei import Gebietsdatei
from berichtswerk.daten.quelle import Quelle
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import halte_bereit, lies_yaml, vergiss

Stand = tuple[int, int, int, int]
"""Woran man erkennt, dass eine Datei vermutlich eine andere ist: Knoten, Größe, Änderung, Verwaltung."""


@dataclass
class Vorrat:
    """Die Beschreibungen eines Projekts; ``weitere`` sind Ordner und ihr Modell (etwa die Kennzahlen)."""

    projekt: Projekt
    weitere: dict[Path, type[BaseModel]] = field(default_factory=dict)
    _staende: dict[Path, Stand] = field(default_factory=dict)

    def fuelle_auf(self) -> None:
        """Liest, was neu oder anders ist, und vergisst, was es nicht mehr gibt; Fehler meldet der Lauf."""
        da = dict(self._dateien())
        for pfad in self._staende.keys() - da.keys():
            vergiss(self.projekt.relativ(pfad))
            del self._staende[pfad]
        for pfad, modell in da.items():
            with contextlib.suppress(BerichtswerkFehler, OSError):
                angaben = pfad.stat()
                stand = (angaben.st_ino, angaben.st_size, angaben.st_mtime_ns, angaben.st_ctime_ns)
                if self._staende.get(pfad) != stand:
                    self._staende[pfad] = stand
                    dokument = lies_yaml(pfad, self.projekt)
                    dokument.als(modell)
                    halte_bereit(dokument)

    def _dateien(self) -> Iterator[tuple[Path, type[BaseModel]]]:
        ordner_und_modell: dict[Path, type[BaseModel]] = {self.projekt.quellen: Quelle, **self.weitere}
        for ordner, modell in ordner_und_modell.items():
            for pfad in ordner.glob("*.yaml"):
                yield pfad, modell
        gebiete = self.projekt.daten / "gebiete.yaml"
        if gebiete.is_file():
            yield gebiete, Gebietsdatei
