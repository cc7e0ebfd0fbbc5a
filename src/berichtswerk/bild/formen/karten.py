"""Karten: Flächen mit Grenzen (Choroplethe) oder gleich große Felder (Kachelkarte), in Klassen gefärbt."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

from berichtswerk.bild.formen import gemeinsam as g
from berichtswerk.bild.leinwand import Rahmen, Schild, Teil, ebene, kaesten, nach_feld, rahme
from berichtswerk.bild.motiv import Hoehen, Motiv
from berichtswerk.bild.thema import ZEILE, Thema
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Punkt, Serie
from berichtswerk.grund import zahl
from berichtswerk.worte import befund as worte
from berichtswerk.worte import sprache

HOECHSTENS = 5
_FUGE = 6.0
_BREITESTE = 136.0
_HOECHSTE = 430.0
Ring = list[tuple[float, float]]
Kasten = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Kachel:
    """Ein Gebiet der Kachelkarte: Spalte und Zeile ab 1, ``punkt.wert`` in der gezeigten Einheit."""

    name: str
    spalte: int
    zeile: int
    punkt: Punkt
    kurz: str = ""


@dataclass(frozen=True, slots=True)
class Flaeche:
    """Ein Gebiet mit Grenze: ``geometrie`` ist ein GeoJSON-Polygon oder -MultiPolygon in Grad (WGS 84)."""

    name: str
    geometrie: Mapping[str, Any]
    punkt: Punkt
    kurz: str = ""


@dataclass(frozen=True, slots=True)
class Klassen:
    """Innere Grenzen aufsteigend; Klasse ``i`` reicht von Grenze ``i-1`` bis unter Grenze ``i``."""

    grenzen: tuple[float, ...]
    stellen: int
    farben: tuple[str, ...]

    def nummer(self, wert: float) -> int:
        """Klasse eines Wertes ab 0."""
        return sum(wert >= g for g in self.grenzen)

    def farbe(self, wert: float) -> str:
        """Farbe der Klasse eines Wertes."""
        return self.farben[self.nummer(wert)]

    def namen(self, angaben: Angaben, *, ganze: bool = False) -> list[str]:
        """„unter 8 %“, „8 bis unter 10 %“, „14 % und mehr“; ``ganze`` Zahlen „bis 1“, „2 bis 4“."""
        if ganze and self.stellen == 0 and self.grenzen:
            enden = [f"{zahl.schreibe(b - 1)}" for b in self.grenzen]
            paare = zip(self.grenzen, self.grenzen[1:], enden[1:], strict=False)
            mitten = [e if a + 1 == b else f"{zahl.schreibe(a)} bis {e}" for a, b, e in paare]
            return [enden[0] if self.grenzen[0] == 1 else f"bis {enden[0]}", *mitten,
                    f"{zahl.schreibe(self.grenzen[-1])} und mehr"]  # fmt: skip
        texte = [zahl.schreibe(g, self.stellen) for g in self.grenzen]
        mit = [zahl.mit_einheit(t, angaben.einheit_kurz or None) for t in texte]
        if not texte:
            return ["alle Werte"]
        mitte = [f"{a} bis unter {b}" for a, b in zip(texte, mit[1:], strict=False)]
        return [f"unter {mit[0]}", *mitte, f"{mit[-1]} und mehr"]


@dataclass(frozen=True)
class Karte:
    """Was beide Karten gemeinsam haben: wie gefärbt, verglichen und benannt wird.

    ``grenzen`` nennt bis zu vier innere Klassengrenzen (sonst runde, gleich breite), ``bezug`` ist Name und
    Wert des Kreises.
    """

    gebiete: Sequence[Kachel | Flaeche]
    angaben: Angaben
    thema: Thema
    bezug: worte.Bezug = None
    grenzen: Sequence[float] | None = None

    @cached_property
    def werte(self) -> list[float]:
        """Alle Zahlen der Karte."""
        return [k.punkt.wert for k in self.gebiete if k.punkt.wert is not None]

    @cached_property
    def klassen(self) -> Klassen:
        """Die Klassen der Werte."""
        return bilde(self.werte, self.thema, self.grenzen)

    def farbe(self, punkt: Punkt) -> str:
        """Farbe eines Gebiets; ohne Wert die des Grundes."""
        return self.thema.farben.grund if punkt.wert is None else self.klassen.farbe(punkt.wert)

    def zeilen(self, gebiet: Kachel | Flaeche, namen: Sequence[str]) -> list[str]:
        """Name und darunter der Wert."""
        return [*namen, sprache.punkt_text(gebiet.punkt, self.angaben, einheit=True)]

    def beschrifte(self, zeilen: Sequence[str], x: float, y: float, farbe: str) -> list[Teil]:
        """Mittige Zeilen um ``y`` auf einer Fläche; die letzte, der Wert, ist fett."""
        schrift, oben = self.thema.schrift_auf(farbe), y - (len(zeilen) - 1) * ZEILE / 2
        return [
            Schild(x, oben + nr * ZEILE, z, schrift, "center", fett=nr == len(zeilen) - 1)
            for nr, z in enumerate(zeilen)
        ]

    def blatt(self, breite: float, hoehe: float, teile: Sequence[Teil], ganz: float) -> dict[str, Any]:
        """Die Karte (``breite`` mal ``hoehe``) mit dem Schlüssel darunter auf einem ``ganz`` hohen Blatt."""
        links = (self.thema.breite - breite) / 2
        fuss, _ = self._schluessel(hoehe + 12, -links)
        return rahme([*teile, *fuss], self.thema, Rahmen(hoehe, links, 2, links, ganz - hoehe - 2))

    @property
    def fest(self) -> float:
        """Höhe dessen, was unter und über der Karte steht."""
        return 2 + self._schluessel(12, 0)[1] + 14

    def _schluessel(self, y: float, links: float) -> tuple[list[Teil], float]:
        """Kreiswert und Klassen ab der Oberkante ``y`` und die Höhe des Ganzen."""
        f, teile, tief = self.thema.farben, [], 0.0
        if self.bezug and self.bezug[1] is not None:
            satz = f"{self.bezug[0]}: {sprache.wert_text(self.bezug[1], self.angaben)}"
            teile.append(Schild(links + 1, y + ZEILE / 2, satz, f.text, fett=True))
            tief = ZEILE + 4
        ganze = not self.angaben.anteil and self.angaben.stellen == 0 and all(w == int(w) for w in self.werte)
        paare = list(zip(self.klassen.namen(self.angaben, ganze=ganze), self.klassen.farben, strict=True))
        felder, hoch = g.farbschluessel(paare, self.thema, links + 1, y + tief, f.achse)
        return [*teile, *felder], tief + hoch


@dataclass(frozen=True)
class Kachelkarte(Motiv):
    """Ein Feld je Gebiet in der Farbe seiner Klasse, mit Name und Wert."""

    form: ClassVar[str] = "kachelkarte"
    kacheln: tuple[Kachel, ...]
    angaben: Angaben
    bezug: worte.Bezug = None
    grenzen: tuple[float, ...] | None = None

    def _karte(self, thema: Thema) -> Karte:
        return Karte(self.kacheln, self.angaben, thema, self.bezug, self.grenzen)

    @staticmethod
    def _fuge(thema: Thema) -> float:
        return min(_FUGE, 0.006 * thema.breite)

    def _masze(self, thema: Thema) -> tuple[float, float, list[tuple[str, ...]]]:
        """Breite und kleinste Höhe eines Feldes, Namen."""
        spalten, fuge = max([k.spalte for k in self.kacheln] or [1]), self._fuge(thema)
        weite = min(_BREITESTE, (thema.breite - 2 + fuge) / spalten - fuge)
        namen = [thema.umbruch(k.kurz or k.name, weite - 8, zeilen=3) for k in self.kacheln]
        return weite, (max([len(n) for n in namen] or [1]) + 1) * ZEILE + 6, namen

    @property
    def _reihen(self) -> int:
        return max([k.zeile for k in self.kacheln] or [1])

    def hoehen(self, thema: Thema) -> Hoehen:
        """Jedes Feld braucht Platz für Namen und Wert."""
        hoch, fest = self._masze(thema)[1], self._karte(thema).fest
        fuge = self._fuge(thema)
        eng, weit = (self._reihen * (h + fuge) - fuge for h in (hoch, hoch + 8))
        return Hoehen(fest + eng, fest + weit)

    def gezeichnet(self, thema: Thema, hoehe: float) -> dict[str, Any]:
        """Die Zeichnung; die Felder teilen sich die Höhe."""
        karte, fuge, (weite, _, namen) = self._karte(thema), self._fuge(thema), self._masze(thema)
        hoch = (hoehe - karte.fest + fuge) / self._reihen - fuge
        felder, tafeln = [], []
        for k, name in zip(self.kacheln, namen, strict=True):
            x, y, farbe = (
                (k.spalte - 1) * (weite + fuge),
                (k.zeile - 1) * (hoch + fuge),
                karte.farbe(k.punkt),
            )
            kanten = {"x": x, "x2": x + weite, "y": y, "y2": y + hoch}
            gerundet = {kante: round(w, 1) for kante, w in kanten.items()}
            felder.append({"gebiet": k.name, "wert": k.punkt.wert, "farbe": farbe, **gerundet})
            tafeln += karte.beschrifte(karte.zeilen(k, name), x + weite / 2, y + hoch / 2, farbe)
        spalten = max([k.spalte for k in self.kacheln] or [1])
        breite, tief = spalten * (weite + fuge) - fuge, self._reihen * (hoch + fuge) - fuge
        return karte.blatt(breite, tief, [*kaesten(felder, rand=thema.farben.achse), *tafeln], hoehe)


@dataclass(frozen=True)
class Choroplethe(Motiv):
    """Flächen in der Farbe ihrer Klasse; Name und Wert stehen in der Fläche, wo sie hineinpassen."""

    form: ClassVar[str] = "choroplethe"
    voll: ClassVar[bool] = True
    flaechen: tuple[Flaeche, ...]
    angaben: Angaben
    bezug: worte.Bezug = None
    grenzen: tuple[float, ...] | None = None

    def _karte(self, thema: Thema) -> Karte:
        return Karte(self.flaechen, self.angaben, thema, self.bezug, self.grenzen)

    def hoehen(self, thema: Thema) -> Hoehen:
        """Die Karte wird so groß, wie Breite und Höhe zulassen."""
        fest = self._karte(thema).fest
        hoch = _projektion(
            [list(_polygone(f.geometrie)) for f in self.flaechen], thema.breite - 4, _HOECHSTE
        )[2]
        return Hoehen(fest + min(hoch, 0.5 * _HOECHSTE), fest + hoch)

    def gezeichnet(self, thema: Thema, hoehe: float) -> dict[str, Any]:
        """Die Zeichnung."""
        karte = self._karte(thema)
        polygone = [list(_polygone(f.geometrie)) for f in self.flaechen]
        in_pixel, breite, hoch = _projektion(polygone, thema.breite - 4, hoehe - karte.fest)
        zeilen, tafeln = [], []
        besetzt: list[Kasten] = []
        for f, polygon in zip(self.flaechen, polygone, strict=True):
            gerechnet = [[_verduennt([in_pixel(p) for p in ring]) for ring in ringe] for ringe in polygon]
            geometrie = {"type": "MultiPolygon", "coordinates": gerechnet}
            farbe = karte.farbe(f.punkt)
            zeilen.append(
                {
                    "type": "Feature",
                    "name": f.name,
                    "wert": f.punkt.wert,
                    "farbe": farbe,
                    "geometry": geometrie,
                }
            )
            tafeln += _schild(karte, f, gerechnet, besetzt)
        marke = {"type": "geoshape", "stroke": thema.farben.achse, "strokeWidth": 1, "strokeJoin": "round"}
        # die Grenzen sind schon Pixel
        projektion = {"type": "identity", "scale": 1, "translate": [0, 0]}
        teile = [{**ebene(zeilen, marke, color=nach_feld()), "projection": projektion}, *tafeln]
        return karte.blatt(breite, hoch, teile, hoehe)


def kachelkarte(kacheln: Sequence[Kachel], angaben: Angaben, **wahl: Any) -> Diagramm:
    """Zeichnet ein Feld je Gebiet in der Farbe seiner Klasse, mit Name und Wert.

    ``wahl``: ``bezug``, ``grenzen`` (:class:`Karte`), ``raum`` (Name der Gebiete im Dativ der Mehrzahl).
    """
    lage = "Die Lage der Felder entspricht ungefähr der Lage der Gebiete."
    return _diagramm("Kachelkarte", Kachelkarte, kacheln, angaben, (lage,), **wahl)


def choroplethe(flaechen: Sequence[Flaeche], angaben: Angaben, **wahl: Any) -> Diagramm:
    """Zeichnet Flächen in der Farbe ihrer Klasse; Name und Wert stehen in der Fläche, wo sie hineinpassen.

    Nur für Quoten und andere bezogene Werte gedacht: absolute Zahlen auf Flächen täuschen. ``wahl`` wie
    :func:`kachelkarte`.
    """
    for f in flaechen:
        list(_polygone(f.geometrie))  # was keine Fläche ist, fällt hier auf und nicht erst beim Zeichnen
    klein = "Flächen ohne Namen sind zu klein für ihn; die Tabelle nennt alle Gebiete."
    return _diagramm("Karte", Choroplethe, flaechen, angaben, (klein,), **wahl)


def _diagramm(
    name: str, art: Callable[..., Motiv], gebiete: Sequence[Kachel | Flaeche], angaben: Angaben,
    hinweise: tuple[str, ...], *, bezug: worte.Bezug = None, grenzen: Sequence[float] | None = None,
    raum: str = "Gebieten",
) -> Diagramm:  # fmt: skip
    punkte = [replace(k.punkt, x=k.name, unten=None, oben=None) for k in gebiete]
    gesagt = worte.spannweite(name, punkte, angaben, raum=raum, bezug=bezug)
    serie = Serie(angaben.was, tuple(punkte))
    motiv = art(tuple(gebiete), angaben, bezug, None if grenzen is None else tuple(grenzen))
    return g.diagramm(motiv, gesagt, g.tafel([serie], angaben), (*hinweise, *g.hinweise_zu([serie], ())))


def _polygone(geometrie: Mapping[str, Any]) -> Iterator[list[Ring]]:
    """Polygone einer Geometrie, jedes als Liste seiner Ringe (außen zuerst)."""
    art, inhalt = geometrie.get("type"), geometrie.get("coordinates", [])
    if art not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"Geometrie „{art}“ ist keine Fläche; erwartet wird Polygon oder MultiPolygon.")
    for polygon in [inhalt] if art == "Polygon" else inhalt:
        yield [[(float(p[0]), float(p[1])) for p in ring] for ring in polygon]


def _projektion(
    polygone: Sequence[Sequence[Sequence[Ring]]], breite: float, hoechste: float
) -> tuple[Any, float, float]:
    """Flächentreu genug für einen Landkreis: Längengrade mit dem Kosinus der mittleren Breite gestaucht."""
    alle = [p for teile in polygone for polygon in teile for ring in polygon for p in ring]
    laengen, breiten = zip(*(alle or [(0.0, 0.0), (1.0, 1.0)]), strict=True)
    west, ost, sued, nord = min(laengen), max(laengen), min(breiten), max(breiten)
    kosinus = math.cos(math.radians((sued + nord) / 2))
    weite, hoehe = max((ost - west) * kosinus, 1e-9), max(nord - sued, 1e-9)
    masz = min(breite / weite, hoechste / hoehe)

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
    karte: Karte, f: Flaeche, gerechnet: Sequence[Sequence[Ring]], besetzt: list[Kasten]
) -> list[Teil]:
    """Name und Wert in der größten Teilfläche; passt der Name nicht, nur der Wert; sonst nichts."""
    ringe = [polygon[0] for polygon in gerechnet if polygon and polygon[0]]
    if not ringe:
        return []
    ring = max(ringe, key=lambda r: _mitte(r)[2])
    x, y, _ = _mitte(ring)
    umbrueche = [karte.thema.umbruch(f.kurz or f.name, p, zeilen=n) for p, n in ((110, 2), (70, 2), (56, 3))]
    for zeilen in (karte.zeilen(f, u) for u in (*umbrueche, ())):
        weite, hoch = max(karte.thema.breite_von(z, fett=True) for z in zeilen), len(zeilen) * ZEILE
        raender = [_innen_breite(ring, y + dy, x) for dy in (-hoch / 2 + 4, 0.0, hoch / 2 - 4)]
        links, rechts = max(a for a, _ in raender), min(b for _, b in raender)
        stelle = min(max(x, links + weite / 2 + 2), rechts - weite / 2 - 2)
        kasten = (stelle - weite / 2, y - hoch / 2, stelle + weite / 2, y + hoch / 2)
        if rechts - links >= weite + 4 and not any(_ueberlappt(kasten, b) for b in besetzt):
            besetzt.append(kasten)
            return karte.beschrifte(zeilen, stelle, y, karte.farbe(f.punkt))
    return []


def _ueberlappt(a: tuple[float, ...], b: tuple[float, ...]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def bilde(werte: Sequence[float], thema: Thema, grenzen: Sequence[float] | None = None) -> Klassen:
    """Klassen gleicher Breite mit runden Grenzen; genannte ``grenzen`` (bis zu vier) gelten unverändert."""
    if grenzen is not None:
        gewaehlt = tuple(sorted(set(grenzen)))[: HOECHSTENS - 1]
    else:
        gewaehlt = _runde(sorted(w for w in werte if math.isfinite(w)))
    n = len(gewaehlt)
    stufen = [round(i * (HOECHSTENS - 1) / n) for i in range(n + 1)] if n else [1]
    farben = tuple(thema.farben.klassen[i] for i in stufen)
    return Klassen(gewaehlt, max(map(_stellen, gewaehlt), default=0), farben)


def _runde(werte: list[float]) -> tuple[float, ...]:
    if not werte or werte[0] == werte[-1]:
        return ()
    schritt = _schritt((werte[-1] - werte[0]) / HOECHSTENS)
    while True:
        erste = math.floor(werte[0] / schritt) + 1
        liste = [round(i * schritt, 12) for i in range(erste, math.ceil(werte[-1] / schritt - 1e-9) + 1)]
        liste = [g for g in liste if werte[0] < g <= werte[-1]]
        if len(liste) < HOECHSTENS:
            return tuple(liste)
        schritt = _schritt(schritt * 1.01)


def _schritt(roh: float) -> float:
    zehner = 10.0 ** math.floor(math.log10(roh))
    return next(f * zehner for f in (1, 2, 2.5, 5, 10) if f * zehner >= roh * 0.9999)


def _stellen(g: float) -> int:
    return next((n for n in range(7) if abs(round(g, n) - g) <= 1e-9 * max(1.0, abs(g))), 6)
