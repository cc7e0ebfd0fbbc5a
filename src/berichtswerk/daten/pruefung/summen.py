"""Ergeben die Gemeinden zusammen Einheit und Kreis?

Bei gerundeten oder überlagerten Quellen (Cell-Key, Fünferrundung) ist eine Abweichung die Regel und nur ein
Hinweis; aus einer Differenz wird nie auf einen fehlenden oder geheimen Wert geschlossen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from berichtswerk.daten.gebietsschluessel import Ebene
from berichtswerk.daten.gebietssumme import summe
from berichtswerk.daten.pruefung.pruefling import Pruefling, begrenze
from berichtswerk.grund.meldung import Meldung, Stufe
from berichtswerk.grund.zahl import dezimal, schreibe

if TYPE_CHECKING:
    import pandas as pd

EBENEN: tuple[Ebene, ...] = ("einheit", "planungsgebiet", "kreis")
TEILEBENEN: tuple[Ebene, ...] = ("gemeinde", "einheit", "planungsgebiet")


def pruefe(pruefling: Pruefling) -> list[Meldung]:
    """Vergleicht jedes gelieferte größere Gebiet mit der Summe seiner Teile, wo alle Teile bekannt sind."""
    groessen = _additive(pruefling)
    werte = pruefling.werte[pruefling.werte["groesse"].isin(groessen)]
    if werte.empty:
        return []
    exakt = pruefling.quelle.statistik.genauigkeit == "exakt"
    abweichungen = [a for ebene in EBENEN for a in _abweichungen(pruefling, werte, ebene)]
    if exakt:
        return begrenze(_fehler(pruefling, a) for a in abweichungen)
    return [_hinweis(pruefling, len(abweichungen))] if abweichungen else []


def _additive(pruefling: Pruefling) -> list[str]:
    """Größen, die sich addieren: genannt oder im Schema ganzzahlig."""
    assert pruefling.tabelle is not None
    angabe = pruefling.quelle.pruefen.summen
    vorhanden = list(pruefling.tabelle.groessen)
    if isinstance(angabe, list):
        return [g for g in vorhanden if g in angabe]
    if angabe is not None:
        return vorhanden if angabe else []
    felder = pruefling.quelle.schema_.fields if pruefling.quelle.schema_ else []
    ganze = {f.name for f in felder if f.type == "integer"}
    spalten = {
        groesse: {w.spalte for w in spalten if isinstance(w.spalte, str)}
        for groesse, spalten in pruefling.quelle.lesen.groessen.items()
    }
    return [g for g in vorhanden if spalten.get(g, set()) & ganze]


@dataclass(frozen=True, slots=True)
class Abweichung:
    """Ein größeres Gebiet, dessen gelieferter Wert nicht die Summe seiner ``teile`` Teile ist."""

    gebiet: str
    zeit: str
    was: str
    wert: float
    summe: float
    teile: int


def _abweichungen(pruefling: Pruefling, werte: pd.DataFrame, ebene: Ebene) -> Iterator[Abweichung]:
    ziele = [g.schluessel for g in pruefling.gebiete.ebene(ebene)]
    teile = {k.schluessel for z in ziele for e in TEILEBENEN for k in pruefling.gebiete.kinder(z, e)}
    geliefert = werte[werte["gebiet"].isin(ziele)]
    if geliefert.empty or not teile & set(werte["gebiet"]):
        return
    merkmale = ["zeit", *pruefling.merkmale, "groesse", "basis"]
    spalten = ["gebiet", *merkmale, "wert", "status"]
    summen = summe(pruefling.gebiete, werte[werte["gebiet"].isin(list(pruefling.gebiete))][spalten], ebene)
    paare = geliefert[spalten].merge(summen, on=["gebiet", *merkmale], suffixes=("", "_summe"))
    paare = paare[paare["wert"].notna() & paare["wert_summe"].notna() & (paare["teile"] > 1)]
    for paar in paare.to_dict("records"):
        if dezimal(float(paar["wert"])) != dezimal(float(paar["wert_summe"])):
            was = ", ".join(str(paar[m]) for m in (*pruefling.merkmale, "groesse") if str(paar[m]))
            zahlen = paar["wert"], paar["wert_summe"], paar["teile"]
            yield Abweichung(paar["gebiet"], paar["zeit"], was, *zahlen)


def _fehler(pruefling: Pruefling, a: Abweichung) -> Meldung:
    return Meldung(
        "summe-falsch",
        f"{pruefling.name(a.gebiet)}, {a.zeit}, „{a.was}“: geliefert {schreibe(a.wert)}, Summe der {a.teile} "
        f"Teile {schreibe(a.summe)}.",
        pruefling.datei,
        ursache=f"Differenz {schreibe(a.wert - a.summe, vorzeichen=True)}.",
        abhilfe="Prüfen Sie die Lieferung. Addiert sich die Größe nicht (Wanderungen, Quoten), setzen Sie "
        "„pruefen: {summen: false}“.",
    )


def _hinweis(pruefling: Pruefling, anzahl: int) -> Meldung:
    return Meldung(
        "summe-gerundet",
        f"An {anzahl} Stelle{'n' * (anzahl > 1)} weicht die Summe der Teile vom gelieferten Wert ab.",
        pruefling.datei,
        feld="statistik.genauigkeit",
        ursache=f"Die Quelle ist zur Geheimhaltung verändert ({pruefling.quelle.statistik.genauigkeit}); "
        "ihre Werte addieren sich nicht.",
        abhilfe="Nichts zu tun. Schließen Sie nie aus Differenzen auf einzelne Werte.",
        stufe=Stufe.HINWEIS,
    )
