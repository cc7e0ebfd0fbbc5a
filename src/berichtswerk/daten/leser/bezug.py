"""Bezüge auswerten: woher Gebiet, Zeit, Merkmal und Messgröße einer Zeile oder Spalte kommen."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from berichtswerk.daten.lesen import Bezug
from berichtswerk.daten.leser.grund import Formel, Sammler, Verbunden, Zeile, als_text
from berichtswerk.daten.leser.kopf import Tabellenkopf, glatt


@dataclass(frozen=True)
class Umgebung:
    """Was außer der Zeile bekannt ist: Kopf, Titelzeilen, Blatt, Datei, Sammler."""

    kopf: Tabellenkopf
    titel: tuple[str, ...]
    blatt: str
    dateiname: str
    sammler: Sammler


class Weglassen(Exception):
    """Die Zeile oder Spalte soll nach der Beschreibung nicht gelesen werden."""


class Unbekannt(ValueError):
    """Ein Text steht nicht in ``werte`` und ``sonst: fehler`` gilt."""


def schneide(muster: str, text: str) -> str | None:
    """Erste Klammer des Treffers, ohne Klammer der ganze Treffer, ohne Treffer ``None``."""
    treffer = re.search(muster, text)
    if treffer is None:
        return None
    return next((g for g in treffer.groups() if g is not None), "") if treffer.re.groups else treffer[0]


@dataclass
class Bezugsleser:
    """Wertet einen Bezug aus; merkt sich, was in folgenden Zeilen weiter gilt."""

    bezug: Bezug
    umgebung: Umgebung
    spalten: list[int] = field(default_factory=list)
    zuletzt: str = ""

    def __post_init__(self) -> None:
        """Löst Spalten auf und liest, was vor den Daten feststeht.

        Raises:
            SpalteFehlt: eine genannte Spalte gibt es nicht.
        """
        bezug, kopf = self.bezug, self.umgebung.kopf
        if bezug.spalte is not None:
            self.spalten = [kopf.stelle(bezug.spalte)]
        elif bezug.spalten is not None:
            self.spalten = [kopf.stelle(s) for s in bezug.spalten]
        elif bezug.fest is not None:
            self.zuletzt = bezug.fest
        elif bezug.titel is not None:
            self.zuletzt = self._aus(bezug.titel, self.umgebung.titel)
        elif bezug.blattname is not None:
            self.zuletzt = self._aus(bezug.blattname, (self.umgebung.blatt,))
        elif bezug.dateiname is not None:
            self.zuletzt = self._aus(bezug.dateiname, (self.umgebung.dateiname,))
        elif bezug.abschnitt is not None:
            for text in self.umgebung.titel:
                self.zuletzt = schneide(bezug.abschnitt, text) or self.zuletzt

    @staticmethod
    def _aus(muster: str, texte: tuple[str, ...]) -> str:
        return next((t for text in texte if (t := schneide(muster, text)) is not None), "")

    def abschnitt(self, text: str) -> bool:
        """Ob ``text`` eine Zwischenüberschrift dieses Bezugs ist; wenn ja, gilt sie ab hier."""
        if self.bezug.abschnitt is None or (gefunden := schneide(self.bezug.abschnitt, text)) is None:
            return False
        self.zuletzt = gefunden
        return True

    def merke(self, zeile: Zeile) -> None:
        """Nimmt auf, was für spätere Zeilen gilt (Auffüllen, Einrückung), auch aus überlesenen Zeilen."""
        if self.bezug.einrueckung is not None:
            self._merke_einrueckung(self._roh(zeile, glaetten=False))
        elif self.bezug.auffuellen and (text := self._roh(zeile)):
            self.zuletzt = text

    def _merke_einrueckung(self, text: str) -> None:
        if not text.strip():
            return
        von, strich, bis = (self.bezug.einrueckung or "").partition("-")
        oben = int(bis) if bis else (10**6 if strich else int(von))
        tiefe = len(text) - len(text.lstrip())
        if tiefe < int(von):
            self.zuletzt = ""
        elif tiefe <= oben:
            self.zuletzt = glatt(text)

    def lies(self, zeile: Zeile) -> str:
        """Der Text dieser Zeile, zugeschnitten und übersetzt.

        Raises:
            Weglassen: die Quelle will die Zeile nicht.
            Unbekannt: nicht vorgesehener Text.
        """
        merkt = not self.spalten or self.bezug.auffuellen or self.bezug.einrueckung is not None
        return self._fertig(self.zuletzt if merkt else self._roh(zeile))

    def lies_spalte(self, stelle: int) -> str:
        """Der Text aus dem Kopf über der Spalte (nur bei ``kopf``)."""
        return self._fertig(self.umgebung.kopf.text(stelle, self.bezug.kopf or 1))

    def ort(self) -> str:
        """Name der Spalte für Meldungen."""
        return " + ".join(self.umgebung.kopf.bezeichnung(s) for s in self.spalten)

    def formel(self, zeile: Zeile) -> Formel | None:
        """Eine Formel in den Spalten dieses Bezugs."""
        zellen = [zeile.felder[s] for s in self.spalten if s < len(zeile.felder)]
        zellen = [z.wert if isinstance(z, Verbunden) else z for z in zellen]
        return next((z for z in zellen if isinstance(z, Formel)), None)

    def _roh(self, zeile: Zeile, *, glaetten: bool = True) -> str:
        if glaetten and len(self.spalten) == 1 and self.bezug.stellen is None:
            stelle = self.spalten[0]
            return glatt(als_text(zeile.felder[stelle])) if stelle < len(zeile.felder) else ""
        teile = [als_text(zeile.felder[s]) for s in self.spalten if s < len(zeile.felder)]
        if not glaetten:
            return self.bezug.verbinden.join(teile)
        if self.bezug.stellen is not None:
            teile = [
                t.strip().zfill(n) if t.strip() else ""
                for t, n in zip(teile, self.bezug.stellen, strict=False)
            ]
        return self.bezug.verbinden.join(glatt(teil) for teil in teile)

    def _fertig(self, text: str) -> str:
        bezug = self.bezug
        if bezug.muster is not None:
            text = schneide(bezug.muster, text) or ""
        if text in bezug.werte:
            neu = bezug.werte[text]
            if neu is None:
                raise Weglassen
            return neu
        if bezug.werte and bezug.sonst == "weglassen":
            raise Weglassen
        if bezug.werte and bezug.sonst == "fehler":
            raise Unbekannt(text)
        return text or bezug.leer
