"""Ein kleines erfundenes Projekt, in das jeder Test seine Lieferung legt."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt

GEBIETE = """
gebietsstand: "2023-12-31"
kreis: "09999"
gebiete:
  - {schluessel: DG, name: Deutschland, ebene: bund}
  - {schluessel: "09", name: Land Musterland, name_kurz: Musterland, ebene: land, teil_von: DG}
  - {schluessel: "09999", name: Landkreis Musterau, name_kurz: Musterau, ebene: kreis, teil_von: "09"}
  - {schluessel: "099990101", name: Stadt Altdorf, ebene: einheit, teil_von: "09999", art: Stadt}
  - {schluessel: "09999101", name: Altdorf, ebene: gemeinde, teil_von: "099990101", art: Stadt}
  - {schluessel: "099990102", name: Gemeinde Neustetten, ebene: einheit, teil_von: "09999"}
  - {schluessel: "09999102", name: Neustetten, ebene: gemeinde, teil_von: "099990102"}
"""
QUELLE = """
name: probe
title: Probe
path: dateien/{datei}
format: {format}
{ressource}
statistik:
  herausgeber: Musteramt
  stand: 2024-01-31
  attribution: "© Musteramt"
  ressort: Statistikstelle
  periodizitaet: jaehrlich
  herkunft: beispiel
{statistik}
lesen:
{lesen}
"""


def eingerueckt(text: str) -> str:
    return "\n".join(f"  {zeile}" for zeile in text.strip("\n").splitlines())


class Werk:
    """Legt eine Lieferung und ihre Beschreibung ab und liest sie."""

    def __init__(self, wurzel: Path) -> None:
        self.projekt = Projekt(wurzel)
        for ordner in (self.projekt.quellen, self.projekt.daten / "dateien"):
            ordner.mkdir(parents=True)
        (self.projekt.daten / "gebiete.yaml").write_text(GEBIETE, encoding="utf-8")

    def datei(self, name: str) -> Path:
        return self.projekt.daten / "dateien" / name

    def beschreibe(self, name: str, lesen: str, *, statistik: str = "", ressource: str = "") -> None:
        text = QUELLE.format(
            datei=name, format=name.rpartition(".")[2], lesen=eingerueckt(lesen),
            statistik=eingerueckt(statistik), ressource=ressource,
        )  # fmt: skip
        (self.projekt.quellen / "probe.yaml").write_text(text, encoding="utf-8")

    def bestand(self) -> Datenbestand:
        return Datenbestand(self.projekt)

    def lies(
        self, name: str, inhalt: str | bytes | None, lesen: str, *, statistik: str = "", ressource: str = ""
    ) -> pd.DataFrame:
        """Legt ``inhalt`` ab (``None``: die Datei liegt schon da) und liest ihn."""
        if inhalt is not None:
            self.datei(name).write_bytes(inhalt if isinstance(inhalt, bytes) else inhalt.encode())
        self.beschreibe(name, lesen, statistik=statistik, ressource=ressource)
        return self.bestand().tabelle("probe").werte

    def meldungen(
        self, name: str, inhalt: str | bytes | None, lesen: str, *, statistik: str = "", ressource: str = ""
    ) -> str:
        """Der Text aller Befunde."""
        with pytest.raises(BerichtswerkFehler) as gefangen:
            self.lies(name, inhalt, lesen, statistik=statistik, ressource=ressource)
        return str(gefangen.value)


@pytest.fixture
def werk(tmp_path: Path) -> Werk:
    return Werk(tmp_path)


@pytest.fixture
def kurz() -> Callable[..., list[tuple[object, ...]]]:
    """Ausgewählte Spalten als Liste von Tupeln."""

    def waehle(werte: pd.DataFrame, *spalten: str) -> list[tuple[object, ...]]:
        return list(werte[list(spalten)].astype(object).where(werte[list(spalten)].notna(), None).itertuples(
            index=False, name=None))  # fmt: skip

    return waehle


@pytest.fixture(scope="session")
def neues_werk() -> Callable[[], Werk]:
    """Für Eigenschaften: je Beispiel ein eigenes Projekt, das der Test selbst wegräumt."""
    return lambda: Werk(Path(tempfile.mkdtemp()))
