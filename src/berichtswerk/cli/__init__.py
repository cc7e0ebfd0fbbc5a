"""Der Befehl ``berichtswerk``: jeder Fehler endet in einer deutschen Meldung, keiner im Traceback.

Alles Schwere wird erst geladen, wenn ein Befehl es braucht.
"""

from __future__ import annotations

import errno
import io
import os
import sys
import tempfile
import traceback
from collections.abc import Sequence

from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Meldungen, ausgabe_klemmt

PROTOKOLL = ".berichtswerk/fehler.log"
ABBRUCH = 130
"""Rückgabewert nach Strg+C, wie bei Unix-Programmen üblich."""


class OrdnerWeg(Befundart):
    text = "Den Ordner, in dem Sie stehen, gibt es nicht mehr."
    ursache = "Er wurde gelöscht oder umbenannt, während dieses Fenster darin offen war."
    abhilfe = "Wechseln Sie in den Projektordner und rufen Sie den Befehl noch einmal auf."


class ZwischenablageFehlt(Befundart):
    text = "Es gibt keinen Ordner für vorübergehende Dateien, in den sich schreiben lässt."
    ursache = "Versucht wurden TMPDIR, TEMP und TMP sowie die üblichen Ordner des Systems."
    abhilfe = "Setzen Sie TMPDIR (Windows: TEMP) auf einen Ordner mit Schreibrecht und freiem Platz."


class SpeicherKnapp(Befundart):
    text = "Der Arbeitsspeicher reicht nicht."
    ursache = "Das Betriebssystem gibt dem Programm keinen weiteren ({grund}); _site/ ist unverändert."
    abhilfe = "Schließen Sie andere Programme, heben Sie eine Grenze (ulimit) auf oder rendern Sie einzeln."


class AusgabeKlemmt(Befundart):
    text = "Was der Befehl anzeigt, lässt sich nicht ausgeben."
    ursache = "Wohin die Ausgabe umgeleitet ist, nimmt nichts an (voll oder geschlossen)."
    abhilfe = "Leiten Sie die Ausgabe nicht oder anderswohin um und rufen Sie den Befehl noch einmal auf."


def main(argumente: Sequence[str] | None = None) -> int:
    """Führt den Befehl aus und gibt seinen Rückgabewert zurück: 0 gelungen, 1 Fehler, 2 Aufruf falsch.

    ``argumente`` ist die Befehlszeile ohne den Programmnamen, sonst die des Prozesses.
    """
    for strom in (sys.stdout, sys.stderr):  # was ein altes Windows-Fenster nicht kennt, hält nichts an
        if isinstance(strom, io.TextIOWrapper):
            strom.reconfigure(errors="replace")
    zeile = list(sys.argv[1:] if argumente is None else argumente) or ["--help"]
    if mangel := _bereite_umgebung():
        print(mangel, file=sys.stderr)
        return 1
    try:
        ergebnis = _fuehre_aus(zeile)
    except KeyboardInterrupt:
        ergebnis = ABBRUCH
    except BerichtswerkFehler as fehler:
        print(Meldungen(fehler.meldungen).als_text(), file=sys.stderr)
        return 1
    except Exception as fehler:
        from berichtswerk.cli.deutsch import ist_aufruffehler, zeige_aufruffehler

        if ist_aufruffehler(fehler):
            zeige_aufruffehler(fehler)
            return 2
        if bekannt := _vom_rechner(fehler):
            print(bekannt, file=sys.stderr)
        else:
            _melde_unerwartet(fehler)
        return 1
    if ergebnis == ABBRUCH:
        print("\nAbgebrochen. Die veröffentlichte Fassung in _site/ ist unverändert.", file=sys.stderr)
    return ergebnis if isinstance(ergebnis, int) else 0


def _fuehre_aus(zeile: Sequence[str]) -> object:
    """Führt die Befehlszeile aus; ``render`` ohne Optionen gleich: Typer lädt länger, als das oft dauert."""
    if zeile[0] == "render" and not any(angabe.startswith("-") for angabe in zeile):
        from berichtswerk.cli.rendern import rendere
        from berichtswerk.grund.projekt import Projekt

        return rendere(Projekt.finde(), zeile[1:])
    import typer.main

    from berichtswerk.cli.befehle import app

    return typer.main.get_command(app).main(zeile, prog_name="berichtswerk", standalone_mode=False)


def _bereite_umgebung() -> Meldung | None:
    """Sorgt dafür, daß auch fremde Programme einen Ordner für Vorübergehendes finden; sagt, was fehlt."""
    try:
        os.getcwd()  # noqa: PTH109
    except OSError:
        return OrdnerWeg.melde()
    try:
        ordner = tempfile.gettempdir()
    except OSError:
        return ZwischenablageFehlt.melde()
    os.environ.update(dict.fromkeys({"TMPDIR", "TEMP", "TMP"} & os.environ.keys(), ordner))
    return None


def _vom_rechner(fehler: Exception) -> Meldung | None:
    """Die Meldung, wenn der Rechner etwas nicht hergibt; sonst ``None``."""
    if isinstance(fehler, OSError) and ausgabe_klemmt():
        sys.stdout = io.StringIO()  # sonst scheitert das Beenden noch einmal
        return AusgabeKlemmt.melde()
    knapp = isinstance(fehler, OSError) and fehler.errno in {errno.ENOMEM, errno.EAGAIN}
    if knapp or isinstance(fehler, MemoryError) or "start new thread" in str(fehler):
        return SpeicherKnapp.melde(grund=str(fehler) or "MemoryError")
    return None


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
    from berichtswerk.cli.rahmen import projekt

    try:
        pfad = projekt().wurzel / PROTOKOLL
        pfad.parent.mkdir(exist_ok=True)
        pfad.write_text(text, encoding="utf-8")
    except (OSError, BerichtswerkFehler):
        return False
    return True
