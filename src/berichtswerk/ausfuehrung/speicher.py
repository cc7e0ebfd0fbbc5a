"""Ausgeführte Notizbücher aufheben und nur wiederverwenden, wenn alles Gelesene noch gleich ist.

Unter ``.berichtswerk/roh/<stamm>.ipynb`` liegt das ausgeführte Notizbuch mit den Prüfsummen seiner
Eingaben. Der Ordner darf jederzeit gelöscht werden.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import platform
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Any

from berichtswerk.ausfuehrung.mitschrift import FREMD
from berichtswerk.ausfuehrung.parameter import Notizbuch
from berichtswerk.projekt import Projekt

PAKET = Path(__file__).resolve().parents[1]
_PRAEGEND = ("pandas", "altair", "ipython", "numpy")
"""Bibliotheken, deren Fassung das Ergebnis eines Notizbuchs prägen kann."""

_STOCKWERKE = ("*.py", "daten/**/*.py", "fach/**/*.py", "darstellung/**/*.py", "ausfuehrung/arbeiter.py")


def arbeitsordner(projekt: Projekt) -> Path:
    """``.berichtswerk/``: Zwischenergebnisse, von git ignoriert, jederzeit löschbar."""
    return projekt.wurzel / ".berichtswerk"


def pruefsumme(inhalt: str | bytes) -> str:
    """SHA-256 in Hexadezimal."""
    return hashlib.sha256(inhalt.encode() if isinstance(inhalt, str) else inhalt).hexdigest()


@cache
def fassungen() -> str:
    """Python und die prägenden Bibliotheken, z. B. ``python 3.11.7, pandas 3.0``."""
    return ", ".join(
        [f"python {platform.python_version()}", *(f"{n} {metadata.version(n)}" for n in _PRAEGEND)]
    )


@cache
def programm() -> str:
    """Prüfsumme der Programmteile, die in einem Notizbuch laufen können."""
    dateien = [p for teil in _STOCKWERKE for p in sorted(PAKET.glob(teil))]
    return pruefsumme("\n".join(f"{p.relative_to(PAKET).as_posix()} {_datei(p)}" for p in dateien))


def summe_von(projekt: Projekt, name: str) -> str:
    """Prüfsumme eines Eintrags der Mitschrift; leer, wenn es ihn nicht mehr gibt.

    ``name/`` ist die Liste der Namen in einem Ordner.
    """
    pfad = projekt.wurzel / name
    if name.endswith("/"):
        try:
            return pruefsumme("\n".join(sorted(p.name for p in pfad.iterdir() if p.name[0] not in "._")))
        except OSError:
            return ""
    return _datei(pfad)


def _datei(pfad: Path) -> str:
    try:
        return pruefsumme(pfad.read_bytes())
    except OSError:
        return ""


def _ort(projekt: Projekt, stamm: str) -> Path:
    return arbeitsordner(projekt) / "roh" / f"{stamm}.ipynb"


def lege_ab(projekt: Projekt, stamm: str, eingabe: str, ausgefuehrt: str, gelesen: tuple[str, ...]) -> None:
    """Hebt das ausgeführte Notizbuch mit den Prüfsummen seiner Eingaben auf."""
    nb: Notizbuch = json.loads(ausgefuehrt)
    nb.setdefault("metadata", {})["berichtswerk"] = {
        "eingabe": pruefsumme(eingabe),
        "fassungen": fassungen(),
        "programm": programm(),
        "gelesen": {name: summe_von(projekt, name) for name in gelesen},
        "zellen": _zellsumme(nb),
    }
    schreibe_ganz(_ort(projekt, stamm), json.dumps(nb, ensure_ascii=False, sort_keys=True))


def hole(projekt: Projekt, stamm: str, eingabe: str) -> tuple[Notizbuch | None, str]:
    """Das aufgehobene Notizbuch, wenn es noch gilt; sonst ``None`` und der Grund in Worten."""
    try:
        nb: Notizbuch = json.loads(_ort(projekt, stamm).read_text(encoding="utf-8"))
        angaben: dict[str, Any] = nb["metadata"]["berichtswerk"]
        if angaben["zellen"] != _zellsumme(nb):
            return None, "das aufgehobene Ergebnis ist beschädigt"
    except FileNotFoundError:
        return None, "noch nicht ausgeführt"
    except (OSError, ValueError, KeyError, TypeError):
        return None, "das aufgehobene Ergebnis ist unlesbar"
    grund = _veraltet(projekt, angaben, eingabe)
    return (None, grund) if grund else (nb, "unverändert")


def _veraltet(projekt: Projekt, angaben: dict[str, Any], eingabe: str) -> str:
    if angaben["eingabe"] != pruefsumme(eingabe):
        return "Notizbuch oder Parameter geändert"
    if angaben["fassungen"] != fassungen():
        return "Python oder Bibliotheken gewechselt"
    if angaben["programm"] != programm():
        return "Berichtswerk geändert"
    if FREMD in angaben["gelesen"]:
        return "liest eine Datenbank oder aus dem Netz"
    for name, summe in angaben["gelesen"].items():
        if summe_von(projekt, name) != summe:
            return f"{name} geändert"
    return ""


def _zellsumme(nb: Notizbuch) -> str:
    return pruefsumme(json.dumps(nb["cells"], ensure_ascii=False, sort_keys=True))


def schreibe_ganz(pfad: Path, inhalt: str | bytes) -> bool:
    """Schreibt ganz oder gar nicht; lässt Gleiches unberührt. Gibt zurück, ob geschrieben wurde."""
    daten = inhalt.encode() if isinstance(inhalt, str) else inhalt
    with contextlib.suppress(OSError):
        if pfad.read_bytes() == daten:
            return False
    pfad.parent.mkdir(parents=True, exist_ok=True)
    neu = pfad.with_name(f".{pfad.name}.{os.getpid()}.neu")
    try:
        neu.write_bytes(daten)
        neu.replace(pfad)
    finally:
        neu.unlink(missing_ok=True)
    return True
