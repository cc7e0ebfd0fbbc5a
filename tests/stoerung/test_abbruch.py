"""Kill -9 zu zufälligen Augenblicken: die Site ist immer ganz, der nächste Lauf holt alles nach."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest
from prozesshilfe import kinder, uebrig
from stoerhilfe import Fassungen, Starte, inhalt, setze_fassung

from berichtswerk.ausfuehrung.lauf import fuehre_aus
from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.grund.projekt import Projekt
from berichtswerk.site.bau import rendere

FREMDE_RESTE = ("pandoc-hist", "pymp-")
AUGENBLICKE = 12
SAAT = 20240815


def _zeile(prozess: psutil.Process) -> str:
    with contextlib.suppress(psutil.NoSuchProcess):
        return str(prozess.cmdline())
    return ""


def _hat_eigene_sitzung(prozess: psutil.Process) -> bool:
    with contextlib.suppress(ProcessLookupError):
        return os.getsid(prozess.pid) == prozess.pid
    return False


def _stoere(
    lauf: subprocess.Popen[str], nach: float, zufall: random.Random, eltern: bool
) -> list[psutil.Process]:
    """Tötet nach einer Weile den Lauf oder einen seiner Helfer; gibt alle Nachkommen zurück."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        lauf.wait(timeout=nach)
    if lauf.poll() is not None:
        return []
    nachkommen = kinder(lauf.pid)
    if eltern:
        os.kill(lauf.pid, signal.SIGKILL)
    elif nachkommen:
        opfer = zufall.choice(sorted(nachkommen, key=lambda p: p.pid))
        with contextlib.suppress(psutil.NoSuchProcess):
            opfer.kill()
    return nachkommen


@pytest.mark.parametrize("wer", ["Lauf", "Helfer"])
def test_kill_zu_zufaelligen_augenblicken(
    fassungen: Fassungen, projekt: Projekt, starte: Starte, tmp_path: Path, wer: str
) -> None:
    zufall = random.Random(f"{SAAT} {wer}")
    beginn = time.monotonic()
    shutil.rmtree(projekt.wurzel / ".berichtswerk", ignore_errors=True)
    probe = starte(projekt)
    probe.communicate(timeout=60)
    dauer = time.monotonic() - beginn
    neue = True
    for _ in range(AUGENBLICKE // 2):
        neue = not neue
        setze_fassung(projekt, neue)
        vorher, nachher = (fassungen.alt, fassungen.neu) if neue else (fassungen.neu, fassungen.alt)
        if zufall.random() < 0.4:
            shutil.rmtree(projekt.wurzel / ".berichtswerk", ignore_errors=True)
        lauf = starte(projekt)
        nachkommen = _stoere(lauf, zufall.uniform(0.1, dauer), zufall, wer == "Lauf")
        _, fehler = lauf.communicate(timeout=60)
        assert "unerwartet" not in fehler and "Traceback" not in fehler, fehler
        assert uebrig(nachkommen) == []
        site = inhalt(projekt.site)
        if lauf.returncode == 1:  # was ohne den Helfer nicht ging, hat der Lauf gemeldet und behalten
            assert "FEHLER" in fehler
            # die Namen im Suchverzeichnis sind Prüfsummen der Seiten, neuer wie behaltener
            assert {n for n in site if not n.startswith("pagefind/")} == {
                n for n in vorher if not n.startswith("pagefind/")
            }
            assert all(site[n] in (vorher[n], nachher[n]) for n in site if n.startswith("berichte/"))
        else:
            assert site in (vorher, nachher), sorted(n for n in site if site.get(n) != nachher.get(n))
            assert lauf.returncode != 0 or site == nachher
        bilanz = rendere(projekt)
        assert bilanz.gelungen, bilanz.meldungen.als_text()
        assert inhalt(projekt.site) == nachher
        reste = {p.name.split("-")[0] for p in (projekt.wurzel / ".berichtswerk").iterdir()}
        assert not reste & {"bau", "alt"}
        assert list((projekt.wurzel / ".berichtswerk").rglob("*.neu")) == []
        # nach SIGKILL im Augenblick des Starts bleiben leere Dateien von pandoc und multiprocessing liegen
        liegen = [p.name for p in (tmp_path / "tmp").iterdir() if not p.name.startswith(FREMDE_RESTE)]
        assert liegen == [], "kein Rest im Ordner für Vorläufiges"


_LAEUFT = """
import os, signal, sys
from pathlib import Path
from berichtswerk.ausfuehrung.lauf import fuehre_aus
from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.grund.projekt import Projekt
signal.signal(signal.SIGINT, signal.default_int_handler)  # auch aus einem Hintergrundlauf heraus
p = Projekt(Path(sys.argv[1]))
list(fuehre_aus(p, plane(p).waehle(["haelt-python-an", "startet-ein-programm-und-rechnet-endlos"])))
"""


@pytest.mark.parametrize("nummer", [signal.SIGKILL, signal.SIGINT])
def test_endet_der_lauf_endet_alles_was_er_begann(
    fehlermuster: Projekt, tmp_path: Path, nummer: signal.Signals
) -> None:
    """Auch eine Zelle, die Python nicht zu Wort kommen lässt, und was ein Notizbuch seinerseits startet."""
    (tmp_path / "tmp").mkdir()
    lauf = subprocess.Popen(
        [sys.executable, "-c", _LAEUFT, str(fehlermuster.wurzel)], stderr=subprocess.DEVNULL,
        env={**os.environ, "TMPDIR": str(tmp_path / "tmp")}, start_new_session=True,
    )  # fmt: skip
    while not (fehlermuster.notebooks / "kind.txt").exists():
        assert lauf.poll() is None
        time.sleep(0.05)
    time.sleep(0.3)
    nachkommen = kinder(lauf.pid)
    assert len(nachkommen) >= 5
    if nummer == signal.SIGKILL:  # was dann in eigener Sitzung läuft, kann niemand mehr zuordnen
        nachkommen = [n for n in nachkommen if not _hat_eigene_sitzung(n) or "forkserver" in _zeile(n)]
    os.kill(lauf.pid, nummer)
    lauf.wait(timeout=20)
    assert uebrig(nachkommen) == []
    assert list((tmp_path / "tmp").iterdir()) == []


def test_zwei_laeufe_zugleich_enden_beide_richtig(
    fassungen: Fassungen, projekt: Projekt, starte: Starte
) -> None:
    laeufe = [starte(projekt), starte(projekt)]
    for lauf in laeufe:
        _, fehler = lauf.communicate(timeout=60)
        assert lauf.returncode == 0, fehler
    assert inhalt(projekt.site) == fassungen.neu


def test_ein_einmal_von_aussen_beendetes_notizbuch_wird_wiederholt(muster: Projekt) -> None:
    buch = muster.notebooks / "lage.ipynb"
    nb = json.loads(buch.read_text("utf-8"))
    nb["cells"][3]["source"].insert(
        0,
        "import os, pathlib\nneu = not pathlib.Path('einmal').exists()\npathlib.Path('einmal').touch()\n"
        "neu and os.kill(os.getpid(), 9)\n",
    )
    buch.write_text(json.dumps(nb), "utf-8")
    (auftrag,) = plane(muster).waehle(["lage-2024"])[:1]
    (ergebnis,) = fuehre_aus(muster, [auftrag])
    assert ergebnis.roh is not None, ergebnis.meldungen.als_text()
