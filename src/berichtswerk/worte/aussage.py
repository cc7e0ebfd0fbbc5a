"""Der eine Satzbau: aus Veränderung und Verlauf werden deutsche Sätze und die :class:`Aussage` dahinter.

Regeln und zehn Beispiele stehen in ``docs/befunde.md``; die Prüfung liest sie von dort.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from berichtswerk.fach.veraenderung import LANG, Masz, Richtung, Stand, Veraenderung, Verlauf, verlauf
from berichtswerk.gegenstand import nachweis
from berichtswerk.gegenstand.gegenstaende import Aussage, Bindung, Nachweis, Rechnung, Schritt
from berichtswerk.gegenstand.serien import Angaben, Punkt, Serie
from berichtswerk.grund import zahl
from berichtswerk.worte.sprache import aufzaehlung, differenz_text, einheit_neben, gross, prozent_text

if TYPE_CHECKING:
    from berichtswerk.fach.reihe import Reihe

_TAT = {Richtung.GESTIEGEN: ("stieg", "stiegen"), Richtung.GESUNKEN: ("sank", "sanken")}
_KUENFTIG = {Richtung.GESTIEGEN: "steigen", Richtung.GESUNKEN: "sinken"}
_BLEIBEN, _ZUFALL = "etwa gleich bleiben", "im Rahmen zufälliger Schwankung"
_FUERWORT = {"der": "er", "die": "sie", "das": "es"}


@dataclass(frozen=True, slots=True)
class Rede:
    """Wie eine Reihe im Satz heißt und wie ihre Werte dastehen.

    ``subjekt`` steht mit Artikel im Nominativ („die Zahl der Geburten“); ``davor`` geht dem Satz mit
    Doppelpunkt voran, wo der Name selbst nicht in den Satz passt.
    """

    subjekt: str
    fuerwort: str = "er"
    mehrzahl: bool = False
    einheit: str = ""
    stellen: int = 0
    art: str = "anzahl"
    davor: str = ""

    @classmethod
    def baue(
        cls, name: str, artikel: str, *, mehrzahl: bool, einheit: str, stellen: int, art: str
    ) -> Rede:  # fmt: skip
        """Ohne bekannten Artikel: „der Wert“ und der Name mit Doppelpunkt davor.

        Steht die Einheit schon im Namen („… je 1 000 Haushalte“), folgt sie nicht noch einmal der Zahl.
        """
        artikel = "die" if mehrzahl else artikel
        einheit = einheit_neben(name, einheit)
        if not artikel:
            return cls("der Wert", einheit=einheit, stellen=stellen, art=art, davor=f"{name}: ")
        fuerwort = "sie" if mehrzahl else _FUERWORT[artikel]
        return cls(f"{artikel} {name}", fuerwort, mehrzahl, einheit, stellen, art)

    @classmethod
    def aus_angaben(cls, a: Angaben) -> Rede:
        """Die Rede über eine Abbildung."""
        return cls.baue(
            a.was, a.artikel, mehrzahl=a.plural, einheit=a.einheit_kurz, stellen=a.stellen, art=a.masz.art
        )

    @classmethod
    def aus_serie(cls, serie: Serie, a: Angaben, davor: str = "") -> Rede:
        """Die Rede über eine von mehreren Reihen oder ihre Summe."""
        subjekt = serie.im_satz or f"der Wert für {serie.schild}"
        fuerwort = _FUERWORT[subjekt.split(" ", 1)[0]]
        return cls(subjekt, fuerwort, einheit=a.einheit_kurz, stellen=a.stellen, art=a.masz.art, davor=davor)

    @classmethod
    def aus_bindung(cls, b: Bindung) -> Rede:
        """Die Rede über einen gebundenen Namen."""
        return cls.baue(
            b.name, b.artikel, mehrzahl=b.mehrzahl, einheit=b.einheit, stellen=b.stellen, art=b.kennzahl_art
        )

    def wert(self, w: float, *, einheit: bool = True) -> str:
        """„61,3 %“, ein Saldo „+740“; ``einheit=False``: ohne, was nur am Ende steht; Prozent steht immer."""
        zeigt = self.einheit if einheit or self.einheit == "%" else ""
        text = zahl.schreibe(w, self.stellen, vorzeichen=self.art == "saldo")
        return zahl.mit_einheit(text, zeigt or None)

    def mit_jahr(self, s: Stand, *, einheit: bool = True) -> str:
        """„61,3 % (2020)“."""
        return f"{self.wert(s.wert, einheit=einheit)} ({s.jahr})"

    def beuge(self, einzahl: str, mehrzahl: str) -> str:
        """Das Verb passend zum Subjekt."""
        return mehrzahl if self.mehrzahl else einzahl


def betrag(v: Veraenderung, rede: Rede) -> str:
    """„3,2 Prozentpunkte“, „28,0 %“; leer, wo nur „von … auf …“ etwas sagt (Quotienten, kleine Zahlen)."""
    if v.masz.art == "anteil":
        return differenz_text(v.absolut, "anteil", rede.einheit, v.masz.stellen, vorzeichen=False)
    if v.masz.art == "anzahl" and v.prozent is not None and 0 <= v.neu.wert < 2 * v.alt.wert:
        return prozent_text(v.prozent)
    return ""


def kaum(v: Veraenderung) -> str:
    """„kaum“; wo es am Zufall der Zählung liegt, „nicht über den Zufall hinaus“."""
    return "nicht über den Zufall hinaus" if v.im_zufall and not v.voraus else "kaum"


def veraenderung_text(v: Veraenderung, rede: Rede) -> str:
    """„um 3,2 Prozentpunkte gestiegen“, „von 12 auf 17 gestiegen“; künftig „um 5,6 % niedriger“."""
    if v.richtung is Richtung.KAUM:
        return f"{kaum(v)} verändert"
    wie = betrag(v, rede)
    if v.voraus and wie:
        return f"um {wie} {'höher' if v.richtung is Richtung.GESTIEGEN else 'niedriger'}"
    wie = f"um {wie}" if wie else f"von {rede.wert(v.alt.wert, einheit=False)} auf {rede.wert(v.neu.wert)}"
    return f"{'mit Schwankungen ' if v.trotz_schwankung else ''}{wie} {v.richtung.value}"


def satz(v: Verlauf, rede: Rede) -> str:
    """Der ganze Verlauf mit Vorausrechnung, ohne Schlusspunkt.

    „Die Zahl der Geburten stieg von 632 (1995) auf 855 (1999) und sank dann auf 584 (2023)“.
    """
    ist = vergangen(v, rede)
    voraus = kuenftig(v, rede, bekannt=bool(ist))
    saetze = ". ".join(gross(t) for t in (ist, voraus) if t)
    return rede.davor + saetze if saetze else ""


def vergangen(v: Verlauf, rede: Rede, *, knapp: bool = False) -> str:
    """Was war, klein begonnen: „die Zahl der Geburten stieg …“; ``knapp`` ohne die letzte Veränderung
    einer Reihe, die schwankt.
    """
    if v.ende.prognose:
        return ""
    wer = rede.subjekt
    if v.davor is not None and v.bruch is not None:
        verb, rest = _lauf(v, rede, knapp=knapp).split(" ", 1)
        danach = f"nach dem Zeitreihenbruch {v.bruch.jahr} {verb} {rede.fuerwort} {rest}"
        return f"{wer} {_lauf(v.davor, rede, knapp=True)}; {danach}"
    lauf = f"{wer} {_lauf(v, rede, knapp=knapp)}"
    if v.bruch is not None and v.beginn is not None and v.ende.jahr - v.beginn.jahr < LANG:
        # nur wenige Jahre erzählt: dann fragt man sich, was davor war
        return f"{lauf}; frühere Werte sind nicht vergleichbar (Zeitreihenbruch {v.bruch.jahr})"
    return lauf


def kurzfassung(v: Verlauf, rede: Rede, hoechstens: int, spanne: str = "") -> tuple[str, str]:
    """Titel (die letzte Veränderung oder was kommt) und, was davor war, als Sätze darunter.

    „Die Zahl der Geburten sank von 2017 bis 2023 um 24,0 % auf 584.“ und „Insgesamt schwankte sie von 1995
    bis 2023 zwischen 584 (2023) und 855 (1999).“ Wird der Titel mit „um … auf …“ länger als ``hoechstens``
    Zeichen, steht „von … auf …“.
    """
    saetze: list[str] = []
    if v.voraus:
        titel, mitte = _kommt(v, rede, spanne)
        saetze = [vergangen(v, replace(rede, subjekt=rede.fuerwort)), mitte]
    elif not v.schritte:
        titel = f"{rede.subjekt} {_lauf(v, rede)}"
        saetze = [_vor_dem_bruch(v, rede)]
    else:
        letzter = v.schritte[-1]
        nur_eins = letzter.neu.jahr - letzter.alt.jahr == 1 and (v.schwankt or len(v.schritte) > 1)
        titel = f"{rede.subjekt} {_am_ende(v, rede) if nur_eins else _schritt(letzter, rede)}"
        if nur_eins and not v.schwankt:
            saetze.append(f"{rede.fuerwort} {_lauf(v, rede)}")
        elif len(rede.davor + titel) >= hoechstens:
            titel = f"{rede.subjekt} {_schritt(letzter, rede, mit_betrag=False)}"
        if v.schwankt or (len(v.schritte) > 1 and not nur_eins):
            frueher = replace(v, schritte=v.schritte[:-1])
            lauf = _lauf(v, rede, knapp=True) if v.schwankt else _lauf(frueher, rede)
            verb, rest = lauf.split(" ", 1)
            saetze.append(f"{'insgesamt' if v.schwankt else 'davor'} {verb} {rede.fuerwort} {rest}")
        saetze.append(_vor_dem_bruch(v, rede))
    weiter = " ".join(f"{gross(t)}." for t in saetze if t)
    return f"{gross(rede.davor + gross(titel))}.", weiter


def _am_ende(v: Verlauf, rede: Rede) -> str:
    """„lag 2016 bei 5,4 %, nach 8,6 % im Jahr 2012“: ein einzelnes letztes Jahr ist noch keine Richtung."""
    weitere = (s for s in (v.tief, v.hoch) if v.schwankt and s is not None)
    fern = max((*(s.alt for s in v.schritte), *weitere), key=lambda s: abs(s.wert - v.ende.wert))
    lag = f"{rede.beuge('lag', 'lagen')} {v.ende.jahr} bei {rede.wert(v.ende.wert)}"
    return f"{lag}, nach {rede.wert(fern.wert)} im Jahr {fern.jahr}"


def _vor_dem_bruch(v: Verlauf, rede: Rede) -> str:
    """Was vor dem letzten Zeitreihenbruch war, oder dass es nicht vergleichbar ist."""
    if v.bruch is None:
        return ""
    if v.davor is not None:
        verb, rest = _lauf(v.davor, rede, knapp=True).split(" ", 1)
        return f"vor dem Zeitreihenbruch {v.bruch.jahr} {verb} {rede.fuerwort} {rest}"
    if v.beginn is not None and v.ende.jahr - v.beginn.jahr < LANG:
        return f"frühere Werte sind nicht vergleichbar (Zeitreihenbruch {v.bruch.jahr})"
    return ""


def _kommt(v: Verlauf, rede: Rede, spanne: str) -> tuple[str, str]:
    """Die Vorausrechnung als Titel; mit mehreren Wenden nur die letzte, die übrigen im zweiten Satz."""
    if len(_erzaehlt(v.voraus)) == 1:
        return kuenftig(v, rede, spanne, bekannt=False), ""
    letzter, wird = v.voraus[-1], rede.beuge("wird", "werden")
    klammer = f" ({spanne})" if spanne else ""
    von = f"von {rede.mit_jahr(letzter.alt, einheit=False)} "
    if letzter.richtung is Richtung.KAUM:
        ende = f"voraussichtlich von {letzter.alt.jahr} bis {letzter.neu.jahr} {_BLEIBEN}"
    else:
        ende = f"voraussichtlich {von}auf {rede.mit_jahr(letzter.neu)} {_KUENFTIG[letzter.richtung]}"
    davor = kuenftig(replace(v, voraus=v.voraus[:-1]), rede, bekannt=not v.ende.prognose)
    return f"{rede.subjekt} {wird} {ende}{klammer}", davor


def _lauf(v: Verlauf, rede: Rede, *, knapp: bool = False) -> str:
    """Das Prädikat mit allem, was folgt: „stieg von 632 (1995) auf 855 (1999) und sank dann …“."""
    if v.schwankt and v.tief is not None and v.hoch is not None and v.beginn is not None:
        zwischen = f"zwischen {rede.mit_jahr(v.tief, einheit=False)} und {rede.mit_jahr(v.hoch)}"
        lage = f"{rede.beuge('schwankte', 'schwankten')} von {v.beginn.jahr} bis {v.ende.jahr} {zwischen}"
        if knapp:
            return lage
        genannt = v.ende.jahr in {v.tief.jahr, v.hoch.jahr}
        return f"{lage}; zuletzt {_schritt(v.schritte[-1], rede, rede.fuerwort, ziel=not genannt)}"
    if not v.schritte:
        return f"{rede.beuge('lag', 'lagen')} {v.ende.jahr} bei {rede.wert(v.ende.wert)}"
    if len(v.schritte) == 1:
        return _schritt(v.schritte[0], rede)
    teile = []
    for nr, s in enumerate(v.schritte):
        ende = nr == len(v.schritte) - 1
        von = f"von {rede.mit_jahr(s.alt, einheit=False)} " if nr == 0 else ""
        dann = "dann " if ende else ""
        if s.richtung is Richtung.KAUM:
            blieb = rede.beuge("blieb", "blieben")
            teile.append(f"{blieb} {dann}bis {s.neu.jahr} bei {rede.wert(s.neu.wert)}")
        else:
            tat = rede.beuge(*_TAT[s.richtung])
            teile.append(f"{tat} {von}{dann}auf {rede.mit_jahr(s.neu, einheit=ende)}")
    return aufzaehlung(teile)


def _schritt(
    s: Veraenderung, rede: Rede, wer: str = "", *, ziel: bool = True, mit_betrag: bool = True
) -> str:
    """„stieg von 2011 bis 2020 um 10,2 Prozentpunkte auf 61,3 %“; ``wer`` steht nach dem Verb.

    ``ziel=False`` lässt den Endwert weg, wo er schon genannt ist; ohne ``mit_betrag`` heißt es „von … auf …“.
    """
    folgt = f" {wer}" if wer else ""
    if s.richtung is Richtung.KAUM:
        alt, neu = (f"{x.jahr} ({rede.wert(x.wert)})" for x in (s.alt, s.neu))
        return f"{rede.beuge('veränderte', 'veränderten')}{folgt} sich von {alt} bis {neu} {kaum(s)}"
    verb = rede.beuge(*_TAT[s.richtung]) + folgt + (" mit Schwankungen" if s.trotz_schwankung else "")
    wie = betrag(s, rede)
    if wie and mit_betrag:
        auf = f" auf {rede.wert(s.neu.wert)}" if ziel else ""
        return f"{verb} von {s.alt.jahr} bis {s.neu.jahr} um {wie}{auf}"
    return f"{verb} von {rede.mit_jahr(s.alt, einheit=False)} auf {rede.mit_jahr(s.neu)}"


def kuenftig(v: Verlauf, rede: Rede, spanne: str = "", *, bekannt: bool = True) -> str:
    """„bis 2034 wird sie voraussichtlich auf 3 825 sinken“; ``bekannt``: das Subjekt ist schon genannt."""
    if not v.voraus and not (v.ende.prognose and not v.schritte):
        return ""
    wer = rede.fuerwort if bekannt else rede.subjekt
    wird, klammer = rede.beuge("wird", "werden"), f" ({spanne})" if spanne else ""
    if not v.voraus:
        return f"{v.ende.jahr} {wird} {wer} voraussichtlich bei {rede.wert(v.ende.wert)} liegen{klammer}"
    schritte = _erzaehlt(v.voraus)
    teile = []
    for nr, s in enumerate(schritte):
        auftakt = f"bis {s.neu.jahr} " + (f"{wird} {wer} voraussichtlich " if nr == 0 else "")
        if s.im_zufall:  # „etwa gleich“ stünde neben einer deutlich anderen Zahl
            auftakt = auftakt.removeprefix("bis ")
            teile.append(f"{auftakt}bei {rede.wert(s.neu.wert)} liegen ({_ZUFALL})")
        elif s.richtung is Richtung.KAUM:
            teile.append(f"{auftakt}{_BLEIBEN} ({rede.wert(s.neu.wert)})")
        else:
            teile.append(f"{auftakt}auf {rede.wert(s.neu.wert)} {_KUENFTIG[s.richtung]}")
    text = aufzaehlung(teile)
    return f"{text[:-1]}; {spanne})" if spanne and text.endswith(")") else text + klammer


ERZAEHLT_VORAUS = 3


def _erzaehlt(schritte: Sequence[Veraenderung]) -> Sequence[Veraenderung]:
    """Die Schritte, die ein Satz nennt: viele, und lauter gleichbleibende, zählen als einer."""
    if len(schritte) <= ERZAEHLT_VORAUS and any(s.richtung is not Richtung.KAUM for s in schritte):
        return schritte
    return (Veraenderung(schritte[0].alt, schritte[-1].neu, schritte[0].masz),)


def spanne_von(punkt: Punkt, angaben: Angaben) -> str:
    """„Spanne 3 414 bis 4 268“; leer ohne Spanne."""
    if punkt.unten is None or punkt.oben is None:
        return ""
    unten, oben = (zahl.schreibe(g, angaben.stellen) for g in (punkt.unten, punkt.oben))
    wort = angaben.band if "ntervall" in angaben.band else "Spanne"
    return f"{wort} {unten} bis {oben}"


def als_aussage(
    v: Verlauf | Veraenderung | None, rede: Rede, kennzahl: str, gebiet: str, staende: Iterable[Stand] = ()
) -> Aussage:
    """Was gesagt wird, in Feldern: Jahre, gezeigte Werte, Richtungen."""
    schritte: list[Veraenderung] = []
    genannt = list(staende)
    brueche: list[int] = []
    if isinstance(v, Veraenderung):
        schritte = [v]
    elif v is not None:
        teile = [v, *([v.davor] if v.davor else [])]
        schritte = [s for t in teile for s in (*t.schritte, *t.voraus)]
        genannt += [s for t in teile for s in ((t.tief, t.hoch) if t.schwankt else ()) if s is not None]
        genannt.append(v.ende)
        brueche = [v.bruch.jahr] if v.bruch is not None else []
    felder = [_als_schritt(s, rede) for s in schritte]
    werte = {s.jahr: rede.wert(s.wert) for s in genannt}
    werte |= {s.von: s.alt for s in felder} | {s.bis: s.neu for s in felder}
    return Aussage(
        kennzahl=kennzahl, gebiet=gebiet, stellen=rede.stellen, werte=tuple(sorted(werte.items())),
        schritte=tuple(felder), brueche=tuple(brueche),
    )  # fmt: skip


def _als_schritt(v: Veraenderung, rede: Rede) -> Schritt:
    return Schritt(
        von=v.alt.jahr, bis=v.neu.jahr, alt=rede.wert(v.alt.wert), neu=rede.wert(v.neu.wert),
        betrag="" if v.richtung is Richtung.KAUM else betrag(v, rede), richtung=v.richtung.value,
        voraus=v.voraus,
    )  # fmt: skip


FORMELN = {"prozent": "(Wert / Bezugswert − 1) × 100", "differenz": "Wert minus Bezugswert"}


def genannte(satz: str, reihen: Iterable[Reihe], gebiet: str) -> tuple[Aussage, ...]:
    """Aussagen zu gezeigten Reihen, deren Betrag ein selbst gewählter Satz nennt (``befund=b.satz(…)``)."""
    gefunden = []
    for reihe in reihen:
        k, eigene = reihe.kennzahl, reihe.gebiet(gebiet)
        v = verlauf((s for w in eigene if (s := w.stand)), Masz.von(k), eigene.brueche)
        rede = Rede(k.name, einheit=k.einheit_kurz or "", stellen=k.nachkommastellen, art=k.art)
        gesagt = als_aussage(v, rede, k.id, gebiet)
        gefunden += [gesagt] if any(s.betrag and s.betrag in satz for s in gesagt.schritte) else []
    return tuple(gefunden)


def ableitung(rechnung: Rechnung, anzeige: str, neu: Nachweis, alt: Nachweis) -> Nachweis:
    """Der Nachweis eines Unterschieds oder einer Rate aus den beiden Werten, aus denen sie folgen."""
    assert neu.wert is not None and alt.wert is not None
    ergebnis = neu.wert - alt.wert if rechnung == "differenz" else (neu.wert / alt.wert - 1) * 100
    return Nachweis(
        anzeige=anzeige, wert=ergebnis, gebiet=neu.gebiet, kennzahl=neu.kennzahl, rechnung=rechnung,
        zeit=f"{alt.zeit}/{neu.zeit}", formel=FORMELN[rechnung], teile=(neu, alt),
    )  # fmt: skip


def nachweise(aussagen: Iterable[Aussage], reihen: Sequence[Reihe]) -> tuple[Nachweis, ...]:
    """Je gesagtem Betrag („um 28,0 %“) ein Nachweis mit den beiden Werten, aus denen er folgt."""
    gefunden = []
    for gesagt in aussagen:
        gefunden += [] if gesagt.kennzahl or gesagt.schritte else _anteile(gesagt, reihen)
        gemeint = [r for r in reihen if gesagt.kennzahl in {"", r.kennzahl.id}]
        for s in gesagt.schritte:
            neu, alt = (_teil(gemeint, gesagt, j) for j in (s.bis, s.von))
            if s.betrag and neu.wert is not None and alt.wert is not None:
                rechnung: Rechnung = "differenz" if "Prozentpunkt" in s.betrag else "prozent"
                gefunden.append(ableitung(rechnung, s.betrag, neu, alt))
    return tuple(gefunden)


def _anteile(gesagt: Aussage, reihen: Sequence[Reihe]) -> list[Nachweis]:
    """Auf 100 % gestapelt: der genannte Anteil an der Summe aller Teile."""
    gefunden = []
    for jahr, anzeige in gesagt.werte:
        alle = [(r, w) for r in reihen if (w := r.wert(gesagt.gebiet, jahr)) and w.wert is not None]
        gesamt = math.fsum(w.wert or 0.0 for _, w in alle)
        teile = tuple(nachweis.aus_wert(w, r.kennzahl) for r, w in alle)
        for teil in teile:
            anteil = 100 * (teil.wert or 0.0) / gesamt if gesamt > 0 else 0.0
            text = zahl.mit_einheit(zahl.schreibe(anteil, gesagt.stellen), "%")
            if teil.anzeige != anzeige == text:
                gefunden.append(
                    Nachweis(
                        anzeige=anzeige, wert=anteil, gebiet=gesagt.gebiet, zeit=str(jahr),
                        kennzahl=teil.kennzahl, rechnung="eigene", teile=(teil, *teile),
                        formel="erster Teil / Summe der übrigen Teile × 100",
                    )
                )  # fmt: skip
    return gefunden


def _teil(reihen: Sequence[Reihe], gesagt: Aussage, jahr: int) -> Nachweis:
    """Der Wert eines Jahres; spricht die Aussage über eine Summe, die Summe der Teile."""
    werte = [(r, w) for r in reihen if (w := r.wert(gesagt.gebiet, jahr)) is not None and w.wert is not None]
    teile = tuple(nachweis.aus_wert(w, r.kennzahl) for r, w in werte)
    if len(teile) == 1:
        return teile[0]
    summe = math.fsum(w.wert or 0.0 for _, w in werte) if werte else None
    return Nachweis(
        anzeige=zahl.schreibe(summe or 0.0, gesagt.stellen), wert=summe, gebiet=gesagt.gebiet, zeit=str(jahr),
        rechnung="eigene", formel="Summe der Teile", teile=teile,
    )  # fmt: skip
