"""Kachelkarte: jedes Gebiet ein gleich großes Feld an seinem ungefähren Ort, mit Namen und Wert."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from berichtswerk.bild.formen import gemeinsam as g
from berichtswerk.bild.formen.klassen import Klassen, bilde, schluessel
from berichtswerk.bild.leinwand import Rahmen, Schild, kaesten, rahme
from berichtswerk.bild.thema import ZEILE, Thema
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Punkt, Serie
from berichtswerk.worte import befund as worte
from berichtswerk.worte import sprache

_FUGE = 6.0
_BREITESTE = 124.0


@dataclass(frozen=True, slots=True)
class Kachel:
    """Ein Gebiet der Kachelkarte: Spalte und Zeile ab 1, ``punkt.wert`` in der gezeigten Einheit."""

    name: str
    spalte: int
    zeile: int
    punkt: Punkt
    kurz: str = ""

    @property
    def schild(self) -> str:
        """Name im Feld."""
        return self.kurz or self.name


def kachelkarte(
    kacheln: Sequence[Kachel],
    angaben: Angaben,
    *,
    thema: Thema,
    bezug: worte.Bezug = None,
    grenzen: Sequence[float] | None = None,
    mitte: float | None = None,
    raum: str = "Gebieten",
    alt: str | None = None,
    befund: str | None = None,
) -> Diagramm:
    """Zeichnet ein Feld je Gebiet in der Farbe seiner Klasse, darin Name und Wert.

    ``grenzen`` nennt bis zu vier innere Klassengrenzen (sonst runde, gleich breite); ``mitte`` wählt Farben
    um eine bedeutsame Mitte, etwa 0. ``bezug`` ist Name und Wert des Kreises, ``raum`` der Name der
    Gebiete im Dativ der Mehrzahl. Die Datentafel folgt der Reihenfolge von ``kacheln``.
    """
    punkte = [replace(k.punkt, x=k.name, unten=None, oben=None) for k in kacheln]
    klassen = bilde([p.wert for p in punkte if p.wert is not None], thema, grenzen=grenzen, mitte=mitte)
    gesagt = worte.spannweite("Kachelkarte", punkte, angaben, raum=raum, bezug=bezug)
    text = alt if alt is not None else gesagt.alt
    serie = Serie(angaben.was, tuple(punkte))
    return Diagramm(
        _spec(kacheln, klassen, angaben, thema, bezug=bezug, text=text),
        "kachelkarte",
        text,
        befund if befund is not None else gesagt.befund,
        g.tafel([serie], angaben),
        ("Die Lage der Felder entspricht ungefähr der Lage der Gebiete.", *g.hinweise_zu([serie], ())),
    )


def _spec(
    kacheln: Sequence[Kachel],
    klassen: Klassen,
    angaben: Angaben,
    thema: Thema,
    *,
    bezug: worte.Bezug,
    text: str,
) -> dict[str, Any]:
    spalten = max([k.spalte for k in kacheln] or [1])
    reihen = max([k.zeile for k in kacheln] or [1])
    weite = min(_BREITESTE, (thema.breite - 2 + _FUGE) / spalten - _FUGE)
    namen = {k: thema.umbruch(k.schild, weite - 8) for k in kacheln}
    hoch = (max([len(n) for n in namen.values()] or [1]) + 1) * ZEILE + 10
    links = (thema.breite - (spalten * (weite + _FUGE) - _FUGE)) / 2
    felder, tafeln = [], []
    for k in kacheln:
        x, y = (k.spalte - 1) * (weite + _FUGE), (k.zeile - 1) * (hoch + _FUGE)
        farbe = klassen.farbe(k.punkt.wert) if k.punkt.wert is not None else thema.farben.grund
        felder.append(
            {"gebiet": k.name, "wert": k.punkt.wert, "x": round(x, 1), "x2": round(x + weite, 1),
             "y": round(y, 1), "y2": round(y + hoch, 1), "farbe": farbe}
        )  # fmt: skip
        schrift = thema.schrift_auf(farbe)
        zeilen = [*((z, False) for z in namen[k]), (sprache.punkt_text(k.punkt, angaben, einheit=True), True)]
        oben = y + hoch / 2 - (len(zeilen) - 1) * ZEILE / 2
        tafeln += [
            Schild(x + weite / 2, oben + nr * ZEILE, z, schrift, "center", fett=fett)
            for nr, (z, fett) in enumerate(zeilen)
        ]
    hoehe = reihen * (hoch + _FUGE) - _FUGE
    werte = [k.punkt.wert for k in kacheln if k.punkt.wert is not None]
    fuss, tief = schluessel(klassen, angaben, thema, bezug, werte=werte, y=hoehe + 12, links=-links)
    teile = [*kaesten(felder, rand=thema.farben.achse), *tafeln, *fuss]
    return rahme(teile, thema, Rahmen(hoehe, links, 2, links, tief + 14), text)
