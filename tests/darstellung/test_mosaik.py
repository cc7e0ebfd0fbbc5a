"""Flächen in der Ebene und das Mosaik der schematischen Karte, an erfundenen Kreisen und am eigenen."""

from __future__ import annotations

import math
from collections import Counter
from itertools import combinations, pairwise, product
from typing import Any

import pytest
from bildhilfe import PERSONEN, PROJEKT, QUOTE, blatt, textkaesten, thema
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from berichtswerk.bild import kartengrund
from berichtswerk.bild.formen.karten import flaechenkarte, gebietsflaechen, lagekarte, symbolkarte
from berichtswerk.bild.mosaik import RING, Anlage, Mosaik, gelegt, rechne
from berichtswerk.bild.motiv import DRUCK_VOLL, SCHMAL, SEITE
from berichtswerk.bild.schriftraum import Schriftraum, pol, schraffur
from berichtswerk.bild.svg import als_datei
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.daten.gebiete import Ebene, Gebiet
from berichtswerk.gegenstand.serien import Diagramm, Punkt
from berichtswerk.grund import umriss
from berichtswerk.grund.ablage import Ablage

KREIS = [
    (f"G{i}", (10 + x * 0.12 + 0.03 * (y % 2), 50 + y * 0.08, 40.0 + 15 * ((i * 7) % 5)))
    for i, (x, y) in enumerate(product(range(4), range(3)))
]
"""Zwölf erfundene Gemeinden in drei Reihen."""


def nachbarn(m: Mosaik) -> set[frozenset[str]]:
    """Paare von Gebieten mit gemeinsamer Kante."""
    paare = (
        frozenset({s, m.zellen[q + a, r + b]})
        for (q, r), s in m.zellen.items()
        for a, b in RING
        if (q + a, r + b) in m.zellen
    )
    return {p for p in paare if len(p) == 2}


def haengt_zusammen(zellen: set[tuple[int, int]]) -> bool:
    """Ob alle Zellen über Kanten erreichbar sind."""
    offen = [min(zellen)]
    gesehen = set(offen)
    while offen:
        q, r = offen.pop()
        neue = {(q + a, r + b) for a, b in RING} & zellen - gesehen
        gesehen |= neue
        offen += neue
    return gesehen == zellen


def zellen_von(m: Mosaik) -> dict[str, set[tuple[int, int]]]:
    """Gebiet → seine Zellen."""
    return {s: {z for z, t in m.zellen.items() if t == s} for s in set(m.zellen.values())}


@st.composite
def kreise(draw: st.DrawFn) -> dict[str, tuple[float, float, float]]:
    """Zwei bis vierzehn Gemeinden, ungefähr so groß wie ihr Abstand."""
    n = draw(st.integers(2, 14))
    breite = math.ceil(math.sqrt(n))
    ruck = st.floats(-0.3, 0.3)
    return {
        f"G{i}": (
            9 + 0.14 * (i % breite + draw(ruck)),
            51 + 0.09 * (i // breite + draw(ruck)),
            draw(st.floats(60, 140)),
        )
        for i in range(n)
    }


@given(kreise())
@settings(max_examples=25, deadline=None)
def test_erfundene_kreise_haengen_zusammen_und_ihre_flaechen_stimmen(
    gebiete: dict[str, tuple[float, float, float]],
) -> None:
    m = rechne(Anlage(gebiete), laeufe=1, schritte=3000)
    je = zellen_von(m)
    assert je.keys() == gebiete.keys()
    assert all(map(haengt_zusammen, je.values()))
    assert haengt_zusammen(set(m.zellen))
    ganz = sum(km2 for _, _, km2 in gebiete.values())
    for name, (_, _, km2) in gebiete.items():
        assert len(je[name]) / len(m.zellen) == pytest.approx(km2 / ganz, rel=0.25)
    for name in gebiete:
        assert umriss.inhalt(m.flaeche(name)) == pytest.approx(
            len(je[name]) * 1.5 * math.sqrt(3) * m.kante**2
        )


def test_gleiche_angaben_geben_das_gleiche_mosaik_und_es_wird_einmal_gerechnet(
    tmp_path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from berichtswerk.bild import mosaik

    anlage, ablage = Anlage(dict(KREIS)), Ablage(tmp_path)
    kurz = rechne(anlage, laeufe=1, schritte=2000)
    assert rechne(anlage, laeufe=1, schritte=2000) == kurz
    monkeypatch.setattr(mosaik, "rechne", lambda a: kurz)
    assert gelegt(anlage, ablage) == kurz
    monkeypatch.setattr(mosaik, "rechne", lambda a: pytest.fail("noch einmal gerechnet"))
    assert gelegt(anlage, ablage) == kurz


def test_nachbarn_die_genannt_sind_liegen_nebeneinander() -> None:
    namen = [name for name, _ in KREIS]
    reihe = {(a, b): 8.0 for i, a in enumerate(namen) for b in namen[i + 1 : i + 2] if (i + 1) % 3}
    quer = dict.fromkeys(zip(namen, namen[3:], strict=False), 8.0)
    m = rechne(Anlage(dict(KREIS), nachbarn=reihe | quer), laeufe=2, schritte=20_000)
    gewollt = {frozenset(p) for p in reihe | quer}
    assert len(gewollt - nachbarn(m)) <= 1


@pytest.mark.parametrize(
    ("ebene", "zahl", "falsch", "genau"), [("einheit", 18, 0, 0.06), ("gemeinde", 50, 1, 0.2)]
)
def test_der_eigene_kreis_behaelt_alle_nachbarschaften_und_flaechen(
    ebene: Ebene, zahl: int, falsch: int, genau: float
) -> None:
    bestand = Datenbestand(PROJEKT)
    gebiete = bestand.gebiete.ebene(ebene)
    grund = kartengrund.lade(bestand, gebiete)
    assert grund is not None
    assert grund.vermerk == "Schematische Karte: Grenzen errechnet, nicht amtlich"
    ecken = {s: set(umriss.kanten(f)) for s, f in grund.flaechen.items()}
    gezeigt = {
        frozenset({a, b})
        for a, b in product(ecken, ecken)
        if a != b and {k[::-1] for k in ecken[a]} & ecken[b]
    }
    t = bestand.tabelle("nachbarschaft")
    gemeint = set()
    for paar in zip(t.texte["gebiet"], t.texte["nachbar"], strict=True):
        oben = {bestand.gebiete.vorfahr(s, ebene) for s in paar if s in bestand.gebiete}
        gemeint |= {frozenset(g.schluessel for g in oben if g)} if len(oben) == 2 else set()
    assert len(gemeint) == zahl
    assert gemeint <= gezeigt
    assert len(gezeigt - gemeint) <= falsch
    ganz = sum(umriss.inhalt(f) for f in grund.flaechen.values())
    for g in gebiete:
        anteil = umriss.inhalt(grund.flaechen[g.schluessel]) / ganz
        assert anteil == pytest.approx(g.flaeche_km2 / bestand.gebiete.kreis.flaeche_km2, rel=genau)


def test_planungsgebiete_entstehen_aus_ihren_kommunen() -> None:
    bestand = Datenbestand(PROJEKT)
    gebiete = bestand.gebiete.ebene("planungsgebiet")
    gross = kartengrund.lade(bestand, gebiete)
    klein = kartengrund.lade(bestand, bestand.gebiete.ebene("gemeinde"))
    assert gross is not None
    assert klein is not None
    for g in gebiete:
        teile = [klein.flaechen[k.schluessel] for k in bestand.gebiete.kinder(g.schluessel, "gemeinde")]
        assert umriss.inhalt(gross.flaechen[g.schluessel]) == pytest.approx(sum(map(umriss.inhalt, teile)))


def test_fuer_gebiete_ausserhalb_des_kreises_gibt_es_keine_karte() -> None:
    bestand = Datenbestand(PROJEKT)
    assert kartengrund.lade(bestand, [bestand.gebiete.land]) is None


def _gebiete(*orte: tuple[float, float]) -> list[Gebiet]:
    return [
        Gebiet(schluessel=str(i), name=f"Ort {i}", ebene="einheit", lon=lon, lat=lat)
        for i, (lon, lat) in enumerate(orte)
    ]


def test_felder_stehen_in_reihen_von_nord_nach_sued_und_darin_von_west_nach_ost() -> None:
    bestand = Datenbestand(PROJEKT)
    lagen = kartengrund.felder(bestand.gebiete.ebene("einheit"))
    reihen = Counter(flaeche[0][0][1] for flaeche in lagen.values())
    assert [reihen[y] for y in sorted(reihen)] == [3, 4, 3]
    ohne = [Gebiet(schluessel=str(i), name=f"Ort {i}", ebene="einheit") for i in range(4)]
    assert list(kartengrund.felder(ohne)) == ["0", "1", "2", "3"]
    nord, sued = _gebiete((10, 50), (10, 49))
    assert kartengrund.felder([sued, nord])["0"][0][0][1] <= kartengrund.felder([sued, nord])["1"][0][0][1]


# --- Flächen -------------------------------------------------------------------------------------------


def kaestchen(x: int, y: int) -> umriss.Ring:
    """Ein Einheitsquadrat."""
    return tuple((float(x + a), float(y + b)) for a, b in ((0, 0), (1, 0), (1, 1), (0, 1)))


flecken = st.sets(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=30)


@given(flecken)
@settings(deadline=None)
def test_eine_vereinigung_ist_so_gross_wie_ihre_teile(menge: set[tuple[int, int]]) -> None:
    flaeche = umriss.vereinige(kaestchen(x, y) for x, y in sorted(menge))
    assert umriss.inhalt(flaeche) == len(menge)
    for x, y in product(range(7), range(7)):
        assert umriss.im_inneren((x + 0.5, y + 0.5), flaeche) == ((x, y) in menge)


@given(flecken, st.floats(0, 1.2))
@settings(deadline=None)
def test_vereinfachte_nachbarn_teilen_ihre_grenze(menge: set[tuple[int, int]], toleranz: float) -> None:
    teile = {
        str(k): umriss.vereinige(kaestchen(x, y) for x, y in sorted(menge) if (x + 2 * y) % 3 == k)
        for k in range(3)
    }
    duenn = umriss.vereinfacht(teile, toleranz)
    assume(all(len(duenn[k]) == len(teile[k]) for k in teile))
    for name, flaeche in teile.items():
        for p in (p for ring in flaeche for p in ring):
            assert min(umriss.abstand(p, *k) for k in umriss.kanten(duenn[name])) <= toleranz
    am_rand = {p for ring in umriss.vereinige(r for f in teile.values() for r in f) for p in ring}
    grenzen = {k for f in duenn.values() for k in umriss.kanten(f)}
    assert all(k[::-1] in grenzen or set(k) <= am_rand for k in grenzen)


@given(flecken)
@settings(deadline=None)
def test_der_randfernste_punkt_liegt_innen_und_schrift_passt_wo_sie_steht(
    menge: set[tuple[int, int]],
) -> None:
    flaeche = tuple(
        tuple((x * 30, y * 30) for x, y in ring)
        for ring in umriss.vereinige(kaestchen(x, y) for x, y in sorted(menge))
    )
    raum = Schriftraum(flaeche, pol(flaeche))
    assert umriss.im_inneren(raum.mitte, flaeche)
    assert min(umriss.abstand(raum.mitte, *k) for k in umriss.kanten(flaeche)) >= 12
    platz = raum.platz([(26.0, 12.0), (20.0, 12.0)])
    if platz is not None:
        _, (x, y) = platz
        for dx, dy in ((-13, -9), (13, -9), (-10, 10), (10, 10), (0, 0)):
            assert umriss.im_inneren((x + dx * 0.99, y + dy * 0.99), flaeche)
    for x, y in product(range(-4, 124, 5), repeat=2):
        waagerecht = raum.belegt(y, y + 9)
        assert all(b < c for (_, b), (c, _) in pairwise(waagerecht))
        beruehrt = any(a <= x + 1 and b >= x - 1 for a, b in waagerecht)
        darin = any(raum.enthaelt(x + dx, y + dy) for dx in (-1, 0, 1) for dy in range(10))
        assert beruehrt or not darin
    for a, b in schraffur(flaeche, 6.0):
        assert umriss.im_inneren(((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), flaeche)


def test_loecher_laufen_andersherum() -> None:
    gross = ((0.0, 0.0), (3.0, 0.0), (3.0, 3.0), (0.0, 3.0))
    loch = kaestchen(1, 1)
    for aussen, innen in product((gross, gross[::-1]), (loch, loch[::-1])):
        assert umriss.inhalt(umriss.gerichtet([(aussen, innen)])) == 8


def _karten(ebene: Ebene) -> dict[str, Diagramm]:
    """Karten der eigenen Gebiete auf dem Mosaik, mit kleinen und großen Zahlen."""
    bestand = Datenbestand(PROJEKT)
    gebiete = bestand.gebiete.ebene(ebene)
    grund = kartengrund.lade(bestand, gebiete)
    assert grund is not None and grund.art == "mosaik"

    def mit(faktor: float) -> tuple[Any, Any]:
        werte = (Punkt(g.name, round(faktor * (3 + nr))) for nr, g in enumerate(gebiete))
        return gebietsflaechen(grund, gebiete, dict(zip((g.schluessel for g in gebiete), werte, strict=True)))

    (klein, unter), (gross, _) = mit(1.3), mit(930)
    return {
        "flaechen": flaechenkarte(klein, QUOTE, untergrund=unter),
        "symbole": symbolkarte(gross, PERSONEN, untergrund=unter),
        "lage": lagekarte(klein, [gebiete[5].name], (gebiete[5].name, "Kreis"), unter),
    }


@pytest.mark.parametrize("ebene", ["einheit", "gemeinde"])
@pytest.mark.parametrize("breite", [SCHMAL, SEITE, DRUCK_VOLL])
def test_auf_der_karte_beruehrt_kein_name_eine_grenze_oder_einen_anderen(ebene: Ebene, breite: int) -> None:
    for was, bild in _karten(ebene).items():
        spec = blatt(bild, breite)
        erste = next(e for e in spec["layer"] if e["mark"]["type"] == "geoshape")
        flaechen = [
            tuple(
                tuple(map(tuple, ring[:-1])) for polygon in z["geometry"]["coordinates"] for ring in polygon
            )
            for z in erste["data"]["values"]
        ]
        rand = [kante for f in flaechen for kante in umriss.kanten(f)]
        schilder = [k for k in textkaesten(als_datei(spec, thema().marke)) if len(k.text) > 1]
        for k in schilder:
            mitte = (k.links + k.rechts) / 2, (k.oben + k.unten) / 2
            if any(umriss.im_inneren(mitte, f) for f in flaechen):
                stoert = [s for s in rand if _ragt(s, (k.links, k.rechts, k.oben, k.unten))]
                assert not stoert, (was, k.text)
        for a, b in combinations(schilder, 2):
            daneben = a.rechts <= b.links or b.rechts <= a.links or a.unten <= b.oben or b.unten <= a.oben
            assert daneben, (was, a.text, b.text)


def _ragt(kante: umriss.Kante, kasten: tuple[float, float, float, float]) -> bool:
    """Ob eine Strecke in einen Kasten (links, rechts, oben, unten) ragt."""
    links, rechts, oben, unten = kasten
    (ax, ay), (bx, by) = kante
    n = max(1, math.ceil(math.dist(*kante)))
    return any(
        links < ax + (bx - ax) * i / n < rechts and oben < ay + (by - ay) * i / n < unten
        for i in range(n + 1)
    )
