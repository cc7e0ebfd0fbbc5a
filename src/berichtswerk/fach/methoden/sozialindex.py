"""Sozialindex aus standardisierten Indikatoren.

``z_ij = (x_ij − x̄_j)/s_j`` mit Populations-Standardabweichung, hoch = belastet; ``S_i = Σ w_j·z_ij``;
``I_i = (S_i − S̄)/s_S``; Klassen nach Standardabweichungen (Vorbild: Monitoring Soziale Stadtentwicklung
Berlin). Ein Index ordnet, er urteilt nicht: keine Ranglisten; Empfindlichkeit,
Zusammenhang der Kennzahlen und der Zufall kleiner Zahlen gehören dazu.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from berichtswerk.fach.methoden.eingabe import Feld, bereich, feld
from berichtswerk.fach.methoden.ergebnis import Ergebnis, Lage, Tafelzeile, Werte, gesperrt
from berichtswerk.fach.methoden.fehler import IndexDoppelt, IndikatorOhneRichtung, IndikatorUnbekannt
from berichtswerk.fach.methoden.unsicherheit import Intervall, glaette, kein_intervall
from berichtswerk.fach.reihe import Reihe
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zahl import runde, schreibe


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
    return _ergebnis(
        gewertet,
        z,
        summe,
        ausgeschlossen=raus,
        teile_ein=lambda i: klasse(i, klassen, klassen_stellen),
    )


def _ergebnis(
    einheiten: tuple[str, ...],
    z: Mapping[str, Feld],
    summe: Feld,
    *,
    ausgeschlossen: Mapping[str, str],
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


def _je_zeile(x: Feld) -> Feld:
    """z-Werte jeder Zeile; eine Zeile ohne Streuung wird null."""
    sd = x.std(axis=1, keepdims=True)
    z: Feld = np.divide(x - x.mean(axis=1, keepdims=True), sd, out=np.zeros_like(x), where=sd > 0)
    return z


@dataclass(frozen=True)
class Geglaettet:
    """Werte eines Indikators je Einheit und ihre Streuung durch den Zufall kleiner Zahlen."""

    werte: Feld
    streuung: Feld


def geglaettet(werte: ArrayLike, bezug: ArrayLike | None) -> Geglaettet:
    """Zieht Anteile (0…1) mit :func:`glaette` zum gemeinsamen Mittel; ihre Streuung ist ``σ²_zw·(1−w_i)``.

    Ohne Bezug (Euro je Person) bleiben die Werte, wie sie sind, und streuen nicht.

    Quelle: Marshall (1991): Mapping disease and mortality rates using empirical Bayes estimators.
    """
    x = np.asarray(werte, dtype=np.float64)
    if bezug is None:
        return Geglaettet(x, np.zeros(len(x)))
    n = np.asarray(bezug, dtype=np.float64)
    glatt = glaette(np.minimum(x * n, n), n)
    gewicht = np.array([g.wert or 0.0 for g in glatt.gewichte])
    mitte = np.array([np.nan if a.wert is None else a.wert for a in glatt.anteile])
    return Geglaettet(mitte, np.sqrt(glatt.varianz_zwischen * (1.0 - gewicht)))


def zufallsbereiche(
    einheiten: Sequence[str], werte: Mapping[str, Geglaettet], indikatoren: Sequence[Indikator]
) -> dict[str, Intervall]:
    """Der Index mit dem Bereich, in dem er allein durch den Zufall schwankt (80 %).

    Für ``ZIEHUNGEN`` Ziehungen wird der Index neu gerechnet; der Bereich reicht vom 10. bis zum 90. Perzentil
    und schließt den Index ein.
    """
    wuerfel = np.random.default_rng(SAAT)
    gezogen = {
        name: w.werte + w.streuung * wuerfel.standard_normal((ZIEHUNGEN, len(w.werte)))
        for name, w in werte.items()
    }
    index = sozialindex(einheiten, {name: w.werte for name, w in werte.items()}, indikatoren)
    if any(e.wert is None for e in index.index):
        return {e: kein_intervall("Die Kommunen unterscheiden sich nicht") for e in index.einheiten}
    drin = [einheiten.index(e) for e in index.einheiten]
    summe = np.zeros((ZIEHUNGEN, len(drin)))
    for ind in indikatoren:
        z = _je_zeile(gezogen[ind.name][:, drin])
        summe += (ind.gewicht if ind.hoch_ist_belastet else -ind.gewicht) * z
    sd = summe.std(axis=1, keepdims=True)
    ziehungen = np.divide(
        summe - summe.mean(axis=1, keepdims=True), sd, where=sd > 0, out=np.zeros_like(summe)
    )
    unten, oben = np.quantile(ziehungen, [0.1, 0.9], axis=0)
    return {
        e: Intervall(w.zahl, min(float(u), w.zahl), max(float(o), w.zahl))
        for e, w, u, o in zip(index.einheiten, index.index, unten, oben, strict=True)
    }


MINDESTENS_KENNZAHLEN, MINDESTENS_EINHEITEN = 3, 4
ZIEHUNGEN, SAAT = 2000, 12411
"""Zahl der Ziehungen und ihr fester Anfang: jede Berechnung ergibt dieselben Grenzen."""
BEZUG = "bezug_"
"""So beginnt der Name der Eingabe, die den Bezug (Nenner) einer anderen nennt."""


def _gemeinsames_jahr(reihen: Iterable[Reihe], teile: Sequence[str]) -> int | None:
    """Das jüngste Jahr, in dem jede Kennzahl für jedes Gebiet einen Wert hat."""
    je = [
        {j for j in r.jahre if all((w := r.wert(g, j)) and w.wert is not None for g in teile)} for r in reihen
    ]
    return max(set.intersection(*je), default=None) if je else None


def _bezug(reihe: Reihe, nenner: Reihe | None, teile: Sequence[str], jahr: int) -> list[float] | None:
    """Nenner je Gebiet: der Kennzahl selbst oder, wo er nicht veröffentlicht ist, der Eingabe daneben."""
    eigene = [w.nenner for g in teile if (w := reihe.wert(g, jahr)) and w.nenner]
    if len(eigene) == len(teile):
        return eigene
    letzte = [w.wert for g in teile if nenner and (w := nenner.bis(jahr).letzter(g)) and w.wert is not None]
    return letzte if len(letzte) == len(teile) else None


def indikator(reihe: Reihe) -> Indikator:
    """Der Indikator zu einer Kennzahl: hoch heißt belastet oder entlastet, wie es in ihr steht."""
    if reihe.kennzahl.leserichtung == "neutral":
        raise BerichtswerkFehler(IndikatorOhneRichtung.melde(name=reihe.kennzahl.name, id=reihe.kennzahl.id))
    return Indikator(reihe.kennzahl.name, hoch_ist_belastet=reihe.kennzahl.leserichtung == "hoch_schlecht")


def sozialindex_der_teile(lage: Lage, **eingaben: Reihe) -> dict[str, Any]:
    """Sozialindex der Gebiete aus gleich gewichteten Kennzahlen, alle aus ihrem jüngsten gemeinsamen Jahr.

    Args:
        lage: Gebiete der Rechnung.
        eingaben: Kennzahlen mit Leserichtung; ``bezug_<name>`` nennt den Nenner einer anderen Eingabe.

    Returns:
        ``index``: (Wert, untere, obere Grenze des Zufallsbereichs), größere Gebiete gesperrt · Tafeln
        ``empfindlichkeit`` (verschiebung, wechsel, zusammenhang) und ``zusammenhang`` (r) · ``stand`` (Namen)
        und ``jahr`` als Text. Unter drei Kennzahlen, vier Gebieten oder ohne gemeinsames Jahr leer.

    Raises:
        BerichtswerkFehler: ``index-richtung``, wenn eine Kennzahl keine Leserichtung hat.
    """
    kennzahlen = {k: r for k, r in eingaben.items() if not k.startswith(BEZUG)}
    jahr = _gemeinsames_jahr(kennzahlen.values(), lage.teile)
    if len(kennzahlen) < MINDESTENS_KENNZAHLEN or len(lage.teile) < MINDESTENS_EINHEITEN or jahr is None:
        return {"index": {}, "empfindlichkeit": [], "zusammenhang": []}
    indikatoren = [indikator(r) for r in kennzahlen.values()]
    glatt: dict[str, Geglaettet] = {}
    for ind, (name, r) in zip(indikatoren, kennzahlen.items(), strict=True):
        bezug = _bezug(r, eingaben.get(BEZUG + name), lage.teile, jahr)
        werte = np.array([w.wert for g in lage.teile if (w := r.wert(g, jahr))], dtype=np.float64)
        glatt[ind.name] = geglaettet(werte if bezug is None else werte / r.kennzahl.faktor, bezug)
    sperre = gesperrt("Der Index vergleicht nur die Kommunen miteinander")
    index: Werte = {(g, jahr): sperre for g in (lage.gebiet, *lage.oben)}
    for g, i in zufallsbereiche(lage.teile, glatt, indikatoren).items():
        index[g, jahr] = (i.wert, i.unten, i.oben)
    tafel = {name: g.werte for name, g in glatt.items()}
    zeilen: list[Tafelzeile] = [
        {"kopf": e.ohne, "verschiebung": e.groesste.wert, "wechsel": len(e.klassenwechsel),
         "zusammenhang": e.rangkorrelation.wert}
        for e in empfindlichkeit(lage.teile, tafel, indikatoren)
    ]  # fmt: skip
    z = sozialindex(lage.teile, tafel, indikatoren).z
    return {
        "index": index,
        "empfindlichkeit": zeilen,
        "zusammenhang": [
            {"kopf": f"{a} und {b}", "r": float(np.corrcoef(z[a], z[b])[0, 1])} for a, b in combinations(z, 2)
        ],
        "stand": ", ".join(i.name for i in indikatoren),
        "jahr": str(jahr),
    }
