"""Die Formen der Abbildungen, je Datei eine, und was andere über jede wissen müssen."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from berichtswerk.bild.motiv import Motiv


@dataclass(frozen=True, slots=True)
class Form:
    """Was außerhalb der Form über sie zu wissen ist.

    ``motiv`` ist Modul (in diesem Ordner) und Klasse ihres Motivs. ``spanne`` sagt, woran man untere und
    obere Grenzen erkennt (leer: sie zeigt keine). ``marke`` ist die von Vega-Lite, aus der eine Vorlage
    (``b.linie(…).chart``) neu entsteht; ohne sie ist die Vorlage die Zeichnung selbst. In der Vorlage läuft
    die Werteachse senkrecht (``stehend``) oder waagerecht; ``nebeneinander`` stehen mehrere Reihen versetzt.
    """

    motiv: str = ""
    spanne: str = ""
    marke: str | dict[str, Any] = ""
    stehend: bool = True
    nebeneinander: bool = False


_LINIE = {"type": "line", "point": True}
FORMEN = {
    "linie": Form("linie.Linie", "Band", _LINIE),
    "vielfache": Form("vielfache.Vielfache", marke=_LINIE),
    "saeulen": Form("saeulen.Saeulen", "Feine Striche", "bar", nebeneinander=True),
    "balken": Form("saeulen.Balken", "Feine Striche", "bar", stehend=False, nebeneinander=True),
    "hantel": Form("hantel.Hantel", marke={"type": "point", "filled": True, "size": 90}, stehend=False),
    "pyramide": Form("pyramide.Pyramide"),
    "streifen": Form("streifen.Streifen"),
    "flaechenkarte": Form("karten.Flaechenkarte"),
    "symbolkarte": Form("karten.Symbolkarte"),
    "lagekarte": Form("karten.Lagekarte"),
}
"""Jede Form unter dem Namen, den ihre Abbildung trägt (``Abbildung.form``)."""


def klasse(form: str) -> type[Motiv]:
    """Die Klasse des Motivs einer Form."""
    modul, name = FORMEN[form].motiv.split(".")
    art: type[Motiv] = getattr(import_module(f"berichtswerk.bild.formen.{modul}"), name)
    return art
