"""Läufe auf diesem Rechner: jeder in einem eigenen Prozess von ``multiprocessing``, mit Zeitgrenzen.

Unter Linux und anderen Unix zweigt ein Forkserver die Prozesse ab, der alles Nötige schon geladen hat
(:mod:`~.warm`); auf macOS und Windows beginnt jeder neu. Abbruch, Zeitgrenze und Tod treffen nur einen Lauf.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import import_module
from multiprocessing import connection, util
from multiprocessing.process import BaseProcess
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

from berichtswerk.ausfuehrung import kind
from berichtswerk.ausfuehrung.auftrag import FehlerArt, Gemeinsames, Lauf, Laufergebnis, Zellfehler
from berichtswerk.grund.ablage import schreibe_ganz
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler

Startart = Literal["forkserver", "spawn"]
VORGABE: Startart = "spawn" if sys.platform in ("win32", "darwin") else "forkserver"
"""macOS: die Bibliotheken des Systems vertragen dort kein ``fork``."""
WARM, AUFTRAGGEBER, TEMP = (f"BERICHTSWERK_WARM_{was}" for was in ("PROJEKT", "PROZESS", "TEMP"))
"""Umgebungsvariablen für :mod:`~.warm`: das Projekt, unser Prozess und sein Ordner für Vorläufiges."""
BESTELLUNG = "voraus.json"
"""Datei in diesem Ordner: was vor dem nächsten Abzweigen zu rechnen ist (:func:`bestelle`)."""
_ANLAUF = 120.0
"""Sekunden bis zur ersten Zelle: so lange darf ein belasteter Rechner laden."""
_VERSUCHE = 8
"""So oft wird ein Prozess begonnen, mit wachsender Pause: ein sterbender Forkserver weist noch lange ab."""
_SCHLOSS = threading.Lock()


class AdressraumBegrenzt(Befundart):
    text = "Mit begrenztem Adressraum lassen sich keine Abbildungen zeichnen."
    ursache = "Gesetzt ist „ulimit -v {kilobyte}“; das Zeichenprogramm reserviert mehr, als es benutzt."
    abhilfe = "Rufen Sie „ulimit -v unlimited“ auf; begrenzen Sie statt dessen grenzen: {{speicher_mb: …}}."


def _pruefe_adressraum() -> None:
    if sys.platform == "linux":
        import resource

        grenze, _ = resource.getrlimit(resource.RLIMIT_AS)
        if grenze != resource.RLIM_INFINITY:
            raise BerichtswerkFehler(AdressraumBegrenzt.melde(kilobyte=grenze // 1024))


class Arbeiter:
    """Der :class:`~.auftrag.Executor` dieses Rechners; ``anzahl`` Läufe zugleich."""

    def __init__(
        self,
        anzahl: int | None = None,
        *,
        art: Startart = VORGABE,
        wurzel: str = "",
        einmalig: bool = False,
    ) -> None:
        """``wurzel``: Projekt, dessen Beschreibungen der Forkserver im Voraus liest.

        ``einmalig``: nach :meth:`shutdown` kommt nichts mehr, auch der Forkserver endet.

        Raises:
            BerichtswerkFehler: ``adressraum-begrenzt``; damit bräche das Zeichnen ohne Meldung ab.
        """
        _pruefe_adressraum()
        self._einmalig = einmalig and art == "forkserver"
        self._kontext: Any = multiprocessing.get_context(art)
        self._laufend: set[BaseProcess] = set()
        self._offen = True
        anzahl = anzahl or os.cpu_count() or 1
        self.zugleich = anzahl + 1  # einer wartet, damit keiner auf Arbeit wartet
        self._faeden = ThreadPoolExecutor(anzahl, "arbeiter")
        self._zweigt_ab = art == "forkserver"
        if self._zweigt_ab:
            from multiprocessing import forkserver

            self._kontext.set_forkserver_preload(["berichtswerk.ausfuehrung.warm"])
            with _SCHLOSS, _umgebung(wurzel):
                forkserver.ensure_running()

    def __enter__(self) -> Arbeiter:
        return self

    def __exit__(self, art: object, *_: object) -> None:
        self.shutdown(wait=art is None, cancel_futures=art is not None)

    def submit(self, lauf: Lauf, /) -> Future[Laufergebnis]:
        """Reicht einen Lauf ein."""
        return self._faeden.submit(self._fuehre_aus, lauf)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Nimmt nichts mehr an; mit ``wait=False`` wird Laufendes abgebrochen."""
        if self._zweigt_ab and not wait:  # sonst warteten alle, bis der Forkserver fertig gerechnet hat
            Path(_vorlaeufiges(), BESTELLUNG).unlink(missing_ok=True)
        self._faeden.shutdown(wait=wait, cancel_futures=cancel_futures)
        with _SCHLOSS:
            self._offen = False
            laufend = list(self._laufend)
        for prozess in laufend:
            _toete(prozess)
        self._faeden.shutdown()
        if self._einmalig:
            from multiprocessing import forkserver

            halt: Any = forkserver._forkserver
            threading.Thread(target=halt._stop, name="forkserver-ende").start()

    def _fuehre_aus(self, lauf: Lauf) -> Laufergebnis:
        prozess, leitung = self._starte(lauf)
        try:
            with leitung:
                return _begleite(lauf, prozess, leitung)
        finally:
            _toete(prozess)
            connection.wait([prozess.sentinel], 10)
            with _SCHLOSS:
                self._laufend.discard(prozess)
                prozess.join(1)

    def _starte(self, lauf: Lauf) -> tuple[BaseProcess, connection.Connection]:
        """Der Prozess und unser Ende der Leitung; stirbt der Forkserver dabei, übernimmt ein neuer."""
        for versuch in range(_VERSUCHE):
            time.sleep(0.05 * 2 ** (versuch - 1) if versuch else 0)
            unser, seins = self._kontext.Pipe()
            with seins, _SCHLOSS, _umgebung(lauf.wurzel), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # multiprocessing meldet den Tod seiner Helfer auf Englisch
                if self._zweigt_ab and lauf.gemeinsam is not None:
                    bestelle(lauf.wurzel, lauf.gemeinsam)
                prozess = self._kontext.Process(target=kind.arbeite, args=(seins, lauf))
                try:
                    prozess.start()
                except (OSError, EOFError):
                    unser.close()
                    if versuch == _VERSUCHE - 1:
                        raise
                    continue
                self._laufend.add(prozess)
                if not self._offen:
                    prozess.kill()
                return prozess, unser
        raise AssertionError


def bestelle(wurzel: str, gemeinsam: Gemeinsames) -> None:
    """Was der Forkserver rechnen soll, ehe er das nächste Mal abzweigt; jede Bestellung gilt einmal.

    Fehlt die Datei, hört er damit auf.
    """
    text = json.dumps([wurzel, gemeinsam.bericht, gemeinsam.ausgabe, gemeinsam.namen])
    with contextlib.suppress(OSError):  # dann rechnet jeder Lauf für sich
        schreibe_ganz(Path(_vorlaeufiges(), BESTELLUNG), text)


def _begleite(lauf: Lauf, prozess: BaseProcess, leitung: connection.Connection) -> Laufergebnis:
    """Nimmt Schritte und Ergebnis entgegen und achtet auf die Zeit; sie zählt ab der ersten Zelle."""
    zelle, ende = -1, time.monotonic() + _ANLAUF + lauf.grenzen.bericht
    while True:
        rest = ende - time.monotonic()
        frist = min(lauf.grenzen.zelle, rest) if zelle >= 0 else _ANLAUF
        bereit = connection.wait([leitung, prozess.sentinel], max(0.0, frist))
        if not bereit:
            art: FehlerArt = "beendet" if zelle < 0 else "zeit_zelle" if frist < rest else "zeit_bericht"
            return Laufergebnis(lauf.stamm, fehler=Zellfehler(art, zelle))
        try:
            nachricht = leitung.recv() if leitung.poll() else None
        except (EOFError, OSError):
            nachricht = None
        if nachricht is None:
            return Laufergebnis(lauf.stamm, fehler=Zellfehler("beendet", zelle, signal=_woran(prozess)))
        if isinstance(nachricht, Laufergebnis):
            return nachricht
        if isinstance(nachricht, BaseException):
            raise nachricht
        if zelle < 0:
            ende = time.monotonic() + lauf.grenzen.bericht
        zelle = int(nachricht)


def _woran(prozess: BaseProcess) -> int:
    """Das Signal, an dem der Prozess starb, oder 0."""
    connection.wait([prozess.sentinel], 2)
    with _SCHLOSS:
        prozess.join(1)
        ende = prozess.exitcode
    return -ende if ende is not None and ende < 0 else 0


def _toete(prozess: BaseProcess) -> None:
    """Beendet den Prozess und was er gestartet hat, auch Programme mit eigener Sitzung."""
    psutil: Any = import_module("psutil")
    nummer = prozess.pid
    if nummer is None:
        return
    nachkommen: list[Any] = []
    with contextlib.suppress(psutil.Error):
        nachkommen = psutil.Process(nummer).children(recursive=True)
        nachkommen.append(psutil.Process(nummer))
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.killpg(nummer, signal.SIGKILL)
    for nachkomme in nachkommen:
        with contextlib.suppress(psutil.Error):
            nachkomme.kill()


def _vorlaeufiges() -> str:
    """Der Ordner, in dem ``multiprocessing`` seine Sockets anlegt; deren Pfade fassen nur 107 Bytes."""
    vorgabe = tempfile.tempdir
    if len(os.fsencode(tempfile.gettempdir())) > 70:  # danach folgen „/pymp-…/listener-…“
        tempfile.tempdir = "/tmp"
    try:
        return str(util.get_temp_dir())
    finally:
        tempfile.tempdir = vorgabe


@contextlib.contextmanager
def _umgebung(wurzel: str) -> Iterator[None]:
    """Womit ein neues Python beginnen muss: der Forkserver und jeder neu begonnene Prozess erben es.

    Strg+C soll nur uns treffen; wir räumen dann auf. Das Hauptprogramm, das ``multiprocessing`` sonst noch
    einmal ausführte, braucht ein Lauf nicht.
    """
    temp = _vorlaeufiges() if VORGABE == "forkserver" else ""
    werte = {**kind.FEST, WARM: wurzel, AUFTRAGGEBER: str(os.getpid()), TEMP: temp}
    vorher = {name: os.environ.get(name) for name in werte}
    os.environ.update(werte)
    hauptprogramm, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    maske = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}) if sys.platform != "win32" else set()
    try:
        yield
    finally:
        if sys.platform != "win32":
            signal.pthread_sigmask(signal.SIG_SETMASK, maske)
        sys.modules["__main__"] = hauptprogramm
        for name, wert in vorher.items():
            os.environ.pop(name, None) if wert is None else os.environ.update({name: wert})
