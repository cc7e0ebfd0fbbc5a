"""Ein Notizbuch über einen Jupyter-Kernel ausführen (nbclient): überall, auch auf Windows.

Langsamer als ``gabel`` (jeder Kernel lädt alles neu), aber mit demselben Ergebnis.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from importlib import import_module
from typing import Any

from berichtswerk.ausfuehrung.arbeiter import fuehre_zellen, umgebung
from berichtswerk.ausfuehrung.auftrag import FehlerArt, Lauf, Laufergebnis, Zellfehler
from berichtswerk.ausfuehrung.vorwaermer import ohne_sprachlehre

_MITSCHREIBEN = "__import__('berichtswerk.ausfuehrung.mitschrift').ausfuehrung.mitschrift.beginne()"
_BEGRENZEN = (
    "__import__('berichtswerk.ausfuehrung.speichergrenze').ausfuehrung.speichergrenze.begrenze"
    "({}, get_ipython())"
)


def fuehre_aus(lauf: Lauf) -> Laufergebnis:
    """Führt das Notizbuch in einem eigenen Kernel aus und beendet ihn danach sicher."""
    ohne_sprachlehre()
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    knoten_art: Any = import_module("nbformat").NotebookNode
    stelle = -1
    ende = time.monotonic() + lauf.grenzen.bericht
    klient = _klient(lauf)

    def schritt(neue: int) -> None:
        nonlocal stelle
        stelle = neue
        klient.timeout = max(1, round(min(lauf.grenzen.zelle, ende - time.monotonic())))

    def zelle(text: str) -> list[dict[str, Any]]:
        knoten = knoten_art(cell_type="code", id="zelle", metadata={}, source=text, outputs=[])
        knoten.execution_count = None
        klient.nb.cells = [knoten]
        schleife.run(klient.async_execute_cell(knoten, 0))
        return [dict(a) for a in knoten.outputs]

    art: FehlerArt
    umwelt = {**os.environ, **umgebung(lauf.wurzel)}
    with asyncio.Runner() as schleife:
        sitzung = klient.async_setup_kernel(cwd=lauf.ordner, env=umwelt, cleanup_kc=True)
        try:
            schleife.run(_betrete(sitzung))
            return fuehre_zellen(lauf, zelle, schritt)
        except CellTimeoutError:
            art = "zeit_bericht" if time.monotonic() >= ende else "zeit_zelle"
        except (DeadKernelError, RuntimeError):
            art = "beendet"
        finally:
            schleife.run(_verlasse(sitzung))
    return Laufergebnis(lauf.stamm, fehler=Zellfehler(art, stelle))


async def _betrete(sitzung: Any) -> None:
    await sitzung.__aenter__()


async def _verlasse(sitzung: Any) -> None:
    await sitzung.__aexit__(None, None, None)


def _klient(lauf: Lauf) -> Any:
    """Ein NotebookClient mit begrenzter Textausgabe, ohne Verlauf, im selben Python."""
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient

    knoten_art: Any = import_module("nbformat").NotebookNode

    class Klient(NotebookClient):  # type: ignore[misc, unused-ignore]
        text = 0

        def output(self, outs: Any, msg: Any, display_id: Any, cell_index: int) -> Any:
            if msg["msg_type"] == "stream":
                self.text += len(msg["content"]["text"])
                if self.text > lauf.grenzen.text_je_zelle:
                    return None
            return super().output(outs, msg, display_id, cell_index)

        def execute_cell(self, cell: Any, cell_index: int, *args: Any, **kwargs: Any) -> Any:
            self.text = 0
            return super().execute_cell(cell, cell_index, *args, **kwargs)

    manager = AsyncKernelManager()
    # derselbe Python wie hier, auch wenn „python3“ auf dem Rechner anderswohin zeigt
    spezifikation: Any = manager.kernel_spec
    spezifikation.argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    klient = Klient(
        knoten_art(cells=[], metadata={}, nbformat=4, nbformat_minor=5),
        km=manager,
        timeout=round(lauf.grenzen.zelle),
        allow_errors=True,
        interrupt_on_timeout=False,
        record_timing=False,
        store_widget_state=False,
        shutdown_kernel="immediate",
    )
    klient.extra_arguments = [
        "--log-level=ERROR",
        "--HistoryManager.enabled=False",
        f"--IPKernelApp.exec_lines={_MITSCHREIBEN}; {_BEGRENZEN.format(lauf.grenzen.speicher_mb)}",
    ]
    return klient
