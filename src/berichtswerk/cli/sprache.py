"""Die Worte des Befehlszeilen-Werkzeugs auf Deutsch.

Typer kennt keine Übersetzung seiner Hilfe und Fehlertexte; übersetzt wird deshalb der fertige Text.
"""

from __future__ import annotations

import re

_HILFE = (
    (re.compile(r"^Usage:", re.M), "Aufruf:"),
    (re.compile(r"\[OPTIONS\]"), "[OPTIONEN]"),
    (re.compile(r"COMMAND \[ARGS\]\.\.\."), "BEFEHL [ANGABEN]..."),
    (re.compile(r"^Options:", re.M), "Optionen:"),
    (re.compile(r"^Commands:", re.M), "Befehle:"),
    (re.compile(r"^Arguments:", re.M), "Angaben:"),
    (re.compile(r"Show this message and exit\."), "Zeigt diese Hilfe."),
    (re.compile(r"\[default:\s+([^\]]*)\]"), r"[Vorgabe: \1]"),
    (re.compile(r" <list\[str\]>"), ""),
    (re.compile(r"<list\[([^\]]+)\]>"), r"<\1>"),
    (re.compile(r"\[required\]"), "[nötig]"),
    (re.compile(r"\[env var: ([^\]]*)\]"), r"[Umgebungsvariable: \1]"),
)
_FEHLER = (
    (
        re.compile(r"No such option: (\S+?)\.?(?: (?:Did you mean|\(Possible options:) (.+?)[?)]+)?$"),
        "option",
    ),
    (re.compile(r"No such command ['\"](.+?)['\"]\.(?: Did you mean (.+?)\?)?"), "befehl"),
    (re.compile(r"Missing argument ['\"](.+?)['\"]\.?"), "angabe"),
    (re.compile(r"Missing option ['\"](.+?)['\"]\.?"), "option_fehlt"),
    (re.compile(r"Missing command\.?"), "befehl_fehlt"),
    (re.compile(r"Got unexpected extra argument(?:s|\(s\))? \((.+)\)"), "zu_viel"),
    (re.compile(r"Option ['\"]?(\S+?)['\"]? requires an argument\.?"), "ohne_wert"),
    (re.compile(r"Invalid value for ['\"](.+?)['\"]: (.+)", re.S), "wert"),
)
_SAETZE = {
    "option": "Die Option {0} gibt es nicht.",
    "befehl": "Den Befehl „{0}“ gibt es nicht.",
    "angabe": "Es fehlt die Angabe {0}.",
    "option_fehlt": "Es fehlt die Option {0}.",
    "befehl_fehlt": "Es fehlt der Befehl.",
    "zu_viel": "Das ist zu viel: {0}",
    "ohne_wert": "Hinter {0} fehlt der Wert.",
    "wert": "Der Wert für {0} passt nicht: {1}",
}
_WERT = (
    (re.compile(r"Value error, "), ""),
    (re.compile(r"Input should be a valid (?:number|integer).*"), "Erwartet wird eine Zahl."),
    (re.compile(r"['\"](.+?)['\"] is not one of (.+?)\.?$"), r"„\1“ ist keiner von \2."),
    (re.compile(r"['\"](.+?)['\"] is not a valid (?:float|integer)( range)?\.?"), r"„\1“ ist keine Zahl."),
    (re.compile(r"(?:File|Directory|Path) ['\"](.+?)['\"] does not exist\.?"), r"„\1“ gibt es nicht."),
    (re.compile(r"Directory ['\"](.+?)['\"] is a file\.?"), r"„\1“ ist eine Datei, kein Ordner."),
)


def hilfe(text: str) -> str:
    """Übersetzt einen Hilfetext."""
    for muster, ersatz in _HILFE:
        text = muster.sub(ersatz, text)
    return text


def fehler(text: str) -> str:
    """Übersetzt den Fehlertext einer falschen Bedienung; Unbekanntes bleibt, wie es ist."""
    for muster, satz in _FEHLER:
        fund = muster.match(text)
        if fund:
            teile = [_wert(teil or "") for teil in fund.groups()]
            return _SAETZE[satz].format(*teile)
    return text


def _wert(text: str) -> str:
    for muster, ersatz in _WERT:
        text = muster.sub(ersatz, text)
    return text
