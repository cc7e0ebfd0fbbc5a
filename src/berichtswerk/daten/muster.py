"""Reguläre Ausdrücke aus Beschreibungen: wie ``re``, aber mit Zeitgrenze.

Was eine Planerin in eine YAML schreibt, darf das Werk nicht aufhalten: ``(a+)+$`` rechnet an manchem Text
länger als ein Menschenleben. Gesucht wird deshalb mit ``regex``, das nach :data:`SEKUNDEN` aufgibt.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import regex

SEKUNDEN = 1.0
"""So lange darf ein Ausdruck an einem Text suchen."""
GRENZE = 100_000
"""Zeichen; längere Texte werden nicht durchsucht, sondern gemeldet."""


class MusterHaengt(Exception):
    """Ein Ausdruck wird mit einem Text nicht fertig; der Leser macht daraus eine Meldung mit der Datei."""

    def __init__(self, muster: str, text: str) -> None:
        super().__init__(muster)
        self.muster, self.text = muster, text


class Regel:
    """Ein übersetzter Ausdruck; jede Suche hat eine Zeitgrenze.

    Raises:
        MusterHaengt: aus jeder Methode, wenn die Zeit um oder der Text zu lang ist.
    """

    def __init__(self, muster: str) -> None:
        self.muster = muster
        uebersetze: Any = regex.compile
        self._regel: Any = uebersetze(muster)
        self.klammern = int(self._regel.groups)

    def _frage(self, methode: str, text: str, *davor: str) -> Any:
        if len(text) > GRENZE:
            raise MusterHaengt(self.muster, text)
        try:
            return getattr(self._regel, methode)(*davor, text, timeout=SEKUNDEN)
        except TimeoutError:
            raise MusterHaengt(self.muster, text) from None

    def suche(self, text: str) -> Any:
        """Der erste Treffer irgendwo im Text, sonst ``None``."""
        return self._frage("search", text)

    def beginnt(self, text: str) -> bool:
        """Ob der Text so beginnt."""
        return self._frage("match", text) is not None

    def streiche(self, text: str) -> str:
        """Der Text ohne alle Treffer."""
        return str(self._frage("sub", text, ""))

    def schneide(self, text: str) -> str | None:
        """Erste Klammer des Treffers, ohne Klammer der ganze Treffer, ohne Treffer ``None``."""
        treffer = self.suche(text)
        if treffer is None:
            return None
        return next((g for g in treffer.groups() if g is not None), "") if self.klammern else str(treffer[0])


@lru_cache(maxsize=1024)
def regel(muster: str) -> Regel:
    """Der übersetzte Ausdruck.

    Raises:
        ValueError: kein gültiger Ausdruck.
    """
    try:
        return Regel(muster)
    except regex.error as fehler:
        raise ValueError(
            f"„{muster}“ ist kein gültiger regulärer Ausdruck. || Prüfen Sie Klammern und Rückstriche "
            f"(Stelle {fehler.pos})."
        ) from None


def als_muster(text: str) -> Regel | None:
    """Die Regel zu ``/Muster/``; ``None``, wenn der Text keines ist."""
    return regel(text[1:-1]) if len(text) > 2 and text[0] == text[-1] == "/" else None
