"""Aus Blättern werden lange Werte: das Umformen, das allen Lesern gemeinsam ist.

Zeile für Zeile wird entschieden, was gelesen wird (Fußblock, Zwischenüberschriften, Filter). Danach geht es
in Schüben spaltenweise weiter: Gebiet, Merkmale, Zeit, Werte. Was sich wiederholt, wird einmal gedeutet.
Befunde stehen am Ende trotzdem in der Reihenfolge der Zeilen.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import chain, compress
from typing import TYPE_CHECKING, Any

from berichtswerk.daten.lesen import Angaben, Bezug, Qualitaet, Wertspalte
from berichtswerk.daten.leser.bezug import (
    Bezugsleser,
    Gebietsfinder,
    Gedaechtnis,
    TextUnbekannt,
    Zeilenfilter,
    erstes,
    gefuellte,
    spalte,
)
from berichtswerk.daten.leser.grund import (
    Abgewiesen,
    Blatt,
    Leseauftrag,
    Verbunden,
    Zeile,
    als_text,
    buchstabe,
    glatt,
)
from berichtswerk.daten.leser.kopf import KopfFehlt, kopfangabe, teile
from berichtswerk.daten.leser.werte import (
    Wertleser,
    ZeichenUnbekannt,
    ZeitImKopfUnlesbar,
    ZeitUnlesbar,
    lies_zeit,
)
from berichtswerk.daten.quelle import Spaltenverweis
from berichtswerk.daten.tabelle import Tabelle
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler
from berichtswerk.grund.zeichen import NACHSATZ, Status

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebietsverzeichnis

SCHUB = 8_192
"""So viele Zeilen werden zusammen umgeformt."""
_EINFACH = frozenset({str, int, float, type(None)})
"""Zellen, deren Deutung gemerkt werden kann."""


class KopfNichtDa(Befundart):
    kennung = "kopf-fehlt"
    text = "Der Tabellenkopf{gesucht} ist nicht zu finden{wo}."
    ursache = "Die Datei endet vorher oder ist anders aufgebaut als beschrieben."
    abhilfe = "Öffnen Sie die Datei und berichtigen Sie „kopf“ (Zeilennummern oder Suchtext)."
    feld = "lesen.kopf"


class TrennzeichenFalsch(Befundart):
    text = "Mit dem Trennzeichen „{trenner}“ hat die Datei nur eine Spalte."
    ursache = "Der Kopf enthält {anzahl}-mal „{anderes}“."
    abhilfe = 'Setzen Sie in der Quelle dialect: {{csv: {{delimiter: "{zeichen}"}}}}.'
    feld = "dialect.csv.delimiter"


class ZeileFelder(Befundart):
    text = "Die Zeile hat {anzahl} Felder, der Kopf hat {soll}."
    ursache = "Ein Trennzeichen fehlt, steht zu viel oder gehört zu einem Text ohne Anführungszeichen."
    abhilfe = (
        "Berichtigen Sie die Zeile; gehört sie nicht zur Tabelle, nennen Sie sie unter lesen.auslassen oder "
        "lesen.ende."
    )


class KopftextUnbekannt(TextUnbekannt):
    text = "Der Kopftext „{gelesen}“ ist nicht vorgesehen."
    abhilfe = "Ergänzen Sie ihn in der Quelle unter „werte“."


class KennbuchstabeUnbekannt(ZeichenUnbekannt):
    text = "Der Kennbuchstabe „{zeichen}“ ist in dieser Quelle nicht erklärt."
    ursache = "Bekannt sind: e, p, r, s."
    abhilfe = "Ergänzen Sie ihn unter lesen.qualitaet.werte mit seiner Bedeutung."


class ZuVieleWerte(Befundart):
    text = "Die Datei enthält mehr als {grenze} Werte."
    abhilfe = "Wählen Sie mit „gebiet: {{nur: …}}“, „wo“ oder weniger „groessen“ aus."
    feld = "lesen.grenze_werte"


@dataclass(frozen=True)
class Wertfach:
    """Eine Spalte mit Werten."""

    stelle: int
    name: str
    """Name der Spalte für Meldungen"""
    nachweis: str
    """``Blatt!F`` bei Tabellenkalkulation, sonst der Name"""
    groesse: str | None
    """Name der Messgröße; ``None``, wenn ihn die Zeile gibt"""
    gebiet: str | None
    """Gebiet der Spalte; ``None``, wenn es die Zeile gibt"""
    merkmale: Mapping[str, str]
    zeit: str | None
    """feste Zeit der Spalte; ``None``, wenn sie die Zeile gibt"""
    qualitaet: int | None
    """Spalte mit dem Kennbuchstaben"""
    deutung: Gedaechtnis
    """Zelle → (Wert, Status, Rohtext)"""

    def lies(self, zeilen: list[list[Any]]) -> list[Any]:
        """Je Zeile Wert, Status und Rohtext, oder eine Abweisung."""
        d = self.deutung
        return [d[z] if z.__class__ in _EINFACH else d.frage(z) for z in spalte(zeilen, self.stelle)]

    def gefuellt(self, felder: list[Any]) -> bool:
        """Ob in dieser Spalte etwas steht."""
        zelle = felder[self.stelle] if self.stelle < len(felder) else None
        return not isinstance(zelle, Verbunden) and bool(als_text(zelle).strip())


Schub = dict[Any, list[Any]]
"""Spalten gleich langer Listen: ``nr``, ``felder``, was gemerkte Bezüge sagten, und was daraus wurde."""


class Umformer:
    """Formt einen Block eines Blattes um: Werte in die Tabelle, Befunde an den Sammler des Auftrags."""

    def __init__(
        self,
        auftrag: Leseauftrag,
        angaben: Angaben,
        blatt: Blatt,
        tabelle: Tabelle,
        verzeichnis: Gebietsverzeichnis,
    ) -> None:
        self._auftrag, self._angaben, self._blatt = auftrag, angaben, blatt
        self._tabelle, self._verzeichnis = tabelle, verzeichnis
        self._sammler = auftrag.sammler
        self._filter = Zeilenfilter(angaben)
        self._gemerkt: list[Bezugsleser] = []
        self._befunde: list[tuple[int, Abgewiesen, str, str | None]] = []
        """Zeile, was, Ort, Feld; noch nicht nach Zeilen geordnet"""

    def lies(self) -> None:
        """Liest den Block.

        Raises:
            BerichtswerkFehler: es geht mit der Datei nicht weiter; was davor auffiel, hat der Sammler.
        """
        quelle = self._auftrag.quelle
        angabe = kopfangabe(self._angaben, quelle.dialect, type(quelle.lesen).kopfhoehe)
        try:
            titel, self._kopf, zeilen = teile(self._blatt, angabe)
        except KopfFehlt:
            gesucht = f" mit „{angabe.suche}“" if angabe.suche else ""
            wo = f" ({self._blatt.name})" if self._blatt.tabellenkalkulation else ""
            self._sammler.dazu(KopfNichtDa, gesucht=gesucht, wo=wo)
            return
        if self._trennzeichen_falsch() or not self._bereite_vor(titel):
            return
        for schub in self._schuebe(zeilen):
            self._forme_um(schub)
            if len(self._tabelle) > quelle.lesen.grenze_werte:
                raise self._sammler.halt(ZuVieleWerte, grenze=quelle.lesen.grenze_werte)

    def _trennzeichen_falsch(self) -> bool:
        """Eine einzige Spalte voller anderer Trennzeichen: das Trennzeichen der Quelle stimmt nicht."""
        if not self._blatt.feste_breite or self._kopf.breite != 1:
            return False
        text, trenner = self._kopf.bezeichnung(0), self._auftrag.trenner
        gefunden = {z: text.count(z) for z in ";,\t|" if z != trenner and z in text}
        if not gefunden:
            return False
        zeichen = max(gefunden, key=lambda z: gefunden[z])
        namen = {"\t": "Tabulator"}
        self._sammler.dazu(
            TrennzeichenFalsch, f"Zeile {self._kopf.zeile}", trenner=namen.get(trenner, trenner),
            anzahl=gefunden[zeichen], anderes=namen.get(zeichen, zeichen),
            zeichen=zeichen.replace("\t", "\\t"),
        )  # fmt: skip
        return True

    # Vor der ersten Zeile: alle Spalten auflösen

    def _bereite_vor(self, titel: list[Zeile]) -> bool:
        """Löst alle Spalten auf; alle fehlenden werden gemeldet, bevor eine Zeile gelesen wird."""
        texte = tuple(t for _, f in titel if (t := " ".join(glatt(als_text(z)) for z in f).strip()))
        blattname, dateiname = self._blatt.name, self._auftrag.pfad.name
        self._ringsum = {"titel": texte, "blattname": (blattname,), "dateiname": (dateiname,)}
        a, quelle = self._angaben, self._auftrag.quelle
        bezuege = {"gebiet": a.gebiet, "zeit": a.zeit, "groesse": a.groesse, **a.merkmale}
        leser = {name: leser for name, bezug in bezuege.items() if bezug and (leser := self._leser(bezug))}
        self._basis = self._nebenbei(quelle.statistik.basis)
        self._stand = self._nebenbei(quelle.statistik.gebietsstand)
        self._blattname = self._blatt.name if self._blatt.tabellenkalkulation else ""
        self._werte = Wertleser(quelle.lesen.zahlform, quelle.zeichen, a.entfernen)
        self._deutungen: dict[Decimal, Gedaechtnis] = {}
        self._zeitdeutung = Gedaechtnis(lambda text: self._deute_zeit(text, ZeitUnlesbar))
        assert a.gebiet is not None
        self._finder = Gebietsfinder(a.gebiet, self._verzeichnis)
        for abgewiesen in self._filter.loese_auf(self._kopf):
            self._melde_kopf(abgewiesen)
        self._faecher = list(self._plane({n: r for n, r in leser.items() if r.bezug.kopf is not None}))
        je_zeile = {n: r for n, r in leser.items() if r.bezug.kopf is None}
        self._gebiet, self._groesse = je_zeile.get("gebiet"), je_zeile.get("groesse")
        self._zeit = None if all(fach.zeit for fach in self._faecher) else je_zeile.get("zeit")
        self._merkmale = {name: je_zeile[name] for name in a.merkmale if name in je_zeile}
        return not self._sammler

    def _leser(self, bezug: Bezug) -> Bezugsleser | None:
        try:
            leser = Bezugsleser(bezug, self._kopf, self._ringsum)
        except Abgewiesen as fehlt:
            self._melde_kopf(fehlt)
            return None
        if leser.merkt:
            self._gemerkt.append(leser)
        return leser

    def _nebenbei(self, angabe: Spaltenverweis | str | None) -> Bezugsleser | str:
        """Basis und Gebietsstand: fester Text oder Spalte."""
        if angabe is None or isinstance(angabe, str):
            return angabe or ""
        return self._leser(Bezug(spalte=angabe.spalte)) or ""

    def _melde_kopf(self, abgewiesen: Abgewiesen, feld: str | None = None) -> None:
        if abgewiesen.art is None:
            return
        art = KopftextUnbekannt if abgewiesen.art is TextUnbekannt else abgewiesen.art
        self._sammler.dazu(art, f"Zeile {self._kopf.zeile}", **{"feld": feld, **abgewiesen.angaben})

    def _plane(self, kopf: Mapping[str, Bezugsleser]) -> Iterator[Wertfach]:
        """Alle Wertspalten in der Reihenfolge der Angaben; was es nicht gibt, wird gemeldet."""
        genannt = [(name, s) for name, liste in self._angaben.groessen.items() for s in liste]
        fehlende: list[Abgewiesen] = []
        for name, angabe in (*genannt, *((None, s) for s in self._angaben.wert or [])):
            try:
                for stelle in self._kopf.stellen(angabe.spalte):
                    yield from self._fach(name, angabe, stelle, kopf)
            except Abgewiesen as fehlt:
                fehlende.append(fehlt)
        for abgewiesen in fehlende:
            self._melde_kopf(abgewiesen)

    def _fach(
        self, name: str | None, angabe: Wertspalte, stelle: int, kopf: Mapping[str, Bezugsleser]
    ) -> Iterator[Wertfach]:
        """Das Fach dieser Spalte; keines, wenn die Quelle die Spalte nicht will oder ihr Kopf nicht passt."""
        bezeichnung = self._kopf.bezeichnung(stelle)
        try:
            eigene = {n: kopf[n].lies_spalte(stelle) for n in self._angaben.merkmale if n in kopf}
            if name is None and "groesse" in kopf:
                name = kopf["groesse"].lies_spalte(stelle)
            text = kopf["zeit"].lies_spalte(stelle) if angabe.zeit is None and "zeit" in kopf else angabe.zeit
            zeit = None if text is None else self._deute_zeit(text, ZeitImKopfUnlesbar)
            gebiet = self._gebiet_der_spalte(kopf["gebiet"].lies_spalte(stelle)) if "gebiet" in kopf else None
        except Abgewiesen as abgewiesen:
            self._melde_kopf(abgewiesen, bezeichnung)
            return
        qualitaet = self._stelle_der_qualitaet(angabe.qualitaet or self._angaben.qualitaet, stelle)
        if angabe.faktor not in self._deutungen:
            self._deutungen[angabe.faktor] = Gedaechtnis(partial(self._deute, angabe.faktor))
        yield Wertfach(
            stelle, bezeichnung, f"{self._blattname}!{buchstabe(stelle)}" if self._blattname else bezeichnung,
            name, gebiet, {**eigene, **angabe.merkmale}, zeit, qualitaet, self._deutungen[angabe.faktor],
        )  # fmt: skip

    def _gebiet_der_spalte(self, text: str) -> str:
        antwort = self._finder[text] if self._finder.gewuenscht(text) else Abgewiesen(None)
        if isinstance(antwort, Abgewiesen):
            raise antwort
        return str(antwort)

    def _stelle_der_qualitaet(self, angabe: Qualitaet | None, stelle: int) -> int | None:
        if angabe is None:
            return None
        if angabe.folgt is not None:
            return stelle + angabe.folgt
        if angabe.endung is not None:
            return self._kopf.stelle(self._kopf.bezeichnung(stelle) + angabe.endung)
        return self._kopf.stelle(angabe.spalte) if angabe.spalte is not None else None

    # Einzelne Texte und Zellen deuten

    def _deute_zeit(self, text: str, art: type[Befundart]) -> str:
        angabe = self._angaben.zeit
        assert angabe is not None
        try:
            return lies_zeit(text, angabe.art, angabe.tag)[0]
        except ValueError:
            raise Abgewiesen(art, zeit=text, zeitart=angabe.art) from None

    def _deute(self, faktor: Decimal, zelle: Any) -> tuple[float | None, str, str]:
        wert, status = self._werte.lies(zelle, faktor)
        return wert, status.value, "" if isinstance(zelle, Verbunden) else als_text(zelle).strip()

    def _kennbuchstabe(self, zelle: Any) -> str:
        """Der Status zu einem Kennbuchstaben neben der Zahl."""
        text = als_text(zelle).strip()
        eigene = self._angaben.qualitaet.werte if self._angaben.qualitaet else {}
        status = (eigene.get(text) or NACHSATZ.get(text.lower())) if text else Status.WERT
        if status is None:
            raise Abgewiesen(KennbuchstabeUnbekannt, zeichen=text)
        return status.value

    # Zeile für Zeile: was gelesen wird

    def _schuebe(self, zeilen: Iterable[Zeile]) -> Iterator[Schub]:
        """Die gewählten Zeilen; bricht die Datei ab, kommt vorher noch, was bis dahin gelesen ist."""
        schub = self._leerer_schub()
        nummern, alle_felder = schub["nr"], schub["felder"]
        gemerkt = [(leser, schub[leser]) for leser in self._gemerkt]
        try:
            for nr, felder in self._gewaehlt(zeilen):
                nummern.append(nr)
                alle_felder.append(felder)
                for leser, liste in gemerkt:
                    liste.append(leser.gilt(felder))
                if len(nummern) == SCHUB:
                    yield schub
                    schub = self._leerer_schub()
                    nummern, alle_felder = schub["nr"], schub["felder"]
                    gemerkt = [(leser, schub[leser]) for leser in self._gemerkt]
        except BerichtswerkFehler:
            yield schub
            raise
        yield schub

    def _leerer_schub(self) -> Schub:
        return {"nr": [], "felder": [], **{leser: [] for leser in self._gemerkt}}

    def _gewaehlt(self, zeilen: Iterable[Zeile]) -> Iterator[Zeile]:
        """Zeilen zwischen Kopf und Ende, ohne leere, Zwischenüberschriften und Ausgelassenes."""
        ende = re.compile(self._angaben.ende) if self._angaben.ende else None
        ab, bis = self._angaben.daten_ab or 0, self._angaben.daten_bis or 10**12
        mit_abschnitt = [leser for leser in self._gemerkt if leser.bezug.abschnitt is not None]
        zeilenfilter = self._filter
        feste_breite, von, soll = self._blatt.feste_breite, self._kopf.mindestens, self._kopf.breite
        for nr, felder in zeilen:
            if nr < ab:
                continue
            text = erstes(felder)
            if nr > bis or (ende is not None and text and ende.match(text)):
                return
            if not text or (mit_abschnitt and _ist_abschnitt(felder, mit_abschnitt)):
                continue
            if zeilenfilter.auslassen and zeilenfilter.laesst_aus(felder):
                continue
            for leser in self._gemerkt:
                leser.merke(felder)
            if zeilenfilter.bedingungen and not zeilenfilter.passt(felder):
                continue
            if feste_breite and not von <= len(felder) <= soll and not _leer_dahinter(felder, soll):
                zu_breit = Abgewiesen(ZeileFelder, anzahl=len(felder), soll=soll)
                self._befunde.append((nr, zu_breit, f"Zeile {nr}", None))
                continue
            yield nr, felder

    # Schub für Schub, Spalte für Spalte: was daraus wird

    def _forme_um(self, schub: Schub) -> None:
        """Ein Schub wird zu Werten; was abgewiesen wird, fällt weg und wird gemeldet."""
        if self._gebiet is not None:
            self._nimm_texte(schub, "gebiet", self._gebiet)
            if not all(wahl := [self._finder.gewuenscht(text) for text in schub["gebiet"]]):
                _behalte(schub, wahl)
        for name, leser in self._merkmale.items():
            self._nimm_texte(schub, name, leser)
        if self._groesse is not None:
            self._nimm_texte(schub, "groesse", self._groesse)
        if self._gebiet is not None:
            antworten = [self._finder[text] for text in schub["gebiet"]]
            self._nimm(schub, "gebiet", antworten, self._finder.weist_ab, self._gebiet.ort() or "Kopf")
        for name, angabe in (("basis", self._basis), ("gebietsstand", self._stand)):
            if isinstance(angabe, Bezugsleser):
                self._nimm_texte(schub, name, angabe)
            else:
                schub[name] = [angabe] * len(schub["nr"])
        if self._zeit is not None:
            self._nimm_texte(schub, "zeit", self._zeit)
            antworten = [self._zeitdeutung[text] for text in schub["zeit"]]
            self._nimm(schub, "zeit", antworten, self._zeitdeutung.weist_ab, self._zeit.ort())
        if self._angaben.leere_zeilen == "weglassen":
            _behalte(schub, [any(f.gefuellt(felder) for f in self._faecher) for felder in schub["felder"]])
        faecher = [(fach, self._werte_des_faches(fach, schub)) for fach in self._faecher]
        if self._befunde:
            self._melde_befunde()
        elif not self._sammler and faecher:
            self._lege_ab(schub, faecher)

    def _nimm_texte(self, schub: Schub, name: str, leser: Bezugsleser) -> None:
        antworten = leser.texte(schub["felder"], schub.get(leser))
        self._nimm(schub, name, antworten, leser.antworten.weist_ab, leser.ort())

    def _nimm(self, schub: Schub, name: str, antworten: list[Any], weist_ab: bool, feld: str) -> None:
        """Legt Antworten als Spalte in den Schub; Zeilen mit einer Abweisung fallen weg."""
        schub[name] = antworten
        if weist_ab and not all(wahl := [a.__class__ is not Abgewiesen for a in antworten]):
            for nr, antwort in zip(schub["nr"], antworten, strict=True):
                if isinstance(antwort, Abgewiesen) and antwort.art is not None:
                    self._befunde.append((nr, antwort, f"Zeile {nr}", feld))
            _behalte(schub, wahl)

    def _werte_des_faches(self, fach: Wertfach, schub: Schub) -> list[tuple[float | None, str, str]]:
        antworten = fach.lies(schub["felder"])
        if fach.deutung.weist_ab:
            self._melde_zellen(antworten, fach.stelle, fach.name, schub)
        if fach.qualitaet is None:
            return antworten
        kennung = Gedaechtnis(self._kennbuchstabe)
        buchstaben = map(kennung.frage, spalte(schub["felder"], fach.qualitaet))
        stati = [
            buchstabe if a.__class__ is tuple and a[1] == Status.WERT.value else None
            for a, buchstabe in zip(antworten, buchstaben, strict=True)
        ]
        self._melde_zellen(stati, fach.qualitaet, self._kopf.bezeichnung(fach.qualitaet), schub)
        return [(a[0], s, a[2]) if s.__class__ is str else a for a, s in zip(antworten, stati, strict=True)]

    def _melde_zellen(self, antworten: Iterable[Any], stelle: int, feld: str, schub: Schub) -> None:
        for nr, antwort in zip(schub["nr"], antworten, strict=True):
            if isinstance(antwort, Abgewiesen):
                ort = f"Blatt „{self._blattname}“, Zelle {buchstabe(stelle)}{nr}" if self._blattname else ""
                self._befunde.append((nr, antwort, ort or f"Zeile {nr}", feld))

    def _melde_befunde(self) -> None:
        """Gibt die Befunde des Schubs an den Sammler, in der Reihenfolge der Zeilen."""
        for _, was, ort, feld in sorted(self._befunde, key=lambda befund: befund[0]):
            assert was.art is not None
            self._sammler.dazu(was.art, ort, feld, **was.angaben)
        self._befunde.clear()

    def _lege_ab(self, schub: Schub, faecher: list[tuple[Wertfach, list[Any]]]) -> None:
        """Alle Werte des Schubs in die Tabelle, Zeile für Zeile und darin Fach für Fach."""
        anzahl, breite = len(schub["nr"]), len(faecher)

        def je_zeile(name: str) -> list[Any]:
            inhalt = schub.get(name) or [""] * anzahl
            return inhalt if breite == 1 else [x for x in inhalt for _ in range(breite)]

        def je_fach(texte: list[str | None], name: str) -> list[Any]:
            if all(text is None for text in texte):
                return je_zeile(name)
            zeile = schub.get(name) or [""] * anzahl
            return [zeile[i] if text is None else text for i in range(anzahl) for text in texte]

        plan = [fach for fach, _ in faecher]
        gelesen = list(chain.from_iterable(zip(*(werte for _, werte in faecher), strict=True)))
        wert, status, roh = zip(*gelesen, strict=True) if gelesen else ((), (), ())
        merkmale = {n: je_fach([f.merkmale.get(n) or None for f in plan], n) for n in self._tabelle.merkmale}
        self._tabelle.nimm(
            {
                "gebiet": je_fach([f.gebiet for f in plan], "gebiet"),
                "zeit": je_fach([f.zeit for f in plan], "zeit"),
                **merkmale,
                "groesse": je_fach([f.groesse for f in plan], "groesse"),
                "wert": wert,
                "status": status,
                "basis": je_zeile("basis"),
                "gebietsstand": je_zeile("gebietsstand"),
                "datei": [self._auftrag.datei] * (anzahl * breite),
                "zeile": je_zeile("nr"),
                "spalte": je_fach([f.nachweis for f in plan], ""),
                "roh": roh,
            }
        )


def _behalte(schub: Schub, wahl: list[bool]) -> None:
    for name, inhalt in schub.items():
        schub[name] = list(compress(inhalt, wahl))


def _ist_abschnitt(felder: list[Any], leser: list[Bezugsleser]) -> bool:
    if len(texte := set(gefuellte(felder))) > 1:
        return False
    text = glatt(texte.pop())
    treffer = [einer.abschnitt(text) for einer in leser]
    return any(treffer)


def _leer_dahinter(felder: list[Any], soll: int) -> bool:
    return len(felder) > soll and not any(str(f).strip() for f in felder[soll:])
