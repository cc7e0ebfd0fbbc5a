"""Lange Wörter brechen an Fugen, auch wo der Browser kein Trennwörterbuch hat."""

import pytest

from berichtswerk.grund.trennung import WEICH, trennbar


@pytest.mark.parametrize(
    "wort",
    [
        "Mindest|sicherungs|quote", "Asyl|bewerber|leistungen", "Bedarfs|gemeinschaften (SGB II)",
        "Haupt|schul|abschluss", "Wohngeld|haushalte", "Staats|angehörigkeit", "Kindertages|einrichtungen",
        "Dauer|pflege|plätze", "Einwanderungs|geschichte", "Sozial|versicherungs|pflichtig",
        # kurze Wörter, Vorsilben und Zufälle bleiben ganz
        "Deutschland", "Brandenburg", "Schulabgang", "Rechtsverordnungen", "Neuberechnungen",
        "Arbeitslosigkeit", "unbezahltes Praktikum", "durchschnittliche", "12411-01-01-4",
    ],
)  # fmt: skip
def test_lange_woerter_haben_trennstellen_an_ihren_fugen(wort: str) -> None:
    getrennt = trennbar(wort.replace("|", ""))
    assert getrennt.replace(WEICH, "|") == wort
    assert trennbar(getrennt) == getrennt
