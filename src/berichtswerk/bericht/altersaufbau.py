"""Der Altersaufbau eines Gebiets aus langen Werten: Gruppen bilden, ohne eine gelieferte zu teilen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from berichtswerk.fach.alter import Gruppe, alterstext, zerlege
from berichtswerk.fach.wege import basisrang
from berichtswerk.gegenstand.gegenstaende import Fundstelle, Nachweis
from berichtswerk.gegenstand.serien import Punkt, Serie
from berichtswerk.grund import zahl

if TYPE_CHECKING:
    import pandas as pd

_NAMEN = {"m": "Männer", "w": "Frauen"}
_Zeilen = list[dict[Any, Any]]


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
    werte: pd.DataFrame, quelle: str, gebiet: str, groesse: str,
    *, jahr: int | None, schritt: int, grenzen: tuple[float, ...] = (),
) -> Aufbau | None:  # fmt: skip
    """Der Altersaufbau; ``None``, wenn das Jahr fehlt oder Gruppen nicht lückenlos aneinander liegen.

    ``jahr=None`` nimmt das jüngste. Liegen mehrere Grundlagen vor (Zensus), gilt die neueste. ``grenzen``
    sind die unteren Grenzen eines anderen Aufbaus; Gruppen werden passend dazu zusammengefasst.
    """
    if not {"geschlecht", "alter_von", "alter_bis"} <= set(werte.columns):
        return None
    passend = werte[(werte["gebiet"] == gebiet) & (werte["groesse"] == groesse) & (werte["alter_von"] != "")]
    passend = passend[passend["jahr"] == (passend["jahr"].max() if jahr is None else jahr)]
    if passend.empty:
        return None
    passend = passend[passend["zeit"] == max(passend["zeit"])]
    grundlagen = passend["basis"].fillna("").astype(str)
    basis = max(grundlagen, key=basisrang)
    zeilen = passend[grundlagen == basis].to_dict("records")
    je = {
        g: _gruppen([z for z in zeilen if str(z["geschlecht"])[:1].lower() == g], schritt, grenzen)
        for g in _NAMEN
    }
    if not je["m"] or set(je["m"]) != set(je["w"]):
        return None
    serien: list[Serie] = []
    nachweise: list[Nachweis] = []
    for g, name in _NAMEN.items():
        formel = f"Summe {name}, {{}}"
        belegt = {k: _nachweis(z, quelle, gebiet, formel.format(alterstext(*k))) for k, z in je[g].items()}
        serien.append(Serie(name, tuple(Punkt(_kurztext(*k), n.wert) for k, n in belegt.items())))
        nachweise += belegt.values()
    untere = tuple(von for von, _ in je["m"])
    return Aufbau(int(passend["jahr"].iloc[0]), basis, serien[0], serien[1], tuple(nachweise), untere)


def frueheres_jahr(werte: pd.DataFrame, gebiet: str, jahr: int) -> int | None:
    """Das jüngste Jahr vor ``jahr``, zu dem es Altersgruppen für das Gebiet gibt."""
    passend = werte[(werte["gebiet"] == gebiet) & (werte["alter_von"] != "") & (werte["jahr"] < jahr)]
    return None if passend.empty else int(passend["jahr"].max())


def _gruppen(zeilen: _Zeilen, schritt: int, vorgabe: tuple[float, ...]) -> dict[Gruppe, _Zeilen]:
    """Feinste lückenlose Zerlegung, zu ``schritt`` Jahren zusammengefasst; leer, wenn Lücken bleiben."""
    je_gruppe = {
        (float(z["alter_von"]), float(z["alter_bis"]) if z["alter_bis"] != "" else math.inf): z
        for z in zeilen
    }
    fertig: dict[Gruppe, _Zeilen] = {}
    offen: list[Gruppe] = []
    for gruppe in zerlege((0, math.inf), je_gruppe, fein=True).gruppen:
        offen.append(gruppe)
        bis = gruppe[1]
        if vorgabe and bis not in vorgabe and not math.isinf(bis):
            continue
        if math.isinf(bis) or bis % schritt == 0 or bis - offen[0][0] >= schritt:
            fertig[offen[0][0], bis] = [je_gruppe[g] for g in offen]
            offen = []
    return fertig


def _kurztext(von: float, bis: float) -> str:
    """„0–4“, „85+“: Altersgruppe an der Achse, Grenzen eingeschlossen."""
    if math.isinf(bis):
        return f"{von:.0f}+"
    return zahl.zeitraum(f"{von:.0f}", f"{bis - 1:.0f}")


def _nachweis(zeilen: _Zeilen, quelle: str, gebiet: str, formel: str) -> Nachweis:
    werte = [float(z["wert"]) for z in zeilen]
    summe = None if any(map(math.isnan, werte)) else math.fsum(werte)
    belege = tuple(
        Fundstelle(
            quelle=quelle, datei=z["datei"], zeile=int(z["zeile"]), spalte=z["spalte"],
            wert=wert, rolle="wert",
        )
        for z, wert in zip(zeilen, werte, strict=True)
        if not math.isnan(wert)
    )  # fmt: skip
    return Nachweis(
        anzeige=zahl.schreibe(summe) if summe is not None else ".", wert=summe, gebiet=gebiet,
        zeit=str(zeilen[0]["zeit"]), formel=formel, belege=belege,
    )  # fmt: skip
