"""Tabellen als OpenDocument (ODS), das jedes Tabellenprogramm öffnet: Zahlen als Zahlen, Quellen daneben.

Gleiche Eingabe, gleiche Bytes; Makros gibt es nicht, Formeln nur in Regeln zum Ausfüllen.
Nach OpenDocument 1.3, Teil 2 und 3.
Dieselben Blätter schreibt ``tabelle.xlsx`` für Excel.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from berichtswerk.gegenstand.gegenstaende import Beleg, Tabellenmodell
from berichtswerk.grund.fremdes import attribut
from berichtswerk.tabelle.tabelle import BEISPIELSATZ, Zahlfach, flach

ART = "application/vnd.oasis.opendocument.spreadsheet"
_NS = "urn:oasis:names:tc:opendocument:xmlns:"
_RAEUME = " ".join(
    f'xmlns:{kurz}="{_NS}{lang}:1.0"'
    for kurz, lang in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"),
        ("number", "datastyle"), ("fo", "xsl-fo-compatible"), ("meta", "meta"),
    )
) + ' xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xlink="http://www.w3.org/1999/xlink"'  # fmt: skip
_ZELLSTILE = (
    '<style:style style:name="kopf" style:family="table-cell">'
    '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="bottom" '
    'fo:border-bottom="0.06pt solid #000000"/><style:text-properties fo:font-weight="bold"/></style:style>'
    '<style:style style:name="titel" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold" fo:font-size="14pt"/></style:style>'
    '<style:style style:name="text" style:family="table-cell">'
    '<style:table-cell-properties fo:wrap-option="wrap" style:vertical-align="top"/></style:style>'
    '<style:style style:name="blatt" style:family="table" style:master-page-name="quer"/>'
)
_STILE = (
    '<office:styles><style:default-style style:family="table-cell"><style:text-properties '
    'fo:language="de" fo:country="DE"/></style:default-style></office:styles>'
    '<office:automatic-styles><style:page-layout style:name="quer"><style:page-layout-properties '
    'fo:page-width="29.7cm" fo:page-height="21cm" style:print-orientation="landscape" '
    'style:scale-to-X="1" style:scale-to-Y="0"/></style:page-layout></office:automatic-styles>'
    '<office:master-styles><style:master-page style:name="quer" style:page-layout-name="quer"/>'
    "</office:master-styles>"
)
"""Sprache, und gedruckt passt ein Blatt in der Breite auf eine Seite."""
_DATEIEN = ("content.xml", "styles.xml", "meta.xml")
_MANIFEST = (
    f'<manifest:manifest xmlns:manifest="{_NS}manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ART}"/>'
    + "".join(
        f'<manifest:file-entry manifest:full-path="{name}" manifest:media-type="text/xml"/>'
        for name in _DATEIEN
    )
    + "</manifest:manifest>"
)
SCHMALSTE, BREITESTE = 8, 60
"""So viele Zeichen breit ist eine Spalte mindestens und höchstens; längerer Text bricht um."""


@dataclass(frozen=True, slots=True)
class Sprung:
    """Ein Fach, das zu einem anderen Blatt führt."""

    text: str
    blatt: str


Fach = str | Zahlfach | Sprung


@dataclass(frozen=True, slots=True)
class Regel:
    """Was in einer Spalte zum Ausfüllen stehen darf; das Tabellenprogramm prüft es beim Eintragen.

    ``auswahl`` ist eine Liste auf einem anderen Blatt: dessen Name, die Spalte (ab 1), ihre erste und letzte
    Zeile. Mit ``zahl`` ist eine Zahl zwischen ``von`` und ``bis`` gemeint, oder etwas aus der Auswahl. Nicht
    ``streng``: das Programm fragt nach, läßt Anderes aber zu.
    """

    auswahl: tuple[str, int, int, int]
    zahl: bool = False
    ganz: bool = False
    von: float | None = None
    bis: float | None = None
    streng: bool = True
    titel: str = ""
    hinweis: str = ""
    fehler: str = ""

    def bedingung(self, zelle: str, auswahl: str, trenner: str) -> str:
        """Die Formel einer Zahlenspalte, in der Schreibweise des Programms."""
        teile = [f"ISNUMBER({zelle})"]
        teile += [f"{zelle}=INT({zelle})"] if self.ganz else []
        teile += [f"{zelle}>={self.von:g}"] if self.von is not None else []
        teile += [f"{zelle}<={self.bis:g}"] if self.bis is not None else []
        # WENN statt UND: sonst würde auch mit Text gerechnet
        passt = f"IF({teile[0]}{trenner}AND({trenner.join(teile[1:]) or 'TRUE()'}){trenner}FALSE())"
        return f"OR({passt}{trenner}ISNUMBER(MATCH({zelle}{trenner}{auswahl}{trenner}0)))"


@dataclass(frozen=True, slots=True)
class Blatt:
    """Ein Tabellenblatt mit einer Tabelle; ``ueber`` sind Zeilen über ihrem Kopf, die erste ist der Titel.

    Zum Ausfüllen: je Spalte eine Regel, die auch in ``leerzeilen`` Zeilen unter der Tabelle gilt.
    """

    name: str
    kopf: Sequence[str]
    zeilen: Sequence[Sequence[Fach]]
    ueber: Sequence[str] = ()
    regeln: Sequence[Regel | None] = ()
    leerzeilen: int = 0

    def breiten(self) -> list[int]:
        """Je Spalte die Breite in Zeichen."""
        spalten = zip(*((len(wortlaut(f)) for f in z) for z in self.zeilen), strict=True)
        inhalt = [max(laengen) for laengen in spalten] or [0] * len(self.kopf)
        worte = (max(map(len, name.split()), default=0) for name in self.kopf)
        return [
            min(max(SCHMALSTE, i, w, len(name) // 3) + 2, BREITESTE)
            for i, w, name in zip(inhalt, worte, self.kopf, strict=True)
        ]


def wortlaut(fach: Fach) -> str:
    """Was in einem Fach zu lesen ist, in einer Zeile."""
    text = (
        f"{fach.text} {fach.zusatz}"
        if isinstance(fach, Zahlfach)
        else fach
        if isinstance(fach, str)
        else fach.text
    )
    return " ".join(text.split())


def als_ods(modell: Tabellenmodell, beleg: Beleg, angaben: Mapping[str, str]) -> bytes:
    """Eine Abbildung oder Tabelle: Blatt „Daten“ und Blatt „Angaben“ (Titel, Quellen, Begriffe, Hinweise)."""
    paare = [(name, wert) for name, wert in angaben.items() if wert]
    if beleg.beispiel:
        paare.append(("Achtung", "".join(BEISPIELSATZ)))
    paare += (("Quelle", q.nennung or q.zeile) for q in beleg.quellen)
    paare += ((b.name, b.text) for b in beleg.begriffe)
    paare += (("Hinweis", h) for h in beleg.hinweise)
    return schreibe([Blatt("Daten", *flach(modell)), Blatt("Angaben", ("Angabe", "Inhalt"), paare)])


def schreibe(blaetter: Sequence[Blatt], titel: str = "") -> bytes:
    """Die Mappe mit diesen Blättern (Namen müssen verschieden sein); ``titel`` nennt ihre Eigenschaften."""
    stellen: set[int] = set()
    breiten = sorted({b for blatt in blaetter for b in blatt.breiten()})
    tafeln = "".join(_tafel(blatt, stellen) for blatt in blaetter)
    regeln = "".join(_regel(blatt, nr, r) for blatt in blaetter for nr, r in enumerate(blatt.regeln, 1) if r)
    regeln = f"<table:content-validations>{regeln}</table:content-validations>" if regeln else ""
    bereiche = "".join(_bereich(nr, blatt) for nr, blatt in enumerate(blaetter, 1) if blatt.zeilen)
    stile = "".join((_ZELLSTILE, *map(_spaltenstil, breiten), *map(_zahlstil, sorted(stellen))))
    inhalt = (
        f"<office:automatic-styles>{stile}</office:automatic-styles><office:body><office:spreadsheet>"
        f"{regeln}{tafeln}"
        f"<table:database-ranges>{bereiche}</table:database-ranges></office:spreadsheet></office:body>"
    )
    name = f"<dc:title>{escape(titel, quote=False)}</dc:title>"
    meta = f"<office:meta>{name}<dc:language>de-DE</dc:language></office:meta>"
    texte = {"document-content": inhalt, "document-styles": _STILE, "document-meta": meta}
    puffer = io.BytesIO()
    with zipfile.ZipFile(puffer, "w") as paket:  # die Art zuerst und unverpackt: daran erkennt man die Datei
        lege_ein(paket, "mimetype", ART.encode(), zipfile.ZIP_STORED)
        for name, (art, text) in zip(_DATEIEN, texte.items(), strict=True):
            kopf = f'<?xml version="1.0" encoding="UTF-8"?>\n<office:{art} {_RAEUME} office:version="1.3">'
            lege_ein(paket, name, f"{kopf}{text}</office:{art}>".encode())
        lege_ein(paket, "META-INF/manifest.xml", _MANIFEST.encode())
    return puffer.getvalue()


def lege_ein(paket: zipfile.ZipFile, name: str, inhalt: bytes, art: int = zipfile.ZIP_DEFLATED) -> None:
    """Legt eine Datei ins Paket, ohne Uhrzeit: gleiche Eingabe, gleiche Bytes."""
    eintrag = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    eintrag.create_system, eintrag.external_attr, eintrag.compress_type = 3, 0o644 << 16, art
    paket.writestr(eintrag, inhalt)


def _tafel(blatt: Blatt, stellen: set[int]) -> str:
    ueber = "".join(_zeile(_fach(t, stellen, "" if nr else "titel")) for nr, t in enumerate(blatt.ueber))
    kopf = "".join(_fach(t, stellen, "kopf") for t in blatt.kopf)
    gepruefte = [_geprueft(blatt, nr) for nr in range(1, len(blatt.kopf) + 1)]
    zeilen = "".join(
        _zeile("".join(_fach(f, stellen, "text", p) for f, p in zip(z, gepruefte, strict=True)))
        for z in blatt.zeilen
    )
    if blatt.leerzeilen:
        leere = "".join(f"<table:table-cell{p}/>" for p in gepruefte)
        anzahl = f'table:number-rows-repeated="{blatt.leerzeilen}"'
        zeilen += f"<table:table-row {anzahl}>{leere}</table:table-row>"
    spalten = "".join(f'<table:table-column table:style-name="b{b}"/>' for b in blatt.breiten())
    oben = f"<table:table-header-rows>{_zeile(kopf)}</table:table-header-rows>"
    benannt = f'table:name={attribut(blatt.name)} table:style-name="blatt"'
    return f"<table:table {benannt}>{spalten}{ueber}{oben}{zeilen}</table:table>"


def _geprueft(blatt: Blatt, nr: int) -> str:
    """Das Attribut der Felder einer Spalte mit Regel."""
    regel = blatt.regeln[nr - 1] if blatt.regeln else None
    return f" table:content-validation-name={attribut(f'{blatt.name}_{nr}')}" if regel else ""


def _regel(blatt: Blatt, nr: int, regel: Regel) -> str:
    name, spalte, erste, letzte = regel.auswahl
    bereich = f"[$'{name}'.${spaltenname(spalte)}${erste}:.${spaltenname(spalte)}${letzte}]"
    zelle, oben = spaltenname(nr), len(blatt.ueber) + 2
    bedingung = f"of:cell-content-is-in-list({bereich})"
    if regel.zahl:
        bedingung = f"of:is-true-formula({regel.bedingung(f'[.{zelle}{oben}]', bereich, ';')})"
    art, titel = "stop" if regel.streng else "warning", attribut(regel.titel[:32])
    anfang, wie = attribut(f"'{blatt.name}'.{zelle}{oben}"), "none" if regel.zahl else "unsorted"
    return (
        f"<table:content-validation table:name={attribut(f'{blatt.name}_{nr}')} "
        f'table:condition={attribut(bedingung)} table:allow-empty-cell="true" '
        f'table:display-list="{wie}" table:base-cell-address={anfang}>'
        f'<table:help-message table:title={titel} table:display="true">'
        f"<text:p>{escape(regel.hinweis, quote=False)}</text:p></table:help-message>"
        f'<table:error-message table:message-type="{art}" table:title={titel} table:display="true">'
        f"<text:p>{escape(regel.fehler, quote=False)}</text:p></table:error-message>"
        "</table:content-validation>"
    )


def _bereich(nummer: int, blatt: Blatt) -> str:
    """Die Tabelle als benannter Bereich mit Kopf: so finden sie Vorleseprogramme und Auswertungen."""
    oben = len(blatt.ueber) + 1
    ende = f"{spaltenname(len(blatt.kopf))}{oben + len(blatt.zeilen)}"
    ort = attribut(f"'{blatt.name}'.A{oben}:'{blatt.name}'.{ende}")
    return (
        f'<table:database-range table:name="Tafel_{nummer}" table:target-range-address={ort} '
        'table:contains-header="true"/>'
    )


def spaltenname(nummer: int) -> str:
    """``A`` für 1, ``AA`` für 27."""
    vorn, letzter = divmod(nummer - 1, 26)
    return (spaltenname(vorn) if vorn else "") + chr(ord("A") + letzter)


def _zeile(faecher: str) -> str:
    return f"<table:table-row>{faecher}</table:table-row>"


def _fach(fach: Fach, stellen: set[int], stil: str = "", mehr: str = "") -> str:
    art, inhalt = 'office:value-type="string"', escape(wortlaut(fach), quote=False)
    if isinstance(fach, Zahlfach) and fach.wert is not None and not fach.zusatz:
        nachkomma = len(fach.text.partition(",")[2])
        stellen.add(nachkomma)
        stil, art = f"z{nachkomma}", f'office:value-type="float" office:value="{fach.wert!r}"'
    elif isinstance(fach, Sprung):
        ziel = attribut(f"#'{fach.blatt}'.A1")
        inhalt = f'<text:a xlink:type="simple" xlink:href={ziel}>{inhalt}</text:a>'
    elif not inhalt:
        return f"<table:table-cell{mehr}/>"
    benannt = f' table:style-name="{stil}"' if stil else ""
    return f"<table:table-cell{benannt}{mehr} {art}><text:p>{inhalt}</text:p></table:table-cell>"


def _spaltenstil(zeichen: int) -> str:
    return (
        f'<style:style style:name="b{zeichen}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{zeichen * 0.21:.2f}cm"/></style:style>'
    )


def _zahlstil(stellen: int) -> str:
    return (
        f'<number:number-style style:name="n{stellen}" number:language="de" number:country="DE">'
        f'<number:number number:decimal-places="{stellen}" number:min-decimal-places="{stellen}" '
        'number:min-integer-digits="1" number:grouping="true"/></number:number-style>'
        f'<style:style style:name="z{stellen}" style:family="table-cell" style:data-style-name="n{stellen}"/>'
    )
