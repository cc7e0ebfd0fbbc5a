"""Was eine Prüfung bekommt: Quelle, gelesene Tabelle, Gebiete, der heutige Tag."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import numpy as np

from berichtswerk.daten.gebiete import Gebietsverzeichnis
from berichtswerk.daten.leser.grund import Sammler
from berichtswerk.daten.lieferungen import Geltend
from berichtswerk.daten.quelle import Quelle
from berichtswerk.daten.tabelle import Tabelle
from berichtswerk.grund.meldung import Meldung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zeichen import Status

HOECHSTENS = 20
"""So viele gleichartige Befunde einer Quelle werden einzeln genannt."""


@dataclass(frozen=True)
class Pruefling:
    """Eine Quelle vor der Prüfung; ``gelesen`` ist ``None``, solange niemand sie las."""

    quelle: Quelle
    projekt: Projekt
    gebiete: Gebietsverzeichnis
    heute: date
    gelesen: Tabelle | None = None

    @cached_property
    def beschreibung(self) -> str:
        """Pfad der YAML-Datei ab der Projektwurzel."""
        return self.projekt.relativ(self.projekt.quellen / f"{self.quelle.name}.yaml")

    @cached_property
    def datei(self) -> str:
        """Pfad der (ersten) Datendatei ab der Projektwurzel."""
        return self.projekt.relativ(self.quelle.pfad(self.projekt))

    @property
    def dateien(self) -> set[str]:
        """Beschreibung und Datendateien ab der Projektwurzel."""
        return {self.beschreibung, *map(self.projekt.relativ, self.quelle.pfade_aller(self.projekt))}

    @property
    def frueher(self) -> dict[str, str]:
        """Dateien angenommener Lieferungen → die Datei der Beschreibung, an deren Stelle sie gelten."""
        if not isinstance(self.quelle, Geltend) or self.quelle.erste is None:
            return {}
        erste = self.projekt.relativ(self.projekt.daten / self.quelle.erste)
        return {datei: erste for datei in self.dateien if datei != self.beschreibung}

    @property
    def tabelle(self) -> Tabelle:
        """Die gelesene Tabelle."""
        assert self.gelesen is not None
        return self.gelesen

    def nummern(self, spalte: str) -> np.ndarray[Any, np.dtype[np.int32]]:
        """Je Zeile die Nummer des Textes dieser Spalte."""
        return self.tabelle.texte[spalte].zahlen()

    def texte(self, spalte: str) -> list[str]:
        """Nummer → Text dieser Spalte."""
        return self.tabelle.texte[spalte].texte

    @cached_property
    def wert(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Je Zeile der Wert; NaN, wenn der Status keine Zahl hat."""
        return np.array(self.tabelle.wert)

    @cached_property
    def jahr(self) -> np.ndarray[Any, np.dtype[np.int32]]:
        """Je Zeile das (erste) Jahr der Zeit."""
        jahre = np.array(self.tabelle.jahre, np.int32)
        return np.take(jahre, self.nummern("zeit"))

    @cached_property
    def mit_zahl(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Zeilen, deren Status eine Zahl hat."""
        hat_zahl = np.array([Status(s).hat_zahl for s in self.texte("status")], np.bool_)
        return np.take(hat_zahl, self.nummern("status"))

    def ort(self, zeilen: Iterable[int]) -> str:
        """„Zeile 5“ oder „Zeilen 5, 9“ (höchstens sechs) zu Stellen in der Tabelle."""
        liste = sorted({self.tabelle.zeile[stelle] for stelle in zeilen})
        if len(liste) == 1:
            return f"Zeile {liste[0]}"
        return "Zeilen " + ", ".join(map(str, liste[:6])) + (" …" if len(liste) > 6 else "")

    def name(self, schluessel: str) -> str:
        """„Name (Schlüssel)“ eines Gebiets."""
        if schluessel not in self.gebiete:
            return schluessel
        return f"{self.gebiete[schluessel].name} ({schluessel})"


def begrenze(meldungen: Iterable[Meldung]) -> list[Meldung]:
    """Gleiche Befunde einmal mit ihren Stellen; von vielen die ersten und wie viele folgen."""
    sammler = Sammler("", HOECHSTENS)
    for meldung in meldungen:
        sammler.nimm(meldung)
    return sammler.alle()
