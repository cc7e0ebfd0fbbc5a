"""Notizbücher an ihrem Platz ausführen und mit Ausgaben speichern, jedes Mal Byte für Byte gleich.

So zeigt ein Notizbuch ohne Zutun, was JupyterLab zeigen würde, und nbval kann es nachprüfen.
"""

from __future__ import annotations

import json
import os
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

from berichtswerk.ausfuehrung.notizbuch import NotizbuchUnlesbar
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt

METADATEN = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}
ZEITGRENZE = 600
"""Sekunden, die eine Zelle höchstens rechnen darf."""

_BEHALTEN = ("tags", "slideshow")
_ADRESSE = re.compile(r"\bat 0x[0-9a-fA-F]{6,}")
_FARBE = re.compile(r"\x1b\[[0-9;]*m")


class NotizbuchAbgebrochen(Befundart):
    kennung = "notizbuch-abgebrochen"
    text = "Das Notizbuch kam nicht zu Ende."
    ursache = "{grund}"
    abhilfe = "Suchen Sie in JupyterLab Zelle für Zelle die, die zu viel rechnet."


class ZelleScheitertHier(Befundart):
    kennung = "notizbuch-zelle"
    text = "Eine Zelle scheitert; das Notizbuch bleibt, wie es war."
    ursache = "{grund}"
    abhilfe = "Führen Sie das Notizbuch in JupyterLab bis zu dieser Zelle aus."


class AusgabeZufaellig(Befundart):
    kennung = "notizbuch-zufaellig"
    text = "Eine Zelle zeigt etwas, das bei jedem Lauf anders aussieht."
    ursache = "Die Ausgabe enthält eine Speicheradresse („at 0x…“)."
    abhilfe = "Beenden Sie die letzte Zeile der Zelle mit einem Semikolon."


def fuehre_aus(projekt: Projekt, pfad: Path) -> str:
    """Das neu ausgeführte Notizbuch als JSON-Text; schreibt nichts.

    Raises:
        BerichtswerkFehler: eine Zelle scheitert, das Notizbuch ist unlesbar oder zeigt Zufälliges.
    """
    nb = _lies(projekt, pfad)
    _in_kernel(projekt, pfad, nb)
    meldungen = [m for i, zelle in enumerate(nb["cells"]) for m in _pruefe(projekt, pfad, i, zelle)]
    if meldungen:
        raise BerichtswerkFehler(meldungen)
    return schreibweise(nb)


def _lies(projekt: Projekt, pfad: Path) -> Any:
    nbformat = import_module("nbformat")
    try:
        roh = json.loads(pfad.read_text(encoding="utf-8"))
        _vergib_kennungen(roh)
        nb = nbformat.reads(json.dumps(roh), as_version=4)
    except (ValueError, KeyError, TypeError, AttributeError) as fehler:
        grund = str(fehler).splitlines()[0]
        raise BerichtswerkFehler(
            NotizbuchUnlesbar.melde(datei=projekt.relativ(pfad), grund=grund)
        ) from fehler
    for zelle in nb["cells"]:
        if zelle["cell_type"] == "code":
            zelle["outputs"], zelle["execution_count"] = [], None
    return nb


def _vergib_kennungen(nb: Any) -> None:
    """Füllt fehlende und doppelte Kennungen der Zellen; nbformat nähme sonst zufällige."""
    vergeben: set[str] = set()
    for stelle, zelle in enumerate(nb["cells"], 1):
        if not zelle.get("id") or zelle["id"] in vergeben:
            zelle["id"] = f"zelle-{stelle:02d}"
        vergeben.add(zelle["id"])
    nb["nbformat"], nb["nbformat_minor"] = 4, 5


def _in_kernel(projekt: Projekt, pfad: Path, nb: Any) -> None:
    """Führt in einem frischen Kernel desselben Pythons aus; hält bei der ersten Zelle an, die scheitert."""
    from jupyter_client.manager import AsyncKernelManager
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    manager = AsyncKernelManager()
    spezifikation: Any = manager.kernel_spec
    spezifikation.argv = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    klient = NotebookClient(
        nb, km=manager, timeout=ZEITGRENZE, record_timing=False, store_widget_state=False,
        shutdown_kernel="immediate",
    )  # fmt: skip
    klient.extra_arguments = ["--log-level=ERROR", "--HistoryManager.enabled=False"]
    umgebung = {**os.environ, "BERICHTSWERK_PROJEKT": str(projekt.wurzel), "PYTHONHASHSEED": "0"}
    umgebung.pop("BERICHTSWERK_LAUF", None)
    try:
        klient.execute(cwd=str(projekt.notebooks), env=umgebung, cleanup_kc=True)
    except CellExecutionError:
        return  # die Ausgabe „error“ steht in der Zelle und wird gemeldet
    except (CellTimeoutError, DeadKernelError) as fehler:
        grund = str(fehler).splitlines()[0]
        raise BerichtswerkFehler(
            NotizbuchAbgebrochen.melde(datei=projekt.relativ(pfad), grund=grund)
        ) from fehler


def _pruefe(projekt: Projekt, pfad: Path, stelle: int, zelle: Any) -> list[Meldung]:
    """Fehler einer Zelle und Ausgaben, die bei jedem Lauf anders wären."""
    befunde = []
    datei, ort = projekt.relativ(pfad), f"Zelle {stelle + 1}"
    for a in zelle.get("outputs", []):
        if a["output_type"] == "error":
            grund = f"{a['ename']}: {_FARBE.sub('', str(a['evalue']))}"
            befunde.append(ZelleScheitertHier.melde(datei=datei, ort=ort, grund=grund))
        elif _ADRESSE.search(json.dumps(a.get("data", a.get("text", "")), ensure_ascii=False)):
            befunde.append(AusgabeZufaellig.melde(datei=datei, ort=ort))
    return befunde


def schreibweise(nb: Any) -> str:
    """Das Notizbuch ohne alles, was von Rechner, Uhr oder Zufall abhängt; Quelltexte als Zeilenlisten."""
    nummer = 0
    nb["metadata"] = METADATEN
    for zelle in nb["cells"]:
        zelle["metadata"] = {n: zelle["metadata"][n] for n in _BEHALTEN if n in zelle["metadata"]}
        if zelle["cell_type"] != "code":
            continue
        leer = not str(zelle["source"]).strip()
        nummer += not leer
        zelle["execution_count"] = None if leer else nummer
        for a in zelle["outputs"]:
            if "metadata" in a:
                a["metadata"] = {}
            if "execution_count" in a:
                a["execution_count"] = nummer
    nbformat = import_module("nbformat")
    return str(nbformat.writes(nb, indent=1, sort_keys=True, ensure_ascii=False)).rstrip("\n") + "\n"
