"""Typst für das PDF; Wortlaut als Typst: alles, was dort etwas bedeutet, wird maskiert."""

from __future__ import annotations

import re

from berichtswerk.grund.abstand import UNTEILBAR

_BEDEUTEND = re.compile(r"([\\#$*_`<>@\[\]~\"'=+\-/]|\.(?=\.\.))")
_NUMMER = re.compile(r"^(\s*\d+)\.")
_UMBRUCH = re.compile(r"\s*[\n\r\u2028\u2029]\s*")


def maskiere(text: str) -> str:
    """Text, der so erscheint, wie er dasteht, in einem Absatz; was unteilbar ist, bricht nicht um."""
    teile, ab = [], 0
    for fund in UNTEILBAR.finditer(text := _UMBRUCH.sub(" ", text)):
        teile += [_maskiert(text[ab : fund.start()]), f"#box[{_maskiert(fund[0])}];"]
        ab = fund.end()
    return _NUMMER.sub(r"\1\\.", "".join([*teile, _maskiert(text[ab:])]))


def _maskiert(text: str) -> str:
    return _BEDEUTEND.sub(r"\\\1", text)


def zeichenkette(text: str) -> str:
    """Eine Zeichenkette in Typst, mit Anführungszeichen."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
