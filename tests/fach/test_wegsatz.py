"""Welche Jahre sind berechnet, welche veröffentlicht?"""

from __future__ import annotations

from typing import Any

import pytest
from rechnerhilfe import berechne

from berichtswerk.worte.belegzeilen import wegsatz


@pytest.mark.parametrize(
    ("berechnet", "veroeffentlicht", "satz"),
    [
        (range(2010, 2016), [], ""),
        ([], range(2010, 2016), ""),
        (
            range(2010, 2016),
            [2017, 2019, 2021],
            "eigene Berechnung (2010–2015), veröffentlichter Wert (2017–2021).",
        ),
        ([2010, 2015], [2011, 2012], "eigene Berechnung (2010, 2015), veröffentlichter Wert (2011–2012)."),
    ],
)
def test_wegsatz(bestand: Any, kennzahl: Any, berechnet: Any, veroeffentlicht: Any, satz: str) -> None:
    immer = [{"gebiet": "99", "zeit": 2000, "wert": 1}]
    bestand.mit("z", immer + [{"gebiet": "99001", "zeit": j, "wert": 1} for j in berechnet])
    bestand.mit("w", immer + [{"gebiet": "99001", "zeit": j, "wert": 1} for j in veroeffentlicht])
    wege = (
        {"zaehler": [{"quelle": "z", "groesse": "anzahl"}]},
        {"wert": {"quelle": "w", "groesse": "anzahl"}},
    )
    assert wegsatz(berechne(kennzahl(*wege, faktor=1), bestand), "99001") == satz
