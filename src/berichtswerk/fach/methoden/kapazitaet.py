"""Plätze als Zeitreihe, Saldo und Auslastung, Ampel.

Vier Arten von Plätzen bleiben getrennt, denn „genehmigt minus betreut“ ist nicht die freie Kapazität.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from berichtswerk.fach.methoden.eingabe import bereich
from berichtswerk.fach.methoden.ergebnis import Ergebnis, fehlt
from berichtswerk.fach.methoden.fehler import PlaetzeOhneEnde, PlaetzeVerkehrt
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zahl import datum


class Platzart(StrEnum):
    """Was ein Platz ist."""

    GENEHMIGT = "genehmigt"
    """unbefristet nach Betriebserlaubnis (§ 45 SGB VIII)"""
    BEFRISTET = "befristete Ausnahme"
    """befristete Ausnahmegenehmigung mit Enddatum"""
    BELEGBAR = "belegbar"
    """mit Personal, Raum und Integration tatsächlich zu belegen"""
    BELEGT = "belegt"
    """betreute Kinder"""


@dataclass(frozen=True, slots=True)
class Platzbestand:
    """Plätze einer Art in einer Einrichtung oder Einheit von ``von`` bis einschließlich ``bis``.

    ``bis=None`` heißt unbefristet; eine befristete Ausnahme braucht ein Enddatum.

    Raises:
        BerichtswerkFehler: ``kapazitaet-zeitraum``, ``kapazitaet-ohne-ende`` oder ``methode-bereich``.
    """

    einheit: str
    art: Platzart
    plaetze: float
    von: date
    bis: date | None = None
    gruppe: str = ""
    herkunft: str = ""

    def __post_init__(self) -> None:
        bereich(f"Plätze {self.einheit}", self.plaetze, 0.0, float("inf"))
        if self.bis is not None and self.bis < self.von:
            raise BerichtswerkFehler(
                PlaetzeVerkehrt.melde(einheit=self.einheit, von=datum(self.von), bis=datum(self.bis))
            )
        if self.art is Platzart.BEFRISTET and self.bis is None:
            raise BerichtswerkFehler(PlaetzeOhneEnde.melde(einheit=self.einheit))

    def gilt_am(self, tag: date) -> bool:
        """Ob der Bestand an diesem Tag gilt."""
        return self.von <= tag and (self.bis is None or tag <= self.bis)


def plaetze_am(
    bestand: Iterable[Platzbestand],
    art: Platzart,
    tag: date,
    *,
    einheiten: Iterable[str] | None = None,
    gruppe: str | None = None,
) -> Ergebnis:
    """Plätze einer Art an einem Tag, über Einheiten und Gruppen summiert.

    Ist die Art für eine Einheit nirgends angegeben, ist das Ergebnis „fehlt“: belegbare Plätze werden nie
    aus genehmigten erschlossen. Nur befristete Ausnahmen sind ohne Angabe null. Ist die Art angegeben, gilt
    aber am Tag nichts, sind es null Plätze.

    Args:
        bestand: alle Bestände.
        art: eine der vier Arten.
        tag: Stichtag.
        einheiten: nur diese Einheiten; ``None`` = alle.
        gruppe: nur diese Altersgruppe; ``None`` = alle.
    """
    alle = [b for b in bestand if gruppe is None or b.gruppe == gruppe]
    passend = [b for b in alle if b.art is art]
    gefragt = sorted({b.einheit for b in alle} if einheiten is None else set(einheiten))
    vorhanden = {b.einheit for b in passend}
    ohne = [] if art is Platzart.BEFRISTET else [e for e in gefragt if e not in vorhanden]
    if ohne or not gefragt:
        return fehlt(f"Plätze der Art „{art.value}“ nicht angegeben: {', '.join(ohne) or 'alle'}")
    return Ergebnis(math.fsum(b.plaetze for b in passend if b.einheit in gefragt and b.gilt_am(tag)))
