"""Rechenformeln in Worten und mit Zahlen, für den Nachweis."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from berichtswerk.fach.alter import alterstext
from berichtswerk.fach.kennzahl import Auswahl, Bedingung, Kennzahl, Term, Weg, vergleich
from berichtswerk.grund.zahl import MINUS, dezimal, schreibe

_NENNER: dict[str | int, str] = {
    "gleich": "",
    "vorjahr": " am Ende des Vorjahres",
    "mittel": " im Jahresmittel",
}


def formel(kennzahl: Kennzahl, weg: Weg) -> str:
    """Die Formel eines Weges in Worten: ``(geborene − gestorbene) / einwohner × 1 000``."""
    if weg.wert is not None:
        return f"veröffentlichter Wert: {_auswahl(weg.wert)}" + _faktor(weg.rechenfaktor(kennzahl))
    if weg.mittel is not None:
        return f"Summe aus (Alter + 0,5) × {_auswahl(weg.mittel)} / Summe {_auswahl(weg.mittel)}"
    text = _klammer(weg.zaehler)
    if weg.nenner:
        text += f" / {_klammer(weg.nenner)}{_NENNER.get(weg.nenner_zeit, f' im Jahr {weg.nenner_zeit}')}"
    return text + _faktor(weg.rechenfaktor(kennzahl))


def zahlenteil(faktor: float, teile: Iterable[tuple[str, Fraction, Fraction]]) -> str:
    """Dieselbe Formel mit Zahlen; ``teile``: (Rolle, Gewicht, Zahl)."""
    liste = list(teile)
    zaehler = [(g, z) for rolle, g, z in liste if rolle == "zaehler"]
    nenner = [(g, z) for rolle, g, z in liste if rolle == "nenner"]
    text = _zahlenklammer(zaehler)
    if nenner:
        text += f" / {_zahlenklammer(nenner)}"
    return text + _faktor(faktor)


def zahl(wert: Fraction | float) -> str:
    """Eine Zahl mit so vielen Nachkommastellen, wie sie hat (höchstens sechs)."""
    return _zahl(float(wert))


@lru_cache(maxsize=4096)
def _zahl(wert: float) -> str:
    genau = dezimal(wert).normalize()
    exponent = genau.as_tuple().exponent
    stellen = min(max(-exponent, 0), 6) if isinstance(exponent, int) else 0
    return schreibe(Decimal(genau), stellen)


def _zahlenklammer(teile: Sequence[tuple[Fraction, Fraction]]) -> str:
    if teile and all(g == Fraction(1, 2) for g, _ in teile):
        return f"(({' + '.join(zahl(z) for _, z in teile)}) / 2)"
    text = ""
    for gewicht, wert in teile:
        zeichen = f" {MINUS} " if gewicht < 0 else " + "
        text += (zeichen if text or gewicht < 0 else "") + zahl(wert if gewicht == 1 else abs(gewicht) * wert)
    return f"({text.strip()})" if len(teile) > 1 else text.strip()


def _faktor(faktor: float) -> str:
    return "" if faktor == 1 else f" × {zahl(faktor)}"


def _klammer(terme: Sequence[Term]) -> str:
    text = ""
    for term in terme:
        zeichen = f" {MINUS} " if term.vorzeichen < 0 else " + "
        text += (zeichen if text or term.vorzeichen < 0 else "") + _auswahl(term)
    return f"({text.strip()})" if len(terme) > 1 else text.strip()


def _auswahl(auswahl: Auswahl) -> str:
    teile = [_alter(auswahl.wo)] if {"alter_von", "alter_bis"} & set(auswahl.wo) else []
    teile += [_bedingung(n, b) for n, b in auswahl.wo.items() if n not in {"alter_von", "alter_bis"}]
    merkmale = ", ".join(t for t in teile if t)
    text = f"{auswahl.groesse} [{merkmale}]" if merkmale else auswahl.groesse
    return text if auswahl.faktor == 1 else f"{zahl(auswahl.faktor)} × {text}"


def _alter(wo: dict[str, Bedingung]) -> str:
    von, bis = vergleich(wo.get("alter_von")), vergleich(wo.get("alter_bis"))
    if ("alter_von" in wo and von is None) or ("alter_bis" in wo and bis is None):
        return ", ".join(_bedingung(n, wo[n]) for n in ("alter_von", "alter_bis") if n in wo)
    return alterstext(von[1] if von else 0, bis[1] if bis else math.inf)


def _bedingung(name: str, bedingung: Bedingung) -> str:
    if isinstance(bedingung, list):
        return f"{name}: {' + '.join(map(str, bedingung))}"
    return f"{name}: {'leer' if bedingung is None else bedingung}"
