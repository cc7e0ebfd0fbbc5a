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
import atexit, gc, importlib, json, os, pkgutil, signal, sys, threading
import berichtswerk
for modul in pkgutil.walk_packages(berichtswerk.__path__, "berichtswerk."):
    if not modul.name.endswith((".__main__", ".warm", ".kind")):
        importlib.import_module(modul.name)
for name in ("lxml.html", "openpyxl", "paramiko", "webdav4.fsspec"):
    importlib.import_module(name)
from berichtswerk.cli import main
SCHREIBT = ("os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.link", "os.symlink")
def zaehle_schritte(wurzel, stirb_vor, hierhin):
    # Jedes Schreiben im Projekt (ohne Zwischenstände) ist ein Schritt; vor dem einen stirbt der Befehl
    getan = 0
    def hoere(was, angaben):
        nonlocal getan
        oeffnet = was == "open" and isinstance(angaben[2], int) and angaben[2] & (os.O_WRONLY | os.O_RDWR)
        if not oeffnet and was not in SCHREIBT:
            return
        pfade = [os.fsdecode(p) for p in angaben[:2] if isinstance(p, (str, bytes, os.PathLike))]
        if any(p.startswith(wurzel) and not p.startswith(wurzel + ".berichtswerk") for p in pfade):
            getan += 1
            os.write(hierhin, f"{was} {pfade}\\n".encode())
            if getan == stirb_vor:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hoere)
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
schritte = os.open(auftrag["schritte"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
zaehle_schritte(auftrag["ordner"] + os.sep, auftrag["stirb_vor"], schritte)
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
    schritte: list[str]
    """Was er im Projekt geschrieben, umbenannt und gelöscht hat, der Reihe nach."""


class Ursprung:
    """Der Prozess, aus dem sich Befehle gabeln, einer nach dem anderen."""

    def __init__(self, prozess: subprocess.Popen[str], ordner: Path) -> None:
        self.prozess, self.ordner = prozess, ordner

    def beginne(self, wurzel: Path, *zeile: str, stirb_vor: int = 0) -> int:
        """Startet einen Befehl im Projekt; gibt die Nummer seines Prozesses zurück.

        ``stirb_vor``: vor diesem Schritt, mit dem er im Projekt etwas schriebe, endet er (ab 1).
        """
        auftrag = {
            "ordner": str(wurzel), "zeile": ["--projekt", str(wurzel), *zeile],
            "aus": str(self.ordner / "aus"), "fehler": str(self.ordner / "fehler"),
            "schritte": str(self.ordner / "schritte"), "stirb_vor": stirb_vor,
        }  # fmt: skip
        assert self.prozess.stdin and self.prozess.stdout
        print(json.dumps(auftrag), file=self.prozess.stdin, flush=True)
        return int(self.prozess.stdout.readline())

    def beende(self) -> Ende:
        """Wartet, bis der Befehl endet."""
        assert self.prozess.stdout
        rc, cpu = json.loads(self.prozess.stdout.readline())
        aus, fehler, schritte = ((self.ordner / n).read_text("utf-8") for n in ("aus", "fehler", "schritte"))
        return Ende(rc, cpu, aus, fehler, schritte.splitlines())


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
