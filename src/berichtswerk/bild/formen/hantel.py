"""Hantel: zwei Werte je Gebiet, verbunden; die Gebiete in ihrer festen Reihenfolge, auch in Gruppen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import Any, ClassVar

from berichtswerk.bild.anordnung import Achse, teile_achse
from berichtswerk.bild.formen import gemeinsam as g
from berichtswerk.bild.leinwand import Rahmen, Schild, Strich, Teil, rahme, tupfen
from berichtswerk.bild.motiv import Hoehen, Motiv
from berichtswerk.bild.thema import ZEILE, Thema
from berichtswerk.fach.veraenderung import Bruch, Stand, Veraenderung
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Punkt, Serie
from berichtswerk.worte import befund as worte
from berichtswerk.worte import lesehilfe, sprache

_ZEILE, _ENGE = 25.0, 18.0
"""Gewollter und kleinster Abstand der Gebiete."""


def hantel(
    von: Serie,
    bis: Serie,
    angaben: Angaben,
    *,
    bezug: worte.Bezug = None,
    brueche: Sequence[Bruch] = (),
    raum: str = "Gebieten",
    null: bool = False,
    bereich: tuple[float, float] | None = None,
    gruppen: Mapping[str, str] = MappingProxyType({}),
) -> Diagramm:
    """Zeichnet zwei Punkte je Gebiet; ``von`` (hohl) und ``bis`` (gefüllt) heißen etwa „2015“ und „2023“.

    Die Reihenfolge der Punkte in ``bis`` bleibt. ``bezug`` ist Name und Wert des Kreises zum Zeitpunkt von
    ``bis``; er steht als senkrechte Linie. ``gruppen`` nennt zu einem Gebiet, worunter es steht; vor dem
    ersten jeder Gruppe steht ihr Name.
    """
    motiv = Hantel(von, bis, angaben, bezug, null, bereich, tuple(gruppen.items()))
    paare = motiv.paare
    zeit = (von.name, bis.name)
    aenderungen = _aenderungen(paare, zeit, angaben, brueche)
    if 0 < len(aenderungen) < len(paare):
        raum += " mit Angaben für beide Jahre"
    gesagt = worte.richtungen("Hanteldiagramm", aenderungen, angaben, raum=raum, zeit=zeit, bezug=bezug)
    hinweise = g.hinweise_zu((von, bis), brueche, motiv.achse, "waagerechte")
    hilfe = lesehilfe.hantel(von, bis, angaben)
    return g.diagramm(motiv, gesagt, g.tafel((von, bis), angaben), hinweise, hilfe)


Paar = tuple[str, Punkt | None, Punkt | None]


def _aenderungen(
    paare: Sequence[Paar], zeit: tuple[str, str], angaben: Angaben, brueche: Sequence[Bruch]
) -> list[Veraenderung]:
    """Je Gebiet mit zwei Werten die Veränderung zwischen den beiden Jahren."""
    jahre = [int(z[:4]) for z in zeit]
    return [
        Veraenderung.zwischen(
            Stand(jahre[0], a.wert, a.prognose), Stand(jahre[1], b.wert, b.prognose), angaben.masz, brueche
        )
        for _, a, b in paare
        if a is not None and b is not None and a.wert is not None and b.wert is not None
    ]


@dataclass(frozen=True)
class Hantel(Motiv):
    """Zwei Werte je Gebiet; Reihenfolge und Namen wie in ``bis``."""

    form: ClassVar[str] = "hantel"
    von: Serie
    bis: Serie
    angaben: Angaben
    bezug: worte.Bezug = None
    null: bool = False
    bereich: tuple[float, float] | None = None
    gruppen: tuple[tuple[str, str], ...] = ()
    """Paare aus Gebiet und Gruppe."""

    @cached_property
    def zeilen(self) -> list[tuple[str, int | None]]:
        """Was untereinander steht: eine Gruppe (ihr Name, ``None``) oder ein Gebiet (seine Nummer)."""
        zu, vorige = dict(self.gruppen), ""
        zeilen: list[tuple[str, int | None]] = []
        for nr, (name, _, _) in enumerate(self.paare):
            if (gruppe := zu.get(name, "")) != vorige and gruppe:
                zeilen.append((gruppe, None))
            vorige = gruppe
            zeilen.append((name, nr))
        return zeilen

    @cached_property
    def paare(self) -> list[Paar]:
        """Je Gebiet der frühere und der spätere Punkt."""
        frueher, spaeter = ({p.x: p for p in s.punkte} for s in (self.von, self.bis))
        return [(str(x), frueher.get(x), spaeter.get(x)) for x in dict.fromkeys([*spaeter, *frueher])]

    @cached_property
    def achse(self) -> Achse:
        """Die waagerechte Werteachse."""
        werte = [p.wert for _, a, b in self.paare for p in (a, b) if p is not None and p.wert is not None]
        bezug = [self.bezug[1]] if self.bezug and self.bezug[1] is not None else []
        return teile_achse([*werte, *bezug], null=self.null, anteil=self.angaben.anteil, bereich=self.bereich)

    def hoehen(self, thema: Thema) -> Hoehen:
        """Je Gebiet und je Gruppe eine Zeile."""
        namen = self._namen(thema)
        fest, n = _kopf(self.bezug) + g.FUSS, max(1, len(self.zeilen))
        enge = max(_ENGE, ZEILE * max([len(z) for z in namen] or [1]) + 1)
        return Hoehen(fest + n * enge, fest + n * max(_ZEILE, enge))

    def _namen(self, thema: Thema) -> list[tuple[str, ...]]:
        """Je Zeile der umbrochene Name des Gebiets; leer, wo eine Gruppe beginnt."""
        return g.zeilennamen((name if nr is not None else "" for name, nr in self.zeilen), thema)

    def gezeichnet(self, thema: Thema, hoehe: float) -> dict[str, Any]:
        """Die Zeichnung; was an Höhe übrig ist, verteilt sich auf die Zeilen."""
        zeile = (hoehe - _kopf(self.bezug) - g.FUSS) / max(1, len(self.zeilen))
        return _spec(self, thema, self._namen(thema), zeile)


def _kopf(bezug: worte.Bezug) -> float:
    return ZEILE + 10 + (ZEILE + 4 if bezug and bezug[1] is not None else 0.0)


def _spec(m: Hantel, thema: Thema, zeilen: Sequence[tuple[str, ...]], zeile: float) -> dict[str, Any]:
    f, paare, angaben, bezug, achse = thema.farben, m.paare, m.angaben, m.bezug, m.achse
    namen = (m.von.name, m.bis.name)
    links = g.breite_der_namen(zeilen, thema)
    breite = round(thema.breite - links - 6)
    rand = max([thema.breite_von(_zahl(p, angaben)) for _, a, b in paare for p in (a, b)] or [0.0]) + 12
    hoehe = max(1, len(m.zeilen)) * zeile
    mitte = {nr: (lage + 0.5) * zeile for lage, (_, nr) in enumerate(m.zeilen)}
    gruppen: list[Teil] = [
        Schild(6 - links, (lage + 0.5) * zeile, name, f.fokus, fett=True)
        for lage, (name, nr) in enumerate(m.zeilen) if nr is None
    ]  # fmt: skip

    def x(wert: float) -> float:
        laenge = breite - 2 * rand
        return rand + laenge - achse.lage(wert, laenge)

    zahlen: list[Teil] = []
    stangen: list[Teil] = []
    punkte: tuple[list[dict[str, Any]], list[dict[str, Any]]] = ([], [])
    for i, (name, *enden) in enumerate(paare):
        y = mitte[i]
        werte = [p.wert if p is not None else None for p in enden]
        if werte[0] is not None and werte[1] is not None:
            stangen.append(Strich(x(werte[0]), y, x(werte[1]), y, f.fokus, 3.0))
        for nr, (p, wert, anderer) in enumerate(zip(enden, werte, werte[::-1], strict=True)):
            if wert is not None:
                punkt = {"gebiet": name, "zeit": namen[nr], "wert": wert, "x": round(x(wert), 1), "y": y}
                punkte[nr].append(punkt)
                rechts = nr == 1 if anderer is None or wert == anderer else wert > anderer
                stelle, buendig = x(wert) + (9 if rechts else -9), "left" if rechts else "right"
            elif p is not None:
                stelle, buendig = (rand * 0.3 if nr == 0 else breite - rand * 0.3), "center"
            else:
                continue
            farbe = f.text if wert is None else f.fokus if nr == 1 else f.text_leise
            zahlen.append(Schild(stelle, y, _zahl(p, angaben), farbe, buendig, fett=nr == 1))  # type: ignore[arg-type]
    kopf, hoch = g.bezugslinie(bezug, angaben, thema, x, (breite, hoehe))
    y = -hoch - ZEILE / 2 - 2
    zweiter = 12 - links + 6 + thema.breite_von(namen[0]) + 22
    for nr, stelle in enumerate((6 - links, zweiter)):
        punkte[nr].append({"x": round(stelle, 1), "y": y})
        kopf.append(Schild(stelle + 12, y, namen[nr], f.text, fett=nr == 1))
    teile = [
        *g.achse_unten(achse, x, hoehe, thema, einheit=g.einheit_am_strich(angaben)),
        *kopf,
        *stangen,
        *tupfen(punkte[0], f.fokus, groesse=80, hohl=f.grund),
        *tupfen(punkte[1], f.fokus, groesse=95),
        *g.namen_links(zeilen, zeile, thema),
        *zahlen,
        *gruppen,
    ]
    return rahme(teile, thema, Rahmen(hoehe, links, hoch + ZEILE + 10, 6, g.FUSS))


def _zahl(p: Punkt | None, angaben: Angaben) -> str:
    return sprache.punkt_text(p, angaben) if p is not None else ""
