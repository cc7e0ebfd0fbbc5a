"""Verstöße gegen ein pydantic-Modell als deutsche Meldungen mit Datei, Zeile und Feld."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from berichtswerk.grund.aehnlich import aehnliche, aufgezaehlt
from berichtswerk.grund.meldung import Befundart, Meldung

if TYPE_CHECKING:
    from berichtswerk.grund.yamldatei import Pfad, Pfadteil, YamlDokument

_TEXTE = {
    "string_type": "Hier wird ein Text erwartet.",
    "int_type": "Hier wird eine ganze Zahl erwartet.",
    "int_parsing": "Hier wird eine ganze Zahl erwartet.",
    "int_from_float": "Hier wird eine ganze Zahl erwartet.",
    "float_type": "Hier wird eine Zahl erwartet (mit Punkt als Dezimalzeichen).",
    "float_parsing": "Hier wird eine Zahl erwartet (mit Punkt als Dezimalzeichen).",
    "decimal_type": "Hier wird eine Zahl erwartet (mit Punkt als Dezimalzeichen).",
    "decimal_parsing": "Hier wird eine Zahl erwartet (mit Punkt als Dezimalzeichen).",
    "bool_type": "Hier wird true oder false erwartet.",
    "bool_parsing": "Hier wird true oder false erwartet.",
    "list_type": "Hier wird eine Liste erwartet.",
    "tuple_type": "Hier wird eine Liste erwartet.",
    "set_type": "Hier wird eine Liste erwartet.",
    "frozen_set_type": "Hier wird eine Liste erwartet.",
    "dict_type": "Hier werden eingerückte Angaben „schluessel: wert“ erwartet.",
    "mapping_type": "Hier werden eingerückte Angaben „schluessel: wert“ erwartet.",
    "model_type": "Hier werden eingerückte Angaben „schluessel: wert“ erwartet.",
    "model_attributes_type": "Hier werden eingerückte Angaben „schluessel: wert“ erwartet.",
    "date_type": "Hier wird ein Datum erwartet (JJJJ-MM-TT).",
    "date_parsing": "Hier wird ein Datum erwartet (JJJJ-MM-TT).",
    "date_from_datetime_parsing": "Hier wird ein Datum erwartet (JJJJ-MM-TT).",
    "date_from_datetime_inexact": "Hier wird ein Datum erwartet (JJJJ-MM-TT).",
    "too_short": "Die Liste hat zu wenige Einträge.",
    "too_long": "Die Liste hat zu viele Einträge.",
    "string_too_short": "Der Text ist zu kurz oder leer.",
    "string_pattern_mismatch": "Der Text hat nicht die verlangte Form ({pattern}).",
    "greater_than": "Die Zahl muss größer als {gt} sein.",
    "greater_than_equal": "Die Zahl muss mindestens {ge} sein.",
    "less_than": "Die Zahl muss kleiner als {lt} sein.",
    "less_than_equal": "Die Zahl darf höchstens {le} sein.",
    "finite_number": "Die Zahl muss endlich sein.",
}


HOECHSTENS = 50
"""So viele Verstöße einer Datei werden einzeln genannt."""


class YamlSchluesselUnbekannt(Befundart):
    """Das Modell kennt den Schlüssel an dieser Stelle nicht."""

    text = "Den Schlüssel „{name}“ gibt es hier nicht."
    abhilfe = "{meinten}{moeglich}"


class YamlAngabeFehlt(Befundart):
    """Eine Pflichtangabe fehlt."""

    text = "Die Angabe „{name}“ fehlt."
    ursache = "Sie ist hier Pflicht."
    abhilfe = "Ergänzen Sie „{name}: …“."


class YamlWertUnbekannt(Befundart):
    """Nur bestimmte Wörter sind möglich, dieses nicht."""

    text = "„{gegeben}“ ist hier nicht möglich."
    abhilfe = "{meinten}Möglich sind: {moeglich}."


class YamlWertFalsch(Befundart):
    """Der Wert hat die falsche Art, Form oder Größe."""

    text = "{erwartet}"
    ursache = "Gegeben ist {gegeben}."
    abhilfe = "Berichtigen Sie die Angabe."


class YamlAngabeUnstimmig(YamlWertFalsch):
    """Eine eigene Prüfung des Modells weist die Angabe ab; sie sagt „Text || Abhilfe“."""

    ursache = ""
    abhilfe = "{hilfe}"


class YamlWeitere(Befundart):
    """Die Datei hat mehr als ``HOECHSTENS`` Verstöße."""

    text = "Dazu {anzahl} weitere Befunde in dieser Datei."
    abhilfe = "Berichtigen Sie zuerst die genannten; oft ist die Datei gar keine Beschreibung."


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
        angaben = {"name": name, "meinten": _meinten(name, bekannt), "moeglich": moeglich}
        return dokument.melde(YamlSchluesselUnbekannt, *pfad, **angaben)
    if art in {"missing", "union_tag_not_found"}:
        name = str(kontext["discriminator"]).strip("'") if "discriminator" in kontext else name
        return dokument.melde(YamlAngabeFehlt, *pfad, name=name)
    if art in {"literal_error", "enum", "union_tag_invalid"}:
        erlaubt = _erlaubt(str(kontext.get("expected") or kontext.get("expected_tags") or ""))
        gegeben = str(kontext.get("tag", einzeln["input"]))
        angaben = {"meinten": _meinten(gegeben, erlaubt), "moeglich": aufgezaehlt(erlaubt, 40)}
        return dokument.melde(YamlWertUnbekannt, *pfad, gegeben=gegeben, **angaben)
    if art in {"value_error", "assertion_error"}:
        eigener, _, hilfe = str(kontext.get("error", einzeln["msg"])).partition(" || ")
        return dokument.melde(YamlAngabeUnstimmig, *pfad, erwartet=eigener, hilfe=hilfe)
    erwartet = _TEXTE.get(art, "Der Wert passt hier nicht.").format_map(_Luecken(kontext))
    return dokument.melde(YamlWertFalsch, *pfad, erwartet=erwartet, gegeben=_kurz(einzeln["input"]))


def _meinten(gegeben: str, auswahl: list[str]) -> str:
    nah = aehnliche(gegeben, auswahl)
    return f"Meinten Sie {aufgezaehlt(nah)}? " if nah else ""


class _Luecken(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return key


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
