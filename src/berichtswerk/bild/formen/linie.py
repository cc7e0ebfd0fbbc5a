"""Linie: Veränderung über Jahre, am Ende beschriftet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from berichtswerk.bild.anordnung import Achse, jahresmarken, platziere, teile_achse
from berichtswerk.bild.formen import gemeinsam as g
from berichtswerk.bild.formen.linienzug import Flaeche, einmal, linienzuege
from berichtswerk.bild.leinwand import (
    Rahmen,
    Schild,
    Strich,
    kaesten,
    rahme,
    striche,
)
from berichtswerk.bild.thema import ZEILE, Thema
from berichtswerk.fach.veraenderung import BruchArtig
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Punkt, Serie
from berichtswerk.worte import befund as worte
from berichtswerk.worte import sprache

HOEHE = 186.0
_NAME_BREIT = 116.0
_ENDE = 10.0


def linie(
    serien: Sequence[Serie],
    angaben: Angaben,
    *,
    thema: Thema,
    brueche: Sequence[BruchArtig] = (),
    null: bool = False,
    band: bool = True,
    alt: str | None = None,
    befund: str | None = None,
    hoehe: float = HOEHE,
) -> Diagramm:
    """Zeichnet Jahresreihen (``Punkt.x`` ist ein Jahr) als Linien.

    Die Linie ist an Lücken und Brüchen unterbrochen, Vorausgerechnetes gestrichelt mit Band (``band``).
    Haben Szenarien denselben Verlauf vor der Vorausrechnung, steht er nur einmal da. Der erste und
    der letzte Wert stehen an der Linie, der Name am Ende; eine Legende gibt es nicht. ``null=True`` lässt
    die Achse bei null beginnen; sonst steht in den Hinweisen, wenn sie es nicht tut.
    """
    serien = tuple(replace(s, punkte=_nach_jahr(s.punkte, band)) for s in serien)
    jahre = sorted({int(p.x) for s in serien for p in s.punkte}) or [0]
    bruch = g.gezeigte(brueche, jahre)
    achse = teile_achse(
        (w for s in serien for p in s.punkte for w in (p.wert, p.unten, p.oben) if w is not None), null=null
    )
    gesagt = worte.jahresreihe("Liniendiagramm", serien, angaben, bruch)
    text = alt if alt is not None else gesagt.alt
    return Diagramm(
        _spec(
            einmal(serien),
            angaben,
            thema,
            brueche=bruch,
            achse=achse,
            jahre=tuple(jahre),
            text=text,
            hoehe=hoehe,
        ),
        "linie",
        text,
        befund if befund is not None else gesagt.befund,
        g.tafel(serien, angaben),
        g.hinweise_zu(serien, bruch, achse),
        gesagt.aussagen,
    )


def _nach_jahr(punkte: Sequence[Punkt], band: bool) -> tuple[Punkt, ...]:
    gezeigt = punkte if band else [replace(p, unten=None, oben=None) for p in punkte]
    return tuple(sorted(gezeigt, key=lambda p: int(p.x)))


def _spec(
    serien: tuple[Serie, ...],
    angaben: Angaben,
    thema: Thema,
    *,
    brueche: Sequence[BruchArtig],
    achse: Achse,
    jahre: tuple[int, ...],
    text: str,
    hoehe: float,
) -> dict[str, Any]:
    farben = g.farben(serien, thema)
    enden = [_endzeilen(s, angaben, thema, jahre[-1] if len(serien) > 1 else None) for s in serien]
    # so hoch, dass die Schilder an den Enden untereinander passen
    hoehe = max(hoehe, sum(len(e) * ZEILE + 3 for e in enden) - 2 * ZEILE)
    links = g.breite_der_werteachse(achse, thema)
    rechts = max([thema.breite_von(z, fett=f) for e in enden for z, f in e] or [0.0]) + 2 * _ENDE + 8
    breite = round(thema.breite - links - rechts)
    anfang = max([thema.breite_von(t) for _, t in _anfaenge(serien, jahre, angaben)] or [0.0])
    flaeche = Flaeche(achse, jahre, hoehe, breite, anfang + 14 if anfang else 6.0, breite - 4.0)

    oben, marken_striche, zeilen = _oben(angaben, thema, brueche, serien=serien, flaeche=flaeche, links=links)
    anfaenge = _anfangsschilder(serien, farben, angaben, flaeche, thema)
    tafeln: list[Schild] = [*oben, *anfaenge]
    linien: list[Strich] = list(marken_striche)
    for teil in (
        g.werteachse(achse, hoehe, breite, thema),
        g.jahresachse(_marken(flaeche, thema), hoehe, thema, breite),
        _endschilder(serien, farben, enden, flaeche, thema),
    ):
        tafeln += teil[0]
        linien += teil[1]
    tafeln += _luecken(serien, flaeche, thema)
    freihalten = [kaesten(g.dahinter(anfaenge, thema))] if anfaenge else []
    ebenen = [
        *striche(linien),
        *freihalten,
        *linienzuege(serien, farben, flaeche, brueche),
    ]
    return rahme(ebenen, tafeln, thema, Rahmen(hoehe, links, 6 + g.MARKEN_RAUM * zeilen, rechts, 26), text)


def _marken(flaeche: Flaeche, thema: Thema) -> list[tuple[int, float]]:
    platz = thema.breite_von("2000") + 10
    return [(j, flaeche.x(j)) for j in jahresmarken(flaeche.jahre, flaeche.bis - flaeche.von, platz)]


def _oben(
    angaben: Angaben,
    thema: Thema,
    brueche: Sequence[BruchArtig],
    *,
    serien: Sequence[Serie],
    flaeche: Flaeche,
    links: float,
) -> tuple[list[Schild], list[Strich], int]:
    """Einheit, Brüche und „Vorausrechnung“ über der Fläche; dazu senkrechte Striche."""
    f = thema.farben
    einheit = g.einheit_oben(angaben, thema, links, thema.breite - 8)
    paare = [(flaeche.x(b.jahr - 0.5), g.bruchtext(b, thema)) for b in brueche]
    striche_ = [Strich(x, -2, x, flaeche.hoehe, f.text_leise, 1.2, (2, 3)) for x, _ in paare]
    erste = sprache.voraus_ab(serien)
    if erste is not None:
        start = flaeche.x(erste - 1 if erste > flaeche.jahre[0] else erste)
        paare.append(((start + flaeche.bis) / 2, f"Vorausrechnung ab {erste}"))
        striche_.append(Strich(start, -2, start, flaeche.hoehe, f.achse, 1.0))
    tafeln, zeilen = g.ueber_der_flaeche(paare, einheit, thema, links, flaeche.breite)
    return tafeln, striche_, zeilen


def _endzeilen(serie: Serie, angaben: Angaben, thema: Thema, letztes: int | None) -> list[tuple[str, bool]]:
    """Zeilen des Schildes am Linienende: Name (höchstens zwei Zeilen), darunter der letzte Wert.

    Endet die Reihe vor den anderen (``letztes`` Jahr), steht ihr Jahr dabei. Eine Reihe allein
    (``None``) braucht keinen Namen.
    """
    punkte = serie.mit_zahl()
    if not punkte:
        return []
    fett = serie.rolle == "fokus" or letztes is None
    wert = sprache.punkt_text(punkte[-1], angaben, einheit=True)
    if letztes is None:
        return [(wert, fett)]
    jahr = f" ({punkte[-1].x})" if punkte[-1].x != letztes else ""
    return [*((z, fett) for z in thema.umbruch(serie.schild, _NAME_BREIT, fett=fett)), (wert + jahr, fett)]


def _endschilder(
    serien: Sequence[Serie],
    farben: Sequence[str],
    enden: Sequence[list[tuple[str, bool]]],
    flaeche: Flaeche,
    thema: Thema,
) -> tuple[list[Schild], list[Strich]]:
    """Schilder rechts der Linien, auseinandergeschoben; ein feiner Strich führt zum Linienende."""
    da = [i for i, e in enumerate(enden) if e]
    wunsch = [flaeche.y(_wert(serien[i].mit_zahl()[-1])) for i in da]
    hoehen = [len(enden[i]) * ZEILE + 3 for i in da]
    mitten = platziere(wunsch, hoehen, -ZEILE, flaeche.hoehe + ZEILE)
    tafeln, fuehrung = [], []
    for i, y0, mitte, h in zip(da, wunsch, mitten, hoehen, strict=True):
        x0 = flaeche.x(int(serien[i].mit_zahl()[-1].x))
        x1 = flaeche.breite + 2 * _ENDE
        oben = mitte - h / 2 + 1.5 + ZEILE / 2
        for nr, (text, fett) in enumerate(enden[i]):
            tafeln.append(Schild(x1, oben + nr * ZEILE, text, thema.als_text(farben[i]), fett=fett))
        # der Strich trifft die erste Zeile, wenn das Schild verschoben ist
        # endet die Reihe früher, sähe ein Strich in ihrer Farbe wie ihre Fortsetzung aus
        frueher = flaeche.breite - x0 > 3 * _ENDE
        art = (thema.farben.achse, 0.8, (1, 3)) if frueher else (farben[i], 0.8, ())
        fuehrung.append(Strich(x0 + 6, y0, x1 - 4, mitte, *art))
    return tafeln, fuehrung


def _anfaenge(serien: Sequence[Serie], jahre: Sequence[int], angaben: Angaben) -> list[tuple[int, str]]:
    """(Nummer der Serie, Text) für alle, die im ersten Jahr einen Wert haben und mehr als einen zeigen."""
    ergebnis = []
    for nr, s in enumerate(serien):
        punkte = s.mit_zahl()
        if len(punkte) > 1 and punkte[0].x == jahre[0]:
            ergebnis.append((nr, sprache.punkt_text(punkte[0], angaben)))
    return ergebnis


def _anfangsschilder(
    serien: Sequence[Serie], farben: Sequence[str], angaben: Angaben, flaeche: Flaeche, thema: Thema
) -> list[Schild]:
    liste = _anfaenge(serien, flaeche.jahre, angaben)
    wunsch = [flaeche.y(_wert(serien[nr].mit_zahl()[0])) for nr, _ in liste]
    mitten = platziere(wunsch, [ZEILE] * len(liste), -ZEILE / 2, flaeche.hoehe)
    return [
        Schild(
            flaeche.von - 8, y, t, thema.als_text(farben[nr]), "right",
            fett=serien[nr].rolle == "fokus" or len(serien) == 1,
        )
        for (nr, t), y in zip(liste, mitten, strict=True)
    ]  # fmt: skip


def _luecken(serien: Sequence[Serie], flaeche: Flaeche, thema: Thema) -> list[Schild]:
    """Zeichen für fehlende Werte am unteren Rand, wenn nur eine Reihe gezeigt wird."""
    if len(serien) != 1:
        return []
    return [
        Schild(flaeche.x(int(p.x)), flaeche.hoehe - 8, sprache.punkt_text(p, Angaben("")), thema.farben.text)
        for p in serien[0].punkte
        if p.wert is None
    ]


def _wert(punkt: Punkt) -> float:
    return punkt.wert if punkt.wert is not None else 0.0
