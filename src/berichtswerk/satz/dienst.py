"""Fremde Programme im eigenen Prozess: eine Anfrage je Zeile, eine Antwort je Zeile, nie länger als erlaubt.

Sie laufen weiter und warten auf die nächste Anfrage; sie enden mit uns und belegen höchstens 2 GB.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from importlib.util import find_spec
from pathlib import Path
from typing import Any

SPEICHER_GB = 2
DERWEIL: ContextVar[Callable[[], object]] = ContextVar("derweil", default=lambda: None)
"""Was in diesem Faden zu tun ist, während Typst druckt (:func:`derweil`)."""


@contextlib.contextmanager
def derweil(tu: Callable[[], object]) -> Iterator[None]:
    """Wird in diesem Block etwas gedruckt, geschieht ``tu`` dabei; sonst nicht."""
    marke = DERWEIL.set(tu)
    try:
        yield
    finally:
        DERWEIL.reset(marke)


class Zeitueberschreitung(Exception):
    """Eine Antwort dauerte zu lange; das Programm ist beendet."""


class Abgebrochen(OSError):
    """Das Programm endete, statt zu antworten; ``ende`` wie :attr:`Popen.returncode`."""

    def __init__(self, ende: int) -> None:
        super().__init__()
        self.ende = ende


def mit_uns() -> list[str]:
    """Was vor einem Befehl steht, damit er mit diesem Prozess endet und höchstens 2 GB belegt (Linux).

    ``PR_SET_PDEATHSIG`` (1) wirkt auch, wenn wir hart beendet werden und er gerade rechnet.
    """
    if sys.platform != "linux":
        return []
    grenze = (
        f"r=resource;h=r.getrlimit(r.RLIMIT_DATA)[1];m={SPEICHER_GB}<<30;"
        "r.setrlimit(r.RLIMIT_DATA,(m,h)) if h<0 else 0"
    )
    stirb = f"import ctypes,os,resource,sys;ctypes.CDLL(None).prctl(1,9);{grenze}"
    return [sys.executable, "-I", "-S", "-c", f"{stirb};os.execv(sys.argv[1],sys.argv[1:])"]


class Dienst:
    """Ein laufendes Programm."""

    def __init__(self, befehl: list[str], ordner: Path, umgebung: Mapping[str, str] | None = None) -> None:
        """``ordner``: wo es arbeitet; ``umgebung``: was es über unsere Variablen hinaus bekommt."""
        self.prozess = subprocess.Popen(
            [*mit_uns(), *befehl],
            cwd=ordner,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            env={**os.environ, **(umgebung or {})},
        )

    def frage(self, anfrage: Any, grenze: float, derweil: Callable[[], object] | None = None) -> Any:
        """Die Antwort, beides JSON; ``derweil`` geschieht, während das Programm rechnet.

        Raises:
            Zeitueberschreitung: sie kam nach ``grenze`` Sekunden nicht.
            Abgebrochen: das Programm ist von außen beendet oder abgestürzt.
        """
        assert self.prozess.stdin is not None and self.prozess.stdout is not None
        zu_lang = threading.Event()

        def brich_ab() -> None:
            zu_lang.set()
            self.prozess.kill()

        wecker = threading.Timer(grenze, brich_ab)
        wecker.daemon = True
        wecker.start()
        try:
            self.prozess.stdin.write(json.dumps(anfrage, ensure_ascii=False) + "\n")
            self.prozess.stdin.flush()
            try:
                if derweil is not None:
                    derweil()
            finally:  # sonst bekäme der Nächste diese Antwort
                zeile = self.prozess.stdout.readline()
        except OSError:
            zeile = ""
        finally:
            wecker.cancel()
        if not zeile.endswith("\n"):  # auch eine halbe Antwort ist keine
            raise Zeitueberschreitung if zu_lang.is_set() else Abgebrochen(self._ende())
        return json.loads(zeile)

    def _ende(self) -> int:
        with contextlib.suppress(subprocess.TimeoutExpired):
            return self.prozess.wait(timeout=2)
        return 0

    def beende(self) -> None:
        """Schließt die Leitungen; wer dann noch rechnet, wird beendet."""
        for strom in (self.prozess.stdin, self.prozess.stdout):
            if strom is not None:
                with contextlib.suppress(OSError):
                    strom.close()
        try:
            self.prozess.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.prozess.kill()
            self.prozess.wait()


class Dienste:
    """Bereitstehende Programme einer Art; das zuletzt benutzte kommt als Nächstes wieder dran."""

    def __init__(self, beginne: Callable[[], Dienst]) -> None:
        self._beginne = beginne
        self._leer()
        if hasattr(os, "register_at_fork"):  # ein Kind darf die Leitungen des Elternprozesses nicht benutzen
            os.register_at_fork(after_in_child=self._leer)
        atexit.register(self.beende)

    def _leer(self) -> None:
        self._frei: list[tuple[Dienst, str]] = []
        self._schloss = threading.Lock()
        # ein eigener Faden beginnt die Prozesse: mit seinem Ende, nicht mit dem eines Arbeiters, enden sie
        self._starter = ThreadPoolExecutor(1, "dienst-start")
        self._warm = False

    def waerme_vor(self) -> None:
        """Startet eines, ohne zu warten; danach geschieht nichts mehr, bis alle beendet sind."""
        if not self._warm:
            self._warm = True
            self._starter.submit(lambda: self.gib(self._bereit()))

    def hole(self, wofuer: str = "") -> Dienst:
        """Ein laufendes, am liebsten das, was zuletzt dafür da war; was gerade anläuft, oder ein neues."""
        return self._starter.submit(self._bereit, wofuer).result()

    def _bereit(self, wofuer: str = "") -> Dienst:
        with self._schloss:
            nummer = next((n for n, (_, zuletzt) in enumerate(self._frei) if zuletzt == wofuer), -1)
            dienst = self._frei.pop(nummer)[0] if self._frei else None
        if dienst is not None and dienst.prozess.poll() is None:
            return dienst
        if dienst is not None:
            dienst.beende()
        return self._beginne()

    def gib(self, dienst: Dienst, wofuer: str = "") -> None:
        """Gibt eines zurück, das auf die nächste Anfrage wartet; ``wofuer`` war es da."""
        with self._schloss:
            self._frei.append((dienst, wofuer))

    def beende(self) -> None:
        """Beendet alle bereitstehenden; die nächste Anfrage beginnt neue."""
        self._warm = False
        with self._schloss:
            alle, self._frei = self._frei, []
        for dienst, _ in alle:
            dienst.beende()


def _typst() -> Dienst:
    paket = Path(getattr(find_spec("typst"), "origin", None) or "").parents[1]
    programm = Path(__file__).with_name("typstdienst.py")
    return Dienst([sys.executable, "-I", "-S", "-X", "utf8", str(programm), str(paket)], programm.parent)


TYPST = Dienste(_typst)
"""Typst (:mod:`~.typstdienst`); steht hier, damit es schon anläuft, während Python noch lädt."""
