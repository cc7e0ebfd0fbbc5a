"""Hilfen für Prüfungen an Abbildungen: Texte eines SVG mit ihrer Lage, erfundene Daten."""

from __future__ import annotations

import math
import re
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any, Literal

from berichtswerk.bild.anordnung import im_kasten
from berichtswerk.bild.formen.hantel import hantel
from berichtswerk.bild.formen.karten import flaechenkarte, lagekarte, symbolkarte
from berichtswerk.bild.formen.kartenblatt import Gebietsflaeche, Untergrund, als_text
from berichtswerk.bild.formen.linie import linie
from berichtswerk.bild.formen.pyramide import pyramide
from berichtswerk.bild.formen.saeulen import balken, saeulen
from berichtswerk.bild.formen.streifen import Streif, streifen
from berichtswerk.bild.formen.vielfache import kleine_vielfache
from berichtswerk.bild.motiv import lies
from berichtswerk.bild.thema import Thema
from berichtswerk.fach.ereignis import Ereignis
from berichtswerk.fach.veraenderung import Bruch
from berichtswerk.gegenstand.gegenstaende import Abbildung
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Punkt, Serie
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zeichen import Status
from berichtswerk.marke.marke import Diagrammfarben, Marke

PROJEKT = Projekt(Path(__file__).parents[2])
SVG = "{http://www.w3.org/2000/svg}"
_VERSCHOBEN = re.compile(r"translate\(([-\d.]+),([-\d.]+)\)")

ORTE = (
    "Kyritz", "Amt Neustadt (Dosse)", "Wusterhausen/Dosse", "Neuruppin", "Fehrbellin", "Amt Lindow (Mark)",
    "Amt Temnitz", "Wittstock/Dosse", "Heiligengrabe", "Rheinsberg",
)  # fmt: skip
WERTE = (13.2, 9.8, 12.5, 11.1, 6.4, 8.0, 5.9, 16.3, 7.7, 14.9)
LAGEN = ((1, 3), (1, 4), (2, 3), (3, 4), (3, 5), (4, 4), (2, 4), (2, 1), (1, 2), (4, 2))
ALTER = ("unter 5", *(f"{a} bis unter {a + 5}" for a in range(5, 90, 5)), "90 und älter")

QUOTE = Angaben(
    "Anteil der Kinder in Bedarfsgemeinschaften", "Landkreis", "Prozent", "%", 1,
    anteil=True, artikel="der", zeit="Dezember 2023",
)  # fmt: skip
GEBURTEN = Angaben("Zahl der Geburten", "Landkreis", "Anzahl", "", 0, artikel="die")
ALTENQUOTIENT = Angaben(
    "Altenquotient", "Landkreis", "je 100 Personen von 20 bis unter 65 Jahren", "", 1, artikel="der"
)


@cache
def thema() -> Thema:
    """Das Thema des Projekts."""
    return Thema(Marke.lade(PROJEKT))


def kopie(tmp_path: Path, *ersetzungen: tuple[str, str]) -> Projekt:
    """Ein Projekt mit derselben Marke, in deren Datei Texte ersetzt sind."""
    shutil.copytree(PROJEKT.layout, tmp_path / "layout")
    datei = tmp_path / "layout" / "_brand.yml"
    text = datei.read_text(encoding="utf-8")
    for alt, neu in ersetzungen:
        assert alt in text
        text = text.replace(alt, neu)
    datei.write_text(text, encoding="utf-8")
    return Projekt(tmp_path)


def serie(name: str, *paare: tuple[int | str, float | None], rolle: str = "teil", ab: int = 9999) -> Serie:
    """Serie aus Paaren; ab dem Jahr ``ab`` Vorausrechnung mit Band."""
    punkte = []
    for x, w in paare:
        voraus = isinstance(x, int) and x >= ab
        status = Status.WERT if w is not None else Status.UNBEKANNT
        band = (w * 0.95, w * 1.05) if voraus and w is not None else (None, None)
        punkte.append(Punkt(x, w, status, voraus, *band))
    return Serie(name, tuple(punkte), rolle)  # type: ignore[arg-type]


def jahre(
    name: str, von: float, bis: float, *, ab: int = 2005, ende: int = 2023, rolle: str = "teil"
) -> Serie:
    """Gerade Reihe von ``von`` nach ``bis``."""
    n = ende - ab
    return serie(name, *((ab + i, von + (bis - von) * i / n) for i in range(n + 1)), rolle=rolle)


def orte(name: str = "2023", faktor: float = 1.0) -> Serie:
    """Die zehn Gebiete mit Werten."""
    return serie(name, *zip(ORTE, (w * faktor for w in WERTE), strict=True), rolle="fokus")


def ohne(s: Serie, *stellen: int) -> Serie:
    """Dieselbe Serie, an diesen Stellen ohne Wert."""
    punkte = (
        replace(p, wert=None, status=Status.GEHEIM) if i in stellen else p for i, p in enumerate(s.punkte)
    )
    return replace(s, punkte=tuple(punkte))


def flaeche(name: str, x: float, y: float, wert: float | None, breit: float = 12.0) -> Gebietsflaeche:
    """Ein Rechteck von 12 mal 8 km als Gebiet."""
    ecken = ((x, y), (x + breit, y), (x + breit, y + 8), (x, y + 8))
    punkt = Punkt(name, wert, Status.WERT if wert is not None else Status.GEHEIM)
    return Gebietsflaeche(name, als_text([ecken]), punkt)


def flaechen(*werte: float | None) -> list[Gebietsflaeche]:
    """Die zehn Gebiete als Rechtecke, die aneinandergrenzen."""
    lagen = ((x * 12.0, y * 8.0) for _, _, (x, y) in GEBIETE)
    return [flaeche(o, *lage, w) for o, w, lage in zip(ORTE, werte or WERTE, lagen, strict=True)]


PERSONEN = Angaben("Pflege", "Landkreis", "Personen", artikel="die")
ZENSUS = (Bruch(2011, "Zensus 2011"), Bruch(2022, "Zensus 2022"))
ENDEN = ((17, 18), range(19))
"""Stellen einer Reihe von 2005 bis 2023: die letzten zwei, alle."""
KREISWERT = ("Landkreis", 11.2)
GEBIETE = tuple(zip(ORTE, WERTE, LAGEN, strict=True))


def blatt(bild: Diagramm | Abbildung, breite: int = 700, hoehe: float | None = None) -> dict[str, Any]:
    """Die Zeichnung eines Diagramms oder einer Abbildung in einer Breite."""
    t = replace(thema(), breite=breite)
    return lies(bild.motiv).spec(t, hoehe, bild.alt) if bild.motiv else bild.spec  # type: ignore[union-attr]


@cache
def galerie() -> dict[str, Diagramm]:
    """Von jeder Form ein oder mehrere Bilder mit langen Namen, Brüchen, Lücken."""
    return {**_linien(), **_saeulen(), **_balken(), **_karten(), **_uebrige()}


def _linien() -> dict[str, Diagramm]:
    kreis = jahre("Landkreis mit langem Namen", 35.1, 48.2, rolle="fokus")
    vergleich = [
        jahre(n, a, b, rolle="vergleich") for n, a, b in (("Land", 33, 45), ("Deutschland", 32, 44.6))
    ]
    paare = [(j, 105000.0 - 300 * (j - 2005)) for j in range(2005, 2041)]
    voraus = serie("Landkreis", *paare, rolle="fokus", ab=2025)
    einwohner = Angaben("Einwohnerzahl", "Landkreis", "Personen")
    enden = [jahre(o, w + 4, w / 3 + 6) for o, w, _ in GEBIETE[:5]]
    return {
        "linie": linie([kreis, *vergleich], ALTENQUOTIENT, brueche=ZENSUS),
        "linie_luecke": linie([mit_luecke()], GEBURTEN, null=True),
        "linie_voraus": linie([voraus], einwohner, brueche=ZENSUS),
        "linie_orte": linie(enden, QUOTE),
        "linie_wende": linie([_wellig("Kreis", 3)], GEBURTEN, null=True, ereignisse=EREIGNISSE),
        "linie_kreuzend": linie(_kreuzend(), QUOTE, null=True, ereignisse=EREIGNISSE),
        **_enge_linien(),
        **_grenzfaelle(),
    }


def _wellig(name: str, hoch: float, *, lage: float = 4, rolle: str = "fokus", von: int = 2003) -> Serie:
    werte = (hoch * math.sin(i / 2.7) * (1 - i / 30) + lage + 0.1 * (i % 3) for i in range(21))
    return serie(name, *((von + i, 100 * w) for i, w in enumerate(werte)), rolle=rolle)


def _kreuzend() -> list[Serie]:
    """Drei Reihen, die sich kreuzen und fast gleich enden; eine mit Lücke."""
    kreis = [(j, 23.9 - 0.95 * (j - 2005)) for j in range(2005, 2021) if not 2006 < j < 2010]
    land = [(j, 17.6 - 0.55 * (j - 2005) + (0.8 if j % 4 == 0 else 0)) for j in range(2005, 2021)]
    bund = [(j, 13.1 - 0.2 * (j - 2005) + (0.6 if j == 2015 else 0)) for j in range(2005, 2021)]
    return [
        serie("Kreis", *kreis, rolle="fokus"),
        serie("Brandenburg", *land, rolle="vergleich"),
        serie("Deutschland", *bund, rolle="vergleich"),
    ]


def _enge_linien() -> dict[str, Diagramm]:
    """Wo für Zahlen kaum Platz ist: Bruch gleich am Anfang, Zickzack, Spannen, viele Reihen nebeneinander."""
    steil = serie("Kreis", *((2007 + i, 23.9 - 1.1 * i + 6 * (i % 2)) for i in range(16)), rolle="fokus")
    knapp = [
        jahre(n, a, b, ab=2007, ende=2022, rolle="vergleich")
        for n, a, b in (("Land", 23, 11), ("Bund", 22, 12))
    ]
    breit = replace(_mit_spanne(_wellig("Kreis", 3), 60), rolle="fokus")
    vorn = (Bruch(2008, "SGB II statt AsylbLG"), Bruch(2011, "Zensus 2011"))
    zacken = [
        serie(f"Reihe {n}", *((2005 + i, 50.0 + 9 * n + 20 * ((i + n) % 2)) for i in range(12)))
        for n in range(4)
    ]
    return {
        "linie_bruch_vorn": linie([steil, *knapp], QUOTE, brueche=vorn, ereignisse=EREIGNISSE),
        "linie_spanne": linie([breit], GEBURTEN, ereignisse=EREIGNISSE),
        "linie_zacken": linie(zacken, PERSONEN),
    }


def _grenzfaelle() -> dict[str, Diagramm]:
    """Was selten vorkommt: ein Punkt, alle gleich, nur Lücken, negativ, riesig, winzig, sehr lange Namen."""
    lang = "Amt Neustadt (Dosse) mit allen angehörigen Gemeinden und Ortsteilen"
    riesig = [(j, 8.4e7 + 1e5 * (j - 2005) ** 2) for j in range(2005, 2024)]
    winzig = [(j, 0.004 + 0.0003 * (j % 5)) for j in range(2005, 2024)]
    gleich = [jahre(f"Szenario {n}", 9537, 9537, rolle="teil") for n in range(4)]
    genau = replace(QUOTE, stellen=3)
    return {
        "linie_ein_punkt": linie([serie("Kreis", (2020, 5.5), rolle="fokus")], QUOTE),
        "linie_gleich": linie(gleich, PERSONEN),
        "linie_negativ": linie([_wellig("Kreis", 5, lage=-1)], Angaben("Saldo", stellen=0)),
        "linie_riesig": linie([serie("Deutschland", *riesig, rolle="fokus")], PERSONEN),
        "linie_winzig": linie([serie("Kreis", *winzig, rolle="fokus")], genau),
        "linie_lang": linie([jahre(lang, 10, 30, rolle="fokus"), jahre(lang + " im Land", 12, 31)], QUOTE),
        "linie_luecken": linie([serie("Kreis", *((j, None) for j in range(2005, 2024)))], GEBURTEN),
        "saeulen_riesig": saeulen([serie("x", *riesig)], PERSONEN),
        "saeulen_ein_wert": saeulen([serie("x", (2020, 3.0))], GEBURTEN),
        "balken_lang": balken([serie("x", (lang, 5.0), ("A", -3.0), ("B", None))], QUOTE),
        "hantel_gleich": hantel(ohne(orte("2015"), 2, 7), ohne(orte(), 5, 7), QUOTE, bezug=KREISWERT),
    }


def ereignis(jahr: int, kurz: str) -> Ereignis:
    """Ein erfundenes Ereignis am 1. August."""
    return Ereignis(
        datum=date(jahr, 8, 1), kurz=kurz, text=f"{kurz} tritt in Kraft.", quelle="Gesetz", kennzahlen=("k",)
    )


EREIGNISSE = (ereignis(2007, "Neues Elterngeld"), ereignis(2013, "Rechtsanspruch"))


def mit_luecke() -> Serie:
    """19 Jahre, eines ohne Wert."""
    paare = [(j, None if j == 2010 else 800.0 - 11 * (j - 2005)) for j in range(2005, 2024)]
    return serie("Landkreis", *paare, rolle="fokus")


def pflege() -> list[Serie]:
    """Drei Teile eines Ganzen über neun Jahre."""
    return [
        jahre("Pflegegeld", 2500, 3380, ab=2015),
        jahre("ambulante Pflegedienste", 1170, 1590, ab=2015),
        jahre("vollstationäre Dauerpflege", 900, 1053, ab=2015),
    ]


def saldo() -> Serie:
    """Sechs Jahre um null."""
    return serie(
        "Landkreis", *((2008 + i, float(w)) for i, w in enumerate((-125, 765, -271, 122, -159, 614)))
    )


def _anteile() -> list[Serie]:
    """Zwei Anteile, die zusammen keine 100 ergeben."""
    return [jahre("Pflegegeld", 43, 48, ab=2009, ende=2021), jahre("ambulant", 36, 32, ab=2009, ende=2021)]


def _mit_spanne(s: Serie, weite: float) -> Serie:
    da = [(p, p.wert) for p in s.punkte if p.wert is not None]
    return replace(s, punkte=tuple(replace(p, unten=w - weite, oben=w + weite) for p, w in da))


def _saeulen() -> dict[str, Diagramm]:
    teile = pflege()
    wanderung = Angaben("Wanderungssaldo", artikel="der")
    return {
        "saeulen": saeulen([mit_luecke()], GEBURTEN),
        "saeulen_saldo": saeulen([saldo()], wanderung, brueche=[Bruch(2011, "neues Verfahren")]),
        "saeulen_gruppen": saeulen(teile[:2], PERSONEN),
        "saeulen_gestapelt": saeulen(teile, PERSONEN, art="gestapelt"),
        "saeulen_anteil": saeulen(teile, PERSONEN, art="anteil"),
        "saeulen_geordnet": saeulen(teile, PERSONEN, art="gestapelt", geordnet=True),
        "saeulen_rest": saeulen(_anteile(), QUOTE, art="gestapelt", bereich=(0.0, 100.0)),
        "saeulen_spanne": saeulen([_mit_spanne(saldo(), 90)], PERSONEN),
    }


def _balken() -> dict[str, Diagramm]:
    drei = [orte("unter 20 Jahre"), orte("20 bis unter 65 Jahre", 2), orte("65 Jahre und älter", 1.5)]
    minus = serie("Landkreis", *((o, w - 12) for o, w, _ in GEBIETE))
    return {
        "balken": balken([orte()], QUOTE, bezug=KREISWERT, raum="Kommunen"),
        "balken_minus": balken([minus], QUOTE, bezug=("Landkreis", -2.1), raum="Kommunen"),
        "balken_gruppen": balken([orte("2015", 1.2), orte()], QUOTE, raum="Kommunen"),
        "balken_spanne": balken([_mit_spanne(orte(), 2)], QUOTE, bezug=KREISWERT, raum="Kommunen"),
        "balken_anteil": balken(drei, QUOTE, art="anteil", geordnet=True, raum="Kommunen"),
    }


def _karten() -> dict[str, Diagramm]:
    luecken = [w if i not in (2, 6) else None for i, w in enumerate(WERTE)]
    zahlen = [float(round(w * 100)) for w in WERTE]
    salden = [w - 900 for w in zahlen]
    grund = Untergrund("Schematische Karte: Grenzen errechnet, nicht amtlich", "20,20 24,24;30,20 34,24")
    return {
        "flaechenkarte": flaechenkarte(flaechen(), QUOTE, bezug=KREISWERT, raum="Kommunen", untergrund=grund),
        "flaechenkarte_luecken": flaechenkarte(flaechen(*luecken), QUOTE, bezug=KREISWERT, raum="Kommunen"),
        "symbolkarte": symbolkarte(flaechen(*zahlen), PERSONEN, raum="Kommunen"),
        "symbolkarte_saldo": symbolkarte(flaechen(*salden[:-1], None), PERSONEN, raum="Kommunen"),
        "lagekarte": lagekarte(flaechen(), ["Fehrbellin"], ("Fehrbellin", "Landkreis"), grund),
    }


def altersaufbau(name: str, faktor: float) -> Serie:
    """Erfundene Altersgruppen."""
    werte = (max(300.0 + 90 * i - 6 * i * i * faktor, 20) for i in range(len(ALTER)))
    return serie(name, *zip(ALTER, werte, strict=True))


def _uebrige() -> dict[str, Diagramm]:
    jetzt = (altersaufbau("Männer", 0.7), altersaufbau("Frauen", 0.75))
    damals = (altersaufbau("Männer", 0.8), altersaufbau("Frauen", 0.85))
    stand = Angaben("Bevölkerung", "Landkreis", "Personen", zeit="31.12.2023")
    bilder = [jahre(o, w + 4, w) for o, w, _ in GEBIETE[:-2]]
    bilder += [ohne(jahre(o, w + 4, w), *leer) for (o, w, _), leer in zip(GEBIETE[-2:], ENDEN, strict=True)]
    return {
        "pyramide": pyramide(*jetzt, stand, vergleich=damals, vergleich_name="2011"),
        "pyramide_anteil": pyramide(*jetzt, stand, anteil=True),
        "pyramide_luecke": pyramide(jetzt[0], ohne(jetzt[1], 4), stand),
        "streifen": streifen(_streifen(), "Amt Langenhagen", "das Amt Langenhagen (Mark)", 9),
        "hantel": hantel(orte("2015", 1.2), orte("2023"), QUOTE, bezug=KREISWERT, raum="Kommunen"),
        "vielfache": kleine_vielfache(
            bilder, QUOTE, vergleich=jahre("Landkreis", 15, 11.2), brueche=ZENSUS, raum="Kommunen"
        ),
    }


def _streifen() -> tuple[Streif, ...]:
    """Zwölf Zeilen: Ausreißer, alle gleich, Saldo, gesperrt, lange Namen."""
    andere = tuple(4.0 + 0.7 * i for i in range(9))
    lang = "Sozialversicherungspflichtig Beschäftigte am Wohnort je Einwohnerin und Einwohner"
    return (
        Streif("Unter 18 Jahre", "in %, 2023", Punkt("Ort", 14.4), 14.2, tuple(10 + a for a in andere), 1),
        Streif("Ausreißer", "je 1 000, 2023", Punkt("Ort", 950.0), 8.0, andere, 1),
        Streif("Alle gleich", "Anzahl, 2023", Punkt("Ort", 5.0), 5.0, (5.0,) * 9),
        Streif("Saldo", "je 1 000, 2023", Punkt("Ort", -3.2), 1.0, (-8.0, 4.0), 1, saldo=True),
        Streif("Gesperrt", "in %, 2023", Punkt("Ort", None, Status.GEHEIM), 7.0, andere, 1),
        Streif("Allein", "in %, 2023", Punkt("Ort", 7.5), 7.0, (), 1),
        *(
            Streif(f"{lang} {i}", "in % der Bevölkerung, 2023", Punkt("Ort", 1e6), 9e5, (2e6,))
            for i in range(6)
        ),
    )


@dataclass(frozen=True)
class Textkasten:
    """Ein Text mit seinem Rechteck im Bild (Pixel)."""

    text: str
    links: float
    rechts: float
    oben: float
    unten: float
    groesse: float
    farbe: str


def farben() -> Diagrammfarben:
    """Die Farben der Marke, ``#rrggbb``."""
    return thema().marke.diagramm


def farbe_von(name: str) -> str:
    """Die Farbe zu einem Namen aus dem Thema."""
    return thema().marke.loese(name)


def textkaesten(svg: str) -> list[Textkasten]:
    """Alle Texte eines SVG mit ihrer Lage; die Breite aus der Schrift gerechnet."""
    liste: list[Textkasten] = []
    _sammle(ET.fromstring(svg), 0.0, 0.0, liste)
    return liste


def _sammle(knoten: ET.Element, dx: float, dy: float, liste: list[Textkasten], groesse: float = 11) -> None:
    fund = _VERSCHOBEN.search(knoten.get("transform", ""))
    if fund:
        dx, dy = dx + float(fund.group(1)), dy + float(fund.group(2))
    groesse = float(knoten.get("font-size", f"{groesse}px").removesuffix("px"))
    if knoten.tag == f"{SVG}text":
        dx, dy = dx + float(knoten.get("x", "0")), dy + float(knoten.get("y", "0"))
        text = "".join(knoten.itertext())
        breite = thema().breite_von(text, fett=knoten.get("font-weight") == "600", groesse=groesse)
        links = dx - {"middle": breite / 2, "end": breite}.get(knoten.get("text-anchor", "start"), 0.0)
        # Grundlinie: Ziffern und Großbuchstaben reichen 0,7 Geviert nach oben
        liste.append(
            Textkasten(
                text,
                links,
                links + breite,
                dy - 0.7 * groesse,
                dy + 0.05 * groesse,
                groesse,
                knoten.get("fill", ""),
            )
        )
    for kind in knoten:
        _sammle(kind, dx, dy, liste, groesse)


@dataclass(frozen=True)
class Stueck:
    """Eine Strecke oder ein Kreis der Zeichnung, oder ein Rechteck, das Früheres verdeckt."""

    von: tuple[float, float]
    nach: tuple[float, float]
    dick: float = 0.0
    art: Literal["strecke", "kreis", "deckt"] = "strecke"


def stoerungen(svg: str, luft: float = 1.0) -> list[str]:
    """Wo ein Text einen anderen berührt oder einer Linie näher als ``luft`` kommt, gemessen an der Zeichnung.

    Was unter einem vollen Rechteck liegt, sieht man nicht. Schrift, die ganz in einem Kreis steht,
    gehört hinein.
    """
    stuecke = list(_stuecke(ET.fromstring(svg), 0.0, 0.0))
    kaesten = textkaesten(svg)
    funde = [
        f"„{a.text}“ an „{b.text}“"
        for a, b in combinations(kaesten, 2)
        if min(a.rechts, b.rechts) - max(a.links, b.links) > -luft
        and min(a.unten, b.unten) - max(a.oben, b.oben) > -luft
    ]
    for k in kaesten:
        funde += [f"„{k.text}“ auf einer Linie bei {s.von}–{s.nach}"
                  for nr, s in enumerate(stuecke) if _stoert(k, s, stuecke[nr + 1 :], luft)][:1]  # fmt: skip
    return funde


def _stoert(k: Textkasten, s: Stueck, danach: Sequence[Stueck], luft: float) -> bool:
    weit = luft + s.dick / 2
    if s.art == "deckt":
        return False
    if s.art == "kreis":
        x, y = s.von
        ecken = [math.hypot(ex - x, ey - y) for ex in (k.links, k.rechts) for ey in (k.oben, k.unten)]
        nah = math.hypot(max(k.links - x, 0, x - k.rechts), max(k.oben - y, 0, y - k.unten))
        return nah < weit and max(ecken) > s.dick / 2
    rand = (k.links - weit, k.oben - weit, k.rechts + weit, k.unten + weit)
    if (teil := im_kasten(rand, (s.von, s.nach))) is None:
        return False
    deckend = [(*d.von, *d.nach) for d in danach if d.art == "deckt"]
    return not any(all(d[0] - 1 <= x <= d[2] + 1 and d[1] - 1 <= y <= d[3] + 1 for x, y in teil)
                   for d in deckend)  # fmt: skip


def _stuecke(knoten: ET.Element, dx: float, dy: float) -> Iterator[Stueck]:
    """Was gezeichnet ist, von hinten nach vorn."""
    if fund := _VERSCHOBEN.search(knoten.get("transform", "")):
        dx, dy = dx + float(fund.group(1)), dy + float(fund.group(2))
    art, dick = knoten.tag.removeprefix(SVG), float(knoten.get("stroke-width", "1"))
    if art == "path" and knoten.get("stroke"):
        if "s-grund" not in knoten.get("class", ""):
            for a, b in _strecken(knoten.get("d", "")):
                yield Stueck((a[0] + dx, a[1] + dy), (b[0] + dx, b[1] + dy), dick)
    elif art == "circle":
        mitte = float(knoten.get("cx", "0")) + dx, float(knoten.get("cy", "0")) + dy
        yield Stueck(mitte, mitte, 2 * float(knoten.get("r", "0")), "kreis")
    elif art == "rect" and knoten.get("fill") and "fill-opacity" not in knoten.attrib:
        x, y = float(knoten.get("x", "0")) + dx, float(knoten.get("y", "0")) + dy
        ende = x + float(knoten.get("width", "0")), y + float(knoten.get("height", "0"))
        yield Stueck((x, y), ende, art="deckt")
    for kind in knoten:
        yield from _stuecke(kind, dx, dy)


def _strecken(weg: str) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """Die Strecken eines Pfades aus M, L, H, V und Z."""
    hier = anfang = (0.0, 0.0)
    for befehl, rest in re.findall(r"([MLHVZ])([^A-Za-z]*)", weg):
        zahlen = [float(z) for z in re.findall(r"-?[\d.]+", rest)]
        if befehl in "ML":
            ziele = list(zip(zahlen[::2], zahlen[1::2], strict=True))
        else:
            ziele = (
                [(zahlen[0], hier[1])]
                if befehl == "H"
                else [(hier[0], zahlen[0])]
                if befehl == "V"
                else [anfang]
            )
        for ziel in ziele:
            if befehl == "M":
                anfang = ziel
            else:
                yield hier, ziel
            hier = ziel
