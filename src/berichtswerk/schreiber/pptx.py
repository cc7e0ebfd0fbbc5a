"""Folien als PPTX: pandoc schreibt Text und Aufbau, danach kommt hinein, was pandoc nicht kann.

Jede Folie hat einen Titel im Platzhalter dafür, Text als Text, Bilder mit Alternativtext, Deutsch als Sprache
und ihre Teile in der Folge des Lesens. Band und Fuß stehen im Folienmaster. Gleiche Eingabe, gleiche Bytes.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

from lxml import etree
from PIL import Image

from berichtswerk.bild.svg import als_png
from berichtswerk.grund.ablage import Ablage, dateisumme, fassung, programmstand, summe
from berichtswerk.grund.fremdes import attribut
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke.farbe import lesbar_auf
from berichtswerk.marke.marke import Marke
from berichtswerk.satz.manuskript import Manuskript
from berichtswerk.schreiber import folien as f
from berichtswerk.schreiber.folien import Bild, Folie, Foliensatz
from berichtswerk.schreiber.word import datei, vorlage
from berichtswerk.schreiber.word.baum import Baum
from berichtswerk.schreiber.word.herkunft import Zuordnung

A = "http://schemas.openxmlformats.org/drawingml/2006/main"
P = "http://schemas.openxmlformats.org/presentationml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NS = {"a": A, "p": P, "r": _R}
_MM = 36_000
"""Einheiten (EMU) je Millimeter."""
_FEIN = 3.0
"""Bildpunkte je Pixel der Zeichnung: auf großen Wänden noch scharf."""
_MASTER = "ppt/slideMasters/slideMaster1.xml"
_WORTMARKE = "rIdWortmarke"
_TITELFOLIE = "ppt/slideLayouts/slideLayout1.xml"


def schreibe(satz: Foliensatz, m: Manuskript, projekt: Projekt) -> bytes:
    """Die Präsentation; schon gezeichnete Bilder kommen aus der Ablage.

    Raises:
        BerichtswerkFehler: ``word-pandoc``, wenn pandoc abbricht.
    """
    baum = Baum(m, Zuordnung([], {}), {})
    bilder = {f"folie-{nr}.png": _png(b.svg, satz.marke, projekt) for nr, b in _bilder(satz).items()}
    bloecke: list[dict[str, Any]] = []
    for nr, folie in enumerate(satz.folien, 1):
        bloecke.append({"t": "Header", "c": [1, ["", [], []], [_wort(folie.titel)]]})
        text = baum.bloecke(folie.bloecke)
        bild = [{"t": "Para", "c": [{"t": "Image", "c": [["", [], []], [], [f"folie-{nr}.png", ""]]}]}]
        if folie.bild is None:
            bloecke += text
        elif text:
            bloecke.append(_div("columns", [_div("column", text), _div("column", bild)]))
        else:
            bloecke += bild
    angaben = {"title": satz.kopf.titel, "subtitle": " ", "lang": "de-DE"}
    meta = {n: {"t": "MetaString", "c": t} for n, t in angaben.items()}
    dokument = {"pandoc-api-version": [1, 23, 1], "meta": meta, "blocks": bloecke}
    roh = datei.pandoc_schreibe(dokument, bilder, "pptx", _vorlage(satz), "--slide-level=1")
    wortmarke = _png(satz.marke.wortmarke.hell.read_text("utf-8"), satz.marke, projekt)
    with Image.open(io.BytesIO(wortmarke)) as bild_:
        verhaeltnis = bild_.height / bild_.width
    aendern: dict[str, Any] = {"ppt/slides/slide1.xml": lambda w: _titelfolie(w, satz, verhaeltnis)}
    for nr, folie in enumerate(satz.folien, 2):
        aendern[f"ppt/slides/slide{nr}.xml"] = lambda w, folie=folie, nr=nr: _folie(w, folie, nr, satz)
    aendern |= {
        "docProps/core.xml": lambda w: _eigenschaften(w, satz),
        "ppt/media/wortmarke.png": wortmarke,
        "ppt/slides/_rels/slide1.xml.rels": _mit_wortmarke,
        "[Content_Types].xml": _mit_png,
    }
    return vorlage.geaendert(roh, aendern)


def _png(svg: str, marke: Marke, projekt: Projekt) -> bytes:
    """Eine Zeichnung auf Weiß mit Farbtafel: so braucht sie ein Viertel des Platzes."""
    ablage = Ablage.von(projekt)
    schriften = sorted(dateisumme(s.pfad) for s in marke.schriften)
    fassungen = (fassung("vl-convert-python"), fassung("pillow"))
    schluessel = summe(svg, str(_FEIN), programmstand("schreiber/pptx.py"), *fassungen, *schriften)
    fertig = ablage.hole("folienbild", schluessel)
    if fertig is None:
        puffer = io.BytesIO()
        with Image.open(io.BytesIO(als_png(svg, marke, _FEIN))) as bild:
            flach = Image.alpha_composite(Image.new("RGBA", bild.size, "#ffffff"), bild.convert("RGBA"))
        flach.convert("RGB").quantize(256, dither=Image.Dither.NONE).save(puffer, "PNG", optimize=True)
        fertig = puffer.getvalue()
        ablage.lege("folienbild", schluessel, fertig)
    return fertig


def _mit_wortmarke(wurzel: Any) -> None:
    art = f"{_R}/image"
    raum = wurzel.nsmap[None]
    angaben = {"Id": _WORTMARKE, "Type": art, "Target": "../media/wortmarke.png"}
    etree.SubElement(wurzel, f"{{{raum}}}Relationship", angaben)


def _mit_png(wurzel: Any) -> None:
    raum = wurzel.nsmap[None]
    if not any(e.get("Extension") == "png" for e in wurzel.iterfind(f"{{{raum}}}Default")):
        wurzel.insert(0, etree.Element(f"{{{raum}}}Default", Extension="png", ContentType="image/png"))


def _bilder(satz: Foliensatz) -> Mapping[int, Bild]:
    return {nr: folie.bild for nr, folie in enumerate(satz.folien, 1) if folie.bild is not None}


def _wort(text: str) -> dict[str, Any]:
    return {"t": "Str", "c": text}


def _div(klasse: str, inhalt: list[Any]) -> dict[str, Any]:
    return {"t": "Div", "c": [["", [klasse], []], inhalt]}


# --- Folien ----------------------------------------------------------------------------------------------


def _titelfolie(wurzel: Any, satz: Foliensatz, verhaeltnis: float) -> None:
    """Titel, Angaben, Vermerk und Wortmarke auf der ersten; ``verhaeltnis``: Höhe der Wortmarke je Breite."""
    titel, unter = wurzel.findall(".//p:sp", _NS)
    _rahme(titel, f.RAND, 14, f.WEIT, 74)
    _grad(titel, satz.titelgrad)
    _rahme(unter, f.RAND, 97, f.WEIT, 34)
    rumpf = unter.find("p:txBody", _NS)
    for absatz in rumpf.findall("a:p", _NS):
        rumpf.remove(absatz)
    texte = [(satz.vermerk, 11, True), *((t, 12 if i else 16, False) for i, t in enumerate(satz.angaben))]
    for text, grad, fett in ((t, g, b) for t, g, b in texte if t):
        abstand = f'<a:spcAft><a:spcPts val="{1400 if fett else 400}"/></a:spcAft>'
        auszeichnung = f'lang="de-DE" sz="{grad * 100}"{" b=" + attribut("1") if fett else ""}'
        rumpf.extend(
            _teile(
                f'<a:p><a:pPr marL="0" indent="0">{abstand}<a:buNone/></a:pPr>'
                f"<a:r><a:rPr {auszeichnung}/><a:t>{_text(text)}</a:t></a:r></a:p>"
            )
        )
    weit, hoch = 46.0, 46.0 * verhaeltnis
    wurzel.find(".//p:spTree", _NS).extend(
        _teile(
            f'<p:pic><p:nvPicPr><p:cNvPr id="4" name="Wortmarke" descr={attribut(satz.marke.wortmarke.alt)}/>'
            '<p:cNvPicPr><a:picLocks noChangeAspect="1"/></p:cNvPicPr><p:nvPr/></p:nvPicPr><p:blipFill>'
            f'<a:blip r:embed="{_WORTMARKE}"/><a:stretch><a:fillRect/></a:stretch></p:blipFill><p:spPr>'
            f"{_ort(f.BREITE - f.RAND - weit, f.HOEHE - 10 - hoch, weit, hoch)}"
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>'
        )
    )
    _sprich_deutsch(wurzel)


def _folie(wurzel: Any, folie: Folie, nr: int, satz: Foliensatz) -> None:
    """Orte, Grade, Alternativtext und Seitenzahl; was pandoc unter ein Bild schreibt, entfällt."""
    baum = wurzel.find(".//p:spTree", _NS)
    for form in baum.findall("p:sp", _NS):
        if form.find("p:nvSpPr/p:cNvSpPr", _NS).get("txBox"):
            baum.remove(form)
    titel, *texte = baum.findall("p:sp", _NS)
    _rahme(titel, f.RAND, folie.y, f.WEIT, folie.oben - folie.y - 4)
    _grad(titel, folie.titelgrad)
    for text in texte:
        _rahme(text, f.RAND, folie.oben, folie.breite, f.UNTEN - folie.oben)
        _grad(text, folie.textgrad)
        _rueckt_ein(text)
    if (b := folie.bild) is not None:
        bild = baum.find("p:pic", _NS)
        bild.find("p:nvPicPr/p:cNvPr", _NS).set("descr", b.alt)
        _rahme(bild, b.x, b.y, b.breite, b.hoehe)
        worte = _lauf(b.unterschrift, satz.marke.farben["secondary"])
        ort = _ort(b.x, b.y + b.hoehe + 1.5, f.BREITE - f.RAND - b.x, 9)
        baum.extend(_teile(_textfeld("Unterschrift", ort, worte, "t")))
    baum.extend(
        _teile(
            '<p:sp><p:nvSpPr><p:cNvPr id="0" name="Foliennummer"/><p:cNvSpPr><a:spLocks noGrp="1"/>'
            '</p:cNvSpPr><p:nvPr><p:ph type="sldNum" sz="quarter" idx="12"/></p:nvPr></p:nvSpPr><p:spPr/>'
            '<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:fld id="{C5EF2332-01BF-834F-8236-50238282D533}" '
            f'type="slidenum"><a:rPr/><a:t>{nr}</a:t></a:fld></a:p></p:txBody></p:sp>'
        )
    )
    for i, angaben in enumerate(baum.iter(f"{{{P}}}cNvPr"), 1):
        angaben.set("id", str(i))
    _sprich_deutsch(wurzel)


def _rahme(form: Any, x: float, y: float, breite: float, hoehe: float) -> None:
    angaben = form.find("p:spPr", _NS)
    if (alt := angaben.find("a:xfrm", _NS)) is not None:
        angaben.remove(alt)
    angaben.insert(0, _teile(_ort(x, y, breite, hoehe))[0])


def _ort(x: float, y: float, breite: float, hoehe: float) -> str:
    x, y, breite, hoehe = (round(v * _MM) for v in (x, y, breite, hoehe))
    return f'<a:xfrm><a:off x="{x}" y="{y}"/><a:ext cx="{breite}" cy="{hoehe}"/></a:xfrm>'


def _grad(form: Any, grad: float) -> None:
    """Der Grad des Textes; hat jemand nur eine breitere Schrift, wird er kleiner, statt überzulaufen."""
    etree.SubElement(form.find("p:txBody/a:bodyPr", _NS), f"{{{A}}}normAutofit")
    for angaben in form.iter(f"{{{A}}}rPr"):
        angaben.set("sz", f"{grad * 100:.0f}")


def _rueckt_ein(form: Any) -> None:
    """Punkte einer Liste hängen; Absätze ohne Punkt stehen am Rand."""
    for angaben in form.iter(f"{{{A}}}pPr"):
        if angaben.find("a:buNone", _NS) is None and angaben.get("lvl") == "0":
            angaben.set("marL", str(5 * _MM))
            angaben.set("indent", str(-5 * _MM))


def _sprich_deutsch(wurzel: Any) -> None:
    for name in ("rPr", "endParaRPr", "defRPr"):
        for angaben in wurzel.iter(f"{{{A}}}{name}"):
            angaben.set("lang", "de-DE")


def _teile(xml: str) -> list[Any]:
    return list(etree.fromstring(f'<x xmlns:a="{A}" xmlns:p="{P}" xmlns:r="{_R}">{xml}</x>'))


def _text(text: str) -> str:
    return attribut(text)[1:-1]


def _eigenschaften(wurzel: Any, satz: Foliensatz) -> None:
    dc = "{http://purl.org/dc/elements/1.1/}"
    for name, wert in (("creator", satz.kopf.herausgeber or satz.marke.name), ("language", "de-DE")):
        for alt in wurzel.findall(dc + name):
            wurzel.remove(alt)
        etree.SubElement(wurzel, dc + name).text = wert


# --- Vorlage ---------------------------------------------------------------------------------------------


def _vorlage(satz: Foliensatz) -> bytes:
    """Die von pandoc mit Farben und Schrift der Marke; Band und Fuß dieses Berichts stehen im Master."""
    layouts = {f"ppt/slideLayouts/slideLayout{nr}.xml": _sprich_deutsch for nr in range(2, 12)}
    return vorlage.geaendert(
        vorlage.von_pandoc("reference.pptx"),
        {
            **layouts,
            "ppt/theme/theme1.xml": lambda w: _thema(w, satz.marke, satz.farbe),
            _MASTER: lambda w: _master(w, satz),
            _TITELFOLIE: lambda w: _titellayout(w, satz),
            "ppt/presentation.xml": _sprich_deutsch,
        },
    )


def _thema(wurzel: Any, marke: Marke, farbe: str) -> None:
    namen = {"dk1": "foreground", "lt1": "background", "dk2": "secondary", "lt2": "light", "hlink": "primary"}
    farben = {feld: marke.farben[name] for feld, name in namen.items()}
    farben |= {f"accent{i}": k for i, k in enumerate([*marke.diagramm.kategorien, farbe][:6], 1)}
    farben |= {"accent1": farbe, "hlink": farbe, "folHlink": farbe}
    for feld, wert in farben.items():
        eintrag = wurzel.find(f".//a:clrScheme/a:{feld}", _NS)
        for kind in [*eintrag]:
            eintrag.remove(kind)
        etree.SubElement(eintrag, f"{{{A}}}srgbClr", val=wert.lstrip("#"))
    for schrift in wurzel.iterfind(".//a:fontScheme/*/a:latin", _NS):
        schrift.set("typeface", marke.schrift)


def _master(wurzel: Any, satz: Foliensatz) -> None:
    """Linie, Band und Fuß; Titel links in der Leitfarbe, Abstände wie im PDF."""
    baum = wurzel.find(".//p:spTree", _NS)
    for form in baum.findall("p:sp", _NS):
        art = form.find("p:nvSpPr/p:nvPr/p:ph", _NS).get("type")
        rahmen = form.find("p:txBody/a:bodyPr", _NS)
        for kind in [*rahmen]:
            rahmen.remove(kind)
        for seite in ("lIns", "tIns", "rIns", "bIns"):
            rahmen.set(seite, "0")
        if art in {"dt", "ftr"}:
            baum.remove(form)
        elif art == "sldNum":
            _rahme(form, f.BREITE - f.RAND - 30, 132, 30, 6)
            vorgabe = form.find(".//a:defRPr", _NS)
            vorgabe.set("b", "1")
            for kind in [*vorgabe]:
                vorgabe.remove(kind)
            vorgabe.append(_fuellung("accent1"))
        else:
            rahmen.set("anchor", "t")
            _rahme(form, f.RAND, *((f.OBEN, f.WEIT, 26) if art == "title" else (45, f.WEIT, 84)))
    schmuck = [_flaeche("Linie", 0, 2.5, satz.farbe)]
    if satz.vermerk:
        worte = _lauf(satz.vermerk, satz.marke.farben["foreground"], fett=True)
        schmuck.append(_flaeche("Vermerk", 2.5, 6, satz.marke.band, worte))
    fuss = _lauf(satz.fuss, satz.marke.farben["secondary"])
    schmuck.append(_textfeld("Fuß", _ort(f.RAND, 132, f.WEIT - 34, 6), fuss))
    for nr, form in enumerate(_teile("".join(schmuck))):
        baum.insert(2 + nr, form)
    _stil(wurzel.find("p:txStyles/p:titleStyle/a:lvl1pPr", _NS), "accent1", fett=True)
    for ebene in wurzel.iterfind("p:txStyles/p:bodyStyle/*", _NS):
        if (davor := ebene.find("a:spcBef", _NS)) is not None:
            davor.getparent().replace(davor, _teile('<a:spcBef><a:spcPts val="900"/></a:spcBef>')[0])
    _sprich_deutsch(wurzel)


def _titellayout(wurzel: Any, satz: Foliensatz) -> None:
    """Die erste Folie: Farbfeld, Band, Wortmarke; ohne Band und Fuß der übrigen."""
    wurzel.set("showMasterSp", "0")
    baum = wurzel.find(".//p:spTree", _NS)
    for form in baum.findall("p:sp", _NS):
        art = form.find("p:nvSpPr/p:nvPr/p:ph", _NS).get("type")
        if art in {"dt", "ftr", "sldNum"}:
            baum.remove(form)
            continue
        rahmen = form.find("p:txBody/a:bodyPr", _NS)
        stil = form.find("p:txBody/a:lstStyle", _NS)
        for kind in [*stil]:
            stil.remove(kind)
        auf = lesbar_auf(satz.farbe, satz.marke.farben["foreground"], satz.marke.farben["background"])
        farbe = auf if art == "ctrTitle" else satz.marke.farben["foreground"]
        stil.append(
            _teile(
                '<a:lvl1pPr marL="0" indent="0" algn="l"><a:buNone/><a:defRPr sz="1600"><a:solidFill>'
                f'<a:srgbClr val="{farbe.lstrip("#")}"/></a:solidFill></a:defRPr></a:lvl1pPr>'
            )[0]
        )
        rahmen.set("anchor", "b" if art == "ctrTitle" else "t")
        _rahme(form, f.RAND, *((14, f.WEIT, 74) if art == "ctrTitle" else (97, f.WEIT, 34)))
    flaechen = _flaeche("Feld", 0, 96, satz.farbe)
    if satz.vermerk:
        flaechen += _flaeche("Band", 96, 8, satz.marke.band)
    for nr, form in enumerate(_teile(flaechen)):
        baum.insert(2 + nr, form)
    _sprich_deutsch(wurzel)


def _stil(ebene: Any, farbe: str, *, fett: bool) -> None:
    ebene.set("algn", "l")
    vorgabe = ebene.find("a:defRPr", _NS)
    vorgabe.set("b", "1" if fett else "0")
    vorgabe.replace(vorgabe.find("a:solidFill", _NS), _fuellung(farbe))


def _fuellung(name: str) -> Any:
    return _teile(f'<a:solidFill><a:schemeClr val="{name}"/></a:solidFill>')[0]


def _lauf(text: str, farbe: str, *, fett: bool = False) -> str:
    """Kleiner Text in einer Farbe (``#rrggbb``)."""
    angaben = f'lang="de-DE" sz="{f.UNTERSCHRIFT * 100:.0f}"{" b=" + attribut("1") if fett else ""}'
    fuellung = f'<a:solidFill><a:srgbClr val="{farbe.lstrip("#")}"/></a:solidFill>'
    return f"<a:r><a:rPr {angaben}>{fuellung}</a:rPr><a:t>{_text(text)}</a:t></a:r>"


def _flaeche(name: str, y: float, hoehe: float, farbe: str, worte: str = "<a:endParaRPr/>") -> str:
    """Ein Rechteck über die ganze Breite, vielleicht mit einem :func:`_lauf` darin."""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="{90 + round(y)}" name="{name}"/><p:cNvSpPr/><p:nvPr userDrawn="1"/>'
        f"</p:nvSpPr><p:spPr>{_ort(0, y, f.BREITE, hoehe)}"
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:srgbClr val="{farbe.lstrip("#")}"/>'
        f'</a:solidFill><a:ln><a:noFill/></a:ln></p:spPr><p:txBody><a:bodyPr lIns="{round(f.RAND * _MM)}" '
        f'tIns="0" bIns="0" anchor="ctr"/><a:lstStyle/><a:p>{worte}</a:p></p:txBody></p:sp>'
    )


def _textfeld(name: str, ort: str, lauf: str, anker: str = "ctr") -> str:
    """Ein freies Textfeld ohne Ränder."""
    return (
        f'<p:sp><p:nvSpPr><p:cNvPr id="89" name="{name}"/><p:cNvSpPr txBox="1"/><p:nvPr userDrawn="1"/>'
        f'</p:nvSpPr><p:spPr>{ort}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></p:spPr>'
        f'<p:txBody><a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="{anker}"/>'
        f"<a:lstStyle/><a:p>{lauf}</a:p></p:txBody></p:sp>"
    )
