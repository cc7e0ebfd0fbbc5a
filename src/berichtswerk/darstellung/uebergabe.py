"""Was eine Zelle des Notizbuchs übergibt: streng beschriebene Gegenstände statt fertiger Seiten.

Jede Ausgabe trägt unter :data:`MIME` einen Gegenstand als JSON. Die Ausführung liest ihn mit
:func:`aus_json` und schreibt daraus Markdown, SVG und CSV; sie muss dafür nichts nachrechnen.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from berichtswerk.meldung import BerichtswerkFehler, Meldung
from berichtswerk.zeichen import Status

MIME = "application/vnd.berichtswerk+json"
"""Medientyp der Übergabe in den Ausgaben eines Notizbuchs."""


class _Streng(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Fundstelle(_Streng):
    """Ein Feld einer gelieferten Datei, das in einen Wert eingegangen ist.

    ``zeile`` ist die physische Zeile der Datei ab 1, ``gewicht`` der Faktor in der Summe seiner Rolle
    (−1 für Abzüge, 0,5 für das Mittel zweier Stichtage).
    """

    quelle: str
    datei: str
    zeile: int
    spalte: str
    wert: float | None
    rolle: Literal["zaehler", "nenner", "wert"]
    gewicht: float = 1.0


Rechnung = Literal["wert", "quotient", "differenz", "prozent", "eigene"]
"""wert: Σ Fundstellen × Faktor · quotient: Faktor × Σ Zähler / Σ Nenner · differenz: Teil 1 − Teil 2 ·
prozent: (Teil 1 / Teil 2 − 1) × 100 · eigene: im Notizbuch gerechnet, Formel nur in Worten."""


class Nachweis(_Streng):
    """Eine gezeigte Zahl und ihr Weg zurück zur gelieferten Datei.

    ``nr`` vergibt erst der Nachweis des ganzen Berichts; ``ort`` ist das Label oder ``texte/a.md:3``.
    """

    nr: int = 0
    ort: str = ""
    anzeige: str
    wert: float | None
    status: Status = Status.WERT
    gebiet: str = ""
    zeit: str = ""
    kennzahl: str = ""
    formel: str = ""
    rechnung: Rechnung = "wert"
    faktor: float = 1.0
    belege: tuple[Fundstelle, ...] = ()
    teile: tuple[Nachweis, ...] = ()


class Quellenzeile(_Streng):
    """Die Quellen einer Abbildung oder Tabelle: ihre Namen, die fertige Zeile, die volle Namensnennung."""

    name: str
    zeile: str
    nennung: str = ""


class Beleg(_Streng):
    """Was unter einer Abbildung oder Tabelle steht: Quellen, Definition, Hinweise, Beispielmarke."""

    quellen: tuple[Quellenzeile, ...] = ()
    definition: str = ""
    hinweise: tuple[str, ...] = ()
    beispiel: bool = False


class Tabellenzelle(_Streng):
    """Ein Tabellenfach. ``text`` ist nie leer; ``vorlesen`` ersetzt ein Zeichen für Vorleseprogramme.

    ``wert`` ist die ungerundete Zahl, ``zusatz`` ein Buchstabe hinter der Zahl (p, r, s).
    """

    text: str = Field(min_length=1)
    zahl: bool = False
    wert: float | None = None
    status: Status | None = None
    vorlesen: str = ""
    zusatz: str = ""
    spalten: int = Field(default=1, ge=1)
    zeilen: int = Field(default=1, ge=1)


class Tabellenzeile(_Streng):
    """Eine Zeile des Rumpfs; bei ``gruppe`` nur eine Zelle über die ganze Breite."""

    art: Literal["zeile", "gruppe", "summe", "vergleich"] = "zeile"
    zellen: tuple[Tabellenzelle, ...] = Field(min_length=1)


class Tabellenmodell(_Streng):
    """Kopfzeilen und Rumpf einer Tabelle; die erste Spalte jeder Zeile ist der Zeilenkopf."""

    kopf: tuple[tuple[Tabellenzelle, ...], ...] = Field(min_length=1)
    zeilen: tuple[Tabellenzeile, ...] = Field(min_length=1)


class Abbildung(_Streng):
    """Ein Diagramm als Vega-Lite-Spezifikation mit allem, was darum herum steht."""

    art: Literal["abbildung"] = "abbildung"
    label: str = Field(pattern=r"^fig-[a-z0-9-]+$")
    befund: str = ""
    unterschrift: str = Field(min_length=1)
    alt: str = Field(min_length=1)
    form: str = ""
    spec: dict[str, Any]
    beleg: Beleg
    daten: Tabellenmodell
    werte: tuple[Nachweis, ...] = ()


class Tabelle(_Streng):
    """Eine Tabelle mit Überschrift und Beleg."""

    art: Literal["tabelle"] = "tabelle"
    label: str = Field(pattern=r"^tbl-[a-z0-9-]+$")
    befund: str = ""
    unterschrift: str = Field(min_length=1)
    tabelle: Tabellenmodell
    beleg: Beleg
    werte: tuple[Nachweis, ...] = ()


class Text(_Streng):
    """Verweis auf ``texte/<name>.md``; aufgelöst wird erst bei der Übergabe."""

    art: Literal["text"] = "text"
    name: str = Field(min_length=1)


class Markdown(_Streng):
    """Fertiges Markdown (Quellenverzeichnis, Definitionen)."""

    art: Literal["markdown"] = "markdown"
    markdown: str
    werte: tuple[Nachweis, ...] = ()


class Eckvergleich(_Streng):
    """Der Wert eines Vergleichsgebiets neben einem Eckwert."""

    name: str
    wert: str


class Eckwert(_Streng):
    """Ein Eckwert: Begriff, Wert mit Einheit, Stand, Richtung in Worten, Vergleichsgebiete."""

    name: str
    kennzahl: str
    wert: str
    stand: str = ""
    richtung: str = ""
    vergleiche: tuple[Eckvergleich, ...] = ()
    beispiel: bool = False


class Eckwerte(_Streng):
    """Die Eckwerte eines Gebiets („Auf einen Blick“)."""

    art: Literal["eckwerte"] = "eckwerte"
    label: str = ""
    unterschrift: str = ""
    eintraege: tuple[Eckwert, ...]
    beleg: Beleg
    werte: tuple[Nachweis, ...] = ()


class Fehlt(_Streng):
    """Etwas, das sich mit den vorhandenen Daten nicht zeigen lässt, und warum."""

    art: Literal["fehlt"] = "fehlt"
    label: str = ""
    grund: str = Field(min_length=1)


class Verzeichnisse(_Streng):
    """Platz für Abbildungs- und Tabellenverzeichnis."""

    art: Literal["verzeichnisse"] = "verzeichnisse"
    welche: tuple[Literal["abbildungen", "tabellen"], ...] = ("abbildungen", "tabellen")


class Zeitwert(_Streng):
    """Ein Wert einer gebundenen Reihe."""

    jahr: int
    zeit: str
    nachweis: Nachweis


class Bruchstelle(_Streng):
    """Zeitreihenbruch vor ``jahr``."""

    jahr: int
    grund: str


class Bindung(_Streng):
    """Was hinter einem Namen in den Texten steht: eine Reihe des Gebiets samt Vergleich, oder ein Text.

    ``reihe`` ist nach Jahren aufsteigend und enthält nur Werte mit Zahl; ``vergleich`` ebenso je Ebene
    (``land``, ``bund``, ``kreis``), ``gebietsnamen`` nennt das Gebiet der Ebene im Satz („im Land …“),
    ``vergleichsnamen`` kurz.
    ``attribute`` sind die Attribute eines Textes (``gebiet.kurz``).
    """

    art: Literal["reihe", "text"] = "reihe"
    text: str = ""
    name: str = ""
    kennzahl: str = ""
    kennzahl_art: str = "anzahl"
    einheit: str = ""
    stellen: int = 0
    schwelle_kaum: float = 0.0
    artikel: Literal["", "der", "die", "das"] = ""
    mehrzahl: bool = False
    definition: str = ""
    quelle: str = ""
    beispiel: bool = False
    gebiet: str = ""
    attribute: dict[str, str] = Field(default_factory=dict)
    reihe: tuple[Zeitwert, ...] = ()
    vergleich: dict[str, tuple[Zeitwert, ...]] = Field(default_factory=dict)
    gebietsnamen: dict[str, str] = Field(default_factory=dict)
    vergleichsnamen: dict[str, str] = Field(default_factory=dict)
    brueche: tuple[Bruchstelle, ...] = ()


class Bindungen(_Streng):
    """Alle gebundenen Namen eines Berichts; die letzte Übergabe eines Notizbuchs."""

    art: Literal["bindungen"] = "bindungen"
    werte: dict[str, Bindung]


Gegenstand = Annotated[
    Abbildung | Tabelle | Text | Markdown | Eckwerte | Fehlt | Verzeichnisse | Bindungen,
    Field(discriminator="art"),
]
"""Alles, was eine Zelle übergeben kann; ``art`` sagt, was es ist."""

_LESER: TypeAdapter[Gegenstand] = TypeAdapter(Gegenstand)


def als_objekt(gegenstand: BaseModel) -> dict[str, Any]:
    """Der Gegenstand als JSON-Objekt; Felder mit Vorgabewert fehlen, damit Notizbücher klein bleiben."""
    objekt = gegenstand.model_dump(mode="json", exclude_defaults=True)
    art = getattr(gegenstand, "art", None)
    return {"art": art, **objekt} if art else objekt


def als_json(gegenstand: BaseModel) -> str:
    """Der Gegenstand als JSON-Text mit sortierten Schlüsseln: gleiche Eingabe, gleiche Bytes."""
    return json.dumps(als_objekt(gegenstand), ensure_ascii=False, sort_keys=True, allow_nan=False)


def aus_json(eingabe: str | dict[str, Any]) -> Gegenstand:
    """Liest einen Gegenstand aus JSON-Text oder dem schon gelesenen Objekt.

    Raises:
        BerichtswerkFehler: ``uebergabe-unlesbar`` mit allen falschen Feldern.
    """
    try:
        if isinstance(eingabe, str):
            return _LESER.validate_json(eingabe)
        return _LESER.validate_python(eingabe)
    except ValidationError as fehler:
        raise BerichtswerkFehler(
            [
                Meldung(
                    "uebergabe-unlesbar",
                    "Die Ausgabe einer Zelle ist keine gültige Übergabe.",
                    feld=".".join(str(teil) for teil in einzeln["loc"]),
                    ursache=einzeln["msg"],
                    abhilfe="Führen Sie das Notizbuch neu aus.",
                )
                for einzeln in fehler.errors()
            ]
        ) from fehler
