"""Gibt es Brüche der Zeitreihe, die niemand erklärt hat?"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from berichtswerk.daten.pruefung.pruefling import Pruefling, begrenze
from berichtswerk.grund.aehnlich import aufgezaehlt
from berichtswerk.grund.meldung import Meldung, Stufe


def pruefe(pruefling: Pruefling) -> list[Meldung]:
    """Warnt, wenn die Basis unerklärt wechselt; Hinweis, wenn ein Feld zwei Gebietsstände hat."""
    return begrenze([*_basen(pruefling), *_gebietsstaende(pruefling)])


def _basen(pruefling: Pruefling) -> Iterator[Meldung]:
    """Zwei Basen in einer Quelle: der Bruch liegt zwischen dem Ende der alten und dem Anfang der neuen."""
    werte = pruefling.werte[pruefling.werte["basis"] != ""]
    if werte["basis"].nunique() < 2:
        return
    jahre = werte.groupby("basis")["jahr"].agg(["min", "max"]).sort_values(["max", "min"])
    erklaert = [b.jahr for b in pruefling.quelle.statistik.brueche]
    spannen = [(str(basis), int(zeile["min"]), int(zeile["max"])) for basis, zeile in jahre.iterrows()]
    for (alt, _, ende), (neu, anfang, _) in pairwise(spannen):
        if any(min(anfang, ende + 1) <= jahr <= max(anfang, ende + 1) for jahr in erklaert):
            continue
        beide = f" Für {anfang} bis {ende} liegen beide vor." if anfang < ende else ""
        beide = f" Für {anfang} liegen beide vor." if anfang == ende else beide
        yield Meldung(
            "bruch-unerklaert",
            f"Die Quelle wechselt von „{alt}“ zu „{neu}“, ohne den Bruch zu erklären.{beide}",
            pruefling.beschreibung,
            feld="statistik.brueche",
            ursache="Zahlen auf verschiedener Basis sind nicht vergleichbar; Lesende müssen es erfahren.",
            abhilfe=f'Ergänzen Sie „brueche: [{{jahr: {anfang}, grund: "Umstellung auf {neu}"}}]“.',
            stufe=Stufe.WARNUNG,
        )


def _gebietsstaende(pruefling: Pruefling) -> Iterator[Meldung]:
    """Dasselbe Feld mit zwei Gebietsständen auf derselben Basis."""
    schluessel = ["gebiet", "zeit", *pruefling.merkmale, "groesse", "basis"]
    werte = pruefling.werte
    je_feld = werte.groupby(schluessel, sort=False)["gebietsstand"].nunique()
    mehrfach = sorted({(str(feld[1]), str(feld[0])) for feld in je_feld[je_feld > 1].index})
    for zeit in dict.fromkeys(z for z, _ in mehrfach):
        gebiete = [pruefling.name(g) for z, g in mehrfach if z == zeit]
        yield Meldung(
            "gebietsstand-doppelt",
            f"Für {zeit} sind Werte zu zwei Gebietsständen geliefert: {aufgezaehlt(gebiete, 4)}.",
            pruefling.datei,
            feld="gebietsstand",
            ursache="Gerechnet wird mit dem neueren Gebietsstand.",
            abhilfe="Behalten Sie je Zeit einen Gebietsstand, wenn der ältere nicht gebraucht wird.",
            stufe=Stufe.HINWEIS,
        )
