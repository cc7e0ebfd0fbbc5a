"""Eine eigene Rechnung, wie sie in ``daten/rechnungen/<id>.yaml`` steht: Methode, Eingaben, Annahmen, Reihen.

Jeder Schlüssel der YAML-Datei ist hier beschrieben; unbekannte Schlüssel sind ein Fehler. Gerechnet wird in
:mod:`berichtswerk.fach.rechenwerk`. Jahre stehen als Zahl oder als Jahr der Rechnung mit Abstand („basis“,
„ende-1“); in Worten füllt sie „{basis}“ ein.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, PrivateAttr, model_validator

from berichtswerk.daten.gebiete import Ebene
from berichtswerk.fach.kennzahl import Bedingung, Kennzahl, Weg, mit_hier
from berichtswerk.fach.methoden.annahmen import Annahme
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, vorschlag
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import YamlDokument, YamlModell, lies_yaml
from berichtswerk.grund.zeichen import Status

ANNAHMEN = "annahmen"
"""So heißen die Annahmen, wo eine Reihe ihre Eingaben nennt."""
EIGENE = "eigene"
"""Szenario, in dem jedes Gebiet mit seinen abweichenden Annahmen rechnet (nur Gebiete, die welche haben)."""

_JAHR = r"(beginn|basis|ziel|ende)(?:([+-])(\d+))?"
_LUECKE = re.compile(rf"\{{{_JAHR}\}}")


def _pruefe_jahr(angabe: int | str) -> int | str:
    if isinstance(angabe, str) and not re.fullmatch(_JAHR, angabe):
        raise ValueError(
            f"„{angabe}“ ist kein Jahr."
            " || Schreiben Sie eine Jahreszahl oder beginn, basis, ziel, ende mit Abstand (basis+3)."
        )
    return angabe


Jahresangabe = Annotated[int | str, AfterValidator(_pruefe_jahr)]


class IdFalsch(Befundart):
    kennung = "rechnung-id"
    text = "Die id „{id}“ heißt anders als die Datei."
    abhilfe = "Schreiben Sie „id: {stamm}“ oder nennen Sie die Datei {id}.yaml."
    feld = "id"


class VerweisFalsch(Befundart):
    kennung = "rechnung-verweis"
    text = "{was} „{name}“ gibt es in dieser Rechnung nicht."
    abhilfe = "{vorschlag}"


class NameVergeben(Befundart):
    kennung = "rechnung-name-vergeben"
    text = "Den Namen „{name}“ gibt es schon: {datei_andere}."
    ursache = "In Texten und Notizbüchern wäre nicht klar, was gemeint ist."
    abhilfe = "Geben Sie der Reihe einen eigenen Namen."


class OhneMessung(Befundart):
    kennung = "rechnung-ohne-messung"
    text = "Die Annahme „{name}“ ist „gemessen“, aber „messung“ nennt keine Methode."
    abhilfe = "Ergänzen Sie „messung: modul.methode“ oder schreiben Sie den Wert als Zahl."


@dataclass(frozen=True, slots=True)
class Zeitrahmen:
    """Die Jahre einer Rechnung: gezeigt ab ``beginn``, gemessen bis ``basis``, danach vorausgerechnet."""

    beginn: int
    basis: int
    ziel: int
    ende: int

    def jahr(self, angabe: int | str) -> int:
        """„basis+3“ → Jahreszahl; eine Zahl bleibt."""
        form = re.fullmatch(_JAHR, angabe) if isinstance(angabe, str) else None
        return self._jahr(form) if form else int(angabe)

    def _jahr(self, form: re.Match[str]) -> int:
        return int(getattr(self, form[1])) + int(f"{form[2] or '+'}{form[3] or 0}")

    def fuelle(self, text: str) -> str:
        """Setzt Jahre ein: „bis {ende}“ → „bis 2040“; „{schuljahr}“ beginnt im Basisjahr („2024/25“)."""
        text = text.replace("{schuljahr}", f"{self.basis}/{(self.basis + 1) % 100:02}")
        return _LUECKE.sub(lambda form: str(self._jahr(form)), text)


_WORTE = {"beginn": "Anfangsjahr", "basis": "Basisjahr", "ziel": "Zieljahr", "ende": "Endjahr"}
_DAVOR = {"bis": "bis zum", "seit": "seit dem", "ab": "ab dem", "von": "vom", "im jahr": "im"}


def ohne_luecken(text: str) -> str:
    """Wo kein Zeitrahmen gilt: „im Jahr {basis}“ → „im Basisjahr“, „ab {basis+1}“ → „ab dem Jahr nach …“."""

    def wort(fund: re.Match[str]) -> str:
        davor = _DAVOR.get((fund[1] or "").lower(), "")
        davor = davor[:1].upper() + davor[1:] if (fund[1] or "")[:1].isupper() else davor
        jahr = _WORTE[fund[2]]
        if fund[4]:
            anzahl = "Jahr" if fund[4] == "1" else f"{fund[4]}. Jahr"
            jahr = f"{anzahl} {'nach' if fund[3] == '+' else 'vor'} dem {jahr}"
        return f"{davor} {jahr}".strip()

    return re.sub(rf"(?:\b({'|'.join(_DAVOR)}) )?{_LUECKE.pattern}", wort, text, flags=re.IGNORECASE)


class Zeitangaben(YamlModell):
    """Woraus der Zeitrahmen folgt; ``basis`` ist ein Jahr oder die Eingabe, deren jüngstes Jahr gilt."""

    basis: int | str
    ziel: Jahresangabe = "basis"
    ende: Jahresangabe = "basis"
    beginn: Jahresangabe = "basis"

    def rahmen(self, basis: int) -> Zeitrahmen:
        """Der Zeitrahmen zu diesem Basisjahr."""
        vorher = Zeitrahmen(basis, basis, basis, basis)
        return Zeitrahmen(vorher.jahr(self.beginn), basis, vorher.jahr(self.ziel), vorher.jahr(self.ende))


class Eingabe(YamlModell):
    """Womit gerechnet wird: Werte einer Quelle, Tabelle einer anderen Rechnung oder Kennzahl (Reihe)."""

    quelle: str = ""
    kennzahl: str = ""
    rechnung: str = ""
    """id einer anderen Rechnung, deren Hauptszenario die Tabelle ``ergebnis`` liefert."""
    ergebnis: str = ""
    groesse: str = ""
    """Nur diese Größe der Quelle."""
    wo: dict[str, Bedingung] = Field(default_factory=dict)
    """Bedingungen an Merkmale, wie bei Kennzahlen."""
    gebiet: Literal["alle", "kreis", "teile"] = "alle"
    """kreis: nur der Landkreis selbst · teile: nur seine Gebiete · alle: auch fremde (Profile des Bundes)."""
    jahr: Jahresangabe | Literal["letztes"] | None = None
    """Nur dieses Jahr der Quelle; „letztes“ ist ihr jüngstes bis zur Basis, sonst ihr jüngstes."""
    von: Jahresangabe | None = None
    pflicht: bool = True
    """Ohne eine Pflichteingabe wird nicht gerechnet; eine andere darf fehlen."""

    @model_validator(mode="after")
    def _eine_herkunft(self) -> Self:
        if sum(map(bool, (self.quelle, self.kennzahl, self.rechnung))) != 1:
            raise ValueError(
                "Eine Eingabe nennt genau eines von „quelle“, „kennzahl“ und „rechnung“."
                " || Teilen Sie sie in mehrere Eingaben auf."
            )
        if bool(self.rechnung) != bool(self.ergebnis):
            raise ValueError(
                "„rechnung“ und „ergebnis“ gehören zusammen."
                " || Nennen Sie die andere Rechnung und den Namen ihrer Tabelle."
            )
        return self


class Annahmeangabe(YamlModell):
    """Eine Annahme mit Herkunft; ``werte`` und ``abstand`` gelten in einzelnen Szenarien."""

    name: str
    """Wie sie in der Tabelle der Annahmen heißt."""
    wert: int | float | str
    """Zahl oder Wort; „gemessen“ nimmt den gleichnamigen Wert der ``messung``, ohne ihn entfällt sie."""
    werte: dict[str, int | float | str] = Field(default_factory=dict)
    """Szenario → Wert, wo er anders ist."""
    abstand: dict[str, float] = Field(default_factory=dict)
    """Szenario → was zum Wert dazukommt."""
    einheit: str = ""
    nachkommastellen: int = Field(default=1, ge=0, le=6)
    herkunft: str
    """Quelle oder Stelle, die sie gesetzt hat (Funktion, keine Person)."""
    begruendung: str
    stand: date
    gruppe: str = ""
    """Ordnet die Annahmen, wenn ein Bericht sie in mehreren Tabellen zeigt."""
    zeigen: bool = True
    """Ob sie in der Tabelle der Annahmen steht."""

    def annahme(
        self, kurz: str, szenario: str, gemessen: Mapping[str, float], zeit: Zeitrahmen, ort: tuple[str, int]
    ) -> Annahme:
        """Die Annahme in diesem Szenario."""
        wert = gemessen[kurz] if self.wert == "gemessen" else self.wert
        wert = self.werte.get(szenario, wert)
        wert = zeit.fuelle(wert) if isinstance(wert, str) else wert
        if szenario in self.abstand and not isinstance(wert, str):
            wert += self.abstand[szenario]
        return Annahme(
            kurz, wert, self.einheit, self.herkunft, zeit.fuelle(self.begruendung), self.stand,
            self.nachkommastellen, zeit.fuelle(self.name), self.gruppe, self.zeigen, ("", *ort),
        )  # fmt: skip


class Stufe(YamlModell):
    """Eine Stufe von Werten mit Zeichen und Wort („↑ knapp“); das Zeichen trägt die Aussage ohne Farbe."""

    ab: float
    ausschliesslich: bool = False
    """Gilt erst über ``ab``, nicht schon bei ``ab``."""
    name: str
    zeichen: str


class Rechenkennzahl(Kennzahl):
    """Eine Reihe, die eine Rechnung ergibt; sie lässt sich überall zeigen wie eine Kennzahl.

    Sie ist ein ``ergebnis`` der Methode oder aus anderen Reihen gebildet: ``faktor`` · Σ ``zaehler`` /
    Σ ``nenner``. Grundangaben (Name, Einheit, Definition …) wie bei Kennzahlen.
    """

    rechnung: str
    """id der Rechnung; sie steht nicht in der Datei."""
    wege: list[Weg] = Field(default_factory=list, max_length=0)
    formel: str
    """Die Rechnung in Worten, für den Nachweis."""
    ergebnis: str = ""
    """Name des Ergebnisses der Methode; Vorgabe ist der Name der Reihe."""
    zaehler: list[str] = Field(default_factory=list)
    """Reihen dieser Rechnung oder Kennzahlen, die addiert werden; ein „-“ davor zieht ab."""
    nenner: list[str] = Field(default_factory=list)
    szenario: str = ""
    """Vorgabe ist das Hauptszenario der Rechnung."""
    spanne: list[str] = Field(default_factory=list)
    """Szenarien, die untere und obere Grenze der vorausgerechneten Werte ergeben."""
    band: str = ""
    """Was die Grenzen sind („95-%-Intervall“)."""
    eingaben: list[str] | None = None
    """Was in diese Reihe eingeht; Vorgabe ist alles."""
    prognose_ab: Jahresangabe | Literal["nie"] = "basis+1"
    """Ab hier vorausgerechnet: gestrichelt, „s“ in Tabellen."""
    status: Status = Status.WERT
    """Status der übrigen Zahlen."""
    von: Jahresangabe | None = None
    bis: Jahresangabe | None = None
    hinweise: list[str] = Field(default_factory=list)
    """Was unter jeder Abbildung und Tabelle mit dieser Reihe steht."""
    stufen: list[Stufe] = Field(default_factory=list)
    """Einteilung der Werte, aufsteigend; in Tabellen nach Gebieten eine Spalte „Lage“."""
    summe: bool = False
    """Die Werte der Gebiete werden zu Planungsgebieten und Landkreis addiert."""

    @model_validator(mode="after")
    def _eine_bildung(self) -> Self:
        if self.ergebnis and self.zaehler:
            raise ValueError(
                "Eine Reihe ist entweder ein „ergebnis“ oder aus einem „zaehler“ gebildet."
                " || Streichen Sie eines von beiden."
            )
        if self.nenner and not self.zaehler:
            raise ValueError("Ein Nenner braucht einen Zähler. || Ergänzen Sie „zaehler“.")
        return self

    def stufe(self, unten: float, oben: float) -> str:
        """„↑ knapp“; reicht die Spanne in zwei, beide: „=↑ ausgeglichen bis knapp“; leer ohne Stufen."""
        tief, hoch = self._stufe(unten), self._stufe(oben)
        if tief is None or hoch is None or tief == hoch:
            einzige = tief or hoch
            return f"{einzige.zeichen} {einzige.name}" if einzige else ""
        return f"{tief.zeichen}{hoch.zeichen} {tief.name} bis {hoch.name}"

    def _stufe(self, wert: float) -> Stufe | None:
        passend = (s for s in self.stufen if wert > s.ab or (wert == s.ab and not s.ausschliesslich))
        return max(passend, key=lambda s: s.ab, default=None)

    def mit_jahren(self, zeit: Zeitrahmen, band: str) -> Rechenkennzahl:
        """Dieselbe Reihe mit eingesetzten Jahren in allen Worten."""
        felder = ("name", "name_satz", "definition", "formel", "einheit")
        worte = {f: zeit.fuelle(w) for f in felder if (w := getattr(self, f))}
        return self.model_copy(update={**worte, "band": band})


class Spalte(YamlModell):
    """Eine Spalte einer Tafel."""

    name: str
    nachkommastellen: int = Field(default=0, ge=0, le=6)


class Tafelangabe(YamlModell):
    """Eine Tabelle, die nicht nach Gebieten und Jahren gegliedert ist; ``kopf`` ist die erste Spalte."""

    kopf: str
    ergebnis: str = ""
    """Name des Ergebnisses der Methode; Vorgabe ist der Name der Tafel."""
    spalten: dict[str, Spalte] = Field(min_length=1)
    zeilen: dict[str, str] = Field(default_factory=dict)
    """Auswahl, Reihenfolge und Beschriftung der Zeilen; ohne Angabe alle, wie die Methode sie liefert."""
    summen: list[str] = Field(default_factory=list)
    """Beschriftungen der Zeilen, die als Summe abgesetzt werden."""
    unterschrift: str
    """„{im}“ wird zu „im Landkreis …“."""
    formel: str
    gerechnet: bool = True
    """Nein, wenn die Tafel nur zeigt, was die Quelle nennt; dann steht darunter „eigene Darstellung“."""
    hinweise: list[str] = Field(default_factory=list)
    eingaben: list[str] | None = None


class Rechnung(YamlModell):
    """Eine beschriebene Rechnung."""

    id: str = Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")
    name: str
    methode: str = Field(pattern=r"^[a-z_]+\.[a-z_0-9]+$")
    """Funktion in ``fach/methoden``: ``modul.funktion``; ihre Parameter heißen wie die Eingaben."""
    messung: str = ""
    """Funktion, die Ausgangswerte von Annahmen aus denselben Eingaben misst."""
    eingaben: dict[str, Eingabe]
    parameter: dict[str, int | float | str] = Field(default_factory=dict)
    """Feste Werte für gleichnamige Parameter der Methode; was begründet sein will, ist eine Annahme."""
    gebiete: Ebene = "kreis"
    """Wofür gerechnet wird: der Landkreis oder alle seine Gebiete dieser Ebene."""
    jahre: Zeitangaben
    szenarien: dict[str, str] = Field(default_factory=lambda: {"mittlere": "mittlere Variante"}, min_length=1)
    """Kürzel → Name, in der Reihenfolge, in der sie nebeneinander stehen."""
    hauptszenario: str = ""
    """Es gilt, wo keines genannt ist; Vorgabe ist das erste."""
    annahmen: dict[str, Annahmeangabe] = Field(default_factory=dict)
    annahmen_quelle: str = ""
    """Quelle mit den Annahmen (Spalten annahme, bezeichnung, einheit, angabe_von, begruendung, festgelegt_am,
    je Szenario eine Größe); Zeilen eines Teilgebiets sind dessen Abweichungen."""
    reihen: dict[str, Rechenkennzahl] = Field(default_factory=dict)
    tafeln: dict[str, Tafelangabe] = Field(default_factory=dict)
    _dokument: YamlDokument | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _namen_an_die_reihen(cls, daten: Any) -> Any:
        daten = mit_hier(daten)
        if not isinstance(daten, dict) or not isinstance(daten.get("reihen"), dict):
            return daten
        reihen = {
            name: {**r, "id": name, "rechnung": str(daten.get("id", ""))} if isinstance(r, dict) else r
            for name, r in daten["reihen"].items()
        }
        return {**daten, "reihen": reihen}

    @property
    def datei(self) -> str:
        """Die Datei ab der Projektwurzel."""
        return f"daten/rechnungen/{self.id}.yaml"

    @property
    def haupt(self) -> str:
        """Kürzel des Szenarios, das gilt, wo keines genannt ist."""
        return self.hauptszenario or next(iter(self.szenarien))

    def ort(self, annahme: str) -> tuple[str, int]:
        """Datei und Zeile einer Annahme."""
        return self.datei, self._dokument.zeile(ANNAHMEN, annahme) if self._dokument else 0

    def melde(self, art: type[Befundart], *pfad: str, **angaben: Any) -> Meldung:
        """Eine Meldung zu einer Angabe, mit Datei, Zeile und Feld."""
        assert self._dokument is not None, "Eine Rechnung wird aus ihrer Datei geladen."
        return self._dokument.melde(art, *pfad, **angaben)

    def kennzahlen(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Namen von Kennzahlen oder fremden Reihen, die sie nennt, mit ihrer Stelle."""
        for name, e in self.eingaben.items():
            if e.kennzahl:
                yield e.kennzahl, ("eingaben", name, "kennzahl")
        for name, r in self.reihen.items():
            for feld in ("zaehler", "nenner"):
                for genannt in (n.removeprefix("-") for n in getattr(r, feld)):
                    if genannt not in self.reihen:
                        yield genannt, ("reihen", name, feld)

    def befunde(self, dokument: YamlDokument, stamm: str) -> Iterator[Meldung]:
        """Was die Datei sich selbst widerspricht, jeweils mit Zeile."""
        if self.id != stamm:
            yield dokument.melde(IdFalsch, "id", id=self.id, stamm=stamm)
        eingaben, szenarien = [*self.eingaben, ANNAHMEN], [*self.szenarien, EIGENE]
        gefragt: list[tuple[str, str, Iterable[str], tuple[str, ...]]] = []
        if isinstance(self.jahre.basis, str):
            gefragt.append(("Die Eingabe", self.jahre.basis, self.eingaben, ("jahre", "basis")))
        if self.hauptszenario:
            gefragt.append(("Das Szenario", self.hauptszenario, self.szenarien, ("hauptszenario",)))
        for name, r in self.reihen.items():
            stelle = ("reihen", name)
            gefragt += [("Die Eingabe", e, eingaben, (*stelle, "eingaben")) for e in r.eingaben or ()]
            gefragt += [("Das Szenario", s, szenarien, (*stelle, "spanne")) for s in r.spanne]
            gefragt += [("Das Szenario", r.szenario, szenarien, (*stelle, "szenario"))] if r.szenario else []
        for name, tafel in self.tafeln.items():
            gefragt += [
                ("Die Eingabe", e, eingaben, ("tafeln", name, "eingaben")) for e in tafel.eingaben or ()
            ]
        for name, a in self.annahmen.items():
            for feld, je in (("werte", a.werte), ("abstand", a.abstand)):
                gefragt += [("Das Szenario", s, self.szenarien, (ANNAHMEN, name, feld, s)) for s in je]
            if a.wert == "gemessen" and not self.messung:
                yield dokument.melde(OhneMessung, ANNAHMEN, name, "wert", name=name)
        for was, name, bekannt, pfad in gefragt:
            if name not in (liste := list(bekannt)):
                nah = vorschlag(name, liste, sonst="Möglich sind: ")
                yield dokument.melde(VerweisFalsch, *pfad, was=was, name=name, vorschlag=nah)


def lade_rechnungen(projekt: Projekt) -> dict[str, Rechnung]:
    """Alle Rechnungen eines Projekts nach id.

    Raises:
        BerichtswerkFehler: mit den Befunden aller Dateien auf einmal.
    """
    gelesen: dict[str, Rechnung] = {}
    befunde: list[Meldung] = []
    vergeben: dict[str, str] = {}
    for pfad in sorted(projekt.rechnungen.glob("*.yaml")):
        try:
            dokument = lies_yaml(pfad, projekt)
            rechnung = dokument.als(Rechnung)
        except BerichtswerkFehler as fehler:
            befunde.extend(fehler.meldungen)
            continue
        befunde.extend(rechnung.befunde(dokument, pfad.stem))
        rechnung._dokument = dokument
        for name in (*rechnung.reihen, *rechnung.tafeln):
            stelle = ("reihen" if name in rechnung.reihen else "tafeln", name)
            kennzahl = projekt.kennzahlen / f"{name}.yaml"
            andere = projekt.relativ(kennzahl) if kennzahl.is_file() else vergeben.get(name)
            if andere:
                befunde.append(dokument.melde(NameVergeben, *stelle, name=name, datei_andere=andere))
            vergeben[name] = dokument.datei
        gelesen[rechnung.id] = rechnung
    if befunde:
        raise BerichtswerkFehler(befunde)
    return gelesen
