"""Eine laufende Vorschau befragen wie ein Browser: Seiten holen, auf Zustände warten."""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from berichtswerk.vorschau.vorschau import Vorschau

SEITE = "berichte/lage/2024/lage-2024.html"
FRIST = 60.0


def hole(v: Vorschau, pfad: str, **kopf: str) -> tuple[int, dict[str, str], bytes]:
    """Status, Kopfzeilen und Inhalt; ``pfad`` geht unverändert auf die Leitung."""
    leitung = http.client.HTTPConnection("127.0.0.1", v.dienst.server_port, timeout=FRIST)
    try:
        leitung.request("GET", pfad, headers=kopf)
        antwort = leitung.getresponse()
        return antwort.status, {k.lower(): w for k, w in antwort.getheaders()}, antwort.read()
    finally:
        leitung.close()


def seite(v: Vorschau, name: str = SEITE) -> str:
    """Eine Seite als Text."""
    return hole(v, f"/{name}")[2].decode()


class Zustaende:
    """Die Zustände einer Seite, wie sie über die Leitung kommen."""

    def __init__(self, antwort: http.client.HTTPResponse) -> None:
        self._antwort = antwort
        self.jetzt: dict[str, Any] = {}

    def bis(self, bedingung: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """Liest, bis die Bedingung gilt."""
        ende = time.monotonic() + FRIST
        while not self.jetzt or not bedingung(self.jetzt):
            assert time.monotonic() < ende, self.jetzt
            zeile = self._antwort.readline().decode()
            assert zeile, "Leitung zu Ende"
            if zeile.startswith("data: "):
                self.jetzt = json.loads(zeile.removeprefix("data: "))
        return self.jetzt

    def neue_fassung(self, alt: str) -> str:
        """Wartet auf eine andere Fassung als ``alt``."""
        return str(self.bis(lambda z: z["fassung"] != alt)["fassung"])


@contextmanager
def zustaende(v: Vorschau, name: str = SEITE) -> Iterator[Zustaende]:
    """Hört einer Seite zu, als wäre sie offen."""
    leitung = http.client.HTTPConnection("127.0.0.1", v.dienst.server_port, timeout=FRIST)
    try:
        leitung.request("GET", f"/_vorschau/zustand?seite={name}")
        yield Zustaende(leitung.getresponse())
    finally:
        leitung.close()


def warte_bis_gesetzt(v: Vorschau, name: str = SEITE) -> str:
    """Wartet, bis an der Seite nichts mehr zu tun ist; ihre Fassung."""
    with zustaende(v, name) as z:
        z.bis(lambda s: not s["stand"] and ("bw-vorschau-warten" not in seite(v, name) or bool(s["fehler"])))
        return str(z.jetzt["fassung"])
