"""Was mehrere Formen brauchen: Farben der Serien, Datentafel, Bruchmarken, Hinweise."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

from berichtswerk.bild.anordnung import Achse, abschnitte, ausgeduennt
from berichtswerk.bild.leinwand import Schild, Strich, Teil, kaesten
from berichtswerk.bild.motiv import Motiv
from berichtswerk.bild.thema import ZEILE, Thema
from berichtswerk.fach.veraenderung import Bruch
from berichtswerk.gegenstand.gegenstaende import Tabellenmodell, Tabellenzeile, Tabellenzelle
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Punkt, Serie
from berichtswerk.grund import zahl
from berichtswerk.grund.zeichen import ANZEIGE, NACHZEICHEN, Status
from berichtswerk.tabelle.tabellenbau import textzelle, zeichenzelle
from berichtswerk.worte import sprache
from berichtswerk.worte.befund import Bezug, Worte

MARKEN_RAUM = 19.0
"""Höhe einer Zeile über der Zeichenfläche (Einheit, Brüche, „Vorausrechnung“)."""
FUSS = 27.0
"""Platz unter der Zeichenfläche für die Zahlen der Achse."""


def diagramm(
    motiv: Motiv, gesagt: Worte, daten: Tabellenmodell, hinweise: Sequence[str] = (),
    lesehilfe: Sequence[str] = (),
) -> Diagramm:  # fmt: skip
    """Die fertige Abbildung: ihr Motiv und was über sie gesagt wird."""
    objekt = motiv.als_objekt()
    return Diagramm(
        objekt,
        motiv.form,
        gesagt.alt,
        gesagt.befund,
        daten,
        tuple(hinweise),
        gesagt.aussagen,
        gesagt.weiter,
        tuple(lesehilfe),
    )


def flaechenhoehe(thema: Thema) -> float:
    """Gewollte Höhe einer Zeichenfläche mit senkrechter Werteachse: auf dem Telefon höher im Verhältnis."""
    return 120 + 0.2 * thema.breite


def farben(serien: Sequence[Serie], thema: Thema) -> list[str]:
    """Farbe je Serie: Fokus vor Vergleichsgrau vor Kategorien."""
    f = thema.farben
    hat_fokus = any(s.rolle == "fokus" for s in serien) or len(serien) == 1
    vergleich, teile = 0, 0
    kategorien = [k for k in f.kategorien if k != f.fokus] if hat_fokus else list(f.kategorien)
    ergebnis = []
    for s in serien:
        if len(serien) == 1 or (s.rolle == "fokus" and f.fokus not in ergebnis):
            ergebnis.append(f.fokus)
        elif s.rolle == "vergleich":
            ergebnis.append(f.vergleich[min(vergleich, len(f.vergleich) - 1)])
            vergleich += 1
        else:
            ergebnis.append(kategorien[teile] if teile < len(kategorien) else f.achse)
            teile += 1
    return ergebnis


def _fach(punkt: Punkt | None, angaben: Angaben) -> Tabellenzelle:
    """Fach der Datentafel; ein fehlender Punkt ist unbekannt."""
    if punkt is None:
        return zeichenzelle(Status.UNBEKANNT)
    text, zusatz = sprache.punkt_text(punkt, angaben), NACHZEICHEN.get(punkt.status, "")
    if text == ANZEIGE.get(punkt.status):
        return zeichenzelle(punkt.status).model_copy(update={"wert": punkt.wert})
    return Tabellenzelle(
        text=text.removesuffix(zusatz).rstrip() if zusatz else text,
        zahl=True,
        wert=punkt.wert,
        status=None if punkt.status is Status.WERT else punkt.status,
        zusatz=zusatz,
        spanne=sprache.grenzen(punkt, angaben.stellen),
    )


def tafel(serien: Sequence[Serie], angaben: Angaben, kopf: str = "") -> Tabellenmodell:
    """Was in der aufklappbaren Tabelle und in der CSV-Datei steht.

    Zeilen sind Jahre oder Kategorien, Spalten die Serien; Vorausgerechnetes ist gekennzeichnet, in den
    Spaltenköpfen, wenn es für alle Kategorien gilt.
    """
    xs: dict[Any, bool] = {}
    for s in serien:
        for p in s.punkte:
            xs[p.x] = xs.get(p.x, False) or p.prognose
    jahre = all(isinstance(x, int) for x in xs)
    je_serie = [{p.x: p for p in s.punkte} for s in serien]
    einheit = angaben.einheit_kurz or angaben.einheit
    titel = [angaben.was] if len(serien) == 1 else [s.name for s in serien]
    voraus = bool(xs) and not jahre and all(xs.values())
    klammer = ", ".join(t for t in (einheit, "Vorausrechnung" if voraus else "") if t)
    namen = [f"{t} ({klammer})" if klammer else t for t in titel]
    koepfe = [textzelle(kopf or ("Jahr" if xs and jahre else "Gebiet"))]
    koepfe += [textzelle(name, zahl_spalte=True) for name in namen]
    zeilen = []
    for x in sorted(xs) if jahre else xs:
        name = textzelle(f"{x} (Vorausrechnung)" if xs[x] and not voraus else str(x))
        zeilen.append(Tabellenzeile(zellen=(name, *(_fach(je.get(x), angaben) for je in je_serie))))
    leer = Tabellenzeile(zellen=(textzelle("keine Angabe"),))
    return Tabellenmodell(kopf=(tuple(koepfe),), zeilen=tuple(zeilen or [leer]))


def summe(serien: Sequence[Serie], name: str) -> Serie:
    """Summe der Serien je Jahr; fehlt ein Teil, fehlt die Summe."""
    xs = dict.fromkeys(p.x for s in serien for p in s.punkte)
    punkte = []
    for x in xs:
        teile = [next((p for p in s.punkte if p.x == x), None) for s in serien]
        werte = [p.wert for p in teile if p is not None and p.wert is not None]
        voll = len(werte) == len(serien)
        voraus = any(p.prognose for p in teile if p is not None)
        status = Status.WERT if voll else Status.UNBEKANNT
        punkte.append(Punkt(x, math.fsum(werte) if voll else None, status, voraus))
    return Serie(name, tuple(punkte), "fokus", gebiet=serien[0].gebiet if serien else "")


def ueber_der_flaeche(
    marken: tuple[Sequence[tuple[float, Bruch]], tuple[float, float, str] | None],
    thema: Thema, flaeche: tuple[float, float], *, links: float, luft: float = 0.0,
) -> tuple[list[Teil], float]:  # fmt: skip
    """Brüche und „Vorausrechnung“ über der Zeichenfläche (``luft`` höher) und ihre Höhe.

    ``marken`` sind Brüche mit ihrer Stelle und die Vorausrechnung (Beginn und Mitte in Pixeln, Text); sie
    sind auch senkrechte Striche. ``links`` ist der Rand bis zur Zeichenfläche, ``flaeche`` deren Breite und
    Höhe.
    """
    f, (breite, hoehe), (brueche, voraus) = thema.farben, flaeche, marken
    stellen = [(x, bruchtext(b, thema)) for x, b in brueche]
    striche = [Strich(x, -2, x, hoehe, f.text_leise, 1.2, (2, 3), weicht=True) for x, _ in stellen]
    if voraus is not None:
        stellen.append(voraus[1:])
        striche.append(Strich(voraus[0], -2, voraus[0], hoehe, f.achse, 1.0, weicht=True))
    gesetzt = _marken(stellen, thema, breite)
    zeilen = max([z + 1 for _, z, _ in gesetzt] + [0])
    hoch = -ZEILE * 0.8 - luft
    tafeln = [Schild(x, hoch - MARKEN_RAUM * zeile, text, f.text_leise) for x, zeile, text in gesetzt]
    return [*tafeln, *striche], 9 + MARKEN_RAUM * zeilen


def einheit_am_strich(angaben: Angaben) -> str:
    """Die kurze Einheit, die nur am obersten Wert der Achse steht („%“); die Unterzeile nennt sie immer."""
    kurz = angaben.einheit_kurz
    return kurz if len(kurz) <= 2 else ""


def hinweise_zu(
    serien: Sequence[Serie],
    brueche: Sequence[Bruch] = (),
    achse: Achse | None = None,
    richtung: str = "senkrechte",
) -> tuple[str, ...]:
    """Anmerkungen unter der Abbildung: Achse nicht bei null, Brüche, Zeichen."""
    ohne_null = achse is not None and not achse.mit_null
    liste = [f"Die {richtung} Achse beginnt nicht bei null."] if ohne_null else []
    liste += [f"Zeitreihenbruch vor {b.jahr}: {b.grund}." for b in brueche]
    return (*liste, *sprache.zeichenerklaerung(serien))


def stuecke(
    punkte: Sequence[Punkt], brueche: Sequence[Bruch]
) -> list[tuple[list[Punkt], list[Punkt], list[Punkt]]]:
    """Was eine Linie verbinden darf: je Stück alle Punkte, die durchgezogenen, die gestrichelten.

    Die gestrichelte Linie setzt am letzten Ist-Wert an.
    """
    werte, voraus = [p.wert for p in punkte], [p.prognose for p in punkte]
    ergebnis = []
    for stueck in abschnitte([int(p.x) for p in punkte], werte, [b.jahr for b in brueche], voraus):
        alle = [punkte[i] for i in stueck]
        ist, kommt = [p for p in alle if not p.prognose], [p for p in alle if p.prognose]
        ergebnis.append((alle, ist, [*ist[-1:], *kommt] if kommt else []))
    return ergebnis


def gezeigte(brueche: Sequence[Bruch], jahre: Sequence[int]) -> list[Bruch]:
    """Brüche, die zwischen zwei gezeigten Jahren liegen, je Jahr einmal."""
    je_jahr = {b.jahr: b for b in reversed(brueche)}
    return [je_jahr[j] for j in sorted(je_jahr) if jahre and min(jahre) < j <= max(jahre)]


def _marken(liste: Sequence[tuple[float, str]], thema: Thema, breite: float) -> list[tuple[float, int, str]]:
    """Reiht Beschriftungen über der Zeichenfläche: (Pixel links, Zeile ab 0 von unten, Text).

    Jede steht möglichst mittig über ihrer Stelle, ganz im Bild, und weicht nach oben aus.
    """
    enden: list[float] = [0.0]
    ergebnis = []
    for x, text in sorted(liste):
        weite = thema.breite_von(text)
        links = min(max(0.0, x - weite / 2), max(0.0, breite - weite))
        zeile = next((i for i, ende in enumerate(enden) if links >= ende), len(enden))
        if zeile == len(enden):
            enden.append(0.0)
        enden[zeile] = links + weite + 10
        ergebnis.append((links, zeile, text))
    return ergebnis


def bruchtext(bruch: Bruch, thema: Thema) -> str:
    """Kurzer Grund; ist er zu lang, steht er nur in den Hinweisen."""
    kurz = bruch.grund.strip()
    return kurz if kurz and thema.breite_von(kurz) <= 150 else f"Bruch {bruch.jahr}"


def jahresachse(marken: Sequence[tuple[int, float]], y: float, thema: Thema, laenge: float) -> list[Teil]:
    """Jahreszahlen unter der Zeichenfläche mit kleinen Strichen; nie gedreht."""
    f = thema.farben
    return [
        *(Schild(x, y + 6, str(jahr), f.text_leise, "center", grundlinie="top") for jahr, x in marken),
        *(Strich(x, y, x, y + 4, f.achse) for _, x in marken),
        Strich(0, y, laenge, y, f.achse),
    ]


def gitterlinie(x: float, y: float, x2: float, y2: float, thema: Thema) -> Strich:
    """Eine feine Linie hinter den Werten, die Schrift weicht."""
    return Strich(x, y, x2, y2, thema.farben.gitter, weicht=True)


def werteachse(achse: Achse, hoehe: float, laenge: float, thema: Thema, einheit: str = "") -> list[Teil]:
    """Waagerechte Gitterlinien und Zahlen links; die Nulllinie ist kräftiger, die Einheit steht ganz oben."""
    f = thema.farben
    teile: list[Teil] = []
    for text, w in _achsentexte(achse, einheit):
        y, null = achse.lage(w, hoehe), abs(w) < 1e-12
        teile.append(Schild(-8, y, text, f.text_leise, "right"))
        teile.append(
            Strich(0, y, laenge, y, f.text_leise, 1.2) if null else gitterlinie(0, y, laenge, y, thema)
        )
    return teile


def _achsentexte(achse: Achse, einheit: str) -> list[tuple[str, float]]:
    texte = [(zahl.schreibe(w, achse.stellen), w) for w in achse.striche]
    return [*texte[:-1], (zahl.mit_einheit(texte[-1][0], einheit or None), texte[-1][1])]


def achse_unten(
    achse: Achse, x: Callable[[float], float], hoehe: float, thema: Thema, *, null: str = "",
    einheit: str = "",
) -> list[Teil]:  # fmt: skip
    """Senkrechte Gitterlinien und Zahlen darunter, so viele nebeneinander passen.

    ``x`` rechnet in Pixel, ``null`` färbt die Nulllinie, ``einheit`` steht am letzten Wert.
    """
    f = thema.farben
    platz = max(thema.breite_von(text) for text, _ in _achsentexte(achse, einheit)) + 12
    achse = ausgeduennt(achse, abs(x(achse.bis) - x(achse.von)), platz)
    teile: list[Teil] = []
    for text, w in _achsentexte(achse, einheit):
        linie = gitterlinie(x(w), 0, x(w), hoehe, thema)
        teile.append(replace(linie, farbe=null or f.text_leise) if w == 0 else linie)
        teile.append(Schild(x(w), hoehe + 6, text, f.text_leise, "center", grundlinie="top"))
    return teile


def breite_der_werteachse(achse: Achse, thema: Thema, einheit: str = "") -> float:
    """Platz links für die Zahlen der Werteachse."""
    return max(thema.breite_von(text) for text, _ in _achsentexte(achse, einheit)) + 10


def zeilennamen(namen: Iterable[object], thema: Thema) -> list[tuple[str, ...]]:
    """Namen, die links neben ihrer Zeile stehen: umbrochen, höchstens ein Drittel des Bildes breit."""
    platz = min(170.0, 0.34 * thema.breite)
    return [thema.umbruch(str(name), platz) if name != "" else () for name in namen]


def namen_links(namen: Sequence[Sequence[str]], zeile: float, thema: Thema, x: float = -10.0) -> list[Teil]:
    """Namen in Zeilen von ``zeile`` Pixeln Höhe, rechtsbündig neben der Zeichenfläche; umbrochene mittig."""
    return [
        Schild(x, (i + 0.5) * zeile + (nr - (len(n) - 1) / 2) * ZEILE, text, thema.farben.text, "right")
        for i, n in enumerate(namen)
        for nr, text in enumerate(n)
    ]


def breite_der_namen(namen: Sequence[Sequence[str]], thema: Thema) -> float:
    """Platz links für umbrochene Namen."""
    return max([thema.breite_von(z) for n in namen for z in n] or [0.0]) + 12


def bezugslinie(
    bezug: Bezug, angaben: Angaben, thema: Thema, x: Callable[[float], float], flaeche: tuple[float, float]
) -> tuple[list[Teil], float]:
    """Senkrechte Linie des Vergleichswerts mit Namen und Wert darüber; dazu die Höhe der Beschriftung.

    ``flaeche`` ist Breite und Höhe der Zeichenfläche.
    """
    if bezug is None or bezug[1] is None:
        return [], 0.0
    f, stelle = thema.farben, x(bezug[1])
    kurz = replace(angaben, einheit_kurz=einheit_am_strich(angaben))
    text = f"{bezug[0]} {sprache.wert_text(bezug[1], kurz)}"
    weite = thema.breite_von(text, fett=True)
    links = min(max(0.0, stelle - weite / 2), flaeche[0] - weite)
    return [
        Schild(links, -ZEILE * 0.7, text, f.text, fett=True),
        # der helle Saum hebt die Linie auch von dunklen Balken ab
        Strich(stelle, 0, stelle, flaeche[1], f.grund, 4.0, weicht=True),
        Strich(stelle, -3, stelle, flaeche[1], f.text, 1.4, weicht=True),
    ], ZEILE + 4


def farbschluessel(
    paare: Sequence[tuple[str, str]], thema: Thema, links: float, y: float, rand: str | None = None
) -> tuple[list[Teil], float]:
    """Kästchen mit Namen in Zeilen ab der Oberkante ``y``, und ihre Höhe."""
    tafeln: list[Teil] = []
    kaestchen: list[dict[str, Any]] = []
    x, mitte = links, y + ZEILE / 2
    for name, farbe in paare:
        weite = 18 + thema.breite_von(name)
        if x > links and x + weite > links + thema.breite - 2:
            x, mitte = links, mitte + ZEILE
        kaestchen.append({"x": x, "x2": x + 12, "y": mitte - 6, "y2": mitte + 6, "farbe": farbe})
        tafeln.append(Schild(x + 18, mitte, name, thema.farben.text))
        x += weite + 16
    return [*kaesten(kaestchen, rand=rand), *tafeln], mitte + ZEILE / 2 - y if paare else 0.0


def leiter(anzahl: int, thema: Thema) -> list[str]:
    """Stufen einer Farbe für geordnete Teile, hell nach dunkel."""
    stufen = thema.farben.leiter
    if anzahl <= 1:
        return [thema.farben.klassen[3]] * anzahl
    return [stufen[round(i * (len(stufen) - 1) / (anzahl - 1))] for i in range(anzahl)]
