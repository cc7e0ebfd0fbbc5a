"""Ist die Datei noch die vermerkte, und ist die nächste Lieferung überfällig?"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from berichtswerk.daten.pruefung.pruefling import Pruefling
from berichtswerk.grund.meldung import Befundart, Meldung, Stufe
from berichtswerk.grund.zahl import datum

TAGE = {"monatlich": 31, "vierteljaehrlich": 92, "jaehrlich": 366, "zweijaehrlich": 731}
"""Länge einer Periode."""


class PruefsummeFehlt(Befundart):
    """Die Beschreibung vermerkt keine Prüfsumme."""

    text = "Zur Datei ist keine Prüfsumme vermerkt."
    ursache = "Ohne Prüfsumme fällt eine unbemerkt geänderte Datei nicht auf."
    abhilfe = "Ergänzen Sie „hash: {ist}“."
    feld = "hash"
    stufe = Stufe.HINWEIS


class PruefsummeGeaendert(Befundart):
    """Die Datei ist eine andere als die vermerkte."""

    text = "Die Datei ist nicht mehr die, die in der Beschreibung vermerkt ist."
    ursache = "Die Prüfsumme in {beschreibung} ist eine andere: neue Lieferung oder versehentliche Änderung."
    abhilfe = (
        "Ist es eine neue Lieferung, tragen Sie „hash: {ist}“ und den neuen Stand ein; sonst stellen Sie die "
        "gelieferte Datei wieder her."
    )
    feld = "hash"


class LieferungUeberfaellig(Befundart):
    """Der Tag der nächsten Lieferung ist vorbei."""

    text = "Die nächste Lieferung war am {faellig} erwartet; überfällig seit {seit}."
    ursache = "Zuständig: {ressort}; Herausgeber: {herausgeber}."
    abhilfe = (
        "Legen Sie die neue Datei ab und ändern Sie hash, stand und naechste_lieferung; kommt nichts mehr, "
        "setzen Sie „periodizitaet: einmalig“."
    )
    feld = "statistik.naechste_lieferung"
    stufe = Stufe.WARNUNG


class LieferungAlt(Befundart):
    """Der Stand ist älter als zwei Perioden, und kein Tag der nächsten Lieferung ist genannt."""

    text = "Der Stand {stand} ist mehr als zwei Perioden alt."
    ursache = LieferungUeberfaellig.ursache
    abhilfe = LieferungUeberfaellig.abhilfe
    feld = "statistik.stand"
    stufe = Stufe.HINWEIS


def pruefe_summe(pruefling: Pruefling) -> Iterator[Meldung]:
    """Vergleicht ``hash`` der Beschreibung mit der Datei; nennt die Summe, wenn sie fehlt."""
    pfad = pruefling.quelle.pfad(pruefling.projekt)
    if pruefling.quelle.path is None or not pfad.is_file():
        return
    verfahren, _, erwartet = (pruefling.quelle.hash or "").partition(":")
    ist = f"{verfahren or 'sha256'}:{pruefsumme(pfad, verfahren or 'sha256')}"
    if not erwartet:
        yield PruefsummeFehlt.melde(datei=pruefling.beschreibung, ist=ist)
    elif ist != pruefling.quelle.hash:
        beschreibung = pruefling.beschreibung
        yield PruefsummeGeaendert.melde(datei=pruefling.datei, ist=ist, beschreibung=beschreibung)


def pruefsumme(pfad: Path, verfahren: str = "sha256") -> str:
    """Prüfsumme einer Datei (hexadezimal), stückweise gelesen."""
    with pfad.open("rb") as strom:
        return hashlib.file_digest(strom, verfahren).hexdigest()


def pruefe_frist(pruefling: Pruefling) -> Iterator[Meldung]:
    """Warnt bei überschrittenem ``naechste_lieferung``, sonst bei einem Stand, der zwei Perioden alt ist."""
    s = pruefling.quelle.statistik
    if s.naechste_lieferung is not None:
        tage = (pruefling.heute - s.naechste_lieferung).days
        if tage > 0:
            yield LieferungUeberfaellig.melde(
                datei=pruefling.beschreibung, faellig=datum(s.naechste_lieferung), ressort=s.ressort,
                seit=f"{tage} Tagen" if tage > 1 else "1 Tag", herausgeber=s.herausgeber,
            )  # fmt: skip
    elif s.periodizitaet in TAGE and (pruefling.heute - s.stand).days > 2 * TAGE[s.periodizitaet]:
        yield LieferungAlt.melde(
            datei=pruefling.beschreibung, stand=datum(s.stand), ressort=s.ressort, herausgeber=s.herausgeber
        )
