"""Das Bild zu einem geteilten Link und für soziale Medien: eine Botschaft, woher sie ist, wer sie sagt.

Es entsteht aus denselben Angaben für die Vorschau der Site (1200 × 630) und als Quadrat. Die Schrift wird
kleiner, bis alles hineinpasst, und bleibt auf dem Telefon lesbar; abgeschnitten wird nichts.
"""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from berichtswerk.grund.ablage import Ablage, dateisumme, fassung, programmstand, summe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import GESCHUETZT, SCHMAL
from berichtswerk.marke.farbe import lesbar_auf
from berichtswerk.marke.marke import Marke

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

QUER, QUADRAT = (1200, 630), (1080, 1080)
_RAND, _STREIFEN, _BAND = 72, 96, 60
_KLEIN = 30
"""Grad von allem, was nicht die Botschaft ist: auf dem Telefon bleiben davon neun Pixel."""
_GROESSTE, _KLEINSTE, _SCHRITT = 92, 42, 2
_NOTFALLS = 14
"""So klein darf ein Titel werden, ehe er über den Rand läuft; eine Botschaft nie."""
_ZEILE = 1.2


class PasstNicht(ValueError):
    """Der Text passt auch in der kleinsten Schrift nicht ins Bild."""


@dataclass(frozen=True, slots=True)
class Teilbild:
    """Was auf dem Bild steht; ``quellen`` sind Fassungen derselben Angabe, die längste zuerst.

    Ohne ``botschaft`` steht der Titel groß da. ``vermerk`` sagt, was noch nicht beschlossen ist; er steht
    als Band über allem.
    """

    titel: str
    unterzeile: str
    farbe: str
    botschaft: str = ""
    quellen: tuple[str, ...] = ()
    stand: str = ""
    vermerk: str = ""

    @property
    def alternativtext(self) -> str:
        """Was das Bild sagt, in Worten."""
        quelle = self.quellen[0] if self.quellen else ""
        teile = (self.botschaft, quelle, ", ".join(filter(None, (self.titel, self.unterzeile))), self.vermerk)
        return " ".join(t if t[-1] in ".!?" else f"{t}." for t in teile if t)


def hole(projekt: Projekt, t: Teilbild, masse: tuple[int, int] = QUER) -> bytes:
    """Wie :func:`zeichne`; ein schon gezeichnetes kommt aus der Ablage.

    Raises:
        PasstNicht: die Botschaft ist zu lang.
    """
    marke, ablage = Marke.lade(projekt), Ablage.von(projekt)
    schriften = sorted(f"{s.stil} {s.staerke} {dateisumme(s.pfad)}" for s in marke.schriften)
    gestalt = (marke.name, marke.band, json.dumps(marke.farben, sort_keys=True), str(marke.betonung))
    umstand = (programmstand("bild/teilbild.py"), fassung("pillow"), *gestalt, *schriften)
    schluessel = summe(json.dumps([asdict(t), masse]), *umstand)
    fertig = ablage.hole("teilbild", schluessel)
    if fertig is None:
        fertig = zeichne(marke, t, masse)
        ablage.lege("teilbild", schluessel, fertig)
    return fertig


def zeichne(marke: Marke, t: Teilbild, masse: tuple[int, int] = QUER) -> bytes:
    """Das Bild als PNG; gleiche Angaben, gleiche Bytes.

    Raises:
        PasstNicht: die Botschaft ist zu lang.
    """
    try:
        return _gezeichnet(marke, t, masse)
    except PasstNicht:  # die Botschaft geht vor
        return _gezeichnet(marke, replace(t, unterzeile=""), masse)


def _gezeichnet(marke: Marke, t: Teilbild, masse: tuple[int, int]) -> bytes:
    from PIL import Image, ImageDraw

    breite, hoehe = masse
    bild = Image.new("RGB", masse, t.farbe)
    setzer = _Setzer(marke, ImageDraw.Draw(bild), breite - 2 * _RAND)
    auf = lesbar_auf(t.farbe, marke.farben["foreground"], marke.farben["background"])
    oben = 0
    if t.vermerk:
        setzer.flaeche(0, _BAND, marke.band)
        dunkel = lesbar_auf(marke.band, marke.farben["foreground"], marke.farben["background"])
        setzer.zeilen([t.vermerk], _KLEIN, (_BAND - _KLEIN * _ZEILE) / 2, dunkel, stark=True)
        oben = _BAND
    unten = hoehe - _STREIFEN
    kopf = " · ".join(filter(None, (t.titel, t.unterzeile))) if t.botschaft else ""
    gross = t.botschaft or t.titel
    if kopf:
        kopfzeilen = setzer.umbrochen(kopf, _KLEIN, stark=True)
        setzer.zeilen(kopfzeilen, _KLEIN, oben + 40, auf, stark=True)
        oben += 40 + round(len(kopfzeilen) * _KLEIN * _ZEILE)
    fuss = setzer.kuerzeste(t.quellen) if t.botschaft else setzer.umbrochen(t.unterzeile, 40, stark=False)
    grad = _KLEIN if t.botschaft else 40
    unten -= round(len(fuss) * grad * _ZEILE) + (28 if fuss else 0)
    if t.botschaft:
        setzer.zeilen(fuss, grad, unten, auf)
    groesse, zeilen = setzer.groesste(gross, unten - oben - 48, _KLEINSTE if t.botschaft else _NOTFALLS)
    beginn = oben + 24 + max(0.0, (unten - oben - 48 - len(zeilen) * groesse * _ZEILE) / 2)
    setzer.zeilen(zeilen, groesse, beginn, auf, stark=True)
    if not t.botschaft:
        setzer.zeilen(fuss, grad, beginn + len(zeilen) * groesse * _ZEILE + 16, auf)
    setzer.flaeche(hoehe - _STREIFEN, hoehe, marke.farben["background"])
    mitte = hoehe - _STREIFEN / 2 - _KLEIN * _ZEILE / 2
    setzer.zeilen([marke.name], _KLEIN + 4, mitte - 2, t.farbe, stark=True)
    setzer.rechts(t.stand, _KLEIN, mitte, marke.farben["secondary"])
    puffer = io.BytesIO()
    bild.save(puffer, "PNG")  # ohne Palette: sie zu suchen dauert länger als alles andere
    return puffer.getvalue()


@dataclass(slots=True)
class _Setzer:
    """Setzt Zeilen in die Spalte zwischen den Rändern."""

    marke: Marke
    stift: ImageDraw.ImageDraw
    breite: int

    def schrift(self, groesse: int, *, stark: bool) -> ImageFont.FreeTypeFont:
        """Ein Schnitt der Hausschrift."""
        from PIL import ImageFont

        pfad = self.marke.schnitt(self.marke.betonung if stark else 400).pfad
        return ImageFont.truetype(str(pfad), groesse)

    def flaeche(self, oben: float, unten: float, farbe: str) -> None:
        """Ein Streifen über die ganze Breite."""
        self.stift.rectangle((0, oben, self.breite + 2 * _RAND, unten - 1), fill=farbe)

    def umbrochen(self, text: str, groesse: int, *, stark: bool, schmaler: float = 0) -> list[str]:
        """Die Zeilen eines Textes; ein Wort, das allein nicht passt, steht in einer eigenen."""
        schrift, zeilen = self.schrift(groesse, stark=stark), list[str]()
        text = text.replace(SCHMAL, GESCHUETZT)  # das schmale Leerzeichen hat nicht jede Schrift
        for wort in filter(None, text.split(" ")):  # an geschützten Abständen bricht nichts um
            probe = f"{zeilen[-1]} {wort}" if zeilen else wort
            if zeilen and schrift.getlength(probe) <= self.breite - schmaler:
                zeilen[-1] = probe
            else:
                zeilen.append(wort)
        return zeilen

    def groesste(self, text: str, hoehe: float, kleinste: int) -> tuple[int, list[str]]:
        """Der größte Grad, in dem ein Text in diese Höhe passt, und seine Zeilen."""
        groesse, zeilen = kleinste, list[str]()
        for groesse in range(_GROESSTE, kleinste - 1, -_SCHRITT):
            zeilen = self.umbrochen(text, groesse, stark=True)
            weite = max(map(self.schrift(groesse, stark=True).getlength, zeilen), default=0)
            if len(zeilen) * groesse * _ZEILE <= hoehe and weite <= self.breite:
                return groesse, self._gleich_lang(text, groesse, len(zeilen))
        if kleinste == _NOTFALLS:
            return groesse, zeilen
        raise PasstNicht(text)

    def _gleich_lang(self, text: str, groesse: int, anzahl: int) -> list[str]:
        """So viele Zeilen, alle möglichst gleich lang: keine endet mit einem einzelnen Wort."""
        zeilen = self.umbrochen(text, groesse, stark=True)
        for schmaler in range(20, self.breite // 2, 20):
            probe = self.umbrochen(text, groesse, stark=True, schmaler=schmaler)
            if len(probe) > anzahl:
                break
            zeilen = probe
        return zeilen

    def kuerzeste(self, fassungen: Sequence[str]) -> list[str]:
        """Die erste Fassung, die in zwei Zeilen passt; die letzte passt immer."""
        alle = [self.umbrochen(f, _KLEIN, stark=False) for f in fassungen]
        return next((z for z in alle if len(z) <= 2), alle[-1] if alle else [])

    def zeilen(
        self, zeilen: Sequence[str], groesse: int, oben: float, farbe: str, *, stark: bool = False
    ) -> None:
        """Setzt Zeilen untereinander; eine zu breite (ein Name) wird kleiner."""
        for zeile in zeilen:
            grad = groesse
            while grad > 12 and self.schrift(grad, stark=stark).getlength(zeile) > self.breite:
                grad -= 1
            self.stift.text((_RAND, oben), zeile, font=self.schrift(grad, stark=stark), fill=farbe)
            oben += groesse * _ZEILE

    def rechts(self, text: str, groesse: int, oben: float, farbe: str) -> None:
        """Setzt eine Zeile an den rechten Rand."""
        schrift = self.schrift(groesse, stark=False)
        x = _RAND + self.breite - schrift.getlength(text)
        self.stift.text((x, oben), text, font=schrift, fill=farbe)
