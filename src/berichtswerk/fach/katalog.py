"""Der Katalog aller Kennzahlen eines Projekts (``daten/kennzahlen/*.yaml``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from berichtswerk.fach.kennzahl import Kennzahl
from berichtswerk.grund.aehnlich import vorschlag
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import lade_yaml


class Kennzahlenkatalog(Mapping[str, Kennzahl]):
    """Kennzahlen nach id, alphabetisch."""

    def __init__(self, kennzahlen: Mapping[str, Kennzahl]) -> None:
        self._kennzahlen = dict(sorted(kennzahlen.items()))

    @classmethod
    def lade(cls, projekt: Projekt) -> Kennzahlenkatalog:
        """Liest alle Definitionen.

        Raises:
            BerichtswerkFehler: mit den Befunden aller Dateien auf einmal.
        """
        gelesen: dict[str, Kennzahl] = {}
        befunde: list[Meldung] = []
        for pfad in sorted(projekt.kennzahlen.glob("*.yaml")):
            try:
                kennzahl = lade_yaml(pfad, Kennzahl, projekt)
            except BerichtswerkFehler as fehler:
                befunde.extend(fehler.meldungen)
                continue
            if kennzahl.id != pfad.stem:
                befunde.append(_falsche_id(kennzahl, projekt.relativ(pfad), pfad.stem))
            gelesen[kennzahl.id] = kennzahl
        if befunde:
            raise BerichtswerkFehler(befunde)
        return cls(gelesen)

    def __getitem__(self, kennung: str) -> Kennzahl:
        return self._kennzahlen[kennung]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kennzahlen)

    def __len__(self) -> int:
        return len(self._kennzahlen)

    def finde(self, kennung: str) -> Kennzahl:
        """Die Kennzahl mit dieser id.

        Raises:
            BerichtswerkFehler: ``kennzahl-unbekannt`` mit ähnlichen ids.
        """
        if kennung not in self._kennzahlen:
            raise BerichtswerkFehler(
                Meldung(
                    "kennzahl-unbekannt",
                    f"Die Kennzahl „{kennung}“ gibt es nicht.",
                    ursache=vorschlag(kennung, self._kennzahlen),
                    abhilfe=f"Berichtigen Sie den Namen oder legen Sie daten/kennzahlen/{kennung}.yaml an.",
                )
            )
        return self._kennzahlen[kennung]


def _falsche_id(kennzahl: Kennzahl, datei: str, stamm: str) -> Meldung:
    return Meldung(
        "kennzahl-id",
        f"Die id „{kennzahl.id}“ heißt anders als die Datei.",
        datei,
        feld="id",
        abhilfe=f"Schreiben Sie „id: {stamm}“ oder nennen Sie die Datei {kennzahl.id}.yaml.",
    )
