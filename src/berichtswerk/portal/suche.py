"""Die Suche: ein Verzeichnis der Berichte mit Pagefind, das ganz auf dem eigenen Server liegt."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from berichtswerk.meldung import Meldung, Stufe
from berichtswerk.portal.umgebung import SUCHE, Umgebung
from berichtswerk.satz import rahme

_INHALT = """\
<noscript><p>Die Suche braucht JavaScript. Ohne JavaScript finden Sie alle Berichte auf der
<a href="../index.html">Startseite</a>; in einem Bericht sucht die Suchfunktion des Browsers.</p></noscript>
<form class="bw-suche" role="search" id="bw-suche" hidden>
<label for="bw-suchwort">Suchwort</label>
<input type="search" id="bw-suchwort" name="q" autocomplete="off" spellcheck="false">
<button type="submit">Suchen</button>
</form>
<p id="bw-suchstand" role="status" aria-live="polite"></p>
<ol id="bw-treffer" class="bw-treffer"></ol>
"""
_ABSCHNITT = re.compile(r'<section id=("[^"]+")([^>]*)>\s*<(h[2-6])\b')
_NICHT_SUCHEN = "details, .bw-verzeichnisse, .bw-beleg"
_UEBERFLUESSIG = (
    "pagefind-ui.*",
    "pagefind-modular-ui.*",
    "pagefind-highlight.js",
    "pagefind-component-ui.*",
)


def suchseite(umgebung: Umgebung) -> str:
    """Die Seite mit dem Suchfeld; das Skript dazu ist ``layout/suche.js``."""
    return rahme(_INHALT, "Suche", umgebung.seite(SUCHE, "Suche", suche=True))


def verzeichne(site: Path) -> list[Meldung]:
    """Baut das Suchverzeichnis unter ``pagefind/``; misslingt es, bleibt die Suche ohne Treffer."""
    kopie = site.with_name(f"{site.name}-suche")
    try:
        _kopiere_berichte(site, kopie)
        befehl = [
            sys.executable,
            "-m",
            "pagefind",
            "--site",
            str(kopie),
            "--force-language",
            "de",
            "--silent",
        ]
        befehl += ["--output-path", str(site / "pagefind"), "--exclude-selectors", _NICHT_SUCHEN]
        lauf = subprocess.run(befehl, capture_output=True, text=True, check=False, cwd=kopie)
    finally:
        shutil.rmtree(kopie, ignore_errors=True)
    if lauf.returncode:
        return [_ohne_verzeichnis((lauf.stderr or lauf.stdout).strip()[-500:], lauf.returncode)]
    for muster in _UEBERFLUESSIG:
        for pfad in (site / "pagefind").glob(muster):
            pfad.unlink()
    return []


def _kopiere_berichte(site: Path, kopie: Path) -> None:
    """Die Seiten der Berichte, mit der Marke des Abschnitts an seiner Überschrift.

    Pagefind nennt Fundstellen nach Überschriften mit Marke; bei uns (wie bei Quarto) trägt sie der
    Abschnitt.
    """
    kopie.mkdir()
    for seite in site.rglob("*.html"):
        html = seite.read_text(encoding="utf-8")
        if "data-pagefind-body" in html:
            ziel = kopie / seite.relative_to(site)
            ziel.parent.mkdir(parents=True, exist_ok=True)
            ziel.write_text(_ABSCHNITT.sub(r"<section \2><\3 id=\1", html), encoding="utf-8", newline="\n")


def _ohne_verzeichnis(ausgabe: str, rueckgabe: int) -> Meldung:
    return Meldung(
        "suche-ohne-verzeichnis",
        "Das Suchverzeichnis ließ sich nicht bauen; die Suche findet nichts.",
        datei=SUCHE,
        ursache=ausgabe or f"Pagefind endete mit {rueckgabe}.",
        abhilfe="Prüfen Sie mit „python -m pagefind --version“, ob Pagefind hier läuft.",
        stufe=Stufe.WARNUNG,
    )
