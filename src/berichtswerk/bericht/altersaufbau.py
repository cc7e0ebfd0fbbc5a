"""Der Altersaufbau eines Gebiets aus langen Werten: Gruppen bilden, ohne eine gelieferte zu teilen."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from berichtswerk.fach.alter import alterstext
from berichtswerk.fach.zusammenstellung import basisrang
from berichtswerk.gegenstand.gegenstaende import Fundstelle, Nachweis
from berichtswerk.gegenstand.serien import Punkt, Serie
from berichtswerk.grund import zahl

if TYPE_CHECKING:
    import pandas as pd

Geschlecht = Literal["m", "w"]
_NAMEN: dict[Geschlecht, str] = {"m": "Männer", "w": "Frauen"}


@dataclass(frozen=True)
class Aufbau:
    """Männer und Frauen nach Altersgruppen in einem Jahr, jung zuerst, mit Nachweis jeder Gruppe."""

    jahr: int
    basis: str
    maenner: Serie
    frauen: Serie
    nachweise: tuple[Nachweis, ...]
    grenzen: tuple[float, ...] = ()
    """Untere Grenzen der Altersgruppen."""


def lies_aufbau(
    werte: pd.DataFrame,
    quelle: str,
    gebiet: str,
    groesse: str,
    *,
    jahr: int | None,
    schritt: int,
    grenzen: tuple[float, ...] = (),
) -> Aufbau | None:
    """Der Altersaufbau; ``None``, wenn das Jahr fehlt oder Gruppen nicht lückenlos aneinander liegen.

    ``jahr=None`` nimmt das jüngste. Liegen mehrere Grundlagen vor (Zensus), gilt die neueste. ``grenzen``
    sind die unteren Grenzen eines anderen Aufbaus; Gruppen werden passend dazu zusammengefasst.
    """
    if not {"geschlecht", "alter_von", "alter_bis"} <= set(werte.columns):
        return None
    passend = werte[(werte["gebiet"] == gebiet) & (werte["groesse"] == groesse) & (werte["alter_von"] != "")]
    if passend.empty:
        return None
    jahr = int(passend["jahr"].max()) if jahr is None else jahr
    passend = passend[passend["jahr"] == jahr]
    if passend.empty:
        return None
    passend = passend[passend["zeit"] == max(passend["zeit"])]
    basis = max(passend["basis"].fillna("").astype(str), key=basisrang)
    zeilen = passend[passend["basis"].fillna("").astype(str) == basis].to_dict("records")
    je: dict[Geschlecht, list[dict[Any, Any]]] = {"m": [], "w": []}
    for z in zeilen:
        kennung = str(z["geschlecht"])[:1].lower()
        if kennung in ("m", "w"):
            je[kennung].append(z)  # type: ignore[index]
    gebildet = {g: _gruppen(liste, schritt, grenzen) for g, liste in je.items()}
    if not all(gebildet.values()) or set(gebildet["m"]) != set(gebildet["w"]):
        return None
    nachweise = [
        _nachweis(z, quelle, gebiet, f"Summe {_NAMEN[g]}, {alterstext(*gruppe)}")
        for g in ("m", "w")
        for gruppe, z in gebildet[g].items()
    ]
    return Aufbau(
        jahr,
        basis,
        _serie(gebildet["m"], "m"),
        _serie(gebildet["w"], "w"),
        tuple(nachweise),
        _untere(gebildet["m"]),
    )


_Gruppe = tuple[float, float]


def frueheres_jahr(werte: pd.DataFrame, gebiet: str, jahr: int) -> int | None:
    """Das jüngste Jahr vor ``jahr``, zu dem es Altersgruppen für das Gebiet gibt."""
    passend = werte[(werte["gebiet"] == gebiet) & (werte["alter_von"] != "") & (werte["jahr"] < jahr)]
    return None if passend.empty else int(passend["jahr"].max())


def _untere(gruppen: Iterable[_Gruppe]) -> tuple[float, ...]:
    return tuple(von for von, _ in gruppen)


def _gruppen(
    zeilen: Iterable[dict[Any, Any]], schritt: int, vorgabe: tuple[float, ...]
) -> dict[_Gruppe, list[dict[Any, Any]]]:
    """Feinste lückenlose Zerlegung, zu ``schritt`` Jahren zusammengefasst; leer, wenn Lücken bleiben."""
    gewaehlt: dict[_Gruppe, dict[Any, Any]] = {}
    for z in sorted(zeilen, key=lambda z: (_bis(z) - float(z["alter_von"]), float(z["alter_von"]))):
        von, bis = float(z["alter_von"]), _bis(z)
        if all(bis <= a or von >= b for a, b in gewaehlt):
            gewaehlt[von, bis] = z
    grenzen = sorted(gewaehlt)
    lueckenlos = all(a[1] == b[0] for a, b in pairwise(grenzen))
    if not grenzen or grenzen[0][0] != 0 or not lueckenlos or not math.isinf(grenzen[-1][1]):
        return {}
    fertig: dict[_Gruppe, list[dict[Any, Any]]] = {}
    offen: list[_Gruppe] = []
    for gruppe in grenzen:
        offen.append(gruppe)
        if vorgabe and gruppe[1] not in vorgabe and not math.isinf(gruppe[1]):
            continue
        if math.isinf(gruppe[1]) or gruppe[1] % schritt == 0 or gruppe[1] - offen[0][0] >= schritt:
            fertig[offen[0][0], gruppe[1]] = [gewaehlt[g] for g in offen]
            offen = []
    return fertig


def _bis(zeile: dict[Any, Any]) -> float:
    return float(zeile["alter_bis"]) if zeile["alter_bis"] != "" else math.inf


def _summe(zeilen: list[dict[Any, Any]]) -> float | None:
    werte = [float(z["wert"]) for z in zeilen]
    return None if any(math.isnan(w) for w in werte) else math.fsum(werte)


def _serie(gruppen: dict[_Gruppe, list[dict[Any, Any]]], geschlecht: Geschlecht) -> Serie:
    punkte = (Punkt(_kurztext(*g), _summe(z)) for g, z in gruppen.items())
    return Serie(_NAMEN[geschlecht], tuple(punkte))


def _kurztext(von: float, bis: float) -> str:
    """„0–4“, „85+“: Altersgruppe an der Achse, Grenzen eingeschlossen."""
    if math.isinf(bis):
        return f"{von:.0f}+"
    return zahl.zeitraum(f"{von:.0f}", f"{bis - 1:.0f}")


def _nachweis(zeilen: list[dict[Any, Any]], quelle: str, gebiet: str, formel: str) -> Nachweis:
    summe = _summe(zeilen)
    belege = tuple(
        Fundstelle(
            quelle=quelle, datei=z["datei"], zeile=int(z["zeile"]), spalte=z["spalte"],
            wert=float(z["wert"]), rolle="wert",
        )
        for z in zeilen
        if not math.isnan(float(z["wert"]))
    )  # fmt: skip
    return Nachweis(
        anzeige=zahl.schreibe(summe) if summe is not None else ".", wert=summe, gebiet=gebiet,
        zeit=str(zeilen[0]["zeit"]), formel=formel, belege=belege,
    )  # fmt: skip
