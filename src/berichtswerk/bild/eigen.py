"""Zeichnet, was die Formen des Hauses beschreiben, unmittelbar als SVG.

Ihre Ebenen sind Vega-Lite, aber nur ein kleiner Teil davon: Striche, Rechtecke, Linien, Flächen, Punkte
und Gebietsflächen, in Pixeln oder auf einer Skala mit ``domain`` und ``range``. Diesen Teil zu zeichnen
dauert hier eine Millisekunde statt zwanzig; eine Prüfung hält jede Form gegen das Bild von Vega.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from berichtswerk.grund.fremdes import attribut

Zeile = Mapping[str, Any]
_RUND = 'stroke-linecap="round" stroke-linejoin="round"'


@lru_cache(maxsize=32768)
def zahl(wert: float) -> str:
    """Höchstens zwei Nachkommastellen, keine überflüssigen."""
    text = f"{wert:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


@lru_cache(maxsize=256)
def als_klasse(name: str) -> str:
    """Die Klasse zu einem Farbnamen (``marke:klassen.3`` → ``klassen-3``)."""
    return re.sub(r"[^a-z0-9]+", "-", name.replace("marke:", "")).strip("-")


@lru_cache(maxsize=1024)
def farben(fuellung: str = "", strich: str = "") -> str:
    """Angaben für Füllung und Strich; Farbnamen tragen auch die Klasse ihrer Bedeutung."""
    paare = [(a, k, f) for a, k, f in (("fill", "f", fuellung), ("stroke", "s", strich)) if f]
    klassen = " ".join(f"{k}-{als_klasse(f)}" for _, k, f in paare if f.startswith("marke:"))
    angaben = "".join(f" {a}={attribut(f)}" for a, _, f in paare)
    return f'{angaben} class="{klassen}"' if klassen else angaben


def zeichne(spec: Mapping[str, Any], texte: str) -> str:
    """Das SVG einer Form; ``texte`` sind ihre Schilder, schon als SVG."""
    rand, breite, hoehe = spec["padding"], spec["width"], spec["height"]
    ganz, hoch = breite + rand["left"] + rand["right"], hoehe + rand["top"] + rand["bottom"]
    grund, masze = farben(spec["config"]["background"]), f'width="{zahl(ganz)}" height="{zahl(hoch)}"'
    ecke = f"translate({zahl(rand['left'])},{zahl(rand['top'])})"
    gruppe = '<g fill="none">' if ecke == "translate(0,0)" else f'<g fill="none" transform="{ecke}">'
    teile = "".join(teil for e in spec["layer"] for teil in _ebene(e, breite, hoehe))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" version="1.1" {masze} '
        f'viewBox="0 0 {zahl(ganz)} {zahl(hoch)}"><rect {masze}{grund}/>'
        f"{gruppe}{teile}{texte}</g></svg>\n"
    )


def _ebene(ebene: Mapping[str, Any], breite: float, hoehe: float) -> Iterator[str]:
    marke, kodierung, zeilen = ebene["mark"], ebene["encoding"], ebene["data"]["values"]
    lies = {
        kanal: _leser(kodierung, kanal, (0.0, breite) if kanal[0] == "x" else (hoehe, 0.0))
        for kanal in ("x", "y", "x2", "y2") if kanal in kodierung
    }  # fmt: skip
    yield from _ARTEN[marke["type"]](zeilen, marke, kodierung, lies)


def _leser(kodierung: Mapping[str, Any], kanal: str, ende: tuple[float, float]) -> Callable[[Zeile], float]:
    """Liest die Lage eines Kanals in Pixeln; ``x2`` liegt auf der Skala von ``x``."""
    feld, skala = kodierung[kanal]["field"], kodierung[kanal[0]].get("scale")
    if skala is None:
        return lambda z: float(z[feld])
    (a, b), (p, q) = skala["domain"], skala.get("range", ende)
    masz = (q - p) / (b - a) if b != a else 0.0
    return lambda z: p + (float(z[feld]) - a) * masz


def _feld(kodierung: Mapping[str, Any], kanal: str, zeile: Zeile, sonst: Any = "") -> Any:
    return zeile.get(kodierung[kanal]["field"], sonst) if kanal in kodierung else sonst


def _muster(muster: Sequence[float]) -> str:
    return f' stroke-dasharray="{",".join(map(zahl, muster))}"' if muster else ""


Lage = Mapping[str, Callable[[Zeile], float]]


def _striche(zeilen: Sequence[Zeile], marke: Zeile, k: Zeile, lage: Lage) -> Iterator[str]:
    """Striche gleicher Machart als ein Pfad."""
    gruppen: dict[tuple[str, float, tuple[float, ...]], list[str]] = {}
    for z in zeilen:
        art = (_feld(k, "color", z), _feld(k, "strokeWidth", z, 1), tuple(_feld(k, "strokeDash", z, ())))
        x, y, x2, y2 = (zahl(lage[kanal](z)) for kanal in ("x", "y", "x2", "y2"))
        ziel = f"H{x2}" if y == y2 else f"V{y2}" if x == x2 else f"L{x2},{y2}"
        gruppen.setdefault(art, []).append(f"M{x},{y}{ziel}")
    for (farbe, breite, muster), stuecke in gruppen.items():
        dick = f' stroke-width="{zahl(breite)}"'
        yield f'<path d="{"".join(stuecke)}"{farben(strich=farbe)}{dick}{_muster(muster)}/>'


def _rechtecke(zeilen: Sequence[Zeile], marke: Zeile, k: Zeile, lage: Lage) -> Iterator[str]:
    rand = farben(strich=marke.get("stroke", "")) if "stroke" in marke else ""
    dick = f' stroke-width="{zahl(marke.get("strokeWidth", 1))}"' if rand else ""
    for z in zeilen:
        xs, ys = (sorted((lage[a](z), lage[f"{a}2"](z))) for a in "xy")
        deckung = _feld(k, "fillOpacity", z, 1.0)
        durch = f' fill-opacity="{zahl(deckung)}"' if deckung != 1 else ""
        farbe = farben(_feld(k, "color", z, marke.get("color", "")), marke.get("stroke", ""))
        masze = f'width="{zahl(xs[1] - xs[0])}" height="{zahl(ys[1] - ys[0])}"'
        yield f'<rect x="{zahl(xs[0])}" y="{zahl(ys[0])}" {masze}{farbe}{dick}{durch}/>'


def _zuege(zeilen: Sequence[Zeile], k: Zeile) -> Iterator[list[Zeile]]:
    """Die Zeilen je Zug (``detail``), in ihrer Reihenfolge (``order``, sonst nach ``x``)."""
    gruppen: dict[Any, list[Zeile]] = {}
    for z in zeilen:
        gruppen.setdefault(_feld(k, "detail", z), []).append(z)
    folge = k["order"]["field"] if "order" in k else k["x"]["field"]
    for gruppe in gruppen.values():
        yield sorted(gruppe, key=lambda z: z[folge])


def _weg(punkte: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{zahl(x)},{zahl(y)}" for x, y in punkte)


def _linien(zeilen: Sequence[Zeile], marke: Zeile, k: Zeile, lage: Lage) -> Iterator[str]:
    weg = "".join(_weg([(lage["x"](z), lage["y"](z)) for z in zug]) for zug in _zuege(zeilen, k))
    ende = _RUND if marke.get("strokeCap", "round") == "round" else 'stroke-linejoin="round"'
    breite = f'stroke-width="{zahl(marke["strokeWidth"])}" {ende}'
    yield f'<path d="{weg}"{farben(strich=marke["color"])} {breite}{_muster(marke.get("strokeDash", ()))}/>'


def _flaechen(zeilen: Sequence[Zeile], marke: Zeile, k: Zeile, lage: Lage) -> Iterator[str]:
    for zug in _zuege(zeilen, k):
        hin = [(lage["x"](z), lage["y"](z)) for z in zug]
        her = [(lage["x"](z), lage["y2"](z)) for z in reversed(zug)]
        farbe = f'{farben(marke["color"])} fill-opacity="{zahl(marke["opacity"])}"'
        yield f'<path d="{_weg(hin + her)}Z"{farbe}/>'


def _punkte(zeilen: Sequence[Zeile], marke: Zeile, k: Zeile, lage: Lage) -> Iterator[str]:
    gefuellt = marke.get("filled", False)
    fuellung = marke["color"] if gefuellt else marke.get("fill", "")
    strich = "" if gefuellt else marke.get("stroke", marke.get("color", ""))
    art = farben(fuellung, strich) + (
        f' stroke-width="{zahl(marke.get("strokeWidth", 2))}"' if strich else ""
    )
    for z in zeilen:
        x, y, groesse = lage["x"](z), lage["y"](z), float(marke["size"])
        if marke["shape"] == "circle":
            yield f'<circle cx="{zahl(x)}" cy="{zahl(y)}" r="{zahl(math.sqrt(groesse) / 2)}"{art}/>'
        else:
            yield f'<path d="{_weg(_ecken(marke["shape"], x, y, math.sqrt(groesse) / 2))}Z"{art}/>'


def _ecken(form: str, x: float, y: float, r: float) -> list[tuple[float, float]]:
    h = r * math.tan(math.pi / 6) if form.startswith("triangle") else r
    ecken = {
        "square": [(-r, -r), (r, -r), (r, r), (-r, r)],
        "diamond": [(-r, 0), (0, -r), (r, 0), (0, r)],
        "triangle-up": [(0, -r - h + h), (-r, r), (r, r)],
        "triangle-down": [(0, r), (-r, -r), (r, -r)],
    }[form]
    return [(x + dx, y + dy) for dx, dy in ecken]


def _gebiete(zeilen: Sequence[Zeile], marke: Zeile, k: Zeile, lage: Lage) -> Iterator[str]:
    """Flächen aus GeoJSON, deren Koordinaten schon Pixel sind."""
    breite = f'stroke-width="{zahl(marke.get("strokeWidth", 1))}" stroke-linejoin="round"'
    for z in zeilen:
        geometrie = z["geometry"]
        polygone = (
            geometrie["coordinates"] if geometrie["type"] == "MultiPolygon" else [geometrie["coordinates"]]
        )
        weg = "".join(f"{_weg(ring)}Z" for ringe in polygone for ring in ringe)
        farbe = farben(_feld(k, "color", z, marke.get("color", "")), marke.get("stroke", ""))
        yield f'<path d="{weg}"{farbe} {breite}/>'


_ARTEN: dict[str, Callable[[Sequence[Zeile], Zeile, Zeile, Lage], Iterator[str]]] = {
    "rule": _striche, "rect": _rechtecke, "line": _linien, "area": _flaechen, "point": _punkte,
    "geoshape": _gebiete,
}  # fmt: skip
