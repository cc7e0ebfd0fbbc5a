"""Einen ausgeführten Bericht übergeben und setzen, fertig für die Site."""

from __future__ import annotations

import re
import threading
import traceback
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from berichtswerk.ausfuehrung.lauf import Ausgefuehrt
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.schreibfehler import als_meldung
from berichtswerk.ausfuehrung.uebergabe import Uebergabe
from berichtswerk.ausfuehrung.uebergeben import uebergib
from berichtswerk.grund import zeiten
from berichtswerk.grund.dateien import arbeitsordner, schreibe_ganz
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung, Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz import Verweis, setze_beide, setze_html, setze_pdf, waerme_druck_vor, waerme_vor
from berichtswerk.site.merken import Gedaechtnis, Gemerkt
from berichtswerk.site.umgebung import Umgebung, groesse, lesbar

_GROESSE = "bw-pdf-groesse"
"""Platzhalter: wie groß das PDF ist, steht erst nach dem Setzen fest."""
SeiteFertig = Callable[[str, str], None]
_VORSATZ = threading.Lock()
_BILD = re.compile(r'\ssrc="([^":#?]+)"')


@dataclass(slots=True)
class Gesetzt:
    """Was aus einem Auftrag wurde.

    ``grund`` sagt, ob und warum das Notizbuch neu ausgeführt wurde, ``satzgrund`` dasselbe vom Setzen.
    """

    auftrag: Auftrag
    gelungen: bool = False
    grund: str = ""
    satzgrund: str = ""
    meldungen: Meldungen = field(default_factory=Meldungen)


def setze(
    umgebung: Umgebung,
    ausgefuehrt: Ausgefuehrt,
    bau: Path,
    formate: Collection[str],
    alt: Path | None,
    *,
    gedaechtnis: Gedaechtnis | None = None,
    seite_fertig: SeiteFertig = lambda *_: None,
) -> Gesetzt:
    """Übergibt und setzt einen Auftrag nach ``bau``; Fehler stehen im Ergebnis.

    ``alt`` ist das PDF der vorigen Fassung: es bleibt gültig verlinkt, wenn nur HTML gesetzt wird. Was das
    ``gedaechtnis`` noch kennt, wird nicht noch einmal gesetzt. ``seite_fertig`` bekommt Ort und HTML, sobald
    die Seite feststeht; nur die Größe des PDF fehlt darin noch.
    """
    auftrag = ausgefuehrt.auftrag
    ergebnis = Gesetzt(auftrag, grund=ausgefuehrt.grund, meldungen=ausgefuehrt.meldungen)
    if ausgefuehrt.roh is None:
        return ergebnis
    try:
        with zeiten.bericht(auftrag.stamm):
            fertig = _setze(
                umgebung, ausgefuehrt, ergebnis,
                formate=formate, alt=alt, gedaechtnis=gedaechtnis, seite_fertig=seite_fertig,
            )  # fmt: skip
            if fertig is not None:
                with zeiten.miss("site"):
                    _lege_hin(fertig.dateien, (bau / auftrag.ziel).parent)
                ergebnis.gelungen = True
    except BerichtswerkFehler as fehler:
        ergebnis.meldungen.alle(fehler.meldungen)
    except OSError as fehler:
        befund = als_meldung(umgebung.projekt, fehler)
        ergebnis.meldungen.dazu(befund or _programmfehler(umgebung.projekt, auftrag, fehler))
    except Exception as fehler:  # ein Fehler im Programm darf die übrigen Berichte nicht aufhalten
        ergebnis.meldungen.dazu(_programmfehler(umgebung.projekt, auftrag, fehler))
    return ergebnis


def _setze(
    umgebung: Umgebung,
    ausgefuehrt: Ausgefuehrt,
    ergebnis: Gesetzt,
    *,
    formate: Collection[str],
    alt: Path | None,
    gedaechtnis: Gedaechtnis | None,
    seite_fertig: SeiteFertig,
) -> Gemerkt | None:
    """Die Dateien des Berichts, aus dem Gedächtnis oder neu; ``None``, wenn die Übergabe Fehler hat."""
    auftrag, roh = ausgefuehrt.auftrag, ausgefuehrt.roh
    assert roh is not None
    zusatz = groesse(alt) if alt is not None and "pdf" not in formate else ""
    if gedaechtnis is not None:
        with zeiten.miss("prüfen"):
            fertig, ergebnis.satzgrund = gedaechtnis.hole(auftrag, roh, zusatz)
        if fertig is not None:
            ergebnis.meldungen.alle(fertig.meldungen)
            if f"{auftrag.stamm}.html" in fertig.dateien:
                seite_fertig(f"{auftrag.ziel}.html", fertig.dateien[f"{auftrag.stamm}.html"].decode())
            return fertig
    waerme_vor()
    with _vorsatz(umgebung.projekt, auftrag, formate), zeiten.miss("übergeben"):
        uebergabe = uebergib(umgebung.projekt, ausgefuehrt)
    ergebnis.meldungen.alle(uebergabe.meldungen)
    if uebergabe.meldungen.fehler:
        return None
    dateien = _erzeuge(umgebung, auftrag, uebergabe, formate, alt, seite_fertig=seite_fertig)
    fertig = Gemerkt(dateien, uebergabe.meldungen)
    if gedaechtnis is not None:
        gedaechtnis.merke(auftrag, roh, zusatz, fertig, uebergabe.nachgelesen)
    return fertig


@contextmanager
def _vorsatz(projekt: Projekt, auftrag: Auftrag, formate: Collection[str]) -> Iterator[None]:
    """Setzt nebenher den vorigen Stand des PDF; nur für einen Bericht zugleich, sonst ist kein Kern frei."""
    if "pdf" not in formate or not _VORSATZ.acquire(blocking=False):
        yield
        return
    try:
        waerme_druck_vor(auftrag.uebergabe, projekt)
        yield
    finally:
        _VORSATZ.release()


def _erzeuge(
    umgebung: Umgebung,
    auftrag: Auftrag,
    uebergabe: Uebergabe,
    formate: Collection[str],
    alt: Path | None,
    *,
    seite_fertig: SeiteFertig,
) -> dict[str, bytes]:
    """Alle Dateien des Berichts; Namen ab dem Ordner der Ausgabe."""
    hat_pdf = "pdf" in formate or alt is not None
    kontext = umgebung.bericht(auftrag, _downloads(auftrag, hat_pdf), uebergabe.beispiel)
    dateien = {f"{auftrag.stamm}/{name}": inhalt for name, inhalt in uebergabe.beilagen.items()}
    html, pdf = "", b""
    if "html" in formate and "pdf" in formate:
        seite, pdf = setze_beide(
            auftrag.uebergabe, kontext, lambda seite: seite_fertig(f"{auftrag.ziel}.html", seite.html)
        )
        html = seite.html
    elif "html" in formate:
        html = setze_html(auftrag.uebergabe, kontext).html
    else:
        pdf = setze_pdf(auftrag.uebergabe, umgebung.projekt)
    if html:
        pdf_groesse = lesbar(len(pdf)) if pdf else groesse(alt) if alt else ""
        dateien[f"{auftrag.stamm}.html"] = html.replace(_GROESSE, pdf_groesse).encode()
        dateien |= {name: quelle.read_bytes() for name, quelle in _bilder(auftrag, html)}
    if pdf:
        dateien[f"{auftrag.stamm}.pdf"] = pdf
    return dateien


def _lege_hin(dateien: Mapping[str, bytes], ordner: Path) -> None:
    for name, inhalt in dateien.items():
        ziel = ordner / name
        ziel.parent.mkdir(parents=True, exist_ok=True)
        ziel.write_bytes(inhalt)


def _downloads(auftrag: Auftrag, hat_pdf: bool) -> tuple[Verweis, ...]:
    verweise = []
    if hat_pdf:
        verweise.append(Verweis("Bericht als PDF", f"{auftrag.ziel}.pdf", f"PDF, {_GROESSE}"))
    packung = auftrag.beilagen / "daten.zip"
    if packung.is_file():
        zusatz = f"CSV in ZIP, {groesse(packung)}"
        verweise.append(Verweis("Alle Daten", f"{auftrag.ziel}/daten.zip", zusatz, herunterladen=True))
        zusatz = "JSON: jede Zahl mit ihrer Quelle"
        verweise.append(Verweis("Zahlennachweis", f"{auftrag.ziel}/nachweis.json", zusatz))
    return tuple(verweise)


def lege_bilder_bei(auftrag: Auftrag, html: str, ordner: Path) -> None:
    """Bilder, auf die Texte selbst verweisen (``texte/plan.svg``); nur aus dem Ordner der Ausgabe."""
    _lege_hin({name: quelle.read_bytes() for name, quelle in _bilder(auftrag, html)}, ordner)


def _bilder(auftrag: Auftrag, html: str) -> Iterator[tuple[str, Path]]:
    for name in sorted(set(_BILD.findall(html))):
        quelle = auftrag.ordner / name
        if not name.startswith((".", "/", f"{auftrag.stamm}/")) and quelle.is_file():
            yield name, quelle


def _programmfehler(projekt: Projekt, auftrag: Auftrag, fehler: Exception) -> Meldung:
    spur = arbeitsordner(projekt) / f"fehler-{auftrag.stamm}.txt"
    schreibe_ganz(spur, "".join(traceback.format_exception(fehler)))
    return Meldung(
        "programmfehler",
        f"Der Bericht {auftrag.stamm} kommt nicht zustande: Berichtswerk selbst ist gescheitert.",
        datei=projekt.relativ(auftrag.ordner / "bericht.yml"),
        ursache=f"{type(fehler).__name__}: {fehler}",
        abhilfe=f"Geben Sie die Datei {projekt.relativ(spur)} an die Technik weiter.",
    )
