"""Aus dem Inhalt eines Faches werden Zahl und Status, aus einer Zeitangabe die Schreibweise des Hauses."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from berichtswerk.daten.leser.grund import Abgewiesen, Formel, Prozentzelle, Verbunden, als_text
from berichtswerk.grund.meldung import Befundart
from berichtswerk.grund.zahl import Zahlform, dezimal, lies
from berichtswerk.grund.zeichen import NACHSATZ, Status

_NACHSATZ = re.compile(r"^(.*[\d)])\s*([a-z])$", re.DOTALL)
_VERRUTSCHT = re.compile(r"\d \d(?!\d\d(?!\d))")
"""Leerzeichen zwischen Ziffern, auf das keine Dreiergruppe folgt: zwei Zahlen in einem Feld."""
_KLAMMER = re.compile(r"^\(\s*(.*?)\s*\)$", re.DOTALL)
_ENTSCHAERFT = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u00ad": None, "\ufeff": None})


class WertLeer(Befundart):
    text = "Das Feld ist leer."
    ursache = "Die Quelle erlaubt hier keine leeren Felder."
    abhilfe = "Ergänzen Sie den Wert oder das Zeichen."


class ZeichenUnbekannt(Befundart):
    text = "Das Zeichen „{zeichen}“ ist in dieser Quelle nicht erklärt."
    ursache = "Bekannte Zeichen: {bekannt}."
    abhilfe = (
        "Nennen Sie in der Quelle den Zeichensatz (statistik.zeichensatz) oder ergänzen Sie das Zeichen mit "
        'seiner Bedeutung: zeichen: {{"{zeichen}": unbekannt}}.'
    )


class WertKeineZahl(Befundart):
    text = "„{gelesen}“ ist keine Zahl."
    ursache = "{grund}"
    abhilfe = "Berichtigen Sie das Feld in der Lieferung oder fragen Sie bei der liefernden Stelle nach."


class FormelStattWert(Befundart):
    text = "Statt eines Wertes steht hier die Formel „{formel}“."
    ursache = "Formeln werden nie ausgerechnet."
    abhilfe = (
        "Ersetzen Sie in der Lieferung Formeln durch Werte (Kopieren, Inhalte einfügen: Werte). Soll das in "
        "der Datei gespeicherte Ergebnis gelten, setzen Sie „formeln: gespeicherter_wert“."
    )


class ZelleProzent(Befundart):
    text = "Excel zeigt hier {gezeigt} %, gespeichert ist {anteil}."
    ursache = (
        "Das Zahlenformat der Zelle enthält ein Prozentzeichen; welche der beiden Zahlen gelten soll, ist "
        "nicht gesagt."
    )
    abhilfe = (
        "Setzen Sie in der Quelle unter lesen „prozent: prozentwert“ (gelesen wird {gezeigt}) oder „prozent: "
        "anteil“ (gelesen wird {anteil})."
    )


class ZeitUnlesbar(Befundart):
    text = "„{zeit}“ ist keine Zeitangabe der Art „{zeitart}“."
    abhilfe = (
        "Berichtigen Sie das Feld; steht mehr als die Zeit darin, schneiden Sie den Text unter lesen.zeit "
        "mit „muster“ zu."
    )


class ZeitImKopfUnlesbar(ZeitUnlesbar):
    abhilfe = "Schneiden Sie den Text unter lesen.zeit mit „muster“ zu oder berichtigen Sie „art“."


class Wertleser:
    """Liest Fächer einer Quelle nach deren Zahlform und Zeichensatz."""

    def __init__(
        self, zahlform: Zahlform, zeichen: Mapping[str, Status], entfernen: str | None = None
    ) -> None:
        self._form = zahlform
        self._zeichen = zeichen
        self._entfernen = re.compile(entfernen) if entfernen else None

    def lies(self, zelle: Any, faktor: Decimal = Decimal(1)) -> tuple[float | None, Status]:
        """Zahl (mal ``faktor``) und Status; ohne Zahl ist sie ``None``.

        Raises:
            Abgewiesen: Text in einer Zahl, unbekanntes Zeichen, Formel, Prozent ohne ``prozent``.
        """
        if isinstance(zelle, Prozentzelle):
            return self._aus_prozent(zelle, faktor)
        if isinstance(zelle, int | float) and not isinstance(zelle, bool):
            return self._aus_zahl(zelle, faktor)
        if isinstance(zelle, Formel):
            raise Abgewiesen(FormelStattWert, formel=gekuerzt(zelle.text))
        text = "" if isinstance(zelle, Verbunden) else als_text(zelle).translate(_ENTSCHAERFT).strip()
        if self._entfernen:
            text = self._entfernen.sub("", text).strip()
        return self._aus_text(text, faktor)

    def _aus_zahl(self, zahl: float, faktor: Decimal) -> tuple[float | None, Status]:
        if math.isnan(zahl):
            return None, Status.FEHLT
        if (status := self._zeichen.get(als_text(zahl))) is not None:
            return _ohne_zahl(status)
        return (float(zahl) if faktor == 1 else float(dezimal(zahl) * faktor)), Status.WERT

    def _aus_prozent(self, zelle: Prozentzelle, faktor: Decimal) -> tuple[float | None, Status]:
        wert, status = self._aus_zahl(zelle.wert, faktor * 100)
        if status is Status.WERT and not zelle.mal_hundert:
            zahlen = dezimal(zelle.wert), dezimal(zelle.wert) * 100
            anteil, gezeigt = (f"{d.normalize():f}".replace(".", ",") for d in zahlen)
            raise Abgewiesen(ZelleProzent, anteil=anteil, gezeigt=gezeigt)
        return wert, status

    def _aus_text(self, text: str, faktor: Decimal) -> tuple[float | None, Status]:
        if (status := self._zeichen.get(text)) is not None:
            return _ohne_zahl(status)
        if len(text) < 16 and faktor == 1 and text.isascii() and text.isdigit():
            return float(text), Status.WERT  # dasselbe Ergebnis, ohne den Umweg über Decimal
        try:
            if not _VERRUTSCHT.search(text):
                return float(lies(text, self._form) * faktor), Status.WERT
        except ValueError:
            pass
        if treffer := _KLAMMER.match(text):
            return self._geklammert(text, treffer[1], faktor)
        if (treffer := _NACHSATZ.match(text)) and treffer[2] in NACHSATZ:
            wert, status = self._aus_text(treffer[1].strip(), faktor)
            return wert, (NACHSATZ[treffer[2]] if status is Status.WERT else status)
        raise self._unlesbar(text)

    def _geklammert(self, text: str, innen: str, faktor: Decimal) -> tuple[float | None, Status]:
        if not innen:
            return None, Status.UNSICHER
        try:
            wert, status = self._aus_text(innen, faktor)
        except Abgewiesen:
            raise self._unlesbar(text) from None
        return wert, (Status.EINGESCHRAENKT if status.hat_zahl and status is not Status.NULL else status)

    def _unlesbar(self, text: str) -> Abgewiesen:
        if not text:
            return Abgewiesen(WertLeer)
        if len(text) <= 3 and not any(z.isdigit() for z in text):
            bekannt = " ".join(z for z in self._zeichen if z) or "keine"
            return Abgewiesen(ZeichenUnbekannt, zeichen=text, bekannt=bekannt)
        return Abgewiesen(WertKeineZahl, gelesen=gekuerzt(text), grund=self._andere_form(text))

    def _andere_form(self, text: str) -> str:
        formen: tuple[Zahlform, ...] = ("deutsch", "englisch", "schlicht")
        for form in formen:
            try:
                lies(text, form)
            except ValueError:
                continue
            return f"Erwartet wird die Zahlform „{self._form}“; das hier ist „{form}“ (lesen.zahlform)."
        return f"Erwartet wird eine Zahl in der Form „{self._form}“."


def _ohne_zahl(status: Status) -> tuple[float | None, Status]:
    return (0.0 if status in (Status.NULL, Status.GERUNDET_NULL) else None), status


def gekuerzt(text: str) -> str:
    """Höchstens 60 Zeichen, auf einer Zeile."""
    einzeilig = " ".join(text.split())
    return einzeilig if len(einzeilig) <= 60 else einzeilig[:57] + "…"


Zeitart = Literal["jahr", "stichtag", "monat", "schuljahr", "selbst"]

_MONATSNAMEN = {
    name: nummer
    for nummer, namen in enumerate(
        ("januar jan", "februar feb", "märz maerz mär mrz", "april apr", "mai", "juni jun", "juli jul",
         "august aug", "september sep sept", "oktober okt", "november nov", "dezember dez"), start=1)
    for name in namen.split()
}  # fmt: skip
_JAHR = re.compile(r"^(\d{4})$")
_TAG = (
    re.compile(r"^(?P<t>\d{1,2})\.\s?(?P<m>\d{1,2})\.\s?(?P<j>\d{4})$"),
    re.compile(r"^(?P<j>\d{4})-(?P<m>\d{2})-(?P<t>\d{2})(?:[T ].*)?$"),
    re.compile(r"^(?P<j>\d{4})(?P<m>\d{2})(?P<t>\d{2})$"),
    re.compile(r"^(?P<t>\d{1,2})\.\s*(?P<mn>[A-Za-zä]+)\.?\s+(?P<j>\d{4})$"),
)
_MONAT = (
    re.compile(r"^(?P<j>\d{4})-(?P<m>\d{2})$"),
    re.compile(r"^(?P<m>\d{1,2})[/.](?P<j>\d{4})$"),
    re.compile(r"^(?P<j>\d{4})M(?P<m>\d{1,2})$"),
    re.compile(r"^(?P<mn>[A-Za-zä]+)\.?\s+(?P<j>\d{4})$"),
)
_SCHULJAHR = re.compile(r"^(\d{4})\s?[/–-]\s?(\d{4}|\d{2})$")


def lies_zeit(text: str, art: Zeitart = "selbst", tag: str | None = None) -> tuple[str, int]:
    """Zeit in der Schreibweise des Hauses und ihr (erstes) Jahr.

    Ein Stichtag oder Monat ergibt bei ``art="jahr"`` dessen Jahr; eine Jahreszahl ergibt mit ``tag``
    („31.12.“) einen Stichtag und bei ``art="schuljahr"`` das Schuljahr, das in ihr beginnt.

    Raises:
        ValueError: keine Zeitangabe dieser Art.
    """
    roh = " ".join(text.split())
    zeit = _lies(roh, art, tag)
    jahr = int(zeit[:4])
    if not 1700 <= jahr <= 2200:
        raise ValueError(text)
    return zeit, jahr


def _lies(roh: str, art: Zeitart, tag: str | None) -> str:
    if treffer := _JAHR.match(roh):
        return _aus_jahr(treffer[1], art, tag)
    if art == "schuljahr" or (art == "selbst" and "/" in roh and _SCHULJAHR.match(roh)):
        return _schuljahr(roh)
    stichtag = _datum(roh, _TAG)
    monat = stichtag[:7] or _datum(roh, _MONAT)[:7]
    ergebnis = {
        "stichtag": stichtag, "monat": monat, "jahr": monat[:4], "selbst": stichtag or monat,
    }.get(art, "")  # fmt: skip
    if not ergebnis:
        raise ValueError(roh)
    return ergebnis


def _aus_jahr(jahr: str, art: Zeitart, tag: str | None) -> str:
    if art == "schuljahr":
        return f"{jahr}/{(int(jahr) + 1) % 100:02d}"
    if tag:
        tage, monat, _ = tag.split(".")
        return date(int(jahr), int(monat), int(tage)).isoformat()
    if art in {"stichtag", "monat"}:
        raise ValueError(jahr)
    return jahr


def _schuljahr(roh: str) -> str:
    treffer = _SCHULJAHR.match(roh)
    if not treffer or (int(treffer[1]) + 1) % 100 != int(treffer[2]) % 100:
        raise ValueError(roh)
    return f"{treffer[1]}/{treffer[2][-2:]}"


def _datum(roh: str, formen: Sequence[re.Pattern[str]]) -> str:
    """Der Tag (ohne Angabe der erste des Monats) als JJJJ-MM-TT; leer, wenn keine Form passt."""
    for muster in formen:
        if treffer := muster.match(roh):
            teile = treffer.groupdict()
            return date(int(teile["j"]), _monatszahl(teile), int(teile.get("t", 1))).isoformat()
    return ""


def _monatszahl(teile: dict[str, str]) -> int:
    if "m" in teile:
        return int(teile["m"])
    nummer = _MONATSNAMEN.get(teile["mn"].lower())
    if nummer is None:
        raise ValueError(teile["mn"])
    return nummer
