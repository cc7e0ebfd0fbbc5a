"""Der Altersaufbau eines Gebiets aus langen Werten: Gruppen bilden, ohne eine gelieferte zu teilen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from berichtswerk.fach.alter import Gruppe, alterstext, zerlege
from berichtswerk.fach.wege import basisrang
from berichtswerk.gegenstand.gegenstaende import Fundstelle, Nachweis
from berichtswerk.gegenstand.nachweis import rechenweg
from berichtswerk.gegenstand.serien import Punkt, Serie
from berichtswerk.grund import zahl
from berichtswerk.grund.zeichen import Status

if TYPE_CHECKING:
    import pandas as pd

    from berichtswerk.fach.rechenwerk import Gerechnet

_NAMEN = {"m": "Männer", "w": "Frauen"}
_Zeilen = list[dict[Any, Any]]
JUNG, ALT = 20, 65
"""Wer im Vergleich zu den Jungen und zu den Alten zählt."""


@dataclass(frozen=True)
class Aufbau:
    """Männer und Frauen nach Altersgruppen in einem Jahr, jung zuerst, mit Nachweis jeder Gruppe."""

    jahr: int
    basis: str
    maenner: Serie
    frauen: Serie
    nachweise: tuple[Nachweis, ...]
    grenzen: tuple[float, ...] = ()
    """Untere Grenzen der Altersgruppen."""

    @property
    def vollstaendig(self) -> bool:
        """Ob jede Gruppe eine Zahl hat."""
        return all(p.wert is not None for s in (self.maenner, self.frauen) for p in s.punkte)


def lies_aufbau(
    werte: pd.DataFrame, quelle: str, gebiet: str, groesse: str, teile: Sequence[str] = (),
    *, jahr: int | None, schritt: int, grenzen: tuple[float, ...] = (),
) -> Aufbau | None:  # fmt: skip
    """Der Altersaufbau; ``None``, wenn das Jahr fehlt oder Gruppen nicht lückenlos aneinander liegen.

    ``jahr=None`` nimmt das jüngste. Liegen mehrere Grundlagen vor (Zensus), gilt die neueste. ``grenzen``
    sind die unteren Grenzen eines anderen Aufbaus; Gruppen werden passend dazu zusammengefasst. Nennt die
    Quelle das Gebiet nicht, ist es die Summe seiner ``teile``; fehlt einer, gibt es keine.
    """
    if not {"geschlecht", "alter_von", "alter_bis"} <= set(werte.columns):
        return None
    orte = [gebiet] if (werte["gebiet"] == gebiet).any() else [*teile]
    passend = werte[werte["gebiet"].isin(orte) & (werte["groesse"] == groesse) & (werte["alter_von"] != "")]
    passend = passend[passend["jahr"] == (passend["jahr"].max() if jahr is None else jahr)]
    if passend.empty:
        return None
    passend = passend[passend["zeit"] == max(passend["zeit"])]
    grundlagen = passend["basis"].fillna("").astype(str)
    basis = max(grundlagen, key=basisrang)
    zeilen = passend[grundlagen == basis].to_dict("records")
    je = {
        g: _gruppen([z for z in zeilen if str(z["geschlecht"])[:1].lower() == g], schritt, grenzen, len(orte))
        for g in _NAMEN
    }
    if not je["m"] or set(je["m"]) != set(je["w"]):
        return None
    serien: list[Serie] = []
    nachweise: list[Nachweis] = []
    for g, name in _NAMEN.items():
        formel = f"Summe {name}, {{}}"
        belegt = {k: _nachweis(z, quelle, gebiet, formel.format(alterstext(*k))) for k, z in je[g].items()}
        serien.append(Serie(name, tuple(Punkt(_kurztext(*k), n.wert, n.status) for k, n in belegt.items())))
        nachweise += belegt.values()
    untere = tuple(von for von, _ in je["m"])
    return Aufbau(int(passend["jahr"].iloc[0]), basis, serien[0], serien[1], tuple(nachweise), untere)


OFFEN_AB = 85
"""Ab hier ist die oberste Gruppe eines gerechneten Altersaufbaus offen."""


def rechne_aufbau(
    gerechnet: Gerechnet, ergebnis: str, gebiet: str, *, jahr: int | None, schritt: int
) -> Aufbau | None:
    """Der Altersaufbau aus einem ``ergebnis`` mit Personen je Altersjahr für Gebiet, Jahr und Geschlecht.

    ``jahr=None`` nimmt die Basis der Rechnung. Jede Gruppe ist geschätzt und führt zu allem, was einging.
    """
    jahr = gerechnet.basis if jahr is None else jahr
    zeilen, eingaenge = gerechnet.zeilen(ergebnis, gebiet)
    je = {str(z["geschlecht"])[:1].lower(): z["alter"] for z in zeilen if z["jahr"] == jahr}
    if set(je) != set(_NAMEN):
        return None
    untere = range(0, OFFEN_AB + 1, schritt)
    weg = rechenweg(gerechnet.rechnung.id, f"Altersjahre zu Gruppen von {schritt} Jahren addiert", eingaenge)
    nachweise: list[Nachweis] = []
    serien: list[Serie] = []
    for g, name in _NAMEN.items():
        punkte = []
        for von in untere:
            bis = von + schritt if von + schritt <= OFFEN_AB else math.inf
            wert = math.fsum(je[g][von : None if math.isinf(bis) else int(bis)])
            punkte.append(Punkt(_kurztext(von, bis), wert, Status.GESCHAETZT))
            nachweise.append(
                Nachweis(
                    anzeige=zahl.schreibe(wert), wert=wert, status=Status.GESCHAETZT, gebiet=gebiet,
                    zeit=str(jahr), stelle=f"{name}, {alterstext(von, bis)}", rechnung="eigene", weg=weg,
                )
            )  # fmt: skip
        serien.append(Serie(name, tuple(punkte)))
    return Aufbau(jahr, "", serien[0], serien[1], tuple(nachweise), tuple(map(float, untere)))


def im_vergleich(hier: Aufbau, dort: Aufbau, wo: str) -> str:
    """„2015 waren 17,1 % unter 20 und 23,7 % ab 65 Jahre alt, im Kreis …“.

    Leer, wo die Gruppen das nicht sagen.
    """
    if any(not {JUNG, ALT} <= set(a.grenzen) for a in (hier, dort)):
        return ""
    teile = [_anteile(a) for a in (hier, dort)]
    if None in teile:
        return ""
    hier_t, dort_t = ([f"{zahl.schreibe(w, 1)}{zahl.SCHMAL}%" for w in t or ()] for t in teile)
    rund = "geschätzt " if any(p.status is Status.GESCHAETZT for p in hier.maenner.punkte) else ""
    return (
        f"{hier.jahr} waren {rund}{hier_t[0]} unter {JUNG} und {hier_t[1]} ab {ALT} Jahre alt, "
        f"{wo} {dort_t[0]} und {dort_t[1]}."
    )


def _anteile(a: Aufbau) -> tuple[float, float] | None:
    """Anteil der Jüngeren und der Älteren in Prozent; ``None``, wenn eine Gruppe fehlt."""
    if not a.vollstaendig:
        return None
    werte = [[p.wert for p in s.punkte] for s in (a.maenner, a.frauen)]
    je = [(g, (m or 0.0) + (f or 0.0)) for g, m, f in zip(a.grenzen, *werte, strict=True)]
    alle = math.fsum(w for _, w in je) or 1.0
    jung = math.fsum(w for g, w in je if g < JUNG)
    alt = math.fsum(w for g, w in je if g >= ALT)
    return 100 * jung / alle, 100 * alt / alle


def frueheres_jahr(werte: pd.DataFrame, gebiet: str, jahr: int) -> int | None:
    """Das jüngste Jahr vor ``jahr``, zu dem es Altersgruppen für das Gebiet gibt."""
    passend = werte[(werte["gebiet"] == gebiet) & (werte["alter_von"] != "") & (werte["jahr"] < jahr)]
    return None if passend.empty else int(passend["jahr"].max())


def _gruppen(
    zeilen: _Zeilen, schritt: int, vorgabe: tuple[float, ...], orte: int
) -> dict[Gruppe, _Zeilen]:  # fmt: skip
    """Feinste lückenlose Zerlegung, zu ``schritt`` Jahren zusammengefasst; leer, wenn Lücken bleiben.

    Jede Gruppe muss für alle ``orte`` da sein.
    """
    gesammelt: dict[Gruppe, _Zeilen] = {}
    for z in zeilen:
        bis = float(z["alter_bis"]) if z["alter_bis"] != "" else math.inf
        gesammelt.setdefault((float(z["alter_von"]), bis), []).append(z)
    je_gruppe = {k: liste for k, liste in gesammelt.items() if len(liste) == orte}
    fertig: dict[Gruppe, _Zeilen] = {}
    offen: list[Gruppe] = []
    for gruppe in zerlege((0, math.inf), je_gruppe, fein=True).gruppen:
        offen.append(gruppe)
        bis = gruppe[1]
        if vorgabe and bis not in vorgabe and not math.isinf(bis):
            continue
        if math.isinf(bis) or bis % schritt == 0 or bis - offen[0][0] >= schritt:
            fertig[offen[0][0], bis] = [z for g in offen for z in je_gruppe[g]]
            offen = []
    return fertig


def _kurztext(von: float, bis: float) -> str:
    """„0–4“, „85+“: Altersgruppe an der Achse, Grenzen eingeschlossen."""
    if math.isinf(bis):
        return f"{von:.0f}+"
    return zahl.zeitraum(f"{von:.0f}", f"{bis - 1:.0f}")


def _nachweis(zeilen: _Zeilen, quelle: str, gebiet: str, formel: str) -> Nachweis:
    werte = [float(z["wert"]) for z in zeilen]
    summe = None if any(map(math.isnan, werte)) else math.fsum(werte)
    belege = tuple(
        Fundstelle(
            quelle=quelle, datei=z["datei"], zeile=int(z["zeile"]), spalte=z["spalte"],
            wert=wert, rolle="wert", gebiet=z["gebiet"] if z["gebiet"] != gebiet else "",
        )
        for z, wert in zip(zeilen, werte, strict=True)
        if not math.isnan(wert)
    )  # fmt: skip
    return Nachweis(
        anzeige=zahl.schreibe(summe) if summe is not None else ".", wert=summe, gebiet=gebiet,
        status=Status.WERT if summe is not None else Status.UNBEKANNT, zeit=str(zeilen[0]["zeit"]),
        formel=formel, belege=belege,
    )  # fmt: skip
