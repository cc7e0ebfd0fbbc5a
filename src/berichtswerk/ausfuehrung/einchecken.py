"""Ein Notizbuch an seinem Platz ausführen und mit Ausgaben speichern, so dass nbval es prüfen kann."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from berichtswerk.ausfuehrung.speicher import schreibe_ganz
from berichtswerk.meldung import BerichtswerkFehler, Meldung
from berichtswerk.projekt import Projekt


def fuehre_mit_ausgaben_aus(projekt: Projekt, datei: Path) -> None:
    """Führt ``datei`` in einem Kernel aus, wie JupyterLab es täte, und speichert die Ausgaben.

    Was sich von Lauf zu Lauf ändert (Zeiten, Rechnerangaben), wird nicht gespeichert.

    Raises:
        BerichtswerkFehler: ``notizbuch-unlesbar`` oder ``notizbuch-scheitert``; die Datei bleibt dann gleich.
    """
    import nbformat
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError

    name = projekt.relativ(datei)
    try:
        nb: Any = nbformat.read(datei, as_version=4)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, AttributeError, nbformat.ValidationError) as fehler:
        raise BerichtswerkFehler(_unlesbar(name, fehler)) from fehler
    manager: Any = AsyncKernelManager()
    manager.kernel_spec.argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    klient = NotebookClient(
        nb,
        km=manager,
        timeout=600,
        record_timing=False,
        store_widget_state=False,
        shutdown_kernel="immediate",
    )
    klient.extra_arguments = ["--log-level=ERROR", "--HistoryManager.enabled=False"]
    umwelt = {**os.environ, "PYTHONHASHSEED": "0", "BERICHTSWERK_PROJEKT": str(projekt.wurzel)}
    umwelt.pop("BERICHTSWERK_LAUF", None)
    try:
        with klient.setup_kernel(cwd=str(datei.parent), env=umwelt, cleanup_kc=True):
            for stelle, zelle in enumerate(nb.cells):
                klient.execute_cell(zelle, stelle)
    except CellExecutionError as fehler:
        raise BerichtswerkFehler(_scheitert(name, stelle + 1, fehler)) from fehler
    nb.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    schreibe_ganz(datei, nbformat.writes(nb) + "\n")  # type: ignore[no-untyped-call]


def _unlesbar(name: str, fehler: Exception) -> Meldung:
    return Meldung(
        "notizbuch-unlesbar",
        "Die Datei ist kein lesbares Notizbuch.",
        datei=name,
        ursache=str(fehler).splitlines()[0],
        abhilfe="Geben Sie ein Notizbuch an, zum Beispiel notebooks/bericht.ipynb.",
    )


def _scheitert(name: str, zelle: int, fehler: Any) -> Meldung:
    return Meldung(
        "notizbuch-scheitert",
        "Das Notizbuch läuft nicht durch und wurde nicht gespeichert.",
        datei=name,
        ort=f"Zelle {zelle}",
        ursache=f"{fehler.ename}: {fehler.evalue}",
        abhilfe="Öffnen Sie das Notizbuch in JupyterLab und führen Sie es von oben bis zu dieser Zelle aus.",
    )
