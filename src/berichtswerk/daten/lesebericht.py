"""Was beim Lesen einer Quelle geschah: jedes Blatt, jede weggelassene Zeile, alle Zeichen, Werte je Jahr.

Nichts verschwindet still: was keinen Wert gab, steht hier gezählt, mit Grund und den ersten Stellen. Aus dem
Bericht werden die Hinweise von ``berichtswerk pruefen daten`` (:func:`befunde`) und die Ansicht der Werte.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from pydantic import TypeAdapter

from berichtswerk.grund.meldung import Befundart, Meldung, Stufe, aufgezaehlt
from berichtswerk.grund.zeichen import Status

if TYPE_CHECKING:
    from berichtswerk.daten.tabelle import Tabelle

EIGEN = "Gebiet des eigenen Kreises, das nicht in gebiete.yaml steht"
"""Warum eine Zeile wegbleibt, deren Gebiet es geben müßte."""
BEISPIELE = 5
"""So viele weggelassene Zeilen je Grund stehen im Bericht einzeln da."""


class ZeilenWeggelassen(Befundart):
    text = "{anzahl} {zeilen} nicht gelesen: {grund}."
    ursache = "{beispiele}"
    abhilfe = "Nichts zu tun, wenn das gewollt ist; sonst ändern Sie die Angaben unter lesen."
    stufe = Stufe.HINWEIS


class EigenesWeggelassen(ZeilenWeggelassen):
    kennung = "eigenes-weggelassen"
    abhilfe = (
        "Gehört das Gebiet heute zu einem anderen, sagen Sie es unter gebiet.werte; gibt es das Gebiet, "
        "ergänzen Sie daten/gebiete.yaml; sonst lassen Sie den Schlüssel mit „werte: null“ weg."
    )
    stufe = Stufe.WARNUNG


class BlattNichtGelesen(Befundart):
    text = "{anzahl} {blaetter} nicht gelesen: {namen}."
    abhilfe = "Sollen sie gelesen werden, nennen Sie sie unter lesen.blatt."
    feld = "lesen.blatt"
    stufe = Stufe.HINWEIS


class EintragOhneTreffer(Befundart):
    text = "Das kommt in der Lieferung nicht vor: {namen}."
    ursache = "Die Beschreibung nennt es, gefunden wurde es in keiner Zeile."
    abhilfe = "Prüfen Sie die Schreibweise; ist der Eintrag überflüssig, streichen Sie ihn."
    stufe = Stufe.HINWEIS


class BlattVersteckt(Befundart):
    text = "Das Blatt „{blatt}“ ist in der Datei versteckt, wird aber gelesen."
    abhilfe = "Fragen Sie nach, ob seine Werte gelten, oder lassen Sie es mit lesen.ohne_blatt weg."
    feld = "lesen.blatt"
    stufe = Stufe.WARNUNG


class InhaltVersteckt(Befundart):
    text = "In der Datei versteckt, {geschieht}: {was}."
    abhilfe = (
        "Fragen Sie nach, ob ihre Werte gelten; dann setzen Sie unter lesen „verstecktes: lesen“, sonst "
        "„verstecktes: weglassen“."
    )
    feld = "lesen.verstecktes"
    stufe = Stufe.WARNUNG


class HochgestelltGelesen(Befundart):
    text = "{anzahl} {zellen} Hochgestelltes hinter dem Wert; es gilt als Fußnote und wird nicht mitgelesen."
    ursache = "{beispiele}"
    abhilfe = "Prüfen Sie, was die Fußnoten sagen, und nennen Sie es unter statistik.hinweise."
    stufe = Stufe.HINWEIS


class ZahlSkaliert(Befundart):
    text = (
        "{anzahl} {zellen} die Zahl durch ihr Zahlenformat in Tausend oder Millionen; gelesen wird die ganze."
    )
    ursache = "{beispiele}"
    abhilfe = "Rechnen Sie in der Quelle nicht noch einmal um: „faktor“ gilt für die gespeicherte Zahl."
    stufe = Stufe.WARNUNG


@dataclass
class Weggelassen:
    """Wie oft etwas aus einem Grund wegblieb, und die ersten Stellen."""

    anzahl: int = 0
    beispiele: list[str] = field(default_factory=list)
    """„Zeile 7: 12065 | Oberhavel | 5“"""

    def dazu(self, beispiel: str) -> None:
        """Zählt eine Stelle mehr."""
        self.anzahl += 1
        if len(self.beispiele) < BEISPIELE:
            self.beispiele.append(beispiel)


@dataclass
class Blattbericht:
    """Was aus einem Blatt (bei Text: aus der Datei) wurde."""

    datei: str
    """ab Projektwurzel"""
    blatt: str = ""
    gelesen: bool = True
    """ob die Quelle dieses Blatt überhaupt will"""
    versteckt: bool = False
    zeilen: int = 0
    """Zeilen mit Inhalt unter dem Kopf"""
    werte: int = 0
    kopf: list[str] = field(default_factory=list)
    """Namen der Spalten, wie die Beschreibung sie nennt"""
    weggelassen: dict[str, Weggelassen] = field(default_factory=dict)
    """Grund → was wegblieb"""
    versteckte_zeilen: list[int] = field(default_factory=list)
    versteckte_spalten: list[str] = field(default_factory=list)
    hochgestellt: Weggelassen = field(default_factory=Weggelassen)
    skaliert: Weggelassen = field(default_factory=Weggelassen)
    """Zellen, die Excel in Tausend oder Millionen zeigt"""

    def lasse_weg(self, grund: str, beispiel: str) -> None:
        """Zählt eine Zeile, die nicht gelesen wird."""
        if (eintrag := self.weggelassen.get(grund)) is None:
            eintrag = self.weggelassen[grund] = Weggelassen()
        eintrag.dazu(beispiel)


@dataclass
class Lesebericht:
    """Alle Blätter einer Quelle und die Befunde, die das Lesen nicht aufhalten."""

    blaetter: list[Blattbericht] = field(default_factory=list)
    meldungen: list[Meldung] = field(default_factory=list)
    treffer: dict[str, dict[str, bool]] = field(default_factory=dict)
    """Feld der Beschreibung → Eintrag unter ``wo``, ``ohne``, ``auslassen``, ``werte`` → ob er je passte"""

    def als_dict(self) -> dict[str, Any]:
        """Zum Aufheben als JSON."""
        return cast(dict[str, Any], _adapter().dump_python(self, mode="json"))

    @classmethod
    def aus_dict(cls, inhalt: dict[str, Any]) -> Lesebericht:
        """Aus dem, was :meth:`als_dict` gab."""
        return _adapter().validate_python(inhalt)


@cache
def _adapter() -> TypeAdapter[Lesebericht]:
    return TypeAdapter(Lesebericht)


def befunde(bericht: Lesebericht, verstecktes: str = "melden") -> Iterator[Meldung]:
    """Die Hinweise aus dem Lesen: was wegblieb, was versteckt ist, welche Blätter nicht gewählt sind."""
    yield from bericht.meldungen
    for feld, eintraege in bericht.treffer.items():
        if nie := [eintrag for eintrag, passt in eintraege.items() if not passt]:
            datei = bericht.blaetter[0].datei if bericht.blaetter else ""
            yield EintragOhneTreffer.melde(datei=datei, feld=f"lesen.{feld}", namen=aufgezaehlt(nie, 8))
    for datei in dict.fromkeys(b.datei for b in bericht.blaetter):
        hier = [b for b in bericht.blaetter if b.datei == datei]
        if ungelesen := [f"„{b.blatt}“" + " (versteckt)" * b.versteckt for b in hier if not b.gelesen]:
            yield BlattNichtGelesen.melde(
                datei=datei, anzahl=len(ungelesen),
                namen=", ".join(ungelesen[:8]) + " …" * (len(ungelesen) > 8),
                blaetter="Blatt wird" if len(ungelesen) == 1 else "Blätter werden",
            )  # fmt: skip
        for blatt in hier:
            yield from _befunde_des_blatts(blatt, verstecktes)


def _befunde_des_blatts(blatt: Blattbericht, verstecktes: str) -> Iterator[Meldung]:
    ort = f"Blatt „{blatt.blatt}“" if blatt.blatt else ""
    if blatt.versteckt and blatt.gelesen:
        yield BlattVersteckt.melde(datei=blatt.datei, ort=ort, blatt=blatt.blatt)
    teile = [
        f"{name[: len(name) - (len(liste) == 1)]} {', '.join(map(str, liste[:8]))}" + " …" * (len(liste) > 8)
        for name, liste in (("Zeilen", blatt.versteckte_zeilen), ("Spalten", blatt.versteckte_spalten))
        if liste
    ]  # fmt: skip
    if teile and verstecktes != "lesen":
        geschieht = "nicht gelesen" if verstecktes == "weglassen" else "aber gelesen wie Sichtbares"
        yield InhaltVersteckt.melde(datei=blatt.datei, ort=ort, was=" und ".join(teile), geschieht=geschieht)
    for grund, weg in blatt.weggelassen.items():
        art = EigenesWeggelassen if grund == EIGEN else ZeilenWeggelassen
        yield art.melde(
            datei=blatt.datei, ort=ort, anzahl=weg.anzahl, grund=grund, beispiele=_beispiele(weg),
            zeilen="Zeile wird" if weg.anzahl == 1 else "Zeilen werden",
        )  # fmt: skip
    yield from _skaliert(blatt, ort)
    if hoch := blatt.hochgestellt.anzahl:
        yield HochgestelltGelesen.melde(
            datei=blatt.datei, ort=ort, anzahl=hoch, zellen="Zelle hat" if hoch == 1 else "Zellen haben",
            beispiele=_beispiele(blatt.hochgestellt),
        )  # fmt: skip


def _skaliert(blatt: Blattbericht, ort: str) -> Iterator[Meldung]:
    if anzahl := blatt.skaliert.anzahl:
        yield ZahlSkaliert.melde(
            datei=blatt.datei, ort=ort, anzahl=anzahl, beispiele=_beispiele(blatt.skaliert),
            zellen="Zelle zeigt" if anzahl == 1 else "Zellen zeigen",
        )  # fmt: skip


def _beispiele(weg: Weggelassen) -> str:
    mehr = " …" if weg.anzahl > len(weg.beispiele) else ""
    return "; ".join(weg.beispiele) + mehr


# Aus der gelesenen Tabelle: Zeichen je Spalte, Werte je Blatt und Jahr


def zeichen_je_spalte(tabelle: Tabelle) -> dict[str, dict[str, int]]:
    """Spalte → Zeichen statt einer Zahl (Rohtext, bei leeren Feldern ``""``) → Anzahl."""
    import numpy as np

    stati = [Status(s) for s in tabelle.texte["status"].texte]
    kein_wert = np.isin(
        tabelle.texte["status"].zahlen(),
        [n for n, s in enumerate(stati) if not s.hat_zahl or s is Status.NULL],
    )
    paare, anzahlen = np.unique(
        np.stack([tabelle.texte[n].zahlen()[kein_wert] for n in ("spalte", "roh")]),
        axis=1,
        return_counts=True,
    )
    ergebnis: dict[str, dict[str, int]] = {}
    for spalte, roh, anzahl in zip(*paare.tolist(), anzahlen.tolist(), strict=True):
        je_zeichen = ergebnis.setdefault(tabelle.texte["spalte"].texte[spalte], {})
        je_zeichen[tabelle.texte["roh"].texte[roh]] = anzahl
    return ergebnis


def werte_je(tabelle: Tabelle) -> dict[tuple[str, str, int], int]:
    """(Datei, Blatt, Jahr) → Anzahl der Werte mit Zahl; das Blatt ist bei Text leer."""
    import numpy as np

    jahre, spalten = tabelle.jahre, tabelle.texte["spalte"].texte
    blaetter = {b.blatt for b in tabelle.bericht.blaetter}
    mit_zahl = ~np.isnan(np.array(tabelle.wert))
    paare, anzahlen = np.unique(
        np.stack([tabelle.texte[n].zahlen()[mit_zahl] for n in ("datei", "spalte", "zeit")]),
        axis=1, return_counts=True,
    )  # fmt: skip
    ergebnis: dict[tuple[str, str, int], int] = {}
    for datei, spalte, zeit, anzahl in zip(*paare.tolist(), anzahlen.tolist(), strict=True):
        blatt = spalten[spalte].rpartition("!")[0]
        blatt = blatt if blatt in blaetter else ""
        stelle = (tabelle.texte["datei"].texte[datei], blatt, jahre[zeit])
        ergebnis[stelle] = ergebnis.get(stelle, 0) + anzahl
    return ergebnis
