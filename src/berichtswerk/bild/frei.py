"""Freie Abbildungen: eine eigene Altair-Abbildung sieht aus wie die anderen und bleibt gleich.

Auch der Rückweg: aus einer Abbildung des Hauses wird eine Vorlage in Altair (:func:`vorlage`).
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from berichtswerk.bild.formen import FORMEN, Form
from berichtswerk.bild.leinwand import vollstaendig

if TYPE_CHECKING:
    import pandas as pd

    from berichtswerk.bild.thema import Thema
    from berichtswerk.gegenstand.gegenstaende import Abbildung, Tabellenmodell


def spezifikation(chart: Any, thema: Thema, alt: str) -> dict[str, Any]:
    """Die Vega-Lite-Spezifikation mit den Farben und der Schrift der Marke.

    Raises:
        TypeError: wenn es weder eine Altair-Abbildung noch eine Spezifikation ist.
    """
    if hasattr(chart, "to_dict"):
        spec = chart.to_dict()
    elif isinstance(chart, dict):
        spec = copy.deepcopy(chart)
    else:
        raise TypeError("Erwartet wird eine Altair-Abbildung (alt.Chart) oder eine Vega-Lite-Spezifikation.")
    spec = {**vollstaendig(spec), "config": {**thema.config(), **_eigene_config(spec)}, "description": alt}
    namen = _farbnamen(thema)
    return _feste_namen(_ersetzt(spec, lambda wert: namen.get(wert, wert) if isinstance(wert, str) else wert))


def _eigene_config(spec: dict[str, Any]) -> dict[str, Any]:
    """Eigene Einstellungen ohne die Vorgabe, die Altair immer hineinschreibt."""
    vorgabe = {"view": {"continuousWidth": 300, "continuousHeight": 300}}
    return {k: v for k, v in spec.get("config", {}).items() if vorgabe.get(k) != v}


def _farbnamen(thema: Thema) -> dict[str, str]:
    """Farbe der Marke → ihr Name: wer eine abschreibt, bekommt auch ihre spätere Fassung."""
    echt, namen = asdict(thema.marke.diagramm), asdict(thema.farben)
    paare = [(echt[f], namen[f]) for f in echt if isinstance(echt[f], str)]
    paare += [p for f in echt if not isinstance(echt[f], str) for p in zip(echt[f], namen[f], strict=True)]
    return dict(reversed(paare))


def vorlage(abbildung: Abbildung, thema: Thema) -> Any:
    """Die Abbildung als Altair-Chart zum Weiterbearbeiten; ihr Name ist das Label.

    Formen mit ``marke`` entstehen neu aus ihren Daten, mit Achsen und Skalen, die sich ändern lassen; die
    übrigen (Karten, Pyramiden) sind die Zeichnung selbst.
    """
    import altair as alt

    form = FORMEN.get(abbildung.form, Form())
    if not form.marke:
        spec = {k: v for k, v in vollstaendig(abbildung.spec).items() if k not in ("$schema", "config")}
    else:
        zeilen, kopf, namen = _lange_form(abbildung.daten)
        spec = {
            "data": {"values": zeilen},
            "width": thema.breite - 120, "height": 220 if form.stehend else {"step": 26},
            "mark": form.marke, "encoding": _kodierung(form, kopf, namen, thema),
        }  # fmt: skip
    _melde_an(thema)
    fertig = json.loads(thema.marke.loese_im_text(json.dumps({**spec, "name": abbildung.label})))
    return (alt.LayerChart if "layer" in fertig else alt.Chart).from_dict(fertig)


def _melde_an(thema: Thema) -> None:
    """Macht das Thema zu dem von Altair: stünde es im Chart, ließe er sich nicht in Ebenen legen."""
    import altair as alt

    einstellung = json.loads(thema.marke.loese_im_text(json.dumps({"config": thema.config()})))
    anmelden: Any = alt.theme.register("berichtswerk", enable=True)
    anmelden(lambda: einstellung)


def _lange_form(tafel: Tabellenmodell) -> tuple[list[dict[str, Any]], str, list[str]]:
    """Zeilen mit dem ersten Kopf, „Reihe“ und „Wert“; dazu dieser Kopf und die Namen der Reihen."""
    kopf, *namen = (z.text for z in tafel.kopf[-1])
    zeilen = [
        {kopf: zeile.zellen[0].text, "Reihe": name, "Wert": fach.wert}
        for zeile in tafel.zeilen
        for name, fach in zip(namen, zeile.zellen[1:], strict=False)
    ]
    return zeilen, kopf, namen


def _kodierung(form: Form, kopf: str, namen: list[str], thema: Thema) -> dict[str, Any]:
    einzeln = len(namen) == 1
    f = thema.farben
    farben = [f.fokus, *f.vergleich, *f.kategorien][: len(namen)] if len(namen) < 4 else list(f.kategorien)
    ort: dict[str, Any] = {"field": kopf, "type": "ordinal", "sort": None, "title": None}
    wert = {"field": "Wert", "type": "quantitative", "title": namen[0] if einzeln else None}
    farbe = {
        "field": "Reihe", "type": "nominal", "sort": None, "scale": {"domain": namen, "range": farben},
        "legend": None if einzeln else {"title": None, "orient": "bottom", "columns": 2, "labelLimit": 0},
    }  # fmt: skip
    if form.stehend:
        ort["axis"] = {"labelOverlap": True}
    kodierung = {"x": ort, "y": wert} if form.stehend else {"x": wert, "y": ort}
    if form.nebeneinander and not einzeln:
        versatz = "xOffset" if form.stehend else "yOffset"
        kodierung[versatz] = {"field": "Reihe", "type": "nominal", "sort": None}
    return {**kodierung, "color": farbe}


def namen_in(spec: Any) -> Iterator[str]:
    """Alle Namen von Ansichten, die irgendwo in einer Spezifikation stehen."""
    for k in _knoten(spec):
        if isinstance(k.get("name"), str) and {"mark", "layer"} & k.keys():
            yield k["name"]


def zeigt_daten_von(spec: Any, andere: Any) -> bool:
    """Ob jeder Datensatz der anderen Abbildung unverändert auch in dieser steht."""
    hier = list(_datensaetze(spec))
    return all(satz in hier for satz in _datensaetze(andere))


def _datensaetze(spec: Any) -> Iterator[Any]:
    for k in _knoten(spec):
        yield from k.get("datasets", {}).values()
        if isinstance(k.get("data"), dict) and "values" in k["data"]:
            yield k["data"]["values"]


def _knoten(spec: Any) -> Iterator[dict[str, Any]]:
    """Alle Gruppen von Angaben einer Spezifikation außer den Daten selbst, von außen nach innen."""
    if isinstance(spec, dict):
        yield spec
    teile = spec.items() if isinstance(spec, dict) else enumerate(spec) if isinstance(spec, list) else ()
    for name, wert in teile:
        if name not in ("datasets", "data"):
            yield from _knoten(wert)


def _feste_namen(spec: dict[str, Any]) -> dict[str, Any]:
    """Benennt Datensätze nach ihrer Reihenfolge, damit gleiche Abbildungen gleiche Bytes ergeben."""
    namen = {alt: f"daten_{nr}" for nr, alt in enumerate(spec.get("datasets", {}))}

    def benannt(knoten: Any) -> Any:
        if isinstance(knoten, dict):
            knoten = {k: v for k, v in knoten.items() if k != "name" or not {"mark", "layer"} & knoten.keys()}
            if isinstance(knoten.get("data"), dict) and knoten["data"].get("name") in namen:
                knoten["data"] = {**knoten["data"], "name": namen[knoten["data"]["name"]]}
        return knoten

    neu: dict[str, Any] = _ersetzt({k: v for k, v in spec.items() if k != "datasets"}, benannt)
    if namen:
        neu["datasets"] = {namen[k]: v for k, v in spec["datasets"].items()}
    return neu


def _ersetzt(knoten: Any, mit: Callable[[Any], Any]) -> Any:
    """Derselbe Baum, jeder Knoten ersetzt; Daten bleiben, wie sie sind."""
    if isinstance(knoten, dict):
        knoten = {k: v if k in ("datasets", "values") else _ersetzt(v, mit) for k, v in knoten.items()}
    elif isinstance(knoten, list):
        knoten = [_ersetzt(k, mit) for k in knoten]
    return mit(knoten)


def daten_von(spec: dict[str, Any]) -> pd.DataFrame:
    """Die Daten, die in der Spezifikation stehen.

    Raises:
        ValueError: wenn keine Daten darin stehen.
    """
    import pandas as pd

    werte = next(iter(spec.get("datasets", {}).values()), None) or spec.get("data", {}).get("values")
    if not werte:
        raise ValueError("In der Abbildung stehen keine Daten; geben Sie sie mit daten=… an.")
    return pd.DataFrame(werte)
