"""Die Marke eines Laufs: einmal geladen, und was ein Notizbuch von ihr bemerkt, als Prüfsumme.

Notizbücher nennen Farben beim Namen (``darstellung.farbmarken``). Sie hängen deshalb nur davon ab, welche
Schriften gelten und welche Farben gleich sind; eine andere Farbe führt nichts neu aus.
"""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING

from berichtswerk.grund.ablage import Ablage, dateisumme, schluessel_aus
from berichtswerk.grund.projekt import Projekt

if TYPE_CHECKING:
    from berichtswerk.marke.marke import Marke

DATEI = "layout/_brand.yml"
FORM = "markenform:"
_SCHLOSS = threading.Lock()


def lade(projekt: Projekt) -> Marke:
    """Die Marke, wie sie jetzt in der Datei steht."""
    with _SCHLOSS:  # der YAML-Leser hinter Marke verträgt keine zwei Fäden
        return _lade(projekt, dateisumme(projekt.wurzel / DATEI))


@cache
def _lade(projekt: Projekt, _summe: str) -> Marke:
    from berichtswerk.marke import markenablage

    return markenablage.lade(projekt, Ablage.von(projekt))


def form(projekt: Projekt) -> str:
    """Prüfsumme der Marke ohne ihre Farben; leer, wenn sie sich nicht laden lässt."""
    from berichtswerk.grund.meldung import BerichtswerkFehler

    ablage = Ablage.von(projekt)
    schriften = sorted((projekt.layout / "fonts").rglob("*.[to]tf"))
    schluessel = schluessel_aus(*(dateisumme(p) for p in (projekt.wurzel / DATEI, *schriften)))
    bekannt = ablage.hole("markenform", schluessel)
    if bekannt is not None:
        return bekannt.decode()
    from berichtswerk.marke import farbmarken

    try:
        ergebnis = farbmarken.form(lade(projekt))
    except BerichtswerkFehler:
        return ""
    ablage.lege("markenform", schluessel, ergebnis.encode())
    return ergebnis
