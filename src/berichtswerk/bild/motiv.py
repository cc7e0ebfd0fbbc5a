"""Motive: was eine Abbildung zeigt, ohne Maße. Gezeichnet wird ein Motiv in jeder Breite und Höhe.

Ein Gegenstand trägt sein Motiv als JSON (``Abbildung.motiv``); wie groß es wird, entscheidet, wer es setzt:

>>> motiv = lies(abbildung.motiv)
>>> motiv.hoehen(Thema(marke, DRUCK))           # (mindestens, gewollt) in denselben Einheiten wie die Breite
>>> motiv.spec(Thema(marke, DRUCK), hoehe=240)  # Vega-Lite; bild.svg macht daraus das Bild

Maße sind Einheiten des Bildes (``viewBox``); die Schrift ist immer ``thema.SCHRIFT`` Einheiten groß. Die
Breite bestimmt darum, wie groß sie erscheint: 118 mm im Druck sind ``DRUCK`` (8,5 Punkt), eine Spalte von
``n`` mm mit ``p`` Punkt Schrift :func:`breite_fuer`. Im Netz sind Einheiten Pixel: ``SEITE`` und ``SCHMAL``
(Telefon).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from pydantic import TypeAdapter

from berichtswerk.bild.thema import SCHRIFT, Thema

if TYPE_CHECKING:
    from berichtswerk.gegenstand.gegenstaende import Abbildung

SEITE, SCHMAL = 680, 344
"""Breite in der Webseite, in der Textspalte und auf dem Telefon: Pixel. Das schmale Bild steht bei 390 etwas
größer da, bei 320 von Rand zu Rand etwas kleiner; seine Schrift ist nie kleiner als 13 Pixel."""
_PUNKT_JE_MM = 72 / 25.4


class Hoehen(NamedTuple):
    """Wie niedrig ein Motiv bei einer Breite werden darf und wie hoch es von allein wird (ganzes Bild)."""

    mindestens: float
    gewollt: float


def breite_fuer(mm: float, punkt: float = 8.5) -> int:
    """Breite eines Bildes, das gedruckt ``mm`` breit ist und dessen Schrift dann ``punkt`` groß ist."""
    return round(mm * _PUNKT_JE_MM / punkt * SCHRIFT)


DRUCK, DRUCK_VOLL = breite_fuer(118), breite_fuer(166)
"""Breite im Druck: in der Textspalte und über die ganze Seite."""


@dataclass(frozen=True)
class Motiv(ABC):
    """Was eine Form zeigt: ein unveränderlicher Wert, der sich als JSON speichern lässt.

    ``voll`` heißt: im Druck steht es über die ganze Seite.
    """

    form: ClassVar[str]
    voll: ClassVar[bool] = False

    @abstractmethod
    def hoehen(self, thema: Thema) -> Hoehen:
        """Kleinste und gewollte Höhe des ganzen Bildes bei ``thema.breite``."""

    @abstractmethod
    def gezeichnet(self, thema: Thema, hoehe: float) -> dict[str, Any]:
        """Die Zeichnung bei einer Höhe, die mindestens ``hoehen(thema).mindestens`` ist."""

    def spec(self, thema: Thema, hoehe: float | None = None, alt: str = "") -> dict[str, Any]:
        """Die Spezifikation, ``hoehe`` hoch (nie unter der kleinsten Höhe; ohne Angabe die gewollte)."""
        h = self.hoehen(thema)
        return {
            **self.gezeichnet(thema, max(h.mindestens, h.gewollt if hoehe is None else hoehe)),
            "description": alt,
        }

    def als_objekt(self) -> dict[str, Any]:
        """Das Motiv als JSON-Objekt; was der Vorgabe gleicht, fehlt."""
        return {"form": self.form, **_leser(type(self)).dump_python(self, mode="json", exclude_defaults=True)}


@cache
def _leser(art: type[Motiv]) -> TypeAdapter[Motiv]:
    return TypeAdapter(art)


def lies(objekt: Mapping[str, Any]) -> Motiv:
    """Das Motiv aus seinem JSON-Objekt (``Abbildung.motiv``)."""
    from berichtswerk.bild.formen import klasse

    return _leser(klasse(objekt["form"])).validate_python({k: w for k, w in objekt.items() if k != "form"})


def spezifikation_von(a: Abbildung, thema: Thema, hoehe: float | None = None) -> dict[str, Any]:
    """Die Zeichnung einer Abbildung; eine freie ist, wie sie ist: ``hoehe`` und Breite gelten ihr nicht."""
    return lies(a.motiv).spec(thema, hoehe, a.alt) if a.motiv else a.spec


def druckbreite(a: Abbildung) -> int:
    """Breite im Druck: über die ganze Seite oder in der Textspalte."""
    return DRUCK_VOLL if a.motiv and lies(a.motiv).voll else DRUCK
