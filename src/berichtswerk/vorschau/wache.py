"""Dateien beobachten: ein Faden, der Schwünge von Änderungen meldet, sobald Ruhe einkehrt."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from berichtswerk.grund.projekt import Projekt
from berichtswerk.vorschau.aenderung import beobachtete, zaehlt

RUHE = 25
"""Millisekunden ohne weitere Änderung, nach denen ein Schwung vollständig ist."""
_GEDULD = 0.15
"""Sekunden, die eine verschwundene Datei fehlen darf: manche Editoren löschen, bevor sie neu schreiben."""
_TAKT = 400
"""Millisekunden zwischen zwei Abfragen, wo das Betriebssystem keine Änderungen meldet."""


class Wache:
    """Ruft ``melde`` mit den geänderten Pfaden auf; ``abfragen`` vergleicht, statt auf Meldungen zu warten.

    Netzlaufwerke melden Änderungen anderer Rechner meist nicht; dort hilft nur Abfragen.
    """

    def __init__(
        self, projekt: Projekt, melde: Callable[[set[str]], None], *, abfragen: bool = False
    ) -> None:
        self._projekt, self._melde = projekt, melde
        self.abfragen = abfragen
        self._ende = threading.Event()
        self._faden = threading.Thread(target=self._laufe, name="vorschau-wache", daemon=True)

    def beginne(self) -> None:
        """Beginnt zu beobachten."""
        self._faden.start()

    def beende(self) -> None:
        """Hört auf; kehrt zurück, wenn der Faden zu Ende ist."""
        self._ende.set()
        if self._faden.is_alive():
            self._faden.join(5)

    def _laufe(self) -> None:
        while not self._ende.is_set():
            try:
                self._beobachte()
            except OSError:
                # zu viele Ordner für die Meldungen des Systems, oder ein Ordner verschwand
                self.abfragen = True
                self._ende.wait(1)

    def _beobachte(self) -> None:
        from watchfiles import watch

        ordner = beobachtete(self._projekt)
        schwuenge = watch(
            *ordner,
            watch_filter=lambda _art, pfad: zaehlt(self._projekt, pfad),
            debounce=400,
            step=RUHE,
            stop_event=self._ende,
            rust_timeout=1000,
            yield_on_timeout=True,
            raise_interrupt=False,
            force_polling=self.abfragen or None,
            poll_delay_ms=_TAKT,
        )
        for schwung in schwuenge:
            if schwung:
                pfade = {pfad for _art, pfad in schwung}
                _warte_auf(pfade)
                self._melde(pfade)
            if set(beobachtete(self._projekt)) != set(ordner):
                return  # ein Ordner kam dazu oder ging: neu ansetzen


def _warte_auf(pfade: Iterable[str]) -> None:
    """Gibt verschwundenen Dateien die Zeit, wieder zu erscheinen."""
    ende = time.monotonic() + _GEDULD
    while any(not Path(p).exists() for p in pfade) and time.monotonic() < ende:
        time.sleep(0.01)
