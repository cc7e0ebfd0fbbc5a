"""Eine Zelle, die in einer Schleife vieles zeigt: alles kommt an, in der Reihenfolge der Schleife."""

from __future__ import annotations

import json

import pytest

from berichtswerk.ausfuehrung.lauf import fuehre_aus
from berichtswerk.ausfuehrung.plan import plane
from berichtswerk.ausfuehrung.uebergabe import Bild, baue
from berichtswerk.gegenstand.gegenstaende import Abbildung, Fliesstext, Tabelle, Ueberschrift
from berichtswerk.grund.projekt import Projekt
from berichtswerk.satz.manuskript import lies

SCHLEIFE = """\
from IPython.display import display
for schluessel, name in (("99068", "kreis"), ("99", "land"), ("DG", "bund")):
    ort = b.fuer(schluessel)
    display(b.ueberschrift(ort.gebiet.name, ebene=3, marke=f"sec-{name}"))
    display(b.text(f"orte/{name}"))
    display(ort.linie("einwohner", label=f"fig-{name}"))
    display(ort.tabelle("einwohner", label=f"tbl-{name}"))
"""


class Strichzeichner:
    """Zeichnet nichts als einen leeren Rahmen."""

    def zeichne(self, a: Abbildung, bericht: str = "") -> Bild:
        return Bild("{}", "<svg/>", "<svg/>", "<svg/>")

    def in_hoehe(self, a: Abbildung, bericht: str, anteil: float) -> bytes:
        return b"<svg/>"


@pytest.fixture
def schleife(muster: Projekt) -> Projekt:
    """Das Musterprojekt mit einem Notizbuch, das über Gebiete läuft."""
    zellen = [
        ("code", ["parameters"], 'ausgabe = "2024"\ngebiet = "99068"'),
        ("code", [], 'from berichtswerk import Bericht\nb = Bericht("lage", ausgabe, gebiet)'),
        ("markdown", [], "## Orte\n\nEs folgen alle."),
        ("code", [], SCHLEIFE),
    ]
    nb = {
        "cells": [
            {"cell_type": art, "id": f"z{i}", "metadata": {"tags": marken}, "source": text}
            | ({"outputs": [], "execution_count": None} if art == "code" else {})
            for i, (art, marken, text) in enumerate(zellen)
        ],
        "metadata": {}, "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
    (muster.notebooks / "lage.ipynb").write_text(json.dumps(nb), encoding="utf-8")
    orte = muster.berichte / "lage/2024/texte/orte"
    orte.mkdir()
    for name in ("kreis", "land", "bund"):
        (orte / f"{name}.md").write_text(
            f"Text {name} zu {{{{ gebiet }}}}, siehe @fig-{name} und @sec-{name}.\n", encoding="utf-8"
        )
    return muster


def test_vieles_in_einer_zelle_bleibt_in_der_reihenfolge(schleife: Projekt) -> None:
    (lauf,) = fuehre_aus(schleife, plane(schleife).waehle(("lage",))[:1])
    assert lauf.roh is not None, lauf.meldungen.als_text()
    fertig = baue(schleife, lauf.auftrag, lauf.roh, Strichzeichner())
    assert fertig.meldungen.liste == []
    stellen = []
    for g in fertig.dokument.inhalt[1:]:
        if isinstance(g, Ueberschrift):
            stellen.append(g.text)
        elif isinstance(g, Fliesstext):
            stellen.append(" ".join(g.markdown.split()[:2]))
        elif isinstance(g, Abbildung | Tabelle):
            stellen.append(g.label)
    assert stellen == [
        "Landkreis Musterland", "Text kreis", "fig-kreis", "tbl-kreis",
        "Land Musterstaat", "Text land", "fig-land", "tbl-land",
        "Deutschland", "Text bund", "fig-bund", "tbl-bund",
    ]  # fmt: skip
    assert {"daten/fig-land.csv", "abb/fig-bund.svg", "daten/tbl-kreis.csv"} <= set(fertig.beilagen)
    orte = {e["ort"] for e in json.loads(fertig.beilagen["nachweis.json"])["eintraege"]}
    assert {"fig-kreis", "fig-land", "fig-bund", "tbl-kreis", "tbl-land", "tbl-bund"} <= orte
    manuskript, befunde = lies(fertig.dokument, schleife, lauf.auftrag.ordner)
    assert befunde.liste == []
    assert [k.titel for k in manuskript.gliederung[0].kinder] == [
        "Landkreis Musterland", "Land Musterstaat", "Deutschland",
    ]  # fmt: skip
