"""Der Typst-Text eines Dokuments als Dateien, und der Satz darauf: er rechnet nur neu, was sich ändert.

Typst merkt sich Ergebnisse je Datei. Darum liegen Vorlage und Kapitel einzeln, und was der Umbruch
entscheidet, steht neben den Kapiteln statt in ihnen: eine andere Breite lässt alles andere, wie es ist. Der
Platz eines Dokuments bleibt im Prozess derselbe, damit ein vorher gesetzter Stand hilft.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from berichtswerk.grund.dateien import arbeitsordner, schreibe_ganz
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz.umbruch import ABFRAGE
from berichtswerk.schreiber.typst.rumpf import Druckfassung

NORMEN: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
VORSPANN = '#import "vorlage.typ": *\n#import "wahl-{nummer}.typ": bw-figur\n'
"""Womit jede Kapiteldatei beginnt."""
_ALT_S = 24 * 3600
_SCHLOSS = threading.Lock()
_PLAETZE: dict[Path, threading.Lock] = {}


@cache
def _schriften(ordner: Path) -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[ordner])


def schriften(projekt: Projekt) -> Any:
    """Nur die Schriften des Layouts, einmal gelesen."""
    with _SCHLOSS:
        return _schriften(projekt.layout / "fonts")


class Werkbank:
    """Dateien und Satz eines Dokuments."""

    def __init__(self, platz: Path, projekt: Projekt) -> None:
        import typst

        self._platz = platz
        self._wahlen: list[str] = []
        platz.mkdir(parents=True, exist_ok=True)
        self._schreibe("haupt", "")
        self._satz = typst.Compiler(
            input=platz / "haupt.typ", root=projekt.wurzel.resolve(), font_paths=schriften(projekt)
        )

    def lege_auf(self, fassung: Druckfassung) -> None:
        """Schreibt Vorlage, Kapitel und Bilder."""
        self._wahlen = []
        self._schreibe("vorlage", fassung.vorlage)
        for name, inhalt in fassung.bilder.items():
            schreibe_ganz(self._platz / name, inhalt)
        for nummer, kapitel in enumerate(fassung.kapitel):
            self._schreibe(f"kapitel-{nummer}", VORSPANN.format(nummer=nummer) + kapitel.text)
        folge = "".join(f'#include "kapitel-{nummer}.typ"\n' for nummer in range(len(fassung.kapitel)))
        self._schreibe("haupt", f'#import "vorlage.typ": *\n{fassung.kopf}\n{folge}')

    def waehle(self, wahlen: Sequence[str]) -> None:
        """Setzt die Entscheidungen des Umbruchs je Kapitel ein."""
        for nummer, wahl in enumerate(wahlen):
            if self._wahlen[nummer : nummer + 1] != [wahl]:
                funktion = f"#let bw-figur = vorlage.bw-figur.with(wahl: {wahl})"
                self._schreibe(f"wahl-{nummer}", f'#import "vorlage.typ"\n{funktion}\n')
        self._wahlen = list(wahlen)

    def miss(self) -> str:
        """Setzt und fragt nach dem Umbruch."""
        return str(self._satz.eval(ABFRAGE))

    def drucke(self, zeit: datetime) -> bytes:
        """Setzt und gibt das PDF aus."""
        roh = self._satz.compile(format="pdf", pdf_standards=[*NORMEN], timestamp=zeit)
        assert isinstance(roh, bytes)
        return roh

    def _schreibe(self, name: str, text: str) -> None:
        schreibe_ganz(self._platz / f"{name}.typ", text)


@contextlib.contextmanager
def werkbank(name: str, projekt: Projekt) -> Iterator[Werkbank]:
    """Die Werkbank eines Dokuments; zur selben Zeit arbeitet nur einer daran."""
    platz = _ort(projekt) / hashlib.sha256(name.encode()).hexdigest()[:16]
    with _SCHLOSS:
        schloss = _PLAETZE.setdefault(platz, threading.Lock())
    with schloss:
        yield Werkbank(platz, projekt)


def _ort(projekt: Projekt) -> Path:
    with _SCHLOSS:  # sonst leerte ein zweiter Faden, was der erste gerade anlegt
        return _leerer_ort(arbeitsordner(projekt).resolve(), os.getpid())


@cache
def _leerer_ort(arbeit: Path, prozess: int) -> Path:
    """Der Ordner dieses Prozesses; er verschwindet mit ihm, der eines abgebrochenen nach einem Tag."""
    for alt in arbeit.glob("satz-*"):
        with contextlib.suppress(OSError):
            if time.time() - alt.stat().st_mtime > _ALT_S:
                shutil.rmtree(alt, ignore_errors=True)
    ort = arbeit / f"satz-{prozess}"
    shutil.rmtree(ort, ignore_errors=True)
    atexit.register(_raeume_auf, ort, prozess)
    return ort


def raeume_auf(projekt: Projekt) -> None:
    """Löscht die Werkbänke dieses Prozesses; die nächste Arbeit legt neue an."""
    shutil.rmtree(_ort(projekt), ignore_errors=True)


def _raeume_auf(ort: Path, prozess: int) -> None:
    if os.getpid() == prozess:
        shutil.rmtree(ort, ignore_errors=True)
