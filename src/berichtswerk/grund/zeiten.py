"""Wo die Zeit bleibt: Abschnitte eines Laufs, je Bericht, auch über Fäden hinweg (``render --zeiten``)."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_BERICHT: ContextVar[str] = ContextVar("bericht", default="")
_SCHLOSS = threading.Lock()
_ABSCHNITTE: list[Abschnitt] = []


@dataclass(frozen=True, slots=True)
class Abschnitt:
    """Ein gemessener Abschnitt; Zeiten in Sekunden von ``time.perf_counter()``."""

    was: str
    bericht: str
    von: float
    bis: float

    @property
    def dauer(self) -> float:
        """Sekunden."""
        return self.bis - self.von


@contextmanager
def bericht(stamm: str) -> Iterator[None]:
    """Alles darin Gemessene gehört zu diesem Bericht."""
    marke = _BERICHT.set(stamm)
    try:
        yield
    finally:
        _BERICHT.reset(marke)


@contextmanager
def miss(was: str) -> Iterator[None]:
    """Misst einen Abschnitt."""
    von = time.perf_counter()
    try:
        yield
    finally:
        trage_ein(was, _BERICHT.get(), von, time.perf_counter())


def trage_ein(was: str, stamm: str, von: float, bis: float) -> None:
    """Trägt einen anderswo gemessenen Abschnitt ein."""
    with _SCHLOSS:
        _ABSCHNITTE.append(Abschnitt(was, stamm, von, bis))


def gemessen() -> tuple[Abschnitt, ...]:
    """Alles bisher Gemessene in der Reihenfolge des Beginns."""
    with _SCHLOSS:
        return tuple(sorted(_ABSCHNITTE, key=lambda a: (a.von, a.bis)))


def beginne() -> None:
    """Vergisst, was vorher gemessen wurde."""
    with _SCHLOSS:
        _ABSCHNITTE.clear()
