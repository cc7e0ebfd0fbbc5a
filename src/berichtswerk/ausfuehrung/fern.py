"""Was auf einem Rechner des Verbunds geschieht: Projekt auspacken, Notizbuch ausführen, Bytes zurück.

Vom Dateisystem des Auftraggebers wird nichts gebraucht. Die Antwort auf einen Lauf ist das Ergebnis,
:class:`Fehlend` (dann schickt der Auftraggeber die Inhalte nach) oder :class:`AndererStand`.
"""

from __future__ import annotations

import atexit
import contextlib
import itertools
import platform
import shutil
import sys
import tempfile
import threading
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cache
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

from berichtswerk.ausfuehrung import arbeiter, kern
from berichtswerk.ausfuehrung.auftrag import Lauf, Laufergebnis, Zellfehler
from berichtswerk.ausfuehrung.inhalte import ART, Verzeichnis, breite_aus, lagerordner, pruefsumme
from berichtswerk.grund.ablage import Ablage

RUHE = 60.0
"""Sekunden ohne Lauf, nach denen der warme Prozess und das ausgepackte Projekt verschwinden."""

_PAKET = Path(__file__).resolve().parents[1]
_PRAEGEND = ("pandas", "altair", "ipython", "numpy")
_RAEUME = "grund marke daten fach gegenstand worte bild tabelle bericht ausfuehrung"
_STOCKWERKE = ("*.py", *(f"{raum}/**/*.py" for raum in _RAEUME.split()))


@dataclass(frozen=True, slots=True)
class Fernlauf:
    """Ein Lauf auf Reisen: ``ordner`` gilt ab der Wurzel; ``lauf.wurzel`` nur beim Auftraggeber."""

    lauf: Lauf
    ordner: str
    verzeichnis: Verzeichnis
    stand: str
    im_kern: bool = False


@dataclass(frozen=True, slots=True)
class Fernergebnis:
    """Das ausgeführte Notizbuch als Bytes mit Prüfsumme, oder der Fehler."""

    inhalt: bytes
    summe: str
    fehler: Zellfehler | None
    gelesen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fehlend:
    """Diese Inhalte hat der Rechner noch nicht."""

    summen: frozenset[str]


@dataclass(frozen=True, slots=True)
class AndererStand:
    """Auf dem Rechner ist etwas anderes installiert als beim Auftraggeber."""

    stand: str


@cache
def stand() -> str:
    """Was das Ergebnis prägt: Python, Bibliotheken und die Prüfsumme des Programms."""
    namen = [p for muster in _STOCKWERKE for p in sorted(_PAKET.glob(muster))]
    quelltext = b"\n".join(p.relative_to(_PAKET).as_posix().encode() + p.read_bytes() for p in namen)
    fassungen = [f"{n} {metadata.version(n)}" for n in _PRAEGEND]
    programm = f"berichtswerk {metadata.version('berichtswerk')} ({pruefsumme(quelltext)[:8]})"
    return ", ".join([f"Python {platform.python_version()}", *fassungen, programm])


def paket(inhalte: tuple[bytes, ...]) -> tuple[bytes, ...]:
    """Ein Bündel Inhalte, wie es im Verbund unter seiner Prüfsumme liegt."""
    return inhalte


class _Werkstatt:
    """Der warme Prozess und die ausgepackten Projekte eines Rechners; endet nach einer Ruhezeit."""

    def __init__(self) -> None:
        self._schloss = threading.Lock()
        self._gabel: Executor | None = None
        self._projekte: dict[str, Path] = {}
        self._laufend = 0
        self._uhr: threading.Timer | None = None

    @contextlib.contextmanager
    def offen(self) -> Any:
        """Solange jemand hier arbeitet, bleibt alles stehen."""
        with self._schloss:
            self._laufend += 1
            if self._uhr is not None:
                self._uhr.cancel()
        try:
            yield self
        finally:
            with self._schloss:
                self._laufend -= 1
                self._uhr = threading.Timer(RUHE, self.schliesse)
                self._uhr.daemon = True
                self._uhr.start()

    def projekt(self, verzeichnis: Verzeichnis, lager: Ablage) -> Path | Fehlend:
        """Das ausgepackte Projekt; jedes Verzeichnis wird je Prozess einmal ausgepackt."""
        with self._schloss:
            if verzeichnis.summe not in self._projekte:
                ziel = Path(tempfile.mkdtemp(prefix="berichtswerk-", dir=_platz())).resolve()
                if fehlend := breite_aus(lager, verzeichnis, ziel):
                    shutil.rmtree(ziel, ignore_errors=True)
                    return Fehlend(fehlend)
                lager.kuerze()
                self._projekte[verzeichnis.summe] = ziel
            return self._projekte[verzeichnis.summe]

    def fuehre_aus(self, lauf: Lauf, im_kern: bool) -> Laufergebnis:
        """Wie beim Auftraggeber: im Kind eines warmen Prozesses, sonst in einem Kernel."""
        from berichtswerk.ausfuehrung.lauf import als_ergebnis, waehle_weg

        if im_kern or waehle_weg("auto") == "kern":
            return kern.fuehre_aus(lauf)
        with self._schloss:
            if self._gabel is None:
                from berichtswerk.ausfuehrung.gabel import Gabel

                self._gabel = Gabel(32)
            gabel = self._gabel
        return als_ergebnis(gabel.submit(arbeiter.fuehre_aus, lauf))

    def schliesse(self) -> None:
        """Räumt alles weg, wenn gerade nichts läuft."""
        with self._schloss:
            if self._laufend:
                return
            if self._gabel is not None:
                self._gabel.shutdown(wait=False, cancel_futures=True)
                self._gabel = None
            for ordner in self._projekte.values():
                shutil.rmtree(ordner, ignore_errors=True)
            self._projekte.clear()


_WERKSTATT = _Werkstatt()
atexit.register(_WERKSTATT.schliesse)


def _platz() -> str | None:
    """Der Ordner des Dask-Arbeiters: Dask räumt ihn auch weg, wenn der Arbeiter abstürzt."""
    if "distributed.worker" not in sys.modules:
        return None
    try:
        return str(import_module("distributed").get_worker().local_directory)
    except ValueError:  # kein Arbeiter: jemand benutzt einen anderen Executor
        return None


def fuehre_aus(fern: Fernlauf, *pakete: tuple[bytes, ...]) -> Fernergebnis | Fehlend | AndererStand:
    """Führt einen Lauf mit den mitgeschickten und den schon vorhandenen Inhalten aus."""
    if fern.stand != stand():
        return AndererStand(stand())
    lager = Ablage(lagerordner())
    for inhalt in itertools.chain.from_iterable(pakete):
        lager.lege(ART, pruefsumme(inhalt), inhalt)
    with _WERKSTATT.offen() as werkstatt:
        ort = werkstatt.projekt(fern.verzeichnis, lager)
        if isinstance(ort, Fehlend):
            return ort
        hier = replace(fern.lauf, wurzel=str(ort), ordner=str(ort / fern.ordner))
        ergebnis = werkstatt.fuehre_aus(hier, fern.im_kern)
    inhalt = ergebnis.notizbuch.encode()
    fehler = ergebnis.fehler and replace(
        ergebnis.fehler, text=ergebnis.fehler.text.replace(str(ort), fern.lauf.wurzel)
    )
    return Fernergebnis(inhalt, pruefsumme(inhalt), fehler, ergebnis.gelesen)
