"""Worauf Karten gezeichnet werden: amtliche Grenzen, sonst ein Mosaik, sonst gleich große Felder."""

from __future__ import annotations

import math
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from berichtswerk.bild.mosaik import BRAUCHBAR, Anlage, gelegt
from berichtswerk.daten.kreis import lade_karte
from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.umriss import Flaeche, Kante, vereinige

if TYPE_CHECKING:
    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.daten.gebiete import Gebiet
    from berichtswerk.daten.kreis import Kartenangaben

Art = Literal["grenzen", "mosaik", "felder", "liste"]
VERMERK: Mapping[Art, str] = {
    "grenzen": "",
    "mosaik": "Schematische Karte: Grenzen errechnet, nicht amtlich",
    "felder": "Schematische Karte: Felder gleich groß, Lage ungefähr",
    "liste": "Felder gleich groß und der Reihe nach, nicht nach der Lage",
}
"""Was im Bild steht, wenn die Grenzen nicht amtlich sind."""


@dataclass(frozen=True, slots=True)
class Kartengrund:
    """Flächen in km (nach Osten und Süden) je Gebietsschlüssel; Nachbarn teilen ihre Ecken genau.

    ``fugen`` sind feine Linien im Inneren (die Zellen des Mosaiks), ``quellen`` und ``nennung`` sagen, woher
    Grenzen und Lage kommen.
    """

    flaechen: Mapping[str, Flaeche]
    art: Art
    fugen: tuple[Kante, ...] = ()
    quellen: tuple[str, ...] = ()
    nennung: str = ""
    nachbarn: bool = False
    """Ob feststeht, wer an wen grenzt; im Mosaik ohne Quelle dafür berühren sich Gebiete nur ungefähr."""

    @property
    def hinweise(self) -> tuple[str, ...]:
        """Was unter einer Karte steht: woher ihre Grenzen kommen."""
        return (f"Grenzen: {self.nennung}.",) if self.nennung else ()

    @property
    def vermerk(self) -> str:
        """„Schematische Karte: …“; leer bei amtlichen Grenzen."""
        return VERMERK[self.art]


def lade(bestand: Datenbestand, gebiete: Sequence[Gebiet]) -> Kartengrund | None:
    """Der beste Grund für diese Gebiete; ``None``, wenn eines nicht im eigenen Kreis liegt.

    Raises:
        BerichtswerkFehler: ``daten/kreis.yaml``, die Datei mit Grenzen oder eine ihrer Quellen hat Fehler.
    """
    verzeichnis = bestand.gebiete
    if not all(verzeichnis.vorfahr(g.schluessel, "kreis") == verzeichnis.kreis for g in gebiete):
        return None
    angaben = lade_karte(bestand.projekt)
    bestand.merke("daten/kreis.yaml")
    for art in (_aus_grenzen, _aus_mosaik):
        klein = art(bestand, angaben)
        teile = {g.schluessel: _teile(bestand, g, klein.flaechen) for g in gebiete} if klein else {}
        if klein and all(teile.values()):
            flaechen = {
                s: vereinige(r for k in kleine for r in klein.flaechen[k]) for s, kleine in teile.items()
            }
            return replace(klein, flaechen=flaechen)
    return Kartengrund(felder(gebiete), "felder" if all(map(_liegt, gebiete)) else "liste")


def _liegt(gebiet: Gebiet) -> bool:
    """Ob sein Mittelpunkt bekannt ist."""
    return gebiet.lon is not None and gebiet.lat is not None


def _teile(bestand: Datenbestand, gebiet: Gebiet, flaechen: Mapping[str, Flaeche]) -> list[str]:
    """Schlüssel der Flächen, aus denen ein Gebiet besteht; leer, wenn eine fehlt."""
    for g in (gebiet, *bestand.gebiete.gleiche(gebiet.schluessel)):
        if g.schluessel in flaechen:
            return [g.schluessel]
    je_kind = [_teile(bestand, k, flaechen) for k in bestand.gebiete.kinder(gebiet.schluessel)]
    return [s for teil in je_kind for s in teil] if all(je_kind) else []


def _aus_grenzen(bestand: Datenbestand, angaben: Kartenangaben) -> Kartengrund | None:
    """Amtliche Grenzen, wenn eine Datei genannt ist."""
    if angaben.grenzen is None:
        return None
    from berichtswerk.daten import grenzen

    bestand.merke(bestand.projekt.relativ(grenzen.finde(bestand.projekt, angaben.grenzen)))
    flaechen = grenzen.lies(bestand.projekt, angaben.grenzen, bestand.gebiete)
    return Kartengrund(flaechen, "grenzen", nennung=angaben.grenzen.nennung, nachbarn=True)


def _kleinste(bestand: Datenbestand, gebiet: Gebiet) -> list[str]:
    """Schlüssel der kleinsten bekannten Gebiete darin; es selbst, wenn es nicht unterteilt ist."""
    kinder = bestand.gebiete.kinder(gebiet.schluessel)
    return [s for k in kinder for s in _kleinste(bestand, k)] or [gebiet.schluessel]


def _aus_mosaik(bestand: Datenbestand, angaben: Kartenangaben) -> Kartengrund | None:
    """Das Mosaik der kleinsten Gebiete; ``None``, wo Angaben fehlen oder nicht zueinander passen."""
    alle = [bestand.gebiete[s] for s in _kleinste(bestand, bestand.gebiete.kreis)]
    punkte = {
        g.schluessel: (g.lon, g.lat, g.flaeche_km2)
        for g in alle
        if g.lon is not None and g.lat is not None and g.flaeche_km2 is not None
    }
    if len(punkte) < len(alle):
        return None
    orte = _orte(bestand, angaben.orte) if angaben.orte else []
    nachbarn = _nachbarn(bestand, angaben.nachbarn, punkte) if angaben.nachbarn else None
    m = gelegt(Anlage(punkte, orte, nachbarn), Ablage.von(bestand.projekt))
    if m.stauchung < BRAUCHBAR:
        return None
    quellen = tuple(q for q in (angaben.orte, angaben.nachbarn) if q)
    flaechen = {s: m.flaeche(s) for s in punkte}
    return Kartengrund(flaechen, "mosaik", tuple(m.fugen()), quellen, nachbarn=nachbarn is not None)


def _orte(bestand: Datenbestand, quelle: str) -> list[tuple[float, float, str]]:
    """Längengrad, Breitengrad und Gebiet je Zeile einer Quelle mit den Messgrößen ``lon`` und ``lat``."""
    t = bestand.tabelle(quelle)
    je_zeile: dict[tuple[str, str, int], dict[str, float]] = {}
    for gebiet, datei, zeile, groesse, wert in zip(
        t.texte["gebiet"], t.texte["datei"], t.zeile, t.texte["groesse"], t.wert, strict=True
    ):
        je_zeile.setdefault((gebiet, datei, zeile), {})[groesse] = wert
    return [(w["lon"], w["lat"], gebiet) for (gebiet, _, _), w in je_zeile.items()]


def _nachbarn(bestand: Datenbestand, quelle: str, eigene: Container[str]) -> dict[tuple[str, str], float]:
    """Gemeinsame Grenzen in km aus einer Quelle mit dem Merkmal ``nachbar``; fremde Nachbarn heißen „“."""
    t, grenzen = bestand.tabelle(quelle), dict[tuple[str, str], float]()
    for gebiet, nachbar, km in zip(t.texte["gebiet"], t.texte["nachbar"], t.wert, strict=True):
        paar = gebiet, nachbar if nachbar in eigene else ""
        grenzen[paar] = grenzen.get(paar, 0.0) + km
    return grenzen


def felder(gebiete: Sequence[Gebiet]) -> dict[str, Flaeche]:
    """Gleich große Felder in Reihen von Nord nach Süd, darin von West nach Ost; sonst wie gelistet."""
    n = len(gebiete)
    reihen = max(1, round(math.sqrt(n) * 0.95))
    laengen = [n // reihen] * reihen
    for nr in sorted(range(reihen), key=lambda r: abs(r - (reihen - 1) / 2))[: n % reihen]:
        laengen[nr] += 1
    liegend = all(map(_liegt, gebiete))
    rest = sorted(gebiete, key=lambda g: -(g.lat or 0.0)) if liegend else list(gebiete)
    aus: dict[str, Flaeche] = {}
    for zeile, laenge in enumerate(laengen):
        reihe, rest = rest[:laenge], rest[laenge:]
        links = (max(laengen) - laenge) / 2
        for spalte, g in enumerate(sorted(reihe, key=lambda g: g.lon or 0.0) if liegend else reihe):
            x, y = (links + spalte) * 8.0, zeile * 5.2
            aus[g.schluessel] = (((x, y), (x + 7.7, y), (x + 7.7, y + 4.9), (x, y + 4.9)),)
    return aus
