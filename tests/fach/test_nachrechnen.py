"""Die Kennzahlen des Projekts: passen zu den Quellen und lassen sich von der Zahl bis zur Zeile nachgehen."""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import pytest
from rechnerhilfe import berechne

from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.fach.definitionspruefung import pruefe_katalog
from berichtswerk.fach.katalog import Kennzahlenkatalog
from berichtswerk.fach.reihe import Beleg, Wert
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import lies

WURZEL = Path(__file__).parents[2]
JEDER = 7
"""Nachgegangen wird jedem siebten Wert, immer denselben."""


@pytest.fixture(scope="module")
def bestand() -> Datenbestand:
    return Datenbestand(Projekt(WURZEL))


@pytest.fixture(scope="module")
def katalog() -> Kennzahlenkatalog:
    return Kennzahlenkatalog.lade(Projekt(WURZEL))


@pytest.fixture(scope="module")
def werte(bestand: Datenbestand, katalog: Kennzahlenkatalog) -> list[Wert]:
    alle = [w for kennzahl in katalog.values() if kennzahl.wege for w in berechne(kennzahl, bestand)]
    return [w for w in alle if w.wert is not None][::JEDER]


def test_alle_definitionen_passen_zu_den_quellen(bestand: Datenbestand, katalog: Kennzahlenkatalog) -> None:
    assert [str(m) for m in pruefe_katalog(katalog, bestand)] == []
    assert len(katalog) >= 25


def test_jede_kennzahl_hat_einen_wert_fuer_den_kreis_oder_fuer_alle_seine_kommunen(
    bestand: Datenbestand, katalog: Kennzahlenkatalog
) -> None:
    kreis = bestand.gebiete.kreis.schluessel
    teile, gemeinden = ([g.schluessel for g in bestand.gebiete.ebene(e)] for e in ("einheit", "gemeinde"))
    reihen = {k.id: berechne(k, bestand, [kreis, *teile, *gemeinden]) for k in katalog.values() if k.wege}
    ohne = [
        n for n, r in reihen.items() if not any(all(map(r.letzter, o)) for o in ([kreis], teile, gemeinden))
    ]
    assert ohne == []


def test_jeder_wert_laesst_sich_aus_seinen_belegen_nachrechnen(werte: list[Wert]) -> None:
    for wert in werte:
        zaehler = sum(b.vorzeichen * b.gewicht * (b.wert or 0) for b in wert.belege if b.rolle != "nenner")
        nenner = [b.vorzeichen * b.gewicht * (b.wert or 0) for b in wert.belege if b.rolle == "nenner"]
        nachgerechnet = wert.faktor * zaehler / (sum(nenner) if nenner else 1)
        assert wert.wert == pytest.approx(nachgerechnet, rel=1e-9, abs=1e-9), wert


def test_jeder_beleg_steht_in_der_datei(bestand: Datenbestand, werte: list[Wert]) -> None:
    """Von der Zahl zur Datei und Zeile: dort steht derselbe Wert."""
    gefunden = 0
    for beleg in (b for w in werte for b in w.belege):
        quelle = bestand.quellen[beleg.quelle]
        if quelle.lesen.leser == "csv" and quelle.encoding == "utf-8":
            text = zelle(beleg)
            assert (0 if text in quelle.zeichen else float(lies(text, "schlicht"))) == beleg.wert, beleg
            gefunden += 1
    assert gefunden > 1000


def zelle(beleg: Beleg) -> str:
    """Der Text der Zelle; ein Zeichen für „genau null“ gilt als 0."""
    kopf, zeilen = datei(beleg.datei)
    return dict(zip(kopf, zeilen[beleg.zeile - 1], strict=True))[beleg.spalte]


@lru_cache
def datei(name: str) -> tuple[list[str], list[list[str]]]:
    with (WURZEL / name).open(encoding="utf-8", newline="") as strom:
        zeilen = list(csv.reader(strom))
    return zeilen[0], zeilen
