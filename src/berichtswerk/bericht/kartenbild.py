"""Karte oder Kachelkarte: Flächen, wenn Grenzen geliefert sind, sonst Kacheln."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from berichtswerk.gegenstand.serien import Angaben, Diagramm, Punkt

if TYPE_CHECKING:
    from berichtswerk.bericht.grundlage import Grundlage
    from berichtswerk.daten.gebiete import Gebiet


def zeichne_karte(
    b: Grundlage,
    gebiete: Sequence[Gebiet],
    punkte: Mapping[str, Punkt],
    angaben: Angaben,
    wahl: dict[str, Any],
) -> tuple[Diagramm | None, list[str]]:
    """Die Karte und die Quellen ihrer Grenzen; ``None``, wenn weder Grenzen noch Kacheln da sind."""
    from berichtswerk.bild.formen.choroplethe import Flaeche, choroplethe
    from berichtswerk.bild.formen.kachelkarte import Kachel, kachelkarte

    grenzen, quelle = _grenzen(b, gebiete)
    if grenzen:
        flaechen = [
            Flaeche(b.name_von(g), grenzen[g.schluessel], punkte[g.schluessel], g.name_kurz) for g in gebiete
        ]
        return choroplethe(flaechen, angaben, **wahl), [quelle]
    if any(g.kachel is None for g in gebiete):
        return None, []
    kacheln = [
        Kachel(b.name_von(g), g.kachel.spalte, g.kachel.zeile, punkte[g.schluessel], g.name_kurz)
        for g in gebiete
        if g.kachel is not None
    ]
    return kachelkarte(kacheln, angaben, **wahl), []


def _grenzen(b: Grundlage, gebiete: Sequence[Gebiet]) -> tuple[Mapping[str, Any], str]:
    """Grenzen aller Gebiete aus der ersten GeoJSON-Quelle, die sie vollständig hat."""
    for name, quelle in sorted(b.bestand.quellen.items()):
        if quelle.format == "geojson":
            geometrien = b.bestand.geometrie(name)
            if all(g.schluessel in geometrien for g in gebiete):
                return geometrien, name
    return {}, ""
