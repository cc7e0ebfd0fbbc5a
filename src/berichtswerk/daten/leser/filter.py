"""Welche Zeilen gelesen werden: ``wo``, ``ohne`` und ``auslassen``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from berichtswerk.daten.lesearten import Angaben
from berichtswerk.daten.leser.grund import Verbunden, Zeile, als_text
from berichtswerk.daten.leser.kopf import SpalteFehlt, Tabellenkopf, glatt


def gefuellte(zeile: Zeile) -> Iterator[str]:
    """Die nicht leeren Felder als Text; verbundene Zellen zählen nur einmal."""
    for feld in zeile.felder:
        if not isinstance(feld, Verbunden) and (text := als_text(feld).strip()):
            yield text


class Zeilenfilter:
    """Die Zeilenfilter eines Blocks."""

    def __init__(self, angaben: Angaben) -> None:
        self._angaben = angaben
        self._auslassen = [re.compile(muster) for muster in angaben.auslassen]
        self._wo: list[tuple[int, re.Pattern[str], bool]] = []

    def loese_auf(self, kopf: Tabellenkopf) -> Iterator[SpalteFehlt]:
        """Sucht die genannten Spalten; was fehlt, kommt zurück."""
        for bedingungen, soll in ((self._angaben.wo, True), (self._angaben.ohne, False)):
            for spalte, texte in bedingungen.items():
                nummer = spalte.isdigit() and spalte not in kopf.namen
                try:
                    stelle = kopf.stelle(int(spalte) if nummer else spalte)
                except SpalteFehlt as fehler:
                    yield fehler
                    continue
                self._wo.append((stelle, _regel(texte), soll))

    def auslassen(self, zeile: Zeile) -> bool:
        """Ob die Zeile nach ``auslassen`` überlesen wird."""
        if not self._auslassen:
            return False
        text = " | ".join(gefuellte(zeile))
        return any(muster.search(text) for muster in self._auslassen)

    def passt(self, zeile: Zeile) -> bool:
        """Ob die Zeile alle Bedingungen aus ``wo`` und ``ohne`` erfüllt."""
        for stelle, regel, soll in self._wo:
            text = glatt(als_text(zeile.felder[stelle])) if stelle < len(zeile.felder) else ""
            if bool(regel.search(text)) is not soll:
                return False
        return True


def _regel(texte: Sequence[str]) -> re.Pattern[str]:
    teile = [
        f"(?:{t[1:-1]})" if len(t) > 2 and t[0] == t[-1] == "/" else rf"\A{re.escape(glatt(t))}\Z"
        for t in texte
    ]
    return re.compile("|".join(teile))
