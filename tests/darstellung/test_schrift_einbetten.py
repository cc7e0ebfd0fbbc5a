"""Eingebettete Schrift: gültiges TrueType mit genau den verlangten Zeichen und unveränderten Umrissen."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import pytest
from bildhilfe import thema
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.ttLib import TTFont

from berichtswerk.marke.schrift import eingebettet

TEXT = "Prignitz äöüß 1\u202f234,5 % −–"
SCHNITTE = sorted({s.pfad for s in thema().marke.schriften})


def _datei(text: str, pfad: Path) -> bytes:
    art, _, daten = eingebettet(pfad, text).partition(";base64,")
    assert art == "data:font/ttf"
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
