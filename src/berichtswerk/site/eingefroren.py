"""Beschlossene Ausgaben kommen Byte für Byte aus dem Archiv, was auch aus Daten, Programm und Layout wird.

Die gültige Revision liegt unter der Adresse der Ausgabe, eine frühere daneben, im Ordner
``<ausgabe>-revision-1``: dort gelten dieselben Verweise.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

from berichtswerk.ausfuehrung.freigabe import lade_fassung
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.grund.archiv import Archiv
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt

_FRUEHERE = re.compile(r"^berichte/[^/]+/[^/]+-revision-\d+/")


def ort_der_revision(ort: str, bericht: str, ausgabe: str, nummer: int) -> str:
    """Wo eine Datei der Ausgabe in einer früheren Revision liegt; Gemeinsames bleibt, wo es ist."""
    ordner = f"berichte/{bericht}/{ausgabe}/"
    return f"{ordner[:-1]}-revision-{nummer}/{ort.removeprefix(ordner)}" if ort.startswith(ordner) else ort


def ist_frueher(ort: str) -> bool:
    """Ob dort eine frühere Revision liegt: die Suche zeigt nur die gültige."""
    return _FRUEHERE.match(ort) is not None


def lege_bei(projekt: Projekt, auftraege: Iterable[Auftrag], bau: Path) -> list[Meldung]:
    """Legt jede eingefrorene Ausgabe mit allen Revisionen nach ``bau``; was sonst dort lag, verschwindet.

    Eine Ausgabe, deren Archiv beschädigt ist, wird gemeldet und behält ihre vorigen Seiten.
    """
    meldungen: list[Meldung] = []
    ausgaben = {a.ordner: a for a in auftraege if a.fassung is not None}
    for a in ausgaben.values():
        ordner = Path("berichte", a.bericht, a.ausgabe)
        try:
            dateien = _dateien(projekt, a)
        except BerichtswerkFehler as fehler:
            meldungen += fehler.meldungen
            for alt in projekt.site.glob(f"{ordner}*"):
                if alt.name == a.ausgabe or ist_frueher(f"berichte/{a.bericht}/{alt.name}/"):
                    shutil.copytree(alt, bau / "berichte" / a.bericht / alt.name, dirs_exist_ok=True)
            continue
        shutil.rmtree(bau / ordner, ignore_errors=True)
        for ort, inhalt in dateien.items():
            (bau / ort).parent.mkdir(parents=True, exist_ok=True)
            (bau / ort).unlink(missing_ok=True)  # vielleicht nur ein zweiter Name für die Datei der Site
            (bau / ort).write_bytes(inhalt)
    return meldungen


def _dateien(projekt: Projekt, auftrag: Auftrag) -> dict[str, bytes]:
    archiv = Archiv(projekt)
    dateien = {}
    for revision in auftrag.freigabe.freigaben.revisionen:
        fassung = lade_fassung(projekt, revision)
        gilt = revision is auftrag.freigabe.revision
        inhalte = archiv.hole_alle(fassung.dateien, fassung.pakete)
        for ort, summe in fassung.dateien.items():
            hier = ort if gilt else ort_der_revision(ort, auftrag.bericht, auftrag.ausgabe, revision.nummer)
            dateien[hier] = inhalte[summe]
    return dateien
