"""Tabellen bauen: aus Werten mit Status, aus Datentafeln der Abbildungen und aus DataFrames."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from numbers import Real
from typing import TYPE_CHECKING, Any

from berichtswerk.gegenstand.gegenstaende import Tabellenmodell, Tabellenzeile, Tabellenzelle
from berichtswerk.grund import zahl, zeichen
from berichtswerk.grund.zeichen import Status

if TYPE_CHECKING:
    import pandas as pd


def textzelle(text: str, *, zahl_spalte: bool = False, spalten: int = 1, zeilen: int = 1) -> Tabellenzelle:
    """Ein Fach mit Text; leerer Text wird zum Zeichen für „unbekannt“, denn leere Fächer gibt es nicht."""
    if not text.strip():
        return zeichenzelle(Status.FEHLT)
    return Tabellenzelle(text=text, zahl=zahl_spalte, spalten=spalten, zeilen=zeilen)


def zeichenzelle(status: Status) -> Tabellenzelle:
    """Ein Fach, in dem ein Zeichen statt einer Zahl steht."""
    return Tabellenzelle(
        text=zeichen.ANZEIGE.get(status, "."), zahl=True, status=status, vorlesen=zeichen.ERKLAERUNG[status]
    )


def zahlzelle(
    wert: float | None,
    status: Status = Status.WERT,
    *,
    stellen: int = 0,
    einheit: str = "",
    vorzeichen: bool = False,
    spanne: tuple[float, float] | None = None,
) -> Tabellenzelle:
    """Ein Fach mit einer Zahl nach DIN 55301: genau null „–“, fast null „0“, eingeschränkt „(12)“.

    ``einheit`` nur dort angeben, wo sie nicht im Kopf steht; ``spanne`` sind untere und obere Grenze.
    """
    if wert is None or not math.isfinite(wert) or not status.hat_zahl:
        return zeichenzelle(Status.FEHLT if status.hat_zahl else status)
    if status is Status.NULL or (wert == 0 and status is Status.WERT):
        leer = zeichenzelle(Status.NULL)
        return leer.model_copy(update={"wert": 0.0})
    text = zahl.mit_einheit(zahl.schreibe(wert, stellen, vorzeichen=vorzeichen), einheit)
    if status is Status.EINGESCHRAENKT:
        text = f"({text})"
    zusatz = zeichen.NACHZEICHEN.get(status, "")
    gezeigt = None if status is Status.WERT else status
    grenzen = (zahl.schreibe(spanne[0], stellen), zahl.schreibe(spanne[1], stellen)) if spanne else None
    return Tabellenzelle(text=text, zahl=True, wert=wert, status=gezeigt, zusatz=zusatz, spanne=grenzen)


def kopf(*spalten: str) -> tuple[tuple[Tabellenzelle, ...], ...]:
    """Eine Kopfzeile; alle Spalten nach der ersten gelten als Zahlenspalten."""
    return (tuple(textzelle(text, zahl_spalte=k > 0) for k, text in enumerate(spalten)),)


def zeile(
    name: str, zellen: Sequence[Tabellenzelle], art: str = "zeile", *, ausserhalb: bool = False
) -> Tabellenzeile:
    """Eine Zeile mit Zeilenkopf ``name``; ``art``: zeile, summe oder vergleich."""
    felder = {"art": art, "ausserhalb": ausserhalb, "zellen": (textzelle(name), *zellen)}
    return Tabellenzeile.model_validate(felder)


def gruppenzeile(name: str, breite: int) -> Tabellenzeile:
    """Eine Zwischenüberschrift über die ganze Breite."""
    return Tabellenzeile(art="gruppe", zellen=(textzelle(name, spalten=breite),))


def aus_frame(
    daten: pd.DataFrame,
    *,
    spalten: Mapping[str, str] | None = None,
    stellen: int | Mapping[str, int] = 0,
    gruppe: str | None = None,
    summen: Sequence[str] = (),
    vorzeichen: Sequence[str] = (),
) -> Tabellenmodell:
    """Baut eine Tabelle aus einem DataFrame, eine Zeile je Zeile; die erste Spalte wird zum Zeilenkopf.

    NaN und None werden zum Zeichen „.“, nie zu einem leeren Fach, ein ``Status`` ohne Zahl zu seinem Zeichen.
    ``spalten``: Spaltenname → Überschrift mit Einheit, zugleich Auswahl und Reihenfolge; ``stellen``:
    Nachkommastellen, für alle oder je Spalte; ``gruppe``: Spalte, deren Wechsel eine Zwischenüberschrift
    setzt (ohne Wert gehört die Zeile zu keiner); ``summen``: Zeilenköpfe, die als Summe abgesetzt werden;
    ``vorzeichen``: Spalten, deren Zahlen immer ein Vorzeichen tragen („+23“).

    Raises:
        ValueError: wenn eine Spalte fehlt oder der Rahmen leer ist.
    """
    auswahl: dict[Any, str] = dict(spalten) if spalten else {s: str(s) for s in daten.columns if s != gruppe}
    fehlend = [s for s in (*auswahl, *([gruppe] if gruppe else [])) if s not in daten.columns]
    if fehlend or daten.empty:
        grund = f"Spalte {', '.join(fehlend)} fehlt" if fehlend else "keine Zeilen"
        raise ValueError(f"Aus diesen Daten wird keine Tabelle: {grund}.")
    zahlig = {s for s in list(auswahl)[1:] if all(_ist_zahl(w) for w in daten[s])}
    koepfe = tuple(textzelle(titel, zahl_spalte=s in zahlig) for s, titel in auswahl.items())
    je_spalte, vorgabe = ({}, stellen) if isinstance(stellen, int) else (stellen, 0)
    zeilen: list[Tabellenzeile] = []
    letzte: object = None
    for satz in daten.to_dict("records"):
        ausserhalb = gruppe is not None and _fehlt(satz[gruppe])
        if gruppe and satz[gruppe] != letzte and not ausserhalb:
            zeilen.append(gruppenzeile(str(satz[gruppe]), len(auswahl)))
        letzte = satz[gruppe] if gruppe else None
        name, *felder = auswahl
        zellen = [_zelle(satz[f], f in zahlig, je_spalte.get(f, vorgabe), f in vorzeichen) for f in felder]
        art = "summe" if str(satz[name]) in summen else "zeile"
        zeilen.append(zeile(str(satz[name]), zellen, art, ausserhalb=ausserhalb))
    return Tabellenmodell(kopf=(koepfe,), zeilen=tuple(zeilen))


def noetige_stellen(daten: pd.DataFrame, hoechstens: int = 2) -> dict[Any, int]:
    """Je Spalte so viele Nachkommastellen, wie ihre Zahlen haben, höchstens ``hoechstens``."""
    je = {}
    for spalte in daten.columns:
        werte = [float(w) for w in daten[spalte] if isinstance(w, Real) and not _fehlt(w)]
        genug = (
            n for n in range(hoechstens) if all(zahl.runde(w, n) == zahl.runde(w, hoechstens) for w in werte)
        )
        je[spalte] = next(genug, hoechstens)
    return je


def _fehlt(wert: Any) -> bool:
    return wert is None or (isinstance(wert, float) and math.isnan(wert)) or str(wert) in {"<NA>", "NaT"}


def _ist_zahl(wert: Any) -> bool:
    if isinstance(wert, Status):
        return not wert.hat_zahl
    return _fehlt(wert) or (hasattr(wert, "__float__") and not isinstance(wert, (str, bool)))


def _zelle(wert: Any, ist_zahlspalte: bool, stellen: int, vorzeichen: bool) -> Tabellenzelle:
    if isinstance(wert, Tabellenzelle):
        return wert
    if isinstance(wert, Status) and not wert.hat_zahl:
        return zeichenzelle(wert)
    if _fehlt(wert):
        return zeichenzelle(Status.FEHLT)
    if not ist_zahlspalte:
        return textzelle(str(wert))
    return zahlzelle(float(wert), stellen=stellen, vorzeichen=vorzeichen)
