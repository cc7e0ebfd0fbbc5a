"""Leser ``gv100``: feste Breite, voreingestellt das Gemeindeverzeichnis GV100AD.

Die Stellen folgen der Datensatzbeschreibung des Statistischen Bundesamtes zum GV100AD; eigene Felder
(``felder``) ergänzen oder ersetzen sie, damit lässt sich jede Datei mit fester Breite lesen.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from berichtswerk.daten.lesen import LesenGv100
from berichtswerk.daten.leser.grund import Blatt, Leseauftrag, Zeile
from berichtswerk.daten.leser.text import Textzeilen, pruefe_text
from berichtswerk.grund.meldung import Befundart

Stellen = tuple[int, int]

_ALLE: Mapping[str, Stellen] = {
    "satzart": (1, 2),
    "gebietsstand": (3, 10),
    "land": (11, 12),
    "name": (23, 72),
}
_RB: Mapping[str, Stellen] = {**_ALLE, "regierungsbezirk": (13, 13)}
_KREIS: Mapping[str, Stellen] = {
    **_RB, "kreis": (14, 15), "kreisschluessel": (11, 15), "verwaltungssitz": (73, 122),
    "kennzeichen": (123, 124),
}  # fmt: skip
FELDER: Mapping[str, Mapping[str, Stellen]] = {
    "10": {**_ALLE, "verwaltungssitz": (73, 122)},
    "20": {**_RB, "bezirksschluessel": (11, 13), "verwaltungssitz": (73, 122)},
    "30": {**_RB, "region": (14, 14), "verwaltungssitz": (73, 122)},
    "40": _KREIS,
    "50": {**_KREIS, "verband": (19, 22)},
    "60": {
        **_RB, "kreis": (14, 15), "gemeinde": (16, 18), "kreisschluessel": (11, 15), "ags": (11, 18),
        "verband": (19, 22), "kennzeichen": (123, 124), "flaeche_ha": (129, 139), "bevoelkerung": (140, 150),
        "maennlich": (151, 161), "plz": (166, 170), "finanzamt": (178, 181), "gericht": (182, 185),
        "arbeitsagentur": (186, 190), "wahlkreis_von": (191, 193), "wahlkreis_bis": (194, 196),
    },
}  # fmt: skip
"""Satzart → Feld → (von, bis), Stellen ab 1. Fläche in Hektar."""
MINDESTLAENGE = {"60": 161}
"""So weit reichen die Zahlen einer Satzart; ein kürzerer Satz ist abgeschnitten."""


class SatzZuKurz(Befundart):
    text = "Der Satz hat nur {stellen} Stellen; die Zahlen stehen bis Stelle {noetig}."
    ursache = "Die Zeile ist abgeschnitten oder umbrochen."
    abhilfe = "Fordern Sie die Datei neu an und öffnen Sie sie nicht in einem Schreibprogramm."


def lies(auftrag: Leseauftrag) -> Iterator[Blatt]:
    """Die Zeilen der Satzart; Spalten sind die Felder."""
    lesen = auftrag.quelle.lesen
    assert isinstance(lesen, LesenGv100)
    pruefe_text(auftrag)
    felder = dict(FELDER.get(lesen.satzart or "", {}))
    felder.update({name: (stellen[0], stellen[-1]) for name, stellen in lesen.felder.items()})
    texte, noetig = Textzeilen(auftrag), MINDESTLAENGE.get(lesen.satzart or "", 0)

    def zeilen() -> Iterator[Zeile]:
        for nr, text in enumerate(texte, start=1):
            inhalt = text.rstrip("\r\n\x1a")
            if not inhalt or (lesen.satzart and not inhalt.startswith(lesen.satzart)):
                continue
            if len(inhalt) < noetig:
                auftrag.sammler.dazu(SatzZuKurz, f"Zeile {nr}", stellen=len(inhalt), noetig=noetig)
                continue
            yield nr, [inhalt[von - 1 : bis].strip() for von, bis in felder.values()]

    yield Blatt("", zeilen, spaltennamen=list(felder))
    texte.melde()
