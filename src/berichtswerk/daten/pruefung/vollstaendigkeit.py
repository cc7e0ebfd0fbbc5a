"""Fehlt zu einer Zeit eine Kommune?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from berichtswerk.daten.gebietsschluessel import EBENENNAME, Ebene
from berichtswerk.daten.pruefung.pruefling import Pruefling, begrenze
from berichtswerk.grund.aehnlich import aufgezaehlt
from berichtswerk.grund.meldung import Meldung, Stufe

FAST_ALLE = 0.8
"""Liefert eine Quelle einmal diesen Anteil der Gebiete, werden immer alle erwartet."""


def pruefe(pruefling: Pruefling) -> list[Meldung]:
    """Warnt je Ebene, Größe und Zeit, zu der Gebiete fehlen, die sonst geliefert werden."""
    verlangt = pruefling.quelle.pruefen.vollstaendig
    ebenen: Sequence[Ebene] = ("gemeinde", "einheit") if verlangt is None else verlangt
    return begrenze(m for ebene in ebenen for m in _ebene(pruefling, ebene, verlangt is not None))


def _ebene(pruefling: Pruefling, ebene: Ebene, verlangt: bool) -> Iterator[Meldung]:
    """Erwartet werden alle Gebiete der Ebene, wenn es verlangt ist oder einmal fast alle da waren."""
    alle = {g.schluessel for g in pruefling.gebiete.ebene(ebene)}
    for groesse, werte in pruefling.werte.groupby("groesse", sort=False):
        unmittelbar = {
            str(zeit): set(zeilen["gebiet"]) for zeit, zeilen in werte.groupby("zeit") if len(zeilen)
        }
        if not verlangt and not any(alle & gebiete for gebiete in unmittelbar.values()):
            continue
        je_zeit = {zeit: _vorhanden(pruefling, ebene, gebiete) for zeit, gebiete in unmittelbar.items()}
        meiste = max(map(len, je_zeit.values()), default=0)
        if not verlangt and meiste < FAST_ALLE * len(alle):
            continue
        for zeit, vorhanden in sorted(je_zeit.items()):
            fehlend = [g for g in pruefling.gebiete if g in alle - vorhanden]
            if fehlend and (verlangt or vorhanden):
                wo = f"für {zeit} {len(fehlend)} von {len(alle)} Gebieten (Ebene {EBENENNAME[ebene]})"
                yield _meldung(pruefling, f"Zu „{groesse}“ fehlen {wo}", fehlend)


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


def _meldung(pruefling: Pruefling, text: str, fehlend: list[str]) -> Meldung:
    return Meldung(
        "gebiet-fehlt",
        f"{text}: {aufgezaehlt((pruefling.name(g) for g in fehlend), 6)}.",
        pruefling.datei,
        feld="gebiet",
        ursache="Summen, die eines dieser Gebiete brauchen, werden nicht gebildet.",
        abhilfe="Fragen Sie nach oder tragen Sie das Zeichen für „unbekannt“ ein.",
        stufe=Stufe.WARNUNG,
    )
