"""Bestandteile eines Wertes so zusammenstellen, dass Basis und Gebietsstand überall gleich sind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from berichtswerk.fach.reihe import Beleg
from berichtswerk.fach.zellen import Teilwert
from berichtswerk.grund.zahl import dezimal
from berichtswerk.grund.zeichen import Status, summenstatus

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebietsverzeichnis

Rolle = Literal["zaehler", "nenner", "wert"]


@dataclass(frozen=True, slots=True)
class Baustein:
    """Ein Summand eines Wertes mit allen Möglichkeiten (je Basis und Gebietsstand)."""

    rolle: Rolle
    gewicht: Fraction
    moeglich: tuple[Teilwert, ...]


@dataclass(frozen=True, slots=True)
class Gewaehlt:
    """Ein Baustein mit der gewählten Möglichkeit."""

    rolle: Rolle
    gewicht: Fraction
    teil: Teilwert


@lru_cache(maxsize=1024)
def basisrang(basis: str | None) -> tuple[int, str]:
    """Ordnet Basen: die mit der jüngsten Jahreszahl im Namen ist die neueste."""
    jahre = re.findall(r"\d{4}", basis or "")
    return max(map(int, jahre), default=0), basis or ""


def zusammenstellungen(
    gebiet: str, bausteine: Sequence[Baustein], verzeichnis: Gebietsverzeichnis
) -> Iterator[list[Gewaehlt]]:
    """Alle Zusammenstellungen mit einer Basis und gleichwertigem Gebietsstand, neueste Basis zuerst."""
    if allein := _einzige(bausteine):
        yield allein
        return
    teile = [t for b in bausteine for t in b.moeglich]
    basen = sorted({t.basis for t in teile if t.basis}, key=basisrang, reverse=True) or [""]
    staende = sorted({t.gebietsstand for t in teile if t.gebietsstand}, reverse=True) or [""]
    for basis in basen:
        for stand in staende:
            gewaehlt = [_waehle(gebiet, b, basis, stand, verzeichnis) for b in bausteine]
            vollstaendig = [g for g in gewaehlt if g is not None]
            if len(vollstaendig) == len(gewaehlt):
                yield vollstaendig


def _einzige(bausteine: Sequence[Baustein]) -> list[Gewaehlt]:
    """Die Zusammenstellung, wenn es offensichtlich nur eine gibt; sonst leer."""
    arten = {(t.basis, t.gebietsstand) for b in bausteine for t in b.moeglich}
    if len(arten) != 1 or any(len(b.moeglich) != 1 for b in bausteine):
        return []
    return [Gewaehlt(b.rolle, b.gewicht, b.moeglich[0]) for b in bausteine]


def _waehle(
    gebiet: str, baustein: Baustein, basis: str, stand: str, verzeichnis: Gebietsverzeichnis
) -> Gewaehlt | None:
    """Die Möglichkeit auf dieser Basis (sonst ohne Basis) mit gleichwertigem Gebietsstand."""
    passend = [
        t
        for t in baustein.moeglich
        if t.basis in {basis, ""} and verzeichnis.gleicher_stand(gebiet, t.gebietsstand, stand)
    ]
    if not passend:
        return None
    bester = max(passend, key=lambda t: (t.basis == basis, t.gebietsstand == stand, t.gebietsstand))
    return Gewaehlt(baustein.rolle, baustein.gewicht, bester)


def warum_keine(bausteine: Iterable[Baustein]) -> str:
    """Erklärung, wenn es keine Zusammenstellung gibt."""
    teile = [t for b in bausteine for t in b.moeglich]
    basen = sorted({t.basis for t in teile if t.basis}, key=basisrang)
    if len(basen) > 1:
        return f"Die Bestandteile liegen auf verschiedenen Basen vor ({', '.join(basen)})."
    staende = sorted({t.gebietsstand for t in teile if t.gebietsstand})
    return f"Die Bestandteile haben verschiedene Gebietsstände ({', '.join(staende)})."


def gewichtete_summe(gewaehlt: Iterable[Gewaehlt], rolle: Rolle) -> Fraction | None:
    """Zähler oder Nenner; ``None``, wenn es ihn nicht gibt oder ein Teil keine Zahl hat."""
    teile = [g for g in gewaehlt if g.rolle == rolle]
    zahlen = [mal(g.gewicht, g.teil.zahl) for g in teile if g.teil.zahl is not None]
    if not zahlen or len(zahlen) < len(teile):
        return None
    return zahlen[0] if len(zahlen) == 1 else sum(zahlen, Fraction(0))


def mal(gewicht: Fraction, zahl: Fraction) -> Fraction:
    """Das Produkt; meist ist das Gewicht 1, und dann ist nichts zu rechnen."""
    return zahl if gewicht == 1 else gewicht * zahl


def ergebnisstatus(gewaehlt: Sequence[Gewaehlt], ergebnis: Fraction) -> Status:
    """Der schwächste Status; „genau null“ nur, wenn jeder Summand des Zählers genau null ist."""
    gesamt = summenstatus([g.teil.status for g in gewaehlt], dezimal(1))
    if gesamt is not Status.WERT or ergebnis != 0:
        return gesamt
    return summenstatus([g.teil.status for g in gewaehlt if g.rolle == "zaehler"], dezimal(0))


def belege(gewaehlt: Iterable[Gewaehlt]) -> Iterator[Beleg]:
    """Die Belege aller Bestandteile mit Rolle, Vorzeichen und Gewicht."""
    for g in gewaehlt:
        zeichen, anteil = (-1 if g.gewicht < 0 else 1), abs(float(g.gewicht))
        for beleg in g.teil.belege:
            yield Beleg(
                beleg.quelle, beleg.datei, beleg.zeile, beleg.spalte, beleg.wert,
                rolle=g.rolle, vorzeichen=zeichen, gewicht=beleg.gewicht * anteil, gebiet=beleg.gebiet,
            )  # fmt: skip
