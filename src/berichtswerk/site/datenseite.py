"""Die Datenübersicht: jede Quelle mit Herausgeber, Stand, Lizenz und Herkunft."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from berichtswerk.ausfuehrung.spur import PAKET
from berichtswerk.gegenstand.gegenstaende import Tabellenmodell, Tabellenzeile, Tabellenzelle
from berichtswerk.grund.ablage import Ablage, dateisumme, fassung, schluessel_aus
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import datum, schreibe
from berichtswerk.tabelle.tabelle import als_html, maskiere

if TYPE_CHECKING:
    from berichtswerk.daten.quelle import Quelle
    from berichtswerk.daten.ressource import Lizenz

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
_EINLEITUNG = """\
---
title: "Daten und Quellen"
format: html
number-sections: false
toc: false
---

Alle Zahlen der Berichte stammen aus {anzahl} Quellen. Jede ist beschrieben, wird beim Einlesen geprüft und
trägt ihre Lizenz. Die Werte hinter jeder Abbildung stehen im Bericht unter der Abbildung als Tabelle und als
CSV-Datei; woher jede einzelne Zahl kommt, sagt der Zahlennachweis des Berichts.

"""


def datenseite(projekt: Projekt) -> str:
    """Der Inhalt von ``seiten/daten.qmd``; liest nur Beschreibungen, keine Daten.

    Sind die Beschreibungen dieselben wie zuletzt, kommt er aus der Ablage.
    """
    ablage, schluessel = Ablage.von(projekt), _schluessel(projekt)
    fertig = ablage.hole("datenseite", schluessel)
    if fertig is None:
        fertig = _schreibe(projekt).encode()
        ablage.lege("datenseite", schluessel, fertig)
    return fertig.decode()


def _schluessel(projekt: Projekt) -> str:
    """Alle Beschreibungen und was sie liest: die Stockwerke bis hierher."""
    beschreibungen = sorted(projekt.quellen.glob("*.yaml"))
    programm = sorted(p for muster in ("grund/**/*.py", "daten/**/*.py") for p in PAKET.glob(muster))
    programm += [PAKET / "tabelle" / "tabelle.py", Path(__file__)]
    return schluessel_aus(
        *(f"{p.name} {dateisumme(p)}" for p in (*beschreibungen, *programm)),
        *(fassung(name) for name in ("pydantic", "pyyaml")),
    )


def _schreibe(projekt: Projekt) -> str:
    from berichtswerk.daten.bestand import Datenbestand

    quellen = list(Datenbestand(projekt).quellen.values())
    zeilen = [z for art, titel in HERKUNFT.items() for z in _gruppe(titel, _mit(quellen, art))]
    teile = [_EINLEITUNG.format(anzahl=schreibe(len(quellen)))]
    if zeilen:
        modell = Tabellenmodell(kopf=(tuple(_fach(t) for t in _KOPF),), zeilen=tuple(zeilen))
        teile.append(
            f"::: {{#tbl-quellen}}\n```{{=html}}\n{als_html(modell).strip()}\n```\n\n"
            "Alle Datenquellen nach Herkunft\n:::\n"
        )
        teile.append(_lizenzen(quellen))
    return "".join(teile)


def _mit(quellen: Iterable[Quelle], herkunft: str) -> list[Quelle]:
    return sorted((q for q in quellen if q.herkunft == herkunft), key=lambda q: (q.title, q.name))


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
    return "\n## Lizenzen {.unnumbered}\n\n" + "\n".join(zeilen) + "\n" if zeilen else ""


def _fach(text: str, spalten: int = 1) -> Tabellenzelle:
    return Tabellenzelle(text=text, spalten=spalten)
