"""Die Zeilen unter Abbildungen und Tabellen: Quelle, Stand, Bearbeitung, Definition, Hinweise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
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
_TABELLE = re.compile(r"tabellen? ", re.IGNORECASE)
_GENAUIGKEIT = {
    "cell_key": "Die Quelle verändert Fallzahlen zum Schutz Einzelner leicht (Cell-Key-Verfahren); Summen "
    "können abweichen.",
    "5er_rundung": "Die Quelle rundet Fallzahlen auf ein Vielfaches von 5.",
    "10er_rundung": "Die Quelle rundet Fallzahlen auf ein Vielfaches von 10.",
}


def quellenzeile(quellen: Sequence[Quelle], *, gerechnet: bool) -> Quellenzeile:
    """„Quelle: © … | Datenlizenz … | Tabelle …; Stand: …; eigene Berechnung (Daten verändert)“.

    Die Datenlizenz Deutschland verlangt Bereitsteller, Lizenz mit Verweis, Datensatz und bei Veränderung
    den Hinweis darauf. ``quellen`` haben dieselbe Namensnennung und denselben Stand; ihre Tabellen stehen
    zusammen.
    """
    nennung = namensnennung(quellen[0])
    tabellen = list(dict.fromkeys(t for q in quellen for t in _tabellen(q)))
    if tabellen:
        nennung += f" | Tabelle{'n' if len(tabellen) > 1 else ''} {', '.join(tabellen)}"
    art = GERECHNET if gerechnet else DARGESTELLT
    stand = zahl.datum(quellen[0].statistik.stand)
    name = ", ".join(q.name for q in quellen)
    return Quellenzeile(name=name, zeile=f"Quelle: {nennung}; Stand: {stand}; {art}")


def namensnennung(quelle: Quelle) -> str:
    """Namensnennung ohne Tabelle und Bearbeitungsvermerk, mit Lizenz."""
    teile = [t.strip() for t in " ".join(quelle.statistik.attribution.split()).split("|")]
    nennung = " | ".join(t for t in teile if t and not _BEARBEITUNG.match(t) and not _TABELLE.match(t))
    lizenz = next((li.title or li.name for li in quelle.licenses if li.path), "")
    if lizenz and not re.search(r"lizenz|licen|dl-de|\bcc ", nennung, re.IGNORECASE):
        nennung += f" | {lizenz}"
    return nennung


def _tabellen(quelle: Quelle) -> list[str]:
    """Tabellennummern; lange Listen von Merkmalsnamen bleiben dem Quellenverzeichnis."""
    tabelle = quelle.statistik.tabelle or ""
    return [t.strip() for t in tabelle.split(",") if t.strip()] if len(tabelle) <= 60 else []


def ist_gerechnet(wert: Wert) -> bool:
    """Ob der Wert selbst gebildet wurde (Quotient, Summe, Umrechnung) und nicht nur übernommen."""
    return len(wert.belege) > 1 or any(b.wert != wert.wert for b in wert.belege)


def quellen_von(reihen: Iterable[Reihe]) -> dict[str, bool]:
    """Namen der Quellen aller Werte mit Zahl → ob damit gerechnet wurde."""
    gerechnet: dict[str, bool] = {}
    for wert in (w for reihe in reihen for w in reihe if w.wert is not None):
        for name in wert.quellen:
            gerechnet[name] = gerechnet.get(name, False) or ist_gerechnet(wert)
    return gerechnet


def beleg_aus_reihen(
    reihen: Sequence[Reihe],
    quellen: Mapping[str, Quelle],
    *,
    hinweise: Iterable[str] = (),
    definition: str | None = None,
    weitere: Sequence[str] = (),
) -> Beleg:
    """Beleg zu allem, was gezeigt wird: Quellen ohne Wiederholung, Definitionen, Beispielmarke."""
    benutzt = dict.fromkeys(weitere, False) | quellen_von(reihen)
    kennzahlen = {reihe.kennzahl.id: reihe.kennzahl for reihe in reihen if len(reihe)}
    return beleg(
        [(quellen[name], gerechnet) for name, gerechnet in benutzt.items() if name in quellen],
        hinweise=(*hinweise, *_werthinweise(reihen)),
        definition=definition if definition is not None else definitionen(kennzahlen.values()),
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
    gruppen: dict[tuple[str, date, bool], list[Quelle]] = {}
    genau: list[str] = []
    for quelle, gerechnet in sorted(quellen, key=lambda paar: paar[0].name):
        stelle = namensnennung(quelle), quelle.statistik.stand, gerechnet
        gruppen.setdefault(stelle, []).append(quelle)
        genau += [_GENAUIGKEIT[g]] if (g := quelle.statistik.genauigkeit) in _GENAUIGKEIT else []
    return Beleg(
        quellen=tuple(quellenzeile(q, gerechnet=stelle[2]) for stelle, q in gruppen.items()),
        definition=definition,
        hinweise=tuple(dict.fromkeys(h for h in (*hinweise, *genau) if h)),
        beispiel=any(q.ist_beispiel for q, _ in quellen),
    )
