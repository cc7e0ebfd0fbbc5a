"""Ein ``Executor``, der jeden Aufruf in einem eigenen Kind eines warmen Prozesses ausführt (nur Unix).

Jeder Aufruf beginnt mit demselben sauberen Stand; Abbruch, Zeitgrenze und Tod eines Kindes treffen
nur diesen einen Aufruf.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from berichtswerk.ausfuehrung.auftrag import Lauf
from berichtswerk.ausfuehrung.vorwaermer import BEFEHL, RAHMEN, ZAHL, lies

P = ParamSpec("P")
T = TypeVar("T")

WARM = (
    "IPython.core.interactiveshell",
    "IPython.core.completerlib",
    "IPython.core.crashhandler",
    "IPython.core.logger",
    "IPython.core.magics",
    "pandas",
    "berichtswerk.ausfuehrung.arbeiter",
    "fontTools.ttLib",
    "berichtswerk.bericht.bericht",
    "berichtswerk.marke.marke",
    "berichtswerk.bild.svg",
    *(
        f"berichtswerk.bild.formen.{form}"
        for form in (
            "choroplethe",
            "hantel",
            "kachelkarte",
            "linie",
            "pyramide",
            "saeulen",
            "vielfache",
        )
    ),
    "berichtswerk.daten.bestand",
    "berichtswerk.daten.gebiete",
    "berichtswerk.daten.leser.csvdatei",
    "berichtswerk.fach.berechnung",
    "berichtswerk.fach.katalog",
)
"""Module, die jedes Kind schon geladen vorfindet."""

SPAETER = ("brand_yml", "altair", "pandas.io.formats.style")
"""Was nur manches Notizbuch braucht: der warme Prozess lädt es, wenn er nichts zu tun hat."""

_START = "from berichtswerk.ausfuehrung.vorwaermer import main; main()"


def kann_gabeln() -> bool:
    """Ob sich hier Prozesse abzweigen lassen; auf macOS vertragen das die Bibliotheken des Systems nicht."""
    return hasattr(os, "fork") and sys.platform != "darwin"


class ZeitUeberschritten(Exception):
    """Ein Schritt (oder alles zusammen) dauerte länger als erlaubt; das Kind wurde beendet."""

    def __init__(self, schritt: int, gesamt: bool) -> None:
        super().__init__(schritt, gesamt)
        self.schritt, self.gesamt = schritt, gesamt


class KindBeendet(Exception):
    """Das Kind endete ohne Ergebnis; ``signal`` ist die Nummer des Signals oder 0."""

    def __init__(self, schritt: int, signal_nummer: int) -> None:
        super().__init__(schritt, signal_nummer)
        self.schritt, self.signal = schritt, signal_nummer


class Gabel(Executor):
    """``submit(funktion, *argumente)`` läuft in einem Kind; Funktion und Argumente müssen reisen können.

    ``je_schritt`` und ``gesamt`` sind Zeitgrenzen in Sekunden; bringt ein Argument eigene mit
    (:class:`Lauf`), gelten die. Schritte meldet die Funktion mit
    :func:`berichtswerk.ausfuehrung.vorwaermer.schritt`.
    """

    def __init__(
        self,
        arbeiter: int | None = None,
        *,
        je_schritt: float = 300.0,
        gesamt: float = 1200.0,
        warm: tuple[str, ...] = WARM,
        wurzel: str = "",
    ) -> None:
        """``wurzel``: Projekt, dessen Beschreibungen der warme Prozess im Voraus liest."""
        self._je_schritt, self._gesamt, self._warm, self._wurzel = je_schritt, gesamt, warm, wurzel
        self._schloss = threading.Lock()
        self._gezweigt = False
        self._prozess: subprocess.Popen[bytes] | None = None
        self._steuerung: socket.socket | None = None
        self._faeden = ThreadPoolExecutor(arbeiter or os.cpu_count() or 1, "gabel")
        self._starte()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Reicht einen Aufruf ein (ohne Schlüsselwort-Argumente)."""
        return self._faeden.submit(self._rufe, fn, args)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Beendet den warmen Prozess; mit ``wait=False`` auch laufende Kinder."""
        self._faeden.shutdown(wait=wait, cancel_futures=cancel_futures)
        with self._schloss:
            self._beende()
        self._faeden.shutdown(wait=True)

    def _beende(self) -> None:
        if self._steuerung is not None:
            self._steuerung.close()
            self._steuerung = None
        if self._prozess is not None:
            if not self._gezweigt:  # er lädt vielleicht noch, und niemand hängt an ihm
                self._prozess.kill()
            try:
                self._prozess.wait(timeout=5)
            except subprocess.TimeoutExpired:  # lädt noch: dann hört er nicht auf die Leitung
                self._prozess.kill()
                self._prozess.wait()
            self._prozess = None

    def _starte(self) -> socket.socket:
        from berichtswerk.ausfuehrung.arbeiter import umgebung

        unser, seins = socket.socketpair()
        umwelt = {**os.environ, **umgebung("")}
        del umwelt["BERICHTSWERK_PROJEKT"]
        spaeter = SPAETER if self._warm is WARM else ()
        self._prozess = subprocess.Popen(
            [sys.executable, "-c", _START, str(seins.fileno()), self._wurzel, *self._warm, "--", *spaeter],
            pass_fds=[seins.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=umwelt,
            start_new_session=True,  # Strg+C soll nur uns treffen; wir räumen dann auf
        )
        seins.close()
        self._steuerung = unser
        return unser

    def _zweige_ab(self, daten: socket.socket, stand: socket.socket) -> None:
        with self._schloss:
            self._gezweigt = True
            if self._prozess is not None and self._prozess.poll() is not None:
                self._beende()
            nummern = [daten.fileno(), stand.fileno()]
            try:
                socket.send_fds(self._steuerung or self._starte(), [BEFEHL.pack(b"F", 0)], nummern)
            except ConnectionError:  # er endet gerade: ein neuer übernimmt
                self._beende()
                socket.send_fds(self._starte(), [BEFEHL.pack(b"F", 0)], nummern)

    def _toete(self, pid: int) -> None:
        with self._schloss, contextlib.suppress(OSError):
            if self._steuerung is not None:
                self._steuerung.sendall(BEFEHL.pack(b"K", pid))

    def _rufe(self, funktion: Callable[..., T], argumente: tuple[Any, ...]) -> T:
        daten, kind_daten = socket.socketpair()
        stand, kind_stand = socket.socketpair()
        with daten, stand:
            with kind_daten, kind_stand:
                self._zweige_ab(kind_daten, kind_stand)
            grenzen = next((a.grenzen for a in argumente if isinstance(a, Lauf)), None)
            zeiten = (grenzen.zelle, grenzen.bericht) if grenzen else (self._je_schritt, self._gesamt)
            ergebnis: T = self._begleite(daten, stand, pickle.dumps((funktion, argumente)), *zeiten)
            return ergebnis

    def _begleite(
        self, daten: socket.socket, stand: socket.socket, aufruf: bytes, je_schritt: float, gesamt: float
    ) -> Any:
        schritt = -1
        try:
            pid = ZAHL.unpack(lies(stand, ZAHL.size))[0]
            daten.sendall(RAHMEN.pack(b"C", len(aufruf)) + aufruf)
            ende = time.monotonic() + gesamt
            while True:
                rest = ende - time.monotonic()
                daten.settimeout(max(0.001, min(je_schritt, rest)))
                art, laenge = RAHMEN.unpack(lies(daten, RAHMEN.size))
                daten.settimeout(60)
                inhalt = lies(daten, laenge)
                if art != b"S":
                    break
                schritt = ZAHL.unpack(inhalt)[0]
        except TimeoutError:
            self._toete(pid)
            raise ZeitUeberschritten(schritt, time.monotonic() >= ende) from None
        except (EOFError, ConnectionError):
            raise KindBeendet(schritt, _signal(stand)) from None
        ergebnis = pickle.loads(inhalt)
        if art == b"A":
            raise ergebnis
        return ergebnis


def _signal(stand: socket.socket) -> int:
    """Das Signal, an dem das Kind starb, wie es der warme Prozess meldet."""
    stand.settimeout(2)
    try:
        ende = int(ZAHL.unpack(lies(stand, ZAHL.size))[0])
    except (EOFError, OSError):
        return int(signal.SIGKILL)
    return -ende if ende < 0 else 0
