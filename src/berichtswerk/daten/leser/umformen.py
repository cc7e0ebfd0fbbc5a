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

from berichtswerk.daten.gebiete import nenne
from berichtswerk.daten.lesebericht import BEISPIELE
from berichtswerk.daten.lesen import Angaben, Bezug, Qualitaet, Wertspalte
from berichtswerk.daten.leser.bezug import (
    Bezugsleser,
    GebietLeer,
    Gebietsfinder,
    Gedaechtnis,
    GroesseLeer,
    TextUnbekannt,
    Zeilenfilter,
    erstes,
    gefuellte,
    spalte,
)
from berichtswerk.daten.leser.grund import (
    Abgewiesen,
    Blatt,
    Gezeichnet,
    Leseauftrag,
    Verbunden,
    Zeile,
    als_text,
    buchstabe,
    glatt,
)
from berichtswerk.daten.leser.kopf import KopfFehlt, kopfangabe, teile
from berichtswerk.daten.leser.werte import (
    Umgang,
    Wertleser,
    ZeichenUnbekannt,
    ZeitImKopfUnlesbar,
    ZeitUnlesbar,
    gekuerzt,
    lies_zeit,
    verbinde_zeit,
)
from berichtswerk.daten.muster import regel
from berichtswerk.daten.quelle import Spaltenverweis
from berichtswerk.daten.tabelle import Tabelle
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Stufe, aufgezaehlt
from berichtswerk.grund.zahl import dezimal
from berichtswerk.grund.zeichen import DIN, NACHSATZ, Status

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebiet, Gebietsverzeichnis

SCHUB = 8_192
"""So viele Zeilen werden zusammen umgeformt."""
SCHUB_ZELLEN = 1_000_000
"""Breite Tabellen: höchstens so viele Zellen zusammen."""
_MIT_ZAHL = frozenset(s.value for s in Status if s.hat_zahl)
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
        "Gehört die Zeile nicht zur Tabelle, nennen Sie sie unter lesen.auslassen oder lesen.ende; sonst "
        "fordern Sie die Datei neu an."
    )


class KopfAnders(Befundart):
    text = "Der Tabellenkopf steht hier noch einmal, aber anders: in der Spalte „{spalte}“ heißt es „{neu}“."
    ursache = "Was darunter steht, gehört in andere Spalten, als der erste Kopf sagt."
    abhilfe = (
        "Lesen Sie beide Teile für sich: diesen bis „daten_bis: {davor}“, den nächsten mit „kopf: {{zeilen: "
        "{zeile}}}“ als Block (lesen.bloecke) oder als zweite Quelle."
    )
    feld = "lesen.kopf"


class NameWiderspricht(Befundart):
    text = "Schlüssel und Name widersprechen sich: gelesen wird {gebiet}, daneben steht „{name}“."
    abhilfe = "Fragen Sie nach, was gilt; stimmt der Name, lesen Sie das Gebiet aus dieser Spalte."
    stufe = Stufe.WARNUNG


class HinterDemEnde(Befundart):
    text = "Hinter dem Ende der Tabelle (Zeile {zeile}: „{ende}“) stehen noch {anzahl} Zeilen mit Werten."
    ursache = "Die erste: Zeile {erste}: {beispiel}"
    abhilfe = (
        "Nennen Sie unter lesen.ende einen genaueren Text; gehört das nicht dazu, setzen Sie „daten_bis“."
    )
    feld = "lesen.ende"
    stufe = Stufe.WARNUNG


class EinheitAnders(Befundart):
    text = "„{groesse}“ wird in „{erwartet}“ erwartet, die Lieferung sagt „{gelesen}“."
    abhilfe = "Gilt die Einheit der Lieferung, ändern Sie „einheit“ und, wo nötig, „faktor“."


class EinheitUngenannt(EinheitAnders):
    text = "Dass „{groesse}“ in „{erwartet}“ angegeben ist, steht in der Lieferung nicht."
    ursache = "Gesucht wurde im Kopf der Spalte „{spalte}“ und in den Zeilen darüber."
    abhilfe = "Nennen Sie unter lesen.einheit, wo die Einheit steht, oder berichtigen Sie „einheit“."


class EinheitGemischt(Befundart):
    text = "„{groesse}“ mischt Einheiten: {einheiten}."
    abhilfe = (
        "Trennen Sie die Größen (groessen, wo), oder rechnen Sie je Spalte mit „faktor“ um und nennen Sie "
        "dort „einheit“."
    )


class KopftextUnbekannt(TextUnbekannt):
    text = "Der Kopftext „{gelesen}“ ist nicht vorgesehen."
    abhilfe = "Ergänzen Sie ihn in der Quelle unter „werte“."


class KennbuchstabeUnbekannt(ZeichenUnbekannt):
    text = "Der Kennbuchstabe „{zeichen}“ ist in dieser Quelle nicht erklärt."
    ursache = "Bekannt sind: e, p, r, s, () und die Zeichen der Quelle."
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
    zeitteil: str | None
    """was der Kopf zur Zeit der Zeile dazugibt (Monat zum Jahr)"""
    qualitaet: int | None
    """Spalte mit dem Kennbuchstaben"""
    umgerechnet: bool
    """ob die Beschreibung einen Faktor nennt"""
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
        self._sammler, self._bericht = auftrag.sammler, blatt.bericht
        self._mehrere = len(auftrag.quelle.lesen.alle_bloecke()) > 1
        self._einheiten: dict[str, dict[str, int]] = {}
        """Messgröße → Einheit → erste Zeile"""
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
        self._bericht.kopf = self._kopf.namen
        for schub in self._schuebe(zeilen):
            self._forme_um(schub)
            if len(self._tabelle) > quelle.lesen.grenze_werte:
                raise self._sammler.halt(ZuVieleWerte, grenze=quelle.lesen.grenze_werte)
        self._pruefe_einheiten()
        for feld, eintrag, passt in chain(self._filter.treffer(), self._treffer_der_werte()):
            self._auftrag.bericht.treffer.setdefault(feld, {}).setdefault(eintrag, False)
            self._auftrag.bericht.treffer[feld][eintrag] |= passt

    def _treffer_der_werte(self) -> Iterator[tuple[str, str, bool]]:
        """Welche Einträge unter ``werte`` vorkamen."""
        for name, einer in self._leser_je_feld.items():
            for eintrag in einer.bezug.werte if not name.startswith("\0") else ():
                yield f"{name}.werte", eintrag, eintrag in einer.benutzt

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
        blattname, mappe = self._blatt.name, self._blatt.tabellenkalkulation
        dateiname = self._auftrag.pfad.name if mappe or not blattname else blattname.rsplit("/", 1)[-1]
        self._blattname = self._blatt.name
        self._ringsum = {"titel": texte, "blattname": (blattname,), "dateiname": (dateiname,)}
        a, quelle = self._angaben, self._auftrag.quelle
        dazu = a.zeit.dazu if a.zeit else None
        einheit = a.einheit
        bezuege = {"gebiet": a.gebiet, "zeit": a.zeit, "groesse": a.groesse, "\0dazu": dazu,
                   "\0einheit": einheit, **a.merkmale}  # fmt: skip
        leser = {name: leser for name, bezug in bezuege.items() if bezug and (leser := self._leser(bezug))}
        self._leser_je_feld = leser
        for name, einer in leser.items():
            einer.tage = name in {"zeit", "\0dazu"}
        benutzt = {stelle for einer in leser.values() for stelle in einer.spalten}
        self._freie = [s for s in range(self._kopf.breite) if s not in benutzt]
        self._namensspalten = list(self._freie)
        if einheit is not None:
            self._freie = []
        genannt = (s for s in self._freie if _EINHEITSSPALTE.fullmatch(self._kopf.namen[s]))
        if (stelle := next(genannt, None)) is not None:
            leser["\0einheit"] = Bezugsleser(Bezug(spalte=stelle + 1), self._kopf, self._ringsum)
            self._freie = []
        self._basis = self._nebenbei(quelle.statistik.basis)
        self._stand = self._nebenbei(quelle.statistik.gebietsstand)
        self._deutungen: dict[tuple[Any, ...], Gedaechtnis] = {}
        self._zeitdeutung = Gedaechtnis(lambda text: self._deute_zeit(text, ZeitUnlesbar))
        assert a.gebiet is not None
        self._finder = Gebietsfinder(a.gebiet, self._verzeichnis)
        for abgewiesen in (*self._filter.loese_auf(self._kopf), *self._fehlende(a.ungelesen)):
            self._melde_kopf(abgewiesen)
        self._faecher = list(self._plane({n: r for n, r in leser.items() if r.bezug.kopf is not None}))
        je_zeile = {n: r for n, r in leser.items() if r.bezug.kopf is None}
        self._gebiet, self._groesse = je_zeile.get("gebiet"), je_zeile.get("groesse")
        self._einheit, self._dazu = je_zeile.get("\0einheit"), je_zeile.get("\0dazu")
        self._zeit = None if all(fach.zeit for fach in self._faecher) else je_zeile.get("zeit", self._dazu)
        self._pruefe_faecher(texte, leser.get("\0einheit"))
        self._merkmale = {name: je_zeile[name] for name in a.merkmale if name in je_zeile}
        return not self._sammler

    def _fehlende(self, spalten: Iterable[str]) -> Iterator[Abgewiesen]:
        """Genannte Spalten, die es nicht gibt."""
        for name in spalten:
            try:
                self._kopf.stelle(int(name) if name.isdigit() and name not in self._kopf.namen else name)
            except Abgewiesen as fehlt:
                yield fehlt

    def _leser(self, bezug: Bezug) -> Bezugsleser | None:
        try:
            strich: Umgang = getattr(self._auftrag.quelle.lesen, "durchgestrichen", "fehler")
            leser = Bezugsleser(bezug, self._kopf, self._ringsum, strich)
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
        self._sammler.dazu(
            art, self._ort(f"Zeile {self._kopf.zeile}"), **{"feld": feld, **abgewiesen.angaben}
        )

    def _ort(self, stelle: str) -> str:
        """Die Stelle mit dem Blatt, auf dem sie steht."""
        wort = "Blatt" if self._blatt.tabellenkalkulation else "Datei"
        return f"{wort} „{self._blattname}“, {stelle}" if self._blattname else stelle

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
            if name == "":
                raise Abgewiesen(GroesseLeer, zeile=f" (Spalte „{bezeichnung}“)")
            teile_der_zeit = [kopf[n].lies_spalte(stelle) for n in ("zeit", "\0dazu") if n in kopf]
            text, teil = angabe.zeit, None
            if text is None and teile_der_zeit:
                text = verbinde_zeit(*teile_der_zeit)
                if self._angaben.zeit and self._angaben.zeit.dazu and len(teile_der_zeit) == 1:
                    text, teil = None, text
            zeit = None if text is None else self._deute_zeit(text, ZeitImKopfUnlesbar)
            gebiet = self._gebiet_der_spalte(kopf["gebiet"].lies_spalte(stelle)) if "gebiet" in kopf else None
        except Abgewiesen as abgewiesen:
            self._melde_kopf(abgewiesen, bezeichnung)
            return
        qualitaet = self._stelle_der_qualitaet(angabe.qualitaet or self._angaben.qualitaet, stelle)
        faktor = angabe.faktor
        if name is not None and name in self._angaben.je_groesse:
            faktor *= self._angaben.je_groesse[name].faktor
        yield Wertfach(
            stelle, bezeichnung, f"{self._blattname}!{buchstabe(stelle)}" if self._blattname else bezeichnung,
            name, gebiet, {**eigene, **angabe.merkmale}, zeit, teil, qualitaet, faktor != 1,
            self._deutung(faktor, angabe),
        )  # fmt: skip

    def _deutung(self, faktor: Decimal, angabe: Wertspalte) -> Gedaechtnis:
        """Zelle → (Wert, Status, Rohtext); Spalten mit denselben Angaben teilen sich das Gedächtnis."""
        form = angabe.zahlform or self._auftrag.quelle.lesen.zahlform
        schluessel = (faktor, form, *angabe.zeichen.items())
        if schluessel not in self._deutungen:
            quelle, lesen = self._auftrag.quelle, self._auftrag.quelle.lesen
            werte = Wertleser(
                form or type(lesen).form, {**quelle.zeichen, **angabe.zeichen}, self._angaben.entfernen,
                angegeben=form is not None,
                durchgestrichen=getattr(lesen, "durchgestrichen", "fehler"),
                hochgestellt=getattr(lesen, "hochgestellt", "fehler"), minus=lesen.minus,
                nur_erste=getattr(lesen, "verbundene", "") == "erste",
            )  # fmt: skip
            self._deutungen[schluessel] = Gedaechtnis(partial(_deute, werte, faktor))
        return self._deutungen[schluessel]

    def _pruefe_faecher(self, titel: tuple[str, ...], einheit: Bezugsleser | None) -> None:
        """Einheiten, die schon der Kopf verrät: erwartete, die nirgends stehen, und gemischte."""
        erwartet = {n: s.einheit for n, liste in self._angaben.groessen.items() for s in liste if s.einheit}
        for fach in self._faecher:
            groesse, einheiten = fach.groesse or "", self._einheiten.setdefault(fach.groesse or "", {})
            if einheit is not None and einheit.bezug.kopf is not None:
                einheiten.setdefault(einheit.lies_spalte(fach.stelle), self._kopf.zeile)
            elif einheit is None and (soll := erwartet.get(groesse)):
                if soll.casefold() not in " ".join((fach.name, *titel)).casefold():
                    befund = Abgewiesen(
                        EinheitUngenannt, groesse=groesse, erwartet=soll, gelesen="", spalte=fach.name
                    )
                    self._melde_kopf(befund, fach.name)
            elif einheit is None and not fach.umgerechnet:
                einheiten.setdefault(einheit_im_text(fach.name), self._kopf.zeile)

    def _pruefe_einheiten(self) -> None:
        """Am Ende eines Blattes: eine Messgröße hat eine Einheit, und zwar die erwartete."""
        erwartet = {n: s.einheit for n, liste in self._angaben.groessen.items() for s in liste if s.einheit}
        erwartet |= {n: g.einheit for n, g in self._angaben.je_groesse.items() if g.einheit}
        for groesse, einheiten in self._einheiten.items():
            ort = self._ort(f"Zeile {max(einheiten.values(), default=0)}")
            if len({_dieselbe(e) for e in einheiten}) > 1:
                namen = aufgezaehlt(e or "ohne Angabe" for e in einheiten)
                self._sammler.dazu(EinheitGemischt, ort, groesse=groesse, einheiten=namen)
            for einheit, zeile in einheiten.items():
                if groesse in erwartet and _dieselbe(einheit) != _dieselbe(soll := erwartet[groesse] or ""):
                    self._sammler.dazu(
                        EinheitAnders,
                        self._ort(f"Zeile {zeile}"),
                        groesse=groesse,
                        erwartet=soll,
                        gelesen=einheit,
                    )

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

    def _kennbuchstabe(self, zelle: Any) -> str:
        """Der Status zu einem Kennbuchstaben neben der Zahl."""
        text = als_text(zelle).strip()
        eigene = self._angaben.qualitaet.werte if self._angaben.qualitaet else {}
        bekannt = {"()": Status.EINGESCHRAENKT, **DIN, **self._auftrag.quelle.zeichen, **NACHSATZ, **eigene}
        status = (bekannt.get(text) or NACHSATZ.get(text.lower())) if text else Status.WERT
        if status is None:
            raise Abgewiesen(KennbuchstabeUnbekannt, zeichen=text)
        return status.value

    # Zeile für Zeile: was gelesen wird

    def _schuebe(self, zeilen: Iterable[Zeile]) -> Iterator[Schub]:
        """Die gewählten Zeilen; bricht die Datei ab, kommt vorher noch, was bis dahin gelesen ist."""
        schub = self._leerer_schub()
        nummern, alle_felder = schub["nr"], schub["felder"]
        gemerkt = [(leser, schub[leser]) for leser in self._gemerkt]
        zellen = 0
        try:
            for nr, felder in self._gewaehlt(zeilen):
                nummern.append(nr)
                alle_felder.append(felder)
                for leser, liste in gemerkt:
                    liste.append(leser.gilt(felder))
                zellen += len(felder)
                if len(nummern) == SCHUB or zellen > SCHUB_ZELLEN:
                    zellen = 0
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
        ende = regel(self._angaben.ende) if self._angaben.ende else None
        ab, bis = self._angaben.daten_ab or 0, self._angaben.daten_bis or 10**12
        mit_abschnitt = [leser for leser in self._gemerkt if leser.bezug.abschnitt is not None]
        zeilenfilter = self._filter
        feste_breite, von, soll = self._blatt.feste_breite, self._kopf.mindestens, self._kopf.breite
        weg = self._lasse_weg
        kopftexte = {t for ebene in self._kopf.ebenen for t in ebene if t and not t.isdigit()}
        for nr, felder in (zeilen := iter(zeilen)):
            if not (text := erstes(felder)):
                continue
            self._bericht.zeilen += 1
            if not ab <= nr <= bis:
                if not self._mehrere:
                    weg("vor daten_ab" if nr < ab else "hinter daten_bis", nr, felder)
                continue
            if ende is not None and ende.beginnt(text):
                self._zaehle_fuss(nr, felder, zeilen)
                return
            if text in kopftexte and self._ist_kopf(nr, felder):
                continue
            if mit_abschnitt and _ist_abschnitt(felder, mit_abschnitt):
                continue
            if zeilenfilter.auslassen and zeilenfilter.laesst_aus(felder):
                weg("lesen.auslassen", nr, felder)
                continue
            for leser in self._gemerkt:
                leser.merke(felder)
            if zeilenfilter.bedingungen and not zeilenfilter.passt(felder):
                weg("lesen.wo und lesen.ohne", nr, felder)
                continue
            if feste_breite and not von <= len(felder) <= soll and not _leer_dahinter(felder, soll):
                zu_breit = Abgewiesen(ZeileFelder, anzahl=len(felder), soll=soll)
                self._befunde.append((nr, zu_breit, f"Zeile {nr}", None))
                continue
            yield nr, felder

    def _ist_kopf(self, nr: int, felder: list[Any]) -> bool:
        """Ob die Zeile den Kopf wiederholt; tut sie es in anderer Folge, ist das ein Befund."""
        texte = {s: t for s, feld in enumerate(felder) if (t := glatt(als_text(feld)))}
        for ebene in self._kopf.ebenen if len(texte) > 1 else ():
            if sum(t in ebene for t in texte.values()) * 2 < len(texte):
                continue
            neu = next(((s, t) for s, t in texte.items() if s >= len(ebene) or ebene[s] != t), None)
            if neu is None:
                self._lasse_weg("wiederholter Kopf", nr, felder)
            else:
                anders = Abgewiesen(
                    KopfAnders, spalte=self._kopf.bezeichnung(neu[0]), neu=neu[1], davor=nr - 1, zeile=nr
                )
                self._befunde.append((nr, anders, self._ort(f"Zeile {nr}"), None))
            return True
        return False

    def _lasse_weg(self, grund: str, nr: int, felder: list[Any]) -> None:
        """Zählt eine Zeile, die nach der Beschreibung nicht gelesen wird."""
        eintrag = self._bericht.weggelassen.get(grund)
        if eintrag is not None and eintrag.anzahl >= BEISPIELE:
            eintrag.anzahl += 1
            return
        self._bericht.lasse_weg(grund, f"Zeile {nr}: {_zitiert(felder)}")

    def _zaehle_fuss(self, nr: int, felder: list[Any], rest: Iterator[Zeile]) -> None:
        """Der Fußblock; Zeilen mit einem Gebiet und Werten darin sind ein Befund."""
        beginn = nr
        mit_werten: list[Zeile] = []
        for zeile, inhalt in chain([(nr, felder)], rest):
            if not erstes(inhalt):
                continue
            self._lasse_weg("Fußblock (lesen.ende)", zeile, inhalt)
            if len(mit_werten) < 1000 and zeile != beginn and self._ist_wertzeile(inhalt):
                mit_werten.append((zeile, inhalt))
        if mit_werten:
            self._sammler.dazu(
                HinterDemEnde, self._ort(f"Zeile {beginn}"), zeile=beginn, ende=self._angaben.ende,
                anzahl=len(mit_werten), erste=mit_werten[0][0], beispiel=_zitiert(mit_werten[0][1]),
            )  # fmt: skip

    def _ist_wertzeile(self, felder: list[Any]) -> bool:
        if self._gebiet is None or self._gebiet.merkt or not any(f.gefuellt(felder) for f in self._faecher):
            return False
        (text,) = self._gebiet.texte([felder])
        return isinstance(text, str) and bool(text) and isinstance(self._finder[text], str)

    # Schub für Schub, Spalte für Spalte: was daraus wird

    def _forme_um(self, schub: Schub) -> None:
        """Ein Schub wird zu Werten; was abgewiesen wird, fällt weg und wird gemeldet."""
        if self._gebiet is not None:
            self._nimm_texte(schub, "gebiet", self._gebiet)
            self._waehle_aus(schub, map(self._finder.gewuenscht, schub["gebiet"]), "gebiet.nur")
        for name, leser in self._merkmale.items():
            self._nimm_texte(schub, name, leser)
        if self._groesse is not None:
            self._nimm_groesse(schub, self._groesse)
        if self._gebiet is not None:
            antworten = [self._finder[text] for text in schub["gebiet"]]
            self._nimm(schub, "gebiet", antworten, self._finder.weist_ab, self._gebiet.ort() or "Kopf")
            self._vergleiche_namen(schub)
        self._nimm_beiwerk(schub)
        if self._zeit is not None:
            self._nimm_zeit(schub, self._zeit)
        if self._angaben.leere_zeilen == "weglassen":
            gefuellte = (any(f.gefuellt(felder) for f in self._faecher) for felder in schub["felder"])
            self._waehle_aus(schub, gefuellte, "kein Wert (leere_zeilen: weglassen)")
        faecher = [(fach, self._werte_des_faches(fach, schub)) for fach in self._faecher]
        if self._befunde:
            self._melde_befunde()
        elif not self._sammler and faecher:
            self._lege_ab(schub, faecher)

    def _waehle_aus(self, schub: Schub, wahl: Iterable[bool], grund: str) -> None:
        """Behält die gewählten Zeilen und zählt die anderen."""
        if not all(bleibt := list(wahl)):
            for nr, felder, ja in zip(schub["nr"], schub["felder"], bleibt, strict=True):
                if not ja:
                    self._lasse_weg(grund, nr, felder)
            _behalte(schub, bleibt)

    def _nimm_groesse(self, schub: Schub, leser: Bezugsleser) -> None:
        self._nimm_texte(schub, "groesse", leser)
        if "" in schub["groesse"]:
            leer = Abgewiesen(GroesseLeer)
            self._nimm(
                schub, "groesse", [text or leer for text in schub["groesse"]], True, leser.ort() or "Kopf"
            )

    def _nimm_beiwerk(self, schub: Schub) -> None:
        """Basis, Gebietsstand und Einheit der Zeilen."""
        for name, angabe in (("basis", self._basis), ("gebietsstand", self._stand)):
            if isinstance(angabe, Bezugsleser):
                self._nimm_texte(schub, name, angabe)
            else:
                schub[name] = [angabe] * len(schub["nr"])
        if self._freie:
            self._suche_einheit(schub)
        if self._einheit is not None:
            self._nimm_texte(schub, "\0einheit", self._einheit)
            self._merke_einheiten(schub)

    def _vergleiche_namen(self, schub: Schub) -> None:
        """Steht in einer Spalte, die sonst niemand liest, der Name eines anderen Gebiets derselben Ebene?"""
        for stelle in list(self._namensspalten):
            texte = [glatt(als_text(z)) for z in spalte(schub["felder"], stelle)]
            genannt = {t: self._verzeichnis.treffer(t, "name") for t in set(texte) if not t[:1].isdigit()}
            if not any(genannt.values()):
                self._namensspalten.remove(stelle)
                continue
            zeilen = zip(schub["gebiet"], texte, strict=True)
            for (schluessel, text), nr in dict(zip(zeilen, schub["nr"], strict=True)).items():
                if self._widerspricht(schluessel, genannt.get(text, ())):
                    self._sammler.dazu(
                        NameWiderspricht, self._ort(f"Zeile {nr}"), self._kopf.bezeichnung(stelle),
                        gebiet=nenne(self._verzeichnis[schluessel]), name=text,
                    )  # fmt: skip

    def _widerspricht(self, schluessel: str, gemeint: tuple[Gebiet, ...]) -> bool:
        if not gemeint or schluessel not in self._verzeichnis:
            return False
        dieselben = {schluessel, *(g.schluessel for g in self._verzeichnis.gleiche(schluessel))}
        eines_davon = any(g.schluessel in dieselben for g in gemeint)
        return not eines_davon and self._verzeichnis[schluessel].ebene in {g.ebene for g in gemeint}

    def _suche_einheit(self, schub: Schub) -> None:
        """Eine Spalte, die nur Einheiten enthält, nennt die Einheit, auch wenn die Quelle es nicht sagt."""
        stellen = set(self._freie) - {fach.stelle for fach in self._faecher}
        self._freie = []
        for stelle in sorted(stellen):
            texte = {glatt(als_text(z)) for z in spalte(schub["felder"], stelle)} - {""}
            if all(map(_NUR_EINHEIT.fullmatch, texte)) and not all(t[0].isdigit() for t in texte):
                self._einheit = Bezugsleser(Bezug(spalte=stelle + 1), self._kopf, self._ringsum)
                self._einheiten.clear()
                return

    def _nimm_texte(self, schub: Schub, name: str, leser: Bezugsleser) -> None:
        antworten = leser.texte(schub["felder"], schub.get(leser))
        self._nimm(schub, name, antworten, leser.weist_ab, leser.ort())

    def _nimm_zeit(self, schub: Schub, leser: Bezugsleser) -> None:
        """Die Zeit der Zeile, auch aus zwei Angaben; je Teil aus dem Kopf eine eigene Spalte des Schubs."""
        self._nimm_texte(schub, "zeit", leser)
        if self._dazu is not None and leser is not self._dazu:
            self._nimm_texte(schub, "\0dazu", self._dazu)
            schub["zeit"] = list(map(self._verbinde, schub["zeit"], schub["\0dazu"]))
        teile_des_kopfs = dict.fromkeys(fach.zeitteil for fach in self._faecher if fach.zeitteil is not None)
        for teil in teile_des_kopfs:
            schub["zeit", teil] = [self._verbinde(text, teil) for text in schub["zeit"]]
        namen: list[Any] = [("zeit", teil) for teil in teile_des_kopfs] or ["zeit"]
        for name in namen:
            antworten = [self._zeitdeutung[text] for text in schub[name]]
            self._nimm(schub, name, antworten, self._zeitdeutung.weist_ab, leser.ort())

    def _verbinde(self, eins: str, zwei: str) -> str:
        assert self._angaben.zeit is not None
        return verbinde_zeit(eins, zwei, art=self._angaben.zeit.art)

    def _merke_einheiten(self, schub: Schub) -> None:
        """Welche Einheit zu welcher Messgröße genannt ist."""
        groessen = [[fach.groesse] * len(schub["nr"]) for fach in self._faecher if fach.groesse is not None]
        for namen in groessen or [schub.get("groesse", [])]:
            for name, einheit, nr in zip(namen, schub["\0einheit"], schub["nr"], strict=True):
                if einheit or self._angaben.einheit is not None:
                    self._einheiten.setdefault(name, {}).setdefault(einheit, nr)

    def _nimm(self, schub: Schub, name: Any, antworten: list[Any], weist_ab: bool, feld: str) -> None:
        """Legt Antworten als Spalte in den Schub; abgewiesene Zeilen fallen weg, gezählt oder gemeldet."""
        schub[name] = antworten
        if weist_ab and not all(wahl := [a.__class__ is not Abgewiesen for a in antworten]):
            for nr, felder, antwort in zip(schub["nr"], schub["felder"], antworten, strict=True):
                if isinstance(antwort, Abgewiesen):
                    self._nimm_abweisung(nr, felder, antwort, feld)
            _behalte(schub, wahl)

    def _nimm_abweisung(self, nr: int, felder: list[Any], antwort: Abgewiesen, feld: str) -> None:
        ueberlesen = self._angaben.gebiet is not None and self._angaben.gebiet.unbekannte == "weglassen"
        if antwort.art is None:
            self._lasse_weg(antwort.grund, nr, felder)
        elif antwort.art is GebietLeer and ueberlesen and not any(f.gefuellt(felder) for f in self._faecher):
            self._lasse_weg("kein Gebiet und kein Wert", nr, felder)
        else:
            if antwort.art in {GebietLeer, GroesseLeer}:
                antwort = Abgewiesen(antwort.art, zeile=f": „{_zitiert(felder)}“")
            self._befunde.append((nr, antwort, self._ort(f"Zeile {nr}"), feld))

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
        return [
            (a[0] if s in _MIT_ZAHL else None, s, a[2]) if s.__class__ is str else a
            for a, s in zip(antworten, stati, strict=True)
        ]

    def _melde_zellen(self, antworten: Iterable[Any], stelle: int, feld: str, schub: Schub) -> None:
        for nr, antwort in zip(schub["nr"], antworten, strict=True):
            if isinstance(antwort, Abgewiesen):
                zelle = f"Zelle {buchstabe(stelle)}{nr}" if self._blatt.tabellenkalkulation else f"Zeile {nr}"
                self._befunde.append((nr, antwort, self._ort(zelle), feld))

    def _melde_befunde(self) -> None:
        """Gibt die Befunde des Schubs an den Sammler, in der Reihenfolge der Zeilen."""
        for _, was, ort, feld in sorted(self._befunde, key=lambda befund: befund[0]):
            assert was.art is not None
            self._sammler.dazu(was.art, ort, None if was.art.feld else feld, **was.angaben)
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
        if self._angaben.je_groesse and self._groesse is not None:
            faecher = [(fach, self._mal_faktor(werte, schub["groesse"])) for fach, werte in faecher]
        gelesen = list(chain.from_iterable(zip(*(werte for _, werte in faecher), strict=True)))
        wert, status, roh = zip(*gelesen, strict=True) if gelesen else ((), (), ())
        merkmale = {n: je_fach([f.merkmale.get(n) or None for f in plan], n) for n in self._tabelle.merkmale}
        self._tabelle.nimm(
            {
                "gebiet": je_fach([f.gebiet for f in plan], "gebiet"),
                "zeit": self._zeiten(schub, plan) or je_fach([f.zeit for f in plan], "zeit"),
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

    def _zeiten(self, schub: Schub, plan: list[Wertfach]) -> list[str]:
        """Zeile für Zeile und Fach für Fach die Zeit, wenn der Kopf einen Teil von ihr gibt; sonst nichts."""
        if all(fach.zeitteil is None for fach in plan):
            return []
        spalten = [schub["zeit", f.zeitteil] if f.zeit is None else [f.zeit] * len(schub["nr"]) for f in plan]
        return list(chain.from_iterable(zip(*spalten, strict=True)))

    def _mal_faktor(self, werte: list[Any], groessen: list[str]) -> list[Any]:
        """Die Werte einer langen Tabelle, je Messgröße mit ihrem Faktor."""
        faktoren = {name: angabe.faktor for name, angabe in self._angaben.je_groesse.items()}
        return [
            (float(dezimal(w[0]) * f), *w[1:]) if w[0] is not None and (f := faktoren.get(g, 1)) != 1 else w
            for w, g in zip(werte, groessen, strict=True)
        ]


def _deute(werte: Wertleser, faktor: Decimal, zelle: Any) -> tuple[float | None, str, str]:
    """Wert, Status und Rohtext einer Zelle."""
    wert, status = werte.lies(zelle, faktor)
    if isinstance(zelle, Gezeichnet):
        return wert, status.value, zelle.gezeigt.strip()
    return wert, status.value, "" if isinstance(zelle, Verbunden) else als_text(zelle).strip()


def _zitiert(felder: list[Any]) -> str:
    """Der Inhalt einer Zeile, gekürzt."""
    return gekuerzt(" | ".join(gefuellte(felder)))


_EINHEIT = re.compile(
    r"(?P<je>je 1\W?000|je 100\b|pro Kopf)|(?P<mio>\bMio\b|\bMillionen)"
    r"|(?P<tsd>\bTsd\b|\bTausend|\b1\W000\b|T€|\bTEUR)|(?P<proz>%|\bProzent|\bv\.\s?H)"
    r"|(?P<eur>€|\bEUR\b|\bEuro\b)|(?P<qkm>\bkm²|\bkm2|\bqkm)|(?P<ha>\bha\b|\bHektar)"
)


_EINHEITSSPALTE = re.compile(r"(?i)(maß|mass)?einheit(en)?|(value_?)?units?")
_NUR_EINHEIT = re.compile(
    r"(?i)(in |je |1[ .]?000|tsd\.?|tausend|mio\.?|millionen|mrd\.?|100 ?000)*\s*"
    r"(anzahl|%|prozent|v\.\s?h\.|eur|euro|€|t€|teur|qm|m²|km²|km2|qkm|ha|hektar|personen|einwohner)?"
)
_DASSELBE = {"prozent": "%", "v.h.": "%", "v. h.": "%", "euro": "eur", "€": "eur", "km2": "km²", "qkm": "km²",
             "hektar": "ha", "1 000": "tausend", "1000": "tausend", "tsd.": "tausend"}  # fmt: skip


def _dieselbe(einheit: str) -> str:
    """Eine Schreibweise für jede Einheit: „EUR“, „Euro“ und „€“ sind dasselbe."""
    return _DASSELBE.get(einheit.casefold(), einheit.casefold())


_EINHEITEN = {"je": "je Einwohner", "mio": "Millionen", "tsd": "Tausend", "proz": "Prozent", "eur": "Euro",
              "qkm": "km²", "ha": "Hektar"}  # fmt: skip


def einheit_im_text(text: str) -> str:
    """Die Einheit, die ein Kopftext nennt; leer, wenn keine zu erkennen ist."""
    treffer = _EINHEIT.search(text)
    return _EINHEITEN[treffer.lastgroup or ""] if treffer else ""


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
