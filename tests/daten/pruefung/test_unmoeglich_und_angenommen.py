"""Unmögliche Werte und Befunde, die ein Mensch angenommen hat."""
# ruff: noqa: E501 - Meldungen stehen im Wortlaut

from __future__ import annotations

from typing import Any

import pytest

from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.grund.meldung import BerichtswerkFehler

ZWEI = "gebiet,stichtag,belegt,plaetze\n99001,2023-12-31,12,10\n99001,2022-12-31,9,10\n"


def zwei_groessen(fall: Any, **pruefen: Any) -> None:
    fall.csv = ZWEI
    fall.felder[2:] = [{"name": "belegt", "type": "number"}, {"name": "plaetze", "type": "number"}]
    fall.lesen["groessen"] = {"belegt": "belegt", "plaetze": "plaetze"}
    fall.mehr = {"pruefen": {"spruenge": False, **pruefen}}


def test_mehr_belegt_als_plaetze_faellt_ohne_angabe_auf(fall: Any, texte: Any) -> None:
    zwei_groessen(fall)
    (befund,) = [t for t in texte(fall.pruefe()) if "beziehung-verletzt" in t]
    assert befund.startswith("WARNUNG [beziehung-verletzt] daten/dateien/bev.csv, Zeile 2\n")
    assert "2023-12-31: belegt = 12, plaetze = 10; es müsste belegt <= plaetze gelten." in befund
    assert "Ursache: Mehr als vorhanden kann nicht belegt sein." in befund


def test_genannte_beziehung(fall: Any, texte: Any) -> None:
    zwei_groessen(fall, beziehungen=["plaetze < belegt"])
    befunde = [t for t in texte(fall.pruefe()) if "beziehung-verletzt" in t]
    assert len(befunde) == 1
    assert "2022-12-31: plaetze = 10, belegt = 9; es müsste plaetze < belegt gelten." in befunde[0]
    assert "Ursache: Die Quelle verlangt es (pruefen.beziehungen)." in befunde[0]


def test_niemand_wohnt_dort(fall: Any, texte: Any) -> None:
    fall.csv = "gebiet,stichtag,einwohner,flaeche\n99001,2023-12-31,0,270.4\n"
    fall.felder.append({"name": "flaeche", "type": "number"})
    fall.lesen["groessen"] = {"einwohner": "einwohner", "flaeche": "flaeche"}
    assert any("„einwohner“ ist überall 0, bei 270,4 Flächeneinheiten." in t for t in texte(fall.pruefe()))


def test_negatives_und_zu_grosse_anteile(fall: Any, texte: Any) -> None:
    zeilen = [
        f"99001,{jahr}-12-31,{-5 if jahr == 2000 else 10},{101 if jahr == 2001 else 40}"
        for jahr in range(1980, 2024)
    ]
    fall.csv = "\n".join(["gebiet,stichtag,faelle,anteil", *zeilen]) + "\n"
    fall.felder[2:] = [{"name": "faelle", "type": "number"}, {"name": "anteil", "type": "number"}]
    fall.lesen["groessen"] = {"faelle": "faelle", "anteil_x": "anteil"}
    befunde = texte(fall.pruefe())
    assert any("2000-12-31: „faelle“ ist −5, sonst aber nie kleiner als null." in t for t in befunde)
    assert any("2001-12-31: „anteil_x“ ist 101, mehr als 100 Prozent." in t for t in befunde)


def nimm_an(fall: Any, text: str, befund: str = "beziehung-verletzt") -> None:
    (fall.ordner / "daten").mkdir(exist_ok=True)
    (fall.ordner / "daten" / "hinweise.yaml").write_text(
        f"hinweise:\n  - befund: {befund}\n    datei: daten/dateien/bev.csv\n    text: '{text}'\n"
        "    grund: Überbelegung war mit dem Jugendamt abgestimmt\n    funktion: Kitaplanung\n    datum: 2024-02-01\n",
        encoding="utf-8",
    )


def test_angenommen_wird_genau_ein_befund(fall: Any, texte: Any) -> None:
    zwei_groessen(fall)
    (befund,) = [m for m in fall.pruefe() if m.kennung == "beziehung-verletzt"]
    nimm_an(fall, befund.text)
    assert not [t for t in texte(fall.pruefe()) if "beziehung" in t or "hinweis" in t]
    fall.csv = fall.csv.replace(",12,10", ",13,10")
    jetzt = texte(fall.pruefe())
    assert any("belegt = 13" in t for t in jetzt)
    assert any(t.startswith("WARNUNG [hinweis-veraltet] daten/hinweise.yaml, Zeile 2") for t in jetzt)


QUOTEN = "gebiet,stichtag,quote\n99001,2022-12-31,0.061\n99001,2023-12-31,0.059\n99,2022-12-31,5.8\n99,2023-12-31,5.6\n"


def test_anteile_neben_prozent_sind_ein_fehler_bis_jemand_sie_annimmt(fall: Any, texte: Any) -> None:
    fall.csv = QUOTEN
    fall.felder[2:] = [{"name": "quote", "type": "number"}]
    fall.lesen["groessen"] = {"quote": "quote"}
    (befund,) = [m for m in fall.pruefe() if m.kennung == "massstab-gemischt"]
    assert str(befund).startswith(
        "FEHLER [massstab-gemischt] daten/dateien/bev.csv, Zeile 2\n  „quote“ steht teils in Prozent, teils als "
        "Anteil da: 0,061 (Musterkreis (99001), 2022-12-31) neben 5,8 (Land Muster (99), 2022-12-31)."
    )
    projekt = fall.schreibe().projekt
    assert len(Datenbestand(projekt).tabelle("bev")) == 4
    with pytest.raises(BerichtswerkFehler) as halt:
        Datenbestand(projekt, bei_zweifel="halten").tabelle("bev")
    assert halt.value.meldungen == [befund]
    nimm_an(fall, befund.text, befund.kennung)
    assert not fall.pruefe().fehler
    assert len(Datenbestand(projekt, bei_zweifel="halten").tabelle("bev")) == 4
    fall.csv = QUOTEN.replace("0.0", "")
    assert "massstab-gemischt" not in {m.kennung for m in fall.pruefe()}


ZWEIFELHAFT = {
    "name-widerspricht": ("gebiet,ort,stichtag,einwohner\n99001011,Kleindorf,2023-12-31,5\n99001012,Musterau,2023-12-31,6\n", {}),
    "zeit-gemischt": ("gebiet,stichtag,einwohner\n99001,2023-01,5\n99001,2023-02-01,6\n", {}),
    "auspraegung-aehnlich": (
        "gebiet,stichtag,g,einwohner\n99001,2023-12-31,männlich,5\n99001,2023-12-31,Maennlich,6\n",
        {"merkmale": {"g": "g"}},
    ),
}  # fmt: skip


@pytest.mark.parametrize("art", ZWEIFELHAFT)
def test_zweifel_halten_das_lesen_nicht_auf_sind_aber_fehler(fall: Any, art: str) -> None:
    fall.csv, mehr = ZWEIFELHAFT[art]
    fall.felder, fall.lesen["zeit"] = [], {"spalte": "stichtag"}
    fall.lesen |= mehr
    befunde = [m for m in fall.pruefe().fehler if m.kennung == art]
    assert befunde
    assert len(fall.schreibe().tabelle("bev")) == 2
    nimm_an(fall, befunde[0].text, art)
    assert befunde[0].text not in {m.text for m in fall.pruefe()}


def test_ungelesene_spalten_sind_zu_entscheiden(fall: Any) -> None:
    fall.lesen["ungelesen"] = {"stichtag": "OFFEN: dort stehen Zahlen", "gebiet": "steht schon da"}
    (befund,) = [m for m in fall.pruefe() if m.kennung == "angabe-offen"]
    assert str(befund) == (
        "FEHLER [angabe-offen] daten/quellen/bev.yaml, Feld „lesen.ungelesen“\n"
        "  Ob die Spalte „stichtag“ gelesen werden soll, ist noch offen. Dort stehen Zahlen.\n"
        "  Ursache: Die Spalte ist weder gelesen noch mit einem Grund ausgenommen.\n"
        "  Abhilfe: Nennen Sie sie unter groessen, oder schreiben Sie statt OFFEN, warum sie nicht gelesen wird."
    )


def test_ein_fehler_laesst_sich_nicht_annehmen(fall: Any, texte: Any) -> None:
    fall.csv = fall.csv.replace("99001,2023-12-31,1510", "99001,2023-12-31,1501")
    (befund,) = [m for m in fall.pruefe() if m.kennung == "summe-falsch"]
    nimm_an(fall, befund.text, "summe-falsch")
    jetzt = texte(fall.pruefe())
    assert any("[summe-falsch]" in t for t in jetzt)
    assert any("Ein Fehler lässt sich nicht annehmen" in t for t in jetzt)
