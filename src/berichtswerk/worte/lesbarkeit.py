"""Wie leicht ein Text zu lesen ist: vierte Wiener Sachtextformel, Satzlänge, lange Wörter, Passiv.

Die Formel ist die von Bamberger und Vanecek (Lesen – Verstehen – Lernen – Schreiben, 1984)::

    WSTF4 = 0,2656 · SL + 0,2744 · MS − 1,693

``SL`` sind die Wörter je Satz, ``MS`` der Anteil der Wörter mit drei und mehr Silben in Prozent. Das Ergebnis
ist ungefähr eine Schulstufe: 4 sehr leicht, 15 sehr schwer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

SATZ_WORTE, WORT_ZEICHEN, STUFE = 15, 14, 8.0
"""Höchstens so viele Wörter je Satz, so viele Zeichen je unerklärtem Wort, so hoch die Stufe des Textes."""
_SATZENDE = re.compile(r"(?<=[^\d\s][.!?:])\s+|(?<=[.!?])\s+(?=[A-ZÄÖÜ])|\n\s*\n|\n(?=\s*[-*#])")
_WORT = re.compile(r"[A-Za-zÄÖÜäöüß]+(?:-[A-Za-zÄÖÜäöüß]+)*")
_SILBE = re.compile(r"aa|ee|ie|oo|ai|ei|au|äu|eu|[aeiouäöüy]", re.I)
_PASSIV = re.compile(r"\b(?:wird|werden|wurden?|worden)\b", re.I)
_PARTIZIP = re.compile(
    r"\b(?:(?:ab|an|auf|aus|ein|fest|her|hin|mit|nach|um|vor|zu)?ge(?!gen\b|nug\b|samt)\w{2,}(?:t|en)|(?:be|ver|er|ent|zer)\w+(?:t|en)|\w+iert)\b"
)
_ERKLAERT = re.compile(r"\*\*(.+?)\*\*")


class Befund(NamedTuple):
    """Eine schwere Stelle: Art (``satz``, ``wort``, ``passiv``), Wortlaut, Maß (Wörter oder Zeichen)."""

    art: str
    was: str
    mass: int


def wiener(worte_je_satz: float, anteil_dreisilber: float) -> float:
    """Die vierte Wiener Sachtextformel; ``anteil_dreisilber`` in Prozent."""
    return 0.2656 * worte_je_satz + 0.2744 * anteil_dreisilber - 1.693


def silben(wort: str) -> int:
    """Silben eines deutschen Worts, gezählt an seinen Vokalen und Doppellauten; mindestens eine."""
    return max(1, len(_SILBE.findall(wort)))


def saetze(text: str) -> list[str]:
    """Die Sätze eines Markdown-Textes ohne Überschriftszeichen; Absätze und Listenpunkte trennen auch."""
    schlicht = re.sub(r"(?m)^#{1,6} +|^\s*[-*] +", "", re.sub(r"(?s)<!--.*?-->", "", text))
    teile = (re.sub(r"\s+", " ", s.replace("**", "")).strip() for s in _SATZENDE.split(schlicht))
    return [s for s in teile if _WORT.search(s)]


def stufe(text: str) -> float:
    """Die Stufe eines Textes nach :func:`wiener`; 0, wenn er keinen Satz hat."""
    alle = saetze(text)
    if not alle:
        return 0.0
    worte = [w for s in alle for w in _worte(s)]
    lang = sum(silben(w) >= 3 for w in worte)
    return wiener(len(worte) / len(alle), 100 * lang / len(worte))


def pruefe(text: str) -> Iterator[Befund]:
    """Zu lange Sätze, lange Wörter ohne Erklärung, Passiv.

    Erklärt ist ein Wort, das der Text einmal fett auszeichnet (``**Grundsicherung**``): dort sagt er, was es
    heißt. Mit Bindestrich gegliedert zählt jeder Teil.
    """
    erklaert = {w.casefold() for fett in _ERKLAERT.findall(text) for w in _WORT.findall(fett)}
    gemeldet: set[str] = set()
    for satz in saetze(text):
        worte = _worte(satz)
        if len(worte) > SATZ_WORTE:
            yield Befund("satz", satz, len(worte))
        for wort in worte:
            laenge = max(map(len, wort.split("-")))
            if laenge > WORT_ZEICHEN and wort.casefold() not in erklaert | gemeldet:
                gemeldet.add(wort.casefold())
                yield Befund("wort", wort, laenge)
        if (hilfe := _PASSIV.search(satz)) and _PARTIZIP.search(satz.replace(hilfe[0], " ")):
            yield Befund("passiv", satz, 1)


def _worte(satz: str) -> list[str]:
    """Wörter und Zahlen; eine Zahl ist ein Wort."""
    return re.findall(r"[A-Za-zÄÖÜäöüß]+(?:-[A-Za-zÄÖÜäöüß]+)*|\d[\d.,\u202f\u00a0]*", satz)
