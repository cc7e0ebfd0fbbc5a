"""Plätze als Zeitreihe, Saldo und Auslastung, Ampel.

Vier Arten von Plätzen bleiben getrennt, denn „genehmigt minus betreut“ ist nicht die freie Kapazität.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import pairwise

from berichtswerk.fach.methoden.eingabe import bereich, fehler, zahltext
from berichtswerk.fach.methoden.ergebnis import Ergebnis, fehlt, gesperrt, quotient
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
            raise fehler(
                "kapazitaet-zeitraum",
                self.einheit,
                f"Die Plätze in „{self.einheit}“ enden am {datum(self.bis)} vor ihrem Beginn "
                f"am {datum(self.von)}.",
                "Beginn und Ende in der Lieferung prüfen.",
            )
        if self.art is Platzart.BEFRISTET and self.bis is None:
            raise fehler(
                "kapazitaet-ohne-ende",
                self.einheit,
                f"Die befristete Ausnahme in „{self.einheit}“ hat kein Enddatum.",
                "Enddatum der Ausnahmegenehmigung eintragen.",
            )

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


def wechseltage(bestand: Iterable[Platzbestand], art: Platzart | None = None) -> tuple[date, ...]:
    """Alle Tage, an denen sich ein Bestand ändert, aufsteigend."""
    tage: set[date] = set()
    for b in bestand:
        if art is None or b.art is art:
            tage.add(b.von)
            if b.bis is not None and b.bis < date.max:
                tage.add(b.bis + timedelta(days=1))
    return tuple(sorted(tage))


def platzreihe(
    bestand: Sequence[Platzbestand],
    art: Platzart,
    tage: Iterable[date] | None = None,
    *,
    einheiten: Sequence[str] | None = None,
) -> tuple[tuple[date, Ergebnis], ...]:
    """Plätze einer Art als Zeitreihe, an den Wechseltagen oder an gegebenen Stichtagen."""
    stichtage = wechseltage(bestand, art) if tage is None else tuple(tage)
    return tuple((t, plaetze_am(bestand, art, t, einheiten=einheiten)) for t in stichtage)


def auslastung(belegt: float | Ergebnis, plaetze: float | Ergebnis) -> Ergebnis:
    """Auslastung ``belegt / Plätze · 100`` in Prozent; welche Plätze (genehmigt oder belegbar), sagt der
    Bericht. Ohne Plätze „gesperrt“.
    """
    teile = [t if isinstance(t, Ergebnis) else Ergebnis(float(t)) for t in (belegt, plaetze)]
    ohne = next((t for t in teile if t.wert is None), None)
    return ohne if ohne is not None else quotient(teile[0].wert, teile[1].wert, 100.0)


def saldo(plaetze: float | Ergebnis, bedarf: float | Ergebnis) -> Ergebnis:
    """Platzsaldo ``Plätze − Bedarf`` (negativ: es fehlen Plätze)."""
    teile = [t if isinstance(t, Ergebnis) else Ergebnis(float(t)) for t in (plaetze, bedarf)]
    ohne = next((t for t in teile if t.wert is None), None)
    return ohne if ohne is not None else Ergebnis(teile[0].zahl - teile[1].zahl)


def salden(
    plaetze: Mapping[str, float | Ergebnis], bedarf: Mapping[str, float | Ergebnis]
) -> dict[str, Ergebnis]:
    """Saldo je Gruppe oder Einheit; wo eine Seite fehlt, Status „fehlt“."""
    schluessel = [*plaetze, *(k for k in bedarf if k not in plaetze)]
    leer = fehlt("Plätze oder Bedarf nicht angegeben")
    return {k: saldo(plaetze.get(k, leer), bedarf.get(k, leer)) for k in schluessel}


@dataclass(frozen=True, slots=True)
class Ampelstufe:
    """Eine Stufe: gilt ab ``ab`` Prozent Auslastung (``einschliesslich`` oder erst darüber)."""

    name: str
    ab: float
    einschliesslich: bool
    text: str
    symbol: str


AMPEL: tuple[Ampelstufe, ...] = (
    Ampelstufe("ueberhang", 0.0, True, "Überhang: mehr Plätze als gebraucht", "↓"),
    Ampelstufe("ausgeglichen", 85.0, True, "ausgeglichen", "="),
    Ampelstufe("knapp", 95.0, False, "knapp: kaum freie Plätze", "↑"),
)
"""Voreinstellung: unter 85 % Überhang, 85–95 % ausgeglichen, über 95 % knapp. Das Symbol trägt die Aussage
auch ohne Farbe."""

_OHNE = Ampelstufe("ohne", 0.0, True, "keine Aussage möglich", "x")


def ampel(auslastung_prozent: Ergebnis, stufen: Sequence[Ampelstufe] = AMPEL) -> Ampelstufe:
    """Die Stufe zur Auslastung; ohne Wert eine Stufe „keine Aussage möglich“.

    Args:
        auslastung_prozent: Ergebnis von :func:`auslastung`.
        stufen: aufsteigend nach ``ab``, die erste gilt ab 0.

    Raises:
        BerichtswerkFehler: ``ampel-grenzen``, wenn die Stufen nicht aufsteigen oder nicht bei 0 beginnen.
    """
    grenzen = [s.ab for s in stufen]
    if not grenzen or grenzen[0] != 0 or any(a >= b for a, b in pairwise(grenzen)):
        raise fehler(
            "ampel-grenzen",
            "Ampel",
            f"Die Grenzen der Ampel sind {' – '.join(map(zahltext, grenzen)) or 'leer'}.",
            "Stufen aufsteigend angeben, die erste ab 0 Prozent.",
        )
    if auslastung_prozent.wert is None:
        return _OHNE
    wert = auslastung_prozent.wert
    treffer = [s for s in stufen if wert > s.ab or (s.einschliesslich and wert == s.ab)]
    return treffer[-1] if treffer else _OHNE


def reicht_bis(plaetze: float, bedarf: Mapping[int, float]) -> Ergebnis:
    """Das letzte Jahr, bis zu dem die Plätze ohne Unterbrechung reichen; nie → „gesperrt“."""
    letztes: int | None = None
    for jahr in sorted(bedarf):
        if bedarf[jahr] > plaetze:
            break
        letztes = jahr
    return gesperrt("Plätze reichen von Anfang an nicht") if letztes is None else Ergebnis(float(letztes))
