"""Was zwischen zwei Abbildern anders ist: Sätze, Zahlen, Definitionen, Quellen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from berichtswerk.jahr.abbild import Abbild, Satz, Zahl

ERSCHEINT, VERSCHWINDET = "erscheint", "erscheint nicht mehr"
"""Eine Bedingung zeigt den Satz jetzt oder nicht mehr."""
AEHNLICH = 0.4
"""So viele Wörter eines umgeschriebenen Satzes sind geblieben; sind es weniger, ist er ein anderer."""
_JAHR = re.compile(r"(?<![\d.,])(?:19|20)\d\d(?!\d|[.,]\d)")
_ZIFFERN = re.compile(r"\d+(?:[.,  ]\d+)*")
_RICHTUNG = re.compile(
    r"\b(?:ge|an)?(?:stiegen|sunken|wachsen|fallen)\b|\b(?:steig|sink|wächst|fällt|zugenommen|abgenommen"
    r"|Zunahme|Abnahme|Rückgang|Anstieg|kaum verändert|mehr als|weniger als|über dem|unter dem)\w*",
    re.IGNORECASE,
)
_RANG = re.compile(
    r"\b(?:\w*höchst\w*|\w*niedrigst\w*|\w*größt\w*|\w*kleinst\w*|(?:Rang|Platz) \d+"
    r"|(?:erst|letzt)e[nr]? (?:Stelle|Platz))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Satzpaar:
    """Ein Satz vorher und nachher (einer kann fehlen) und was an ihm anders ist."""

    alt: Satz | None
    neu: Satz | None
    gruende: tuple[str, ...]

    @property
    def satz(self) -> Satz:
        """Der neue Satz, sonst der alte: er sagt, wo es steht."""
        satz = self.neu or self.alt
        assert satz is not None
        return satz

    @property
    def wo(self) -> str:
        """Datei und Zeile, mit Gebiet und Variante."""
        zusatz = ", ".join(t for t in (self.satz.variante, self.satz.bereich) if t)
        return f"{self.satz.datei}, Zeile {self.satz.zeile}" + (f" ({zusatz})" if zusatz else "")


@dataclass(frozen=True, slots=True)
class Begriffspaar:
    """Ein Name, dessen Definition oder Quelle sich geändert hat."""

    kennung: str
    name: str
    was: str
    alt: str
    neu: str


@dataclass(slots=True)
class Unterschied:
    """Alles, was anders ist; ``neue`` und ``entfallene`` Zahlen stehen für sich."""

    alt: Abbild
    neu: Abbild
    saetze: list[Satzpaar] = field(default_factory=list)
    geaendert: list[tuple[Zahl, Zahl]] = field(default_factory=list)
    neue: list[Zahl] = field(default_factory=list)
    entfallene: list[Zahl] = field(default_factory=list)
    begriffe: list[Begriffspaar] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.saetze or self.geaendert or self.neue or self.entfallene or self.begriffe)


def vergleiche(alt: Abbild, neu: Abbild) -> Unterschied:
    """Stellt zwei Abbilder nebeneinander."""
    u = Unterschied(alt, neu)
    begriffe = list(_begriffe(alt, neu))
    betroffen: dict[str, list[str]] = {b.kennung: [] for b in begriffe}
    for b in begriffe:
        betroffen[b.kennung].append(b.was)
    # was zwei Namen derselben Kennzahl gleich sagen, steht einmal da
    u.begriffe = list({(b.name, b.was, b.alt, b.neu): b for b in reversed(begriffe)}.values())[::-1]
    u.saetze = [p for p in paare(alt, neu, betroffen) if p.gruende]
    vorher, nachher = _nach_schluessel(alt.zahlen), _nach_schluessel(neu.zahlen)
    u.geaendert = [
        (z, nachher[k]) for k, z in vorher.items() if k in nachher and nachher[k].anzeige != z.anzeige
    ]
    u.neue = [z for k, z in nachher.items() if k not in vorher]
    u.entfallene = [z for k, z in vorher.items() if k not in nachher]
    return u


def _nach_schluessel(zahlen: Sequence[Zahl]) -> dict[tuple[str, ...], Zahl]:
    return {z.schluessel: z for z in zahlen}


def _begriffe(alt: Abbild, neu: Abbild) -> Iterator[Begriffspaar]:
    damals, heute = {**alt.darstellungen, **alt.begriffe}, {**neu.darstellungen, **neu.begriffe}
    for kennung in sorted(damals.keys() & heute.keys()):
        vorher, nachher = damals[kennung], heute[kennung]
        for was, a, b in (
            ("Definition", vorher.definition, nachher.definition),
            ("Quelle", vorher.quelle, nachher.quelle),
        ):
            if a != b:
                yield Begriffspaar(kennung, nachher.name or kennung, was, a, b)


def paare(alt: Abbild, neu: Abbild, betroffen: dict[str, list[str]]) -> Iterator[Satzpaar]:
    """Jeder Satz beider Seiten in genau einem Paar, in der Folge der neuen Texte.

    Sätze gehören zusammen, wenn sie gleich geschrieben oder dazwischen einander ähnlich sind.
    """
    stellen = list(dict.fromkeys((s.variante, s.datei, s.bereich) for s in (*neu.saetze, *alt.saetze)))
    for stelle in stellen:
        vorher, nachher = (
            [s for s in abbild.saetze if (s.variante, s.datei, s.bereich) == stelle] for abbild in (alt, neu)
        )
        folge = SequenceMatcher(None, [s.roh for s in vorher], [s.roh for s in nachher], autojunk=False)
        for _, a0, a1, b0, b1 in folge.get_opcodes():
            for a, b in _zugeordnet(vorher[a0:a1], nachher[b0:b1]):
                yield Satzpaar(a, b, tuple(gruende(a, b, betroffen)))


def _zugeordnet(vorher: Sequence[Satz], nachher: Sequence[Satz]) -> list[tuple[Satz | None, Satz | None]]:
    """Welcher Satz aus welchem wurde, in ihrer Folge; was zu nichts passt, fiel weg oder ist neu."""
    if len(vorher) == len(nachher) == 1:  # zwischen lauter gleichen: derselbe Satz, wie anders er auch ist
        return [(vorher[0], nachher[0])]
    guete = [[_aehnlich(a, b) for b in nachher] for a in vorher]
    beste = [[0.0] * (len(nachher) + 1) for _ in range(len(vorher) + 1)]
    for i in range(len(vorher) - 1, -1, -1):
        for j in range(len(nachher) - 1, -1, -1):
            zusammen = beste[i + 1][j + 1] + guete[i][j]
            beste[i][j] = max(beste[i + 1][j], beste[i][j + 1], zusammen)
    folge: list[tuple[Satz | None, Satz | None]] = []
    i = j = 0
    while i < len(vorher) and j < len(nachher):
        if guete[i][j] and beste[i][j] == beste[i + 1][j + 1] + guete[i][j]:
            folge.append((vorher[i], nachher[j]))
            i, j = i + 1, j + 1
        elif beste[i][j] == beste[i + 1][j]:
            folge.append((vorher[i], None))
            i += 1
        else:
            folge.append((None, nachher[j]))
            j += 1
    return [*folge, *((a, None) for a in vorher[i:]), *((None, b) for b in nachher[j:])]


def _aehnlich(a: Satz, b: Satz) -> float:
    """Welcher Anteil der Wörter gleich ist, so geschrieben oder so gelesen; darunter 0."""
    if a.roh == b.roh or (a.text and a.text == b.text):
        return 1.0
    vergleiche_ = ((a.roh, b.roh), (a.text, b.text))
    anteil = max(SequenceMatcher(None, x.split(), y.split(), autojunk=False).ratio() for x, y in vergleiche_)
    return anteil if anteil >= AEHNLICH else 0.0


def gruende(alt: Satz | None, neu: Satz | None, betroffen: dict[str, list[str]]) -> list[str]:
    """Warum ein Satz anders ist: Jahr, Zahl, Richtung, Rang, Angabe, Wortlaut, Definition, Quelle."""
    if alt is None or neu is None:
        return ["neu" if alt is None else "entfallen"] if (neu or alt).text else []  # type: ignore[union-attr]
    if not (alt.text or neu.text):  # eine Bedingung blendet ihn hier wie dort aus
        return []
    liste = []
    if alt.text != neu.text:
        if not (alt.text and neu.text):
            return [ERSCHEINT if neu.text else VERSCHWINDET]
        for wort, muster in (("Jahr", _JAHR), ("Richtung", _RICHTUNG), ("Rang", _RANG)):
            if muster.findall(alt.text) != muster.findall(neu.text):
                liste.append(wort)
        ohne = [_ZIFFERN.findall(_JAHR.sub("", s.text)) for s in (alt, neu)]
        if ohne[0] != ohne[1]:
            liste.append("Zahl")
        if alt.roh != neu.roh:
            liste.append("Wortlaut")
        elif not liste:  # gleich geschrieben: ein gebundenes Wort ist anders, ein Ort etwa
            liste.append("Angabe")
    liste += dict.fromkeys(w for name in neu.namen for w in betroffen.get(name, []))
    return liste
