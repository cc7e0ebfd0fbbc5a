"""Die Suche: ein Verzeichnis der Berichte mit Pagefind, das ganz auf dem eigenen Server liegt."""

from __future__ import annotations

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
    befehl = [sys.executable, "-m", "pagefind", "--site", str(site), "--force-language", "de", "--silent"]
    lauf = subprocess.run(befehl, capture_output=True, text=True, check=False, cwd=site)
    if lauf.returncode:
        return [
            Meldung(
                "suche-ohne-verzeichnis",
                "Das Suchverzeichnis ließ sich nicht bauen; die Suche findet nichts.",
                datei=SUCHE,
                ursache=(lauf.stderr or lauf.stdout).strip()[-500:]
                or f"Pagefind endete mit {lauf.returncode}.",
                abhilfe="Prüfen Sie mit „python -m pagefind --version“, ob Pagefind hier läuft.",
                stufe=Stufe.WARNUNG,
            )
        ]
    for muster in _UEBERFLUESSIG:
        for pfad in (site / "pagefind").glob(muster):
            pfad.unlink()
    return []
