"""Die Fassade: was eine Datenperson an einem Bericht findet, und mehrere Berichte in einem Notizbuch."""

import inspect
import re

import pytest

from berichtswerk.bericht import bericht as gateway
from berichtswerk.bericht.abbildungen import Abbildungen, Texte
from berichtswerk.bericht.bericht import Bericht, abschluss
from berichtswerk.bericht.tabellen import Tabellen, Tabellentexte
from berichtswerk.grund.meldung import BerichtswerkFehler

NAMEN = sorted(re.findall(r"``(\w+)``", Bericht.__doc__ or ""))
"""Was die Beschreibung von ``Bericht`` aufzählt."""


def test_die_beschreibung_nennt_genau_das_womit_man_arbeitet(b):
    assert [name for name in dir(b) if not name.startswith("_")] == NAMEN


@pytest.mark.parametrize("name", NAMEN)
def test_jeder_name_sagt_was_er_nimmt_und_zeigt_ein_beispiel(b, name):
    eigenschaft = getattr(type(b), name, None)
    text = inspect.getdoc(eigenschaft if isinstance(eigenschaft, property) else getattr(b, name))
    assert ">>> " in text
    if isinstance(eigenschaft, property):
        return
    angaben = inspect.signature(getattr(b, name)).parameters
    beschrieben = set(re.findall(r"``(\w+)``", text))
    assert set(angaben) <= beschrieben
    assert re.search(rf">>> .*\b{name}\(", text), "das Beispiel ruft auf, was es erklärt"


@pytest.mark.parametrize(
    ("angaben", "wo"), [(Texte, Abbildungen), (Tabellentexte, Tabellen.tabelle)], ids=["Bild", "Tabelle"]
)
def test_jede_freiwillige_angabe_ist_genannt(angaben, wo):
    assert set(angaben.__annotations__) <= set(re.findall(r"``(\w+)``", inspect.getdoc(wo)))


@pytest.fixture
def lauf(monkeypatch):
    """Ein Lauf, der noch keinen Bericht angelegt hat."""
    monkeypatch.setenv("BERICHTSWERK_LAUF", "1")
    monkeypatch.setattr(gateway, "_ANGELEGT", [])


@pytest.mark.usefixtures("lauf")
def test_zwei_berichte_in_einem_notizbuch_behalten_ihre_bindungen(kleinprojekt):
    kreis = Bericht("lage", 2024, projekt=kleinprojekt)
    land = Bericht("lage", 2024, gebiet="99", projekt=kleinprojekt)
    kreis.binde(hier=kreis.kennzahl("arbeitslosenquote"), wort="Text")
    land.binde(dort=land.kennzahl("arbeitslosenquote"), wort="Text")
    werte = abschluss().gegenstand.werte
    assert (werte["hier"].gebiet, werte["dort"].gebiet) == ("99001", "99")
    # was niemand eigens gebunden hat, gilt für den ersten Bericht
    assert (werte["gebiet"].text, werte["arbeitslosenquote"].gebiet) == ("Landkreis Muster", "99001")


@pytest.mark.usefixtures("lauf")
def test_ein_name_mit_zwei_bedeutungen_nennt_beide(kleinprojekt):
    for gebiet in ("99001", "99"):
        bericht = Bericht("lage", 2024, gebiet=gebiet, projekt=kleinprojekt)
        bericht.binde(quote=bericht.kennzahl("arbeitslosenquote"))
    with pytest.raises(BerichtswerkFehler) as fehler:
        abschluss()
    assert str(fehler.value) == (
        "FEHLER [name-mehrdeutig] Feld „quote“\n"
        "  Der Name „quote“ ist zweimal verschieden gebunden.\n"
        "  Ursache: Gebunden haben ihn „Lagebericht 2024, Landkreis Muster“ und "
        "„Lagebericht 2024, Land Beispielland“.\n"
        "  Abhilfe: Geben Sie einem der beiden in b.binde(…) einen anderen Namen."
    )


@pytest.mark.usefixtures("lauf")
def test_ohne_bericht_gibt_es_keinen_abschluss():
    assert abschluss() is None
