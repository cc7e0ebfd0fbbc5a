"""Kindertagesbetreuung: Bedarf an Plätzen, und die Plätze als Zeitreihe.

``B_g = Σ_a N_a·z_a + Gast_in − Gast_out + I_g + R_g``. Die Reserve R ist Vorsorge für unvorhergesehenen
Bedarf, wie sie § 80 Abs. 1 Nr. 3 SGB VIII verlangt. Die Arten von Plätzen bleiben getrennt, denn
„genehmigt minus betreut“ ist nicht die freie Kapazität.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from berichtswerk.fach.methoden.annahmen import Szenario
from berichtswerk.fach.methoden.bevoelkerung import je_ort
from berichtswerk.fach.methoden.eingabe import Feld, bereich, feld
from berichtswerk.fach.methoden.ergebnis import Ergebnis, Lage, Tafelzeile, Werte, fehlt, quotient
from berichtswerk.fach.methoden.fehler import PlaetzeOhneEnde, PlaetzeVerkehrt
from berichtswerk.fach.methoden.stichtag import (
    GRUPPEN,
    Altersgruppe,
    Klassengruppe,
    Monat,
    aus_altersjahren,
    geburtszeitraum,
    gleichverteilt,
    kinder_am_stichtag,
    volle_geburtsmonate,
)
from berichtswerk.fach.reihe import Reihe
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
GAFOEG_VERKUENDET = 2021
"""Jahr, seit dem eine Planung die Stufen kennen kann."""


def anspruchsklassen(schuljahr: int, landesrecht: Iterable[int] = ()) -> tuple[int, ...]:
    """Klassen mit Anspruch auf ganztägige Förderung im Schuljahr, das in ``schuljahr`` beginnt.

    Bundesrecht (GaFöG, § 24 Abs. 4 SGB VIII ab 01.08.2026, Endstufe 01.08.2029), ergänzt um die Klassen,
    die das Landesrecht schon einschließt.
    """
    letzte = max(GAFOEG_STUFEN)
    bund = GAFOEG_STUFEN.get(min(schuljahr, letzte), ())
    return tuple(sorted({*bund, *landesrecht}))


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
KINDERJAHRE = 13
"""Altersjahre 0 bis 12."""
ERWARTET, UNTERE_GRENZE = "erwartet", "untere Grenze"
"""Werte der Annahme ``kinderzahl``; jeder andere nimmt die obere Grenze."""
ZUSAMMEN = {
    "kinder_u3": ("unter 1", "1 bis unter 3"),
    "kinder_kita": ("3 bis Einschulung",),
    "kinder_hort": ("Klassen 1 bis 4",),
}
"""Ergebnis → Altersgruppen, deren Kinder es zählt."""
PERSONAL = {
    "unter 1": "unter 3",
    "1 bis unter 3": "unter 3",
    "3 bis Einschulung": "3 bis Einschulung",
    "Klassen 1 bis 4": "Grundschule",
    "Klassen 5 und 6": "Grundschule",
}
"""Altersgruppe → Gruppe des Personalschlüssels: die Mischung der Alter bestimmt die Stellen."""


def bedarf_der_kommunen(
    *,
    bevoelkerung: pd.DataFrame,
    plaetze: pd.DataFrame,
    belegung: pd.DataFrame,
    szenario: Szenario,
    haupt: Szenario,
    lage: Lage,
    erhebung: pd.DataFrame | None = None,
    unter_3: Reihe | None = None,
    von_3_bis_5: Reihe | None = None,
    von_6_bis_11: Reihe | None = None,
    presse: pd.DataFrame | None = None,
) -> dict[str, Any]:
    """Kinder, Platzbedarf und Plätze jeder Kommune und des Landkreises am 1. Juni.

    Im Basisjahr ist der Bedarf ohne Reserve die Belegung: Daran mißt sich, wie viele Kinder einer Kommune die
    Angebote nutzen; danach ändern ihn die Kinderzahlen und, in den Varianten, die Zielquoten. Die Kinder sind
    die der gemeinsamen Bevölkerungsrechnung; ihre Grenzen (``unter_3`` …) gelten in den
    Varianten, in denen ``kinderzahl`` „untere Grenze“ oder „obere Grenze“ ist.

    Kindertagespflege ist Angebot wie die Kita: Ihre Plätze sind belegbar, die Kinder dort zählen zum Bedarf.

    Annahmen: ``zielquote <Gruppe>`` je Altersgruppe, ``reserve``, ``platzminderung``, ``kinderzahl``,
    ``wanderung_zuschlag`` (je Altersjahr und Jahr), ``kinder_je_stelle <Gruppe>`` (``PERSONAL``).

    Args:
        bevoelkerung: Tabelle ``altersjahre`` der Bevölkerungsrechnung.
        erhebung: Gast- und Integrationskinder, Plätze in der Tagespflege je Kommune; ohne sie null.
        belegung: belegte Plätze in Kitas je Kommune am 1. Juni.

    Returns:
        je Ort und Jahr ``bedarf`` und ``bedarf_<gruppe>``, ``stellen``, ``kinder_u3``, ``kinder_kita``,
        ``kinder_hort``; je Kommune ``genehmigt``, ``befristet``, ``erlaubt`` (beide zusammen),
        ``tagespflege``, ``belegbar`` (mit Tagespflege); ``presse``; Tafeln ``stichtage``, ``ganztag``,
        ``vorhaben``.
    """
    erhebung = belegung.iloc[:0] if erhebung is None else erhebung
    tafeln = (bevoelkerung, erhebung, belegung)
    grenzen = {0: unter_3, 3: von_3_bis_5, 6: von_6_bis_11}
    kommunen = _kommunen(tafeln, lage.teile, grenzen=grenzen, szenario=szenario, haupt=haupt, lage=lage)
    ergebnis: dict[str, Any] = _plaetze(plaetze, erhebung, lage)
    for k in kommunen:
        _trage_ein(ergebnis, k.gebiet, k.ergebnisse(szenario, lage))
    if szenario.name != haupt.name and kommunen:
        # Die Grenzen aller Kommunen zugleich träfen den Landkreis nie: er hat ein eigenes, schmaleres Band.
        sonst: dict[str, Any] = {"grenzen": grenzen, "haupt": haupt, "lage": lage}
        mitte, (kreis,), (ohne,) = (
            _kommunen(tafeln, orte, szenario=s, **sonst)
            for orte, s in ((lage.teile, haupt), ((lage.gebiet,), szenario), ((lage.gebiet,), haupt))
        )
        eigen, erwartet = kreis.ergebnisse(szenario, lage), ohne.ergebnisse(haupt, lage)
        summe = _addiert([k.ergebnisse(haupt, lage) for k in mitte])
        _trage_ein(ergebnis, lage.gebiet, {
            stelle: n * eigen[stelle] / erwartet[stelle] if erwartet[stelle] else n
            for stelle, n in summe.items()
        })  # fmt: skip
    gelesen = [] if presse is None else presse[["teil", "zieljahr", "wert"]].itertuples(index=False)
    ergebnis["presse"] = {(teil, int(jahr)): wert for teil, jahr, wert in gelesen}
    return {**ergebnis, "vorhaben": _vorhaben(plaetze), **_kalender(kommunen, szenario, lage)}


Stellen = dict[tuple[str, int], float]
"""Name des Ergebnisses und Jahr → Zahl."""


def _trage_ein(ergebnis: dict[str, Any], gebiet: str, stellen: Stellen) -> None:
    for (name, jahr), wert in stellen.items():
        ergebnis.setdefault(name, {})[gebiet, jahr] = wert


def _addiert(teile: Sequence[Stellen]) -> Stellen:
    return {stelle: math.fsum(t[stelle] for t in teile) for stelle in teile[0]}


def _kommunen(
    tafeln: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame],
    orte: Sequence[str],
    *,
    grenzen: Mapping[int, Reihe | None],
    szenario: Szenario,
    haupt: Szenario,
    lage: Lage,
) -> list[_Kommune]:
    """Die Orte mit Kindern; für den Landkreis gelten die Zeilen aller Kommunen."""
    bevoelkerung, erhebung, belegung = tafeln
    je_kommune = je_ort(bevoelkerung)
    fertig = []
    for g in (o for o in orte if o in je_kommune):
        erhoben, belegt = (t if g == lage.gebiet else t[t["teil"] == g] for t in (erhebung, belegung))
        k = _Kommune.lies(g, je_kommune[g], erhoben, grenzen=grenzen, szenario=szenario, basis=lage.basis)
        bisher = float(belegt[belegt["jahr"] == lage.basis]["wert"].sum())
        fertig.append(replace(k, nutzung=k.gemessene_nutzung(lage.basis, haupt, bisher)))
    return fertig


@dataclass(frozen=True)
class _Kommune:
    """Was in die Rechnung einer Kommune eingeht; ``kinder`` je Jahr und Alter am 31.12."""

    gebiet: str
    kinder: Mapping[int, Sequence[float]]
    erhebung: Mapping[str, float]
    nutzung: float = 1.0
    """Belegte Plätze durch die, die aus Kindern und Zielquoten folgen."""

    @classmethod
    def lies(
        cls,
        gebiet: str,
        je_jahr: Mapping[int, Feld],
        erhoben: pd.DataFrame,
        *,
        grenzen: Mapping[int, Reihe | None],
        szenario: Szenario,
        basis: int,
    ) -> _Kommune:
        """Liest die Kinder; ``erhoben`` enthält die Zeilen der Kommune (für den Landkreis alle)."""
        zuschlag = 1 + szenario.zahl("wanderung_zuschlag", 0.0)
        kinder = {}
        for jahr, n in je_jahr.items():
            jung = n.sum(axis=0)[:KINDERJAHRE]
            seit = np.minimum(np.arange(len(jung)), max(jahr - basis, 0))
            kinder[jahr] = (jung * _grenze(gebiet, jahr, grenzen, szenario) * zuschlag**seit).tolist()
        angaben: dict[str, float] = defaultdict(float)
        for name, wert in zip(erhoben["groesse"], erhoben["wert"], strict=True):
            angaben[str(name)] += wert
        return cls(gebiet, kinder, angaben)

    def monate(self, jahr: int) -> dict[Monat, float]:
        """Kinder je Geburtsmonat, die im Lauf des Jahres zählen."""
        letzte = aus_altersjahren(self.kinder[jahr - 1], jahr - 1)
        return letzte | gleichverteilt({jahr: self.kinder[jahr][0]})

    def ergebnisse(self, szenario: Szenario, lage: Lage) -> Stellen:
        """Kinder je Jahr, Bedarf und Stellen vom Basisjahr an."""
        werte: Stellen = {}
        for jahr in range(lage.beginn, lage.ende + 1):
            bedarfe = self.bedarfe(date(jahr, *STICHTAG), szenario)
            for name, gruppen in ZUSAMMEN.items():
                werte[name, jahr] = sum(bedarfe[g].kinder for g in gruppen)
            if jahr >= lage.basis:
                werte["bedarf", jahr] = gesamtbedarf(bedarfe.values()).gesamt
                werte["stellen", jahr] = self.stellen(bedarfe, szenario)
                for g, b in bedarfe.items():
                    werte[f"bedarf_{g.lower().replace(' ', '_')}", jahr] = b.gesamt
        return werte

    def stellen(self, bedarfe: Mapping[str, Bedarf], szenario: Szenario) -> float:
        """Vollzeitstellen in Kitas nach der Mischung der Alter; Kinder in der Tagespflege brauchen keine."""
        je_gruppe: dict[str, float] = defaultdict(float)
        for name, b in bedarfe.items():
            je_gruppe[PERSONAL[name]] += b.gesamt
        krippe = PERSONAL[GRUPPEN[0].name]
        je_gruppe[krippe] = max(je_gruppe[krippe] - self.tagespflege, 0.0)
        return math.fsum(
            quotient(n, szenario.zahl(f"kinder_je_stelle {g}")).wert or 0.0 for g, n in je_gruppe.items()
        )

    @property
    def tagespflege(self) -> float:
        """Plätze in der Kindertagespflege."""
        return self.erhebung.get("tagespflegeplaetze", 0.0)

    def kinderzahl(self, gruppe: Altersgruppe | Klassengruppe, tag: date) -> float:
        """Kinder einer Gruppe am Stichtag, auf den Tag: zusammen fehlt in keiner Altersgruppe ein Monat."""
        return kinder_am_stichtag(self.monate(tag.year), gruppe, tag, nur_volle=False).zahl

    def gemessene_nutzung(self, jahr: int, szenario: Szenario, belegt: float) -> float:
        """Was die Belegung eines Jahres von Kindern mal Zielquoten unterscheidet; ohne Belegung 1."""
        soll = math.fsum(
            self.kinderzahl(g, date(jahr, *STICHTAG)) * szenario.zahl(f"zielquote {g.name}") / 100
            for g in GRUPPEN
        )
        gaeste = self.erhebung.get("gastkinder_ein", 0.0) - self.erhebung.get("gastkinder_aus", 0.0)
        ist = belegt + self.tagespflege - gaeste
        return ist / soll if belegt and soll and ist > 0 else 1.0

    def bedarfe(self, tag: date, szenario: Szenario) -> dict[str, Bedarf]:
        """Bedarf je Altersgruppe an einem Tag."""
        e = self.erhebung
        gaeste = {
            "gast_ein": e.get("gastkinder_ein", 0.0), "gast_aus": e.get("gastkinder_aus", 0.0),
            "integrationskinder": e.get("integrationskinder", 0.0),
        }  # fmt: skip
        fertig = {}
        for g in GRUPPEN:
            kinder = self.kinderzahl(g, tag)
            bedarf = platzbedarf(
                g.name, kinder * self.nutzung, szenario.zahl(f"zielquote {g.name}"),
                platzminderung=szenario.zahl("platzminderung"), reserve=szenario.zahl("reserve"),
                **(gaeste if g.name == MIT_GAESTEN else {}),
            )  # fmt: skip
            fertig[g.name] = replace(bedarf, kinder=kinder)
        return fertig


def _grenze(gebiet: str, jahr: int, grenzen: Mapping[int, Reihe | None], szenario: Szenario) -> Feld:
    """Faktor je Altersjahr von der erwarteten Kinderzahl zu der Grenze, die die Variante nimmt."""
    faktor = np.ones(KINDERJAHRE)
    welche = szenario.annahme("kinderzahl").wert if "kinderzahl" in szenario else ERWARTET
    for von, reihe in grenzen.items() if welche != ERWARTET else ():
        w = reihe.wert(gebiet, jahr) if reihe else None
        rand = None if w is None else w.unten if welche == UNTERE_GRENZE else w.oben
        if w is not None and w.wert and rand is not None:
            faktor[von:] = rand / w.wert
    return faktor


def _plaetze(zeilen: pd.DataFrame, erhebung: pd.DataFrame, lage: Lage) -> dict[str, Werte]:
    """Plätze je Art am Stichtag jedes Jahres; die der Tagespflege sind die zuletzt erhobenen.

    Vor dem ersten Tag, zu dem irgendwo Plätze angegeben sind, fehlen alle; null wäre falsch.
    """
    bei_tagespflege = erhebung[erhebung["groesse"] == "tagespflegeplaetze"]
    tagespflege = bei_tagespflege.groupby("teil")["wert"].sum().to_dict()
    felder = ["teil", "platzart", "wert", "gueltig_von", "gueltig_bis"]
    bestand = [
        Platzbestand(
            teil, Platzart(art), wert, date.fromisoformat(von), date.fromisoformat(bis) if bis else None
        )
        for teil, art, wert, von, bis in zeilen[felder].itertuples(index=False)
    ]
    beginn = min((b.von for b in bestand), default=date(lage.beginn, *STICHTAG))
    erstes = beginn.year + (beginn > date(beginn.year, *STICHTAG))
    arten = {"genehmigt": Platzart.GENEHMIGT, "befristet": Platzart.BEFRISTET, "belegbar": Platzart.BELEGBAR}
    werte: dict[str, Werte] = {name: {} for name in (*arten, "erlaubt", "tagespflege")}
    for g in lage.teile:
        for j in range(max(lage.beginn, erstes), lage.ende + 1):
            je_art = {n: plaetze_am(bestand, a, date(j, *STICHTAG), einheiten=[g]) for n, a in arten.items()}
            befristet = je_art["befristet"].zahl
            je_art["erlaubt"] = je_art["genehmigt"].wandle(lambda n, b=befristet: n + b)  # type: ignore[misc]
            if g in tagespflege:
                dort = float(tagespflege[g])
                je_art["belegbar"] = je_art["belegbar"].wandle(lambda n, t=dort: n + t)  # type: ignore[misc]
                je_art["tagespflege"] = Ergebnis(dort)
            for name, ergebnis in je_art.items():
                werte[name][g, j] = ergebnis
    return werte


def _kalender(kommunen: Sequence[_Kommune], szenario: Szenario, lage: Lage) -> dict[str, list[Tafelzeile]]:
    """Was am Tag hängt: Kinder und Bedarf im Lauf eines Kita-Jahres, Anspruch auf Ganztag je Schuljahr."""
    return {
        "stichtage": _stichtage(kommunen, szenario, lage) if kommunen else [],
        "ganztag": _ganztag(kommunen, lage) if kommunen and lage.basis >= GAFOEG_VERKUENDET else [],
    }


def _stichtage(kommunen: Sequence[_Kommune], szenario: Szenario, lage: Lage) -> list[Tafelzeile]:
    """Kinder und Bedarf an vier Tagen des Kita-Jahres, das im Basisjahr beginnt."""
    gruppe = next(g for g in GRUPPEN if g.name == MIT_GAESTEN)
    zeilen: list[Tafelzeile] = []
    for tag in (date(lage.basis, 8, 1), *(date(lage.basis + 1, *t) for t in ((3, 1), STICHTAG, (7, 31)))):
        zeilen.append({
            "kopf": datum(tag),
            "monate": len(volle_geburtsmonate(*geburtszeitraum(gruppe, tag))),
            "kinder": sum(k.kinderzahl(gruppe, tag) for k in kommunen),
            "bedarf": sum(k.bedarfe(tag, szenario)[gruppe.name].gesamt for k in kommunen),
        })  # fmt: skip
    return zeilen


def _ganztag(kommunen: Sequence[_Kommune], lage: Lage) -> list[Tafelzeile]:
    """Grundschulkinder am 1. Juni je Schuljahr: mit Anspruch nach Bundesrecht und nach Landesrecht."""
    zeilen: list[Tafelzeile] = []
    for jahr in range(max(lage.basis, min(GAFOEG_STUFEN)), lage.ende + 1):
        tag, schuljahr = date(jahr, *STICHTAG), jahr - 1
        klassen = [
            sum(k.kinderzahl(Klassengruppe("", n, n), tag) for k in kommunen) for n in LANDESRECHT_KLASSEN
        ]
        bund = anspruchsklassen(schuljahr)
        zeilen.append({
            "kopf": f"{schuljahr}/{jahr % 100:02}",
            "klassen": f"1 bis {bund[-1]}" if len(bund) > 1 else "1" if bund else "keine",
            "bund": sum(klassen[n - 1] for n in bund),
            "land": sum(klassen),
        })  # fmt: skip
    return zeilen


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
