"""Annahmen und Szenarien: jede Annahme mit Herkunft, damit ein Bericht sie vollständig drucken kann."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from difflib import get_close_matches

from berichtswerk.fach.methoden.fehler import AnnahmeDoppelt, AnnahmeKeineZahl, AnnahmeUnbekannt
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zahl import mit_einheit, schreibe

Annahmewert = float | int | str | bool | tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Annahme:
    """Eine benannte Annahme.

    ``herkunft`` nennt die Quelle oder die Stelle, die sie gesetzt hat (Funktion, keine Person);
    ``datum`` den Tag der Festlegung. ``stellen`` steuert nur die Anzeige.
    """

    name: str
    wert: Annahmewert
    einheit: str
    herkunft: str
    begruendung: str
    datum: date
    stellen: int = 1
    bezeichnung: str = ""
    """Wie sie im Bericht heißt; Vorgabe ist der Name."""
    gruppe: str = ""
    zeigen: bool = True
    fundstelle: tuple[str, str, int] = ("", "", 0)
    """Quelle, Datei und Zeile, in der sie steht."""

    def anzeige(self) -> str:
        """Der Wert als deutscher Text mit Einheit."""
        if isinstance(self.wert, bool):
            return "ja" if self.wert else "nein"
        if isinstance(self.wert, str):
            return self.wert
        if isinstance(self.wert, int):
            return mit_einheit(schreibe(self.wert), self.einheit)
        zahlen = self.wert if isinstance(self.wert, tuple) else (self.wert,)
        return mit_einheit(" / ".join(schreibe(z, self.stellen) for z in zahlen), self.einheit)


@dataclass(frozen=True)
class Szenario:
    """Ein vollständiger Satz von Annahmen unter einem Namen.

    Raises:
        BerichtswerkFehler: ``annahme-doppelt``, wenn ein Name zweimal vorkommt.
    """

    name: str
    annahmen: tuple[Annahme, ...]
    beschreibung: str = ""

    def __post_init__(self) -> None:
        namen = [a.name for a in self.annahmen]
        for name in namen:
            if namen.count(name) > 1:
                raise BerichtswerkFehler(AnnahmeDoppelt.melde(name=name, szenario=self.name))

    def __contains__(self, name: object) -> bool:
        return any(a.name == name for a in self.annahmen)

    def annahme(self, name: str) -> Annahme:
        """Die Annahme dieses Namens.

        Raises:
            BerichtswerkFehler: ``annahme-unbekannt`` mit den ähnlichsten Namen.
        """
        for eintrag in self.annahmen:
            if eintrag.name == name:
                return eintrag
        namen = sorted(a.name for a in self.annahmen)
        nahe = get_close_matches(name, namen, 3) or namen[:5]
        raise BerichtswerkFehler(
            AnnahmeUnbekannt.melde(name=name, szenario=self.name, nahe=", ".join(nahe) or "keine")
        )

    def zahl(self, name: str, ersatz: float | None = None) -> float:
        """Der Zahlenwert einer Annahme; ``ersatz`` gilt nur, wenn es die Annahme nicht gibt.

        Raises:
            BerichtswerkFehler: ``annahme-unbekannt`` oder ``annahme-keine-zahl``.
        """
        if name not in self and ersatz is not None:
            return ersatz
        wert = self.annahme(name).wert
        if isinstance(wert, bool) or not isinstance(wert, int | float):
            raise BerichtswerkFehler(AnnahmeKeineZahl.melde(name=name, szenario=self.name))
        return float(wert)

    def mit(self, *annahmen: Annahme, name: str | None = None) -> Szenario:
        """Ein neues Szenario, in dem die Annahmen gleichen Namens ersetzt, neue angehängt sind."""
        neu = {a.name: a for a in annahmen}
        alt = [neu.pop(a.name, a) for a in self.annahmen]
        return replace(self, name=name or self.name, annahmen=(*alt, *neu.values()))


@dataclass(frozen=True, slots=True)
class Abweichung:
    """Eine Annahme, die für ein Gebiet anders gesetzt ist (Grund, Herkunft, Datum stehen in ihr)."""

    gebiet: str
    annahme: Annahme
