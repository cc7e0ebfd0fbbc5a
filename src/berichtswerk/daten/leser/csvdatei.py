"""Leser ``csv``: eigene und fremde CSV-Dateien, lang oder breit."""

from __future__ import annotations

from collections.abc import Iterator

from berichtswerk.daten.leser.grund import Blatt, Leseauftrag
from berichtswerk.daten.leser.textdatei import Textzeilen, csv_zeilen, pruefe_text


def lies(auftrag: Leseauftrag) -> Iterator[Blatt]:
    """Ein Blatt mit allen Zeilen; jede Zeile muss so viele Felder haben wie der Kopf."""
    pruefe_text(auftrag)
    texte = Textzeilen(auftrag)
    yield Blatt("", lambda: csv_zeilen(auftrag, texte), feste_breite=True)
    texte.melde(auftrag.sammler)
