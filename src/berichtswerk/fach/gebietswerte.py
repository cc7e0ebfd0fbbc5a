"""Teilwerte je Gebiet: geliefert, von der flächengleichen Gemeinde oder aus allen Teilen summiert."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from berichtswerk.fach.zellen import Teilwert, Zellen, verbinde
from berichtswerk.grund.zeichen import Status

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebiet, Gebietsverzeichnis

SUMMIERBAR = frozenset({"einheit", "planungsgebiet", "kreis"})
"""Nur hier nennt das Verzeichnis alle Teile; Land und Bund entstehen nie aus den eigenen Kreisen."""


class Gebietswerte:
    """Werte einer Auswahl mit der Hierarchie der Gebiete."""

    def __init__(self, zellen: Zellen, verzeichnis: Gebietsverzeichnis, *, summieren: bool) -> None:
        self._zellen = zellen
        self._verzeichnis = verzeichnis
        self._summieren = summieren
        self._merke: dict[tuple[str, str], tuple[Teilwert, ...]] = {}
        self._merke_zeiten: dict[str, tuple[tuple[int, str], ...]] = {}
        self._merke_jahre: dict[str, dict[int, tuple[str, ...]]] = {}

    def zeiten(self, gebiet: str) -> tuple[tuple[int, str], ...]:
        """(Jahr, Zeit), zu denen es etwas gibt (auch nur zu einem Teil), aufsteigend."""
        if gebiet not in self._merke_zeiten:
            self._merke_zeiten[gebiet] = tuple(sorted(self._alle_zeiten(gebiet)))
        return self._merke_zeiten[gebiet]

    def zeiten_im(self, gebiet: str, jahr: int) -> tuple[str, ...]:
        """Die Zeiten eines Jahres, zu denen es etwas gibt, aufsteigend."""
        if gebiet not in self._merke_jahre:
            je_jahr: dict[int, tuple[str, ...]] = {}
            for j, zeit in self.zeiten(gebiet):
                je_jahr[j] = (*je_jahr.get(j, ()), zeit)
            self._merke_jahre[gebiet] = je_jahr
        return self._merke_jahre[gebiet].get(jahr, ())

    def _alle_zeiten(self, gebiet: str) -> set[tuple[int, str]]:
        menge = set(self._zellen.zeiten(gebiet))
        for gleich in self._verzeichnis.gleiche(gebiet):
            menge |= set(self._zellen.zeiten(gleich.schluessel))
        if self._darf_summieren(gebiet):
            for kind in self._verzeichnis.kinder(gebiet):
                menge |= set(self.zeiten(kind.schluessel))
        return menge

    def hole(self, gebiet: str, zeit: str) -> tuple[Teilwert, ...]:
        """Möglichkeiten für das Feld, höchstens eine je Basis und Gebietsstand."""
        if (gebiet, zeit) not in self._merke:
            self._merke[gebiet, zeit] = self._hole(gebiet, zeit)
        return self._merke[gebiet, zeit]

    def _hole(self, gebiet: str, zeit: str) -> tuple[Teilwert, ...]:
        gefunden = self._zellen.hole(gebiet, zeit)
        for gleich in self._verzeichnis.gleiche(gebiet):
            gefunden = gefunden or self._zellen.hole(gleich.schluessel, zeit)
        if not self._darf_summieren(gebiet):
            return gefunden
        vorhanden = {t.basis for t in gefunden}
        return gefunden + tuple(t for t in self._summen(gebiet, zeit) if t.basis not in vorhanden)

    def _darf_summieren(self, gebiet: str) -> bool:
        return self._summieren and self._verzeichnis[gebiet].ebene in SUMMIERBAR

    def _summen(self, gebiet: str, zeit: str) -> Iterable[Teilwert]:
        kinder = self._verzeichnis.kinder(gebiet)
        je_kind = [(kind, self.hole(kind.schluessel, zeit)) for kind in kinder]
        basen = sorted({t.basis for _, teile in je_kind for t in teile})
        for basis in basen:
            yield self._summe(gebiet, je_kind, basis)

    def _summe(self, gebiet: str, je_kind: list[tuple[Gebiet, tuple[Teilwert, ...]]], basis: str) -> Teilwert:
        teile: list[Teilwert] = []
        fehlend: list[str] = []
        for kind, moeglich in je_kind:
            passend = sorted((t for t in moeglich if t.basis == basis), key=lambda t: t.gebietsstand)
            if passend:
                teile.append(passend[-1])
            if not passend or passend[-1].zahl is None:
                fehlend.append(kind.name)
        staende = {t.gebietsstand for t in teile if t.gebietsstand}
        if len(teile) < len(je_kind):
            teile.append(Teilwert(None, Status.FEHLT))
        hinweise = (_teile_fehlen(fehlend, len(je_kind)),) if fehlend else ()
        summe = verbinde(teile)
        if not all(self._gleich(je_kind, a, b) for a in staende for b in staende if a < b):
            hinweise = (f"Die Teile haben verschiedene Gebietsstände ({', '.join(sorted(staende))}).",)
            summe = replace(summe, zahl=None, status=Status.GESPERRT)
        return replace(summe, basis=basis, gebietsstand=max(staende, default=""), hinweise=hinweise)

    def _gleich(self, je_kind: list[tuple[Gebiet, tuple[Teilwert, ...]]], eins: str, zwei: str) -> bool:
        return all(self._verzeichnis.gleicher_stand(kind.schluessel, eins, zwei) for kind, _ in je_kind)


def _teile_fehlen(fehlend: list[str], anzahl: int) -> str:
    namen = ", ".join(fehlend[:4]) + (" …" if len(fehlend) > 4 else "")
    return f"Keine Summe: für {len(fehlend)} von {anzahl} Teilen fehlt der Wert ({namen})."
