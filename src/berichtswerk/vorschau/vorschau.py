"""Die Vorschau als Ganzes: Werkstatt, Wache und Dienst zusammen beginnen und sauber beenden."""

from __future__ import annotations

import errno
import os
import platform
import shutil
import threading
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from berichtswerk.ausfuehrung.auftrag import Grenzen
from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.grund.dateien import lebt
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.site.tausch import OrdnerNichtBeschreibbar
from berichtswerk.vorschau.aenderung import Wache, wirkung
from berichtswerk.vorschau.dienst import ADRESSE, Dienst
from berichtswerk.vorschau.werkstatt import Melder, Werkstatt

PORT = 8765
"""Der übliche Port; ist er belegt, nimmt die Vorschau einen der nächsten."""
_AUSWEICHEN = 20


class PortBelegt(Befundart):
    """Der Port der Vorschau ist nicht zu haben."""

    kennung = "vorschau-port"
    text = "Der Port {port} auf {adresse} lässt sich nicht benutzen."
    ursache = "{grund}"
    abhilfe = "Beenden Sie das andere Programm oder nennen Sie einen anderen Port, z. B. --port 9000."


class Vorschau:
    """Ein laufender Dienst für ein Projekt; als Kontextmanager zu benutzen.

    ``port=None`` nimmt 8765 oder den nächsten freien, 0 irgendeinen freien.

    Raises:
        BerichtswerkFehler: unbekannter Bericht, belegter Port oder kein Schreibrecht.
    """

    def __init__(
        self,
        projekt: Projekt,
        name: str = "",
        *,
        port: int | None = None,
        abfragen: bool = False,
        grenzen: Grenzen | None = None,
        melder: Melder = lambda *_: None,
    ) -> None:
        gewaehlt = plane(projekt).waehle([name] if name else [])
        self._vorrang = [a.stamm for a in gewaehlt] if name else []
        self._anfang = f"{gewaehlt[0].ziel}.html" if name else "index.html"
        self._bau = _bauplatz(projekt)
        try:
            self.werkstatt = Werkstatt(
                projekt, self._bau, lauf=f"{os.getpid()}", grenzen=grenzen, melder=melder
            )
            try:
                self.dienst = _binde(port, self.werkstatt)
            except BaseException:
                self.werkstatt.beende()
                raise
        except BaseException:
            shutil.rmtree(self._bau, ignore_errors=True)
            raise
        self.wache = Wache(projekt, lambda p: self.werkstatt.nimm(wirkung(projekt, p)), abfragen=abfragen)
        self._faden = threading.Thread(target=self.dienst.serve_forever, args=(0.1,), daemon=True)

    @property
    def adresse(self) -> str:
        """Wo die Vorschau beginnt: der verlangte Bericht, sonst die Startseite."""
        return f"{self.dienst.ursprung}/{self._anfang}"

    def __enter__(self) -> Vorschau:
        self._faden.start()
        self.wache.beginne()
        self.werkstatt.beginne(self._vorrang)
        return self

    def __exit__(
        self, art: type[BaseException] | None, fehler: BaseException | None, spur: TracebackType | None
    ) -> None:
        self.wache.beende()
        self.werkstatt.beende()  # weckt auch, wer auf einen neuen Zustand wartet
        self.dienst.shutdown()
        self.dienst.server_close()
        self._faden.join(5)
        shutil.rmtree(self._bau, ignore_errors=True)


def _bauplatz(projekt: Projekt) -> Path:
    """Ein eigener Ordner je Vorschau; was eine abgebrochene hinterließ, verschwindet."""
    oben = projekt.wurzel / ".berichtswerk" / "vorschau"
    bau = oben / f"{os.getpid()}@{platform.node()}"
    try:
        for alt in oben.glob("*"):
            if alt.name.endswith(f"@{platform.node()}") and not lebt(alt.name.partition("@")[0]):
                shutil.rmtree(alt, ignore_errors=True)
        shutil.rmtree(bau, ignore_errors=True)
        bau.mkdir(parents=True)
    except OSError as fehler:
        befund = OrdnerNichtBeschreibbar.melde(datei=str(projekt.wurzel), grund=fehler.strerror)
        raise BerichtswerkFehler(befund) from fehler
    return bau


def _binde(port: int | None, werkstatt: Werkstatt) -> Dienst:
    versuche: Sequence[int] = range(PORT, PORT + _AUSWEICHEN) if port is None else [port]
    for versuch in versuche:
        try:
            return Dienst(versuch, werkstatt)
        except OSError as fehler:
            if fehler.errno != errno.EADDRINUSE:
                verboten = isinstance(fehler, PermissionError)
                grund = "Das Betriebssystem erlaubt es nicht." if verboten else str(fehler.strerror)
                raise BerichtswerkFehler(
                    PortBelegt.melde(port=versuch, adresse=ADRESSE, grund=grund)
                ) from fehler
    genannt = versuche[0] if len(versuche) == 1 else f"{versuche[0]} bis {versuche[-1]}"
    grund = "Ein anderes Programm benutzt ihn, vielleicht eine zweite Vorschau."
    raise BerichtswerkFehler(PortBelegt.melde(port=genannt, adresse=ADRESSE, grund=grund))
