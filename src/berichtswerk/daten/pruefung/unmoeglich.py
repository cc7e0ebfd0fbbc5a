"""Was nicht sein kann: niemand wohnt auf 270 km², mehr belegt als belegbar, weniger als nichts."""

from __future__ import annotations

import operator
import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import numpy as np

from berichtswerk.daten.pruefung.pruefling import Pruefling
from berichtswerk.grund.meldung import Befundart, Meldung, Stufe
from berichtswerk.grund.zahl import schreibe

_EINWOHNER = re.compile(r"einwohner|bevoelkerung|^bev(?![a-z])", re.IGNORECASE)
_FLAECHE = re.compile(r"flaeche|fläche|qkm|km2", re.IGNORECASE)
_TEIL = re.compile(r"^(belegt|belegung|belegte_|betreute_|genutzt)", re.IGNORECASE)
_GANZES = re.compile(r"^(belegbar|plaetze$|plätze$|genehmigte|kapazitaet|angebotene_plaetze)", re.IGNORECASE)
_SALDO = re.compile(
    r"saldo|veraenderung|veränderung|differenz|entwicklung|ueberschuss|index|wachstum|zuwachs|wanderung"
)
_ANTEIL = re.compile(r"^anteil|_anteil$|^quote|quote$|prozent", re.IGNORECASE)
_PROZENT = re.compile(r"anteil|quote|prozent|rate$", re.IGNORECASE)
LUECKE = 10
"""So viel Mal größer ist die kleinste Prozentzahl als der größte Anteil."""
Stellen = np.ndarray[Any, np.dtype[np.int64]]
_ZEICHEN = {"<=": operator.le, "<": operator.lt, "=": operator.eq}


class BeziehungVerletzt(Befundart):
    text = (
        "{gebiet}, {zeit}{was}: {links} = {wert_links}, {rechts} = {wert_rechts}; es müsste {links} "
        "{zeichen} {rechts} gelten."
    )
    ursache = "{herkunft}"
    abhilfe = (
        "Fragen Sie bei der liefernden Stelle nach, oder berichtigen Sie lesen.groessen und „pruefen: "
        "beziehungen“."
    )
    stufe = Stufe.WARNUNG


class EinwohnerNull(Befundart):
    text = "{gebiet}, {zeit}: „{groesse}“ ist überall 0{flaeche}."
    ursache = "Ein Gebiet ohne Einwohner ist fast immer ein Lesefehler oder ein Gebiet, das aufgegangen ist."
    abhilfe = (
        "Prüfen Sie Schlüssel und Spalte; ist das Gebiet wirklich unbewohnt, nehmen Sie den Befund in "
        "daten/hinweise.yaml an."
    )
    stufe = Stufe.WARNUNG


class WertNegativ(Befundart):
    text = "{gebiet}, {zeit}: „{groesse}“ ist {wert}, sonst aber nie kleiner als null."
    ursache = "Eine Anzahl kann nicht negativ sein."
    abhilfe = "Fragen Sie bei der liefernden Stelle nach; ist es ein Saldo, nennen Sie die Größe so."
    stufe = Stufe.WARNUNG


class AnteilUeberHundert(Befundart):
    text = "{gebiet}, {zeit}: „{groesse}“ ist {wert}, mehr als 100 Prozent."
    abhilfe = "Prüfen Sie Zahlform und Faktor (lesen.zahlform, faktor); sonst fragen Sie nach."
    stufe = Stufe.WARNUNG


class MassstabGemischt(Befundart):
    text = "„{groesse}“ steht teils in Prozent, teils als Anteil da: {eins} neben {zwei}."
    ursache = "Zwischen beiden liegt etwa das Hundertfache. So kleine Werte: {anzahl}."
    abhilfe = (
        "Fragen Sie nach. Sind die kleinen Anteile, lesen Sie sie für sich mit „faktor: 100“ (bloecke, wo, "
        "zweite Quelle); stimmt alles, nehmen Sie den Befund in daten/hinweise.yaml an."
    )


def pruefe(pruefling: Pruefling) -> Iterator[Meldung]:
    """Beziehungen zwischen Größen, unbewohnte Gebiete, Negatives, Anteile über hundert, 0,06 neben 5,8."""
    yield from _beziehungen(pruefling)
    for groesse in pruefling.tabelle.groessen:
        stellen = pruefling.tabelle.stellen(groesse)
        stellen = stellen[pruefling.mit_zahl[stellen]]
        if not len(stellen):
            continue
        if _EINWOHNER.search(groesse):
            yield from _unbewohnt(pruefling, groesse, stellen)
        wert = pruefling.wert[stellen]
        negativ = stellen[wert < 0]
        if 0 < len(negativ) * 20 < len(stellen) and not _SALDO.search(groesse.lower()):
            for stelle in negativ.tolist():
                yield WertNegativ.melde(
                    **_wo(pruefling, stelle), groesse=groesse, wert=_zahl(pruefling, stelle)
                )
        if _PROZENT.search(groesse):
            yield from _gemischt(pruefling, groesse, stellen)
        if _ANTEIL.search(groesse):
            for stelle in stellen[wert > 100].tolist():
                yield AnteilUeberHundert.melde(
                    **_wo(pruefling, stelle), groesse=groesse, wert=_zahl(pruefling, stelle)
                )


def _gemischt(pruefling: Pruefling, groesse: str, stellen: Stellen) -> Iterator[Meldung]:
    """Quoten, von denen einige hundertmal kleiner sind als die übrigen, je Ausprägung der Merkmale."""
    gruppen = pruefling.tabelle.kennzahlen(pruefling.tabelle.merkmale)[stellen]
    for gruppe in dict.fromkeys(gruppen.tolist()):
        hier = stellen[(gruppen == gruppe) & (pruefling.wert[stellen] > 0)]
        wert = pruefling.wert[hier]
        klein, gross = hier[wert <= 1], hier[wert > 1]
        if not len(klein) or not len(gross):
            continue
        weit = pruefling.wert[gross].min() / pruefling.wert[klein].max() >= LUECKE
        mal = np.median(pruefling.wert[gross]) / np.median(pruefling.wert[klein])
        if weit and 30 <= mal <= 300:
            wo = [_wo(pruefling, int(s)) for s in (klein[0], gross[0])]
            zahlen = [f"{pruefling.wert[s]:g}".replace(".", ",") for s in (klein[0], gross[0])]
            eins, zwei = (f"{z} ({w['gebiet']}, {w['zeit']})" for z, w in zip(zahlen, wo, strict=True))
            yield MassstabGemischt.melde(**wo[0], groesse=groesse, eins=eins, zwei=zwei, anzahl=len(klein))


def _wo(pruefling: Pruefling, stelle: int) -> dict[str, Any]:
    texte = pruefling.tabelle.texte
    return {
        "datei": texte["datei"][stelle], "ort": pruefling.ort([stelle]), "zeit": texte["zeit"][stelle],
        "gebiet": pruefling.name(texte["gebiet"][stelle]),
    }  # fmt: skip


def _zahl(pruefling: Pruefling, stelle: int) -> str:
    wert = float(pruefling.wert[stelle])
    return schreibe(wert, 0 if wert.is_integer() else 1)


def _unbewohnt(pruefling: Pruefling, groesse: str, stellen: Stellen) -> Iterator[Meldung]:
    """Gebiete, deren Einwohner zu einer Zeit in allen Ausprägungen null sind."""
    _, erste, gruppe = np.unique(
        pruefling.tabelle.kennzahlen(("gebiet", "zeit"))[stellen], return_index=True, return_inverse=True
    )
    summe = np.bincount(gruppe, np.abs(pruefling.wert[stellen]), len(erste))
    for stelle in stellen[erste[summe == 0]].tolist():
        flaeche = _flaeche(pruefling, stelle)
        text = f", bei {schreibe(flaeche, 1)} Flächeneinheiten" if flaeche else ""
        yield EinwohnerNull.melde(**_wo(pruefling, stelle), groesse=groesse, flaeche=text)


def _flaeche(pruefling: Pruefling, stelle: int) -> float:
    """Die Fläche des Gebiets: aus derselben Zeile, sonst aus dem Verzeichnis (km²)."""
    texte = pruefling.tabelle.texte
    for groesse in filter(_FLAECHE.search, pruefling.tabelle.groessen):
        for andere in pruefling.tabelle.stellen(groesse).tolist():
            if texte["gebiet"][andere] == texte["gebiet"][stelle] and pruefling.mit_zahl[andere]:
                return float(pruefling.wert[andere])
    gebiet = pruefling.gebiete.get(texte["gebiet"][stelle])
    return gebiet.flaeche_km2 or 0.0 if gebiet else 0.0


def _beziehungen(pruefling: Pruefling) -> Iterator[Meldung]:
    groessen = pruefling.tabelle.groessen
    angegeben = [tuple(text.split(" ")) for text in pruefling.quelle.pruefen.beziehungen]
    paare = product(filter(_TEIL.match, groessen), filter(_GANZES.match, groessen))
    bekannt = [{links, rechts} for links, _, rechts in angegeben]
    vermutet = [(teil, "<=", ganzes) for teil, ganzes in paare if {teil, ganzes} not in bekannt]
    for links, zeichen, rechts in angegeben:
        yield from _beziehung(
            pruefling, links, zeichen, rechts, "Die Quelle verlangt es (pruefen.beziehungen)."
        )
    for links, zeichen, rechts in vermutet:
        yield from _beziehung(pruefling, links, zeichen, rechts, "Mehr als vorhanden kann nicht belegt sein.")


def _beziehung(
    pruefling: Pruefling, links: str, zeichen: str, rechts: str, herkunft: str
) -> Iterator[Meldung]:
    tabelle = pruefling.tabelle
    felder = tabelle.kennzahlen(("gebiet", "zeit", *tabelle.merkmale, "basis"))
    eine, andere = (s[pruefling.mit_zahl[s]] for s in map(tabelle.stellen, (links, rechts)))
    rechte = {int(felder[stelle]): stelle for stelle in andere.tolist()}
    for stelle in eine.tolist():
        gegen = rechte.get(int(felder[stelle]))
        if gegen is None or _ZEICHEN[zeichen](pruefling.wert[stelle], pruefling.wert[gegen]):
            continue
        was = "".join(f", {t}" for m in tabelle.merkmale if (t := tabelle.texte[m][stelle]))
        yield BeziehungVerletzt.melde(
            **_wo(pruefling, stelle), was=was, links=links, zeichen=zeichen, rechts=rechts, herkunft=herkunft,
            wert_links=_zahl(pruefling, stelle), wert_rechts=_zahl(pruefling, gegen),
        )  # fmt: skip
