"""Tabelle mit Kennzahlen in den Zeilen und Jahren in den Spalten, gegliedert und mit Textzeilen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from berichtswerk.bericht import reihenwahl as bild
from berichtswerk.bericht.kennzahltabellen import Gebaut, bruchhinweise, kopftext, zelle
from berichtswerk.gegenstand.gegenstaende import Tabellenmodell, Tabellenzeile, Tabellenzelle
from berichtswerk.tabelle import tabellenbau as bau

if TYPE_CHECKING:
    from berichtswerk.bericht.sicht import Inhalt, Sicht
    from berichtswerk.fach.reihe import Reihe

Gruppen = Mapping[str, "Sequence[Inhalt]"]
Zusatz = Mapping[str, Mapping[int, str]]
"""Name einer Textzeile → Jahr → Text („= ausgeglichen“)."""


def kennzahlen_und_jahre(
    b: Sicht, inhalte: Sequence[Inhalt], jahre: Sequence[int], gruppen: Gruppen, zusatz: Zusatz
) -> Gebaut | None:
    """Zeilen Reihen (mit Einheit), Spalten Jahre; Vorausgerechnetes steht unter einer Sammelüberschrift."""
    gegliedert: list[tuple[str, list[Reihe]]] = [
        (name, [_reihe(b, k, jahre) for k in liste if k is not None])
        for name, liste in (gruppen.items() if gruppen else {"": inhalte}.items())
    ]
    reihen = [r for _, liste in gegliedert for r in liste]
    if not any(bild.mit_zahl(r) for r in reihen):
        return None
    zeilen: list[Tabellenzeile] = []
    for name, liste in gegliedert:
        if name:
            zeilen.append(bau.gruppenzeile(name, len(jahre) + 1))
        for r in liste:
            felder = [zelle(r.wert(b.gebiet.schluessel, j), r.kennzahl) for j in jahre]
            zeilen.append(bau.zeile(kopftext(r.kennzahl), felder))
    for name, texte in zusatz.items():
        zeilen.append(bau.zeile(name, [bau.textzelle(texte.get(j, "–")) for j in jahre]))
    modell = Tabellenmodell(kopf=_kopf(reihen, jahre), zeilen=tuple(zeilen))
    return Gebaut(modell, reihen, [b.gebiet], hinweise=bruchhinweise(reihen))


def _reihe(b: Sicht, inhalt: str | Reihe, jahre: Sequence[int]) -> Reihe:
    """Die Werte der Jahre ohne Spannen: dafür sind so viele Spalten zu schmal."""
    reihe = bild.auswahl(bild.je_jahr(b.reihe(inhalt)), [b.gebiet], lambda w: w.jahr in jahre)
    return replace(reihe, werte=tuple(replace(w, unten=None, oben=None) for w in reihe.werte))


def _kopf(reihen: Sequence[Reihe], jahre: Sequence[int]) -> tuple[tuple[Tabellenzelle, ...], ...]:
    """Eine Zeile mit Jahren; mit Vorausrechnung darüber, wo sie beginnt."""
    voraus = [j for j in jahre if bild.zeit(reihen, j) != str(j)]
    ist = [j for j in jahre if j not in voraus]
    jahreszeile = tuple(bau.textzelle(str(j), zahl_spalte=True) for j in jahre)
    # die Sammelüberschrift gilt nur, wenn die vorausgerechneten Jahre am Ende stehen
    if not voraus or [*ist, *voraus] != [*jahre]:
        zeiten = tuple(bau.textzelle(bild.zeit(reihen, j), zahl_spalte=True) for j in jahre)
        return ((bau.textzelle("Kennzahl"), *zeiten),)
    oben = [bau.textzelle("Kennzahl", zeilen=2)]
    oben += [bau.textzelle("Stand", zahl_spalte=True, spalten=len(ist))] if ist else []
    oben.append(bau.textzelle("Vorausrechnung", zahl_spalte=True, spalten=len(voraus)))
    return tuple(oben), jahreszeile
