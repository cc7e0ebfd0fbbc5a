"""Der Befehl selbst: Adresse, Strg+C, und auch nach einem Abschuss bleibt kein Prozess zurück."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest
from prozesshilfe import kinder, uebrig

from berichtswerk.grund.projekt import Projekt


@pytest.fixture
def befehl(muster: Projekt) -> Iterator[subprocess.Popen[str]]:
    """``berichtswerk vorschau lage`` in einem eigenen Prozess, die Adresse ist schon gelesen."""
    aufruf = [sys.executable, "-m", "berichtswerk", "--projekt", str(muster.wurzel), "vorschau", "lage"]
    prozess = subprocess.Popen(
        [*aufruf, "--kein-browser", "--port", "0"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert prozess.stdout is not None
    assert prozess.stdout.readline().startswith("Vorschau: http://127.0.0.1:")
    assert prozess.stdout.readline() == "Speichern genügt, die Seite erneuert sich. Beenden mit Strg+C.\n"
    yield prozess
    prozess.kill()
    prozess.communicate()


def test_strg_c_endet_sauber(befehl: subprocess.Popen[str], muster: Projekt) -> None:
    gestartet = kinder(befehl.pid)
    befehl.send_signal(signal.SIGINT)
    aus, fehler = befehl.communicate(timeout=60)
    assert befehl.returncode == 0 and fehler == ""
    assert aus.endswith("Vorschau beendet.\n")
    assert uebrig(gestartet) == []
    assert list((muster.wurzel / ".berichtswerk" / "vorschau").iterdir()) == []


def test_nach_einem_abschuss_bleibt_kein_prozess(befehl: subprocess.Popen[str]) -> None:
    gestartet = kinder(befehl.pid)
    befehl.kill()
    befehl.wait()
    assert uebrig(gestartet, 30) == []
