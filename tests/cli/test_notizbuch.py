"""Notizbücher mit Ausgaben speichern: jedes Mal gleich, von nbval nachprüfbar, im Fehlerfall unberührt."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from berichtswerk.cli import main
from berichtswerk.grund.projekt import Projekt

Schreiber = Callable[..., None]


@pytest.fixture
def schreibe(muster: Projekt) -> Schreiber:
    """Legt ``notebooks/probe.ipynb`` mit den genannten Codezellen an."""

    def lege_an(*zellen: str, **metadaten: object) -> None:
        codezellen = [
            {"cell_type": "code", "id": "gleich", "execution_count": 7, "outputs": [], "source": z,
             "metadata": {"tags": ["probe"], "execution": {"iopub.status.busy": "2026-01-01"}}}
            for z in zellen
        ]  # fmt: skip
        nb = {"cells": codezellen, "metadata": metadaten, "nbformat": 4, "nbformat_minor": 5}
        (muster.notebooks / "probe.ipynb").write_text(json.dumps(nb), encoding="utf-8")

    return lege_an


def _notizbuch(muster: Projekt, *namen: str) -> int:
    return main(["--projekt", str(muster.wurzel), "notizbuch", *namen])


def test_gespeichert_wird_ohne_zeit_zufall_und_rechner(muster: Projekt, schreibe: Schreiber) -> None:
    schreibe("x = 20", "print('a'); x + 1", kernelspec={"name": "mein-kernel", "display_name": "Meiner"})
    assert _notizbuch(muster, "probe") == 0
    assert json.loads((muster.notebooks / "probe.ipynb").read_text("utf-8")) == {
        "cells": [
            {"cell_type": "code", "execution_count": 1, "id": "gleich", "metadata": {"tags": ["probe"]},
             "outputs": [], "source": ["x = 20"]},
            {"cell_type": "code", "execution_count": 2, "id": "zelle-02", "metadata": {"tags": ["probe"]},
             "outputs": [
                 {"name": "stdout", "output_type": "stream", "text": ["a\n"]},
                 {"data": {"text/plain": ["21"]}, "execution_count": 2, "metadata": {},
                  "output_type": "execute_result"}],
             "source": ["print('a'); x + 1"]},
        ],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }  # fmt: skip


def test_zweimal_ausgefuehrt_gleiche_bytes_und_nbval_besteht(
    muster: Projekt, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(muster.wurzel)
    assert _notizbuch(muster) == 0
    einmal = (muster.notebooks / "lage.ipynb").read_bytes()
    assert b'"output_type"' in einmal
    assert _notizbuch(muster, "lage") == 0
    assert (muster.notebooks / "lage.ipynb").read_bytes() == einmal
    assert capsys.readouterr().out == "erneuert: notebooks/lage.ipynb\nunverändert: notebooks/lage.ipynb\n"
    nbval = subprocess.run(
        [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider", "notebooks"],
        cwd=muster.wurzel, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert nbval.returncode == 0, nbval.stdout


MELDUNGEN = {
    "1 / 0": """\
FEHLER [notizbuch-zelle] notebooks/probe.ipynb, Zelle 2
  Eine Zelle scheitert; das Notizbuch bleibt, wie es war.
  Ursache: ZeroDivisionError: division by zero
  Abhilfe: Führen Sie das Notizbuch in JupyterLab bis zu dieser Zelle aus.""",
    "object()": """\
FEHLER [notizbuch-zufaellig] notebooks/probe.ipynb, Zelle 2
  Eine Zelle zeigt etwas, das bei jedem Lauf anders aussieht.
  Ursache: Die Ausgabe enthält eine Speicheradresse („at 0x…“).
  Abhilfe: Beenden Sie die letzte Zeile der Zelle mit einem Semikolon.""",
}


@pytest.mark.parametrize(("zelle", "meldung"), MELDUNGEN.items())
def test_was_nicht_gespeichert_werden_kann_bleibt_unberuehrt(
    muster: Projekt, schreibe: Schreiber, zelle: str, meldung: str, capsys: pytest.CaptureFixture[str]
) -> None:
    schreibe("x = 1", zelle)
    vorher = (muster.notebooks / "probe.ipynb").read_bytes()
    assert _notizbuch(muster, "probe.ipynb") == 1
    assert capsys.readouterr().err.strip() == f"{meldung}\n\n1 Fehler, 0 Warnungen, 0 Hinweise"
    assert (muster.notebooks / "probe.ipynb").read_bytes() == vorher


def test_unbekanntes_notizbuch(muster: Projekt, capsys: pytest.CaptureFixture[str]) -> None:
    assert _notizbuch(muster, "lahge") == 1
    assert capsys.readouterr().err == (
        "FEHLER [notizbuch-unbekannt] notebooks\n"
        "  Das Notizbuch „lahge“ gibt es nicht.\n"
        "  Abhilfe: Meinten Sie „lage“?\n\n"
        "1 Fehler, 0 Warnungen, 0 Hinweise\n"
    )


def test_unlesbares_notizbuch(muster: Projekt, capsys: pytest.CaptureFixture[str]) -> None:
    (muster.notebooks / "probe.ipynb").write_text("kein JSON", encoding="utf-8")
    assert _notizbuch(muster, "probe") == 1
    assert "FEHLER [notizbuch-unlesbar] notebooks/probe.ipynb" in capsys.readouterr().err


def test_ein_schreibgeschuetzter_ordner_gibt_eine_meldung(
    muster: Projekt, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def verwehrt(pfad: Path, inhalt: str) -> bool:
        raise PermissionError(13, "Permission denied", str(pfad))

    monkeypatch.setattr("berichtswerk.ausfuehrung.einchecken.fuehre_aus", lambda *_: "{}")
    monkeypatch.setattr("berichtswerk.grund.ablage.schreibe_ganz", verwehrt)
    assert _notizbuch(muster, "lage") == 1
    aus = capsys.readouterr()
    assert "gescheitert: " in aus.out and "Traceback" not in aus.err
    assert "FEHLER [schreiben-verwehrt] notebooks/lage.ipynb" in aus.err
