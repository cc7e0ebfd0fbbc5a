"""Befund und Alternativtext einer Abbildung: Fassungen derselben Aussage, aus den Daten gerechnet.

Der Befund steht als Titel über der Abbildung (höchstens etwa :data:`TITEL` Zeichen: was sich geändert hat,
seit wann, auf welchen Wert), ``weiter`` als Text darunter; der Alternativtext (höchstens :data:`HOECHSTENS`
Zeichen) nennt dazu die Form. Alles Weitere steht in der Tabelle. Kommunen werden nicht gereiht: genannt sind
Spannweite und Kreiswert, nie „Spitzenreiter“ oder „Schlusslicht“.
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
from berichtswerk.worte.aussage import Rede, als_aussage, kaum, kuenftig, kurzfassung, spanne_von, vergangen
from berichtswerk.worte.sprache import (
    aufzaehlung,
    fokus,
    gross,
    in_einigen,
    in_so_vielen,
    mit_punkt,
    schilder,
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
"""Längeres über mehrere Reihen mit Vorausrechnung beschränkt sich auf diese."""
TITEL = 110
"""So viele Zeichen hat ein Titel; was mehr zu sagen ist, steht darunter."""

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
    weiter: str = ""
    """Was der Befund nicht mehr sagt; Sätze, die unter ihm stehen."""


def alternativtext(form: str, angaben: Angaben, zeit: str, *saetze: str, knapp: str = "") -> str:
    """Form, Ort, Zeit und so viele der Sätze, wie hineinpassen; der erste geht vor, dann der Ort.

    ``knapp`` steht statt des ersten, wenn der auch ohne Ort und Zeit zu lang ist.
    """
    genannt = angaben.was in saetze[0] or gross(angaben.was) in saetze[0]
    vorn = (form if genannt else f"{form}: {angaben.was}", angaben.wo.split(", ")[0], zeit)
    koepfe = [", ".join(t for t in vorn if t), ", ".join(t for t in (form, vorn[1]) if t), form]
    for kopf in koepfe:
        text = f"{kopf}. {mit_punkt(saetze[0])}"
        if len(text) <= HOECHSTENS:
            for weiterer in saetze[1:]:
                if weiterer and len(text) + 1 + len(mit_punkt(weiterer)) <= HOECHSTENS:
                    text = f"{text} {mit_punkt(weiterer)}"
            return text
    return alternativtext(form, angaben, zeit, knapp) if knapp else f"{koepfe[0]}."[:HOECHSTENS]


def geteilt(befund: str) -> tuple[str, str]:
    """Ein selbst geschriebener Befund als Titel und Text darunter: geteilt nach dem ersten (Teil-)Satz."""
    if len(befund) <= TITEL or (ende := re.search(r"(?<=[^\d. ]{2})\.\s(?=[A-ZÄÖÜ])|;\s", befund)) is None:
        return befund, ""
    return f"{befund[: ende.start()]}.", gross(befund[ende.end() :])


def als_beispiel(alt: str) -> str:
    """Der Alternativtext sagt, dass es Beispieldaten sind; dafür weichen notfalls Zeit und letzte Sätze."""
    if "Beispieldaten" in alt:
        return alt
    saetze = re.split(r"(?<=[^\d. ]{2}\.) (?=[A-ZÄÖÜ])", alt)
    while len(saetze) > 1 and len(" ".join(saetze)) + len(" Beispieldaten.") > HOECHSTENS:
        saetze.pop()
    kopf, _, rest = " ".join(saetze).partition(". ")
    while rest and ", " in kopf and len(kopf) + len(rest) + len(".  Beispieldaten.") > HOECHSTENS:
        kopf = kopf.rpartition(", ")[0]
    return f"{mit_punkt(f'{kopf}. {rest}' if rest else kopf)} Beispieldaten."


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
    alt = alternativtext(
        form, angaben, zeit, worte.alt, *rest, knapp=worte.knapp or gross(_letzte(mit, angaben))
    )
    return replace(worte, alt=alt)


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
    titel, weiter = (f"{ganz}.", "") if len(ganz) < TITEL else kurzfassung(v, rede, TITEL, spanne)
    return Worte(titel, ganz, (aussage,), text(vergangen(_nur_ende(v), rede)), weiter)


def _mehrere(serien: Sequence[Serie], angaben: Angaben, brueche: Sequence[Bruch]) -> Worte:
    """Je Reihe ein Satz; Vorausgerechnetes steht zusammen am Ende."""
    serien = _unterschieden(serien)
    erzaehlt: list[tuple[Serie, Verlauf, Rede]] = []
    for s in serien:
        v = verlauf(s.staende(), angaben.masz, brueche)
        assert v is not None  # nur Serien mit Werten
        erzaehlt.append((s, v, Rede.aus_serie(s, angaben)))
    saetze = [ist for _, v, rede in erzaehlt if (ist := vergangen(v, rede))]
    kurz = [ist for _, v, rede in erzaehlt if (ist := vergangen(_nur_ende(v), rede))]
    voraus = _enden(serien, angaben, allein=not saetze)
    aussagen = tuple(als_aussage(v, rede, s.kennzahl, s.gebiet) for s, v, rede in erzaehlt)
    ganz = ". ".join([*_gereiht(saetze), *([voraus] if voraus else [])])
    titel, weiter = f"{ganz}.", ""
    if len(titel) > TITEL:
        titel = f"{_zusammen(erzaehlt, angaben)}."
        if not voraus and "uletzt" in titel:  # die letzte Veränderung sagt schon der Titel
            saetze = [vergangen(v, rede, knapp=True) for _, v, rede in erzaehlt]
            ganz = ". ".join(_gereiht(saetze))
        weiter = (
            f"{ganz}."
            if sum(1 for _, v, _ in erzaehlt if v.voraus) != 1
            else f"{'. '.join(_gereiht(saetze))}."
        )
    if voraus and len(weiter) > UEBERLANG:  # dann zählt, was kommt
        weiter = f"{_enden(serien, angaben, allein=False, mit_anfang=True)}."
        if "werden voraussichtlich" in titel or ": Bis " in titel:
            weiter = f"Im Einzelnen{weiter[weiter.index(':') :]}"
        kurz = []
    knapp = ". ".join([*_gereiht(kurz), *([voraus] if voraus else [])])
    if any(v.schwankt for _, v, _ in erzaehlt) and not voraus:  # ein letzter Ausschlag ist nicht der Verlauf
        knapp = titel.removesuffix(".")
    return Worte(titel, knapp, aussagen, weiter=weiter)


def _unterschieden(serien: Sequence[Serie]) -> list[Serie]:
    """Gleiche Namen im Satz sagten nicht, welche gemeint ist.

    Heißt eine davon auch so, sind die anderen dieselbe Größe: „die Bevölkerungszahl (Vorausrechnung)“.
    """
    if len({s.im_satz for s in serien}) == len(serien):
        return [*serien]
    selbst = [s.schild.lower() in s.im_satz.lower() for s in serien]
    if len({s.im_satz for s in serien}) > 1 or selbst.count(True) != 1:
        return [replace(s, im_satz="") for s in serien]
    return [
        s if so else replace(s, im_satz=f"{s.im_satz} ({s.schild})")
        for s, so in zip(serien, selbst, strict=True)
    ]


def _zusammen(erzaehlt: Sequence[tuple[Serie, Verlauf, Rede]], angaben: Angaben) -> str:
    """Ein kurzer Satz über mehrere Reihen: gleich gerichtet in einem, sonst jede mit ihrem letzten Wert.

    „Kinder: Bis 2030 sinken voraussichtlich beide, unter 3 Jahre und 3 bis unter 6 Jahre“, „Pflegebedürftige:
    Bis 2040 steigen voraussichtlich alle, Pflegegeld, ambulante Pflege und Dauerpflege“.
    """
    serien = [s for s, _, _ in erzaehlt]
    kommt = [(v, rede) for _, v, rede in erzaehlt if v.voraus]
    if len(kommt) == 1:
        return gross(kuenftig(*kommt[0], bekannt=False))
    if kommt:
        wege = [Veraenderung(v.voraus[0].alt, v.voraus[-1].neu, v.masz) for v, _ in kommt]
    else:
        wege = [v.letzter for _, v, _ in erzaehlt if v.letzter is not None]
    richtungen, bis = {w.richtung for w in wege}, {w.neu.jahr for w in wege}
    if len(wege) < len(erzaehlt) or len(wege) < 2:
        return f"{gross(angaben.was)}, {_letzte(serien, angaben)}"
    einig = len(richtungen) == len(bis) == 1 and Richtung.KAUM not in richtungen
    if kommt:
        if einig:
            return f"{gross(angaben.was)}: {_gemeinsam(kommt, wege, serien, angaben)}"
        return _enden(serien, angaben, allein=True, knapp=True)
    return _letzte_wege(erzaehlt, wege, angaben, einig=einig)


def _letzte_wege(
    erzaehlt: Sequence[tuple[Serie, Verlauf, Rede]], wege: Sequence[Veraenderung], angaben: Angaben, *,
    einig: bool,
) -> str:  # fmt: skip
    """Wohin die Reihen zuletzt gingen: jede für sich, alle zusammen oder nur ihre Werte, je nach Platz."""
    bis = {w.neu.jahr for w in wege}
    paare = [(w, s, rede) for w, (s, _, rede) in zip(wege, erzaehlt, strict=True)]
    einzeln = gross("; ".join(_zuletzt(w, s, rede) for w, s, rede in paare))
    einig = einig and all(_bis_zuletzt(w, s) for w, s, _ in paare)
    enden = [wert_text(w.neu.wert, angaben, vorzeichen=angaben.masz.art == "saldo") for w in wege]
    werte = aufzaehlung(enden) if len({*enden}) > 1 else f"je {enden[0]}"
    verb = "stiegen" if wege[0].richtung is Richtung.GESTIEGEN else "sanken"
    if einig and len(wege) == 2 and all(s.im_satz for _, s, _ in paare):
        beide = f"{gross(aufzaehlung([s.im_satz for _, s, _ in paare]))} {verb} zuletzt auf {werte}"
        if len(beide := f"{beide} ({wege[0].neu.jahr})") < TITEL:
            return beide
    if len(einzeln) < TITEL:
        return einzeln
    lang = f"{gross(angaben.was)}, {_letzte([s for _, s, _ in paare], angaben)}"
    if len(lang) >= TITEL and len(bis) == 1 and all(s.schild in angaben.was for _, s, _ in paare):
        alle = "beide" if len(wege) == 2 else f"alle {zahlwort(len(wege))}"
        wie = f"Zuletzt {verb} {alle}, auf" if einig else "zuletzt"
        return f"{gross(angaben.was)}: {wie} {werte} ({bis.pop()})"
    return lang


def _gemeinsam(
    kommt: Sequence[tuple[Verlauf, Rede]], wege: Sequence[Veraenderung], serien: Sequence[Serie],
    angaben: Angaben,
) -> str:  # fmt: skip
    """„Bis 2030 sinken voraussichtlich die Zahlen für …“; mit Wende nur, wie sie am Ende sind.

    Wer gemeint ist, steht immer da.
    """
    richtung, bis, anfang = wege[0].richtung, wege[0].neu.jahr, {w.alt.jahr for w in wege}
    tun, art = _GRUNDFORM[richtung], angaben.masz.art
    namen = aufzaehlung([_klein(s.schild) for s in serien])
    was = f"die {_GATTUNG.get(art, 'Werte')} für {namen}"
    if any(_wendet(v.voraus) for v, _ in kommt) and len(anfang) == 1:
        wie = "höher" if richtung is Richtung.GESTIEGEN else "niedriger"
        return f"{bis} werden voraussichtlich {was} {wie} sein als {anfang.pop()}"
    beide = f"Bis {bis} {tun} voraussichtlich beide, {namen}"
    if len(serien) == 2 and art == "anzahl" and len(angaben.was) + len(beide) + 2 < TITEL:
        return beide
    lang = f"Bis {bis} {tun} voraussichtlich {was}"
    if len(serien) > 2 and len(angaben.was) + len(lang) + 2 >= TITEL:
        return f"Bis {bis} {tun} voraussichtlich alle, {namen}"
    return lang


_GATTUNG = {"anzahl": "Zahlen", "anteil": "Anteile"}


def _wendet(schritte: Sequence[Veraenderung]) -> bool:
    """Ob es unterwegs einmal hinauf und einmal hinunter geht."""
    return {Richtung.GESTIEGEN, Richtung.GESUNKEN} <= {s.richtung for s in schritte}


_GRUNDFORM = {Richtung.GESTIEGEN: "steigen", Richtung.GESUNKEN: "sinken"}


def _bis_zuletzt(w: Veraenderung, serie: Serie) -> bool:
    """Ob auch der letzte Wert in die Richtung der Veränderung weist; sonst wäre „zuletzt“ falsch."""
    vorletzter, letzter = (p.wert or 0.0 for p in serie.mit_zahl(prognose=False)[-2:])
    return (letzter - vorletzter) * (w.neu.wert - w.alt.wert) > 0


def _zuletzt(w: Veraenderung, serie: Serie, rede: Rede) -> str:
    """„die Zahl der Geburten sank zuletzt auf 584 (2023)“; dreht sie am Ende, „sank seit 1995 auf …“."""
    if w.richtung is Richtung.KAUM:
        return f"{rede.subjekt} veränderte sich zuletzt {kaum(w)} ({rede.wert(w.neu.wert)}, {w.neu.jahr})"
    verb = "stieg" if w.richtung is Richtung.GESTIEGEN else "sank"
    wann = "zuletzt" if _bis_zuletzt(w, serie) else f"seit {w.alt.jahr}"
    return f"{rede.subjekt} {verb} {wann} auf {rede.mit_jahr(w.neu)}"


def _gereiht(saetze: Sequence[str]) -> list[str]:
    """Kurze Sätze in einem, mit Strichpunkt; hat einer schon welche, jeder für sich."""
    if any(";" in s for s in saetze):
        return [*map(gross, saetze)]
    return [gross("; ".join(saetze))] if saetze else []


def _nur_ende(v: Verlauf) -> Verlauf:
    """Nur die letzte Veränderung, für knappe Fassungen."""
    return Verlauf(v.masz, v.ende, v.schritte[-1:], beginn=v.beginn)


def _enden(
    serien: Sequence[Serie], angaben: Angaben, *, allein: bool, mit_anfang: bool = False, knapp: bool = False
) -> str:
    """„Voraussichtlich 2034: Sekundarstufe I 3 322 und …“; ``allein``: mit dem Namen davor.

    ``mit_anfang``: „von … auf …“; ``knapp``: ohne Spannen.
    """
    enden = [(s, p[-1]) for s in serien if (p := s.mit_zahl(prognose=True))]
    if not enden:
        return ""
    jahre = {p.x for _, p in enden}
    if mit_anfang:
        teile = []
        for s, ende in enden:
            ist, ziel = s.mit_zahl(prognose=False)[-1:], wert_text(ende.wert or 0.0, angaben)
            weg = f"von {wert_text(ist[0].wert or 0.0, angaben)} ({ist[0].x}) auf {ziel}" if ist else ziel
            spanne = spanne_von(ende, angaben)
            teile.append(f"{_klein(s.schild)} {weg}" + (f" ({spanne})" if spanne else ""))
    else:
        spannen = ["" if knapp else spanne_von(p, angaben) for _, p in enden]
        teile = _nebeneinandergestellt(enden, angaben, spannen)
    wann = f" {enden[0][1].x}" if len(jahre) == 1 else ""
    vor = f"{gross(angaben.was)}, voraussichtlich{wann}" if allein else f"Voraussichtlich{wann}"
    return f"{vor}: {aufzaehlung(teile)}"


def _nebeneinandergestellt(
    enden: Sequence[tuple[Serie, Punkt]], angaben: Angaben, dazu: Sequence[str]
) -> list[str]:
    """„Kreis 2,4 %“; endet ein Name mit einer Ziffer, steht der Wert vorn: „231 (Klassen 1 bis 4)“."""
    namen = schilder([s for s, _ in enden])
    vorn = any(name[-1:].isdigit() for name in namen)
    jahre = {p.x for _, p in enden}
    teile = []
    for schild, (_, p), mehr in zip(namen, enden, dazu, strict=True):
        name, jahr = _klein(schild), str(p.x) if len(jahre) > 1 else ""
        wert = wert_text(p.wert or 0.0, angaben)
        klammer = "; ".join(t for t in (name if vorn else "", jahr, mehr) if t)
        teile.append(f"{wert if vorn else f'{name} {wert}'}{f' ({klammer})' if klammer else ''}")
    return teile


def _klein(name: str) -> str:
    """„belegbare Plätze“, „ambulante Pflege“: im Satz sind Eigenschaftswörter vor dem Hauptwort klein."""
    return (
        f"{name[0].lower()}{name[1:]}" if re.match(r"[A-ZÄÖÜ][a-zäöüß]+e [A-ZÄÖÜ][a-zäöüß]", name) else name
    )


def _letzte(serien: Sequence[Serie], angaben: Angaben) -> str:
    """„voraussichtlich 2030: 134 (unter 3 Jahre), …“ oder „zuletzt 2020: …“: nur die letzten Werte."""
    enden = [(s, s.mit_zahl()[-1]) for s in serien]
    jahre = {p.x for _, p in enden}
    teile = _nebeneinandergestellt(enden, angaben, [""] * len(enden))
    wort = "voraussichtlich" if all(p.prognose for _, p in enden) else "zuletzt"
    return f"{wort}{f' {enden[0][1].x}' if len(jahre) == 1 else ''}: {aufzaehlung(teile)}"


def _gleicher_verlauf(serien: Sequence[Serie]) -> bool:
    """Ob alle Serien vor der Vorausrechnung dieselben Werte haben: Szenarien derselben Größe."""
    ist = {tuple((p.x, p.wert) for p in s.mit_zahl(prognose=False)) for s in serien}
    return len(ist) == 1 and all(s.mit_zahl(prognose=True) for s in serien)


def _szenarien(serien: Sequence[Serie], angaben: Angaben, brueche: Sequence[Bruch]) -> Worte:
    """Wie weit die Szenarien auseinanderliegen; darunter die gemeinsame Vergangenheit und jedes Ende."""
    rede = Rede.aus_angaben(angaben)
    v = verlauf([s for s in serien[0].staende() if not s.prognose], angaben.masz, brueche)
    ist = [gross(rede.davor + gross(vergangen(v, rede)))] if v is not None else []
    text = ". ".join([*ist, _enden(serien, angaben, allein=not ist)])
    aussagen = [
        als_aussage(verlauf(s.staende(), angaben.masz, brueche), rede, s.kennzahl, s.gebiet) for s in serien
    ]
    enden = [s.mit_zahl(prognose=True)[-1] for s in serien]
    unten, oben = (f(p.wert or 0.0 for p in enden) for f in (min, max))
    if len(text) < TITEL or len({p.x for p in enden}) > 1:
        return Worte(f"{text}.", text, tuple(aussagen))
    grenzen = f"zwischen {rede.wert(unten, einheit=False)} und {rede.wert(oben)}"
    titel = f"{gross(angaben.was)}: {enden[0].x} voraussichtlich {grenzen}"
    weiter = [
        *ist,
        _enden(serien, angaben, allein=False),
    ]
    return Worte(f"{titel}.", text, tuple(aussagen), weiter=f"{'. '.join(weiter)}.")


def _viele(serien: Sequence[Serie], angaben: Angaben) -> Worte:
    """Mehr Reihen, als sich erzählen lassen: wo sie im letzten gemeinsamen Jahr liegen."""
    jahr = max((int(p.x) for s in serien for p in s.mit_zahl() if isinstance(p.x, int)), default=0)
    da = [(s, p) for s in serien for p in s.mit_zahl() if p.x == jahr]
    (tief, t), (hoch, h) = (f(da, key=lambda sp: sp[1].wert or 0.0) for f in (min, max))
    unten, oben = (wert_text(p.wert or 0.0, angaben) for p in (t, h))
    wo = (
        f"zwischen {unten} ({tief.schild}) und {oben} ({hoch.schild})" if unten != oben else f"überall {oben}"
    )
    text = f"{gross(angaben.was)}: {jahr} {wo}"
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
    anfang, schluss = werte[0].x, ende.x
    lueckig = isinstance(anfang, int) and isinstance(schluss, int) and schluss - anfang >= len(werte)
    oft = f"in {zahlwort(anzahl)} von {zahlwort(len(werte))} Jahren"
    if anzahl == len(werte):
        oft = "in jedem belegten Jahr" if lueckig else "durchweg"
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
    ganz = f"{bezug[0]}: {wert_text(bezug[1], angaben)}" if bezug and bezug[1] is not None else ""
    unten, oben = (f(p.wert or 0.0 for p in mit) for f in (min, max))
    n = len(punkte)
    wo = in_einigen(len(mit), n, raum) if len(mit) < n else f"in den {zahlwort(n)} {raum}"
    rede = Rede.aus_angaben(angaben)
    gleich = zahl.runde(unten, angaben.stellen) == zahl.runde(oben, angaben.stellen)
    von = zahl.schreibe(unten, angaben.stellen, vorzeichen=rede.art == "saldo")
    alle = f"von {von} bis {rede.wert(oben)}"
    zeit = f" {wann}" if re.fullmatch(r"\d{4}", wann) else ""
    if voraus:
        wird = rede.beuge("wird", "werden")
        reicht = f"bei {rede.wert(oben)} liegen" if gleich else f"{alle} reichen"
        kern = f"{wird}{zeit} {wo} voraussichtlich {reicht}"
    elif gleich:
        kern = f"{rede.beuge('lag', 'lagen')}{zeit} {wo} bei {rede.wert(oben)}"
    else:
        kern = f"{rede.beuge('reichte', 'reichten')}{zeit} {wo} {alle}"
    text = f"{rede.davor}{gross(rede.subjekt)} {kern}"
    nebenan = f" ({ganz})" if ganz else ""
    zeigt = nennen and not gleich
    lage, kurz = (
        _zum_bezug(mit, replace(rede, subjekt=wer), angaben, bezug, raum, voraus=voraus) if zeigt else ""
        for wer in (rede.subjekt, rede.fuerwort)
    )
    alt = alternativtext(form, angaben, wann, gross(text) + nebenan, kurz)
    saetze = [lage] if lage else []
    if len(text + nebenan) < TITEL:
        text += nebenan
    elif ganz:
        saetze.insert(0, f"Zum Vergleich {ganz}")
    return Worte(f"{gross(text)}.", alt, weiter=" ".join(f"{satz}." for satz in saetze))


def _zum_bezug(
    mit: Sequence[Punkt], rede: Rede, angaben: Angaben, bezug: Bezug, raum: str, *, voraus: bool
) -> str:
    """„Darüber lagen Musterau und Amt Seen, darunter die anderen acht“; viele werden nur gezählt:
    „In vier Kommunen lag die Quote darüber, in sechs darunter“.
    """
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
    liegt = (
        f"{rede.beuge('wird', 'werden')} {rede.subjekt} voraussichtlich" if voraus
        else f"{rede.beuge('lag', 'lagen')} {rede.subjekt}"
    )  # fmt: skip
    saetze = ", ".join([f"{gross(erste)} {raum} {liegt} {wo}", *(f"{anzahl} {wo}" for wo, anzahl in weitere)])
    return f"{saetze} liegen" if voraus else saetze


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
    zufall = any(a.im_zufall for a in aenderungen)
    gleich = "nicht über den Zufall hinaus anders" if zufall else "fast gleich"
    worte = {
        Richtung.GESTIEGEN: "höher", Richtung.GESUNKEN: "niedriger",
        Richtung.KAUM: gleich if zufall else "kaum anders",
    }  # fmt: skip
    arten = [r for r in worte if zaehlung[r]]
    wann, voraus = zeit[1].replace(" (Vorausrechnung)", ""), aenderungen[0].voraus
    verb = rede.beuge("wird", "werden") if voraus else rede.beuge("war", "waren")
    wer, nebenan = f"{rede.davor}{gross(rede.subjekt)} {verb} {wann}", ""

    def wo(r: Richtung) -> str:
        return f"{in_einigen(zaehlung[r], gesamt, raum)} {worte[r]} als {zeit[0]}"

    def anderswo(r: Richtung) -> str:
        return f"{in_so_vielen(zaehlung[r], raum)} {gleich if r is Richtung.KAUM else worte[r]}"

    def sein(wie: str) -> str:
        return f"voraussichtlich {wie} sein" if voraus else wie

    text = f"{wer} {sein(aufzaehlung([wo(arten[0]), *map(anderswo, arten[1:])]))}"
    titel, weiter = f"{gross(text)}.", ""
    if len(titel) > TITEL and len(arten) > 1:  # dann im Titel nur, was für die meisten gilt
        meist = max(arten, key=lambda r: zaehlung[r])
        titel = f"{gross(wer)} {sein(wo(meist))}."
        erste, *uebrige = (r for r in arten if r is not meist)
        ort, *orte = (anderswo(r) for r in (erste, *uebrige))
        blieb = erste is Richtung.KAUM and not voraus and not zufall
        verb = rede.beuge("blieb", "blieben") if blieb else verb
        wie = aufzaehlung([ort.removeprefix(f"{in_so_vielen(zaehlung[erste], raum)} "), *orte])
        weiter = f"{gross(in_so_vielen(zaehlung[erste], raum))} {verb} {rede.fuerwort} {sein(wie)}."
    if bezug and bezug[1] is not None:
        nebenan = f"{bezug[0]} {zeit[1]}: {wert_text(bezug[1], angaben)}"
    alt = alternativtext(form, angaben, "", gross(text), nebenan)
    return Worte(titel, alt, tuple(aussagen), weiter=weiter)
