"""YAML-Dateien lesen: jede Angabe mit Zeile, alle Fehler auf einmal und auf Deutsch.

``lade_yaml(pfad, modell, projekt)`` ist der eine Weg, auf dem Beschreibungen (Quellen, Kennzahlen,
Gebiete, Berichte) ins Programm kommen. Strenger als YAML 1.1: ``01001`` bleibt Text, ``no`` und
``on`` bleiben Text, Datumsangaben bleiben Text (das Modell wandelt sie), doppelte Schlüssel und
Verweise (``&``, ``*``) sind Fehler. Gebaut wird aus den Ereignissen des Zerlegers, ohne Rekursion.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar, get_args, get_origin

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationError
from pydantic_core import ErrorDetails

from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, aufgezaehlt, meinten
from berichtswerk.grund.projekt import HINAUF, PfadFremd, PfadVerwehrt, Projekt, unzulaessig

Pfadteil = str | int
Pfad = tuple[Pfadteil, ...]
M = TypeVar("M", bound=BaseModel)

GRENZE_BYTES = 8_000_000
"""Größer ist keine Beschreibung; es ist wohl eine Datendatei."""
TIEFE = 60
"""So viele Ebenen darf eine Beschreibung haben."""
GRUENDLICH = 200_000
"""Bis zu so vielen Zeichen sucht der langsame, genauere Zerleger die Stelle eines Fehlers."""
HOECHSTENS = 50
"""So viele Verstöße einer Datei werden einzeln genannt."""


class YamlFehlt(Befundart):
    text = "Die Datei gibt es nicht."
    abhilfe = "Prüfen Sie Name und Ordner; Groß- und Kleinschreibung zählt."


class YamlZuGross(Befundart):
    text = "Die Datei ist größer als {grenze} MB."
    ursache = "Eine Beschreibung ist nie so groß; hier liegt wohl eine Datendatei."
    abhilfe = "Legen Sie Datendateien in daten/dateien/ ab."


class YamlKodierung(Befundart):
    text = "Die Datei ist nicht in UTF-8 gespeichert."
    ursache = "Das Byte 0x{byte:02X} ist in UTF-8 an dieser Stelle nicht möglich."
    abhilfe = "Speichern Sie die Datei im Editor mit der Kodierung UTF-8."


class YamlLeer(Befundart):
    text = "Die Datei ist leer."
    abhilfe = "Kopieren Sie eine vorhandene Beschreibung desselben Ordners und passen Sie sie an."


class YamlAufbau(Befundart):
    text = "Die Datei enthält keine Angaben der Form „schluessel: wert“."
    abhilfe = "Schreiben Sie je Zeile Schlüssel, Doppelpunkt, Leerzeichen, Wert."


class YamlVerweis(Befundart):
    text = "Verweise innerhalb der Datei (& und *) werden nicht unterstützt."
    abhilfe = "Schreiben Sie die Angaben an beiden Stellen aus."


class YamlSchluessel(Befundart):
    text = "Ein Schlüssel muss ein einfacher Text sein."
    abhilfe = "Setzen Sie den Schlüssel in Anführungszeichen."


class YamlSchluesselDoppelt(Befundart):
    text = "Der Schlüssel „{name}“ steht zweimal."
    ursache = "Er steht schon in Zeile {bisher}; nur eine Angabe kann gelten."
    abhilfe = "Löschen Sie eine der beiden Angaben."


class YamlZuTief(Befundart):
    text = "Die Angaben sind mehr als {tiefe} Ebenen tief ineinander geschachtelt."
    ursache = "Keine Beschreibung braucht so viele; meist fehlen schließende Klammern ] oder }}."
    abhilfe = "Prüfen Sie diese und die Zeile davor auf Klammern und Einrückung."


class YamlUngueltig(Befundart):
    text = "Die Datei ist kein gültiges YAML."
    ursache = "{grund}"
    abhilfe = (
        "Prüfen Sie diese und die Zeile davor: Einrückung mit Leerzeichen, „schluessel: wert“, Texte mit "
        "Sonderzeichen in Anführungszeichen."
    )


class YamlSchluesselUnbekannt(Befundart):
    text = "Den Schlüssel „{name}“ gibt es hier nicht."
    abhilfe = "{meinten}{moeglich}"


class YamlAngabeFehlt(Befundart):
    text = "Die Angabe „{name}“ fehlt."
    ursache = "Sie ist hier Pflicht."
    abhilfe = "Ergänzen Sie „{name}: …“."


class YamlWertUnbekannt(Befundart):
    text = "„{gegeben}“ ist hier nicht möglich."
    abhilfe = "{meinten}Möglich sind: {moeglich}."


class YamlWertFalsch(Befundart):
    text = "{erwartet}"
    ursache = "Gegeben ist {gegeben}."
    abhilfe = "Berichtigen Sie die Angabe."


class YamlAngabeUnstimmig(YamlWertFalsch):
    ursache = ""
    abhilfe = "{hilfe}"


class YamlWeitere(Befundart):
    text = "Dazu {anzahl} weitere Befunde in dieser Datei."
    abhilfe = "Berichtigen Sie zuerst die genannten; oft ist die Datei gar keine Beschreibung."


def _sicherer_pfad(text: str) -> str:
    """Nur der Wortlaut; Verknüpfungen prüft, wer liest."""
    if grund := unzulaessig(text) or (".." in text.split("/") and HINAUF):
        raise PfadVerwehrt(text, grund, "daten/")
    return text


Dateipfad = Annotated[str, AfterValidator(_sicherer_pfad)]
"""Eine Datei ab ``daten/``, wie Beschreibungen sie nennen."""


class YamlModell(BaseModel):
    """Grundlage aller Modelle für YAML-Dateien: unbekannte Schlüssel sind Fehler, Werte unveränderlich."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


@dataclass(frozen=True)
class YamlDokument:
    """Ein gelesenes YAML-Dokument: Inhalt (nicht verändern) und die Zeile jeder Angabe."""

    datei: str
    daten: Any
    zeilen: dict[Pfad, int] = field(default_factory=dict)
    _geprueft: dict[type[BaseModel], BaseModel] = field(default_factory=dict, repr=False, compare=False)

    def zeile(self, *pfad: Pfadteil) -> int:
        """Zeile (ab 1) der Angabe; ist sie nicht da, die der nächsten Ebene darüber."""
        for laenge in range(len(pfad), 0, -1):
            if pfad[:laenge] in self.zeilen:
                return self.zeilen[pfad[:laenge]]
        return 1

    def melde(self, art: type[Befundart], *pfad: Pfadteil, **angaben: Any) -> Meldung:
        """Eine Meldung dieser Art zu der Angabe unter ``pfad``, mit Datei, Zeile und Feld."""
        ort, feld = f"Zeile {self.zeile(*pfad)}", ".".join(map(str, pfad))
        return art.melde(datei=self.datei, ort=ort, feld=feld, **angaben)

    def als(self, modell: type[M]) -> M:
        """Prüft den Inhalt gegen ``modell``, beim zweiten Mal aus dem Gedächtnis.

        Raises:
            BerichtswerkFehler: mit einer Meldung je Verstoß.
        """
        bekannt = self._geprueft.get(modell)
        if isinstance(bekannt, modell):
            return bekannt
        try:
            inhalt = modell.model_validate(self.daten)
        except ValidationError as fehler:
            raise BerichtswerkFehler(meldungen_aus(fehler, modell, self)) from None
        self._geprueft[modell] = inhalt
        return inhalt


def lade_yaml(pfad: Path, modell: type[M], projekt: Projekt) -> M:
    """Liest ``pfad`` und prüft gegen ``modell``.

    Raises:
        BerichtswerkFehler: Datei fehlt, ist kein gültiges YAML oder passt nicht zum Modell.
    """
    return lies_yaml(pfad, projekt).als(modell)


def lies_yaml(pfad: Path, projekt: Projekt) -> YamlDokument:
    """Liest eine YAML-Datei mit Zeilenangaben, noch ohne Modell.

    Raises:
        BerichtswerkFehler: Datei fehlt, falsche Kodierung, ungültiges YAML, doppelte Schlüssel, Verweise.
    """
    datei = projekt.relativ(pfad)
    return zerlege_yaml(_text(pfad, datei), datei)


def lies_falls_da(pfad: Path, projekt: Projekt) -> YamlDokument | None:
    """Wie :func:`lies_yaml`; ``None``, wenn es die Datei nicht gibt.

    Auch der vergebliche Versuch steht in der Spur eines Laufs: legt jemand sie an, gilt er nicht mehr.
    """
    try:
        pfad.open("rb").close()
    except FileNotFoundError:
        return None
    return lies_yaml(pfad, projekt)


class _Ausgeschrieben(yaml.SafeDumper):
    """Schreibt gleiche Werte aus, statt auf den ersten zu verweisen: das liest sich und liest jeder."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def als_yaml(daten: Any, breite: int = 100) -> str:
    """Daten als YAML in ihrer Reihenfolge, wie diese Leser es verstehen."""
    return yaml.dump(daten, Dumper=_Ausgeschrieben, allow_unicode=True, sort_keys=False, width=breite)


@lru_cache(maxsize=2048)
def zerlege_yaml(text: str, datei: str) -> YamlDokument:
    """Zerlegt YAML-Text; ``datei`` steht in den Meldungen.

    Wer denselben Text noch einmal zerlegt, auch in einem abgezweigten Prozess, bekommt dasselbe Dokument;
    was das Modell schon geprüft hat, gilt dann auch. Fehler merkt sich niemand.
    """
    try:
        return _baue(text, datei, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as fehler:
        if len(text) > GRUENDLICH:
            raise BerichtswerkFehler(_ungueltig(fehler, datei, text)) from None
    try:
        return _baue(text, datei, yaml.SafeLoader)  # nennt Stelle und Grund genauer
    except yaml.YAMLError as fehler:
        raise BerichtswerkFehler(_ungueltig(fehler, datei, text)) from None


def _text(pfad: Path, datei: str) -> str:
    if not pfad.is_file():
        raise BerichtswerkFehler(YamlFehlt.melde(datei=datei))
    if pfad.stat().st_size > GRENZE_BYTES:
        raise BerichtswerkFehler(YamlZuGross.melde(datei=datei, grenze=GRENZE_BYTES // 1_000_000))
    roh = pfad.read_bytes()
    try:
        return roh.decode("utf-8-sig")
    except UnicodeDecodeError as fehler:
        zeile = roh.count(b"\n", 0, fehler.start) + 1
        befund = YamlKodierung.melde(datei=datei, ort=f"Zeile {zeile}", byte=roh[fehler.start])
        raise BerichtswerkFehler(befund) from None


def _baue(text: str, datei: str, zerleger: Any) -> YamlDokument:
    bau = _Bau(datei)
    for ereignis in yaml.parse(text, Loader=zerleger):
        bau.nimm(ereignis)
    if bau.befunde:
        raise BerichtswerkFehler(bau.befunde)
    if not bau.dokumente:
        raise BerichtswerkFehler(YamlLeer.melde(datei=datei, ort="Zeile 1"))
    if not isinstance(bau.inhalt, dict):
        raise BerichtswerkFehler(YamlAufbau.melde(datei=datei, ort="Zeile 1"))
    return YamlDokument(datei, bau.inhalt, bau.zeilen)


_OFFEN, _WEG = object(), object()
"""Statt eines Schlüssels: er kommt erst noch; der Wert zu ihm zählt nicht."""


@dataclass(slots=True)
class _Ebene:
    """Eine Liste oder Gruppe, die gerade gefüllt wird; ohne ``pfad`` zählt sie nicht."""

    inhalt: dict[Any, Any] | list[Any]
    pfad: Pfad | None
    schluessel: Any = _OFFEN
    teil: Pfadteil = ""
    """der Schlüssel, wie er im Pfad steht"""
    bisher: dict[str, int] = field(default_factory=dict)


class _Bau:
    """Setzt die Ereignisse des Zerlegers zu Inhalt, Zeilen und Befunden zusammen."""

    def __init__(self, datei: str) -> None:
        self.datei = datei
        self.inhalt: Any = None
        self.zeilen: dict[Pfad, int] = {}
        self.befunde: list[Meldung] = []
        self.dokumente = 0
        self._stapel: list[_Ebene] = []
        self._anker: set[str] = set()

    def nimm(self, ereignis: Any) -> None:
        """Nimmt das nächste Ereignis auf."""
        if isinstance(ereignis, yaml.ScalarEvent | yaml.CollectionStartEvent) and ereignis.anchor:
            self._anker.add(ereignis.anchor)
        if isinstance(ereignis, yaml.ScalarEvent):
            self._setze(_deute(ereignis), ereignis)
        elif isinstance(ereignis, yaml.CollectionStartEvent):
            self._oeffne(ereignis)
        elif isinstance(ereignis, yaml.CollectionEndEvent):
            self._stapel.pop()
        elif isinstance(ereignis, yaml.AliasEvent):
            if ereignis.anchor not in self._anker:
                raise _kein_yaml("found undefined alias", ereignis)
            pfad = self._setze(None, ereignis)
            self._melde(YamlVerweis, ereignis, ".".join(map(str, pfad or ())))
        elif isinstance(ereignis, yaml.DocumentStartEvent):
            self.dokumente += 1
            if self.dokumente > 1:
                raise _kein_yaml("expected a single document", ereignis)

    def _oeffne(self, ereignis: Any) -> None:
        if ereignis.tag not in {None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}:
            raise _kein_yaml("could not determine a constructor", ereignis)
        if len(self._stapel) >= TIEFE:
            raise BerichtswerkFehler(
                YamlZuTief.melde(datei=self.datei, ort=f"Zeile {ereignis.start_mark.line + 1}", tiefe=TIEFE)
            )
        neu: dict[Any, Any] | list[Any] = {} if isinstance(ereignis, yaml.MappingStartEvent) else []
        self._stapel.append(_Ebene(neu, self._setze(neu, ereignis)))

    def _setze(self, wert: Any, ereignis: Any) -> Pfad | None:
        """Legt einen Wert an seinen Platz oder nimmt ihn als Schlüssel; gibt seinen Pfad, wenn er zählt."""
        zeile = ereignis.start_mark.line + 1
        if not self._stapel:
            self.inhalt, self.zeilen[()] = wert, zeile
            return ()
        oben = self._stapel[-1]
        if isinstance(oben.inhalt, list):
            pfad = None if oben.pfad is None else (*oben.pfad, len(oben.inhalt))
            oben.inhalt.append(wert)
        elif oben.schluessel is _OFFEN:
            self._nimm_schluessel(oben, wert, ereignis, zeile)
            return None
        else:
            schluessel, oben.schluessel = oben.schluessel, _OFFEN
            if schluessel is _WEG or oben.pfad is None:
                return None
            oben.inhalt[schluessel] = wert
            pfad = (*oben.pfad, oben.teil)
        if pfad is not None:
            self.zeilen.setdefault(pfad, zeile)
        return pfad

    def _nimm_schluessel(self, oben: _Ebene, wert: Any, ereignis: Any, zeile: int) -> None:
        oben.schluessel = _WEG
        if oben.pfad is None:
            return
        if not isinstance(ereignis, yaml.ScalarEvent):
            self._melde(YamlSchluessel, ereignis, "")
            return
        name = ereignis.value
        teil = wert if type(wert) is int else name
        if name in oben.bisher:
            feld = ".".join(map(str, (*oben.pfad, teil)))
            self._melde(YamlSchluesselDoppelt, ereignis, feld, name=name, bisher=oben.bisher[name])
            return
        oben.schluessel, oben.teil, oben.bisher[name] = wert, teil, zeile
        self.zeilen[(*oben.pfad, teil)] = zeile

    def _melde(self, art: type[Befundart], ereignis: Any, feld: str, **angaben: Any) -> None:
        ort = f"Zeile {ereignis.start_mark.line + 1}"
        self.befunde.append(art.melde(datei=self.datei, ort=ort, feld=feld, **angaben))


_GANZ = re.compile(r"-?(0|[1-9][0-9]{0,17})")
_KOMMA = re.compile(r"-?[0-9]+\.[0-9]+([eE][+-]?[0-9]+)?")
_WORTE: dict[str, bool | None] = {
    "true": True, "True": True, "false": False, "False": False, "~": None, "null": None, "": None,
}  # fmt: skip


def _deute(ereignis: Any) -> Any:
    """Zahlen, true/false und null, wenn sie ohne Anführungszeichen stehen; sonst Text."""
    text: str = ereignis.value
    if ereignis.tag not in {None, "!", "tag:yaml.org,2002:str"}:
        raise _kein_yaml("could not determine a constructor", ereignis)
    if ereignis.tag is not None or not ereignis.implicit[0]:
        return text
    if text in _WORTE:
        return _WORTE[text]
    if text[0] in "-0123456789":
        if _GANZ.fullmatch(text):
            return int(text)
        if _KOMMA.fullmatch(text):
            return float(text)
    return text


def _kein_yaml(grund: str, ereignis: Any) -> yaml.YAMLError:
    return yaml.MarkedYAMLError(problem=grund, problem_mark=ereignis.start_mark)


_GRUENDE = (
    ("found character '\\t'", "Zum Einrücken steht ein Tabulator; YAML erlaubt nur Leerzeichen."),
    ("mapping values are not allowed", "Hier steht ein Doppelpunkt, wo keiner sein darf; oft fehlt das "
     "Anführungszeichen um einen Text mit Doppelpunkt, oder die Zeile davor ist anders eingerückt."),
    ("could not find expected ':'", "Hinter einem Schlüssel fehlt der Doppelpunkt."),
    ("expected <block end>", "Die Einrückung passt nicht zu den Zeilen darüber."),
    ("while scanning a quoted scalar", "Ein Anführungszeichen wird nicht geschlossen."),
    ("expected ',' or ']'", "Eine Liste mit [ wird nicht geschlossen oder ein Komma fehlt."),
    ("expected ',' or '}'", "Eine Gruppe mit { wird nicht geschlossen oder ein Komma fehlt."),
    ("found undefined alias", "Ein Text beginnt mit *; so ein Text braucht Anführungszeichen."),
    ("could not determine a constructor", "Ein Text beginnt mit !; so ein Text braucht Anführungszeichen."),
    ("cannot start any token", "Ein Text beginnt mit einem Sonderzeichen (@, `, %, Tabulator); er braucht "
     "Anführungszeichen."),
    ("expected a single document", "In der Datei stehen mehrere Dokumente (---); erlaubt ist eines."),
    ("special characters are not allowed", "Die Datei enthält ein unsichtbares Steuerzeichen."),
    ("unacceptable character", "Die Datei enthält ein unsichtbares Steuerzeichen."),
)  # fmt: skip


def _ungueltig(fehler: yaml.YAMLError, datei: str, text: str) -> Meldung:
    englisch = str(fehler)
    stelle = getattr(fehler, "problem_mark", None) or getattr(fehler, "context_mark", None)
    zeile, spalte = (stelle.line + 1, stelle.column + 1) if stelle else (1, 1)
    if stelle is None and isinstance(position := getattr(fehler, "position", None), int):
        zeile, spalte = text.count("\n", 0, position) + 1, 1
    grund = next((deutsch for teil, deutsch in _GRUENDE if teil in englisch), "")
    return YamlUngueltig.melde(
        datei=datei, ort=f"Zeile {zeile}, Spalte {spalte}",
        grund=grund or "Die Schreibweise ist an dieser Stelle nicht erlaubt.",
    )  # fmt: skip


_ARTEN = {
    "Hier wird ein Text erwartet.": "string_type",
    "Hier wird eine ganze Zahl erwartet.": "int_type int_parsing int_from_float",
    "Hier wird eine Zahl erwartet (mit Punkt als Dezimalzeichen).": (
        "float_type float_parsing decimal_type decimal_parsing"
    ),
    "Hier wird true oder false erwartet.": "bool_type bool_parsing",
    "Hier wird eine Liste erwartet.": "list_type tuple_type set_type frozen_set_type",
    "Hier werden eingerückte Angaben „schluessel: wert“ erwartet.": (
        "dict_type mapping_type model_type model_attributes_type"
    ),
    "Hier wird ein Datum erwartet (JJJJ-MM-TT).": (
        "date_type date_parsing date_from_datetime_parsing date_from_datetime_inexact"
    ),
    "Die Liste hat zu wenige Einträge.": "too_short",
    "Die Liste hat zu viele Einträge.": "too_long",
    "Der Text ist zu kurz oder leer.": "string_too_short",
    "Der Text hat nicht die verlangte Form ({pattern}).": "string_pattern_mismatch",
    "Die Zahl muss größer als {gt} sein.": "greater_than",
    "Die Zahl muss mindestens {ge} sein.": "greater_than_equal",
    "Die Zahl muss kleiner als {lt} sein.": "less_than",
    "Die Zahl darf höchstens {le} sein.": "less_than_equal",
    "Die Zahl muss endlich sein.": "finite_number",
}
_TEXTE = {art: text for text, arten in _ARTEN.items() for art in arten.split()}
"""Art eines Verstoßes bei pydantic → was erwartet wird."""


def meldungen_aus(fehler: ValidationError, modell: type[BaseModel], dokument: YamlDokument) -> list[Meldung]:
    """Je Verstoß eine Meldung, in der Reihenfolge der Zeilen; Gleiches nur einmal."""
    alle = [(_pfad(e, dokument.daten), e) for e in fehler.errors(include_url=False)]
    alle.sort(key=lambda paar: dokument.zeile(*paar[0]))
    befunde: dict[tuple[str, str, str], Meldung] = {}
    for nummer, (pfad, einzeln) in enumerate(alle):
        if len(befunde) == HOECHSTENS:
            weitere = YamlWeitere.melde(datei=dokument.datei, anzahl=len(alle) - nummer)
            return [*befunde.values(), weitere]
        meldung = _meldung(einzeln, pfad, modell, dokument)
        befunde.setdefault((meldung.ort, meldung.feld, meldung.text), meldung)
    return list(befunde.values())


def _meldung(einzeln: ErrorDetails, pfad: Pfad, modell: type[BaseModel], dokument: YamlDokument) -> Meldung:
    art, kontext = einzeln["type"], einzeln.get("ctx", {})
    name = str(pfad[-1]) if pfad else ""
    if art == "extra_forbidden":
        bekannt = felder_an(modell, tuple(einzeln["loc"][:-1]))
        moeglich = f"Möglich sind hier: {aufgezaehlt(bekannt, 40)}." if bekannt else ""
        angaben = {"name": name, "meinten": meinten(name, bekannt), "moeglich": moeglich}
        return dokument.melde(YamlSchluesselUnbekannt, *pfad, **angaben)
    if art in {"missing", "union_tag_not_found"}:
        name = str(kontext["discriminator"]).strip("'") if "discriminator" in kontext else name
        return dokument.melde(YamlAngabeFehlt, *pfad, name=name)
    if art in {"literal_error", "enum", "union_tag_invalid"}:
        erlaubt = _erlaubt(str(kontext.get("expected") or kontext.get("expected_tags") or ""))
        gegeben = str(kontext.get("tag", einzeln["input"]))
        angaben = {"meinten": meinten(gegeben, erlaubt), "moeglich": aufgezaehlt(erlaubt, 40)}
        return dokument.melde(YamlWertUnbekannt, *pfad, gegeben=gegeben, **angaben)
    if isinstance(fehler := kontext.get("error"), PfadVerwehrt):
        return dokument.melde(PfadFremd, *pfad, **fehler.angaben)
    if art in {"value_error", "assertion_error"}:
        eigener, _, hilfe = str(kontext.get("error", einzeln["msg"])).partition(" || ")
        return dokument.melde(YamlAngabeUnstimmig, *pfad, erwartet=eigener, hilfe=hilfe)
    erwartet = _TEXTE.get(art, "Der Wert passt hier nicht.").format(**kontext)
    return dokument.melde(YamlWertFalsch, *pfad, erwartet=erwartet, gegeben=_kurz(einzeln["input"]))


def _kurz(wert: object) -> str:
    if wert is None:
        return "nichts (der Wert hinter dem Doppelpunkt fehlt)"
    if isinstance(wert, dict):
        return "eine Gruppe von Angaben"
    if isinstance(wert, list | tuple):
        return "eine Liste"
    if isinstance(wert, bool):
        return f"„{str(wert).lower()}“"
    text = str(wert)
    return f"„{text if len(text) <= 60 else text[:57] + '…'}“"


def _erlaubt(erwartet: str) -> list[str]:
    """Aus „'a', 'b' or 'c'“ die Liste der Namen."""
    return [teil.strip().strip("'") for teil in erwartet.replace(" or ", ", ").split(",") if teil.strip()]


def _pfad(einzeln: ErrorDetails, daten: Any) -> Pfad:
    """Führt den Ort aus pydantic auf die YAML-Angaben zurück: Namen von Modellzweigen fallen weg."""
    pfad: list[Pfadteil] = []
    hier, ort = daten, einzeln["loc"]
    for nummer, teil in enumerate(ort):
        if _enthaelt(hier, teil):
            hier = hier[teil]
            pfad.append(teil)
        elif nummer == len(ort) - 1 and einzeln["type"] == "missing":
            pfad.append(teil)
    if einzeln["type"] == "union_tag_invalid":
        pfad.append(str(einzeln.get("ctx", {}).get("discriminator", "")).strip("'"))
    return tuple(pfad)


def _enthaelt(daten: Any, teil: Pfadteil) -> bool:
    if isinstance(daten, list):
        return isinstance(teil, int) and teil < len(daten)
    return isinstance(daten, dict) and teil in daten


def felder_an(modell: type[BaseModel], ort: tuple[int | str, ...]) -> list[str]:
    """Namen der Angaben, die das Modell an ``ort`` kennt (für „Meinten Sie …“)."""
    hier: list[type[BaseModel]] = [modell]
    for teil in ort:
        naechste = [
            m for kandidat in hier if teil in kandidat.model_fields
            for m in _modelle(kandidat.model_fields[str(teil)].annotation)
        ]  # fmt: skip
        if naechste:
            hier = naechste
        elif zweig := [k for k in hier if _traegt(k, teil)]:
            hier = zweig
    return sorted({feld.alias or name for k in hier for name, feld in k.model_fields.items()})


def _traegt(modell: type[BaseModel], marke: int | str) -> bool:
    """Ob das Modell dieser Zweig einer Auswahl ist: nach Klassenname oder festem Wert eines Feldes."""
    if modell.__name__ == marke:
        return True
    typen = [feld.annotation for feld in modell.model_fields.values()]
    return any(get_origin(typ) is Literal and marke in get_args(typ) for typ in typen)


def _modelle(typ: Any) -> Iterator[type[BaseModel]]:
    """Alle Modelle, die in einer Typangabe vorkommen."""
    if isinstance(typ, type) and issubclass(typ, BaseModel):
        yield typ
    for teil in get_args(typ):
        yield from _modelle(teil)
