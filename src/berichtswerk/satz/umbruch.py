"""Seiten ohne Löcher: was knapp nicht mehr passt, wird etwas schmaler; was gar nicht passt, rückt weiter.

Eine Abbildung, die weiterrückt, steht am Kopf der nächsten Seite, und der Text davor läuft auf seiner Seite
weiter. Gemessen wird am wirklichen Umbruch. Je Runde fällt in jedem Kapitel eine Entscheidung, denn sie
verschiebt alles dahinter; Kapitel beginnen auf neuen Seiten und hängen nicht voneinander ab. Es bleibt bei
dem Umbruch nach :data:`RUNDEN` Runden: er ist immer gültig, nur vielleicht nicht lückenlos.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

RUNDEN = 8
LOCH_PT = 60.0
"""Kleinere Reste am Seitenfuß (in Punkt) fallen nicht auf; dafür lohnt kein Verschieben."""
SCHMALSTE = 0.83
"""Schmaler als dieser Anteil der Textbreite wird keine Abbildung: die Schrift darin bliebe unter 8,5 pt."""
STEILSTES = 0.5
"""Bilder, die höher sind als dieser Anteil der Textbreite, werden von vornherein schmaler gesetzt."""
_LUFT_PT = 22.0
_OBEN = "#let bw-oben = ()"
_WEITE = "#let bw-weite = (:)"
_VERMESSEN = "#let bw-vermessen = false"
_TITEL_PT = 34.0
"""So nah vor einer Abbildung gehört eine Überschrift zu ihr."""
ABFRAGE = """{
  let ort(e) = (e.location().page(), e.location().position().y.pt())
  let marken(ziel) = query(ziel).map(m => (m.value, ..ort(m)))
  (
    anker: marken(<bw-anker>), beginn: marken(<bw-beginn>), ende: marken(<bw-ende>),
    titel: query(heading).map(h => (h.level, ..ort(h))), spiegel: query(<bw-satzspiegel>).first().value,
  )
}"""
"""Was Typst über den Umbruch sagt: Seite und Höhe aller Abbildungen und Überschriften."""


@dataclass(frozen=True, slots=True)
class Stelle:
    """Wo eine Abbildung steht und wie hoch sie ist; Maße in Punkt.

    ``anker`` ist die Seite, auf der der Text davor endet, ``rest`` was dort noch frei ist, ``hoehe`` die der
    Abbildung samt Befund und Beleg, ``bild`` der Anteil daran, der mit der Breite schrumpft.
    """

    marke: str
    anker: int
    seite: int
    rest: float
    kapitel: int
    am_titel: bool
    hoehe: float
    bild: float


@dataclass(slots=True)
class Umbruch:
    """Getroffene Entscheidungen: welche Abbildung nach oben rückt, welche wie breit ist."""

    oben: set[str] = field(default_factory=set)
    weite: dict[str, float] = field(default_factory=dict)
    versucht: set[str] = field(default_factory=set)

    def in_quelle(self, quelle: str, *, vermessen: bool) -> str:
        """Der Typst-Text mit diesen Entscheidungen und mit oder ohne Messstellen."""
        oben = "".join(f'"{marke}", ' for marke in sorted(self.oben))
        weite = ", ".join(f'"{marke}": {anteil:.0%}' for marke, anteil in sorted(self.weite.items())) or ":"
        quelle = quelle.replace(_OBEN, f"#let bw-oben = ({oben})", 1)
        quelle = quelle.replace(_WEITE, f"#let bw-weite = ({weite})", 1)
        return quelle.replace(_VERMESSEN, "#let bw-vermessen = true", 1) if vermessen else quelle

    def begrenze(self, verhaeltnisse: Mapping[str, float]) -> None:
        """Setzt hohe Bilder von vornherein schmaler, höchstens bis :data:`SCHMALSTE`."""
        for marke, verhaeltnis in verhaeltnisse.items():
            if verhaeltnis > STEILSTES:
                self.weite[marke] = max(SCHMALSTE, _abgerundet(STEILSTES / verhaeltnis))

    def lerne(self, stellen: Iterable[Stelle]) -> bool:
        """Trifft je Kapitel höchstens eine weitere Entscheidung; ``False``, wenn nichts zu tun ist."""
        kapitel = [list(gruppe) for _, gruppe in groupby(stellen, key=lambda s: s.kapitel)]
        neu = [self._entscheide(gruppe) for gruppe in kapitel]
        return any(neu)

    def _entscheide(self, gruppe: list[Stelle]) -> bool:
        """Entscheidet über die erste, die ein Loch reißt oder vor einer früheren ihrer Art stünde.

        Tabellen dürfen vor Abbildungen rücken: beide zählen für sich, und die Seite davor wird voll.
        """
        wartet: dict[str, int] = {}
        for s in gruppe:
            art = s.marke[:4]
            if s.marke in self.oben:
                wartet[art] = max(wartet.get(art, 0), s.seite)
            elif s.seite < wartet.get(art, 0):
                return self._ruecke(s)
            elif s.seite > s.anker and s.rest > LOCH_PT:
                if self._verschmaelere(s, gruppe):
                    return True
                if not s.am_titel:
                    return self._ruecke(s)
        return False

    def _ruecke(self, s: Stelle) -> bool:
        self.oben.add(s.marke)
        return True

    def _verschmaelere(self, s: Stelle, gruppe: list[Stelle]) -> bool:
        """Alle Abbildungen der Seite davor und diese etwas schmaler, wenn sie dann zusammen passen."""
        if s.marke in self.versucht:
            return False
        self.versucht.add(s.marke)
        dort = [v for v in gruppe if v.seite == s.anker and v.marke not in self.oben]
        bilder = [v for v in (*dort, s) if v.bild and self.weite.get(v.marke, 1.0) > SCHMALSTE]
        if not bilder:
            return False
        faktor = 1 - (s.hoehe + _LUFT_PT - s.rest) / sum(v.bild for v in bilder)
        neu = {v.marke: _abgerundet(self.weite.get(v.marke, 1.0) * min(faktor, 1.0)) for v in bilder}
        if min(neu.values()) < SCHMALSTE:
            return False
        self.weite.update(neu)
        return True


def _abgerundet(anteil: float) -> float:
    return math.floor(anteil * 100) / 100


def bildverhaeltnisse(quelle: str, ordner: Path) -> dict[str, float]:
    """Höhe der Bilder je Abbildung als Vielfaches ihrer Breite, aus dem Typst-Text und den SVG-Dateien."""
    teile = re.split(r'#bw-figur\(marke: "([^"]*)"\)\[', quelle)
    verhaeltnisse = {}
    for marke, text in zip(teile[1::2], teile[2::2], strict=True):
        pfade = re.findall(r'#box\(image\("([^"]+)"', text)
        verhaeltnisse[marke] = sum(_verhaeltnis(ordner / pfad) for pfad in pfade)
    return verhaeltnisse


def _verhaeltnis(svg: Path) -> float:
    try:
        kopf = svg.read_text(encoding="utf-8", errors="replace")[:2000]
    except OSError:
        return 0.0
    fund = re.search(r'viewBox="[-\d.]+[ ,]+[-\d.]+[ ,]+([\d.]+)[ ,]+([\d.]+)"', kopf)
    return float(fund[2]) / float(fund[1]) if fund and float(fund[1]) else 0.0


def lies_stellen(antwort: str, verhaeltnisse: Mapping[str, float], umbruch: Umbruch) -> list[Stelle]:
    """Die Messwerte aus der Antwort auf :data:`ABFRAGE`."""
    werte = json.loads(antwort)
    spiegel = werte["spiegel"]
    # Wer schon nach oben rückt, hat keinen Anker: dort zählt nur, wo die Abbildung steht.
    davor_endet = {marke: (seite, y) for marke, seite, y in werte["anker"]}
    ende = {marke: y for marke, _, y in werte["ende"]}
    stellen = []
    for marke, seite, oben in werte["beginn"]:
        anker, y = davor_endet.get(marke, (seite, oben))
        davor = [t for t in werte["titel"] if (t[1], t[2]) <= (anker, y)]
        breite = spiegel["breite"] * umbruch.weite.get(marke, 1.0)
        stellen.append(
            Stelle(
                marke, anker, seite, spiegel["unten"] - y,
                kapitel=sum(t[0] == 1 for t in davor),
                am_titel=bool(davor) and davor[-1][1] == anker and y - davor[-1][2] < _TITEL_PT,
                hoehe=ende[marke] - oben, bild=breite * verhaeltnisse.get(marke, 0.0),
            )
        )  # fmt: skip
    return stellen


def entscheide(quelle: str, ordner: Path, miss: Callable[[str], str]) -> Umbruch:
    """Misst mit ``miss(typst_text) -> Antwort auf ABFRAGE``, bis keine Abbildung mehr anders stehen soll."""
    umbruch, verhaeltnisse = Umbruch(), bildverhaeltnisse(quelle, ordner)
    umbruch.begrenze(verhaeltnisse)
    for _ in range(RUNDEN):
        antwort = miss(umbruch.in_quelle(quelle, vermessen=True))
        if not umbruch.lerne(lies_stellen(antwort, verhaeltnisse, umbruch)):
            break
    return umbruch
