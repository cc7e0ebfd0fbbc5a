"""Vom Aufruf zum Rückgabewert: jeder Fehler endet in einer deutschen Meldung, keiner im Traceback."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from berichtswerk.grund.meldung import BerichtswerkFehler

PROGRAMM = "berichtswerk"
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
        from berichtswerk.cli.unerwartet import melde

        melde(fehler)
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
