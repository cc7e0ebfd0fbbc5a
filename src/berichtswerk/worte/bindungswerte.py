"""Die Attribute gebundener Namen: was ``{{ kennzahl.attribut }}`` im Text zeigt und womit es belegt ist."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from operator import attrgetter

from berichtswerk.fach.veraenderung import (
    Masz,
    Richtung,
    Stand,
    Veraenderung,
    Verlauf,
    gemeinsames_jahr,
    ohne_voraus,
)  # fmt: skip
from berichtswerk.fach.veraenderung import verlauf as rechne_verlauf
from berichtswerk.gegenstand.gegenstaende import Aussage, Bindung, Nachweis, Rechnung, Zeitwert
from berichtswerk.grund import zahl
from berichtswerk.grund.zeichen import Status
from berichtswerk.worte import aussage as a
from berichtswerk.worte import sprache

VERGLEICHE = ("land", "bund", "kreis")
_NIVEAU = {"land": "Landeswert", "bund": "Bundeswert", "kreis": "Kreiswert"}


class OhneWert(Exception):
    """Der Name ist richtig, aber es gibt hier keinen Wert; der Text sagt, warum."""


@dataclass(frozen=True, slots=True)
class Treffer:
    """Der einzusetzende Text, seine belegten Zahlen, Marken (am Satzende) und was er aussagt."""

    text: str
    nachweise: tuple[Nachweis, ...] = ()
    marken: tuple[str, ...] = ()
    aussage: Aussage | None = None


def zahl_von(wert: Zeitwert) -> float:
    """Die ungerundete Zahl eines Wertes, der eine hat."""
    assert wert.nachweis.wert is not None  # Blick enthält nur Werte mit Zahl
    return wert.nachweis.wert


@dataclass(frozen=True, slots=True)
class Blick:
    """Eine gebundene Reihe bis zu ihrem letzten (oder einem genannten) Jahr."""

    bindung: Bindung
    reihe: tuple[Zeitwert, ...]

    @classmethod
    def auf(cls, bindung: Bindung, jahr: int | None) -> Blick:
        """Die Reihe, die mit ``jahr`` endet; ``None`` heißt: mit dem letzten, nicht vorausgerechneten Wert.

        Eine ganz vorausgerechnete Reihe endet mit ihrem letzten Wert.
        """
        reihe = tuple(w for w in bindung.reihe if w.nachweis.wert is not None)
        if not reihe:
            raise OhneWert(f"Zu „{bindung.name or bindung.kennzahl}“ gibt es hier keine Daten.")
        if jahr is None:
            return cls(bindung, tuple(ohne_voraus(reihe)))
        bis = tuple(w for w in reihe if w.jahr <= jahr)
        if not bis or bis[-1].jahr != jahr:
            jahre = zahl.zeitraum(reihe[0].jahr, reihe[-1].jahr)
            raise OhneWert(f"Für das Jahr {jahr} gibt es keinen Wert; vorhanden: {jahre}.")
        return cls(bindung, bis)

    @property
    def masz(self) -> Masz:
        """Womit Werte dieser Reihe verglichen werden."""
        b = self.bindung
        return Masz(b.kennzahl_art, b.stellen, b.schwelle_kaum, b.zufall)

    @property
    def rede(self) -> a.Rede:
        """Wie die Reihe im Satz heißt."""
        return a.Rede.aus_bindung(self.bindung)

    @property
    def letzter(self) -> Zeitwert:
        """Der Wert, um den es geht."""
        return self.reihe[-1]

    @property
    def vorwert(self) -> Zeitwert:
        """Der Wert davor, auch wenn er mehr als ein Jahr zurückliegt."""
        if len(self.reihe) < 2:
            raise OhneWert(f"Vor {self.letzter.jahr} gibt es keinen Wert.")
        return self.reihe[-2]

    @property
    def vorjahr(self) -> Zeitwert:
        """Der Wert des Vorjahres."""
        if self.vorwert.jahr != self.letzter.jahr - 1:
            raise OhneWert(
                f"Für das Vorjahr {self.letzter.jahr - 1} gibt es keinen Wert; nehmen Sie .vorwert."
            )
        return self.vorwert

    def verlauf(self, *, mit_voraus: bool = False) -> Verlauf:
        """Der Verlauf bis zum letzten Wert, wie ihn auch Befund und Eckwert erzählen."""
        werte = self.bindung.reihe if mit_voraus else self.reihe
        staende = [stand(w) for w in werte if w.nachweis.wert is not None]
        gefunden = rechne_verlauf(staende, self.masz, self.bindung.brueche)
        assert gefunden is not None  # die Blick hat mindestens einen Wert
        return gefunden

    def zuletzt(self) -> Veraenderung:
        """Die jüngste Veränderung: seit der letzten Wende oder dem letzten Bruch."""
        v = self.verlauf()
        if v.letzter is None and len(self.reihe) > 1 and v.bruch is not None:
            self.seit(self.vorwert)  # sagt, warum es keine gibt
        if v.letzter is None:
            raise OhneWert(f"Vor {self.letzter.jahr} gibt es keinen Wert.")
        return v.letzter

    def seit(self, frueher: Zeitwert) -> Veraenderung:
        """Die Veränderung seit ``frueher``, wenn kein Zeitreihenbruch dazwischenliegt."""
        v = Veraenderung.zwischen(stand(frueher), stand(self.letzter), self.masz, self.bindung.brueche)
        for bruch in v.brueche:
            raise OhneWert(
                f"Zwischen {v.alt.jahr} und {v.neu.jahr} liegt ein Zeitreihenbruch "
                f"({bruch.jahr}); die Werte sind nicht vergleichbar."
            )
        return v

    def im_jahr(self, jahr: int) -> Zeitwert:
        """Der Wert eines Jahres."""
        return Blick.auf(self.bindung, jahr).letzter

    def vergleich(self, ebene: str) -> Zeitwert:
        """Der Wert des Vergleichsgebiets im selben Jahr; nie ein anderes Jahr."""
        for wert in self.bindung.vergleich.get(ebene, ()):
            if wert.jahr == self.letzter.jahr and wert.nachweis.wert is not None:
                return wert
        raise OhneWert(f"Für {self.letzter.jahr} gibt es keinen Vergleichswert „{ebene}“.")

    def messlatte(self, ebene: str) -> Zeitwert:
        """Wie :meth:`vergleich`, aber nur wo ein Vergleich sinnvoll ist (nicht bei absoluten Zahlen)."""
        if self.bindung.kennzahl_art in {"anzahl", "saldo"}:
            raise OhneWert("Absolute Zahlen verschieden großer Gebiete lassen sich nicht vergleichen.")
        return self.vergleich(ebene)

    def nebeneinander(self) -> tuple[int, list[tuple[str, Zeitwert]]]:
        """Das jüngste Jahr, in dem das Gebiet und möglichst viele Vergleichsgebiete einen Wert haben.

        Paare (Ebene, Wert), das eigene Gebiet (leere Ebene) zuerst; ohne gemeinsames Jahr nur das eigene.
        """
        eigene = {w.jahr: w for w in self.reihe}
        je = {e: {w.jahr: w for w in self.bindung.vergleich.get(e, ())
                  if w.nachweis.wert is not None and w.jahr in eigene} for e in VERGLEICHE}  # fmt: skip
        alle = sum(map(bool, je.values()))
        jahr = gemeinsames_jahr((j for werte in je.values() for j in werte), alle, notfalls=True)
        if jahr is None:
            return self.letzter.jahr, [("", self.letzter)]
        return jahr, [("", eigene[jahr]), *((e, werte[jahr]) for e, werte in je.items() if jahr in werte)]

    def extrem(self, vorzeichen: int) -> Zeitwert:
        """Höchster (1) oder tiefster (−1) Wert, bei Gleichstand der frühere."""
        return max(self.reihe, key=lambda w: (vorzeichen * zahl_von(w), -w.jahr))

    def lage(self, ebene: str) -> str:
        """„über dem Landeswert“, „unter dem Bundeswert“ oder „auf dem Niveau des Kreiswerts“."""
        wort = _NIVEAU.get(ebene, "Vergleichswert")
        wie = self.masz.richtung(zahl_von(self.messlatte(ebene)), zahl_von(self.letzter))
        if wie is Richtung.KAUM:
            return f"auf dem Niveau des {wort}s"
        return f"{'über' if wie is Richtung.GESTIEGEN else 'unter'} dem {wort}"


Finder = Callable[[Blick], Zeitwert]


def stand(w: Zeitwert) -> Stand:
    """Ein gebundener Wert zum Vergleichen."""
    return Stand(w.jahr, zahl_von(w), w.prognose)


def marken(blick: Blick, *werte: Zeitwert) -> tuple[str, ...]:
    """Beispieldaten, geschätzt, vorläufig und Brüche zwischen den verglichenen Jahren."""
    zeichen = ["Beispieldaten"] if blick.bindung.beispiel else []
    stati = {w.nachweis.status for w in werte}
    voraus = any(w.prognose for w in werte)
    zeichen += ["Vorausrechnung"] if voraus else ["geschätzt"] if Status.GESCHAETZT in stati else []
    zeichen += ["vorläufig"] if Status.VORLAEUFIG in stati else []
    von, bis = min(w.jahr for w in werte), max(w.jahr for w in werte)
    jahre = [str(b.jahr) for b in blick.bindung.brueche if von < b.jahr <= bis]
    if jahre:
        wort = "Zeitreihenbruch" if len(jahre) == 1 else "Zeitreihenbrüche"
        zeichen.append(f"{wort} {sprache.aufzaehlung(jahre)}")
    return tuple(zeichen)


def _aussage(blick: Blick, v: Verlauf | Veraenderung | None, werte: Iterable[Zeitwert] = ()) -> Aussage:
    b = blick.bindung
    return a.als_aussage(v, blick.rede, b.kennzahl, b.gebiet, map(stand, werte))


def _wert(finde: Finder, blick: Blick, *, nur_zahl: bool = False, bis_letzten: bool = False) -> Treffer:
    """Ein Wert mit Einheit; ``nur_zahl``: ohne. ``bis_letzten`` nennt auch Brüche, die danach folgen."""
    w = finde(blick)
    text = zahl.schreibe(zahl_von(w), blick.bindung.stellen) if nur_zahl else w.nachweis.anzeige
    nachweis = w.nachweis.model_copy(update={"anzeige": text})
    zeichen = marken(blick, w, *([blick.letzter] if bis_letzten else []))
    return Treffer(text, (nachweis,), zeichen, _aussage(blick, None, [w]))


def _spanne(finde: Finder, blick: Blick) -> Treffer:
    """„7,1 bis 11,2 %“: untere und obere Grenze des Wertes."""
    w, stellen = finde(blick), blick.bindung.stellen
    unten, oben = w.nachweis.unten, w.nachweis.oben
    if unten is None or oben is None:
        raise OhneWert(f"Zum Wert {w.jahr} ist keine Spanne angegeben.")
    ende = zahl.mit_einheit(zahl.schreibe(oben, stellen), blick.bindung.einheit)
    return Treffer(f"{zahl.schreibe(unten, stellen)} bis {ende}", (w.nachweis,), marken(blick, w))


def _jahr(finde: Finder, blick: Blick) -> Treffer:
    return Treffer(str(finde(blick).jahr))


# --- Veränderungen -----------------------------------------------------------------------------------


def _paar(blick: Blick, v: Veraenderung) -> tuple[Zeitwert, Zeitwert]:
    je = {w.jahr: w for w in blick.bindung.reihe}
    return je[v.neu.jahr], je[v.alt.jahr]


def _differenz(
    blick: Blick, neu: Zeitwert, alt: Zeitwert, *, vorzeichen: bool, v: Veraenderung | None = None
) -> Treffer:
    b, ergebnis = blick.bindung, zahl_von(neu) - zahl_von(alt)
    text = sprache.differenz_text(ergebnis, b.kennzahl_art, b.einheit, b.stellen, vorzeichen=vorzeichen)
    beleg = a.ableitung("differenz", text, neu.nachweis, alt.nachweis)
    return Treffer(text, (beleg,), marken(blick, neu, alt), _aussage(blick, v) if v else None)


def _unterschied(vorzeichen: bool, blick: Blick, v: Veraenderung) -> Treffer:
    return _differenz(blick, *_paar(blick, v), vorzeichen=vorzeichen, v=v)


def _prozent(vorzeichen: bool, blick: Blick, v: Veraenderung) -> Treffer:
    neu, alt = _paar(blick, v)
    if v.prozent is None:
        if v.masz.art in {"anteil", "saldo"}:
            raise OhneWert("Anteile und Salden verändern sich nicht in Prozent; nehmen Sie .veraenderung.")
        raise OhneWert(f"Der Ausgangswert {alt.nachweis.anzeige} ist zu klein für eine Rate in Prozent.")
    text = sprache.prozent_text(v.prozent, vorzeichen=vorzeichen)
    beleg = a.ableitung("prozent", text, neu.nachweis, alt.nachweis)
    return Treffer(text, (beleg,), marken(blick, neu, alt), _aussage(blick, v))


def _richtung(blick: Blick, v: Veraenderung) -> Treffer:
    return Treffer(v.richtung.value, (), marken(blick, *_paar(blick, v)), _aussage(blick, v))


def _verlauf(blick: Blick, v: Veraenderung) -> Treffer:
    """„um 0,3 Prozentpunkte gestiegen“, „von 12 auf 17 gestiegen“ oder „kaum verändert“."""
    neu, alt = _paar(blick, v)
    gesagt = a.betrag(v, blick.rede)
    belege: tuple[Nachweis, ...] = () if v.richtung is Richtung.KAUM else (neu.nachweis, alt.nachweis)
    if belege and gesagt:
        art: Rechnung = "differenz" if v.masz.art == "anteil" else "prozent"
        belege = (a.ableitung(art, gesagt, neu.nachweis, alt.nachweis),)
    return Treffer(a.veraenderung_text(v, blick.rede), belege, marken(blick, neu, alt), _aussage(blick, v))


# --- Sätze ---------------------------------------------------------------------------------------------


def _als_satz(blick: Blick, text: str, v: Verlauf, zeichen: tuple[str, ...]) -> Treffer:
    """Belegt sind die Zahlen, die dastehen: Werte und Beträge; ein Betrag führt zu seinen beiden Werten."""
    aussage, je = _aussage(blick, v), {w.jahr: w.nachweis for w in blick.bindung.reihe}
    werte = [je[jahr] for jahr, _ in aussage.werte]
    belege = [n for n in werte if zahl.schreibe(n.wert or 0.0, blick.bindung.stellen) in text]
    for s in aussage.schritte:
        if s.betrag and s.betrag in text:
            art: Rechnung = "differenz" if v.masz.art == "anteil" else "prozent"
            belege.append(a.ableitung(art, s.betrag, je[s.bis], je[s.von]))
    return Treffer(text, tuple(belege), zeichen, aussage)


def _satz(blick: Blick) -> Treffer:
    """Der ganze Verlauf, wie ihn der Befund der Abbildung erzählt."""
    zuletzt = Blick.auf(blick.bindung, None).letzter
    v = blick.verlauf(mit_voraus=not blick.letzter.prognose and blick.letzter == zuletzt)
    jahre = {jahr for jahr, _ in _aussage(blick, v).werte}
    zeichen = marken(blick, *(w for w in blick.bindung.reihe if w.jahr in jahre))
    zeichen = tuple(m for m in zeichen if not m.startswith(("Zeitreihen", "Vorausrechnung")))
    return _als_satz(blick, f"{sprache.gross(a.satz(v, blick.rede))}.", v, zeichen)


def _voraus(blick: Blick) -> Zeitwert:
    """Der letzte vorausgerechnete Wert der ganzen Reihe."""
    werte = [w for w in blick.bindung.reihe if w.prognose and w.nachweis.wert is not None]
    if not werte:
        raise OhneWert("Es gibt keine Vorausrechnung.")
    return werte[-1]


def _zur_voraus(blick: Blick) -> Veraenderung:
    """Veränderung vom letzten Ist-Wert zum letzten vorausgerechneten."""
    ist, ende = Blick.auf(blick.bindung, None).letzter, _voraus(blick)
    if ist.prognose:
        raise OhneWert("Vor der Vorausrechnung gibt es keinen Wert.")
    return Blick.auf(blick.bindung, ende.jahr).seit(ist)


def _satz_voraus(blick: Blick) -> Treffer:
    _voraus(blick)
    v = blick.verlauf(mit_voraus=True)
    zeichen = ("Beispieldaten",) if blick.bindung.beispiel else ()
    text = f"{blick.rede.davor}{sprache.gross(a.kuenftig(v, blick.rede, bekannt=False))}."
    return _als_satz(blick, text, Verlauf(v.masz, v.ende, voraus=v.voraus), zeichen)


def _satz_vergleich(blick: Blick) -> Treffer:
    """„Die Quote lag 2024 im Landkreis … bei 7,4 %, im Land … bei 6,1 % und in Deutschland bei 6,0 %.“"""
    namen, rede = blick.bindung.gebietsnamen, blick.rede
    jahr, stellen = blick.nebeneinander()
    if len(stellen) == 1:
        raise OhneWert(f"Für {blick.letzter.jahr} gibt es keinen Vergleichswert.")
    teile = [f"{namen.get(ebene, '')} bei {w.nachweis.anzeige}".strip() for ebene, w in stellen]
    lag, zeichen = rede.beuge("lag", "lagen"), marken(blick, *(w for _, w in stellen))
    text = f"{rede.davor}{sprache.gross(rede.subjekt)} {lag} {jahr} {sprache.aufzaehlung(teile)}."
    if jahr != blick.letzter.jahr:
        wo = f"{rede.fuerwort} {namen.get('', '')}".strip()
        text += f" Zuletzt {lag} {wo} {blick.letzter.jahr} bei {blick.letzter.nachweis.anzeige}."
        stellen = [*stellen, ("", blick.letzter)]
    eigene = [w for ebene, w in stellen if not ebene]
    return Treffer(text, tuple(w.nachweis for _, w in stellen), zeichen, _aussage(blick, None, eigene))


# --- Verzeichnis -------------------------------------------------------------------------------------

Attribut = Callable[[Blick], Treffer]
Vergleicher = Callable[[Blick, Veraenderung], Treffer]

_PAARE: dict[str, Vergleicher] = {
    "": partial(_unterschied, True), "_betrag": partial(_unterschied, False),
    "_prozent": partial(_prozent, True), "_prozent_betrag": partial(_prozent, False),
}  # fmt: skip
_letzter: Finder = attrgetter("letzter")
_SEIT: dict[str, Vergleicher] = {
    **{f"seit{ende}": bilde for ende, bilde in _PAARE.items()},
    "richtung_seit": _richtung, "verlauf_seit": _verlauf,
}  # fmt: skip
"""Attribute, die ein Bezugsjahr brauchen: ``{{ geburten.seit_prozent[2016] }}``."""
_WERTE: dict[str, Finder] = {
    "vorwert": attrgetter("vorwert"),
    "beginn": lambda s: s.reihe[0],
    "hoechstwert": lambda s: s.extrem(1),
    "tiefstwert": lambda s: s.extrem(-1),
    "vorausrechnung": _voraus,
}
"""Einzelne Werte; ``_jahr`` nennt ihr Jahr."""


def _mit(zu: Callable[[Blick], Veraenderung], bilde: Vergleicher, blick: Blick) -> Treffer:
    return bilde(blick, zu(blick))


def _seit_vorwert(blick: Blick) -> Veraenderung:
    return blick.seit(blick.vorwert)


_ATTRIBUTE: dict[str, Attribut] = {
    "zahl": partial(_wert, _letzter, nur_zahl=True),
    "jahr": partial(_jahr, _letzter),
    "stand": lambda s: Treffer(sprache.stand(s.letzter.zeit)),
    "spanne": partial(_spanne, _letzter),
    "vorjahr": partial(_wert, attrgetter("vorjahr")),
    "richtung": partial(_mit, Blick.zuletzt, _richtung),
    "verlauf": partial(_mit, Blick.zuletzt, _verlauf),
    "seit_jahr": lambda s: Treffer(str(s.zuletzt().alt.jahr)),
    "satz": _satz,
    "satz_vergleich": _satz_vergleich,
    "vorausrechnung_zahl": partial(_wert, _voraus, nur_zahl=True),
    "vorausrechnung_spanne": partial(_spanne, _voraus),
    "vorausrechnung_richtung": partial(_mit, _zur_voraus, _richtung),
    "vorausrechnung_verlauf": partial(_mit, _zur_voraus, _verlauf),
    "vorausrechnung_satz": _satz_voraus,
    "name": lambda s: Treffer(s.bindung.name),
    "einheit": lambda s: Treffer(s.bindung.einheit),
    "definition": lambda s: Treffer(s.bindung.definition),
    "quelle": lambda s: Treffer(s.bindung.quelle),
}


def _vergleichswert(ebene: str, blick: Blick) -> Treffer:
    w = blick.vergleich(ebene)
    return Treffer(w.nachweis.anzeige, (w.nachweis,), marken(blick, w))


def _lage(ebene: str, blick: Blick) -> Treffer:
    return Treffer(blick.lage(ebene), marken=marken(blick, blick.letzter))


def _abstand(ebene: str, vorzeichen: bool, blick: Blick) -> Treffer:
    return _differenz(blick, blick.letzter, blick.messlatte(ebene), vorzeichen=vorzeichen)


for _name, _finde in _WERTE.items():
    _ATTRIBUTE[_name] = partial(_wert, _finde, bis_letzten=_name in {"hoechstwert", "tiefstwert"})
    _ATTRIBUTE[f"{_name}_jahr"] = partial(_jahr, _finde)
for _ende, _bilde in _PAARE.items():
    _ATTRIBUTE[f"veraenderung{_ende}"] = partial(_mit, _seit_vorwert, _bilde)
    _ATTRIBUTE[f"vorausrechnung_veraenderung{_ende}"] = partial(_mit, _zur_voraus, _bilde)
for _ebene in VERGLEICHE:
    _ATTRIBUTE[_ebene] = partial(_vergleichswert, _ebene)
    _ATTRIBUTE[f"zum_{_ebene}"] = partial(_lage, _ebene)
    _ATTRIBUTE[f"abstand_{_ebene}"] = partial(_abstand, _ebene, True)
    _ATTRIBUTE[f"abstand_{_ebene}_betrag"] = partial(_abstand, _ebene, False)

ATTRIBUTE: tuple[str, ...] = tuple(sorted({*_ATTRIBUTE, *(f"{k}[jahr]" for k in _SEIT)}))
"""Alle Attribute, die ein gebundener Name kennt."""


def kennt(attribut: str) -> bool:
    """Ob es dieses Attribut gibt."""
    return attribut in _ATTRIBUTE or attribut in _SEIT


def braucht_jahr(attribut: str) -> bool:
    """Ob das Attribut ein Bezugsjahr in eckigen Klammern verlangt."""
    return attribut in _SEIT


def werte_aus(bindung: Bindung, jahr: int | None, attribut: str, bezug: int | None) -> Treffer:
    """Der Text zu ``name[jahr].attribut[bezug]``.

    Raises:
        OhneWert: wenn die Daten dazu fehlen.
        KeyError: wenn es das Attribut nicht gibt (vorher mit :func:`kennt` prüfen).
    """
    if bindung.art == "text":
        return Treffer(bindung.attribute[attribut] if attribut else bindung.text)
    blick = Blick.auf(bindung, jahr)
    if not attribut:
        return _wert(_letzter, blick)
    if attribut in _SEIT:
        return _SEIT[attribut](blick, blick.seit(blick.im_jahr(bezug or 0)))
    return _ATTRIBUTE[attribut](blick if bezug is None else Blick.auf(bindung, bezug))
