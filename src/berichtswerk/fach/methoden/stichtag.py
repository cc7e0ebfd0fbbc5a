"""Alter am Stichtag auf den Monat genau: Geburtsmonate je Altersgruppe, Einschulungsstichtag als Parameter.

Der häufigste Fehler der Kita-Planung ist, „3 bis Einschulung“ fest mit drei Jahrgängen anzusetzen: bei
Einschulungsstichtag 30.09. sind es am 01.08. 34, am 01.03. 41 und am 31.07. 46 Geburtsmonate.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from types import MappingProxyType

from berichtswerk.fach.methoden.eingabe import feld
from berichtswerk.fach.methoden.ergebnis import Ergebnis, fehlt
from berichtswerk.fach.methoden.fehler import AltersgruppeLeer
from berichtswerk.grund.meldung import BerichtswerkFehler

Monat = tuple[int, int]
"""(Jahr, Monat)"""


@dataclass(frozen=True, slots=True)
class Einschulung:
    """Einschulungsregel: wer bis zum Stichtag das Alter vollendet, kommt zum Schuljahresbeginn in Klasse 1.

    Voreinstellung 30.09. und 6 Jahre (Brandenburg, § 37 BbgSchulG), Schuljahresbeginn 01.08.
    """

    stichtag: tuple[int, int] = (9, 30)
    beginn: tuple[int, int] = (8, 1)
    alter: int = 6

    def schuljahr(self, tag: date) -> int:
        """Jahr, in dem das am ``tag`` laufende Schuljahr begonnen hat."""
        return tag.year if (tag.month, tag.day) >= self.beginn else tag.year - 1

    def juengste_geburt(self, schuljahr: int, klasse: int = 1) -> date:
        """Spätestes Geburtsdatum der regulären ``klasse`` im Schuljahr, das in ``schuljahr`` beginnt."""
        return date(schuljahr - self.alter - klasse + 1, *self.stichtag)


@dataclass(frozen=True, slots=True)
class Altersgruppe:
    """Altersgruppe in vollendeten Monaten: ``von`` bis unter ``bis``; ``bis=None`` heißt bis Einschulung."""

    name: str
    von: int
    bis: int | None


@dataclass(frozen=True, slots=True)
class Klassengruppe:
    """Schulkinder der Klassen ``von`` bis ``bis`` (einschließlich) nach dem Einschulungsstichtag."""

    name: str
    von: int
    bis: int


GRUPPEN: tuple[Altersgruppe | Klassengruppe, ...] = (
    Altersgruppe("unter 1", 0, 12),
    Altersgruppe("1 bis unter 3", 12, 36),
    Altersgruppe("3 bis Einschulung", 36, None),
    Klassengruppe("Klassen 1 bis 4", 1, 4),
    Klassengruppe("Klassen 5 und 6", 5, 6),
)
"""Gruppen nach Brandenburger Kita-Recht; jede Planung kann andere angeben."""


def _vor_monaten(tag: date, monate: int) -> date:
    """Spätestes Geburtsdatum, mit dem am ``tag`` ``monate`` Monate vollendet sind."""
    stelle = tag.year * 12 + tag.month - 1 - monate
    jahr, monat = divmod(stelle, 12)
    return date(jahr, monat + 1, min(tag.day, monthrange(jahr, monat + 1)[1]))


def geburtszeitraum(
    gruppe: Altersgruppe | Klassengruppe, stichtag: date, einschulung: Einschulung | None = None
) -> tuple[date, date]:
    """Erster und letzter Geburtstag der Kinder, die am Stichtag zur Gruppe gehören.

    Raises:
        BerichtswerkFehler: ``altersgruppe-leer``, wenn die Grenzen keinen Zeitraum ergeben.
    """
    regel = einschulung or Einschulung()
    schuljahr = regel.schuljahr(stichtag)
    if isinstance(gruppe, Klassengruppe):
        bis = regel.juengste_geburt(schuljahr, gruppe.von)
        von = regel.juengste_geburt(schuljahr, gruppe.bis + 1) + timedelta(days=1)
    else:
        bis = _vor_monaten(stichtag, gruppe.von)
        aelter = (
            regel.juengste_geburt(schuljahr) if gruppe.bis is None else _vor_monaten(stichtag, gruppe.bis)
        )
        von = aelter + timedelta(days=1)
    if von > bis:
        raise BerichtswerkFehler(AltersgruppeLeer.melde(name=gruppe.name, stichtag=stichtag))
    return von, bis


@lru_cache(maxsize=512)
def _geburtsmonate(von: date, bis: date) -> Mapping[Monat, float]:
    anteile: dict[Monat, float] = {}
    jahr, monat = von.year, von.month
    while (jahr, monat) <= (bis.year, bis.month):
        laenge = monthrange(jahr, monat)[1]
        erster = max(von, date(jahr, monat, 1))
        letzter = min(bis, date(jahr, monat, laenge))
        anteile[jahr, monat] = ((letzter - erster).days + 1) / laenge
        jahr, monat = (jahr + 1, 1) if monat == 12 else (jahr, monat + 1)
    return MappingProxyType(anteile)


@lru_cache(maxsize=512)
def _volle(von: date, bis: date) -> Mapping[Monat, float]:
    return MappingProxyType({m: a for m, a in _geburtsmonate(von, bis).items() if a == 1.0})


def volle_geburtsmonate(von: date, bis: date) -> tuple[Monat, ...]:
    """Geburtsmonate, die ganz im Zeitraum liegen (die übliche Zählung: 34, 41, 46)."""
    return tuple(_volle(von, bis))


def kinder_am_stichtag(
    geburten: Mapping[Monat, float],
    gruppe: Altersgruppe | Klassengruppe,
    stichtag: date,
    einschulung: Einschulung | None = None,
    *,
    nur_volle: bool = True,
) -> Ergebnis:
    """Kinder einer Gruppe am Stichtag aus Kindern je Geburtsmonat.

    Args:
        geburten: Kinder je Geburtsmonat (Bestand oder Vorausrechnung).
        gruppe: Altersgruppe oder Klassen.
        stichtag: der Tag, den der Plan nennt.
        einschulung: Einschulungsregel; Voreinstellung 30.09.
        nur_volle: nur ganze Geburtsmonate zählen; sonst angebrochene nach Tagen anteilig.

    Returns:
        Summe; fehlt ein Monat, Status „fehlt“ mit dessen Namen – nie eine Teilsumme.
    """
    zeitraum = geburtszeitraum(gruppe, stichtag, einschulung)
    gewichte = _volle(*zeitraum) if nur_volle else _geburtsmonate(*zeitraum)
    ohne = [m for m in gewichte if m not in geburten]
    if ohne:
        jahr, monat = ohne[0]
        return fehlt(f"Kinder des Geburtsmonats {monat:02d}/{jahr} fehlen ({len(ohne)} Monate)")
    return Ergebnis(float(sum(geburten[m] * a for m, a in gewichte.items())))


def gleichverteilt(jahre: Mapping[int, float]) -> dict[Monat, float]:
    """Verteilt Kinder je Geburtsjahr gleichmäßig auf zwölf Monate (wenn nur Jahreswerte vorliegen)."""
    return {(j, m): n / 12.0 for j, n in sorted(jahre.items()) for m in range(1, 13)}


def aus_altersjahren(bestand: Sequence[float], jahr: int) -> dict[Monat, float]:
    """Kinder je Geburtsmonat aus dem Bestand je Alter 0, 1, 2 … am 31.12. von ``jahr``.

    Wer an diesem Tag a Jahre alt ist, wurde im Jahr ``jahr − a`` geboren; die Monate eines Jahres
    erhalten gleich viele.
    """
    return gleichverteilt({jahr - a: float(n) for a, n in enumerate(feld("Bestand", bestand))})
