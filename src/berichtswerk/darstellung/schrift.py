"""Die Hausschrift ausmessen und Teilmengen davon zum Einbetten herstellen (fontTools)."""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from pathlib import Path
from typing import Any

_LEERZEICHEN = "\u00a0\u202f\u2009"
_ERSATZ = 0.5
"""Breite eines unbekannten Zeichens in Geviert."""


@lru_cache(maxsize=16)
def _breiten(pfad: Path) -> dict[int, float]:
    """Dickte je Zeichen in Geviert."""
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


def fehlende_zeichen(text: str, pfad: Path) -> str:
    """Zeichen aus ``text``, die der Schnitt nicht hat, sortiert."""
    return "".join(sorted({z for z in text if ord(z) not in _breiten(pfad)}))


@lru_cache(maxsize=256)
def _teilmenge(pfad: Path, zeichen: str) -> bytes:
    from fontTools import subset as fonttools_subset
    from fontTools.ttLib import TTFont

    subset: Any = fonttools_subset
    wahl = subset.Options()
    wahl.layout_features = []
    wahl.hinting = False
    wahl.name_IDs = [1, 2]
    with TTFont(pfad, lazy=True, recalcTimestamp=False) as schrift:
        # Merkmalstabellen kosten das Fünffache der Zeit und nützen Beschriftungen nichts
        for tabelle in ("GSUB", "GPOS", "GDEF", "DSIG"):
            if tabelle in schrift:
                del schrift[tabelle]
        schneider = subset.Subsetter(wahl)
        schneider.populate(text=zeichen)
        schneider.subset(schrift)
        schrift.flavor = "woff2"
        ziel = io.BytesIO()
        schrift.save(ziel)
    return ziel.getvalue()


def eingebettet(pfad: Path, text: str) -> str:
    """WOFF2 mit genau den Zeichen von ``text`` als Daten-URI; gleiche Zeichen ergeben gleiche Bytes."""
    zeichen = "".join(sorted(set(text) | set(_LEERZEICHEN) | {" "}))
    return "data:font/woff2;base64," + base64.b64encode(_teilmenge(pfad, zeichen)).decode("ascii")
