"""Ähnliche Namen vorschlagen, wenn ein Name nicht gefunden wird."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches


def aehnliche(gesucht: str, auswahl: Iterable[str], anzahl: int = 3) -> tuple[str, ...]:
    """Die ``anzahl`` ähnlichsten Namen, der ähnlichste zuerst; Groß- und Kleinschreibung zählt nicht."""
    klein: dict[str, str] = {}
    for name in auswahl:
        klein.setdefault(name.casefold(), name)
    treffer = get_close_matches(gesucht.casefold(), list(klein), n=anzahl, cutoff=0.55)
    return tuple(klein[t] for t in treffer)


def aufgezaehlt(namen: Iterable[str], hoechstens: int = 12) -> str:
    """Schreibt Namen als „a“, „b“, „c“; nach ``hoechstens`` Namen steht, wie viele noch folgen."""
    liste = list(namen)
    text = ", ".join(f"„{name}“" for name in liste[:hoechstens])
    rest = len(liste) - hoechstens
    return f"{text} und {rest} weitere" if rest > 0 else text


def meinten(gesucht: str, auswahl: Iterable[str]) -> str:
    """„Meinten Sie …? “ vor dem Rest eines Satzes; leer, wenn nichts ähnlich ist."""
    nah = aehnliche(gesucht, auswahl)
    return f"Meinten Sie {aufgezaehlt(nah)}? " if nah else ""


def vorschlag(gesucht: str, auswahl: Iterable[str], *, sonst: str = "Bekannt sind: ") -> str:
    """„Meinten Sie …?“ oder, wenn nichts ähnlich ist, die Aufzählung des Bekannten."""
    namen = list(auswahl)
    return meinten(gesucht, namen).rstrip() or (f"{sonst}{aufgezaehlt(namen)}." if namen else "")
