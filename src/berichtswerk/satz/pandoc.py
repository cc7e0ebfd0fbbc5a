"""Markdown lesen mit pandoc: jeder Text für sich, jeder nur einmal, nie länger als erlaubt.

pandoc läuft als ein Dauerläufer (``lesen.lua``): ein zweiter belegte Speicher und sparte kaum Zeit. Er
stirbt mit diesem Prozess, und ein Text, an dem er hängt, wird gemeldet statt abgewartet.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from berichtswerk.grund import zeiten
from berichtswerk.grund.ablage import Ablage, dateisumme, fassung, summe
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler

Knoten = dict[str, Any]
"""Ein Knoten im Baum von pandoc: ``{"t": Art, "c": Inhalt}``. Woran pandoc Anstoß nahm, steht dahinter als
``Warnung`` [Art, Wortlaut]."""


def inhalt(k: Knoten) -> Any:
    """Der Inhalt eines Knotens; ``None`` bei solchen ohne."""
    return k.get("c")


GRENZE_S = 5.0
"""So lange darf pandoc an einem Text lesen; üblich sind Millisekunden."""
_LUA = Path(__file__).with_name("lesen.lua")


class TextHaengt(Befundart):
    text = "Dieser Text lässt sich nicht lesen: nach {sekunden} Sekunden kam kein Ende."
    ursache = "Meist stehen viele eckige Klammern „[“ offen, oder Betonungen sind tief verschachtelt."
    abhilfe = "Schließen Sie die Klammern oder schreiben Sie sie als „\\[“."


class SatzPandoc(Befundart):
    text = "pandoc konnte einen Text nicht lesen."
    ursache = "{grund}"
    abhilfe = "Prüfen Sie die zuletzt geänderten Texte; bleibt der Fehler, melden Sie ihn mit dieser Ausgabe."


class Zeitueberschreitung(Exception):
    """Ein Text dauerte zu lange; der Dauerläufer ist beendet."""


@dataclass
class _Dienst:
    """Ein laufendes ``pandoc lua lesen.lua``."""

    prozess: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        # GHCRTS: ein kleiner Haufen statt der mitgegebenen 64 MB (-H), höchstens 1 GB (-M)
        umgebung = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "GHCRTS": "-H4m -A4m -M1g"}
        self.prozess = subprocess.Popen(
            [*mit_uns(), _programm(), "lua", _LUA.name],
            cwd=_LUA.parent,  # Lua öffnet die Datei so auch unter Pfaden mit Umlauten
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=umgebung,
        )

    def frage(self, text: str, grenze: float) -> list[Knoten]:
        """Die Blöcke eines Textes.

        Raises:
            Zeitueberschreitung: er dauerte länger als ``grenze`` Sekunden.
            OSError: das Programm ist von außen beendet.
            ValueError: pandoc kann ihn nicht lesen; der Text sagt, warum.
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
            self.prozess.stdin.write(json.dumps(text, ensure_ascii=False) + "\n")
            self.prozess.stdin.flush()
            zeile = self.prozess.stdout.readline()
        except OSError:
            zeile = ""
        finally:
            wecker.cancel()
        if not zeile:
            raise Zeitueberschreitung if zu_lang.is_set() else BrokenPipeError
        antwort: dict[str, Any] = json.loads(zeile)
        if "stoerung" in antwort:
            raise ValueError(antwort["stoerung"])
        warnungen = [[w["type"], w["pretty"]] for w in antwort["warnungen"] if w["verbosity"] == "WARNING"]
        bloecke: list[Knoten] = antwort["baum"]["blocks"]
        return [*bloecke, *({"t": "Warnung", "c": w} for w in warnungen)]

    def beende(self) -> None:
        for strom in (self.prozess.stdin, self.prozess.stdout):
            if strom is not None:
                with contextlib.suppress(OSError):
                    strom.close()
        try:
            self.prozess.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self.prozess.kill()
            self.prozess.wait()


def mit_uns() -> list[str]:
    """Was vor einem Befehl steht, damit er mit diesem Prozess endet und höchstens 2 GB belegt (Linux).

    ``PR_SET_PDEATHSIG`` (1) wirkt auch, wenn wir hart beendet werden und er gerade rechnet.
    """
    if sys.platform != "linux":
        return []
    grenze = (
        "r=resource;h=r.getrlimit(r.RLIMIT_DATA)[1];m=2<<30;r.setrlimit(r.RLIMIT_DATA,(m,h)) if h<0 else 0"
    )
    stirb = f"import ctypes,os,resource,sys;ctypes.CDLL(None).prctl(1,9);{grenze}"
    return [sys.executable, "-I", "-S", "-c", f"{stirb};os.execv(sys.argv[1],sys.argv[1:])"]


@cache
def _programm() -> str:
    """Pfad des mitgelieferten pandoc (``pypandoc-binary``); ``get_pandoc_path`` riefe es erst einmal auf."""
    ordner = import_module("pypandoc").__file__ or ""
    return str(Path(ordner).with_name("files") / ("pandoc.exe" if sys.platform == "win32" else "pandoc"))


_frei: queue.LifoQueue[_Dienst] = queue.LifoQueue()
_platz = threading.Lock()
# ein eigener Faden startet die Prozesse: mit seinem Ende, nicht mit dem eines Arbeiters, enden sie
_starter = ThreadPoolExecutor(1, "pandoc-start")


def _nach_fork() -> None:
    """Ein geforktes Kind darf die Rohre des Elternprozesses nicht benutzen."""
    globals().update(
        _frei=queue.LifoQueue(), _platz=threading.Lock(), _starter=ThreadPoolExecutor(1, "pandoc-start")
    )


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_nach_fork)


@cache
def waerme_vor() -> None:
    """Startet pandoc, ohne zu warten: es braucht so lange wie das, was vor dem Lesen geschieht."""
    _starter.submit(lambda: _frei.put(_bereit()))


def _hole() -> _Dienst:
    return _starter.submit(_bereit).result()  # nach einem, der gerade anläuft


def _bereit() -> _Dienst:
    with contextlib.suppress(queue.Empty):
        dienst = _frei.get_nowait()
        if dienst.prozess.poll() is None:
            return dienst
        dienst.beende()
    return _Dienst()


@atexit.register
def beende() -> None:
    """Beendet alle bereitstehenden Prozesse; der nächste Auftrag startet neue."""
    waerme_vor.cache_clear()
    while True:
        try:
            _frei.get_nowait().beende()
        except queue.Empty:
            return


def lies(texte: Sequence[str], ablage: Ablage | None = None) -> list[list[Knoten] | None]:
    """Die Blöcke jedes Textes; ``None``, wo pandoc nicht zu Ende kam.

    Raises:
        BerichtswerkFehler: ``satz-pandoc``, wenn das Programm abbricht.
    """
    fertig: dict[str, list[Knoten] | None] = {}
    for text in dict.fromkeys(texte):
        roh = ablage.hole("pandoc", _schluessel(text)) if ablage is not None else None
        if roh is not None:
            fertig[text] = json.loads(roh)
    for text in dict.fromkeys(t for t in texte if t not in fertig):
        with _platz, zeiten.miss("pandoc"):
            bloecke = fertig[text] = _lies_neu(text)
        if ablage is not None and bloecke is not None:
            ablage.lege("pandoc", _schluessel(text), json.dumps(bloecke, ensure_ascii=False).encode())
    return [fertig[t] for t in texte]


def _schluessel(text: str) -> str:
    return summe(text, fassung("pypandoc-binary"), _leser())


@cache
def _leser() -> str:
    return dateisumme(_LUA)


def _lies_neu(text: str) -> list[Knoten] | None:
    for versuch in (1, 2):  # wurde pandoc von außen beendet, antwortet ein neues
        dienst = _hole()
        try:
            bloecke = dienst.frage(text, GRENZE_S)
        except Zeitueberschreitung:
            dienst.beende()
            return None
        except (OSError, ValueError) as fehler:
            dienst.beende()
            if versuch == 2 or not isinstance(fehler, OSError):
                grund = str(fehler).strip().split("\n")[0] or "Das Programm brach ohne Angabe ab."
                raise BerichtswerkFehler(SatzPandoc.melde(grund=grund)) from fehler
            continue
        _frei.put(dienst)
        return bloecke
    raise AssertionError
