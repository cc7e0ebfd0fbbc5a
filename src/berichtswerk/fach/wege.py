"""Rechenwege: aus Teilwerten, zusammengestellt mit einer Basis und einem Gebietsstand, wird ein Wert."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from berichtswerk.fach.alter import Gruppe, alterstext
from berichtswerk.fach.formel import formel, zahlenteil
from berichtswerk.fach.kennzahl import Auswahl, Kennzahl, Mittel, Term, Weg
from berichtswerk.fach.reihe import Beleg, Wert
from berichtswerk.fach.zellen import Gebietswerte, Teilwert, zellen
from berichtswerk.grund.zahl import dezimal, exakt, schreibe
from berichtswerk.grund.zeichen import Status, summenstatus

if TYPE_CHECKING:
    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.daten.gebiete import Gebietsverzeichnis


Rolle = Literal["zaehler", "nenner", "wert"]


@dataclass(frozen=True, slots=True)
class Baustein:
    """Ein Summand eines Wertes mit allen Möglichkeiten (je Basis und Gebietsstand)."""

    rolle: Rolle
    gewicht: Fraction
    moeglich: tuple[Teilwert, ...]


@dataclass(frozen=True, slots=True)
class Gewaehlt:
    """Ein Baustein mit der gewählten Möglichkeit."""

    rolle: Rolle
    gewicht: Fraction
    teil: Teilwert


@lru_cache(maxsize=1024)
def basisrang(basis: str | None) -> tuple[int, str]:
    """Ordnet Basen: die mit der jüngsten Jahreszahl im Namen ist die neueste."""
    jahre = re.findall(r"\d{4}", basis or "")
    return max(map(int, jahre), default=0), basis or ""


def zusammenstellungen(
    gebiet: str, bausteine: Sequence[Baustein], verzeichnis: Gebietsverzeichnis
) -> Iterator[list[Gewaehlt]]:
    """Alle Zusammenstellungen mit einer Basis und gleichwertigem Gebietsstand, neueste Basis zuerst."""
    if allein := _einzige(bausteine):
        yield allein
        return
    teile = [t for b in bausteine for t in b.moeglich]
    basen = sorted({t.basis for t in teile if t.basis}, key=basisrang, reverse=True) or [""]
    staende = sorted({t.gebietsstand for t in teile if t.gebietsstand}, reverse=True) or [""]
    for basis in basen:
        for stand in staende:
            gewaehlt = [_waehle(gebiet, b, basis, stand, verzeichnis) for b in bausteine]
            vollstaendig = [g for g in gewaehlt if g is not None]
            if len(vollstaendig) == len(gewaehlt):
                yield vollstaendig


def _einzige(bausteine: Sequence[Baustein]) -> list[Gewaehlt]:
    """Die Zusammenstellung, wenn es offensichtlich nur eine gibt; sonst leer."""
    arten = {(t.basis, t.gebietsstand) for b in bausteine for t in b.moeglich}
    if len(arten) != 1 or any(len(b.moeglich) != 1 for b in bausteine):
        return []
    return [Gewaehlt(b.rolle, b.gewicht, b.moeglich[0]) for b in bausteine]


def _waehle(
    gebiet: str, baustein: Baustein, basis: str, stand: str, verzeichnis: Gebietsverzeichnis
) -> Gewaehlt | None:
    """Die Möglichkeit auf dieser Basis (sonst ohne Basis) mit gleichwertigem Gebietsstand."""
    passend = [
        t
        for t in baustein.moeglich
        if t.basis in {basis, ""} and verzeichnis.gleicher_stand(gebiet, t.gebietsstand, stand)
    ]
    if not passend:
        return None
    bester = max(passend, key=lambda t: (t.basis == basis, t.gebietsstand == stand, t.gebietsstand))
    return Gewaehlt(baustein.rolle, baustein.gewicht, bester)


def warum_keine(bausteine: Iterable[Baustein]) -> str:
    """Erklärung, wenn es keine Zusammenstellung gibt."""
    teile = [t for b in bausteine for t in b.moeglich]
    basen = sorted({t.basis for t in teile if t.basis}, key=basisrang)
    if len(basen) > 1:
        return f"Die Bestandteile liegen auf verschiedenen Basen vor ({', '.join(basen)})."
    staende = sorted({t.gebietsstand for t in teile if t.gebietsstand})
    return f"Die Bestandteile haben verschiedene Gebietsstände ({', '.join(staende)})."


def gewichtete_summe(gewaehlt: Iterable[Gewaehlt], rolle: Rolle) -> Fraction | None:
    """Zähler oder Nenner; ``None``, wenn es ihn nicht gibt oder ein Teil keine Zahl hat."""
    teile = [g for g in gewaehlt if g.rolle == rolle]
    zahlen = [mal(g.gewicht, g.teil.zahl) for g in teile if g.teil.zahl is not None]
    if not zahlen or len(zahlen) < len(teile):
        return None
    return zahlen[0] if len(zahlen) == 1 else sum(zahlen, Fraction(0))


def mal(gewicht: Fraction, zahl: Fraction) -> Fraction:
    """Das Produkt; meist ist das Gewicht 1, und dann ist nichts zu rechnen."""
    return zahl if gewicht == 1 else gewicht * zahl


def ergebnisstatus(gewaehlt: Sequence[Gewaehlt], ergebnis: Fraction) -> Status:
    """Der schwächste Status; „genau null“ nur, wenn jeder Summand des Zählers genau null ist."""
    gesamt = summenstatus([g.teil.status for g in gewaehlt], dezimal(1))
    if gesamt is not Status.WERT or ergebnis != 0:
        return gesamt
    return summenstatus([g.teil.status for g in gewaehlt if g.rolle == "zaehler"], dezimal(0))


def belege(gewaehlt: Iterable[Gewaehlt]) -> Iterator[Beleg]:
    """Die Belege aller Bestandteile mit Rolle, Vorzeichen und Gewicht."""
    for g in gewaehlt:
        zeichen, anteil = (-1 if g.gewicht < 0 else 1), abs(float(g.gewicht))
        for beleg in g.teil.belege:
            yield Beleg(
                beleg.quelle, beleg.datei, beleg.zeile, beleg.spalte, beleg.wert,
                rolle=g.rolle, vorzeichen=zeichen, gewicht=beleg.gewicht * anteil, gebiet=beleg.gebiet,
            )  # fmt: skip


EINS, MINUS_EINS, HALB = Fraction(1), Fraction(-1), Fraction(1, 2)

Ergebnis = tuple[Fraction | None, Status, tuple[str, ...]]
"""Zahl, Status, Erklärungen."""


class Rechenweg:
    """Ein Weg einer Kennzahl, bereit zum Rechnen."""

    def __init__(self, kennzahl: Kennzahl, nummer: int, bestand: Datenbestand) -> None:
        """Liest die Quellen des Weges (``nummer`` ab 1)."""
        self.kennzahl = kennzahl
        self.nummer = nummer
        self.weg: Weg = kennzahl.wege[nummer - 1]
        self._verzeichnis = bestand.gebiete
        self._faktor = self.weg.rechenfaktor(kennzahl)
        self._symbol = formel(kennzahl, self.weg)
        je_rolle: list[tuple[Rolle, Sequence[Auswahl]]] = [
            ("zaehler", self.weg.zaehler),
            ("nenner", self.weg.nenner),
            ("wert", [a for a in (self.weg.wert, self.weg.mittel) if a is not None]),
        ]
        self._bestandteile = [
            (rolle, auswahl, self._gebietswerte(auswahl, bestand))
            for rolle, auswahlen in je_rolle
            for auswahl in auswahlen
        ]

    def _gebietswerte(self, auswahl: Auswahl, bestand: Datenbestand) -> Gebietswerte:
        felder = zellen(auswahl, bestand.tabelle(auswahl.quelle), fein=self.weg.mittel is not None)
        return Gebietswerte(felder, bestand.gebiete, summieren=self.weg.summieren)

    def zeiten(self, gebiet: str) -> tuple[tuple[int, str], ...]:
        """(Jahr, Zeit), zu denen der Weg einen Wert haben könnte; leer, wenn er hier nicht gilt."""
        if self.weg.ebenen is not None and self._verzeichnis[gebiet].ebene not in self.weg.ebenen:
            return ()
        von, bis = self.weg.von or -math.inf, self.weg.bis or math.inf
        erster = self._bestandteile[0][2]
        return tuple((jahr, zeit) for jahr, zeit in erster.zeiten(gebiet) if von <= jahr <= bis)

    def rechne(self, gebiet: str, jahr: int, zeit: str) -> Wert | None:
        """Der Wert des Feldes; ``None``, wenn für einen Bestandteil gar nichts geliefert ist."""
        bausteine = self._bausteine(gebiet, jahr, zeit)
        if any(not b.moeglich for b in bausteine):
            return None
        bester: Wert | None = None
        for gewaehlt in zusammenstellungen(gebiet, bausteine, self._verzeichnis):
            wert = self._wert(gebiet, jahr, zeit, gewaehlt)
            if wert.wert is not None:
                return wert
            bester = bester or wert
        return bester or Wert(
            self.kennzahl.id, gebiet, zeit, jahr, None, Status.GESPERRT,
            formel=self._symbol, weg=self.nummer, hinweise=(warum_keine(bausteine),),
        )  # fmt: skip

    def _bausteine(self, gebiet: str, jahr: int, zeit: str) -> list[Baustein]:
        bausteine: list[Baustein] = []
        for rolle, auswahl, werte in self._bestandteile:
            zeichen = MINUS_EINS if isinstance(auswahl, Term) and auswahl.vorzeichen < 0 else EINS
            jahre = self._bezugsjahre(jahr) if rolle == "nenner" else ((jahr, EINS),)
            for bezugsjahr, gewicht in jahre:
                da = _passende_zeit(werte, gebiet, bezugsjahr, zeit)
                moeglich = werte.hole(gebiet, da) if da else ()
                bausteine.append(Baustein(rolle, mal(gewicht, zeichen), moeglich))
        return bausteine

    def _bezugsjahre(self, jahr: int) -> tuple[tuple[int, Fraction], ...]:
        """Jahre des Nenners mit ihrem Gewicht."""
        match self.weg.nenner_zeit:
            case "gleich":
                return ((jahr, EINS),)
            case "vorjahr":
                return ((jahr - 1, EINS),)
            case "mittel":
                return ((jahr - 1, HALB), (jahr, HALB))
            case fest:
                return ((fest, EINS),)

    def _wert(self, gebiet: str, jahr: int, zeit: str, gewaehlt: Sequence[Gewaehlt]) -> Wert:
        zaehler, nenner = gewichtete_summe(gewaehlt, "zaehler"), gewichtete_summe(gewaehlt, "nenner")
        zahl, status, hinweise = self._rechne(gewaehlt, zaehler, nenner)
        mittel = self.weg.mittel
        nachweise = belege_des_mittels(mittel, gewaehlt[0].teil) if mittel else belege(gewaehlt)
        return Wert(
            kennzahl=self.kennzahl.id,
            gebiet=gebiet,
            zeit=zeit,
            jahr=jahr,
            wert=None if zahl is None else float(zahl),
            status=status,
            basis=max((g.teil.basis for g in gewaehlt), key=basisrang) or None,
            gebietsstand=max(g.teil.gebietsstand for g in gewaehlt) or None,
            formel=self._formel(gewaehlt, zahl),
            belege=tuple(nachweise),
            quellen=tuple(dict.fromkeys(b.quelle for g in gewaehlt for b in g.teil.belege)),
            weg=self.nummer,
            zaehler=None if zaehler is None else float(zaehler),
            nenner=None if nenner is None else float(nenner),
            hinweise=hinweise,
            faktor=self._faktor,
        )

    def _rechne(
        self, gewaehlt: Sequence[Gewaehlt], zaehler: Fraction | None, nenner: Fraction | None
    ) -> Ergebnis:
        """Rechnet den Weg; ohne Zahl, sobald einem Bestandteil die Zahl fehlt."""
        hinweise = tuple(dict.fromkeys(h for g in gewaehlt for h in g.teil.hinweise))
        if any(g.teil.zahl is None for g in gewaehlt):
            return None, summenstatus([g.teil.status for g in gewaehlt], None), hinweise
        if self.weg.mittel is not None:
            return mittelwert(self.weg.mittel, gewaehlt[0].teil)
        if self.weg.wert is not None:
            return self._veroeffentlicht(gewaehlt[0], hinweise)
        return self._quotient(gewaehlt, zaehler, nenner, hinweise)

    def _veroeffentlicht(self, gewaehlt: Gewaehlt, hinweise: tuple[str, ...]) -> Ergebnis:
        if len(gewaehlt.teil.belege) > 1:
            text = "Ein veröffentlichter Wert muss genau ein Feld sein; die Auswahl trifft mehrere."
            return None, Status.GESPERRT, (text,)
        zahl = mal(exakt(self._faktor), gewaehlt.teil.zahl or Fraction(0))
        return zahl, gewaehlt.teil.status, hinweise

    def _quotient(
        self,
        gewaehlt: Sequence[Gewaehlt],
        zaehler: Fraction | None,
        nenner: Fraction | None,
        hinweise: tuple[str, ...],
    ) -> Ergebnis:
        zaehler = zaehler or Fraction(0)
        nenner = (nenner or Fraction(0)) if self.weg.nenner else Fraction(1)
        grenze = self.kennzahl.mindestnenner
        if nenner <= 0:
            return None, Status.GESPERRT, ("Der Nenner ist null.",)
        if self.weg.nenner and grenze is not None and nenner < exakt(grenze):
            text = f"Der Nenner {schreibe(float(nenner), 0)} ist kleiner als {schreibe(grenze, 0)}."
            return None, Status.GESPERRT, (text,)
        ergebnis = mal(exakt(self._faktor), zaehler) / nenner
        return ergebnis, ergebnisstatus(gewaehlt, ergebnis), hinweise

    def _formel(self, gewaehlt: Sequence[Gewaehlt], zahl: Fraction | None) -> str:
        if zahl is None or not self.weg.zaehler:
            return self._symbol
        teile = [(g.rolle, g.gewicht, g.teil.zahl) for g in gewaehlt if g.teil.zahl is not None]
        return f"{self._symbol} = {zahlenteil(self._faktor, teile)}"


def _passende_zeit(werte: Gebietswerte, gebiet: str, jahr: int, zeit: str) -> str | None:
    """Dieselbe Zeit, sonst die letzte im Jahr."""
    zeiten = werte.zeiten_im(gebiet, jahr)
    return zeit if zeit in zeiten else zeiten[-1] if zeiten else None


BREITE_HOECHSTENS = 5
"""So breit darf eine Gruppe im hohen Alter sein, damit ihre Mitte genau genug ist."""


def mittelwert(mittel: Mittel, teil: Teilwert) -> tuple[Fraction | None, Status, tuple[str, ...]]:
    """Σ(a + 0,5)·P / ΣP; die offene Gruppe zählt mit ihrem angenommenen mittleren Alter.

    Ohne Zahl (gesperrt, mit Erklärung), wenn Altersjahre fehlen oder das Alter der offenen Gruppe.
    """
    bevoelkerung = summe = Fraction(0)
    for gruppe, zahl in teil.gruppen:
        assert zahl is not None
        alter = mittleres_alter(mittel, gruppe)
        if isinstance(alter, str):
            return None, Status.GESPERRT, (alter,)
        bevoelkerung += zahl
        summe += alter * zahl
    if bevoelkerung <= 0:
        return None, Status.GESPERRT, ("Der Nenner ist null.",)
    return summe / bevoelkerung, teil.status, ()


def mittleres_alter(mittel: Mittel, gruppe: Gruppe) -> Fraction | str:
    """Mittleres Alter einer Gruppe oder, warum es keines gibt."""
    von, bis = gruppe
    if math.isinf(bis):
        if mittel.offene_gruppe is None:
            return "Für die offene Endgruppe ist kein mittleres Alter angegeben."
        return Fraction(dezimal(mittel.offene_gruppe))
    im_hohen_alter = mittel.einzeljahre_bis is not None and von >= mittel.einzeljahre_bis
    if bis - von == 1 or (im_hohen_alter and bis - von <= BREITE_HOECHSTENS):
        return (Fraction(von) + Fraction(bis)) / 2
    return f"Für das Durchschnittsalter fehlen Altersjahre; geliefert ist „{alterstext(von, bis)}“."


def belege_des_mittels(mittel: Mittel, teil: Teilwert) -> Iterator[Beleg]:
    """Jede Zelle zweimal: im Zähler mit dem Alter als Gewicht, im Nenner mit 1."""
    for (gruppe, _), beleg in zip(teil.gruppen, teil.belege, strict=True):
        alter = mittleres_alter(mittel, gruppe)
        if not isinstance(alter, str):
            yield replace(beleg, rolle="zaehler", gewicht=float(alter))
            yield replace(beleg, rolle="nenner", gewicht=1)
