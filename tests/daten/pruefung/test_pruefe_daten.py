"""Jede Prüfung mit schlechter Eingabe und dem genauen Wortlaut ihrer Meldung."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

import pytest

from berichtswerk.daten.pruefung import pruefe_daten


def test_eine_gute_quelle_hat_keine_befunde(fall: Any, texte: Any) -> None:
    assert texte(fall.pruefe()) == []


def test_schema_typen_und_grenzen(fall: Any, texte: Any) -> None:
    fall.felder[0]["constraints"]["pattern"] = "99.*"
    fall.felder[2]["constraints"]["maximum"] = 1500
    fall.felder.append({"name": "art", "type": "string", "constraints": {"enum": ["a", "b"]}})
    zeilen = fall.csv.splitlines()
    fall.csv = "\n".join([zeilen[0] + ",art", *(z + ",a" for z in zeilen[1:-1]), zeilen[-1] + ",c"]) + "\n"
    assert texte(fall.pruefe()) == [
        "FEHLER [schema-constraint] daten/dateien/bev.csv, Zeile 9, Feld „einwohner“\n"
        "  „1510“: Der größte erlaubte Wert ist 1500. Ebenso: Zeile 13.\n"
        "  Abhilfe: Gilt der Wert, ändern Sie schema.fields der Quelle; sonst fragen Sie bei der liefernden "
        "Stelle nach.",
        "FEHLER [schema-constraint] daten/dateien/bev.csv, Zeile 13, Feld „art“\n"
        "  „c“: Erlaubt sind: a, b.\n"
        "  Abhilfe: Gilt der Wert, ändern Sie schema.fields der Quelle; sonst fragen Sie bei der liefernden "
        "Stelle nach.",
    ]


def test_schema_typ_eines_feldes_ohne_werte(fall: Any, texte: Any) -> None:
    fall.felder.append({"name": "nummer", "type": "integer"})
    zeilen = fall.csv.splitlines()
    fall.csv = "\n".join([zeilen[0] + ",nummer", zeilen[1] + ",x1", *(z + "," for z in zeilen[2:])]) + "\n"
    assert texte(fall.pruefe()) == [
        "FEHLER [schema-type] daten/dateien/bev.csv, Zeile 2, Feld „nummer“\n"
        "  „x1“ hat nicht den Typ ganze Zahl.\n"
        "  Abhilfe: Gilt der Wert, ändern Sie schema.fields der Quelle; sonst fragen Sie bei der liefernden "
        "Stelle nach."
    ]


def test_befunde_des_lesers_gehoeren_dazu(fall: Any) -> None:
    """Doppelte Angaben, unbekannte Gebiete und Text in Zahlen meldet der Leser; alles auf einmal."""
    fall.csv += "99001012,2023-12-31,179\n"
    assert [m.kennung for m in fall.pruefe()] == ["schluessel-doppelt"]
    fall.csv += "99009,2023-12-31,1\n99001020,2020-12-31,viele\n"
    assert {"gebiet-unbekannt", "zahl-ungueltig"} & {m.kennung for m in fall.pruefe()}


def test_falsche_summe(fall: Any, texte: Any) -> None:
    fall.csv = fall.csv.replace("99001,2023-12-31,1510", "99001,2023-12-31,1501")
    assert texte(fall.pruefe()) == [
        "FEHLER [summe-falsch] daten/dateien/bev.csv\n"
        "  Musterkreis (99001), 2023-12-31, „einwohner“: geliefert 1\u202f501, Summe der 3 Teile "
        "1\u202f510.\n"
        "  Ursache: Differenz −9.\n"
        "  Abhilfe: Prüfen Sie die Lieferung. Addiert sich die Größe nicht (Wanderungen, Quoten), setzen Sie "
        "„pruefen: {summen: false}“."
    ]


@pytest.mark.parametrize("genauigkeit", ["cell_key", "5er_rundung"])
def test_gerundete_quellen_geben_nur_einen_hinweis_ohne_differenz(
    fall: Any, texte: Any, genauigkeit: str
) -> None:
    fall.csv = fall.csv.replace("99001,2023-12-31,1510", "99001,2023-12-31,1511")
    fall.statistik["genauigkeit"] = genauigkeit
    assert texte(fall.pruefe()) == [
        "HINWEIS [summe-gerundet] daten/dateien/bev.csv, Feld „statistik.genauigkeit“\n"
        "  An 1 Stelle weicht die Summe der Teile vom gelieferten Wert ab.\n"
        f"  Ursache: Die Quelle ist zur Geheimhaltung verändert ({genauigkeit}); ihre Werte addieren "
        f"sich nicht.\n"
        "  Abhilfe: Nichts zu tun. Schließen Sie nie aus Differenzen auf einzelne Werte."
    ]


@pytest.mark.parametrize("angabe", [False, []])
def test_summenpruefung_laesst_sich_abschalten(fall: Any, texte: Any, angabe: Any) -> None:
    fall.csv = fall.csv.replace("99001,2023-12-31,1510", "99001,2023-12-31,1501")
    fall.mehr["pruefen"] = {"summen": angabe}
    assert texte(fall.pruefe()) == []


def test_quoten_werden_nicht_summiert_wenn_das_schema_keine_ganzen_zahlen_nennt(
    fall: Any, texte: Any
) -> None:
    fall.felder[2]["type"] = "number"
    fall.csv = fall.csv.replace("99001,2023-12-31,1510", "99001,2023-12-31,1501")
    assert texte(fall.pruefe()) == []
    fall.mehr["pruefen"] = {"summen": ["einwohner"]}
    assert len(fall.pruefe()) == 1


def test_mit_geheimem_teil_wird_keine_summe_verglichen(fall: Any, texte: Any) -> None:
    fall.csv = fall.csv.replace("99001012,2023-12-31,197", "99001012,2023-12-31,.")
    fall.statistik["zeichensatz"] = "din55301"
    assert texte(fall.pruefe()) == []


def test_sprung(fall: Any, texte: Any) -> None:
    fall.mehr["pruefen"] = {"summen": False}
    fall.csv = fall.csv.replace("99001020,2023-12-31,301", "99001020,2023-12-31,31")
    assert texte(fall.pruefe()) == [
        "WARNUNG [wert-sprung] daten/dateien/bev.csv, Zeile 12\n"
        "  Seestadt (99001020), „einwohner“: von 302 (2022-12-31) auf 31 (2023-12-31) (−90 %).\n"
        "  Ursache: So stark ändert sich diese Größe sonst nicht; möglich sind ein Tippfehler, eine andere "
        "Abgrenzung oder ein echtes Ereignis.\n"
        "  Abhilfe: Prüfen Sie den Wert. Ist er richtig, erklären Sie ihn unter „brueche“ oder "
        "„hinweise“, oder "
        "passen Sie „pruefen: {spruenge: …}“ an."
    ]


def test_null_statt_einer_zahl_ist_ein_sprung(fall: Any) -> None:
    """Wie im Gemeindeverzeichnis des 2. Quartals 2024: eine Gemeinde mit Bevölkerung 0."""
    fall.mehr["pruefen"] = {"summen": False}
    fall.csv = fall.csv.replace("99001020,2023-12-31,301", "99001020,2023-12-31,0")
    befunde = [(m.kennung, m.text) for m in fall.pruefe() if m.kennung != "einwohner-null"]
    text = "Seestadt (99001020), „einwohner“: von 302 (2022-12-31) auf 0 (2023-12-31) (−100 %)."
    assert befunde == [("wert-sprung", text)]


@pytest.mark.parametrize(
    "aenderung",
    [
        {"mehr": {"pruefen": {"summen": False, "spruenge": False}}},
        {"mehr": {"pruefen": {"summen": False, "spruenge": {"prozent": 95}}}},
        {"mehr": {"pruefen": {"summen": False, "spruenge": {"ab": 500}}}},
        {
            "mehr": {"pruefen": {"summen": False}},
            "statistik": {"brueche": [{"jahr": 2023, "grund": "Neue Abgrenzung"}]},
        },
    ],
)
def test_sprung_erklaert_oder_schwelle_gesetzt(fall: Any, texte: Any, aenderung: dict[str, Any]) -> None:
    fall.csv = fall.csv.replace("99001020,2023-12-31,301", "99001020,2023-12-31,31")
    for name, wert in aenderung.items():
        getattr(fall, name).update(wert)
    assert texte(fall.pruefe()) == []


def test_fehlende_kommune(fall: Any, texte: Any) -> None:
    fall.csv = fall.csv.replace("99001012,2022-12-31,198\n", "")
    assert texte(fall.pruefe()) == [
        "WARNUNG [gebiet-fehlt] daten/dateien/bev.csv, Feld „gebiet“\n"
        "  Zu „einwohner“ fehlen für 2022-12-31 1 von 3 Gebieten (Ebene Gemeinde): „Kleindorf (99001012)“.\n"
        "  Ursache: Summen, die eines dieser Gebiete brauchen, werden nicht gebildet.\n"
        "  Abhilfe: Fragen Sie nach oder tragen Sie das Zeichen für „unbekannt“ ein."
    ]


def test_einheiten_zaehlen_auch_als_flaechengleiche_gemeinde(fall: Any) -> None:
    kopf = "gebiet,stichtag,einwohner\n"
    fall.csv = kopf + "990015801,2022-12-31,1200\n99001020,2022-12-31,300\n990015801,2023-12-31,1210\n"
    texte = [m.text for m in fall.pruefe()]
    assert texte == [
        "Zu „einwohner“ fehlen für 2023-12-31 1 von 2 Gebieten (Ebene kommunale Einheit): "
        "„Seestadt (990010020)“."
    ]


def test_verlangte_vollstaendigkeit(fall: Any) -> None:
    fall.csv = "gebiet,stichtag,einwohner\n99001020,2022-12-31,300\n"
    assert list(fall.pruefe()) == []
    fall.mehr["pruefen"] = {"vollstaendig": []}
    assert list(fall.pruefe()) == []
    fall.mehr["pruefen"] = {"vollstaendig": ["gemeinde"]}
    assert [m.kennung for m in fall.pruefe()] == ["gebiet-fehlt"]


def test_ueberfaellige_lieferung(fall: Any, texte: Any) -> None:
    assert texte(fall.pruefe(date(2025, 10, 1))) == [
        "WARNUNG [lieferung-ueberfaellig] daten/quellen/bev.yaml, Feld „statistik.naechste_lieferung“\n"
        "  Die nächste Lieferung war am 30.09.2025 erwartet; überfällig seit 1 Tag.\n"
        "  Ursache: Zuständig: Planung; Herausgeber: Statistisches Amt.\n"
        "  Abhilfe: Nehmen Sie die neue Datei mit „berichtswerk lieferung annehmen“ an; „berichtswerk "
        "lieferung faellig“ schreibt eine Erinnerung. Kommt nichts mehr, setzen Sie "
        "„periodizitaet: einmalig“."
    ]
    assert texte(fall.pruefe(date(2025, 9, 30))) == []


def test_alter_stand_ohne_termin(fall: Any) -> None:
    fall.statistik["naechste_lieferung"] = None
    assert [m.text for m in fall.pruefe(date(2027, 6, 1))] == [
        "Der Stand 31.12.2024 ist mehr als zwei Perioden alt."
    ]
    fall.statistik["periodizitaet"] = "einmalig"
    assert list(fall.pruefe(date(2027, 6, 1))) == []


def test_geaenderte_datei(fall: Any, texte: Any) -> None:
    bestand = fall.schreibe()
    datei = fall.ordner / "daten" / "dateien" / "bev.csv"
    datei.write_text(fall.csv.replace("1510", "1510 "), encoding="utf-8")
    befunde = [m for m in pruefe_daten(bestand, date(2025, 6, 1)) if m.kennung == "pruefsumme-geaendert"]
    ist = "sha256:" + hashlib.sha256(datei.read_bytes()).hexdigest()
    assert texte(befunde) == [
        "FEHLER [pruefsumme-geaendert] daten/dateien/bev.csv, Feld „hash“\n"
        "  Die Datei ist nicht mehr die, die in der Beschreibung vermerkt ist.\n"
        "  Ursache: Die Prüfsumme in daten/quellen/bev.yaml ist eine andere: neue Lieferung oder "
        "versehentliche "
        "Änderung.\n"
        f"  Abhilfe: Ist es eine neue Lieferung, tragen Sie „hash: {ist}“ und den neuen Stand ein; "
        f"sonst stellen "
        "Sie die gelieferte Datei wieder her."
    ]


def test_ohne_pruefsumme(fall: Any) -> None:
    fall.mehr["hash"] = None
    befunde = list(fall.pruefe())
    assert [(m.kennung, m.stufe.value) for m in befunde] == [("pruefsumme-fehlt", "hinweis")]
    assert befunde[0].abhilfe.startswith("Ergänzen Sie „hash: sha256:")


def test_fremder_stichtag_und_zeit_nach_dem_stand(fall: Any, texte: Any) -> None:
    fall.csv = fall.csv.replace("2022-12-31", "2022-06-30")
    fall.statistik["stand"] = "2023-06-30"
    assert texte(fall.pruefe()) == [
        "WARNUNG [stichtag-anders] daten/dateien/bev.csv, Zeilen 6, 7, 8, 9, Feld „statistik.stichtag“\n"
        "  Der Stichtag 30.06.2022 ist nicht der angegebene.\n"
        "  Ursache: Angegeben: 31.12.\n"
        "  Abhilfe: Prüfen Sie die Lieferung; gilt der Tag, nennen Sie ihn unter „pruefen: {stichtage: "
        "[...]}“.",
        "WARNUNG [zeit-nach-stand] daten/dateien/bev.csv, Zeilen 10, 11, 12, 13, Feld „statistik.stand“\n"
        "  Werte für 2023-12-31 liegen nach dem Stand der Lieferung (30.06.2023).\n"
        "  Ursache: Der Stand ist veraltet, oder die Zeit ist falsch gelesen.\n"
        "  Abhilfe: Tragen Sie den Stand der neuen Lieferung ein oder prüfen Sie „lesen.zeit“.",
    ]


def test_weitere_stichtage_sind_erlaubt(fall: Any, texte: Any) -> None:
    fall.csv = fall.csv.replace("2022-12-31", "2022-05-15")
    fall.mehr["pruefen"] = {"stichtage": ["15.05."]}
    assert texte(fall.pruefe()) == []


def mit_basis(fall: Any) -> None:
    fall.felder.append({"name": "basis", "type": "string"})
    fall.statistik["basis"] = {"spalte": "basis"}
    kopf, *zeilen = fall.csv.splitlines()
    alt = [f"{z},Zensus 2011" for z in zeilen]
    neu = [f"{z},Zensus 2022" for z in zeilen if "2023" in z]
    fall.csv = "\n".join([kopf + ",basis", *alt, *neu]) + "\n"


def test_unerklaerter_bruch(fall: Any, texte: Any) -> None:
    mit_basis(fall)
    assert texte(fall.pruefe()) == [
        "WARNUNG [bruch-unerklaert] daten/quellen/bev.yaml, Feld „statistik.brueche“\n"
        "  Die Quelle wechselt von „Zensus 2011“ zu „Zensus 2022“, ohne den Bruch zu erklären. Für 2023 "
        "liegen "
        "beide vor.\n"
        "  Ursache: Zahlen auf verschiedener Basis sind nicht vergleichbar; Lesende müssen es erfahren.\n"
        '  Abhilfe: Ergänzen Sie „brueche: [{jahr: 2023, grund: "Umstellung auf Zensus 2022"}]“.'
    ]


def test_erklaerter_bruch(fall: Any, texte: Any) -> None:
    mit_basis(fall)
    fall.statistik["brueche"] = [{"jahr": 2023, "grund": "Umstellung auf Zensus 2022"}]
    assert texte(fall.pruefe()) == []


def test_fremdes_gebiet_das_behalten_wurde(fall: Any, texte: Any) -> None:
    fall.csv += "99002,2023-12-31,1\n"
    fall.lesen["gebiet"] = {"spalte": "gebiet", "unbekannte": "behalten"}
    assert texte(fall.pruefe()) == [
        "HINWEIS [gebiet-fremd] daten/dateien/bev.csv, Zeile 14, Feld „gebiet“\n"
        "  Das Gebiet „99002“ steht nicht im Gebietsverzeichnis; seine Werte werden nicht verwendet.\n"
        "  Ursache: Ähnlich: „99001 Musterkreis“, „99001020 Seestadt“, „99001012 Kleindorf“.\n"
        "  Abhilfe: Ergänzen Sie es in daten/gebiete.yaml oder lassen Sie fremde Gebiete beim Lesen weg."
    ]


def test_zwei_gebietsstaende_fuer_dieselbe_zeit(fall: Any) -> None:
    fall.felder.append({"name": "gs", "type": "string"})
    fall.statistik["gebietsstand"] = {"spalte": "gs"}
    kopf, *zeilen = fall.csv.splitlines()
    doppelt = f"{zeilen[-1]},2024-12-31"
    fall.csv = "\n".join([kopf + ",gs", *(f"{z},2023-12-31" for z in zeilen), doppelt]) + "\n"
    assert [m.text for m in fall.pruefe()] == [
        "Für 2023-12-31 sind Werte zu zwei Gebietsständen geliefert: „Musterkreis (99001)“."
    ]


def test_unlesbare_quelle_haelt_die_anderen_nicht_auf(fall: Any) -> None:
    fall.schreibe()
    quellen = fall.ordner / "daten" / "quellen"
    gut = json.loads((quellen / "bev.yaml").read_text(encoding="utf-8"))
    (quellen / "a_kaputt.yaml").write_text("name: [", encoding="utf-8")
    (quellen / "z_ohne_datei.yaml").write_text(
        json.dumps({**gut, "name": "z_ohne_datei", "path": "dateien/fehlt.csv"}), encoding="utf-8"
    )
    fall.csv = fall.csv.replace("99001,2023-12-31,1510", "99001,2023-12-31,1501")
    befunde = [(m.kennung, m.datei) for m in fall.pruefe()]
    assert befunde[0] == ("yaml-ungueltig", "daten/quellen/a_kaputt.yaml")
    assert ("summe-falsch", "daten/dateien/bev.csv") in befunde
    assert any(datei == "daten/dateien/fehlt.csv" for _, datei in befunde)


def test_kaputtes_gebietsverzeichnis(fall: Any) -> None:
    bestand = fall.schreibe()
    (fall.ordner / "daten" / "gebiete.yaml").write_text("kreis: [", encoding="utf-8")
    assert [m.kennung for m in pruefe_daten(bestand, date(2025, 6, 1))] == ["yaml-ungueltig"]


def test_viele_gleichartige_befunde_werden_zusammengefasst(fall: Any) -> None:
    fall.csv = "gebiet,stichtag,einwohner\n" + "".join(f"99001020,{j}-06-30,100\n" for j in range(1950, 1980))
    befunde = [m for m in fall.pruefe() if m.kennung == "stichtag-anders"]
    assert len(befunde) == 21
    assert befunde[-1].text == "Weitere 10 Befunde dieser Art werden nicht einzeln gezeigt."


def test_maschinenlesbare_liste(fall: Any) -> None:
    fall.csv = fall.csv.replace("99001,2023-12-31,1510", "99001,2023-12-31,1501")
    befund = json.loads(fall.pruefe().als_json())[0]
    assert (befund["kennung"], befund["stufe"], befund["datei"]) == (
        "summe-falsch", "fehler", "daten/dateien/bev.csv"
    )  # fmt: skip
