"""Seiten ohne Löcher: was knapp nicht mehr passt, wird etwas schmaler; was gar nicht passt, rückt weiter.

Eine Abbildung, die weiterrückt, steht am Kopf der nächsten Seite, und der Text davor läuft auf seiner Seite
weiter. Gemessen wird am wirklichen Umbruch. Jede Entscheidung verschiebt alles dahinter: wohin, sagt der
:class:`Entwurf` eines Kapitels voraus, bis nichts mehr zu entscheiden ist; erst dann wird wieder gemessen.
Kapitel beginnen auf neuen Seiten und hängen nicht voneinander ab: jedes hat seinen eigenen :class:`Umbruch`,
und ein unverändertes behält ihn. Es bleibt bei dem Umbruch nach :data:`RUNDEN` Runden: er ist immer gültig,
nur vielleicht nicht lückenlos.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field

from berichtswerk.schreiber.typst.rumpf import Figur, Kapitel

RUNDEN = 8
LOCH_PT = 60.0
"""Kleinere Reste am Seitenfuß (in Punkt) fallen nicht auf; dafür lohnt kein Verschieben."""
SCHMALSTE = 0.83
"""Schmaler als dieser Anteil der Textbreite wird keine Abbildung: die Schrift darin bliebe unter 8,5 pt."""
STEILSTES = 0.5
"""Bilder, die höher sind als dieser Anteil der Textbreite, werden von vornherein schmaler gesetzt."""
LANGE_ZEILEN = 30
"""So viele Zeilen (von mindestens 13,8 pt) sind immer höher, als eine Tabelle ohne Umbruch sein darf."""
_LUFT_PT = 22.0
_TITEL_PT = 34.0
"""So nah vor einer Abbildung gehört eine Überschrift zu ihr."""
_RUNDUNG_PT = 0.01
_ABSTAND_PT = 16.8
"""Luft unter einer Abbildung; rückt sie nach oben, fehlt sie im Text und steht dort unter ihr."""
ABFRAGE = """{
  let ort(e) = (e.location().page(), e.location().position().y.pt())
  let marken(ziel) = query(ziel).map(m => (m.value, ..ort(m)))
  (
    anker: marken(<bw-anker>), beginn: marken(<bw-beginn>), ende: marken(<bw-ende>),
    titel: query(heading.where(outlined: true)).map(ort), spiegel: query(<bw-satzspiegel>).first().value,
  )
}"""
"""Was Typst über den Umbruch sagt: Seite und Höhe aller Abbildungen und Überschriften."""


@dataclass(frozen=True, slots=True)
class Stelle:
    """Wo eine Abbildung steht und wie hoch sie ist; Maße in Punkt.

    ``anker`` ist die Seite, auf der der Text davor endet, ``rest`` was dort noch frei ist, ``hoehe`` die der
    Abbildung samt Befund und Beleg, ``bild`` der Anteil daran, der mit der Breite schrumpft; ``zu_hoch`` ist
    eine Tabelle, die besser umbricht.
    """

    marke: str
    anker: int
    seite: int
    rest: float
    am_titel: bool
    hoehe: float
    bild: float
    zu_hoch: bool = False


@dataclass(slots=True)
class Umbruch:
    """Entscheidungen eines Kapitels: welche Abbildung nach oben rückt, welche wie breit ist, was umbricht."""

    oben: set[str] = field(default_factory=set)
    weite: dict[str, float] = field(default_factory=dict)
    lang: set[str] = field(default_factory=set)
    versucht: set[str] = field(default_factory=set)

    def wahl(self, marken: Iterable[str]) -> str:
        """Die Entscheidungen als Wörterbuch in Typst, wie ``bw-figur`` es versteht."""
        eintraege = []
        for marke in marken:
            angaben = [f"lang: {str(marke in self.lang).lower()}"]
            if marke in self.oben:
                angaben.append("oben: true")
            if marke in self.weite:
                angaben.append(f"weite: {self.weite[marke]:.0%}")
            eintraege.append(f'"{marke}": ({", ".join(angaben)})')
        return f"({', '.join(eintraege) or ':'})"

    def als_json(self) -> str:
        """Was von den Entscheidungen aufzuheben ist."""
        return json.dumps({"oben": sorted(self.oben), "weite": self.weite, "lang": sorted(self.lang)})

    @classmethod
    def aus_json(cls, text: str | bytes) -> Umbruch:
        """Gegenstück zu :meth:`als_json`."""
        werte = json.loads(text)
        return cls(oben=set(werte["oben"]), weite=werte["weite"], lang=set(werte["lang"]))

    @classmethod
    def anfang(cls, figuren: Sequence[Figur]) -> Umbruch:
        """Womit das Messen beginnt: hohe Bilder sind schmaler (bis :data:`SCHMALSTE`), Langes bricht um."""
        weite = {
            f.marke: max(SCHMALSTE, _abgerundet(STEILSTES / f.verhaeltnis))
            for f in figuren
            if f.verhaeltnis > STEILSTES
        }
        return cls(weite=weite, lang={f.marke for f in figuren if f.zeilen >= LANGE_ZEILEN})

    def lerne(self, gruppe: Sequence[Stelle]) -> bool:
        """Entscheidet über die erste, die ein Loch reißt oder vor einer früheren ihrer Art stünde.

        ``False``, wenn nichts zu tun ist. Was umbrechen soll, entscheidet sich vor allem anderen. Tabellen
        dürfen vor Abbildungen rücken: beide zählen für sich, und die Seite davor wird voll.
        """
        if lange := {s.marke for s in gruppe if s.zu_hoch}:
            self.lang |= lange
            return True
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

    def _verschmaelere(self, s: Stelle, gruppe: Sequence[Stelle]) -> bool:
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


def waehle(kapitel: Sequence[Kapitel], umbrueche: Sequence[Umbruch]) -> list[str]:
    """Die Entscheidungen je Kapitel, wie Typst sie liest."""
    return [umbruch.wahl(f.marke for f in k.figuren) for k, umbruch in zip(kapitel, umbrueche, strict=True)]


def lies_stellen(
    antwort: str, kapitel: Sequence[Kapitel], umbrueche: Sequence[Umbruch]
) -> list[list[Stelle]]:
    """Die Messwerte aus der Antwort auf :data:`ABFRAGE`, je Kapitel."""
    werte = json.loads(antwort)
    beginn = {marke: (seite, y) for marke, seite, y in werte["beginn"]}
    anker = {marke: (seite, y) for marke, seite, y in werte["anker"]}
    ende = {marke: y for marke, _, y in werte["ende"]}
    titel, spiegel = [tuple(t) for t in werte["titel"]], werte["spiegel"]
    stellen: list[list[Stelle]] = []
    for k, umbruch in zip(kapitel, umbrueche, strict=True):
        stellen.append([])
        for figur in k.figuren:
            marke = figur.marke
            if marke not in beginn:
                continue
            (seite, oben), (davor, y) = beginn[marke], anker[marke]
            breite = spiegel["breite"] * umbruch.weite.get(marke, 1.0)
            hoehe = ende[marke] - oben
            stelle = Stelle(
                marke, davor, seite, spiegel["unten"] - y, _am_titel(titel, davor, y), hoehe,
                bild=breite * figur.verhaeltnis,
                zu_hoch=marke.startswith("tbl-") and hoehe > spiegel["beisammen"] + _RUNDUNG_PT,
            )  # fmt: skip
            stellen[-1].append(stelle)
    return stellen


def _am_titel(titel: list[tuple[int, float]], seite: int, y: float) -> bool:
    return any(s == seite and y - _TITEL_PT < t <= y for s, t in titel)


@dataclass(slots=True)
class _Seiten:
    """Seiten, die sich füllen: ``frei`` ist der Platz auf der letzten, ``wartend`` rückt auf die nächste."""

    hoehe: float
    nummer: int
    frei: float
    wartend: list[tuple[str, float]] = field(default_factory=list)
    oben: dict[str, int] = field(default_factory=dict)

    def blaettere(self) -> None:
        """Die nächste Seite; an ihren Kopf kommt von den Wartenden, was Platz hat."""
        self.nummer, self.frei = self.nummer + 1, self.hoehe
        wartend, self.wartend = self.wartend, []
        for marke, hoehe in wartend:
            self.stelle_oben(marke, hoehe)

    def stelle_oben(self, marke: str, hoehe: float) -> None:
        """An den Kopf dieser Seite, wenn sie dafür Platz hat und niemand wartet; sonst einer späteren."""
        bedarf = hoehe + _ABSTAND_PT
        if not self.wartend and (bedarf <= self.frei or self.frei == self.hoehe):
            self.frei -= bedarf
            self.oben[marke] = self.nummer
        else:
            self.wartend.append((marke, hoehe))

    def schreibe(self, laenge: float) -> None:
        """Text dieser Länge; er läuft über die Seiten."""
        self.frei -= laenge
        while self.frei < 0:
            zu_viel = self.frei
            self.blaettere()
            self.frei += zu_viel

    def stelle(self, hoehe: float) -> None:
        """An Ort und Stelle, sonst auf die nächste Seite, die genug Platz hat."""
        while hoehe > self.frei + _RUNDUNG_PT and self.frei < self.hoehe:
            self.blaettere()
        self.frei -= hoehe


class Entwurf:
    """Der Umbruch eines Kapitels, so weit er entschieden ist.

    Was Entscheidungen bewirken, sagt er voraus: ein Kapitel ist ihm eine Folge von Abbildungen mit Text
    dazwischen, und wie lang der ist, entnimmt er der letzten Messung.
    """

    def __init__(self, figuren: Sequence[Figur]) -> None:
        self.umbruch = Umbruch.anfang(figuren)

    def lerne(self, gemessen: Sequence[Stelle], seitenhoehe: float) -> bool:
        """Entscheidet nach einer Messung, und nach Voraussagen weiter; ``False``, wenn es bei ihm bleibt."""
        laengen = self._laengen(gemessen, seitenhoehe)
        neu, stellen, runden = deepcopy(self.umbruch), gemessen, 0
        while runden < 2 * len(gemessen) and neu.lerne(stellen):
            runden += 1
            if any(s.zu_hoch for s in gemessen):
                break
            stellen = self._vorausgesagt(gemessen, laengen, seitenhoehe, neu)
        self.umbruch = neu
        return runden > 0

    def _laengen(self, gemessen: Sequence[Stelle], seitenhoehe: float) -> list[float]:
        """Wie viel Text vor jeder Abbildung steht, in Punkt."""
        laengen: list[float] = []
        seiten = _Seiten(seitenhoehe, gemessen[0].anker, gemessen[0].rest) if gemessen else None
        for s in gemessen:
            assert seiten is not None
            laenge = 0.0
            while seiten.nummer < s.anker:
                laenge += seiten.frei
                seiten.blaettere()
            laengen.append(laenge + seiten.frei - s.rest - seitenhoehe * (seiten.nummer - s.anker))
            seiten.nummer, seiten.frei = s.anker, s.rest
            self._setze(seiten, s.marke, s.hoehe, self.umbruch)
        return laengen

    def _vorausgesagt(
        self, gemessen: Sequence[Stelle], laengen: Sequence[float], seitenhoehe: float, umbruch: Umbruch
    ) -> list[Stelle]:
        """Wo alles stünde, wenn ``umbruch`` gälte."""
        if not gemessen:
            return []
        seiten = _Seiten(seitenhoehe, gemessen[0].anker, gemessen[0].rest)
        orte: list[tuple[int, float, int, float, float]] = []
        for s, laenge in zip(gemessen, laengen, strict=True):
            anteil = umbruch.weite.get(s.marke, 1.0) / self.umbruch.weite.get(s.marke, 1.0)
            hoehe, bild = s.hoehe - s.bild * (1 - anteil), s.bild * anteil
            seiten.schreibe(laenge)
            anker, rest = seiten.nummer, seiten.frei
            self._setze(seiten, s.marke, hoehe, umbruch)
            orte.append((anker, rest, seiten.nummer, hoehe, bild))
        while seiten.wartend:
            seiten.blaettere()
        return [
            Stelle(s.marke, anker, seiten.oben.get(s.marke, seite), rest, s.am_titel, hoehe, bild)
            for s, (anker, rest, seite, hoehe, bild) in zip(gemessen, orte, strict=True)
        ]

    def _setze(self, seiten: _Seiten, marke: str, hoehe: float, umbruch: Umbruch) -> None:
        if marke in umbruch.oben:
            seiten.frei += min(_ABSTAND_PT, seiten.hoehe - seiten.frei)
            seiten.stelle_oben(marke, hoehe)
        else:
            seiten.stelle(hoehe)


def entscheide(
    kapitel: Sequence[Kapitel],
    bekannt: Mapping[int, Umbruch],
    miss: Callable[[Sequence[Umbruch]], str],
) -> list[Umbruch]:
    """Misst mit ``miss(Umbrüche) -> Antwort auf ABFRAGE``, bis keine Abbildung mehr anders stehen soll.

    Ein schon bekanntes Kapitel bleibt, wie es ist. Was die übrigen werden, hängt davon nicht ab.
    """
    entwuerfe = {n: Entwurf(k.figuren) for n, k in enumerate(kapitel) if n not in bekannt}
    offen = [nummer for nummer in entwuerfe if kapitel[nummer].figuren]

    def stand() -> list[Umbruch]:
        return [bekannt.get(n) or entwuerfe[n].umbruch for n in range(len(kapitel))]

    for _ in range(RUNDEN):
        if not offen:
            break
        antwort, umbrueche = miss(stand()), stand()
        stellen = lies_stellen(antwort, kapitel, umbrueche)
        hoehe = json.loads(antwort)["spiegel"]["hoehe"]
        offen = [nummer for nummer in offen if entwuerfe[nummer].lerne(stellen[nummer], hoehe)]
    return stand()
