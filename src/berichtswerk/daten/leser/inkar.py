"""Leser ``inkar``: Export aus INKAR (BBSR) als CSV, xls oder xlsx.

Zwei Kopfzeilen: Indikator (über mehrere Jahre), Jahr; links Kennziffer, Raumeinheit, Aggregat.
Ohne weitere Angaben heißt jede Messgröße wie ihr Indikator; eigene Namen gibt ``groesse: {kopf: 1,
werte: {…}}``.
"""

from __future__ import annotations

from collections.abc import Iterator

from berichtswerk.daten.leser import csvdatei, xlsx
from berichtswerk.daten.leser.grund import Blatt, Leseauftrag, dateiart


def lies(auftrag: Leseauftrag) -> Iterator[Blatt]:
    """Das Datenblatt; die Art der Datei wird an ihrem Inhalt erkannt."""
    if dateiart(auftrag.pfad) in {"xls", "xlsx"}:
        yield from xlsx.lies(auftrag)
    else:
        yield from csvdatei.lies(auftrag)
