"""Springt ein Wert gegenüber dem vorigen Zeitpunkt auffällig?

Auffällig heißt: groß in Prozent und groß gegen die übliche Streuung dieser Größe (Median der absoluten
Abweichungen der jährlichen Veränderungen vom Median; einzelne Ausreißer verschieben ihn nicht).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Any

from berichtswerk.daten.pruefangaben import Sprungangaben
from berichtswerk.daten.pruefung.pruefling import Pruefling, begrenze
from berichtswerk.grund.aehnlich import aufgezaehlt
from berichtswerk.grund.meldung import Meldung, Stufe
from berichtswerk.grund.zahl import MINUS, schreibe

MINDESTSTREUUNG = 0.01
"""Untergrenze der Streuung; sonst fiele bei sehr ruhigen Reihen jede Veränderung auf."""


@dataclass(frozen=True, slots=True)
class Schritt:
    """Zwei aufeinanderfolgende Werte; ``aenderung`` ist der Logarithmus ihres Verhältnisses je Jahr."""

    gebiet: str
    was: str
    zeile: int
    alt: tuple[str, float]
    neu: tuple[str, float]
    aenderung: float


def pruefe(pruefling: Pruefling) -> list[Meldung]:
    """Warnt vor Sprüngen; über Brüche und Wechsel der Basis hinweg wird nicht verglichen."""
    angaben = pruefling.quelle.pruefen.spruenge
    if not isinstance(angaben, Sprungangaben):
        return []
    befunde: list[Meldung] = []
    for _, werte in pruefling.zahlen.groupby("groesse", sort=False):
        schritte = list(_schritte(pruefling, werte.to_dict("records")))
        auffaellig: dict[tuple[str, str, str], list[Schritt]] = {}
        for schritt in schritte:
            if _auffaellig(schritt, schritte, angaben):
                auffaellig.setdefault((schritt.gebiet, schritt.alt[0], schritt.neu[0]), []).append(schritt)
        befunde.extend(_meldung(pruefling, gruppe) for gruppe in auffaellig.values())
    return begrenze(befunde)


def _schritte(pruefling: Pruefling, zeilen: list[dict[Any, Any]]) -> Iterator[Schritt]:
    reihen: dict[tuple[str, ...], list[dict[Any, Any]]] = {}
    for zeile in zeilen:
        schluessel = (zeile["gebiet"], *(str(zeile[m]) for m in pruefling.merkmale), zeile["basis"])
        reihen.setdefault(schluessel, []).append(zeile)
    brueche = [b.jahr for b in pruefling.quelle.statistik.brueche]
    for schluessel, reihe in reihen.items():
        was = ", ".join(t for t in (*schluessel[1:-1], str(reihe[0]["groesse"])) if t)
        for alt, neu in pairwise(sorted(reihe, key=lambda z: (z["jahr"], z["zeit"]))):
            if alt["zeit"] == neu["zeit"] or any(alt["jahr"] < b <= neu["jahr"] for b in brueche):
                continue
            aenderung = _aenderung(alt["wert"], neu["wert"], max(neu["jahr"] - alt["jahr"], 1))
            if aenderung is not None:
                paar = (str(alt["zeit"]), float(alt["wert"])), (str(neu["zeit"]), float(neu["wert"]))
                yield Schritt(schluessel[0], was, int(neu["zeile"]), *paar, aenderung)


def _aenderung(alt: float, neu: float, jahre: int) -> float | None:
    """Logarithmus von neu/alt je Jahr; unendlich von oder nach null; ``None`` bei Salden unter null."""
    if alt < 0 or neu < 0 or alt == neu == 0:
        return None
    if alt == 0 or neu == 0:
        return math.inf if alt == 0 else -math.inf
    return math.log(neu / alt) / jahre


def _auffaellig(schritt: Schritt, alle: list[Schritt], angaben: Sprungangaben) -> bool:
    if max(schritt.alt[1], schritt.neu[1]) < angaben.ab:
        return False
    if math.isinf(schritt.aenderung):
        return True
    if abs(math.expm1(schritt.aenderung)) * 100 < angaben.prozent:
        return False
    endlich = [s.aenderung for s in alle if not math.isinf(s.aenderung)]
    mitte = median(endlich)
    streuung = max(median(abs(a - mitte) for a in endlich), MINDESTSTREUUNG)
    return abs(schritt.aenderung - mitte) > angaben.streuung * streuung


def _meldung(pruefling: Pruefling, gruppe: list[Schritt]) -> Meldung:
    """Eine Meldung je Gebiet und Zeit: der Schritt mit den größten Zahlen, die übrigen nur genannt."""
    schritt, *uebrige = sorted(gruppe, key=lambda s: (-max(s.alt[1], s.neu[1]), s.was))
    dazu = f" Ebenso: {aufgezaehlt((s.was for s in uebrige), 4)}." if uebrige else ""
    (zeit_alt, alt), (zeit_neu, neu) = schritt.alt, schritt.neu
    prozent = f" ({schreibe((neu - alt) / alt * 100, 0, vorzeichen=True)} %)" if alt else ""
    return Meldung(
        "wert-sprung",
        f"{pruefling.name(schritt.gebiet)}, „{schritt.was}“: von {_zahl(alt)} ({zeit_alt}) "
        f"auf {_zahl(neu)} ({zeit_neu}){prozent}.{dazu}",
        pruefling.datei,
        f"Zeile {schritt.zeile}",
        ursache="So stark ändert sich diese Größe sonst nicht; möglich sind ein Tippfehler, eine andere "
        "Abgrenzung oder ein echtes Ereignis.",
        abhilfe="Prüfen Sie den Wert. Ist er richtig, erklären Sie ihn unter „brueche“ oder „hinweise“, oder "
        "passen Sie „pruefen: {spruenge: …}“ an.",
        stufe=Stufe.WARNUNG,
    )


def _zahl(wert: float) -> str:
    return schreibe(wert, 0 if float(wert).is_integer() else 1).replace(MINUS, "-")
