"""Vergleichsgruppe: die Gebiete, die einem Gebiet in wenigen Strukturmerkmalen am nächsten sind."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from berichtswerk.fach.methoden.eingabe import genug
from berichtswerk.fach.methoden.ergebnis import Lage, Tafelzeile

if TYPE_CHECKING:
    import pandas as pd


def abstaende(merkmale: Mapping[str, Sequence[float]], ziel: str) -> dict[str, float]:
    """Der standardisierte Abstand jedes anderen Gebiets vom ``ziel``.

    Je Merkmal wird der Unterschied durch die Streuung (Standardabweichung aller Gebiete) geteilt; der Abstand
    ist die Wurzel aus dem Mittel der Quadrate. 1 heißt: im Mittel eine Standardabweichung entfernt.

    Args:
        merkmale: Gebiet → seine Werte, überall in derselben Reihenfolge.
        ziel: das Gebiet, um das es geht.

    Returns:
        Gebiet → Abstand, das nächste zuerst; ohne das Ziel.
    """
    genug("Gebiete", list(merkmale), 3)
    spalten = list(zip(*merkmale.values(), strict=True))
    mittel = [math.fsum(s) / len(s) for s in spalten]
    streuung = [
        math.sqrt(math.fsum((w - m) ** 2 for w in s) / len(s)) for s, m in zip(spalten, mittel, strict=True)
    ]
    eigene = merkmale[ziel]
    fern = {
        g: math.sqrt(
            math.fsum(((w - e) / s) ** 2 for w, e, s in zip(werte, eigene, streuung, strict=True) if s > 0)
            / len(eigene)
        )
        for g, werte in merkmale.items()
        if g != ziel
    }
    return dict(sorted(fern.items(), key=lambda paar: (paar[1], paar[0])))


def vergleichsgruppe(
    werte: pd.DataFrame, lage: Lage, *, merkmale: str, anzahl: int, nachbarn: str = ""
) -> dict[str, list[Tafelzeile]]:
    """Die ``anzahl`` ähnlichsten Gebiete mit ihrem Mittel, die Nachbarn und das Land; dazu die Abstände.

    Args:
        werte: Tabelle mit ``kreis`` (Schlüssel), ``name`` und je Größe einem Wert.
        lage: nennt das Gebiet, um das es geht.
        merkmale: Größen, nach denen der Abstand gerechnet wird, durch Leerzeichen getrennt.
        anzahl: so viele ähnliche Gebiete.
        nachbarn: Schlüssel der Nachbarn, durch Leerzeichen getrennt.

    Returns:
        Tafeln ``vergleich`` und ``abstand`` (die Gruppe und das nächste Gebiet danach).
    """
    namen = dict(zip(werte["kreis"], werte["name"], strict=True))
    tafel = werte.pivot_table(index="kreis", columns="groesse", values="wert")
    je_kreis: dict[str, dict[str, float]] = {
        str(k): {str(s): float(w) for s, w in z.items() if not math.isnan(w)} for k, z in tafel.iterrows()
    }
    gewollt, land = merkmale.split(), lage.gebiet[:2]  # das Land zählt nicht zu den Gebieten
    voll = {k: [z[m] for m in gewollt] for k, z in je_kreis.items() if k != land and set(gewollt) <= set(z)}
    fern = abstaende(voll, lage.gebiet)
    aehnlich = list(fern)[:anzahl]
    mittel = {
        s: math.fsum(je_kreis[k][s] for k in aehnlich) / len(aehnlich)
        for s in je_kreis[lage.gebiet]
        if all(s in je_kreis[k] for k in aehnlich)
    }

    def zeilen(kreise: Sequence[str]) -> list[Tafelzeile]:
        return [{**je_kreis[k], "kopf": namen[k]} for k in kreise if k in je_kreis]

    neben = [k for k in nachbarn.split() if k not in aehnlich]
    vergleich = zeilen([lage.gebiet, *aehnlich])
    vergleich.append({**mittel, "kopf": "Mittel der ähnlichen"})
    vergleich += zeilen([*neben, land])
    gezeigt = [lage.gebiet, *list(fern)[: anzahl + 1]]
    abstand = [{**z, "abstand": fern.get(k, 0.0)} for k, z in zip(gezeigt, zeilen(gezeigt), strict=True)]
    return {"vergleich": vergleich, "abstand": abstand}
