"""Typst für das PDF; Wortlaut als Typst: alles, was dort etwas bedeutet, wird maskiert."""

from __future__ import annotations

import re

_BEDEUTEND = re.compile(r"([\\#$*_`<>@\[\]~\"'=+\-/]|\.(?=\.\.))")
_NUMMER = re.compile(r"^(\s*\d+)\.")
_UMBRUCH = re.compile(r"\s*[\n\r\u2028\u2029]\s*")


def maskiere(text: str) -> str:
    """Text, der so erscheint, wie er dasteht, in einem Absatz."""
    return _NUMMER.sub(r"\1\\.", _BEDEUTEND.sub(r"\\\1", _UMBRUCH.sub(" ", text)))


def zeichenkette(text: str) -> str:
    """Eine Zeichenkette in Typst, mit Anführungszeichen."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
