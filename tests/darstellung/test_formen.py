"""Die Formen: was in der Spezifikation steht, was als Text dazugehört, und dass nichts sie umwirft."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from bildhilfe import (
    ALTENQUOTIENT,
    GEBURTEN,
    ORTE,
    PERSONEN,
    PROJEKT,
    QUOTE,
    WERTE,
    ZENSUS,
    blatt,
    ereignis,
    farbe_von,
    flaeche,
    flaechen,
    galerie,
    jahre,
    ohne,
    orte,
    pflege,
    saldo,
    serie,
    stoerungen,
    textkaesten,
    thema,
)
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from berichtswerk.bild import titelbild
from berichtswerk.bild.anordnung import ausgeduennt, setze_daneben, teile_achse, ueberlappt
from berichtswerk.bild.formen import FORMEN
from berichtswerk.bild.formen.hantel import hantel
from berichtswerk.bild.formen.karten import bilde, flaechenkarte, lagekarte, symbolkarte
from berichtswerk.bild.formen.kartenblatt import umbrueche
from berichtswerk.bild.formen.linie import linie
from berichtswerk.bild.formen.pyramide import pyramide
from berichtswerk.bild.formen.saeulen import balken, saeulen
from berichtswerk.bild.formen.vielfache import kleine_vielfache
from berichtswerk.bild.leinwand import kasten, schilder_von, vollstaendig
from berichtswerk.bild.motiv import DRUCK, DRUCK_VOLL, SCHMAL, SEITE, lies
from berichtswerk.bild.svg import als_datei
from berichtswerk.bild.thema import Thema
from berichtswerk.fach.veraenderung import Bruch
from berichtswerk.gegenstand.serien import Angaben, Diagramm, Punkt, Serie
from berichtswerk.grund.zeichen import Status
from berichtswerk.marke import farbe
from berichtswerk.worte import sprache

T = thema()


def texte(bild: Diagramm) -> list[str]:
    return [k.text for k in textkaesten(als_datei(blatt(bild), T.marke))]


def _ebenen(bild: Diagramm, art: str) -> list[dict[str, Any]]:
    return [e for e in blatt(bild)["layer"] if e["mark"]["type"] == art]


def _zeilen(ebene: dict[str, Any]) -> list[dict[str, Any]]:
    zeilen: list[dict[str, Any]] = ebene["data"]["values"]
    return zeilen


def test_die_galerie_zeigt_jede_form_und_nur_bekannte() -> None:
    """An ihr laufen alle Prüfungen, die für jede Form gelten."""
    assert {bild.form for bild in galerie().values()} == FORMEN.keys()
    werte = [(d.form, z) for d in galerie().values() for zeile in d.daten.zeilen for z in zeile.zellen[1:]]
    assert {form for form, z in werte if z.wert is None} == FORMEN.keys(), "auch mit einem fehlenden Wert"


@pytest.mark.parametrize("name", list(galerie()))
def test_spezifikation_entspricht_dem_schema_von_vega_lite(name: str) -> None:
    import altair as alt

    bild = alt.Chart.from_dict(vollstaendig(blatt(galerie()[name])))
    assert bild.to_dict()["description"] == galerie()[name].alt


# --- Linie


def test_linie_beschriftet_erste_und_letzte_werte_und_namen_am_ende() -> None:
    gezeigt = texte(galerie()["linie"])
    for text in ("35,1", "48,2", "Land 45,0", "Deutschland 44,6", "2005", "2023"):
        assert text in gezeigt, text
    assert "Landkreis mit langem" in gezeigt and "Namen" in gezeigt


def test_linie_hat_keine_legende_und_keinen_titel() -> None:
    import json

    for name, bild in galerie().items():
        text = json.dumps(blatt(bild)["layer"])
        assert '"legend": {' not in text, name
        assert "title" not in blatt(bild), name


def test_linie_traegt_bruchmarken_und_ist_dort_unterbrochen() -> None:
    bild = galerie()["linie"]
    assert {"Zensus 2011", "Zensus 2022"} <= set(texte(bild))
    striche = [z for e in _ebenen(bild, "rule") for z in _zeilen(e)]
    assert sum(z.get("muster") == [2, 3] for z in striche) == 2
    abschnitte = {z["abschnitt"] for e in _ebenen(bild, "line") for z in _zeilen(e)}
    assert abschnitte == {0, 1, 2}
    assert "Zeitreihenbruch vor 2022: Zensus 2022." in bild.hinweise


def test_langer_grund_steht_nur_im_hinweis() -> None:
    bruch = Bruch(2011, "Umstellung der Fortschreibung auf die Ergebnisse des Zensus")
    bild = linie([jahre("Landkreis", 40, 50)], ALTENQUOTIENT, brueche=[bruch])
    assert "Bruch 2011" in texte(bild)
    assert f"Zeitreihenbruch vor 2011: {bruch.grund}." in bild.hinweise


def test_vorausrechnung_ist_gestrichelt_mit_band_und_wort() -> None:
    bild = galerie()["linie_voraus"]
    assert any(t.startswith("Vorausrechnung ab ") for t in texte(bild))
    linien = _ebenen(bild, "line")
    gestrichelt = [e for e in linien if e["mark"].get("strokeDash") == [7, 5]]
    jahre_ = [z["jahr"] for e in gestrichelt for z in _zeilen(e)]
    assert (min(jahre_), max(jahre_)) == (2024, 2040)
    assert [z["jahr"] for z in _zeilen(_ebenen(bild, "area")[0])] == list(range(2024, 2041))
    assert bild.daten.zeilen[-1].zellen[0].text == "2040 (Vorausrechnung)"
    assert "wird er voraussichtlich auf 94\u202f500 sinken (Spanne 89\u202f775 bis 99\u202f225)." in bild.alt


def test_ueber_eine_luecke_ist_die_linie_gestrichelt_und_das_zeichen_steht_da() -> None:
    bild = galerie()["linie_luecke"]
    assert "." in texte(bild)
    assert bild.hinweise == (". = Zahlenwert unbekannt oder geheim zu halten",)
    voll, ueber = _ebenen(bild, "line")
    assert {z["abschnitt"] for z in _zeilen(voll)} == {0, 1} and "strokeDash" not in voll["mark"]
    assert [z["jahr"] for z in _zeilen(ueber)] == [2009, 2011] and ueber["mark"]["strokeDash"]


def test_ueber_einen_bruch_fuehrt_nichts() -> None:
    reihe = serie(
        "Kreis", *((j, float(j - 2000) if j not in (2011, 2012) else None) for j in range(2005, 2020))
    )
    bild = linie([reihe], GEBURTEN, brueche=[Bruch(2012, "neu")])
    assert all("strokeDash" not in e["mark"] for e in _ebenen(bild, "line"))


def test_land_und_bund_unterscheiden_sich_ohne_farbe() -> None:
    linien = [e["mark"] for e in _ebenen(galerie()["linie_kreuzend"], "line")]
    voll = {tuple(m.get("strokeDash", ())) for m in linien if m["color"] != T.farben.fokus}
    assert voll == {(), (1, 5)}
    assert {"Kreis 9,7", "Brandenburg 10,2", "Deutschland 10,1"} <= set(texte(galerie()["linie_kreuzend"]))


def test_hoch_tief_und_ereignis_sind_beschriftet_hoechstens_drei() -> None:
    gezeigt = texte(galerie()["linie_wende"])
    assert {"Rechtsanspruch", "2013", "226", "2015", "Neues Elterngeld", "2007"} <= set(gezeigt)
    assert len([z for e in _ebenen(galerie()["linie_wende"], "point") for z in _zeilen(e)]) == 3 + 1
    flach = serie("Kreis", *((j, 500.0 + (j == 2015)) for j in range(2005, 2024)), rolle="fokus")
    assert "501" not in texte(linie([flach], GEBURTEN, null=True)), "nichts ragt heraus"


def test_ein_ereignis_im_jahr_eines_bruchs_steht_nicht_noch_einmal_da() -> None:
    reihe = [jahre("Kreis", 800, 600, rolle="fokus")]
    ereignisse = (ereignis(1990, "davor"), ereignis(2011, "Zensus"), ereignis(2015, "Neu"))
    bild = linie(reihe, GEBURTEN, brueche=[Bruch(2011, "Zensus 2011")], ereignisse=ereignisse)
    gezeigt = texte(bild)
    assert "Neu" in gezeigt and "Zensus" not in gezeigt and "davor" not in gezeigt
    assert bild.hinweise[-1] == "2015: Neu tritt in Kraft (Gesetz)."
    assert bild.alt.endswith(" 2015: Neu.")


def test_im_alternativtext_stehen_nur_ereignisse_die_hineinpassen() -> None:
    reihe = [jahre("Kreis", 800, 600, rolle="fokus")]
    lang = ereignis(2015, "Ein sehr langes neues Gesetz " * 6)
    bild = linie(reihe, GEBURTEN, ereignisse=(ereignis(2013, "Rechtsanspruch"), lang))
    assert len(bild.alt) <= 250 and "langes" not in bild.alt and bild.alt.endswith(" 2013: Rechtsanspruch.")
    assert any("langes" in h for h in bild.hinweise)


def test_prozent_steht_nur_am_obersten_wert() -> None:
    gezeigt = [t for t in texte(galerie()["linie_kreuzend"]) if "%" in t]
    assert gezeigt == ["25\u202f%"]


@pytest.mark.parametrize("hoehe", [60.0, 90.0, 200.0])
def test_eine_niedrige_achse_hat_weniger_striche_und_dieselben_enden(hoehe: float) -> None:
    achse = teile_achse([-30.0, 70.0], null=True)
    duenn = ausgeduennt(achse, hoehe, 29)
    assert (duenn.von, duenn.bis) == (achse.von, achse.bis) and 0.0 in duenn.striche
    lagen = [duenn.lage(s, hoehe) for s in duenn.striche]
    assert all(a - b >= 29 for a, b in pairwise(lagen))


@given(
    st.tuples(st.floats(0, 200), st.floats(0, 100)), st.tuples(st.floats(5, 90), st.floats(10, 40)),
    st.lists(st.tuples(st.floats(0, 180), st.floats(0, 90), st.floats(1, 60), st.floats(1, 30)), max_size=6),
)  # fmt: skip
def test_ein_text_neben_einem_punkt_verdeckt_nichts(
    punkt: tuple[float, float], masze: tuple[float, float], voll: list[tuple[float, float, float, float]]
) -> None:
    besetzt = [(x, y, x + b, y + h) for x, y, b, h in voll]
    grenzen = (0.0, 0.0, 200.0, 100.0)
    k = setze_daneben(punkt, masze, besetzt, [((0.0, 50.0), (200.0, 50.0))], grenzen)
    if k is not None:
        assert (k[2] - k[0], k[3] - k[1]) == pytest.approx(masze)
        assert k[0] >= 0 and k[1] >= 0 and k[2] <= 200 and k[3] <= 100
        assert not any(ueberlappt(k, b, 0) for b in besetzt)
        assert k[3] < 50 or k[1] > 50, "auf der Linie steht nichts"


@pytest.mark.parametrize("breite", [SCHMAL, DRUCK, SEITE])
def test_keine_zahl_steht_jenseits_eines_bruchs(breite: int) -> None:
    """„17,7“ (2010) stand rechts der Bruchlinie über der Linie ab 2011."""
    kreis = serie("Kreis", (2010, 17.7), *((2011 + i, 17.0 - i) for i in range(11)), rolle="fokus")
    spec = blatt(linie([kreis], QUOTE, brueche=[Bruch(2011, "SGB II")]), breite)
    bruch = next(z["x"] for e in spec["layer"] if e["mark"]["type"] == "rule" for z in e["data"]["values"]
                 if z.get("muster") == [2, 3])  # fmt: skip
    zahl = [k for s in schilder_von(spec) if s.text.startswith("17,7") for k in [kasten(s, T)]]
    assert all(k[2] < bruch for k in zahl)
    assert breite == SCHMAL or zahl, "sie hat links davon Platz"


def test_jeder_anfangswert_steht_an_seiner_linie() -> None:
    """Dicht beieinander beginnende Reihen: keine Zahl rutscht an die Linie einer anderen."""
    for werte in ((190, 260, 274), (909, 1579, 1900), (95, 130, 144), (100, 101, 102)):
        reihen = [
            serie(f"Reihe {i}", *((2020 + j, w * (1 + 0.01 * j)) for j in range(11)))
            for i, w in enumerate(werte)
        ]
        bild = linie(reihen, Angaben("Kinder"))
        for breite in (SEITE, SCHMAL):
            schilder = schilder_von(blatt(bild, breite))
            oben = {int(z): s.y for s in schilder if (z := re.sub(r"\D", "", s.text)) in map(str, werte)}
            assert sorted(oben, key=oben.__getitem__) == sorted(oben, reverse=True), (werte, oben)
            assert len(oben) > 1 or werte[0] == 100


def test_achse_ohne_null_wird_gesagt() -> None:
    hinweis = "Die senkrechte Achse beginnt nicht bei null."
    assert hinweis in galerie()["linie"].hinweise
    assert hinweis not in galerie()["linie_luecke"].hinweise
    assert hinweis not in galerie()["saeulen"].hinweise


def test_schilder_am_linienende_ueberlappen_nicht_auch_wenn_alle_gleich_enden() -> None:
    bild = linie([jahre(o, 10 + i, 8) for i, o in enumerate(ORTE[:5])], QUOTE)
    kaesten = [k for k in textkaesten(als_datei(blatt(bild), T.marke)) if k.links > 590]
    for i, a in enumerate(kaesten):
        for b in kaesten[i + 1 :]:
            assert min(a.unten, b.unten) <= max(a.oben, b.oben), (a, b)


def test_neben_langen_namen_bleibt_platz_fuer_die_linien() -> None:
    bild = blatt(galerie()["linie_lang"], SCHMAL)
    assert bild["width"] > SCHMAL / 2
    assert "Ortsteilen im" in [k.text for k in textkaesten(als_datei(bild, T.marke))]


def test_ungewoehnlich_langer_abstand_unterbricht_die_linie() -> None:
    bild = linie([serie("Kreis", *((j, 5.0) for j in (2014, 2015, 2016, 2017, 2019, 2023)))], QUOTE)
    voll, ueber = _ebenen(bild, "line")
    assert [z["jahr"] for z in _zeilen(voll)] == [2014, 2015, 2016, 2017]
    assert [z["jahr"] for z in _zeilen(ueber)] == [2017, 2019, 2019, 2023] and ueber["mark"]["strokeDash"]
    jahre_ = [z["jahr"] for e in _ebenen(bild, "point") for z in _zeilen(e) if "jahr" in z]
    assert sorted(jahre_) == [2019, 2023]


def test_zweijaehrliche_reihe_bleibt_verbunden() -> None:
    bild = linie([serie("Kreis", *((j, 5.0) for j in (2015, 2017, 2019, 2021, 2023)))], QUOTE)
    assert {z["abschnitt"] for e in _ebenen(bild, "line") for z in _zeilen(e)} == {0}


# --- Säulen und Balken


@pytest.mark.parametrize("name", [n for n in galerie() if n.startswith(("saeulen", "balken", "pyramide"))])
def test_saeulen_und_balken_beginnen_bei_null(name: str) -> None:
    bild = galerie()[name]
    gefunden = 0
    for ebene in _ebenen(bild, "rect"):
        for kanal in ("x", "y"):
            skala = ebene["encoding"][kanal].get("scale")
            if skala:
                assert skala["zero"] is True
                assert skala["domain"][0] <= 0 <= skala["domain"][1]
                gefunden += 1
    assert gefunden


def test_einfache_saeulen_stehen_alle_auf_der_null() -> None:
    bild = galerie()["saeulen_saldo"]
    assert {z["von"] for e in _ebenen(bild, "rect") for z in _zeilen(e) if "von" in z} == {0}


def test_gestapelt_reiht_ohne_luecke() -> None:
    bild = galerie()["saeulen_gestapelt"]
    zeilen = [z for e in _ebenen(bild, "rect") for z in _zeilen(e) if z.get("kategorie") == "2023"]
    assert [z["von"] for z in zeilen] == pytest.approx([0, 3380, 4970])
    assert zeilen[-1]["bis"] == pytest.approx(6023)


def test_anteile_ergeben_hundert_und_stehen_mit_den_werten_in_der_tafel() -> None:
    bild = galerie()["saeulen_anteil"]
    for ebene in _ebenen(bild, "rect"):
        for jahr in {z["kategorie"] for z in _zeilen(ebene)}:
            assert sum(z["wert"] for z in _zeilen(ebene) if z["kategorie"] == jahr) == pytest.approx(100)
    assert tuple(z.text for z in bild.daten.kopf[0]) == (
        "Jahr", "Pflegegeld (Personen)", "ambulante Pflegedienste (Personen)",
        "vollstationäre Dauerpflege (Personen)", "Pflegegeld, Anteil (%)",
        "ambulante Pflegedienste, Anteil (%)", "vollstationäre Dauerpflege, Anteil (%)",
    )  # fmt: skip


def test_was_schon_anteil_ist_steht_nur_einmal_in_der_tafel() -> None:
    """Die Tafel nannte jeden Anteil zweimal und war doppelt so breit wie die Seite."""
    teile = [
        Serie("Gymnasium", (Punkt(2015, 39.5), Punkt(2023, 33.5))),
        Serie("Oberschule", (Punkt(2015, 60.4), Punkt(2023, 66.5))),
    ]
    prozent = Angaben("Klasse 7", einheit_kurz="%", stellen=1, anteil=True)
    bild = saeulen(teile, prozent, art="anteil")
    assert [z.text for z in bild.daten.kopf[0]] == ["Jahr", "Gymnasium (%)", "Oberschule (%)"]
    halb = saeulen([replace(s, punkte=s.punkte[:1]) for s in (teile[0], teile[0])], prozent, art="anteil")
    assert "Anteil" in halb.daten.kopf[0][-1].text


def test_fehlt_ein_teil_gibt_es_keine_anteile() -> None:
    teile = pflege()[:2]
    kaputt = replace(teile[0], punkte=(*teile[0].punkte[:-1], Punkt(2023, None, Status.GEHEIM)))
    bild = saeulen([kaputt, teile[1]], QUOTE, art="anteil")
    letzte = bild.daten.zeilen[-1].zellen
    assert [z.text for z in letzte] == ["2023", ".", "1\u202f590,0", ".", "x"]


def test_namen_stehen_liegend_und_ganz_da() -> None:
    bild = galerie()["balken"]
    assert bild.form == "balken"
    gezeigt = " ".join(texte(bild))
    for ort in ORTE:
        assert all(teil in gezeigt for teil in ort.split()), ort
    assert "Landkreis 11,2\u202f%" in texte(bild)


def test_gebiete_bleiben_in_ihrer_reihenfolge() -> None:
    zeilen = {name: [z.zellen[0].text for z in bild.daten.zeilen] for name, bild in galerie().items()}
    nach_orten = {name: namen for name, namen in zeilen.items() if set(namen) == set(ORTE)}
    assert {"balken", "hantel", "flaechenkarte", "symbolkarte"} <= nach_orten.keys()
    assert {name for name, namen in nach_orten.items() if namen != list(ORTE)} == set()


def test_jahre_im_zweijahrestakt_stehen_ohne_leere_plaetze() -> None:
    bild = saeulen([serie("x", (2017, 5.0), (2019, 6.0), (2023, 7.0))], GEBURTEN)
    assert [t for t in texte(bild) if t.startswith("20")] == ["2017", "2019", "2021", "2023"]


def test_negatives_ist_heller_und_steht_unter_der_null() -> None:
    bild = galerie()["saeulen_saldo"]
    farben = {z["farbe"]: z["bis"] < 0 for e in _ebenen(bild, "rect") for z in _zeilen(e)}
    assert farben == {T.farben.fokus: False, T.farben.leiter[0]: True}
    assert "−271" in texte(bild)


def test_gestapelte_anteile_fuellen_bis_hundert() -> None:
    bild = galerie()["saeulen_rest"]
    zeilen = [z for e in _ebenen(bild, "rect") for z in _zeilen(e) if z.get("kategorie") == "2021"]
    assert zeilen[-1]["serie"] == "übrige" and zeilen[-1]["bis"] == pytest.approx(100)
    assert bild.hinweise[-1] == "Übrige: was den gezeigten Teilen an 100\u202f% fehlt."
    assert "übrige" not in bild.alt and len(bild.daten.kopf[0]) == 3
    voll = [serie("a", (2020, 60.0)), serie("b", (2020, 40.0))]
    assert "übrige" not in texte(saeulen(voll, QUOTE, art="gestapelt", bereich=(0.0, 100.0)))


def test_die_zahl_hinter_einem_fehlerbalken_nennt_seine_grenzen() -> None:
    assert "13,2 (11,2–15,2)" in texte(galerie()["balken_spanne"])
    assert "13,2" not in texte(galerie()["balken_spanne"])


def test_auch_balken_haben_eine_achse() -> None:
    assert {"0", "5", "10", "15", "20\u202f%"} <= set(texte(galerie()["balken"]))


def test_jede_zahl_steht_ueber_ihrer_saeule() -> None:
    hoch = serie("hoch", (2021, 900.0), (2022, 950.0))
    tief = serie("tief", (2021, 80.0), (2022, 40.0))
    bild = saeulen([hoch, tief], PERSONEN)
    skala = next(e["encoding"]["y"]["scale"] for e in _ebenen(bild, "rect") if "scale" in e["encoding"]["y"])
    hoehe, bis = blatt(bild)["height"], skala["domain"][1]
    schilder = {s.text: s for s in schilder_von(blatt(bild))}
    for zeile in (z for e in _ebenen(bild, "rect") for z in _zeilen(e) if "wert" in z):
        schild = schilder[f"{zeile['wert']:.0f}"]
        assert zeile["quer"] < schild.x < zeile["quer2"]
        assert schild.y == pytest.approx(hoehe * (1 - zeile["wert"] / bis) - 4, abs=0.1)


def test_unter_saeulen_ohne_zahlen_bleibt_kein_platz_frei() -> None:
    viele = [replace(saldo(), name=name, punkte=_oft(saldo())) for name in ("Natürlich", "Wanderung")]
    bild = saeulen(viele, Angaben("Saldo"))
    skalen = [e["encoding"]["y"]["scale"] for e in _ebenen(bild, "rect") if "scale" in e["encoding"]["y"]]
    assert skalen[0]["domain"] == [-500, 1500]


def _oft(s: Serie) -> tuple[Punkt, ...]:
    """Mehr Werte, als Zahlen an den Säulen Platz hätten; der tiefste (−488) liegt knapp über einem Strich."""
    return tuple(replace(p, x=int(p.x) + 6 * n, wert=1.8 * (p.wert or 0)) for n in range(4) for p in s.punkte)


# --- Achsen


def test_anteile_reichen_nicht_weit_ueber_hundert() -> None:
    quote = [serie("Kreis", *((2015 + i, w) for i, w in enumerate((37.5, 61.3, 96.2, 102.5))))]
    (skala,) = {str(e["encoding"]["y"]["scale"]["domain"]) for e in _ebenen(linie(quote, QUOTE), "line")}
    assert skala == "[0.0, 102.5]"
    gezeigt = texte(linie(quote, QUOTE))
    assert "100\u202f%" in gezeigt and "125\u202f%" not in gezeigt


def test_auch_ein_genannter_bereich_hat_keinen_strich_ueber_hundert() -> None:
    quote = [serie("Kreis", *((2015 + i, w) for i, w in enumerate((94.0, 96.2, 102.5))))]
    gezeigt = texte(linie(quote, QUOTE, bereich=(85.0, 105.0)))
    assert "100\u202f%" in gezeigt and not any(t.startswith("105") for t in gezeigt)


@pytest.mark.parametrize("form", ["linie", "saeulen", "balken", "hantel", "vielfache"])
def test_ein_genannter_bereich_gilt_fuer_die_achse(form: str) -> None:
    reihe, gebiete, weite = [jahre("Kreis", 5, 8)], [orte()], (0.0, 60.0)
    bild = {
        "linie": lambda: linie(reihe, QUOTE, bereich=weite),
        "saeulen": lambda: saeulen(reihe, QUOTE, bereich=weite),
        "balken": lambda: balken(gebiete, QUOTE, bereich=weite),
        "hantel": lambda: hantel(orte("2015"), orte("2023"), QUOTE, bereich=weite),
        "vielfache": lambda: kleine_vielfache(reihe, QUOTE, bereich=weite),
    }[form]()
    skalen = [
        k["scale"]["domain"] for e in blatt(bild)["layer"] for k in e["encoding"].values() if k.get("scale")
    ]
    if skalen:
        assert all(s == [0, 60] for s in skalen if s[0] == 0)
    else:  # in Pixeln gezeichnet: die Achse nennt ihr Ende
        assert "60\u202f%" in texte(bild)


def test_szenarien_mit_gleichem_anfang_nennen_ihn_einmal() -> None:
    szenarien = [
        serie(f"Szenario {n}", (2021, 9537.0), (2030, 9600.0 + 500 * n), (2040, 9700.0 + 900 * n), ab=2022)
        for n in range(4)
    ]
    gezeigt = texte(linie(szenarien, PERSONEN))
    assert gezeigt.count("9\u202f537") == 1


# --- Pyramide, Karten, Hantel, Vielfache


def test_pyramide_zeigt_umriss_und_summen() -> None:
    gezeigt = texte(galerie()["pyramide"])
    assert "Umriss: 2011" in gezeigt
    assert any(t.startswith("Männer ") for t in gezeigt)
    assert "90 und älter" in gezeigt


def test_fehlt_eine_altersgruppe_gibt_es_weder_summe_noch_anteile() -> None:
    bild = galerie()["pyramide_luecke"]
    assert {"Männer 12\u202f232", "Frauen", "."} <= set(texte(bild))
    assert bild.befund == "Bevölkerung: nicht für alle Altersgruppen eine Angabe."
    assert ". = Zahlenwert unbekannt oder geheim zu halten" in bild.hinweise
    anteile = pyramide(orte("Männer"), ohne(orte("Frauen"), 4), GEBURTEN, anteil=True)
    assert {z.wert for zeile in anteile.daten.zeilen for z in zeile.zellen[1:]} == {None}


def test_schluessel_der_pyramide_steht_neben_dem_kopf_wo_platz_ist() -> None:
    """So haben auf einem vollen Poster die Altersgruppen mehr Höhe."""
    bild = galerie()["pyramide"]
    lage = {}
    for breite in (SEITE, SCHMAL):
        schilder = schilder_von(blatt(bild, breite))
        lage[breite] = {s.y for s in schilder if s.text.startswith(("Umriss: ", "Männer "))}
    assert (len(lage[SEITE]), len(lage[SCHMAL])) == (1, 2)


def test_pyramide_der_einzelnen_altersjahre_nennt_jedes_zehnte() -> None:
    m = serie("Männer", *((a, 1000.0) for a in range(91)))
    bild = pyramide(m, replace(m, name="Frauen"), GEBURTEN)
    assert [t for t in texte(bild) if t in {str(a) for a in range(10, 91)}] == [
        str(a) for a in range(10, 91, 10)
    ]


def test_flaechen_tragen_namen_wert_und_klasse() -> None:
    gezeigt = texte(galerie()["flaechenkarte"])
    assert "16,3" in gezeigt and "Rheinsberg" in gezeigt
    assert "unter 7,5\u202f%" in gezeigt and "15,0\u202f% und mehr" in gezeigt
    assert "Landkreis: 11,2\u202f%" in gezeigt
    assert "Schematische Karte: Grenzen errechnet, nicht amtlich" in " ".join(gezeigt)


def test_flaeche_ohne_wert_ist_schraffiert_mit_punkt_und_legende() -> None:
    bild = flaechenkarte(flaechen(*WERTE[:9], None), QUOTE, raum="Kommunen")
    assert "•" in texte(bild) and "keine Angabe" in texte(bild)
    assert bild.hinweise[-1] == ". = Zahlenwert unbekannt oder geheim zu halten"
    assert "in neun von zehn Kommunen" in bild.alt
    ohne, mit = (len(_ebenen(b, "rule")) for b in (galerie()["flaechenkarte"], bild))
    assert mit > ohne == 0
    gesperrt = replace(flaechen()[0], punkt=Punkt("", None, Status.GESPERRT))
    assert "x" in texte(flaechenkarte([gesperrt, *flaechen()[1:]], QUOTE))


def test_name_der_nicht_in_die_flaeche_passt_steht_unter_einem_buchstaben_in_der_legende() -> None:
    eng = flaeche("Langenhagenau (Nordheide)", 0, 0, 12.5, breit=1.0)
    gezeigt = texte(flaechenkarte([replace(eng, kurz=""), flaeche("Mitte", 1, 0, 3.0)], QUOTE))
    assert {"A", "Mitte", "3,0"} <= set(gezeigt)
    assert "A Langenhagenau (Nordheide): 12,5" in " ".join(gezeigt)


@pytest.mark.parametrize(
    ("name", "fugen", "zeilen"),
    [
        ("Amt Lindow (Mark)", False, ("Amt", "Lindow", "(Mark)")),
        ("Wusterhausen/Dosse", False, ("Wusterhausen/", "Dosse")),
        ("Wusterhausen/Dosse", True, ("Wuster-", "hausen/", "Dosse")),
        ("Neustadt (Aue)", False, ("Neustadt", "(Aue)")),
        ("Stüdenitz-Schönermark", False, ("Stüdenitz-", "Schönermark")),
        ("Heiligengrabe", True, ("Heiligen-", "grabe")),
    ],
)
def test_namen_brechen_an_schraegstrich_klammer_und_fuge(
    name: str, fugen: bool, zeilen: tuple[str, ...]
) -> None:
    assert zeilen in list(umbrueche(name, fugen=fugen))


@pytest.mark.parametrize("name", [n for n in galerie() if "karte" in n])
@pytest.mark.parametrize("breite", [SCHMAL, SEITE, DRUCK_VOLL])
def test_kein_name_weicht_einem_buchstaben_weil_eine_karte_niedriger_wird(name: str, breite: int) -> None:
    """Wo die Seite knapp war, stand statt „Amt Lindow“ ein Buchstabe in der Fläche."""
    motiv, t = lies(galerie()[name].motiv), replace(T, breite=breite)
    buchstaben = [
        sum(len(s.text) == 1 and s.text.isalpha() for s in schilder_von(motiv.spec(t, h)))
        for h in motiv.hoehen(t)
    ]
    assert buchstaben[0] <= buchstaben[1]


def test_symbole_haben_flaechen_im_verhaeltnis_der_zahlen() -> None:
    bild = symbolkarte(flaechen(*[100.0] * 8, 400.0, 0.0), PERSONEN)
    groessen = {e["mark"]["size"] for e in _ebenen(bild, "point")}
    assert any(g == pytest.approx(max(groessen) / 4, abs=1) for g in groessen)
    assert "0" in texte(bild)
    hohl = {e["mark"]["fill"] for e in _ebenen(galerie()["symbolkarte_saldo"], "point")}
    assert hohl == {T.farben.fokus, T.farben.grund}


def test_lagekarte_hebt_das_gebiet_hervor_und_nennt_seine_nachbarn() -> None:
    bild = galerie()["lagekarte"]
    farben = {z["name"]: z["farbe"] for z in _zeilen(_ebenen(bild, "geoshape")[0])}
    assert [n for n, f in farben.items() if f == T.farben.fokus] == ["Fehrbellin"]
    assert bild.alt == "Karte mit der Lage. Fehrbellin grenzt im Kreis an Neuruppin."


def test_ohne_bekannte_nachbarn_sagt_die_lagekarte_nur_wo_etwas_liegt() -> None:
    """Im errechneten Mosaik berühren sich Flächen, die in Wahrheit nicht aneinander grenzen."""
    wo = ("Fehrbellin", "Landkreis Musterau i. d. O.L.")
    bild = lagekarte(flaechen(), ["Fehrbellin"], wo, grenzt=False)
    assert bild.alt == "Karte mit der Lage. Fehrbellin liegt im Landkreis Musterau i. d. O.L."


@given(st.lists(st.floats(-1e6, 1e6), max_size=30))
def test_klassen_sind_hoechstens_fuenf_und_jeder_wert_hat_eine(werte: list[float]) -> None:
    klassen = bilde(werte, T)
    assert 1 <= len(klassen.farben) <= 5
    assert len(klassen.grenzen) == len(klassen.farben) - 1
    assert all(klassen.farbe(w) in klassen.farben for w in werte)


def test_klassen_nehmen_genannte_grenzen() -> None:
    klassen = bilde([1, 2], T, grenzen=[5, 10])
    assert klassen.namen(QUOTE) == ["unter 5\u202f%", "5 bis unter 10\u202f%", "10\u202f% und mehr"]
    miete = Angaben("Nettokaltmiete", einheit_kurz="€ je m²", stellen=2)
    assert klassen.namen(miete) == ["unter 5", "5 bis unter 10", "10 und mehr"], "die Einheit steht darüber"


def test_klassen_von_stueckzahlen_nennen_ganze_zahlen() -> None:
    stueck = Angaben("Einrichtungen", "Landkreis", "je Gemeinde")
    gezeigt = texte(flaechenkarte(flaechen(*map(float, range(1, 11))), stueck, grenzen=[2, 3, 6]))
    assert {"1", "2", "3 bis 5", "6 und mehr"} <= set(gezeigt)
    assert "2 bis unter 3" not in gezeigt
    halbe = flaechenkarte(flaechen(*(n + 0.5 for n in range(10))), stueck, grenzen=[2, 3, 6])
    assert "2 bis unter 3" in texte(halbe)


def test_karte_zeichnet_jede_flaeche_im_bild() -> None:
    for name in ("flaechenkarte", "symbolkarte", "lagekarte"):
        zeilen = _zeilen(_ebenen(galerie()[name], "geoshape")[0])
        assert [f["name"] for f in zeilen] == list(ORTE)
        punkte = [
            p for f in zeilen for polygon in f["geometry"]["coordinates"] for ring in polygon for p in ring
        ]
        assert min(p[0] for p in punkte) >= 0
        assert max(p[0] for p in punkte) <= 700  # so breit zeichnet „blatt“


@pytest.mark.parametrize("breite", [SCHMAL, SEITE])
def test_schrift_in_flaechen_hat_genug_kontrast_und_klassen_unterscheiden_sich_im_graudruck(
    breite: int,
) -> None:
    t = Thema(thema().marke, breite)
    stufen = [farbe_von(f) for f in t.farben.klassen]
    helligkeit = [farbe.lab(f)[0] for f in stufen]
    assert all(a - b >= 12 for a, b in pairwise(helligkeit))
    for f in t.farben.klassen:
        assert farbe.kontrast(farbe_von(t.schrift_auf(f)), farbe_von(f)) >= farbe.LESBAR


def test_auch_dunkel_ist_schrift_auf_jeder_klasse_lesbar() -> None:
    stil = (PROJEKT.layout / "marke.css").read_text(encoding="utf-8")
    bloecke = [
        dict(re.findall(r"--bw-(d-[\w-]+): (#[0-9a-f]{6})", b)) for b in re.findall(r"\{([^{}]*)\}", stil)
    ]
    paare = [
        (b[f"d-klassen-{i}"], b[f"d-auf-klassen-{i}"])
        for b in bloecke
        for i in range(5)
        if f"d-auf-klassen-{i}" in b
    ]
    assert len(paare) >= 10, "hell und dunkel"
    assert min(farbe.kontrast(*p) for p in paare) >= farbe.LESBAR


@pytest.mark.parametrize(("name", "was"), [("lagekarte", "hell: Fehrbellin"), ("flaechenkarte", "je höher")])
def test_titelbild_aus_einer_karte_zeigt_ihre_flaechen(name: str, was: str) -> None:
    bild = galerie()[name]
    form = "" if name == "lagekarte" else "karte"
    svg, worte = titelbild.zeichne(form, bild.daten, "#f0c987", bild.motiv)
    assert worte.startswith(was)
    assert (svg.count("<path"), svg.count("#f0c987")) == (10, name == "lagekarte")
    zahlen = [float(z) for z in re.findall(r"[ML](-?[\d.]+) ", svg)]
    assert min(zahlen) >= 0 and max(zahlen) <= titelbild.BREITE
    assert titelbild.zeichne("karte", bild.daten, "#f0c987") == ("", "")


def test_titelbild_einer_karte_ohne_werte_spricht_von_keinen() -> None:
    """„je höher der Wert, desto heller“ stand unter zehn gleich hellen Flächen."""
    bild = lagekarte([replace(f, punkt=None) for f in flaechen()], [], ("Landkreis", "Landkreis"))
    svg, worte = titelbild.zeichne("", bild.daten, "#f0c987", bild.motiv)
    assert (svg.count("<path"), worte) == (10, "")


def test_hantel_verbindet_beide_werte_und_zeigt_den_kreis() -> None:
    gezeigt = texte(galerie()["hantel"])
    assert {"2015", "2023", "Landkreis 11,2\u202f%", "13,2", "15,8"} <= set(gezeigt)


def test_vielfache_haben_gleiche_achsen_und_brechen_um() -> None:
    kaesten = textkaesten(als_datei(blatt(galerie()["vielfache"]), T.marke))
    namen = {k.text: k for k in kaesten if any(o.startswith(k.text) for o in ORTE)}
    assert len(namen) == len(ORTE)
    assert len({round(k.links) for k in namen.values()}) == 5
    assert len({round(k.oben) for k in namen.values()}) == 2
    assert sum(k.text == "0" for k in kaesten) == 2


def test_einzelne_werte_des_vergleichs_sind_punkte_im_bild_und_im_schluessel() -> None:
    luecken = serie("Landkreis", *((j, 11.0 if j in (2010, 2015) else None) for j in range(2005, 2024)))
    bild = kleine_vielfache([jahre(o, 15, 9) for o in ORTE[:3]], QUOTE, vergleich=luecken)
    grau = T.farben.vergleich[0]
    punkte = [z for e in _ebenen(bild, "point") if e["mark"]["fill"] == grau for z in _zeilen(e)]
    assert len(punkte) == 3 * 2 + 1, "je Bild zwei und einer im Schlüssel"
    assert not [e for e in _ebenen(bild, "line") if e["mark"]["color"] == grau]
    assert not [z for e in _ebenen(bild, "rule") for z in _zeilen(e) if z["farbe"] == grau]


# --- alles, was kommen kann


zahlen = st.one_of(
    st.none(),
    st.just(0.0),
    st.floats(-1e12, 1e12),
    st.floats(-1e-9, 1e-9),
    st.integers(-200, 200).map(float),
)
reihen = st.lists(zahlen, min_size=0, max_size=12)
oft = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _jahresreihen(listen: list[list[float | None]]) -> list[Serie]:
    return [
        Serie(
            f"Reihe {nr}",
            tuple(_punkt(2010 + i, w, prognose=i > 8) for i, w in enumerate(liste)),
            "fokus" if nr == 0 else "vergleich",
        )
        for nr, liste in enumerate(listen)
    ]


def _punkt(x: int | str, wert: float | None, *, prognose: bool = False) -> Punkt:
    return Punkt(x, wert, Status.WERT if wert is not None else Status.GEHEIM, prognose)


def _heil(bild: Diagramm) -> None:
    assert bild.alt.strip() and bild.befund.strip()
    assert bild.alt.count("nan") == bild.befund.count("nan") == 0
    svg = als_datei(blatt(bild), T.marke)
    ohne_schrift = re.sub(r"base64,[^)]*", "", svg)
    assert "NaN" not in ohne_schrift and "undefined" not in ohne_schrift


@oft
@given(st.lists(reihen, min_size=1, max_size=4))
def test_linie_haelt_alles_aus(listen: list[list[float | None]]) -> None:
    bild = linie(_jahresreihen(listen), ALTENQUOTIENT, brueche=ZENSUS)
    _heil(bild)
    funde = stoerungen(als_datei(blatt(bild), T.marke, mit_schrift=False))
    assert [f for f in funde if not f.startswith("„.“")] == [], "nur ein fehlender Wert steht, wo er fehlt"
    assert len(bild.daten.zeilen) == max(1, *(len(liste) for liste in listen))


@oft
@given(
    st.lists(reihen, min_size=1, max_size=3),
    st.sampled_from(["gruppiert", "gestapelt", "anteil"]),
    st.booleans(),
)
def test_saeulen_halten_alles_aus(listen: list[list[float | None]], art: Any, liegend: bool) -> None:
    _heil(saeulen(_jahresreihen(listen), GEBURTEN, art=art, liegend=liegend, brueche=ZENSUS))


@settings(oft, max_examples=12)
@given(reihen, reihen)
def test_vergleiche_halten_alles_aus(a: list[float | None], b: list[float | None]) -> None:
    von, bis = (
        Serie(name, tuple(_punkt(f"Ort {i}", w) for i, w in enumerate(liste)))
        for name, liste in (("2015", a), ("2023", b))
    )
    _heil(hantel(von, bis, QUOTE, raum="Orten"))
    _heil(balken([von, bis], QUOTE, raum="Orten"))
    gebiete = [
        replace(flaeche(str(p.x), i % 4 * 12, i // 4 * 8, 1), punkt=p) for i, p in enumerate(von.punkte)
    ]
    _heil(flaechenkarte(gebiete, QUOTE))
    _heil(symbolkarte(gebiete, PERSONEN))
    _heil(pyramide(_betrag(von), _betrag(bis), GEBURTEN, anteil=True))


def _betrag(s: Serie) -> Serie:
    return replace(
        s, punkte=tuple(replace(p, wert=None if p.wert is None else abs(p.wert)) for p in s.punkte)
    )


@oft
@given(st.lists(reihen, min_size=0, max_size=7))
def test_vielfache_halten_alles_aus(listen: list[list[float | None]]) -> None:
    bild = kleine_vielfache(_jahresreihen(listen), QUOTE, brueche=ZENSUS)
    _heil(bild)
    assert stoerungen(als_datei(blatt(bild), T.marke, mit_schrift=False)) == []


@pytest.mark.parametrize(
    ("name", "satz"),
    [
        ("linie_gleich", "Pflege: 2023 überall 9\u202f537."),
        (
            "hantel_gleich",
            "war 2023 in allen sieben Gebieten mit Angaben für beide Jahre kaum anders als 2015.",
        ),
        ("vielfache", "reichte 2023 in acht von zehn Kommunen von 5,9 bis 16,3\u202f%."),
        ("balken_gruppen", "reichte 2023 in den zehn Kommunen von 5,9 bis 16,3\u202f%."),
        ("pyramide", "Am 31.12.2023 war die Altersgruppe 50 bis unter 55 mit 6,4\u202f% die größte"),
    ],
)
def test_der_befund_sagt_was_und_wie_viele_er_meint(name: str, satz: str) -> None:
    """Nicht „zwischen 9 537 und 9 537“, „in den acht Kommunen“ von zehn, ein Jahr, das niemand nennt."""
    assert satz in galerie()[name].befund


def test_anteile_aus_anteilen_stehen_einmal_in_der_tafel_und_mit_ihren_stellen() -> None:
    teile = [serie("A", (2022, 40.4), (2023, 41.5)), serie("B", (2022, 59.6), (2023, 58.5))]
    bild = saeulen(teile, QUOTE, art="anteil")
    assert [z.text for z in bild.daten.kopf[0]] == ["Jahr", "A (%)", "B (%)"]
    assert "58,5\u202f%" in bild.befund
    schief = saeulen([teile[0], serie("B", (2022, 30.0), (2023, 30.0))], QUOTE, art="anteil")
    assert len(schief.daten.kopf[0]) == 5


def test_neben_der_letzten_saeule_steht_der_wert_nur_wenn_er_nicht_darin_steht() -> None:
    breit, schmal = (
        [k.text for k in textkaesten(als_datei(blatt(galerie()["saeulen_gestapelt"], b), T.marke))]
        for b in (SEITE, SCHMAL)
    )
    assert breit.count("1\u202f053") == schmal.count("1\u202f053") == 1


def test_ist_alles_vorausgerechnet_sagt_es_der_spaltenkopf() -> None:
    punkte = tuple(replace(p, prognose=True) for p in orte().punkte)
    tafel = balken([replace(orte(), punkte=punkte)], QUOTE).daten
    assert tafel.kopf[0][1].text.endswith("(%, Vorausrechnung)")
    assert [z.zellen[0].text for z in tafel.zeilen] == list(ORTE)


def test_die_tafel_der_lagekarte_sagt_wer_angrenzt() -> None:
    tafel = galerie()["lagekarte"].daten
    assert [z.text for z in tafel.kopf[0]] == ["Gebiet", "Grenzt an Fehrbellin"]
    je = {z.zellen[0].text: z.zellen[1].text for z in tafel.zeilen}
    assert je["Fehrbellin"] == "ist es selbst"
    assert [o for o, an in je.items() if an == "ja"] == ["Neuruppin"]
    ohne_nachbarn = lagekarte(flaechen(), ["Kyritz"], ("Kyritz", "Kreis"), grenzt=False).daten
    assert [z.text for z in ohne_nachbarn.kopf[0]] == ["Gebiet"]


def test_leere_abbildungen_sagen_dass_werte_fehlen() -> None:
    leer = [Serie("Landkreis", (), "fokus")]
    for bild in (
        linie(leer, GEBURTEN),
        saeulen(leer, GEBURTEN),
        flaechenkarte([], GEBURTEN),
    ):
        assert bild.befund == "Zahl der Geburten: keine Angabe."
        assert bild.alt.lower().rstrip(".").endswith("keine werte")


def test_hilfsdaten_sind_wie_gedacht() -> None:
    assert len(flaechen()) == 10
    assert orte().punkte[0].x == ORTE[0]
    assert saldo().punkte[0].wert == -125
    assert Angaben("x").stellen == 0


def test_hantel_stellt_gebiete_unter_ihre_gruppe() -> None:
    """Die Gruppe steht einmal, vor ihrem ersten Gebiet; Werte und Reihenfolge bleiben."""
    ohne = hantel(orte("2015"), orte("2023"), QUOTE)
    namen = [str(p.x) for p in orte("2023").punkte]
    zu = {name: "Gruppe Nord" if nr < 2 else "Gruppe Süd" for nr, name in enumerate(namen)}
    mit = hantel(orte("2015"), orte("2023"), QUOTE, gruppen=zu)
    gezeigt = texte(mit)
    assert [gezeigt.count(g) for g in ("Gruppe Nord", "Gruppe Süd")] == [1, 1]
    assert set(texte(ohne)) <= set(gezeigt) and mit.daten == ohne.daten
    _heil(mit)


@pytest.mark.parametrize(
    ("namen", "schilder"),
    [
        (("Abgang mit Abitur", "Abgang ohne Abschluss"), ["mit Abitur", "ohne Abschluss"]),
        (("Klasse 7: Oberschule", "Klasse 7: Gymnasium"), ["Oberschule", "Gymnasium"]),
        (("Jungen ohne Abschluss", "Mädchen ohne Abschluss"), ["Jungen", "Mädchen"]),
        (("Personen ab 65 Jahren", "Personen ab 75 Jahren"), ["ab 65 Jahren", "ab 75 Jahren"]),
        (("Sekundarstufe I", "Sekundarstufe II"), ["Sekundarstufe I", "Sekundarstufe II"]),
        (("Anteil der Männer", "Anteil der Frauen"), ["Anteil der Männer", "Anteil der Frauen"]),
        (("Annahmen der Kommune", "Annahmen des Kreises"), ["Annahmen der Kommune", "Annahmen des Kreises"]),
        (("untere Variante", "obere Variante"), ["untere Variante", "obere Variante"]),
        (("Geburten", "Sterbefälle"), ["Geburten", "Sterbefälle"]),
    ],
)  # fmt: skip
def test_reihen_wiederholen_nicht_womit_alle_anfangen_oder_enden(
    namen: tuple[str, str], schilder: list[str]
) -> None:
    """Vierzeilige Namen nahmen auf dem Telefon die halbe Breite und drückten die Säulen zusammen."""
    reihen = [Serie(n, (Punkt(2023, 1.0),), kennzahl=n, gebiet="12068") for n in namen]
    assert sprache.schilder(reihen) == schilder
    orte = [Serie(n, (Punkt(2023, 1.0),), kennzahl="quote", gebiet=n) for n in ("Amt Nord", "Amt Süd")]
    assert sprache.schilder(orte) == ["Amt Nord", "Amt Süd"]


def test_namen_der_teile_haengen_an_der_letzten_saeule() -> None:
    """Bei zwei schmalen Säulen begannen die Striche hundert Pixel daneben in der Luft."""
    teile = [replace(s, punkte=s.punkte[-2:]) for s in pflege()]
    bild = saeulen(teile, PERSONEN, art="anteil")
    rechts = max(z["quer2"] for e in _ebenen(bild, "rect") for z in _zeilen(e))
    striche = [z for e in _ebenen(bild, "rule") for z in _zeilen(e) if z["farbe"] != T.farben.gitter]
    assert [z["x"] for z in striche if 0 < z["x"] < z["x2"]] == pytest.approx([rechts] * 3)
