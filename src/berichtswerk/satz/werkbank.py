"""Der Typst-Text eines Dokuments als Dateien, und der Satz darauf: er rechnet nur neu, was sich ändert.

Typst merkt sich Ergebnisse je Datei. Darum liegen Vorlage und Kapitel einzeln, und was der Umbruch
entscheidet, steht neben den Kapiteln statt in ihnen: eine andere Breite lässt alles andere, wie es ist. Der
Platz eines Dokuments bleibt im Prozess derselbe, damit ein vorher gesetzter Stand hilft.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import os
import re
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from berichtswerk.grund.ablage import Ablage, schluessel_aus
from berichtswerk.grund.dateien import arbeitsordner, schreibe_ganz
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz.umbruch import ABFRAGE

NORMEN: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
_ORT = re.compile(r'(?<![\\`])#box\(image\("(?!/)')
"""So schreibt der Satz Bilder; im Text eines Berichts stünde vor dem # ein Schrägstrich."""
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


@dataclass(frozen=True, slots=True)
class Druckteile:
    """Der Typst-Text, zerlegt: Bausteine, der Aufruf von ``bericht`` und was auf neuen Seiten beginnt."""

    vorlage: str
    kopf: str
    kapitel: tuple[str, ...]

    @classmethod
    def zerlege(cls, quelle: str) -> Druckteile:
        """Trennt an den Zeilen ``// bw-…``, die Vorlage und Satz schreiben."""
        vorlage, _, rest = quelle.partition("\n// bw-kopf\n")
        kopf, _, text = rest.partition("\n// bw-text\n")
        return cls(vorlage, kopf, tuple(text.split("\n// bw-kapitel\n")))


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

    def lege_auf(self, teile: Druckteile, bilder: str) -> None:
        """Schreibt den Text; Bilder ohne eigenen Ort liegen in ``bilder`` (ab der Wurzel, mit ``/``)."""
        self._wahlen = []
        self._schreibe("vorlage", teile.vorlage)
        for nummer, text in enumerate(teile.kapitel):
            kopf = f'#import "vorlage.typ": *\n#import "wahl-{nummer}.typ": bw-figur\n'
            self._schreibe(f"kapitel-{nummer}", kopf + _ORT.sub(lambda fund: fund[0] + bilder, text))
        folge = "".join(f'#include "kapitel-{nummer}.typ"\n' for nummer in range(len(teile.kapitel)))
        self._schreibe("haupt", f'#import "vorlage.typ": *\n{teile.kopf}\n{folge}')

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
def werkbank(name: str, projekt: Projekt, *, warte: bool = True) -> Iterator[Werkbank]:
    """Die Werkbank eines Dokuments; zur selben Zeit arbeitet nur einer daran.

    Raises:
        BlockingIOError: wenn sie besetzt ist und ``warte`` aus.
    """
    platz = _ort(projekt) / hashlib.sha256(name.encode()).hexdigest()[:16]
    with _SCHLOSS:
        schloss = _PLAETZE.setdefault(platz, threading.Lock())
    if not schloss.acquire(blocking=warte):
        raise BlockingIOError(name)
    try:
        yield Werkbank(platz, projekt)
    finally:
        schloss.release()


def merke(name: str, projekt: Projekt, quelle: str, bilder: str, wahlen: Sequence[str]) -> None:
    """Hebt den gesetzten Stand eines Dokuments für :func:`waerme_vor` auf; je Dokument nur den letzten."""
    stand = json.dumps({"quelle": quelle, "bilder": bilder, "wahlen": list(wahlen)})
    Ablage.von(projekt).lege("typst", schluessel_aus(name), stand.encode())


def waerme_vor(name: str, projekt: Projekt) -> bool:
    """Setzt den zuletzt gedruckten Stand: danach rechnet Typst nur noch, was sich seither geändert hat.

    Am Ergebnis ändert das nichts. ``False``, wenn es nichts zu tun gibt oder schon jemand daran arbeitet.
    """
    roh = Ablage.von(projekt).hole("typst", schluessel_aus(name))
    if roh is None:
        return False
    stand = json.loads(roh)
    teile = Druckteile.zerlege(stand["quelle"])
    with contextlib.suppress(RuntimeError, OSError), werkbank(name, projekt, warte=False) as bank:
        bank.lege_auf(teile, stand["bilder"])
        bank.waehle(stand["wahlen"])
        bank.miss()
        return True
    return False


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
