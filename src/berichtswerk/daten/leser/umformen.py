"""Aus Blättern werden lange Werte: das Umformen, das allen Lesern gemeinsam ist."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from berichtswerk.daten.lesearten import Angaben
from berichtswerk.daten.lesen import Bezug, Kopf
from berichtswerk.daten.leser.bezug import Bezugsleser, Umgebung
from berichtswerk.daten.leser.filter import Zeilenfilter, gefuellte
from berichtswerk.daten.leser.gebietsfinder import Gebietsfinder
from berichtswerk.daten.leser.grund import Blatt, Leseauftrag, Zeile, als_text
from berichtswerk.daten.leser.kopf import KopfFehlt, SpalteFehlt, glatt, teile
from berichtswerk.daten.leser.satzbau import Bauplan, Satz, baue
from berichtswerk.daten.leser.spaltenplan import Wertfach, plane
from berichtswerk.daten.leser.werte import Wertleser
from berichtswerk.daten.quelle import Spaltenverweis
from berichtswerk.daten.ressource import Dialekt

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebietsverzeichnis


def kopfangabe(angaben: Angaben, dialekt: Dialekt | None, hoehe: int) -> Kopf:
    """Der Kopf nach ``lesen.kopf``, sonst nach dem Frictionless-Dialekt, sonst nach der Familie."""
    if angaben.kopf is not None:
        return angaben.kopf
    if dialekt and dialekt.header is False:
        return Kopf(anzahl=0)
    if dialekt and dialekt.headerRows:
        return Kopf(zeilen=dialekt.headerRows)
    return Kopf(anzahl=hoehe)


class Umformer:
    """Formt einen Block eines Blattes um; Befunde gehen an den Sammler des Auftrags."""

    def __init__(
        self,
        auftrag: Leseauftrag,
        angaben: Angaben,
        blatt: Blatt,
        merkmale: tuple[str, ...],
        verzeichnis: Gebietsverzeichnis | None,
    ) -> None:
        self._auftrag, self._angaben, self._blatt = auftrag, angaben, blatt
        self._merkmale, self._verzeichnis = merkmale, verzeichnis
        self._sammler = auftrag.sammler
        self._filter = Zeilenfilter(angaben)
        self._gemerkt: list[Bezugsleser] = []

    def saetze(self) -> Iterator[Satz]:
        """Alle Werte des Blocks als Sätze."""
        quelle = self._auftrag.quelle
        angabe = kopfangabe(self._angaben, quelle.dialect, type(quelle.lesen).kopfhoehe)
        try:
            titel, self._kopf, rest = teile(self._blatt, angabe)
        except KopfFehlt:
            self._kopf_fehlt(angabe)
            return
        if self._trennzeichen_falsch() or (plan := self._bereite_vor(titel)) is None:
            return
        yield from self._lies(rest, plan)

    def _kopf_fehlt(self, angabe: Kopf) -> None:
        gesucht = f" mit „{angabe.suche}“" if angabe.suche else ""
        wo = f" ({self._blatt.name})" if self._blatt.tabellenkalkulation else ""
        self._sammler.dazu(
            "kopf-fehlt", f"Der Tabellenkopf{gesucht} ist nicht zu finden{wo}.",
            feld="lesen.kopf", ursache="Die Datei endet vorher oder ist anders aufgebaut als beschrieben.",
            abhilfe="Öffnen Sie die Datei und berichtigen Sie „kopf“ (Zeilennummern oder Suchtext).",
        )  # fmt: skip

    def _trennzeichen_falsch(self) -> bool:
        """Eine einzige Spalte voller anderer Trennzeichen: das Trennzeichen der Quelle stimmt nicht."""
        if not self._blatt.feste_breite or self._kopf.breite != 1:
            return False
        text, trenner = self._kopf.bezeichnung(0), self._auftrag.trenner
        gefunden = {z: text.count(z) for z in ";,\t|" if z != trenner and z in text}
        if not gefunden:
            return False
        namen = {"\t": "Tabulator"}
        anderes = max(gefunden, key=lambda z: gefunden[z])
        self._sammler.dazu(
            "trennzeichen-falsch", f"Mit dem Trennzeichen „{namen.get(trenner, trenner)}“ hat die Datei nur "
            "eine Spalte.", f"Zeile {self._kopf.zeile}", "dialect.csv.delimiter",
            ursache=f"Der Kopf enthält {gefunden[anderes]}-mal „{namen.get(anderes, anderes)}“.",
            abhilfe=f"Setzen Sie in der Quelle dialect: {{csv: {{delimiter: "
            f"\"{anderes if anderes != chr(9) else chr(92) + 't'}\"}}}}.",
        )  # fmt: skip
        return True

    def _bereite_vor(self, titel: list[Zeile]) -> Bauplan | None:
        """Löst alle Spalten auf; alle fehlenden werden gemeldet, bevor eine Zeile gelesen wird."""
        texte = tuple(t for z in titel if (t := " ".join(glatt(als_text(f)) for f in z.felder).strip()))
        name = self._auftrag.pfad.name
        self._umgebung = Umgebung(self._kopf, texte, self._blatt.name, name, self._sammler)
        a, quelle = self._angaben, self._auftrag.quelle
        gebiet, zeit, groesse = self._leser(a.gebiet), self._leser(a.zeit), self._leser(a.groesse)
        merkmale = {n: leser for n, bezug in a.merkmale.items() if (leser := self._leser(bezug))}
        basis, stand = (self._nebenbei(n) for n in (quelle.statistik.basis, quelle.statistik.gebietsstand))
        finder = None
        if gebiet is not None and a.gebiet is not None:
            finder = Gebietsfinder(a.gebiet, self._verzeichnis, self._sammler, gebiet.ort() or "Kopf")
        faecher = self._plane(
            {n: m for n, m in merkmale.items() if m.bezug.je_spalte},
            (gebiet, finder) if gebiet and finder else None,
            zeit,
            groesse,
        )
        if self._sammler or gebiet is None or finder is None:
            return None
        return Bauplan(
            kopf=self._kopf,
            gebiet=gebiet,
            finder=finder,
            zeit=zeit if zeit and not zeit.bezug.je_spalte and any(f.zeit is None for f in faecher) else None,
            zeitangabe=a.zeit,
            merkmale={n: m for n, m in merkmale.items() if not m.bezug.je_spalte},
            merkmalsnamen=self._merkmale,
            groesse=groesse if groesse and not groesse.bezug.je_spalte else None,
            basis=basis,
            gebietsstand=stand,
            faecher=faecher,
            leere_weglassen=a.leere_zeilen == "weglassen",
            werte=Wertleser(quelle.lesen.zahlform, quelle.zeichen, a.entfernen),
            kennbuchstaben=a.qualitaet.werte if a.qualitaet else {},
            datei=self._auftrag.datei,
            blatt=self._blatt.name if self._blatt.tabellenkalkulation else "",
            sammler=self._sammler,
        )

    def _plane(
        self,
        kopfmerkmale: dict[str, Bezugsleser],
        gebiet: tuple[Bezugsleser, Gebietsfinder] | None,
        zeit: Bezugsleser | None,
        groesse: Bezugsleser | None,
    ) -> list[Wertfach]:
        for spalte in self._filter.loese_auf(self._kopf):
            self._spalte_fehlt(spalte)
        faecher, fehlende = plane(
            self._angaben,
            self._kopf,
            kopfmerkmale=kopfmerkmale,
            gebiet=gebiet,
            zeit=zeit,
            groesse=groesse,
            sammler=self._sammler,
        )
        for spalte in fehlende:
            self._spalte_fehlt(spalte)
        return faecher

    def _leser(self, bezug: Bezug | None) -> Bezugsleser | None:
        if bezug is None:
            return None
        try:
            leser = Bezugsleser(bezug, self._umgebung)
        except SpalteFehlt as fehler:
            self._spalte_fehlt(fehler)
            return None
        if bezug.auffuellen or bezug.einrueckung is not None or bezug.abschnitt is not None:
            self._gemerkt.append(leser)
        return leser

    def _nebenbei(self, angabe: Spaltenverweis | str | None) -> Bezugsleser | str:
        """Basis und Gebietsstand: fester Text oder Spalte."""
        if angabe is None or isinstance(angabe, str):
            return angabe or ""
        return self._leser(Bezug(spalte=angabe.spalte)) or ""

    def _spalte_fehlt(self, fehler: SpalteFehlt) -> None:
        self._sammler.dazu(
            fehler.kennung, fehler.text, f"Zeile {self._kopf.zeile}", fehler.spalte,
            ursache=fehler.ursache, abhilfe=fehler.abhilfe,
        )  # fmt: skip

    def _lies(self, zeilen: Iterable[Zeile], plan: Bauplan) -> Iterator[Satz]:
        self._mit_abschnitt = [leser for leser in self._gemerkt if leser.bezug.abschnitt is not None]
        ende = re.compile(self._angaben.ende) if self._angaben.ende else None
        bis = self._angaben.daten_bis or 10**12
        for zeile in zeilen:
            if zeile.nr < (self._angaben.daten_ab or 0):
                continue
            erstes = next(gefuellte(zeile), None)
            if zeile.nr > bis or (erstes is not None and ende is not None and ende.match(erstes)):
                return
            if erstes is None or self._ist_abschnitt(zeile) or self._filter.auslassen(zeile):
                continue
            for leser in self._gemerkt:
                leser.merke(zeile)
            if self._filter.passt(zeile) and self._breite_stimmt(zeile):
                yield from baue(plan, zeile)

    def _ist_abschnitt(self, zeile: Zeile) -> bool:
        if not self._mit_abschnitt or len(texte := set(gefuellte(zeile))) > 1:
            return False
        text = glatt(texte.pop())
        treffer = [leser.abschnitt(text) for leser in self._mit_abschnitt]
        return any(treffer)

    def _breite_stimmt(self, zeile: Zeile) -> bool:
        anzahl, soll = len(zeile.felder), self._kopf.breite
        if not self._blatt.feste_breite or self._kopf.mindestens <= anzahl <= soll:
            return True
        if anzahl > soll and not any(str(f).strip() for f in zeile.felder[soll:]):
            return True
        self._sammler.dazu(
            "zeile-felder", f"Die Zeile hat {anzahl} Felder, der Kopf hat {soll}.", f"Zeile {zeile.nr}",
            ursache="Ein Trennzeichen fehlt, steht zu viel oder gehört zu einem Text ohne Anführungszeichen.",
            abhilfe="Berichtigen Sie die Zeile; gehört sie nicht zur Tabelle, nennen Sie sie unter "
            "lesen.auslassen oder lesen.ende.",
        )  # fmt: skip
        return False
