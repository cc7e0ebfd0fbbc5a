"""PDF mit Typst im eigenen Prozess: PDF/A-2a und PDF/UA-1, nur mit den Schriften des Layouts."""

from __future__ import annotations

import contextlib
import re
import tempfile
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from berichtswerk.ausfuehrung import zeiten
from berichtswerk.ausfuehrung.ablage import Ablage, codesumme, dateisumme, fassung, schluessel_aus
from berichtswerk.ausfuehrung.speicher import PAKET, arbeitsordner
from berichtswerk.meldung import BerichtswerkFehler
from berichtswerk.projekt import Projekt
from berichtswerk.satz.teilmenge import Gesetztes, wandle
from berichtswerk.satz.typstfehler import uebersetze
from berichtswerk.satz.umbruch import ABFRAGE, Umbruch, entscheide
from berichtswerk.satz.zeilenkoepfe import zeichne_zeilenkoepfe_aus

_NORMEN: list[Literal["a-2a", "ua-1"]] = ["a-2a", "ua-1"]
_SCHLOSS = threading.Lock()
_GESETZT: list[bool] = []
_OHNE_DATUM = date(2000, 1, 1)
_PRAEGEND = ("pdf.py", "umbruch.py", "zeilenkoepfe.py")
_BILD = re.compile(r'image\("([^"]+)"')
_ORT = re.compile(r'(?<![\\`])#box\(image\("(?!/)')
"""So schreibt der Satz Bilder; im Text eines Berichts stünde vor dem # ein Schrägstrich."""


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
    """Setzt den fertigen Typst-Text; ein schon gesetzter kommt aus der Ablage."""
    dok = gesetzt.dokument
    quelle = _mit_beilagen(gesetzt.ergebnis.typst, dok.beilagen)
    zeit = _zeitstempel(dok.kopf)
    ablage = Ablage.von(projekt)
    schluessel = _schluessel(quelle, dok.ordner, projekt, zeit)
    fertig = ablage.hole("pdf", schluessel)
    if fertig is None:
        with zeiten.miss("typst"):
            fertig = zeichne_zeilenkoepfe_aus(_setze(quelle, gesetzt, projekt, zeit))
        ablage.lege("pdf", schluessel, fertig)
    return fertig


def _schluessel(quelle: str, ordner: Path, projekt: Projekt, zeit: datetime) -> str:
    """Alles, was die Bytes des PDF bestimmt: Text, Bilder, Schriften, Programmteile und Fassungen."""
    bilder = sorted(set(_BILD.findall(quelle)))
    schriften = sorted((projekt.layout / "fonts").rglob("*.[to]tf"))
    return schluessel_aus(
        quelle,
        zeit.isoformat(),
        *(f"{name} {dateisumme(ordner / name)}" for name in bilder),
        *(f"{p.name} {dateisumme(p)}" for p in schriften),
        *(f"{name} {codesumme(PAKET / 'satz' / name)}" for name in _PRAEGEND),
        *(f"{name} {fassung(name)}" for name in ("typst", "pikepdf")),
    )


def _setze(quelle: str, gesetzt: Gesetztes, projekt: Projekt, zeit: datetime) -> bytes:
    """Misst den Umbruch und setzt, mit einem einzigen Typst-Satz: er rechnet nur Geändertes neu."""
    import typst

    dok = gesetzt.dokument
    with _SCHLOSS:
        schriften = _schriften(projekt.layout / "fonts")
    with _werkbank(quelle, dok.ordner, projekt) as (lege_auf, wurzel, haupt):
        satz = typst.Compiler(input=haupt, root=wurzel, font_paths=schriften)
        if "#bw-figur(" in quelle:
            quelle = _umbruch(quelle, dok.ordner, satz, lege_auf).in_quelle(quelle, vermessen=False)
        lege_auf(quelle)
        try:
            roh = satz.compile(format="pdf", pdf_standards=[*_NORMEN], timestamp=zeit)
        except typst.TypstError:
            roh = _mit_fehlerstelle(quelle, gesetzt, schriften, zeit)
    assert isinstance(roh, bytes)
    _vergiss_altes(schriften)
    return roh


def _mit_fehlerstelle(quelle: str, gesetzt: Gesetztes, schriften: Any, zeit: datetime) -> Any:
    """Setzt noch einmal, am Ort des Dokuments: so nennt Typst die Stelle mit den Namen des Berichts."""
    import typst

    dok = gesetzt.dokument
    try:
        satz = typst.Compiler(input=quelle.encode("utf-8"), root=dok.ordner, font_paths=schriften)
        return satz.compile(format="pdf", pdf_standards=[*_NORMEN], timestamp=zeit)
    except typst.TypstError as fehler:
        raise _deutsch(fehler, quelle, dok.datei) from fehler


def _vergiss_altes(schriften: Any) -> None:
    """Typst behält, was es in den letzten zehn Dokumenten rechnete, Hunderte MB; leere Dokumente lösen es ab.

    Das kostet etwas, darum nur nach jedem zweiten Dokument.
    """
    import typst

    with _SCHLOSS:
        _GESETZT.append(True)
        if len(_GESETZT) < 2:
            return
        _GESETZT.clear()
    for _ in range(11):
        typst.Compiler(input=b"x", font_paths=schriften).compile(format="svg")


@contextlib.contextmanager
def _werkbank(
    quelle: str, ordner: Path, projekt: Projekt
) -> Iterator[tuple[Callable[[str], None], Path, Path]]:
    """Ein Platz für den Typst-Text: Typst merkt sich nur bei Dateien, was gleich geblieben ist.

    Der Text liegt im Arbeitsordner, die Bilder am Ort des Dokuments; ihre Pfade gelten deshalb ab der Wurzel.
    """
    arbeit = arbeitsordner(projekt)
    arbeit.mkdir(exist_ok=True)
    davor = "/" + ordner.resolve().relative_to(projekt.wurzel.resolve()).as_posix() + "/"
    davor = davor.replace("/./", "/").replace("\\", "\\\\").replace('"', '\\"')
    with tempfile.TemporaryDirectory(dir=arbeit, prefix="satz-") as platz:
        haupt = Path(platz, "haupt.typ")

        def lege_auf(text: str) -> None:
            haupt.write_text(_ORT.sub(lambda fund: fund[0] + davor, text), encoding="utf-8", newline="")

        lege_auf(quelle)
        yield lege_auf, projekt.wurzel.resolve(), haupt.resolve()


def _umbruch(quelle: str, ordner: Path, satz: Any, lege_auf: Callable[[str], None]) -> Umbruch:
    """Misst, bis keine Abbildung mehr ein Loch reißt; scheitert das Messen, bleibt alles, wie es ist.

    Ein Fehler im Text zeigt sich beim Setzen gleich danach noch einmal, dort mit seiner Stelle.
    """

    def miss(text: str) -> str:
        lege_auf(text)
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
