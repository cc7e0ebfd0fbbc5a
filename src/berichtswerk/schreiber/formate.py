"""Was neben der Seite jedes Berichts zum Herunterladen liegt: ein Eintrag je Format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from berichtswerk.grund.projekt import Projekt
    from berichtswerk.satz.manuskript import Manuskript


@dataclass(frozen=True, slots=True)
class Format:
    """Ein Format neben der Seite.

    ``name`` steht in Verweisen („Bericht als PDF“). ``schreibe`` macht die Datei aus dem Manuskript, dem
    Projekt und den Abbildungen (SVG unter ``abb/<label>.svg``); gleiche Eingabe, gleiche Bytes.
    ``fassungen`` sind Pakete, deren Fassung man der Datei ansieht.
    """

    name: str
    schreibe: Callable[[Manuskript, Projekt, Mapping[str, bytes]], bytes]
    fassungen: tuple[str, ...] = ()


def _pdf(manuskript: Manuskript, projekt: Projekt, bilder: Mapping[str, bytes]) -> bytes:
    from berichtswerk.satz import pdf

    return pdf.setze(manuskript, projekt, bilder)


WEITERE = {"pdf": Format("PDF", _pdf, ("typst", "pikepdf"))}
"""Die Formate neben der Seite unter ihrer Endung. Verweise, Größen, ``--format`` und Vorschau folgen."""


def alle() -> tuple[str, ...]:
    """Die Endungen aller Formate, die Seite zuerst."""
    return ("html", *WEITERE)


def dateien(ziel: str) -> dict[str, str]:
    """Die Dateien neben einer Seite: Endung → Ort auf der Site (``ziel`` ist er ohne Endung)."""
    return {endung: f"{ziel}.{endung}" for endung in WEITERE}
