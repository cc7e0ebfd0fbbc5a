"""Grenzen aus GeoPackage und GeoJSON: Lesen, Koordinatensysteme, Befunde."""

from __future__ import annotations

import json
import math
import sqlite3
import struct
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from berichtswerk.bild import kartengrund
from berichtswerk.daten import grenzen
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.daten.pruefung import pruefe_daten
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.umriss import gemeinsam, inhalt

GEBIETE = """\
gebietsstand: "2024-12-31"
kreis: "99001"
gebiete:
  - {schluessel: DG, name: Deutschland, ebene: bund}
  - {schluessel: "99", name: Land Beispielland, ebene: land, teil_von: DG}
  - {schluessel: "99001", name: Landkreis Muster, ebene: kreis, teil_von: "99"}
  - {schluessel: P1, name: Planungsgebiet West, ebene: planungsgebiet, teil_von: "99001"}
  - {schluessel: P2, name: Planungsgebiet Ost, ebene: planungsgebiet, teil_von: "99001"}
  - {schluessel: "990010010", name: Amt Aue, ebene: einheit, teil_von: P1, art: Amt}
  - {schluessel: "99001011", name: Adorf, ebene: gemeinde, teil_von: "990010010",
     lon: 12.05, lat: 53.05, flaeche_km2: 74}
  - {schluessel: "99001012", name: Beheim, ebene: gemeinde, teil_von: "990010010",
     lon: 12.05, lat: 52.95, flaeche_km2: 74}
  - {schluessel: "990010020", name: Cestadt, ebene: einheit, teil_von: P2, art: Stadt}
  - {schluessel: "99001020", name: Cestadt, ebene: gemeinde, teil_von: "990010020",
     lon: 12.15, lat: 53, flaeche_km2: 149}
"""
KREIS = """\
name: Landkreis Muster
karte:
  grenzen: {{datei: dateien/{datei}, nennung: © Vermessungsamt (2025){mehr}}}
"""


def rechteck(west: float, sued: float, ost: float, nord: float) -> list[list[float]]:
    """Ein geschlossener Ring in Grad, mit Ecken, wo drei Gemeinden zusammentreffen."""
    ecken = [(west, sued), (ost, sued), (ost, 53.0), (ost, nord), (west, nord), (west, 53.0)]
    innen = [[x, y] for x, y in ecken if sued <= y <= nord]
    ring = [p for i, p in enumerate(innen) if p != innen[i - 1]]
    return [*ring, ring[0]]


FLAECHEN: dict[str, list[list[list[float]]]] = {
    "99001011": [rechteck(12.0, 53.0, 12.1, 53.1)],
    "99001012": [rechteck(12.0, 52.9, 12.1, 53.0)],
    "99001020": [rechteck(12.1, 52.9, 12.2, 53.1)],
    "99002001": [rechteck(12.2, 52.9, 12.3, 53.1)],
}
"""Drei Gemeinden des Kreises und eine nebenan."""


def nach_utm(lon: float, lat: float, zone: int) -> tuple[float, float]:
    """Grad in UTM, mit den Reihen für den Meridianbogen (Snyder 1987, 8-9 und 8-10)."""
    e2 = 0.00669438002290
    phi, dl = math.radians(lat), math.radians(lon - (zone * 6 - 183))
    n = 6378137.0 / math.sqrt(1 - e2 * math.sin(phi) ** 2)
    t, c, a = math.tan(phi) ** 2, e2 / (1 - e2) * math.cos(phi) ** 2, dl * math.cos(phi)
    m = 6378137.0 * (
        (1 - e2 / 4 - 3 * e2**2 / 64 - 5 * e2**3 / 256) * phi
        - (3 * e2 / 8 + 3 * e2**2 / 32 + 45 * e2**3 / 1024) * math.sin(2 * phi)
        + (15 * e2**2 / 256 + 45 * e2**3 / 1024) * math.sin(4 * phi)
        - 35 * e2**3 / 3072 * math.sin(6 * phi)
    )
    ost = a + (1 - t + c) * a**3 / 6 + (5 - 18 * t + t**2 + 72 * c) * a**5 / 120
    nord = a**2 / 2 + (5 - t + 9 * c + 4 * c**2) * a**4 / 24
    return 500000 + 0.9996 * n * ost, 0.9996 * (m + n * math.tan(phi) * nord)


def als_geojson(flaechen: dict[str, Any], **mehr: Any) -> str:
    """Eine FeatureCollection; Werte sind Ringe oder eine fertige Geometrie."""
    objekte = [
        {
            "type": "Feature",
            "properties": {"AGS": s, "GEN": "Name"},
            "geometry": r if isinstance(r, dict | None) else {"type": "Polygon", "coordinates": r},
        }
        for s, r in flaechen.items()
    ]
    return json.dumps({"type": "FeatureCollection", "features": objekte, **mehr})


def blob(ringe: list[list[tuple[float, float]]], *, hoehe: bool = False, gross: bool = False) -> bytes:
    """Ein MultiPolygon als Blob eines GeoPackage: mit Hülle, wahlweise mit Höhen und in anderer Bytefolge."""
    f = ">" if gross else "<"
    xs, ys = zip(*(p for r in ringe for p in r), strict=True)
    kopf = b"GP\0" + bytes([(1 << 1) | 1]) + struct.pack("<i", 25832)
    kopf += struct.pack("<4d", min(xs), max(xs), min(ys), max(ys))
    zahl = 1000 if hoehe else 0
    flaeche = bytes([not gross]) + struct.pack(f"{f}II", 3 + zahl, len(ringe))
    for ring in ringe:
        flaeche += struct.pack(f"{f}I", len(ring))
        for p in ring:
            flaeche += struct.pack(f"{f}{3 if hoehe else 2}d", *p, *([41.0] if hoehe else []))
    return kopf + bytes([not gross]) + struct.pack(f"{f}II", 6 + zahl, 1) + flaeche


def als_geopackage(pfad: Path, *, zone: int = 32, hoehe: bool = False, gross: bool = False) -> None:
    """Ein kleines Paket, wie das BKG es liefert: mehrere Ebenen, AGS, Geofaktor."""
    with sqlite3.connect(pfad) as bank:
        bank.executescript(
            """CREATE TABLE gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id);
            CREATE TABLE gpkg_spatial_ref_sys (srs_name, srs_id, organization, organization_coordsys_id);
            CREATE TABLE vg250_krs (id, geom);
            CREATE TABLE vg250_gem (id INTEGER PRIMARY KEY, AGS TEXT, GF INTEGER, geom BLOB);
            INSERT INTO gpkg_geometry_columns VALUES ('vg250_krs', 'geom', 'MULTIPOLYGON', 7);
            INSERT INTO gpkg_geometry_columns VALUES ('vg250_gem', 'geom', 'MULTIPOLYGON', 7);"""
        )
        bank.execute("INSERT INTO gpkg_spatial_ref_sys VALUES ('ETRS89', 7, 'EPSG', ?)", (25800 + zone,))
        for schluessel, ringe in FLAECHEN.items():
            in_utm = [[nach_utm(x, y, zone) for x, y in ring] for ring in ringe]
            daten = blob(in_utm, hoehe=hoehe, gross=gross)
            zeile = (schluessel, 4, daten)
            bank.execute("INSERT INTO vg250_gem (AGS, GF, geom) VALUES (?, ?, ?)", zeile)
            # die Wasserfläche derselben Gemeinde zählt nicht
            bank.execute("INSERT INTO vg250_gem (AGS, GF, geom) VALUES (?, 2, ?)", (schluessel, daten))


@pytest.fixture
def werk(tmp_path: Path) -> Callable[..., Datenbestand]:
    """Ein Projekt mit einer Datei mit Grenzen: Text wird GeoJSON, sonst schreibt ``inhalt`` selbst."""

    def baue(inhalt_: str | bytes | None, mehr: str = "", name: str = "grenzen.geojson") -> Datenbestand:
        ordner = tmp_path / "daten" / "dateien"
        ordner.mkdir(parents=True, exist_ok=True)
        (tmp_path / "daten" / "quellen").mkdir(exist_ok=True)
        (tmp_path / "_quarto.yml").write_text("project: {type: website}\n", encoding="utf-8")
        (tmp_path / "daten" / "gebiete.yaml").write_text(GEBIETE, encoding="utf-8")
        (tmp_path / "daten" / "kreis.yaml").write_text(KREIS.format(datei=name, mehr=mehr), encoding="utf-8")
        if inhalt_ is not None:
            (ordner / name).write_bytes(inhalt_.encode() if isinstance(inhalt_, str) else inhalt_)
        return Datenbestand(Projekt(tmp_path))

    return baue


def einheiten(bestand: Datenbestand) -> kartengrund.Kartengrund:
    grund = kartengrund.lade(bestand, bestand.gebiete.ebene("einheit"))
    assert grund is not None
    return grund


def pruefe_karte(grund: kartengrund.Kartengrund) -> None:
    """Zwei gleich große Einheiten, 6,7 km breit, die eine lange Grenze teilen."""
    assert grund.art == "grenzen"
    flaechen = grund.flaechen
    assert {s: round(inhalt(f)) for s, f in flaechen.items()} == {"990010010": 149, "990010020": 149}
    laenge = sum(math.dist(a, b) for a, b in gemeinsam(flaechen.values()))
    assert laenge == pytest.approx(22.2, abs=0.1)
    west = max(x for x, _ in flaechen["990010010"][0])
    assert west == pytest.approx(min(x for x, _ in flaechen["990010020"][0]))
    assert all(len(ringe) == 1 and len(ringe[0]) <= 6 for ringe in flaechen.values())


def test_geojson_in_grad_wird_zu_einheiten_und_planungsgebieten(werk: Callable[..., Datenbestand]) -> None:
    bestand = werk(als_geojson(FLAECHEN))
    pruefe_karte(einheiten(bestand))
    assert einheiten(bestand).hinweise == ("Grenzen: © Vermessungsamt (2025).",)
    assert einheiten(bestand).vermerk == ""
    gross = kartengrund.lade(bestand, bestand.gebiete.ebene("planungsgebiet"))
    assert gross is not None
    assert round(inhalt(gross.flaechen["P1"])) == 149
    assert {"daten/kreis.yaml", "daten/dateien/grenzen.geojson"} <= set(bestand.gelesen())
    assert not [m for m in pruefe_daten(bestand, date(2026, 1, 1)) if "grenz" in str(m)]


@pytest.mark.parametrize(
    ("zone", "hoehe", "gross"), [(32, False, False), (33, True, False), (32, False, True)]
)
def test_geopackage_in_utm_gibt_dieselbe_karte(
    werk: Callable[..., Datenbestand], tmp_path: Path, zone: int, hoehe: bool, gross: bool
) -> None:
    bestand = werk(None, name="vg.gpkg")
    als_geopackage(tmp_path / "daten" / "dateien" / "vg.gpkg", zone=zone, hoehe=hoehe, gross=gross)
    pruefe_karte(einheiten(bestand))


def test_geojson_in_utm_nennt_sein_koordinatensystem(werk: Callable[..., Datenbestand]) -> None:
    utm = {s: [[list(nach_utm(x, y, 32)) for x, y in ring] for ring in r] for s, r in FLAECHEN.items()}
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::25832"}}
    pruefe_karte(einheiten(werk(als_geojson(utm, crs=crs))))
    pruefe_karte(einheiten(werk(als_geojson(utm), mehr=', koordinaten: "EPSG:25832"')))


def test_einheiten_allein_genuegen_fuer_ihre_karte(werk: Callable[..., Datenbestand]) -> None:
    nur = {"990010010": [rechteck(12.0, 52.9, 12.1, 53.1)], "990010020": FLAECHEN["99001020"]}
    bestand = werk(als_geojson(nur))
    pruefe_karte(einheiten(bestand))
    klein = kartengrund.lade(bestand, bestand.gebiete.ebene("gemeinde"))
    assert klein is not None
    assert klein.art == "mosaik"


def test_inseln_und_loecher_zaehlen(werk: Callable[..., Datenbestand]) -> None:
    insel = rechteck(12.02, 53.02, 12.04, 53.04)
    teile = {"type": "MultiPolygon", "coordinates": [[*FLAECHEN["99001011"], insel]]}
    mitte = {"type": "MultiPolygon", "coordinates": [FLAECHEN["99001012"], [insel]]}
    bestand = werk(als_geojson({**FLAECHEN, "99001011": teile, "99001012": mitte}))
    grund = kartengrund.lade(bestand, bestand.gebiete.ebene("gemeinde"))
    assert grund is not None
    loch = inhalt(grund.flaechen["99001012"]) - inhalt(grund.flaechen["99001011"])
    assert loch == pytest.approx(2 * 2.97, abs=0.1)
    assert (
        einheiten(bestand).flaechen["990010010"]
        == einheiten(werk(als_geojson(FLAECHEN))).flaechen["990010010"]
    )


def verstellt(**anders: Any) -> str:
    """Die Datei mit anderen Flächen für einzelne Schlüssel; ``None`` lässt eine weg."""
    neu = {**FLAECHEN, **{k.removeprefix("g"): v for k, v in anders.items()}}
    return als_geojson({s: r for s, r in neu.items() if r is not None})


OFFEN = [[[12.0, 53.0], [12.1, 53.0], [12.1, 53.1], [12.0, 53.1]]]
FALSCH = [
    ("grenzen-fehlen", None, "", "Es gibt sie nicht."),
    ("grenzen-form", "{", "", "Das JSON ist an dieser Stelle unvollständig."),
    ("grenzen-form", '{"type": "Feature"}', "", "Es fehlt die Liste „features“"),
    ("grenzen-form", b"\xff\xfe{", "", "Sie ist nicht in UTF-8 gespeichert."),
    ("grenzen-schluessel", verstellt(), ", schluessel: NUMMER", "Spalten sind: AGS, GEN."),
    ("grenzen-bezug", als_geojson(FLAECHEN, crs={"properties": {"name": "EPSG:3857"}}), "", "EPSG:3857"),
    ("grenze-fehlt", verstellt(g99001012=None), "", "Beheim (99001012) hat in der Datei keine Grenzen."),
    ("grenze-unbekannt", verstellt(g99001099=FLAECHEN["99002001"]), "", "Zum Schlüssel „99001099“"),
    ("grenze-geometrie", verstellt(g99001011=OFFEN), "", "nicht geschlossen"),
    ("grenze-geometrie", verstellt(g99001011={"type": "Point", "coordinates": [1, 2]}), "", "„Point“"),
    ("grenze-geometrie", verstellt(g99001011={"type": "Polygon", "coordinates": []}), "", "Sie ist leer."),
    ("grenze-geometrie", verstellt(), ', koordinaten: "EPSG:25832"', "es sind wohl Grade"),
    ("grenze-geometrie", verstellt(g99001011=[rechteck(389000, 5870000, 390000, 5871000)]), "", "wohl UTM"),
    ("grenze-lage", verstellt(g99001011=[rechteck(11.0, 53.0, 11.1, 53.1)]), "", "km daneben"),
    ("grenze-inhalt", verstellt(g99001011=[rechteck(12.0, 53.0, 12.1, 53.02)]), "", "km² groß"),
    ("pfad-fremd", None, ", datei: ../../x", "hinaus"),
]  # fmt: skip


@pytest.mark.parametrize(("kennung", "inhalt_", "mehr", "worte"), FALSCH)
def test_was_an_der_datei_nicht_stimmt_ist_ein_befund(
    werk: Callable[..., Datenbestand], kennung: str, inhalt_: str | bytes | None, mehr: str, worte: str
) -> None:
    bestand = werk(inhalt_, mehr if "datei:" not in mehr else "")
    if "datei:" in mehr:
        text = "karte: {grenzen: {datei: ../../x, nennung: N}}\n"
        (bestand.projekt.daten / "kreis.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(BerichtswerkFehler) as fehler:
        einheiten(bestand)
    passend = [m for m in fehler.value.meldungen if worte in str(m)]
    assert passend, str(fehler.value)
    if kennung != "pfad-fremd":
        assert {m.kennung for m in passend} == {kennung}
        assert {m.datei for m in passend} == {"daten/dateien/grenzen.geojson"}
        geprueft: list[Meldung] = list(pruefe_daten(bestand, date(2026, 1, 1)))
        assert kennung in {m.kennung for m in geprueft}
    assert all(m.abhilfe for m in passend)


def test_alle_fehler_einer_datei_kommen_auf_einmal(werk: Callable[..., Datenbestand]) -> None:
    schief = verstellt(g99001011=OFFEN, g99001012=None, g99001077=FLAECHEN["99002001"])
    with pytest.raises(BerichtswerkFehler) as fehler:
        einheiten(werk(schief))
    assert {m.kennung for m in fehler.value.meldungen} == {
        "grenze-geometrie",
        "grenze-fehlt",
        "grenze-unbekannt",
    }


@pytest.mark.parametrize(
    ("kaputt", "worte"),
    [
        (b"SQLite format 3\0" + b"\0" * 200, "beschädigt|gpkg_geometry_columns"),
        (b"", "unvollständig"),
    ],
)
def test_eine_beschaedigte_datei_haelt_nichts_an_ausser_der_karte(
    werk: Callable[..., Datenbestand], kaputt: bytes, worte: str
) -> None:
    with pytest.raises(BerichtswerkFehler, match=worte):
        einheiten(werk(kaputt))


def test_unbekannte_ebene_nennt_die_vorhandenen(werk: Callable[..., Datenbestand], tmp_path: Path) -> None:
    bestand = werk(None, ", ebene: vg250_gemeinden", "vg.gpkg")
    als_geopackage(tmp_path / "daten" / "dateien" / "vg.gpkg")
    with pytest.raises(BerichtswerkFehler, match=r"grenzen-ebene[\s\S]*Vorhanden sind: vg250_krs, vg250_gem"):
        einheiten(bestand)


def test_gelesen_wird_einmal_und_nach_jeder_aenderung_neu(
    werk: Callable[..., Datenbestand], monkeypatch: pytest.MonkeyPatch
) -> None:
    erste = einheiten(werk(als_geojson(FLAECHEN)))
    with monkeypatch.context() as m:
        m.setattr(grenzen._Leser, "lies", lambda *_: pytest.fail("noch einmal gelesen"))
        assert einheiten(Datenbestand(werk(None).projekt)).flaechen == erste.flaechen
    anders = verstellt(g99001011=[rechteck(12.0, 53.0, 12.1, 53.09)])
    assert einheiten(werk(anders)).flaechen != erste.flaechen


def test_utm_stimmt_auf_den_zentimeter() -> None:
    for lon, lat, zone in ((12.8, 52.9, 33), (6.1, 51.0, 32), (12.8, 52.9, 32)):
        x, y = nach_utm(lon, lat, zone)
        assert grenzen._aus_utm(zone)(x, y) == pytest.approx((lon, lat), abs=3e-7)
