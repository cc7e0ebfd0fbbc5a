"""Markdown nach HTML und Typst: zerlegen, was sich geändert hat durch pandoc schicken, zusammenfügen."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from berichtswerk.grund.ablage import Ablage, codesumme, dateisumme, fassung, schluessel_aus
from berichtswerk.satz import dienst, fuegen
from berichtswerk.satz.dienst import beende, waerme_vor
from berichtswerk.satz.fuegen import Antwort, Teil
from berichtswerk.satz.stuecke import Stueck, ganzes, glatt, zerlege

__all__ = ["Befund", "Ergebnis", "Format", "beende", "waerme_vor", "wandle"]

Format = Literal["html", "typst"]
_VORLAGE = Path(__file__).parent / "vorlage.typ"
_VIEL = 30_000
"""Ab so vielen Zeichen lohnt ein zweiter Prozess."""
_RUNDEN = 8


@dataclass(frozen=True, slots=True)
class Befund:
    """Ein Fund der Lua-Stufe: Kennung, Zelle (0 = ohne), der strittige Text."""

    kennung: str
    zelle: int
    was: str


@dataclass(frozen=True, slots=True)
class Ergebnis:
    """Das umgewandelte Dokument; ``html`` und ``typst`` sind leer, wenn es Befunde gibt."""

    titel: str
    untertitel: str
    gliederung: list[dict[str, Any]]
    befunde: tuple[Befund, ...]
    bekannt: tuple[str, ...] = ()
    bilder: tuple[Befund, ...] = ()
    html: str = ""
    typst: str = ""


def wandle(
    markdown: str,
    layout: Path,
    formate: tuple[Format, ...],
    *,
    nur_pruefen: bool = False,
    ablage: Ablage | None = None,
) -> Ergebnis:
    """Wandelt Markdown in alle verlangten Formate; schon gewandelte Stücke kommen aus der Ablage.

    Args:
        markdown: vollständiges Dokument mit YAML-Kopf (siehe :mod:`berichtswerk.satz.lesen`).
        layout: Ordner ``layout/`` mit ``berichtswerk.lua`` und ``typst/``.
        formate: ``("html",)``, ``("typst",)`` oder beide.
        nur_pruefen: nur Befunde, Titel und Gliederung.
        ablage: wo Fertiges liegt; ohne sie wird immer gewandelt.
    """
    lauf = _Lauf(layout, () if nur_pruefen else formate, ablage)
    zerlegt = zerlege(markdown, "typst" in lauf.formate)
    teile = _stueckweise(lauf, *zerlegt) if zerlegt else None
    return _ergebnis(lauf, teile or _gleiche_ebene(lauf, ganzes(markdown, "typst" in lauf.formate)))


class _Lauf:
    """Ein Auftrag: was für alle Stücke gilt, und wo Fertiges liegt."""

    def __init__(self, layout: Path, formate: tuple[Format, ...], ablage: Ablage | None) -> None:
        self.formate = formate
        self.ablage = ablage
        self.oberste = 2
        self.geholt: dict[tuple[int, Stueck], Antwort] = {}
        self.filter = (layout / "berichtswerk.lua").read_text(encoding="utf-8")
        self.vorlage = _vorlage(layout / "typst") if "typst" in formate else {}

    def hole(self, stuecke: Sequence[Stueck]) -> list[Teil]:
        """Zu jedem Stück die Antwort; was fehlt, geht in einem Zug durch pandoc."""
        for stueck in stuecke:
            if (self.oberste, stueck) not in self.geholt and (
                antwort := self._aus_ablage(stueck)
            ) is not None:
                self.geholt[self.oberste, stueck] = antwort
        offen = [s for s in dict.fromkeys(stuecke) if (self.oberste, s) not in self.geholt]
        for stueck, antwort in zip(offen, self._frage(offen), strict=True):
            self.geholt[self.oberste, stueck] = antwort
            if self.ablage is not None:
                roh = json.dumps(antwort, ensure_ascii=False).encode()
                self.ablage.lege("pandoc", self._schluessel(stueck), roh)
        return [Teil(s, self.geholt[self.oberste, s]) for s in stuecke]

    def _schluessel(self, stueck: Stueck) -> str:
        vorlage = self.vorlage.get("inhalt", "") if stueck.kopf else ""
        art = f"{'+'.join(self.formate)} {self.oberste} {stueck.kopf}"
        return schluessel_aus(art, stueck.text, stueck.salz, self.filter, vorlage, _programmsumme())

    def _aus_ablage(self, stueck: Stueck) -> Antwort | None:
        roh = self.ablage.hole("pandoc", self._schluessel(stueck)) if self.ablage is not None else None
        antwort: Antwort | None = json.loads(roh) if roh else None
        return antwort

    def _frage(self, stuecke: list[Stueck]) -> list[Antwort]:
        if sum(len(s.text) for s in stuecke) < _VIEL or len(stuecke) < 2 or (os.cpu_count() or 1) < 2:
            return self._frage_einen(stuecke) if stuecke else []
        haelften = _halbiert(stuecke)
        with ThreadPoolExecutor(2, "pandoc") as faeden:
            umgebungen = [copy_context() for _ in haelften]  # der Bericht, dem die Zeit gehört, reist mit
            eine, andere = faeden.map(lambda u, s: u.run(self._frage_einen, s), umgebungen, haelften)
        return [*eine, *andere]

    def _frage_einen(self, stuecke: list[Stueck]) -> list[Antwort]:
        salz = "bwp" + hashlib.sha256("".join(s.salz for s in stuecke).encode()).hexdigest()[:16]
        auftrag = {
            "stuecke": [{"text": s.text, "salz": s.salz, "kopf": s.kopf} for s in stuecke],
            "salz": salz,
            "oberste": self.oberste,
            "filter": self.filter,
            "vorlage": self.vorlage,
            "formate": list(self.formate),
        }
        antworten: list[Antwort] = dienst.frage(auftrag)["stuecke"]
        return antworten


def _halbiert(stuecke: list[Stueck]) -> tuple[list[Stueck], list[Stueck]]:
    """Zwei Hälften mit etwa gleich viel Text."""
    rest = sum(len(s.text) for s in stuecke) / 2
    for i, stueck in enumerate(stuecke):
        rest -= len(stueck.text)
        if rest <= 0:
            return stuecke[: i + 1], stuecke[i + 1 :]
    return stuecke, []


def _stueckweise(lauf: _Lauf, stuecke: list[Stueck], titel: frozenset[str]) -> list[Teil] | None:
    """Alle Stücke, so gewandelt, wie sie im Ganzen lauten; ``None``, wenn das nur am Ganzen geht."""
    for _ in range(_RUNDEN):
        teile = _gleiche_ebene(lauf, stuecke)
        if any(_gehoert_zum_ganzen(t.antwort) for t in teile[1:]):
            return None
        neue = _mit_belegten(teile)
        if neue == stuecke:
            gezeigt = {glatt(e["titel"]) for t in teile for e in t.antwort["ereignisse"] if e["art"] == "h"}
            genannt = frozenset[str]().union(*(s.klammern for s in stuecke))
            return None if genannt & (titel | gezeigt) else teile
        stuecke = neue
    return None


def _gehoert_zum_ganzen(antwort: Antwort) -> bool:
    return bool(antwort.get("ganz") or antwort.get("verschachtelt"))


def _gleiche_ebene(lauf: _Lauf, stuecke: list[Stueck]) -> list[Teil]:
    """Holt alle Stücke; die oberste Ebene zeigt sich erst an den Überschriften."""
    teile = lauf.hole(stuecke)
    if any(t.antwort.get("ganz") for t in teile):
        return teile
    oberste = fuegen.oberste(teile)
    if oberste != lauf.oberste:
        lauf.oberste = oberste
        teile = lauf.hole(stuecke)
    return teile


def _mit_belegten(teile: Sequence[Teil]) -> list[Stueck]:
    """Stücke, deren Überschriften früheren gleichen, erfahren deren Kennungen und weichen ihnen aus."""
    vergeben: dict[str, None] = {}
    neue = []
    for teil in teile:
        eigene = list(teil.antwort["kennungen"])
        stueck = teil.stueck
        staemme = {
            re.sub(r"-\d+$", "", k) for k in (*eigene, *stueck.belegt) if k in vergeben or stueck.belegt
        }
        belegt = tuple(v for v in vergeben if any(v == s or v.startswith(s + "-") for s in staemme))
        neue.append(replace(stueck, belegt=belegt) if belegt != stueck.belegt else stueck)
        vergeben |= dict.fromkeys(eigene)
    return neue


def _ergebnis(lauf: _Lauf, teile: list[Teil]) -> Ergebnis:
    register = fuegen.zaehle(teile, lauf.oberste)
    kopf = teile[0].antwort
    befunde = tuple(Befund(b["kennung"], b["zelle"], b["was"]) for b in fuegen.befunde(teile, register))
    return Ergebnis(
        titel=kopf["titel"],
        untertitel=kopf["untertitel"],
        gliederung=register.gliederung,
        befunde=befunde,
        bekannt=tuple(register.bekannt),
        bilder=tuple(Befund("satz-bild-fehlt", b["zelle"], b["was"]) for b in fuegen.bilder(teile)),
        html=fuegen.html(teile, register) if "html" in lauf.formate and not befunde else "",
        typst=fuegen.typst(teile, register) if "typst" in lauf.formate and not befunde else "",
    )


@cache
def _programmsumme() -> str:
    """Fassung von pandoc und unsere Lua-Stufe; was Python daraus macht, liegt nicht in der Ablage."""
    lua = [dateisumme(p) for p in sorted(dienst.LUA.glob("*.lua"))]
    return schluessel_aus(fassung("pypandoc-binary"), codesumme(Path(__file__)), *lua)


def _vorlage(ordner: Path) -> dict[str, str]:
    """Text, Ordner der Bausteine und ein Stand, der sich mit jedem Baustein ändert."""
    text = _VORLAGE.read_text(encoding="utf-8")
    inhalt = hashlib.sha256(text.encode())
    for baustein in sorted(ordner.glob("*.typ")):
        inhalt.update(f"\n{baustein.name}\n".encode() + baustein.read_bytes())
    stand = hashlib.sha256(f"{ordner}\n{inhalt.hexdigest()}".encode())
    return {
        "text": text,
        "ordner": str(ordner.resolve()),
        "stand": stand.hexdigest(),
        "inhalt": inhalt.hexdigest(),
    }
