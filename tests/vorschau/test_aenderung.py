"""Was eine geänderte Datei bewirkt, und was keine Rolle spielt."""

from __future__ import annotations

from pathlib import Path

import pytest

from berichtswerk.grund.projekt import Projekt
from berichtswerk.vorschau.aenderung import Wirkung, wirkung, zaehlt

P = Projekt(Path("/projekt"))


@pytest.mark.parametrize(
    ("name", "erwartet"),
    [
        ("berichte/lage/2024/texte/a.md", Wirkung(frozenset({("lage", "2024")}))),
        ("berichte/lage/2024/texte/land/a.md", Wirkung(frozenset({("lage", "2024")}))),
        ("berichte/lage/2024/plan.svg", Wirkung(frozenset({("lage", "2024")}))),
        (
            "berichte/lage/2024/bericht.yml",
            Wirkung(frozenset({("lage", "2024")}), plan=True, rechnen=True, seiten=True),
        ),
        ("notebooks/lage.ipynb", Wirkung(plan=True, rechnen=True)),
        ("daten/dateien/x.csv", Wirkung(rechnen=True)),
        ("daten/quellen/x.yaml", Wirkung(rechnen=True, seiten=True)),
        ("daten/kreis.yaml", Wirkung(rechnen=True, seiten=True)),
        ("layout/bericht.css", Wirkung(stil=True)),
        ("layout/seite.html", Wirkung(layout=True, seiten=True)),
        ("layout/_brand.yml", Wirkung(layout=True, marke=True, rechnen=True, seiten=True)),
    ],
)
def test_wirkung_einer_datei(name: str, erwartet: Wirkung) -> None:
    assert wirkung(P, [P.wurzel / name]) == erwartet


def test_mehrere_aenderungen_wirken_zusammen() -> None:
    w = wirkung(P, [P.wurzel / "berichte/a/1/texte/x.md", P.wurzel / "layout/bericht.css"])
    assert w == Wirkung(frozenset({("a", "1")}), stil=True)
    assert Wirkung(stil=True).mit(Wirkung(frozenset({("a", "1")}))) == w


@pytest.mark.parametrize(
    "name",
    [
        "berichte/lage/2024/texte/.a.md.swp", "berichte/lage/2024/texte/a.md~",
        "berichte/lage/2024/texte/#a.md#", "berichte/lage/2024/texte/.#a.md",
        "berichte/lage/2024/texte/4913", "berichte/lage/2024/texte/sedAb12Cd",
        "daten/dateien/~$tabelle.xlsx", "daten/dateien/x.csv.part", "daten/dateien/.goutputstream-X1",
        "notebooks/.ipynb_checkpoints/lage-checkpoint.ipynb", "notebooks/__pycache__/hilfe.pyc",
        "berichte/lage/2024/lage-2024.ipynb", "berichte/lage/2024/lage-2024",
        "berichte/lage/2024/lage-2024-land/abb/fig-a.svg", "layout/marke.css", "layout/typst/marke.typ",
        "layout/fonts/FiraSans-Regular.woff2", "../anderswo.md",
    ],
)  # fmt: skip
def test_nebendateien_und_erzeugtes_zaehlen_nicht(name: str) -> None:
    assert not zaehlt(P, P.wurzel / name if not name.startswith("..") else Path("/anderswo.md"))
    assert not wirkung(P, [P.wurzel / name] if not name.startswith("..") else ["/anderswo.md"])
