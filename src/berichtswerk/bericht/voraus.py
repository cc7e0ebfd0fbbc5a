"""Was alle Läufe einer Ausgabe gleich rechnen: einmal gerechnet, ehe ihre Prozesse abzweigen.

Zehn Orte fragen dasselbe Notizbuch nach denselben Tabellen und Rechnungen. Wer abzweigt (der Forkserver),
rechnet darum zuerst, was das Notizbuch beim Namen nennt; jeder Lauf findet es vor. Er liest trotzdem jede
Datei, die einging, selbst: nur wenn alle sind, wie sie waren, gilt das Gerechnete. Ohne Abzweigen (macOS,
Windows) und wo etwas nicht stimmt, rechnet jeder Lauf für sich.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

from berichtswerk.bericht.ausgabe import lade_ausgabe
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.fach.berechnung import Rechner
from berichtswerk.fach.katalog import Kennzahlenkatalog
from berichtswerk.grund.ablage import eintragssumme
from berichtswerk.grund.projekt import Projekt

JAHRE = 2
"""So viele Jahre zurück: das jüngste, das alle haben, ist selten ein früheres."""


@dataclass(frozen=True, slots=True)
class Voraus:
    """Daten, Katalog und Rechner einer Ausgabe mit allem, was sie schon gerechnet haben."""

    projekt: Projekt
    bericht: str
    ausgabe: str
    bestand: Datenbestand
    katalog: Kennzahlenkatalog
    rechner: Rechner
    gelesen: Mapping[str, str]
    """Gelesene Dateien und Ordner (``daten/quellen/``) ab der Wurzel → Prüfsumme, als gerechnet war."""

    def gilt(self, projekt: Projekt, bericht: str, ausgabe: str) -> bool:
        """Ob es von dieser Ausgabe ist und alles Gelesene noch so; liest jede Datei."""
        if (self.projekt, self.bericht, self.ausgabe) != (projekt, bericht, ausgabe):
            return False
        return all(_stand(projekt, name) == summe for name, summe in self.gelesen.items())


_BEREIT: list[Voraus] = []
"""Was dieser Prozess vorausgerechnet hat oder vorfand; höchstens eines."""
_VERBORGEN: list[Voraus] = []


def halte(voraus: Voraus | None) -> None:
    """Hält es für die bereit, die jetzt abzweigen; ``None`` vergisst."""
    _BEREIT[:] = [voraus] if voraus is not None else []


def verbirg() -> None:
    """In diesem Prozess gilt es nicht. Weggeworfen wird nichts: das kostete jeden Lauf Zeit und Speicher."""
    _VERBORGEN.extend(_BEREIT)
    _BEREIT.clear()


def hole(projekt: Projekt, bericht: str, ausgabe: str) -> Voraus | None:
    """Was für diese Ausgabe gerechnet ist, wenn es noch gilt."""
    return next((v for v in _BEREIT if v.gilt(projekt, bericht, ausgabe)), None)


def rechne(
    projekt: Projekt, bericht: str, ausgabe: str, namen: Iterable[str]
) -> tuple[Datenbestand, Kennzahlenkatalog, Rechner] | None:
    """Rechnet von ``namen``, was eine Kennzahl oder Rechnung ist, für den Kreis und seine Kommunen.

    ``None``, wenn an einer gelesenen Quelle Zweifel sind: die soll nur nennen, wer sie liest. Was sich nicht
    rechnen lässt, meldet der Lauf, der es braucht.

    Raises:
        BerichtswerkFehler: Ausgabe, Gebiete oder Katalog haben Fehler.
    """
    beschreibung = lade_ausgabe(projekt, bericht, ausgabe)
    bestand = Datenbestand(projekt, bei_zweifel="sammeln", am=beschreibung.datei.stand)
    katalog = Kennzahlenkatalog.lade(projekt)
    rechner = Rechner(bestand, katalog)
    kreis = bestand.gebiete.kreis.schluessel
    gebiete = [kreis, *(g.schluessel for g in bestand.gebiete.kinder(kreis, "einheit"))]
    for name in namen:
        with suppress(Exception):
            if name in katalog.rechnungen:
                rechner.rechnung(name, beschreibung.bis)
            if name in katalog:
                for _ in islice(rechner.rueckwaerts(katalog[name], gebiete, beschreibung.bis), JAHRE):
                    pass
    return None if bestand.zweifel else (bestand, katalog, rechner)


def _stand(projekt: Projekt, name: str) -> str:
    """Die Prüfsumme; auch der vergebliche Versuch, eine Datei zu lesen, steht in der Spur des Laufs."""
    stand = eintragssumme(projekt, name)
    if not stand and not name.endswith("/"):
        with suppress(OSError):
            (projekt.wurzel / name).open("rb").close()
    return stand


def summen(projekt: Projekt, namen: Collection[str]) -> dict[str, str]:
    """Die Prüfsummen gelesener Dateien und Ordner, wie sie jetzt sind."""
    return {name: eintragssumme(projekt, name) for name in sorted(namen)}
