"""Bausteine der Formen: Schilder und Striche in Pixeln, Ebenen, das fertige Blatt.

Die Ebenen sind Vega-Lite in Reinform, wie Altair es auch ausgäbe: gebaut ohne Altair, dessen Prüfung jeder
Teilangabe ein Mehrfaches der Zeichenzeit kostet. Eine Prüfung hält jede Form gegen das Schema von Altair.

Daten stehen auf Skalen, Schilder auf Pixeln: so kann ihre Lage berechnet werden, und nichts überlappt. Sie
werden getrennt von den Marken bis zur Zeichnung getragen (``usermeta``), weil Vega sie nur ausmäße. Das Bild
ist genau ``Thema.breite`` breit; ``autosize: none`` verhindert, dass Vega es verändert.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from itertools import groupby
from typing import Any, Literal

from berichtswerk.bild.anordnung import Achse, Kasten, im_kasten
from berichtswerk.bild.thema import SCHRIFT, ZEILE, Thema

Ebene = dict[str, Any]
Buendig = Literal["left", "center", "right"]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
FORMEN_DER_PUNKTE = ("circle", "square", "triangle-up", "diamond", "triangle-down")


@dataclass(frozen=True, slots=True)
class Schild:
    """Ein Text an einer Stelle der Zeichenfläche (Pixel ab links oben)."""

    x: float
    y: float
    text: str
    farbe: str
    buendig: Buendig = "left"
    fett: bool = False
    grundlinie: Literal["middle", "bottom", "top", "alphabetic"] = "middle"


@dataclass(frozen=True, slots=True)
class Strich:
    """Eine gerade Linie in Pixeln."""

    x: float
    y: float
    x2: float
    y2: float
    farbe: str
    breite: float = 1.0
    muster: tuple[int, ...] = ()
    weicht: bool = False
    """Schrift unterbricht ihn: Gitter und Bezugslinien laufen durch keine Zahl."""


Teil = Schild | Strich | Ebene
"""Woraus ein Blatt besteht, von hinten nach vorn; Schilder liegen immer zuoberst."""


@dataclass(frozen=True, slots=True)
class Rahmen:
    """Höhe der Zeichenfläche und Ränder um sie herum in Pixeln; die Breite folgt aus dem Thema."""

    hoehe: float
    links: float
    oben: float
    rechts: float
    unten: float


def pixel(feld: str) -> dict[str, Any]:
    """Kodierung eines Feldes, dessen Werte Pixel sind."""
    return {"field": feld, "type": "quantitative", "scale": None, "axis": None}


def nach_feld(feld: str = "farbe") -> dict[str, Any]:
    """Kodierung eines Feldes, dessen Werte schon Farben sind."""
    return {"field": feld, "type": "nominal", "scale": None, "legend": None}


def ebene(zeilen: Iterable[Mapping[str, Any]], marke: dict[str, Any], **kodierung: Any) -> Ebene:
    """Eine Ebene aus Daten, Marke und Kodierung."""
    return {"data": {"values": list(zeilen)}, "mark": marke, "encoding": kodierung}


_VIER: dict[str, Any] = {"x": pixel("x"), "y": pixel("y"), "x2": {"field": "x2"}, "y2": {"field": "y2"}}


def striche(liste: Sequence[Strich]) -> list[Ebene]:
    """Eine Ebene mit allen Strichen, gleiche Macharten beisammen; Späteres liegt vorn."""
    gruppen: dict[tuple[str, float, tuple[int, ...]], list[Strich]] = {}
    for s in liste:
        gruppen.setdefault((s.farbe, s.breite, s.muster), []).append(s)
    zeilen = [
        {
            **{k: round(getattr(s, k), 1) for k in ("x", "y", "x2", "y2")},
            **{"farbe": s.farbe, "breite": s.breite},
            **({"muster": list(s.muster)} if s.muster else {}),
        }
        for gruppe in gruppen.values()
        for s in gruppe
    ]
    kodierung = {**_VIER, "color": nach_feld(), "strokeWidth": nach_feld("breite")}
    if any(s.muster for s in liste):
        kodierung["strokeDash"] = nach_feld("muster")
    return [ebene(zeilen, {"type": "rule"}, **kodierung)] if zeilen else []


def kaesten(zeilen: Sequence[Mapping[str, Any]], *, rand: str | None = None) -> list[Ebene]:
    """Rechtecke in Pixeln: Zeilen mit x, x2, y, y2, farbe; ``rand`` zieht eine Linie darum."""
    marke: dict[str, Any] = {"type": "rect", **({"stroke": rand, "strokeWidth": 1} if rand else {})}
    return [ebene(zeilen, marke, **_VIER, color=nach_feld())] if zeilen else []


def rechtecke(
    zeilen: Sequence[dict[str, Any]],
    thema: Thema,
    achse: Achse,
    richtung: Literal["x", "y"],
    pixel_: tuple[float, float],
) -> list[Ebene]:
    """Säulen (``richtung="y"``) oder Balken (``"x"``) auf einer Werteachse; weiße Fugen trennen Nachbarn.

    ``pixel_`` sind die Pixel von Anfang und Ende der Achse.
    """
    if not zeilen:
        return []
    quer = "x" if richtung == "y" else "y"
    skala = {"domain": [achse.von, achse.bis], "range": list(pixel_), "nice": False, "zero": True}
    kodierung: dict[str, Any] = {
        richtung: {"field": "von", "type": "quantitative", "scale": skala, "axis": None},
        f"{richtung}2": {"field": "bis"},
        quer: pixel("quer"),
        f"{quer}2": {"field": "quer2"},
        "color": nach_feld(),
        "fillOpacity": {"field": "deckung", "type": "quantitative", "scale": None, "legend": None},
    }
    duenn = min(z["quer2"] - z["quer"] for z in zeilen) < 6
    marke = {"type": "rect", "stroke": thema.farben.grund, "strokeWidth": 0.4 if duenn else 1.0}
    return [ebene(zeilen, marke, **kodierung)]


def pfade(
    zeilen: Sequence[Mapping[str, Any]], farbe: str, breite: float, muster: Sequence[int] = ()
) -> list[Ebene]:
    """Linienzüge in Pixeln: Zeilen mit x, y, zug (Nummer des Zuges), folge (Reihenfolge)."""
    marke = {"type": "line", "color": farbe, "strokeWidth": breite}
    if muster:
        marke["strokeDash"] = list(muster)
    detail, folge = {"field": "zug", "type": "nominal"}, {"field": "folge", "type": "quantitative"}
    kodierung = {"x": pixel("x"), "y": pixel("y"), "detail": detail, "order": folge}
    return [ebene(zeilen, marke, **kodierung)] if zeilen else []


def tupfen(
    zeilen: Sequence[Mapping[str, Any]], farbe: str, *, groesse: float = 62, hohl: str = ""
) -> list[Ebene]:
    """Punkte in Pixeln: Zeilen mit x, y; ``hohl`` ist die Füllfarbe eines umrandeten Punktes."""
    fuellung = {"fill": hohl or farbe, "stroke": farbe, "strokeWidth": 2}
    marke = {"type": "point", "shape": "circle", "size": groesse, "opacity": 1, **fuellung}
    return [ebene(zeilen, marke, x=pixel("x"), y=pixel("y"))] if zeilen else []


def kasten(s: Schild, thema: Thema) -> Kasten:
    """Was ein Schild einnimmt: seine ganze Zeile."""
    weite = thema.breite_von(s.text, fett=s.fett)
    links = s.x - {"left": 0.0, "center": weite / 2, "right": weite}[s.buendig]
    oben = s.y - {"top": 0.0, "middle": ZEILE / 2, "bottom": ZEILE, "alphabetic": ZEILE * 0.8}[s.grundlinie]
    return links, oben, links + weite, oben + ZEILE


def _unterbrochen(s: Strich, schrift: Sequence[Kasten]) -> Iterator[Strich]:
    """Was von einem Strich neben der Schrift zu sehen ist."""
    anfang, ende = (s.x, s.y), (s.x2, s.y2)
    lang = math.dist(anfang, ende)
    treffer = [t for k in schrift if s.weicht and (t := im_kasten(k, (anfang, ende))) is not None]
    if not treffer:
        yield s
        return

    def bei(t: float) -> tuple[float, float]:
        return s.x + t / lang * (s.x2 - s.x), s.y + t / lang * (s.y2 - s.y)

    bis = 0.0
    for von, nach in sorted(sorted(math.dist(anfang, p) for p in t) for t in (*treffer, (ende, ende))):
        if von - bis > 1:
            (x, y), (x2, y2) = bei(bis), bei(von)
            yield replace(s, x=x, y=y, x2=x2, y2=y2)
        bis = max(bis, nach)


def rahme(teile: Iterable[Teil], thema: Thema, rahmen: Rahmen, *, getrennt: bool = False) -> dict[str, Any]:
    """Legt die Teile übereinander und gibt die Spezifikation mit der Konfiguration der Marke.

    Kein Strich, der Schrift weicht, läuft durch ein Schild.

    ``getrennt=True`` gibt jeder Ebene ihre eigene waagerechte Skala (Pyramide).
    """
    breite = round(thema.breite - rahmen.links - rahmen.rechts, 1)
    da = [t for t in teile if t]
    tafeln, ebenen = [t for t in da if isinstance(t, Schild)], []
    schrift = [(x - 3, y, x2 + 3, y2) for x, y, x2, y2 in (kasten(t, thema) for t in tafeln)]
    for art, gruppe in groupby(da, type):
        if art is Strich:
            ebenen += striche([u for t in gruppe if isinstance(t, Strich) for u in _unterbrochen(t, schrift)])
        else:
            ebenen += [t for t in gruppe if isinstance(t, dict)]
    spec: dict[str, Any] = {
        "$schema": SCHEMA,
        "description": "",
        "width": breite,
        "height": round(rahmen.hoehe, 1),
        "padding": {
            "left": round(thema.breite - breite - rahmen.rechts, 1),
            "top": round(rahmen.oben, 1),
            "right": round(rahmen.rechts, 1),
            "bottom": round(rahmen.unten, 1),
        },
        "autosize": {"type": "none"},
        "layer": ebenen,
        "config": thema.config(),
        "usermeta": {"schilder": [_als_json(s) for s in sorted(tafeln, key=_machart)]},
    }
    if getrennt:
        spec["resolve"] = {"scale": {"x": "independent"}}
    return spec


def _machart(s: Schild) -> tuple[str, bool, str, str]:
    return s.farbe, s.fett, s.buendig, s.grundlinie


_VORGABE = {f.name: f.default for f in fields(Schild)}


def _als_json(s: Schild) -> dict[str, Any]:
    """Die Angaben eines Schildes ohne das, was ohnehin gilt; Lagen auf Zehntelpixel."""
    angaben = {name: getattr(s, name) for name in _VORGABE} | {"x": round(s.x, 1), "y": round(s.y, 1)}
    return {k: w for k, w in angaben.items() if w != _VORGABE[k]}


def schilder_von(spec: Mapping[str, Any]) -> list[Schild]:
    """Die Schilder, die neben den Marken in der Spezifikation liegen, in der Reihenfolge des Zeichnens."""
    return [Schild(**s) for s in spec.get("usermeta", {}).get("schilder", ())]


def ist_form(spec: Mapping[str, Any]) -> bool:
    """Ob eine Form des Hauses sie gemacht hat: Marken und Schilder getrennt, Farben als Namen."""
    return "schilder" in spec.get("usermeta", {})


def vollstaendig(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Dieselbe Abbildung als Vega-Lite, wie andere Programme es lesen: die Schilder als Textebenen."""
    if not ist_form(spec):
        return dict(spec)
    betonung = spec["config"]["header"]["labelFontWeight"]
    text = {"field": "text", "type": "nominal"}
    texte = []
    for (farbe, fett, buendig, grundlinie), gruppe in groupby(schilder_von(spec), _machart):
        marke: dict[str, Any] = {"type": "text", "align": buendig, "baseline": grundlinie, "color": farbe}
        marke |= {"fontSize": SCHRIFT, "fontWeight": betonung if fett else 400}
        zeilen = [{"x": s.x, "y": s.y, "text": s.text} for s in gruppe]
        texte.append(ebene(zeilen, marke, x=pixel("x"), y=pixel("y"), text=text))
    ohne = {k: v for k, v in spec.items() if k != "usermeta"}
    return {**ohne, "layer": [*spec["layer"], *texte]}
