"""Ein Projekt mit einer Quelle, die jede Prüfung besteht; jeder Test verdirbt genau eine Sache."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.daten.pruefung import pruefe_daten
from berichtswerk.grund.meldung import Meldungen
from berichtswerk.grund.projekt import Projekt

GEBIETE = """\
gebietsstand: "2024-12-31"
kreis: "99001"
gebiete:
  - {schluessel: DG, name: Deutschland, ebene: bund}
  - {schluessel: "99", name: Land Muster, ebene: land, teil_von: DG}
  - {schluessel: "99001", name: Musterkreis, ebene: kreis, teil_von: "99"}
  - {schluessel: "990015801", name: Amt Musterau, ebene: einheit, teil_von: "99001", art: Amt}
  - {schluessel: "99001011", name: Musterau, ebene: gemeinde, teil_von: "990015801", art: Stadt}
  - {schluessel: "99001012", name: Kleindorf, ebene: gemeinde, teil_von: "990015801"}
  - {schluessel: "990010020", name: Seestadt, ebene: einheit, teil_von: "99001", art: Stadt}
  - {schluessel: "99001020", name: Seestadt, ebene: gemeinde, teil_von: "990010020", art: Stadt}
"""

CSV = """\
gebiet,stichtag,einwohner
99001011,2021-12-31,1000
99001012,2021-12-31,200
99001020,2021-12-31,300
99001,2021-12-31,1500
99001011,2022-12-31,1010
99001012,2022-12-31,198
99001020,2022-12-31,302
99001,2022-12-31,1510
99001011,2023-12-31,1012
99001012,2023-12-31,197
99001020,2023-12-31,301
99001,2023-12-31,1510
"""

HEUTE = date(2025, 6, 1)


@dataclass
class Fall:
    """Baut das Projekt und prüft es; ``quelle`` und ``statistik`` überschreiben die Beschreibung."""

    ordner: Path
    csv: str = CSV
    felder: list[dict[str, Any]] = field(
        default_factory=lambda: [
            {"name": "gebiet", "type": "string", "constraints": {"required": True}},
            {"name": "stichtag", "type": "date", "constraints": {"required": True}},
            {"name": "einwohner", "type": "integer", "constraints": {"minimum": 0}},
        ]
    )
    lesen: dict[str, Any] = field(
        default_factory=lambda: {
            "leser": "csv",
            "gebiet": {"spalte": "gebiet"},
            "zeit": {"spalte": "stichtag", "art": "stichtag"},
            "groessen": {"einwohner": "einwohner"},
        }
    )
    statistik: dict[str, Any] = field(default_factory=dict)
    mehr: dict[str, Any] = field(default_factory=dict)

    def schreibe(self) -> Datenbestand:
        daten = self.ordner / "daten"
        for name in ("quellen", "dateien"):
            (daten / name).mkdir(parents=True, exist_ok=True)
        (daten / "gebiete.yaml").write_text(GEBIETE, encoding="utf-8")
        datei = daten / "dateien" / "bev.csv"
        datei.write_text(self.csv, encoding="utf-8")
        quelle = {
            "name": "bev",
            "title": "Bevölkerung",
            "path": "dateien/bev.csv",
            "format": "csv",
            "hash": "sha256:" + hashlib.sha256(datei.read_bytes()).hexdigest(),
            "schema": {"fields": self.felder},
            "statistik": {
                "herausgeber": "Statistisches Amt",
                "stand": "2024-12-31",
                "stichtag": "31.12.",
                "attribution": "© Statistisches Amt",
                "ressort": "Planung",
                "periodizitaet": "jaehrlich",
                "naechste_lieferung": "2025-09-30",
                "herkunft": "amtlich",
                **self.statistik,
            },
            "lesen": self.lesen,
            **self.mehr,
        }
        beschreibung = {k: v for k, v in quelle.items() if v is not None}
        (daten / "quellen" / "bev.yaml").write_text(
            json.dumps(beschreibung, ensure_ascii=False), encoding="utf-8"
        )
        return Datenbestand(Projekt(self.ordner))

    def pruefe(self, heute: date = HEUTE) -> Meldungen:
        return pruefe_daten(self.schreibe(), heute)


@pytest.fixture
def fall(tmp_path: Path) -> Fall:
    return Fall(tmp_path)


@pytest.fixture
def texte() -> Callable[[Meldungen], list[str]]:
    return lambda meldungen: [str(m) for m in meldungen]
