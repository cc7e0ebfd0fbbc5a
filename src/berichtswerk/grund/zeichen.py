"""Zeichen amtlicher Tabellen (DIN 55301 und Verwandte) und der Status eines Wertes."""

from __future__ import annotations

from collections.abc import Container, Mapping
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Status(StrEnum):
    """Was über einen Wert bekannt ist; ein Wert ist nie nur eine Zahl."""

    WERT = "wert"
    NULL = "null"
    """genau null (nichts vorhanden)"""
    GERUNDET_NULL = "gerundet_null"
    """mehr als nichts, aber weniger als die Hälfte der kleinsten Einheit"""
    UNBEKANNT = "unbekannt"
    """unbekannt oder geheim zu halten; die Quelle unterscheidet es nicht"""
    GEHEIM = "geheim"
    SPAETER = "spaeter"
    UNSICHER = "unsicher"
    """nicht sicher genug, um gezeigt zu werden"""
    EINGESCHRAENKT = "eingeschraenkt"
    """gezeigt, aber mit eingeschränkter Aussage: Zahl in Klammern"""
    GESPERRT = "gesperrt"
    """Aussage nicht sinnvoll"""
    FEHLT = "fehlt"
    """leeres Feld in der Lieferung"""
    VORLAEUFIG = "vorlaeufig"
    BERICHTIGT = "berichtigt"
    GESCHAETZT = "geschaetzt"

    @property
    def hat_zahl(self) -> bool:
        """Ob zu diesem Status eine Zahl gehört, mit der gerechnet werden darf."""
        return self in _MIT_ZAHL


_MIT_ZAHL = frozenset(
    {
        Status.WERT, Status.NULL, Status.GERUNDET_NULL, Status.EINGESCHRAENKT,
        Status.VORLAEUFIG, Status.BERICHTIGT, Status.GESCHAETZT,
    }
)  # fmt: skip

ANZEIGE: Mapping[Status, str] = {
    Status.NULL: "–", Status.GERUNDET_NULL: "0", Status.UNBEKANNT: ".", Status.GEHEIM: ".",
    Status.SPAETER: "…", Status.UNSICHER: "/", Status.GESPERRT: "x", Status.FEHLT: ".",
}  # fmt: skip
"""Das Zeichen, das statt einer Zahl im Tabellenfach steht."""

ERKLAERUNG: Mapping[Status, str] = {
    Status.NULL: "nichts vorhanden (genau null)",
    Status.GERUNDET_NULL: "mehr als nichts, aber weniger als die Hälfte der kleinsten Einheit",
    Status.UNBEKANNT: "Zahlenwert unbekannt oder geheim zu halten",
    Status.GEHEIM: "Zahlenwert unbekannt oder geheim zu halten",
    Status.SPAETER: "Angabe fällt später an",
    Status.UNSICHER: "Zahlenwert nicht sicher genug",
    Status.EINGESCHRAENKT: "Aussagewert eingeschränkt",
    Status.GESPERRT: "Tabellenfach gesperrt, weil Aussage nicht sinnvoll",
    Status.FEHLT: "Zahlenwert unbekannt oder geheim zu halten",
    Status.VORLAEUFIG: "vorläufige Zahl",
    Status.BERICHTIGT: "berichtigte Zahl",
    Status.GESCHAETZT: "geschätzte Zahl",
}
"""Text zum Zeichen: für die Zeichenerklärung unter Tabellen und für Screenreader."""

NACHZEICHEN: Mapping[Status, str] = {Status.VORLAEUFIG: "p", Status.BERICHTIGT: "r", Status.GESCHAETZT: "s"}
"""Buchstabe hinter einer gezeigten Zahl."""


def erklaerungen(vorhanden: Container[Status]) -> tuple[str, ...]:
    """„– = nichts vorhanden (genau null)“: jedes vorkommende Zeichen einmal, in fester Reihenfolge."""
    alle = {Status.EINGESCHRAENKT: "( )", **ANZEIGE, **NACHZEICHEN}
    gemeint = (s for s in Status if s in vorhanden and s in alle)
    return tuple(dict.fromkeys(f"{alle[s]} = {ERKLAERUNG[s]}" for s in gemeint))


DIN = {
    "-": Status.NULL, "–": Status.NULL, "\u2212": Status.NULL, ".": Status.UNBEKANNT,
    "...": Status.SPAETER, "…": Status.SPAETER, "/": Status.UNSICHER, "x": Status.GESPERRT,
    "X": Status.GESPERRT, "": Status.FEHLT,
}  # fmt: skip

ZEICHENSAETZE: Mapping[str, Mapping[str, Status]] = {
    "din55301": DIN,
    "ba": {**DIN, "*": Status.GEHEIM},
    "niedersachsen": {
        "0": Status.NULL,
        "k": Status.GERUNDET_NULL,
        "g": Status.UNBEKANNT,
        "t": Status.SPAETER,
        "u": Status.UNSICHER,
        "x": Status.GESPERRT,
        "": Status.FEHLT,
    },
    "ohne": {"": Status.FEHLT},
}
"""Zeichensätze, die eine Quelle nennen kann; einzelne Zeichen überschreibt die Quelle selbst."""

NACHSATZ: Mapping[str, Status] = {
    "p": Status.VORLAEUFIG,
    "r": Status.BERICHTIGT,
    "s": Status.GESCHAETZT,
    "e": Status.WERT,
}
"""Buchstaben, die hinter einer Zahl stehen können (``1 234 p``)."""

_UNBEKANNT = (
    Status.GEHEIM, Status.UNBEKANNT, Status.UNSICHER, Status.GESPERRT, Status.SPAETER, Status.FEHLT,
)  # fmt: skip
_BEKANNT = (Status.GESCHAETZT, Status.EINGESCHRAENKT, Status.VORLAEUFIG, Status.BERICHTIGT)


def summenstatus(stati: list[Status], summe: Decimal | Fraction | None) -> Status:
    """Status einer Summe: der schwächste ihrer Teile; eine Summe genauer Nullen ist genau null."""
    if summe is None:
        return next((s for s in _UNBEKANNT if s in stati), Status.FEHLT)
    for status in _BEKANNT:
        if status in stati:
            return status
    if summe == 0 and stati and all(s in {Status.NULL, Status.GERUNDET_NULL} for s in stati):
        return Status.GERUNDET_NULL if Status.GERUNDET_NULL in stati else Status.NULL
    return Status.WERT
