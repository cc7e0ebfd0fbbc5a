"""Amtliche Grenzen aus einer Datei (GeoPackage oder GeoJSON), wie ``daten/kreis.yaml`` sie nennt.

Gelesen werden nur Gebiete des eigenen Kreises, auch aus einer Datei für ganz Deutschland. Heraus kommen
Flächen in Kilometern nach Osten und Süden; Nachbarn teilen die Ecken ihrer Grenze.
"""

from __future__ import annotations

import json
import math
import sqlite3
import struct
from collections.abc import Iterable, Mapping
from contextlib import closing
from functools import cached_property
from pathlib import Path
from statistics import fmean
from typing import TYPE_CHECKING, Any, NamedTuple

from berichtswerk.grund.ablage import Ablage, programmstand, summe
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler, Meldungen, vorschlag
from berichtswerk.grund.projekt import PfadVerwehrt
from berichtswerk.grund.umriss import Flaeche, Punkt, Ring, gerichtet, inhalt, vereinfacht, vereinige

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebiet, Gebietsverzeichnis
    from berichtswerk.daten.kreis import Grenzangaben
    from berichtswerk.grund.projekt import Projekt

SPALTEN = ("ags", "ars", "rs", "schluessel", "gebietsschluessel", "gem_schluessel", "id")
"""Spalten, unter denen der Schlüssel erwartet wird, wenn keine genannt ist."""
_UTM = {25831: 31, 25832: 32, 25833: 33, 32631: 31, 32632: 32, 32633: 33}
_GRAD = {4326, 4258}
_GRAD_KM = 111.2
GENAU_KM = 0.025
"""So weit dürfen vereinfachte Grenzen von den gelieferten abweichen."""
_ABWEICHUNG = 0.2
_DEUTLICH_KM = 25.0


class GrenzenFehlen(Befundart):
    text = "Die Datei mit Grenzen lässt sich nicht lesen."
    ursache = "{grund}"
    abhilfe = "Legen Sie sie an diese Stelle oder ändern Sie karte.grenzen.datei in daten/kreis.yaml."


class GrenzenForm(Befundart):
    text = "Die Datei mit Grenzen ist weder GeoPackage noch GeoJSON."
    ursache = "{grund}"
    abhilfe = "Nehmen Sie die Datei, die docs/karten.md nennt, oder exportieren Sie die Ebene als GeoPackage."


class GrenzenEbene(Befundart):
    text = "Die Ebene „{ebene}“ gibt es in der Datei mit Grenzen nicht."
    ursache = "Vorhanden sind: {vorhanden}."
    abhilfe = "Nennen Sie eine davon unter karte.grenzen.ebene in daten/kreis.yaml. {vorschlag}"


class GrenzenSchluessel(Befundart):
    text = "In der Datei mit Grenzen ist keine Spalte mit Gebietsschlüsseln zu erkennen."
    ursache = "Spalten sind: {spalten}."
    abhilfe = "Nennen Sie die Spalte unter karte.grenzen.schluessel in daten/kreis.yaml."


class GrenzenBezug(Befundart):
    text = "Das Koordinatensystem der Grenzen ist {bezug}; damit kann Berichtswerk nicht rechnen."
    ursache = "Möglich sind EPSG:25832, EPSG:25833 (UTM) und EPSG:4326, EPSG:4258 (Grad)."
    abhilfe = (
        "Exportieren Sie die Ebene in einem davon, oder nennen Sie unter karte.grenzen.koordinaten, in "
        "welchem sie wirklich ist."
    )


class GrenzeUnbekannt(Befundart):
    text = "Zum Schlüssel „{schluessel}“ gibt es im eigenen Kreis kein Gebiet."
    ursache = "Die Datei hat einen anderen Gebietsstand als daten/gebiete.yaml, oder dort fehlt das Gebiet."
    abhilfe = "Nehmen Sie die Grenzen zum Gebietsstand {stand} oder ergänzen Sie daten/gebiete.yaml."


class GrenzeFehlt(Befundart):
    text = "{gebiet} hat in der Datei keine Grenzen."
    ursache = "Gesucht wurde in der Spalte „{spalte}“ nach {schluessel}."
    abhilfe = "Nehmen Sie eine Datei mit allen Gebieten zum Gebietsstand {stand}."


class GrenzeGeometrie(Befundart):
    text = "Die Geometrie von {gebiet} ist keine Fläche."
    ursache = "{grund}"
    abhilfe = (
        "Reparieren Sie die Ebene im Geoinformationssystem („Geometrien reparieren“) und exportieren Sie neu."
    )


class GrenzeLage(Befundart):
    text = "Die Grenzen von {gebiet} liegen nicht dort, wo das Gebiet liegt."
    ursache = "Sie liegen um {km:.0f} km daneben; als Koordinatensystem gilt {bezug}."
    abhilfe = "Nennen Sie das richtige unter karte.grenzen.koordinaten in daten/kreis.yaml."


class GrenzeInhalt(Befundart):
    text = "{gebiet} ist in der Datei {ist:.0f} km² groß, nach dem Verzeichnis {soll:.0f} km²."
    ursache = (
        "Die Grenzen gehören zu einem anderen Gebiet oder Gebietsstand, oder sie überschneiden sich selbst."
    )
    abhilfe = "Vergleichen Sie Schlüssel und Gebietsstand ({stand}); reparieren Sie sonst die Geometrie."


Polygone = list[list[list[Punkt]]]


class Roh(NamedTuple):
    """Was in einer Datei steht: Objekte mit Schlüssel und Polygonen, dazu Bezugssystem und Spaltenname."""

    objekte: Iterable[tuple[str, Any]]
    epsg: int
    spalte: str


def lies(projekt: Projekt, angaben: Grenzangaben, gebiete: Gebietsverzeichnis) -> dict[str, Flaeche]:
    """Gebietsschlüssel → Fläche in km, einmal gelesen und danach aus der Ablage.

    Raises:
        BerichtswerkFehler: mit allen Befunden der Datei.
    """
    pfad = finde(projekt, angaben)
    ablage = Ablage.von(projekt)
    stand = pfad.stat()
    with pfad.open("rb") as datei:
        anfang = datei.read(4096)  # bei SQLite mit dem Zähler der Änderungen
    schluessel = summe(
        angaben.model_dump_json(), gebiete.kennzeichen, anfang, f"{stand.st_size} {stand.st_mtime_ns}",
        programmstand("daten/grenzen.py", "grund/umriss.py"),
    )  # fmt: skip
    bekannt = ablage.hole("grenzen", schluessel)
    if bekannt is not None:
        gelesen = json.loads(bekannt)
        return {s: tuple(tuple((x, y) for x, y in ring) for ring in f) for s, f in gelesen.items()}
    flaechen = _Leser(projekt.relativ(pfad), angaben, gebiete).lies(pfad)
    ablage.lege("grenzen", schluessel, json.dumps(flaechen).encode())
    return flaechen


def finde(projekt: Projekt, angaben: Grenzangaben) -> Path:
    """Der Pfad der Datei.

    Raises:
        BerichtswerkFehler: ``grenzen-fehlen`` oder ``pfad-fremd``.
    """
    try:
        pfad = projekt.datei(angaben.datei, projekt.daten)
    except PfadVerwehrt as fehler:
        raise BerichtswerkFehler(fehler.melde(datei="daten/kreis.yaml", feld="karte.grenzen.datei")) from None
    if not pfad.is_file():
        raise BerichtswerkFehler(GrenzenFehlen.melde(datei=projekt.relativ(pfad), grund="Es gibt sie nicht."))
    return pfad


class _Leser:
    """Liest eine Datei und sammelt ihre Befunde."""

    def __init__(self, datei: str, angaben: Grenzangaben, gebiete: Gebietsverzeichnis) -> None:
        self.datei, self.angaben, self.gebiete = datei, angaben, gebiete
        self.befunde = Meldungen()

    def lies(self, pfad: Path) -> dict[str, Flaeche]:
        with pfad.open("rb") as datei:
            ist_sqlite = datei.read(16) == b"SQLite format 3\0"
        if ist_sqlite:
            with closing(sqlite3.connect(f"{pfad.as_uri()}?mode=ro&immutable=1", uri=True)) as bank:
                try:
                    return self._flaechen(self._geopackage(bank))
                except sqlite3.Error as fehler:
                    raise self._halt(
                        GrenzenFehlen, grund=f"Die Datenbank ist beschädigt: {fehler}."
                    ) from None
        return self._flaechen(self._geojson(pfad))

    def _halt(self, art: type[Befundart], ort: str = "", **angaben: Any) -> BerichtswerkFehler:
        return BerichtswerkFehler(art.melde(datei=self.datei, ort=ort, **angaben))

    def _flaechen(self, roh: Roh) -> dict[str, Flaeche]:
        if roh.epsg not in _UTM and roh.epsg not in _GRAD:
            raise self._halt(GrenzenBezug, bezug=f"EPSG:{roh.epsg}" if roh.epsg else "nicht genannt")
        stand = self.gebiete.gebietsstand.isoformat()
        je_gebiet: dict[str, list[Ring]] = {}
        for text, geometrie in roh.objekte:
            gebiet = self._gebiet(text)
            if gebiet is None:
                if text.startswith(self.gebiete.kreis.schluessel):
                    self.befunde.dazu(GrenzeUnbekannt.melde(datei=self.datei, schluessel=text, stand=stand))
                continue
            try:
                polygone = geometrie() if callable(geometrie) else geometrie
                ringe = self._ringe(polygone, roh.epsg)
            except ValueError as fehler:
                self._melde(GrenzeGeometrie, gebiet, grund=str(fehler))
                je_gebiet.setdefault(gebiet.schluessel, [])
                continue
            je_gebiet.setdefault(gebiet.schluessel, []).extend(ringe)
        flaechen = {s: vereinige(ringe) for s, ringe in je_gebiet.items() if ringe}
        self._pruefe(flaechen, set(je_gebiet), roh)
        self.befunde.pruefe()
        return {s: flaeche for s, flaeche in vereinfacht(flaechen, GENAU_KM).items() if flaeche}

    def _melde(self, art: type[Befundart], gebiet: Gebiet, **angaben: Any) -> None:
        name = f"{gebiet.name} ({gebiet.schluessel})"
        self.befunde.dazu(art.melde(datei=self.datei, gebiet=name, **angaben))

    def _gebiet(self, text: str) -> Gebiet | None:
        """Das Gebiet des eigenen Kreises zu einem Schlüssel (auch ohne führende Null); Gemeinden zuerst."""
        formen = (text, f"0{text}") if len(text) in (4, 7, 11) else (text,)
        gefunden = [g for form in formen for g in self.gebiete.treffer(form) if g in self._eigene]
        return min(gefunden, key=lambda g: g.ebene != "gemeinde", default=None)

    @cached_property
    def _eigene(self) -> list[Gebiet]:
        """Gemeinden und kommunale Einheiten des Kreises."""
        kreis, kinder = self.gebiete.kreis.schluessel, self.gebiete.kinder
        return [*kinder(kreis, "gemeinde"), *kinder(kreis, "einheit")]

    def _pruefe(self, flaechen: Mapping[str, Flaeche], gesehen: set[str], roh: Roh) -> None:
        """Ob jedes Gebiet da ist, am richtigen Ort und richtig groß."""
        stand = self.gebiete.gebietsstand.isoformat()
        bezug = f"EPSG:{roh.epsg}"
        for schluessel, flaeche in flaechen.items():
            g, gross = self.gebiete[schluessel], inhalt(flaeche)
            if (
                g.lon is not None
                and g.lat is not None
                and (weit := _entfernt(self._ort(g.lon, g.lat), flaeche)) > _DEUTLICH_KM
            ):
                self._melde(GrenzeLage, g, km=weit, bezug=bezug)
            elif g.flaeche_km2 and abs(gross / g.flaeche_km2 - 1) > _ABWEICHUNG:
                self._melde(GrenzeInhalt, g, ist=gross, soll=g.flaeche_km2, stand=stand)
        ebenen = {self.gebiete[s].ebene for s in gesehen} or {"gemeinde"}
        for g in (g for g in self._eigene if g.ebene in ebenen):
            if gesehen.isdisjoint(
                {g.schluessel, *(k.schluessel for k in self.gebiete.gleiche(g.schluessel))}
            ):
                self._melde(GrenzeFehlt, g, spalte=roh.spalte, schluessel=g.schluessel, stand=stand)

    # --- Geometrie ----------------------------------------------------------------------------------

    def _ringe(self, polygone: Polygone, epsg: int) -> Flaeche:
        """Ringe in km, auf den Meter; was sich nicht schließt oder leer ist, ist keine Fläche."""
        if not any(polygone):
            raise ValueError("Sie ist leer.")
        nach_grad = _aus_utm(_UTM[epsg]) if epsg in _UTM else None
        fertig = []
        for polygon in polygone:
            ringe = []
            for ring in polygon:
                if len(ring) < 4 or ring[0] != ring[-1]:
                    raise ValueError("Ein Ring ist nicht geschlossen oder hat weniger als drei Ecken.")
                if not all(map(math.isfinite, (w for p in ring for w in p))):
                    raise ValueError("Eine Koordinate ist keine Zahl.")
                if nach_grad is None and any(abs(x) > 180 or abs(y) > 90 for x, y in ring):
                    raise ValueError("Die Koordinaten sind keine Längen- und Breitengrade; es ist wohl UTM.")
                if nach_grad is not None and any(abs(y) < 1000 for _, y in ring):
                    raise ValueError("Die Koordinaten sind keine Meter in UTM; es sind wohl Grade.")
                grad = [nach_grad(x, y) if nach_grad else (x, y) for x, y in ring[:-1]]
                ecken = [self._ort(*p) for p in grad]
                ringe.append(tuple(p for i, p in enumerate(ecken) if p != ecken[i - 1]))
            if not ringe or len(ringe[0]) < 3 or not inhalt(ringe[:1]):
                raise ValueError("Ein Ring umschließt nichts.")
            fertig.append([r for r in ringe if len(r) > 2])
        return gerichtet(fertig)

    def _ort(self, lon: float, lat: float) -> Punkt:
        """Lage in km, vom Mittelpunkt des Kreises nach Osten und Süden."""
        lon0, lat0 = self._mitte
        return (
            round((lon - lon0) * _GRAD_KM * math.cos(math.radians(lat0)), 3),
            round((lat0 - lat) * _GRAD_KM, 3),
        )

    @cached_property
    def _mitte(self) -> Punkt:
        """Ungefähre Mitte des Kreises in Grad: die seiner Gebiete, sonst die Deutschlands."""
        da = [(g.lon, g.lat) for g in self._eigene if g.lon is not None and g.lat is not None]
        return (fmean(p[0] for p in da), fmean(p[1] for p in da)) if da else (10.5, 51.2)

    # --- GeoJSON ------------------------------------------------------------------------------------

    def _geojson(self, pfad: Path) -> Roh:
        try:
            daten = json.loads(pfad.read_bytes().decode("utf-8-sig"))
        except UnicodeDecodeError:
            raise self._halt(GrenzenForm, grund="Sie ist nicht in UTF-8 gespeichert.") from None
        except json.JSONDecodeError as fehler:
            ort = f"Zeile {fehler.lineno}"
            raise self._halt(GrenzenForm, ort, grund="Das JSON ist an dieser Stelle unvollständig.") from None
        except RecursionError:
            raise self._halt(GrenzenForm, grund="Das JSON ist zu tief verschachtelt.") from None
        objekte = daten.get("features") if isinstance(daten, dict) else None
        if not isinstance(objekte, list) or not all(isinstance(o, dict) for o in objekte):
            raise self._halt(GrenzenForm, grund="Es fehlt die Liste „features“ einer FeatureCollection.")
        eigenschaften = [o.get("properties") or {} for o in objekte]
        spalte = self._spalte([n for e in eigenschaften[:50] for n in e])
        gf = _geofaktor([n for e in eigenschaften[:50] for n in e])
        gewollt = (
            (str(e.get(spalte, "")), lambda o=o: _aus_geojson(o.get("geometry")))
            for o, e in zip(objekte, eigenschaften, strict=True)
            if not gf or _ist_land(e.get(gf))
        )
        return Roh(gewollt, self._epsg(_epsg_aus_crs(daten.get("crs"))), spalte)

    def _spalte(self, namen: Iterable[str]) -> str:
        vorhanden = list(dict.fromkeys(namen))
        if self.angaben.schluessel:
            if self.angaben.schluessel in vorhanden:
                return self.angaben.schluessel
        else:
            klein = {n.casefold(): n for n in reversed(vorhanden)}
            if gefunden := next((klein[s] for s in SPALTEN if s in klein), None):
                return gefunden
        raise self._halt(GrenzenSchluessel, spalten=", ".join(vorhanden) or "keine")

    def _epsg(self, genannt: int) -> int:
        eigenes = self.angaben.koordinaten
        return int(eigenes.removeprefix("EPSG:")) if eigenes else genannt

    # --- GeoPackage ---------------------------------------------------------------------------------

    def _geopackage(self, bank: sqlite3.Connection) -> Roh:
        try:
            ebenen = {
                str(name): (str(spalte), int(srs))
                for name, spalte, srs in bank.execute(
                    "SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns ORDER BY rowid"
                )
            }
        except sqlite3.Error:
            raise self._halt(
                GrenzenForm, grund="Die Datenbank hat keine Tabelle gpkg_geometry_columns."
            ) from None
        ebene = self.angaben.ebene or next(
            (e for e in ebenen if e.casefold().endswith("_gem")), next(iter(ebenen), "")
        )
        if ebene not in ebenen:
            raise self._halt(
                GrenzenEbene, ebene=ebene, vorhanden=", ".join(ebenen) or "keine",
                vorschlag=vorschlag(ebene, ebenen),
            )  # fmt: skip
        feld, srs = ebenen[ebene]
        spalten = [str(z[1]) for z in bank.execute(f"PRAGMA table_info({_zitiert(ebene)})")]
        spalte, gf = self._spalte(s for s in spalten if s != feld), _geofaktor(spalten)
        land = f"WHERE {_zitiert(gf)} = 4" if gf else ""
        zeilen = bank.execute(
            f"SELECT rowid, {_zitiert(spalte)} FROM {_zitiert(ebene)} {land} ORDER BY rowid"
        ).fetchall()

        def blob(zeile: int) -> Polygone:
            suche = f"SELECT {_zitiert(feld)} FROM {_zitiert(ebene)} WHERE rowid = ?"
            return _aus_blob(bank.execute(suche, (zeile,)).fetchone()[0])

        objekte = [(str(text), lambda zeile=zeile: blob(zeile)) for zeile, text in zeilen]
        amtlich = bank.execute(
            "SELECT organization_coordsys_id FROM gpkg_spatial_ref_sys WHERE srs_id = ?", (srs,)
        ).fetchone()
        return Roh(objekte, self._epsg(int(amtlich[0]) if amtlich else srs), spalte)


def _geofaktor(spalten: Iterable[str]) -> str:
    """Die Spalte „GF“ der Verwaltungsgebiete des BKG; leer, wenn es sie nicht gibt."""
    return next((s for s in spalten if s.casefold() == "gf"), "")


def _ist_land(geofaktor: Any) -> bool:
    """Ob ein Objekt die Fläche des Gebiets ist und nicht Gewässer oder Grenzlinie daneben."""
    return str(geofaktor) in ("4", "4.0", "None")


def _zitiert(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _aus_geojson(geometrie: Any) -> Polygone:
    art = geometrie.get("type") if isinstance(geometrie, dict) else None
    if art not in ("Polygon", "MultiPolygon"):
        raise ValueError(f"Sie ist „{art or 'leer'}“ statt Polygon oder MultiPolygon.")
    inhalt_ = geometrie.get("coordinates") or []
    try:
        return [
            [[(float(p[0]), float(p[1])) for p in ring] for ring in polygon]
            for polygon in ([inhalt_] if art == "Polygon" else inhalt_)
        ]
    except (TypeError, ValueError, IndexError):
        raise ValueError("Eine Koordinate ist keine Zahl.") from None


def _epsg_aus_crs(crs: Any) -> int:
    """EPSG-Nummer aus ``crs`` älterer GeoJSON-Dateien; ohne Angabe gilt EPSG:4326 (RFC 7946)."""
    name = str((crs or {}).get("properties", {}).get("name", "")) if isinstance(crs, dict) else ""
    if not name or "CRS84" in name:
        return 4326
    nummer = name.rsplit(":", 1)[-1]
    return int(nummer) if nummer.isdigit() else 0


_HUELLE = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
"""Länge der Hülle im Kopf eines GeoPackage-Blobs, je Kennzahl."""


def _aus_blob(blob: bytes | None) -> Polygone:
    """Polygone aus einem Blob: Kopf des GeoPackage, dann WKB."""
    if not blob or blob[:2] != b"GP" or (blob[3] >> 1) & 7 not in _HUELLE:
        raise ValueError("Sie ist leer oder keine Geometrie eines GeoPackage.")
    try:
        return list(_wkb(blob, 8 + _HUELLE[(blob[3] >> 1) & 7])[0])
    except struct.error:
        raise ValueError("Sie ist abgeschnitten.") from None


def _wkb(daten: bytes, stelle: int) -> tuple[Polygone, int]:
    """Polygon oder MultiPolygon ab einer Stelle, auch mit Höhen; und die Stelle dahinter."""
    folge = "<" if daten[stelle] == 1 else ">"
    (art,) = struct.unpack_from(f"{folge}I", daten, stelle + 1)
    stelle += 5
    hoehen = (
        2
        + ((art & 0xFFFFFFF) // 1000 in (1, 3) or bool(art & 0x80000000))
        + ((art & 0xFFFFFFF) // 1000 in (2, 3) or bool(art & 0x40000000))
    )
    art = (art & 0xFFFFFFF) % 1000
    if art not in (3, 6):
        raise ValueError(f"Sie ist von der Art {art} statt Polygon (3) oder MultiPolygon (6).")
    (anzahl,) = struct.unpack_from(f"{folge}I", daten, stelle)
    stelle += 4
    if art == 6:
        teile: Polygone = []
        for _ in range(anzahl):
            polygone, stelle = _wkb(daten, stelle)
            teile += polygone
        return teile, stelle
    ringe = []
    for _ in range(anzahl):
        (punkte,) = struct.unpack_from(f"{folge}I", daten, stelle)
        werte = struct.unpack_from(f"{folge}{punkte * hoehen}d", daten, stelle + 4)
        ringe.append(list(zip(werte[::hoehen], werte[1::hoehen], strict=True)))
        stelle += 4 + punkte * hoehen * 8
    return [ringe], stelle


def _aus_utm(zone: int) -> Any:
    """Rechnet UTM (GRS 80, Meter) in Längen- und Breitengrad; Reihen nach Krüger, auf Millimeter genau."""
    n = 0.0016792203946287445
    a = 6378137.0 / (1 + n) * (1 + n**2 / 4 + n**4 / 64)
    beta = (n / 2 - 2 * n**2 / 3 + 37 * n**3 / 96, n**2 / 48 + n**3 / 15, 17 * n**3 / 480)
    delta = (2 * n - 2 * n**2 / 3 - 2 * n**3, 7 * n**2 / 3 - 8 * n**3 / 5, 56 * n**3 / 15)
    mittel = math.radians(zone * 6 - 183)

    def rechne(ost: float, nord: float) -> Punkt:
        xi, eta = nord / (0.9996 * a), (ost - 500000.0) / (0.9996 * a)
        xi_, eta_ = xi, eta
        for k, b in enumerate(beta, 1):
            xi_ -= b * math.sin(2 * k * xi) * math.cosh(2 * k * eta)
            eta_ -= b * math.cos(2 * k * xi) * math.sinh(2 * k * eta)
        chi = math.asin(math.sin(xi_) / math.cosh(eta_))
        breite = chi + sum(d * math.sin(2 * k * chi) for k, d in enumerate(delta, 1))
        return math.degrees(mittel + math.atan2(math.sinh(eta_), math.cos(xi_))), math.degrees(breite)

    return rechne


def _entfernt(p: Punkt, flaeche: Flaeche) -> float:
    """Abstand eines Punktes vom umschließenden Rechteck einer Fläche; 0 darin."""
    xs, ys = zip(*(e for ring in flaeche for e in ring), strict=True)
    return math.hypot(max(min(xs) - p[0], 0.0, p[0] - max(xs)), max(min(ys) - p[1], 0.0, p[1] - max(ys)))
