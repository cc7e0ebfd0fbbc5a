"""Die mitgelieferten Daten des Landkreises: Quellen, Kennzahlen und bekannte Zahlen."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from berichtswerk.bericht.anhang import berechnung
from berichtswerk.daten.bestand import Datenbestand
from berichtswerk.daten.pruefung import pruefe_daten
from berichtswerk.fach.berechnung import Rechner
from berichtswerk.fach.katalog import Kennzahlenkatalog
from berichtswerk.fach.rechnung import Rechenkennzahl
from berichtswerk.fach.reihe import Reihe
from berichtswerk.grund.meldung import Stufe
from berichtswerk.grund.projekt import Projekt

PROJEKT = Projekt(Path(__file__).resolve().parents[2])
KREIS = "12068"


@pytest.fixture(scope="module")
def bestand() -> Datenbestand:
    return Datenbestand(PROJEKT)


@pytest.fixture(scope="module")
def katalog() -> Kennzahlenkatalog:
    return Kennzahlenkatalog.lade(PROJEKT)


_rechner = cache(Rechner)


def reihe(name: str, bestand: Datenbestand, katalog: Kennzahlenkatalog, *gebiete: str) -> Reihe:
    return _rechner(bestand).berechne(katalog[name], gebiete or None)


def zahl(r: Reihe, gebiet: str, jahr: int) -> float:
    wert = r.wert(gebiet, jahr)
    assert wert is not None and wert.wert is not None, (gebiet, jahr)
    return wert.wert


def test_daten_haben_keine_fehler(bestand: Datenbestand) -> None:
    befunde = pruefe_daten(bestand, date(2026, 11, 1))
    assert [b for b in befunde if b.stufe is Stufe.FEHLER] == []


def test_kreiszahl_2023_haengt_an_der_grundlage(bestand: Datenbestand, katalog: Kennzahlenkatalog) -> None:
    kreis = reihe("bevoelkerung", bestand, katalog, KREIS)
    assert (zahl(kreis, KREIS, 2022), zahl(kreis, KREIS, 2023)) == (99871, 99372)
    assert zahl(reihe("bevoelkerung_kommunen", bestand, katalog, KREIS), KREIS, 2023) == 99929
    assert [b.jahr for b in kreis.brueche] == [2011, 2023]


def test_wahlbeteiligung_wie_veroeffentlicht(bestand: Datenbestand, katalog: Kennzahlenkatalog) -> None:
    gerechnet = reihe("wahlbeteiligung", bestand, katalog)
    veroeffentlicht = bestand.tabelle("kommunalwahl_gemeinden").werte.query("groesse == 'wahlbeteiligung'")
    assert len(veroeffentlicht) == 23
    for gebiet, quote in zip(veroeffentlicht.gebiet, veroeffentlicht.wert, strict=True):
        assert round(zahl(gerechnet, gebiet, 2024), 1) == pytest.approx(quote, abs=0.05)
    assert zahl(gerechnet, "12068117", 2024) == pytest.approx(100 * 4874 / 7790)


def test_gemeinden_ergeben_in_allen_vollen_jahren_den_kreis(
    bestand: Datenbestand, katalog: Kennzahlenkatalog
) -> None:
    werte = reihe("bevoelkerung_kommunen", bestand, katalog)
    kreis = reihe("bevoelkerung", bestand, katalog, KREIS)
    jahre = sorted({w.jahr for w in werte.werte if w.gebiet == KREIS})
    assert len(jahre) == 15
    for ebene, anzahl in {"gemeinde": 23, "einheit": 10, "planungsgebiet": 3}.items():
        gebiete = [g.schluessel for g in bestand.gebiete.ebene(ebene)]
        assert len(gebiete) == anzahl
        for jahr in jahre:
            summe = sum(zahl(werte, g, jahr) for g in gebiete)
            assert summe == zahl(werte, KREIS, jahr)
            assert jahr == 2023 or summe == zahl(kreis, KREIS, jahr)


def test_quotienten_stimmen_mit_der_veroeffentlichung(
    bestand: Datenbestand, katalog: Kennzahlenkatalog
) -> None:
    """Tabelle 12411-08-01-4: Jugend- und Altenquotient am 31.12.2015."""
    for name, soll in {
        "altenquotient": {KREIS: 39.0, "12": 38.6, "DG": 34.7},
        "jugendquotient": {KREIS: 25.7, "12": 27.5, "DG": 30.3},
    }.items():
        werte = reihe(name, bestand, katalog, *soll)
        assert {g: round(zahl(werte, g, 2015), 1) for g in soll} == soll


@pytest.mark.parametrize("jahr", [2009, 2010, 2012, 2013, 2014, 2015])
def test_berechnete_raten_treffen_den_regionalatlas(
    jahr: int, bestand: Datenbestand, katalog: Kennzahlenkatalog
) -> None:
    tabelle = bestand.tabelle("regionalatlas_bevoelkerung").werte
    for name, groesse in {
        "geburten_je_1000": "geburten_je_10000",
        "wanderungssaldo_je_1000": "wanderungssaldo_je_10000",
    }.items():
        werte = reihe(name, bestand, katalog, KREIS, "12", "DG")
        auswahl = tabelle[(tabelle["groesse"] == groesse) & (tabelle["jahr"] == jahr)]
        for zeile in auswahl.itertuples():
            assert zahl(werte, zeile.gebiet, jahr) == pytest.approx(zeile.wert / 10, abs=0.015)


def test_zeichen_ohne_zahl_wird_nie_null(bestand: Datenbestand, katalog: Kennzahlenkatalog) -> None:
    """SV-Beschäftigte 30.06.2025: „-“ trotz 35 352 im Vorjahr."""
    werte = reihe("beschaeftigte_arbeitsort", bestand, katalog, KREIS)
    assert zahl(werte, KREIS, 2024) == 35352
    offen = werte.wert(KREIS, 2025)
    assert offen is not None and offen.wert is None


def test_presse_nur_wo_nichts_amtliches_vorliegt(bestand: Datenbestand, katalog: Kennzahlenkatalog) -> None:
    veroeffentlicht = [n for n, k in katalog.items() if not isinstance(k, Rechenkennzahl)]
    for name in veroeffentlicht:
        for wert in reihe(name, bestand, katalog, KREIS).werte:
            presse = [q for q in wert.quellen if bestand.quellen[q].statistik.herkunft == "presse"]
            assert not presse or wert.jahr > 2015


def test_pressewerte_sind_unter_der_abbildung_genannt() -> None:
    from berichtswerk import Bericht

    bericht = Bericht("sozialbericht", ausgabe=2024, projekt=PROJEKT)
    hinweise = bericht.linie("geburten", label="fig-g").gegenstand.beleg.hinweise
    assert "Nach Presseberichten: 2017 und 2019." in hinweise
    jahre = (2024, 2030)  # beide sind gerechnet, nicht berichtet
    tabelle = bericht.tabelle("bev_unter_3", nach="einheiten", jahre=jahre, vergleich=(), label="tbl-u")
    assert "In die Rechnung gehen auch Presseberichte ein." in tabelle.gegenstand.beleg.hinweise
    assert not any("Nach Presseberichten" in h for h in tabelle.gegenstand.beleg.hinweise)
    assert not any(
        "Presse" in h for h in bericht.linie("sgb2_quote", label="fig-s").gegenstand.beleg.hinweise
    )


def test_liste_der_einrichtungen_ist_gezeigt_nicht_gerechnet() -> None:
    from berichtswerk import Bericht

    bericht = Bericht("kita-bedarfsplan", ausgabe="2025-2027", projekt=PROJEKT)
    liste = bericht.tabelle("einrichtungen_kita", label="tbl-e").gegenstand
    assert len(liste.tabelle.zeilen) == 23
    angebote = bericht.tabelle("kita_angebote", label="tbl-a").gegenstand
    assert "eigene Darstellung" in str(liste.beleg.quellen)
    assert "eigene Berechnung" in str(angebote.beleg.quellen)


def test_keine_zeile_zeigt_ein_oder_zwei_menschen(bestand: Datenbestand) -> None:
    # nach Alter und Geschlecht gegliedert wären es in kleinen Gemeinden ein oder zwei
    assert set(bestand.tabelle("wanderungen_gemeinden").werte["geschlecht"]) == {"insgesamt"}


VEROEFFENTLICHT = {
    ("arbeitslosenquote", 2025): {KREIS: 7.0, "12": 6.4, "DG": 6.3},
    ("arbeitslosenquote_abhaengige", 2025): {KREIS: 7.7, "12": 6.9, "DG": 6.8},
    ("anteil_langzeitarbeitslose", 2025): {KREIS: 100 * 1380 / 3594, "12": 100 * 33503 / 86413},
    ("verfuegbares_einkommen", 2021): {KREIS: 21588, "12": 22928, "DG": 24415},
    ("schuldnerquote", 2021): {KREIS: 10.57},
    ("nettokaltmiete", 2022): {KREIS: 5.49, "DG": 7.28, "12068320": 5.9, "120685807": 5.26},
    ("mietwohnungen_anteil", 2022): {KREIS: 100 * 28387 / 55868},
    ("kdu_luecke", 2026): {KREIS: 525.559 - 515.248},
    ("gisd", 2021): {"120680320": 0.75169, "120685805": 0.7915},
    ("hze_plaetze", 2020): {KREIS: 455, "12": 7902, "DG": 141083},
    ("beschaeftigte_erziehung", 2025): {KREIS: 2939},
    ("schueler", 2023): {KREIS: 10184, "12": 274030},
    ("schueler_grundschule", 2023): {KREIS: 3478 + 1575},
    ("schulabgang_ohne_abschluss", 2023): {KREIS: 100 * 99 / 949, "12": 100 * 1710 / 22148},
    ("ohne_abschluss_jungen", 2023): {KREIS: 100 * 66 / 496},
}
"""Kennzahl und Jahr → je Gebiet der Wert, wie ihn die Quelle nennt."""


@pytest.mark.parametrize(("kennung", "jahr"), VEROEFFENTLICHT, ids=str)
def test_wert_wie_veroeffentlicht(
    kennung: str, jahr: int, bestand: Datenbestand, katalog: Kennzahlenkatalog
) -> None:
    soll = VEROEFFENTLICHT[kennung, jahr]
    werte = reihe(kennung, bestand, katalog, *soll)
    assert {g: zahl(werte, g, jahr) for g in soll} == pytest.approx(soll)


def test_namen_stehen_mit_artikel_richtig_im_satz(katalog: Kennzahlenkatalog) -> None:
    """„Die Angestellte Lehrkräfte stiegen“: ein Name, der mit einem Eigenschaftswort beginnt, beugt sich."""
    falsch = [
        k.id
        for k in map(katalog.finde, katalog)
        if k.artikel and re.match(r"(?:Nicht )?[A-ZÄÖÜ]\w*(?:e|es) [A-ZÄÖÜ]", k.name_satz or k.name)
    ]
    assert falsch == []


def test_steckbriefe_zeigen_keine_spaltennamen(bestand: Datenbestand, katalog: Kennzahlenkatalog) -> None:
    """„Berechnung: ohne_abschluss / insgesamt“: die Quelle nennt ihre Größen in Worten."""
    aufrufe = re.findall(
        r"b\.indikator\(([^)]*)\)",
        "".join(f.read_text("utf-8") for f in PROJEKT.wurzel.glob("notebooks/*.ipynb")),
    )
    namen = sorted(set(re.findall(r"[a-z0-9_]{4,}", " ".join(aufrufe))) & set(katalog))
    assert len(namen) > 20
    roh = {n: t for n in namen if re.search(r"[a-z]_[a-z]", t := berechnung(katalog[n], bestand.quellen))}
    assert roh == {}
    # „insgesamt“ heißt „Abgänge insgesamt“ und wurde darin noch einmal ersetzt
    marken = {n for n in namen if re.search(r"[\[\]]|\w: \w", berechnung(katalog[n], bestand.quellen))}
    assert not marken
    assert "(weiblich)" in berechnung(katalog["ohne_abschluss_jungen"], bestand.quellen)
    assert "(Schulart Förderschule)" in berechnung(katalog["foerderschulanteil"], bestand.quellen)
    doppelt = {n for n in namen if re.search(r"\b(\w{4,}) \1\b", berechnung(katalog[n], bestand.quellen))}
    assert doppelt == set()
