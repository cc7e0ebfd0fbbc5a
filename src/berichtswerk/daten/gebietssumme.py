"""Summen über Gebiete: nur wo jeder Teil bekannt ist, nie eine Teilsumme."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from berichtswerk.daten.gebietsschluessel import Ebene
from berichtswerk.grund.zahl import dezimal
from berichtswerk.grund.zeichen import Status

if TYPE_CHECKING:
    import pandas as pd

    from berichtswerk.daten.gebiete import Gebietsverzeichnis

_EIGENE = ("gebiet", "wert", "status", "gebietsstand", "datei", "zeile", "spalte", "roh")
"""Spalten, die je Zeile verschieden sind und deshalb nicht zu den Merkmalen gehören."""

_UNBEKANNT = (
    Status.GEHEIM, Status.UNBEKANNT, Status.UNSICHER, Status.GESPERRT, Status.SPAETER, Status.FEHLT,
)  # fmt: skip
_BEKANNT = (Status.GESCHAETZT, Status.EINGESCHRAENKT, Status.VORLAEUFIG, Status.BERICHTIGT)

Teil = tuple[Decimal | None, Status]
"""Zahl (``None``, wenn der Status keine hat) und Status."""


def summenstatus(stati: list[Status], summe: Decimal | Fraction | None) -> Status:
    """Status einer Summe: der schwächste ihrer Teile; eine Summe genauer Nullen ist genau null."""
    if summe is None:
        return next((s for s in _UNBEKANNT if s in stati), Status.FEHLT)
    for status in _BEKANNT:
        if status in stati:
            return status
    if summe == 0 and stati and all(s in {Status.NULL, Status.GERUNDET_NULL} for s in stati):
        return Status.GERUNDET_NULL if Status.GERUNDET_NULL in stati else Status.NULL
    return Status.WERT


def addiere(teile: list[Teil]) -> Teil:
    """Summe aller Teile; ohne Zahl, sobald einem Teil die Zahl fehlt."""
    zahlen = [z for z, _ in teile]
    bekannt = [z for z in zahlen if z is not None]
    summe = sum(bekannt, Decimal(0)) if bekannt and len(bekannt) == len(zahlen) else None
    return summe, summenstatus([s for _, s in teile], summe)


def summe(verzeichnis: Gebietsverzeichnis, werte: pd.DataFrame, ebene: Ebene) -> pd.DataFrame:
    """Summiert lange Werte auf Gebiete einer Ebene.

    Eingabe wie ``Tabelle.werte``. Ergebnis: eine Zeile je Gebiet der Ebene und Ausprägung der übrigen Spalten
    (zeit, Merkmale, groesse, basis …) mit ``wert`` (NaN, wenn ein Teil fehlt), ``status`` und ``teile`` (Zahl
    der Teile). Zeilen, zu denen kein einziger Teil geliefert wurde, entstehen nicht.
    """
    import pandas as pd

    merkmale = [s for s in werte.columns if s not in _EIGENE]
    gruppen: list[dict[str, Any]] = []
    for auspraegung, gruppe in werte.groupby(merkmale, dropna=False, sort=False):
        vorhanden = {z["gebiet"]: _teil(z) for z in gruppe[["gebiet", "wert", "status"]].to_dict("records")}
        fest = dict(zip(merkmale, auspraegung, strict=True))
        for gebiet in verzeichnis.ebene(ebene):
            teile = _teile(verzeichnis, gebiet.schluessel, vorhanden)
            if all(t is None for t in teile):
                continue
            zahl, status = addiere([t or (None, Status.FEHLT) for t in teile])
            wert = float("nan") if zahl is None else float(zahl)
            gruppen.append(
                {
                    "gebiet": gebiet.schluessel,
                    **fest,
                    "wert": wert,
                    "status": str(status),
                    "teile": len(teile),
                }
            )
    return pd.DataFrame(gruppen, columns=["gebiet", *merkmale, "wert", "status", "teile"])


def _teil(zeile: Mapping[Any, Any]) -> Teil:
    status = Status(zeile["status"])
    return (dezimal(float(zeile["wert"])) if status.hat_zahl else None), status


def _teile(verzeichnis: Gebietsverzeichnis, schluessel: str, da: Mapping[str, Teil]) -> list[Teil | None]:
    """Die größten vorhandenen Teile unterhalb eines Gebiets; ``None`` für jeden, der fehlt."""
    gefunden: list[Teil | None] = []
    for kind in verzeichnis.kinder(schluessel):
        gleich = next(
            (g.schluessel for g in (kind, *verzeichnis.gleiche(kind.schluessel)) if g.schluessel in da), None
        )
        if gleich is not None:
            gefunden.append(da[gleich])
        elif verzeichnis.kinder(kind.schluessel):
            gefunden.extend(_teile(verzeichnis, kind.schluessel, da))
        else:
            gefunden.append(None)
    return gefunden
