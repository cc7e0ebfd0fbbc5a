"""Aussagen über dieselbe Reihe, die sich unterscheiden: Text gegen Abbildung, Abbildung gegen Eckwert.

Verglichen wird, was die Gegenstände über sich selbst sagen (:class:`Aussage`), nicht der Wortlaut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from berichtswerk.gegenstand.gegenstaende import Abbildung, Aussage, Bindungen, Eckwerte, Gegenstand, Schritt
from berichtswerk.grund.meldung import Befundart, Meldung, Stufe
from berichtswerk.worte.bindung import loese_auf


class AussagenVerschieden(Befundart):
    text = "Der Text sagt über „{name}“ etwas anderes als {andere}: {was}."
    ursache = "Beide Sätze stimmen, aber sie sprechen über verschiedene Zeiträume oder runden verschieden."
    abhilfe = (
        "Nehmen Sie {{{{ {name}.satz }}}}, oder {{{{ {name}.verlauf }}}} seit {{{{ {name}.seit_jahr }}}}."
    )
    stufe = Stufe.WARNUNG


@dataclass(frozen=True, slots=True)
class Gesagt:
    """Eine Aussage und wo sie steht: ``fig-quote``, ``tbl-eckwerte`` oder ``texte/a.md:3``."""

    ort: str
    aussage: Aussage


def gezeigtes(gegenstaende: Iterable[Gegenstand]) -> tuple[Gesagt, ...]:
    """Was Abbildungen und Eckwerte aussagen."""
    gefunden = []
    for g in gegenstaende:
        if isinstance(g, Abbildung):
            gefunden += [Gesagt(g.label, a) for a in g.aussagen]
        elif isinstance(g, Eckwerte):
            gefunden += [Gesagt(g.label or "eckwerte", e.aussage) for e in g.eintraege if e.aussage]
    return tuple(gefunden)


def geschriebenes(text: str, datei: str, bindungen: Bindungen) -> tuple[Gesagt, ...]:
    """Was die gebundenen Zahlen eines Textes aussagen."""
    return tuple(Gesagt(f"{datei}:{zeile}", a) for zeile, a in loese_auf(text, bindungen, datei).aussagen)


def unterschiede(eins: Aussage, zwei: Aussage) -> Iterator[str]:
    """Worin sich zwei Aussagen über dieselbe Reihe widersprechen; leer, wenn sie zueinander passen.

    Zwei Schritte passen nicht, wenn sie im selben Jahr enden und in verschiedenen beginnen, oder wenn sie
    dieselben Jahre verschieden beschreiben. Ein Wert desselben Jahres muss überall gleich dastehen.
    """
    bekannt = dict(eins.werte)
    for jahr, wert in zwei.werte:
        if bekannt.get(jahr, wert) != wert:
            yield f"{jahr} einmal {bekannt[jahr]}, einmal {wert}"
    for a in eins.schritte:
        for b in zwei.schritte:
            if a.bis == b.bis and a.von != b.von:
                yield f"bis {a.bis} einmal seit {a.von} {_wie(a)}, einmal seit {b.von} {_wie(b)}"
            elif (a.von, a.bis) == (b.von, b.bis) and _wie(a) != _wie(b):
                yield f"{a.von} bis {a.bis} einmal {_wie(a)}, einmal {_wie(b)}"


def _wie(s: Schritt) -> str:
    return f"um {s.betrag} {s.richtung}" if s.betrag else s.richtung


def verschiedenes(gesagt: Sequence[Gesagt]) -> Iterator[tuple[Gesagt, Gesagt, str]]:
    """Alle Paare, die über dieselbe Kennzahl und dasselbe Gebiet Verschiedenes sagen."""
    je: dict[tuple[str, str], dict[Aussage, Gesagt]] = {}
    for g in gesagt:
        if g.aussage.kennzahl:
            je.setdefault((g.aussage.kennzahl, g.aussage.gebiet), {}).setdefault(g.aussage, g)
    for gruppe in je.values():
        for eins, zwei in combinations(gruppe.values(), 2):
            for was in unterschiede(eins.aussage, zwei.aussage):
                yield eins, zwei, was


def andere_aussagen(
    datei: str, geschrieben: Sequence[Gesagt], gezeigt: Sequence[Gesagt], bindungen: Bindungen
) -> Iterator[Meldung]:
    """Je Stelle eines Textes, die einer Abbildung oder einem Eckwert widerspricht, eine Warnung."""
    namen = {(b.kennzahl, b.gebiet): name for name, b in bindungen.werte.items()}
    for eins, zwei, was in verschiedenes([*gezeigt, *geschrieben]):
        if zwei.ort.startswith(datei):
            name = namen.get((zwei.aussage.kennzahl, zwei.aussage.gebiet), zwei.aussage.kennzahl)
            zeile = zwei.ort.rpartition(":")[2]
            yield AussagenVerschieden.melde(
                datei=datei, ort=f"Zeile {zeile}", feld=name, name=name, andere=eins.ort, was=was
            )
