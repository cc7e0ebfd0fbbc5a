"""Der Stand nach einem Lauf: ist keine Eingabe anders und die Site noch dieselbe, ist nichts zu tun.

Geprüft wird der Inhalt aller Dateien, nicht ihre Zeit; geladen wird dafür fast nichts.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from berichtswerk.grund.ablage import Ablage, schluessel_aus
from berichtswerk.grund.meldung import Meldung, Meldungen, Stufe
from berichtswerk.grund.projekt import Projekt

_PAKET = Path(__file__).resolve().parents[1]
_ZULETZT = "zuletzt"
_RECHNET = (f"{os.sep}daten", f"{os.sep}notebooks", "berichtswerk", "fassungen")
_EINGABEN = ("berichte", "daten", "layout", "notebooks")


def unveraendert(
    projekt: Projekt,
    namen: Sequence[str],
    formate: Collection[str],
    eingaben: Mapping[str, str] | None = None,
) -> tuple[int, Meldungen] | None:
    """Wie viele Berichte unverändert gelten und was dazu zu melden ist; ``None``, wenn etwas anders ist.

    ``eingaben`` sind die von :func:`erfasse`, wenn sie schon vorliegen.
    """
    roh = Ablage.von(projekt).hole("stand", _name(namen, formate))
    if roh is None:
        return None
    stand: dict[str, Any] = json.loads(roh)
    jetzt = {**(eingaben or erfasse(projekt)), **_weitere(projekt, stand["weitere"])}
    if stand["eingaben"] != jetzt or stand["site"] != summen(projekt.site):
        return None
    meldungen = [Meldung(**{**m, "stufe": Stufe(m["stufe"])}) for m in stand["meldungen"]]
    return int(stand["berichte"]), Meldungen(meldungen)


def rechnet_wohl(projekt: Projekt, jetzt: Mapping[str, str]) -> bool:
    """Ob seit dem letzten Lauf etwas anders ist, woran Notizbücher hängen; genau weiß es erst der Plan."""
    if not any((projekt.wurzel / ".berichtswerk" / "roh").glob("*.ipynb")):
        return True
    roh = Ablage.von(projekt).hole("stand", _ZULETZT)
    if roh is None:
        return False
    damals = json.loads(roh)
    geaendert = [name for name in damals.keys() | jetzt.keys() if damals.get(name) != jetzt.get(name)]
    return any(name.startswith(_RECHNET) for name in geaendert)


def merke(
    projekt: Projekt,
    namen: Sequence[str],
    formate: Collection[str],
    *,
    eingaben: Mapping[str, str],
    weitere: Sequence[str],
    berichte: int,
    meldungen: Meldungen,
) -> None:
    """Hebt den Stand auf; ``eingaben`` sind die von :func:`erfasse` vor dem Lauf.

    ``weitere`` sind gelesene Dateien außerhalb der Ordner, die ohnehin geprüft werden. Hat sich während des
    Laufs etwas geändert, wird nichts aufgehoben: welche Fassung galt, weiß niemand.
    """
    jetzt = erfasse(projekt)
    if _ohne_erzeugtes(jetzt) != _ohne_erzeugtes(eingaben):
        return
    stand = {
        "eingaben": {**jetzt, **_weitere(projekt, weitere)},
        "weitere": list(weitere),
        "site": summen(projekt.site),
        "berichte": berichte,
        "meldungen": [asdict(m) for m in meldungen],
    }
    ablage = Ablage.von(projekt)
    ablage.lege("stand", _name(namen, formate), json.dumps(stand, sort_keys=True).encode())
    ablage.lege("stand", _ZULETZT, json.dumps(jetzt).encode())


def erfasse(projekt: Projekt) -> dict[str, str]:
    """Prüfsummen aller Eingaben des Projekts, des Programms und der Fassungen."""
    wurzel = str(projekt.wurzel)
    pfade = [p for name in _EINGABEN for p in _dateien(os.path.join(wurzel, name), name == "berichte")]  # noqa: PTH118
    eingaben = {p.removeprefix(wurzel): _summe(p) for p in pfade}
    eingaben |= {f"berichtswerk{p.removeprefix(str(_PAKET))}": _summe(p) for p in _dateien(str(_PAKET))}
    fassungen = {"fassungen": f"{sys.version} {_bibliotheken()}"}
    return {**eingaben, **_weitere(projekt, ["_quarto.yml"]), **fassungen}


def _weitere(projekt: Projekt, namen: Sequence[str]) -> dict[str, str]:
    return {f"{os.sep}{name}": _summe(str(projekt.wurzel / name)) for name in namen}


def _ohne_erzeugtes(eingaben: Mapping[str, str]) -> dict[str, str]:
    """Ohne Dateien des Layouts, die der Lauf selbst aus der Marke erzeugt."""
    return {
        n: s
        for n, s in eingaben.items()
        if not n.endswith(("marke.css", "marke.typ", "marke.yml", "symbol.svg", ".woff2"))
    }


def ist_erfasst(name: str) -> bool:
    """Ob eine Datei ab der Wurzel zu den Eingaben gehört, die immer geprüft werden."""
    return name.split("/", maxsplit=1)[0] in _EINGABEN


def summen(ordner: Path) -> dict[str, str]:
    """Prüfsumme jeder Datei unter ``ordner``."""
    return {p.removeprefix(f"{ordner}{os.sep}"): _summe(p) for p in _dateien(str(ordner))}


def _name(namen: Sequence[str], formate: Collection[str]) -> str:
    return schluessel_aus(*sorted(formate), "", *sorted(namen))


def _bibliotheken() -> str:
    """Namen und Fassungen aller installierten Bibliotheken, wie sie in ihren Ordnern stehen."""
    ordner = [p for p in sys.path if p.endswith(("site-packages", "dist-packages"))]
    namen = sorted(n for o in ordner if os.path.isdir(o) for n in os.listdir(o))  # noqa: PTH112, PTH208
    return schluessel_aus(*(n for n in namen if n.endswith((".dist-info", ".egg-info"))))


def _summe(pfad: str) -> str:
    try:
        with open(pfad, "rb") as datei:  # noqa: PTH123 (mit Path dauert es doppelt so lang)
            return hashlib.sha256(datei.read()).hexdigest()
    except OSError:
        return ""


def _dateien(ordner: str, uebergaben: bool = False) -> Iterator[str]:
    """Alle Dateien, in fester Folge, ohne Verborgenes und Bytecode.

    Mit ``uebergaben`` auch ohne diese: ``<name>.ipynb`` und der Ordner gleichen Namens.
    """
    try:
        eintraege = sorted(os.scandir(ordner), key=lambda e: e.name)
    except OSError:
        return
    notizbuecher = {e.name.removesuffix(".ipynb") for e in eintraege if e.name.endswith(".ipynb")}
    for e in eintraege:
        if e.name.startswith(".") or e.name == "__pycache__":
            continue
        if uebergaben and e.name.removesuffix(".ipynb") in notizbuecher:
            continue
        if e.is_dir():
            yield from _dateien(e.path, uebergaben)
        else:
            yield e.path
