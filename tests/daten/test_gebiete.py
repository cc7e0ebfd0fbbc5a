"""Das Gebietsverzeichnis: Schlüsselschemata, Namen, Hierarchie, Gebietsstand, Meldungen."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from gebietsbeispiel import YAML, lade

from berichtswerk.daten.gebiete import Gebietsdatei, Gebietsverzeichnis
from berichtswerk.grund.meldung import BerichtswerkFehler


@pytest.fixture
def v(tmp_path: Path) -> Gebietsverzeichnis:
    return lade(tmp_path)


@pytest.mark.parametrize(
    ("geliefert", "schluessel"),
    [
        ("DG", "DG"),
        ("01", "01"),
        ("01000000", "01"),
        ("01099", "01099"),
        ("01099000", "01099"),
        ("010990000000", "01099"),
        (" 01 0 99 ", "01099"),
        ("01099052", "01099052"),
        ("010995801052", "01099052"),
        ("010995801", "010995801"),
        ("010995801000", "010995801"),
        ("5801", "010995801"),
        ("01099901", "010995801"),
        ("J2", "010995801"),
        ("010990020020", "01099020"),
        ("010990020", "010990020"),
    ],
)
def test_jedes_schluesselschema_fuehrt_zum_gebiet(
    v: Gebietsverzeichnis, geliefert: str, schluessel: str
) -> None:
    assert v.finde(geliefert).schluessel == schluessel


@pytest.mark.parametrize(
    ("geliefert", "schluessel"),
    [
        ("Deutschland", "DG"),
        ("Muster", "01"),
        ("Land Muster", "01"),
        ("Seenland", "01099"),
        ("Seenland, Landkreis", "01099"),
        ("SL", "01099"),
        (
            "Seestadt",
            "01099020",
        ),  # amtsfrei: Gemeinde und Einheit sind dasselbe; ohne Ebene gilt die Gemeinde
        ("Seestadt, Stadt", "01099020"),
        ("  seestadt,  stadt ", "01099020"),
        ("Neustadt (Aue), Stadt", "01099052"),
        ("Neustadt/Aue, Stadt", "01099052"),
        ("Amt Neustadt (Aue)", "010995801"),
        ("Neustadt (Aue), Amt", "010995801"),
        ("Amt Neustadt", "010995801"),
        ("Ost-Westdorf", "01099053"),
        ("Planungsgebiet Seestadt", "01099-P1"),
    ],
)
def test_namen_mit_und_ohne_zusatz(v: Gebietsverzeichnis, geliefert: str, schluessel: str) -> None:
    assert v.finde(geliefert).schluessel == schluessel


@pytest.mark.parametrize(
    ("geliefert", "ebene", "schluessel"),
    [
        ("Neustadt (Aue)", "gemeinde", "01099052"),
        ("Neustadt (Aue)", "einheit", "010995801"),
        ("Seestadt", "einheit", "010990020"),
        ("Seestadt", "planungsgebiet", "01099-P1"),
        ("01099020", "einheit", "010990020"),
        ("010990020", "gemeinde", "01099020"),
    ],
)
def test_die_ebene_entscheidet(v: Gebietsverzeichnis, geliefert: str, ebene: Any, schluessel: str) -> None:
    assert v.finde(geliefert, ebene=ebene).schluessel == schluessel


def test_schema_grenzt_die_suche_ein(v: Gebietsverzeichnis) -> None:
    assert v.finde("5801", schema="ars_teil").schluessel == "010995801"
    assert not v.treffer("5801", schema="ags")
    assert not v.treffer("01099", schema="name")
    assert v.finde("J1", schema="jobcenter").schluessel == "010995801"


@pytest.mark.parametrize(
    ("text", "ebene", "meldung"),
    [
        (
            "Neustadt (Aue)",
            None,
            "FEHLER [gebiet-mehrdeutig] ohne Ort\n"
            "  „Neustadt (Aue)“ kann mehrere Gebiete meinen: Amt Neustadt (Aue) (kommunale Einheit "
            "010995801), Neustadt (Aue) (Gemeinde 01099052).\n"
            "  Abhilfe: Nennen Sie den Schlüssel oder die Ebene (gemeinde, einheit, planungsgebiet, kreis).",
        ),
        (
            "Seestatt",
            None,
            "FEHLER [gebiet-unbekannt] ohne Ort\n"
            "  Das Gebiet „Seestatt“ gibt es nicht.\n"
            "  Ursache: Ähnlich: Seestadt (Gemeinde 01099020).\n"
            "  Abhilfe: Berichtigen Sie die Angabe oder ergänzen Sie das Gebiet in daten/gebiete.yaml.",
        ),
        (
            "1099052",
            None,
            "FEHLER [gebiet-unbekannt] ohne Ort\n"
            "  Das Gebiet „1099052“ gibt es nicht.\n"
            "  Ursache: Vermutlich fehlt die führende Null von Neustadt (Aue) (Gemeinde 01099052).\n"
            "  Abhilfe: Berichtigen Sie die Angabe oder ergänzen Sie das Gebiet in daten/gebiete.yaml.",
        ),
        (
            "01099053",
            "einheit",
            "FEHLER [gebiet-unbekannt] ohne Ort\n"
            "  Das Gebiet „01099053“ gibt es auf der Ebene kommunale Einheit nicht.\n"
            "  Ursache: Es ist Ost-/Westdorf (Gemeinde 01099053).\n"
            "  Abhilfe: Berichtigen Sie die Angabe oder ergänzen Sie das Gebiet in daten/gebiete.yaml.",
        ),
    ],
)
def test_meldungen_der_suche(v: Gebietsverzeichnis, text: str, ebene: Any, meldung: str) -> None:
    with pytest.raises(BerichtswerkFehler) as fehler:
        v.finde(text, ebene=ebene)
    assert str(fehler.value) == meldung


def test_suche_uebergeht_fremde_gebiete(v: Gebietsverzeichnis) -> None:
    assert not v.treffer("16077")
    assert not v.treffer("")


def test_hierarchie(v: Gebietsverzeichnis) -> None:
    assert (v.kreis.schluessel, v.land.schluessel, v.bund.schluessel) == ("01099", "01", "DG")
    assert [g.name for g in v.kinder("01099", "einheit")] == ["Seestadt", "Amt Neustadt (Aue)"]
    assert [g.schluessel for g in v.kinder("01099-P2")] == ["010995801"]
    assert v.vorfahr("01099053", "planungsgebiet") is v["01099-P2"]
    assert v.vorfahr("01099053", "gemeinde") is v["01099053"]
    assert v.vorfahr("01099", "gemeinde") is None
    assert [g.schluessel for g in v.gleiche("01099020")] == ["010990020"]
    assert v.gleiche("01099052") == ()
    assert [g.schluessel for g in v.ebene("gemeinde")] == ["01099020", "01099052", "01099053"]
    seestadt = v["010990020"]
    assert seestadt.name_kurz == "Seestadt"
    assert (v["01099020"].lon, v["01099020"].lat) == (12.5, 53)


def test_reihenfolge_laesst_sich_ueberschreiben(tmp_path: Path) -> None:
    text = YAML.replace('ebene: kreis, teil_von: "01"', 'ebene: kreis, reihenfolge: -1, teil_von: "01"')
    assert next(iter(lade(tmp_path, text))) == "01099"


def test_gebietsstand(tmp_path: Path) -> None:
    ohne = lade(tmp_path)
    assert ohne.gebietsstand == date(2024, 12, 31)
    assert ohne.gleicher_stand("01099", "2020-12-31", "2020-12-31")
    assert ohne.gleicher_stand("01099", None, "2020-12-31")
    assert not ohne.gleicher_stand("01099", "2020-12-31", "2021-12-31")
    mit = lade(
        tmp_path,
        YAML + "gebietsaenderungen:\n  vollstaendig_seit: 2010-01-01\n  liste:\n"
        '    - {ab: 2021-01-01, gebiete: ["01099020"], grund: Eingliederung}\n',
    )
    assert mit.gleicher_stand("01099052", "2012-12-31", "2023-12-31")
    assert not mit.gleicher_stand("01099020", "2020-12-31", "2021-12-31")
    assert not mit.gleicher_stand("010990020", "2020-12-31", "2021-12-31")  # dieselbe Fläche
    assert mit.gleicher_stand("01099020", "2021-01-01", "2021-12-31")
    assert not mit.gleicher_stand("01099052", "2005-12-31", "2012-12-31")  # vor der vollständigen Liste
    assert not mit.gleicher_stand("01099052", "Grenzen 2013", "2012-12-31")


def test_alle_widersprueche_auf_einmal(tmp_path: Path) -> None:
    text = (
        YAML.replace('kreis: "01099"', 'kreis: "01098"')
        .replace('schluessel: "01099053"', 'schluessel: "01099052"')
        .replace(
            "name: Land Muster, name_kurz: Muster, ebene: land, teil_von: DG",
            "name: Land Muster, ebene: land",
        )
        .replace('ebene: planungsgebiet, teil_von: "01099"', 'ebene: planungsgebiet, teil_von: "1099"', 1)
        .replace("teil_von: 01099-P2", 'teil_von: "01099052"')
    )
    with pytest.raises(BerichtswerkFehler) as fehler:
        lade(tmp_path, text)
    assert [str(m) for m in fehler.value.meldungen] == [
        "FEHLER [gebiete-doppelt] daten/gebiete.yaml, Gebiet „Ost-/Westdorf“, Feld „schluessel“\n"
        "  Der Schlüssel „01099052“ kommt zweimal vor.\n"
        "  Ursache: Er gehört schon zu „Neustadt (Aue)“.\n"
        "  Abhilfe: Geben Sie jedem Gebiet einen eigenen Schlüssel.",
        "FEHLER [gebiete-zuordnung] daten/gebiete.yaml, Gebiet „Land Muster“, Feld „teil_von“\n"
        "  Dem Gebiet fehlt die Zuordnung „teil_von“.\n"
        "  Ursache: Nur der Bund steht allein.\n"
        "  Abhilfe: Tragen Sie den Schlüssel des nächstgrößeren Gebiets ein.",
        "FEHLER [gebiete-zuordnung] daten/gebiete.yaml, Gebiet „Planungsgebiet Seestadt“, Feld „teil_von“\n"
        "  „teil_von: 1099“ verweist auf ein Gebiet, das es nicht gibt.\n"
        "  Abhilfe: Berichtigen Sie den Schlüssel oder ergänzen Sie das Gebiet (Schlüssel in "
        "Anführungszeichen).",
        "FEHLER [gebiete-zuordnung] daten/gebiete.yaml, Gebiet „Amt Neustadt (Aue)“, Feld „teil_von“\n"
        "  „teil_von: 01099052“ ist nicht größer als das Gebiet selbst.\n"
        "  Ursache: kommunale Einheit kann nicht Teil von Gemeinde sein.\n"
        "  Abhilfe: Tragen Sie den Schlüssel des nächstgrößeren Gebiets ein.",
        "FEHLER [gebiete-kreis] daten/gebiete.yaml, Feld „kreis“\n"
        "  Der eigene Kreis „01098“ steht nicht in der Liste der Gebiete.\n"
        "  Ursache: Als Kreis eingetragen sind: 01099.\n"
        "  Abhilfe: Tragen Sie den Kreis unter „gebiete“ mit „ebene: kreis“ ein.",
    ]


def test_kreis_ohne_land(tmp_path: Path) -> None:
    text = YAML.replace('ebene: kreis, teil_von: "01"', "ebene: kreis, teil_von: DG")
    with pytest.raises(BerichtswerkFehler) as fehler:
        _ = lade(tmp_path, text).land
    assert str(fehler.value) == (
        "FEHLER [gebiete-zuordnung] daten/gebiete.yaml, Gebiet „Landkreis Seenland“, Feld „teil_von“\n"
        "  „Landkreis Seenland“ ist keinem Gebiet der Ebene Land zugeordnet.\n"
        "  Abhilfe: Tragen Sie den Schlüssel des nächstgrößeren Gebiets ein."
    )


def test_unbekannter_schluessel_in_der_datei(tmp_path: Path) -> None:
    with pytest.raises(BerichtswerkFehler) as fehler:
        lade(tmp_path, YAML.replace("name_kurz: Muster", "kurzname: Muster"))
    assert "Den Schlüssel „kurzname“ gibt es hier nicht." in str(fehler.value)


def test_modell_ist_unveraenderlich() -> None:
    eintrag = {"schluessel": "DG", "name": "D", "ebene": "bund"}
    inhalt = Gebietsdatei.model_validate({"gebietsstand": "2024-12-31", "kreis": "1", "gebiete": [eintrag]})
    with pytest.raises(ValueError, match="frozen"):
        inhalt.kreis = "2"
