"""Tabellen der Übergabe als Typst, ohne den Umweg über pandoc.

Gelesen wird genau, was ``darstellung/tabelle.py`` schreibt; bei allem anderen gibt es ``None``, und
``lua/tafel.lua`` setzt die Tabelle. Beide rechnen dieselben Breiten (Prüfung: gleiche Bytes).
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import NamedTuple

from berichtswerk.satz.tafel_lesen import Fach, Zeile, lies

_MASKIERT = {c: "\\" + c for c in "[]#<>@$*"} | {"\u00a0": "~", "–": "--"}
_MASKE = str.maketrans(_MASKIERT)
_DOPPELT = re.compile(r"(?<=([/-]))\1")
_NUMMER = re.compile(r"\d+\.(?: |$)")
# Lua vergleicht Bytes: ein Wort endet an jedem Byte des geschützten Leerzeichens.
_WORTENDE = re.compile(rb"[\s\xc2\xa0-]+")
_ZAHLIG = re.compile(
    rb"[\s()+\d.,:/%a-zA-Z"
    + b"".join(rb"\x%02x" % b for b in sorted({*"…–\u00a0\u2007\u2008\u202f\u2212‰€".encode()}))
    + rb"]*"
)
_VIER_BUCHSTABEN = re.compile(r"[a-zA-Z]{4}")
_ZIFFER = re.compile(r"[0-9]")


class _Mass(NamedTuple):
    """Was eine Spalte braucht, in Zeichen."""

    inhalt: int
    kopf: int
    wort: int
    zahl: bool
    leer: bool


class _Satz(NamedTuple):
    """So viele Zeichen fasst die Textbreite, so viele kostet der Innenabstand."""

    ganz: int
    rand: float
    stil: str


class _Breiten(NamedTuple):
    spalten: list[float]
    anteil: int
    zeichen: float
    satz: _Satz


_NORMAL = _Satz(84, 2.6, "")
_ENG = _Satz(89, 1.8, "#show table: set text(size: 8.5pt)\n#set table(inset: (x: 4pt, y: 4pt))\n")
_FETT = 1.1


@lru_cache(maxsize=1024)
def als_typst(html: str) -> str | None:
    """Der Typst-Text einer Tabelle oder ``None``, wenn sie nicht so aussieht wie die eigenen."""
    gelesen = lies(html)
    if gelesen is None:
        return None
    kopf, rumpf, breite = gelesen
    spalten = _vermessen(kopf, rumpf, breite)
    b = _spaltenbreiten(spalten)
    lage = ["right" if i and s.zahl and not s.leer else "left" for i, s in enumerate(spalten)]
    angaben = ", ".join(f"{w:.1f}fr" for w in b.spalten)
    zeilen = [
        f"#block(width: {b.anteil}%)[{b.satz.stil}#table(",
        f"  columns: ({angaben},),",
        f"  align: ({', '.join(lage)},),",
        "  table.header(repeat: true,",
    ]
    _durchlaufe(kopf, lambda i, fach: zeilen.extend(_kopffach(i, fach, b)))
    zeilen.append("  ),")
    erste = b.spalten[0] * b.zeichen - b.satz.rand
    for zeile in rumpf:
        for i, fach in enumerate(zeile.faecher):
            ganz = i == 0 and _laengstes_wort(fach.text) * _FETT <= erste
            zeilen += _fach(fach, zeile.art, "", False, ganz)
    return "\n".join([*zeilen, ")]"])


def _durchlaufe(zeilen: Sequence[Zeile], tu: Callable[[int, Fach], object]) -> None:
    """Ruft ``tu(spalte, fach)``; Fächer über mehrere Zeilen verschieben die folgenden."""
    belegt: dict[int, int] = {}
    for zeile in zeilen:
        i = 0
        for fach in zeile.faecher:
            while belegt.get(i):
                belegt[i] -= 1
                i += 1
            tu(i, fach)
            belegt |= dict.fromkeys(range(i, i + fach.spalten), fach.zeilen - 1)
            i += fach.spalten
        while belegt.get(i):
            belegt[i] -= 1
            i += 1


def _vermessen(kopf: Sequence[Zeile], rumpf: Sequence[Zeile], breite: int) -> list[_Mass]:
    texte: list[list[str]] = [[] for _ in range(breite)]
    koepfe: list[list[str]] = [[] for _ in range(breite)]
    _durchlaufe(rumpf, lambda i, f: texte[i].append(f.text) if f.spalten == 1 else None)
    _durchlaufe(kopf, lambda i, f: koepfe[i].append(f.text) if f.spalten == 1 else None)
    return [
        _Mass(
            max(map(len, t), default=1) or 1,
            max(map(_laengstes_wort, k), default=1) or 1,
            max(map(_laengstes_wort, t), default=1) or 1,
            all(map(_ist_zahl, t)),
            not t,
        )
        for t, k in zip(texte, koepfe, strict=True)
    ]


@lru_cache(maxsize=8192)
def _laengstes_wort(text: str) -> int:
    return max(map(_laenge, _WORTENDE.split(text.encode())), default=0)


def _laenge(roh: bytes) -> int:
    try:
        return len(roh.decode())
    except UnicodeDecodeError:
        return len(roh)


@lru_cache(maxsize=8192)
def _ist_zahl(text: str) -> bool:
    if _ZAHLIG.fullmatch(text.encode()) is None or _VIER_BUCHSTABEN.search(text):
        return False
    return len(text) <= 1 or _ZIFFER.search(text) is not None


def _breiten(spalten: Sequence[_Mass], kopf: float, rand: float) -> tuple[list[float], list[float]]:
    """Je Spalte die kleinste Breite (nichts Unteilbares bricht) und die gewünschte, in Zeichen."""
    klein, gross = [], []
    for i, s in enumerate(spalten):
        zahl = s.zahl and i > 0
        wunsch = s.inhalt if zahl else min(s.inhalt, 40) + min(max(s.inhalt - 40, 0), 240) * 0.4
        wort = s.wort * _FETT if i == 0 else s.wort
        mindestens = s.inhalt * 1.1 if zahl else min(wort, 24)
        klein.append(max(mindestens, min(s.kopf * _FETT, kopf), 2) + rand)
        gross.append(max(klein[i], max(wunsch, min(s.kopf * 1.15, 18)) * 1.05 + rand))
    return klein, gross


def _passende(spalten: Sequence[_Mass]) -> tuple[_Satz, list[float], list[float]]:
    for satz in (_NORMAL, _ENG):
        for kopf in (20, 14, 10):
            klein, gross = _breiten(spalten, kopf, satz.rand)
            if _summe(klein) <= satz.ganz:
                return satz, klein, gross
    return (_ENG, *_breiten(spalten, 7, _ENG.rand))


def _summe(werte: Sequence[float]) -> float:
    """Der Reihe nach addiert wie in Lua; ``sum`` gleicht seit Python 3.12 Rundungsfehler aus."""
    summe = 0.0
    for wert in werte:
        summe += wert
    return summe


def _spaltenbreiten(spalten: Sequence[_Mass]) -> _Breiten:
    satz, klein, gross = _passende(spalten)
    summe_klein, summe_gross = _summe(klein), _summe(gross)
    teil = 1.0
    if summe_gross > satz.ganz and summe_gross > summe_klein:
        teil = max(0.0, (satz.ganz - summe_klein) / (summe_gross - summe_klein))
    liste = [k + (g - k) * teil for k, g in zip(klein, gross, strict=True)]
    anteil = math.ceil(summe_gross / satz.ganz * 100)
    anteil = 100 if anteil > 78 else max(60, anteil)
    return _Breiten(liste, anteil, satz.ganz * anteil / 100 / _summe(liste), satz)


def _kopffach(i: int, fach: Fach, b: _Breiten) -> list[str]:
    platz = -b.satz.rand
    for w in b.spalten[i : i + fach.spalten]:
        platz += w * b.zeichen
    trennen = _laengstes_wort(fach.text) * _FETT > platz
    return _fach(fach, "kopf", "center" if fach.spalten > 1 else "", trennen, False)


def _fach(fach: Fach, stil: str, lage: str, trennen: bool, ganz: bool) -> list[str]:
    angaben = [
        *(["trennen: true"] if trennen else ()),
        *([f"colspan: {fach.spalten}"] if fach.spalten > 1 else ()),
        *([f"rowspan: {fach.zeilen}"] if fach.zeilen > 1 else ()),
        *([f"align: {lage}"] if lage else ()),
    ]
    name = f"bw-zelle-{stil}" if stil else "table.cell"
    teile = [f"  {name}({', '.join(angaben)})["]
    if ganz:
        teile.append("#set text(hyphenate: false)")
    if fach.text:
        teile.append(_maskiere(fach.text))
    return [*teile, "  ],"]


@lru_cache(maxsize=8192)
def _maskiere(text: str) -> str:
    """Wie pandoc Text nach Typst schreibt, für die Zeichen aus ``_ERLAUBT``."""
    vorn = "\\" if text[0] in "=+-/(" or _NUMMER.match(text) else ""
    return vorn + _DOPPELT.sub(r"\\\1", text).translate(_MASKE)
