"""Linie: Veränderung über Jahre, am Ende beschriftet, mit bis zu drei Marken."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, ClassVar

from berichtswerk.bild.anordnung import (
    SCHILDLUFT,
    Achse,
    Kasten,
    Strecke,
    ausgeduennt,
    jahresmarken,
    platziere,
    setze_daneben,
    teile_achse,
)
from berichtswerk.bild.formen import gemeinsam as g
from berichtswerk.bild.leinwand import (
    FORMEN_DER_PUNKTE,
    Ebene,
    Rahmen,
    Schild,
    Strich,
    Teil,
    ebene,
    kasten,
    rahme,
    tupfen,
)
from berichtswerk.bild.motiv import Hoehen, Motiv
from berichtswerk.bild.thema import ZEILE, Thema
from berichtswerk.fach.ereignis import Ereignis
from berichtswerk.fach.veraenderung import Bruch, voraus_ab
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Punkt, Serie
from berichtswerk.worte import befund as worte
from berichtswerk.worte import lesehilfe, sprache

_NIEDRIG = 96.0
_NAME_BREIT = 150.0
_ENDE = 9.0
_MARKEN, _EREIGNISSE = 3, 2
"""Höchstens so viele Marken, so viele davon Ereignisse."""
_HOCH = 0.25
"""Was im obersten Viertel der Achse liegt, braucht darüber Platz für seinen Namen."""
_DEUTLICH = 0.06
"""So weit (Teil der Achse) muss ein Hoch oder Tief aus den Enden herausragen, um eine Marke zu bekommen."""
_VOR = 3.0
"""So weit vor seinem Text endet ein Strich dorthin."""
_LAND, _BUND, _WEITERE = (), (1, 5), (8, 3, 1, 3)
"""Muster der Vergleichslinien: ohne Farbe zu unterscheiden."""


def linie(
    serien: Sequence[Serie],
    angaben: Angaben,
    *,
    brueche: Sequence[Bruch] = (),
    null: bool = False,
    band: bool = True,
    bereich: tuple[float, float] | None = None,
    ereignisse: Sequence[Ereignis] = (),
) -> Diagramm:
    """Zeichnet Jahresreihen (``Punkt.x`` ist ein Jahr) als Linien.

    An Brüchen ist die Linie unterbrochen, über Lücken gestrichelt, Vorausgerechnetes gestrichelt mit Band
    (``band``). Haben Szenarien denselben Verlauf vor der Vorausrechnung, steht er nur einmal da. Name und
    letzter Wert stehen am Ende der Linie; die Reihe, um die es geht, trägt dazu bis zu drei Marken:
    Ereignisse, Hoch und Tief, erster Wert. ``null=True`` lässt die Achse bei null beginnen; sonst steht in
    den Hinweisen, wenn sie es nicht tut.
    """
    serien = tuple(replace(s, punkte=_nach_jahr(s.punkte, band)) for s in serien)
    motiv = Linie(serien, angaben, tuple(brueche), null, bereich)
    da = _beschriftbare(ereignisse, serien, motiv.gezeigte)
    motiv = replace(motiv, ereignisse=tuple((e.datum.year, e.kurz) for e in da))
    gesagt = worte.jahresreihe("Liniendiagramm", serien, angaben, motiv.gezeigte)
    gesagt = replace(gesagt, alt=_mit_ereignissen(gesagt.alt, da))
    hinweise = (*g.hinweise_zu(serien, motiv.gezeigte, motiv.achse), *(e.satz for e in da))
    hilfe = lesehilfe.spanne(serien, angaben, band=True)
    return g.diagramm(motiv, gesagt, g.tafel(serien, angaben), hinweise, hilfe)


def _mit_ereignissen(alt: str, ereignisse: Sequence[Ereignis]) -> str:
    """Der Alternativtext mit so vielen Ereignissen, wie hineinpassen; alle stehen in den Hinweisen."""
    for e in reversed(ereignisse):
        laenger = f"{alt} {e.datum.year}: {e.kurz}."
        alt = laenger if len(laenger) <= worte.HOECHSTENS else alt
    return alt


def _beschriftbare(
    ereignisse: Sequence[Ereignis], serien: Sequence[Serie], brueche: Sequence[Bruch]
) -> list[Ereignis]:
    """Die jüngsten Ereignisse, in deren Jahr die leitende Reihe gemessen ist und kein Bruch steht."""
    nr = leitende(serien)
    jahre = {p.x for p in serien[nr].mit_zahl(prognose=False)} if nr is not None else set()
    frei = jahre - {b.jahr for b in brueche}
    je_jahr = {e.datum.year: e for e in reversed(ereignisse) if e.datum.year in frei}
    return [je_jahr[j] for j in sorted(je_jahr)][-_EREIGNISSE:]


def leitende(serien: Sequence[Serie]) -> int | None:
    """Die Reihe, um die es geht: die im Fokus oder die einzige, die nicht nur zum Vergleich dasteht."""
    eigene = [i for i, s in enumerate(serien) if s.rolle != "vergleich"]
    fokus = [i for i in eigene if serien[i].rolle == "fokus"]
    return fokus[0] if len(fokus) == 1 else eigene[0] if len(eigene) == 1 else None


@dataclass(frozen=True)
class Linie(Motiv):
    """Jahresreihen; die Jahre jeder Serie aufsteigend."""

    form: ClassVar[str] = "linie"
    serien: tuple[Serie, ...]
    angaben: Angaben
    brueche: tuple[Bruch, ...] = ()
    null: bool = False
    bereich: tuple[float, float] | None = None
    ereignisse: tuple[tuple[int, str], ...] = ()
    """Jahr und Beschriftung; in jedem dieser Jahre hat die leitende Reihe einen Wert."""

    @cached_property
    def jahre(self) -> tuple[int, ...]:
        """Alle gezeigten Jahre."""
        return tuple(sorted({int(p.x) for s in self.serien for p in s.punkte})) or (0,)

    @cached_property
    def gezeigte(self) -> list[Bruch]:
        """Brüche, die zwischen gezeigten Jahren liegen."""
        return g.gezeigte(self.brueche, self.jahre)

    @cached_property
    def achse(self) -> Achse:
        """Die Werteachse."""
        punkte = (p for s in self.serien for p in s.punkte)
        werte = (w for p in punkte for w in (p.wert, p.unten, p.oben) if w is not None)
        return teile_achse(werte, null=self.null, anteil=self.angaben.anteil, bereich=self.bereich)

    def hoehen(self, thema: Thema) -> Hoehen:
        """Die Namen an den Enden und die Zahlen der Achse brauchen ihren Platz untereinander."""
        bild = _Bild(self, thema, _NIEDRIG)
        fest = bild.oben + g.FUSS
        return Hoehen(fest + bild.hoehe, fest + max(bild.hoehe, g.flaechenhoehe(thema)))

    def gezeichnet(self, thema: Thema, hoehe: float) -> dict[str, Any]:
        """Die Zeichnung."""
        return _Bild(self, thema, hoehe - _Bild(self, thema, _NIEDRIG).oben - g.FUSS).spec()


def _nach_jahr(punkte: Sequence[Punkt], band: bool) -> tuple[Punkt, ...]:
    gezeigt = punkte if band else [replace(p, unten=None, oben=None) for p in punkte]
    return tuple(sorted(gezeigt, key=lambda p: int(p.x)))


def _einmal(serien: Sequence[Serie]) -> tuple[Serie, ...]:
    """Szenarien mit gleichem Verlauf vor der Vorausrechnung: er bleibt nur an der ersten Serie.

    Die übrigen behalten ihren letzten Ist-Wert, an dem die gestrichelte Linie ansetzt.
    """
    gesehen: set[tuple[Punkt, ...]] = set()
    ergebnis = []
    for s in serien:
        ist = s.mit_zahl(prognose=False)
        doppelt = bool(s.mit_zahl(prognose=True)) and len(ist) > 1 and ist in gesehen
        gesehen.add(ist)
        weg = set(ist[:-1]) if doppelt else set()
        ergebnis.append(replace(s, punkte=tuple(p for p in s.punkte if p not in weg)))
    return tuple(ergebnis)


@dataclass(frozen=True)
class _Marke:
    """Ein Punkt der Linie mit Text daneben: erste Zeile fett, die zweite leise."""

    jahr: float
    wert: float
    zeilen: tuple[str, ...]
    nr: int
    """Nummer der Reihe"""


class _Bild:
    """Gerechnete Geometrie einer Linienabbildung und ihre Teile."""

    def __init__(self, motiv: Linie, thema: Thema, flaeche: float) -> None:
        self.m, self.thema, self.angaben = motiv, thema, motiv.angaben
        self.serien, self.jahre, self.brueche = _einmal(motiv.serien), motiv.jahre, motiv.gezeigte
        self.leitend = leitende(self.serien)
        self.hoehe = max(flaeche, sum(len(e) * ZEILE + 3 for e in self.endzeilen) - 8)
        self.achse = ausgeduennt(motiv.achse, self.hoehe, ZEILE + 12)
        # Vergleiche unterscheidet das Muster; ein helleres Grau wäre nur schlechter zu sehen
        paare = zip(self.serien, g.farben(self.serien, thema), strict=True)
        self.farben = [thema.farben.vergleich[0] if s.rolle == "vergleich" else f for s, f in paare]
        einheit = g.einheit_am_strich(self.angaben)
        self.links = g.breite_der_werteachse(self.achse, thema, einheit)
        weiten = [thema.breite_von(z, fett=f) for e in self.endzeilen for z, f in e]
        self.rechts = max(weiten or [0.0]) + 2 * _ENDE
        self.breite = thema.breite - self.links - self.rechts
        self.kopf, self.oben = self._kopf()
        spanne = self.achse.bis - self.achse.von
        if not self.kopf and any(self.achse.bis - m.wert < _HOCH * spanne for m in self.marken):
            self.oben += ZEILE  # sonst stünden die Schilder der Gipfel unter der Linie

    def spec(self) -> dict[str, Any]:
        platz = self.thema.breite_von("2000") + 10
        jahre = [(j, self.x(j)) for j in jahresmarken(self.jahre, self.breite, platz)]
        enden = self._enden()
        marken = self._marken(enden)
        teile = [
            *self.kopf,
            *self._werteachse(),
            *g.jahresachse(jahre, self.hoehe, self.thema, self.breite),
            *self._luecken(),
            *self._zuege(),
            *enden,
            *marken,
        ]
        return rahme(teile, self.thema, Rahmen(self.hoehe, self.links, self.oben, self.rechts, g.FUSS))

    def _werteachse(self) -> list[Teil]:
        einheit = g.einheit_am_strich(self.angaben)
        return g.werteachse(self.achse, self.hoehe, self.breite, self.thema, einheit)

    # --- Geometrie

    def x(self, jahr: float) -> float:
        spanne = self.jahre[-1] - self.jahre[0]
        return self.breite * ((jahr - self.jahre[0]) / spanne if spanne else 0.5)

    def y(self, wert: float | None) -> float:
        return self.achse.lage(wert if wert is not None else 0.0, self.hoehe)

    # --- Beschriftung

    @cached_property
    def endzeilen(self) -> list[list[tuple[str, bool]]]:
        """Zeilen des Schildes am Ende jeder Linie: Name und letzter Wert, in einer Zeile, wenn sie passt.

        Enden die Reihen verschieden, steht das Jahr dabei und bei der Fokusreihe auch ihr Wert im jüngsten
        gemeinsamen Jahr: nur er lässt sich vergleichen. Eine Reihe allein braucht keinen Namen.
        """
        enden = {s.mit_zahl()[-1].x for s in self.serien if s.mit_zahl()}
        gemeinsam = worte.vergleichsjahr(self.serien) if len(enden) > 1 else None
        platz, allein = min(_NAME_BREIT, 0.3 * self.thema.breite), len(self.serien) == 1
        ergebnis: list[list[tuple[str, bool]]] = []
        for s, schild in zip(self.serien, sprache.schilder(self.serien), strict=True):
            punkte = s.mit_zahl()
            if not punkte:
                ergebnis.append([])
                continue
            fett = s.rolle == "fokus" or allein
            gezeigt = [punkte[-1]]
            if s.rolle == "fokus" and punkte[-1].x != gemeinsam:
                gezeigt += [p for p in punkte if p.x == gemeinsam]
            werte = [self._wert(p, len(enden) > 1) for p in gezeigt]
            namen = [] if allein else list(self.thema.umbruch(schild, platz, fett=fett))
            trenner = ": " if namen and namen[-1][-1:].isdigit() else " "  # „Klassen 1 bis 4: 231“
            eine = trenner.join([*namen, werte[0]])
            if len(namen) == 1 and self.thema.breite_von(eine, fett=fett) <= platz:
                namen, werte = [], [eine, *werte[1:]]
            if spanne := sprache.grenzen(punkte[-1], self.angaben.stellen):
                werte.insert(1, f"({spanne[0]}–{spanne[1]})")
            zeilen = [(z, fett) for z in (*namen, *werte)]
            ergebnis.append([*zeilen, (str(punkte[-1].x), False)] if allein and len(punkte) > 1 else zeilen)
        return ergebnis

    def _wert(self, p: Punkt, mit_jahr: bool) -> str:
        text = sprache.punkt_text(p, self.angaben)
        return f"{text} ({p.x})" if mit_jahr else text

    def _kopf(self) -> tuple[list[Teil], float]:
        brueche, voraus = [(self.x(b.jahr - 0.5), b) for b in self.brueche], None
        if (erste := voraus_ab(s for serie in self.serien for s in serie.staende())) is not None:
            start = self.x(erste - 1 if erste > self.jahre[0] else erste)
            voraus = (start, (start + self.breite) / 2, f"Vorausrechnung ab {erste}")
        flaeche = (self.breite, self.hoehe)
        return g.ueber_der_flaeche((brueche, voraus), self.thema, flaeche, links=self.links)

    def _enden(self) -> list[Teil]:
        """Schilder rechts der Linien, auseinandergeschoben; ein feiner Strich führt zum Linienende."""
        da = [i for i, e in enumerate(self.endzeilen) if e]
        letzte = [self.serien[i].mit_zahl()[-1] for i in da]
        wunsch = [self.y(p.wert) for p in letzte]
        hoehen = [len(self.endzeilen[i]) * ZEILE + 3 for i in da]
        mitten = platziere(wunsch, hoehen, -6, self.hoehe + 4, luft=SCHILDLUFT)
        teile: list[Teil] = []
        for i, p, y0, mitte, h in zip(da, letzte, wunsch, mitten, hoehen, strict=True):
            x0, x1 = self.x(int(p.x)), self.breite + 2 * _ENDE - 4
            oben = mitte - h / 2 + 1.5 + ZEILE / 2
            farbe = self.thema.als_text(self.farben[i])
            teile += [
                Schild(x1, oben + nr * ZEILE, text, farbe, fett=fett)
                for nr, (text, fett) in enumerate(self.endzeilen[i])
            ]
            # endet die Reihe früher, sähe ein Strich in ihrer Farbe wie ihre Fortsetzung aus
            frueher = self.breite - x0 > 3 * _ENDE
            art = (self.thema.farben.achse, 0.8, (1, 3)) if frueher else (self.farben[i], 0.8, ())
            if frueher or abs(mitte - y0) > ZEILE / 2:
                teile.append(replace(Strich(x0 + 6, y0, x1 - 3, mitte, *art), weicht=frueher))
        return teile

    # --- Marken

    @cached_property
    def marken(self) -> list[_Marke]:
        """Ereignisse, Hoch und Tief, erster Wert der leitenden Reihe; bei mehreren nur ihre ersten Werte."""
        if self.leitend is None:
            return self._anfaenge()
        serie = self.serien[self.leitend]
        punkte = serie.mit_zahl()
        if len(punkte) < 2:
            return []
        frei = {p.x for p in punkte[:-1]}
        werte = {p.x: p.wert for p in punkte}
        marken = [
            _Marke(j, werte[j] or 0.0, (kurz,) if str(j) in kurz else (kurz, str(j)), self.leitend)
            for j, kurz in self.m.ereignisse
            if j in werte
        ]
        extreme = [p for p in self._extreme(punkte) if p.x in frei]
        anfang = [] if punkte[0] in extreme else [punkte[0]]
        for p in [*extreme, *anfang]:
            text = sprache.punkt_text(p, self.angaben)
            am_rand = p.x == self.jahre[0]
            zeilen = (text,) if am_rand else (text, str(p.x))
            marken.append(_Marke(int(p.x), p.wert or 0.0, zeilen, self.leitend))
        je = {m.jahr: m for m in reversed(marken)}
        return sorted(je.values(), key=marken.index)[:_MARKEN]

    def _anfaenge(self) -> list[_Marke]:
        ergebnis: dict[tuple[float, str], _Marke] = {}
        for nr, s in enumerate(self.serien):
            punkte = s.mit_zahl()
            if s.rolle != "vergleich" and len(punkte) > 1 and punkte[0].x == self.jahre[0]:
                text, wert = sprache.punkt_text(punkte[0], self.angaben), punkte[0].wert or 0.0
                ergebnis.setdefault((wert, text), _Marke(self.jahre[0], wert, (text,), nr))
        return sorted(ergebnis.values(), key=lambda m: -m.wert)  # die oberste Zahl sucht zuerst Platz

    def _extreme(self, punkte: Sequence[Punkt]) -> list[Punkt]:
        """Hoch und Tief nach dem letzten Bruch, wo sie deutlich aus den Enden herausragen."""
        ab = max([b.jahr for b in self.brueche] or [0])
        ist = [(p, p.wert) for p in punkte if int(p.x) >= ab and not p.prognose and p.wert is not None]
        if len(ist) < 4:
            return []
        enden, spanne = (ist[0][1], ist[-1][1]), self.achse.bis - self.achse.von
        hoch, tief = max(ist, key=lambda pw: pw[1]), min(ist, key=lambda pw: pw[1])
        gewaehlt = [hoch[0]] if hoch[1] - max(enden) > _DEUTLICH * spanne else []
        return [*gewaehlt, *([tief[0]] if min(enden) - tief[1] > _DEUTLICH * spanne else [])]

    def _marken(self, enden: Sequence[Teil]) -> list[Teil]:
        """Ringe mit Text an einer freien Stelle und, wenn er weiter weg steht, einem Strich dorthin."""
        f, t = self.thema.farben, self.thema
        besetzt = [kasten(s, t) for s in (*self.kopf, *enden, *self._luecken()) if isinstance(s, Schild)]
        besetzt += [(self.x(m.jahr) - 6, self.y(m.wert) - 6, self.x(m.jahr) + 6, self.y(m.wert) + 6)
                    for m in self.marken]  # fmt: skip
        # jenseits eines Bruchs läse man die Zahl als die der anderen Seite: auch kein Strich führt hinüber
        besetzt += [(b.x - 2, b.y, b.x2 + 2, b.y2) for b in self.kopf if isinstance(b, Strich)]
        besetzt += [kasten(s, t) for s in self._werteachse() if isinstance(s, Schild)]
        linien = [s for i in range(len(self.serien)) for s in self._strecken(i)]
        linien += [((b.x, b.y), (b.x2, b.y2)) for b in enden if isinstance(b, Strich)]
        linien += [((0.0, self.y(0.0)), (self.breite, self.y(0.0)))] if self.achse.mit_null else []
        teile: list[Teil] = []
        ringe: dict[int, list[dict[str, Any]]] = {}
        for m in self.marken:
            x, y = self.x(m.jahr), self.y(m.wert)
            weite = max(t.breite_von(z, fett=nr == 0) for nr, z in enumerate(m.zeilen))
            masze = (weite, len(m.zeilen) * (ZEILE - 2))
            andere = [(self.x(n.jahr), self.y(n.wert)) for n in self.marken if n.nr != m.nr]
            # zwischen den Zahlen der Achse steht sie nur, wo sonst nirgends Platz ist
            grenzen = [
                (-links, 4.0 - self.oben, self.breite + 4, self.hoehe - 3)
                for links in (min(0.76 * weite, self.links - 2), self.links - 2)
            ]
            moeglich = (setze_daneben((x, y), masze, besetzt, linien, g_, andere=andere) for g_ in grenzen)
            stelle = next((k for k in moeglich if k is not None), None)
            if stelle is None:
                continue
            besetzt.append((stelle[0] - SCHILDLUFT, stelle[1], stelle[2] + SCHILDLUFT, stelle[3]))
            teile += self._marke(m, stelle, x, y)
            linien += [((s.x, s.y), (s.x2, s.y2)) for s in teile if isinstance(s, Strich)]
            ringe.setdefault(m.nr, []).append({"x": round(x, 1), "y": round(y, 1)})
        for nr, punkte in ringe.items():
            teile += tupfen(punkte, self.farben[nr], groesse=52, hohl=f.grund)
        return teile

    def _marke(self, m: _Marke, k: Kasten, x: float, y: float) -> Iterator[Teil]:
        f = self.thema.farben
        mitte, hoch = (k[0] + k[2]) / 2, ZEILE - 2
        nah = (min(max(x, k[0]), k[2]), min(max(y, k[1]), k[3]))
        weit = math.dist(nah, (x, y))
        if abs(nah[0] - x) + abs(nah[1] - y) > 14:
            vor = 1 - _VOR / weit
            yield Strich(x, y, x + vor * (nah[0] - x), y + vor * (nah[1] - y), f.achse, 1.0)
        for nr, text in enumerate(m.zeilen):
            farbe = f.text if nr == 0 else f.text_leise
            yield Schild(mitte, k[1] + (nr + 0.5) * hoch, text, farbe, "center", fett=nr == 0)

    def _strecken(self, nr: int) -> list[Strecke]:
        """Der Linienzug einer Reihe und die Ränder ihres Bandes; Band und Linie enden in einem Punkt."""
        band, serie = _band(self.serien[nr]), self.serien[nr]
        zuege = [[(self.x(int(p.x)), self.y(p.wert)) for p in serie.mit_zahl()]]
        zuege += [[(self.x(z["jahr"]), self.y(z[rand])) for z in band] for rand in ("unten", "oben")]
        return [s for zug in zuege for s in pairwise(zug)]

    def _luecken(self) -> list[Teil]:
        """Zeichen für fehlende Werte am unteren Rand, wenn nur eine Reihe gezeigt wird."""
        fehlt = [p for p in self.serien[0].punkte if p.wert is None] if len(self.serien) == 1 else []
        f, y = self.thema.farben, self.hoehe - 8
        return [
            Schild(self.x(int(p.x)), y, sprache.punkt_text(p, Angaben("")), f.text, "center") for p in fehlt
        ]

    # --- Züge

    def _zuege(self) -> list[Teil]:
        """Bänder, durchgezogene und gestrichelte Linien, Punkte an Ende und Rand; der Fokus zuoberst."""
        ende = max(self.breite, 1.0) if len(self.jahre) > 1 else self.breite
        start = 0.0 if len(self.jahre) > 1 else self.breite / 2
        skalen = {
            "x": {
                "domain": [self.jahre[0], max(self.jahre[-1], self.jahre[0] + 1)],
                "range": [start, max(ende, start + 1)],
                "nice": False,
                "zero": False,
            },
            "y": {"domain": [self.achse.von, self.achse.bis], "nice": False, "zero": False},
        }
        folge = sorted(
            range(len(self.serien)), key=lambda i: (self.serien[i].rolle != "vergleich", i == self.leitend)
        )
        return [e for i in folge for e in self._zug(i, skalen)]

    def _zug(self, nr: int, skalen: dict[str, Any]) -> Iterator[Ebene]:
        def feld(name: str, achse: str) -> dict[str, Any]:
            return {"field": name, "type": "quantitative", "axis": None, "scale": skalen[achse]}

        serie, farbe = self.serien[nr], self.farben[nr]
        stark = nr == self.leitend
        x, y = feld("jahr", "x"), feld("wert", "y")
        if band := _band(serie):
            flaeche: dict[str, Any] = {"type": "area", "color": farbe, "opacity": 0.2}
            yield ebene(band, flaeche, x=x, y=feld("unten", "y"), y2={"field": "oben"})
        voll, voraus, ueber, punkte = _stuecke(serie, self.brueche)
        breite = 3.4 if stark else 1.8 if serie.rolle == "vergleich" else 2.4
        muster = self._muster(nr)
        arten = ((voll, muster, breite), (voraus, (7, 5), breite), (ueber, (2, 5), 0.7 * breite))
        for zeilen, strich, dick in arten:
            if zeilen:
                mehr: dict[str, Any] = {"strokeDash": list(strich)} if strich else {}
                mehr |= {"strokeCap": "butt"} if strich == (7, 5) else {}
                linie = {"type": "line", "color": farbe, "strokeWidth": round(dick, 2), **mehr}
                yield ebene(zeilen, linie, x=x, y=y, detail={"field": "abschnitt", "type": "nominal"})
        if punkte:
            teil = serie.rolle == "teil" and self.leitend is None
            form = FORMEN_DER_PUNKTE[nr % len(FORMEN_DER_PUNKTE)] if teil else "circle"
            punkt = {"type": "point", "shape": form, "filled": True, "opacity": 1, "color": farbe}
            yield ebene(punkte, {**punkt, "size": 62 if stark else 40}, x=x, y=y)

    def _muster(self, nr: int) -> tuple[int, ...]:
        """Vergleichslinien unterscheiden sich durch ihr Muster: die erste voll, die zweite gepunktet."""
        vergleiche = [i for i, s in enumerate(self.serien) if s.rolle == "vergleich"]
        if nr not in vergleiche:
            return ()
        return (_LAND, _BUND, _WEITERE)[min(vergleiche.index(nr), 2)]


def _band(serie: Serie) -> list[dict[str, Any]]:
    """Grenzen je Jahr; das Band einer Vorausrechnung öffnet sich am letzten Ist-Wert."""
    band: list[dict[str, Any]] = [
        {"jahr": int(p.x), "unten": p.unten, "oben": p.oben}
        for p in serie.punkte
        if p.unten is not None and p.oben is not None
    ]
    davor = [p for p in serie.mit_zahl() if band and int(p.x) < band[0]["jahr"]]
    if davor and not davor[-1].prognose:
        anfang = davor[-1]
        band.insert(0, {"jahr": int(anfang.x), "unten": anfang.wert, "oben": anfang.wert})
    return band


def _stuecke(serie: Serie, brueche: Sequence[Bruch]) -> tuple[list[dict[str, Any]], ...]:
    """Zeilen der durchgezogenen Linie, der vorausgerechneten, der über Lücken, und der Punkte.

    Über einen Bruch führt nichts. Punkte stehen am Ende und wo ein Wert mit keinem verbunden ist.
    """
    voll: list[dict[str, Any]] = []
    voraus: list[dict[str, Any]] = []
    ueber: list[dict[str, Any]] = []
    rand: dict[int | str, Punkt] = {}
    stuecke = g.stuecke(serie.punkte, brueche)
    for nr, (alle, ist, gestrichelt) in enumerate(stuecke):
        zeilen = {p.x: {"jahr": int(p.x), "wert": p.wert, "abschnitt": nr} for p in alle}
        voll += [zeilen[p.x] for p in ist if len(ist) > 1]
        voraus += [zeilen[p.x] for p in gestrichelt]
        if len(alle) == 1 or nr == len(stuecke) - 1:
            rand[alle[-1].x] = alle[-1]
    for nr, ((davor, *_), (danach, *_)) in enumerate(pairwise(stuecke)):
        a, b = davor[-1], danach[0]
        if not any(int(a.x) < bruch.jahr <= int(b.x) for bruch in brueche):
            ueber += [{"jahr": int(p.x), "wert": p.wert, "abschnitt": nr} for p in (a, b)]
    return voll, voraus, ueber, [{"jahr": int(p.x), "wert": p.wert} for p in rand.values()]
