"""Durchschnittsalter aus Altersjahren."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

from berichtswerk.fach.alter import Gruppe, alterstext
from berichtswerk.fach.kennzahl import Mittel
from berichtswerk.fach.reihe import Beleg
from berichtswerk.fach.zellen import Teilwert
from berichtswerk.grund.zahl import dezimal
from berichtswerk.grund.zeichen import Status

BREITE_HOECHSTENS = 5
"""So breit darf eine Gruppe im hohen Alter sein, damit ihre Mitte genau genug ist."""


def mittelwert(mittel: Mittel, teil: Teilwert) -> tuple[Fraction | None, Status, tuple[str, ...]]:
    """Σ(a + 0,5)·P / ΣP; die offene Gruppe zählt mit ihrem angenommenen mittleren Alter.

    Ohne Zahl (gesperrt, mit Erklärung), wenn Altersjahre fehlen oder das Alter der offenen Gruppe.
    """
    bevoelkerung = summe = Fraction(0)
    for gruppe, zahl in teil.gruppen:
        assert zahl is not None
        alter = mittleres_alter(mittel, gruppe)
        if isinstance(alter, str):
            return None, Status.GESPERRT, (alter,)
        bevoelkerung += zahl
        summe += alter * zahl
    if bevoelkerung <= 0:
        return None, Status.GESPERRT, ("Der Nenner ist null.",)
    return summe / bevoelkerung, teil.status, ()


def mittleres_alter(mittel: Mittel, gruppe: Gruppe) -> Fraction | str:
    """Mittleres Alter einer Gruppe oder, warum es keines gibt."""
    von, bis = gruppe
    if math.isinf(bis):
        if mittel.offene_gruppe is None:
            return "Für die offene Endgruppe ist kein mittleres Alter angegeben."
        return Fraction(dezimal(mittel.offene_gruppe))
    im_hohen_alter = mittel.einzeljahre_bis is not None and von >= mittel.einzeljahre_bis
    if bis - von == 1 or (im_hohen_alter and bis - von <= BREITE_HOECHSTENS):
        return (Fraction(von) + Fraction(bis)) / 2
    return f"Für das Durchschnittsalter fehlen Altersjahre; geliefert ist „{alterstext(von, bis)}“."


def belege_des_mittels(mittel: Mittel, teil: Teilwert) -> Iterator[Beleg]:
    """Jede Zelle zweimal: im Zähler mit dem Alter als Gewicht, im Nenner mit 1."""
    for (gruppe, _), beleg in zip(teil.gruppen, teil.belege, strict=True):
        alter = mittleres_alter(mittel, gruppe)
        if not isinstance(alter, str):
            yield replace(beleg, rolle="zaehler", gewicht=float(alter))
            yield replace(beleg, rolle="nenner", gewicht=1)
