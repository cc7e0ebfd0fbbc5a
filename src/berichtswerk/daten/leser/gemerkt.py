"""Gelesene Tabellen aufheben: dieselbe Lieferung mit derselben Beschreibung wird einmal umgeformt.

Der Schlüssel nennt Beschreibung, Gebietsverzeichnis, Inhalt aller Dateien und das Programm, das sie liest;
ist er leer, wird nichts aufgehoben (keine Ablage, Datenbank, altes Excel).
"""

from __future__ import annotations

import hashlib
import json
import platform
from array import array
from collections.abc import Sequence
from functools import cache
from importlib import metadata
from typing import TYPE_CHECKING

from berichtswerk.daten.leser.grund import Leseauftrag, dateiart
from berichtswerk.daten.quelle import Quelle
from berichtswerk.daten.tabelle import Spalte, Tabelle
from berichtswerk.grund.ablage import aktiv, programmstand, summe

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebietsverzeichnis

ART = "tabelle"
HOECHSTENS = 200_000
"""Größere Tabellen werden nicht aufgehoben: sie verdrängten sonst alles andere aus der Ablage."""
_MIT_BIBLIOTHEK = {"xlsx": ("openpyxl", "xlrd"), "inkar": ("openpyxl", "xlrd")}


@cache
def stand() -> str:
    """Prüfsumme der Module, die Tabellen lesen."""
    return summe(programmstand("daten", "grund/zahl.py", "grund/zeichen.py"), platform.python_version())


def schluessel(auftraege: Sequence[Leseauftrag], verzeichnis: Gebietsverzeichnis) -> str:
    """Der Schlüssel der Tabelle in der Ablage.

    Raises:
        OSError: eine Datei ist nicht lesbar.
    """
    quelle = auftraege[0].quelle
    bibliotheken = _MIT_BIBLIOTHEK.get(quelle.lesen.leser, ())
    if aktiv() is None or quelle.lesen.leser == "sql":
        return ""
    teile: list[str | bytes] = [stand(), quelle.model_dump_json(), verzeichnis.kennzeichen]
    teile += [metadata.version(name) for name in bibliotheken]
    for auftrag in auftraege:
        if bibliotheken and dateiart(auftrag.pfad) == "xls":
            return ""  # deren Leser lädt ein weiteres Modul, das in der Spur stehen muss
        with auftrag.pfad.open("rb") as datei:  # strömend: Lieferungen können groß sein
            teile += [auftrag.datei, hashlib.file_digest(datei, "sha256").digest()]
    return summe(*teile)


def hole(schluessel: str, quelle: Quelle) -> Tabelle | None:
    """Die Tabelle, wenn sie schon einmal so gelesen wurde."""
    stelle = aktiv()
    inhalt = stelle.hole(ART, schluessel) if stelle and schluessel else None
    if inhalt is None:
        return None
    gelesen = json.loads(inhalt)
    tabelle = Tabelle(quelle)
    tabelle.merkmale = tuple(gelesen["merkmale"])
    tabelle.texte = {name: Spalte(*teile) for name, teile in gelesen["texte"].items()}
    tabelle.wert, tabelle.zeile = array("d", gelesen["wert"]), array("i", gelesen["zeile"])
    return tabelle


def merke(schluessel: str, tabelle: Tabelle) -> None:
    """Hebt eine Tabelle auf."""
    stelle = aktiv()
    if stelle is None or len(tabelle) > HOECHSTENS:
        return
    inhalt = {
        "merkmale": tabelle.merkmale,
        "texte": {name: (s.nummern.tolist(), s.texte) for name, s in tabelle.texte.items()},
        "wert": tabelle.wert.tolist(),
        "zeile": tabelle.zeile.tolist(),
    }
    stelle.lege(ART, schluessel, json.dumps(inhalt).encode("ascii"))
