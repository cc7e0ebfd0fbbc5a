"""Unverändertes wird nicht noch einmal geprüft; Geändertes und der Tag der Prüfung zählen immer."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from berichtswerk.daten import pruefung
from berichtswerk.grund import ablage
from berichtswerk.grund.projekt import Projekt


def test_unveraendertes_kommt_aus_der_ablage(fall: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    fall.csv = fall.csv.replace("99001,2023-12-31,1510", "99001,2023-12-31,1501")
    with ablage.im(Projekt(fall.ordner)):
        erste = list(fall.pruefe())
        assert [m.kennung for m in erste] == ["summe-falsch"]
        monkeypatch.setattr(pruefung, "lies", lambda *_: pytest.fail("gelesen, obwohl nichts neu ist"))
        assert list(fall.pruefe()) == erste
        assert "lieferung-ueberfaellig" in {m.kennung for m in fall.pruefe(date(2030, 1, 1))}
    assert ablage.aktiv() is None


@pytest.mark.parametrize("was", ["csv", "felder"])
def test_geaendertes_wird_neu_geprueft(fall: Any, was: str) -> None:
    with ablage.im(Projekt(fall.ordner)):
        assert list(fall.pruefe()) == []
        if was == "csv":
            fall.csv = fall.csv.replace("99001,2023-12-31,1510", "99001,2023-12-31,1501")
        else:
            fall.felder[2]["constraints"]["maximum"] = 1500
        assert {m.kennung for m in fall.pruefe()} == {"summe-falsch" if was == "csv" else "schema-constraint"}
