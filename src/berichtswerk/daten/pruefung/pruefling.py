"""Was eine Prüfung bekommt: Quelle, gelesene Tabelle, Gebiete, der heutige Tag."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from berichtswerk.daten.gebiete import Gebietsverzeichnis
from berichtswerk.daten.quelle import Quelle
from berichtswerk.grund.meldung import Meldung, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zeichen import Status

if TYPE_CHECKING:
    import pandas as pd

    from berichtswerk.daten.tabelle import Tabelle

HOECHSTENS = 20
"""So viele gleichartige Befunde einer Quelle werden einzeln genannt."""


@dataclass(frozen=True)
class Pruefling:
    """Eine Quelle vor der Prüfung; ``tabelle`` ist ``None``, wenn sie sich nicht lesen ließ."""

    quelle: Quelle
    projekt: Projekt
    gebiete: Gebietsverzeichnis
    heute: date
    tabelle: Tabelle | None = None

    @property
    def beschreibung(self) -> str:
        """Pfad der YAML-Datei ab der Projektwurzel."""
        return self.projekt.relativ(self.projekt.quellen / f"{self.quelle.name}.yaml")

    @property
    def datei(self) -> str:
        """Pfad der (ersten) Datendatei ab der Projektwurzel."""
        return self.projekt.relativ(self.quelle.pfad(self.projekt))

    @cached_property
    def merkmale(self) -> tuple[str, ...]:
        """Namen der Merkmalsspalten."""
        return self.tabelle.merkmale if self.tabelle is not None else ()

    @cached_property
    def werte(self) -> pd.DataFrame:
        """Die langen Werte; leere Merkmale als leerer Text, damit sie sich gruppieren lassen.

        Raises:
            ValueError: wenn die Tabelle nicht gelesen ist.
        """
        if self.tabelle is None:
            raise ValueError("Die Tabelle ist nicht gelesen.")
        werte = self.tabelle.werte.copy()
        for spalte in (*self.merkmale, "basis", "gebietsstand"):
            werte[spalte] = werte[spalte].astype("object").where(werte[spalte].notna(), "").astype(str)
        return werte

    @cached_property
    def zahlen(self) -> pd.DataFrame:
        """Nur Zeilen, deren Status eine Zahl hat."""
        mit_zahl = [s.value for s in Status if s.hat_zahl]
        return self.werte[self.werte["status"].isin(mit_zahl)]

    def name(self, schluessel: str) -> str:
        """„Name (Schlüssel)“ eines Gebiets."""
        if schluessel not in self.gebiete:
            return schluessel
        return f"{self.gebiete[schluessel].name} ({schluessel})"


def begrenze(meldungen: Iterable[Meldung], hoechstens: int = HOECHSTENS) -> list[Meldung]:
    """Die ersten Befunde und, wenn es mehr sind, ein Hinweis, wie viele folgen."""
    liste = list(meldungen)
    rest = len(liste) - hoechstens
    if rest <= 0:
        return liste
    letzte = liste[hoechstens - 1]
    mehr = Meldung(
        letzte.kennung, f"Dazu {rest} weitere Befunde dieser Art.", letzte.datei, stufe=Stufe.HINWEIS
    )
    return [*liste[:hoechstens], mehr]


def zeilenangabe(zeilen: Iterable[int]) -> str:
    """„Zeile 5“ oder „Zeilen 5, 9“ (höchstens sechs)."""
    liste = sorted(set(zeilen))
    if len(liste) == 1:
        return f"Zeile {liste[0]}"
    return "Zeilen " + ", ".join(map(str, liste[:6])) + (" …" if len(liste) > 6 else "")
