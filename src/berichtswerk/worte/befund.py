"""Befund und Alternativtext einer Abbildung: zwei Fassungen derselben Aussage, aus den Daten gerechnet.

Der Befund steht über der Abbildung, der Alternativtext (höchstens :data:`HOECHSTENS` Zeichen) nennt dazu die
Form; alles Weitere steht in der Tabelle. Kommunen werden nicht gereiht: genannt werden Spannweite und
Kreiswert, nie „Spitzenreiter“ oder „Schlusslicht“.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from berichtswerk.fach.veraenderung import (
    Bruch,
    Richtung,
    Stand,
    Veraenderung,
    Verlauf,
    gemeinsames_jahr,
    verlauf,
)  # fmt: skip
from berichtswerk.gegenstand.gegenstaende import Aussage
from berichtswerk.gegenstand.serien import Angaben, Punkt, Serie
from berichtswerk.grund import zahl
from berichtswerk.worte.aussage import Rede, als_aussage, kuenftig, spanne_von, vergangen
from berichtswerk.worte.sprache import (
    aufzaehlung,
    fokus,
    gross,
    in_einigen,
    in_so_vielen,
    mit_punkt,
    wert_text,
    zahlwort,
    zeitspanne,
)  # fmt: skip

HOECHSTENS = 250
"""Zeichen eines Alternativtexts; Vorleseprogramme lesen ihn am Stück, ohne Möglichkeit zu springen."""
EINZELN = 3
"""So viele Reihen werden einzeln erzählt."""
NENNBAR = 3
"""So viele Gebiete nennt ein Satz mit Namen; mehr werden gezählt."""
UEBERLANG = 260
"""Längere Befunde mehrerer Reihen mit Vorausrechnung beschränken sich auf diese."""

Bezug = tuple[str, float | None] | None
"""Name und Wert des ganzen Gebiets."""


@dataclass(frozen=True, slots=True)
class Worte:
    """Was über eine Abbildung gesagt wird, und die Aussagen dahinter."""

    befund: str
    alt: str
    aussagen: tuple[Aussage, ...] = ()
    knapp: str = ""
    """Kürzer als der Alternativtext, falls der nicht passt."""


def alternativtext(form: str, angaben: Angaben, zeit: str, *saetze: str, knapp: str = "") -> str:
    """Form, Ort, Zeit und so viele der Sätze, wie hineinpassen; der erste geht vor.

    ``knapp`` steht statt des ersten, wenn der auch ohne Ort und Zeit zu lang ist.
    """
    genannt = angaben.was in saetze[0] or gross(angaben.was) in saetze[0]
    vorn = (form if genannt else f"{form}: {angaben.was}", angaben.wo.split(", ")[0], zeit)
    koepfe = [", ".join(t for t in vorn if t), form]
    for kopf in koepfe:
        text = f"{kopf}. {mit_punkt(saetze[0])}"
        if len(text) <= HOECHSTENS:
            for weiterer in saetze[1:]:
                if weiterer and len(text) + 1 + len(mit_punkt(weiterer)) <= HOECHSTENS:
                    text = f"{text} {mit_punkt(weiterer)}"
            return text
    return alternativtext(form, angaben, zeit, knapp) if knapp else f"{koepfe[0]}."[:HOECHSTENS]


def keine_angabe(angaben: Angaben) -> str:
    """Befund, wenn nichts zu sagen ist."""
    return f"{gross(angaben.was)}: keine Angabe."


# --- über Jahre --------------------------------------------------------------------------------------


def jahresreihe(form: str, serien: Sequence[Serie], angaben: Angaben, brueche: Sequence[Bruch] = ()) -> Worte:
    """Verlauf der Fokusreihe, bis zu drei Reihen nacheinander, oder Szenarien einer Größe."""
    mit = [s for s in serien if s.mit_zahl()]
    zeit = angaben.zeit or zeitspanne(serien)
    haupt = fokus(mit)
    if not mit:
        return Worte(keine_angabe(angaben), alternativtext(form, angaben, zeit, "Keine Werte"))
    if haupt is not None:
        worte = _eine(haupt, angaben, brueche)
    elif _gleicher_verlauf(mit):
        worte = _szenarien(mit, angaben, brueche)
    elif len(mit) <= EINZELN:
        worte = _mehrere(mit, angaben, brueche)
    else:
        worte = _viele(mit, angaben)
    marken = f"Zeitreihenbruch vor {aufzaehlung([str(b.jahr) for b in brueche])}" if brueche else ""
    rest = (_nebeneinander(haupt, mit, angaben) if haupt is not None else "", marken)
    alt = alternativtext(form, angaben, zeit, worte.alt, *rest, knapp=worte.knapp or _letzte(mit, angaben))
    return Worte(worte.befund, alt, worte.aussagen)


def _eine(serie: Serie, angaben: Angaben, brueche: Sequence[Bruch]) -> Worte:
    v = verlauf(serie.staende(), angaben.masz, brueche)
    assert v is not None  # die Serie hat Werte
    eigene = serie.im_satz and not angaben.artikel
    rede = Rede.aus_serie(serie, angaben, f"{angaben.was}: ") if eigene else Rede.aus_angaben(angaben)
    voraus = serie.mit_zahl(prognose=True)
    spanne = spanne_von(voraus[-1], angaben) if voraus else ""
    kommt = kuenftig(v, rede, spanne, bekannt=not v.ende.prognose)

    def text(ist: str) -> str:
        return gross(rede.davor + ". ".join(gross(t) for t in (ist, kommt) if t))

    ganz = text(vergangen(v, rede))
    aussage = als_aussage(v, rede, serie.kennzahl, serie.gebiet)
    return Worte(f"{ganz}.", ganz, (aussage,), text(vergangen(_nur_ende(v), rede)))


def _mehrere(serien: Sequence[Serie], angaben: Angaben, brueche: Sequence[Bruch]) -> Worte:
    """Je Reihe ein Satz; Vorausgerechnetes steht zusammen am Ende."""
    saetze, kurz, aussagen = [], [], []
    # gleiche Namen im Satz sagten nicht, welche gemeint ist
    if len({s.im_satz for s in serien}) < len(serien):
        serien = [replace(s, im_satz="") for s in serien]
    for s in serien:
        v, rede = verlauf(s.staende(), angaben.masz, brueche), Rede.aus_serie(s, angaben)
        assert v is not None  # nur Serien mit Werten
        ist = vergangen(v, rede)
        saetze += [ist] if ist else []
        kurz += [vergangen(_nur_ende(v), rede)] if ist else []
        aussagen.append(als_aussage(v, rede, s.kennzahl, s.gebiet))
    teile = _gereiht(saetze)
    voraus = _enden(serien, angaben, allein=not teile)
    if voraus and sum(map(len, (*teile, voraus))) > UEBERLANG:  # dann zählt, was kommt
        teile, kurz, voraus = [], [], _enden(serien, angaben, allein=True, mit_anfang=True)
    teile += [voraus] if voraus else []
    knapp = _gereiht(kurz)
    return Worte(f"{'. '.join(teile)}.", ". ".join([*knapp, *([voraus] if voraus else [])]), tuple(aussagen))


def _gereiht(saetze: Sequence[str]) -> list[str]:
    """Kurze Sätze in einem, mit Strichpunkt; hat einer schon welche, jeder für sich."""
    if any(";" in s for s in saetze):
        return [*map(gross, saetze)]
    return [gross("; ".join(saetze))] if saetze else []


def _nur_ende(v: Verlauf) -> Verlauf:
    """Nur die letzte Veränderung, für knappe Fassungen."""
    return Verlauf(v.masz, v.ende, v.schritte[-1:], beginn=v.beginn)


def _enden(serien: Sequence[Serie], angaben: Angaben, *, allein: bool, mit_anfang: bool = False) -> str:
    """„Voraussichtlich 2034: Sekundarstufe I 3 322 und …“; ``mit_anfang``: „von … auf …“."""
    enden = [(s, p[-1]) for s in serien if (p := s.mit_zahl(prognose=True))]
    if not enden:
        return ""
    jahre = {p.x for _, p in enden}
    teile = []
    for s, ende in enden:
        spanne = spanne_von(ende, angaben)
        jahr = f" im Jahr {ende.x}" if len(jahre) > 1 else ""
        klammer = f" ({spanne})" if spanne else ""
        von = ""
        if mit_anfang and (ist := s.mit_zahl(prognose=False)):
            von = f"von {wert_text(ist[-1].wert or 0.0, angaben)} ({ist[-1].x}) auf "
        teile.append(f"{s.schild} {von}{wert_text(ende.wert or 0.0, angaben)}{jahr}{klammer}")
    wann = f" {enden[0][1].x}" if len(jahre) == 1 else ""
    vor = f"{gross(angaben.was)}, voraussichtlich{wann}" if allein else f"Voraussichtlich{wann}"
    return f"{vor}: {aufzaehlung(teile)}"


def _letzte(serien: Sequence[Serie], angaben: Angaben) -> str:
    """„Voraussichtlich 2030: unter 3 Jahre 134, …“ oder „Zuletzt: …“: nur die letzten Werte."""
    enden = [(s, s.mit_zahl()[-1]) for s in serien]
    teile = [f"{s.schild} {wert_text(p.wert or 0.0, angaben)} ({p.x})" for s, p in enden]
    voraus = all(p.prognose for _, p in enden)
    return f"{'Voraussichtlich' if voraus else 'Letzte Werte'}: {aufzaehlung(teile)}"


def _gleicher_verlauf(serien: Sequence[Serie]) -> bool:
    """Ob alle Serien vor der Vorausrechnung dieselben Werte haben: Szenarien derselben Größe."""
    ist = {tuple((p.x, p.wert) for p in s.mit_zahl(prognose=False)) for s in serien}
    return len(ist) == 1 and all(s.mit_zahl(prognose=True) for s in serien)


def _szenarien(serien: Sequence[Serie], angaben: Angaben, brueche: Sequence[Bruch]) -> Worte:
    """Die gemeinsame Vergangenheit einmal, dann jedes Szenario mit seinem Ende."""
    rede = Rede.aus_angaben(angaben)
    v = verlauf([s for s in serien[0].staende() if not s.prognose], angaben.masz, brueche)
    ist = [gross(rede.davor + gross(vergangen(v, rede)))] if v is not None else []
    text = ". ".join([*ist, _enden(serien, angaben, allein=not ist)])
    aussagen = [
        als_aussage(verlauf(s.staende(), angaben.masz, brueche), rede, s.kennzahl, s.gebiet) for s in serien
    ]
    return Worte(f"{text}.", text, tuple(aussagen))


def _viele(serien: Sequence[Serie], angaben: Angaben) -> Worte:
    """Mehr Reihen, als sich erzählen lassen: wo sie im letzten gemeinsamen Jahr liegen."""
    jahr = max((int(p.x) for s in serien for p in s.mit_zahl() if isinstance(p.x, int)), default=0)
    da = [(s, p) for s in serien for p in s.mit_zahl() if p.x == jahr]
    (tief, t), (hoch, h) = (f(da, key=lambda sp: sp[1].wert or 0.0) for f in (min, max))
    werte = [f"{wert_text(p.wert or 0.0, angaben)} ({s.schild})" for s, p in ((tief, t), (hoch, h))]
    text = f"{gross(angaben.was)}: {jahr} zwischen {werte[0]} und {werte[1]}"
    rede = Rede("", einheit=angaben.einheit_kurz, stellen=angaben.stellen)
    aussagen = [
        als_aussage(None, rede, s.kennzahl, s.gebiet, [Stand(jahr, p.wert or 0.0, p.prognose)])
        for s, p in ((tief, t), (hoch, h))
    ]
    return Worte(f"{text}.", text, tuple(aussagen))


def vergleichsjahr(serien: Sequence[Serie]) -> int | None:
    """Das jüngste Jahr, in dem alle Serien einen gemessenen Wert haben; ``None``, wenn es keines gibt."""
    gemessen = [s.jahr for serie in serien for s in serie.staende() if not s.prognose]
    return gemeinsames_jahr(gemessen, len(serien))


def _nebeneinander(haupt: Serie, serien: Sequence[Serie], angaben: Angaben) -> str:
    """„2015: Kreis 2,4 %, Land 3,6 %“: Vergleichsgebiete im letzten Jahr, das alle haben; sonst nichts."""
    andere = [s for s in serien if s is not haupt]
    jahr = vergleichsjahr(serien) if andere else None
    if jahr is None:
        return ""
    teile = [f"{s.schild} {wert_text(p.wert, angaben)}" for s in (haupt, *andere) for p in s.punkte
             if p.x == jahr and p.wert is not None]  # fmt: skip
    return f"{jahr}: {', '.join(teile)}"


# --- Teile eines Ganzen --------------------------------------------------------------------------------


def groesster_teil(form: str, serien: Sequence[Serie], angaben: Angaben) -> Worte:
    """„Am größten war 2021 der Anteil mit Pflegegeld (48,5 %).“"""
    letzte = [(s, p[-1]) for s in serien if (p := s.mit_zahl())]
    zeit = zeitspanne(serien)
    if not letzte:
        return Worte(keine_angabe(angaben), alternativtext(form, angaben, zeit, "Keine Werte"))
    jahr = max((p.x for _, p in letzte), key=str)
    da = sorted(((s, p) for s, p in letzte if p.x == jahr), key=lambda sp: -(sp[1].wert or 0.0))
    serie, ende = da[0]
    voraus = ende.prognose
    wer = serie.im_satz or f"der Teil „{serie.schild}“"
    wert = wert_text(ende.wert or 0.0, angaben)
    text = f"Am größten war {jahr} {wer} ({wert})"
    if voraus:
        text = f"Am größten wird {jahr} voraussichtlich {wer} sein ({wert})"
    alle = [f"{s.schild} {wert_text(p.wert or 0.0, angaben)}" for s, p in da]
    alt = alternativtext(form, angaben, zeit, text, f"{jahr}: {', '.join(alle)}")
    rede = Rede("", einheit=angaben.einheit_kurz, stellen=angaben.stellen, art="anteil")
    staende = [Stand(int(jahr), ende.wert or 0.0, voraus)] if isinstance(jahr, int) else []
    return Worte(f"{text}.", alt, (als_aussage(None, rede, "", serie.gebiet, staende),))


def um_null(form: str, serie: Serie, angaben: Angaben) -> Worte:
    """„Der Wanderungssaldo war von 2000 bis 2016 in vier von 17 Jahren positiv, zuletzt +808 (2016).“"""
    zeit, werte = zeitspanne([serie]), serie.mit_zahl(prognose=False)
    if not werte:
        return Worte(keine_angabe(angaben), alternativtext(form, angaben, zeit, "Keine Werte"))
    ende, rede = werte[-1], Rede.aus_angaben(angaben)
    plus, minus = (sum(1 for p in werte if z * (p.wert or 0.0) > 0) for z in (1, -1))
    wort, anzahl = ("positiv", plus) if plus >= minus else ("negativ", minus)
    oft = "durchweg" if anzahl == len(werte) else f"in {zahlwort(anzahl)} von {zahlwort(len(werte))} Jahren"
    zuletzt = wert_text(ende.wert or 0.0, angaben, vorzeichen=True)
    war = f"{rede.beuge('war', 'waren')} von {werte[0].x} bis {ende.x} {oft} {wort}"
    war += f", zuletzt {zuletzt} ({ende.x})"
    text = f"{rede.davor}{gross(rede.subjekt)} {war}"
    aussage = als_aussage(None, rede, serie.kennzahl, serie.gebiet, serie.staende()[-1:])
    return Worte(f"{gross(text)}.", alternativtext(form, angaben, zeit, gross(text)), (aussage,))


# --- über Gebiete ----------------------------------------------------------------------------------------


def spannweite(
    form: str, punkte: Sequence[Punkt], angaben: Angaben, *, raum: str = "Gebieten", bezug: Bezug = None,
    nennen: bool = False,
) -> Worte:  # fmt: skip
    """„Der Altenquotient reichte 2023 in den zehn Kommunen von 41,2 bis 58,9; Landkreis: 48,2.“

    ``raum`` steht im Dativ der Mehrzahl, ``angaben.zeit`` sagt wann; Vorausgerechnetes steht in der Zukunft.
    ``nennen`` fügt an, wo der Wert über dem des Kreises liegt und wo darunter.
    """
    mit = [p for p in punkte if p.wert is not None]
    voraus = "Vorausrechnung" in angaben.zeit or any(p.prognose for p in mit)
    wann = angaben.zeit.replace(" (Vorausrechnung)", "")
    if not mit:
        return Worte(keine_angabe(angaben), alternativtext(form, angaben, wann, "Keine Werte"))
    zusatz = f"; {bezug[0]}: {wert_text(bezug[1], angaben)}" if bezug and bezug[1] is not None else ""
    tief, hoch = (f(mit, key=lambda p: p.wert or 0.0) for f in (min, max))
    unten, oben = tief.wert or 0.0, hoch.wert or 0.0
    n = len(punkte)
    wo = in_einigen(len(mit), n, raum) if len(mit) < n else f"in den {zahlwort(n)} {raum}"
    rede = Rede.aus_angaben(angaben)
    gleich = zahl.runde(unten, angaben.stellen) == zahl.runde(oben, angaben.stellen)
    alle = f"von {zahl.schreibe(unten, angaben.stellen)} bis {rede.wert(oben)}"
    zeit = f" {wann}" if re.fullmatch(r"\d{4}", wann) else ""
    if voraus:
        wird = rede.beuge("wird", "werden")
        reicht = f"bei {rede.wert(oben)} liegen" if gleich else f"{alle} reichen"
        kern = f"{wird}{zeit} {wo} voraussichtlich {reicht}"
    elif gleich:
        kern = f"{rede.beuge('lag', 'lagen')}{zeit} {wo} bei {rede.wert(oben)}"
    else:
        kern = f"{rede.beuge('reichte', 'reichten')}{zeit} {wo} {alle}"
    text = f"{rede.davor}{gross(rede.subjekt)} {kern}{zusatz}"
    enden = [f"{'höchster' if p is hoch else 'niedrigster'} Wert {p.x}" for p in (tief, hoch)]
    lage = _zum_bezug(mit, angaben, bezug, raum, voraus=voraus) if nennen and not gleich else ""
    alt = alternativtext(form, angaben, wann, gross(text), lage, "" if gleich else gross(", ".join(enden)))
    return Worte(f"{gross(text)}.{f' {lage}.' if lage else ''}", alt)


def _zum_bezug(mit: Sequence[Punkt], angaben: Angaben, bezug: Bezug, raum: str, *, voraus: bool) -> str:
    """„Darüber lagen Musterau und Amt Seen, darunter die anderen acht“; viele werden nur gezählt."""
    if bezug is None or bezug[1] is None:
        return ""
    ganz = zahl.runde(bezug[1], angaben.stellen)
    seiten: dict[str, list[str]] = {"darüber": [], "darunter": [], "gleichauf": []}
    for p in mit:
        w = zahl.runde(p.wert or 0.0, angaben.stellen)
        seiten["darüber" if w > ganz else "darunter" if w < ganz else "gleichauf"].append(str(p.x))
    da = [(wo, namen) for wo, namen in seiten.items() if namen]
    lag = "liegen voraussichtlich" if voraus else "lagen"
    if len(da) == 2 and "gleichauf" not in dict(da) and min(len(n) for _, n in da) <= NENNBAR:
        (wenige, namen), (viele, rest) = sorted(da, key=lambda s: len(s[1]))
        liegt = lag if len(namen) > 1 else lag.replace("liegen", "liegt").replace("lagen", "lag")
        andere = "die beiden anderen" if len(rest) == 2 else f"die anderen {zahlwort(len(rest))}"
        andere = rest[0] if len(rest) == 1 else andere
        return f"{gross(wenige)} {liegt} {aufzaehlung(namen)}, {viele} {andere}"
    (wo, erste), *weitere = ((wo, in_so_vielen(len(namen), raum)) for wo, namen in da)
    liegt = "liegt der Wert voraussichtlich" if voraus else "lag der Wert"
    return ", ".join([f"{gross(erste)} {raum} {liegt} {wo}", *(f"{anzahl} {wo}" for wo, anzahl in weitere)])


def richtungen(
    form: str,
    aenderungen: Sequence[Veraenderung],
    angaben: Angaben,
    *,
    raum: str,
    zeit: tuple[str, str],
    bezug: Bezug = None,
    aussagen: Sequence[Aussage] = (),
) -> Worte:
    """„Der Altenquotient war 2023 in acht von zehn Kommunen höher als 2013, in zwei kaum verändert.“

    Zwei Jahre werden verglichen, nicht der Weg dazwischen; liegt dort ein Bruch, sagt der Satz das.
    """
    kopf = f"{zeit[0]} und {zeit[1]}"
    if not aenderungen:
        return Worte(keine_angabe(angaben), alternativtext(form, angaben, kopf, "Keine Werte"))
    rede = Rede.aus_angaben(angaben)
    bruch = next((b for a in aenderungen for b in a.brueche), None)
    if bruch is not None:
        text = f"{gross(angaben.was)}: {kopf} nicht vergleichbar (Zeitreihenbruch {bruch.jahr})"
        return Worte(f"{text}.", alternativtext(form, angaben, kopf, text))
    zaehlung = Counter(a.richtung for a in aenderungen)
    gesamt = len(aenderungen)
    teile: list[str] = []
    worte = {Richtung.GESTIEGEN: f"höher als {zeit[0]}", Richtung.GESUNKEN: f"niedriger als {zeit[0]}",
             Richtung.KAUM: f"kaum anders als {zeit[0]}"}  # fmt: skip
    for r, wort in worte.items():
        if n := zaehlung[r]:
            wo = in_so_vielen(n, raum) if teile else in_einigen(n, gesamt, raum)
            teile.append(f"{wo} {wort if not teile else wort.removesuffix(f' als {zeit[0]}')}")
    wann, voraus = zeit[1].replace(" (Vorausrechnung)", ""), aenderungen[0].voraus
    verb = rede.beuge("wird", "werden") if voraus else rede.beuge("war", "waren")
    wie = f"voraussichtlich {aufzaehlung(teile)} sein" if voraus else aufzaehlung(teile)
    text, nebenan = f"{rede.davor}{gross(rede.subjekt)} {verb} {wann} {wie}", ""
    if bezug and bezug[1] is not None:
        nebenan = f"{bezug[0]} {zeit[1]}: {wert_text(bezug[1], angaben)}"
    return Worte(f"{gross(text)}.", alternativtext(form, angaben, "", gross(text), nebenan), tuple(aussagen))
