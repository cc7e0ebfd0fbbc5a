"""Der Tabellenkopf: ein- oder mehrzeilig, und wie man darin Spalten findet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain

from berichtswerk.daten.lesen import Angaben, Kopf, Spaltenbereich, Spaltenwahl, zeilennummern
from berichtswerk.daten.leser.grund import Abgewiesen, Blatt, Verbunden, Zeile, als_text, buchstabe, glatt
from berichtswerk.daten.muster import als_muster, regel
from berichtswerk.daten.quelle import Dialekt
from berichtswerk.grund.meldung import Befundart, aufgezaehlt, meinten


class SpalteFehlt(Befundart):
    text = "Die Spalte „{name}“ gibt es nicht."
    ursache = "{grund}"
    abhilfe = "{meinten}Wurde sie umbenannt, ändern Sie den Namen in der Quelle."


class SpaltennummerFehlt(SpalteFehlt):
    text = "Eine Spalte {nummer} gibt es nicht."
    ursache = "Die Tabelle hat {breite} Spalten."
    abhilfe = "Berichtigen Sie die Nummer in der Quelle."


class SpalteMehrdeutig(Befundart):
    text = "„{name}“ kann mehrere Spalten meinen."
    ursache = "Gefunden: {orte}."
    abhilfe = "Nennen Sie den ganzen Kopftext (Zeilen mit „ | “ verbunden) oder die Nummer der Spalte."


class Tabellenkopf:
    """Spalten mit ihren Kopftexten je Ebene; ``namen`` sind die Ebenen mit „ | “ verbunden."""

    def __init__(self, ebenen: list[list[str]], breite: int, zeile: int = 0) -> None:
        self.ebenen = [[*e, *([""] * (breite - len(e)))] for e in ebenen]
        self.breite = breite
        self.zeile = zeile
        self.namen = [self._name(stelle) for stelle in range(breite)]
        self.mindestens = max((s + 1 for s, name in enumerate(self.namen) if name), default=breite)
        """so viele Felder muss jede Zeile haben: bis zur letzten Spalte mit Kopftext"""

    def _name(self, stelle: int) -> str:
        teile: list[str] = []
        for ebene in self.ebenen:
            if ebene[stelle] and (not teile or teile[-1] != ebene[stelle]):
                teile.append(ebene[stelle])
        return " | ".join(teile)

    def bezeichnung(self, stelle: int) -> str:
        """Name der Spalte für Meldungen und Nachweis."""
        return (self.namen[stelle] if stelle < self.breite else "") or f"Spalte {stelle + 1}"

    def text(self, stelle: int, ebene: int) -> str:
        """Kopftext einer Spalte in der ``ebene``-ten Kopfzeile (ab 1)."""
        return self.ebenen[ebene - 1][stelle] if ebene <= len(self.ebenen) else ""

    def stelle(self, wahl: Spaltenwahl) -> int:
        """Die eine Spalte (ab 0), die gemeint ist.

        Raises:
            Abgewiesen: keine oder mehrere.
        """
        treffer = self.stellen(wahl)
        if len(treffer) > 1:
            raise self._mehrdeutig(wahl, treffer)
        return treffer[0]

    def stellen(self, wahl: Spaltenwahl) -> list[int]:
        """Alle gemeinten Spalten (ab 0), von links nach rechts.

        Raises:
            Abgewiesen: keine.
        """
        if isinstance(wahl, Spaltenbereich):
            von = self.stelle(wahl.von)
            bis = self.mindestens - 1 if wahl.bis is None else self.stelle(wahl.bis)
            return list(range(von, bis + 1, wahl.schritt))
        if isinstance(wahl, int):
            if not 1 <= wahl <= self.breite:
                raise Abgewiesen(SpaltennummerFehlt, feld=str(wahl), nummer=wahl, breite=self.breite)
            return [wahl - 1]
        if not (treffer := self._text(wahl)):
            raise self._fehlt(wahl)
        return treffer

    def _text(self, wahl: str) -> list[int]:
        if re.fullmatch(r"=[A-Z]{1,3}", wahl):
            return [s for s in range(self.breite) if buchstabe(s) == wahl[1:]]
        if muster := als_muster(wahl):
            return [s for s, name in enumerate(self.namen) if muster.suche(name)]
        gesucht = glatt(wahl)
        treffer = [s for s, name in enumerate(self.namen) if name == gesucht]
        treffer = treffer or [s for s in range(self.breite) if gesucht in (e[s] for e in self.ebenen)]
        if len(treffer) > 1:
            raise self._mehrdeutig(wahl, treffer)
        return treffer

    def _fehlt(self, wahl: str) -> Abgewiesen:
        namen = list(dict.fromkeys(n for n in (*self.namen, *chain.from_iterable(self.ebenen)) if n))
        vorhanden = aufgezaehlt((n for n in self.namen if n), 20)
        grund = f"Vorhanden sind: {vorhanden}." if namen else "Die Tabelle hat keinen Kopf."
        return Abgewiesen(SpalteFehlt, feld=wahl, name=wahl, grund=grund, meinten=meinten(wahl, namen))

    def _mehrdeutig(self, wahl: Spaltenwahl, treffer: list[int]) -> Abgewiesen:
        name = wahl if isinstance(wahl, str | int) else wahl.von
        orte = aufgezaehlt((f"{s + 1}: {self.bezeichnung(s)}" for s in treffer), 8)
        return Abgewiesen(SpalteMehrdeutig, feld=str(name), name=name, orte=orte)


class KopfFehlt(LookupError):
    """Der beschriebene Kopf ist nicht in der Datei."""


def kopfangabe(angaben: Angaben, dialekt: Dialekt | None, hoehe: int) -> Kopf:
    """Der Kopf nach ``lesen.kopf``, sonst nach dem Frictionless-Dialekt, sonst nach der Familie."""
    if angaben.kopf is not None:
        return angaben.kopf
    if dialekt and dialekt.header is False:
        return Kopf(anzahl=0)
    if dialekt and dialekt.headerRows:
        return Kopf(zeilen=dialekt.headerRows)
    return Kopf(anzahl=hoehe)


def teile(blatt: Blatt, kopf: Kopf) -> tuple[list[Zeile], Tabellenkopf, Iterator[Zeile]]:
    """Trennt ein Blatt in Titelzeilen, Kopf und die übrigen Zeilen.

    Raises:
        KopfFehlt: das Blatt endet vor dem beschriebenen Kopf.
    """
    zeilen = iter(blatt.zeilen())
    titel: list[Zeile] = []
    if blatt.spaltennamen is not None:
        namen = [glatt(n) for n in blatt.spaltennamen]
        return titel, Tabellenkopf([namen], len(namen), 1), zeilen
    kopfzeilen = _kopfzeilen(zeilen, kopf, titel)
    if kopf.hoehe == 0:
        erste = next(zeilen, None)
        zeilen = chain([erste] if erste else [], zeilen)
        breite = max(len(erste[1]) if erste else 0, len(kopf.namen or []))
    else:
        breite = max(len(felder) for _, felder in kopfzeilen)
    ebenen: list[list[str]] = []
    grenzen: set[int] = set()
    for nummer, (_, felder) in enumerate(kopfzeilen, start=1):
        texte = [
            *(glatt(_bereinigt(kopf, als_text(feld))) for feld in felder),
            *([""] * (breite - len(felder))),
        ]
        grenzen |= {
            stelle for stelle, text in enumerate(texte) if text and not isinstance(felder[stelle], Verbunden)
        }
        if kopf.auffuellen is True or (isinstance(kopf.auffuellen, list) and nummer in kopf.auffuellen):
            for stelle in range(1, breite):
                texte[stelle] = texte[stelle] or ("" if stelle in grenzen else texte[stelle - 1])
        if kopf.auffuellen_unten and ebenen:
            texte = [text or oben for text, oben in zip(texte, ebenen[-1], strict=True)]
        ebenen.append(texte)
    if kopf.namen is not None:
        ebenen = [*ebenen, [glatt(n) for n in kopf.namen][:breite]]
    return titel, Tabellenkopf(ebenen, breite, kopfzeilen[0][0] if kopfzeilen else 1), zeilen


def _kopfzeilen(zeilen: Iterator[Zeile], kopf: Kopf, titel: list[Zeile]) -> list[Zeile]:
    """Holt die Kopfzeilen; was davor steht, kommt nach ``titel``."""
    if kopf.hoehe == 0:
        return []
    genannt = set(zeilennummern(kopf.zeilen)) if kopf.zeilen is not None else None
    muster = regel(kopf.suche) if kopf.suche else None
    gefunden: list[Zeile] = []
    for nr, felder in zeilen:
        texte = [glatt(als_text(f)) for f in felder]
        if genannt is not None:
            passt = nr in genannt
        else:
            passt = any(texte) and (muster is None or bool(gefunden) or any(muster.suche(t) for t in texte))
        (gefunden if passt else titel).append((nr, felder))
        if len(gefunden) == kopf.hoehe or (genannt is not None and nr >= max(genannt)):
            break
    if len(gefunden) < kopf.hoehe:
        raise KopfFehlt
    return gefunden


def _bereinigt(kopf: Kopf, text: str) -> str:
    return regel(kopf.entfernen).streiche(text) if kopf.entfernen else text
