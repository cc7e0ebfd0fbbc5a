"""Kinderzahlen kleiner Räume: Kohorten mit Wanderungsfaktoren, Geburten, Neubaugebiete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from berichtswerk.fach.methoden.eingabe import Feld, bereich, feld, genug
from berichtswerk.fach.methoden.ergebnis import Ergebnis, mittel, quotient

Mittelung = Literal["quoten", "summen"]
"""quoten: Mittel der Jahresquoten · summen: Quote der über die Jahre addierten Kinder (ruhiger)."""


def wanderungsfaktoren(
    verlauf: ArrayLike, jahre: int = 5, *, mittelung: Mittelung = "quoten"
) -> tuple[Ergebnis, ...]:
    """Wanderungsfaktor w_a je Alter aus den letzten ``jahre`` Übergängen (Cohort-Change-Ratio).

    ``w_a = Mittel(N_{a+1}(t+1)/N_a(t)) − 1``.

    Args:
        verlauf: Bestand, Form (Jahre, Alter 0…A), ältestes Jahr zuerst, aufeinanderfolgende Stichtage.
        jahre: Zahl der letzten Übergänge k; es braucht k+1 Stichtage.
        mittelung: Mittel der Quoten oder Quote der Summen.

    Returns:
        A Ergebnisse: Übergang 0→1, 1→2 …; „gesperrt“, wenn kein Jahr einen Bestand über null hat.

    Raises:
        BerichtswerkFehler: ``methode-kurz`` bei weniger als k+1 Stichtagen.
    """
    zahlen = feld("Verlauf der Kinderzahlen", verlauf)
    genug("Verlauf der Kinderzahlen", list(zahlen), jahre + 1)
    vorher, nachher = zahlen[-jahre - 1 : -1, :-1], zahlen[-jahre:, 1:]
    if mittelung == "summen":
        quoten = [quotient(n, v) for n, v in zip(nachher.sum(0), vorher.sum(0), strict=True)]
    else:
        quoten = [
            mittel(quotient(n, v) for n, v in zip(nachher[:, a], vorher[:, a], strict=True))
            for a in range(zahlen.shape[1] - 1)
        ]
    return tuple(q.wandle(lambda w: w - 1.0) for q in quoten)


def geburten_mittel(reihe: Sequence[float], jahre: int = 3) -> Ergebnis:
    """Geburten eines künftigen Jahres als Mittel der letzten ``jahre`` Jahre.

    Raises:
        BerichtswerkFehler: ``methode-kurz``, wenn die Reihe kürzer ist.
    """
    genug("Geburten", reihe, jahre)
    return mittel(Ergebnis(float(b)) for b in feld("Geburten", reihe)[-jahre:])


@dataclass(frozen=True, eq=False)
class Kinderprognose:
    """Kinderzahlen je Prognosejahr und Alter, Form (Jahre, Alter 0…A), ungerundet.

    ``wanderung`` ist der rechnerische Wanderungsgewinn je Jahr und Zielalter; die Bilanz ist
    Bestand vorher − älteste Gruppe + Geburten + Wanderung + Neubau = Bestand.
    """

    kinder: Feld
    wanderung: Feld
    geburten: Feld
    hinweise: tuple[str, ...] = field(default=())

    def jahr(self, nummer: int) -> Feld:
        """Bestand je Alter im ``nummer``-ten Prognosejahr (1 = erstes)."""
        return np.asarray(self.kinder[nummer - 1], dtype=np.float64)


def kinderprognose(
    bestand: ArrayLike,
    wanderung: Sequence[float | Ergebnis],
    geburten: ArrayLike,
    *,
    geburten_faktor: float = 1.0,
    wanderung_zuschlag: float = 0.0,
    neubau: ArrayLike | None = None,
) -> Kinderprognose:
    """Schreibt Kinder nach Einzelalter fort: ``N_{a+1}(t+1) = N_a(t)·(1+w_a)``, ``N_0(t+1) = B(t+1)``.

    Args:
        bestand: Kinder je Alter 0…A am letzten Stichtag.
        wanderung: A Wanderungsfaktoren w_a; ein gesperrter Faktor wird als 0 gerechnet und als Hinweis
            zurückgegeben.
        geburten: Geburten je Prognosejahr (ihre Zahl bestimmt die Zahl der Jahre).
        geburten_faktor: Szenario „Geburten ±“; 1,05 = 5 % mehr.
        wanderung_zuschlag: Szenario „Wanderung ±“; wird zu jedem w_a addiert (0,01 = 1 Prozentpunkt).
        neubau: zusätzliche Kinder je Jahr und Alter aus Neubaugebieten (bereits gealtert), Form wie
            das Ergebnis; wird am Ende addiert und nicht noch einmal fortgeschrieben.
    """
    stand = feld("Bestand der Kinder", bestand)
    neu = feld("Geburten", geburten) * bereich("Geburtenfaktor", geburten_faktor, 0.0, float("inf"))
    faktoren, hinweise = _faktoren(wanderung, len(stand) - 1, wanderung_zuschlag)
    kinder = np.zeros((len(neu), len(stand)))
    gewinn = np.zeros_like(kinder)
    for t, geboren in enumerate(neu):
        gewinn[t, 1:] = stand[:-1] * (faktoren - 1.0)
        kinder[t, 0] = geboren
        kinder[t, 1:] = stand[:-1] * faktoren
        stand = kinder[t]
    if neubau is not None:
        zusatz = feld("Kinder aus Neubaugebieten", neubau, kinder.shape[1])
        feld("Jahre der Neubaugebiete", zusatz[..., 0], len(neu))
        kinder = kinder + zusatz
    return Kinderprognose(kinder, gewinn, neu, hinweise)


def _faktoren(
    wanderung: Sequence[float | Ergebnis], anzahl: int, zuschlag: float
) -> tuple[Feld, tuple[str, ...]]:
    werte, hinweise = [], []
    for alter, w in enumerate(wanderung):
        if isinstance(w, Ergebnis) and w.wert is None:
            hinweise.append(f"Alter {alter} auf {alter + 1}: ohne Wanderung gerechnet ({w.hinweis})")
            werte.append(0.0)
        else:
            werte.append(w.zahl if isinstance(w, Ergebnis) else float(w))
    roh = feld("Wanderungsfaktoren", werte, anzahl, negativ=True)
    return np.maximum(1.0 + roh + zuschlag, 0.0), tuple(hinweise)


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
