"""Kleine Vielfache: dieselbe Linie je Gebiet, gleiche Achsen, mit dem Kreis als grauer Linie."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any, ClassVar

from berichtswerk.bild.anordnung import Achse, Kasten, knapp, setze_daneben, teile_achse
from berichtswerk.bild.formen import gemeinsam as g
from berichtswerk.bild.leinwand import Rahmen, Schild, Strich, Teil, pfade, rahme, tupfen
from berichtswerk.bild.motiv import Hoehen, Motiv
from berichtswerk.bild.thema import ZEILE, Thema
from berichtswerk.fach.veraenderung import Bruch, Veraenderung, voraus_ab
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Punkt, Serie
from berichtswerk.grund import zahl
from berichtswerk.grund.zeichen import Status
from berichtswerk.worte import befund as worte
from berichtswerk.worte import lesehilfe, sprache

_HOEHE = 62.0
_ABSTAND = 20.0
_SCHMALSTES = 76.0
"""Schmalste Zeichenfläche eines kleinen Bildes."""


def kleine_vielfache(
    serien: Sequence[Serie],
    angaben: Angaben,
    *,
    vergleich: Serie | None = None,
    brueche: Sequence[Bruch] = (),
    null: bool = False,
    spalten: int = 5,
    bereich: tuple[float, float] | None = None,
    raum: str = "Gebieten",
) -> Diagramm:
    """Zeichnet je Serie (Gebiet, feste Reihenfolge) ein kleines Bild; alle Achsen sind gleich.

    ``vergleich`` (der Kreis) liegt als graue Linie in jedem Bild. Beschriftet sind der höchste (Ring)
    und der letzte Wert.
    """
    motiv = Vielfache(tuple(serien), angaben, vergleich, tuple(brueche), null, spalten, bereich)
    gesagt = _worte(serien, angaben, motiv.gezeigte, vergleich, raum)
    hinweise = g.hinweise_zu(motiv.alle, motiv.gezeigte, motiv.achse)
    hilfe = lesehilfe.vielfache(serien, angaben, vergleich)
    return g.diagramm(motiv, gesagt, g.tafel(motiv.alle, angaben), hinweise, hilfe)


@dataclass(frozen=True)
class Vielfache(Motiv):
    """Je Serie ein kleines Bild in ``spalten`` Spalten; auf dem Telefon so viele, wie lesbar sind."""

    form: ClassVar[str] = "vielfache"
    voll: ClassVar[bool] = True
    serien: tuple[Serie, ...]
    angaben: Angaben
    vergleich: Serie | None = None
    brueche: tuple[Bruch, ...] = ()
    null: bool = False
    spalten: int = 5
    bereich: tuple[float, float] | None = None

    @cached_property
    def alle(self) -> list[Serie]:
        """Die Serien und der Vergleich."""
        return [*self.serien, *([self.vergleich] if self.vergleich else [])]

    @cached_property
    def jahre(self) -> list[int]:
        """Alle gezeigten Jahre."""
        return sorted({int(p.x) for s in self.alle for p in s.punkte}) or [0]

    @cached_property
    def gezeigte(self) -> list[Bruch]:
        """Brüche, die zwischen gezeigten Jahren liegen."""
        return g.gezeigte(self.brueche, self.jahre)

    @cached_property
    def achse(self) -> Achse:
        """Die gemeinsame Werteachse."""
        werte = [p.wert for s in self.alle for p in s.punkte if p.wert is not None]
        achse = teile_achse(werte, null=self.null, anzahl=3, anteil=self.angaben.anteil, bereich=self.bereich)
        return achse if self.bereich else knapp(achse, werte)

    def hoehen(self, thema: Thema) -> Hoehen:
        """Jedes kleine Bild braucht Platz für seine Werteachse."""
        bild = _Bild(self, thema, _HOEHE)
        fest = bild.fest()
        enge = max(30.0, (len(self.achse.striche) - 1) * (ZEILE - 2))
        return Hoehen(fest + bild.reihen * enge, fest + bild.reihen * max(_HOEHE, enge))

    def gezeichnet(self, thema: Thema, hoehe: float) -> dict[str, Any]:
        """Die Zeichnung; was an Höhe übrig ist, verteilt sich auf die kleinen Bilder."""
        bild = _Bild(self, thema, _HOEHE)
        return _Bild(self, thema, (hoehe - bild.fest()) / bild.reihen).spec()


def _worte(
    serien: Sequence[Serie],
    angaben: Angaben,
    brueche: Sequence[Bruch],
    vergleich: Serie | None,
    raum: str,
) -> worte.Worte:
    """Verglichen werden das erste gemeinsame Jahr nach dem letzten Bruch und das letzte gemeinsame."""
    form = f"{sprache.gross(sprache.zahlwort(len(serien)))} kleine Liniendiagramme mit gleichen Achsen"
    je = [{s.jahr: s for s in x.staende() if not s.prognose} for x in serien]
    ab = max([b.jahr for b in brueche] or [0])
    gemeinsam = sorted(j for j in set.intersection(*(set(d) for d in je if d)) if j >= ab) if any(je) else []
    if len(gemeinsam) < 2:
        letztes = gemeinsam[-1] if gemeinsam else max([j for d in je for j in d] or [0])
        je_serie = ({p.x: p for p in s.mit_zahl()} for s in serien)
        ohne = Punkt("", None, Status.UNBEKANNT)
        punkte = [replace(d.get(letztes, ohne), x=s.schild) for s, d in zip(serien, je_serie, strict=True)]
        return worte.spannweite(form, punkte, replace(angaben, zeit=str(letztes or "")), raum=raum)
    erstes, letztes = gemeinsam[0], gemeinsam[-1]
    liste = [Veraenderung(d[erstes], d[letztes], angaben.masz) for d in je if d]
    nebenan = next((p.wert for p in vergleich.punkte if p.x == letztes), None) if vergleich else None
    bezug = (vergleich.schild, nebenan) if vergleich else None
    if len(liste) < len(serien):
        raum += " mit Angaben"
    return worte.richtungen(form, liste, angaben, raum=raum, zeit=(str(erstes), str(letztes)), bezug=bezug)


class _Bild:
    """Rechnet und zeichnet das Raster; ``nr`` zählt die kleinen Bilder."""

    def __init__(self, motiv: Vielfache, thema: Thema, flaeche: float) -> None:
        self.serien, self.angaben, self.thema, self.vergleich = (
            motiv.serien, motiv.angaben, thema, motiv.vergleich
        )  # fmt: skip
        self.brueche, self.achse, self.jahre = motiv.gezeigte, motiv.achse, motiv.jahre
        self.flaeche = flaeche
        self.links = g.breite_der_werteachse(self.achse, thema, g.einheit_am_strich(self.angaben))
        zahlen = [sprache.punkt_text(p, self.angaben) for s in self.serien for p in s.mit_zahl()[-1:]]
        rechts = max([thema.breite_von(z, fett=True) for z in zahlen] or [0.0]) + 10
        platz = thema.breite - self.links - 4 + _ABSTAND / 2
        hoechstens = max(1, int(platz // (_SCHMALSTES + rechts + _ABSTAND / 2)))
        self.spalten = max(1, min(motiv.spalten, len(self.serien) or 1, hoechstens))
        self.reihen = -(-max(1, len(self.serien)) // self.spalten)
        self.raster = platz / self.spalten
        self.weite = self.raster - rechts - _ABSTAND / 2
        self.namen = [thema.umbruch(s.schild, self.raster - _ABSTAND / 2, fett=True) for s in self.serien]
        self.kopf = max([len(n) for n in self.namen] or [1]) * ZEILE + 20
        self.zelle = self.kopf + flaeche + 26

    def fest(self) -> float:
        """Höhe ohne die Zeichenflächen."""
        return 8 + self._schluessel(linie=True)[1] + self.reihen * (self.kopf + 26)

    def ecke(self, nr: int) -> tuple[float, float]:
        """Linke obere Ecke der Zeichenfläche eines kleinen Bildes."""
        return (nr % self.spalten) * self.raster, (nr // self.spalten) * self.zelle + self.kopf

    def x(self, nr: int, jahr: float) -> float:
        """Pixel eines Jahres."""
        spanne = self.jahre[-1] - self.jahre[0]
        anteil = (jahr - self.jahre[0]) / spanne if spanne else 0.5
        return self.ecke(nr)[0] + 3 + (self.weite - 6) * anteil

    def spec(self) -> dict[str, Any]:
        """Die fertige Spezifikation."""
        f, alle = self.thema.farben, range(len(self.serien))
        grau = [z for nr in alle for z in self._zuege(nr, self.vergleich)] if self.vergleich else []
        bunt = [z for nr, s in enumerate(self.serien) for z in self._zuege(nr, s)]
        schluessel, hoch = self._schluessel(linie=any(z["laenge"] > 1 for z in grau))
        letzte = {nr: z for nr, s in enumerate(self.serien) for z in [self._letzter(nr, s)] if z}
        leer = [(z, self._platz(nr, z, grau)) for nr in alle if nr not in letzte for z in [self._leer(nr)]]
        zahlen = [
            (z, self._platz(nr, z, [*grau, *bunt], letzte[nr]))
            for nr, s in enumerate(self.serien)
            if (z := self._gipfel(nr, s))
        ]
        gipfel = [z for z, k in zahlen if k is not None]
        teile: list[Teil] = [
            *(t for nr in alle for t in self._rahmen(nr)),
            *schluessel,
            *pfade([z for z in grau if z["laenge"] > 1], f.vergleich[0], 1.6),
            *tupfen([z for z in grau if z["laenge"] == 1], f.vergleich[0], groesse=24),
            *pfade([z for z in bunt if not z["voraus"]], f.fokus, 2.6),
            *pfade([z for z in bunt if z["voraus"]], f.fokus, 2.6, (5, 4)),
            *tupfen([z for z in bunt if z["laenge"] == 1], f.fokus, groesse=24),
            *tupfen(list(letzte.values()), f.fokus, groesse=40),
            *tupfen(gipfel, f.fokus, groesse=36, hohl=f.grund),
            *(t for nr, z in letzte.items() for t in self._am_ende(nr, z)),
            *(
                Schild((k[0] + k[2]) / 2, (k[1] + k[3]) / 2, z["text"], f.text_leise, "center")
                for z, k in (*zahlen, *leer)
                if k is not None
            ),
        ]
        hoehe = self.reihen * self.zelle
        return rahme(teile, self.thema, Rahmen(hoehe, self.links, 4 + hoch, 4, 4))

    def _rahmen(self, nr: int) -> list[Teil]:
        """Name, Gitter, Jahre, Brüche; Zahlen der Werteachse nur in der ersten Spalte."""
        f, (x0, oben) = self.thema.farben, self.ecke(nr)
        kopf = oben - self.kopf + ZEILE / 2
        teile: list[Teil] = [
            Schild(x0, kopf + i * ZEILE, z, f.text, fett=True) for i, z in enumerate(self.namen[nr])
        ]
        for w in self.achse.striche:
            y = oben + self.achse.lage(w, self.flaeche)
            linie = g.gitterlinie(x0, y, x0 + self.weite, y, self.thema)
            teile.append(replace(linie, farbe=f.text_leise) if w == 0 else linie)
            if nr % self.spalten == 0:
                einheit = g.einheit_am_strich(self.angaben) if w == self.achse.striche[-1] else ""
                text = zahl.mit_einheit(zahl.schreibe(w, self.achse.stellen), einheit or None)
                teile.append(Schild(-8, y, text, f.text_leise, "right"))
        fuss = oben + self.flaeche + 5
        teile.append(Schild(x0, fuss, str(self.jahre[0]), f.text_leise, grundlinie="top"))
        if len(self.jahre) > 1:
            ende, x1 = str(self.jahre[-1]), x0 + self.weite
            teile.append(Schild(x1, fuss, ende, f.text_leise, "right", grundlinie="top"))
        for x in (self.x(nr, b.jahr - 0.5) for b in self.brueche):
            teile.append(Strich(x, oben, x, oben + self.flaeche, f.text_leise, 1.2, (2, 3), weicht=True))
        return teile

    def _zuege(self, nr: int, serie: Serie) -> Iterator[dict[str, Any]]:
        """Zeilen der Linienzüge, Ist und Vorausrechnung getrennt; ``laenge`` zählt verbundene Werte."""
        ps = sorted(serie.punkte, key=lambda p: int(p.x))
        for i, (alle, ist, gestrichelt) in enumerate(g.stuecke(ps, self.brueche)):
            for voraus, teil in ((False, ist), (True, gestrichelt)):
                zug = {"zug": f"{nr}-{serie.name}-{i}", "voraus": voraus, "laenge": len(alle)}
                yield from ({**self._zeile(nr, serie, p), **zug} for p in teil)

    def _zeile(self, nr: int, serie: Serie, p: Punkt) -> dict[str, Any]:
        wert, jahr = p.wert if p.wert is not None else 0.0, int(p.x)
        y = self.ecke(nr)[1] + self.achse.lage(wert, self.flaeche)
        lage = {"x": round(self.x(nr, jahr), 1), "y": round(y, 1)}
        return {"gebiet": serie.name, "jahr": jahr, "wert": wert, "folge": jahr, **lage}

    def _letzter(self, nr: int, serie: Serie) -> dict[str, Any] | None:
        """Zeile des letzten Werts."""
        da = sorted(serie.mit_zahl(), key=lambda p: int(p.x))
        return self._mit_text(nr, serie, da[-1]) if da else None

    def _gipfel(self, nr: int, serie: Serie) -> dict[str, Any] | None:
        """Zeile des höchsten gemessenen Werts, wenn es nicht der letzte ist."""
        da = sorted(serie.mit_zahl(), key=lambda p: int(p.x))
        hoch = max((p for p in da if not p.prognose), key=lambda p: p.wert or 0.0, default=None)
        return self._mit_text(nr, serie, hoch) if hoch is not None and hoch is not da[-1] else None

    def _leer(self, nr: int) -> dict[str, Any]:
        """Was in der Mitte eines Bildes ohne Werte steht."""
        x0, oben = self.ecke(nr)
        return {"x": x0 + self.weite / 2, "y": oben + self.flaeche / 2, "text": "keine Angabe"}

    def _mit_text(self, nr: int, serie: Serie, p: Punkt) -> dict[str, Any]:
        return {**self._zeile(nr, serie, p), "text": sprache.punkt_text(p, self.angaben)}

    def _am_ende(self, nr: int, letzter: dict[str, Any]) -> Iterator[Teil]:
        """Der letzte Wert rechts neben dem Bild; endet die Reihe früher, führt eine gepunktete Linie hin."""
        f, x0 = self.thema.farben, self.ecke(nr)[0]
        rand = x0 + self.weite
        if rand - letzter["x"] > 6:
            yield Strich(letzter["x"] + 5, letzter["y"], rand, letzter["y"], f.achse, 0.8, (1, 3))
        yield Schild(rand + 4, letzter["y"], letzter["text"], f.fokus, fett=True)

    def _platz(
        self, nr: int, z: dict[str, Any], zuege: Sequence[dict[str, Any]], *ende: dict[str, Any]
    ) -> Kasten | None:
        """Wo die Zahl am höchsten Wert auf keiner Linie steht."""
        x0, oben = self.ecke(nr)
        grenzen = (x0, oben - 17, x0 + self.weite, oben + self.flaeche - 2)
        strecken = [
            ((a["x"], a["y"]), (b["x"], b["y"]))
            for a, b in pairwise(t for t in zuege if t["zug"].startswith(f"{nr}-"))
            if a["zug"] == b["zug"]
        ]
        punkte = [t for t in zuege if t["zug"].startswith(f"{nr}-") and t["laenge"] == 1]
        besetzt = [(t["x"] - 4, t["y"] - 4, t["x"] + 4, t["y"] + 4) for t in (*punkte, *ende)]
        masze = (self.thema.breite_von(z["text"]), ZEILE - 4)
        return setze_daneben((z["x"], z["y"]), masze, besetzt, strecken, grenzen)

    def _schluessel(self, *, linie: bool) -> tuple[list[Teil], float]:
        """Probe und Name der Vergleichslinie, der Brüche und der Vorausrechnung über dem Raster.

        Hat der Vergleich nur einzelne Werte (``linie=False``), ist seine Probe ein Punkt.
        """
        f, y, x = self.thema.farben, -ZEILE / 2 - 6, -self.links
        proben: list[tuple[Callable[[float], Sequence[Teil]], float, str]] = []
        if self.vergleich is not None:
            grau, name = f.vergleich[0], self.vergleich.schild
            if linie:
                proben.append((lambda x: [Strich(x, y, x + 24, y, grau, 2.0)], 30, name))
            else:
                proben.append((lambda x: tupfen([{"x": x + 5, "y": y}], grau, groesse=24), 14, name))

        def bruchstrich(x: float) -> Sequence[Teil]:
            return [Strich(x + 4, y - 7, x + 4, y + 7, f.text_leise, 1.2, (2, 3))]

        proben += [(bruchstrich, 12, g.bruchtext(b, self.thema)) for b in self.brueche]
        if (ab := voraus_ab(s for serie in self.serien for s in serie.staende())) is not None:
            voraus = f"Vorausrechnung ab {ab}"
            proben.append((lambda x: [Strich(x, y, x + 24, y, f.fokus, 2.6, (5, 4))], 30, voraus))
        teile: list[Teil] = []
        for probe, weite, name in proben:
            teile += [*probe(x), Schild(x + weite, y, name, f.text)]
            x += weite + 16 + self.thema.breite_von(name)
        return teile, ZEILE + 12 if teile else 0.0
