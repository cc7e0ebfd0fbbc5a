"""Kleine Vielfache: dieselbe Linie je Gebiet, gleiche Achsen, mit dem Kreis als grauer Linie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from berichtswerk.bild.anordnung import Achse, abschnitte, teile_achse
from berichtswerk.bild.formen import gemeinsam as g
from berichtswerk.bild.leinwand import Rahmen, Schild, Strich, pfade, rahme, striche, tupfen
from berichtswerk.bild.thema import ZEILE, Thema
from berichtswerk.fach.veraenderung import BruchArtig, Veraenderung
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Punkt, Serie
from berichtswerk.grund import zahl
from berichtswerk.worte import befund as worte
from berichtswerk.worte import sprache

_HOEHE = 54.0
_ABSTAND = 20.0


def kleine_vielfache(
    serien: Sequence[Serie],
    angaben: Angaben,
    *,
    thema: Thema,
    vergleich: Serie | None = None,
    brueche: Sequence[BruchArtig] = (),
    null: bool = False,
    spalten: int = 3,
    raum: str = "Gebieten",
    alt: str | None = None,
    befund: str | None = None,
) -> Diagramm:
    """Zeichnet je Serie (Gebiet, feste Reihenfolge) ein kleines Bild; alle Achsen sind gleich.

    ``vergleich`` (der Kreis) liegt als graue Linie in jedem Bild. Beschriftet sind erster und letzter Wert.
    """
    alle = [*serien, *([vergleich] if vergleich else [])]
    jahre = sorted({int(p.x) for s in alle for p in s.punkte}) or [0]
    bruch = g.gezeigte(brueche, jahre)
    achse = _knapp([p.wert for s in alle for p in s.punkte if p.wert is not None], null)
    gesagt = _worte(serien, angaben, bruch, vergleich, raum)
    text = alt if alt is not None else gesagt.alt
    return Diagramm(
        _Bild(
            tuple(serien),
            angaben,
            thema,
            vergleich=vergleich,
            brueche=bruch,
            achse=achse,
            jahre=jahre,
            spalten=spalten,
        ).spec(text),
        "vielfache",
        text,
        befund if befund is not None else gesagt.befund,
        g.tafel(alle, angaben),
        g.hinweise_zu(alle, bruch, achse),
        gesagt.aussagen,
    )


def _knapp(werte: Sequence[float], null: bool) -> Achse:
    """Wenige Teilstriche; oben endet die Achse knapp über dem höchsten Wert, das nutzt die Höhe aus."""
    achse = teile_achse(werte, null=null, anzahl=3)
    if not werte or max(werte) >= achse.bis:
        return achse
    oben = max(max(werte) + 0.06 * (achse.bis - achse.von), achse.striche[1])
    bis = min(oben, achse.bis)
    return Achse(achse.von, bis, tuple(s for s in achse.striche if s <= bis), achse.stellen)


def _worte(
    serien: Sequence[Serie],
    angaben: Angaben,
    brueche: Sequence[BruchArtig],
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
        punkte = [replace(p, x=s.schild) for s in serien for p in s.mit_zahl() if p.x == letztes]
        return worte.spannweite(form, punkte, replace(angaben, zeit=str(letztes or "")), raum=raum)
    erstes, letztes = gemeinsam[0], gemeinsam[-1]
    liste = [Veraenderung(d[erstes], d[letztes], angaben.masz) for d in je if d]
    nebenan = next((p.wert for p in vergleich.punkte if p.x == letztes), None) if vergleich else None
    bezug = (vergleich.schild, nebenan) if vergleich else None
    return worte.richtungen(form, liste, angaben, raum=raum, zeit=(str(erstes), str(letztes)), bezug=bezug)


class _Bild:
    """Rechnet und zeichnet das Raster."""

    def __init__(
        self,
        serien: tuple[Serie, ...],
        angaben: Angaben,
        thema: Thema,
        *,
        vergleich: Serie | None,
        brueche: Sequence[BruchArtig],
        achse: Achse,
        jahre: Sequence[int],
        spalten: int,
    ) -> None:
        self.serien, self.angaben, self.thema, self.vergleich = serien, angaben, thema, vergleich
        self.brueche, self.achse, self.jahre = brueche, achse, jahre
        self.spalten = max(1, min(spalten, len(serien) or 1))
        self.reihen = max(1, -(-len(serien) // self.spalten))
        self.links = g.breite_der_werteachse(achse, thema)
        zahlen = [sprache.punkt_text(p, angaben) for s in serien for p in s.mit_zahl()[-1:]]
        self.rechts = max([thema.breite_von(z, fett=True) for z in zahlen] or [0.0]) + 10
        frei = thema.breite - self.links - 4
        self.raster = (frei + _ABSTAND / 2) / self.spalten
        self.weite = self.raster - self.rechts - _ABSTAND / 2
        platz = self.raster - _ABSTAND / 2
        self.namen = [thema.umbruch(s.schild, platz, fett=True) for s in serien]
        self.kopf = max([len(n) for n in self.namen] or [1]) * ZEILE + 14
        self.zelle = self.kopf + _HOEHE + 26

    def x(self, nr: int, jahr: float) -> float:
        """Pixel eines Jahres im Bild ``nr``."""
        spanne = self.jahre[-1] - self.jahre[0]
        anteil = (jahr - self.jahre[0]) / spanne if spanne else 0.5
        return (nr % self.spalten) * self.raster + 3 + (self.weite - 6) * anteil

    def y(self, nr: int, wert: float) -> float:
        """Pixel eines Wertes im Bild ``nr``."""
        return (nr // self.spalten) * self.zelle + self.kopf + self.achse.lage(wert, _HOEHE)

    def spec(self, text: str) -> dict[str, Any]:
        """Die fertige Spezifikation."""
        f = self.thema.farben
        tafeln: list[Schild] = []
        linien: list[Strich] = []
        grau: list[dict[str, Any]] = []
        bunt: dict[bool, list[dict[str, Any]]] = {False: [], True: []}
        punkte: list[dict[str, Any]] = []
        for nr, s in enumerate(self.serien):
            t, r = self._rahmen(nr)
            tafeln += t
            linien += r
            if self.vergleich is not None:
                for teil in self._zuege(nr, self.vergleich).values():
                    grau += teil
            for voraus, teil in self._zuege(nr, s).items():
                bunt[voraus] += teil
            neue, enden = self._werte(nr, s)
            tafeln += neue
            punkte += enden
        kopf = self._schluessel()
        ebenen = [*striche([*linien, *kopf[1]])]
        if grau:
            ebenen.append(pfade(grau, f.vergleich[0], 1.6))
        for voraus, muster in ((False, ()), (True, (5, 4))):
            if bunt[voraus]:
                ebenen.append(pfade(bunt[voraus], f.fokus, 2.6, muster))
        if punkte:
            ebenen.append(tupfen(punkte, f.fokus, groesse=40))
        hoehe = self.reihen * self.zelle
        return rahme(
            ebenen, [*tafeln, *kopf[0]], self.thema, Rahmen(hoehe, self.links, 4 + kopf[2], 4, 4), text
        )

    def _rahmen(self, nr: int) -> tuple[list[Schild], list[Strich]]:
        """Name, Gitter, Jahre; Zahlen der Werteachse nur in der ersten Spalte."""
        f, x0 = self.thema.farben, (nr % self.spalten) * self.raster
        oben = (nr // self.spalten) * self.zelle
        tafeln = [
            Schild(x0, oben + ZEILE / 2 + i * ZEILE, z, f.text, fett=True)
            for i, z in enumerate(self.namen[nr])
        ]
        linien = []
        for w in self.achse.striche:
            y = self.y(nr, w)
            linien.append(Strich(x0, y, x0 + self.weite, y, f.text_leise if w == 0 else f.gitter))
            if nr % self.spalten == 0:
                tafeln.append(Schild(-8, y, zahl.schreibe(w, self.achse.stellen), f.text_leise, "right"))
        fuss = oben + self.kopf + _HOEHE + 5
        enden = (
            [(self.jahre[0], "left")]
            if len(self.jahre) == 1
            else [(self.jahre[0], "left"), (self.jahre[-1], "right")]
        )
        for jahr, buendig in enden:
            stelle = x0 if buendig == "left" else x0 + self.weite
            tafeln.append(Schild(stelle, fuss, str(jahr), f.text_leise, buendig, grundlinie="top"))  # type: ignore[arg-type]
        for b in self.brueche:
            x = self.x(nr, b.jahr - 0.5)
            linien.append(
                Strich(x, oben + self.kopf, x, oben + self.kopf + _HOEHE, f.text_leise, 1.2, (2, 3))
            )
        return tafeln, linien

    def _zuege(self, nr: int, serie: Serie) -> dict[bool, list[dict[str, Any]]]:
        """Linienzüge, getrennt nach Ist (False) und Vorausrechnung (True)."""
        ps = sorted(serie.punkte, key=lambda p: int(p.x))
        stuecke = abschnitte(
            [int(p.x) for p in ps], [p.wert for p in ps], [b.jahr for b in self.brueche],
            [p.prognose for p in ps],
        )  # fmt: skip
        ergebnis: dict[bool, list[dict[str, Any]]] = {False: [], True: []}
        for i, stueck in enumerate(stuecke):
            ist = [k for k in stueck if not ps[k].prognose]
            kommt = [k for k in stueck if ps[k].prognose]
            for voraus, teil in ((False, ist), (True, [*ist[-1:], *kommt] if kommt else [])):
                ergebnis[voraus] += [self._zeile(nr, serie, ps[k], f"{nr}-{serie.name}-{i}") for k in teil]
        return ergebnis

    def _zeile(self, nr: int, serie: Serie, p: Punkt, zug: str) -> dict[str, Any]:
        wert = p.wert if p.wert is not None else 0.0
        return {
            "gebiet": serie.name,
            "jahr": p.x,
            "wert": wert,
            "x": round(self.x(nr, int(p.x)), 1),
            "y": round(self.y(nr, wert), 1),
            "zug": zug,
            "folge": int(p.x),
        }

    def _werte(self, nr: int, serie: Serie) -> tuple[list[Schild], list[dict[str, Any]]]:
        """Letzter Wert rechts, erster über oder unter der Linie."""
        da = sorted(serie.mit_zahl(), key=lambda p: int(p.x))
        if not da:
            stelle = (nr % self.spalten) * self.raster + self.weite / 2
            y = (nr // self.spalten) * self.zelle + self.kopf + _HOEHE - 12
            return [Schild(stelle, y, "keine Angabe", self.thema.farben.text_leise, "center")], []
        f = self.thema.farben
        zeilen = [self._zeile(nr, serie, p, "") for p in (da[0], da[-1])]
        ende = zeilen[-1]
        tafeln = [
            Schild(ende["x"] + 7, ende["y"], sprache.punkt_text(da[-1], self.angaben), f.fokus, fett=True)
        ]
        if len(da) > 1:
            andere = (
                next((p for p in self.vergleich.mit_zahl() if p.x == da[0].x), da[1])
                if self.vergleich
                else da[1]
            )
            unten = (nr // self.spalten) * self.zelle + self.kopf + _HOEHE
            # unter der Linie nur, wo die Zahl nicht auf die Jahreszahl fiele
            hoch = (da[0].wert or 0.0) >= (andere.wert or 0.0) or zeilen[0]["y"] + 14 > unten
            y = zeilen[0]["y"] + (-11 if hoch else 12)
            tafeln.append(Schild(zeilen[0]["x"] - 3, y, sprache.punkt_text(da[0], self.angaben), f.fokus))
        return tafeln, [{"x": z["x"], "y": z["y"]} for z in zeilen]

    def _schluessel(self) -> tuple[list[Schild], list[Strich], float]:
        """Strichprobe und Name der Vergleichslinie über dem Raster; dazu Gründe der Brüche."""
        f, y = self.thema.farben, -ZEILE / 2 - 6
        tafeln: list[Schild] = []
        linien: list[Strich] = []
        x = -self.links
        if self.vergleich is not None:
            linien.append(Strich(x, y, x + 24, y, f.vergleich[0], 2.0))
            tafeln.append(Schild(x + 30, y, self.vergleich.schild, f.text))
            x += 46 + self.thema.breite_von(self.vergleich.schild)
        for b in self.brueche:
            linien.append(Strich(x + 4, y - 7, x + 4, y + 7, f.text_leise, 1.2, (2, 3)))
            tafeln.append(Schild(x + 12, y, g.bruchtext(b, self.thema), f.text))
            x += 28 + self.thema.breite_von(g.bruchtext(b, self.thema))
        ab = sprache.voraus_ab(self.serien)
        if ab is not None:
            linien.append(Strich(x, y, x + 24, y, f.fokus, 2.6, (5, 4)))
            tafeln.append(Schild(x + 30, y, f"Vorausrechnung ab {ab}", f.text))
        return tafeln, linien, ZEILE + 12 if tafeln else 0.0
