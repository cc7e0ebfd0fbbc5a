"""Leser ``geojson``: Eigenschaften (``properties``) als Spalten; Flächen liest ``daten.grenzen``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from berichtswerk.daten.leser.grund import Blatt, Leseauftrag, Zeile
from berichtswerk.daten.leser.text import KodierungFalsch, geoeffnet, pruefe_text
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler


class GeojsonKodierung(KodierungFalsch):
    ursache = ""
    abhilfe = "GeoJSON ist in UTF-8 zu liefern; speichern Sie die Datei so."


class GeojsonUngueltig(Befundart):
    text = "Die Datei ist kein gültiges GeoJSON."
    ursache = "{grund}"
    abhilfe = "Exportieren Sie die Ebene im Geoinformationssystem neu als GeoJSON (EPSG:4326)."


def lies(auftrag: Leseauftrag) -> Iterator[Blatt]:
    """Ein Blatt; die Nummer der „Zeile“ ist die des Objekts in der Liste."""
    objekte = _objekte(auftrag)
    namen = list(dict.fromkeys(name for o in objekte for name in _eigenschaften(o)))
    zeilen: list[Zeile] = [
        (nr, [_wert(_eigenschaften(o).get(name)) for name in namen]) for nr, o in enumerate(objekte, start=1)
    ]
    yield Blatt("", lambda: zeilen, spaltennamen=namen)


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
