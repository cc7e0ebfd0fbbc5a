"""Auf einem Rechner des Verbunds: das Projekt auspacken, Läufe ausführen, das Ergebnis zurückgeben.

Vom Dateisystem des Auftraggebers wird nichts gebraucht: das Projekt reist als ein Paket, je Rechner einmal.
"""

from __future__ import annotations

import atexit
import hashlib
import io
import multiprocessing
import os
import platform
import shutil
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from importlib import import_module, metadata
from pathlib import Path

from berichtswerk.ausfuehrung.arbeiter import Arbeiter
from berichtswerk.ausfuehrung.auftrag import Lauf, Laufergebnis
from berichtswerk.grund.ablage import programmstand
from berichtswerk.grund.projekt import Projekt

_PRAEGEND = ("pandas", "altair", "ipython", "numpy")
_RAEUME = "grund marke daten fach gegenstand worte bild tabelle bericht ausfuehrung"
_SCHLOSS = threading.Lock()
_PROJEKTE: dict[str, Path] = {}
_ARBEITER: list[Arbeiter] = []


@cache
def stand() -> str:
    """Was das Ergebnis prägt: Python, Bibliotheken und die Prüfsumme des Programms."""
    fassungen = [f"{n} {metadata.version(n)}" for n in _PRAEGEND]
    programm = f"berichtswerk {metadata.version('berichtswerk')} ({programmstand(*_RAEUME.split())[:8]})"
    return ", ".join([f"Python {platform.python_version()}", *fassungen, programm])


def packe(projekt: Projekt) -> bytes:
    """Alles, was ein Notizbuch des Projekts lesen kann; ohne Erzeugtes, Verstecktes und Umgebungen."""
    puffer = io.BytesIO()
    with zipfile.ZipFile(puffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as gepackt:
        for pfad in _gehe(projekt.wurzel):
            gepackt.writestr(pfad.relative_to(projekt.wurzel).as_posix(), pfad.read_bytes())
    return puffer.getvalue()


def paket(inhalt: bytes) -> bytes:
    """Das Projekt, wie es im Verbund liegt."""
    return inhalt


def fuehre_aus(lauf: Lauf, verlangt: str, inhalt: bytes) -> Laufergebnis | str:
    """Führt einen Lauf im ausgepackten Projekt aus, wie es der Auftraggeber bei sich täte.

    Ist hier etwas anderes installiert als ``verlangt``, kommt dieser Stand zurück.
    """
    if verlangt != stand():
        return stand()
    with _SCHLOSS:
        ort = _packe_aus(inhalt)
        if not _ARBEITER:
            # ein Dask-Arbeiter darf sonst keine Prozesse haben; unsere enden von selbst mit ihm
            multiprocessing.current_process()._config.pop("daemon", None)  # type: ignore[attr-defined]
            _ARBEITER.append(Arbeiter(32, wurzel=str(ort)))
    ordner = ort / Path(lauf.ordner).relative_to(lauf.wurzel)
    ergebnis = _ARBEITER[0].submit(replace(lauf, wurzel=str(ort), ordner=str(ordner))).result()
    if ergebnis.fehler is None:
        return ergebnis
    text = ergebnis.fehler.text.replace(str(ort), lauf.wurzel)
    return replace(ergebnis, fehler=replace(ergebnis.fehler, text=text))


def _packe_aus(inhalt: bytes) -> Path:
    """Das ausgepackte Projekt; jedes wird je Prozess einmal ausgepackt."""
    summe = hashlib.sha256(inhalt).hexdigest()
    if summe not in _PROJEKTE:
        ziel = Path(tempfile.mkdtemp(prefix="berichtswerk-", dir=_platz())).resolve()
        with zipfile.ZipFile(io.BytesIO(inhalt)) as gepackt:
            gepackt.extractall(ziel)
        _PROJEKTE[summe] = ziel
    return _PROJEKTE[summe]


def _platz() -> str | None:
    """Der Ordner des Dask-Arbeiters: Dask räumt ihn auch weg, wenn der Arbeiter abstürzt."""
    if "distributed.worker" not in sys.modules:
        return None
    try:
        return str(import_module("distributed").get_worker().local_directory)
    except ValueError:  # kein Arbeiter: jemand benutzt einen anderen Executor
        return None


def _gehe(wurzel: Path) -> Iterator[Path]:
    """Alle Dateien; folgt Verknüpfungen, aber nicht im Kreis."""
    gesehen: set[str] = set()
    for ort, ordner, dateien in os.walk(wurzel, followlinks=True):
        hier, neu = Path(ort), os.path.realpath(ort) not in gesehen
        gesehen.add(os.path.realpath(ort))
        ordner[:] = sorted(o for o in ordner if neu and _reist(hier / o, hier == wurzel))
        yield from (hier / d for d in sorted(dateien) if neu and _reist(hier / d, False))


def _reist(pfad: Path, oben: bool) -> bool:
    """Nichts Verstecktes, Erzeugtes und keine Umgebungen."""
    if pfad.name.startswith("." if not oben else (".", "_")):
        return False
    if pfad.is_dir():
        erzeugt = pfad.with_name(f"{pfad.name}.ipynb").is_file() and "berichte" in pfad.parts
        umgebung = pfad.name in ("__pycache__", "node_modules") or (pfad / "pyvenv.cfg").is_file()
        return not erzeugt and not umgebung
    return pfad.suffix != ".ipynb" or "berichte" not in pfad.parts


@atexit.register
def _raeume_auf() -> None:
    for arbeiter in _ARBEITER:
        arbeiter.shutdown(wait=False, cancel_futures=True)
    for ordner in _PROJEKTE.values():
        shutil.rmtree(ordner, ignore_errors=True)
