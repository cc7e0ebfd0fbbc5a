"""Güte eines Sozialindex: Empfindlichkeit gegen einzelne Indikatoren, Intervalle bei wenigen Einheiten."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from berichtswerk.fach.methoden.ergebnis import Ergebnis, Lage, Tafelzeile, Werte, gesperrt
from berichtswerk.fach.methoden.sozialindex import (
    STATUSKLASSEN,
    Indexklasse,
    Indikator,
    Sozialindex,
    sozialindex,
)
from berichtswerk.fach.methoden.unsicherheit import Z95, Intervall, kein_intervall
from berichtswerk.fach.reihe import Reihe


def raenge(index: Sequence[Ergebnis]) -> tuple[int, ...] | None:
    """Rang je Einheit, 1 = am stärksten belastet, Gleichstand teilt den besseren Rang; gesperrt → ``None``.

    Nur für die Empfindlichkeit gedacht, nicht zum Veröffentlichen als Rangliste.
    """
    if any(e.wert is None for e in index):
        return None
    werte = [round(e.zahl, 9) for e in index]
    return tuple(1 + sum(andere > w for andere in werte) for w in werte)


@dataclass(frozen=True)
class Empfindlichkeit:
    """Was sich ändert, wenn ein Indikator fehlt (positiv: rückt zu stärkerer Belastung auf)."""

    ohne: str
    rangaenderung: Mapping[str, int]
    klassenwechsel: tuple[str, ...]
    groesste: Ergebnis
    rangkorrelation: Ergebnis


def empfindlichkeit(
    einheiten: Sequence[str],
    werte: Mapping[str, ArrayLike],
    indikatoren: Sequence[Indikator],
    *,
    klassen: Sequence[Indexklasse] = STATUSKLASSEN,
    ausgeschlossen: Mapping[str, str] | None = None,
) -> tuple[Empfindlichkeit, ...]:
    """Rechnet den Index ohne jeden einzelnen Indikator und vergleicht Ränge und Klassen.

    Bei nur einem Indikator gibt es nichts wegzulassen: leeres Ergebnis.
    """
    if len(indikatoren) < 2:
        return ()
    voll = sozialindex(einheiten, werte, indikatoren, klassen=klassen, ausgeschlossen=ausgeschlossen)
    # Wer wegen eines fehlenden Wertes nicht gewertet ist, bleibt es auch ohne diesen Indikator.
    raus = voll.ausgeschlossen
    teile = []
    for fort in indikatoren:
        rest = [i for i in indikatoren if i is not fort]
        teil = sozialindex(einheiten, werte, rest, klassen=klassen, ausgeschlossen=raus)
        teile.append(_vergleiche(fort.name, voll, teil))
    return tuple(teile)


def _vergleiche(ohne: str, voll: Sozialindex, teil: Sozialindex) -> Empfindlichkeit:
    alt, neu = raenge(voll.index), raenge(teil.index)
    if alt is None or neu is None or not alt:
        sperre = gesperrt("Index ohne diesen Indikator nicht berechenbar")
        return Empfindlichkeit(ohne, {}, (), sperre, sperre)
    aenderung = {e: a - n for e, a, n in zip(voll.einheiten, alt, neu, strict=True)}
    wechsel = tuple(e for e, a, n in zip(voll.einheiten, voll.klassen, teil.klassen, strict=True) if a != n)
    groesste = Ergebnis(float(max(abs(d) for d in aenderung.values())))
    if len(set(alt)) < 2 or len(set(neu)) < 2:
        return Empfindlichkeit(ohne, aenderung, wechsel, groesste, gesperrt("Ränge streuen nicht"))
    r = float(np.corrcoef(alt, neu)[0, 1])
    return Empfindlichkeit(ohne, aenderung, wechsel, groesste, Ergebnis(r))


def jackknife_intervalle(
    einheiten: Sequence[str],
    werte: Mapping[str, ArrayLike],
    indikatoren: Sequence[Indikator],
    *,
    z: float = Z95,
    ausgeschlossen: Mapping[str, str] | None = None,
) -> dict[str, Intervall]:
    """Intervall des Index je Einheit: wie stark er davon abhängt, welche anderen Einheiten dabei sind.

    Für Einheit i wird der Index je einmal ohne jede andere Einheit j gerechnet (m = n−1 Wiederholungen);
    ``SE_i = √((m−1)/m · Σ_j (I_i^(−j) − Ī_i)²)``, Intervall ``I_i ± z·SE_i``. Weniger als vier gewertete
    Einheiten oder eine Wiederholung ohne Streuung → „gesperrt“. Das Intervall misst nicht die Unsicherheit
    der Indikatorwerte selbst.

    Quelle: Efron/Tibshirani (1993): An Introduction to the Bootstrap, Kap. 11.
    """
    voll = sozialindex(einheiten, werte, indikatoren, ausgeschlossen=ausgeschlossen)
    n = len(voll.einheiten)
    if n < 4 or any(e.wert is None for e in voll.index):
        return {e: kein_intervall("zu wenige Einheiten für ein Intervall") for e in voll.einheiten}
    ohne: dict[str, dict[str, float]] = {e: {} for e in voll.einheiten}
    for fort in voll.einheiten:
        teil = sozialindex(
            einheiten, werte, indikatoren, ausgeschlossen={**voll.ausgeschlossen, fort: "Wiederholung"}
        )
        for e, wert in zip(teil.einheiten, teil.index, strict=True):
            if wert.wert is not None:
                ohne[e][fort] = wert.wert
    return {
        e: _intervall(i.zahl, list(ohne[e].values()), n - 1, z)
        for e, i in zip(voll.einheiten, voll.index, strict=True)
    }


def _intervall(index: float, wiederholungen: list[float], m: int, z: float) -> Intervall:
    if len(wiederholungen) < m:
        return kein_intervall("Index hängt an einer einzigen Einheit")
    mittel = math.fsum(wiederholungen) / m
    se = math.sqrt((m - 1) / m * math.fsum((w - mittel) ** 2 for w in wiederholungen))
    return Intervall(index, index - z * se, index + z * se)


MINDESTENS_KENNZAHLEN, MINDESTENS_EINHEITEN = 3, 4


def sozialindex_der_teile(lage: Lage, **kennzahlen: Reihe) -> dict[str, Any]:
    """Sozialindex der Gebiete aus gleich gewichteten Kennzahlen, jede aus einem Jahr mit Werten für alle.

    Returns:
        ``index``: (Wert, untere, obere Grenze des Jackknife-Intervalls) im jüngsten der Jahre, größere
        Gebiete gesperrt · Tafel ``empfindlichkeit``: verschiebung, wechsel, zusammenhang · ``warnungen`` und
        ``stand`` als Text. Unter drei Kennzahlen oder vier Gebieten leer.
    """
    if len(kennzahlen) < MINDESTENS_KENNZAHLEN or len(lage.teile) < MINDESTENS_EINHEITEN:
        return {"index": {}, "empfindlichkeit": []}
    jahre = {k: r.jahre[-1] for k, r in kennzahlen.items()}
    tafel = {
        r.kennzahl.name: [w.wert for g in lage.teile if (w := r.wert(g, jahre[k])) and w.wert is not None]
        for k, r in kennzahlen.items()
    }
    indikatoren = [Indikator(name) for name in tafel]
    jahr = max(jahre.values())
    sperre = gesperrt("Der Index vergleicht nur die Kommunen miteinander")
    index: Werte = {(g, jahr): sperre for g in (lage.gebiet, *lage.oben)}
    for g, i in jackknife_intervalle(lage.teile, tafel, indikatoren).items():
        index[g, jahr] = (i.wert, i.unten, i.oben)
    zeilen: list[Tafelzeile] = [
        {"kopf": e.ohne, "verschiebung": e.groesste.wert, "wechsel": len(e.klassenwechsel),
         "zusammenhang": e.rangkorrelation.wert}
        for e in empfindlichkeit(lage.teile, tafel, indikatoren)
    ]  # fmt: skip
    warnungen = sozialindex(lage.teile, tafel, indikatoren).warnungen
    return {
        "index": index,
        "empfindlichkeit": zeilen,
        "warnungen": "".join(f"{w}. " for w in warnungen).strip(),
        "stand": "; ".join(f"{r.kennzahl.name}, {jahre[k]}" for k, r in kennzahlen.items()),
    }
