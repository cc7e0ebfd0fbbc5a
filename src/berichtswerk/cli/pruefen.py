"""``pruefen daten`` und ``pruefen texte``: alles, was nicht stimmt, auf einmal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from berichtswerk.cli.anzeige import anzahl
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldungen

if TYPE_CHECKING:
    from berichtswerk.grund.projekt import Projekt

T = TypeVar("T")


def pruefe(projekt: Projekt, heute: date, *, maschinenlesbar: bool) -> int:
    """Prüft Quellen, Kennzahlen, Rechnungen und ``kreis.yaml``; 1, wenn ein Fehler darunter ist."""
    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.daten.kreis import lade_kreis
    from berichtswerk.daten.pruefung import pruefe_daten
    from berichtswerk.fach.definitionspruefung import pruefe_katalog
    from berichtswerk.fach.katalog import Kennzahlenkatalog

    meldungen = Meldungen()
    _sammle(meldungen, lambda: lade_kreis(projekt))
    bestand = Datenbestand(projekt)
    katalog = _sammle(meldungen, lambda: Kennzahlenkatalog.lade(projekt))
    meldungen.alle(_sammle(meldungen, lambda: pruefe_daten(bestand, heute)) or ())
    quellen = _sammle(Meldungen(), lambda: bestand.quellen)  # ihre Befunde stehen schon da
    if quellen is not None and katalog is not None:
        meldungen.alle(_sammle(meldungen, lambda: pruefe_katalog(katalog, bestand)) or ())
    if maschinenlesbar:
        print(meldungen.als_json())
    else:
        print(meldungen.als_text())
        if quellen is not None and katalog is not None:
            eigene = sum(len(r.reihen) for r in katalog.rechnungen.values())
            wieviele = [
                anzahl(len(quellen), "Quelle", "Quellen"),
                anzahl(len(katalog) - eigene, "Kennzahl", "Kennzahlen"),
                anzahl(len(katalog.rechnungen), "Rechnung", "Rechnungen"),
            ]
            print(f"Geprüft: {', '.join(wieviele)}.")
    return 1 if meldungen.fehler else 0


def pruefe_texte(projekt: Projekt, namen: Sequence[str], *, maschinenlesbar: bool) -> int:
    """Prüft die Texte der Ausgaben; 1, wenn ein Fehler darunter ist."""
    from berichtswerk.ausfuehrung import textpruefung

    meldungen = textpruefung.pruefe_texte(projekt, namen)
    print(meldungen.als_json() if maschinenlesbar else meldungen.als_text())
    return 1 if meldungen.fehler else 0


def _sammle(meldungen: Meldungen, aufruf: Callable[[], T]) -> T | None:
    try:
        return aufruf()
    except BerichtswerkFehler as fehler:
        meldungen.alle(fehler.meldungen)
        return None
