"""Selbst gerechnete Reihen: überall, wo sonst die id einer Kennzahl steht."""

import json

import pandas as pd
import pytest
from bildhilfe import blatt
from nachweishilfe import befunde
from reihenhilfe import ADORF, BEHEIM, CESTADT, KREIS, VORAUS, rechne

from berichtswerk.bericht.bericht import Bericht
from berichtswerk.bericht.namen import Namen
from berichtswerk.fach.methoden.ergebnis import Ergebnis
from berichtswerk.gegenstand import nachweis as n
from berichtswerk.grund.meldung import BerichtswerkFehler
from berichtswerk.grund.zeichen import Status
from berichtswerk.tabelle.tabelle import als_csv
from berichtswerk.worte.bindung import loese_auf


def anteil(b, **angaben):
    werte = {(g, 2023): (w, w - 1.7, w + 2.3) for g, w in ((ADORF, 8.9), (BEHEIM, 12.0), (CESTADT, 5.0))}
    vorgabe = {
        "name": "Förderquote", "einheit": "Prozent der Kinder", "einheit_kurz": "%", "art": "anteil",
        "nachkommastellen": 1, "prognose_ab": "nie", "band": "95-%-Intervall", "name_satz": "Förderquote",
    }  # fmt: skip
    return rechne(b, {**werte, (KREIS, 2023): (9.1, 8.5, 9.7)}, **(vorgabe | angaben))


def texte(modell):
    return [[(z.text, z.zusatz, z.spanne) for z in zeile.zellen] for zeile in modell.zeilen]


# --- Vorausrechnung --------------------------------------------------------------------------------------


def test_vorausrechnung_steht_in_befund_alt_unterschrift_tabelle_und_hinweisen(b):
    a = b.linie(rechne(b), label="fig-v").gegenstand
    kommt = "wird {} voraussichtlich auf 800 sinken (Spanne 700 bis 900)."
    assert a.befund == f"Bis 2030 {kommt.format('die Zahl der Kinder unter 3')}"
    assert a.weiter == "Sie sank von 2022 bis 2024 um 4,4\u202f% auf 860."
    assert f" auf 860. Bis 2030 {kommt.format('sie')}" in a.alt
    assert a.unterschrift == (
        "Kinder unter 3 im Landkreis Muster, 2022–2030, Vorausrechnung ab 2025 (Kinder)"
    )
    assert texte(a.daten)[-1] == [
        ("2030 (Vorausrechnung)", "", None), ("800", "s", ("700", "900")),
    ]  # fmt: skip
    assert "Band: Spanne von der unteren bis zur oberen Variante." in a.beleg.hinweise
    assert "Zeichenerklärung: s = geschätzte Zahl." in a.beleg.hinweise
    assert a.beleg.definition == "Kinder vor dem dritten Geburtstag."
    assert "eigene Berechnung" in a.beleg.quellen[0].zeile
    linien = json.dumps(blatt(a))
    assert "strokeDash" in linien and '"area"' in linien and "Vorausrechnung ab 2025" in linien
    assert '"area"' not in json.dumps(blatt(b.linie(rechne(b), label="fig-w", band=False).gegenstand))


def test_szenarien_zeigen_den_gleichen_verlauf_nur_einmal(b):
    mitte = rechne(b, name="mittlere Variante")
    tief, hoch = (
        rechne(b, {s: (w[i] if isinstance(w, tuple) else w) for s, w in VORAUS.items()}, name=name)
        for i, name in ((1, "untere Variante"), (2, "obere Variante"))
    )
    a = b.linie(tief, mitte, hoch, label="fig-s", was="Kinder unter 3").gegenstand
    assert a.befund == "Kinder unter 3: 2030 voraussichtlich zwischen 700 und 900."
    assert a.weiter == (
        "Kinder unter 3: Der Wert sank von 2022 bis 2024 um 4,4\u202f% auf 860. Voraussichtlich 2030: "
        "untere Variante 700, mittlere Variante 800 (Spanne 700 bis 900) und obere Variante 900."
    )
    durchgezogen = [
        e for e in blatt(a)["layer"]
        if e["mark"].get("type") == "line" and "strokeDash" not in e["mark"]
    ]  # fmt: skip
    assert len(durchgezogen) == 1
    assert a.daten.kopf[0][0].text == "Jahr"
    assert texte(a.daten)[0] == [("2022", "", None), *[("900", "", None)] * 3]


def test_kennzahl_und_rechenreihe_stehen_zusammen_wenn_die_einheit_passt(b):
    a = b.linie("arbeitslose", rechne(b, einheit="Personen"), label="fig-g", was="Personen").gegenstand
    assert {w.kennzahl for w in a.werte} == {"arbeitslose", "kinder_unter_3"}
    with pytest.raises(BerichtswerkFehler, match="einheit-verschieden"):
        b.linie("arbeitslosenquote", rechne(b), label="fig-h")


def test_saeulen_und_vielfache_kennzeichnen_vorausrechnung(b):
    a = b.saeulen(rechne(b), label="fig-sa").gegenstand
    assert "Vorausrechnung ab 2025" in json.dumps(blatt(a))
    assert any(z[0].text == "2030 (Vorausrechnung)" for z in (zeile.zellen for zeile in a.daten.zeilen))
    orte = enumerate((ADORF, BEHEIM, CESTADT))
    werte = {(g, j): 100 + i + 20 * (j - 2020) for i, g in orte for j in (2023, 2030)}
    je = rechne(b, werte)
    v = b.vielfache(je, label="fig-vi").gegenstand
    assert [5, 4] in [e["mark"].get("strokeDash") for e in blatt(v)["layer"]]
    # zwischen 2023 und 2030 fehlen Jahre: ab wann gerechnet ist, sagt die Reihe nicht
    assert "2023–2030, mit Vorausrechnung" in v.unterschrift
    h = b.hantel(je, label="fig-ha", jahre=(2023, 2030)).gegenstand
    assert (
        h.befund
        == "Die Zahl der Kinder unter 3 wird 2030 voraussichtlich in allen drei Kommunen höher als 2023 sein."
    )
    # ohne Angabe des Jahres nie stillschweigend die Vorausrechnung
    assert "2023" in b.saeulen(je, label="fig-ei", nach="einheiten").gegenstand.unterschrift
    assert (
        "wird 2030 in den drei Kommunen voraussichtlich"
        in b.karte(je, label="fig-ka", jahr=2030).gegenstand.alt
    )


# --- Spannen ---------------------------------------------------------------------------------------------


def test_intervalle_sind_fehlerbalken_und_stehen_in_tabelle_alt_und_csv(b):
    a = b.saeulen(anteil(b), label="fig-q", nach="einheiten").gegenstand
    assert "von 5,0 bis 12,0\u202f%" in a.alt
    assert "Feine Striche: 95-%-Intervall." in a.beleg.hinweise
    ohne = b.saeulen(
        rechne(b, {(g, 2023): 8 for g in (ADORF, BEHEIM)}, prognose_ab="nie"), label="fig-o", nach="einheiten"
    )

    def striche(bild):
        return sum(len(e["data"]["values"]) for e in blatt(bild)["layer"] if e["mark"]["type"] == "rule")

    assert striche(a) >= striche(ohne.gegenstand) + 3 * 3  # je Balken ein Strich mit zwei Enden
    t = b.tabelle(anteil(b), label="tbl-q", nach="einheiten").gegenstand
    assert texte(t.tabelle)[1] == [("Adorf", "", None), ("8,9", "", ("7,2", "11,2"))]
    assert "In Klammern: 95-%-Intervall." in t.beleg.hinweise
    assert als_csv(t.tabelle).splitlines()[:2] == [
        "Gruppe;Gebiet;Förderquote 2023 (in %);Förderquote 2023 (in %): untere Grenze;"
        "Förderquote 2023 (in %): obere Grenze",
        "Planungsgebiet Nord;Adorf;8,9;7,2;11,2",
    ]


def test_tabelle_mit_mehreren_reihen_jahren_und_veraenderung(b):
    werte = {(g, j): 100 + i * 10 + j - 2020 for i, g in enumerate((ADORF, BEHEIM, CESTADT, KREIS))
             for j in (2021, 2030)}  # fmt: skip
    eins, zwei = rechne(b, werte, name="Kinder"), rechne(b, werte, name="Plätze")
    t = b.tabelle(eins, zwei, label="tbl-m", nach="einheiten", jahre=(2021, 2030)).gegenstand
    assert [z.text for z in t.tabelle.kopf[0]] == ["Gebiet", "Kinder", "Plätze"]
    assert [z.text for z in t.tabelle.kopf[1]] == ["2021", "2030 (Vorausrechnung)"] * 2
    assert [z for z, _, _ in texte(t.tabelle)[-1]] == ["Landkreis Muster", "131", "140", "131", "140"]
    j = b.tabelle(eins, label="tbl-n", jahre=(2030,)).gegenstand
    assert [z[:2] for z in texte(j.tabelle)[0]] == [("2030 (Vorausrechnung)", ""), ("140", "s")]


def test_tabelle_mit_reihen_in_zeilen_und_jahren_in_spalten(b):
    saldo = rechne(
        b, {(KREIS, 2024): 23, (KREIS, 2030): -5}, name="Saldo", art="saldo", einheit="Plätze"
    )  # fmt: skip
    t = b.tabelle(
        label="tbl-r", nach="kennzahlen", jahre=(2023, 2024, 2030), was="Kinder und Plätze",
        gruppen={"Kinder": [rechne(b)], "Plätze": [saldo]},
    ).gegenstand  # fmt: skip
    assert [[z.text for z in zeile] for zeile in t.tabelle.kopf] == [
        ["Kennzahl", "Stand", "Vorausrechnung"], ["2023", "2024", "2030"],
    ]  # fmt: skip
    assert [[x for x, _, _ in z] for z in texte(t.tabelle)] == [
        ["Kinder"], ["Kinder unter 3", "880", "860", "800"],
        ["Plätze"], ["Saldo", ".", "+23", "−5"],
    ]  # fmt: skip


def test_dataframe_darf_zeichen_und_vorzeichen_tragen(b):
    daten = pd.DataFrame(
        {"Ort": ["A", "B"], "Saldo": [3.0, -2.0], "Rate": [Status.GESPERRT, 1.5], "Lage": ["gut", "↓"]}
    )
    t = b.tabelle(
        daten, label="tbl-f", quellen=["kita"], unterschrift="Lage", stellen={"Rate": 1},
        vorzeichen=["Saldo"], rechnung="gesetzt",
    ).gegenstand  # fmt: skip
    assert [[x for x, _, _ in z] for z in texte(t.tabelle)] == [
        ["A", "+3", "x", "gut"],
        ["B", "−2", "1,5", "↓"],
    ]
    assert "x = Tabellenfach gesperrt" in t.beleg.hinweise[-1]


# --- Eckwerte, Texte, Begriffe ---------------------------------------------------------------------------


def test_gebundene_reihe_meint_den_letzten_wert_vor_der_vorausrechnung(b):
    b.binde(kinder=rechne(b), quote=anteil(b))

    def loese(text):
        ergebnis = loese_auf(text, Namen(b.sicht).bindungen(), "a.md")
        assert not ergebnis.meldungen
        return ergebnis.markdown

    assert loese("{{ kinder }}") == "860"
    assert loese("{{ kinder[2030] }}") == "800 (Vorausrechnung)"
    assert loese("{{ kinder[2030].spanne }}") == "700 bis 900 (Vorausrechnung)"
    assert loese("{{ kinder.vorausrechnung_jahr }}: {{ kinder.vorausrechnung }}").startswith("2030: 800")
    assert loese("{{ kinder.richtung }}") == "gesunken"
    assert loese("{{ kinder[2030].richtung_seit[2024] }}") == "gesunken (Vorausrechnung)"
    assert loese("{{ quote.spanne }}") == "8,5 bis 9,7\u202f%"


def test_texte_sagen_die_veraenderung_bis_zum_ende_der_vorausrechnung_ohne_zieljahr(b):
    b.binde(kinder=rechne(b))

    def loese(text):
        return loese_auf(text, Namen(b.sicht).bindungen(), "a.md").markdown

    voraus = "(Vorausrechnung)"
    assert loese("{{ kinder.vorausrechnung_zahl }}") == f"800 {voraus}"
    assert loese("{{ kinder.vorausrechnung_verlauf }}") == f"um 7,0\u202f% niedriger {voraus}"
    assert loese("{{ kinder.vorausrechnung_richtung }}") == f"gesunken {voraus}"
    assert loese("{{ kinder.vorausrechnung_spanne }}") == f"700 bis 900 {voraus}"
    assert loese("{{ kinder.vorausrechnung_veraenderung_prozent }}") == f"−7,0\u202f% {voraus}"
    assert loese("{{ wenn kinder.vorausrechnung_richtung = gesunken }}weniger{{ ende }}") == "weniger"
    b.binde(ohne=b.kennzahl("arbeitslose"))
    assert loese("{{ wenn ohne.vorausrechnung }}da{{ sonst }}nichts{{ ende }}") == "nichts"
    assert (
        b.satz("arbeitslose") == "Die Arbeitslose sank von 2022 bis 2024 um 10,4\u202f% auf 155; "
        "frühere Werte sind nicht vergleichbar (Zeitreihenbruch 2022)."
    )


def test_eckwert_einer_reinen_vorausrechnung_sagt_es(b):
    (e,) = b.eckwerte(rechne(b, {(KREIS, 2030): (800, 700, 900)})).gegenstand.eintraege
    assert (e.wert, e.stand) == ("800 (700–900)", "Vorausrechnung 2030")


def test_eckwerte_und_begriffe_nehmen_die_reihe(b):
    e = b.eckwerte(rechne(b), "arbeitslose").gegenstand
    assert [(x.name, x.wert) for x in e.eintraege] == [
        ("Zahl der Kinder unter 3", "860"),
        ("Arbeitslose", "155"),
    ]
    begriffe = b.verzeichnis("begriffe").gegenstand.eintraege
    assert "Kinder vor dem dritten Geburtstag." in [e.text for e in begriffe]


def test_befund_mit_je_einem_ist_wert_nennt_ihn(b):
    eins, zwei = (
        rechne(b, {(KREIS, 2024): w, (KREIS, 2030): w - 100}, name=name)
        for name, w in (("unter 3 Jahre", 300), ("Hort", 800))
    )
    a = b.linie(eins, zwei, label="fig-e", was="Platzbedarf").gegenstand
    assert a.befund == "Platzbedarf: Bis 2030 sinken voraussichtlich beide, unter 3\u00a0Jahre und Hort."
    assert a.weiter == (
        "Der Wert für unter 3\u00a0Jahre lag 2024 bei 300; der Wert für Hort lag 2024 bei 800. "
        "Voraussichtlich 2030: unter 3\u00a0Jahre 200 und Hort 700."
    )


# --- Nachweis --------------------------------------------------------------------------------------------


def test_nachweis_nennt_formel_zeilen_und_pruefsummen(b):
    a = b.linie(rechne(b), label="fig-n").gegenstand
    inhalt = n.sammle(n.nachweise_von(a), b.sicht.projekt)
    (eintrag,) = (e for e in inhalt["eintraege"] if e["zeit"] == "2024")
    assert eintrag["rechnung"] == "eigene"
    weg = inhalt["rechenwege"][eintrag["weg"]]
    assert (weg["id"], weg["formel"]) == ("probe", "Kinder des Vorjahrs mal Überlebenswahrscheinlichkeit")
    eigene = b.daten("arbeit").query("gebiet == @KREIS")["zeile"].unique()
    (eingabe,) = weg["eingaben"]
    assert (eingabe["name"], eingabe["datei"]) == ("arbeit", "daten/dateien/arbeit.csv")
    assert eingabe["zeilen"] and eingabe["anzahl"] == len(eigene)
    assert inhalt["dateien"]["daten/dateien/arbeit.csv"]["pruefsumme"].startswith("sha256:")
    (spanne,) = (e for e in inhalt["eintraege"] if e["zeit"] == "2030")
    assert (spanne["unten"], spanne["oben"], spanne["status"]) == (700.0, 900.0, "geschaetzt")
    for e in inhalt["eintraege"]:
        assert befunde(e, b.sicht.bestand, inhalt["dateien"]) == []


def test_beispielmarke_kommt_von_den_quellen(b):
    assert b.linie(rechne(b, quellen=["arbeit", "kita"]), label="fig-b").gegenstand.beleg.beispiel
    assert not b.linie(rechne(b), label="fig-c").gegenstand.beleg.beispiel


# --- Fehlendes und Falsches ------------------------------------------------------------------------------


def test_ohne_werte_steht_ueberall_ein_platzhalter(b):
    leer = rechne(b, {})
    for nr, aufruf in enumerate(
        (
            lambda x, la: b.linie(x, label=f"fig-{la}", was="Kinder"),
            lambda x, la: b.saeulen(x, label=f"fig-{la}", nach="einheiten", was="Kinder"),
            lambda x, la: b.karte(x, label=f"fig-{la}", was="Kinder"),
            lambda x, la: b.vielfache(x, label=f"fig-{la}", was="Kinder"),
            lambda x, la: b.hantel(x, label=f"fig-{la}", jahre=(2020, 2021), was="Kinder"),
            lambda x, la: b.tabelle(x, label=f"tbl-{la}", was="Kinder"),
            lambda x, la: b.tabelle(x, label=f"tbl-{la}", nach="einheiten", was="Kinder"),
            lambda x, la: b.tabelle(x, label=f"tbl-{la}", nach="einheiten", jahre=(2020,), was="Kinder"),
            lambda x, la: b.tabelle(x, label=f"tbl-{la}", nach="einheiten", jahr=2020, was="Kinder"),
            lambda x, la: b.tabelle(x, label=f"tbl-{la}", nach="kennzahlen", jahr=2020, was="Kinder"),
            lambda x, la: b.eckwerte(x),
        )
    ):
        assert aufruf(leer, f"l{nr}").gegenstand.art == "fehlt"
        assert aufruf(None, f"n{nr}").gegenstand.art == "fehlt"


def test_werte_duerfen_ergebnisse_und_unbekannt_sein(b):
    werte = {
        (KREIS, 2022): Ergebnis(None, Status.GESPERRT, "Nenner ist null"), (KREIS, 2023): None,
        (KREIS, 2024): Ergebnis(5.0), (ADORF, "2024-12-31"): float("nan"),
    }  # fmt: skip
    reihe = rechne(b, werte)
    assert [(w.gebiet, w.jahr, w.status) for w in reihe] == [
        (KREIS, 2022, Status.GESPERRT), (KREIS, 2023, Status.FEHLT), (KREIS, 2024, Status.WERT),
        (ADORF, 2024, Status.FEHLT),
    ]  # fmt: skip


def test_hat_fragt_nach_quellen_mit_werten_fuer_das_gebiet(b, kleinprojekt):
    assert b.hat("arbeit", "kita") and not b.hat("arbeit", "gibt-es-nicht")
    assert not Bericht("lage", 2024, gebiet="DG", projekt=kleinprojekt).hat("kita")
