"""Was der Rechner nicht hergibt: richtige Ursache statt „unerwartet“, und nichts ist beschädigt."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from berichtswerk import cli
from berichtswerk.ausfuehrung.arbeiter import Arbeiter
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz import dienst
from berichtswerk.site import suche

BEFEHL = [sys.executable, "-m", "berichtswerk"]
nur_linux = pytest.mark.skipif(sys.platform != "linux", reason="prüft Angaben von Linux")


@nur_linux
def test_volle_ausgabe(muster: Projekt) -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as voll:
        lauf = subprocess.run(
            [*BEFEHL, "pruefen", "daten"], cwd=muster.wurzel, stdout=voll, stderr=subprocess.PIPE,
            check=False, encoding="utf-8",
        )  # fmt: skip
    assert lauf.returncode == 1 and lauf.stderr.startswith("FEHLER [ausgabe-klemmt]"), lauf.stderr


def test_geloeschter_ordner(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def weg() -> str:
        raise FileNotFoundError

    monkeypatch.setattr(os, "getcwd", weg)
    assert cli.main(["--help"]) == 1
    assert capsys.readouterr().err.startswith("FEHLER [ordner-weg]")


def test_vorlaeufiges_findet_einen_anderen_ordner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "fehlt"))
    assert cli._bereite_umgebung() is None
    assert Path(os.environ["TMPDIR"]).is_dir()


def test_kein_platz_fuer_vorlaeufiges(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def keiner() -> str:
        raise FileNotFoundError

    monkeypatch.setattr("tempfile.gettempdir", keiner)
    assert cli.main(["--help"]) == 1
    assert "[zwischenablage-fehlt]" in capsys.readouterr().err


@pytest.mark.parametrize("fehler", [MemoryError(), OSError(12, "x"), RuntimeError("can't start new thread")])
def test_zu_wenig_speicher(fehler: Exception) -> None:
    befund = cli._vom_rechner(fehler)
    assert befund is not None and befund.kennung == "speicher-knapp"


@nur_linux
def test_begrenzter_adressraum(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _: (6_000_000 * 1024, -1))
    with pytest.raises(BerichtswerkFehler, match="ulimit -v 6000000"):
        Arbeiter(1)


@nur_linux
def test_pfad_ohne_utf8(tmp_path: Path) -> None:
    wurzel = tmp_path / os.fsdecode(b"l\xe4tin")
    (wurzel / "daten").mkdir(parents=True)
    (wurzel / "_quarto.yml").touch()
    (wurzel / "daten" / "kreis.yaml").touch()
    with pytest.raises(BerichtswerkFehler, match=r"pfad-unlesbar.*l\?tin"):
        Projekt.finde(wurzel)


def test_pagefind_kommt_zu_keinem_ende(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suche, "GRENZE_S", 0.2)
    schlaf = [sys.executable, "-c", "import time; time.sleep(60)"]
    assert suche._lass_laufen(schlaf, tmp_path) == "Pagefind kam nach 0 Sekunden nicht zu Ende."


@nur_linux
def test_fremde_programme_sterben_mit_uns_und_haben_begrenzten_speicher() -> None:
    viel = [*dienst.mit_uns(), sys.executable, "-c", "x = bytearray(3 << 30)"]
    assert b"MemoryError" in subprocess.run(viel, stderr=subprocess.PIPE, check=False).stderr
    kind = "import time; print(1, flush=True); time.sleep(60)"
    eltern = (
        "import os, subprocess, sys; from berichtswerk.satz.dienst import mit_uns;"
        f"k = subprocess.Popen([*mit_uns(), sys.executable, '-c', {kind!r}], stdout=subprocess.PIPE,"
        "start_new_session=True); k.stdout.readline(); print(k.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    nummer = int(subprocess.run([sys.executable, "-c", eltern], stdout=subprocess.PIPE, check=False).stdout)
    for _ in range(100):
        stand = Path(f"/proc/{nummer}/stat")
        if not stand.exists() or stand.read_text(encoding="utf-8").split()[2] == "Z":
            return
        subprocess.run(["sleep", "0.05"], check=True)
    raise AssertionError("lebt noch")


def test_umlaute_in_der_marke_ohne_utf8_umgebung(muster: Projekt) -> None:
    """Wie unter Windows ohne UTF-8: jede Datei nennt ihre Kodierung selbst."""
    marke = muster.layout / "_brand.yml"
    marke.write_text(
        marke.read_text("utf-8").replace("full: ", "full: Ölmütz-Übergröße ", 1), encoding="utf-8"
    )
    umgebung = {k: v for k, v in os.environ.items() if not k.startswith(("LC_", "LANG"))}
    umgebung |= {
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONCOERCECLOCALE": "0",
        "PYTHONWARNDEFAULTENCODING": "1",
    }
    umgebung |= {"PYTHONWARNINGS": "always::EncodingWarning"}
    lauf = subprocess.run(
        [*BEFEHL, "render", "lage"], cwd=muster.wurzel, env=umgebung, capture_output=True, check=False
    )
    ausgabe = (lauf.stdout + lauf.stderr).decode("utf-8", "replace")
    assert lauf.returncode == 0, ausgabe
    seite = next((muster.site / "berichte" / "lage" / "2024").glob("*.html")).read_text("utf-8")
    assert "Ölmütz-Übergröße" in seite
    assert not [
        z for z in ausgabe.splitlines() if "EncodingWarning" in z and f"{os.sep}src{os.sep}berichtswerk" in z
    ]


@nur_linux
@pytest.mark.parametrize("signal", [9, 15])
def test_was_ein_notizbuch_in_eigener_sitzung_startet_endet_mit_uns(muster: Projekt, signal: int) -> None:
    nummer = muster.wurzel / "nummer"
    datei = muster.notebooks / "lage.ipynb"
    notizbuch = json.loads(datei.read_text("utf-8"))
    zelle = next(z for z in reversed(notizbuch["cells"]) if z["cell_type"] == "code")
    zelle["source"] = (
        "import subprocess, pathlib, time\n"
        "k = subprocess.Popen(['sleep', '600'], start_new_session=True)\n"
        f"pathlib.Path({str(nummer)!r}).write_text(str(k.pid))\ntime.sleep(60)\n"
    )
    datei.write_text(json.dumps(notizbuch), encoding="utf-8")
    lauf = subprocess.Popen(
        [*BEFEHL, "render", "lage-2024"],
        cwd=muster.wurzel,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _warte(lambda: nummer.exists() and nummer.read_text("utf-8") != "")
    kind = Path(f"/proc/{nummer.read_text('utf-8')}")
    assert kind.exists()
    lauf.send_signal(signal)
    lauf.wait(10)
    _warte(lambda: not kind.exists())


def _warte(bedingung: Callable[[], bool]) -> None:
    for _ in range(600):
        if bedingung():
            return
        time.sleep(0.1)
    raise AssertionError("nichts geschah")
