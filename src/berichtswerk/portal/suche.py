"""Die Suche: ein Verzeichnis der Berichte mit Pagefind, das ganz auf dem eigenen Server liegt."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from berichtswerk.ausfuehrung.ablage import Ablage, fassung, schluessel_aus
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


def verzeichne(site: Path, ablage: Ablage | None = None) -> list[Meldung]:
    """Baut das Suchverzeichnis unter ``pagefind/``; misslingt es, bleibt die Suche ohne Treffer.

    Sind die Seiten dieselben wie zuletzt, kommt es aus der ``ablage``.
    """
    seiten = _suchbare(site)
    schluessel = schluessel_aus(fassung("pagefind"), _NICHT_SUCHEN, *(t for s in seiten.items() for t in s))
    fertig = ablage.hole("suche", schluessel) if ablage is not None else None
    if fertig is not None:
        with zipfile.ZipFile(io.BytesIO(fertig)) as paket:
            paket.extractall(site / "pagefind")
        return []
    befunde = _rufe_pagefind(site, seiten)
    if ablage is not None and not befunde:
        ablage.lege("suche", schluessel, _gepackt(site / "pagefind"))
    return befunde


def _gepackt(ordner: Path) -> bytes:
    puffer = io.BytesIO()
    with zipfile.ZipFile(puffer, "w") as paket:
        for pfad in sorted(p for p in ordner.rglob("*") if p.is_file()):
            paket.write(pfad, pfad.relative_to(ordner).as_posix())
    return puffer.getvalue()


def _rufe_pagefind(site: Path, seiten: Mapping[str, str]) -> list[Meldung]:
    kopie = site.with_name(f"{site.name}-suche")
    try:
        kopie.mkdir()
        for name, html in seiten.items():
            ziel = kopie / name
            ziel.parent.mkdir(parents=True, exist_ok=True)
            ziel.write_text(html, encoding="utf-8", newline="\n")
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


def _suchbare(site: Path) -> dict[str, str]:
    """Die Seiten der Berichte, mit der Marke des Abschnitts an seiner Überschrift.

    Pagefind nennt Fundstellen nach Überschriften mit Marke; bei uns (wie bei Quarto) trägt sie der
    Abschnitt.
    """
    texte = {p.relative_to(site).as_posix(): p.read_text("utf-8") for p in sorted(site.rglob("*.html"))}
    return {
        name: _ABSCHNITT.sub(r"<section \2><\3 id=\1", html)
        for name, html in texte.items()
        if "data-pagefind-body" in html
    }


def _ohne_verzeichnis(ausgabe: str, rueckgabe: int) -> Meldung:
    return Meldung(
        "suche-ohne-verzeichnis",
        "Das Suchverzeichnis ließ sich nicht bauen; die Suche findet nichts.",
        datei=SUCHE,
        ursache=ausgabe or f"Pagefind endete mit {rueckgabe}.",
        abhilfe="Prüfen Sie mit „python -m pagefind --version“, ob Pagefind hier läuft.",
        stufe=Stufe.WARNUNG,
    )
