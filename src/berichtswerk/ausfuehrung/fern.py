"""Auf einem Rechner des Verbunds: das Projekt auspacken, Läufe ausführen, das Ergebnis zurückgeben.

Vom Dateisystem des Auftraggebers wird nichts gebraucht: das Projekt reist als ein Paket, je Rechner einmal.
"""

from __future__ import annotations

import atexit
import hashlib
import io
import multiprocessing
import platform
import shutil
import sys
import tempfile
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
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


@dataclass(frozen=True, slots=True)
class AndererStand:
    """Auf dem Rechner ist etwas anderes installiert als beim Auftraggeber."""

    stand: str


@cache
def stand() -> str:
    """Was das Ergebnis prägt: Python, Bibliotheken und die Prüfsumme des Programms."""
    fassungen = [f"{n} {metadata.version(n)}" for n in _PRAEGEND]
    programm = f"berichtswerk {metadata.version('berichtswerk')} ({programmstand(*_RAEUME.split())[:8]})"
    return ", ".join([f"Python {platform.python_version()}", *fassungen, programm])


def packe(projekt: Projekt) -> bytes:
    """Alles, was ein Notizbuch des Projekts lesen kann; ohne Erzeugtes, Verstecktes und Umgebungen."""
    puffer = io.BytesIO()
    with zipfile.ZipFile(puffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as paket:
        for pfad in _gehe(projekt.wurzel, frozenset()):
            name = pfad.relative_to(projekt.wurzel).as_posix()
            paket.writestr(f"{name}/", b"") if pfad.is_dir() else paket.writestr(name, pfad.read_bytes())
    return puffer.getvalue()


def paket(inhalt: bytes) -> bytes:
    """Das Projekt, wie es im Verbund liegt."""
    return inhalt


def fuehre_aus(lauf: Lauf, verlangt: str, inhalt: bytes) -> Laufergebnis | AndererStand:
    """Führt einen Lauf im ausgepackten Projekt aus, wie es der Auftraggeber bei sich täte."""
    if verlangt != stand():
        return AndererStand(stand())
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


def _gehe(ordner: Path, gesehen: frozenset[Path]) -> Iterator[Path]:
    """Dateien und leere Ordner; folgt Verknüpfungen, aber nicht im Kreis."""
    echt, oben = ordner.resolve(), not gesehen
    if echt in gesehen:
        return
    da = [p for p in sorted(ordner.iterdir()) if not _uebergangen(p, oben=oben)]
    if not da and not oben:
        yield ordner
    for pfad in da:
        if pfad.is_dir():
            yield from _gehe(pfad, gesehen | {echt})
        elif pfad.is_file():
            yield pfad


def _uebergangen(pfad: Path, *, oben: bool) -> bool:
    if pfad.name.startswith(".") or (oben and pfad.name.startswith("_") and pfad.is_dir()):
        return True
    if pfad.is_dir():
        erzeugt = pfad.with_name(f"{pfad.name}.ipynb").is_file() and "berichte" in pfad.parts
        return erzeugt or pfad.name in ("__pycache__", "node_modules") or (pfad / "pyvenv.cfg").is_file()
    return pfad.suffix == ".ipynb" and "berichte" in pfad.parts


@atexit.register
def _raeume_auf() -> None:
    for arbeiter in _ARBEITER:
        arbeiter.shutdown(wait=False, cancel_futures=True)
    for ordner in _PROJEKTE.values():
        shutil.rmtree(ordner, ignore_errors=True)
