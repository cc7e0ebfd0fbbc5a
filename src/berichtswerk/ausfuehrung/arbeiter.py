"""Ein Notizbuch in diesem Prozess ausführen: IPython ohne Kernel und ohne Netzwerk.

Gedacht für ein frisch abgezweigtes Kind (siehe ``gabel``): die Shell ist danach verbraucht. Ergebnis
und Fehlermeldungen sind dieselben wie über einen Kernel (``kern``).
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

from berichtswerk.ausfuehrung import mitschrift, speichergrenze
from berichtswerk.ausfuehrung.auftrag import FehlerArt, Lauf, Laufergebnis, Zellfehler
from berichtswerk.ausfuehrung.parameter import Notizbuch, quelltext

MIME = "application/vnd.berichtswerk+json"
"""Wie ``darstellung.uebergabe.MIME``; hier noch einmal, damit ein Lauf ohne pydantic beginnen kann."""

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_DATEI = re.compile(r" \([^()]*, line \d+\)$")
_STELLE = re.compile(r"Cell In\[(\d+)\], line (\d+)")


class _Grenzpuffer(io.StringIO):
    """Text bis zu einer Grenze; was darüber hinausgeht, wird verworfen."""

    def __init__(self, grenze: int) -> None:
        super().__init__()
        self._rest = grenze

    def write(self, text: str, /) -> int:
        if self._rest > 0:
            super().write(text[: self._rest])
        self._rest -= len(text)
        return len(text)


def baue_shell(ausgaben: list[dict[str, Any]]) -> Any:
    """Eine IPython-Shell, deren Ausgaben in ``ausgaben`` landen; legt nichts auf der Platte an."""
    from IPython.core.displayhook import DisplayHook
    from IPython.core.displaypub import DisplayPublisher
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    class Anzeige(DisplayHook):
        def write_output_prompt(self) -> None: ...

        def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
            ausgaben.append({"output_type": "execute_result", "data": dict(format_dict)})

        def finish_displayhook(self) -> None: ...

        def log_output(self, format_dict: Any) -> None: ...

    class Verteiler(DisplayPublisher):
        def publish(self, data: Any, *args: Any, **kwargs: Any) -> None:
            ausgaben.append({"output_type": "display_data", "data": dict(data)})

        def clear_output(self, wait: bool = False) -> None:
            ausgaben.clear()

    class Shell(InteractiveShell):
        displayhook_class = Anzeige
        display_pub_class = Verteiler

        def init_profile_dir(self, profile_dir: Any) -> None:
            """Kein Profilordner: das Kind hinterlässt nichts."""

        def _showtraceback(self, etype: Any, evalue: Any, stb: Any) -> None:
            ausgaben.append(
                {
                    "output_type": "error",
                    "ename": etype.__name__,
                    "evalue": str(evalue),
                    "traceback": list(stb),
                }
            )

    # der IPython-Ordner muss nur vorhanden sein: ohne Profil und Verlauf wird dort nichts angelegt
    einstellung = Config()
    einstellung.HistoryManager.enabled = False
    einstellung.HistoryManager.hist_file = ":memory:"
    shell = Shell.instance(config=einstellung, ipython_dir=str(Path.cwd()))
    shell.colors = "nocolor"
    return shell


def fuehre_aus(lauf: Lauf) -> Laufergebnis:
    """Führt alle Zellen aus; bricht bei der ersten ab, die scheitert. Verbraucht den Prozess."""
    from berichtswerk.ausfuehrung.vorwaermer import schritt

    os.environ.update(umgebung(lauf.wurzel))
    os.chdir(lauf.ordner)
    sys.path.insert(0, "")
    mitschrift.beginne(lauf.wurzel)
    ausgaben: list[dict[str, Any]] = []
    shell = baue_shell(ausgaben)
    _verbiete_eingabe()
    speichergrenze.begrenze(lauf.grenzen.speicher_mb, shell)

    def zelle(text: str) -> list[dict[str, Any]]:
        ausgaben.clear()
        puffer = _Grenzpuffer(lauf.grenzen.text_je_zelle)
        with redirect_stdout(puffer), redirect_stderr(puffer):
            ergebnis = shell.run_cell(text, store_history=True)
        fertig = list(ausgaben)
        fehler = ergebnis.error_before_exec or ergebnis.error_in_exec
        if fehler is not None and not any(a["output_type"] == "error" for a in fertig):
            # SystemExit zeigt IPython nicht als Fehler; ein Bericht endet damit trotzdem unvollständig
            fertig.append(_als_fehler(type(fehler).__name__, str(fehler)))
        if puffer.getvalue():
            fertig.insert(0, {"output_type": "stream", "name": "stdout", "text": ""})
        return fertig

    return fuehre_zellen(lauf, zelle, schritt)


def umgebung(wurzel: str) -> dict[str, str]:
    """Umgebungsvariablen jedes Laufs, gleich für Kind und Kernel."""
    return {
        "BERICHTSWERK_LAUF": "1",
        "BERICHTSWERK_PROJEKT": wurzel,
        "PYTHONHASHSEED": "0",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }


def fuehre_zellen(
    lauf: Lauf, zelle: Callable[[str], list[dict[str, Any]]], schritt: Callable[[int], None]
) -> Laufergebnis:
    """Gemeinsame Schleife beider Wege: ``zelle(quelltext)`` liefert die Ausgaben im Jupyter-Format."""
    nb: Notizbuch = json.loads(lauf.notizbuch)
    gesamt, nummer, beginn = 0, 0, time.perf_counter()
    objekte: dict[int, str] = {}
    for stelle, z in enumerate(nb["cells"]):
        if z["cell_type"] != "code" or not quelltext(z).strip():
            continue
        schritt(stelle)
        nummer += 1
        roh = zelle(quelltext(z))
        fehler = finde_fehler(roh, stelle, nummer)
        if fehler is not None:
            return Laufergebnis(lauf.stamm, fehler=fehler)
        z["outputs"], groesse = behalte(roh, objekte)
        z["execution_count"] = nummer
        gesamt += groesse
        if gesamt > lauf.grenzen.objekte_je_bericht:
            return Laufergebnis(lauf.stamm, fehler=Zellfehler("zu_viel", stelle, text=str(gesamt)))
    gelesen = _entnimm_gelesen(nb)
    ausgefuehrt = _schreibe(nb, objekte)
    return Laufergebnis(lauf.stamm, ausgefuehrt, None, gelesen, time.perf_counter() - beginn)


def finde_fehler(ausgaben: list[dict[str, Any]], stelle: int, nummer: int) -> Zellfehler | None:
    """Der Fehler unter den Ausgaben einer Zelle; die Zeile ist die innerste dieser Zelle."""
    for a in ausgaben:
        if a["output_type"] != "error":
            continue
        spur = _ANSI.sub("", "\n".join(a.get("traceback", [])))
        zeilen = [int(z) for n, z in _STELLE.findall(spur) if int(n) == nummer]
        text = _DATEI.sub("", a["evalue"])  # IPython nennt hier seine flüchtige Datei
        art: FehlerArt = "speicher" if a["ename"].endswith("MemoryError") else "fehler"
        return Zellfehler(art, stelle, a["ename"], text, zeilen[-1] if zeilen else 0)
    return None


def behalte(ausgaben: list[dict[str, Any]], objekte: dict[int, str]) -> tuple[list[dict[str, Any]], int]:
    """Nur die Objekte der Darstellung; was sonst gezeigt wurde, bleibt als Liste seiner Arten.

    Gibt die Ausgaben und ihre Größe in Zeichen zurück; ``objekte`` sammelt ihr JSON unter ihrer ``id()``.
    """
    behalten: list[dict[str, Any]] = []
    verworfen: set[str] = set()
    groesse = 0
    for a in ausgaben:
        daten = a.get("data", {})
        if MIME in daten:
            inhalt = daten[MIME]
            behalten.append({"output_type": "display_data", "metadata": {}, "data": {MIME: inhalt}})
            objekte[id(inhalt)] = json.dumps(inhalt, ensure_ascii=False, sort_keys=True)
            groesse += _laenge(objekte[id(inhalt)])
        elif a["output_type"] == "stream":
            verworfen.add("text")
        elif daten:
            verworfen.add(_art(daten))
    if verworfen:
        metadaten = {"berichtswerk": {"verworfen": sorted(verworfen)}}
        behalten.append({"output_type": "display_data", "metadata": metadaten, "data": {}})
    return behalten, groesse


def _laenge(text: str) -> int:
    """Länge des JSON, wenn es nur ASCII enthielte (so ist die Grenze je Bericht gemeint)."""
    besondere = text.count("\x7f")
    if text.isascii():
        return len(text) + 5 * besondere
    besondere += len(text) - len(text.encode("ascii", "ignore"))
    doppelte = len(text.encode("utf-16-le", "surrogatepass")) // 2 - len(text)
    return len(text) + 5 * besondere + 6 * doppelte


def _schreibe(nb: Notizbuch, objekte: dict[int, str]) -> str:
    """Das Notizbuch als JSON; was schon JSON ist, wird nicht noch einmal umgewandelt."""
    texte: list[str] = []
    platzhalter = "\ufdd0bw"  # ein Zeichen, das in Texten nie vorkommt
    for z in nb["cells"]:
        for a in z.get("outputs", []):
            if MIME in a["data"]:
                texte.append(objekte[id(a["data"][MIME])])
                a["data"] = {MIME: f"{platzhalter}{len(texte) - 1}"}
    roh = json.dumps(nb, ensure_ascii=False, sort_keys=True)
    return re.sub(rf'"{platzhalter}(\d+)"', lambda fund: texte[int(fund[1])], roh)


def _art(daten: dict[str, Any]) -> str:
    """Womit eine Ausgabe hätte gezeigt werden sollen; entscheidet den Wortlaut des Hinweises."""
    if any(mime.startswith("image/") or "vegalite" in mime for mime in daten):
        return "bild"
    if "text/html" in daten:
        return "tabelle"
    return "markdown" if "text/markdown" in daten else "wert"


def _als_fehler(name: str, text: str) -> dict[str, Any]:
    return {"output_type": "error", "ename": name, "evalue": text, "traceback": []}


def _entnimm_gelesen(nb: Notizbuch) -> tuple[str, ...]:
    """Nimmt die Ausgabe „gelesen“ der Abschlusszelle heraus: sie gehört nicht zum Bericht."""
    gelesen: tuple[str, ...] = ()
    for z in nb["cells"]:
        rest = []
        for a in z.get("outputs", []):
            inhalt = a.get("data", {}).get(MIME, {})
            if inhalt.get("art") == "gelesen":
                gelesen = tuple(inhalt["dateien"])
            else:
                rest.append(a)
        if z["cell_type"] == "code":
            z["outputs"] = rest
    return gelesen


def _verbiete_eingabe() -> None:
    """``input()`` scheitert wie im Kernel, statt auf jemanden zu warten, der nicht da ist."""
    import builtins

    from IPython.core.error import StdinNotImplementedError

    def eingabe(*_args: object) -> str:
        raise StdinNotImplementedError(
            "raw_input was called, but this frontend does not support input requests."
        )

    builtins.input = eingabe
