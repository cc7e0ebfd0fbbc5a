"""Der Block ``lesen:`` einer Quelle: Bausteine, mit denen jede Lieferung ohne Code beschrieben wird.

Eine Tabelle wird zu langen Werten, indem man sagt, woher Gebiet, Zeit, Merkmale und Messgröße kommen
(:class:`Bezug`) und in welchen Spalten Werte stehen (:class:`Wertspalte`). Ein Bezug kann eine Spalte sein,
eine Zeile des Tabellenkopfes, eine Zwischenüberschrift, eine Titelzeile, der Blatt- oder Dateiname oder
ein fester Text.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from berichtswerk.grund.yamldatei import YamlModell
from berichtswerk.grund.zeichen import Status


def _regel(text: str) -> str:
    try:
        re.compile(text)
    except re.error as fehler:
        raise ValueError(
            f"„{text}“ ist kein gültiger regulärer Ausdruck. || Prüfen Sie Klammern und Rückstriche "
            f"(Stelle {fehler.pos})."
        ) from None
    return text


Muster = Annotated[str, AfterValidator(_regel)]
"""Regulärer Ausdruck (Python). Hat er eine Klammer, gilt deren Inhalt, sonst der ganze Treffer."""


class Spaltenbereich(YamlModell):
    """Benachbarte Spalten: ``{von: 4, bis: 12}``; ohne ``bis`` bis zur letzten mit Kopftext."""

    von: int | str
    """Nummer ab 1, Spaltenname, ``/Muster/`` oder ``=F`` (Buchstabe der Tabellenkalkulation)."""
    bis: int | str | None = None
    schritt: int = Field(default=1, ge=1)
    """2 = jede zweite Spalte (dazwischen stehen Kennbuchstaben)"""


def _spaltenwahl(wert: Any) -> Any:
    if isinstance(wert, str) and len(wert) > 2 and wert.startswith("/") and wert.endswith("/"):
        _regel(wert[1:-1])
    if isinstance(wert, bool) or not isinstance(wert, str | int | dict | Spaltenbereich):
        raise ValueError(
            "Hier wird eine Spalte erwartet. || Möglich sind Name, Nummer, /Muster/ oder =Buchstabe."
        )
    return wert


Spaltenwahl = Annotated[int | str | Spaltenbereich, BeforeValidator(_spaltenwahl)]
"""Name der Spalte (mehrzeiliger Kopf: ``oben | unten``), Nummer ab 1, ``/Muster/``, ``=F`` oder Bereich."""


def _kurzform(feld: str) -> BeforeValidator:
    def wandle(wert: Any) -> Any:
        return {feld: wert} if isinstance(wert, str | int) and not isinstance(wert, bool) else wert

    return BeforeValidator(wandle)


QUELLEN_DES_BEZUGS = ("spalte", "spalten", "kopf", "abschnitt", "titel", "blattname", "dateiname", "fest")


class Bezug(YamlModell):
    """Woher ein Text kommt (Gebiet, Zeit, Merkmal, Messgröße). Genau eine der ersten Angaben ist nötig."""

    spalte: Spaltenwahl | None = None
    """aus dieser Spalte derselben Zeile; Kurzform: nur der Name"""
    spalten: list[Spaltenwahl] | None = None
    """aus mehreren Spalten, mit ``verbinden`` aneinandergehängt (z. B. Teile des Regionalschlüssels)"""
    kopf: int | None = Field(default=None, ge=1)
    """aus der n-ten Kopfzeile über der Wertspalte (ab 1)"""
    abschnitt: Muster | None = None
    """aus Zwischenüberschriften: Zeilen, deren erstes gefülltes Feld passt und die sonst leer sind"""
    titel: Muster | None = None
    """aus den Titelzeilen über dem Kopf"""
    blattname: Muster | None = None
    """aus dem Namen des Tabellenblatts"""
    dateiname: Muster | None = None
    """aus dem Namen der Datei"""
    fest: str | None = None
    """immer dieser Text"""
    verbinden: str = ""
    stellen: list[int] | None = None
    """füllt die Teile aus ``spalten`` links mit Nullen auf diese Längen auf"""
    muster: Muster | None = None
    """schneidet den Text zu; passt es nicht, bleibt nichts (siehe ``leer``)"""
    werte: dict[str, str | None] = Field(default_factory=dict)
    """Übersetzung „Text der Lieferung: eigener Text“; ``null`` lässt Zeile oder Spalte weg"""
    sonst: Literal["behalten", "weglassen", "fehler"] = "behalten"
    """was mit Texten geschieht, die nicht in ``werte`` stehen"""
    auffuellen: bool = False
    """leeres Feld: der Text der Zeile darüber gilt weiter"""
    einrueckung: str | None = Field(default=None, pattern=r"^\d+(-\d*)?$")
    """nur Zeilen mit so vielen Leerzeichen davor setzen den Text („0“, „2-5“, „4-“); tiefere erben ihn"""
    leer: str = ""
    """Text für leere Felder"""

    @model_validator(mode="after")
    def _genau_eine(self) -> Bezug:
        gesetzt = [name for name in QUELLEN_DES_BEZUGS if getattr(self, name) is not None]
        if len(gesetzt) != 1:
            was = "keine" if not gesetzt else " und ".join(gesetzt)
            raise ValueError(
                f"Woher der Text kommt, muss genau einmal gesagt sein; hier: {was}. || Geben Sie eine der "
                f"Angaben {', '.join(QUELLEN_DES_BEZUGS)} an."
            )
        if self.stellen is not None and len(self.stellen) != len(self.spalten or ()):
            raise ValueError("„stellen“ braucht je Spalte unter „spalten“ eine Länge. || Ergänzen Sie sie.")
        return self

    @property
    def je_spalte(self) -> bool:
        """Ob der Text von der Wertspalte abhängt (Kopf) und nicht von der Zeile."""
        return self.kopf is not None


class Gebietsangabe(Bezug):
    """Woher das Gebiet kommt und wie es erkannt wird."""

    schluessel: str | None = None
    """ags, ars, gvb, ars_teil, name oder ein Schema aus gebiete.yaml; ohne Angabe wird alles versucht"""
    ebene: Literal["gemeinde", "einheit", "planungsgebiet", "kreis", "land", "bund"] | None = None
    """entscheidet bei gleichen Namen"""
    nur: list[str] = Field(default_factory=list)
    """nur Schlüssel, die so beginnen (vor der Suche; macht große Bundestabellen schnell)"""
    unbekannte: Literal["fehler", "weglassen", "behalten"] = "fehler"
    """Gebiete, die nicht in gebiete.yaml stehen: Fehler, überlesen (Bundestabellen) oder unverändert"""
    fuehrende_null: Literal["melden", "ergaenzen"] = "melden"
    """Tabellenkalkulationen machen aus 01001000 gern 1001000"""


class Zeitangabe(Bezug):
    """Woher die Zeit kommt und was sie ist."""

    art: Literal["jahr", "stichtag", "monat", "schuljahr", "selbst"] = "selbst"
    """Ziel: ``2023`` | ``2023-12-31`` | ``2023-06`` | ``2023/24``; ``selbst`` erkennt die Form"""
    tag: str | None = Field(default=None, pattern=r"^\d{1,2}\.\d{1,2}\.$")
    """macht aus einer Jahreszahl einen Stichtag, z. B. ``"31.12."``"""


class Qualitaet(YamlModell):
    """Spalte mit Kennbuchstaben zur Zahl (p vorläufig, r berichtigt, s geschätzt, e endgültig)."""

    spalte: Spaltenwahl | None = None
    endung: str | None = None
    """Name der Wertspalte und diese Endung (``_q``)"""
    folgt: int | None = Field(default=None, ge=1)
    """so viele Spalten rechts der Wertspalte"""
    werte: dict[str, Status] = Field(default_factory=dict)
    """weitere oder andere Buchstaben"""

    @model_validator(mode="after")
    def _genau_eine(self) -> Qualitaet:
        if sum(x is not None for x in (self.spalte, self.endung, self.folgt)) != 1:
            raise ValueError("Wo der Kennbuchstabe steht, muss genau einmal gesagt sein. || Angaben: spalte, "
                             "endung oder folgt.")  # fmt: skip
        return self


class Wertspalte(YamlModell):
    """Eine oder mehrere Spalten mit Werten."""

    spalte: Spaltenwahl
    faktor: Decimal = Decimal(1)
    """Umrechnung in die eigene Einheit (Hektar → km²: 0.01)"""
    merkmale: dict[str, str] = Field(default_factory=dict)
    """feste Ausprägungen für diese Spalte"""
    zeit: str | None = None
    """feste Zeit für diese Spalte"""
    qualitaet: Qualitaet | None = None


def _wertspalten(wert: Any) -> Any:
    return wert if isinstance(wert, list) else [wert]


Wertspalten = Annotated[
    list[Annotated[Wertspalte, _kurzform("spalte")]], BeforeValidator(_wertspalten), Field(min_length=1)
]
BezugKurz = Annotated[Bezug, _kurzform("spalte")]
GebietKurz = Annotated[Gebietsangabe, _kurzform("spalte")]
ZeitKurz = Annotated[Zeitangabe, _kurzform("spalte")]


def zeilennummern(text: str | int | list[int]) -> tuple[int, ...]:
    """``7``, ``"7-9"`` oder ``[7, 9]`` als Zeilennummern."""
    if isinstance(text, list):
        return tuple(sorted(text))
    von, _, bis = str(text).partition("-")
    return tuple(range(int(von), int(bis or von) + 1))


class Kopf(YamlModell):
    """Der Tabellenkopf. Kurzform: Anzahl der Zeilen (die ersten gefüllten)."""

    anzahl: int | None = Field(default=None, ge=0)
    """so viele Zeilen, ab der ersten gefüllten (oder ab dem Treffer von ``suche``); 0 = kein Kopf"""
    zeilen: int | Annotated[str, Field(pattern=r"^\d+(-\d+)?$")] | list[int] | None = None
    """genau diese Zeilen der Datei, z. B. ``"7-9"``"""
    suche: Muster | None = None
    """der Kopf beginnt in der ersten Zeile, in der ein Feld passt"""
    auffuellen: bool | list[int] = False
    """leere Felder nach rechts auffüllen: alle Kopfzeilen oder die genannten (ab 1)"""
    entfernen: Muster | None = None
    """wird aus allen Kopftexten gestrichen (Fußnotenzeichen)"""
    namen: list[str] | None = None
    """eigene Namen für die Spalten, von links; für Dateien ohne Kopf"""

    @model_validator(mode="after")
    def _stimmig(self) -> Kopf:
        if self.zeilen is not None and (self.anzahl is not None or self.suche is not None):
            raise ValueError("„zeilen“ schließt „anzahl“ und „suche“ aus. || Löschen Sie eine der Angaben.")
        return self

    @property
    def hoehe(self) -> int:
        """Anzahl der Kopfzeilen."""
        if self.zeilen is not None:
            return len(zeilennummern(self.zeilen))
        return 1 if self.anzahl is None else self.anzahl


KopfKurz = Annotated[Kopf, _kurzform("anzahl")]


def _bedingung(wert: Any) -> Any:
    return wert if isinstance(wert, list) else [wert]


Bedingung = Annotated[list[str], BeforeValidator(_bedingung), Field(min_length=1)]
"""Text, ``/Muster/`` oder eine Liste davon (einer muss passen)."""
