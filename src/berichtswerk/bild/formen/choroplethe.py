"""Choroplethe: Flächenkarte aus Grenzen (GeoJSON); die Grenzen werden in Pixel gerechnet."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from berichtswerk.bild.formen import gemeinsam as g
from berichtswerk.bild.formen.klassen import Klassen, bilde, schluessel
from berichtswerk.bild.leinwand import Rahmen, Schild, ebene, nach_feld, rahme
from berichtswerk.bild.thema import ZEILE, Thema
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Punkt, Serie
from berichtswerk.worte import befund as worte
from berichtswerk.worte import sprache

_HOECHSTE = 400.0
Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Flaeche:
    """Ein Gebiet mit Grenze: ``geometrie`` ist ein GeoJSON-Polygon oder -MultiPolygon in Grad (WGS 84)."""

    name: str
    geometrie: Mapping[str, Any]
    punkt: Punkt
    kurz: str = ""


def choroplethe(
    flaechen: Sequence[Flaeche],
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
    """Zeichnet Flächen in der Farbe ihrer Klasse; Name und Wert stehen in der Fläche, wo sie hineinpassen.

    Nur für Quoten und andere bezogene Werte gedacht: absolute Zahlen auf Flächen täuschen. Sonst wie
    :func:`~berichtswerk.bild.formen.kachelkarte.kachelkarte`.
    """
    punkte = [replace(f.punkt, x=f.name, unten=None, oben=None) for f in flaechen]
    klassen = bilde([p.wert for p in punkte if p.wert is not None], thema, grenzen=grenzen, mitte=mitte)
    gesagt = worte.spannweite("Karte", punkte, angaben, raum=raum, bezug=bezug)
    text = alt if alt is not None else gesagt.alt
    serie = Serie(angaben.was, tuple(punkte))
    spec, alle = _spec(flaechen, klassen, angaben, thema, bezug=bezug, text=text)
    hinweise = g.hinweise_zu([serie], ())
    if not alle:
        hinweise = ("Flächen ohne Namen sind zu klein für ihn; die Tabelle nennt alle Gebiete.", *hinweise)
    return Diagramm(
        spec,
        "choroplethe",
        text,
        befund if befund is not None else gesagt.befund,
        g.tafel([serie], angaben),
        hinweise,
    )


def _spec(
    flaechen: Sequence[Flaeche],
    klassen: Klassen,
    angaben: Angaben,
    thema: Thema,
    *,
    bezug: worte.Bezug,
    text: str,
) -> tuple[dict[str, Any], bool]:
    polygone = [list(_polygone(f.geometrie)) for f in flaechen]
    in_pixel, breite, hoehe = _projektion(polygone, thema.breite - 4)
    zeilen, tafeln, beschriftet = [], [], 0
    besetzt: list[tuple[float, float, float, float]] = []
    for f, teile in zip(flaechen, polygone, strict=True):
        gerechnet = [[_verduennt([in_pixel(p) for p in ring]) for ring in polygon] for polygon in teile]
        farbe = klassen.farbe(f.punkt.wert) if f.punkt.wert is not None else thema.farben.grund
        zeilen.append(
            {"type": "Feature", "name": f.name, "wert": f.punkt.wert, "farbe": farbe,
             "geometry": {"type": "MultiPolygon", "coordinates": gerechnet}}
        )  # fmt: skip
        neue = _schild(f, gerechnet, farbe, angaben, thema=thema, besetzt=besetzt)
        tafeln += neue
        beschriftet += len(neue) > 1
    links = (thema.breite - breite) / 2
    werte = [f.punkt.wert for f in flaechen if f.punkt.wert is not None]
    fuss, tief = schluessel(klassen, angaben, thema, bezug, werte=werte, y=hoehe + 12, links=-links)
    marke = {"type": "geoshape", "stroke": thema.farben.achse, "strokeWidth": 1, "strokeJoin": "round"}
    karte = ebene(zeilen, marke, color=nach_feld())
    karte["projection"] = {
        "type": "identity",
        "scale": 1,
        "translate": [0, 0],
    }  # die Grenzen sind schon Pixel
    rahmen = Rahmen(hoehe, links, 2, links, tief + 14)
    return rahme([karte, *tafeln, *fuss], thema, rahmen, text), beschriftet == len(flaechen)


def _polygone(geometrie: Mapping[str, Any]) -> Iterator[list[Ring]]:
    """Polygone einer Geometrie, jedes als Liste seiner Ringe (außen zuerst)."""
    art, inhalt = geometrie.get("type"), geometrie.get("coordinates", [])
    if art not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"Geometrie „{art}“ ist keine Fläche; erwartet wird Polygon oder MultiPolygon.")
    for polygon in [inhalt] if art == "Polygon" else inhalt:
        yield [[(float(p[0]), float(p[1])) for p in ring] for ring in polygon]


def _projektion(polygone: Sequence[Sequence[Sequence[Ring]]], breite: float) -> tuple[Any, float, float]:
    """Flächentreu genug für einen Landkreis: Längengrade mit dem Kosinus der mittleren Breite gestaucht."""
    alle = [p for teile in polygone for polygon in teile for ring in polygon for p in ring] or [
        (0.0, 0.0),
        (1.0, 1.0),
    ]
    west, ost = min(p[0] for p in alle), max(p[0] for p in alle)
    sued, nord = min(p[1] for p in alle), max(p[1] for p in alle)
    kosinus = math.cos(math.radians((sued + nord) / 2))
    weite, hoehe = max((ost - west) * kosinus, 1e-9), max(nord - sued, 1e-9)
    masz = min(breite / weite, _HOECHSTE / hoehe)

    def in_pixel(p: tuple[float, float]) -> tuple[float, float]:
        return round((p[0] - west) * kosinus * masz, 1), round((nord - p[1]) * masz, 1)

    return in_pixel, weite * masz, hoehe * masz


def _verduennt(ring: Ring) -> Ring:
    """Lässt Punkte weg, die auf denselben Zehntelpixel fallen; der Ring bleibt geschlossen."""
    duenn = [p for i, p in enumerate(ring) if i == 0 or p != ring[i - 1]]
    return duenn if len(duenn) >= 4 else ring


def _mitte(ring: Ring) -> tuple[float, float, float]:
    """Schwerpunkt und Flächeninhalt (Betrag) eines Rings."""
    a = x = y = 0.0
    for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True):
        kreuz = x1 * y2 - x2 * y1
        a, x, y = a + kreuz, x + (x1 + x2) * kreuz, y + (y1 + y2) * kreuz
    if abs(a) < 1e-9:
        return ring[0][0], ring[0][1], 0.0
    return x / (3 * a), y / (3 * a), abs(a / 2)


def _innen_breite(ring: Ring, y: float, x: float) -> tuple[float, float]:
    """Linke und rechte Grenze der Fläche auf der Höhe ``y`` um ``x`` herum."""
    schnitte = sorted(
        x1 + (y - y1) * (x2 - x1) / (y2 - y1)
        for (x1, y1), (x2, y2) in zip(ring, [*ring[1:], ring[0]], strict=True)
        if (y1 <= y) != (y2 <= y)
    )
    for a, b in zip(schnitte[::2], schnitte[1::2], strict=False):
        if a <= x <= b:
            return a, b
    return (schnitte[0], schnitte[1]) if len(schnitte) > 1 else (x, x)


def _schild(
    f: Flaeche,
    gerechnet: Sequence[Sequence[Ring]],
    farbe: str,
    angaben: Angaben,
    *,
    thema: Thema,
    besetzt: list[tuple[float, float, float, float]],
) -> list[Schild]:
    """Name und Wert in der größten Teilfläche; passt der Name nicht, nur der Wert; sonst nichts."""
    ringe = [polygon[0] for polygon in gerechnet if polygon and polygon[0]]
    if not ringe:
        return []
    ring = max(ringe, key=lambda r: _mitte(r)[2])
    x, y, _ = _mitte(ring)
    wert = sprache.punkt_text(f.punkt, angaben, einheit=True)
    name = f.kurz or f.name
    umbrueche = [thema.umbruch(name, platz, zeilen=n) for platz, n in ((110, 2), (70, 2), (56, 3))]
    for zeilen in (*((*u, wert) for u in umbrueche), (wert,)):
        weite = max(thema.breite_von(z, fett=True) for z in zeilen)
        hoch = len(zeilen) * ZEILE
        raender = [_innen_breite(ring, y + dy, x) for dy in (-hoch / 2 + 4, 0.0, hoch / 2 - 4)]
        links, rechts = max(a for a, _ in raender), min(b for _, b in raender)
        stelle = min(max(x, links + weite / 2 + 2), rechts - weite / 2 - 2)
        kasten = (stelle - weite / 2, y - hoch / 2, stelle + weite / 2, y + hoch / 2)
        if rechts - links >= weite + 4 and not any(_ueberlappt(kasten, b) for b in besetzt):
            besetzt.append(kasten)
            oben = y - hoch / 2 + ZEILE / 2
            schrift = thema.schrift_auf(farbe)
            return [
                Schild(stelle, oben + n * ZEILE, z, schrift, "center", fett=n == len(zeilen) - 1)
                for n, z in enumerate(zeilen)
            ]
    return []


def _ueberlappt(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
