"""Marken gebundener Zahlen („Beispieldaten“, „Vorausrechnung“) stehen am Ende des Satzes, nie mitten darin.

Beim Einsetzen bleibt hinter der Zahl eine unsichtbare Stelle (:func:`gesetzt`); sind alle Zahlen da, rücken
die Marken ans Satzende (:func:`ans_satzende`). Folgen Sätze mit Beispieldaten aufeinander, steht die Marke
einmal, am Ende des letzten; eine Kern- oder Kurzbotschaft trägt sie am Satz, nicht noch einmal an Beleg und
Zahlen daneben. Was der Satz schon sagt („voraussichtlich“), wird nicht wiederholt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from berichtswerk.grund.zahl import MONATE

_AUF, _ZU, _TRENNT = "\ue000", "\ue001", "\ue002"
_STELLE = re.compile(f"{_AUF}([^{_ZU}]*){_ZU}")
_BLOCK = re.compile(r"(\n[ \t]*\n|\n(?=[ \t]*(?::{3}|\||#{1,6} )))")
_BOTSCHAFT = re.compile(r"(^::: ?\{\.(?:kern|kurz)botschaft\}.*?^:::[ \t]*$)", re.MULTILINE | re.DOTALL)
_PUNKTE = re.compile(r"(\n(?=[ \t]*(?:[-*+]|\d+[.)])[ \t]))")
_LISTE = re.compile(r"\s*(?:[-*+]|\d+[.)])[ \t]")
_PUNKT = re.compile(r"[.!?](?=[*_“]*(?:\s|$))")
_KURZ = re.compile(r"\b(?:[A-Za-zÄÖÜäöü]|Nr|Abs|Art|Abb|Tab|Kap|ca|bzw|usw|etc|vgl|ggf|inkl|einschl|Bd|St)$")
_TAG = re.compile(r"(?<!\d)\d{1,2}$")
_MONAT = re.compile(rf"[ \u00a0\u202f](?:{'|'.join(MONATE)}|Klasse|Lebens|Schul)")
_GESAGT = {
    "Vorausrechnung": re.compile(r"voraussichtlich|[Vv]oraus|würde|wäre|hätte|Szenari"),
    "Beispieldaten": re.compile(r"Beispiel(?:daten|annahmen|rechnung)"),
}
"""Woran man sieht, dass ein Satz eine Marke schon sagt."""


def gesetzt(text: str, marken: Sequence[str]) -> str:
    """Der Text mit der Stelle seiner Marken; die eines ganzen Satzes steht vor seinem Punkt."""
    if not marken:
        return text
    stelle = f"{_AUF}{_TRENNT.join(marken)}{_ZU}"
    return f"{text[:-1]}{stelle}." if text.endswith(".") else f"{text}{stelle}"


def ans_satzende(text: str) -> str:
    """Alle Stellen als „(Beispieldaten)“ am Ende ihres Satzes; Text ohne Stellen bleibt, wie er ist."""
    if _AUF not in text:
        return text
    fertig = []
    for nr, stueck in enumerate(_BOTSCHAFT.split(text)):
        gesagt: set[str] | None = set() if nr % 2 else None
        fertig += [_absatz(t, gesagt) if _AUF in t else t for t in _BLOCK.split(stueck)]
    return "".join(fertig)


def _absatz(text: str, gesagt: set[str] | None) -> str:
    """Ein Absatz; eine Liste Punkt für Punkt. ``gesagt``: was die Botschaft, zu der er gehört, schon sagt."""
    teile = _PUNKTE.split(text) if _LISTE.match(text) else [text]
    return "".join(_block(t, set() if gesagt is None else gesagt) if _AUF in t else t for t in teile)


def _block(block: str, gesagt: set[str]) -> str:
    """Ein Absatz, ein Listenpunkt oder eine Tabellenzeile; dort bleibt die Marke bei ihrer Zahl."""
    if block.lstrip().startswith("|"):
        return _STELLE.sub(lambda m: f" ({', '.join(m[1].split(_TRENNT))})", block)
    saetze = _saetze(block)
    je = [_marken(satz) for satz in saetze]
    gezeigt: set[str] = set()
    voraus = _GESAGT["Vorausrechnung"].search(_STELLE.sub("", block))
    gezeigt.update({"Vorausrechnung"} if voraus else ())
    fertig = []
    for nr, satz in enumerate(saetze):
        danach, ohne = (je[nr + 1] if nr + 1 < len(saetze) else []), _STELLE.sub("", satz)
        neu = [m for m in je[nr] if m not in (danach if m == "Beispieldaten" else gezeigt)]
        neu = [m for m in neu if m not in _GESAGT or not _GESAGT[m].search(ohne)]
        neu = [m for m in neu if m not in gesagt]
        gezeigt.update(neu)
        fertig.append(_mit(ohne, neu))
    gesagt.update(gezeigt)
    return "".join(fertig)


def _marken(satz: str) -> list[str]:
    """Die Marken eines Satzes, jede einmal."""
    return list(dict.fromkeys(m for stelle in _STELLE.finditer(satz) for m in stelle[1].split(_TRENNT)))


def _saetze(block: str) -> list[str]:
    """Der Absatz in Sätzen, jeder mit dem Leerraum danach; „z. B.“ und „1. Juni“ beenden keinen."""
    saetze, ab = [], 0
    for punkt in _PUNKT.finditer(block):
        davor, danach = block[ab : punkt.start()], block[punkt.end() :]
        ohne = _STELLE.sub("", davor)
        if punkt[0] == "." and (_KURZ.search(ohne) or (_TAG.search(ohne) and _MONAT.match(danach))):
            continue
        rest = re.match(r"[*_“]*\s*", danach)
        ende = punkt.end() + (rest.end() if rest else 0)
        saetze.append(block[ab:ende])
        ab = ende
    return [s for s in (*saetze, block[ab:]) if s]


def _mit(satz: str, marken: Sequence[str]) -> str:
    """Der Satz mit seinen Marken vor dem Punkt; steht dort schon eine Klammer, in ihr."""
    if not marken:
        return satz
    text = ", ".join(marken)
    ende = re.search(r"(?P<anker>\s*\{#[^}]*\})?(?P<punkt>[.!?:]?[*_“]*)\s*$", satz)
    stelle = ende.start() if ende else len(satz)
    davor = satz[:stelle].rstrip()
    if davor.endswith(")") and "(" in davor and not davor.endswith("])"):
        return f"{davor[:-1]}; {text}){satz[len(davor) :]}"
    return f"{davor} ({text}){satz[len(davor) :]}"
