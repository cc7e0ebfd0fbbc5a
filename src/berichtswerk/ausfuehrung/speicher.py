"""Ausgeführte Notizbücher aufheben und nur wiederverwenden, wenn alles Gelesene noch gleich ist.

Unter ``.berichtswerk/roh/<stamm>.ipynb`` liegt das ausgeführte Notizbuch mit der Spur seiner Eingaben: die
gelesenen Dateien und die Module des Programms, die dabei geladen waren. Der Ordner darf jederzeit gelöscht
werden.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from berichtswerk.ausfuehrung.kind import FREMD, WAEHREND
from berichtswerk.ausfuehrung.notizbuch import Notizbuch
from berichtswerk.ausfuehrung.spur import FASSUNG, Summen
from berichtswerk.grund.dateien import arbeitsordner, pruefsumme, schreibe_ganz
from berichtswerk.grund.projekt import Projekt

_PRAEGEND = ("python", "pandas", "altair", "ipython", "numpy", "pydantic")
"""Was außer unserem Programm das Ergebnis eines Notizbuchs prägen kann."""
_ANFANG = '{"cells": '
"""So beginnt jedes aufgehobene Notizbuch."""


def _ort(projekt: Projekt, stamm: str) -> Path:
    return arbeitsordner(projekt) / "roh" / f"{stamm}.ipynb"


def lege_ab(
    projekt: Projekt, stamm: str, eingabe: str, ausgefuehrt: str, gelesen: tuple[str, ...]
) -> Notizbuch:
    """Hebt das ausgeführte Notizbuch mit der Spur seiner Eingaben auf und gibt beides zurück.

    Was sich während des Laufs änderte, steht ohne Prüfsumme darin: niemand weiß, welche Fassung galt.
    """
    nb: Notizbuch = json.loads(ausgefuehrt)
    unsicher = {name.removeprefix(WAEHREND) for name in gelesen if name.startswith(WAEHREND)}
    namen = [name for name in gelesen if name != FREMD and not name.startswith(WAEHREND)]
    spur = Summen(projekt).nimm_auf([*namen, *(FASSUNG + f for f in _PRAEGEND)])
    zellen = json.dumps(nb["cells"], ensure_ascii=False, sort_keys=True)
    nb.setdefault("metadata", {})["berichtswerk"] = {
        "eingabe": pruefsumme(eingabe),
        "fremd": FREMD in gelesen,
        "spur": {name: "?" if name in unsicher else summe for name, summe in spur.items()},
        "zellen": pruefsumme(zellen),
    }
    rest = json.dumps({k: v for k, v in nb.items() if k != "cells"}, ensure_ascii=False, sort_keys=True)
    schreibe_ganz(_ort(projekt, stamm), f"{_ANFANG}{zellen}, {rest[1:]}")
    return nb


def hole(
    projekt: Projekt, stamm: str, eingabe: str, summen: Summen | None = None
) -> tuple[Notizbuch | None, str]:
    """Das aufgehobene Notizbuch, wenn es noch gilt; sonst ``None`` und der Grund in Worten."""
    try:
        nb, zellsumme = _lies(_ort(projekt, stamm).read_text(encoding="utf-8"))
        angaben: dict[str, Any] = nb["metadata"]["berichtswerk"]
        if angaben["zellen"] != zellsumme:
            return None, "das aufgehobene Ergebnis ist beschädigt"
        grund = _veraltet(angaben, eingabe, summen or Summen(projekt))
    except FileNotFoundError:
        return None, "noch nicht ausgeführt"
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None, "das aufgehobene Ergebnis ist unlesbar"
    return (None, grund) if grund else (nb, "unverändert")


def _veraltet(angaben: dict[str, Any], eingabe: str, summen: Summen) -> str:
    if angaben["eingabe"] != pruefsumme(eingabe):
        return "Notizbuch oder Parameter geändert"
    if angaben["fremd"]:
        return "liest eine Datenbank oder aus dem Netz"
    return summen.abweichung(angaben["spur"])


def _lies(text: str) -> tuple[Notizbuch, str]:
    """Ein aufgehobenes Notizbuch und die Prüfsumme seiner Zellen, wie sie dastehen."""
    if not text.startswith(_ANFANG):
        raise ValueError("kein aufgehobenes Notizbuch")
    zellen, ende = json.JSONDecoder().raw_decode(text, len(_ANFANG))
    nb: Notizbuch = {"cells": zellen, **json.loads("{" + text[ende:].removeprefix(", "))}
    return nb, pruefsumme(text[len(_ANFANG) : ende])
