"""Fehler von Typst auf Deutsch, mit der Stelle im Text statt im Zwischentext."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung
from berichtswerk.satz import befunde
from berichtswerk.satz.werkbank import VORSPANN
from berichtswerk.schreiber.typst.rumpf import Druckfassung

if TYPE_CHECKING:
    import typst

_STELLE = re.compile(r"[┌╭]─ .*?([^/\\\s]+):(\d+):\d+")
_KAPITEL = re.compile(r"kapitel-(\d+)\.typ")
_MUSTER: tuple[tuple[re.Pattern[str], type[Befundart]], ...] = (
    (re.compile(r"the text `\"(.+?)\"` could not be displayed", re.S), befunde.ZeichenFehlt),
    (re.compile(r"file not found \(searched at .*?([^/\\]+)\)"), befunde.BildFehlt),
    (re.compile(r"missing alt text|alternative description"), befunde.AltFehlt),
    (re.compile(r"missing document title"), befunde.TitelFehlt),
    (re.compile(r"skipped from heading|first heading"), befunde.EbeneSprung),
    (re.compile(r"failed to (?:parse|load|decode) SVG|failed to decode image"), befunde.BildKaputt),
)


def uebersetze(fehler: typst.TypstError, druck: Druckfassung) -> BerichtswerkFehler:
    """Alle Fehler einer Diagnose von Typst als Meldungen, jeder mit Datei und Ort seines Textes."""
    botschaft = str(getattr(fehler, "message", fehler))
    diagnose = str(getattr(fehler, "diagnostic", ""))
    einzeln = [t for t in re.split(r"^error: ", diagnose, flags=re.M) if t.strip()] or [botschaft]
    meldungen: list[Meldung] = []
    for text in einzeln:
        neu = _eine(text, druck)
        if neu not in meldungen:
            meldungen.append(neu)
    # Marken fehlen auch dann, wenn ein anderer Fehler die Abbildung verhindert hat.
    echte = [m for m, t in zip(meldungen, einzeln, strict=False) if "does not exist in the document" not in t]
    return BerichtswerkFehler(echte or meldungen)


def _eine(text: str, druck: Druckfassung) -> Meldung:
    stelle = _STELLE.search(text)
    datei, ort = _herkunft(stelle, druck) if stelle else ("", "")
    for muster, art in _MUSTER:
        fund = muster.search(text)
        if fund is not None:
            was = fund[1].strip() if fund.groups() else stelle[1] if stelle else ""
            wort = _mit_nummer(was) if art is befunde.ZeichenFehlt else was
            return art.melde(datei=datei, ort=ort, was=wort)
    zeile = text.strip().splitlines()[0] if text.strip() else "ohne Angabe"
    return befunde.TypstGescheitert.melde(datei=datei, ort=ort, was=zeile)


def _herkunft(stelle: re.Match[str], druck: Druckfassung) -> tuple[str, str]:
    """Datei und Ort des Textes, aus dem die Zeile einer Kapiteldatei gesetzt ist."""
    kapitel = _KAPITEL.fullmatch(stelle[1])
    if kapitel is None:
        return "", ""
    zeile = int(stelle[2]) - VORSPANN.count("\n")
    davor = [h for h in druck.kapitel[int(kapitel[1])].herkunft if h[0] <= zeile]
    return (davor[-1][1], davor[-1][2]) if davor else ("", "")


def _mit_nummer(text: str) -> str:
    return f"„{text}“ (" + " ".join(f"U+{ord(z):04X}" for z in text[:5]) + ")"
