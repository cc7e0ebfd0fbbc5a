"""Der YAML-Kopf der Übergabe: was auf Titelblatt und Impressumsseite steht."""

from __future__ import annotations

from typing import Any

import yaml

from berichtswerk.ausfuehrung.plan import Auftrag
from berichtswerk.bericht.ausgabe import BAND


class _Ausgeschrieben(yaml.SafeDumper):
    """Schreibt gleiche Werte aus, statt auf den ersten zu verweisen: das liest sich und liest jeder."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def titelei(auftrag: Auftrag, gebiet_name: str, beispiel: bool, daten: bool) -> str:
    """Der Kopf als YAML zwischen ``---``; Reihenfolge fest, Leeres fehlt."""
    datei = auftrag.angaben.datei
    angaben: dict[str, Any] = {
        "bericht": auftrag.bericht,
        "ausgabe": auftrag.ausgabe,
        "variante": auftrag.variante,
        "gebiet": str(auftrag.parameter.get("gebiet", "")),
        "gebiet_name": gebiet_name,
        "stamm": auftrag.stamm,
        "status": datei.status,
        "band": BAND.get(datei.status, ""),
        "stand": datei.stand,
        "herausgeber": datei.herausgeber,
        "redaktion": datei.redaktion,
        "kontakt": datei.kontakt,
        "beschluss": datei.beschluss.model_dump(exclude_none=True) if datei.beschluss else None,
        "beispiel": beispiel,
        "daten": daten,
    }
    kopf: dict[str, Any] = {
        "title": auftrag.titel,
        "subtitle": auftrag.untertitel,
        "date": datei.stand,
        "author": datei.herausgeber,
        "lang": "de-DE",
        "format": {"html": "default", "typst": {"output-file": auftrag.stamm}},
        "berichtswerk": {name: wert for name, wert in angaben.items() if wert not in ("", None, False)},
    }
    gefuellt = {name: wert for name, wert in kopf.items() if wert not in ("", None)}
    text = yaml.dump(gefuellt, Dumper=_Ausgeschrieben, allow_unicode=True, sort_keys=False, width=10_000)
    return f"---\n{text}---"
