"""Streifen: je Kennzahl eine Zeile mit eigener Skala, in der Mitte der Kreis, darum die Orte."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from berichtswerk.bild.formen import gemeinsam as g
from berichtswerk.bild.leinwand import Rahmen, Schild, Strich, Teil, rahme, tupfen
from berichtswerk.bild.motiv import Hoehen, Motiv
from berichtswerk.bild.thema import ZEILE, Thema
from berichtswerk.gegenstand.gegenstaende import Tabellenmodell, Tabellenzelle
from berichtswerk.gegenstand.serien import Diagramm, Punkt
from berichtswerk.grund import zahl
from berichtswerk.grund.zeichen import ANZEIGE, ERKLAERUNG, Status
from berichtswerk.tabelle import tabellenbau as bau
from berichtswerk.worte import befund as worte
from berichtswerk.worte import lesehilfe, sprache

_ENGE, _WEITE = 2 * ZEILE + 4, 8.0
"""Kleinste Höhe einer Zeile, und was sie gern mehr hätte."""
_KOPF, _FUSS = ZEILE + 10, 4.0
_FEST = _KOPF + _FUSS
_NAME = 0.36
"""Höchster Anteil der Namen an der Breite."""
_LUFT, _RING, _GRUPPE = 14.0, 7.0, ZEILE + 12
_SCHMAL = 440
"""Schmaler steht der Streifen unter Name und Zahl statt dazwischen."""


@dataclass(frozen=True, slots=True)
class _Masse:
    """Platz für Name und Unterzeile, Höhe einer Zeile, Ränder des Streifens; wie viel tiefer er liegt."""

    text: float
    zeile: float
    links: float
    rechts: float
    tiefer: float


@dataclass(frozen=True)
class Streif:
    """Eine Zeile: Name der Kennzahl, darunter Einheit und Jahr, der Ort, der Kreis und die anderen Orte."""

    name: str
    unter: str
    ort: Punkt
    kreis: float
    andere: tuple[float, ...] = ()
    stellen: int = 0
    saldo: bool = False
    gruppe: str = ""
    """Worunter die Zeile steht; vor der ersten jeder Gruppe steht ihr Name."""

    def text(self, wert: float) -> str:
        """Ein Wert dieser Zeile als Zahl."""
        return zahl.schreibe(wert, self.stellen, vorzeichen=self.saldo)

    @property
    def rechts(self) -> str:
        """Der Wert des Ortes."""
        return "keine Angabe" if self.ort.wert is None else self.text(self.ort.wert)

    @property
    def darunter(self) -> str:
        """Der Wert des Kreises."""
        return f"Kreis {self.text(self.kreis)}"

    def lage(self, wert: float) -> float:
        """Wo ein Wert auf dem Streifen liegt: −1 bis 1, der Kreis bei 0."""
        alle = [abs(w - self.kreis) for w in (*self.andere, self.ort.wert) if w is not None]
        return (wert - self.kreis) / (max(alle, default=0.0) or 1.0)


def streifen(zeilen: tuple[Streif, ...], ort: str, im_satz: str, andere: int) -> Diagramm:
    """Zeichnet den Abstand eines Ortes zum Kreis; ``andere`` ist die Zahl der übrigen Orte.

    Die Orte haben keine Reihenfolge: außer dem einen sind sie Ringe ohne Namen. Ein fehlender oder gesperrter
    Wert steht als Zeichen da und wird erklärt.
    """
    abstand, ringe = _groesster_abstand(zeilen), f"Ringe: die anderen {sprache.zahlwort(andere)} Orte"
    ringe = ringe if andere > 1 else "Ring: der andere Ort" if andere else ""
    wer = sprache.gross(im_satz)
    gezaehlt = [f"{wer} {satz}" if satz.startswith("liegt") else satz for satz in _verteilt(zeilen)]
    alt = f"Streifendiagramm: {'. '.join(gezaehlt)}."
    for satz in (abstand, ringe):
        if satz and len(f"{alt} {satz}") < worte.HOECHSTENS:
            alt = f"{alt} {sprache.mit_punkt(satz)}"
    fehlt = dict.fromkeys(z.ort.status for z in zeilen if z.ort.wert is None)
    hinweise = tuple(f"Zeichenerklärung: {ANZEIGE.get(s, '.')} = {ERKLAERUNG[s]}" for s in fehlt)
    # der Titel zählt nur; welche Zeile am weitesten auseinanderliegt, steht ohne Gewicht darunter
    gesagt = worte.Worte(f"{gezaehlt[0]}.", alt, weiter=" ".join([*(f"{s}." for s in gezaehlt[1:]), abstand]))
    z = next((z for z in zeilen if z.ort.wert is not None and z.text(z.ort.wert) != z.text(z.kreis)), None)
    hilfe: lesehilfe.Lesehilfe = ()
    if z is not None and z.ort.wert is not None:
        hoeher = z.ort.wert > z.kreis
        hilfe = lesehilfe.streifen(z.name, z.text(z.ort.wert), z.text(z.kreis), hoeher=hoeher)
    return g.diagramm(Streifen(zeilen, ort), gesagt, _tafel(zeilen, ort), hinweise, hilfe)


def _groesster_abstand(zeilen: Sequence[Streif]) -> str:
    """„Größter Abstand, gemessen an der Spanne der Orte: Ausländeranteil, 5,5 gegenüber 3,1 (in %, 2022).“"""
    da = [z for z in zeilen if z.ort.wert is not None]
    mit = [z for z in da if z.text(z.ort.wert or 0.0) != z.text(z.kreis)]
    if not mit:
        return "Kein Unterschied zum Kreis." if da else "Keine Angabe zum Abstand vom Kreis."
    z = max(mit, key=lambda z: abs(z.lage(z.ort.wert or 0.0)))
    wert, kreis = z.text(z.ort.wert or 0.0), z.text(z.kreis)
    return (
        f"Größter Abstand, gemessen an der Spanne der Orte: {z.name}, {wert} gegenüber {kreis} ({z.unter})."
    )


def _verteilt(zeilen: Sequence[Streif]) -> list[str]:
    """„liegt bei sechs von zehn Kennzahlen über dem Kreis, bei vier darunter“; was fehlt, für sich."""
    zaehlt = Counter(
        "ohne Angabe" if z.ort.wert is None
        else "gleichauf" if z.text(z.ort.wert) == z.text(z.kreis)
        else "über dem Kreis" if z.ort.wert > z.kreis
        else "darunter"
        for z in zeilen
    )  # fmt: skip
    von = f" von {sprache.zahlwort(len(zeilen))} Kennzahlen" if len(zeilen) > 1 else " Kennzahl"
    teile: list[str] = []
    for wort in ("über dem Kreis", "darunter", "gleichauf"):
        if n := zaehlt[wort]:
            wo = {"darunter": "unter dem Kreis", "gleichauf": "gleichauf mit dem Kreis"}.get(wort, wort)
            wie_viele = "einer" if n == 1 else sprache.zahlwort(n)
            if n == len(zeilen) > 1:
                teile.append(f"bei allen {wie_viele} Kennzahlen {wo}")
            else:
                teile.append(f"bei {wie_viele} {wort}" if teile else f"bei {wie_viele}{von} {wo}")
    satz = [f"liegt {', '.join(teile)}"] if teile else []
    if n := zaehlt["ohne Angabe"]:
        satz.append(f"Zu {'einer' if n == 1 else sprache.zahlwort(n)} fehlt die Angabe")
    return satz


def _tafel(zeilen: Sequence[Streif], ort: str) -> Tabellenmodell:
    def feld(z: Streif, wert: float | None, status: Status) -> Tabellenzelle:
        return bau.zahlzelle(wert, status, stellen=z.stellen, vorzeichen=z.saldo)

    return Tabellenmodell(
        kopf=bau.kopf("Kennzahl", ort, "Kreis"),
        zeilen=tuple(
            bau.zeile(f"{z.name} ({z.unter})", [
                feld(z, z.ort.wert, z.ort.status), feld(z, z.kreis, Status.WERT),
            ])
            for z in zeilen
        ),
    )  # fmt: skip


@dataclass(frozen=True)
class Streifen(Motiv):
    """Je Kennzahl eine Zeile; der Kreis steht in jeder in der Mitte."""

    form: ClassVar[str] = "streifen"
    voll: ClassVar[bool] = True
    zeilen: tuple[Streif, ...]
    ort: str

    @property
    def koepfe(self) -> dict[int, str]:
        """Zu den Zeilen, mit denen eine Gruppe beginnt, ihr Name."""
        davor = ("", *(z.gruppe for z in self.zeilen))
        return {nr: z.gruppe for nr, z in enumerate(self.zeilen) if z.gruppe and z.gruppe != davor[nr]}

    def _masse(self, thema: Thema) -> _Masse:
        if thema.breite < _SCHMAL:
            return _Masse(thema.breite, _ENGE + ZEILE, 0.0, 0.0, ZEILE / 2 + 2)
        breit = thema.breite_von
        name = max((max(breit(z.name, fett=True), breit(z.unter)) for z in self.zeilen), default=0.0)
        werte = max((max(breit(z.rechts, fett=True), breit(z.darunter)) for z in self.zeilen), default=0.0)
        name = min(name, _NAME * thema.breite)
        return _Masse(name, _ENGE, name + _LUFT, werte + _LUFT, 0.0)

    def _texte(self, thema: Thema, m: _Masse) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
        """Name und Unterzeile jeder Zeile, umbrochen; schmal steht neben ihnen die Zahl."""
        schmal = thema.breite < _SCHMAL
        texte = []
        for z in self.zeilen:
            neben = [
                thema.breite_von(t, fett=True) + _LUFT if schmal else 0.0 for t in (z.rechts, z.darunter)
            ]
            name = thema.umbruch(z.name, m.text - neben[0], fett=True)
            texte.append((name, thema.umbruch(z.unter, m.text - neben[1])))
        return texte

    def hoehen(self, thema: Thema) -> Hoehen:
        """Jede Zeile ist so hoch wie die mit den meisten Textzeilen."""
        m = self._masse(thema)
        texte = max((len(a) + len(b) for a, b in self._texte(thema, m)), default=2)
        eng, n = m.zeile + (texte - 2) * ZEILE, max(1, len(self.zeilen))
        fest = _FEST + len(self.koepfe) * _GRUPPE
        return Hoehen(fest + n * eng, fest + n * (eng + _WEITE))

    def gezeichnet(self, thema: Thema, hoehe: float) -> dict[str, Any]:
        """Die Zeichnung; was an Höhe übrig ist, verteilt sich auf die Zeilen."""
        f, breite, m = thema.farben, thema.breite, self._masse(thema)
        koepfe = self.koepfe
        zeile = (hoehe - _FEST - len(koepfe) * _GRUPPE) / max(1, len(self.zeilen))
        halb = (breite - m.links - m.rechts) / 2 - _RING
        mitte, ende = m.links + _RING + halb, hoehe - _FEST
        teile: list[Teil] = [Strich(mitte, -4, mitte, ende, f.text, 1.6)] if not m.tiefer else []
        ringe: list[dict[str, Any]] = []
        punkte: list[dict[str, Any]] = []
        oben = -zeile
        for nr, (z, (name, unter)) in enumerate(zip(self.zeilen, self._texte(thema, m), strict=True)):
            oben += zeile
            if gruppe := koepfe.get(nr):
                teile += [Strich(0, oben, breite, oben, f.text_leise)] if nr else []
                teile.append(Schild(0, oben + _GRUPPE / 2 + 2, gruppe, f.fokus, fett=True))
                oben += _GRUPPE
            y = oben + zeile / 2
            text = y - (len(name) + len(unter)) / 2 * ZEILE - m.tiefer + ZEILE / 2
            linie = text + (len(name) + len(unter)) * ZEILE if m.tiefer else y
            teile += [Strich(0, oben, breite, oben, f.gitter)] if nr and nr not in koepfe else []
            teile.append(Strich(mitte - halb, linie, mitte + halb, linie, f.gitter, 1.4))
            if m.tiefer:
                teile.append(Strich(mitte, linie - 8, mitte, linie + 8, f.text, 1.6))
            teile += [Schild(0, text + i * ZEILE, t, f.text, fett=True) for i, t in enumerate(name)]
            ab = text + len(name) * ZEILE
            teile += [Schild(0, ab + i * ZEILE, t, f.text_leise) for i, t in enumerate(unter)]
            werte = text if m.tiefer else y - ZEILE / 2
            farbe = f.text if z.ort.wert is None else f.fokus
            teile += [
                Schild(breite, werte, z.rechts, farbe, "right", fett=True),
                Schild(breite, ab if m.tiefer else y + ZEILE / 2, z.darunter, f.text_leise, "right"),
            ]
            ringe += [{"wert": w, "x": round(mitte + halb * z.lage(w), 1), "y": linie} for w in z.andere]
            if z.ort.wert is not None:
                x = round(mitte + halb * z.lage(z.ort.wert), 1)
                teile.append(Strich(mitte, linie, x, linie, f.fokus, 3.0))
                punkte.append({"wert": z.ort.wert, "x": x, "y": linie})
        kopf = -_KOPF / 2 - 2
        teile += [
            Schild(mitte, kopf, "Kreis", f.text, "center", fett=True),
            Schild(mitte - halb, kopf, "← niedriger", f.text_leise),
            Schild(mitte + halb, kopf, "höher →", f.text_leise, "right"),
            *tupfen(ringe, f.text_leise, groesse=60, hohl=f.grund),
            *tupfen(punkte, f.fokus, groesse=150),
        ]
        return rahme(teile, thema, Rahmen(ende, 0, _KOPF, 0, _FUSS))
