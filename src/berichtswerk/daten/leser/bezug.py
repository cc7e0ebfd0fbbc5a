"""Woher Gebiet, Zeit, Merkmal und Messgröße kommen, welche Zeilen zählen und welches Gebiet gemeint ist.

Gefragt wird spaltenweise; gleiche Texte einer Spalte werden nur einmal beantwortet (:class:`Gedaechtnis`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from berichtswerk.daten.gebiete import GebietMehrdeutig, GebietUnbekannt, nenne
from berichtswerk.daten.lesen import Angaben, Bezug, Gebietsangabe
from berichtswerk.daten.leser.grund import Abgewiesen, Formel, Verbunden, als_text, glatt
from berichtswerk.daten.leser.kopf import Tabellenkopf
from berichtswerk.daten.leser.werte import FormelStattWert, gekuerzt
from berichtswerk.grund.meldung import Befundart, aufgezaehlt

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebietsverzeichnis

GEDAECHTNIS = 50_000
"""So viele Antworten merkt sich ein Gedächtnis, dann beginnt es von vorn."""


class TextUnbekannt(Befundart):
    text = "„{gelesen}“ ist hier nicht vorgesehen."
    abhilfe = "Ergänzen Sie den Text in der Quelle unter „werte“ oder berichtigen Sie die Lieferung."


class GebietLeer(Befundart):
    text = "In dieser Zeile steht kein Gebiet."
    abhilfe = (
        "Ergänzen Sie den Schlüssel; gehört die Zeile nicht zur Tabelle, nennen Sie sie unter "
        "lesen.auslassen oder lesen.ende."
    )


class GebietFuehrendeNull(Befundart):
    text = "Dem Schlüssel „{gelesen}“ fehlt wohl die führende Null."
    ursache = "Er hat {stellen} Stellen; Tabellenkalkulationen streichen führende Nullen."
    abhilfe = "Liefern Sie den Schlüssel als Text oder setzen Sie „gebiet: {{fuehrende_null: ergaenzen}}“."


class GebietNichtVerzeichnet(GebietUnbekannt):
    text = "Das Gebiet „{gelesen}“ steht nicht in daten/gebiete.yaml."
    ursache = ""
    abhilfe = (
        "{meinten}Enthält die Lieferung auch fremde Gebiete, setzen Sie „gebiet: {{unbekannte: weglassen}}“."
    )


class Gedaechtnis(dict[Any, Any]):
    """Eine Frage und ihre Antworten; was die Frage abweist, ist selbst die Antwort."""

    def __init__(self, frage: Callable[[Any], Any]) -> None:
        super().__init__()
        self._frage = frage
        self.weist_ab = False
        """ob schon einmal etwas abgewiesen wurde"""

    def __missing__(self, was: Any) -> Any:
        if len(self) >= GEDAECHTNIS:
            self.clear()
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


def schneide(muster: str, text: str) -> str | None:
    """Erste Klammer des Treffers, ohne Klammer der ganze Treffer, ohne Treffer ``None``."""
    treffer = re.search(muster, text)
    if treffer is None:
        return None
    return next((g for g in treffer.groups() if g is not None), "") if treffer.re.groups else treffer[0]


class Bezugsleser:
    """Wertet einen Bezug aus; merkt sich, was in folgenden Zeilen weiter gilt."""

    def __init__(self, bezug: Bezug, kopf: Tabellenkopf, ringsum: Mapping[str, Sequence[str]]) -> None:
        """Löst Spalten auf und liest, was vor den Daten feststeht.

        ``ringsum``: die Titelzeilen (``titel``), der ``blattname`` und der ``dateiname``.

        Raises:
            Abgewiesen: eine genannte Spalte gibt es nicht.
        """
        self.bezug, self._kopf = bezug, kopf
        genannt = [bezug.spalte] if bezug.spalte is not None else bezug.spalten or []
        self._spalten = [kopf.stelle(s) for s in genannt]
        self.zuletzt = bezug.fest or ""
        for woher, texte in ringsum.items():
            if (muster := getattr(bezug, woher)) is not None:
                self.zuletzt = next((t for x in texte if (t := schneide(muster, x)) is not None), "")
        for text in ringsum["titel"] if bezug.abschnitt is not None else ():
            self.zuletzt = schneide(bezug.abschnitt or "", text) or self.zuletzt
        self.merkt = bool(bezug.auffuellen or bezug.einrueckung is not None or bezug.abschnitt is not None)
        """ob der Text einer Zeile von früheren Zeilen abhängt"""
        self.antworten = Gedaechtnis(self._beantworte)

    def abschnitt(self, text: str) -> bool:
        """Ob ``text`` eine Zwischenüberschrift dieses Bezugs ist; wenn ja, gilt sie ab hier."""
        if self.bezug.abschnitt is None or (gefunden := schneide(self.bezug.abschnitt, text)) is None:
            return False
        self.zuletzt = gefunden
        return True

    def merke(self, felder: list[Any]) -> None:
        """Nimmt auf, was für spätere Zeilen gilt (Auffüllen, Einrückung), auch aus überlesenen Zeilen."""
        if self.bezug.einrueckung is not None:
            teile = [als_text(felder[s]) for s in self._spalten if s < len(felder)]
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

    def gilt(self, felder: list[Any]) -> str | Formel:
        """Was für diese Zeile gilt, wenn der Text von früheren Zeilen abhängt."""
        return next(self._formeln(felder), self.zuletzt)

    def texte(self, zeilen: list[list[Any]], gemerkt: list[Any] | None = None) -> list[Any]:
        """Je Zeile der Text, zugeschnitten und übersetzt, oder eine Abweisung.

        ``gemerkt``: je Zeile, was :meth:`gilt` sagte (nur bei :attr:`merkt`).
        """
        if gemerkt is not None:
            roh = gemerkt
        elif not self._spalten:
            roh = [self.zuletzt] * len(zeilen)
        elif len(self._spalten) == 1 and self.bezug.stellen is None:
            roh = [
                zelle if zelle.__class__ is str else _schluessel(zelle)
                for zelle in spalte(zeilen, self._spalten[0])
            ]
        else:
            roh = [next(self._formeln(felder), None) or self._verbunden(felder) for felder in zeilen]
        return list(map(self.antworten.__getitem__, roh))

    def lies_spalte(self, stelle: int) -> str:
        """Der Text aus dem Kopf über der Spalte (nur bei ``kopf``).

        Raises:
            Abgewiesen: die Quelle will die Spalte nicht, oder der Text ist nicht vorgesehen.
        """
        return self._fertig(self._kopf.text(stelle, self.bezug.kopf or 1))

    def ort(self) -> str:
        """Name der Spalte für Meldungen."""
        return " + ".join(self._kopf.bezeichnung(s) for s in self._spalten)

    def _formeln(self, felder: list[Any]) -> Iterator[Formel]:
        for stelle in self._spalten:
            zelle = felder[stelle] if stelle < len(felder) else None
            if isinstance(schluessel := _schluessel(zelle), Formel):
                yield schluessel

    def _verbunden(self, felder: list[Any]) -> str:
        teile = [als_text(felder[s]) for s in self._spalten if s < len(felder)]
        if self.bezug.stellen is not None:
            paare = zip(teile, self.bezug.stellen, strict=False)
            teile = [t.strip().zfill(n) if t.strip() else "" for t, n in paare]
        return self.bezug.verbinden.join(glatt(teil) for teil in teile)

    def _beantworte(self, roh: str | Formel) -> str:
        if isinstance(roh, Formel):
            raise Abgewiesen(FormelStattWert, formel=gekuerzt(roh.text))
        return self._fertig(glatt(roh) if self._spalten and not self.merkt else roh)

    def _fertig(self, text: str) -> str:
        bezug = self.bezug
        if bezug.muster is not None:
            text = schneide(bezug.muster, text) or ""
        if text in bezug.werte:
            neu = bezug.werte[text]
            if neu is None:
                raise Abgewiesen(None)
            return neu
        if bezug.werte and bezug.sonst == "weglassen":
            raise Abgewiesen(None)
        if bezug.werte and bezug.sonst == "fehler":
            raise Abgewiesen(TextUnbekannt, gelesen=text)
        return text or bezug.leer


def _schluessel(zelle: Any) -> str | Formel:
    """Womit gefragt wird: der Text der Zelle oder die Formel, die statt seiner dasteht."""
    inhalt = zelle.wert if isinstance(zelle, Verbunden) else zelle
    return inhalt if isinstance(inhalt, Formel) else als_text(zelle)


class Zeilenfilter:
    """Welche Zeilen eines Blocks gelesen werden: ``wo``, ``ohne`` und ``auslassen``."""

    def __init__(self, angaben: Angaben) -> None:
        self._angaben = angaben
        self.auslassen = [re.compile(muster) for muster in angaben.auslassen]
        self.bedingungen: list[tuple[int, Gedaechtnis]] = []

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
                self.bedingungen.append((stelle, Gedaechtnis(_bedingung(texte, soll))))

    def laesst_aus(self, felder: list[Any]) -> bool:
        """Ob die Zeile nach ``auslassen`` überlesen wird."""
        text = " | ".join(gefuellte(felder))
        return any(muster.search(text) for muster in self.auslassen)

    def passt(self, felder: list[Any]) -> bool:
        """Ob die Zeile alle Bedingungen aus ``wo`` und ``ohne`` erfüllt."""
        for stelle, antworten in self.bedingungen:
            if not antworten[als_text(felder[stelle]) if stelle < len(felder) else ""]:
                return False
        return True


def _bedingung(texte: Sequence[str], soll: bool) -> Callable[[str], bool]:
    teile = [
        f"(?:{t[1:-1]})" if len(t) > 2 and t[0] == t[-1] == "/" else rf"\A{re.escape(glatt(t))}\Z"
        for t in texte
    ]
    regel = re.compile("|".join(teile))
    return lambda text: bool(regel.search(glatt(text))) is soll


_OHNE_NULL = re.compile(r"[1-9]\d*")
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
            raise Abgewiesen(None if angabe.unbekannte == "weglassen" else GebietLeer)
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
            raise Abgewiesen(None)
        nah = self._verzeichnis.naechste(gesucht)
        meinten = (
            f"Meinten Sie {aufgezaehlt(f'{g.schluessel} {g.name}' for g in nah)}? "
            if nah
            else "Prüfen Sie Schlüssel oder Name in der Lieferung. "
        )
        raise Abgewiesen(GebietNichtVerzeichnet, gelesen=gesucht, meinten=meinten)

    def _suche(self, text: str) -> str | None:
        treffer = self._verzeichnis.treffer(text, self._angabe.schluessel, self._angabe.ebene)
        if len(treffer) > 1:
            raise Abgewiesen(GebietMehrdeutig, text=text, gebiete=", ".join(map(nenne, treffer)))
        return treffer[0].schluessel if treffer else None
