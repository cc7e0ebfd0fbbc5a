"""Einen ausgeführten Bericht übergeben und setzen, fertig für die Site."""

from __future__ import annotations

import re
import shutil
import traceback
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from berichtswerk.ausfuehrung.lauf import Ausgefuehrt
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.speicher import arbeitsordner, schreibe_ganz
from berichtswerk.ausfuehrung.uebergeben import uebergib
from berichtswerk.meldung import BerichtswerkFehler, Meldung, Meldungen
from berichtswerk.portal.umgebung import Umgebung, groesse, lesbar
from berichtswerk.projekt import Projekt
from berichtswerk.satz import Verweis, setze_beide, setze_html, setze_pdf

_GROESSE = "bw-pdf-groesse"
"""Platzhalter: wie groß das PDF ist, steht erst nach dem Setzen fest."""
_BILD = re.compile(r'\ssrc="([^":#?]+)"')


@dataclass(slots=True)
class Gesetzt:
    """Was aus einem Auftrag wurde; ``grund`` sagt, ob und warum das Notizbuch neu ausgeführt wurde."""

    auftrag: Auftrag
    gelungen: bool = False
    grund: str = ""
    meldungen: Meldungen = field(default_factory=Meldungen)


def setze(
    umgebung: Umgebung, ausgefuehrt: Ausgefuehrt, bau: Path, formate: Collection[str], alt: Path | None
) -> Gesetzt:
    """Übergibt und setzt einen Auftrag nach ``bau``; Fehler stehen im Ergebnis.

    ``alt`` ist das PDF der vorigen Fassung: es bleibt gültig verlinkt, wenn nur HTML gesetzt wird.
    """
    auftrag = ausgefuehrt.auftrag
    ergebnis = Gesetzt(auftrag, grund=ausgefuehrt.grund, meldungen=ausgefuehrt.meldungen)
    if ausgefuehrt.roh is None:
        return ergebnis
    try:
        uebergabe = uebergib(umgebung.projekt, ausgefuehrt)
        ergebnis.meldungen.alle(uebergabe.meldungen)
        if uebergabe.meldungen.fehler:
            return ergebnis
        _schreibe(umgebung, auftrag, bau, beispiel=uebergabe.beispiel, formate=formate, alt=alt)
    except BerichtswerkFehler as fehler:
        ergebnis.meldungen.alle(fehler.meldungen)
        return ergebnis
    except Exception as fehler:  # ein Fehler im Programm darf die übrigen Berichte nicht aufhalten
        ergebnis.meldungen.dazu(_programmfehler(umgebung.projekt, auftrag, fehler))
        return ergebnis
    ergebnis.gelungen = True
    return ergebnis


def _schreibe(
    umgebung: Umgebung,
    auftrag: Auftrag,
    bau: Path,
    *,
    beispiel: bool,
    formate: Collection[str],
    alt: Path | None,
) -> None:
    ziel = bau / auftrag.ziel
    hat_pdf = "pdf" in formate or alt is not None
    kontext = umgebung.bericht(auftrag, _downloads(auftrag, hat_pdf), beispiel)
    html, pdf = "", b""
    if "html" in formate and "pdf" in formate:
        seite, pdf = setze_beide(auftrag.uebergabe, kontext)
        html = seite.html
    elif "html" in formate:
        html = setze_html(auftrag.uebergabe, kontext).html
    else:
        pdf = setze_pdf(auftrag.uebergabe, umgebung.projekt)
    ziel.parent.mkdir(parents=True, exist_ok=True)
    if html:
        pdf_groesse = lesbar(len(pdf)) if pdf else groesse(alt) if alt else ""
        ziel.with_suffix(".html").write_text(html.replace(_GROESSE, pdf_groesse), "utf-8", newline="\n")
        lege_bilder_bei(auftrag, html, ziel.parent)
    if pdf:
        ziel.with_suffix(".pdf").write_bytes(pdf)
    shutil.copytree(auftrag.beilagen, ziel, dirs_exist_ok=True)


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
    for name in sorted(set(_BILD.findall(html))):
        quelle = auftrag.ordner / name
        if name.startswith((".", "/", f"{auftrag.stamm}/")) or not quelle.is_file():
            continue
        (ordner / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(quelle, ordner / name)


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
