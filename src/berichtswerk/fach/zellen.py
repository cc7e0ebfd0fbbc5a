"""Von einer Auswahl (Quelle, Größe, Bedingungen) zu Werten je Gebiet und Zeit, mit Belegen.

Ein Feld, zu dem ein verlangter Teil fehlt, hat keine Zahl; eine Teilsumme entsteht nie. Ein Gebiet ohne
eigene Lieferung hat die Werte der flächengleichen Gemeinde oder die Summe aller seiner Teile.
"""

from __future__ import annotations

import math
import operator
import weakref
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

from berichtswerk.daten.tabelle import Tabelle, als_text
from berichtswerk.fach.alter import Gruppe, Zerlegung, alterstext, zerlege
from berichtswerk.fach.kennzahl import Auswahl, Bedingung, Skalar, vergleich
from berichtswerk.fach.reihe import Beleg
from berichtswerk.grund.zahl import exakt
from berichtswerk.grund.zeichen import Status, summenstatus

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebiet, Gebietsverzeichnis


ALTER = ("alter_von", "alter_bis")

Zeile = dict[str, Any]
"""Eine Zeile einer Tabelle, wie :attr:`Tabelle.zeilen` sie aufbereitet; nicht verändern."""

INSGESAMT = frozenset({"", "insgesamt", "gesamt", "zusammen"})
"""Ausprägungen, die „nicht gegliedert“ heißen (Groß- und Kleinschreibung zählt nicht)."""

_RECHNEN = {">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt, "=": operator.eq}


@dataclass(frozen=True, slots=True)
class Teilwert:
    """Eine Zahl (exakt) oder ein Status ohne Zahl, auf einer Basis und einem Gebietsstand, mit Belegen."""

    zahl: Fraction | None
    status: Status
    basis: str = ""
    gebietsstand: str = ""
    belege: tuple[Beleg, ...] = ()
    hinweise: tuple[str, ...] = ()
    gruppen: tuple[tuple[Gruppe, Fraction | None], ...] = ()
    """Altersgruppen in der Reihenfolge der Belege (nur wenn nach Alter gegliedert)."""


class Zellen:
    """Alle Felder einer Auswahl in einer Tabelle."""

    def __init__(self, auswahl: Auswahl, tabelle: Tabelle, *, fein: bool = False) -> None:
        """Filtert die Tabelle; ``fein`` bevorzugt Altersjahre vor Altersgruppen.

        Raises:
            MerkmalOffen: wenn ein nicht genanntes Merkmal gliedert und keine Summenzeile da ist.
        """
        self.auswahl = auswahl
        self._fein = fein
        self._alter = all(a in tabelle.merkmale for a in ALTER)
        self._verlangt = self._verlangtes_alter() if self._alter else None
        frei = [s for s in tabelle.merkmale if self._verlangt is None or s not in ALTER]
        self._listen = [s for s in frei if isinstance(auswahl.wo.get(s), list)]
        self._zeilen = lies_zeilen(auswahl, tabelle, frei)
        self._teilwerte: dict[tuple[str, str], tuple[Teilwert, ...]] = {}

    def _verlangtes_alter(self) -> Gruppe | None:
        """Das verlangte Alter; ``None``, wenn eine Altersspalte mit einem festen Wert verglichen wird."""
        von, bis = 0.0, math.inf
        for spalte in ALTER:
            if spalte not in self.auswahl.wo:
                continue
            grenze = vergleich(self.auswahl.wo[spalte])
            if grenze is None or (grenze[0] in {"<", "<="}) == (spalte == ALTER[0]) or grenze[0] == "=":
                return None
            zeichen, wert = grenze
            if spalte == ALTER[0]:
                von = wert + (zeichen == ">")
            else:
                bis = wert - (zeichen == "<")
        return von, bis

    @cached_property
    def _felder(self) -> dict[tuple[str, str], list[Zeile]]:
        felder: dict[tuple[str, str], list[Zeile]] = defaultdict(list)
        for zeile in self._zeilen:
            felder[zeile["gebiet"], zeile["zeit"]].append(zeile)
        return felder

    @cached_property
    def _zeiten(self) -> dict[str, tuple[tuple[int, str], ...]]:
        zeiten: dict[str, set[tuple[int, str]]] = defaultdict(set)
        for zeile in self._zeilen:
            zeiten[zeile["gebiet"]].add((int(zeile["jahr"]), str(zeile["zeit"])))
        return {gebiet: tuple(sorted(menge)) for gebiet, menge in zeiten.items()}

    def zeiten(self, gebiet: str) -> tuple[tuple[int, str], ...]:
        """(Jahr, Zeit) aller gelieferten Felder des Gebiets, aufsteigend."""
        return self._zeiten.get(gebiet, ())

    def hole(self, gebiet: str, zeit: str) -> tuple[Teilwert, ...]:
        """Die Werte des Feldes: einer je Basis und Gebietsstand; leer, wenn nichts geliefert ist."""
        feld = (gebiet, zeit)
        if feld not in self._felder:
            return ()
        if feld not in self._teilwerte:
            self._teilwerte[feld] = tuple(self._baue(self._felder[feld]))
        return self._teilwerte[feld]

    def _baue(self, zeilen: list[Zeile]) -> Iterable[Teilwert]:
        """Je Basis und Gebietsstand ein Teilwert."""
        arten: dict[tuple[str, str], list[Zeile]] = defaultdict(list)
        for zeile in zeilen:
            arten[zeile["basis"], zeile["gebietsstand"]].append(zeile)
        return (self._teilwert(gruppe, *art) for art, gruppe in sorted(arten.items()))

    def _teilwert(self, zeilen: list[Zeile], basis: str, stand: str) -> Teilwert:
        if not self._listen:
            teile = [self._buendel(zeilen, ())]
        else:
            gebuendelt: dict[tuple[str, ...], list[Zeile]] = defaultdict(list)
            for zeile in zeilen:
                gebuendelt[tuple([zeile[s] for s in self._listen])].append(zeile)
            teile = [self._buendel(gebuendelt.get(k, []), k) for k in self._verlangte_listen]
        ganz = verbinde(teile, self.auswahl.faktor)
        return Teilwert(ganz.zahl, ganz.status, basis, stand, ganz.belege, ganz.hinweise, ganz.gruppen)

    @cached_property
    def _verlangte_listen(self) -> list[tuple[str, ...]]:
        return list(product(*([als_text(w) for w in self._liste(s)] for s in self._listen)))

    def _liste(self, spalte: str) -> Iterable[Skalar]:
        liste = self.auswahl.wo[spalte]
        return liste if isinstance(liste, list) else [liste]

    def _buendel(self, zeilen: list[Zeile], auspraegungen: tuple[str, ...]) -> Teilwert:
        """Ein Bündel von Zeilen mit gleichen Merkmalen: eine Zeile oder Altersgruppen."""
        if not zeilen:
            was = f" für „{', '.join(auspraegungen)}“" if any(auspraegungen) else ""
            return Teilwert(None, Status.FEHLT, hinweise=(f"Es fehlt eine Angabe{was}.",))
        if self._alter and self._verlangt is not None:
            return self._nach_alter(zeilen, self._verlangt)
        if len(zeilen) > 1 and not self._mehrere_erlaubt:
            stellen = ", ".join(str(z["zeile"]) for z in zeilen)
            return _gesperrt(f"Derselbe Wert ist mehrfach geliefert (Zeilen {stellen}).")
        return verbinde([self._einzeln(z) for z in zeilen])

    @cached_property
    def _mehrere_erlaubt(self) -> bool:
        """Vergleiche (``">=5"``) treffen mehrere Ausprägungen; sonst ist jede zweite Zeile doppelt."""
        grenzen = [vergleich(b) for b in self.auswahl.wo.values()]
        return any(grenze is not None and grenze[0] != "=" for grenze in grenzen)

    def _nach_alter(self, zeilen: list[Zeile], verlangt: Gruppe) -> Teilwert:
        gesamt = [z for z in zeilen if not z[ALTER[0]] and not z[ALTER[1]]]
        if len(gesamt) == 1 and verlangt == (0, math.inf) and not self._fein:
            return self._einzeln(gesamt[0])
        je_gruppe: dict[Gruppe, Zeile] = {}
        for zeile in zeilen:
            gruppe = _gruppe(zeile)
            if gruppe is None:
                continue
            if gruppe in je_gruppe:
                text = f"Die Altersgruppe „{alterstext(*gruppe)}“ ist mehrfach geliefert"
                return _gesperrt(f"{text} (Zeilen {je_gruppe[gruppe]['zeile']}, {zeile['zeile']}).")
            je_gruppe[gruppe] = zeile
        zerlegt = zerlege(
            verlangt, je_gruppe, bekannt=lambda g: Status(je_gruppe[g]["status"]).hat_zahl, fein=self._fein
        )
        if not zerlegt.gruppen:
            return self._ohne_zerlegung(zerlegt, verlangt)
        teile = [self._einzeln(je_gruppe[g]) for g in zerlegt.gruppen]
        gruppen = tuple((g, t.zahl) for g, t in zip(zerlegt.gruppen, teile, strict=True))
        return replace(verbinde(teile), gruppen=gruppen)

    def _ohne_zerlegung(self, zerlegt: Zerlegung, verlangt: Gruppe) -> Teilwert:
        hinweis = f"{zerlegt.grund}; „{alterstext(*verlangt)}“ lässt sich daraus nicht bilden."
        return Teilwert(None, Status.GESPERRT if zerlegt.zerschnitten else Status.FEHLT, hinweise=(hinweis,))

    def _einzeln(self, zeile: Zeile) -> Teilwert:
        status = Status(zeile["status"])
        zahl = exakt(float(zeile["wert"])) if status.hat_zahl else None
        beleg = Beleg(
            quelle=self.auswahl.quelle,
            datei=str(zeile["datei"]),
            zeile=int(zeile["zeile"]),
            spalte=str(zeile["spalte"]),
            wert=None if zahl is None else float(zeile["wert"]),
            rolle="wert",
            gewicht=self.auswahl.faktor,
            gebiet=str(zeile["gebiet"]),
        )
        berichtigt = zeile.get("berichtigt", "")
        return Teilwert(zahl, status, belege=(beleg,), hinweise=(berichtigt,) if berichtigt else ())


def verbinde(teile: Iterable[Teilwert], faktor: float = 1) -> Teilwert:
    """Summe von Teilwerten derselben Basis; ohne Zahl, sobald einem Teil die Zahl fehlt."""
    liste = list(teile)
    zahlen = [t.zahl for t in liste if t.zahl is not None]
    summe = _summe(zahlen, faktor) if len(zahlen) == len(liste) else None
    status = summenstatus([t.status for t in liste], summe)
    allein = liste[0] if len(liste) == 1 and faktor == 1 else None
    if allein is not None and allein.status is status and not (allein.basis or allein.gebietsstand):
        return allein  # es bliebe alles, wie es ist
    return Teilwert(
        zahl=summe,
        status=status,
        belege=tuple(b for t in liste for b in t.belege),
        hinweise=tuple(dict.fromkeys(h for t in liste for h in t.hinweise)),
        gruppen=tuple(g for t in liste for g in t.gruppen),
    )


def _summe(zahlen: list[Fraction], faktor: float) -> Fraction:
    summe = zahlen[0] if len(zahlen) == 1 else sum(zahlen, Fraction(0))
    return summe if faktor == 1 else summe * exakt(faktor)


def _gruppe(zeile: Zeile) -> Gruppe | None:
    """[von, bis) einer Zeile; ``None`` für die Summenzeile."""
    von, bis = zeile[ALTER[0]], zeile[ALTER[1]]
    if not von and not bis:
        return None
    return float(von or 0), float(bis) if bis else math.inf


def _gesperrt(hinweis: str) -> Teilwert:
    return Teilwert(None, Status.GESPERRT, hinweise=(hinweis,))


_SPEICHER: dict[tuple[int, str, bool], Zellen] = {}


def zellen(auswahl: Auswahl, tabelle: Tabelle, *, fein: bool = False) -> Zellen:
    """Wie :class:`Zellen`, aber für dieselbe Tabelle und Auswahl nur einmal gebaut.

    Raises:
        MerkmalOffen: siehe :class:`Zellen`.
    """
    schluessel = (id(tabelle), auswahl.model_dump_json(), fein)
    if schluessel not in _SPEICHER:
        _SPEICHER[schluessel] = Zellen(auswahl, tabelle, fein=fein)
        weakref.finalize(tabelle, _SPEICHER.pop, schluessel, None)
    return _SPEICHER[schluessel]


class MerkmalOffen(Exception):
    """Die Quelle gliedert nach einem Merkmal, das die Auswahl nicht nennt, und hat keine Summenzeile."""

    def __init__(self, merkmal: str, auspraegungen: Iterable[str]) -> None:
        self.merkmal = merkmal
        self.auspraegungen = tuple(auspraegungen)
        super().__init__(merkmal)


def passt(text: str, bedingung: Bedingung) -> bool:
    """Ob eine Ausprägung die Bedingung erfüllt."""
    if isinstance(bedingung, list):
        return any(passt(text, einzeln) for einzeln in bedingung)
    grenze = vergleich(bedingung)
    if grenze is not None:
        try:
            return bool(_RECHNEN[grenze[0]](float(text), grenze[1]))
        except ValueError:
            return False
    return text == als_text(bedingung)


def lies_zeilen(auswahl: Auswahl, tabelle: Tabelle, merkmale: Sequence[str]) -> list[Zeile]:
    """Zeilen der Auswahl; Merkmale, Basis und Gebietsstand als Text.

    Gefiltert wird nach den ``merkmale``; nicht genannte werden auf ihre Summenzeile beschränkt.

    Raises:
        MerkmalOffen: wenn ein nicht genanntes Merkmal gliedert und keine Summenzeile da ist.
    """
    stellen = tabelle.stellen(auswahl.groesse)
    for merkmal in sorted(merkmale, key=lambda m: m not in auswahl.wo):  # erst, was die Auswahl nennt
        alle = tabelle.auspraegungen(stellen, merkmal)
        if merkmal in auswahl.wo:
            gewollt = [a for a in alle if passt(a, auswahl.wo[merkmal])]
        else:
            gewollt = _insgesamt(alle, merkmal)
        if len(gewollt) < len(alle):
            stellen = tabelle.mit(stellen, merkmal, gewollt)
    return tabelle.zeilen(stellen)


def _insgesamt(alle: list[str], merkmal: str) -> list[str]:
    if len(alle) <= 1:
        return alle
    summen = [a for a in alle if a.casefold() in INSGESAMT]
    if not summen:
        raise MerkmalOffen(merkmal, alle)
    return summen


SUMMIERBAR = frozenset({"einheit", "planungsgebiet", "kreis"})
"""Nur hier nennt das Verzeichnis alle Teile; Land und Bund entstehen nie aus den eigenen Kreisen."""


class Gebietswerte:
    """Werte einer Auswahl mit der Hierarchie der Gebiete."""

    def __init__(self, zellen: Zellen, verzeichnis: Gebietsverzeichnis, *, summieren: bool) -> None:
        self._zellen = zellen
        self._verzeichnis = verzeichnis
        self._summieren = summieren
        self._merke: dict[tuple[str, str], tuple[Teilwert, ...]] = {}
        self._merke_zeiten: dict[str, tuple[tuple[int, str], ...]] = {}
        self._merke_jahre: dict[str, dict[int, tuple[str, ...]]] = {}

    def zeiten(self, gebiet: str) -> tuple[tuple[int, str], ...]:
        """(Jahr, Zeit), zu denen es etwas gibt (auch nur zu einem Teil), aufsteigend."""
        if gebiet not in self._merke_zeiten:
            self._merke_zeiten[gebiet] = tuple(sorted(self._alle_zeiten(gebiet)))
        return self._merke_zeiten[gebiet]

    def zeiten_im(self, gebiet: str, jahr: int) -> tuple[str, ...]:
        """Die Zeiten eines Jahres, zu denen es etwas gibt, aufsteigend."""
        if gebiet not in self._merke_jahre:
            je_jahr: dict[int, tuple[str, ...]] = {}
            for j, zeit in self.zeiten(gebiet):
                je_jahr[j] = (*je_jahr.get(j, ()), zeit)
            self._merke_jahre[gebiet] = je_jahr
        return self._merke_jahre[gebiet].get(jahr, ())

    def _alle_zeiten(self, gebiet: str) -> set[tuple[int, str]]:
        menge = set(self._zellen.zeiten(gebiet))
        for gleich in self._verzeichnis.gleiche(gebiet):
            menge |= set(self._zellen.zeiten(gleich.schluessel))
        if self._darf_summieren(gebiet):
            for kind in self._verzeichnis.kinder(gebiet):
                menge |= set(self.zeiten(kind.schluessel))
        return menge

    def hole(self, gebiet: str, zeit: str) -> tuple[Teilwert, ...]:
        """Möglichkeiten für das Feld, höchstens eine je Basis und Gebietsstand."""
        if (gebiet, zeit) not in self._merke:
            self._merke[gebiet, zeit] = self._hole(gebiet, zeit)
        return self._merke[gebiet, zeit]

    def _hole(self, gebiet: str, zeit: str) -> tuple[Teilwert, ...]:
        gefunden = self._zellen.hole(gebiet, zeit)
        for gleich in self._verzeichnis.gleiche(gebiet):
            gefunden = gefunden or self._zellen.hole(gleich.schluessel, zeit)
        if not self._darf_summieren(gebiet):
            return gefunden
        vorhanden = {t.basis for t in gefunden}
        return gefunden + tuple(t for t in self._summen(gebiet, zeit) if t.basis not in vorhanden)

    def _darf_summieren(self, gebiet: str) -> bool:
        return self._summieren and self._verzeichnis[gebiet].ebene in SUMMIERBAR

    def _summen(self, gebiet: str, zeit: str) -> Iterable[Teilwert]:
        kinder = self._verzeichnis.kinder(gebiet)
        je_kind = [(kind, self.hole(kind.schluessel, zeit)) for kind in kinder]
        basen = sorted({t.basis for _, teile in je_kind for t in teile})
        for basis in basen:
            yield self._summe(gebiet, je_kind, basis)

    def _summe(self, gebiet: str, je_kind: list[tuple[Gebiet, tuple[Teilwert, ...]]], basis: str) -> Teilwert:
        teile: list[Teilwert] = []
        fehlend: list[str] = []
        for kind, moeglich in je_kind:
            passend = sorted((t for t in moeglich if t.basis == basis), key=lambda t: t.gebietsstand)
            if passend:
                teile.append(passend[-1])
            if not passend or passend[-1].zahl is None:
                fehlend.append(kind.name)
        staende = {t.gebietsstand for t in teile if t.gebietsstand}
        if len(teile) < len(je_kind):
            teile.append(Teilwert(None, Status.FEHLT))
        hinweise = (_teile_fehlen(fehlend, len(je_kind)),) if fehlend else ()
        summe = verbinde(teile)
        if not all(self._gleich(je_kind, a, b) for a in staende for b in staende if a < b):
            hinweise = (f"Die Teile haben verschiedene Gebietsstände ({', '.join(sorted(staende))}).",)
            summe = replace(summe, zahl=None, status=Status.GESPERRT)
        return replace(summe, basis=basis, gebietsstand=max(staende, default=""), hinweise=hinweise)

    def _gleich(self, je_kind: list[tuple[Gebiet, tuple[Teilwert, ...]]], eins: str, zwei: str) -> bool:
        return all(self._verzeichnis.gleicher_stand(kind.schluessel, eins, zwei) for kind, _ in je_kind)


def _teile_fehlen(fehlend: list[str], anzahl: int) -> str:
    namen = ", ".join(fehlend[:4]) + (" …" if len(fehlend) > 4 else "")
    return f"Keine Summe: für {len(fehlend)} von {anzahl} Teilen fehlt der Wert ({namen})."
