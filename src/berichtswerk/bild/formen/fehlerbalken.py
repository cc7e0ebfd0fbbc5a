"""Feine Fehlerbalken an Säulen und Balken: untere und obere Grenze eines Wertes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from berichtswerk.bild.formen.stapel import Bau, Segment
from berichtswerk.bild.leinwand import Strich
from berichtswerk.gegenstand.serien import Punkt

_KAPPE = 3.0


def hat_spanne(bau: Bau) -> bool:
    """Ob Spannen gezeigt werden: nur nebeneinander, gestapelt lägen sie auf anderen Werten."""
    return bau.art == "gruppiert" and any(p.unten is not None for s in bau.serien for p in s.punkte)


def aeusserster(bau: Bau, segment: Segment) -> float:
    """Wo der Balken samt Fehlerbalken endet; dahinter steht die Zahl."""
    grenzen = _grenzen(segment.punkt)
    if bau.art != "gruppiert" or grenzen is None:
        return segment.bis
    return max(grenzen[1], segment.bis) if segment.bis >= segment.von else min(grenzen[0], segment.bis)


def _grenzen(punkt: Punkt) -> tuple[float, float] | None:
    return None if punkt.unten is None or punkt.oben is None else (punkt.unten, punkt.oben)


def fehlerbalken(
    bau: Bau,
    teile: Sequence[Segment],
    lage: Callable[[float], float],
    quer: Callable[[Segment], tuple[float, float]],
    *,
    liegend: bool,
) -> list[Strich]:
    """Striche mit Kappen; ein heller Saum hebt sie auch von dunklen Balken ab (und im Graudruck)."""
    if not hat_spanne(bau):
        return []
    saum: list[Strich] = []
    kern: list[Strich] = []
    for t in teile:
        grenzen = _grenzen(t.punkt)
        if grenzen is None:
            continue
        a, b = (lage(g) for g in grenzen)
        mitte = sum(quer(t)) / 2
        for ziel, farbe, dick in ((saum, bau.thema.farben.grund, 3.4), (kern, bau.thema.farben.text, 1.3)):
            stuecke = [(a, mitte, b, mitte), *((g, mitte - _KAPPE, g, mitte + _KAPPE) for g in (a, b))]
            for x, y, x2, y2 in stuecke:
                strich = (x, y, x2, y2) if liegend else (y, x, y2, x2)
                ziel.append(Strich(*strich, farbe, dick))
    return [*saum, *kern]
