"""Wo Typst arbeitet: je Dokument ein Ordner im Ordner dieses Prozesses.

Typst merkt sich, was es rechnete, solange es läuft. Was zuletzt gesetzt wurde, bleibt darum nach dem Lauf
liegen: der nächste gibt es Typst noch einmal, während Python noch lädt (:func:`waerme_vor`). Danach ist ein
geänderter Satz schnell gesetzt; am Ergebnis ändert es nichts. Dieses Modul lädt fast nichts.
"""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import os
import re
import shutil
import threading
import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz.dienst import TYPST, Dienst, Zeitueberschreitung

GRENZE_S = 120.0
"""So lange darf Typst an einer Anfrage rechnen; üblich sind Sekunden."""
BEHALTEN = 24
"""So viele Dokumente bleiben nach einem Lauf liegen, die jüngsten; je etwa ein Megabyte."""
VORAUS = 2
"""So viele werden zugleich vorgewärmt."""
FADEN = "typst-vorher"
_LAGER = "satz"
_NAME = re.compile(r"[a-z0-9-]{1,100}")
_ALT_S = 24 * 3600
_SCHLOSS = threading.Lock()
_PLAETZE: dict[Path, threading.Lock] = {}


@contextlib.contextmanager
def besetzt(projekt: Projekt, name: str) -> Iterator[tuple[Path, Dienst]]:
    """Der Platz eines Dokuments und Typst dazu; zur selben Zeit arbeitet dort nur einer."""
    platz = _ort(projekt) / (
        name if _NAME.fullmatch(name) else hashlib.sha256(name.encode()).hexdigest()[:16]
    )
    with _SCHLOSS:
        schloss = _PLAETZE.setdefault(platz, threading.Lock())
    with schloss:
        dienst = TYPST.hole(str(platz))
        try:
            yield platz, dienst
        finally:
            TYPST.gib(dienst, str(platz))


def beginne(projekt: Projekt, dienst: Dienst, haupt: Path) -> Any:
    """Lässt Typst mit einem Dokument beginnen; die Antwort wie sie kommt."""
    wurzel, schriften = str(projekt.wurzel.resolve()), str(projekt.layout / "fonts")
    anfrage = {"was": "beginne", "haupt": str(haupt), "wurzel": wurzel, "schriften": schriften}
    return dienst.frage(anfrage, GRENZE_S)


def waerme_vor(projekt: Projekt, namen: Sequence[str]) -> None:
    """Setzt in eigenen Fäden noch einmal, was von diesen Berichten liegen blieb.

    Ohne ``namen`` von der Ausgabe, deren Texte zuletzt gespeichert wurden. Wer danach an so einem Platz
    setzen will, wartet kurz.
    """
    TYPST.waerme_vor()
    lager = projekt.arbeit.resolve() / _LAGER
    anfaenge = [n.removeprefix("berichte/").strip("/").replace("/", "-") for n in namen] or _zuletzt(projekt)
    with contextlib.suppress(OSError):
        da = sorted(p.name for p in lager.iterdir())
        passend = [n for n in da if any(n == a or n.startswith(f"{a}-") for a in anfaenge)]
        _ort(projekt).mkdir(exist_ok=True)
        for name in passend[:VORAUS]:
            (lager / name).rename(_ort(projekt) / name)
            threading.Thread(target=_waerme, args=(projekt, name), name=FADEN, daemon=True).start()


def _zuletzt(projekt: Projekt) -> list[str]:
    texte = list(projekt.berichte.glob("*/*/**/*.md"))
    juengster = max(texte, key=lambda p: p.stat().st_mtime_ns, default=None)
    return ["-".join(juengster.relative_to(projekt.berichte).parts[:2])] if juengster else []


def _waerme(projekt: Projekt, name: str) -> None:
    with contextlib.suppress(OSError, Zeitueberschreitung), besetzt(projekt, name) as (ort, dienst):
        beginne(projekt, dienst, ort / "haupt.typ")
        dienst.frage({"was": "miss", "frage": "1"}, GRENZE_S)


def _ort(projekt: Projekt) -> Path:
    with _SCHLOSS:  # sonst leerte ein zweiter Faden, was der erste gerade anlegt
        return _leerer_ort(projekt.arbeit.resolve(), os.getpid())


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
    """Beendet Typst; was gesetzt wurde, bleibt für das nächste Mal liegen, anderes verschwindet."""
    TYPST.beende()
    ort, lager = _ort(projekt), projekt.arbeit.resolve() / _LAGER
    with contextlib.suppress(OSError):
        lager.mkdir(exist_ok=True)
        for haupt in ort.glob("*/haupt.typ"):
            shutil.rmtree(lager / haupt.parent.name, ignore_errors=True)
            haupt.parent.rename(lager / haupt.parent.name)
        for alt in sorted(lager.iterdir(), key=lambda p: p.stat().st_mtime_ns)[:-BEHALTEN]:
            shutil.rmtree(alt, ignore_errors=True)
    shutil.rmtree(ort, ignore_errors=True)


def _raeume_auf(ort: Path, prozess: int) -> None:
    if os.getpid() == prozess:
        shutil.rmtree(ort, ignore_errors=True)
