"""Das Abbild einer Ausgabe: jeder Satz mit eingesetzten Zahlen, jede Zahl, was die Begriffe heißen.

Zwei Abbilder lassen sich vergleichen, auch wenn es Daten, Programm und Notizbuch der früheren Ausgabe nicht
mehr gibt: mit dem Beschluss geht ihres ins Archiv.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise

from pydantic import Field

from berichtswerk.ausfuehrung.lauf import Ausgefuehrt, fuehre_aus
from berichtswerk.ausfuehrung.notizbuch import finde_parameterzelle, quelltext, verborgen
from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.ausfuehrung.uebergabe import Nachrechner
from berichtswerk.gegenstand.gegenstaende import (
    Abbildung,
    Bindung,
    Bindungen,
    Fehlt,
    Luecken,
    Tabelle,
    Text,
    Ueberschrift,
)
from berichtswerk.grund.ablage import im
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldungen, Stufe
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.yamldatei import YamlModell
from berichtswerk.satz.form import ohne_kommentare
from berichtswerk.satz.gelesen import Ungezeichnet, lies_bericht
from berichtswerk.satz.manuskript import Manuskript, Marke
from berichtswerk.satz.prosa import Prosa, alle_knoten
from berichtswerk.worte.bindung import gebundene_namen, loese_auf

_SATZENDE = re.compile(
    r"(?<!\bAbs\.)(?<!\bNr\.)(?<!\bvgl\.)(?<!\bArt\.)(?<!\bca\.)(?:(?<=[^\d\s.][.!?])|(?<=[12]\d{3}\.))"
    r"(?:\*\*|\{\{ *ende *\}\})*\s+(?=[A-ZÄÖÜ„*\d{])"
    r"|\n[ \t]*\n|\n(?=[ \t]*(?:[-+*]|\d\d?[.)])[ \t])|\n(?=#|\||:::)"
)
_AUF, _ZU = "\ue010", "\ue011"
_STELLE = re.compile(f"{_AUF}(\\d+){_ZU}")
_STAND = re.compile(r"\s*\((?:Stand|Abruf)[: ][^;)]*\)|[ ,;]*(?:Stand|Abruf)[: ][^;)]*")


class Satz(YamlModell):
    """Ein Satz: wo er steht, wie er geschrieben ist, was daraus wird, welche Namen er bindet.

    ``datei`` ab dem Ordner der Ausgabe; ``text`` ist leer, wenn eine Bedingung ihn ausblendet. ``kapitel``
    sagt Leserinnen und Lesern, wo er steht („Kapitel 2.1 „Wohngeld““).
    """

    datei: str
    zeile: int
    roh: str
    text: str = ""
    namen: tuple[str, ...] = ()
    variante: str = ""
    bereich: str = ""
    kapitel: str = ""


class Zahl(YamlModell):
    """Eine gezeigte Zahl: in welcher Abbildung oder Tabelle („Tabelle 3“), wofür, wie sie dort steht."""

    wo: str
    name: str = ""
    titel: str = ""
    stelle: str = ""
    kennzahl: str = ""
    gebiet: str = ""
    zeit: str = ""
    anzeige: str
    wert: float | None = None
    variante: str = ""

    @property
    def schluessel(self) -> tuple[str, ...]:
        """Wofür die Zahl steht."""
        return self.variante, self.wo, self.stelle, self.kennzahl, self.gebiet, self.zeit


class Begriff(YamlModell):
    """Was ein gebundener Name heißt: seine Definition, woher er kommt, bis zu welchem Jahr er reicht."""

    name: str = ""
    definition: str = ""
    quelle: str = ""
    bis: int | None = None


class Abbild(YamlModell):
    """Alles Gesagte und Gezeigte einer Ausgabe mit ihren Varianten."""

    bericht: str
    ausgabe: str
    titel: str
    saetze: tuple[Satz, ...] = ()
    zahlen: tuple[Zahl, ...] = ()
    begriffe: dict[str, Begriff] = Field(default_factory=dict)
    darstellungen: dict[str, Begriff] = Field(default_factory=dict)
    """Definition und Quelle jeder Abbildung und Tabelle, unter ihrem Label."""
    luecken: tuple[str, ...] = ()
    beilagen: tuple[Satz, ...] = ()
    """Sätze, die nicht im Bericht stehen: Vorlage ans Gremium, eigene Texte der Beilagen."""

    @property
    def name(self) -> str:
        """``bericht/ausgabe``."""
        return f"{self.bericht}/{self.ausgabe}"

    def als_bytes(self) -> bytes:
        """Zum Ablegen: gleiche Ausgabe, gleiche Bytes."""
        return self.model_dump_json(exclude_defaults=True).encode()


def bilde_ab(projekt: Projekt, auftraege: Sequence[Auftrag]) -> Abbild:
    """Das Abbild einer Ausgabe, wie sie heute entsteht; führt nur aus, was nicht mehr gilt.

    Raises:
        BerichtswerkFehler: ein Notizbuch scheitert oder Texte haben Fehler.
    """
    saetze: list[Satz] = []
    beilagen: list[Satz] = []
    zahlen: list[Zahl] = []
    begriffe: dict[str, Begriff] = {}
    darstellungen: dict[str, Begriff] = {}
    luecken: dict[str, None] = {}
    meldungen = Meldungen()
    folge = {a.stamm: i for i, a in enumerate(auftraege)}
    for fertig in sorted(fuehre_aus(projekt, auftraege), key=lambda f: folge[f.auftrag.stamm]):
        meldungen.neue(fertig.meldungen)
        if not fertig.inhalt:
            continue
        gelesen = lies_bericht(projekt, fertig, Ungezeichnet())
        meldungen.neue(gelesen.meldungen)
        eigene, namen = _saetze(projekt, fertig, gelesen.manuskript, _quellen(projekt, fertig))
        saetze += eigene
        beilagen += _saetze(projekt, fertig, gelesen.manuskript, _beilagen(projekt, fertig.auftrag))[0]
        begriffe = {**{n: als_begriff(b) for n, b in namen.items()}, **begriffe}
        gezeigte = [g for g in _gegenstaende(fertig) if isinstance(g, Abbildung | Tabelle)]
        titel = {g.label: (gelesen.manuskript.marken[g.label].name, g.unterschrift) for g in gezeigte}
        darstellungen = {**{g.label: _beleg(g) for g in gezeigte}, **darstellungen}
        zahlen += _zahlen(gelesen.uebergabe.beilagen["nachweis.json"], titel, fertig.auftrag.variante)
        luecken |= dict.fromkeys(_luecken(gelesen.uebergabe.dokument.inhalt, _gegenstaende(fertig)))
    if meldungen.fehler:
        raise BerichtswerkFehler(m for m in meldungen if m.stufe is Stufe.FEHLER)
    datei = auftraege[0].angaben.datei
    return Abbild(
        bericht=auftraege[0].bericht, ausgabe=auftraege[0].ausgabe, titel=datei.titel, saetze=tuple(saetze),
        zahlen=tuple(zahlen), begriffe=dict(sorted(begriffe.items())),
        darstellungen=dict(sorted(darstellungen.items())), luecken=tuple(luecken), beilagen=tuple(beilagen),
    )  # fmt: skip


def _gegenstaende(fertig: Ausgefuehrt) -> list[object]:
    return [g for gruppe in fertig.gegenstaende.values() for g in gruppe]


def _luecken(inhalt: Sequence[object], alle: Sequence[object]) -> Iterator[str]:
    yield from (g.grund for g in alle if isinstance(g, Fehlt) and g.mangel)
    for g in inhalt:
        if isinstance(g, Luecken):
            yield from (f"{titel}: {grund}" for titel, grund in g.eintraege)


def _saetze(
    projekt: Projekt, fertig: Ausgefuehrt, manuskript: Manuskript, quellen: Iterable[tuple[str, str, str]]
) -> tuple[list[Satz], dict[str, Bindung]]:
    """Alle Sätze dieser Texte und alles, was sie binden."""
    auftrag, alle = fertig.auftrag, _gegenstaende(fertig)
    bindungen = next((g for g in reversed(alle) if isinstance(g, Bindungen)), Bindungen(werte={}))
    rechner = Nachrechner(projekt, auftrag)
    saetze: list[Satz] = []
    namen: dict[str, Bindung] = {}
    kapitel = _kapitel(manuskript, auftrag.ordner.relative_to(projekt.wurzel).as_posix())
    with im(projekt):
        for datei, text, bereich in quellen:
            rohe = zerlege(text)
            ergebnis = loese_auf(
                "".join(f"{_AUF}{nr}{_ZU}{roh}" for nr, (_, roh) in enumerate(rohe)),
                bindungen.im_bereich(bereich), datei, partial(_im_bereich, rechner, bereich), rechner.namen,
            )  # fmt: skip
            texte = _je_satz(ergebnis.markdown)
            namen |= {n: b for n, b in ergebnis.bindungen.items() if b.art == "reihe"}
            orte = _orte(rohe, texte, kapitel.get(datei, []))
            saetze += (
                Satz(
                    datei=datei, zeile=zeile, roh=_schlicht(roh), text=texte.get(nr, ""),
                    namen=tuple(sorted(gebundene_namen(roh) & ergebnis.bindungen.keys())),
                    variante=auftrag.variante, bereich=bereich, kapitel=orte[nr],
                )
                for nr, (zeile, roh) in enumerate(rohe) if _schlicht(roh)
            )  # fmt: skip
    return saetze, namen


def _kapitel(m: Manuskript, ordner: str) -> dict[str, list[tuple[str, str]]]:
    """Je Datei ihre Überschriften (Titel, Name), wie der Bericht läuft; leerer Titel: dort beginnt sie."""
    je_datei: dict[str, list[tuple[str, str]]] = {}
    hier, zuletzt = "", None
    for teil in m.einzeln():
        if isinstance(teil, Ueberschrift):
            hier = _name(m.marken[teil.marke])
        if not isinstance(teil, Prosa):
            zuletzt = None
            continue
        eigene = je_datei.setdefault(teil.quelle.datei.removeprefix(f"{ordner}/"), [])
        if teil.quelle.datei != zuletzt:
            eigene.append(("", hier))
        zuletzt = teil.quelle.datei
        for k in alle_knoten(teil.bloecke):
            if k["t"] == "Kopf":
                marke = m.marken[k["c"][1]]
                hier = _name(marke)
                eigene.append((marke.titel, hier))
    return je_datei


def _name(marke: Marke) -> str:
    return f"{marke.name} „{marke.titel}“" if marke.nummer else marke.name


def _orte(
    rohe: Sequence[tuple[int, str]], texte: Mapping[int, str], kapitel: list[tuple[str, str]]
) -> list[str]:
    """Je Satz der Datei das Kapitel, in dem er steht; verbraucht ``kapitel`` bis zum nächsten Text."""
    hier = kapitel.pop(0)[1] if kapitel else ""
    orte = []
    for nr, (_, roh) in enumerate(rohe):
        if roh.lstrip().startswith("#") and (titel := texte.get(nr)):
            passt = next((i for i, (t, _) in enumerate(kapitel) if t == titel), None)
            if passt is not None:
                hier = kapitel[passt][1]
                del kapitel[: passt + 1]
        orte.append(hier)
    while kapitel and kapitel[0][0]:
        kapitel.pop(0)
    return orte


def _quellen(projekt: Projekt, fertig: Ausgefuehrt) -> Iterator[tuple[str, str, str]]:
    """Was Menschen schrieben: Datei (ab dem Ordner der Ausgabe, Notizbücher ab der Wurzel), Text, Bereich."""
    auftrag = fertig.auftrag
    for g in _gegenstaende(fertig):
        if isinstance(g, Text) and (pfad := auftrag.angaben.text(g.name, auftrag.variante or None)):
            yield pfad.relative_to(auftrag.ordner).as_posix(), projekt.lies_text(pfad), g.bereich
    if auftrag.notizbuch is None or fertig.roh is None:
        return
    beginn, name = finde_parameterzelle(fertig.roh), projekt.relativ(auftrag.notizbuch)
    for nr, zelle in enumerate(fertig.roh["cells"]):
        if zelle["cell_type"] == "markdown" and (beginn is None or nr > beginn) and not verborgen(zelle):
            yield name, quelltext(zelle), ""


def _beilagen(projekt: Projekt, auftrag: Auftrag) -> Iterator[tuple[str, str, str]]:
    """Was Menschen für die Beilagen schrieben: eigene Texte, und was ``bericht.yml`` der Vorlage mitgibt."""
    if auftrag.variante:
        return
    for pfad in sorted((auftrag.ordner / "texte/beilagen").glob("*.md")):
        yield pfad.relative_to(auftrag.ordner).as_posix(), projekt.lies_text(pfad), ""
    angaben = auftrag.angaben.datei.beilagen
    felder = {"beschluss": angaben.beschluss, "sachverhalt": angaben.sachverhalt, "kosten": angaben.kosten}
    for feld, text in (felder | {"anlagen": "\n\n".join(angaben.anlagen)}).items():
        if text:
            yield f"bericht.yml, Feld „beilagen.{feld}“", text, ""


def _im_bereich(rechner: Nachrechner, bereich: str, name: str) -> Bindung | None:
    return rechner(f"{bereich}:{name}" if bereich else name)


def zerlege(text: str) -> list[tuple[int, str]]:
    """Der Text in Sätzen, lückenlos: Zeile (ab 1) und Wortlaut mit dem Leerraum danach."""
    grenzen = [0, *(m.end() for m in _SATZENDE.finditer(text)), len(text)]
    teile = [(a, text[a:b]) for a, b in pairwise(grenzen) if b > a]
    return [(text.count("\n", 0, a + len(t) - len(t.lstrip())) + 1, t) for a, t in teile]


def _je_satz(markdown: str) -> dict[int, str]:
    """Was aus jedem Satz wurde, unter seiner Nummer."""
    stuecke = _STELLE.split(ohne_kommentare(markdown))
    return {int(nr): klartext(_schlicht(text)) for nr, text in zip(stuecke[1::2], stuecke[2::2], strict=True)}


_AUSZEICHNUNG: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r":{3,}\s*(?:\{[^}]*\})?"), " "),
    (re.compile(r"!?\[([^\]^]*)\]\([^)]*\)"), r"\1"),
    (re.compile(r"\[\^[^\]]+\]:?"), ""),
    (re.compile(r"\{[#.][^}]*\}"), ""),
    (re.compile(r"-?@fig-[\w-]*\w"), "Abbildung"),
    (re.compile(r"-?@tbl-[\w-]*\w"), "Tabelle"),
    (re.compile(r"-?@sec-[\w-]*\w"), "Abschnitt"),
    (re.compile(r"(?<!\\)[*`]+"), ""),
    (re.compile(r"\\([^\w\s])"), r"\1"),
)


def klartext(text: str) -> str:
    """Die Worte eines Satzes ohne Auszeichnung: Kästen, Fettes, Verweise, Fußnoten, Marken."""
    for muster, ersatz in _AUSZEICHNUNG:
        text = muster.sub(ersatz, text)
    return " ".join(text.split())


def _schlicht(text: str) -> str:
    """Ein Satz in einer Zeile, ohne Zeichen des Aufbaus davor."""
    text = " ".join(ohne_kommentare(text).replace("\u00a0", " ").replace("\u202f", " ").split())
    return re.sub(r"^(?:[-+*>]|#{1,6}|\d+[.)]) +", "", text)


def als_begriff(bindung: Bindung) -> Begriff:
    """Was die Bindung bedeutet, unter dem Namen, den sie für sich trägt."""
    jahre = [w.jahr for w in bindung.reihe if not w.prognose]
    return Begriff(
        name=bindung.titel or bindung.name, definition=" ".join(bindung.definition.split()),
        quelle=_STAND.sub("", bindung.quelle).strip(), bis=max(jahre, default=None),
    )  # fmt: skip


def _beleg(g: Abbildung | Tabelle) -> Begriff:
    quellen = "; ".join(_STAND.sub("", q.zeile).strip() for q in g.beleg.quellen)
    return Begriff(name=g.unterschrift, definition=" ".join(g.beleg.definition.split()), quelle=quellen)


def _zahlen(nachweis: bytes, titel: dict[str, tuple[str, str]], variante: str) -> Iterator[Zahl]:
    """Was Abbildungen und Tabellen zeigen; Zahlen in Texten stehen in den Sätzen."""
    for e in json.loads(nachweis)["eintraege"]:
        wo = e.get("ort", "")
        if wo in titel:
            gleiche = {n: e[n] for n in ("stelle", "kennzahl", "gebiet", "zeit", "anzeige", "wert") if n in e}
            name, unterschrift = titel[wo]
            yield Zahl(wo=wo, name=name, titel=unterschrift, variante=variante, **gleiche)
