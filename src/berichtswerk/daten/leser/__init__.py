"""Leser: aus einer Lieferung, wie sie kommt, werden lange Werte; gesteuert allein von der Quelle."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from berichtswerk.daten.leser.gemerkt import Merkzettel
from berichtswerk.daten.leser.grund import Leseauftrag, Leser, Sammler
from berichtswerk.daten.leser.satzbau import Satz
from berichtswerk.daten.leser.umformen import Umformer
from berichtswerk.daten.quelle import Quelle
from berichtswerk.daten.tabelle import KOPFSPALTEN, WERTSPALTEN, Tabelle
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt

if TYPE_CHECKING:
    import pandas as pd

    from berichtswerk.daten.gebiete import Gebietsverzeichnis

LESER = {
    "csv": "csvdatei",
    "genesis_tabelle": "genesis_tabelle",
    "genesis_flach": "genesis_flach",
    "inkar": "inkar",
    "xlsx": "xlsx",
    "gv100": "gv100",
    "geojson": "geojson",
    "sql": "sql",
}
"""Name in ``lesen.leser`` → Modul dieses Pakets. Neu: Modul, Eintrag hier, Modell in lesearten."""


def lies(quelle: Quelle, projekt: Projekt, gebiete: Gebietsverzeichnis | None) -> Tabelle:
    """Liest alle Dateien einer Quelle.

    Raises:
        BerichtswerkFehler: mit allen Befunden; gelesen wird dann nichts.
    """
    zettel = Merkzettel(auftraege(quelle, projekt), gebiete) if _alle_da(quelle, projekt) else None
    if zettel is not None and (spalten := zettel.hole()) is not None:
        leser(quelle.lesen.leser)  # auch Aufgehobenes ist das Werk seines Lesers: die Spur nennt ihn
        return Tabelle(quelle, spalten)
    tabelle = _lies_alle(quelle, projekt, gebiete)
    if zettel is not None:
        zettel.merke(tabelle.spalten)
    return tabelle


def _alle_da(quelle: Quelle, projekt: Projekt) -> bool:
    try:
        for auftrag in auftraege(quelle, projekt):
            pruefe_datei(auftrag, projekt)
    except (BerichtswerkFehler, OSError):  # meldet sich gleich beim Lesen
        return False
    return True


def _lies_alle(quelle: Quelle, projekt: Projekt, gebiete: Gebietsverzeichnis | None) -> Tabelle:
    merkmale = _merkmale(quelle)
    saetze: list[Satz] = []
    befunde: list[Meldung] = []
    for auftrag in auftraege(quelle, projekt):
        try:
            pruefe_datei(auftrag, projekt)
            _lies_datei(auftrag, merkmale, gebiete, saetze)
            auftrag.sammler.pruefe()
        except BerichtswerkFehler as fehler:
            befunde.extend(fehler.meldungen)
        except OSError as fehler:
            befunde.append(_gesperrt(auftrag, fehler))
    if befunde:
        raise BerichtswerkFehler(befunde)
    return _tabelle(quelle, projekt, merkmale, saetze)


def auftraege(quelle: Quelle, projekt: Projekt) -> list[Leseauftrag]:
    """Ein Auftrag je Datei der Quelle."""
    return [
        Leseauftrag(quelle, pfad, projekt.relativ(pfad), Sammler(projekt.relativ(pfad)))
        for pfad in quelle.pfade(projekt)
    ]


def leser(name: str) -> Leser:
    """Der Leser zu ``lesen.leser``; sein Modul wird erst jetzt geladen."""
    return cast(Leser, import_module(f"{__name__}.{LESER[name]}").lies)


def pruefe_datei(auftrag: Leseauftrag, projekt: Projekt) -> None:
    """Hält an, wenn die Datei fehlt, außerhalb des Projekts liegt oder zu groß ist.

    Raises:
        BerichtswerkFehler: datei-fehlt, datei-ausserhalb, datei-zu-gross.
    """
    pfad, sammler = auftrag.pfad, auftrag.sammler
    if not pfad.is_file():
        raise sammler.halt(
            "datei-fehlt", "Die Datendatei gibt es nicht.", feld="path",
            ursache=f"Die Quelle „{auftrag.quelle.name}“ nennt sie.",
            abhilfe="Legen Sie die Lieferung dort ab oder berichtigen Sie „path“; Groß- und Kleinschreibung "
            "zählt.",
        )  # fmt: skip
    if not pfad.resolve().is_relative_to(projekt.wurzel.resolve()):
        raise sammler.halt(
            "datei-ausserhalb", "Die Datendatei liegt außerhalb des Projekts.", feld="path",
            ursache="Der Pfad führt über eine Verknüpfung aus dem Projektordner hinaus.",
            abhilfe="Legen Sie die Datei selbst in daten/dateien/ ab.",
        )  # fmt: skip
    grenze = auftrag.quelle.lesen.grenze_mb
    groesse = pfad.stat().st_size
    if groesse > grenze * 1_000_000:
        raise sammler.halt(
            "datei-zu-gross",
            f"Die Datei hat {-(-groesse // 1_000_000)} MB; gelesen werden höchstens {grenze} MB.",
            feld="lesen.grenze_mb",
            ursache="So große Lieferungen enthalten meist ganz Deutschland oder sind die falsche Datei.",
            abhilfe="Fordern Sie einen Auszug an, oder erhöhen Sie „grenze_mb“ und wählen Sie mit „gebiet: "
            "{nur: …}“ oder „wo“ aus.",
        )  # fmt: skip


def _gesperrt(auftrag: Leseauftrag, fehler: OSError) -> Meldung:
    return Meldung(
        "datei-gesperrt", "Die Datei lässt sich nicht öffnen.", auftrag.datei,
        ursache=f"Das Betriebssystem meldet: {fehler.strerror or type(fehler).__name__}.",
        abhilfe="Schließen Sie die Datei in anderen Programmen (Excel sperrt geöffnete Dateien) und prüfen "
        "Sie Ihre Rechte am Ordner.",
    )  # fmt: skip


def _merkmale(quelle: Quelle) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(name for block in quelle.lesen.alle_bloecke() for name in block.alle_merkmale())
    )


def _lies_datei(
    auftrag: Leseauftrag, merkmale: tuple[str, ...], gebiete: Gebietsverzeichnis | None, saetze: list[Satz]
) -> None:
    lesen = auftrag.quelle.lesen
    for blatt in leser(lesen.leser)(auftrag):
        for block in lesen.alle_bloecke():
            for satz in Umformer(auftrag, block, blatt, merkmale, gebiete).saetze():
                saetze.append(satz)
                if len(saetze) > lesen.grenze_werte:
                    raise auftrag.sammler.halt(
                        "zu-viele-werte", f"Die Datei enthält mehr als {lesen.grenze_werte} Werte.",
                        feld="lesen.grenze_werte",
                        abhilfe="Wählen Sie mit „gebiet: {nur: …}“, „wo“ oder weniger „groessen“ aus.",
                    )  # fmt: skip


def _tabelle(quelle: Quelle, projekt: Projekt, merkmale: tuple[str, ...], saetze: list[Satz]) -> Tabelle:
    sammler = Sammler(projekt.relativ(quelle.pfad(projekt)))
    namen = [*KOPFSPALTEN, *merkmale, *WERTSPALTEN]
    inhalte = map(list, zip(*saetze, strict=True)) if saetze else ([] for _ in namen)
    tabelle = Tabelle(quelle, dict(zip(namen, inhalte, strict=True)))
    schluessel = [*KOPFSPALTEN[:2], *merkmale, "groesse", "basis", "gebietsstand"]
    angaben = zip(*(tabelle.spalten[name] for name in schluessel), strict=True)
    if len(set(angaben)) < len(saetze):
        _melde_doppelte(tabelle.werte, schluessel, sammler)
    if not saetze and (quelle.lesen.groessen or quelle.lesen.wert):
        sammler.dazu(
            "tabelle-leer", "Nach der Beschreibung bleibt kein einziger Wert übrig.", feld="lesen",
            ursache="Kein Gebiet ist bekannt, oder die Filter („wo“, „nur“, „auslassen“, „ende“) streichen "
            "alles.",
            abhilfe="Prüfen Sie diese Angaben an der Datei.",
        )  # fmt: skip
    sammler.pruefe()
    return tabelle


def _melde_doppelte(werte: pd.DataFrame, schluessel: list[str], sammler: Sammler) -> None:
    """Dieselbe Angabe zweimal: mit beiden Zeilen."""
    doppelt = werte[werte.duplicated(schluessel, keep=False)]
    for angabe, gruppe in doppelt.groupby(schluessel, sort=False, dropna=False):
        zeilen = gruppe["zeile"].tolist()
        gemeint = ", ".join(str(teil) for teil in angabe if teil)
        dateien, spalten = gruppe["datei"].tolist(), gruppe["spalte"].tolist()
        selbe_zeile = zeilen[0] == zeilen[1] and dateien[0] == dateien[1]
        wo = f"in {dateien[0]}, Zeile {zeilen[0]}" if dateien[0] != dateien[1] else f"in Zeile {zeilen[0]}"
        sammler.dazu(
            "schluessel-doppelt", f"Diese Angabe steht mehrfach da: {gemeint}.", f"Zeile {zeilen[1]}",
            str(spalten[1]),
            ursache=f"Dieselbe Zeile hat sie auch in der Spalte „{spalten[0]}“."
            if selbe_zeile
            else f"Sie steht schon {wo}.",
            abhilfe="Nennen Sie die Wertspalte in der Quelle genauer, oder unterscheiden Sie die Spalten "
            "durch ein Merkmal (lesen.merkmale)."
            if selbe_zeile
            else "Streichen Sie eine der Zeilen; unterscheiden sie sich in einer Spalte, nennen Sie diese "
            "unter lesen.merkmale.",
            datei=str(dateien[1]),
        )  # fmt: skip
