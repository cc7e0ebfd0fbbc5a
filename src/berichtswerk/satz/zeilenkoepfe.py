"""Vorspalten im PDF als Zeilenköpfe auszeichnen (TH, Scope=Row): die Typst-Bindung kann es noch nicht.

Typst schreibt jedes Element des Strukturbaums als eigenes, unverpacktes Objekt. So lange das so ist, genügt
es, in der Datei die Zellen umzubenennen und die Tabelle der Objekte neu zu schreiben; sieht eine Datei anders
aus, übernimmt pikepdf. Beides ergibt denselben Strukturbaum.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

_ELEMENT = re.compile(rb"\d+ 0 obj\n<</Type/StructElem/S/(\w+)/P (\d+) 0 R")
_KINDER = re.compile(rb"/K\[((?:\d+ 0 R ?)+)\]")
_ZELLE = re.compile(rb"(\d+ 0 obj\n<</Type/StructElem/S/T)D(/P \d+ 0 R/A\[<</O/Table)(?!/Scope)")
_SCHLUSS = re.compile(rb"startxref\n(\d+)\n%%EOF\s*\Z")


class _Anders(Exception):
    """Die Datei ist nicht so gebaut, wie Typst sie bisher schreibt."""


def _objekte(pdf: bytes) -> tuple[list[int], int]:
    """Wo jedes Objekt beginnt (Index: Nummer), und wo die Tabelle darüber."""
    schluss = _SCHLUSS.search(pdf, max(0, len(pdf) - 64))
    beginn = int(schluss[1]) if schluss else -1
    kopf = re.compile(rb"xref\n0 (\d+)\n").match(pdf, beginn) if schluss else None
    if kopf is None:
        raise _Anders
    zeilen = [pdf[kopf.end() + 20 * n : kopf.end() + 20 * n + 20] for n in range(int(kopf[1]))]
    if any(zeile[16:] != (b" n\r\n" if n else b" f\r\n")[-4:] for n, zeile in enumerate(zeilen)):
        raise _Anders
    return [int(zeile[:10]) for zeile in zeilen], beginn


def _vorspalte(pdf: bytes, orte: list[int]) -> list[int]:
    """Die Nummern der ersten Zellen aller Rumpfzeilen, die noch keine Köpfe sind."""
    arten: dict[int, bytes] = {}
    zeilen: list[tuple[int, int]] = []
    for nummer, ort in enumerate(orte[1:], start=1):
        if fund := _ELEMENT.match(pdf, ort):
            arten[nummer] = fund[1]
            if fund[1] == b"TR":
                zeilen.append((nummer, int(fund[2])))
    if not arten:
        raise _Anders
    erste = [
        _erstes_kind(pdf, orte[nummer]) for nummer, eltern in zeilen if arten[eltern] in {b"TBody", b"TFoot"}
    ]
    return [nummer for nummer in erste if arten.get(nummer) == b"TD"]


def _erstes_kind(pdf: bytes, ort: int) -> int:
    fund = _KINDER.search(pdf, ort, pdf.index(b"endobj", ort))
    if fund is None:
        raise _Anders
    return int(fund[1].split(b" ", 1)[0])


def _benenne_um(pdf: bytes) -> bytes:
    """Der kurze Weg: ersetzt die Zellen an ihrem Ort und verschiebt die Tabelle der Objekte."""
    orte, tabelle = _objekte(pdf)
    stuecke, bis, versatz = [], 0, 0
    neu: dict[int, int] = {}
    zellen = set(_vorspalte(pdf, orte))
    for ort, nummer in sorted((ort, nummer) for nummer, ort in enumerate(orte) if nummer):
        neu[nummer] = ort + versatz
        if nummer in zellen:
            fund = _ZELLE.match(pdf, ort)
            if fund is None:
                raise _Anders
            ersatz = fund[1] + b"H" + fund[2] + b"/Scope/Row"
            stuecke += [pdf[bis:ort], ersatz]
            bis, versatz = fund.end(), versatz + len(ersatz) - len(fund[0])
    eintraege = b"".join(b"%010d 00000 n\r\n" % neu[nummer] for nummer in range(1, len(orte)))
    erster = pdf.index(b"\r\n", tabelle) + 2
    schluss = pdf[erster + len(eintraege) : pdf.rindex(b"startxref")]
    ende = b"startxref\n%d\n%%%%EOF" % (tabelle + versatz)
    return b"".join([*stuecke, pdf[bis:erster], eintraege, schluss, ende])


def _kinder(knoten: Any) -> list[Any]:
    from pikepdf import Array, Dictionary

    inhalt = knoten.get("/K")
    if inhalt is None:
        return []
    liste = list(inhalt) if isinstance(inhalt, Array) else [inhalt]
    return [k for k in liste if isinstance(k, Dictionary)]


def _rumpfzeilen(wurzel: Any) -> Iterator[Any]:
    """Alle TR unter TBody und TFoot, ohne Rekursion (tiefe Bäume)."""
    stapel = [(wurzel, False)]
    while stapel:
        knoten, im_rumpf = stapel.pop()
        art = str(knoten.get("/S", ""))
        if art == "/TR" and im_rumpf:
            yield knoten
            continue
        innen = im_rumpf or art in {"/TBody", "/TFoot"}
        if art == "/Table" and not any(str(k.get("/S", "")) == "/TBody" for k in _kinder(knoten)):
            innen = False
        stapel.extend((k, innen) for k in reversed(_kinder(knoten)))


def _zeichne_aus(zelle: Any) -> None:
    from pikepdf import Array, Dictionary, Name

    eigenschaften = zelle.get("/A")
    neu = Dictionary(O=Name.Table, Scope=Name.Row)
    if eigenschaften is None:
        zelle.A = neu
    elif isinstance(eigenschaften, Array):
        tafel = next((a for a in eigenschaften if str(a.get("/O", "")) == "/Table"), None)
        if tafel is None:
            eigenschaften.append(neu)
        else:
            tafel.Scope = Name.Row
    elif str(eigenschaften.get("/O", "")) == "/Table":
        eigenschaften.Scope = Name.Row
    else:
        zelle.A = Array([eigenschaften, neu])
    zelle.S = Name.TH


def zeichne_zeilenkoepfe_aus(pdf: bytes) -> bytes:
    """Macht die erste Zelle jeder Rumpfzeile zum Zeilenkopf; gleiche Eingabe, gleiche Bytes."""
    try:
        return _benenne_um(pdf)
    except (_Anders, LookupError, ValueError):
        return mit_pikepdf(pdf)


def mit_pikepdf(pdf: bytes) -> bytes:
    """Dasselbe für jedes PDF."""
    import pikepdf

    with pikepdf.open(io.BytesIO(pdf)) as dokument:
        baum = dokument.Root.get("/StructTreeRoot")
        if baum is None:
            return pdf
        geaendert = False
        for zeile in _rumpfzeilen(baum):
            zellen = [k for k in _kinder(zeile) if str(k.get("/S", "")) in {"/TD", "/TH"}]
            if zellen and str(zellen[0].S) == "/TD":
                _zeichne_aus(zellen[0])
                geaendert = True
        if not geaendert:
            return pdf
        puffer = io.BytesIO()
        dokument.save(puffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.preserve)
        return puffer.getvalue()
