"""Von einer gezeigten Zahl zurück zur gelieferten Zelle, und wieder vor: rechnet Nachweise nach."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.gegenstand.gegenstaende import Fundstelle, Nachweis
from berichtswerk.gegenstand.nachweis import alle_dateien, alle_fundstellen, pruefsumme
from berichtswerk.grund import zahl

GENAU = 1e-9


def nachgerechnet(nachweis: Nachweis) -> Fraction | None:
    """Der Wert aus Fundstellen und Teilen, exakt; ``None``, wo nur Worte die Rechnung beschreiben."""
    if nachweis.rechnung in {"eigene", "annahme"} or nachweis.verdeckt:
        return None
    if nachweis.rechnung in {"differenz", "prozent"}:
        neu, alt = (nachgerechnet(teil) for teil in nachweis.teile)
        if neu is None or alt is None:
            return None
        return neu - alt if nachweis.rechnung == "differenz" else (neu / alt - 1) * 100
    summen = {"zaehler": Fraction(0), "nenner": Fraction(0), "wert": Fraction(0)}
    for f in nachweis.belege:
        if f.wert is None:
            return None
        summen[f.rolle] += _bruch(f.wert) * _bruch(f.gewicht)
    oben = summen["zaehler"] + summen["wert"]
    if nachweis.rechnung == "quotient":
        return _bruch(nachweis.faktor) * oben / summen["nenner"]
    return _bruch(nachweis.faktor) * oben


def _bruch(wert: float | Decimal) -> Fraction:
    return Fraction(zahl.dezimal(wert))


def befunde(eintrag: dict[str, Any], bestand: Datenbestand, dateien: dict[str, Any]) -> list[str]:
    """Was an einem Eintrag von ``nachweis.json`` nicht stimmt."""
    n = Nachweis.model_validate(eintrag)
    texte = [
        f"{datei} hat sich geändert"
        for datei, _ in alle_dateien(n)
        if dateien[datei]["pruefsumme"] != pruefsumme(bestand.projekt, datei)
    ]
    for f in alle_fundstellen(n):
        if f.wert is not None and not _gleich(_gelesen(f, bestand), f.wert):
            texte.append(f"{f.datei}, Zeile {f.zeile}: nicht {f.wert}")
    ergebnis = nachgerechnet(n)
    if ergebnis is not None and n.wert is not None and not _gleich(float(ergebnis), n.wert):
        texte.append(f"nachgerechnet {float(ergebnis)!r} statt {n.wert!r}")
    if not _zeigt(n):
        texte.append(f"gezeigt „{n.anzeige}“ für {n.wert!r}")
    return texte


def _gelesen(f: Fundstelle, bestand: Datenbestand) -> float:
    werte = bestand.tabelle(f.quelle).werte
    da = werte[(werte["zeile"] == f.zeile) & (werte["spalte"] == f.spalte) & (werte["datei"] == f.datei)]
    return float(da["wert"].iloc[0]) if len(da) else float("nan")


def _gleich(eins: float, zwei: float) -> bool:
    return abs(eins - zwei) <= GENAU * max(1.0, abs(eins), abs(zwei))


def _zeigt(n: Nachweis) -> bool:
    """Ob die Anzeige der gerundete Wert ist."""
    ziffern = "".join(z for z in n.anzeige.split(zahl.GESCHUETZT)[0] if z.isdigit() or z == ",")
    if n.wert is None or not ziffern:
        return not n.wert
    erwartet = zahl.schreibe(abs(n.wert), len(ziffern.partition(",")[2])).replace(zahl.SCHMAL, "")
    return ziffern == erwartet
