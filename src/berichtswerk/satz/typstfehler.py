"""Fehler von Typst auf Deutsch, mit der Stelle im Notizbuch statt im Zwischentext."""

from __future__ import annotations

import re
from dataclasses import dataclass

from berichtswerk.meldung import BerichtswerkFehler, Meldung

_ZEILE = re.compile(r"(?:main\.typ|<[^>]*>|\w*\.typ|\s):(\d+):\d+")
_ZELLE = re.compile(r"^// Zelle (\d+)$")
_ZEICHEN = re.compile(r"the text [\"“'‘`]?(.+?)[\"”'’`]? could not be displayed", re.S)
_DATEI = re.compile(r"file not found \(searched at (.+?)\)")


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
        re.compile(r"heading|skipped"),
        "satz-ebene-sprung",
        "Die Überschriften überspringen eine Ebene.",
        "PDF/UA verlangt lückenlose Ebenen.",
        "Nach ## folgt ###, nicht ####.",
    ),
    _Muster(
        re.compile(r"failed to (?:parse|load|decode).*(?:svg|image|SVG)"),
        "satz-bild-kaputt",
        "Eine Bilddatei ist kein lesbares SVG.",
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
    """Ein Fehler von Typst (Botschaft und Diagnose) als Meldungen mit Zelle."""
    stellen = _ZEILE.findall(diagnose)
    zelle = next((z for s in stellen if (z := zelle_zur_zeile(quelle, int(s)))), 0)
    ort = f"Zelle {zelle} des Notizbuchs" if zelle else ""
    meldungen: list[Meldung] = []
    for m in _MUSTER:
        for fund in m.muster.finditer(f"{botschaft}\n{diagnose}"):
            text = fund[1].strip() if fund.groups() else ""
            werte = {"fund": _mit_nummer(text) if m.kennung == "satz-zeichen-fehlt" else f"„{text}“"}
            neu = Meldung(
                m.kennung, m.text.format_map(werte), datei, ort, "", m.ursache, m.abhilfe.format_map(werte)
            )
            if neu not in meldungen:
                meldungen.append(neu)
        if meldungen:
            break
    return BerichtswerkFehler(meldungen or _unbekannt(botschaft, datei, ort))


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
