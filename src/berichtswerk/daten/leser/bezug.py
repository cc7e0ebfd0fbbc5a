"""Woher Gebiet, Zeit, Merkmal und Messgröße kommen, welche Zeilen zählen und welches Gebiet gemeint ist.

Gefragt wird spaltenweise; gleiche Texte einer Spalte werden nur einmal beantwortet (:class:`Gedaechtnis`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from berichtswerk.daten.gebiete import GebietMehrdeutig, GebietUnbekannt, nenne
from berichtswerk.daten.lesebericht import EIGEN
from berichtswerk.daten.lesen import Angaben, Bezug, Gebietsangabe
from berichtswerk.daten.leser.grund import Abgewiesen, Formel, Gezeichnet, Verbunden, als_text, glatt
from berichtswerk.daten.leser.kopf import Tabellenkopf
from berichtswerk.daten.leser.werte import (
    FormelOhneErgebnis,
    FormelStattWert,
    Umgang,
    ZeileGestrichen,
    gekuerzt,
)
from berichtswerk.daten.muster import als_muster, regel
from berichtswerk.grund.meldung import Befundart, aufgezaehlt

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebietsverzeichnis

GEDAECHTNIS = 50_000
"""So viele Antworten merkt sich ein Gedächtnis, dann beginnt es von vorn."""


class TextUnbekannt(Befundart):
    text = "„{gelesen}“ ist hier nicht vorgesehen."
    abhilfe = "Ergänzen Sie den Text in der Quelle unter „werte“; „null“ lässt die Zeile weg."


class MusterOhneTreffer(Befundart):
    text = "Zu „{gelesen}“ passt das Muster „{muster}“ nicht; der Text bliebe leer."
    abhilfe = (
        'Berichtigen Sie „muster“; darf der Text hier leer bleiben, setzen Sie daneben „leer: ""“ oder einen '
        "anderen Text."
    )


class TitelOhneTreffer(Befundart):
    text = "Das Muster „{muster}“ ({woher}) passt zu keinem Text."
    ursache = "Gesucht wurde in: {texte}."
    abhilfe = 'Berichtigen Sie das Muster in der Quelle; darf der Text fehlen, setzen Sie daneben „leer: ""“.'


class ZeichenErsetzt(Befundart):
    text = "Im Text „{gelesen}“ sind Zeichen verlorengegangen."
    ursache = "Die Datei wurde vor der Lieferung in einer falschen Kodierung gespeichert."
    abhilfe = (
        "Fordern Sie die Datei neu an, oder sagen Sie in der Quelle unter „werte“, was gemeint ist: "
        '{{"{gelesen}": …}}.'
    )


class DatumStattText(Befundart):
    text = "Hier ist ein Tag gespeichert: {gelesen}."
    ursache = "Aus „3-6“ oder „1/2“ macht eine Tabellenkalkulation beim Eingeben ein Datum."
    abhilfe = (
        'Sagen Sie unter „werte“, was gemeint ist: {{"{gelesen}": "3-6"}}; ist der Tag gemeint, setzen Sie '
        "„muster: '.+'“ daneben."
    )


class GebietZerstoert(Befundart):
    text = "Der Schlüssel „{gelesen}“ ist zerstört."
    ursache = "Eine Tabellenkalkulation hat die lange Nummer als Zahl gerundet; die letzten Stellen sind weg."
    abhilfe = "Fordern Sie die Datei neu an, mit dem Schlüssel als Text, oder lesen Sie das Gebiet am Namen."


class GebietLeer(Befundart):
    text = "In dieser Zeile steht kein Gebiet{zeile}."
    abhilfe = (
        "Gehört die Zeile nicht zur Tabelle, nennen Sie sie unter lesen.auslassen oder lesen.ende; gilt das "
        "Gebiet von oben weiter, setzen Sie „gebiet: {{auffuellen: true}}“; meint sie immer dasselbe Gebiet, "
        "„gebiet: {{leer: DG}}“."
    )


class GroesseLeer(Befundart):
    text = "Der Name der Messgröße ist leer{zeile}."
    abhilfe = (
        "Gehört die Zeile oder Spalte nicht zur Tabelle, nennen Sie sie unter lesen.auslassen oder "
        "lesen.ohne; sonst setzen Sie „groesse: {{leer: …}}“."
    )


class GebietVerschluckt(GebietUnbekannt):
    text = "Das Gebiet „{gelesen}“ ist wohl {gemeint}, würde aber als fremdes weggelassen."
    ursache = ""
    abhilfe = (
        'Sagen Sie in der Quelle, was gemeint ist: gebiet: {{werte: {{"{gelesen}": "{schluessel}"}}}}; mit '
        "„null“ statt des Schlüssels bleibt es weg."
    )


class GebietFuehrendeNull(Befundart):
    text = "Dem Schlüssel „{gelesen}“ fehlt wohl die führende Null."
    ursache = "Er hat {stellen} Stellen; Tabellenkalkulationen streichen führende Nullen."
    abhilfe = "Setzen Sie in der Quelle „gebiet: {{fuehrende_null: ergaenzen}}“."


class GebietNichtVerzeichnet(GebietUnbekannt):
    text = "Das Gebiet „{gelesen}“ steht nicht in daten/gebiete.yaml."
    ursache = ""
    abhilfe = (
        "{meinten}Sagen Sie es unter „gebiet: {{werte: …}}“; enthält die Lieferung auch fremde Gebiete, "
        "setzen Sie „gebiet: {{unbekannte: weglassen}}“."
    )


class GebietAndereEbene(GebietUnbekannt):
    text = "„{gelesen}“ ist {gebiet}; gelesen wird nur die Ebene „{ebene}“."
    ursache = ""
    abhilfe = (
        "Soll es gelten, sagen Sie es unter „gebiet: {{werte: …}}“; sonst setzen Sie "
        "„gebiet: {{unbekannte: weglassen}}“."
    )


class Gedaechtnis(dict[Any, Any]):
    """Eine Frage und ihre Antworten; was die Frage abweist, ist selbst die Antwort."""

    def __init__(self, frage: Callable[[Any], Any]) -> None:
        super().__init__()
        self._frage = frage
        self.weist_ab = False
        """ob schon einmal etwas abgewiesen wurde"""
        self.vollstaendig = True
        """ob noch nichts vergessen ist"""

    def __missing__(self, was: Any) -> Any:
        if len(self) >= GEDAECHTNIS:
            self.clear()
            self.vollstaendig = False
        antwort = self[was] = self.frage(was)
        return antwort

    def frage(self, was: Any) -> Any:
        """Die Antwort, ohne sie zu merken; eine Abweisung wird zurückgegeben statt geworfen."""
        try:
            return self._frage(was)
        except Abgewiesen as abgewiesen:
            self.weist_ab = True
            return abgewiesen.with_traceback(None)  # sonst hielte sie alle Rahmen fest


def spalte(zeilen: list[list[Any]], stelle: int) -> list[Any]:
    """Die Felder einer Spalte; was einer kürzeren Zeile fehlt, ist leer."""
    return [felder[stelle] if stelle < len(felder) else "" for felder in zeilen]


def gefuellte(felder: list[Any]) -> Iterator[str]:
    """Die nicht leeren Felder als Text; verbundene Zellen zählen nur einmal."""
    for feld in felder:
        if not isinstance(feld, Verbunden) and (text := als_text(feld).strip()):
            yield text


def erstes(felder: list[Any]) -> str:
    """Das erste nicht leere Feld als Text; leer, wenn es keines gibt."""
    for feld in felder:
        if text := feld.strip() if feld.__class__ is str else next(gefuellte([feld]), ""):
            return text
    return ""


@dataclass(frozen=True, slots=True)
class Statt:
    """Was statt eines Textes dasteht: Durchgestrichenes, oder ein Tag, wo keiner gemeint sein kann."""

    text: str
    art: type[Befundart] = ZeileGestrichen


class Bezugsleser:
    """Wertet einen Bezug aus; merkt sich, was in folgenden Zeilen weiter gilt."""

    def __init__(
        self, bezug: Bezug, kopf: Tabellenkopf, ringsum: Mapping[str, Sequence[str]],
        durchgestrichen: Umgang = "fehler",
    ) -> None:  # fmt: skip
        """Löst Spalten auf und liest, was vor den Daten feststeht.

        ``ringsum``: die Titelzeilen (``titel``), der ``blattname`` und der ``dateiname``;
        ``durchgestrichen``: was ein durchgestrichener Text heißt.

        Raises:
            Abgewiesen: eine genannte Spalte gibt es nicht.
        """
        self.bezug, self._kopf, self._durchgestrichen = bezug, kopf, durchgestrichen
        self.spalten = [kopf.stelle(s) for s in bezug.genannte_spalten()]
        """Stellen der genannten Spalten, ab 0"""
        self._ersatz = (
            Bezugsleser(bezug.leer, kopf, ringsum, durchgestrichen) if isinstance(bezug.leer, Bezug) else None
        )
        self._leer = bezug.leer if isinstance(bezug.leer, str) else ""
        self.zuletzt = bezug.fest or ""
        for woher, texte in ringsum.items():
            if (muster := getattr(bezug, woher)) is not None:
                treffer = [t for x in texte if (t := regel(muster).schneide(x)) is not None]
                if not treffer and bezug.leer is None:
                    gesucht = aufgezaehlt((gekuerzt(t) for t in texte), 5) or "nichts"
                    raise Abgewiesen(TitelOhneTreffer, muster=muster, woher=woher, texte=gesucht)
                self.zuletzt = treffer[0] if treffer else ""
        for text in ringsum["titel"] if bezug.abschnitt is not None else ():
            self.zuletzt = regel(bezug.abschnitt or "").schneide(text) or self.zuletzt
        self.merkt = bool(bezug.auffuellen or bezug.einrueckung is not None or bezug.abschnitt is not None)
        """ob der Text einer Zeile von früheren Zeilen abhängt"""
        self.tage = True
        """ob ein Tag gemeint sein kann, wie bei Zeit und Gebietsstand"""
        self.benutzt: set[str] = set()
        """Einträge unter ``werte``, die vorkamen"""
        self.antworten = Gedaechtnis(self._beantworte)

    @property
    def weist_ab(self) -> bool:
        """Ob unter den Antworten schon Abweisungen waren."""
        return self.antworten.weist_ab or (self._ersatz is not None and self._ersatz.weist_ab)

    def abschnitt(self, text: str) -> bool:
        """Ob ``text`` eine Zwischenüberschrift dieses Bezugs ist; wenn ja, gilt sie ab hier."""
        if self.bezug.abschnitt is None or (gefunden := regel(self.bezug.abschnitt).schneide(text)) is None:
            return False
        self.zuletzt = gefunden
        return True

    def merke(self, felder: list[Any]) -> None:
        """Nimmt auf, was für spätere Zeilen gilt (Auffüllen, Einrückung), auch aus überlesenen Zeilen."""
        if self.bezug.einrueckung is not None:
            teile = [als_text(felder[s]) for s in self.spalten if s < len(felder)]
            self._merke_einrueckung(self.bezug.verbinden.join(teile))
        elif self.bezug.auffuellen and (text := self._verbunden(felder)):
            self.zuletzt = text

    def _merke_einrueckung(self, text: str) -> None:
        if not text.strip():
            return
        von, strich, bis = (self.bezug.einrueckung or "").partition("-")
        oben = int(bis) if bis else (10**6 if strich else int(von))
        tiefe = len(text) - len(text.lstrip())
        if tiefe < int(von):
            self.zuletzt = ""
        elif tiefe <= oben:
            self.zuletzt = glatt(text)

    def gilt(self, felder: list[Any]) -> str | Formel | Statt:
        """Was für diese Zeile gilt, wenn der Text von früheren Zeilen abhängt."""
        return next(self._formeln(felder), self.zuletzt)

    def texte(self, zeilen: list[list[Any]], gemerkt: list[Any] | None = None) -> list[Any]:
        """Je Zeile der Text, zugeschnitten und übersetzt, oder eine Abweisung.

        ``gemerkt``: je Zeile, was :meth:`gilt` sagte (nur bei :attr:`merkt`).
        """
        if gemerkt is not None:
            roh = gemerkt
        elif not self.spalten:
            roh = [self.zuletzt] * len(zeilen)
        elif len(self.spalten) == 1 and self.bezug.stellen is None:
            roh = [
                zelle if zelle.__class__ is str else self._schluessel(zelle)
                for zelle in spalte(zeilen, self.spalten[0])
            ]
        else:
            roh = [next(self._formeln(felder), None) or self._verbunden(felder) for felder in zeilen]
        antworten = list(map(self.antworten.__getitem__, roh))
        if self._ersatz is not None and "" in antworten:
            leere = [stelle for stelle, antwort in enumerate(antworten) if antwort == ""]
            for stelle, text in zip(leere, self._ersatz.texte([zeilen[s] for s in leere]), strict=True):
                antworten[stelle] = text
        return antworten

    def lies_spalte(self, stelle: int) -> str:
        """Der Text aus dem Kopf über der Spalte (nur bei ``kopf``).

        Raises:
            Abgewiesen: die Quelle will die Spalte nicht, oder der Text ist nicht vorgesehen.
        """
        return self._fertig(self._kopf.text(stelle, self.bezug.kopf or 1))

    def ort(self) -> str:
        """Name der Spalte für Meldungen."""
        return " + ".join(self._kopf.bezeichnung(s) for s in self.spalten)

    def _formeln(self, felder: list[Any]) -> Iterator[Formel | Statt]:
        for stelle in self.spalten:
            zelle = felder[stelle] if stelle < len(felder) else None
            if not isinstance(schluessel := self._schluessel(zelle), str):
                yield schluessel

    def _schluessel(self, zelle: Any) -> str | Formel | Statt:
        """Womit gefragt wird: der Text der Zelle, oder die Formel oder das Durchgestrichene statt seiner."""
        inhalt = zelle.wert if isinstance(zelle, Verbunden) else zelle
        if isinstance(inhalt, Gezeichnet) and inhalt.gestrichen:
            if self._durchgestrichen != "fehler" and isinstance(inhalt.wert, str):
                return inhalt.wert
            if self._durchgestrichen != "lesen":
                return Statt(str(inhalt))
        if isinstance(inhalt, datetime) and not self.tage and not self.bezug.muster:
            tag = als_text(inhalt)
            return tag if tag in self.bezug.werte else Statt(tag, DatumStattText)
        return inhalt if isinstance(inhalt, Formel) else als_text(zelle)

    def _verbunden(self, felder: list[Any]) -> str:
        teile = [als_text(felder[s]) for s in self.spalten if s < len(felder)]
        if self.bezug.stellen is not None:
            paare = zip(teile, self.bezug.stellen, strict=False)
            teile = [t.strip().zfill(n) if t.strip() else "" for t, n in paare]
        return self.bezug.verbinden.join(glatt(teil) for teil in teile)

    def _beantworte(self, roh: str | Formel | Statt) -> str:
        if isinstance(roh, Formel):
            art = FormelOhneErgebnis if roh.ohne_ergebnis else FormelStattWert
            raise Abgewiesen(art, formel=gekuerzt(roh.text))
        if isinstance(roh, Statt):
            if self._durchgestrichen == "fehlt" and roh.art is ZeileGestrichen:
                raise Abgewiesen(None, "durchgestrichen")
            raise Abgewiesen(roh.art, gelesen=gekuerzt(roh.text))
        return self._fertig(glatt(roh) if self.spalten and not self.merkt else roh)

    def _fertig(self, text: str) -> str:
        bezug, roh = self.bezug, text
        if bezug.muster is not None and text:
            text = regel(bezug.muster).schneide(text) or ""
        if text and (bezug.vorsatz or bezug.nachsatz):
            text = bezug.vorsatz + text + bezug.nachsatz
        for gelesen in dict.fromkeys((text, roh)):
            if gelesen in bezug.werte:
                neu = bezug.werte[gelesen]
                self.benutzt.add(gelesen)
                if neu is None:
                    raise Abgewiesen(None, f"„{gelesen}“ (werte: null)")
                return neu
        if bezug.werte and bezug.sonst == "weglassen":
            raise Abgewiesen(None, "nicht unter „werte“ (sonst: weglassen)")
        if bezug.werte and bezug.sonst == "fehler":
            raise Abgewiesen(TextUnbekannt, gelesen=text)
        if roh and not text and bezug.leer is None:
            if isinstance(bezug, Gebietsangabe) and bezug.unbekannte == "weglassen":
                raise Abgewiesen(None, "Gebiet passt nicht zu „muster“")
            raise Abgewiesen(MusterOhneTreffer, gelesen=gekuerzt(roh), muster=bezug.muster)
        if _VERLOREN.search(text):
            raise Abgewiesen(ZeichenErsetzt, gelesen=gekuerzt(text))
        return text or self._leer


_VERLOREN = re.compile(r"\ufffd|[a-zäöüß]\?[a-zäöüß]|Ã[\u0080-\u00bf\u0152-\u2122]")
"""ZeichenErsetzt, ein Fragezeichen mitten im Wort, zweimal umgewandelte Umlaute."""


class Zeilenfilter:
    """Welche Zeilen eines Blocks gelesen werden: ``wo``, ``ohne`` und ``auslassen``."""

    def __init__(self, angaben: Angaben) -> None:
        self._angaben = angaben
        self.auslassen = [regel(muster) for muster in angaben.auslassen]
        self._ausgelassen: set[int] = set()
        self.bedingungen: list[tuple[int, Gedaechtnis]] = []
        self._genannt: list[tuple[str, str, Gedaechtnis]] = []
        """Feld, Eintrag und die Texte, die ihm begegnet sind"""

    def loese_auf(self, kopf: Tabellenkopf) -> Iterator[Abgewiesen]:
        """Sucht die genannten Spalten; was fehlt, kommt zurück."""
        for bedingungen, soll in ((self._angaben.wo, True), (self._angaben.ohne, False)):
            for name, texte in bedingungen.items():
                nummer = name.isdigit() and name not in kopf.namen
                try:
                    stelle = kopf.stelle(int(name) if nummer else name)
                except Abgewiesen as fehlt:
                    yield fehlt
                    continue
                gedaechtnis = Gedaechtnis(_bedingung(texte, soll))
                self.bedingungen.append((stelle, gedaechtnis))
                feld = f"{'wo' if soll else 'ohne'}.{name}"
                self._genannt += [(feld, text, gedaechtnis) for text in texte]

    def laesst_aus(self, felder: list[Any]) -> bool:
        """Ob die Zeile nach ``auslassen`` überlesen wird."""
        text = " | ".join(gefuellte(felder))
        passend = [nummer for nummer, muster in enumerate(self.auslassen) if muster.suche(text)]
        self._ausgelassen.update(passend)
        return bool(passend)

    def treffer(self) -> Iterator[tuple[str, str, bool]]:
        """Feld, Eintrag aus ``wo``, ``ohne`` und ``auslassen``, und ob er auf einen Text passte."""
        for nummer, muster in enumerate(self._angaben.auslassen):
            yield "auslassen", muster, nummer in self._ausgelassen
        for feld, eintrag, texte in self._genannt:
            yield feld, eintrag, not texte.vollstaendig or any(map(_bedingung([eintrag], True), texte))

    def passt(self, felder: list[Any]) -> bool:
        """Ob die Zeile alle Bedingungen aus ``wo`` und ``ohne`` erfüllt."""
        for stelle, antworten in self.bedingungen:
            if not antworten[als_text(felder[stelle]) if stelle < len(felder) else ""]:
                return False
        return True


def _bedingung(texte: Sequence[str], soll: bool) -> Callable[[str], bool]:
    muster = [m for t in texte if (m := als_muster(t))]
    gleich = {glatt(t) for t in texte if not als_muster(t)}
    return lambda text: (glatt(text) in gleich or any(m.suche(glatt(text)) for m in muster)) is soll


FREMD = "Gebiet nicht in gebiete.yaml"
"""Warum eine Zeile mit ``unbekannte: weglassen`` wegbleibt."""
_GERUNDET = re.compile(r"[0-9]([.,][0-9]+)?[eE]\+?[0-9]+")
_OHNE_NULL = re.compile(r"[1-9][0-9]*")
_LAENGEN_OHNE_NULL = frozenset({1, 4, 7, 11})
"""Land, Kreis, Gemeinde (AGS) und Gemeinde (ARS), wenn die führende Null fehlt."""


class Gebietsfinder(Gedaechtnis):
    """Gelieferter Schlüssel oder Name → eigener Schlüssel nach der Gebietsangabe einer Quelle."""

    def __init__(self, angabe: Gebietsangabe, verzeichnis: Gebietsverzeichnis) -> None:
        super().__init__(self._finde)
        self._angabe, self._verzeichnis = angabe, verzeichnis

    def gewuenscht(self, text: str) -> bool:
        """Ob der Schlüssel mit einem der Anfänge unter ``nur`` beginnt."""
        return not self._angabe.nur or text.startswith(tuple(self._angabe.nur))

    def _finde(self, text: str) -> str:
        angabe = self._angabe
        if not text:
            raise Abgewiesen(GebietLeer)
        if _GERUNDET.fullmatch(text):
            raise Abgewiesen(GebietZerstoert, gelesen=text)
        if text in self._verzeichnis and text in angabe.werte.values():
            return text
        ohne_null = len(text) in _LAENGEN_OHNE_NULL and bool(_OHNE_NULL.fullmatch(text))
        gesucht = text
        if ohne_null and angabe.fuehrende_null == "ergaenzen":
            gesucht, ohne_null = "0" + text, False
        gefunden = self._suche(gesucht)
        if gefunden is not None:
            return gefunden
        if ohne_null and (self._suche("0" + text) or angabe.unbekannte == "behalten"):
            raise Abgewiesen(GebietFuehrendeNull, gelesen=text, stellen=len(text))
        if angabe.unbekannte == "behalten":
            return gesucht
        if angabe.unbekannte == "weglassen":
            eigenes = (
                self._verzeichnis.verschrieben(gesucht)
                if angabe.schluessel in {None, "name"} or text.isdigit()
                else None
            )
            if eigenes is not None:
                raise Abgewiesen(
                    GebietVerschluckt, gelesen=text, gemeint=nenne(eigenes), schluessel=eigenes.schluessel
                )
            kreis = self._verzeichnis.kreis.schluessel
            eigen = gesucht.isdigit() and len(gesucht) > len(kreis) and gesucht.startswith(kreis)
            raise Abgewiesen(None, EIGEN if eigen else FREMD)
        if angabe.ebene and (andere := self._verzeichnis.treffer(gesucht, angabe.schluessel)):
            gebiet = nenne(andere[0])
            raise Abgewiesen(GebietAndereEbene, gelesen=gesucht, gebiet=gebiet, ebene=angabe.ebene)
        nah = self._verzeichnis.naechste(gesucht)
        meinten = f"Meinten Sie {aufgezaehlt(f'{g.schluessel} {g.name}' for g in nah)}? " if nah else ""
        raise Abgewiesen(GebietNichtVerzeichnet, gelesen=gesucht, meinten=meinten)

    def _suche(self, text: str) -> str | None:
        treffer = self._verzeichnis.treffer(text, self._angabe.schluessel, self._angabe.ebene)
        if len(treffer) > 1:
            raise Abgewiesen(GebietMehrdeutig, text=text, gebiete=", ".join(map(nenne, treffer)))
        return treffer[0].schluessel if treffer else None
