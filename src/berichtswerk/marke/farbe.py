"""Rechnen mit Farben: Kontrast, Helligkeit, Unterschied, Farbfehlsichtigkeit, abgeleitete Reihen.

Farben sind Texte ``#rrggbb``. Kontrast nach WCAG 2.1, Lab nach CIE (D65), Unterschied nach CIEDE2000
(Sharma, Wu, Dalal 2005), Farbfehlsichtigkeit nach Machado, Oliveira, Fernandes 2009 (Stärke 1,0).
"""

from __future__ import annotations

import math
import re
from functools import lru_cache
from typing import Literal

Sehweise = Literal["protan", "deutan", "tritan"]
Lab = tuple[float, float, float]

LESBAR, SICHTBAR = 4.5, 3.0
"""Kontrast, den Text und den Linien und Flächen brauchen (WCAG 2.2, 1.4.3 und 1.4.11)."""
DEUTLICH = 10.0
"""Farbunterschied, ab dem zwei Farben deutlich verschieden sind."""

_MUSTER = re.compile(r"#[0-9a-f]{6}")
_WEISSPUNKT = (0.95047, 1.0, 1.08883)
_NACH_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_NACH_RGB = (
    (3.2404542, -1.5371385, -0.4985314),
    (-0.9692660, 1.8760108, 0.0415560),
    (0.0556434, -0.2040259, 1.0572252),
)
_MACHADO: dict[Sehweise, tuple[tuple[float, ...], ...]] = {
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
_KNICK = 6 / 29


def ist_farbe(text: str) -> bool:
    """Ob ``text`` die Form ``#rrggbb`` hat (Kleinbuchstaben)."""
    return _MUSTER.fullmatch(text) is not None


def _mal(matrix: tuple[tuple[float, ...], ...], v: tuple[float, ...]) -> tuple[float, float, float]:
    x, y, z = (sum(m * w for m, w in zip(zeile, v, strict=True)) for zeile in matrix)
    return x, y, z


def _linear(farbe: str) -> tuple[float, float, float]:
    anteile = (int(farbe[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in anteile)
    return r, g, b


def _hex(linear: tuple[float, float, float]) -> str:
    teile = []
    for c in linear:
        k = min(1.0, max(0.0, c))
        teile.append(round(255 * (12.92 * k if k <= 0.0031308 else 1.055 * k ** (1 / 2.4) - 0.055)))
    return "#{:02x}{:02x}{:02x}".format(*teile)


def leuchtdichte(farbe: str) -> float:
    """Relative Leuchtdichte nach WCAG, 0 (schwarz) bis 1 (weiß)."""
    r, g, b = _linear(farbe)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def kontrast(a: str, b: str) -> float:
    """Kontrastverhältnis nach WCAG, 1 bis 21."""
    hell, dunkel = sorted((leuchtdichte(a), leuchtdichte(b)), reverse=True)
    return (hell + 0.05) / (dunkel + 0.05)


def lesbar_auf(grund: str, dunkel: str, hell: str) -> str:
    """Die der beiden Schriftfarben, die auf ``grund`` den größeren Kontrast hat."""
    return dunkel if kontrast(dunkel, grund) >= kontrast(hell, grund) else hell


def mische(a: str, b: str, anteil: float) -> str:
    """``anteil`` von ``b`` in ``a``, linear in sRGB."""
    paare = ((int(a[i : i + 2], 16), int(b[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(x + (y - x) * anteil):02x}" for x, y in paare)


def lab(farbe: str) -> Lab:
    """CIE-Lab (L 0–100)."""
    xyz = _mal(_NACH_XYZ, _linear(farbe))
    fx, fy, fz = (
        t ** (1 / 3) if t > _KNICK**3 else t / (3 * _KNICK**2) + 4 / 29
        for t in (w / n for w, n in zip(xyz, _WEISSPUNKT, strict=True))
    )
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def _aus_lch(helligkeit: float, buntheit: float, winkel: float) -> tuple[str, bool]:
    fy = (helligkeit + 16) / 116
    f = (fy + buntheit * math.cos(winkel) / 500, fy, fy - buntheit * math.sin(winkel) / 200)
    x, y, z = (
        n * (t**3 if t > _KNICK else 3 * _KNICK**2 * (t - 4 / 29))
        for t, n in zip(f, _WEISSPUNKT, strict=True)
    )
    linear = _mal(_NACH_RGB, (x, y, z))
    return _hex(linear), all(-0.0005 <= c <= 1.0005 for c in linear)


@lru_cache(maxsize=256)
def mit_helligkeit(farbe: str, helligkeit: float, buntheit: float = 1.0) -> str:
    """Dieselbe Farbrichtung bei anderer Helligkeit L; ``buntheit`` ist ein Faktor.

    Liegt die Farbe außerhalb des Darstellbaren, wird die Buntheit verringert, nie die Helligkeit.
    """
    _, a, b = lab(farbe)
    stark, winkel = math.hypot(a, b) * buntheit, math.atan2(b, a)
    for schritt in range(20, -1, -1):
        ergebnis, darstellbar = _aus_lch(helligkeit, stark * schritt / 20, winkel)
        if darstellbar:
            break
    return ergebnis


@lru_cache(maxsize=256)
def als_schrift(farbe: str, grund: str) -> str | None:
    """``farbe``, nur so weit dunkler, dass sie auf hellem ``grund`` als Schrift lesbar ist.

    ``None`` für Blasses: was schon als Fläche kaum zu sehen ist, wäre abgedunkelt eine andere Farbe.
    """
    if kontrast(farbe, grund) < SICHTBAR:
        return None
    schrift, hell = farbe, lab(farbe)[0]
    while kontrast(schrift, grund) < LESBAR:
        hell -= 1
        schrift = mit_helligkeit(farbe, hell)
    return schrift


STUFEN = ((93.0, 0.25), (78.0, 0.6), (61.0, 0.9), (44.0, 1.0), (27.0, 0.9))
GEGENSATZ = ((28.0, 0.9), (62.0, 0.9), (95.0, 0.05), (80.0, 0.6), (46.0, 1.0))
"""Helligkeit und Buntheit der fünf Klassen; beide Enden sind verschieden hell, für den Graudruck."""


@lru_cache(maxsize=256)
def leiter(farbe: str) -> tuple[str, ...]:
    """Zehn Stufen einer Farbe, hell nach dunkel; auch die hellste hält gegen Weiß 3 : 1."""
    return tuple(mit_helligkeit(farbe, 60.5 - 4.5 * i) for i in range(10))


def stufen(farbe: str) -> tuple[str, ...]:
    """Fünf Klassen einer Farbe, hell nach dunkel."""
    return tuple(mit_helligkeit(farbe, h, b) for h, b in STUFEN)


@lru_cache(maxsize=256)
def gegensatz(links: str, rechts: str) -> tuple[str, ...]:
    """Fünf Klassen von ``links`` über eine helle Mitte nach ``rechts``."""
    return tuple(mit_helligkeit(links if i < 2 else rechts, h, b) for i, (h, b) in enumerate(GEGENSATZ))


def simuliere(farbe: str, sehweise: Sehweise) -> str:
    """Wie ``farbe`` bei vollständiger Farbfehlsichtigkeit der Art ``sehweise`` erscheint."""
    return _hex(_mal(_MACHADO[sehweise], _linear(farbe)))


def unterschied(a: str, b: str) -> float:
    """Farbunterschied CIEDE2000; unter 5 kaum, ab 10 deutlich zu sehen."""
    return unterschied_lab(lab(a), lab(b))


def unterschied_lab(eins: Lab, zwei: Lab) -> float:
    """CIEDE2000 zweier Lab-Farben."""
    l1, a1, b1 = eins
    l2, a2, b2 = zwei
    c_mittel = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(c_mittel**7 / (c_mittel**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = math.atan2(b1, a1) % math.tau, math.atan2(b2, a2) % math.tau
    dh = 0.0 if c1 * c2 == 0 else (h2 - h1 + math.pi) % math.tau - math.pi
    d_h = 2 * math.sqrt(c1 * c2) * math.sin(dh / 2)
    h = h1 + h2 if c1 * c2 == 0 else (h1 + dh / 2) % math.tau
    return _zusammen((l1 + l2) / 2, (c1 + c2) / 2, h, (l2 - l1, c2 - c1, d_h))


def _zusammen(hell: float, bunt: float, h: float, d: tuple[float, float, float]) -> float:
    t = (
        1
        - 0.17 * math.cos(h - math.radians(30))
        + 0.24 * math.cos(2 * h)
        + 0.32 * math.cos(3 * h + math.radians(6))
        - 0.20 * math.cos(4 * h - math.radians(63))
    )
    s_l = 1 + 0.015 * (hell - 50) ** 2 / math.sqrt(20 + (hell - 50) ** 2)
    s_c, s_h = 1 + 0.045 * bunt, 1 + 0.015 * bunt * t
    drehung = math.radians(60 * math.exp(-(((math.degrees(h) - 275) / 25) ** 2)))
    r_t = -2 * math.sqrt(bunt**7 / (bunt**7 + 25**7)) * math.sin(drehung)
    dl, dc, dh = d[0] / s_l, d[1] / s_c, d[2] / s_h
    return math.sqrt(max(0.0, dl**2 + dc**2 + dh**2 + r_t * dc * dh))
