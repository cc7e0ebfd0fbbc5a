"""Wie voll die Seiten eines PDF sind: unterste Kante des Inhalts ÷ Satzspiegel, aus dem PDF gelesen.

Dazu, welche Tabellen über eine Seite hinausgehen (:func:`zerteilte`), aus den Marken für Vorleseprogramme.
Was Typst als Zierde auszeichnet (Kopf- und Fußzeile, Linien, Farbflächen), zählt nicht. Rumpf ist alles vom
ersten bis zum letzten Kapitel; ein Kapitelende ist eine Seite, nach der ein Kapitel beginnt, und die letzte.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

OBEN, UNTEN = 26 / 25.4 * 72, 22 / 25.4 * 72
"""Ränder des Satzspiegels in Punkt."""
_KOPF = 40.0
"""So weit unter dem oberen Rand gilt ein Kapitel noch als Anfang der Seite."""
_PFAD = {"re", "l", "m", "c", "v", "y"}
_MALT = {"f", "F", "f*", "S", "s", "B", "B*", "b", "b*"}
Matrix = tuple[float, float, float, float, float, float]
Punkt = tuple[float, float]
_GLEICH: Matrix = (1, 0, 0, 1, 0, 0)


@dataclass(frozen=True, slots=True)
class Seite:
    """Eine Seite des Rumpfs: Nummer ab 1, Füllung als Anteil, ob mit ihr ein Kapitel endet."""

    nummer: int
    anteil: float
    ende: bool


def seiten(pfad: Path) -> list[Seite]:
    """Alle Seiten des Rumpfs."""
    with pikepdf.open(pfad) as pdf:
        beginne = sorted(_kapitelseiten(pdf))
        letzte = len(pdf.pages) - 1
        return [
            Seite(nr + 1, _anteil(pdf.pages[nr]), nr + 1 in beginne or nr == letzte)
            for nr in range(beginne[0], letzte + 1)
        ]


def _kapitelseiten(pdf: pikepdf.Pdf) -> Iterator[int]:
    """Auf welchen Seiten (ab 0) oben ein Kapitel beginnt; was mitten auf einer anschließt, zählt nicht."""
    orte = {seite.obj.objgen: nr for nr, seite in enumerate(pdf.pages)}
    with pdf.open_outline() as gliederung:
        for punkt in gliederung.root:
            ziel: Any = punkt.destination
            if punkt.title[:1].isdigit() and isinstance(ziel, pikepdf.Array):
                nr = orte[ziel[0].objgen]
                if float(ziel[3]) > float(pdf.pages[nr].mediabox[3]) - OBEN - _KOPF:
                    yield nr


def _anteil(seite: pikepdf.Page) -> float:
    hoehe = float(seite.mediabox[3])
    unten = min((y for _, y in punkte(seite)), default=hoehe - OBEN)
    return (hoehe - OBEN - max(unten, UNTEN)) / (hoehe - OBEN - UNTEN)


def unterkanten(pfad: Path) -> list[float]:
    """Je Seite, wie viele Millimeter über dem Blattrand ihr Inhalt endet."""
    with pikepdf.open(pfad) as pdf:
        return [min(y for _, y in punkte(seite)) / 72 * 25.4 for seite in pdf.pages]


def punkte(seite: pikepdf.Page, *, mit_zierde: bool = False) -> list[Punkt]:
    """Ecken und Schriftzeilen alles Gemalten, in Punkt von links unten."""
    maler = _Maler(mit_zierde)
    maler.male(seite, seite.obj.get("/Resources", {}), _GLEICH)
    return maler.punkte


def _mal(a: Matrix, b: Matrix) -> Matrix:
    return (
        a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4], a[4] * b[1] + a[5] * b[3] + b[5],
    )  # fmt: skip


class _Maler:
    """Malt nicht, sondern merkt die Ecken von allem, was keine Zierde ist."""

    def __init__(self, mit_zierde: bool) -> None:
        self.punkte: list[Punkt] = []
        self.mit_zierde = mit_zierde

    def male(self, strom: Any, mittel: Any, lage: Matrix) -> None:
        """Geht einen Inhalt durch und was er nennt; ``lage`` ist die der Seite, von der er ausgeht."""
        keller: list[Matrix] = []
        marken: list[bool] = []
        pfad: list[Punkt] = []
        zeile = _GLEICH
        for anweisung in pikepdf.parse_content_stream(strom):
            werte, befehl = list(anweisung.operands), str(anweisung.operator)
            if befehl == "q":
                keller.append(lage)
            elif befehl == "Q":
                lage = keller.pop()
            elif befehl == "cm":
                lage = _mal(_matrix(werte), lage)
            elif befehl in {"BMC", "BDC"}:
                marken.append(str(werte[0]) == "/Artifact")
            elif befehl == "EMC":
                marken.pop()
            elif befehl in {"BT", "Tm", "Td", "TD"}:
                zeile = _zeile(befehl, werte, zeile)
            elif befehl in _PFAD:
                ecken = _ecken(befehl, [float(w) for w in werte])
                pfad += [
                    (x * lage[0] + y * lage[2] + lage[4], x * lage[1] + y * lage[3] + lage[5])
                    for x, y in ecken
                ]
            elif befehl in _MALT | {"n", "Tj", "TJ", "Do"}:
                if self.mit_zierde or not any(marken):
                    self._merke(befehl, werte, mittel, lage, _mal(zeile, lage)[4:], pfad)
                pfad = pfad if befehl[0] == "T" else []

    def _merke(
        self, befehl: str, werte: list[Any], mittel: Any, lage: Matrix, text: Punkt, pfad: list[Punkt]
    ) -> None:
        if befehl in _MALT:
            self.punkte += pfad
        elif befehl[0] == "T":
            self.punkte.append(text)
        elif befehl == "Do":
            teil = mittel.XObject[werte[0]]
            if str(teil.Subtype) == "/Form":
                innen = _mal(_matrix(teil.get("/Matrix", _GLEICH)), lage)
                self.male(teil, teil.get("/Resources", mittel), innen)
            else:
                self.punkte.append(lage[4:])


def _zeile(befehl: str, werte: list[Any], bisher: Matrix) -> Matrix:
    if befehl == "BT":
        return _GLEICH
    if befehl == "Tm":
        return _matrix(werte)
    return _mal((1, 0, 0, 1, float(werte[0]), float(werte[1])), bisher)


def _ecken(befehl: str, zahlen: list[float]) -> list[tuple[float, float]]:
    if befehl == "re":
        x, y, breite, hoehe = zahlen
        return [(x, y), (x + breite, y + hoehe)]
    return list(zip(zahlen[::2], zahlen[1::2], strict=True))


def _matrix(werte: Any) -> Matrix:
    a, b, c, d, e, f = (float(w) for w in werte)
    return a, b, c, d, e, f


@dataclass(frozen=True, slots=True)
class Zerteilt:
    """Eine Tabelle über mehrere Seiten: die Seiten ab 1, und wie viele Zeilen auf jeder beginnen."""

    seiten: tuple[int, ...]
    zeilen: tuple[int, ...]


def zerteilte(pfad: Path) -> list[Zerteilt]:
    """Alle Tabellen, die auf mehr als einer Seite stehen."""
    with pikepdf.open(pfad) as pdf:
        orte = {seite.obj.objgen: nr for nr, seite in enumerate(pdf.pages, 1)}
        tabellen = [
            [min(_seiten(zeile, orte)) for zeile in _teile(t, "/TR")]
            for t in _teile(pdf.Root.StructTreeRoot, "/Table")
        ]
    return [
        Zerteilt(tuple(sorted(set(t))), tuple(t.count(nr) for nr in sorted(set(t))))
        for t in tabellen
        if len(set(t)) > 1
    ]


def _kinder(knoten: Any) -> list[Any]:
    dort = knoten.get("/K", [])
    kinder = list(dort) if isinstance(dort, pikepdf.Array) else [dort]
    return [k for k in kinder if isinstance(k, pikepdf.Dictionary)]


def _teile(knoten: Any, art: str) -> Iterator[Any]:
    """Alle Teile dieser Art unter einem, der Reihe nach."""
    for kind in _kinder(knoten):
        if str(kind.get("/S", "")) == art:
            yield kind
        yield from _teile(kind, art)


def _seiten(knoten: Any, orte: dict[tuple[int, int], int]) -> Iterator[int]:
    if "/Pg" in knoten:
        yield orte[knoten.Pg.objgen]
    for kind in _kinder(knoten):
        yield from _seiten(kind, orte)


def bericht(pfade: Iterable[Path]) -> tuple[str, float, float, float]:
    """Eine Zeile je PDF; dann die Anteile unter 60 und 75 % ohne Kapitelenden, unter 60 % mit ihnen."""
    zeilen, alle = [], list[Seite]()
    for pfad in pfade:
        dort = seiten(pfad)
        alle += dort
        leer = [f"{s.nummer} ({s.anteil:.0%}{', Kapitelende' * s.ende})" for s in dort if s.anteil < 0.6]
        mittel = sum(s.anteil for s in dort) / len(dort)
        zeilen.append(f"{pfad.name}: {len(dort)} Seiten, im Mittel {mittel:.0%} voll")
        zeilen[-1] += f"; unter 60 %: {', '.join(leer) or 'keine'}"
    anteile = (
        sum(s.anteil < 0.6 and not s.ende for s in alle) / len(alle),
        sum(s.anteil < 0.75 and not s.ende for s in alle) / len(alle),
        sum(s.anteil < 0.6 for s in alle) / len(alle),
    )
    zeilen.append(
        "{} Seiten: unter 60 % {:.1%}, unter 75 % {:.1%}; mit Kapitelenden {:.1%}".format(len(alle), *anteile)
    )
    return "\n".join(zeilen), *anteile


if __name__ == "__main__":
    print(bericht(map(Path, sys.argv[1:]))[0])
