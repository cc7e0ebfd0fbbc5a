"""Fehler, mit denen niemand gerechnet hat: ein Absatz für Menschen, der Rest in eine Datei."""

from __future__ import annotations

import sys
import traceback
from pathlib import Path

from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt

PROTOKOLL = ".berichtswerk/fehler.log"


def melde(fehler: Exception) -> None:
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
