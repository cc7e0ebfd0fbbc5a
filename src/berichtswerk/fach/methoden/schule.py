"""Schulentwicklung: Schülerprognose mit Durchgangsquoten, Züge, Abschlüsse.

Die Dauer der Grundschule ist ein Parameter (Brandenburg: sechs Jahre).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from berichtswerk.fach.methoden.annahmen import Szenario
from berichtswerk.fach.methoden.eingabe import bereich, feld, genug
from berichtswerk.fach.methoden.ergebnis import (
    Ergebnis,
    Lage,
    Werte,
    mittel,
    quotient,
    zahl,
)
from berichtswerk.fach.methoden.fehler import DurchgangFehlt, SchuljahreZuWenige
from berichtswerk.fach.reihe import Reihe
from berichtswerk.grund.meldung import BerichtswerkFehler

if TYPE_CHECKING:
    import pandas as pd


GRUNDSCHULE = "Grundschule"
Klasse = tuple[str, int]
"""(Schulform, Klassenstufe)"""


@dataclass(frozen=True)
class Schulannahmen:
    """Annahmen der Schülerprognose.

    Args:
        durchgang: Durchgangsquote (Verhältnis) je Schulform und Klasse k nach k+1.
        uebergang: Übergangsquote je Schulform in Prozent, zusammen höchstens 100.
        einpendler: Saldo der Schüler von außerhalb in der ersten Klasse der Schulform.
        grundschuljahre: letzte Klasse der Grundschule (6 in Brandenburg, 4 in den meisten Ländern).
        letzte_klasse: letzte Klasse je Schulform (10, 12 oder 13).
    """

    durchgang: Mapping[Klasse, float]
    uebergang: Mapping[str, float]
    einpendler: Mapping[str, float] = field(default_factory=dict)
    grundschuljahre: int = 6
    letzte_klasse: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        bereich("Grundschuljahre", self.grundschuljahre, 1, 12)
        feld("Durchgangsquoten", [*self.durchgang.values()] or [0.0])
        feld("Übergangsquoten", [*self.uebergang.values()] or [0.0])
        bereich("Summe der Übergangsquoten", math.fsum(self.uebergang.values()), 0.0, 100.0 + 1e-9)

    def klassen(self) -> tuple[Klasse, ...]:
        """Alle Klassen der Prognose in fester Reihenfolge."""
        grund = [(GRUNDSCHULE, k) for k in range(1, self.grundschuljahre + 1)]
        weiter = [
            (form, k)
            for form in self.uebergang
            for k in range(self.grundschuljahre + 1, self.letzte_klasse.get(form, 10) + 1)
        ]
        return (*grund, *weiter)


def _quote(annahmen: Schulannahmen, klasse: Klasse) -> float:
    if klasse not in annahmen.durchgang:
        raise BerichtswerkFehler(DurchgangFehlt.melde(form=klasse[0], klasse=klasse[1]))
    return annahmen.durchgang[klasse]


def schuelerprognose(
    bestand: Mapping[Klasse, float], schulanfaenger: Sequence[float], annahmen: Schulannahmen
) -> tuple[dict[Klasse, float], ...]:
    """Schülerzahl je Schulform und Klasse für jedes Jahr der Einschulungen (ungerundet).

    ``S_{k+1}(t+1) = S_k(t)·d_k``; erste Klasse der Schulform s = Abgänger der Grundschule ·
    Übergangsquote_s / 100 + Einpendler_s.

    Args:
        bestand: Schüler je Klasse im letzten Schuljahr; fehlende Klassen sind leer.
        schulanfaenger: Einschulungen je Prognosejahr.
        annahmen: siehe :class:`Schulannahmen`.

    Raises:
        BerichtswerkFehler: ``durchgang-fehlt``, wenn eine gebrauchte Quote fehlt.
    """
    feld("Schülerbestand", [*bestand.values()] or [0.0])
    stand: Mapping[Klasse, float] = bestand
    ergebnis: list[dict[Klasse, float]] = []
    for anfaenger in feld("Einschulungen", schulanfaenger).tolist():
        abgang = stand.get((GRUNDSCHULE, annahmen.grundschuljahre), 0.0)
        neu: dict[Klasse, float] = {}
        for form, k in annahmen.klassen():
            if (form, k) == (GRUNDSCHULE, 1):
                neu[form, k] = anfaenger
            elif form != GRUNDSCHULE and k == annahmen.grundschuljahre + 1:
                quote = annahmen.uebergang[form] / 100.0
                neu[form, k] = max(abgang * quote + annahmen.einpendler.get(form, 0.0), 0.0)
            else:
                vorher = stand.get((form, k - 1), 0.0)
                neu[form, k] = vorher * _quote(annahmen, (form, k - 1)) if vorher else 0.0
        ergebnis.append(neu)
        stand = neu
    return tuple(ergebnis)


def zuege(schueler: float, klassenfrequenz: float) -> Ergebnis:
    """Züge ``⌈Schüler / Klassenfrequenz⌉``; Frequenz null → „gesperrt“.

    Bruchteile unter einem Milliardstel zählen als Rechenrest, nicht als weiterer Zug.
    """
    bereich("Schüler", schueler, 0.0, float("inf"))
    bereich("Klassenfrequenz", klassenfrequenz, 0.0, float("inf"))
    return quotient(schueler, klassenfrequenz).wandle(lambda z: float(math.ceil(round(z, 9))))


def durchgangsquoten(verlauf: Sequence[Mapping[int, float]], jahre: int = 3) -> dict[int, Ergebnis]:
    """Mittlere Durchgangsquote je Klasse k (nach k+1) aus den letzten ``jahre`` Übergängen.

    Args:
        verlauf: Schülerzahl je Klasse, ein Eintrag je Schuljahr, ältestes zuerst.
        jahre: Zahl der gemittelten Übergänge (üblich 3 bis 5).

    Raises:
        BerichtswerkFehler: ``methode-kurz`` bei weniger als ``jahre + 1`` Schuljahren.
    """
    if len(verlauf) < jahre + 1:
        raise BerichtswerkFehler(SchuljahreZuWenige.melde(ist=len(verlauf), noetig=jahre + 1))
    letzte = verlauf[-jahre - 1 :]
    klassen = sorted({k for j in letzte for k in j if any(k + 1 in anderes for anderes in letzte)})
    return {
        k: mittel(quotient(nachher.get(k + 1), vorher.get(k)) for vorher, nachher in pairwise(letzte))
        for k in klassen
    }


# --- Rechnung: Vorausrechnung der Schülerzahlen ----------------------------------------------------------

UEBERGAENGE = 3
"""So viele Übergänge gehen in jedes Mittel ein."""
KINDERZAHL = ("erwartet", "untere Grenze", "obere Grenze")
"""Werte der Annahme ``kinderzahl``."""


def _je_schuljahr(klassen: pd.DataFrame) -> dict[int, dict[Klasse, float]]:
    """Schüler je Schulform und Klasse, je Schuljahr."""
    je_jahr: dict[int, dict[Klasse, float]] = {}
    einzeln = klassen[klassen["klasse"] != "insgesamt"]
    for jahr, form, k, n in einzeln[["jahr", "schulform", "klasse", "wert"]].itertuples(index=False):
        je_jahr.setdefault(jahr, {})[str(form).capitalize(), int(k)] = n
    return je_jahr


def _einschulungsalter(kinder: Reihe, lage: Lage, jahr: int) -> tuple[float, float, float]:
    """Kinder im Einschulungsalter des Jahres (am 31.12. davor) mit ihren Grenzen."""
    w = kinder.wert(lage.gebiet, jahr - 1)
    n = w.wert if w is not None and w.wert is not None else math.nan
    return n, *((n, n) if w is None or w.unten is None or w.oben is None else (w.unten, w.oben))


def messe_uebergaenge(
    klassen: pd.DataFrame, uebergaenge: pd.DataFrame, kinder: Reihe, lage: Lage
) -> dict[str, float]:
    """Mittel der letzten Übergänge in die Klassen 1 und 7.

    Returns:
        ``schulanfaenger_je_100``: Kinder in Klasse 1 je 100 im Einschulungsalter · je Schulform
        ``uebergang_<form>`` in Prozent der Klasse 6 und ``dazu_<form>``: Kinder, die sonst dazukommen.

    Raises:
        BerichtswerkFehler: ``methode-kurz``, wenn für einen der Übergänge ein Jahr fehlt.
    """
    je_jahr, jahre = _je_schuljahr(klassen), range(lage.basis - UEBERGAENGE + 1, lage.basis + 1)
    genug("Schülerzahlen", [j for j in (jahre[0] - 1, *jahre) if j in je_jahr], UEBERGAENGE + 1)
    gewechselt = set(uebergaenge["jahr"])
    genug("Übergänge in Klasse 7", [j for j in jahre if j in gewechselt], UEBERGAENGE)
    mit_kindern = [j for j in jahre if _einschulungsalter(kinder, lage, j)[0] > 0]
    genug("Kinder im Einschulungsalter", mit_kindern, UEBERGAENGE)

    def mittel(werte: Iterable[float]) -> float:
        liste = list(werte)
        return sum(liste) / len(liste)

    gemessen = {
        "schulanfaenger_je_100": mittel(
            100 * je_jahr[j][GRUNDSCHULE, 1] / _einschulungsalter(kinder, lage, j)[0] for j in jahre
        )
    }
    for form, je_form in uebergaenge[uebergaenge["schulform"] != "insgesamt"].groupby("schulform"):
        wege, name = dict(zip(je_form["jahr"], je_form["wert"], strict=True)), str(form).capitalize()
        if all((name, 7) in je_jahr[j] for j in jahre):
            gemessen[f"uebergang_{form}"] = mittel(
                100 * wege[j] / je_jahr[j - 1][GRUNDSCHULE, 6] for j in jahre
            )
            gemessen[f"dazu_{form}"] = mittel(je_jahr[j][name, 7] - wege[j] for j in jahre)
    return gemessen


def vorausrechnung(
    klassen: pd.DataFrame, uebergaenge: pd.DataFrame, kinder: Reihe, szenario: Szenario, lage: Lage
) -> dict[str, Werte]:
    """Schülerzahlen des Landkreises bis zum Ende der Rechnung (:func:`schuelerprognose`).

    Annahmen: ``kinderzahl`` (erwartet, untere oder obere Grenze), ``schulanfaenger_je_100``,
    ``zuschlag_durchgang`` (Prozent), ``uebergang_<form>``, ``dazu_<form>``, ``grundschuljahre``,
    ``kinder_je_klasse_1`` und ``_7``.

    Args:
        kinder: Kinder im Einschulungsalter je 31.12. nach der gemeinsamen Bevölkerungsrechnung.

    Returns:
        ``klasse_1``, ``klasse_7``, ``grundschule``, ``sekundarstufe_1``, ``sekundarstufe_2``;
        ``klassen_1`` und ``klassen_7``: mindestens nötige Klassen.
    """
    stand = _je_schuljahr(klassen)
    voraus = range(lage.basis + 1, lage.ende + 1)
    formen = {str(f).capitalize(): f for f in uebergaenge["schulform"] if f"uebergang_{f}" in szenario}
    verlaeufe = {
        form: [{k: n for (f, k), n in stand[j].items() if f == form} for j in sorted(stand)]
        for form in (GRUNDSCHULE, *formen)
    }
    zuschlag = 1 + szenario.zahl("zuschlag_durchgang") / 100
    annahmen = Schulannahmen(
        {
            (f, k): q.zahl * zuschlag
            for f, v in verlaeufe.items()
            for k, q in durchgangsquoten(v, UEBERGAENGE).items()
        },
        {name: szenario.zahl(f"uebergang_{f}") for name, f in formen.items()},
        {name: szenario.zahl(f"dazu_{f}") for name, f in formen.items()},
        int(szenario.zahl("grundschuljahre")),
        {name: max(k for jahr in verlaeufe[name] for k in jahr) for name in formen},
    )
    grenze = KINDERZAHL.index(str(szenario.annahme("kinderzahl").wert))
    je_100 = szenario.zahl("schulanfaenger_je_100")
    anfaenger = [_einschulungsalter(kinder, lage, j)[grenze] * je_100 / 100 for j in voraus]
    alle_jahre = stand | dict(
        zip(voraus, schuelerprognose(stand[lage.basis], anfaenger, annahmen), strict=True)
    )

    def summe(von: int, bis: int) -> Werte:
        return {
            (lage.gebiet, j): sum(n for (_, k), n in jahr.items() if von <= k <= bis)
            for j, jahr in alle_jahre.items()
        }

    def noetig(kinder: Werte, je_klasse: str) -> Werte:
        return {stelle: zuege(zahl(n) or 0.0, szenario.zahl(je_klasse)) for stelle, n in kinder.items()}

    grund, klasse_1, klasse_7 = annahmen.grundschuljahre, summe(1, 1), summe(7, 7)
    return {
        "klasse_1": klasse_1,
        "klasse_7": klasse_7,
        "grundschule": summe(1, grund),
        "sekundarstufe_1": summe(grund + 1, 10),
        "sekundarstufe_2": summe(11, 13),
        "klassen_1": noetig(klasse_1, "kinder_je_klasse_1"),
        "klassen_7": noetig(klasse_7, "kinder_je_klasse_7"),
    }
