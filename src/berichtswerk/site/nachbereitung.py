"""Was Quarto nach dem Setzen fehlt: Zeilenköpfe im PDF, Daten, Schutz der Seiten. Mehrfach anwendbar."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.grund.dateien import schreibe_ganz
from berichtswerk.grund.meldung import Meldung, Meldungen
from berichtswerk.satz.zeilenkoepfe import zeichne_zeilenkoepfe_aus
from berichtswerk.site.seitenschutz import fremde_adressen, schuetze

if TYPE_CHECKING:
    from berichtswerk.grund.projekt import Projekt

AUSGABEORDNER = "QUARTO_PROJECT_OUTPUT_DIR"


@dataclass(slots=True)
class Nachbereitet:
    """Was bearbeitet wurde: der Ausgabeordner, die Zahl der PDF und Seiten, alle Befunde."""

    site: Path
    pdf: int = 0
    seiten: int = 0
    meldungen: Meldungen = field(default_factory=Meldungen)


def bereite_nach(projekt: Projekt, site: Path | None = None) -> Nachbereitet:
    """Bearbeitet alle PDF und Seiten der Ausgabe (sonst :func:`ausgabeordner`) und legt die Daten daneben."""
    ergebnis = Nachbereitet(site or ausgabeordner(projekt))
    if not ergebnis.site.is_dir():
        ergebnis.meldungen.dazu(_keine_ausgabe(projekt, ergebnis.site))
        return ergebnis
    for pdf in sorted(ergebnis.site.rglob("*.pdf")):
        ergebnis.pdf += _zeilenkoepfe(pdf, ergebnis)
    _lege_daten_bei(projekt, ergebnis.site)
    for seite in sorted(ergebnis.site.rglob("*.html")):
        html = seite.read_text(encoding="utf-8")
        schreibe_ganz(seite, schuetze(html))
        ergebnis.meldungen.alle(_fremd(seite, ergebnis.site, html))
        ergebnis.seiten += 1
    return ergebnis


def ausgabeordner(projekt: Projekt) -> Path:
    """Der Ordner, den Quarto nennt (vollständig oder ab der Projektwurzel), sonst ``_site/``."""
    genannt = os.environ.get(AUSGABEORDNER)
    return projekt.wurzel / genannt if genannt else projekt.site


def _zeilenkoepfe(pdf: Path, ergebnis: Nachbereitet) -> bool:
    """Zeichnet Zeilenköpfe aus; ein unlesbares PDF wird gemeldet und bleibt, wie es ist."""
    import pikepdf

    try:
        schreibe_ganz(pdf, zeichne_zeilenkoepfe_aus(pdf.read_bytes()))
    except pikepdf.PdfError as fehler:
        ergebnis.meldungen.dazu(
            Meldung(
                "pdf-unlesbar",
                "Ein PDF lässt sich nicht öffnen; seine Tabellen haben keine Zeilenköpfe.",
                datei=pdf.relative_to(ergebnis.site).as_posix(),
                ursache=str(fehler),
                abhilfe="Rendern Sie den Bericht erneut.",
            )
        )
        return False
    return True


def _lege_daten_bei(projekt: Projekt, site: Path) -> None:
    """Abbildungen, Daten und Nachweis jedes gesetzten Berichts neben seine Seite."""
    for auftrag in plane(projekt).auftraege:
        ziel = site / auftrag.ziel
        gesetzt = any(ziel.with_name(f"{ziel.name}{endung}").is_file() for endung in (".html", ".pdf"))
        if gesetzt and auftrag.beilagen.is_dir():
            shutil.copytree(auftrag.beilagen, ziel, dirs_exist_ok=True)


def _fremd(seite: Path, site: Path, html: str) -> list[Meldung]:
    return [
        Meldung(
            "seite-laedt-fremdes",
            f"Die Seite würde beim Öffnen etwas von einem fremden Server laden: {adresse}",
            datei=seite.relative_to(site).as_posix(),
            ursache="Ein Format, ein Thema oder eine Ausgabe des Notizbuchs bindet es ein.",
            abhilfe="Nehmen Sie die Einstellung zurück oder legen Sie die Datei nach layout/.",
        )
        for adresse in fremde_adressen(html)
    ]


def _keine_ausgabe(projekt: Projekt, site: Path) -> Meldung:
    return Meldung(
        "ausgabe-ordner-fehlt",
        "Es gibt noch nichts nachzubereiten.",
        datei=projekt.relativ(site),
        ursache="Der Ausgabeordner fehlt.",
        abhilfe="Rufen Sie zuerst „quarto render“ auf; ohne Quarto genügt „berichtswerk render“.",
    )
