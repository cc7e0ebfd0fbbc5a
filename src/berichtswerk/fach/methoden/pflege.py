"""Vorausrechnung der Pflegebedürftigen (``P_t = Σ_{a,g} N_{a,g}(t)·q_{a,g}(t)``) und ihrer Versorgung.

Quoten stehen in Prozent; die letzte Achse ist das Alter, davor wahlweise das Geschlecht – Form (Alter,)
oder (Geschlecht, Alter). Szenarien nach Statistische Ämter des Bundes und der Länder (2010): Demografischer
Wandel in Deutschland, Heft 2, und Destatis, Pflegevorausberechnung (2023).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from berichtswerk.fach.methoden.annahmen import Szenario
from berichtswerk.fach.methoden.anpassung import proportional
from berichtswerk.fach.methoden.eingabe import Feld, bereich, feld, zahltext
from berichtswerk.fach.methoden.ergebnis import Ergebnis, gesperrt, quotient
from berichtswerk.fach.methoden.fehler import (
    PflegeArt,
    PflegeAusgangsjahr,
    PflegeGewichte,
    VersorgungAnteile,
)
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zeichen import Status

DECKEL = 100.0
"""Mehr als alle können nicht pflegebedürftig sein (Prozent)."""


def _quote(quote: ArrayLike) -> Feld:
    q = feld("Pflegequote", quote)
    bereich("größte Pflegequote", float(q.max(initial=0.0)), 0.0, DECKEL + 1e-9)  # Rechenrest
    return q


def quote_steigend(
    quote: ArrayLike,
    anstieg: float,
    schritte: int,
    *,
    daempfung: float = 1.0,
    hoechstens_schritte: int | None = None,
    deckel: float = DECKEL,
) -> Feld:
    """Steigende Quote ``q(t) = q(t0)·Π_{k=0}^{m−1}(1 + d·δ^k)``, gedeckelt.

    Args:
        quote: Ausgangsquoten in Prozent.
        anstieg: relativer Anstieg d im ersten Schritt (0,10 = 10 %; negativ: Rückgang).
        schritte: Zahl der Schritte seit dem Ausgangsjahr.
        daempfung: δ, um das der Anstieg je Schritt abnimmt (1 = ungedämpft).
        hoechstens_schritte: danach bleibt die Quote konstant (z. B. Anstieg nur bis 2027).
        deckel: obere Grenze in Prozent.
    """
    bereich("Dämpfung", daempfung, 0.0, 1.0)
    bereich("Anstieg", anstieg, -1.0, float("inf"))
    anzahl = schritte if hoechstens_schritte is None else min(schritte, hoechstens_schritte)
    faktor = float(np.prod(1.0 + anstieg * daempfung ** np.arange(max(anzahl, 0))))
    return np.minimum(_quote(quote) * faktor, deckel)


def quote_verschoben(quote: ArrayLike, jahre: float, *, breite: float = 5.0) -> Feld:
    """Verschobenes Altersprofil ``q'_a = q_{a−Δe}``, linear zwischen den Gruppen.

    Kompression (Δe > 0: gewonnene Jahre sind gesunde Jahre): ``q'_i = q_i − (q_i − q_{i−1})·Δe/5``; die
    jüngste Gruppe bleibt. Δe < 0 verschiebt zu höheren Quoten (Medikalisierung); die älteste bleibt.

    Args:
        quote: Quoten in Prozent, aufsteigende Altersgruppen.
        jahre: Δe in Jahren, auch größer als eine Gruppenbreite.
        breite: Abstand benachbarter Gruppen in Jahren; auch der Abstand zur breiten ersten Gruppe zählt so.
    """
    q = _quote(quote)
    bereich("Altersgruppenbreite", breite, 1e-9, float("inf"))
    stellen = np.arange(q.shape[-1], dtype=np.float64)
    return np.asarray(
        np.apply_along_axis(lambda zeile: np.interp(stellen - jahre / breite, stellen, zeile), -1, q),
        dtype=np.float64,
    )


def quote_gemischt(anteile: Mapping[str, float], quoten: Mapping[str, ArrayLike]) -> Feld:
    """Gemischtes Szenario: gewichtetes Mittel der Quoten anderer Szenarien.

    Args:
        anteile: Gewicht je Szenario, Summe 1.
        quoten: Quoten je Szenario in Prozent.

    Raises:
        BerichtswerkFehler: ``pflege-gewichte``, wenn die Gewichte nicht 1 ergeben.
    """
    summe = sum(anteile.values())
    if abs(summe - 1.0) > 1e-9 or min(anteile.values(), default=0.0) < 0:
        raise BerichtswerkFehler(PflegeGewichte.melde(summe=zahltext(summe)))
    teile = [gewicht * _quote(quoten[name]) for name, gewicht in anteile.items()]
    return np.asarray(np.sum(teile, axis=0), dtype=np.float64)


def pflegebeduerftige(bevoelkerung: ArrayLike, quote: ArrayLike) -> Feld:
    """Pflegebedürftige je Altersgruppe: ``N·q/100`` (Personen, ungerundet), Form wie die Bevölkerung."""
    q = _quote(quote)
    return feld("Bevölkerung", bevoelkerung, q.shape[-1]) * q / 100.0


@dataclass(frozen=True, slots=True)
class Altersbereinigt:
    """Eine Quote, befreit vom Altersaufbau des Gebiets; Quoten in Prozent, ungerundet."""

    erwartet: float
    """Quote, die das Gebiet mit den Quoten des Vergleichsgebiets je Alter hätte."""
    bereinigt: float
    """Quote des Gebiets bei gleichem Altersaufbau wie im Vergleichsgebiet."""


def altersbereinigt(
    faelle: float, bevoelkerung: ArrayLike, quote_vergleich: ArrayLike, roh_vergleich: float
) -> Altersbereinigt:
    """Indirekte Standardisierung: ``Q = Fälle / Σ(N_a·q_a) · Q_Vergleich``.

    Für die direkte müssten die Quoten des Gebiets je Alter bekannt sein; hier genügt seine Gesamtzahl.

    Args:
        faelle: Pflegebedürftige des Gebiets.
        bevoelkerung: Bevölkerung des Gebiets, letzte Achse Alter.
        quote_vergleich: Quoten des Vergleichsgebiets in Prozent, dieselbe Form.
        roh_vergleich: Pflegequote des Vergleichsgebiets insgesamt in Prozent.
    """
    erwartet = float(pflegebeduerftige(bevoelkerung, quote_vergleich).sum())
    alle = float(np.sum(np.asarray(bevoelkerung, dtype=np.float64)))
    return Altersbereinigt(100.0 * erwartet / alle, faelle / erwartet * roh_vergleich)


STATUS_QUO, STEIGEND, KOMPRESSION, GEMISCHT = "status_quo", "steigend", "kompression", "gemischt"
ARTEN = (STATUS_QUO, STEIGEND, KOMPRESSION, GEMISCHT)
"""Werte der Annahme ``art`` eines Pflegeszenarios."""


def quote_im_szenario(quote: ArrayLike, szenario: Szenario, jahre: int) -> Feld:
    """Quoten ``jahre`` Jahre nach dem Ausgangsjahr unter den Annahmen eines Szenarios.

    Annahmen: ``art`` (einer von :data:`ARTEN`); bei „steigend“ ``anstieg`` je Jahr, ``daempfung`` (sonst 1),
    ``anstieg_jahre`` (sonst alle Jahre), ``deckel`` (sonst 100); bei „kompression“ ``gewinn_je_jahr``
    (Jahre Lebenserwartung je Kalenderjahr) oder ``gewinn`` (Jahre insgesamt); bei „gemischt“
    ``gewicht_steigend`` und ``gewicht_kompression``, der Rest ist Status quo.

    Raises:
        BerichtswerkFehler: ``pflege-art`` bei unbekannter Art, ``annahme-unbekannt``.
    """
    art = szenario.annahme("art").wert
    if art == STATUS_QUO:
        return _quote(quote).copy()
    if art == STEIGEND:
        return quote_steigend(
            quote,
            szenario.zahl("anstieg"),
            jahre,
            daempfung=szenario.zahl("daempfung", 1.0),
            hoechstens_schritte=int(szenario.zahl("anstieg_jahre", float(jahre))),
            deckel=szenario.zahl("deckel", DECKEL),
        )
    if art == KOMPRESSION:
        je_jahr = (
            szenario.zahl("gewinn_je_jahr", 0.0) if "gewinn" in szenario else szenario.zahl("gewinn_je_jahr")
        )
        return quote_verschoben(quote, szenario.zahl("gewinn", 0.0) + je_jahr * jahre)
    if art == GEMISCHT:
        return _gemischt(quote, szenario, jahre)
    raise BerichtswerkFehler(PflegeArt.melde(szenario=szenario.name, art=art, arten=", ".join(ARTEN)))


def _gemischt(quote: ArrayLike, szenario: Szenario, jahre: int) -> Feld:
    steigend = szenario.zahl("gewicht_steigend")
    kompression = szenario.zahl("gewicht_kompression")
    art = szenario.annahme("art")
    quoten = {
        name: quote_im_szenario(quote, szenario.mit(replace(art, wert=name)), jahre)
        for name in (STATUS_QUO, STEIGEND, KOMPRESSION)
    }
    rest = 1.0 - steigend - kompression
    if abs(rest) < 1e-12:
        rest = 0.0
    return quote_gemischt({STATUS_QUO: rest, STEIGEND: steigend, KOMPRESSION: kompression}, quoten)


@dataclass(frozen=True, eq=False)
class Pflegeprognose:
    """Pflegebedürftige je Jahr und Altersgruppe (ungerundet) mit den verwendeten Quoten."""

    szenario: Szenario
    ausgangsjahr: int
    quoten: Mapping[int, Feld]
    personen: Mapping[int, Feld]

    def gesamt(self, jahr: int) -> float:
        """Pflegebedürftige insgesamt."""
        return float(self.personen[jahr].sum())

    def veraenderung(self, jahr: int) -> Ergebnis:
        """Veränderung gegenüber dem Ausgangsjahr in Prozent; ohne Fälle im Ausgangsjahr „gesperrt“."""
        return quotient(
            self.gesamt(jahr) - self.gesamt(self.ausgangsjahr), self.gesamt(self.ausgangsjahr), 100.0
        )


def pflegeprognose(
    bevoelkerung: Mapping[int, ArrayLike], quote: ArrayLike, szenario: Szenario, ausgangsjahr: int
) -> Pflegeprognose:
    """Rechnet alle Jahre der Bevölkerungsvorausrechnung in einem Szenario.

    Args:
        bevoelkerung: je Jahr Form (Alter,) oder (Geschlecht, Alter); das Ausgangsjahr muss dabei sein.
        quote: Quoten des Ausgangsjahres in Prozent, dieselbe Form.
        szenario: Annahmen, siehe :func:`quote_im_szenario`.
        ausgangsjahr: Jahr der Quoten.

    Raises:
        BerichtswerkFehler: ``pflege-ausgangsjahr``, wenn das Ausgangsjahr fehlt.
    """
    if ausgangsjahr not in bevoelkerung:
        raise BerichtswerkFehler(PflegeAusgangsjahr.melde(jahr=ausgangsjahr))
    quoten = {
        j: _quote(quote).copy() if j <= ausgangsjahr else quote_im_szenario(quote, szenario, j - ausgangsjahr)
        for j in sorted(bevoelkerung)
    }
    personen = {j: pflegebeduerftige(bevoelkerung[j], q) for j, q in quoten.items()}
    return Pflegeprognose(szenario, ausgangsjahr, quoten, personen)


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
