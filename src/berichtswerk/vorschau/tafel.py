"""Was jede Seite gerade wissen muss: ihre Fassung, offene Fehler, ob an ihr gearbeitet wird.

Seiten fragen nicht nach Ereignissen, sondern nach ihrem Zustand; ein verpasstes Ereignis schadet nie.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from berichtswerk.grund.meldung import Meldung, Stufe


@dataclass(frozen=True, slots=True)
class Zustand:
    """Der Zustand einer Seite; ``fassung`` ändert sich genau dann, wenn sie neu zu laden ist."""

    fassung: str
    meldungen: tuple[Meldung, ...]
    arbeitet: bool


class Tafel:
    """Zustände aller Seiten, von vielen Fäden gelesen und geschrieben.

    ``lauf`` unterscheidet Starts der Vorschau, damit eine offen gebliebene Seite sich neu lädt.
    """

    def __init__(self, lauf: str = "0") -> None:
        self._bedingung = threading.Condition()
        self._lauf, self._alle, self._nummer = lauf, 0, 0
        self._fassungen: Counter[str] = Counter()
        self._meldungen: dict[str, tuple[Meldung, ...]] = {}
        self._arbeit: frozenset[str] = frozenset()
        self._leser: Counter[str] = Counter()
        self.geschlossen = False

    def neue_fassung(self, seite: str | None = None) -> None:
        """Diese Seite (ohne Angabe jede) ist neu zu laden."""
        with self._veraendere():
            if seite is None:
                self._alle += 1
            else:
                self._fassungen[seite] += 1

    def melde(self, seite: str, meldungen: Sequence[Meldung]) -> None:
        """Ersetzt die Fehler einer Seite; ``""`` steht für Fehler, die alle Seiten angehen."""
        fehler = tuple(m for m in meldungen if m.stufe is Stufe.FEHLER)
        with self._veraendere():
            if fehler:
                self._meldungen[seite] = fehler
            else:
                self._meldungen.pop(seite, None)

    def arbeite(self, seiten: frozenset[str]) -> None:
        """An genau diesen Seiten wird gerade gearbeitet."""
        with self._veraendere():
            self._arbeit = seiten

    def fehler(self, seite: str) -> tuple[Meldung, ...]:
        """Fehler dieser Seite allein."""
        with self._bedingung:
            return self._meldungen.get(seite, ())

    def zustand(self, seite: str) -> Zustand:
        """Zustand einer Seite; Start- und Nebenseiten nennen die Fehler aller Berichte."""
        with self._bedingung:
            gezeigt = ("", seite) if seite.startswith("berichte/") else sorted(self._meldungen)
            meldungen = tuple(dict.fromkeys(m for s in gezeigt for m in self._meldungen.get(s, ())))
            fassung = f"{self._lauf}.{self._alle}.{self._fassungen[seite]}"
            return Zustand(fassung, meldungen, seite in self._arbeit)

    @property
    def nummer(self) -> int:
        """Zählt jede Veränderung."""
        return self._nummer

    def warte(self, nummer: int, sekunden: float) -> int:
        """Wartet, bis sich seit ``nummer`` etwas verändert hat; gibt die neue Nummer zurück."""
        with self._bedingung:
            self._bedingung.wait_for(lambda: self._nummer != nummer or self.geschlossen, sekunden)
            return self._nummer

    @contextmanager
    def liest(self, seite: str) -> Iterator[None]:
        """Solange der Block läuft, hat jemand diese Seite offen."""
        with self._veraendere():
            self._leser[seite] += 1
        try:
            yield
        finally:
            with self._veraendere():
                self._leser[seite] -= 1

    def gelesene(self) -> frozenset[str]:
        """Seiten, die gerade jemand offen hat."""
        with self._bedingung:
            return frozenset(s for s, n in self._leser.items() if n > 0)

    def schliesse(self) -> None:
        """Weckt alle Wartenden; die Vorschau endet."""
        with self._veraendere():
            self.geschlossen = True

    @contextmanager
    def _veraendere(self) -> Iterator[None]:
        with self._bedingung:
            yield
            self._nummer += 1
            self._bedingung.notify_all()
