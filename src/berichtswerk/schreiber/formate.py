"""Was neben der Seite jedes Berichts zum Herunterladen liegt: ein Eintrag je Format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from berichtswerk.ausfuehrung.plan import Auftrag
    from berichtswerk.ausfuehrung.uebergabe import Druckbild
    from berichtswerk.grund.projekt import Projekt
    from berichtswerk.satz.manuskript import Manuskript


@dataclass(frozen=True, slots=True)
class Format:
    """Ein Format neben der Seite.

    ``name`` steht in Verweisen („Bericht als PDF“). ``schreibe`` macht die Datei aus dem Manuskript, dem
    Projekt und den Abbildungen (unter ``abb/<label>.svg``); gleiche Eingabe, gleiche Bytes.
    ``fassungen`` sind Pakete, deren Fassung man der Datei ansieht; ``endung`` folgt dem Stamm, sonst der
    Name des Eintrags; ``gestalt``: nur Ausgaben dieser Gestalt haben das Format.
    """

    name: str
    schreibe: Callable[[Manuskript, Projekt, Mapping[str, Druckbild]], bytes]
    fassungen: tuple[str, ...] = ()
    endung: str = ""
    gestalt: str = ""


def _pdf(manuskript: Manuskript, projekt: Projekt, bilder: Mapping[str, Druckbild]) -> bytes:
    from berichtswerk.satz import pdf

    if manuskript.kopf.gestalt == "steckbrief":
        return pdf.setze_blatt(manuskript, projekt, "profil")
    return pdf.setze(manuskript, projekt, bilder)


def _poster(manuskript: Manuskript, projekt: Projekt, _: Mapping[str, Druckbild]) -> bytes:
    from berichtswerk.satz import pdf

    return pdf.setze_blatt(manuskript, projekt, "poster")


_FASSUNGEN = ("typst", "pikepdf")
WEITERE = {
    "pdf": Format("PDF", _pdf, _FASSUNGEN),
    "poster": Format("Poster", _poster, _FASSUNGEN, "-poster.pdf", "steckbrief"),
}
"""Die Formate neben der Seite unter ihrem Namen. Verweise, Größen, ``--format`` und Vorschau folgen."""


def alle() -> tuple[str, ...]:
    """Die Namen aller Formate, die Seite zuerst."""
    return ("html", *WEITERE)


def fuer(auftrag: Auftrag) -> dict[str, Format]:
    """Die Formate, die neben der Seite dieses Auftrags liegen."""
    gestalt = auftrag.gestalt
    return {name: form for name, form in WEITERE.items() if form.gestalt in ("", gestalt)}


def quarto_druckt(auftrag: Auftrag) -> bool:
    """Ob „quarto render“ das PDF dieses Auftrags setzt; Blätter eigener Gestalt sind dafür zu eng gebaut."""
    return auftrag.gestalt == "bericht"


def dateien(auftrag: Auftrag) -> dict[str, str]:
    """Die Dateien neben der Seite: Format → Ort auf der Site."""
    return {name: f"{auftrag.ziel}{form.endung or f'.{name}'}" for name, form in fuer(auftrag).items()}
