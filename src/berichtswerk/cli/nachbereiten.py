"""``nachbereiten``: der Nachlauf von ``quarto render``; läuft auch von Hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from berichtswerk.cli.anzeige import anzahl, ort, zeige_meldungen
from berichtswerk.site.nachbereitung import bereite_nach as bearbeite

if TYPE_CHECKING:
    from berichtswerk.grund.projekt import Projekt


def bereite_nach(projekt: Projekt) -> int:
    """Ergänzt die Ausgabe von Quarto; 1, wenn daran etwas nicht stimmt."""
    ergebnis = bearbeite(projekt)
    zeige_meldungen(ergebnis.meldungen)
    if ergebnis.site.is_dir():
        seiten = anzahl(ergebnis.seiten, "Seite", "Seiten")
        print(f"Nachbereitet: {anzahl(ergebnis.pdf, 'PDF', 'PDF')}, {seiten}.")
        print(f"Ansehen: {ort(ergebnis.site / 'index.html')}")
    return 1 if ergebnis.meldungen.fehler else 0
