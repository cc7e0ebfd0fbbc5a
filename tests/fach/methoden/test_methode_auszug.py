"""Auszüge aus einer Quelle: Listen, in denen jede Zeile der Quelle eine Zeile ist."""

from __future__ import annotations

import pandas as pd

from berichtswerk.fach.methoden.auszug import liste


def test_liste_gibt_je_bereich_eine_tafel_in_der_reihenfolge_der_quelle() -> None:
    werte = pd.DataFrame(
        [
            {"gebiet": "a", "jahr": 2020, "bereich": "kita", "name": "Zwerge", "ort": "Dorf", "wert": 1.0},
            {"gebiet": "a", "jahr": 2021, "bereich": "schule", "name": "Am See", "ort": "", "wert": 1.0},
            {"gebiet": "b", "jahr": 2019, "bereich": "kita", "name": "Amsel", "ort": "Stadt", "wert": 1.0},
        ]
    )
    tafeln = liste(werte, kopf="name", je="bereich")
    assert [z["kopf"] for z in tafeln["kita"]] == ["Zwerge", "Amsel"]
    assert tafeln["schule"] == [
        {"bereich": "schule", "name": "Am See", "ort": "nicht genannt", "kopf": "Am See"}
    ]
