"""Farben als Namen: eine Abbildung nennt ``marke:fokus``, gezeichnet wird mit der Farbe von heute.

Eine andere Farbe in der Marke ändert so nur die Zeichnung, nicht das ausgeführte Notizbuch. Auch was von
Farben abhängt (lesbare Schrift auf einer Fläche, hellere Stufen), steht als Name da und wird erst beim
Zeichnen bestimmt.
"""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from typing import Any

from berichtswerk.marke import farbe
from berichtswerk.marke.marke import Diagrammfarben, Marke

_EINFACH = ("fokus", "akzent", "text", "text_leise", "achse", "gitter", "flaeche", "grund")
_NAME = re.compile(r"marke:([a-z_]+)(?:\.(\d))?")
_AUFRUF = re.compile(r"marke:([a-z_]+)\((.+?)(?:\|([\d.]+))?\)")
_IM_JSON = re.compile(r'"(marke:[^"\\]+)"')


class Farbmarken(Diagrammfarben):
    """Wie :class:`Diagrammfarben`, nur stehen Namen statt Farben darin."""

    @property
    def klassen(self) -> tuple[str, ...]:
        """Namen der fünf Klassen."""
        return tuple(f"marke:klassen.{i}" for i in range(5))

    @property
    def pole(self) -> tuple[str, ...]:
        """Namen der fünf Klassen um eine Mitte."""
        return tuple(f"marke:pole.{i}" for i in range(5))


@cache
def benenne(farben: Diagrammfarben) -> Farbmarken:
    """Die Namen zu diesen Farben; gleiche Farben tragen denselben Namen (manche Form vergleicht sie)."""
    bekannt: dict[str, str] = {}

    def name(feld: str, wert: str) -> str:
        return bekannt.setdefault(wert, f"marke:{feld}")

    einfach = {feld: name(feld, getattr(farben, feld)) for feld in _EINFACH}
    return Farbmarken(
        **einfach,
        vergleich=tuple(name(f"vergleich.{i}", w) for i, w in enumerate(farben.vergleich)),
        kategorien=tuple(name(f"kategorien.{i}", w) for i, w in enumerate(farben.kategorien)),
        stufen="marke:stufen",
        gegensatz=("marke:gegensatz.0", "marke:gegensatz.1"),
    )


def loese(name: str, marke: Marke) -> str:
    """Die Farbe zu einem Namen; was kein Name ist, bleibt, wie es ist."""
    if aufruf := _AUFRUF.fullmatch(name):
        return _rechne(aufruf[1], loese(aufruf[2], marke), float(aufruf[3] or 0), marke)
    if einfach := _NAME.fullmatch(name):
        wert = getattr(marke.diagramm, einfach[1])
        return str(wert[int(einfach[2])] if einfach[2] else wert)
    return name


def _rechne(was: str, wert: str, zahl: float, marke: Marke) -> str:
    f = marke.diagramm
    if was == "schrift_auf":
        return farbe.lesbar_auf(wert, f.text, f.grund)
    if was == "als_text":
        return wert if farbe.kontrast(wert, f.grund) >= 4.5 else f.text_leise
    if was == "helligkeit":
        return farbe.mit_helligkeit(wert, zahl)
    raise ValueError(f"Den Farbnamen „{was}“ gibt es nicht.")


def loese_in(inhalt: Any, marke: Marke) -> Any:
    """Eine Spezifikation (oder jedes andere JSON) mit Farben statt Namen."""
    text = json.dumps(inhalt, ensure_ascii=False)
    return json.loads(loese_im_text(text, marke)) if '"marke:' in text else inhalt


def loese_im_text(text: str, marke: Marke) -> str:
    """Wie :func:`loese_in`, für JSON als Text."""
    bekannt: dict[str, str] = {}

    def farbe_zu(fund: re.Match[str]) -> str:
        name = fund[1]
        if name not in bekannt:
            bekannt[name] = json.dumps(loese(name, marke))
        return bekannt[name]

    return _IM_JSON.sub(farbe_zu, text)


def form(marke: Marke) -> str:
    """Prüfsumme dessen, was ein Notizbuch von der Marke bemerkt: alles außer den Farben selbst."""
    schriften = [
        (s.staerke, s.stil, hashlib.sha256(s.pfad.read_bytes()).hexdigest()) for s in marke.schriften
    ]
    teile = [benenne(marke.diagramm).model_dump(), marke.schrift, marke.betonung, schriften]
    return hashlib.sha256(json.dumps(teile, sort_keys=True).encode()).hexdigest()
