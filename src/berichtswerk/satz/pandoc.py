"""pandoc als Dauerläufer: ein Prozess je Faden statt ein Programmstart je Bericht und Format."""

from __future__ import annotations

import atexit
import contextlib
import hashlib
import json
import os
import queue
import subprocess
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from berichtswerk.ausfuehrung import zeiten
from berichtswerk.ausfuehrung.ablage import Ablage, codesumme, dateisumme, fassung, schluessel_aus
from berichtswerk.meldung import BerichtswerkFehler, Meldung
from berichtswerk.satz.tafelplatz import lagere_aus, setze_ein, setze_ein_typst

Format = Literal["html", "typst"]
_LUA = Path(__file__).parent / "lua"
_VORLAGE = Path(__file__).parent / "vorlage.typ"


@dataclass(frozen=True, slots=True)
class Befund:
    """Ein Fund der Lua-Stufe: Kennung, Zelle (0 = ohne), der strittige Text."""

    kennung: str
    zelle: int
    was: str


@dataclass(frozen=True, slots=True)
class Ergebnis:
    """Antwort des Dienstes; ``html`` und ``typst`` sind leer, wenn es Befunde gibt."""

    titel: str
    untertitel: str
    gliederung: list[dict[str, Any]]
    befunde: tuple[Befund, ...]
    bekannt: tuple[str, ...] = ()
    bilder: tuple[Befund, ...] = ()
    html: str = ""
    typst: str = ""


@dataclass
class _Dienst:
    """Ein laufendes ``pandoc lua dienst.lua``."""

    prozess: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        # GHCRTS: größere Zuteilungen, seltener aufräumen; spart ein Sechstel der Zeit
        umgebung = {**os.environ, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "GHCRTS": "-A64m"}
        self.prozess = subprocess.Popen(
            [_programm(), "lua", "dienst.lua"],
            cwd=_LUA,  # Lua öffnet seine Bausteine so auch unter Pfaden mit Umlauten
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            env=umgebung,
        )

    def frage(self, auftrag: dict[str, Any]) -> dict[str, Any]:
        assert self.prozess.stdin is not None and self.prozess.stdout is not None
        self.prozess.stdin.write(json.dumps(auftrag, ensure_ascii=False) + "\n")
        self.prozess.stdin.flush()
        zeile = self.prozess.stdout.readline()
        if not zeile:
            raise BrokenPipeError
        antwort: dict[str, Any] = json.loads(zeile)
        return antwort

    def beende(self) -> None:
        for strom in (self.prozess.stdin, self.prozess.stdout):
            if strom is not None:
                with contextlib.suppress(OSError):
                    strom.close()
        try:
            self.prozess.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.prozess.kill()
            self.prozess.wait()
        if self.prozess.returncode < 0:  # von außen beendet: dann räumt pandoc nicht mehr selbst auf
            for rest in Path(tempfile.gettempdir()).glob(f"pandoc-hist{self.prozess.pid}-*"):
                rest.unlink(missing_ok=True)


@cache
def _programm() -> str:
    """Pfad des mitgelieferten pandoc (``pypandoc-binary``); es wird nichts heruntergeladen."""
    import pypandoc

    return str(pypandoc.get_pandoc_path())


_frei: queue.LifoQueue[_Dienst] = queue.LifoQueue()
_platz = threading.BoundedSemaphore(max(1, min(4, os.cpu_count() or 1)))


@cache
def waerme_vor() -> None:
    """Startet pandoc einmal für jedes Format, ohne zu warten: es braucht so lange wie das Übergeben davor."""
    with contextlib.suppress(OSError):
        for _ in range(2):
            _frei.put(_Dienst())


def _hole() -> _Dienst:
    with contextlib.suppress(queue.Empty):
        dienst = _frei.get_nowait()
        if dienst.prozess.poll() is None:
            return dienst
        dienst.beende()
    return _Dienst()


def beende() -> None:
    """Beendet alle bereitstehenden Prozesse; der nächste Auftrag startet neue."""
    waerme_vor.cache_clear()
    while True:
        try:
            _frei.get_nowait().beende()
        except queue.Empty:
            return


atexit.register(beende)
if hasattr(os, "register_at_fork"):  # ein geforktes Kind darf die Rohre des Elternprozesses nicht benutzen
    os.register_at_fork(after_in_child=lambda: globals().update(_frei=queue.LifoQueue()))


def wandle(
    markdown: str,
    layout: Path,
    formate: tuple[Format, ...],
    *,
    nur_pruefen: bool = False,
    ablage: Ablage | None = None,
) -> Ergebnis:
    """Liest Markdown einmal und schreibt alle verlangten Formate; schon Gewandeltes kommt aus der Ablage.

    Args:
        markdown: vollständiges Dokument mit YAML-Kopf (siehe :mod:`berichtswerk.satz.lesen`).
        layout: Ordner ``layout/`` mit ``berichtswerk.lua`` und ``typst/``.
        formate: ``("html",)``, ``("typst",)`` oder beide.
        nur_pruefen: nur Befunde, Titel und Gliederung.
        ablage: wo Fertiges liegt; ohne sie wird immer gewandelt.
    """
    auftrag: dict[str, Any] = {
        "markdown": markdown,
        "filter": (layout / "berichtswerk.lua").read_text(encoding="utf-8"),
        "vorlage": _vorlage(layout / "typst") if "typst" in formate else {},
        "nur_pruefen": nur_pruefen,
    }
    if nur_pruefen or not formate:
        return _ergebnis(_frage({**auftrag, "formate": list(formate)}))
    antworten = {f: _aus_ablage(ablage, auftrag, f) for f in formate}
    offen = [f for f in formate if not antworten[f]]
    if offen:
        with ThreadPoolExecutor(len(offen), "pandoc") as faeden:
            umgebungen = [copy_context() for _ in offen]  # der Bericht, dem die Zeit gehört, reist mit
            for f, antwort in zip(
                offen, faeden.map(lambda u, f: u.run(_schreibe, auftrag, f), umgebungen, offen), strict=True
            ):
                antworten[f] = antwort
                if ablage is not None and not antwort["befunde"]:
                    ablage.lege("pandoc", _schluessel(auftrag, f), json.dumps(antwort).encode())
    return _ergebnis({k: v for f in formate for k, v in antworten[f].items()})


def _schreibe(auftrag: dict[str, Any], format: Format) -> dict[str, Any]:
    """Ein Format; pandoc bekommt von den Tabellen der Übergabe nur den Platz."""
    typst = format == "typst"
    kurz, tafeln = lagere_aus(auftrag["markdown"], mit_typst=typst)
    antwort = _frage({**auftrag, "markdown": kurz, "formate": [format]})
    if tafeln:
        antwort[format] = (setze_ein_typst if typst else setze_ein)(antwort.get(format, ""), tafeln)
    return {k: v for k, v in antwort.items() if k in (format, *_GEMEINSAM)}


_GEMEINSAM = ("titel", "untertitel", "gliederung", "befunde", "bekannt", "bilder")


def _schluessel(auftrag: dict[str, Any], format: Format) -> str:
    vorlage = auftrag["vorlage"].get("inhalt", "") if format == "typst" else ""
    return schluessel_aus(format, auftrag["markdown"], auftrag["filter"], vorlage, _programmsumme())


@cache
def _programmsumme() -> str:
    """Fassung von pandoc und unsere Lua-Stufe."""
    lua = [dateisumme(p) for p in sorted(_LUA.glob("*.lua"))]
    eigene = [codesumme(Path(__file__).with_name(n)) for n in ("tafel.py", "tafelplatz.py")]
    return schluessel_aus(fassung("pypandoc-binary"), *eigene, *lua)


def _aus_ablage(ablage: Ablage | None, auftrag: dict[str, Any], format: Format) -> dict[str, Any]:
    roh = ablage.hole("pandoc", _schluessel(auftrag, format)) if ablage is not None else None
    antwort: dict[str, Any] = json.loads(roh) if roh else {}
    return antwort


def _frage(auftrag: dict[str, Any]) -> dict[str, Any]:
    """Stellt einem freien Prozess die Frage; ``stoerung`` wird zur Meldung."""
    with _platz, zeiten.miss("pandoc"):
        try:
            antwort = _frage_dienst(auftrag)
        except (OSError, json.JSONDecodeError):  # wurde er von außen beendet, antwortet ein neuer
            try:
                antwort = _frage_dienst(auftrag)
            except (OSError, json.JSONDecodeError) as fehler:
                raise _abgebrochen(str(fehler)) from fehler
    if "stoerung" in antwort:
        raise _abgebrochen(str(antwort["stoerung"]))
    return antwort


def _frage_dienst(auftrag: dict[str, Any]) -> dict[str, Any]:
    dienst = _hole()
    try:
        antwort = dienst.frage(auftrag)
    except (OSError, json.JSONDecodeError):
        dienst.beende()
        raise
    _frei.put(dienst)
    return antwort


def _ergebnis(antwort: dict[str, Any]) -> Ergebnis:
    return Ergebnis(
        titel=antwort["titel"],
        untertitel=antwort["untertitel"],
        gliederung=antwort["gliederung"],
        befunde=tuple(Befund(b["kennung"], int(b["zelle"]), b["was"]) for b in antwort["befunde"]),
        bekannt=tuple(antwort["bekannt"]),
        bilder=tuple(Befund("satz-bild-fehlt", int(b["zelle"]), b["was"]) for b in antwort["bilder"]),
        html=antwort.get("html", ""),
        typst=antwort.get("typst", ""),
    )


def _vorlage(ordner: Path) -> dict[str, str]:
    """Text, Ordner der Bausteine und ein Stand, der sich mit jedem Baustein ändert."""
    text = _VORLAGE.read_text(encoding="utf-8")
    inhalt = hashlib.sha256(text.encode())
    for baustein in sorted(ordner.glob("*.typ")):
        inhalt.update(f"\n{baustein.name}\n".encode() + baustein.read_bytes())
    stand = hashlib.sha256(f"{ordner}\n{inhalt.hexdigest()}".encode())
    return {
        "text": text,
        "ordner": str(ordner.resolve()),
        "stand": stand.hexdigest(),
        "inhalt": inhalt.hexdigest(),
    }


def _abgebrochen(grund: str) -> BerichtswerkFehler:
    return BerichtswerkFehler(
        Meldung(
            "satz-pandoc",
            "pandoc konnte das Dokument nicht umwandeln.",
            ursache=grund.strip().splitlines()[0] if grund.strip() else "Das Programm brach ohne Angabe ab.",
            abhilfe="Prüfen Sie die zuletzt geänderten Texte und die Dateien layout/berichtswerk.lua und "
            "layout/typst; bleibt der Fehler, melden Sie ihn mit dieser Ausgabe.",
        )
    )
