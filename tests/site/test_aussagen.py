"""Jede Abbildung, jeder Eckwert und jeder gebundene Satz aller Ausgaben sagt über eine Reihe dasselbe."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import pytest

from berichtswerk.ausfuehrung.lauf import fuehre_aus
from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.ausfuehrung.textpruefung import Gesagt, gezeigtes, verschiedenes
from berichtswerk.bild.formen import FORMEN
from berichtswerk.fach.katalog import Kennzahlenkatalog
from berichtswerk.gegenstand.gegenstaende import (
    MIME,
    Abbildung,
    Aussage,
    Bindungen,
    Eckwerte,
    Gegenstand,
    Nachweis,
    Schritt,
    Tabelle,
    Text,
    aus_json,
)  # fmt: skip
from berichtswerk.grund import zahl
from berichtswerk.grund.projekt import Projekt
from berichtswerk.worte.befund import HOECHSTENS, TITEL
from berichtswerk.worte.bindung import loese_auf

MIT_ACHSE = FORMEN.keys() - {"saeulen", "pyramide", "streifen", "flaechenkarte", "symbolkarte", "lagekarte"}
"""Formen, deren Werteachse aus der Kennzahl kommt; Säulen sind auch gestapelt, Streifen zeigen Abstände."""
ZAHL = re.compile(r"(?<![\w,.–-])[−+]?\d[\d\u202f]*(?:,\d+)?(?![\w-]|,\d)")


@dataclass(frozen=True)
class Bericht:
    """Ein ausgeführter Bericht: was er zeigt und was seine Texte sagen."""

    stamm: str
    gegenstaende: tuple[Gegenstand, ...]
    gesagt: tuple[Gesagt, ...]


@pytest.fixture(scope="module")
def berichte(projekt: Path) -> list[Bericht]:
    """Alle Ausgaben und Varianten; ausgeführt ist schon, hier wird nur gelesen."""
    ort = Projekt.finde(projekt)
    return [lies(ort, fertig) for fertig in fuehre_aus(ort, plane(ort).auftraege)]


def lies(ort: Projekt, fertig: object) -> Bericht:
    """Gegenstände eines Laufs und die Aussagen seiner Texte, jeder mit den Werten seines Bereichs."""
    auftrag, roh = fertig.auftrag, fertig.roh  # type: ignore[attr-defined]
    ausgaben = [a["data"] for z in roh["cells"] for a in z.get("outputs", [])]
    alle = tuple(aus_json(d[MIME]) for d in ausgaben if MIME in d)
    bindungen = next(g for g in alle if isinstance(g, Bindungen))
    gesagt = list(gezeigtes(alle))
    for text in (g for g in alle if isinstance(g, Text)):
        pfad = auftrag.angaben.text(text.name, auftrag.variante or None)
        gilt = bindungen.im_bereich(text.bereich)
        datei = ort.relativ(pfad)
        aussagen = loese_auf(pfad.read_text("utf-8"), gilt, datei).aussagen
        gesagt += [Gesagt(f"{datei}:{zeile}", a) for zeile, a in aussagen]
    return Bericht(auftrag.stamm, alle, tuple(gesagt))


def als_zeilen(gesagt: list[Gesagt]) -> list[str]:
    """Die Widersprüche als lesbare Zeilen."""
    return [
        f"{a.aussage.kennzahl} {a.aussage.gebiet}: {a.ort} und {b.ort}: {was}"
        for a, b, was in verschiedenes(gesagt)
    ]


def test_kein_bericht_widerspricht_sich(berichte: list[Bericht]) -> None:
    assert len(berichte) >= 7
    assert sum(len(b.gesagt) for b in berichte) > 300
    assert [z for b in berichte for z in als_zeilen(list(b.gesagt))] == []


def test_kein_bericht_widerspricht_einem_anderen(berichte: list[Bericht], projekt: Path) -> None:
    """Dieselbe Kennzahl bis zum selben Jahr: auch zwei Berichte sagen darüber dasselbe.

    Eigene Rechnungen heißen nur innerhalb ihres Berichts gleich. Was gerechnet ist, folgt dem Datenstand:
    Dafür zählen nur die jüngsten Ausgaben; Veröffentlichtes ist auch in früheren dasselbe.
    """
    ort = Projekt.finde(projekt)
    gerechnet = {name for r in Kennzahlenkatalog.lade(ort).rechnungen.values() for name in r.reihen}
    je_bericht: dict[str, list[str]] = {}
    for auftrag in plane(ort).auftraege:
        je_bericht.setdefault(auftrag.bericht, []).append(auftrag.ausgabe)
    fruehere = tuple(f"{n}-{a}" for n, alle in je_bericht.items() for a in alle if a != max(alle))
    alle = [
        Gesagt(f"{b.stamm}: {g.ort}", g.aussage)
        for b in berichte
        for g in b.gesagt
        if not g.aussage.kennzahl.startswith("eigene_")
        and not (b.stamm.startswith(fruehere) and g.aussage.kennzahl in gerechnet)
    ]
    assert als_zeilen(alle) == []


def _zahlen(text: str) -> set[str]:
    """Zahlen eines Satzes ohne Jahre; „zwei“ und „4-Jährige“ sind keine."""
    gefunden = (z.strip(zahl.SCHMAL) for z in ZAHL.findall(text))
    return {z for z in gefunden if not re.fullmatch(r"(?:19|20)\d\d", z)}


def _erlaubt(g: Abbildung) -> Iterator[str]:
    """Alle Zahlen, die zu einer Abbildung gehören: Aussagen, gezeigte Werte, Grenzen von Spannen."""
    for a in g.aussagen:
        yield from (wert for _, wert in a.werte)
        yield from (text for s in a.schritte for text in (s.alt, s.neu, s.betrag))
    for zeile in g.daten.zeilen:
        for zelle in zeile.zellen:
            yield from (zelle.text, *(zelle.spanne or ()))
    yield from (zelle.text for zeile in g.daten.kopf for zelle in zeile)
    yield from (n.anzeige for n in _alle(g.werte))
    yield from (g.unterschrift, g.beleg.definition, "auf 100 % gestapelt")


def _alle(nachweise: tuple[Nachweis, ...]) -> Iterator[Nachweis]:
    for n in nachweise:
        yield n
        yield from _alle(n.teile)


def test_jede_zahl_in_befund_und_alternativtext_gehoert_zur_abbildung(berichte: list[Bericht]) -> None:
    fremd = []
    for b in berichte:
        for g in (g for g in b.gegenstaende if isinstance(g, Abbildung) and g.aussagen):
            bekannt = {z.strip(zahl.SCHMAL + "+") for text in _erlaubt(g) for z in ZAHL.findall(text)}
            gesagt = _zahlen(f"{g.befund} {g.weiter}") | _zahlen(g.alt)
            fremd += [f"{b.stamm} {g.label}: {z}" for z in sorted(gesagt) if z.lstrip("+") not in bekannt]
    assert not fremd, "\n".join(fremd)


def test_jeder_eckwert_sagt_seinen_letzten_schritt(berichte: list[Bericht]) -> None:
    for b in berichte:
        for e in (e for g in b.gegenstaende if isinstance(g, Eckwerte) for e in g.eintraege):
            assert e.aussage is not None
            for s in e.aussage.schritte:
                assert e.richtung.startswith(f"seit {s.von} ") and s.richtung in e.richtung
                assert s.betrag in e.richtung


def test_titel_sind_kurz(berichte: list[Bericht]) -> None:
    """Ein Titel wird auf einen Blick gelesen; lange Namen dürfen ihn um ein Wort verlängern."""
    befunde = [(b.stamm, g.label, g.befund) for b in berichte for g in b.gegenstaende
               if isinstance(g, Abbildung)]  # fmt: skip
    assert [x for x in befunde if len(x[2]) > TITEL + 10] == []


def test_alternativtexte_sind_kurz(berichte: list[Bericht]) -> None:
    lang = [
        (b.stamm, g.label, len(g.alt))
        for b in berichte
        for g in b.gegenstaende
        if isinstance(g, Abbildung) and len(g.alt) > HOECHSTENS
    ]
    assert lang == []


def test_keine_zahl_stoesst_an_ein_jahr(berichte: list[Bericht]) -> None:
    """„2027 6 904 Plätze“ läse sich wie eine einzige Zahl."""
    stoesst = re.compile(rf"\b(?:19|20)\d\d [−+]?\d[\d{zahl.SCHMAL}]*")
    funde = [(b.stamm, g.label, g.befund) for b in berichte for g in b.gegenstaende
             if isinstance(g, Abbildung) and stoesst.search(f"{g.befund} {g.weiter} {g.alt}")]  # fmt: skip
    assert funde == []


def test_gezeichnete_quoten_haben_eine_erklaerte_achse_und_bleiben_darin(
    berichte: list[Bericht], projekt: Path
) -> None:
    """Läge ein Wert außerhalb, würde die Achse länger und Abbildungen wären nicht mehr vergleichbar."""
    katalog = Kennzahlenkatalog.lade(Projekt.finde(projekt))
    ohne, ausserhalb = set(), set()
    for b in berichte:
        for g in (g for g in b.gegenstaende if isinstance(g, Abbildung) and g.form in MIT_ACHSE):
            for n in (n for n in g.werte if n.kennzahl in katalog and n.rechnung in {"wert", "quotient"}):
                k = katalog[n.kennzahl]
                achse = k.werteachse([])
                if k.art not in {"anzahl", "saldo"} and achse is None:
                    ohne.add(k.id)
                elif achse is not None and n.wert is not None and not achse[0] <= n.wert <= achse[1]:
                    ausserhalb.add((k.id, n.gebiet, n.zeit, n.wert))
    assert (ohne, ausserhalb) == (set(), set())


# --- Findet die Prüfung, was sie finden soll? ------------------------------------------------------------


def _aussage(von: int, bis: int, richtung: str, **mehr: object) -> Aussage:
    schritt = Schritt(von=von, bis=bis, alt="83,2 %", neu="87,2 %", richtung=richtung)  # type: ignore[arg-type]
    return Aussage(kennzahl="auslastung", gebiet="99001", schritte=(schritt,), **mehr)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("andere", "was"),
    [
        (_aussage(2019, 2024, "gesunken"), "bis 2024 einmal seit 2007 gestiegen, einmal seit 2019 gesunken"),
        (_aussage(2007, 2024, "kaum verändert"), "2007 bis 2024 einmal gestiegen, einmal kaum verändert"),
        (_aussage(2000, 2007, "gestiegen", werte=((2024, "87 %"),)), "2024 einmal 87,2 %, einmal 87 %"),
    ],
)
def test_verschiedene_jahre_richtungen_und_rundungen_fallen_auf(andere: Aussage, was: str) -> None:
    """So wie vorher: „um 1,2 gestiegen“ über der Abbildung, „um 3,7 gesunken“ im Text daneben."""
    titel = Gesagt("fig-auslastung", _aussage(2007, 2024, "gestiegen", werte=((2024, "87,2 %"),)))
    ((eins, zwei, gefunden),) = verschiedenes([titel, Gesagt("texte/a.md:3", andere)])
    assert (eins.ort, zwei.ort, gefunden) == ("fig-auslastung", "texte/a.md:3", was)


def test_ein_laengerer_verlauf_mit_demselben_letzten_schritt_passt() -> None:
    zwei_schritte = _aussage(2011, 2019, "gestiegen").schritte + _aussage(2019, 2024, "gesunken").schritte
    titel = Aussage(kennzahl="auslastung", gebiet="99001", schritte=zwei_schritte)
    kachel = _aussage(2019, 2024, "gesunken")
    assert list(verschiedenes([Gesagt("fig-a", titel), Gesagt("tbl-eckwerte", kachel)])) == []


def test_ein_gebrochener_bericht_faellt_auf(berichte: list[Bericht]) -> None:
    """Ein Eckwert, der anders rechnet als die Abbildung daneben, lässt die Prüfung scheitern."""
    b = next(b for b in berichte if b.stamm == "kita-bedarfsplan-2025-2027")
    titel = next(g for g in b.gesagt if g.ort == "fig-auslastung")
    letzter = titel.aussage.schritte[-1]
    falsch = titel.aussage.model_copy(
        update={"schritte": (letzter.model_copy(update={"von": 2011, "richtung": "gestiegen"}),), "werte": ()}
    )
    gebrochen = [*b.gesagt, Gesagt("texte/kompakt.md:5", falsch)]
    assert any("texte/kompakt.md:5" in z for z in als_zeilen(gebrochen))


def test_was_benachbarte_spalten_gemeinsam_haben_steht_einmal_darueber(berichte: list[Bericht]) -> None:
    """„2027 (Vorausrechnung)“ steht einmal über den Spalten oder in der Unterschrift."""
    tabellen = [(b.stamm, g) for b in berichte for g in b.gegenstaende if isinstance(g, Tabelle)]
    wiederholt = []
    for stamm, tabelle in tabellen:
        for zeile in tabelle.tabelle.kopf:
            enden = [_zeitangabe(z.text) for z in zeile if z.text]
            wiederholt += [(stamm, tabelle.label, a) for a, b in pairwise(enden) if a and a == b]
    assert len(tabellen) > 60 and wiederholt == []


def _zeitangabe(kopf: str) -> str:
    """Jahr und Zusatz am Ende eines Spaltenkopfs, ohne die Einheit."""
    ohne_einheit = re.sub(r"\s\((?:in|je) [^)]*\)$", "", kopf)
    treffer = re.search(r"(?:\d{4}\s?)?\(Vorausrechnung\)$|(?<!–)\b\d{4}$", ohne_einheit)
    return treffer[0] if treffer else ""
