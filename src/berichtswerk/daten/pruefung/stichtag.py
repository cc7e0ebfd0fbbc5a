"""Passen die Zeitangaben zum Stichtag, zum Stand der Lieferung und zum Kalender?"""

from __future__ import annotations

import re
from collections.abc import Iterator

from berichtswerk.daten.pruefung.pruefling import Pruefling, begrenze, zeilenangabe
from berichtswerk.grund.meldung import Meldung, Stufe
from berichtswerk.grund.zahl import datum

_TAG = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


def pruefe(pruefling: Pruefling) -> list[Meldung]:
    """Warnt bei fremden Stichtagen und bei Werten, die nach dem Stand der Lieferung liegen."""
    return begrenze(_befunde(pruefling))


def _befunde(pruefling: Pruefling) -> Iterator[Meldung]:
    statistik = pruefling.quelle.statistik
    erlaubt = [t for t in (statistik.stichtag, *pruefling.quelle.pruefen.stichtage) if t]
    for zeit, zeilen in pruefling.werte.groupby("zeit"):
        ort = zeilenangabe(zeilen["zeile"])
        datei = str(zeilen["datei"].iloc[0])
        treffer = _TAG.fullmatch(str(zeit))
        if treffer and _sind_tage(erlaubt) and f"{treffer[3]}.{treffer[2]}." not in erlaubt:
            yield Meldung(
                "stichtag-anders",
                f"Der Stichtag {treffer[3]}.{treffer[2]}.{treffer[1]} ist nicht der angegebene.",
                datei,
                ort,
                "statistik.stichtag",
                f"Angegeben: {' und '.join(erlaubt)}",
                "Prüfen Sie die Lieferung; gilt der Tag, nennen Sie ihn unter „pruefen: {stichtage: [...]}“.",
                Stufe.WARNUNG,
            )
        ende = str(zeit) if treffer else str(zeit)[:4]
        if ende > (statistik.stand.isoformat() if treffer else str(statistik.stand.year)):
            yield Meldung(
                "zeit-nach-stand",
                f"Werte für {zeit} liegen nach dem Stand der Lieferung ({datum(statistik.stand)}).",
                datei,
                ort,
                "statistik.stand",
                "Der Stand ist veraltet, oder die Zeit ist falsch gelesen.",
                "Tragen Sie den Stand der neuen Lieferung ein oder prüfen Sie „lesen.zeit“.",
                Stufe.WARNUNG,
            )


def _sind_tage(angaben: list[str]) -> bool:
    return bool(angaben) and all(re.fullmatch(r"\d{2}\.\d{2}\.", a) for a in angaben)
