"""Die Zeilen unter Abbildungen und Tabellen: Quelle, Stand, Bearbeitung, Definition, Hinweise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from berichtswerk import zahl
from berichtswerk.darstellung.uebergabe import Beleg, Quellenzeile

if TYPE_CHECKING:
    from berichtswerk.daten.quelle import Quelle
    from berichtswerk.fach.kennzahl import Kennzahl
    from berichtswerk.fach.reihe import Reihe, Wert

GERECHNET = "eigene Berechnung (Daten verändert)"
DARGESTELLT = "eigene Darstellung"
# Vermerke zur Bearbeitung, die schon in der Namensnennung stehen; wir setzen den zutreffenden
_BEARBEITUNG = re.compile(r"(auswahl|eigene (berechnung|darstellung)|daten verändert)", re.IGNORECASE)
_GENAUIGKEIT = {
    "cell_key": "Die Quelle verändert Fallzahlen zum Schutz Einzelner leicht (Cell-Key-Verfahren); Summen "
    "können abweichen.",
    "5er_rundung": "Die Quelle rundet Fallzahlen auf ein Vielfaches von 5.",
    "10er_rundung": "Die Quelle rundet Fallzahlen auf ein Vielfaches von 10.",
}


def quellenzeile(quelle: Quelle, *, gerechnet: bool) -> Quellenzeile:
    """„Quelle: © … | Datenlizenz … | Tabelle …; Stand: …; eigene Berechnung (Daten verändert)“.

    Die Datenlizenz Deutschland verlangt Bereitsteller, Lizenz mit Verweis, Datensatz und bei Veränderung
    den Hinweis darauf.
    """
    angaben = quelle.statistik
    teile = [t.strip() for t in " ".join(angaben.attribution.split()).split("|")]
    nennung = " | ".join(t for t in teile if t and not _BEARBEITUNG.match(t))
    if angaben.tabelle and angaben.tabelle not in nennung:
        nennung += f"; Tabelle {angaben.tabelle}"
    lizenz = next((f"; {li.title or li.name}" for li in quelle.licenses), "")
    if lizenz and not re.search(r"lizenz|licen|dl-de|cc ", nennung, re.IGNORECASE):
        nennung += lizenz
    art = GERECHNET if gerechnet else DARGESTELLT
    return Quellenzeile(
        name=quelle.name, zeile=f"Quelle: {nennung}; Stand: {zahl.datum(angaben.stand)}; {art}"
    )


def ist_gerechnet(wert: Wert) -> bool:
    """Ob der Wert selbst gebildet wurde (Quotient, Summe, Umrechnung) und nicht nur übernommen."""
    return len(wert.belege) > 1 or any(b.wert != wert.wert for b in wert.belege)


def beleg_aus_reihen(
    reihen: Sequence[Reihe],
    quellen: Mapping[str, Quelle],
    *,
    hinweise: Iterable[str] = (),
    definition: str | None = None,
) -> Beleg:
    """Beleg zu allem, was gezeigt wird: Quellen ohne Wiederholung, Definitionen, Beispielmarke."""
    gerechnet: dict[str, bool] = {}
    for wert in (w for reihe in reihen for w in reihe):
        for name in wert.quellen:
            gerechnet[name] = gerechnet.get(name, False) or ist_gerechnet(wert)
    kennzahlen = dict.fromkeys(reihe.kennzahl for reihe in reihen if len(reihe))
    return beleg(
        [(quellen[name], art) for name, art in gerechnet.items() if name in quellen],
        hinweise=(*hinweise, *_werthinweise(reihen)),
        definition=definition if definition is not None else definitionen(kennzahlen),
    )


def _werthinweise(reihen: Sequence[Reihe]) -> list[str]:
    return list(dict.fromkeys(h for reihe in reihen for w in reihe if w.wert is not None for h in w.hinweise))


def definitionen(kennzahlen: Iterable[Kennzahl]) -> str:
    """Der Definitionssatz; bei mehreren Kennzahlen mit ihrem Namen davor."""
    liste = list(kennzahlen)
    if len(liste) == 1:
        return liste[0].definition
    return " ".join(f"{k.name}: {_mit_punkt(k.definition)}" for k in liste)


def _mit_punkt(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else text + "."


def beleg(
    quellen: Sequence[tuple[Quelle, bool]], *, hinweise: Iterable[str] = (), definition: str = ""
) -> Beleg:
    """Beleg aus Quellen (mit: ob gerechnet wurde); feste Reihenfolge nach Namen, ohne doppelte Zeilen."""
    zeilen: dict[str, Quellenzeile] = {}
    genau: list[str] = []
    for quelle, gerechnet in sorted(quellen, key=lambda paar: paar[0].name):
        eintrag = quellenzeile(quelle, gerechnet=gerechnet)
        zeilen.setdefault(eintrag.zeile, eintrag)
        genau += [_GENAUIGKEIT[g]] if (g := quelle.statistik.genauigkeit) in _GENAUIGKEIT else []
    return Beleg(
        quellen=tuple(zeilen.values()),
        definition=definition,
        hinweise=tuple(dict.fromkeys(h for h in (*hinweise, *genau) if h)),
        beispiel=any(q.ist_beispiel for q, _ in quellen),
    )
