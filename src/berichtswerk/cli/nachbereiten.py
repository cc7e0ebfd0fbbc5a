"""``nachbereiten``: der Nachlauf von ``quarto render``; läuft auch von Hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

from berichtswerk.cli.anzeige import anzahl, ort, zeige_meldungen
from berichtswerk.site.nachbereitung import bereite_nach as bearbeite

if TYPE_CHECKING:
    from berichtswerk.grund.projekt import Projekt


def bereite_nach(projekt: Projekt) -> int:
    """Ergänzt die Ausgabe von Quarto und tauscht die Site; 1, wenn daran etwas nicht stimmt."""
    ergebnis = bearbeite(projekt)
    zeige_meldungen(ergebnis.meldungen)
    umfang = f"{anzahl(ergebnis.pdf, 'PDF', 'PDF')}, {anzahl(ergebnis.seiten, 'Seite', 'Seiten')}"
    if ergebnis.meldungen.fehler:
        if projekt.site.is_dir():
            print(f"Die vorige Fassung bleibt: {ort(projekt.site / 'index.html')}")
    elif ergebnis.getauscht:
        print(f"Nachbereitet: {umfang}.")
        print(f"Ansehen: {ort(projekt.site / 'index.html')}")
    else:
        print(f"Gesetzt nach {projekt.relativ(ergebnis.site)}: {umfang}. _site bleibt, wie es ist; ")
        print("neu wird es mit „quarto render“ ohne weitere Angaben.")
    return 1 if ergebnis.meldungen.fehler else 0
