"""Kohorten-Komponenten-Methode ohne Wanderung, wie sie im Lehrbuch steht; daran misst sich die des Hauses.

Quelle: Preston/Heuveline/Guillot (2001): Demography, Kap. 6, Box 6.1. Ein Schritt ist so lang wie eine
Altersgruppe breit ist, die letzte Gruppe ist offen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Feld = NDArray[np.float64]
WEIBLICH, MAENNLICH = "weiblich", "maennlich"


@dataclass(frozen=True, eq=False)
class Ueberleben:
    """``geburt``: bis zur ersten Gruppe; ``weiter``: in die nächste; ``offen``: für die beiden letzten."""

    geburt: float
    weiter: Feld
    offen: float

    @classmethod
    def aus_sterbetafel(cls, lx: Sequence[float], breite: float, radix: float) -> Ueberleben:
        """``S_0 = L_0/(n·l_0)``, ``S_x = L_x/L_{x−n}``, ``S_offen = L_ω/(L_{ω−n}+L_ω)``."""
        jahre = np.asarray(lx, dtype=float)
        return cls(jahre[0] / (breite * radix), jahre[1:-1] / jahre[:-2], jahre[-1] / (jahre[-2] + jahre[-1]))


@dataclass(frozen=True, eq=False)
class Annahmen:
    """Geburtenziffer je Altersgruppe, Überleben je Geschlecht, Jungen je Mädchen bei der Geburt."""

    breite: float
    ziffer: Feld
    ueberleben: Mapping[str, Ueberleben]
    srb: float


def schritt(stand: Mapping[str, Feld], annahmen: Annahmen) -> dict[str, Feld]:
    """Der Bestand je Geschlecht einen Schritt später."""
    ende = {}
    for g, p in stand.items():
        raten = annahmen.ueberleben[g]
        aelteste = (p[-2] + p[-1]) * raten.offen
        ende[g] = np.array([0.0, *(p[:-2] * raten.weiter), aelteste])
    frauen = (stand[WEIBLICH] + ende[WEIBLICH]) / 2
    geburten = annahmen.breite * float((annahmen.ziffer * frauen).sum())
    maedchen = geburten / (1 + annahmen.srb)
    for g, geboren in ((WEIBLICH, maedchen), (MAENNLICH, geburten - maedchen)):
        if g in ende:
            ende[g][0] = geboren * annahmen.ueberleben[g].geburt
    return ende


def leslie_matrix(annahmen: Annahmen) -> Feld:
    """Derselbe Schritt für die Frauen als Matrix; ihr größter Eigenwert ist das Wachstum je Schritt."""
    raten, k = annahmen.ueberleben[WEIBLICH], len(annahmen.ziffer)
    matrix = np.zeros((k, k))
    matrix[np.arange(1, k - 1), np.arange(k - 2)] = raten.weiter
    matrix[k - 1, k - 2 :] = raten.offen
    je_frau = raten.geburt * annahmen.breite / (2 * (1 + annahmen.srb))
    matrix[0] = je_frau * (annahmen.ziffer + annahmen.ziffer @ matrix)
    return matrix
