"""Was erst entsteht, wenn jemand danach fragt: PDF und Suchverzeichnis."""

from __future__ import annotations

import threading
from pathlib import Path

from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.grund.meldung import Meldung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.site.suche import verzeichne
from berichtswerk.vorschau import blatt


class Nachfrage:
    """Setzt jedes PDF höchstens einmal je Fassung und baut das Suchverzeichnis nur, wenn es veraltet ist."""

    def __init__(self, projekt: Projekt, bau: Path) -> None:
        self._projekt, self._bau = projekt, bau
        self._schloss = threading.Lock()
        self._gedruckt: dict[str, str] = {}
        self._gesetzt: dict[str, blatt.Gesetzt] = {}
        self._layout = 0
        self.suche_veraltet = True

    def veralte(self) -> None:
        """Das Layout hat sich geändert: jedes PDF ist neu zu setzen."""
        self._layout += 1

    def nimm(self, stamm: str, gesetzt: blatt.Gesetzt) -> None:
        """Merkt die zuletzt gelungene Seite eines Berichts; aus ihr entsteht sein PDF."""
        self._gesetzt[stamm] = gesetzt

    def hat(self, stamm: str) -> bool:
        """Ob es von diesem Bericht schon etwas zu drucken gibt."""
        return stamm in self._gesetzt

    def pdf(self, auftrag: Auftrag, fassung: str) -> list[Meldung]:
        """Sorgt für das PDF dieser Fassung in ``bau``; die Fehler, wenn es nicht gelingt."""
        stand = f"{fassung}/{self._layout}"
        ziel = self._bau / f"{auftrag.ziel}.pdf"
        with self._schloss:
            if self._gedruckt.get(auftrag.stamm) == stand and ziel.is_file():
                return []
            try:
                blatt.drucke(self._projekt, self._gesetzt[auftrag.stamm], ziel)
            except Exception as fehler:
                return blatt.meldungen_zu(fehler, self._projekt.relativ(auftrag.ordner / "texte"))
            self._gedruckt[auftrag.stamm] = stand
            return []

    def suche(self) -> None:
        """Sorgt für ein aktuelles Suchverzeichnis."""
        with self._schloss:
            if self.suche_veraltet:
                self.suche_veraltet = False
                verzeichne(self._bau)
