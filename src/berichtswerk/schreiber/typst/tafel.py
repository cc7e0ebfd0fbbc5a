"""Tabellen als Typst: Spaltenbreiten nach Inhalt, Kopf wiederholt sich, Zahlen stehen rechts."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from statistics import fmean
from typing import Literal, NamedTuple

from berichtswerk.bild.thema import Thema
from berichtswerk.gegenstand.gegenstaende import Tabellenmodell, Tabellenzeile, Tabellenzelle
from berichtswerk.grund.abstand import UNTEILBAR, geschuetzt, mit_einheit_fest
from berichtswerk.grund.trennung import WEICH, trennbar
from berichtswerk.grund.zahl import GESCHUETZT
from berichtswerk.schreiber.typst import maskiere
from berichtswerk.tabelle.tabelle import polster, zelltext


@dataclass(frozen=True, slots=True)
class Fach:
    """Eine Zelle: Wortlaut (für die Breite), Typst-Text, verbundene Spalten und Zeilen."""

    text: str
    inhalt: str
    spalten: int = 1
    zeilen: int = 1


@dataclass(frozen=True, slots=True)
class Zeile:
    """Eine Tabellenzeile; ``art`` ist leer, ``gruppe``, ``summe`` oder ``vergleich``."""

    art: str
    faecher: tuple[Fach, ...]


class _Stil(NamedTuple):
    """Schriftgrad und Innenabstand einer Spalte (links und rechts zusammen) in Punkt."""

    grad: float
    rand: float
    text: str


class _Wort(NamedTuple):
    """Was nie umbricht, in Punkt: mit dem Abstand danach, ohne ihn, und seine Teile an Silbenfugen."""

    mit: float
    ohne: float
    teile: tuple[float, ...]


class _Zelle(NamedTuple):
    """Ein Fach über die Spalten ``von`` bis vor ``bis``: ab welchen Weiten es wie viele Zeilen braucht.

    ``kleinste`` sind drei Weiten: für ganze Wörter, für ihre Teile, für die Teile auch der Zahlen.
    """

    von: int
    bis: int
    kopf: bool
    kleinste: tuple[float, float, float]
    weiten: list[float]
    zeilen: list[int]


class _Breiten(NamedTuple):
    """Breiten in Punkt (mit Innenabstand), Anteil der Tabelle an ihrem Platz; ``knapp``, wenn es eng ist."""

    spalten: list[float]
    anteil: int
    stil: _Stil
    knapp: bool


_ENGER = "#show table: set text(size: 8.5pt)\n#set table(inset: (x: 4pt, y: 4pt))\n"
_STILE = (_Stil(9, 10, ""), _Stil(8.5, 8, _ENGER), _Stil(8.5, 5, _ENGER.replace("x: 4pt", "x: 2.5pt")))
_WENIGER = (1.0, 1.06, 1.3)
"""Um so viel muss eine Tabelle in kleinerer Schrift oder dichter kürzer werden, damit es sich lohnt."""
SCHMAL, VOLL = 118 * 72 / 25.4, 166 * 72 / 25.4
"""Wie ``bw-spalte`` und ``bw-voll`` in der Vorlage, in Punkt."""
BALKEN_AB, BALKEN_BIS = 5, 15
"""Bei so vielen Gebieten zeigen Balken, wo sie zueinander stehen; mit mehr wird die Tabelle zu hoch."""
KOPFZEILEN, NAMENSZEILEN = 3, 2
"""Mehr Zeilen haben ein Spaltenkopf und ein Zeilenname nur, wo sonst nirgends Platz ist."""
_SPIEL, _SICHER = 0.01, 0.6
"""Rundung; um so viel Punkt darf der Satz breiter sein als gemessen."""
_LUFT = 14.0
"""So viel Abstand über den Innenabstand hinaus bekommt eine Spalte, wo Platz bleibt."""
_WORTE = 16
"""Bis zu so vielen Zeichen ist ein Text neben Zahlen eine Angabe wie sie („nicht genannt“)."""
_STELLE = re.compile(r"[ \n\t]+|(?<=[^\W\d_])[-–/](?=\w)")
"""Hier bricht eine Zeile: hinter Leerzeichen, Strich und Schrägstrich."""
_GLEICH_BREIT = str.maketrans({**dict.fromkeys("123456789+−±<>=€§", "0"), "%": "0(", WEICH: "-"})
"""Ziffern und Rechenzeichen sind im Satz gleich breit (``number-width: "tabular"``)."""
_ZAHLIG = re.compile(r"[\s()+\d.,:…/%‰€a-zA-Z–\u00a0\u2007\u2008\u202f\u2212-]*")
_JAHR = re.compile(r"\d{4}(?!\d)")
_VIER_BUCHSTABEN = re.compile(r"[a-zA-Z]{4}")


def tabelle(modell: Tabellenmodell, thema: Thema, *, breit: bool = False) -> Satztafel:
    """Eine Tabelle der Gegenstände; ``breit``: über beide Spalten."""
    breiten = polster(modell)
    balken = _balken(modell)
    kopf = [Zeile("", tuple(_fach_aus(z, mit_einheit_fest(z.text)) for z in zeile)) for zeile in modell.kopf]
    rumpf = [
        Zeile(
            "" if zeile.art == "zeile" else zeile.art,
            tuple(
                _fach_aus(z, zelltext(z, breiten, i), balken.get(i) if zeile.art == "zeile" else None)
                for i, z in enumerate(zeile.zellen)
            ),
        )
        for zeile in modell.zeilen
    ]
    return setze(
        kopf, rumpf, thema, breit=breit, gleich=[j for j in _jahre(modell) if balken.keys() & set(j)]
    )


def stapel(modell: Tabellenmodell, thema: Thema) -> Satztafel:
    """Viele Gebiete nebeneinander, auf Papier gestürzt: je Zwischenüberschrift eine eigene Tabelle.

    In ihr stehen Gebiete untereinander, Kennzahlen nebeneinander; die Spalte mit dem Vergleich (die zweite)
    wird zur Summe.
    """
    kopf = modell.kopf[0]
    teile: list[tuple[str, list[Tabellenzeile]]] = []
    for zeile in modell.zeilen:
        if zeile.art == "gruppe" or not teile:
            teile.append((zeile.zellen[0].text if zeile.art == "gruppe" else "", []))
        if zeile.art != "gruppe":
            teile[-1][1].append(zeile)
    reihen = []
    for titel, zeilen in teile:
        oben = (kopf[0].model_copy(update={"text": "Gebiet"}), *(z.zellen[0] for z in zeilen))
        gebiete = []
        for i in (*range(2, len(kopf)), 1):
            art: Literal["zeile", "summe"] = "summe" if i == 1 else "zeile"
            gebiete.append(Tabellenzeile(art=art, zellen=(kopf[i], *(z.zellen[i] for z in zeilen))))
        satz = tabelle(Tabellenmodell(kopf=(oben,), zeilen=tuple(gebiete)), thema, breit=True)
        reihen.append(f"  [#block(above: 0pt, below: 6pt, strong[{maskiere(titel)}])\n{satz.text}],")
    return Satztafel("#block(width: bw-voll)[#bw-stapel(", "", tuple(reihen), 1)


def _balken(modell: Tabellenmodell) -> dict[int, tuple[float, float]]:
    """Spalten mit Balken: größter Wert und der des Gebiets aus allen.

    Nur wo viele Gebiete unter einem stehen, das kein Vielfaches von ihnen ist (Anteile, keine Anzahlen), und
    nichts negativ ist.
    """
    zeilen = [z.zellen for z in modell.zeilen if z.art == "zeile"]
    summen = [z.zellen for z in modell.zeilen if z.art == "summe"]
    gegliedert = any(z.art == "gruppe" for z in modell.zeilen)
    breite = sum(z.spalten for z in modell.kopf[0])
    if (
        not gegliedert
        or len(summen) != 1
        or not BALKEN_AB <= len(zeilen) <= BALKEN_BIS
        or any(len(z) != breite for z in zeilen)
    ):
        return {}
    fertig = {}
    for i in range(1, breite):
        werte, ganz = [w for z in zeilen if (w := z[i].wert) is not None], summen[0][i].wert
        if ganz is None or len(werte) < BALKEN_AB or any(z[i].spanne for z in zeilen):
            continue
        groesster = max(*werte, ganz)
        if min(*werte, ganz) >= 0 and 0 < ganz <= max(werte):
            fertig[i] = (groesster, ganz)
    for jahre in _jahre(modell):
        hoechster = max((fertig[i][0] for i in jahre if i in fertig), default=0.0)
        fertig |= {i: (hoechster, fertig[i][1]) for i in jahre if i in fertig}
    return fertig


def _jahre(modell: Tabellenmodell) -> list[range]:
    """Spalten, in denen dieselbe Kennzahl für mehrere Jahre steht: unter einem Kopf nur Jahre."""
    if len(modell.kopf) != 2 or any(z.spalten > 1 for z in modell.kopf[1]):
        return []
    unten = iter(modell.kopf[1])
    gruppen, i = [], 0
    for zelle in modell.kopf[0]:
        spalten = range(i, i + zelle.spalten)
        i += zelle.spalten
        koepfe = list(islice(unten, len(spalten))) if zelle.zeilen == 1 else []
        if len(koepfe) > 1 and all(_JAHR.match(k.text) for k in koepfe):
            gruppen.append(spalten)
    return gruppen


def _fach_aus(zelle: Tabellenzelle, text: str, balken: tuple[float, float] | None = None) -> Fach:
    inhalt = maskiere(geschuetzt(text))
    if balken and zelle.wert is not None:
        anteil, strich = (f"{w / balken[0]:.3f}" for w in (zelle.wert, balken[1]))
        inhalt = f"#bw-balken({anteil}, {strich})[{inhalt}]"
    return Fach(text, inhalt, zelle.spalten, zelle.zeilen)


@dataclass(frozen=True, slots=True)
class Satztafel:
    """Eine Tabelle in Stücken: was sie öffnet, ihr Kopf, ihre Reihen.

    Zwischen zwei Reihen kann sie umbrechen: eine Zwischenüberschrift gehört zur Zeile danach, verbundene
    Zeilen zueinander. So viele wie ``beisammen`` stehen mindestens auf einer Seite. ``knapp``: ein Name
    bricht um, oder ein Kopf ist zu hoch oder wird getrennt.
    """

    auf: str
    kopf: str
    reihen: tuple[str, ...]
    beisammen: int = 3
    knapp: bool = False

    def mit(self, *reihen: str) -> str:
        """Die Tabelle aus diesen Stücken (Kopf, Reihen)."""
        return "\n".join([self.auf, *(r for r in reihen if r), ")]"])

    @property
    def text(self) -> str:
        """Die ganze Tabelle."""
        return self.mit(self.kopf, *self.reihen)


def setze(
    kopf: Sequence[Zeile],
    rumpf: Sequence[Zeile],
    thema: Thema,
    *,
    breit: bool = False,
    gleich: Sequence[range] = (),
) -> Satztafel:
    """Kopf- und Rumpfzeilen als ``#table`` in einem Block passender Breite; ``gleich`` breit sind Spalten,
    deren Balken man vergleicht.
    """
    b = _breiten(kopf, rumpf, thema, VOLL if breit else SCHMAL, gleich)
    auf = [
        f"#block(width: {b.anteil}%)[{b.stil.text}#table(",
        f"  columns: ({', '.join(f'{w:.1f}fr' for w in b.spalten)},),",
        f"  align: ({', '.join(_lage(kopf, rumpf))},),",
    ]
    oben: list[str] = []
    if kopf:
        _durchlaufe(kopf, lambda i, fach: oben.append(_kopffach(i, fach, b, thema)))
        oben = ["  table.header(repeat: true,", *oben, "  ),"]
    return Satztafel("\n".join(auf), "\n".join(oben), tuple(_reihen(rumpf, b, thema)), knapp=b.knapp)


def _reihen(rumpf: Sequence[Zeile], b: _Breiten, thema: Thema) -> Iterator[str]:
    reihe: list[str] = []
    offen = 0
    for zeile in rumpf:
        gruppe = zeile.art == "gruppe"
        # eine Zwischenüberschrift ist für Typst ein Kopf: nie die letzte Zeile einer Seite
        reihe += ["  table.header(level: 2, repeat: false,"] if gruppe else []
        for i, fach in enumerate(zeile.faecher):
            getrennt, silben = _getrennt(fach, _platz(i, fach, b), b.stil, thema, fett=bool(zeile.art))
            davor = "#set text(hyphenate: true)\n" if silben else ""
            reihe.append(_fach(replace(fach, inhalt=davor + getrennt), zeile.art))
        reihe += ["  ),"] if gruppe else []
        offen = max(offen, *(f.zeilen for f in zeile.faecher), 1) - 1
        if not gruppe and not offen:
            yield "\n".join(reihe)
            reihe = []
    if reihe:
        yield "\n".join(reihe)


def _durchlaufe(zeilen: Sequence[Zeile], tu: Callable[[int, Fach], object]) -> None:
    """Ruft ``tu(spalte, fach)``; Fächer über mehrere Zeilen verschieben die folgenden."""
    belegt: dict[int, int] = {}
    for zeile in zeilen:
        i = 0
        for fach in zeile.faecher:
            i = _naechste(belegt, i)
            tu(i, fach)
            belegt |= dict.fromkeys(range(i, i + fach.spalten), fach.zeilen - 1)
            i += fach.spalten
        _naechste(belegt, i)


def _naechste(belegt: dict[int, int], i: int) -> int:
    """Die erste freie Spalte ab ``i``; was von oben hereinragt, ist eine Zeile kürzer."""
    while belegt.get(i):
        belegt[i] -= 1
        i += 1
    return i


def _lage(kopf: Sequence[Zeile], rumpf: Sequence[Zeile]) -> Iterator[str]:
    """Je Spalte ``right``, wenn unter ihrem Kopf meist Zahlen stehen und sonst kurze Worte."""
    texte: list[list[str]] = [[] for _ in range(_spalten(kopf, rumpf))]
    _durchlaufe(rumpf, lambda i, f: texte[i].append(f.text) if f.spalten == 1 else None)
    for i, t in enumerate(texte):
        zahlig = t and 2 * sum(map(_ist_zahl, t)) >= len(t)
        rechts = i and zahlig and all(_ist_zahl(e) or len(e) <= _WORTE for e in t)
        yield "right" if rechts else "left"


def _spalten(kopf: Sequence[Zeile], rumpf: Sequence[Zeile]) -> int:
    return sum(f.spalten for f in (kopf or rumpf)[0].faecher)


def _ist_zahl(text: str) -> bool:
    if _ZAHLIG.fullmatch(text) is None or _VIER_BUCHSTABEN.search(text):
        return False
    return len(text.strip()) <= 1 or any(z.isdigit() for z in text)  # ein Zeichen ist aufgefüllt wie Zahlen


# --- Breiten -----------------------------------------------------------------------------------------------


def _worte(text: str, thema: Thema, grad: float, *, fett: bool, kopf: bool = False) -> Iterator[_Wort]:
    def breit(stueck: str) -> float:
        return thema.breite_von(stueck.translate(_GLEICH_BREIT), fett=fett, groesse=grad)

    text = geschuetzt(text)
    if not kopf and _ist_zahl(text) and not text[:1].isalpha():  # „−9 (−42 bis 21)“ bricht nie
        yield _Wort(breit(text), breit(text), tuple(map(breit, text.replace(GESCHUETZT, " ").split(" "))))
        return
    fest = {i for fund in UNTEILBAR.finditer(text) for i in range(fund.start() + 1, fund.end())}
    stellen = [m.end() for m in _STELLE.finditer(text) if m.end() not in fest]
    for von, bis in pairwise((0, *stellen, len(text))):
        wort = text[von:bis].rstrip(" \n\t")
        teile = re.findall(rf"[^{WEICH} ]+{WEICH}?", _teilbar(wort)) or [""]
        yield _Wort(breit(text[von:bis]), breit(wort), tuple(map(breit, teile)))


def _teilbar(wort: str) -> str:
    """Das Wort mit Trennstellen; wo nichts anderes hilft, bricht „30. September“ an seinem Abstand."""
    return trennbar(wort).replace(GESCHUETZT, " ")


def _umbruch(worte: Sequence[_Wort], weite: float) -> tuple[int, float]:
    """Zeilen bei dieser Weite, und ab welcher größeren die Worte anders umbrechen."""
    zeilen, stand, weiter = 1, 0.0, math.inf
    for wort in worte:
        passt = wort.ohne <= weite + _SPIEL
        for mit, ohne in ((wort.mit, wort.ohne),) if passt else ((t, t) for t in wort.teile):
            if stand and stand + ohne > weite + _SPIEL:
                zeilen, weiter, stand = zeilen + 1, min(weiter, stand + ohne), 0.0
            if ohne > weite + _SPIEL:  # nur noch Silben
                zeilen, weiter = zeilen + math.ceil(ohne / weite) - 1, min(weiter, ohne)
            stand += mit
        if not passt:
            weiter = min(weiter, wort.ohne)
    return zeilen, weiter


def _zelle(von: int, fach: Fach, thema: Thema, stil: _Stil, *, kopf: bool, fett: bool) -> _Zelle:
    worte = tuple(_worte(fach.text, thema, stil.grad, fett=fett, kopf=kopf))
    weite = max(4.0, min(t for w in worte for t in w.teile))
    weiten, zeilen = [0.0], [10**6]
    while weite < math.inf:
        n, weiter = _umbruch(worte, weite)
        n = max(1, n + 1 - fach.zeilen)  # über mehrere Zeilen verbunden: die übrigen hat es dort
        if n < zeilen[-1]:
            weiten.append(weite)
            zeilen.append(n)
        weite = weiter
    ganz, teile = max(w.ohne for w in worte), max(max(w.teile) for w in worte)
    kleinste = (ganz, ganz if _ist_zahl(fach.text) and not kopf else teile, teile)
    return _Zelle(von, von + fach.spalten, kopf, kleinste, [0.0, *weiten[2:]], zeilen[1:])


def _breiten(
    kopf: Sequence[Zeile], rumpf: Sequence[Zeile], thema: Thema, ganz: float, gleich: Sequence[range]
) -> _Breiten:
    """Die Breiten, mit denen die Tabelle am kürzesten wird.

    Jede Spalte ist zuerst so breit wie ihr längstes Wort; was bleibt, bekommt, wer damit am meisten Zeilen
    spart, Zeilennamen zuerst. Kleinere Schrift und getrennte Wörter kosten mehr, als sie sparen, solange es
    anders geht.
    """
    anzahl = _spalten(kopf, rumpf)
    faelle: list[tuple[float, int, list[float], _Stil, bool]] = []
    for stil, weniger in zip(_STILE, _WENIGER, strict=True):
        reihen = _vermessen(kopf, rumpf, thema, stil, gleich)
        if faelle and min(faelle)[0] <= len(reihen) * weniger:  # besser wird es nicht
            break
        for stufe in range(3):
            klein = _kleinste(reihen, anzahl, stil, stufe)
            summe = math.fsum(klein)
            if (summe <= ganz and stufe < 2) or (not faelle and stufe == 2 and stil is _STILE[-1]):
                breiten = _verteilt([k * min(1.0, ganz / summe) for k in klein], reihen, ganz, stil.rand)
                hoehen = [_hoehe(reihe, breiten, stil.rand) for reihe in reihen]
                hoehe, knapp = math.fsum(h for h, _ in hoehen), any(k for _, k in hoehen)
                faelle.append((hoehe * weniger, len(faelle), breiten, stil, knapp))
    _, _, breiten, stil, knapp = min(faelle)
    for jahre in gleich:
        breiten[jahre.start : jahre.stop] = [fmean(breiten[i] for i in jahre)] * len(jahre)
    summe = math.fsum(breiten)
    anteil = math.ceil((summe + _LUFT * (anzahl - 1)) / ganz * 100)
    anteil = 100 if anteil > 78 else max(60, anteil)
    mehr = (ganz * anteil / 100 - summe) / anzahl
    return _Breiten([w + mehr for w in breiten], anteil, stil, knapp)


def _vermessen(
    kopf: Sequence[Zeile], rumpf: Sequence[Zeile], thema: Thema, stil: _Stil, gleich: Sequence[range]
) -> list[list[_Zelle]]:
    """Je Zeile ihre Fächer; was über die ganze Breite geht, braucht keinen Platz."""
    anzahl = _spalten(kopf, rumpf)
    reihen: list[list[_Zelle]] = [[] for _ in (*kopf, *rumpf)]
    zeilen = iter([(nr, z.art) for nr, z in enumerate((*kopf, *rumpf)) for _ in z.faecher])

    def nimm(i: int, fach: Fach) -> None:
        nr, art = next(zeilen)
        if fach.spalten == anzahl or i + fach.spalten > anzahl:
            return
        ist_kopf = nr < len(kopf)
        daneben = next((jahre for jahre in gleich if i in jahre), (i,)) if fach.spalten == 1 else (i,)
        fett = ist_kopf or art in {"summe", "gruppe"}
        reihen[nr] += [_zelle(k, fach, thema, stil, kopf=ist_kopf, fett=fett) for k in daneben]

    _durchlaufe(kopf, nimm)
    _durchlaufe(rumpf, nimm)
    return reihen


def _kleinste(reihen: Sequence[Sequence[_Zelle]], anzahl: int, stil: _Stil, stufe: int) -> list[float]:
    """Je Spalte, was ihre Fächer auf dieser Stufe mindestens brauchen (``_Zelle.kleinste``)."""
    klein = [12.0] * anzahl
    for z in sorted((z for reihe in reihen for z in reihe), key=lambda z: z.bis - z.von):
        fehlt = z.kleinste[stufe] + stil.rand + _SICHER - math.fsum(klein[z.von : z.bis])
        for i in range(z.von, z.bis) if fehlt > 0 else ():
            klein[i] += fehlt / (z.bis - z.von)
    return klein


def _hoehe(reihe: Sequence[_Zelle], breiten: Sequence[float], rand: float) -> tuple[float, bool]:
    """Zeilen einer Reihe mit Aufschlägen für das, was nicht sein soll, und ob es das gibt."""
    summe, knapp, hoechste, namen = 0.0, False, 1, 1
    for z in reihe:
        weite = math.fsum(breiten[z.von : z.bis]) - rand - _SICHER
        n = z.zeilen[bisect_right(z.weiten, weite + _SPIEL) - 1]
        hoechste = max(hoechste, n)
        namen = n if not z.von and not z.kopf else namen
        zu_viel = z.kopf * max(0, n - KOPFZEILEN)
        getrennt = z.kleinste[0] > weite + _SPIEL
        summe += (n - 1) / 4 + 4 * zu_viel + (1 + z.kopf) * getrennt
        knapp |= z.kopf and bool(zu_viel or getrennt)
    if namen == hoechste:  # neben Sätzen ist ein Name in mehreren Zeilen keiner zu viel
        summe += (namen - 1) / 2 + 4 * max(0, namen - NAMENSZEILEN)
    return summe + hoechste, knapp or namen > 1


def _verteilt(
    klein: Sequence[float], reihen: Sequence[Sequence[_Zelle]], ganz: float, rand: float
) -> list[float]:
    """Breiten ab ``klein``: jeder Schritt geht dorthin, wo ein Punkt die meisten Zeilen spart."""
    breiten = list(klein)
    stufen: list[list[tuple[_Zelle, float, int]]] = [[] for _ in klein]
    for nr, reihe in enumerate(reihen):
        for z in reihe:
            for i in range(z.von, z.bis) if len(z.weiten) > 1 else ():
                stufen[i] += ((z, w + rand + _SICHER + _SPIEL, nr) for w in {*z.weiten[1:], z.kleinste[0]})
    while (frei := ganz - math.fsum(breiten)) > _SPIEL:
        bisher = [_hoehe(reihe, breiten, rand)[0] for reihe in reihen]
        bester = (0.0, 0.0, 0)
        for i, alle in enumerate(stufen):
            stand, probe, gewinn = dict(enumerate(bisher)), list(breiten), 0.0
            schritte = ((w - math.fsum(breiten[z.von : z.bis]), nr) for z, w, nr in alle)
            for mehr, nr in sorted((mehr, nr) for mehr, nr in schritte if _SPIEL < mehr <= frei):
                probe[i] = breiten[i] + mehr
                neu, _ = _hoehe(reihen[nr], probe, rand)
                gewinn, stand[nr] = gewinn + stand[nr] - neu, neu
                bester = max(bester, (gewinn / mehr, mehr, i))
        gewinn, mehr, i = bester
        if gewinn <= 0:
            break
        breiten[i] += mehr
    return breiten


# --- Fächer ------------------------------------------------------------------------------------------------


def _platz(i: int, fach: Fach, b: _Breiten) -> float:
    return math.fsum(b.spalten[i : i + fach.spalten]) - b.stil.rand - _SICHER


def _getrennt(fach: Fach, platz: float, stil: _Stil, thema: Thema, *, fett: bool) -> tuple[str, bool]:
    """Der Inhalt mit Trennstellen in Wörtern, die breiter sind als der Platz; ob eins keine Fuge hat."""
    inhalt, silben = fach.inhalt, False
    for wort in filter(None, dict.fromkeys(_STELLE.split(geschuetzt(fach.text)))):
        (ganz,) = _worte(wort, thema, stil.grad, fett=fett)
        if ganz.ohne > platz + _SPIEL:
            silben |= max(ganz.teile) > platz + _SPIEL
            inhalt = inhalt.replace(maskiere(wort), maskiere(_teilbar(wort)))
    return inhalt, silben


def _kopffach(i: int, fach: Fach, b: _Breiten, thema: Thema) -> str:
    """Ein Wort, das breiter ist als seine Spalte, beginnt eine Zeile und wird getrennt."""
    inhalt, silben = _getrennt(fach, _platz(i, fach, b), b.stil, thema, fett=True)
    inhalt = re.sub(rf" (?=[^ ]*{WEICH})", "#bw-neue-zeile;", inhalt)
    lage = "center" if fach.spalten > 1 else ""
    return _fach(replace(fach, inhalt=inhalt), "kopf", lage=lage, trennen=silben)


def _fach(fach: Fach, stil: str, *, lage: str = "", trennen: bool = False) -> str:
    angaben = [
        *(["trennen: true"] if trennen else ()),
        *([f"colspan: {fach.spalten}"] if fach.spalten > 1 else ()),
        *([f"rowspan: {fach.zeilen}"] if fach.zeilen > 1 else ()),
        *([f"align: {lage}"] if lage else ()),
    ]
    name = f"bw-zelle-{stil}" if stil else "table.cell"
    return f"  {name}({', '.join(angaben)})[{fach.inhalt}],"
