"""Ein warmer Prozess, der länger lebt als eine Fassung der Daten, zeigt nie die alte."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from berichtswerk.ausfuehrung.arbeiter import MIME, _laenge, _schreibe, behalte
from berichtswerk.ausfuehrung.gabel import Gabel
from berichtswerk.ausfuehrung.lauf import fuehre_aus
from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.grund.projekt import Projekt


@pytest.fixture
def mit_tor(muster: Projekt) -> Projekt:
    """Das Musterprojekt mit einem Notizbuch, das durch das Tor geht."""
    buch = muster.notebooks / "lage.ipynb"
    nb = json.loads(buch.read_text("utf-8"))
    nb["cells"][2:] = [
        {"cell_type": "code", "id": f"z{i}", "metadata": {}, "source": text, "outputs": [],
         "execution_count": None}
        for i, text in enumerate(
            ['from berichtswerk import Bericht\nb = Bericht("lage", ausgabe, gebiet)',
             'b.linie("einwohner", label="fig-einwohner")']
        )
    ]  # fmt: skip
    buch.write_text(json.dumps(nb), "utf-8")
    return muster


def test_geaendertes_gilt_sofort_und_die_spur_nennt_genau_das_gelesene(mit_tor: Projekt) -> None:
    muster = mit_tor
    csv, kennzahl = muster.daten / "dateien/einwohner.csv", muster.kennzahlen / "einwohner.yaml"

    def lauf() -> tuple[str, str, dict[str, str]]:
        (a,) = fuehre_aus(muster, plane(muster).waehle(["lage/2024/lage-2024"]), weg="gabel", executor=gabel)
        assert a.roh is not None, a.meldungen.als_text()
        return (
            a.grund,
            json.dumps(a.roh["cells"], ensure_ascii=False),
            a.roh["metadata"]["berichtswerk"]["spur"],
        )

    with Gabel(1, warm=("IPython.core.interactiveshell",), wurzel=str(muster.wurzel)) as gabel:
        _, erst, spur = lauf()
        assert {n for n in spur if n.startswith("daten/")} == {
            "daten/dateien/einwohner.csv", "daten/gebiete.yaml", "daten/kennzahlen/",
            "daten/kennzahlen/einwohner.yaml", "daten/quellen/", "daten/quellen/einwohner.yaml",
        }  # fmt: skip
        assert '"wert": 10007.0' in erst
        csv.write_text(csv.read_text("utf-8").replace("10007", "10008"), "utf-8")
        grund, zweit, spur2 = lauf()
        assert grund == "daten/dateien/einwohner.csv geändert"
        assert '"wert": 10008.0' in zweit and '"wert": 10007.0' not in zweit
        assert spur2.keys() == spur.keys()
        kennzahl.write_text(kennzahl.read_text("utf-8").replace("name: ", "name: Alle ", 1), "utf-8")
        grund, dritt, _ = lauf()
        assert grund == "daten/kennzahlen/einwohner.yaml geändert"
        assert "Alle " in dritt and "Alle " not in zweit
        csv.write_text(csv.read_text("utf-8").replace("10008", "10007"), "utf-8")
        kennzahl.write_text(kennzahl.read_text("utf-8").replace("name: Alle ", "name: ", 1), "utf-8")
        assert lauf()[1] == erst


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda teil: st.lists(teil, max_size=3) | st.dictionaries(st.text(), teil, max_size=3),
    max_leaves=8,
)


@given(st.lists(st.dictionaries(st.text(), JSON, max_size=4), max_size=3))
def test_das_ausgefuehrte_notizbuch_ist_das_json_aller_ausgaben(inhalte: list[dict[str, object]]) -> None:
    objekte: dict[int, str] = {}
    roh = [{"output_type": "display_data", "data": {MIME: i}} for i in inhalte]
    ausgaben, groesse = behalte(roh, objekte)
    nb = {"cells": [{"cell_type": "code", "source": "1", "outputs": ausgaben}], "metadata": {}}
    erwartet = json.dumps(nb, ensure_ascii=False, sort_keys=True)
    assert _schreibe(nb, objekte) == erwartet
    assert groesse == sum(len(json.dumps(i)) for i in inhalte)


@given(st.text())
def test_laenge_zaehlt_wie_ascii_json(text: str) -> None:
    assert _laenge(json.dumps(text, ensure_ascii=False)) == len(json.dumps(text))


def test_der_warme_prozess_ueberlebt_ein_kaputtes_projekt(tmp_path: Path) -> None:
    with Gabel(1, warm=(), wurzel=str(tmp_path / "fehlt")) as gabel:
        assert gabel.submit(len, "abc").result() == 3
