"""Ergeben die Gemeinden zusammen Einheit und Kreis?

Bei gerundeten oder überlagerten Quellen (Cell-Key, Fünferrundung) ist eine Abweichung die Regel und nur ein
Hinweis; aus einer Differenz wird nie auf einen fehlenden oder geheimen Wert geschlossen.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import numpy as np

from berichtswerk.daten.gebiete import Ebene
from berichtswerk.daten.pruefung.pruefling import Pruefling
from berichtswerk.grund.meldung import Befundart, Meldung, Stufe
from berichtswerk.grund.zahl import dezimal, schreibe

Zahlen = np.ndarray[Any, np.dtype[Any]]

EBENEN: tuple[Ebene, ...] = ("einheit", "planungsgebiet", "kreis")
BLOCK = 1_000
"""So viele Felder werden zugleich summiert."""


class SummeFalsch(Befundart):
    text = "{gebiet}, {zeit}, „{was}“: geliefert {wert}, Summe der {teile} Teile {summe}."
    ursache = "Differenz {differenz}."
    abhilfe = (
        "Prüfen Sie die Lieferung. Addiert sich die Größe nicht (Wanderungen, Quoten), setzen Sie „pruefen: "
        "{{summen: false}}“."
    )


class SummeGerundet(Befundart):
    text = "An {anzahl} weicht die Summe der Teile vom gelieferten Wert ab."
    ursache = "Die Quelle ist zur Geheimhaltung verändert ({genauigkeit}); ihre Werte addieren sich nicht."
    abhilfe = "Nichts zu tun. Schließen Sie nie aus Differenzen auf einzelne Werte."
    feld = "statistik.genauigkeit"
    stufe = Stufe.HINWEIS


def pruefe(pruefling: Pruefling) -> Iterator[Meldung]:
    """Vergleicht jedes gelieferte größere Gebiet mit der Summe seiner Teile, wo alle Teile bekannt sind."""
    abweichungen = _abweichungen(pruefling)
    genauigkeit = pruefling.quelle.statistik.genauigkeit
    if genauigkeit == "exakt":
        yield from abweichungen
    elif anzahl := sum(1 for _ in abweichungen):
        stellen = f"{anzahl} Stelle{'n' * (anzahl > 1)}"
        yield SummeGerundet.melde(datei=pruefling.datei, anzahl=stellen, genauigkeit=genauigkeit)


def _additive(pruefling: Pruefling) -> list[str]:
    """Größen, die sich addieren: genannt oder im Schema ganzzahlig."""
    angabe, vorhanden = pruefling.quelle.pruefen.summen, pruefling.tabelle.groessen
    if isinstance(angabe, list):
        return [g for g in vorhanden if g in angabe]
    if angabe is not None:
        return list(vorhanden) if angabe else []
    felder = pruefling.quelle.schema_.fields if pruefling.quelle.schema_ else []
    ganze = {f.name for f in felder if f.type == "integer"}
    spalten = {
        groesse: {w.spalte for w in spalten if isinstance(w.spalte, str)}
        for groesse, spalten in pruefling.quelle.lesen.groessen.items()
    }
    return [g for g in vorhanden if spalten.get(g, set()) & ganze]


def _abweichungen(pruefling: Pruefling) -> Iterator[Meldung]:
    """Grob mit Gleitkommazahlen gesucht; jeder Verdacht wird genau nachgerechnet."""
    gebiete = pruefling.gebiete
    ziele = {g.schluessel for ebene in EBENEN for g in gebiete.ebene(ebene)}
    stellen, gruppe = _gruppen(pruefling, ziele)
    verdacht: dict[int, Zahlen] = {}
    for anfang in range(0, int(gruppe[-1]) + 1 if len(gruppe) else 0, BLOCK):
        von, bis = np.searchsorted(gruppe, (anfang, anfang + BLOCK))
        verdacht |= _verdaechtig(pruefling, stellen[von:bis], gruppe[von:bis] - anfang, ziele)
    ebenen = {stelle: EBENEN.index(gebiete[_gebiet(pruefling, stelle)].ebene) for stelle in verdacht}
    for stelle in sorted(verdacht, key=lambda stelle: (ebenen[stelle], stelle)):
        yield from _genau(pruefling, stelle, verdacht[stelle])


def _gebiet(pruefling: Pruefling, stelle: int) -> str:
    return str(pruefling.tabelle.texte["gebiet"][stelle])


def _gruppen(pruefling: Pruefling, ziele: set[str]) -> tuple[Zahlen, Zahlen]:
    """Stellen additiver Werte bekannter Gebiete, nach Feldern geordnet, und die Nummer ihres Feldes.

    Ein Feld sind alle Gebiete zu einer Zeit, Ausprägung, Größe und Basis; nur solche mit einem Ziel zählen.
    """
    tabelle, gebiet = pruefling.tabelle, pruefling.nummern("gebiet")
    additiv = [tabelle.groessen.index(g) for g in _additive(pruefling)]
    bekannt = np.array([g in pruefling.gebiete for g in pruefling.texte("gebiet")], bool)
    ist_ziel = np.array([g in ziele for g in pruefling.texte("gebiet")], bool)
    stellen = (np.isin(pruefling.nummern("groesse"), additiv) & bekannt[gebiet]).nonzero()[0]
    feld = tabelle.kennzahlen(("zeit", *tabelle.merkmale, "groesse", "basis"))[stellen]
    wahl = np.isin(feld, np.unique(feld[ist_ziel[gebiet[stellen]]]))
    stellen, feld = stellen[wahl], feld[wahl]
    ordnung = np.argsort(feld, kind="stable")
    _, gruppe = np.unique(feld[ordnung], return_inverse=True)
    return stellen[ordnung], gruppe


def _verdaechtig(pruefling: Pruefling, stellen: Zahlen, gruppe: Zahlen, ziele: set[str]) -> dict[int, Zahlen]:
    """Stelle, deren Wert nicht die Summe der Teile ist → alle Stellen ihres Feldes."""
    summen = Teilsummen(pruefling, stellen, gruppe, pruefling.wert[stellen])
    nummern, wert = pruefling.nummern("gebiet")[stellen], pruefling.wert[stellen]
    verdacht: dict[int, Zahlen] = {}
    for nummer in np.unique(nummern).tolist():
        if pruefling.texte("gebiet")[nummer] not in ziele:
            continue
        summe, teile = summen.von(pruefling.texte("gebiet")[nummer])
        hier = (nummern == nummer).nonzero()[0]
        soll, anzahl = summe[gruppe[hier]], teile[gruppe[hier]]
        anders = ~np.isnan(soll) & ~np.isnan(wert[hier]) & (anzahl > 1) & (soll != wert[hier])
        for stelle in hier[anders].tolist():
            von, bis = np.searchsorted(gruppe, (gruppe[stelle], gruppe[stelle] + 1))
            verdacht[int(stellen[stelle])] = stellen[von:bis]
    return verdacht


def _genau(pruefling: Pruefling, stelle: int, feld: Zahlen) -> Iterator[Meldung]:
    tabelle, gelesen = pruefling.tabelle, pruefling.wert[feld].tolist()
    werte = np.array([Decimal("NaN") if math.isnan(w) else dezimal(w) for w in gelesen], dtype=object)
    summen = Teilsummen(pruefling, feld, np.zeros(len(feld), np.int64), werte)
    summe, teile = (liste[0] for liste in summen.von(_gebiet(pruefling, stelle)))
    wert = tabelle.wert[stelle]
    if dezimal(wert) == dezimal(float(summe)):
        return
    was = ", ".join(t for name in (*tabelle.merkmale, "groesse") if (t := tabelle.texte[name][stelle]))
    yield SummeFalsch.melde(
        datei=pruefling.datei, gebiet=pruefling.name(_gebiet(pruefling, stelle)), was=was, teile=teile,
        zeit=tabelle.texte["zeit"][stelle], wert=schreibe(wert), summe=schreibe(float(summe)),
        differenz=schreibe(wert - float(summe), vorzeichen=True),
    )  # fmt: skip


class Teilsummen:
    """Summen der größten gelieferten Teile, für viele Felder zugleich; fehlt einer, ist die Summe NaN."""

    def __init__(self, pruefling: Pruefling, stellen: Zahlen, gruppe: Zahlen, werte: Zahlen) -> None:
        """``gruppe``: zu welchem Feld (ab 0) jede Stelle gehört; ``werte``: Gleitkommazahlen oder Decimal."""
        self._gebiete = pruefling.gebiete
        self._platz = {schluessel: platz for platz, schluessel in enumerate(pruefling.gebiete)}
        platz = np.array([self._platz.get(g, 0) for g in pruefling.texte("gebiet")], np.int64)
        form = (int(gruppe.max()) + 1 if len(gruppe) else 0, len(self._platz))
        self._nichts = werte.dtype.type("nan") if werte.dtype.kind == "f" else Decimal("NaN")
        self._da, self._werte = np.zeros(form, bool), np.full(form, self._nichts, werte.dtype)
        plaetze = platz[pruefling.nummern("gebiet")[stellen]]
        self._da[gruppe, plaetze] = True
        self._werte[gruppe, plaetze] = werte

    def von(self, schluessel: str) -> tuple[Zahlen, Zahlen]:
        """Je Feld die Summe der Teile dieses Gebiets und ihre Anzahl."""
        summe: Any = 0
        anzahl: Any = 0
        for kind in self._gebiete.kinder(schluessel):
            wert, da = np.full(len(self._da), self._nichts, self._werte.dtype), np.zeros(len(self._da), bool)
            for gebiet in (kind, *self._gebiete.gleiche(kind.schluessel)):
                hier = self._da[:, self._platz[gebiet.schluessel]] & ~da
                wert[hier] = self._werte[hier, self._platz[gebiet.schluessel]]
                da |= hier
            teile: Any = 1
            if self._gebiete.kinder(kind.schluessel) and not da.all():
                tiefer, teile = self.von(kind.schluessel)
                wert, teile = np.where(da, wert, tiefer), np.where(da, 1, teile)
            summe, anzahl = summe + wert, anzahl + teile
        return np.broadcast_to(summe, len(self._da)), np.broadcast_to(anzahl, len(self._da))
