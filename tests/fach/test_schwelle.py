"""Frühwarnung: wann eine Schwelle überschritten ist, seit wann, und wann sich nichts sagen lässt."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from pydantic import ValidationError

from berichtswerk.fach.reihe import Reihe, Wert
from berichtswerk.fach.schwelle import Schwelle, Warnlage, warnlagen
from berichtswerk.fach.veraenderung import Bruch
from berichtswerk.grund.zeichen import Status

TEXTE = {"warum": "Mehr Menschen brauchen Hilfe.", "festgelegt": "Sozialamt"}
Lage = tuple[bool | None, int | None, int | None]


def _lage(
    schwelle: dict[str, Any], kreis: dict[int, float], land: dict[int, float] | None = None, *,
    art: str = "anteil", ab: int = 9999, bruch: int | None = None,
) -> Warnlage:  # fmt: skip
    k: Any = SimpleNamespace(
        id="quote", nachkommastellen=1, art=art, fruehwarnung=[Schwelle(**schwelle, **TEXTE)]
    )
    werte = [
        Wert("quote", g, str(jahr), jahr, w, Status.WERT, prognose=jahr >= ab)
        for g, reihe in (("kreis", kreis), ("land", land or {}))
        for jahr, w in reihe.items()
    ]
    brueche = (Bruch(bruch, "neue Zählung"),) if bruch else ()
    (lage,) = warnlagen(Reihe(k, tuple(werte), brueche), "kreis", {"land": "land"})
    return lage


def _kurz(lage: Warnlage) -> Lage:
    return lage.ueberschritten, lage.seit, lage.voraus


@pytest.mark.parametrize(
    ("schwelle", "werte", "erwartet"),
    [
        ({"ueber": 9}, {2020: 8.0, 2021: 9.5, 2022: 9.6}, (True, 2021, None)),
        ({"ueber": 9}, {2020: 9.9, 2021: 8.9, 2022: 9.6}, (True, 2022, None)),
        ({"ueber": 9}, {2021: 9.5, 2022: 9.04}, (False, None, None)),  # gezeigt wird 9,0
        ({"unter": 5}, {2021: 5.0, 2022: 4.9}, (True, 2022, None)),
        ({"steigt_um": 1, "in_jahren": 2}, {2020: 5.0, 2021: 5.5, 2022: 6.0}, (True, 2022, None)),
        ({"steigt_um": 1, "in_jahren": 2}, {2020: 5.1, 2022: 6.0}, (False, None, None)),
        ({"sinkt_um": 1, "in_jahren": 1}, {2021: 5.0, 2022: 3.9}, (True, 2022, None)),
        ({"steigt_um": 1, "in_jahren": 3}, {2020: 5.0, 2022: 9.0}, (None, None, None)),  # kein Wert für 2019
    ],
)
def test_der_juengste_wert_gegen_die_schwelle(
    schwelle: dict[str, Any], werte: dict[int, float], erwartet: Lage
) -> None:
    assert _kurz(_lage(schwelle, werte)) == erwartet


def test_mit_dem_land_nur_im_selben_jahr() -> None:
    lage = _lage({"ueber": "land"}, {2021: 9.0, 2022: 9.5, 2023: 7.0}, {2021: 8.0, 2022: 9.0})
    assert _kurz(lage) == (True, 2021, None)
    assert (lage.wert.jahr, lage.vergleich and lage.vergleich.wert) == (2022, 9.0)
    assert _lage({"ueber": "land"}, {2023: 7.0}, {2022: 9.0}).ueberschritten is None
    assert _lage({"ueber": "bund"}, {2023: 7.0}).ueberschritten is None


def test_anzahlen_veraendern_sich_in_prozent() -> None:
    schwelle = {"sinkt_um": 10, "in_jahren": 1}
    assert _lage(schwelle, {2023: 629, 2024: 566}, art="anzahl").ueberschritten
    assert not _lage(schwelle, {2023: 628, 2024: 566}, art="anzahl").ueberschritten
    assert not _lage({"steigt_um": 10}, {2021: 0, 2024: 5}, art="anzahl").ueberschritten


def test_ueber_einen_bruch_wird_nicht_verglichen() -> None:
    werte = {2020: 5.0, 2021: 9.2, 2022: 9.5}
    assert _lage({"steigt_um": 1, "in_jahren": 2}, werte, bruch=2021).ueberschritten is None
    assert _lage({"ueber": 4}, werte).seit == 2020
    assert _lage({"ueber": 4}, werte, bruch=2022).seit == 2022


def test_die_vorausrechnung_warnt_vorher_gemessenes_gilt_zuerst() -> None:
    werte = {2023: 90.0, 2024: 91.0, 2025: 94.0, 2026: 95.2, 2027: 96.0}
    assert _kurz(_lage({"ueber": 95}, werte, ab=2025)) == (False, None, 2026)
    assert _kurz(_lage({"ueber": 90.5}, werte, ab=2025)) == (True, 2024, None)


def test_genau_eine_grenze() -> None:
    for falsch in ({}, {"ueber": 9, "unter": 3}):
        with pytest.raises(ValidationError, match="genau eines von „ueber“, „unter“"):
            Schwelle(**falsch, **TEXTE)  # type: ignore[arg-type]
