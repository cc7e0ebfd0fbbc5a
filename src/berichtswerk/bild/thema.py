"""Das Thema der Abbildungen: aus der Marke werden Maße, Farben und die Vega-Lite-Konfiguration.

Alle Maße sind Einheiten des Bildes (``viewBox``), die Schrift ist immer gleich groß: wie breit ein Bild ist,
bestimmt, wie groß sie erscheint (``bild.motiv``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from berichtswerk.marke.marke import Diagrammfarben, Marke
from berichtswerk.marke.schrift import textbreite

BREITE = 680
SCHRIFT = 14.0
ZEILE = 17.0
"""Zeilenabstand zu ``SCHRIFT``."""
_TRENNSTELLE = re.compile(r"(?s)(?<=.[ /-])(?<!\d-)(?=.)")
"""Hinter Leerzeichen, Schrägstrich und Bindestrich, aber nicht am Rand und nicht in „3-Jährige“."""
_breite = lru_cache(maxsize=16384)(textbreite)
ORT_DE: dict[str, Any] = {
    "number": {
        "decimal": ",",
        "thousands": "\u202f",
        "grouping": [3],
        "currency": ["", "\u00a0€"],
        "minus": "\u2212",
        "percent": "\u202f%",
    }
}
"""Zahlform der Achsen freier Abbildungen; die Formen schreiben ihre Zahlen selbst."""


@dataclass(frozen=True, slots=True)
class Thema:
    """Maße und Farben für alle Formen."""

    marke: Marke
    breite: int = BREITE
    _schnitte: tuple[Path, ...] = field(init=False, repr=False, compare=False)
    """Schriftdateien der gewöhnlichen und der betonten Schrift: gemessen wird sehr oft."""

    def __post_init__(self) -> None:
        schnitte = tuple(self.marke.schnitt(staerke).pfad for staerke in (400, self.marke.betonung))
        object.__setattr__(self, "_schnitte", schnitte)

    @property
    def farben(self) -> Diagrammfarben:
        """Farben der Abbildungen als Namen, die erst beim Färben der Zeichnung aufgelöst werden."""
        return self.marke.farbnamen

    def breite_von(self, text: str, *, fett: bool = False, groesse: float = SCHRIFT) -> float:
        """Breite eines Textes in Pixeln."""
        return _breite(text, groesse, self._schnitte[fett])

    def schrift_auf(self, grund: str) -> str:
        """Lesbare Schriftfarbe auf einer Fläche."""
        return f"marke:schrift_auf({grund})"

    def als_text(self, linie: str) -> str:
        """Farbe eines Schildes: die der Linie, dunkel genug für Schrift; zu Blassem die leise Textfarbe."""
        return f"marke:als_text({linie})"

    def umbruch(self, text: str, platz: float, *, fett: bool = False) -> tuple[str, ...]:
        """Bricht an Leerzeichen, Schrägstrich und Bindestrich um; nur ein langes Wort ragt über ``platz``."""
        erster, *weitere = _TRENNSTELLE.split(text)
        ergebnis = [erster]
        for teil in weitere:
            if self.breite_von((ergebnis[-1] + teil).rstrip(), fett=fett) <= platz:
                ergebnis[-1] += teil
            else:
                ergebnis.append(teil)
        return tuple(z.strip() for z in ergebnis)

    def config(self) -> dict[str, Any]:
        """Vega-Lite ``config``: auch freie Abbildungen sehen damit aus wie die Formen."""
        f, groesse, fett = self.farben, SCHRIFT, self.marke.betonung
        achse = {"labelFontSize": groesse, "labelColor": f.text_leise, "titleFontSize": groesse}
        achse |= {"titleFontWeight": 400, "titleColor": f.text_leise, "domainColor": f.achse}
        achse |= {"tickColor": f.achse, "gridColor": f.gitter, "labelAngle": 0, "labelPadding": 5}
        namen = {"labelFontSize": groesse, "labelColor": f.text}
        titel = {"titleFontSize": groesse, "titleFontWeight": fett, "titleColor": f.text}
        return {
            "background": f.grund,
            "font": self.marke.schrift,
            "locale": ORT_DE,
            "view": {"stroke": None},
            "text": {"fontSize": groesse, "fontWeight": 400, "color": f.text},
            "axis": achse,
            "header": {**namen, "labelFontWeight": fett},
            "legend": {**namen, **titel},
            "title": {"fontSize": groesse, "fontWeight": fett},
            "mark": {"color": f.fokus},
            "line": {"strokeWidth": 2.5, "strokeCap": "round", "strokeJoin": "round"},
            "range": {
                "category": list(f.kategorien),
                "ordinal": list(f.klassen),
                "ramp": list(f.klassen),
                "heatmap": list(f.klassen),
                "diverging": list(f.pole),
            },
        }
