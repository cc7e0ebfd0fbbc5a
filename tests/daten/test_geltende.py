"""Welche Lieferung gilt und was Korrekturen daran ändern: heute, früher, und wenn etwas nicht passt."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date

import pytest

from berichtswerk import Bericht
from berichtswerk.bericht.sicht import Sicht
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.daten.lieferungen import benutzte, lies_verzeichnis, neuere
from berichtswerk.daten.pruefung import pruefe_daten
from berichtswerk.fach.reihe import Eigenrechnung
from berichtswerk.grund import ablage
from berichtswerk.grund.meldung import BerichtswerkFehler, Meldung
from berichtswerk.grund.projekt import Projekt

KORREKTUR = """\
quelle: einwohner
gebiet: "99068"
zeit: 2023
groesse: einwohner
erwartet: 10020
richtig: 10200
grund: Zahlendreher in der Tabelle
beleg: Auskunft des Amtes vom 2. Januar 2025
funktion: Sachgebiet Planung
datum: 2025-01-02
"""


def lege(projekt: Projekt, tag: str, zeilen: str, *angaben: str) -> None:
    """Eine Lieferung, wie sie angenommen daliegt."""
    datei = projekt.daten / "lieferungen" / "einwohner" / tag / "neu.csv"
    datei.parent.mkdir(parents=True)
    datei.write_text(f"gebiet,jahr,einwohner\n{zeilen}", encoding="utf-8")
    buch = projekt.daten / "lieferungen" / "einwohner.yaml"
    bisher = buch.read_text("utf-8") if buch.exists() else "lieferungen:\n"
    summe = hashlib.sha256(datei.read_bytes()).hexdigest()
    felder = [f"datum: {tag}", f"datei: {datei.relative_to(projekt.daten).as_posix()}", "format: csv",
              f"summe: sha256:{summe}", *angaben]  # fmt: skip
    buch.write_text(f"{bisher}  - {{{', '.join(felder)}}}\n", encoding="utf-8")


def berichtige(projekt: Projekt, alt: str = "", neu: str = "", name: str = "amt") -> None:
    ordner = projekt.daten / "korrekturen"
    ordner.mkdir(exist_ok=True)
    (ordner / f"{name}.yaml").write_text(KORREKTUR.replace(alt, neu) if alt else KORREKTUR, encoding="utf-8")


def werte(projekt: Projekt, am: date | None = None) -> dict[tuple[str, str], float]:
    tabelle = Datenbestand(projekt, am=am).tabelle("einwohner")
    gebiet_zeit = zip(tabelle.texte["gebiet"], tabelle.texte["zeit"], strict=True)
    return dict(zip(gebiet_zeit, tabelle.wert, strict=True))


def befunde(projekt: Projekt) -> list[Meldung]:
    with pytest.raises(BerichtswerkFehler) as fehler:
        werte(projekt)
    return fehler.value.meldungen


def test_die_juengste_lieferung_gilt_und_jede_ausgabe_liest_was_bei_ihrem_stand_da_war(
    muster: Projekt,
) -> None:
    lege(muster, "2025-09-01", "99068,2024,10008\n")
    lege(muster, "2026-09-01", "99068,2024,10009\n99068,2025,10100\n")
    assert werte(muster) == {("99068", "2024"): 10009, ("99068", "2025"): 10100}
    assert werte(muster, date(2025, 12, 31)) == {("99068", "2024"): 10008}
    assert werte(muster, date(2025, 8, 31))["99068", "2024"] == 10007
    lieferungen = lies_verzeichnis(muster, "einwohner")
    assert benutzte(muster, "einwohner", date(2025, 12, 31)) == lieferungen[0]
    assert benutzte(muster, "einwohner", date(2025, 8, 31)) is None
    assert neuere(lieferungen, date(2025, 12, 31)) == lieferungen[1:]
    bestand = Datenbestand(muster)
    assert f"{bestand.quelle('einwohner').statistik.stand}" == "2026-09-01"
    (letzter,) = Sicht.lade("lage", 2024, projekt=muster).reihe("einwohner", ["99068"]).jahr(2024)
    assert letzter.wert == 10007, "der Stand der Ausgabe ist der 1. Juli 2025"


def test_eine_ergaenzende_lieferung_laesst_fruehere_werte_stehen(muster: Projekt) -> None:
    lege(muster, "2026-09-01", "99068,2024,10008\n99068,2025,10100\n99,2024,\n", "umfang: dazu")
    gelesen = werte(muster)
    assert gelesen["99068", "2024"] == 10008, "die neue Angabe gilt"
    assert (gelesen["99068", "2022"], gelesen["99", "2024"]) == (10010, 2520000), (
        "ein leeres Feld nimmt nichts"
    )
    tabelle = Datenbestand(muster).tabelle("einwohner")
    assert set(tabelle.texte["datei"].texte) == {
        "daten/dateien/einwohner.csv", "daten/lieferungen/einwohner/2026-09-01/neu.csv",
    }  # fmt: skip


def test_zurueckgegebenes_gilt_nicht(muster: Projekt) -> None:
    lege(muster, "2026-09-01", "99068,2024,1\n", "zurueck: {datum: 2026-09-02, grund: falsch}")
    assert werte(muster)["99068", "2024"] == 10007


def test_eine_korrektur_aendert_den_wert_und_sagt_es_im_bericht(muster: Projekt) -> None:
    berichtige(muster)
    with ablage.im(muster):
        for _ in range(2):  # auch aus der Ablage
            tabelle = Datenbestand(muster).tabelle("einwohner")
            stelle = list(tabelle.texte["zeit"]).index("2023")
            assert (tabelle.wert[stelle], tabelle.texte["status"][stelle]) == (10200, "berichtigt")
            assert tabelle.texte["roh"][stelle] == "10020", "geliefert bleibt, was geliefert ist"
    satz = (
        "Berichtigt (Landkreis Musterland, 2023): 10\u202f200 statt der gelieferten 10\u202f020; "
        "Zahlendreher in der Tabelle. Beleg: Auskunft des Amtes vom 2.\xa0Januar\xa02025."
    )
    gezeigt = Bericht("lage", 2024, projekt=muster).linie("einwohner", label="fig-a").gegenstand
    assert satz in gezeigt.beleg.hinweise
    assert werte(muster, date(2025, 1, 1))["99068", "2023"] == 10020, "damals kannte sie niemand"


def test_behebt_der_herausgeber_den_fehler_haelt_die_quelle_an(muster: Projekt) -> None:
    berichtige(muster)
    lege(muster, "2026-09-01", "99068,2023,10200\n")
    (befund,) = befunde(muster)
    assert (befund.kennung, befund.datei) == ("korrektur-behoben", "daten/korrekturen/amt.yaml")
    assert befund.text == (
        "Der Herausgeber hat den Fehler zu „einwohner“, 99068, 2023 behoben: geliefert ist jetzt 10\u202f200."
    )
    assert "erledigt: 2026-09-01" in befund.abhilfe
    assert befund in pruefe_daten(Datenbestand(muster), date(2026, 9, 2)).liste
    assert werte(muster, date(2025, 12, 1))["99068", "2023"] == 10200, "die frühere Ausgabe bleibt berichtigt"
    berichtige(muster, "datum:", "erledigt: 2026-09-01\ndatum:")
    assert werte(muster)["99068", "2023"] == 10200
    assert Datenbestand(muster).tabelle("einwohner").berichtigt == {}
    assert werte(muster, date(2025, 12, 1))["99068", "2023"] == 10200


@pytest.mark.parametrize(
    ("alt", "neu", "kennung", "satz"),
    [
        ("10020", "10021", "korrektur-ueberholt", "geliefert ist 10\u202f020, erwartet war 10\u202f021."),
        ("groesse: einwohner", "groesse: einwoner", "korrektur-ohne-stelle", "steht nicht in der Lieferung"),
        ("zeit: 2023", "zeit: 1990", "korrektur-ohne-stelle", "„einwohner“, 99068, 1990."),
        ("zeit: 2023", "zeit: 2023\nmerkmale: {art: x}", "korrektur-ohne-stelle", "art x"),
        ("grund: Zahlendreher in der Tabelle\n", "", "yaml-angabe-fehlt", "„grund“ fehlt"),
        ("quelle: einwohner", "quelle: einwoner", "korrektur-ohne-quelle", "„einwoner“"),
    ],
)  # fmt: skip
def test_was_nicht_passt_haelt_an(muster: Projekt, alt: str, neu: str, kennung: str, satz: str) -> None:
    berichtige(muster, alt, neu)
    (befund,) = befunde(muster)
    assert (befund.kennung, befund.datei) == (kennung, "daten/korrekturen/amt.yaml")
    assert satz in befund.text


def test_zwei_korrekturen_desselben_wertes_halten_an(muster: Projekt) -> None:
    berichtige(muster)
    berichtige(muster, name="nochmal")
    (befund,) = befunde(muster)
    assert (befund.kennung, befund.datei) == ("korrektur-doppelt", "daten/korrekturen/nochmal.yaml")


def test_lieferungen_ohne_quelle_werden_gemeldet(muster: Projekt) -> None:
    lege(muster, "2026-09-01", "99068,2024,1\n")
    ordner = muster.daten / "lieferungen"
    (ordner / "einwohner.yaml").rename(ordner / "einwoner.yaml")
    kennungen = [m.kennung for m in pruefe_daten(Datenbestand(muster), date(2025, 9, 2))]
    assert "lieferungen-ohne-quelle" in kennungen


def test_unter_einer_rechnung_steht_mit_welchen_berichtigten_werten_sie_rechnet(muster: Projekt) -> None:
    berichtige(muster)
    sicht = Sicht.lade("lage", 2024, projekt=muster)
    reihe = sicht.reihe("einwohner", ["99068"])
    eigene = Eigenrechnung("bevoelkerung", (), ())
    gerechnet = tuple(replace(w, eigene=eigene, hinweise=()) for w in reihe)
    satz = "Berichtigt (Landkreis Musterland, 2023): 10\u202f200 statt"
    assert any(satz in h for h in sicht.beleg([replace(reihe, werte=gerechnet)]).hinweise)
    frueher = tuple(w for w in gerechnet if w.jahr < 2023)
    assert not any(satz in h for h in sicht.beleg([replace(reihe, werte=frueher)]).hinweise)
    assert any(satz in h for h in sicht.beleg_frei(["einwohner"]).hinweise)


@pytest.mark.parametrize("wo", ["lieferungen", "korrekturen"])
def test_ein_fehler_daran_sperrt_nur_diese_quelle(muster: Projekt, wo: str) -> None:
    andere = (muster.quellen / "einwohner.yaml").read_text("utf-8").replace("name: einwohner", "name: zweite")
    (muster.quellen / "zweite.yaml").write_text(andere, encoding="utf-8")
    ordner = muster.daten / wo
    ordner.mkdir()
    (ordner / "einwohner.yaml").write_text("quelle: einwohner\nlieferungen: 5\n", encoding="utf-8")
    bestand = Datenbestand(muster)
    assert list(bestand.quellen.values()) == [bestand.quelle("zweite")]
    assert {m.datei for m in bestand.quellen.befunde} == {f"daten/{wo}/einwohner.yaml"}
    with pytest.raises(BerichtswerkFehler):
        bestand.tabelle("einwohner")
