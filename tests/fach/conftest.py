"""Ein kleiner Datenbestand im Speicher: Musterkreis mit zwei Einheiten und drei Gemeinden."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
import pytest

from berichtswerk.daten.gebiete import Gebietsdatei, Gebietsverzeichnis
from berichtswerk.daten.quelle import Quelle
from berichtswerk.daten.tabelle import Tabelle
from berichtswerk.fach.kennzahl import Kennzahl

GEBIETE: dict[str, Any] = {
    "gebietsstand": "2024-12-31",
    "kreis": "99001",
    "gebiete": [
        {"schluessel": schluessel, "name": name, "ebene": ebene, "teil_von": teil_von, "art": art}
        for schluessel, name, ebene, teil_von, art in (
            ("DG", "Deutschland", "bund", None, None),
            ("99", "Land Muster", "land", "DG", None),
            ("99001", "Musterkreis", "kreis", "99", None),
            ("99001-P1", "Planungsgebiet West", "planungsgebiet", "99001", None),
            ("990015801", "Amt Musterau", "einheit", "99001-P1", "Amt"),
            ("99001011", "Musterau", "gemeinde", "990015801", "Stadt"),
            ("99001012", "Kleindorf", "gemeinde", "990015801", None),
            ("990010020", "Seestadt", "einheit", "99001-P1", "Stadt"),
            ("99001020", "Seestadt", "gemeinde", "990010020", "Stadt"),
        )
    ],
}


def mache_quelle(name: str, **statistik: Any) -> Quelle:
    return Quelle.model_validate(
        {
            "name": name,
            "title": name,
            "path": f"dateien/{name}.csv",
            "format": "csv",
            "statistik": {
                "herausgeber": "Amt",
                "stand": "2025-01-01",
                "attribution": "Amt",
                "ressort": "Planung",
                "periodizitaet": "jaehrlich",
                "herkunft": "beispiel",
                **statistik,
            },
            "lesen": {
                "leser": "csv",
                "gebiet": {"spalte": "gebiet"},
                "zeit": {"spalte": "jahr"},
                "groesse": {"spalte": "groesse"},
                "wert": "wert",
            },
        }
    )


def mache_tabelle(name: str, zeilen: list[dict[str, Any]], **statistik: Any) -> Tabelle:
    """Zeilen mit gebiet, zeit, wert; alles Weitere hat Vorgaben. ``None`` als Wert heißt geheim."""
    fertig = []
    for nummer, roh in enumerate(zeilen, start=2):
        zeit = str(roh["zeit"])
        wert = roh.get("wert")
        fertig.append(
            {
                "basis": "",
                "gebietsstand": "",
                "groesse": "anzahl",
                "datei": f"daten/dateien/{name}.csv",
                "zeile": nummer,
                "spalte": "wert",
                "roh": "" if wert is None else str(wert),
                "status": "geheim" if wert is None else "wert",
                **roh,
                "zeit": zeit,
                "jahr": int(zeit[:4]),
                "wert": float("nan") if wert is None else float(wert),
            }
        )
    return Tabelle.aus(mache_quelle(name, **statistik), pd.DataFrame(fertig).to_dict("list"))


@dataclass
class Bestand:
    """Verhält sich wie ``Datenbestand``, nur im Speicher."""

    gebiete: Gebietsverzeichnis
    tabellen: dict[str, Tabelle] = field(default_factory=dict)
    ausstehende: dict[str, Quelle] = field(default_factory=dict)

    @property
    def quellen(self) -> Mapping[str, Quelle]:
        return {name: t.quelle for name, t in self.tabellen.items()}

    def tabelle(self, name: str) -> Tabelle:
        return self.tabellen[name]

    def mit(self, name: str, zeilen: list[dict[str, Any]], **statistik: Any) -> Bestand:
        self.tabellen[name] = mache_tabelle(name, zeilen, **statistik)
        return self


@pytest.fixture
def verzeichnis() -> Gebietsverzeichnis:
    return Gebietsverzeichnis(Gebietsdatei.model_validate(GEBIETE))


@pytest.fixture
def bestand(verzeichnis: Gebietsverzeichnis) -> Bestand:
    return Bestand(verzeichnis)


@pytest.fixture
def kennzahl() -> Callable[..., Kennzahl]:
    """Kennzahl aus Wegen; Vorgabe: Quotient in Prozent."""

    def mache(*wege: dict[str, Any], **felder: Any) -> Kennzahl:
        return Kennzahl.model_validate(
            {
                "id": "probe",
                "name": "Probe",
                "einheit": "Prozent",
                "einheit_kurz": "%",
                "art": "anteil",
                "nachkommastellen": 1,
                "faktor": 100,
                "wege": list(wege),
                "definition": "Zähler durch Nenner.",
                **felder,
            }
        )

    return mache


@pytest.fixture
def quotient(bestand: Bestand, kennzahl: Callable[..., Kennzahl]) -> Callable[..., tuple[Kennzahl, Bestand]]:
    """Zähler durch Nenner für den Kreis im Jahr 2023."""

    def mache(zaehler: float, nenner: float, **felder: Any) -> tuple[Kennzahl, Bestand]:
        zeile = {"gebiet": "99001", "zeit": "2023"}
        bestand.mit("z", [{**zeile, "wert": zaehler}]).mit("n", [{**zeile, "wert": nenner}])
        return kennzahl(einfacher_weg(), **felder), bestand

    return mache


def einfacher_weg(**felder: Any) -> dict[str, Any]:
    """Der einfachste Weg: Quelle z durch Quelle n."""
    return {
        "zaehler": [{"quelle": "z", "groesse": "anzahl"}],
        "nenner": [{"quelle": "n", "groesse": "anzahl"}],
        **felder,
    }


@pytest.fixture
def weg() -> Callable[..., dict[str, Any]]:
    return einfacher_weg
