"""Vom Aufruf zum Rückgabewert: jeder Fehler endet in einer deutschen Meldung, keiner im Traceback."""

from __future__ import annotations

import io
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path

from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt

PROGRAMM = "berichtswerk"
PROTOKOLL = ".berichtswerk/fehler.log"
ABBRUCH = 130
"""Rückgabewert nach Strg+C, wie bei Unix-Programmen üblich."""


def starte(argumente: Sequence[str] | None = None) -> int:
    """Wie :func:`berichtswerk.cli.main`."""
    import typer.main

    from berichtswerk.cli.befehle import app
    from berichtswerk.cli.deutsch import ist_aufruffehler, zeige_aufruffehler

    _richte_ausgabe_ein()
    zeile = list(sys.argv[1:] if argumente is None else argumente) or ["--help"]
    try:
        ergebnis = typer.main.get_command(app).main(zeile, prog_name=PROGRAMM, standalone_mode=False)
    except KeyboardInterrupt:
        ergebnis = ABBRUCH
    except BerichtswerkFehler as fehler:
        zeige(fehler)
        return 1
    except Exception as fehler:
        if ist_aufruffehler(fehler):
            zeige_aufruffehler(fehler)
            return 2
        _melde_unerwartet(fehler)
        return 1
    if ergebnis == ABBRUCH:
        print("\nAbgebrochen. Die veröffentlichte Fassung in _site/ ist unverändert.", file=sys.stderr)
    return ergebnis if isinstance(ergebnis, int) else 0


def zeige(fehler: BerichtswerkFehler) -> None:
    """Schreibt alle Meldungen eines Fehlers auf die Fehlerausgabe."""
    from berichtswerk.grund.meldung import Meldungen

    print(Meldungen(fehler.meldungen).als_text(), file=sys.stderr)


def _richte_ausgabe_ein() -> None:
    """Zeichen, die ein altes Windows-Fenster nicht kennt, sollen nichts anhalten."""
    for strom in (sys.stdout, sys.stderr):
        if isinstance(strom, io.TextIOWrapper):
            strom.reconfigure(errors="replace")


def _melde_unerwartet(fehler: Exception) -> None:
    """Erklärt den Fehler auf der Fehlerausgabe und legt die Einzelheiten ins Protokoll."""
    einzelheiten = "".join(traceback.format_exception(fehler))
    kurz = f"{type(fehler).__name__}: {str(fehler).splitlines()[0] if str(fehler) else 'ohne Text'}"
    print(
        f"FEHLER [unerwartet] {kurz}\n"
        "  Damit hat das Programm nicht gerechnet. Ihre Daten und Texte sind unverändert, ebenso die\n"
        "  veröffentlichte Fassung in _site/.",
        file=sys.stderr,
    )
    ort = _lege_ab(einzelheiten)
    if ort is None:
        print(einzelheiten, file=sys.stderr)
        return
    print(
        f"  Abhilfe: Geben Sie die Datei {ort} an die Stelle, die Berichtswerk bei Ihnen betreut.",
        file=sys.stderr,
    )


def _lege_ab(text: str) -> str | None:
    """Schreibt das Protokoll ins Projekt; ``None``, wenn es keines gibt oder nichts zu schreiben geht."""
    try:
        pfad = Projekt.finde(_vorgabe()).wurzel / PROTOKOLL
        pfad.parent.mkdir(exist_ok=True)
        pfad.write_text(text, encoding="utf-8")
    except (OSError, BerichtswerkFehler):
        return None
    return PROTOKOLL


def _vorgabe() -> Path | None:
    """Der Ordner aus ``--projekt``; die Befehlszeile ist zu diesem Zeitpunkt schon gelesen."""
    from berichtswerk.cli.befehle import AUFRUF

    return AUFRUF.projekt
