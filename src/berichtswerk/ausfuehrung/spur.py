"""Die Spur eines Ergebnisses: alles, woraus es entstand, mit Prüfsummen; gilt sie noch, gilt das Ergebnis.

Einträge sind Namen ab der Projektwurzel (``daten/gebiete.yaml``), Ordner (``daten/quellen/``: welche Namen
darin liegen), Module des Programms (``modul:fach/reihe.py``) und Fassungen (``fassung:typst``).
"""

from __future__ import annotations

import platform
from collections.abc import Iterable, Mapping
from pathlib import Path

from berichtswerk.grund.ablage import Ablage, code_gleich, dateisumme, fassung, schluessel_aus
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke import marke

PAKET = Path(__file__).resolve().parents[1]
MODUL = "modul:"
FASSUNG = "fassung:"
Spur = Mapping[str, str]


class Summen:
    """Prüfsummen eines Projekts für einen Lauf: jede Datei wird höchstens einmal gelesen."""

    def __init__(self, projekt: Projekt) -> None:
        self.projekt, self.ablage = projekt, Ablage.von(projekt)
        self._bekannt: dict[str, str] = {}

    def summe(self, name: str) -> str:
        """Prüfsumme eines Eintrags; leer, wenn es ihn nicht (mehr) gibt."""
        if name not in self._bekannt:
            self._bekannt[name] = self._rechne(name)
        return self._bekannt[name]

    def _rechne(self, name: str) -> str:
        if name.startswith(FASSUNG):
            was = name.removeprefix(FASSUNG)
            return platform.python_version() if was == "python" else fassung(was)
        if name.startswith(MODUL):
            return dateisumme(PAKET / name.removeprefix(MODUL))
        if name.startswith(marke.FORM):
            return "gilt" if name == marke.FORM + marke.form(self.projekt) else ""
        pfad = self.projekt.wurzel / name
        return ordnersumme(pfad) if name.endswith("/") else dateisumme(pfad)

    def nimm_auf(self, namen: Iterable[str]) -> dict[str, str]:
        """Die Spur dieser Namen, wie sie jetzt sind; von Modulen bleibt eine Abschrift zum Vergleichen."""
        spur = {name: self.summe(name) for name in sorted(set(namen))}
        for name, summe in spur.items():
            if name.startswith(MODUL) and summe:
                self.ablage.lege_einmal("modul", summe, PAKET / name.removeprefix(MODUL))
        return spur

    def abweichung(self, spur: Spur) -> str:
        """Der erste Eintrag, der nicht mehr gilt, in Worten; leer, wenn alles gilt.

        Ein Modul gilt auch dann noch, wenn sich nur Kommentare oder Beschreibungen geändert haben.
        """
        for name, damals in spur.items():
            heute = self.summe(name)
            if heute == damals or (name.startswith(MODUL) and self._tut_dasselbe(name, damals)):
                continue
            return worte(name, damals, heute)
        return ""

    def _tut_dasselbe(self, name: str, damals: str) -> bool:
        alt = self.ablage.hole("modul", damals)
        try:
            return alt is not None and code_gleich(alt, (PAKET / name.removeprefix(MODUL)).read_bytes())
        except OSError:
            return False


def worte(name: str, damals: str, heute: str) -> str:
    """Was an einem Eintrag anders ist, z. B. ``daten/gebiete.yaml geändert``."""
    if name.startswith(FASSUNG):
        return f"{name.removeprefix(FASSUNG)} {damals} → {heute}"
    if name.startswith(MODUL):
        return f"Berichtswerk geändert: {name.removeprefix(MODUL)}"
    if name.startswith(marke.FORM):
        return f"{marke.DATEI}: Schrift oder Zuordnung der Farben geändert"
    if name.endswith("/"):
        return f"{name}: Dateien hinzugekommen oder entfernt"
    return f"{name} {'geändert' if damals and heute else 'fehlt' if damals else 'ist neu'}"


def ordnersumme(pfad: Path) -> str:
    """Prüfsumme der Namen in einem Ordner; leer, wenn es ihn nicht gibt."""
    try:
        return schluessel_aus(*sorted(p.name for p in pfad.iterdir() if p.name[0] not in "._"))
    except OSError:
        return ""
