"""Start-, Pflicht- und Suchseite der Vorschau und die Dateien des Layouts."""

from __future__ import annotations

from pathlib import Path

from berichtswerk import satz
from berichtswerk.ausfuehrung.plan import Plan
from berichtswerk.grund.meldung import Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.site.seiten import schreibe_seiten, titel_von
from berichtswerk.site.suche import suchseite
from berichtswerk.site.umgebung import SUCHE, Umgebung
from berichtswerk.vorschau.blatt import lege_ab
from berichtswerk.vorschau.tafel import Tafel


class Seiten:
    """Baut, was neben den Berichten steht; Gleiches wird nicht noch einmal gesetzt."""

    def __init__(self, projekt: Projekt, bau: Path, tafel: Tafel) -> None:
        self._projekt, self._bau, self._tafel = projekt, bau, tafel
        self._gesetzt: dict[Path, str] = {}
        self.plan = Plan((), Meldungen())

    def baue(self, umgebung: Umgebung, plan: Plan, *, alles: bool) -> None:
        """Setzt geänderte Seiten, mit ``alles`` jede; PDF entstehen auf Verlangen, darum hat jede eines."""
        if alles:
            self._gesetzt.clear()
        for qmd in schreibe_seiten(self._projekt, plan.auftraege, frozenset(a.stamm for a in plan.auftraege)):
            text = qmd.read_text(encoding="utf-8")
            if self._gesetzt.get(qmd) == text:
                continue
            ziel = qmd.relative_to(self._projekt.wurzel).with_suffix(".html").as_posix()
            kontext = umgebung.seite(ziel, titel_von(qmd), start=ziel == "index.html")
            self._lege_ab(ziel, satz.setze_html(qmd, kontext).html)
            self._gesetzt[qmd] = text
        self._lege_ab(SUCHE, suchseite(umgebung))

    def lege_layout_bei(self) -> bool:
        """Kopiert Stylesheets, Schriften und Skripte; sagt, ob sich etwas geändert hat."""
        layout = self._projekt.layout
        dateien = (*satz.layoutdateien(self._projekt), layout / "suche.js", layout / "suche.css")
        ziele = ((d, self._bau / d.relative_to(self._projekt.wurzel)) for d in dateien)
        return sum(lege_ab(ziel, datei.read_bytes()) for datei, ziel in ziele) > 0

    def _lege_ab(self, ziel: str, html: str) -> None:
        if lege_ab(self._bau / ziel, html):
            self._tafel.neue_fassung(ziel)
