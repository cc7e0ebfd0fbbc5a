"""Folien: je Überschrift oder Kurzbotschaft eine, mit der Abbildung des Berichts, die sie nennt.

Was auf eine Folie passt, wird hier mit den Maßen der Schrift gerechnet; PDF (``layout/typst/folien.typ``) und
PPTX (:mod:`~.pptx`) bekommen dieselben Grade und Orte. Maße sind Millimeter, Grade Punkt.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from berichtswerk.bild import svg
from berichtswerk.bild.motiv import breite_fuer, lies, spezifikation_von
from berichtswerk.bild.thema import SCHRIFT, Thema
from berichtswerk.gegenstand.gegenstaende import Abbildung, Kopf
from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import datum
from berichtswerk.marke.marke import Marke
from berichtswerk.satz.manuskript import Manuskript
from berichtswerk.satz.pandoc import Knoten, inhalt
from berichtswerk.satz.prosa import Prosa, klartext
from berichtswerk.schreiber.typst import maskiere, zeichenkette
from berichtswerk.schreiber.typst.rumpf import Druckfassung, Prosaschreiber, vorlage
from berichtswerk.schreiber.typst.steckbrief import zeilen
from berichtswerk.tabelle.tabelle import BEISPIEL, buchstaben

BREITE, HOEHE = 254.0, 142.875
"""Eine Folie im Verhältnis 16 : 9."""
RAND, OBEN, UNTEN = 14.0, 15.0, 129.0
"""Ränder links und rechts; wo der Titel beginnt und der Inhalt endet."""
WEIT = BREITE - 2 * RAND
LUFT, TEXT = 8.0, 68.0
"""Zwischen Text und Bild; so breit ist Text neben einem Bild."""
UNTERSCHRIFT = 9.0
"""Grad der Zeile unter einem Bild."""
_PUNKT = 25.4 / 72
_ZEILE, _ABSATZ = 1.2, 0.55
"""Höhe einer Zeile und Abstand zweier Absätze in Geviert."""
_SICHER = 0.93
"""Nur so viel der Breite zählt: in PowerPoint steht vielleicht eine andere Schrift."""
_GRADE = ((26, 18), (26, 16), (24, 16), (24, 14), (22, 14), (22, 13), (20, 13), (20, 12))
_GROSS = ((38, 22), (34, 20), (30, 18), *_GRADE)
"""Grade von Titel und Text, die größten zuerst; eine Botschaft ohne Bild steht groß da."""
_TIEFER = 0.35
"""Um diesen Anteil des freien Platzes rückt eine Botschaft ohne Bild zur Mitte."""
_LISTE = ((26, 14), (26, 13), (26, 12))
_BILDGRADE = (12.0, 11.0, 10.0, 9.0, 8.5)
_MASSE = re.compile(r'viewBox="[-\d.]+[ ,]+[-\d.]+[ ,]+([\d.]+)[ ,]+([\d.]+)"')


class FolieZuVoll(Befundart):
    text = "Auf die Folie „{titel}“ passt nicht alles."
    ursache = "Titel und Text brauchen auch mit kleinster Schrift mehr Platz, als eine Folie hat."
    abhilfe = "Kürzen Sie, oder schreiben Sie die Folien selbst: texte/beilagen/folien.md."


class FolieOhneTitel(Befundart):
    text = "Hier steht Text, der zu keiner Folie gehört: „{was}“"
    ursache = "Eine Folie beginnt mit einer Überschrift (## …) oder einer Kurzbotschaft."
    abhilfe = "Setzen Sie eine Überschrift davor."


@dataclass(frozen=True, slots=True)
class Bild:
    """Eine gezeichnete Abbildung auf ihrer Folie: SVG, Alternativtext, Unterschrift, Ort und Größe."""

    svg: str
    alt: str
    unterschrift: str
    x: float
    y: float
    breite: float
    hoehe: float


@dataclass(frozen=True, slots=True)
class Folie:
    """Eine Folie: Titel und Text mit ihren Graden; der Text beginnt bei ``oben`` und ist ``breite`` breit.

    Der Titel beginnt bei ``y``.
    """

    titel: str
    bloecke: tuple[Knoten, ...]
    titelgrad: float
    textgrad: float
    oben: float
    breite: float
    bild: Bild | None = None
    y: float = OBEN


@dataclass(frozen=True, slots=True)
class Foliensatz:
    """Alle Folien einer Ausgabe in ihrer Folge; ``kopf`` steht auf der ersten."""

    kopf: Kopf
    marke: Marke
    folien: tuple[Folie, ...]

    @property
    def farbe(self) -> str:
        """Die Leitfarbe des Berichts, ``#rrggbb``."""
        return self.marke.leitfarbe(self.kopf.bericht)

    @property
    def vermerk(self) -> str:
        """Was über jeder Folie steht, solange sie nicht als Ergebnis gilt."""
        beispiel = "Enthält Beispieldaten, nicht als Ergebnis zitieren" if self.kopf.beispiel else ""
        return " · ".join(t for t in (self.kopf.band, beispiel) if t)

    @property
    def fuss(self) -> str:
        """Was unter jeder Folie steht."""
        return " · ".join((self.kopf.titel, self.marke.name))

    @property
    def angaben(self) -> tuple[str, ...]:
        """Was auf der ersten Folie unter dem Titel steht."""
        k = self.kopf
        stand = f"Stand: {datum(k.stand, lang=True)}" if k.stand else ""
        return tuple(t for t in (k.untertitel, " · ".join(t for t in (k.herausgeber, stand) if t)) if t)

    @property
    def titelgrad(self) -> float:
        """Der Grad des Titels auf der ersten Folie: höchstens drei Zeilen."""
        grade = (44, 38, 34, 30, 26)
        return next((g for g in grade if _zeilen(self.kopf.titel, g, WEIT, self.marke) <= 3), grade[-1])


def setze(m: Manuskript, projekt: Projekt, abbildungen: Mapping[str, Abbildung]) -> Foliensatz:
    """Verteilt ein Manuskript, dessen Texte je Folie einen ``ort`` haben, und zeichnet die Abbildungen.

    ``abbildungen`` sind die unter dem Ort ihrer Folie.

    Raises:
        BerichtswerkFehler: alles, was nicht passt oder sich nicht zeichnen lässt, auf einmal.
    """
    marke = Marke.lade(projekt).fuer(m.kopf.bericht)
    texte = (t for t in m.teile if isinstance(t, Prosa))
    folien: list[Folie] = []
    befunde = []
    for ort, gruppe in groupby(texte, key=lambda t: t.quelle.ort):
        teile = list(gruppe)
        alle = [k for t in teile for k in t.bloecke]
        titel, bloecke = _geteilt(alle)
        a = abbildungen.get(ort)
        grade = _GRADE if a or alle[0]["t"] == "Kopf" else _GROSS
        fertig = [*_passend(titel, bloecke, a, grade, marke=marke, ablage=Ablage.von(projekt))]
        if not fertig:
            befunde.append(FolieZuVoll.melde(datei=teile[0].quelle.datei, titel=titel[:60]))
        folien += fertig
    if befunde:
        raise BerichtswerkFehler(befunde)
    return Foliensatz(m.kopf, marke, tuple(folien))


def erste_botschaft(m: Manuskript) -> str:
    """Der Titel der ersten Folie."""
    return _geteilt(next(t for t in m.teile if isinstance(t, Prosa)).bloecke)[0]


def _geteilt(bloecke: Sequence[Knoten]) -> tuple[str, tuple[Knoten, ...]]:
    """Der Titel (Überschrift oder erster Absatz) und der Rest."""
    erster = bloecke[0]
    titel = klartext(erster["c"][3] if erster["t"] == "Kopf" else [erster])
    return " ".join(titel.split(" ")).strip(), tuple(bloecke[1:])


def _passend(
    titel: str,
    bloecke: tuple[Knoten, ...],
    a: Abbildung | None,
    grade: Sequence[tuple[float, float]],
    *,
    marke: Marke,
    ablage: Ablage,
) -> Iterator[Folie]:
    """Die Folie, lange Listen auf mehreren; keine, wenn es auch mit kleinster Schrift nicht passt."""
    if len(bloecke) == 1 and bloecke[0]["t"] == "BulletList":
        yield from _liste(titel, bloecke[0], marke)
        return
    breite = TEXT if a and bloecke else WEIT
    absaetze = [*_absaetze(bloecke)]
    for titelgrad, textgrad in grade:
        oben = _unter(titel, titelgrad, marke)
        frei = UNTEN - oben - _hoehe(absaetze, textgrad, breite, marke)
        if frei >= 0 and (not a or UNTEN - oben >= 60):
            bild = _gezeichnet(a, oben, bool(bloecke), marke, ablage) if a else None
            tiefer = frei * _TIEFER if grade is _GROSS else 0.0
            yield Folie(titel, bloecke, titelgrad, textgrad, oben + tiefer, breite, bild, OBEN + tiefer)
            return


def _liste(titel: str, liste: Knoten, marke: Marke) -> Iterator[Folie]:
    """Eine Liste auf möglichst wenigen Folien, gleich viel auf jeder; keine, wo ein Punkt nicht passt."""
    punkte = list(inhalt(liste))
    for anzahl in range(1, len(punkte) + 1):
        je = -(-len(punkte) // anzahl)
        seiten = [punkte[ab : ab + je] for ab in range(0, len(punkte), je)]
        for titelgrad, textgrad in _LISTE if anzahl == 1 else _LISTE[-1:]:
            oben = _unter(titel, titelgrad, marke)
            hoehen = [_hoehe([*_absaetze(_als_liste(s))], textgrad, WEIT - 6, marke) for s in seiten]
            if max(hoehen) <= UNTEN - oben:
                for nr, seite in enumerate(seiten, 1):
                    name = titel if anzahl == 1 else f"{titel} ({nr} von {len(seiten)})"
                    yield Folie(name, _als_liste(seite), titelgrad, textgrad, oben, WEIT)
                return


def _als_liste(punkte: Sequence[list[Knoten]]) -> tuple[Knoten, ...]:
    return ({"t": "BulletList", "c": list(punkte)},)


def _unter(titel: str, grad: float, marke: Marke) -> float:
    """Wo unter dem Titel der Inhalt beginnt."""
    return OBEN + _zeilen(titel, grad, WEIT, marke) * grad * _ZEILE * _PUNKT + 6


def _zeilen(text: str, grad: float, breite: float, marke: Marke) -> int:
    return zeilen(text, breite * _SICHER, grad, marke, fett=True)


def _hoehe(absaetze: Sequence[str], grad: float, breite: float, marke: Marke) -> float:
    alle = sum(zeilen(t, breite * _SICHER, grad, marke) for t in absaetze)
    return (alle * _ZEILE + max(0, len(absaetze) - 1) * _ABSATZ) * grad * _PUNKT


def _absaetze(bloecke: Sequence[Knoten]) -> Iterator[str]:
    """Der Wortlaut jedes Absatzes und jedes Punkts einer Liste."""
    for k in bloecke:
        art = k["t"]
        if art in {"BulletList", "OrderedList"}:
            for punkt in inhalt(k) if art == "BulletList" else inhalt(k)[1]:
                yield from _absaetze(punkt)
        elif text := klartext([k]):
            yield text


def _gezeichnet(a: Abbildung, oben: float, mit_text: bool, marke: Marke, ablage: Ablage) -> Bild:
    """Die Abbildung so groß, wie neben (oder statt) dem Text Platz ist, mit möglichst großer Schrift."""
    x = RAND + TEXT + LUFT if mit_text else RAND
    unten = UNTERSCHRIFT * _ZEILE * _PUNKT * (zeilen(_unterschrift(a), BREITE - RAND - x, 9.6, marke)) + 2
    breite, hoehe = BREITE - RAND - x, UNTEN - oben - unten
    for grad in _BILDGRADE:
        thema = Thema(marke, breite_fuer(breite, grad))
        hoechstens = hoehe * thema.breite / breite
        if not a.motiv:
            break
        hoehen = lies(a.motiv).hoehen(thema)
        if hoehen.mindestens <= hoechstens:
            break
    ziel = max(hoehen.mindestens, min(hoehen.gewollt * 1.25, hoechstens)) if a.motiv else None
    spec = svg.passend(spezifikation_von(a, thema, ziel), marke, thema.breite, ablage)
    zeichnung = svg.als_datei(spec, marke, mit_schrift=False, ablage=ablage)
    masse = _MASSE.search(zeichnung)
    assert masse is not None
    verhaeltnis = float(masse[2]) / float(masse[1])
    weit = min(breite, hoehe / verhaeltnis, float(masse[1]) / SCHRIFT * _BILDGRADE[0] * 1.3 * _PUNKT)
    return Bild(zeichnung, a.alt, _unterschrift(a), x, oben, weit, weit * verhaeltnis)


def _unterschrift(a: Abbildung) -> str:
    """Was das Bild zeigt, was seine Zeichen heißen, und ob es Beispieldaten sind."""
    return " · ".join([a.unterschrift, *buchstaben(a.daten), *[BEISPIEL] * a.beleg.beispiel])


def drucke(f: Foliensatz, m: Manuskript, projekt: Projekt) -> Druckfassung:
    """Die Folien für das PDF."""
    ordner = "/" + m.ordner.resolve().relative_to(projekt.wurzel.resolve()).as_posix().strip("./") + "/"
    prosa = Prosaschreiber(m, ordner, Thema(Marke.lade(projekt)))
    bilder: dict[str, bytes] = {}
    angaben = ", ".join(f"[{maskiere(t)}]" for t in f.angaben)
    text = [
        f"#show: folien.with(titel: {zeichenkette(f.kopf.titel)}, farbe: rgb({zeichenkette(f.farbe)}), "
        f"vermerk: [{maskiere(f.vermerk)}], fuss: [{maskiere(f.fuss)}])",
        f"#fo-titel(rgb({zeichenkette(f.farbe)}), [{maskiere(f.kopf.titel)}], {f.titelgrad}pt, "
        f"({angaben},), [{maskiere(f.vermerk)}])",
    ]
    for nr, folie in enumerate(f.folien, 1):
        bild = "none"
        if b := folie.bild:
            bilder[f"folie-{nr}.svg"] = b.svg.encode()
            bild = (
                f'(datei: "folie-{nr}.svg", alt: {zeichenkette(b.alt)}, breite: {b.breite:.2f}mm, '
                f"x: {b.x:.2f}mm, unterschrift: [{maskiere(b.unterschrift)}])"
            )
        text.append(
            f"#fo-folie([{maskiere(folie.titel)}], {folie.titelgrad}pt, {folie.y:.2f}mm, {folie.oben:.2f}mm, "
            f"{folie.textgrad}pt, {folie.breite:.2f}mm, {bild})[{prosa.bloecke(folie.bloecke)}]"
        )
    eigen = (projekt.layout / "typst" / "folien.typ").read_text(encoding="utf-8")
    dateien = tuple(sorted(prosa.dateien))
    return Druckfassung(f"{vorlage(projekt)}\n{eigen}", "\n".join(text), (), bilder, dateien, "-folien")
