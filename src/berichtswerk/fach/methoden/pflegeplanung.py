"""Rechnung des Pflegeberichts: Pflegequoten, Leistungsarten, Personal, Kommunen.

Das Profil der Pflegequoten nach Alter und Geschlecht kommt vom Bund, das Niveau vom Kreis; die Bevölkerung
ist die der gemeinsamen Vorausrechnung, für den Kreis und für jede Kommune.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from berichtswerk.fach.methoden.annahmen import Szenario
from berichtswerk.fach.methoden.anpassung import ras
from berichtswerk.fach.methoden.bevoelkerung import je_ort
from berichtswerk.fach.methoden.eingabe import Feld
from berichtswerk.fach.methoden.ergebnis import Ergebnis, Lage, Werte, quotient
from berichtswerk.fach.methoden.pflege import (
    Pflegeprognose,
    altersbereinigt,
    kleinraeumig,
    personal_113c,
    pflegeprognose,
    platzbedarf_pflege,
    versorgungsarten,
)
from berichtswerk.fach.reihe import Reihe
from berichtswerk.grund.zeichen import Status

if TYPE_CHECKING:
    import pandas as pd

GESCHLECHTER = ["maennlich", "weiblich"]
ALTER = [0, 15, 60, 65, 70, 75, 80, 85, 90, 95]
"""Beginn der Altersgruppen der Pflegestatistik."""
ACHT = [0, 3, 4, 5, 6, 7, 8, 9]
"""Dieselben, wie die Leistungsarten sie gliedern: unter 65, dann je fünf Jahre."""
HOECHSTQUOTE = 99.0
AB_80 = 80


def gruppen(personen: Feld, beginn: Sequence[int] = ALTER) -> Feld:
    """Fasst Altersjahre zu Altersgruppen zusammen (letzte Achse)."""
    return np.asarray(np.add.reduceat(personen, beginn, axis=-1), dtype=np.float64)


def angehoben(quote: Feld, faktor: float | Feld) -> Feld:
    """Quoten, deren Chance (Pflegebedürftige je nicht Pflegebedürftige) mit ``faktor`` malgenommen ist."""
    return np.asarray(100 * faktor * quote / (100 - quote + faktor * quote), dtype=np.float64)


def quote_des_kreises(bund: Feld, personen: Feld, faelle: float) -> tuple[Feld, float]:
    """Das Profil des Bundes, angehoben bis zu den Pflegebedürftigen des Kreises, und der Faktor dafür."""
    versuche = np.linspace(0.5, 4, 3501)
    summen = (personen * angehoben(bund, versuche[:, None, None])).sum(axis=(1, 2)) / 100
    faktor = float(np.interp(faelle, summen, versuche))
    return angehoben(bund, faktor), faktor


def quoten_nach_geschlecht(bund: pd.DataFrame, nach_geschlecht: pd.DataFrame) -> Feld:
    """Pflegequoten des Bundes je Geschlecht und Altersgruppe; unter 15 Jahren wie 15 bis unter 60."""
    profil = bund["wert"].to_numpy()
    tafel = nach_geschlecht.astype({"alter_von": int}).pivot_table(
        index="geschlecht", columns="alter_von", values="wert", observed=True
    )
    verhaeltnis = tafel.loc[GESCHLECHTER] / tafel.loc["insgesamt"]
    passend = np.searchsorted(verhaeltnis.columns, ALTER, side="right") - 1
    quote = np.r_[profil[0], profil] * verhaeltnis.to_numpy()[:, passend]
    return np.asarray(np.minimum(quote, HOECHSTQUOTE), dtype=np.float64)


def bereinigte_quoten(
    nach_geschlecht: pd.DataFrame, roh: pd.DataFrame | None, personen: Feld, faelle: float, lage: Lage
) -> dict[str, Werte]:
    """Pflegequote des Basisjahrs ohne den Einfluss des Altersaufbaus; Vergleichsgebiet ist das der Tafel.

    Args:
        nach_geschlecht: Quoten des Vergleichsgebiets im Basisjahr je Geschlecht und Altersgruppe.
        roh: seine Pflegequote insgesamt im Basisjahr (auch anderer Gebiete).
        personen: Bevölkerung des Landkreises, Form (Geschlecht, Altersjahr).
    """
    vergleich = str(nach_geschlecht["gebiet"].iloc[0])
    gesamt = {} if roh is None else roh.set_index("gebiet")["wert"].to_dict()
    if vergleich not in gesamt:
        return {"quote_erwartet": {}, "quote_bereinigt": {}}
    alle = float(gesamt[vergleich])
    tafel = nach_geschlecht.astype({"alter_von": int}).pivot_table(
        index="geschlecht", columns="alter_von", values="wert", observed=True
    )
    je_gruppe = gruppen(personen, [int(alter) for alter in tafel.columns])
    quote = altersbereinigt(faelle, je_gruppe, tafel.loc[GESCHLECHTER].to_numpy(), alle)
    return {
        "quote_erwartet": {(lage.gebiet, lage.basis): quote.erwartet, (vergleich, lage.basis): alle},
        "quote_bereinigt": {(lage.gebiet, lage.basis): quote.bereinigt, (vergleich, lage.basis): alle},
    }


@dataclass(frozen=True)
class Bisher:
    """Pflegebedürftige bis zum Basisjahr: gezählt, wo es eine Zählung gibt, sonst Quote mal Bevölkerung."""

    gebiet: str
    faelle: Mapping[int, float]
    gezaehlt: frozenset[int]

    @classmethod
    def lies(cls, lage: Lage, zaehlung: Reihe, quote: Reihe, bevoelkerung: Reihe) -> Bisher:
        """Ab ``lage.beginn``; fehlt die Bevölkerung eines Jahres, gilt das Mittel der Nachbarjahre."""
        gezaehlt = {w.jahr: w.wert for w in zaehlung.gebiet(lage.gebiet) if w.wert is not None}
        einwohner = {w.jahr: w.wert for w in bevoelkerung.gebiet(lage.gebiet) if w.wert is not None}
        faelle = {j: n for j, n in gezaehlt.items() if lage.beginn <= j <= lage.basis}
        for w in quote.gebiet(lage.gebiet):
            nachbarn = [einwohner[j] for j in (w.jahr - 1, w.jahr + 1) if j in einwohner]
            mittel = sum(nachbarn) / 2 if len(nachbarn) == 2 else None
            personen = einwohner.get(w.jahr, mittel)
            if w.wert is not None and personen and w.jahr <= lage.basis and w.jahr not in gezaehlt:
                faelle[w.jahr] = w.wert * personen / 100
        return cls(lage.gebiet, faelle, frozenset(gezaehlt))

    def werte(self, anteile: Reihe | None = None) -> Werte:
        """Alle (oder der Anteil einer Leistungsart in Prozent); Gerechnetes ist geschätzt."""
        ergebnis: Werte = {}
        for jahr, n in sorted(self.faelle.items()):
            anteil = anteile.wert(self.gebiet, jahr) if anteile else None
            if anteile and (anteil is None or anteil.wert is None):
                continue
            zahl = n * anteil.wert / 100 if anteil and anteil.wert is not None else n
            status = Status.WERT if jahr in self.gezaehlt else Status.GESCHAETZT
            ergebnis[self.gebiet, jahr] = Ergebnis(zahl, status)
        return ergebnis


def pflege(
    *,
    altersjahre: pd.DataFrame,
    quoten_bund: pd.DataFrame,
    quoten_geschlecht: pd.DataFrame,
    leistungsarten: pd.DataFrame,
    pflegebeduerftige: Reihe,
    pflegequote: Reihe,
    bevoelkerung: Reihe,
    anteil_pflegegeld: Reihe,
    anteil_ambulant: Reihe,
    anteil_stationaer: Reihe,
    personal_je_100: Reihe,
    szenario: Szenario,
    lage: Lage,
    pflegegrade: pd.DataFrame | None = None,
    quoten_roh: pd.DataFrame | None = None,
    seither: pd.DataFrame | None = None,
    ab_80: Reihe | None = None,
    tagespflege: pd.DataFrame | None = None,
) -> dict[str, Any]:
    """Pflegebedürftige, Leistungsarten, Plätze und Personal des Kreises bis ``lage.ende``, dazu der Kommunen.

    Annahmen: die eines Pflegeszenarios (``anstieg`` in Prozent), ``zielauslastung`` und ``anteil_seither``
    (wie viel vom Anstieg in ``seither`` auch hier gilt, in Prozent; 0 = Quoten des Basisjahrs).

    Args:
        altersjahre: Tabelle der gemeinsamen Bevölkerungsrechnung.
        seither: Pflegebedürftige eines größeren Gebiets vom Basisjahr bis zur jüngsten Zählung; die Quoten
            des Landkreises steigen bis dahin mit, erst danach unterscheiden sich die Szenarien.
        quoten_roh: Pflegequote des Vergleichsgebiets insgesamt, siehe :func:`bereinigte_quoten`.
        tagespflege: Zahl der Tagespflegen je Kommune, soweit bekannt.
        ab_80: Menschen ab 80 Jahren je Kommune; ihr Band gilt für die Pflegebedürftigen der Kommune.

    Returns:
        ``pflegebeduerftige``, ``chancenfaktor``, ``anstieg_seither``, ``quote_erwartet``,
        ``quote_bereinigt`` · ``pflegegeld``, ``ambulant``, ``vollstationaer``, ``zu_hause``, ``plaetze``,
        ``personal_ambulant``, ``personal``, ``fachkraefte`` · je Kommune im Jahr der jüngsten Zählung, im
        Ziel- und im Endjahr ``kommunen``, ``quote_kommunen``, im Endjahr ``zuwachs_kommunen`` ·
        ``ab_80_ohne_tagespflege``, ``anteil_ohne_tagespflege`` · Tafel ``pflegegrade``.
    """
    g = lage.gebiet
    orte = je_ort(altersjahre)
    bev = orte[g]
    bisher = Bisher.lies(lage, pflegebeduerftige, pflegequote, bevoelkerung)
    bund = quoten_nach_geschlecht(quoten_bund, quoten_geschlecht)
    if "anstieg" in szenario:
        anstieg = szenario.annahme("anstieg")
        szenario = szenario.mit(replace(anstieg, wert=szenario.zahl("anstieg") / 100))
    stand, veraenderung = _seither(seither, lage.basis, bis=max(bev))
    faelle = bisher.faelle[lage.basis]
    quote, _ = quote_des_kreises(bund, gruppen(bev[lage.basis]), faelle)
    gleich = float((gruppen(bev[stand]) * quote).sum() / 100)
    anteil = szenario.zahl("anteil_seither", 100.0) / 100
    heute = gleich + anteil * (faelle * (1 + veraenderung) - gleich)
    prognose, faktoren = _voraus(bev, bund, {lage.basis: faelle, stand: heute}, szenario)
    voraus: Werte = {(g, j): prognose.gesamt(j) for j in prognose.personen if j > lage.basis}
    anteile = {
        "pflegegeld": anteil_pflegegeld,
        "ambulant": anteil_ambulant,
        "vollstationaer": anteil_stationaer,
    }
    je_art = _je_leistungsart(prognose, leistungsarten, anteile, lage)
    nach_art: dict[str, Werte] = {
        art: {**{(g, j): personen[art] for j, personen in je_art.items()}, **bisher.werte(reihe)}
        for art, reihe in anteile.items()
    }
    ergebnis = {
        "pflegebeduerftige": bisher.werte() | voraus,
        "chancenfaktor": {(g, j): f for j, f in faktoren.items()},
        "anstieg_seither": {(g, stand): 100 * veraenderung} if stand > lage.basis else {},
        **bereinigte_quoten(quoten_geschlecht, quoten_roh, bev[lage.basis], faelle, lage),
        **nach_art,
        **_bedarf(je_art, szenario, personal_je_100, lage),
        **_personal(je_art, pflegegrade, lage),
    }
    return (
        ergebnis | _kommunen(prognose, orte, ab_80, lage) | _ohne_tagespflege(tagespflege, orte, stand, lage)
    )


def _seither(zaehlung: pd.DataFrame | None, basis: int, *, bis: int) -> tuple[int, float]:
    """Jahr der jüngsten Zählung (höchstens ``bis``) und Veränderung seit dem Basisjahr (0,1 = 10 %)."""
    summen = None if zaehlung is None else zaehlung.groupby("jahr")["wert"].sum()
    je_jahr = {} if summen is None else dict(zip(summen.index.tolist(), summen.tolist(), strict=True))
    if basis not in je_jahr:
        return basis, 0.0
    stand = max(j for j in je_jahr if j <= bis)
    return stand, je_jahr[stand] / je_jahr[basis] - 1.0


def _voraus(
    bev: Mapping[int, Feld], bund: Feld, faelle: Mapping[int, float], szenario: Szenario
) -> tuple[Pflegeprognose, dict[int, float]]:
    """Prognose ab dem letzten Jahr in ``faelle`` und der Faktor der Quoten je Jahr bis dahin.

    ``faelle`` sind die Pflegebedürftigen im Basisjahr und im Jahr der jüngsten Zählung; dazwischen liegen sie
    auf einer Geraden.
    """
    basis, stand = min(faelle), max(faelle)
    quoten: dict[int, Feld] = {}
    faktoren: dict[int, float] = {}
    for j in range(basis, stand + 1):
        n = float(np.interp(j, [basis, stand], [faelle[basis], faelle[stand]]))
        quoten[j], faktoren[j] = quote_des_kreises(bund, gruppen(bev[j]), n)
    jahre = {j: gruppen(p) for j, p in bev.items() if j >= stand}
    ab_stand = pflegeprognose(jahre, quoten[stand], szenario, stand)
    personen = {j: gruppen(bev[j]) * q / 100 for j, q in quoten.items()} | dict(ab_stand.personen)
    return replace(ab_stand, quoten=quoten | dict(ab_stand.quoten), personen=personen), faktoren


def _je_leistungsart(
    prognose: Pflegeprognose, leistungsarten: pd.DataFrame, anteile: Mapping[str, Reihe], lage: Lage
) -> dict[int, dict[str, float]]:
    """Pflegebedürftige je Jahr und Leistungsart.

    Das Altersprofil der Arten wird an die Anteile des Kreises und an seine Altersgruppen angepasst und
    bleibt; „sonstige“ (nur Pflegegrad 1 oder Kurzzeitpflege) haben das Profil aller.
    """
    muster = leistungsarten.astype({"alter_von": int}).pivot_table(
        index="groesse", columns="alter_von", values="wert", observed=True
    )
    profil = np.vstack([muster.loc[list(anteile)].to_numpy(), muster.sum().to_numpy()])
    werte = [r.wert(lage.gebiet, lage.basis) for r in anteile.values()]
    geteilt = [w.wert / 100 if w and w.wert is not None else 0.0 for w in werte]

    def acht(personen: Feld) -> Feld:
        return gruppen(personen.sum(axis=0), ACHT)

    nach_alter = acht(prognose.personen[lage.basis])
    ziel = np.array([*geteilt, 1 - sum(geteilt)]) * nach_alter.sum()
    tafel = ras(profil, ziel, nach_alter).zahlen
    je_art = dict(zip([*anteile, "sonstige"], tafel / tafel.sum(axis=0), strict=True))
    return {
        j: {art: float(feld.sum()) for art, feld in versorgungsarten(acht(p), je_art).items()}
        for j, p in prognose.personen.items()
    }


def _bedarf(
    je_art: Mapping[int, Mapping[str, float]], szenario: Szenario, personal_je_100: Reihe, lage: Lage
) -> dict[str, Werte]:
    auslastung = szenario.zahl("zielauslastung") / 100
    dichte = personal_je_100.wert(lage.gebiet, lage.basis)
    je_100 = dichte.wert if dichte else None
    g = lage.gebiet
    return {
        "zu_hause": {(g, j): p["pflegegeld"] + p["ambulant"] for j, p in je_art.items()},
        "plaetze": {(g, j): platzbedarf_pflege(p["vollstationaer"], auslastung) for j, p in je_art.items()},
        "personal_ambulant": {
            (g, j): None if je_100 is None else p["ambulant"] * je_100 / 100 for j, p in je_art.items()
        },
    }


def _personal(
    je_art: Mapping[int, Mapping[str, float]], pflegegrade: pd.DataFrame | None, lage: Lage
) -> dict[str, Any]:
    """Personal der Dauerpflege nach Pflegegraden (§ 113c SGB XI) und die Tafel der Pflegegrade."""
    if pflegegrade is None:
        return {"personal": {}, "fachkraefte": {}, "pflegegrade": []}
    tafel = pflegegrade.groupby(["pflegegrad", "leistungsart"])["wert"].sum().unstack()
    im_heim = (tafel["stationaer"] / tafel["stationaer"].sum()).to_numpy()
    stellen = {j: personal_113c((im_heim * p["vollstationaer"]).tolist()) for j, p in je_art.items()}
    tafel["insgesamt"] = tafel.sum(axis=1)
    tafel.loc["insgesamt"] = tafel.sum()
    return {
        "personal": {(lage.gebiet, j): s["gesamt"] for j, s in stellen.items()},
        "fachkraefte": {(lage.gebiet, j): s["fachkraft"] for j, s in stellen.items()},
        "pflegegrade": [
            {"kopf": str(grad), **{str(art): float(n) for art, n in z.items()}}
            for grad, z in tafel.iterrows()
        ],
    }


def _ohne_tagespflege(
    tagespflege: pd.DataFrame | None, orte: Mapping[str, Mapping[int, Feld]], stand: int, lage: Lage
) -> dict[str, Werte]:
    """Menschen ab 80 Jahren in Kommunen, für die keine Tagespflege gezählt ist, und ihr Anteil."""
    keine = () if tagespflege is None else tagespflege[tagespflege["wert"] == 0]["gebiet"].tolist()
    anzahl: Werte = {}
    anteil: Werte = {}
    for j in (j for j in sorted(orte[lage.gebiet]) if len(keine) and j >= stand):
        je_ort = {k: float(orte[k][j][..., AB_80:].sum()) for k in (lage.gebiet, *keine)}
        alle = je_ort.pop(lage.gebiet)
        anzahl |= {(k, j): n for k, n in je_ort.items()} | {(lage.gebiet, j): sum(je_ort.values())}
        anteil[lage.gebiet, j] = quotient(100 * sum(je_ort.values()), alle)
    return {"ab_80_ohne_tagespflege": anzahl, "anteil_ohne_tagespflege": anteil}


def _kommunen(
    prognose: Pflegeprognose, orte: Mapping[str, Mapping[int, Feld]], ab_80: Reihe | None, lage: Lage
) -> dict[str, Werte]:
    """Pflegebedürftige der Kommunen: Quoten des Kreises mal eigene Bevölkerung nach Alter und Geschlecht."""
    anzahl: Werte = {}
    quote: Werte = {}
    zuwachs: Werte = {}
    kommunen = [k for k in lage.teile if k in orte]
    anfang: dict[str, float] = {}
    jahre = dict.fromkeys(j for j in (prognose.ausgangsjahr, lage.ziel, lage.ende) if j in prognose.personen)
    for j in jahre if kommunen else ():
        kreis, gesamt = gruppen(orte[lage.gebiet][j]), prognose.gesamt(j)
        personen = {k: gruppen(orte[k][j]) for k in kommunen}
        geschaetzt = kleinraeumig(personen, 100 * prognose.personen[j] / kreis, gesamt).werte
        je_gebiet = {k: (e.zahl, float(personen[k].sum())) for k, e in geschaetzt.items()}
        je_gebiet[lage.gebiet] = (gesamt, float(kreis.sum()))
        for k, (n, alle) in je_gebiet.items():
            davor = anfang.setdefault(k, n)
            if j == lage.ende:
                zuwachs[k, j] = quotient(100 * (n - davor), davor)
            w = ab_80.wert(k, j) if ab_80 and k != lage.gebiet else None
            if w is not None and w.wert and w.unten is not None and w.oben is not None:
                unten, oben = w.unten / w.wert, w.oben / w.wert
                anzahl[k, j] = (n, n * unten, n * oben)
                quote[k, j] = (100 * n / alle, 100 * n * unten / alle, 100 * n * oben / alle)
            else:
                anzahl[k, j], quote[k, j] = n, 100 * n / alle
    return {"kommunen": anzahl, "quote_kommunen": quote, "zuwachs_kommunen": zuwachs}
