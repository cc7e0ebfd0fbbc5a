"""Linie: Veränderung über Jahre, am Ende beschriftet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

from berichtswerk.bild.anordnung import Achse, jahresmarken, platziere, teile_achse
from berichtswerk.bild.formen import gemeinsam as g
from berichtswerk.bild.leinwand import (
    FORMEN_DER_PUNKTE,
    Ebene,
    Rahmen,
    Schild,
    Strich,
    Teil,
    ebene,
    rahme,
)  # fmt: skip
from berichtswerk.bild.motiv import Hoehen, Motiv
from berichtswerk.bild.thema import ZEILE, Thema
from berichtswerk.fach.veraenderung import Bruch, voraus_ab
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Punkt, Serie
from berichtswerk.worte import befund as worte
from berichtswerk.worte import sprache

_NIEDRIG = 96.0
_NAME_BREIT = 130.0
_FUSS = 27.0
_ENDE = 10.0


def linie(
    serien: Sequence[Serie],
    angaben: Angaben,
    *,
    brueche: Sequence[Bruch] = (),
    null: bool = False,
    band: bool = True,
    bereich: tuple[float, float] | None = None,
) -> Diagramm:
    """Zeichnet Jahresreihen (``Punkt.x`` ist ein Jahr) als Linien.

    Die Linie ist an Lücken und Brüchen unterbrochen, Vorausgerechnetes gestrichelt mit Band (``band``).
    Haben Szenarien denselben Verlauf vor der Vorausrechnung, steht er nur einmal da. Der erste und
    der letzte Wert stehen an der Linie, der Name am Ende; eine Legende gibt es nicht. ``null=True`` lässt
    die Achse bei null beginnen; sonst steht in den Hinweisen, wenn sie es nicht tut.
    """
    serien = tuple(replace(s, punkte=_nach_jahr(s.punkte, band)) for s in serien)
    motiv = Linie(serien, angaben, tuple(brueche), null, bereich)
    gesagt = worte.jahresreihe("Liniendiagramm", serien, angaben, motiv.gezeigte)
    hinweise = g.hinweise_zu(serien, motiv.gezeigte, motiv.achse)
    return g.diagramm(motiv, gesagt, g.tafel(serien, angaben), hinweise)


@dataclass(frozen=True)
class Linie(Motiv):
    """Jahresreihen; die Jahre jeder Serie aufsteigend."""

    form: ClassVar[str] = "linie"
    serien: tuple[Serie, ...]
    angaben: Angaben
    brueche: tuple[Bruch, ...] = ()
    null: bool = False
    bereich: tuple[float, float] | None = None

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
        bild = self._bild(thema, _NIEDRIG)
        fest = bild._oben()[1] + _FUSS
        return Hoehen(fest + bild.hoehe, fest + max(bild.hoehe, g.flaechenhoehe(thema)))

    def gezeichnet(self, thema: Thema, hoehe: float) -> dict[str, Any]:
        """Die Zeichnung."""
        oben = self._bild(thema, _NIEDRIG)._oben()[1]
        return self._bild(thema, hoehe - oben - _FUSS).spec()

    def _bild(self, thema: Thema, hoehe: float) -> _Bild:
        return _Bild(
            _einmal(self.serien), self.angaben, thema, tuple(self.gezeigte), self.achse, self.jahre, hoehe
        )


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
class _Bild:
    """Gerechnete Geometrie einer Linienabbildung und ihre Teile."""

    serien: tuple[Serie, ...]
    angaben: Angaben
    thema: Thema
    brueche: tuple[Bruch, ...]
    achse: Achse
    jahre: tuple[int, ...]
    hoehe_: float

    def spec(self) -> dict[str, Any]:
        oben, hoch = self._oben()
        anfaenge = self._anfaenge()
        platz = self.thema.breite_von("2000") + 10
        jahre = [(j, self.x(j)) for j in jahresmarken(self.jahre, self.bis - self.von, platz)]
        teile = [
            *oben,
            *g.werteachse(self.achse, self.hoehe, self.breite, self.thema),
            *g.jahresachse(jahre, self.hoehe, self.thema, self.breite),
            *self._enden(),
            *self._luecken(),
            *g.dahinter(anfaenge, self.thema),
            *anfaenge,
            *self._zuege(),
        ]
        return rahme(teile, self.thema, Rahmen(self.hoehe, self.links, hoch, self.rechts, _FUSS))

    # --- Geometrie

    @cached_property
    def hoehe(self) -> float:
        """So hoch, dass die Schilder an den Enden untereinander passen."""
        return max(self.hoehe_, sum(len(e) * ZEILE + 3 for e in self.endzeilen) - 2 * ZEILE)

    @cached_property
    def links(self) -> float:
        return g.breite_der_werteachse(self.achse, self.thema)

    @cached_property
    def rechts(self) -> float:
        weiten = [self.thema.breite_von(z, fett=f) for e in self.endzeilen for z, f in e]
        return max(weiten or [0.0]) + 2 * _ENDE + 8

    @cached_property
    def breite(self) -> int:
        return round(self.thema.breite - self.links - self.rechts)

    @cached_property
    def von(self) -> float:
        """Pixel des ersten Jahres; davor stehen die Anfangswerte."""
        anfang = max([self.thema.breite_von(t) for _, t in self.anfangswerte] or [0.0])
        return anfang + 14 if anfang else 6.0

    @cached_property
    def bis(self) -> float:
        return self.breite - 4.0

    def x(self, jahr: float) -> float:
        spanne = self.jahre[-1] - self.jahre[0]
        anteil = (jahr - self.jahre[0]) / spanne if spanne else 0.5
        return self.von + (self.bis - self.von) * anteil

    def y(self, punkt: Punkt) -> float:
        return self.achse.lage(punkt.wert if punkt.wert is not None else 0.0, self.hoehe)

    # --- Beschriftung

    @cached_property
    def farben(self) -> list[str]:
        return g.farben(self.serien, self.thema)

    @cached_property
    def endzeilen(self) -> list[list[tuple[str, bool]]]:
        """Zeilen des Schildes am Ende jeder Linie: Name (höchstens zwei Zeilen), darunter der letzte Wert.

        Enden die Reihen verschieden, steht das Jahr dabei und bei der Fokusreihe auch ihr Wert im jüngsten
        gemeinsamen Jahr: nur er lässt sich vergleichen. Eine Reihe allein braucht keinen Namen.
        """
        enden = {s.mit_zahl()[-1].x for s in self.serien if s.mit_zahl()}
        gemeinsam = worte.vergleichsjahr(self.serien) if len(enden) > 1 else None
        ergebnis: list[list[tuple[str, bool]]] = []
        for s in self.serien:
            punkte = s.mit_zahl()
            allein = len(self.serien) == 1
            fett = s.rolle == "fokus" or allein
            zeilen = [] if allein else list(self.thema.umbruch(s.schild, _NAME_BREIT, fett=fett))
            if punkte:
                gezeigt = [punkte[-1]]
                if s.rolle == "fokus" and punkte[-1].x != gemeinsam:
                    gezeigt += [p for p in punkte if p.x == gemeinsam]
                werte = [(sprache.punkt_text(p, self.angaben, einheit=True), p.x) for p in gezeigt]
                zeilen += [f"{wert} ({jahr})" if len(enden) > 1 else wert for wert, jahr in werte]
            ergebnis.append([(z, fett) for z in zeilen] if punkte else [])
        return ergebnis

    @cached_property
    def anfangswerte(self) -> list[tuple[int, str]]:
        """(Nummer der Serie, Text) für alle, die im ersten Jahr einen Wert haben und mehr als einen zeigen.

        Beginnen mehrere am selben Punkt, steht der Wert einmal da.
        """
        ergebnis: dict[tuple[float | None, str], int] = {}
        for nr, s in enumerate(self.serien):
            punkte = s.mit_zahl()
            if len(punkte) > 1 and punkte[0].x == self.jahre[0]:
                ergebnis.setdefault((punkte[0].wert, sprache.punkt_text(punkte[0], self.angaben)), nr)
        return [(nr, text) for (_, text), nr in ergebnis.items()]

    def _oben(self) -> tuple[list[Teil], float]:
        brueche, voraus = [(self.x(b.jahr - 0.5), b) for b in self.brueche], None
        if (erste := voraus_ab(s for serie in self.serien for s in serie.staende())) is not None:
            start = self.x(erste - 1 if erste > self.jahre[0] else erste)
            voraus = (start, (start + self.bis) / 2, f"Vorausrechnung ab {erste}")
        marken, flaeche = (brueche, voraus), (self.breite, self.hoehe)
        return g.ueber_der_flaeche(marken, self.angaben, self.thema, flaeche, links=self.links)

    def _enden(self) -> list[Teil]:
        """Schilder rechts der Linien, auseinandergeschoben; ein feiner Strich führt zum Linienende."""
        da = [i for i, e in enumerate(self.endzeilen) if e]
        letzte = [self.serien[i].mit_zahl()[-1] for i in da]
        wunsch = [self.y(p) for p in letzte]
        hoehen = [len(self.endzeilen[i]) * ZEILE + 3 for i in da]
        mitten = platziere(wunsch, hoehen, -ZEILE, self.hoehe + ZEILE)
        teile: list[Teil] = []
        for i, p, y0, mitte, h in zip(da, letzte, wunsch, mitten, hoehen, strict=True):
            x0, x1 = self.x(int(p.x)), self.breite + 2 * _ENDE
            oben = mitte - h / 2 + 1.5 + ZEILE / 2
            for nr, (text, fett) in enumerate(self.endzeilen[i]):
                farbe = self.thema.als_text(self.farben[i])
                teile.append(Schild(x1, oben + nr * ZEILE, text, farbe, fett=fett))
            # endet die Reihe früher, sähe ein Strich in ihrer Farbe wie ihre Fortsetzung aus
            frueher = self.breite - x0 > 3 * _ENDE
            art = (self.thema.farben.achse, 0.8, (1, 3)) if frueher else (self.farben[i], 0.8, ())
            teile.append(Strich(x0 + 6, y0, x1 - 4, mitte, *art))
        return teile

    def _anfaenge(self) -> list[Teil]:
        erste = [self.serien[nr].mit_zahl()[0] for nr, _ in self.anfangswerte]
        mitten = platziere([self.y(p) for p in erste], [ZEILE] * len(erste), -ZEILE / 2, self.hoehe)
        return [
            Schild(
                self.von - 8, y, text, self.thema.als_text(self.farben[nr]), "right",
                fett=self.serien[nr].rolle == "fokus" or len(self.serien) == 1,
            )
            for (nr, text), y in zip(self.anfangswerte, mitten, strict=True)
        ]  # fmt: skip

    def _luecken(self) -> list[Teil]:
        """Zeichen für fehlende Werte am unteren Rand, wenn nur eine Reihe gezeigt wird."""
        fehlt = [p for p in self.serien[0].punkte if p.wert is None] if len(self.serien) == 1 else []
        f, y = self.thema.farben, self.hoehe - 8
        return [Schild(self.x(int(p.x)), y, sprache.punkt_text(p, Angaben("")), f.text) for p in fehlt]

    # --- Züge

    def _zuege(self) -> list[Teil]:
        """Bänder, durchgezogene und gestrichelte Linien, Punkte an Anfang und Ende; der Fokus zuoberst."""
        start = self.x(self.jahre[0])
        skalen = {
            "x": {
                "domain": [self.jahre[0], max(self.jahre[-1], self.jahre[0] + 1)],
                "range": [start, max(self.bis, start + 1)],
                "nice": False,
                "zero": False,
            },
            "y": {"domain": [self.achse.von, self.achse.bis], "nice": False, "zero": False},
        }
        folge = sorted(range(len(self.serien)), key=lambda i: self.serien[i].rolle == "fokus")
        return [e for i in folge for e in self._zug(i, skalen)]

    def _zug(self, nr: int, skalen: dict[str, Any]) -> Iterator[Ebene]:
        def feld(name: str, achse: str) -> dict[str, Any]:
            return {"field": name, "type": "quantitative", "axis": None, "scale": skalen[achse]}

        serie, farbe = self.serien[nr], self.farben[nr]
        stark = serie.rolle == "fokus"
        x, y = feld("jahr", "x"), feld("wert", "y")
        if band := _band(serie):
            flaeche: dict[str, Any] = {"type": "area", "color": farbe, "opacity": 0.2}
            yield ebene(band, flaeche, x=x, y=feld("unten", "y"), y2={"field": "oben"})
        voll, voraus, punkte = _stuecke(serie, self.brueche)
        abschnitt = {"field": "abschnitt", "type": "nominal"}
        for zeilen, mehr in ((voll, {}), (voraus, {"strokeDash": [5, 4], "strokeCap": "butt"})):
            if zeilen:
                linie = {"type": "line", "color": farbe, "strokeWidth": 3.0 if stark else 2.0, **mehr}
                yield ebene(zeilen, linie, x=x, y=y, detail=abschnitt)
        if punkte:
            form = FORMEN_DER_PUNKTE[nr % len(FORMEN_DER_PUNKTE)]
            punkt = {"type": "point", "shape": form, "filled": True, "opacity": 1, "color": farbe}
            yield ebene(punkte, {**punkt, "size": 62 if stark else 48}, x=x, y=y)


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


def _stuecke(
    serie: Serie, brueche: Sequence[Bruch]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Zeilen der durchgezogenen und der gestrichelten Linie und der Punkte (Rand und Einzelwerte)."""
    voll: list[dict[str, Any]] = []
    voraus: list[dict[str, Any]] = []
    rand: dict[int | str, Punkt] = {}
    stuecke = g.stuecke(serie.punkte, brueche)
    for nr, (alle, ist, gestrichelt) in enumerate(stuecke):
        zeilen = {p.x: {"jahr": int(p.x), "wert": p.wert, "abschnitt": nr} for p in alle}
        voll += [zeilen[p.x] for p in ist if len(ist) > 1]
        voraus += [zeilen[p.x] for p in gestrichelt]
        if len(alle) == 1 or (nr == 0 and not (len(ist) == 1 and gestrichelt)):
            rand[alle[0].x] = alle[0]
        if nr == len(stuecke) - 1:
            rand[alle[-1].x] = alle[-1]
    return voll, voraus, [{"jahr": int(p.x), "wert": p.wert} for p in rand.values()]
