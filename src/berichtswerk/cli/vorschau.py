"""``vorschau``: im Browser zeigen, was man gerade schreibt."""

from __future__ import annotations

import os
import signal
import sys
import threading
import webbrowser
from typing import TYPE_CHECKING

from berichtswerk.grund.meldung import Meldung, Meldungen
from berichtswerk.grund.zahl import schreibe
from berichtswerk.vorschau.vorschau import Vorschau

if TYPE_CHECKING:
    from berichtswerk.grund.projekt import Projekt


def zeige(projekt: Projekt, name: str, port: int | None, *, browser: bool, abfragen: bool) -> int:
    """Läuft, bis Strg+C kommt; 0, denn so endet eine Vorschau."""
    ende = threading.Event()
    for nummer in (signal.SIGINT, signal.SIGTERM):
        signal.signal(nummer, lambda *_: ende.set())
    with Vorschau(projekt, name, port=port, abfragen=abfragen, melder=_melde) as vorschau:
        print(f"Vorschau: {vorschau.adresse}", flush=True)
        print("Speichern genügt, die Seite erneuert sich. Beenden mit Strg+C.", flush=True)
        if browser and _hat_browser():
            webbrowser.open(vorschau.adresse)
        while not ende.wait(0.5):  # mit Frist, sonst käme Strg+C unter Windows nicht an
            pass
    print("Vorschau beendet.", flush=True)
    return 0


def _hat_browser() -> bool:
    """Ohne Bildschirm nähme ein Browser für das Terminal dieses in Beschlag."""
    return sys.platform != "linux" or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def _melde(seite: str, sekunden: float, fehler: tuple[Meldung, ...]) -> None:
    if fehler:
        print(f"gescheitert: {seite}", flush=True)
        print(f"\n{Meldungen(list(fehler)).als_text()}\n", file=sys.stderr, flush=True)
    else:
        print(f"gesetzt: {seite} ({schreibe(sekunden, 1)} Sekunden)", flush=True)
