"""Bedarf an Plätzen der Kindertagesbetreuung.

``B_g = Σ_a N_a·z_a + Gast_in − Gast_out + I_g + R_g``. Die Reserve R ist Vorsorge für unvorhergesehenen
Bedarf, wie sie § 80 Abs. 1 Nr. 3 SGB VIII verlangt.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from berichtswerk.fach.methoden.annahmen import Szenario
from berichtswerk.fach.methoden.eingabe import bereich, feld
from berichtswerk.fach.methoden.ergebnis import Ergebnis, quotient

_UNBEGRENZT = float("inf")


@dataclass(frozen=True, slots=True)
class Bedarf:
    """Platzbedarf einer Gruppe mit seinen Teilen, in Plätzen und ungerundet.

    ``gesamt = max(nachfrage + gast_ein − gast_aus + integration, 0) + reserve``.
    """

    gruppe: str
    kinder: float
    nachfrage: float
    gast_ein: float
    gast_aus: float
    integration: float
    reserve: float
    gesamt: float

    @property
    def zielquote(self) -> Ergebnis:
        """Mittlere Zielquote der Gruppe in Prozent; ohne Kinder „gesperrt“."""
        return quotient(self.nachfrage, self.kinder, 100.0)

    @property
    def plaetze(self) -> int:
        """Bedarf in ganzen Plätzen, aufgerundet (ein angefangener Platz ist ein Platz)."""
        return math.ceil(round(self.gesamt, 9))


def platzbedarf(
    gruppe: str,
    kinder: ArrayLike,
    zielquote: ArrayLike,
    *,
    gast_ein: float = 0.0,
    gast_aus: float = 0.0,
    integrationskinder: float = 0.0,
    platzminderung: float = 0.0,
    reserve: float = 0.0,
) -> Bedarf:
    """Bedarf einer Altersgruppe.

    Args:
        gruppe: Name der Altersgruppe.
        kinder: Kinder am Stichtag, eine Zahl oder je Altersjahr.
        zielquote: Zielquote z in Prozent (0…100), eine Zahl oder je Altersjahr.
        gast_ein: Gastkinder aus anderen Gebieten, die hier betreut werden.
        gast_aus: Kinder des Gebiets, die anderswo betreut werden.
        integrationskinder: Kinder mit Anspruch auf Eingliederungshilfe.
        platzminderung: Plätze, die je Integrationskind zusätzlich frei bleiben.
        reserve: Reserve in Prozent des übrigen Bedarfs (üblich 2 bis 5).

    Raises:
        BerichtswerkFehler: negative Zahlen oder Quoten außerhalb 0…100.
    """
    anzahl = np.atleast_1d(feld("Kinder", kinder))
    quoten = np.atleast_1d(feld("Zielquote", zielquote))
    bereich("größte Zielquote", float(quoten.max(initial=0.0)), 0.0, 100.0)
    if len(quoten) > 1:
        feld("Zielquote", quoten, len(anzahl))
    for name, wert in (("gast_ein", gast_ein), ("gast_aus", gast_aus), ("reserve", reserve)):
        bereich(name, wert, 0.0, _UNBEGRENZT)
    integration = bereich("Integrationskinder", integrationskinder, 0.0, _UNBEGRENZT) * bereich(
        "Platzminderung", platzminderung, 0.0, _UNBEGRENZT
    )
    nachfrage = float((anzahl * quoten).sum() / 100.0)
    rest = max(nachfrage + gast_ein - gast_aus + integration, 0.0)
    vorsorge = rest * reserve / 100.0
    return Bedarf(
        gruppe=gruppe,
        kinder=float(anzahl.sum()),
        nachfrage=nachfrage,
        gast_ein=gast_ein,
        gast_aus=gast_aus,
        integration=integration,
        reserve=vorsorge,
        gesamt=rest + vorsorge,
    )


def platzbedarf_im_szenario(gruppe: str, kinder: ArrayLike, szenario: Szenario) -> Bedarf:
    """:func:`platzbedarf` mit den Annahmen eines Szenarios.

    Nötig ist ``zielquote <gruppe>``; wahlweise (sonst null) ``gast_ein <gruppe>``, ``gast_aus <gruppe>``,
    ``integrationskinder <gruppe>``, ``platzminderung`` und ``reserve``.

    Raises:
        BerichtswerkFehler: ``annahme-unbekannt``, wenn die Zielquote der Gruppe fehlt.
    """
    return platzbedarf(
        gruppe,
        kinder,
        szenario.zahl(f"zielquote {gruppe}"),
        gast_ein=szenario.zahl(f"gast_ein {gruppe}", 0.0),
        gast_aus=szenario.zahl(f"gast_aus {gruppe}", 0.0),
        integrationskinder=szenario.zahl(f"integrationskinder {gruppe}", 0.0),
        platzminderung=szenario.zahl("platzminderung", 0.0),
        reserve=szenario.zahl("reserve", 0.0),
    )


def gesamtbedarf(teile: Iterable[Bedarf]) -> Bedarf:
    """Summe mehrerer Bedarfe (Gruppen oder Einheiten); Gastkinder heben sich dabei nicht auf."""
    liste = list(teile)
    return Bedarf(
        "gesamt",
        *(
            math.fsum(getattr(t, name) for t in liste)
            for name in ("kinder", "nachfrage", "gast_ein", "gast_aus", "integration", "reserve", "gesamt")
        ),
    )


LANDESRECHT_KLASSEN: tuple[int, ...] = (1, 2, 3, 4)
"""Klassen mit Anspruch nach § 1 KitaG Brandenburg (bis zum Übergang in die 5. Jahrgangsstufe)."""

GAFOEG_STUFEN: Mapping[int, tuple[int, ...]] = {2026: (1,), 2027: (1, 2), 2028: (1, 2, 3), 2029: (1, 2, 3, 4)}
"""Anspruchsklassen nach Ganztagsförderungsgesetz je Beginn des Schuljahres (ab 2029/30 Klassen 1–4)."""


def anspruchsklassen(schuljahr: int, landesrecht: Iterable[int] = ()) -> tuple[int, ...]:
    """Klassen mit Anspruch auf ganztägige Förderung im Schuljahr, das in ``schuljahr`` beginnt.

    Bundesrecht (GaFöG, § 24 Abs. 4 SGB VIII ab 01.08.2026, Endstufe 01.08.2029), ergänzt um die Klassen,
    die das Landesrecht schon einschließt.
    """
    letzte = max(GAFOEG_STUFEN)
    bund = GAFOEG_STUFEN.get(min(schuljahr, letzte), ())
    return tuple(sorted({*bund, *landesrecht}))


def hortbedarf(
    schueler: Mapping[int, float],
    quote_mit_anspruch: float,
    quote_ohne_anspruch: float,
    schuljahr: int,
    *,
    landesrecht: Iterable[int] = LANDESRECHT_KLASSEN,
    ganztagsplaetze: float = 0.0,
    reserve: float = 0.0,
) -> Bedarf:
    """Hortbedarf ``Σ_k Schüler_k·z_k``, abzüglich gebundener Ganztagsschulplätze, zuzüglich Reserve.

    Args:
        schueler: Schülerzahl je Klasse, nach Schulstandort (der Schulbezirk ist nicht der Wohnort).
        quote_mit_anspruch: Zielquote der Klassen mit Rechtsanspruch in Prozent.
        quote_ohne_anspruch: Zielquote der übrigen Klassen in Prozent.
        schuljahr: Jahr, in dem das Schuljahr beginnt.
        landesrecht: Klassen mit Anspruch nach Landesrecht.
        ganztagsplaetze: Plätze in Ganztagsschulen, die den Anspruch erfüllen; sie werden abgezogen.
        reserve: Reserve in Prozent.
    """
    rechte = anspruchsklassen(schuljahr, landesrecht)
    klassen = sorted(schueler)
    quoten = [quote_mit_anspruch if k in rechte else quote_ohne_anspruch for k in klassen]
    return platzbedarf(
        "Hort",
        [schueler[k] for k in klassen] or 0.0,
        quoten or 0.0,
        gast_aus=bereich("Ganztagsplätze", ganztagsplaetze, 0.0, _UNBEGRENZT),
        reserve=reserve,
    )
