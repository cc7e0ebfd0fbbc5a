"""Zahlen lesen, runden und schreiben, wie es in deutschen Berichten üblich ist.

Gerechnet wird ungerundet; gerundet wird erst beim Zeigen, kaufmännisch (5 rundet vom Betrag weg).
"""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Literal

SCHMAL = "\u202f"
"""Schmales geschütztes Leerzeichen: Tausendergruppen und vor Einheiten."""
GESCHUETZT = "\u00a0"
MINUS = "\u2212"
BIS = "\u2013"

Zahlform = Literal["deutsch", "englisch", "schweizerisch", "schlicht"]
"""deutsch: 1.234,5 · englisch: 1,234.5 · schweizerisch: 1'234.5 · schlicht: 1234.5 oder 1234,5."""

_WEIT = Context(prec=400)
"""Genug Stellen für jede Gleitkommazahl; der übliche Kontext endet bei 28."""

_LEER = str.maketrans("", "", "\u0020\u00a0\u202f\u2009\u2007")
_MUSTER: dict[Zahlform, re.Pattern[str]] = {
    "deutsch": re.compile(r"[+-]?([1-9][0-9]{0,2}(\.[0-9]{3})+|[0-9]+)(,[0-9]+)?"),
    "englisch": re.compile(r"[+-]?([1-9][0-9]{0,2}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?"),
    "schweizerisch": re.compile(r"[+-]?([1-9][0-9]{0,2}(['’][0-9]{3})+|[0-9]+)(\.[0-9]+)?"),
    "schlicht": re.compile(r"[+-]?[0-9]+([.,][0-9]+)?"),
}


def dezimal(wert: float | int | Decimal) -> Decimal:
    """Wandelt in Decimal, ohne die Störziffern der binären Darstellung (15 gültige Stellen)."""
    if isinstance(wert, Decimal):
        return wert
    if isinstance(wert, int):
        return Decimal(wert)
    return Decimal(f"{wert:.15g}")


@lru_cache(maxsize=1 << 16, typed=True)
def exakt(wert: float | int | Decimal) -> Fraction:
    """Wie :func:`dezimal`, als Bruch zum genauen Rechnen."""
    if isinstance(wert, float) and wert.is_integer() and abs(wert) < 1e15:
        return Fraction(int(wert))  # derselbe Bruch, ohne den Umweg über Text
    return Fraction(dezimal(wert))


def runde(wert: float | int | Decimal, stellen: int = 0) -> Decimal:
    """Rundet kaufmännisch auf ``stellen`` Nachkommastellen (negativ: auf Zehner, Hunderter …)."""
    schritt = Decimal(1).scaleb(-stellen)
    gerundet = dezimal(wert).quantize(schritt, rounding=ROUND_HALF_UP, context=_WEIT)
    return gerundet if gerundet else abs(gerundet)


@lru_cache(maxsize=8192, typed=True)
def schreibe(wert: float | int | Decimal, stellen: int = 0, *, vorzeichen: bool = False) -> str:
    """Schreibt eine Zahl deutsch: U+202F als Gruppe, Komma, U+2212 als Minus.

    ``vorzeichen=True`` schreibt auch ein Plus vor positive Zahlen (Veränderungen).
    """
    zahl = runde(wert, stellen)
    text = f"{abs(zahl):,.{max(stellen, 0)}f}".replace(",", SCHMAL).replace(".", ",")
    if zahl < 0:
        return MINUS + text
    return "+" + text if vorzeichen and zahl > 0 else text


def mit_einheit(text: str, einheit: str | None) -> str:
    """Hängt die Einheit mit schmalem (Prozent, Promille) oder geschütztem Leerzeichen an."""
    if not einheit:
        return text
    abstand = SCHMAL if einheit in {"%", "‰", "€"} else GESCHUETZT
    return f"{text}{abstand}{einheit}"


def lies(text: str, form: Zahlform = "deutsch") -> Decimal:
    """Liest eine Zahl in der angegebenen Form; Leerzeichen als Gruppen sind immer erlaubt.

    ``1.234`` ist nur bei ``form="deutsch"`` 1234; ``12.5`` ist bei ``deutsch`` ein Fehler, nie 125.

    Raises:
        ValueError: wenn der Text in dieser Form keine Zahl ist.
    """
    roh = text.strip().replace(MINUS, "-").replace(BIS, "-").translate(_LEER)
    if not _MUSTER[form].fullmatch(roh):
        raise ValueError(text)
    if form == "deutsch":
        roh = roh.replace(".", "")
    elif form == "englisch":
        roh = roh.replace(",", "")
    elif form == "schweizerisch":
        roh = roh.replace("'", "").replace("’", "")
    return Decimal(roh.replace(",", "."))


MONATE = (
    *("Januar", "Februar", "März", "April", "Mai", "Juni"),
    *("Juli", "August", "September", "Oktober", "November", "Dezember"),
)


def datum(tag: date, *, lang: bool = False) -> str:
    """``31.12.2024`` oder lang ``31. Dezember 2024``."""
    if lang:
        return f"{tag.day}.{GESCHUETZT}{MONATE[tag.month - 1]}{GESCHUETZT}{tag.year}"
    return f"{tag.day:02d}.{tag.month:02d}.{tag.year}"


def zeitraum(von: int | str, bis: int | str) -> str:
    """``2019–2024`` mit Bis-Strich ohne Abstand; gleiche Grenzen nur einmal."""
    return str(von) if str(von) == str(bis) else f"{von}{BIS}{bis}"
