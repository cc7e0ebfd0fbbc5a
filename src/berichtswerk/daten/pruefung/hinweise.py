"""Befunde, die ein Mensch angenommen hat: ``daten/hinweise.yaml``.

Angenommen wird genau ein Befund, mit Wortlaut, Grund, Funktion und Tag. Ändert sich die Zahl in ihm, ist es
ein anderer und wird wieder gezeigt; ein Eintrag ohne Befund ist selbst einer. Annehmen lassen sich Warnungen,
Hinweise und Zweifel an Gelesenem (:data:`ANNEHMBAR`), andere Fehler nicht.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from pydantic import Field

from berichtswerk.daten.leser import ZWEIFEL
from berichtswerk.daten.pruefung.unmoeglich import MassstabGemischt
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Meldungen, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import YamlModell, lies_yaml

DATEI = "hinweise.yaml"
ANNEHMBAR = frozenset({*ZWEIFEL, MassstabGemischt.kennung})
"""Fehler, die stimmen können, auch wenn es unwahrscheinlich ist"""


class Angenommen(YamlModell):
    """Ein angenommener Befund."""

    befund: str
    """Kennung, z. B. ``wert-sprung``"""
    datei: str
    """Datei des Befunds ab der Projektwurzel"""
    text: str
    """der ganze Satz des Befunds"""
    grund: str = Field(min_length=10)
    """warum er so stehen bleiben kann"""
    funktion: str
    """wer das entschieden hat (Funktion, kein Name)"""
    datum: date

    def trifft(self, meldung: Meldung, frueher: Mapping[str, str]) -> bool:
        """Ob genau dieser Befund gemeint ist; Zeilenumbrüche der YAML zählen nicht.

        ``frueher``: was für die Datei der Beschreibung angenommen ist, gilt auch für spätere Lieferungen.
        """
        dateien = {meldung.datei, frueher.get(meldung.datei, meldung.datei)}
        gemeint = self.befund == meldung.kennung and self.datei in dateien
        return gemeint and self.text.split() == meldung.text.split()


class Hinweise(YamlModell):
    """Die ganze Datei."""

    hinweise: list[Angenommen] = Field(default_factory=list)


class HinweisVeraltet(Befundart):
    text = "Den angenommenen Befund „{befund}“ gibt es so nicht mehr: „{gesucht}“"
    ursache = "Die Daten haben sich geändert, oder der Text ist nicht genau der des Befunds."
    abhilfe = "Löschen Sie den Eintrag; gilt er für einen neuen Befund, tragen Sie dessen Text ein."
    stufe = Stufe.WARNUNG


class HinweisFehler(Befundart):
    text = "Ein Fehler lässt sich nicht annehmen: „{gesucht}“"
    ursache = "Annehmen lassen sich Warnungen und Hinweise; ein Fehler braucht eine Angabe in der Quelle."
    abhilfe = "Löschen Sie den Eintrag und folgen Sie der Abhilfe des Fehlers."


def _annehmbar(meldung: Meldung) -> bool:
    return meldung.stufe is not Stufe.FEHLER or meldung.kennung in ANNEHMBAR


def ohne_angenommene(
    meldungen: Meldungen,
    projekt: Projekt,
    dateien: Collection[str] | None,
    frueher: Mapping[str, str] | None = None,
) -> Meldungen:
    """Die Befunde ohne die angenommenen; dazu, was an ``daten/hinweise.yaml`` nicht stimmt.

    Args:
        meldungen: alle Befunde.
        projekt: wo die Datei liegt; sie kann fehlen.
        dateien: was geprüft wurde; Einträge zu anderen Dateien bleiben ungeprüft. ``None``: alles.
        frueher: Dateien von Lieferungen → die Datei, an deren Stelle sie gelten.
    """
    pfad = projekt.daten / DATEI
    if not pfad.is_file():
        return meldungen
    ergebnis = Meldungen()
    try:
        dokument = lies_yaml(pfad, projekt)
        angenommen = dokument.als(Hinweise).hinweise
    except BerichtswerkFehler as fehler:
        return Meldungen([*meldungen, *fehler.meldungen])
    for meldung in meldungen:
        if not _annehmbar(meldung) or not any(a.trifft(meldung, frueher or {}) for a in angenommen):
            ergebnis.dazu(meldung)
    for nummer, eintrag in enumerate(angenommen):
        getroffen = [m for m in meldungen if eintrag.trifft(m, frueher or {})]
        if getroffen and _annehmbar(getroffen[0]):
            continue
        if getroffen or dateien is None or eintrag.datei in dateien:
            art = HinweisFehler if getroffen else HinweisVeraltet
            ergebnis.dazu(
                dokument.melde(art, "hinweise", nummer, befund=eintrag.befund, gesucht=eintrag.text)
            )
    return ergebnis
