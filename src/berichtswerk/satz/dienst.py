"""pandoc als Dauerläufer: Prozesse, die auf Aufträge warten, statt eines Programmstarts je Bericht."""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import subprocess
import tempfile
import threading
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from berichtswerk.grund import zeiten
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung

LUA = Path(__file__).parent / "lua"


@dataclass
class _Dienst:
    """Ein laufendes ``pandoc lua dienst.lua``."""

    prozess: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        # GHCRTS: größere Zuteilungen, seltener aufräumen; spart ein Sechstel der Zeit
        umgebung = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "GHCRTS": "-A64m"}
        self.prozess = subprocess.Popen(
            [_programm(), "lua", "dienst.lua"],
            cwd=LUA,  # Lua öffnet seine Bausteine so auch unter Pfaden mit Umlauten
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=umgebung,
        )

    def frage(self, auftrag: dict[str, Any]) -> dict[str, Any]:
        assert self.prozess.stdin is not None and self.prozess.stdout is not None
        self.prozess.stdin.write(json.dumps(auftrag, ensure_ascii=False) + "\n")
        self.prozess.stdin.flush()
        zeile = self.prozess.stdout.readline()
        if not zeile:
            raise BrokenPipeError
        antwort: dict[str, Any] = json.loads(zeile)
        return antwort

    def beende(self) -> None:
        for strom in (self.prozess.stdin, self.prozess.stdout):
            if strom is not None:
                with contextlib.suppress(OSError):
                    strom.close()
        try:
            self.prozess.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.prozess.kill()
            self.prozess.wait()
        if self.prozess.returncode < 0:  # von außen beendet: dann räumt pandoc nicht mehr selbst auf
            for rest in Path(tempfile.gettempdir()).glob(f"pandoc-hist{self.prozess.pid}-*"):
                rest.unlink(missing_ok=True)


@cache
def _programm() -> str:
    """Pfad des mitgelieferten pandoc (``pypandoc-binary``); es wird nichts heruntergeladen."""
    import pypandoc

    return str(pypandoc.get_pandoc_path())


_frei: queue.LifoQueue[_Dienst] = queue.LifoQueue()
_platz = threading.BoundedSemaphore(max(1, min(4, os.cpu_count() or 1)))


@cache
def waerme_vor() -> None:
    """Startet pandoc einmal für jedes Format, ohne zu warten: es braucht so lange wie das Übergeben davor."""
    with contextlib.suppress(OSError):
        for _ in range(2):
            _frei.put(_Dienst())


def _hole() -> _Dienst:
    with contextlib.suppress(queue.Empty):
        dienst = _frei.get_nowait()
        if dienst.prozess.poll() is None:
            return dienst
        dienst.beende()
    return _Dienst()


def beende() -> None:
    """Beendet alle bereitstehenden Prozesse; der nächste Auftrag startet neue."""
    waerme_vor.cache_clear()
    while True:
        try:
            _frei.get_nowait().beende()
        except queue.Empty:
            return


atexit.register(beende)
if hasattr(os, "register_at_fork"):  # ein geforktes Kind darf die Rohre des Elternprozesses nicht benutzen
    os.register_at_fork(after_in_child=lambda: globals().update(_frei=queue.LifoQueue()))


def frage(auftrag: dict[str, Any]) -> dict[str, Any]:
    """Stellt einem freien Prozess die Frage; ``stoerung`` wird zur Meldung."""
    with _platz, zeiten.miss("pandoc"):
        try:
            antwort = _frage_dienst(auftrag)
        except (OSError, json.JSONDecodeError):  # wurde er von außen beendet, antwortet ein neuer
            try:
                antwort = _frage_dienst(auftrag)
            except (OSError, json.JSONDecodeError) as fehler:
                raise _abgebrochen(str(fehler)) from fehler
    if "stoerung" in antwort:
        raise _abgebrochen(str(antwort["stoerung"]))
    return antwort


def _frage_dienst(auftrag: dict[str, Any]) -> dict[str, Any]:
    dienst = _hole()
    try:
        antwort = dienst.frage(auftrag)
    except (OSError, json.JSONDecodeError):
        dienst.beende()
        raise
    _frei.put(dienst)
    return antwort


def _abgebrochen(grund: str) -> BerichtswerkFehler:
    return BerichtswerkFehler(
        Meldung(
            "satz-pandoc",
            "pandoc konnte das Dokument nicht umwandeln.",
            ursache=grund.strip().splitlines()[0] if grund.strip() else "Das Programm brach ohne Angabe ab.",
            abhilfe="Prüfen Sie die zuletzt geänderten Texte und die Dateien layout/berichtswerk.lua und "
            "layout/typst; bleibt der Fehler, melden Sie ihn mit dieser Ausgabe.",
        )
    )
