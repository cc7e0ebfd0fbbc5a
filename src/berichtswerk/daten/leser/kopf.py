"""Der Tabellenkopf: ein- oder mehrzeilig, und wie man darin Spalten findet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import chain

from berichtswerk.daten.lesen import Kopf, Spaltenbereich, Spaltenwahl, zeilennummern
from berichtswerk.daten.leser.grund import Blatt, Zeile, als_text, buchstabe
from berichtswerk.grund.aehnlich import aehnliche, aufgezaehlt


@lru_cache(maxsize=8192)
def glatt(text: str) -> str:
    """Ein Kopftext ohne Zeilenumbrüche, doppelte Leerzeichen und weiche Trennstellen."""
    return " ".join(text.replace("\u00ad", "").replace("\ufeff", "").split())


class SpalteFehlt(LookupError):
    """Eine genannte Spalte gibt es nicht oder nicht eindeutig."""

    def __init__(self, kennung: str, wahl: int | str, text: str, *, ursache: str, abhilfe: str) -> None:
        super().__init__(text)
        self.kennung, self.spalte, self.text = kennung, str(wahl), text
        self.ursache, self.abhilfe = ursache, abhilfe


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
            SpalteFehlt: keine oder mehrere.
        """
        treffer = self.stellen(wahl)
        if len(treffer) > 1:
            raise self._mehrdeutig(wahl, treffer)
        return treffer[0]

    def stellen(self, wahl: Spaltenwahl) -> list[int]:
        """Alle gemeinten Spalten (ab 0), von links nach rechts.

        Raises:
            SpalteFehlt: keine.
        """
        if isinstance(wahl, Spaltenbereich):
            von = self.stelle(wahl.von)
            bis = self.mindestens - 1 if wahl.bis is None else self.stelle(wahl.bis)
            return list(range(von, bis + 1, wahl.schritt))
        treffer = self._nummer(wahl) if isinstance(wahl, int) else self._text(wahl)
        if not treffer:
            raise self._fehlt(wahl)
        return treffer

    def _nummer(self, nummer: int) -> list[int]:
        return [nummer - 1] if 1 <= nummer <= self.breite else []

    def _text(self, wahl: str) -> list[int]:
        if re.fullmatch(r"=[A-Z]{1,3}", wahl):
            return [s for s in range(self.breite) if buchstabe(s) == wahl[1:]]
        if len(wahl) > 2 and wahl[0] == wahl[-1] == "/":
            regel = re.compile(wahl[1:-1])
            return [s for s, name in enumerate(self.namen) if regel.search(name)]
        gesucht = glatt(wahl)
        ganz = [s for s, name in enumerate(self.namen) if name == gesucht]
        if ganz:
            if len(ganz) > 1:
                raise self._mehrdeutig(wahl, ganz)
            return ganz
        einzeln = [s for s in range(self.breite) if gesucht in (e[s] for e in self.ebenen)]
        if len(einzeln) > 1:
            raise self._mehrdeutig(wahl, einzeln)
        return einzeln

    def _fehlt(self, wahl: int | str) -> SpalteFehlt:
        if isinstance(wahl, int):
            return SpalteFehlt(
                "spalte-fehlt",
                wahl,
                f"Eine Spalte {wahl} gibt es nicht.",
                ursache=f"Die Tabelle hat {self.breite} Spalten.",
                abhilfe="Berichtigen Sie die Nummer in der Quelle.",
            )
        namen = list(dict.fromkeys(n for n in (*self.namen, *chain.from_iterable(self.ebenen)) if n))
        vorhanden = aufgezaehlt((n for n in self.namen if n), 20)
        nah = aehnliche(wahl, namen)
        hilfe = f"Meinten Sie {aufgezaehlt(nah)}? " if nah else ""
        return SpalteFehlt(
            "spalte-fehlt",
            wahl,
            f"Die Spalte „{wahl}“ gibt es nicht.",
            ursache=f"Vorhanden sind: {vorhanden}." if namen else "Die Tabelle hat keinen Kopf.",
            abhilfe=f"{hilfe}Wurde sie umbenannt, ändern Sie den Namen in der Quelle.",
        )

    def _mehrdeutig(self, wahl: Spaltenwahl, treffer: list[int]) -> SpalteFehlt:
        name = wahl if isinstance(wahl, str | int) else wahl.von
        orte = aufgezaehlt((f"{s + 1}: {self.bezeichnung(s)}" for s in treffer), 8)
        return SpalteFehlt(
            "spalte-mehrdeutig", name, f"„{name}“ kann mehrere Spalten meinen.",
            ursache=f"Gefunden: {orte}.",
            abhilfe="Nennen Sie den ganzen Kopftext (Zeilen mit „ | “ verbunden) oder die Nummer der Spalte.",
        )  # fmt: skip


class KopfFehlt(LookupError):
    """Der beschriebene Kopf ist nicht in der Datei."""


def teile(blatt: Blatt, kopf: Kopf) -> tuple[list[Zeile], Tabellenkopf, Iterator[Zeile]]:
    """Trennt ein Blatt in Titelzeilen, Kopf und die übrigen Zeilen.

    Raises:
        KopfFehlt: die Datei endet vor dem Kopf oder ``suche`` trifft nichts.
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
        breite = max(len(erste.felder) if erste else 0, len(kopf.namen or []))
    else:
        breite = max(len(z.felder) for z in kopfzeilen)
    ebenen = [_ebene(z, nummer, kopf, breite) for nummer, z in enumerate(kopfzeilen, start=1)]
    if kopf.namen is not None:
        ebenen = [*ebenen, [glatt(n) for n in kopf.namen][:breite]]
    return titel, Tabellenkopf(ebenen, breite, kopfzeilen[0].nr if kopfzeilen else 1), zeilen


def _kopfzeilen(zeilen: Iterator[Zeile], kopf: Kopf, titel: list[Zeile]) -> list[Zeile]:
    """Holt die Kopfzeilen; was davor steht, kommt nach ``titel``."""
    if kopf.hoehe == 0:
        return []
    genannt = set(zeilennummern(kopf.zeilen)) if kopf.zeilen is not None else None
    regel = re.compile(kopf.suche) if kopf.suche else None
    gefunden: list[Zeile] = []
    for zeile in zeilen:
        texte = [glatt(als_text(f)) for f in zeile.felder]
        if genannt is not None:
            passt = zeile.nr in genannt
        else:
            passt = any(texte) and (regel is None or bool(gefunden) or any(regel.search(t) for t in texte))
        (gefunden if passt else titel).append(zeile)
        if len(gefunden) == kopf.hoehe or (genannt is not None and zeile.nr >= max(genannt)):
            break
    if len(gefunden) < kopf.hoehe:
        raise KopfFehlt
    return gefunden


def _ebene(zeile: Zeile, nummer: int, kopf: Kopf, breite: int) -> list[str]:
    texte = [als_text(feld) for feld in zeile.felder]
    if kopf.entfernen:
        texte = [re.sub(kopf.entfernen, "", text) for text in texte]
    texte = [glatt(text) for text in texte]
    if kopf.auffuellen is True or (isinstance(kopf.auffuellen, list) and nummer in kopf.auffuellen):
        texte = list(_nach_rechts(texte, breite))
    return texte


def _nach_rechts(texte: Iterable[str], breite: int) -> Iterator[str]:
    zuletzt = ""
    anzahl = 0
    for text in texte:
        zuletzt = text or zuletzt
        anzahl += 1
        yield zuletzt
    yield from [zuletzt] * (breite - anzahl)
