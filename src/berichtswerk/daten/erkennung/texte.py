"""Wonach eine Zelle aussieht: Zahl, Zeit, Schlüssel, Einheit; und wie aus Kopftexten Namen werden."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from berichtswerk.daten.lesen import BELEGT
from berichtswerk.daten.leser.werte import lies_zeit, verbinde_zeit
from berichtswerk.grund.zeichen import DIN

MEIST = 0.8
"""Ab diesem Anteil gilt eine Spalte als Schlüssel, Namen oder Zahlen."""
_ZAHL = re.compile(
    r"((€|EUR|Euro)\s?)?[(]?[+\-−–]?\s?\d[\d.,\u00a0\u202f\u2009 ]*([)]|\s?([a-z]|%|‰|€|[¹²³⁰⁴-⁹*†]+|\d?\)))*"
)
SCHLUESSEL = re.compile(r"(0[1-9]|1[0-6])(\d{3}(\d{3,4}(\d{3})?)?)?|[1-9]\d{3}(\d{3}(\d{4})?)?|DG|DE|D")
_WERTARTIG = re.compile(
    r"(?i)(?:ca\.?|rd\.?|etwa|rund|(ü|ue)ber|unter|mind\w*\.?|max\w*\.?|[<>≤≥~≈])?\s*-?\d"
)
_TAUSENDER = re.compile(r"[1-9]\d{0,2}\.\d{3}")
JAHRESZAHL = re.compile(r"(19|20)\d{2}")
ZEICHEN = frozenset(DIN) | {"*", "•", "n.a.", "k.A.", "k. A.", "—", "--", "**", "g", "k", "t", "u", "/"}
SCHLUESSELWORT = re.compile(
    r"(?i)\b(gebiet|ags|ars|gkz|agr|rs|kennziffer|schl(ü|ue)ssel\w*|schl|nummer|kreis-?nr|gem(einde)?-?(nr|kennziffer))\b"
    r"|schl(ü|ue)ssel|^\d_.*(code|Code)$|^schl\."
)
NAMENSWORT = re.compile(
    r"(?i)gebiet|gemeinde|kreis|stadt|region|\bort\b|\bamt\b|kommune|raumeinheit|name|land"
)
ZEITWORT = re.compile(
    r"(?i)^(bezugs|berichts|kalender|haushalts|erhebungs|kita-?|kindergarten|schul|wahl|daten)?-?jahre?\b|^(zeit"
    r"|zeitraum|zeitpunkt|zeitstempel|time(stamp)?|date|year|datum|stichtag|tag|(bezugs|berichts)?(monat|quartal|zeitraum|zeit)|periode)\b"
)
FREMDZEIT = re.compile(
    r"(?i)gebietsstand|^stand|\bstand\b|abruf|erstell|©|lizen|grenzen|zuordnung|export|druck|zensus|basis|\bgültig"
    r"|\bgueltig|aktualis|ver(ö|oe)ffentlich|redaktion|ausgabe|erschien"
)
KEIN_WERT = re.compile(
    r"(?i)\bplz\b|postleit|\blon\b|\blat\b|l(ä|ae)ngengrad|breitengrad|koordinat|schl(ü|ue)ssel|telefon|lfd|^nr\.?$|nuts|^id$|_id$"
    r"|_roh$|satz-?art|kenn-?zeichen|^rang"
)
BEIWERK = re.compile(
    r"(?i)quelle|anmerkung|bemerkung|hinweis|fu(ß|ss)note|kommentar|gebietsstand|^stand|basis"
)
ALTERWORT = re.compile(
    r"(?i)alter|jahrgang|klasse|stufe|\bvon\b|\bbis\b|_von|_bis|gruppe|code|monat|gr(ö|oe)(ß|ss)e"
)
GLIEDERUNG = re.compile(
    r"(?i)^(alter|altersjahre?|lebensjahre?|pflegegrad|klassenstufe|jahrgangsstufe)$|(^|[_ ])(von|bis)$"
)
GROESSENWORT = re.compile(
    r"(?i)^(indikator|kennzahl|merkmal|messgr(ö|oe)(ß|ss)e|variable|item|gr(ö|oe)(ß|ss)e)$"
)
EINHEITSWORT = re.compile(r"(?i)^(ma(ß|ss))?einheit(en)?$|^unit$|_unit$")
WERTWORT = re.compile(r"(?i)^(wert|value|anzahl|zahl|betrag|n)$")
JAHR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
KOPFJAHR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d(?!\)))")
"""auch mit Fußnote: „20241)“"""
VORLAEUFIG = re.compile(r"(?i)(19|20)\d{2}\s*(\(?\s*(vorl\w*\.?|p|gesch\w*\.?|berichtigt|r)\s*\)?|\*)?")
GESAMT = re.compile(
    r"(?i)^(insgesamt|gesamt|summe|gesamt(summe|ergebnis)|kreis|landkreis|kreis(gebiet)? (insgesamt|gesamt)"
    r"|(land)?kreis:? (insgesamt|gesamt)|zusammen|total)[.:]?$"
)
EINHEITEN = frozenset({"anzahl", "prozent", "%", "personen", "eur", "euro", "tsd. eur", "qkm", "km²", "ha"})
_TITELZEIT = (
    r"\d{1,2}\.\s?\d{1,2}\.\s?(?:19|20)\d{2}",
    r"\d{1,2}\.\s?(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)"
    r"\s(?:19|20)\d{2}",
    r"(?:Schuljahr|SJ)\s(?:19|20)\d{2}/\d{2,4}",
    r"(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\s(?:19|20)\d{2}",
    r"[1-4]\.\s?Quartal\s(?:19|20)\d{2}",
    r"(?<!\d)(?:19|20)\d{2}(?![\d/])",
)


STRICHE = ("-", "–", "\u2212", "—", "--")
KLARE = re.compile(
    r"(?i)k\.? ?a\.?|keine angaben?|n\.? ?v\.?|n\. ?a\.|n/a|nicht (verfügbar|bekannt|erhoben)|unbekannt"
    r"|keine daten|#nv|#n/a|na|nan|null|none"
)
"""was nur „nicht bekannt“ heißen kann"""


def trenner(zeilen: Sequence[str]) -> str:
    """Das Trennzeichen, mit dem die meisten Zeilen gleich viele Felder haben, möglichst schon die erste.

    Anführungszeichen mitten in Feldern sprechen dagegen: dort wurde in einem Text getrennt.
    """
    bester, guete = ";", 0.0
    for zeichen in ";\t|,":
        try:
            felder = [f for f in csv.reader(zeilen, delimiter=zeichen) if any(t.strip() for t in f)]
        except csv.Error:
            continue
        haeufig = Counter(len(f) for f in felder if len(f) > 1).most_common(1)
        if not haeufig:
            continue
        zerrissen = sum(any('"' in t for t in f) for f in felder)
        anteil = (haeufig[0][1] - zerrissen) / len(felder) + 0.5 * (len(felder[0]) == haeufig[0][0])
        if anteil > guete + 0.2:
            bester, guete = zeichen, anteil
    return bester


_UMLAUTE = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "²": "2", "%": " prozent "})


def bezeichner(text: str) -> str:
    """Ein Name für Messgröße oder Merkmal aus einem Kopftext: ``Bevölkerung (Anzahl)`` → ``bevoelkerung``."""
    kurz = re.sub(r"\(([^)]*)\)", lambda m: "" if m[1].casefold() in EINHEITEN else m[1], text)
    kurz = re.sub(r"(?<=\w)-\s+(?=[a-zäöü])", "", kurz)
    kurz = re.sub(r"(\d\)|[¹²³])+$", "", kurz.strip())
    name = re.sub(r"[^a-z0-9]+", "_", kurz.casefold().translate(_UMLAUTE)).strip("_")
    return f"g_{name}" if name[:1].isdigit() else name[:60].rstrip("_")


def titel_der_spalte(name: str) -> str:
    """Der sprechende Teil eines GENESIS-Spaltennamens: ``BEV__Insgesamt__Anzahl`` → ``Insgesamt``."""
    teile_ = [t for t in name.split("__") if t]
    return teile_[1] if len(teile_) > 1 else name


def anteil_von(werte: Sequence[str], probe: Callable[[str], bool]) -> float:
    """Welcher Anteil der gefüllten Texte die Probe besteht."""
    gefuellt = [w for w in werte if w]
    return sum(map(probe, gefuellt)) / len(gefuellt) if gefuellt else 0.0


@lru_cache(maxsize=100_000)
def ist_zeit(text: str) -> bool:
    """Ob der Text allein eine Zeit nennt: Jahr, Tag, Monat, Quartal, Schuljahr."""
    try:
        lies_zeit(text)
    except ValueError:
        return False
    return not text.isdigit() or (len(text) == 4 and 1800 <= int(text) <= 2100) or len(text) in {6, 8}


def ist_jahresteil(text: str) -> bool:
    """Ein Monat oder Quartal ohne Jahr: „Januar“, „1. Quartal“."""
    return bool(text) and not text.isdigit() and ist_zeit(verbinde_zeit("2020", text))


ROEMISCH = frozenset({"I", "II", "III", "IV"})


PERIODEN = {"monat": 12, "quartal": 4}
"""Kopftext → so weit zählt eine Spalte, die nur Nummern hat."""


@lru_cache(maxsize=100_000)
def ist_zahl(text: str) -> bool:
    """Ob der Text eine Zahl ist, auch mit Vorzeichen, Klammern oder Anhängsel."""
    return bool(_ZAHL.fullmatch(text))


def zeit_im_text(texte: Sequence[str], *, nur_jahr: bool) -> tuple[str, set[str]]:
    """Das genaueste Muster, das etwas findet, und alles, was es findet."""
    for muster in _TITELZEIT[-1:] if nur_jahr else _TITELZEIT:
        if treffer := {m for t in texte for m in re.findall(muster, t)}:
            jahre = {j for t in texte for j in JAHR.findall(t)}
            return muster, treffer if len(jahre) <= 1 else jahre
    return "", set()


def zeit_aus_blattnamen(namen: Sequence[str], dazu: Mapping[str, Any]) -> dict[str, Any]:
    """Die Zeit, wenn jeder Blattname eine andere nennt; die genaueste gilt."""
    for muster in () if dazu else _TITELZEIT[:-1]:
        zeiten = [re.findall(muster, n) for n in namen]
        if all(len(z) == 1 for z in zeiten) and len(set(map(tuple, zeiten))) == len(zeiten):
            return {"zeit": {"blattname": f"({muster})"}}
    jahre = [JAHR.findall(n) for n in namen]
    if all(len(j) == 1 for j in jahre) and len(set(map(tuple, jahre))) == len(jahre):
        return {"zeit": {"blattname": JAHR.pattern, **(dazu or {"art": "jahr"})}}
    return {}


def hat_ziffer(text: str) -> bool:
    """Ob eine Ziffer darin steht."""
    return any(map(str.isdecimal, text))


def ist_wertartig(text: str) -> bool:
    """Eine Zahl mit Zusatz: „12 Kinder“, „ca. 5“, „>10“, „98'861“."""
    return bool(_WERTARTIG.match(text)) and not ist_zeit(text)


def form_der_zahlen(zahlen: Collection[str]) -> str:
    """Die Zahlform, die aus diesen Texten sicher folgt; leer, wenn keine oder mehrere."""

    def hat(muster: str) -> bool:
        return any(re.fullmatch(muster, z) for z in zahlen)

    if hat(r"\d{1,3}(['’]\d{3})+(\.\d+)?"):
        return "schweizerisch"
    komma = hat(r"(?![1-9]\d{0,2},\d{3}$)\d+,\d+")
    punkt = hat(r"(?![1-9]\d{0,2}\.\d{3}$)\d+\.\d+")
    punkte = hat(r"\d{1,3}(\.\d{3}){2,}(,\d+)?") or hat(r"\d{1,3}(\.\d{3})+,\d+")
    kommas = hat(r"\d{1,3}(,\d{3}){2,}(\.\d+)?") or hat(r"\d{1,3}(,\d{3})+\.\d+")
    deutsch, englisch = komma or punkte, punkt or kommas
    if deutsch == englisch:
        return ""
    return "deutsch" if deutsch else "englisch" if kommas or hat(r"[1-9]\d{0,2},\d{3}") else "schlicht"


def tausend_oder_bruch(texte: Collection[str]) -> str:
    """Eine Zahl der Spalte, wenn jeder Punkt ein Tausenderpunkt sein kann; sonst leer."""
    mit_punkt = sorted(t for t in texte if "." in t and any(map(str.isdigit, t)))
    return mit_punkt[0] if mit_punkt and all(re.fullmatch(_TAUSENDER, t) for t in mit_punkt) else ""


def merkmalname(kopf: str, j: int, vergeben: Mapping[str, Any]) -> str:
    """Ein freier Name für das Merkmal der Spalte ``j``."""
    name = bezeichner(kopf.rsplit(" | ", maxsplit=1)[-1]) or f"merkmal_{j + 1}"
    return freier_name(f"angabe_{name}" if name in BELEGT else name, vergeben)


def freier_name(name: str, vergeben: Mapping[str, Any]) -> str:
    """Der Name, wenn nötig mit einer Nummer."""
    if name not in vergeben:
        return name
    return next(f"{name}_{n}" for n in range(2, 10_000) if f"{name}_{n}" not in vergeben)


def bestimmt(eins: Sequence[Any], zwei: Sequence[Any]) -> bool:
    """Ob zu jedem aus ``eins`` immer dasselbe aus ``zwei`` gehört."""
    bekannt: dict[Any, Any] = {}
    return all(bekannt.setdefault(a, b) == b for a, b in zip(eins, zwei, strict=True))


def ist_zaehlung(texte: Sequence[str]) -> bool:
    """Eine Zeile, die nur die Spalten zählt: 1, 2, 3 …"""
    zahlen = [t.strip("()") for t in texte]
    return (
        all(z.isdecimal() for z in zahlen)
        and int(zahlen[0]) < 3
        and [int(z) for z in zahlen] == list(range(int(zahlen[0]), int(zahlen[0]) + len(zahlen)))
    )
