"""Start-, Pflicht- und Suchseite der Vorschau und die Dateien des Layouts."""

from __future__ import annotations

from pathlib import Path

from berichtswerk.ausfuehrung.plan import Plan
from berichtswerk.gegenstand.dokument import Dokument
from berichtswerk.grund.meldung import Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.schreiber.html.seite import layoutdateien
from berichtswerk.site.seiten import baue_seiten, setze_seite
from berichtswerk.site.suche import suchseite
from berichtswerk.site.umgebung import SUCHE, Umgebung
from berichtswerk.vorschau.blatt import lege_ab
from berichtswerk.vorschau.tafel import Tafel


class Seiten:
    """Baut, was neben den Berichten steht; Gleiches wird nicht noch einmal gesetzt."""

    def __init__(self, projekt: Projekt, bau: Path, tafel: Tafel) -> None:
        self._projekt, self._bau, self._tafel = projekt, bau, tafel
        self._gesetzt: dict[str, Dokument] = {}
        self.plan = Plan((), Meldungen())

    def baue(self, umgebung: Umgebung, plan: Plan, *, alles: bool) -> None:
        """Setzt geänderte Seiten, mit ``alles`` jede; PDF entstehen auf Verlangen, darum hat jede eines."""
        if alles:
            self._gesetzt.clear()
        mit_pdf = frozenset(a.stamm for a in plan.auftraege)
        for ort, dokument in baue_seiten(umgebung, plan.auftraege, mit_pdf).items():
            if self._gesetzt.get(ort) != dokument:
                self._lege_ab(f"{ort}.html", setze_seite(umgebung, ort, dokument))
                self._gesetzt[ort] = dokument
        self._lege_ab(SUCHE, suchseite(umgebung))

    def lege_layout_bei(self) -> bool:
        """Kopiert Stylesheets, Schriften und Skripte; sagt, ob sich etwas geändert hat."""
        layout = self._projekt.layout
        dateien = (*layoutdateien(self._projekt), layout / "suche.js", layout / "suche.css")
        ziele = ((d, self._bau / d.relative_to(self._projekt.wurzel)) for d in dateien)
        return sum(lege_ab(ziel, datei.read_bytes()) for datei, ziel in ziele) > 0

    def _lege_ab(self, ziel: str, html: str) -> None:
        if lege_ab(self._bau / ziel, html):
            self._tafel.neue_fassung(ziel)
