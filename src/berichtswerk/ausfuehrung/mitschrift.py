"""Im Lauf mitschreiben, welche Dateien des Projekts gelesen wurden, und den Bericht abschließen.

Gelesenes ist die Grundlage dafür, ein ausgeführtes Notizbuch wiederzuverwenden. Mitgeschrieben wird
über den Audit-Hook von Python: er sieht jedes Öffnen, auch das eigene ``pd.read_csv`` des Notizbuchs.
"""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path
from typing import Any

from berichtswerk.ausfuehrung.vorwaermer import ohne_sprachlehre
from berichtswerk.grund import ablage as merkstelle
from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke.marke import DATEI, FORM

MIME = "application/vnd.berichtswerk+json"

FREMD = "fremd:datenbank"
WAEHREND = "während:"
"""Steht vor dem Namen einer Datei, die sich änderte, während der Lauf sie las."""
_NICHT = re.compile(r"^berichte/([^/]+/[^/]+/texte/|(.*/)?$)|(^|/)(\.|__pycache__|_site(/|$))|\.ipynb$")
_EREIGNISSE = frozenset({"open", "os.scandir", "os.listdir", "sqlite3.connect", "socket.connect"})
_SCHREIBEND = os.O_WRONLY | os.O_RDWR


class _Mitschrift:
    """Merkt Dateien (``pfad``) und aufgelistete Ordner (``pfad/``) unter einer Wurzel.

    Zugriffe auf Datenbanken und das Netz stehen als :data:`FREMD`: ihr Inhalt hat keine Prüfsumme.
    """

    def __init__(self) -> None:
        self.wurzel = ""
        self.gelesen: set[str] = set()
        self.beginn = 0.0

    def beobachte(self, ereignis: str, args: tuple[Any, ...]) -> None:
        """Audit-Hook; darf nie werfen und muss schnell sein: Python meldet auch jedes ``id()``."""
        if ereignis not in _EREIGNISSE or not self.wurzel:
            return
        if ereignis == "open":
            pfad, modus, flaggen = args
            if (modus and any(z in str(modus) for z in "wax+")) or (flaggen or 0) & _SCHREIBEND:
                return
            self._merke(pfad, "")
        elif ereignis in ("os.scandir", "os.listdir"):
            self._merke(args[0], "/")
        elif (ereignis == "sqlite3.connect" and args[0] != ":memory:") or ereignis == "socket.connect":
            self.gelesen.add(FREMD)

    def _merke(self, pfad: object, anhang: str) -> None:
        if not isinstance(pfad, str | bytes | os.PathLike):
            return
        voll = os.path.abspath(os.fsdecode(pfad))  # noqa: PTH100 (Path ist hier zu langsam)
        if not voll.startswith(self.wurzel):
            return
        ab_wurzel = voll[len(self.wurzel) :].replace(os.sep, "/")
        if ab_wurzel and not _NICHT.search(ab_wurzel + anhang):
            self.gelesen.add(ab_wurzel + anhang)


_MITSCHRIFT = _Mitschrift()
_HAENGT: list[bool] = []


def beginne(wurzel: str | None = None) -> None:
    """Beginnt mitzuschreiben, was unter ``wurzel`` (sonst ``$BERICHTSWERK_PROJEKT``) gelesen wird."""
    ordner = wurzel or os.environ.get("BERICHTSWERK_PROJEKT", "")
    if not ordner:
        return
    ohne_sprachlehre()
    merkstelle.richte_ein(Ablage.von(Projekt(Path(ordner))))
    _MITSCHRIFT.gelesen.clear()
    _MITSCHRIFT.beginn = time.time()
    _MITSCHRIFT.wurzel = str(Path(ordner).resolve()) + os.sep
    if not _HAENGT:
        _HAENGT.append(True)
        sys.addaudithook(_MITSCHRIFT.beobachte)


def gelesen() -> tuple[str, ...]:
    """Bisher Gelesenes, sortiert; Ordner enden auf ``/``, Module des Programms beginnen mit ``modul:``."""
    paket = Path(__file__).resolve().parents[1]
    dateien = {g for g in _MITSCHRIFT.gelesen if not _ist_programm(g, paket)} | _eigene_module()
    veraendert = {WAEHREND + name for name in dateien if _eben_geaendert(Path(_MITSCHRIFT.wurzel, name))}
    return tuple(sorted(_ohne_farben(dateien) | veraendert | _module(paket)))


def _ohne_farben(dateien: set[str]) -> set[str]:
    """Von der Marke zählt nur, was der Lauf von ihr bemerkt: das Tor nennt Farben beim Namen."""
    tor: Any = sys.modules.get("berichtswerk.bericht.bericht")
    sichten = tor.angelegt() if tor is not None else ()
    thema = next((vars(s)["thema"] for s in sichten if "thema" in vars(s)), None)
    if thema is None:
        return dateien
    return dateien - {DATEI} | {FORM + thema.marke.form()}


def _ist_programm(ab_wurzel: str, paket: Path) -> bool:
    voll = _MITSCHRIFT.wurzel.replace(os.sep, "/") + ab_wurzel
    return voll.startswith(paket.as_posix() + "/") or "/site-packages/" in f"/{voll}/"


def _module(paket: Path) -> set[str]:
    """Die geladenen Module des Programms: nur was sie tun, kann das Ergebnis geprägt haben."""
    pfade = [
        getattr(m, "__file__", None) for n, m in list(sys.modules.items()) if n.split(".")[0] == paket.name
    ]
    echt = {os.path.realpath(p) for p in pfade if p}
    return {"modul:" + p[len(str(paket)) + 1 :].replace(os.sep, "/") for p in echt}


def _eigene_module() -> set[str]:
    """Hilfsmodule neben den Notizbüchern; liegt ihr Bytecode bereit, öffnet Python sie selbst nicht."""
    pfade = [getattr(m, "__file__", None) for m in list(sys.modules.values())]
    wurzel = _MITSCHRIFT.wurzel
    dort = [p for p in pfade if isinstance(p, str) and p.startswith(wurzel) and p.endswith(".py")]
    namen = {p[len(wurzel) :].replace(os.sep, "/") for p in dort if "site-packages" not in p}
    paket = Path(__file__).resolve().parents[1]
    return {n for n in namen if not _ist_programm(n, paket)}


def _eben_geaendert(pfad: Path) -> bool:
    """Ob sich die Datei seit Beginn des Laufs änderte; Zeiten in der Zukunft sagen nichts."""
    try:
        stand = pfad.stat()
    except OSError:
        return False
    return any(_MITSCHRIFT.beginn < zeit < time.time() + 2 for zeit in (stand.st_mtime, stand.st_ctime))


def abschluss() -> None:
    """Letzte Zelle jedes Laufs: gibt die Bindungen des Berichts und das Gelesene aus."""
    from importlib import import_module

    zeige: Any = import_module("IPython.display").display
    tor: Any = sys.modules.get("berichtswerk.bericht.bericht")  # nur, wenn das Notizbuch es benutzt
    if tor is not None and (bindungen := tor.abschluss()) is not None:
        zeige(bindungen)
    inhalt = {"art": "gelesen", "dateien": list(gelesen())}
    zeige({MIME: inhalt, "text/plain": f"{len(inhalt['dateien'])} Dateien gelesen"}, raw=True)
