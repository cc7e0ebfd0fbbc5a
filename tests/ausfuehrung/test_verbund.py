"""Ein echter kleiner Dask-Verbund auf diesem Rechner: gleiche Bytes, Ausfall eines Rechners, Meldungen."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
from prozesshilfe import kinder as nachkommen
from prozesshilfe import lebt, uebrig

from berichtswerk.ausfuehrung import verbund as modul
from berichtswerk.ausfuehrung.auftrag import Grenzen, Lauf
from berichtswerk.ausfuehrung.lauf import fuehre_aus
from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.ausfuehrung.spur import Spuren
from berichtswerk.ausfuehrung.verbund import Verbund
from berichtswerk.cli import main
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.site.bau import rendere

_SCHEDULER = """
import asyncio, sys
from distributed import Scheduler
async def laufe():
    async with Scheduler(host="127.0.0.1", port=0, dashboard=False) as s:
        print(s.address, flush=True)
        await s.finished()
asyncio.run(laufe())
"""
_ARBEITER = """
import asyncio, sys
from distributed import Worker
async def laufe():
    async with Worker(sys.argv[1], nthreads=1, local_directory=sys.argv[2], dashboard=False) as w:
        print(w.address, flush=True)
        await w.finished()
asyncio.run(laufe())
"""


class _Rechnerverbund:
    """Ein Scheduler und mehrere Arbeiter, jeder ein eigener Prozess."""

    def __init__(self, ordner: Path, arbeiter: int) -> None:
        self.ordner = ordner
        self.prozesse: list[subprocess.Popen[str]] = []
        self.adresse = self._starte("scheduler", _SCHEDULER)
        for nummer in range(arbeiter):
            self.dazu(f"rechner-{nummer}")

    def dazu(self, name: str) -> subprocess.Popen[str]:
        self._starte(name, _ARBEITER, self.adresse, str(self.ordner / name / "arbeit"))
        return self.prozesse[-1]

    def _starte(self, name: str, programm: str, *argumente: str) -> str:
        (self.ordner / name).mkdir(parents=True)
        prozess = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", programm, *argumente],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=self.ordner / name,
        )  # fmt: skip
        self.prozesse.append(prozess)
        assert prozess.stdout is not None
        return prozess.stdout.readline().strip()

    def ende(self) -> None:
        for prozess in reversed(self.prozesse):
            prozess.kill()
            prozess.wait()
            assert prozess.stdout is not None
            prozess.stdout.close()


@pytest.fixture
def rechner(tmp_path: Path) -> Iterator[_Rechnerverbund]:
    modul.stand.cache_clear()  # die Rechner starten mit dem Programm, wie es jetzt ist
    verbund = _Rechnerverbund(tmp_path / "verbund", 2)
    yield verbund
    verbund.ende()


def _dateien(ordner: Path) -> dict[str, bytes]:
    return {p.relative_to(ordner).as_posix(): p.read_bytes() for p in ordner.rglob("*") if p.is_file()}


def _langsam(projekt: Projekt, sekunden: float) -> None:
    """Das Notizbuch schläft, damit Zeit bleibt, einen Rechner zu beenden."""
    buch = projekt.notebooks / "lage.ipynb"
    nb = json.loads(buch.read_text("utf-8"))
    nb["cells"][3]["source"].insert(0, f"import time; time.sleep({sekunden})\n")
    buch.write_text(json.dumps(nb), "utf-8")


def test_ein_rechner_stirbt_waehrend_des_renderns_gleiche_bytes_wie_allein(
    muster: Projekt, rechner: _Rechnerverbund, tmp_path: Path
) -> None:
    _langsam(muster, 3)
    allein = Projekt(tmp_path / "allein")
    shutil.copytree(muster.wurzel, allein.wurzel)
    assert rendere(allein).gelungen

    opfer = rechner.prozesse[1]
    kinder: list[psutil.Process] = []

    def stirb() -> None:
        ende = time.monotonic() + 15
        while not kinder and time.monotonic() < ende:  # bis das Notizbuch dort wirklich läuft
            kinder.extend(k for k in nachkommen(opfer.pid) if lebt(k) and k.ppid() != opfer.pid)
            time.sleep(0.05)
        kinder.extend(nachkommen(opfer.pid))
        opfer.send_signal(signal.SIGKILL)

    faden = threading.Thread(target=stirb)
    faden.start()
    verbund = Verbund(rechner.adresse, muster)
    bilanz = rendere(muster, executor=verbund)
    assert bilanz.gelungen, bilanz.meldungen.als_text()
    verbund.shutdown()
    faden.join()
    assert kinder, "der beendete Rechner war gerade dabei"
    assert opfer.poll() == -signal.SIGKILL
    assert _dateien(muster.site) == _dateien(allein.site)
    for auftrag in plane(muster).waehle(["lage"]):
        assert Spuren(muster).lies("ausführen", auftrag.stamm) == Spuren(allein).lies(
            "ausführen", auftrag.stamm
        )
    assert uebrig(kinder) == []


def test_fehler_und_zeitgrenzen_lauten_wie_allein(fehlermuster: Projekt, rechner: _Rechnerverbund) -> None:
    namen = ["zelle-scheitert-2024", "rechnet-endlos-2024", "lage-2024", "lage-2024-land"]
    auftraege = [a for a in plane(fehlermuster).auftraege if a.stamm in namen]
    grenzen = Grenzen(zelle=2, bericht=60)
    allein = {
        a.auftrag.stamm: [str(m) for m in a.meldungen]
        for a in fuehre_aus(fehlermuster, auftraege, grenzen=grenzen)
    }
    verbund = Verbund(rechner.adresse, fehlermuster)
    fern_ausgefuehrt = {
        a.auftrag.stamm: [str(m) for m in a.meldungen]
        for a in fuehre_aus(fehlermuster, auftraege, grenzen=grenzen, executor=verbund, neu=True)
    }
    verbund.shutdown()
    assert fern_ausgefuehrt == allein
    assert "zelle-zeit-zelle" in allein["rechnet-endlos-2024"][0]
    assert "ZeroDivisionError" in allein["zelle-scheitert-2024"][0]


def test_stirbt_der_scheduler_schon_beim_verbinden_heisst_das_ebenso(
    muster: Projekt, rechner: _Rechnerverbund, monkeypatch: pytest.MonkeyPatch
) -> None:
    def abgebrochen(*_: object, **__: object) -> None:
        raise ConnectionResetError

    monkeypatch.setattr("distributed.Client.wait_for_workers", abgebrochen)
    verbund = Verbund(rechner.adresse, muster)
    with pytest.raises(BerichtswerkFehler, match="verbund-verloren"):
        list(fuehre_aus(muster, plane(muster).waehle(["lage"]), executor=verbund))


def test_stirbt_der_scheduler_endet_der_lauf_mit_einer_meldung(
    muster: Projekt, rechner: _Rechnerverbund, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modul, "OHNE_ARBEITER", 3.0)
    _langsam(muster, 30)
    verbund = Verbund(rechner.adresse, muster)
    threading.Timer(3, rechner.prozesse[0].kill).start()
    with pytest.raises(BerichtswerkFehler) as fehler:
        list(fuehre_aus(muster, plane(muster).waehle(["lage"]), executor=verbund))
    verbund.shutdown(wait=False, cancel_futures=True)
    assert str(fehler.value) == (
        f"""\
FEHLER [verbund-verloren] Feld „--cluster“
  Die Verbindung zum Verbund „{rechner.adresse}“ brach ab.
  Ursache: Der Scheduler wurde beendet oder das Netz ist unterbrochen.
  Abhilfe: Starten Sie den Verbund neu und rendern Sie erneut; Fertiges wird wiederverwendet."""
    )


@pytest.mark.parametrize(
    ("adresse", "ursache"),
    [
        ("tcp://127.0.0.1:9", "Dort antwortet kein Dask-Scheduler."),
        ("unsinn://hier", "Die Adresse ist keine wie tcp://rechner:8786."),
    ],
)
def test_unerreichbarer_verbund(
    muster: Projekt, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    adresse: str, ursache: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(modul, "VERBINDEN", 0.5)
    assert main(["--projekt", str(muster.wurzel), "render", "lage", "--cluster", adresse]) == 1
    assert (
        capsys.readouterr().err
        == f"""\
FEHLER [verbund-nicht-erreichbar] Feld „--cluster“
  Der Verbund „{adresse}“ ist nicht erreichbar.
  Ursache: {ursache}
  Abhilfe: Prüfen Sie Adresse und Netz; ohne --cluster rechnet dieser Rechner allein.

1 Fehler, 0 Warnungen, 0 Hinweise
"""
    )
    assert not muster.site.exists()


def test_ohne_dask_sagt_die_meldung_was_zu_installieren_ist(
    muster: Projekt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(modul, "find_spec", lambda _: None)
    with pytest.raises(BerichtswerkFehler) as fehler:
        Verbund("tcp://rechner:8786", muster)
    assert (
        str(fehler.value)
        == """\
FEHLER [verbund-extra-fehlt] ohne Ort
  Für --cluster fehlt das Paket Dask.
  Abhilfe: Installieren Sie es im Projektordner mit: pip install ".[cluster]\""""
    )


def test_ein_anderer_stand_wird_erkannt_und_benannt() -> None:
    hier = "Python 3.11.7, pandas 3.0.1, berichtswerk 0.1.0 (0a1b2c3d)"
    dort = "Python 3.12.1, pandas 3.0.1, berichtswerk 0.1.0 (99999999)"
    assert (
        str(modul.VerbundAndererStand.melde(grund=modul.unterschied(hier, dort)))
        == """\
FEHLER [verbund-anderer-stand] ohne Ort
  Auf einem Rechner des Verbunds ist etwas anderes installiert als hier.
  Ursache: Dort: Python 3.12.1 statt Python 3.11.7, berichtswerk 0.1.0 (99999999) statt berichtswerk 0.1.0 \
(0a1b2c3d). Die Ergebnisse wären nicht dieselben.
  Abhilfe: Installieren Sie auf allen Rechnern dieselbe Umgebung wie hier (anforderungen.lock)."""
    )
    assert modul.fuehre_aus(Lauf("", "", "", ""), hier, b"") == modul.stand()
