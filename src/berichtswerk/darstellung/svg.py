"""Vega-Lite-Spezifikation zu SVG: deutsch, ohne Fremdes, Byte für Byte wiederholbar.

Gezeichnet wird mit ``vl-convert`` im selben Prozess. Nach einem ``fork`` darf ein Kindprozess nicht
zeichnen, wenn der Elternprozess es schon getan hat: vl-convert bleibt dann stehen.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from berichtswerk.darstellung.farbmarken import loese_in
from berichtswerk.darstellung.marke import Marke
from berichtswerk.darstellung.schrift import eingebettet

VEGA_LITE = "6.4"
ORT_DE: dict[str, Any] = {
    "number": {
        "decimal": ",",
        "thousands": "\u202f",
        "grouping": [3],
        "currency": ["", "\u00a0€"],
        "minus": "\u2212",
        "percent": "\u202f%",
    }
}
"""Zahlform der Achsen freier Abbildungen; die Formen schreiben ihre Zahlen selbst."""

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_ZAHL = re.compile(r"-?\d+\.\d{3,}")
_VERWEIS = re.compile(r"url\(#([^)]+)\)")
_FREMD = re.compile(r"(?i)(?:https?:)?//|javascript:")
_WEG = {"class", "role", "style", "pointer-events", "cursor", "href", f"{{{_XLINK}}}href"}
_ordner: set[Path] = set()
_schloss = threading.Lock()


def zeichne(spec: dict[str, Any], marke: Marke, *, titel: str = "") -> str:
    """Zeichnet ``spec`` als SVG-Text.

    Text bleibt Text in der Hausschrift, deren benutzte Zeichen eingebettet sind; die Datei zeigt also auch
    in ``<img>`` die richtige Schrift und verweist auf nichts außerhalb. ``titel`` (sonst
    ``spec["description"]``) wird zum zugänglichen Namen.

    Raises:
        ValueError: wenn die Spezifikation sich nicht zeichnen lässt oder Fremdes laden will.
    """
    spec = loese_in(spec, marke)
    _nur_eigenes(spec)
    wurzel = ET.fromstring(_roh(spec, marke))
    kennung = "bw" + hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:8]
    _saeubere(wurzel)
    _benenne(wurzel, kennung)
    name = titel or str(spec.get("description", ""))
    wurzel.set("role", "img")
    if name:
        wurzel.set("aria-label", name)
    else:
        wurzel.set("aria-hidden", "true")
    _bette_ein(wurzel, marke)
    ET.register_namespace("", _SVG)
    return ET.tostring(wurzel, encoding="unicode", short_empty_elements=True) + "\n"


def _roh(spec: dict[str, Any], marke: Marke) -> str:
    import vl_convert

    with _schloss:
        for ordner in sorted({s.pfad.parent for s in marke.schriften} - _ordner):
            vl_convert.register_font_directory(str(ordner))
            _ordner.add(ordner)
    try:
        svg: str = vl_convert.vegalite_to_svg(
            spec,
            vl_version=VEGA_LITE,
            format_locale=_zahlform(vl_convert),
            time_format_locale="de-DE",
            allowed_base_urls=[],
        )
    except ValueError as fehler:
        raise ValueError(f"Die Abbildung lässt sich nicht zeichnen: {fehler}") from fehler
    return svg


def _zahlform(vl_convert: Any) -> dict[str, Any]:
    return {**vl_convert.get_format_locale("de-DE"), **ORT_DE["number"]}


def _nur_eigenes(knoten: Any) -> None:
    """Weist Spezifikationen ab, die Daten oder Bilder von einer Adresse laden."""
    if isinstance(knoten, dict):
        adresse = knoten.get("url")
        if isinstance(adresse, str) and not adresse.startswith("data:"):
            raise ValueError(f"Die Abbildung will „{adresse}“ laden; erlaubt sind nur eigene Daten.")
        for wert in knoten.values():
            _nur_eigenes(wert)
    elif isinstance(knoten, list):
        for wert in knoten:
            _nur_eigenes(wert)


def _saeubere(wurzel: ET.Element) -> None:
    """Entfernt, was nur im Browser von Vega nützt: Rollen, englische Namen, leere und unsichtbare Teile."""
    for knoten in wurzel.iter():
        for name in [n for n in knoten.attrib if n in _WEG or n.startswith("aria-")]:
            del knoten.attrib[name]
        for name, wert in knoten.attrib.items():
            if name != "font-family" and _ZAHL.search(wert):
                knoten.set(name, _ZAHL.sub(lambda z: f"{float(z.group()):.2f}", wert))
    _ohne_leere(wurzel)


def _ohne_leere(knoten: ET.Element) -> None:
    for kind in list(knoten):
        _ohne_leere(kind)
        art = kind.tag.removeprefix(f"{{{_SVG}}}")
        if (
            (art == "path" and (kind.get("display") == "none" or kind.get("d") in ("", "M0,0h0v0h0Z")))
            or (art == "g" and not len(kind))
            or (art == "text" and kind.get("opacity") == "0")
        ):
            knoten.remove(kind)


def _benenne(wurzel: ET.Element, kennung: str) -> None:
    """Gibt allen Kennungen feste Namen: Vega zählt sie je Prozess weiter."""
    namen = {k.attrib["id"]: "" for k in wurzel.iter() if "id" in k.attrib}
    neu = {alt: f"{kennung}-{nr}" for nr, alt in enumerate(namen, 1)}
    for knoten in wurzel.iter():
        if "id" in knoten.attrib:
            knoten.set("id", neu[knoten.attrib["id"]])
        for name, wert in knoten.attrib.items():
            if "url(#" in wert:
                knoten.set(name, _VERWEIS.sub(lambda z: f"url(#{neu.get(z.group(1), z.group(1))})", wert))


def _bette_ein(wurzel: ET.Element, marke: Marke) -> None:
    """Setzt die benutzten Zeichen der Hausschrift als ``@font-face`` an den Anfang."""
    texte: dict[tuple[int, str], set[str]] = {}
    for knoten in wurzel.iter(f"{{{_SVG}}}text"):
        staerke = {"bold": 700, "normal": 400}.get(knoten.get("font-weight", "400"))
        zahl = staerke or int(knoten.get("font-weight", "400"))
        schnitt = (zahl, knoten.get("font-style", "normal"))
        texte.setdefault(schnitt, set()).update("".join(knoten.itertext()))
        knoten.set("font-family", marke.schrift)
    regeln = []
    for (staerke_, stil), zeichen in sorted(texte.items()):
        datei = marke.schnitt(staerke_, stil)
        regeln.append(
            f"@font-face{{font-family:'{marke.schrift}';font-weight:{staerke_};font-style:{stil};"
            f"src:url({eingebettet(datei.pfad, ''.join(zeichen))}) format('woff2')}}"
        )
    if regeln:
        stil_ = ET.Element(f"{{{_SVG}}}style")
        stil_.text = "".join(regeln)
        wurzel.insert(0, stil_)


def ist_eigenstaendig(svg: str) -> bool:
    """Ob das SVG ohne Fremdes auskommt (Namensräume ausgenommen)."""
    ohne = re.sub(r'xmlns(:\w+)?="[^"]*"', "", svg)
    return _FREMD.search(re.sub(r"base64,[A-Za-z0-9+/=]+", "", ohne)) is None and "<script" not in ohne
