"""Versorgung in der Pflege: Versorgungsarten, Plätze, Personal, kleinräumige Schätzung."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from berichtswerk.fach.methoden.anpassung import proportional
from berichtswerk.fach.methoden.eingabe import Feld, bereich, feld, zahltext
from berichtswerk.fach.methoden.ergebnis import Ergebnis, gesperrt, quotient
from berichtswerk.fach.methoden.fehler import VersorgungAnteile, VersorgungArt
from berichtswerk.fach.methoden.pflege import pflegebeduerftige
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zeichen import Status


def artanteile(faelle: Mapping[str, ArrayLike]) -> dict[str, tuple[Ergebnis, ...]]:
    """Anteil jeder Versorgungsart an allen Pflegebedürftigen der Altersgruppe (0…1).

    ``s_{v,a} = Fälle_{v,a} / Σ_v Fälle_{v,a}``; eine Gruppe ohne Fälle ist „gesperrt“.
    """
    felder = {v: np.atleast_1d(feld(f"Fälle {v}", f)).ravel() for v, f in faelle.items()}
    alle = np.sum([*felder.values()], axis=0)
    return {
        v: tuple(quotient(a, b) for a, b in zip(f.tolist(), alle.tolist(), strict=True))
        for v, f in felder.items()
    }


def _anteile(anteile: Mapping[str, ArrayLike]) -> dict[str, Feld]:
    felder = {v: feld(f"Anteile {v}", a) for v, a in anteile.items()}
    summe = np.sum([*felder.values()], axis=0)
    if (np.abs(summe - 1.0) > 1e-6).any():
        falsch = np.atleast_1d(summe)[np.atleast_1d(np.abs(summe - 1.0) > 1e-6)]
        raise BerichtswerkFehler(VersorgungAnteile.melde(summe=zahltext(float(falsch[0]))))
    return felder


def versorgungsarten(personen: ArrayLike, anteile: Mapping[str, ArrayLike]) -> dict[str, Feld]:
    """Pflegebedürftige je Versorgungsart ``A_v = P·s_v``, je Altersgruppe.

    Args:
        personen: Pflegebedürftige, letzte Achse Alter.
        anteile: Anteile je Art (0…1), eine Zahl oder je Altersgruppe; zusammen 1.

    Raises:
        BerichtswerkFehler: ``versorgung-anteile``, wenn Personen verloren gingen oder doppelt zählten.
    """
    p = feld("Pflegebedürftige", personen)
    return {v: p * s for v, s in _anteile(anteile).items()}


def verlagere(
    anteile: Mapping[str, ArrayLike], von: str, nach: str, punkte_je_jahr: float, jahre: float
) -> dict[str, Feld]:
    """Trendverlagerung (Variante 2): verschiebt je Jahr Prozentpunkte von einer Art zur anderen.

    Höchstens bis die abgebende Art leer ist; die Summe der Anteile bleibt 1. Negative ``punkte_je_jahr``
    sind nicht erlaubt, dafür ``von`` und ``nach`` tauschen.
    """
    felder = _anteile(anteile)
    for art in (von, nach):
        if art not in felder:
            raise BerichtswerkFehler(VersorgungArt.melde(art=art, arten=", ".join(felder)))
    menge = (
        bereich("Verlagerung je Jahr", punkte_je_jahr, 0.0, 100.0)
        / 100.0
        * bereich("Jahre", jahre, 0.0, 200.0)
    )
    if von == nach:
        return felder
    verschoben = np.minimum(felder[von], menge)
    return {**felder, von: felder[von] - verschoben, nach: felder[nach] + verschoben}


def angehoerigenpotenzial(frauen_45_64: float, ab_80: float) -> Ergebnis:
    """Töchter-Pflegepotenzial: Frauen von 45 bis unter 65 Jahren je Person ab 80 Jahren."""
    return quotient(frauen_45_64, ab_80)


def platzbedarf_pflege(bewohner: float, zielauslastung: float = 0.95) -> Ergebnis:
    """Nötige Plätze ``Bewohnerinnen und Bewohner / Zielauslastung`` (ungerundet).

    Args:
        bewohner: erwartete Belegung.
        zielauslastung: Anteil über 0 bis 1; null → „gesperrt“.
    """
    bereich("Zielauslastung", zielauslastung, 0.0, 1.0)
    return quotient(bereich("Bewohner", bewohner, 0.0, float("inf")), zielauslastung)


PERSONAL_113C: Mapping[str, tuple[float, ...]] = {
    "hilfskraft_ohne": (0.0872, 0.1202, 0.1449, 0.1627, 0.1758),
    "hilfskraft_mit": (0.0564, 0.0675, 0.1074, 0.1413, 0.1102),
    "fachkraft": (0.0770, 0.1037, 0.1551, 0.2463, 0.3842),
}
"""Vollzeitstellen je Bewohnerin oder Bewohner in Pflegegrad 1 bis 5, § 113c Abs. 1 SGB XI: Hilfskräfte ohne
Ausbildung, mit landesrechtlich geregelter Helferausbildung, Fachkräfte."""


def personal_113c(
    bewohner: Sequence[float], werte: Mapping[str, Sequence[float]] = PERSONAL_113C
) -> dict[str, float]:
    """Personalbedarf vollstationär in Vollzeitstellen nach § 113c Abs. 1 SGB XI.

    Args:
        bewohner: Bewohnerinnen und Bewohner in Pflegegrad 1, 2, 3, 4, 5.
        werte: Stellen je Person und Pflegegrad; voreingestellt die Werte des Gesetzes.

    Returns:
        je Qualifikation und ``"gesamt"``, ungerundet.
    """
    n = feld("Bewohner je Pflegegrad", bewohner, 5)
    teile = {art: float(n @ feld(f"Personalwert {art}", w, 5)) for art, w in werte.items()}
    return {**teile, "gesamt": math.fsum(teile.values())}


@dataclass(frozen=True)
class Kleinraum:
    """Geschätzte Zahlen je Einheit; ``faktor`` ist die Skalierung auf den Kreiswert."""

    werte: Mapping[str, Ergebnis]
    erwartet: float
    faktor: Ergebnis


def kleinraeumig(
    bevoelkerung: Mapping[str, ArrayLike], quote: ArrayLike, kreiswert: float | None = None
) -> Kleinraum:
    """Indirekte Standardisierung: Kreisquoten × Bevölkerung der Einheit, auf den Kreiswert skaliert.

    Jeder Wert trägt den Status „geschätzt“. Erwarten alle Einheiten zusammen null Fälle, der Kreis hat aber
    welche, sind alle Werte „gesperrt“.

    Args:
        bevoelkerung: je Einheit Form wie die Quote.
        quote: Quoten des Kreises in Prozent, (Alter,) oder (Geschlecht, Alter).
        kreiswert: bekannte Zahl des Kreises; ``None`` = nicht skalieren.
    """
    roh = [float(pflegebeduerftige(n, quote).sum()) for n in bevoelkerung.values()]
    erwartet = math.fsum(roh)
    if kreiswert is None:
        fertig: list[Ergebnis] = [Ergebnis(w) for w in roh]
        faktor = Ergebnis(1.0)
    else:
        anpassung = proportional(roh, kreiswert)
        faktor = quotient(kreiswert, erwartet)
        if anpassung.werte is None:
            leer = {e: gesperrt(anpassung.hinweis) for e in bevoelkerung}
            return Kleinraum(leer, erwartet, faktor)
        fertig = [Ergebnis(float(w)) for w in anpassung.werte]
    hinweis = "Kreisquoten auf die Bevölkerung der Einheit übertragen"
    werte = {
        e: replace(w, status=Status.GESCHAETZT, hinweis=hinweis)
        for e, w in zip(bevoelkerung, fertig, strict=True)
    }
    return Kleinraum(werte, erwartet, faktor)
