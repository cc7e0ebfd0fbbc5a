"""Ein Dokument in Stücke zerlegen, die pandoc jedes für sich lesen kann.

Ein Stück ist eine Zelle oder ein Teil von ihr ab einer Überschrift. Zerlegt wird nur, wenn feststeht, dass
nichts von einem Stück ins andere reicht; im Zweifel bleibt das Dokument ganz, und es dauert länger.
Was erst pandoc sieht (offene Rahmen, Angaben im Text), meldet ``lua/dienst.lua`` als ``ganz``.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from berichtswerk.satz.tafelplatz import Tafeln, lagere_aus

_KOPF = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_ZELLE = "```{=bw-zelle}"
_ZAUN = re.compile(r"(`{3,}|~{3,})[ \t]*(?:\{[^`{}]*\}|[\w+#.-]*)[ \t]*")
_RAHMEN_AUF = re.compile(r":{3,}[ \t]*(?:\{.*\}|[\w-]+)[ \t]*:*[ \t]*")
_RAHMEN_ZU = re.compile(r":{3,}[ \t]*")
_ZAUN_IRGENDWO = re.compile(r"(?: {1,3}|(?:[>*+-]|\d+[.)]|\(\w+\)|\w[.)])[>*+\-\d.)(\s]*)(?:```|~~~|:::)")
_UEBERSCHRIFT = re.compile(r"#{1,6}[ \t]+(.*?)[ \t]*#*[ \t]*(?:\{[^{}]*\})?[ \t]*$")
_REICHT_WEITER = re.compile(
    r"<(?!https?://[^\s<>]*>|!--[^<>\n]*-->)[A-Za-z/!?]"  # HTML
    r"|\\[A-Za-z]|\$\$"  # TeX
    r"|^[ >\t]*\[[^\]^][^\]]*\]:"  # Ziel eines Verweises, für das ganze Dokument
    r"|(?:\A|^(?![^\W_]|[„»*_\[(]).*\n)[^\w\n]*\(@[\w-]*\)(?=\s)"  # Beispiele zählen durch
    r"|^[ \t]*-{2,}[- \t]*$|\A%"  # Angaben im Text, Tabellen aus Strichen
    r"|\r",
    re.MULTILINE,
)
_KLAMMER = re.compile(r"\\.|[\[\]]", re.DOTALL)
_SICHERES_ZIEL = re.compile(r"\([^()\s<>\\]*(?:[ ]\"[^\"\n]*\")?\)")
_FUSSNOTE = re.compile(r"\[\^([^\]\s]+)\]")
_ANFANG, _ENDE = "```{=bw-anfang}\n```\n\n", "\n\n```{=bw-ende}\n```\n"


def glatt(text: str) -> str:
    """Nur Buchstaben und Ziffern, klein: was pandoc für denselben Verweis halten könnte."""
    return re.sub(r"[\W_]+", "", text).casefold()


@dataclass(frozen=True)
class Stueck:
    """Ein Teil des Dokuments. ``kopf``: mit den Angaben am Anfang; ``erstes``: das erste seiner Zelle.

    ``belegt`` sind Kennungen früherer Überschriften, denen eine hier ausweichen muss.
    """

    roh: str
    zelle: int = 0
    erstes: bool = False
    kopf: bool = False
    belegt: tuple[str, ...] = ()
    mit_typst: bool = True
    klammern: frozenset[str] = field(default=frozenset(), compare=False)

    @cached_property
    def _ausgelagert(self) -> tuple[str, Tafeln]:
        return lagere_aus(self.roh, mit_typst=self.mit_typst)

    @property
    def tafeln(self) -> Tafeln:
        """Die Tabellen, die an pandoc vorbei gehen."""
        return self._ausgelagert[1]

    @cached_property
    def text(self) -> str:
        """Was pandoc liest."""
        text = self._ausgelagert[0]
        if self.kopf:
            return text
        vorn = "".join(f"# {{#{kennung}}}\n\n" for kennung in self.belegt)
        return f"{vorn}{_ANFANG if vorn else ''}{text}{_ENDE}"

    @cached_property
    def salz(self) -> str:
        """Zeichenfolge, die im Text nicht vorkommen kann."""
        return "bwp" + hashlib.sha256(self.text.encode()).hexdigest()[:16]


@dataclass
class _Lauf:
    """Was beim Durchgehen der Zeilen gilt."""

    zaun: str = ""
    tiefe: int = 0
    frei: bool = True
    zelle: int = 0
    zeilen: list[str] = field(default_factory=list)
    aussen: list[str] = field(default_factory=list)
    fertig: list[tuple[int, list[str], list[str]]] = field(default_factory=list)

    def schliesse(self) -> None:
        """Beendet das laufende Stück."""
        if any(z.strip() for z in self.zeilen):
            self.fertig.append((self.zelle, self.zeilen, self.aussen))
        self.zeilen, self.aussen = [], []


def ganzes(markdown: str, mit_typst: bool) -> list[Stueck]:
    """Das Dokument als ein Stück."""
    return [Stueck(markdown, kopf=True, mit_typst=mit_typst)]


def zerlege(markdown: str, mit_typst: bool) -> tuple[list[Stueck], frozenset[str]] | None:
    """Die Stücke, zuerst die Angaben, und alle Titel in der Schreibweise der Quelle; ``None`` heißt ganz."""
    kopf = _KOPF.match(markdown)
    lauf = _durchlaufe(markdown[kopf.end() :].split("\n")) if kopf else None
    if kopf is None or lauf is None:
        return None
    stuecke, titel = [Stueck(kopf[0], kopf=True, mit_typst=mit_typst)], set()
    noten: Counter[str] = Counter()
    zuletzt = 0
    for zelle, zeilen, aussen in lauf:
        text = "\n".join(aussen)
        klammern = _klammern(text)
        if klammern is None or _REICHT_WEITER.search(text) or text.count("{") != text.count("}"):
            return None
        titel |= {glatt(fund[1]) for z in aussen if (fund := _UEBERSCHRIFT.match(z))}
        noten.update(set(_FUSSNOTE.findall(text)))
        roh = "\n".join(zeilen).strip("\n")
        stuecke.append(Stueck(roh, zelle, zelle != zuletzt, mit_typst=mit_typst, klammern=klammern))
        zuletzt = zelle
    return (stuecke, frozenset(titel)) if max(noten.values(), default=0) <= 1 else None


def _durchlaufe(zeilen: list[str]) -> list[tuple[int, list[str], list[str]]] | None:
    """Zelle, Zeilen und die Zeilen außerhalb von Quelltext je Stück; ``None``, wenn etwas offen bleibt."""
    lauf, fussnoten, i = _Lauf(), _zellen_mit_fussnoten(zeilen), 0
    while i < len(zeilen):
        zeile = zeilen[i]
        if zeile == _ZELLE and not lauf.zaun:
            if lauf.tiefe or zeilen[i + 2 : i + 3] != ["```"] or not zeilen[i + 1].isdecimal():
                return None
            lauf.schliesse()
            lauf.zelle, lauf.frei, i = int(zeilen[i + 1]), True, i + 3
            continue
        if (
            zeile[:1] == "#"
            and lauf.frei
            and not lauf.tiefe
            and not lauf.zaun
            and lauf.zelle not in fussnoten
        ):
            lauf.schliesse()
        if not _nimm(lauf, zeile):
            return None
        i += 1
    lauf.schliesse()
    return None if lauf.tiefe or lauf.zaun else lauf.fertig


def _zellen_mit_fussnoten(zeilen: list[str]) -> set[int]:
    """Fußnoten stehen meist am Ende der Zelle: solche Zellen bleiben ganz."""
    zelle, gefunden = 0, set()
    for i, zeile in enumerate(zeilen):
        if zeile == _ZELLE and zeilen[i + 1 : i + 2] and zeilen[i + 1].isdecimal():
            zelle = int(zeilen[i + 1])
        elif "[^" in zeile:
            gefunden.add(zelle)
    return gefunden


def _nimm(lauf: _Lauf, zeile: str) -> bool:
    """Nimmt eine Zeile auf; falsch, wenn unklar ist, wie pandoc sie liest."""
    lauf.zeilen.append(zeile)
    if lauf.zaun:
        if zeile.startswith(lauf.zaun) and not zeile.strip(lauf.zaun[0] + " \t"):
            lauf.zaun, lauf.frei = "", True
        return True
    if zeile.startswith(("```", "~~~")):
        zaun = _ZAUN.fullmatch(zeile)
        lauf.zaun = zaun[1] if zaun else ""
        return zaun is not None and lauf.frei
    lauf.aussen.append(zeile)
    if zeile.startswith(":::"):
        zu = _RAHMEN_ZU.fullmatch(zeile)
        offen, lauf.tiefe = lauf.tiefe, lauf.tiefe + (-1 if zu else 1)
        gut = offen > 0 if zu else lauf.frei and _RAHMEN_AUF.fullmatch(zeile) is not None
        lauf.frei = True
        return gut
    lauf.frei = not zeile.strip()
    return _ZAUN_IRGENDWO.match(zeile) is None


def _klammern(text: str) -> frozenset[str] | None:
    """Was in eckigen Klammern steht und auf eine Überschrift verweisen könnte; ``None``: nicht paarig."""
    offen: list[int] = []
    inhalte = set()
    for fund in _KLAMMER.finditer(text):
        if fund[0] == "[":
            offen.append(fund.end())
        elif fund[0] == "]":
            if not offen:
                return None
            inhalt = text[offen.pop() : fund.start()]
            sicher = _SICHERES_ZIEL.match(text, fund.end())
            if text.startswith("(", fund.end()) and not sicher:
                return None
            if inhalt[:1] not in "^@" and not sicher:
                inhalte.add(glatt(inhalt))
    return None if offen else frozenset(inhalte)
