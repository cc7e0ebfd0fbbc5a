"""Säulen (stehend) und Balken (liegend): Vergleich von Jahren oder Gebieten, ganz oder in Teilen."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, reduce
from typing import Any, ClassVar, Literal

from berichtswerk.bild.anordnung import SCHILDLUFT, Achse, jahresmarken, platziere, teile_achse
from berichtswerk.bild.formen import gemeinsam as g
from berichtswerk.bild.leinwand import Rahmen, Schild, Strich, Teil, rahme, rechtecke
from berichtswerk.bild.motiv import Hoehen, Motiv
from berichtswerk.bild.thema import ZEILE, Thema
from berichtswerk.fach.veraenderung import Bruch
from berichtswerk.gegenstand.gegenstaende import Tabellenmodell, Tabellenzeile
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Punkt, Serie
from berichtswerk.grund.zeichen import Status
from berichtswerk.worte import befund as worte
from berichtswerk.worte import lesehilfe, sprache

Art = Literal["gruppiert", "gestapelt", "anteil"]
"""nebeneinander · aufeinander · aufeinander zu 100 %."""
_NIEDRIG = 96.0
_SAEULE, _BALKEN = 56.0, 17.0
"""Größte Breite einer Säule, Dicke eines Balkens."""
_NAME_BREIT = 130.0
_KAPPE = 3.0
_RUNDUNG = 0.35
"""So weit weichen Summen gerundeter Anteile von 100 ab."""
_ARTNAME = {
    "gruppiert": "diagramm",
    "gestapelt": "diagramm, gestapelt",
    "anteil": "diagramm, auf 100 % gestapelt",
}


def saeulen(
    serien: Sequence[Serie],
    angaben: Angaben,
    *,
    art: Art = "gruppiert",
    liegend: bool | None = None,
    brueche: Sequence[Bruch] = (),
    bezug: worte.Bezug = None,
    raum: str = "Gebieten",
    geordnet: bool = False,
    bereich: tuple[float, float] | None = None,
) -> Diagramm:
    """Zeichnet Säulen oder Balken; die Werteachse schließt immer die Null ein.

    ``art="anteil"`` rechnet Anteile aus den Werten. ``liegend`` legt die Säulen zu Balken (Vorgabe: wenn
    die Kategorien Namen sind). ``bezug`` ist ein Vergleichswert (Name,
    Wert), der als Linie erscheint. ``raum`` ist der Name der Kategorien im Dativ der Mehrzahl
    („Kommunen“). ``geordnet=True`` färbt die Serien als Stufen einer Farbe (Altersgruppen), sonst als
    Kategorien. ``bereich`` nennt Anfang und Ende der Werteachse (sonst aus den Werten).
    """
    serien = tuple(serien)
    xs = _kategorien(serien)
    gezeigt = _als_anteile(serien) if art == "anteil" else serien
    masz = _angaben_fuer(art, angaben)
    waagerecht = liegend if liegend is not None else not all(isinstance(x, int) for x in xs)
    jahre = [x for x in xs if isinstance(x, int)]
    bruch = g.gezeigte(brueche, jahre) if len(jahre) == len(xs) else []
    gesagt = _worte(gezeigt, masz, art, liegend=waagerecht, brueche=bruch, bezug=bezug, raum=raum)
    stufig = geordnet and len(serien) > 1
    rest = _rest(serien) if art == "gestapelt" and angaben.einheit_kurz == "%" else None
    motiv = (Balken if waagerecht else Saeulen)(
        gezeigt, masz, art, tuple(bruch), bezug, stufig, bereich, rest
    )
    fehlt = ("Übrige: was den gezeigten Teilen an 100\u202f% fehlt.",) if rest else ()
    hinweise = (*g.hinweise_zu(gezeigt, bruch), *fehlt)
    hilfe = (
        lesehilfe.spanne(gezeigt, masz, band=False) if art == "gruppiert"
        else lesehilfe.gestapelt(gezeigt, masz, liegend=waagerecht)
    )  # fmt: skip
    return g.diagramm(motiv, gesagt, _tafel(serien, gezeigt, angaben, art), hinweise, hilfe)


def _rest(serien: Sequence[Serie]) -> Serie | None:
    """Was gestapelten Anteilen an 100 fehlt; ``None``, wenn nichts fehlt oder sie darüber hinausgehen."""
    punkte = [p for p in g.summe(serien, "übrige").punkte if p.wert is not None]
    offen = [replace(p, wert=100.0 - (p.wert or 0.0), unten=None, oben=None) for p in punkte]
    if not any((p.wert or 0.0) > _RUNDUNG for p in offen) or any((p.wert or 0.0) < -_RUNDUNG for p in offen):
        return None
    return Serie("übrige", tuple(p for p in offen if (p.wert or 0.0) > 0))


@dataclass(frozen=True)
class Saeulen(Motiv):
    """Stehende Rechtecke; bei Art „anteil“ sind die Werte schon Anteile."""

    form: ClassVar[str] = "saeulen"
    liegend: ClassVar[bool] = False
    serien: tuple[Serie, ...]
    angaben: Angaben
    art: Art = "gruppiert"
    brueche: tuple[Bruch, ...] = ()
    bezug: worte.Bezug = None
    stufig: bool = False
    bereich: tuple[float, float] | None = None
    rest: Serie | None = None
    """Was gestapelten Anteilen an 100 fehlt."""

    def _bau(self, thema: Thema, hoehe: float) -> _Bau:
        farben = g.leiter(len(self.serien), thema) if self.stufig else g.farben(self.serien, thema)
        xs, serien = _kategorien(self.serien), self.serien
        if self.rest:
            serien, farben = (*serien, self.rest), [*farben, thema.farben.flaeche]
        return _Bau(
            serien, self.angaben, thema, self.art, self.liegend, xs, self.brueche, self.bezug, farben,
            self.bereich, hoehe,
        )  # fmt: skip

    def hoehen(self, thema: Thema) -> Hoehen:
        """Stehend braucht die Achse Höhe, liegend jede Kategorie ihre Zeile."""
        eng, weit = (self._bau(thema, h) for h in (_NIEDRIG, g.flaechenhoehe(thema)))
        if self.liegend:
            return Hoehen(eng.fest + eng.engste, eng.fest + max(eng.engste, eng.gewollte))
        return Hoehen(eng.fest + eng.hoehe, weit.fest + weit.hoehe)

    def gezeichnet(self, thema: Thema, hoehe: float) -> dict[str, Any]:
        """Die Zeichnung."""
        fest = self._bau(thema, hoehe).fest
        fest = self._bau(thema, hoehe - fest).fest  # Zahlen über den Säulen rücken mit der Höhe
        return self._bau(thema, hoehe - fest).spec()


class Balken(Saeulen):
    """Liegende Rechtecke."""

    form: ClassVar[str] = "balken"
    liegend: ClassVar[bool] = True


def balken(serien: Sequence[Serie], angaben: Angaben, **wahl: Any) -> Diagramm:
    """Liegende Säulen; sonst wie :func:`saeulen`."""
    return saeulen(serien, angaben, liegend=True, **wahl)


def _worte(
    serien: tuple[Serie, ...],
    angaben: Angaben,
    art: Art,
    *,
    liegend: bool,
    brueche: Sequence[Bruch],
    bezug: worte.Bezug,
    raum: str,
) -> worte.Worte:
    """Was über die Säulen gesagt wird: Teile, Saldo, Summe, einzelne Reihen oder Gebiete."""
    form = ("Balken" if liegend else "Säulen") + _ARTNAME[art]
    if not all(isinstance(p.x, int) for s in serien for p in s.punkte):
        haupt = sprache.fokus(serien) or (serien[-1] if serien else None)
        if art == "gruppiert" and len(serien) > 1:  # sonst sagte der Satz nicht, welche er meint
            haupt = serien[-1]
            if haupt.name.isdigit():
                angaben = replace(angaben, zeit=haupt.name)
            else:
                angaben = replace(angaben, was=haupt.name, artikel="", plural=False)
        elif art == "anteil" and haupt is not None:
            angaben = Angaben(f"Anteil {haupt.name}", einheit_kurz="%", stellen=angaben.stellen, anteil=True)
        return worte.spannweite(form, haupt.punkte if haupt else (), angaben, raum=raum, bezug=bezug)
    if art == "anteil" or (art == "gestapelt" and angaben.anteil):
        return worte.groesster_teil(form, serien, angaben)
    if len(serien) == 1 and any((p.wert or 0) < 0 for p in serien[0].punkte):
        return worte.um_null(form, serien[0], angaben)
    if art == "gestapelt":
        serien = (replace(g.summe(serien, angaben.was), im_satz="die Summe"),)
    return worte.jahresreihe(form, serien, angaben, brueche)


def _tafel(serien: Sequence[Serie], gezeigt: Sequence[Serie], angaben: Angaben, art: Art) -> Tabellenmodell:
    """Bei Anteilen stehen Ausgangswerte und Anteile nebeneinander, wenn es nicht dieselben sind."""
    tafel = g.tafel(serien, angaben)
    if art != "anteil" or (angaben.einheit_kurz == "%" and _gleich(serien, gezeigt)):
        return tafel
    teile = g.tafel(
        [replace(s, name=f"{s.name}, Anteil") for s in gezeigt],
        replace(_angaben_fuer(art, angaben), stellen=1),
    )
    zeilen = tuple(
        Tabellenzeile(zellen=(*a.zellen, *b.zellen[1:]))
        for a, b in zip(tafel.zeilen, teile.zeilen, strict=True)
    )
    return Tabellenmodell(kopf=((*tafel.kopf[0], *teile.kopf[0][1:]),), zeilen=zeilen)


def _gleich(serien: Sequence[Serie], gezeigt: Sequence[Serie]) -> bool:
    """Ob die Werte schon die Anteile sind, bis auf das Runden der Quelle."""
    paare = (
        (p, q) for s, t in zip(serien, gezeigt, strict=True) for p in s.punkte for q in t.punkte if p.x == q.x
    )
    return all(math.isclose(p.wert or 0, q.wert or 0, abs_tol=0.15) for p, q in paare)


@dataclass(frozen=True, slots=True)
class _Segment:
    """Ein Rechteck: Serie ``nr`` in der Kategorie ``stelle``, von ``von`` bis ``bis`` auf der Werteachse."""

    stelle: int
    nr: int
    von: float
    bis: float
    punkt: Punkt
    """Der gezeigte Punkt; bei Art „anteil“ mit dem Anteil in Prozent als Wert."""


@dataclass(frozen=True)
class _Bau:
    """Geometrie und Teile einer Abbildung aus Rechtecken; ``liegend`` dreht sie."""

    serien: tuple[Serie, ...]
    angaben: Angaben
    thema: Thema
    art: Art
    liegend: bool
    xs: list[int | str]
    brueche: Sequence[Bruch]
    bezug: worte.Bezug
    farben: list[str]
    bereich: tuple[float, float] | None
    hoehe_: float

    def spec(self) -> dict[str, Any]:
        return self.liegend_gezeichnet() if self.liegend else self.stehend_gezeichnet()

    @cached_property
    def fest(self) -> float:
        """Höhe ohne die Zeichenfläche."""
        rahmen = self.spec()["padding"]
        return float(rahmen["top"] + rahmen["bottom"])

    # --- Geometrie: auf der Werteachse (lage) und quer dazu

    @cached_property
    def segmente(self) -> list[_Segment]:
        """Alle Rechtecke mit Zahl; Positives stapelt nach oben, Negatives nach unten."""
        ergebnis = []
        for stelle, x in enumerate(self.xs):
            hoch, tief = 0.0, 0.0
            for nr, s in enumerate(self.serien):
                punkt = next((p for p in s.punkte if p.x == x), None)
                if punkt is None or punkt.wert is None:
                    continue
                wert, von = punkt.wert, 0.0
                if self.art != "gruppiert":
                    von = hoch if wert >= 0 else tief
                    hoch, tief = (hoch + wert, tief) if wert >= 0 else (hoch, tief + wert)
                ergebnis.append(_Segment(stelle, nr, von, von + wert, punkt))
        return ergebnis

    @cached_property
    def spuren(self) -> int:
        """Wie viele Rechtecke je Kategorie nebeneinander stehen."""
        return max(1, len(self.serien)) if self.art == "gruppiert" else 1

    @cached_property
    def innen(self) -> bool:
        """Ob die Zahlen in den Rechtecken stehen."""
        return self.art != "gruppiert" and len(self.serien) > 1

    @cached_property
    def achse(self) -> Achse:
        """Werteachse; sie schließt immer die Null ein und lässt Platz für Zahlen unter stehenden Säulen."""
        achse = self._grundachse
        tief = min([min(t.von, t.bis) for t in self.segmente] or [0.0])
        hoch = (tief - achse.von) / (achse.bis - achse.von) * self.hoehe_
        if self.liegend or tief >= 0 or hoch >= ZEILE + 4 or not (self.spuren == 1 or self._alle_passen):
            return achse
        unten = 2 * achse.striche[0] - achse.striche[1]
        return Achse(unten, achse.bis, (unten, *achse.striche), achse.stellen)

    @cached_property
    def _grundachse(self) -> Achse:
        if self.art == "anteil":
            return Achse(0.0, 100.0, (0.0, 25.0, 50.0, 75.0, 100.0), 0)
        grenzen = [w for t in self.segmente for w in (t.von, t.bis)]
        if self.art == "gruppiert":
            punkte = [p for s in self.serien for p in s.punkte]
            grenzen += [w for p in punkte for w in (p.unten, p.oben) if w is not None]
        if self.bezug and self.bezug[1] is not None:
            grenzen.append(self.bezug[1])
        anzahl = 4 if self.liegend else 5
        return teile_achse(
            grenzen, null=True, anzahl=anzahl, anteil=self.angaben.anteil, bereich=self.bereich
        )

    @cached_property
    def namen(self) -> list[tuple[str, ...]]:
        return g.zeilennamen(self.xs, self.thema)

    @cached_property
    def links(self) -> float:
        if self.liegend:
            return g.breite_der_namen(self.namen, self.thema)
        return g.breite_der_werteachse(self._grundachse, self.thema, g.einheit_am_strich(self.angaben))

    @cached_property
    def rechts(self) -> float:
        if self.liegend:
            return 6.0
        return max([self.thema.breite_von(z) for _, zeilen in self.enden for z in zeilen] + [0.0]) + 16

    @cached_property
    def breite(self) -> float:
        return self.thema.breite - self.links - self.rechts

    @cached_property
    def hoehe(self) -> float:
        if self.liegend:
            return self.schritt * max(1, len(self.xs))
        # so hoch, dass die Namen neben der letzten Säule untereinander passen
        return max(self.hoehe_, sum(len(z) * ZEILE + 3 for _, z in self.enden) - 8)

    @cached_property
    def schritt(self) -> float:
        """Platz einer Kategorie."""
        n = max(1, len(self.xs))
        return max(self.hoehe_, self.engste) / n if self.liegend else self.breite / n

    @cached_property
    def engste(self) -> float:
        """Kleinste Höhe der liegenden Zeichenfläche: jede Zahl und jeder Name braucht seine Zeile."""
        zeilen = max([len(n) for n in self.namen] or [1])
        return max(1, len(self.xs)) * (max(self.spuren * (ZEILE - 3), ZEILE * zeilen) + 4.0)

    @cached_property
    def gewollte(self) -> float:
        """Höhe der liegenden Zeichenfläche, wenn niemand eine nennt."""
        zeilen = max([len(n) for n in self.namen] or [1])
        return max(1, len(self.xs)) * (max(self.spuren * _BALKEN, ZEILE * zeilen) + 8.0)

    @cached_property
    def dicke(self) -> float:
        """Breite einer Säule, Höhe eines Balkens."""
        if self.liegend:
            return min((self.schritt - 4.0) / self.spuren, 1.4 * _BALKEN)
        return min(self.schritt * 0.78, _SAEULE * self.spuren) / self.spuren

    def quer(self, t: _Segment) -> tuple[float, float]:
        """Kanten eines Rechtecks quer zur Werteachse."""
        anfang = (t.stelle + 0.5) * self.schritt - self.dicke * self.spuren / 2
        anfang += t.nr * self.dicke if self.spuren > 1 else 0.0
        return anfang, anfang + self.dicke

    @cached_property
    def _luft(self) -> tuple[float, float]:
        """Platz für Zahlen links und rechts der liegenden Achse."""
        if self.art == "anteil":
            return 0.0, 16.0
        if self._spalte:
            return 8.0, self._spalte
        weiten = [(t.bis >= t.von, self.thema.breite_von(self._zahltext(t))) for t in self.segmente]
        rechts = max([w for vor, w in weiten if vor] or [0.0]) + 8
        return max([w for vor, w in weiten if not vor] or [-8.0]) + 8, rechts

    @cached_property
    def _spalte(self) -> float:
        """Breite einer Spalte rechts für die Zahlen, wo hinter Fehlerbalken kein Platz ist; sonst 0."""
        mit = [t for t in self.segmente if sprache.grenzen(t.punkt, self.angaben.stellen)]
        lang = max([self.thema.breite_von(self._zahltext(t)) for t in mit] or [0.0])
        if not mit or self.art != "gruppiert" or 2 * lang < 0.5 * self.breite:
            return 0.0
        return max(self.thema.breite_von(self._text(t), fett=True) for t in self.segmente) + 16

    def lage(self, wert: float) -> float:
        """Pixel eines Wertes: von links (liegend) oder von oben."""
        if not self.liegend:
            return self.achse.lage(wert, self.hoehe)
        laenge = self.breite - sum(self._luft)
        return self._luft[0] + laenge - self.achse.lage(wert, laenge)

    def _strich(self, von: tuple[float, float], bis: tuple[float, float], farbe: str, dick: float) -> Strich:
        """Ein Strich zwischen zwei Stellen (auf der Werteachse, quer dazu)."""
        (x, y), (x2, y2) = (von, bis) if self.liegend else (von[::-1], bis[::-1])
        return Strich(x, y, x2, y2, farbe, dick)

    # --- Teile, die stehend und liegend gleich sind

    def _rechtecke(self) -> list[Teil]:
        zeilen = [
            {
                "kategorie": str(self.xs[t.stelle]),
                "serie": self.serien[t.nr].name,
                "wert": t.punkt.wert,
                "von": t.von,
                "bis": t.bis,
                "quer": round(self.quer(t)[0], 1),
                "quer2": round(self.quer(t)[1], 1),
                "farbe": self._farbe(t),
                "deckung": 0.45 if t.punkt.prognose else 1.0,
            }
            for t in self.segmente
        ]
        enden = (self.lage(self.achse.von), self.lage(self.achse.bis))
        return [*rechtecke(zeilen, self.thema, self.achse, "x" if self.liegend else "y", enden)]

    def _farbe(self, t: _Segment) -> str:
        """Farbe der Serie; eine einzelne Reihe um null zeigt Negatives heller, ohne es zu werten."""
        return self.thema.farben.leiter[0] if len(self.serien) == 1 and t.bis < 0 else self.farben[t.nr]

    def _schrift_auf(self, t: _Segment) -> str:
        farbe, f = self._farbe(t), self.thema.farben
        return f.text if farbe == f.flaeche else self.thema.schrift_auf(farbe)

    def _fehlerbalken(self) -> list[Teil]:
        """Untere und obere Grenzen mit Kappen; ein heller Saum hebt sie auch von dunklen Balken ab.

        Nur nebeneinander: gestapelt lägen sie auf anderen Werten.
        """
        saum: list[Teil] = []
        kern: list[Teil] = []
        for t in self.segmente if self.art == "gruppiert" else ():
            if t.punkt.unten is None or t.punkt.oben is None:
                continue
            a, b = self.lage(t.punkt.unten), self.lage(t.punkt.oben)
            mitte = sum(self.quer(t)) / 2
            kappen = [((w, mitte - _KAPPE), (w, mitte + _KAPPE)) for w in (a, b)]
            for von, bis in [((a, mitte), (b, mitte)), *kappen]:
                saum.append(self._strich(von, bis, self.thema.farben.grund, 3.4))
                kern.append(self._strich(von, bis, self.thema.farben.text, 1.3))
        return [*saum, *kern]

    def _ende(self, t: _Segment) -> float:
        """Pixel, an dem der Balken samt Fehlerbalken endet; dahinter steht die Zahl."""
        grenzen = (t.punkt.unten, t.punkt.oben) if self.art == "gruppiert" else (None, None)
        weitester = max if t.bis >= t.von else min
        return self.lage(weitester([t.bis, *(w for w in grenzen if w is not None)]))

    def _text(self, t: _Segment) -> str:
        return sprache.punkt_text(t.punkt, self.angaben)

    @cached_property
    def _breit_genug(self) -> bool:
        """Ob jede Zahl in ihre Säule passt; sonst stünden sie nur in manchen."""
        return max([self.thema.breite_von(self._text(t)) for t in self.segmente] or [0.0]) + 4 <= self.dicke

    def _innenzahl(self, t: _Segment, text: str) -> list[Schild]:
        """Die Zahl in der Mitte eines Rechtecks, wenn sie hineinpasst."""
        weite, lang = self.thema.breite_von(text), abs(self.lage(t.bis) - self.lage(t.von))
        passt = weite + 6 <= lang if self.liegend else self._breit_genug and lang >= ZEILE
        stelle = (self.lage((t.von + t.bis) / 2), sum(self.quer(t)) / 2)
        x, y = stelle if self.liegend else stelle[::-1]
        return [Schild(x, y, text, self._schrift_auf(t), "center")] if passt else []

    def _zahlen(self) -> list[Schild]:
        setze = self._innenzahl if self.innen else self._am_balken if self.liegend else self._an_der_saeule
        return [
            s for t in self.segmente for s in setze(t, self._zahltext(t) if self.liegend else self._text(t))
        ]

    def _zahltext(self, t: _Segment) -> str:
        """Die Zahl am Balken; hinter einem Fehlerbalken nennt sie auch dessen Grenzen, denn dort endet er."""
        spanne = sprache.grenzen(t.punkt, self.angaben.stellen) if self.art == "gruppiert" else None
        return f"{self._text(t)} ({sprache.spanne_text(*spanne)})" if spanne else self._text(t)

    def _zeichen(self) -> list[Schild]:
        """Das Zeichen statt eines Rechtecks, wo kein Wert vorliegt; was zusammenfiele, einmal."""
        f, null = self.thema.farben, self.lage(0.0)
        tafeln = {}
        for nr, s in enumerate(self.serien):
            for p in s.punkte:
                if p.wert is None and p.x in self.xs:
                    mitte = sum(self.quer(_Segment(self.xs.index(p.x), nr, 0, 0, p))) / 2
                    text = sprache.punkt_text(p, self.angaben)
                    tafeln[mitte, text] = (
                        Schild(null + 6, mitte, text, f.text, fett=True)
                        if self.liegend
                        else Schild(mitte, null - 4, text, f.text, "center", True, "bottom")
                    )
        return list(tafeln.values())

    def _schluessel(self, y: float) -> tuple[list[Teil], float]:
        """Farben und Namen der Serien über dem Bild; ``y`` ist die Unterkante."""
        if len(self.serien) < 2 or self.enden:
            return [], 0.0
        paare = list(zip(sprache.schilder(self.serien), self.farben, strict=True))
        hoch = g.farbschluessel(paare, self.thema, -self.links, 0.0)[1]
        return g.farbschluessel(paare, self.thema, -self.links, y - hoch)[0], hoch

    # --- liegend

    def liegend_gezeichnet(self) -> dict[str, Any]:
        f, hoehe = self.thema.farben, self.hoehe
        flaeche = (float(self.breite), hoehe)
        kopf, kopfhoehe = g.bezugslinie(self.bezug, self.angaben, self.thema, self.lage, flaeche)
        schluessel, hoch = self._schluessel(-kopfhoehe - 10)
        zahlen = self._zahlen()
        einheit = g.einheit_am_strich(self.angaben)
        teile = [
            *g.achse_unten(self.achse, self.lage, hoehe, self.thema, einheit=einheit),
            *self._rechtecke(),
            *kopf,
            Strich(self.lage(0.0), 0, self.lage(0.0), hoehe, f.text_leise, 1.2),
            *self._fehlerbalken(),
            *schluessel,
            *g.namen_links(self.namen, self.schritt, self.thema),
            *zahlen,
            *self._zeichen(),
        ]  # fmt: skip
        oben = 6 + kopfhoehe + (hoch + 10 if hoch else 0)
        return rahme(teile, self.thema, Rahmen(hoehe, self.links, oben, self.rechts, g.FUSS))

    def _am_balken(self, t: _Segment, text: str) -> list[Schild]:
        vor, y = t.bis >= t.von, sum(self.quer(t)) / 2
        if self._spalte:
            return [Schild(self.breite, y, self._text(t), self.thema.farben.text, "right", fett=True)]
        x = self._ende(t) + (6 if vor else -6)
        return [Schild(x, y, text, self.thema.farben.text, "left" if vor else "right")]

    # --- stehend

    def stehend_gezeichnet(self) -> dict[str, Any]:
        f, hoehe, null = self.thema.farben, self.hoehe, self.lage(0.0)
        zahlen = self._zahlen()
        luft = max([_ueber(s) - 5 for s in zahlen] + [0.0])
        oben, hoch = self._oben(luft)
        schluessel, schluesselhoehe = self._schluessel(-hoch - luft - 6)
        hinten = [
            *oben,
            *g.werteachse(self.achse, hoehe, self.breite, self.thema, g.einheit_am_strich(self.angaben)),
            *self._kategoriennamen(),
            *self._endschilder(),
        ]
        vorn = [t for t in hinten if isinstance(t, Strich) and t.y == t.y2 and abs(t.y - null) < 0.01]
        bezug = [self.lage(w) for w in [self.bezug[1] if self.bezug else None] if w is not None]
        teile = [
            *(t for t in hinten if t not in vorn),
            *self._rechtecke(),
            *vorn,
            *(Strich(0, y, self.breite, y, f.text, 1.5, (6, 3), weicht=True) for y in bezug),
            *self._fehlerbalken(),
            *schluessel,
            *zahlen,
            *self._zeichen(),
        ]
        oben_ = hoch + luft + (schluesselhoehe + 8 if schluessel else 0)
        return rahme(teile, self.thema, Rahmen(hoehe, self.links, oben_, self.rechts, g.FUSS))

    def _oben(self, luft: float) -> tuple[list[Teil], float]:
        brueche, voraus = [], None
        for b in self.brueche:
            stelle = next(i for i, j in enumerate(self.xs) if isinstance(j, int) and j >= b.jahr)
            brueche.append((stelle * self.schritt, b))
        gerechnet = {p.x for s in self.serien for p in s.punkte if p.prognose}
        if stellen := [i for i, x in enumerate(self.xs) if x in gerechnet]:
            erste, start = self.xs[stellen[0]], stellen[0] * self.schritt
            text = f"Vorausrechnung ab {erste}" if isinstance(erste, int) else "Vorausrechnung"
            voraus = (start, start + (stellen[-1] + 1 - stellen[0]) / 2 * self.schritt, text)
        marken, flaeche = (brueche, voraus), (self.breite, self.hoehe)
        return g.ueber_der_flaeche(marken, self.thema, flaeche, links=self.links, luft=luft)

    def _kategoriennamen(self) -> list[Teil]:
        """Jahre oder umbrochene Namen unter den Säulen."""
        jahre = [x for x in self.xs if isinstance(x, int)]
        if jahre and len(jahre) == len(self.xs):
            abstand = jahre[1] - jahre[0] if len(jahre) > 1 else 1
            platz = (self.thema.breite_von("2000") + 10) / abstand
            gewaehlt = jahresmarken(jahre, self.schritt * (len(jahre) - 1) / abstand, platz)
            marken = [(j, (jahre.index(j) + 0.5) * self.schritt) for j in gewaehlt if j in jahre]
            return g.jahresachse(marken, self.hoehe, self.thema, self.breite)
        f, unten = self.thema.farben, self.hoehe + 6
        return [
            *(
                Schild((i + 0.5) * self.schritt, unten + nr * ZEILE, zeile, f.text_leise, "center",
                       grundlinie="top")
                for i, x in enumerate(self.xs)
                for nr, zeile in enumerate(self.thema.umbruch(str(x), self.schritt - 6))
            ),
            Strich(0, self.hoehe, self.breite, self.hoehe, f.achse),
        ]  # fmt: skip

    @cached_property
    def enden(self) -> list[tuple[_Segment, tuple[str, ...]]]:
        """Namen und Werte rechts neben der letzten Säule, wenn gestapelt ist: je Segment seine Zeilen."""
        letzte = [t for t in self.segmente if t.stelle == len(self.xs) - 1]
        if self.liegend or self.art == "gruppiert" or not 2 <= len(self.serien) == len(letzte):
            return []
        schilder, platz = sprache.schilder(self.serien), min(_NAME_BREIT, 0.3 * self.thema.breite)
        name = (self.thema.umbruch(schilder[t.nr], platz) for t in letzte)
        return [(t, (*n, self._text(t))) for t, n in zip(letzte, name, strict=True)]

    def _endschilder(self) -> list[Teil]:
        """Rechts der letzten Säule ihre Namen, mit dem Wert, wenn er nicht schon darin steht."""
        enden = [(t, z[:-1] if self._innenzahl(t, z[-1]) else z) for t, z in self.enden]
        wunsch = [self.lage((t.von + t.bis) / 2) for t, _ in enden]
        hoehen = [len(zeilen) * ZEILE + 3 for _, zeilen in enden]
        mitten = platziere(wunsch, hoehen, -6, self.hoehe + 4, luft=SCHILDLUFT)
        teile: list[Teil] = []
        for (t, zeilen), y0, mitte, h in zip(enden, wunsch, mitten, hoehen, strict=True):
            oben, farbe = mitte - h / 2 + 1.5 + ZEILE / 2, self.farben[t.nr]
            leise = self.thema.farben.text_leise
            schrift = leise if farbe == self.thema.farben.flaeche else self.thema.als_text(farbe)
            teile += [Schild(self.breite + 14, oben + nr * ZEILE, z, schrift) for nr, z in enumerate(zeilen)]
            teile.append(Strich(self.quer(t)[1], y0, self.breite + 11, mitte, farbe, 1.0))
        return teile

    @cached_property
    def _alle_passen(self) -> bool:
        """Ob über jeder Säule ihre Zahl Platz hat."""
        weiteste = max([self.thema.breite_von(self._text(t)) for t in self.segmente] or [0.0])
        return weiteste + 3 <= (self.schritt if self.spuren == 1 else self.dicke)

    @cached_property
    def _beschriftete(self) -> set[int]:
        """Welche Säulen eine Zahl tragen, wenn nicht alle Platz haben: letzte, höchste, tiefste, erste.

        Nebeneinander stehende Reihen bleiben dann ohne Zahlen.
        """
        if self.spuren > 1 or not self.segmente:
            return set()
        hoch, tief = (wahl(self.segmente, key=lambda t: t.bis) for wahl in (max, min))
        weite = max(self.thema.breite_von(self._text(t)) for t in self.segmente) + 6
        gewaehlt: list[int] = []
        for t in (self.segmente[-1], hoch, tief, self.segmente[0]):
            if all(abs(t.stelle - s) * self.schritt >= weite for s in gewaehlt):
                gewaehlt.append(t.stelle)
        return set(gewaehlt)

    def _an_der_saeule(self, t: _Segment, text: str) -> list[Schild]:
        """Die Zahl über (unter) der Säule; passen nicht alle, nur an einigen (:attr:`_beschriftete`).

        Ist sie breiter als ihre Säule, weicht sie auch den Nachbarn aus, über denen sie steht.
        """
        weite, mitte = self.thema.breite_von(text), sum(self.quer(t)) / 2
        if t.punkt.unten is not None and t.punkt.oben is not None:
            return self._unter_dem_fehlerbalken(t, text)
        if not (self._alle_passen or t.stelle in self._beschriftete):
            return []
        # nicht auf die Zahlen der Achse und nicht aus dem Bild
        x, ueber = min(max(mitte, weite / 2 + 2), self.breite + self.rechts - weite / 2), t.bis >= t.von
        kanten = ((u, *self.quer(u)) for u in self.segmente if (u.bis >= u.von) == ueber)
        unter = [u for u, links, rechts in kanten if links < x + weite / 2 and x - weite / 2 < rechts]
        enden = [self._ende(u) for u in (t, *unter)]
        y = min(enden) - 4 if ueber else max(enden) + 4
        grundlinie: Literal["bottom", "top"] = "bottom" if ueber else "top"
        return [Schild(x, y, text, self.thema.farben.text, "center", grundlinie=grundlinie)]

    def _unter_dem_fehlerbalken(self, t: _Segment, text: str) -> list[Schild]:
        """Die Zahl in der Säule, wo der Fehlerbalken sie nicht für sich beansprucht; sonst nur die Achse."""
        innen = sorted((self.lage(0.0), self.lage(min(t.punkt.unten or 0.0, t.punkt.oben or 0.0, key=abs))))
        if innen[1] - innen[0] < ZEILE + 4 or self.thema.breite_von(text) + 4 > self.dicke:
            return []
        y = innen[0] + ZEILE / 2 + 3 if t.bis >= 0 else innen[1] - ZEILE / 2 - 3
        return [Schild(sum(self.quer(t)) / 2, y, text, self._schrift_auf(t), "center")]


def _ueber(s: Schild) -> float:
    """Ungefähr, wie weit die Ziffern eines Schildes über die Zeichenfläche ragen."""
    return {"bottom": 13.0, "middle": 6.0}.get(s.grundlinie, 0.0) - s.y


def _kategorien(serien: Sequence[Serie]) -> list[int | str]:
    """Kategorien in der Reihenfolge des Auftretens; Jahre lückenlos im größten gemeinsamen Schritt."""
    xs = list(dict.fromkeys(p.x for s in serien for p in s.punkte))
    jahre = sorted(x for x in xs if isinstance(x, int))
    if len(jahre) != len(xs) or len(jahre) < 2:
        return list(xs)
    schritt = reduce(math.gcd, (b - a for a, b in itertools.pairwise(jahre)))
    return list(range(jahre[0], jahre[-1] + 1, schritt))


def _als_anteile(serien: Sequence[Serie]) -> tuple[Serie, ...]:
    """Werte als Anteil an der Summe ihrer Kategorie in Prozent.

    Fehlt in einer Kategorie ein Teil, gibt es dort keine Anteile: ein Teilbetrag wäre keine Summe. Ebenso
    bei einer Summe von null oder negativen Teilen.
    """
    summen: dict[int | str, float | None] = {}
    for x in _kategorien(serien):
        teile = [next((p.wert for p in s.punkte if p.x == x), None) for s in serien]
        bekannt = [w for w in teile if w is not None]
        summe = math.fsum(bekannt)
        gueltig = len(bekannt) == len(serien) and summe > 0 and min(bekannt) >= 0
        summen[x] = summe if gueltig else None
    return tuple(
        replace(s, punkte=tuple(_anteil(p, summen[p.x]) for p in s.punkte if p.x in summen), kennzahl="")
        for s in serien
    )


def _anteil(punkt: Punkt, summe: float | None) -> Punkt:
    if punkt.wert is None:
        return punkt
    if summe is None:
        return replace(punkt, wert=None, status=Status.GESPERRT)
    return replace(punkt, wert=100 * punkt.wert / summe, unten=None, oben=None)


def _angaben_fuer(art: Art, angaben: Angaben) -> Angaben:
    """Bei Anteilen gilt Prozent, ohne Nachkommastelle, wenn die Werte nicht schon Anteile sind."""
    if art != "anteil":
        return angaben
    stellen = angaben.stellen if angaben.anteil else 0
    return replace(angaben, einheit="Anteile in Prozent", einheit_kurz="%", stellen=stellen, anteil=True)
