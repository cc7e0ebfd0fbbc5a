"""Anpassung kleinräumiger Ergebnisse an amtliche Summen: proportional und iterativ (RAS)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from berichtswerk.fach.methoden.eingabe import Feld, bereich, feld
from berichtswerk.fach.methoden.fehler import NichtKonvergent, RandLeer, RandsummenUngleich
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zahl import schreibe
from berichtswerk.grund.zeichen import Status


@dataclass(frozen=True, eq=False)
class Anpassung:
    """Angepasste Werte; bei Status „gesperrt“ ist ``werte`` ``None``.

    ``abweichung`` ist die größte verbliebene Abweichung einer Randsumme (Personen).
    """

    werte: Feld | None
    status: Status = Status.WERT
    hinweis: str = ""
    durchlaeufe: int = 1
    abweichung: float = 0.0

    @property
    def zahlen(self) -> Feld:
        """Die Werte; gesperrt → ``ValueError`` mit dem Grund."""
        if self.werte is None:
            raise ValueError(self.hinweis)
        return self.werte


def proportional(werte: ArrayLike, ziel: float) -> Anpassung:
    """Skaliert alle Werte mit ``ziel / Σ werte``; die Struktur bleibt.

    Summe null bei positivem Ziel → „gesperrt“ (es gibt keine Struktur, die man skalieren könnte).
    """
    zahlen = feld("Werte", werte)
    bereich("Ziel der Anpassung", ziel, 0.0, float("inf"))
    bestand = float(zahlen.sum())
    if bestand == 0:
        if ziel == 0:
            return Anpassung(zahlen.copy())
        return Anpassung(None, Status.GESPERRT, "Summe der anzupassenden Werte ist null", 0, ziel)
    faktor = ziel / bestand
    if not math.isfinite(faktor):
        return Anpassung(None, Status.GESPERRT, "Summe der anzupassenden Werte ist fast null", 0, ziel)
    neu = zahlen * faktor
    return Anpassung(neu, abweichung=abs(float(neu.sum()) - ziel))


def _pruefe_raender(tafel: Feld, zeilen: Feld, spalten: Feld) -> None:
    if not np.isclose(zeilen.sum(), spalten.sum(), rtol=1e-6, atol=1e-6):
        raise BerichtswerkFehler(
            RandsummenUngleich.melde(
                zeilen=schreibe(float(zeilen.sum()), 1), spalten=schreibe(float(spalten.sum()), 1)
            )
        )
    for art, achse, rand in (("Zeile", 1, zeilen), ("Spalte", 0, spalten)):
        leer = (tafel.sum(axis=achse) == 0) & (rand > 0)
        if leer.any():
            raise BerichtswerkFehler(
                RandLeer.melde(
                    art=art, stelle=int(np.argmax(leer)) + 1, soll=schreibe(float(rand[leer][0]), 1)
                )
            )


def ras(
    tafel: ArrayLike,
    zeilen: ArrayLike,
    spalten: ArrayLike,
    *,
    toleranz: float = 1e-9,
    hoechstens: int = 20_000,
) -> Anpassung:
    """Passt eine Tafel iterativ an Zeilen- und Spaltensummen an (RAS, iterative proportional fitting).

    Zeilen und Spalten werden im Wechsel skaliert, bis jede Randsumme auf ``toleranz`` (relativ zur
    Gesamtzahl) getroffen ist. Nullen bleiben null.

    Args:
        tafel: Ausgangswerte, Form (Zeilen, Spalten), z. B. Gemeinden × (Alter und Geschlecht).
        zeilen: Zielsummen der Zeilen.
        spalten: Zielsummen der Spalten.
        toleranz: größte erlaubte Abweichung einer Randsumme, relativ zur Gesamtzahl.
        hoechstens: größte Zahl der Durchläufe.

    Raises:
        BerichtswerkFehler: ``ras-randsummen``, ``ras-leer`` oder ``ras-nicht-konvergent``.

    Quelle: Deming/Stephan (1940): On a least squares adjustment of a sampled frequency table.
    """
    zeilenziel = feld("Zeilensummen", zeilen)
    spaltenziel = feld("Spaltensummen", spalten)
    x = feld("Tafel", tafel, len(spaltenziel)).copy()
    feld("Zeilen der Tafel", x[:, 0] if x.size else x, len(zeilenziel))
    _pruefe_raender(x, zeilenziel, spaltenziel)
    grenze = toleranz * max(float(zeilenziel.sum()), 1.0)
    abweichung, durchlauf = float("inf"), 0
    for durchlauf in range(1, hoechstens + 1):
        with np.errstate(all="ignore"):
            x *= _faktoren(zeilenziel, x.sum(axis=1))[:, None]
            x *= _faktoren(spaltenziel, x.sum(axis=0))[None, :]
        rest = np.concatenate([x.sum(axis=1) - zeilenziel, x.sum(axis=0) - spaltenziel])
        abweichung = float(np.abs(rest).max())
        if abweichung <= grenze:
            return Anpassung(x, durchlaeufe=durchlauf, abweichung=abweichung)
        if not np.isfinite(abweichung):
            break
    raise BerichtswerkFehler(
        NichtKonvergent.melde(
            durchlauf=durchlauf,
            grenze=schreibe(grenze, 9),
            abweichung=schreibe(abweichung, 3) if np.isfinite(abweichung) else "unendlich",
        )
    )


def _faktoren(ziel: Feld, ist: Feld) -> Feld:
    """Skalierungsfaktoren; wo nichts steht, bleibt nichts (Faktor 0 bei Ziel 0, sonst 1)."""
    return np.divide(ziel, ist, out=np.where(ziel == 0, 0.0, 1.0), where=ist != 0)
