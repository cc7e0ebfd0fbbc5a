"""Aus den Antworten zu den Stücken ein Dokument: Nummern, Gliederung, Befunde, HTML und Typst.

Zählt Kapitel, Abbildungen und Tabellen, löst Verweise auf und füllt die Plätze, die ``lua/`` gelassen hat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from berichtswerk.satz.stuecke import Stueck
from berichtswerk.satz.tafelplatz import setze_ein, setze_ein_typst

NAMEN = {"fig": "Abbildung", "tbl": "Tabelle", "sec": "Kapitel"}
_ART = re.compile(r"([A-Za-z]+)-")
_ABSCHNITT = re.compile(r'^(?=<section (?:id="[^"]*" )?class="level)', re.MULTILINE)
_NOTE = re.compile(r"(?<=fn)(\d+)(?=\")|(?<=fnref)(\d+)(?=\")|(?<=role=\"doc-noteref\"><sup>)(\d+)(?=</sup>)")
_NOTENLISTE = re.compile(r"(.*?<ol>\n)(.*)(\n</ol>\n</section>)", re.DOTALL)
_QUELLTEXT = re.compile(r'(?<=(?:id="|f="#)cb)(\d+)(?=[-"])')

Antwort = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Teil:
    """Ein Stück und was pandoc dazu sagte."""

    stueck: Stueck
    antwort: Antwort

    def zelle(self, fund: Mapping[str, Any]) -> int:
        """Die Zelle eines Fundes; im ganzen Dokument steht sie dabei."""
        return int(fund["zelle"]) or self.stueck.zelle


@dataclass
class Register:
    """Marken mit Art und Nummer, Gliederung und die Befunde, die erst das Ganze zeigt."""

    marken: dict[str, tuple[str, str]] = field(default_factory=dict)
    gliederung: list[dict[str, Any]] = field(default_factory=list)
    befunde: list[dict[str, Any]] = field(default_factory=list)

    def melde(self, kennung: str, zelle: int, was: str) -> None:
        """Nimmt einen Befund auf."""
        self.befunde.append({"kennung": kennung, "zelle": zelle, "was": was})

    @property
    def bekannt(self) -> list[str]:
        """Alle Marken, auf die ein Verweis zeigen kann."""
        return sorted(m for m in self.marken if art(m) in NAMEN)


def art(marke: str) -> str:
    """„fig“, „tbl“, „sec“ …: was vor dem ersten Strich steht; sonst leer."""
    fund = _ART.match(marke)
    return fund[1] if fund else ""


def oberste(teile: Sequence[Teil]) -> int:
    """Ebene der höchsten Überschrift außerhalb von Kästen; 2, wenn es keine gibt."""
    return min((e["ebene"] for t in teile for e in t.antwort["ereignisse"] if e["art"] == "h"), default=2)


def zaehle(teile: Sequence[Teil], hoechste: int) -> Register:
    """Nummeriert in der Reihenfolge des Dokuments und prüft die Verweise."""
    register, verweise = Register(), []
    stand, anzahl, letzte = [0] * 10, {"fig": 0, "tbl": 0}, 0
    for teil in teile:
        for e in teil.antwort["ereignisse"]:
            marke, zelle = e["marke"], teil.zelle(e)
            if e["art"] == "v":
                verweise.append((zelle, marke))
            elif e["art"] == "h":
                ebene = e["ebene"] - hoechste + 1
                if ebene > letzte + 1:
                    register.melde("satz-ebene-sprung", zelle, e["titel"])
                letzte = ebene
                if marke in register.marken:
                    register.melde("satz-marke-doppelt", zelle, marke)
                _ueberschrift(register, stand, ebene, e)
            elif marke in register.marken:
                register.melde("satz-marke-doppelt", zelle, marke)
            else:
                anzahl[art(marke)] += 1
                register.marken[marke] = (art(marke), str(anzahl[art(marke)]))
    for zelle, marke in verweise:
        if art(marke) not in NAMEN:
            register.melde("satz-zitat", zelle, marke)
        elif marke not in register.marken:
            register.melde("satz-verweis-offen", zelle, marke)
    return register


def _ueberschrift(register: Register, stand: list[int], ebene: int, e: Mapping[str, Any]) -> None:
    nummer = ""
    if e["gezaehlt"]:
        stand[ebene] += 1
        stand[ebene + 1 :] = [0] * (len(stand) - ebene - 1)
        nummer = ".".join(map(str, stand[1 : ebene + 1]))
    register.marken[e["marke"]] = ("sec", nummer)
    punkt = {"ebene": ebene, "nummer": nummer, "titel": e["titel"], "marke": e["marke"], "kinder": []}
    ast = register.gliederung
    while ast and ast[-1]["ebene"] < ebene:
        ast = ast[-1]["kinder"]
    ast.append(punkt)


def befunde(teile: Sequence[Teil], register: Register) -> list[dict[str, Any]]:
    """Alle Befunde: erst die der Stücke, dann die des Ganzen."""
    return [{**b, "zelle": t.zelle(b)} for t in teile for b in t.antwort["befunde"]] + register.befunde


def bilder(teile: Sequence[Teil]) -> list[dict[str, Any]]:
    """Alle Bilddateien, die es geben muss."""
    return [{**b, "zelle": t.zelle(b)} for t in teile for b in t.antwort["bilder"]]


def _fuelle(teil: Teil, text: str, register: Register) -> str:
    """Setzt Nummern und Verweise an ihre Plätze."""

    def wert(fund: re.Match[str]) -> str:
        platz = teil.antwort["plaetze"][int(fund[1])]
        ist, nummer = register.marken[platz["marke"]]
        if platz["art"] == "name":
            return f"{NAMEN[ist]}\u00a0{nummer}"
        if platz["art"] == "verweis":
            return platz["text"] if nummer else f"#link(<{platz['marke']}>)[{NAMEN['sec']}]"
        return nummer

    salz = teil.stueck.salz
    return re.sub(rf"{salz}n(\d+)e", wert, text) if salz in text else text


def html(teile: Sequence[Teil], register: Register) -> str:
    """Der Rumpf der Seite: Abschnitte ineinander, Fußnoten am Ende."""
    bloecke: list[str] = []
    offen: list[int] = []
    noten: list[str] = []
    anzahl = quelltexte = 0
    for teil in teile:
        text, note = (_fuelle(teil, teil.antwort[n], register) for n in ("html", "noten"))
        text = setze_ein(_zaehle_weiter(_QUELLTEXT, text, quelltexte), teil.stueck.tafeln)
        quelltexte += text.count('<div class="sourceCode" id="cb') if teil.antwort.get("allein") else 0
        if note:
            text, note = (_zaehle_weiter(_NOTE, t, anzahl) for t in (text, note))
            anzahl += note.count('<li id="fn')
            noten.append(note)
        if teil.stueck.kopf:
            bloecke += [text] if text else []
        else:
            bloecke += _abschnitte(text, teil, offen)
    bloecke += ["</section>"] * len(offen)
    return "\n".join([*bloecke, *([_fussnoten(noten)] if noten else [])])


def _abschnitte(text: str, teil: Teil, offen: list[int]) -> Iterator[str]:
    """Die Abschnitte eines Stücks; ``offen`` sind die Ebenen der Abschnitte, die noch nicht zu sind."""
    ebenen = [e["ebene"] for e in teil.antwort["ereignisse"] if e["art"] == "h"]
    if not ebenen:
        yield from [text] if text else []
        return
    vorn, *abschnitte = _ABSCHNITT.split(text.replace("\n</section>", ""))
    yield from [vorn.rstrip("\n")] if vorn.strip() else []
    for ebene, abschnitt in zip(ebenen, abschnitte, strict=True):
        while offen and offen[-1] >= ebene:
            offen.pop()
            yield "</section>"
        offen.append(ebene)
        yield abschnitt.rstrip("\n")


def _zaehle_weiter(muster: re.Pattern[str], text: str, um: int) -> str:
    return muster.sub(lambda f: str(int(f[0]) + um), text) if um else text


def _fussnoten(noten: Sequence[str]) -> str:
    """Eine Liste aus allen Fußnoten."""
    teile = [_NOTENLISTE.fullmatch(note) for note in noten]
    liste = "\n".join(t[2] for t in teile if t)
    erste = teile[0]
    return f"{erste[1]}{liste}{erste[3]}" if erste else ""


def typst(teile: Sequence[Teil], register: Register) -> str:
    """Das ganze Typst-Dokument in der Vorlage."""
    rumpf = ""
    for i, teil in enumerate(teile):
        angaben = teil.antwort["typst"]
        text = angaben["text"]
        if angaben.get("ebene") and _darunter(teile[i + 1 :], int(angaben["ebene"])):
            text += angaben["kopf"]
        text = setze_ein_typst(_fuelle(teil, text, register), teil.stueck.tafeln)
        if teil.stueck.erstes and teil.stueck.zelle:
            rumpf += f"// Zelle {teil.stueck.zelle}\n"
        rumpf += text.lstrip("\n") if rumpf.endswith("\n\n") or not rumpf else text
    kopf = teile[0]
    rahmen = _fuelle(kopf, kopf.antwort["rahmen"], register)
    return rahmen.replace(kopf.stueck.salz + "rumpf", rumpf.rstrip("\n"), 1)


def _darunter(folgende: Sequence[Teil], ebene: int) -> bool:
    """Ob unter einer Überschrift etwas steht, ehe eine derselben oder einer höheren Ebene kommt."""
    for teil in folgende:
        beginn = teil.antwort["typst"].get("beginn")
        if beginn is not None:
            return not 0 < int(beginn) <= ebene
    return False
