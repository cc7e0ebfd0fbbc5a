"""YAML-Dateien lesen: jede Angabe mit Zeile, alle Fehler auf einmal und auf Deutsch.

``lade_yaml(pfad, modell, projekt)`` ist der eine Weg, auf dem Beschreibungen (Quellen, Kennzahlen,
Gebiete, Berichte) ins Programm kommen. Strenger als YAML 1.1: ``01001`` bleibt Text, ``no`` und
``on`` bleiben Text, Datumsangaben bleiben Text (das Modell wandelt sie), doppelte Schlüssel und
Verweise (``&``, ``*``) sind Fehler.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamlfehler import meldungen_aus

Pfadteil = str | int
Pfad = tuple[Pfadteil, ...]
M = TypeVar("M", bound=BaseModel)

GRENZE_BYTES = 8_000_000
"""Größer ist keine Beschreibung; es ist wohl eine Datendatei."""


class YamlModell(BaseModel):
    """Grundlage aller Modelle für YAML-Dateien: unbekannte Schlüssel sind Fehler, Werte unveränderlich."""

    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class _Lader(yaml.SafeLoader):
    """SafeLoader mit engerer Deutung: Zahlen, true/false und null, sonst Text."""


class _SchnellerLader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Wie ``_Lader``, mit dem zehnmal schnelleren Zerleger von libyaml, wo es ihn gibt."""


for _lader in (_Lader, _SchnellerLader):
    _lader.yaml_implicit_resolvers = {}
    _deute: Any = _lader.add_implicit_resolver
    _deute("tag:yaml.org,2002:bool", re.compile(r"true|false|True|False", re.X), list("tfTF"))
    _deute("tag:yaml.org,2002:int", re.compile(r"^-?(0|[1-9][0-9]*)$"), list("-0123456789"))
    _deute(
        "tag:yaml.org,2002:float", re.compile(r"^-?[0-9]+\.[0-9]+([eE][+-]?[0-9]+)?$"), list("-0123456789")
    )
    _deute("tag:yaml.org,2002:null", re.compile(r"^(~|null|)$"), ["~", "n", ""])


@dataclass(frozen=True)
class YamlDokument:
    """Ein gelesenes YAML-Dokument: Inhalt und die Zeile jeder Angabe."""

    datei: str
    daten: Any
    zeilen: dict[Pfad, int] = field(default_factory=dict)
    text: str = field(default="", repr=False, compare=False)
    _geprueft: dict[type[BaseModel], BaseModel] = field(default_factory=dict, repr=False, compare=False)

    def zeile(self, *pfad: Pfadteil) -> int:
        """Zeile (ab 1) der Angabe; ist sie nicht da, die der nächsten Ebene darüber."""
        for laenge in range(len(pfad), 0, -1):
            if pfad[:laenge] in self.zeilen:
                return self.zeilen[pfad[:laenge]]
        return 1

    def ort(self, *pfad: Pfadteil) -> str:
        """„Zeile 12“ für Meldungen."""
        return f"Zeile {self.zeile(*pfad)}"

    def meldung(
        self, kennung: str, text: str, *pfad: Pfadteil, ursache: str = "", abhilfe: str = ""
    ) -> Meldung:
        """Eine Meldung zu der Angabe unter ``pfad``."""
        feld = ".".join(str(teil) for teil in pfad)
        return Meldung(kennung, text, self.datei, self.ort(*pfad), feld, ursache, abhilfe)

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


_BEREIT: dict[str, YamlDokument] = {}
"""Datei → ihr im Voraus gelesener Inhalt (:mod:`berichtswerk.daten.vorrat`)."""


def halte_bereit(dokument: YamlDokument) -> None:
    """Merkt ein Dokument: wer später denselben Text in derselben Datei findet, bekommt es fertig."""
    _BEREIT[dokument.datei] = dokument


def vergiss(datei: str) -> None:
    """Nimmt ein bereitgehaltenes Dokument wieder weg."""
    _BEREIT.pop(datei, None)


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
    text = _text(pfad, datei)
    bereit = _BEREIT.get(datei)
    return bereit if bereit is not None and bereit.text == text else zerlege_yaml(text, datei)


def zerlege_yaml(text: str, datei: str) -> YamlDokument:
    """Zerlegt YAML-Text; ``datei`` steht in den Meldungen."""
    try:
        return _zerlege(text, datei, _SchnellerLader)
    except BerichtswerkFehler:  # der gründliche Lader nennt die Stelle genauer
        return _zerlege(text, datei, _Lader)


def _zerlege(text: str, datei: str, art: Any) -> YamlDokument:
    try:
        lader = art(text)
    except yaml.YAMLError as fehler:
        raise BerichtswerkFehler(_ungueltig(fehler, datei, text)) from None
    try:
        knoten = lader.get_single_node()
        if knoten is None:
            raise BerichtswerkFehler(_leer(datei))
        zeilen: dict[Pfad, int] = {}
        befunde = list(_gehe(knoten, (), zeilen, datei, set()))
        if befunde:
            raise BerichtswerkFehler(befunde)
        daten = lader.construct_document(knoten)
    except yaml.YAMLError as fehler:
        raise BerichtswerkFehler(_ungueltig(fehler, datei, text)) from None
    finally:
        lader.dispose()
    if not isinstance(daten, dict):
        raise BerichtswerkFehler(
            Meldung(
                "yaml-aufbau",
                "Die Datei enthält keine Angaben der Form „schluessel: wert“.",
                datei,
                "Zeile 1",
                abhilfe="Schreiben Sie je Zeile Schlüssel, Doppelpunkt, Leerzeichen, Wert.",
            )
        )  # fmt: skip
    return YamlDokument(datei, daten, zeilen, text)


def _text(pfad: Path, datei: str) -> str:
    if not pfad.is_file():
        raise BerichtswerkFehler(
            Meldung(
                "yaml-fehlt", "Die Datei gibt es nicht.", datei,
                abhilfe="Prüfen Sie Name und Ordner; Groß- und Kleinschreibung zählt.",
            )
        )  # fmt: skip
    if pfad.stat().st_size > GRENZE_BYTES:
        raise BerichtswerkFehler(
            Meldung(
                "yaml-zu-gross", f"Die Datei ist größer als {GRENZE_BYTES // 1_000_000} MB.", datei,
                ursache="Eine Beschreibung ist nie so groß; hier liegt wohl eine Datendatei.",
                abhilfe="Legen Sie Datendateien in daten/dateien/ ab.",
            )
        )  # fmt: skip
    roh = pfad.read_bytes()
    try:
        return roh.decode("utf-8-sig")
    except UnicodeDecodeError as fehler:
        zeile = roh.count(b"\n", 0, fehler.start) + 1
        raise BerichtswerkFehler(
            Meldung(
                "yaml-kodierung", "Die Datei ist nicht in UTF-8 gespeichert.", datei, f"Zeile {zeile}",
                ursache=f"Das Byte 0x{roh[fehler.start]:02X} ist in UTF-8 an dieser Stelle nicht möglich.",
                abhilfe="Speichern Sie die Datei im Editor mit der Kodierung UTF-8.",
            )
        ) from None  # fmt: skip


def _leer(datei: str) -> Meldung:
    return Meldung(
        "yaml-leer", "Die Datei ist leer.", datei, "Zeile 1",
        abhilfe="Kopieren Sie eine vorhandene Beschreibung desselben Ordners und passen Sie sie an.",
    )  # fmt: skip


def _gehe(
    knoten: Node, pfad: Pfad, zeilen: dict[Pfad, int], datei: str, gesehen: set[int]
) -> Iterator[Meldung]:
    """Sammelt Zeilen und meldet doppelte Schlüssel und Verweise."""
    if id(knoten) in gesehen and not isinstance(knoten, ScalarNode):
        yield Meldung(
            "yaml-verweis", "Verweise innerhalb der Datei (& und *) werden nicht unterstützt.", datei,
            f"Zeile {knoten.start_mark.line + 1}", ".".join(map(str, pfad)),
            abhilfe="Schreiben Sie die Angaben an beiden Stellen aus.",
        )  # fmt: skip
        return
    gesehen.add(id(knoten))
    zeilen.setdefault(pfad, knoten.start_mark.line + 1)
    if isinstance(knoten, SequenceNode):
        for nummer, teil in enumerate(knoten.value):
            yield from _gehe(teil, (*pfad, nummer), zeilen, datei, gesehen)
    elif isinstance(knoten, MappingNode):
        yield from _gehe_zuordnung(knoten, pfad, zeilen, datei, gesehen)


def _gehe_zuordnung(
    knoten: MappingNode, pfad: Pfad, zeilen: dict[Pfad, int], datei: str, gesehen: set[int]
) -> Iterator[Meldung]:
    bisher: dict[Hashable, int] = {}
    for schluessel, wert in knoten.value:
        zeile = schluessel.start_mark.line + 1
        name = schluessel.value
        if not isinstance(name, str) or schluessel.tag == "tag:yaml.org,2002:merge":
            yield Meldung(
                "yaml-schluessel", "Ein Schlüssel muss ein einfacher Text sein.", datei, f"Zeile {zeile}",
                abhilfe="Setzen Sie den Schlüssel in Anführungszeichen.",
            )  # fmt: skip
            continue
        hier = (*pfad, int(name) if schluessel.tag == "tag:yaml.org,2002:int" else name)
        if name in bisher:
            yield Meldung(
                "yaml-schluessel-doppelt", f"Der Schlüssel „{name}“ steht zweimal.", datei, f"Zeile {zeile}",
                ".".join(map(str, hier)),
                ursache=f"Er steht schon in Zeile {bisher[name]}; nur eine Angabe kann gelten.",
                abhilfe="Löschen Sie eine der beiden Angaben.",
            )  # fmt: skip
            continue
        bisher[name] = zeile
        zeilen[hier] = zeile
        yield from _gehe(wert, hier, zeilen, datei, gesehen)


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
    return Meldung(
        "yaml-ungueltig", "Die Datei ist kein gültiges YAML.", datei, f"Zeile {zeile}, Spalte {spalte}",
        ursache=grund or "Die Schreibweise ist an dieser Stelle nicht erlaubt.",
        abhilfe="Prüfen Sie diese und die Zeile davor: Einrückung mit Leerzeichen, „schluessel: wert“, "
        "Texte mit Sonderzeichen in Anführungszeichen.",
    )  # fmt: skip
