"""Glättung von Anteilen aus kleinen Nennern (empirisches Bayes)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from berichtswerk.fach.methoden.eingabe import Feld, bereich, feld
from berichtswerk.fach.methoden.ergebnis import Ergebnis, gesperrt
from berichtswerk.fach.methoden.fehler import GlaettungZaehler
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zeichen import Status


@dataclass(frozen=True)
class Glaettung:
    """Geglättete Anteile (0…1, Status „geschätzt“) mit Gewicht des eigenen Wertes je Einheit."""

    anteile: tuple[Ergebnis, ...]
    gewichte: tuple[Ergebnis, ...]
    mittel: Ergebnis
    varianz_zwischen: float
    hinweise: tuple[str, ...] = field(default=())


def _varianz_zwischen(r: Feld, n: Feld, mittel: float) -> float:
    """Momentenschätzer der Varianz zwischen den Einheiten (Marshall 1991), mindestens null."""
    streuung = float((n * (r - mittel) ** 2).sum() / n.sum())
    return max(streuung - mittel * (1.0 - mittel) / float(n.mean()), 0.0)


def glaette(treffer: ArrayLike, nenner: ArrayLike, *, varianz_zwischen: float | None = None) -> Glaettung:
    """Zieht unsichere Anteile zum gemeinsamen Mittel: ``θ̂_i = w_i·r_i + (1−w_i)·r̄``.

    ``w_i = n_i/(n_i + r̄(1−r̄)/σ²_zw)`` mit ``r̄ = Σ r_i n_i / Σ n_i``.

    Args:
        treffer: Zähler je Einheit.
        nenner: Nenner n_i je Einheit; null → „gesperrt“.
        varianz_zwischen: σ²_zw; ``None`` = aus den Daten geschätzt. Ist sie null, unterscheiden sich die
            Einheiten nicht über den Zufall hinaus und alle erhalten r̄ (mit Hinweis).

    Raises:
        BerichtswerkFehler: ``glaettung-zaehler``, wenn ein Zähler größer als sein Nenner ist.

    Quelle: Marshall (1991): Mapping disease and mortality rates using empirical Bayes estimators.
    """
    n = np.atleast_1d(feld("Nenner", nenner))
    z = np.atleast_1d(feld("Treffer", treffer, len(n)))
    _pruefe(z, n)
    besetzt = n > 0
    if not besetzt.any():
        leer = gesperrt("Nenner ist null")
        return Glaettung((leer,) * len(n), (leer,) * len(n), leer, 0.0)
    mittel = float(z.sum() / n.sum())
    rate = np.divide(z, n, out=np.zeros_like(n), where=besetzt)
    if varianz_zwischen is None:
        varianz = _varianz_zwischen(rate[besetzt], n[besetzt], mittel)
    else:
        varianz = bereich("Varianz zwischen den Einheiten", varianz_zwischen, 0.0, 1.0)
    w, theta = _schrumpfe(rate, n, mittel, varianz)
    hinweise = () if varianz > 0 else ("Unterschiede gehen nicht über den Zufall hinaus: alle am Mittel",)
    return Glaettung(
        _je_einheit(theta, besetzt, Ergebnis(0.0, Status.GESCHAETZT, "geglättet")),
        _je_einheit(w, besetzt, Ergebnis(0.0)),
        Ergebnis(mittel),
        varianz,
        hinweise,
    )


def _pruefe(z: Feld, n: Feld) -> None:
    if (z > n).any():
        raise BerichtswerkFehler(GlaettungZaehler.melde(stelle=int(np.argmax(z > n)) + 1))


def _schrumpfe(rate: Feld, n: Feld, mittel: float, varianz: float) -> tuple[Feld, Feld]:
    """Gewichte und geglättete Anteile; ``w = nσ²/(nσ² + r̄(1−r̄))`` teilt nicht durch σ² = 0."""
    unten = n * varianz + mittel * (1.0 - mittel)
    w = np.divide(n * varianz, unten, out=np.zeros_like(n), where=unten > 0)
    return w, w * rate + (1.0 - w) * mittel


def _je_einheit(werte: Feld, besetzt: NDArray[np.bool_], muster: Ergebnis) -> tuple[Ergebnis, ...]:
    sperre = gesperrt("Nenner ist null")
    paare = zip(werte.tolist(), besetzt.tolist(), strict=True)
    return tuple(replace(muster, wert=w) if b else sperre for w, b in paare)
