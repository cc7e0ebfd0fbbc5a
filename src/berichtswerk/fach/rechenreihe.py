"""Reihen, die ein Notizbuch selbst gerechnet hat: Vorausrechnungen, Szenarien, Schätzungen mit Spanne.

Sie sehen aus wie die Reihe einer Kennzahl und lassen sich überall so verwenden; jeder Wert nennt Formel,
Quellen und, wo bekannt, die eingegangenen Werte.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import Field

from berichtswerk.fach.kennzahl import Kennzahl, Weg
from berichtswerk.fach.methoden.ergebnis import Ergebnis
from berichtswerk.fach.reihe import (
    Bruch,
    Eigenrechnung,
    Eingang,
    Reihe,
    Teil,
    Wert,
    beschraenke,
    voraus_ab,
)
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.zeichen import Status

__all__ = ["Angabe", "Rechenkennzahl", "Stelle", "Umstand", "baue", "beschraenke", "kennung", "voraus_ab"]

BAND_PROGNOSE = "Spanne untere bis obere Variante"
BAND_SONST = "Unsicherheitsbereich"

Zahlangabe = float | int | Ergebnis | None
Angabe = Zahlangabe | tuple[Zahlangabe, float | None, float | None]
"""Eine Zahl, ein :class:`Ergebnis`, ``None`` (unbekannt) oder (Zahl, untere, obere Grenze)."""
Stelle = tuple[str, int | str]
"""Gebietsschlüssel und Jahr; auch „2024/25“ oder „2024-12-31“."""


class Rechenkennzahl(Kennzahl):
    """Die Beschreibung einer selbst gerechneten Reihe; sie steht in keiner Datei und hat keine Wege."""

    wege: list[Weg] = Field(default_factory=list)
    band: str = ""
    """Was untere und obere Grenze sind („95-%-Intervall“)."""


@dataclass(frozen=True)
class Umstand:
    """Was für alle Werte einer Rechenreihe gilt.

    ``prognose_ab``: ab diesem Jahr ist vorausgerechnet; ``status``: Status der übrigen Zahlen; ``bis``:
    Datenstand der Ausgabe, danach kann nur vorausgerechnet sein.
    """

    formel: str
    eingaenge: tuple[Eingang, ...]
    prognose_ab: int | None = None
    status: Status = Status.WERT
    bis: int | None = None
    hinweise: tuple[str, ...] = ()


def kennung(name: str) -> str:
    """„Kinder unter 3 Jahren“ → ``eigene_kinder_unter_3_jahren``."""
    text = name.lower()
    for zeichen, ersatz in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.replace(zeichen, ersatz)
    return f"eigene_{re.sub(r'[^a-z0-9]+', '_', text).strip('_')}"


def baue(
    kennzahl: Rechenkennzahl,
    werte: Mapping[Stelle, Angabe],
    umstand: Umstand,
    *,
    teile: Mapping[Stelle, Sequence[Teil]] | None = None,
    brueche: Iterable[Bruch] = (),
) -> Reihe:
    """Baut die Reihe; die Gebiete stehen in der Reihenfolge der Angabe, die Jahre aufsteigend.

    Raises:
        BerichtswerkFehler: ``rechenreihe-zahl``, ``rechenreihe-spanne`` oder ``rechenreihe-zukunft``, alle
            auf einmal.
    """
    meldungen: list[Meldung] = []
    fertig: list[Wert] = []
    for stelle, angabe in werte.items():
        wert = _wert(kennzahl, stelle, angabe, umstand, tuple((teile or {}).get(stelle, ())))
        meldungen += _pruefe(kennzahl, wert, umstand)
        fertig.append(wert)
    if meldungen:
        raise BerichtswerkFehler(meldungen)
    reihenfolge = {g: nr for nr, g in enumerate(dict.fromkeys(w.gebiet for w in fertig))}
    fertig.sort(key=lambda w: (reihenfolge[w.gebiet], w.jahr, w.zeit))
    if not kennzahl.band and any(w.unten is not None for w in fertig):
        voraus = any(w.prognose for w in fertig if w.unten is not None)
        kennzahl = kennzahl.model_copy(update={"band": BAND_PROGNOSE if voraus else BAND_SONST})
    return Reihe(kennzahl, tuple(fertig), tuple(sorted(brueche)))


def _wert(k: Rechenkennzahl, stelle: Stelle, angabe: Angabe, u: Umstand, teile: tuple[Teil, ...]) -> Wert:
    gebiet, zeit = stelle[0], str(stelle[1])
    jahr = int(zeit[:4])
    mitte, unten, oben = angabe if isinstance(angabe, tuple) else (angabe, None, None)
    hinweis = mitte.hinweis if isinstance(mitte, Ergebnis) else ""
    zahl, status = _zahl(mitte, u.status)
    prognose = u.prognose_ab is not None and jahr >= u.prognose_ab
    if prognose and zahl is not None:
        status = Status.GESCHAETZT
    mit_spanne = zahl is not None and unten is not None and oben is not None
    return Wert(
        kennzahl=k.id, gebiet=gebiet, zeit=zeit, jahr=jahr, wert=zahl, status=status, formel=u.formel,
        quellen=tuple(dict.fromkeys(e.quelle for e in u.eingaenge)), prognose=prognose,
        unten=float(unten) if mit_spanne and unten is not None else None,
        oben=float(oben) if mit_spanne and oben is not None else None,
        hinweise=tuple(h for h in (*u.hinweise, hinweis) if h),
        eigene=Eigenrechnung("", u.eingaenge, teile),
    )  # fmt: skip


def _zahl(angabe: Zahlangabe, vorgabe: Status) -> tuple[float | None, Status]:
    """Zahl und Status; NaN und ``None`` sind unbekannt, unendlich bleibt für die Prüfung stehen."""
    if isinstance(angabe, Ergebnis):
        if angabe.wert is None:
            return None, angabe.status
        vorgabe = angabe.status if angabe.status is not Status.WERT else vorgabe
        angabe = angabe.wert
    if angabe is None or math.isnan(angabe):
        return None, Status.FEHLT
    return float(angabe), vorgabe


def _pruefe(k: Rechenkennzahl, w: Wert, u: Umstand) -> list[Meldung]:
    wo = f"{w.gebiet}, {w.zeit}"
    befunde = []
    zahlen = [z for z in (w.wert, w.unten, w.oben) if z is not None]
    if not all(math.isfinite(z) for z in zahlen):
        text = f"Die Rechenreihe „{k.name}“ enthält eine unendliche Zahl."
        befunde.append(_meldung("rechenreihe-zahl", text, wo, "Prüfen Sie auf Teilen durch null."))
    elif w.wert is not None and w.unten is not None and w.oben is not None:
        rand = 1e-9 * max(1.0, *(abs(z) for z in zahlen))
        if not w.unten - rand <= w.wert <= w.oben + rand:
            text = f"In der Rechenreihe „{k.name}“ liegt {w.wert:g} nicht in {w.unten:g} bis {w.oben:g}."
            befunde.append(_meldung("rechenreihe-spanne", text, wo, "Schreiben Sie (Zahl, untere, obere)."))
    if u.bis is not None and w.jahr > u.bis and not w.prognose and w.wert is not None:
        text = f"Die Rechenreihe „{k.name}“ hat Werte nach dem Datenstand {u.bis}."
        abhilfe = "Geben Sie mit prognose_ab=… an, ab welchem Jahr vorausgerechnet ist."
        befunde.append(_meldung("rechenreihe-zukunft", text, wo, abhilfe))
    return befunde


def _meldung(kennung_: str, text: str, ort: str, abhilfe: str) -> Meldung:
    return Meldung(kennung_, text, ort=ort, feld="werte", abhilfe=abhilfe)
