"""Springt ein Wert gegenüber dem vorigen Zeitpunkt auffällig?

Auffällig heißt: groß in Prozent und groß gegen die übliche Streuung dieser Größe (Median der absoluten
Abweichungen der jährlichen Veränderungen vom Median; einzelne Ausreißer verschieben ihn nicht).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from berichtswerk.daten.pruefung.pruefling import Pruefling
from berichtswerk.grund.meldung import Befundart, Meldung, Stufe, aufgezaehlt
from berichtswerk.grund.zahl import MINUS, schreibe

Zahlen = np.ndarray[Any, np.dtype[Any]]

MINDESTSTREUUNG = 0.01
"""Untergrenze der Streuung; sonst fiele bei sehr ruhigen Reihen jede Veränderung auf."""


class WertSprung(Befundart):
    text = "{gebiet}, „{was}“: von {alt} ({zeit_alt}) auf {neu} ({zeit_neu}){prozent}.{dazu}"
    ursache = (
        "So stark ändert sich diese Größe sonst nicht; möglich sind ein Tippfehler, eine andere Abgrenzung "
        "oder ein echtes Ereignis."
    )
    abhilfe = (
        "Prüfen Sie den Wert. Ist er richtig, erklären Sie ihn unter „brueche“ oder „hinweise“, oder passen "
        "Sie „pruefen: {{spruenge: …}}“ an."
    )
    stufe = Stufe.WARNUNG


def pruefe(pruefling: Pruefling) -> Iterator[Meldung]:
    """Warnt vor Sprüngen; über Brüche und Wechsel der Basis hinweg wird nicht verglichen."""
    angaben = pruefling.quelle.pruefen.spruenge
    if angaben is False:
        return
    alt, neu = _schritte(pruefling)
    groesse, wert = pruefling.nummern("groesse")[neu], pruefling.wert
    jahre = np.maximum(pruefling.jahr[neu] - pruefling.jahr[alt], 1)
    with np.errstate(divide="ignore"):  # von null oder auf null: unendlich
        aenderung = (np.log(wert[neu]) - np.log(wert[alt])) / jahre
    endlich = np.isfinite(aenderung)
    auffaellig = np.maximum(wert[alt], wert[neu]) >= angaben.ab
    auffaellig &= ~endlich | (np.abs(np.expm1(np.where(endlich, aenderung, 0))) * 100 >= angaben.prozent)
    for nummer in dict.fromkeys(pruefling.nummern("groesse")[pruefling.mit_zahl].tolist()):
        hier = groesse == nummer
        if not (hier & auffaellig).any():
            continue
        if (hier & endlich).any():
            mitte = np.median(aenderung[hier & endlich])
            streuung = max(np.median(np.abs(aenderung[hier & endlich] - mitte)), MINDESTSTREUUNG)
            hier &= ~endlich | (np.abs(aenderung - mitte) > angaben.streuung * streuung)
        yield from _je_gebiet_und_zeit(pruefling, alt[hier & auffaellig], neu[hier & auffaellig])


def _schritte(pruefling: Pruefling) -> tuple[Zahlen, Zahlen]:
    """Stellen aufeinanderfolgender Werte einer Reihe, ohne Brüche dazwischen und ohne Salden unter null."""
    namen = ("groesse", "gebiet", *pruefling.tabelle.merkmale, "basis")
    stellen = pruefling.mit_zahl.nonzero()[0]
    _, erste, reihe = np.unique(
        pruefling.tabelle.kennzahlen(namen)[stellen], return_index=True, return_inverse=True
    )
    zeiten = pruefling.texte("zeit")
    rang = np.argsort(np.argsort(np.array(zeiten, dtype=object)))[pruefling.nummern("zeit")[stellen]]
    ordnung = np.lexsort((rang, pruefling.jahr[stellen], erste[reihe]))
    stellen, reihe = stellen[ordnung], reihe[ordnung]
    alt, neu = stellen[:-1], stellen[1:]
    wert, jahr, zeit = pruefling.wert, pruefling.jahr, pruefling.nummern("zeit")
    gut = (reihe[:-1] == reihe[1:]) & (zeit[alt] != zeit[neu])
    for bruch in pruefling.quelle.statistik.brueche:
        gut &= ~((jahr[alt] < bruch.jahr) & (bruch.jahr <= jahr[neu]))
    gut &= (wert[alt] >= 0) & (wert[neu] >= 0) & ((wert[alt] > 0) | (wert[neu] > 0))
    return alt[gut], neu[gut]


def _je_gebiet_und_zeit(pruefling: Pruefling, alt: Zahlen, neu: Zahlen) -> Iterator[Meldung]:
    """Eine Meldung je Gebiet und Zeit: der Schritt mit den größten Zahlen, die übrigen nur genannt."""
    texte, wert = pruefling.tabelle.texte, pruefling.tabelle.wert
    gruppen: dict[tuple[str, str, str], list[tuple[float, str, int, int]]] = {}
    for a, n in zip(alt.tolist(), neu.tolist(), strict=True):
        was = ", ".join(t for m in (*pruefling.tabelle.merkmale, "groesse") if (t := texte[m][n]))
        gruppe = gruppen.setdefault((texte["gebiet"][n], texte["zeit"][a], texte["zeit"][n]), [])
        gruppe.append((-max(wert[a], wert[n]), was, a, n))
    for (gebiet, zeit_alt, zeit_neu), gruppe in gruppen.items():
        (_, was, a, n), *uebrige = sorted(gruppe)
        prozent = schreibe((wert[n] - wert[a]) / wert[a] * 100, 0, vorzeichen=True) if wert[a] else ""
        yield WertSprung.melde(
            datei=pruefling.datei, ort=f"Zeile {pruefling.tabelle.zeile[n]}", gebiet=pruefling.name(gebiet),
            was=was, alt=_zahl(wert[a]), zeit_alt=zeit_alt, neu=_zahl(wert[n]), zeit_neu=zeit_neu,
            prozent=f" ({prozent} %)" if prozent else "",
            dazu=f" Ebenso: {aufgezaehlt((u[1] for u in uebrige), 4)}." if uebrige else "",
        )  # fmt: skip


def _zahl(wert: float) -> str:
    return schreibe(wert, 0 if wert.is_integer() else 1).replace(MINUS, "-")
