"""Karten: Flächen in Klassen einer Farbe, Kreise für Anzahlen, die Lage eines Gebiets."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar

from berichtswerk.bild.formen import gemeinsam as g
from berichtswerk.bild.formen.kartenblatt import (
    Gebietsflaeche,
    Inhalt,
    Kartenblatt,
    Legende,
    Untergrund,
    als_text,
    angrenzend,
)
from berichtswerk.bild.kartengrund import Kartengrund
from berichtswerk.bild.motiv import Hoehen, Motiv
from berichtswerk.bild.thema import Thema
from berichtswerk.gegenstand.gegenstaende import Tabellenmodell, Tabellenzeile
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Punkt, Serie
from berichtswerk.grund import zahl
from berichtswerk.grund.zeichen import Status
from berichtswerk.tabelle.tabellenbau import textzelle
from berichtswerk.worte import befund as worte
from berichtswerk.worte import lesehilfe, sprache

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebiet

HOECHSTENS = 5
"""So viele Klassen hat eine Karte höchstens."""
OHNE_ANGABE = "keine Angabe"
OHNE_WERT = "•"
"""Was in einer Fläche steht, über die nichts bekannt ist."""


@dataclass(frozen=True, slots=True)
class Klassen:
    """Innere Grenzen aufsteigend; Klasse ``i`` reicht von Grenze ``i-1`` bis unter Grenze ``i``."""

    grenzen: tuple[float, ...]
    stellen: int
    farben: tuple[str, ...]

    def nummer(self, wert: float) -> int:
        """Klasse eines Wertes ab 0."""
        return sum(wert >= g for g in self.grenzen)

    def farbe(self, wert: float) -> str:
        """Farbe der Klasse eines Wertes."""
        return self.farben[self.nummer(wert)]

    def namen(self, angaben: Angaben, *, ganze: bool = False) -> list[str]:
        """„unter 8 %“, „8 bis unter 10 %“, „14 % und mehr“; ``ganze`` Zahlen „bis 1“, „2 bis 4“.

        Eine längere Einheit steht nur im Kopf der Legende.
        """
        if ganze and self.stellen == 0 and self.grenzen:
            enden = [f"{zahl.schreibe(b - 1)}" for b in self.grenzen]
            paare = zip(self.grenzen, self.grenzen[1:], enden[1:], strict=False)
            mitten = [e if a + 1 == b else f"{zahl.schreibe(a)} bis {e}" for a, b, e in paare]
            return [enden[0] if self.grenzen[0] == 1 else f"bis {enden[0]}", *mitten,
                    f"{zahl.schreibe(self.grenzen[-1])} und mehr"]  # fmt: skip
        texte = [zahl.schreibe(grenze, self.stellen) for grenze in self.grenzen]
        mit = [zahl.mit_einheit(t, g.einheit_am_strich(angaben) or None) for t in texte]
        if not texte:
            return ["alle Werte"]
        mitte = [f"{a} bis unter {b}" for a, b in zip(texte, mit[1:], strict=False)]
        return [f"unter {mit[0]}", *mitte, f"{mit[-1]} und mehr"]


class _Karte(Motiv):
    """Was allen Karten gemeinsam ist: sie werden so groß, wie Breite und Höhe zulassen."""

    def hoehen(self, thema: Thema) -> Hoehen:
        """Kleinste und gewollte Höhe."""
        return self._blatt(thema).hoehen()

    def gezeichnet(self, thema: Thema, hoehe: float) -> dict[str, Any]:
        """Die Zeichnung."""
        return self._blatt(thema).zeichne(hoehe)

    @abstractmethod
    def _blatt(self, thema: Thema) -> Kartenblatt:
        """Die Karte in der Breite des Themas."""


@dataclass(frozen=True)
class Flaechenkarte(_Karte):
    """Flächen in der Farbe ihrer Klasse, darin Name und Wert; ohne Wert schraffiert."""

    form: ClassVar[str] = "flaechenkarte"
    voll: ClassVar[bool] = True
    gebiete: tuple[Gebietsflaeche, ...]
    untergrund: Untergrund
    angaben: Angaben
    bezug: worte.Bezug = None
    grenzen: tuple[float, ...] | None = None

    def _blatt(self, thema: Thema) -> Kartenblatt:
        klassen = bilde(_werte(self.gebiete), thema, self.grenzen)

        def inhalt(gebiet: Gebietsflaeche) -> Inhalt:
            p = gebiet.punkt
            if p is None or p.wert is None:
                return Inhalt("", _wert(p, self.angaben), in_der_liste=OHNE_ANGABE)
            return Inhalt(klassen.farbe(p.wert), _wert(p, self.angaben))

        return Kartenblatt(
            self.gebiete, self.untergrund, thema, inhalt,
            lambda legende: self._schreibe(legende, klassen),
        )  # fmt: skip

    def _schreibe(self, legende: Legende, klassen: Klassen) -> None:
        werte = _werte(self.gebiete)
        _schreibe_kopf(legende, self.angaben)
        ganze = not self.angaben.anteil and self.angaben.stellen == 0 and all(w == int(w) for w in werte)
        for name, farbe in zip(klassen.namen(self.angaben, ganze=ganze), klassen.farben, strict=True):
            legende.feld(name, farbe)
        if len(werte) < len(self.gebiete):
            legende.feld(OHNE_ANGABE)
        if self.bezug and self.bezug[1] is not None:
            legende.abstand()
            legende.text(f"{self.bezug[0]}: {sprache.wert_text(self.bezug[1], self.angaben)}", fett=True)


@dataclass(frozen=True)
class Symbolkarte(_Karte):
    """Kreise, deren Fläche der Anzahl entspricht; hohle für Werte unter null."""

    form: ClassVar[str] = "symbolkarte"
    voll: ClassVar[bool] = True
    gebiete: tuple[Gebietsflaeche, ...]
    untergrund: Untergrund
    angaben: Angaben

    def _blatt(self, thema: Thema) -> Kartenblatt:
        def inhalt(gebiet: Gebietsflaeche) -> Inhalt:
            p, wert = gebiet.punkt, _wert(gebiet.punkt, self.angaben)
            if p is None or p.wert is None:
                return Inhalt("", wert, in_der_liste=OHNE_ANGABE)
            return Inhalt(thema.farben.flaeche, wert, kreis=self._radius(p.wert, thema))

        grenze = thema.farben.achse
        return Kartenblatt(self.gebiete, self.untergrund, thema, inhalt, self._schreibe, grenze=grenze)

    def _radius(self, wert: float, thema: Thema) -> float:
        """Radius zu einem Wert in Pixeln, negativ unter null; viele Kreise sind kleiner, damit Platz ist."""
        groesster = max(map(abs, _werte(self.gebiete)), default=0.0)
        if not wert or not groesster:
            return 0.0
        voll = min(30.0, 0.055 * thema.breite) * min(1.0, math.sqrt(9 / len(self.gebiete)))
        return math.copysign(max(2.5, voll * math.sqrt(abs(wert) / groesster)), wert)

    def _schreibe(self, legende: Legende) -> None:
        werte = _werte(self.gebiete)
        _schreibe_kopf(legende, self.angaben)
        negativ = any(w < 0 for w in werte)
        muster = _muster(max(map(abs, werte), default=0.0), ganze=self.angaben.stellen == 0)
        spalte = max([self._radius(w, legende.thema) for w in muster] or [0.0])
        for wert in (*muster, *(-w for w in muster[:1] if negativ)):
            text = sprache.wert_text(wert, self.angaben, vorzeichen=negativ)
            legende.kreis(text, self._radius(wert, legende.thema), spalte)
        if len(werte) < len(self.gebiete):
            legende.feld(OHNE_ANGABE)


@dataclass(frozen=True)
class Lagekarte(_Karte):
    """Wo Gebiete im Kreis liegen: die ``gezeigten`` farbig, die anderen mit ihrem Namen."""

    form: ClassVar[str] = "lagekarte"
    gebiete: tuple[Gebietsflaeche, ...]
    untergrund: Untergrund
    gezeigt: tuple[str, ...]

    def _blatt(self, thema: Thema) -> Kartenblatt:
        def inhalt(gebiet: Gebietsflaeche) -> Inhalt:
            if gebiet.name in self.gezeigt:
                return Inhalt(thema.farben.fokus, fett=True)
            return Inhalt(thema.farben.flaeche, leise=True)

        return Kartenblatt(
            self.gebiete, self.untergrund, thema, inhalt, None, liste=False, daneben=True,
            grenze=thema.farben.achse,
        )  # fmt: skip


def _werte(gebiete: Sequence[Gebietsflaeche]) -> list[float]:
    return [k.punkt.wert for k in gebiete if k.punkt is not None and k.punkt.wert is not None]


def _wert(punkt: Punkt | None, angaben: Angaben) -> str:
    """Was unter dem Namen steht: die Zahl ohne Einheit, oder ein Punkt."""
    text = sprache.punkt_text(punkt, angaben) if punkt is not None else "."
    return OHNE_WERT if text == "." else text


def _schreibe_kopf(legende: Legende, angaben: Angaben) -> None:
    """Was die Karte zeigt, in welcher Einheit und wann."""
    einheit = angaben.einheit_kurz or angaben.einheit
    legende.text(sprache.gross(angaben.was), fett=True)
    legende.text(", ".join(t for t in ("in %" if einheit == "%" else einheit, angaben.zeit) if t), leise=True)
    legende.abstand()


def _muster(groesster: float, *, ganze: bool) -> list[float]:
    """Ein oder zwei runde Werte, an denen sich Kreise ablesen lassen, der größere zuerst."""
    if groesster <= 0:
        return []
    zehner = 10.0 ** math.floor(math.log10(groesster))
    zehner /= 10 if zehner > groesster else 1  # der Logarithmus rundet 999 999 999 999,998 auf
    oben = max(f * zehner for f in (1, 2, 5) if f * zehner <= groesster)
    return [oben, oben / 5] if oben >= 5 or not ganze else [oben]


def gebietsflaechen(
    grund: Kartengrund, gebiete: Sequence[Gebiet], punkte: Mapping[str, Punkt]
) -> tuple[tuple[Gebietsflaeche, ...], Untergrund]:
    """Was eine Karte von ihrem Grund braucht; ``punkte`` sind Werte je Gebietsschlüssel."""
    flaechen = tuple(
        Gebietsflaeche(g.name, als_text(grund.flaechen[g.schluessel]), punkte.get(g.schluessel), g.name_kurz)
        for g in gebiete
    )
    return flaechen, Untergrund(grund.vermerk, als_text(grund.fugen))


def flaechenkarte(
    gebiete: Sequence[Gebietsflaeche], angaben: Angaben, *, untergrund: Untergrund | None = None,
    bezug: worte.Bezug = None, grenzen: Sequence[float] | None = None, raum: str = "Gebieten",
) -> Diagramm:  # fmt: skip
    """Zeichnet Flächen in der Farbe ihrer Klasse; nur für Quoten und andere bezogene Werte.

    ``grenzen`` nennt bis zu vier innere Klassengrenzen (sonst runde, gleich breite), ``bezug`` ist Name und
    Wert des Kreises, ``raum`` der Name der Gebiete im Dativ der Mehrzahl. Die Datentafel folgt ihrer
    Reihenfolge.
    """
    fest = None if grenzen is None else tuple(grenzen)
    motiv = Flaechenkarte(tuple(gebiete), untergrund or Untergrund(), angaben, bezug, fest)
    gerechnet = "Klassen: gleich breit, gerundet, aus diesen Werten."
    return _diagramm(motiv, gebiete, angaben, bezug, raum, *([gerechnet] if grenzen is None else []))


def symbolkarte(
    gebiete: Sequence[Gebietsflaeche], angaben: Angaben, *, untergrund: Untergrund | None = None,
    raum: str = "Gebieten",
) -> Diagramm:  # fmt: skip
    """Zeichnet je Gebiet einen Kreis in der Größe seiner Anzahl; sonst wie :func:`flaechenkarte`."""
    motiv = Symbolkarte(tuple(gebiete), untergrund or Untergrund(), angaben)
    return _diagramm(motiv, gebiete, angaben, None, raum)


def lagekarte(
    gebiete: Sequence[Gebietsflaeche], gezeigt: Sequence[str], wo: tuple[str, str],
    untergrund: Untergrund | None = None, *, grenzt: bool = True,
) -> Diagramm:  # fmt: skip
    """Zeichnet alle Gebiete und färbt die ``gezeigten`` (ihre Namen); ``grenzt``: wer sich berührt, ist wahr.

    ``wo`` sind die Namen dessen, worum es geht, und des Kreises: „Musterau“, „Landkreis Muster“.
    """
    motiv = Lagekarte(tuple(gebiete), untergrund or Untergrund(), tuple(gezeigt))
    nachbarn = angrenzend(gebiete, gezeigt) if grenzt else []
    kopf, zeilen = [textzelle("Gebiet")], [[textzelle(k.kurz or k.name)] for k in gebiete]
    if nachbarn:
        kopf.append(textzelle(f"Grenzt an {sprache.im_nominativ(wo[0])}"))
        for zeile, k in zip(zeilen, gebiete, strict=True):
            selbst = "gehört dazu" if len(gezeigt) > 1 else "ist es selbst"
            an = "ja" if (k.kurz or k.name) in nachbarn else "nein"
            zeile.append(textzelle(selbst if k.name in gezeigt else an))
    wer = sprache.gross(sprache.im_nominativ(wo[0]))
    satz = f"{wer} liegt {sprache.ortsangabe(wo[1], 'kreis')}"
    if not gezeigt:
        satz = f"{sprache.gross(sprache.im_nominativ(wo[1]))} hat {sprache.zahlwort(len(gebiete))} Kommunen"
    elif nachbarn:
        satz = f"{wer} grenzt im Kreis an {sprache.aufzaehlung([*map(sprache.im_nominativ, nachbarn)])}"
    daten = Tabellenmodell(kopf=(tuple(kopf),), zeilen=tuple(Tabellenzeile(zellen=tuple(z)) for z in zeilen))
    satz = f"{satz.removesuffix('.')}."  # „… an Weißwasser/O.L.“
    return g.diagramm(motiv, worte.Worte(satz, f"Karte mit der Lage. {satz}"), daten)


def _diagramm(
    motiv: Motiv, gebiete: Sequence[Gebietsflaeche], angaben: Angaben, bezug: worte.Bezug, raum: str,
    *hinweise: str,
) -> Diagramm:  # fmt: skip
    ohne = Punkt("", None, Status.UNBEKANNT)
    punkte = [replace(k.punkt or ohne, x=k.kurz or k.name, unten=None, oben=None) for k in gebiete]
    serie = Serie(angaben.was, tuple(punkte))
    gesagt = worte.spannweite("Karte", punkte, angaben, raum=raum, bezug=bezug, nennen=True)
    hilfe = lesehilfe.karte(punkte, angaben, symbole=isinstance(motiv, Symbolkarte))
    return g.diagramm(motiv, gesagt, g.tafel([serie], angaben), (*hinweise, *g.hinweise_zu([serie])), hilfe)


def bilde(werte: Sequence[float], thema: Thema, grenzen: Sequence[float] | None = None) -> Klassen:
    """Klassen gleicher Breite mit runden Grenzen; genannte ``grenzen`` (bis zu vier) gelten unverändert."""
    if grenzen is not None:
        gewaehlt = tuple(sorted(set(grenzen)))[: HOECHSTENS - 1]
    else:
        gewaehlt = _runde(sorted(w for w in werte if math.isfinite(w)))
    n = len(gewaehlt)
    stufen = [round(i * (HOECHSTENS - 1) / n) for i in range(n + 1)] if n else [1]
    farben = tuple(thema.farben.klassen[i] for i in stufen)
    return Klassen(gewaehlt, max(map(_stellen, gewaehlt), default=0), farben)


def _runde(werte: list[float]) -> tuple[float, ...]:
    if not werte or werte[0] == werte[-1]:
        return ()
    schritt = _schritt((werte[-1] - werte[0]) / HOECHSTENS)
    while True:
        erste = math.floor(werte[0] / schritt) + 1
        liste = [round(i * schritt, 12) for i in range(erste, math.ceil(werte[-1] / schritt - 1e-9) + 1)]
        liste = [g for g in liste if werte[0] < g <= werte[-1]]
        if len(liste) < HOECHSTENS:
            return tuple(liste)
        schritt = _schritt(schritt * 1.01)


def _schritt(roh: float) -> float:
    zehner = 10.0 ** math.floor(math.log10(roh))
    return next(f * zehner for f in (1, 2, 2.5, 5, 10) if f * zehner >= roh * 0.9999)


def _stellen(g: float) -> int:
    return next((n for n in range(7) if abs(round(g, n) - g) <= 1e-9 * max(1.0, abs(g))), 6)
