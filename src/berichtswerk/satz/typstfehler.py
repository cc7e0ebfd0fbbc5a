"""Fehler von Typst auf Deutsch, mit der Stelle im Notizbuch statt im Zwischentext."""

from __future__ import annotations

import re
from dataclasses import dataclass

from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung

_STELLE = re.compile(r"[┌╭]─ .*?([^/\\\s]+):(\d+):\d+")
_ZELLE = re.compile(r"^// Zelle (\d+)$")
_ZEICHEN = re.compile(r"the text `\"(.+?)\"` could not be displayed", re.S)
_DATEI = re.compile(r"file not found \(searched at .*?([^/\\]+)\)")
_HAUPTTEXT = "__typst_py_bytes__.typ"


@dataclass(frozen=True, slots=True)
class _Muster:
    muster: re.Pattern[str]
    kennung: str
    text: str
    ursache: str
    abhilfe: str


_MUSTER = (
    _Muster(
        _ZEICHEN,
        "satz-zeichen-fehlt",
        "Das Zeichen {fund} gibt es in der Hausschrift nicht.",
        "PDF/UA verlangt, dass jedes Zeichen gesetzt und vorgelesen werden kann.",
        "Zeichen durch ein anderes oder durch ein Wort ersetzen.",
    ),
    _Muster(
        _DATEI,
        "satz-bild-fehlt",
        "Die Bilddatei {fund} fehlt.",
        "Das Notizbuch verweist auf eine Datei, die nicht neben ihm liegt.",
        "Bericht neu ausführen oder den Pfad berichtigen.",
    ),
    _Muster(
        re.compile(r"missing alt text|alternative description"),
        "satz-alt-fehlt",
        "Ein Bild hat keinen Alternativtext.",
        "Ohne ihn ist das PDF nicht barrierefrei.",
        'Hinter das Bild {{fig-alt="…"}} schreiben.',
    ),
    _Muster(
        re.compile(r"missing document title"),
        "satz-titel-fehlt",
        "Das Dokument hat keinen Titel.",
        "PDF/UA verlangt einen Titel.",
        "title in den Kopf des Dokuments schreiben.",
    ),
    _Muster(
        re.compile(r"skipped from heading|first heading"),
        "satz-ebene-sprung",
        "Die Überschriften überspringen eine Ebene.",
        "PDF/UA verlangt lückenlose Ebenen.",
        "Nach ## folgt ###, nicht ####.",
    ),
    _Muster(
        re.compile(r"failed to (?:parse|load|decode) SVG|failed to decode image"),
        "satz-bild-kaputt",
        "Die Bilddatei {fund} ist kein lesbares SVG.",
        "Die Datei ist beschädigt oder hat die falsche Endung.",
        "Bild neu erzeugen.",
    ),
)


def zelle_zur_zeile(quelle: str, zeile: int) -> int:
    """Nummer der Zelle, aus der die Zeile des Typst-Textes stammt; 0, wenn unbekannt."""
    for text in reversed(quelle.splitlines()[:zeile]):
        fund = _ZELLE.match(text)
        if fund:
            return int(fund[1])
    return 0


def uebersetze(botschaft: str, diagnose: str, quelle: str, datei: str) -> BerichtswerkFehler:
    """Alle Fehler einer Diagnose von Typst als Meldungen, jeder mit seiner Zelle."""
    einzeln = [t for t in re.split(r"^error: ", diagnose, flags=re.M) if t.strip()] or [botschaft]
    meldungen: list[Meldung] = []
    for text in einzeln:
        neu = _eine(text, quelle, datei)
        if neu not in meldungen:
            meldungen.append(neu)
    # Marken fehlen auch dann, wenn ein anderer Fehler die Abbildung verhindert hat.
    echte = [m for m, t in zip(meldungen, einzeln, strict=False) if "does not exist in the document" not in t]
    return BerichtswerkFehler(echte or meldungen)


def _eine(text: str, quelle: str, datei: str) -> Meldung:
    stelle = _STELLE.search(text)
    zelle = zelle_zur_zeile(quelle, int(stelle[2])) if stelle and stelle[1] == _HAUPTTEXT else 0
    ort = f"Zelle {zelle} des Notizbuchs" if zelle else ""
    for m in _MUSTER:
        fund = m.muster.search(text)
        if fund is None:
            continue
        was = fund[1].strip() if fund.groups() else stelle[1] if stelle else ""
        werte = {"fund": _mit_nummer(was) if m.kennung == "satz-zeichen-fehlt" else f"„{was}“"}
        return Meldung(
            m.kennung, m.text.format_map(werte), datei, ort, "", m.ursache, m.abhilfe.format_map(werte)
        )
    return _unbekannt(text, datei, ort)


def _mit_nummer(text: str) -> str:
    return f"„{text}“ (" + " ".join(f"U+{ord(z):04X}" for z in text[:5]) + ")"


def _unbekannt(botschaft: str, datei: str, ort: str) -> Meldung:
    return Meldung(
        "satz-typst",
        "Typst konnte das PDF nicht setzen.",
        datei=datei,
        ort=ort,
        ursache=botschaft.strip().splitlines()[0] if botschaft.strip() else "ohne Angabe",
        abhilfe="Prüfen Sie den Text an dieser Stelle und layout/typst; bleibt der Fehler, melden Sie ihn.",
    )
