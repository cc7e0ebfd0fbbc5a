"""Ein warmer Prozess, von dem sich Kinder abzweigen lassen (nur Unix).

Er lädt einmal, was jedes Notizbuch braucht, startet keine Threads und hört auf eine Leitung:
``F`` + zwei Dateinummern zweigt ein Kind ab, ``K`` + Prozessnummer beendet eines. Endet die Leitung,
beendet er alle Kinder und sich selbst; endet er selbst, bemerken es die Kinder und enden auch.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import select
import signal
import socket
import struct
import sys
import threading
import traceback
from importlib import import_module

BEFEHL = struct.Struct("!cQ")
RAHMEN = struct.Struct("!cQ")
ZAHL = struct.Struct("!q")

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

    def __init__(self, steuerung: socket.socket) -> None:
        self.steuerung = steuerung
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
            bereit, _, _ = select.select([self.steuerung.fileno(), self.wecker_lesen], [], [])
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

    ``rfc3987_syntax`` prüft nur das Format „iri“; fehlt es, lässt ``jsonschema`` diese Prüfung weg.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def main() -> None:
    """Start: Dateinummer der Steuerleitung, dann die Namen der Module, die warm sein sollen."""
    steuerung = socket.socket(fileno=int(sys.argv[1]))
    ohne_sprachlehre()
    for name in sys.argv[2:]:
        with contextlib.suppress(Exception):  # den Fehler zeigt das Notizbuch, das es braucht
            import_module(name)
    nichts = os.open(os.devnull, os.O_RDWR)
    for nummer in (0, 1, 2):
        os.dup2(nichts, nummer)
    Vorwaermer(steuerung).laufe()
