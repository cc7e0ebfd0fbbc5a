"""Hat sich eine gelieferte Datei geändert, ohne dass die Beschreibung es weiß?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from berichtswerk.daten.pruefung.pruefling import Pruefling
from berichtswerk.grund.meldung import Meldung, Stufe


def pruefe(pruefling: Pruefling) -> Iterator[Meldung]:
    """Vergleicht ``hash`` der Beschreibung mit der Datei; nennt die Summe, wenn sie fehlt."""
    pfad = pruefling.quelle.pfad(pruefling.projekt)
    if pruefling.quelle.path is None or not pfad.is_file():
        return
    verfahren, _, erwartet = (pruefling.quelle.hash or "").partition(":")
    ist = f"{verfahren or 'sha256'}:{pruefsumme(pfad, verfahren or 'sha256')}"
    if not erwartet:
        yield Meldung(
            "pruefsumme-fehlt",
            "Zur Datei ist keine Prüfsumme vermerkt.",
            pruefling.beschreibung,
            feld="hash",
            ursache="Ohne Prüfsumme fällt eine unbemerkt geänderte Datei nicht auf.",
            abhilfe=f"Ergänzen Sie „hash: {ist}“.",
            stufe=Stufe.HINWEIS,
        )
    elif ist != pruefling.quelle.hash:
        yield Meldung(
            "pruefsumme-geaendert",
            "Die Datei ist nicht mehr die, die in der Beschreibung vermerkt ist.",
            pruefling.datei,
            feld="hash",
            ursache=f"Die Prüfsumme in {pruefling.beschreibung} ist eine andere: neue Lieferung oder "
            "versehentliche Änderung.",
            abhilfe=f"Ist es eine neue Lieferung, tragen Sie „hash: {ist}“ und den neuen Stand ein; sonst "
            "stellen Sie die gelieferte Datei wieder her.",
        )


def pruefsumme(pfad: Path, verfahren: str = "sha256") -> str:
    """Prüfsumme einer Datei (hexadezimal), stückweise gelesen."""
    with pfad.open("rb") as strom:
        return hashlib.file_digest(strom, verfahren).hexdigest()
