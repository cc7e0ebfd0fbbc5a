"""Der Baum als Datei: pandoc schreibt DOCX und ODT, danach kommt hinein, was pandoc nicht kann.

In DOCX liegt jede gebundene Zahl in einem gesperrten Inhaltssteuerelement (Titel und Tag nennen die Bindung);
wer den Satz löscht, löscht sie mit, ändern lässt sie sich nicht. Änderungen werden von Anfang an verfolgt.
Gleiche Eingabe, gleiche Bytes.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from berichtswerk.ausfuehrung.uebergabe import Textspur
from berichtswerk.bild.svg import als_png
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.marke.marke import Marke
from berichtswerk.satz import pandoc
from berichtswerk.satz.gelesen import Gelesen
from berichtswerk.schreiber.word import vorlage
from berichtswerk.schreiber.word.baum import WERT, Baum
from berichtswerk.schreiber.word.herkunft import Absatz, Gebunden, Zuordnung
from berichtswerk.schreiber.word.vorlage import ODF, W
from berichtswerk.worte.bindung import Textstueck

ARTEN = ("docx", "odt")
EIGENSCHAFT = "berichtswerk"
"""Die Eigenschaft der Datei, die ihren Bericht nennt (seinen Stamm)."""
_VERDECKT = f"{{{ODF['table']}}}covered-table-cell"
_GRENZE_S = 120
_BREITE_CM = 16.4
_KURZ = 20
"""Bis zu so vielen Zeilen bleibt eine Tabelle zusammen."""
_URHEBER = "{http://purl.org/dc/elements/1.1/}creator"
_WP = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"


class WordPandoc(Befundart):
    text = "Das Dokument ({art}) ließ sich nicht schreiben."
    ursache = "pandoc: {grund}"
    abhilfe = "Melden Sie den Fehler mit dieser Ausgabe der Stelle, die Berichtswerk bei Ihnen betreut."


@dataclass(frozen=True, slots=True)
class Geschrieben:
    """Ein Bericht als Baum: Blöcke, ihre Bilder, alle Absätze mit ihrer Herkunft, alle gebundenen Werte."""

    bloecke: list[dict[str, Any]]
    bilder: Mapping[str, bytes]
    absaetze: tuple[Absatz, ...]
    werte: tuple[Gebunden, ...]


def baue(gelesen: Gelesen, projekt: Projekt, *, mit_bildern: bool = True) -> Geschrieben:
    """Der Baum eines Berichts; ohne Bilder, wo nur die Absätze gebraucht werden."""
    m = gelesen.manuskript
    spuren = [*gelesen.uebergabe.spuren]
    texte = {s.datei: projekt.lies_text(projekt.wurzel / s.datei) for s in spuren if not s.quelltext}
    for datei in (d for d in m.eingebunden if d.endswith(".md")):
        text = texte[datei] = projekt.lies_text(projekt.wurzel / datei)
        spuren.append(Textspur(datei, (Textstueck(text, 0, len(text)),)))
    druck = {name: b.svg for name, b in gelesen.uebergabe.druckbilder.items()} if mit_bildern else {}
    baum = Baum(m, Zuordnung(spuren, texte), druck)
    bloecke = baum.schreibe()
    return Geschrieben(bloecke, baum.bilder, tuple(baum.absaetze), tuple(baum.werte))


def schreibe(gelesen: Gelesen, projekt: Projekt, arten: Sequence[str] = ARTEN) -> dict[str, bytes]:
    """Der Bericht in jeder dieser Arten (``docx``, ``odt``).

    Raises:
        BerichtswerkFehler: ``word-pandoc``, wenn pandoc abbricht.
    """
    kopf, marke = gelesen.manuskript.kopf, Marke.lade(projekt).fuer(gelesen.manuskript.kopf.bericht)
    fertig = baue(gelesen, projekt)
    bilder = {n: als_png(b.decode(), marke) if n.endswith(".svg") else b for n, b in fertig.bilder.items()}
    _setze_bilder(fertig.bloecke, fertig.bilder)
    angaben = {"title": kopf.titel, "subtitle": kopf.untertitel, "lang": "de-DE", EIGENSCHAFT: kopf.stamm}
    ergebnis = {}
    for art in arten:
        meta = {n: {"t": "MetaString", "c": a} for n, a in angaben.items() if a}
        baum = {"pandoc-api-version": [1, 23, 1], "meta": meta, "blocks": fertig.bloecke}
        roh = pandoc_schreibe(baum, bilder, art, vorlage.fuer(art, marke))
        fuss = " · ".join(x for x in (kopf.titel, marke.name, kopf.band) if x)
        nach = _nach_docx if art == "docx" else _nach_odt
        ergebnis[art] = nach(roh, fertig, marke, fuss, kopf.herausgeber)
    return ergebnis


def _setze_bilder(bloecke: Any, bilder: Mapping[str, bytes]) -> None:
    """Breite und Dateiname der Bilder: Zeichnungen werden zu PNG, nichts ist breiter als die Seite."""
    if isinstance(bloecke, list):
        for k in bloecke:
            _setze_bilder(k, bilder)
    elif isinstance(bloecke, dict):
        if bloecke["t"] == "Image" and (name := bloecke["c"][2][0]) in bilder:
            fund = re.search(rb'<svg[^>]*\bwidth="([\d.]+)', bilder[name])
            breite = min(_BREITE_CM, float(fund[1]) * 2.54 / 96) if fund else _BREITE_CM * 0.7
            bloecke["c"][0] = ["", [], [["width", f"{breite:.2f}cm"]]]
            bloecke["c"][2] = [re.sub(r"svg$", "png", name), ""]
        _setze_bilder(bloecke.get("c"), bilder)


def pandoc_schreibe(
    baum: Mapping[str, Any], bilder: Mapping[str, bytes], art: str, gestalt: bytes, *weiteres: str
) -> bytes:
    """Was pandoc aus einem Baum macht; ``gestalt`` ist seine Vorlage, ``bilder`` heißen darin PNG.

    Raises:
        BerichtswerkFehler: ``word-pandoc``, wenn pandoc abbricht.
    """
    umgebung = {**os.environ, "SOURCE_DATE_EPOCH": "315532800"}  # 1980: keine Uhrzeit in der Datei
    with tempfile.TemporaryDirectory() as ordner:
        ort = Path(ordner)
        (ort / "vorlage").write_bytes(gestalt)
        for bild, inhalt in bilder.items():
            (ort / re.sub(r"svg$", "png", bild)).write_bytes(inhalt)
        wie = ["-f", "json", "-t", art, "--reference-doc", "vorlage", "-o", "aus", *weiteres]
        befehl = [pandoc.programm(), *wie]
        lauf = subprocess.run(
            befehl, input=json.dumps(baum).encode(), cwd=ort, env=umgebung, capture_output=True, check=False,
            timeout=_GRENZE_S,
        )  # fmt: skip
        if lauf.returncode:
            grund = lauf.stderr.decode(errors="replace").strip().split("\n")[0]
            raise BerichtswerkFehler(WordPandoc.melde(art=art, grund=grund))
        return (ort / "aus").read_bytes()


# --- Was pandoc nicht kann -------------------------------------------------------------------------------


def _nach_docx(roh: bytes, fertig: Geschrieben, marke: Marke, fuss: str, wer: str) -> bytes:
    def rumpf(wurzel: Any) -> None:
        _sperre_werte(wurzel, fertig.werte)
        for tafel in wurzel.iter(f"{{{W}}}tbl"):
            _fasse_tafel(tafel)
        for nr, bild in enumerate(wurzel.iter(f"{{{_WP}}}docPr"), 1):
            bild.set("name", f"Bild {nr}")
        for lauf in wurzel.xpath(f"//w:p[w:pPr/w:pStyle[{_VERZEICHNIS}]]//w:rPr", namespaces={"w": W}):
            lauf.getparent().remove(lauf)  # im Verzeichnis ist alles Verweis

    def fusszeile(wurzel: Any) -> None:
        next(wurzel.iter(f"{{{W}}}t")).text = fuss

    def angaben(wurzel: Any) -> None:
        wurzel.find(_URHEBER).text = wer

    teile = {
        "docProps/core.xml": angaben,
        "word/document.xml": rumpf,
        "word/footnotes.xml": rumpf,
        "word/footer1.xml": fusszeile,
    }
    return vorlage.geaendert(roh, teile | vorlage.schrift_docx(marke))


_VERZEICHNIS = "@w:val = 'Inhaltszeile' or @w:val = 'Inhaltsunterzeile'"


def _fasse_tafel(tafel: Any) -> None:
    """Zeilenkopf, Name der Tabelle; keine Zeile bricht, eine kurze Tabelle steht auf einer Seite."""
    angaben = tafel.find(f"{{{W}}}tblPr")
    aussehen = angaben.find(f"{{{W}}}tblLook")
    aussehen.set(f"{{{W}}}firstColumn", "1")
    aussehen.set(f"{{{W}}}val", "00A0")
    titel = tafel.getprevious()
    stil = titel.find(f"{{{W}}}pPr/{{{W}}}pStyle") if titel is not None else None
    if stil is not None and stil.get(f"{{{W}}}val") == "Tabellentitel":
        worte = "".join(x.text or "" for x in titel.iter(f"{{{W}}}t"))
        etree.SubElement(angaben, f"{{{W}}}tblCaption", {f"{{{W}}}val": worte})
    reihen = tafel.findall(f"{{{W}}}tr")
    for nr, reihe in enumerate(reihen):
        eigenes = reihe.find(f"{{{W}}}trPr")
        if eigenes is None:
            eigenes = etree.Element(f"{{{W}}}trPr")
            reihe.insert(0, eigenes)
        eigenes.insert(0, etree.Element(f"{{{W}}}cantSplit"))
        if len(reihen) <= _KURZ and nr < len(reihen) - 1:
            for gestalt in reihe.iterfind(f".//{{{W}}}pPr"):
                hinter = gestalt.find(f"{{{W}}}pStyle") is not None
                gestalt.insert(int(hinter), etree.Element(f"{{{W}}}keepNext"))


def _sperre_werte(wurzel: Any, werte: Sequence[Gebunden]) -> None:
    """Aus der Textmarke um eine gebundene Zahl wird ein gesperrtes Inhaltssteuerelement."""
    for marke in [*wurzel.iter(f"{{{W}}}bookmarkStart")]:
        name = marke.get(f"{{{W}}}name")
        if not name.startswith(WERT):
            continue
        nummer, kennung = int(name.removeprefix(WERT)), marke.get(f"{{{W}}}id")
        innen = []
        ende = marke.getnext()
        while not (ende.tag == f"{{{W}}}bookmarkEnd" and ende.get(f"{{{W}}}id") == kennung):
            innen.append(ende)
            ende = ende.getnext()
        ausdruck = werte[nummer - 1].stueck.ausdruck
        huelle = etree.Element(f"{{{W}}}sdt")
        angaben = etree.SubElement(huelle, f"{{{W}}}sdtPr")
        for feld, wert in (
            ("alias", ausdruck[:64]), ("tag", ausdruck[:64]), ("id", str(nummer)), ("lock", "contentLocked"),
        ):  # fmt: skip
            etree.SubElement(angaben, f"{{{W}}}{feld}", {f"{{{W}}}val": wert})
        etree.SubElement(huelle, f"{{{W}}}sdtContent").extend(innen)
        marke.addprevious(huelle)
        ende.getparent().remove(ende)
        marke.getparent().remove(marke)


def _nach_odt(roh: bytes, fertig: Geschrieben, marke: Marke, fuss: str, wer: str) -> bytes:
    alternativ = [_klartext(k["c"][1]) for k in _bilder_in(fertig.bloecke)]

    def rumpf(wurzel: Any) -> None:
        verfolgt = etree.Element(f"{{{ODF['text']}}}tracked-changes")
        wurzel.find("office:body/office:text", ODF).insert(0, verfolgt)
        for tafel in wurzel.iter(f"{{{ODF['table']}}}table"):
            _verdecke_faecher(tafel)
        kopfzeilen = "not(ancestor::table:table-header-rows)"
        for p in wurzel.xpath(f"//text:p[@text:style-name='Table_20_Heading'][{kopfzeilen}]", namespaces=ODF):
            p.set(f"{{{ODF['text']}}}style-name", "Table_20_Contents")  # der Zeilenkopf ist nicht fett
        _gestalte(wurzel, marke)
        for nr, (rahmen, alt) in enumerate(
            zip(wurzel.iter(f"{{{ODF['draw']}}}frame"), alternativ, strict=True), 1
        ):
            rahmen.set(f"{{{ODF['draw']}}}name", f"Bild {nr}")
            for name in ("title", "desc"):
                for alt_ in rahmen.findall(f"svg:{name}", ODF):
                    rahmen.remove(alt_)
            etree.SubElement(rahmen, f"{{{ODF['svg']}}}desc").text = alt

    def angaben(wurzel: Any) -> None:
        urheber = wurzel.find(f".//{_URHEBER}")
        if urheber is None:
            urheber = etree.SubElement(wurzel.find("office:meta", ODF), _URHEBER)
        urheber.text = wer

    teile = {"content.xml": rumpf, "meta.xml": angaben}
    return vorlage.geaendert(roh, teile | vorlage.schrift_odt(marke, fuss))


def _gestalte(wurzel: Any, marke: Marke) -> None:
    """Was pandoc in ODT fest vorgibt: Linien und Lage der Tabellen, das Aussehen der Verweise."""
    kurz = {
        tafel.get(f"{{{ODF['table']}}}style-name")
        for tafel in wurzel.iter(f"{{{ODF['table']}}}table")
        if len([*tafel.iter(f"{{{ODF['table']}}}table-row")]) <= _KURZ
    }
    linien = {
        "TableRowCell": ("0.5pt", marke.diagramm.gitter),
        "TableHeaderRowCell": ("1pt", marke.farben["primary"]),
    }
    for stil in wurzel.iterfind(".//style:style", ODF):
        name = stil.get(f"{{{ODF['style']}}}name")
        if name in linien:
            stark, farbe = linien[name]
            stil[0].set(f"{{{ODF['fo']}}}border-bottom", f"{stark} solid {farbe}")
        elif stil.get(f"{{{ODF['style']}}}family") == "table":
            stil[0].set(f"{{{ODF['table']}}}align", "left")
            if name in kurz:
                stil[0].set(f"{{{ODF['style']}}}may-break-between-rows", "false")
    for verweis in wurzel.iter(f"{{{ODF['text']}}}a"):
        for name in ("style-name", "visited-style-name"):
            verweis.set(f"{{{ODF['text']}}}{name}", "Internet_20_link")


def _verdecke_faecher(tafel: Any) -> None:
    """Hinter verbundenen Fächern steht in ODF je verdecktem ein eigenes; pandoc lässt sie weg."""
    verdeckt: dict[int, int] = {}  # Spalte → Zeilen, die dort noch verdeckt sind
    for reihe in tafel.iter(f"{{{ODF['table']}}}table-row"):
        spalte = 0
        for fach in [*reihe]:
            while verdeckt.get(spalte, 0):
                fach.addprevious(etree.Element(_VERDECKT))
                verdeckt[spalte] -= 1
                spalte += 1
            breit = int(fach.get(f"{{{ODF['table']}}}number-columns-spanned", "1"))
            hoch = int(fach.get(f"{{{ODF['table']}}}number-rows-spanned", "1"))
            for nr in range(breit):
                verdeckt[spalte + nr] = hoch - 1
                if nr:
                    fach.addnext(etree.Element(_VERDECKT))
            spalte += breit
        while verdeckt.get(spalte, 0):
            reihe.append(etree.Element(_VERDECKT))
            verdeckt[spalte] -= 1
            spalte += 1


def _bilder_in(knoten: Any) -> list[dict[str, Any]]:
    if isinstance(knoten, list):
        return [b for k in knoten for b in _bilder_in(k)]
    if not isinstance(knoten, dict):
        return []
    return [knoten] if knoten["t"] == "Image" else _bilder_in(knoten.get("c"))


def _klartext(worte: Sequence[dict[str, Any]]) -> str:
    return "".join(k.get("c", " ") for k in worte)
