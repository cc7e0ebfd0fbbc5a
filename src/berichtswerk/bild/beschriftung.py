"""Schilder ohne Vega setzen: Ihre Lage steht schon in Pixeln, nur ihre Grundlinie ist noch zu rechnen.

Vega misst jeden Text aus, auch wenn das Maß nichts mehr ändert; das kostet mehr als alles übrige Zeichnen.
Ausgenommen werden deshalb Textebenen, die zuoberst liegen und alles selbst angeben. Was anders gebaut ist
(freie Abbildungen), zeichnet Vega ganz.
"""

from __future__ import annotations

import math
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from itertools import takewhile
from typing import Any

_ANKER = {"left": "start", "center": "middle", "right": "end"}
_GRUNDLINIE = {"alphabetic": 0.0, "top": 0.79, "middle": 0.3, "bottom": -0.21}
"""Versatz nach unten in Schriftgrößen, auf ganze Pixel gerundet; dieselben Werte wie in Vega."""
_ANGABEN = {"type", "align", "baseline", "color", "fontSize", "fontWeight"}


def trenne(spec: dict[str, Any]) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Die Spezifikation ohne die Textebenen, die :func:`setze` setzen kann, und diese Ebenen."""
    if spec.get("autosize") != {"type": "none"} or not isinstance(spec.get("layer"), list):
        return spec, []
    ebenen = spec["layer"]
    texte = list(takewhile(_ist_schild, reversed(ebenen)))[::-1]
    if not texte or len(texte) == len(ebenen):
        return spec, []
    return {**spec, "layer": ebenen[: -len(texte)]}, texte


def setze(ebenen: list[dict[str, Any]], namensraum: str) -> ET.Element:
    """Eine Gruppe mit einem ``<text>`` je Schild, in der Reihenfolge der Ebenen."""
    gruppe = ET.Element(f"{{{namensraum}}}g")
    for marke, zeile in _schilder(ebenen):
        attribute = {
            "text-anchor": _ANKER[marke["align"]],
            "transform": f"translate({zahl(zeile['x'])},{zahl(zeile['y'] + _versatz(marke))})",
            "font-family": "",  # die Hausschrift trägt das Einbetten ein
            "font-size": f"{zahl(marke['fontSize'])}px",
            "font-weight": str(marke["fontWeight"]),
            "fill": marke["color"],
        }
        ET.SubElement(gruppe, f"{{{namensraum}}}text", attribute).text = zeile["text"].strip()
    return gruppe


def zahl(wert: float) -> str:
    """Höchstens zwei Nachkommastellen, keine überflüssigen."""
    text = f"{wert:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _schilder(ebenen: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    for ebene in ebenen:
        yield from ((ebene["mark"], z) for z in ebene["data"]["values"] if z["text"].strip())


def _versatz(marke: dict[str, Any]) -> int:
    # Halbe nach oben, wie Math.round
    return math.floor(_GRUNDLINIE[str(marke["baseline"])] * float(marke["fontSize"]) + 0.5)


def _ist_schild(ebene: dict[str, Any]) -> bool:
    if set(ebene) != {"mark", "encoding", "data"}:
        return False
    marke, kodierung, daten = ebene["mark"], ebene["encoding"], ebene["data"]
    return (
        _ist_marke(marke)
        and set(kodierung) == {"x", "y", "text"}
        and all(_in_pixeln(kodierung[k], k) for k in "xy")
        and kodierung["text"] == {"field": "text", "type": "nominal"}
        and set(daten) == {"values"}
        and isinstance(daten["values"], list)
        and all(_ist_zeile(z) for z in daten["values"])
    )


def _ist_marke(marke: Any) -> bool:
    return (
        isinstance(marke, dict)
        and set(marke) == _ANGABEN
        and marke["type"] == "text"
        and isinstance(marke["color"], str)
        and isinstance(marke["fontSize"], int | float)
        and isinstance(marke["fontWeight"], int | str)
        and marke["align"] in list(_ANKER)
        and marke["baseline"] in list(_GRUNDLINIE)
    )


def _in_pixeln(kanal: Any, feld: str) -> bool:
    return bool(kanal == {"field": feld, "type": "quantitative", "scale": None, "axis": None})


def _ist_zeile(zeile: Any) -> bool:
    return (
        isinstance(zeile, dict)
        and isinstance(zeile.get("text"), str)
        and "\n" not in zeile["text"]
        and all(isinstance(zeile.get(k), int | float) for k in "xy")
    )
