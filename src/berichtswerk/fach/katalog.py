"""Der Katalog eines Projekts: Kennzahlen, Rechnungen, Ereignisse und Maßnahmen (unter ``daten/``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from berichtswerk.fach.ereignis import Ereignis, lade_ereignisse
from berichtswerk.fach.kennzahl import Kennzahl
from berichtswerk.fach.massnahme import Massnahme, lade_massnahmen
from berichtswerk.fach.rechnung import Rechnung, lade_rechnungen
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, vorschlag
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import lade_yaml


class KennzahlUnbekannt(Befundart):
    text = "Die Kennzahl „{name}“ gibt es nicht."
    ursache = "{vorschlag}"
    abhilfe = "Berichtigen Sie den Namen oder legen Sie daten/kennzahlen/{name}.yaml an."


class KennzahlIdFalsch(Befundart):
    kennung = "kennzahl-id"
    text = "Die id „{id}“ heißt anders als die Datei."
    abhilfe = "Schreiben Sie „id: {stamm}“ oder nennen Sie die Datei {id}.yaml."
    feld = "id"


class RechnungUnbekannt(Befundart):
    text = "Die Rechnung „{name}“ gibt es nicht."
    ursache = "{vorschlag}"
    abhilfe = "Berichtigen Sie den Namen oder legen Sie daten/rechnungen/{name}.yaml an."


class Kennzahlenkatalog(Mapping[str, Kennzahl]):
    """Kennzahlen und die Reihen der Rechnungen nach id, alphabetisch."""

    def __init__(
        self, kennzahlen: Mapping[str, Kennzahl], rechnungen: Mapping[str, Rechnung],
        ereignisse: Sequence[Ereignis] = (), massnahmen: Sequence[Massnahme] = (),
    ) -> None:  # fmt: skip
        eigene = {k: r for rechnung in rechnungen.values() for k, r in rechnung.reihen.items()}
        self._kennzahlen: dict[str, Kennzahl] = dict(sorted({**kennzahlen, **eigene}.items()))
        self.rechnungen = rechnungen
        """Rechnungen nach id."""
        self.tafeln = {name: r.id for r in rechnungen.values() for name in r.tafeln}
        """Tafel → Rechnung, die sie ergibt."""
        self.ereignisse = tuple(ereignisse)
        """Was den Verlauf von Kennzahlen verändert hat, nach Datum."""
        self.massnahmen = tuple(massnahmen)
        """Was Berichte vorschlagen und was daraus wurde, in der Reihenfolge der Datei."""

    @classmethod
    def lade(cls, projekt: Projekt) -> Kennzahlenkatalog:
        """Liest alle Definitionen.

        Raises:
            BerichtswerkFehler: mit den Befunden aller Dateien auf einmal.
        """
        gelesen: dict[str, Kennzahl] = {}
        rechnungen: dict[str, Rechnung] = {}
        befunde: list[Meldung] = []
        for pfad in sorted(projekt.kennzahlen.glob("*.yaml")):
            try:
                kennzahl = lade_yaml(pfad, Kennzahl, projekt)
            except BerichtswerkFehler as fehler:
                befunde.extend(fehler.meldungen)
                continue
            if kennzahl.id != pfad.stem:
                datei = projekt.relativ(pfad)
                befunde.append(KennzahlIdFalsch.melde(datei=datei, id=kennzahl.id, stamm=pfad.stem))
            gelesen[kennzahl.id] = kennzahl
        try:
            rechnungen = lade_rechnungen(projekt)
        except BerichtswerkFehler as fehler:
            befunde.extend(fehler.meldungen)
        bekannt = {p.stem for p in projekt.kennzahlen.glob("*.yaml")}
        bekannt |= {name for r in rechnungen.values() for name in r.reihen}
        befunde += [
            r.melde(KennzahlUnbekannt, *stelle, name=name, vorschlag=vorschlag(name, bekannt))
            for r in rechnungen.values()
            for name, stelle in r.kennzahlen()
            if name not in bekannt
        ]
        befunde += [
            r.melde(
                RechnungUnbekannt, "eingaben", n, "rechnung", name=e.rechnung,
                vorschlag=vorschlag(e.rechnung, rechnungen),
            )
            for r in rechnungen.values()
            for n, e in r.eingaben.items()
            if e.rechnung and e.rechnung not in rechnungen
        ]  # fmt: skip
        ereignisse: Sequence[Ereignis] = ()
        massnahmen: Sequence[Massnahme] = ()
        try:
            ereignisse = lade_ereignisse(projekt, bekannt)
        except BerichtswerkFehler as fehler:
            befunde.extend(fehler.meldungen)
        try:
            massnahmen = lade_massnahmen(projekt, bekannt)
        except BerichtswerkFehler as fehler:
            befunde.extend(fehler.meldungen)
        if befunde:
            raise BerichtswerkFehler(befunde)
        return cls(gelesen, rechnungen, ereignisse, massnahmen)

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
        if kennung in self._kennzahlen:
            return self._kennzahlen[kennung]
        nah = vorschlag(kennung, self._kennzahlen)
        raise BerichtswerkFehler(KennzahlUnbekannt.melde(name=kennung, vorschlag=nah))

    def rechnung(self, kennung: str) -> Rechnung:
        """Die Rechnung mit dieser id.

        Raises:
            BerichtswerkFehler: ``rechnung-unbekannt`` mit ähnlichen ids.
        """
        if kennung in self.rechnungen:
            return self.rechnungen[kennung]
        nah = vorschlag(kennung, self.rechnungen)
        raise BerichtswerkFehler(RechnungUnbekannt.melde(name=kennung, vorschlag=nah))
