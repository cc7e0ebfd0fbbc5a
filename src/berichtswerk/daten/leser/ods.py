"""OpenDocument-Tabellen (ods), strömend aus ``content.xml``, mit Verbundenem, Verstecktem, Hochgestelltem."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from berichtswerk.daten.lesen import LesenMappe
from berichtswerk.daten.leser.grund import Formel, Gezeichnet, Prozentzelle
from berichtswerk.daten.leser.ooxml import LETZTE_SPALTE, LETZTE_ZEILE
from berichtswerk.daten.leser.rohblatt import Bereich, Rohblatt, Rohzeile, abgesetzt, gezeichnet, mit_schrift

_ZELLEN = {"table-cell", "covered-table-cell"}


def _kurz(name: str) -> str:
    return name.rpartition("}")[2]


def _attribute(element: ElementTree.Element) -> dict[str, str]:
    return {_kurz(name): wert for name, wert in element.attrib.items()}


class Mappe:
    """Die Blätter und die Schriften, die etwas bedeuten."""

    def __init__(self, pfad: Path, lesen: LesenMappe) -> None:
        """Liest Blattnamen und Formate; wirft bei kaputtem XML sehr Verschiedenes."""
        self._pfad, self._lesen = pfad, lesen
        self.hoch: set[str] = set()
        self.tief: set[str] = set()
        self.gestrichen: set[str] = set()
        unsichtbar: set[str] = set()
        self._blaetter: list[tuple[str, bool]] = []
        for teil in ("styles.xml", "content.xml"):
            for element in _elemente(pfad, teil):
                if (name := _kurz(element.tag)) == "style":
                    self._merke_stil(element, unsichtbar)
                elif name == "table":
                    angaben = _attribute(element)
                    versteckt = angaben.get("style-name") in unsichtbar
                    self._blaetter.append((angaben.get("name", ""), versteckt))
                if name in {"table-row", "table"}:
                    element.clear()

    def _merke_stil(self, element: ElementTree.Element, unsichtbar: set[str]) -> None:
        name = _attribute(element).get("name", "")
        for angaben in map(_attribute, element.iter()):
            lage = angaben.get("text-position", "").split(" ")[0]
            if lage not in {"", "0%", "100%"}:
                (self.tief if lage == "sub" or lage.startswith("-") else self.hoch).add(name)
            if angaben.get("text-line-through-style", "none") != "none":
                self.gestrichen.add(name)
            if angaben.get("display") == "false":
                unsichtbar.add(name)

    def blaetter(self) -> list[Rohblatt]:
        """Alle Blätter in ihrer Reihenfolge."""
        return [
            Rohblatt(name, versteckt, lambda n=nummer: Zeilen(self._pfad, n, self, self._lesen),  # type: ignore[misc]
                     lambda n=nummer: self._verbundene(n))  # type: ignore[misc]
            for nummer, (name, versteckt) in enumerate(self._blaetter)
        ]  # fmt: skip

    def _verbundene(self, nummer: int) -> list[Bereich]:
        zeilen = Zeilen(self._pfad, nummer, self, self._lesen)
        for _ in zeilen:
            pass
        return zeilen.verbundene


def _elemente(pfad: Path, teil: str) -> Iterator[ElementTree.Element]:
    with zipfile.ZipFile(pfad) as paket:
        if teil in paket.namelist():
            with paket.open(teil) as datei:
                yield from (element for _, element in ElementTree.iterparse(datei))


class Zeilen:
    """Die Zeilen eines Blattes; Wiederholtes wird entfaltet, leere Enden nicht."""

    def __init__(self, pfad: Path, nummer: int, mappe: Mappe, lesen: LesenMappe) -> None:
        self._pfad, self._nummer, self._mappe = pfad, nummer, mappe
        self._gespeichert, self._prozent = lesen.formeln == "gespeicherter_wert", lesen.prozent
        self.versteckte_spalten: set[int] = set()
        self.verbundene: list[Bereich] = []

    def __iter__(self) -> Iterator[Rohzeile]:
        """Alle Zeilen mit Inhalt."""
        blatt = nr = spalte = 0
        for element in _elemente(self._pfad, "content.xml"):
            name = _kurz(element.tag)
            if name == "table":
                blatt, nr, spalte = blatt + 1, 0, 0
                if blatt > self._nummer:
                    return
            elif blatt != self._nummer:
                pass
            elif name == "table-column":
                angaben = _attribute(element)
                anzahl = int(angaben.get("number-columns-repeated", 1))
                if angaben.get("visibility") in {"collapse", "filter"}:
                    self.versteckte_spalten.update(range(spalte, min(spalte + anzahl, LETZTE_SPALTE)))
                spalte += anzahl
            elif name == "table-row":
                angaben = _attribute(element)
                anzahl = int(angaben.get("number-rows-repeated", 1))
                if felder := self._felder(element, nr + 1):
                    if nr + anzahl > LETZTE_ZEILE:
                        raise ValueError(nr)
                    versteckt = angaben.get("visibility") in {"collapse", "filter"}
                    yield from ((nr + n, list(felder), versteckt) for n in range(1, anzahl + 1))
                nr += anzahl
            if name == "table-row":
                element.clear()

    def _felder(self, zeile: ElementTree.Element, nr: int) -> list[Any]:
        felder: list[Any] = []
        leere = 0
        for zelle in zeile:
            if _kurz(zelle.tag) not in _ZELLEN:
                continue
            angaben = _attribute(zelle)
            anzahl = int(angaben.get("number-columns-repeated", 1))
            inhalt = None if _kurz(zelle.tag) == "covered-table-cell" else self._inhalt(zelle, angaben)
            stelle = len(felder) + leere
            hoehe, breite = (int(angaben.get(f"number-{was}-spanned", 1)) for was in ("rows", "columns"))
            if hoehe > 1 or breite > 1:
                self.verbundene.append((nr, stelle, nr + hoehe - 1, stelle + breite - 1))
            if inhalt is None:
                leere += anzahl
                continue
            if stelle + anzahl > LETZTE_SPALTE:
                raise ValueError(stelle)
            felder += [None] * leere + [inhalt] * anzahl
            leere = 0
        return felder

    def _inhalt(self, zelle: ElementTree.Element, angaben: dict[str, str]) -> Any:
        art = angaben.get("value-type")
        if "formula" in angaben and not self._gespeichert:
            return Formel("=" + angaben["formula"].partition("=")[2])
        text = self._text(zelle)
        wert: Any = text if text != "" or art == "string" else None
        if art in {"float", "currency", "percentage"}:
            zahl = float(angaben.get("value", "nan"))
            wert = int(zahl) if zahl.is_integer() and abs(zahl) < 1e15 else zahl
            if art == "percentage" and self._prozent != "anteil" and wert != 0:
                wert = Prozentzelle(wert, self._prozent == "prozentwert")
        elif art == "date":
            wert = datetime.fromisoformat(angaben.get("date-value", "")[:26])
        elif art == "boolean":
            wert = angaben.get("boolean-value") == "true"
        stil, m = angaben.get("style-name", ""), self._mappe
        strich, hoch = stil in m.gestrichen, stil in m.hoch | m.tief
        if isinstance(text, Gezeichnet) and wert is not None:
            gezeigt = wert if isinstance(wert, int | float) and not isinstance(wert, bool) else text.wert
            return Gezeichnet(str(text), text.hoch, strich or text.gestrichen, gezeigt, text.ganz)
        return mit_schrift(wert, strich, hoch)

    def _text(self, zelle: ElementTree.Element) -> str:
        """Der Text der Absätze; Anmerkungen gehören nicht dazu."""
        stuecke: list[tuple[str, bool, bool]] = []
        for absatz in (kind for kind in zelle if _kurz(kind.tag) == "p"):
            if stuecke:
                stuecke.append(("\n", False, False))
            self._sammle(absatz, stuecke, False, False)
        return gezeichnet(stuecke)

    def _sammle(self, element: Any, stuecke: list[tuple[str, bool, bool]], hoch: bool, strich: bool) -> None:
        stil = _attribute(element).get("style-name", "")
        davor = stuecke[-1][0] if stuecke else ""
        hoch = hoch or abgesetzt(davor, stil in self._mappe.tief, stil in self._mappe.hoch)
        strich = strich or stil in self._mappe.gestrichen
        stuecke.append((element.text or "", hoch, strich))
        for kind in element:
            match _kurz(kind.tag):
                case "s":
                    stuecke.append((" " * int(_attribute(kind).get("c", 1)), hoch, strich))
                case "tab" | "line-break":
                    stuecke.append((" ", hoch, strich))
                case "annotation":
                    pass
                case _:
                    self._sammle(kind, stuecke, hoch, strich)
            stuecke.append((kind.tail or "", hoch, strich))
