"""Einrichten: sagt, was geschieht, holt nichts zweimal und erklärt, was fehlt."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

WURZEL = Path(__file__).parents[1]


@pytest.fixture
def einrichten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Das Skript in einem Projekt mit zwei Sperrdateien; seine Umgebung hat ein Python, das pip spielt."""
    spec = importlib.util.spec_from_file_location("einrichten", WURZEL / "einrichten.py")
    assert spec is not None and spec.loader is not None
    modul = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(modul)
    for name in ("anforderungen.lock", "anforderungen-test.lock"):
        (tmp_path / name).write_text(
            "alpha==1 \\\n    --hash=sha256:x\nbeta==2 \\\n    --hash=sha256:y\n", "utf-8"
        )
    (tmp_path / "pyproject.toml").write_text("", "utf-8")
    (tmp_path / ".venv").mkdir()
    monkeypatch.setattr(modul, "WURZEL", tmp_path)
    monkeypatch.setattr(modul, "UMGEBUNG", tmp_path / ".venv")
    monkeypatch.setattr(modul, "python_der_umgebung", lambda: Path(sys.executable))
    monkeypatch.setattr(sys, "argv", ["einrichten.py"])
    return modul


def _pip_druckt(modul: ModuleType, monkeypatch: pytest.MonkeyPatch, skript: str) -> list[list[str]]:
    aufrufe: list[list[str]] = []
    echt = subprocess.Popen

    def statt_pip(befehl: list[str], **mehr: object) -> object:
        aufrufe.append(befehl)
        return echt([sys.executable, "-c", skript], **mehr)  # type: ignore[call-overload]

    monkeypatch.setattr(modul.subprocess, "Popen", statt_pip)
    return aufrufe


def test_nennt_jedes_paket_und_holt_nichts_zweimal(
    einrichten: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    aufrufe = _pip_druckt(
        einrichten,
        monkeypatch,
        "print('Collecting alpha==1\\nCollecting beta==2\\nInstalling collected packages: a')",
    )
    assert einrichten.main() == 0
    aus = capsys.readouterr().out.splitlines()
    assert aus == [
        "Hole Berichtswerk und seine Bibliotheken: höchstens 2 Pakete, beim ersten Mal einige Minuten …",
        "    1  alpha",
        "    2  beta",
        "  entpacke …",
    ]
    assert "--require-hashes" in aufrufe[0] and "--no-deps" in aufrufe[1]
    assert "lege_eingaben_an" in aufrufe[2][-1], "dann nimmt Quarto auch einzelne Berichte"
    assert einrichten.main() == 0 and len(aufrufe) == 3
    assert capsys.readouterr().out == ""


def test_ein_gescheitertes_pip_zeigt_seine_letzten_zeilen(
    einrichten: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    _pip_druckt(einrichten, monkeypatch, "print('kein Netz'); raise SystemExit(1)")
    assert einrichten.main() == 1
    assert capsys.readouterr().err.splitlines() == [
        "kein Netz",
        "FEHLER  pip ist gescheitert. Prüfen Sie die Netzverbindung; dann hilft derselbe Befehl noch einmal.",
    ]
    assert not list(einrichten.UMGEBUNG.glob("*.ok"))


def test_ein_zu_altes_python_wird_genannt(
    einrichten: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(einrichten, "FASSUNGEN", ((9, 0), (9, 1)))
    assert einrichten.main() == 1
    assert "FEHLER  Berichtswerk braucht Python 3.11 bis 3.14" in capsys.readouterr().err
