"""Meldungen: eine Form für alle Befunde."""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest

from berichtswerk.grund.meldung import ARTEN, Befundart, BerichtswerkFehler, Meldung, Meldungen, Stufe
from berichtswerk.grund.projekt import Projekt

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


NOTIZBUCH = """\
from berichtswerk.grund.meldung import ARTEN, Befundart, BerichtswerkFehler, Meldung, Meldungen, Stufe

raise BerichtswerkFehler(Meldung("datei-leer", "Die Datei ist leer.", "daten/a.csv", abhilfe="Neu ablegen."))
"""


def gezeigt_in_ipython(tmp_path, **umgebung) -> str:
    """Was IPython zu einer scheiternden Zelle zeigt."""
    programm = (
        "from IPython.core.interactiveshell import InteractiveShell as S\n"
        "from traitlets.config import Config\n"
        "e = Config(); e.HistoryManager.enabled = False\n"
        f"s = S.instance(config=e, ipython_dir={str(tmp_path)!r}); s.colors = 'nocolor'\n"
        f"s.run_cell({NOTIZBUCH!r})\n"
    )
    frei = {name: wert for name, wert in os.environ.items() if name != "BERICHTSWERK_LAUF"}
    lauf = subprocess.run(
        [sys.executable, "-c", programm], capture_output=True, encoding="utf-8", check=True,
        env={**frei, "PYTHONUTF8": "1", **umgebung},
    )  # fmt: skip
    return lauf.stdout


def test_im_notizbuch_steht_nur_die_deutsche_meldung(tmp_path):
    assert (
        gezeigt_in_ipython(tmp_path)
        == """\
Zeile 3 dieser Zelle:

FEHLER [datei-leer] daten/a.csv
  Die Datei ist leer.
  Abhilfe: Neu ablegen.
"""
    )


def test_im_lauf_des_werks_bleibt_der_traceback_mit_der_zeile(tmp_path):
    assert "Cell In[1], line 3" in gezeigt_in_ipython(tmp_path, BERICHTSWERK_LAUF="1")


def test_eine_befundart_fuellt_ihre_vorlagen_und_kennt_nur_eine_klasse_je_kennung() -> None:
    class ProbeDoppelt(Befundart):
        text = "„{name}“ steht zweimal."
        ursache = "{anzahl} Fundstellen"
        abhilfe = "Benennen Sie eine um."
        feld = "name"

    m = ProbeDoppelt.melde(name="a", anzahl=2, datei="x.yaml", ort="Zeile 3")
    assert str(m).splitlines() == [
        "FEHLER [probe-doppelt] x.yaml, Zeile 3, Feld „name“",
        "  „a“ steht zweimal.",
        "  Ursache: 2 Fundstellen",
        "  Abhilfe: Benennen Sie eine um.",
    ]
    with pytest.raises(KeyError, match="anzahl"):
        ProbeDoppelt.melde(name="a")
    with pytest.raises(TypeError, match="probe-doppelt"):
        type("Zweite", (Befundart,), {"kennung": "probe-doppelt", "text": "x"})
    del ARTEN["probe-doppelt"]
