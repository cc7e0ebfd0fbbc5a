"""Kommt derselbe Wert zweimal vor?"""

from __future__ import annotations

from collections.abc import Iterator

from berichtswerk.daten.pruefung.pruefling import Pruefling, begrenze, zeilenangabe
from berichtswerk.meldung import Meldung


def pruefe(pruefling: Pruefling) -> list[Meldung]:
    """Fehler für jedes mehrfach gelieferte Feld (Gebiet, Zeit, Merkmale, Größe, Basis, Gebietsstand)."""
    return begrenze(_dubletten(pruefling))


def _dubletten(pruefling: Pruefling) -> Iterator[Meldung]:
    werte = pruefling.werte
    schluessel = ["gebiet", "zeit", *pruefling.merkmale, "groesse", "basis", "gebietsstand"]
    doppelt = werte[werte.duplicated(schluessel, keep=False)]
    for feld, zeilen in doppelt.groupby(schluessel, sort=False):
        was = [str(teil) for teil in feld[2:-2] if str(teil)]
        verschieden = zeilen["roh"].nunique() > 1
        yield Meldung(
            "wert-doppelt",
            f"„{', '.join(was)}“ ist für {pruefling.name(str(feld[0]))}, {feld[1]} mehrfach geliefert"
            + (f" ({' und '.join(f'„{r}“' for r in zeilen['roh'].unique()[:3])})." if verschieden else "."),
            str(zeilen["datei"].iloc[0]),
            zeilenangabe(zeilen["zeile"]),
            ursache="Gebiet, Zeit, Merkmale und Größe sind gleich; welcher Wert gilt, lässt sich nicht sagen."
            if verschieden
            else "Die Zeilen sind gleich.",
            abhilfe="Streichen Sie eine Zeile oder unterscheiden Sie sie durch ein Merkmal oder die Basis.",
        )
