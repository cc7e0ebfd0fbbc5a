"""Bevölkerungsvorausrechnung nach der Kohorten-Komponenten-Methode.

Schritt = Breite n der Altersgruppen (1×1 oder 5×5 Jahre), letzte Gruppe offen, ein oder zwei Geschlechter.
Quelle der Formeln: Preston/Heuveline/Guillot (2001): Demography. Measuring and Modeling Population
Processes, Kap. 6, Box 6.1 (geschlossen) und Box 6.2 (beide Geschlechter mit Wanderung).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from berichtswerk.fach.methoden.annahmen import Szenario
from berichtswerk.fach.methoden.eingabe import Feld, bereich, feld
from berichtswerk.fach.methoden.fehler import (
    GeschlechtUnbekannt,
    SterbetafelNull,
    UeberlebenFehlt,
    WanderungZuGross,
)
from berichtswerk.grund.meldung import BerichtswerkFehler


@dataclass(frozen=True, eq=False)
class Ueberleben:
    """Überlebensraten eines Geschlechts (Anteile 0…1) für einen Schritt der Altersgruppenbreite.

    ``geburt`` ist S_0 (Neugeborene bis zur ersten Altersgruppe). ``weiter[i]`` führt Gruppe ``i`` in
    Gruppe ``i+1`` (bei k Gruppen k−2 Werte). ``offen`` gilt für die beiden letzten Gruppen zusammen.
    """

    geburt: float
    weiter: Feld
    offen: float


def ueberleben(lx: ArrayLike, *, breite: float, radix: float = 100_000.0) -> Ueberleben:
    """Überlebensraten aus den durchlebten Jahren einer Sterbetafel.

    ``S_0 = L_0/(n·l_0)``, ``S_x = L_x/L_{x−n}``, ``S_offen = L_ω/(L_{ω−n}+L_ω)``.

    Args:
        lx: durchlebte Jahre nLx je Altersgruppe; die letzte Gruppe ist offen (T_ω).
        breite: Breite n der Altersgruppen in Jahren (1 oder 5), zugleich Länge eines Schritts.
        radix: l_0 der Sterbetafel.

    Raises:
        BerichtswerkFehler: ``sterbetafel-null``, wenn eine Gruppe außer der letzten nicht positiv ist.

    Quelle: Preston/Heuveline/Guillot (2001): Demography, Kap. 6.
    """
    jahre = feld("nLx", lx)
    bereich("Altersgruppenbreite", breite, 1e-9, float("inf"))
    bereich("Radix l0", radix, 1e-9, float("inf"))
    if jahre.ndim != 1 or len(jahre) < 3 or (jahre[:-1] <= 0).any():
        raise BerichtswerkFehler(SterbetafelNull.melde())
    return Ueberleben(
        geburt=float(jahre[0] / (breite * radix)),
        weiter=jahre[1:-1] / jahre[:-2],
        offen=float(jahre[-1] / (jahre[-2] + jahre[-1])),
    )


def aus_raten(raten: ArrayLike) -> Ueberleben:
    """Nimmt fertige Raten ``[S_0, S_1 … S_{k−2}, S_offen]`` (k Werte, eine je Zielgruppe)."""
    alle = feld("Überlebensraten", raten)
    bereich("größte Überlebensrate", float(np.max(alle)), 0.0, 1.0)
    return Ueberleben(float(alle[0]), alle[1:-1], float(alle[-1]))


WEIBLICH: Final = "weiblich"
MAENNLICH: Final = "maennlich"


class Wanderungsart(StrEnum):
    """Wann im Schritt gewandert wird."""

    GLEICHMAESSIG = "gleichmaessig"
    """die Hälfte zu Beginn (mit Geburten und Sterbefällen), die Hälfte am Ende"""
    AM_ENDE = "am_ende"
    """erst nach Geburten und Sterbefällen"""


@dataclass(frozen=True, eq=False)
class Schrittannahmen:
    """Annahmen eines Schritts der Vorausrechnung.

    Args:
        breite: n in Jahren.
        fertilitaet: altersspezifische Geburtenziffer f_x je Frau und Jahr, eine je Altersgruppe.
        ueberleben: Überlebensraten je Geschlecht (``"weiblich"``, wahlweise ``"maennlich"``).
        srb: Geschlechterverhältnis bei der Geburt, Jungen je Mädchen (üblich 1,05–1,06).
        wanderung: Wanderungssaldo je Geschlecht und Altersgruppe im ganzen Schritt (Personen);
            die Gruppe ist die am Ende des Schritts, für die Hälfte zu Beginn die am Anfang.
        wanderungsart: siehe :class:`Wanderungsart`.
    """

    breite: float
    fertilitaet: ArrayLike
    ueberleben: Mapping[str, Ueberleben]
    srb: float = 1.05
    wanderung: Mapping[str, ArrayLike] | None = None
    wanderungsart: Wanderungsart = Wanderungsart.GLEICHMAESSIG


@dataclass(frozen=True, eq=False)
class Schritt:
    """Bevölkerung am Ende eines Schritts und die Bilanz, alles in Personen und ungerundet.

    Je Geschlecht gilt: Bestand vorher + ``geburten`` − ``sterbefaelle`` + ``wanderung`` = Bestand.
    """

    bevoelkerung: Mapping[str, Feld]
    geburten: Mapping[str, float]
    sterbefaelle: Mapping[str, float]
    wanderung: Mapping[str, float]

    def gesamt(self) -> float:
        """Bevölkerung aller Altersgruppen und Geschlechter."""
        return float(sum(p.sum() for p in self.bevoelkerung.values()))

    def insgesamt(self) -> Feld:
        """Bevölkerung je Altersgruppe, Geschlechter zusammen."""
        return np.asarray(np.sum([*self.bevoelkerung.values()], axis=0), dtype=np.float64)


def _ueberlebende(anfang: Feld, raten: Ueberleben) -> tuple[Feld, float]:
    """Altert alle Gruppen um eine Stufe; Neugeborene fehlen noch. Dazu die Sterbefälle."""
    ziel = np.zeros_like(anfang)
    ziel[1:-1] = anfang[:-2] * raten.weiter
    aelteste = anfang[-2] + anfang[-1]
    ziel[-1] = aelteste * raten.offen
    gestorben = (anfang[:-2] * (1.0 - raten.weiter)).sum() + aelteste * (1.0 - raten.offen)
    return ziel, float(gestorben)


def _pruefe_bestand(geschlecht: str, bestand: Feld) -> None:
    if (bestand < -1e-9).any():
        stelle = int(np.argmax(bestand < -1e-9)) + 1
        raise BerichtswerkFehler(WanderungZuGross.melde(stelle=stelle, geschlecht=geschlecht))


def _wanderung(annahmen: Schrittannahmen, geschlecht: str, gruppen: int) -> Feld:
    roh = (annahmen.wanderung or {}).get(geschlecht)
    if roh is None:
        return np.zeros(gruppen)
    return feld(f"Wanderung {geschlecht}", roh, gruppen, negativ=True)


def _eingaben(
    bevoelkerung: Mapping[str, ArrayLike], annahmen: Schrittannahmen
) -> tuple[dict[str, Feld], Feld]:
    if WEIBLICH not in bevoelkerung or set(bevoelkerung) - {WEIBLICH, MAENNLICH}:
        raise BerichtswerkFehler(
            GeschlechtUnbekannt.melde(geschlechter=", ".join(sorted(bevoelkerung)) or "nichts")
        )
    fertilitaet = feld("Fertilität", annahmen.fertilitaet)
    gruppen = len(fertilitaet)
    bereich("Altersgruppenbreite", annahmen.breite, 1e-9, float("inf"))
    bereich("Geschlechterverhältnis bei der Geburt", annahmen.srb, 0.0, float("inf"))
    felder = {g: feld(f"Bevölkerung {g}", p, gruppen) for g, p in bevoelkerung.items()}
    for geschlecht in felder:
        if geschlecht not in annahmen.ueberleben:
            raise BerichtswerkFehler(UeberlebenFehlt.melde(geschlecht=geschlecht))
        feld(f"Überlebensraten {geschlecht}", annahmen.ueberleben[geschlecht].weiter, gruppen - 2)
    return felder, fertilitaet


def schritt(bevoelkerung: Mapping[str, ArrayLike], annahmen: Schrittannahmen) -> Schritt:
    """Rechnet die Bevölkerung um einen Schritt von n Jahren weiter.

    „gleichmäßig“: ``P*_x = P_x + M_x/2``; ``P_{x+n}(t+n) = P*_x·S_{x+n} + M_{x+n}/2``;
    Geburten ``B = Σ n·f_x·(P*_x + P_x(t+n))/2`` der Frauen; davon Mädchen ``B/(1+SRB)``;
    Neugeborene ``B_g·S_0 + M_0/2``. „am Ende“: ``P* = P``, ``M`` wird zuletzt ganz addiert.

    Args:
        bevoelkerung: Bestand je Geschlecht, Form (k,) in Personen.
        annahmen: Annahmen dieses Schritts.

    Raises:
        BerichtswerkFehler: falsche Längen, negative oder fehlende Werte, Wegzug über den Bestand.
    """
    felder, fertilitaet = _eingaben(bevoelkerung, annahmen)
    gleich = annahmen.wanderungsart is Wanderungsart.GLEICHMAESSIG
    wanderung = {g: _wanderung(annahmen, g, len(fertilitaet)) for g in felder}
    anfang = {g: p + wanderung[g] / 2 if gleich else p for g, p in felder.items()}
    ende: dict[str, Feld] = {}
    gestorben: dict[str, float] = {}
    for g in felder:
        _pruefe_bestand(g, anfang[g])
        ende[g], gestorben[g] = _ueberlebende(anfang[g], annahmen.ueberleben[g])
        if gleich:
            ende[g] = ende[g] + wanderung[g] / 2
    geburten = _geburten(anfang[WEIBLICH], ende[WEIBLICH], fertilitaet, annahmen)
    for g in felder:
        rate = annahmen.ueberleben[g].geburt
        ende[g][0] += geburten[g] * rate
        gestorben[g] += geburten[g] * (1.0 - rate)
        if not gleich:
            ende[g] = ende[g] + wanderung[g]
        _pruefe_bestand(g, ende[g])
    saldo = {g: float(m.sum()) for g, m in wanderung.items()}
    return Schritt(ende, {g: geburten[g] for g in felder}, gestorben, saldo)


def _geburten(anfang: Feld, ende: Feld, fertilitaet: Feld, annahmen: Schrittannahmen) -> dict[str, float]:
    """Geburten je Geschlecht aus dem mittleren Bestand der Frauen im Schritt."""
    frauen = (anfang + ende) / 2
    # Die jüngste Gruppe am Ende wird erst noch geboren; Geburten von Kindern gibt es nicht.
    frauen[0] = anfang[0] / 2
    alle = float(annahmen.breite * (fertilitaet * frauen).sum())
    maedchen = alle / (1.0 + annahmen.srb)
    return {WEIBLICH: maedchen, MAENNLICH: alle - maedchen}


def im_szenario(annahmen: Schrittannahmen, szenario: Szenario) -> Schrittannahmen:
    """Annahmen mit dem ``geburten_faktor`` (auf f_x) und ``wanderung_faktor`` (auf M_x) eines Szenarios.

    Fehlt eine der beiden Annahmen, gilt 1. Der Wanderungsfaktor verstärkt auch Wegzüge.
    """
    geburten = szenario.zahl("geburten_faktor", 1.0)
    faktor = szenario.zahl("wanderung_faktor", 1.0)
    wanderung = {
        g: feld(f"Wanderung {g}", m, negativ=True) * faktor for g, m in (annahmen.wanderung or {}).items()
    }
    return replace(
        annahmen,
        fertilitaet=feld("Fertilität", annahmen.fertilitaet) * geburten,
        wanderung=wanderung or None,
    )


def projiziere(
    bevoelkerung: Mapping[str, ArrayLike],
    annahmen: Schrittannahmen | Sequence[Schrittannahmen],
    schritte: int = 1,
) -> tuple[Schritt, ...]:
    """Rechnet mehrere Schritte nacheinander; das Ergebnis hat einen Eintrag je Schritt.

    ``annahmen`` gilt entweder für jeden der ``schritte`` oder ist eine Folge mit einem Eintrag je Schritt
    (dann zählt deren Länge).
    """
    folge = [annahmen] * schritte if isinstance(annahmen, Schrittannahmen) else list(annahmen)
    ergebnis: list[Schritt] = []
    stand: Mapping[str, ArrayLike] = bevoelkerung
    for eintrag in folge:
        ergebnis.append(schritt(stand, eintrag))
        stand = ergebnis[-1].bevoelkerung
    return tuple(ergebnis)


def leslie_matrix(annahmen: Schrittannahmen) -> Feld:
    """Leslie-Matrix der geschlossenen weiblichen Bevölkerung, Form (k, k).

    Erste Zeile: ``S_0·n/(2(1+SRB))·(f_x + f_{x+n}·S_{x+n})``.
    """
    fertilitaet = feld("Fertilität", annahmen.fertilitaet)
    raten = annahmen.ueberleben[WEIBLICH]
    k = len(fertilitaet)
    matrix = np.zeros((k, k))
    matrix[np.arange(1, k - 1), np.arange(k - 2)] = feld("Überlebensraten", raten.weiter, k - 2)
    matrix[k - 1, k - 2 :] = raten.offen
    naechste = fertilitaet @ matrix
    matrix[0] = raten.geburt * annahmen.breite / (2.0 * (1.0 + annahmen.srb)) * (fertilitaet + naechste)
    return matrix


def groesster_eigenwert(annahmen: Schrittannahmen) -> float:
    """Wachstumsfaktor je Schritt der stabilen Bevölkerung (größter Eigenwert der Leslie-Matrix).

    Die Wachstumsrate je Jahr ist ``ln(Eigenwert)/n``.
    """
    return float(np.max(np.abs(np.linalg.eigvals(leslie_matrix(annahmen)))))
