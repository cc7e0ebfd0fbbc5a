"""Fortschritt: ein Balken im Terminal, sonst eine Zeile je Schritt."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from berichtswerk.grund.meldung import Meldungen
from berichtswerk.grund.zahl import schreibe

if TYPE_CHECKING:
    from berichtswerk.ausfuehrung.plan import Auftrag

Fortschritt = Callable[[str, "Auftrag | None", int], None]


@contextmanager
def fortschritt(
    schritte_je_bericht: int, ausserdem: int = 0, *, still: bool = False
) -> Iterator[Fortschritt]:
    """Liefert die Funktion, der jeder Schritt gemeldet wird: was, welcher Auftrag, wie viele Aufträge.

    ``still`` zeigt nichts: unter ``--json`` steht nur JSON auf der Ausgabe.
    """
    if still:
        yield lambda *_: None
        return
    if not sys.stdout.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda was, auftrag, _anzahl: print(_worte(was, auftrag), flush=True)
        return
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    prozent, text = TextColumn("{task.percentage:>3.0f} %"), TextColumn("{task.description}")
    spalten = (BarColumn(), prozent, TimeElapsedColumn(), text)
    with Progress(*spalten, transient=True) as balken:
        aufgabe = balken.add_task("beginnt", total=None)

        def schritt(was: str, auftrag: Auftrag | None, anzahl: int) -> None:
            gesamt = anzahl * schritte_je_bericht + ausserdem
            balken.update(aufgabe, advance=1, total=gesamt, description=_worte(was, auftrag))

        yield schritt


def _worte(was: str, auftrag: Auftrag | None) -> str:
    return f"{was}: {auftrag.stamm}" if auftrag is not None else was


def zeige_meldungen(meldungen: Meldungen) -> None:
    """Alle Befunde im Ganzen auf die Fehlerausgabe; ohne Befunde nichts."""
    if len(meldungen):
        sys.stdout.flush()
        print(f"\n{meldungen.als_text()}\n", file=sys.stderr, flush=True)


def dauer(beginn: float) -> str:
    """Sekunden seit ``beginn`` (``time.monotonic()``), z. B. „3,2 Sekunden“."""
    return f"{schreibe(time.monotonic() - beginn, 1)} Sekunden"


def ort(pfad: Path) -> str:
    """Pfad, wie man ihn von hier aus eintippt; außerhalb vollständig."""
    try:
        return pfad.relative_to(Path.cwd()).as_posix()
    except ValueError:
        return str(pfad)


def anzahl(zahl: int, eins: str, viele: str) -> str:
    """„1 Bericht“, „3 Berichte“."""
    return f"{schreibe(zahl)} {eins if zahl == 1 else viele}"
