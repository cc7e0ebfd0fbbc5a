"""Die Vorlagen (``reference-doc``) für DOCX und ODT: die von pandoc, mit Schrift und Farben der Marke.

Jede Absatz- und Zeichenvorlage ist ein :class:`Stil`; beide Formate bekommen sie aus derselben Liste.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from lxml import etree

from berichtswerk.grund.fremdes import attribut
from berichtswerk.marke.marke import Marke
from berichtswerk.satz import pandoc
from berichtswerk.tabelle.ods import lege_ein

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_ODF = "urn:oasis:names:tc:opendocument:xmlns:"
ODF = {
    "office": f"{_ODF}office:1.0", "style": f"{_ODF}style:1.0", "text": f"{_ODF}text:1.0",
    "table": f"{_ODF}table:1.0", "draw": f"{_ODF}drawing:1.0", "fo": f"{_ODF}xsl-fo-compatible:1.0",
    "svg": f"{_ODF}svg-compatible:1.0", "xlink": "http://www.w3.org/1999/xlink",
    "loext": "urn:org:documentfoundation:names:experimental:office:xmlns:loext:1.0",
}  # fmt: skip
_RAEUME = " ".join(f'xmlns:{k}="{v}"' for k, v in ODF.items())


@dataclass(frozen=True, slots=True)
class Stil:
    """Eine Vorlage. Grade in Punkt, Abstände in Punkt, Farben ohne Raute; ``ueber``: wovon sie erbt."""

    name: str
    ueber: str = "Textkörper"
    grad: float = 0
    farbe: str = ""
    fett: bool = False
    vor: float = 0
    nach: float = 6
    zusammen: bool = False
    grund: str = ""
    linie: str = ""
    """Farbe einer Linie am linken Rand."""
    ebene: int = 0
    einzug: float = 0
    zeichen: bool = False


_NAMEN = {
    "Grundlage": ("Normal", "Standard"), "Textkörper": ("BodyText", "Text_20_body"),
    "Erster": ("FirstParagraph", "First_20_paragraph"), "Eng": ("Compact", "Table_20_Contents"),
    "Spaltenkopf": ("", "Table_20_Heading"), "Titel": ("Title", "Title"),
    "Untertitel": ("Subtitle", "Subtitle"),
    "Fußnote": ("FootnoteText", "Footnote"), "Link": ("Hyperlink", "Internet_20_link"),
    **{f"Überschrift {n}": (f"Heading{n}", f"Heading_20_{n}") for n in range(1, 7)},
}  # fmt: skip
_WORD_NAMEN = {
    "Normal": "Normal", "BodyText": "Body Text", "FirstParagraph": "First Paragraph", "Title": "Title",
    "Subtitle": "Subtitle", "FootnoteText": "footnote text",
    **{f"Heading{n}": f"heading {n}" for n in range(1, 7)},
}  # fmt: skip


def stile(marke: Marke) -> tuple[Stil, ...]:
    """Alle Vorlagen in den Farben der Marke."""

    def farbe(name: str) -> str:
        return marke.farben[name].lstrip("#")

    text, leise, leit = farbe("foreground"), farbe("secondary"), farbe("primary")
    hauch, band = farbe("light"), marke.band.lstrip("#")
    koepfe = ((20, 24, 8), (15, 18, 6), (12.5, 14, 4), (11, 12, 3), (10.5, 10, 3), (10.5, 8, 2))
    return (
        Stil("Grundlage", "", 10.5, text, nach=0),
        Stil("Textkörper", "Grundlage", nach=7),
        Stil("Erster"),
        Stil("Eng", "Grundlage", 9.5, vor=1.5, nach=1.5),
        Stil("Spaltenkopf", "Eng", fett=True, vor=1.5, nach=1.5),
        Stil("Titel", "Grundlage", 30, leit, fett=True, vor=60, nach=4),
        Stil("Untertitel", "Grundlage", 15, leise, nach=18),
        Stil("Fußnote", "Grundlage", 8.5, nach=2),
        *(
            Stil(
                f"Überschrift {n}", "Grundlage", grad, leit if n < 3 else text, True, vor, nach, True, ebene=n
            )
            for n, (grad, vor, nach) in enumerate(koepfe, 1)
        ),
        Stil("Verzeichnistitel", "Grundlage", 14, leit, fett=True, vor=24, nach=6, zusammen=True),
        Stil("Inhaltszeile", "Grundlage", 10.5, leit, vor=3, nach=0),
        Stil("Inhaltsunterzeile", "Grundlage", 10, text, nach=0, einzug=18),
        Stil("Band", "Grundlage", 9.5, text, fett=True, nach=6, grund=band),
        Stil("Angabe", "Grundlage", 10, leise, nach=3),
        Stil("Kernbotschaft", "Grundlage", 14, leit, fett=True, nach=8, zusammen=True, linie=leit),
        Stil("Eckzahl", "Grundlage", 11, leit, nach=4, zusammen=True, linie=leit),
        Stil("Befund", "Grundlage", 11.5, text, fett=True, vor=12, nach=4, zusammen=True),
        Stil("Befundtext", "Grundlage", 10.5, nach=4),
        Stil("Bild", "Grundlage", nach=2, zusammen=True),
        Stil("Bildunterschrift", "Grundlage", 9.5, text, nach=3),
        Stil("Tabellentitel", "Grundlage", 9.5, text, fett=True, vor=10, nach=3, zusammen=True),
        Stil("Quelle", "Grundlage", 8.5, leise, vor=2, nach=6),
        Stil("Randnotiz", "Grundlage", 9.5, text, nach=4, linie=farbe("tertiary")),
        Stil("Kasten", "Grundlage", 10.5, text, nach=3, grund=hauch),
        Stil("Gebunden", "", grund=hauch, zeichen=True),
        Stil("Link", "", farbe=leit, zeichen=True),
    )


def fuer(endung: str, marke: Marke) -> bytes:
    """Die Vorlage für ``docx`` oder ``odt``; dieselbe Marke, dieselben Bytes."""
    return _docx(marke) if endung == "docx" else _odt(marke)


@lru_cache(maxsize=3)
def von_pandoc(name: str) -> bytes:
    """Die Vorlage, die pandoc mitbringt (``reference.docx``)."""
    befehl = [pandoc.programm(), "--print-default-data-file", name]
    return subprocess.run(befehl, capture_output=True, check=True, timeout=30).stdout


def geaendert(roh: bytes, neu: dict[str, Any]) -> bytes:
    """Das Paket mit diesen Teilen; Funktionen ändern den gelesenen Baum, Bytes sind neue Dateien."""
    puffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(roh)) as alt, zipfile.ZipFile(puffer, "w") as paket:
        namen = alt.namelist()
        for name in [*namen, *(n for n in neu if n not in namen)]:
            inhalt = neu[name] if isinstance(neu.get(name), bytes) else alt.read(name)
            if callable(aendere := neu.get(name)):
                wurzel = etree.fromstring(inhalt)
                aendere(wurzel)
                inhalt = etree.tostring(wurzel, xml_declaration=True, encoding="UTF-8", standalone=True)
            art = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            lege_ein(paket, name, inhalt, art)
    return puffer.getvalue()


# --- Word ------------------------------------------------------------------------------------------------


def _docx(marke: Marke) -> bytes:
    def styles(wurzel: Any) -> None:
        grundlage = wurzel.find(f"{{{W}}}docDefaults/{{{W}}}rPrDefault/{{{W}}}rPr")
        for kind in [*grundlage]:
            grundlage.remove(kind)
        grundlage.extend(
            _teile(_schrift(marke) + '<w:sz w:val="21"/><w:szCs w:val="21"/><w:lang w:val="de-DE"/>')
        )
        for stil in stile(marke):
            kennung = _NAMEN.get(stil.name, (stil.name, ""))[0]
            for alt in wurzel.xpath(f'w:style[@w:styleId="{kennung}"]', namespaces={"w": W}):
                wurzel.remove(alt)
            wurzel.extend(_teile(_word_stil(stil, kennung, marke)) if kennung else ())
        for alt in wurzel.xpath('w:style[@w:styleId="Table"]', namespaces={"w": W}):
            wurzel.remove(alt)
        wurzel.extend(_teile(_word_tabelle(marke)))

    def dokument(wurzel: Any) -> None:
        abschnitt = wurzel.find(f"{{{W}}}body/{{{W}}}sectPr")
        for kind in [*abschnitt]:
            abschnitt.remove(kind)
        abschnitt.extend(
            _teile(
                '<w:footerReference w:type="default" r:id="rIdFuss"/><w:pgSz w:w="11906" w:h="16838"/>'
                '<w:pgMar w:top="1304" w:right="1247" w:bottom="1247" w:left="1247" w:header="624" '
                'w:footer="567" w:gutter="0"/>'
            )
        )

    def beziehungen(wurzel: Any) -> None:
        etree.SubElement(
            wurzel,
            f"{{{wurzel.nsmap[None]}}}Relationship",
            Id="rIdFuss",
            Target="footer1.xml",
            Type=f"{_R}/footer",
        )

    def arten(wurzel: Any) -> None:
        art = "application/vnd.openxmlformats-officedocument.wordprocessingml.footer+xml"
        etree.SubElement(
            wurzel, f"{{{wurzel.nsmap[None]}}}Override", PartName="/word/footer1.xml", ContentType=art
        )

    def einstellungen(wurzel: Any) -> None:
        wurzel.find(f"{{{W}}}themeFontLang").set(f"{{{W}}}val", "de-DE")
        wurzel.find(f"{{{W}}}doNotTrackMoves").addprevious(_teile("<w:trackRevisions/>")[0])
        wurzel.find(f"{{{W}}}embedSystemFonts").addprevious(etree.Element(f"{{{W}}}embedTrueTypeFonts"))
        wurzel.find(f"{{{W}}}embedSystemFonts").addnext(etree.Element(f"{{{W}}}saveSubsetFonts"))
        wurzel.find(f"{{{W}}}defaultTabStop").addnext(etree.Element(f"{{{W}}}autoHyphenation"))
        wurzel.find(f"{{{W}}}decimalSymbol").set(f"{{{W}}}val", ",")
        wurzel.find(f"{{{W}}}listSeparator").set(f"{{{W}}}val", ";")

    return geaendert(
        von_pandoc("reference.docx"),
        {
            "word/styles.xml": styles,
            "word/document.xml": dokument,
            "word/settings.xml": einstellungen,
            "word/_rels/document.xml.rels": beziehungen,
            "[Content_Types].xml": arten,
            "word/footer1.xml": _fuss(marke).encode(),
        },
    )


def _teile(xml: str) -> list[Any]:
    return list(etree.fromstring(f'<x xmlns:w="{W}" xmlns:r="{_R}">{xml}</x>'))


def _schrift(marke: Marke) -> str:
    name = attribut(marke.schrift)
    return f"<w:rFonts w:ascii={name} w:hAnsi={name} w:cs={name} w:eastAsia={name}/>"


def _word_stil(s: Stil, kennung: str, marke: Marke) -> str:
    """Die Vorlage als ``w:style``; die Reihenfolge der Angaben schreibt das Format vor."""
    grund = f'<w:shd w:val="clear" w:color="auto" w:fill="{s.grund}"/>' if s.grund else ""
    worte = (
        ("<w:b/>" if s.fett else '<w:b w:val="0"/>' if s.ebene else "")
        + (f'<w:color w:val="{s.farbe}"/>' if s.farbe else "")
        + (f'<w:sz w:val="{s.grad * 2:.0f}"/><w:szCs w:val="{s.grad * 2:.0f}"/>' if s.grad else "")
    )
    eigen = "" if kennung in _WORD_NAMEN or kennung in {"Compact", "Hyperlink"} else ' w:customStyle="1"'
    name = _WORD_NAMEN.get(kennung, kennung)
    if s.zeichen:
        unterstrichen = '<w:u w:val="single"/>' if kennung == "Hyperlink" else ""
        return (
            f'<w:style w:type="character"{eigen} w:styleId="{kennung}"><w:name w:val="{name}"/><w:qFormat/>'
            f"<w:rPr>{worte}{unterstrichen}{grund}</w:rPr></w:style>"
        )
    linie = (
        f'<w:pBdr><w:left w:val="single" w:sz="24" w:space="8" w:color="{s.linie}"/></w:pBdr>'
        if s.linie
        else ""
    )
    ueber = _NAMEN.get(s.ueber, (s.ueber, ""))[0]
    absatz = (
        ("<w:keepNext/><w:keepLines/>" if s.zusammen else "") + linie + grund
        + ("<w:suppressAutoHyphens/>" if s.zusammen or s.name == "Titel" else "")
        + f'<w:spacing w:before="{s.vor * 20:.0f}" w:after="{s.nach * 20:.0f}" '
        f'w:line="{250 if s.ebene else 276}" w:lineRule="auto"/>'
        + (f'<w:ind w:left="{s.einzug * 20 or 227:.0f}"/>' if s.linie or s.einzug else "")
        + (f'<w:outlineLvl w:val="{s.ebene - 1}"/>' if s.ebene else "")
    )  # fmt: skip
    vorgabe = ' w:default="1"' if kennung == "Normal" else ""
    return (
        f'<w:style w:type="paragraph"{vorgabe}{eigen} w:styleId="{kennung}"><w:name w:val="{name}"/>'
        + (f'<w:basedOn w:val="{ueber}"/>' if ueber else "")
        + ('<w:next w:val="BodyText"/>' if s.ebene else "")
        + f"<w:qFormat/><w:pPr>{absatz}</w:pPr><w:rPr>{'' if ueber else _schrift(marke)}{worte}</w:rPr>"
        "</w:style>"
    )


def _word_tabelle(marke: Marke) -> str:
    """Tabellen: Linien zwischen den Zeilen, der Kopf fett mit Strich darunter."""
    farbe, stark = marke.diagramm.gitter.lstrip("#"), marke.farben["primary"].lstrip("#")
    return (
        '<w:style w:type="table" w:customStyle="1" w:styleId="Table"><w:name w:val="Table"/><w:qFormat/>'
        f'<w:tblPr><w:tblBorders><w:bottom w:val="single" w:sz="6" w:color="{stark}"/>'
        f'<w:insideH w:val="single" w:sz="4" w:color="{farbe}"/></w:tblBorders>'
        '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
        '</w:tblPr><w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
        f'<w:bottom w:val="single" w:sz="8" w:color="{stark}"/></w:tcBorders><w:vAlign w:val="bottom"/>'
        "</w:tcPr></w:tblStylePr></w:style>"
    )


def _fuss(marke: Marke) -> str:
    """Die Fußzeile: wer herausgibt, und die Seitenzahl."""
    name = attribut(marke.name)[1:-1]
    return (
        f'<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:pStyle w:val="Quelle"/><w:tabs>'
        f'<w:tab w:val="right" w:pos="9412"/></w:tabs></w:pPr><w:r><w:t>{name}</w:t></w:r>'
        '<w:r><w:tab/></w:r><w:r><w:t xml:space="preserve">Seite </w:t></w:r>'
        '<w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple></w:p></w:ftr>'
    )


# --- Die Schrift geht mit --------------------------------------------------------------------------------


def _schnitte(marke: Marke) -> Iterator[tuple[str, bool, bool, bytes]]:
    """Name, fett, kursiv und Inhalt (TrueType) der vier Schnitte."""
    from fontTools.ttLib import TTFont

    for name, staerke, kursiv in (("Regular", 400, False), ("Bold", 600, False), ("Italic", 400, True),
                                  ("BoldItalic", 600, True)):  # fmt: skip
        fett = staerke > 400
        pfad = marke.schnitt(staerke, "italic" if kursiv else "normal").pfad
        knapp = pfad.with_suffix(".woff2")  # nur die Zeichen, die ein deutscher Text braucht
        schrift: Any = TTFont(knapp if knapp.is_file() else pfad, recalcTimestamp=False)
        schrift.flavor = None
        namen = {1: marke.schrift, 2: name.replace("BoldI", "Bold I"), 4: f"{marke.schrift} {name}"}
        for nummer, text in namen.items():
            schrift["name"].setName(text, nummer, 3, 1, 0x409)
        for nummer in (16, 17):
            schrift["name"].removeNames(nummer)
        schrift["head"].macStyle = fett | kursiv << 1
        schrift["OS/2"].fsSelection = fett << 5 | kursiv | (not fett and not kursiv) << 6
        schrift["OS/2"].usWeightClass = 700 if fett else 400
        puffer = io.BytesIO()
        schrift.save(puffer)
        yield name, fett, kursiv, puffer.getvalue()


def schrift_docx(marke: Marke) -> dict[str, Any]:
    """Die Hausschrift im Dokument: auf keinem Rechner ersetzt Word sie durch eine andere."""
    teile: dict[str, Any] = {}
    eintrag, ziele = "", ""
    for nr, (name, _, _, roh) in enumerate(_schnitte(marke), 1):
        schluessel = hashlib.md5(roh, usedforsecurity=False).digest()
        maske = schluessel[::-1] * 2
        teile[f"word/fonts/font{nr}.odttf"] = (
            bytes(a ^ b for a, b in zip(roh, maske, strict=False)) + roh[32:]
        )
        guid = str(uuid.UUID(bytes=schluessel)).upper()
        eintrag += f'<w:embed{name} r:id="rId{nr}" w:fontKey="{{{guid}}}"/>'
        ziele += f'<Relationship Id="rId{nr}" Type="{_R}/font" Target="fonts/font{nr}.odttf"/>'
    raum = "http://schemas.openxmlformats.org/package/2006/relationships"
    verweise = f'<Relationships xmlns="{raum}">{ziele}</Relationships>'
    teile["word/_rels/fontTable.xml.rels"] = verweise.encode()

    def tabelle(wurzel: Any) -> None:
        wurzel.extend(
            _teile(
                f'<w:font w:name={attribut(marke.schrift)}><w:altName w:val="Calibri"/>'
                '<w:charset w:val="00"/><w:family w:val="swiss"/><w:pitch w:val="variable"/>'
                f"{eintrag}</w:font>"
            )
        )

    def arten(wurzel: Any) -> None:
        art = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
        vorgabe = etree.Element(f"{{{wurzel.nsmap[None]}}}Default", Extension="odttf", ContentType=art)
        wurzel.insert(0, vorgabe)

    return teile | {"word/fontTable.xml": tabelle, "[Content_Types].xml": arten}


def schrift_odt(marke: Marke, fuss: str) -> dict[str, Any]:
    """Die Hausschrift im Dokument, und was unten auf jeder Seite steht."""
    teile: dict[str, Any] = {}
    quellen, eintraege = "", []
    for name, fett, kursiv, roh in _schnitte(marke):
        ort = f"Fonts/{name}.ttf"
        teile[ort] = roh
        eintraege.append(ort)
        quellen += (
            f'<svg:font-face-uri xlink:href="{ort}" xlink:type="simple" loext:font-style='
            f'"{"italic" if kursiv else "normal"}" loext:font-weight="{"bold" if fett else "normal"}">'
            '<svg:font-face-format svg:string="truetype"/></svg:font-face-uri>'
        )
    name = attribut(marke.schrift)
    gesicht = (
        f"<style:font-face style:name={name} svg:font-family={attribut(chr(39) + marke.schrift + chr(39))}>"
        f"<svg:font-face-src>{quellen}</svg:font-face-src></style:font-face>"
    )

    def stile_(wurzel: Any) -> None:
        wurzel.find("office:font-face-decls", ODF).extend(_odf(gesicht))
        absatz = wurzel.find(".//style:footer/text:p", ODF)
        absatz.text = f"{fuss} · Seite "
        absatz.set(f"{{{ODF['text']}}}style-name", "Quelle")

    def verzeichnis(wurzel: Any) -> None:
        raum = wurzel.tag[1:].split("}")[0]
        for ort in eintraege:
            angaben = {f"{{{raum}}}full-path": ort, f"{{{raum}}}media-type": "application/x-font-ttf"}
            etree.SubElement(wurzel, f"{{{raum}}}file-entry", angaben)

    return teile | {"styles.xml": stile_, "META-INF/manifest.xml": verzeichnis}


# --- LibreOffice -----------------------------------------------------------------------------------------


def _odt(marke: Marke) -> bytes:
    def styles(wurzel: Any) -> None:
        for vorgabe in wurzel.iterfind(".//style:default-style/style:text-properties", ODF):
            vorgabe.set(f"{{{ODF['fo']}}}language", "de")
            vorgabe.set(f"{{{ODF['fo']}}}country", "DE")
        liste = wurzel.find("office:styles", ODF)
        for stil in stile(marke):
            name = _NAMEN.get(stil.name, ("", stil.name))[1]
            for alt in liste.xpath(f'style:style[@style:name="{name}"]', namespaces=ODF):
                liste.remove(alt)
            liste.extend(_odf(_odt_stil(stil, name, marke)))
        blatt = wurzel.find(".//style:page-layout-properties", ODF)
        masse = {
            "page-width": "21cm",
            "page-height": "29.7cm",
            "margin-left": "2.2cm",
            "margin-right": "2.2cm",
        }
        for feld, wert in (masse | {"margin-top": "2.3cm", "margin-bottom": "2cm"}).items():
            blatt.set(f"{{{ODF['fo']}}}{feld}", wert)

    return geaendert(von_pandoc("reference.odt"), {"styles.xml": styles})


def _odf(xml: str) -> list[Any]:
    return list(etree.fromstring(f"<x {_RAEUME}>{xml}</x>"))


def _odt_stil(s: Stil, name: str, marke: Marke) -> str:
    name_, schrift = attribut(marke.schrift), attribut(f"'{marke.schrift}', Arial, sans-serif")
    worte = (
        (f"style:font-name={name_} fo:font-family={schrift} " if s.name == "Grundlage" else "")
        + (f'fo:font-weight="{"bold" if s.fett else "normal"}" ' if s.fett or s.ebene else "")
        + (f'fo:color="#{s.farbe}" ' if s.farbe else "")
        + (f'fo:font-size="{s.grad}pt" ' if s.grad else "")
    )
    grund = f'fo:background-color="#{s.grund}" ' if s.grund else ""
    if s.zeichen:
        unterstrichen = 'style:text-underline-style="solid" ' if s.name == "Link" else ""
        return (
            f'<style:style style:name="{name}" style:family="text"><style:text-properties {worte}{grund}'
            f"{unterstrichen}/>"
            "</style:style>"
        )
    ueber = _NAMEN.get(s.ueber, ("", s.ueber))[1]
    absatz = (
        f'fo:margin-top="{s.vor}pt" fo:margin-bottom="{s.nach}pt" fo:line-height="115%" '
        + ('fo:keep-with-next="always" ' if s.zusammen else "") + grund
        + ('fo:padding="0.1cm" ' if s.grund else "")
        + (f'fo:margin-left="{s.einzug}pt" ' if s.einzug else "")
        + (f'fo:border-left="2.5pt solid #{s.linie}" fo:padding-left="0.25cm" ' if s.linie else "")
    )  # fmt: skip
    return (
        f'<style:style style:name="{name}" style:display-name="{name.replace("_20_", " ")}" '
        'style:family="paragraph" '
        + (f'style:parent-style-name="{ueber}" ' if ueber else "")
        + ('style:class="text" ' if s.ebene else "")
        + (
            f'style:default-outline-level="{s.ebene}" style:next-style-name="Text_20_body" '
            if s.ebene
            else ""
        )
        + f"><style:paragraph-properties {absatz}/><style:text-properties {worte}/></style:style>"
    )
