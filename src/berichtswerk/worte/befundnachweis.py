"""Nachweise für Zahlen, die erst der Befund rechnet: „um 28 % gesunken“, „54 % entfallen auf …“."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from berichtswerk.bild import reihenbild as bild
from berichtswerk.bild.formen.gemeinsam import summe
from berichtswerk.gegenstand import nachweis
from berichtswerk.gegenstand.gegenstaende import Nachweis
from berichtswerk.gegenstand.serien import Angaben, BruchArtig
from berichtswerk.grund import zahl
from berichtswerk.worte.sprache import Aenderung, aenderung

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebiet
    from berichtswerk.fach.reihe import Reihe, Wert

_FORMELN: dict[str, str] = {
    "prozent": "(Wert / Bezugswert − 1) × 100",
    "differenz": "Wert minus Bezugswert",
}


def befundnachweise(
    befund: str,
    reihen: Sequence[Reihe],
    orte: Sequence[Gebiet],
    angaben: Angaben,
    brueche: Sequence[BruchArtig] = (),
) -> tuple[Nachweis, ...]:
    """Je gerechneter Zahl, die im Befund steht, ein Nachweis mit den Werten, aus denen sie folgt."""
    gefunden = []
    for reihe in reihen:
        for ort in orte:
            serie = bild.ueber_jahre(reihe, ort, reihe.kennzahl.name, "fokus")
            a = aenderung(serie, angaben, brueche)
            if a is not None and _steht_da(a, befund):
                teile = [_teil(reihe, ort, int(p.x)) for p in (a.ende, a.anfang)]
                gefunden.append(_veraenderung(a, ort.schluessel, teile))
    if not gefunden and len(reihen) > 1 and orte:
        gefunden = [
            *_der_summe(befund, reihen, orte[0], angaben, brueche),
            *_anteile(befund, reihen, orte[0]),
        ]
    return tuple(gefunden)


def _steht_da(a: Aenderung, befund: str) -> bool:
    return a.betrag.startswith("um ") and f"{a.betrag} {a.richtung}" in befund


def _teil(reihe: Reihe, ort: Gebiet, jahr: int) -> Nachweis:
    wert = reihe.wert(ort.schluessel, jahr)
    assert wert is not None  # der Punkt der Serie ist aus diesem Wert entstanden
    return nachweis.aus_wert(wert, reihe.kennzahl)


def _veraenderung(a: Aenderung, gebiet: str, teile: Sequence[Nachweis]) -> Nachweis:
    rechnung: Literal["differenz", "prozent"] = "differenz" if a.angaben.anteil else "prozent"
    wert = a.bis - a.von if rechnung == "differenz" else (a.bis / a.von - 1) * 100
    return Nachweis(
        anzeige=a.betrag.removeprefix("um "), wert=wert, gebiet=gebiet, zeit=f"{a.anfang.x}/{a.ende.x}",
        kennzahl=teile[0].kennzahl, rechnung=rechnung, formel=_FORMELN[rechnung], teile=tuple(teile),
    )  # fmt: skip


def _der_summe(
    befund: str, reihen: Sequence[Reihe], ort: Gebiet, angaben: Angaben, brueche: Sequence[BruchArtig]
) -> list[Nachweis]:
    """Gestapelte Säulen: der Befund spricht über ihre Summe."""
    serien = [bild.ueber_jahre(r, ort, r.kennzahl.name, "teil") for r in reihen]
    a = aenderung(summe(serien, angaben.was), angaben, brueche)
    if a is None or not _steht_da(a, befund):
        return []
    teile = [
        _summe_im_jahr(reihen, ort, int(p.x), p.wert if p.wert is not None else math.nan, angaben.stellen)
        for p in (a.ende, a.anfang)
    ]
    return [_veraenderung(a, ort.schluessel, teile)]


def _summe_im_jahr(reihen: Sequence[Reihe], ort: Gebiet, jahr: int, wert: float, stellen: int) -> Nachweis:
    teile = tuple(_teil(r, ort, jahr) for r in reihen)
    return Nachweis(
        anzeige=zahl.schreibe(wert, stellen), wert=wert, gebiet=ort.schluessel, zeit=str(jahr),
        rechnung="eigene", formel="Summe der Teile", teile=teile,
    )  # fmt: skip


def _anteile(befund: str, reihen: Sequence[Reihe], ort: Gebiet) -> list[Nachweis]:
    """Auf 100 % gestapelt: der Befund nennt den größten Anteil im letzten und im ersten Jahr."""
    eintraege = []
    jahre = sorted({w.jahr for r in reihen for w in bild.mit_zahl(r) if w.gebiet == ort.schluessel})
    for jahr in jahre:
        werte = [(r, w) for r in reihen if (w := r.wert(ort.schluessel, jahr)) and w.wert is not None]
        gesamt = math.fsum(_zahl(w) for _, w in werte)
        if len(werte) < len(reihen) or gesamt <= 0:
            continue
        for reihe, w in werte:
            anteil = 100 * _zahl(w) / gesamt
            text = f"{zahl.schreibe(anteil, 0)}{zahl.SCHMAL}%"
            if text in befund and str(jahr) in befund and reihe.kennzahl.name in befund:
                teile = (
                    nachweis.aus_wert(w, reihe.kennzahl),
                    *(nachweis.aus_wert(x, r.kennzahl) for r, x in werte),
                )
                eintraege.append(
                    Nachweis(
                        anzeige=text, wert=anteil, gebiet=ort.schluessel, zeit=str(jahr),
                        kennzahl=reihe.kennzahl.id, rechnung="eigene", teile=teile,
                        formel="erster Teil / Summe der übrigen Teile × 100",
                    )
                )  # fmt: skip
    return eintraege


def _zahl(wert: Wert) -> float:
    return wert.wert if wert.wert is not None else 0.0
