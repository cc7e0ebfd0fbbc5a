"""Gesetzte Berichte aufheben: gilt die Spur ihrer Eingaben noch, kommen Seite, PDF und Beilagen von dort."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from berichtswerk.ausfuehrung.lauf import Ausgefuehrt
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.spur import FASSUNG, MODUL, Spuren
from berichtswerk.grund.ablage import PAKET
from berichtswerk.grund.meldung import Meldungen
from berichtswerk.grund.projekt import Projekt

_FASSUNGEN = (
    "python", "pydantic", "pyyaml", "jinja2", "vl-convert-python", "fonttools", "pypandoc-binary", "typst",
    "pikepdf", "brand-yml", "uharfbuzz",
)  # fmt: skip
_NUR_GELADEN = ("daten", "fach", "cli", "vorschau")
"""Aus diesen Räumen wirkt beim Übergeben und Setzen nur mit, was dabei geladen war."""


@dataclass(frozen=True, slots=True)
class Gemerkt:
    """Ein gesetzter Bericht: Dateien ab dem Ordner der Ausgabe und was dazu zu melden war."""

    dateien: dict[str, bytes]
    meldungen: Meldungen


class Gedaechtnis:
    """Sucht und merkt gesetzte Berichte eines Laufs; ``zusatz`` ist die Größe eines vorigen PDF."""

    def __init__(self, projekt: Projekt, formate: Collection[str]) -> None:
        self.projekt, self.formate = projekt, "+".join(sorted(formate))
        self._spuren = Spuren(projekt)

    def hole(self, ausgefuehrt: Ausgefuehrt, zusatz: str) -> Gemerkt | str:
        """Was für diesen Auftrag noch gilt, sonst der Grund, warum neu gesetzt wird."""
        a = ausgefuehrt.auftrag
        stand = self._spuren.hole("setzen", self._name(a), _umstand(ausgefuehrt, zusatz), self._dateien(a))
        if isinstance(stand, str):
            return stand
        spur, paket = stand
        return Gemerkt(_entpackt(paket), Meldungen(list(spur.meldungen)))

    def merke(
        self, ausgefuehrt: Ausgefuehrt, zusatz: str, gesetzt: Gemerkt, nachgelesen: Collection[str]
    ) -> None:
        """Hebt einen gesetzten Bericht mit der Spur seiner Eingaben auf."""
        a = ausgefuehrt.auftrag
        daten = [n for n in ausgefuehrt.gelesen if n.startswith("daten/")]  # stehen im Zahlennachweis
        namen = [*self._dateien(a), *daten, *nachgelesen, *_programm(), *(FASSUNG + f for f in _FASSUNGEN)]
        self._spuren.hinterlasse(
            "setzen", self._name(a), _umstand(ausgefuehrt, zusatz),
            namen=namen, inhalt=_gepackt(gesetzt.dateien), meldungen=gesetzt.meldungen,
        )  # fmt: skip

    def _name(self, auftrag: Auftrag) -> str:
        return f"{auftrag.stamm}.{self.formate}"

    def _dateien(self, auftrag: Auftrag) -> list[str]:
        """Was Menschen für diesen Bericht schreiben: Beschreibung, Texte, Bilder, Notizbuch, Layout."""
        p = self.projekt
        pfade = [*_eigene(auftrag.ordner), *_ordner(p.layout), *sorted(p.daten.glob("*.yaml"))]
        if auftrag.notizbuch is not None:
            pfade.append(auftrag.notizbuch)
        return [pfad.relative_to(p.wurzel).as_posix() for pfad in pfade] + ["daten/kennzahlen/"]


def _umstand(ausgefuehrt: Ausgefuehrt, zusatz: str) -> dict[str, str]:
    return {
        "das Notizbuch hat ein anderes Ergebnis": ausgefuehrt.summe,
        "die Größe des vorigen PDF ist anders": zusatz,
    }


def _gepackt(dateien: Mapping[str, bytes]) -> bytes:
    """Alle Dateien hintereinander, davor eine Zeile mit Namen und Längen: ein Zugriff statt hundert."""
    kopf = json.dumps({name: len(inhalt) for name, inhalt in dateien.items()}).encode()
    return b"\n".join([kopf, b"".join(dateien.values())])


def _entpackt(paket: bytes) -> dict[str, bytes]:
    kopf, _, rest = paket.partition(b"\n")
    dateien, ab = {}, 0
    for name, laenge in json.loads(kopf).items():
        dateien[name] = rest[ab : ab + laenge]
        ab += laenge
    return dateien


@cache
def _bausteine() -> list[str]:
    return [str(p) for p in PAKET.rglob("*") if p.is_file() and p.suffix != ".pyc"]


def _programm() -> list[str]:
    module = (getattr(m, "__file__", None) for n, m in list(sys.modules.items()) if n.startswith(PAKET.name))
    geladen, ab = set(module), len(str(PAKET)) + 1
    orte = [
        p[ab:].replace(os.sep, "/")
        for p in _bausteine()
        if p in geladen or not p[ab:].startswith(_NUR_GELADEN)
    ]
    return [MODUL + ort for ort in orte]


def _eigene(ordner: Path) -> Iterator[Path]:
    """Dateien einer Ausgabe ohne ihre Übergaben (``<stamm>.ipynb`` und der Ordner gleichen Namens)."""
    for pfad in sorted(ordner.iterdir()):
        if pfad.name.startswith(".") or pfad.suffix == ".ipynb" or pfad.with_suffix(".ipynb").exists():
            continue
        yield from _ordner(pfad) if pfad.is_dir() else (pfad,)


def _ordner(ordner: Path) -> list[Path]:
    return [p for p in sorted(ordner.rglob("*")) if p.is_file() and not p.name.startswith(".")]
