"""Wortlaut als Typst: alles, was dort etwas bedeutet, wird maskiert."""

from __future__ import annotations

import re

_BEDEUTEND = re.compile(r"([\\#$*_`<>@\[\]~\"'=+\-/])")
_NUMMER = re.compile(r"^(\d+)\.")


def maskiere(text: str) -> str:
    """Text, der so erscheint, wie er dasteht."""
    return _NUMMER.sub(r"\1\\.", _BEDEUTEND.sub(r"\\\1", text))


def zeichenkette(text: str) -> str:
    """Eine Zeichenkette in Typst, mit Anführungszeichen."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ") + '"'
