"""Auszüge aus Quellen: Listen, in denen jede Zeile der Quelle eine Zeile ist, und Mittel der Gemeinden."""

from __future__ import annotations

import pandas as pd

from berichtswerk.fach.methoden.auszug import gewichtetes_mittel, liste
from berichtswerk.fach.methoden.ergebnis import Lage, zahl


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


def test_anteile_der_gemeinden_zaehlen_so_viel_wie_dort_menschen_leben() -> None:
    lage = Lage("k", ("amt", "stadt"), (), 2022, 2022, 2022, 2022)
    werte = pd.DataFrame(
        [
            {"gebiet": "gross", "teil": "amt", "jahr": 2022, "wert": 6.0},
            {"gebiet": "klein", "teil": "amt", "jahr": 2022, "wert": 2.0},
            {"gebiet": "stadt", "teil": "stadt", "jahr": 2022, "wert": 5.0},
        ]
    )
    bezug = werte.assign(wert=[3000.0, 1000.0, 6000.0])
    mittel = gewichtetes_mittel(werte, bezug, lage)["mittel"]
    assert {ort: zahl(w) for (ort, _), w in mittel.items()} == {"amt": 5.0, "stadt": 5.0, "k": 5.0}
    ohne = gewichtetes_mittel(werte, bezug[1:], lage)["mittel"]  # eine Gemeinde ohne Bezug: kein Wert
    assert {ort: zahl(w) for (ort, _), w in ohne.items()} == {"amt": None, "stadt": 5.0, "k": None}
