"""Was aus Word zurückkommt: jede Änderung und jeder Kommentar an Datei und Zeile des Textes.

Eine Änderung gilt der Stelle, an der der Satz geschrieben steht (``schreiber.word.herkunft``). Gebundene
Zahlen ändert niemand von außen; was das Werk erzeugt und was sich nicht eindeutig zurückschreiben lässt,
steht mit Grund in der Liste. Nichts wird still weggelassen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import groupby
from typing import Any, Literal

from berichtswerk.grund.ablage import summe
from berichtswerk.jahr.dokument import ABSATZ, PUNKT, Absatzart, Dokument, Dokumentabsatz, Kommentar, Wer
from berichtswerk.schreiber.word.herkunft import Absatz, Gebunden, Herkunft

Art = Literal["ändern", "einfügen", "streichen", "kommentar", "format"]
Stand = Literal["offen", "angenommen", "abgelehnt", "verweigert", "von Hand"]
AEHNLICH = 0.6
"""So ähnlich sind sich ein Absatz ohne Textmarke und der, aus dem er wurde."""
AM_STUECK = 8
"""So viele gleiche Zeichen am Stück sind dieselbe Stelle, wenn sich der Satz darum geändert hat."""
OHNE_VERFOLGUNG = (
    "Steht in keinem Text: ohne Verfolgung dazugekommen, oder das Werk schreibt es heute anders."
)
VERSETZT = (
    "Der eingefügte Text enthält gebundene Zahlen. Setzen Sie ihn in der Datei um, dann bleiben sie gebunden."
)
_HAND: dict[str, str] = {
    "kopf": "Eine neue Überschrift: ihre Ebene (##, ###) legt der Text fest.",
    "fach": "Neue Fächer einer Tabelle: im Text ist jede Zeile eine mit | zwischen den Fächern.",
    "feld": "Es steht in einem Textfeld; im Text ist das ein Kasten oder ein Absatz.",
    "rand": "Kopf- und Fußzeile kommen aus layout/.",
}
_STEUERUNG = re.compile(r"\{\{")
_MARKUP = re.compile(r"[\\`*_\[\]<>|$#@^~{}]")
_NUR_ZEICHEN = re.compile(r"[ \t]*(?:[-*+]|\d+[.)]|#{1,6}|>|\|[ \t|]*)?[ \t]*\Z")


@dataclass(frozen=True, slots=True)
class Ersatz:
    """Eine Änderung an einer Textdatei: Zeichen ``von`` bis ``bis`` werden zu ``text``."""

    von: int
    bis: int
    text: str


@dataclass
class Rueckmeldung:
    """Eine Änderung oder ein Kommentar mit ihrem Platz; ``grund``: warum sie nicht übernommen wird.

    ``wer`` ist eine Funktion, wo eine genannt ist, sonst der Name aus dem Dokument.
    """

    art: Art
    wer: Wer
    datei: str = ""
    zeile: int = 0
    alt: str = ""
    neu: str = ""
    text: str = ""
    umgebung: str = ""
    stand: Stand = "offen"
    grund: str = ""
    gebunden: tuple[Gebunden, ...] = ()
    ersatz: tuple[Ersatz, ...] = ()
    nr: int = 0

    @property
    def kennung(self) -> tuple[str, ...]:
        """Woran dieselbe Rückmeldung beim nächsten Lesen erkannt wird."""
        felder = (self.art, self.wer.name, self.wer.wann, self.datei, self.alt, self.neu, self.text)
        return tuple(map(schlicht, felder))


@dataclass
class Lesung:
    """Alles aus einem Dokument, in seiner Reihenfolge."""

    rueckmeldungen: list[Rueckmeldung]
    ohne_marke: int = 0
    """So viele Absätze fanden sich nur an ihrem Wortlaut."""


def vergleiche(
    dokument: Dokument, absaetze: Sequence[Absatz], erzeugt: Iterable[str], quelltexte: Mapping[str, str]
) -> Lesung:
    """Ordnet zu, was sich geändert hat; ``erzeugt`` sind die Absätze, die in keinem Text stehen."""
    return _Vergleich(absaetze, {schlicht(t) for t in erzeugt}, quelltexte).lies(dokument)


def schlicht(text: str) -> str:
    """Jeder Abstand ist ein Leerzeichen; die Länge bleibt."""
    return re.sub(r"\s", " ", text)


@dataclass
class _Vergleich:
    absaetze: Sequence[Absatz]
    erzeugt: set[str]
    quelltexte: Mapping[str, str]
    gefunden: set[int] = field(default_factory=set)
    ohne_marke: int = 0
    davor: Absatz | None = None
    vorher: Absatz | None = None
    """Der letzte gefundene Absatz: dahinter kam, was neu ist."""

    def lies(self, dokument: Dokument) -> Lesung:
        paare = [(d, self._mit_marke(d)) for d in dokument.absaetze]
        paare = [(d, a or self._verschoben(d)) for d, a in paare]
        paare = [(d, a or self._schon_da(d)) for d, a in paare]
        paare = [(d, a or self._nach_wortlaut(d) or self._enthalten(d)) for d, a in paare]
        alle: list[Rueckmeldung] = []
        for nr, (d, a) in enumerate(paare):
            if a is not None:
                self.davor, self.vorher = self.vorher, a
            alle += self._zum_absatz(d, a)
            if a is not None and d.weg is not None and d.nachher.strip():
                alle += self._verbunden(d, a, paare[nr + 1 :])
        danach = [schlicht(d.nachher) for d, _ in paare]
        for nr, a in enumerate(self.absaetze):
            geteilt = any(schlicht(a.text) in text for text in danach)
            if a.kennung and nr not in self.gefunden and not geteilt:
                alle.append(self._fehlt(a))
        alle += [_aus_kommentar(k, None, "ohne Stelle im Text") for k in dokument.lose]
        alle = _zusammen(alle)
        _halte_verschobenes(alle)
        for nr, r in enumerate(alle, 1):
            r.nr = nr
        return Lesung(alle, self.ohne_marke)

    def _fehlt(self, a: Absatz) -> Rueckmeldung:
        grund = "Der Absatz fehlt im Dokument, ohne dass eine Streichung verfolgt ist."
        return Rueckmeldung("streichen", Wer(), a.datei, a.zeile, a.text, stand="von Hand", grund=grund)

    # --- Absätze finden ------------------------------------------------------------------------------

    def _mit_marke(self, d: Dokumentabsatz) -> Absatz | None:
        for nr, a in enumerate(self.absaetze):
            if a.kennung and a.kennung in d.kennungen:
                self.gefunden.add(nr)
                return a
        return None

    def _verschoben(self, d: Dokumentabsatz) -> Absatz | None:
        """Derselbe Wortlaut derselben Datei in einer anderen Zeile: darüber kam etwas dazu oder fiel weg."""
        marken = {_ohne_zeile(k) for k in d.kennungen}
        for nr, a in enumerate(self.absaetze):
            if a.kennung and nr not in self.gefunden and _ohne_zeile(a.kennung) in marken:
                self.gefunden.add(nr)
                return a
        return None

    def _schon_da(self, d: Dokumentabsatz) -> Absatz | None:
        """Der Absatz, in dem alle Änderungen schon stehen: dasselbe Dokument kam noch einmal."""
        text = schlicht(d.nachher)
        if not text.strip() or text == schlicht(d.vorher):
            return None
        for nr, a in enumerate(self.absaetze):
            if a.kennung and nr not in self.gefunden and schlicht(a.text) == text:
                self.gefunden.add(nr)
                self.ohne_marke += 1
                return a
        return None

    def _nach_wortlaut(self, d: Dokumentabsatz) -> Absatz | None:
        """Derselbe Text, sonst der ähnlichste; Textmarken gehen beim Kopieren verloren oder sind älter."""
        text = schlicht(d.vorher)
        if not text.strip() or text in self.erzeugt:
            return None
        dateien = {k.split("_")[1] for k in d.kennungen}
        frei = [(nr, a) for nr, a in enumerate(self.absaetze) if a.kennung and nr not in self.gefunden]
        nah = [(nr, a) for nr, a in frei if a.kennung.split("_")[1] in dateien] or frei
        bester, guete = None, AEHNLICH
        for nr, a in nah:
            dort = schlicht(a.text)
            if dort == text:
                bester, guete = (nr, a), 1.0
                break
            vergleich = SequenceMatcher(None, dort, text, autojunk=False)
            grob = min(vergleich.real_quick_ratio(), vergleich.quick_ratio())
            if grob > guete and (nun := vergleich.ratio()) > guete:
                bester, guete = (nr, a), nun
        if bester is None:
            return None
        self.gefunden.add(bester[0])
        self.ohne_marke += 1
        return bester[1]

    def _enthalten(self, d: Dokumentabsatz) -> Absatz | None:
        """Der Absatz, in dem dieser heute steht, weil die beiden schon verbunden sind."""
        fassungen = {schlicht(t).strip() for t in (d.vorher, d.nachher) if t.strip()}
        alle = (a for a in self.absaetze if a.kennung and d.kennungen)
        return next((a for a in alle if any(f in schlicht(a.text) for f in fassungen)), None)

    # --- Ein Absatz ----------------------------------------------------------------------------------

    def _zum_absatz(self, d: Dokumentabsatz, a: Absatz | None) -> Iterator[Rueckmeldung]:
        if a is None:
            yield from self._ohne_herkunft(d)
            return
        vorher, jetzt = schlicht(d.vorher), schlicht(a.text)
        veraltet = vorher != jetzt and a.kennung not in d.kennungen
        lage = _Lage(vorher, jetzt)
        if vorher != jetzt and not veraltet and vorher.strip():
            yield from (self._aenderung(a, *u, Wer()) for u in lage.unverfolgt())
        for aenderung in _aenderungen(d):
            yield self._verfolgt(a, lage, aenderung, veraltet)
        yield from _wieder_gestrichen(d, a.datei, a.zeile)
        yield from _anderes(d, a.datei, a.zeile)
        for wer in dict.fromkeys(d.formate):
            grund = "Geändert ist nur das Aussehen; es kommt aus layout/."
            yield Rueckmeldung("format", wer, a.datei, a.zeile, d.vorher[:80], stand="von Hand", grund=grund)
        for k in d.kommentare:
            stelle = lage.nach_jetzt(k.von)
            yield _aus_kommentar(k, a, "", self._zeile(a, stelle if stelle is not None else 0))

    def _verbunden(
        self, d: Dokumentabsatz, a: Absatz, danach: Sequence[tuple[Dokumentabsatz, Absatz | None]]
    ) -> Iterator[Rueckmeldung]:
        """Die Absatzmarke fiel: der nächste Absatz, von dem etwas bleibt, schließt hier an.

        Bleibt von ihm nichts, sagt das schon seine Streichung.
        """
        n, b = next(((n, b) for n, b in danach if n.nachher.strip() or n.weg is None), (None, None))
        if n is not None and not n.nachher.strip():
            return
        hinten = n.nachher if n else ""
        luecke = "" if d.nachher[-1:].isspace() or hinten[:1].isspace() else " "
        alt = f"{d.vorher[-40:]} ¶ {n.vorher[:40] if n else ''}"
        r = Rueckmeldung(
            "ändern", d.weg or Wer(), a.datei, a.zeile, alt, umgebung="Zwei Absätze werden einer."
        )
        r.neu = f"{d.nachher[-40:]}{luecke}{hinten[:40]}"
        try:
            if b is a:
                r.stand, r.grund = "angenommen", "Steht schon so im Text."
            elif b is None:
                raise _VonHand("Was danach steht, kommt aus keinem Text.")
            else:
                r.ersatz = (_verbinde(a, b, self.quelltexte[a.datei], luecke),)
        except _VonHand as fehler:
            r.stand, r.grund = "von Hand", str(fehler)
        yield r

    def _verfolgt(
        self, a: Absatz, lage: _Lage, aenderung: tuple[int, int, str, Wer, bool], veraltet: bool
    ) -> Rueckmeldung:
        von, bis, neu, wer, gebunden = aenderung
        schon = lage.schon_da(von, bis, neu)
        versetzt = gebunden and von == bis
        if not schon and not versetzt and (platz := lage.bereich(von, bis)) is not None:
            return self._aenderung(a, *platz, neu, wer)
        r = Rueckmeldung(_art(von, bis, neu), wer, a.datei, a.zeile, lage.vorher[von:bis], neu)
        if schon:
            r.stand, r.grund = "angenommen", "Steht schon so im Text."
        elif versetzt:
            r.stand, r.grund = "von Hand", VERSETZT
        elif veraltet:
            r.stand, r.grund = "von Hand", "Der Satz hat sich seit dem Export geändert."
        else:
            r.stand = "von Hand"
            r.grund = "An derselben Stelle ist auch ohne Verfolgung etwas geändert."
        return r

    def _ohne_herkunft(self, d: Dokumentabsatz) -> Iterator[Rueckmeldung]:
        """Ein Absatz, den das Werk erzeugt, der neu ist oder den es im Text nicht mehr gibt."""
        vor = self.vorher
        datei, zeile = (vor.datei, vor.zeile) if vor else ("", 0)
        text = schlicht(d.vorher)
        bekannt = text in self.erzeugt or _wie_beim_export(d) or any(text in e for e in self.erzeugt)
        anders = bool(text.strip()) and not bekannt and d.art != "rand"
        if anders:
            yield Rueckmeldung(
                "einfügen", Wer(), datei, zeile, neu=d.vorher, stand="von Hand", grund=OHNE_VERFOLGUNG
            )
        for von, bis, neu, wer, gebunden in _aenderungen(d):
            if not d.vorher.strip():
                yield self._neu(neu, wer, vor, d.art, gebunden)
                continue
            grund = f"Diesen Absatz erzeugt das Werk aus Daten oder Notizbuch („{d.vorher[:40]}“)."
            r = Rueckmeldung(_art(von, bis, neu), wer, datei, zeile, d.vorher[von:bis], neu, stand="von Hand")
            r.grund = "Diesen Absatz gibt es im Text nicht mehr." if d.kennungen else _HAND.get(d.art, grund)
            if d.kennungen and not d.nachher.strip():
                r.stand, r.grund = "angenommen", "Steht schon so im Text."
            yield r
        for wer in dict.fromkeys(d.formate):
            grund = "Geändert ist nur das Aussehen; es kommt aus layout/."
            yield Rueckmeldung("format", wer, datei, zeile, d.vorher[:80], stand="von Hand", grund=grund)
        yield from _wieder_gestrichen(d, datei, zeile)
        yield from _anderes(d, datei, zeile)
        wozu = f"zum Bild „{d.bild[:80]}“" if d.bild and not d.nachher.strip() else f"zu „{d.nachher[:60]}“"
        for k in d.kommentare:
            yield _aus_kommentar(k, vor, f"{wozu}, das das Werk erzeugt", zeile)

    def _neu(self, text: str, wer: Wer, vor: Absatz | None, art: Absatzart, gebunden: bool) -> Rueckmeldung:
        """Ein neuer Absatz kommt hinter den, nach dem er im Dokument steht."""
        grund = (
            VERSETZT if gebunden else _HAND.get(art, "" if vor else "Davor steht kein Absatz aus einem Text.")
        )
        if vor is None or grund:
            datei, zeile = (vor.datei, vor.zeile) if vor else ("", 0)
            return Rueckmeldung("einfügen", wer, datei, zeile, neu=text, stand="von Hand", grund=grund)
        quelle = self.quelltexte[vor.datei]
        ende = _blockende(quelle, _letzte(vor.herkunft))
        davor, zeichen = ABSATZ, "- " if art == "punkt" else ""
        if art == "punkt" and (punkt := _punkt_davor(vor, quelle)):
            ende, davor, zeichen = _punktende(quelle, _letzte(vor.herkunft)), "\n", punkt
        ersatz = (Ersatz(ende, ende, f"{davor}{zeichen}{maskiert(text.strip())}"),)
        return Rueckmeldung(
            "einfügen", wer, vor.datei, quelle.count("\n", 0, ende) + 1, neu=text, ersatz=ersatz
        )

    def _zeile(self, a: Absatz, stelle: int) -> int:
        """Die Zeile der Datei, in der dieses Zeichen des Absatzes steht."""
        for h in (*a.herkunft[stelle:], *reversed(a.herkunft[:stelle])):
            if h is not None:
                ort = h if isinstance(h, int) else h.stueck.von
                return self.quelltexte[a.datei].count("\n", 0, ort) + 1
        return a.zeile

    # --- Eine Änderung -------------------------------------------------------------------------------

    def _aenderung(self, a: Absatz, von: int, bis: int, neu: str, wer: Wer) -> Rueckmeldung:
        r = Rueckmeldung(_art(von, bis, neu), wer, a.datei, self._zeile(a, von), a.text[von:bis], neu)
        r.umgebung = f"{a.text[max(0, von - 40) : von]}…{a.text[bis : bis + 40]}"
        quelle = self.quelltexte[a.datei]
        try:
            ersatz = _zurueck(a, von, bis, neu, quelle)
            punkt = f"\n{_punkt_davor(a, quelle) or '- '}"
            r.ersatz = tuple(Ersatz(e.von, e.bis, e.text.replace(PUNKT, punkt)) for e in ersatz)
        except _Gebunden as fehler:
            r.stand, r.gebunden = "verweigert", fehler.werte
            r.grund = "Gebundene Zahlen ändern sich nur mit ihren Daten."
        except _VorTitel as fehler:
            if self.davor is not None:  # der Titel einer Tabelle steht in der Datei hinter ihr
                return self._neu(neu, wer, self.davor, "absatz", gebunden=False)
            r.stand, r.grund = "von Hand", str(fehler)
        except _VonHand as fehler:
            r.stand, r.grund = "von Hand", str(fehler)
        return r


def _zusammen(alle: Iterable[Rueckmeldung]) -> list[Rueckmeldung]:
    """Was ohne Verfolgung hintereinander steht, ist eine Rückmeldung, so eine ganze Tabelle."""
    fertig: list[Rueckmeldung] = []
    for r in alle:
        davor = fertig[-1] if fertig else None
        gleich = davor and (r.art, r.grund, r.datei, r.wer) == (
            "einfügen",
            davor.grund,
            davor.datei,
            davor.wer,
        )
        if davor and gleich and not r.alt and r.grund in {OHNE_VERFOLGUNG, _HAND["fach"]}:
            davor.neu += f"{ABSATZ if r.grund == OHNE_VERFOLGUNG else ' | '}{r.neu}"
        elif davor and gleich and _neuer_punkt(r) and _neuer_punkt(davor):
            ort, text = davor.ersatz[0].von, f"{davor.ersatz[0].text}\n{r.ersatz[0].text.strip()}"
            davor.neu, davor.ersatz = f"{davor.neu}{PUNKT}{r.neu}", (Ersatz(ort, ort, text),)
        else:
            fertig.append(r)
    return fertig


def _halte_verschobenes(alle: Sequence[Rueckmeldung]) -> None:
    """Was von Hand an eine andere Stelle kommt, wird an der alten nicht von selbst gestrichen."""
    hierhin = {schlicht(r.neu).strip() for r in alle if r.grund == VERSETZT}
    for r in alle:
        if r.art == "streichen" and r.stand == "offen" and schlicht(r.alt).strip() in hierhin:
            r.stand, r.grund, r.ersatz = "von Hand", "Es wurde verschoben. " + VERSETZT, ()


def _neuer_punkt(r: Rueckmeldung) -> bool:
    """Ob es eine neue Liste ist oder ihr nächster Punkt."""
    return len(r.ersatz) == 1 and r.ersatz[0].text.startswith(f"{ABSATZ}- ")


def _ohne_zeile(kennung: str) -> tuple[str, str]:
    """Datei und Prüfsumme des Wortlauts aus einer Textmarke (``herkunft.Absatz.kennung``)."""
    _, datei, _, wortlaut, *_ = [*kennung.split("_"), *[""] * 4]
    return (datei, wortlaut) if wortlaut else (kennung, "")


def _wie_beim_export(d: Dokumentabsatz) -> bool:
    """Ob der Text vor allen verfolgten Änderungen der ist, mit dem er hinausging."""
    return any(k.split("_")[3] == summe(d.vorher)[:8] for k in d.kennungen if k.count("_") >= 3)


@dataclass
class _Lage:
    """Der Absatz im Dokument (ohne Änderungen) neben dem heutigen; die Stellen des einen im anderen."""

    vorher: str
    jetzt: str

    def __post_init__(self) -> None:
        gleich = self.vorher == self.jetzt
        self.schritte: list[tuple[str, int, int, int, int]] = (
            [("equal", 0, len(self.vorher), 0, len(self.jetzt))]
            if gleich
            else [*SequenceMatcher(None, self.vorher, self.jetzt, autojunk=False).get_opcodes()]
        )

    def nach_jetzt(self, stelle: int) -> int | None:
        """Dieselbe Stelle heute; ``None``, wo es sie nicht mehr gibt."""
        for art, v1, v2, j1, _ in self.schritte:
            if art == "equal" and v1 <= stelle <= v2:
                return j1 + stelle - v1
        return None

    def bereich(self, von: int, bis: int) -> tuple[int, int] | None:
        """Dieselben Zeichen heute; ``None``, wenn dort etwas anderes steht."""
        for art, v1, v2, j1, _ in self.schritte:
            if (
                art == "equal"
                and v1 <= von
                and bis <= v2
                and (v2 - v1 >= AM_STUECK or len(self.schritte) == 1)
            ):
                return j1 + von - v1, j1 + bis - v1
        return None

    def unverfolgt(self) -> Iterator[tuple[int, int, str]]:
        """Was jemand ohne Verfolgung geändert hat, ganze Wörter: von, bis (heute), neuer Text."""
        hier, dort = (re.findall(r"\w+|\s+|[^\w\s]", t) for t in (self.jetzt, self.vorher))
        stellen = [0]
        for wort in hier:
            stellen.append(stellen[-1] + len(wort))
        for art, i1, i2, j1, j2 in SequenceMatcher(None, hier, dort, autojunk=False).get_opcodes():
            if art != "equal":
                yield stellen[i1], stellen[i2], "".join(dort[j1:j2])

    def schon_da(self, von: int, bis: int, neu: str) -> bool:
        """Ob genau diese Änderung im heutigen Text schon steht."""
        alt = self.vorher[von:bis]
        if self.vorher == self.jetzt or alt == neu:
            return False
        davor, danach = self.vorher[max(0, von - 12) : von], self.vorher[bis : bis + 12]
        return f"{davor}{schlicht(neu)}{danach}" in self.jetzt and f"{davor}{alt}{danach}" not in self.jetzt


def _art(von: int, bis: int, neu: str) -> Art:
    return "ändern" if bis > von and neu else "einfügen" if neu else "streichen"


def _aus_kommentar(k: Kommentar, a: Absatz | None, wozu: str, zeile: int = 0) -> Rueckmeldung:
    antwort = f"Antwort auf {k.antwort_auf}. " if k.antwort_auf else ""
    erledigt = "Im Dokument als erledigt gekennzeichnet. " if k.erledigt else ""
    return Rueckmeldung(
        "kommentar", k.wer, a.datei if a else "", zeile, k.zitat, text=k.text,
        umgebung=f"{antwort}{erledigt}{wozu}".strip(),
    )  # fmt: skip


def _aenderungen(d: Dokumentabsatz) -> Iterator[tuple[int, int, str, Wer, bool]]:
    """Verfolgte Änderungen: von, bis (im Text davor), neuer Text; was zusammengehört, ist eine.

    Zuletzt, ob im neuen Text eine gebundene Zahl steht.
    """
    stelle, offen = 0, list[Any]()
    for lauf in [*(x for x in d.laeufe if not (x.neu and x.weg)), None]:
        wer = (lauf.neu or lauf.weg) if lauf else None
        if offen and (wer is None or wer.name != offen[3].name):
            yield tuple(offen)
            offen = []
        if lauf is None:
            break
        if wer is not None and not offen:
            offen = [stelle, stelle, "", wer, False]
        if lauf.neu:
            offen[2] += lauf.text
            offen[4] |= lauf.gebunden
            continue
        stelle += len(lauf.text)
        if lauf.weg:
            offen[1] = stelle


def _wieder_gestrichen(d: Dokumentabsatz, datei: str, zeile: int) -> Iterator[Rueckmeldung]:
    """Was jemand einfügte und jemand wieder strich: am Text ändert es nichts, gelesen sein soll es."""
    for lauf in d.laeufe:
        if lauf.neu and lauf.weg and lauf.text.strip():
            umgebung = f"Eingefügt von {lauf.neu.name} und wieder gestrichen: am Text ändert sich nichts."
            yield Rueckmeldung("streichen", lauf.weg, datei, zeile, lauf.text, umgebung=umgebung)


def _anderes(d: Dokumentabsatz, datei: str, zeile: int) -> Iterator[Rueckmeldung]:
    for x in d.anderes:
        r = Rueckmeldung("einfügen" if x.neu else "streichen", x.wer, datei, zeile, stand="von Hand")
        r.alt, r.neu = ("", x.was) if x.neu else (x.was, "")
        r.umgebung, r.grund = d.nachher[:60], "Bilder, Formeln und Fußnoten ändern sich nur in der Datei."
        yield r


# --- Zurück in die Datei ---------------------------------------------------------------------------------


class _VonHand(Exception):
    """Lässt sich nicht eindeutig zurückschreiben."""


class _VorTitel(_VonHand):
    """Ein neuer Absatz vor dem Titel einer Tabelle."""


class _Gebunden(Exception):
    """Betrifft einen eingesetzten Wert."""

    def __init__(self, *werte: Gebunden) -> None:
        self.werte = werte


def maskiert(text: str) -> str:
    """Text, wie er in Markdown steht, ohne dass ein Zeichen darin etwas bewirkt."""
    return _MARKUP.sub(lambda m: f"\\{m[0]}", text)


def _zurueck(a: Absatz, von: int, bis: int, neu: str, quelle: str) -> Iterator[Ersatz]:
    """Was in der Datei zu ändern ist, wenn im Absatz ``von`` bis ``bis`` zu ``neu`` wird."""
    herkunft = a.herkunft
    _pruefe_rand(herkunft, von, bis)
    if von == bis:
        yield from _heil([_einfuegung(a, von, neu, quelle)], quelle)
        return
    woertlich = any(isinstance(h, int) and a.text[von + i].isalnum() for i, h in enumerate(herkunft[von:bis]))
    stueck = _mit_verweisen(a, von, bis, neu, quelle)
    werte = tuple(dict.fromkeys(h for h in stueck if isinstance(h, Gebunden)))
    ersatz = maskiert(neu)
    if werte:
        if not neu.strip() and not woertlich:
            raise _Gebunden(*werte)
        ersatz = _mit_werten(neu, werte, quelle) if neu.strip() else ""
    bereiche = _bereiche(stueck, quelle)
    if not bereiche:
        raise _VonHand("Im Text steht dort nichts, was sich ändern ließe.")
    geloescht = "".join(quelle[v:b] for v, b in bereiche)
    if any(geloescht.count(z) % 2 for z in ("**", "`")) or geloescht.count("[") != geloescht.count("]"):
        raise _VonHand("Die Stelle endet mitten in einer Auszeichnung.")
    if ersatz.strip() and len(bereiche) > 1:
        raise _VonHand(
            "Die Stelle reicht über eine Bedingung; wohin der neue Text gehört, sagt nur ein Mensch."
        )
    if not ersatz:
        bereiche = [_mit_huelle(quelle, v, b) for v, b in bereiche]
    yield from _heil([Ersatz(v, b, "" if nr else ersatz) for nr, (v, b) in enumerate(bereiche)], quelle)


_VERWEIS = re.compile(r"\s*(\[?-?@[\w:-]+\w\]?)\s*")


def _mit_verweisen(a: Absatz, von: int, bis: int, neu: str, quelle: str) -> list[Herkunft]:
    """Woher das Stück kommt; ein Verweis darin („Abbildung 3“) von dem, was dafür in der Datei steht.

    Raises:
        _VonHand: es enthält etwas anderes, das das Werk einsetzt, oder der Verweis soll bleiben.
    """
    stueck: list[Herkunft] = []
    for vom_werk, gruppe in groupby(range(von, bis), lambda i: a.herkunft[i] is None):
        stellen = [*gruppe]
        if not vom_werk:
            stueck += [a.herkunft[i] for i in stellen]
            continue
        text = a.text[stellen[0] : stellen[-1] + 1]
        raender = a.herkunft[max(0, stellen[0] - 1)], a.herkunft[min(stellen[-1] + 1, len(a.text) - 1)]
        ab, ende = (h if isinstance(h, int) or h is None else h.stueck.bis - 1 for h in raender)
        if isinstance(raender[1], Gebunden):
            ende = raender[1].stueck.von
        fund = _VERWEIS.fullmatch(quelle, ab + 1, ende) if ab is not None and ende is not None else None
        if fund and text.strip() not in neu:
            stueck += range(fund.start(1), fund.end(1))
        elif any(map(str.isalnum, text)):
            raise _VonHand(f"„{a.text[von:bis][:60]}“ setzt das Werk ein; im Text steht es anders.")
        else:
            stueck += [None] * len(stellen)
    return stueck


_DAZWISCHEN = re.compile(
    r"(?P<zu>(?:\[\^[^\]\s]+\]|[*_])*)[ \t]*\n(?P<leer>(?:[ \t]*\n)*)"
    r"(?P<ein>[ \t]*)(?P<punkt>(?:[-*+]|\d+[.)])[ \t]+)?(?P<auf>[*_]*)"
)
_DAVOR = re.compile(r"(?P<ein>[ \t]*)(?P<punkt>(?:[-*+]|\d+[.)])[ \t]+)?[*_]*")


def _verbinde(a: Absatz, b: Absatz, quelle: str, luecke: str) -> Ersatz:
    """Aus zwei Absätzen oder zwei Punkten einer Liste, die aufeinander folgen, wird einer.

    Raises:
        _VonHand: dazwischen steht etwas, oder sie sind nicht von derselben Art.
    """
    if a.datei != b.datei:
        raise _VonHand("Die beiden Absätze stehen in zwei Dateien.")
    beginn, ende, anfang = _erste(a.herkunft), _letzte(a.herkunft) + 1, _erste(b.herkunft)
    davor = _DAVOR.fullmatch(quelle[quelle.rfind("\n", 0, beginn) + 1 : beginn])
    fund = _DAZWISCHEN.fullmatch(quelle[ende:anfang])
    if davor is None or fund is None:
        raise _VonHand("Zwischen den beiden steht in der Datei noch etwas, oder sie sind nicht nur Text.")
    liste = bool(davor["punkt"])
    if liste != bool(fund["punkt"]) or davor["ein"] != fund["ein"] or not (liste or fund["leer"]):
        raise _VonHand("Der eine ist ein Punkt einer Liste, der andere nicht.")
    return Ersatz(ende + len(fund["zu"]), anfang - len(fund["auf"]), luecke and ("\n", " ")[liste])


def _punkt_davor(a: Absatz, quelle: str) -> str:
    """Einzug und Zeichen des Punktes, mit dem der Absatz in der Datei beginnt; sonst leer."""
    beginn = _erste(a.herkunft)
    davor = _DAVOR.fullmatch(quelle[quelle.rfind("\n", 0, beginn) + 1 : beginn])
    return f"{davor['ein']}{davor['punkt']}" if davor and davor["punkt"] else ""


def _punktende(quelle: str, stelle: int) -> int:
    """Das Ende des Punktes um diese Stelle: vor dem nächsten oder am Ende der Liste."""
    fund = re.compile(r"\n[ \t]*(?:[-*+]|\d+[.)])[ \t]").search(quelle, stelle)
    ende = _blockende(quelle, stelle)
    return min(fund.start(), ende) if fund else ende


def _mit_huelle(quelle: str, von: int, bis: int) -> tuple[int, int]:
    """Wer alles Hervorgehobene streicht, streicht auch die Hervorhebung."""
    for zeichen in ("**", "*", "_"):
        laenge = len(zeichen)
        if quelle[von - laenge : von] == zeichen == quelle[bis : bis + laenge]:
            return von - laenge, bis + laenge
    return von, bis


def _heil(ersatz: list[Ersatz], quelle: str) -> list[Ersatz]:
    """Die Änderungen, wenn danach jede Hervorhebung im Absatz beginnt und endet, wie sie soll."""
    ab = max((m.end() for m in re.finditer(r"\n[ \t]*\n", quelle[: ersatz[0].von])), default=0)
    bis = _blockende(quelle, ersatz[-1].bis)
    vorher = quelle[ab:bis]
    versetzt = [Ersatz(e.von - ab, e.bis - ab, e.text) for e in ersatz]
    if _hervorgehoben(vorher) and not _hervorgehoben(wende_an(vorher, versetzt)):
        raise _VonHand("Die Stelle endet mitten in einer Auszeichnung.")
    return ersatz


def _hervorgehoben(block: str) -> bool:
    """Ob jedes ``**`` und ``*`` ein Gegenstück hat und dicht an einem Wort steht."""
    ohne = re.sub(r"\{\{[^{}]*\}\}|\\\*|^[ \t]*\*(?=[ \t])", "x", block, flags=re.MULTILINE)
    for teile in (ohne.split("**"), ohne.replace("**", "").split("*")):
        if len(teile) % 2 == 0 or not all(t.strip() and t == t.strip() for t in teile[1::2]):
            return False
    return True


def _pruefe_rand(herkunft: Sequence[Herkunft], von: int, bis: int) -> None:
    """Ein eingesetzter Wert wird ganz oder gar nicht berührt."""
    for stelle in {von, bis}:
        if 0 < stelle < len(herkunft):
            davor, danach = herkunft[stelle - 1], herkunft[stelle]
            if isinstance(davor, Gebunden) and davor == danach:
                raise _Gebunden(davor)


def _mit_werten(neu: str, werte: Sequence[Gebunden], quelle: str) -> str:
    """Der neue Text; die Werte, die unverändert darin stehen, bleiben gebunden."""
    teile, rest = [], neu
    for wert in werte:
        gesucht = schlicht(wert.stueck.text)
        davor, gefunden, danach = schlicht(rest).partition(gesucht)
        if not gefunden:
            raise _Gebunden(wert)
        teile += [maskiert(rest[: len(davor)]), quelle[wert.stueck.von : wert.stueck.bis]]
        rest = rest[len(rest) - len(danach) :] if danach else ""
    return "".join([*teile, maskiert(rest)])


def _bereiche(stueck: Sequence[Herkunft], quelle: str) -> list[tuple[int, int]]:
    """Die Stellen der Datei; Auszeichnung dazwischen gehört dazu, Bedingungen bleiben stehen."""
    bereiche: list[tuple[int, int]] = []
    for h in dict.fromkeys(h for h in stueck if h is not None):
        v, b = (h, h + 1) if isinstance(h, int) else (h.stueck.von, h.stueck.bis)
        if bereiche and v <= bereiche[-1][1]:
            bereiche[-1] = (bereiche[-1][0], max(b, bereiche[-1][1]))
        elif bereiche and not _trennt(quelle[bereiche[-1][1] : v]):
            bereiche[-1] = (bereiche[-1][0], b)
        else:
            bereiche.append((v, b))
    return sorted(bereiche)


def _trennt(zwischen: str) -> bool:
    return bool(_STEUERUNG.search(zwischen)) or ABSATZ in zwischen


def _einfuegung(a: Absatz, stelle: int, neu: str, quelle: str) -> Ersatz:
    herkunft = a.herkunft
    if neu.endswith(ABSATZ) and stelle == 0:
        ort = quelle.rfind("\n", 0, _erste(herkunft)) + 1
        if quelle.startswith((":", "Table:"), ort):
            raise _VorTitel("Es käme zwischen eine Tabelle und ihren Titel.")
        return Ersatz(ort, ort, f"{maskiert(neu.strip())}{ABSATZ}")
    if 0 < stelle < len(herkunft) and a.text[stelle - 1].isspace() and herkunft[stelle - 1] is None:
        danach = herkunft[stelle]
        if danach is not None:  # davor endet eine Bedingung; eingefügt ist, was zum nächsten Wort gehört
            ort = danach if isinstance(danach, int) else danach.stueck.von
            return Ersatz(ort, ort, maskiert(neu))
    for i in range(stelle - 1, -1, -1):
        if (h := herkunft[i]) is not None:
            ort = h + 1 if isinstance(h, int) else h.stueck.bis
            luecke = a.text[i + 1 : stelle]
            break
        if a.text[i].isalnum():
            raise _VonHand(f"Davor steht „{a.text[: i + 1][-30:]}“, das setzt das Werk ein.")
    else:
        ort, luecke = _erste(herkunft), ""
    if ABSATZ in neu and stelle == len(a.text):
        ort = _blockende(quelle, max(0, ort - 1))
    if luecke and neu.startswith(" "):
        luecke = ""
    # der Abstand, hinter dem eingefügt wurde, steht in der Datei hinter dem Wert oder als Zeilenende
    weiter = len(luecke) if luecke.isspace() and quelle[ort : ort + 1].isspace() else 0
    return Ersatz(ort + weiter, ort + weiter, maskiert(neu))


def _erste(herkunft: Sequence[Herkunft]) -> int:
    return min(h if isinstance(h, int) else h.stueck.von for h in herkunft if h is not None)


def _letzte(herkunft: Sequence[Herkunft]) -> int:
    return max(h if isinstance(h, int) else h.stueck.bis - 1 for h in herkunft if h is not None)


def _blockende(quelle: str, stelle: int) -> int:
    """Das Ende des Blocks um diese Stelle: vor der nächsten Leerzeile oder am Ende der Datei."""
    fund = re.compile(r"\n[ \t]*(?:\n|\Z)").search(quelle, stelle)
    return fund.start() if fund else len(quelle)


def wende_an(quelle: str, ersatz: Iterable[Ersatz]) -> str:
    """Die Datei mit allen Änderungen; was danach leer ist, verschwindet mit seiner Zeile."""
    text = quelle
    folge = sorted(ersatz, key=lambda x: (x.von, x.bis))
    for e in reversed(folge):  # was an derselben Stelle dazukommt, bleibt in seiner Folge
        text = text[: e.von] + e.text + text[e.bis :]
        if not e.text:
            text = _ohne_leere_zeile(text, e.von)
    return text


def _ohne_leere_zeile(text: str, stelle: int) -> str:
    ab = text.rfind("\n", 0, stelle) + 1
    bis = text.find("\n", stelle)
    bis = len(text) if bis < 0 else bis
    zeile = text[ab:bis]
    if not _NUR_ZEICHEN.match(zeile):
        return text
    davor, danach = text[:ab], text[bis + 1 :]
    if davor.endswith("\n\n") and danach.startswith("\n"):
        danach = danach[1:]
    return davor + danach


def vertragen(alle: Sequence[Rueckmeldung]) -> None:
    """Was dieselbe Stelle zweimal ändert, gilt nur einmal; das Spätere bleibt von Hand."""
    belegt: dict[str, list[Ersatz]] = {}
    for r in alle:
        dort = belegt.setdefault(r.datei, [])
        if any(x.von < y.bis and y.von < x.bis for x in r.ersatz for y in dort):
            r.stand, r.grund = "von Hand", "Eine andere angenommene Änderung betrifft dieselbe Stelle."
            r.ersatz = ()
        dort += r.ersatz
