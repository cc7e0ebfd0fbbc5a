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
from contextlib import suppress
from pathlib import Path
from typing import Any

from berichtswerk.bild.beschriftung import setze, trenne, zahl
from berichtswerk.marke.farbmarken import loese_in
from berichtswerk.marke.marke import Marke
from berichtswerk.marke.schrift import eingebettet

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
_G, _TEXT, _DEFS = (f"{{{_SVG}}}{name}" for name in ("g", "text", "defs"))
_GESTALTEN = {f"{{{_SVG}}}{name}" for name in ("path", "line", "rect", "circle")}
_ZAHL = re.compile(r"-?\d+\.\d+")
_VERWEIS = re.compile(r"url\(#([^)]+)\)")
_FREMD = re.compile(r"(?i)(?:https?:)?//|javascript:")
_WEG = {"class", "role", "style", "pointer-events", "cursor", "href", f"{{{_XLINK}}}href"}
_WIRKUNGSLOS = {
    *(("opacity", "1"), ("fill-opacity", "1"), ("stroke-opacity", "1")),
    *(("transform", "translate(0,0)"), ("x2", "0"), ("y2", "0")),
    *(("text-anchor", "start"), ("font-weight", "400"), ("font-weight", "normal")),
}
"""Angaben, die auch ohne sie gälten: Gruppen von Vega geben nichts davon vor."""
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
    rest, schilder = trenne(spec)
    wurzel = ET.fromstring(_roh(rest, marke))
    if schilder:
        _flaeche(wurzel).append(setze(schilder, _SVG))
    _saeubere(wurzel)
    _benenne(wurzel, spec)
    name = titel or str(spec.get("description", ""))
    wurzel.set("role", "img")
    if name:
        wurzel.set("aria-label", name)
    else:
        wurzel.set("aria-hidden", "true")
    _bette_ein(wurzel, marke)
    ET.register_namespace("", _SVG)
    return ET.tostring(wurzel, encoding="unicode").replace(" />", "/>") + "\n"


def waerme_vor(marke: Marke) -> threading.Thread:
    """Lädt die Zeichner in einem eigenen Faden, während anderes läuft; wer wartet, ruft ``join``.

    Danach darf dieser Prozess keine Kinder mehr abzweigen, die zeichnen sollen. Was dabei misslingt, meldet
    das erste :func:`zeichne`.
    """

    def lade() -> None:
        with suppress(Exception):
            zeichne({"data": {"values": [{}]}, "mark": {"type": "text", "text": "0"}}, marke)

    faden = threading.Thread(target=lade, name="zeichner-vorwaermen")
    faden.start()
    return faden


def _melde_schriften_an(marke: Marke) -> Any:
    import vl_convert

    with _schloss:
        for ordner in sorted({s.pfad.parent for s in marke.schriften} - _ordner):
            vl_convert.register_font_directory(str(ordner))
            _ordner.add(ordner)
    return vl_convert


def _roh(spec: dict[str, Any], marke: Marke) -> str:
    vl_convert = _melde_schriften_an(marke)
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


def _flaeche(wurzel: ET.Element) -> ET.Element:
    """Die Gruppe, deren Nullpunkt die linke obere Ecke der Zeichenfläche ist."""
    return next(kind for kind in wurzel if kind.tag == _G)


def _saeubere(knoten: ET.Element) -> None:
    """Entfernt, was nur im Browser von Vega nützt: Rollen, englische Namen, leere und unsichtbare Teile.

    Gruppen, die nichts angeben, gehen in der umgebenden auf.
    """
    _kuerze(knoten)
    kinder: list[ET.Element] = []
    for kind in knoten:
        if kind.tag == _DEFS:
            kinder.append(kind)
            continue
        _saeubere(kind)
        if kind.tag == _G and not kind.attrib:
            kinder += kind
        elif not _unsichtbar(kind):
            kinder.append(kind)
    knoten[:] = kinder


def _kuerze(knoten: ET.Element) -> None:
    """Lässt Attribute weg, die nichts bewirken, und kürzt Zahlen auf zwei Nachkommastellen."""
    attribute = {n: w for n, w in knoten.attrib.items() if n not in _WEG and not n.startswith("aria-")}
    for name, wert in attribute.items():
        if name != "font-family" and "." in wert:
            attribute[name] = _ZAHL.sub(lambda z: zahl(float(z.group())), wert)
    if "stroke" not in attribute and knoten.tag != _G:
        attribute.pop("stroke-width", None)
    knoten.attrib = {n: w for n, w in attribute.items() if (n, w) not in _WIRKUNGSLOS}


def _unsichtbar(knoten: ET.Element) -> bool:
    """Ob nichts zu sehen ist; Vega vererbt keine Farben, ohne Füllung und Strich bleibt eine Fläche leer."""
    if knoten.tag == _G:
        return not len(knoten)
    if knoten.tag == _TEXT:
        return knoten.get("opacity") == "0"
    if knoten.tag not in _GESTALTEN:
        return False
    return (
        knoten.get("display") == "none"
        or knoten.get("d") in ("", "M0,0h0v0h0Z")
        or ("fill" not in knoten.attrib and "stroke" not in knoten.attrib)
    )


def _benenne(wurzel: ET.Element, spec: dict[str, Any]) -> None:
    """Gibt allen Kennungen feste Namen: Vega zählt sie je Prozess weiter."""
    namen = dict.fromkeys(k.attrib["id"] for k in wurzel.iter() if "id" in k.attrib)
    if not namen:
        return
    kennung = "bw" + hashlib.sha256(json.dumps(spec, sort_keys=True).encode()).hexdigest()[:8]
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
    for knoten in wurzel.iter(_TEXT):
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
