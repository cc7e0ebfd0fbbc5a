"""Freie Abbildungen: eine eigene Altair-Abbildung sieht aus wie die anderen und bleibt gleich."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from berichtswerk.bild.leinwand import vollstaendig

if TYPE_CHECKING:
    import pandas as pd

    from berichtswerk.bild.thema import Thema


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
    return _feste_namen(spec)


def _eigene_config(spec: dict[str, Any]) -> dict[str, Any]:
    """Eigene Einstellungen ohne die Vorgabe, die Altair immer hineinschreibt."""
    vorgabe = {"view": {"continuousWidth": 300, "continuousHeight": 300}}
    return {k: v for k, v in spec.get("config", {}).items() if vorgabe.get(k) != v}


def _feste_namen(spec: dict[str, Any]) -> dict[str, Any]:
    """Benennt Datensätze nach ihrer Reihenfolge, damit gleiche Abbildungen gleiche Bytes ergeben."""
    namen = {alt: f"daten_{nr}" for nr, alt in enumerate(spec.get("datasets", {}))}

    def ersetze(knoten: Any) -> Any:
        if isinstance(knoten, dict):
            neu = {k: ersetze(v) for k, v in knoten.items()}
            if isinstance(neu.get("data"), dict) and neu["data"].get("name") in namen:
                neu["data"] = {**neu["data"], "name": namen[neu["data"]["name"]]}
            return neu
        return [ersetze(k) for k in knoten] if isinstance(knoten, list) else knoten

    neu: dict[str, Any] = ersetze({k: v for k, v in spec.items() if k != "datasets"})
    if namen:
        neu["datasets"] = {namen[k]: v for k, v in spec["datasets"].items()}
    return neu


def daten_von(spec: dict[str, Any]) -> pd.DataFrame:
    """Die Daten, die in der Spezifikation stehen.

    Raises:
        ValueError: wenn keine Daten darin stehen.
    """
    import pandas as pd

    for satz in spec.get("datasets", {}).values():
        return pd.DataFrame(satz)
    werte = spec.get("data", {}).get("values")
    if not werte:
        raise ValueError("In der Abbildung stehen keine Daten; geben Sie sie mit daten=… an.")
    return pd.DataFrame(werte)
