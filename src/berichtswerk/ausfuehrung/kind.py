"""Im eigenen Prozess eines Laufs: das Notizbuch Zelle für Zelle ausführen und mitschreiben, was es liest.

IPython ohne Kernel und ohne Netz. Der Prozess ist danach verbraucht; er endet, wenn sein Auftraggeber endet.
"""

from __future__ import annotations

import gc
import io
import json
import os
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from importlib import import_module
from itertools import accumulate
from multiprocessing import connection, parent_process
from pathlib import Path
from typing import Any, ClassVar

from berichtswerk.ausfuehrung.auftrag import Ausgabeart, FehlerArt, Lauf, Laufergebnis, Rohausgabe, Zellfehler
from berichtswerk.ausfuehrung.notizbuch import Notizbuch, quelltext, verborgen
from berichtswerk.ausfuehrung.spur import FREMD, MODUL, WAEHREND
from berichtswerk.grund import ablage
from berichtswerk.grund.ablage import PAKET
from berichtswerk.grund.fremdes import ohne_sprachlehre
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke.marke import DATEI, FORM

MIME = "application/vnd.berichtswerk+json"
"""Wie in ``gegenstand``; hier noch einmal, damit ein Lauf ohne pydantic beginnen kann."""
FEST = {"PYTHONHASHSEED": "0", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Umgebungsvariablen, mit denen jedes Python eines Laufs schon beginnen muss."""

_ANSI = re.compile(r"\x1b\[[0-9;]*m")
_DATEI = re.compile(r" \([^()]*, line \d+\)$")
_STELLE = re.compile(r"Cell In\[(\d+)\], line (\d+)")
_BELEGT = re.compile(r"^VmData:\s+(\d+) kB", re.MULTILINE)


def arbeite(leitung: connection.Connection, lauf: Lauf) -> None:
    """Das Leben des Prozesses: meldet jede begonnene Zelle und das Ergebnis; der Auftraggeber beendet ihn."""
    _stirb_mit_dem_auftraggeber()
    schweige()
    gc.set_threshold(100_000, 20, 20)
    try:
        leitung.send(fuehre_aus(lauf, leitung))
    except BaseException as fehler:  # ein Fehler im Programm, nicht im Notizbuch
        leitung.send(RuntimeError("".join(traceback.format_exception(fehler))))
    threading.Event().wait()


def schweige() -> None:
    """Was Bibliotheken an Python vorbei ausgeben, gehört nicht auf das Terminal des Auftraggebers."""
    nichts = os.open(os.devnull, os.O_RDWR)
    for nummer in (0, 1, 2):
        os.dup2(nichts, nummer)


def _stirb_mit_dem_auftraggeber() -> None:
    """Endet er, wie auch immer, endet dieser Prozess mit allem, was er gestartet hat.

    Unter Linux besorgt das der Kern des Systems, auch während eine Zelle Python nicht zu Wort kommen lässt.
    """
    eltern = parent_process()
    if eltern is None:
        return
    if sys.platform != "win32":
        os.setsid()
    if sys.platform == "linux":
        import fcntl
        import signal

        leitung = int(eltern.sentinel)
        fcntl.fcntl(leitung, fcntl.F_SETOWN, -os.getpid())
        fcntl.fcntl(leitung, fcntl.F_SETSIG, signal.SIGKILL)
        fcntl.fcntl(leitung, fcntl.F_SETFL, fcntl.fcntl(leitung, fcntl.F_GETFL) | os.O_ASYNC)
        if not connection.wait([leitung], 0):
            return

    def wache() -> None:
        connection.wait([eltern.sentinel])
        if sys.platform != "win32":
            os.killpg(os.getpid(), 9)
        os._exit(1)

    threading.Thread(target=wache, daemon=True).start()


def fuehre_aus(lauf: Lauf, leitung: connection.Connection | None = None) -> Laufergebnis:
    """Führt alle Zellen aus; bricht bei der ersten ab, die scheitert. Verbraucht den Prozess."""
    os.environ.update(FEST, BERICHTSWERK_LAUF="1", BERICHTSWERK_PROJEKT=lauf.wurzel)
    os.chdir(lauf.ordner)
    sys.path.insert(0, "")
    _verbiete_eingabe()
    ohne_sprachlehre()
    if lauf.gemeinsam is None:
        _verbirg_vorausgerechnetes()
    shell = _Zellenshell(lauf)
    mitschrift = Mitschrift(lauf.wurzel)
    _begrenze_speicher(lauf.grenzen.speicher_mb, shell.shell)

    nb: Notizbuch = json.loads(lauf.notizbuch)
    nummer, beginn = 0, time.perf_counter()
    roh_gezeigt: list[Rohausgabe] = []
    angelegt: dict[int, int] = {}
    for stelle, zelle in enumerate(nb["cells"]):
        if zelle["cell_type"] != "code" or not quelltext(zelle).strip():
            continue
        if leitung is not None:
            leitung.send(stelle)
        nummer += 1
        ausgaben = shell.laufe(quelltext(zelle))
        fehler = finde_fehler(ausgaben, stelle, nummer)
        if fehler is not None:
            tor: Any = sys.modules.get("berichtswerk.bericht.bericht")
            zweifel = tuple(tor.zweifel()) if tor is not None else ()
            return Laufergebnis(lauf.stamm, fehler=replace(fehler, zweifel=zweifel))
        zelle["execution_count"] = nummer
        zelle["outputs"] = [
            {"output_type": "display_data", "metadata": {}, "data": {MIME: a["data"][MIME]}}
            for a in ausgaben
            if MIME in a.get("data", {})
        ]
        if not verborgen(zelle):
            roh_gezeigt += _am_tor_vorbei(ausgaben, stelle)
        wo = -1 if verborgen(zelle) else stelle
        angelegt |= dict.fromkeys(_offen().keys() - angelegt.keys(), wo)
    roh_gezeigt += _ungezeigt(angelegt)
    dauer = time.perf_counter() - beginn
    fertig = json.dumps(nb, ensure_ascii=False, sort_keys=True).encode()
    if len(fertig) > lauf.grenzen.objekte_je_bericht:
        return Laufergebnis(lauf.stamm, fehler=_zu_gross(nb, lauf.grenzen.objekte_je_bericht))
    return Laufergebnis(lauf.stamm, fertig, None, mitschrift.gelesen(), tuple(roh_gezeigt), dauer)


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


class _Zellenshell:
    """IPython, dessen Ausgaben im Speicher landen; legt nichts auf der Platte an."""

    def __init__(self, lauf: Lauf) -> None:
        self._grenze = lauf.grenzen.text_je_zelle
        self._ausgaben: list[dict[str, Any]] = []
        self.shell = _baue_shell(self._ausgaben)

    def laufe(self, text: str) -> list[dict[str, Any]]:
        """Die Ausgaben einer Zelle im Jupyter-Format."""
        self._ausgaben.clear()
        aus, fehlerstrom = _Grenzpuffer(self._grenze), _Grenzpuffer(self._grenze)
        with redirect_stdout(aus), redirect_stderr(fehlerstrom):
            ergebnis = self.shell.run_cell(text, store_history=True)
        fertig = list(self._ausgaben)
        fehler = ergebnis.error_before_exec or ergebnis.error_in_exec
        if fehler is not None and not any(a["output_type"] == "error" for a in fertig):
            # SystemExit zeigt IPython nicht als Fehler; ein Bericht endet damit trotzdem unvollständig
            fertig.append({"output_type": "error", "ename": type(fehler).__name__, "evalue": str(fehler)})
        if isinstance(fehler, BerichtswerkFehler):
            fertig = [a | {"meldungen": fehler.meldungen} for a in fertig if a["output_type"] == "error"]
        for name, puffer in (("stdout", aus), ("stderr", fehlerstrom)):
            if puffer.getvalue().strip():
                fertig.append({"output_type": "stream", "name": name, "text": puffer.getvalue()})
        return fertig


def _baue_shell(ausgaben: list[dict[str, Any]]) -> Any:
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
            fehler = {"ename": etype.__name__, "evalue": str(evalue), "traceback": list(stb)}
            ausgaben.append({"output_type": "error", **fehler})

    # der IPython-Ordner muss nur vorhanden sein: ohne Profil und Verlauf wird dort nichts angelegt
    einstellung = Config()
    einstellung.HistoryManager.enabled = False
    einstellung.HistoryManager.hist_file = ":memory:"
    shell = Shell.instance(config=einstellung, ipython_dir=str(Path.cwd()))
    shell.colors = "nocolor"
    return shell


def finde_fehler(ausgaben: Sequence[dict[str, Any]], stelle: int, nummer: int) -> Zellfehler | None:
    """Der Fehler unter den Ausgaben einer Zelle; die Zeile ist die innerste dieser Zelle."""
    for a in ausgaben:
        if a["output_type"] != "error":
            continue
        spur = _ANSI.sub("", "\n".join(a.get("traceback", [])))
        zeilen = [int(z) for n, z in _STELLE.findall(spur) if int(n) == nummer]
        text = _DATEI.sub("", a["evalue"])  # IPython nennt hier seine flüchtige Datei
        art: FehlerArt = "speicher" if a["ename"].endswith("MemoryError") else "fehler"
        zeile, befunde = zeilen[-1] if zeilen else 0, tuple(a.get("meldungen", ()))
        return Zellfehler(art, stelle, a["ename"], text, zeile, meldungen=befunde)
    return None


def _am_tor_vorbei(ausgaben: Sequence[dict[str, Any]], stelle: int) -> list[Rohausgabe]:
    """Ausgaben, die nicht aus ``bericht`` kommen; jede Art einmal."""
    funde: dict[Ausgabeart, Rohausgabe] = {}
    for a in ausgaben:
        daten = a.get("data", {})
        if MIME in daten or not (daten or a["output_type"] == "stream"):
            continue
        art = _art(a, daten)
        text = str(a.get("text") or daten.get("text/plain", "")).strip()
        funde.setdefault(art, Rohausgabe(stelle, art, text.split("\n", 1)[0][:200]))
    return list(funde.values())


def _offen() -> dict[int, Any]:
    """Was angelegt und bisher nicht gezeigt ist; leer ohne ``berichtswerk.bericht``."""
    tor: Any = sys.modules.get("berichtswerk.bericht.anzeige")
    return dict(tor.Anzeige.offen) if tor is not None else {}


def _ungezeigt(angelegt: dict[int, int]) -> list[Rohausgabe]:
    """Gegenstände, die keine Zelle zeigte; ``angelegt`` nennt zu jedem die Zelle (-1: eine verborgene)."""
    je: dict[int, list[str]] = {}
    for nummer, anzeige in _offen().items():
        if angelegt[nummer] >= 0:
            je.setdefault(angelegt[nummer], []).append(anzeige.name)
    return [Rohausgabe(stelle, "ungezeigt", ", ".join(namen)[:200]) for stelle, namen in sorted(je.items())]


def _art(ausgabe: dict[str, Any], daten: dict[str, Any]) -> Ausgabeart:
    """Womit eine Ausgabe hätte gezeigt werden sollen; entscheidet den Wortlaut der Meldung."""
    if ausgabe["output_type"] == "stream":
        return "text" if ausgabe["name"] == "stdout" else "warnung"
    if any(mime.startswith("image/") or "vega" in mime for mime in daten):
        return "bild"
    if "text/html" in daten:
        return "tabelle"
    return "markdown" if "text/markdown" in daten else "wert"


def _zu_gross(nb: Notizbuch, grenze: int) -> Zellfehler:
    """Nennt die Zelle, mit deren Ausgaben die Grenze überschritten ist."""
    groessen = [sum(len(json.dumps(a["data"])) for a in z.get("outputs", ())) for z in nb["cells"]]
    gesamt = list(accumulate(groessen))
    stelle = next((i for i, g in enumerate(gesamt) if g > grenze), len(gesamt) - 1)
    return Zellfehler("zu_viel", stelle, text=str(gesamt[stelle]))


def _verbirg_vorausgerechnetes() -> None:
    """Es ist für andere Läufe gerechnet: was es las, stünde sonst auch in der Spur dieses Laufs."""
    voraus: Any = sys.modules.get("berichtswerk.bericht.voraus")
    if voraus is not None:
        voraus.verbirg()


class Abbestellt(BaseException):
    """Was vorausgerechnet wird, braucht niemand mehr; kein ``except Exception`` darf es aufhalten."""


class Mitschrift:
    """Welche Dateien (``pfad``) und Ordner (``pfad/``) unter einer Wurzel gelesen werden.

    Über den Audit-Hook von Python: er sieht jedes Öffnen, auch das eigene ``pd.read_csv`` des Notizbuchs.
    Daraus entsteht die Spur, mit der ein ausgeführtes Notizbuch wiederverwendet wird. Es schreibt immer nur
    die jüngste mit, auch in abgezweigten Prozessen: ein Hook lässt sich nicht wieder lösen.
    """

    _jetzt: ClassVar[Mitschrift | None] = None
    _horcht: ClassVar[bool] = False

    _SCHREIBEND = os.O_WRONLY | os.O_RDWR
    _NICHT = re.compile(r"^berichte/([^/]+/[^/]+/texte/|(.*/)?$)|(^|/)(\.|__pycache__|_site(/|$))|\.ipynb$")

    def __init__(self, wurzel: str, *, weiter: Callable[[], bool] | None = None) -> None:
        """Mit ``weiter`` wird vorausgerechnet: ohne Datenbank und Netz, und nur, solange es weitergeht."""
        ablage.richte_ein(ablage.Ablage.von(Projekt(Path(wurzel))))
        self._gelesen: set[str] = set()
        self._beginn = time.time()
        self._wurzel = str(Path(wurzel).resolve()) + os.sep
        self._weiter = weiter
        Mitschrift._jetzt = self
        if not Mitschrift._horcht:
            sys.addaudithook(_melde)
            Mitschrift._horcht = True

    def beobachte(self, ereignis: str, args: tuple[Any, ...]) -> None:
        """Nimmt ein Ereignis auf.

        Raises:
            PermissionError: vorausgerechnet wird ohne Datenbank und Netz.
            Abbestellt: es geht nicht weiter.
        """
        if ereignis == "open":
            pfad, modus, flaggen = args
            if (modus and any(z in str(modus) for z in "wax+")) or (flaggen or 0) & self._SCHREIBEND:
                return
            if self._weiter is not None and not self._weiter():
                raise Abbestellt
            self._merke(pfad, "")
        elif ereignis in ("os.scandir", "os.listdir"):
            self._merke(args[0], "/")
        elif (ereignis == "sqlite3.connect" and args[0] != ":memory:") or ereignis == "socket.connect":
            self._gelesen.add(FREMD)
            if self._weiter is not None:
                raise PermissionError("Vorausgerechnet wird ohne Datenbank und Netz.")

    def ende(self) -> None:
        """Ab jetzt schreibt niemand mehr mit."""
        Mitschrift._jetzt = None

    def dateien(self) -> set[str] | None:
        """Bisher gelesene Dateien und Ordner des Projekts; ``None``, wenn eine sich währenddessen änderte.

        Ebenso, wenn jemand eine Datenbank oder das Netz öffnen wollte.
        """
        dateien = {g for g in self._gelesen if not self._ist_programm(g)}
        if FREMD in dateien or any(self._eben_geaendert(name) for name in dateien):
            return None
        return dateien

    def _merke(self, pfad: object, anhang: str) -> None:
        if not isinstance(pfad, str | bytes | os.PathLike):
            return
        voll = os.path.abspath(os.fsdecode(pfad))  # noqa: PTH100 (Path ist hier zu langsam)
        if not voll.startswith(self._wurzel):
            return
        ab_wurzel = voll[len(self._wurzel) :].replace(os.sep, "/")
        if ab_wurzel and not self._NICHT.search(ab_wurzel + anhang):
            self._gelesen.add(ab_wurzel + anhang)

    def gelesen(self) -> tuple[str, ...]:
        """Bisher Gelesenes, sortiert; Module des Programms beginnen mit ``modul:``."""
        eigene, programm = self._module()
        dateien = {g for g in self._gelesen if not self._ist_programm(g)} | eigene
        veraendert = {WAEHREND + name for name in dateien if self._eben_geaendert(name)}
        return tuple(sorted(_ohne_farben(dateien) | veraendert | programm))

    def _ist_programm(self, ab_wurzel: str) -> bool:
        voll = self._wurzel.replace(os.sep, "/") + ab_wurzel
        return voll.startswith(PAKET.as_posix() + "/") or "/site-packages/" in f"/{voll}/"

    def _module(self) -> tuple[set[str], set[str]]:
        """Geladene Hilfsmodule neben den Notizbüchern (auch aus Bytecode) und Module des Programms."""
        eigene, programm = set(), set()
        for name, modul in sys.modules.copy().items():
            datei = getattr(modul, "__file__", None)
            if not isinstance(datei, str):
                continue
            if name.split(".")[0] == PAKET.name:
                pfad = datei if datei.startswith(str(PAKET)) else os.path.realpath(datei)
                ort = pfad[len(str(PAKET)) + 1 :].replace(os.sep, "/")
                if not ort.startswith("cli/"):  # der Befehl, der den Lauf verlangte, prägt ihn nicht
                    programm.add(MODUL + ort)
            elif datei.startswith(self._wurzel) and datei.endswith(".py") and "site-packages" not in datei:
                eigene.add(datei[len(self._wurzel) :].replace(os.sep, "/"))
        return {n for n in eigene if not self._ist_programm(n)}, programm

    def _eben_geaendert(self, name: str) -> bool:
        """Ob sich die Datei seit Beginn des Laufs änderte; Zeiten in der Zukunft sagen nichts."""
        try:
            stand = Path(self._wurzel, name).stat()
        except OSError:
            return False
        return any(self._beginn < zeit < time.time() + 2 for zeit in (stand.st_mtime, stand.st_ctime))


_EREIGNISSE = frozenset({"open", "os.scandir", "os.listdir", "sqlite3.connect", "socket.connect"})


def _melde(ereignis: str, args: tuple[Any, ...]) -> None:
    """Muss schnell sein: Python meldet auch jedes ``id()``."""
    if ereignis in _EREIGNISSE and Mitschrift._jetzt is not None:
        Mitschrift._jetzt.beobachte(ereignis, args)


def _ohne_farben(dateien: set[str]) -> set[str]:
    """Von der Marke zählt nur, was der Lauf von ihr bemerkt: das Tor nennt Farben beim Namen."""
    tor: Any = sys.modules.get("berichtswerk.bericht.bericht")  # nur, wenn das Notizbuch es benutzt
    sichten = tor.angelegt() if tor is not None else ()
    thema = next((vars(s)["thema"] for s in sichten if "thema" in vars(s)), None)
    if thema is None or any(s.register.vorlagen for s in sichten):  # Vorlagen tragen echte Farben
        return dateien
    return dateien - {DATEI} | {FORM + thema.marke.form()}


def abschluss() -> None:
    """Letzte Zelle jedes Laufs: gibt die Bindungen des Berichts aus."""
    tor: Any = sys.modules.get("berichtswerk.bericht.bericht")
    if tor is not None and (bindungen := tor.abschluss()) is not None:
        import_module("IPython.display").display(bindungen)


def _begrenze_speicher(megabyte: int, shell: Any) -> None:
    """Ab jetzt darf dieser Prozess noch so viel belegen; mehr endet als ``MemoryError`` der Zelle (Linux).

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


def _verbiete_eingabe() -> None:
    """``input()`` scheitert wie im Kernel, statt auf jemanden zu warten, der nicht da ist."""
    import builtins

    from IPython.core.error import StdinNotImplementedError

    def eingabe(*_args: object) -> str:
        raise StdinNotImplementedError(
            "raw_input was called, but this frontend does not support input requests."
        )

    builtins.input = eingabe
