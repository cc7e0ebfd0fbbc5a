"""Bevölkerungspyramide: Männer links, Frauen rechts, Alter von unten nach oben."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, ClassVar

from berichtswerk.bild.anordnung import Achse, teile_achse
from berichtswerk.bild.formen import gemeinsam as g
from berichtswerk.bild.leinwand import Buendig, Rahmen, Schild, Strich, Teil, pfade, rahme, rechtecke
from berichtswerk.bild.motiv import Hoehen, Motiv
from berichtswerk.bild.thema import ZEILE, Thema
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Punkt, Serie
from berichtswerk.grund import zahl
from berichtswerk.grund.zeichen import Status
from berichtswerk.worte import befund as worte
from berichtswerk.worte import lesehilfe, sprache

_ZEILE_GRUPPE, _ENGE = 17.0, 14.0
_SCHLUESSEL = 28.0
"""So weit rechts beginnt das Wort hinter dem Strich des Umrisses."""
_HOEHE_EINZELN = 290.0


def pyramide(
    maenner: Serie,
    frauen: Serie,
    angaben: Angaben,
    *,
    vergleich: tuple[Serie, Serie] | None = None,
    vergleich_name: str = "",
    im_satz: str = "",
    anteil: bool = False,
) -> Diagramm:
    """Zeichnet den Altersaufbau; ``Punkt.x`` ist eine Altersgruppe (Text) oder ein Altersjahr
    (Zahl), jung zuerst.

    ``vergleich`` (Männer, Frauen eines anderen Jahres oder Gebiets, gleiche Altersgruppen) erscheint als
    Umriss; ``im_satz`` heißt er, wo der Name dort nicht passt. ``anteil=True`` rechnet in Prozent der
    jeweiligen Gesamtbevölkerung; das ist nötig, wenn die beiden verschieden groß sind.
    """
    paare = [(maenner, frauen), *([vergleich] if vergleich else [])]
    if anteil:
        paare = [_in_prozent(m, f) for m, f in paare]
        angaben = replace(
            angaben, einheit="Prozent der Bevölkerung", einheit_kurz="%", stellen=1, anteil=True
        )
    umriss = paare[1] if vergleich else None
    gesagt = _worte(paare, angaben, im_satz or vergleich_name)
    namen = [maenner.name, frauen.name, *(f"{s.name} {vergleich_name}".strip() for s in (umriss or ()))]
    alle = [replace(s, name=n) for s, n in zip([s for p in paare for s in p], namen, strict=True)]
    motiv = Pyramide(*paare[0], angaben, umriss, vergleich_name)
    jahr, frauen_damals = angaben.zeit.split(" und ")[0], umriss[1] if umriss else None
    hilfe = lesehilfe.pyramide(paare[0][1], frauen_damals, angaben, jahr, vergleich_name)
    return g.diagramm(motiv, gesagt, g.tafel(alle, angaben, "Alter"), g.hinweise_zu(alle, ()), hilfe)


def _summe(*serien: Serie) -> float | None:
    """Die Summe aller Gruppen; fehlt eine, gibt es keine."""
    werte = [p.wert for s in serien for p in s.punkte]
    da = [w for w in werte if w is not None]
    return math.fsum(da) if len(da) == len(werte) else None


def _in_prozent(maenner: Serie, frauen: Serie) -> tuple[Serie, Serie]:
    """Anteile an allen; ohne deren Zahl gibt es keine."""
    summe = _summe(maenner, frauen)

    def teil(p: Punkt) -> Punkt:
        if p.wert is None or not summe or summe < 0:
            return replace(p, wert=None, status=Status.UNBEKANNT if p.wert is not None else p.status)
        return replace(p, wert=100 * p.wert / summe)

    links, rechts = (replace(s, punkte=tuple(map(teil, s.punkte))) for s in (maenner, frauen))
    return links, rechts


def _groesste(paar: tuple[Serie, Serie]) -> tuple[int | str, float, float] | None:
    """Am stärksten besetzte Gruppe: (Gruppe, Summe, Anteil an allen in Prozent), wenn alle bekannt sind."""
    summe = _summe(*paar)
    if not summe or summe < 0:
        return None
    je: dict[int | str, float] = {}
    for s in paar:
        for p in s.punkte:
            je[p.x] = je.get(p.x, 0.0) + (p.wert or 0.0)
    x = max(je, key=lambda k: je[k])
    return x, je[x], 100 * je[x] / summe


def _gruppe(x: int | str) -> str:
    """„die 50- bis 54-Jährigen“, „die Menschen ab 85 Jahren“, „die 48-Jährigen“."""
    if isinstance(x, int):
        return f"die {x}-Jährigen"
    if spanne := re.fullmatch(rf"(\d+){zahl.BIS}(\d+)", x):
        return f"die {spanne[1]}- bis {spanne[2]}-Jährigen"
    return f"die Menschen ab {x[:-1]} Jahren" if re.fullmatch(r"\d+\+", x) else f"die Altersgruppe {x}"


def _worte(paare: Sequence[tuple[Serie, Serie]], angaben: Angaben, name: str) -> worte.Worte:
    """Welche Altersgruppe am stärksten besetzt war, jetzt und im Vergleichsjahr."""
    form, jahr = "Bevölkerungspyramide", angaben.zeit.split(" und ")[0]
    jahr = f"Am {jahr}" if "." in jahr else jahr
    jetzt = _groesste(paare[0])
    if jetzt is None and any(s.mit_zahl() for s in paare[0]):
        text = "nicht für alle Altersgruppen eine Angabe"
        alt = worte.alternativtext(form, angaben, angaben.zeit, sprache.gross(text))
        return worte.Worte(f"{sprache.gross(angaben.was)}: {text}.", alt)
    if jetzt is None:
        return worte.Worte(
            worte.keine_angabe(angaben), worte.alternativtext(form, angaben, angaben.zeit, "Keine Werte")
        )
    prozent = f"{zahl.schreibe(jetzt[2], 1)}{zahl.SCHMAL}%"
    verb = (
        "war" if isinstance(jetzt[0], str) and _gruppe(jetzt[0]).startswith("die Altersgruppe") else "waren"
    )
    wo = "der stärkste Jahrgang" if isinstance(jetzt[0], int) else "die größte Altersgruppe"
    wann = f"{jahr} {verb}" if jahr else verb.capitalize()
    satz = f"{wann} {_gruppe(jetzt[0])} mit {prozent} {wo}"
    damals = _groesste(paare[1]) if len(paare) > 1 else None
    if damals is not None:
        vergleich = name or "im Vergleich"
        satz += f", ebenso {vergleich}" if damals[0] == jetzt[0] else f", {vergleich} {_gruppe(damals[0])}"
    summen = [_summe(s) or 0.0 for s in paare[0]]
    seiten = [f"{s.name} {wo} {sprache.wert_text(summe, angaben)}"
              for s, wo, summe in zip(paare[0], ("links", "rechts"), summen, strict=True)]  # fmt: skip
    return worte.Worte(f"{satz}.", worte.alternativtext(form, angaben, angaben.zeit, satz, ", ".join(seiten)))


@dataclass(frozen=True)
class Pyramide(Motiv):
    """Männer links, Frauen rechts, je Gruppe eine Zeile; ``umriss`` sind die beiden eines Vergleichs."""

    form: ClassVar[str] = "pyramide"
    maenner: Serie
    frauen: Serie
    angaben: Angaben
    umriss: tuple[Serie, Serie] | None = None
    name_des_umrisses: str = ""

    @cached_property
    def xs(self) -> list[int | str]:
        """Altersgruppen oder -jahre, jung zuerst."""
        return list(dict.fromkeys(p.x for s in (self.maenner, self.frauen) for p in s.punkte)) or [""]

    @property
    def einzeln(self) -> bool:
        """Ob es einzelne Altersjahre sind; dann ist nicht jedes beschriftet."""
        return len(self.xs) > 24

    def breiten(self, thema: Thema) -> tuple[Achse, float, float, int]:
        """Die Achse einer Seite, die Breite der Namen in der Mitte, der Rand und die Breite dazwischen."""
        seiten = (self.maenner, self.frauen, *(self.umriss or ()))
        werte = [p.wert for s in seiten for p in s.punkte if p.wert is not None]
        achse = teile_achse([0.0, *werte], null=True, anzahl=3)
        mitte = max(thema.breite_von(str(x)) for x in self.xs) + 14
        rand = thema.breite_von(f"{zahl.schreibe(achse.bis, achse.stellen)} %") / 2 + 2
        return achse, mitte, rand, round(thema.breite - 2 * rand)

    def kopf(self, serie: Serie) -> str:
        """„Männer 49,9 %“."""
        summe = _summe(serie)
        return " ".join([serie.schild, *([] if summe is None else [sprache.wert_text(summe, self.angaben)])])

    @property
    def schluessel(self) -> str:
        """Was der Umriss ist."""
        return f"Umriss: {self.name_des_umrisses}"

    def eigene_zeile(self, thema: Thema) -> bool:
        """Ob der Schlüssel eine Zeile für sich braucht: neben dem linken Kopf ist kein Platz."""
        _, mitte, _, breite = self.breiten(thema)
        frei = (breite - mitte) / 2 - thema.breite_von(self.kopf(self.maenner), fett=True)
        return self.umriss is not None and _SCHLUESSEL + thema.breite_von(self.schluessel) + 4 > frei

    def _fest(self, thema: Thema) -> float:
        return ZEILE + 8 + g.FUSS + (ZEILE + 6 if self.eigene_zeile(thema) else 0.0)

    def hoehen(self, thema: Thema) -> Hoehen:
        """Gruppen brauchen je eine Textzeile, Altersjahre nur einen Strich."""
        n = len(self.xs)
        eng, weit = (1.6 * n, _HOEHE_EINZELN) if self.einzeln else (_ENGE * n, _ZEILE_GRUPPE * n)
        fest = self._fest(thema)
        return Hoehen(fest + eng, fest + max(eng, weit))

    def gezeichnet(self, thema: Thema, hoehe: float) -> dict[str, Any]:
        """Die Zeichnung; alle Zeilen sind gleich hoch."""
        return _spec(self, thema, (hoehe - self._fest(thema)) / len(self.xs))


def _spec(m: Pyramide, thema: Thema, zeile: float) -> dict[str, Any]:
    paar, umriss, angaben, xs, einzeln = (m.maenner, m.frauen), m.umriss, m.angaben, m.xs, m.einzeln
    hoehe = zeile * len(m.xs)
    namen = [(i, str(x)) for i, x in enumerate(xs) if not einzeln or _jedes_zehnte(x, xs)]
    achse, mitte, rand, breite = m.breiten(thema)
    f = thema.farben
    teile: list[Teil] = [
        Schild(breite / 2, (len(xs) - i - 0.5) * zeile, name, f.text, "center") for i, name in namen
    ]
    seiten: list[tuple[float, float, str, Buendig]] = [
        ((breite - mitte) / 2, 0.0, f.fokus, "right"),
        ((breite + mitte) / 2, float(breite), f.akzent, "left"),
    ]
    for nr, (innen, aussen, farbe, buendig) in enumerate(seiten):
        lage = partial(_pixel, achse, (innen, aussen))
        einheit = g.einheit_am_strich(angaben)
        teile += g.achse_unten(achse, lage, hoehe, thema, null=f.achse, einheit=einheit)
        balken = _balken(paar[nr], xs, zeile, farbe)
        teile += rechtecke(balken, thema, achse, "x", (innen, aussen))
        if not einzeln:
            stelle = innen + (4 if nr else -4)
            teile += [
                Schild(stelle, (len(xs) - xs.index(p.x) - 0.5) * zeile, sprache.punkt_text(p, angaben),
                       f.text, buendig, fett=True)
                for p in paar[nr].punkte
                if p.wert is None
            ]  # fmt: skip
        teile.append(Schild(innen, -ZEILE * 0.75, m.kopf(paar[nr]), farbe, buendig, fett=True))
        if umriss:
            teile += pfade(_umriss(umriss[nr], xs, zeile, lage), f.text, 1.8)
    oben = ZEILE + 8
    if umriss:
        eigene = m.eigene_zeile(thema)
        hoch = -ZEILE * (1.9 if eigene else 0.75)
        teile.append(Schild(_SCHLUESSEL, hoch, m.schluessel, f.text))
        teile.append(Strich(0, hoch, _SCHLUESSEL - 6, hoch, f.text, 1.8))
        oben += ZEILE + 6 if eigene else 0.0
    if angaben.einheit and not angaben.anteil:
        teile.append(Schild(breite / 2, hoehe + 14, "Alter", f.text_leise, "center"))
    return rahme(teile, thema, Rahmen(hoehe, rand, oben, rand, g.FUSS), getrennt=True)


def _jedes_zehnte(x: int | str, xs: Sequence[int | str]) -> bool:
    """Welche Altersjahre beschriftet werden: runde, sonst jedes zehnte."""
    runde = any(isinstance(y, int) and y % 10 == 0 for y in xs)
    return isinstance(x, int) and x % 10 == 0 if runde else xs.index(x) % 10 == 0


def _balken(serie: Serie, xs: Sequence[int | str], zeile: float, farbe: str) -> list[dict[str, Any]]:
    lage = {x: i for i, x in enumerate(xs)}
    fuge = 1.0 if zeile > 8 else 0.0
    return [
        {
            "kategorie": str(p.x),
            "serie": serie.name,
            "wert": p.wert,
            "von": 0,
            "bis": p.wert,
            "quer": round((len(xs) - lage[p.x] - 1) * zeile + fuge, 1),
            "quer2": round((len(xs) - lage[p.x]) * zeile - fuge, 1),
            "farbe": farbe,
            "deckung": 0.45 if p.prognose else 1.0,
        }
        for p in serie.punkte
        if p.wert is not None
    ]


def _pixel(achse: Achse, strecke: tuple[float, float], wert: float) -> float:
    return strecke[0] + (strecke[1] - strecke[0]) * (wert - achse.von) / (achse.bis - achse.von)


def _umriss(
    serie: Serie, xs: Sequence[int | str], zeile: float, lage: Callable[[float], float]
) -> list[dict[str, Any]]:
    """Treppenlinie von der jüngsten zur ältesten Gruppe; an Lücken beginnt ein neuer Zug."""
    je = {p.x: p.wert for p in serie.punkte}
    zeilen: list[dict[str, Any]] = []
    zug = 0
    for i, x in enumerate(xs):
        wert = je.get(x)
        if wert is None:
            zug += 1
            continue
        px = round(lage(wert), 1)
        for y in ((len(xs) - i) * zeile, (len(xs) - i - 1) * zeile):
            zeilen.append({"x": px, "y": round(y, 1), "zug": zug, "folge": len(zeilen)})
    return zeilen
