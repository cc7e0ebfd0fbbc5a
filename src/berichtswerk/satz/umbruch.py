"""Abbildungen ohne Löcher: welche an den Kopf der nächsten Seite rücken, damit der Text davor weiterläuft.

Gemessen wird am wirklichen Umbruch. Je Runde fällt in jedem Kapitel eine Entscheidung, denn sie verschiebt
alles dahinter; Kapitel beginnen auf neuen Seiten und hängen nicht voneinander ab. Es bleibt bei dem Umbruch,
der nach :data:`RUNDEN` Runden erreicht ist: er ist immer gültig, nur vielleicht nicht lückenlos.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

RUNDEN = 8
LOCH_PT = 60.0
"""Kleinere Reste am Seitenfuß (in Punkt) fallen nicht auf; dafür lohnt kein Verschieben."""
_OBEN = "#let bw-oben = ()"
_VERMESSEN = "#let bw-vermessen = false"


@dataclass(frozen=True, slots=True)
class Stelle:
    """Wo eine Abbildung steht: Seite davor (``anker``), eigene Seite, Rest der Seite davor in Punkt."""

    marke: str
    anker: int
    seite: int
    rest: float
    kapitel: int
    am_titel: bool


def mit_umbruch(quelle: str, oben: tuple[str, ...], *, vermessen: bool) -> str:
    """Der Typst-Text mit den Abbildungen, die nach oben rücken, und mit oder ohne Messstellen."""
    liste = "".join(f'"{marke}", ' for marke in oben)
    quelle = quelle.replace(_OBEN, f"#let bw-oben = ({liste})", 1)
    return quelle.replace(_VERMESSEN, "#let bw-vermessen = true", 1) if vermessen else quelle


def lies_stellen(antwort: str) -> list[Stelle]:
    """Die Messwerte aus der Abfrage ``<bw-ort>``."""
    return [
        Stelle(w["marke"], w["anker"], w["seite"], w["rest"], w["kapitel"], w["am-titel"])
        for w in json.loads(antwort)
    ]


def naechste(stellen: list[Stelle], oben: frozenset[str]) -> set[str]:
    """In jedem Kapitel höchstens eine weitere Abbildung, die nach oben rücken soll.

    Das ist die erste, die ein Loch reißt, oder eine, die sonst vor einer früheren stünde.
    """
    neu = set()
    for _, gruppe in groupby(stellen, key=lambda s: s.kapitel):
        wartet = 0
        for s in gruppe:
            if s.marke in oben:
                wartet = max(wartet, s.seite)
            elif s.seite < wartet or (s.seite > s.anker and s.rest > LOCH_PT and not s.am_titel):
                neu.add(s.marke)
                break
    return neu


def entscheide(miss: Callable[[tuple[str, ...]], str]) -> tuple[str, ...]:
    """Ruft ``miss`` mit den bisherigen Entscheidungen, bis keine Abbildung mehr rücken soll."""
    oben: set[str] = set()
    for _ in range(RUNDEN):
        weitere = naechste(lies_stellen(miss(tuple(sorted(oben)))), frozenset(oben))
        if not weitere:
            break
        oben |= weitere
    return tuple(sorted(oben))
