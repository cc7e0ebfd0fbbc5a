"""Poster und Profil eines Ortes: dieselben Gegenstände wie auf der Seite, in Spalten, die ihr Blatt füllen.

Jede Abbildung wird für ihre Spalte gezeichnet: so breit wie sie, mit lesbarer Schrift, so hoch, dass die
Spalte voll wird. Was Text dabei an Höhe braucht, schätzt :func:`zeilen` mit den Maßen der Schrift; den Rest
verteilt die Vorlage (``layout/typst/steckbrief.typ``) zwischen den Blöcken. Größere Poster sind dasselbe
Blatt, größer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Literal, NamedTuple

from berichtswerk.bild import svg
from berichtswerk.bild.motiv import Hoehen, breite_fuer, lies, spezifikation_von
from berichtswerk.bild.thema import SCHRIFT, Thema
from berichtswerk.gegenstand.gegenstaende import (
    STATUSWORT,
    Abbildung,
    Fehlt,
    Notizfeld,
    Ortsblatt,
    Quellenangabe,
    Tabelle,
    Tabellenzelle,
)
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import SCHMAL
from berichtswerk.marke.marke import Marke
from berichtswerk.satz.manuskript import Manuskript, Teil
from berichtswerk.schreiber.typst import maskiere, zeichenkette
from berichtswerk.schreiber.typst.rumpf import Druckfassung, vorlage

Art = Literal["poster", "profil"]


class BlattZuVoll(Befundart):
    text = "Auf das {blatt} passt nicht alles."
    ursache = "Eine Spalte ist {hoehe} mm hoch, ihr Inhalt braucht {braucht} mm, auch mit kleinster Schrift."
    abhilfe = "Zeigen Sie im Notizbuch weniger: Abbildungen, Zeilen der Tabelle oder kürzere Unterschriften."


MAL = {"A3": 1.0, "A2": 420 / 297, "A1": 2.0, "A0": 2 * 2**0.5}
"""So viel größer als A3 ist jedes Blatt; Schrift und Abstände wachsen mit."""
_PUNKT = 25.4 / 72
_VERSAL = 0.69
"""Höhe der Großbuchstaben in Geviert."""
_ZAHLENSPALTE = 1.25
"""So viele Millimeter je Punkt Schrift braucht eine Spalte mit Zahlen samt Abstand."""
_KARTEN = frozenset({"lagekarte"})


class Grade(NamedTuple):
    """Schriftgrade in Punkt: Text, klein, Titel der Blöcke, Eckzahl, Tabelle, in Bildern."""

    text: float
    klein: float
    titel: float
    zahl: float
    tafel: float
    bild: float


@dataclass(frozen=True, slots=True)
class Masse:
    """Maße eines Blattes in Millimetern; ``kopf`` ist die Höhe des Farbfelds, ``linie`` die einer Zeile."""

    breite: float
    hoehe: float
    x: float
    oben: float
    unten: float
    kopf: float
    name: float
    botschaft: float
    linie: float
    grade: Grade


POSTER = Masse(420, 297, 14, 14, 20, 56, 52, 21, 7.5, Grade(12, 10, 14, 30, 11, 10))
PROFIL = Masse(210, 297, 22, 22, 22, 63, 30, 13.5, 5.6, Grade(10, 8.5, 12, 21, 8.5, 8.5))
_LUFT = 5.0
"""Mindestens so weit stehen Blöcke einer Spalte auseinander."""
_UNTER_DEM_KOPF = 8.0
_ZWEIZEILIG = 0.7
"""So viel kleiner als üblich steht ein Name auf zwei Zeilen."""
_NACHWEIS = 8
"""Grad von Zeichen, Quellen und Lizenzen im Profil."""
_KLEINSTE = 8.0
"""Kleiner wird keine Schrift in Bildern."""
_DEHNUNG = 1.4
"""So viel höher darf jede Tabellenzeile werden, wo eine Spalte sonst nicht voll ist."""
_SCHMALSTE = 60.0
"""Schmaler wird keine Karte."""


@dataclass(slots=True)
class Block:
    """Ein Stück einer Spalte: wie viel Höhe sein Text braucht und wie hoch sein Bild werden darf (mm).

    Eine Karte (``schmaler``) darf schmaler werden als ihre Spalte, wenn sie sonst nicht hineinpasst; ``grad``
    ist die Schrift im Bild.
    """

    teil: Teil
    text: float
    mindestens: float = 0.0
    gewollt: float = 0.0
    hoechstens: float = 0.0
    hoehe: float = 0.0
    breite: float = 0.0
    schmaler: bool = False
    grad: float = 0.0


def schreibe(m: Manuskript, projekt: Projekt, art: Art) -> Druckfassung:
    """Die Druckfassung eines Steckbriefs als Poster oder Profil."""
    blatt = _Blatt(m, projekt, art)
    inhalt = f"{blatt.kopf()}\n{blatt.inhalt()}"
    text = (projekt.layout / "typst" / "steckbrief.typ").read_text(encoding="utf-8")
    return Druckfassung(f"{vorlage(projekt)}\n{text}", inhalt, (), blatt.bilder, (), f"-{art}")


def fuelle(bloecke: Sequence[Block], hoehe: float) -> None:
    """Verteilt die Höhe einer Spalte: jedem Bild, was es braucht, dann, was es möchte, dann den Rest."""
    frei = hoehe - sum(b.text for b in bloecke) - _LUFT * max(0, len(bloecke) - 1)
    for b in bloecke:
        b.hoehe = b.mindestens
    frei -= sum(b.mindestens for b in bloecke)
    for ziel in ("gewollt", "hoechstens"):
        wuensche = [max(0.0, getattr(b, ziel) - b.hoehe) for b in bloecke]
        if frei <= 0 or not (summe := sum(wuensche)):
            continue
        teil = min(1.0, frei / summe)
        for b, wunsch in zip(bloecke, wuensche, strict=True):
            b.hoehe += wunsch * teil
        frei -= summe * teil


class _Blatt:
    """Ein Gang durch das Manuskript: welcher Gegenstand in welche Spalte gehört, und wie hoch er wird."""

    def __init__(self, m: Manuskript, projekt: Projekt, art: Art) -> None:
        self.m, self.projekt, self.art = m, projekt, art
        self.masse = POSTER if art == "poster" else PROFIL
        self.marke = Marke.lade(projekt).fuer(m.kopf.bericht)
        self.bilder: dict[str, bytes] = {}
        self.mal = MAL[m.kopf.blatt] if art == "poster" else 1.0
        alle = [*m.einzeln()]
        self.teile = [t for t in alle if isinstance(t, Abbildung | Tabelle | Notizfeld | Fehlt)]
        self.ort = next((t for t in alle if isinstance(t, Ortsblatt)), None)

    # --- Rahmen --------------------------------------------------------------------------------------

    @property
    def _farbe(self) -> str:
        return f'rgb("{self.marke.leitfarbe(self.m.kopf.bericht)}")'

    def kopf(self) -> str:
        """Der Aufruf der Vorlage."""
        g, s = self.masse.grade, self.masse
        grade = ", ".join(f"{n}: {getattr(g, n)}pt" for n in ("text", "klein", "titel", "zahl", "tafel"))
        fuss = self._quellen() if self.art == "poster" else self._fusszeile()
        return (
            f"#show: steckbrief.with(titel: {zeichenkette(self.m.kopf.titel)}, farbe: {self._farbe}, "
            f"mal: {self.mal:.5f}, breite: {s.breite}mm, hoehe: {s.hoehe}mm, "
            f"rand: (x: {s.x}mm, oben: {s.oben}mm, unten: {s.unten}mm), grade: ({grade}), fuss: {fuss})"
        )

    def _fusszeile(self) -> str:
        k = self.m.kopf
        links = maskiere(" · ".join(t for t in (k.untertitel, k.band) if t))
        rechts = f"{maskiere(self._name)} · #context counter(page).display()"
        return (
            f"{{ set text(size: {self.masse.grade.klein}pt, fill: marke.secondary); "
            f"grid(columns: (1fr, auto), column-gutter: 8mm, [{links}], "
            f"text(weight: 600, fill: {self._farbe})[{rechts}]) }}"
        )

    @property
    def _name(self) -> str:
        return self.ort.name if self.ort else self.m.kopf.gebiet_name or self.m.kopf.titel

    def _quellen(self) -> str:
        """Womit gezeigt wird: jede Quelle einmal, Zeichen erklärt, Wortmarke."""
        mal, text = self.mal, self._nachweis()
        return (
            f"{{ set text(size: {8.5 * mal:.2f}pt, fill: marke.secondary); set par(leading: 0.45em); "
            f"grid(columns: (1fr, {40 * mal:.1f}mm), column-gutter: {10 * mal:.1f}mm, "
            f"align: (left + horizon, right + horizon), [{text}], "
            f'image(bytes(marke.wortmarke), format: "svg", width: {38 * mal:.1f}mm, '
            f"alt: marke.wortmarke-alt)) }}"
        )

    def _nachweis(self) -> str:
        """Zeichen, Herausgeber und wo der Rest steht."""
        namen = dict.fromkeys(_herausgeber(a) for a in self._gezeigt())
        quellen = [f"Quellen: {'; '.join(namen)}."] if namen else []
        saetze = [*self._zeichen(), *quellen, *self._grenzen(), self._mehr()]
        return maskiere(" ".join(saetze))

    def _zeichen(self) -> list[str]:
        return [f"{'; '.join(self.m.zeichen)}."] if self.m.zeichen else []

    def _grenzen(self) -> list[str]:
        """Was die Lizenz amtlicher Grenzen verlangt; auf Papier gibt es keine Zeile unter der Karte."""
        return [*dict.fromkeys(h for t in self._karten() for h in t.beleg.hinweise)]

    def _mehr(self) -> str:
        return f"Definitionen, Lizenzen und Daten: Webseite „{self.m.kopf.titel}“."

    def _gezeigt(self) -> list[Quellenangabe]:
        gezeigt = {
            a.name
            for t in (self.ort, *self.teile) if isinstance(t, Ortsblatt | Abbildung | Tabelle)
            for q in t.beleg.quellen for a in q.angaben
        }  # fmt: skip
        return [a for a in self.m.quellen if a.name in gezeigt]

    def _nachweis_in_spalten(self, breite: float) -> tuple[list[str], list[str]]:
        """Zeichen und jede Namensnennung mit Lizenz, je Lizenz ein Absatz, in zwei gleich hohen Spalten."""
        namen = [f"{n.rstrip('.')}." for n in _nach_lizenz(self._gezeigt())]
        if namen:
            namen[0] = f"Quellen: {namen[0]}"
        absaetze = [*self._zeichen(), *namen, *self._grenzen(), self._mehr()]
        hoch = [zeilen(a, breite, _NACHWEIS, self.marke) for a in absaetze]
        wo = min(range(len(hoch) + 1), key=lambda i: abs(sum(hoch[:i]) - sum(hoch[i:])))
        return absaetze[:wo], absaetze[wo:]

    def _absaetze(self, texte: Sequence[str]) -> tuple[str, float]:
        """Absätze einer Spalte des Nachweises, und wie hoch sie werden."""
        hoch = sum(hoehe_von(zeilen(t, 79, _NACHWEIS, self.marke), _NACHWEIS, 0.45) for t in texte)
        inhalt = "\n\n".join(map(maskiere, texte))
        stil = "#set par(leading: 0.45em, spacing: 0.8em);"
        text = f"#text(size: {_NACHWEIS}pt, fill: marke.secondary)[{stil}{inhalt}]"
        return text, hoch + max(0, len(texte) - 1) * 0.8 * _NACHWEIS * _PUNKT

    # --- Spalten -------------------------------------------------------------------------------------

    def inhalt(self) -> str:
        """Kopf und Spalten als Typst."""
        return self._poster() if self.art == "poster" else self._profil()

    def _poster(self) -> str:
        breiten, luft = (104.0, 128.0, 138.0), 11.0
        hoehe = self._platz()
        spalten = [
            self._spalte(
                [*self._zahlen(breiten[0], 2), *self._bloecke(self._links(), breiten[0])], hoehe, breiten[0]
            ),
            self._spalte(self._bloecke(self._mitte(), breiten[1]), hoehe, breiten[1]),
            self._spalte(self._bloecke(self._rechts(), breiten[2]), hoehe, breiten[2]),
        ]
        return f"{self._kopffeld((232.0, 150.0))}\n{_nebeneinander(breiten, luft, spalten)}"

    def _profil(self) -> str:
        breiten, luft, ganz = (79.0, 79.0), 8.0, 166.0
        karten, hoehe = self._karten(), self._platz()
        links, rechts = _gleich_voll(
            [*self._zahlen(breiten[0], 2)], self._bloecke(karten, breiten[1]),
            self._bloecke(self._mitte(), breiten[0]),
        )  # fmt: skip
        erste = [self._spalte(b, hoehe, breiten[0]) for b in (links, rechts)]
        seite = self.masse.hoehe - self.masse.oben - self.masse.unten
        nachweis = [self._absaetze(b) for b in self._nachweis_in_spalten(breiten[0])]
        fuss = max(h for _, h in nachweis) + 4
        breit = self._bloecke([t for t in self._rechts() if not isinstance(t, Notizfeld)], ganz)
        unten = [
            self._bloecke([t for t in self._links() if t not in karten], breiten[0]),
            self._bloecke([t for t in self._rechts() if isinstance(t, Notizfeld)], breiten[1]),
        ]
        frei = seite - fuss - 7
        weit = sum(b.text + (b.mindestens + b.gewollt) / 2 for b in breit) + _LUFT * max(0, len(breit) - 1)
        oben = max(min(weit, frei - max(map(_mindestens, unten))), _mindestens(breit))
        rest = frei - oben
        zweite = [self._spalte(b, rest, breiten[0]) for b in unten]
        quellen = _nebeneinander(breiten, luft, [text for text, _ in nachweis])
        return "\n".join(
            [
                self._kopffeld((ganz,)), _nebeneinander(breiten, luft, erste), "#pagebreak()",
                self._spalte(breit, oben, ganz), "#v(7mm)", _nebeneinander(breiten, luft, zweite),
                "#v(1fr)", quellen,
            ]
        )  # fmt: skip

    def _platz(self) -> float:
        s = self.masse
        return s.hoehe - s.kopf - 2.5 - _UNTER_DEM_KOPF - s.unten

    def _kopffeld(self, breiten: tuple[float, ...]) -> str:
        s, k = self.masse, self.m.kopf
        zeile = " · ".join(t for t in (k.untertitel, STATUSWORT[k.status] if k.band else "") if t)
        satz = self.ort.botschaft if self.ort else ""
        grad = passend(self._name, breiten[0], s.name, self.marke, 1)
        if grad < (klein := _ZWEIZEILIG * s.name):  # auf zwei Zeilen bleibt ein langer Name groß
            grad = passend(self._name, breiten[0], klein, self.marke, 2)
        satzgrad = passend(satz, breiten[-1], s.botschaft, self.marke, 4 if len(breiten) > 1 else 2)
        oben = s.kopf - s.oben + 2.5 + _UNTER_DEM_KOPF
        feld = (
            f"#sb-kopf({self._farbe}, {s.oben}mm, {s.x}mm, {s.kopf}mm, [{maskiere(zeile)}], "
            f"[{maskiere(self._name)}], {grad:.1f}pt, [{maskiere(satz)}], {satzgrad:.1f}pt, "
            f"({', '.join(map(str, breiten))},))"
        )
        return f"#block(height: {oben * self.mal:.2f}mm, width: 100%, above: 0pt, below: 0pt)[{feld}]"

    def _karten(self) -> list[Abbildung]:
        return [t for t in self.teile if isinstance(t, Abbildung) and t.form in _KARTEN]

    def _links(self) -> list[Teil]:
        return [*self._karten(), *(t for t in self.teile if isinstance(t, Tabelle))]

    def _mitte(self) -> list[Teil]:
        besonders = {"streifen", *_KARTEN}
        return [
            t for t in self.teile
            if isinstance(t, Fehlt) or (isinstance(t, Abbildung) and t.form not in besonders)
        ]  # fmt: skip

    def _rechts(self) -> list[Teil]:
        return [
            *(t for t in self.teile if isinstance(t, Abbildung) and t.form == "streifen"),
            *(t for t in self.teile if isinstance(t, Notizfeld)),
        ]

    # --- Blöcke --------------------------------------------------------------------------------------

    def _zahlen(self, breite: float, spalten: int) -> list[Block]:
        if self.ort is None:
            return []
        g, reihen = self.masse.grade, -(-len(self.ort.zahlen) // spalten)
        schmal = (breite - 6 * (spalten - 1)) / spalten
        worte = [zeilen(z.text, schmal, g.klein, self.marke) + bool(z.kreis) for z in self.ort.zahlen]
        je = (
            1.8
            + hoehe_von(1, g.zahl)
            + 0.26 * g.zahl * _PUNKT
            + hoehe_von(max(worte, default=1), g.klein, 0.45)
        )
        return [Block(self.ort, reihen * je + (reihen - 1) * 4.5)]

    def _bloecke(self, teile: Sequence[Teil], breite: float) -> list[Block]:
        return [self._block(t, breite) for t in teile]

    def _block(self, t: Teil, breite: float) -> Block:
        g = self.masse.grade
        if isinstance(t, Abbildung):
            text = self._textblock(self._titel(t), self._unter(t), breite)
            block = Block(t, text, breite=breite, schmaler=t.form in _KARTEN, grad=g.bild)
            self._miss(block)
            return block
        if isinstance(t, Tabelle):
            zahlen, spalten = _ZAHLENSPALTE * g.tafel, len(t.tabelle.kopf[-1]) - 1
            namen = [
                zeilen(z.zellen[0].text, breite - zahlen * spalten, g.tafel, self.marke)
                for z in t.tabelle.zeilen
            ]
            reihen = sum(hoehe_von(n, g.tafel, 0.42) + 2.5 for n in (1, *namen))
            text = self._textblock(t.unterschrift, self._unter(t), breite) + reihen
            return Block(t, text, hoechstens=_DEHNUNG * (1 + len(namen)))
        if isinstance(t, Notizfeld):
            return Block(t, 0.0, 45.0, 100.0, 400.0)
        grund = zeilen(getattr(t, "grund", ""), breite - 6, g.klein, self.marke)
        return Block(t, self._textblock("Keine Angabe", "", breite) + 6 + hoehe_von(grund, g.klein))

    def _titel(self, a: Abbildung) -> str:
        """Der Befund; über der Karte die Frage, die sie beantwortet."""
        if a.form in _KARTEN and self.ort:
            return f"Wo liegt {self.ort.im_satz}?"
        return a.befund or a.unterschrift

    def _unter(self, t: Abbildung | Tabelle) -> str:
        """Was unter dem Titel steht, ohne den Ort (er steht groß darüber) und ohne, was im Bild steht.

        Tabellen haben dort schon ihre Unterschrift, Streifen nennen je Zeile, was ein Beispiel ist.
        """
        je_zeile = isinstance(t, Abbildung) and t.form == "streifen"
        marke = "Beispieldaten" if t.beleg.beispiel and not je_zeile else ""
        eigene = t.unterschrift if isinstance(t, Abbildung) and t.befund and t.form not in _KARTEN else ""
        eigene = re.sub(rf" i[mn] {re.escape(self._name)}(?=[,( ]|$)", "", eigene)
        eigene = re.sub(r", Vorausrechnung ab \d{4}|; Umriss: [^;)]+", "", eigene)
        return " · ".join(s for s in (eigene, marke) if s)

    def _textblock(self, titel: str, unter: str, breite: float) -> float:
        g = self.masse.grade
        oben = (
            hoehe_von(zeilen(titel, breite, g.titel, self.marke, fett=True), g.titel, 0.4)
            + 0.42 * g.titel * _PUNKT
        )
        return oben + hoehe_von(zeilen(unter, breite, g.klein, self.marke), g.klein) + 1.6

    @cached_property
    def _themen(self) -> dict[int, Thema]:
        return {}

    def _thema(self, b: Block) -> Thema:
        breite = breite_fuer(b.breite, b.grad)
        if breite not in self._themen:
            self._themen[breite] = Thema(self.marke, breite)
        return self._themen[breite]

    def _miss(self, b: Block) -> None:
        """Wie hoch das Bild eines Blocks bei seiner Breite und Schrift werden muss, möchte und darf."""
        motiv = b.teil.motiv if isinstance(b.teil, Abbildung) else None
        h = Hoehen(b.breite * 0.5, b.breite * 0.5)
        if motiv:
            h = lies(motiv).hoehen(self._thema(b))
            h = Hoehen(h.mindestens / _je_mm(b.grad), h.gewollt / _je_mm(b.grad))
        b.mindestens, b.gewollt = h
        b.hoechstens = h.gewollt if b.schmaler else h.gewollt * 1.6

    # --- Typst ---------------------------------------------------------------------------------------

    def _spalte(self, bloecke: list[Block], hoehe: float, breite: float) -> str:
        self._passe_ein(bloecke, hoehe)
        fuelle(bloecke, hoehe)
        teile = [self._setze(b, breite) for b in bloecke]
        return f"#sb-spalte({hoehe:.2f}mm, {', '.join(f'[{t}]' for t in teile)})"

    def _passe_ein(self, bloecke: Sequence[Block], hoehe: float) -> None:
        """Macht Karten schmaler, dann die Schrift in den Bildern kleiner, bis die Spalte reicht."""
        karten = [b for b in bloecke if b.schmaler]
        while _mindestens(bloecke) > hoehe and any(b.breite > _SCHMALSTE for b in karten):
            for b in karten:
                b.breite -= 4
                self._miss(b)
        bilder = [b for b in bloecke if isinstance(b.teil, Abbildung)]
        while _mindestens(bloecke) > hoehe and any(b.grad > _KLEINSTE for b in bilder):
            for b in bilder:
                b.grad -= 0.25
                self._miss(b)
        if (braucht := sum(b.text + b.mindestens for b in bloecke)) > hoehe:
            datei = self.projekt.relativ(self.m.ordner / "bericht.yml")
            mm = f"{hoehe:.0f}", f"{braucht:.0f}"
            raise BerichtswerkFehler(
                BlattZuVoll.melde(
                    datei=datei, ort=self._name, blatt=self.art.capitalize(), hoehe=mm[0], braucht=mm[1]
                )
            )

    def _setze(self, b: Block, breite: float) -> str:
        t = b.teil
        if isinstance(t, Ortsblatt):
            zahlen = ", ".join(
                f"([{maskiere(z.zahl)}], [{maskiere(z.text)}], [{maskiere(z.kreis)}])" for z in t.zahlen
            )
            return f"#sb-zahlen({self._farbe}, 2, {zahlen})"
        if isinstance(t, Abbildung):
            datei = f"bild/{self.art}-{t.label}.svg"
            spec = spezifikation_von(t, self._thema(b), b.hoehe * _je_mm(b.grad))
            self.bilder[datei] = svg.als_datei(spec, self.marke, mit_schrift=False).encode()
            return (
                f"#sb-bild([{maskiere(self._titel(t))}], [{maskiere(self._unter(t))}], "
                f"{zeichenkette(datei)}, {zeichenkette(t.alt)}, {b.breite}mm, {b.hoehe:.2f}mm)"
            )
        if isinstance(t, Tabelle):
            return _tafel(t, self._unter(t), b.hoehe / (1 + len(t.tabelle.zeilen)))
        if isinstance(t, Notizfeld):
            fragen = ", ".join(f"[{maskiere(f)}]" for f in t.fragen)
            spalten = len(t.fragen) if breite > 100 else 1
            linien, abstand = self._linien(b.hoehe, -(-len(t.fragen) // spalten))
            return (
                f"#sb-notizen([{maskiere(t.titel)}], ({fragen},), {spalten}, {linien}, {abstand:.2f}mm, "
                f"{b.hoehe:.2f}mm)"
            )
        return f"#sb-fehlt([Keine Angabe], [{maskiere(getattr(t, 'grund', ''))}])"

    def _linien(self, hoehe: float, reihen: int) -> tuple[int, float]:
        """So viele Linien zum Schreiben passen unter jede Frage, und ihr Abstand.

        Auf größeren Blättern ist die Handschrift größer, aber nicht so viel größer wie der Druck.
        """
        g = self.masse.grade
        frei = hoehe - 2 * 3.5 - hoehe_von(1, g.titel) - 0.42 * g.titel * _PUNKT - 2 * reihen
        je_frage = frei / reihen - hoehe_von(1, g.klein)
        anzahl = max(1, int(je_frage * self.mal**0.5 / self.masse.linie))
        return anzahl, je_frage / anzahl


def _gleich_voll(
    links: list[Block], rechts: list[Block], weitere: Sequence[Block]
) -> tuple[list[Block], list[Block]]:
    """Verteilt ``weitere`` auf zwei Spalten, deren gewollte Höhen sich möglichst wenig unterscheiden."""

    def hoch(bloecke: Sequence[Block]) -> float:
        return sum(b.text + b.gewollt + _LUFT for b in bloecke)

    moeglich = [
        (
            [*links, *(b for b, hier in zip(weitere, wahl, strict=True) if hier)],
            [*rechts, *(b for b, hier in zip(weitere, wahl, strict=True) if not hier)],
        )
        for wahl in product((True, False), repeat=len(weitere))
    ]
    return min(moeglich, key=lambda s: abs(hoch(s[0]) - hoch(s[1])))


def _je_mm(grad: float) -> float:
    """Einheiten des Bildes je Millimeter, wenn seine Schrift ``grad`` Punkt groß ist."""
    return SCHRIFT / (grad * _PUNKT)


def _mindestens(bloecke: Sequence[Block]) -> float:
    return sum(b.text + b.mindestens for b in bloecke) + _LUFT * max(0, len(bloecke) - 1)


def _herausgeber(a: Quellenangabe) -> str:
    return a.kurz if not a.beispiel or "Beispiel" in a.kurz else f"{a.kurz} (Beispieldaten)"


_GERECHNET = "eigene Berechnung (Daten verändert)"


def _nach_lizenz(quellen: Sequence[Quellenangabe]) -> list[str]:
    """Namensnennungen; wer dieselbe Lizenz nennt, teilt sie sich, Jahre und Tabellen stehen beisammen.

    Sind von den Daten einer Lizenz manche verändert, steht das bei allen.
    """
    je_lizenz: dict[tuple[bool, str], dict[str, tuple[set[str], set[str]]]] = {}
    umgang: dict[tuple[bool, str], str] = {}
    for a in quellen:
        name, *teile = (a.nennung or a.kurz).split(" | ")
        eigene = next((t for t in teile if t.startswith("eigene ")), "")
        tafeln = {t for teil in teile if teil.startswith("Tabelle ") for t in teil[8:].split(", ")}
        lizenz = " | ".join(t for t in teile if t != eigene and not t.startswith("Tabelle "))
        name = name.removeprefix("Beispieldaten ") if a.beispiel else name
        wer, _, jahr = name.rpartition(", ")
        jahre = set(jahr.split(" und "))
        if not wer or not all(re.fullmatch(r"\d{4}", j) for j in jahre):
            wer, jahre = name, set()
        je = je_lizenz.setdefault((a.beispiel, lizenz), {}).setdefault(wer, (set(), set()))
        je[0].update(jahre)
        je[1].update(tafeln)
        if umgang.get((a.beispiel, lizenz)) != _GERECHNET:
            umgang[a.beispiel, lizenz] = eigene
    return [
        "Beispieldaten: " * kopf[0]
        + " | ".join(t for t in ("; ".join(_nennung(*n) for n in namen.items()), kopf[1], umgang[kopf]) if t)
        for kopf, namen in je_lizenz.items()
    ]


def _nennung(wer: str, angaben: tuple[set[str], set[str]]) -> str:
    """„Amt, 2018, 2025 (Tabelle 12411-02-03-5, 12612-01-01-4)“."""
    jahre, tafeln = map(sorted, angaben)
    return ", ".join([wer, *jahre]) + (f" (Tabelle {', '.join(tafeln)})" if tafeln else "")


def _nebeneinander(breiten: Sequence[float], luft: float, spalten: Sequence[str]) -> str:
    inhalt = ", ".join(f"[{s}]" for s in spalten)
    return f"#sb-spalten(({', '.join(map(str, breiten))},), {luft}mm, {inhalt})"


def _tafel(t: Tabelle, unter: str, mehr: float) -> str:
    """Die Tabelle; jede Zeile ist um ``mehr`` Millimeter höher als nötig."""
    kopf = ", ".join(f"[{maskiere(z.text)}]" for z in t.tabelle.kopf[-1])
    reihen = ", ".join(f"({', '.join(f'[{_fach(f)}]' for f in z.zellen)},)" for z in t.tabelle.zeilen)
    spalten = len(t.tabelle.kopf[-1])
    titel = f"[{maskiere(t.unterschrift)}], [{maskiere(unter)}]"
    return f"#sb-tafel({titel}, {1.25 + mehr / 2:.2f}mm, {spalten}, ({kopf},), {reihen})"


def _fach(f: Tabellenzelle) -> str:
    return maskiere(f"{f.text}{SCHMAL}{f.zusatz}" if f.zusatz else f.text)


def zeilen(text: str, breite: float, grad: float, marke: Marke, *, fett: bool = False) -> int:
    """So viele Zeilen braucht ein Text in ``breite`` Millimetern bei ``grad`` Punkt; 0 ohne Text."""
    thema, platz = Thema(marke), breite / _PUNKT
    anzahl, stand = 0, 0.0
    for wort in filter(None, text.split(" ")):  # an geschützten Abständen bricht auch der Satz nicht um
        lang = thema.breite_von(wort, fett=fett, groesse=grad)
        luecke = thema.breite_von(" ", groesse=grad)
        if not anzahl or stand + luecke + lang > platz:
            anzahl, stand = anzahl + 1, lang
        else:
            stand += luecke + lang
    return anzahl


def hoehe_von(anzahl: int, grad: float, abstand: float = 0.5) -> float:
    """Höhe so vieler Zeilen in Millimetern, wie Typst sie setzt: Versalhöhe und Zwischenraum."""
    return max(0.0, anzahl * _VERSAL + (anzahl - 1) * abstand) * grad * _PUNKT


def passend(text: str, breite: float, grad: float, marke: Marke, hoechstens: int) -> float:
    """Der größte Grad bis ``grad``, in dem ein Text mit ``hoechstens`` so vielen Zeilen auskommt."""
    while grad > 8 and zeilen(text, breite, grad, marke, fett=True) > hoechstens:
        grad -= 0.5
    return grad
