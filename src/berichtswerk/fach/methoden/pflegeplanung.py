"""Rechnung des Pflegeberichts: Bevölkerung, Pflegequoten, Leistungsarten, Personal, Kommunen.

Das Profil der Pflegequoten nach Alter und Geschlecht kommt vom Bund, das Niveau vom Kreis; der Altersaufbau
der Kommunen wird an den des Kreises angepasst.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from berichtswerk.fach.methoden.annahmen import Szenario
from berichtswerk.fach.methoden.anpassung import ras
from berichtswerk.fach.methoden.bevoelkerung import Schrittannahmen, aus_raten, im_szenario, projiziere
from berichtswerk.fach.methoden.eingabe import Feld
from berichtswerk.fach.methoden.ergebnis import Ergebnis, Lage, Werte
from berichtswerk.fach.methoden.pflege import (
    Pflegeprognose,
    angehoerigenpotenzial,
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
GROB = [0, 15, 60, 65, 75]
"""Feinste gemeinsame Altersgruppen der Gemeinden und der Pflegequoten."""
ZU_GROB = [0, 1, 2, 3, 5]
"""Dieselben als Stellen von :data:`ALTER`."""
HOECHSTQUOTE = 99.0
SRB = 1.05
"""Jungen je Mädchen bei der Geburt."""


def bevoelkerung_je_jahr(tafel: pd.DataFrame, szenario: Szenario, lage: Lage, fest: int) -> dict[int, Feld]:
    """Bevölkerung je Jahr, Form (Geschlecht, Altersjahr), vom Jahr der Tafel bis ``lage.ende``.

    Bis ``fest`` gelten die Annahmen der Tafel, danach ``geburten_faktor`` und ``wanderung_faktor``; die
    Sterblichkeit sinkt jährlich um ``rueckgang_sterblichkeit`` Prozent.
    """
    beginn = int(tafel["jahr"].max())
    werte = tafel.astype({"alter_von": int}).pivot_table(
        index="alter_von", columns=["groesse", "geschlecht"], values="wert", observed=True
    )
    rueckgang = 1 - szenario.zahl("rueckgang_sterblichkeit") / 100
    stand = {g: werte["bestand", g].to_numpy() for g in GESCHLECHTER}
    wanderung = {g: werte["wanderung", g] for g in GESCHLECHTER}
    schritte = []
    for jahr in range(beginn + 1, lage.ende + 1):
        raten = {g: aus_raten(werte["ueberleben", g] ** rueckgang ** (jahr - beginn)) for g in GESCHLECHTER}
        schritt = Schrittannahmen(1, werte["geburtenziffer", "weiblich"], raten, SRB, wanderung)
        schritte.append(im_szenario(schritt, szenario) if jahr > fest else schritt)
    staende = [stand, *(s.bevoelkerung for s in projiziere(stand, schritte))]
    return {beginn + k: np.array([s[g] for g in GESCHLECHTER]) for k, s in enumerate(staende)}


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
    demografie: pd.DataFrame,
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
    fest: int,
    pflegegrade: pd.DataFrame | None = None,
    gemeinden: pd.DataFrame | None = None,
    einwohner: Reihe | None = None,
    tagespflege: Reihe | None = None,
) -> dict[str, Any]:
    """Pflegebedürftige, Leistungsarten, Plätze und Personal des Kreises bis ``lage.ende``, dazu der Kommunen.

    Annahmen: die von :func:`bevoelkerung_je_jahr`, die eines Pflegeszenarios (``anstieg`` in Prozent) und
    ``zielauslastung``.

    Args:
        fest: bis zu diesem Jahr ist die Bevölkerung an die amtliche Zahl angepasst.

    Returns:
        Bevölkerung: ``bevoelkerung``, ``ab_65``, ``von_65``, ``ab_80``, ``potenzial`` ·
        ``pflegebeduerftige``, ``chancenfaktor`` · ``pflegegeld``, ``ambulant``, ``vollstationaer``,
        ``zu_hause``, ``plaetze``, ``personal_ambulant``, ``personal``, ``fachkraefte`` · je Kommune in
        Basis-, Ziel- und Endjahr ``kommunen``, ``quote_kommunen``, im Endjahr ``tagespflege`` · Tafel
        ``pflegegrade``.
    """
    g = lage.gebiet
    bev = bevoelkerung_je_jahr(demografie, szenario, lage, fest)
    bisher = Bisher.lies(lage, pflegebeduerftige, pflegequote, bevoelkerung)
    bund = quoten_nach_geschlecht(quoten_bund, quoten_geschlecht)
    quote, faktor = quote_des_kreises(bund, gruppen(bev[lage.basis]), bisher.faelle[lage.basis])
    if "anstieg" in szenario:
        anstieg = szenario.annahme("anstieg")
        szenario = szenario.mit(replace(anstieg, wert=szenario.zahl("anstieg") / 100))
    jahre = {j: gruppen(p) for j, p in bev.items() if j >= lage.basis}
    prognose = pflegeprognose(jahre, quote, szenario, lage.basis)
    voraus: Werte = {(g, j): prognose.gesamt(j) for j in jahre if j > lage.basis}
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
        **_demografie(bev, g),
        "pflegebeduerftige": bisher.werte() | voraus,
        "chancenfaktor": {(g, lage.basis): faktor},
        **nach_art,
        **_bedarf(je_art, szenario, personal_je_100, lage),
        **_personal(je_art, pflegegrade, lage),
    }
    zu_hause = {j: p["pflegegeld"] + p["ambulant"] for j, p in je_art.items()}
    return ergebnis | _kommunen(
        prognose=prognose, bev=bev, gemeinden=gemeinden, einwohner=einwohner, tagespflege=tagespflege,
        zu_hause=zu_hause, lage=lage,
    )  # fmt: skip


def _demografie(bev: Mapping[int, Feld], g: str) -> dict[str, Werte]:
    def alter(von: int, bis: int | None = None) -> Werte:
        return {(g, j): float(p[:, von:bis].sum()) for j, p in bev.items()}

    potenzial: Werte = {
        (g, j): angehoerigenpotenzial(p[1, 45:65].sum(), p[:, 80:].sum()) for j, p in bev.items()
    }
    return {
        "bevoelkerung": alter(0), "ab_65": alter(65), "von_65": alter(65, 80), "ab_80": alter(80),
        "potenzial": potenzial,
    }  # fmt: skip


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


def _kommunen(
    *,
    prognose: Pflegeprognose,
    bev: Mapping[int, Feld],
    gemeinden: pd.DataFrame | None,
    einwohner: Reihe | None,
    tagespflege: Reihe | None,
    zu_hause: Mapping[int, float],
    lage: Lage,
) -> dict[str, Werte]:
    """Pflegebedürftige der Kommunen: Altersaufbau an Kreis und Einwohnerzahl angepasst (RAS), Kreisquoten."""
    anzahl: Werte = {}
    quote: Werte = {}
    plaetze: Werte = {}
    heute = [w.wert for k in lage.teile if einwohner and (w := einwohner.letzter(k)) and w.wert is not None]
    if gemeinden is not None and heute and len(heute) == len(lage.teile):
        struktur, anteil = _struktur(gemeinden, lage), np.array(heute) / sum(heute)
        bestand = tagespflege.letzter(lage.gebiet) if tagespflege else None
        for j in dict.fromkeys((lage.basis, lage.ziel, lage.ende)):
            kreis, gesamt = gruppen(bev[j], GROB), prognose.gesamt(j)
            faelle = gruppen(prognose.personen[j], ZU_GROB)
            passend = ras(struktur, anteil * kreis.sum(), kreis.ravel()).zahlen
            personen = {k: passend[i].reshape(kreis.shape) for i, k in enumerate(lage.teile)}
            geschaetzt = kleinraeumig(personen, 100 * faelle / kreis, gesamt).werte
            je_gebiet = {k: (e.zahl, float(personen[k].sum())) for k, e in geschaetzt.items()}
            je_gebiet[lage.gebiet] = (gesamt, float(kreis.sum()))
            for k, (n, alle) in je_gebiet.items():
                anzahl[k, j], quote[k, j] = n, 100 * n / alle
                if j == lage.ende and bestand and bestand.wert is not None:
                    plaetze[k, j] = n * zu_hause[j] / gesamt * bestand.wert / zu_hause[lage.basis]
    return {"kommunen": anzahl, "quote_kommunen": quote, "tagespflege": plaetze}


def _struktur(gemeinden: pd.DataFrame, lage: Lage) -> Feld:
    """Bevölkerung je Kommune (Zeilen) und Geschlecht mal grober Altersgruppe (Spalten)."""
    aufbau = gemeinden[gemeinden["geschlecht"].isin(GESCHLECHTER) & (gemeinden["alter_von"] != "")]
    stelle = np.searchsorted(GROB, aufbau["alter_von"].astype(int), side="right")
    summen = aufbau.assign(gruppe=stelle).groupby(["teil", "geschlecht", "gruppe"])["wert"].sum()
    tafel = summen.unstack(["geschlecht", "gruppe"]).sort_index(axis=1).loc[list(lage.teile)]
    return np.asarray(tafel.to_numpy(), dtype=np.float64)
