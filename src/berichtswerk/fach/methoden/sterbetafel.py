"""Überlebensraten aus der Sterbetafel für die Kohorten-Komponenten-Rechnung."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from berichtswerk.fach.methoden.eingabe import Feld, bereich, feld
from berichtswerk.fach.methoden.fehler import SterbetafelNull
from berichtswerk.grund.meldung import BerichtswerkFehler


@dataclass(frozen=True, eq=False)
class Ueberleben:
    """Überlebensraten eines Geschlechts (Anteile 0…1) für einen Schritt der Altersgruppenbreite.

    ``geburt`` ist S_0 (Neugeborene bis zur ersten Altersgruppe). ``weiter[i]`` führt Gruppe ``i`` in
    Gruppe ``i+1`` (bei k Gruppen k−2 Werte). ``offen`` gilt für die beiden letzten Gruppen zusammen.
    """

    geburt: float
    weiter: Feld
    offen: float


def ueberleben(lx: ArrayLike, *, breite: float, radix: float = 100_000.0) -> Ueberleben:
    """Überlebensraten aus den durchlebten Jahren einer Sterbetafel.

    ``S_0 = L_0/(n·l_0)``, ``S_x = L_x/L_{x−n}``, ``S_offen = L_ω/(L_{ω−n}+L_ω)``.

    Args:
        lx: durchlebte Jahre nLx je Altersgruppe; die letzte Gruppe ist offen (T_ω).
        breite: Breite n der Altersgruppen in Jahren (1 oder 5), zugleich Länge eines Schritts.
        radix: l_0 der Sterbetafel.

    Raises:
        BerichtswerkFehler: ``sterbetafel-null``, wenn eine Gruppe außer der letzten nicht positiv ist.

    Quelle: Preston/Heuveline/Guillot (2001): Demography, Kap. 6.
    """
    jahre = feld("nLx", lx)
    bereich("Altersgruppenbreite", breite, 1e-9, float("inf"))
    bereich("Radix l0", radix, 1e-9, float("inf"))
    if jahre.ndim != 1 or len(jahre) < 3 or (jahre[:-1] <= 0).any():
        raise BerichtswerkFehler(SterbetafelNull.melde())
    return Ueberleben(
        geburt=float(jahre[0] / (breite * radix)),
        weiter=jahre[1:-1] / jahre[:-2],
        offen=float(jahre[-1] / (jahre[-2] + jahre[-1])),
    )


def aus_raten(raten: ArrayLike) -> Ueberleben:
    """Nimmt fertige Raten ``[S_0, S_1 … S_{k−2}, S_offen]`` (k Werte, eine je Zielgruppe)."""
    alle = feld("Überlebensraten", raten)
    bereich("größte Überlebensrate", float(np.max(alle)), 0.0, 1.0)
    return Ueberleben(float(alle[0]), alle[1:-1], float(alle[-1]))
