"""Vom Gezählten zum Raster: Auftakte der Kapitel, Zeilen aus Haupttext und Rand, Botschaften, Quellen.

Was Menschen in ihren Texten auszeichnen (``::: {.kernbotschaft}`` und die übrigen aus :data:`RAHMEN`), kommt
hier an seinen Platz; was der Beleg einer Abbildung weiß, wird zur kurzen Quellenzeile und zu Notizen am Rand.
Nichts geht verloren: was am Rand keinen Platz hat, steht hinten unter „Anmerkungen“, jede Quelle mit Lizenz
unter „Quellen“. Die Schreiber ordnen nichts mehr.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from berichtswerk.bild import formen
from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Begriffe,
    Beleg,
    Eckwert,
    Eckwerte,
    Fliesstext,
    Gegenstand,
    Ortsblatt,
    Quellen,
    Quellenangabe,
    Randnotiz,
    Randzahl,
    Steckbriefe,
    Tabelle,
    Tabellenmodell,
    Ueberschrift,
)
from berichtswerk.grund.abstand import geschuetzt
from berichtswerk.grund.meldung import Befundart, Meldung, Stufe
from berichtswerk.satz.pandoc import Knoten, inhalt
from berichtswerk.satz.prosa import Prosa, alle_knoten, klartext
from berichtswerk.tabelle.tabelle import polster, zelltext
from berichtswerk.worte.belegzeilen import NUR_VERWEIS
from berichtswerk.worte.sprache import mit_punkt

if TYPE_CHECKING:
    from berichtswerk.satz.manuskript import Marke

KERN, KURZ, NOTIZ, ZAHL, KOPF = "kernbotschaft", "kurzbotschaft", "randnotiz", "randzahl", "kopf"
RAHMEN = (KERN, KURZ, NOTIZ, ZAHL)
"""Die Rahmen, mit denen die Planung Botschaften und Notizen auszeichnet."""
NOTIZEN, NOTIZ_WORTE = 3, 35
"""So viele Notizen trägt der Rand einer Zeile, so viele Wörter jede."""
KERN_WORTE, AUFTAKT_ZAHLEN = 30, 2
"""Eine Kernbotschaft füllt höchstens vier Zeilen; daneben stehen höchstens zwei Zahlen."""
KURZ_AB, KURZ_BIS = 3, 5
"""So viele Sätze stehen unter „Auf einen Blick“."""
KLEIN_ANTEIL = 1 / 3
"""Quellenzeilen und Rand haben zusammen höchstens diesen Anteil der Wörter des Textes."""
SO_LESEN = "So lesen"
SCHMAL_ZEICHEN = 66
"""So viele Zeichen einer Zeile fasst eine Tabelle in der Textspalte."""
_JE_BILD = re.compile(r"Achse beginnt nicht bei null")
BREIT_AB = 5
"""Ab so vielen Spalten steht eine Tabelle über die ganze Breite."""


class KernbotschaftDoppelt(Befundart):
    text = "Das Kapitel „{kapitel}“ hat mehr als eine Kernbotschaft."
    ursache = "Der Auftakt eines Kapitels trägt einen Satz."
    abhilfe = "Lassen Sie eine stehen; die andere kann Text oder Randnotiz werden."


class KernbotschaftWiederholt(Befundart):
    text = "Die Kernbotschaft von „{kapitel}“ steht noch einmal als Titel über {name}."
    ursache = "Zweimal derselbe Satz sagt nur einmal etwas."
    abhilfe = "Sagen Sie im Auftakt, was aus dem Befund folgt, oder geben Sie der Darstellung einen anderen."
    stufe = Stufe.WARNUNG


class BotschaftForm(Befundart):
    text = "In „::: {{.{rahmen}}}“ fehlt, was groß gezeigt wird: „{was}“."
    ursache = "Fett am Anfang ist die Zahl, der Titel oder der Satz, danach steht der Rest."
    abhilfe = "Schreiben Sie zum Beispiel: **99 152** Menschen am 31. Dezember 2024"


class BotschaftLang(Befundart):
    text = "„{was}“ hat {worte} Wörter, möglich sind {grenze}."
    ursache = "Eine {name} wird auf einen Blick gelesen."
    abhilfe = "Kürzen Sie, oder schreiben Sie den Rest in den Text."
    stufe = Stufe.WARNUNG


class KurzbotschaftZahl(Befundart):
    text = "Unter „Auf einen Blick“ steht die Zahl der Botschaften bei {anzahl}; gedacht sind {ab} bis {bis}."
    ursache = "Wer wenig liest, liest diese Sätze."
    abhilfe = "Fassen Sie zusammen oder ergänzen Sie."
    stufe = Stufe.WARNUNG


@dataclass(frozen=True, slots=True)
class Auftakt:
    """Wie ein Kapitel beginnt: Nummer, Titel, Kernbotschaft (leer: nur der Titel), höchstens zwei Zahlen.

    ``kopf`` ist die Überschrift, wie sie geschrieben wurde, ``botschaft`` die Kernbotschaft als Knoten.
    """

    kopf: Prosa | Ueberschrift
    marke: str
    nummer: str
    titel: str
    botschaft: tuple[Knoten, ...] = ()
    zahlen: tuple[Randzahl, ...] = ()


@dataclass(frozen=True, slots=True)
class Kurzbotschaft:
    """Ein zitierbarer Satz, sein Beleg in Worten und die Marke der Stelle, an der er belegt ist."""

    satz: tuple[Knoten, ...]
    beleg: tuple[Knoten, ...]
    ziel: str = ""


@dataclass(frozen=True, slots=True)
class Kurzbotschaften:
    """Die Sätze unter „Auf einen Blick“, in ihrer Reihenfolge."""

    eintraege: tuple[Kurzbotschaft, ...]


Rand = Randnotiz | Randzahl | Eckwerte


@dataclass(frozen=True, slots=True)
class Zeile:
    """Eine Zeile des Rasters, unteilbar: Haupttext oder eine Abbildung, daneben, was dazu gehört.

    ``kennung`` ist im Bericht eindeutig und bleibt, wenn sich anderes ändert (die Marke der Abbildung, sonst
    ``zeile-<Kapitel>-<Nummer>``). ``breit``: über beide Spalten, der Rand steht darunter. ``quelle`` ist die
    Zeile unter dem Bild, ``nummern`` (``Q1`` …) sind die Quellen darin.
    """

    kennung: str
    haupt: tuple[Gegenstand | Prosa | Kurzbotschaften, ...]
    rand: tuple[Rand, ...] = ()
    breit: bool = False
    quelle: str = ""
    nummern: tuple[str, ...] = ()


RECHNUNG_AB = 5
"""Gehen so viele Quellen über eigene Rechnungen ein, nennt die Quellenzeile die Rechnung."""
_VIELE = 3
"""Ab so vielen Abbildungen steht eine gleiche Anmerkung nur einmal."""


@dataclass(frozen=True, slots=True)
class Anmerkungen:
    """Was am Rand keinen Platz hatte: Marken der Abbildungen oder Tabellen und ihre Notizen."""

    eintraege: tuple[tuple[tuple[str, ...], tuple[Randnotiz, ...]], ...]


# --- Texte zerlegen --------------------------------------------------------------------------------------

_AUF = re.compile(r"^:{3,}[ \t]*\{?\.?(?P<art>" + "|".join(RAHMEN) + r")\}?[ \t]*:*[ \t]*$")
_RAHMENZEILE = re.compile(r"^ {0,3}:{3,}[ \t]*(?P<art>\S.*)?$")
_ZAUN = re.compile(r"^ {0,3}(?P<zaun>`{3,}|~{3,})")
_KOPFZEILE = re.compile(r"^#{1,6} +\S")
_NOTE = re.compile(r"^\[\^(?P<id>[^\]\s]+)\]:")
_ZIEL = re.compile(r"^ {0,3}\[[^\]^][^\]]*\]:[ \t]*\S")
_KEIN_ABSATZ = re.compile(r"^(?:[ \t]|[-+*|>:#]|\d+[.)][ \t]|`{3}|~{3}|!\[)")


def zerlege(markdown: str) -> list[tuple[str, str]]:
    """Paare (Art, Markdown): Überschriften und die Rahmen aus :data:`RAHMEN` einzeln, Text dazwischen.

    Art ist ``kopf``, einer der Rahmen oder leer. Fußnoten und Linkziele der Datei gehen mit jedem Stück, das
    sie braucht. Ein Text ohne das alles bleibt, wie er ist.
    """
    stuecke: list[tuple[str, list[str]]] = [("", [])]
    tiefe, zaun, leer = 0, "", True
    for zeile in markdown.split("\n"):
        fund = _ZAUN.match(zeile)
        auf = None if zaun or tiefe else _AUF.match(zeile)
        if auf and leer:
            stuecke.append((auf["art"], []))
            tiefe = 1
            continue
        if fund and (not zaun or fund["zaun"].startswith(zaun)):
            zaun = "" if zaun else fund["zaun"]
        elif not zaun and (rahmen := _RAHMENZEILE.match(zeile)):
            tiefe = max(0, tiefe + (1 if (rahmen["art"] or "").strip(": ") else -1))
            if tiefe == 0 and stuecke[-1][0] in RAHMEN:
                stuecke.append(("", []))
                leer = True
                continue
        elif not zaun and not tiefe and leer and _KOPFZEILE.match(zeile):
            stuecke += [(KOPF, [zeile]), ("", [])]
            leer = True
            continue
        stuecke[-1][1].append(zeile)
        leer = not zeile.strip()
    fertig = [(art, "\n".join(z).strip("\n")) for art, z in stuecke]
    gefuellt = [(art, text) for art, text in fertig if text.strip()]
    return gefuellt if len(gefuellt) < 2 else _mit_zielen(_mit_absatz(gefuellt))


def _mit_absatz(stuecke: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Vor einer Randnotiz stehen die Absätze allein, neben denen sie steht: die beiden letzten."""
    fertig: list[tuple[str, str]] = []
    for nummer, (art, text) in enumerate(stuecke):
        folgt = stuecke[nummer + 1][0] if nummer + 1 < len(stuecke) else ""
        absaetze = re.split(r"\n[ \t]*\n", text)
        if art or folgt not in {NOTIZ, ZAHL} or len(absaetze) < 3:
            fertig.append((art, text))
            continue
        ab = len(absaetze)
        while ab > len(absaetze) - 2 and not _KEIN_ABSATZ.match(absaetze[ab - 1]):
            ab -= 1
        davor, letzte = "\n\n".join(absaetze[:ab]), "\n\n".join(absaetze[ab:])
        fertig += [("", t) for t in (davor, letzte) if t.strip()] if ":::" not in davor else [(art, text)]
    return fertig


def _mit_zielen(stuecke: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Fußnoten zu dem Stück, das sie nennt; Linkziele zu allen mit eckigen Klammern."""
    noten: dict[str, str] = {}
    ziele: list[str] = []
    rest = []
    for art, text in stuecke:
        bleibt: list[str] = []
        for absatz in re.split(r"\n[ \t]*\n", text):
            if note := _NOTE.match(absatz):
                noten[note["id"]] = absatz
                letzte = note["id"]
            elif noten and absatz.startswith("    ") and not bleibt:
                noten[letzte] += f"\n\n{absatz}"
            elif _ZIEL.match(absatz):
                ziele.append(absatz)
            else:
                bleibt.append(absatz)
        rest.append((art, "\n\n".join(bleibt)))
    fertig = []
    for art, text in rest:
        dazu = [n for name, n in noten.items() if f"[^{name}]" in text]
        dazu += ziele if "][" in text or re.search(r"\](?![(\[{:])", text) else []
        if text.strip():
            fertig.append((art, "\n\n".join([text, *dazu])))
    return fertig


# --- Ordnen ----------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Rand:
    """Was der Rand im Lauf des Berichts schon gesagt hat, und welche Quellen schon eine Nummer haben."""

    glossar: bool
    """Ob der Bericht seine Begriffe hinten erklärt."""
    gesagt: set[str] = field(default_factory=set)
    nummern: dict[str, str] = field(default_factory=dict)
    rechnungen: dict[str, set[int]] = field(default_factory=dict)
    """Eigene Rechnungen in der Folge ihrer ersten Nennung, mit den Nummern ihrer Quellen."""
    anmerkungen: list[tuple[str, tuple[Randnotiz, ...]]] = field(default_factory=list)
    zeichen: dict[str, None] = field(default_factory=dict)
    hinweise: set[str] = field(default_factory=set)
    """Die Hinweise am Rand; was die Planung schreibt und Begriffe gehören nicht dazu."""
    gelesen: set[str] = field(default_factory=set)
    """Regeln zu „So lesen“, die schon dastehen."""
    begriffe: set[str] = field(default_factory=set)
    """Definitionen am Rand, deren ganzer Wortlaut hinten steht."""

    def nummer(self, angabe: Quellenangabe) -> str:
        """``Q1``, ``Q2`` … in der Reihenfolge der ersten Nennung."""
        return self.nummern.setdefault(angabe.name, f"Q{len(self.nummern) + 1}")

    def quelle(self, beleg: Beleg) -> tuple[str, tuple[str, ...]]:
        """Die kurze Zeile („Quelle: BBSR Q6; eigene Darstellung“) und die Nummern darin.

        Was über eine eigene Rechnung mit vielen Quellen eingeht, nennt sie („Quelle: eigene Rechnung R1“);
        woraus die Rechnung schöpft, steht im Verzeichnis.
        """
        angaben = [a for z in beleg.quellen for a in z.angaben]
        if not angaben:
            return " ".join(z.zeile for z in beleg.quellen), ()
        nummern = {self.nummer(a): a for a in angaben}
        ueber = {q: a.rechnungen for q, a in nummern.items() if a.rechnungen}
        ueber = ueber if len(ueber) >= RECHNUNG_AB else {}
        rechnungen = self._rechnungen(ueber)
        einzeln = {q: _kurz(a.kurz) for q, a in nummern.items() if q not in ueber}
        teile = [f"eigene Rechnung {', '.join(rechnungen)}"] if rechnungen else []
        if einzeln:
            namen, reihe = set(einzeln.values()), _spannen(sorted(int(q[1:]) for q in einzeln))
            teile.append(reihe if rechnungen or len(namen) > 1 else f"{namen.pop()} {reihe}")
        if not rechnungen:
            gerechnet = any(z.gerechnet for z in beleg.quellen)
            teile.append("eigene Berechnung" if gerechnet else "eigene Darstellung")
        genannt = (*rechnungen, *einzeln)
        return f"{'Quellen' if len(genannt) > 1 else 'Quelle'}: {'; '.join(teile)}", genannt

    def _rechnungen(self, ueber: Mapping[str, tuple[str, ...]]) -> list[str]:
        """``R1``, ``R2`` … zu Rechnungen, über die diese Quellen eingehen; merkt, was in jede eingeht."""
        for nummer, namen in ueber.items():
            for name in namen:
                self.rechnungen.setdefault(name, set()).add(int(nummer[1:]))
        genannt = {name for namen in ueber.values() for name in namen}
        return [f"R{nr}" for nr, name in enumerate(self.rechnungen, 1) if name in genannt]

    def rechnungsangaben(self) -> list[Quellenangabe]:
        """Je eigener Rechnung, die eine Quellenzeile nennt, ihr Eintrag im Verzeichnis."""
        return [
            Quellenangabe(
                name=f"rechnung {name}", kurz=name, nummer=f"R{nr}",
                lang=f"{name}. Eigene Rechnung aus {_spannen(sorted(quellen))}.",
            )
            for nr, (name, quellen) in enumerate(self.rechnungen.items(), 1)
        ]  # fmt: skip

    def notizen(self, g: Abbildung | Tabelle) -> tuple[Randnotiz, ...]:
        """Was am Rand steht, „So lesen“ zuerst; das Übrige kommt zu den Anmerkungen.

        Was schon dastand, kommt nicht wieder; wo eine Achse beginnt, gilt für jedes Bild.
        """
        label, beleg, so_lesen = g.label, g.beleg, self._so_lesen(g)
        alle = [Randnotiz(titel=b.name, text=self._kern(b.text)) for b in beleg.begriffe]
        if not beleg.begriffe and beleg.definition and beleg.definition != NUR_VERWEIS:
            alle.append(Randnotiz(titel="Begriffe", text=beleg.definition))
        self.begriffe.update(n.text for n in alle if self.glossar)
        hinweise = self._hinweise(beleg.hinweise)
        self.hinweise.update(n.text for n in hinweise)
        alle += hinweise
        neu = [n for n in alle if _JE_BILD.search(n.text) or n.text not in self.gesagt]
        self.gesagt.update((*(n.text for n in neu), *beleg.hinweise))
        kurz = [n for n in neu if worte(n.text) <= NOTIZ_WORTE]
        # eine verkürzte Achse gehört ans Bild: Sie geht vor, wenn nicht alles Platz hat
        vor = sorted(kurz, key=lambda n: not _JE_BILD.search(n.text))[: NOTIZEN - len(so_lesen)]
        am_rand = [n for n in kurz if n in vor]
        if hinten := tuple(n for n in neu if n not in am_rand):
            self.anmerkungen.append((label, hinten))
        return (*so_lesen, *am_rand)

    def _so_lesen(self, g: Abbildung | Tabelle) -> tuple[Randnotiz, ...]:
        """Wie man die Form liest, wenn die Regel im Bericht zum ersten Mal gilt."""
        if not isinstance(g, Abbildung) or not g.lesehilfe or g.lesehilfe[0] in self.gelesen:
            return ()
        self.gelesen.add(g.lesehilfe[0])
        return (Randnotiz(titel=SO_LESEN, text=" ".join(g.lesehilfe)),)

    def _kern(self, definition: str) -> str:
        """Der erste Teilsatz, wo die ganze Definition hinten unter den Begriffen steht."""
        return (
            mit_punkt(re.split(r";\s|(?<=[a-zäöüß)]{2})\.\s(?=[A-ZÄÖÜ])", definition)[0])
            if self.glossar
            else definition
        )

    def _hinweise(self, hinweise: Iterable[str]) -> list[Randnotiz]:
        """Hinweise mit Titel; solche ohne eigenen stehen zusammen unter „Zu beachten“."""
        benannt: list[Randnotiz] = []
        allgemein: list[str] = []
        for text in hinweise:
            titel, _, rest = text.partition(": ")
            if text.startswith("Zeichenerklärung"):
                self.zeichen.update(dict.fromkeys(rest.rstrip(".").split("; ")))
            elif rest and worte(titel) <= 4:
                benannt.append(Randnotiz(titel=titel, text=rest[0].upper() + rest[1:]))
            elif _JE_BILD.search(text) or text not in self.gesagt:
                allgemein.append(text)
        if not allgemein:
            return benannt
        if worte(" ".join(allgemein)) > NOTIZ_WORTE:
            allgemein.sort(key=lambda t: not _JE_BILD.search(t))
            return [*benannt, *(Randnotiz(titel="Zu beachten", text=t) for t in allgemein)]
        return [*benannt, Randnotiz(titel="Zu beachten", text=" ".join(allgemein))]


def worte(text: str) -> int:
    """Zahl der Wörter; Zahlen mit schmalen Abständen zählen als eines."""
    return len(text.split(" "))


def kleingedrucktes(teile: Iterable[object]) -> tuple[int, int]:
    """Wörter des Textes (auch Befunde, Botschaften, Titel) und die der Quellenzeilen und Notizen am Rand."""
    text = klein = 0
    for t in teile:
        if isinstance(t, Prosa):
            text += _worte_in(t.bloecke)
        elif isinstance(t, Auftakt):
            text += _worte_in(t.botschaft) + worte(t.titel)
        elif isinstance(t, Kurzbotschaften):
            text += sum(_worte_in((*b.satz, *b.beleg)) for b in t.eintraege)
        elif isinstance(t, Abbildung | Tabelle):
            text += worte(t.befund or t.unterschrift)
            klein += bool(t.beleg.beispiel)
        elif isinstance(t, Randnotiz):
            klein += worte(f"{t.titel} {t.text}")
        elif isinstance(t, Zeile):
            innen, aussen = kleingedrucktes((*t.haupt, *t.rand))
            text, klein = text + innen, klein + aussen + (worte(t.quelle) if t.quelle else 0)
    return text, klein


def _worte_in(bloecke: Sequence[Knoten]) -> int:
    return sum(k["t"] == "Str" for k in alle_knoten(bloecke))


def _kurz(herausgeber: str) -> str:
    """„BBSR“ statt „Bundesinstitut für … (BBSR)“."""
    fund = re.search(r"\(([A-ZÄÖÜ]{2,8})\)$", herausgeber)
    return fund[1] if fund else herausgeber


@dataclass(frozen=True, slots=True)
class Geordnet:
    """Das Ergebnis von :func:`ordne`."""

    teile: tuple[Gegenstand | Prosa | Auftakt | Zeile | Anmerkungen, ...]
    quellen: tuple[Quellenangabe, ...]
    zeichen: tuple[str, ...]
    meldungen: tuple[tuple[Meldung, Fliesstext | None], ...]
    """Befunde mit dem Text, an dem sie liegen."""


def ordne(teile: Sequence[Gegenstand | Prosa], marken: Mapping[str, Marke], oberste: int) -> Geordnet:
    """Ordnet gezählte Teile ins Raster; ``oberste`` ist die Ebene der Kapitel."""
    return _Ordnung(tuple(teile), marken, oberste).ordne()


class _Ordnung:
    """Ein Gang durch alle Kapitel."""

    def __init__(
        self, teile: Sequence[Gegenstand | Prosa], marken: Mapping[str, Marke], oberste: int
    ) -> None:
        self.teile, self.marken, self.oberste = teile, marken, oberste
        self.rand = _Rand(any(isinstance(t, Begriffe | Steckbriefe) for t in teile))
        self.meldungen: list[tuple[Meldung, Fliesstext | None]] = []
        blick = next((t for t in teile if isinstance(t, Eckwerte)), None)
        self.eckwerte = blick.eintraege if blick else ()
        self.fertig: list[Gegenstand | Prosa | Auftakt | Zeile | Anmerkungen] = []

    def ordne(self) -> Geordnet:
        for kapitel in _kapitel(self.teile, self.oberste):
            self._kapitel(kapitel)
        verzeichnis = next((t for t in self.teile if isinstance(t, Quellen)), None)
        quellen = self._nummeriert(verzeichnis)
        for nummer, teil in enumerate(self.fertig):
            if isinstance(teil, Quellen):
                self.fertig[nummer] = teil.model_copy(update={"eintraege": quellen})
        if quellen and verzeichnis is None:  # sonst führten die Nummern ins Leere
            self.fertig.append(Quellen(eintraege=quellen))
        self._kuerze()
        if self.rand.anmerkungen:
            self._anmerkungen()
        return Geordnet(tuple(self.fertig), quellen, tuple(self.rand.zeichen), tuple(self.meldungen))

    def _nummeriert(self, verzeichnis: Quellen | None) -> tuple[Quellenangabe, ...]:
        """Alle Quellen mit Nummer: erst die genannten, dann die nur im Text benutzten."""
        bekannt = {a.name: a for a in (verzeichnis.eintraege if verzeichnis else ())}
        for g in self.teile:
            for zeile in g.beleg.quellen if isinstance(g, Abbildung | Tabelle | Eckwerte | Ortsblatt) else ():
                for a in zeile.angaben:
                    bekannt.setdefault(a.name, a)
        for a in bekannt.values():
            self.rand.nummer(a)
        einzeln = (
            bekannt[name].model_copy(update={"nummer": nummer})
            for name, nummer in self.rand.nummern.items()
            if name in bekannt
        )
        return (*einzeln, *self.rand.rechnungsangaben())

    def _anmerkungen(self) -> None:
        """Vor den Quellen, wo es sie gibt, sonst ans Ende; je Abbildung und Tabelle ein Eintrag.

        Was zu vielen dasselbe sagt, steht einmal, mit allen Marken.
        """
        je: dict[tuple[str, ...], tuple[Randnotiz, ...]] = {}
        wo: dict[Randnotiz, dict[str, None]] = {}
        for marke, notizen in self.rand.anmerkungen:
            for notiz in notizen:
                wo.setdefault(notiz, {})[marke] = None
        for marke, notizen in self.rand.anmerkungen:
            if eigene := tuple(n for n in notizen if len(wo[n]) < _VIELE):
                je[(marke,)] = (*je.get((marke,), ()), *eigene)
        gemeinsam = ((tuple(marken), (n,)) for n, marken in wo.items() if len(marken) >= _VIELE)
        anmerkungen = Anmerkungen((*je.items(), *gemeinsam))
        ort = next((n for n, t in enumerate(self.fertig) if isinstance(t, Quellen)), len(self.fertig))
        self.fertig.insert(ort, anmerkungen)

    def _kuerze(self) -> None:
        """Hinweise kommen nach hinten, bis das Kleingedruckte nicht mehr übertönt, die längsten zuerst.

        Reicht das nicht, entfallen am Rand Begriffe, die hinten ohnehin erklärt sind.
        """
        text, klein = kleingedrucktes(self.fertig)
        lange = sorted(
            (
                (n.text not in self.rand.hinweise, -worte(n.text), ort, n)
                for ort, z in enumerate(self.fertig)
                if isinstance(z, Zeile)
                for n in z.rand
                if isinstance(n, Randnotiz) and n.text in self.rand.hinweise | self.rand.begriffe
            ),
            key=lambda stelle: stelle[:3],
        ) if klein > text * KLEIN_ANTEIL else []  # fmt: skip
        for begriff, anzahl, ort, n in lange:
            if klein <= text * KLEIN_ANTEIL:
                break
            zeile = self.fertig[ort]
            assert isinstance(zeile, Zeile)
            self.fertig[ort] = replace(zeile, rand=tuple(r for r in zeile.rand if r is not n))
            if not begriff:
                self.rand.anmerkungen.append((zeile.kennung, (n,)))
            klein += anzahl - worte(n.titel)
        folge = {k: i for i, k in enumerate(self.marken)}
        self.rand.anmerkungen.sort(key=lambda a: folge.get(a[0], len(folge)))

    # --- Ein Kapitel ---------------------------------------------------------------------------------

    def _kapitel(self, teile: Sequence[Gegenstand | Prosa]) -> None:
        kopf, rest = (teile[0], teile[1:]) if _ist_kopf(teile[0], self.oberste) else (None, teile)
        kern = [t for t in rest if _art(t) == KERN]
        kurz = [t for t in rest if _art(t) == KURZ]
        if kopf is not None:
            self.fertig.append(self._beginn(kopf, kern, rest))
        if kurz:
            rest = self._blick(kurz, rest, _kennung(kopf))
        self._zeilen([t for t in rest if _art(t) not in {KERN, KURZ}], _kennung(kopf))

    def _beginn(
        self, kopf: Gegenstand | Prosa, kern: Sequence[Gegenstand | Prosa], rest: Sequence[Gegenstand | Prosa]
    ) -> Auftakt | Gegenstand | Prosa:
        """Der Auftakt eines gezählten Kapitels, das etwas sagt; sonst die Überschrift, wie sie ist.

        Ohne Kernbotschaft stehen dort nur Zahlen: ein Befund des Kapitels stünde gleich darunter noch einmal.
        """
        kennung = _kennung(kopf)
        marke = self.marken.get(kennung)
        if marke is None or not marke.nummer or not isinstance(kopf, Ueberschrift | Prosa):
            return kopf
        botschaft, zahlen = self._kern(kern, marke.titel)
        if not botschaft and any(isinstance(t, Eckwerte | Begriffe | Ortsblatt) for t in rest):
            return kopf
        zahlen = zahlen or self._aus_eckwerten(rest, klartext(botschaft))
        if not (botschaft or zahlen):
            return kopf
        self._pruefe_wiederholung(klartext(botschaft), kern, rest, marke.titel)
        return Auftakt(kopf, kennung, marke.nummer, marke.titel, botschaft, zahlen)

    def _pruefe_wiederholung(
        self,
        botschaft: str,
        kern: Sequence[Gegenstand | Prosa],
        rest: Sequence[Gegenstand | Prosa],
        kapitel: str,
    ) -> None:
        gesagt = _vergleichbar(botschaft)
        for g in rest:
            if kern and isinstance(g, Abbildung | Tabelle) and g.befund and _vergleichbar(g.befund) == gesagt:
                self._melde(KernbotschaftWiederholt, kern[0], kapitel=kapitel, name=self.marken[g.label].name)

    def _kern(
        self, kern: Sequence[Gegenstand | Prosa], kapitel: str
    ) -> tuple[tuple[Knoten, ...], tuple[Randzahl, ...]]:
        """Der Satz und die Zahlen aus der Liste darunter."""
        if not kern:
            return (), ()
        erste = kern[0]
        assert isinstance(erste, Prosa)
        if len(kern) > 1:
            self._melde(KernbotschaftDoppelt, kern[1], kapitel=kapitel)
        satz: list[Knoten] = next(
            (inhalt(k) for k in erste.bloecke if k["t"] in {"Para", "Plain", "Frage"}), []
        )
        listen = (inhalt(k) for k in erste.bloecke if k["t"] == "BulletList")
        zahlen = [z for liste in listen for punkt in liste if (z := self._zahl(punkt, erste, KERN))]
        self._pruefe_laenge(klartext(satz), KERN_WORTE, "Kernbotschaft", erste)
        return tuple(satz), tuple(zahlen[:AUFTAKT_ZAHLEN])

    def _aus_eckwerten(self, rest: Sequence[Gegenstand | Prosa], botschaft: str) -> tuple[Randzahl, ...]:
        """Die Eckwerte, über deren Kennzahl eine Abbildung dieses Kapitels spricht, ohne schon Genanntes."""
        gezeigt = [a.kennzahl for g in rest if isinstance(g, Abbildung) for a in g.aussagen if a.kennzahl]
        passend = [e for k in dict.fromkeys(gezeigt) for e in self.eckwerte if e.kennzahl == k]
        zahlen = (z for z in map(_als_zahl, passend) if geschuetzt(z.zahl) not in geschuetzt(botschaft))
        return tuple(islice(zahlen, AUFTAKT_ZAHLEN))

    def _blick(
        self, kurz: Sequence[Gegenstand | Prosa], rest: Sequence[Gegenstand | Prosa], kennung: str
    ) -> list[Gegenstand | Prosa]:
        """Botschaften links, Eckwerte am Rand; gibt, was danach noch folgt."""
        if not KURZ_AB <= len(kurz) <= KURZ_BIS:
            self._melde(KurzbotschaftZahl, kurz[0], anzahl=len(kurz), ab=KURZ_AB, bis=KURZ_BIS)
        botschaften = Kurzbotschaften(tuple(b for t in kurz if (b := self._kurzbotschaft(t))))
        davor = rest[: list(rest).index(kurz[0])]
        eckwerte = tuple(t for t in rest if isinstance(t, Eckwerte))
        texte = [t for t in davor if isinstance(t, Prosa)]
        quellen = [self.rand.quelle(e.beleg) for e in eckwerte]
        self.fertig.append(
            Zeile(
                f"zeile-{kennung}", (*texte, botschaften), eckwerte, quelle=" ".join(q for q, _ in quellen),
                nummern=tuple(n for _, nummern in quellen for n in nummern),
            )
        )  # fmt: skip
        schon = {id(t) for t in (*texte, *eckwerte, *kurz)}
        return [t for t in rest if id(t) not in schon]

    def _kurzbotschaft(self, teil: Gegenstand | Prosa) -> Kurzbotschaft | None:
        assert isinstance(teil, Prosa)
        gross, rest = _geteilt(teil.bloecke)
        if not gross:
            self._melde(BotschaftForm, teil, rahmen=KURZ, was=klartext(teil.bloecke)[:50])
            return None
        ziel = next((k["c"][0][0] for k in alle_knoten(rest) if k["t"] == "Verweis"), "")
        return Kurzbotschaft(tuple(gross), tuple(rest), ziel)

    def _zeilen(self, teile: Sequence[Gegenstand | Prosa], kapitel: str) -> None:
        """Abbildungen und Tabellen mit ihrem Rand, Absätze mit dem ihren; alles andere bleibt."""
        ab = len(self.fertig)
        for teil in teile:
            if _art(teil) in {NOTIZ, ZAHL}:
                self._an_den_rand(teil, ab, kapitel)
            elif isinstance(teil, Abbildung | Tabelle):
                self.fertig.append(self._figurzeile(teil))
            elif isinstance(teil, Ortsblatt):
                quelle, nummern = self.rand.quelle(teil.beleg)
                self.fertig.append(Zeile(f"ort-{teil.marke}", (teil,), (), False, quelle, nummern))
            else:
                self.fertig.append(teil)

    def _figurzeile(self, g: Abbildung | Tabelle) -> Zeile:
        quelle, nummern = self.rand.quelle(g.beleg)
        breit = isinstance(g, Tabelle) and (_spalten(g.tabelle) >= BREIT_AB or _zu_breit(g.tabelle))
        breit |= isinstance(g, Abbildung) and bool(g.motiv) and formen.klasse(g.form).voll
        return Zeile(g.label, (g,), self.rand.notizen(g), breit, quelle, nummern)

    def _an_den_rand(self, teil: Gegenstand | Prosa, ab: int, kapitel: str) -> None:
        """Neben die Zeile davor; steht dort Text ohne Rand, wird er zur Zeile."""
        eintrag = self._randeintrag(teil)
        if eintrag is None:
            return
        letzter = self.fertig[-1] if len(self.fertig) > ab else None
        if isinstance(letzter, Zeile):
            notizen = [r for r in letzter.rand if isinstance(r, Randnotiz)]
            if isinstance(eintrag, Randzahl) or len(notizen) < NOTIZEN:
                self.fertig[-1] = replace(letzter, rand=(eintrag, *letzter.rand))
            else:
                self.rand.anmerkungen.append((letzter.kennung, (eintrag,)))
            return
        kennung = f"zeile-{kapitel}-{sum(isinstance(t, Zeile) for t in self.fertig[ab:]) + 1}"
        if isinstance(letzter, Prosa) and not _art(letzter):
            self.fertig[-1] = Zeile(kennung, (letzter,), (eintrag,))
        else:
            self.fertig.append(Zeile(kennung, (), (eintrag,)))

    def _randeintrag(self, teil: Gegenstand | Prosa) -> Randnotiz | Randzahl | None:
        assert isinstance(teil, Prosa)
        if teil.art == ZAHL:
            return self._zahl(teil.bloecke, teil, ZAHL)
        gross, rest = _geteilt(teil.bloecke)
        text = " ".join(klartext([k]) for k in rest).strip()
        if not gross or not text:
            self._melde(BotschaftForm, teil, rahmen=NOTIZ, was=klartext(teil.bloecke)[:50])
            return None
        self._pruefe_laenge(text, NOTIZ_WORTE, "Randnotiz", teil)
        return Randnotiz(titel=klartext(gross).rstrip(".: "), text=text)

    def _zahl(self, bloecke: Sequence[Knoten], teil: Prosa, art: str) -> Randzahl | None:
        gross, rest = _geteilt(bloecke)
        if not gross:
            self._melde(BotschaftForm, teil, rahmen=art, was=klartext(bloecke)[:50])
            return None
        zahl, _, marke = klartext(gross).partition(" (")  # „3 655 (Beispieldaten)“: die Marke gehört zum Text
        text = " ".join(klartext([k]) for k in rest).strip()
        return Randzahl(zahl=zahl, text=f"{text} ({marke}" if marke else text)

    # --- Meldungen -----------------------------------------------------------------------------------

    def _pruefe_laenge(self, text: str, grenze: int, art: str, teil: Prosa) -> None:
        if worte(text) > grenze:
            self._melde(BotschaftLang, teil, was=f"{text[:40]} …", worte=worte(text), grenze=grenze, name=art)

    def _melde(self, art: type[Befundart], teil: Gegenstand | Prosa, **angaben: Any) -> None:
        quelle = teil.quelle if isinstance(teil, Prosa) else None
        datei, ort = (quelle.datei, quelle.ort) if quelle else ("", "")
        self.meldungen.append((art.melde(datei=datei, ort=ort, **angaben), quelle))


def _art(teil: object) -> str:
    return str(getattr(teil, "art", "")) if isinstance(teil, Prosa) else ""


def _vergleichbar(satz: str) -> str:
    """Wie ein Satz klingt: ohne Zeichensetzung, Abstände und Großschreibung."""
    return "".join(filter(str.isalnum, satz.casefold()))


def _ist_kopf(teil: Gegenstand | Prosa, oberste: int) -> bool:
    if isinstance(teil, Ueberschrift):
        return teil.ebene == oberste
    bloecke = teil.bloecke if isinstance(teil, Prosa) else ()
    return bool(bloecke) and bloecke[0]["t"] == "Kopf" and bloecke[0]["c"][0] == oberste


def _kennung(kopf: Gegenstand | Prosa | None) -> str:
    if isinstance(kopf, Ueberschrift):
        return kopf.marke
    return str(kopf.bloecke[0]["c"][1]) if isinstance(kopf, Prosa) else "anfang"


def _kapitel(teile: Sequence[Gegenstand | Prosa], oberste: int) -> Iterator[list[Gegenstand | Prosa]]:
    kapitel: list[Gegenstand | Prosa] = []
    for teil in teile:
        if _ist_kopf(teil, oberste) and kapitel:
            yield kapitel
            kapitel = []
        kapitel.append(teil)
    if kapitel:
        yield kapitel


def _geteilt(bloecke: Sequence[Knoten]) -> tuple[list[Knoten], list[Knoten]]:
    """Das Fette am Anfang und alles danach als Blöcke; leer, wenn nichts fett beginnt."""
    if not bloecke:
        return [], []
    erster, weitere = bloecke[0], list(bloecke[1:])
    worte_ = inhalt(erster)
    if erster["t"] == "Frage":
        return list(worte_), weitere
    if erster["t"] not in {"Para", "Plain"} or not worte_ or worte_[0]["t"] != "Strong":
        return [], list(bloecke)
    rest = list(worte_[1:])
    while rest and rest[0]["t"] in {"Space", "SoftBreak"}:
        rest = rest[1:]
    return list(worte_[0]["c"]), [*([{"t": "Para", "c": rest}] if rest else []), *weitere]


def _als_zahl(e: Eckwert) -> Randzahl:
    return Randzahl(zahl=e.wert.partition(" (")[0], text=", ".join(t for t in (e.name, e.stand) if t))


def _spannen(nummern: Sequence[int]) -> str:
    """``Q1 bis Q5, Q7``: ab drei Nummern in Folge stehen nur die erste und die letzte."""
    laeufe: list[list[int]] = []
    for n in nummern:
        if laeufe and laeufe[-1][-1] == n - 1:
            laeufe[-1].append(n)
        else:
            laeufe.append([n])
    je = ([f"Q{lauf[0]} bis Q{lauf[-1]}"] if len(lauf) > 2 else [f"Q{n}" for n in lauf] for lauf in laeufe)
    return ", ".join(text for texte in je for text in texte)


def _zu_breit(modell: Tabellenmodell) -> bool:
    """Ob Zahlen mit ihren Spannen nicht in die Textspalte passen oder Texte dort meist umbrächen."""
    breiten = polster(modell)
    spalten: dict[int, int] = {}
    texte = False
    for zeile in (z for z in modell.zeilen if z.art != "gruppe"):
        texte |= not all(z.zahl or z.status for z in zeile.zellen[1:])
        for i, zelle in enumerate(zeile.zellen):
            spalten[i] = max(spalten.get(i, 0), len(zelltext(zelle, breiten, i)))
    return sum(spalten.values()) > SCHMAL_ZEICHEN * (1.25 if texte else 1)


def _spalten(modell: Tabellenmodell) -> int:
    return sum(z.spalten for z in modell.kopf[0])
