"""Einen Bericht für die Vorschau setzen: nur HTML; das PDF entsteht erst, wenn jemand es öffnet."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from berichtswerk.ausfuehrung.lauf import Ausgefuehrt
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.uebergeben import uebergib
from berichtswerk.grund.dateien import schreibe_ganz
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz import Verweis, setze_html, setze_pdf
from berichtswerk.site.satzlauf import lege_bilder_bei
from berichtswerk.site.umgebung import Umgebung


@dataclass(frozen=True, slots=True)
class Gesetzt:
    """Ob sich Sichtbares geändert hat, und ob ein Text Werte nennt, die erst beim Setzen gerechnet werden."""

    geaendert: bool
    nachgerechnet: bool


def setze(umgebung: Umgebung, auftrag: Auftrag, ausgefuehrt: Ausgefuehrt, bau: Path) -> Gesetzt:
    """Übergibt und setzt die Seite nach ``bau``.

    ``auftrag`` kann neuer sein als die Ausführung: Titel und Angaben stehen nicht im Notizbuch.

    Raises:
        BerichtswerkFehler: die Seite kommt nicht zustande; ``bau`` behält dann die vorige.
    """
    uebergabe = uebergib(umgebung.projekt, Ausgefuehrt(auftrag, ausgefuehrt.roh))
    uebergabe.meldungen.pruefe()
    kontext = umgebung.bericht(auftrag, _downloads(auftrag), uebergabe.beispiel)
    html = setze_html(auftrag.uebergabe, kontext).html
    ziel = bau / auftrag.ziel
    geaendert = [lege_ab(ziel / name, inhalt) for name, inhalt in uebergabe.beilagen.items()]
    geaendert.append(lege_ab(ziel.with_suffix(".html"), html))
    lege_bilder_bei(auftrag, html, ziel.parent)
    return Gesetzt(any(geaendert), bool(uebergabe.nachgelesen))


def drucke(projekt: Projekt, auftrag: Auftrag, ziel: Path) -> None:
    """Setzt das PDF der zuletzt gelungenen Übergabe nach ``ziel``."""
    lege_ab(ziel, setze_pdf(auftrag.uebergabe, projekt))


def lege_ab(pfad: Path, inhalt: str | bytes) -> bool:
    """Wie :func:`schreibe_ganz`; ein Lauf nebenan darf dabei aufräumen."""
    with contextlib.suppress(FileNotFoundError):  # er hielt unsere halbe Datei für liegengeblieben
        return schreibe_ganz(pfad, inhalt)
    return schreibe_ganz(pfad, inhalt)


def meldungen_zu(fehler: BaseException, datei: str) -> list[Meldung]:
    """Was ein Fehler für Menschen heißt; auch einer, mit dem niemand gerechnet hat."""
    if isinstance(fehler, BerichtswerkFehler):
        return list(fehler.meldungen)
    if isinstance(fehler, UnicodeDecodeError):
        return [_kein_utf8(fehler, datei)]
    return [
        Meldung(
            "vorschau-programmfehler",
            "Die Seite kommt nicht zustande: Berichtswerk selbst ist gescheitert.",
            datei=datei,
            ursache=f"{type(fehler).__name__}: {fehler}",
            abhilfe="Nehmen Sie die letzte Änderung zurück. „berichtswerk render“ legt die Einzelheiten für "
            "die Technik ab.",
        )
    ]


def _kein_utf8(fehler: UnicodeDecodeError, datei: str) -> Meldung:
    zeile = bytes(fehler.object[: fehler.start]).count(b"\n") + 1
    return Meldung(
        "vorschau-zeichen",
        "Ein Text enthält Zeichen, die sich nicht lesen lassen.",
        datei=datei,
        ort=f"Zeile {zeile}",
        ursache="Die Datei ist nicht als UTF-8 gespeichert.",
        abhilfe="Speichern Sie sie im Editor mit der Kodierung UTF-8.",
    )


def _downloads(auftrag: Auftrag) -> tuple[Verweis, ...]:
    verweise = [Verweis("Bericht als PDF", f"{auftrag.ziel}.pdf", "PDF, wird beim Öffnen gesetzt")]
    if auftrag.notizbuch is not None:
        verweise.append(Verweis("Alle Daten", f"{auftrag.ziel}/daten.zip", "CSV in ZIP", herunterladen=True))
        verweise.append(Verweis("Zahlennachweis", f"{auftrag.ziel}/nachweis.json", "JSON"))
    return tuple(verweise)


def gleich(neu: Ausgefuehrt, alt: Ausgefuehrt | None) -> bool:
    """Ob zwei Ausführungen dasselbe ergaben; dann ist nichts neu zu setzen."""
    return alt is not None and _zellen(neu.roh) == _zellen(alt.roh)


def _zellen(roh: dict[str, Any] | None) -> Any:
    return roh["cells"] if roh is not None else None
