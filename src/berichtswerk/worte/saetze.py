"""Wörter und Sätze, die sich nach den Daten richten; Grammatik ohne Raten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Literal

from berichtswerk.gegenstand.gegenstaende import Bindung
from berichtswerk.grund import zahl

Richtung = Literal["gestiegen", "gesunken", "kaum verändert"]

_NIVEAU = {"land": "Landeswert", "bund": "Bundeswert", "kreis": "Kreiswert"}
_IM = ("Landkreis ", "Kreis ", "Planungsgebiet ", "Amt ", "Land ")


def richtung(alt: float, neu: float, schwelle: float, stellen: int) -> Richtung:
    """Das Wort zur Veränderung: unter der Schwelle oder bei gleicher Anzeige „kaum verändert“.

    ``schwelle`` gilt in der gezeigten Einheit. Gleich gezeigte Zahlen gelten nie als gestiegen oder gesunken.
    """
    unterschied = zahl.dezimal(neu) - zahl.dezimal(alt)
    if abs(unterschied) < zahl.dezimal(schwelle) or zahl.runde(alt, stellen) == zahl.runde(neu, stellen):
        return "kaum verändert"
    return "gestiegen" if unterschied > 0 else "gesunken"


def lage(eigen: float, anderer: float, schwelle: float, stellen: int, ebene: str) -> str:
    """„über dem Landeswert“, „unter dem Bundeswert“ oder „auf dem Niveau des Kreiswerts“."""
    wort = _NIVEAU.get(ebene, "Vergleichswert")
    wie = richtung(anderer, eigen, schwelle, stellen)
    if wie == "kaum verändert":
        return f"auf dem Niveau des {wort}s"
    return f"{'über' if wie == 'gestiegen' else 'unter'} dem {wort}"


def stand(zeit: str) -> str:
    """Zeitangabe für Menschen: „31.12.2023“, „Juni 2023“, „2023/24“, „2023“."""
    teile = zeit.split("-")
    if len(teile) == 3:
        return f"{teile[2]}.{teile[1]}.{teile[0]}"
    if len(teile) == 2:
        monat = zahl.datum(date(int(teile[0]), int(teile[1]), 1), lang=True)
        return monat.split(zahl.GESCHUETZT, 1)[1]
    return zeit


def ortsangabe(name: str, ebene: str = "", art: str = "") -> str:
    """„im Landkreis …“, „im Land Brandenburg“, „in Deutschland“: der Ort im Satz."""
    if ebene == "kreis" and name.startswith("Stadt "):
        return f"in der {name}"
    if name.startswith(_IM):
        return f"im {name}"
    if art == "Amt":
        return f"im Amt {name}"
    return f"im Land {name}" if ebene == "land" else f"in {name}"


def aufzaehlung(teile: Sequence[str]) -> str:
    """„a“, „a und b“, „a, b und c“."""
    if len(teile) < 2:
        return "".join(teile)
    return f"{', '.join(teile[:-1])} und {teile[-1]}"


def betrag_mit_einheit(wert: float, bindung: Bindung, *, vorzeichen: bool) -> str:
    """Ein Unterschied in der Einheit der Kennzahl; bei Anteilen in Prozentpunkten."""
    gezeigt = wert if vorzeichen else abs(wert)
    text = zahl.schreibe(gezeigt, bindung.stellen, vorzeichen=vorzeichen)
    return zahl.mit_einheit(text, differenz_einheit(bindung.kennzahl_art, bindung.einheit))


def differenz_einheit(art: str, einheit: str) -> str:
    """Einheit eines Unterschieds: Prozentpunkte, wo die Werte Prozente sind."""
    if art == "anteil" or einheit == "%":
        return "Prozentpunkte"
    # „um 3,7 je 100 gestiegen“ läse sich wie eine eigene Rate
    return "" if einheit.startswith("je ") else einheit


def subjekt(bindung: Bindung) -> str:
    """Die Kennzahl am Satzanfang mit Artikel, soweit bekannt."""
    artikel = bindung.artikel[:1].upper() + bindung.artikel[1:]
    return f"{artikel} {bindung.name}" if artikel else bindung.name


def verlaufssatz(bindung: Bindung, alt: tuple[str, str], neu: tuple[str, str], wie: Richtung) -> str:
    """Ein ganzer Satz über die Entwicklung; ``alt``/``neu`` sind Paare (Anzeige, Jahr).

    Ohne bekannten Artikel eine neutrale Fügung mit Doppelpunkt.
    """
    if not bindung.artikel and not bindung.mehrzahl:
        verb = "kaum verändert" if wie == "kaum verändert" else wie
        return f"{bindung.name}: von {alt[0]} ({alt[1]}) auf {neu[0]} ({neu[1]}) {verb}"
    if wie == "kaum verändert":
        hat = "haben" if bindung.mehrzahl else "hat"
        zeit = f"zwischen {alt[1]} ({alt[0]}) und {neu[1]} ({neu[0]})"
        return f"{subjekt(bindung)} {hat} sich {zeit} kaum verändert"
    ist = "sind" if bindung.mehrzahl else "ist"
    return f"{subjekt(bindung)} {ist} von {alt[0]} ({alt[1]}) auf {neu[0]} ({neu[1]}) {wie}"
