"""Liegende Balken: Zeichnen. Namen stehen links ganz, Werte am Balkenende."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from berichtswerk.bild.anordnung import Achse
from berichtswerk.bild.formen import gemeinsam as g
from berichtswerk.bild.formen.fehlerbalken import aeusserster, fehlerbalken
from berichtswerk.bild.formen.stapel import Bau, Segment
from berichtswerk.bild.leinwand import (
    Rahmen,
    Schild,
    Strich,
    farbschluessel,
    kaesten,
    rahme,
    rechtecke,
    striche,
)
from berichtswerk.bild.thema import ZEILE
from berichtswerk.grund.zahl import schreibe
from berichtswerk.worte import sprache

_NAME_BREIT = 150.0
_DICK = 16.0
_FUGE = 7.0


def zeichne_liegend(bau: Bau) -> dict[str, Any]:
    """Vega-Lite-Spezifikation mit Balken; die Höhe folgt aus der Zahl der Balken."""
    thema, teile = bau.thema, bau.segmente
    achse = bau.achse(4)
    namen = [thema.umbruch(str(x), _NAME_BREIT) for x in bau.xs]
    links = max([thema.breite_von(z) for n in namen for z in n] or [0.0]) + 12
    dick = _DICK if bau.spuren == 1 else 14.0
    zeile = max(dick * bau.spuren, ZEILE * max([len(n) for n in namen] or [1])) + _FUGE
    hoehe = max(zeile, zeile * len(bau.xs))
    unten, oben = _luft(bau, achse, teile)
    breite = round(thema.breite - links - 6)
    lage = _Lage(achse, unten, breite - unten - oben)

    innen = bau.art in ("gestapelt", "anteil") and len(bau.serien) > 1
    zahlen = _zahlen(bau, lage, teile, zeile, dick=dick, innen=innen)
    tafeln = _namen(bau, namen, zeile) + zahlen + _zeichen(bau, lage, zeile, dick)
    linien = [Strich(lage(0.0), 0, lage(0.0), hoehe, thema.farben.text_leise, 1.2)]
    kopf, kopflinien, kopfhoehe = _kopf(bau, lage, hoehe, breite)
    paare = (
        [(s.schild, f) for s, f in zip(bau.serien, bau.farben, strict=True)] if len(bau.serien) > 1 else []
    )
    zeilen = farbschluessel(paare, thema, -links, thema.breite, 0.0)[2]
    schluesselhoehe = zeilen * ZEILE + (10 if zeilen else 0)
    felder = farbschluessel(paare, thema, -links, thema.breite, -kopfhoehe - schluesselhoehe + ZEILE / 2)
    fuss, fusshoehe = _fuss(bau, lage, hoehe)
    freihalten = [kaesten(g.dahinter(zahlen, thema))] if kopflinien and zahlen else []
    ebenen = [
        *striche([Strich(lage(w), 0, lage(w), hoehe, thema.farben.gitter) for w in _gitter(bau, achse)]),
        *rechtecke(
            _zeilen(bau, lage, teile, zeile, dick), thema, achse, "x", (lage(achse.von), lage(achse.bis))
        ),
        *striche(kopflinien),
        *(freihalten if not innen else []),
        *striche(linien),
        *striche(fehlerbalken(bau, teile, lage, lambda t: _quer(t, bau, zeile, dick), liegend=True)),
        *([kaesten(felder[1])] if felder[1] else []),
    ]
    rahmen = Rahmen(hoehe, links, 6 + kopfhoehe + schluesselhoehe, 6, 6 + fusshoehe)
    return rahme(ebenen, [*tafeln, *kopf, *fuss, *felder[0]], thema, rahmen, bau.text)


class _Lage:
    """Rechnet Werte in Pixel; links und rechts bleibt Platz für Zahlen."""

    def __init__(self, achse: Achse, start: float, laenge: float) -> None:
        self.achse, self.start, self.laenge = achse, start, laenge

    def __call__(self, wert: float) -> float:
        """Pixel von links."""
        return self.start + self.laenge - self.achse.lage(wert, self.laenge)


def _luft(bau: Bau, achse: Achse, teile: Sequence[Segment]) -> tuple[float, float]:
    """Platz für Zahlen links und rechts der Achse."""
    if bau.art == "anteil":
        return 0.0, 16.0
    weiten = [
        (t, bau.thema.breite_von(sprache.punkt_text(t.punkt, bau.angaben, einheit=True))) for t in teile
    ]
    rechts = max([w for t, w in weiten if t.bis >= t.von] or [0.0]) + 8
    links = max([w for t, w in weiten if t.bis < t.von] or [-8.0]) + 8
    return links, rechts


def _quer(t: Segment, bau: Bau, zeile: float, dick: float) -> tuple[float, float]:
    mitte = (t.stelle + 0.5) * zeile
    oben = mitte - dick * bau.spuren / 2 + (t.nr * dick if bau.spuren > 1 else 0.0)
    return oben, oben + dick


def _zeilen(
    bau: Bau, lage: _Lage, teile: Sequence[Segment], zeile: float, dick: float
) -> list[dict[str, Any]]:
    return [bau.zeile(t, _quer(t, bau, zeile, dick)) for t in teile]


def _namen(bau: Bau, namen: Sequence[tuple[str, ...]], zeile: float) -> list[Schild]:
    tafeln = []
    for i, zeilen in enumerate(namen):
        oben = (i + 0.5) * zeile - (len(zeilen) - 1) * ZEILE / 2
        tafeln += [
            Schild(-10, oben + nr * ZEILE, z, bau.thema.farben.text, "right") for nr, z in enumerate(zeilen)
        ]
    return tafeln


def _zahlen(
    bau: Bau, lage: _Lage, teile: Sequence[Segment], zeile: float, *, dick: float, innen: bool
) -> list[Schild]:
    tafeln = []
    for t in teile:
        oben, unten = _quer(t, bau, zeile, dick)
        y = (oben + unten) / 2
        text = sprache.punkt_text(t.punkt, bau.angaben, einheit=not innen and bau.spuren == 1)
        if innen:
            if bau.thema.breite_von(text) + 6 <= abs(lage(t.bis) - lage(t.von)):
                farbe = bau.thema.schrift_auf(bau.farbe(t))
                tafeln.append(Schild((lage(t.von) + lage(t.bis)) / 2, y, text, farbe, "center"))
        elif t.bis >= t.von:
            tafeln.append(Schild(lage(aeusserster(bau, t)) + 6, y, text, bau.thema.farben.text))
        else:
            tafeln.append(Schild(lage(aeusserster(bau, t)) - 6, y, text, bau.thema.farben.text, "right"))
    return tafeln


def _zeichen(bau: Bau, lage: _Lage, zeile: float, dick: float) -> list[Schild]:
    tafeln: dict[tuple[float, str], Schild] = {}
    for nr, s in enumerate(bau.serien):
        for p in s.punkte:
            if p.wert is None and p.x in bau.xs:
                oben, unten = _quer(Segment(bau.xs.index(p.x), nr, 0, 0, p), bau, zeile, dick)
                text = sprache.punkt_text(p, bau.angaben)
                y = (oben + unten) / 2
                tafeln.setdefault((y, text), Schild(lage(0.0) + 6, y, text, bau.thema.farben.text, fett=True))
    return list(tafeln.values())


def _kopf(bau: Bau, lage: _Lage, hoehe: float, breite: float) -> tuple[list[Schild], list[Strich], float]:
    """Bezugslinie mit Namen und Wert über den Balken."""
    if bau.bezug is None or bau.bezug[1] is None:
        return [], [], 0.0
    f, x = bau.thema.farben, lage(bau.bezug[1])
    text = f"{bau.bezug[0]} {sprache.wert_text(bau.bezug[1], bau.angaben)}"
    weite = bau.thema.breite_von(text, fett=True)
    links = min(max(0.0, x - weite / 2), breite - weite)
    return (
        [Schild(links, -ZEILE * 0.7, text, f.text, fett=True)],
        # der helle Saum hebt die Linie auch von dunklen Balken ab
        [Strich(x, 0, x, hoehe, f.grund, 4.0), Strich(x, -3, x, hoehe, f.text, 1.5, (6, 3))],
        ZEILE + 4,
    )


def _gitter(bau: Bau, achse: Achse) -> tuple[float, ...]:
    return achse.striche if bau.art == "anteil" else ()


def _fuss(bau: Bau, lage: _Lage, hoehe: float) -> tuple[list[Schild], float]:
    """Zahlen unter der Achse, wo nicht jeder Balken seine Zahl trägt."""
    if bau.art != "anteil":
        return [], 0.0
    return [
        Schild(
            lage(w),
            hoehe + 6,
            schreibe(w) + "\u202f%",
            bau.thema.farben.text_leise,
            "center",
            grundlinie="top",
        )
        for w in lage.achse.striche
    ], 22.0
