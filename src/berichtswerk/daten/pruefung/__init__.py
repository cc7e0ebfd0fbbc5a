"""Prüfung des ganzen Datenbestands: alle Befunde auf einmal.

Eine Prüfung ist eine Funktion ``pruefe(prüfling) -> Iterable[Meldung]``; neue kommen unten in die Listen.
Unbekannte Gebiete, doppelte Schlüssel und Texte in Zahlenfeldern meldet schon der Leser.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from pydantic import TypeAdapter

from berichtswerk.daten import grenzen, lesebericht
from berichtswerk.daten.kreis import lade_karte
from berichtswerk.daten.leser import lies, spur
from berichtswerk.daten.pruefung import gebiete, lieferung, schema, spruenge, summen, unmoeglich
from berichtswerk.daten.pruefung.hinweise import ohne_angenommene
from berichtswerk.daten.pruefung.pruefling import Pruefling, begrenze
from berichtswerk.grund.ablage import aktiv, programmstand, summe
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Meldungen, Stufe

if TYPE_CHECKING:
    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.daten.tabelle import Tabelle

__all__ = ["fehler_von", "gemerkt", "pruefe_daten", "pruefe_quelle"]


class DateiUnbeschrieben(Befundart):
    text = "Diese Datei liest keine Quelle."
    abhilfe = "Beschreiben Sie sie in daten/quellen/, oder nehmen Sie sie aus dem Ordner."
    stufe = Stufe.HINWEIS


ART = "pruefung"
"""Unter diesem Namen hebt die Ablage auf, was eine Prüfung ergab."""
Pruefung = Callable[[Pruefling], Iterable[Meldung]]

OHNE_TABELLE: tuple[Pruefung, ...] = (
    lieferung.pruefe_offene, lieferung.pruefe_summe, lieferung.pruefe_frist,
)  # fmt: skip
"""Prüfungen, die nur Beschreibung und Datei brauchen."""

MIT_TABELLE: tuple[Pruefung, ...] = (
    schema.pruefe, gebiete.pruefe_fremde, lieferung.pruefe_stichtage, lieferung.pruefe_brueche,
    gebiete.pruefe_vollstaendigkeit, summen.pruefe, unmoeglich.pruefe, spruenge.pruefe,
)  # fmt: skip
"""Prüfungen der gelesenen Werte; sie entfallen, wenn sich die Quelle nicht lesen lässt."""


def pruefe_daten(bestand: Datenbestand, heute: date, namen: Collection[str] = ()) -> Meldungen:
    """Prüft jede Quelle und nennt alle Befunde; eine unlesbare Quelle hält die anderen nicht auf.

    Args:
        bestand: die Quellen des Projekts.
        heute: der Tag, an dem geprüft wird (überfällige Lieferungen, Daten aus der Zukunft).
        namen: nur diese Quellen; ohne Angabe alle.
    """
    meldungen = Meldungen()
    try:
        verzeichnis = bestand.gebiete
    except BerichtswerkFehler as fehler:
        meldungen.alle(fehler.meldungen)
        return meldungen
    quellen = bestand.quellen
    if not namen:
        meldungen.alle(quellen.befunde)
    geprueft: set[str] = set()
    frueher: dict[str, str] = {}
    for name in sorted(namen or quellen):
        try:
            pruefling = Pruefling(bestand.quelle(name), bestand.projekt, verzeichnis, heute)
        except BerichtswerkFehler as fehler:
            meldungen.neue(fehler.meldungen)
            continue
        geprueft |= pruefling.dateien
        frueher |= pruefling.frueher
        meldungen.alle(pruefe_quelle(pruefling))
    if not namen:
        meldungen.alle(_pruefe_grenzen(bestand, geprueft))
        meldungen.alle(_unbeschriebene(bestand, geprueft | bestand.abgeloest))
    return ohne_angenommene(
        meldungen, bestand.projekt, {*geprueft, *frueher.values()} if namen else None, frueher
    )


def fehler_von(bestand: Datenbestand, name: str, tabelle: Tabelle) -> list[Meldung]:
    """Die nicht angenommenen Fehler einer gelesenen Quelle: mit ihnen soll niemand weiterrechnen."""
    pruefling = Pruefling(bestand.quelle(name), bestand.projekt, bestand.gebiete, date.today(), tabelle)
    fehler = Meldungen([m for m in pruefe_quelle(pruefling) if m.stufe is Stufe.FEHLER])
    if not fehler:
        return []
    return ohne_angenommene(fehler, bestand.projekt, pruefling.dateien, pruefling.frueher).fehler


def _pruefe_grenzen(bestand: Datenbestand, geprueft: set[str]) -> list[Meldung]:
    """Befunde der Datei mit Grenzen, wenn ``daten/kreis.yaml`` eine nennt; sie gilt damit als beschrieben."""
    if not (bestand.projekt.daten / "kreis.yaml").is_file():
        return []  # daß sie fehlt, sagt, wer den Kreis liest
    try:
        if (angaben := lade_karte(bestand.projekt).grenzen) is not None:
            geprueft.add(bestand.projekt.relativ(grenzen.finde(bestand.projekt, angaben)))
            grenzen.lies(bestand.projekt, angaben, bestand.gebiete)
    except BerichtswerkFehler as fehler:
        return fehler.meldungen
    return []


def _unbeschriebene(bestand: Datenbestand, beschrieben: set[str]) -> Iterator[Meldung]:
    """Dateien in daten/dateien, die keine Quelle liest; nichts, solange eine Beschreibung fehlerhaft ist."""
    ordner = bestand.projekt.daten / "dateien"
    for pfad in sorted(ordner.rglob("*")) if not bestand.quellen.befunde else ():
        datei = bestand.projekt.relativ(pfad)
        if pfad.is_file() and datei not in beschrieben and not pfad.name.startswith((".", "~$")):
            yield DateiUnbeschrieben.melde(datei=datei)


def pruefe_quelle(pruefling: Pruefling) -> Iterator[Meldung]:
    """Alle Befunde einer Quelle, auch angenommene."""
    for pruefung in OHNE_TABELLE:
        yield from pruefung(pruefling)
    p = pruefling
    stand = spur(p.quelle, p.projekt, p.gebiete) if p.gelesen is None else p.gelesen.spur
    yield from gemerkt(stand, lambda: _pruefe_werte(p))


def gemerkt(spur: str, pruefe: Callable[[], Iterable[Meldung]]) -> list[Meldung]:
    """Die Befunde der Prüfung; sie hängt nur an ``spur``, und was mit der schon geprüft ist, gilt weiter.

    ``spur`` leer: geprüft wird immer.
    """
    stelle, schluessel = aktiv(), summe(spur, programmstand("grund/meldung.py"))
    if stelle and spur and (inhalt := stelle.hole(ART, schluessel)) is not None:
        return _adapter().validate_json(inhalt)
    befunde = list(pruefe())
    if stelle and spur:
        stelle.lege(ART, schluessel, _adapter().dump_json(befunde))
    return befunde


@cache
def _adapter() -> TypeAdapter[list[Meldung]]:
    return TypeAdapter(list[Meldung])


def _pruefe_werte(pruefling: Pruefling) -> Iterator[Meldung]:
    """Was nur von Beschreibung, Dateien und Gebieten abhängt, nicht vom Tag der Prüfung."""
    tabelle = pruefling.gelesen
    if tabelle is None:
        try:
            tabelle = lies(pruefling.quelle, pruefling.projekt, pruefling.gebiete)
        except BerichtswerkFehler as fehler:
            yield from fehler.meldungen
            return
    yield from lesebericht.befunde(tabelle.bericht, getattr(pruefling.quelle.lesen, "verstecktes", "melden"))
    gelesen = replace(pruefling, gelesen=tabelle)
    for pruefung in MIT_TABELLE:
        yield from begrenze(pruefung(gelesen))
