"""``pruefen texte``: was in den Texten einer Ausgabe nicht zu Daten, Abbildungen und Dateien passt.

Gefunden werden: abgetippte Zahlen, die die Daten kennen; Richtungswörter, die den Zahlen widersprechen;
Sätze, die über eine Reihe etwas anderes sagen als die Abbildung daneben;
unbenutzte und leere Texte; Verweise auf Abbildungen, die es nicht gibt; tote Verweise auf Dateien.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from berichtswerk.ausfuehrung.textpruefung.aussagen import andere_aussagen, geschriebenes
from berichtswerk.ausfuehrung.textpruefung.lage import Lage, sammle
from berichtswerk.ausfuehrung.textpruefung.richtung import widersprueche
from berichtswerk.ausfuehrung.textpruefung.verweise import tote_verweise
from berichtswerk.ausfuehrung.textpruefung.zahlen import getippte_zahlen
from berichtswerk.grund.meldung import Meldung, Meldungen
from berichtswerk.grund.projekt import Projekt

__all__ = ["Lage", "pruefe_texte"]


def pruefe_texte(projekt: Projekt, namen: Sequence[str] = ()) -> Meldungen:
    """Prüft die Texte aller oder der genannten Ausgaben; führt dafür höchstens aus, was sich geändert hat.

    Raises:
        BerichtswerkFehler: unbekannte Namen.
    """
    meldungen = Meldungen()
    lagen = sammle(projekt, namen, meldungen)
    gesehen = set()
    for lage in lagen:
        for pruefung in (getippte_zahlen, widersprueche, _aussagen, tote_verweise):
            for meldung in pruefung(lage):
                # derselbe Text dient mehreren Gebieten; derselbe Befund steht nur einmal
                if (schluessel := (meldung.kennung, meldung.datei, meldung.ort, meldung.feld)) not in gesehen:
                    gesehen.add(schluessel)
                    meldungen.dazu(meldung)
    return meldungen


def _aussagen(lage: Lage) -> Iterator[Meldung]:
    geschrieben = geschriebenes(lage.text, lage.datei, lage.bindungen)
    return andere_aussagen(lage.datei, geschrieben, lage.gezeigt, lage.bindungen)
