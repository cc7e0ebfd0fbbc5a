"""Ein Projekt als Inhalte: welche Dateien es hat (Pfad → Prüfsumme), und wie es daraus wieder entsteht.

So reist ein Projekt zu einem anderen Rechner: erst das Verzeichnis, dann nur, was dort noch fehlt.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.projekt import Projekt

ART = "inhalt"
"""Unter dieser Art liegen Inhalte in der Ablage eines Rechners; ihr Schlüssel ist ihre Prüfsumme."""


def pruefsumme(inhalt: bytes) -> str:
    """SHA-256 in Hexadezimal: der Name eines Inhalts."""
    return hashlib.sha256(inhalt).hexdigest()


@dataclass(frozen=True, slots=True)
class Verzeichnis:
    """Dateien eines Projekts als ``(Pfad ab der Wurzel, Prüfsumme)``; leere Ordner enden auf ``/``."""

    eintraege: tuple[tuple[str, str], ...]

    @property
    def summe(self) -> str:
        """Prüfsumme über das ganze Verzeichnis."""
        return pruefsumme("\n".join(f"{p} {s}" for p, s in self.eintraege).encode())


def verzeichne(projekt: Projekt) -> Verzeichnis:
    """Alles, was ein Notizbuch des Projekts lesen kann; ohne Erzeugtes, Verstecktes und Umgebungen."""
    eintraege: list[tuple[str, str]] = []
    for pfad, ordner_leer in _gehe(projekt.wurzel, frozenset()):
        name = pfad.relative_to(projekt.wurzel).as_posix()
        eintraege.append((f"{name}/", "") if ordner_leer else (name, pruefsumme(pfad.read_bytes())))
    return Verzeichnis(tuple(sorted(eintraege)))


def _gehe(ordner: Path, gesehen: frozenset[Path]) -> Iterator[tuple[Path, bool]]:
    """Dateien und leere Ordner; folgt Verknüpfungen, aber nicht im Kreis."""
    echt = ordner.resolve()
    if echt in gesehen:
        return
    oben = not gesehen
    leer = True
    for pfad in sorted(ordner.iterdir()):
        if _uebergangen(pfad, oben=oben):
            continue
        leer = False
        if pfad.is_dir():
            yield from _gehe(pfad, gesehen | {echt})
        elif pfad.is_file():
            yield pfad, False
    if leer and not oben:
        yield ordner, True


def _uebergangen(pfad: Path, *, oben: bool) -> bool:
    if pfad.is_dir():
        erzeugt = pfad.with_name(f"{pfad.name}.ipynb").is_file() and "berichte" in pfad.parts
        umgebung = (pfad / "pyvenv.cfg").is_file()
        versteckt = pfad.name.startswith(".") or (oben and pfad.name.startswith("_"))
        return erzeugt or umgebung or versteckt or pfad.name in ("__pycache__", "node_modules")
    return pfad.name.startswith(".") or (pfad.suffix == ".ipynb" and "berichte" in pfad.parts)


def breite_aus(lager: Ablage, verzeichnis: Verzeichnis, ziel: Path) -> frozenset[str]:
    """Legt das Projekt unter ``ziel`` an; gibt zurück, was dafür fehlt (dann ist es unvollständig)."""
    fehlend = set()
    for name, summe in verzeichnis.eintraege:
        pfad = ziel / name
        inhalt = lager.hole(ART, summe) if summe else None
        if not summe:
            pfad.mkdir(parents=True, exist_ok=True)
        elif inhalt is None:
            fehlend.add(summe)
        elif not fehlend:
            pfad.parent.mkdir(parents=True, exist_ok=True)
            pfad.write_bytes(inhalt)
    return frozenset(fehlend)


def lagerordner() -> Path:
    """Wo dieser Rechner Inhalte aufhebt: ``$BERICHTSWERK_LAGER``, sonst im Zwischenspeicher des Benutzers."""
    if vorgabe := os.environ.get("BERICHTSWERK_LAGER"):
        return Path(vorgabe)
    windows = os.environ.get("LOCALAPPDATA", "")
    ordner = Path(os.environ.get("XDG_CACHE_HOME") or windows or Path.home() / ".cache") / "berichtswerk"
    try:
        ordner.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:  # ein Dienst ohne eigenes Verzeichnis
        wer = os.getuid() if sys.platform != "win32" else 0
        return Path(tempfile.gettempdir()) / f"berichtswerk-inhalte-{wer}"
    return ordner
