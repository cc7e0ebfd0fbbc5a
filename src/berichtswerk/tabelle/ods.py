"""Tabellen als OpenDocument (ODS), das jedes Tabellenprogramm öffnet: Zahlen als Zahlen, Quellen daneben.

Gleiche Eingabe, gleiche Bytes; Formeln und Makros gibt es nicht. Nach OpenDocument 1.3, Teil 2 und 3.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
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
        ("number", "datastyle"), ("fo", "xsl-fo-compatible"),
    )
)  # fmt: skip
_KOPFSTIL = (
    '<style:style style:name="kopf" style:family="table-cell">'
    '<style:text-properties fo:font-weight="bold"/></style:style>'
)
_MANIFEST = (
    f'<manifest:manifest xmlns:manifest="{_NS}manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{ART}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


@dataclass(frozen=True, slots=True)
class Blatt:
    """Ein Tabellenblatt: die erste Zeile ist der Kopf."""

    name: str
    kopf: Sequence[str]
    zeilen: Sequence[Sequence[str | Zahlfach]]


def als_ods(modell: Tabellenmodell, beleg: Beleg, angaben: Mapping[str, str]) -> bytes:
    """Eine Abbildung oder Tabelle: Blatt „Daten“ und Blatt „Angaben“ (Titel, Quellen, Begriffe, Hinweise)."""
    paare = [(name, wert) for name, wert in angaben.items() if wert]
    if beleg.beispiel:
        paare.append(("Achtung", "".join(BEISPIELSATZ)))
    paare += (("Quelle", q.nennung or q.zeile) for q in beleg.quellen)
    paare += ((b.name, b.text) for b in beleg.begriffe)
    paare += (("Hinweis", h) for h in beleg.hinweise)
    return schreibe([Blatt("Daten", *flach(modell)), Blatt("Angaben", ("Angabe", "Inhalt"), paare)])


def schreibe(blaetter: Iterable[Blatt]) -> bytes:
    """Die Mappe mit diesen Blättern; Namen müssen verschieden sein."""
    stellen: set[int] = set()
    tafeln = "".join(_tafel(blatt, stellen) for blatt in blaetter)
    inhalt = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content {_RAEUME} office:version="1.3">'
        f"<office:automatic-styles>{_KOPFSTIL}{''.join(map(_zahlstil, sorted(stellen)))}"
        f"</office:automatic-styles><office:body><office:spreadsheet>{tafeln}"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    puffer = io.BytesIO()
    with zipfile.ZipFile(puffer, "w") as paket:  # die Art zuerst und unverpackt: daran erkennt man die Datei
        for name, text in (("mimetype", ART), ("content.xml", inhalt), ("META-INF/manifest.xml", _MANIFEST)):
            eintrag = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            eintrag.create_system, eintrag.external_attr = 3, 0o644 << 16
            eintrag.compress_type = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            paket.writestr(eintrag, text)
    return puffer.getvalue()


def _tafel(blatt: Blatt, stellen: set[int]) -> str:
    kopf = "".join(_fach(t, stellen, ' table:style-name="kopf"') for t in blatt.kopf)
    zeilen = "".join(_zeile("".join(_fach(f, stellen) for f in z)) for z in blatt.zeilen)
    spalten = f'<table:table-column table:number-columns-repeated="{max(1, len(blatt.kopf))}"/>'
    oben = f"<table:table-header-rows>{_zeile(kopf)}</table:table-header-rows>"
    return f"<table:table table:name={attribut(blatt.name)}>{spalten}{oben}{zeilen}</table:table>"


def _zeile(faecher: str) -> str:
    return f"<table:table-row>{faecher}</table:table-row>"


def _fach(fach: str | Zahlfach, stellen: set[int], stil: str = "") -> str:
    text = fach if isinstance(fach, str) else f"{fach.text} {fach.zusatz}".rstrip()
    art = 'office:value-type="string"'
    if isinstance(fach, Zahlfach) and fach.wert is not None and not fach.zusatz:
        nachkomma = len(fach.text.partition(",")[2])
        stellen.add(nachkomma)
        stil, art = (
            f' table:style-name="z{nachkomma}"',
            f'office:value-type="float" office:value="{fach.wert!r}"',
        )
    inhalt = escape(" ".join(text.split()), quote=False)
    return f"<table:table-cell{stil} {art}><text:p>{inhalt}</text:p></table:table-cell>"


def _zahlstil(stellen: int) -> str:
    return (
        f'<number:number-style style:name="n{stellen}" number:language="de" number:country="DE">'
        f'<number:number number:decimal-places="{stellen}" number:min-decimal-places="{stellen}" '
        'number:min-integer-digits="1" number:grouping="true"/></number:number-style>'
        f'<style:style style:name="z{stellen}" style:family="table-cell" style:data-style-name="n{stellen}"/>'
    )
