"""Die Attribute gebundener Namen: was ``{{ kennzahl.attribut }}`` im Text zeigt und womit es belegt ist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from berichtswerk.fach.veraenderung import Masz, Richtung, Stand, Veraenderung, Verlauf
from berichtswerk.fach.veraenderung import verlauf as rechne_verlauf
from berichtswerk.gegenstand.werte import Aussage, Bindung, Nachweis, Zeitwert
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
    """Der einzusetzende Text, seine belegten Zahlen, Marken (einmal je Absatz) und was er aussagt."""

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
            return cls(bindung, tuple(w for w in reihe if not w.prognose) or reihe)
        bis = tuple(w for w in reihe if w.jahr <= jahr)
        if not bis or bis[-1].jahr != jahr:
            jahre = zahl.zeitraum(reihe[0].jahr, reihe[-1].jahr)
            raise OhneWert(f"Für das Jahr {jahr} gibt es keinen Wert; vorhanden: {jahre}.")
        return cls(bindung, bis)

    @property
    def masz(self) -> Masz:
        """Womit Werte dieser Reihe verglichen werden."""
        b = self.bindung
        return Masz(b.kennzahl_art, b.stellen, b.schwelle_kaum)

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
        je = {e: {w.jahr: w for w in werte if w.nachweis.wert is not None and w.jahr in eigene}
              for e in VERGLEICHE if (werte := self.bindung.vergleich.get(e))}  # fmt: skip
        alle = {e: werte for e, werte in je.items() if werte}
        if not alle:
            return self.letzter.jahr, [("", self.letzter)]
        jahre = set.intersection(*(set(w) for w in alle.values())) or set.union(
            *(set(w) for w in alle.values())
        )
        jahr = max(jahre)
        return jahr, [("", eigene[jahr]), *((e, werte[jahr]) for e, werte in alle.items() if jahr in werte)]

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


def wert(blick: Blick, w: Zeitwert) -> Treffer:
    """Ein Wert mit Einheit."""
    return Treffer(w.nachweis.anzeige, (w.nachweis,), marken(blick, w), _aussage(blick, None, [w]))


def _aussage(blick: Blick, v: Verlauf | Veraenderung | None, werte: list[Zeitwert]) -> Aussage:
    b = blick.bindung
    return a.als_aussage(v, blick.rede, b.kennzahl, b.gebiet, [stand(w) for w in werte])


def _extrem(blick: Blick, vorzeichen: int) -> Treffer:
    w = blick.extrem(vorzeichen)
    return Treffer(
        w.nachweis.anzeige, (w.nachweis,), marken(blick, w, blick.letzter), _aussage(blick, None, [w])
    )


def _nur_zahl(blick: Blick, w: Zeitwert) -> Treffer:
    text = zahl.schreibe(zahl_von(w), blick.bindung.stellen)
    nachweis = w.nachweis.model_copy(update={"anzeige": text})
    return Treffer(text, (nachweis,), marken(blick, w), _aussage(blick, None, [w]))


def _spanne(blick: Blick) -> Treffer:
    """„7,1 bis 11,2 %“: untere und obere Grenze des Wertes."""
    w, stellen = blick.letzter, blick.bindung.stellen
    unten, oben = w.nachweis.unten, w.nachweis.oben
    if unten is None or oben is None:
        raise OhneWert(f"Zum Wert {w.jahr} ist keine Spanne angegeben.")
    ende = zahl.mit_einheit(zahl.schreibe(oben, stellen), blick.bindung.einheit)
    return Treffer(f"{zahl.schreibe(unten, stellen)} bis {ende}", (w.nachweis,), marken(blick, w))


# --- Veränderungen -----------------------------------------------------------------------------------


def _ableitung(rechnung: str, ergebnis: float, text: str, neu: Zeitwert, alt: Zeitwert) -> Nachweis:
    return Nachweis.model_validate(
        {
            "anzeige": text, "wert": ergebnis, "gebiet": neu.nachweis.gebiet, "rechnung": rechnung,
            "kennzahl": neu.nachweis.kennzahl, "zeit": f"{alt.zeit}/{neu.zeit}",
            "formel": a.FORMELN[rechnung], "teile": (neu.nachweis, alt.nachweis),
        }
    )  # fmt: skip


def _paar(blick: Blick, v: Veraenderung) -> tuple[Zeitwert, Zeitwert]:
    je = {w.jahr: w for w in blick.bindung.reihe}
    return je[v.neu.jahr], je[v.alt.jahr]


def _differenz(blick: Blick, neu: Zeitwert, alt: Zeitwert, *, vorzeichen: bool) -> Treffer:
    b, ergebnis = blick.bindung, zahl_von(neu) - zahl_von(alt)
    text = sprache.differenz_text(ergebnis, b.kennzahl_art, b.einheit, b.stellen, vorzeichen=vorzeichen)
    return Treffer(text, (_ableitung("differenz", ergebnis, text, neu, alt),), marken(blick, neu, alt))


def _prozent(blick: Blick, v: Veraenderung, *, vorzeichen: bool) -> Treffer:
    neu, alt = _paar(blick, v)
    if v.prozent is None:
        if v.masz.art in {"anteil", "saldo"}:
            raise OhneWert("Anteile und Salden verändern sich nicht in Prozent; nehmen Sie .veraenderung.")
        raise OhneWert(f"Der Ausgangswert {alt.nachweis.anzeige} ist zu klein für eine Rate in Prozent.")
    text = sprache.prozent_text(v.prozent, vorzeichen=vorzeichen)
    nachweis = _ableitung("prozent", v.prozent, text, neu, alt)
    return Treffer(text, (nachweis,), marken(blick, neu, alt), _aussage(blick, v, []))


def _unterschied(blick: Blick, v: Veraenderung, *, vorzeichen: bool) -> Treffer:
    treffer = _differenz(blick, *_paar(blick, v), vorzeichen=vorzeichen)
    return Treffer(treffer.text, treffer.nachweise, treffer.marken, _aussage(blick, v, []))


def _richtung(blick: Blick, v: Veraenderung) -> Treffer:
    return Treffer(v.richtung.value, marken=marken(blick, *_paar(blick, v)), aussage=_aussage(blick, v, []))


def _verlauf(blick: Blick, v: Veraenderung) -> Treffer:
    """„um 0,3 Prozentpunkte gestiegen“, „von 12 auf 17 gestiegen“ oder „kaum verändert“."""
    neu, alt = _paar(blick, v)
    gesagt, nachweise = a.betrag(v, blick.rede), (neu.nachweis, alt.nachweis)
    if gesagt:
        rechnung = "differenz" if v.masz.art == "anteil" else "prozent"
        ergebnis = v.absolut if rechnung == "differenz" else v.prozent
        assert ergebnis is not None  # sonst gäbe es keinen Betrag in Prozent
        nachweise = (_ableitung(rechnung, ergebnis, gesagt, neu, alt),)  # type: ignore[assignment]
    nachweise = () if v.richtung is Richtung.KAUM else nachweise  # type: ignore[assignment]
    return Treffer(
        a.veraenderung_text(v, blick.rede), nachweise, marken(blick, neu, alt), _aussage(blick, v, [])
    )


def _satz(blick: Blick) -> Treffer:
    """Der ganze Verlauf, wie ihn der Befund der Abbildung erzählt."""
    v = blick.verlauf(mit_voraus=not blick.letzter.prognose and blick.letzter.jahr == _letztes_ist(blick))
    aussage, genannt = _mit_genannten(blick, v)
    zeichen = [m for m in marken(blick, *genannt) if not m.startswith(("Zeitreihen", "Vorausrechnung"))]
    klammer = f" ({', '.join(zeichen)})" if zeichen else ""
    text = sprache.gross(a.satz(v, blick.rede))
    return Treffer(f"{text}{klammer}.", tuple(w.nachweis for w in genannt), (), aussage)


def _mit_genannten(blick: Blick, v: Verlauf) -> tuple[Aussage, list[Zeitwert]]:
    """Die Aussage eines Verlaufs und die Werte, die sie nennt."""
    aussage = _aussage(blick, v, [])
    jahre = {jahr for jahr, _ in aussage.werte}
    return aussage, [w for w in blick.bindung.reihe if w.jahr in jahre and w.nachweis.wert is not None]


def _letztes_ist(blick: Blick) -> int:
    return Blick.auf(blick.bindung, None).letzter.jahr


def _voraus(blick: Blick) -> Zeitwert:
    """Der letzte vorausgerechnete Wert der ganzen Reihe."""
    werte = [w for w in blick.bindung.reihe if w.prognose and w.nachweis.wert is not None]
    if not werte:
        raise OhneWert("Es gibt keine Vorausrechnung.")
    return werte[-1]


def _bis_voraus(blick: Blick) -> Blick:
    """Die Blick, die mit dem letzten vorausgerechneten Wert endet."""
    return Blick.auf(blick.bindung, _voraus(blick).jahr)


def _zur_voraus(blick: Blick) -> Veraenderung:
    """Veränderung vom letzten Ist-Wert zum letzten vorausgerechneten."""
    ist = Blick.auf(blick.bindung, None).letzter
    if ist.prognose:
        raise OhneWert("Vor der Vorausrechnung gibt es keinen Wert.")
    return _bis_voraus(blick).seit(ist)


def _satz_voraus(blick: Blick) -> Treffer:
    _voraus(blick)
    v = blick.verlauf(mit_voraus=True)
    nur = Verlauf(v.masz, v.ende, voraus=v.voraus)
    aussage, genannt = _mit_genannten(blick, nur)
    klammer = " (Beispieldaten)" if blick.bindung.beispiel else ""
    text = sprache.gross(a.kuenftig(v, blick.rede, bekannt=False))
    return Treffer(f"{blick.rede.davor}{text}{klammer}.", tuple(w.nachweis for w in genannt), (), aussage)


def _satz_vergleich(blick: Blick) -> Treffer:
    """„Die Quote lag 2024 im Landkreis … bei 7,4 %, im Land … bei 6,1 % und in Deutschland bei 6,0 %.“"""
    b = blick.bindung
    jahr, stellen = blick.nebeneinander()
    if len(stellen) == 1:
        raise OhneWert(f"Für {blick.letzter.jahr} gibt es keinen Vergleichswert.")
    teile = [f"{b.gebietsnamen.get(ebene, '')} bei {w.nachweis.anzeige}".strip() for ebene, w in stellen]
    zeichen = marken(blick, *(w for _, w in stellen))
    klammer = f" ({', '.join(zeichen)})" if zeichen else ""
    rede = blick.rede
    kern = f"{rede.beuge('lag', 'lagen')} {jahr} {sprache.aufzaehlung(teile)}{klammer}"
    text = f"{rede.davor}{sprache.gross(rede.subjekt)} {kern}."
    if jahr != blick.letzter.jahr:
        neuer = (
            f"{b.gebietsnamen.get('', '')} {blick.letzter.jahr} bei {blick.letzter.nachweis.anzeige}".strip()
        )
        text += f" Zuletzt {rede.beuge('lag', 'lagen')} {rede.fuerwort} {neuer}."
        stellen = [*stellen, ("", blick.letzter)]
    eigene = [w for ebene, w in stellen if not ebene]
    return Treffer(text, tuple(w.nachweis for _, w in stellen), (), _aussage(blick, None, eigene))


# --- Verzeichnis -------------------------------------------------------------------------------------

Attribut = Callable[[Blick], Treffer]
Vergleicher = Callable[[Blick, Veraenderung], Treffer]

_PAARE: dict[str, Vergleicher] = {
    "": partial(_unterschied, vorzeichen=True),
    "betrag": partial(_unterschied, vorzeichen=False),
    "prozent": partial(_prozent, vorzeichen=True),
    "prozent_betrag": partial(_prozent, vorzeichen=False),
}
_SEIT: dict[str, Vergleicher] = {
    **{f"seit_{k}" if k else "seit": f for k, f in _PAARE.items()},
    "richtung_seit": _richtung, "verlauf_seit": _verlauf,
}  # fmt: skip
"""Attribute, die ein Bezugsjahr brauchen: ``{{ geburten.seit_prozent[2016] }}``."""

_ATTRIBUTE: dict[str, Attribut] = {
    "zahl": lambda s: _nur_zahl(s, s.letzter),
    "jahr": lambda s: Treffer(str(s.letzter.jahr)),
    "stand": lambda s: Treffer(sprache.stand(s.letzter.zeit)),
    "vorjahr": lambda s: wert(s, s.vorjahr),
    "vorwert": lambda s: wert(s, s.vorwert),
    "vorwert_jahr": lambda s: Treffer(str(s.vorwert.jahr)),
    "richtung": lambda s: _richtung(s, s.zuletzt()),
    "verlauf": lambda s: _verlauf(s, s.zuletzt()),
    "seit_jahr": lambda s: Treffer(str(s.zuletzt().alt.jahr)),
    "satz": _satz,
    "satz_vergleich": _satz_vergleich,
    "beginn": lambda s: wert(s, s.reihe[0]),
    "beginn_jahr": lambda s: Treffer(str(s.reihe[0].jahr)),
    "hoechstwert": lambda s: _extrem(s, 1),
    "hoechstwert_jahr": lambda s: Treffer(str(s.extrem(1).jahr)),
    "tiefstwert": lambda s: _extrem(s, -1),
    "tiefstwert_jahr": lambda s: Treffer(str(s.extrem(-1).jahr)),
    "spanne": _spanne,
    "vorausrechnung": lambda s: wert(s, _voraus(s)),
    "vorausrechnung_zahl": lambda s: _nur_zahl(s, _voraus(s)),
    "vorausrechnung_spanne": lambda s: _spanne(_bis_voraus(s)),
    "vorausrechnung_richtung": lambda s: _richtung(s, _zur_voraus(s)),
    "vorausrechnung_verlauf": lambda s: _verlauf(s, _zur_voraus(s)),
    "vorausrechnung_satz": _satz_voraus,
    "vorausrechnung_jahr": lambda s: Treffer(str(_voraus(s).jahr)),
    "name": lambda s: Treffer(s.bindung.name),
    "einheit": lambda s: Treffer(s.bindung.einheit),
    "definition": lambda s: Treffer(s.bindung.definition),
    "quelle": lambda s: Treffer(s.bindung.quelle),
}


def _zum_vorwert(bilde: Vergleicher, s: Blick) -> Treffer:
    return bilde(s, s.seit(s.vorwert))


def _in_der_voraus(bilde: Vergleicher, s: Blick) -> Treffer:
    return bilde(s, _zur_voraus(s))


def _zur_ebene(ebene: str, vorzeichen: bool, s: Blick) -> Treffer:
    return _differenz(s, s.letzter, s.messlatte(ebene), vorzeichen=vorzeichen)


def _vergleichswert(ebene: str, s: Blick) -> Treffer:
    w = s.vergleich(ebene)
    return Treffer(w.nachweis.anzeige, (w.nachweis,), marken(s, w))


def _lage(ebene: str, s: Blick) -> Treffer:
    return Treffer(s.lage(ebene), marken=marken(s, s.letzter))


for _ende, _bilde in _PAARE.items():
    _strich = f"_{_ende}" if _ende else ""
    _ATTRIBUTE[f"veraenderung{_strich}"] = partial(_zum_vorwert, _bilde)
    _ATTRIBUTE[f"vorausrechnung_veraenderung{_strich}"] = partial(_in_der_voraus, _bilde)
for _ebene in VERGLEICHE:
    _ATTRIBUTE[_ebene] = partial(_vergleichswert, _ebene)
    _ATTRIBUTE[f"zum_{_ebene}"] = partial(_lage, _ebene)
    _ATTRIBUTE[f"abstand_{_ebene}"] = partial(_zur_ebene, _ebene, True)
    _ATTRIBUTE[f"abstand_{_ebene}_betrag"] = partial(_zur_ebene, _ebene, False)

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
        return wert(blick, blick.letzter)
    if attribut in _SEIT:
        return _SEIT[attribut](blick, blick.seit(blick.im_jahr(bezug or 0)))
    if bezug is not None:
        return _ATTRIBUTE[attribut](Blick.auf(bindung, bezug))
    return _ATTRIBUTE[attribut](blick)
