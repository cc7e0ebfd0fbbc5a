"""Das Archiv eines Projekts: was beschlossen ist, unter der Prüfsumme seines Inhalts, jeder Inhalt einmal.

Es liegt in ``archiv/`` und gehört zum Projekt wie Texte und Daten (die Ablage in ``.berichtswerk/`` darf
dagegen jederzeit verschwinden). Geschrieben wird ganz oder gar nicht, gelesen nur, was zur Prüfsumme passt.
"""

from __future__ import annotations

import json
import lzma
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from berichtswerk.grund.ablage import pruefsumme, raeume_reste, schreibe_ganz
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldungen
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
    """Prüfsumme → Inhalt, gepackt als ``archiv/ab/<prüfsumme>.xz``; auch als Paket aus vielen Texten."""

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

    def hole(self, summe: str, was: str = "") -> bytes:
        """Der Inhalt zu einer Prüfsumme; ``was`` ist es, falls es zu melden ist.

        Raises:
            BerichtswerkFehler: ``archiv-fehlt`` oder ``archiv-beschaedigt``.
        """
        pfad = self.ort(summe)
        try:
            inhalt = lzma.decompress(pfad.read_bytes())
        except FileNotFoundError:
            raise BerichtswerkFehler(ArchivFehlt.melde(datei=self.projekt.relativ(pfad), ort=was)) from None
        except (OSError, lzma.LZMAError, EOFError):
            inhalt = b""
        if pruefsumme(inhalt) != summe:
            raise BerichtswerkFehler(ArchivBeschaedigt.melde(datei=self.projekt.relativ(pfad), ort=was))
        return inhalt

    def lege_paket(self, texte: Iterable[bytes]) -> str:
        """Legt viele ähnliche Texte (UTF-8) zusammen ab, in dieser Folge: so braucht, was sich gleicht, wenig
        Platz. Gibt die Prüfsumme des Pakets zurück.

        Raises:
            OSError: es lässt sich nicht schreiben.
        """
        inhalt = {pruefsumme(text): text.decode() for text in texte}
        return self.lege(json.dumps(inhalt, ensure_ascii=False, indent=0).encode())

    def paket(self, summe: str, was: str = "") -> dict[str, bytes]:
        """Prüfsumme → Inhalt von allem, was in einem Paket liegt.

        Raises:
            BerichtswerkFehler: ``archiv-fehlt`` oder ``archiv-beschaedigt``.
        """
        return {s: text.encode() for s, text in json.loads(self.hole(summe, was)).items()}

    def hole_alle(self, summen: Mapping[str, str], pakete: Iterable[str] = ()) -> dict[str, bytes]:
        """Prüfsumme → Inhalt zu Dateien (Name → Prüfsumme), aus den Paketen oder einzeln.

        Raises:
            BerichtswerkFehler: alles, was fehlt oder beschädigt ist, auf einmal.
        """
        meldungen, inhalte, heil = Meldungen(), dict[str, bytes](), True
        erste = next((n for n in sorted(summen) if n.startswith("berichte/")), "")
        for paket in pakete:
            try:
                inhalte |= self.paket(paket, f"Seiten und Texte zu {erste}")
            except BerichtswerkFehler as fehler:
                meldungen.neue(fehler.meldungen)
                heil = False
        for name, summe in sorted(summen.items()):
            try:
                if summe not in inhalte and (
                    heil or self.ort(summe).exists()
                ):  # was im Paket läge, ist gemeldet
                    inhalte[summe] = self.hole(summe, name)
            except BerichtswerkFehler as fehler:
                meldungen.neue(fehler.meldungen)
        meldungen.pruefe()
        return inhalte

    def groesse(self, summen: Iterable[str]) -> int:
        """So viele Bytes belegen diese Inhalte, jeder einmal gezählt."""
        pfade = {self.ort(s) for s in summen}
        return sum(p.stat().st_size for p in pfade if p.is_file())

    def raeume_auf(self) -> None:
        """Löscht, was ein abgebrochener Befehl halb geschrieben hinterließ."""
        raeume_reste(self.projekt.archiv)
