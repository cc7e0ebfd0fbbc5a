"""Frühwarnung: Schwellen einer Kennzahl und ob ein Gebiet sie überschreitet.

Eine Schwelle löst eine Prüfung aus, sie ist kein Ziel und kein Urteil. Verglichen wird, was gezeigt wird:
gerundete Werte, mit Land und Bund nur im selben Jahr, zwischen zwei Jahren nie über einen Zeitreihenbruch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Self

from pydantic import Field, model_validator

from berichtswerk.grund.yamldatei import YamlModell
from berichtswerk.grund.zahl import runde

if TYPE_CHECKING:
    from berichtswerk.fach.reihe import Reihe, Wert

Oben = Literal["land", "bund"]
GRENZEN = ("ueber", "unter", "steigt_um", "sinkt_um")


class Schwelle(YamlModell):
    """Ab wann genauer hinzusehen ist: genau eine Grenze und warum."""

    ueber: float | Oben | None = None
    """Der jüngste Wert liegt darüber; „land“ oder „bund“ ist deren Wert im selben Jahr."""
    unter: float | Oben | None = None
    steigt_um: float | None = Field(default=None, gt=0)
    """Seit ``in_jahren`` so viel mehr: bei Anzahlen in Prozent, sonst in der gezeigten Einheit."""
    sinkt_um: float | None = Field(default=None, gt=0)
    in_jahren: int = Field(default=3, ge=1, le=20)
    warum: str = Field(min_length=10)
    """Was eine Überschreitung bedeuten kann, ein Satz."""
    festgelegt: str
    """Welche Stelle sie gesetzt hat (Funktion, keine Person) und wie verbindlich sie ist."""

    @model_validator(mode="after")
    def _genau_eine(self) -> Self:
        if sum(getattr(self, name) is not None for name in GRENZEN) != 1:
            raise ValueError(
                "Eine Schwelle nennt genau eines von „ueber“, „unter“, „steigt_um“ und „sinkt_um“."
                " || Teilen Sie sie in zwei Schwellen auf."
            )
        return self

    @property
    def fest(self) -> float | Oben | None:
        """Die Grenze für den Wert selbst; ``None``, wenn eine Veränderung gemeint ist."""
        return self.unter if self.ueber is None else self.ueber


@dataclass(frozen=True, slots=True)
class Warnlage:
    """Wie der jüngste gemessene Wert, der sich vergleichen lässt, zur Schwelle steht.

    ``ueberschritten`` ist ``None``, wenn es keinen Wert gibt, an dem sich messen lässt (anderer Zeitabstand,
    Bruch dazwischen, keiner für Land oder Bund). ``vergleich`` ist der Wert, an dem er gemessen wird: der des
    Landes oder Bundes, der frühere, ``None`` bei einer festen Grenze. ``seit`` ist das erste Jahr, von dem an
    sie ohne Unterbrechung überschritten ist; ``voraus`` das erste vorausgerechnete Jahr, in dem eine feste
    Grenze überschritten würde.
    """

    schwelle: Schwelle
    wert: Wert
    vergleich: Wert | None
    ueberschritten: bool | None
    seit: int | None = None
    voraus: int | None = None


def warnlagen(reihe: Reihe, gebiet: str, oben: Mapping[Oben, str]) -> Iterator[Warnlage]:
    """Zu jeder Schwelle der Kennzahl die Lage eines Gebiets; ohne gemessenen Wert gibt es keine.

    Args:
        reihe: Werte des Gebiets und, wenn eine Schwelle sie nennt, von Land und Bund.
        gebiet: Schlüssel des Gebiets.
        oben: „land“ und „bund“ → Schlüssel; ein Gebiet, das selbst das Land ist, hat dort keinen.
    """
    for schwelle in reihe.kennzahl.fruehwarnung:
        lage = _lage(schwelle, reihe, gebiet, oben)
        if lage is not None:
            yield lage


def _lage(schwelle: Schwelle, reihe: Reihe, gebiet: str, oben: Mapping[Oben, str]) -> Warnlage | None:
    eigene = reihe.gebiet(gebiet)
    je_jahr = {w.jahr: w for w in eigene if w.wert is not None}
    gemessen = sorted((w for w in je_jahr.values() if not w.prognose), key=lambda w: w.jahr)
    if not gemessen:
        return None
    paare = [p for w in gemessen if (p := _paar(schwelle, w, reihe, gebiet, oben))]
    if not paare or (schwelle.fest is None and paare[-1][0] is not gemessen[-1]):
        return Warnlage(schwelle, gemessen[-1], None, None)
    ueber = [_ueberschritten(schwelle, reihe, *paar) for paar in paare]
    brueche = {b.jahr for b in eigene.brueche}
    seit = _seit([w.jahr for w, _ in paare], ueber, brueche) if ueber[-1] else None
    voraus = None
    if not ueber[-1] and isinstance(schwelle.fest, float | int):
        kommend = (w for w in sorted(je_jahr.values(), key=lambda w: w.jahr) if w.prognose)
        voraus = next((w.jahr for w in kommend if _ueberschritten(schwelle, reihe, w, None)), None)
    return Warnlage(schwelle, *paare[-1], ueber[-1], seit, voraus)


def _paar(
    schwelle: Schwelle, wert: Wert, reihe: Reihe, gebiet: str, oben: Mapping[Oben, str]
) -> tuple[Wert, Wert | None] | None:
    """Der Wert und woran er gemessen wird; ``None``, wenn es das nicht gibt oder ein Bruch sie trennt."""
    grenze = schwelle.fest
    if isinstance(grenze, float | int):
        return wert, None
    jahr = wert.jahr if grenze else wert.jahr - schwelle.in_jahren
    wo = oben.get(grenze, "") if grenze else gebiet
    anderer = reihe.wert(wo, jahr) if wo else None
    if anderer is None or anderer.wert is None or anderer.prognose:
        return None
    if grenze is None and any(jahr < b.jahr <= wert.jahr for b in reihe.gebiet(gebiet).brueche):
        return None
    return wert, anderer


def _ueberschritten(schwelle: Schwelle, reihe: Reihe, wert: Wert, anderer: Wert | None) -> bool:
    stellen = reihe.kennzahl.nachkommastellen

    def gezeigt(w: Wert) -> Decimal:
        return runde(w.wert or 0.0, stellen)

    neu = gezeigt(wert)
    if schwelle.fest is not None:
        grenze = gezeigt(anderer) if anderer else Decimal(str(schwelle.fest))
        return neu > grenze if schwelle.ueber is not None else neu < grenze
    assert anderer is not None, "Eine Veränderung hat einen früheren Wert."
    alt = gezeigt(anderer)
    differenz = neu - alt
    if reihe.kennzahl.art == "anzahl":
        if alt == 0:
            return False
        differenz = differenz * 100 / alt
    if schwelle.steigt_um is not None:
        return differenz >= Decimal(str(schwelle.steigt_um))
    return -differenz >= Decimal(str(schwelle.sinkt_um))


def _seit(jahre: Sequence[int], ueber: Sequence[bool], brueche: set[int]) -> int:
    """Das erste Jahr der letzten ununterbrochenen Folge; ein Bruch beendet sie."""
    seit = jahre[-1]
    for davor, danach, drueber in reversed(list(zip(jahre, jahre[1:], ueber, strict=False))):
        if not drueber or any(davor < b <= danach for b in brueche):
            break
        seit = davor
    return seit
