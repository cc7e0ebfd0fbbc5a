"""Das Blatt einer Karte: Flächen in Pixeln, Namen und Werte darin, Schraffur, Legende."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from heapq import heapify, heappop
from itertools import product, takewhile
from typing import Any

from berichtswerk.bild.anordnung import im_kasten
from berichtswerk.bild.leinwand import (
    Ebene,
    Rahmen,
    Schild,
    Strich,
    Teil,
    ebene,
    kaesten,
    nach_feld,
    pfade,
    rahme,
    tupfen,
)
from berichtswerk.bild.motiv import Hoehen
from berichtswerk.bild.schriftraum import Masz, Schriftraum, pol, schraffur
from berichtswerk.bild.thema import SCHRIFT, ZEILE, Thema
from berichtswerk.gegenstand import serien
from berichtswerk.grund.trennung import ORTSFUGE
from berichtswerk.grund.umriss import (
    Flaeche,
    Kante,
    Punkt,
    Ring,
    gemeinsam,
    kanten,
    vereinige,
    verkettet,
)

NEBEN = 480
"""Ab dieser Breite steht die Legende neben der Karte, sonst darunter."""
_HOCH = 465.0
"""So hoch wird eine Karte neben ihrer Legende höchstens: dann passen auch im Netz fast alle Namen hinein."""
_LUFT = 24.0
_LUEFTE = (7.0, 3.0)
"""Wie viel breiter als die Schrift ihr Platz in der Fläche ist: gewünscht und mindestens."""
_STAUCHUNG = 0.04
"""In solchen Schritten wird geprüft, wie klein eine Karte werden darf."""
_STUFE = 24.0
BUCHSTABEN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""Sie stehen statt eines Namens, der nicht in seine Fläche passt; Ziffern läsen sich wie Werte."""
SCHRAFFUR = 6.0
"""Abstand der Striche über Flächen ohne Wert."""
_TEILE = re.compile(r"(?<=[ /-])(?=.)|(?<=.)(?=\()")


@dataclass(frozen=True, slots=True)
class Gebietsflaeche:
    """Ein Gebiet auf einer Karte; ``umriss`` sind seine Ringe in km („x,y x,y …;x,y …“)."""

    name: str
    umriss: str
    punkt: serien.Punkt | None = None
    kurz: str = ""


@dataclass(frozen=True, slots=True)
class Untergrund:
    """Was eine Karte außer den Gebieten zeigt: feine Fugen (Strecken in km) und den Vermerk darunter."""

    vermerk: str = ""
    fugen: str = ""


def als_text(ringe: Sequence[Sequence[Punkt]]) -> str:
    """Linienzüge als Text, auf 10 Meter gerundet."""
    return ";".join(" ".join(f"{x:.2f},{y:.2f}" for x, y in ring) for ring in ringe)


def aus_text(text: str) -> tuple[Ring, ...]:
    """Gegenstück zu :func:`als_text`."""
    return tuple(
        tuple((float(x), float(y)) for x, _, y in (p.partition(",") for p in ring.split()))
        for ring in text.split(";")
        if ring
    )


@dataclass(frozen=True, slots=True)
class _Lage:
    """Was an einer Karte nicht von ihrer Größe abhängt, in km."""

    flaechen: tuple[Flaeche, ...]
    mitten: tuple[Punkt, ...]
    aussen: Flaeche
    grenzen: tuple[Ring, ...]
    fugen: tuple[Kante, ...]
    kasten: tuple[float, float, float, float]


@lru_cache(maxsize=64)
def _lage(umrisse: tuple[str, ...], fugen: str) -> _Lage:
    flaechen = tuple(map(aus_text, umrisse))
    xs, ys = zip(*(p for f in flaechen for r in f for p in r), strict=True) if flaechen else ((0, 1), (0, 1))
    return _Lage(
        flaechen,
        tuple(pol(f, 0.4) for f in flaechen),
        vereinige(r for f in flaechen for r in f),
        tuple(verkettet(gemeinsam(flaechen))),
        tuple((a, b) for a, b in aus_text(fugen)),
        (min(xs), min(ys), max(xs), max(ys)),
    )


def angrenzend(gebiete: Sequence[Gebietsflaeche], namen: Sequence[str]) -> list[str]:
    """Namen der Gebiete mit einer gemeinsamen Kante mit einem der genannten, in ihrer Reihenfolge."""
    rand = {k[::-1] for g in gebiete if g.name in namen for k in kanten(aus_text(g.umriss))}
    andere = (g for g in gebiete if g.name not in namen)
    return [g.kurz or g.name for g in andere if not rand.isdisjoint(kanten(aus_text(g.umriss)))]


@dataclass(frozen=True, slots=True)
class Inhalt:
    """Was in einer Fläche steht: Füllung (leer: Schraffur), Zeile unter dem Namen, Gewicht, ein Kreis.

    ``kreis`` ist der Radius in Pixeln (0: keiner), ein negativer der eines hohlen Kreises; ``in_der_liste``
    ersetzt den Wert, wo der Name unter einem Buchstaben in der Legende steht.
    """

    farbe: str
    wert: str = ""
    fett: bool = False
    leise: bool = False
    kreis: float = 0.0
    in_der_liste: str = ""


@dataclass(frozen=True)
class Kartenblatt:
    """Eine Karte in einer Breite und Höhe.

    ``inhalt`` sagt je Gebiet, was in seiner Fläche steht; ``legende`` füllt die Legende; ``liste`` erlaubt,
    Namen, die nicht hineinpassen, unter einem Buchstaben in die Legende zu schreiben, ``daneben``, sie neben
    die Karte zu stellen, mit einer Führungslinie; ``grenze`` ist die Farbe innerer Grenzen (sonst helle
    Fugen).
    """

    gebiete: Sequence[Gebietsflaeche]
    untergrund: Untergrund
    thema: Thema
    inhalt: Callable[[Gebietsflaeche], Inhalt]
    legende: Callable[[Legende], None] | None
    liste: bool = True
    daneben: bool = False
    grenze: str = ""

    # --- Maße ---------------------------------------------------------------------------------------

    @property
    def _lage(self) -> _Lage:
        return _lage(tuple(g.umriss for g in self.gebiete), self.untergrund.fugen)

    @property
    def _kasten(self) -> tuple[float, float, float, float]:
        """Westen, Norden, Osten, Süden in km."""
        return self._lage.kasten

    @property
    def _neben(self) -> bool:
        return self.thema.breite >= NEBEN and self.legende is not None

    @cached_property
    def _legendenbreite(self) -> float:
        return round(min(0.34 * self.thema.breite, 250.0)) if self._neben else self.thema.breite - 4.0

    def hoehen(self) -> Hoehen:
        """Kleinste und gewollte Höhe: die Namen sollen in ihre Flächen passen."""
        breite, (w, n, o, s) = self.thema.breite, self._kasten
        hoechste = min(0.68 * breite, _HOCH) if self._neben else (0.6 if breite >= NEBEN else 1.3) * breite
        masz = min(self._platz_breit / (o - w), hoechste / (s - n))

        inhalte = [*map(self.inhalt, self.gebiete)]

        def liste(masz: float) -> list[str]:
            return self._beschrifte(inhalte, masz, (0, 0))[2] if self.liste else []

        def ganz(masz: float) -> float:
            fuss = self._fuss(liste(masz)).hoehe
            return max((s - n) * masz, fuss) + 4 if self._neben else (s - n) * masz + fuss + 16

        # kleiner wird sie nur, solange kein Name dafür einem Buchstaben weicht
        stufen = [1 - nr * _STAUCHUNG for nr in range(int((0.36 if self._neben else 0.25) / _STAUCHUNG) + 1)]
        lesbar = [*takewhile(lambda a: len(liste(masz * a)) <= len(liste(masz)), stufen)]
        hoch = ganz(masz)
        return Hoehen(min(hoch, ganz(masz * lesbar[-1])), hoch)

    @property
    def _platz_breit(self) -> float:
        """Breite für die Karte selbst."""
        return self.thema.breite - 4 - (self._legendenbreite + _LUFT if self._neben else 0.0)

    def _fuss(self, liste: Sequence[str] = ()) -> Legende:
        """Legende, Liste der Buchstaben und Vermerk untereinander."""
        legende = Legende(self.thema, self._legendenbreite)
        if self.legende is not None:
            self.legende(legende)
        if liste:
            legende.abstand()
        for zeile in liste:
            legende.text(zeile, einzug=20)
        if self.untergrund.vermerk:
            legende.abstand()
            legende.text(self.untergrund.vermerk, leise=True)
        return legende

    # --- zeichnen -----------------------------------------------------------------------------------

    def zeichne(self, hoehe: float) -> dict[str, Any]:
        """Die Spezifikation bei dieser Höhe."""
        breite, (w, n, o, s) = self.thema.breite, self._kasten
        teile, liste, tief = list[Teil](), list[str](), self._fuss().hoehe
        while True:  # die Liste der Buchstaben braucht Platz, der der Karte fehlt
            frei = hoehe - 4 - (0 if self._neben else tief + 12)
            masz = max(min(self._platz_breit / (o - w), frei / (s - n)), 0.01)
            links = breite - self._platz_breit - 2
            versatz = links + (self._platz_breit - (o - w) * masz) / 2 - w * masz, 2 - n * masz
            teile, liste = self._karte(masz, versatz)
            if (gebraucht := self._fuss(liste).hoehe) <= tief:
                break
            tief = gebraucht
        unten = 0.0 if self._neben else (s - n) * masz + 14
        fuss = [_versetzt(t, 1.0, unten) for t in self._fuss(liste).teile]
        return rahme([*teile, *fuss], self.thema, Rahmen(hoehe, 0, 0, 0, 0))

    def _karte(self, masz: float, versatz: Punkt) -> tuple[list[Teil], list[str]]:
        """Die Teile der Karte und die Liste der Namen, die nicht in ihre Fläche passen."""

        def px(p: Punkt) -> Punkt:
            return round(p[0] * masz + versatz[0], 1), round(p[1] * masz + versatz[1], 1)

        f, lage = self.thema.farben, self._lage
        flaechen = [tuple(tuple(map(px, ring)) for ring in flaeche) for flaeche in lage.flaechen]
        inhalte = [self.inhalt(g) for g in self.gebiete]
        leer = [fl for fl, i in zip(flaechen, inhalte, strict=True) if not i.farbe]
        tafeln, boxen, liste = self._beschrifte(inhalte, masz, versatz)
        ecken = {p: px(p) for fuge in lage.fugen for p in fuge}
        frei = _ohne_kaesten(((ecken[a], ecken[b]) for a, b in lage.fugen), boxen)
        zeilen = [
            {
                **_gebiet(g.name, flaeche),
                "wert": g.punkt.wert if g.punkt else None,
                "farbe": i.farbe or f.grund,
            }
            for g, flaeche, i in zip(self.gebiete, flaechen, inhalte, strict=True)
        ]
        aussen = [_gebiet("", tuple(tuple(map(px, ring)) for ring in lage.aussen))]
        grenze = self.grenze or f.grund
        teile: list[Teil] = [
            _flaechen(zeilen, gefuellt=True),
            *(strich for flaeche in leer for strich in schraffiert(flaeche, f.text_leise)),
            *_zuege(verkettet(frei), f.grund, 0.6),
            *_zuege([tuple(map(px, z)) for z in lage.grenzen], grenze, 2.4 if grenze == f.grund else 1.0),
            *([_flaechen([_gebiet("", flaeche) for flaeche in leer], f.text_leise, 0.8)] if leer else []),
            _flaechen(aussen, f.text_leise, 1.0),
            *kaesten([{**_kasten_von(k), "farbe": f.grund} for k in boxen if k.hell]),
            *sorted(tafeln, key=_groesse, reverse=True),  # kleine Kreise liegen auf großen
        ]
        return teile, liste

    # --- Schrift ------------------------------------------------------------------------------------

    def _beschrifte(
        self, inhalte: Sequence[Inhalt], masz: float, versatz: Punkt
    ) -> tuple[list[Teil], list[_Box], list[str]]:
        """Namen, Kreise und Werte, die Kästen darum und die Liste der Buchstaben.

        Hervorgehobenes zuerst, dann von Nord nach Süd.
        """
        teile: list[Teil] = []
        boxen: list[_Box] = []
        liste: list[str] = []
        lage = self._lage
        alle = zip(lage.flaechen, lage.mitten, inhalte, self.gebiete, strict=True)
        ohne: list[tuple[Flaeche, Punkt, Inhalt, Gebietsflaeche]] = []
        for flaeche, mitte, inhalt, g in sorted(
            alle, key=lambda t: (not t[2].fett, min(y for r in t[0] for _, y in r))
        ):
            gefunden = _stelle(g.umriss, mitte, masz, self._varianten(g, inhalt))
            neue = self._gesetzt(_plus(gefunden[0], versatz), gefunden[1], inhalt) if gefunden else []
            if not neue and self.daneben:
                ohne.append((flaeche, mitte, inhalt, g))
            if not neue and self.liste:
                text = inhalt.in_der_liste or inhalt.wert
                buchstabe = BUCHSTABEN[len(liste) % len(BUCHSTABEN)]
                liste.append(f"{buchstabe} {g.name}{f': {text}' if text else ''}")
                kurz = replace(inhalt, wert=buchstabe)
                ort, _ = _stelle(g.umriss, mitte, masz, ((((), self._masze((), kurz, _LUEFTE[-1])),),)) or (
                    (mitte[0] * masz, mitte[1] * masz), ()
                )  # fmt: skip
                neue = self._gesetzt(_plus(ort, versatz), (), kurz)
            teile += neue
            boxen += self._boxen(neue, inhalt)
        aussen = _verschoben(lage.aussen, masz, versatz) if ohne else ()
        for flaeche, mitte, inhalt, g in ohne:
            raum = Schriftraum(aussen, _plus((mitte[0] * masz, mitte[1] * masz), versatz))
            namen = umbrueche(g.kurz or g.name, fugen=False)
            striche = [((t.x, t.y), (t.x2, t.y2)) for t in teile if isinstance(t, Strich)]
            in_px = _verschoben(flaeche, masz, versatz)
            neue = self._neben_der_karte(raum, in_px, namen, inhalt, (boxen, striche))
            teile += neue
            boxen += self._boxen(neue, inhalt)
        return teile, boxen, liste

    def _neben_der_karte(
        self, aussen: Schriftraum, flaeche: Flaeche, namen: Sequence[tuple[str, ...]], inhalt: Inhalt,
        belegt: tuple[Sequence[_Box], Sequence[Kante]],
    ) -> list[Teil]:  # fmt: skip
        """Der Name außerhalb des Umrisses, wo Platz ist, mit einer Linie aus der Fläche; sonst nichts."""
        (boxen, striche), f, ort = belegt, self.thema.farben, aussen.mitte
        innen = Schriftraum(flaeche, ort)
        weitab = max(math.dist(ort, p) for ring in flaeche for p in ring)
        beste: tuple[float, Punkt, tuple[str, ...], Kante] | None = None
        heapify(stellen := [*self._stellen_um(aussen, namen, inhalt)])
        while stellen:
            weit, ziel, x, y, halb, hoch, zeilen = heappop(stellen)
            if beste is not None and weit - weitab >= beste[0]:
                break
            if any(abs(x - b.x) < halb + b.halb and abs(y - b.y) < hoch + ZEILE / 2 for b in boxen):
                continue
            if any(im_kasten((x - halb, y - hoch, x + halb, y + hoch), s) for s in striche):
                continue
            linie = _fuehrung(ort, ziel, innen)
            laenge = math.dist(*linie) + 7 * len(zeilen)
            if (beste is None or laenge < beste[0]) and not any(_schneidet(linie, b) for b in boxen):
                beste = laenge, (x, y), zeilen, linie
        if beste is None:
            return []
        _, (x, y), zeilen, ((x1, y1), (x2, y2)) = beste
        schrift = f.fokus if inhalt.fett else f.text_leise
        anfang = y - (len(zeilen) - 1) * ZEILE / 2
        return [
            Strich(x1, y1, x2, y2, schrift, 1.0),
            *(
                Schild(x, anfang + nr * ZEILE, text, schrift, "center", fett=inhalt.fett)
                for nr, text in enumerate(zeilen)
            ),
        ]

    def _stellen_um(
        self, aussen: Schriftraum, namen: Sequence[tuple[str, ...]], inhalt: Inhalt
    ) -> Iterator[tuple[float, Punkt, float, float, float, float, tuple[str, ...]]]:
        """Wo neben der Karte ein Name stehen könnte: Abstand, Ende der Linie, Mitte, Maße, Zeilen."""
        ort = aussen.mitte
        for zeilen in namen:
            halb = max(self.thema.breite_von(z, fett=inhalt.fett) for z in zeilen) / 2 + 3
            hoch = len(zeilen) * ZEILE / 2
            xs = [*map(float, range(math.ceil(halb), int(self.thema.breite - halb) + 1, 6))]
            for y in map(float, range(math.ceil(aussen.oben + hoch), int(aussen.unten - hoch) + 1, 6)):
                belegt = aussen.belegt(y - hoch, y + hoch)
                ziel_y = min(max(ort[1], y - hoch), y + hoch)
                for x in xs:
                    links, rechts = x - halb - 4, x + halb + 4
                    for a, b in belegt:
                        if a <= rechts and b >= links:
                            break
                    else:
                        ziel = min(max(ort[0], x - halb), x + halb), ziel_y
                        yield math.dist(ort, ziel), ziel, x, y, halb, hoch, zeilen

    def _boxen(self, teile: Sequence[Teil], inhalt: Inhalt) -> list[_Box]:
        return [
            _Box(t.x, t.y, self.thema.breite_von(t.text, fett=t.fett) / 2 + 2, not inhalt.farbe)
            for t in teile
            if isinstance(t, Schild)
        ]

    def _schrift(self, inhalt: Inhalt) -> str:
        f = self.thema.farben
        if inhalt.leise:
            return f.text_leise
        return f.text if inhalt.farbe in ("", f.flaeche) else self.thema.schrift_auf(inhalt.farbe)

    def _im_kreis(self, inhalt: Inhalt) -> bool:
        """Ob der Wert in den Kreis passt."""
        breite = self.thema.breite_von(inhalt.wert, fett=True)
        return 2 * abs(inhalt.kreis) >= math.hypot(breite, SCHRIFT * 0.7) + 4

    def _varianten(self, g: Gebietsflaeche, inhalt: Inhalt) -> _Varianten:
        """Wie Name und Wert stehen können, die besten Gruppen zuerst, mit den Maßen der Zeilen."""
        return tuple(
            tuple((zeilen, self._masze(zeilen, inhalt, luft)) for zeilen in umbrueche(name, fugen=fugen))
            for luft, name, fugen in product(
                _LUEFTE, dict.fromkeys((g.name, g.kurz or g.name)), (False, True)
            )
        )

    def _masze(self, zeilen: Sequence[str], inhalt: Inhalt, luft: float) -> tuple[Masz, ...]:
        """Breite und Höhe von Namen, Kreis und Wert, von oben nach unten."""
        werte = (inhalt.wert,) if inhalt.wert and not self._im_kreis(inhalt) else ()
        kreis, breite = 2 * abs(inhalt.kreis), self.thema.breite_von
        return (
            *((breite(z, fett=inhalt.fett) + luft, ZEILE) for z in zeilen),
            *([(kreis, kreis)] if kreis else []),
            *((breite(w, fett=True) + luft, ZEILE) for w in werte),
        )

    def _gesetzt(self, mitte: Punkt, zeilen: Sequence[str], inhalt: Inhalt) -> list[Teil]:
        """Name, Kreis und Wert untereinander um eine Mitte."""
        f, x, darin = self.thema.farben, mitte[0], bool(inhalt.kreis) and self._im_kreis(inhalt)
        radius = abs(inhalt.kreis)
        hoch = (len(zeilen) + (not darin and bool(inhalt.wert))) * ZEILE + 2 * radius
        y = mitte[1] - hoch / 2
        farbe = self._schrift(inhalt)
        teile: list[Teil] = []
        for text in zeilen:
            teile.append(Schild(x, y + ZEILE / 2, text, farbe, "center", fett=inhalt.fett))
            y += ZEILE
        if radius:
            teile += symbol((x, y + radius), inhalt.kreis, self.thema)
        if inhalt.wert:
            if darin:
                farbe = self.thema.schrift_auf(f.fokus) if inhalt.kreis > 0 else f.text
            hoehe = radius if darin else 2 * radius + ZEILE / 2
            teile.append(Schild(x, y + hoehe, inhalt.wert, farbe, "center", fett=True))
        return teile


_Varianten = tuple[tuple[tuple[tuple[str, ...], tuple[Masz, ...]], ...], ...]


@lru_cache(maxsize=256)
def _raum(umriss: str, mitte: Punkt, masz: float) -> Schriftraum:
    """Der Platz in einer Fläche; viele Karten zeigen dieselben Flächen."""
    in_pixel = tuple(tuple((x * masz, y * masz) for x, y in ring) for ring in aus_text(umriss))
    return Schriftraum(in_pixel, (mitte[0] * masz, mitte[1] * masz))


@lru_cache(maxsize=4096)
def _stelle(
    umriss: str, mitte: Punkt, masz: float, varianten: _Varianten
) -> tuple[Punkt, tuple[str, ...]] | None:
    """Mitte und Zeilen der ersten Gruppe, von der etwas hineinpasst, möglichst nah am randfernsten Punkt."""
    raum = _raum(umriss, mitte, masz)
    for gruppe in varianten:
        moeglich = []
        for zeilen, masze in gruppe:
            if (gefunden := raum.platz(masze)) is not None:
                moeglich.append((gefunden[0] + 7 * len(zeilen), gefunden[1], zeilen))
        if moeglich:
            return min(moeglich)[1:]
    return None


@lru_cache(maxsize=1024)
def umbrueche(name: str, *, fugen: bool) -> tuple[tuple[str, ...], ...]:
    """Alle Arten, einen Namen auf bis zu vier Zeilen zu brechen: hinter „/“, „-“, Leerzeichen, vor „(“.

    Mit ``fugen`` auch in Wörtern („Königs-|grabe“).
    """
    teile = [t for t in _TEILE.split(name) if t]
    stuecke: list[tuple[str, bool]] = []
    for teil in teile:
        silben = ORTSFUGE.split(teil) if fugen else [teil]
        stuecke += [(s, nr < len(silben) - 1) for nr, s in enumerate(silben)]
    if fugen and not any(getrennt for _, getrennt in stuecke):
        return ()
    alle = []
    for trennung in product((False, True), repeat=len(stuecke) - 1):
        if sum(trennung) > 3:
            continue
        zeilen, hier = [], ""
        for (stueck, fuge), bricht in zip(stuecke, (*trennung, True), strict=True):
            hier += stueck
            if bricht:
                zeilen.append((hier + "-" if fuge else hier).strip())
                hier = ""
        alle.append(tuple(zeilen))
    return tuple(alle)


@dataclass(frozen=True, slots=True)
class _Box:
    """Der Kasten um eine Zeile; ``hell``: er wird hinterlegt."""

    x: float
    y: float
    halb: float
    hell: bool


def _kasten_von(b: _Box) -> dict[str, float]:
    kanten = {"x": b.x - b.halb, "x2": b.x + b.halb, "y": b.y - ZEILE / 2, "y2": b.y + ZEILE / 2}
    return {k: _zehntel(w) for k, w in kanten.items()}


def _plus(a: Punkt, b: Punkt) -> Punkt:
    return a[0] + b[0], a[1] + b[1]


def _ueberlappt(a: _Box, b: _Box) -> bool:
    return abs(a.x - b.x) < a.halb + b.halb and abs(a.y - b.y) < ZEILE * 0.9


def _ohne_kaesten(strecken: Iterable[Kante], boxen: Iterable[_Box]) -> list[Kante]:
    """Die kurzen Strecken, die in keinen Kasten ragen."""
    je_hoehe: dict[float, list[_Box]] = {}
    for box in boxen:
        for nr in (-1, 0, 1):
            je_hoehe.setdefault(box.y // _STUFE + nr, []).append(box)
    frei = []
    for a, b in strecken:
        if nah := je_hoehe.get(a[1] // _STUFE):
            x, y = (a[0] + b[0]) / 2, (a[1] + b[1]) / 2
            lang = max(abs(a[0] - b[0]), abs(a[1] - b[1])) / 2
            if any(abs(x - k.x) < k.halb + lang and abs(y - k.y) < SCHRIFT * 0.45 + lang for k in nah):
                continue
        frei.append((a, b))
    return frei


def _verschoben(flaeche: Flaeche, masz: float, versatz: Punkt) -> Flaeche:
    """Eine Fläche in Pixeln."""
    return tuple(tuple(_plus((x * masz, y * masz), versatz) for x, y in ring) for ring in flaeche)


def _fuehrung(von: Punkt, bis: Punkt, innen: Schriftraum) -> Kante:
    """Die Strecke zu einem Namen, ab kurz vor der letzten Stelle, die noch in seiner Fläche liegt."""
    auf = _schritte((von, bis))
    letzte = next((nr for nr in range(len(auf) - 1, 0, -1) if innen.enthaelt(*auf[nr])), 0)
    return auf[max(0, letzte - 2)], bis


def _schritte(linie: Kante) -> list[Punkt]:
    (ax, ay), (bx, by) = linie
    n = max(1, int(math.dist(*linie) / 3))
    return [(ax + (bx - ax) * i / n, ay + (by - ay) * i / n) for i in range(n + 1)]


def _schneidet(linie: Kante, box: _Box) -> bool:
    """Ob eine Führungslinie durch einen Kasten läuft."""
    return any(abs(x - box.x) < box.halb and abs(y - box.y) < ZEILE / 2 for x, y in _schritte(linie))


def _versetzt(teil: Teil, dx: float, dy: float) -> Teil:
    """Derselbe Teil an anderer Stelle."""
    if isinstance(teil, Schild):
        return replace(teil, x=teil.x + dx, y=teil.y + dy)
    if isinstance(teil, Strich):
        return replace(teil, x=teil.x + dx, y=teil.y + dy, x2=teil.x2 + dx, y2=teil.y2 + dy)
    weg = {"x": dx, "x2": dx, "y": dy, "y2": dy}
    zeilen = [
        {k: _zehntel(w + weg[k]) if k in weg else w for k, w in zeile.items()}
        for zeile in teil["data"]["values"]
    ]
    return {**teil, "data": {"values": zeilen}}


def _groesse(teil: Teil) -> float:
    return float(teil["mark"]["size"]) if isinstance(teil, dict) else 0.0


def _zehntel(wert: float) -> float:
    return round(wert, 1)


def _gebiet(name: str, flaeche: Flaeche, wert: float | None = None) -> dict[str, Any]:
    ringe = [[[list(p) for p in (*ring, ring[0])]] for ring in flaeche]
    geometrie = {"type": "MultiPolygon", "coordinates": ringe}
    return {"type": "Feature", "name": name, "wert": wert, "geometry": geometrie}


def _flaechen(
    zeilen: Sequence[dict[str, Any]], rand: str = "", dick: float = 0.0, *, gefuellt: bool = False
) -> Ebene:
    """Flächen, deren Koordinaten schon Pixel sind: gefüllt oder nur umrandet."""
    marke: dict[str, Any] = {"type": "geoshape", "filled": gefuellt}
    if dick:
        marke |= {"stroke": rand, "strokeWidth": dick, "strokeJoin": "round"}
    kodierung = {"color": nach_feld()} if gefuellt else {}
    projektion = {"type": "identity", "scale": 1, "translate": [0, 0]}
    return {**ebene(zeilen, marke, **kodierung), "projection": projektion}


def _zuege(zuege: Sequence[Ring], farbe: str, dick: float) -> list[Ebene]:
    """Linienzüge in Pixeln."""
    zeilen = [
        {"x": x, "y": y, "zug": nr, "folge": folge}
        for nr, zug in enumerate(zuege)
        for folge, (x, y) in enumerate(zug)
    ]
    return pfade(zeilen, farbe, dick)


def schraffiert(flaeche: Flaeche, farbe: str, abstand: float = SCHRAFFUR) -> list[Teil]:
    """Die Striche über einer Fläche."""
    return [
        Strich(_zehntel(x), _zehntel(y), _zehntel(x2), _zehntel(y2), farbe)
        for (x, y), (x2, y2) in schraffur(flaeche, abstand)
    ]


class Legende:
    """Zeilen untereinander, ab der linken oberen Ecke; ``hoehe`` wächst mit."""

    def __init__(self, thema: Thema, breite: float) -> None:
        self.thema, self.breite = thema, breite
        self.teile: list[Teil] = []
        self.hoehe = 0.0

    def abstand(self) -> None:
        """Luft vor dem nächsten Teil."""
        self.hoehe += 8 if self.teile else 0

    def text(self, text: str, *, fett: bool = False, leise: bool = False, einzug: float = 0.0) -> None:
        """Ein Text, umbrochen; weitere Zeilen mit ``einzug``."""
        farbe = self.thema.farben.text_leise if leise else self.thema.farben.text
        for nr, zeile in enumerate(self.thema.umbruch(text, self.breite - einzug, fett=fett)):
            self.teile.append(Schild(einzug * (nr > 0), self.hoehe + ZEILE / 2, zeile, farbe, fett=fett))
            self.hoehe += ZEILE

    def feld(self, text: str, farbe: str = "") -> None:
        """Ein Feld in der Farbe (leer: schraffiert) und was es bedeutet."""
        f, y = self.thema.farben, self.hoehe
        x2, y1, y2 = 24.5, y + 1.5, y + ZEILE - 2.5
        self.teile += kaesten(
            [{"x": 0.5, "x2": x2, "y": y1, "y2": y2, "farbe": farbe or f.grund}], rand=f.achse
        )
        if not farbe:
            ecken: Ring = ((0.5, y1), (x2, y1), (x2, y2), (0.5, y2))
            self.teile += schraffiert((ecken,), f.text_leise, SCHRAFFUR * 0.7)
        self.teile.append(Schild(32, y + ZEILE / 2, text, f.text))
        self.hoehe += ZEILE + 3

    def kreis(self, text: str, radius: float, spalte: float) -> None:
        """Ein Kreis (negativer Radius: hohl) mittig in einer Spalte und sein Wert."""
        f, hoch = self.thema.farben, max(2 * abs(radius) + 4, ZEILE)
        y = self.hoehe + hoch / 2
        self.teile += symbol((spalte + 1, y), radius, self.thema)
        self.teile.append(Schild(2 * spalte + 10, y, text, f.text))
        self.hoehe += hoch + 2


def symbol(mitte: Punkt, radius: float, thema: Thema) -> list[Ebene]:
    """Ein Kreis: gefüllt mit hellem Saum, bei negativem Radius hohl."""
    f = thema.farben
    rand, fuellung = (f.grund, f.fokus) if radius > 0 else (f.fokus, f.grund)
    punkt = [{"x": _zehntel(mitte[0]), "y": _zehntel(mitte[1])}]
    return tupfen(punkt, rand, groesse=round(4 * radius * radius, 1), hohl=fuellung)
