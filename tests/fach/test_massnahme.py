"""Maßnahmen: was in daten/massnahmen.yaml stehen darf, welche Ausgabe was zeigt, wie Fehler heißen."""
# ruff: noqa: E501 - Meldungen stehen im Wortlaut

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from berichtswerk.fach.massnahme import lade_massnahmen, massnahmen_zu
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt

EINE = """\
  - id: {id}
    berichte: [{bericht}]
    befund: Kinderarmut
    ziel: Weniger Kinder sind arm.
    massnahme: Hilfe beim Antrag anbieten.
    verlauf:
      - {{ab: 2024-01-01, stand: vorschlag}}
      - {{ab: {zweiter}, stand: begonnen, beschluss: Kreistag 12/2025}}
    erfolg: {{kennzahl: {kennzahl}, ausgang: 2022, soll: sinken}}
"""


@pytest.fixture
def projekt(tmp_path: Path) -> Projekt:
    (tmp_path / "daten").mkdir()
    (tmp_path / "berichte/lage/2024").mkdir(parents=True)
    (tmp_path / "berichte/lage/2024/bericht.yml").touch()
    return Projekt(tmp_path)


def _schreibe(projekt: Projekt, *angaben: dict[str, str]) -> None:
    vorgabe = {"id": "hilfe", "bericht": "lage", "zweiter": "2025-12-01", "kennzahl": "quote"}
    text = "massnahmen:\n" + "".join(EINE.format(**{**vorgabe, **a}) for a in angaben)
    (projekt.daten / "massnahmen.yaml").write_text(text, "utf-8")


def test_ohne_datei_gibt_es_keine(projekt: Projekt) -> None:
    assert lade_massnahmen(projekt, {"quote"}) == ()


@pytest.mark.parametrize(
    ("tag", "stand"),
    [(date(2023, 12, 31), None), (date(2024, 1, 1), "vorschlag"), (date(2026, 1, 1), "begonnen")],
)
def test_jede_ausgabe_zeigt_den_stand_ihres_tages(projekt: Projekt, tag: date, stand: str | None) -> None:
    _schreibe(projekt, {})
    alle = lade_massnahmen(projekt, {"quote"})
    assert [s.stand for _, s in massnahmen_zu(alle, "lage", tag)] == ([stand] if stand else [])
    assert massnahmen_zu(alle, "anderer", tag) == []


def test_alle_fehler_auf_einmal(projekt: Projekt) -> None:
    _schreibe(projekt, {"kennzahl": "quotte"}, {"bericht": "lagen", "zweiter": "2023-05-01"})
    with pytest.raises(BerichtswerkFehler) as fehler:
        lade_massnahmen(projekt, {"quote"})
    assert [str(m).split("\n  Abhilfe")[0] for m in fehler.value.meldungen] == [
        "FEHLER [massnahme-doppelt] daten/massnahmen.yaml, Zeile 2, Feld „massnahmen.0.id“\n"
        "  Die Maßnahme „hilfe“ steht zweimal da.\n"
        "  Ursache: Die id hält eine Maßnahme über alle Ausgaben zusammen.",
        "FEHLER [massnahme-kennzahl-unbekannt] daten/massnahmen.yaml, Zeile 10, Feld „massnahmen.0.erfolg.kennzahl“\n"
        "  Die Maßnahme „hilfe“ misst ihren Erfolg an der Kennzahl „quotte“, die es nicht gibt.\n"
        "  Ursache: Meinten Sie „quote“?",
        "FEHLER [massnahme-doppelt] daten/massnahmen.yaml, Zeile 11, Feld „massnahmen.1.id“\n"
        "  Die Maßnahme „hilfe“ steht zweimal da.\n"
        "  Ursache: Die id hält eine Maßnahme über alle Ausgaben zusammen.",
        "FEHLER [massnahme-bericht-unbekannt] daten/massnahmen.yaml, Zeile 12, Feld „massnahmen.1.berichte.0“\n"
        "  Die Maßnahme „hilfe“ nennt den Bericht „lagen“, den es nicht gibt.\n"
        "  Ursache: Meinten Sie „lage“?",
        "FEHLER [massnahme-verlauf] daten/massnahmen.yaml, Zeile 18, Feld „massnahmen.1.verlauf.1.ab“\n"
        "  Der Verlauf der Maßnahme „hilfe“ ist nicht nach Tagen geordnet.\n"
        "  Ursache: Auf 01.01.2024 folgt 01.05.2023.",
    ]
