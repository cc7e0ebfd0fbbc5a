"""Ein Satz dazu, welche Jahre einer Reihe berechnet und welche veröffentlicht sind."""

from __future__ import annotations

from collections.abc import Sequence

from berichtswerk.fach.reihe import Reihe
from berichtswerk.grund.zahl import zeitraum


def wegsatz(reihe: Reihe, gebiet: str) -> str:
    """Zum Beispiel „2010–2015: eigene Berechnung; 2016–2021: veröffentlichter Wert.“

    Leer, wenn alle Werte des Gebiets von derselben Art sind. Wechselt die Art, können kleine Unterschiede der
    Abgrenzung einen Sprung erzeugen; der Satz gehört deshalb unter die Abbildung.
    """
    if not reihe.kennzahl.wege:  # im Notizbuch gerechnet
        return ""
    arten: dict[str, list[int]] = {}
    for wert in sorted(reihe.gebiet(gebiet).werte, key=lambda w: w.jahr):
        if wert.wert is not None:
            veroeffentlicht = reihe.kennzahl.wege[wert.weg - 1].wert is not None
            art = "veröffentlichter Wert" if veroeffentlicht else "eigene Berechnung"
            arten.setdefault(art, []).append(wert.jahr)
    if len(arten) < 2:
        return ""
    alle = sorted({jahr for jahre in arten.values() for jahr in jahre})
    return "; ".join(f"{_spannen(jahre, alle)}: {art}" for art, jahre in arten.items()) + "."


def _spannen(jahre: Sequence[int], alle: Sequence[int]) -> str:
    """Jahre als Spannen; ein Jahr ohne Wert unterbricht eine Spanne nicht."""
    spannen: list[list[int]] = []
    for jahr in dict.fromkeys(jahre):
        vorher = alle[alle.index(jahr) - 1] if alle.index(jahr) else None
        if spannen and spannen[-1][1] == vorher:
            spannen[-1][1] = jahr
        else:
            spannen.append([jahr, jahr])
    return ", ".join(zeitraum(von, bis) for von, bis in spannen)
