"""Notizbücher auf einem Dask-Verbund ausführen: ein ``Executor`` wie jeder andere.

Dask ist ein eigenes Extra (``pip install ".[cluster]"``). Das Projekt reist als Verzeichnis
von Prüfsummen; Inhalte werden nur nachgeschickt, wo sie fehlen. Fällt ein Rechner aus, rechnet Dask
seine Läufe auf einem anderen neu.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Executor, Future, ThreadPoolExecutor
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast

from berichtswerk.ausfuehrung import fern, kern
from berichtswerk.ausfuehrung import verbundmeldung as melde
from berichtswerk.ausfuehrung.auftrag import Lauf, Laufergebnis, Zellfehler
from berichtswerk.ausfuehrung.inhalte import Verzeichnis, pruefsumme, verzeichne
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt

P = ParamSpec("P")
T = TypeVar("T")

VERBINDEN = 10.0
"""Sekunden, in denen sich der Verbund melden muss."""
OHNE_ARBEITER = 30.0
"""Sekunden, die ohne einen einzigen Rechner gewartet wird."""
_BUENDEL = 4_000_000
_TAKT = 1.0
_VERSUCHE = 20


class Verbund(Executor):
    """``submit(funktion, lauf)`` führt den Lauf irgendwo im Verbund aus; verbindet sich erst dann.

    ``adresse`` ist die des Dask-Schedulers (``tcp://rechner:8786``).
    """

    def __init__(self, adresse: str, projekt: Projekt) -> None:
        if find_spec("distributed") is None:
            raise BerichtswerkFehler(melde.extra_fehlt())
        self._adresse, self._projekt = adresse, projekt
        self._schloss = threading.RLock()
        self._klient: Any = None
        self._dask: Any = None
        self._faeden: ThreadPoolExecutor | None = None
        self._verzeichnis = Verzeichnis(())
        self._pfade: dict[str, str] = {}
        self._pakete: dict[str, Any] = {}
        self._geprueft = 0.0
        self._allein_seit: float | None = None

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Reicht einen Lauf ein; ``fn`` entscheidet nur, ob ausdrücklich ein Kernel verlangt ist."""
        (lauf,) = args
        with self._schloss:
            if self._faeden is None:
                self._verbinde()
            faeden = cast("ThreadPoolExecutor", self._faeden)
        return cast("Future[T]", faeden.submit(self._begleite, cast("Lauf", lauf), fn is kern.fuehre_aus))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Trennt die Verbindung; mit ``wait=False`` werden laufende Läufe aufgegeben."""
        with self._schloss:
            faeden, self._faeden = self._faeden, None
        if faeden is None:
            return
        faeden.shutdown(wait=wait and not cancel_futures, cancel_futures=cancel_futures)
        self._pakete.clear()
        if not wait or cancel_futures:
            self._dask.shutdown(wait=False)
        self._klient.close(timeout=5)
        faeden.shutdown(wait=True)

    def _verbinde(self) -> None:
        distributed = import_module("distributed")
        # Verbindungsabbrüche melden wir selbst; große Eingaben sind hier gewollt
        logging.getLogger("distributed").setLevel(logging.CRITICAL)
        import_module("dask").config.set({"distributed.admin.large-graph-warning-threshold": "1TB"})
        try:
            self._klient = distributed.Client(self._adresse, timeout=VERBINDEN, set_as_default=False)
        except (OSError, ValueError, TypeError) as fehler:
            raise BerichtswerkFehler(melde.nicht_erreichbar(self._adresse, fehler)) from fehler
        try:
            self._klient.wait_for_workers(1, timeout=OHNE_ARBEITER)
        except TimeoutError as fehler:
            self._klient.close(timeout=5)
            raise BerichtswerkFehler(melde.ohne_arbeiter(self._adresse)) from fehler
        self._dask = self._klient.get_executor(pure=False)
        self._verzeichnis = verzeichne(self._projekt)
        self._pfade = {summe: name for name, summe in self._verzeichnis.eintraege if summe}
        anzahl = sum(self._klient.nthreads().values())
        self._faeden = ThreadPoolExecutor(2 * anzahl + 8, "verbund")

    def _begleite(self, lauf: Lauf, im_kern: bool) -> Laufergebnis:
        """Ein Lauf bis zum Ergebnis; schickt nach, was dem ausführenden Rechner fehlt."""
        ordner = Path(lauf.ordner).relative_to(lauf.wurzel).as_posix()
        fernlauf = fern.Fernlauf(lauf, ordner, self._verzeichnis, fern.stand(), im_kern)
        for _ in range(_VERSUCHE):
            with self._schloss:
                pakete = list(dict.fromkeys(self._pakete.values()))
            antwort = self._warte(self._dask.submit(fern.fuehre_aus, fernlauf, *pakete))
            if isinstance(antwort, fern.Fehlend):
                self._schicke_nach(antwort.summen)
            elif isinstance(antwort, fern.AndererStand):
                raise BerichtswerkFehler(melde.anderer_stand(fern.stand(), antwort.stand))
            elif isinstance(antwort, Zellfehler):
                return Laufergebnis(lauf.stamm, fehler=antwort)
            elif antwort.summe == pruefsumme(antwort.inhalt):
                return Laufergebnis(lauf.stamm, antwort.inhalt.decode(), antwort.fehler, antwort.gelesen)
        grund = OSError("Was er geschickt bekommt, ist dort gleich wieder fort.")
        raise BerichtswerkFehler(melde.arbeiter_gestoert(grund))

    def _warte(self, zukunft: Future[Any]) -> Any:
        """Die Antwort; Ausfälle des Verbunds werden zu Meldungen."""
        while True:
            try:
                return zukunft.result(timeout=_TAKT)
            except TimeoutError:
                if zukunft.done():  # der Rechner selbst meldet „TimeoutError“
                    raise
                self._pruefe_verbund()
            except CancelledError as fehler:
                raise BerichtswerkFehler(melde.verloren(self._adresse)) from fehler
            except ImportError as fehler:
                raise BerichtswerkFehler(melde.ohne_programm(fehler)) from fehler
            except OSError as fehler:
                raise BerichtswerkFehler(melde.arbeiter_gestoert(fehler)) from fehler
            except Exception as fehler:
                if type(fehler).__name__ == "KilledWorker":
                    return Zellfehler("beendet", -1)
                raise

    def _schicke_nach(self, summen: Iterable[str]) -> None:
        """Legt fehlende Inhalte gebündelt in den Verbund; jeder reist höchstens einmal von hier aus."""
        with self._schloss:
            buendel: list[bytes] = []
            namen: list[str] = []
            for summe in sorted(set(summen) - self._pakete.keys()):
                inhalt = (self._projekt.wurzel / self._pfade[summe]).read_bytes()
                if pruefsumme(inhalt) != summe:
                    raise BerichtswerkFehler(melde.geaendert(self._pfade[summe]))
                if buendel and sum(map(len, buendel)) + len(inhalt) > _BUENDEL:
                    self._lege_ab(namen, buendel)
                    namen, buendel = [], []
                namen.append(summe)
                buendel.append(inhalt)
            if buendel:
                self._lege_ab(namen, buendel)

    def _lege_ab(self, summen: list[str], inhalte: list[bytes]) -> None:
        schluessel = f"berichtswerk-{pruefsumme(' '.join(summen).encode())}"
        zukunft = self._klient.submit(fern.paket, tuple(inhalte), key=schluessel)
        self._pakete.update(dict.fromkeys(summen, zukunft))

    def _pruefe_verbund(self) -> None:
        """Wirft, wenn der Scheduler fort ist oder lange kein Rechner mehr da war."""
        with self._schloss:
            if time.monotonic() - self._geprueft < _TAKT:
                return
            self._geprueft = time.monotonic()
            try:
                arbeitend = bool(self._klient.nthreads()) if self._klient.status == "running" else False
            except (OSError, TimeoutError, RuntimeError):
                arbeitend = False
            if arbeitend:
                self._allein_seit = None
                return
            self._allein_seit = self._allein_seit or time.monotonic()
            if time.monotonic() - self._allein_seit > OHNE_ARBEITER:
                weg = self._klient.status != "running"
                raise BerichtswerkFehler(
                    melde.verloren(self._adresse) if weg else melde.ohne_arbeiter(self._adresse)
                )
