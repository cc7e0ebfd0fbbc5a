"""Vergleichsgruppe: gegen von Hand gerechnete Abstände."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd
import pytest

from berichtswerk.fach.methoden.aehnlichkeit import abstaende, vergleichsgruppe
from berichtswerk.fach.methoden.ergebnis import Lage

LAGE = Lage(gebiet="a", teile=(), oben=(), beginn=2022, basis=2022, ziel=2022, ende=2022)


def test_abstand_von_hand_und_das_naechste_zuerst() -> None:
    """Erstes Merkmal 0, 2, 4: Streuung √(8/3); zweites überall gleich: zählt nicht als Unterschied."""
    fern = abstaende({"a": [0, 5], "b": [4, 5], "c": [2, 5]}, "a")
    sd = math.sqrt(8 / 3)
    assert fern == pytest.approx({"c": 2 / sd / math.sqrt(2), "b": 4 / sd / math.sqrt(2)})
    assert list(fern) == ["c", "b"]


def test_gruppe_mittel_nachbarn_und_land() -> None:
    dichte = {"97a": 10, "b": 30, "c": 12, "d": 11, "97": 99}
    werte = pd.DataFrame(
        [
            {"kreis": k, "name": k.upper(), "groesse": g, "wert": float(w)}
            for k, d in dichte.items()
            for g, w in (("dichte", d), ("quote", 2 * d))
        ]
    )
    tafeln = vergleichsgruppe(werte, replace(LAGE, gebiet="97a"), merkmale="dichte", anzahl=2, nachbarn="b c")
    koepfe = [z["kopf"] for z in tafeln["vergleich"]]
    assert koepfe == ["97A", "D", "C", "Mittel der ähnlichen", "B", "97"]
    assert tafeln["vergleich"][3]["quote"] == pytest.approx(23)
    assert [z["kopf"] for z in tafeln["abstand"]] == ["97A", "D", "C", "B"]
    assert tafeln["abstand"][0]["abstand"] == 0
