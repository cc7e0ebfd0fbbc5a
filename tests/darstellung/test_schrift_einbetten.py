"""Eingebettete Schrift: gültiges WOFF2 mit genau den verlangten Zeichen und unveränderten Umrissen."""

from __future__ import annotations

import base64
import io
import struct
from pathlib import Path

import pytest
from bildhilfe import thema
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.DefaultTable import DefaultTable

from berichtswerk.marke.schrift import eingebettet
from berichtswerk.marke.woff import woff2

TEXT = "Prignitz äöüß 1\u202f234,5 % −–"
SCHNITTE = sorted({s.pfad for s in thema().marke.schriften})


def _datei(text: str, pfad: Path) -> bytes:
    art, _, daten = eingebettet(pfad, text).partition(";base64,")
    assert art == "data:font/woff2"
    return base64.b64decode(daten)


def _umriss(schrift: TTFont, zeichen: int) -> list[object]:
    glyphen = schrift.getGlyphSet()
    stift = DecomposingRecordingPen(glyphen)
    glyphen[schrift.getBestCmap()[zeichen]].draw(stift)
    return stift.value


@pytest.mark.parametrize("pfad", SCHNITTE, ids=lambda p: p.stem)
def test_umrisse_und_dickten_sind_die_der_hausschrift(pfad: Path) -> None:
    ganz, teil = TTFont(pfad), TTFont(io.BytesIO(_datei(TEXT, pfad)))
    codes = {ord(z) for z in TEXT} & set(ganz.getBestCmap())
    assert codes <= set(teil.getBestCmap()) <= codes | {0x20, 0xA0, 0x202F, 0x2009}
    for code in codes:
        assert _umriss(teil, code) == _umriss(ganz, code), chr(code)
        dickten = [s["hmtx"][s.getBestCmap()[code]][0] for s in (ganz, teil)]
        assert dickten[0] == dickten[1], chr(code)
    assert teil["head"].unitsPerEm == ganz["head"].unitsPerEm
    for feld in ("ascent", "descent", "lineGap"):
        assert getattr(teil["hhea"], feld) == getattr(ganz["hhea"], feld)


def test_gleiche_zeichen_ergeben_gleiche_bytes_in_jeder_folge() -> None:
    assert eingebettet(SCHNITTE[0], "abc") == eingebettet(SCHNITTE[0], "cabba")


def test_keine_merkmale_und_keine_rasterhinweise() -> None:
    tabellen = set(TTFont(io.BytesIO(_datei(TEXT, SCHNITTE[0]))).keys())
    assert tabellen & {"GSUB", "GPOS", "GDEF", "fpgm", "prep", "cvt ", "gasp", "DSIG"} == set()


def test_verpackt_wie_der_standard_es_verlangt() -> None:
    daten = _datei(TEXT, SCHNITTE[0])
    laenge, tabellen = struct.unpack_from(">8xLH", daten)
    assert laenge == len(daten) and laenge % 4 == 0
    schrift = TTFont(io.BytesIO(daten))
    assert len(schrift.reader.tables) == tabellen
    assert list(schrift.reader.tables) == sorted(schrift.reader.tables)
    assert schrift["head"].flags & 1 << 11


def test_auch_lange_tabellen_und_unbekannte_namen_werden_verpackt() -> None:
    schrift = TTFont(SCHNITTE[0], recalcTimestamp=False)
    schrift["XYZ "] = neu = DefaultTable("XYZ ")
    neu.data = bytes(range(256)) * 900  # Länge in drei Ziffern zu sieben Bit
    ziel = io.BytesIO()
    schrift.save(ziel)
    roh, verpackt = TTFont(io.BytesIO(ziel.getvalue())), TTFont(io.BytesIO(woff2(ziel.getvalue())))
    for name in roh.reader.tables:
        if name != "head":
            assert verpackt.reader[name] == roh.reader[name], name
