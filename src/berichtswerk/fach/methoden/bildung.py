"""Kennzahlen des Bildungsberichts: Durchgänge, Quotensumme „ohne Abschluss“, Schulen nach Sozialindex."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from berichtswerk.fach.methoden.ergebnis import Ergebnis, Lage, Werte, gesperrt, mittel, quotient, summiert
from berichtswerk.fach.methoden.fehler import SchuljahreZuWenige
from berichtswerk.grund.meldung import BerichtswerkFehler

if TYPE_CHECKING:
    import pandas as pd


def durchgangsquoten(verlauf: Sequence[Mapping[int, float]], jahre: int = 3) -> dict[int, Ergebnis]:
    """Mittlere Durchgangsquote je Klasse k (nach k+1) aus den letzten ``jahre`` Übergängen.

    Args:
        verlauf: Schülerzahl je Klasse, ein Eintrag je Schuljahr, ältestes zuerst.
        jahre: Zahl der gemittelten Übergänge (üblich 3 bis 5).

    Raises:
        BerichtswerkFehler: ``methode-kurz`` bei weniger als ``jahre + 1`` Schuljahren.
    """
    if len(verlauf) < jahre + 1:
        raise BerichtswerkFehler(SchuljahreZuWenige.melde(ist=len(verlauf), noetig=jahre + 1))
    letzte = verlauf[-jahre - 1 :]
    klassen = sorted({k for j in letzte for k in j if any(k + 1 in anderes for anderes in letzte)})
    return {
        k: mittel(quotient(nachher.get(k + 1), vorher.get(k)) for vorher, nachher in pairwise(letzte))
        for k in klassen
    }


def quotensumme(abgaenge: Mapping[int, float], bevoelkerung: Mapping[int, float]) -> Ergebnis:
    """Quotensummenverfahren (KMK, ab 2010): ``Σ_a Abgänge_a / Bevölkerung_a · 100`` je Einzelalter.

    Abgänge in einem Alter ohne Bevölkerung sperren die Quote; ein Alter ohne beides trägt nichts bei.
    """
    teile: list[float] = []
    for alter in sorted(abgaenge):
        if abgaenge[alter] == 0:
            continue
        teil = quotient(abgaenge[alter], bevoelkerung.get(alter), 100.0)
        if teil.wert is None:
            return gesperrt(f"Alter {alter}: {teil.hinweis}")
        teile.append(teil.wert)
    leer = not teile and not any(bevoelkerung.values())
    return gesperrt("keine Bevölkerung") if leer else summiert(teile)


def quotensumme_ohne_abschluss(
    abgaenge: pd.DataFrame, bevoelkerung: pd.DataFrame, lage: Lage
) -> dict[str, Werte]:
    """Die Quotensumme (:func:`quotensumme`) des Landkreises im Basisjahr aus Tabellen nach ``alter_von``."""
    je_alter = [
        {int(a): n for a, n in zip(t["alter_von"], t["wert"], strict=True)}
        for t in (abgaenge, bevoelkerung[bevoelkerung["alter_von"] != ""])
    ]
    return {"quotensumme": {(lage.gebiet, lage.basis): quotensumme(*je_alter)}}
