"""Den Arbeitsspeicher eines Notizbuchs begrenzen, bevor es den ganzen Rechner lahmlegt (nur Linux)."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

_BELEGT = re.compile(r"^VmData:\s+(\d+) kB", re.MULTILINE)


def begrenze(megabyte: int, shell: Any) -> None:
    """Ab jetzt darf dieser Prozess noch ``megabyte`` belegen; mehr endet als ``MemoryError`` der Zelle.

    Begrenzt wird, was Linux als Daten zählt (``RLIMIT_DATA``), nicht der Adressraum: Bibliotheken
    reservieren davon weit mehr, als sie benutzen.
    """
    if sys.platform != "linux":
        return
    import resource

    stand = _BELEGT.search(Path("/proc/self/status").read_text("utf-8"))
    _, hart = resource.getrlimit(resource.RLIMIT_DATA)
    grenze = (int(stand[1]) * 1024 if stand else 0) + megabyte * 1024 * 1024
    if hart != resource.RLIM_INFINITY:
        grenze = min(grenze, hart)
    resource.setrlimit(resource.RLIMIT_DATA, (grenze, hart))

    def zeige(shell: Any, art: Any, wert: Any, spur: Any, tb_offset: Any = None) -> None:
        # die Fehlermeldung selbst braucht auch Speicher
        resource.setrlimit(resource.RLIMIT_DATA, (hart, hart))
        shell.showtraceback((art, wert, spur), tb_offset=tb_offset)

    shell.set_custom_exc((MemoryError,), zeige)
