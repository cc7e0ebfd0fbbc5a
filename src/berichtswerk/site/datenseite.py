"""Die Datenübersicht: jede Quelle mit Herausgeber, Stand, Lizenz und Herkunft."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from berichtswerk.gegenstand.gegenstaende import (
    Beleg,
    Fliesstext,
    Gegenstand,
    Tabelle,
    Tabellenmodell,
    Tabellenzeile,
    Tabellenzelle,
    als_objekt,
    aus_json,
)
from berichtswerk.grund.ablage import Ablage, dateisumme, fassung, programmstand, schluessel_aus
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import datum, schreibe
from berichtswerk.tabelle.tabelle import maskiere

if TYPE_CHECKING:
    from berichtswerk.daten.quelle import Lizenz, Quelle

HERKUNFT = {
    "amtlich": "Amtliche Statistik",
    "fachamt": "Fachämter des Landkreises",
    "presse": "Presse und andere Veröffentlichungen",
    "beispiel": "Beispieldaten, keine echten Zahlen",
}
PERIODE = {
    "jaehrlich": "jährlich",
    "zweijaehrlich": "alle zwei Jahre",
    "halbjaehrlich": "halbjährlich",
    "vierteljaehrlich": "vierteljährlich",
    "monatlich": "monatlich",
    "einmalig": "einmalig",
}
_KOPF = ("Quelle", "Herausgeber und Tabelle", "Stand", "Nächste Lieferung", "Lizenz")
TITEL = "Daten und Quellen"
_EINLEITUNG = (
    "Alle Zahlen der Berichte stammen aus {anzahl} Quellen. Jede ist beschrieben, wird beim Einlesen geprüft "
    "und trägt ihre Lizenz. Die Werte hinter jeder Abbildung stehen im Bericht unter der Abbildung als "
    "Tabelle und als CSV-Datei; woher jede einzelne Zahl kommt, sagt der Zahlennachweis des Berichts."
)


def datenseite(projekt: Projekt) -> tuple[Gegenstand, ...]:
    """Der Inhalt der Datenübersicht; liest nur Beschreibungen, keine Daten.

    Sind die Beschreibungen dieselben wie zuletzt, kommt er aus der Ablage.
    """
    ablage, schluessel = Ablage.von(projekt), _schluessel(projekt)
    fertig = ablage.hole("datenseite", schluessel)
    if fertig is not None:
        return tuple(aus_json(g) for g in json.loads(fertig))
    inhalt = _inhalt(projekt)
    roh = json.dumps([als_objekt(g) for g in inhalt], ensure_ascii=False)
    ablage.lege("datenseite", schluessel, roh.encode())
    return inhalt


def _schluessel(projekt: Projekt) -> str:
    """Alle Beschreibungen und was sie liest: die Stockwerke bis hierher."""
    beschreibungen = sorted(projekt.quellen.glob("*.yaml"))
    return schluessel_aus(
        *(f"{p.name} {dateisumme(p)}" for p in beschreibungen),
        programmstand("grund", "daten", "gegenstand", "site/datenseite.py"),
        *(fassung(name) for name in ("pydantic", "pyyaml")),
    )


def _inhalt(projekt: Projekt) -> tuple[Gegenstand, ...]:
    from berichtswerk.daten.bestand import Datenbestand

    quellen = list(Datenbestand(projekt).quellen.values())
    zeilen = [z for art, titel in HERKUNFT.items() for z in _gruppe(titel, _mit(quellen, art))]
    einleitung = Fliesstext(markdown=_EINLEITUNG.format(anzahl=schreibe(len(quellen))))
    if not zeilen:
        return (einleitung,)
    modell = Tabellenmodell(kopf=(tuple(_fach(t) for t in _KOPF),), zeilen=tuple(zeilen))
    tabelle = Tabelle(
        label="tbl-quellen", unterschrift="Alle Datenquellen nach Herkunft", tabelle=modell, beleg=Beleg()
    )
    lizenzen = _lizenzen(quellen)
    return (einleitung, tabelle, *([Fliesstext(markdown=lizenzen)] if lizenzen else []))


def _mit(quellen: Iterable[Quelle], herkunft: str) -> list[Quelle]:
    return sorted((q for q in quellen if q.statistik.herkunft == herkunft), key=lambda q: (q.title, q.name))


def _gruppe(titel: str, quellen: list[Quelle]) -> list[Tabellenzeile]:
    if not quellen:
        return []
    kopf = Tabellenzeile(art="gruppe", zellen=(_fach(titel, len(_KOPF)),))
    return [kopf, *(_zeile(q) for q in quellen)]


def _zeile(q: Quelle) -> Tabellenzeile:
    s = q.statistik
    woher = s.herausgeber + (f", {s.tabelle}" if s.tabelle else "")
    periode = PERIODE.get(s.periodizitaet, s.periodizitaet)
    naechste = f"{datum(s.naechste_lieferung)} ({periode})" if s.naechste_lieferung else periode
    lizenzen = ", ".join(_kurz(lizenz) for lizenz in q.licenses) or "ohne Angabe"
    return Tabellenzeile(zellen=tuple(_fach(t) for t in (q.title, woher, datum(s.stand), naechste, lizenzen)))


def _kurz(lizenz: Lizenz) -> str:
    """Wie die Lizenz in der Tabelle heißt; ausgeschrieben steht sie darunter."""
    return str(lizenz.name or lizenz.title)


def _lizenzen(quellen: Iterable[Quelle]) -> str:
    """Die Lizenzen mit vollem Namen und Verweis."""
    alle = {_kurz(lizenz): lizenz for q in quellen for lizenz in q.licenses}
    zeilen = []
    for kurz in sorted(alle):
        name = maskiere(alle[kurz].title or kurz)
        ziel = alle[kurz].path
        zeilen.append(f"- {maskiere(kurz)}: " + (f"[{name}]({ziel})" if ziel else name))
    return "## Lizenzen\n\n" + "\n".join(zeilen) if zeilen else ""


def _fach(text: str, spalten: int = 1) -> Tabellenzelle:
    return Tabellenzelle(text=text, spalten=spalten)
