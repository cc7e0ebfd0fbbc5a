"""Ereignisse, die Reihen verändert haben: Gesetze, Erhebungen, Einschnitte (``daten/ereignisse.yaml``).

Ein Ereignis nennt Tag, kurze Beschriftung, einen Satz, woher man es weiß, und die Kennzahlen, deren Verlauf
es betrifft. Es erklärt nichts von allein: ob ein Wert deswegen stieg, sagt die Planung.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from pydantic import Field

from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, vorschlag
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import YamlModell, lies_falls_da

DATEI = "ereignisse.yaml"
LAENGE = 26
"""So viele Zeichen passen als Beschriftung in eine Abbildung."""


class EreignisKennzahlUnbekannt(Befundart):
    text = "Das Ereignis „{kurz}“ nennt die Kennzahl „{name}“, die es nicht gibt."
    ursache = "{vorschlag}"
    abhilfe = "Berichtigen Sie den Namen oder streichen Sie ihn aus „kennzahlen“."


class EreignisZuLang(Befundart):
    text = "Die Beschriftung „{kurz}“ hat {anzahl} Zeichen."
    ursache = "Sie steht in der Abbildung neben einem Punkt; mehr als {hoechstens} haben dort keinen Platz."
    abhilfe = "Kürzen Sie „kurz“; die Einzelheiten gehören in „text“."


class EreignisDoppelt(Befundart):
    text = "Das Ereignis „{kurz}“ steht zweimal mit demselben Tag."
    ursache = "Beide Beschriftungen stünden auf demselben Punkt."
    abhilfe = "Führen Sie die „kennzahlen“ in einem Eintrag zusammen."


class Ereignis(YamlModell):
    """Was an einem Tag geschah oder in Kraft trat."""

    datum: date
    kurz: str = Field(min_length=2, description="Beschriftung in der Abbildung, etwa „Bürgergeld“")
    text: str = Field(min_length=10, description="ein Satz: was geschah")
    quelle: str = Field(min_length=5, description="Gesetz mit Fundstelle oder amtliche Quelle")
    kennzahlen: tuple[str, ...] = Field(min_length=1, description="ids der Kennzahlen, die es betrifft")

    @property
    def satz(self) -> str:
        """Jahr, was geschah und woher man es weiß, als Hinweis unter einer Abbildung."""
        return f"{self.datum.year}: {self.text.rstrip('.')} ({self.quelle.rstrip('.')})."


class _Datei(YamlModell):
    ereignisse: tuple[Ereignis, ...]


def lade_ereignisse(projekt: Projekt, bekannt: Collection[str]) -> tuple[Ereignis, ...]:
    """Alle Ereignisse nach Datum; keine, wenn es die Datei nicht gibt. ``bekannt`` sind die Kennzahlen.

    Raises:
        BerichtswerkFehler: mit allem, was an der Datei nicht stimmt.
    """
    dokument = lies_falls_da(projekt.daten / DATEI, projekt)
    if dokument is None:
        return ()
    ereignisse = dokument.als(_Datei).ereignisse
    befunde: list[Meldung] = []
    gesehen: set[tuple[date, str]] = set()
    for i, e in enumerate(ereignisse):
        if len(e.kurz) > LAENGE:
            angaben = {"kurz": e.kurz, "anzahl": len(e.kurz), "hoechstens": LAENGE}
            befunde.append(dokument.melde(EreignisZuLang, "ereignisse", i, "kurz", **angaben))
        if (e.datum, e.kurz) in gesehen:
            befunde.append(dokument.melde(EreignisDoppelt, "ereignisse", i, "kurz", kurz=e.kurz))
        gesehen.add((e.datum, e.kurz))
        befunde += [
            dokument.melde(
                EreignisKennzahlUnbekannt, "ereignisse", i, "kennzahlen", n,
                kurz=e.kurz, name=name, vorschlag=vorschlag(name, bekannt),
            )
            for n, name in enumerate(e.kennzahlen)
            if name not in bekannt
        ]  # fmt: skip
    if befunde:
        raise BerichtswerkFehler(befunde)
    return tuple(sorted(ereignisse, key=lambda e: (e.datum, e.kurz)))


def ereignisse_zu(alle: Iterable[Ereignis], kennzahlen: Collection[str]) -> tuple[Ereignis, ...]:
    """Die Ereignisse, die eine dieser Kennzahlen betreffen."""
    return tuple(e for e in alle if not set(kennzahlen).isdisjoint(e.kennzahlen))
