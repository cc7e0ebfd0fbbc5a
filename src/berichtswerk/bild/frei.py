"""Freie Abbildungen: eine eigene Altair-Abbildung sieht aus wie die anderen und bleibt gleich.

Auch der Rückweg: aus einer Abbildung des Hauses wird eine Vorlage in Altair (:func:`vorlage`).
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from berichtswerk.bild.formen import FORMEN, Form
from berichtswerk.bild.leinwand import vollstaendig
from berichtswerk.bild.motiv import spezifikation_von
from berichtswerk.grund.meldung import Befundart, BerichtswerkFehler

if TYPE_CHECKING:
    import pandas as pd

    from berichtswerk.bild.thema import Thema
    from berichtswerk.gegenstand.gegenstaende import Abbildung, Tabellenmodell


class AbbildungRohdaten(Befundart):
    text = "Die Abbildung „{label}“ trägt {zeilen} Zeilen und {was}."
    feld = "chart"
    ursache = "Mit der Abbildung würden alle Zeilen veröffentlicht, auch die, die sie nicht zeigt."
    abhilfe = "Rechnen Sie das im Notizbuch, etwa mit df.groupby(…).sum(), und zeichnen Sie das Ergebnis."


def spezifikation(chart: Any, thema: Thema, alt: str, label: str) -> dict[str, Any]:
    """Die Vega-Lite-Spezifikation mit den Farben und der Schrift der Marke und nur den gezeigten Spalten.

    Raises:
        TypeError: wenn es weder eine Altair-Abbildung noch eine Spezifikation ist.
        BerichtswerkFehler: ``abbildung-rohdaten``, wenn sie mehr Zeilen trägt, als sie zeigt.
    """
    if hasattr(chart, "to_dict"):
        spec = chart.to_dict()
    elif isinstance(chart, dict):
        spec = copy.deepcopy(chart)
    else:
        raise TypeError("Erwartet wird eine Altair-Abbildung (alt.Chart) oder eine Vega-Lite-Spezifikation.")
    for zeilen, was in _verborgenes(spec, spec.get("datasets", {})):
        raise BerichtswerkFehler(AbbildungRohdaten.melde(label=label, zeilen=zeilen, was=was))
    spec = _nur_gezeigtes(spec)
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
        ganz = vollstaendig(spezifikation_von(abbildung, thema))
        spec = {k: v for k, v in ganz.items() if k not in ("$schema", "config")}
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


# --- Veröffentlicht wird, was zu sehen ist ---------------------------------------------------------------

_WORTE = frozenset({"title", "subtitle", "description", "name", "data", "datasets"})
"""Unter diesen Schlüsseln steht Wortlaut, keine Spalte."""
_WAEHLT_AUS = frozenset({"filter", "sample"})
_FASST_ZUSAMMEN = frozenset({"aggregate", "density", "loess", "pivot", "quantile", "regression"})
_KENNWERTE = frozenset({"boxplot", "errorband", "errorbar"})


def _nur_gezeigtes(spec: dict[str, Any]) -> dict[str, Any]:
    """Ohne Spalten, die nirgends vorkommen, und ohne Datensätze, die niemand zeigt."""
    woerter, ausdruecke = set[str](), ""
    for wort in _woerter({k: v for k, v in spec.items() if k not in _WORTE}):
        if "datum" in wort:
            ausdruecke += wort
        else:  # auch „a.b“ und „a[0]“ nennen die Spalte „a“
            woerter |= {wort, wort.replace("\\", ""), re.split(r"(?<!\\)[.\[]", wort)[0]}

    def genutzt(spalte: str) -> bool:
        name = re.escape(spalte)
        return spalte in woerter or bool(re.search(rf"datum(?:\.{name}(?!\w)|\[.{name}.\])", ausdruecke))

    def zeile(z: Any) -> Any:
        if not isinstance(z, dict):
            return z
        if z.get("type") == "Feature":
            return z | {"properties": {k: v for k, v in (z.get("properties") or {}).items() if genutzt(k)
                                       or f"properties.{k}" in woerter}}  # fmt: skip
        return {k: v for k, v in z.items() if genutzt(k)}

    def daten(knoten: Any) -> Any:
        if isinstance(knoten, dict) and isinstance(knoten.get("values"), list):
            return knoten | {"values": [zeile(z) for z in knoten["values"]]}
        return knoten

    neu: dict[str, Any] = _ersetzt(spec, daten)
    if "datasets" in spec:
        gezeigt = {k["data"].get("name") for k in _knoten(spec) if isinstance(k.get("data"), dict)}
        gezeigt |= woerter  # lookup nennt seine Daten tiefer
        saetze = {n: [zeile(z) for z in satz] for n, satz in spec["datasets"].items() if n in gezeigt}
        neu["datasets"] = saetze
    return neu


def _woerter(knoten: Any) -> Iterator[str]:
    """Aller Wortlaut, der eine Spalte nennen kann."""
    if isinstance(knoten, str):
        yield knoten
    elif isinstance(knoten, list):
        for k in knoten:
            yield from _woerter(k)
    elif isinstance(knoten, dict):
        for name, wert in knoten.items():
            if name not in _WORTE or not isinstance(wert, str | list):
                yield from _woerter(wert) if name not in ("values", "datasets") else ()


def _verborgenes(
    ansicht: Mapping[str, Any], saetze: Mapping[str, Any], davor: Mapping[str, Any] | None = None
) -> Iterator[tuple[int, str]]:
    """Ansichten, die weniger zeigen, als ihre Daten enthalten: Zahl der Zeilen und was mit ihnen geschieht.

    ``davor`` gilt von den Ansichten darum: Daten, Kodierung, Umformungen.
    """
    davor = davor or {}
    daten = ansicht.get("data") or davor.get("data") or {}
    kodierung = {**davor.get("encoding", {}), **ansicht.get("encoding", {})}
    if isinstance(ansicht.get("facet"), dict):
        kodierung["facet"] = ansicht["facet"]
    schritte = [*davor.get("transform", ()), *ansicht.get("transform", ())]
    hier = {"data": daten, "encoding": kodierung, "transform": schritte}
    for name in ("layer", "hconcat", "vconcat", "concat"):
        for teil in ansicht.get(name, ()):
            yield from _verborgenes(teil, saetze, hier)
    if isinstance(ansicht.get("spec"), dict):
        yield from _verborgenes(ansicht["spec"], saetze, hier)
    zeilen = saetze.get(daten.get("name", ""), daten.get("values"))
    if "mark" not in ansicht or not isinstance(zeilen, list) or len(zeilen) < 2:
        return
    arten = {art for schritt in schritte for art in schritt}
    marke = ansicht["mark"].get("type") if isinstance(ansicht["mark"], dict) else ansicht["mark"]
    if arten & _WAEHLT_AUS:
        yield len(zeilen), "wählt erst beim Zeichnen daraus aus"
    elif arten & _FASST_ZUSAMMEN or marke in _KENNWERTE or _gruppen(kodierung, zeilen) < len(zeilen):
        yield len(zeilen), "fasst sie erst beim Zeichnen zusammen"


def _gruppen(kodierung: Mapping[str, Any], zeilen: list[Any]) -> int:
    """Wie viele Zeichen aus den Zeilen werden; ohne Zusammenfassung aus jeder eines."""
    kanaele = [k for wert in kodierung.values() for k in (wert if isinstance(wert, list) else [wert])]
    kanaele = [k for k in kanaele if isinstance(k, dict)]
    if not any(k.get("aggregate") for k in kanaele):
        return len(zeilen)
    nach = [k for k in kanaele if "field" in k and not k.get("aggregate")]
    if any(k.get("bin") or k.get("timeUnit") for k in nach):
        return 0
    felder = [str(k["field"]).replace("\\", "") for k in nach]
    return len({tuple(str(z.get(f)) for f in felder) for z in zeilen if isinstance(z, dict)})


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
