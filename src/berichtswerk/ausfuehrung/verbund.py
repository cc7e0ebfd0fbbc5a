"""Notizbücher auf einem Dask-Verbund ausführen, durch dieselbe Tür wie auf diesem Rechner.

Dask ist ein eigenes Extra (``pip install ".[cluster]"``). Fällt ein Rechner aus, rechnet Dask seine Läufe auf
einem anderen neu. Vom Dateisystem des Auftraggebers wird nichts gebraucht: das Projekt reist als ein Paket,
je Rechner einmal.
"""

from __future__ import annotations

import atexit
import hashlib
import io
import logging
import multiprocessing
import os
import platform
import shutil
import sys
import tempfile
import threading
import time
import zipfile
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from importlib import import_module, metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from berichtswerk.ausfuehrung.arbeiter import Arbeiter
from berichtswerk.ausfuehrung.auftrag import Lauf, Laufergebnis, Zellfehler
from berichtswerk.grund.ablage import programmstand
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, warum
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


VERBINDEN = 10.0
"""Sekunden, in denen sich der Verbund melden muss."""
OHNE_ARBEITER = 30.0
"""Sekunden, die ohne einen einzigen Rechner gewartet wird."""
_TAKT = 1.0


class VerbundExtraFehlt(Befundart):
    text = "Für --cluster fehlt das Paket Dask."
    abhilfe = 'Installieren Sie es im Projektordner mit: pip install ".[cluster]"'


class VerbundNichtErreichbar(Befundart):
    feld = "--cluster"
    text = "Der Verbund „{adresse}“ ist nicht erreichbar."
    ursache = "{grund}"
    abhilfe = "Prüfen Sie Adresse und Netz; ohne --cluster rechnet dieser Rechner allein."


class VerbundOhneRechner(Befundart):
    feld = "--cluster"
    text = "Im Verbund „{adresse}“ rechnet niemand."
    ursache = "Der Scheduler antwortet, aber kein Rechner ist bei ihm angemeldet."
    abhilfe = "Starten Sie auf den Rechnern: dask worker {adresse}"


class VerbundVerloren(Befundart):
    feld = "--cluster"
    text = "Die Verbindung zum Verbund „{adresse}“ brach ab."
    ursache = "Der Scheduler wurde beendet oder das Netz ist unterbrochen."
    abhilfe = "Starten Sie den Verbund neu und rendern Sie erneut; Fertiges wird wiederverwendet."


class VerbundOhneProgramm(Befundart):
    kennung = "verbund-ohne-berichtswerk"
    text = "Auf einem Rechner des Verbunds fehlt ein Paket."
    ursache = "{grund}"
    abhilfe = "Installieren Sie auf allen Rechnern dieselbe Umgebung wie hier (anforderungen.lock)."


class VerbundAndererStand(Befundart):
    text = "Auf einem Rechner des Verbunds ist etwas anderes installiert als hier."
    ursache = "Dort: {grund}. Die Ergebnisse wären nicht dieselben."
    abhilfe = VerbundOhneProgramm.abhilfe


class VerbundRechnerGestoert(Befundart):
    text = "Ein Rechner des Verbunds kann nicht arbeiten."
    ursache = "{grund}"
    abhilfe = "Prüfen Sie dort freien Platz und Schreibrechte."


class Verbund:
    """Der :class:`~.auftrag.Executor` eines Verbunds; verbindet sich mit dem ersten Lauf.

    ``adresse`` ist die des Dask-Schedulers (``tcp://rechner:8786``).
    """

    zugleich = 100

    def __init__(self, adresse: str, projekt: Projekt) -> None:
        if find_spec("distributed") is None:
            raise BerichtswerkFehler(VerbundExtraFehlt.melde())
        self._adresse, self._projekt = adresse, projekt
        self._schloss = threading.RLock()
        self._klient: Any = None
        self._dask: Any = None
        self._paket: Any = None
        self._faeden: ThreadPoolExecutor | None = None
        self._geprueft, self._allein_seit = 0.0, 0.0

    def submit(self, lauf: Lauf, /) -> Future[Laufergebnis]:
        """Reicht einen Lauf ein."""
        with self._schloss:
            faeden = self._faeden = self._faeden or self._verbinde()
        return faeden.submit(self._begleite, lauf)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Trennt die Verbindung; mit ``wait=False`` werden laufende Läufe aufgegeben."""
        with self._schloss:
            faeden, self._faeden = self._faeden, None
        if faeden is None:
            return
        faeden.shutdown(wait=wait and not cancel_futures, cancel_futures=cancel_futures)
        self._paket = None
        if not wait or cancel_futures:
            self._dask.shutdown(wait=False)
        self._klient.close(timeout=5)
        faeden.shutdown(wait=True)

    def _verbinde(self) -> ThreadPoolExecutor:
        distributed = import_module("distributed")
        # Verbindungsabbrüche melden wir selbst; große Eingaben sind hier gewollt
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        import_module("dask").config.set({"distributed.admin.large-graph-warning-threshold": "1TB"})
        try:
            self._klient = distributed.Client(self._adresse, timeout=VERBINDEN, set_as_default=False)
        except (OSError, ValueError, TypeError) as fehler:
            grund = "Die Adresse ist keine wie tcp://rechner:8786."
            if isinstance(fehler, OSError):
                grund = "Dort antwortet kein Dask-Scheduler."
            raise self._fehler(VerbundNichtErreichbar, grund=grund) from fehler
        try:
            self._klient.wait_for_workers(1, timeout=OHNE_ARBEITER)
        except TimeoutError as fehler:
            self._klient.close(timeout=5)
            raise self._fehler(VerbundOhneRechner) from fehler
        except OSError as fehler:
            raise self._fehler(VerbundVerloren) from fehler
        self._dask = self._klient.get_executor(pure=False)
        inhalt = packe(self._projekt)
        name = f"berichtswerk-{hashlib.sha256(inhalt).hexdigest()}"
        self._paket = self._klient.submit(paket, inhalt, key=name)
        return ThreadPoolExecutor(2 * sum(self._klient.nthreads().values()) + 8, "verbund")

    def _begleite(self, lauf: Lauf) -> Laufergebnis:
        """Ein Lauf bis zum Ergebnis; Ausfälle des Verbunds werden zu Meldungen."""
        zukunft = self._dask.submit(fuehre_aus, lauf, stand(), self._paket)
        while True:
            try:
                antwort: Laufergebnis | str = zukunft.result(timeout=_TAKT)
            except TimeoutError:
                if zukunft.done():  # der Rechner selbst meldet „TimeoutError“
                    raise
                self._pruefe_verbund()
                continue
            except CancelledError as fehler:
                raise self._fehler(VerbundVerloren) from fehler
            except ImportError as fehler:
                raise self._fehler(VerbundOhneProgramm, grund=fehler) from fehler
            except OSError as fehler:
                raise self._fehler(VerbundRechnerGestoert, grund=warum(fehler)) from fehler
            except Exception as fehler:
                if type(fehler).__name__ != "KilledWorker":
                    raise
                return Laufergebnis(lauf.stamm, fehler=Zellfehler("beendet", -1))
            if isinstance(antwort, str):
                raise self._fehler(VerbundAndererStand, unterschied(stand(), antwort))
            return antwort

    def _pruefe_verbund(self) -> None:
        """Wirft, wenn der Scheduler fort ist oder lange kein Rechner mehr da war."""
        with self._schloss:
            jetzt = time.monotonic()
            if jetzt - self._geprueft < _TAKT:
                return
            self._geprueft = jetzt
            try:
                arbeitend = self._klient.status == "running" and bool(self._klient.nthreads())
            except (OSError, TimeoutError, RuntimeError):
                arbeitend = False
            self._allein_seit = 0.0 if arbeitend else self._allein_seit or jetzt
            if self._allein_seit and jetzt - self._allein_seit > OHNE_ARBEITER:
                weg = self._klient.status != "running"
                raise self._fehler(VerbundVerloren if weg else VerbundOhneRechner)

    def _fehler(self, art: type[Befundart], grund: object = "") -> BerichtswerkFehler:
        return BerichtswerkFehler(art.melde(adresse=self._adresse, grund=grund))


def unterschied(hier: str, dort: str) -> str:
    """Worin sich zwei Stände (:func:`stand`) unterscheiden."""
    paare = zip(hier.split(", "), dort.split(", "), strict=True)
    return ", ".join(f"{d} statt {h}" for h, d in paare if h != d)
