"""Werte mit Nachweis und gebundene Namen: die Bausteine der Übergabe, die Zahlen tragen."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from berichtswerk.grund.zeichen import Status


class Streng(BaseModel):
    """Grundlage aller Gegenstände: keine fremden Felder, unveränderlich, keine unendlichen Zahlen."""

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False)


class Fundstelle(Streng):
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
    gebiet: str = ""
    """Wovon die Zelle spricht; leer: vom Gebiet des Nachweises."""


class Eingabe(Streng):
    """Zeilen einer Datei, die in eine Rechnung eingegangen sind.

    ``name`` heißt die Eingabe in der Rechnung, ``zeilen`` sind Spannen ab 1 („2–79, 90“); leer: die ganze
    Datei oder, mit ``anzahl``, Zeilen von Gebieten, die der Bericht nicht zeigt. ``gebiete`` (wovon die
    Zeilen sprechen) entscheidet darüber und wird nicht veröffentlicht.
    """

    name: str = ""
    quelle: str = ""
    datei: str
    zeilen: str = ""
    anzahl: int = 0
    gebiete: tuple[str, ...] = ()


class Rechenweg(Streng):
    """Eine beschriebene Rechnung: ihre id (oder ihr Name), die Formel in Worten, was eingegangen ist."""

    id: str
    formel: str
    eingaben: tuple[Eingabe, ...] = ()


Rechnung = Literal["wert", "quotient", "differenz", "prozent", "eigene", "annahme"]
"""wert: Σ Fundstellen × Faktor · quotient: Faktor × Σ Zähler / Σ Nenner · differenz: Teil 1 − Teil 2 ·
prozent: (Teil 1 / Teil 2 − 1) × 100 · eigene: ein Rechenweg, oder die Formel verbindet die Teile ·
annahme: gesetzt, nicht gerechnet; die Formel sagt, von wem und warum."""


class Nachweis(Streng):
    """Eine gezeigte Zahl und ihr Weg zurück zur gelieferten Datei.

    ``nr`` vergibt erst der Nachweis des ganzen Berichts; ``ort`` ist das Label oder ``texte/a.md:3``,
    ``stelle`` das Tabellenfach, wo Gebiet und Zeit es nicht schon sagen. ``unten`` und ``oben`` sind die
    gezeigten Grenzen einer Spanne. ``weg`` trägt eine eigene Rechnung, veröffentlicht als Verweis.
    ``verdeckt`` ersetzt veröffentlicht Fundstellen von Gebieten, die der Bericht nicht zeigt.
    """

    nr: int = 0
    ort: str = ""
    stelle: str = ""
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
    unten: float | None = None
    oben: float | None = None
    weg: Rechenweg | str | None = None
    verdeckt: tuple[Eingabe, ...] = ()


class Zeitwert(Streng):
    """Ein Wert einer gebundenen Reihe."""

    jahr: int
    zeit: str
    nachweis: Nachweis
    prognose: bool = False


class Schritt(Streng):
    """Eine gesagte Veränderung: Jahre, Werte wie gezeigt, Richtung; ``betrag`` etwa „3,2 Prozentpunkte“."""

    von: int
    bis: int
    alt: str
    neu: str
    richtung: Literal["gestiegen", "gesunken", "kaum verändert"]
    betrag: str = ""
    voraus: bool = False


class Aussage(Streng):
    """Was ein Satz, ein Alternativtext oder ein Eckwert über eine Reihe (Kennzahl × Gebiet) sagt.

    ``kennzahl`` ist leer, wo über eine Summe gesprochen wird. ``werte`` sind genannte Werte (Jahr, wie
    gezeigt), ``schritte`` die genannten Veränderungen, ``brueche`` die genannten Zeitreihenbrüche.
    """

    kennzahl: str = ""
    gebiet: str = ""
    stellen: int = 0
    werte: tuple[tuple[int, str], ...] = ()
    schritte: tuple[Schritt, ...] = ()
    brueche: tuple[int, ...] = ()


class Bruchstelle(Streng):
    """Zeitreihenbruch vor ``jahr``."""

    jahr: int
    grund: str


class Bindung(Streng):
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
