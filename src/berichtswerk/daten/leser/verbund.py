"""Verbundene Zellen und Formeln eines Blattes finden, ohne es ganz in den Speicher zu nehmen."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from berichtswerk.daten.leser.grund import Verbunden

_VERBUND = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_FORMEL = re.compile(rb"<(?:\w+:)?f[\s>/]")
_STUECK = 1 << 20
_UEBERLAPP = 200

Bereich = tuple[int, int, int, int]
"""erste Zeile, erste Spalte, letzte Zeile, letzte Spalte; Zeilen ab 1, Spalten ab 0"""


@dataclass(frozen=True)
class Blattbefund:
    """Was vor dem Lesen über ein Blatt bekannt sein muss."""

    verbund: tuple[Bereich, ...] = ()
    formeln: bool = False


def untersuche_blatt(mappe: Path, teil: str) -> Blattbefund:
    """Durchsucht das XML eines Blattes stückweise nach verbundenen Zellen und Formeln."""
    bereiche: dict[Bereich, None] = {}
    formeln = False
    with zipfile.ZipFile(mappe) as paket, paket.open(teil.lstrip("/")) as datei:
        rest = b""
        while stueck := datei.read(_STUECK):
            text = rest + stueck
            formeln = formeln or _FORMEL.search(text) is not None
            for treffer in _VERBUND.finditer(text):
                links, oben, rechts, unten = treffer.groups()
                bereiche[(int(oben), spaltennummer(links), int(unten), spaltennummer(rechts))] = None
            rest = text[-_UEBERLAPP:]
    return Blattbefund(tuple(bereiche), formeln)


def spaltennummer(buchstaben: bytes | str) -> int:
    """Stelle ab 0 zu einem Spaltenbuchstaben (A → 0)."""
    text = buchstaben.decode("ascii") if isinstance(buchstaben, bytes) else buchstaben
    stelle = 0
    for zeichen in text:
        stelle = stelle * 26 + ord(zeichen) - 64
    return stelle - 1


class Verbund:
    """Setzt in verbundene Bereiche den Wert der ersten Zelle ein, als solchen kenntlich."""

    def __init__(self, bereiche: Iterable[Bereich]) -> None:
        self._kommend = sorted(bereiche, reverse=True)
        self._offen: list[tuple[Bereich, Any]] = []

    def fuelle(self, nr: int, felder: list[Any]) -> list[Any]:
        """Die Felder der Zeile ``nr``; Zeilen müssen der Reihe nach kommen."""
        while self._kommend and self._kommend[-1][0] <= nr:
            bereich = self._kommend.pop()
            wert = felder[bereich[1]] if bereich[0] == nr and bereich[1] < len(felder) else None
            if wert is not None:
                self._offen.append((bereich, wert))
        if not self._offen:
            return felder
        self._offen = [(b, w) for b, w in self._offen if b[2] >= nr]
        for (oben, links, _, rechts), wert in self._offen:
            felder.extend([None] * (rechts + 1 - len(felder)))
            for stelle in range(links, rechts + 1):
                if (oben, links) != (nr, stelle):
                    felder[stelle] = Verbunden(wert)
        return felder
