"""Das Archiv eines Projekts: was beschlossen ist, unter der Prüfsumme seines Inhalts, jeder Inhalt einmal.

Es liegt in ``archiv/`` und gehört zum Projekt wie Texte und Daten (die Ablage in ``.berichtswerk/`` darf
dagegen jederzeit verschwinden). Geschrieben wird ganz oder gar nicht, gelesen nur, was zur Prüfsumme passt.
"""

from __future__ import annotations

import lzma
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from berichtswerk.grund.ablage import pruefsumme, raeume_reste, schreibe_ganz
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt

_ENDUNG = ".xz"


class ArchivFehlt(Befundart):
    text = "Im Archiv fehlt ein Inhalt, der zu einer Ausgabe gehört."
    ursache = "Die Datei wurde gelöscht oder kam beim Kopieren des Projekts nicht mit."
    abhilfe = "Holen Sie den Ordner archiv/ aus der Sicherung oder der Versionsverwaltung zurück."


class ArchivBeschaedigt(ArchivFehlt):
    kennung = "archiv-beschaedigt"
    text = "Im Archiv passt ein Inhalt nicht zu seiner Prüfsumme."
    ursache = "Die Datei wurde verändert oder ist beschädigt; sie wird nicht benutzt."


@dataclass(frozen=True, slots=True)
class Archiv:
    """Prüfsumme → Inhalt, gepackt als ``archiv/ab/<prüfsumme>.xz``."""

    projekt: Projekt

    def ort(self, summe: str) -> Path:
        """Wo ein Inhalt liegt oder läge."""
        return self.projekt.archiv / summe[:2] / f"{summe}{_ENDUNG}"

    def lege(self, inhalt: bytes) -> str:
        """Legt einen Inhalt ab, wenn er noch nicht da ist; gibt seine Prüfsumme zurück.

        Raises:
            OSError: es lässt sich nicht schreiben.
        """
        summe = pruefsumme(inhalt)
        if not self.hat(summe):
            schreibe_ganz(self.ort(summe), lzma.compress(inhalt, preset=6))
        return summe

    def hat(self, summe: str) -> bool:
        """Ob der Inhalt da und unbeschädigt ist."""
        try:
            self.hole(summe)
        except BerichtswerkFehler:
            return False
        return True

    def hole(self, summe: str) -> bytes:
        """Der Inhalt zu einer Prüfsumme.

        Raises:
            BerichtswerkFehler: ``archiv-fehlt`` oder ``archiv-beschaedigt``.
        """
        pfad = self.ort(summe)
        try:
            inhalt = lzma.decompress(pfad.read_bytes())
        except FileNotFoundError:
            raise BerichtswerkFehler(ArchivFehlt.melde(datei=self.projekt.relativ(pfad))) from None
        except (OSError, lzma.LZMAError, EOFError):
            inhalt = b""
        if pruefsumme(inhalt) != summe:
            raise BerichtswerkFehler(ArchivBeschaedigt.melde(datei=self.projekt.relativ(pfad)))
        return inhalt

    def groesse(self, summen: Iterable[str]) -> int:
        """So viele Bytes belegen diese Inhalte, jeder einmal gezählt."""
        pfade = {self.ort(s) for s in summen}
        return sum(p.stat().st_size for p in pfade if p.is_file())

    def raeume_auf(self) -> None:
        """Löscht, was ein abgebrochener Befehl halb geschrieben hinterließ."""
        raeume_reste(self.projekt.archiv)
