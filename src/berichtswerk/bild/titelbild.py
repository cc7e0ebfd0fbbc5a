"""Das Bild auf dem Titelblatt: Zierde aus den Daten einer Abbildung des Berichts, auf der Leitfarbe.

Es trägt keine Achse und keine Zahl; was es zeigt, steht in Worten auf dem Titelblatt. Vorleseprogramme
übergehen es.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from berichtswerk.bild.formen.kartenblatt import aus_text
from berichtswerk.gegenstand.gegenstaende import Tabellenmodell

BREITE, HOEHE = 210.0, 158.0
"""Maße des Feldes in Millimetern; es ist auch der Ausschnitt des SVG."""
_WEISS = "#ffffff"
_PUNKTE = 700
Reihe = Sequence[float | None]


def zeichne(
    form: str, daten: Tabellenmodell | None, akzent: str, motiv: Mapping[str, Any] | None = None
) -> tuple[str, str]:
    """SVG und was ein Strich, eine Säule oder ein Punkt ist; leer, wenn es aus den Daten nicht geht.

    ``form`` ist eine aus :data:`FORMEN`, „karte“ (dann kommen die Flächen aus dem ``motiv``, auch ohne
    ``daten``) oder leer (dann die, die zu den Daten passt); ``akzent`` ist die helle Farbe für das, was
    hervortritt.
    """
    koepfe, reihen = _zahlen(daten) if daten else ([], [])
    if form == "karte" or (not form and motiv and "gezeigt" in motiv):
        koerper, was = _karte(motiv or {}, akzent)
    elif reihen:
        koerper, was = FORMEN[form or _passend(koepfe, reihen)](koepfe, reihen, akzent)
    else:
        return "", ""
    if not koerper:
        return "", ""
    auf = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {BREITE:g} {HOEHE:g}">'
    return f"{auf}{''.join(koerper)}</svg>\n", was


def _zahlen(daten: Tabellenmodell) -> tuple[list[str], list[list[float | None]]]:
    """Zeilenköpfe und Spalten mit wenigstens zwei Zahlen."""
    zeilen = [z.zellen for z in daten.zeilen if z.art == "zeile"]
    breite = min((len(z) for z in zeilen), default=0)
    spalten = [[z[i].wert for z in zeilen] for i in range(1, breite)]
    return [z[0].text for z in zeilen], [s for s in spalten if sum(w is not None for w in s) > 1]


def _passend(koepfe: Sequence[str], reihen: Sequence[Reihe]) -> str:
    jahre = sum(bool(re.match(r"\d{4}", k)) for k in koepfe) > len(koepfe) / 2
    return "linien" if jahre and len(reihen) > 2 else "saeulen"


def _linien(_koepfe: Sequence[str], reihen: Sequence[Reihe], _akzent: str) -> tuple[list[str], str]:
    """Übereinanderliegende Kämme, je Reihe einer; nach unten wird es heller."""
    alle = [w for r in reihen for w in r if w is not None]
    tief, hub = min(alle), (max(alle) - min(alle)) or 1.0
    schritt = HOEHE * 0.78 / len(reihen)
    hoehe = schritt * 1.5
    koerper = []
    for nummer, reihe in enumerate(reihen):
        fuss = HOEHE * 0.12 + schritt * (nummer + 1)
        n = len(reihe) - 1 or 1
        punkte = [
            (BREITE * i / n, fuss - hoehe * (w - tief) / hub) for i, w in enumerate(reihe) if w is not None
        ]
        punkte = [(0.0, punkte[0][1]), *punkte, (BREITE, punkte[-1][1])]
        zug = "L".join(f"{x:.1f} {y:.1f}" for x, y in punkte)
        flaeche = f"M0 {HOEHE:g}L{zug}L{BREITE:g} {HOEHE:g}Z"
        koerper.append(f'<path d="{flaeche}" fill="{_WEISS}" fill-opacity="0.075"/>')
        koerper.append(
            f'<path d="M{zug}" fill="none" stroke="{_WEISS}" stroke-opacity="0.75" stroke-width="0.5"/>'
        )
    return koerper, f"{len(reihen)} Reihen, je eine Linie"


def _saeulen(_koepfe: Sequence[str], reihen: Sequence[Reihe], akzent: str) -> tuple[list[str], str]:
    """Je Zeile eine Säule mit heller Kuppe; wo die Zahl fehlt, bleibt die Stelle leer."""
    werte = reihen[0]
    groesste = max(abs(w) for w in werte if w is not None) or 1.0
    schritt = BREITE / len(werte)
    weite = schritt * 0.78
    koerper = []
    for i, w in enumerate(werte):
        x = schritt * i + (schritt - weite) / 2
        if w is None:
            rahmen = f'fill="none" stroke="{_WEISS}" stroke-opacity="0.5" stroke-width="0.4"'
            koerper.append(
                f'<rect x="{x:.1f}" y="{HOEHE - 2.4:.1f}" width="{weite:.1f}" height="2.2" {rahmen}/>'
            )
            continue
        h = HOEHE * 0.82 * abs(w) / groesste
        saeule = f'x="{x:.1f}" y="{HOEHE - h:.1f}" width="{weite:.1f}"'
        koerper.append(
            f'<rect {saeule} height="{h:.1f}" fill="{_WEISS}" fill-opacity="{0.2 + 0.1 * (i % 2):g}"/>'
        )
        koerper.append(f'<rect {saeule} height="1.8" fill="{akzent}"/>')
    return koerper, "je Zeile eine Säule, Lücken ohne Angabe"


def _pyramide(koepfe: Sequence[str], reihen: Sequence[Reihe], akzent: str) -> tuple[list[str], str]:
    """Links die erste, rechts die zweite Spalte; ab 65 Jahren hell."""
    if len(reihen) < 2:
        return [], ""
    groesste = max(w for r in reihen[:2] for w in r if w is not None) or 1.0
    schritt = HOEHE * 0.95 / len(koepfe)
    weite = BREITE * 0.46
    aufsteigend = _alter(koepfe[0]) <= _alter(koepfe[-1])
    koerper = []
    for i, kopf in enumerate(koepfe):
        y = HOEHE - schritt * (i + 1) if aufsteigend else HOEHE - schritt * (len(koepfe) - i)
        alt = _alter(kopf) >= 65
        farbe = f'fill="{akzent if alt else _WEISS}" fill-opacity="{0.95 if alt else 0.3:g}"'
        for seite, reihe in ((-1, reihen[0]), (1, reihen[1])):
            if (w := reihe[i]) is not None:
                b = weite * w / groesste
                x = BREITE / 2 - 1 - b if seite < 0 else BREITE / 2 + 1
                koerper.append(
                    f'<rect x="{x:.1f}" y="{y:.1f}" width="{b:.1f}" height="{schritt * 0.82:.1f}" {farbe}/>'
                )
    return koerper, "hell: 65 Jahre und älter"


def _alter(kopf: str) -> int:
    fund = re.search(r"\d+", kopf)
    return int(fund[0]) if fund else 0


def _punkte(_koepfe: Sequence[str], reihen: Sequence[Reihe], akzent: str) -> tuple[list[str], str]:
    """Ein Raster von Punkten: die erste Zahl voll, was zur letzten fehlt, als Ring."""
    paare = [(a, b) for a, b in zip(reihen[0], reihen[-1], strict=True) if a is not None and b is not None]
    if not paare or paare[-1][1] <= 0:
        return [], ""
    voll, alle = paare[-1]
    alle = max(voll, alle)
    je = next(n for n in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10**9) if alle / n <= _PUNKTE)
    anzahl, gefuellt = round(alle / je), round(voll / je)
    spalten = round((anzahl * BREITE / (HOEHE * 0.85)) ** 0.5)
    schritt = BREITE / spalten
    koerper = []
    zeilen = -(-anzahl // spalten)
    for i in range(anzahl):
        x, y = schritt * (i % spalten + 0.5), HOEHE - schritt * (zeilen - i // spalten - 0.5)
        art = f'r="{schritt * 0.34:.2f}" fill="{_WEISS}" fill-opacity="0.38"'
        if i >= gefuellt:
            art = f'r="{schritt * 0.32:.2f}" fill="none" stroke="{akzent}" stroke-width="0.5"'
        koerper.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" {art}/>')
    return koerper, f"ein Punkt steht für rund {je}, Ringe sind frei"


def _karte(motiv: Mapping[str, Any], akzent: str) -> tuple[list[str], str]:
    """Die Gebiete einer Karte; hervorgehobene hell, sonst je höher der Wert, desto heller."""
    flaechen = [(g, aus_text(g["umriss"])) for g in motiv.get("gebiete", ())]
    ecken = [p for _, ringe in flaechen for ring in ringe for p in ring]
    if not ecken:
        return [], ""
    (west, ost), (nord, sued) = ((min(w), max(w)) for w in zip(*ecken, strict=True))
    masz = min(0.86 * BREITE / (ost - west), 0.9 * HOEHE / (sued - nord))
    links, oben = (BREITE - (ost - west) * masz) / 2, (HOEHE - (sued - nord) * masz) / 2
    werte = {g["name"]: (g.get("punkt") or {}).get("wert") for g, _ in flaechen}
    da = [w for w in werte.values() if w is not None]
    gezeigt, koerper = motiv.get("gezeigt", ()), []
    for g, ringe in flaechen:
        w = werte[g["name"]]
        anteil = (w - min(da)) / ((max(da) - min(da)) or 1.0) if w is not None else 0.0
        hell = g["name"] in gezeigt
        deckung = 0.95 if hell else 0.14 + 0.4 * anteil
        farbe = f'fill="{akzent if hell else _WEISS}" fill-opacity="{deckung:.2f}"'
        zuege = [[(links + (x - west) * masz, oben + (y - nord) * masz) for x, y in ring] for ring in ringe]
        weg = "".join(f"M{'L'.join(f'{x:.1f} {y:.1f}' for x, y in zug)}Z" for zug in zuege)
        rand = f'stroke="{_WEISS}" stroke-opacity="0.7" stroke-width="0.5" stroke-linejoin="round"'
        koerper.append(f'<path d="{weg}" {farbe} {rand}/>')
    was = f"hell: {', '.join(gezeigt)}" if gezeigt else "je höher der Wert, desto heller" if da else ""
    return koerper, was


FORMEN: Mapping[str, Callable[[Sequence[str], Sequence[Reihe], str], tuple[list[str], str]]] = {
    "linien": _linien,
    "saeulen": _saeulen,
    "pyramide": _pyramide,
    "punkte": _punkte,
}
"""Wie ein Titelbild gezeichnet werden kann."""
