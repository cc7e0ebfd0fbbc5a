"""Seiten, die sich füllen: aus gemessenen Rasterzeilen wird ein Plan, bevor gesetzt wird.

Der Plan ist der billigste Weg vom Anfang zum Ende des Berichts. Jeder Schritt ist eine Seite: von welcher
Zeile bis zu welcher sie reicht, und mit welchem Faktor ihre Bilder und Abstände gedehnt oder gestaucht sind.
Was eine Seite kostet, sagen die Konstanten: vor allem Leere an ihrem Fuß. Verboten ist, was keine Leere
aufwiegt: eine Überschrift am Fuß der Seite, eine Tabellenreihe allein, ein Bild unter seiner Mindesthöhe.
Zeilen bleiben in ihrer Folge.

Ein früherer Plan (:data:`Bisher`) zieht an: eine Seite, die er nicht kannte, kostet etwas. So bleibt nach
einer kleinen Änderung stehen, was stehen kann. Alle Maße sind Punkt.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

FAKTOREN = tuple(n / 100 for n in range(80, 122, 2))
"""Womit Bilder und Abstände einer Seite malgenommen werden können."""
_NATUERLICH = FAKTOREN.index(1.0)
ZEILEN = 2
"""So viele Zeilen eines Textes stehen mindestens beisammen."""
RUNDUNG = 0.5
"""So viel bleibt frei, damit der Satz hält, was das Messen verspricht."""
VOLL, GUT = 0.67, 0.8
"""Ziel sind 60 und 75 %; der Abstand dazu ist für Abstände, die im Satz entfallen."""

_SEITE = 100.0
_SONST, _AM_ENDE = (2000.0, 3000.0, 10000.0, 300.0), (200.0, 1500.0, 3000.0, 100.0)
"""Leere: im Quadrat, unter :data:`VOLL` fest und je Mangel, unter :data:`GUT`; auf der letzten Seite eines
Kapitels weniger."""
_DEHNUNG = 40.0
KURZ = 12
"""Eine Tabelle mit höchstens so vielen Reihen bricht nicht um, wo sie auf eine Seite passt."""
_TEILUNG, _TEXTTEILUNG, _ZERTEILT, _ZERRISSEN = 80.0, 30.0, 3500.0, 20000.0
"""Eine Tabelle, die länger ist als eine Seite, bricht um; eine kürzere nur, wo die Seite davor sonst weit
unter :data:`VOLL` bliebe, eine kurze (:data:`KURZ`) nicht einmal dann. Ein Text fließt."""
_GETRENNT = 15.0
_ANSCHLUSS = 700.0
_KNAPP = 60.0
_ZEILE = 14.0
"""So viel Luft soll eine Seite gedrängt noch haben: ein Wort mehr, und sie hält trotzdem."""
_FREMD, _ANDERER_FAKTOR = 150.0, 30.0
_UEBERVOLL = 1e6

Bisher = Mapping[str, float]
"""Seiten des früheren Plans: mit welcher Stelle (:meth:`Teil.stelle`) sie beginnen, mit welchem Faktor."""
_Stand = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Zeilenmass:
    """Was der Plan von einer Rasterzeile weiß.

    ``hoehe`` ist die des Haupttextes samt Bild in seiner natürlichen Höhe ``bild``, die nie unter
    ``kleinst`` und nie über ``groesst`` kommt; ``rand`` die der Randspalte. ``luft`` steht über der Zeile,
    wenn sie nicht die erste ihrer Seite ist. Mit ``reihen`` lässt sie sich teilen: darüber stehen ``titel``
    und ``kopf`` (er wiederholt sich), darunter ``fuss``; die Summe von allem ist ``hoehe``, und so viele
    wie ``beisammen`` stehen mindestens auf einer Seite. Ist sie ``fliessend``, sind die Reihen Zeilen eines
    Textes: er bricht, wo die Seite zu Ende ist. Was ``beginnt``, steht am Kopf einer Seite, oder es schließt
    mit einem Titel der Höhe ``schmal`` an (0: nie).
    """

    kennung: str
    hoehe: float
    art: str = "text"
    rand: float = 0.0
    bild: float = 0.0
    kleinst: float = 0.0
    groesst: float = 1e9
    luft: float = 0.0
    reihen: tuple[float, ...] = ()
    kopf: float = 0.0
    fuss: float = 0.0
    noten: float = 0.0
    beisammen: int = 3
    fliessend: bool = False
    klebt: bool = False
    beginnt: bool = False
    schmal: float = 0.0

    @property
    def titel(self) -> float:
        """Was über den Reihen steht, ohne den Kopf, der sich wiederholt."""
        return self.hoehe - self.kopf - sum(self.reihen) - self.fuss

    def bildhoehe(self, faktor: float) -> float:
        """Wie hoch das Bild wird."""
        return min(max(self.bild * faktor, min(self.kleinst, self.bild)), max(self.groesst, self.bild))

    def ganz(self, faktor: float, *, schmal: bool = False) -> float:
        """Höhe der ganzen Zeile samt ihren Fußnoten."""
        haupt = self.schmal if schmal else self.hoehe - self.bild + self.bildhoehe(faktor)
        return max(haupt, self.rand) + self.noten

    def stueck(self, von: int, bis: int) -> float:
        """Höhe der Reihen ``von`` bis ``bis`` mit allem, was bei ihnen steht."""
        haupt = self.kopf + sum(self.reihen[von:bis])
        haupt += self.fuss if bis == len(self.reihen) else 0.0
        haupt += self.reihen[-1] if self.fliessend and von else 0.0  # Typst trennt keine einzelne Zeile ab
        return haupt if von else max(haupt + self.titel, self.rand) + self.noten


@dataclass(frozen=True, slots=True)
class Teil:
    """Eine Zeile auf einer Seite, oder ihre Reihen ``von`` bis ``bis`` (0, 0: die ganze)."""

    kennung: str
    von: int = 0
    bis: int = 0

    @property
    def stelle(self) -> str:
        """Wie der Plan diese Stelle nennt."""
        return f"{self.kennung}:{self.von}" if self.von else self.kennung


@dataclass(frozen=True, slots=True)
class Seite:
    """Was auf einer Seite steht, mit welchem Faktor, und wie hoch es zusammen ist."""

    teile: tuple[Teil, ...]
    faktor: float
    hoehe: float


@dataclass(frozen=True, slots=True)
class Setzung:
    """Wie eine Zeile gesetzt wird.

    ``umbruch``: sie beginnt eine Seite; sonst steht ``oben`` über ihr. ``dehnung`` ist die Höhe ihres Bildes
    als Vielfaches der natürlichen, ``schmal`` der Titel eines Kapitels, das anschließt. Ist sie ``lang``,
    läuft sie über die Seite hinaus, und ``frei`` bleibt am Fuß der ersten.
    """

    umbruch: bool = False
    oben: float = 0.0
    dehnung: float = 1.0
    schmal: bool = False
    lang: bool = False
    frei: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """Die Seiten der Reihe nach, und wie jede Zeile gesetzt wird."""

    seiten: tuple[Seite, ...] = ()
    setzungen: Mapping[str, Setzung] = field(default_factory=dict)

    def merke(self) -> dict[str, float]:
        """Woran sich der nächste Plan hält."""
        return {s.teile[0].stelle: s.faktor for s in self.seiten}


def plane(zeilen: Sequence[Zeilenmass], seitenhoehe: float, bisher: Bisher | None = None) -> Plan:
    """Der billigste Plan für alle Zeilen; ihre Kennungen sind verschieden."""
    lauf = _Lauf(zeilen, seitenhoehe - RUNDUNG, bisher or {})
    return lauf.plan(lauf.weg())


@dataclass(frozen=True, slots=True)
class _Satz:
    """Eine mögliche Seite: von wo bis wo, Faktor, Höhe, Kosten."""

    von: _Stand
    bis: _Stand
    faktor: float
    hoehe: float
    kosten: float


class _Lauf:
    """Die Suche nach dem Weg; ein Stand ist die nächste Zeile und wie viele ihrer Reihen schon stehen."""

    def __init__(self, zeilen: Sequence[Zeilenmass], hoehe: float, bisher: Bisher) -> None:
        self.zeilen, self.hoehe, self.bisher = zeilen, hoehe, bisher
        self.ganz = [[z.ganz(f) for f in FAKTOREN] for z in zeilen]
        self.folgend = [[z.ganz(f, schmal=z.beginnt) + z.luft * f for f in FAKTOREN] for z in zeilen]

    def weg(self) -> list[_Satz]:
        """Die Seiten des billigsten Wegs."""
        ende = (len(self.zeilen), 0)
        beste: dict[_Stand, tuple[float, _Satz | None]] = {(0, 0): (0.0, None)}
        offen = {(0, 0)}
        while offen:
            stand = min(offen)
            offen.discard(stand)
            if stand == ende:
                break
            bis_hier = beste[stand][0]
            for satz in self._seiten_ab(stand):
                kosten = bis_hier + satz.kosten
                if satz.bis not in beste or kosten < beste[satz.bis][0] - 1e-6:
                    beste[satz.bis] = (kosten, satz)
                    offen.add(satz.bis)
        weg: list[_Satz] = []
        stand = ende
        while (satz_ := beste[stand][1]) is not None:
            weg.append(satz_)
            stand = satz_.von
        return weg[::-1]

    def _seiten_ab(self, stand: _Stand) -> list[_Satz]:
        """Alle Seiten, die hier beginnen können; passt nicht einmal die erste Zeile, sie allein."""
        return [*self._moegliche(stand)] or [self._uebervoll(stand)]

    def _moegliche(self, stand: _Stand) -> Iterator[_Satz]:
        n, hoehen, schmale = stand[0], [0.0] * len(FAKTOREN), 0
        for nr in range(n, len(self.zeilen)):
            z, von = self.zeilen[nr], stand[1] if nr == n else 0
            if nr > n and z.beginnt:
                if not z.schmal:
                    return
                schmale += 1
            if z.fliessend:  # geteilt vor ganz: ganz kann es höher sein als die Seite
                yield from self._fliesst(stand, nr, hoehen[_NATUERLICH], schmale)
            else:
                yield from self._geteilt(stand, nr, hoehen, schmale)
            if von:
                rest = z.stueck(von, len(z.reihen))
                hoehen = [h + rest for h in hoehen]
            else:
                dazu = self.folgend[nr] if nr > n else self.ganz[nr]
                hoehen = [h + d for h, d in zip(hoehen, dazu, strict=True)]
            if hoehen[0] > self.hoehe:
                return
            satz = self._satz(stand, (nr + 1, 0), hoehen, schmale) if self._endet(nr) else None
            if satz is not None:
                yield satz

    def _geteilt(self, stand: _Stand, nr: int, hoehen: Sequence[float], schmale: int) -> Iterator[_Satz]:
        """Seiten, die mit einem Teil einer Tabelle enden."""
        z, von = self.zeilen[nr], stand[1] if nr == stand[0] else 0
        luft = z.luft if nr > stand[0] else 0.0
        for bis in self._teilungen(z, von):
            stueck = z.stueck(von, bis)
            dort = [h + stueck + luft * f for h, f in zip(hoehen, FAKTOREN, strict=True)]
            if (satz := self._satz(stand, (nr, bis), dort, schmale)) is not None:
                yield satz

    def _fliesst(self, stand: _Stand, nr: int, oben: float, schmale: int) -> Iterator[_Satz]:
        """Die Seite, die ein Text mit so vielen Zeilen füllt, wie unter ``oben`` noch passen."""
        z, von = self.zeilen[nr], stand[1] if nr == stand[0] else 0
        oben += z.luft if nr > stand[0] else 0.0
        if oben + z.stueck(von, len(z.reihen)) <= self.hoehe:
            return
        passend = [
            b
            for b in range(von + ZEILEN, len(z.reihen) - ZEILEN + 1)
            if oben + z.stueck(von, b) <= self.hoehe
        ]
        if passend:
            fest = self._fest(stand, (nr, passend[-1]), schmale)
            yield _Satz(stand, (nr, passend[-1]), 1.0, oben + z.stueck(von, passend[-1]), fest)

    def _endet(self, nr: int) -> bool:
        """Ob eine Seite nach dieser Zeile enden darf."""
        return self._schluss(nr + 1) or not (self.zeilen[nr].klebt or self.zeilen[nr].beginnt)

    def _schluss(self, nr: int) -> bool:
        """Ob hier ein Kapitel zu Ende ist."""
        return nr == len(self.zeilen) or self.zeilen[nr].beginnt

    def _teilungen(self, z: Zeilenmass, von: int) -> Iterator[int]:
        """Wo die Zeile auf dieser Seite umbrechen kann; ab der zweiten Seite, wo Typst es von allein tut."""
        if not von and len(z.reihen) >= 2 * z.beisammen:
            yield from range(z.beisammen, len(z.reihen) - z.beisammen + 1)
        elif von and z.stueck(von, len(z.reihen)) > self.hoehe:
            passend = (bis for bis in range(len(z.reihen) - 1, von, -1) if z.stueck(von, bis) <= self.hoehe)
            yield next(passend, von + 1)

    def _satz(self, von: _Stand, bis: _Stand, hoehen: Sequence[float], schmale: int) -> _Satz | None:
        """Diese Seite mit ihrem günstigsten Faktor."""
        ende = not bis[1] and self._schluss(bis[0])
        stelle = self._stelle(von)
        frueher = self.bisher.get(stelle)
        bester: _Satz | None = None
        for faktor, hoehe in zip(FAKTOREN, hoehen, strict=True):
            if hoehe > self.hoehe:
                break
            kosten = self._leere(hoehe / self.hoehe, ende=ende) + _DEHNUNG * (abs(faktor - 1) / 0.2) ** 2
            if frueher is not None and frueher != faktor:
                kosten += _ANDERER_FAKTOR
            if bester is None or kosten < bester.kosten - 1e-6:
                bester = _Satz(von, bis, faktor, hoehe, kosten)
        if bester is None:
            return None
        return replace(bester, kosten=bester.kosten + self._fest(von, bis, schmale, hoehen[0]))

    def _fest(self, von: _Stand, bis: _Stand, schmale: int, gedraengt: float = 0.0) -> float:
        """Was eine Seite kostet, gleich mit welchem Faktor."""
        ende, frueher = not bis[1] and self._schluss(bis[0]), self.bisher.get(self._stelle(von))
        fest = _SEITE + _ANSCHLUSS * schmale
        if bis[1]:
            fest += self._teilungskosten(self.zeilen[bis[0]])
        fest += _FREMD * (bool(self.bisher) and frueher is None)
        fest += _KNAPP * (gedraengt > self.hoehe - _ZEILE)
        if not ende and not bis[1]:
            vor, nach = self.zeilen[bis[0] - 1].art, self.zeilen[bis[0]].art
            fest += _GETRENNT * (vor == "text" and nach != "text")
        return fest

    def _teilungskosten(self, z: Zeilenmass) -> float:
        if z.fliessend:
            return _TEXTTEILUNG
        if z.beisammen < 3 or z.ganz(1.0) > self.hoehe:
            return _TEILUNG
        return _ZERTEILT if len(z.reihen) > KURZ else _ZERRISSEN

    @staticmethod
    def _leere(voll: float, *, ende: bool) -> float:
        leere, schlecht, mangel, maessig = _AM_ENDE if ende else _SONST
        kosten = leere * (1 - voll) ** 2
        if voll < VOLL:
            return kosten + schlecht + mangel * (VOLL - voll)
        return kosten + (maessig if voll < GUT else 0.0)

    def _uebervoll(self, stand: _Stand) -> _Satz:
        """Eine Zeile, die auf keine Seite passt, samt der, an der sie klebt: Typst bricht sie um."""
        nr = stand[0]
        while not self._endet(nr):
            nr += 1
        return _Satz(stand, (nr + 1, 0), 1.0, self.hoehe, _UEBERVOLL)

    def _stelle(self, stand: _Stand) -> str:
        return Teil(self.zeilen[stand[0]].kennung, stand[1]).stelle

    # --- vom Weg zum Plan ----------------------------------------------------------------------------

    def plan(self, weg: Sequence[_Satz]) -> Plan:
        """Seiten und Setzungen."""
        seiten = [Seite(tuple(self._teile(s)), s.faktor, s.hoehe) for s in weg]
        setzungen: dict[str, Setzung] = {}
        ort = {z.kennung: z for z in self.zeilen}
        for seite, satz in zip(seiten, weg, strict=True):
            for nummer, teil in enumerate(seite.teile):
                z, davor = ort[teil.kennung], setzungen.get(teil.kennung)
                if davor is None:
                    setzungen[z.kennung] = davor = Setzung(
                        umbruch=nummer == 0,
                        oben=0.0 if nummer == 0 else round(z.luft * seite.faktor, 2),
                        dehnung=round(z.bildhoehe(seite.faktor) / z.bild, 4) if z.bild else 1.0,
                        schmal=z.beginnt and nummer > 0,
                        lang=satz.kosten >= _UEBERVOLL,
                    )
                if z.fliessend and teil.bis:
                    setzungen[z.kennung] = replace(davor, lang=True)
                elif not teil.von and 0 < teil.bis < len(z.reihen):
                    frei = max(0.0, self.hoehe - seite.hoehe - z.reihen[teil.bis] / 2)
                    setzungen[z.kennung] = replace(davor, lang=True, frei=round(frei, 2))
        return Plan(tuple(seiten), setzungen)

    def _teile(self, satz: _Satz) -> Iterator[Teil]:
        (von, reihe), (bis, endreihe) = satz.von, satz.bis
        for nr in range(von, bis + (1 if endreihe else 0)):
            z, ab = self.zeilen[nr], reihe if nr == von else 0
            if nr == bis:
                yield Teil(z.kennung, ab, endreihe)
            else:
                yield Teil(z.kennung, ab, len(z.reihen) if ab else 0)
