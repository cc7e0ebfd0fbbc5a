"""Eingebauter Satz: Übergabe-Notizbuch oder ``.qmd`` → HTML und PDF, ohne etwas auszuführen."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from berichtswerk.satz.kontext import Gliederungspunkt, Seite, Seitenkontext, Verweis

if TYPE_CHECKING:
    from threading import Thread

    from berichtswerk.grund.meldung import Meldungen
    from berichtswerk.grund.projekt import Projekt

__all__ = [
    "Gliederungspunkt",
    "Seite",
    "Seitenkontext",
    "Verweis",
    "beende",
    "layoutdateien",
    "pruefe_teilmenge",
    "raeume_auf",
    "rahme",
    "setze_beide",
    "setze_html",
    "setze_pdf",
    "sichere_marke",
    "waerme_druck_vor",
    "waerme_vor",
]


def setze_html(eingabe: Path, kontext: Seitenkontext) -> Seite:
    """Setzt ein Übergabe-Notizbuch oder eine ``.qmd``-Seite als vollständige HTML-Seite.

    Raises:
        BerichtswerkFehler: mit allen Befunden der Teilmenge und allen offenen Verweisen.
    """
    from berichtswerk.satz import html

    return html.setze_html(eingabe, kontext)


def rahme(inhalt: str, titel: str, kontext: Seitenkontext) -> str:
    """Legt den Rahmen ``layout/seite.html`` um fertiges HTML (Startseite, Übersichten).

    ``inhalt`` ist HTML ohne ``h1``; ``titel`` wird die ``h1``.
    """
    from berichtswerk.satz import html

    return html.rahme(inhalt, titel, kontext)


def setze_pdf(eingabe: Path, projekt: Projekt) -> bytes:
    """Setzt ein Übergabe-Notizbuch oder eine ``.qmd``-Seite als PDF (PDF/A-2a und PDF/UA-1).

    Raises:
        BerichtswerkFehler: wie :func:`setze_html`, dazu übersetzte Fehler von Typst.
    """
    from berichtswerk.satz import pdf

    return pdf.setze_pdf(eingabe, projekt)


def setze_beide(
    eingabe: Path, kontext: Seitenkontext, seite_fertig: Callable[[Seite], None] | None = None
) -> tuple[Seite, bytes]:
    """HTML-Seite und PDF aus einem Lesevorgang; billiger als beide einzeln.

    ``seite_fertig`` bekommt die Seite, bevor das PDF entsteht.
    """
    from berichtswerk.satz import html, pdf, teilmenge

    meldungen, gesetzt = teilmenge.wandle(eingabe, kontext.projekt, ("html", "typst"))
    meldungen.pruefe()
    seite = html.baue_seite(gesetzt, kontext)
    if seite_fertig is not None:
        seite_fertig(seite)
    return seite, pdf.drucke(gesetzt, kontext.projekt)


def layoutdateien(projekt: Projekt) -> tuple[Path, ...]:
    """Die Dateien aus ``layout/``, die mit auf die Site gehören (Stylesheets, Schriften, Wortmarke)."""
    from berichtswerk.satz import html

    return html.layoutdateien(projekt)


def pruefe_teilmenge(eingabe: Path | dict[str, Any], projekt: Projekt) -> Meldungen:
    """Alles, was der eingebaute Satz an dieser Eingabe nicht versteht, auf einmal; ohne zu setzen."""
    from berichtswerk.satz import teilmenge

    return teilmenge.pruefe_teilmenge(eingabe, projekt)


def sichere_marke(projekt: Projekt) -> tuple[Path, ...]:
    """Erzeugt ``layout/marke.css``, ``layout/typst/marke.typ`` und WOFF2 neu, wo sie abweichen."""
    from berichtswerk.marke.dateien import sichere

    return sichere(projekt)


def waerme_vor() -> None:
    """Startet die pandoc-Prozesse, ohne zu warten; wer gleich setzt, gewinnt damit deren Anlauf."""
    from berichtswerk.satz import pandoc

    pandoc.waerme_vor()


def waerme_druck_vor(eingabe: Path, projekt: Projekt) -> Thread:
    """Setzt im Hintergrund den zuletzt gedruckten Stand einer Eingabe; :func:`setze_pdf` gewinnt damit Zeit.

    Lohnt sich, so lange ein geänderter Text noch nicht bereitliegt. Wer gleich darauf druckt, wartet auf den
    Rest der Vorbereitung. Am PDF ändert sich nichts; zurück kommt der Faden, der nach weniger als einer
    Sekunde von selbst endet.
    """
    from threading import Thread

    from berichtswerk.satz import werkbank

    faden = Thread(target=werkbank.waerme_vor, args=(projekt.relativ(eingabe), projekt), name="vorsatz")
    faden.start()
    return faden


def raeume_auf(projekt: Projekt) -> None:
    """Löscht, was dieser Prozess zum Drucken angelegt hat (sonst beim Programmende)."""
    from berichtswerk.satz import werkbank

    werkbank.raeume_auf(projekt)


def beende() -> None:
    """Beendet die pandoc-Prozesse, die im Hintergrund bereitstehen (sonst beim Programmende)."""
    from berichtswerk.satz import pandoc

    pandoc.beende()
