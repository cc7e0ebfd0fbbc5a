"""Was jeder Leser einer Arbeitsmappe liefert: Blätter mit Zellen, Verbundenem und Verstecktem."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from berichtswerk.daten.leser.grund import Gezeichnet, Verbunden

Bereich = tuple[int, int, int, int]
"""erste Zeile, erste Spalte, letzte Zeile, letzte Spalte; Zeilen ab 1, Spalten ab 0"""
Rohzeile = tuple[int, list[Any], bool]
"""Nummer ab 1, Felder und ob die Zeile versteckt ist"""


class Zeilenfolge(Protocol):
    """Die Zeilen eines Blattes der Reihe nach; leere dürfen fehlen."""

    versteckte_spalten: set[int]
    """Stellen ab 0; vollständig, sobald die erste Zeile da ist"""

    def __iter__(self) -> Iterator[Rohzeile]: ...


@dataclass
class Folge:
    """Schon gelesene Zeilen."""

    liste: Iterable[Rohzeile]
    versteckte_spalten: set[int]

    def __iter__(self) -> Iterator[Rohzeile]:
        """Die Zeilen."""
        return iter(self.liste)


@dataclass(frozen=True)
class Rohblatt:
    """Ein Blatt, wie es in der Datei steht."""

    name: str
    versteckt: bool
    zeilen: Callable[[], Zeilenfolge]
    """von vorn, bei jedem Aufruf"""
    verbundene: Callable[[], list[Bereich]]


_EINHEIT = re.compile(r"(^|[\s(/])[kdc]?m$")


def gezeichnet(stuecke: list[tuple[str, bool, bool]]) -> str:
    """Aus Textstücken (Text, hochgestellt, durchgestrichen) der Inhalt einer Zelle.

    Ein Exponent („km²“) gehört zum Text; alles andere Hochgestellte ist eine Fußnote und steht für sich.
    """
    ist_gestrichen = any(strich and text.strip() for text, _, strich in stuecke)
    if not ist_gestrichen and not any(hoch for _, hoch, _ in stuecke):
        return "".join(text for text, _, _ in stuecke)
    text = fussnote = ""
    for stueck, hoch, _ in stuecke:
        if hoch and not (stueck.strip() in {"2", "3"} and _EINHEIT.search(text)):
            fussnote += stueck
        else:
            text += stueck
    if not text.strip():
        text, fussnote = text + fussnote, ""
    return Gezeichnet(text, fussnote.strip(), ist_gestrichen) if ist_gestrichen or fussnote.strip() else text


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
