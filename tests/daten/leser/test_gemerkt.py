"""Gelesene Tabellen werden aufgehoben: gleich ist gleich, anders wird neu gelesen, Fehler bleiben Fehler."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
import pytest

from berichtswerk.daten import leser
from berichtswerk.daten.leser import umformen
from berichtswerk.grund import ablage as merkstelle

LESEN = """
leser: csv
zahlform: schlicht
gebiet: {spalte: ags, unbekannte: weglassen}
zeit: {spalte: jahr, art: jahr}
merkmale: {alter: alter}
groessen: {anzahl: anzahl}
"""
ZEICHEN = {"statistik": 'zeichen: {".": unbekannt}'}
CSV = "ags,jahr,alter,anzahl\n09999,2022,unter 3,1234.5\n09999,2023,unter 3,.\n09,2023,,7\n"


class Stelle:
    """Eine Merkstelle im Speicher."""

    def __init__(self) -> None:
        self.inhalt: dict[tuple[str, str], bytes] = {}

    def hole(self, art: str, schluessel: str) -> bytes | None:
        return self.inhalt.get((art, schluessel))

    def lege(self, art: str, schluessel: str, inhalt: bytes) -> None:
        self.inhalt[art, schluessel] = inhalt


@pytest.fixture
def stelle() -> Iterator[Stelle]:
    eine = Stelle()
    merkstelle.richte_ein(eine)
    yield eine
    merkstelle.richte_ein(None)


@pytest.fixture
def umgeformt(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Welche Dateien wirklich umgeformt wurden."""
    gesehen: list[str] = []
    echt = umformen.Umformer.lies

    def lies(selbst):
        gesehen.append(selbst._auftrag.datei)
        return echt(selbst)

    monkeypatch.setattr(umformen.Umformer, "lies", lies)
    return gesehen


def test_dieselbe_lieferung_wird_einmal_umgeformt_und_ist_danach_gleich(werk, stelle, umgeformt):
    erst = werk.lies("a.csv", CSV, LESEN, **ZEICHEN)
    wieder = werk.lies("a.csv", None, LESEN, **ZEICHEN)
    assert umgeformt == ["daten/dateien/a.csv"]
    pd.testing.assert_frame_equal(erst, wieder)
    assert list(erst.dtypes.astype(str)) == [
        "str", "str", "int64", "str", "str", "float64", "str", "str", "str", "str", "int64", "str", "str",
    ]  # fmt: skip
    assert list(werk.bestand().tabelle("probe").texte["status"]) == ["wert", "unbekannt", "wert"]


@pytest.mark.parametrize("was", ["wert", "beschreibung", "gebiete"])
def test_jede_andere_eingabe_wird_neu_gelesen(werk, stelle, umgeformt, was):
    werk.lies("a.csv", CSV, LESEN, **ZEICHEN)
    lesen, inhalt = LESEN, CSV
    if was == "wert":
        inhalt = CSV.replace("1234.5", "1234.6")
    elif was == "beschreibung":
        lesen = LESEN.replace("{anzahl: anzahl}", "{zahl: anzahl}")
    else:
        gebiete = werk.projekt.daten / "gebiete.yaml"
        gebiete.write_text(gebiete.read_text("utf-8").replace('schluessel: "09",', 'schluessel: "08",')
                           .replace('teil_von: "09"}', 'teil_von: "08"}'), "utf-8")  # fmt: skip
    werte = werk.lies("a.csv", inhalt, lesen, **ZEICHEN)
    assert len(umgeformt) == 2
    assert (werte["wert"][0], werte["groesse"][0], len(werte)) == {
        "wert": (1234.6, "anzahl", 3), "beschreibung": (1234.5, "zahl", 3), "gebiete": (1234.5, "anzahl", 2),
    }[was]  # fmt: skip


def test_fehler_werden_nie_aufgehoben_und_immer_gleich_gemeldet(werk, stelle, umgeformt):
    kaputt = CSV.replace("1234.5", "viel")
    erst = werk.meldungen("a.csv", kaputt, LESEN, **ZEICHEN)
    assert "Das Zeichen „viel“ ist in dieser Quelle nicht erklärt." in erst
    assert werk.meldungen("a.csv", None, LESEN, **ZEICHEN) == erst
    assert stelle.inhalt == {}
    werk.lies("a.csv", CSV, LESEN, **ZEICHEN)
    werk.datei("a.csv").unlink()
    assert "Die Datendatei gibt es nicht." in werk.meldungen("a.csv", None, LESEN, **ZEICHEN)


def test_aendert_sich_die_datei_beim_lesen_wird_nichts_aufgehoben(werk, stelle, monkeypatch):
    echt = umformen.Umformer.lies

    def lies(selbst):
        selbst._auftrag.pfad.write_text(CSV.replace("1234.5", "9"), "utf-8")
        return echt(selbst)

    monkeypatch.setattr(umformen.Umformer, "lies", lies)
    werk.lies("a.csv", CSV, LESEN, **ZEICHEN)
    assert stelle.inhalt == {}


def test_ohne_merkstelle_wird_jedes_mal_gelesen(werk, umgeformt):
    werk.lies("a.csv", CSV, LESEN, **ZEICHEN)
    werk.lies("a.csv", None, LESEN, **ZEICHEN)
    assert len(umgeformt) == 2


def test_sehr_grosse_tabellen_werden_nicht_aufgehoben(werk, stelle, monkeypatch):
    monkeypatch.setattr(leser, "HOECHSTENS", 2)
    werk.lies("a.csv", CSV, LESEN, **ZEICHEN)
    assert stelle.inhalt == {}
