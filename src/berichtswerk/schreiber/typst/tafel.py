"""Tabellen als Typst: Spaltenbreiten nach Inhalt, Kopf wiederholt sich, Zahlen stehen rechts."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from statistics import fmean
from typing import Literal, NamedTuple

from berichtswerk.gegenstand.gegenstaende import Tabellenmodell, Tabellenzeile, Tabellenzelle
from berichtswerk.grund.abstand import geschuetzt, mit_einheit_fest
from berichtswerk.schreiber.typst import maskiere
from berichtswerk.tabelle.tabelle import polster, zelltext


@dataclass(frozen=True, slots=True)
class Fach:
    """Eine Zelle: Wortlaut (für die Breite), Typst-Text, verbundene Spalten und Zeilen."""

    text: str
    inhalt: str
    spalten: int = 1
    zeilen: int = 1


@dataclass(frozen=True, slots=True)
class Zeile:
    """Eine Tabellenzeile; ``art`` ist leer, ``gruppe``, ``summe`` oder ``vergleich``."""

    art: str
    faecher: tuple[Fach, ...]


class _Mass(NamedTuple):
    """Was eine Spalte braucht, in Zeichen; ``rechts`` steht auch eine, die meist Zahlen hat, sonst Wörter."""

    inhalt: float
    kopf: int
    wort: int
    zahl: bool
    leer: bool
    rechts: bool


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


_ENGER = "#show table: set text(size: 8.5pt)\n#set table(inset: (x: 4pt, y: 4pt))\n"
_DICHT = _ENGER.replace("x: 4pt", "x: 2.5pt")
_SCHMAL = (_Satz(70, 2.6, ""), _Satz(74, 1.8, _ENGER))
_BREIT = (_Satz(98, 2.6, ""), _Satz(104, 1.8, _ENGER))
BALKEN_AB, BALKEN_BIS = 5, 15
"""Bei so vielen Gebieten zeigen Balken, wo sie zueinander stehen; mit mehr wird die Tabelle zu hoch."""
_FETT = 1.1
_SILBE = 4
"""So viel mehr als die Hälfte eines Worts braucht eine Spalte, damit es höchstens einmal getrennt wird."""
_KURZ = 40
"""So viele Zeichen hat eine Angabe; was doppelt so lang ist, sind Sätze, und sie brauchen den Platz."""
_WORTE = 16
"""Bis zu so vielen Zeichen steht ein Text („= ausgeglichen“) in einer Zeile."""
_NAME = 20
"""So breit sind Zeilenköpfe auch dort, wo die Köpfe der Spalten getrennt werden müssen."""
_LUFT = 15
"""So viele Zeichen sollen Sätzen über das Unteilbare hinaus bleiben; sonst wird die Schrift kleiner."""
_EINZEILIG, _ENG, _VERSCHNITT, _SCHRITT = 1.1, 1.28, 5.0, 8
"""Text läuft enger als Zahlen, fließender noch mehr, verliert aber je Zeile beim Umbruch; um so viele Zeichen
auf einmal wird eine Spalte breiter."""
_GETRENNT, _KOPFWORT = 10, 13
"""In Sätzen dürfen längere Wörter getrennt werden; in kurzen Angaben neben Sätzen noch längere."""
_SCHMALE = "(),.:\u202f"
_WORTENDE = re.compile(r"[ \t\n-]+")
_ZAHLIG = re.compile(r"[\s()+\d.,:…/%‰€a-zA-Z–\u00a0\u2007\u2008\u202f\u2212-]*")
_JAHR = re.compile(r"\d{4}(?!\d)")
_VIER_BUCHSTABEN = re.compile(r"[a-zA-Z]{4}")


def tabelle(modell: Tabellenmodell, *, breit: bool = False) -> Satztafel:
    """Eine Tabelle der Gegenstände; ``breit``: über beide Spalten."""
    breiten = polster(modell)
    balken = _balken(modell)
    kopf = [Zeile("", tuple(_fach_aus(z, mit_einheit_fest(z.text)) for z in zeile)) for zeile in modell.kopf]
    rumpf = [
        Zeile(
            "" if zeile.art == "zeile" else zeile.art,
            tuple(
                _fach_aus(z, zelltext(z, breiten, i), balken.get(i) if zeile.art == "zeile" else None)
                for i, z in enumerate(zeile.zellen)
            ),
        )
        for zeile in modell.zeilen
    ]
    return setze(kopf, rumpf, breit=breit, gleich=[j for j in _jahre(modell) if balken.keys() & set(j)])


def stapel(modell: Tabellenmodell) -> Satztafel:
    """Viele Gebiete nebeneinander, auf Papier gestürzt: je Zwischenüberschrift eine eigene Tabelle.

    In ihr stehen Gebiete untereinander, Kennzahlen nebeneinander; die Spalte mit dem Vergleich (die zweite)
    wird zur Summe.
    """
    kopf = modell.kopf[0]
    teile: list[tuple[str, list[Tabellenzeile]]] = []
    for zeile in modell.zeilen:
        if zeile.art == "gruppe" or not teile:
            teile.append((zeile.zellen[0].text if zeile.art == "gruppe" else "", []))
        if zeile.art != "gruppe":
            teile[-1][1].append(zeile)
    reihen = []
    for titel, zeilen in teile:
        oben = (kopf[0].model_copy(update={"text": "Gebiet"}), *(z.zellen[0] for z in zeilen))
        gebiete = []
        for i in (*range(2, len(kopf)), 1):
            art: Literal["zeile", "summe"] = "summe" if i == 1 else "zeile"
            gebiete.append(Tabellenzeile(art=art, zellen=(kopf[i], *(z.zellen[i] for z in zeilen))))
        satz = tabelle(Tabellenmodell(kopf=(oben,), zeilen=tuple(gebiete)), breit=True)
        reihen.append(f"  [#block(above: 0pt, below: 6pt, strong[{maskiere(titel)}])\n{satz.text}],")
    return Satztafel("#block(width: bw-voll)[#bw-stapel(", "", tuple(reihen), 1)


def _balken(modell: Tabellenmodell) -> dict[int, tuple[float, float]]:
    """Spalten mit Balken: größter Wert und der des Gebiets aus allen.

    Nur wo viele Gebiete unter einem stehen, das kein Vielfaches von ihnen ist (Anteile, keine Anzahlen), und
    nichts negativ ist.
    """
    zeilen = [z.zellen for z in modell.zeilen if z.art == "zeile"]
    summen = [z.zellen for z in modell.zeilen if z.art == "summe"]
    gegliedert = any(z.art == "gruppe" for z in modell.zeilen)
    breite = sum(z.spalten for z in modell.kopf[0])
    if (
        not gegliedert
        or len(summen) != 1
        or not BALKEN_AB <= len(zeilen) <= BALKEN_BIS
        or any(len(z) != breite for z in zeilen)
    ):
        return {}
    fertig = {}
    for i in range(1, breite):
        werte, ganz = [w for z in zeilen if (w := z[i].wert) is not None], summen[0][i].wert
        if ganz is None or len(werte) < BALKEN_AB or any(z[i].spanne for z in zeilen):
            continue
        groesster = max(*werte, ganz)
        if min(*werte, ganz) >= 0 and 0 < ganz <= max(werte):
            fertig[i] = (groesster, ganz)
    for jahre in _jahre(modell):
        hoechster = max((fertig[i][0] for i in jahre if i in fertig), default=0.0)
        fertig |= {i: (hoechster, fertig[i][1]) for i in jahre if i in fertig}
    return fertig


def _jahre(modell: Tabellenmodell) -> list[range]:
    """Spalten, in denen dieselbe Kennzahl für mehrere Jahre steht: unter einem Kopf nur Jahre."""
    if len(modell.kopf) != 2 or any(z.spalten > 1 for z in modell.kopf[1]):
        return []
    unten = iter(modell.kopf[1])
    gruppen, i = [], 0
    for zelle in modell.kopf[0]:
        spalten = range(i, i + zelle.spalten)
        i += zelle.spalten
        koepfe = list(islice(unten, len(spalten))) if zelle.zeilen == 1 else []
        if len(koepfe) > 1 and all(_JAHR.match(k.text) for k in koepfe):
            gruppen.append(spalten)
    return gruppen


def _fach_aus(zelle: Tabellenzelle, text: str, balken: tuple[float, float] | None = None) -> Fach:
    inhalt = maskiere(geschuetzt(text))
    if balken and zelle.wert is not None:
        anteil, strich = (f"{w / balken[0]:.3f}" for w in (zelle.wert, balken[1]))
        inhalt = f"#bw-balken({anteil}, {strich})[{inhalt}]"
    return Fach(text, inhalt, zelle.spalten, zelle.zeilen)


@dataclass(frozen=True, slots=True)
class Satztafel:
    """Eine Tabelle in Stücken: was sie öffnet, ihr Kopf, ihre Reihen.

    Zwischen zwei Reihen kann sie umbrechen: eine Zwischenüberschrift gehört zur Zeile danach, verbundene
    Zeilen zueinander. So viele wie ``beisammen`` stehen mindestens auf einer Seite.
    """

    auf: str
    kopf: str
    reihen: tuple[str, ...]
    beisammen: int = 3

    def mit(self, *reihen: str) -> str:
        """Die Tabelle aus diesen Stücken (Kopf, Reihen)."""
        return "\n".join([self.auf, *(r for r in reihen if r), ")]"])

    @property
    def text(self) -> str:
        """Die ganze Tabelle."""
        return self.mit(self.kopf, *self.reihen)


def setze(
    kopf: Sequence[Zeile], rumpf: Sequence[Zeile], *, breit: bool = False, gleich: Sequence[range] = ()
) -> Satztafel:
    """Kopf- und Rumpfzeilen als ``#table`` in einem Block passender Breite; ``gleich`` breit sind Spalten,
    deren Balken man vergleicht.
    """
    spalten = _vermessen(kopf, rumpf)
    for i in (i for jahre in gleich for i in jahre):
        daneben = [spalten[k] for jahre in gleich if i in jahre for k in jahre]
        spalten[i] = spalten[i]._replace(
            **{n: max(getattr(m, n) for m in daneben) for n in ("inhalt", "kopf", "wort")}
        )
    b = _spaltenbreiten(spalten, _BREIT if breit else _SCHMAL, _laengen((*kopf, *rumpf)))
    for jahre in gleich:
        b.spalten[jahre.start : jahre.stop] = [fmean(b.spalten[i] for i in jahre)] * len(jahre)
    lage = ["right" if i and s.rechts and not s.leer else "left" for i, s in enumerate(spalten)]
    auf = [
        f"#block(width: {b.anteil}%)[{b.satz.stil}#table(",
        f"  columns: ({', '.join(f'{w:.1f}fr' for w in b.spalten)},),",
        f"  align: ({', '.join(lage)},),",
    ]
    oben: list[str] = []
    if kopf:
        _durchlaufe(kopf, lambda i, fach: oben.append(_kopffach(i, fach, b)))
        oben = ["  table.header(repeat: true,", *oben, "  ),"]
    return Satztafel("\n".join(auf), "\n".join(oben), tuple(_reihen(rumpf, b)))


def _reihen(rumpf: Sequence[Zeile], b: _Breiten) -> Iterator[str]:
    reihe: list[str] = []
    offen = 0
    for zeile in rumpf:
        gruppe = zeile.art == "gruppe"
        # eine Zwischenüberschrift ist für Typst ein Kopf: nie die letzte Zeile einer Seite
        reihe += ["  table.header(level: 2, repeat: false,"] if gruppe else []
        for i, fach in enumerate(zeile.faecher):
            breit = b.spalten[i] * b.zeichen - b.satz.rand if i < len(b.spalten) else 0.0
            # kurze Angaben werden nicht getrennt, wo ihre Wörter in die Spalte passen
            ganz = (i == 0 or len(fach.text) <= _KURZ) and _laengstes_wort(fach.text) * _FETT <= breit
            reihe.append(_fach(fach, zeile.art, ganz=ganz))
        reihe += ["  ),"] if gruppe else []
        offen = max(offen, *(f.zeilen for f in zeile.faecher), 1) - 1
        if not gruppe and not offen:
            yield "\n".join(reihe)
            reihe = []
    if reihe:
        yield "\n".join(reihe)


def _durchlaufe(zeilen: Sequence[Zeile], tu: Callable[[int, Fach], object]) -> None:
    """Ruft ``tu(spalte, fach)``; Fächer über mehrere Zeilen verschieben die folgenden."""
    belegt: dict[int, int] = {}
    for zeile in zeilen:
        i = 0
        for fach in zeile.faecher:
            i = _naechste(belegt, i)
            tu(i, fach)
            belegt |= dict.fromkeys(range(i, i + fach.spalten), fach.zeilen - 1)
            i += fach.spalten
        _naechste(belegt, i)


def _naechste(belegt: dict[int, int], i: int) -> int:
    """Die erste freie Spalte ab ``i``; was von oben hereinragt, ist eine Zeile kürzer."""
    while belegt.get(i):
        belegt[i] -= 1
        i += 1
    return i


def _vermessen(kopf: Sequence[Zeile], rumpf: Sequence[Zeile]) -> list[_Mass]:
    erste = (kopf or rumpf)[0]
    breite = sum(f.spalten for f in erste.faecher)
    texte: list[list[str]] = [[] for _ in range(breite)]
    koepfe: list[list[str]] = [[] for _ in range(breite)]
    for liste, zeilen in ((texte, rumpf), (koepfe, kopf)):

        def nimm(i: int, f: Fach, liste: list[list[str]] = liste) -> None:
            if f.spalten == 1 and i < breite:
                liste[i].append(f.text)

        _durchlaufe(zeilen, nimm)
    return [
        _Mass(
            max(map(_laenge, t), default=1) or 1,
            max(map(_laengstes_wort, k), default=1) or 1,
            max(map(_laengstes_wort, t), default=1) or 1,
            all(map(_ist_zahl, t)),
            not t,
            2 * sum(map(_ist_zahl, t)) >= len(t) and all(_ist_zahl(e) or len(e) <= _WORTE for e in t),
        )
        for t, k in zip(texte, koepfe, strict=True)
    ]


def _laenge(text: str) -> float:
    """Die Länge in Zeichen; Satzzeichen und schmale Leerzeichen sind keine ganzen."""
    return len(text) - 0.4 * sum(map(text.count, _SCHMALE))


def _laengstes_wort(text: str) -> int:
    return max(map(len, _WORTENDE.split(text)), default=0)


def _ist_zahl(text: str) -> bool:
    if _ZAHLIG.fullmatch(text) is None or _VIER_BUCHSTABEN.search(text):
        return False
    return len(text.strip()) <= 1 or any(z.isdigit() for z in text)  # ein Zeichen ist aufgefüllt wie Zahlen


def _breiten(spalten: Sequence[_Mass], kopf: float, rand: float) -> tuple[list[float], list[float]]:
    """Je Spalte die kleinste Breite (nichts Unteilbares bricht) und die gewünschte, in Zeichen."""
    klein, gross = [], []
    prosa = max(s.inhalt for s in spalten) > 2 * _KURZ
    for i, s in enumerate(spalten):
        zahl = s.zahl and i > 0
        wunsch = s.inhalt if zahl else min(s.inhalt, _KURZ) + min(max(s.inhalt - _KURZ, 0), 240) * 0.4
        wort = s.wort * _FETT if i == 0 else s.inhalt if s.inhalt <= _WORTE and not prosa else s.wort
        if i and not prosa and _WORTE < s.inhalt <= 2 * _WORTE:  # in zwei Zeilen
            wort = max(wort, s.inhalt * 0.65)
        trennbar = 24 if not prosa else _GETRENNT if i and s.inhalt > _KURZ else _KOPFWORT
        mindestens = s.inhalt * 1.1 if zahl else min(wort, trennbar)
        if i == 0 and s.inhalt <= _KURZ and not prosa:  # Zeilenköpfe möglichst in einer Zeile
            mindestens = max(mindestens, min(s.inhalt, max(kopf, _NAME)))
        kopfwort = s.kopf * _FETT
        klein.append(max(mindestens, min(kopfwort, max(kopf, kopfwort / 2 + _SILBE)), 2) + rand)
        gross.append(max(klein[i], max(wunsch, min(s.kopf * 1.15, 18)) * 1.05 + rand))
    return klein, gross


def _passende(spalten: Sequence[_Mass], saetze: Sequence[_Satz]) -> tuple[_Satz, list[float], list[float]]:
    luft = _LUFT if any(s.inhalt > 2 * _KURZ for s in spalten) else 0
    for frei, koepfe in ((luft, (20, 14)), (0, (20, 14, 10))):
        for kopf in koepfe:
            for satz in saetze:
                klein, gross = _breiten(spalten, kopf, satz.rand)
                if sum(klein) + frei <= satz.ganz:
                    return satz, klein, gross
    satz = _Satz(saetze[-1].ganz, 1.1, _DICHT)
    return (satz, *_breiten(spalten, 6, satz.rand))


def _laengen(zeilen: Sequence[Zeile]) -> list[list[tuple[int, float]]]:
    """Je Zeile Spalte und Länge ihrer Fächer; Zeilen mit verbundenen Fächern zählen nicht."""
    einfach = (z.faecher for z in zeilen if all(f.spalten == f.zeilen == 1 for f in z.faecher))
    return [[(i, _laenge(f.text)) for i, f in enumerate(faecher)] for faecher in einfach]


def _flach(
    klein: Sequence[float], ganz: float, rand: float, reihen: Sequence[Sequence[tuple[int, float]]]
) -> list[float]:
    """Breiten ab ``klein``, verteilt, wo sie die Tabelle am meisten verkürzen; ein Rest geht an alle."""
    breiten = list(klein)

    def zeilen(laenge: float, weite: float) -> int:
        if laenge <= (weite - rand) * _EINZEILIG:
            return 1
        return max(2, math.ceil(laenge / max((weite - rand) * _ENG - _VERSCHNITT, 1.0)))

    def umbrochene() -> dict[int, list[tuple[float, int, int]]]:
        """Je Spalte die Fächer mit mehreren Zeilen: Länge, Zeilen, und die des höchsten daneben."""
        faecher: dict[int, list[tuple[float, int, int]]] = {}
        for reihe in reihen:
            hoehen = {i: zeilen(n, breiten[i]) for i, n in reihe}
            for i, laenge in reihe:
                if hoehen[i] > 1:
                    daneben = max((h for j, h in hoehen.items() if j != i), default=1)
                    faecher.setdefault(i, []).append((laenge, hoehen[i], daneben))
        return faecher

    def gewinn(faecher: Sequence[tuple[float, int, int]], weite: float) -> float:
        """Zeilen, die die Tabelle kürzer wird; was nur in der Spalte kürzer wird, zählt ein Viertel."""
        summe = 0.0
        for laenge, bisher, daneben in faecher:
            neu = zeilen(laenge, weite)
            summe += max(bisher, daneben) - max(neu, daneben) + (bisher - neu) / 4
        return summe

    frei, schritt = ganz - math.fsum(klein), _SCHRITT
    while frei >= 1:
        wege = [
            (gewinn(faecher, breiten[spalte] + mehr) / mehr, -mehr, spalte)
            for spalte, faecher in umbrochene().items()
            for mehr in range(1, min(int(frei), schritt) + 1)
        ]
        nutzen, mehr, spalte = max(wege, default=(0.0, 0, 0))
        if not nutzen and schritt < frei:  # erst ein größerer Schritt spart wieder eine Zeile
            schritt = math.ceil(frei)
            continue
        if not nutzen:
            break
        breiten[spalte] -= mehr
        frei += mehr
    return [b * ganz / (ganz - frei) for b in breiten]


def _spaltenbreiten(
    spalten: Sequence[_Mass], saetze: Sequence[_Satz], reihen: Sequence[Sequence[tuple[int, float]]]
) -> _Breiten:
    satz, klein, gross = _passende(spalten, saetze)
    summe_klein, summe_gross = math.fsum(klein), math.fsum(gross)
    teil = 1.0
    if summe_gross > satz.ganz and summe_gross > summe_klein:
        teil = max(0.0, (satz.ganz - summe_klein) / (summe_gross - summe_klein))
    liste = [k + (g - k) * teil for k, g in zip(klein, gross, strict=True)]
    if 0 < teil < 1:  # sie sind nicht alle so breit, wie sie sollten: dann zählt, wie hoch die Tabelle wird
        liste = _flach(klein, satz.ganz, satz.rand, reihen)
    anteil = math.ceil(summe_gross / satz.ganz * 100)
    anteil = 100 if anteil > 78 else max(60, anteil)
    return _Breiten(liste, anteil, satz.ganz * anteil / 100 / math.fsum(liste), satz)


def _kopffach(i: int, fach: Fach, b: _Breiten) -> str:
    """Ein Wort, das breiter ist als seine Spalte, beginnt eine Zeile und wird getrennt."""
    platz = sum(b.spalten[i : i + fach.spalten]) * b.zeichen - b.satz.rand
    lange = [w for w in fach.text.split(" ") if _laengstes_wort(w) * _FETT > platz]
    inhalt = fach.inhalt
    for wort in map(maskiere, lange):
        inhalt = inhalt.replace(f" {wort}", f"#bw-neue-zeile;{wort}", 1)
    lage = "center" if fach.spalten > 1 else ""
    return _fach(replace(fach, inhalt=inhalt), "kopf", lage=lage, trennen=bool(lange))


def _fach(fach: Fach, stil: str, *, lage: str = "", trennen: bool = False, ganz: bool = False) -> str:
    angaben = [
        *(["trennen: true"] if trennen else ()),
        *([f"colspan: {fach.spalten}"] if fach.spalten > 1 else ()),
        *([f"rowspan: {fach.zeilen}"] if fach.zeilen > 1 else ()),
        *([f"align: {lage}"] if lage else ()),
    ]
    name = f"bw-zelle-{stil}" if stil else "table.cell"
    davor = "#set text(hyphenate: false)\n" if ganz else ""
    return f"  {name}({', '.join(angaben)})[{davor}{fach.inhalt}],"
