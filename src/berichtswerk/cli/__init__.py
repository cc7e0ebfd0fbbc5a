"""Der Befehl ``berichtswerk``: jeder Fehler endet in einer deutschen Meldung, keiner im Traceback.

Alles Schwere wird erst geladen, wenn ein Befehl es braucht.
"""

from __future__ import annotations

import io
import sys
import traceback
from collections.abc import Sequence

from berichtswerk.grund.meldung import BerichtswerkFehler, Meldungen

PROTOKOLL = ".berichtswerk/fehler.log"
ABBRUCH = 130
"""Rückgabewert nach Strg+C, wie bei Unix-Programmen üblich."""


def main(argumente: Sequence[str] | None = None) -> int:
    """Führt den Befehl aus und gibt seinen Rückgabewert zurück: 0 gelungen, 1 Fehler, 2 Aufruf falsch.

    ``argumente`` ist die Befehlszeile ohne den Programmnamen, sonst die des Prozesses.
    """
    import typer.main

    from berichtswerk.cli.befehle import app
    from berichtswerk.cli.deutsch import ist_aufruffehler, zeige_aufruffehler

    for strom in (sys.stdout, sys.stderr):  # was ein altes Windows-Fenster nicht kennt, hält nichts an
        if isinstance(strom, io.TextIOWrapper):
            strom.reconfigure(errors="replace")
    zeile = list(sys.argv[1:] if argumente is None else argumente) or ["--help"]
    try:
        ergebnis = typer.main.get_command(app).main(zeile, prog_name="berichtswerk", standalone_mode=False)
    except KeyboardInterrupt:
        ergebnis = ABBRUCH
    except BerichtswerkFehler as fehler:
        print(Meldungen(fehler.meldungen).als_text(), file=sys.stderr)
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
    if _lege_ab(einzelheiten):
        rat = f"  Abhilfe: Geben Sie die Datei {PROTOKOLL} an die Stelle, die Berichtswerk bei Ihnen betreut."
        print(rat, file=sys.stderr)
    else:
        print(einzelheiten, file=sys.stderr)


def _lege_ab(text: str) -> bool:
    """Schreibt das Protokoll ins Projekt; ``False``, wenn es keines gibt oder nichts zu schreiben geht."""
    from berichtswerk.cli.befehle import projekt

    try:
        pfad = projekt().wurzel / PROTOKOLL
        pfad.parent.mkdir(exist_ok=True)
        pfad.write_text(text, encoding="utf-8")
    except (OSError, BerichtswerkFehler):
        return False
    return True
