"""Vega-Lite-Spezifikation zu SVG: deutsch, ohne Fremdes, Byte für Byte wiederholbar.

Gezeichnet wird einmal (:func:`zeichne`): ohne Schrift und, bei den Formen des Hauses, mit den Namen der
Farben. Daraus werden das Bild in der Seite (:func:`fuer_seite`) und die Datei
(:func:`als_datei`). Eine andere Farbe in der Marke zeichnet also nichts neu.

Die Formen zeichnet ``bild.eigen``, freie Abbildungen ``vl-convert`` im selben Prozess. Nach einem ``fork``
darf ein Kindprozess damit nicht zeichnen, wenn der Elternprozess es schon getan hat: vl-convert bleibt dann
stehen.
"""

from __future__ import annotations

import json
import math
import re
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

from berichtswerk.bild.eigen import farben, zahl
from berichtswerk.bild.eigen import zeichne as zeichne_form
from berichtswerk.bild.leinwand import Schild, ist_form, schilder_von
from berichtswerk.bild.thema import ORT_DE, SCHRIFT
from berichtswerk.grund.ablage import Ablage, fassung, programmstand, summe
from berichtswerk.grund.fremdes import attribut
from berichtswerk.marke.marke import Marke
from berichtswerk.marke.schrift import eingebettet

VEGA_LITE = "6.4"

_SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_G, _TEXT, _DEFS = (f"{{{_SVG}}}{name}" for name in ("g", "text", "defs"))
_GESTALTEN = {f"{{{_SVG}}}{name}" for name in ("path", "line", "rect", "circle")}
_KENNUNG = "bw--"
_SCHMALSTE = 120
"""Schmaler wird die Zeichenfläche einer freien Abbildung nicht."""
_ZAHL = re.compile(r"-?\d+\.\d+")
_VERWEIS = re.compile(r"url\(#([^)]+)\)")
_MASSE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_VERMERK = 18
"""Höhe der Zeile unter dem Bild, in Pixeln."""
_MARKE = re.compile(r"<(\w+(?: [^<>]*?)?)(/?)>")
_FARBWERT = re.compile(r' (fill|stroke)="(#[0-9a-fA-F]{6})"')
_FARBNAME = re.compile(r' (fill|stroke)="(marke:[^"]+)"')
_WEG = {"class", "role", "style", "pointer-events", "cursor", "href", "font-family", f"{{{_XLINK}}}href"}
_WIRKUNGSLOS = {
    *(("opacity", "1"), ("fill-opacity", "1"), ("stroke-opacity", "1")),
    *(("transform", "translate(0,0)"), ("x2", "0"), ("y2", "0")),
    *(("text-anchor", "start"), ("font-weight", "400"), ("font-weight", "normal")),
}
"""Angaben, die auch ohne sie gälten: Gruppen von Vega geben nichts davon vor."""
_ANKER = {"left": "start", "center": "middle", "right": "end"}
_GRUNDLINIE = {"alphabetic": 0.0, "top": 0.79, "middle": 0.3, "bottom": -0.21}
"""Versatz nach unten in Schriftgrößen, auf ganze Pixel gerundet; dieselben Werte wie in Vega."""
_ordner: set[Path] = set()
_schloss = threading.Lock()


def fuer_seite(spec: dict[str, Any], marke: Marke, praefix: str, ablage: Ablage | None = None) -> str:
    """Das Bild, wie es in einer HTML-Seite steht: auswählbarer Text in deren Schrift, ohne eigenen Namen.

    Statt einer Farbe trägt jeder Teil die Klasse ihrer Bedeutung (``f-fokus`` für die Füllung, ``s-achse``
    für den Strich); ``marke.css`` färbt sie, hell und dunkel. Eine freie Abbildung behält Farben,
    die keine der Marke sind. Kennungen beginnen mit ``praefix`` (dem Label). Namen und Rolle gibt, wer das
    Bild einrahmt.

    Raises:
        ValueError: wenn die Spezifikation sich nicht zeichnen lässt oder Fremdes laden will.
    """
    return in_seite(zeichne(spec, marke, ablage), praefix)


def in_seite(zeichnung: str, praefix: str) -> str:
    """Wie :func:`fuer_seite`, aus der fertigen Zeichnung (:func:`zeichne`)."""
    svg = _FARBNAME.sub("", zeichnung)
    return svg.replace("<svg ", '<svg aria-hidden="true" ', 1).replace(_KENNUNG, f"{praefix}-")


def passend(spec: dict[str, Any], marke: Marke, breite: int, ablage: Ablage | None = None) -> dict[str, Any]:
    """Eine freie Abbildung so, dass sie ``breite`` breit wird; was mehrere Ansichten hat, bleibt, wie es ist.

    Ihre Ränder (Achsen, Legende) kennt erst, wer sie zeichnet: zur Probe.

    Raises:
        ValueError: wie :func:`fuer_seite`.
    """
    weite = spec.get("width", breite - 100)
    if ist_form(spec) or not isinstance(weite, int | float) or not {"mark", "layer"} & spec.keys():
        return spec
    for _ in range(2):  # andere Zahlen an der Achse brauchen andere Ränder
        probe = zeichne({**spec, "width": weite}, marke, ablage)
        weite = round(weite + breite - float(ET.fromstring(probe).get("viewBox", "0 0 0 0").split()[2]))
        if weite < _SCHMALSTE:
            return spec
    return {**spec, "width": weite}


def beide(breit: str, schmal: str) -> str:
    """Zwei Bilder für die Seite (:func:`fuer_seite`), von denen ``bericht.css`` eines zeigt."""
    klassen = ((breit, "bw-breit"), (schmal, "bw-schmal"))
    return "".join(svg.replace("<svg ", f'<svg class="{klasse}" ', 1) for svg, klasse in klassen)


def als_datei(
    spec: dict[str, Any], marke: Marke, *, mit_schrift: bool = True, ablage: Ablage | None = None
) -> str:
    """Das Bild als Datei, die für sich allein stimmt: mit Namen und den benutzten Zeichen der Hausschrift.

    Ihr zugänglicher Name ist ``spec["description"]``. ``mit_schrift=False`` nennt die Schrift nur: für Typst,
    das sie selbst hat.

    Raises:
        ValueError: wie :func:`fuer_seite`.
    """
    svg = in_datei(zeichne(spec, marke, ablage), marke, str(spec.get("description", "")))
    return bette_schrift_ein(svg, marke) if mit_schrift else svg


def in_datei(zeichnung: str, marke: Marke, name: str) -> str:
    """Wie :func:`als_datei` ohne Schrift, aus der fertigen Zeichnung; ``name`` ist ihr zugänglicher Name."""
    svg = _gefaerbt(zeichnung, marke)
    angaben = f'role="img" aria-label={attribut(name)}' if name else 'aria-hidden="true"'
    familie = attribut(f"{marke.schrift}, sans-serif")
    return svg.replace("<svg ", f"<svg {angaben} font-family={familie} ", 1)


def mit_vermerk(svg: str, vermerk: str, marke: Marke) -> str:
    """Die Datei (:func:`in_datei`) mit einer Zeile unter dem Bild; sie geht mit, wohin es weitergeht."""
    masse = _MASSE.search(svg)
    if masse is None:
        return svg
    breite, hoehe = float(masse[1]), float(masse[2])
    ganz = f"{hoehe + _VERMERK:g}"
    svg = svg.replace(masse[0], f'viewBox="0 0 {masse[1]} {ganz}"', 1)
    svg = svg.replace(f' height="{masse[2]}"', f' height="{ganz}"', 1)
    ort = f'x="{breite - 4:g}" y="{hoehe + _VERMERK - 6:g}" text-anchor="end" font-size="12"'
    text = f'<text {ort} fill="{marke.diagramm.text_leise}">{escape(vermerk)}</text>'
    return f"{text}</svg>".join(svg.rsplit("</svg>", 1))


def bette_schrift_ein(svg: str, marke: Marke) -> str:
    """Eine Datei ohne Schrift (:func:`als_datei`) mit den Zeichen der Hausschrift, die in ihr vorkommen."""
    return svg.replace(">", f"><style>{_schriftregeln(svg, marke)}</style>", 1)


def zeichne(spec: dict[str, Any], marke: Marke, ablage: Ablage | None = None) -> str:
    """Die Zeichnung, noch ohne Schrift und ohne zugänglichen Namen; aus der Ablage, wenn sie dort liegt.

    Raises:
        ValueError: wie :func:`fuer_seite`.
    """
    if ist_form(spec):
        return zeichne_form(spec, _texte(schilder_von(spec), marke.betonung))
    # in freien Abbildungen mischt Vega Farben, mit Namen ginge das nicht
    text = marke.loese_im_text(json.dumps(spec, sort_keys=True, ensure_ascii=False))
    ordner = tuple(sorted({s.pfad.parent for s in marke.schriften}))
    if ablage is None:
        return _benannt(_gezeichnet(text, ordner), marke)
    programm = programmstand("bild/svg.py", "bild/thema.py")
    schluessel = summe(text, programm, fassung("vl-convert-python"))
    fertig = ablage.hole("zeichnung", schluessel)
    if fertig is None:
        fertig = _gezeichnet(text, ordner).encode()
        ablage.lege("zeichnung", schluessel, fertig)
    return _benannt(fertig.decode(), marke)


def _benannt(zeichnung: str, marke: Marke) -> str:
    """Farben der Marke als Namen und Klassen wie in den eigenen Formen: so folgen sie dunklem Grund."""
    namen: dict[str, str] = {}
    for feld, wert in asdict(marke.diagramm).items():
        name = getattr(marke.farbnamen, feld)
        paare = [(wert, name)] if isinstance(wert, str) else zip(wert, name, strict=True)
        for farbe, heisst in paare:
            namen.setdefault(farbe.lower(), heisst)

    def ersetze(fund: re.Match[str]) -> str:
        hier = {art: namen[f.lower()] for art, f in _FARBWERT.findall(fund[0]) if f.lower() in namen}
        if not hier:
            return fund[0]
        ohne = _FARBWERT.sub(lambda m: "" if m[1] in hier else m[0], fund[1])
        return f"<{ohne}{farben(hier.get('fill', ''), hier.get('stroke', ''))}{fund[2]}>"

    return _MARKE.sub(ersetze, zeichnung)


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


@lru_cache(maxsize=32)
def _gezeichnet(text: str, ordner: tuple[Path, ...]) -> str:
    spec = json.loads(text)
    if '"url"' in text:
        _nur_eigenes(spec)
    wurzel = ET.fromstring(_roh(spec, ordner))
    _saeubere(wurzel)
    _benenne(wurzel)
    ET.register_namespace("", _SVG)
    return ET.tostring(wurzel, encoding="unicode").replace(" />", "/>") + "\n"


def _roh(spec: dict[str, Any], schriftordner: Iterable[Path]) -> str:
    import vl_convert

    with _schloss:
        for ordner in set(schriftordner) - _ordner:
            vl_convert.register_font_directory(str(ordner))
            _ordner.add(ordner)
    gezeigt = {**spec, "config": {**spec.get("config", {}), "aria": False}}
    try:
        svg: str = vl_convert.vegalite_to_svg(
            gezeigt,
            vl_version=VEGA_LITE,
            format_locale={**vl_convert.get_format_locale("de-DE"), **ORT_DE["number"]},
            time_format_locale="de-DE",
            allowed_base_urls=[],
        )
    except ValueError as fehler:
        raise ValueError(f"Die Abbildung lässt sich nicht zeichnen: {fehler}") from fehler
    return svg


def als_png(svg: str, marke: Marke, faktor: float = 2.0) -> bytes:
    """Eine fertige Zeichnung als PNG, ``faktor`` Punkte je Pixel; für Programme, die kein SVG zeigen."""
    import vl_convert

    with _schloss:
        for ordner in {s.pfad.parent for s in marke.schriften} - _ordner:
            vl_convert.register_font_directory(str(ordner))
            _ordner.add(ordner)
        png: bytes = vl_convert.svg_to_png(svg, scale=faktor)
    return png


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


def _texte(schilder: Iterable[Schild], betonung: int) -> str:
    """Ein ``<text>`` je Schild; alle teilen sich die Schriftgröße."""
    elemente = []
    for s in schilder:
        if not (text := s.text.strip()):
            continue
        unten = math.floor(_GRUNDLINIE[s.grundlinie] * SCHRIFT + 0.5)  # Halbe nach oben, wie Math.round
        anker = f' text-anchor="{_ANKER[s.buendig]}"' if s.buendig != "left" else ""
        fett = f' font-weight="{betonung}"' if s.fett else ""
        lage = f'x="{zahl(s.x)}" y="{zahl(s.y + unten)}"'
        elemente.append(f"<text {lage}{anker}{fett}{farben(s.farbe)}>{escape(text, quote=False)}</text>")
    return f'<g class="f-text" font-size="{zahl(SCHRIFT)}px">{"".join(elemente)}</g>' if elemente else ""


def _saeubere(knoten: ET.Element) -> None:
    """Entfernt, was nur im Browser von Vega nützt: Rollen, leere und unsichtbare Teile.

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
        if "." in wert and not wert.startswith("marke:"):
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


def _benenne(wurzel: ET.Element) -> None:
    """Gibt allen Kennungen feste Namen: Vega zählt sie je Prozess weiter."""
    namen = dict.fromkeys(k.attrib["id"] for k in wurzel.iter() if "id" in k.attrib)
    neu = {alt: f"{_KENNUNG}{nr}" for nr, alt in enumerate(namen, 1)}
    for knoten in wurzel.iter() if neu else ():
        if "id" in knoten.attrib:
            knoten.set("id", neu[knoten.attrib["id"]])
        for name, wert in knoten.attrib.items():
            if "url(#" in wert:
                knoten.set(name, _VERWEIS.sub(lambda z: f"url(#{neu.get(z.group(1), z.group(1))})", wert))


def _gefaerbt(zeichnung: str, marke: Marke) -> str:
    bekannt: dict[str, str] = {}

    def farbe(fund: re.Match[str]) -> str:
        name = fund[2]
        if name not in bekannt:
            bekannt[name] = marke.loese(name)
        return f' {fund[1]}="{bekannt[name]}"'

    return _FARBNAME.sub(farbe, zeichnung)


def _schriftregeln(svg: str, marke: Marke) -> str:
    """``@font-face`` je benutztem Schnitt, mit genau den Zeichen, die vorkommen."""
    texte: dict[tuple[int, str], set[str]] = {}
    for knoten in ET.fromstring(svg).iter(_TEXT):
        angabe = knoten.get("font-weight", "400")
        staerke = {"bold": 700, "normal": 400}.get(angabe) or int(angabe)
        schnitt = (staerke, knoten.get("font-style", "normal"))
        texte.setdefault(schnitt, set()).update("".join(knoten.itertext()))
    return "".join(
        f"@font-face{{font-family:'{marke.schrift}';font-weight:{staerke};font-style:{stil};"
        f"src:url({eingebettet(marke.schnitt(staerke, stil).pfad, ''.join(zeichen))}) format('truetype')}}"
        for (staerke, stil), zeichen in sorted(texte.items())
    )
