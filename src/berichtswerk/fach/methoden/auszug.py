"""Auszüge aus Quellen: Ausprägungen eines Merkmals in Zeilen, Größen in Spalten; Mittel der Gemeinden."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from berichtswerk.fach.methoden.ergebnis import Lage, Tafelzeile, Werte, quotient

if TYPE_CHECKING:
    import pandas as pd

NICHT_GENANNT = "nicht genannt"
"""Steht in einer Liste, wo die Quelle nichts nennt."""
_KEIN_MERKMAL = {"gebiet", "zeit", "jahr", "groesse", "wert", "status", "datei", "zeile", "spalte", "roh"}


def kreuztafel(
    werte: pd.DataFrame,
    *,
    zeilen: str,
    spalten: str = "groesse",
    nur_mit: str = "",
    zaehler: str = "",
    nenner: str = "",
    summe: str = "",
) -> dict[str, list[Tafelzeile]]:
    """Eine Zeile je Ausprägung, eine Spalte je Größe (oder Ausprägung eines zweiten Merkmals).

    Args:
        werte: die Tabelle, auf ein Gebiet und eine Zeit beschränkt.
        zeilen: Merkmal der Zeilen.
        spalten: Merkmal der Spalten; Vorgabe sind die Größen.
        nur_mit: nur Zeilen, in denen diese Spalte über null liegt.
        zaehler: mit ``nenner``: Spalte ``anteil`` in Prozent.
        nenner: Spalte, auf die sich der Anteil bezieht.
        summe: Name einer Zeile und einer Spalte mit den Summen.

    Returns:
        Tafel ``tafel``.
    """
    tafel = werte.groupby([zeilen, spalten])["wert"].sum(min_count=1).unstack()
    if nur_mit:
        tafel = tafel[tafel[nur_mit] > 0]
    if summe:
        tafel[summe] = tafel.sum(axis=1)
        tafel.loc[summe] = tafel.sum()
    fertig: list[Tafelzeile] = []
    for kopf, z in tafel.iterrows():
        anteil = {"anteil": quotient(z[zaehler], z[nenner], 100).wert} if zaehler else {}
        zahlen = {str(s): None if math.isnan(w) else float(w) for s, w in z.items()}
        fertig.append({"kopf": str(kopf), **zahlen, **anteil})
    return {"tafel": fertig}


def liste(werte: pd.DataFrame, *, kopf: str, je: str) -> dict[str, list[Tafelzeile]]:
    """Eine Zeile je Zeile der Quelle, in deren Reihenfolge; die Spalten sind ihre Merkmale als Text.

    Args:
        werte: die Tabelle; eine Größe, deren Wert nur sagt, dass es die Zeile gibt.
        kopf: Merkmal, das jede Zeile benennt.
        je: Merkmal, dessen Ausprägungen je eine Tafel ergeben.

    Returns:
        Eine Tafel je Ausprägung von ``je``.
    """
    tafeln: dict[str, list[Tafelzeile]] = {}
    for z in werte.to_dict("records"):
        zeile = {str(s): str(w) or NICHT_GENANNT for s, w in z.items() if s not in _KEIN_MERKMAL}
        tafeln.setdefault(str(z[je]), []).append({**zeile, "kopf": str(z[kopf])})
    return tafeln


def je_gebiet(werte: pd.DataFrame, lage: Lage) -> dict[str, list[Tafelzeile]]:
    """Eine Zeile je Gebiet, eine Spalte je Größe, darunter die Summe des Landkreises.

    Returns:
        Tafel ``tafel``.
    """
    tafel = werte.groupby(["teil", "groesse"])["wert"].sum(min_count=1).unstack()
    tafel = tafel.reindex([g for g in lage.teile if g in tafel.index])
    tafel.loc[lage.gebiet] = tafel.sum(min_count=1)
    return {
        "tafel": [
            {"kopf": str(g), **{str(s): None if math.isnan(w) else float(w) for s, w in z.items()}}
            for g, z in tafel.iterrows()
        ]
    }


def gewichtetes_mittel(werte: pd.DataFrame, bezug: pd.DataFrame, lage: Lage) -> dict[str, Werte]:
    """Anteile von Gemeinden, gewichtet zu ihrer Kommune und zum Landkreis zusammengefasst.

    Args:
        werte: Anteil je Gemeinde, mit der Spalte ``teil``.
        bezug: wie viele Personen (oder Wohnungen) der Gemeinde der Anteil meint, im selben Jahr.
        lage: Gebiete der Rechnung.

    Returns:
        ``mittel``: Σ Anteil · Bezug / Σ Bezug. Fehlt eine Gemeinde, haben ihre Kommune und der Landkreis
        keinen Wert.
    """
    paare = werte.merge(
        bezug[["gebiet", "jahr", "wert"]], on=["gebiet", "jahr"], suffixes=("", "_bezug"), how="outer"
    )
    mittel: Werte = {}
    for ort in (*lage.teile, lage.gebiet):
        hier = paare if ort == lage.gebiet else paare[paare["teil"] == ort]
        for jahr, z in hier.groupby("jahr"):
            treffer = (z["wert"] * z["wert_bezug"]).sum(skipna=False)
            mittel[ort, int(str(jahr))] = (
                None if math.isnan(treffer) else quotient(treffer, z["wert_bezug"].sum())
            )
    return {"mittel": mittel}
