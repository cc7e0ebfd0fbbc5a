"""Kinder aus Neubaugebieten: Einzug nach Fertigstellung, danach Altern."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from berichtswerk.fach.methoden.eingabe import Feld, bereich, feld


@dataclass(frozen=True)
class Neubaugebiet:
    """Ein Baugebiet mit seinen Annahmen.

    Args:
        name: Bezeichnung des Gebiets.
        fertig: fertige Wohneinheiten je Jahr.
        belegung: Personen je Wohneinheit.
        anteile: Anteil der Kinder im Alter a an den Einziehenden (0…1), Alter 0…A.
        verzug: Jahre τ zwischen Fertigstellung und Einzug.
        von_aussen: Anteil der Einziehenden, der von außerhalb der Einheit kommt und nicht schon in den
            Wanderungsfaktoren steckt (0…1) – verhindert, dass Zuzug doppelt zählt.
    """

    name: str
    fertig: Mapping[int, float]
    belegung: float
    anteile: Sequence[float]
    verzug: int = 0
    von_aussen: float = 1.0


def einzug(gebiet: Neubaugebiet, jahre: Sequence[int]) -> Feld:
    """Einziehende Kinder je Jahr und Alter: ``WE_fertig(t−τ) · Belegung · Anteil_a``.

    Returns:
        Form (Jahre, Alter 0…A), Kinder im Jahr des Einzugs.
    """
    anteile = feld(f"Altersanteile {gebiet.name}", gebiet.anteile)
    bereich(f"Summe der Altersanteile {gebiet.name}", float(anteile.sum()), 0.0, 1.0 + 1e-9)
    bereich(f"von_aussen {gebiet.name}", gebiet.von_aussen, 0.0, 1.0)
    bereich(f"Belegung {gebiet.name}", gebiet.belegung, 0.0, 20.0)
    wohnungen = feld(
        f"Wohneinheiten {gebiet.name}", [gebiet.fertig.get(j - gebiet.verzug, 0.0) for j in jahre]
    )
    return np.outer(wohnungen * gebiet.belegung * gebiet.von_aussen, anteile)


def kinder_aus_neubau(gebiete: Sequence[Neubaugebiet], jahre: Sequence[int], alter: int) -> Feld:
    """Zusätzliche Kinder am Ende jedes Jahres: Einziehende altern jährlich um eine Stufe.

    Args:
        gebiete: Baugebiete; ohne Gebiet ist das Ergebnis überall null.
        jahre: aufeinanderfolgende Jahre der Vorausrechnung.
        alter: Zahl der Altersjahre (0…alter−1); wer darüber hinaus altert, fällt heraus.

    Returns:
        Form (Jahre, alter).
    """
    zuzug = np.zeros((len(jahre), alter))
    for gebiet in gebiete:
        teil = einzug(gebiet, jahre)[:, :alter]
        zuzug[:, : teil.shape[1]] += teil
    bestand = np.zeros_like(zuzug)
    for t in range(len(jahre)):
        if t:
            bestand[t, 1:] = bestand[t - 1, :-1]
        bestand[t] += zuzug[t]
    return bestand
