"""Der Befund: ein Satz über das Gezeigte, aus den Daten berechnet. Er steht über der Abbildung.

Kommunen werden nicht gereiht: genannt werden Spannweite und Kreiswert, nie „Spitzenreiter“ oder
„Schlusslicht“.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from berichtswerk.gegenstand.serien import Angaben, BruchArtig, Punkt, Serie
from berichtswerk.grund import zahl
from berichtswerk.worte.sprache import (
    Aenderung,
    aenderung,
    aufzaehlung,
    fokus,
    gleicher_verlauf,
    gross,
    mit_spanne,
    prozentpunkte,
    subjekt,
    voraus_ab,
    wert_text,
    zahlwort,
)


def keine_angabe(angaben: Angaben) -> str:
    """Befund, wenn nichts zu sagen ist."""
    return f"{gross(angaben.was)}: keine Angabe."


def aenderung_satz(a: Aenderung) -> str:
    """„Die Zahl der Geburten ist seit 2016 um 28 % gesunken.“; ohne Artikel „Geburten: seit 2016 …“."""
    satzanfang, seit = subjekt(a.angaben), f"seit {a.anfang.x}"
    plural = a.angaben.plural
    if a.richtung in ("gestiegen", "gesunken"):
        kern = f"{seit} {a.betrag} {a.richtung}{a.vorbehalt}"
        hilfsverb = "sind" if plural else "ist"
    elif a.richtung == "kaum verändert":
        kern = f"{seit} kaum verändert ({a.von_auf}){a.vorbehalt}"
        hilfsverb = "haben sich" if plural else "hat sich"
    else:
        kern = f"{seit} unverändert ({wert_text(a.bis, a.angaben)}){a.vorbehalt}"
        hilfsverb = "sind" if plural else "ist"
    return f"{satzanfang} {hilfsverb} {kern}." if satzanfang else f"{gross(a.angaben.was)}: {kern}."


def ueber_jahre(serien: Sequence[Serie], angaben: Angaben, brueche: Sequence[BruchArtig] = ()) -> str:
    """Befund einer Jahresreihe: Richtung der Fokusreihe oder je Reihe ein Halbsatz; dann die Vorausrechnung.

    Von Szenarien mit gleichem Verlauf wird die Vergangenheit nur einmal erzählt.
    """
    haupt = fokus(serien)
    szenarien = haupt is None and gleicher_verlauf(serien)
    if haupt is None and not szenarien:
        gezeigt = [s for s in serien if s.mit_zahl(prognose=False)]
        satz = _mehrere(gezeigt, angaben, brueche) if gezeigt else ""
        if satz == keine_angabe(angaben) and voraus_ab(serien) is not None:
            satz = _einzelne(gezeigt, angaben)
        voraus = vorausrechnung(serien, angaben, allein=not satz)
        return f"{satz} {voraus}".strip() or keine_angabe(angaben)
    erste = haupt or serien[0]
    a = aenderung(erste, angaben, brueche)
    ist = erste.mit_zahl(prognose=False)
    satz = aenderung_satz(a) if a is not None else einzelwert(ist[-1], angaben) if ist else ""
    voraus = vorausrechnung([erste] if haupt else serien, angaben, allein=not satz)
    return f"{satz} {voraus}".strip() or keine_angabe(angaben)


def vorausrechnung(serien: Sequence[Serie], angaben: Angaben, *, allein: bool = False) -> str:
    """„Vorausrechnung ab 2025: 812 (700–900) im Jahr 2035.“; leer, wenn nichts vorausgerechnet ist.

    ``allein`` stellt voran, worum es geht.
    """
    ab = voraus_ab(serien)
    if ab is None:
        return ""
    enden = [(s, s.mit_zahl(prognose=True)[-1]) for s in serien if s.mit_zahl(prognose=True)]
    jahre = {p.x for _, p in enden}
    if len(enden) > 4:
        werte = [p for _, p in enden if p.wert is not None]
        tief, hoch = (f(werte, key=lambda p: p.wert or 0.0) for f in (min, max))
        text = f"zuletzt zwischen {wert_text(tief.wert or 0.0, angaben)} und {mit_spanne(hoch, angaben)}"
    elif len(jahre) == 1:
        teile = [(f"{s.schild} " if len(enden) > 1 else "") + mit_spanne(p, angaben) for s, p in enden]
        text = f"{aufzaehlung(teile)} im Jahr {enden[0][1].x}"
    else:
        text = aufzaehlung([f"{s.schild} {mit_spanne(p, angaben)} ({p.x})" for s, p in enden])
    anfang = f"{gross(angaben.was)}, Vorausrechnung" if allein else "Vorausrechnung"
    return f"{anfang} ab {ab}: {text}."


def _einzelne(serien: Sequence[Serie], angaben: Angaben) -> str:
    """„Platzbedarf 2024: unter 3 Jahre 7 314 und Hort 812.“: je Reihe der letzte Wert."""
    enden = [(s, s.mit_zahl(prognose=False)[-1]) for s in serien]
    jahre = {p.x for _, p in enden}
    if len(jahre) == 1 and len(enden) <= 4:
        teile = [f"{s.schild} {wert_text(p.wert or 0.0, angaben)}" for s, p in enden]
        return f"{gross(angaben.was)} {enden[0][1].x}: {aufzaehlung(teile)}."
    return ""


def einzelwert(punkt: Punkt, angaben: Angaben) -> str:
    """„Altenquotient 2023: 48,2.“"""
    assert punkt.wert is not None
    zusatz = " (Vorausrechnung)" if punkt.prognose else ""
    return f"{gross(angaben.was)} {punkt.x}{zusatz}: {wert_text(punkt.wert, angaben)}."


def _mehrere(serien: Sequence[Serie], angaben: Angaben, brueche: Sequence[BruchArtig]) -> str:
    paare = [(s, a) for s in serien if (a := aenderung(s, angaben, brueche)) is not None]
    if not paare:
        return keine_angabe(angaben)
    anfaenge = {a.anfang.x for _, a in paare}
    gemeinsam = len(anfaenge) == 1
    if len(paare) == 1:
        serie, a = paare[0]
        return f"{gross(_wer(serie))} {_aussage(a, f'seit {a.anfang.x} ')}."
    if len(paare) > 3:
        zaehlung: Counter[str] = Counter(a.richtung for _, a in paare)
        seit = f"Seit {min(anfaenge, key=str)}" if gemeinsam else gross(angaben.was)
        return f"{seit}: {_zaehlung(zaehlung, len(paare))}."
    teile = [f"{_wer(s)} {_aussage(a, '' if gemeinsam else f'seit {a.anfang.x} ')}" for s, a in paare]
    if not gemeinsam:
        return f"{gross(aufzaehlung(teile))}."
    verb, rest = _aussage(paare[0][1], "").split(" ", 1)
    anfang = f"Seit {paare[0][1].anfang.x} {verb} {_wer(paare[0][0])} {rest}"
    return f"{aufzaehlung([anfang, *teile[1:]])}."


def _wer(serie: Serie) -> str:
    return serie.im_satz or f"der Wert für {serie.schild}"


def _aussage(a: Aenderung, seit: str) -> str:
    """„ist um 12 % gestiegen“, „hat sich kaum verändert“, „ist unverändert“."""
    if a.richtung in ("gestiegen", "gesunken"):
        return f"ist {seit}{a.betrag} {a.richtung}{a.vorbehalt}"
    wort = "hat sich" if a.richtung == "kaum verändert" else "ist"
    return f"{wort} {seit}{a.richtung}{a.vorbehalt}"


def _zaehlung(zaehlung: Counter[str], gesamt: int) -> str:
    if len(zaehlung) == 1:
        return f"alle {zahlwort(gesamt)} Reihen {next(iter(zaehlung))}"
    teile = [
        f"{zahlwort(zaehlung[r])} von {zahlwort(gesamt)} Reihen {r}"
        for r in ("gestiegen", "gesunken", "kaum verändert", "unverändert")
        if zaehlung[r]
    ]
    return aufzaehlung(teile)


def spannweite(
    punkte: Sequence[Punkt],
    angaben: Angaben,
    *,
    raum: str = "Gebieten",
    bezug: tuple[str, float | None] | None = None,
) -> str:
    """„Der Altenquotient reicht von 41,2 bis 58,9 in den zehn Kommunen; Landkreis: 48,2.“

    ``raum`` steht im Dativ der Mehrzahl; ``bezug`` ist Name und Wert des Kreises.
    """
    werte = [p.wert for p in punkte if p.wert is not None]
    if not werte:
        return keine_angabe(angaben)
    zusatz = f"; {bezug[0]}: {wert_text(bezug[1], angaben)}" if bezug and bezug[1] is not None else ""
    unten, oben = min(werte), max(werte)
    if len(werte) == 1:
        nur = "" if len(punkte) == 1 else " (nur ein Wert)"
        return f"{gross(angaben.was)}: {wert_text(oben, angaben)}{nur}{zusatz}."
    alle, da = zahlwort(len(punkte)), zahlwort(len(werte))
    wo = f"in den {alle} {raum}" if len(werte) == len(punkte) else f"in {da} von {alle} {raum}"
    if zahl.runde(unten, angaben.stellen) == zahl.runde(oben, angaben.stellen):
        return f"{gross(angaben.was)}: {wert_text(oben, angaben)} {wo}{zusatz}."
    spanne = f"von {zahl.schreibe(unten, angaben.stellen)} bis {wert_text(oben, angaben)} {wo}{zusatz}"
    anfang = subjekt(angaben)
    if not anfang:
        return f"{gross(angaben.was)}: {spanne}."
    return f"{anfang} {'reichen' if angaben.plural else 'reicht'} {spanne}."


def anteile(serien: Sequence[Serie], angaben: Angaben) -> str:
    """„2023 entfallen 54 % auf Pflegegeld; 2013 waren es 46 %.“ – der größte Anteil der letzten Säule.

    Die Werte der Serien sind bereits Anteile in Prozent.
    """
    letzte = [(s, s.punkte[-1]) for s in serien if s.punkte and s.punkte[-1].wert is not None]
    if not letzte:
        return keine_angabe(angaben)
    serie, ende = max(letzte, key=lambda sp: sp[1].wert or 0.0)
    assert ende.wert is not None
    satz = f"{ende.x} entfallen {_prozent(ende.wert)} auf {serie.name}"
    anfang = serie.punkte[0]
    if len(serie.punkte) == 1 or anfang.wert is None:
        return f"Der größte Anteil entfällt auf {serie.name} ({ende.x}: {_prozent(ende.wert)})."
    if isinstance(ende.x, int):
        return f"{satz}; {anfang.x} waren es {_prozent(anfang.wert)}."
    return f"{satz}, {anfang.x}: {_prozent(anfang.wert)}."


def groesster_teil(serien: Sequence[Serie], angaben: Angaben) -> str:
    """„Größter Teil 2021: Anteil mit Pflegegeld (48,5 %; 2009: 43,2 %).“ – Anteile, die keine Summe haben.

    Wo Teile fehlen dürfen, wäre ihre Summe keine Aussage.
    """
    letzte = [(s, s.mit_zahl()[-1]) for s in serien if s.mit_zahl()]
    if not letzte:
        return keine_angabe(angaben)
    jahr = max(p.x for _, p in letzte if isinstance(p.x, int))
    serie, ende = max(((s, p) for s, p in letzte if p.x == jahr), key=lambda sp: sp[1].wert or 0.0)
    anfang = serie.mit_zahl()[0]
    frueher = f"; {anfang.x}: {wert_text(anfang.wert or 0.0, angaben)}" if anfang.x != ende.x else ""
    return f"Größter Teil {jahr}: {serie.name} ({wert_text(ende.wert or 0.0, angaben)}{frueher})."


def _prozent(wert: float) -> str:
    return f"{zahl.schreibe(wert, 0)}{zahl.SCHMAL}%"


def vorzeichen(serie: Serie, angaben: Angaben) -> str:
    """Befund einer Reihe um null: „Der Saldo war in zwölf von 19 Jahren positiv, zuletzt +512 (2023).“"""
    werte = list(serie.mit_zahl(prognose=False))
    if not werte:
        return keine_angabe(angaben)
    ende = werte[-1]
    assert ende.wert is not None
    plus = sum(1 for p in werte if (p.wert or 0) > 0)
    minus = sum(1 for p in werte if (p.wert or 0) < 0)
    wort, anzahl = ("positiv", plus) if plus >= minus else ("negativ", minus)
    haeufig = (
        "durchweg" if anzahl == len(werte) else f"in {zahlwort(anzahl)} von {zahlwort(len(werte))} Jahren"
    )
    rest = f"{haeufig} {wort}, zuletzt {wert_text(ende.wert, angaben, vorzeichen=True)} ({ende.x})."
    anfang = subjekt(angaben)
    return (
        f"{anfang} {'waren' if angaben.plural else 'war'} {rest}"
        if anfang
        else f"{gross(angaben.was)}: {rest}"
    )


def richtungen(
    aenderungen: Sequence[Aenderung], angaben: Angaben, *, raum: str, zeit: tuple[str, str]
) -> str:
    """„Altenquotient 2013 und 2023: in acht von zehn Kommunen gestiegen, in zwei kaum verändert.“"""
    if not aenderungen:
        return keine_angabe(angaben)
    if len(aenderungen) == 1:
        return aenderung_satz(aenderungen[0])
    zaehlung = Counter("kaum verändert" if a.richtung == "unverändert" else a.richtung for a in aenderungen)
    gesamt = len(aenderungen)
    # „in einer“ oder „in einem“ hängt am Geschlecht des Wortes; mit Ziffern nicht
    wort = zahl.schreibe if 1 in zaehlung.values() else zahlwort
    teile = []
    for r in ("gestiegen", "gesunken", "kaum verändert"):
        n = zaehlung[r]
        if n == gesamt:
            alle = "in beiden" if gesamt == 2 else f"in allen {wort(gesamt)}"
            teile.append(f"{alle} {raum} {r}")
        elif n:
            teile.append(f"in {wort(n)} {r}" if teile else f"in {wort(n)} von {wort(gesamt)} {raum} {r}")
    bruch = next((a.vorbehalt for a in aenderungen if a.brueche), "")
    wann = f"zwischen {zeit[0]} und {zeit[1]}"
    satz = f"{wann} {aufzaehlung(teile)}{bruch}."
    anfang = subjekt(angaben)
    if anfang and len(teile) == 1 and "kaum" not in teile[0]:
        return f"{anfang} {'sind' if angaben.plural else 'ist'} {satz}"
    return f"{gross(angaben.was)}: {satz}"


def unterschied(a: float, b: float, angaben: Angaben) -> str:
    """Abstand zweier Werte ohne Vorzeichen, bei Anteilen in Prozentpunkten."""
    if angaben.anteil:
        return prozentpunkte(a - b, angaben.stellen)
    return wert_text(abs(a - b), angaben)
