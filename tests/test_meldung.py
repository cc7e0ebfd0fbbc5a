"""Meldungen: eine Form für alle Befunde."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from berichtswerk.meldung import BerichtswerkFehler, Meldung, Meldungen, Stufe
from berichtswerk.projekt import Projekt

BEISPIEL = Meldung(
    "zahl-unlesbar",
    "„zwölf“ ist keine Zahl.",
    datei="daten/dateien/a.csv",
    ort="Zeile 3",
    feld="einwohner",
    ursache="In der Spalte stehen sonst Zahlen.",
    abhilfe="Berichtigen Sie den Wert oder fragen Sie beim Lieferanten nach.",
)


def test_eine_meldung_nennt_ort_feld_ursache_und_abhilfe() -> None:
    assert str(BEISPIEL) == (
        "FEHLER [zahl-unlesbar] daten/dateien/a.csv, Zeile 3, Feld „einwohner“\n"
        "  „zwölf“ ist keine Zahl.\n"
        "  Ursache: In der Spalte stehen sonst Zahlen.\n"
        "  Abhilfe: Berichtigen Sie den Wert oder fragen Sie beim Lieferanten nach."
    )


def test_alle_befunde_kommen_auf_einmal_und_hinweise_halten_nichts_an() -> None:
    sammlung = Meldungen()
    sammlung.dazu(Meldung("summe", "Die Summe weicht ab.", stufe=Stufe.HINWEIS))
    sammlung.pruefe()
    sammlung.dazu(BEISPIEL, BEISPIEL)
    with pytest.raises(BerichtswerkFehler) as fehler:
        sammlung.pruefe()
    assert len(fehler.value.meldungen) == 3
    assert sammlung.als_text().endswith("2 Fehler, 0 Warnungen, 1 Hinweis")
    assert [m["stufe"] for m in json.loads(sammlung.als_json())] == ["hinweis", "fehler", "fehler"]


def test_fehler_ueberleben_den_weg_aus_einem_arbeiter() -> None:
    zurueck = pickle.loads(pickle.dumps(BerichtswerkFehler(BEISPIEL)))
    assert zurueck.meldungen == [BEISPIEL]


def test_ausserhalb_eines_projekts_sagt_die_meldung_was_zu_tun_ist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BERICHTSWERK_PROJEKT", raising=False)
    with pytest.raises(BerichtswerkFehler, match="Wechseln Sie in den Projektordner"):
        Projekt.finde(tmp_path)
