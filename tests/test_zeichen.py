"""Zeichen amtlicher Tabellen."""

from __future__ import annotations

import pytest

from berichtswerk.grund.zeichen import ANZEIGE, ERKLAERUNG, ZEICHENSAETZE, Status


@pytest.mark.parametrize(
    ("satz", "zeichen", "status"),
    [
        ("din55301", "-", Status.NULL),
        ("din55301", ".", Status.UNBEKANNT),
        ("din55301", "...", Status.SPAETER),
        ("din55301", "/", Status.UNSICHER),
        ("din55301", "x", Status.GESPERRT),
        ("din55301", "", Status.FEHLT),
        ("ba", "*", Status.GEHEIM),
        ("niedersachsen", "k", Status.GERUNDET_NULL),
        ("niedersachsen", "g", Status.UNBEKANNT),
    ],
)
def test_jedes_zeichen_hat_seine_bedeutung(satz: str, zeichen: str, status: Status) -> None:
    assert ZEICHENSAETZE[satz][zeichen] is status


def test_ohne_zahl_gibt_es_immer_ein_zeichen_und_eine_erklaerung() -> None:
    for status in Status:
        if not status.hat_zahl:
            assert ANZEIGE[status]
        if status is not Status.WERT:
            assert ERKLAERUNG[status]


def test_geheim_und_unbekannt_sind_aussen_nicht_zu_unterscheiden() -> None:
    assert ANZEIGE[Status.GEHEIM] == ANZEIGE[Status.UNBEKANNT] == ANZEIGE[Status.FEHLT]
    assert ERKLAERUNG[Status.GEHEIM] == ERKLAERUNG[Status.UNBEKANNT]
