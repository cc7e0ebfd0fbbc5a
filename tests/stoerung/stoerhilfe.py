"""Hilfen der Störungsprüfungen: zwei Fassungen desselben Projekts und was darin steht."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from berichtswerk.grund.projekt import Projekt

Inhalt = dict[str, bytes]
ORTSNAME = "Jugend & Soziales (Entwürfe) #1, 100 %"


def inhalt(ordner: Path) -> Inhalt:
    """Alle Dateien eines Ordners mit ihren Bytes."""
    return {p.relative_to(ordner).as_posix(): p.read_bytes() for p in ordner.rglob("*") if p.is_file()}


def setze_fassung(projekt: Projekt, neue: bool) -> None:
    """Ein anderer Wert und ein anderer Satz in jedem Bericht; sonst dieselben Eingaben."""
    csv = projekt.daten / "dateien/einwohner.csv"
    csv.write_text(
        csv.read_text("utf-8").replace(*(("10007", "10008") if neue else ("10008", "10007"))), "utf-8"
    )
    for name in ("lage/2024/texte/einleitung.md", "satzung/2024/texte/01-anlass.md"):
        text = projekt.berichte / name
        alt = text.read_text("utf-8").removesuffix("\n\nEin neuer Satz.\n").rstrip("\n")
        text.write_text(alt + ("\n\nEin neuer Satz.\n" if neue else "\n"), "utf-8")


@dataclass(frozen=True)
class Fassungen:
    """Das Projekt mit der alten Fassung und was beide Fassungen der Site Byte für Byte enthalten."""

    projekt: Projekt
    alt: Inhalt
    neu: Inhalt


Starte = Callable[..., "subprocess.Popen[str]"]
