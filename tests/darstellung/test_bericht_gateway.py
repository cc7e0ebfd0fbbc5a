"""Das Gateway: was ein Notizbuch aufruft und was dabei herauskommt."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import altair as alt
import pandas as pd
import pytest
from bildhilfe import blatt

from berichtswerk.bericht.altersaufbau import lies_aufbau
from berichtswerk.bericht.anzeige import Anzeige
from berichtswerk.bericht.bericht import Bericht
from berichtswerk.bericht.namen import Namen
from berichtswerk.gegenstand import gegenstaende as u
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.projekt import Projekt
from berichtswerk.grund.zahl import mit_einheit, schreibe
from berichtswerk.worte.belegzeilen import geordnet

S = "\u202f"


def werte(gegenstand):
    return {(n.gebiet, n.zeit) for n in gegenstand.werte}


def loese(bericht, name):
    return Namen(bericht.sicht).loese(name)


def text_von(modell):
    return [[zelle.text for zelle in zeile.zellen] for zeile in modell.zeilen]


# --- Wahl von Ausgabe und Gebiet -------------------------------------------------------------------------


def test_gebiet_und_datenstand_kommen_aus_der_ausgabe(b):
    assert repr(b) == "Lagebericht 2024: Landkreis Muster, Daten bis 2024"


def test_variante_wird_am_gebiet_erkannt(kleinprojekt):
    land = Bericht("lage", 2024, gebiet="99", projekt=kleinprojekt)
    assert (land.sicht.variante, loese(land, "arbeit").markdown) == ("land", "Nur das Land.\n")


def test_eine_ausgabe_zeigt_nichts_juengeres_als_ihren_datenstand(kleinprojekt):
    frueher = Bericht("lage", "2021", projekt=kleinprojekt)
    abbildung = frueher.linie("arbeitslosenquote", label="fig-a").gegenstand
    assert max(n.zeit for n in abbildung.werte) == "2021"
    assert frueher.daten("arbeit")["jahr"].max() == 2021
    assert max(w.jahr for w in Namen(frueher.sicht).bindung("arbeitslosenquote").reihe) == 2021


def test_projekt_wird_vom_ordner_der_notizbuecher_aus_gefunden(kleinprojekt, monkeypatch):
    monkeypatch.delenv("BERICHTSWERK_PROJEKT", raising=False)
    monkeypatch.chdir(kleinprojekt.notebooks)
    assert Bericht("lage", 2024).sicht.projekt == kleinprojekt


@pytest.mark.parametrize(
    ("vergleich", "erwartet"),
    [
        ("99001", ["99", "DG"]),
        ("99001-P1", ["99001", "99"]),
        ("990010010", ["99001", "99"]),
        ("99", ["DG"]),
        ("DG", []),
    ],
)
def test_vergleichsgebiete_richten_sich_nach_der_ebene(kleinprojekt, vergleich, erwartet):
    bericht = Bericht("lage", 2024, gebiet=vergleich, projekt=kleinprojekt)
    assert [g.schluessel for g in bericht.sicht.vergleichsgebiete()] == erwartet


# --- Abbildungen -----------------------------------------------------------------------------------------


def test_linie_traegt_befund_unterschrift_beleg_und_datentafel(b):
    a = b.linie("arbeitslosenquote", label="fig-quote").gegenstand
    # ab 2022 wird anders gezählt; gesprochen wird nur mit Vorbehalt oder über die Zeit danach
    assert a.befund.startswith("Die Arbeitslosenquote sank von 2022 bis 2024 um ")
    assert a.unterschrift == (
        "Arbeitslosenquote im Landkreis Muster, im Land Beispielland und in Deutschland, 2019–2024 "
        "(Prozent der Erwerbspersonen)"
    )
    assert a.beleg.quellen[0].zeile == (
        "Quelle: Statistisches Amt, Tabelle 100 (Stand 31.01.2025); dl-de/by-2-0; "
        "eigene Berechnung (Daten verändert)"
    )
    assert "www.govdata.de/dl-de/by-2-0" in a.beleg.quellen[0].nennung
    assert a.beleg.definition == "Arbeitslose in Prozent der Erwerbspersonen."
    assert "Zeitreihenbruch vor 2022: neue Zählung." in a.beleg.hinweise
    assert a.daten.kopf[0][0].text == "Jahr"
    assert len(a.daten.zeilen) == 6
    assert ("99001", "2024") in werte(a)
    assert not a.beleg.beispiel


def test_vorgegebene_texte_gelten(b):
    a = b.linie(
        "arbeitslosenquote", label="fig-quote", alt="Eigener Text.", befund="Eigener Befund."
    ).gegenstand
    assert (a.alt, a.befund, blatt(a)["description"]) == ("Eigener Text.", "Eigener Befund.", "Eigener Text.")


def test_absolute_zahlen_stehen_nicht_neben_land_und_bund(b):
    assert {g for g, _ in werte(b.linie("arbeitslose", label="fig-a").gegenstand)} == {"99001"}


def test_beispieldaten_sind_gekennzeichnet(b):
    a = b.saeulen("kita_plaetze", label="fig-kita")
    assert a.gegenstand.beleg.beispiel
    assert any("**Beispieldaten**" in s.get("text/markdown", "") for s in a.stuecke())


def test_balken_zeigen_kommunen_in_fester_reihenfolge_mit_kreiswert(b):
    a = b.saeulen("arbeitslosenquote", label="fig-b", nach="einheiten", jahr=2023).gegenstand
    assert [z[0] for z in text_von(a.daten)][:3] == ["Adorf", "Beheim", "Cestadt"]
    assert ("99001", "2023") in werte(a)
    assert "nach Kommunen im Landkreis Muster, 2023" in a.unterschrift


def test_karte_nimmt_das_jahr_mit_werten_fuer_die_meisten(b):
    a = b.karte("arbeitslosenquote", label="fig-k").gegenstand
    assert a.form == "flaechenkarte"
    assert {zeit for _, zeit in werte(a)} == {"2024"}
    assert text_von(a.daten)[2] == ["Cestadt", "."]


def test_anzahlen_stehen_als_kreise_und_nie_auf_flaechen(b):
    a = b.karte("arbeitslose", label="fig-a").gegenstand
    assert (a.form, "bezug" in a.motiv) == ("symbolkarte", False)
    with pytest.raises(
        BerichtswerkFehler, match=r"karte-anzahl[\s\S]*„fig-f“ färbt Flächen nach „Arbeitslose“"
    ):
        b.karte("arbeitslose", label="fig-f", art="flaechen")
    assert b.karte("arbeitslosenquote", label="fig-s", art="symbole").gegenstand.form == "symbolkarte"


def test_karte_nennt_ihren_grund_und_wo_der_wert_ueber_dem_des_kreises_liegt(b):
    a = b.karte("arbeitslosenquote", label="fig-k", jahr=2023).gegenstand
    vermerk = (
        "Felder gleich groß und der Reihe nach, nicht nach der Lage"  # Mittelpunkte sind nicht angegeben
    )
    assert a.motiv["untergrund"]["vermerk"] == vermerk
    assert [g["name"] for g in a.motiv["gebiete"]] == ["Adorf", "Beheim", "Cestadt"]
    assert re.search(r"\(Muster: [\d,]+\s%\)\.$", a.befund)
    assert re.match(r"(Darüber|Darunter) lag \w+, (darunter|darüber)", a.weiter)


def test_lage_hebt_das_gebiet_oder_seine_kommunen_hervor(b, monkeypatch):
    ohne = b.fuer("Beheim").lage(label="fig-ohne").gegenstand
    assert (ohne.art, ohne.grund) == ("fehlt", "Zur Lage der Kommunen sind keine Mittelpunkte angegeben.")
    monkeypatch.setattr("berichtswerk.bild.kartengrund._liegt", lambda _: True)
    ort = b.fuer("Beheim").lage(label="fig-ort").gegenstand
    assert ort.motiv["gezeigt"] == ["Beheim"]
    assert (ort.befund, ort.alt) == (
        "Beheim liegt im Landkreis Muster.", "Karte mit der Lage. Beheim liegt im Landkreis Muster.",
    )  # fmt: skip
    assert ort.unterschrift == "Lage im Landkreis Muster"
    nord = b.fuer("Planungsgebiet Nord").lage(label="fig-nord", unterschrift="Wo?").gegenstand
    assert (nord.motiv["gezeigt"], nord.unterschrift) == (["Adorf", "Beheim"], "Wo?")
    assert b.fuer("Land Beispielland").lage(label="fig-land").gegenstand.art == "fehlt"
    kreis = b.lage(label="fig-kreis").gegenstand
    assert (kreis.befund, kreis.motiv["gezeigt"]) == ("Der Landkreis Muster hat drei Kommunen.", [])


@pytest.mark.parametrize("aufruf", ["vielfache", "hantel"])
def test_vielfache_und_hantel_stehen_nach_kommunen(b, aufruf):
    mehr = {"jahre": (2019, 2023)} if aufruf == "hantel" else {}
    a = getattr(b, aufruf)("arbeitslosenquote", label="fig-x", **mehr).gegenstand
    assert (a.art, a.form) == ("abbildung", aufruf)
    assert ("990010030", "2023") in werte(a)


def test_pyramide_vergleicht_jahre_mit_verschiedener_endgruppe(b):
    a = b.pyramide("altersaufbau", label="fig-p").gegenstand
    assert a.unterschrift == "Altersaufbau im Landkreis Muster, 2024 und 2014 (in % der Bevölkerung)"
    assert text_von(a.daten)[-1][0] == "80+"
    assert (
        b.pyramide("altersaufbau", label="fig-q", vergleich=None).gegenstand.daten.zeilen[-1].zellen[0].text
        == "90+"
    )


def test_pyramide_mit_einer_luecke_steht_ohne_anteile_da(b, monkeypatch):
    def mit_luecke(*args, **mehr):
        aufbau = lies_aufbau(*args, **mehr)
        punkte = aufbau.frauen.punkte
        return replace(
            aufbau, frauen=replace(aufbau.frauen, punkte=(replace(punkte[0], wert=None), *punkte[1:]))
        )

    monkeypatch.setattr("berichtswerk.bericht.abbildungen.lies_aufbau", mit_luecke)
    a = b.pyramide("altersaufbau", label="fig-p").gegenstand
    assert a.unterschrift == "Altersaufbau im Landkreis Muster, 2024 (Personen)"
    assert b.pyramide("altersaufbau", label="fig-q", vergleich=2014).gegenstand.art == "fehlt"


def test_pyramide_ohne_lieferung_fehlt(b):
    a = b.pyramide("altersjahre", label="fig-p").gegenstand
    assert (a.art, a.grund) == (
        "fehlt",
        "Zu „Altersaufbau“ liegen im Landkreis Muster bis 2024 keine Daten vor.",
    )


def test_freie_abbildung_traegt_marke_quelle_und_feste_namen(b):
    def zeichne(label):
        daten = pd.DataFrame({"ort": ["A", "B"], "n": [1, 2]})
        chart = alt.Chart(daten).mark_bar().encode(x="ort:N", y="n:Q")
        angaben = {"unterschrift": "Was", "alt": "Balken", "quellen": ["kita"], "rechnung": "gezählt"}
        return b.abbildung(chart, label=label, **angaben).gegenstand

    eins, zwei = zeichne("fig-1"), zeichne("fig-2")
    assert json.dumps(eins.spec) == json.dumps(zwei.spec)
    assert list(eins.spec["datasets"]) == ["daten_0"]
    assert eins.spec["description"] == "Balken"
    assert eins.beleg.beispiel
    assert text_von(eins.daten) == [["A", "1"], ["B", "2"]]


# --- Tabellen und Eckwerte -------------------------------------------------------------------------------


def test_tabelle_nach_jahren_hat_je_gebiet_eine_spalte_und_kein_leeres_fach(b):
    t = b.tabelle("arbeitslosenquote", label="tbl-j", von=2023).gegenstand
    assert text_von(t.tabelle) == [["2023", "8,2", "6,0", "5,6"], ["2024", "7,8", "6,1", "."]]
    assert [z.text for z in t.tabelle.kopf[0]] == ["Jahr", "Arbeitslosenquote (in %)"]
    assert "Zeichenerklärung: . = Zahlenwert unbekannt oder geheim zu halten." in t.beleg.hinweise


def test_tabelle_nach_jahren_eines_gebiets_nennt_es_nicht_im_spaltenkopf(b):
    """Nicht „Arbeitslosenquote (in %): Muster“; die Unterschrift nennt den Ort."""
    t = b.tabelle("arbeitslosenquote", label="tbl-j", vergleich=(), von=2023).gegenstand
    assert [[z.text for z in zeile] for zeile in t.tabelle.kopf] == [["Jahr", "Arbeitslosenquote (in %)"]]


def test_tabelle_nach_kommunen_ist_nach_planungsgebieten_gegliedert(b):
    t = b.tabelle("arbeitslose", "arbeitslosenquote", label="tbl-k", nach="einheiten", jahr=2023).gegenstand
    arten = [(z.art, z.zellen[0].text) for z in t.tabelle.zeilen]
    assert arten == [
        ("gruppe", "Planungsgebiet Nord"),
        ("zeile", "Adorf"),
        ("zeile", "Beheim"),
        ("gruppe", "Planungsgebiet Süd"),
        ("zeile", "Cestadt"),
        ("summe", "Landkreis Muster"),
        ("vergleich", "Land Beispielland"),
        ("vergleich", "Deutschland"),
    ]


def kopf_von(anzeige):
    return [[zelle.text for zelle in zeile] for zeile in anzeige.gegenstand.tabelle.kopf]


def test_dieselbe_zeit_steht_einmal_ueber_ihren_spalten(b):
    namen = ("arbeitslose", "arbeitslosenquote")
    assert kopf_von(b.tabelle(*namen, label="tbl-a", nach="einheiten", jahr=2023)) == [
        ["Gebiet", "2023"],
        ["Arbeitslose", "Arbeitslosenquote (in %)"],
    ]
    eine = b.tabelle("arbeitslosenquote", label="tbl-b", nach="einheiten", jahr=2023)
    assert kopf_von(eine) == [["Gebiet", "Arbeitslosenquote 2023 (in %)"]]


def test_verschiedene_zeiten_stehen_in_ihrer_spalte_vorausgerechnete_als_solche(b):
    orte = [g.schluessel for g in b.sicht.teilgebiete("einheiten")]
    voraus = b.sicht.reihe("arbeitslose", orte).bis(2023)
    voraus = replace(voraus, werte=tuple(replace(w, prognose=w.jahr > 2021) for w in voraus))
    ist = replace(voraus, werte=tuple(w for w in voraus if not w.prognose))
    assert kopf_von(b.tabelle(ist, voraus.von(2022), label="tbl-a", nach="einheiten")) == [
        ["Gebiet", "Arbeitslose 2021", "Arbeitslose 2023 (Vorausrechnung)"]
    ]
    drei = b.tabelle(voraus, label="tbl-b", nach="einheiten", jahre=(2020, 2022, 2023), veraenderung=True)
    assert kopf_von(drei) == [
        ["Gebiet", "Arbeitslose", "Arbeitslose, Vorausrechnung"],
        ["2020", "2022", "2023", "Veränderung 2020–2023 (in %)"],
    ]


def test_vergleichsgebiete_nach_schluessel_stehen_auch_unter_gebieten(kleinprojekt):
    """Cestadt liegt weder im Planungsgebiet noch darüber: seine Werte müssen eigens geholt werden."""
    nord = Bericht("lage", 2024, gebiet="99001-P1", projekt=kleinprojekt)
    t = nord.tabelle("arbeitslosenquote", label="tbl-k", nach="einheiten", jahr=2023, vergleich=["990010030"])
    assert text_von(t.gegenstand.tabelle)[-1] == ["Cestadt", "7,0"]
    # das Jahr richtet sich nach dem Gebiet; dass Cestadt dann keinen Wert hat, ändert es nicht
    ohne_jahr = nord.tabelle("arbeitslosenquote", label="tbl-l", nach="einheiten", vergleich=["990010030"])
    assert kopf_von(ohne_jahr) == [["Gebiet", "Arbeitslosenquote 2024 (in %)"]]


def test_tabelle_mit_veraenderung_weist_auch_sie_nach(b):
    t = b.tabelle(
        "arbeitslosenquote", label="tbl-v", nach="einheiten", jahre=(2019, 2023), veraenderung=True
    ).gegenstand
    adorf = text_von(t.tabelle)[1]
    assert adorf == ["Adorf", "10,0", "8,8", "x"]  # dazwischen liegt ein Zeitreihenbruch
    ohne = b.tabelle(
        "arbeitslosenquote", label="tbl-w", nach="einheiten", jahre=(2022, 2023), veraenderung=True
    ).gegenstand
    assert text_von(ohne.tabelle)[1] == ["Adorf", "9,1", "8,8", "−0,3"]
    abgeleitet = [n for n in ohne.werte if n.rechnung == "differenz"]
    assert {n.gebiet for n in abgeleitet} >= {"990010010", "99001"}


def test_tabelle_nach_kennzahlen_nennt_einheit_und_jahr(b):
    t = b.tabelle("arbeitslosenquote", "kita_plaetze", label="tbl-z", nach="kennzahlen").gegenstand
    assert text_von(t.tabelle) == [
        # nebeneinander nur im jüngsten Jahr, das alle Gebiete haben; danach der eigene neueste Wert
        ["Arbeitslosenquote (in %)", "2023", "8,2", "6,0", "5,6"],
        ["Arbeitslosenquote (in %)", "2024", "7,8", "6,1", "."],
        ["Kita-Plätze", "2024", "130", f"9{S}000", "."],
    ]
    assert t.beleg.beispiel


def test_tabelle_nach_kennzahlen_sagt_ein_gemeinsames_jahr_nur_in_der_unterschrift(b):
    """Eine Spalte mit achtmal „2024“ nimmt den Namen den Platz."""
    t = b.tabelle("arbeitslosenquote", "kita_plaetze", label="tbl-z", nach="kennzahlen", jahr=2024).gegenstand
    assert [z.text for z in t.tabelle.kopf[0]][:2] == ["Kennzahl", "Muster"]
    assert "2024" in t.unterschrift
    assert text_von(t.tabelle)[0] == ["Arbeitslosenquote (in %)", "7,8", "6,1", "."]
    eine = b.tabelle("arbeitslosenquote", label="tbl-y", nach="kennzahlen", jahr=2024).gegenstand.tabelle
    assert eine.kopf[0][0].text == "Kennzahl (in %)" and text_von(eine)[0][0] == "Arbeitslosenquote"


def test_tabelle_aus_dataframe_braucht_quelle_und_unterschrift(b):
    daten = pd.DataFrame({"Ort": ["A"], "Plätze": [3]})
    for genannt, fehlt in (
        ({}, "quellen, unterschrift"),
        ({"quellen": ["kita"]}, "unterschrift"),
        ({"unterschrift": "Plätze"}, "quellen"),
    ):
        with pytest.raises(BerichtswerkFehler) as fehler:
            b.tabelle(daten, label="tbl-d", **genannt)
        assert str(fehler.value) == (
            f"FEHLER [tabelle-angaben] Feld „{fehlt}“\n"
            f"  Der Tabelle „tbl-d“ aus einem DataFrame fehlt: {fehlt}.\n"
            "  Ursache: Anders als eine Kennzahl nennt ein DataFrame weder Herkunft noch Beschriftung.\n"
            "  Abhilfe: Ergänzen Sie im Aufruf quellen=[…] mit Namen aus daten/quellen/ und unterschrift=„…“."
        )
    angaben = {"quellen": ["kita"], "unterschrift": "Plätze", "rechnung": "gezählt"}
    t = b.tabelle(daten, label="tbl-d", **angaben).gegenstand
    assert text_von(t.tabelle) == [["A", "3"]]


def test_eckwerte_nennen_stand_richtung_und_vergleich(b):
    e = b.eckwerte("arbeitslosenquote", "kita_plaetze").gegenstand
    quote, kita = e.eintraege
    assert (quote.wert, quote.stand) == (f"7,8{S}%", "2024")
    assert quote.richtung == "seit 2022 um 0,9\u00a0Prozentpunkte gesunken"
    assert [(v.name, v.wert) for v in quote.vergleiche] == [
        # 2024 hat der Bund noch keinen Wert: nebeneinander steht das letzte gemeinsame Jahr, auch das eigene
        ("Muster 2023", f"8,2{S}%"),
        ("Beispielland 2023", f"6,0{S}%"),
        ("Deutschland 2023", f"5,6{S}%"),
    ]
    assert kita.beispiel and not kita.vergleiche


# --- Fehlendes und Falsches ------------------------------------------------------------------------------


def test_fehlende_daten_geben_einen_platzhalter_mit_grund(kleinprojekt):
    land = Bericht("lage", 2024, gebiet="99", projekt=kleinprojekt)
    for gegenstand in (
        land.karte("arbeitslosenquote", label="fig-k"),
        land.vielfache("arbeitslosenquote", label="fig-v"),
        land.tabelle("arbeitslosenquote", label="tbl-k", nach="einheiten"),
    ):
        assert gegenstand.gegenstand.grund == (
            "Zu „Arbeitslosenquote“ liegen im Land Beispielland bis 2024 keine Daten nach Kommunen vor."
        )
    bund = Bericht("lage", 2024, gebiet="DG", projekt=kleinprojekt)
    assert bund.linie("kita_plaetze", label="fig-p").gegenstand.grund == (
        "Zu „Kita-Plätze“ liegen in Deutschland bis 2024 keine Daten vor."
    )


FALSCH = [
    (
        lambda b: b.linie("arbeitslosenqoute", label="fig-a"),
        "FEHLER [kennzahl-unbekannt] ohne Ort\n"
        "  Die Kennzahl „arbeitslosenqoute“ gibt es nicht.\n"
        "  Ursache: Meinten Sie „arbeitslosenquote“, „arbeitslose“?\n"
        "  Abhilfe: Berichtigen Sie den Namen oder legen Sie daten/kennzahlen/arbeitslosenqoute.yaml an.",
    ),
    (
        lambda b: b.linie("arbeitslosenquote", "arbeitslose", label="fig-a"),
        "FEHLER [einheit-verschieden] ohne Ort\n"
        "  „arbeitslosenquote“ und „arbeitslose“ haben verschiedene Einheiten.\n"
        "  Ursache: Einheiten: Prozent der Erwerbspersonen, Personen.\n"
        "  Abhilfe: Zeigen Sie sie in eigenen Abbildungen oder in einer Tabelle.",
    ),
    (
        lambda b: b.abbildung({}, label="fig-a", unterschrift="x", alt="x", quellen=["kitta"]),
        "FEHLER [quelle-unbekannt] Feld „quellen“\n"
        "  Eine Quelle „kitta“ gibt es nicht.\n"
        "  Abhilfe: Meinten Sie „kita“?",
    ),
    (
        lambda b: b.linie("arbeitslosenquote", label="Abb_1"),
        "FEHLER [label-form] Feld „label“\n"
        "  Das Label „Abb_1“ passt nicht.\n"
        "  Ursache: Verlangt ist fig-… mit Kleinbuchstaben, Ziffern und Bindestrichen.\n"
        "  Abhilfe: Schreiben Sie zum Beispiel label=„fig-bevoelkerung“.",
    ),
    (
        lambda b: loese(b, "arbiet"),
        "FEHLER [text-fehlt] berichte/lage/2024/texte/arbiet.md\n"
        "  Den Text „arbiet“ gibt es in dieser Ausgabe nicht.\n"
        "  Ursache: Meinten Sie „arbeit“?\n"
        "  Abhilfe: Legen Sie berichte/lage/2024/texte/arbiet.md an "
        "oder berichtigen Sie den Namen im Notizbuch.",
    ),
]


@pytest.mark.parametrize(("aufruf", "meldung"), FALSCH)
def test_meldung_sagt_was_und_wie_weiter(b, aufruf, meldung):
    with pytest.raises(BerichtswerkFehler) as fehler:
        aufruf(b)
    assert str(fehler.value) == meldung


def test_unbekannte_ausgabe_nennt_die_vorhandenen(kleinprojekt):
    with pytest.raises(BerichtswerkFehler) as fehler:
        Bericht("lage", 1999, projekt=kleinprojekt)
    assert str(fehler.value) == (
        "FEHLER [ausgabe-fehlt] berichte/lage/1999/bericht.yml\n"
        "  Die Ausgabe „lage/1999“ gibt es nicht.\n"
        "  Ursache: Vorhanden: lage/2021, lage/2024.\n"
        "  Abhilfe: Legen Sie den Ordner mit bericht.yml an oder wählen Sie eine vorhandene Ausgabe."
    )


def test_doppeltes_label_faellt_im_lauf_auf(b, monkeypatch):
    monkeypatch.setenv("BERICHTSWERK_LAUF", "1")
    b.linie("arbeitslosenquote", label="fig-a")
    with pytest.raises(BerichtswerkFehler, match="label-doppelt"):
        b.linie("arbeitslose", label="fig-a")


# --- Texte und Bindungen ---------------------------------------------------------------------------------


def test_text_zeigt_gebundene_zahlen_mit_marke(b):
    ergebnis = loese(b, "arbeit")
    assert ergebnis.markdown == (
        f"Die Arbeitslosenquote sank von 2022 bis 2024 um 0,9\u00a0Prozentpunkte auf 7,8{S}%; "
        "frühere Werte sind nicht vergleichbar (Zeitreihenbruch 2022).\n\n"
        "Beispiel: 130 (Beispieldaten).\n"
    )
    assert ergebnis.meldungen == ()


def test_abschluss_bindet_gezeigtes_und_was_in_texten_steht(b):
    b.linie("arbeitslose", label="fig-a")
    namen = set(Namen(b.sicht).bindungen().werte)
    assert namen == {"arbeitslose", "arbeitslosenquote", "ausgabe", "gebiet", "kita_plaetze"}


def test_eigene_zahl_braucht_quelle_und_formel(b):
    with pytest.raises(TypeError, match="„plaetze“: eine Zahl braucht Quelle und Formel"):
        b.binde(plaetze=12)
    b.binde(plaetze=b.zahl(12.4, name="Plätze", quellen=["kita"], formel="Summe", jahr=2024), wort="Text")
    bindung = Namen(b.sicht).bindung("plaetze")
    assert (bindung.reihe[0].nachweis.anzeige, bindung.beispiel) == ("12", True)


def test_gleiche_eingabe_gleiche_uebergabe(kleinprojekt):
    def einmal():
        bericht = Bericht("lage", 2024, projekt=kleinprojekt)
        teile = [bericht.linie("arbeitslosenquote", label="fig-a"), bericht.eckwerte("arbeitslosenquote")]
        return [u.als_json(t.gegenstand) for t in teile] + [u.als_json(Namen(bericht.sicht).bindungen())]

    assert einmal() == einmal()


# --- Anzeige ---------------------------------------------------------------------------------------------


def test_im_lauf_gibt_eine_zelle_nur_die_uebergabe_aus(b, monkeypatch):
    monkeypatch.setenv("BERICHTSWERK_LAUF", "1")
    gezeigt = []
    monkeypatch.setattr("IPython.display.publish_display_data", gezeigt.append)
    b.linie("arbeitslosenquote", label="fig-a")._ipython_display_()
    assert [sorted(stueck) for stueck in gezeigt] == [[u.MIME, "text/plain"]]


def test_in_jupyterlab_stehen_bild_und_texte_aber_nie_html(b):
    alle: list[Anzeige] = [
        b.linie("arbeitslosenquote", label="fig-a"), b.tabelle("arbeitslose", label="tbl-a"),
        b.eckwerte("arbeitslosenquote"), b.text("arbeit"), b.verzeichnis("begriffe"),
        b.verzeichnis("quellen"), b.verzeichnis("darstellungen"),
    ]  # fmt: skip
    stuecke = [s for a in alle for s in a.stuecke()]
    assert all("text/plain" in s and "text/html" not in s for s in stuecke)
    bilder = [s for s in stuecke if "image/svg+xml" in s]
    assert len(bilder) == 1
    assert bilder[0][u.MIME]["motiv"], "neben dem Bild steht, was es zeigt"
    assert [a for a in alle if u.MIME not in a.buendel()] == []


def test_begriffe_und_quellen_nennen_nur_benutztes(b):
    b.linie("arbeitslosenquote", label="fig-a")
    (begriff,) = b.verzeichnis("begriffe").gegenstand.eintraege
    assert (begriff.name, begriff.text) == (
        "Arbeitslosenquote",
        "Arbeitslose in Prozent der Erwerbspersonen.",
    )
    (quelle,) = b.verzeichnis("quellen").gegenstand.eintraege
    assert (quelle.kurz, quelle.lang) == ("Statistisches Amt", "Arbeitslose, Tabelle 100 (Stand 31.01.2025)")
    assert quelle.nennung == (
        "© Statistisches Amt, 2025 | Datenlizenz Deutschland (www.govdata.de/dl-de/by-2-0) | "
        "eigene Berechnung (Daten verändert)"
    )


def test_hinweise_stehen_einmal_und_zeichen_zuletzt():
    hinweise = [
        "( ) = eingeschränkt",
        "Zeichenerklärung: . = unbekannt",
        "Ein Satz",
        ". = unbekannt",
        "Ein Satz",
    ]
    assert geordnet(hinweise) == ("Ein Satz.", "Zeichenerklärung: ( ) = eingeschränkt; . = unbekannt.")


@pytest.mark.parametrize(
    ("aufruf", "angabe", "wert", "rat"),
    [
        (lambda b, w: b.saeulen("arbeitslose", label="fig-a", art=w), "art", "gestappelt", "gestapelt"),
        (lambda b, w: b.saeulen("arbeitslose", label="fig-a", nach=w), "nach", "einheit", "einheiten"),
        (lambda b, w: b.karte("arbeitslose", label="fig-a", art=w), "art", "symbol", "symbole"),
        (lambda b, w: b.pyramide("altersaufbau", label="fig-a", vergleich=w), "vergleich", "kreise", "kreis"),
        (lambda b, w: b.massnahmen(w), "was", "erfolge", "erfolg"),
        (lambda b, w: b.verzeichnis(w), "was", "quelle", "quellen"),
    ],
)
def test_eine_wahl_die_es_nicht_gibt_nennt_die_moeglichen(b, aufruf, angabe, wert, rat):
    with pytest.raises(BerichtswerkFehler) as fehler:
        aufruf(b, wert)
    assert str(fehler.value) == (
        f"FEHLER [wahl-unbekannt] Feld „{angabe}“\n  „{wert}“ gibt es für {angabe}=… nicht.\n"
        f"  Abhilfe: Meinten Sie „{rat}“?"
    )


@pytest.mark.parametrize(
    ("zeige", "name", "rat"),
    [
        (
            lambda b: b.linie("arbeitslosenquote", label="fig-a", unterschrfit="Mein Titel"),
            "unterschrfit",
            "Meinten Sie „unterschrift“?",
        ),
        (
            lambda b: b.linie("arbeitslosenquote", label="fig-a", jahr=2020),
            "jahr",
            "Möglich sind: „was“, „unterschrift“, „befund“, „alt“, „achse“, „grund“, „hinweise“.",
        ),
        (
            lambda b: b.pyramide("altersaufbau", label="fig-a", befunt="So."),
            "befunt",
            "Meinten Sie „befund“?",
        ),
        (
            lambda b: b.tabelle("arbeitslosenquote", label="fig-a", hinweis=["x"]),
            "hinweis",
            "Meinten Sie „hinweise“?",
        ),
    ],
)
def test_eine_angabe_die_es_nicht_gibt_wird_nicht_verschluckt(b, zeige, name, rat):
    with pytest.raises(BerichtswerkFehler) as fehler:
        zeige(b)
    assert str(fehler.value) == (
        f"FEHLER [angabe-unbekannt] Feld „{name}“\n"
        f"  „fig-a“ bekommt die Angabe „{name}“, die es dort nicht gibt.\n"
        "  Ursache: Ein Schreibfehler, oder die Angabe gehört zu einer anderen Methode.\n"
        f"  Abhilfe: {rat}"
    )


def test_massnahmen_mit_stand_und_erfolg(kleinprojekt, tmp_path):
    projekt = Projekt(shutil.copytree(kleinprojekt.wurzel, tmp_path / "p"))
    (projekt.daten / "massnahmen.yaml").write_text(
        "massnahmen:\n"
        "  - id: hilfe\n    berichte: [lage]\n    befund: Arbeit\n    ziel: Mehr Menschen finden Arbeit.\n"
        "    massnahme: Beratung und Vermittlung verbinden.\n    zustaendig: Jobcenter\n"
        "    verlauf: [{ab: 2020-01-01, stand: vorschlag}]\n"
        "    erfolg: {kennzahl: arbeitslosenquote, ausgang: 2022, soll: sinken, zielwert: 4, bis: 2030}\n",
        "utf-8",
    )
    b = Bericht("lage", 2024, projekt=projekt)
    stand, erfolg = b.massnahmen().gegenstand, b.massnahmen("erfolg").gegenstand
    assert text_von(stand.tabelle) == [
        ["Arbeit", "Mehr Menschen finden Arbeit.", "Beratung und Vermittlung verbinden.", "Jobcenter",
         "offen", "Vorschlag"]
    ]  # fmt: skip
    assert "noch ohne Beschluss" in stand.beleg.hinweise[0]
    reihe = {w.jahr: w.wert for w in b.sicht.reihe("arbeitslosenquote", ["99001"])}
    zuletzt = max(reihe)
    assert zuletzt > 2022
    assert text_von(erfolg.tabelle) == [
        ["Arbeitslosenquote", "2022", mit_einheit(schreibe(reihe[2022], 1), "%"), str(zuletzt),
         mit_einheit(schreibe(reihe[zuletzt], 1), "%"), f"höchstens {mit_einheit('4,0', '%')} bis 2030"]
    ]  # fmt: skip
    assert {(n.zeit, n.wert) for n in erfolg.werte} == {(str(j), reihe[j]) for j in (2022, zuletzt)}
    land = Bericht("lage", 2024, gebiet="99", projekt=projekt)
    assert isinstance(land.massnahmen().gegenstand, u.Fehlt), "was der Kreis vorhat, gilt nicht für das Land"


def test_fruehwarnung_zeigt_schwelle_wert_und_lage(kleinprojekt, tmp_path):
    projekt = Projekt(shutil.copytree(kleinprojekt.wurzel, tmp_path / "p"))
    datei = projekt.kennzahlen / "arbeitslosenquote.yaml"
    schwelle = "\n    warum: Weniger Menschen finden Arbeit.\n    festgelegt: Jobcenter\n"
    schwellen = f"fruehwarnung:\n  - ueber: 100{schwelle}  - ueber: 0.5{schwelle}"
    datei.write_text(datei.read_text("utf-8") + schwellen, "utf-8")
    b = Bericht("lage", 2024, projekt=projekt)
    assert isinstance(b.fruehwarnung().gegenstand, u.Fehlt), "noch ist keine Kennzahl gezeigt"
    b = Bericht("lage", 2024, projekt=projekt)
    b.linie("arbeitslosenquote", label="fig-quote")
    t = b.fruehwarnung().gegenstand
    werte = b.sicht.reihe("arbeitslosenquote", ["99001"])
    reihe, bruch = {w.jahr: w.wert for w in werte}, max(x.jahr for x in werte.brueche)
    zuletzt, wert = max(reihe), mit_einheit(schreibe(reihe[max(reihe)], 1), "%")
    prozent = {grenze: mit_einheit(grenze, "%") for grenze in ("0,5", "100,0")}
    name = "Arbeitslosenquote"
    assert text_von(t.tabelle) == [
        [name, f"↑ überschritten seit {bruch}", str(zuletzt), wert, f"über {prozent['0,5']}",
         prozent["0,5"]],
        [name, "eingehalten", str(zuletzt), wert, f"über {prozent['100,0']}", prozent["100,0"]],
    ]  # fmt: skip
    assert t.befund == "Schwelle überschritten: Arbeitslosenquote."
    assert t.beleg.hinweise[0] == "Arbeitslosenquote: Weniger Menschen finden Arbeit."
    assert t.beleg.hinweise[2] == "Schwellen: Jobcenter."
    assert {(n.zeit, n.wert) for n in t.werte} == {(str(zuletzt), reihe[zuletzt])}
    davor, jetzt = reihe[zuletzt - 1], reihe[zuletzt]
    grenze = f"{'ueber' if jetzt > davor else 'unter'}: {(jetzt + davor) / 2}"
    datei.write_text(datei.read_text("utf-8").replace("ueber: 0.5", grenze), "utf-8")
    b = Bericht("lage", 2024, projekt=projekt)
    b.linie("arbeitslosenquote", label="fig-quote")
    lage, jahr = text_von(b.fruehwarnung().gegenstand.tabelle)[0][1:3]
    assert (lage[1:], jahr) == (" überschritten", str(zuletzt)), "das Jahr steht in seiner Spalte"
    land = Bericht("lage", 2024, gebiet="99", projekt=projekt)
    land.linie("arbeitslosenquote", label="fig-quote")
    assert isinstance(land.fruehwarnung().gegenstand, u.Fehlt), "die Schwellen gelten für den Kreis"


def test_eine_ausgabe_die_noch_keine_ist_wird_erwartet(kleinprojekt, tmp_path, monkeypatch):
    """Kam „bericht.yml“ erst nach dem Ordner dazu, blieb der Bericht beim alten „keine frühere Ausgabe“."""
    projekt = Projekt(shutil.copytree(kleinprojekt.wurzel, tmp_path / "p"))
    spaeter = projekt.berichte / "lage" / "1999"
    (spaeter / "texte").mkdir(parents=True)
    b, versucht, oeffne = Bericht("lage", 2024, projekt=projekt), [], Path.open
    monkeypatch.setattr(Path, "open", lambda p, *a, **k: (versucht.append(p), oeffne(p, *a, **k))[1])
    b.aenderungen()
    assert spaeter / "bericht.yml" in versucht, "sonst steht sie nicht in der Spur des Laufs"
