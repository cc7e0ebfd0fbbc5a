"""Was eine Zelle des Notizbuchs übergibt: streng beschriebene Gegenstände statt fertiger Seiten.

Jede Ausgabe trägt unter :data:`MIME` einen Gegenstand als JSON. Die Ausführung liest ihn mit
:func:`aus_json` und schreibt daraus Markdown, SVG und CSV; sie muss dafür nichts nachrechnen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializationInfo,
    SerializerFunctionWrapHandler,
    TypeAdapter,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    field_serializer,
    field_validator,
)

from berichtswerk.fach.veraenderung import Bruch
from berichtswerk.grund.abstand import geschuetzt
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler
from berichtswerk.grund.zeichen import Status

MIME = "application/vnd.berichtswerk+json"
"""Medientyp der Übergabe in den Ausgaben eines Notizbuchs."""


class LabelForm(Befundart):
    text = "Das Label „{label}“ passt nicht."
    ursache = "Verlangt ist {art}-… mit Kleinbuchstaben, Ziffern und Bindestrichen."
    abhilfe = "Schreiben Sie zum Beispiel label=„{art}-bevoelkerung“."
    feld = "label"


class UebergabeUnlesbar(Befundart):
    text = "Die Ausgabe einer Zelle ist keine gültige Übergabe."
    ursache = "{grund}"
    abhilfe = "Führen Sie das Notizbuch neu aus."


def _pruefe_label(art: str, label: str) -> str:
    """Quarto erkennt Abbildungen und Tabellen am Anfang des Labels; das Label wird auch Dateiname."""
    if not re.fullmatch(rf"{art}-[a-z0-9]+(-[a-z0-9]+)*", label):
        raise BerichtswerkFehler(LabelForm.melde(label=label, art=art))
    return label


Wortlaut = Annotated[str, AfterValidator(geschuetzt)]
"""Text zum Lesen; Zahlen, Abkürzungen und Daten darin brechen nicht um."""


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

    @field_serializer("weg", mode="wrap")
    def _nenne(self, weg: Any, weiter: SerializerFunctionWrapHandler, info: SerializationInfo) -> Any:
        """Derselbe Rechenweg steht in einem Gegenstand einmal, danach seine Nummer."""
        if info.context is None or not isinstance(weg, Rechenweg):
            return weiter(weg)
        if (nummer := info.context.get(id(weg))) is not None:
            return str(nummer)
        info.context[id(weg)] = len(info.context)
        return weiter(weg)

    @field_validator("weg", mode="wrap")
    @classmethod
    def _finde(cls, weg: Any, weiter: ValidatorFunctionWrapHandler, info: ValidationInfo) -> Any:
        """Gegenstück zu :meth:`_nenne`; gelesen wird in derselben Folge."""
        if info.context is None or weg is None:
            return weiter(weg)
        if isinstance(weg, str):
            return info.context[int(weg)]
        info.context.append(weiter(weg))
        return info.context[-1]


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


class Bindung(Streng):
    """Was hinter einem Namen in den Texten steht: eine Reihe des Gebiets samt Vergleich, oder ein Text.

    ``reihe`` ist nach Jahren aufsteigend und enthält nur Werte mit Zahl; ``vergleich`` ebenso je Ebene
    (``land``, ``bund``, ``kreis``), ``gebietsnamen`` nennt das Gebiet der Ebene im Satz („im Land …“),
    ``vergleichsnamen`` kurz. ``name`` steht im Satz („natürliche Saldo“ hinter „der“), ``titel`` für sich.
    ``attribute`` sind die Attribute eines Textes (``gebiet.kurz``).
    """

    art: Literal["reihe", "text"] = "reihe"
    text: str = ""
    name: str = ""
    titel: str = ""
    kennzahl: str = ""
    kennzahl_art: str = "anzahl"
    einheit: str = ""
    stellen: int = 0
    schwelle_kaum: float = 0.0
    zufall: bool | None = None
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
    brueche: tuple[Bruch, ...] = ()


class Quellenangabe(Streng):
    """Eine Quelle: ``name`` ihrer Beschreibung, ``kurz`` für die Zeile unter Abbildungen, lang für „Quellen“.

    ``nummer`` („Q3“) vergibt erst das Manuskript; ``lang`` nennt Titel, Tabelle und Stand, ``nennung``
    ist die Namensnennung mit Lizenz, wie der Bereitsteller sie verlangt, ``lizenz`` deren Kürzel.
    ``rechnungen``: über welche eigenen Rechnungen sie eingeht, wo sie nicht auch selbst gezeigt ist. Eine
    Rechnung hat im Verzeichnis ihren eigenen Eintrag („R1“).
    """

    name: str
    kurz: str
    lang: Wortlaut = ""
    nennung: Wortlaut = ""
    nummer: str = ""
    lizenz: str = ""
    beispiel: bool = False
    rechnungen: tuple[str, ...] = ()

    @property
    def anker(self) -> str:
        """Die Sprungmarke im Verzeichnis: ``quelle-3``, ``rechnung-1``."""
        return f"{'rechnung' if self.nummer[:1] == 'R' else 'quelle'}-{self.nummer[1:]}"


class Quellenzeile(Streng):
    """Die Quellen einer Abbildung oder Tabelle: ihre Namen, die lange Zeile, die volle Namensnennung.

    ``angaben`` sind dieselben Quellen einzeln; aus ihnen macht der Satz die kurze Zeile mit Q-Nummern.
    """

    name: str
    zeile: Wortlaut
    nennung: str = ""
    angaben: tuple[Quellenangabe, ...] = ()
    gerechnet: bool = False


class Begriff(Streng):
    """Ein Eintrag des Glossars; ``fallen``: was leicht missverstanden wird (nur auf der Webseite)."""

    name: Wortlaut
    text: Wortlaut
    fallen: Wortlaut = ""


class Beleg(Streng):
    """Was zu einer Abbildung oder Tabelle gehört: Quellen, Definition, Hinweise, Beispielmarke.

    ``definition`` ist der ganze Wortlaut, ``begriffe`` sind dieselben Definitionen einzeln: am Rand steht
    jede nur, wo ihr Begriff zuerst vorkommt.
    """

    quellen: tuple[Quellenzeile, ...] = ()
    definition: Wortlaut = ""
    begriffe: tuple[Begriff, ...] = ()
    hinweise: tuple[Wortlaut, ...] = ()
    beispiel: bool = False


class Randnotiz(Streng):
    """Eine Notiz am Rand: Begriff, Bruch, Vorbehalt oder „So lesen“."""

    titel: Wortlaut
    text: Wortlaut


class Randzahl(Streng):
    """Eine große Zahl und was sie zählt; am Rand oder im Auftakt eines Kapitels."""

    zahl: str
    text: Wortlaut = ""


class Tabellenzelle(Streng):
    """Ein Tabellenfach. ``text`` ist nie leer; ``vorlesen`` ersetzt ein Zeichen für Vorleseprogramme.

    ``wert`` ist die ungerundete Zahl, ``zusatz`` ein Buchstabe hinter der Zahl (p, r, s), ``spanne`` untere
    und obere Grenze als Text.
    """

    text: str = Field(min_length=1)
    zahl: bool = False
    wert: float | None = None
    status: Status | None = None
    vorlesen: str = ""
    zusatz: str = ""
    spanne: tuple[str, str] | None = None
    spalten: int = Field(default=1, ge=1)
    zeilen: int = Field(default=1, ge=1)


WARNMARKE = "warnung-"
"""So beginnt die Marke einer Zeile der Frühwarnung; dahinter steht die id der Kennzahl."""


class Tabellenzeile(Streng):
    """Eine Zeile des Rumpfs; bei ``gruppe`` nur eine Zelle über die ganze Breite.

    ``ausserhalb`` heißt: die Zeile gehört zu keiner der Gruppen, auch wenn sie hinter einer steht.
    """

    art: Literal["zeile", "gruppe", "summe", "vergleich"] = "zeile"
    ausserhalb: bool = False
    marke: str = ""
    """Wohin ein Verweis auf diese Zeile führt, nur auf der Seite."""
    zellen: tuple[Tabellenzelle, ...] = Field(min_length=1)


class Tabellenmodell(Streng):
    """Kopfzeilen und Rumpf einer Tabelle; die erste Spalte jeder Zeile ist der Zeilenkopf."""

    kopf: tuple[tuple[Tabellenzelle, ...], ...] = Field(min_length=1)
    zeilen: tuple[Tabellenzeile, ...] = Field(min_length=1)


class Abbildung(Streng):
    """Ein Diagramm mit allem, was darum herum steht.

    ``befund`` ist der Titel darüber, ``weiter`` sind Sätze darunter, die für einen Titel zu viel wären,
    ``lesehilfe`` sind Regel und Beispiel zu „So lesen“ (leer: die Form liest sich von selbst).
    ``motiv`` ist, was eine Form des Hauses zeigt, ohne Maße (``bild.motiv``); eine freie Abbildung trägt
    stattdessen ihre Vega-Lite-Spezifikation in ``spec``.
    """

    art: Literal["abbildung"] = "abbildung"
    label: Annotated[str, AfterValidator(partial(_pruefe_label, "fig"))]
    befund: Wortlaut = ""
    weiter: Wortlaut = ""
    lesehilfe: tuple[Wortlaut, ...] = ()
    unterschrift: Wortlaut = Field(min_length=1)
    alt: Wortlaut = Field(min_length=1)
    form: str = ""
    motiv: dict[str, Any] = Field(default_factory=dict)
    spec: dict[str, Any] = Field(default_factory=dict)
    beleg: Beleg
    daten: Tabellenmodell
    werte: tuple[Nachweis, ...] = ()
    aussagen: tuple[Aussage, ...] = ()


class Ortswahl(Streng):
    """Eine wählbare Spalte: ein Ort mit der Adresse seines Steckbriefs (leer: er hat keinen)."""

    marke: str
    name: str
    ziel: str = ""


class Tabelle(Streng):
    """Eine Tabelle mit Überschrift und Beleg.

    ``wahl`` sind Orte, deren Spalten sich auf der Seite nebeneinander stellen lassen; es sind die letzten,
    in der Spalte davor steht, womit sie sich vergleichen.
    """

    art: Literal["tabelle"] = "tabelle"
    label: Annotated[str, AfterValidator(partial(_pruefe_label, "tbl"))]
    befund: Wortlaut = ""
    unterschrift: Wortlaut = Field(min_length=1)
    tabelle: Tabellenmodell
    wahl: tuple[Ortswahl, ...] = ()
    beleg: Beleg
    werte: tuple[Nachweis, ...] = ()


class Ortszahl(Streng):
    """Eine Eckzahl eines Ortes, was sie zählt, und daneben der Wert des Kreises."""

    zahl: str
    text: Wortlaut
    kreis: str = ""


class Ortsblatt(Streng):
    """Der Kopf eines Steckbriefs: Name, Botschaft aus den Daten, Eckzahlen mit denen des Kreises.

    ``im_satz`` ist der Name mit Artikel („das Amt Seen“), ``gehoert`` das Gebiet, in dem der Ort liegt;
    ``offen`` nennt, wozu es keine Angabe gibt.
    """

    art: Literal["ortsblatt"] = "ortsblatt"
    name: str
    im_satz: str
    marke: str
    botschaft: Wortlaut = ""
    gehoert: str = ""
    zahlen: tuple[Ortszahl, ...] = ()
    offen: tuple[str, ...] = ()
    beleg: Beleg
    werte: tuple[Nachweis, ...] = ()


class Notizfeld(Streng):
    """Ein Feld zum Beschreiben: je Frage eine Spalte."""

    art: Literal["notizfeld"] = "notizfeld"
    titel: str
    fragen: tuple[str, ...] = Field(min_length=1)


class Text(Streng):
    """Verweis auf ``texte/<name>.md``; aufgelöst wird erst bei der Übergabe.

    ``bereich`` ist der Schlüssel des Gebiets, dessen Bindungen zuerst gelten; leer: das des Berichts.
    """

    art: Literal["text"] = "text"
    name: str = Field(min_length=1)
    bereich: str = ""


class Fliesstext(Streng):
    """Markdown, wie es Menschen schreiben: eine Textdatei mit eingesetzten Zahlen oder eine Notizbuchzelle.

    ``datei`` ist die Datei, die der Mensch geschrieben hat, ab der Projektwurzel; ``ort`` die Zelle darin,
    wenn es ein Notizbuch ist.
    """

    art: Literal["fliesstext"] = "fliesstext"
    markdown: str
    datei: str = ""
    ort: str = ""


class Ueberschrift(Streng):
    """Eine Überschrift; Ebene 2 ist ein Kapitel. ``marke`` ist leer oder ``sec-…``."""

    art: Literal["ueberschrift"] = "ueberschrift"
    text: Wortlaut = Field(min_length=1)
    ebene: int = Field(default=2, ge=2, le=4)
    marke: str = ""
    gezaehlt: bool = True
    neue_seite: bool = False


class Begriffe(Streng):
    """Das Glossar."""

    art: Literal["begriffe"] = "begriffe"
    eintraege: tuple[Begriff, ...]


class Steckbrief(Streng):
    """Die Beschreibung einer Kennzahl: Paare aus Feldname und Text."""

    name: Wortlaut
    einheit: str = ""
    felder: tuple[tuple[str, Wortlaut], ...]


class Steckbriefe(Streng):
    """Steckbriefe von Kennzahlen, die zusammen stehen."""

    art: Literal["steckbriefe"] = "steckbriefe"
    eintraege: tuple[Steckbrief, ...]


class Eckvergleich(Streng):
    """Der Wert eines Vergleichsgebiets neben einem Eckwert.

    ``zahl`` ist der ungerundete Wert; ``ebene`` (``land``, ``bund`` …) fehlt beim Gebiet selbst, wenn es mit
    seinem Wert desselben Jahres danebensteht.
    """

    name: str
    wert: str
    ebene: str = ""
    zahl: float | None = None


class Eckwert(Streng):
    """Ein Eckwert: Begriff, Wert mit Einheit, Stand, Richtung in Worten, Vergleichsgebiete."""

    name: Wortlaut
    kennzahl: str
    wert: str
    stand: Wortlaut = ""
    richtung: Wortlaut = ""
    vergleiche: tuple[Eckvergleich, ...] = ()
    zahl: float | None = None
    beispiel: bool = False
    aussage: Aussage | None = None

    def angaben(self) -> tuple[str, ...]:
        """Was unter dem Begriff steht: erst der Wert, dann Richtung und Stand, dann die Vergleiche."""
        stand = self.stand
        if stand and not stand.startswith("Vorausrechnung"):
            stand = f"Stand {stand}"
        mitte = ", ".join(t for t in (self.richtung, stand) if t)
        return tuple(t for t in (self.wert, mitte, *(f"{v.name}: {v.wert}" for v in self.vergleiche)) if t)


class Eckwerte(Streng):
    """Die Eckwerte eines Gebiets („Auf einen Blick“)."""

    art: Literal["eckwerte"] = "eckwerte"
    label: str = ""
    eintraege: tuple[Eckwert, ...]
    beleg: Beleg
    werte: tuple[Nachweis, ...] = ()


class Fehlt(Streng):
    """Etwas, das sich mit den vorhandenen Daten nicht zeigen lässt, und warum.

    ``mangel`` ist falsch, wo nur nichts zu zeigen ist (eine erste Ausgabe hat keine vorige).
    """

    art: Literal["fehlt"] = "fehlt"
    label: str = ""
    grund: Wortlaut = Field(min_length=1)
    mangel: bool = True


class Luecken(Streng):
    """Die Liste dessen, was sich nicht zeigen lässt: Paare aus Abschnitt (oder leer) und Grund.

    Im Notizbuch ist sie leer; gefüllt wird sie bei der Übergabe.
    """

    art: Literal["luecken"] = "luecken"
    eintraege: tuple[tuple[str, str], ...] = ()


class Quellen(Streng):
    """Das Verzeichnis der Quellen; nummeriert wird es beim Setzen, in der Reihenfolge ihrer Nennung."""

    art: Literal["quellen"] = "quellen"
    eintraege: tuple[Quellenangabe, ...] = ()


class Verzeichnisse(Streng):
    """Platz für Abbildungs- und Tabellenverzeichnis."""

    art: Literal["verzeichnisse"] = "verzeichnisse"


Verweis = tuple[str, str]
"""Wortlaut und Ziel: ein Ort ab der Seite, die ihn zeigt."""


class Themenkarte(Streng):
    """Eine Ausgabe auf der Startseite: worum es geht, das Bild ihres Titelblatts, was es dazu gibt.

    ``bild`` ist ein Ort auf der Site oder eine fertige Zeichnung (``<svg …``); ``ziel`` fehlt, wo es nur
    Seiten einzelner Gebiete gibt.
    """

    bericht: str
    titel: str
    ziel: str = ""
    absaetze: tuple[str, ...] = ()
    status: str
    stand: str
    bild: str = ""
    dateien: tuple[Verweis, ...] = ()
    gebiete: tuple[Verweis, ...] = ()


class Themen(Streng):
    """Die Karten der Startseite."""

    art: Literal["themen"] = "themen"
    eintraege: tuple[Themenkarte, ...]


class Orte(Streng):
    """Die Seiten einzelner Gebiete: als Karte mit Verweisen (fertiges SVG, darf fehlen) und als Liste.

    ``gruppen`` sind der Name des Gebiets darüber und die Verweise.
    """

    art: Literal["orte"] = "orte"
    karte: str = ""
    hinweise: tuple[str, ...] = ()
    gruppen: tuple[tuple[str, tuple[Verweis, ...]], ...]


class Kennzahleintrag(Streng):
    """Eine Kennzahl auf der Seite der Daten: was sie heißt, wo sie gezeigt wird, woher sie kommt.

    ``zeit`` („2003–2024“) und ``gebiete`` („Landkreis“, „Land“) sind, was Berichte zeigen; sonst leer.
    """

    kennung: str
    name: str
    einheit: str
    thema: str
    definition: str
    fallen: str = ""
    zeit: str = ""
    gebiete: tuple[str, ...] = ()
    warnungen: tuple[str, ...] = ()
    """Wie sie zu ihren Schwellen steht, aus dem jüngsten Bericht, der das zeigt."""
    quellen: tuple[Verweis, ...] = ()
    berichte: tuple[Verweis, ...] = ()
    dateien: tuple[Verweis, ...] = ()


class Kennzahlen(Streng):
    """Die Liste der Kennzahlen, nach ihrem Thema geordnet."""

    art: Literal["kennzahlen"] = "kennzahlen"
    eintraege: tuple[Kennzahleintrag, ...]


class Bindungen(Streng):
    """Alle gebundenen Namen eines Berichts; die letzte Übergabe eines Notizbuchs.

    ``<bereich>:<name>`` gilt nur in Texten dieses Bereichs. ``offen`` sind Gebiete (Länder, Bund), deren
    Zeilen der Nachweis auch nennt, wenn der Bericht sie nicht zeigt. ``katalog`` sagt, wie die übrigen
    Kennzahlen heißen (in Kleinbuchstaben → Kennung): was ein Satz über sie behauptet, wird auch geprüft.
    """

    art: Literal["bindungen"] = "bindungen"
    werte: dict[str, Bindung]
    offen: tuple[str, ...] = ()
    katalog: dict[str, str] = Field(default_factory=dict)

    def im_bereich(self, bereich: str) -> Bindungen:
        """Die Namen, wie ein Text dieses Bereichs sie sieht; eigene verdecken die des Berichts."""
        eigene = f"{bereich}:"
        werte = {n: b for n, b in self.werte.items() if ":" not in n}
        if bereich:
            werte |= {n.removeprefix(eigene): b for n, b in self.werte.items() if n.startswith(eigene)}
        return Bindungen.model_construct(werte=werte)


Gegenstand = Annotated[
    Abbildung | Tabelle | Ortsblatt | Notizfeld | Text | Fliesstext | Ueberschrift | Eckwerte | Begriffe
    | Steckbriefe | Fehlt | Luecken | Quellen | Verzeichnisse | Themen | Orte | Kennzahlen
    | Bindungen,
    Field(discriminator="art"),
]  # fmt: skip
"""Alles, was eine Zelle übergeben kann, und was nur eigene Seiten zeigen (Themen, Orte, Kennzahlen).

``art`` sagt, was es ist."""

Ausgabestatus = Literal["entwurf", "beispiel", "geprueft", "planerrunde", "beschlossen", "veroeffentlicht"]
"""Wie weit eine Ausgabe ist; die letzten vier sind die Schritte ihrer Freigabe, in dieser Folge."""
BAND: Mapping[str, str] = {
    "entwurf": "Entwurf, keine amtliche Veröffentlichung",
    "beispiel": "Beispielausgabe, keine amtliche Veröffentlichung",
    "geprueft": "Entwurf, fachlich geprüft, noch nicht beschlossen",
    "planerrunde": "Entwurf der Planerrunde, noch nicht beschlossen",
}
"""Text des Bandes über Seite und Titelblatt, solange nichts beschlossen oder veröffentlicht ist."""
STATUSWORT: Mapping[str, str] = {
    "entwurf": "Entwurf",
    "beispiel": "Beispielausgabe",
    "geprueft": "Fachlich geprüft",
    "planerrunde": "Planerrunde",
    "beschlossen": "Beschlossen",
    "veroeffentlicht": "Veröffentlicht",
}
"""Wie der Status einer Ausgabe heißt."""


class Kopf(Streng):
    """Was auf Titelblatt und Impressumsseite steht; ``stand`` bestimmt den Zeitstempel des PDF.

    ``beschluss`` ist ein fertiger Satzteil; ``gezaehlt`` und ``inhalt`` sagen, ob Kapitel Nummern haben und
    ob ein Inhaltsverzeichnis dazugehört (Berichte ja, Seiten der Website nein). ``gestalt`` sagt, was neben
    der Seite liegt, ``blatt``, wie groß ein Poster ist.
    """

    titel: str
    untertitel: str = ""
    stamm: str = ""
    bericht: str = ""
    ausgabe: str = ""
    variante: str = ""
    gebiet: str = ""
    gebiet_name: str = ""
    status: Ausgabestatus = "veroeffentlicht"
    gefallen: str = ""
    """Der Schritt der Freigabe, der nicht mehr gilt, weil sich seither etwas geändert hat (in Worten)."""
    revision: str = ""
    """Bei einer berichtigten Fassung, welche sie ist: „Revision 2 vom 26. November 2026, berichtigt“."""
    stand: date | None = None
    herausgeber: str = ""
    redaktion: str = ""
    kontakt: str = ""
    beschluss: str = ""
    gestalt: str = "bericht"
    blatt: str = "A3"
    beispiel: bool = False
    gezaehlt: bool = True
    inhalt: bool = True
    titelblatt: bool = True
    """Ob das PDF mit einem Titelblatt beginnt; sonst steht der Titel über dem Text (Vorlage, Presse)."""
    eng: bool = False
    """Ob ein Text ohne Titelblatt kleiner steht, damit er auf eine Seite passt."""
    titelbild: str = ""
    """Was das Bild auf dem Titelblatt zeigt; leer, wenn es keines gibt (``abb/titel.svg``)."""
    einzeln: tuple[str, ...] = ()
    """Titel der Ausgaben je Gebiet, wenn dies ihre Übersicht ist; sie stehen mit im Inhalt."""

    @property
    def band(self) -> str:
        """Der Text des Bandes; leer bei Beschlossenem und Veröffentlichtem, das nicht berichtigt ist."""
        if self.gefallen:
            return f"{STATUSWORT[self.status]}: seit „{self.gefallen}“ geändert"
        return BAND.get(self.status, "") or self.revision


class Dokument(Streng):
    """Titelei und Gegenstände in der Reihenfolge des Lesens; Texte sind aufgelöst."""

    kopf: Kopf
    inhalt: tuple[Gegenstand, ...]


_LESER: TypeAdapter[Gegenstand] = TypeAdapter(Gegenstand)


_URSACHEN = {
    "extra_forbidden": "Das Feld gehört nicht in die Übergabe.",
    "missing": "Das Feld fehlt.",
    "string_too_short": "Der Text ist leer.",
    "too_short": "Die Liste ist leer.",
}


def als_objekt(gegenstand: BaseModel) -> dict[str, Any]:
    """Der Gegenstand als JSON-Objekt; Felder mit Vorgabewert fehlen, damit Notizbücher klein bleiben."""
    objekt = gegenstand.model_dump(mode="json", exclude_defaults=True)
    art = getattr(gegenstand, "art", None)
    return {"art": art, **objekt} if art else objekt


def als_json(gegenstand: BaseModel) -> str:
    """Dasselbe als JSON-Text, jeder Rechenweg darin einmal: gleiche Eingabe, gleiche Bytes."""
    text = gegenstand.model_dump_json(exclude_defaults=True, context={})
    art = getattr(gegenstand, "art", None)
    return f'{{"art":"{art}"{"," if text != "{}" else ""}{text[1:]}' if art else text


def aus_json(eingabe: str | dict[str, Any]) -> Gegenstand:
    """Liest einen Gegenstand aus JSON-Text oder dem schon gelesenen Objekt.

    Raises:
        BerichtswerkFehler: ``uebergabe-unlesbar`` mit allen falschen Feldern.
    """
    try:
        if isinstance(eingabe, str):
            return _LESER.validate_json(eingabe, context=[])
        return _LESER.validate_python(eingabe)
    except ValidationError as fehler:
        befunde = [
            UebergabeUnlesbar.melde(
                feld=".".join(str(teil) for teil in einzeln["loc"]),
                grund=_URSACHEN.get(einzeln["type"], "Der Wert passt nicht zu diesem Feld."),
            )
            for einzeln in fehler.errors()
        ]
        raise BerichtswerkFehler(befunde) from fehler
