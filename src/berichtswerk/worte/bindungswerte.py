"""Die Attribute gebundener Namen: was ``{{ kennzahl.attribut }}`` im Text zeigt und womit es belegt ist."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from berichtswerk.fach.veraenderung import MINDEST_AUSGANGSZAHL
from berichtswerk.gegenstand.gegenstaende import Bindung, Nachweis, Zeitwert
from berichtswerk.grund import zahl
from berichtswerk.worte import saetze
from berichtswerk.worte.sicht import VERGLEICHE, OhneWert, Sicht, Treffer, marken, zahl_von


def wert(sicht: Sicht, w: Zeitwert) -> Treffer:
    """Ein Wert mit Einheit."""
    return Treffer(w.nachweis.anzeige, (w.nachweis,), marken(sicht, w))


def _extrem(sicht: Sicht, w: Zeitwert) -> Treffer:
    return Treffer(w.nachweis.anzeige, (w.nachweis,), marken(sicht, w, sicht.letzter))


def _spanne(sicht: Sicht) -> Treffer:
    """„7,1 bis 11,2 %“: untere und obere Grenze des Wertes."""
    w, stellen = sicht.letzter, sicht.bindung.stellen
    unten, oben = w.nachweis.unten, w.nachweis.oben
    if unten is None or oben is None:
        raise OhneWert(f"Zum Wert {w.jahr} ist keine Spanne angegeben.")
    ende = zahl.mit_einheit(zahl.schreibe(oben, stellen), sicht.bindung.einheit)
    return Treffer(f"{zahl.schreibe(unten, stellen)} bis {ende}", (w.nachweis,), marken(sicht, w))


def _voraus(sicht: Sicht) -> Zeitwert:
    """Der letzte vorausgerechnete Wert der ganzen Reihe."""
    werte = [w for w in sicht.bindung.reihe if w.prognose and w.nachweis.wert is not None]
    if not werte:
        raise OhneWert("Es gibt keine Vorausrechnung.")
    return werte[-1]


def _bis_voraus(sicht: Sicht) -> Sicht:
    """Die Sicht, die mit dem letzten vorausgerechneten Wert endet."""
    return Sicht.auf(sicht.bindung, _voraus(sicht).jahr)


def _zur_voraus(bilde: Vergleicher, sicht: Sicht) -> Treffer:
    """Veränderung vom letzten Ist-Wert zum letzten vorausgerechneten."""
    ist = Sicht.auf(sicht.bindung, None).letzter
    if ist.prognose:
        raise OhneWert("Vor der Vorausrechnung gibt es keinen Wert.")
    return bilde(_bis_voraus(sicht), _voraus(sicht), ist)


def _nur_zahl(sicht: Sicht, w: Zeitwert) -> Treffer:
    text = zahl.schreibe(zahl_von(w), sicht.bindung.stellen)
    return Treffer(text, (w.nachweis.model_copy(update={"anzeige": text}),), marken(sicht, w))


def _ableitung(rechnung: str, ergebnis: float, text: str, neu: Zeitwert, alt: Zeitwert) -> Nachweis:
    worte = {"differenz": "Wert minus Bezugswert", "prozent": "(Wert / Bezugswert − 1) × 100"}
    return Nachweis.model_validate(
        {
            "anzeige": text, "wert": ergebnis, "gebiet": neu.nachweis.gebiet, "rechnung": rechnung,
            "kennzahl": neu.nachweis.kennzahl, "zeit": f"{alt.zeit}/{neu.zeit}", "formel": worte[rechnung],
            "teile": (neu.nachweis, alt.nachweis),
        }
    )  # fmt: skip


def _differenz(sicht: Sicht, neu: Zeitwert, alt: Zeitwert, *, vorzeichen: bool) -> Treffer:
    ergebnis = zahl_von(neu) - zahl_von(alt)
    text = saetze.betrag_mit_einheit(ergebnis, sicht.bindung, vorzeichen=vorzeichen)
    return Treffer(text, (_ableitung("differenz", ergebnis, text, neu, alt),), marken(sicht, neu, alt))


def _pruefe_prozent(sicht: Sicht, alt: Zeitwert) -> None:
    """Wo eine Veränderungsrate nichts aussagt, gibt es keine."""
    art, anfang = sicht.bindung.kennzahl_art, zahl_von(alt)
    if art in {"anteil", "saldo"}:
        raise OhneWert("Anteile und Salden verändern sich nicht in Prozent; nehmen Sie .veraenderung.")
    if anfang <= 0 or (art == "anzahl" and anfang < MINDEST_AUSGANGSZAHL):
        raise OhneWert(f"Der Ausgangswert {alt.nachweis.anzeige} ist zu klein für eine Rate in Prozent.")


def _prozent(sicht: Sicht, neu: Zeitwert, alt: Zeitwert, *, vorzeichen: bool) -> Treffer:
    _pruefe_prozent(sicht, alt)
    ergebnis = (zahl_von(neu) / zahl_von(alt) - 1) * 100
    stellen = 0 if abs(ergebnis) >= 10 else 1
    gezeigt = ergebnis if vorzeichen else abs(ergebnis)
    text = zahl.mit_einheit(zahl.schreibe(gezeigt, stellen, vorzeichen=vorzeichen), "%")
    return Treffer(text, (_ableitung("prozent", ergebnis, text, neu, alt),), marken(sicht, neu, alt))


def _wie(sicht: Sicht, neu: Zeitwert, alt: Zeitwert) -> saetze.Richtung:
    return saetze.richtung(zahl_von(alt), zahl_von(neu), sicht.bindung.schwelle_kaum, sicht.bindung.stellen)


def _richtung(sicht: Sicht, neu: Zeitwert, alt: Zeitwert) -> Treffer:
    return Treffer(_wie(sicht, neu, alt), marken=marken(sicht, neu, alt))


def _verlauf(sicht: Sicht, neu: Zeitwert, alt: Zeitwert) -> Treffer:
    """„um 0,3 Prozentpunkte gestiegen“ oder „kaum verändert“."""
    wie = _richtung(sicht, neu, alt)
    if wie.text == "kaum verändert":
        return wie
    betrag = _differenz(sicht, neu, alt, vorzeichen=False)
    return Treffer(f"um {betrag.text} {wie.text}", betrag.nachweise, betrag.marken)


def _satz(sicht: Sicht, neu: Zeitwert, alt: Zeitwert) -> Treffer:
    zeichen = marken(sicht, neu, alt)
    paare = ((alt.nachweis.anzeige, str(alt.jahr)), (neu.nachweis.anzeige, str(neu.jahr)))
    text = saetze.verlaufssatz(sicht.bindung, *paare, _wie(sicht, neu, alt))
    klammer = f" ({', '.join(zeichen)})" if zeichen else ""
    return Treffer(f"{text}{klammer}.", (alt.nachweis, neu.nachweis))


def _satz_vergleich(sicht: Sicht) -> Treffer:
    """„2024 waren es im Landkreis … 7,4 %, im Land … 6,1 % und in Deutschland 6,0 %.“"""
    stellen = [("", sicht.letzter)]
    for ebene in VERGLEICHE:
        if any(w.jahr == sicht.letzter.jahr for w in sicht.bindung.vergleich.get(ebene, ())):
            stellen.append((ebene, sicht.vergleich(ebene)))
    if len(stellen) == 1:
        raise OhneWert(f"Für {sicht.letzter.jahr} gibt es keinen Vergleichswert.")
    teile = [
        f"{sicht.bindung.gebietsnamen.get(ebene, '')} {w.nachweis.anzeige}".strip() for ebene, w in stellen
    ]
    zeichen = marken(sicht, *(w for _, w in stellen))
    klammer = f" ({', '.join(zeichen)})" if zeichen else ""
    verb = "betrugen" if sicht.bindung.mehrzahl else "betrug"
    text = (
        f"{saetze.subjekt(sicht.bindung)} {verb} {sicht.letzter.jahr} {saetze.aufzaehlung(teile)}{klammer}."
    )
    return Treffer(text, tuple(w.nachweis for _, w in stellen))


def _lage(ebene: str, sicht: Sicht) -> Treffer:
    anderer = sicht.messlatte(ebene)
    b = sicht.bindung
    text = saetze.lage(zahl_von(sicht.letzter), zahl_von(anderer), b.schwelle_kaum, b.stellen, ebene)
    return Treffer(text, marken=marken(sicht, sicht.letzter))


Attribut = Callable[[Sicht], Treffer]
Vergleicher = Callable[[Sicht, Zeitwert, Zeitwert], Treffer]

_PAARE: dict[str, Vergleicher] = {
    "": lambda s, n, a: _differenz(s, n, a, vorzeichen=True),
    "betrag": lambda s, n, a: _differenz(s, n, a, vorzeichen=False),
    "prozent": lambda s, n, a: _prozent(s, n, a, vorzeichen=True),
    "prozent_betrag": lambda s, n, a: _prozent(s, n, a, vorzeichen=False),
}
_SEIT: dict[str, Vergleicher] = {
    **{f"seit_{k}" if k else "seit": f for k, f in _PAARE.items()},
    "richtung_seit": _richtung, "verlauf_seit": _verlauf, "satz_seit": _satz,
}  # fmt: skip
"""Attribute, die ein Bezugsjahr brauchen: ``{{ geburten.seit_prozent[2016] }}``."""

_ATTRIBUTE: dict[str, Attribut] = {
    "zahl": lambda s: _nur_zahl(s, s.letzter),
    "jahr": lambda s: Treffer(str(s.letzter.jahr)),
    "stand": lambda s: Treffer(saetze.stand(s.letzter.zeit)),
    "vorjahr": lambda s: wert(s, s.vorjahr),
    "vorwert": lambda s: wert(s, s.vorwert),
    "vorwert_jahr": lambda s: Treffer(str(s.vorwert.jahr)),
    "richtung": lambda s: _richtung(s, s.letzter, s.vergleichbar),
    "verlauf": lambda s: _verlauf(s, s.letzter, s.vergleichbar),
    "satz": lambda s: _satz(s, s.letzter, s.vergleichbar),
    "satz_seit_beginn": lambda s: _satz(s, s.letzter, s.beginn),
    "satz_vergleich": _satz_vergleich,
    "beginn": lambda s: wert(s, s.reihe[0]),
    "beginn_jahr": lambda s: Treffer(str(s.reihe[0].jahr)),
    "richtung_seit_beginn": lambda s: _richtung(s, s.letzter, s.beginn),
    "verlauf_seit_beginn": lambda s: _verlauf(s, s.letzter, s.beginn),
    "hoechstwert": lambda s: _extrem(s, s.extrem(1)),
    "hoechstwert_jahr": lambda s: Treffer(str(s.extrem(1).jahr)),
    "tiefstwert": lambda s: _extrem(s, s.extrem(-1)),
    "tiefstwert_jahr": lambda s: Treffer(str(s.extrem(-1).jahr)),
    "spanne": _spanne,
    "vorausrechnung": lambda s: wert(s, _voraus(s)),
    "vorausrechnung_zahl": lambda s: _nur_zahl(s, _voraus(s)),
    "vorausrechnung_spanne": lambda s: _spanne(_bis_voraus(s)),
    "vorausrechnung_richtung": lambda s: _zur_voraus(_richtung, s),
    "vorausrechnung_verlauf": lambda s: _zur_voraus(_verlauf, s),
    "vorausrechnung_satz": lambda s: _zur_voraus(_satz, s),
    "vorausrechnung_jahr": lambda s: Treffer(str(_voraus(s).jahr)),
    "name": lambda s: Treffer(s.bindung.name),
    "einheit": lambda s: Treffer(s.bindung.einheit),
    "definition": lambda s: Treffer(s.bindung.definition),
    "quelle": lambda s: Treffer(s.bindung.quelle),
}


def _zum_vorwert(bilde: Vergleicher, s: Sicht) -> Treffer:
    return bilde(s, s.letzter, s.vergleichbar)


def _seit_beginn(bilde: Vergleicher, s: Sicht) -> Treffer:
    return bilde(s, s.letzter, s.beginn)


def _zur_ebene(bilde: Vergleicher, ebene: str, s: Sicht) -> Treffer:
    return bilde(s, s.letzter, s.messlatte(ebene))


def _vergleichswert(ebene: str, s: Sicht) -> Treffer:
    return wert(s, s.vergleich(ebene))


for _ende, _bilde in _PAARE.items():
    _strich = f"_{_ende}" if _ende else ""
    _ATTRIBUTE[f"veraenderung{_strich}"] = partial(_zum_vorwert, _bilde)
    _ATTRIBUTE[f"seit_beginn{_strich}"] = partial(_seit_beginn, _bilde)
    _ATTRIBUTE[f"vorausrechnung_veraenderung{_strich}"] = partial(_zur_voraus, _bilde)
for _ebene in VERGLEICHE:
    _ATTRIBUTE[_ebene] = partial(_vergleichswert, _ebene)
    _ATTRIBUTE[f"zum_{_ebene}"] = partial(_lage, _ebene)
    _ATTRIBUTE[f"abstand_{_ebene}"] = partial(_zur_ebene, _PAARE[""], _ebene)
    _ATTRIBUTE[f"abstand_{_ebene}_betrag"] = partial(_zur_ebene, _PAARE["betrag"], _ebene)

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
    sicht = Sicht.auf(bindung, jahr)
    if not attribut:
        return wert(sicht, sicht.letzter)
    if attribut in _SEIT:
        return _SEIT[attribut](sicht, sicht.letzter, sicht.im_jahr(bezug or 0))
    if bezug is not None:
        return _ATTRIBUTE[attribut](Sicht.auf(bindung, bezug))
    return _ATTRIBUTE[attribut](sicht)
