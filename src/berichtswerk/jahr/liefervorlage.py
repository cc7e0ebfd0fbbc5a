"""Das Formular, mit dem ein Ressort seine Zahlen liefert: Mappe mit Auswahllisten, Prüfungen, Anleitung.

Es entsteht aus der Beschreibung der Quelle und dem, was bisher geliefert ist, und wird so zurückgelesen, wie
``daten.lieferungen`` es sagt: je Zeile ein Gebiet zu einer Zeit, je Messgröße eine Spalte. Die bisherigen
Werte stehen darin, die Zeilen der nächsten Zeit sind vorbereitet; vor der ersten Lieferung die des Vorjahres
für alle Gebiete, für die geliefert wird (``statistik.ebenen``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import product
from math import prod
from pathlib import Path
from typing import Any, Literal

from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.daten.gebiete import Gebietsverzeichnis
from berichtswerk.daten.lieferungen import (
    ANLEITUNG,
    BLATT,
    FELDER,
    FORMZEICHEN,
    KOPFZEILE,
    LISTEN,
    Formspalten,
)  # fmt: skip
from berichtswerk.daten.quelle import Feld, Quelle, Spaltenverweis
from berichtswerk.daten.tabelle import Tabelle
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Stufe, aufgezaehlt, vorschlag
from berichtswerk.grund.zahl import datum, dezimal
from berichtswerk.grund.zeichen import NACHZEICHEN, Status
from berichtswerk.tabelle import ods, xlsx
from berichtswerk.tabelle.ods import Blatt, Fach, Regel, spaltenname
from berichtswerk.tabelle.tabelle import Zahlfach

LISTE_AB = 3
"""In dieser Zeile beginnen die Auswahllisten."""
LEERZEILEN = 300
"""So viele leere Zeilen unter den Werten haben Auswahllisten und Prüfungen."""
VORBEREITET = 600
"""Mehr Zeilen bereitet das Formular der ersten Lieferung nicht vor."""
AUSWAHL = 60
"""Hat ein Merkmal mehr Ausprägungen, ist es wohl freier Text und bekommt keine Auswahlliste."""
_KENNUNG = re.compile(r"^Quelle: ([a-z0-9][a-z0-9._-]*)\.")
_WORTE = {
    Status.NULL: "nichts vorhanden", Status.UNBEKANNT: "nicht bekannt", Status.GEHEIM: "geheim",
    Status.SPAETER: "folgt später", Status.UNSICHER: "nicht sicher genug",
    Status.GESPERRT: "ergibt hier keinen Sinn", Status.GERUNDET_NULL: "mehr als nichts, aber fast nichts",
}  # fmt: skip
"""Was ein Zeichen heißt, für jemanden, der keine amtlichen Tabellen kennt."""
_ZEITNAME = {
    "jahr": "Jahr", "stichtag": "Stichtag", "monat": "Monat", "quartal": "Quartal",
    "schuljahr": "Schuljahr", "selbst": "Zeit",
}  # fmt: skip
_ANGABEN = {
    "basis": "Worauf die Zahl beruht, etwa „Zensus 2022“; bei allen Zeilen einer Zeit dasselbe.",
    "gebietsstand": "Tag, für den die Grenzen der Gebiete gelten; steht schon da.",
}
_ZEITBEISPIEL = {
    "jahr": "2025", "stichtag": "31.12.2025", "monat": "2025-03", "quartal": "2025-Q1",
    "schuljahr": "2025/26", "selbst": "2025",
}  # fmt: skip


class FormularFremd(Befundart):
    text = "Dies ist das Formular der Quelle „{andere}“, nicht von „{quelle}“."
    ursache = "Es nennt seine Quelle auf dem Blatt „{blatt}“ über der Tabelle."
    abhilfe = "Rufen Sie den Befehl mit --quelle {andere} auf, oder nehmen Sie die richtige Datei."


class FormularSpalteFehlt(Befundart):
    text = "Die Spalte „{spalte}“ fehlt."
    ursache = "Der Kopf der Tabelle steht in Zeile {zeile}; er muss bleiben, wie er im Formular war."
    abhilfe = "Setzen Sie den Kopf wieder ein, oder füllen Sie ein neues Formular aus."


class FormularSpalteFremd(Befundart):
    text = "Die Spalte „{spalte}“ gehört nicht in dieses Formular."
    ursache = "Der Kopf der Tabelle muss bleiben, wie er im Formular war."
    abhilfe = "{meinten}Löschen Sie die Spalte, oder schreiben Sie den Kopf wie im Formular."


class FormularSpalteDoppelt(Befundart):
    text = "Die Spalte „{spalte}“ steht zweimal da."
    abhilfe = "Löschen Sie eine der beiden."


IM_FORMULAR = (
    "Lassen Sie die Zelle im Formular berichtigen, und nehmen Sie die Datei dann an; was hineingehört, steht "
    "auf ihrem Blatt „Felder“."
)


class FormularWertFalsch(Befundart):
    text = "„{wert}“ ist hier nicht möglich: {erwartet}."
    ursache = "So steht es in der Beschreibung der Quelle, und so prüft es auch das Formular."
    abhilfe = IM_FORMULAR


@dataclass(frozen=True, slots=True)
class Formular:
    """Das Formular einer Quelle: ihre Spalten und, soweit schon geliefert, ihre Werte."""

    quelle: Quelle
    gebiete: Gebietsverzeichnis
    spalten: Formspalten
    tabelle: Tabelle | None

    @classmethod
    def zu(cls, bestand: Datenbestand, beschreibung: Quelle, tabelle: Tabelle | None) -> Formular:
        """Das Formular zu einer Quelle; ``tabelle`` ist, was bisher geliefert ist."""
        return cls(beschreibung, bestand.gebiete, formspalten(beschreibung, tabelle), tabelle)

    # --- was darin steht ---------------------------------------------------------------------------------

    def blaetter(self, ab: int | None = None) -> list[Blatt]:
        """Anleitung, Daten, Felder, Listen; ``ab``: nur bisherige Werte ab diesem Jahr."""
        listen = self._listen()
        regeln = tuple(self._regel(nr, listen) for nr in range(len(self.spalten.alle())))
        ueber = (
            f"Lieferung: {self.quelle.title}",
            f"Quelle: {self.quelle.name}. Bitte nur unter dem Kopf ausfüllen; die Blätter „{ANLEITUNG}“ und "
            f"„{FELDER}“ sagen, was hineingehört.",
        )
        daten = Blatt(BLATT, self.spalten.alle(), self._zeilen(ab), ueber, regeln, LEERZEILEN)
        felder = Blatt(FELDER, ("Spalte", "Was hineingehört", "Beispiel"), list(self._felder()),
                       ("Was in welche Spalte gehört",))  # fmt: skip
        hoehe = max(map(len, listen.values()))
        reihen = [[liste[n] if n < len(liste) else "" for liste in listen.values()] for n in range(hoehe)]
        auswahl = Blatt(LISTEN, list(listen), reihen, ("Woraus die Auswahllisten bestehen",))
        anleitung = Blatt(ANLEITUNG, ("Schritt", "Was zu tun ist"), list(self._anleitung()),
                          (f"So füllen Sie das Formular aus: {self.quelle.title}",))  # fmt: skip
        return [anleitung, daten, felder, auswahl]

    def schreibe(self, art: Literal["ods", "xlsx"], ab: int | None = None) -> bytes:
        """Die Mappe."""
        schreiber = {"ods": ods.schreibe, "xlsx": xlsx.schreibe}[art]
        return schreiber(self.blaetter(ab), f"Lieferung: {self.quelle.title}")

    def _anleitung(self) -> Iterator[tuple[str, str]]:
        s = self.quelle.statistik
        naechste, erste = self._naechste_zeit(), self._erste()
        oben = "Jede Zeile ist ein Gebiet zu einer Zeit."
        if naechste:
            zeit = _gezeigte_zeit(naechste)
            oben = f"Oben stehen vorbereitete Zeilen ({zeit}), darunter die bisherigen Werte."
        elif erste:
            wann = f" ({erste[0][1]})" if erste[0][1] else ""
            oben += f" Die Gebiete stehen schon da{wann}; ältere Jahre ergänzen Sie darunter."
        zeichen = ", ".join(f"{z} ({_WORTE[status]})" for z, status in FORMZEICHEN.items())
        schritte = (
            f"Öffnen Sie das Blatt „{BLATT}“. {oben}",
            "Tragen Sie die Zahlen ein. Gebiet, Zeit und Art wählen Sie aus der Liste, die am Feld aufgeht.",
            "Fehlt eine Zeile, ergänzen Sie sie unten. Zeilen, in denen keine Zahl steht, zählen nicht.",
            "Stimmt ein früherer Wert nicht mehr, überschreiben Sie ihn. Wir sehen jede Änderung.",
            f"Wissen Sie eine Zahl nicht, lassen Sie das Feld leer oder tragen ein Zeichen ein: {zeichen}.",
            "Lassen Sie den Kopf der Tabelle und die Namen der Blätter, wie sie sind. Was Sie uns dazu sagen "
            "möchten, schreiben Sie in die Nachricht, nicht in die Tabelle.",
            f"Speichern Sie die Datei und senden Sie sie zurück. Zuständig ist: {s.ressort}.",
        )
        yield from ((str(nr), schritt) for nr, schritt in enumerate(schritte, 1))

    def _felder(self) -> Iterator[tuple[str, str, str]]:
        art = self._zeitart
        beispiel = self._beispielzeile()
        for nr, kopf in enumerate(self.spalten.alle()):
            yield kopf, self._erklaert(nr, art), beispiel[nr]

    def _erklaert(self, nr: int, art: str) -> str:
        name, teil = self._teile[nr]
        if teil == "gebiet":
            return "Gebiet, aus der Liste gewählt: Schlüssel und Name."
        if teil == "zeit":
            return {
                "jahr": "Jahr, vierstellig.",
                "stichtag": "Tag, für den die Zahl gilt.",
                "schuljahr": "Schuljahr.",
            }.get(art, "Zeit, für die die Zahl gilt.")
        feld = self._feld(name)
        beschrieben = f" {feld.description}" if feld and feld.description else ""
        if teil == "groesse":
            return f"{'Ganze Zahl' if self._ganz(name) else 'Zahl'}{self._grenzsatz(name)}.{beschrieben}"
        wahl = (
            " Aus der Liste gewählt; etwas Neues ist möglich." if len(self._auspraegungen(name)) else " Text."
        )
        if teil == "angabe" and not beschrieben:
            return _ANGABEN[name]
        return (
            f"{kopf_von(name, feld)}.{wahl}{beschrieben}"
            if not beschrieben
            else f"{beschrieben.strip()}{wahl}"
        )

    def _beispielzeile(self) -> list[str]:
        zeile = next((z for z in self._bisherige(None)), None)
        if zeile is not None:
            return [f.text if isinstance(f, Zahlfach) else str(f) for f in zeile]
        vorgabe = {"zeit": _ZEITBEISPIEL[self._zeitart], "groesse": "123"}
        return [
            self._gebietsnamen()[0] if teil == "gebiet" else vorgabe.get(teil, "") for _, teil in self._teile
        ]

    # --- Zeilen ------------------------------------------------------------------------------------------

    def _zeilen(self, ab: int | None) -> list[list[Fach]]:
        return [*self._vorbereitete(), *self._bisherige(ab)] or self._erste()

    def _erste(self) -> list[list[Fach]]:
        """Vor der ersten Lieferung: alle Gebiete, mit allen Ausprägungen, soweit sie feststehen."""
        ebenen, kreis = self.quelle.statistik.ebenen, self.gebiete.kreis
        oben = {"bund": self.gebiete.bund, "land": self.gebiete.land, "kreis": kreis}
        gebiete = [
            g for e in ebenen for g in ((oben[e],) if e in oben else self.gebiete.kinder(kreis.schluessel, e))
        ]
        if self._gruppen() or not gebiete:
            return []
        wahl = [self._auspraegungen(name) or [""] for name, teil in self._teile if teil == "merkmal"]
        if len(gebiete) * prod(map(len, wahl)) > VORBEREITET:
            wahl = [[""] for _ in wahl]
        angaben = [
            self.gebiete.gebietsstand.isoformat() if name == "gebietsstand" else ""
            for name, teil in self._teile
            if teil == "angabe"
        ]
        zeit, leer = self._erste_zeit(), [""] * len(self.spalten.groessen)
        return [
            [self._gebietsname(g.schluessel), zeit, *auspraegungen, *angaben, *leer]
            for auspraegungen in product(*wahl)
            for g in gebiete
        ]

    def _erste_zeit(self) -> str:
        """Das Jahr vor dem Stand der Beschreibung; leer, wo ein Jahr nicht genügt."""
        s, jahr = self.quelle.statistik, self.quelle.statistik.stand.year - 1
        tag = re.match(r"(\d\d)\.(\d\d)\.", s.stichtag or "")
        match self._zeitart:
            case "jahr":
                return str(jahr)
            case "schuljahr":
                return f"{jahr}/{(jahr + 1) % 100:02d}"
            case "stichtag" if tag:
                return f"{tag[0]}{jahr}"
            case _:
                return ""

    def _gruppen(self) -> dict[tuple[str, ...], dict[str, Mapping[str, Any]]]:
        """Je Zeile des Formulars (Zeit, Gebiet, Merkmale, Basis, Gebietsstand) ihre Werte nach Größe."""
        gruppen: dict[tuple[str, ...], dict[str, Mapping[str, Any]]] = {}
        if self.tabelle is None:
            return gruppen
        namen = [name for name, teil in self._teile if teil in {"merkmal", "angabe"}]
        for z in self.tabelle.alle_zeilen():
            schluessel = (z["zeit"], z["gebiet"], *(str(z.get(n, "")) for n in namen))
            if z["status"] != Status.FEHLT:
                gruppen.setdefault(schluessel, {})[z["groesse"]] = z
        return gruppen

    def _bisherige(self, ab: int | None) -> list[list[Fach]]:
        """Die bisherigen Werte, die jüngsten zuerst."""
        gruppen = sorted(self._gruppen().items(), key=lambda paar: paar[0][0], reverse=True)
        return [
            [self._gebietsname(gebiet), _gezeigte_zeit(zeit), *weitere,
             *(_fach(werte.get(g)) for g in self.spalten.groessen)]
            for (zeit, gebiet, *weitere), werte in gruppen
            if ab is None or int(zeit[:4]) >= ab
        ]  # fmt: skip

    def _vorbereitete(self) -> list[list[Fach]]:
        """Zeilen der nächsten Zeit, wie die der jüngsten, ohne Zahlen."""
        naechste = self._naechste_zeit()
        if not naechste:
            return []
        gruppen = self._gruppen()
        letzte = max(zeit for zeit, *_ in gruppen)
        leer = [""] * len(self.spalten.groessen)
        return [
            [self._gebietsname(gebiet), _gezeigte_zeit(naechste), *weitere, *leer]
            for zeit, gebiet, *weitere in gruppen
            if zeit == letzte
        ]

    def _naechste_zeit(self) -> str:
        """Die Zeit nach der jüngsten bei jährlicher Lieferung; leer, wenn sie nicht feststeht."""
        abstand = {"jaehrlich": 1, "zweijaehrlich": 2}.get(self.quelle.statistik.periodizitaet)
        zeiten = [zeit for zeit, *_ in self._gruppen()]
        if not zeiten or abstand is None:
            return ""
        letzte = max(zeiten)
        jahr = int(letzte[:4]) + abstand
        if letzte[4:5] == "/":
            return f"{jahr}/{(jahr + 1) % 100:02d}"
        return f"{jahr}{letzte[4:].replace('-02-29', '-02-28')}"

    # --- Listen und Regeln -------------------------------------------------------------------------------

    @property
    def _teile(self) -> list[tuple[str, str]]:
        """Je Spalte ihr Name in der Quelle und was sie ist."""
        s = self.spalten
        weitere = [n for n in ("basis", "gebietsstand") if getattr(s, n)]
        return [
            ("gebiet", "gebiet"),
            ("zeit", "zeit"),
            *((n, "merkmal") for n in s.merkmale),
            *((n, "angabe") for n in weitere),
            *((n, "groesse") for n in s.groessen),
        ]

    def _listen(self) -> dict[str, list[str]]:
        """Kopf der Spalte → was zur Auswahl steht; zuletzt die Zeichen statt einer Zahl."""
        listen = {self.spalten.gebiet: self._gebietsnamen()}
        zeiten = sorted({zeit for zeit, *_ in self._gruppen()}, reverse=True)
        if zeiten := [z for z in (self._naechste_zeit(), *zeiten) if z]:
            listen[self.spalten.zeit] = [_gezeigte_zeit(z) for z in zeiten]
        for (name, teil), kopf in zip(self._teile, self.spalten.alle(), strict=True):
            if teil in {"merkmal", "angabe"} and (auswahl := self._auspraegungen(name)):
                listen[kopf] = auswahl
        return listen | {"Zeichen statt einer Zahl": list(FORMZEICHEN)}

    def _gebietsnamen(self) -> list[str]:
        vorhanden = dict.fromkeys(gebiet for _, gebiet, *_ in self._gruppen())
        return [self._gebietsname(g) for g in vorhanden or self.gebiete]

    def _gebietsname(self, schluessel: str) -> str:
        return f"{schluessel} {self.gebiete[schluessel].name}" if schluessel in self.gebiete else schluessel

    def _auspraegungen(self, name: str) -> list[str]:
        feld = self._feld(name)
        erlaubt = [str(w) for w in feld.constraints.enum or ()] if feld and feld.constraints else []
        bisher = self.tabelle.texte[name].texte if self.tabelle and name in self.tabelle.texte else []
        alle = [t for t in dict.fromkeys((*erlaubt, *bisher)) if t]
        return alle if len(alle) <= AUSWAHL else []

    def _regel(self, nr: int, listen: Mapping[str, Sequence[str]]) -> Regel | None:
        (name, teil), kopf = self._teile[nr], self.spalten.alle()[nr]
        namen = list(listen)
        if teil == "groesse":
            art = "ganze Zahl" if self._ganz(name) else "Zahl"
            was = f"{art}{self._grenzsatz(name)}"
            return Regel(
                (LISTEN, len(namen), LISTE_AB, LISTE_AB + len(FORMZEICHEN) - 1),
                zahl=True,
                ganz=self._ganz(name),
                von=self._grenze(name, "minimum"),
                bis=self._grenze(name, "maximum"),
                titel=kopf,
                hinweis=f"{was[0].upper()}{was[1:]}, oder ein Zeichen (Blatt „{ANLEITUNG}“, Schritt 5).",
                fehler=f"Hier steht eine {was} oder eines der Zeichen {' '.join(FORMZEICHEN)}",
            )
        if kopf not in listen:
            return None
        streng, fehler = teil == "gebiet", "Das gab es bisher nicht. Ist es richtig geschrieben?"
        return Regel(
            (LISTEN, namen.index(kopf) + 1, LISTE_AB, LISTE_AB + len(listen[kopf]) - 1),
            streng=streng,
            titel=kopf,
            hinweis="Bitte aus der Liste wählen." if streng else "Aus der Liste wählen; Neues ist möglich.",
            fehler="Dieses Gebiet steht nicht in der Liste." if streng else fehler,
        )

    def _feld(self, name: str) -> Feld | None:
        return felder(self.quelle).get(name)

    def _ganz(self, groesse: str) -> bool:
        feld = self._feld(groesse)
        return feld is not None and feld.type == "integer"

    def _grenze(self, groesse: str, welche: Literal["minimum", "maximum"]) -> float | None:
        feld = self._feld(groesse)
        grenze = getattr(feld.constraints, welche) if feld and feld.constraints else None
        return float(grenze) if isinstance(grenze, int | float) else None

    def _grenzsatz(self, groesse: str) -> str:
        von, bis = self._grenze(groesse, "minimum"), self._grenze(groesse, "maximum")
        teile = [
            f" ab {_zahl(von)}" if von is not None else "",
            f" bis {_zahl(bis)}" if bis is not None else "",
        ]
        return "".join(teile)

    @property
    def _zeitart(self) -> str:
        zeit = next((a.zeit for a in self.quelle.lesen.alle_angaben() if a.zeit), None)
        return "stichtag" if zeit and zeit.tag else zeit.art if zeit else "selbst"


def felder(quelle: Quelle) -> dict[str, Feld]:
    """Größe oder Merkmal → ihr Feld im Schema der Quelle, soweit es eines hat."""
    schema = {f.name: f for f in quelle.schema_.fields} if quelle.schema_ else {}
    angaben = quelle.lesen.alle_angaben()
    spalten: dict[str, Any] = {g: w.spalte for a in angaben for g, liste in a.groessen.items() for w in liste}
    spalten |= {m: b.spalte for a in angaben for m, b in a.merkmale.items()}
    return {n: schema[s] for n, s in spalten.items() if isinstance(s, str) and s in schema}


def formspalten(quelle: Quelle, tabelle: Tabelle | None) -> Formspalten:
    """Die Köpfe des Formulars: was das Schema als Titel nennt, sonst der Name; jeder nur einmal."""
    angaben, bekannt = quelle.lesen.alle_angaben(), felder(quelle)
    merkmale = tabelle.merkmale if tabelle is not None else dict.fromkeys(
        m for a in angaben for m in a.alle_merkmale()
    )  # fmt: skip
    groessen = tabelle.groessen if tabelle is not None and len(tabelle) else dict.fromkeys(
        g for a in angaben for g in a.groessen
    )  # fmt: skip
    vergeben: set[str] = set()

    def kopf(name: str, titel: str) -> str:
        wahl = next(
            k for k in (titel, f"{titel} ({name})", name, *(f"{name} {n}" for n in range(2, 99)))
            if k.casefold() not in vergeben and _brauchbar(k)
        )  # fmt: skip
        vergeben.add(wahl.casefold())
        return wahl

    zeit = next((a.zeit for a in angaben if a.zeit), None)
    art = "stichtag" if zeit and zeit.tag else zeit.art if zeit else "selbst"
    s = quelle.statistik
    return Formspalten(
        gebiet=kopf("gebiet", "Gebiet"),
        zeit=kopf("zeit", _ZEITNAME[art]),
        merkmale={m: kopf(m, kopf_von(m, bekannt.get(m))) for m in merkmale},
        basis=kopf("basis", "Basis") if isinstance(s.basis, Spaltenverweis) else None,
        gebietsstand=kopf("gebietsstand", "Gebietsstand")
        if isinstance(s.gebietsstand, Spaltenverweis)
        else None,
        groessen={g: kopf(g, kopf_von(g, bekannt.get(g))) for g in groessen},
    )


def kopf_von(name: str, feld: Feld | None) -> str:
    """Wie eine Spalte für Menschen heißt."""
    titel = " ".join((feld.title if feld and feld.title else name.replace("_", " ")).split())
    return titel[:1].upper() + titel[1:]


def _brauchbar(kopf: str) -> bool:
    """Ob der Leser den Kopf als Namen versteht und nicht als Nummer, Muster oder Buchstaben."""
    return bool(kopf) and not kopf.isdecimal() and kopf[0] not in "/=" and "|" not in kopf


def _gezeigte_zeit(zeit: str) -> str:
    """Ein Tag deutsch, alles andere, wie das Haus es schreibt."""
    return datum(date.fromisoformat(zeit)) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", zeit) else zeit


_ZEICHEN = {status: zeichen for zeichen, status in FORMZEICHEN.items()}


def _fach(zeile: Mapping[str, Any] | None) -> Fach:
    """Ein Wert, wie er ins Formular kommt und genauso wieder herausgelesen wird."""
    if zeile is None or zeile["status"] == Status.FEHLT:
        return ""
    status = Status(zeile["status"])
    if status in _ZEICHEN:
        return _ZEICHEN[status]
    zahl = _zahl(zeile["wert"])
    if status is Status.EINGESCHRAENKT:
        return f"({zahl})"
    return f"{zahl} {NACHZEICHEN[status]}" if status in NACHZEICHEN else Zahlfach(zahl)


def _zahl(wert: float) -> str:
    return f"{dezimal(wert).normalize():f}".replace(".", ",")


# --- zurücklesen ------------------------------------------------------------------------------------------


def erkenne(
    bestand: Datenbestand, beschreibung: Quelle, tabelle: Tabelle | None, datei: Path
) -> Formspalten | None:
    """Die Spalten, wenn die Datei ein Formular dieser Quelle ist; ``None``, wenn sie keines ist.

    Raises:
        BerichtswerkFehler: das Formular einer anderen Quelle, oder sein Kopf ist verändert.
    """
    if not (genannt := quelle_von(datei)):
        return None
    hier, oben = bestand.projekt.relativ(datei), _oberste_zeilen(datei)
    if genannt != beschreibung.name:
        befund = FormularFremd.melde(
            datei=hier,
            ort=f"Blatt „{BLATT}“, Zelle A2",
            andere=genannt,
            quelle=beschreibung.name,
            blatt=BLATT,
        )
        raise BerichtswerkFehler(befund)
    spalten = formspalten(beschreibung, tabelle)
    if befunde := list(_pruefe_kopf(oben[KOPFZEILE - 1], spalten.alle(), hier)):
        raise BerichtswerkFehler(befunde)
    return spalten


def quelle_von(datei: Path) -> str:
    """Der Name der Quelle, die ein Formular nennt; leer, wenn die Datei keines ist."""
    oben = _oberste_zeilen(datei)
    treffer = _KENNUNG.match(oben[1][0]) if len(oben) >= KOPFZEILE and oben[1] else None
    return treffer[1] if treffer else ""


def _oberste_zeilen(datei: Path) -> list[list[str]]:
    """Die Zeilen des Blattes „Daten“ bis zum Kopf; leer, wenn es keine Mappe mit diesem Blatt ist."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        mappe = CalamineWorkbook.from_path(datei)
        if BLATT not in mappe.sheet_names:
            return []
        zeilen = mappe.get_sheet_by_name(BLATT).to_python(skip_empty_area=False, nrows=KOPFZEILE)
    except (CalamineError, OSError, ValueError):
        return []
    return [[str(zelle).strip() for zelle in zeile] for zeile in zeilen]


def _pruefe_kopf(kopf: Sequence[str], erwartet: Sequence[str], datei: str) -> Iterator[Meldung]:
    ist = [" ".join(text.split()) for text in kopf]
    for spalte in erwartet:
        if spalte not in ist:
            yield FormularSpalteFehlt.melde(
                datei=datei, ort=f"Blatt „{BLATT}“, Zeile {KOPFZEILE}", spalte=spalte, zeile=KOPFZEILE
            )
    for nr, spalte in enumerate(ist):
        ort = f"Blatt „{BLATT}“, Zelle {spaltenname(nr + 1)}{KOPFZEILE}"
        if spalte and spalte not in erwartet:
            fehlende = [s for s in erwartet if s not in ist]
            hilfe = vorschlag(spalte, fehlende, sonst="")
            yield FormularSpalteFremd.melde(
                datei=datei, ort=ort, spalte=spalte, meinten=f"{hilfe} " if hilfe else ""
            )
        elif spalte and spalte in ist[:nr]:
            yield FormularSpalteDoppelt.melde(datei=datei, ort=ort, spalte=spalte)


def stelle_von(zeile: Mapping[str, Any]) -> str:
    """„Blatt „Daten“, Zelle F12“ in einer Tabellenkalkulation, sonst Zeile und Spalte."""
    blatt, ist_mappe, spalte = str(zeile["spalte"]).rpartition("!")
    return (
        f"Blatt „{blatt}“, Zelle {spalte}{zeile['zeile']}"
        if ist_mappe
        else f"Zeile {zeile['zeile']}, {spalte}"
    )


def kopf_von_datei(datei: Path) -> list[str]:
    """Der Kopf, wenn die Datei ein Formular ist, sonst nichts."""
    return [" ".join(t.split()) for t in _oberste_zeilen(datei)[KOPFZEILE - 1]] if quelle_von(datei) else []


def im_formular(meldung: Meldung, kopf: Sequence[str]) -> Meldung:
    """Der Befund mit der Zelle, in der er steht, und mit dem Rat für jemanden, der ein Formular vor sich hat.

    Was der Leser rät, gilt der Beschreibung einer Quelle; ein Formular berichtigt man.
    """
    zeile = re.search(r"Zeile (\d+)$", meldung.ort)
    if (
        not kopf
        or meldung.stufe is not Stufe.FEHLER
        or meldung.kennung.startswith(("lieferung-", "formular-spalte"))
    ):
        return meldung
    if zeile and meldung.feld in kopf:
        ort = f"Blatt „{BLATT}“, Zelle {spaltenname(kopf.index(meldung.feld) + 1)}{zeile[1]}"
        meldung = replace(meldung, ort=ort)
    return replace(meldung, abhilfe=IM_FORMULAR)


def pruefe_werte(beschreibung: Quelle, tabelle: Tabelle, datei: str) -> Iterator[Meldung]:
    """Was das Schema der Quelle verlangt: ganze Zahlen, Grenzen, feste Ausprägungen; je Zelle ein Befund."""
    bekannt = felder(beschreibung)
    for z in tabelle.alle_zeilen():
        feld = bekannt.get(z["groesse"])
        if feld and Status(z["status"]).hat_zahl and (grund := _wertgrund(feld, z["wert"])):
            blatt, _, spalte = z["spalte"].rpartition("!")
            ort = f"Blatt „{blatt}“, Zelle {spalte}{z['zeile']}"
            yield FormularWertFalsch.melde(
                datei=datei, ort=ort, feld=kopf_von(z["groesse"], feld), wert=z["roh"], erwartet=grund
            )
        for merkmal in tabelle.merkmale:
            feld = bekannt.get(merkmal)
            erlaubt = [str(w) for w in feld.constraints.enum or ()] if feld and feld.constraints else []
            if erlaubt and z[merkmal] not in erlaubt:
                yield FormularWertFalsch.melde(
                    datei=datei, ort=f"Blatt „{BLATT}“, Zeile {z['zeile']}", feld=kopf_von(merkmal, feld),
                    wert=z[merkmal], erwartet=f"erlaubt sind {aufgezaehlt(erlaubt)}",
                )  # fmt: skip


def _wertgrund(feld: Feld, wert: float) -> str:
    grenzen = feld.constraints
    von, bis = (getattr(grenzen, n) if grenzen else None for n in ("minimum", "maximum"))
    if feld.type == "integer" and wert != int(wert):
        return "erwartet ist eine ganze Zahl"
    if isinstance(von, int | float) and wert < von:
        return f"erwartet ist eine Zahl ab {_zahl(von)}"
    if isinstance(bis, int | float) and wert > bis:
        return f"erwartet ist eine Zahl bis {_zahl(bis)}"
    return ""
