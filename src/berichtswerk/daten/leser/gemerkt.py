"""Gelesene Tabellen aufheben: dieselbe Lieferung mit derselben Beschreibung wird einmal umgeformt.

Der Schlüssel nennt Beschreibung, Gebietsverzeichnis, Inhalt aller Dateien und das Programm, das sie liest.
"""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING, Any

from berichtswerk.daten.leser.grund import Leseauftrag, dateiart
from berichtswerk.grund.ablage import Ablage, aktiv, programmstand, summe

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebietsverzeichnis

ART = "tabelle"
HOECHSTENS = 200_000
"""Größere Tabellen werden nicht aufgehoben: sie verdrängten sonst alles andere aus der Ablage."""
Spalten = Mapping[str, list[Any]]
_MIT_BIBLIOTHEK = {"xlsx": ("openpyxl", "xlrd"), "inkar": ("openpyxl", "xlrd")}
_NIE = frozenset({"sql"})
"""Was eine Datenbank liefert, hat keine Prüfsumme."""


@cache
def stand() -> str:
    """Prüfsumme der Module, die Tabellen lesen, mit der Fassung von pandas."""
    return summe(programmstand("daten", "grund/zahl.py", "grund/zeichen.py"), metadata.version("pandas"))


class Merkzettel:
    """Der Platz einer Tabelle in der Ablage; ohne Ablage ist er immer leer."""

    def __init__(self, auftraege: Sequence[Leseauftrag], verzeichnis: Gebietsverzeichnis | None) -> None:
        self._auftraege, self._verzeichnis = auftraege, verzeichnis
        erlaubt = bool(auftraege) and auftraege[0].quelle.lesen.leser not in _NIE
        self._stelle: Ablage | None = aktiv() if erlaubt else None
        self._schluessel = self._bilde() if self._stelle else ""

    def hole(self) -> Spalten | None:
        """Die Spalten der Tabelle, wenn sie schon einmal so gelesen wurde."""
        inhalt = self._stelle.hole(ART, self._schluessel) if self._stelle and self._schluessel else None
        if inhalt is None:
            return None
        spalten: Spalten = json.loads(inhalt)
        return spalten

    def merke(self, spalten: Spalten) -> None:
        """Hebt auf, was gelesen wurde, wenn die Dateien dabei dieselben geblieben sind."""
        zeilen = len(next(iter(spalten.values())))
        if not self._stelle or not self._schluessel or zeilen > HOECHSTENS:
            return
        if self._schluessel == self._bilde():
            self._stelle.lege(ART, self._schluessel, json.dumps(dict(spalten)).encode("ascii"))

    def _bilde(self) -> str:
        """Der Schlüssel; leer, wenn eine Datei nicht lesbar ist: das meldet dann der Leser."""
        quelle = self._auftraege[0].quelle
        teile: list[str | bytes] = [
            platform.python_version(),
            *(metadata.version(b) for b in _MIT_BIBLIOTHEK.get(quelle.lesen.leser, ())),
            stand(),
            type(quelle.lesen).__name__,
            quelle.model_dump_json(),
            self._verzeichnis.kennzeichen if self._verzeichnis is not None else "",
        ]
        try:
            for auftrag in self._auftraege:
                if quelle.lesen.leser in _MIT_BIBLIOTHEK and dateiart(auftrag.pfad) == "xls":
                    return ""  # deren Leser lädt ein weiteres Modul, das in der Spur stehen muss
                with auftrag.pfad.open("rb") as datei:  # strömend: Lieferungen können groß sein
                    teile += [auftrag.datei, hashlib.file_digest(datei, "sha256").digest()]
        except OSError:
            return ""
        return summe(*teile)
