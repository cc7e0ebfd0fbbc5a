"""PDF mit Typst im eigenen Prozess: PDF/A-2a und PDF/UA-1, nur mit den Schriften des Layouts."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from berichtswerk.meldung import BerichtswerkFehler
from berichtswerk.projekt import Projekt
from berichtswerk.satz.teilmenge import Gesetztes, wandle
from berichtswerk.satz.typstfehler import uebersetze
from berichtswerk.satz.umbruch import ABFRAGE, Umbruch, entscheide
from berichtswerk.satz.zeilenkoepfe import zeichne_zeilenkoepfe_aus

_NORMEN: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
_SCHLOSS = threading.Lock()
_OHNE_DATUM = date(2000, 1, 1)


@cache
def _schriften(ordner: Path) -> Any:
    import typst

    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[ordner])


def setze_pdf(eingabe: Path, projekt: Projekt) -> bytes:
    """Das fertige PDF. Der Zeitstempel ist der Stand der Ausgabe: gleiche Eingabe, gleiche Bytes."""
    meldungen, gesetzt = wandle(eingabe, projekt, ("typst",))
    meldungen.pruefe()
    return drucke(gesetzt, projekt)


def drucke(gesetzt: Gesetztes, projekt: Projekt) -> bytes:
    """Setzt den fertigen Typst-Text."""
    import typst

    dok = gesetzt.dokument
    quelle = _mit_beilagen(gesetzt.ergebnis.typst, dok.beilagen)
    with _SCHLOSS:
        schriften = _schriften(projekt.layout / "fonts")
    if "#bw-figur(" in quelle:
        quelle = _umbruch(quelle, dok.ordner, schriften).in_quelle(quelle, vermessen=False)
    try:
        satz = typst.Compiler(input=quelle.encode("utf-8"), root=dok.ordner, font_paths=schriften)
        roh = satz.compile(format="pdf", pdf_standards=[*_NORMEN], timestamp=_zeitstempel(dok.kopf))
    except typst.TypstError as fehler:
        raise _deutsch(fehler, quelle, dok.datei) from fehler
    assert isinstance(roh, bytes)
    return zeichne_zeilenkoepfe_aus(roh)


def _umbruch(quelle: str, ordner: Path, schriften: Any) -> Umbruch:
    """Misst, bis keine Abbildung mehr ein Loch reißt; scheitert das Messen, bleibt alles, wie es ist.

    Ein Fehler im Text zeigt sich beim Setzen gleich danach noch einmal, dort mit seiner Stelle.
    """
    import typst

    def miss(text: str) -> str:
        satz = typst.Compiler(input=text.encode("utf-8"), root=ordner, font_paths=schriften)
        return str(satz.eval(ABFRAGE))

    try:
        return entscheide(quelle, ordner, miss)
    except RuntimeError:
        return Umbruch()


def _mit_beilagen(quelle: str, beilagen: dict[str, str]) -> str:
    for name, svg in beilagen.items():
        text = svg.replace("\\", "\\\\").replace('"', '\\"')
        quelle = quelle.replace(f'image("{name}"', f'image(bytes("{text}"), format: "svg"')
    return quelle


def _deutsch(fehler: Any, quelle: str, datei: str) -> BerichtswerkFehler:
    botschaft = str(getattr(fehler, "message", fehler))
    diagnose = str(getattr(fehler, "diagnostic", ""))
    return uebersetze(botschaft, diagnose, quelle, datei)


def _zeitstempel(kopf: dict[str, Any]) -> datetime:
    """Stand der Ausgabe (sonst ``date``) um Mitternacht UTC."""
    angaben = kopf.get("berichtswerk")
    stand = (angaben.get("stand") if isinstance(angaben, dict) else None) or kopf.get("date")
    if isinstance(stand, str):
        try:
            stand = date.fromisoformat(stand)
        except ValueError:
            stand = None
    tag = stand if isinstance(stand, date) else _OHNE_DATUM
    return datetime(tag.year, tag.month, tag.day, tzinfo=UTC)
