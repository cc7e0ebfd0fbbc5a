"""Vom ausgeführten Notizbuch zum Dokument, das gesetzt wird: Gegenstände, Zeichnungen, CSV, Nachweis.

Texte werden mit den Bindungen des Notizbuchs aufgelöst; gerechnet wird nur, was ein Text nennt und das
Notizbuch nicht gebunden hat. Ein geänderter Satz braucht deshalb keine Ausführung. Ein Abschnitt entfällt,
wenn in ihm (mit Unterabschnitten) etwas fehlt und nichts gezeigt wird; die Liste der Lücken nennt ihn.
"""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import SequenceMatcher
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from berichtswerk.ausfuehrung import textpruefung
from berichtswerk.ausfuehrung.freigabe import Aenderung
from berichtswerk.ausfuehrung.lauf import Ausgefuehrt, gezeigte
from berichtswerk.ausfuehrung.notizbuch import (
    EINGESETZT,
    Notizbuch,
    finde_parameterzelle,
    marken,
    quelltext,
    verborgen,
)
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.spur import Spuren
from berichtswerk.bild import titelbild
from berichtswerk.daten.kreis import lade_kreis
from berichtswerk.gegenstand import nachweis
from berichtswerk.gegenstand.gegenstaende import (
    MIME,
    Abbildung,
    Bindung,
    Bindungen,
    Dokument,
    Eckwerte,
    Fehlt,
    Fliesstext,
    Gegenstand,
    Kopf,
    Luecken,
    Nachweis,
    Notizfeld,
    Ortsblatt,
    Tabelle,
    Text,
    Ueberschrift,
    Verzeichnisse,
)
from berichtswerk.grund import zeiten
from berichtswerk.grund.ablage import Ablage, dateisumme, fassung, im, programmstand, summe
from berichtswerk.grund.meldung import (
    Befundart,
    BerichtswerkFehler,
    Meldung,
    Meldungen,
    Stufe,
    aufgezaehlt,
    vorschlag,
)
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import lies_yaml
from berichtswerk.grund.zahl import datum
from berichtswerk.marke.marke import DATEI as MARKENDATEI
from berichtswerk.marke.marke import Marke
from berichtswerk.tabelle.ods import als_ods
from berichtswerk.tabelle.tabelle import BEISPIEL, als_csv, maskiere
from berichtswerk.worte.bindung import Ergebnis, Nachrechnen, Textstueck, loese_auf
from berichtswerk.worte.sprache import aufzaehlung

if TYPE_CHECKING:
    from berichtswerk.bericht.sicht import Sicht


class TextdateiFehlt(Befundart):
    text = "Das Notizbuch verlangt den Text „{name}“, den es nicht gibt."
    abhilfe = "{rat}"


class AbbildungNichtZeichenbar(Befundart):
    text = "Die Abbildung „{label}“ lässt sich nicht zeichnen."
    ursache = "{grund}"
    abhilfe = "Prüfen Sie die Spezifikation der Abbildung im Notizbuch."
    feld = "{label}"


class LabelMehrfach(Befundart):
    text = "Das Label „{label}“ ist mehrfach vergeben."
    ursache = "Unter einem Label steht nur eine Abbildung oder Tabelle; Verweise wären mehrdeutig."
    abhilfe = "Geben Sie einer der beiden ein anderes label=…."
    feld = "{label}"


class TitelbildFehlt(Befundart):
    text = "Das Titelbild soll aus „{label}“ entstehen, das der Bericht nicht zeigt."
    ursache = (
        "Ein Titelbild zeigt Daten des Berichts; hier steht stattdessen eines aus einer anderen Abbildung."
    )
    abhilfe = "Berichtigen Sie titelbild.aus in bericht.yml. {rat}"
    feld = "titelbild.aus"
    stufe = Stufe.WARNUNG


EINZELN = 3
"""So viele fehlende Kapitel stehen für sich, mit Gründen; mehr sind eine Meldung."""


class KapitelEntfaellt(Befundart):
    text = "Der Abschnitt „{titel}“ entfällt, weil zu allem darin Daten fehlen."
    ursache = "{gruende}"
    abhilfe = "Mit b.verzeichnis(„luecken“) nennt der Bericht selbst, was er nicht zeigt."
    stufe = Stufe.HINWEIS


class KapitelFehlt(KapitelEntfaellt):
    text = "Das Kapitel „{titel}“ fehlt in diesem Bericht, weil zu allem darin Daten fehlen."
    abhilfe = "Ergänzen Sie die Daten, oder prüfen Sie „bis“ in bericht.yml: so weit reicht die Ausgabe."
    stufe = Stufe.WARNUNG


class MehrereEntfallen(KapitelEntfaellt):
    text = "{anzahl} Abschnitte entfallen, weil zu allem darin Daten fehlen: {titel}."
    ursache = ""


class MehrereFehlen(KapitelFehlt):
    text = "{anzahl} Kapitel fehlen in diesem Bericht, weil zu allem darin Daten fehlen: {titel}."
    ursache = ""


class KapitelLeer(Befundart):
    text = "Unter der Überschrift „{titel}“ steht nichts."
    ursache = "Kein Text, keine Abbildung und keine Tabelle folgt, bevor die nächste Überschrift beginnt."
    abhilfe = (
        "Ergänzen Sie, was dort stehen soll, oder löschen Sie die Überschrift. Steht im Notizbuch b.… unter "
        "if: b.fehlt(…) nennt im Bericht, was fehlt."
    )
    stufe = Stufe.WARNUNG


@dataclass(slots=True)
class Uebergabe:
    """Das Dokument, seine Beilagen und alle Befunde; nichts davon liegt schon auf der Platte.

    ``beilagen`` gehören auf die Site (Name ab ``<stamm>/``), ``zeichnungen`` in die Seite (Label → SVG),
    ``druckbilder`` ins PDF (``abb/<label>.svg``); ``nachgelesen`` sind Dateien, die erst für Kennzahlen in
    Texten gelesen wurden.
    """

    dokument: Dokument
    beilagen: dict[str, bytes] = field(default_factory=dict)
    zeichnungen: dict[str, str] = field(default_factory=dict)
    druckbilder: dict[str, Druckbild] = field(default_factory=dict)
    meldungen: Meldungen = field(default_factory=Meldungen)
    nachgelesen: tuple[str, ...] = ()
    texte: tuple[Path, ...] = ()
    """Die Textdateien, die das Notizbuch nennt."""
    spuren: tuple[Textspur, ...] = ()
    """Woher jedes Zeichen der Texte kommt, in der Reihenfolge, in der das Notizbuch sie nennt."""


@dataclass(frozen=True, slots=True)
class Textspur:
    """Ein aufgelöster Text: seine Datei ab der Projektwurzel und die Stücke, aus denen er besteht."""

    datei: str
    stuecke: tuple[Textstueck, ...]
    quelltext: str = ""
    """Worauf sich die Stellen der Stücke beziehen; leer: auf die ganze Datei."""


def baue(
    projekt: Projekt,
    auftrag: Auftrag,
    roh: Notizbuch,
    zeichner: Zeichenwerk,
    *,
    nachrechnen: Nachrechnen | None = None,
    weitere: frozenset[str] = frozenset(),
    gegenstaende: dict[int, list[Gegenstand]] | None = None,
) -> Uebergabe:
    """Baut die Übergabe aus dem ausgeführten Notizbuch und dem, was es zeigt.

    ``nachrechnen`` wird gefragt, wenn ein Text eine Kennzahl nennt, die das Notizbuch nicht gebunden hat;
    ``weitere`` sind die Namen, die es kennt.
    """
    gegenstaende = gezeigte(roh) if gegenstaende is None else gegenstaende
    flach = [g for gruppe in gegenstaende.values() for g in gruppe]
    bindungen = next((g for g in reversed(flach) if isinstance(g, Bindungen)), Bindungen(werte={}))
    bau = _Bau(projekt, auftrag, bindungen, nachrechnen, weitere, gezeigt=textpruefung.gezeigtes(flach))
    bau.meldungen.alle(_doppelte_label(auftrag, flach))
    stuecke = _stuecke(bau, roh, gegenstaende)
    _ohne_leeres_verzeichnis(stuecke)
    luecken = raeume_auf(stuecke)
    inhalt = tuple(_gefuellt(s.gegenstand, luecken) for s in stuecke if s.gegenstand is not None)
    genannt = any(isinstance(g, Luecken) for g in inhalt)
    bau.meldungen.alle(_entfallen(auftrag, luecken, genannt))
    if genannt:  # was fehlt, steht dann einmal in der Liste statt als leerer Kasten an jeder Stelle
        inhalt = tuple(g for g in inhalt if not isinstance(g, Fehlt))
    if luecken and not any(not isinstance(g, Fliesstext) or g.markdown for g in inhalt):
        inhalt = (
            Luecken(eintraege=tuple(als_liste(luecken))),
        )  # sonst bliebe eine Seite, auf der nichts steht
    bau.meldungen.alle(_leere_kapitel(projekt, auftrag, stuecke))
    for s in stuecke:
        bau.nachweise += s.nachweise
        bau.meldungen.alle(s.meldungen)
    gebiet = bau.bindungen.werte.get("gebiet")
    kopf = _kopf(auftrag, gebiet.text if gebiet else "", bau.beispiel or _zeigt_beispiele(inhalt))
    inhalt = (*_berichtigung(projekt, auftrag), *inhalt)
    fertig = Uebergabe(
        Dokument(kopf=kopf, inhalt=inhalt), meldungen=bau.meldungen, texte=tuple(sorted(bau.texte)),
        spuren=tuple(bau.spuren),
    )  # fmt: skip
    for g in inhalt:
        if isinstance(g, Abbildung | Tabelle):
            _lege_bei(fertig, auftrag, g, zeichner)
    _bebildere_titel(fertig, projekt, auftrag)
    gesammelt = nachweis.sammle(bau.nachweise, projekt, bau.bindungen.offen)
    fertig.beilagen["nachweis.json"] = nachweis.schreibe(gesammelt).encode()
    if any(name.startswith("daten/") for name in fertig.beilagen):
        fertig.beilagen["daten.zip"] = _gepackt(auftrag.stamm, fertig.beilagen)
    return fertig


def nur_texte(auftrag: Auftrag) -> Notizbuch:
    """Ein Bericht ohne Notizbuch: alle Texte der Ausgabe in der Reihenfolge ihrer Dateinamen."""
    namen = sorted({p.stem for p in (auftrag.ordner / "texte").glob("*.md")})
    zellen = []
    for nummer, name in enumerate(namen, 1):
        ausgabe = {
            "output_type": "display_data",
            "metadata": {},
            "data": {MIME: {"art": "text", "name": name}},
        }
        zelle: dict[str, Any] = {
            "cell_type": "code",
            "id": f"text-{nummer}",
            "metadata": {},
            "execution_count": None,
        }
        zellen.append({**zelle, "source": [f'b.text("{name}")'], "outputs": [ausgabe]})
    return {"cells": zellen, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@dataclass(slots=True)
class _Bau:
    """Ein Durchgang durch das ausgeführte Notizbuch."""

    projekt: Projekt
    auftrag: Auftrag
    bindungen: Bindungen
    nachrechnen: Nachrechnen | None
    weitere: frozenset[str]
    nachweise: list[Nachweis] = field(default_factory=list)
    meldungen: Meldungen = field(default_factory=Meldungen)
    beispiel: bool = False
    gezeigt: tuple[textpruefung.Gesagt, ...] = ()
    aufgeloest: Ergebnis = field(default_factory=lambda: Ergebnis(""))
    wissen: dict[str, textpruefung.Wissen] = field(default_factory=dict)
    texte: set[Path] = field(default_factory=set)
    spuren: list[Textspur] = field(default_factory=list)

    def stueck(self, g: Gegenstand) -> Stueck | None:
        """Ein Gegenstand mit seinen Nachweisen; Texte werden aufgelöst, Bindungen zeigen nichts."""
        if isinstance(g, Bindungen):
            return None
        if isinstance(g, Text):
            return self._text(g)
        return Stueck(g, [*nachweis.nachweise_von(g)])

    def _text(self, g: Text) -> Stueck:
        try:
            pfad = self.auftrag.angaben.text(g.name, self.auftrag.variante or None)
            if pfad is None:
                return Stueck(None, [], [_text_fehlt(self.auftrag, g.name)])
            self.texte.add(pfad)
            text = self.projekt.lies_text(pfad)
        except BerichtswerkFehler as fehler:
            return Stueck(None, [], fehler.meldungen)
        datei = self.projekt.relativ(pfad)
        stueck = self.prosa(text, datei, bereich=g.bereich)
        self.spuren.append(Textspur(datei, self.aufgeloest.stuecke))
        wissen = self.wissen.get(g.bereich)
        if wissen is None or wissen.bindungen.keys() != self.aufgeloest.bindungen.keys():
            wissen = self.wissen[g.bereich] = textpruefung.Wissen(
                self.aufgeloest.bindungen, self.gezeigt, self.bindungen.katalog, self._rechner(g.bereich)
            )
        stueck.meldungen += textpruefung.pruefe(text, datei, wissen, self.aufgeloest.aussagen)
        return stueck

    def prosa(self, text: str, datei: str, *, ort: str = "", bereich: str = "") -> Stueck:
        """Ein Text mit eingesetzten Zahlen (zuerst denen des Bereichs), Nachweisen und Befunden."""
        bindungen = self.bindungen.im_bereich(bereich)
        ergebnis = self.aufgeloest = loese_auf(text, bindungen, datei, self._rechner(bereich), self.weitere)
        self.beispiel |= any(f"{{{{ {n}" in text and b.beispiel for n, b in bindungen.werte.items())
        fliesst = Fliesstext(markdown=ergebnis.markdown.strip("\n"), datei=datei, ort=ort)
        return Stueck(fliesst, [*ergebnis.nachweise], [*ergebnis.meldungen])

    def _rechner(self, bereich: str) -> Nachrechnen | None:
        """Nachrechnen für das Gebiet des Bereichs, nie still für das des Berichts."""
        rechne = self.nachrechnen
        if rechne is None or not bereich:
            return rechne
        return lambda name: rechne(f"{bereich}:{name}")


def _stuecke(bau: _Bau, roh: Notizbuch, gegenstaende: dict[int, list[Gegenstand]]) -> list[Stueck]:
    """Was die Zellen zum Bericht beitragen; was vor der Parameterzelle steht, erklärt nur das Notizbuch."""
    beginn = finde_parameterzelle(roh)
    datei = bau.projekt.relativ(bau.auftrag.notizbuch) if bau.auftrag.notizbuch else ""
    stuecke: list[Stueck] = []
    nummer = 0  # wie JupyterLab von oben zählt: ohne die eingesetzten Parameter
    for i, z in enumerate(roh["cells"]):
        nummer += EINGESETZT not in marken(z)
        if z["cell_type"] == "markdown":
            if (beginn is None or i > beginn) and not verborgen(z):
                stuecke.append(bau.prosa(quelltext(z), datei, ort=f"Zelle {nummer}"))
        elif z["cell_type"] == "code" and not verborgen(z):
            stuecke += [s for g in gegenstaende[i] if (s := bau.stueck(g)) is not None]
    return stuecke


def _ohne_leeres_verzeichnis(stuecke: Sequence[Stueck]) -> None:
    """Wo nichts gezeigt wird, gibt es nichts zu verzeichnen: statt der leeren Überschrift steht ein Grund."""
    if not any(isinstance(s.gegenstand, Abbildung | Tabelle) for s in stuecke):
        grund = "Abbildungen und Tabellen zeigt dieser Bericht noch nicht."
        for s in stuecke:
            if isinstance(s.gegenstand, Verzeichnisse):
                s.gegenstand = Fehlt(label="", grund=grund, mangel=False)


def _gefuellt(g: Gegenstand, luecken: Sequence[Luecke]) -> Gegenstand:
    """Die Liste der Lücken ist jetzt bekannt."""
    return Luecken(eintraege=tuple(als_liste(luecken))) if isinstance(g, Luecken) else g


def _entfallen(auftrag: Auftrag, luecken: Sequence[Luecke], genannt: bool) -> Iterator[Meldung]:
    """Ein Kapitel fehlt nie still; Abschnitte und andere Gebiete nennt der Bericht, wo er es kann."""
    datei, ort = f"berichte/{auftrag.bericht}/{auftrag.ausgabe}/bericht.yml", auftrag.variante
    da = [lu for lu in luecken if lu.entfaellt and lu.mangel]
    kapitel = [lu for lu in da if lu.ebene <= 2 and not auftrag.variante]
    abschnitte = [] if genannt else [lu for lu in da if lu not in kapitel]
    for liste, eines, mehrere in (
        (kapitel, KapitelFehlt, MehrereFehlen), (abschnitte, KapitelEntfaellt, MehrereEntfallen),
    ):  # fmt: skip
        if len(liste) > EINZELN:
            titel = aufgezaehlt((lu.titel for lu in liste), len(liste))
            yield mehrere.melde(datei=datei, ort=ort, anzahl=len(liste), titel=titel)
            continue
        for luecke in liste:
            gruende = " ".join(luecke.gruende)
            yield eines.melde(datei=datei, ort=ort, titel=luecke.titel, gruende=gruende)


def _leere_kapitel(projekt: Projekt, auftrag: Auftrag, stuecke: Sequence[Stueck]) -> Iterator[Meldung]:
    """Überschriften, unter denen bis zur nächsten ihrer Ebene nichts steht; die höchste genügt."""
    teile = [t for s in stuecke if s.gegenstand is not None for t in _teile(s)]
    bis = 0
    for i, teil in enumerate(teile):
        ende = _ende(teile, i)
        if not teil.ebene or i < bis or any(t.hat_inhalt for t in teile[i:ende]):
            continue
        bis, g = ende, teil.stueck.gegenstand
        datei, ort = f"berichte/{auftrag.bericht}/{auftrag.ausgabe}/bericht.yml", auftrag.variante
        if isinstance(g, Fliesstext):
            datei, ort = g.datei, g.ort
        if not ort and datei.endswith(".md"):
            zeilen = enumerate(projekt.lies_text(projekt.wurzel / datei).split("\n"), 1)
            ort = next((f"Zeile {nr}" for nr, z in zeilen if z.startswith("#") and teil.titel in z), "")
        yield KapitelLeer.melde(datei=datei, ort=ort, titel=teil.titel)


def _zeigt_beispiele(inhalt: Sequence[Gegenstand]) -> bool:
    return any(isinstance(g, Abbildung | Tabelle | Eckwerte | Ortsblatt) and g.beleg.beispiel for g in inhalt)


def _kopf(auftrag: Auftrag, gebiet_name: str, beispiel: bool) -> Kopf:
    """Titelblatt und Impressum aus ``bericht.yml``."""
    datei = auftrag.angaben.datei
    uebersicht = datei.fuer is not None and not auftrag.variante
    einzeln = tuple(v.titel for v in auftrag.angaben.varianten) if uebersicht else ()
    beschluss = ""
    if datei.beschluss:
        b = datei.beschluss
        wann = datum(b.datum, lang=True) if b.datum else ""
        vorlage = f"Vorlage {b.vorlage}" if b.vorlage else ""
        beschluss = ", ".join(t for t in (b.gremium, wann, vorlage) if t)
    return Kopf(
        titel=auftrag.titel, untertitel=auftrag.untertitel, stamm=auftrag.stamm, bericht=auftrag.bericht,
        ausgabe=auftrag.ausgabe, variante=auftrag.variante,
        gebiet=str(auftrag.parameter.get("gebiet", "")), gebiet_name=gebiet_name,
        status=auftrag.status, gefallen=auftrag.freigabe.gefallen, revision=_fassung(auftrag),
        stand=datei.stand, herausgeber=datei.herausgeber, redaktion=datei.redaktion,
        kontakt=datei.kontakt, beschluss=beschluss, beispiel=beispiel,
        gestalt=auftrag.gestalt, blatt=datei.blatt,
        einzeln=einzeln,
    )  # fmt: skip


def _fassung(auftrag: Auftrag) -> str:
    """„Revision 2 vom 26. November 2026, berichtigt“; leer, solange nichts berichtigt ist."""
    r = auftrag.freigabe.revision
    if r is None or r.nummer == 1:
        return ""
    return f"Revision {r.nummer} vom {datum(r.datum, lang=True)}, berichtigte Fassung"


_KURZ = 60
"""Kürzeres steht alt und neu in einer Zeile."""


def _berichtigung(projekt: Projekt, auftrag: Auftrag) -> Iterator[Fliesstext]:
    """Was eine Revision ändert und warum, vor allem anderen."""
    r = auftrag.freigabe.revision
    if r is None or r.nummer == 1:
        return
    hier = [a for a in r.aenderungen if a.variante in ("", auftrag.variante)]
    teile = [f"**Grund:** {maskiere(r.grund)}"]
    if hier:
        teile += ["**Geändert gegenüber der vorigen Fassung:**", "\n".join(map(_aenderung, hier))]
    elif r.aenderungen:
        teile.append("Geändert ist nur anderes in dieser Ausgabe; was Sie hier lesen, ist wie zuvor.")
    teile.append(_vorige(projekt, auftrag, r.nummer - 1))
    kasten = "\n\n".join(teile)
    text = f'::: {{.callout-important title="{_fassung(auftrag)}"}}\n{kasten}\n:::'
    yield Fliesstext(markdown=text, datei=f"berichte/{auftrag.bericht}/{auftrag.ausgabe}/freigabe.yml")


def _vorige(projekt: Projekt, auftrag: Auftrag, nummer: int) -> str:
    """Wo die vorige Revision liegt; gedruckt hilft nur die ganze Adresse."""
    ordner = f"berichte/{auftrag.bericht}/{auftrag.ausgabe}-revision-{nummer}/{auftrag.stamm}.html"
    adresse = lade_kreis(projekt).portal.oeffentlich
    wo = f"[Revision {nummer}]({adresse}/{ordner})" if adresse else f"Revision {nummer}"
    return f"Die vorige Fassung bleibt unverändert erreichbar: {wo}, auf der Seite unter „Herunterladen“."


def _aenderung(a: Aenderung) -> str:
    if a.alt and a.neu and len(a.alt + a.neu) < _KURZ:
        return f"- {maskiere(a.wo)}: bisher {maskiere(a.alt)}, jetzt **{maskiere(a.neu)}**"
    alt, neu = _hervorgehoben(a.alt, a.neu)
    bisher = f"Bisher: {alt}" if alt else "Neu: stand bisher nicht da."
    jetzt = f"Jetzt: {neu}" if neu else "Jetzt: entfällt."
    return f"- {maskiere(a.wo)}\n    - {bisher}\n    - {jetzt}"


def _hervorgehoben(alt: str, neu: str) -> tuple[str, str]:
    """Beide Wortlaute, maskiert; in einem Satz, von dem etwas bleibt, ist fett, was anders ist."""
    vorher, nachher = alt.split(), neu.split()
    folge = SequenceMatcher(None, vorher, nachher, autojunk=False)
    if not folge.find_longest_match().size:
        return maskiere(alt), maskiere(neu)
    seiten: tuple[list[str], list[str]] = ([], [])
    for art, a0, a1, b0, b1 in folge.get_opcodes():
        for seite, worte in zip(seiten, (vorher[a0:a1], nachher[b0:b1]), strict=True):
            text = maskiere(" ".join(worte))
            if text:
                seite.append(text if art == "equal" else f"**{text}**")
    return " ".join(seiten[0]), " ".join(seiten[1])


def _bebildere_titel(u: Uebergabe, projekt: Projekt, auftrag: Auftrag) -> None:
    """Das Titelbild aus der Abbildung, die ``bericht.yml`` nennt; sonst aus der mit den meisten Zahlen."""
    abbildungen = {g.label: g for g in u.dokument.inhalt if isinstance(g, Abbildung)}
    gewuenscht = auftrag.angaben.datei.titelbild
    if gewuenscht and gewuenscht.aus not in abbildungen and not auftrag.variante:
        datei = projekt.relativ(auftrag.ordner / "bericht.yml")
        rat = vorschlag(gewuenscht.aus, sorted(abbildungen), sonst="Diese gibt es: ")
        u.meldungen.dazu(
            TitelbildFehlt.melde(datei=datei, ort=auftrag.variante, label=gewuenscht.aus, rat=rat)
        )
    aus = abbildungen.get(gewuenscht.aus) if gewuenscht else None
    if aus is None and abbildungen:
        aus = max(abbildungen.values(), key=lambda g: sum(len(z.zellen) for z in g.daten.zeilen))
    if aus is None:
        return
    form = gewuenscht.form if gewuenscht and gewuenscht.aus == aus.label else ""
    svg, was = titelbild.zeichne(form, aus.daten, Marke.lade(projekt).band, aus.motiv)
    if svg:
        u.beilagen["abb/titel.svg"] = svg.encode()
        u.druckbilder["abb/titel.svg"] = Druckbild(svg.encode())
        text = "; ".join(t for t in (aus.unterschrift, was) if t)
        kopf = u.dokument.kopf.model_copy(update={"titelbild": text})
        u.dokument = u.dokument.model_copy(update={"kopf": kopf})


def _lege_bei(u: Uebergabe, auftrag: Auftrag, g: Abbildung | Tabelle, zeichner: Zeichenwerk) -> None:
    """CSV, und bei Abbildungen die Zeichnungen und die Spezifikation."""
    tafel = g.daten if isinstance(g, Abbildung) else g.tabelle
    csv = als_csv(tafel, g.beleg)
    angaben = {"Titel": g.befund or g.unterschrift, "Inhalt": g.unterschrift, "Bericht": auftrag.titel}
    u.beilagen[f"daten/{g.label}.ods"] = als_ods(tafel, g.beleg, angaben)
    # mit Kennung am Anfang, sonst liest Excel die Umlaute falsch
    u.beilagen[f"daten/{g.label}.csv"] = csv.encode("utf-8-sig")
    if isinstance(g, Tabelle):
        return
    try:
        bild = zeichner.zeichne(g, auftrag.bericht)
    except ValueError as fehler:
        datei = f"notebooks/{auftrag.notizbuch.name}" if auftrag.notizbuch else ""
        u.meldungen.dazu(AbbildungNichtZeichenbar.melde(datei=datei, label=g.label, grund=str(fehler)))
        return
    u.beilagen[f"abb/{g.label}.json"] = bild.spezifikation.encode()
    u.zeichnungen[g.label] = bild.seite
    in_hoehe = partial(zeichner.in_hoehe, g, auftrag.bericht)
    u.druckbilder[f"abb/{g.label}.svg"] = Druckbild(b"", bild.kleinst, in_hoehe)
    u.beilagen[f"abb/{g.label}.svg"] = bild.datei.encode()


def _gepackt(stamm: str, beilagen: dict[str, bytes]) -> bytes:
    """Alle CSV-Dateien und der Nachweis in einer Datei; gleiche Eingabe, gleiche Bytes."""
    puffer = io.BytesIO()
    with zipfile.ZipFile(puffer, "w", zipfile.ZIP_DEFLATED) as paket:
        for name in sorted(beilagen):
            if name.endswith(".csv") or name == "nachweis.json":
                # ZIP kennt keine frühere Zeit als 1980; die echte machte jeden Lauf anders
                eintrag = zipfile.ZipInfo(f"{stamm}/{name}", (1980, 1, 1, 0, 0, 0))
                eintrag.compress_type, eintrag.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                eintrag.create_system = 3
                paket.writestr(eintrag, beilagen[name])
    return puffer.getvalue()


def _text_fehlt(auftrag: Auftrag, name: str) -> Meldung:
    ordner = f"berichte/{auftrag.bericht}/{auftrag.ausgabe}/texte"
    rat = vorschlag(name, auftrag.angaben.textnamen(), sonst="Legen Sie die Datei an. Vorhanden sind: ")
    return TextdateiFehlt.melde(
        datei=f"{ordner}/{name}.md", name=name, rat=rat or f"Legen Sie die Datei im Ordner {ordner} an."
    )


def _doppelte_label(auftrag: Auftrag, gegenstaende: Sequence[Gegenstand]) -> list[Meldung]:
    label = [g.label for g in gegenstaende if isinstance(g, Abbildung | Tabelle)]
    datei = f"notebooks/{auftrag.notizbuch.name}" if auftrag.notizbuch else ""
    doppelt = sorted({n for n in label if label.count(n) > 1})
    return [LabelMehrfach.melde(datei=datei, label=name) for name in doppelt]


def lesbar(spec: dict[str, Any]) -> str:
    """Eine Spezifikation als JSON, je Angabe und je Ebene eine Zeile."""
    return f"{_zeilen(spec, 3, '')}\n"


def _zeilen(wert: Any, tiefe: int, einzug: str) -> str:
    """Bis ``tiefe`` eingerückt, darunter in einer Zeile: ganz eingerückt schreibt Python zehnmal so lang."""
    if not tiefe or not wert or not isinstance(wert, dict | list):
        return json.dumps(wert, ensure_ascii=False, sort_keys=True)
    innen = f"{einzug} "
    if isinstance(wert, dict):
        teile = [
            f"{json.dumps(str(k), ensure_ascii=False)}: {_zeilen(wert[k], tiefe - 1, innen)}"
            for k in sorted(wert)
        ]
        auf, zu = "{}"
    else:
        teile = [_zeilen(w, tiefe - 1, innen) for w in wert]
        auf, zu = "[]"
    return f"{auf}\n{innen}" + f",\n{innen}".join(teile) + f"\n{einzug}{zu}"


_KOPF = re.compile(r"(?P<raute>#{1,6}) +(?P<titel>.*?)\s*(?:\{(?P<mehr>[^}]*)\})?\s*#*\s*$")
_KOMMENTAR = re.compile(r"<!--.*?-->", re.S)
_MARKE = re.compile(r"#((?:sec|fig|tbl)-[\w-]+)")
_VERWEIS = r"-?@((?:fig|tbl|sec)-[\w-]*\w)"
_GRUPPE = re.compile(rf"\[\s*{_VERWEIS}(?:\s*;\s*{_VERWEIS})*\s*\]")
_KLAMMER = re.compile(rf"\((?:(?:siehe|vgl\.|s\.)\s+)?{_VERWEIS}\)")
_EINZELN = re.compile(rf"(?<![\w\\]){_VERWEIS}")
_ENTFAELLT = {
    "fig": "(Abbildung entfällt)",
    "tbl": "(Tabelle entfällt)",
    "sec": "(Abschnitt entfällt)",
}


@dataclass(slots=True)
class Stueck:
    """Ein Gegenstand, wie er in den Bericht kommt, mit Nachweisen und Befunden; ``None`` fällt weg."""

    gegenstand: Gegenstand | None
    nachweise: list[Nachweis] = field(default_factory=list)
    meldungen: list[Meldung] = field(default_factory=list)

    @property
    def fehlt(self) -> Fehlt | None:
        """Der Platzhalter, wenn hier etwas fehlt."""
        return self.gegenstand if isinstance(self.gegenstand, Fehlt) else None

    @property
    def gezeigt(self) -> bool:
        """Ob hier Daten oder ein Verzeichnis zu sehen sind; Text allein zählt nicht."""
        return isinstance(
            self.gegenstand, Abbildung | Tabelle | Eckwerte | Ortsblatt | Notizfeld | Verzeichnisse | Luecken
        )


@dataclass(slots=True)
class _Teil:
    """Ein Stück Text ab einer Überschrift (``ebene`` 0: keine)."""

    stueck: Stueck
    text: str
    ebene: int = 0
    titel: str = ""
    weg: bool = False

    @property
    def hat_inhalt(self) -> bool:
        """Ob hier außer einer Überschrift etwas zu sehen ist."""
        if not isinstance(self.stueck.gegenstand, Fliesstext):
            return not isinstance(self.stueck.gegenstand, Ueberschrift | Fehlt | None)
        rumpf = self.text.partition("\n")[2] if self.ebene else self.text
        return bool(_KOMMENTAR.sub("", rumpf).strip())


@dataclass(frozen=True, slots=True)
class Luecke:
    """Was nicht gezeigt wird: Titel des Abschnitts, Gründe; ob der ganze Abschnitt (mit Ebene) entfällt."""

    titel: str
    gruende: tuple[str, ...]
    entfaellt: bool
    ebene: int = 0
    mangel: bool = True


def raeume_auf(stuecke: Sequence[Stueck]) -> list[Luecke]:
    """Nimmt leere Abschnitte heraus (ändert die Stücke) und ersetzt Verweise auf Fehlendes."""
    teile = [t for s in stuecke for t in _teile(s)]
    luecken = _luecken(teile)
    weg = {s.fehlt.label for s in stuecke if s.fehlt and s.fehlt.label}
    weg |= {marke for t in teile if t.weg for marke in _MARKE.findall(t.text)}
    for s in stuecke:
        eigene = [t for t in teile if t.stueck is s]
        if eigene and all(t.weg for t in eigene):
            s.gegenstand, s.nachweise = None, []
            s.meldungen = [m for m in s.meldungen if m.stufe is Stufe.FEHLER]
        elif isinstance(s.gegenstand, Fliesstext):
            text = "\n".join(t.text for t in eigene if not t.weg).strip("\n")
            neu = ohne_verweise(text, weg) if weg else text
            s.gegenstand = s.gegenstand.model_copy(update={"markdown": neu})
    return luecken


def _teile(stueck: Stueck) -> Iterator[_Teil]:
    """Zerlegt Text an Überschriften; in Rahmen und Quelltext stehen keine."""
    g = stueck.gegenstand
    if isinstance(g, Ueberschrift):
        yield _Teil(stueck, f"#{g.marke}" if g.marke else "", g.ebene, g.text)
        return
    if not isinstance(g, Fliesstext):
        yield _Teil(stueck, "")
        return
    zeilen: list[str] = []
    kopf = (0, "")
    tiefe, im_code = 0, False
    for zeile in g.markdown.split("\n"):
        if zeile.startswith(("```", "~~~")):
            im_code = not im_code
        elif zeile.startswith(":::") and not im_code:
            tiefe = max(0, tiefe + (1 if zeile.strip(": ") else -1))
        fund = None if im_code or tiefe else _KOPF.fullmatch(zeile)
        if fund:
            if zeilen:
                yield _Teil(stueck, "\n".join(zeilen), *kopf)
            zeilen, kopf = [], (len(fund["raute"]), fund["titel"])
        zeilen.append(zeile)
    yield _Teil(stueck, "\n".join(zeilen), *kopf)


def _luecken(teile: Sequence[_Teil]) -> list[Luecke]:
    """Kennzeichnet leere Abschnitte; nennt sie und alles sonst Fehlende in der Reihenfolge des Berichts."""
    luecken: list[Luecke] = []
    titel, i = "", 0
    while i < len(teile):
        teil = teile[i]
        ende = _ende(teile, i)
        if teil.ebene and _ist_leer(teile[i:ende]):
            for t in teile[i:ende]:
                t.weg = True
            mangel = any(t.stueck.fehlt.mangel for t in teile[i:ende] if t.stueck.fehlt)
            luecken.append(Luecke(teil.titel, _gruende(teile[i:ende]), True, teil.ebene, mangel))
            i = ende
            continue
        titel = teil.titel if teil.ebene else titel
        if teil.stueck.fehlt:
            luecken.append(Luecke(titel, (teil.stueck.fehlt.grund,), False))
        i += 1
    return luecken


def _ende(teile: Sequence[_Teil], beginn: int) -> int:
    """Wo der Abschnitt endet: vor der nächsten Überschrift gleicher oder höherer Ebene."""
    ebene = teile[beginn].ebene
    folgende = range(beginn + 1, len(teile))
    return next((j for j in folgende if 0 < teile[j].ebene <= ebene), len(teile))


def _ist_leer(teile: Sequence[_Teil]) -> bool:
    return any(t.stueck.fehlt for t in teile) and not any(t.stueck.gezeigt for t in teile)


def _gruende(teile: Iterable[_Teil]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(t.stueck.fehlt.grund for t in teile if t.stueck.fehlt))


def ohne_verweise(text: str, weg: set[str]) -> str:
    """Ersetzt Verweise auf ``weg`` durch „(Abbildung entfällt)“; andere bleiben."""

    def ersetze(fund: re.Match[str]) -> str:
        return _ENTFAELLT[fund[1][:3]] if fund[1] in weg else fund[0]

    def gruppe(fund: re.Match[str]) -> str:
        alle = _EINZELN.findall(fund[0])
        bleiben = [f"@{z}" for z in alle if z not in weg]
        if len(bleiben) == len(alle):
            return fund[0]
        return f"[{'; '.join(bleiben)}]" if bleiben else _ENTFAELLT[alle[0][:3]]

    text = _GRUPPE.sub(gruppe, text)
    return _EINZELN.sub(ersetze, _KLAMMER.sub(ersetze, text))


def als_liste(luecken: Iterable[Luecke]) -> list[tuple[str, str]]:
    """Paare (Titel des Abschnitts, Gründe) für die Liste im Bericht; gleiche stehen zusammen.

    Was in vielen Abschnitten (:data:`_OFT`) aus demselben Grund fehlt, steht einmal da, ohne ihre Titel.
    """
    je_titel: dict[str, list[str]] = {}
    for luecke in luecken:
        je_titel.setdefault(_ohne_auszeichnung(luecke.titel), []).extend(luecke.gruende)
    wo: dict[str, dict[str, list[str]]] = {}
    for titel, gruende in je_titel.items():
        for fund in filter(None, map(_ZU.fullmatch, gruende)):
            wo.setdefault(fund["rest"], {}).setdefault(fund["was"], []).append(titel)
    oft = {r: was for r, was in wo.items() if len({t for alle in was.values() for t in alle}) >= _OFT}
    saetze, genannt = list[str](), dict[str, None]()
    for rest, was in oft.items():
        if neu := [w for w in was if w not in genannt]:
            saetze.append(f"Zu {aufzaehlung(neu)} {rest}")
        genannt |= dict.fromkeys(was)
    schon = {f"Zu {w} {rest}" for rest, was in oft.items() for w in was}
    einzeln = ((titel, [g for g in gruende if g not in schon]) for titel, gruende in je_titel.items())
    return [
        *(("", satz) for satz in saetze),
        *((titel, " ".join(_zusammen(gruende))) for titel, gruende in einzeln if gruende),
    ]


def _zusammen(gruende: Iterable[str]) -> list[str]:
    """„Zu „A“ liegen … vor.“ und „Zu „B“ liegen … vor.“ werden „Zu „A“ und „B“ liegen … vor.“."""
    saetze: dict[str, list[str]] = {}
    for grund in gruende:
        fund = _ZU.fullmatch(grund)
        if fund and any(fund["was"] in was for was in saetze.values()):
            continue
        saetze.setdefault(fund["rest"] if fund else grund, []).extend([fund["was"]] if fund else [])
    return [f"Zu {aufzaehlung(was)} {rest}" if was else rest for rest, was in saetze.items()]


_ZU = re.compile(r"Zu (?P<was>„[^„“]+“) (?P<rest>liegen .+)")
_OFT = 3


def _ohne_auszeichnung(titel: str) -> str:
    return re.sub(r"\\(.)", r"\1", re.sub(r"(?<!\\)[*_`]", "", titel))


_ZEICHNEND = ("bild", "marke", "worte", "grund/zahl.py", "ausfuehrung/uebergabe.py")
_RECHNEND = ("grund", "daten", "fach", "gegenstand", "worte", "bericht")
_ORDNER = ("daten/lieferungen/", "daten/korrekturen/")
_WERKZEUGE = ("vl-convert-python", "uharfbuzz", "fonttools")


def uebergib(projekt: Projekt, ausgefuehrt: Ausgefuehrt, zeichner: Zeichenwerk | None = None) -> Uebergabe:
    """Baut die Übergabe eines ausgeführten Auftrags; Befunde stehen darin.

    ``zeichner`` tritt an die Stelle des üblichen, wo niemand die Abbildungen ansieht.
    """
    assert ausgefuehrt.roh is not None
    kennzahlen = Nachrechner(projekt, ausgefuehrt.auftrag)
    with im(projekt):  # was Notizbücher gelesen und gerechnet haben, gilt auch für den Nachrechner
        fertig = baue(
            projekt, ausgefuehrt.auftrag, ausgefuehrt.roh, zeichner or zeichenwerk(projekt),
            nachrechnen=kennzahlen, weitere=kennzahlen.namen, gegenstaende=ausgefuehrt.gegenstaende,
        )  # fmt: skip
    fertig.nachgelesen = kennzahlen.gelesen()
    return fertig


class Zusatztext(NamedTuple):
    """Ein Text neben dem Bericht: Wortlaut mit Bindungen, Datei ab der Wurzel, Feld darin (leer: ganz)."""

    text: str
    datei: str
    feld: str = ""


class Textuebergabe(NamedTuple):
    """Aufgelöste Texte in der Reihenfolge der Frage, ihre Spuren, die Quellen ihrer Zahlen, alle Befunde.

    ``quellen`` stehen unter dem Namen der Bindung; ``nachgelesen`` sind Dateien, aus denen erst dafür
    gerechnet wurde.
    """

    kopf: Kopf
    texte: tuple[str, ...]
    spuren: tuple[Textspur, ...]
    quellen: Mapping[str, str]
    meldungen: Meldungen
    nachgelesen: tuple[str, ...]


def uebergib_texte(
    projekt: Projekt, ausgefuehrt: Ausgefuehrt, texte: Iterable[Zusatztext], werte: dict[str, Bindung]
) -> Textuebergabe:
    """Löst weitere Texte mit den Zahlen des Berichts auf und prüft sie wie seine eigenen.

    ``werte`` sind Namen, die dazukommen.
    """
    auftrag = ausgefuehrt.auftrag
    kennzahlen = Nachrechner(projekt, auftrag)
    flach = [g for gruppe in ausgefuehrt.gegenstaende.values() for g in gruppe]
    bindungen = next((g for g in reversed(flach) if isinstance(g, Bindungen)), Bindungen(werte={}))
    bindungen = bindungen.model_copy(update={"werte": {**bindungen.werte, **werte}})
    gezeigt = textpruefung.gezeigtes(flach)
    bau = _Bau(projekt, auftrag, bindungen, kennzahlen, kennzahlen.namen, gezeigt=gezeigt)
    markdown, quellen = [], dict[str, str]()
    with im(projekt):
        for t in texte:
            stueck = bau.prosa(t.text, t.datei)
            fertig = bau.aufgeloest
            assert isinstance(stueck.gegenstand, Fliesstext)
            markdown.append(stueck.gegenstand.markdown)
            bau.spuren.append(Textspur(t.datei, fertig.stuecke, t.text))
            wissen = textpruefung.Wissen(fertig.bindungen, gezeigt, bindungen.katalog, kennzahlen)
            befunde = [*stueck.meldungen, *textpruefung.pruefe(t.text, t.datei, wissen, fertig.aussagen)]
            bau.meldungen.neue(_im_feld(b, t.feld) for b in befunde)
            namen = (name_in(s.ausdruck) for s in fertig.stuecke if s.ausdruck)
            quellen |= {n: b.quelle for n in namen if (b := fertig.bindungen.get(n)) and b.quelle}
    gebiet = bindungen.werte.get("gebiet")
    kopf = _kopf(auftrag, gebiet.text if gebiet else "", bau.beispiel)
    return Textuebergabe(
        kopf, tuple(markdown), tuple(bau.spuren), quellen, bau.meldungen, kennzahlen.gelesen()
    )


def name_in(ausdruck: str) -> str:
    """Der Name der Bindung in einem Ausdruck („arbeitslose.jahr“, „geburten[2024]“)."""
    return re.split(r"[.\[]", ausdruck)[0]


def _im_feld(befund: Meldung, feld: str) -> Meldung:
    """Der Befund mit dem Feld, in dem der Text steht; seine Zeile zählt darin."""
    return replace(befund, ort=", ".join(t for t in (feld, befund.ort) if t)) if feld else befund


class Nachrechner:
    """Rechnet Kennzahlen, die ein Text nennt und das Notizbuch nicht gebunden hat.

    Daten und pandas werden erst geladen, wenn wirklich eine solche Kennzahl vorkommt; was einmal gerechnet
    ist, gilt mit seiner Spur weiter.
    """

    def __init__(self, projekt: Projekt, auftrag: Auftrag) -> None:
        """``auftrag`` bestimmt Gebiet und Datenstand."""
        self._projekt, self._auftrag = projekt, auftrag
        self._spuren, self._gelesen = Spuren(projekt), set[str]()

    @cached_property
    def namen(self) -> frozenset[str]:
        """Die Namen aller Kennzahlen und der Reihen aller Rechnungen."""
        rechnungen = (lies_yaml(p, self._projekt).daten for p in self._projekt.rechnungen.glob("*.yaml"))
        reihen = (name for r in rechnungen if isinstance(r, dict) for name in r.get("reihen") or ())
        return frozenset([*(p.stem for p in self._projekt.kennzahlen.glob("*.yaml")), *reihen])

    @cached_property
    def _sicht(self) -> Sicht:
        from berichtswerk.bericht.sicht import Sicht

        a = self._auftrag
        gebiet = a.parameter.get("gebiet")
        return Sicht.lade(
            a.bericht,
            a.ausgabe,
            str(gebiet) if gebiet is not None else None,
            a.variante or None,
            self._projekt,
        )

    def gelesen(self) -> tuple[str, ...]:
        """Daten und Beschreibungen, die dafür gelesen wurden; leer, wenn nichts nachzurechnen war."""
        return tuple(sorted(self._gelesen))

    def __call__(self, name: str) -> Bindung | None:
        """Die Bindung zu „id“ oder „bereich:id“; None, wenn keine Kennzahl und keine Reihe so heißt."""
        bereich, _, kennung = name.rpartition(":")
        if kennung not in self.namen:
            return None
        wofuer = f"{self._auftrag.stamm}.{name}"
        umstand = {
            "andere Angaben": json.dumps(self._auftrag.parameter, sort_keys=True, default=str),
            "Berichtswerk geändert": programmstand(*_RECHNEND),
            "eine andere Fassung": f"pandas {fassung('pandas')}, numpy {fassung('numpy')}",
        }
        stand = self._spuren.hole("nachrechnen", wofuer, umstand)
        if not isinstance(stand, str):
            self._gelesen.update(stand[0].eintraege)
            return Bindung.model_validate_json(stand[1])
        bindung = self._rechne(bereich, kennung)
        if bindung is not None:
            inhalt = bindung.model_dump_json().encode()
            self._spuren.hinterlasse("nachrechnen", wofuer, umstand, namen=self._gelesen, inhalt=inhalt)
        return bindung

    def _rechne(self, bereich: str, kennung: str) -> Bindung | None:
        from berichtswerk.bericht.namen import Namen

        sicht = self._sicht.fuer(bereich) if bereich else self._sicht
        try:
            return Namen(sicht).bindung(kennung)
        finally:
            p = self._projekt
            yaml = [f for o in (p.kennzahlen, p.rechnungen, p.quellen) for f in (o, *o.glob("*.yaml"))]
            namen = (f"{p.relativ(f)}/" if f.is_dir() else p.relativ(f) for f in yaml)
            self._gelesen.update(namen, self._sicht.bestand.gelesen(), _ORDNER)
            self._gelesen.add(p.relativ(self._auftrag.ordner / "bericht.yml"))


def zeichenwerk(projekt: Projekt) -> Zeichenwerk:
    """Das Zeichenwerk zu Marke und Programm, wie sie jetzt sind."""
    return _zeichenwerk(projekt, dateisumme(projekt.wurzel / MARKENDATEI))


@cache
def _zeichenwerk(projekt: Projekt, markensumme: str) -> Zeichenwerk:
    fassungen = [fassung(name) for name in _WERKZEUGE]
    return Zeichenwerk(projekt, summe(markensumme, programmstand(*_ZEICHNEND), *fassungen))


@dataclass(frozen=True)
class Druckbild:
    """Ein Bild fürs PDF; gezeichnet wird es, wenn jemand es druckt.

    ``in_hoehe`` zeichnet es in einem Anteil seiner natürlichen Höhe, der mindestens ``kleinst`` ist.
    """

    fertig: bytes = b""
    kleinst: float = 1.0
    in_hoehe: Callable[[float], bytes] | None = None

    @cached_property
    def svg(self) -> bytes:
        """Das Bild in seiner natürlichen Höhe."""
        return self.in_hoehe(1.0) if self.in_hoehe else self.fertig


class Bild(NamedTuple):
    """Eine Abbildung in allem, was von ihr gebraucht wird: Vega-Lite als JSON, sonst SVG.

    ``seite`` steht in der Webseite: die breite und die schmale Zeichnung fürs Telefon; ``datei`` lädt man
    herunter. Bis zu ``kleinst``, einem Anteil seiner Höhe, darf das gedruckte niedriger werden.
    """

    spezifikation: str = ""
    seite: str = ""
    datei: str = ""
    kleinst: float = 1.0


class Zeichenwerk:
    """Färbt und zeichnet Spezifikationen; Fertiges liegt unter der Spezifikation und der Marke in der Ablage.

    Notizbücher nennen Farben beim Namen: was schon gezeichnet ist, braucht hier niemand einzufärben.
    """

    def __init__(self, projekt: Projekt, umstand: str) -> None:
        self._projekt, self._umstand, self._ablage = projekt, umstand, Ablage.von(projekt)

    def zeichne(self, a: Abbildung, bericht: str = "") -> Bild:
        """Die Abbildung in den Farben der Marke; den Fokus trägt die Leitfarbe des Berichts.

        Raises:
            ValueError: sie lässt sich nicht zeichnen.
        """
        with zeiten.miss("abbildungen"):
            inhalt = json.dumps([a.motiv, a.spec, a.alt, a.beleg.beispiel], sort_keys=True)
            schluessel = summe(self._umstand, bericht, a.label, inhalt)
            roh = self._ablage.hole("bild", schluessel)
            if roh is not None:
                return Bild(*json.loads(roh))
            bild = self._gezeichnet(a, bericht)
            self._ablage.lege("bild", schluessel, json.dumps(bild, ensure_ascii=False).encode())
            return bild

    def _gezeichnet(self, a: Abbildung, bericht: str) -> Bild:
        from berichtswerk.bild import motiv, svg
        from berichtswerk.bild.leinwand import vollstaendig
        from berichtswerk.bild.thema import Thema

        marke = Marke.lade(self._projekt).fuer(bericht)
        breit, schmal = (
            svg.passend(motiv.spezifikation_von(a, Thema(marke, breite)), marke, breite, self._ablage)
            for breite in (motiv.SEITE, motiv.SCHMAL)
        )
        zeichnung = svg.zeichne(breit, marke, self._ablage)
        seite = svg.in_seite(zeichnung, a.label)
        if schmal != breit:
            seite = svg.beide(seite, svg.fuer_seite(schmal, marke, f"{a.label}-s", self._ablage))
        hoehen = motiv.lies(a.motiv).hoehen(Thema(marke, motiv.druckbreite(a))) if a.motiv else None
        datei = svg.in_datei(zeichnung, marke, a.alt)
        if a.beleg.beispiel:  # im Bericht steht es darunter, der Datei fehlte es
            datei = svg.mit_vermerk(datei, BEISPIEL, marke)
        return Bild(
            marke.loese_im_text(lesbar(vollstaendig(breit))),
            seite,
            svg.bette_schrift_ein(datei, marke),
            min(1.0, hoehen.mindestens / hoehen.gewollt) if hoehen else 1.0,
        )

    def in_hoehe(self, a: Abbildung, bericht: str, anteil: float) -> bytes:
        """Das gedruckte Bild in diesem Anteil seiner Höhe; eine freie Abbildung bleibt, wie sie ist."""
        from berichtswerk.bild import motiv, svg
        from berichtswerk.bild.thema import Thema

        with zeiten.miss("abbildungen"):
            inhalt = json.dumps([a.motiv, a.spec, a.alt], sort_keys=True)
            schluessel = summe(self._umstand, bericht, a.label, inhalt, f"{anteil:.4f}")
            fertig = self._ablage.hole("druckbild", schluessel)
            if fertig is None:
                marke = Marke.lade(self._projekt).fuer(bericht)
                thema = Thema(marke, motiv.druckbreite(a))
                hoehe = (
                    motiv.lies(a.motiv).hoehen(thema).gewollt * anteil if a.motiv and anteil != 1 else None
                )
                spec = svg.passend(
                    motiv.spezifikation_von(a, thema, hoehe), marke, thema.breite, self._ablage
                )
                fertig = svg.als_datei(spec, marke, mit_schrift=False, ablage=self._ablage).encode()
                self._ablage.lege("druckbild", schluessel, fertig)
            return fertig
