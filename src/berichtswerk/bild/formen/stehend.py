"""Stehende Säulen: Zeichnen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from berichtswerk.bild.anordnung import Achse, jahresmarken, platziere
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
from berichtswerk.worte import sprache

_BREITESTE = 52.0
_NAME_BREIT = 120.0


def zeichne_stehend(bau: Bau) -> dict[str, Any]:
    """Vega-Lite-Spezifikation mit Säulen."""
    enden = _enden(bau)
    # so hoch, dass die Namen neben der letzten Säule untereinander passen
    bau = replace(bau, hoehe=max(bau.hoehe, sum(len(z) * ZEILE + 3 for _, z in enden) - 2 * ZEILE))
    thema, achse, teile = bau.thema, bau.achse(), bau.segmente
    links = g.breite_der_werteachse(achse, thema)
    rechts = max([thema.breite_von(z) for _, zeilen in enden for z in zeilen] + [0.0]) + 16
    breite = round(thema.breite - links - rechts)
    schritt = breite / max(1, len(bau.xs))
    zahlen = _zahlen(bau, achse, schritt, teile)
    luft = max([-_oberkante(s) - 5 for s in zahlen] + [0.0])
    tafeln, linien, zeilen = _oben(bau, schritt, links, breite, luft=luft)
    for paar in (
        g.werteachse(achse, bau.hoehe, breite, thema, betrag=bau.art == "gegenlaeufig"),
        _kategorien(bau, schritt, breite),
        _endschilder(bau, achse, breite, enden),
    ):
        tafeln += paar[0]
        linien += paar[1]
    tafeln += zahlen + _zeichen(bau, achse, schritt)
    oben = 6 + luft + g.MARKEN_RAUM * zeilen
    paare = [(s.schild, f) for s, f in zip(bau.serien, bau.farben, strict=True)]
    namen, felder, reihen = farbschluessel(
        paare if len(paare) > 1 and not enden else [], thema, -links, thema.breite, 0.0
    )
    hoch = reihen * ZEILE + (8 if reihen else 0)
    versatz = -oben - hoch + ZEILE / 2 + 2
    vorn = [s for s in linien if abs(s.y - achse.lage(0.0, bau.hoehe)) < 0.01 and s.y == s.y2]
    ebenen = [
        *striche([s for s in linien if s not in vorn]),
        *rechtecke([bau.zeile(t, _quer(t, bau, schritt)) for t in teile], thema, achse, "y", (bau.hoehe, 0)),
        *striche([*vorn, *_bezug(bau, achse, breite)]),
        *striche(_fehlerbalken(bau, achse, schritt, teile)),
        *([kaesten([_verschoben(f, versatz) for f in felder])] if felder else []),
    ]
    tafeln += [_tiefer(s, versatz) for s in namen]
    return rahme(ebenen, tafeln, thema, Rahmen(bau.hoehe, links, oben + hoch, rechts, 26), bau.text)


def _fehlerbalken(bau: Bau, achse: Achse, schritt: float, teile: Sequence[Segment]) -> list[Strich]:
    return fehlerbalken(
        bau, teile, lambda w: achse.lage(w, bau.hoehe), lambda t: _quer(t, bau, schritt), liegend=False
    )


def _oberkante(s: Schild) -> float:
    """Ungefähre Oberkante der Ziffern eines Schildes."""
    return s.y - {"bottom": 13.0, "middle": 6.0}.get(s.grundlinie, 0.0)


def _verschoben(feld: dict[str, Any], dy: float) -> dict[str, Any]:
    return {**feld, "y": feld["y"] + dy, "y2": feld["y2"] + dy}


def _tiefer(s: Schild, dy: float) -> Schild:
    return Schild(s.x, s.y + dy, s.text, s.farbe, s.buendig, s.fett, s.grundlinie)


def _quer(t: Segment, bau: Bau, schritt: float) -> tuple[float, float]:
    """Linke und rechte Kante einer Säule in Pixeln."""
    gruppe = min(schritt * 0.78, _BREITESTE * bau.spuren)
    dicke = gruppe / bau.spuren
    links = (t.stelle + 0.5) * schritt - gruppe / 2 + (t.nr * dicke if bau.spuren > 1 else 0.0)
    return links, links + dicke


def _oben(
    bau: Bau, schritt: float, links: float, breite: float, *, luft: float
) -> tuple[list[Schild], list[Strich], int]:
    """Einheit, Brüche und Vorausrechnung über der Fläche."""
    thema, f = bau.thema, bau.thema.farben
    stellen, linien = [], []
    for b in bau.brueche:
        x = next(i for i, j in enumerate(bau.xs) if isinstance(j, int) and j >= b.jahr) * schritt
        stellen.append((x, g.bruchtext(b, thema)))
        linien.append(Strich(x, -2, x, bau.hoehe, f.text_leise, 1.2, (2, 3)))
    voraus = [
        i for i, x in enumerate(bau.xs) if any(p.prognose for s in bau.serien for p in s.punkte if p.x == x)
    ]
    if voraus:
        erste = bau.xs[voraus[0]]
        text = f"Vorausrechnung ab {erste}" if isinstance(erste, int) else "Vorausrechnung"
        stellen.append(((voraus[0] + voraus[-1] + 1) / 2 * schritt, text))
        linien.append(Strich(voraus[0] * schritt, -2, voraus[0] * schritt, bau.hoehe, f.achse, 1.0))
    einheit = g.einheit_oben(bau.angaben, thema, links, thema.breite - 8)
    tafeln, zeilen = g.ueber_der_flaeche(stellen, einheit, thema, links, breite, luft=luft)
    return tafeln, linien, zeilen


def _kategorien(bau: Bau, schritt: float, breite: float) -> tuple[list[Schild], list[Strich]]:
    thema, f = bau.thema, bau.thema.farben
    jahre = [x for x in bau.xs if isinstance(x, int)]
    if jahre and len(jahre) == len(bau.xs):
        abstand = jahre[1] - jahre[0] if len(jahre) > 1 else 1
        platz = (thema.breite_von("2000") + 10) / abstand
        gewaehlt = [
            j for j in jahresmarken(jahre, schritt * (len(jahre) - 1) / abstand, platz) if j in set(jahre)
        ]
        marken = [(j, (jahre.index(j) + 0.5) * schritt) for j in gewaehlt]
        return g.jahresachse(marken, bau.hoehe, thema, breite)
    tafeln = []
    for i, x in enumerate(bau.xs):
        for nr, zeile in enumerate(thema.umbruch(str(x), schritt - 6)):
            mitte = (i + 0.5) * schritt
            tafeln.append(
                Schild(mitte, bau.hoehe + 6 + nr * ZEILE, zeile, f.text_leise, "center", grundlinie="top")
            )
    return tafeln, [Strich(0, bau.hoehe, breite, bau.hoehe, f.achse)]


def _enden(bau: Bau) -> list[tuple[Segment, tuple[str, ...]]]:
    """Namen rechts neben der letzten Säule, wenn gestapelt ist: je Segment seine Zeilen."""
    if bau.art == "gruppiert" or len(bau.serien) < 2 or not bau.xs:
        return []
    letzte = [t for t in bau.segmente if t.stelle == len(bau.xs) - 1]
    if len(letzte) != len(bau.serien):
        return []
    return [
        (
            t,
            (
                *bau.thema.umbruch(bau.serien[t.nr].schild, _NAME_BREIT),
                sprache.punkt_text(t.punkt, bau.angaben, einheit=True),
            ),
        )
        for t in letzte
    ]


def _endschilder(
    bau: Bau, achse: Achse, breite: float, enden: Sequence[tuple[Segment, tuple[str, ...]]]
) -> tuple[list[Schild], list[Strich]]:
    wunsch = [achse.lage((t.von + t.bis) / 2, bau.hoehe) for t, _ in enden]
    hoehen = [len(zeilen) * ZEILE + 3 for _, zeilen in enden]
    mitten = platziere(wunsch, hoehen, -ZEILE, bau.hoehe + ZEILE)
    tafeln, linien = [], []
    for (t, zeilen), y0, mitte, h in zip(enden, wunsch, mitten, hoehen, strict=True):
        oben = mitte - h / 2 + 1.5 + ZEILE / 2
        farbe = bau.thema.als_text(bau.farben[t.nr])
        tafeln += [Schild(breite + 14, oben + nr * ZEILE, z, farbe) for nr, z in enumerate(zeilen)]
        linien.append(Strich(breite - 3, y0, breite + 11, mitte, bau.farben[t.nr], 1.0))
    return tafeln, linien


def _zahlen(bau: Bau, achse: Achse, schritt: float, teile: Sequence[Segment]) -> list[Schild]:
    """Werte über einzelnen Säulen oder in Segmenten, wo sie hineinpassen; sonst Anfang und Ende."""
    tafeln = []
    gestapelt = bau.art in ("gestapelt", "anteil")
    texte = [sprache.punkt_text(t.punkt, bau.angaben) for t in teile]
    alle = max([bau.thema.breite_von(t) for t in texte] or [0.0]) + 3 <= schritt / bau.spuren
    for t, text in zip(teile, texte, strict=True):
        weite = bau.thema.breite_von(text)
        links, rechts = _quer(t, bau, schritt)
        mitte = (links + rechts) / 2
        hoch = abs(achse.lage(t.von, bau.hoehe) - achse.lage(t.bis, bau.hoehe))
        if gestapelt and len(bau.serien) > 1:
            if weite + 4 <= rechts - links and hoch >= ZEILE:
                y = achse.lage((t.von + t.bis) / 2, bau.hoehe)
                tafeln.append(Schild(mitte, y, text, bau.thema.schrift_auf(bau.farbe(t)), "center"))
            continue
        rand = t.stelle in (0, len(bau.xs) - 1) and weite <= 2 * schritt
        if bau.art != "gegenlaeufig" and (alle or (rand and bau.spuren == 1)):
            ueber = t.bis >= t.von
            x = max(mitte, weite / 2 + 2)  # nicht auf die Zahlen der Achse
            unter = [u for u in teile if (u.bis >= u.von) == ueber and _beruehrt(u, x, weite, schritt)]
            raender = [achse.lage(aeusserster(bau, u), bau.hoehe) for u in (t, *unter)]
            y = min(raender) - 4 if ueber else max(raender) + 4
            tafeln.append(
                Schild(x, y, text, bau.thema.farben.text, "center", grundlinie="bottom" if ueber else "top")
            )
    return tafeln


def _beruehrt(t: Segment, x: float, weite: float, schritt: float) -> bool:
    """Ob ein Schild der Breite ``weite`` um ``x`` über der Säule liegt."""
    return t.stelle * schritt < x + weite / 2 and x - weite / 2 < (t.stelle + 1) * schritt


def _zeichen(bau: Bau, achse: Achse, schritt: float) -> list[Schild]:
    """Das Zeichen statt einer Säule, wo kein Wert vorliegt."""
    tafeln = []
    for nr, s in enumerate(bau.serien):
        for p in s.punkte:
            if p.wert is None and p.x in bau.xs:
                t = Segment(bau.xs.index(p.x), nr, 0, 0, p)
                links, rechts = _quer(t, bau, schritt)
                y = achse.lage(0.0, bau.hoehe) - 4
                text = sprache.punkt_text(p, bau.angaben)
                tafeln.append(
                    Schild((links + rechts) / 2, y, text, bau.thema.farben.text, "center", True, "bottom")
                )
    return list({(s.x, s.text): s for s in tafeln}.values())


def _bezug(bau: Bau, achse: Achse, breite: float) -> list[Strich]:
    if bau.bezugswert is None:
        return []
    y = achse.lage(bau.bezugswert, bau.hoehe)
    return [Strich(0, y, breite, y, bau.thema.farben.text, 1.5, (6, 3))]
