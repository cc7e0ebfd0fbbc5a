"""Kindertagesbetreuung: Bedarf an Plätzen, und die Plätze als Zeitreihe.

``B_g = Σ_a N_a·z_a + Gast_in − Gast_out + I_g + R_g``. Die Reserve R ist Vorsorge für unvorhergesehenen
Bedarf, wie sie § 80 Abs. 1 Nr. 3 SGB VIII verlangt. Die Arten von Plätzen bleiben getrennt, denn
„genehmigt minus betreut“ ist nicht die freie Kapazität.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from berichtswerk.fach.methoden.annahmen import Szenario
from berichtswerk.fach.methoden.eingabe import bereich, feld
from berichtswerk.fach.methoden.ergebnis import Ergebnis, Lage, Tafelzeile, Werte, fehlt, quotient
from berichtswerk.fach.methoden.fehler import PlaetzeOhneEnde, PlaetzeVerkehrt
from berichtswerk.fach.methoden.kinder import (
    Neubaugebiet,
    geburten_mittel,
    kinder_aus_neubau,
    kinderprognose_im_szenario,
    wanderungsfaktoren,
)
from berichtswerk.fach.methoden.stichtag import (
    GRUPPEN,
    Monat,
    aus_altersjahren,
    geburtszeitraum,
    gleichverteilt,
    kinder_am_stichtag,
    volle_geburtsmonate,
)
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zahl import datum

if TYPE_CHECKING:
    import pandas as pd


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


class Platzart(StrEnum):
    """Was ein Platz ist."""

    GENEHMIGT = "genehmigt"
    """unbefristet nach Betriebserlaubnis (§ 45 SGB VIII)"""
    BEFRISTET = "befristete Ausnahme"
    """befristete Ausnahmegenehmigung mit Enddatum"""
    BELEGBAR = "belegbar"
    """mit Personal, Raum und Integration tatsächlich zu belegen"""
    BELEGT = "belegt"
    """betreute Kinder"""


@dataclass(frozen=True, slots=True)
class Platzbestand:
    """Plätze einer Art in einer Einrichtung oder Einheit von ``von`` bis einschließlich ``bis``.

    ``bis=None`` heißt unbefristet; eine befristete Ausnahme braucht ein Enddatum.

    Raises:
        BerichtswerkFehler: ``kapazitaet-zeitraum``, ``kapazitaet-ohne-ende`` oder ``methode-bereich``.
    """

    einheit: str
    art: Platzart
    plaetze: float
    von: date
    bis: date | None = None
    gruppe: str = ""
    herkunft: str = ""

    def __post_init__(self) -> None:
        bereich(f"Plätze {self.einheit}", self.plaetze, 0.0, float("inf"))
        if self.bis is not None and self.bis < self.von:
            raise BerichtswerkFehler(
                PlaetzeVerkehrt.melde(einheit=self.einheit, von=datum(self.von), bis=datum(self.bis))
            )
        if self.art is Platzart.BEFRISTET and self.bis is None:
            raise BerichtswerkFehler(PlaetzeOhneEnde.melde(einheit=self.einheit))

    def gilt_am(self, tag: date) -> bool:
        """Ob der Bestand an diesem Tag gilt."""
        return self.von <= tag and (self.bis is None or tag <= self.bis)


def plaetze_am(
    bestand: Iterable[Platzbestand],
    art: Platzart,
    tag: date,
    *,
    einheiten: Iterable[str] | None = None,
    gruppe: str | None = None,
) -> Ergebnis:
    """Plätze einer Art an einem Tag, über Einheiten und Gruppen summiert.

    Ist die Art für eine Einheit nirgends angegeben, ist das Ergebnis „fehlt“: belegbare Plätze werden nie
    aus genehmigten erschlossen. Nur befristete Ausnahmen sind ohne Angabe null. Ist die Art angegeben, gilt
    aber am Tag nichts, sind es null Plätze.

    Args:
        bestand: alle Bestände.
        art: eine der vier Arten.
        tag: Stichtag.
        einheiten: nur diese Einheiten; ``None`` = alle.
        gruppe: nur diese Altersgruppe; ``None`` = alle.
    """
    alle = [b for b in bestand if gruppe is None or b.gruppe == gruppe]
    passend = [b for b in alle if b.art is art]
    gefragt = sorted({b.einheit for b in alle} if einheiten is None else set(einheiten))
    vorhanden = {b.einheit for b in passend}
    ohne = [] if art is Platzart.BEFRISTET else [e for e in gefragt if e not in vorhanden]
    if ohne or not gefragt:
        return fehlt(f"Plätze der Art „{art.value}“ nicht angegeben: {', '.join(ohne) or 'alle'}")
    return Ergebnis(math.fsum(b.plaetze for b in passend if b.einheit in gefragt and b.gilt_am(tag)))


# --- Rechnung: Bedarf der Kommunen -----------------------------------------------------------------------

STICHTAG = (6, 1)
"""Monat und Tag, zu dem die Planung rechnet."""
MIT_GAESTEN = "3 bis Einschulung"
"""Bei dieser Gruppe zählen Gast- und Integrationskinder."""
STUETZJAHRE = 5
"""Aus so vielen Übergängen folgt die Wanderung."""
ZUSAMMEN = {
    "kinder_u3": ("unter 1", "1 bis unter 3"),
    "kinder_kita": ("3 bis Einschulung",),
    "kinder_hort": ("Klassen 1 bis 4",),
}
"""Ergebnis → Altersgruppen, deren Kinder es zählt."""


def bedarf_der_kommunen(
    *,
    kinder: pd.DataFrame,
    geburten: pd.DataFrame,
    erhebung: pd.DataFrame,
    plaetze: pd.DataFrame,
    szenario: Szenario,
    lage: Lage,
    neubau: pd.DataFrame | None = None,
    presse: pd.DataFrame | None = None,
) -> dict[str, Any]:
    """Kinder, Platzbedarf und Plätze jeder Kommune am 1. Juni.

    Kinder je Altersjahr sind bis ``lage.basis`` erhoben, danach fortgeschrieben (Wanderung der letzten fünf
    Jahre, Geburten im Mittel von drei, Neubaugebiete).

    Annahmen: ``zielquote <Gruppe>`` je Altersgruppe, ``reserve``, ``platzminderung``, ``geburten_faktor``,
    ``wanderung_zuschlag``, ``neubau_anteil``, ``belegung_we``, ``kinderanteil_neubau``, ``von_aussen``,
    ``kinder_je_stelle``.

    Returns:
        je Kommune und Jahr ``bedarf`` und ``bedarf_<gruppe>``, ``stellen``, ``kinder_u3``, ``kinder_kita``,
        ``kinder_hort``, ``genehmigt``, ``befristet``, ``erlaubt`` (beide zusammen), ``belegbar``; im
        Basisjahr ``geburten_mittel``, ``wanderung_0_5``, ``wanderung_6_11`` (Prozent je Altersjahr);
        ``presse``; Tafeln ``stichtage`` und ``vorhaben``.
    """
    noetig = {"kinder": kinder, "geburten": geburten, "erhebung": erhebung}
    tabellen = noetig if neubau is None else {**noetig, "neubau": neubau}
    kommunen = []
    for g in lage.teile:
        eigene = {name: tafel[tafel["teil"] == g] for name, tafel in tabellen.items()}
        if not any(eigene[name].empty for name in noetig):
            kommunen.append(_Kommune.lies(g, eigene, szenario, lage))
    ergebnis: dict[str, Any] = _plaetze(plaetze, lage)
    for k in kommunen:
        for jahr in range(lage.beginn, lage.ende + 1):
            bedarfe = k.bedarfe(jahr, szenario)
            for name, gruppen in ZUSAMMEN.items():
                ergebnis.setdefault(name, {})[k.gebiet, jahr] = sum(bedarfe[g].kinder for g in gruppen)
            if jahr >= lage.basis:
                gesamt = gesamtbedarf(bedarfe.values()).gesamt
                stellen = quotient(gesamt, szenario.zahl("kinder_je_stelle"))
                je_gruppe = {f"bedarf_{g.lower().replace(' ', '_')}": b.gesamt for g, b in bedarfe.items()}
                for name, wert in {"bedarf": gesamt, "stellen": stellen, **je_gruppe}.items():
                    ergebnis.setdefault(name, {})[k.gebiet, jahr] = wert
        w = [100 * f.zahl for f in k.wanderung]
        mittlere = {"wanderung_0_5": sum(w[:6]) / 6, "wanderung_6_11": sum(w[6:]) / 6}
        einmal = {"geburten_mittel": k.geburten, **mittlere}
        for name, wert in einmal.items():
            ergebnis.setdefault(name, {})[k.gebiet, lage.basis] = wert
    gelesen = [] if presse is None else presse[["teil", "zieljahr", "wert"]].itertuples(index=False)
    ergebnis["presse"] = {(teil, int(jahr)): wert for teil, jahr, wert in gelesen}
    return {**ergebnis, "stichtage": _stichtage(kommunen, lage), "vorhaben": _vorhaben(plaetze)}


@dataclass(frozen=True)
class _Kommune:
    """Was in die Rechnung einer Kommune eingeht; ``kinder`` je Jahr und Alter am 31.12."""

    gebiet: str
    kinder: Mapping[int, Sequence[float]]
    erhebung: Mapping[str, float]
    wanderung: Sequence[Ergebnis]
    geburten: float

    @classmethod
    def lies(
        cls, gebiet: str, tabellen: Mapping[str, pd.DataFrame], szenario: Szenario, lage: Lage
    ) -> _Kommune:
        """Liest und schreibt fort; die Tabellen enthalten nur Zeilen der Kommune."""
        kinder = tabellen["kinder"].astype({"alter_von": int})
        bestand = kinder.groupby(["jahr", "alter_von"])["wert"].sum().unstack().sort_index()
        wanderung = wanderungsfaktoren(bestand, STUETZJAHRE, mittelung="summen")
        mittel = geburten_mittel(tabellen["geburten"].sort_values("jahr")["wert"].tolist()).zahl
        jahre = range(lage.basis + 1, lage.ende + 1)
        gebaut = _neubaugebiete(tabellen["neubau"], szenario) if "neubau" in tabellen else []
        zusatz = kinder_aus_neubau(gebaut, jahre, bestand.shape[1])
        voraus = kinderprognose_im_szenario(
            bestand.iloc[-1], wanderung, [mittel] * len(jahre), szenario, zusatz
        ).kinder
        gemessen = dict(zip(map(int, bestand.index), bestand.to_numpy().tolist(), strict=True))
        erhoben = tabellen["erhebung"]
        angaben = dict(zip(map(str, erhoben["groesse"]), erhoben["wert"], strict=True))
        je_jahr = gemessen | dict(zip(jahre, voraus.tolist(), strict=True))
        return cls(gebiet, je_jahr, angaben, wanderung, mittel)

    def monate(self, jahr: int) -> dict[Monat, float]:
        """Kinder je Geburtsmonat, die im Lauf des Jahres zählen."""
        letzte = aus_altersjahren(self.kinder[jahr - 1], jahr - 1)
        return letzte | gleichverteilt({jahr: self.kinder[jahr][0]})

    def bedarfe(self, jahr: int, szenario: Szenario) -> dict[str, Bedarf]:
        """Bedarf je Altersgruppe am Stichtag."""
        monate, tag, e = self.monate(jahr), date(jahr, *STICHTAG), self.erhebung
        gaeste = {
            "gast_ein": e.get("gastkinder_ein", 0.0), "gast_aus": e.get("gastkinder_aus", 0.0),
            "integrationskinder": e.get("integrationskinder", 0.0),
        }  # fmt: skip
        return {
            g.name: platzbedarf(
                g.name, kinder_am_stichtag(monate, g, tag).zahl, szenario.zahl(f"zielquote {g.name}"),
                platzminderung=szenario.zahl("platzminderung"), reserve=szenario.zahl("reserve"),
                **(gaeste if g.name == MIT_GAESTEN else {}),
            )
            for g in GRUPPEN
        }  # fmt: skip


def _neubaugebiete(zeilen: pd.DataFrame, szenario: Szenario) -> list[Neubaugebiet]:
    anteile = [szenario.zahl("kinderanteil_neubau") / 100] * 13
    return [
        Neubaugebiet(
            name, {int(fertig): wohnungen}, szenario.zahl("belegung_we"), anteile,
            von_aussen=szenario.zahl("von_aussen") / 100,
        )
        for name, fertig, wohnungen in zeilen[["vorhaben", "fertig", "wert"]].itertuples(index=False)
    ]  # fmt: skip


def _plaetze(zeilen: pd.DataFrame, lage: Lage) -> dict[str, Werte]:
    """Plätze je Art am Stichtag jedes Jahres."""
    felder = ["teil", "platzart", "wert", "gueltig_von", "gueltig_bis"]
    bestand = [
        Platzbestand(
            teil, Platzart(art), wert, date.fromisoformat(von), date.fromisoformat(bis) if bis else None
        )
        for teil, art, wert, von, bis in zeilen[felder].itertuples(index=False)
    ]
    arten = {"genehmigt": Platzart.GENEHMIGT, "befristet": Platzart.BEFRISTET, "belegbar": Platzart.BELEGBAR}
    werte: dict[str, Werte] = {name: {} for name in (*arten, "erlaubt")}
    for g in lage.teile:
        for j in range(lage.beginn, lage.ende + 1):
            je_art = {n: plaetze_am(bestand, a, date(j, *STICHTAG), einheiten=[g]) for n, a in arten.items()}
            befristet = je_art["befristet"].zahl
            je_art["erlaubt"] = je_art["genehmigt"].wandle(lambda n, b=befristet: n + b)  # type: ignore[misc]
            for name, ergebnis in je_art.items():
                werte[name][g, j] = ergebnis
    return werte


def _stichtage(kommunen: Sequence[_Kommune], lage: Lage) -> list[Tafelzeile]:
    """Kinder von 3 Jahren bis zur Einschulung an vier Tagen des Kita-Jahres, das im Basisjahr beginnt."""
    gruppe = next(g for g in GRUPPEN if g.name == MIT_GAESTEN)
    zeilen: list[Tafelzeile] = []
    for tag in (date(lage.basis, 8, 1), *(date(lage.basis + 1, *t) for t in ((3, 1), STICHTAG, (7, 31)))):
        zeilen.append({
            "kopf": datum(tag),
            "monate": len(volle_geburtsmonate(*geburtszeitraum(gruppe, tag))),
            "kinder": sum(kinder_am_stichtag(k.monate(lage.basis + 1), gruppe, tag).zahl for k in kommunen),
        })  # fmt: skip
    return zeilen if kommunen else []


def _vorhaben(zeilen: pd.DataFrame) -> list[Tafelzeile]:
    """Veränderungen der genehmigten Plätze mit Beginn und Ende."""
    neu = zeilen[(zeilen["platzart"] != Platzart.BELEGBAR) & (zeilen["vorhaben"] != "Bestand")]
    felder = ["gebiet", "vorhaben", "gueltig_von", "gueltig_bis", "wert"]
    return [
        {
            "kopf": gebiet, "vorhaben": name, "ab": datum(date.fromisoformat(von)),
            "bis": datum(date.fromisoformat(bis)) if bis else "unbefristet", "plaetze": wert,
        }
        for gebiet, name, von, bis, wert in neu[felder].itertuples(index=False)
    ]  # fmt: skip
