"""Summen über Gebiete in langen Tabellen."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from gebietsbeispiel import lade

from berichtswerk.daten.gebiete import Gebietsverzeichnis


@pytest.fixture
def v(tmp_path: Path) -> Gebietsverzeichnis:
    return lade(tmp_path)


def rahmen(**je_gebiet: float | None) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "gebiet": g.lstrip("g"), "zeit": "2023", "geschlecht": "w", "groesse": "anzahl", "basis": "",
                "wert": float("nan") if w is None else w, "status": "geheim" if w is None else "wert",
                "zeile": i,
            }
            for i, (g, w) in enumerate(je_gebiet.items())
        ]
    )  # fmt: skip


def ergebnis(v: Gebietsverzeichnis, werte: pd.DataFrame, ebene: Any) -> dict[str, tuple[Any, str]]:
    summen = v.summe(werte, ebene)
    return {z["gebiet"]: (z["wert"], z["status"]) for z in summen.to_dict("records")}


def test_summe_aller_teile(v: Gebietsverzeichnis) -> None:
    werte = rahmen(g01099020=5, g01099052=0.1, g01099053=0.2)
    assert ergebnis(v, werte, "einheit") == {"010990020": (5.0, "wert"), "010995801": (0.3, "wert")}
    assert ergebnis(v, werte, "kreis") == {"01099": (5.3, "wert")}
    spalten = list(v.summe(werte, "kreis").columns)
    assert spalten == ["gebiet", "zeit", "geschlecht", "groesse", "basis", "wert", "status", "teile"]


def test_nie_eine_teilsumme(v: Gebietsverzeichnis) -> None:
    geheim = ergebnis(v, rahmen(g01099020=5, g01099052=1, g01099053=None), "einheit")
    assert geheim["010990020"] == (5.0, "wert")
    assert math.isnan(geheim["010995801"][0])
    assert geheim["010995801"][1] == "geheim"
    fehlt = ergebnis(v, rahmen(g01099052=1), "kreis")
    assert math.isnan(fehlt["01099"][0])
    assert fehlt["01099"][1] == "fehlt"


def test_auch_aus_einheiten(v: Gebietsverzeichnis) -> None:
    """Ein Teil als Einheit, der andere als flächengleiche Gemeinde: zusammen der Kreis."""
    assert ergebnis(v, rahmen(g01099020=5, g010995801=7), "kreis") == {"01099": (12.0, "wert")}


def test_ohne_jeden_teil_entsteht_keine_zeile(v: Gebietsverzeichnis) -> None:
    assert ergebnis(v, rahmen(g01099020=5), "planungsgebiet") == {"01099-P1": (5.0, "wert")}
    assert v.summe(rahmen(gDG=5), "einheit").empty
