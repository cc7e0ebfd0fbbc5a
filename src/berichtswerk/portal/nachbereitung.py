"""Nach „quarto render“: Zeilenköpfe in die PDF-Dateien, Sicherheitsregeln in die Seiten.

Quartos Seiten tragen eigene Skripte im Text; die Regel (Content-Security-Policy) erlaubt genau diese,
über ihre Prüfsummen, und sonst nur Dateien der eigenen Site.
"""

from __future__ import annotations

import base64
import hashlib
import os
import re
from pathlib import Path

from berichtswerk.ausfuehrung.speicher import schreibe_ganz
from berichtswerk.meldung import Meldung, Meldungen
from berichtswerk.projekt import Projekt

_SKRIPT = re.compile(r"<script\b(?P<attribute>[^>]*)>(?P<inhalt>.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_KEIN_PROGRAMM = re.compile(r"""type\s*=\s*["']?(?:application/(?:ld\+)?json|text/(?:html|template))""", re.I)
_KOPF = re.compile(r"<head[^>]*>", re.IGNORECASE)


def bereite_nach(projekt: Projekt) -> Meldungen:
    """Bearbeitet, was Quarto gerade geschrieben hat (sonst die ganze Site); wiederholbar."""
    from berichtswerk.satz.zeilenkoepfe import zeichne_zeilenkoepfe_aus

    meldungen = Meldungen()
    for pfad in _dateien(projekt):
        try:
            if pfad.suffix == ".pdf":
                schreibe_ganz(pfad, zeichne_zeilenkoepfe_aus(pfad.read_bytes()))
            elif pfad.suffix == ".html":
                schreibe_ganz(pfad, mit_regel(pfad.read_text(encoding="utf-8")))
        except (OSError, ValueError, RuntimeError) as fehler:
            meldungen.dazu(_nicht_bearbeitet(projekt, pfad, fehler))
    return meldungen


def _dateien(projekt: Projekt) -> list[Path]:
    """Was Quarto in ``QUARTO_PROJECT_OUTPUT_FILES`` nennt; ohne diese Angabe alles in der Site."""
    genannt = os.environ.get("QUARTO_PROJECT_OUTPUT_FILES", "")
    pfade = [projekt.wurzel / zeile for zeile in genannt.splitlines() if zeile.strip()]
    alle = pfade or [p for p in projekt.site.rglob("*") if p.suffix in (".html", ".pdf")]
    return sorted(p for p in alle if p.is_file())


def mit_regel(html: str) -> str:
    """Die Seite mit Content-Security-Policy; wo schon eine steht, bleibt sie."""
    if 'http-equiv="Content-Security-Policy"' in html:
        return html
    regel = (
        "default-src 'self'; img-src 'self' data:; font-src 'self' data:; style-src 'self' 'unsafe-inline'; "
        f"script-src {' '.join(chr(39) + s + chr(39) for s in ['self', *pruefsummen(html)])}; "
        "object-src 'none'; base-uri 'none'; form-action 'self'"
    )
    zeile = f'\n<meta http-equiv="Content-Security-Policy" content="{regel}">'
    return _KOPF.sub(lambda kopf: kopf.group() + zeile, html, count=1)


def pruefsummen(html: str) -> list[str]:
    """``sha256-…`` jedes Skripts, das im Text der Seite steht, ohne Wiederholung."""
    gefunden: dict[str, None] = {}
    for skript in _SKRIPT.finditer(html):
        attribute = skript["attribute"]
        if re.search(r"\bsrc\s*=", attribute) or _KEIN_PROGRAMM.search(attribute) or not skript["inhalt"]:
            continue
        # Browser rechnen mit einheitlichen Zeilenenden
        inhalt = skript["inhalt"].replace("\r\n", "\n").replace("\r", "\n")
        summe = base64.b64encode(hashlib.sha256(inhalt.encode()).digest()).decode()
        gefunden[f"sha256-{summe}"] = None
    return list(gefunden)


def _nicht_bearbeitet(projekt: Projekt, pfad: Path, fehler: Exception) -> Meldung:
    return Meldung(
        "nachbereitung",
        "Eine Datei ließ sich nach dem Setzen nicht ergänzen.",
        datei=projekt.relativ(pfad),
        ursache=str(fehler),
        abhilfe="Schließen Sie Programme, die sie geöffnet haben, und rendern Sie erneut.",
    )
