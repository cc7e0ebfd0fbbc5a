"""Der Plan der Wertspalten: je Spalte Messgröße, feste Merkmale, Zeit und Kennbuchstabe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from berichtswerk.daten.lesearten import Angaben
from berichtswerk.daten.lesen import Qualitaet, Wertspalte
from berichtswerk.daten.leser.bezug import Bezugsleser, Unbekannt, Weglassen
from berichtswerk.daten.leser.gebietsfinder import Gebietsfinder
from berichtswerk.daten.leser.grund import Sammler
from berichtswerk.daten.leser.kopf import SpalteFehlt, Tabellenkopf
from berichtswerk.daten.leser.zeiten import lies_zeit


@dataclass(frozen=True)
class Wertfach:
    """Eine Spalte mit Werten."""

    stelle: int
    groesse: str | None
    """Name der Messgröße; ``None``, wenn ihn die Zeile gibt"""
    gebiet: str | None
    """Gebiet der Spalte; ``None``, wenn es die Zeile gibt"""
    faktor: Decimal
    merkmale: Mapping[str, str]
    zeit: tuple[str, int] | None
    """feste Zeit der Spalte; ``None``, wenn sie die Zeile gibt"""
    qualitaet: int | None
    """Spalte mit dem Kennbuchstaben"""


def plane(
    angaben: Angaben,
    kopf: Tabellenkopf,
    *,
    kopfmerkmale: Mapping[str, Bezugsleser],
    gebiet: tuple[Bezugsleser, Gebietsfinder] | None,
    zeit: Bezugsleser | None,
    groesse: Bezugsleser | None,
    sammler: Sammler,
) -> tuple[list[Wertfach], list[SpalteFehlt]]:
    """Alle Wertspalten in der Reihenfolge der Angaben, und die genannten, die es nicht gibt.

    Andere Befunde am Kopf gehen an den Sammler.
    """
    planer = _Planer(
        angaben, kopf, kopfmerkmale,
        gebiet if gebiet is not None and gebiet[0].bezug.je_spalte else None,
        zeit if zeit is not None and zeit.bezug.je_spalte else None,
        groesse if groesse is not None and groesse.bezug.je_spalte else None,
        sammler,
    )  # fmt: skip
    faecher: list[Wertfach] = []
    fehlende: list[SpalteFehlt] = []
    for name, spalte in _spalten(angaben):
        try:
            faecher.extend(planer.faecher(name, spalte))
        except SpalteFehlt as fehler:
            fehlende.append(fehler)
    return faecher, fehlende


@dataclass(frozen=True)
class _Planer:
    angaben: Angaben
    kopf: Tabellenkopf
    merkmale: Mapping[str, Bezugsleser]
    gebiet: tuple[Bezugsleser, Gebietsfinder] | None
    zeit: Bezugsleser | None
    groesse: Bezugsleser | None
    sammler: Sammler

    def faecher(self, name: str | None, spalte: Wertspalte) -> Iterator[Wertfach]:
        for stelle in self.kopf.stellen(spalte.spalte):
            try:
                yield self._fach(name, spalte, stelle)
            except Weglassen:
                continue
            except Unbekannt as fehler:
                self.sammler.dazu(
                    "text-unbekannt", f"Der Kopftext „{fehler}“ ist nicht vorgesehen.",
                    f"Zeile {self.kopf.zeile}", self.kopf.bezeichnung(stelle),
                    abhilfe="Ergänzen Sie ihn in der Quelle unter „werte“.",
                )  # fmt: skip

    def _fach(self, name: str | None, spalte: Wertspalte, stelle: int) -> Wertfach:
        merkmale = {n: leser.lies_spalte(stelle) for n, leser in self.merkmale.items()}
        if name is None and self.groesse is not None:
            name = self.groesse.lies_spalte(stelle)
        zeit, gebiet = self._zeit(spalte, stelle), self._gebiet(stelle)
        qualitaet = _qualitaet(spalte.qualitaet or self.angaben.qualitaet, stelle, self.kopf)
        merkmale.update(spalte.merkmale)
        return Wertfach(stelle, name, gebiet, spalte.faktor, merkmale, zeit, qualitaet)

    def _gebiet(self, stelle: int) -> str | None:
        if self.gebiet is None:
            return None
        leser, finder = self.gebiet
        text = leser.lies_spalte(stelle)
        schluessel = finder.finde(text, self.kopf.zeile) if finder.gewuenscht(text) else None
        if schluessel is None:
            raise Weglassen
        return schluessel

    def _zeit(self, spalte: Wertspalte, stelle: int) -> tuple[str, int] | None:
        text = spalte.zeit
        if text is None and self.zeit is not None:
            text = self.zeit.lies_spalte(stelle)
        angabe = self.angaben.zeit
        if text is None or angabe is None:
            return None
        try:
            return lies_zeit(text, angabe.art, angabe.tag)
        except ValueError:
            self.sammler.dazu(
                "zeit-unlesbar", f"„{text}“ ist keine Zeitangabe der Art „{angabe.art}“.",
                f"Zeile {self.kopf.zeile}", self.kopf.bezeichnung(stelle),
                abhilfe="Schneiden Sie den Text unter lesen.zeit mit „muster“ zu oder berichtigen Sie „art“.",
            )  # fmt: skip
            raise Weglassen from None


def _spalten(angaben: Angaben) -> Iterator[tuple[str | None, Wertspalte]]:
    for name, spalten in angaben.groessen.items():
        for spalte in spalten:
            yield name, spalte
    for spalte in angaben.wert or []:
        yield None, spalte


def _qualitaet(angabe: Qualitaet | None, stelle: int, kopf: Tabellenkopf) -> int | None:
    if angabe is None:
        return None
    if angabe.folgt is not None:
        return stelle + angabe.folgt
    if angabe.endung is not None:
        return kopf.stelle(kopf.bezeichnung(stelle) + angabe.endung)
    return kopf.stelle(angabe.spalte) if angabe.spalte is not None else None
