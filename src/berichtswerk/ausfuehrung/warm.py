"""Was der Forkserver lädt und rechnet, damit abgezweigte Prozesse es vorfinden. Wird nur dort importiert.

``multiprocessing`` importiert dieses Modul in seinem Forkserver; alles hier geschieht beim Import.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import json
import os
import shutil
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any

from berichtswerk.ausfuehrung.arbeiter import AUFTRAGGEBER, BESTELLUNG, TEMP, WARM
from berichtswerk.ausfuehrung.kind import Abbestellt, Mitschrift, schweige
from berichtswerk.bild import formen
from berichtswerk.grund import ablage
from berichtswerk.grund.fremdes import ohne_sprachlehre
from berichtswerk.grund.projekt import Projekt

if TYPE_CHECKING:
    from berichtswerk.bericht.voraus import Voraus

MODULE = (
    "IPython.core.interactiveshell",
    "IPython.core.completerlib",
    "IPython.core.crashhandler",
    "IPython.core.logger",
    "IPython.core.magics",
    "pandas",
    "fontTools.ttLib",
    "frictionless",
    "jsonschema",
    "berichtswerk.bericht.bericht",
    "berichtswerk.marke.marke",
    "berichtswerk.bild.svg",
    *(f"{formen.__name__}.{modul.name}" for modul in iter_modules(formen.__path__)),
    "berichtswerk.daten.bestand",
    "berichtswerk.daten.gebiete",
    "berichtswerk.daten.leser.text",
    "berichtswerk.daten.pruefung",
    "berichtswerk.fach.berechnung",
    "berichtswerk.fach.katalog",
)
"""Was fast jedes Notizbuch braucht."""


def _lade() -> None:
    gc.disable()  # was hier entsteht, bleibt; Suchen nach Abfall wäre vergeblich
    ohne_sprachlehre()
    for name in MODULE:
        with contextlib.suppress(Exception):  # den Fehler zeigt das Notizbuch, das es braucht
            import_module(name)
    with contextlib.suppress(Exception):
        _halte_beschreibungen_bereit(Path(os.environ[WARM]))
    gc.freeze()
    gc.enable()


def _halte_beschreibungen_bereit(wurzel: Path) -> None:
    """Liest die Beschreibungen des Projekts jetzt und, was davon anders ist, vor jedem Abzweigen.

    Ein Kind liest jede Datei trotzdem selbst; nur wenn ihr Text genau der bekannte ist, gilt das Dokument.
    """
    from berichtswerk.daten import leser
    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.fach.katalog import Kennzahlenkatalog
    from berichtswerk.marke.schrift import textbreite

    leser.stand()  # gilt für die Module, wie sie jetzt geladen sind
    projekt, forkserver = Projekt(wurzel), os.getpid()
    with contextlib.suppress(Exception):
        for schrift in (projekt.layout / "fonts").rglob("*.[to]tf"):
            textbreite("0", 1, schrift)
    bekannt: list[tuple[Path, int, int]] = []

    def lies() -> None:
        staende = ((p, p.stat()) for p in sorted(projekt.daten.rglob("*.yaml")))
        jetzt = [(p, stand.st_mtime_ns, stand.st_size) for p, stand in staende]
        if os.getpid() != forkserver or jetzt == bekannt:
            return
        bekannt[:] = jetzt
        bestand = Datenbestand(projekt)
        for was in (
            lambda: bestand.quellen,
            lambda: bestand.gebiete,
            lambda: Kennzahlenkatalog.lade(projekt),
        ):
            with contextlib.suppress(Exception):  # Fehler meldet der Lauf
                was()

    os.register_at_fork(before=lies)
    lies()


def _rechne_auf_bestellung(bestellung: Path) -> None:
    """Rechnet vor dem Abzweigen, was bestellt ist (:mod:`~berichtswerk.bericht.voraus`)."""
    from berichtswerk.bericht import voraus

    forkserver, bekannt = os.getpid(), [b""]

    def rechne() -> None:
        if os.getpid() != forkserver or not bestellung.exists():
            return
        if (text := bestellung.read_bytes()) != bekannt[0]:
            voraus.halte(None)
            with contextlib.suppress(Exception, Abbestellt):  # dann rechnet jeder Lauf für sich
                voraus.halte(_vorausgerechnet(bestellung.exists, *json.loads(text)))
            bekannt[0] = text if bestellung.exists() else b""  # abbestellt: vielleicht kommt es wieder
            gc.collect()
            gc.freeze()

    os.register_at_fork(before=rechne)


def _vorausgerechnet(
    weiter: Callable[[], bool], wurzel: str, bericht: str, ausgabe: str, namen: list[str]
) -> Voraus | None:
    from berichtswerk.bericht import voraus

    projekt, mitschrift = Projekt(Path(wurzel)), Mitschrift(wurzel, weiter=weiter)
    try:
        fertig = voraus.rechne(projekt, bericht, ausgabe, namen)
        gelesen = mitschrift.dateien()
    finally:
        mitschrift.ende()
        ablage.richte_ein(None)
    if fertig is None or gelesen is None:
        return None
    return voraus.Voraus(projekt, bericht, ausgabe, *fertig, voraus.summen(projekt, gelesen))


def _raeume_auf(auftraggeber: int, ordner: str) -> None:
    """Der Forkserver endet nach seinem Auftraggeber; räumt der nicht mehr selbst auf, geschieht es hier."""
    for _ in range(50):
        if os.getppid() != auftraggeber:
            _beende_hinterlassene()
            shutil.rmtree(ordner, ignore_errors=True)
            return
        time.sleep(0.01)


def _nimm_verwaiste_an() -> None:
    """Was Notizbücher in eigener Sitzung starteten, fällt mit deren Ende uns zu (Linux)."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(AttributeError, OSError):
            ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER


def _beende_hinterlassene() -> None:
    """Beendet alles, was von Notizbüchern noch läuft; auch was eben erst verwaist."""
    psutil: Any = import_module("psutil")
    for _ in range(3):
        for rest in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.Error):
                rest.kill()
        time.sleep(0.05)


schweige()
_nimm_verwaiste_an()
atexit.register(_raeume_auf, int(os.environ[AUFTRAGGEBER]), os.environ[TEMP])
_lade()
_rechne_auf_bestellung(Path(os.environ[TEMP], BESTELLUNG))
