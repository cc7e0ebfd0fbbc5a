"""Die Formen der Abbildungen, je Datei eine, und was andere über jede wissen müssen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Form:
    """Was außerhalb der Form über sie zu wissen ist.

    ``spanne`` sagt, woran man untere und obere Grenzen erkennt (leer: sie zeigt keine). ``marke`` ist die von
    Vega-Lite, aus der eine Vorlage (``b.linie(…).chart``) neu entsteht; ohne sie ist die Vorlage die
    Zeichnung selbst. In der Vorlage läuft die Werteachse senkrecht (``stehend``) oder waagerecht;
    ``nebeneinander`` stehen mehrere Reihen versetzt.
    """

    spanne: str = ""
    marke: str | dict[str, Any] = ""
    stehend: bool = True
    nebeneinander: bool = False


_LINIE = {"type": "line", "point": True}
FORMEN = {
    "linie": Form("Band", _LINIE),
    "vielfache": Form(marke=_LINIE),
    "saeulen": Form("Feine Striche", "bar", nebeneinander=True),
    "balken": Form("Feine Striche", "bar", stehend=False, nebeneinander=True),
    "hantel": Form(marke={"type": "point", "filled": True, "size": 90}, stehend=False),
    "pyramide": Form(),
    "kachelkarte": Form(),
    "choroplethe": Form(),
}
"""Jede Form unter dem Namen, den ihre Abbildung trägt (``Abbildung.form``)."""
