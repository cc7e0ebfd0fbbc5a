"""Die Hausschrift ausmessen (fontTools) und Teilmengen davon zum Einbetten herstellen (HarfBuzz)."""

from __future__ import annotations

import base64
import re
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import category

_LEERZEICHEN = "\u00a0\u202f\u2009"
_ERSATZ = 0.5
"""Breite eines unbekannten Zeichens in Geviert."""
_ENTBEHRLICH = ("GSUB", "GPOS", "GDEF", "DSIG", "gasp", "prep")
"""Merkmale und Rasterhinweise: Beschriftungen brauchen nur die Umrisse."""


def _breiten(pfad: Path) -> dict[int, float]:
    """Dickte je Zeichen in Geviert."""
    return _gemessen(pfad, pfad.stat().st_mtime_ns)


@lru_cache(maxsize=16)
def _gemessen(pfad: Path, _stand: int) -> dict[int, float]:
    from fontTools.ttLib import TTFont

    with TTFont(pfad, lazy=True) as schrift:
        kopf: Any = schrift["head"]
        dickten = schrift["hmtx"].metrics
        zeichen = schrift.getBestCmap() or {}
        breiten = {code: dickten[name][0] / kopf.unitsPerEm for code, name in zeichen.items()}
    # HarfBuzz setzt ein fehlendes schmales Leerzeichen als halbes Leerzeichen
    breiten.setdefault(0x202F, breiten.get(0x20, _ERSATZ) / 2)
    return breiten


def textbreite(text: str, groesse: float, pfad: Path) -> float:
    """Breite von ``text`` in Pixeln bei Schriftgröße ``groesse``; ohne Unterschneidung, eher zu breit."""
    breiten = _breiten(pfad)
    return groesse * sum(breiten.get(ord(z), _ERSATZ) for z in text)


_UEBLICH = re.compile(
    r"[^\t\n\r\x20-\x7e\xa0-\u017f\u2009\u2010-\u201e\u2022\u2026\u202f\u2030\u2032\u2039\u203a\u2060\u20ac\u2212]"
)
"""Was Schriften für deutsche Texte haben; nur wo etwas anderes steht, wird nachgesehen."""


def ungesetzte(text: str, ordner: Path) -> dict[str, list[int]]:
    """Zeichen, die keine Schrift unter ``ordner`` hat, mit den Zeilen (ab 1), in denen sie stehen."""
    if _UEBLICH.search(text) is None:
        return {}
    vorhanden = {code for pfad in sorted(ordner.rglob("*.[to]tf")) for code in _breiten(pfad)}
    fehlend: dict[str, list[int]] = {}
    for nummer, zeile in enumerate(text.split("\n"), 1):
        for zeichen in dict.fromkeys(_UEBLICH.findall(zeile)):
            if ord(zeichen) not in vorhanden and category(zeichen)[0] not in "CMZ":
                fehlend.setdefault(zeichen, []).append(nummer)
    return fehlend


@lru_cache(maxsize=16)
def _schnitt(pfad: Path) -> Any:
    hb = _harfbuzz()
    return hb.Face(hb.Blob.from_file_path(str(pfad)))


def _harfbuzz() -> Any:
    # erst hier geladen: Notizbücher messen Schrift, betten aber keine ein
    import uharfbuzz

    return uharfbuzz


@lru_cache(maxsize=256)
def _teilmenge(pfad: Path, zeichen: str) -> bytes:
    hb = _harfbuzz()
    wahl = hb.SubsetInput()
    wahl.flags = hb.SubsetFlags.NO_HINTING
    wahl.unicode_set.update(ord(z) for z in zeichen)
    wahl.drop_table_tag_set.update(int.from_bytes(t.encode(), "big") for t in _ENTBEHRLICH)
    wahl.name_id_set.clear()
    wahl.name_id_set.update((1, 2))
    daten: bytes = hb.subset(_schnitt(pfad), wahl).blob.data
    return daten


def eingebettet(pfad: Path, text: str) -> str:
    """TrueType mit genau den Zeichen von ``text`` als Daten-URI; gleiche Zeichen ergeben gleiche Bytes."""
    zeichen = "".join(sorted(set(text) | set(_LEERZEICHEN) | {" "}))
    return "data:font/ttf;base64," + base64.b64encode(_teilmenge(pfad, zeichen)).decode("ascii")
