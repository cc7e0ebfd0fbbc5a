"""Zeitangaben der Lieferungen: Jahr, Stichtag, Monat, Schuljahr."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Literal

Art = Literal["jahr", "stichtag", "monat", "schuljahr", "selbst"]

_MONATE = {
    name: nummer
    for nummer, namen in enumerate(
        ("januar jan", "februar feb", "märz maerz mär mrz", "april apr", "mai", "juni jun", "juli jul",
         "august aug", "september sep sept", "oktober okt", "november nov", "dezember dez"), start=1)
    for name in namen.split()
}  # fmt: skip
_JAHR = re.compile(r"^(\d{4})$")
_TAG = (
    re.compile(r"^(?P<t>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<j>\d{4})$"),
    re.compile(r"^(?P<j>\d{4})-(?P<m>\d{2})-(?P<t>\d{2})(?:[T ].*)?$"),
    re.compile(r"^(?P<j>\d{4})(?P<m>\d{2})(?P<t>\d{2})$"),
    re.compile(r"^(?P<t>\d{1,2})\.\s*(?P<mn>[A-Za-zä]+)\.?\s+(?P<j>\d{4})$"),
)
_MONAT = (
    re.compile(r"^(?P<j>\d{4})-(?P<m>\d{2})$"),
    re.compile(r"^(?P<m>\d{1,2})[/.](?P<j>\d{4})$"),
    re.compile(r"^(?P<j>\d{4})M(?P<m>\d{1,2})$"),
    re.compile(r"^(?P<mn>[A-Za-zä]+)\.?\s+(?P<j>\d{4})$"),
)
_SCHULJAHR = re.compile(r"^(\d{4})\s?[/–-]\s?(\d{4}|\d{2})$")


@lru_cache(maxsize=4096)
def lies_zeit(text: str, art: Art = "selbst", tag: str | None = None) -> tuple[str, int]:
    """Zeit in der Schreibweise des Hauses und ihr (erstes) Jahr.

    Ein Stichtag oder Monat ergibt bei ``art="jahr"`` dessen Jahr; eine Jahreszahl ergibt mit ``tag``
    („31.12.“) einen Stichtag und bei ``art="schuljahr"`` das Schuljahr, das in ihr beginnt.

    Raises:
        ValueError: keine Zeitangabe dieser Art.
    """
    roh = " ".join(text.split())
    zeit = _lies(roh, art, tag)
    jahr = int(zeit[:4])
    if not 1700 <= jahr <= 2200:
        raise ValueError(text)
    return zeit, jahr


def _lies(roh: str, art: Art, tag: str | None) -> str:
    if treffer := _JAHR.match(roh):
        return _aus_jahr(treffer[1], art, tag)
    if art == "schuljahr" or (art == "selbst" and "/" in roh and _SCHULJAHR.match(roh)):
        return _schuljahr(roh)
    stichtag = _stichtag(roh)
    monat = stichtag[:7] if stichtag else _monat(roh)
    ergebnis = {
        "stichtag": stichtag, "monat": monat, "jahr": monat[:4], "selbst": stichtag or monat,
    }.get(art, "")  # fmt: skip
    if not ergebnis:
        raise ValueError(roh)
    return ergebnis


def _aus_jahr(jahr: str, art: Art, tag: str | None) -> str:
    if art == "schuljahr":
        return f"{jahr}/{(int(jahr) + 1) % 100:02d}"
    if tag:
        tage, monat, _ = tag.split(".")
        return date(int(jahr), int(monat), int(tage)).isoformat()
    if art in {"stichtag", "monat"}:
        raise ValueError(jahr)
    return jahr


def _schuljahr(roh: str) -> str:
    treffer = _SCHULJAHR.match(roh)
    if not treffer or (int(treffer[1]) + 1) % 100 != int(treffer[2]) % 100:
        raise ValueError(roh)
    return f"{treffer[1]}/{treffer[2][-2:]}"


def _stichtag(roh: str) -> str:
    for muster in _TAG:
        if treffer := muster.match(roh):
            teile = treffer.groupdict()
            return date(int(teile["j"]), _monatszahl(teile), int(teile["t"])).isoformat()
    return ""


def _monat(roh: str) -> str:
    for muster in _MONAT:
        if treffer := muster.match(roh):
            teile = treffer.groupdict()
            return date(int(teile["j"]), _monatszahl(teile), 1).isoformat()[:7]
    return ""


def _monatszahl(teile: dict[str, str]) -> int:
    if "m" in teile:
        return int(teile["m"])
    nummer = _MONATE.get(teile["mn"].lower())
    if nummer is None:
        raise ValueError(teile["mn"])
    return nummer
