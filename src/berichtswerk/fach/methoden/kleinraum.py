"""Bevölkerung kleiner Räume nach Alter und Geschlecht: nachgerechnet, vorausgerechnet, geprüft.

Für Kommunen ist der Altersaufbau selten veröffentlicht. Gerechnet wird darum vom letzten veröffentlichten
Aufbau an, Jahr für Jahr (Kohorten-Komponenten: überleben, geboren werden, wandern), und jedes Jahr an das
angepasst, was veröffentlicht ist (iterativ proportional: Einwohnerzahl und 15- bis 64-Jährige der Kommunen,
Altersgruppen des Kreises). Die Summe der Kommunen ist in jedem Alter der Kreis. Aus welchen Tabellen die
:class:`Grundlagen` kommen und welche Ergebnisse daraus werden, steht in :mod:`.bevoelkerung`.

Felder haben die Form (Kommune, Geschlecht, Altersjahr 0…100, das letzte offen); männlich steht vor weiblich.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from berichtswerk.fach.methoden.eingabe import Feld, genug

_Zahl = TypeVar("_Zahl", np.float64, np.float32)

GESCHLECHTER: Final = ("maennlich", "weiblich")
ALTER: Final = 101
"""Altersjahre 0 bis 99 und 100 und mehr."""
JAHRE: Final = np.arange(ALTER)
SAEUGLINGE: Final = 0.003
"""Anteil der Neugeborenen, die das Jahresende nicht erleben."""
JUNGEN: Final = 1.055 / 2.055
"""Anteil der Jungen an den Geburten, wo er nicht veröffentlicht ist."""
SALDOJAHRE: Final = 10
"""Aus so vielen der letzten Jahre folgt der künftige Wanderungssaldo (mittlerer Wert, nicht Mittel)."""
EIGENE_JAHRE: Final = 5
"""Aus so vielen Jahren folgt, was die Wanderung einer Kommune von der des Kreises unterscheidet."""
SCHULE: Final = (0.75, 0.25)
"""Anteil der 5- und der 6-Jährigen am 31.12., die im Sommer danach eingeschult werden (Stichtag 30.09.)."""
UNTEN, OBEN = 0.1, 0.9
"""Grenzen der Bänder: acht von zehn Verläufen liegen dazwischen."""


def _gruppe(von: int, bis: int = ALTER, geschlecht: int | None = None) -> Feld:
    maske = np.zeros((2, ALTER))
    maske[slice(None) if geschlecht is None else geschlecht, von:bis] = 1
    return maske


def _schulanfang() -> Feld:
    return SCHULE[0] * _gruppe(5, 6) + SCHULE[1] * _gruppe(6, 7)


GRUPPEN: Final[Mapping[str, Feld]] = {
    "bevoelkerung": _gruppe(0),
    "unter_1": _gruppe(0, 1),
    "von_1_bis_2": _gruppe(1, 3),
    "unter_3": _gruppe(0, 3),
    "von_3_bis_5": _gruppe(3, 6),
    "von_6_bis_11": _gruppe(6, 12),
    "schulanfang": _schulanfang(),
    "unter_18": _gruppe(0, 18),
    "von_15_bis_64": _gruppe(15, 65),
    "von_65_bis_79": _gruppe(65, 80),
    "ab_65": _gruppe(65),
    "ab_80": _gruppe(80),
    "frauen_45_bis_64": _gruppe(45, 65, 1),
}
"""Ergebnis → Gewicht je Geschlecht und Altersjahr."""


# --- Anpassung -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Rand:
    """Eine Randbedingung: ``stelle`` ordnet jeder Zelle die Nummer ihrer Summe zu, ``ziel`` nennt die Summen.

    Zellen mit der Nummer −1 bleiben frei.
    """

    stelle: NDArray[np.intp]
    ziel: Feld


def angepasst(tafel: Feld, raender: Sequence[Rand], *, toleranz: float = 1e-9, hoechstens: int = 500) -> Feld:
    """Passt eine Tafel beliebiger Form iterativ an mehrere Ränder an (Deming/Stephan).

    Anders als :func:`berichtswerk.fach.methoden.anpassung.ras` darf ein Rand Zellen zusammenfassen oder
    auslassen. Widersprechen Ränder einander, gilt der letzte genau. Nullen bleiben null.
    """
    x = np.asarray(tafel, dtype=np.float64).ravel().copy()
    eben = [(r.stelle.ravel(), np.asarray(r.ziel, dtype=np.float64).ravel()) for r in raender]
    grenze = toleranz * max((float(z.sum()) for _, z in eben), default=1.0)
    for _ in range(hoechstens):
        weit = 0.0
        for stelle, ziel in eben:
            dabei = stelle >= 0
            ist = np.bincount(stelle[dabei], weights=x[dabei], minlength=len(ziel))
            weit = max(weit, float(np.abs(ist - ziel).max()))
            faktor = np.divide(ziel, ist, out=np.ones_like(ziel), where=ist > 0)
            x[dabei] *= faktor[stelle[dabei]]
        if weit <= grenze:
            break
    return x.reshape(tafel.shape)


def _raster(*achsen: NDArray[np.intp] | int, form: tuple[int, ...]) -> NDArray[np.intp]:
    """Nummern von Zellen aus Nummern je Achse; gleich lange Achsen wie ``form``, 0 fasst zusammen."""
    stelle = np.zeros(form, dtype=np.intp)
    for nr, achse in enumerate(achsen):
        nummern = np.zeros(form[nr], dtype=np.intp) if isinstance(achse, int) else achse
        breite = int(nummern.max()) + 1
        stelle = stelle * breite + nummern.reshape([-1 if k == nr else 1 for k in range(len(form))])
    return stelle


def zerlegt(gruppen: Feld, grenzen: Sequence[int], muster: Feld) -> Feld:
    """Teilt Altersgruppen nach einem Muster in Altersjahre; die Summe jeder Gruppe bleibt.

    Args:
        gruppen: Form (…, Gruppe), beginnend bei ``grenzen``; die letzte ist offen.
        muster: Form (…, Altersjahr), dieselben oder keine vorderen Achsen.
    """
    stelle = np.searchsorted(np.asarray(grenzen), JAHRE, side="right") - 1
    m = np.broadcast_to(muster, (*gruppen.shape[:-1], ALTER))
    summen = np.add.reduceat(m, list(grenzen), axis=-1)
    breite = np.diff([*grenzen, ALTER])
    ganz = summen[..., stelle]
    anteil = np.where(ganz > 0, m / np.maximum(ganz, 1e-300), 1 / breite[stelle])
    return np.asarray(gruppen[..., stelle] * anteil, dtype=np.float64)


def geglaettet(werte: Feld, breite: int = 5) -> Feld:
    """Gleitendes Mittel über Altersjahre (letzte Achse)."""
    rand = breite // 2
    voll = np.pad(werte, [(0, 0)] * (werte.ndim - 1) + [(rand, rand)], mode="edge")
    return np.asarray(
        np.apply_along_axis(lambda z: np.convolve(z, np.ones(breite) / breite, "valid"), -1, voll)
    )


# --- Grundlagen ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Grundlagen:
    """Alles Veröffentlichte, woraus gerechnet wird."""

    teile: tuple[str, ...]
    start: int
    bestand: Feld
    """Kommunen am 31.12. des Startjahres."""
    gesamt: Mapping[int, Feld]
    """Einwohner je Kommune und Geschlecht, bis sie auf einer anderen Grundlage stehen."""
    von_15_bis_64: Mapping[int, Feld]
    anteil_65: Mapping[int, float]
    """Anteil der Menschen ab 65 Jahren im Kreis (0…1)."""
    kreis: Mapping[int, tuple[tuple[int, ...], Feld]]
    """Altersgruppen des Kreises: Beginn der Gruppen und Personen (Geschlecht, Gruppe)."""
    unterschied: Feld
    """Was eine Zählung je Kommune mehr ergab als die Fortschreibung."""
    geburten: Mapping[int, float]
    geburten_teile: Mapping[tuple[int, int], float]
    """(Jahr, Nummer der Kommune) → veröffentlichte Geburten."""
    gestorbene: Mapping[int, Feld]
    """Je Geschlecht."""
    zuzuege: Mapping[int, Feld]
    fortzuege: Mapping[int, Feld]
    """Im Kreis je Geschlecht und Altersgruppe."""
    wandergruppen: tuple[int, ...]
    """Beginn dieser Altersgruppen."""
    muetter: Feld
    """Geburten je Altersjahr der Mutter im Jahr ``muetter_jahr``."""
    anstieg: Feld
    """Anstieg der Sterblichkeit je Altersjahr und Geschlecht (0,1 = 10 %)."""
    rueckgang: float
    """Rückgang der Sterblichkeit je Jahr (0…1)."""

    def bis(self, jahr: int) -> Grundlagen:
        """Dasselbe, wie es am Ende von ``jahr`` bekannt war: alles Spätere ist versteckt."""

        def nur(je: Mapping[Any, Any]) -> dict[Any, Any]:
            return {k: w for k, w in je.items() if (k[0] if isinstance(k, tuple) else k) <= jahr}

        namen = (
            "gesamt", "von_15_bis_64", "anteil_65", "kreis", "geburten", "geburten_teile", "gestorbene",
            "zuzuege", "fortzuege",
        )  # fmt: skip
        nur_bekanntes: dict[str, Any] = {n: nur(getattr(self, n)) for n in namen}
        return replace(self, **nur_bekanntes)

    def umzuege(self, je: Mapping[int, Feld], jahr: int) -> Feld:
        """Zu- oder Fortzüge eines Jahres; nach dem letzten veröffentlichten das Mittel der letzten beiden."""
        if jahr <= max(je):
            return np.asarray(_zwischen(je, jahr), dtype=np.float64)
        return np.asarray(np.mean([je[j] for j in sorted(je)[-2:]], axis=0), dtype=np.float64)

    @property
    def ende(self) -> int:
        """Das letzte Jahr mit veröffentlichtem Bestand."""
        return max((self.start, *self.gesamt, *self.kreis))


def _zwischen(je: Mapping[int, Any], jahr: int) -> Any:
    """Der Wert eines Jahres: veröffentlicht, sonst geradlinig zwischen den Nachbarn, sonst der nächste."""
    jahre = sorted(je)
    if jahr in je or len(jahre) == 1 or not jahre[0] < jahr < jahre[-1]:
        return je[min(jahre, key=lambda j: abs(j - jahr))]
    links = max(j for j in jahre if j < jahr)
    rechts = min(j for j in jahre if j > jahr)
    w = (jahr - links) / (rechts - links)
    return (1 - w) * np.asarray(je[links]) + w * np.asarray(je[rechts])


# --- Ein Jahr --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Jahresraten:
    """Was in einem Jahr gilt; ``zuzug`` verteilt alle Zuzüge auf Geschlecht und Alter (Summe 1)."""

    ueberleben: Feld
    fortzug: Feld
    zuzug: Feld
    geburtenziffer: Feld
    """Je Altersjahr der Frauen, Summe 1; das Niveau kommt dazu."""


def ueberlebensraten(anstieg: Feld, niveau: Feld) -> Feld:
    """Überlebensraten je Geschlecht und Alter am Jahresanfang (Gompertz)."""
    return np.asarray(
        np.exp(-niveau[:, None] * np.exp(anstieg[:, None] * (JAHRE + 1 - 80))), dtype=np.float64
    )


def sterbeniveau(personen: Feld, anstieg: Feld, gestorbene: Feld) -> Feld:
    """Niveau der Sterblichkeit, mit dem aus ``personen`` (Geschlecht, Alter) die Gestorbenen werden."""
    unten, oben = np.zeros(2), np.full(2, 2.0)
    for _ in range(60):
        mitte = (unten + oben) / 2
        zuviel = (personen * (1 - ueberlebensraten(anstieg, mitte))).sum(axis=1) > gestorbene
        unten, oben = np.where(zuviel, unten, mitte), np.where(zuviel, mitte, oben)
    return np.asarray((unten + oben) / 2, dtype=np.float64)


def gealtert(n: NDArray[_Zahl], ueberleben: NDArray[_Zahl]) -> NDArray[_Zahl]:
    """Ein Jahr älter, ohne Neugeborene (Alter 0 ist leer)."""
    lebend = n * ueberleben
    neu = np.zeros_like(n)
    neu[..., 1:] = lebend[..., :-1]
    neu[..., -1] += lebend[..., -1]
    return neu


def frauenjahre(vorher: NDArray[Any], nachher: NDArray[Any], ziffer: Feld) -> Feld:
    """Erwartete Geburten je Kommune bei zusammengefaßter Geburtenziffer 1."""
    return np.asarray(((vorher[..., 1, :] + nachher[..., 1, :]) / 2 * ziffer).sum(axis=-1), dtype=np.float64)


def _gewandert(n: Feld, raten: Jahresraten, saldo: Feld) -> Feld:
    """Fortzüge nach Raten; Zuzüge je Kommune so viele, dass ihr Saldo herauskommt (nie weniger als null)."""
    fort = n * raten.fortzug
    zu = np.maximum(saldo + fort.sum(axis=(-2, -1)), 0.0)
    return np.asarray(n - fort + zu[..., None, None] * raten.zuzug, dtype=np.float64)


# --- Nachrechnung ----------------------------------------------------------------------------------------


@dataclass
class Verlauf:
    """Bevölkerung je Jahr (Kommune, Geschlecht, Alter) und was sich in den Jahren bewegt hat."""

    bestand: dict[int, Feld] = field(default_factory=dict)
    geburten: dict[int, Feld] = field(default_factory=dict)
    gestorbene: dict[int, Feld] = field(default_factory=dict)
    saldo: dict[int, Feld] = field(default_factory=dict)
    niveau: dict[int, Feld] = field(default_factory=dict)
    """Niveau der Sterblichkeit je Geschlecht."""
    ziffer: dict[int, float] = field(default_factory=dict)
    """Zusammengefaßte Geburtenziffer des Kreises (Kinder je Frau)."""

    def abweichung(self, jahre: Sequence[int]) -> tuple[Feld, float, Feld]:
        """Saldo je Einwohner und Jahr gegen den Kreis: geschrumpft, Streuung bleibend, Streuung je Jahr.

        ``jahre`` sind die mit veröffentlichten Einwohnerzahlen; zwischen ihnen ist der Saldo ein Mittel.
        Kleine Kommunen schwanken zufällig; wie viel davon Zufall ist, sagen die Zahl der Umzüge und die
        Unterschiede zwischen den Jahren (empirisches Bayes). Aus weniger als drei Zeiträumen folgt keine
        Abweichung.
        """
        zeitraeume = [range(a + 1, b + 1) for a, b in pairwise(sorted(jahre))][-EIGENE_JAHRE:]
        kommunen = len(next(iter(self.bestand.values())))
        if len(zeitraeume) < 3:
            return np.zeros(kommunen), 0.0, np.full(kommunen, 0.005)
        n = np.array([np.mean([self.bestand[j].sum(axis=(1, 2)) for j in z], axis=0) for z in zeitraeume])
        s = np.array([np.mean([self.saldo[j] for j in z], axis=0) for z in zeitraeume])
        rate = s / n - s.sum(axis=1, keepdims=True) / n.sum(axis=1, keepdims=True)
        mitte, zufall = rate.mean(axis=0), 2 * UMZUGSRATE / n.mean(axis=0)
        je_jahr = np.maximum(rate.var(axis=0, ddof=1), zufall)
        unsicher = je_jahr / len(zeitraeume)
        zwischen = max(float((mitte**2 - unsicher).mean()), 0.0)
        gewicht = zwischen / (zwischen + unsicher)
        return gewicht * mitte, math.sqrt(zwischen), np.sqrt(np.maximum(je_jahr - zufall, 0.0))


UMZUGSRATE: Final = 0.05
"""Zu- und ebenso viele Fortzüge je Einwohner und Jahr, für das Maß des Zufalls."""


def _raten(g: Grundlagen, jahr: int, niveau: Feld, damals: Feld, heute: Feld) -> Jahresraten:
    """Raten aus den Umzügen des Jahres und dem Kreis ``damals``; verteilt auf den Altersaufbau ``heute``.

    Auch Zuzüge folgen dem Altersaufbau: In einem schwach besetzten Jahrgang ziehen weniger zu.
    """
    grenzen = list(g.wandergruppen)
    stelle = np.searchsorted(np.asarray(grenzen), JAHRE, side="right") - 1
    personen = np.add.reduceat(damals, grenzen, axis=-1)

    def rate(umzuege: Feld) -> Feld:
        return np.minimum(geglaettet((umzuege / np.maximum(personen, 1.0))[:, stelle]), 0.5)

    zu = rate(g.umzuege(g.zuzuege, jahr)) * heute
    ziffer = g.muetter / g.muetter.sum()
    fort = rate(g.umzuege(g.fortzuege, jahr))
    return Jahresraten(ueberlebensraten(g.anstieg, niveau), fort, zu / max(float(zu.sum()), 1e-9), ziffer)


def nachgerechnet(g: Grundlagen) -> Verlauf:
    """Die Bevölkerung der Kommunen vom Startjahr bis zum letzten Jahr mit veröffentlichtem Bestand.

    Zweimal: Was der Altersaufbau des Kreises im letzten Jahr von der ersten Rechnung unterscheidet, verteilt
    die zweite auf die Jahre dazwischen, je Jahrgang.
    """
    verlauf = _lauf(g, None)
    stand = min((j for j in g.kreis if j > g.start), default=0)
    if not stand:
        return verlauf
    return _lauf(g, (stand, _jahrgangsfaktor(g, verlauf, stand)))


def _jahrgangsfaktor(g: Grundlagen, verlauf: Verlauf, stand: int) -> Feld:
    """Veröffentlicht durch gerechnet, je Geschlecht und Alter im Jahr ``stand``, bei gleicher Summe."""
    grenzen, ziel = g.kreis[stand]
    vorher = verlauf.bestand[-stand].sum(axis=0)
    ist = np.add.reduceat(vorher, list(grenzen), axis=-1)
    faktor = ziel / ziel.sum() * ist.sum() / np.maximum(ist, 1e-9)
    return np.asarray(
        faktor[:, np.searchsorted(np.asarray(grenzen), JAHRE, side="right") - 1], dtype=np.float64
    )


def _lauf(g: Grundlagen, jahrgaenge: tuple[int, Feld] | None) -> Verlauf:
    v = Verlauf({g.start: g.bestand})
    faktor_teile = eigene_geburten(g)
    for jahr in range(g.start + 1, g.ende + 1):
        vorher = v.bestand[jahr - 1]
        kreis = vorher.sum(axis=0)
        niveau = _niveau(g, v, jahr, kreis)
        raten = _raten(g, jahr, niveau, kreis, kreis)
        neu = gealtert(vorher, raten.ueberleben)
        gestorben = vorher.sum(axis=(1, 2)) - neu.sum(axis=(1, 2))
        erwartet = frauenjahre(vorher, neu, raten.geburtenziffer) * faktor_teile
        geburten = _verteilt(g, jahr, erwartet)
        neu[:, :, 0] = geburten[:, None] * np.array([JUNGEN, 1 - JUNGEN]) * (1 - SAEUGLINGE)
        if jahrgaenge and jahr <= jahrgaenge[0]:
            neu = _zurechtgerueckt(neu, jahr, g.start, *jahrgaenge)
        neu, saldo = _an_veroeffentlichtes(g, v, jahr, neu, raten)
        v.bestand[jahr], v.geburten[jahr], v.saldo[jahr] = neu, geburten, saldo
        v.gestorbene[jahr] = gestorben + geburten * SAEUGLINGE
        v.niveau[jahr] = niveau
        v.ziffer[jahr] = float(geburten.sum() / (erwartet / faktor_teile).sum())
    return v


def _niveau(g: Grundlagen, v: Verlauf, jahr: int, kreis: Feld) -> Feld:
    if jahr <= max(g.gestorbene):
        return sterbeniveau(kreis, g.anstieg, _zwischen(g.gestorbene, jahr))
    letztes = v.niveau.get(jahr - 1)
    if letztes is None:  # nur das Startjahr selbst ist bekannt
        letztes = sterbeniveau(kreis, g.anstieg, g.gestorbene[max(g.gestorbene)])
    return np.asarray(letztes * (1 - g.rueckgang), dtype=np.float64)


def eigene_geburten(g: Grundlagen) -> Feld:
    """Geburtenhäufigkeit je Kommune gegen den Kreis: unter 3-Jährige im Startjahr und bekannte Geburten.

    Kleine Zahlen ziehen zum Kreis (empirisches Bayes: wie viel vom Unterschied Zufall ist, sagt Poisson).
    """
    je_frau = frauenjahre(g.bestand, g.bestand, g.muetter / g.muetter.sum())
    ist = g.bestand[:, :, :3].sum(axis=(1, 2))
    soll = je_frau * ist.sum() / je_frau.sum()
    for (jahr, k), n in g.geburten_teile.items():
        ist[k] += n
        soll[k] += _zwischen(g.geburten, jahr) * je_frau[k] / je_frau.sum()
    faktor = ist / np.maximum(soll, 1e-9)
    zwischen = max(float(((faktor - 1) ** 2 - 1 / np.maximum(soll, 1.0)).mean()), 1e-4)
    return np.asarray((ist + 1 / zwischen) / (soll + 1 / zwischen), dtype=np.float64)


def _verteilt(g: Grundlagen, jahr: int, erwartet: Feld) -> Feld:
    """Geburten je Kommune: veröffentlichte wie sie sind, der Rest des Kreises nach Erwartung."""
    alle = float(_zwischen(g.geburten, jahr))
    bekannt = {k: n for (j, k), n in g.geburten_teile.items() if j == jahr}
    rest = np.array([0.0 if k in bekannt else e for k, e in enumerate(erwartet)])
    geburten = rest * max(alle - sum(bekannt.values()), 0.0) / max(float(rest.sum()), 1e-9)
    for k, n in bekannt.items():
        geburten[k] = n
    return np.asarray(geburten, dtype=np.float64)


def _zurechtgerueckt(n: Feld, jahr: int, start: int, stand: int, faktor: Feld) -> Feld:
    """Der Anteil eines Jahres am Faktor des Jahrgangs."""
    dann = JAHRE + stand - jahr
    dabei = dann < ALTER
    schritte = np.minimum(stand - start, dann + 1)[dabei]
    n = n.copy()
    n[:, :, dabei] *= faktor[:, dann[dabei]] ** (1 / schritte)
    return n


def _an_veroeffentlichtes(
    g: Grundlagen, v: Verlauf, jahr: int, neu: Feld, raten: Jahresraten
) -> tuple[Feld, Feld]:
    """Wandern lassen und an alles Veröffentlichte des Jahres anpassen; dazu der Saldo je Kommune."""
    vorher, kommunen = neu.sum(axis=(1, 2)), np.arange(len(g.teile))
    form = neu.shape
    if jahr <= max(g.gesamt, default=0):
        gesamt = np.asarray(_zwischen({g.start: g.bestand.sum(axis=2), **g.gesamt}, jahr))
        saldo = gesamt.sum(axis=1) - vorher
        neu = _gewandert(neu, raten, saldo)
        raender = [Rand(_raster(kommunen, np.arange(2), 0, form=form), gesamt)]
        if jahr in g.von_15_bis_64:
            mitte = g.von_15_bis_64[jahr]
            alter = ((JAHRE >= 15) & (JAHRE < 65)).astype(np.intp)
            ziel = np.stack([gesamt.sum(axis=1) - mitte, mitte], axis=1)
            raender.append(Rand(_raster(kommunen, 0, alter, form=form), ziel))
        if jahr in g.anteil_65:
            alle, anteil = float(gesamt.sum()), g.anteil_65[jahr]
            alter = (JAHRE >= 65).astype(np.intp)
            raender.append(Rand(_raster(0, 0, alter, form=form), alle * np.array([1 - anteil, anteil])))
        neu = angepasst(neu, raender[::-1], hoechstens=200)
        v.bestand[-jahr] = neu
    else:
        kreis = float((g.umzuege(g.zuzuege, jahr) - g.umzuege(g.fortzuege, jahr)).sum())
        saldo = saldo_je_kommune(vorher, v.abweichung([g.start, *g.gesamt])[0], kreis)
        neu = _gewandert(neu, raten, saldo)
    if jahr in g.kreis:
        neu = _auf_der_grundlage_des_kreises(g, jahr, neu)
    return neu, saldo


def _auf_der_grundlage_des_kreises(g: Grundlagen, jahr: int, n: Feld) -> Feld:
    """Altersgruppen des Kreises; steht er auf einer neueren Zählung, rücken die Kommunen mit ihr."""
    grenzen, ziel = g.kreis[jahr]
    alter = (np.searchsorted(np.asarray(grenzen), JAHRE, side="right") - 1).astype(np.intp)
    spalten = Rand(_raster(0, np.arange(2), alter, form=n.shape), ziel)
    if jahr not in g.gesamt:
        return angepasst(n, [spalten])
    gesamt = n.sum(axis=(1, 2)) + g.unterschied
    zeilen = Rand(
        _raster(np.arange(len(n)), 0, 0, form=n.shape), gesamt * float(ziel.sum()) / float(gesamt.sum())
    )
    return angepasst(n, [zeilen, spalten])


# --- Vorausrechnung --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Annahmen:
    """Was künftig gilt: Kinder je Frau, Wanderungssaldo des Kreises je Jahr, Rückgang der Sterblichkeit."""

    kinder_je_frau: float
    saldo: float
    rueckgang: float


def gemessen(v: Verlauf, g: Grundlagen) -> Annahmen:
    """Die Annahmen, die aus der Nachrechnung folgen.

    Kinder je Frau: Mittel der letzten beiden Jahre mit veröffentlichten Geburten. Saldo: mittlerer Wert
    (Median) der letzten zehn Jahre, damit ein außergewöhnliches Jahr nicht alles bestimmt.

    Raises:
        BerichtswerkFehler: ``methode-kurz``, wenn nach dem Startjahr nichts veröffentlicht ist.
    """
    genug("Nachgerechnete Bevölkerung", list(v.ziffer), 1)
    letzte = [j for j in sorted(v.ziffer) if j in g.geburten][-2:] or [max(v.ziffer)]
    salden = [float(v.saldo[j].sum()) for j in sorted(v.saldo)[-SALDOJAHRE:]]
    return Annahmen(float(np.mean([v.ziffer[j] for j in letzte])), float(np.median(salden)), g.rueckgang)


def vorausgerechnet(
    g: Grundlagen, v: Verlauf, annahmen: Annahmen, ende: int, eckwerte: Mapping[int, float] | None = None
) -> Verlauf:
    """Schreibt einen nachgerechneten Verlauf bis ``ende`` fort; das Bisherige bleibt.

    Args:
        eckwerte: Bevölkerung des Kreises je Jahr nach einer amtlichen Vorausschätzung; jedes genannte Jahr
            wird daran angepasst.
    """
    basis = max(v.bestand)
    letzte = [v.niveau[j] for j in sorted(v.niveau) if j in g.gestorbene][-2:] or [v.niveau[basis]]
    niveau, damals = np.mean(letzte, axis=0), v.bestand[basis].sum(axis=0)
    neu = Verlauf(*({j: w for j, w in je.items() if j >= 0} for je in vars(v).values()))
    eigene, _, _ = v.abweichung([g.start, *g.gesamt])
    faktor = eigene_geburten(g)
    for jahr in range(basis + 1, ende + 1):
        vorher = neu.bestand[jahr - 1]
        niveau = niveau * (1 - annahmen.rueckgang)
        raten = _raten(g, jahr, niveau, damals, vorher.sum(axis=0))
        n = gealtert(vorher, raten.ueberleben)
        erwartet = frauenjahre(vorher, n, raten.geburtenziffer)
        geburten = _normiert(faktor, erwartet) * erwartet * annahmen.kinder_je_frau
        gestorben = vorher.sum(axis=(1, 2)) - n.sum(axis=(1, 2)) + geburten * SAEUGLINGE
        n[:, :, 0] = geburten[:, None] * np.array([JUNGEN, 1 - JUNGEN]) * (1 - SAEUGLINGE)
        alle = n.sum(axis=(1, 2))
        saldo = saldo_je_kommune(alle, eigene, annahmen.saldo)
        n = _gewandert(n, raten, saldo)
        if eckwerte and jahr in eckwerte:
            n = n * (eckwerte[jahr] / float(n.sum()))
            saldo = n.sum(axis=(1, 2)) - alle
        neu.bestand[jahr], neu.geburten[jahr], neu.gestorbene[jahr] = n, geburten, gestorben
        neu.saldo[jahr], neu.niveau[jahr], neu.ziffer[jahr] = saldo, niveau, annahmen.kinder_je_frau
    return neu


def _normiert(faktor: Feld, erwartet: Feld) -> Feld:
    """Faktoren der Kommunen, mit denen der Kreis seine Geburtenziffer behält."""
    return np.asarray(
        faktor * erwartet.sum(axis=-1, keepdims=True) / (faktor * erwartet).sum(axis=-1, keepdims=True)
    )


def saldo_je_kommune(einwohner: Feld, eigene: Feld, kreis: float | Feld) -> Feld:
    """Saldo je Kommune aus dem des Kreises und ihrer Abweichung je Einwohner; die Summe ist der Kreis."""
    alle = einwohner.sum(axis=-1, keepdims=True)
    dazu = einwohner * eigene
    dazu = dazu - dazu.sum(axis=-1, keepdims=True) * einwohner / alle
    return np.asarray(np.asarray(kreis)[..., None] * einwohner / alle + dazu, dtype=np.float64)


# --- Zufall ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Streuung:
    """Wie stark künftige Jahre schwanken: Geburtenziffer und Sterblichkeit (relativ), Saldo (Personen)."""

    geburten: float
    saldo: float
    sterblichkeit: float = 0.02


def gemessene_streuung(v: Verlauf, geburten: Mapping[int, float]) -> Streuung:
    """Schwankung der Geburten von Jahr zu Jahr seit 2000, des Saldos in der Nachrechnung (robust)."""
    schritte = [
        math.log(geburten[j] / geburten[j - 1])
        for j in geburten
        if j > 2000 and j - 1 in geburten and geburten[j - 1] > 0 and geburten[j] > 0
    ]
    salden = np.array([float(s.sum()) for s in v.saldo.values()])
    robust = 1.4826 * float(np.median(np.abs(salden - np.median(salden))))
    return Streuung(float(np.std(schritte)) if len(schritte) > 2 else 0.05, robust)


def baender(
    g: Grundlagen, v: Verlauf, annahmen: Annahmen, streuung: Streuung, *, ende: int, laeufe: int, saat: int
) -> dict[tuple[str, int], Feld]:
    """Untere und obere Grenze je Gruppe und Jahr, Form (2, Kommunen und Kreis): Monte Carlo mit fester Saat.

    Zufällig sind Überleben, Geburten und Umzüge der einzelnen Menschen (kleine Kommunen schwanken darum
    relativ mehr), Geburtenziffer und Sterblichkeit (jedes Jahr etwas anders, bleibend), der Saldo des Kreises
    (ein Jahr dem vorigen ähnlich) und die Abweichung jeder Kommune davon.
    """
    zufall = np.random.default_rng(saat)
    basis = max(j for j in v.bestand if j in v.niveau and j <= max(g.ende, g.start))
    eigene, bleibend, je_jahr = v.abweichung([g.start, *g.gesamt])
    kommunen = len(g.teile)
    z = np.repeat(v.bestand[basis][None].astype(np.float32), laeufe, axis=0)
    kreis = v.bestand[basis].sum(axis=0)
    faktor = eigene_geburten(g)
    schwung, toedlich = np.zeros(laeufe), np.ones(laeufe)
    ziffer = np.full(laeufe, annahmen.kinder_je_frau)
    eigen = eigene + bleibend * zufall.standard_normal((laeufe, kommunen)) / math.sqrt(EIGENE_JAHRE)
    gewichte = np.stack([m.ravel() for m in GRUPPEN.values()], axis=1).astype(np.float32)
    knaben = np.array([JUNGEN, 1 - JUNGEN]) * (1 - SAEUGLINGE)
    grenzen: dict[tuple[str, int], Feld] = {}
    for jahr in range(basis + 1, ende + 1):
        raten = _raten(g, jahr, v.niveau[jahr], kreis, v.bestand[jahr - 1].sum(axis=0))
        toedlich = toedlich * np.exp(streuung.sterblichkeit * zufall.standard_normal(laeufe))
        s = (raten.ueberleben ** toedlich[:, None, None]).astype(np.float32)[:, None]
        fort = raten.fortzug.astype(np.float32)
        neu = gealtert(z, s)
        streu = gealtert(z, s * (1 - s))
        ziffer = ziffer * np.exp(streuung.geburten * zufall.standard_normal(laeufe))
        frauen = frauenjahre(z, neu, raten.geburtenziffer)
        geburten = _normiert(faktor, frauen) * frauen * ziffer[:, None]
        geburten = np.maximum(geburten + np.sqrt(geburten) * zufall.standard_normal(geburten.shape), 0.0)
        neu[..., 0] = geburten[..., None] * knaben
        schwung = 0.5 * schwung + math.sqrt(0.75) * streuung.saldo * zufall.standard_normal(laeufe)
        saldo = saldo_je_kommune(
            neu.sum(axis=(-2, -1), dtype=np.float64),
            eigen + je_jahr * zufall.standard_normal((laeufe, kommunen)),
            annahmen.saldo + schwung,
        )
        weg = neu * fort
        zu = np.maximum(saldo + weg.sum(axis=(-2, -1)), 0.0).astype(np.float32)[..., None, None]
        herein = zu * raten.zuzug.astype(np.float32)
        streu += weg * (1 - fort)
        streu += herein
        neu -= weg
        neu += herein
        np.sqrt(streu, out=streu)
        streu *= zufall.standard_normal(neu.shape, dtype=np.float32)
        neu += streu
        z = np.maximum(neu, 0, out=neu)
        summen = (z.reshape(laeufe, kommunen, -1) @ gewichte).astype(np.float64)
        alle = np.concatenate([summen, summen.sum(axis=1, keepdims=True)], axis=1)
        geboren = np.concatenate([geburten, geburten.sum(axis=1, keepdims=True)], axis=1)
        je_gruppe = np.quantile(alle, [UNTEN, OBEN], axis=0)
        for nr, name in enumerate(GRUPPEN):
            grenzen[name, jahr] = je_gruppe[:, :, nr]
        grenzen["geburten", jahr] = np.quantile(geboren, [UNTEN, OBEN], axis=0)
    return grenzen


# --- Rückblick -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fehlermass:
    """Abweichungen einer Rechnung von der Wirklichkeit in Prozent."""

    abweichung: Feld

    @property
    def mape(self) -> float:
        """Mittlere Abweichung ohne Vorzeichen."""
        return float(np.abs(self.abweichung).mean())

    @property
    def verzerrung(self) -> float:
        """Mittlere Abweichung mit Vorzeichen: über null war zu hoch gerechnet."""
        return float(self.abweichung.mean())


def fehlermass(gerechnet: Feld, wirklich: Feld) -> Fehlermass:
    """Abweichung je Stelle in Prozent des wirklichen Werts; Stellen ohne Werte fallen weg."""
    da = np.asarray(wirklich) > 0
    return Fehlermass(100 * (np.asarray(gerechnet)[da] / np.asarray(wirklich)[da] - 1))


def rueckblick(g: Grundlagen, jahr: int, ende: int) -> tuple[Verlauf, Annahmen]:
    """Rechnet mit dem, was am Ende von ``jahr`` bekannt war, bis ``ende``; Annahmen nach derselben Regel."""
    damals = g.bis(jahr)
    v = nachgerechnet(damals)
    annahmen = gemessen(v, damals)
    return vorausgerechnet(damals, v, annahmen, ende), annahmen
