"""Kennzahlen berechnen: aus Definition und Datenbestand wird eine Reihe von Werten mit ihren Brüchen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from berichtswerk.daten.gebiete import EBENEN, EBENENNAME
from berichtswerk.fach.definitionspruefung import pruefe_definition
from berichtswerk.fach.kennzahl import Kennzahl
from berichtswerk.fach.rechnung import Rechenkennzahl
from berichtswerk.fach.reihe import Reihe, Wert, beschraenke
from berichtswerk.fach.veraenderung import Bruch
from berichtswerk.fach.wege import Rechenweg
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldung, Stufe

if TYPE_CHECKING:
    from berichtswerk.daten.bestand import Datenbestand
    from berichtswerk.daten.gebiete import Gebiet, Gebietsverzeichnis
    from berichtswerk.fach.katalog import Kennzahlenkatalog
    from berichtswerk.fach.rechenwerk import Gerechnet


class KennzahlOhneWert(Befundart):
    text = "{hinweis}"
    abhilfe = "Liegt die Zahl vor, ergänzen Sie die Lieferung; sonst steht im Bericht ein Zeichen dafür."
    stufe = Stufe.HINWEIS


class GebietZuKlein(KennzahlOhneWert):
    text = "„{name}“ gibt es für {gebiet} nicht: kleinste Ebene ist {ebene}."
    abhilfe = "Zeigen Sie ein größeres Gebiet; gibt es die Zahl doch, ändern Sie „kleinste_ebene“."


class RechnungImKreis(Befundart):
    text = "Die Rechnung „{name}“ braucht sich selbst: {weg}."
    abhilfe = "Streichen Sie eine dieser Eingaben."


class Rechner:
    """Rechnet Kennzahlen eines Bestands; jede Definition wird einmal geprüft, jedes Feld einmal gerechnet.

    Gilt, solange sich Quellen, Gebiete und Tabellen des Bestands nicht ändern.
    """

    def __init__(self, bestand: Datenbestand, katalog: Kennzahlenkatalog | None = None) -> None:
        """``katalog`` brauchen nur Rechnungen; ohne Angabe wird er bei Bedarf gelesen."""
        self._bestand = bestand
        self._katalog = katalog
        self._bereit: dict[int, _Bereit] = {}
        self._gerechnet: dict[tuple[str, int | None], Gerechnet] = {}
        self._unterwegs: list[str] = []

    def rechnung(self, kennung: str, bis: int | None = None) -> Gerechnet:
        """Was eine Rechnung (``daten/rechnungen/<id>.yaml``) aus den Daten bis ``bis`` ergibt.

        Raises:
            BerichtswerkFehler: ``rechnung-unbekannt``, oder sie läßt sich nicht rechnen.
        """
        if (kennung, bis) not in self._gerechnet:
            from berichtswerk.fach.katalog import Kennzahlenkatalog
            from berichtswerk.fach.rechenwerk import rechne

            katalog = self._katalog = self._katalog or Kennzahlenkatalog.lade(self._bestand.projekt)

            def kennzahlreihe(name: str, gebiete: Sequence[str], bis: int | None) -> Reihe:
                return self.berechne(katalog.finde(name), gebiete, bis=bis)

            if kennung in self._unterwegs:
                weg = " → ".join([*self._unterwegs, kennung])
                raise BerichtswerkFehler(
                    RechnungImKreis.melde(datei=f"daten/rechnungen/{kennung}.yaml", name=kennung, weg=weg)
                )
            self._unterwegs.append(kennung)
            try:
                gerechnet = rechne(
                    katalog.rechnung(kennung), self._bestand, kennzahlreihe, bis, self.rechnung
                )
            finally:
                self._unterwegs.pop()
            self._gerechnet[kennung, bis] = gerechnet
        return self._gerechnet[kennung, bis]

    def rueckwaerts(self, kennzahl: Kennzahl, gebiete: Sequence[str], bis: int | None) -> Iterator[Reihe]:
        """Je Jahr eine Reihe, das jüngste zuerst; ein Jahr wird erst gerechnet, wenn es an der Reihe ist.

        Raises:
            BerichtswerkFehler: wie :meth:`berechne`.
        """
        if isinstance(kennzahl, Rechenkennzahl):
            reihe = self.berechne(kennzahl, gebiete, bis)
            yield from (reihe.jahr(jahr) for jahr in reversed(reihe.jahre))
            return
        bereit = self._bereite_vor(kennzahl)
        jahre = {j for g in _gebiete(kennzahl, self._bestand, gebiete)[0] for j in bereit.jahre(g.schluessel)}
        for jahr in sorted(jahre, reverse=True):
            if bis is None or jahr <= bis:
                yield self.berechne(kennzahl, gebiete, jahr, jahr)

    def _bereite_vor(self, kennzahl: Kennzahl) -> _Bereit:
        if (bereit := self._bereit.get(id(kennzahl))) is None:
            bereit = self._bereit[id(kennzahl)] = _bereite_vor(kennzahl, self._bestand)
        return bereit

    def berechne(
        self,
        kennzahl: Kennzahl,
        gebiete: Iterable[str] | None = None,
        bis: int | None = None,
        von: int | None = None,
    ) -> Reihe:
        """Berechnet eine Kennzahl, ungerundet und mit Belegen.

        Args:
            kennzahl: Definition mit Rechenwegen; die Reihe einer Rechnung reicht so weit, wie vorausgerechnet
                ist.
            gebiete: Schlüssel oder Namen; ohne Angabe alle Gebiete, für die die Kennzahl gebildet wird.
            bis: letztes Jahr (einschließlich); Daten späterer Jahre gehen nicht ein.
            von: erstes Jahr; gilt nicht für die Reihe einer Rechnung.

        Returns:
            Werte nach Gebiet und Zeit. Rechenwege über Quellen, die es nicht gibt, entfallen (Hinweis an der
            Reihe). Wo für einen Bestandteil nichts geliefert ist, gibt es keinen Wert; wo ein Teil fehlt,
            geheim oder nicht verrechenbar ist, einen Wert ohne Zahl mit Status und Erklärung.

        Raises:
            BerichtswerkFehler: Definition passt nicht zu den Quellen; Gebiet unbekannt; Quelle unlesbar.
        """
        if isinstance(kennzahl, Rechenkennzahl):
            reihe = self.rechnung(kennzahl.rechnung, bis).reihen[kennzahl.id]
            if gebiete is None:
                return reihe
            return beschraenke(reihe, [self._bestand.gebiete.finde(g).schluessel for g in gebiete])
        bereit = self._bereite_vor(kennzahl)
        gewaehlt, hinweise = _gebiete(kennzahl, self._bestand, gebiete)
        hinweise.extend(bereit.befunde)
        werte: list[Wert] = []
        je_gebiet = []
        for gebiet in gewaehlt:
            eigene = bereit.werte(gebiet.schluessel, von, bis)
            werte.extend(eigene)
            brueche = brueche_eines_gebiets(
                eigene, self._bestand.gebiete, kennzahl.brueche, bereit.brueche_der_quellen
            )
            je_gebiet.append((gebiet.schluessel, brueche))
        hinweise.extend(_hinweise(kennzahl, werte))
        return Reihe(
            kennzahl, tuple(werte), vereinige(b for _, b in je_gebiet), tuple(hinweise), tuple(je_gebiet)
        )


class _Bereit:
    """Eine geprüfte Kennzahl mit ihren Rechenwegen und allen schon gerechneten Feldern."""

    def __init__(self, kennzahl: Kennzahl, bestand: Datenbestand, befunde: list[Meldung]) -> None:
        self.kennzahl = kennzahl  # hält sie am Leben: gemerkt wird sie unter ihrer id()
        self.befunde = befunde
        self.wege = [
            Rechenweg(kennzahl, nummer, bestand)
            for nummer, weg in enumerate(kennzahl.wege, start=1)
            if all(a.quelle in bestand.quellen for a in weg.auswahlen())
        ]
        da = [q for q in kennzahl.quellen() if q in bestand.quellen]
        self.brueche_der_quellen = {q: bestand.quellen[q].statistik.brueche for q in da}
        self._zeiten: dict[str, list[dict[int, list[str]]]] = {}
        self._felder: dict[tuple[str, int], list[Wert]] = {}

    def jahre(self, gebiet: str) -> list[int]:
        """Die Jahre, für die es einen Wert geben könnte, aufsteigend."""
        if gebiet not in self._zeiten:
            self._zeiten[gebiet] = [_je_jahr(w.zeiten(gebiet)) for w in self.wege]
        return sorted({jahr for je_jahr in self._zeiten[gebiet] for jahr in je_jahr})

    def werte(self, gebiet: str, von: int | None, bis: int | None) -> list[Wert]:
        """Die Werte eines Gebiets nach Jahren."""
        jahre = [j for j in self.jahre(gebiet) if (von is None or j >= von) and (bis is None or j <= bis)]
        return [wert for jahr in jahre for wert in self._feld(gebiet, jahr)]

    def _feld(self, gebiet: str, jahr: int) -> list[Wert]:
        """Die Werte des ersten Weges, der eine Zahl hat; sonst des ersten, der etwas weiß."""
        if (gebiet, jahr) not in self._felder:
            self._felder[gebiet, jahr] = self._rechne(gebiet, jahr)
        return self._felder[gebiet, jahr]

    def _rechne(self, gebiet: str, jahr: int) -> list[Wert]:
        ersatz: list[Wert] = []
        for weg, je_jahr in zip(self.wege, self._zeiten[gebiet], strict=True):
            versuche = [weg.rechne(gebiet, jahr, zeit) for zeit in je_jahr.get(jahr, ())]
            werte = [w for w in versuche if w is not None]
            if any(w.wert is not None for w in werte):
                return werte
            ersatz = ersatz or werte
        return ersatz


def _bereite_vor(kennzahl: Kennzahl, bestand: Datenbestand) -> _Bereit:
    befunde = pruefe_definition(kennzahl, bestand)
    if any(b.stufe is Stufe.FEHLER for b in befunde):
        raise BerichtswerkFehler(befunde)
    return _Bereit(kennzahl, bestand, befunde)


def _je_jahr(zeiten: Iterable[tuple[int, str]]) -> dict[int, list[str]]:
    je_jahr: dict[int, list[str]] = {}
    for jahr, zeit in zeiten:
        je_jahr.setdefault(jahr, []).append(zeit)
    return je_jahr


def _gebiete(
    kennzahl: Kennzahl, bestand: Datenbestand, gewuenscht: Iterable[str] | None
) -> tuple[list[Gebiet], list[Meldung]]:
    """Die Gebiete, für die gerechnet wird, und Hinweise auf zu kleine."""
    verzeichnis = bestand.gebiete
    grenze = EBENEN.index(kennzahl.kleinste_ebene)
    if gewuenscht is None:
        return [g for g in verzeichnis.values() if EBENEN.index(g.ebene) >= grenze], []
    gefunden = list(dict.fromkeys(verzeichnis.finde(g) for g in gewuenscht))
    gross = [g for g in gefunden if EBENEN.index(g.ebene) >= grenze]
    ebene = EBENENNAME[kennzahl.kleinste_ebene]
    hinweise = [
        GebietZuKlein.melde(datei=_datei(kennzahl), name=kennzahl.name, gebiet=g.name, ebene=ebene)
        for g in gefunden
        if g not in gross
    ]
    return gross, hinweise


def _hinweise(kennzahl: Kennzahl, werte: Iterable[Wert]) -> Iterator[Meldung]:
    """Gleiche Erklärungen zusammengefasst, mit den betroffenen Gebieten und Zeiten."""
    stellen: dict[str, list[str]] = {}
    for wert in werte:
        for text in wert.hinweise:
            stellen.setdefault(text, []).append(f"{wert.gebiet} {wert.zeit}")
    for text, orte in stellen.items():
        ort = ", ".join(orte[:5]) + (f" und {len(orte) - 5} weitere" if len(orte) > 5 else "")
        yield KennzahlOhneWert.melde(datei=_datei(kennzahl), ort=ort, hinweis=text)


def _datei(kennzahl: Kennzahl) -> str:
    return f"daten/kennzahlen/{kennzahl.id}.yaml"


class Angabe(Protocol):
    """Ein erklärter Bruch aus Quelle oder Kennzahl; er liegt vor ``jahr``."""

    @property
    def jahr(self) -> int:
        """Erstes Jahr nach dem Bruch."""

    @property
    def grund(self) -> str:
        """Was sich geändert hat."""


def brueche_eines_gebiets(
    werte: Sequence[Wert],
    verzeichnis: Gebietsverzeichnis,
    der_kennzahl: Iterable[Angabe],
    der_quellen: Mapping[str, Iterable[Angabe]],
) -> tuple[Bruch, ...]:
    """Brüche der Zeitreihe eines Gebiets, je Jahr höchstens einer.

    ``werte`` gehören zu einem Gebiet und sind nach Zeit geordnet. Ein erklärter Bruch zählt, wenn vor und
    nach ihm Werte mit Zahl liegen; ein Wechsel der Basis wird nicht noch einmal genannt, wenn ein erklärter
    ihn deckt.
    """
    mit_zahl = [w for w in werte if w.wert is not None]
    if len(mit_zahl) < 2:
        return ()
    quellen = {q for w in mit_zahl for q in w.quellen}
    angaben = [*der_kennzahl, *(a for q in sorted(quellen) for a in der_quellen.get(q, ()))]
    erklaert = [(a.jahr, a.grund) for a in angaben if mit_zahl[0].jahr < a.jahr <= mit_zahl[-1].jahr]
    gefolgert = []
    for alt, neu in pairwise(mit_zahl):
        gedeckt = any(alt.jahr < jahr <= neu.jahr for jahr, _ in erklaert)
        grund = _wechsel(alt, neu, verzeichnis)
        if grund and not gedeckt:
            gefolgert.append((neu.jahr, grund))
    return _bruch_je_jahr([*erklaert, *gefolgert])


def vereinige(brueche: Iterable[tuple[Bruch, ...]]) -> tuple[Bruch, ...]:
    """Brüche mehrerer Gebiete, je Jahr höchstens einer."""
    return _bruch_je_jahr([(b.jahr, b.grund) for gruppe in brueche for b in gruppe])


def _wechsel(alt: Wert, neu: Wert, verzeichnis: Gebietsverzeichnis) -> str:
    if alt.basis and neu.basis and alt.basis != neu.basis:
        return f"Umstellung von {alt.basis} auf {neu.basis}"
    if not verzeichnis.gleicher_stand(neu.gebiet, alt.gebietsstand, neu.gebietsstand):
        return f"Wechsel des Gebietsstands von {alt.gebietsstand} auf {neu.gebietsstand}"
    return ""


def _bruch_je_jahr(paare: list[tuple[int, str]]) -> tuple[Bruch, ...]:
    je_jahr: dict[int, dict[str, None]] = {}
    for jahr, grund in paare:
        je_jahr.setdefault(jahr, {})[grund] = None
    return tuple(Bruch(jahr, "; ".join(gruende)) for jahr, gruende in sorted(je_jahr.items()))
