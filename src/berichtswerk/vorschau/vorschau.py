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
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.vorschau.aenderung import wirkung
from berichtswerk.vorschau.dienst import ADRESSE, Dienst
from berichtswerk.vorschau.tafel import Tafel
from berichtswerk.vorschau.wache import Wache
from berichtswerk.vorschau.werkstatt import Melder, Werkstatt

PORT = 8765
"""Der übliche Port; ist er belegt, nimmt die Vorschau einen der nächsten."""
_AUSWEICHEN = 20


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
        self._tafel = Tafel(f"{os.getpid()}")
        self._bau = _bauplatz(projekt)
        try:
            self.werkstatt = Werkstatt(projekt, self._bau, self._tafel, grenzen=grenzen, melder=melder)
            try:
                self.dienst = _binde(port, self.werkstatt, self._tafel)
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
        self._tafel.schliesse()
        self.wache.beende()
        self.dienst.shutdown()
        self.dienst.server_close()
        self._faden.join(5)
        self.werkstatt.beende()
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
        raise BerichtswerkFehler(
            Meldung(
                "ordner-nicht-beschreibbar",
                "Im Projektordner lässt sich nichts anlegen.",
                datei=str(projekt.wurzel),
                ursache=str(fehler.strerror),
                abhilfe="Prüfen Sie Schreibrechte und freien Platz oder legen Sie das Projekt anderswohin.",
            )
        ) from fehler
    return bau


def _binde(port: int | None, werkstatt: Werkstatt, tafel: Tafel) -> Dienst:
    versuche: Sequence[int] = range(PORT, PORT + _AUSWEICHEN) if port is None else [port]
    for versuch in versuche:
        try:
            return Dienst(versuch, werkstatt, tafel)
        except PermissionError as fehler:
            raise BerichtswerkFehler(_port_fehlt(versuch, "Das Betriebssystem erlaubt es nicht.")) from fehler
        except OSError as fehler:
            if fehler.errno != errno.EADDRINUSE:
                raise BerichtswerkFehler(_port_fehlt(versuch, str(fehler.strerror))) from fehler
    genannt = versuche[0] if len(versuche) == 1 else f"{versuche[0]} bis {versuche[-1]}"
    raise BerichtswerkFehler(
        _port_fehlt(genannt, "Ein anderes Programm benutzt ihn, vielleicht eine zweite Vorschau.")
    )


def _port_fehlt(port: int | str, grund: str) -> Meldung:
    return Meldung(
        "vorschau-port",
        f"Der Port {port} auf {ADRESSE} lässt sich nicht benutzen.",
        ursache=grund,
        abhilfe="Beenden Sie das andere Programm oder nennen Sie einen anderen Port, z. B. --port 9000.",
    )
