"""Hantel: zwei Werte je Gebiet, verbunden; die Gebiete in ihrer festen Reihenfolge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from berichtswerk.bild.anordnung import Achse, teile_achse
from berichtswerk.bild.formen import gemeinsam as g
from berichtswerk.bild.leinwand import (
    Rahmen,
    Schild,
    Strich,
    kaesten,
    rahme,
    striche,
    tupfen,
)
from berichtswerk.bild.thema import ZEILE, Thema
from berichtswerk.fach.veraenderung import BruchArtig, Stand, Veraenderung
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Punkt, Serie
from berichtswerk.grund import zahl
from berichtswerk.worte import befund as worte
from berichtswerk.worte import sprache

_ZEILE = 24.0
_NAME_BREIT = 150.0


def hantel(
    von: Serie,
    bis: Serie,
    angaben: Angaben,
    *,
    thema: Thema,
    bezug: tuple[str, float | None] | None = None,
    brueche: Sequence[BruchArtig] = (),
    raum: str = "Gebieten",
    null: bool = False,
    alt: str | None = None,
    befund: str | None = None,
) -> Diagramm:
    """Zeichnet zwei Punkte je Gebiet; ``von`` (hohl) und ``bis`` (gefüllt) heißen etwa „2015“ und „2023“.

    Die Reihenfolge der Punkte in ``bis`` bleibt. ``bezug`` ist Name und Wert des Kreises zum Zeitpunkt von
    ``bis``; er steht als senkrechte Linie.
    """
    paare = _paare(von, bis)
    werte = [p.wert for _, a, b in paare for p in (a, b) if p is not None and p.wert is not None]
    achse = teile_achse(
        [*werte, *([bezug[1]] if bezug and bezug[1] is not None else [])], null=null, anzahl=5
    )
    zeit = (von.name, bis.name)
    gesagt = worte.richtungen(
        "Hanteldiagramm",
        _aenderungen(paare, zeit, angaben, brueche),
        angaben,
        raum=raum,
        zeit=zeit,
        bezug=bezug,
    )
    text = alt if alt is not None else gesagt.alt
    hinweise = g.hinweise_zu((von, bis), brueche)
    if not achse.mit_null:
        hinweise = ("Die waagerechte Achse beginnt nicht bei null.", *hinweise)
    return Diagramm(
        _spec(paare, (von.name, bis.name), angaben, thema, achse=achse, bezug=bezug, text=text),
        "hantel",
        text,
        befund if befund is not None else gesagt.befund,
        g.tafel((von, bis), angaben),
        hinweise,
    )


Paar = tuple[str, Punkt | None, Punkt | None]


def _paare(von: Serie, bis: Serie) -> list[Paar]:
    a, b = {p.x: p for p in von.punkte}, {p.x: p for p in bis.punkte}
    return [(str(x), a.get(x), b.get(x)) for x in dict.fromkeys([*b, *a])]


def _aenderungen(
    paare: Sequence[Paar], zeit: tuple[str, str], angaben: Angaben, brueche: Sequence[BruchArtig]
) -> list[Veraenderung]:
    """Je Gebiet mit zwei Werten die Veränderung zwischen den beiden Jahren."""
    jahre = [int(z[:4]) for z in zeit]
    return [
        Veraenderung.zwischen(
            Stand(jahre[0], a.wert, a.prognose), Stand(jahre[1], b.wert, b.prognose), angaben.masz, brueche
        )
        for _, a, b in paare
        if a is not None and b is not None and a.wert is not None and b.wert is not None
    ]


def _spec(
    paare: Sequence[Paar],
    namen: tuple[str, str],
    angaben: Angaben,
    thema: Thema,
    *,
    achse: Achse,
    bezug: tuple[str, float | None] | None,
    text: str,
) -> dict[str, Any]:
    f = thema.farben
    zeilen = [thema.umbruch(name, _NAME_BREIT) for name, _, _ in paare]
    links = max([thema.breite_von(z) for n in zeilen for z in n] or [0.0]) + 12
    breite = round(thema.breite - links - 6)
    zahlbreite = max([thema.breite_von(_zahl(p, angaben)) for _, a, b in paare for p in (a, b)] or [0.0]) + 12
    zeile = max(_ZEILE, ZEILE * max([len(z) for z in zeilen] or [1]) + 4)
    hoehe = max(1, len(paare)) * zeile

    def x(wert: float) -> float:
        laenge = breite - 2 * zahlbreite
        return zahlbreite + laenge - achse.lage(wert, laenge)

    tafeln: list[Schild] = []
    zahlen: list[Schild] = []
    stangen: list[Strich] = []
    punkte: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    for i, (name, a, b) in enumerate(paare):
        y = (i + 0.5) * zeile
        oben = y - (len(zeilen[i]) - 1) * ZEILE / 2
        tafeln += [Schild(-10, oben + n * ZEILE, z, f.text, "right") for n, z in enumerate(zeilen[i])]
        werte = [p.wert if p is not None else None for p in (a, b)]
        if werte[0] is not None and werte[1] is not None:
            stangen.append(Strich(x(werte[0]), y, x(werte[1]), y, f.fokus, 3.0))
        for nr, (p, wert) in enumerate(zip((a, b), werte, strict=True)):
            if wert is None:
                if p is not None:
                    stelle = zahlbreite * 0.3 if nr == 0 else breite - zahlbreite * 0.3
                    zahlen.append(Schild(stelle, y, _zahl(p, angaben), f.text, "center", fett=nr == 1))
                continue
            punkte[nr].append(
                {"gebiet": name, "zeit": namen[nr], "wert": wert, "x": round(x(wert), 1), "y": y}
            )
            anderer = werte[1 - nr]
            rechts = (wert > anderer or (wert == anderer and nr == 1)) if anderer is not None else nr == 1
            stelle = x(wert) + (9 if rechts else -9)
            buendig = "left" if rechts else "right"
            farbe = f.fokus if nr == 1 else f.text_leise
            zahlen.append(Schild(stelle, y, _zahl(p, angaben), farbe, buendig, fett=nr == 1))  # type: ignore[arg-type]
    kopf, kopflinien, kopfpunkte, oben_ = _kopf(
        namen, thema, bezug, angaben, x=x, hoehe=hoehe, breite=breite, links=-links
    )
    gitter, achsentafeln = _achse(achse, x, hoehe, thema)
    ebenen = [
        *striche(gitter),
        *striche(kopflinien),
        *([kaesten(g.dahinter(zahlen, thema))] if zahlen else []),
        *striche(stangen),
        tupfen([*punkte[0], kopfpunkte[0]], f.fokus, groesse=80, hohl=f.grund),
        tupfen([*punkte[1], kopfpunkte[1]], f.fokus, groesse=95),
    ]
    return rahme(
        ebenen, [*tafeln, *zahlen, *kopf, *achsentafeln], thema, Rahmen(hoehe, links, oben_, 6, 26), text
    )


def _zahl(p: Punkt | None, angaben: Angaben) -> str:
    return sprache.punkt_text(p, angaben) if p is not None else ""


def _kopf(
    namen: tuple[str, str],
    thema: Thema,
    bezug: tuple[str, float | None] | None,
    angaben: Angaben,
    *,
    x: Any,
    hoehe: float,
    breite: float,
    links: float,
) -> tuple[list[Schild], list[Strich], tuple[dict[str, Any], dict[str, Any]], float]:
    """Schlüssel (hohl, gefüllt) und Bezugslinie mit Namen und Wert."""
    f = thema.farben
    tafeln, linien, oben = [], [], 6.0
    if bezug and bezug[1] is not None:
        text = f"{bezug[0]} {sprache.wert_text(bezug[1], angaben)}"
        weite = thema.breite_von(text, fett=True)
        stelle = min(max(0.0, x(bezug[1]) - weite / 2), breite - weite)
        tafeln.append(Schild(stelle, -ZEILE * 0.7, text, f.text, fett=True))
        linien.append(Strich(x(bezug[1]), -3, x(bezug[1]), hoehe, f.text, 1.5, (6, 3)))
        oben += ZEILE + 2
    y = -oben - ZEILE / 2 + 2
    zweiter = links + 6 + 12 + thema.breite_von(namen[0]) + 22
    tafeln.append(Schild(links + 18, y, namen[0], f.text))
    tafeln.append(Schild(zweiter + 12, y, namen[1], f.text, fett=True))
    punkte = ({"x": round(links + 6, 1), "y": y}, {"x": round(zweiter, 1), "y": y})
    return tafeln, linien, punkte, oben + ZEILE + 6


def _achse(achse: Achse, x: Any, hoehe: float, thema: Thema) -> tuple[list[Strich], list[Schild]]:
    f = thema.farben
    linien = [Strich(x(w), 0, x(w), hoehe, f.text_leise if w == 0 else f.gitter) for w in achse.striche]
    tafeln = [
        Schild(x(w), hoehe + 6, zahl.schreibe(w, achse.stellen), f.text_leise, "center", grundlinie="top")
        for w in achse.striche
    ]
    return linien, tafeln
