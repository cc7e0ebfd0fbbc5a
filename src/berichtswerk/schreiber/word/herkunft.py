"""Woher jedes Zeichen eines Absatzes kommt: welche Stelle welcher Textdatei, oder welche gebundene Zahl.

Zwischen Datei und Absatz liegen Auszeichnung, Anführungszeichen, feste Abstände und Marken. Verglichen werden
darum Wörter und Zeichen, ohne das alles; was keine Entsprechung hat („Abbildung 3“, „(Beispieldaten)“),
gehört dem Werk.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cached_property

from berichtswerk.ausfuehrung.uebergabe import Textspur
from berichtswerk.grund.ablage import summe
from berichtswerk.worte.bindung import Textstueck

_ZEICHEN = re.compile(r"\w+|[^\w\s]")
_GLEICH = str.maketrans(
    dict.fromkeys("„“”«»", '"') | dict.fromkeys("‚‘’", "'") | {"\u2013": "-", "\u2212": "-"}
)
_BLOCKENDE = re.compile(r"\n[ \t]*\n")
_ABSTAND = re.compile(r"[*_~^]*\s")
_VERBRAUCHT = "\0"
GENUG, SICHER = 0.6, 0.8
"""So viel eines Absatzes muss sich in seiner Datei finden; in irgendeiner mehr, und drei Wörter am Stück."""


@dataclass(frozen=True, slots=True)
class Gebunden:
    """Ein eingesetzter Wert in einem Absatz; ``nr`` unterscheidet ihn von anderen derselben Datei."""

    nr: int
    stueck: Textstueck


Herkunft = int | Gebunden | None
"""Woher ein Zeichen kommt: die Stelle in der Datei, ein eingesetzter Wert, oder vom Werk."""


@dataclass(frozen=True, slots=True)
class Absatz:
    """Ein Absatz des Berichts: sein Text, und wo er geschrieben steht (``datei`` leer: nicht in einem Text).

    ``kennung`` ist der Name seiner Textmarke; sie nennt Datei, Zeile und die Prüfsumme seines Textes.
    """

    text: str
    datei: str = ""
    zeile: int = 0
    herkunft: tuple[Herkunft, ...] = ()
    kennung: str = ""


def worte_von(text: str) -> list[tuple[str, int]]:
    """Wörter und Zeichen mit ihrer Stelle, ohne Unterschied der Anführungszeichen und Striche."""
    return [(m[0].translate(_GLEICH), m.start()) for m in _ZEICHEN.finditer(text)]


@dataclass
class _Datei:
    """Eine Textdatei, aufgelöst; ``frei`` sind ihre Wörter, verbrauchte als Leerstelle."""

    spur: Textspur
    quelltext: str

    def __post_init__(self) -> None:
        self.text = "".join(s.text for s in self.spur.stuecke)
        self.herkunft: list[Herkunft] = []
        for nr, s in enumerate(self.spur.stuecke):
            gebunden = Gebunden(nr, s)
            self.herkunft += [gebunden] * len(s.text) if s.ausdruck else list(range(s.von, s.bis))
        self.worte = worte_von(self.text)
        self.frei = [w for w, _ in self.worte]
        self.grenzen = [m.end() for m in _BLOCKENDE.finditer(self.text)]

    def block(self, wort: int) -> tuple[int, int]:
        """Die Wörter zwischen den Leerzeilen um dieses Wort."""
        stelle = self.worte[wort][1]
        ab = max((g for g in self.grenzen if g <= stelle), default=0)
        bis = min((g for g in self.grenzen if g > stelle), default=len(self.text))
        nummern = [i for i, (_, s) in enumerate(self.worte) if ab <= s < bis]
        return nummern[0], nummern[-1] + 1

    def zeile(self, stelle: int) -> int:
        return self.quelltext.count("\n", 0, stelle) + 1


@dataclass
class Zuordnung:
    """Findet zu den Absätzen eines Berichts ihre Stellen; jede Stelle der Datei gehört zu einem Absatz."""

    spuren: Sequence[Textspur]
    quelltexte: dict[str, str]
    vergeben: dict[str, int] = field(default_factory=dict)

    @cached_property
    def dateien(self) -> list[_Datei]:
        """Alle aufgelösten Texte."""
        return [_Datei(s, s.quelltext or self.quelltexte[s.datei]) for s in self.spuren]

    def finde(self, text: str, datei: str = "", davor: int = 0) -> Absatz:
        """Der Absatz mit seiner Herkunft; ``datei`` ist bekannt oder leer, ``davor`` Zeichen sind Nummer."""
        worte = [(w, stelle) for w, stelle in worte_von(text) if stelle >= davor]
        muster = [w for w, _ in worte]
        if not muster:
            return Absatz(text)
        beste: tuple[int, _Datei, int] | None = None
        for d in (d for d in self.dateien if not datei or d.spur.datei == datei):
            anker = SequenceMatcher(None, d.frei, muster, autojunk=False).find_longest_match()
            if anker.size and (beste is None or anker.size > beste[0]):
                beste = anker.size, d, anker.a
            if anker.size == len(muster):
                break
        if beste is None or (not datei and beste[0] < 3):
            return Absatz(text)
        return self._zugeordnet(text, worte, beste[1], beste[2], GENUG if datei else SICHER)

    def _zugeordnet(
        self, text: str, worte: list[tuple[str, int]], d: _Datei, anker: int, genug: float
    ) -> Absatz:
        ab, bis = d.block(anker)
        vergleich = SequenceMatcher(None, d.frei[ab:bis], [w for w, _ in worte], autojunk=False)
        treffer = [(ab + b.a + i, b.b + i) for b in vergleich.get_matching_blocks() for i in range(b.size)]
        if len(treffer) < genug * len(worte):
            return Absatz(text)
        herkunft: list[Herkunft] = [None] * len(text)
        for dort, hier in treffer:
            wort, stelle = worte[hier]
            for i in range(len(wort)):
                herkunft[stelle + i] = d.herkunft[d.worte[dort][1] + i]
            d.frei[dort] = _VERBRAUCHT
        _fuelle_luecken(text, herkunft, d.quelltext)
        erste = min((h if isinstance(h, int) else h.stueck.von for h in herkunft if h is not None), default=0)
        zeile = d.zeile(erste)
        kennung = f"bw_{summe(d.spur.datei)[:6]}_{zeile}_{summe(text)[:8]}"
        nummer = self.vergeben[kennung] = self.vergeben.get(kennung, 0) + 1
        kennung += f"_{nummer}" * (nummer > 1)
        return Absatz(text, d.spur.datei, zeile, tuple(herkunft), kennung)


def _fuelle_luecken(text: str, herkunft: list[Herkunft], quelle: str) -> None:
    """Zeichen in einem eingesetzten Wert gehören zu ihm; ein Abstand folgt in der Datei auf sein Zeichen.

    Zwischen beiden steht höchstens das Ende einer Auszeichnung.
    """
    for i, h in enumerate(herkunft):
        if h is not None or not i:
            continue
        davor = herkunft[i - 1]
        if isinstance(davor, Gebunden):
            ende = next((k for k in range(i, len(text)) if herkunft[k] is not None), None)
            if ende is not None and herkunft[ende] == davor:
                herkunft[i:ende] = [davor] * (ende - i)
            elif text[i].isspace() and (luecke := _ABSTAND.match(quelle, davor.stueck.bis)):
                herkunft[i] = luecke.end() - 1
        elif davor is not None and text[i].isspace() and (luecke := _ABSTAND.match(quelle, davor + 1)):
            herkunft[i] = luecke.end() - 1
