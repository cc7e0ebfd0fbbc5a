"""Veränderung und Verlauf: der eine Ort, an dem Werte verschiedener Jahre miteinander verglichen werden.

Befund, Alternativtext, Eckwert, gebundene Zahl, Richtungsprüfung, Tabelle und Änderungskapitel fragen hier.
Die Regeln stehen mit Beispielen in ``docs/befunde.md``.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, TypeVar

from berichtswerk.grund.zahl import dezimal, runde

if TYPE_CHECKING:
    from berichtswerk.fach.kennzahl import Kennzahl

MINDEST_AUSGANGSZAHL = 100
"""Hessisches Statistisches Landesamt: keine Veränderungsrate, wenn die Ausgangszahl kleiner ist."""
KAUM_ANTEIL, KAUM_SONST = 0.5, 0.02
"""Vorgabe für „kaum verändert“: unter einem halben Prozentpunkt, sonst unter 2 % des Ausgangswerts."""
WENDE = 0.2
"""Ein Hoch oder Tief ist eine Wende, wenn davor und danach ein Fünftel der Spannweite zurückgelegt ist."""
WENDE_AM_ENDE = 0.05
"""Am Ende der Reihe genügt es, dass sie sich um 5 % vom letzten Hoch oder Tief entfernt hat."""
TREND = 0.6
"""Nach vielen Wenden drei Fünftel der Spannweite weiter: „mit Schwankungen“ gestiegen oder gesunken."""
ZUFALL = 1.96
"""Zwei unabhängig gezählte Ereigniszahlen um n liegen in 19 von 20 Fällen näher als 1,96·√(2n) beieinander
(Poisson-Verteilung), eine gezählte und ihre Erwartung näher als 1,96·√n."""
ERZAEHLBAR = 3
"""So viele Schritte lassen sich nacheinander sagen; mehr heißen Schwankungen."""
LANG = 4
"""Ab so vielen Werten trägt ein Abschnitt zwischen zwei Brüchen eine eigene Aussage."""


class MitJahr(Protocol):
    """Ein Wert eines Jahres, gemessen oder vorausgerechnet."""

    @property
    def jahr(self) -> int:
        """Das Jahr."""

    @property
    def prognose(self) -> bool:
        """Ob er vorausgerechnet ist."""


Jahreswert = TypeVar("Jahreswert", bound=MitJahr)


def ohne_voraus(werte: Sequence[Jahreswert]) -> Sequence[Jahreswert]:
    """Die gemessenen Werte; vorausgerechnete nur, wenn es keine anderen gibt."""
    return [w for w in werte if not w.prognose] or werte


def voraus_ab(werte: Iterable[MitJahr]) -> int | None:
    """Das erste vorausgerechnete Jahr; ``None`` ohne Vorausrechnung."""
    return min((w.jahr for w in werte if w.prognose), default=None)


def gemeinsames_jahr(jahre: Iterable[int], mindestens: int, *, notfalls: bool = False) -> int | None:
    """Das jüngste Jahr, in dem mindestens so viele Reihen einen Wert haben: nur dann vergleicht man sie.

    ``jahre`` nennt je Reihe jedes ihrer Jahre einmal. Gibt es keines, ist es ``None`` oder ``notfalls`` das
    jüngste derer, in denen die meisten einen haben.
    """
    anzahl = Counter(jahre)
    genug = max((jahr for jahr, n in anzahl.items() if n >= mindestens), default=None)
    if genug is None and notfalls:
        return max(anzahl, key=lambda jahr: (anzahl[jahr], jahr), default=None)
    return genug


class Richtung(StrEnum):
    """Richtung in Worten, wie sie in Sätzen steht."""

    GESTIEGEN = "gestiegen"
    GESUNKEN = "gesunken"
    KAUM = "kaum verändert"


@dataclass(frozen=True, slots=True, order=True)
class Bruch:
    """Ein Zeitreihenbruch: was sich geändert hat; er liegt vor ``jahr``."""

    jahr: int
    grund: str


@dataclass(frozen=True, slots=True)
class Masz:
    """Womit verglichen wird: Art und Nachkommastellen der Kennzahl, Schwelle in der gezeigten Einheit.

    ``schwelle`` 0 heißt: keine eigene; dann gilt :data:`KAUM_ANTEIL` oder :data:`KAUM_SONST`.
    """

    art: str = "anzahl"
    stellen: int = 0
    schwelle: float = 0.0
    zufall: bool | None = None
    """Ob Ereignisse gezählt werden: dann heißt auch „kaum“, was im Zufall der Zählung liegen kann. Ohne
    Angabe gilt das nur für Vorausgerechnetes, mit ``False`` auch dafür nicht."""
    voraus: bool = False
    """Ob mit Vorausgerechnetem verglichen wird."""

    @classmethod
    def von(cls, kennzahl: Kennzahl) -> Masz:
        """Das Maß einer Kennzahl."""
        return cls(kennzahl.art, kennzahl.nachkommastellen, kennzahl.schwelle_kaum, kennzahl.zufall)

    def kaum(self, ausgang: float, *, ohne_zufall: bool = False) -> Decimal:
        """Unterschiede unter diesem Betrag heißen „kaum verändert“."""
        vorgabe = KAUM_ANTEIL if self.art == "anteil" else KAUM_SONST * abs(ausgang)
        spiel = 0.0 if ohne_zufall else ZUFALL * math.sqrt(self._zufaellige * max(ausgang, 1))
        return dezimal(max(self.schwelle or vorgabe, spiel))

    @property
    def _zufaellige(self) -> int:
        """Wie viele der beiden Zahlen zufällig schwanken; Vorausgerechnetes ist ein Mittel."""
        if self.art != "anzahl" or self.zufall is False:
            return 0
        return 1 if self.voraus else 2 * bool(self.zufall)

    def richtung(self, alt: float, neu: float) -> Richtung:
        """Gestiegen, gesunken oder kaum verändert; gleich gezeigte Zahlen sind immer kaum verändert."""
        differenz = dezimal(neu) - dezimal(alt)
        if runde(alt, self.stellen) == runde(neu, self.stellen) or abs(differenz) < self.kaum(alt):
            return Richtung.KAUM
        return Richtung.GESTIEGEN if differenz > 0 else Richtung.GESUNKEN


@dataclass(frozen=True, slots=True)
class Stand:
    """Der Wert eines Jahres; ``fallzahl`` ist der Zähler einer Rate (bei Anzahlen der Wert selbst)."""

    jahr: int
    wert: float
    prognose: bool = False
    fallzahl: float | None = None


@dataclass(frozen=True, slots=True)
class Veraenderung:
    """Veränderung von ``alt`` auf ``neu``; ``brueche`` sind die Zeitreihenbrüche dazwischen.

    ``trotz_schwankung``: dazwischen liegen mehr Wenden, als sich nacheinander sagen lassen.
    """

    alt: Stand
    neu: Stand
    masz: Masz
    brueche: tuple[Bruch, ...] = ()
    trotz_schwankung: bool = False

    @classmethod
    def zwischen(cls, alt: Stand, neu: Stand, masz: Masz, brueche: Iterable[Bruch] = ()) -> Veraenderung:
        """Die Veränderung zwischen zwei Ständen; von ``brueche`` bleiben die dazwischen."""
        return cls(alt, neu, masz, tuple(b for b in brueche if alt.jahr < b.jahr <= neu.jahr))

    @property
    def absolut(self) -> float:
        """Ungerundete Differenz in der Einheit der Kennzahl (bei Anteilen Prozentpunkte)."""
        return float(dezimal(self.neu.wert) - dezimal(self.alt.wert))

    @property
    def prozent(self) -> float | None:
        """Veränderungsrate; ``None``, wo sie nichts aussagt (Anteile, Salden, kleine Ausgangszahlen)."""
        alt = self.alt
        if self.masz.art in {"anteil", "saldo"} or alt.wert <= 0:
            return None
        fallzahl = alt.wert if self.masz.art == "anzahl" else alt.fallzahl
        if fallzahl is not None and self.masz.art != "mittel" and fallzahl < MINDEST_AUSGANGSZAHL:
            return None
        return float((dezimal(self.neu.wert) - dezimal(alt.wert)) / dezimal(alt.wert) * 100)

    @property
    def richtung(self) -> Richtung:
        """Die Richtung; eine Anzahl, die sich um 0,0 % ändert, ist kaum verändert.

        Künftig gilt das auch für einen Unterschied von eins: So genau rechnet niemand voraus.
        """
        if self.masz.art == "anzahl" and self.prozent is not None and not runde(self.prozent, 1):
            return Richtung.KAUM
        gezeigt = (runde(s.wert, self.masz.stellen) for s in (self.alt, self.neu))
        if self.voraus and self.masz.art == "anzahl" and abs(next(gezeigt) - next(gezeigt)) <= 1:
            return Richtung.KAUM
        return self._eigenes.richtung(self.alt.wert, self.neu.wert)

    @property
    def im_zufall(self) -> bool:
        """Ob sie nur deshalb „kaum“ heißt, weil die gezählte Zahl zufällig so weit schwanken kann."""
        if self.richtung is not Richtung.KAUM:
            return False
        if not self.voraus:
            return bool(self.masz.zufall)
        return abs(dezimal(self.absolut)) >= self._eigenes.kaum(self.alt.wert, ohne_zufall=True)

    @property
    def _eigenes(self) -> Masz:
        return replace(self.masz, voraus=self.voraus)

    @property
    def voraus(self) -> bool:
        """Ob über die Zukunft gesprochen wird."""
        return self.neu.prognose


@dataclass(frozen=True, slots=True)
class Verlauf:
    """Wie eine Reihe verlaufen ist und, nach der Vorausrechnung, weitergeht.

    Erzählt wird der Abschnitt nach dem letzten Zeitreihenbruch: ``schritte`` führen von Wende zu Wende bis
    zum letzten Ist-Wert, ``voraus`` von dort (oder vom ersten vorausgerechneten) bis zum Ende der
    Vorausrechnung. ``schwankt``: mehr als :data:`ERZAEHLBAR` Schritte; dann bleibt der letzte, und ``tief``
    und ``hoch`` sagen den Rest. ``davor``: der Abschnitt vor dem Bruch, wenn der letzte kurz ist.
    """

    masz: Masz
    ende: Stand
    schritte: tuple[Veraenderung, ...] = ()
    voraus: tuple[Veraenderung, ...] = ()
    tief: Stand | None = None
    hoch: Stand | None = None
    beginn: Stand | None = None
    schwankt: bool = False
    bruch: Bruch | None = None
    davor: Verlauf | None = None

    @property
    def letzter(self) -> Veraenderung | None:
        """Die jüngste Veränderung: seit der letzten Wende oder dem letzten Bruch."""
        return self.schritte[-1] if self.schritte else None


def verlauf(staende: Iterable[Stand], masz: Masz, brueche: Iterable[Bruch] = ()) -> Verlauf | None:
    """Der Verlauf einer Reihe, je Jahr ein Stand; ``None`` ohne Werte."""
    alle = sorted(staende, key=lambda s: s.jahr)
    ist = [s for s in alle if not s.prognose]
    voraus = [*ist[-1:], *(s for s in alle if s.prognose)]
    erwartet = replace(masz, voraus=True)
    alle_brueche = sorted(brueche, key=lambda b: b.jahr)
    if not ist:
        return Verlauf(masz, alle[-1], voraus=_schritte(_wenden(alle, erwartet), erwartet)) if alle else None
    grenzen = [b for b in alle_brueche if ist[0].jahr < b.jahr <= ist[-1].jahr]
    grenze = grenzen[-1] if grenzen else None
    abschnitt = [s for s in ist if grenze is None or s.jahr >= grenze.jahr]
    frueher = [s for s in ist if grenze is not None and s.jahr < grenze.jahr]
    erzaehlt = _erzaehle(abschnitt, masz)
    gebrochen = any(voraus[0].jahr < b.jahr <= voraus[-1].jahr for b in alle_brueche)
    davor = verlauf(frueher, masz, grenzen[:-1]) if len(abschnitt) < LANG else None
    return Verlauf(
        masz, ist[-1], erzaehlt.schritte, () if gebrochen else _schritte(_wenden(voraus, erwartet), erwartet),
        erzaehlt.tief, erzaehlt.hoch, abschnitt[0], erzaehlt.schwankt, grenze,
        davor if davor is not None and davor.schritte and _laenge(davor, frueher) >= LANG else None,
    )  # fmt: skip


def _laenge(davor: Verlauf, staende: Sequence[Stand]) -> int:
    return sum(1 for s in staende if davor.beginn is not None and s.jahr >= davor.beginn.jahr)


def _erzaehle(abschnitt: Sequence[Stand], masz: Masz) -> Verlauf:
    """Die Schritte eines Abschnitts ohne Bruch; zu viele werden zu Schwankung oder Trend zusammengefasst.

    Solange es etwas noch nicht gab (null), ist nichts zu erzählen: Begonnen wird im letzten solchen Jahr.
    """
    ende = abschnitt[-1]
    leer = next((i for i, s in enumerate(abschnitt) if s.wert != 0), 0)
    abschnitt = abschnitt[max(0, leer - 1) :]
    tief, hoch = (min(abschnitt, key=lambda s: (z * s.wert, s.jahr)) for z in (1, -1))
    schritte = _schritte(_wenden(abschnitt, masz), masz)
    if len(schritte) <= ERZAEHLBAR:
        return Verlauf(masz, ende, schritte, tief=tief, hoch=hoch)
    ganz = Veraenderung(abschnitt[0], ende, masz, trotz_schwankung=True)
    stark = abs(ganz.absolut) >= TREND * (hoch.wert - tief.wert)
    if stark and schritte[-1].richtung in {ganz.richtung, Richtung.KAUM}:
        return Verlauf(masz, ende, (ganz,), tief=tief, hoch=hoch)
    return Verlauf(masz, ende, schritte[-1:], tief=tief, hoch=hoch, schwankt=True)


def _schritte(wenden: Sequence[Stand], masz: Masz) -> tuple[Veraenderung, ...]:
    return tuple(Veraenderung(a, b, masz) for a, b in pairwise(wenden))


def _wenden(werte: Sequence[Stand], masz: Masz) -> list[Stand]:
    """Beginn, Wendepunkte und Ende; dazwischen läuft die Reihe im Wesentlichen in eine Richtung."""
    if len(werte) < 2:
        return list(werte)
    spanne = dezimal(max(s.wert for s in werte)) - dezimal(min(s.wert for s in werte))
    grenze = max(spanne * dezimal(WENDE), masz.kaum(werte[0].wert))
    wenden: list[Stand] = []
    rand = {1: werte[0], -1: werte[0]}  # bisher höchster und tiefster Stand seit der letzten Wende
    lauf = 0
    for s in werte[1:]:
        for z in (1, -1):
            if z * s.wert > z * rand[z].wert:
                rand[z] = s
        for z in (1, -1):  # nach oben gelaufen und wieder gefallen; oder umgekehrt
            if lauf in (z, 0) and abs(dezimal(rand[z].wert) - dezimal(s.wert)) >= grenze and rand[z] is not s:
                wenden.append(rand[z])
                lauf, rand = -z, {z: s, -z: s}
                break
    return _mit_raendern(werte, wenden, rand[lauf] if lauf else None, masz, grenze)


def _mit_raendern(
    werte: Sequence[Stand], wenden: list[Stand], letzte: Stand | None, masz: Masz, grenze: Decimal
) -> list[Stand]:
    """Der Beginn zählt statt des ersten Hochs oder Tiefs, wenn beide kaum verschieden sind; auch das Ende."""
    erster, ende = werte[0], werte[-1]
    innen = wenden[1:] if wenden and masz.richtung(erster.wert, wenden[0].wert) is Richtung.KAUM else wenden
    beginn = [] if innen is wenden and wenden else [erster]
    if letzte is not None and letzte is not ende:
        weg = abs(dezimal(ende.wert) - dezimal(letzte.wert))
        genug = min(grenze, max(masz.kaum(letzte.wert), abs(dezimal(letzte.wert)) * dezimal(WENDE_AM_ENDE)))
        if weg >= genug and masz.richtung(letzte.wert, ende.wert) is not Richtung.KAUM:
            innen = [*innen, letzte]
    return [*beginn, *innen, ende]
