"""Der Datenbestand eines Projekts: alle Quellen, das Gebietsverzeichnis und die gelesenen Tabellen."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from berichtswerk.daten import korrekturen
from berichtswerk.daten.korrekturen import Korrektur
from berichtswerk.daten.lieferungen import (
    Geltend,
    Lieferung,
    angewandt,
    geltende,
    lies_verzeichnis,
    verzeichnete,
    verzeichnisdatei,
)  # fmt: skip
from berichtswerk.daten.quelle import Quelle
from berichtswerk.daten.tabelle import Tabelle
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, vorschlag
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import lies_yaml

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebietsverzeichnis


class QuelleName(Befundart):
    text = "Der Name „{name}“ passt nicht zum Dateinamen."
    abhilfe = "Schreiben Sie „name: {stamm}“ oder benennen Sie die Datei um."


class QuelleUnbekannt(Befundart):
    text = "Eine Quelle „{name}“ gibt es nicht."
    abhilfe = "{vorschlag}"


class LieferungenOhneQuelle(Befundart):
    text = "Zu diesen Lieferungen gibt es keine Quelle „{name}“."
    abhilfe = "Stellen Sie daten/quellen/{name}.yaml wieder her, oder benennen Sie das Verzeichnis um."


class Quellen(Mapping[str, Quelle]):
    """Die gültigen Beschreibungen nach Namen; eine fehlerhafte sperrt sich selbst und wer sie braucht.

    Wer nach ihr fragt, auch mit ``in``, bekommt ihre Befunde als :class:`BerichtswerkFehler`: sonst nähme
    eine Kennzahl still den nächsten Rechenweg, weil es die Quelle des ersten scheinbar nicht gibt.
    """

    def __init__(self, gueltige: Mapping[str, Quelle], gesperrte: Mapping[str, list[Meldung]]) -> None:
        self._gueltige, self._gesperrte = gueltige, gesperrte

    @property
    def befunde(self) -> list[Meldung]:
        """Die Befunde aller fehlerhaften Beschreibungen."""
        return [meldung for liste in self._gesperrte.values() for meldung in liste]

    def __getitem__(self, name: str) -> Quelle:
        if name in self._gesperrte:
            raise BerichtswerkFehler(self._gesperrte[name])
        return self._gueltige[name]

    def __contains__(self, name: object) -> bool:
        if name in self._gesperrte:
            raise BerichtswerkFehler(self._gesperrte[str(name)])
        return name in self._gueltige

    def __iter__(self) -> Iterator[str]:
        return iter(self._gueltige)

    def __len__(self) -> int:
        return len(self._gueltige)


class Datenbestand:
    """Zugang zu allen Daten eines Projekts; jede Tabelle wird höchstens einmal gelesen.

    ``zweifel``: was „pruefen daten“ an gelesenen Quellen einen Fehler nennt und niemand angenommen hat.
    """

    def __init__(
        self,
        projekt: Projekt,
        *,
        bei_zweifel: Literal["nichts", "sammeln", "halten"] = "nichts",
        am: date | None = None,
    ) -> None:
        """``bei_zweifel``: jede gelesene Quelle auch prüfen; Fehler sammeln oder bei ihnen halten.

        ``am``: nur Lieferungen und Korrekturen, die es an diesem Tag gab; sonst alle.
        """
        self.projekt, self.am = projekt, am
        self.zweifel: list[Meldung] = []
        self.abgeloest: set[str] = set()
        """Dateien von Beschreibungen, an deren Stelle Lieferungen gelten; gefüllt mit ``quellen``."""
        self.ausstehende: dict[str, Quelle] = {}
        """Beschreibungen ohne Lieferung: es gibt ihr Formular, aber keine Werte; gefüllt mit ``quellen``."""
        self._bei_zweifel = bei_zweifel
        self._tabellen: dict[str, Tabelle] = {}
        self._gelesen: dict[str, None] = {}

    @cached_property
    def quellen(self) -> Quellen:
        """Alle Beschreibungen nach Namen; Daten werden nicht gelesen."""
        quellen: dict[str, Quelle] = {}
        gesperrt: dict[str, list[Meldung]] = {}
        for pfad in sorted(self.projekt.quellen.glob("*.yaml")):
            try:
                dokument = lies_yaml(pfad, self.projekt)
                self._gelesen[dokument.datei] = None
                quelle = dokument.als(Quelle)
                if quelle.name != pfad.stem:
                    raise BerichtswerkFehler(
                        dokument.melde(QuelleName, "name", name=quelle.name, stamm=pfad.stem)
                    )
                quellen[quelle.name] = quelle
            except BerichtswerkFehler as fehler:
                gesperrt[pfad.stem] = fehler.meldungen
        self._ergaenze(quellen, gesperrt)
        for name in [n for n, q in quellen.items() if q.ausstehend and not isinstance(q, Geltend)]:
            pfad = quellen[name].pfad(self.projekt)
            self._gelesen[self.projekt.relativ(pfad)] = None  # kommt sie, ist neu zu rechnen
            if not pfad.exists():
                self.ausstehende[name] = quellen.pop(name)
        return Quellen(quellen, gesperrt)

    def _ergaenze(self, quellen: dict[str, Quelle], gesperrt: dict[str, list[Meldung]]) -> None:
        """Setzt an die Stelle der Beschreibungen, was mit Lieferungen und Korrekturen gilt."""
        lieferungen: dict[str, list[Lieferung]] = {}
        korrigiert: dict[str, list[Korrektur]] = {}
        for name in verzeichnete(self.projekt):
            try:
                lieferungen[name] = lies_verzeichnis(self.projekt, name)
                if name not in quellen and name not in gesperrt:
                    datei = self.projekt.relativ(verzeichnisdatei(self.projekt, name))
                    raise BerichtswerkFehler(LieferungenOhneQuelle.melde(datei=datei, name=name))
            except BerichtswerkFehler as fehler:
                gesperrt[name] = [*gesperrt.get(name, ()), *fehler.meldungen]
        for name, eintrag in korrekturen.lade(self.projekt, {*quellen, *gesperrt}):
            if isinstance(eintrag, Korrektur):
                korrigiert.setdefault(name, []).append(eintrag)
            else:
                gesperrt[name] = [*gesperrt.get(name, ()), *eintrag]
        for name in gesperrt:
            quellen.pop(name, None)
        for name in {*lieferungen, *korrigiert} & quellen.keys():
            gelten = geltende(lieferungen.get(name, ()), self.am)
            letzte = gelten[-1].datum if gelten else None
            k = [self._benannt(k) for k in korrigiert.get(name, ()) if k.gilt(self.am, letzte)]
            if gelten:
                self.abgeloest.update(map(self.projekt.relativ, quellen[name].pfade(self.projekt)))
            quellen[name] = angewandt(quellen[name], gelten, k)
            dateien = [k.datei for k in korrigiert.get(name, ())]
            dateien += (
                [self.projekt.relativ(verzeichnisdatei(self.projekt, name))] if name in lieferungen else []
            )
            self._gelesen |= dict.fromkeys(dateien)

    def _benannt(self, k: Korrektur) -> Korrektur:
        name = self.gebiete[k.gebiet].name if k.gebiet in self.gebiete else k.gebiet
        return k.model_copy(update={"name": name})

    @cached_property
    def gebiete(self) -> Gebietsverzeichnis:
        """Das Gebietsverzeichnis aus ``daten/gebiete.yaml``."""
        from berichtswerk.daten.gebiete import Gebietsverzeichnis

        verzeichnis = Gebietsverzeichnis.lade(self.projekt)
        self._gelesen[self.projekt.relativ(self.projekt.daten / "gebiete.yaml")] = None
        return verzeichnis

    def spaeter_geliefert(
        self, gelesen: Collection[str], stand: date, bis: int | None
    ) -> Iterator[tuple[Quelle, int]]:
        """Veröffentlichtes, das es bei ``stand`` noch nicht gab: Quelle und ihr jüngstes Jahr.

        Wann ein früheres Jahr veröffentlicht wurde, weiß niemand; das jüngste einer Datei kam mit ihr. Was
        weder Stichtag noch Zeitraum nennt (Orte, Grenzen), sagt nichts über ein Jahr.

        Args:
            gelesen: Dateien eines Laufs ab der Projektwurzel; andere Quellen zählen nicht.
            stand: der Tag, bis zu dem veröffentlicht sein muss, was der Lauf zeigt.
            bis: das letzte Jahr, das er zeigt.
        """
        for name, q in self.quellen.items():
            dateien = map(self.projekt.relativ, q.pfade(self.projekt))
            s = q.statistik
            if s.stand <= stand or q.ist_beispiel or not (s.stichtag or s.zeitraum):
                continue
            if not any(d in gelesen for d in dateien):
                continue
            jahre = self.tabelle(name).werte["jahr"]
            if len(jahre) and (bis is None or jahre.max() <= bis):
                yield q, int(jahre.max())

    def quelle(self, name: str) -> Quelle:
        """Die Beschreibung einer Quelle.

        Raises:
            BerichtswerkFehler: es gibt sie nicht; nennt ähnliche Namen.
        """
        if name in self.quellen:
            return self.quellen[name]
        if name in self.ausstehende:
            return self.ausstehende[name]
        raise BerichtswerkFehler(
            QuelleUnbekannt.melde(
                datei=self.projekt.relativ(self.projekt.quellen), name=name,
                vorschlag=vorschlag(name, self.quellen, sonst="Vorhanden sind: "),
            )
        )  # fmt: skip

    def tabelle(self, name: str) -> Tabelle:
        """Liest eine Quelle (beim zweiten Mal aus dem Gedächtnis).

        Raises:
            BerichtswerkFehler: mit allen Befunden der Lieferung, mit ``halten`` auch denen der Prüfung.
        """
        if name not in self._tabellen:
            from berichtswerk.daten.leser import lies

            quelle = self.quelle(name)
            for pfad in quelle.pfade_aller(self.projekt):
                self._gelesen[self.projekt.relativ(pfad)] = None
            tabelle = lies(quelle, self.projekt, self.gebiete)
            if self._bei_zweifel != "nichts":
                self._pruefe(name, tabelle)
            self._tabellen[name] = tabelle
        return self._tabellen[name]

    def _pruefe(self, name: str, tabelle: Tabelle) -> None:
        from berichtswerk.daten.pruefung import fehler_von

        zweifel = fehler_von(self, name, tabelle)
        if zweifel and self._bei_zweifel == "halten":
            raise BerichtswerkFehler(zweifel)
        self.zweifel += zweifel

    def merke(self, datei: str) -> None:
        """Eine gelesene Datei ab Projektwurzel, die keine Quelle ist."""
        self._gelesen[datei] = None

    def gelesen(self) -> tuple[str, ...]:
        """Alle bisher gelesenen Dateien (Beschreibungen, Gebiete, Daten), ab Projektwurzel, sortiert."""
        return tuple(sorted(self._gelesen))
