"""Werteachse und Klassen stehen in der Kennzahl und sind in jedem Bericht dieselben."""

from __future__ import annotations

from typing import Any

import pytest
from bildhilfe import blatt, textkaesten, thema
from pydantic import ValidationError

from berichtswerk.bericht.bericht import Bericht
from berichtswerk.bild.svg import als_datei
from berichtswerk.fach.kennzahl import Kennzahl
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt

S = "\u202f"
QUOTE = {
    "id": "quote", "name": "Quote", "einheit": "Prozent", "einheit_kurz": "%", "art": "anteil",
    "wege": [{"wert": {"quelle": "q", "groesse": "g"}}], "definition": "Eine Quote.",
}  # fmt: skip


def schilder(gegenstand: Any) -> set[str]:
    """Alle Texte im Bild."""
    return {k.text for k in textkaesten(als_datei(blatt(gegenstand), thema().marke))}


@pytest.mark.parametrize("gebiet", ["99001", "99"])
@pytest.mark.parametrize("form", ["linie", "saeulen"])
def test_quote_hat_in_jedem_gebiet_und_jeder_form_dieselbe_achse(
    kleinprojekt: Projekt, gebiet: str, form: str
) -> None:
    b = Bericht("lage", 2024, gebiet=gebiet, projekt=kleinprojekt)
    bild = getattr(b, form)("arbeitslosenquote", label="fig-a").gegenstand
    assert {"0", f"25{S}%"} <= schilder(bild)


def test_andere_achse_verlangt_einen_grund(b: Bericht) -> None:
    with pytest.raises(BerichtswerkFehler) as fehler:
        b.linie("arbeitslosenquote", label="fig-a", achse=(0, 60))
    (meldung,) = fehler.value.meldungen
    assert (meldung.kennung, meldung.feld) == ("achse-ohne-grund", "grund")
    assert "„achse“ steht in der Kennzahl" in meldung.ursache


def test_begruendete_andere_achse_sagt_den_grund(b: Bericht) -> None:
    bild = b.linie(
        "arbeitslosenquote", label="fig-a", achse=(0, 60), grund="Neben der Jugendquote"
    ).gegenstand
    assert f"60{S}%" in schilder(bild)
    assert "Anderer Maßstab als sonst: Neben der Jugendquote." in bild.beleg.hinweise


def test_eigene_hinweise_stehen_bei_der_abbildung(b: Bericht) -> None:
    bild = b.karte("arbeitslosenquote", label="fig-k", hinweise=["Nicht geglättet."]).gegenstand
    assert bild.beleg.hinweise[0] == "Nicht geglättet."


def test_karte_nimmt_die_klassen_der_kennzahl(b: Bericht) -> None:
    bild = b.karte("arbeitslosenquote", label="fig-k").gegenstand
    assert {f"unter 8{S}%", f"8 bis unter 9{S}%", f"9{S}% und mehr"} <= schilder(bild)
    with pytest.raises(BerichtswerkFehler, match="achse-ohne-grund"):
        b.karte("arbeitslosenquote", label="fig-l", grenzen=(5, 10))


def test_ohne_angabe_richtet_sich_die_achse_nach_den_werten(b: Bericht) -> None:
    assert f"25{S}%" not in schilder(b.linie("arbeitslose", label="fig-a").gegenstand)


@pytest.mark.parametrize(
    ("angabe", "grund"),
    [
        ({"achse": {"von": 10, "bis": 10}}, "„von“ kleiner als „bis“"),
        ({"achse_je_ebene": {"kreis": {"von": 0, "bis": 10}}}, "auf allen Ebenen dieselbe Achse"),
        ({"art": "anzahl", "achse": {"von": 0, "bis": 10}}, "je Ebene ihre Achse"),
        ({"klassen": [5, 5]}, "aufsteigend"),
        ({"klassen": [5, 9], "art": "anzahl", "einheit_kurz": None}, "nicht in Klassen"),
        ({"klassen": [1, 2, 3, 4, 5]}, "4"),
    ],
)
def test_unbrauchbare_angaben_werden_genannt(angabe: dict[str, object], grund: str) -> None:
    with pytest.raises(ValidationError, match=grund):
        Kennzahl.model_validate(QUOTE | angabe)


def test_anzahl_hat_je_ebene_ihre_achse() -> None:
    ebenen = {"kreis": {"von": 0, "bis": 100}, "land": {"von": 0, "bis": 9000}}
    zahl = Kennzahl.model_validate(QUOTE | {"art": "anzahl", "achse_je_ebene": ebenen})
    assert zahl.werteachse(["kreis"]) == (0, 100)
    assert zahl.werteachse(["kreis", "land"]) == (0, 9000)
    assert zahl.werteachse(["einheit"]) is None
