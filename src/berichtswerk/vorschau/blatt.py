"""Einen Bericht für die Vorschau setzen: nur HTML; das PDF entsteht erst, wenn jemand es öffnet."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from berichtswerk.ausfuehrung.lauf import Ausgefuehrt
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.uebergabe import Uebergabe
from berichtswerk.ausfuehrung.uebergeben import uebergib
from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.dateien import schreibe_ganz
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung, Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz import pdf
from berichtswerk.satz.manuskript import Manuskript, lies
from berichtswerk.schreiber.html import seite as html_seite
from berichtswerk.site.satzlauf import bilder, downloads
from berichtswerk.site.umgebung import Umgebung


@dataclass(frozen=True, slots=True)
class Gesetzt:
    """Ob sich Sichtbares geändert hat; das Manuskript und was zum Drucken dazugehört."""

    geaendert: bool
    manuskript: Manuskript
    uebergabe: Uebergabe

    @property
    def nachgerechnet(self) -> bool:
        """Ob ein Text Werte nennt, die erst beim Setzen gerechnet werden."""
        return bool(self.uebergabe.nachgelesen)


def setze(umgebung: Umgebung, auftrag: Auftrag, ausgefuehrt: Ausgefuehrt, bau: Path) -> Gesetzt:
    """Übergibt und setzt die Seite nach ``bau``.

    ``auftrag`` kann neuer sein als die Ausführung: Titel und Angaben stehen nicht im Notizbuch.

    Raises:
        BerichtswerkFehler: die Seite kommt nicht zustande; ``bau`` behält dann die vorige.
    """
    projekt = umgebung.projekt
    uebergabe = uebergib(projekt, Ausgefuehrt(auftrag, ausgefuehrt.roh))
    manuskript, befunde = lies(uebergabe.dokument, projekt, auftrag.ordner, Ablage.von(projekt))
    Meldungen([*uebergabe.meldungen, *befunde]).pruefe()
    kontext = umgebung.bericht(auftrag, downloads(auftrag, uebergabe, "PDF, wird beim Öffnen gesetzt"))
    html = html_seite.schreibe(manuskript, kontext, uebergabe.zeichnungen).html
    ziel = bau / auftrag.ziel
    geaendert = [lege_ab(ziel / name, inhalt) for name, inhalt in uebergabe.beilagen.items()]
    geaendert.append(lege_ab(ziel.with_suffix(".html"), html))
    for name, quelle in bilder(manuskript):
        lege_ab(ziel.parent / name, quelle.read_bytes())
    return Gesetzt(any(geaendert), manuskript, uebergabe)


def drucke(projekt: Projekt, gesetzt: Gesetzt, ziel: Path) -> None:
    """Setzt das PDF der zuletzt gelungenen Seite nach ``ziel``."""
    lege_ab(ziel, pdf.setze(gesetzt.manuskript, projekt, gesetzt.uebergabe.druckbilder))


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


def gleich(neu: Ausgefuehrt, alt: Ausgefuehrt | None) -> bool:
    """Ob zwei Ausführungen dasselbe ergaben; dann ist nichts neu zu setzen."""
    return alt is not None and _zellen(neu.roh) == _zellen(alt.roh)


def _zellen(roh: dict[str, Any] | None) -> Any:
    return roh["cells"] if roh is not None else None
