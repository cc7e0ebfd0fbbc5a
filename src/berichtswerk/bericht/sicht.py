"""Die Sicht, die sich alle Teile eines Berichts teilen: Projekt, Ausgabe, Gebiet, Daten bis zum Datenstand.

Sie ist unveränderlich; was beim Zeigen zusammenkommt (Quellen, Labels, Bindungen), steht in ihrem
:class:`Register`, das auch die Sichten auf andere Gebiete desselben Berichts benutzen.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from berichtswerk.bericht import reihenwahl as bild
from berichtswerk.bericht.anzeige import Anzeige, im_lauf
from berichtswerk.bericht.ausgabe import Ausgabe, lade_ausgabe
from berichtswerk.bericht.fehler import AngabeUnbekannt, LabelDoppelt, WahlUnbekannt
from berichtswerk.daten.bestand import QuelleUnbekannt
from berichtswerk.daten.gebiete import EBENEN, Ebene
from berichtswerk.fach.reihe import Eingang, Reihe, beschraenke, eingaenge, eingaenge_aus
from berichtswerk.gegenstand import nachweis
from berichtswerk.gegenstand.gegenstaende import Abbildung, Beleg, Bindung, Fehlt, Gegenstand, Nachweis
from berichtswerk.gegenstand.serien import Serie
from berichtswerk.grund import zahl
from berichtswerk.grund.meldung import BerichtswerkFehler, vorschlag
from berichtswerk.grund.projekt import Projekt
from berichtswerk.worte import belegzeilen
from berichtswerk.worte.befund import als_beispiel
from berichtswerk.worte.sprache import aufzaehlung, in_einigen, ortsangabe, zahlwort

if TYPE_CHECKING:
    import pandas as pd

    from berichtswerk.bild.kartengrund import Kartengrund
    from berichtswerk.bild.thema import Thema
    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.daten.gebiete import Gebiet
    from berichtswerk.fach.berechnung import Rechner
    from berichtswerk.fach.katalog import Kennzahlenkatalog
    from berichtswerk.fach.kennzahl import Kennzahl
    from berichtswerk.fach.rechenwerk import Gerechnet
    from berichtswerk.fach.reihe import Wert

Inhalt = str | Reihe | None
"""Was gezeigt werden kann: die id einer Kennzahl oder eine Reihe (auch selbst gerechnet); ``None`` fehlt."""

_VERGLEICH: dict[Ebene, tuple[Ebene, ...]] = {
    "gemeinde": ("kreis", "land"),
    "einheit": ("kreis", "land"),
    "planungsgebiet": ("kreis", "land"),
    "kreis": ("land", "bund"),
    "land": ("bund",),
    "bund": (),
}
"""Womit ein Gebiet verglichen wird, wenn nichts anderes verlangt ist."""

_PLURAL: dict[str, Ebene] = {
    "gemeinden": "gemeinde",
    "einheiten": "einheit",
    "planungsgebiete": "planungsgebiet",
    "kreise": "kreis",
}

RAUM: dict[str, str] = {
    "einheiten": "Kommunen",
    "gemeinden": "Gemeinden",
    "planungsgebiete": "Planungsgebieten",
    "kreise": "Kreisen",
}
"""Gliederungen, wie sie im Satz heißen (Dativ Mehrzahl)."""


@dataclass(eq=False, slots=True)
class Register:
    """Was ein Bericht beim Zeigen sammelt; gemeinsam für alle seine Sichten."""

    reihen: dict[tuple[str, tuple[str, ...] | None], Reihe] = field(default_factory=dict)
    benutzt: dict[str, Kennzahl] = field(default_factory=dict)
    """Kennzahlen, die gezeigt oder gerechnet wurden."""
    mit_zahl: set[str] = field(default_factory=set)
    """Kennzahlen darunter, die eine Zahl haben."""
    gezeigt: set[str] = field(default_factory=set)
    """Kennzahlen darunter, die in einer Abbildung, Tabelle oder Beschreibung stehen."""
    quellen: dict[str, bool] = field(default_factory=dict)
    """Benutzte Quellen → ob damit gerechnet wurde."""
    labels: set[str] = field(default_factory=set)
    """Labels und Marken."""
    fehlend: list[Fehlt] = field(default_factory=list)
    gebunden: dict[str, Bindung] = field(default_factory=dict)
    """Gebundene Namen; ``<bereich>:<name>`` gilt in den Texten eines anderen Gebiets."""
    nebenbei: dict[str, dict[str, Bindung]] = field(default_factory=dict)
    """Gebiet → Bindungen, die erst ein Text verlangt hat."""
    vorlagen: dict[str, Abbildung] = field(default_factory=dict)
    """Abbildungen, deren ``chart`` jemand zum Ändern geholt hat, unter ihrem Label."""
    texte: dict[str, set[str]] = field(default_factory=dict)
    """Gebiet → seine gezeigten Texte; unter ``""`` die des Berichts."""
    nachweise: dict[tuple[int, int], tuple[Wert, Kennzahl, Nachweis]] = field(default_factory=dict)
    """Gebaute Nachweise unter der ``id`` von Wert und Kennzahl, die mit ihnen am Leben bleiben."""


@dataclass(frozen=True, eq=False)
class Sicht:
    """Ein Bericht für ein Gebiet und eine Ausgabe; nichts Gezeigtes ist jünger als ``bis``.

    ``bereich`` ist der Schlüssel des Gebiets beim Blick auf ein anderes (:meth:`fuer`), sonst leer.
    """

    projekt: Projekt
    ausgabe: Ausgabe
    bestand: Datenbestand
    katalog: Kennzahlenkatalog
    rechner: Rechner
    gebiet: Gebiet
    bis: int | None
    variante: str | None = None
    bereich: str = ""
    register: Register = field(default_factory=Register)

    @classmethod
    def lade(
        cls, bericht: str, ausgabe: str | int, gebiet: str | None = None, variante: str | None = None,
        projekt: Projekt | Path | None = None,
    ) -> Sicht:  # fmt: skip
        """Findet Projekt, Ausgabe, Gebiet und Daten.

        Raises:
            BerichtswerkFehler: Projekt, Ausgabe oder Gebiet gibt es nicht; Beschreibungen sind fehlerhaft.
        """
        from berichtswerk.bericht import voraus
        from berichtswerk.daten.bestand import Datenbestand
        from berichtswerk.fach.berechnung import Rechner
        from berichtswerk.fach.katalog import Kennzahlenkatalog

        ort = projekt if isinstance(projekt, Projekt) else Projekt.finde(projekt)
        beschreibung = lade_ausgabe(ort, bericht, ausgabe)
        fertig = voraus.hole(ort, bericht, str(ausgabe)) if im_lauf() else None
        # ein Lauf nennt am Ende alle Zweifel auf einmal, in JupyterLab hält die Zelle, die zuerst liest
        zweifel: Literal["sammeln", "halten"] = "sammeln" if im_lauf() else "halten"
        bestand = (
            fertig.bestand if fertig else Datenbestand(ort, bei_zweifel=zweifel, am=beschreibung.datei.stand)
        )
        wunsch = gebiet or beschreibung.datei.parameter.get("gebiet")
        eigenes = bestand.gebiete.finde(str(wunsch)) if wunsch else bestand.gebiete.kreis
        gefunden = beschreibung.variante_fuer(eigenes.schluessel)
        katalog = fertig.katalog if fertig else Kennzahlenkatalog.lade(ort)
        rechner = fertig.rechner if fertig else Rechner(bestand, katalog)
        return cls(
            ort, beschreibung, bestand, katalog, rechner, eigenes,
            beschreibung.bis, variante or (gefunden.name if gefunden else None),
        )  # fmt: skip

    def fuer(self, gebiet: str) -> Sicht:
        """Derselbe Bericht mit Blick auf ein anderes Gebiet (Schlüssel oder Name); das Register bleibt.

        Raises:
            BerichtswerkFehler: ``gebiet-unbekannt`` oder ``gebiet-mehrdeutig``.
        """
        anderes = self.bestand.gebiete.finde(gebiet)
        neu = replace(self, gebiet=anderes, bereich=anderes.schluessel)
        if "thema" in vars(self):
            vars(neu)["thema"] = self.thema
        return neu

    # --- Daten ---------------------------------------------------------------------------------------

    def reihe(self, inhalt: str | Reihe, gebiete: Iterable[str] | None = None) -> Reihe:
        """Die Reihe einer Kennzahl für das Gebiet und seine Vergleichsgebiete (oder ``gebiete``).

        Von einer fertigen Reihe bleiben diese Gebiete; gerechnet wird dann nichts.

        Raises:
            BerichtswerkFehler: ``kennzahl-unbekannt`` mit den ähnlichsten Namen.
        """
        r = self.register
        schluessel = tuple(gebiete) if gebiete is not None else self.standardgebiete
        if isinstance(inhalt, Reihe):
            reihe = beschraenke(inhalt, schluessel)
        elif (inhalt, schluessel) in r.reihen:
            return r.reihen[inhalt, schluessel]
        else:
            reihe = self.rechner.berechne(self.katalog.finde(inhalt), schluessel, bis=self.bis)
            r.reihen[inhalt, schluessel] = reihe
        return self._merke(reihe)

    def rueckwaerts(self, inhalt: str | Reihe, gebiete: Sequence[str]) -> Iterator[Reihe]:
        """Wie :meth:`reihe`, aber je Jahr eine, das jüngste zuerst: wer eines sucht, rechnet nicht alle."""
        if isinstance(inhalt, Reihe):
            ganz = self.reihe(inhalt, gebiete)
            yield from (ganz.jahr(jahr) for jahr in reversed(ganz.jahre))
            return
        kennzahl = self.katalog.finde(inhalt)
        self.register.benutzt.setdefault(kennzahl.id, kennzahl)
        yield from map(self._merke, self.rechner.rueckwaerts(kennzahl, gebiete, self.bis))

    def _merke(self, reihe: Reihe) -> Reihe:
        kennzahl = reihe.kennzahl
        self.register.benutzt.setdefault(kennzahl.id, kennzahl)
        if any(w.wert is not None for w in reihe):
            self.register.mit_zahl.add(kennzahl.id)
        return reihe

    def rechnung(self, kennung: str) -> Gerechnet:
        """Was eine Rechnung aus den Daten bis zum Datenstand ergibt.

        Raises:
            BerichtswerkFehler: ``rechnung-unbekannt``, oder sie lässt sich nicht rechnen.
        """
        return self.rechner.rechnung(kennung, self.bis)

    def beschreibung(self, inhalt: str | Reihe) -> Kennzahl:
        """Die Kennzahl hinter einer id oder Reihe."""
        return inhalt.kennzahl if isinstance(inhalt, Reihe) else self.katalog.finde(inhalt)

    def werte(self, quelle: str) -> pd.DataFrame:
        """Die gelesenen Werte einer Quelle in langer Form, höchstens bis zum Datenstand der Ausgabe."""
        werte = self.bestand.tabelle(quelle).werte
        return werte if self.bis is None else werte[werte["jahr"] <= self.bis].reset_index(drop=True)

    @cached_property
    def standardgebiete(self) -> tuple[str, ...]:
        """Das Gebiet selbst und alle Gebiete darüber."""
        oben = [self.bestand.gebiete.vorfahr(self.gebiet.schluessel, e) for e in ("kreis", "land", "bund")]
        return tuple(dict.fromkeys([self.gebiet.schluessel, *(g.schluessel for g in oben if g)]))

    def vergleichsgebiete(self, vergleich: Sequence[str] | None = None) -> list[Gebiet]:
        """Vergleichsgebiete über dem eigenen; ``vergleich`` nennt Ebenen oder Schlüssel.

        Ebenen, die es über dem Gebiet nicht gibt, fallen weg: dasselbe Notizbuch gilt für Kreis und Land.
        """
        verzeichnis = self.bestand.gebiete
        gefunden: list[Gebiet] = []
        for name in _VERGLEICH[self.gebiet.ebene] if vergleich is None else vergleich:
            ebene: Ebene | None = next((e for e in EBENEN if e == name), None)
            oben = verzeichnis.vorfahr(self.gebiet.schluessel, ebene) if ebene else verzeichnis.finde(name)
            gefunden += [oben] if oben and oben != self.gebiet else []
        return list({g.schluessel: g for g in gefunden}.values())

    def teilgebiete(self, nach: str | Sequence[str]) -> list[Gebiet]:
        """Gebiete einer Ebene im eigenen Gebiet („einheiten“) oder die genannten, in fester Reihenfolge.

        Raises:
            BerichtswerkFehler: ``wahl-unbekannt``, die Gliederung gibt es nicht.
        """
        verzeichnis = self.bestand.gebiete
        if not isinstance(nach, str):
            return [verzeichnis.finde(name) for name in nach]
        pruefe_wahl("nach", nach, _PLURAL)
        if nach == "kreise":
            return list(verzeichnis.ebene("kreis"))
        # vom Land sind nur die Kommunen des eigenen Kreises bekannt; sie stehen nicht für das Land
        vollstaendig = self.gebiet.ebene not in {"land", "bund"}
        return list(verzeichnis.kinder(self.gebiet.schluessel, _PLURAL[nach])) if vollstaendig else []

    def teile(self) -> list[Gebiet]:
        """Alle bekannten Gebiete im eigenen; keine bei Land und Bund."""
        if self.gebiet.ebene in {"land", "bund"}:
            return []
        kinder = self.bestand.gebiete.kinder
        ebenen: tuple[Ebene, ...] = ("planungsgebiet", "einheit", "gemeinde")
        return [g for ebene in ebenen for g in kinder(self.gebiet.schluessel, ebene)]

    def gegliedert(self, nach: str | Sequence[str]) -> list[Gebiet]:
        """Die Gebiete einer Gliederung; „vergleich“ ist das Gebiet mit seinen Vergleichsgebieten."""
        if nach == "vergleich":
            return [self.gebiet, *self.vergleichsgebiete()]
        return self.teilgebiete(nach)

    def jahresreihen(
        self, kennzahlen: Sequence[Inhalt], vergleich: Sequence[str] | None, von: int | None, bis: int | None
    ) -> tuple[list[Reihe], list[Serie], list[Gebiet]]:
        """Reihen, Serien und Gebiete einer Abbildung oder Tabelle über Jahre."""
        inhalte = [k for k in kennzahlen if k is not None]
        allein = len(inhalte) == 1
        if allein and vergleich is None and self.beschreibung(inhalte[0]).absolut:
            vergleich = ()  # neben den Millionen des Bundes wäre das Gebiet ein Strich am Boden
        orte = [self.gebiet, *(self.vergleichsgebiete(vergleich) if allein else [])]
        gebiete = list(dict.fromkeys([*self.standardgebiete, *(g.schluessel for g in orte)]))
        reihen = [
            bild.auswahl(bild.je_jahr(self.reihe(k, gebiete)), orte, bild.zeitraum(von, bis)) for k in inhalte
        ]
        if not allein:
            serien = [bild.ueber_jahre(r, self.gebiet, r.kennzahl.name, "teil") for r in reihen]
            return reihen, [s for s in serien if s.mit_zahl()], orte
        vorhanden = [g for g in orte if any(w.gebiet == g.schluessel for w in bild.mit_zahl(reihen[0]))]
        serien = [
            bild.ueber_jahre(reihen[0], g, self.name_von(g), "fokus" if g == self.gebiet else "vergleich")
            for g in vorhanden
        ]
        # ohne eigenen Wert ist die Abbildung keine Aussage über das Gebiet
        return (reihen, serien, vorhanden) if self.gebiet in vorhanden else ([], [], orte)

    def ein_jahr(
        self, kennzahlen: Sequence[Inhalt], gebiete: Sequence[Gebiet], jahr: int | None, *,
        daneben: Sequence[Gebiet] = (),
    ) -> tuple[list[Reihe], int | None, list[Reihe]]:  # fmt: skip
        """Reihen aller Gebiete samt eigenem, das Jahr, und die Reihen nur mit den gezeigten Werten.

        Die Reihen enthalten auch die Gebiete ``daneben``; das Jahr richtet sich nur nach ``gebiete``.
        """
        orte = [g.schluessel for g in (*gebiete, *daneben)]
        schluessel = list(dict.fromkeys([*orte, *self.standardgebiete]))
        alle = [bild.je_jahr(self.reihe(k, schluessel)) for k in kennzahlen if k is not None]
        gewaehlt = jahr if jahr is not None else bild.bestes_jahr(alle, gebiete)
        return alle, gewaehlt, [bild.auswahl(r, gebiete, [gewaehlt]) for r in alle]

    @cached_property
    def thema(self) -> Thema:
        """Farben und Maße der Abbildungen aus der Marke."""
        from berichtswerk.bild.thema import Thema
        from berichtswerk.marke.marke import Marke

        return Thema(Marke.lade(self.projekt))

    def kartengrund(self, gebiete: Sequence[Gebiet]) -> Kartengrund | None:
        """Grenzen, Mosaik oder Felder für diese Gebiete; ``None``, wenn eines nicht im Kreis liegt."""
        from berichtswerk.bild.kartengrund import lade

        return lade(self.bestand, gebiete) if gebiete else None

    # --- Beschriftung --------------------------------------------------------------------------------

    def namen(self, inhalte: Iterable[Inhalt]) -> str:
        """Die Namen mehrerer Kennzahlen, für Unterschriften und Platzhalter; mehr als drei werden gezählt."""
        namen = [self.beschreibung(k).name for k in inhalte if k is not None]
        return aufzaehlung(namen) if len(namen) <= 3 else f"{zahlwort(len(namen)).capitalize()} Kennzahlen"

    def name_von(self, gebiet: Gebiet) -> str:
        """Der Name, unter dem ein Gebiet in Abbildungen und Tabellen steht."""
        return gebiet.name_kurz or gebiet.name

    def ort(self, gebiet: Gebiet | None = None) -> str:
        """Das Gebiet im Satz: „im Landkreis …“."""
        g = gebiet or self.gebiet
        return ortsangabe(g.name, g.ebene, g.art or "")

    def orte(self, gebiete: Iterable[Gebiet], von: int = 0) -> str:
        """Mehrere Gebiete im Satz: „in Musterau und im Amt Seen“; leer ohne Gebiet.

        Mit ``von`` (so viele gibt es) heißen mehr als vier „in fünf von zehn Kommunen“.
        """
        liste = list(gebiete)
        if von and len(liste) > 4:
            return in_einigen(len(liste), von, "Kommunen")
        return aufzaehlung([self.ort(g) for g in liste])

    def beschriftung(
        self, was: str, einheit: str, orte: Sequence[Gebiet], jahre: Iterable[int], voraus: int | None = None
    ) -> str:
        """Unterschrift: was, wo, wann (``voraus``: ab wann vorausgerechnet), Einheit."""
        liste = sorted(set(jahre))
        wann = zahl.zeitraum(liste[0], liste[-1]) if liste else ""
        if voraus is not None:
            ganz = voraus <= liste[0]
            davor = max([j for j in liste if j < voraus], default=voraus)
            ab = f"Vorausrechnung ab {voraus}" if voraus - davor < 2 else "mit Vorausrechnung"
            wann = f"Vorausrechnung {wann}" if ganz else f"{wann}, {ab}"
        wo = self.orte(orte)
        einheit = "in %" if einheit in {"%", "Prozent"} else einheit
        text = ", ".join(teil for teil in (f"{was} {wo}".strip(), wann) if teil)
        return f"{text} ({einheit})" if einheit else text

    # --- Abgabe --------------------------------------------------------------------------------------

    def gib(
        self, gegenstand: Gegenstand, lies: Callable[[], str] | None = None, *, ersetzt: str = ""
    ) -> Anzeige:
        """Merkt Label und Fehlendes und macht den Gegenstand anzeigbar.

        ``lies`` gibt Markdown zum Lesen in JupyterLab, wo der Gegenstand selbst nur ein Platz ist;
        ``ersetzt`` ist das Label, das er übernehmen darf.

        Raises:
            BerichtswerkFehler: ``label-doppelt``.
        """
        if isinstance(gegenstand, Abbildung) and gegenstand.beleg.beispiel:
            gegenstand = gegenstand.model_copy(update={"alt": als_beispiel(gegenstand.alt)})
        label = getattr(gegenstand, "label", "")
        if label and label != ersetzt and label in self.register.labels and im_lauf():
            raise BerichtswerkFehler(LabelDoppelt.melde(label=label))
        self.register.labels.add(label)
        if isinstance(gegenstand, Fehlt):
            self.register.fehlend.append(gegenstand)
        return Anzeige(gegenstand, self, lies)

    def fehlt(
        self, label: str, was: str, grund: str = "", *, nach: str | Sequence[str] = "", mangel: bool = True
    ) -> Anzeige:  # fmt: skip
        """Platzhalter mit deutschem Grund statt einer leeren Abbildung; siehe ``Texte.fehlt``."""
        bis = f" bis {self.bis}" if self.bis else ""
        teile = f" nach {RAUM[str(nach)]}" if str(nach) in RAUM else ""
        was = re.sub(
            r"(?: (?:ab|bis|in|seit))? \{[^}]*\}", "", was
        )  # Jahre einer Rechnung, die es nicht gibt
        worueber = f"Zu „{was}“" if was else "Hierzu"
        text = grund or f"{worueber} liegen {self.ort()}{bis} keine Daten{teile} vor."
        return self.gib(Fehlt(label=label, grund=text, mangel=mangel))

    def beleg(
        self, reihen: Sequence[Reihe], hinweise: Iterable[str] = (), definition: str | None = None,
        weitere: Sequence[str] = (),
    ) -> Beleg:  # fmt: skip
        """Beleg zu gezeigten Reihen (und ``weitere`` Quellen); merkt Quellen und Begriffe für den Anhang."""
        self.merke_quellen(reihen, weitere)
        self.register.gezeigt |= {r.kennzahl.id for r in reihen if any(w.wert is not None for w in r)}
        return belegzeilen.beleg_aus_reihen(
            reihen, self.bestand.quellen, hinweise=hinweise, definition=definition, weitere=weitere
        )

    def merke_quellen(self, reihen: Sequence[Reihe], weitere: Sequence[str] = ()) -> None:
        """Diese Quellen gehören ins Quellenverzeichnis."""
        gemerkt = self.register.quellen
        benutzt = belegzeilen.quellen_von(reihen) | dict.fromkeys(weitere, False)
        for name, gerechnet in benutzt.items():
            gemerkt[name] = gemerkt.get(name, False) or gerechnet

    def beleg_frei(
        self, quellen: Sequence[str], definition: str = "", hinweise: Iterable[str] = (), *,
        gerechnet: bool = True, rechnung: str = "",
    ) -> Beleg:  # fmt: skip
        """Beleg zu genannten Quellen, mit denen gerechnet wurde; ohne ``gerechnet`` sind sie nur gezeigt.

        ``rechnung``: wie die Rechnung heißt, über die sie eingehen.

        Raises:
            BerichtswerkFehler: ``quelle-unbekannt`` mit den ähnlichsten Namen.
        """
        bekannt = self.bestand.quellen
        if befunde := [
            QuelleUnbekannt.melde(feld="quellen", name=q, vorschlag=vorschlag(q, bekannt))
            for q in quellen
            if q not in bekannt
        ]:
            raise BerichtswerkFehler(befunde)
        register = self.register.quellen
        register.update({q: gerechnet or register.get(q, False) for q in quellen})
        berichtigt = [s for q in quellen for s in bekannt[q].berichtigungen(self.bis)]
        return belegzeilen.beleg(
            [(bekannt[q], gerechnet) for q in quellen],
            hinweise=(*hinweise, *berichtigt),
            definition=definition,
            rechnungen=dict.fromkeys(quellen, (rechnung,)) if rechnung else None,
        )

    def eingaenge(self, quellen: Sequence[str], auszuege: Sequence[Any] = ()) -> tuple[Eingang, ...]:
        """Dateien und Zeilen, mit denen gerechnet wurde: die der Auszüge, sonst die ganzen Quellen.

        ``auszuege`` sind DataFrames mit den Spalten ``datei``, ``zeile``, ``gebiet`` aus ``b.daten(…)`` oder
        Reihen. Von Quellen ohne Auszug zählen alle Zeilen bis zum Datenstand.
        """
        reihen = [a for a in auszuege if isinstance(a, Reihe)]
        gefunden = [*eingaenge("", (b for r in reihen for w in r for b in w.belege))]
        gefunden += [e for r in reihen for w in r if w.eigene for e in w.eigene.eingaenge]
        quelle_von = self.quellen_der_dateien(quellen)
        for rahmen in (a for a in auszuege if not isinstance(a, Reihe)):
            for datei, teil in rahmen.groupby("datei", observed=True):
                gefunden += eingaenge_aus("", quelle_von.get(str(datei), ""), teil)
        schon = {e.quelle for e in gefunden}
        for quelle in (q for q in quellen if q not in schon):
            pfade = self.bestand.quelle(quelle).pfade(self.projekt)
            ohne_zeilen = [Eingang("", quelle, self.projekt.relativ(p)) for p in pfade]
            gefunden += eingaenge_aus("", quelle, self.werte(quelle)) or ohne_zeilen
        return tuple(dict.fromkeys(gefunden))

    def quellen_der_dateien(self, quellen: Sequence[str]) -> dict[str, str]:
        """Datei ab der Projektwurzel → Quelle."""
        pfade = {q: self.bestand.quelle(q).pfade(self.projekt) for q in quellen}
        return {self.projekt.relativ(p): q for q, liste in pfade.items() for p in liste}

    def nachweise(self, reihen: Iterable[Reihe]) -> tuple[Nachweis, ...]:
        """Nachweise aller gezeigten Werte mit Zahl."""
        paare = ((w, r.kennzahl) for r in reihen for w in r if w.wert is not None)
        return tuple(self.nachweis(w, k) for w, k in paare)

    def nachweis(self, wert: Wert, kennzahl: Kennzahl) -> Nachweis:
        """Der Nachweis eines Werts, je Bericht einmal gebaut; wo er gezeigt wird, sagt sein Gegenstand."""
        gebaut = self.register.nachweise
        stelle = id(wert), id(kennzahl)
        if stelle not in gebaut:
            gebaut[stelle] = wert, kennzahl, nachweis.aus_wert(wert, kennzahl)
        return gebaut[stelle][2]


class Teil:
    """Ein Teil der Fassade; alle Teile eines Berichts teilen eine Sicht."""

    def __init__(self, sicht: Sicht) -> None:
        self._sicht = sicht

    @property
    def sicht(self) -> Sicht:
        """Alles Weitere für eigene Rechnungen: ``projekt``, ``ausgabe``, ``bis``, ``bestand``, ``katalog``,
        ``standardgebiete``, ``thema``, ``ort()`` („im Landkreis …“), ``name_von(gebiet)``.

        >>> b.sicht.katalog["arbeitslosenquote"].name
        'Arbeitslosenquote'
        """
        return self._sicht


def pruefe_wahl(angabe: str, wert: str, moeglich: Iterable[str]) -> None:
    """Ob ``wert`` für eine Angabe mit fester Auswahl möglich ist.

    Raises:
        BerichtswerkFehler: ``wahl-unbekannt`` mit der ähnlichsten.
    """
    if wert not in (bekannt := tuple(moeglich)):
        rat = vorschlag(wert, bekannt, sonst="Möglich sind: ")
        raise BerichtswerkFehler(WahlUnbekannt.melde(angabe=angabe, wert=wert, vorschlag=rat))


def pruefe_angaben(label: str, angaben: Iterable[str], erlaubt: type) -> None:
    """Ob jede freiwillige Angabe eine von ``erlaubt`` (ein ``TypedDict``) ist.

    Raises:
        BerichtswerkFehler: ``angabe-unbekannt`` mit der ähnlichsten.
    """
    moeglich = list(erlaubt.__annotations__)
    for name in (n for n in angaben if n not in moeglich):
        rat = vorschlag(name, moeglich, sonst="Möglich sind: ")
        raise BerichtswerkFehler(AngabeUnbekannt.melde(label=label, name=name, vorschlag=rat))
