"""Unsicherheit von Anteilen: Wilson-Intervall, Glättung kleiner Nenner."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from berichtswerk.fach.methoden.eingabe import Feld, bereich, feld
from berichtswerk.fach.methoden.ergebnis import Ergebnis, Lage, Werte, gesperrt
from berichtswerk.fach.methoden.fehler import GlaettungZaehler
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zeichen import Status

if TYPE_CHECKING:
    import pandas as pd

    from berichtswerk.fach.reihe import Reihe

Z95 = 1.959963984540054
"""Quantil der Normalverteilung für 95 Prozent."""
Z80 = 1.2815515655446004
"""Quantil der Normalverteilung für 80 Prozent."""


@dataclass(frozen=True, slots=True)
class Intervall:
    """Wert mit unterer und oberer Grenze, alle in derselben Einheit; gesperrt sind alle ``None``."""

    wert: float | None
    unten: float | None
    oben: float | None
    status: Status = Status.WERT
    hinweis: str = ""


def kein_intervall(hinweis: str) -> Intervall:
    """Ein gesperrtes Intervall."""
    return Intervall(None, None, None, Status.GESPERRT, hinweis)


def wilson(
    treffer: float,
    n: float,
    *,
    z: float = Z95,
    stetigkeit: bool = False,
    grundgesamtheit: float | None = None,
) -> Intervall:
    """Wilson-Intervall eines Anteils (0…1).

    ``(p + z²/2n ± z·√(p(1−p)/n + z²/4n²)) / (1 + z²/n)``; mit Stetigkeitskorrektur nach Newcombe,
    Methode 4.

    Args:
        treffer: Zahl der Treffer r (gewichtet: p·n_eff).
        n: Fallzahl oder n_eff, auch gebrochen; null → „gesperrt“.
        z: Quantil.
        stetigkeit: mit Stetigkeitskorrektur (breiter, vorsichtiger).
        grundgesamtheit: N; dann gilt die Endlichkeitskorrektur (n wird zu ``n·(N−1)/(N−n)``). Nur sinnvoll,
            wenn der Ausfall zufällig ist.

    Raises:
        BerichtswerkFehler: ``methode-bereich``, wenn Treffer oder Fallzahl nicht passen.

    Quelle: Newcombe (1998): Statistics in Medicine 17, S. 857–872, Methoden 3 und 4.
    """
    bereich("n", n, 0.0, float("inf") if grundgesamtheit is None else grundgesamtheit)
    bereich("Treffer", treffer, 0.0, n)
    bereich("z", z, 0.0, 100.0)
    if n == 0:
        return kein_intervall("keine Fälle")
    p = treffer / n
    if grundgesamtheit is not None:
        if n >= grundgesamtheit:
            return Intervall(p, p, p, hinweis="Vollerhebung: keine Stichprobenunsicherheit")
        # gleich viel Information wie eine größere Stichprobe aus unendlicher Gesamtheit
        n = n * max(grundgesamtheit - 1.0, 0.0) / (grundgesamtheit - n)
        if n <= 0:
            return kein_intervall("Grundgesamtheit zu klein")
    unten, oben = (_grenzen_mit_korrektur if stetigkeit else _grenzen)(p, n, z)
    return Intervall(p, min(max(unten, 0.0), p), max(min(oben, 1.0), p))


def _grenzen(p: float, n: float, z: float) -> tuple[float, float]:
    # mit n erweitert, damit auch winzige wirksame Fallzahlen nicht durch null teilen
    zz = z * z
    mitte = n * p + zz / 2.0
    halb = z * math.sqrt(max(n * p * (1.0 - p) + zz / 4.0, 0.0))
    return (mitte - halb) / (n + zz), (mitte + halb) / (n + zz)


def _grenzen_mit_korrektur(p: float, n: float, z: float) -> tuple[float, float]:
    q, zz = 1.0 - p, z * z
    nenner = 2.0 * (n + zz)
    links = zz - 2.0 - 1.0 / n + 4.0 * p * (n * q + 1.0)
    rechts = zz + 2.0 - 1.0 / n + 4.0 * p * (n * q - 1.0)
    unten = 0.0 if p == 0 else (2.0 * n * p + zz - 1.0 - z * math.sqrt(max(links, 0.0))) / nenner
    oben = 1.0 if p == 1 else (2.0 * n * p + zz + 1.0 + z * math.sqrt(max(rechts, 0.0))) / nenner
    return unten, oben


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


# --- Rechnungen ------------------------------------------------------------------------------------------


def _prozent(treffer: float, n: float) -> tuple[float | None, float | None, float | None]:
    i = wilson(treffer, n)
    wert, unten, oben = (None if g is None else 100 * g for g in (i.wert, i.unten, i.oben))
    return wert, unten, oben


def anteile(
    faelle: pd.DataFrame, lage: Lage, *, zaehler: str, nenner: str, zusammen: int = 1, letzte: int = 1
) -> dict[str, Werte]:
    """Anteile in Prozent mit Wilson-Intervall (95 %) je Gebiet, für die ``letzte`` jüngsten Jahre.

    Args:
        faelle: Tabelle mit den Größen ``zaehler`` und ``nenner``.
        lage: Jahre der Rechnung.
        zaehler: Größe der Treffer.
        nenner: Größe aller Fälle.
        zusammen: so viele Jahre gehen zusammen in einen Wert ein.
        letzte: für so viele Jahre bis zur Basis wird gerechnet.

    Returns:
        ``anteil``: (Anteil, untere, obere Grenze).
    """
    anteil: Werte = {}
    for jahr in range(lage.basis - letzte + 1, lage.basis + 1):
        passend = faelle[(faelle["jahr"] > jahr - zusammen) & (faelle["jahr"] <= jahr)]
        summe = passend.pivot_table(index="gebiet", columns="groesse", values="wert", aggfunc="sum")
        anteil |= {(str(g), jahr): _prozent(z[zaehler], z[nenner]) for g, z in summe.iterrows()}
    return {"anteil": anteil}


def geglaettete_quote(quote: Reihe, bezug: Reihe, lage: Lage, *, zusammen: int = 1) -> dict[str, Werte]:
    """Quoten kleiner Gebiete, mit :func:`glaette` zum gemeinsamen Mittel gezogen, mit Zufallsbereich (80 %).

    Args:
        quote: Anteil in Prozent je Gebiet.
        bezug: Personen je Gebiet, auf die sich die Quote bezieht; es gilt der jüngste Wert bis zur Basis.
        lage: Gebiete und Jahre der Rechnung.
        zusammen: so viele Jahre bis zur Basis gehen als Mittel ein; fehlt eines, ist das Gebiet nicht dabei.

    Returns:
        ``anteil``: (Anteil in Prozent, untere, obere Grenze) im Jahr der Basis; für den Landkreis das Mittel
        derselben Jahre, ungeglättet und ohne Grenzen.

    Quelle: Marshall (1991): Mapping disease and mortality rates using empirical Bayes estimators.
    """
    jahre = range(lage.basis - zusammen + 1, lage.basis + 1)
    orte, rate, n = [], [], []
    for g in lage.teile:
        werte = [w.wert for j in jahre if (w := quote.wert(g, j)) and w.wert is not None]
        personen = bezug.bis(lage.basis).letzter(g)
        if len(werte) == zusammen and personen and personen.wert:
            orte.append(g)
            rate.append(math.fsum(werte) / zusammen / 100)
            n.append(personen.wert)
    if not orte:
        return {"anteil": {}}
    glatt = glaette([r * p for r, p in zip(rate, n, strict=True)], n)
    anteil: Werte = {}
    for g, mitte, gewicht in zip(orte, glatt.anteile, glatt.gewichte, strict=True):
        if mitte.wert is not None and gewicht.wert is not None:
            weite = Z80 * math.sqrt(glatt.varianz_zwischen * (1 - gewicht.wert))
            unten, oben = max(mitte.wert - weite, 0.0), min(mitte.wert + weite, 1.0)
            anteil[g, lage.basis] = (100 * mitte.wert, 100 * unten, 100 * oben)
    ganz = [w.wert for j in jahre if (w := quote.wert(lage.gebiet, j)) and w.wert is not None]
    if len(ganz) == zusammen:
        anteil[lage.gebiet, lage.basis] = math.fsum(ganz) / zusammen
    return {"anteil": anteil}
