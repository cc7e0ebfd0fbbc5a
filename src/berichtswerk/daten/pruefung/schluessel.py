"""Steht jedes gelieferte Gebiet im Gebietsverzeichnis?"""

from __future__ import annotations

from collections.abc import Iterator

from berichtswerk.daten.pruefung.pruefling import Pruefling, begrenze, zeilenangabe
from berichtswerk.grund.aehnlich import aufgezaehlt
from berichtswerk.grund.meldung import Meldung, Stufe


def pruefe(pruefling: Pruefling) -> list[Meldung]:
    """Hinweis auf Gebiete, die behalten wurden, obwohl das Verzeichnis sie nicht kennt."""
    return begrenze(_fremde(pruefling))


def _fremde(pruefling: Pruefling) -> Iterator[Meldung]:
    werte = pruefling.werte
    for gebiet, zeilen in werte[~werte["gebiet"].isin(list(pruefling.gebiete))].groupby("gebiet"):
        nah = pruefling.gebiete.naechste(str(gebiet))
        yield Meldung(
            "gebiet-fremd",
            f"Das Gebiet „{gebiet}“ steht nicht im Gebietsverzeichnis; seine Werte werden nicht verwendet.",
            str(zeilen["datei"].iloc[0]),
            zeilenangabe(zeilen["zeile"]),
            "gebiet",
            f"Ähnlich: {aufgezaehlt(g.schluessel + ' ' + g.name for g in nah)}." if nah else "",
            "Ergänzen Sie es in daten/gebiete.yaml oder lassen Sie fremde Gebiete beim Lesen weg.",
            Stufe.HINWEIS,
        )
