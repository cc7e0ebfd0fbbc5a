"""HTML-Tabellen der Übergabe lesen: genau das, was ``darstellung/tabelle.py`` schreibt, und nichts sonst."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_TABELLE = re.compile(r'<table(?: class="[\w -]*")?>\s*<thead>(.*?)</thead>(.*)</table>', re.DOTALL)
_RUMPF = re.compile(r"\s*<tbody>(.*?)</tbody>\s*", re.DOTALL)
_ZEILE = re.compile(r'\s*<tr(?: class="(gruppe|summe|vergleich)")?>(.*?)</tr>\s*', re.DOTALL)
_FACH = re.compile(
    r'<(t[hd])((?: (?:scope="[a-z]+"|class="zahl"|(?:col|row)span="[1-9]\d?"))*)>'
    r'(?:([^<]*)|<span aria-hidden="true">([^<]*)</span><span class="bw-vorlesen">[^<]*</span>)</\1>'
)
_SPANNE = re.compile(r'(col|row)span="(\d+)"')
_ERLAUBT = re.compile(
    r"(?:[^\W_]|[%()+,\-./:;=|§©↑↓−–…„“‚!?€‰·²³&<>*#\[\]@$\u00a0\u2007\u2008\u202f]| (?! ))*"
)
_UNSICHER = re.compile(r"&(?!amp;|lt;|gt;)|^ | $|(?:^| )(?:;|\.[^ ])")


class Fach(NamedTuple):
    """Eine Zelle: Text, verbundene Spalten und Zeilen, ob Kopfzelle."""

    text: str
    spalten: int
    zeilen: int
    kopf: bool


class Zeile(NamedTuple):
    """Eine Tabellenzeile; ``art`` ist leer, ``gruppe``, ``summe`` oder ``vergleich``."""

    art: str
    faecher: tuple[Fach, ...]


def lies(html: str) -> tuple[list[Zeile], list[Zeile], int] | None:
    """Kopfzeilen, Rumpfzeilen und Spaltenzahl; ``None`` bei jeder Abweichung."""
    tabelle = _TABELLE.fullmatch(html.strip())
    koerper = _alle(_RUMPF, tabelle[2]) if tabelle else None
    kopf = _zeilen(tabelle[1]) if tabelle else None
    if not kopf or koerper is None:
        return None
    rumpf: list[Zeile] = []
    for text in koerper:
        zeilen = _zeilen(text[1])
        if zeilen is None or not _koepfe_zuerst(zeilen):
            return None
        rumpf += zeilen
        if not _fuellt(zeilen, _breite(kopf)):
            return None
    breite = _breite(kopf)
    return (kopf, rumpf, breite) if _fuellt(kopf, breite) else None


def _alle(muster: re.Pattern[str], text: str) -> list[re.Match[str]] | None:
    """Alle Funde, wenn sie den Text lückenlos ergeben."""
    funde = list(muster.finditer(text))
    if sum(f.end() - f.start() for f in funde) != len(text):
        return None if text.strip() else []
    return funde


def _zeilen(text: str) -> list[Zeile] | None:
    gelesen = []
    for fund in _alle(_ZEILE, text) or ():
        funde = _alle(_FACH, fund[2])
        if not funde or any(not _lesbar(f[3] or f[4] or "") for f in funde):
            return None
        gelesen.append(Zeile(fund[1] or "", tuple(_fach_aus(f) for f in funde)))
    return gelesen or None


def _lesbar(text: str) -> bool:
    """Nur Zeichen, deren Maskierung hier steht."""
    return _ERLAUBT.fullmatch(text) is not None and not _UNSICHER.search(text)


def _fach_aus(fund: re.Match[str]) -> Fach:
    text = (fund[3] or fund[4] or "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    spannen = {art: int(n) for art, n in _SPANNE.findall(fund[2])} if "span" in fund[2] else {}
    return Fach(text, spannen.get("col", 1), spannen.get("row", 1), fund[1] == "th")


def _koepfe_zuerst(zeilen: Sequence[Zeile]) -> bool:
    """pandoc stellt Zeilen aus lauter Kopfzellen an den Anfang ihres Körpers."""
    nur_koepfe = [all(f.kopf for f in z.faecher) for z in zeilen]
    return nur_koepfe == sorted(nur_koepfe, reverse=True)


def _breite(kopf: Sequence[Zeile]) -> int:
    return sum(f.spalten for f in kopf[0].faecher)


def _fuellt(zeilen: Sequence[Zeile], breite: int) -> bool:
    """Jede Zeile füllt, mit dem von oben Hereinragenden, genau die Breite; unten ragt nichts heraus."""
    rest = [0] * breite
    for zeile in zeilen:
        i = 0
        for fach in zeile.faecher:
            while i < breite and rest[i]:
                rest[i] -= 1
                i += 1
            if i + fach.spalten > breite or any(rest[i : i + fach.spalten]):
                return False
            rest[i : i + fach.spalten] = [fach.zeilen - 1] * fach.spalten
            i += fach.spalten
        while i < breite and rest[i]:
            rest[i] -= 1
            i += 1
        if i != breite:
            return False
    return not any(rest)
