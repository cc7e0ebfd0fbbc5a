"""Die Rechnung der einen Bevölkerung: liest Tabellen, rechnet nach :mod:`.kleinraum`, gibt Reihen und Tafeln.

Wo der Altersaufbau der Kommunen nicht veröffentlicht ist, aber Stände nach Altersjahren vorliegen (Register),
steht statt der Kohorten :func:`hamilton_perry`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from berichtswerk.fach.methoden.annahmen import Szenario
from berichtswerk.fach.methoden.eingabe import Feld
from berichtswerk.fach.methoden.ergebnis import Angabe, Ergebnis, Lage, Tafelzeile, Werte, quotient
from berichtswerk.fach.methoden.kinder import (
    Neubaugebiet,
    geburten_mittel,
    kinder_aus_neubau,
    kinderprognose,
    wanderungsfaktoren,
)
from berichtswerk.fach.methoden.kleinraum import (
    GESCHLECHTER,
    GRUPPEN,
    JAHRE,
    Annahmen,
    Fehlermass,
    Grundlagen,
    Streuung,
    Verlauf,
    baender,
    fehlermass,
    geglaettet,
    gemessen,
    gemessene_streuung,
    nachgerechnet,
    rueckblick,
    ueberlebensraten,
    vorausgerechnet,
    zerlegt,
)
from berichtswerk.fach.reihe import Reihe
from berichtswerk.grund.zeichen import Status

if TYPE_CHECKING:
    import pandas as pd

MITTLERE: Final = "Mittel ohne Vorzeichen"
VERZERRUNG: Final = "Mittel mit Vorzeichen"

# --- Lesen -----------------------------------------------------------------------------------------------


def grundlagen(
    *,
    altersjahre: pd.DataFrame,
    altersgruppen: pd.DataFrame,
    einwohner: pd.DataFrame,
    geburten: Reihe,
    gestorbene: pd.DataFrame,
    wanderungen: pd.DataFrame,
    muetter: pd.DataFrame,
    lage: Lage,
    anstieg: Feld,
    rueckgang: float,
    erwerbsfaehige: pd.DataFrame | None = None,
    anteil_65: pd.DataFrame | None = None,
    altersgruppen_kreis: pd.DataFrame | None = None,
    zaehlung: pd.DataFrame | None = None,
    geburten_teile: pd.DataFrame | None = None,
) -> Grundlagen:
    """Liest die Tabellen; das Startjahr ist das letzte mit Altersaufbau der Kommunen."""
    teile, kreis = lage.teile, lage.gebiet
    start = int(altersgruppen["jahr"].max())
    grenzen, je_teil = _gruppen(altersgruppen[altersgruppen["jahr"] == start], teile)
    bestand = zerlegt(je_teil, grenzen, _altersjahre(altersjahre[altersjahre["jahr"] == start], anstieg))
    wandergruppen, zuzuege = _nach(wanderungen, "zuzuege")
    _, fortzuege = _nach(wanderungen, "fortzuege")
    _, tote = _nach(gestorbene.assign(alter_von="0"), "gestorbene")
    gruppen = {}
    if altersgruppen_kreis is not None:
        for jahr in sorted(set(altersgruppen_kreis["jahr"].tolist())):
            beginn, n = _gruppen(altersgruppen_kreis[altersgruppen_kreis["jahr"] == jahr], (kreis,), "gebiet")
            gruppen[int(jahr)] = (beginn, n[0])
    mitte = {} if erwerbsfaehige is None else _je_teil(erwerbsfaehige, teile)
    alte = [] if anteil_65 is None else _spalten(anteil_65, "jahr", "wert")
    return Grundlagen(
        teile=teile, start=start, bestand=bestand,
        gesamt={j: n for j, n in _einwohner(einwohner, teile).items() if j > start},
        von_15_bis_64={j: n for j, n in mitte.items() if j > start},
        anteil_65={int(j): float(n) / 100 for j, n in alte if j > start},
        kreis=gruppen, unterschied=_unterschied(zaehlung, einwohner, teile),
        geburten={w.jahr: w.wert for w in geburten.gebiet(kreis) if w.wert is not None},
        geburten_teile=_geburten_teile(geburten_teile, altersgruppen, teile, start),
        gestorbene={j: n[:, 0] for j, n in tote.items() if j >= start},
        zuzuege=zuzuege, fortzuege=fortzuege, wandergruppen=wandergruppen,
        muetter=_ziffern(muetter, bestand[:, 1].sum(axis=0)), anstieg=anstieg, rueckgang=rueckgang,
    )  # fmt: skip


def _ziffern(muetter: pd.DataFrame, frauen: Feld) -> Feld:
    """Geburten je Frau und Altersjahr aus den Geburten nach Altersgruppen der Mütter, geglättet."""
    jahr = muetter["jahr"].max()
    je = {int(a): n for j, a, n in _spalten(muetter, "jahr", "alter_von", "wert") if j == jahr and a != ""}
    beginn = (15, *sorted(je)[1:])
    gebaerende = np.where((JAHRE >= 15) & (JAHRE < 45), frauen, 0.0)
    geburten = zerlegt(np.array([je[a] for a in sorted(je)]), beginn, gebaerende)
    return geglaettet(geburten / np.maximum(frauen, 1.0))


def _spalten(tafel: pd.DataFrame, *namen: str) -> list[tuple[Any, ...]]:
    return list(tafel[list(namen)].itertuples(index=False, name=None))


def _gruppen(tafel: pd.DataFrame, orte: Sequence[str], spalte: str = "teil") -> tuple[tuple[int, ...], Feld]:
    """Beginn der Altersgruppen und Personen je Ort, Geschlecht und Gruppe, ohne die Summen."""
    summen: dict[tuple[str, str, int], float] = defaultdict(float)
    for ort, s, alter, n in _spalten(tafel, spalte, "geschlecht", "alter_von", "wert"):
        if s in GESCHLECHTER and alter != "":
            summen[ort, s, int(alter)] += n
    grenzen = tuple(sorted({a for _, _, a in summen}))
    felder = [[[summen[o, s, a] for a in grenzen] for s in GESCHLECHTER] for o in orte]
    return grenzen, np.array(felder)


def _altersjahre(tafel: pd.DataFrame, anstieg: Feld) -> Feld:
    """Altersjahre des Kreises je Geschlecht; Gruppen am Ende nach den Überlebenden geteilt."""
    grenzen, n = _gruppen(tafel.assign(teil=""), ("",))
    niveau = np.array([0.06, 0.04])  # nur für die Form der oberen Gruppen
    sterbetafel = ueberlebensraten(anstieg, niveau)[:, :-1]
    lebende = np.cumprod(np.concatenate([np.ones((2, 1)), sterbetafel], axis=1), axis=1)
    return zerlegt(n[0], grenzen, np.asarray(lebende, dtype=np.float64))


def _je_teil(tafel: pd.DataFrame, teile: Sequence[str], geschlecht: str = "") -> dict[int, Feld]:
    """Summe je Jahr und Kommune, nur Jahre, in denen keine fehlt."""
    summen: dict[int, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    nur = tafel[tafel["geschlecht"] == geschlecht] if geschlecht else tafel
    for jahr, teil, n in _spalten(nur, "jahr", "teil", "wert"):
        summen[int(jahr)][teil] += n
    fertig = {j: np.array([je.get(k, math.nan) for k in teile]) for j, je in summen.items()}
    return {j: n for j, n in sorted(fertig.items()) if np.isfinite(n).all()}


def _einwohner(tafel: pd.DataFrame, teile: Sequence[str]) -> dict[int, Feld]:
    """Einwohner je Jahr, Kommune und Geschlecht (weiblich ist der Rest)."""
    alle, knaben = _je_teil(tafel, teile, "insgesamt"), _je_teil(tafel, teile, "maennlich")
    return {j: np.stack([knaben[j], alle[j] - knaben[j]], axis=1) for j in alle if j in knaben}


def _nach(tafel: pd.DataFrame, groesse: str) -> tuple[tuple[int, ...], dict[int, Feld]]:
    """Beginn der Altersgruppen und je Jahr die Zahlen einer Größe (Geschlecht, Gruppe)."""
    fertig: dict[int, Feld] = {}
    grenzen: tuple[int, ...] = (0,)
    for jahr in sorted(set(tafel["jahr"].tolist())):
        eigene = tafel[(tafel["jahr"] == jahr) & (tafel["groesse"] == groesse)]
        grenzen, n = _gruppen(eigene.assign(teil=""), ("",))
        fertig[int(jahr)] = n[0]
    return grenzen, fertig


def _unterschied(zaehlung: pd.DataFrame | None, einwohner: pd.DataFrame, teile: Sequence[str]) -> Feld:
    """Zählung minus Fortschreibung am Tag der Zählung (geradlinig zwischen den Jahresenden)."""
    if zaehlung is None:
        return np.zeros(len(teile))
    tag = str(zaehlung["zeit"].iloc[0])
    gezaehlt, gesamt = _je_teil(zaehlung, teile), _je_teil(einwohner, teile, "insgesamt")
    jahr = int(tag[:4])
    if not {jahr - 1, jahr} <= set(gesamt) or jahr not in gezaehlt:
        return np.zeros(len(teile))
    anteil = (int(tag[5:7]) - 0.5) / 12 if len(tag) > 6 else 0.5
    return np.asarray(gezaehlt[jahr] - (1 - anteil) * gesamt[jahr - 1] - anteil * gesamt[jahr])


def _geburten_teile(
    tafel: pd.DataFrame | None, altersgruppen: pd.DataFrame, teile: Sequence[str], start: int
) -> dict[tuple[int, int], float]:
    """Veröffentlichte Geburten ganzer Kommunen: die der Kommune selbst oder aller ihrer Gemeinden."""
    if tafel is None:
        return {}
    gemeinden: dict[str, set[str]] = defaultdict(set)
    for teil, gebiet in _spalten(altersgruppen, "teil", "gebiet"):
        gemeinden[teil].add(gebiet)
    je: dict[tuple[int, str], dict[str, float]] = defaultdict(dict)
    for jahr, teil, gebiet, n in _spalten(tafel, "jahr", "teil", "gebiet", "wert"):
        je[int(jahr), teil][gebiet] = n
    return {
        (jahr, teile.index(teil)): zahlen.get(teil, math.fsum(zahlen.values()))
        for (jahr, teil), zahlen in je.items()
        if jahr > start and teil in teile and (teil in zahlen or gemeinden[teil] <= set(zahlen))
    }


# --- Hamilton-Perry --------------------------------------------------------------------------------------


def hamilton_perry(
    register: pd.DataFrame,
    geburten: pd.DataFrame | None,
    lage: Lage,
    *,
    neubau: Mapping[str, Sequence[Neubaugebiet]] | None = None,
    jahre: int = 5,
) -> dict[str, dict[int, tuple[Feld, float]]]:
    """Bestand je Kommune und Jahr aus zwei oder mehr Ständen nach Altersjahren (beide Geschlechter zusammen).

    ``N_{a+1}(t+1) = N_a(t)·Q_a`` mit dem Quotienten Q der letzten Übergänge; Neugeborene: Mittel der Geburten
    von drei Jahren (ohne Angabe: der jüngsten Altersjahre).

    Args:
        register: Zeilen mit ``teil``, ``jahr``, ``alter_von``, ``wert``; aufeinanderfolgende Stände.
        geburten: Zeilen mit ``teil``, ``jahr``, ``wert``.

    Returns:
        Kommune → Jahr → (Personen je Alter, Geburten).
    """
    fertig: dict[str, dict[int, tuple[Feld, float]]] = {}
    for k in lage.teile:
        eigene = register[register["teil"] == k].astype({"alter_von": int})
        stand = eigene.groupby(["jahr", "alter_von"])["wert"].sum().unstack().sort_index()
        if len(stand) < 2:
            continue
        letztes = int(stand.index[-1])
        neue = list(stand[0].iloc[-3:])
        if geburten is not None and not (zeilen := geburten[geburten["teil"] == k].sort_values("jahr")).empty:
            neue = zeilen["wert"].tolist()
        mittel = geburten_mittel(neue, min(3, len(neue))).zahl
        voraus = range(letztes + 1, lage.ende + 1)
        faktoren = wanderungsfaktoren(stand, min(jahre, len(stand) - 1), mittelung="summen")
        zusatz = kinder_aus_neubau((neubau or {}).get(k, ()), voraus, stand.shape[1])
        n = kinderprognose(stand.iloc[-1], faktoren, [mittel] * len(voraus), neubau=zusatz).kinder
        fertig[k] = {
            int(j): (z, float(z[0])) for j, z in zip(stand.index, stand.to_numpy(float), strict=True)
        }
        fertig[k] |= {j: (z, mittel) for j, z in zip(voraus, n, strict=True)}
    return fertig


# --- Rückblick -------------------------------------------------------------------------------------------


def _rueckblick_tafeln(g: Grundlagen, jahr: int) -> dict[str, list[Tafelzeile]]:
    """Tafeln ``rueckblick`` (je Kommune) und ``rueckblick_alter`` (Kreis)."""
    if jahr >= g.ende or jahr < g.start:
        return {"rueckblick": [], "rueckblick_alter": []}
    damals, _ = rueckblick(g, jahr, g.ende)
    letztes, mitte = max((j for j in g.gesamt if j > jahr), default=0), max(g.von_15_bis_64, default=0)
    kopf = [*g.teile]
    spalten: dict[str, Feld] = {}
    alter = slice(15, 65)
    if letztes:
        wirklich = g.gesamt[letztes].sum(axis=1)
        spalten["gesamt"] = fehlermass(damals.bestand[letztes].sum(axis=(1, 2)), wirklich).abweichung
        stehen = g.gesamt.get(jahr, g.bestand.sum(axis=2)).sum(axis=1)
        spalten["unveraendert"] = fehlermass(stehen, wirklich).abweichung
    if mitte > jahr:
        gerechnet = damals.bestand[mitte][:, :, alter].sum(axis=(1, 2))
        spalten["von_15_bis_64"] = fehlermass(gerechnet, g.von_15_bis_64[mitte]).abweichung
    zeilen: list[Tafelzeile] = [
        {"kopf": k, **{n: float(w[i]) for n, w in spalten.items()}} for i, k in enumerate(kopf)
    ]
    for name, mass in ((MITTLERE, "mape"), (VERZERRUNG, "verzerrung")):
        zeilen.append({
            "kopf": name, **{n: float(getattr(Fehlermass(w), mass)) for n, w in spalten.items()},
        })  # fmt: skip
    return {"rueckblick": zeilen if spalten else [], "rueckblick_alter": _rueckblick_alter(g, damals)}


def _rueckblick_alter(g: Grundlagen, damals: Verlauf) -> list[Tafelzeile]:
    stand = max(g.kreis, default=0)
    if stand not in damals.bestand:
        return []
    grenzen, ziel = g.kreis[stand]
    ist = np.add.reduceat(damals.bestand[stand].sum(axis=(0, 1)), list(grenzen))
    wirklich = ziel.sum(axis=0)
    zeilen: list[Tafelzeile] = []
    for nr, von in enumerate(grenzen):
        bis = grenzen[nr + 1] if nr + 1 < len(grenzen) else None
        kopf = f"{von} bis unter {bis} Jahre" if bis else f"{von} Jahre und älter"
        zeilen.append({
            "kopf": kopf if von else f"unter {bis} Jahre", "gerechnet": float(ist[nr]),
            "veroeffentlicht": float(wirklich[nr]),
            "abweichung": quotient(float(ist[nr] - wirklich[nr]), float(wirklich[nr]), 100).wert,
        })  # fmt: skip
    masse = fehlermass(ist, wirklich)
    return [
        *zeilen,
        {"kopf": MITTLERE, "gerechnet": "x", "veroeffentlicht": "x", "abweichung": masse.mape},
        {"kopf": VERZERRUNG, "gerechnet": "x", "veroeffentlicht": "x", "abweichung": masse.verzerrung},
    ]


# --- Ergebnisse ------------------------------------------------------------------------------------------


def _zeilen(orte: Sequence[str], jahr: int, n: Feld, geschlechter: Sequence[str]) -> list[dict[str, Any]]:
    """Eine Zeile je Ort und Geschlecht mit den Personen je Altersjahr."""
    return [
        {"gebiet": ort, "jahr": jahr, "geschlecht": s, "alter": n[i, k].round(6).tolist()}
        for i, ort in enumerate(orte)
        for k, s in enumerate(geschlechter)
    ]


def je_ort(tabelle: pd.DataFrame) -> dict[str, dict[int, Feld]]:
    """Liest die Tabelle ``altersjahre``: Ort → Jahr → Personen (Geschlecht, Alter), männlich vor weiblich."""
    fertig: dict[str, dict[int, list[list[float]]]] = {}
    for ort, jahr, alter in tabelle[["gebiet", "jahr", "alter"]].itertuples(index=False):
        fertig.setdefault(str(ort), {}).setdefault(int(jahr), []).append(alter)
    return {ort: {j: np.array(z) for j, z in je.items()} for ort, je in fertig.items()}


NOETIG: Final = (
    "altersjahre", "altersgruppen", "einwohner", "geburten", "gestorbene", "wanderungen", "muetter",
)  # fmt: skip
"""Ohne eine dieser Eingaben wird nicht in Kohorten gerechnet."""
FREIWILLIG: Final = ("erwerbsfaehige", "anteil_65", "altersgruppen_kreis", "zaehlung", "geburten_teile")


def _lies(lage: Lage, anstieg: Feld, rueckgang: float, eingaben: Mapping[str, Any]) -> Grundlagen | None:
    if any(eingaben.get(n) is None for n in NOETIG):
        return None
    gegeben: dict[str, Any] = {n: eingaben.get(n) for n in (*NOETIG, *FREIWILLIG)}
    return grundlagen(**gegeben, lage=lage, anstieg=anstieg, rueckgang=rueckgang)


def messe(lage: Lage, anstieg_maennlich: float, anstieg_weiblich: float, **eingaben: Any) -> dict[str, float]:
    """Was die Nachrechnung für die Annahmen ergibt (:func:`gemessen`, :func:`gemessene_streuung`).

    Returns:
        ``kinder_je_frau``, ``wanderungssaldo``, ``streuung_geburten`` (Prozent), ``streuung_wanderung``;
        nichts, wo nicht in Kohorten gerechnet wird.
    """
    g = _lies(lage, np.array([anstieg_maennlich, anstieg_weiblich]), 0.01, eingaben)
    if g is None:
        return {}
    v = nachgerechnet(g)
    a, s = gemessen(v, g), gemessene_streuung(v, g.geburten)
    return {
        "kinder_je_frau": a.kinder_je_frau, "wanderungssaldo": a.saldo,
        "streuung_geburten": 100 * s.geburten, "streuung_wanderung": s.saldo,
    }  # fmt: skip


def vorausrechnung(
    *,
    szenario: Szenario,
    lage: Lage,
    anstieg_maennlich: float,
    anstieg_weiblich: float,
    saat: int,
    rueckblick_ab: int,
    register: pd.DataFrame | None = None,
    geburten_register: pd.DataFrame | None = None,
    neubau: pd.DataFrame | None = None,
    eckwerte: pd.DataFrame | None = None,
    **eingaben: Any,
) -> dict[str, Any]:
    """Die eine Bevölkerung aller Berichte: je Kommune und für den Kreis, nachgerechnet und vorausgerechnet.

    Annahmen: ``kinder_je_frau``, ``wanderungssaldo``, ``rueckgang_sterblichkeit`` (Prozent je Jahr),
    ``streuung_geburten`` und ``streuung_sterblichkeit`` (Prozent), ``streuung_wanderung`` (Personen),
    ``laeufe`` („keine“: ohne Bänder).

    Args:
        anstieg_maennlich: Anstieg der Sterblichkeit je Altersjahr (0,1 = 10 %).
        saat: Anfang der Zufallszahlen; gleiche Saat, gleiche Bänder.
        rueckblick_ab: so tun, als endeten die Daten mit diesem Jahr, und mit der Wirklichkeit vergleichen.
        register: Stände der Kommunen nach Altersjahren; gilt, wo die Eingaben der Kohorten fehlen.
        eckwerte: Bevölkerung des Kreises je ``zieljahr`` nach einer amtlichen Vorausschätzung.
        eingaben: wie :func:`grundlagen`.

    Returns:
        je Gruppe in :data:`GRUPPEN` und ``geburten``, ``gestorbene``, ``saldo``; Tabelle ``altersjahre``;
        Tafeln ``rueckblick`` und ``rueckblick_alter``.
    """
    rueckgang = szenario.zahl("rueckgang_sterblichkeit") / 100
    g = _lies(lage, np.array([anstieg_maennlich, anstieg_weiblich]), rueckgang, eingaben)
    if g is None:
        return _aus_register(register, geburten_register, neubau, szenario, lage)
    v = nachgerechnet(g)
    annahmen = Annahmen(szenario.zahl("kinder_je_frau"), szenario.zahl("wanderungssaldo"), rueckgang)
    ziele = [] if eckwerte is None else _spalten(eckwerte, "zieljahr", "wert")
    amtlich = {int(jahr): float(wert) for jahr, wert in ziele}
    voraus = vorausgerechnet(g, v, annahmen, lage.ende, amtlich)
    grenzen: dict[tuple[str, int], Feld] = {}
    if isinstance(laeufe := szenario.annahme("laeufe").wert, int | float) and laeufe > 0:
        streuung = Streuung(
            szenario.zahl("streuung_geburten") / 100,
            szenario.zahl("streuung_wanderung"),
            szenario.zahl("streuung_sterblichkeit") / 100,
        )
        grenzen = baender(g, voraus, annahmen, streuung, ende=lage.ende, laeufe=int(laeufe), saat=saat)
    orte = (*g.teile, lage.gebiet)
    werte: dict[str, Werte] = {n: {} for n in (*GRUPPEN, "geburten", "gestorbene", "saldo")}
    zeilen: list[dict[str, Any]] = []
    for jahr, n in sorted(voraus.bestand.items()):
        zeilen += _zeilen(orte, jahr, np.concatenate([n, n.sum(axis=0, keepdims=True)]), GESCHLECHTER)
        je_name = {name: (n * m).sum(axis=(1, 2)) for name, m in GRUPPEN.items()}
        for name in ("geburten", "gestorbene", "saldo"):
            if jahr in (je := getattr(voraus, name)):
                je_name[name] = je[jahr]
        for name, zahlen in je_name.items():
            mit_kreis = [*zahlen.tolist(), float(zahlen.sum())]
            rand = grenzen.get((name, jahr))
            for nr, (ort, zahl) in enumerate(zip(orte, mit_kreis, strict=True)):
                if rand is not None:
                    werte[name][ort, jahr] = _mit_rand(zahl, rand[:, nr])
                else:
                    bekannt = _veroeffentlicht(g, name, jahr, nr)
                    werte[name][ort, jahr] = Ergebnis(zahl, Status.WERT if bekannt else Status.GESCHAETZT)
    return {**werte, "altersjahre": zeilen, **_rueckblick_tafeln(g, rueckblick_ab)}


GRENZEN: Final[Mapping[str, tuple[int, ...]]] = {
    "bevoelkerung": (), "unter_3": (3,), "von_3_bis_5": (3, 6), "unter_18": (18,), "von_15_bis_64": (15, 65),
    "ab_65": (65,), "frauen_45_bis_64": (45, 65),
}  # fmt: skip
"""Altersgrenzen der Gruppen, die sich aus veröffentlichten Altersgruppen ergeben können."""


def _veroeffentlicht(g: Grundlagen, name: str, jahr: int, nr: int) -> bool:
    """Ob die Zahl für Kommune ``nr`` (die letzte Nummer ist der Kreis) so veröffentlicht ist."""
    kreis = nr == len(g.teile)
    if name == "geburten":
        return jahr in g.geburten if kreis else (jahr, nr) in g.geburten_teile
    if name not in GRENZEN:
        return False
    if kreis and jahr in g.kreis:
        return set(GRENZEN[name]) <= set(g.kreis[jahr][0])
    amtlich = {"bevoelkerung": g.gesamt, "von_15_bis_64": g.von_15_bis_64}.get(name, {})
    return jahr == g.start or (jahr in amtlich and jahr not in g.kreis)


def _mit_rand(zahl: float, rand: Feld) -> Angabe:
    return zahl, min(zahl, float(rand[0])), max(zahl, float(rand[1]))


def _aus_register(
    register: pd.DataFrame | None,
    geburten: pd.DataFrame | None,
    neubau: pd.DataFrame | None,
    szenario: Szenario,
    lage: Lage,
) -> dict[str, Any]:
    """Dieselben Ergebnisse aus :func:`hamilton_perry`, soweit die Altersjahre reichen."""
    werte: dict[str, Werte] = {n: {} for n in (*GRUPPEN, "geburten", "gestorbene", "saldo")}
    leer: dict[str, Any] = {**werte, "altersjahre": [], "rueckblick": [], "rueckblick_alter": []}
    if register is None:
        return leer
    gebaut = {} if neubau is None else {
        str(k): [
            Neubaugebiet(
                name, {int(fertig): wohnungen}, szenario.zahl("belegung_we", 2.6),
                [szenario.zahl("kinderanteil_neubau", 2.2) / 100] * 13,
                von_aussen=szenario.zahl("von_aussen", 60.0) / 100,
            )
            for name, fertig, wohnungen in t[["vorhaben", "fertig", "wert"]].itertuples(index=False)
        ]
        for k, t in neubau.groupby("teil")
    }  # fmt: skip
    kommunen = hamilton_perry(register, geburten, lage, neubau=gebaut)
    if len(kommunen) == len(lage.teile):
        jahre = set.intersection(*(set(j) for j in kommunen.values()))
        kommunen[lage.gebiet] = {
            j: (
                np.sum([kommunen[k][j][0] for k in lage.teile], axis=0),
                math.fsum(kommunen[k][j][1] for k in lage.teile),
            )
            for j in jahre
        }
    zeilen: list[dict[str, Any]] = []
    for ort, je_jahr in kommunen.items():
        for jahr, (n, geboren) in sorted(je_jahr.items()):
            zeilen += _zeilen([ort], jahr, n[None, None], ["insgesamt"])
            werte["geburten"][ort, jahr] = geboren
            for name, m in GRUPPEN.items():
                if not m[0, len(n) :].any() and not m[1, len(n) :].any():
                    werte[name][ort, jahr] = float((n * m[0, : len(n)]).sum())
    return {**leer, **werte, "altersjahre": zeilen}
