"""pandoc liest jeden Text einmal, nie länger als erlaubt, und überlebt niemanden."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from manuskripthilfe import Werk

from berichtswerk.grund.ablage import Ablage
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz import pandoc
from berichtswerk.satz.dienst import Dienst

HAENGT = "Die Quote " + "[" * 25 + " ist hoch.\n"


@pytest.fixture(autouse=True)
def eigene_prozesse() -> object:
    """Jede Prüfung beginnt und endet ohne laufendes pandoc."""
    pandoc.beende()
    yield
    pandoc.beende()


def _laufend() -> Dienst:
    dienst = pandoc._dienste.hole()
    pandoc._dienste.gib(dienst)
    return dienst


def test_jeder_text_fuer_sich_und_in_seiner_reihenfolge() -> None:
    eins, zwei, drei = pandoc.lies(["[a]: x\n\n# Eins", "zwei [a]", "# Eins\n"])
    assert eins and zwei and drei
    assert [k["t"] for k in eins] == ["Header"] and zwei[0]["t"] == "Para"
    assert all(k["t"] != "Link" for k in zwei[0]["c"]), "Verweise gelten nur im eigenen Text"
    assert drei == eins


def test_ein_text_der_nicht_endet_wird_gemeldet_die_uebrigen_stehen(
    werk: Werk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pandoc, "GRENZE_S", 2.0)
    beginn = time.monotonic()
    befunde = werk.befunde("## A\n\nGut.\n", HAENGT, "Siehe @fig-weg.\n")
    assert time.monotonic() - beginn < 8
    haengt, offen = sorted(befunde[:2], key=lambda m: m.kennung != "text-haengt")
    assert offen.kennung == "satz-klammer-offen"
    assert [str(haengt)] == [
        """\
FEHLER [text-haengt] berichte/pruef/texte/1.md
  Dieser Text lässt sich nicht lesen: nach 2 Sekunden kam kein Ende.
  Ursache: Meist stehen viele eckige Klammern „[“ offen, oder Betonungen sind tief verschachtelt.
  Abhilfe: Schließen Sie die Klammern oder schreiben Sie sie als „\\[“."""
    ]
    assert [(m.kennung, m.datei) for m in befunde[2:]] == [
        ("satz-verweis-offen", "berichte/pruef/texte/2.md")
    ]


def test_von_aussen_beendetes_pandoc_wird_neu_gestartet() -> None:
    vorher = _laufend().prozess
    os.kill(vorher.pid, signal.SIGKILL)
    vorher.wait()
    assert pandoc.lies(["Text"]) == [[{"t": "Para", "c": [{"t": "Str", "c": "Text"}]}]]
    assert _laufend().prozess.pid != vorher.pid


def test_ein_absturz_mitten_im_lesen_wird_einmal_wiederholt_dann_gemeldet(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    gestartet = []

    def tot(beginne: Callable[[], Dienst] = pandoc._beginne) -> Dienst:
        dienst = beginne()
        gestartet.append(dienst.prozess.pid)
        dienst.prozess.kill()
        dienst.prozess.wait()
        return dienst

    monkeypatch.setattr(pandoc._dienste, "_beginne", tot)
    with pytest.raises(BerichtswerkFehler, match="satz-pandoc"):
        pandoc.lies(["Text"])
    assert len(gestartet) == 2


def test_gelesenes_kommt_aus_der_ablage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "_quarto.yml").touch()
    ablage = Ablage.von(Projekt(tmp_path))
    erstes = pandoc.lies(["# Eins"], ablage)
    monkeypatch.setattr(pandoc, "_lies_neu", lambda _: None)
    assert pandoc.lies(["# Eins", "# Zwei"], ablage) == [*erstes, None]


@pytest.mark.skipif(sys.platform != "linux", reason="PR_SET_PDEATHSIG gibt es nur unter Linux")
@pytest.mark.parametrize("zeichen", [signal.SIGKILL, signal.SIGINT])
def test_pandoc_stirbt_mit_seinem_elternprozess(zeichen: signal.Signals) -> None:
    """Auch wenn es gerade an einem Text hängt, den es nie zu Ende liest."""
    programm = (
        "import signal, sys, threading, time\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from berichtswerk.satz import pandoc\n"
        "d = pandoc._dienste.hole()\n"
        f"t = threading.Thread(target=d.frage, args=({HAENGT!r}, 60), daemon=True)\n"
        "t.start(); time.sleep(0.5)\n"
        "print(d.prozess.pid, flush=True)\n"
        "time.sleep(60)\n"
    )
    kind = subprocess.Popen(
        [sys.executable, "-c", programm], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert kind.stdout is not None
    pid = int(kind.stdout.readline())
    assert _lebt(pid)
    kind.send_signal(zeichen)
    kind.wait(timeout=20)
    kind.stdout.close()
    ende = time.monotonic() + 10
    while _lebt(pid) and time.monotonic() < ende:
        time.sleep(0.05)
    assert not _lebt(pid)


def _lebt(pid: int) -> bool:
    try:
        zustand = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return zustand != "Z"
