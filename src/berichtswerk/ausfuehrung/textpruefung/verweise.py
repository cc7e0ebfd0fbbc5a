"""Verweise auf Abbildungen, Tabellen, Abschnitte und Dateien, die es nicht gibt."""

from __future__ import annotations

import re
import urllib.parse
from collections.abc import Iterator

from berichtswerk.ausfuehrung.textpruefung.lage import Lage
from berichtswerk.grund.meldung import Meldung, vorschlag

_QUERVERWEIS = re.compile(r"(?<![\w@])@(?P<marke>(?:fig|tbl|sec)-[\w-]*\w)")
_LINK = re.compile(r"\]\((?P<ziel>[^)\s]+)(?:\s+\"[^\"]*\")?\)")
_ART = {"fig": "Abbildung", "tbl": "Tabelle", "sec": "Abschnitt"}


def tote_verweise(lage: Lage) -> Iterator[Meldung]:
    """Verweise ins Leere, mit den ähnlichsten Namen."""
    for nummer, zeile in enumerate(lage.text.splitlines(), 1):
        for m in _QUERVERWEIS.finditer(zeile):
            if m["marke"] not in lage.marken:
                yield _marke(lage, nummer, m["marke"])
        for m in _LINK.finditer(zeile):
            grund = _tot(lage, m["ziel"])
            if grund:
                yield _datei(lage, nummer, m["ziel"], grund)


def _tot(lage: Lage, ziel: str) -> str:
    """Warum ein Verweis ins Leere führt; leer, wenn er gilt. Fremde Seiten werden nicht aufgerufen."""
    teile = urllib.parse.urlsplit(ziel)
    if teile.scheme in {"http", "https"}:
        return "" if teile.netloc and "." in teile.netloc else "Die Adresse nennt keinen Server."
    if teile.scheme == "mailto":
        return "" if "@" in teile.path else "Die Adresse hat kein @."
    if teile.scheme:
        return f"„{teile.scheme}:“ ist auf der Website nicht erreichbar."
    if not teile.path:
        gibt_es = teile.fragment in lage.marken
        return "" if gibt_es else "Diese Sprungmarke setzt der Bericht nicht."
    pfad = lage.ordner / urllib.parse.unquote(teile.path)
    return "" if pfad.exists() else "Die Datei gibt es im Ordner der Ausgabe nicht."


def _marke(lage: Lage, zeile: int, marke: str) -> Meldung:
    art = marke.partition("-")[0]
    gleiche = sorted(m for m in lage.marken if m.startswith(f"{art}-"))
    return Meldung(
        "verweis-leer",
        f"Der Verweis @{marke} führt ins Leere.",
        datei=lage.datei,
        ort=f"Zeile {zeile}",
        feld=f"@{marke}",
        ursache=f"Der Bericht hat keine {_ART[art]} mit diesem Namen."
        if art != "sec"
        else "Der Bericht hat keinen Abschnitt mit diesem Namen.",
        abhilfe=vorschlag(marke, gleiche, sonst="Möglich sind: ") or "Nehmen Sie den Verweis heraus.",
    )


def _datei(lage: Lage, zeile: int, ziel: str, grund: str) -> Meldung:
    return Meldung(
        "link-tot",
        f"Der Link auf „{ziel}“ führt ins Leere.",
        datei=lage.datei,
        ort=f"Zeile {zeile}",
        feld=ziel,
        ursache=grund,
        abhilfe="Berichtigen Sie das Ziel oder nehmen Sie den Link heraus.",
    )
