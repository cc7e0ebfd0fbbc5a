"""Sozialindex aus standardisierten Indikatoren.

``z_ij = (x_ij − x̄_j)/s_j`` mit Populations-Standardabweichung, hoch = belastet; ``S_i = Σ w_j·z_ij``;
``I_i = (S_i − S̄)/s_S``; Klassen nach Standardabweichungen (Vorbild: Monitoring Soziale Stadtentwicklung
Berlin). Ein Index ordnet, er urteilt nicht: keine Ranglisten, Empfindlichkeit und Warnungen gehören dazu.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from berichtswerk.fach.methoden.eingabe import Feld, bereich, feld
from berichtswerk.fach.methoden.ergebnis import Ergebnis, Lage, Tafelzeile, Werte, gesperrt
from berichtswerk.fach.methoden.fehler import IndexDoppelt, IndikatorUnbekannt
from berichtswerk.fach.methoden.unsicherheit import Z95, Intervall, kein_intervall
from berichtswerk.fach.reihe import Reihe
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zahl import runde, schreibe

WARNUNG_UNTER = 30
"""Unter so vielen Einheiten ist die Standardabweichung unsicher; der Index trägt eine Warnung."""
DOPPELT_AB = 0.8
"""Ab dieser Korrelation messen zwei Indikatoren weitgehend dasselbe."""


@dataclass(frozen=True, slots=True)
class Indikator:
    """Ein Indikator; ``hoch_ist_belastet=False`` kehrt das Vorzeichen um."""

    name: str
    gewicht: float = 1.0
    hoch_ist_belastet: bool = True


@dataclass(frozen=True, slots=True)
class Indexklasse:
    """Klasse ab einer Grenze; ``einschliesslich`` sagt, ob die Grenze selbst dazugehört."""

    name: str
    ab: float
    einschliesslich: bool = True


STATUSKLASSEN: tuple[Indexklasse, ...] = (
    Indexklasse("hoch", float("-inf")),
    Indexklasse("mittel", -1.0, einschliesslich=True),
    Indexklasse("niedrig", 1.0, einschliesslich=False),
    Indexklasse("sehr niedrig", 1.5, einschliesslich=False),
)
"""Sozialer Status: hoch I < −1 · mittel −1 … 1 · niedrig > 1 … 1,5 · sehr niedrig > 1,5."""
DYNAMIKKLASSEN: tuple[Indexklasse, ...] = (
    Indexklasse("positiv", float("-inf")),
    Indexklasse("stabil", -1.0, einschliesslich=True),
    Indexklasse("negativ", 1.0, einschliesslich=False),
)
"""Dynamik: positiv < −1 · stabil −1 … 1 · negativ > 1."""


def klasse(wert: float, klassen: Sequence[Indexklasse] = STATUSKLASSEN, stellen: int | None = None) -> str:
    """Name der Klasse; ``stellen`` rundet vorher kaufmännisch (veröffentlichte Indizes sind gerundet)."""
    x = wert if stellen is None else float(runde(wert, stellen))
    return [k.name for k in klassen if x > k.ab or (k.einschliesslich and x == k.ab)][-1]


@dataclass(frozen=True, eq=False)
class Sozialindex:
    """Ergebnis; alle Felder folgen ``einheiten`` (nur gewertete, in der Reihenfolge der Eingabe).

    ``index`` und ``klassen`` sind gesperrt beziehungsweise leer, wenn die Summe nicht streut.
    """

    einheiten: tuple[str, ...]
    z: Mapping[str, Feld]
    summe: Feld
    index: tuple[Ergebnis, ...]
    klassen: tuple[str, ...]
    mittel: float
    sd: float
    ausgeschlossen: Mapping[str, str]
    warnungen: tuple[str, ...] = field(default=())

    def wert(self, einheit: str) -> Ergebnis:
        """Index einer Einheit; ausgeschlossene sind gesperrt mit dem Grund."""
        if einheit in self.ausgeschlossen:
            return gesperrt(self.ausgeschlossen[einheit])
        return self.index[self.einheiten.index(einheit)]


def _streut(x: Feld) -> bool:
    return bool(x.size > 1 and np.ptp(x) > 1e-12 * max(1.0, float(np.abs(x).max())))


def standardisiere(x: ArrayLike, gewichte: ArrayLike | None = None) -> Feld | None:
    """z-Werte mit Populations-Standardabweichung; ``None``, wenn die Werte nicht streuen.

    Args:
        x: Werte der Einheiten.
        gewichte: z. B. Einwohner für Mittel und Streuung; ``None`` = jede Einheit zählt gleich.
    """
    werte = feld("Indikator", x, negativ=True)
    if not _streut(werte):
        return None
    w = np.ones_like(werte) if gewichte is None else feld("Gewichte", gewichte, len(werte))
    if w.sum() == 0:
        return None
    mittel = np.average(werte, weights=w)
    sd = np.sqrt(np.average((werte - mittel) ** 2, weights=w))
    return np.asarray((werte - mittel) / sd, dtype=np.float64) if sd > 0 else None


def _ausschluss(
    einheiten: Sequence[str],
    tafel: Mapping[str, Feld],
    einwohner: Feld | None,
    mindestens: float,
    ausgeschlossen: Mapping[str, str],
) -> dict[str, str]:
    gruende: dict[str, str] = {}
    for i, einheit in enumerate(einheiten):
        ohne = [name for name, x in tafel.items() if not np.isfinite(x[i])]
        if einheit in ausgeschlossen:
            gruende[einheit] = ausgeschlossen[einheit]
        elif einwohner is not None and not einwohner[i] >= mindestens:
            gruende[einheit] = f"weniger als {schreibe(mindestens)} Einwohnerinnen und Einwohner"
        elif ohne:
            gruende[einheit] = f"Wert fehlt: {', '.join(ohne)}"
    return gruende


def _warnungen(n: int, z: Mapping[str, Feld], konstant: Sequence[str]) -> tuple[str, ...]:
    texte = [f"Indikator „{name}“ ist überall gleich und trägt nichts bei" for name in konstant]
    if n < WARNUNG_UNTER:
        texte.append(
            f"Bei nur {n} Einheiten sind Mittel und Streuung unsicher, einzelne Einheiten bestimmen das "
            "Ergebnis; die Werte sind nur zusammen mit ihrem Unsicherheitsbereich zu lesen"
        )
    paare = [(a, b, float(np.corrcoef(z[a], z[b])[0, 1])) for a, b in combinations(z, 2)]
    if eng := [f"{a} und {b} (r = {schreibe(r, 2)})" for a, b, r in paare if abs(r) >= DOPPELT_AB]:
        texte.append(f"Eng zusammen hängen: {'; '.join(eng)}; dieselbe Belastung zählt dort mehrfach")
    return tuple(texte)


def sozialindex(
    einheiten: Sequence[str],
    werte: Mapping[str, ArrayLike],
    indikatoren: Sequence[Indikator],
    *,
    klassen: Sequence[Indexklasse] = STATUSKLASSEN,
    klassen_stellen: int | None = None,
    einwohner: ArrayLike | None = None,
    mindest_einwohner: float = 0.0,
    ausgeschlossen: Mapping[str, str] | None = None,
    gewichtet: bool = False,
    schon_standardisiert: bool = False,
) -> Sozialindex:
    """Berechnet den Index.

    Args:
        einheiten: Schlüssel der Einheiten.
        werte: Indikatorwerte je Name, jeweils eine Zahl je Einheit; NaN schließt die Einheit aus.
        indikatoren: Auswahl mit Gewicht und Richtung.
        klassen: Klassen mit aufsteigenden Grenzen.
        klassen_stellen: Index vor der Einteilung auf so viele Stellen runden.
        einwohner: je Einheit, für Ausschluss und Gewichtung.
        mindest_einwohner: kleinere Einheiten werden nicht gewertet (Berlin: etwa 300).
        ausgeschlossen: Einheit → Grund für weitere Ausschlüsse.
        gewichtet: Mittel und Streuung der Indikatoren mit Einwohnern gewichten.
        schon_standardisiert: die Werte sind bereits z-Werte (veröffentlichte Tabellen).

    Raises:
        BerichtswerkFehler: ``index-indikatoren``, ``index-doppelt`` oder ``methode-laenge``.
    """
    tafel = _tafel(einheiten, werte, indikatoren)
    ew = None if einwohner is None else np.asarray(einwohner, dtype=np.float64)
    raus = _ausschluss(einheiten, tafel, ew, mindest_einwohner, ausgeschlossen or {})
    drin = np.array([e not in raus for e in einheiten], dtype=bool)
    gewertet = tuple(e for e in einheiten if e not in raus)
    gewichte = ew[drin] if gewichtet and ew is not None else None
    z: dict[str, Feld] = {}
    for ind in indikatoren:
        x = tafel[ind.name][drin]
        roh = standardisiere(x, gewichte)
        if roh is not None:
            roh = x if schon_standardisiert else roh
            z[ind.name] = roh if ind.hoch_ist_belastet else -roh
    summe = np.zeros(len(gewertet))
    for ind in indikatoren:
        summe = summe + ind.gewicht * z.get(ind.name, 0.0)
    konstant = [i.name for i in indikatoren if i.name not in z]
    warnungen = _warnungen(len(gewertet), z, konstant)
    return _ergebnis(
        gewertet,
        z,
        summe,
        ausgeschlossen=raus,
        warnungen=warnungen,
        teile_ein=lambda i: klasse(i, klassen, klassen_stellen),
    )


def _ergebnis(
    einheiten: tuple[str, ...],
    z: Mapping[str, Feld],
    summe: Feld,
    *,
    ausgeschlossen: Mapping[str, str],
    warnungen: tuple[str, ...],
    teile_ein: Callable[[float], str],
) -> Sozialindex:
    werte = standardisiere(summe) if len(einheiten) > 1 else None
    sperre = gesperrt("Die Einheiten unterscheiden sich in keinem Indikator")
    return Sozialindex(
        einheiten=einheiten,
        z=z,
        summe=summe,
        index=(sperre,) * len(einheiten) if werte is None else tuple(Ergebnis(i) for i in werte.tolist()),
        klassen=() if werte is None else tuple(teile_ein(i) for i in werte.tolist()),
        mittel=float(summe.mean()) if einheiten else 0.0,
        sd=float(summe.std()) if einheiten else 0.0,
        ausgeschlossen=ausgeschlossen,
        warnungen=warnungen,
    )


def _tafel(
    einheiten: Sequence[str], werte: Mapping[str, ArrayLike], indikatoren: Sequence[Indikator]
) -> dict[str, Feld]:
    namen = [i.name for i in indikatoren]
    unbekannt = [n for n in namen if n not in werte]
    if not namen or unbekannt:
        was = f"Unbekannte Indikatoren: {', '.join(unbekannt)}." if namen else "Kein Indikator gewählt."
        raise BerichtswerkFehler(IndikatorUnbekannt.melde(was=was, werte=", ".join(werte)))
    mehrfach = [n for n, zahl in (*Counter(namen).items(), *Counter(einheiten).items()) if zahl > 1]
    if mehrfach:
        raise BerichtswerkFehler(IndexDoppelt.melde(name=mehrfach[0]))
    tafel: dict[str, Feld] = {}
    for ind in indikatoren:
        bereich(f"Gewicht {ind.name}", ind.gewicht, 0.0, float("inf"))
        spalte = np.asarray(werte[ind.name], dtype=np.float64)
        feld(f"Indikator {ind.name}", np.zeros(spalte.shape), len(einheiten))
        tafel[ind.name] = spalte
    return tafel


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
