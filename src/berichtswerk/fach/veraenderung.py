"""Veränderung zwischen zwei Werten: Betrag, Prozent oder Prozentpunkte, Richtung, Brüche dazwischen."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from berichtswerk.grund.zahl import dezimal, runde
from berichtswerk.grund.zeichen import Status

if TYPE_CHECKING:
    from berichtswerk.fach.kennzahl import Kennzahl
    from berichtswerk.fach.reihe import Bruch, Wert

MINDEST_AUSGANGSZAHL = 100
"""Regel des Hessischen Statistischen Landesamts: Veränderungsrate „x“, wenn die Ausgangszahl kleiner ist."""


class Richtung(StrEnum):
    """Richtung in Worten, wie sie in Sätzen steht."""

    GESTIEGEN = "gestiegen"
    GESUNKEN = "gesunken"
    KAUM = "kaum verändert"


@dataclass(frozen=True, slots=True)
class Veraenderung:
    """Veränderung von ``alt`` auf ``neu``.

    ``absolut`` ist die ungerundete Differenz in der Einheit der Kennzahl. ``prozentpunkte`` ist bei
    Anteilen dieselbe Zahl, sonst ``None``. ``prozent`` ist ``None``, wenn eine Rate nichts aussagt; dann
    ist ``prozent_status`` gesperrt (gezeigt als „x“).
    """

    alt: Wert
    neu: Wert
    absolut: float
    prozent: float | None
    prozent_status: Status
    prozentpunkte: float | None
    ueber_bruch: tuple[Bruch, ...]
    richtung: Richtung


def veraenderung(kennzahl: Kennzahl, alt: Wert, neu: Wert, brueche: Iterable[Bruch] = ()) -> Veraenderung:
    """Vergleicht zwei Werte derselben Kennzahl; ``brueche`` sind die der Zeitreihe des Gebiets.

    Raises:
        ValueError: wenn einer der Werte keine Zahl hat.
    """
    if alt.wert is None or neu.wert is None:
        raise ValueError("Eine Veränderung braucht zwei Werte mit Zahl.")
    differenz = dezimal(neu.wert) - dezimal(alt.wert)
    prozent = _prozent(kennzahl, alt, neu)
    return Veraenderung(
        alt=alt,
        neu=neu,
        absolut=float(differenz),
        prozent=prozent,
        prozent_status=Status.GESPERRT if prozent is None else Status.WERT,
        prozentpunkte=float(differenz) if kennzahl.art == "anteil" else None,
        ueber_bruch=tuple(b for b in brueche if alt.jahr < b.jahr <= neu.jahr),
        richtung=richtung(kennzahl, alt.wert, neu.wert),
    )


def richtung(kennzahl: Kennzahl, alt: float, neu: float) -> Richtung:
    """Gestiegen, gesunken oder kaum verändert.

    Kaum verändert heißt: Betrag unter ``schwelle_kaum``, oder beide Werte werden gleich gezeigt.
    """
    differenz = dezimal(neu) - dezimal(alt)
    gleich = runde(alt, kennzahl.nachkommastellen) == runde(neu, kennzahl.nachkommastellen)
    if gleich or abs(differenz) < dezimal(kennzahl.schwelle_kaum):
        return Richtung.KAUM
    return Richtung.GESTIEGEN if differenz > 0 else Richtung.GESUNKEN


def _prozent(kennzahl: Kennzahl, alt: Wert, neu: Wert) -> float | None:
    """Veränderungsrate; ``None``, wo sie nichts aussagt (Anteile, Salden, kleine Ausgangszahlen)."""
    assert alt.wert is not None and neu.wert is not None
    if kennzahl.art in {"anteil", "saldo"} or alt.wert <= 0:
        return None
    fallzahl = alt.wert if kennzahl.art == "anzahl" else alt.zaehler
    if fallzahl is not None and kennzahl.art != "mittel" and fallzahl < MINDEST_AUSGANGSZAHL:
        return None
    return float((dezimal(neu.wert) - dezimal(alt.wert)) / dezimal(alt.wert) * 100)
