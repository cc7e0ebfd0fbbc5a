"""Die Teilmenge: lesen, prüfen und alles auf einmal melden, was der Satz nicht versteht."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.meldung import Meldungen
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz import pandoc
from berichtswerk.satz.befunde import meldung
from berichtswerk.satz.lesen import Dokument, als_meldungen, lies, lies_notizbuch


@dataclass(frozen=True, slots=True)
class Gesetztes:
    """Gelesen, geprüft und umgewandelt."""

    dokument: Dokument
    ergebnis: pandoc.Ergebnis


def wandle(
    eingabe: Path | dict[str, Any], projekt: Projekt, formate: tuple[pandoc.Format, ...]
) -> tuple[Meldungen, Gesetztes]:
    """Liest die Eingabe und wandelt sie; Meldungen sind nicht geworfen, sondern gesammelt."""
    if isinstance(eingabe, dict):
        dok = lies_notizbuch(eingabe, Dokument("Notizbuch", projekt.wurzel, ist_notizbuch=True))
    else:
        dok = lies(eingabe, projekt.relativ(eingabe))
    nur_pruefen = not formate or bool(dok.meldungen.fehler)
    ergebnis = pandoc.wandle(
        dok.markdown, projekt.layout, formate, nur_pruefen=nur_pruefen, ablage=Ablage.von(projekt)
    )
    marken = tuple(_marken(ergebnis.gliederung)) + ergebnis.bekannt
    fehlend = () if isinstance(eingabe, dict) else _fehlende_bilder(ergebnis, dok.ordner)
    befunde = (*ergebnis.befunde, *fehlend)
    weitere = [meldung(b.kennung, b.was, dok.datei, dok.ort(b.zelle), marken) for b in befunde]
    return als_meldungen(dok.meldungen, weitere), Gesetztes(dok, ergebnis)


def _fehlende_bilder(ergebnis: pandoc.Ergebnis, ordner: Path) -> tuple[pandoc.Befund, ...]:
    return tuple(b for b in ergebnis.bilder if not (ordner / unquote(b.was)).is_file())


def _marken(gliederung: list[dict[str, Any]]) -> list[str]:
    marken = []
    for punkt in gliederung:
        marken.append(str(punkt["marke"]))
        marken.extend(_marken(punkt["kinder"]))
    return marken


def pruefe_teilmenge(eingabe: Path | dict[str, Any], projekt: Projekt) -> Meldungen:
    """Alle Befunde zu einem Notizbuch (Pfad oder geladen) oder einer ``.qmd``; wirft nicht."""
    meldungen, _ = wandle(eingabe, projekt, ())
    return meldungen
