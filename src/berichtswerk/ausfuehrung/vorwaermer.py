"""Ein warmer Prozess, von dem sich Kinder abzweigen lassen (nur Unix).

Er lädt einmal, was jedes Notizbuch braucht, startet keine Threads und hört auf eine Leitung:
``F`` + zwei Dateinummern zweigt ein Kind ab, ``K`` + Prozessnummer beendet eines. Endet die Leitung,
beendet er alle Kinder und sich selbst; endet er selbst, bemerken es die Kinder und enden auch.
"""

from __future__ import annotations

import contextlib
import gc
import os
import pickle
import select
import signal
import socket
import struct
import sys
import threading
import traceback
from collections.abc import Callable
from importlib import import_module

BEFEHL = struct.Struct("!cQ")
RAHMEN = struct.Struct("!cQ")
ZAHL = struct.Struct("!q")
RUHE = 1.0
"""So viele Sekunden ohne Kinder und Befehle gelten als ruhige Zeit."""

_LEITUNG: list[socket.socket] = []


def schritt(nummer: int) -> None:
    """Meldet dem Auftraggeber, welcher Schritt beginnt; ohne Auftraggeber geschieht nichts."""
    if _LEITUNG:
        sende(_LEITUNG[0], b"S", ZAHL.pack(nummer))


def sende(leitung: socket.socket, art: bytes, inhalt: bytes) -> None:
    """Schreibt einen Rahmen: Art, Länge, Inhalt."""
    leitung.sendall(RAHMEN.pack(art, len(inhalt)) + inhalt)


def lies(leitung: socket.socket, anzahl: int) -> bytes:
    """Liest genau ``anzahl`` Bytes; ``EOFError``, wenn die Leitung vorher endet."""
    teile = bytearray()
    while len(teile) < anzahl:
        stueck = leitung.recv(min(1 << 20, anzahl - len(teile)))
        if not stueck:
            raise EOFError
        teile += stueck
    return bytes(teile)


def _arbeite(leitung: socket.socket, leben: int) -> None:
    """Das Leben eines Kindes: ein Aufruf, ein Ergebnis, Ende."""

    def wache() -> None:
        os.read(leben, 1)  # endet, wenn der warme Prozess endet
        os.killpg(os.getpid(), signal.SIGKILL)

    threading.Thread(target=wache, daemon=True).start()
    _LEITUNG.append(leitung)
    _art, laenge = RAHMEN.unpack(lies(leitung, RAHMEN.size))
    try:
        funktion, argumente = pickle.loads(lies(leitung, laenge))
        art, ergebnis = b"E", funktion(*argumente)
    except BaseException as fehler:
        art, ergebnis = b"A", _uebertragbar(fehler)
    sende(leitung, art, pickle.dumps(ergebnis))


def _uebertragbar(fehler: BaseException) -> BaseException:
    """Der Fehler selbst, wenn er reisen kann, sonst ein gleichlautender ``RuntimeError``."""
    try:
        pickle.loads(pickle.dumps(fehler))
    except Exception:
        return RuntimeError("".join(traceback.format_exception(fehler)))
    return fehler


class Vorwaermer:
    """Die Schleife des warmen Prozesses."""

    def __init__(
        self, steuerung: socket.socket, auffuellen: Callable[[], None], spaeter: tuple[str, ...] = ()
    ) -> None:
        """``auffuellen`` bringt den Vorrat auf den Stand; ``spaeter`` sind Module für ruhige Zeiten."""
        self.steuerung, self._auffuellen, self._spaeter = steuerung, auffuellen, list(spaeter)
        self.kinder: dict[int, socket.socket] = {}
        self.leben_lesen, self.leben_schreiben = os.pipe()
        self.wecker_lesen, wecker = os.pipe()
        os.set_blocking(wecker, False)
        os.set_blocking(self.wecker_lesen, False)
        signal.set_wakeup_fd(wecker)
        signal.signal(signal.SIGCHLD, lambda *_: None)

    def laufe(self) -> None:
        """Bis die Steuerleitung endet."""
        while True:
            warte = RUHE if self._spaeter and not self.kinder else None
            bereit, _, _ = select.select([self.steuerung.fileno(), self.wecker_lesen], [], [], warte)
            if not bereit:
                lade(self._spaeter.pop(0))
            if self.wecker_lesen in bereit:
                with contextlib.suppress(BlockingIOError):
                    os.read(self.wecker_lesen, 4096)
                self._ernte()
            if self.steuerung.fileno() in bereit and not self._befehl():
                break
        for pid in self.kinder:
            _beende(pid)

    def _befehl(self) -> bool:
        try:
            daten, nummern, _, _ = socket.recv_fds(self.steuerung, BEFEHL.size, 2)
        except ConnectionError:
            return False
        if len(daten) < BEFEHL.size:
            return False
        art, pid = BEFEHL.unpack(daten)
        if art == b"F":
            self._zweige_ab(socket.socket(fileno=nummern[0]), socket.socket(fileno=nummern[1]))
        elif pid in self.kinder:
            _beende(pid)
        return True

    def _zweige_ab(self, leitung: socket.socket, stand: socket.socket) -> None:
        with contextlib.suppress(Exception):  # was im Vorrat fehlt, liest das Kind selbst
            self._auffuellen()
        pid = os.fork()
        if pid == 0:
            self._werde_kind(leitung, stand)
        leitung.close()
        self.kinder[pid] = stand
        with contextlib.suppress(OSError):
            stand.sendall(ZAHL.pack(pid))

    def _werde_kind(self, leitung: socket.socket, stand: socket.socket) -> None:
        try:
            os.setsid()
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for geerbt in (self.steuerung, stand, *self.kinder.values()):
                geerbt.close()
            os.close(self.leben_schreiben)
            _arbeite(leitung, self.leben_lesen)
        finally:
            os._exit(0)

    def _ernte(self) -> None:
        while self.kinder:
            try:
                pid, ende = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            stand = self.kinder.pop(pid, None)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)  # was das Kind seinerseits gestartet hat
            if stand is not None:
                with contextlib.suppress(OSError):
                    stand.sendall(ZAHL.pack(os.waitstatus_to_exitcode(ende)))
                stand.close()


def _beende(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)


def ohne_sprachlehre() -> None:
    """Erspart ``jsonschema`` 38 Grammatiken für Webadressen: eine Sekunde, die hier niemand braucht.

    ``rfc3987_syntax`` und ``isoduration`` prüfen nur die Formate „iri“ und „duration“; fehlen sie, lässt
    ``jsonschema`` diese Prüfungen weg.
    """
    for name in ("rfc3987_syntax", "isoduration"):
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def lade(modul: str) -> None:
    """Lädt ein Modul; den Fehler zeigt das Notizbuch, das es braucht."""
    with contextlib.suppress(Exception):
        import_module(modul)


def vorrat(wurzel: str) -> Callable[[], None]:
    """Womit der warme Prozess die Beschreibungen liest: Kinder finden sie zerlegt und geprüft.

    Ein Kind liest jede Datei trotzdem selbst; nur wenn ihr Text genau der bekannte ist, gilt das Dokument.
    """
    if not wurzel:
        return lambda: None
    from pathlib import Path

    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.daten.leser import gemerkt
    from berichtswerk.fach.katalog import Kennzahlenkatalog
    from berichtswerk.grund.projekt import Projekt

    gemerkt.stand()  # gilt für die Module, wie sie jetzt geladen sind
    projekt = Projekt(Path(wurzel))

    def fuelle() -> None:
        bestand = Datenbestand(projekt)
        for lies in (
            lambda: bestand.quellen,
            lambda: bestand.gebiete,
            lambda: Kennzahlenkatalog.lade(projekt),
        ):
            with contextlib.suppress(Exception):  # Fehler meldet der Lauf
                lies()

    return fuelle


def main() -> None:
    """Start: Dateinummer der Steuerleitung, Projektordner, dann die Namen der Module, die warm sein sollen.

    Hinter ``--`` stehen Module, die geladen werden, sobald eine Weile nichts zu tun ist.
    """
    steuerung = socket.socket(fileno=int(sys.argv[1]))
    ohne_sprachlehre()
    gc.disable()  # was hier entsteht, bleibt; Suchen nach Abfall wäre vergeblich
    sofort, spaeter = sys.argv[3 : sys.argv.index("--")], sys.argv[sys.argv.index("--") + 1 :]
    for name in sofort:
        lade(name)
    fuelle = vorrat(sys.argv[2])
    with contextlib.suppress(Exception):
        fuelle()
    gc.freeze()
    gc.enable()
    nichts = os.open(os.devnull, os.O_RDWR)
    for nummer in (0, 1, 2):
        os.dup2(nichts, nummer)
    Vorwaermer(steuerung, fuelle, tuple(spaeter)).laufe()
