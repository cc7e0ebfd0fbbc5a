"""Abgetippte Zahlen: was die Daten kennen, gehört gebunden, sonst veraltet es still."""

from __future__ import annotations

import re
from collections.abc import Iterator

from berichtswerk.ausfuehrung.textpruefung.lage import Lage
from berichtswerk.gegenstand.gegenstaende import Bindung
from berichtswerk.grund.meldung import Meldung, Stufe

_LUECKEN = "\u0020\u00a0\u202f\u2009"
_ZAHL = re.compile(
    rf"(?<![\w.,§/–-])(?P<zahl>\d{{1,3}}(?:[{_LUECKEN}.]\d{{3}})+(?:,\d+)?|\d+(?:,\d+)?)"
    rf"(?![\w/]|[.,]\d|\.[{_LUECKEN}]?(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember))"
    rf"(?P<prozent>[{_LUECKEN}]?(?:%|Prozent\b))?"
)
_VERDECKT = re.compile(r"\{\{.*?\}\}|`[^`]*`|<!--.*?-->|\]\([^)]*\)|\{[^}]*\}|https?://\S+", re.S)
_DAVOR = re.compile(
    r"(?:§§?|Abs\.|Nr\.|Art\.|Kapitel|Abschnitt|Tabelle|Abbildung|Klasse|Klassen|Grad|Zensus|je|von|unter|ab|bis"
    r"|Stand|Seite|SGB)[\s\u00a0\u202f]*$"
)
_DANACH = re.compile(r"^[\s\u00a0\u202f]*(?:bis\s+unter\b|Jahre|Monate|Stunden|Tage|-?jährig|€-)")
AUSNAHME = "<!-- getippt"
"""Steht das in der Zeile, ist die Zahl mit Absicht getippt: ``<!-- getippt: gesetzliche Grenze -->``."""


def getippte_zahlen(lage: Lage) -> Iterator[Meldung]:
    """Zahlen außerhalb von ``{{ … }}``, die einem Wert der Daten gleichen."""
    bekannt = _bekannte(lage)
    verdeckt = _VERDECKT.sub(lambda m: re.sub(r"[^\n]", " ", m[0]), lage.text)
    zeilen = lage.text.splitlines()
    for nummer, zeile in enumerate(verdeckt.splitlines(), 1):
        if AUSNAHME in zeilen[nummer - 1] or zeile.startswith("#"):
            continue
        for treffer in _ZAHL.finditer(zeile):
            ausdruck = bekannt.get(_form(treffer["zahl"], bool(treffer["prozent"])))
            if ausdruck is not None and not _ausgenommen(zeile, treffer):
                yield _meldung(lage, nummer, treffer[0].strip(), ausdruck)


def _ausgenommen(zeile: str, treffer: re.Match[str]) -> bool:
    """Jahre, Altersgrenzen, Paragrafen und kleine Zählungen sind keine Werte der Daten."""
    zahl, prozent = treffer["zahl"], treffer["prozent"]
    if prozent:
        return False
    if re.fullmatch(r"(?:19|20|21)\d\d", zahl):
        return True
    if "," not in zahl and len(re.sub(r"\D", "", zahl)) < 4:
        return True
    return bool(_DAVOR.search(zeile[: treffer.start()]) or _DANACH.match(zeile[treffer.end() :]))


def _form(text: str, prozent: bool) -> str:
    return re.sub(rf"[{_LUECKEN}.]", "", text) + ("%" if prozent else "")


def _bekannte(lage: Lage) -> dict[str, str]:
    """Gezeigte Form → der Ausdruck, mit dem sie zu binden ist; der jüngste Wert geht vor."""
    bekannt: dict[str, str] = {}
    for name, bindung in lage.bindungen.werte.items():
        if bindung.art == "reihe":
            for form, ausdruck in _formen(name, bindung):
                bekannt.setdefault(form, ausdruck)
    return bekannt


def _formen(name: str, bindung: Bindung) -> Iterator[tuple[str, str]]:
    for i, w in enumerate(reversed(bindung.reihe)):
        anzeige = w.nachweis.anzeige
        zahl = re.match(rf"[\d{_LUECKEN}.]*\d(?:,\d+)?", anzeige)
        if zahl is not None:
            yield _form(zahl[0], "%" in anzeige), name if i == 0 else f"{name}[{w.jahr}]"
    letztes = bindung.reihe[-1].jahr if bindung.reihe else None
    for ebene, werte in bindung.vergleich.items():
        for w in werte:
            zahl = re.match(rf"[\d{_LUECKEN}.]*\d(?:,\d+)?", w.nachweis.anzeige)
            if zahl is not None and w.jahr == letztes:
                yield _form(zahl[0], "%" in w.nachweis.anzeige), f"{name}.{ebene}"


def _meldung(lage: Lage, zeile: int, zahl: str, ausdruck: str) -> Meldung:
    return Meldung(
        "zahl-getippt",
        f"Die Zahl „{zahl}“ ist abgetippt; die Daten kennen sie als {ausdruck}.",
        datei=lage.datei,
        ort=f"Zeile {zeile}",
        feld=zahl,
        ursache="Eine abgetippte Zahl bleibt stehen, wenn sich die Daten ändern.",
        abhilfe=f"Schreiben Sie {{{{ {ausdruck} }}}}. Ist sie mit Absicht getippt (etwa ein Gesetz), "
        f"schreiben Sie {AUSNAHME}: Grund --> in die Zeile.",
        stufe=Stufe.WARNUNG,
    )
