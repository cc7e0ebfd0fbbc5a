"""Der Block ``lesen:`` einer Quelle: Bausteine, mit denen jede Lieferung ohne Code beschrieben wird.

Eine Tabelle wird zu langen Werten, indem man sagt, woher Gebiet, Zeit, Merkmale und Messgröße kommen
(:class:`Bezug`) und in welchen Spalten Werte stehen (:class:`Wertspalte`). Ein Bezug kann eine Spalte sein,
eine Zeile des Tabellenkopfes, eine Zwischenüberschrift, eine Titelzeile, der Blatt- oder Dateiname oder
ein fester Text. Je Leser gibt es ein Modell mit den Vorgaben seiner Familie (``LesenCsv``, ``LesenXlsx`` …).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from berichtswerk.daten.muster import als_muster, regel
from berichtswerk.grund.yamldatei import YamlModell
from berichtswerk.grund.zahl import Zahlform
from berichtswerk.grund.zeichen import Status


def _regel(text: str) -> str:
    regel(text)
    return text


Muster = Annotated[str, AfterValidator(_regel)]
"""Regulärer Ausdruck (Python). Hat er eine Klammer, gilt deren Inhalt, sonst der ganze Treffer."""

KOPFZEILEN = 100
"""Mehr Zeilen hat kein Tabellenkopf."""


class Spaltenbereich(YamlModell):
    """Benachbarte Spalten: ``{von: 4, bis: 12}``; ohne ``bis`` bis zur letzten mit Kopftext."""

    von: int | str
    """Nummer ab 1, Spaltenname, ``/Muster/`` oder ``=F`` (Buchstabe der Tabellenkalkulation)."""
    bis: int | str | None = None
    schritt: int = Field(default=1, ge=1)
    """2 = jede zweite Spalte (dazwischen stehen Kennbuchstaben)"""


def _spaltenwahl(wert: Any) -> Any:
    if isinstance(wert, str):
        als_muster(wert)
    if isinstance(wert, bool) or not isinstance(wert, str | int | dict | Spaltenbereich):
        raise ValueError(
            "Hier wird eine Spalte erwartet. || Möglich sind Name, Nummer, /Muster/ oder =Buchstabe."
        )
    return wert


Spaltenwahl = Annotated[int | str | Spaltenbereich, BeforeValidator(_spaltenwahl)]
"""Name der Spalte (mehrzeiliger Kopf: ``oben | unten``), Nummer ab 1, ``/Muster/``, ``=F`` oder Bereich."""


def _kurzform(feld: str) -> BeforeValidator:
    def wandle(wert: Any) -> Any:
        return {feld: wert} if isinstance(wert, str | int) and not isinstance(wert, bool) else wert

    return BeforeValidator(wandle)


_EINZELN = BeforeValidator(lambda wert: wert if isinstance(wert, list) else [wert])
"""Statt einer Liste genügt ihr einziger Eintrag."""


def _ohne_null(wert: Any) -> Any:
    """``{"-": null}`` meint das Wort: YAML macht daraus „nichts“."""
    return {z: "null" if s is None else s for z, s in wert.items()} if isinstance(wert, dict) else wert


Zeichenangabe = Annotated[dict[str, Status], BeforeValidator(_ohne_null)]
"""Zeichen der Lieferung → Status: ``{"-": null, ".": unbekannt}``."""

Prozent = Literal["melden", "anteil", "prozentwert"]
QUELLEN_DES_BEZUGS = ("spalte", "spalten", "kopf", "abschnitt", "titel", "blattname", "dateiname", "fest")


class Bezug(YamlModell):
    """Woher ein Text kommt (Gebiet, Zeit, Merkmal, Messgröße). Genau eine der ersten Angaben ist nötig."""

    spalte: Spaltenwahl | None = None
    """aus dieser Spalte derselben Zeile; Kurzform: nur der Name"""
    spalten: list[Spaltenwahl] | None = None
    """aus mehreren Spalten, mit ``verbinden`` aneinandergehängt (z. B. Teile des Regionalschlüssels)"""
    kopf: int | None = Field(default=None, ge=1)
    """aus der n-ten Kopfzeile über der Wertspalte (ab 1)"""
    abschnitt: Muster | None = None
    """aus Zwischenüberschriften: Zeilen, deren erstes gefülltes Feld passt und die sonst leer sind"""
    titel: Muster | None = None
    """aus den Titelzeilen über dem Kopf"""
    blattname: Muster | None = None
    """aus dem Namen des Tabellenblatts"""
    dateiname: Muster | None = None
    """aus dem Namen der Datei"""
    fest: str | None = None
    """immer dieser Text"""
    verbinden: str = ""
    stellen: Annotated[list[Annotated[int, Field(ge=1, le=30)]], _EINZELN] | None = None
    """füllt die Teile aus ``spalte`` oder ``spalten`` links mit Nullen auf diese Längen auf"""
    vorsatz: str = ""
    """steht vor jedem nicht leeren Text: 999 und 101 werden mit ``vorsatz: "09"`` zu 09999101"""
    nachsatz: str = ""
    """steht hinter jedem nicht leeren Text"""
    muster: Muster | None = None
    """schneidet den Text zu; ein Text, zu dem es nicht passt, ist ein Befund (außer mit ``leer``)"""
    werte: dict[str, str | None] = Field(default_factory=dict)
    """Übersetzung „Text der Lieferung: eigener Text“; ``null`` lässt Zeile oder Spalte weg"""
    sonst: Literal["behalten", "weglassen", "fehler"] = "behalten"
    """was mit Texten geschieht, die nicht in ``werte`` stehen"""
    auffuellen: bool = False
    """leeres Feld: der Text der Zeile darüber gilt weiter"""
    einrueckung: str | None = Field(default=None, pattern=r"^\d+(-\d*)?$")
    """nur Zeilen mit so vielen Leerzeichen davor setzen den Text („0“, „2-5“, „4-“); tiefere erben ihn"""
    leer: str | Bezug | None = None
    """Text für leere Felder und für Texte, zu denen ``muster`` nicht passt; oder woher er dann kommt"""

    @model_validator(mode="after")
    def _genau_eine(self) -> Bezug:
        gesetzt = [name for name in QUELLEN_DES_BEZUGS if getattr(self, name) is not None]
        if len(gesetzt) != 1:
            was = "keine" if not gesetzt else " und ".join(gesetzt)
            raise ValueError(
                f"Woher der Text kommt, muss genau einmal gesagt sein; hier: {was}. || Geben Sie eine der "
                f"Angaben {', '.join(QUELLEN_DES_BEZUGS)} an."
            )
        if self.stellen is not None and len(self.stellen) != len(self.genannte_spalten()):
            raise ValueError("„stellen“ braucht je Spalte unter „spalten“ eine Länge. || Ergänzen Sie sie.")
        if isinstance(self.leer, Bezug) and not self.leer.genannte_spalten():
            raise ValueError("„leer“ kann nur aus Spalten derselben Zeile kommen. || Nennen Sie „spalte“.")
        return self

    def genannte_spalten(self) -> list[Spaltenwahl]:
        """Die Spalten derselben Zeile, aus denen der Text kommt; leer, wenn er anderswo steht."""
        return [self.spalte] if self.spalte is not None else self.spalten or []


class Gebietsangabe(Bezug):
    """Woher das Gebiet kommt und wie es erkannt wird."""

    schluessel: str | None = None
    """ags, ars, gvb, ars_teil, name oder ein Schema aus gebiete.yaml; ohne Angabe wird alles versucht"""
    ebene: Literal["gemeinde", "einheit", "planungsgebiet", "kreis", "land", "bund"] | None = None
    """entscheidet bei gleichen Namen"""
    nur: list[str] = Field(default_factory=list)
    """nur Schlüssel, die so beginnen (vor der Suche; macht große Bundestabellen schnell)"""
    unbekannte: Literal["fehler", "weglassen", "behalten"] = "fehler"
    """Gebiete, die nicht in gebiete.yaml stehen: Fehler, überlesen (Bundestabellen) oder unverändert"""
    fuehrende_null: Literal["melden", "ergaenzen"] = "melden"
    """Tabellenkalkulationen machen aus 01001000 gern 1001000"""


BezugKurz = Annotated[Bezug, _kurzform("spalte")]


class Zeitangabe(Bezug):
    """Woher die Zeit kommt und was sie ist."""

    art: Literal["jahr", "stichtag", "monat", "quartal", "schuljahr", "selbst"] = "selbst"
    """Ziel: ``2023`` | ``2023-12-31`` | ``2023-06`` | ``2023-Q2`` | ``2023/24``; ``selbst`` erkennt es"""
    tag: str | None = Field(default=None, pattern=r"^[0-9]{1,2}\.[0-9]{1,2}\.$")
    """macht aus einer Jahreszahl einen Stichtag, z. B. ``"31.12."``"""
    dazu: BezugKurz | None = None
    """zweite Angabe, wenn die Zeit an zwei Stellen steht: Jahr in der Spalte, Monat im Kopf"""


class Qualitaet(YamlModell):
    """Spalte mit Kennbuchstaben zur Zahl (p vorläufig, r berichtigt, s geschätzt, e endgültig)."""

    spalte: Spaltenwahl | None = None
    endung: str | None = None
    """Name der Wertspalte und diese Endung (``_q``)"""
    folgt: int | None = Field(default=None, ge=1)
    """so viele Spalten rechts der Wertspalte"""
    werte: Zeichenangabe = Field(default_factory=dict)
    """weitere oder andere Buchstaben"""

    @model_validator(mode="after")
    def _genau_eine(self) -> Qualitaet:
        if sum(x is not None for x in (self.spalte, self.endung, self.folgt)) != 1:
            raise ValueError("Wo der Kennbuchstabe steht, muss genau einmal gesagt sein. || Angaben: spalte, "
                             "endung oder folgt.")  # fmt: skip
        return self


class Wertspalte(YamlModell):
    """Eine oder mehrere Spalten mit Werten."""

    spalte: Spaltenwahl
    faktor: Decimal = Field(default=Decimal(1), gt=0, allow_inf_nan=False)
    """Umrechnung in die eigene Einheit (Hektar → km²: 0.01)"""
    einheit: str | None = None
    """erwartete Einheit der Lieferung: jede andere unter lesen.einheit ist ein Befund; steht sie nirgends,
    muss der Kopftext sie enthalten"""
    zeichen: Zeichenangabe = Field(default_factory=dict)
    """was ein Zeichen gerade in dieser Spalte heißt (``{"-": unbekannt}``)"""
    zahlform: Zahlform | None = None
    """wenn die Zahlen gerade in dieser Spalte anders geschrieben sind"""
    merkmale: dict[str, str] = Field(default_factory=dict)
    """feste Ausprägungen für diese Spalte"""
    zeit: str | None = None
    """feste Zeit für diese Spalte"""
    qualitaet: Qualitaet | None = None


Wertspalten = Annotated[list[Annotated[Wertspalte, _kurzform("spalte")]], _EINZELN, Field(min_length=1)]
GebietKurz = Annotated[Gebietsangabe, _kurzform("spalte")]
ZeitKurz = Annotated[Zeitangabe, _kurzform("spalte")]


def zeilennummern(text: str | int | list[int]) -> tuple[int, ...]:
    """``7``, ``"7-9"`` oder ``[7, 9]`` als Zeilennummern."""
    if isinstance(text, list):
        return tuple(sorted(text))
    von, _, bis = str(text).partition("-")
    return tuple(range(int(von), min(int(bis or von), int(von) + KOPFZEILEN) + 1))


class Kopf(YamlModell):
    """Der Tabellenkopf. Kurzform: Anzahl der Zeilen (die ersten gefüllten)."""

    anzahl: int | None = Field(default=None, ge=0)
    """so viele Zeilen, ab der ersten gefüllten (oder ab dem Treffer von ``suche``); 0 = kein Kopf"""
    zeilen: int | Annotated[str, Field(pattern=r"^[0-9]{1,7}(-[0-9]+)?$")] | list[int] | None = None
    """genau diese Zeilen der Datei, z. B. ``"7-9"``"""
    suche: Muster | None = None
    """der Kopf beginnt in der ersten Zeile, in der ein Feld passt"""
    auffuellen: bool | list[int] = False
    """leere Felder nach rechts auffüllen: alle Kopfzeilen oder die genannten (ab 1); höchstens bis dahin, wo
    in einer Zeile darüber ein neuer Text beginnt"""
    auffuellen_unten: bool = False
    """leere Felder der unteren Kopfzeilen bekommen den Text darüber"""
    entfernen: Muster | None = None
    """wird aus allen Kopftexten gestrichen (Fußnotenzeichen)"""
    namen: list[str] | None = None
    """eigene Namen für die Spalten, von links; für Dateien ohne Kopf"""

    @model_validator(mode="after")
    def _stimmig(self) -> Kopf:
        if self.zeilen is not None and (self.anzahl is not None or self.suche is not None):
            raise ValueError("„zeilen“ schließt „anzahl“ und „suche“ aus. || Löschen Sie eine der Angaben.")
        if not self.hoehe <= KOPFZEILEN:
            raise ValueError(
                f"Der Kopf kann höchstens {KOPFZEILEN} Zeilen haben. || Nennen Sie nur die Kopfzeilen; was "
                "darunter steht, überliest „daten_ab“."
            )
        return self

    @property
    def hoehe(self) -> int:
        """Anzahl der Kopfzeilen."""
        if self.zeilen is not None:
            return len(zeilennummern(self.zeilen))
        return 1 if self.anzahl is None else self.anzahl


KopfKurz = Annotated[Kopf, _kurzform("anzahl")]


Bedingung = Annotated[list[str], _EINZELN, Field(min_length=1)]
"""Text, ``/Muster/`` oder eine Liste davon (einer muss passen)."""


BELEGT = (
    "gebiet", "zeit", "jahr", "groesse", "wert", "status", "basis", "gebietsstand", "datei", "zeile",
    "spalte", "roh",
)  # fmt: skip
"""Spalten der gelesenen Tabelle; so darf kein Merkmal heißen."""


class Groessenangabe(YamlModell):
    """Faktor und Einheit einer Messgröße, deren Name aus der Lieferung kommt."""

    faktor: Decimal = Field(default=Decimal(1), gt=0, allow_inf_nan=False)
    einheit: str | None = None


class Angaben(YamlModell):
    """Was eine Tabelle beschreibt; auch ein einzelner Block eines Blattes kann es überschreiben."""

    gebiet: GebietKurz | None = None
    zeit: ZeitKurz | None = None
    merkmale: dict[str, BezugKurz] = Field(default_factory=dict)
    groessen: dict[str, Wertspalten] = Field(default_factory=dict)
    """Messgröße: Spalte(n) mit ihren Werten"""
    groesse: BezugKurz | None = None
    """woher der Name der Messgröße kommt (lange Tabellen, Kopfzeile); gehört zu ``wert``"""
    wert: Wertspalten | None = None
    """Spalte(n) mit Werten, wenn ``groesse`` den Namen gibt"""
    kopf: KopfKurz | None = None
    daten_ab: int | None = Field(default=None, ge=1)
    """erste Zeile mit Daten (Nummer in der Datei); Zeilen zwischen Kopf und ihr werden überlesen"""
    daten_bis: int | None = Field(default=None, ge=1)
    """letzte Zeile mit Daten"""
    ende: Muster | None = None
    """ab der Zeile, deren erstes gefülltes Feld so beginnt, folgt der Fußblock"""
    auslassen: list[Muster] = Field(default_factory=list)
    """Zeilen, deren Text (Felder mit „ | “ verbunden) passt, werden überlesen"""
    wo: dict[str, Bedingung] = Field(default_factory=dict)
    """nur Zeilen, deren Spalte so lautet"""
    ohne: dict[str, Bedingung] = Field(default_factory=dict)
    """keine Zeilen, deren Spalte so lautet"""
    leere_zeilen: Literal["lesen", "weglassen"] = "lesen"
    """Zeilen ohne einen einzigen Wert (Überschriften mit Schlüssel): als fehlende Werte lesen oder nicht"""
    qualitaet: Qualitaet | None = None
    """Kennbuchstaben für alle Wertspalten"""
    einheit: BezugKurz | None = None
    """wo die Lieferung ihre Einheit nennt (Spalte ``value_unit``, Kopfzeile); eine Messgröße mit zweien ist
    ein Befund"""
    je_groesse: dict[str, Groessenangabe] = Field(default_factory=dict)
    """Faktor und erwartete Einheit je Messgröße, wenn ``groesse`` den Namen gibt"""
    entfernen: Muster | None = None
    """wird vor dem Lesen aus Werten gestrichen (Fußnotenzeichen, Einheiten)"""
    ungelesen: dict[str, str] = Field(default_factory=dict)
    """Spalten mit Zahlen, die nicht gelesen werden, und warum; „OFFEN …“ wird gemeldet, bis es entschieden
    ist"""

    def alle_merkmale(self) -> tuple[str, ...]:
        """Namen aller Merkmale, auch der bei einzelnen Wertspalten festgelegten."""
        spalten = [s for liste in (*self.groessen.values(), self.wert or []) for s in liste]
        return tuple(dict.fromkeys([*self.merkmale, *(name for s in spalten for name in s.merkmale)]))

    def pruefe_vollstaendig(self, *, ohne_werte: bool = False) -> None:
        """Wirft ``ValueError`` („Text || Abhilfe“), wenn eine nötige Angabe fehlt."""
        for name in self.alle_merkmale():
            if name in BELEGT or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
                raise ValueError(
                    f"Ein Merkmal kann nicht „{name}“ heißen. || Nehmen Sie Kleinbuchstaben, Ziffern und "
                    f"Unterstriche; vergeben sind {', '.join(BELEGT)}."
                )
        if self.gebiet is None:
            raise ValueError("Die Angabe „gebiet“ fehlt. || Ergänzen Sie z. B. „gebiet: {spalte: ags}“.")
        if (self.wert is None) != (self.groesse is None):
            raise ValueError("„groesse“ und „wert“ gehören zusammen. || Ergänzen Sie die fehlende Angabe.")
        if ohne_werte and not self.groessen and not self.wert:
            return
        if self.zeit is None:
            raise ValueError(
                "Die Angabe „zeit“ fehlt. || Ergänzen Sie z. B. „zeit: {spalte: jahr}“ oder „{fest: 2023}“."
            )
        if not self.groessen and not self.wert:
            raise ValueError(
                "Es ist nicht gesagt, welche Spalten Werte enthalten. || Ergänzen Sie „groessen“ oder "
                "„groesse“ und „wert“."
            )


def mit(gemeinsam: Angaben, anders: Angaben) -> Angaben:
    """Die gemeinsamen Angaben, ersetzt durch alles, was ``anders`` ausdrücklich sagt."""
    alles = {name: getattr(gemeinsam, name) for name in Angaben.model_fields}
    return Angaben.model_construct(**{**alles, **{n: getattr(anders, n) for n in anders.model_fields_set}})


class Blockangaben(Angaben):
    """Ein Block eines Blattes; was hier nicht steht, gilt wie für das Ganze."""


class Lesen(Angaben):
    """Gemeinsame Angaben aller Leser."""

    zahlform: Zahlform | None = None
    """deutsch (1.234,5) | englisch (1,234.5) | schlicht (1234.5 oder 1234,5); ohne Angabe gilt die Form der
    Familie, und ein Text wie „1.234“ ist ein Fehler"""
    minus: Annotated[list[Literal["vorn", "hinten", "klammer"]], _EINZELN] = Field(default_factory=list)
    """was außer „-7“ negativ ist: „7-“ (``hinten``), „(7)“ (``klammer``); ``vorn``: nichts sonst. Ohne
    Angabe ist „7-“ ein Fehler, „(7)“ neben negativen Zahlen auch"""
    grenze_mb: int = Field(default=64, ge=1, le=4000)
    """größere Dateien werden nicht gelesen"""
    grenze_werte: int = Field(default=1_000_000, ge=1)
    """mehr Werte werden nicht aufgenommen (nach den Filtern)"""

    trenner: ClassVar[str] = ","
    form: ClassVar[Zahlform] = "schlicht"
    zeichensatz: ClassVar[str] = "ohne"
    kopfhoehe: ClassVar[int] = 1
    ohne_gebiet: ClassVar[bool] = False

    @model_validator(mode="after")
    def _vollstaendig(self) -> Lesen:
        for block in self.alle_bloecke():
            block.pruefe_vollstaendig(ohne_werte=self.ohne_gebiet)
        return self

    def alle_bloecke(self) -> list[Angaben]:
        """Die Blöcke des Blattes mit allem, was für sie gilt; meist genau einer."""
        bloecke: list[Angaben] = getattr(self, "bloecke", [])
        return [mit(self, block) for block in bloecke] or [self]

    def alle_angaben(self) -> list[Angaben]:
        """Jede Angabe der Beschreibung: das Ganze, seine Blöcke und was einzelne Blätter anders machen."""
        anders: dict[str, Blockangaben] = getattr(self, "je_blatt", {})
        return [
            *self.alle_bloecke(),
            *(mit(block, a) for block in self.alle_bloecke() for a in anders.values()),
        ]

    def bloecke_von(self, blatt: str) -> list[Angaben]:
        """Die Blöcke eines Blattes mit dem, was ``je_blatt`` für dieses anders sagt."""
        anders: dict[str, Blockangaben] = getattr(self, "je_blatt", {})
        passend = [
            a for name, a in anders.items()
            if ((muster := als_muster(name)) and muster.suche(blatt)) or name.strip() == blatt.strip()
        ]  # fmt: skip
        bloecke = self.alle_bloecke()
        for angaben in passend:
            bloecke = [mit(block, angaben) for block in bloecke]
        return bloecke


class LesenCsv(Lesen):
    """Eigene oder fremde CSV, lang oder breit."""

    leser: Literal["csv"]


class LesenGenesis(Lesen):
    """CSV aus GENESIS und Regionalstatistik.

    Die Tabelle hat Titel, mehrzeiligen Kopf und Fußblock nach ``____``; die flache Form ist alt (deutscher
    Kopf) oder neu (``ffcsv``, englischer Kopf).
    """

    leser: Literal["genesis_tabelle", "genesis_flach"]
    ende: Muster | None = r"_{3,}"

    trenner: ClassVar[str] = ";"
    form: ClassVar[Zahlform] = "deutsch"
    zeichensatz: ClassVar[str] = "din55301"

    @model_validator(mode="before")
    @classmethod
    def _vorgaben(cls, angaben: Any) -> Any:
        """Flache Form: ein leerer Schlüssel neben „DLAND“ und „Insgesamt“ meint Deutschland."""
        gebiet = angaben.get("gebiet") if isinstance(angaben, dict) else None
        gebiet = {"spalte": gebiet} if isinstance(gebiet, str) else gebiet
        if not isinstance(gebiet, dict) or angaben.get("leser") != "genesis_flach" or "leer" in gebiet:
            return angaben
        treffer = re.fullmatch(r"([0-9]+)_Auspraegung_Code", str(gebiet.get("spalte")))
        if treffer is None:
            return angaben
        spalten = [f"{treffer[1]}_Merkmal_Code", f"{treffer[1]}_Auspraegung_Label"]
        leer: dict[str, Any] = {
            "spalten": spalten,
            "verbinden": " ",
            "muster": "^(DLAND|DINSG) (Insgesamt|Deutschland)$",
        }
        leer |= {"werte": dict.fromkeys(("DLAND", "DINSG"), "DG"), "leer": ""}
        return {**angaben, "gebiet": {**gebiet, "leer": leer}}


class LesenMappe(Lesen):
    """Tabellenkalkulation (xlsx, xlsm, xlsb, xls, ods, HTML); Formeln und Makros werden nie ausgeführt."""

    blatt: str | int | list[str | int] | None = None
    """Name, Nummer (ab 1, sichtbare Blätter), ``/Muster/`` oder Liste; ``alle`` sichtbaren; ohne Angabe das
    erste sichtbare Blatt"""
    ohne_blatt: Annotated[list[str | int], _EINZELN] = Field(default_factory=list)
    """diese Blätter nicht: Deckblatt, Impressum (Name, Nummer, ``/Muster/``)"""
    je_blatt: dict[str, Blockangaben] = Field(default_factory=dict)
    """Blattname oder ``/Muster/``: was auf diesen Blättern anders ist"""
    verstecktes: Literal["melden", "lesen", "weglassen"] = "melden"
    """versteckte Zeilen und Spalten: lesen und melden, ohne Hinweis lesen, oder weglassen"""
    durchgestrichen: Literal["fehler", "lesen", "fehlt"] = "fehler"
    """durchgestrichene Werte: Fehler, wie andere lesen, oder als fehlend; ist Gebiet, Zeit oder Merkmal
    durchgestrichen, gilt dasselbe für die ganze Zeile"""
    hochgestellt: Literal["fehler", "lesen", "fehlt"] = "fehler"
    """Werte, die ganz hoch- oder tiefgestellt sind: Fehler, wie andere lesen, oder als fehlend"""
    verbundene: Literal["auffuellen", "erste", "lassen"] = "auffuellen"
    """verbundene Felder in Kopf und Beschriftung gelten für alle ihre Zellen (``lassen``: nur für die erste);
    ein verbundener Wert ist ein Fehler, mit ``erste`` gilt er nur für das erste Feld"""
    formeln: Literal["fehler", "gespeicherter_wert"] = "fehler"
    """Formel statt Wert: Fehler, oder das Ergebnis, das zuletzt in der Datei gespeichert wurde"""
    prozent: Prozent = "melden"
    """Zahlen mit Zahlenformat in Prozent (gespeichert 0.125, gezeigt 12,5 %): ``prozentwert`` liest 12.5,
    ``anteil`` liest 0.125, ``melden`` nennt jede solche Wertzelle als Fehler, damit niemand raten muss"""


class LesenXlsx(LesenMappe):
    """Eigene oder fremde Tabellenkalkulation."""

    leser: Literal["xlsx"]
    bloecke: list[Blockangaben] = Field(default_factory=list)
    """mehrere Tabellen auf einem Blatt, je mit eigenem Kopf und ``daten_ab``/``daten_bis``"""


class LesenInkar(LesenMappe):
    """Export aus INKAR: Kennziffer, Raumeinheit, Aggregat, dann je Indikator und Jahr eine Spalte."""

    leser: Literal["inkar"]
    kopf: KopfKurz | None = Kopf(anzahl=2, auffuellen=[1])

    trenner: ClassVar[str] = ";"
    form: ClassVar[Zahlform] = "deutsch"

    @model_validator(mode="before")
    @classmethod
    def _vorgaben(cls, angaben: Any) -> Any:
        """Der übliche Aufbau gilt, soweit nichts anderes gesagt ist."""
        if not isinstance(angaben, dict):
            return angaben
        vorgaben = {"gebiet": {"spalte": "Kennziffer"}, "zeit": {"kopf": 2, "art": "jahr"}}
        if not angaben.keys() & {"groessen", "wert", "groesse"}:
            vorgaben |= {"groesse": {"kopf": 1}, "wert": {"spalte": {"von": 4}}}
        return {**vorgaben, **angaben}


class LesenGv100(Lesen):
    """Feste Breite: Gemeindeverzeichnis GV100AD oder eigene Felder."""

    leser: Literal["gv100"]
    satzart: str | None = "60"
    """10 Land, 20 Regierungsbezirk, 30 Region, 40 Kreis, 50 Gemeindeverband, 60 Gemeinde"""
    felder: dict[str, Annotated[list[int], Field(min_length=1, max_length=2)]] = Field(default_factory=dict)
    """eigene oder weitere Felder: ``name: [von, bis]`` (Stellen ab 1)"""

    kopfhoehe: ClassVar[int] = 0


class LesenGeojson(Lesen):
    """GeoJSON: Eigenschaften als Spalten; die Geometrie gibt ``Datenbestand.geometrie``."""

    leser: Literal["geojson"]

    kopfhoehe: ClassVar[int] = 0
    ohne_gebiet: ClassVar[bool] = True


def _umgebungsvariable(name: str) -> str:
    """Nur ein Name; eine Adresse mit Kennwort wird nicht wiederholt."""
    if not re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
        raise ValueError(
            "Hier gehört der Name einer Umgebungsvariable hin, nicht die Adresse. || Schreiben Sie z. B. "
            "FACHVERFAHREN_URL und setzen Sie diese Variable auf dem Rechner; löschen Sie ein Kennwort aus "
            "der Datei."
        )
    return name


class LesenSql(Lesen):
    """Abfrage einer Datenbank über SQLAlchemy, nur lesend."""

    leser: Literal["sql"]
    url_umgebung: Annotated[str, AfterValidator(_umgebungsvariable)]
    """Name der Umgebungsvariable mit der SQLAlchemy-Adresse; die Adresse selbst steht nie in der Datei"""
    abfrage: str | None = None
    """eine einzige SELECT-Abfrage; sonst steht sie in der Datei unter ``path``"""
    zeitgrenze: int = Field(default=120, ge=1, le=3600)
    """so viele Sekunden darf die Datenbank insgesamt brauchen"""

    kopfhoehe: ClassVar[int] = 0


Leseangaben = Annotated[
    LesenCsv | LesenGenesis | LesenInkar | LesenXlsx | LesenGv100 | LesenGeojson | LesenSql,
    Field(discriminator="leser"),
]
