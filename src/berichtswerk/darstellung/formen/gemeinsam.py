"""Was mehrere Formen brauchen: Farben der Serien, Datentafel, Bruchmarken, Hinweise."""

from __future__ import annotations

from collections.abc import Sequence

from berichtswerk import zahl
from berichtswerk.darstellung import sprache
from berichtswerk.darstellung.anordnung import Achse
from berichtswerk.darstellung.leinwand import Schild, Strich
from berichtswerk.darstellung.thema import ZEILE, Thema
from berichtswerk.darstellung.typen import Angaben, BruchArtig, Datentafel, Punkt, Serie, Zelle

MARKEN_RAUM = 18.0
"""Höhe einer Zeile über der Zeichenfläche (Einheit, Brüche, „Vorausrechnung“)."""


def farben(serien: Sequence[Serie], thema: Thema) -> list[str]:
    """Farbe je Serie: Fokus vor Vergleichsgrau vor Kategorien."""
    f = thema.farben
    hat_fokus = any(s.rolle == "fokus" for s in serien) or len(serien) == 1
    vergleich, teile = 0, 0
    kategorien = [k for k in f.kategorien if k != f.fokus] if hat_fokus else list(f.kategorien)
    ergebnis = []
    for s in serien:
        if s.rolle == "fokus" or len(serien) == 1:
            ergebnis.append(f.fokus)
        elif s.rolle == "vergleich":
            ergebnis.append(f.vergleich[min(vergleich, len(f.vergleich) - 1)])
            vergleich += 1
        else:
            ergebnis.append(kategorien[teile] if teile < len(kategorien) else f.achse)
            teile += 1
    return ergebnis


def zelle(punkt: Punkt | None, angaben: Angaben) -> Zelle:
    """Fach der Datentafel; ein fehlender Punkt ist unbekannt."""
    from berichtswerk.zeichen import ANZEIGE, Status

    if punkt is None:
        return Zelle(ANZEIGE[Status.UNBEKANNT], None, Status.UNBEKANNT)
    return Zelle(sprache.punkt_text(punkt, angaben), punkt.wert, punkt.status)


def tafel(serien: Sequence[Serie], angaben: Angaben, kopf: str = "") -> Datentafel:
    """Zeilen = Jahre oder Kategorien, Spalten = Serien; Vorausgerechnetes ist gekennzeichnet."""
    xs: dict[int | str, bool] = {}
    for s in serien:
        for p in s.punkte:
            xs[p.x] = xs.get(p.x, False) or p.prognose
    if all(isinstance(x, int) for x in xs):
        xs = dict(sorted(xs.items()))
    je_serie = [{p.x: p for p in s.punkte} for s in serien]
    titel = kopf or ("Jahr" if xs and all(isinstance(x, int) for x in xs) else "Gebiet")
    einheit = f" ({angaben.einheit_kurz or angaben.einheit})" if angaben.einheit_kurz or angaben.einheit else ""
    namen = [angaben.was + einheit] if len(serien) == 1 else [s.name + einheit for s in serien]
    zeilen = tuple(
        (f"{x} (Vorausrechnung)" if voraus else str(x), *(zelle(punkte.get(x), angaben) for punkte in je_serie))
        for x, voraus in xs.items()
    )
    return Datentafel((titel, *namen), zeilen)


def hinweise_zu(
    serien: Sequence[Serie], brueche: Sequence[BruchArtig], achse: Achse | None = None
) -> tuple[str, ...]:
    """Anmerkungen unter der Abbildung: Achse nicht bei null, Brüche, Zeichen."""
    liste = []
    if achse is not None and not achse.mit_null:
        liste.append("Die senkrechte Achse beginnt nicht bei null.")
    liste += [f"Zeitreihenbruch vor {b.jahr}: {b.grund}." for b in brueche]
    return (*liste, *sprache.zeichenerklaerung(serien))


def gezeigte(brueche: Sequence[BruchArtig], jahre: Sequence[int]) -> list[BruchArtig]:
    """Brüche, die zwischen zwei gezeigten Jahren liegen, je Jahr einmal."""
    je_jahr = {b.jahr: b for b in reversed(brueche)}
    return [je_jahr[j] for j in sorted(je_jahr) if jahre and min(jahre) < j <= max(jahre)]


def marken(
    liste: Sequence[tuple[float, str]], thema: Thema, breite: float, besetzt: float = 0.0
) -> list[tuple[float, int, str]]:
    """Reiht Beschriftungen über der Zeichenfläche: (Pixel links, Zeile ab 0 von unten, Text).

    Jede steht möglichst mittig über ihrer Stelle, ganz im Bild, und weicht nach oben aus; ``besetzt`` ist
    der Raum, den in Zeile 0 links schon die Einheit füllt.
    """
    enden: list[float] = [besetzt]
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


def bruchtext(bruch: BruchArtig, thema: Thema) -> str:
    """Kurzer Grund; ist er zu lang, steht er nur in den Hinweisen."""
    kurz = bruch.grund.strip()
    return kurz if kurz and thema.breite_von(kurz) <= 150 else f"Bruch {bruch.jahr}"


def jahresachse(
    marken_: Sequence[tuple[int, float]], y: float, thema: Thema, laenge: float
) -> tuple[list[Schild], list[Strich]]:
    """Jahreszahlen unter der Zeichenfläche mit kleinen Strichen; nie gedreht."""
    f = thema.farben
    schilder = [Schild(x, y + 6, str(jahr), f.text_leise, "center", grundlinie="top") for jahr, x in marken_]
    striche = [Strich(x, y, x, y + 4, f.achse) for _, x in marken_]
    return schilder, [*striche, Strich(0, y, laenge, y, f.achse)]


def werteachse(achse: Achse, hoehe: float, laenge: float, thema: Thema) -> tuple[list[Schild], list[Strich]]:
    """Waagerechte Gitterlinien und Zahlen links; die Nulllinie ist kräftiger."""
    f = thema.farben
    schilder, striche = [], []
    for w in achse.striche:
        y = achse.lage(w, hoehe)
        schilder.append(Schild(-8, y, zahl.schreibe(w, achse.stellen), f.text_leise, "right"))
        null = abs(w) < 1e-12
        striche.append(Strich(0, y, laenge, y, f.text_leise if null else f.gitter, 1.2 if null else 1.0))
    return schilder, striche


def breite_der_werteachse(achse: Achse, thema: Thema) -> float:
    """Platz links für die Zahlen der Werteachse."""
    return max(thema.breite_von(zahl.schreibe(w, achse.stellen)) for w in achse.striche) + 10


def einheit_oben(angaben: Angaben, thema: Thema, links: float, breite: float) -> list[Schild]:
    """Die Einheit über der Werteachse, wenn sie in eine Zeile passt."""
    for text in (angaben.einheit, angaben.einheit_kurz):
        if text and thema.breite_von(text) <= breite:
            return [Schild(-links, -ZEILE * 0.8, text, thema.farben.text_leise)]
    return []
