"""Kennzahlen des Bildungsberichts: Übergänge, Durchgänge und drei Quoten „ohne Abschluss“.

Die drei Quoten beantworten verschiedene Fragen und dürfen nicht verglichen werden; deshalb trägt jede ihren
Namen, und eine Differenz über die Namen hinweg ist ein Fehler.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from berichtswerk.fach.methoden.eingabe import bereich, fehler, feld
from berichtswerk.fach.methoden.ergebnis import Ergebnis, Lage, Werte, gesperrt, mittel, quotient

if TYPE_CHECKING:
    import pandas as pd


def uebergangsquoten(uebergaenge: Mapping[str, float]) -> dict[str, Ergebnis]:
    """Übergangsquote je Schulform in Prozent aller Übergänge; ohne Übergänge „gesperrt“.

    ``Übergänge in die Schulform / alle Übergänge · 100``, Bezug ist das Ende der Grundschule (in
    Brandenburg nach Klasse 6).
    """
    zahlen = feld("Übergänge", [*uebergaenge.values()] or [0.0])
    alle = float(zahlen.sum())
    return {form: quotient(n, alle, 100.0) for form, n in zip(uebergaenge, zahlen.tolist(), strict=False)}


def durchgangsquote(schueler: float, naechste_klasse_im_folgejahr: float) -> Ergebnis:
    """Durchgangsquote ``Schüler Kl. k+1 (t+1) / Schüler Kl. k (t)`` als Verhältnis (1,00 = gleich viele)."""
    return quotient(naechste_klasse_im_folgejahr, schueler)


def durchgangsquoten(verlauf: Sequence[Mapping[int, float]], jahre: int = 3) -> dict[int, Ergebnis]:
    """Mittlere Durchgangsquote je Klasse k (nach k+1) aus den letzten ``jahre`` Übergängen.

    Args:
        verlauf: Schülerzahl je Klasse, ein Eintrag je Schuljahr, ältestes zuerst.
        jahre: Zahl der gemittelten Übergänge (üblich 3 bis 5).

    Raises:
        BerichtswerkFehler: ``methode-kurz`` bei weniger als ``jahre + 1`` Schuljahren.
    """
    if len(verlauf) < jahre + 1:
        raise fehler(
            "methode-kurz",
            "Schülerzahlen",
            f"„Schülerzahlen“ hat {len(verlauf)} Schuljahre, das Verfahren braucht mindestens {jahre + 1}.",
            "Weitere Schuljahre liefern oder weniger Übergänge mitteln.",
        )
    letzte = verlauf[-jahre - 1 :]
    klassen = sorted({k for j in letzte for k in j if any(k + 1 in anderes for anderes in letzte)})
    return {
        k: mittel(quotient(nachher.get(k + 1), vorher.get(k)) for vorher, nachher in pairwise(letzte))
        for k in klassen
    }


class Abschlussdefinition(StrEnum):
    """Drei unvereinbare Definitionen der Quote „ohne Hauptschulabschluss“."""

    ABGANGSANTEIL = "Anteil an den Abgängen des Jahres"
    ALTERSBEZOGEN = "altersbezogene Quote (Durchschnittsjahrgang)"
    QUOTENSUMME = "Quotensummenverfahren"


@dataclass(frozen=True, slots=True)
class Abschlussquote:
    """Eine Quote in Prozent mit ihrer Definition."""

    definition: Abschlussdefinition
    quote: Ergebnis

    def minus(self, andere: Abschlussquote) -> Ergebnis:
        """Differenz in Prozentpunkten, nur bei gleicher Definition.

        Raises:
            BerichtswerkFehler: ``abschluss-definition`` bei verschiedenen Definitionen.
        """
        if self.definition is not andere.definition:
            raise fehler(
                "abschluss-definition",
                "Quote ohne Abschluss",
                f"„{self.definition.value}“ und „{andere.definition.value}“ sind nicht vergleichbar.",
                "Beide Werte nach derselben Definition berechnen.",
            )
        if self.quote.wert is None or andere.quote.wert is None:
            return self.quote if self.quote.wert is None else andere.quote
        return Ergebnis(self.quote.wert - andere.quote.wert)


def abgangsanteil(ohne_abschluss: float, alle_abgaenge: float) -> Abschlussquote:
    """Anteil: ohne Abschluss / alle Abgänge desselben Jahres · 100 (nicht die Eurostat-Quote der 18–24)."""
    return Abschlussquote(Abschlussdefinition.ABGANGSANTEIL, quotient(ohne_abschluss, alle_abgaenge, 100.0))


def altersbezogene_quote(ohne_abschluss: float, bevoelkerung: float, jahrgaenge: int = 2) -> Abschlussquote:
    """Altersbezogen (amtlich bis 2009): Abgänge / (Bevölkerung / Jahrgänge) · 100.

    Args:
        ohne_abschluss: Abgänge ohne Abschluss im Jahr.
        bevoelkerung: Bevölkerung der Altersgruppe am 31.12. des Vorjahres (15 bis unter 17 Jahre).
        jahrgaenge: Zahl der Jahrgänge der Altersgruppe (Hochschulreife 18 bis unter 21: 3).

    Quelle: BMBF Datenportal, Tabelle 2.3.16.
    """
    bereich("Jahrgänge", jahrgaenge, 1, 20)
    return Abschlussquote(
        Abschlussdefinition.ALTERSBEZOGEN, quotient(ohne_abschluss * jahrgaenge, bevoelkerung, 100.0)
    )


def quotensumme(abgaenge: Mapping[int, float], bevoelkerung: Mapping[int, float]) -> Abschlussquote:
    """Quotensummenverfahren (KMK, ab 2010): ``Σ_a Abgänge_a / Bevölkerung_a · 100`` je Einzelalter.

    Abgänge in einem Alter ohne Bevölkerung sperren die Quote; ein Alter ohne beides trägt nichts bei.
    """
    teile: list[float] = []
    for alter in sorted(abgaenge):
        if abgaenge[alter] == 0:
            continue
        teil = quotient(abgaenge[alter], bevoelkerung.get(alter), 100.0)
        if teil.wert is None:
            grund = gesperrt(f"Alter {alter}: {teil.hinweis}")
            return Abschlussquote(Abschlussdefinition.QUOTENSUMME, grund)
        teile.append(teil.wert)
    leer = not teile and not any(bevoelkerung.values())
    summe = gesperrt("keine Bevölkerung") if leer else Ergebnis(float(np.sum(teile)))
    return Abschlussquote(Abschlussdefinition.QUOTENSUMME, summe)


def quotensumme_ohne_abschluss(
    abgaenge: pd.DataFrame, bevoelkerung: pd.DataFrame, lage: Lage
) -> dict[str, Werte]:
    """Die Quotensumme (:func:`quotensumme`) des Landkreises im Basisjahr aus Tabellen nach ``alter_von``."""
    je_alter = [
        {int(a): n for a, n in zip(t["alter_von"], t["wert"], strict=True)}
        for t in (abgaenge, bevoelkerung[bevoelkerung["alter_von"] != ""])
    ]
    return {"quotensumme": {(lage.gebiet, lage.basis): quotensumme(*je_alter).quote}}
