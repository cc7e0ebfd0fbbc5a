"""Leser ``geojson``: Eigenschaften (``properties``) als Spalten, dazu die Geometrie je Gebiet."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from berichtswerk.daten.leser.bezug import Bezugsleser, Gebietsfinder
from berichtswerk.daten.leser.grund import Abgewiesen, Blatt, Leseauftrag, Zeile
from berichtswerk.daten.leser.kopf import Tabellenkopf
from berichtswerk.daten.leser.text import KodierungFalsch, geoeffnet, pruefe_text
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler

if TYPE_CHECKING:
    from berichtswerk.daten.gebiete import Gebietsverzeichnis

Geometrie = dict[str, Any]
"""GeoJSON-Geometrie: ``type`` und ``coordinates`` in Längen- und Breitengrad (EPSG:4326)."""


class GeojsonKodierung(KodierungFalsch):
    ursache = ""
    abhilfe = "GeoJSON ist in UTF-8 zu liefern; speichern Sie die Datei so."


class GeojsonUngueltig(Befundart):
    text = "Die Datei ist kein gültiges GeoJSON."
    ursache = "{grund}"
    abhilfe = "Exportieren Sie die Ebene im Geoinformationssystem neu als GeoJSON (EPSG:4326)."


class GeometrieFehlt(Befundart):
    text = "Dieses Gebiet hat keine Geometrie."
    abhilfe = "Exportieren Sie die Ebene mit Geometrie neu."


class GeometrieKoordinaten(Befundart):
    text = "Die Koordinaten sind keine Längen- und Breitengrade."
    ursache = "Gefunden: {x:.0f} / {y:.0f}; das ist wohl UTM oder Gauß-Krüger."
    abhilfe = "Exportieren Sie die Ebene im Bezugssystem EPSG:4326 (WGS 84)."


def lies(auftrag: Leseauftrag) -> Iterator[Blatt]:
    """Ein Blatt; die Nummer der „Zeile“ ist die des Objekts in der Liste."""
    objekte = _objekte(auftrag)
    namen = list(dict.fromkeys(name for o in objekte for name in _eigenschaften(o)))
    zeilen: list[Zeile] = [
        (nr, [_wert(_eigenschaften(o).get(name)) for name in namen]) for nr, o in enumerate(objekte, start=1)
    ]
    yield Blatt("", lambda: zeilen, spaltennamen=namen)


def geometrien(auftrag: Leseauftrag, gebiete: Gebietsverzeichnis) -> dict[str, Geometrie]:
    """Gebietsschlüssel → Geometrie, in der Reihenfolge der Datei.

    Raises:
        BerichtswerkFehler: mit allen Befunden (unbekannte Gebiete, fehlende oder fremde Koordinaten).
    """
    sammler, angabe = auftrag.sammler, auftrag.quelle.lesen.gebiet
    assert angabe is not None
    ergebnis: dict[str, Geometrie] = {}
    for blatt in lies(auftrag):
        kopf = Tabellenkopf([list(blatt.spaltennamen or [])], len(blatt.spaltennamen or []), 1)
        try:
            leser = Bezugsleser(angabe, kopf, {"titel": (), "dateiname": (auftrag.pfad.name,)})
        except Abgewiesen as fehlt:
            assert fehlt.art is not None
            raise sammler.halt(fehlt.art, **fehlt.angaben) from None
        finder = Gebietsfinder(angabe, gebiete)
        texte = leser.texte([felder for _, felder in blatt.zeilen()])
        for nr, (text, objekt) in enumerate(zip(texte, _objekte(auftrag), strict=True), start=1):
            if isinstance(text, str) and not finder.gewuenscht(text):
                continue
            schluessel = finder[text] if isinstance(text, str) else text
            if isinstance(schluessel, str):
                ergebnis[schluessel] = _geometrie(objekt, nr, auftrag)
            elif schluessel.art is not None:
                sammler.dazu(schluessel.art, f"Zeile {nr}", leser.ort(), **schluessel.angaben)
    sammler.pruefe()
    return ergebnis


def _objekte(auftrag: Leseauftrag) -> list[dict[str, Any]]:
    pruefe_text(auftrag)
    try:
        with geoeffnet(auftrag) as datei:
            roh = datei.read()
        inhalt = json.loads(roh.decode(auftrag.quelle.encoding).removeprefix("\ufeff"))
    except UnicodeDecodeError:
        raise auftrag.sammler.halt(GeojsonKodierung, kodierung=auftrag.quelle.encoding) from None
    except json.JSONDecodeError as fehler:
        raise _ungueltig(
            auftrag, "Das JSON ist an dieser Stelle unvollständig.", f"Zeile {fehler.lineno}"
        ) from None
    except RecursionError:
        raise _ungueltig(auftrag, "Das JSON ist zu tief verschachtelt.", "") from None
    objekte = inhalt.get("features") if isinstance(inhalt, dict) else None
    if not isinstance(objekte, list) or not all(isinstance(o, dict) for o in objekte):
        raise _ungueltig(auftrag, "Es fehlt die Liste „features“ einer FeatureCollection.", "Zeile 1")
    return objekte


def _ungueltig(auftrag: Leseauftrag, ursache: str, ort: str) -> BerichtswerkFehler:
    return auftrag.sammler.halt(GeojsonUngueltig, ort, grund=ursache)


def _eigenschaften(objekt: dict[str, Any]) -> dict[str, Any]:
    eigenschaften = objekt.get("properties")
    return eigenschaften if isinstance(eigenschaften, dict) else {}


def _wert(wert: Any) -> Any:
    return json.dumps(wert, ensure_ascii=False) if isinstance(wert, list | dict) else wert


def _geometrie(objekt: dict[str, Any], nr: int, auftrag: Leseauftrag) -> Geometrie:
    geometrie = objekt.get("geometry")
    if not isinstance(geometrie, dict) or "type" not in geometrie:
        auftrag.sammler.dazu(GeometrieFehlt, f"Objekt {nr}")
        return {}
    for x, y in _punkte(geometrie):
        if not (-180 <= x <= 180 and -90 <= y <= 90):
            auftrag.sammler.dazu(GeometrieKoordinaten, f"Objekt {nr}", x=x, y=y)
            break
    return geometrie


def _punkte(geometrie: dict[str, Any]) -> Iterator[tuple[float, float]]:
    stapel: list[Any] = [geometrie.get("coordinates", []), *geometrie.get("geometries", [])]
    while stapel:
        teil = stapel.pop()
        if isinstance(teil, dict):
            stapel.append(teil.get("coordinates", []))
        elif isinstance(teil, list) and len(teil) >= 2 and all(isinstance(z, int | float) for z in teil):
            yield float(teil[0]), float(teil[1])
        elif isinstance(teil, list):
            stapel.extend(teil)
