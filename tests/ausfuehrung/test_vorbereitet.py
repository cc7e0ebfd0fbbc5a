"""Ein Forkserver, der länger lebt als eine Fassung der Daten, zeigt nie die alte."""

from __future__ import annotations

import ast
import json
import os
import re
import signal
import socket
import threading
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from multiprocessing import forkserver
from pathlib import Path
from pkgutil import iter_modules

import pytest

from berichtswerk.ausfuehrung.arbeiter import Arbeiter
from berichtswerk.ausfuehrung.lauf import fuehre_aus
from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.ausfuehrung.spur import Spuren
from berichtswerk.bild import formen
from berichtswerk.grund.ablage import PAKET
from berichtswerk.grund.projekt import Projekt


def _spur(projekt: Projekt) -> Mapping[str, str]:
    spur = Spuren(projekt).lies("ausführen", "lage-2024")
    assert spur is not None
    return spur.eintraege


@pytest.fixture
def frisch() -> Iterator[None]:
    """Ein neuer Forkserver: er liest die Beschreibungen des Projekts, für das er beginnt."""
    forkserver._forkserver._stop()  # type: ignore[attr-defined]
    yield
    forkserver._forkserver._stop()  # type: ignore[attr-defined]


@pytest.mark.usefixtures("frisch")
def test_geaendertes_gilt_sofort_und_die_spur_nennt_genau_das_gelesene(mit_tor: Projekt) -> None:
    muster = mit_tor
    quelle = muster.quellen / "einwohner.yaml"
    quelle.write_text(re.sub("hash: .*", "", quelle.read_text("utf-8")), "utf-8")
    csv, kennzahl = muster.daten / "dateien/einwohner.csv", muster.kennzahlen / "einwohner.yaml"

    def lauf() -> tuple[str, str, Mapping[str, str]]:
        (a,) = fuehre_aus(muster, plane(muster).waehle(["lage/2024/lage-2024"]), executor=arbeiter)
        assert a.roh is not None, a.meldungen.als_text()
        return (
            a.grund,
            json.dumps(a.roh["cells"], ensure_ascii=False),
            _spur(muster),
        )

    with Arbeiter(1, wurzel=str(muster.wurzel)) as arbeiter:
        _, erst, spur = lauf()
        assert {n for n in spur if n.startswith("daten/")} == {
            "daten/dateien/einwohner.csv", "daten/ereignisse.yaml", "daten/gebiete.yaml", "daten/kennzahlen/",
            "daten/kennzahlen/einwohner.yaml", "daten/korrekturen/", "daten/lieferungen/",
            "daten/massnahmen.yaml", "daten/quellen/", "daten/quellen/einwohner.yaml",
        }  # fmt: skip
        assert 'wert\\":10007.0' in erst
        csv.write_text(csv.read_text("utf-8").replace("10007", "10008"), "utf-8")
        grund, zweit, spur2 = lauf()
        assert grund == "daten/dateien/einwohner.csv geändert"
        assert 'wert\\":10008.0' in zweit and 'wert\\":10007.0' not in zweit
        assert spur2.keys() == spur.keys()
        kennzahl.write_text(kennzahl.read_text("utf-8").replace("name: ", "name: Alle ", 1), "utf-8")
        grund, dritt, _ = lauf()
        assert grund == "daten/kennzahlen/einwohner.yaml geändert"
        assert "Alle " in dritt and "Alle " not in zweit
        csv.write_text(csv.read_text("utf-8").replace("10008", "10007"), "utf-8")
        kennzahl.write_text(kennzahl.read_text("utf-8").replace("name: Alle ", "name: ", 1), "utf-8")
        assert lauf()[1] == erst


def test_alles_was_der_forkserver_vorab_laedt_gibt_es() -> None:
    quelltext = (PAKET / "ausfuehrung" / "warm.py").read_text("utf-8")
    (liste,) = (
        knoten.value
        for knoten in ast.parse(quelltext).body
        if isinstance(knoten, ast.Assign) and getattr(knoten.targets[0], "id", "") == "MODULE"
    )
    namen = {"formen": formen, "iter_modules": iter_modules}
    module = eval(compile(ast.Expression(liste), "warm.py", "eval"), namen)
    assert len(module) > 15
    assert [name for name in module if find_spec(name) is None] == []


@pytest.mark.usefixtures("frisch")
def test_ein_sterbender_forkserver_wird_ersetzt(muster: Projekt, tmp_path: Path) -> None:
    """Von außen getötet, weist er Verbindungen schon ab, während es seinen Prozess noch gibt."""
    server = forkserver._forkserver  # type: ignore[attr-defined]
    with Arbeiter(1, wurzel=str(muster.wurzel)) as arbeiter, socket.socket(socket.AF_UNIX) as taub:
        taub.bind(str(tmp_path / "taub"))
        server._forkserver_address = str(tmp_path / "taub")
        threading.Timer(0.6, os.kill, (server._forkserver_pid, signal.SIGKILL)).start()
        (ergebnis,) = fuehre_aus(muster, plane(muster).waehle(["lage-2024"])[:1], executor=arbeiter)
    assert ergebnis.roh is not None, ergebnis.meldungen.als_text()
