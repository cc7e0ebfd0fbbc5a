"""Der Datenbestand eines Projekts: alle Quellen, das Gebietsverzeichnis und die gelesenen Tabellen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Literal

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
        self, projekt: Projekt, *, bei_zweifel: Literal["nichts", "sammeln", "halten"] = "nichts"
    ) -> None:
        """``bei_zweifel``: jede gelesene Quelle auch prüfen; Fehler sammeln oder bei ihnen halten."""
        self.projekt = projekt
        self.zweifel: list[Meldung] = []
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
        return Quellen(quellen, gesperrt)

    @cached_property
    def gebiete(self) -> Gebietsverzeichnis:
        """Das Gebietsverzeichnis aus ``daten/gebiete.yaml``."""
        from berichtswerk.daten.gebiete import Gebietsverzeichnis

        verzeichnis = Gebietsverzeichnis.lade(self.projekt)
        self._gelesen[self.projekt.relativ(self.projekt.daten / "gebiete.yaml")] = None
        return verzeichnis

    def quelle(self, name: str) -> Quelle:
        """Die Beschreibung einer Quelle.

        Raises:
            BerichtswerkFehler: es gibt sie nicht; nennt ähnliche Namen.
        """
        if name in self.quellen:
            return self.quellen[name]
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
            for pfad in quelle.pfade(self.projekt):
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
