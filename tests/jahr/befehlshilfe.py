"""Befehle als eigene Prozesse, gegabelt aus einem, der schon alles geladen hat."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_URSPRUNG = """
import atexit, gc, importlib, json, os, pkgutil, sys, threading
import berichtswerk
for modul in pkgutil.walk_packages(berichtswerk.__path__, "berichtswerk."):
    if not modul.name.endswith((".__main__", ".warm", ".kind")):
        importlib.import_module(modul.name)
for name in ("lxml.html", "openpyxl", "paramiko", "webdav4.fsspec"):
    importlib.import_module(name)
from berichtswerk.cli import main
gc.collect()
gc.freeze()
for zeile in sys.stdin:
    auftrag = json.loads(zeile)
    pid = os.fork()
    if not pid:
        break
    print(pid, flush=True)
    _, ende, verbrauch = os.wait4(pid, 0)
    print(json.dumps([os.waitstatus_to_exitcode(ende), verbrauch.ru_utime + verbrauch.ru_stime]), flush=True)
else:
    sys.exit()
os.chdir(auftrag["ordner"])
for nummer, name in ((0, os.devnull), (1, auftrag["aus"]), (2, auftrag["fehler"])):
    os.dup2(os.open(name, os.O_RDWR | os.O_CREAT | os.O_TRUNC), nummer)
rc = main(auftrag["zeile"])
threading._shutdown()
atexit._run_exitfuncs()
sys.stdout.flush()
sys.stderr.flush()
os._exit(rc)  # ein ganzer Abbau all dessen, was geladen ist, kostet mehr als die meisten Befehle
"""


@dataclass(frozen=True)
class Ende:
    """Wie ein Befehl endete: Rückgabewert (negativ: das Signal), CPU-Sekunden, was er schrieb."""

    rc: int
    cpu: float
    aus: str
    fehler: str


class Ursprung:
    """Der Prozess, aus dem sich Befehle gabeln, einer nach dem anderen."""

    def __init__(self, prozess: subprocess.Popen[str], ordner: Path) -> None:
        self.prozess, self.ordner = prozess, ordner

    def beginne(self, wurzel: Path, *zeile: str) -> int:
        """Startet einen Befehl im Projekt; gibt die Nummer seines Prozesses zurück."""
        auftrag = {
            "ordner": str(wurzel), "zeile": ["--projekt", str(wurzel), *zeile],
            "aus": str(self.ordner / "aus"), "fehler": str(self.ordner / "fehler"),
        }  # fmt: skip
        assert self.prozess.stdin and self.prozess.stdout
        print(json.dumps(auftrag), file=self.prozess.stdin, flush=True)
        return int(self.prozess.stdout.readline())

    def beende(self) -> Ende:
        """Wartet, bis der Befehl endet."""
        assert self.prozess.stdout
        rc, cpu = json.loads(self.prozess.stdout.readline())
        return Ende(rc, cpu, *((self.ordner / n).read_text("utf-8") for n in ("aus", "fehler")))


@contextmanager
def ursprung(ordner: Path) -> Iterator[Ursprung]:
    """Lädt einmal alles, was Befehle brauchen; danach beginnt jeder sofort."""
    ordner.mkdir(parents=True)
    with subprocess.Popen(
        [sys.executable, "-c", _URSPRUNG], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as prozess:
        yield Ursprung(prozess, ordner)
        assert prozess.stdin
        prozess.stdin.close()
