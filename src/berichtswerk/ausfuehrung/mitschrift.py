"""Im Lauf mitschreiben, welche Dateien des Projekts gelesen wurden, und den Bericht abschließen.

Gelesenes ist die Grundlage dafür, ein ausgeführtes Notizbuch wiederzuverwenden. Mitgeschrieben wird
über den Audit-Hook von Python: er sieht jedes Öffnen, auch das eigene ``pd.read_csv`` des Notizbuchs.
"""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import Any

from berichtswerk.ausfuehrung.vorwaermer import ohne_sprachlehre

MIME = "application/vnd.berichtswerk+json"

FREMD = "fremd:datenbank"
_NICHT = re.compile(r"^berichte/([^/]+/[^/]+/texte/|(.*/)?$)|(^|/)(\.|__pycache__|_site(/|$))|\.ipynb$")
_SCHREIBEND = os.O_WRONLY | os.O_RDWR


class _Mitschrift:
    """Merkt Dateien (``pfad``) und aufgelistete Ordner (``pfad/``) unter einer Wurzel.

    Zugriffe auf Datenbanken und das Netz stehen als :data:`FREMD`: ihr Inhalt hat keine Prüfsumme.
    """

    def __init__(self) -> None:
        self.wurzel = ""
        self.gelesen: set[str] = set()

    def beobachte(self, ereignis: str, args: tuple[Any, ...]) -> None:
        """Audit-Hook; darf nie werfen und muss schnell sein."""
        if not self.wurzel:
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
    _MITSCHRIFT.gelesen.clear()
    _MITSCHRIFT.wurzel = str(Path(ordner).resolve()) + os.sep
    if not _HAENGT:
        _HAENGT.append(True)
        sys.addaudithook(_MITSCHRIFT.beobachte)


def gelesen() -> tuple[str, ...]:
    """Bisher Gelesenes, sortiert; Ordner enden auf ``/``. Das Programm selbst zählt nicht dazu."""
    paket = Path(__file__).resolve().parents[1]
    return tuple(sorted(g for g in _MITSCHRIFT.gelesen if not _ist_programm(g, paket)))


def _ist_programm(ab_wurzel: str, paket: Path) -> bool:
    pfad = Path(_MITSCHRIFT.wurzel, ab_wurzel)
    return pfad.is_relative_to(paket) or "site-packages" in pfad.parts


def abschluss() -> None:
    """Letzte Zelle jedes Laufs: gibt die Bindungen des Berichts und das Gelesene aus."""
    from importlib import import_module

    zeige: Any = import_module("IPython.display").display
    tor: Any = sys.modules.get("berichtswerk.darstellung.bericht")  # nur, wenn das Notizbuch es benutzt
    if tor is not None and (letzter := tor.letzter()) is not None:
        zeige(letzter.abschluss())
    inhalt = {"art": "gelesen", "dateien": list(gelesen())}
    zeige({MIME: inhalt, "text/plain": f"{len(inhalt['dateien'])} Dateien gelesen"}, raw=True)
