"""Alternativtexte aus den Daten: Art, was, wo, wann; Richtung, Extreme, letzter Wert. Ein bis drei Sätze."""

from __future__ import annotations

from collections.abc import Sequence

from berichtswerk.gegenstand.serien import Angaben, BruchArtig, Punkt, Serie
from berichtswerk.grund import zahl
from berichtswerk.grund.zeichen import Status
from berichtswerk.worte.sprache import (
    aenderung,
    aufzaehlung,
    fokus,
    grenzen,
    gross,
    punkt_text,
    wert_text,
    zahlwort,
    zeitspanne,
)

HOECHSTENS = 4
"""So viele Reihen oder Gebiete werden einzeln genannt; der Rest steht in der Tabelle."""


def kopf(art: str, angaben: Angaben, serien: Sequence[Serie] = (), zusatz: str = "") -> str:
    """„Liniendiagramm: Altenquotient (je 100 Personen …), Landkreis …, 2013–2024.“"""
    einheit = angaben.einheit or angaben.einheit_kurz
    teile = [f"{angaben.was} ({einheit})" if einheit else angaben.was, angaben.wo]
    teile += [angaben.zeit or zeitspanne(serien), zusatz]
    return f"{art}: {', '.join(t for t in teile if t)}."


def verlauf(serie: Serie, angaben: Angaben) -> str:
    """„Landkreis: von 35,1 (2013) auf 48,2 (2024) gestiegen, Höchstwert 49,0 (2020)“, ohne Punkt."""
    ist = serie.mit_zahl(prognose=False)
    davor = "" if serie.name == angaben.wo else f"{gross(serie.schild)}: "
    voraus = serie.mit_zahl(prognose=True)
    if not ist and voraus:
        return f"{davor}vorausgerechnet {_mit_jahr(voraus[0], angaben)} bis {_mit_jahr(voraus[-1], angaben)}"
    if not ist:
        return f"{davor}keine Werte"
    a = aenderung(serie, angaben)
    if a is None:
        return f"{davor}{_mit_jahr(ist[-1], angaben)}"
    wort = a.richtung
    lauf = f"von {_mit_jahr(a.anfang, angaben)} auf {_mit_jahr(a.ende, angaben)} {wort}"
    if wort in ("kaum verändert", "unverändert"):
        lauf = f"{wort}, {_mit_jahr(a.anfang, angaben)} und {_mit_jahr(a.ende, angaben)}"
    # gezeigte Zahlen zählen: ein Tiefstwert „6,2 %“ neben dem Endwert „6,2 %“ sagt nichts
    hoch, tief = max(ist, key=_wert), min(ist, key=_wert)
    gerundet = [zahl.runde(w, angaben.stellen) for w in (a.von, a.bis)]
    extreme = []
    if zahl.runde(_wert(hoch), angaben.stellen) > max(gerundet):
        extreme.append(f"Höchstwert {_mit_jahr(hoch, angaben)}")
    if zahl.runde(_wert(tief), angaben.stellen) < min(gerundet):
        extreme.append(f"Tiefstwert {_mit_jahr(tief, angaben)}")
    return f"{davor}{lauf}{''.join(f', {e}' for e in extreme)}"


def _wert(punkt: Punkt) -> float:
    return punkt.wert if punkt.wert is not None else 0.0


def _mit_jahr(punkt: Punkt, angaben: Angaben) -> str:
    return f"{wert_text(_wert(punkt), angaben)} ({punkt.x})"


def linie(serien: Sequence[Serie], angaben: Angaben, brueche: Sequence[BruchArtig] = ()) -> str:
    """Alternativtext einer Jahresreihe (Linie oder Säulen)."""
    return jahresreihe("Liniendiagramm", serien, angaben, brueche)


def jahresreihe(
    art: str, serien: Sequence[Serie], angaben: Angaben, brueche: Sequence[BruchArtig] = ()
) -> str:
    """Kopf, Verlauf der wichtigsten Reihe, letzte Werte der übrigen, Vorausrechnung."""
    haupt = fokus(serien)
    saetze = [kopf(art, angaben, serien)]
    if haupt is not None:
        mitte = verlauf(haupt, angaben)
        rest = [_letzter(s, angaben) for s in serien if s is not haupt][:HOECHSTENS]
        if rest:
            mitte += "; zuletzt " + aufzaehlung(rest)
        saetze.append(gross(mitte) + ".")
    else:
        teile = [verlauf(s, angaben) for s in serien[:HOECHSTENS]]
        mehr = f"; weitere Reihen: {len(serien) - HOECHSTENS}" if len(serien) > HOECHSTENS else ""
        saetze.append("; ".join(teile) + mehr + "." if teile else "Keine Werte.")
    zusatz = [f"Zeitreihenbruch vor {b.jahr} ({b.grund})" for b in brueche]
    gemeint = [haupt] if haupt else serien[:HOECHSTENS]
    zusatz += [t for s in gemeint for t in _vorausrechnung(s, angaben, haupt)]
    return " ".join([*saetze, *(["; ".join(zusatz) + "."] if zusatz else [])])


def _letzter(serie: Serie, angaben: Angaben) -> str:
    punkte = serie.mit_zahl()
    return f"{serie.schild} {_mit_jahr(punkte[-1], angaben)}" if punkte else f"{serie.schild} ohne Wert"


def _vorausrechnung(serie: Serie, angaben: Angaben, haupt: Serie | None) -> list[str]:
    """„Vorausrechnung ab 2025: 812 (2035), Spanne 700 bis 900“; mehrere Reihen mit ihrem Namen."""
    punkte = serie.mit_zahl(prognose=True)
    if not punkte:
        return []
    ende = punkte[-1]
    band = ""
    if ende.unten is not None and ende.oben is not None:
        grenzen = f"{wert_text(ende.unten, angaben)} bis {wert_text(ende.oben, angaben)}"
        band = f", {angaben.band or 'Spanne'} {grenzen}"
    wer = "" if haupt is not None else f" {serie.schild}"
    return [f"Vorausrechnung{wer} ab {punkte[0].x}: {_mit_jahr(ende, angaben)}{band}"]


def _gesprochen(punkt: Punkt, angaben: Angaben) -> str:
    """Wert mit Einheit; statt eines Zeichens ein Wort."""
    if punkt.status is Status.NULL:
        return "null"
    if punkt.wert is None:
        return "ohne Angabe"
    band = grenzen(punkt, angaben.stellen)
    return punkt_text(punkt, angaben, einheit=True) + (f" ({band[0]} bis {band[1]})" if band else "")


def gebiete(
    art: str,
    punkte: Sequence[Punkt],
    angaben: Angaben,
    bezug: tuple[str, float | None] | None = None,
    zeit: str = "",
) -> str:
    """Alternativtext eines Vergleichs: alle Werte, wenn es höchstens zwölf sind, sonst Spannweite."""
    saetze = [kopf(art, angaben, (), zeit)]
    mit = [p for p in punkte if p.wert is not None]
    if any(p.unten is not None for p in mit):
        saetze.append(f"In Klammern: {angaben.band or 'Spanne'}.")
    if not mit:
        return f"{saetze[0]} Keine Werte."
    if len(punkte) <= 12:
        saetze.append(aufzaehlung([f"{p.x} {_gesprochen(p, angaben)}" for p in punkte]) + ".")
    else:
        tief, hoch = min(mit, key=_wert), max(mit, key=_wert)
        saetze.append(
            f"{zahlwort(len(mit)).capitalize()} Werte von {wert_text(_wert(tief), angaben)} ({tief.x}) "
            f"bis {wert_text(_wert(hoch), angaben)} ({hoch.x})."
        )
    if bezug and bezug[1] is not None:
        saetze.append(f"{bezug[0]}: {wert_text(bezug[1], angaben)}.")
    return " ".join(saetze)


def gruppen(
    art: str,
    serien: Sequence[Serie],
    angaben: Angaben,
    bezug: tuple[str, float | None] | None = None,
) -> str:
    """Alternativtext mehrerer Serien über Gebiete: je Serie die Spannweite und wo sie liegt."""
    teile = []
    for s in serien[:HOECHSTENS]:
        mit = [p for p in s.punkte if p.wert is not None]
        if len(mit) == 1:
            teile.append(f"{s.schild} {wert_text(_wert(mit[0]), angaben)} ({mit[0].x})")
        elif mit:
            tief, hoch = min(mit, key=_wert), max(mit, key=_wert)
            teile.append(
                f"{s.schild} zwischen {wert_text(_wert(tief), angaben)} ({tief.x}) "
                f"und {wert_text(_wert(hoch), angaben)} ({hoch.x})"
            )
        else:
            teile.append(f"{s.schild} ohne Werte")
    mehr = f"; weitere Reihen: {len(serien) - HOECHSTENS}" if len(serien) > HOECHSTENS else ""
    saetze = [kopf(art, angaben), gross("; ".join(teile)) + mehr + "." if teile else "Keine Werte."]
    if bezug and bezug[1] is not None:
        saetze.append(f"{bezug[0]}: {wert_text(bezug[1], angaben)}.")
    return " ".join(saetze)
