"""Steht jedes gelieferte Gebiet im Verzeichnis, und fehlt zu einer Zeit eine Kommune?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from berichtswerk.daten.gebiete import EBENENNAME, Ebene
from berichtswerk.daten.pruefung.pruefling import Pruefling
from berichtswerk.grund.meldung import Befundart, Meldung, Stufe, aufgezaehlt

FAST_ALLE = 0.8
"""Liefert eine Quelle einmal diesen Anteil der Gebiete, werden immer alle erwartet."""


class GebietFremd(Befundart):
    text = "Das Gebiet „{gebiet}“ steht nicht im Gebietsverzeichnis; seine Werte werden nicht verwendet."
    ursache = "{aehnlich}"
    abhilfe = "Ergänzen Sie es in daten/gebiete.yaml oder lassen Sie fremde Gebiete beim Lesen weg."
    feld = "gebiet"
    stufe = Stufe.HINWEIS


class GebietFehlt(Befundart):
    text = "Zu „{groesse}“ fehlen für {zeit} {anzahl} von {alle} Gebieten (Ebene {ebene}): {gebiete}."
    ursache = "Summen, die eines dieser Gebiete brauchen, werden nicht gebildet."
    abhilfe = "Fragen Sie nach oder tragen Sie das Zeichen für „unbekannt“ ein."
    feld = "gebiet"
    stufe = Stufe.WARNUNG


def pruefe_fremde(pruefling: Pruefling) -> Iterator[Meldung]:
    """Hinweis auf Gebiete, die behalten wurden, obwohl das Verzeichnis sie nicht kennt."""
    texte = pruefling.texte("gebiet")
    for gebiet, nummer in sorted((g, n) for n, g in enumerate(texte) if g not in pruefling.gebiete):
        stellen = (pruefling.nummern("gebiet") == nummer).nonzero()[0].tolist()
        nah = pruefling.gebiete.naechste(gebiet)
        yield GebietFremd.melde(
            datei=pruefling.tabelle.texte["datei"][stellen[0]], ort=pruefling.ort(stellen), gebiet=gebiet,
            aehnlich=f"Ähnlich: {aufgezaehlt(g.schluessel + ' ' + g.name for g in nah)}." if nah else "",
        )  # fmt: skip


def pruefe_vollstaendigkeit(pruefling: Pruefling) -> Iterator[Meldung]:
    """Warnt je Ebene, Größe und Zeit, zu der Gebiete fehlen, die sonst geliefert werden."""
    verlangt = pruefling.quelle.pruefen.vollstaendig
    ebenen: Sequence[Ebene] = ("gemeinde", "einheit") if verlangt is None else verlangt
    geliefert = _geliefert(pruefling)
    for ebene in ebenen:
        yield from _ebene(pruefling, ebene, geliefert, verlangt is not None)


def _geliefert(pruefling: Pruefling) -> dict[str, dict[str, set[str]]]:
    """Größe → Zeit → gelieferte Gebiete."""
    namen = ("groesse", "zeit", "gebiet")
    _, erste = np.unique(pruefling.tabelle.kennzahlen(namen), return_index=True)
    geliefert: dict[str, dict[str, set[str]]] = {g: {} for g in pruefling.tabelle.groessen}
    for stelle in erste.tolist():
        groesse, zeit, gebiet = (pruefling.tabelle.texte[name][stelle] for name in namen)
        geliefert[groesse].setdefault(zeit, set()).add(gebiet)
    return geliefert


def _ebene(
    pruefling: Pruefling, ebene: Ebene, geliefert: dict[str, dict[str, set[str]]], verlangt: bool
) -> Iterator[Meldung]:
    """Erwartet werden alle Gebiete der Ebene, wenn es verlangt ist oder einmal fast alle da waren."""
    alle = {g.schluessel for g in pruefling.gebiete.ebene(ebene)}
    for groesse, unmittelbar in geliefert.items():
        if not verlangt and not any(alle & gebiete for gebiete in unmittelbar.values()):
            continue
        je_zeit = {zeit: _vorhanden(pruefling, ebene, gebiete) for zeit, gebiete in unmittelbar.items()}
        meiste = max(map(len, je_zeit.values()), default=0)
        if not verlangt and meiste < FAST_ALLE * len(alle):
            continue
        for zeit, vorhanden in sorted(je_zeit.items()):
            fehlend = [g for g in pruefling.gebiete if g in alle - vorhanden]
            if fehlend and (verlangt or vorhanden):
                yield GebietFehlt.melde(
                    datei=pruefling.datei, groesse=groesse, zeit=zeit, anzahl=len(fehlend), alle=len(alle),
                    ebene=EBENENNAME[ebene], gebiete=aufgezaehlt((pruefling.name(g) for g in fehlend), 6),
                )  # fmt: skip


def _vorhanden(pruefling: Pruefling, ebene: Ebene, gebiete: set[str]) -> set[str]:
    """Gelieferte Gebiete der Ebene; bei Einheiten zählt auch die flächengleiche Gemeinde."""
    eigene = {g for g in gebiete if g in pruefling.gebiete and pruefling.gebiete[g].ebene == ebene}
    if ebene != "einheit" or not eigene:
        return eigene
    gleiche = {
        g.schluessel
        for g in pruefling.gebiete.ebene("einheit")
        if any(k.schluessel in gebiete for k in pruefling.gebiete.gleiche(g.schluessel))
    }
    return eigene | gleiche
