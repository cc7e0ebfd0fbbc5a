"""Was jeder Leser einer Arbeitsmappe liefert: Blätter mit Zellen, Verbundenem und Verstecktem."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

from berichtswerk.daten.leser.grund import HOCH, Gezeichnet, Prozentzelle, Verbunden, als_text

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


def abgesetzt(davor: str, tief: bool, hoch: bool) -> bool:
    """Ob ein Textstück für sich steht: hochgestellt, oder tiefgestellt hinter einer Ziffer (nicht in CO₂)."""
    return hoch or (tief and davor[-1:].isdigit())


def gezeichnet(stuecke: list[tuple[str, bool, bool]]) -> str:
    """Aus Textstücken (Text, hochgestellt, durchgestrichen) der Inhalt einer Zelle.

    Ein Exponent („km²“) gehört zum Text; alles andere Hochgestellte ist eine Fußnote und steht für sich.
    Mitten in einer Zahl bleibt es kenntlich stehen: „7₂5“ ist nicht 75 und nicht 725.
    """
    ist_gestrichen = any(strich and text.strip() for text, _, strich in stuecke)
    if not ist_gestrichen and not any(hoch for _, hoch, _ in stuecke):
        return "".join(text for text, _, _ in stuecke)
    text = fussnote = ""
    for nr, (stueck, hoch, _) in enumerate(stuecke, start=1):
        danach = "".join(t for t, h, _ in stuecke[nr:] if not h)
        if hoch and text[-1:].isdigit() and danach[:1].isdigit():
            text += stueck.translate(HOCH)
        elif hoch and not (stueck.strip() in {"2", "3"} and _EINHEIT.search(text)):
            fussnote += stueck
        else:
            text += stueck
    if ganz := not text.strip() and bool(fussnote.strip()):
        text, fussnote = fussnote, ""
    fussnote = fussnote.strip()
    if not (ist_gestrichen or fussnote or ganz):
        return text
    rest = "".join(t for t, hoch, strich in stuecke if not hoch and not strich).strip()
    return Gezeichnet(text, fussnote, ist_gestrichen, rest if ist_gestrichen and rest else None, ganz)


def mit_schrift(inhalt: Any, strich: bool, hoch: bool) -> Any:
    """Der Inhalt einer Zelle, deren ganze Schrift durchgestrichen oder hochgestellt ist."""
    if inhalt is None or not (strich or hoch):
        return inhalt
    if isinstance(inhalt, Gezeichnet):  # Stücke haben ihre eigene Schrift
        return Gezeichnet(
            inhalt, inhalt.hoch, strich or inhalt.gestrichen, None if strich else inhalt.wert, inhalt.ganz
        )
    ist_zahl = isinstance(inhalt, int | float | Prozentzelle) and not isinstance(inhalt, bool)
    return Gezeichnet(als_text(inhalt), "", strich, inhalt if ist_zahl else None, hoch)


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
